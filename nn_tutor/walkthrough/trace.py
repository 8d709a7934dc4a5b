"""Every step of a run without a screen: the `trace` document of the contract, and its spellings for people.

`dW` and its like are nested lists indexed as in the lesson file; layers of a list count from 0, those of a step's id
from 1. A pass of many numbers is told in whole quantities (`1.backward.dW1`, its value a nested list), not elements.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from nn_tutor.calculus.numerals import numeral
from nn_tutor.course.networks import size_of_pass
from nn_tutor.network.quantities import QUANTITIES, TABLE, Quantity, Ref, layers_of, shape_of
from nn_tutor.network.records import Pass, Update, array_of
from nn_tutor.network.training import StoppedError, Timeline
from nn_tutor.walkthrough.order import MAX_ELEMENTS, refs_of_pass
from nn_tutor.walkthrough.steps import make_step, step_id

if TYPE_CHECKING:
    from nn_tutor.calculus.records import Deriver
    from nn_tutor.network.activations import Array
    from nn_tutor.network.spec import Data, Network

FORMAT_VERSION = 1

MAX_TOLD = 200_000
"""A step of more numbers than this is left out; gradients and new weights are always told beside the steps."""


def trace_document(
    lesson_id: str, name: str, network: Network, data: Data, passes: int, only_last: bool, deriver: Deriver
) -> dict[str, Any]:
    """Return the trace of `passes` passes of a network as JSON-ready values, never NaN or ∞.

    Its `passes` are made one by one, as they are read, and `stopped` is known once they are. With `only_last` only the
    last pass that the run reaches is told, and the run goes at NumPy's speed.
    """
    document: dict[str, Any] = {"format_version": FORMAT_VERSION, "lesson": lesson_id, "network": name, "passes": ()}
    document["stopped"] = None

    def one_by_one() -> Iterator[dict[str, Any]]:
        timeline = Timeline(network, data)
        last = passes
        try:
            if only_last:
                timeline.at(passes)
            for number in range(1, passes + 1) if not only_last else ():
                yield _pass_as_json(network, timeline.at(number), deriver)
        except StoppedError as error:
            document["stopped"] = {"pass": error.stopped.number, "why": error.stopped.why}
            last = error.stopped.number - 1
        if only_last and last:
            yield _pass_as_json(network, timeline.at(last), deriver)

    document["passes"] = one_by_one()
    return document


def as_table(document: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of a trace as aligned text."""
    yield from _heading(document)
    for passed in document["passes"]:
        yield ""
        yield f"pass {passed['pass']}: loss {numeral(passed['loss'])}"
        widths = [max((len(_cell(step, key)) for step in passed["steps"]), default=0) for key in _COLUMNS]
        for step in passed["steps"]:
            cells = [_cell(step, key).ljust(min(width, 60)) for key, width in zip(_COLUMNS, widths, strict=True)]
            yield ("  " + "  ".join(cells)).rstrip()
    if document["stopped"]:
        yield f"stopped in pass {document['stopped']['pass']}: {document['stopped']['why']}"


