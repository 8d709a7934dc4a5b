"""Why a number is what it is: every number in every sentence is recomputed, and none is one that is still asked."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from nn_tutor.calculus.numerals import numeral
from nn_tutor.course.activities.walk import Walk
from nn_tutor.course.find import find
from nn_tutor.course.lesson import Lesson
from nn_tutor.course.networks import NetworkWithData
from nn_tutor.course.prose import Prose
from nn_tutor.judging.mistakes.case import Candidate
from nn_tutor.judging.reading import ReadingError, read
from nn_tutor.network.evaluation import evaluate, leaf_value
from nn_tutor.network.graph import Graph, Leaf
from nn_tutor.network.losses import DomainError
from nn_tutor.network.passes import run_pass
from nn_tutor.network.quantities import QUANTITIES, Ref, parse_ref
from nn_tutor.network.records import Pass, value_of
from nn_tutor.network.spec import ELEMENTWISE, ActivationName, Data, Layer, Loss, LossKind, Network
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.session import Session, begin
from nn_tutor.tutor.visible import View, view_of
from nn_tutor.tutor.why import EPSILON, Reason, numbers_in, why
from nn_tutor.walkthrough.questions import names_before, names_of
from tests.lessons_for_tests import DERIVER, ONE_WEIGHT, VECTOR, make_lesson, right_answer
from tests.shipped_runs import shipped_run

LAST: dict[LossKind, ActivationName] = {
    "squared_error": "identity",
    "absolute_error": "identity",
    "huber": "tanh",
    "hinge": "identity",
    "binary_cross_entropy": "sigmoid",
    "categorical_cross_entropy": "softmax",
    "output": "identity",
}
CONSTANTS = {0.0, 1.0, 2.0, 3.0, 0.5, EPSILON}


def network_of(kind: LossKind, activation: ActivationName, depth: int) -> tuple[Network, Data]:
    """A network of a loss, an activation and so many layers; with several outputs where the loss has classes."""
    outputs = 3 if kind == "categorical_cross_entropy" else 1
    inputs = 2 if depth == 1 else 1
    layers = []
    for layer in range(1, depth + 1):
        is_last = layer == depth
        units = outputs if is_last else 1
        used = LAST[kind] if is_last and (depth > 1 or outputs > 1 or kind == "binary_cross_entropy") else activation
        entering = inputs if layer == 1 else 1
        weights = tuple(tuple(0.37 + 0.21 * unit + 0.4 * place for place in range(entering)) for unit in range(units))
        layers.append(Layer(weights=weights, biases=tuple(0.13 + 0.1 * unit for unit in range(units)), activation=used))
    targets = None if kind == "output" else ((0.0, 1.0, 0.0),) if outputs > 1 else ((1.0,),)
    network = Network(tuple(layers), Loss(kind), learning_rate=0.37)
    return network, Data((tuple(0.83 + 0.4 * place for place in range(inputs)),), targets)


def all_known(network: Network, data: Data) -> View:
    """The view at the end of a walk in which nothing is asked."""
    walk = Walk(id="walk", asks=((),))
    lesson = Lesson("t", "t", "", (), (), {"": NetworkWithData(network, data)}, (walk,), Prose())
    view = view_of(begin(LessonRun(lesson)).to_end(), DERIVER)
    assert view is not None
    return view


def allowed(view: View, ref: Ref) -> list[float]:
    """Every number that a sentence on another number may hold, worked out here from the pass alone."""
    network, passed = view.network, view.passed
    node = Graph(network, view.samples).as_printed(ref)
    values = [
        leaf_value(network, passed, one) if isinstance(one, Leaf) else value_of(passed, one) for one in node.arguments
    ]
    found = [value_of(passed, ref), *values, *CONSTANTS, *numbers_in(view.step(ref).rule or "")]
    found += [first * second for place, first in enumerate(values) for second in values[place + 1 :]]
    found += [math.prod(values), sum(values), float(len(values))]
    if ref.quantity == "dL_do" and values[1:]:
        error = values[0] - values[1]
        found += [error, 2 * error, network.loss.scale(outputs=network.outputs, rows=1)]
    found += [*_nudged(view, ref), *(candidate.value for candidate in _known(view, ref))]
    return found


def _known(view: View, ref: Ref) -> tuple[Candidate, ...]:
    return view.lesson_run.known(view.activity, view.passed.number, ref, "number")


def _nudged(view: View, ref: Ref) -> list[float]:
    """By how much a number moves for a nudge of each of its arguments, and what stands above a slope."""
    network, passed, found = view.network, view.passed, list[float]()
    if ref.phase == "backward":
        change = _above(network, passed, ref)
        return [] if change is None else [change, change / EPSILON]
    node = Graph(network, view.samples).as_printed(ref)
    values = [
        leaf_value(network, passed, one) if isinstance(one, Leaf) else value_of(passed, one) for one in node.arguments
    ]
    before = node.operation.value(values)
    for place in range(len(values)):
        try:
            with np.errstate(all="ignore"):
                moved = node.operation.value([*values[:place], values[place] + EPSILON, *values[place + 1 :]])
        except DomainError:
            continue
        found.append(abs(moved - before))
    return found


def _above(network: Network, passed: Pass, ref: Ref) -> float | None:
    """The change of what stands above a slope, by a pass with another weight, or by the graph with another number."""
    layer, index = (ref.layer or len(network.layers)) - 1, ref.index or ()
    if ref.quantity in ("dW", "db"):
        W, b = [one.copy() for one in passed.before.W], [None if one is None else one.copy() for one in passed.before.b]
        place = W[layer] if ref.quantity == "dW" else b[layer]
        assert place is not None
        place[index] += EPSILON
        try:
            again = run_pass(network, type(passed.before)(tuple(W), tuple(b)), passed.X, passed.Y, 1, passed.rows)
        except DomainError:
            return None
        return again.loss.loss - passed.loss.loss
    below = {
        "dL_do": Ref("a", len(network.layers), index),
        "dL_da": Ref("a", ref.layer, index),
        "delta": Ref("z", ref.layer, index),
        "da_dz": Ref("z", ref.layer, (index[0], index[-1])) if index else None,
    }.get(ref.quantity)
    if ref.quantity == "dz_dw":
        return EPSILON * value_of(passed, ref)
    if ref.quantity == "dz_da":
        return EPSILON * value_of(passed, ref)
    if below is None:
        return None
    above = Ref("a", ref.layer, index[:2]) if ref.quantity == "da_dz" else Ref("loss")
    try:
        moved = evaluate(network, passed, above, {below: value_of(passed, below) + EPSILON})
    except DomainError:
        return None
    return moved - value_of(passed, above)


def printed(exact: list[float]) -> set[str]:
    """The texts of some exact numbers, whatever their signs."""
    return {numeral(abs(one)) for one in exact if math.isfinite(one)}


def check(names: Mapping[str, float], ref: Ref, reason: Reason, exact: set[str]) -> None:
    for number in numbers_in(reason.text):
        assert numeral(abs(number)) in exact, (str(ref), reason, number)
    for clause in reason.text.removesuffix(".").replace("; ", ": ").split(": "):
        sides = [side for side in clause.replace("≈", "=").split(" = ") if side.strip()]
        comes_to = numbers_in(sides[-1])
        if len(sides) < 2 or reason.kind != "parts" or not comes_to:
            continue
        for side in sides[:-1]:
            try:
                value = read(side.split(", ")[0].removeprefix("The step is ").strip(), names).value
            except ReadingError:
                continue
            near = comes_to[0] if side is not sides[-1] else value
            assert abs(abs(value) - abs(near)) <= 2e-3 * max(1.0, abs(value)), (str(ref), reason.text, side)


@pytest.mark.parametrize("kind", get_args(LossKind))
@pytest.mark.parametrize("depth", [1, 2, 3, 4])
def test_every_number_in_every_sentence_is_true(kind: LossKind, depth: int) -> None:
    kinds: set[str] = set()
    for activation in ELEMENTWISE:
        view = all_known(*network_of(kind, activation, depth))
        names = names_of(view.network, view.passed, view.refs) | names_before(view.network, view.passed)
        for ref in view.refs:
            reasons = why(view, ref)
            assert reasons
            assert reasons[0].kind == "rule"
            exact = printed(allowed(view, ref))
            for reason in reasons:
                kinds.add(reason.kind)
                check(names, ref, reason, exact)
    assert {"rule", "parts", "nudge", "slip"} <= kinds


def test_every_quantity_of_a_pass_is_told() -> None:
    told = {ref.quantity for depth in (1, 3) for ref in all_known(*network_of("squared_error", "tanh", depth)).refs}
    assert {"z", "a", "loss", "dL_do", "dL_da", "da_dz", "dz_dw", "dz_da", "dW", "db", "W", "b"} <= told
    assert told <= set(QUANTITIES)


def test_an_old_weight_is_not_moved_alone_as_its_slope_would_move_with_it() -> None:
    view = all_known(*network_of("squared_error", "tanh", 2))
    for ref in (Ref("W", 2, (0, 0)), Ref("b", 2, (0,))):
        nudged = next(reason for reason in why(view, ref) if reason.kind == "nudge")
        assert nudged.text.startswith("Were ∂L/∂")


def test_no_sentence_has_two_colons() -> None:
    for depth in (1, 2):
        view = all_known(*network_of("binary_cross_entropy", "sigmoid", depth))
        told = [reason.text for ref in view.refs for reason in why(view, ref) if reason.kind == "rule"]
        assert "w₁′ is" in " ".join(told) or depth == 1
        for text in told:
            for sentence in text.split(". "):
                assert sentence.count(": ") <= 1, text


def test_the_slope_of_a_square_is_taken_apart_into_its_steps() -> None:
    view = all_known(*network_of("squared_error", "identity", 2))
    parts = next(reason for reason in why(view, Ref("dL_do", None, (0, 0))) if reason.kind == "parts")
    assert "power rule" in parts.text
    assert "sum rule and chain rule" in parts.text


@pytest.mark.parametrize(
    ("x", "w", "y", "said"), [(1.76, -1.36, -0.45, "−3.8872·1.76 ≈ −6.8415"), (0.8, 2.75, 1.05, "2.3·0.8 = 1.84")]
)
def test_what_comes_to_more_digits_than_are_printed_is_only_about_equal(
    x: float, w: float, y: float, said: str
) -> None:
    view = all_known(Network((Layer(((w,),)),), Loss("squared_error"), learning_rate=0.3), Data(((x,),), ((y,),)))
    parts = next(reason for reason in why(view, parse_ref("dW1[0,0]")) if reason.kind == "parts")
    assert said in parts.text


def walked(session: Session) -> list[Session]:
    """Every state of somebody who knows all of it and answers it."""
    states: list[Session] = []
    while not session.is_over and len(states) < 200:
        states.append(session)
        if session.is_open:
            session = session.answer(right_answer(session))
        elif session.station.is_watched:
            session = session.entered(session.place.activity + 1)
        else:
            session = session.forward()
    return states


def leaks(session: Session) -> tuple[int, list[str]]:
    """How many sentences may be heard at a station, and those that hold a number that is asked there."""
    view = view_of(session, DERIVER)
    if view is None or view.question is None:
        return 0, []
    hidden = {numeral(abs(value_of(view.passed, ref))) for ref in view.unsettled | view.asked if ref not in view.known}
    texts = [reason.text for ref in view.refs for reason in why(view, ref)]
    return len(texts), [text for text in texts if {numeral(abs(number)) for number in numbers_in(text)} & hidden]


@pytest.mark.parametrize("name", ["chain-rule", "bias", "vectors", "two-weights-in-a-row"])
def test_no_sentence_tells_what_is_asked(name: str) -> None:
    heard = 0
    for session in walked(begin(shipped_run(find(name)))):
        count, told = leaks(session)
        heard += count
        assert told == []
    assert heard > 20


@pytest.mark.parametrize("toml", [ONE_WEIGHT, VECTOR])
def test_what_is_not_known_has_no_reason(tmp_path: Path, toml: str) -> None:
    for session in walked(begin(LessonRun(make_lesson(tmp_path, toml)))):
        view = view_of(session, DERIVER)
        if view is not None:
            assert all(not why(view, ref) for ref in view.refs if ref not in view.known)


@pytest.mark.parametrize(
    ("number", "slip"),
    [
        ("a1[0,0]", "left out the activation"),
        ("dW2[1,0]", "forgot the input"),
        ("dL_da1[0,0]", "went back through the already updated weights"),
        ("delta1[0,0]", "left out the slope of the activation"),
        ("dW1[0,0]", "forgot the input"),
    ],
)
def test_the_slip_is_one_in_this_very_line(number: str, slip: str) -> None:
    network = Network(
        (
            Layer(((0.57, 0.29), (-1.73, 1.15)), activation="sigmoid"),
            Layer(((0.25, 0.95), (0.69, -1.28), (-0.51, 0.66))),
        )
    )
    view = all_known(network, Data(((0.88, 0.95),), ((-0.67, 1.42, -1.0),)))
    told = [reason.text for reason in why(view, parse_ref(number)) if reason.kind == "slip"]
    assert len(told) == 1
    assert slip in told[0]
