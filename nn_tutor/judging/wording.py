"""What is said of a wrong answer, so that it fits what was typed: nothing that the learner can see to be untrue."""

from __future__ import annotations

from dataclasses import replace

from nn_tutor.judging.diagnosis import sentence
from nn_tutor.judging.expression import Operation
from nn_tutor.judging.judge import UNEXPLAINED, Judgement, Verdict
from nn_tutor.judging.mistakes.case import Candidate, Case
from nn_tutor.judging.mistakes.stepping import slope_ref
from nn_tutor.judging.reading import Reading
from nn_tutor.judging.tolerances import EXACT
from nn_tutor.network.conventions import Conventions
from nn_tutor.network.records import parameter_of, value_of

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


def reworded(judgement: Judgement, reading: Reading, case: Case) -> Judgement:
    """Return a judgement whose words fit what was typed in a case."""
    if judgement.verdict == "wrong" and judgement.message == UNEXPLAINED and judgement.value is not None:
        return replace(judgement, message=unexplained(judgement.value, case))
    # Else the line may have δ or Δw in the place of the slope, or what another rule makes of it.
    has_slope = case.network.conventions == Conventions() and case.network.optimizer.goes_along_slope
    if judgement.mistakes == ("added-step",) and has_slope and case.ref.quantity in ("W", "b", "step"):
        candidate = _against_the_slope(judgement.candidates[0], reading, case)
        if candidate is not None:
            return replace(judgement, message=sentence((candidate,)), candidates=(candidate,))
    return judgement


def unexplained(value: float, case: Case) -> str:
    """Say of a number that fits no mistake what can be known: its sign, or the way that a parameter goes."""
    truth, quantity = case.truth, case.ref.quantity
    if quantity in ("W", "b"):
        return _way_of_parameter(value, case)
    if quantity == "rate":
        return "put the number of this pass in for t, and work the rule from the inside out; η₀ is the first η"
    if case.ref.phase == "update" and quantity != "step":
        return "check the rule part by part: what is remembered, what is new, and what each is multiplied by"
    if truth and abs(value + truth) <= EXACT * abs(truth):
        return "the size is right, the sign is not: count the minus signs on the way"
    if quantity == "loss":
        return "check the error first, then what the loss does with it"
    if quantity in ("z", "a") and (said := _of_unit(case)):
        return said
    if value * truth < 0:
        return "the sign is not right yet: check each minus on the way, then the size"
    return "the sign is right, the size is not: check what is multiplied by what"


def _way_of_parameter(value: float, case: Case) -> str:
    """Say which way a new weight or bias goes, and how far."""
    old = parameter_of(case.passed.before, case.ref)
    went, goes = value - old, case.truth - old
    along = case.network.optimizer.goes_along_slope
    if went * goes < 0 and not along:
        return f"{case.parameter} goes the other way. Check the sign of what η multiplies, then the minus"
    if went * goes < 0:
        return f"{case.parameter} goes the other way: against its slope. Check the sign of the slope, then the minus"
    how_far = "but too far" if abs(went) > abs(goes) else "but not far enough"
    multiplied = "the slope" if along else "what η multiplies"
    return f"{case.parameter} goes the right way, {how_far}: check {multiplied}, then η times it"


def _of_unit(case: Case) -> str:
    """Say what to check in a sum or an activation; "" where it is a single product."""
    layer = case.network.layers[case.layer]
    if case.ref.quantity == "a" and layer.activation != "identity":
        return f"check {case.z(case.layer)} first, then the activation"
    if layer.inputs > 1:
        return "check the products one by one, then their sum"
    return "" if layer.biases is None else "check the product first, then the bias"


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
