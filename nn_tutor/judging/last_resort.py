"""What is said of an answer that no known mistake fits: a rare mistake, or two common ones at once.

Only ever a name for what is wrong already: it makes no answer right, none doubtful, and asks for no decimals.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from nn_tutor.calculus.names import symbol
from nn_tutor.calculus.numerals import is_written, numeral
from nn_tutor.dataclass import dataclass
from nn_tutor.judging.consistency import NOTHING, held_against
from nn_tutor.judging.diagnosis import sentence
from nn_tutor.judging.judgement import UNEXPLAINED, Judgement
from nn_tutor.judging.mistakes.deviations import Fits, paired, worlds
from nn_tutor.judging.mistakes.known import SAME, TELLABLE, is_same, rare_mistakes
from nn_tutor.judging.mistakes.pairs import FACTORS, pairs_of
from nn_tutor.judging.mistakes.stepping import slope_ref
from nn_tutor.judging.rounding import half_unit_of
from nn_tutor.judging.tolerances import CLOSE, COARSEST
from nn_tutor.judging.wording import is_turned, multiple
from nn_tutor.network.records import parameter_of, value_of
from nn_tutor.walkthrough.order import is_shown, refs_of_pass
from nn_tutor.walkthrough.questions import given

if TYPE_CHECKING:
    from nn_tutor.judging.mistakes.case import Candidate, Case
    from nn_tutor.judging.reading import Reading
    from nn_tutor.network.quantities import Ref

CLOSER = 5e-4
"""The same for a pair: there are many of them."""

ENOUGH = 5e-3
"""Neither a slip that was carried on nor a pair is read into an answer whose last decimal says less."""

AROUND = 20
"""How many times as far as a pair may be off others are looked for."""

CHANCE = 0.25
"""Where more pairs than this may be expected to fit by chance, none is named."""

_FEW_DIGITS = 0.05
"""Nor into one whose rounding is so large a part of it: −0.0002."""

_ROUNDED_MORE = 2.0
"""Who makes two mistakes may round so many times as much on the way as who makes none."""

MAX_PAIRS = 2
"""Where more pairs than these fit, it could be anything."""


def named_late(
    judgement: Judgement,
    reading: Reading,
    case: Case,
    scale: float,
    known: Sequence[Candidate],
    earlier: Mapping[Ref, float] = NOTHING,
    own: Callable[[], Iterable[Case]] = tuple,
    slack: float = math.inf,
) -> Judgement:
    """Return a judgement of a wrong answer with the name of a rare mistake or of a pair; as it was where none fits.

    `known` are the single mistakes that were tried before; `earlier` is what the learner has answered already: where
    that is right no slip was made. `own` gives the cases with the learner's own numbers in them, and `slack` is how far
    rounding on the way carries the right answer.
    """
    is_named = judgement.verdict == "diagnosed"
    copy = copied(reading, case, least=1 if is_named else _MANY_DIGITS)
    if is_named:
        slips = [one.value for one in judgement.candidates]
        is_told = reading.half_unit <= CLOSE * scale and abs(slips[0] - reading.value) <= reading.half_unit
        if copy is not None and not is_told and not copy.is_among(slips):  # two that are so near are no coincidence
            return Judgement("wrong", copy.said, reading.value)
        return _or_as_likely(_nearer(judgement, reading, case, scale, earlier), case, scale)
    if judgement.verdict not in ("wrong", "near") or not scale:
        return judgement
    if copy is not None:
        same = _rare(copy.value, SAME * abs(copy.value), scale, _one_by_one(case, own), earlier)
        return Judgement("diagnosed" if same else "wrong", sentence(same) if same else copy.said, reading.value, same)
    if reading.half_unit > COARSEST * scale:  # only a number that is a mistake to the bit tells enough: 0
        exact = _nearest([one for one in rare_mistakes(case, scale) if not one.value], reading.value, 0.0)
        return Judgement("diagnosed", sentence(exact), reading.value, exact) if exact else judgement
    if judgement.verdict == "near" and reading.half_unit > CLOSER * scale:  # the digits left out may be all there is
        return judgement
    value, truth = reading.value, case.truth
    close = (CLOSE if judgement.verdict == "wrong" else CLOSER) if value else 0.0
    said = another_number(value, case, reading.half_unit) if judgement.verdict == "wrong" else ""
    reach = max(reading.half_unit, 0.0 if said else close * scale)
    if rare := _rare(value, reach, scale, _one_by_one(case, own), earlier):
        return Judgement("diagnosed", sentence(rare), value, rare)
    if said:
        return Judgement("wrong", said, value)
    if judgement.verdict == "near" or is_turned(value, truth):
        return judgement
    return _carried_or_paired(judgement, reading, case, scale, known, earlier, slack)


def _rare(
    value: float, reach: float, scale: float, cases: Iterable[Case], earlier: Mapping[Ref, float]
) -> tuple[Candidate, ...]:
    """The rare mistakes that a number fits in the first of the cases in which one does."""
    for case in cases:
        if rare := held_against(_nearest(rare_mistakes(case, scale), value, reach), case, earlier):
            return rare
    return ()


def _carried_or_paired(
    judgement: Judgement,
    reading: Reading,
    case: Case,
    scale: float,
    known: Sequence[Candidate],
    earlier: Mapping[Ref, float],
    slack: float,
) -> Judgement:
    """Return the judgement with a slip of the forward pass that was carried on, or with a pair, where one fits.

    Neither is read into a 0, which is what is typed when nothing else comes to mind, nor into a number of few digits.
    """
    if not reading.value or reading.half_unit > min(ENOUGH * scale, _FEW_DIGITS * abs(reading.value)):
        return judgement
    value, reach = reading.value, max(reading.half_unit, min(CLOSER * scale, _ROUNDED_MORE * slack))
    fits = Fits(value, AROUND * reach, case.truth, TELLABLE * scale)
    with np.errstate(all="ignore"):
        slipped = tuple(worlds(case, _settled(case, earlier)))
    carried = _nearest([one for one, _ in slipped if fits(one.value)], value, reach)
    if carried:
        return Judgement("diagnosed", sentence(carried), value, carried)
    around = (*pairs_of(case, known, fits, slipped), *_turned(case, scale, known, fits))
    found = held_against(_nearest(around, value, reach), case, earlier)
    if not found or len(found) > MAX_PAIRS or _could_be_chance(around, value, reach):
        return judgement
    if all(_only_multiplies(one) for one in found) and (said := multiple(value, case)):
        return Judgement("wrong", said, value)
    return Judgement("diagnosed", sentence(found), value, found)


def _turned(case: Case, scale: float, known: Sequence[Candidate], fits: Fits) -> Iterator[Candidate]:
    """Rare mistakes with the sign flipped as well, where the asked number is a slope."""
    flipped = next((one for one in known if one.mistake.id == "sign-flipped"), None)
    if case.is_slope and flipped is not None:
        for one in rare_mistakes(case, scale):
            if fits(-one.value):
                yield paired(one, flipped, -one.value)


def _nearer(
    judgement: Judgement, reading: Reading, case: Case, scale: float, earlier: Mapping[Ref, float]
) -> Judgement:
    """A diagnosis that fits only roughly gives way to what fits far better: a rare mistake, or another number."""
    value, reach = reading.value, max(reading.half_unit, CLOSER * scale)
    rough = min(abs(one.value - value) for one in judgement.candidates)
    digits = reading.half_unit if reading.is_plain else _AS_TYPED * scale
    if not scale or rough <= digits or reading.half_unit > CLOSER * scale:
        return judgement
    rare = held_against(_nearest(rare_mistakes(case, scale), value, reach), case, earlier)
    if rare and abs(rare[0].value - value) * _BETTER <= rough:
        return Judgement("diagnosed", sentence(rare), value, rare)
    said = another_number(value, case, reading.half_unit) if reading.is_plain else ""
    if not said and abs(value + case.truth) <= digits:
        said = UNEXPLAINED  # the right one with the other sign
    return Judgement("wrong", said, value) if said else judgement


def _or_as_likely(judgement: Judgement, case: Case, scale: float) -> Judgement:
    """A diagnosis beside which stands what comes to the very same number in batches, and is made as often there."""
    if case.network.batching == "full":
        return judgement
    named = set(judgement.mistakes)
    if "short-batch-by-whole" in named:  # that is another number of samples already
        return judgement
    as_likely = tuple(
        one
        for one in rare_mistakes(case, scale)
        if one.mistake.id in _AS_LIKELY - named
        and any(is_same(one.value, other.value, scale) for other in judgement.candidates)
    )
    if not as_likely:
        return judgement
    candidates = (*judgement.candidates, *as_likely)
    return replace(judgement, message=sentence(candidates), candidates=candidates)


_AS_LIKELY = frozenset({"mean-over-other-count"})
"""Half the batch's mean is the 2 forgotten, or twice as many samples counted."""

