"""`walk`: passes step by step, with questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from typing import TYPE_CHECKING, ClassVar, Literal, get_args

from nn_tutor.course.activities.base import Common
from nn_tutor.course.activities.numbers import accepted, first_pass
from nn_tutor.course.ask import Ask, check_ask, only_layer, parse_ask
from nn_tutor.course.findings import Table, close_words, described
from nn_tutor.course.networks import NetworkWithData, rows_of_pass
from nn_tutor.dataclass import dataclass
from nn_tutor.network.quantities import QUANTITIES, Phase

if TYPE_CHECKING:
    from nn_tutor.course.picture import Picture

Grain = Literal["factor", "node", "layer", "pass"]
Form = Literal["element", "matrix"]

_PHASES: tuple[Phase, ...] = get_args(Phase)

DEFAULT_ASKS = (parse_ask("dW"), parse_ask("W"))
"""What a walk asks where it does not say."""


@dataclass(frozen=True, slots=True)
class Walk(Common):
    """Passes walked step by step, from `first_pass` on; `asks[n]` are the questions of the n-th of them.

    The last of `asks` holds on for further passes. `table` false keeps the chain table covered. `hints` are the
    lesson's own words for the first two rungs, by quantity. `allow_zero` says that an answer of 0 is the point,
    `accept` which mistakes the numbers may hide. `until` is the last part of a pass that is walked. `only_questions`
    leaves out the stations where nothing is asked. An `exercise` is asked once more, from memory: no rule like the one
    that is asked may be seen; with `own_slopes` no slope that it is made of either, unless it was found link by link.
    Where it is `unaided`, as in a test, there are no hints, and the first answer to each question settles it.
    A walk that is the learner's `own` shows nothing but what each pass starts from, until they have found it.
    """

    kind: ClassVar[str] = "walk"
    works_numbers_out: ClassVar[bool] = True
    makes_passes: ClassVar[bool] = True
    step_groups_in_passes: ClassVar[bool] = True
    id: str
    network: str = ""
    passes: int = 1
    first_pass: int = 1
    asks: tuple[tuple[Ask, ...], ...] = ()
    grain: Grain = "factor"
    form: Form = "element"
    table: bool = True
    hints: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    allow_zero: bool = False
    accept: frozenset[str] = frozenset()
    until: Phase = "update"
    only_questions: bool = False
    exercise: bool = False
    own_slopes: bool = False
    own: bool = False
    unaided: bool = False
    picture: Picture | None = None

    def reaches(self, phase: Phase) -> bool:
        """Whether a part of a pass is walked."""
        return _PHASES.index(phase) <= _PHASES.index(self.until)

    @property
    def last_pass(self) -> int:
        """The number of the last pass that is walked."""
        return self.first_pass + self.passes - 1

    @property
    def span(self) -> range:
        """The passes that are walked."""
        return range(self.first_pass, self.last_pass + 1)

    def asks_of(self, number: int) -> tuple[Ask, ...]:
        """Return what is asked in pass `number`, counted from the beginning of the run."""
        if not self.asks or not self.first_pass <= number <= self.last_pass:
            return ()
        asks = self.asks[min(number - self.first_pass, len(self.asks) - 1)]
        return tuple(ask for ask in asks if ask.pass_number in (None, number))


def read_walk(table: Table, activity_id: str, network: str, entry: NetworkWithData | None) -> Walk:
    """Read the keys of a walk, all but those that every activity has."""
    passes, start = table.whole("passes", 1, least=1, most=1000), first_pass(table)
    walk = Walk(
        id=activity_id,
        network=network,
        passes=passes,
        first_pass=start,
        asks=_asks(table, entry, range(start, start + passes)),
        grain=table.word("grain", get_args(Grain), "factor"),
        form=table.word("form", get_args(Form), "element"),
        table=table.flag("table", True),
        hints=_hints(table),
        allow_zero=table.flag("allow_zero", False),
        accept=accepted(table),
        until=table.word("until", get_args(Phase), "update"),
        own=table.flag("own", False),
    )
    for ask in {ask for asks in walk.asks for ask in asks}:
        if ask.ref is not None and not walk.reaches(ask.ref.phase):
            mend = f"walk farther, or do not ask for {ask.ref}, which belongs to {ask.ref.phase}"
            table.wrong("until", f'"{walk.until}"', mend)
    unasked = next((number for number in walk.span if walk.own and not walk.asks_of(number)), None)
    if unasked is not None:
        table.wrong("own", f"true, with nothing asked in pass {unasked}", "ask for numbers of each pass, or walk fewer")
    return walk


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
                    check_ask(entry.network, rows_of_pass(entry, ask.pass_number), ask)
                    if ask.ref is not None:
                        ask = replace(ask, ref=only_layer(entry.network, ask.ref))
            except ValueError as error:
                table.wrong(place, described(text), str(error))
                continue
            read.append(ask)
        asks.append(tuple(read))
    return tuple(asks)
