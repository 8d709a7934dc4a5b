"""What lesson 14 says of its own run is true of this run: computed, not believed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nn_tutor.course.find import find
from nn_tutor.course.lesson import Lesson
from nn_tutor.course.load import load
from nn_tutor.network.activations import Array
from nn_tutor.network.training import Timeline

SAMPLES = ((0, 0), (0, 1), (1, 0), (1, 1))


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    return load(find("xor"))


@pytest.fixture(scope="module")
def run(lesson: Lesson) -> Timeline:
    entry = lesson.networks[""]
    return Timeline(entry.network, entry.data)


@pytest.fixture(scope="module")
def after(lesson: Lesson, run: Timeline) -> int:
    """The pass that the lesson calls 'now': the first one below the goal of its run."""
    watched = next(activity for activity in lesson.activities if activity.id == "watch")
    shown = next(activity.picture for activity in lesson.activities if activity.id == "whose-line")
    assert shown is not None
    number = shown.passes[1]
    assert watched.loss_to_reach is not None
    assert run.at(number).loss.loss < watched.loss_to_reach <= run.at(number - 1).loss.loss
    return number


def test_before_all_three_lines_run_through_the_origin(run: Timeline) -> None:
    before = run.at(1).before.b[0]
    assert before is not None
    assert not before.any()


def test_after_each_line_cuts_off_one_sample_and_no_two_look_the_same(run: Timeline, after: int) -> None:
    says = run.at(after).forward.a[0] > 0.5
    off = {unit: [SAMPLES[row] for row in range(4) if not says[row, unit]] for unit in range(2)}
    assert off == {0: [(0, 0)], 1: [(1, 0)]}
    assert [SAMPLES[row] for row in range(4) if says[row, 2]] == [(0, 1)]
    assert len({tuple(row) for row in says.tolist()}) == 4


def test_the_output_puts_the_three_lines_together_as_is_told(run: Timeline, after: int) -> None:
    passed = run.at(after)
    (first, second, third), a = passed.before.W[1][0], passed.forward.a[0]
    assert first > 0 > second
    assert third > 0
    bias = passed.before.b[1]
    assert bias is not None
    parts: Array = a * passed.before.W[1][0]
    both, zero_one, one_zero = 3, 1, 2
    assert abs(parts[both, 0] + parts[both, 1]) < 0.25 * parts[both, 0]  # for 1 1 they cancel
    assert parts[zero_one, :2].sum() + bias[0] < 0 < parts[zero_one].sum() + bias[0]  # the third tips the scale
    assert abs(parts[one_zero, 1:]).sum() < 0.25 * parts[one_zero, 0]  # nothing stands against the first
    assert ((passed.forward.o[:, 0] > 0.5) == [False, True, True, False]).all()


def test_at_first_what_one_sample_wants_another_undoes(run: Timeline) -> None:
    def left_over(number: int) -> float:
        """What part of the samples' slopes of W2 is left once they are added up."""
        passed = run.at(number)
        parts = passed.backward.delta[1] * passed.forward.a[0]
        return float(abs(parts.sum(axis=0)).sum() / abs(parts).sum())

    assert max(map(left_over, (1, 20, 60, 100))) < 0.15
    assert max(map(left_over, range(150, 400, 10))) > 2 * left_over(100)
    losses = [run.at(number).loss.loss for number in (1, 100, 400)]
    assert losses[1] > 0.9 * losses[0]
    assert losses[2] < 0.2 * losses[1]


def test_the_next_random_weights_give_another_picture(lesson: Lesson) -> None:
    entry = lesson.networks["any"]
    assert entry.network.seed is not None

    def says_in_the_strip(seed: int) -> float:
        """What the network says half-way between the samples, once it answers them."""
        run = Timeline(replace(entry.network, seed=seed), entry.data)
        passed = run.at(next(number for number in range(1, 2000) if run.at(number).loss.loss < 0.005))
        a = np.array((0.5, 0.5))
        for W, b in zip(passed.before.W, passed.before.b, strict=True):
            assert b is not None
            a = 1 / (1 + np.exp(-(W @ a) - b))
        return float(a[0])

    assert says_in_the_strip(entry.network.seed) > 0.8
    assert says_in_the_strip(entry.network.seed + 1) < 0.2


def test_equal_weights_stay_equal_to_the_last_digit(lesson: Lesson) -> None:
    entry = lesson.networks["alike"]
    demonstration = next(activity for activity in lesson.activities if activity.id == "stay-alike")
    last, goal = demonstration.span[-1], demonstration.loss_to_reach
    assert last >= 1000
    assert goal is not None
    alike = Timeline(entry.network, entry.data)
    for number in range(1, last + 1, 37):
        passed = alike.at(number)
        for numbers in (passed.before.W[0], passed.before.W[1].T, passed.backward.dW[0]):
            assert np.ptp(numbers, axis=0).max() == 0
        # One line leaves three samples on one side at best: the loss of 0, 2/3, 2/3, 2/3 is 1/6.
        assert passed.loss.loss > 1 / 6 > goal