_AS_TYPED = 1e-4
"""A calculation that is so near to a mistake, as a part of the scale, is that mistake."""

_BETTER = 4.0
"""So many times as near is far better."""


def another_number(value: float, case: Case, half_unit: float = 0.0) -> str:
    """Say which number that is shown of the pass, before the asked one, was given in its place; "" for none."""
    network, rows = case.network, case.rows
    if not value or half_unit > _TELLING * abs(value):
        return ""
    if case.ref.quantity in ("W", "b"):
        slope = slope_ref(case.ref)
        is_turned = abs(value_of(case.passed, slope) + value) <= max(half_unit, SAME * abs(value))
        said = given_for(f"{symbol(network, rows, slope)} with the other sign", case)
        return said if is_turned else _another_parameter(value, case, half_unit)
    if case.ref.phase == "update":
        return ""
    for ref in _shown_before(case, MAX_NUMBERS):
        own = value_of(case.passed, ref)
        if abs(own - value) <= max(half_unit, SAME * abs(own)):
            return in_the_place_of(ref, case)
    return ""


def _shown_before(case: Case, most: int) -> Iterator[Ref]:
    """The numbers of the pass that are shown, and computed before the asked one; none of a pass with over `most`."""
    network, rows = case.network, case.rows
    refs = refs_of_pass(network, rows)
    before = refs[: refs.index(case.ref)] if case.ref in refs and len(refs) <= most else []
    yield from (ref for ref in before if is_shown(network, rows, ref))


