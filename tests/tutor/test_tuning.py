"""Tuning by hand: what comes of the numbers, when they are enough, and that wrong ones are told kindly."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tutor.course.activities.tune import Tune
from nn_tutor.judging.reading import ReadingError
from nn_tutor.tutor.changes import changes
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.restoring import restored
from nn_tutor.tutor.saved_run import saved_run_of
from nn_tutor.tutor.session import Session, begin
from nn_tutor.tutor.stations.tuning import Tuning
from nn_tutor.tutor.tuning import DOES, outcome_of, read_values
from tests.lessons_for_tests import EVERY_KIND, EVERY_KIND_PROSE, make_lesson, right_answer
from tests.stations import at
from tests.tutor.records import Written

BY_HAND, RATE, TWO = 0, 1, 2


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return begin(LessonRun(make_lesson(tmp_path, EVERY_KIND, EVERY_KIND_PROSE)))


def test_the_arrow_keys_move_the_weight_and_the_loss_follows(session: Session) -> None:
    assert at(session, Tuning).values == (2.75,)
    moved = session.move(0, -3)
    assert at(moved, Tuning).values == (2.45,)
    tuned = at(moved, Tuning).tuned
    assert tuned is not None
    assert tuned.loss == pytest.approx((2.45 * 0.8 - 1.05) ** 2)
    assert moved.passed.forward.o[0, 0] == pytest.approx(2.45 * 0.8)
    assert at(moved, Tuning).trail == (((2.45,), tuned.loss),)
    assert moved.station.marker_answer == "2.45"


def test_a_loss_that_is_to_be_brought_down_is_written_in_decimals(session: Session) -> None:
    """Lesson 2 shows such a loss before lesson 3 says how 1e-15 is read."""
    reached = session.answer("1.315").attempts[-1].judgement
    assert reached.message == "the loss is 0.000004, below 0.01"


def test_enter_is_judged_by_the_loss(session: Session) -> None:
    wrong = session.answer("2.1")
    assert wrong.is_open
    assert wrong.attempts[-1].judgement.verdict == "wrong"
    assert "still 0.3969" in wrong.attempts[-1].judgement.message
    assert at(wrong, Tuning).values == (2.1,), "the marker stands where it was typed"
    assert at(wrong.move(0, 1), Tuning).values == pytest.approx((2.1 + 0.1,))
    assert session.answer("half").attempts[-1].judgement.verdict == "invalid"
    right = wrong.answer("1.05/0.8")
    assert not right.is_open
    assert at(right, Tuning).values == (1.3125,)


def test_the_graph_comes_when_the_lesson_says(session: Session) -> None:
    assert not at(session, Tuning).shows_landscape
    assert at(session.answer("1.3"), Tuning).shows_landscape
    assert at(session.entered(RATE), Tuning).shows_landscape
    activity = replace_activity(session, BY_HAND, graph="never")
    assert not at(activity.answer("1.3"), Tuning).shows_landscape


def replace_activity(session: Session, index: int, **changed: object) -> Session:
    activities = list(session.lesson_run.lesson.activities)
    tuning = activities[index]
    assert isinstance(tuning, Tune)
    activities[index] = replace(tuning, **changed)  # type: ignore[arg-type]
    return begin(LessonRun(replace(session.lesson_run.lesson, activities=tuple(activities))))


def test_two_numbers_are_moved_by_both_pairs_of_arrows(session: Session) -> None:
    state = session.entered(TWO).move(0, 2).move(1, 0)
    assert at(state, Tuning).values == (0.5, 0.1)
    assert state.answer("0.5").attempts[-1].judgement.verdict == "invalid"
    assert not state.answer(right_answer(state)).is_open


def test_what_is_shown_does_what_is_wanted(session: Session) -> None:
    for index in (BY_HAND, RATE, TWO):
        state = session.entered(index).reveal()
        activity = state.activity
        assert isinstance(activity, Tune)
        assert not state.is_open
        tuned = at(state, Tuning).tuned
        assert tuned is not None
        assert tuned.loss < activity.to_loss if activity.of else tuned.outcome == activity.goal
        assert not state.retry_due


@pytest.mark.parametrize("goal", ["crawl", "arrive", "overshoot", "diverge"])
def test_each_outcome_of_a_rate_can_be_reached_and_no_other_counts(session: Session, goal: str) -> None:
    # On L = (0.8·w − 1.05)² a step multiplies the distance by 1 − 1.28·η.
    rates = {"crawl": "0.01", "arrive": "0.3", "overshoot": "1.3", "diverge": "1.8"}
    state = replace_activity(session, RATE, goal=goal).entered(RATE)
    for name, rate in rates.items():
        judged = state.answer(rate)
        assert judged.attempts[-1].judgement.is_right == (name == goal), (name, judged.attempts[-1].judgement.message)
    assert not state.answer(right_answer(state)).is_open


@pytest.mark.parametrize(("rate", "arrives"), [("0.79", True), ("0.9", False)])
def test_a_step_onto_the_lowest_point_arrives_though_it_lands_a_hair_beyond(
    session: Session, rate: str, arrives: bool
) -> None:
    state = replace_activity(session, RATE, goal="arrive").entered(RATE).answer(rate)
    assert state.attempts[-1].judgement.is_right == arrives


@pytest.mark.parametrize("rate", ["0", "-5"])
def test_a_rate_that_is_not_above_0_is_refused_and_costs_nothing(session: Session, rate: str) -> None:
    state = replace_activity(session, RATE, goal="crawl").entered(RATE).answer(rate)
    assert state.is_open
    assert state.attempts[-1].judgement.verdict == "invalid"
    assert "above 0" in state.attempts[-1].judgement.message


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=8))
def test_what_a_run_does_is_one_thing(weights: list[float]) -> None:
    losses = [weight * weight for weight in weights]
    found = outcome_of(weights, losses)
    if found == "diverge":
        assert losses[-1] > losses[0]
    elif found is not None:
        assert losses[-1] < losses[0]
    if found == "arrive":
        assert losses[-1] <= 0.01 * losses[0]


def test_a_loss_that_does_not_exist_is_said(tmp_path: Path) -> None:
    toml = EVERY_KIND.replace('id = "test-every-kind"', 'id = "logarithm"').replace(
        "[[network.layers]]\nweights = [[2.75]]",
        '[network.loss]\nkind = "binary_cross_entropy"\n[[network.layers]]\nweights = [[0.75]]',
    )
    state = begin(
        LessonRun(make_lesson(tmp_path, toml.replace("targets = [[1.05]]", "targets = [[0.7]]", 1), EVERY_KIND_PROSE))
    )
    beyond = state.move(0, 10)
    assert at(beyond, Tuning).tuned is None
    assert "does not exist" in beyond.notice
    assert state.answer("9").is_open
    assert state.answer("9").attempts == ()


def test_what_was_tuned_is_remembered(session: Session) -> None:
    done = session.answer("2").answer("1.3")
    records = [Written("begun", {}), *(Written(kind, content) for kind, content in changes(session, done))]
    again = restored(session, saved_run_of(records))
    assert at(again, Tuning).values == (1.3,)
    assert not again.is_open


def test_a_number_may_be_typed_under_its_name() -> None:
    assert read_values("w = 1.5", 1, ("w",)) == (1.5,)
    assert read_values("lr = 0.3", 1, ("η",)) == (0.3,)
    assert read_values("eta=0.3", 1, ("η",)) == (0.3,)
    assert read_values("1.5", 1) == (1.5,)
    with pytest.raises(ReadingError, match="w is asked for"):
        read_values("b = 1.5", 1, ("w",))


def test_what_a_run_does_may_stand_behind_a_colon() -> None:
    assert not [said for said in DOES.values() if ":" in said]
