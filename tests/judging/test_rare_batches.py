"""Slips with batches of a part of the samples, each worked out by hand and named by the whole judge."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nn_tutor.judging.mistakes.case import Case, Slip
from nn_tutor.judging.mistakes.known import known_mistakes
from nn_tutor.network.quantities import parse_ref
from nn_tutor.network.spec import Data, Loss, Network
from nn_tutor.network.training import Timeline
from nn_tutor.tutor.answering import judge_question
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.walkthrough.order import refs_of_pass
from nn_tutor.walkthrough.questions import names_before, names_of, scale_of_question
from tests.judging.careful import homework_of
from tests.judging.named import Questions, comes_to, is_named, is_never_accused, judged, layer

# The mean over another number of samples

BATCH_X = np.array([1.22, 0.34, 0.77, 1.37, 0.43, 1.09, 0.58, 0.91])
BATCH_Y = np.array([0.37, 1.31, 0.39, 1.16, 1.35, 2.34, 0.14, 0.83])
W = 2.17


def in_batches(size: int, samples: int = 8, **changes: object) -> Questions:
    network = Network(
        (layer(np.array([[W]]), activation="identity"),), learning_rate=0.15, batching="mini", batch_size=size
    )
    data = Data(tuple((x,) for x in BATCH_X[:samples].tolist()), tuple((y,) for y in BATCH_Y[:samples].tolist()))
    return replace(network, **changes), data  # type: ignore[arg-type]


def sums(rows: range, w: float = W) -> tuple[float, float]:
    """The sum of the losses of some samples, and of their slopes."""
    x, y = BATCH_X[list(rows)], BATCH_Y[list(rows)]
    return float(((w * x - y) ** 2).sum()), float((2 * (w * x - y) * x).sum())


def known_of(questions: Questions, name: str, mistake: str, number: int = 1) -> list[Slip]:
    """The slips of a known mistake in a question."""
    (network, data), ref = questions, parse_ref(name)
    passed = Timeline(network, data).at(number)
    known = known_mistakes(Case(network, passed, ref), scale_of_question(passed, ref))
    return [one.slip for one in known if one.mistake.id == mistake]


@pytest.mark.parametrize("other", [8, 3])
def test_the_mean_of_a_batch_over_all_samples_or_those_of_the_last_batch(other: int) -> None:
    losses, slopes = sums(range(5))
    questions = in_batches(5)
    theirs, right = f"1/{other}·Σ over the batch", "1/5·Σ over the batch, which has 5 here"
    is_named(questions, "loss", losses / other, "mean-over-other-count", theirs, right=right)
    is_named(questions, "dW1[0,0]", slopes / other, "mean-over-other-count", theirs, right=right)
    is_named(questions, "W1[0,0]", W - 0.15 * slopes / other, "mean-over-other-count", theirs, right=right)
    error = 2 * (W * BATCH_X[1] - BATCH_Y[1])
    is_named(questions, "dL_do[1,0]", float(error / other), "mean-over-other-count", theirs, right=right)


def test_of_a_single_sample_no_sum_is_told_and_the_line_is_that_of_the_asked_slope() -> None:
    network, data = in_batches(1)
    alone = replace(network, batching="online"), data
    error = float(2 * (W * BATCH_X[0] - BATCH_Y[0]))
    found = judged("lesson", alone, "dL_do[0,0]", error / 8).candidates[0]
    assert found.mistake.id == "mean-over-other-count"
    assert found.slip.wrong_line == "∂L/∂o = 1/8 of that of the sample"


def test_a_wrong_sum_is_not_told_to_be_a_product() -> None:
    found = judged("lesson", in_batches(5), "dL_do[0,0]", 19.37)
    assert found.message.endswith("check what is multiplied by what")
    biased = (
        replace(in_batches(5)[0], layers=(layer(np.array([[W]]), np.array([0.3]), activation="identity"),)),
        in_batches(5)[1],
    )
    assert judged("lesson", biased, "db1[0]", 19.37).message.endswith("check what is added up")


def test_half_a_sum_is_told_as_the_convention_that_it_is_as_well() -> None:
    """The last batch has two samples: over these the mean is ½ of the sum, as some sources write the loss."""
    losses, _ = sums(range(3))
    assert judged("homework", in_batches(3), "loss", losses / 2).verdict == "convention"
    assert judged("lesson", in_batches(3), "loss", losses / 2).mistakes == ("mean-over-other-count",)


def test_the_mean_of_a_short_batch_over_all_samples() -> None:
    questions = in_batches(3)
    w = float(Timeline(*questions).at(3).before.W[0][0, 0])
    losses, slopes = sums(range(6, 8), w)
    is_named(questions, "loss", losses / 8, "mean-over-other-count", "1/8·Σ over the batch", 3)
    is_named(questions, "dW1[0,0]", slopes / 8, "mean-over-other-count", "1/8·Σ over the batch", 3)
    assert judged("lesson", questions, "loss", losses / 3, 3).mistakes == ("short-batch-by-whole",)


def test_the_mean_over_all_samples_leaves_the_part_of_l2_as_it_is() -> None:
    questions = in_batches(3, l2=0.4)
    losses, slopes = sums(range(3))
    is_named(questions, "loss", losses / 8 + 0.2 * W * W, "mean-over-other-count", "1/8·Σ over the batch")
    is_named(questions, "dW1[0,0]", slopes / 8 + 0.4 * W, "mean-over-other-count", "1/8·Σ over the batch")


def test_the_mean_over_all_samples_is_taken_from_the_learners_own_number_too() -> None:
    """Somebody whose first update went wrong divides by all samples in the second pass."""
    questions = in_batches(3)
    network, data = questions
    run = LessonRun(replace(homework_of(network, data), purpose="lesson"))
    own = W + 0.15 * sums(range(3))[1] / 3
    losses, _ = sums(range(3, 6), own)
    earlier = {1: {parse_ref("W1[0,0]"): own}}
    text = f"{losses / 8:.6f}"
    judgement = judge_question(run, 0, run.question(0, 2, parse_ref("loss")), text, {}, earlier)
    assert judgement.mistakes == ("mean-over-other-count",)


def test_a_calculation_shows_over_how_many_samples_its_mean_is_taken() -> None:
    network, data = in_batches(3)
    run = LessonRun(replace(homework_of(network, data), purpose="lesson"))
    passed, ref = run.passed(0, 1), parse_ref("loss")
    refs = refs_of_pass(network, 3)
    names = names_of(network, passed, refs[: refs.index(ref)]) | names_before(network, passed)
    squares = "(o_1-y_1)^2+(o_2-y_2)^2+(o_3-y_3)^2"
    for count, mistakes in ((8, ("mean-over-other-count",)), (3, ())):
        judgement = judge_question(run, 0, run.question(0, 1, ref), f"({squares})/{count}", names, {})
        assert judgement.mistakes == mistakes, judgement
        assert judgement.is_right == (count == 3)


def test_there_is_no_other_number_of_samples() -> None:
    """In one batch, where all are of one size, or where sums are taken."""
    whole = in_batches(3, batching="full")
    summed = in_batches(3, loss=Loss(batch="sum"))
    for questions, name in ((whole, "loss"), (summed, "loss"), (summed, "dW1[0,0]"), (in_batches(3), "z1[0,0]")):
        assert not comes_to(questions, name, "mean-over-other-count")
    even = in_batches(4)
    losses, _ = sums(range(4))
    assert comes_to(even, "loss", "mean-over-other-count") == pytest.approx([losses / 8])
    alone = in_batches(3, batching="online")
    assert comes_to(alone, "loss", "mean-over-other-count") == pytest.approx([sums(range(1))[0] / 8])


def test_the_number_of_the_batch_before_is_told_as_that() -> None:
    questions, theirs = in_batches(3), "that of the batch before"
    losses, slopes = sums(range(3))
    for name, value in (("loss", losses / 3), ("dW1[0,0]", slopes / 3)):
        judgement = judged("lesson", questions, name, value, 2)
        assert judgement.mistakes == ("batch-before",), judgement
        assert judgement.candidates[0].slip[1:3] == ({"loss": "L"}.get(name, "∂L/∂w"), theirs)


def test_the_batch_before_is_not_looked_for_where_there_is_none() -> None:
    whole = in_batches(3, batching="full")
    assert not comes_to(whole, "dW1[0,0]", "batch-before", 2)  # the same samples: a number of the pass before
    assert not comes_to(in_batches(3), "dW1[0,0]", "batch-before", 1)
    assert not comes_to(in_batches(3), "z1[0,0]", "batch-before", 2)
    assert len(comes_to(in_batches(3), "dW1[0,0]", "batch-before", 2)) == 1


def test_half_of_a_batch_may_be_the_two_or_twice_as_many_samples() -> None:
    questions = in_batches(4)
    _, slopes = sums(range(4))
    assert judged("lesson", questions, "dW1[0,0]", slopes / 8).mistakes == ("forgot-two", "mean-over-other-count")
    assert "mean-over-other-count" not in judged("lesson", in_batches(3), "dW1[0,0]", sums(range(3))[1] / 6).mistakes


def test_who_divided_by_twice_the_count_has_not_forgotten_the_two() -> None:
    network, data = in_batches(3, samples=3, batching="full")
    run = LessonRun(replace(homework_of(network, data), purpose="lesson"))
    _, slopes = sums(range(3))
    question = run.question(0, 1, parse_ref("dW1[0,0]"))
    for text, mistakes in ((f"{slopes:.5f}/6", ()), (f"{slopes / 2:.5f}/3", ("forgot-two",))):
        assert judge_question(run, 0, question, text, {}, {}).mistakes == mistakes, text


def test_a_whole_batch_is_no_short_one() -> None:
    """The last of eight in threes has two samples; divided by three its mean is that of a whole batch."""
    losses, _ = sums(range(3))
    assert "short-batch-by-whole" not in judged("lesson", in_batches(3), "loss", losses / 4).mistakes
    for questions in (in_batches(3, loss=Loss(batch="sum")), in_batches(3, batching="full")):
        assert known_of(questions, "loss", "short-batch-by-whole") == []
    assert known_of(in_batches(3), "loss", "short-batch-by-whole", 1) == []
    assert len(known_of(in_batches(3), "loss", "short-batch-by-whole", 3)) == 1


def test_a_mean_over_other_samples_is_told_in_the_line_of_weight_or_bias() -> None:
    questions = in_batches(3, layers=(layer(np.array([[W]]), np.array([0.4]), "identity"),))
    found = {}
    for name in ("dW1[0,0]", "db1[0]"):
        [*_, slip] = known_of(questions, name, "short-batch-by-whole", 3)
        found[name] = slip.symbol
    assert found == {"dW1[0,0]": "∂L/∂w", "db1[0]": "∂L/∂b"}


def test_in_batches_that_divide_evenly_there_is_no_batch_of_the_rest() -> None:
    assert len(comes_to(in_batches(4), "dW1[0,0]", "mean-over-other-count")) == 1  # over all 8
    assert len(comes_to(in_batches(3), "dW1[0,0]", "mean-over-other-count")) == 2  # over all 8, or the 2 of the last
    one_left = in_batches(3, samples=7)
    assert comes_to(one_left, "dW1[0,0]", "mean-over-other-count") == pytest.approx(
        [sums(range(3))[1] / 7, sums(range(3))[1]]
    )


# Who does it right


@pytest.mark.parametrize("decimals", [3, 4, 5])
@pytest.mark.parametrize("questions", [in_batches(3), in_batches(3, l2=0.4)], ids=["plain", "with L2"])
def test_who_does_it_right_and_rounds_on_the_way_is_never_accused(questions: Questions, decimals: int) -> None:
    is_never_accused(questions, decimals)