def in_the_place_of(ref: Ref, case: Case) -> str:
    """Say that another number of the pass was given in the place of the asked one."""
    return given_for(symbol(case.network, case.rows, ref), case)


def given_for(name: str, case: Case) -> str:
    """Say what was given in the place of the asked number."""
    return f"that is {name}; asked for is {symbol(case.network, case.rows, case.ref)}"


@dataclass(frozen=True, slots=True)
class Copy:
    """A number in sight that was typed as it is printed, in the place of the asked one, and what is said of that."""

    typed: float
    value: float
    said: str

    def is_among(self, others: Iterable[float]) -> bool:
        """Whether one of some other numbers is this one to the bit, or what was typed as it is printed."""
        return any(
            is_same(other, self.value, abs(self.value)) or is_written(self.typed, numeral(other)) for other in others
        )


def copied(reading: Reading, case: Case, least: int) -> Copy | None:
    """Return which of the numbers that one starts from, or that were computed before, was typed with all its digits.

    One that is started from has to be the only one with that value, and to have `least` digits: a 1 may be anything,
    and so may a 0.5 where nothing else fits it. A number is computed with many digits, so that those that are printed
    tell it.
    """
    value, network = reading.value, case.network
    digits = _digits_of(value)
    if not reading.is_plain or value.is_integer() or digits < least:
        return None
    if digits < _MANY_DIGITS and reading.half_unit < _half_unit_printed(value):  # 0.40 was rounded to it
        return None
    numbers = given(network, case.passed)
    names = [name for name, own in numbers if abs(own - value) <= SAME * abs(value)]
    if names:
        is_clear = len(names) == 1 and len(numbers) <= MAX_NUMBERS
        return Copy(value, value, given_for(names[0], case)) if is_clear else None
    for ref in _shown_before(case, MAX_COPIED):
        own = value_of(case.passed, ref)
        if is_written(value, numeral(own)):
            return Copy(value, own, in_the_place_of(ref, case))
    return None


def _half_unit_printed(value: float) -> float:
    return half_unit_of(len(numeral(value).partition(".")[2]))


def _digits_of(value: float) -> int:
    """How many digits a number has from its first to its last that is not 0."""
    return len(f"{value:.12e}".partition("e")[0].replace(".", "").strip("-0"))


_MANY_DIGITS = 2


def _another_parameter(value: float, case: Case, half_unit: float) -> str:
    """Say which other weight or bias was given, new or old; "" for none."""
    network, rows, passed = case.network, case.rows, case.passed
    others = [ref for ref in refs_of_pass(network, rows) if ref.quantity in ("W", "b") and ref != case.ref]
    for ref in others if len(others) <= MAX_NUMBERS else ():
        new = symbol(network, rows, ref)
        for own, name in ((value_of(passed, ref), new), (parameter_of(passed.before, ref), new.removesuffix("′"))):
            if abs(own - value) <= max(half_unit, SAME * abs(own)):
                return given_for(name, case)
    return ""


MAX_NUMBERS = 40
"""In a pass with more numbers than this one may be met by chance."""

MAX_COPIED = 400
"""The same for one that is typed with all the digits in which it is printed."""

_TELLING = 1e-3
"""A number tells which one it is where its last decimal says less, as a part of it."""


def _only_multiplies(pair: Candidate) -> bool:
    return pair.also is not None and {pair.mistake.id, pair.also.mistake.id} <= FACTORS


def _could_be_chance(around: Sequence[Candidate], value: float, reach: float) -> bool:
    """Whether pairs lie so densely around an answer that one of them would fit anything typed there."""
    others = {round(one.value / reach) for one in around if abs(one.value - value) > reach}
    return len(others) > CHANCE * AROUND


def _one_by_one(case: Case, own: Callable[[], Iterable[Case]]) -> Iterator[Case]:
    yield case
    yield from own()


def _settled(case: Case, earlier: Collection[Ref]) -> int:
    """How many layers, from the first on, the learner has answered for."""
    layers = [ref.layer or 0 for ref in earlier if ref.quantity in ("z", "a")]
    return case.depth if any(ref.quantity == "loss" for ref in earlier) else max(layers, default=0)


def _nearest(candidates: Sequence[Candidate], value: float, reach: float) -> tuple[Candidate, ...]:
    """Return the candidates that fit, those alone that fit best, each name once."""
    near = sorted(
        ((abs(one.value - value), one) for one in candidates if abs(one.value - value) <= reach),
        key=lambda pair: pair[0],
    )
    if not near:
        return ()
    best = max(4 * near[0][0], 1e-9 * abs(value))
    named: dict[tuple[str, ...], Candidate] = {}
    for distance, one in near:
        if distance <= best:
            named.setdefault(one.ids, one)
    return tuple(named.values())
