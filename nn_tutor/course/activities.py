"""The activities of a lesson file: an entry for each kind, which reads its keys and checks them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import get_args

from nn_tutor.course.ask import Ask, check_ask, check_ref, only_layer, parse_ask
from nn_tutor.course.findings import Table, close_words, described
from nn_tutor.course.lesson import (
    Activity,
    Choose,
    Derive,
    Form,
    Grain,
    Hunt,
    NetworkWithData,
    Nudge,
    Option,
    PlaceWeight,
    Read,
    Train,
    Walk,
    rows_of_pass,
)
from nn_tutor.course.networks import SLUG
from nn_tutor.network.quantities import QUANTITIES, Ref, layers_of, parse_ref, phase_of

MOST_ACTIVITIES = 64
MOST_PASSES = 100_000

DEFAULT_ASKS = (parse_ask("dW"), parse_ask("W"))
"""What a walk asks where it does not say."""


def read_activities(lesson: Table, networks: Mapping[str, NetworkWithData | None]) -> tuple[Activity, ...]:
    """Read the [[activity]] tables in order; what is wrong becomes findings, and that activity is left out.

    `networks` holds None for a network that stands in the lesson but is wrong itself.
    """
    tables = lesson.tables("activity")
    if len(tables) > MOST_ACTIVITIES:
        lesson.wrong("activity", f"{len(tables)} activities", f"a lesson has at most {MOST_ACTIVITIES}")
        return ()
    activities: list[Activity] = []
    taken: set[str] = set()
    for table in tables:
        kind = _kind(table)
        activity_id = table.text("id", most=60) or _numbered(kind, taken)
        network = table.text("network", most=60)
        if not re.fullmatch(SLUG, activity_id or "x"):
            table.wrong(
                "id", f'"{activity_id}"', "use letters, digits, hyphens, underscores and points, such as by-hand"
            )
        if activity_id in taken:
            table.wrong("id", f'"{activity_id}" stands twice', "give every activity its own id")
        taken.add(activity_id)
        if network and network not in networks:
            close = close_words(network, networks)
            mend = (
                f"did you mean {close[0]}?" if close else f"write [networks.{network}], or leave it out for [network]"
            )
            table.wrong("network", f'"{network}", which is no network here', mend)
        elif kind in COMPUTING and network not in networks:
            table.wrong("network", "no network", "write [network] and [data], or name one of [networks.NAME]")
        elif kind:
            made = _READERS[kind](table, activity_id, network, networks.get(network))
            table.done("kind", "id", "network")
            if made is not None:
                activities.append(made)
    return tuple(activities)


def _kind(table: Table) -> str:
    """Return a known kind of activity, "" where it is none."""
    kind = table.value("kind")
    if kind in LATER_KINDS:
        table.wrong("kind", f'kind = "{kind}"', "this version knows " + ", ".join(KINDS))
        return ""
    if kind is None:
        table.wrong("kind", "missing", "write one of " + ", ".join(f'"{known}"' for known in KINDS))
        return ""
    return table.word("kind", KINDS, "")


def _read(table: Table, activity_id: str, network: str, entry: NetworkWithData | None) -> Activity | None:
    return Read(activity_id, network)


def _choose(table: Table, activity_id: str, network: str, entry: NetworkWithData | None) -> Activity | None:
    prompt = table.text("prompt", required=True, most=200, lines=True)
    options = []
    for option in table.tables("options"):
        text = option.text("text", required=True, most=160)
        right, why = option.flag("right", False), option.text("why", most=300, lines=True)
        if not right and not why:
            option.wrong("why", "missing", "say kindly why this answer is wrong, or mark it right = true")
        option.done()
        options.append(Option(text, right, why))
    if "options" not in table:
        table.wrong("options", "missing", "give 2 to 6 options, one of them right = true")
    elif not 2 <= len(options) <= 6:
        table.wrong("options", f"{len(options)} options", "give 2 to 6")
    elif sum(option.right for option in options) != 1:
        table.wrong("options", f"{sum(option.right for option in options)} right ones", "mark exactly one right = true")
    return Choose(activity_id, prompt, tuple(options), network)


def _walk(table: Table, activity_id: str, network: str, entry: NetworkWithData | None) -> Activity | None:
    passes, first_pass = table.whole("passes", 1, least=1, most=1000), _first_pass(table)
    return Walk(
        id=activity_id,
        network=network,
        passes=passes,
        first_pass=first_pass,
        asks=_asks(table, entry, range(first_pass, first_pass + passes)),
        grain=table.word("grain", get_args(Grain), "factor"),
        form=table.word("form", get_args(Form), "element"),
        table=table.flag("table", True),
        hints=_hints(table),
        allow_zero=table.flag("allow_zero", False),
    )


def _nudge(table: Table, activity_id: str, network: str, entry: NetworkWithData | None) -> Activity | None:
    number = _pass(table)
    slope = _one_number(table, "slope", entry, "backward", "dW1[0,0] or dL_do[0,0]")
    return None if slope is None else Nudge(activity_id, slope, network, number)


def _place(table: Table, activity_id: str, network: str, entry: NetworkWithData | None) -> Activity | None:
    number = _pass(table)
    if "weight" in table or entry is None or not entry.network.is_scalar or len(entry.network.layers) > 1:
        weight = _one_number(table, "weight", entry, "update", "W1[0,0]")
    else:
        weight = Ref("W", 1, (0, 0))
    if weight is None:
        return None
    if weight.quantity != "W":
        table.wrong("weight", f'"{weight}"', "only a weight is put on the curve, such as W1[0,0]")
        return None
    return PlaceWeight(activity_id, weight, network, number)


def _derive(table: Table, activity_id: str, network: str, entry: NetworkWithData | None) -> Activity | None:
    number = _pass(table)
    slope = _one_number(table, "slope", entry, "backward", "dW1[0,0] or dL_do[0,0]")
    return None if slope is None else Derive(activity_id, slope, network, number)


def _hunt(table: Table, activity_id: str, network: str, entry: NetworkWithData | None) -> Activity | None:
    mistake, text = table.text("mistake", most=60), table.text("where", most=40)
    ref = None
    if text and entry is not None:
        try:
            ref = only_layer(entry.network, parse_ref(text))
            check_ref(entry.network, rows_of_pass(entry), ref)
        except ValueError as error:
            table.wrong("where", f'"{text}"', str(error))
    return Hunt(activity_id, network, _pass(table), mistake, ref, table.whole("seed", 0))


def _one_number(table: Table, key: str, entry: NetworkWithData | None, phase: str, example: str) -> Ref | None:
    """One number of a pass, with its layer and index; what is wrong becomes a finding."""
    text = table.text(key, required=True, most=40)
    if not text or entry is None:
        return None
    try:
        ref = only_layer(entry.network, parse_ref(text))
        if phase_of(ref.quantity) != phase:
            raise ValueError(f"{text} is none of the {phase} phase; name one such as {example}")
        if ref.index is None:
            raise ValueError(f"{text} has no index; name one number, such as {ref.quantity}{ref.layer or 1}[0,0]")
        if ref.layer is None and layers_of(entry.network, ref.quantity) != (None,):
            raise ValueError(f"{text} has no layer; name one number, such as {ref.quantity}1[0,0]")
        check_ref(entry.network, rows_of_pass(entry), ref)
    except ValueError as error:
        table.wrong(key, f'"{text}"', str(error))
        return None
    return ref


def _hints(table: Table) -> dict[str, tuple[str, ...]]:
    """The lesson's own words for the first two rungs: `hints.dL_do = ["…", "…"]`, by quantity."""
    hints = table.table("hints")
    if hints is None:
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for name in hints.names:
        if name not in QUANTITIES:
            close = close_words(name, QUANTITIES)
            hints.wrong(name, "no quantity", f"did you mean {close[0]}?" if close else "use one such as dL_do or dW")
            continue
        texts = hints.texts(name, most=140)
        if len(texts) > 2:
            hints.wrong(name, f"{len(texts)} texts", "give one or two: which link, and the rule in words")
        found[name] = texts
    hints.done(*found)
    return found


