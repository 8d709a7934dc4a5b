"""What is said of a wrong answer, so that it fits what was typed: nothing that the learner can see to be untrue."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from nn_tutor.calculus.names import activation, bias, on_keys, symbol, weight, weighted_sum
from nn_tutor.judging.diagnosis import distinct, sentence
from nn_tutor.judging.expression import Operation
from nn_tutor.judging.judgement import UNEXPLAINED, Judgement, Verdict
from nn_tutor.judging.mistakes.stepping import slope_ref, stepping_of
from nn_tutor.judging.tolerances import EXACT
from nn_tutor.network.conventions import Conventions
from nn_tutor.network.records import parameter_of, value_of

if TYPE_CHECKING:
    from nn_tutor.judging.mistakes.case import Candidate, Case
    from nn_tutor.judging.reading import Reading

VERDICTS: dict[Verdict, str] = {
    "correct": "right",
    "follow_through": "right from yours",
    "convention": "right in another convention",
    "more_digits": "more digits",
    "near": "close",
    "diagnosed": "not yet",
    "wrong": "not yet",
    "invalid": "not read",
}
"""The word that each verdict begins with."""

MARKS: dict[Verdict, str] = {
    "correct": "✓",
    "follow_through": "✓",
    "convention": "↔",
    "more_digits": "…",
    "near": "≈",
    "diagnosed": "✗",
    "wrong": "✗",
    "invalid": "·",
}
"""The mark that stands before that word, on the screen and on paper."""


def word_of(judgement: Judgement, *, is_last: bool = False) -> str:
    """Return the word that a verdict begins with: there is no "yet" where there is no other try."""
    word = VERDICTS[judgement.verdict]
    return "not right" if is_last and word == "not yet" else word


def reworded(judgement: Judgement, reading: Reading, case: Case, shown: frozenset[str] = frozenset()) -> Judgement:
    """Return a judgement whose words fit what was typed in a case; `shown` are the names of what stands there."""
    if judgement.verdict == "wrong" and judgement.message == UNEXPLAINED and judgement.value is not None:
        return replace(judgement, message=unexplained(judgement.value, case))
    if judgement.mistakes[:1] == ("added-step",) and len(distinct(judgement.candidates)) == 1:
        turned = _turned_back(judgement.candidates[0], reading, case)
        if turned is not None:
            return replace(judgement, message=sentence((turned,)), candidates=(turned,))
    if judgement.mistakes == ("gradient-for-weight",) and not case.network.optimizer.is_plain:
        given = _direction_given(judgement.candidates[0], case)
        return replace(judgement, message=sentence((given,)), candidates=(given,))
    if judgement.mistakes == ("sign-flipped",) and (lost := _lost_minus(judgement.candidates[0], case, shown)):
        return replace(judgement, message=sentence((lost,)), candidates=(lost,))
    if judgement.verdict == "diagnosed" and case.ref.quantity in ("z", "a"):
        return replace(judgement, candidates=tuple(_written_out(one, case) for one in judgement.candidates))
    return judgement


def _direction_given(candidate: Candidate, case: Case) -> Candidate:
    """What η multiplies given for the new value, by its name where the rule makes it from the slope."""
    direction = stepping_of(case).direction
    name, rule = f"gave {direction} instead of the new value", f"{direction} only says where to go: take η times it off"
    return candidate._replace(mistake=replace(candidate.mistake, name=name, rule=rule))


def _lost_minus(candidate: Candidate, case: Case, shown: frozenset[str]) -> Candidate | None:
    """The flipped sign of a slope whose first link stands there with its sign: it was lost on the way from there."""
    slip = candidate.slip
    if case.ref.quantity not in ("dW", "db", "delta", "dL_da") or case.network.conventions != Conventions():
        return None
    first, asked = _PLACE.sub("", on_keys(slip.symbol)), symbol(case.network, case.rows, case.ref)
    is_last = case.ref.quantity == "delta" and case.ref.layer == case.depth
    if is_last and first == _PLACE.sub("", on_keys(asked)):  # then those of its neighbours stand there, not itself
        return None
    if first not in {_PLACE.sub("", name) for name in shown}:
        return None
    rule = f"{slip.symbol} has its sign already: multiply it as it is, with its minus where it has one"
    mistake = replace(candidate.mistake, name="lost a minus on the way", rule=rule)
    slip = slip._replace(symbol=asked, theirs=f"−({slip.symbol}·…)", right=f"{slip.symbol}·…")
    return candidate._replace(mistake=mistake, slip=slip)


_PLACE = re.compile(r"_?[0-9]+")
"""The unit and the sample in a typed name."""


def _written_out(candidate: Candidate, case: Case) -> Candidate:
    """A short sum with the wrong weights, written with the names that these have, in the place of `Σ wᵀ·x`."""
    layer, inputs = case.layer, case.spec.inputs
    is_plain = case.network.conventions == Conventions() and candidate.also is None
    if not is_plain or inputs > _MAX_WRITTEN or candidate.slip.symbol != case.weighted_sum(layer):
        return candidate
    row, unit = case.index
    places = {
        "matrix-transposed": [(into, unit) for into in range(min(inputs, case.spec.units))],
        "inputs-exchanged": [(unit, inputs - 1 - into) for into in range(inputs)],
    }.get(candidate.mistake.id)
    if places is None or (unit >= inputs and candidate.mistake.id == "matrix-transposed"):
        return candidate
    network, rows = case.network, case.rows
    biases = "" if case.spec.biases is None else f" + {bias(network, layer + 1, unit)}"

    def total(weights: list[tuple[int, int]]) -> str:
        entering = [activation(network, rows, layer, row, into) for into in range(inputs)]
        products = [f"{weight(network, layer + 1, place)}·{x}" for place, x in zip(weights, entering, strict=False)]
        return " + ".join(products) + biases

    name = weighted_sum(network, rows, layer + 1, row, unit)
    right = total([(unit, into) for into in range(inputs)])
    return candidate._replace(slip=candidate.slip._replace(symbol=name, theirs=total(places), right=right))


_MAX_WRITTEN = 3
"""A sum of more products than this is not written out."""


def unexplained(value: float, case: Case) -> str:
    """Say of a number that fits no mistake what can be known: its sign, or the way that a parameter goes."""
    truth, quantity = case.truth, case.ref.quantity
    if quantity in ("W", "b"):
        return TURNED if is_turned(value, truth) else _way_of_parameter(value, case)
    if quantity == "rate":
        return "put the number of this pass in for t, and work the rule from the inside out; η₀ is the first η"
    if case.ref.phase == "update" and quantity != "step":
        return _of_update(case)
    if quantity == "loss" and value < 0 < truth and case.network.loss.kind == "squared_error":
        return "a loss is never negative: a square is not, whatever the sign of the error"
    if is_turned(value, truth):
        return TURNED
    if (quantity == "loss" or case.is_slope) and (said := multiple(value, case)):
        return said
    if quantity == "loss":
        is_logarithm = case.network.loss.kind in ("binary_cross_entropy", "categorical_cross_entropy")
        first = "which probability counts" if is_logarithm else "the error"
        return f"check {first} first, then what the loss does with it"
    if quantity in ("z", "a") and (said := _of_unit(case)):
        return said
    if quantity == "da_dz" and truth and not value:
        return "a slope of 0 is that of a flat line: is the curve flat at this z?"
    if quantity == "da_dz" and value * truth >= 0:
        return "check what goes into the rule of this slope, then what it makes of that"
    return _sign_or_size(value, case)


def is_turned(value: float, truth: float) -> bool:
    """Return whether a number is the right one with the other sign."""
    return bool(truth) and abs(value + truth) <= EXACT * abs(truth)


TURNED = "the size is right, the sign is not: count the minus signs on the way"


def _of_update(case: Case) -> str:
    """Say which parts the number of an update rule has, or of what is done to a slope before it."""
    quantity = case.ref.quantity
    if quantity == "norm":
        return "check the squares one by one, then their sum, and then the root"
    if quantity in ("clipped", "clipped_b"):
        first = "length of all slopes" if case.network.optimizer.clipping.kind == "norm" else "slope itself"
        return f"check the {first} first, then what the limit leaves of this slope"
    if quantity in ("m_hat", "m_hat_b", "v_hat", "v_hat_b"):
        return "check the power of β first, and then what the average is divided by"
    return "check the rule part by part: what is remembered, what is new, and what each is multiplied by"


def _sign_or_size(value: float, case: Case) -> str:
    """Say whether it is the sign that is wrong, or the size."""
    truth = case.truth
    if not value:
        return "it is not 0: look at each number on the way"
    if not truth:
        return "look at each number on the way: how large is it?"
    if value * truth < 0:
        return "the sign is not right yet: check each minus on the way, then the size"
    checked = "added up" if case.ref.quantity == "db" and case.rows > 1 else "multiplied by what"
    return f"the sign is right, the size is not: check what is {checked}"


def _way_of_parameter(value: float, case: Case) -> str:
    """Say which way a new weight or bias goes, and how far."""
    old = parameter_of(case.passed.before, case.ref)
    went, goes = value - old, case.truth - old
    along = case.network.optimizer.goes_along_slope
    if went * goes < 0 and not along:
        return f"{case.parameter} goes the other way. Check the sign of what η multiplies, then the minus"
    if went * goes < 0:
        return f"{case.parameter} goes the other way: against its slope. Check the sign of the slope, then the minus"
    if times := _so_many_times(went, goes):
        return f"{case.parameter} goes the right way, but {times} times as far as it should"
    if times := _so_many_times(goes, went):
        part = "half" if times == 2 else f"1/{times}"
        return f"{case.parameter} goes the right way, but only {part} of the way it should"
    how_far = "but too far" if abs(went) > abs(goes) else "but not far enough"
    multiplied = "the slope" if along else "what η multiplies"
    return f"{case.parameter} goes the right way, {how_far}: check {multiplied}, then η times it"


def multiple(value: float, case: Case) -> str:
    """Say how many times too large or too small a number is, where that is a small whole number; else ""."""
    is_sum = case.rows > 1 or case.network.outputs > 1
    if times := _so_many_times(value, case.truth):
        look = "look at what is added up, and what it is divided by" if is_sum else "look for a factor too many"
        return f"that is {times} times too large: {look}"
    if times := _so_many_times(case.truth, value):
        look = "look at what it is divided by, and how often" if is_sum else "look for a factor that is missing"
        return f"that is {times} times too small: {look}"
    return ""


def _so_many_times(one: float, other: float) -> int:
    """How many times as large a number is as another, if that is a small whole number; else 0."""
    if not other or not 1.5 < one / other < _MOST_TIMES + 0.5:
        return 0
    times = round(one / other)
    return times if abs(one / other - times) <= _EXACTLY * times else 0


_MOST_TIMES = 9
"""A number is said to be so many times another at most; ten times it is a decimal point."""

_EXACTLY = 2e-3
"""What differs by less, as a part of it, is that many times the other."""


def _of_unit(case: Case) -> str:
    """Say what to check in a sum or an activation; "" where it is a single product."""
    layer = case.network.layers[case.layer]
    if case.ref.quantity == "a" and layer.activation != "identity":
        return f"check {case.z(case.layer)} first, then the activation"
    if layer.inputs > 1:
        return "check the products one by one, then their sum"
    return "" if layer.biases is None else "check the product first, then the bias"


def _turned_back(candidate: Candidate, reading: Reading, case: Case) -> Candidate | None:
    """The added step in words that fit; None where they do, or on a sheet whose lines have δ or Δw for the slope."""
    if case.network.conventions != Conventions() or case.ref.quantity not in ("W", "b", "step"):
        return None
    along = case.network.optimizer.goes_along_slope
    return (_against_the_slope if along else _against_the_rule)(candidate, reading, case)


def _against_the_rule(candidate: Candidate, reading: Reading, case: Case) -> Candidate | None:
    """The added step in words that fit a rule that makes its own direction of the slope: which way it goes."""
    stepping = stepping_of(case)
    direction, written = float(stepping.known(stepping.slope)["direction"]), stepping.direction
    if case.ref.quantity == "step" or not direction or (_typed_plus(reading) and direction > 0):
        return None
    sign, way = ("positive", "down") if direction > 0 else ("negative", "up")
    rule = f"{written} is {sign} here, so {case.parameter} goes {way} by η times its size"
    slip = candidate.slip
    if direction < 0 and not _typed_plus(reading):
        slip = slip._replace(theirs=f"{case.parameter} − η·|{written}|")
    return candidate._replace(mistake=replace(candidate.mistake, name="went the wrong way", rule=rule), slip=slip)


def _typed_plus(reading: Reading) -> bool:
    return isinstance(reading.tree, Operation) and reading.tree.operator == "+"


def _against_the_slope(candidate: Candidate, reading: Reading, case: Case) -> Candidate | None:
    """The added step in words that fit: of a negative slope the minus was lost, if a minus stands in what was typed."""
    slope = value_of(case.passed, slope_ref(case.ref))
    typed_minus = isinstance(reading.tree, Operation) and reading.tree.operator == "-"
    if case.ref.quantity == "step" or slope > 0 or not (typed_minus or reading.is_plain):
        return None
    symbol = f"∂L/∂{case.parameter}"
    name = "lost the minus of the slope" if typed_minus else "went the wrong way, or lost the minus of the slope"
    mistake = replace(candidate.mistake, name=name, rule=f"{symbol} is negative, and minus a negative number is plus")
    slip = candidate.slip._replace(theirs=f"{case.parameter} − η·|{symbol}|")
    return candidate._replace(mistake=mistake, slip=slip)