def as_markdown(document: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of a trace as Markdown, a table for each pass."""
    yield f"# {document['lesson']}" + (f" ({document['network']})" if document["network"] else "")
    for passed in document["passes"]:
        yield ""
        yield f"## Pass {passed['pass']}: loss {numeral(passed['loss'])}"
        yield ""
        yield "| | rule (SymPy) | with numbers | value (NumPy) | code | agreement |"
        yield "|---|---|---|---|---|---|"
        for step in passed["steps"]:
            cells = [_cell(step, key).replace("|", "\\|") for key in _COLUMNS]
            cells[4] = f"`{cells[4]}`"
            yield f"| {' | '.join(cells)} |"
    if document["stopped"]:
        yield ""
        yield f"Stopped in pass {document['stopped']['pass']}: {document['stopped']['why']}"


_COLUMNS = ("symbol", "formula", "substituted", "value", "code", "agreement")


def _heading(document: dict[str, Any]) -> Iterator[str]:
    yield document["lesson"] + (f", network {document['network']}" if document["network"] else "")


def _cell(step: dict[str, Any], key: str) -> str:
    if key == "value":
        value = step["value"]
        return numeral(value) if isinstance(value, float) else f"{np.array(value).shape} numbers"
    if key == "agreement":
        agreement = step["agreement"]
        if agreement is None:
            return ""
        nudge = agreement["central_difference"]
        return f"SymPy {agreement['sympy']:.0e}" + ("" if nudge is None else f", nudge {nudge:.0e}")
    return str(step[key] or "")


def _pass_as_json(network: Network, passed: Pass, deriver: Deriver) -> dict[str, Any]:
    slopes, after = passed.backward, passed.update.after
    small = size_of_pass(network, passed.X.shape[0]) <= MAX_ELEMENTS
    steps = _element_steps(network, passed, deriver) if small else _matrix_steps(network, passed, deriver)
    return {
        "pass": passed.number,
        "rows": list(passed.rows),
        "forward": {"z": _lists(passed.forward.z), "a": _lists(passed.forward.a)},
        "loss": passed.loss.loss,
        "reported_loss": passed.loss.reported_loss,
        "gradients": {
            "dW": _lists(slopes.dW),
            "db": _lists(slopes.db),
            "delta": _lists(slopes.delta),
            "dX": slopes.dX.tolist(),
        },
        "updated": {"W": _lists(after.W), "b": _lists(after.b)},
        "optimizer": _told_states(passed.update),
        "steps": list(steps),
    }


def _told_states(update: Update) -> dict[str, Any] | None:
    """What the update rule made of each parameter in this pass; None where it has no states."""
    states: dict[str, Any] = {
        name: {"W": _lists(arrays), "b": _lists(update.states_b[name])} for name, arrays in update.states_W.items()
    }
    return states or None


def _element_steps(network: Network, passed: Pass, deriver: Deriver) -> Iterator[dict[str, Any]]:
    for ref in refs_of_pass(network, passed.X.shape[0]):
        step = make_step(network, passed, ref, deriver)
        # A slope beyond the range of numbers (∂L/∂o of a saturated cross-entropy) has no value that JSON could hold.
        if not math.isfinite(step.value):
            continue
        agreement = deriver.prove(network, passed, ref)
        yield {
            "id": step_id(passed.number, ref),
            "phase": ref.phase,
            "symbol": step.symbol,
            "formula": step.rule,
            "substituted": step.substituted,
            "code": step.code,
            "value": step.value,
            "agreement": None
            if agreement is None
            else {"sympy": agreement.sympy, "central_difference": agreement.central_difference},
        }


def _matrix_steps(network: Network, passed: Pass, deriver: Deriver) -> Iterator[dict[str, Any]]:
    for quantity, layer in _quantities_in_order(network):
        # ∂z/∂w of a large batch is the inputs over and over again: what has no end is not told.
        if math.prod(shape_of(network, passed.X.shape[0], quantity, layer)) > MAX_TOLD:
            continue
        array = array_of(passed, quantity, layer)
        if not np.isfinite(array).all():
            continue
        derivation = deriver.derive_matrix(network, passed, quantity, layer)
        ref = Ref(quantity, layer)
        yield {
            "id": step_id(passed.number, ref),
            "phase": ref.phase,
            "symbol": derivation.symbol,
            "formula": derivation.rule,
            "substituted": "",
            "code": "",
            "value": array.tolist(),
            "agreement": None,
        }


def _quantities_in_order(network: Network) -> list[tuple[Quantity, int | None]]:
    phases = ("forward", "loss", "backward", "update")
    every = [(quantity, layer) for quantity in QUANTITIES for layer in layers_of(network, quantity)]

    def place(entry: tuple[Quantity, int | None]) -> tuple[int, int, int]:
        quantity, layer = entry
        phase = TABLE[quantity].phase
        outward = layer or 0 if phase != "backward" else -(layer or (99 if quantity == "dL_do" else 0))
        return phases.index(phase), outward, QUANTITIES.index(quantity)

    return sorted(every, key=place)


def _lists(arrays: Sequence[Array | None]) -> list[Any]:
    return [None if array is None else array.tolist() for array in arrays]