def _pass(table: Table) -> int:
    return table.whole("pass", 1, least=1, most=MOST_PASSES)


def _train(table: Table, activity_id: str, network: str, entry: NetworkWithData | None) -> Activity | None:
    goal = table.number("to_loss", 0.0)
    if "to_loss" not in table:
        table.wrong("to_loss", "missing", "give the loss to reach, such as to_loss = 0.001")
    elif goal <= 0:
        table.wrong("to_loss", f"{goal:g}", "give a number above 0")
    most = table.whole("most", 10_000, least=1, most=MOST_PASSES)
    return Train(activity_id, goal, network, _first_pass(table), most, table.flag("guess", False))


_READERS: dict[str, Callable[[Table, str, str, NetworkWithData | None], Activity | None]] = {
    "read": _read,
    "choose": _choose,
    "walk": _walk,
    "nudge": _nudge,
    "train": _train,
    "place": _place,
    "derive": _derive,
    "hunt": _hunt,
}

KINDS = tuple(_READERS)
"""The kinds of activity that this version knows."""

COMPUTING = ("walk", "nudge", "train", "place", "derive", "hunt")
"""The kinds that need a network."""

LATER_KINDS = ("tune", "practice")
"""Kinds that the format has, but this version does not."""


def _asks(table: Table, entry: NetworkWithData | None, walked: range) -> tuple[tuple[Ask, ...], ...]:
    value = table.value("ask")
    if value is None:
        return (DEFAULT_ASKS,)
    mend = 'give a list such as ["dW", "W"], or a list of such lists, one for each pass'
    if not isinstance(value, list):
        table.wrong("ask", described(value), mend)
        return ()
    fades = bool(value) and isinstance(value[0], list)
    lists = value if fades else [value]
    asks: list[tuple[Ask, ...]] = []
    for outer, texts in enumerate(lists):
        if not isinstance(texts, list):
            table.wrong(f"ask[{outer}]", described(texts), mend)
            return ()
        read: list[Ask] = []
        for inner, text in enumerate(texts):
            place = f"ask[{outer}][{inner}]" if fades else f"ask[{inner}]"
            if not isinstance(text, str):
                table.wrong(place, described(text), mend)
                continue
            try:
                ask = parse_ask(text)
                if ask.pass_number is not None and ask.pass_number not in walked:
                    raise ValueError(f"pass {ask.pass_number} is not walked here; walked: {walked[0]} to {walked[-1]}")
                if entry is not None:
                    check_ask(entry.network, rows_of_pass(entry), ask)
                    if ask.ref is not None:
                        ask = replace(ask, ref=only_layer(entry.network, ask.ref))
            except ValueError as error:
                table.wrong(place, described(text), str(error))
                continue
            read.append(ask)
        asks.append(tuple(read))
    return tuple(asks)


def _first_pass(table: Table) -> int:
    return table.whole("first_pass", 1, least=1, most=MOST_PASSES)


def _numbered(kind: str, taken: set[str]) -> str:
    name, number = kind, 1
    while name in taken:
        number += 1
        name = f"{kind}-{number}"
    return name
