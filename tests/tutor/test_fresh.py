"""Fresh numbers: the same network and question, fair, other numbers for another seed, the same for the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nn_tutor.course.lesson import Lesson
from nn_tutor.course.networks import NetworkWithData
from nn_tutor.course.prose import Prose
from nn_tutor.judging.fairness import unfairness
from nn_tutor.judging.mistakes.case import Case
from nn_tutor.judging.mistakes.known import known_mistakes
from nn_tutor.network.fit import check_fit
from nn_tutor.network.quantities import Ref, parse_ref
from nn_tutor.network.records import value_of
from nn_tutor.network.spec import Data, Layer, Loss, LossKind, Network
from nn_tutor.network.training import Timeline
from nn_tutor.tutor.exercises import TEMPLATES, ExerciseTemplate, without_numbers
from nn_tutor.tutor.fresh import RATES, fresh_lesson, fresh_numbers, fresh_numbers_of, is_fair
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.session import begin
from nn_tutor.walkthrough.questions import scale_of_question
from tests.lessons_for_tests import make_lesson, right_answer

ONE = NetworkWithData(Network((Layer(weights=((5.0,),)),), learning_rate=0.1), Data(((2.0,),), ((1.0,),)))
VECTOR = NetworkWithData(
    Network(
        (
            Layer(weights=((0.5, 0.4), (-1.1, 1.2)), biases=(0.1, 0.2), activation="sigmoid"),
            Layer(weights=((0.4, 1.2), (0.9, -1.1), (-0.5, 0.4)), frozen=frozenset({(0, 1)})),
        ),
        learning_rate=0.4,
        l2=0.1,
    ),
    Data(((1.3, 1.1), (0.4, -0.7)), ((-0.7, 1.0, -0.7), (0.3, 0.2, 0.1))),
)


LESSON = Lesson("one", "One", "", (), (), {"": ONE}, (), Prose())


@pytest.mark.parametrize("entry", [ONE, VECTOR], ids=["one", "vector"])
@pytest.mark.parametrize("asked", ["W1[0,0]", "dW1[0,0]", "loss", "dL_do[0,0]"])
@pytest.mark.parametrize("seed", [0, 7])
def test_a_fresh_question_is_fair(entry: NetworkWithData, asked: str, seed: int) -> None:
    ref = parse_ref(asked)
    drawn = fresh_numbers(entry, "number", ref, seed)
    assert drawn is not None
    check_fit(drawn.network, drawn.data)
    passed = Timeline(drawn.network, drawn.data).at(1)
    scale = scale_of_question(passed, ref)
    known = known_mistakes(Case(drawn.network, passed, ref), scale)
    assert list(unfairness(value_of(passed, ref), scale, known)) == []
    assert drawn.network.learning_rate in RATES


@pytest.mark.parametrize("seed", range(40))
def test_no_two_numbers_of_a_small_question_are_alike(seed: int) -> None:
    drawn = fresh_numbers(ONE, "number", parse_ref("W1[0,0]"), seed)
    assert drawn is not None
    numbers = [drawn.network.learning_rate, drawn.data.inputs[0][0], *(drawn.data.targets or ((),))[0]]
    numbers += (drawn.network.layers[0].weights or ((),))[0]
    assert len({abs(number) for number in numbers}) == 4


def test_only_the_numbers_are_fresh() -> None:
    drawn = fresh_numbers(VECTOR, "number", parse_ref("dW1[0,1]"), 3)
    assert drawn is not None
    for own, other in zip(VECTOR.network.layers, drawn.network.layers, strict=True):
        assert (own.inputs, own.units, own.activation, own.frozen) == (
            other.inputs,
            other.units,
            other.activation,
            other.frozen,
        )
        assert (own.biases is None) == (other.biases is None)
        assert own.weights != other.weights
        assert all(
            round(value, 2) == value and 0.15 <= abs(value) <= 1.95 for row in other.weights or () for value in row
        )
    assert drawn.network.loss == VECTOR.network.loss
    assert drawn.network.l2 == VECTOR.network.l2
    assert len(drawn.data.inputs) == 2


def test_the_seed_decides() -> None:
    ref = parse_ref("W1[0,0]")
    draws = [fresh_numbers(ONE, "number", ref, seed) for seed in range(8)]
    assert draws == [fresh_numbers(ONE, "number", ref, seed) for seed in range(8)]
    assert len({draw.network.layers[0].weights for draw in draws if draw}) > 5


@pytest.mark.parametrize("kind", ["binary_cross_entropy", "categorical_cross_entropy"])
def test_probabilities_are_drawn_as_probabilities(kind: LossKind) -> None:
    last = "softmax" if kind == "categorical_cross_entropy" else "sigmoid"
    layer = Layer(weights=((0.5, 0.4), (-1.1, 1.2), (0.3, 0.8)), activation=last)  # type: ignore[arg-type]
    entry = NetworkWithData(Network((layer,), Loss(kind)), Data(((1.3, 1.1),), ((0.0, 1.0, 0.0),)))
    for seed in range(4):
        drawn = fresh_numbers(entry, "number", parse_ref("dW1[1,0]"), seed)
        assert drawn is not None
        assert drawn.data.targets is not None
        assert {value for row in drawn.data.targets for value in row} <= {0.0, 1.0}
        if last == "softmax":
            assert [sum(row) for row in drawn.data.targets] == [1.0]


SLOPES_OF_CLASSES = [
    (template, ref)
    for templates in TEMPLATES.values()
    for template in templates
    for ref in template.refs
    if template.loss.endswith("cross_entropy") and ref.phase != "loss" and ref.quantity != "dL_do"
]


@pytest.mark.parametrize(("template", "ref"), SLOPES_OF_CLASSES, ids=lambda one: str(getattr(one, "loss", one)))
def test_a_slope_is_asked_for_the_right_class_and_for_a_wrong_one(template: ExerciseTemplate, ref: Ref) -> None:
    classes = []
    for seed in range(24):
        drawn = fresh_numbers(without_numbers(template), "number", ref, seed)
        assert drawn is not None
        assert drawn.data.targets is not None
        target = drawn.data.targets[0][(ref.index or (0,))[-1]]
        passed = Timeline(drawn.network, drawn.data).at(1)
        known = known_mistakes(Case(drawn.network, passed, ref), scale_of_question(passed, ref))
        assert ("forgot-target" in {candidate.mistake.id for candidate in known}) == (target == 1)
        classes.append(target)
    assert set(classes) == {0, 1}
    assert classes.count(1) > classes.count(0)  # only with a 1 does it show that the target was left out


def test_of_several_classes_one_is_right_and_in_a_whole_pass_any_of_them_may_be() -> None:
    template = next(template for template, _ in SLOPES_OF_CLASSES if template.loss == "categorical_cross_entropy")
    asked = [("number", ref) for ref in template.refs]
    entries = [fresh_numbers_of(without_numbers(template), asked, seed) for seed in range(12)]
    targets = [entry.data.targets[0] for entry in entries if entry is not None and entry.data.targets]
    assert {sum(target) for target in targets} == {1.0}
    assert len(set(targets)) > 1


def test_a_question_that_is_always_zero_has_no_fresh_numbers() -> None:
    output = NetworkWithData(replace(ONE.network, loss=Loss("output")), Data(((2.0,),)))
    assert fresh_numbers(output, "number", parse_ref("dL_do[0,0]"), 1) is not None  # always 1, but a fair question
    still = NetworkWithData(replace(ONE.network, learning_rate=0.0), ONE.data)
    assert fresh_numbers(still, "number", parse_ref("step1[0,0]"), 1) is None


def test_a_sign_is_fair_where_it_is_not_zero() -> None:
    assert is_fair(ONE, "sign", parse_ref("dW1[0,0]"))
    flat = NetworkWithData(ONE.network, Data(((2.0,),), ((10.0,),)))
    assert not is_fair(flat, "sign", parse_ref("dW1[0,0]"))


@pytest.mark.parametrize("kind", ["number", "sign", "size"])
def test_a_fresh_lesson_asks_one_question(kind: str) -> None:
    ref = parse_ref("dW1[0,0]")
    drawn = fresh_numbers(ONE, kind, ref, 5)
    assert drawn is not None
    session = begin(LessonRun(fresh_lesson(LESSON, "walk~5", drawn, kind, ref))).to_end()
    assert session.question is not None
    assert (session.question.kind, session.question.ref) == (kind, ref)
    session = session.answer(right_answer(session))
    assert not session.is_open
    assert session.to_end().forward().is_over


def test_the_same_once_more_is_judged_and_written_as_the_sheet_it_is_from(tmp_path: Path) -> None:
    sheet = """format_version = 1
id = "sheet"
title = "A sheet"
purpose = "homework"
[conventions]
error = "target-minus-output"
step = "change"
[network]
learning_rate = 0.3
[network.loss]
factor = 0.5
[[network.layers]]
weights = [[0.5, 0.4]]
activation = "sigmoid"
[data]
inputs = [[1.3, 0.7]]
targets = [[1.0]]
[[activity]]
kind = "walk"
id = "w"
ask = ["delta1[0,0]"]
"""
    session = begin(LessonRun(make_lesson(tmp_path, sheet))).to_end()
    session = session.reveal()
    session = session.forward()
    fresh = session.current
    assert fresh is not session
    assert fresh.lesson_run.lesson.purpose == "homework"
    assert fresh.lesson_run.lesson.conventions == session.lesson_run.lesson.conventions
    question = fresh.question
    assert question is not None
    assert question.prompt == "What is the error term δ₁?"
    assert fresh.answer(f"{-question.truth!r}").attempts[-1].judgement.verdict == "correct"
    assert fresh.answer(f"{question.truth!r}").attempts[-1].judgement.verdict == "convention"
