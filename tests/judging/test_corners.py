"""Where rounding decides on which side of a corner a number lies, who only rounds is not accused."""

from __future__ import annotations

from fractions import Fraction

import pytest

from nn_tutor.homework.sheet_judging import Judged, judge_sheet
from nn_tutor.homework.sheet_views import Cell
from nn_tutor.judging.judgement import Judgement
from nn_tutor.judging.reading import read
from nn_tutor.network.corners import corners_of
from nn_tutor.network.operations import Activate, ActivationSlope, Follow, LossSlope, Operation, Values
from nn_tutor.network.optimizer import Clipping, Optimizer
from nn_tutor.network.quantities import parse_ref
from nn_tutor.network.rules import CLIPPINGS
from nn_tutor.network.spec import ActivationName, Data, Layer, Loss, Network
from nn_tutor.tutor.answering import judge_question
from nn_tutor.tutor.lesson_run import LessonRun
from tests.judging.careful import homework_of, judged_by_hand, near_corners

VALUE, NORM = CLIPPINGS["value"], CLIPPINGS["norm"]
assert VALUE is not None
assert NORM is not None


@pytest.mark.parametrize(
    ("operation", "values", "corners"),
    [
        (Activate("relu"), (0.3,), [(0, 0.0)]),
        (ActivationSlope("leaky_relu", 0.1), (0.3,), [(0, 0.0)]),
        (Activate("tanh"), (0.3,), []),
        (LossSlope(Loss(), Fraction(1)), (0.3, 0.4), []),
        (LossSlope(Loss(kind="absolute_error"), Fraction(1)), (0.3, 0.4), [(0, 0.4)]),
        (LossSlope(Loss(kind="huber", delta=0.5), Fraction(1)), (0.3, 0.4), [(0, -0.1), (0, 0.9)]),
        (LossSlope(Loss(kind="hinge"), Fraction(1)), (0.3, -1.0), [(0, -1.0)]),
        (Follow(VALUE), (0.3, 0.2), [(0, -0.2), (0, 0.2)]),
        (Follow(NORM), (0.3, 0.5, 0.2), [(1, 0.2)]),
    ],
)
def test_where_an_operation_has_its_corners(
    operation: Operation, values: Values, corners: list[tuple[int, float]]
) -> None:
    found = list(corners_of(operation, values))
    assert [place for place, _ in found] == [place for place, _ in corners]
    assert [at for _, at in found] == pytest.approx([at for _, at in corners])


def one_unit(activation: ActivationName, weights: tuple[float, ...], inputs: tuple[float, ...]) -> LessonRun:
    network = Network((Layer((weights,), activation=activation), Layer(((0.7,),))), learning_rate=0.5)
    return LessonRun(homework_of(network, Data((inputs,), ((0.4,),))))


def answered(run: LessonRun, name: str, text: str) -> Judgement:
    return judge_question(run, 0, run.question(0, 1, parse_ref(name)), text, {}, {})


@pytest.mark.parametrize(
    ("activation", "below", "behind"), [("relu", "0", "0.000"), ("leaky_relu", "0.01", "-0.00392")]
)
def test_a_sum_that_is_zero_but_for_the_noise_of_doubles_has_the_slope_of_both_sides(
    activation: ActivationName, below: str, behind: str
) -> None:
    run = one_unit(activation, (0.6, 0.7, -0.7), (0.7, 0.1, 0.7))
    assert 0 < run.passed(0, 1).forward.z[0][0, 0] < 1e-15
    for text in ("1", below):
        assert answered(run, "da_dz1[0,0]", text).verdict == "correct"
    assert answered(run, "da_dz1[0,0]", "0.5").verdict == "wrong"
    for text in ("-0.392", behind):
        assert answered(run, "dW1[0,0]", text).verdict == "correct"


def test_a_sum_that_rounds_to_zero_asks_for_more_decimals_and_a_finer_one_is_judged() -> None:
    run = one_unit("relu", (0.67, -0.5), (0.1, 0.1334))
    assert run.passed(0, 1).forward.z[0][0, 0] == pytest.approx(0.0003)
    coarse = answered(run, "dW1[0,0]", "0.000")
    assert coarse.verdict == "more_digits"
    assert coarse.message == (
        "that could be right: z₁₁ is so near 0 that rounding decides on which side of the corner it lies; "
        "keep 4 decimals on the way"
    )
    assert answered(run, "dW1[0,0]", "0.00000").verdict in ("wrong", "diagnosed")
    assert answered(run, "dW1[0,0]", "-0.05597").verdict == "correct"


def test_an_output_beside_its_target_may_have_the_absolute_errors_slope_of_either_side() -> None:
    network = Network((Layer(((0.33,),)),), Loss(kind="absolute_error"), learning_rate=0.5)
    run = LessonRun(homework_of(network, Data(((0.31,),), ((0.102,),))))  # o is 0.1023
    verdicts = {text: answered(run, "dW1[0,0]", text).verdict for text in ("0.310", "0.000", "-0.310", "0.150")}
    assert verdicts == {"0.310": "correct", "0.000": "more_digits", "-0.310": "more_digits", "0.150": "wrong"}


def test_a_slope_beside_the_limit_may_be_clipped_or_not() -> None:
    optimizer = Optimizer("momentum", clipping=Clipping("norm", 0.245))
    network = Network((Layer(((0.5, 0.2),)),), learning_rate=0.5, optimizer=optimizer)
    run = LessonRun(homework_of(network, Data(((0.37, 0.41),), ((0.05,),))))
    assert run.passed(0, 1).update.norm == pytest.approx(0.2404, abs=1e-3)
    for _, text, judgement in judged_by_hand(run.lesson, 2, remembered=False):
        assert judgement.verdict in ("correct", "more_digits"), (text, judgement.message)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_who_only_rounds_near_corners_is_never_accused(seed: int) -> None:
    verdicts = [
        (name, ref, text, judgement.message)
        for name, lesson in near_corners(seed, 8)
        for ref, text, judgement in judged_by_hand(lesson, 3, remembered=False, most=14)
        if judgement.verdict not in ("correct", "follow_through", "more_digits")
    ]
    assert verdicts == []


def on_sheet(run: LessonRun, lines: dict[str, str]) -> list[Judged]:
    entry = run.lesson.networks[""]
    cells = [Cell(1, parse_ref(name), read(text)) for name, text in lines.items()]
    return list(judge_sheet(entry.network, entry.data, cells).cells)


def test_a_sheet_that_came_out_on_the_other_side_of_a_corner_is_not_blamed_and_goes_on_from_there() -> None:
    run = one_unit("relu", (0.67, -0.5), (0.1, 0.1334))
    slope, step, weight = on_sheet(run, {"dW1[0,0]": "0.000", "step1[0,0]": "0.000", "W1[0,0]": "0.670"})
    assert slope.judgement.verdict == "more_digits"
    assert "z₁₁ is so near 0" in slope.judgement.message
    assert [one.judgement.verdict for one in (step, weight)] == ["correct", "correct"]


def test_on_a_sheet_a_sum_that_is_written_down_decides_itself() -> None:
    run = one_unit("relu", (0.67, -0.5), (0.1, 0.1334))
    sum_, slope = on_sheet(run, {"z1[0,0]": "0.0003", "dW1[0,0]": "0.0000"})
    assert sum_.judgement.verdict == "correct"
    assert slope.is_blamed
