"""From what somebody said of a network to a lesson: the same records, checked by the same code, as any lesson file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any
from zlib import crc32

from nn_tutor.calculus.numerals import on_line
from nn_tutor.course.findings import Finding, LessonError, shown
from nn_tutor.course.load import FORMAT_VERSION, read_lesson
from nn_tutor.course.networks import NetworkWithData, rows_of_pass
from nn_tutor.dataclass import dataclass
from nn_tutor.homework.asking import asks_of
from nn_tutor.homework.faults import Fault, HomeworkError, refused
from nn_tutor.homework.layers import ReadLayer, gathered, inside, read_layer
from nn_tutor.homework.matrices import read_rows
from nn_tutor.homework.page import PAGE, page_before
from nn_tutor.homework.said import PREFIX, Said, all_said, one_said
from nn_tutor.homework.updates import read_batch, read_rule
from nn_tutor.homework.words import ERROR_ORDERS, NAME_ORDERS, STEPS, WEIGHT_ORDERS, loss_called, usual_loss, word_meant
from nn_tutor.network.conventions import MAX_DIGITS
from nn_tutor.walkthrough.naming import clashes

if TYPE_CHECKING:
    from nn_tutor.course.lesson import Lesson
    from nn_tutor.network.spec import Matrix

WALK = "walk"
"""The id of the walk through the network."""

MAX_PASSES = 1000


@dataclass(frozen=True, eq=False, slots=True)
class Homework:
    """A network that somebody was given: its lesson, the tables of its lesson file, and what was said of it.

    `digits` are the decimals that its sheet keeps, None where nobody said.
    """

    lesson: Lesson
    content: Mapping[str, Any]
    said: Said
    digits: int | None = None
    words: str = ""
    """The page before the walk, in Markdown."""

    @property
    def entry(self) -> NetworkWithData:
        """The network with its data."""
        return self.lesson.networks[""]


def lesson_of(said: Said, lesson_id: str = "") -> Lesson:
    """Return the lesson of a network, made of what was said of it; raises `HomeworkError`."""
    return homework_of(said, lesson_id).lesson


def homework_of(said: Said, lesson_id: str = "") -> Homework:
    """Return a network with its lesson; raises `HomeworkError` with everything that can be told at once.

    Without an id the lesson has one of its own numbers, so that the same network is the same lesson again.
    """
    faults: list[Fault] = []
    content = _content(said, faults)
    if faults:
        raise HomeworkError(faults)
    content["id"] = lesson_id or f"{PREFIX}{crc32(repr({**content, 'title': '', 'activity': ''}).encode()):08x}"
    return finished(content, said)


def finished(content: dict[str, Any], said: Said, asks: list[str] | None = None) -> Homework:
    """Return the homework of the tables of its lesson, with what is asked and walked; raises `HomeworkError`.

    `asks` are asked where nothing is said of it.
    """
    walk: dict[str, Any] = content["activity"][0]
    faults: list[Fault] = []
    digits = gathered(faults, lambda: _whole(said, "digits", 0, MAX_DIGITS))
    passes = gathered(faults, lambda: _whole(said, "passes", 1, MAX_PASSES))
    walk |= {"passes": passes} if passes else {}
    walk |= {key: one_said(said, key) for key in ("grain", "form") if one_said(said, key)}
    named = gathered(faults, lambda: _names(said))
    if faults:
        raise HomeworkError(faults)
    kept = {} if digits is None else {"digits": digits}
    if named or kept:
        content["conventions"] = {**content.get("conventions", {}), **kept, **(named or {})}
    if one_said(said, "name"):
        content["title"] = " ".join(one_said(said, "name").split())
    try:
        first = {**content, "activity": [{**walk, "ask": []}]}
        if _given(said, "target")[0]:  # what is given is no target yet, so that no loss may look at it
            first["network"] = {**content["network"], "loss": {}}
        entry = read_lesson(first, "").networks[""]
        unclear = clashes(entry.network)
        if unclear:
            raise HomeworkError(Fault(f"call {name}", found, mend) for name, found, mend in unclear)
        if _given(said, "target")[0]:
            content["data"]["targets"] = _targets_of(said, entry)
        is_bare = any(":" not in text for text in all_said(said, "layer"))
        words = page_before(entry.network, _given(said, "target")[0], is_bare=is_bare)
        if words:
            content["activity"] = [{"kind": "read", "id": PAGE}, walk]
        walk["ask"] = asks_of(one_said(said, "ask"), entry.network, rows_of_pass(entry)) if asks is None else asks
        lesson = read_lesson(content, words)
    except LessonError as error:
        raise HomeworkError(map(_in_words, error.findings)) from None
    return Homework(lesson, content, said, digits, words)


def _content(said: Said, faults: list[Fault]) -> dict[str, Any]:
    """The tables of the lesson; what cannot be read becomes faults."""
    conventions = {
        key: gathered(faults, partial(word_meant, one_said(said, key), words, key))
        for key, words in (("error", ERROR_ORDERS), ("step", STEPS), ("weights", WEIGHT_ORDERS))
        if one_said(said, key)
    }
    inputs: Matrix | None = gathered(faults, lambda: _rows(said, "in", "inputs"))
    layers = _layers(said, inputs, conventions.get("weights") == "in-out", faults)
    if inputs is not None and layers and len(inputs) > 1 and len(inputs[0]) == 1 and _enters(layers[0]) == len(inputs):
        inputs = (tuple(row[0] for row in inputs),)  # a column is one sample where nothing else fits
    rows = len(inputs) if inputs is not None else 1
    network: dict[str, Any] = {
        "learning_rate": gathered(faults, lambda: _number(said, "rate", 0.1)),
        "seed": gathered(faults, lambda: _whole(said, "seed", 0, 2**31)) or 0,
    }
    loss = gathered(faults, lambda: _loss(said, layers))
    batch = gathered(faults, lambda: read_batch(one_said(said, "batch"), rows))
    rule = gathered(faults, lambda: read_rule(one_said(said, "update")))
    update = {**(batch or {}), **(rule or {})}
    network |= {key: table for key, table in (("loss", loss), ("update", update)) if table}
    network["layers"] = [layer.table for layer in layers]
    data: dict[str, Any] = {"inputs": [list(row) for row in inputs or ()]}
    targets = gathered(faults, lambda: _targets(said, rows, layers, loss))
    data |= {"targets": targets} if targets is not None else {}
    return {
        "format_version": FORMAT_VERSION,
        "purpose": "homework",
        "id": "",
        "title": title_of(inputs, layers),
        **({"conventions": conventions} if conventions else {}),
        "network": network,
        "data": data,
        "activity": [{"kind": "walk", "id": WALK}],
    }


def title_of(inputs: Matrix | None, layers: list[ReadLayer]) -> str:
    """Return a title that tells networks apart in a list: 3-2-1 sigmoid."""
    sizes = "-".join(map(str, [len((inputs or ((),))[0]), *(layer.units for layer in layers if not layer.is_bare)]))
    activations = dict.fromkeys(str(layer.table["activation"]) for layer in layers)
    return f"{sizes} {' '.join(activations)}".strip()


def _layers(said: Said, inputs: Matrix | None, transposes: bool, faults: list[Fault]) -> list[ReadLayer]:
    texts = all_said(said, "layer")
    if not texts:
        faults.append(Fault("layers", "missing", 'say each: layer "sigmoid: 0.1 0.8; 0.4 0.6 | 0.1 0.2"'))
    enter, layers = len(inputs[0]) if inputs else 1, list[ReadLayer]()
    if inputs and len(inputs) > 1 and enter == 1 and texts:
        enter = _entering_column(texts[0], len(inputs), transposes)
    for number, text in enumerate(texts, start=1):
        layer = gathered(faults, partial(read_layer, text, number, enter, transposes=transposes))
        if layer is not None:
            enter = layer.units
            layers.append(layer)
    return layers


def _entering_column(text: str, rows: int, transposes: bool) -> int:
    """How many numbers enter the first layer where the inputs are a column: its rows, where its matrix says so."""
    layer = gathered([], lambda: read_layer(text, 1, 1, transposes=transposes))
    return rows if layer is not None and _enters(layer) == rows else 1


def _enters(layer: ReadLayer) -> int | None:
    """How many numbers the matrix of a layer takes, None where it does not say."""
    weights = layer.table.get("weights")
    return (
        None if layer.is_drawn or weights is None else len(weights[0]) if len(weights) == layer.units else len(weights)
    )


def _loss(said: Said, layers: list[ReadLayer]) -> dict[str, Any]:
    name = one_said(said, "loss")
    if _given(said, "target")[0] == "slope":
        if name:
            raise refused(
                "loss", f'"{shown(name)}" beside a given slope', "leave the loss out: ∂L/∂o is all it would give"
            )
        return {"factor": 0.5, "outputs": "sum", "batch": "sum"}
    last = str(layers[-1].table["activation"]) if layers else ""
    return dict(loss_called(name or usual_loss(last), last))


_GIVEN = re.compile(r"\s*(error|slope|upstream|gradient|dL_?/?do|∂L/∂o)\b\s*[:=]?\s*(.*)", re.IGNORECASE | re.DOTALL)


def _given(said: Said, key: str) -> tuple[str, str]:
    """What is given in the place of targets, "error" or "slope" or "", and its numbers."""
    found = _GIVEN.fullmatch(one_said(said, key))
    return (
        ("", one_said(said, key)) if found is None else ("error" if found[1].lower() == "error" else "slope", found[2])
    )


def _targets(said: Said, rows: int, layers: list[ReadLayer], loss: dict[str, Any] | None) -> list[list[float]] | None:
    """The targets; those of a given error or slope stand for themselves until the network has been run."""
    kind, text = _given(said, "target")
    place = kind or "targets"
    has_none = loss is not None and "output" in (loss.get("name"), loss.get("kind"))
    if has_none and not kind and not text.strip():
        return None
    if not text.strip():
        raise refused(place, "missing", "say what the network should answer: 0.5, a row for each row of inputs")
    with inside(place):
        targets = read_rows(text)
    units = layers[-1].units if layers else len(targets[0])
    if len(targets) != rows and len(targets[0]) == 1 and len(targets) == units and rows == 1:
        targets = (tuple(row[0] for row in targets),)
    elif len(targets) == 1 and len(targets[0]) == rows and units == 1:
        targets = tuple((value,) for value in targets[0])
    if kind == "slope" and one_said(said, "passes").strip() not in ("", "1"):
        raise refused("passes", one_said(said, "passes"), "a given slope belongs to one pass: leave passes out")
    return [list(row) for row in targets]


def _targets_of(said: Said, entry: NetworkWithData) -> list[list[float]]:
    """The targets for which the error, or the slope of ½(o − y)² with respect to o, is what was given."""
    from nn_tutor.network.passes import forward, initial_parameters

    kind, _ = _given(said, "target")
    given = entry.data.targets or ()
    import numpy as np

    outputs = forward(entry.network, initial_parameters(entry.network), np.array(entry.data.inputs, dtype=float)).o
    is_added = kind == "error" and entry.network.conventions.flips_error
    found = outputs + np.array(given) if is_added else outputs - np.array(given)
    return [[float(value) for value in row] for row in found]


def _rows(said: Said, key: str, place: str) -> Matrix:
    text = re.sub(r"^\s*(?:activations?|logits?|given)\b\s*[:=]?", "", one_said(said, key), flags=re.IGNORECASE)
    if not text.strip():
        raise refused(place, "missing", "say what enters: 0.35 0.9, a row for each sample")
    with inside(place):
        return read_rows(text)


def _number(said: Said, key: str, default: float) -> float:
    text = one_said(said, key)
    if not text.strip():
        return default
    with inside(key):
        rows = read_rows(text)
    if len(rows) > 1 or len(rows[0]) > 1:
        raise refused(key, f'"{shown(text)}"', "give one number")
    return rows[0][0]


def _names(said: Said) -> dict[str, Any]:
    """What the sheet calls its numbers, as a part of [conventions]."""
    named = names_said(said)
    return {**named, "renamed": dict(named["renamed"])} if named.get("renamed") else named


def names_said(said: Said) -> dict[str, Any]:
    """Return what the sheet calls its numbers, as `Conventions` takes it; raises `HomeworkError`."""
    named: dict[str, Any] = {}
    if one_said(said, "names"):
        named["names"] = word_meant(one_said(said, "names"), NAME_ORDERS, "names")
    renamed = {}
    for text in all_said(said, "call"):
        for pair in re.split(r"[,;\n]", text):
            words = re.fullmatch(r"\s*(\w+)(?:\s*(?:=|:|→|->)\s*|\s+(?:as\s+)?)(\w+)\s*", pair)
            if words is None:
                raise refused("call", f'"{shown(pair)}"', "write the name and what you call it: w5 = v1")
            renamed[on_line(words[1])] = on_line(words[2])
    return {**named, "renamed": tuple(renamed.items())} if renamed else named


def _whole(said: Said, key: str, least: int, most: int) -> int | None:
    text = one_said(said, key).strip()
    if not text:
        return None
    if not re.fullmatch(r"\d{1,12}", text, re.ASCII) or not least <= int(text) <= most:
        raise refused(key, f'"{shown(text)}"', f"give a whole number from {least} to {most}")
    return int(text)


def _in_words(finding: Finding) -> Fault:
    """A finding in the tables of the lesson, at its place in what was said."""
    key = re.sub(r"activity\[\d+\]", "activity", finding.key)
    layer = re.fullmatch(r"network\.layers\[(\d+)\](?:\.(\w+?)(?:\[(\d+)\])?)?", key)
    if layer:
        what = "weights" if layer[2] == "size" else layer[2]
        row = f"row {int(layer[3]) + 1}" if layer[3] else ""
        return Fault(", ".join(filter(None, (f"layer {int(layer[1]) + 1}", what, row))), finding.found, finding.mend)
    data = re.fullmatch(r"data\.(\w+)(?:\[(\d+)\])?", key)
    if data:
        return Fault(data[1] + (f", row {int(data[2]) + 1}" if data[2] else ""), finding.found, finding.mend)
    place = next((place for begins, place in _PLACES.items() if key.startswith(begins)), key)
    return Fault(place, finding.found, finding.mend)


_PLACES = {
    "network.learning_rate": "rate",
    "network.loss": "loss",
    "network.update.batch": "batch",
    "network.update": "update",
    "network.seed": "seed",
    "network.layers": "layers",
    "conventions.renamed": "call",
    "activity.ask": "ask",
    "activity.passes": "passes",
    "activity.grain": "grain",
    "activity.form": "form",
    "activity": "network",
    "title": "name",
}
"""Where the keys of a lesson were said."""
