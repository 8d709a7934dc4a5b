"""How a run ended is told in a sentence that holds for this run, and a guess has something to start from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nn_tutor.calculus.numerals import numeral
from nn_tutor.course.activities.train import Train
from nn_tutor.course.find import find
from nn_tutor.course.load import load
from nn_tutor.network.landscape import loss_on
from nn_tutor.network.passes import batch
from nn_tutor.network.training import Timeline
from nn_tutor.tutor.answers import Answers
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.outcomes import basis_of_guess, outcome
from nn_tutor.tutor.session import Session
from nn_tutor.tutor.stations.base import Arrival, Cut
from nn_tutor.tutor.stations.kinds import enter
from nn_tutor.tutor.stations.training import Training
from tests.lessons_for_tests import ONE_WEIGHT, make_lesson
from tests.stations import at

TWO_LINES = 2 * 76


def run_of(lesson: str, activity: str) -> Training:
    """A run of a lesson of the course, where it ends."""
    run = LessonRun(load(find(lesson)))
    place = [one.id for one in run.lesson.activities].index(activity)
    return at(Session(enter(Arrival(run, place, Answers(), Cut(), at_end=True))), Training)


def first_below(losses: list[float], goal: float) -> int | None:
    return next((number for number, loss in enumerate(losses, start=1) if loss < goal), None)


def losses_of(lesson: str, network: str, passes: int) -> list[float]:
    entry = load(find(lesson)).networks[network]
    timeline = Timeline(entry.network, entry.data)
    return [timeline.at(number).loss.loss for number in range(1, passes + 1)]


@pytest.mark.parametrize(("lesson", "own", "names"), [("momentum", "ball", "momentum"), ("adam", "adam", "Adam")])
def test_a_race_tells_who_is_there_in_which_pass(lesson: str, own: str, names: str) -> None:
    station = run_of(lesson, "race").answer("30")
    goal, most = station.activity.to_loss, station.activity.most
    mine, plain = losses_of(lesson, own, most), losses_of(lesson, "plain", most)
    here, there = first_below(mine, goal), first_below(plain, goal)
    assert here is not None
    said = outcome(station, ("● ", "■ "))
    assert f"● {names} is below {numeral(goal)} in pass {here}" in said
    if there is None:
        assert f"■ gradient descent is at {numeral(plain[here - 1])} then, and not there within {most} passes." in said
    else:
        assert f"■ gradient descent in pass {there}: ● {names} is there first." in said
    assert said.endswith(" You guessed 30.")


def test_a_race_of_batches_is_told_of_all_the_samples() -> None:
    station = run_of("mini-batches", "drunken-walk")
    number, networks = station.place.pass_number, station.lesson_run.lesson.networks
    of_all = []
    for name in ("batches", "all-at-once"):
        entry = networks[name]
        before = Timeline(entry.network, entry.data).at(number).before
        of_all.append(numeral(loss_on(entry.network, before, *batch(entry.data))))
    assert outcome(station) == (
        f"batches of 2: the batch of pass {number} happens to have a loss of {numeral(station.loss or 0)}; the loss "
        f"of all 8 is {of_all[0]}, that of all 8 at once {of_all[1]}."
    )


def test_stopping_early_tells_what_it_has_spared() -> None:
    station = run_of("overfitting", "when-to-stop")
    assert outcome(station) == ""  # where to stop is still asked
    run, best = station.run, station.best
    stopped, _ = station.target(str(best))
    said = outcome(stopped)
    assert f"in pass {best}: the test loss is {numeral(min(run.held_out_losses))}." in said
    assert f"it has risen to {numeral(run.held_out_losses[-1])}" in said


def test_a_run_with_test_samples_tells_both_losses() -> None:
    station = run_of("overfitting", "more-samples")
    run = station.run
    assert f", the test loss from {numeral(run.held_out_losses[0])} to {numeral(run.held_out_losses[-1])};" in outcome(
        station
    )


def test_what_is_said_of_a_run_fits_below_it() -> None:
    for lesson in ("overfitting", "mini-batches", "momentum", "adam", "training-loop", "chain-rule"):
        lesson_run = LessonRun(load(find(lesson)))
        for place, activity in enumerate(lesson_run.lesson.activities):
            if isinstance(activity, Train) and not activity.stop_early:
                arrival = Arrival(lesson_run, place, Answers(), Cut(), at_end=True)
                station = at(Session(enter(arrival)), Training)
                station = station.answer("1234") if station.is_open else station
                assert 40 < len(outcome(station)) < TWO_LINES, outcome(station)


def test_nothing_is_said_before_the_end(tmp_path: Path) -> None:
    lesson_run = LessonRun(make_lesson(tmp_path, ONE_WEIGHT))
    station = at(Session(enter(Arrival(lesson_run, 3, Answers(), Cut()))), Training)
    assert outcome(station) == ""
    assert outcome(station.answer("7")) == ""


def test_a_guess_starts_from_the_first_losses_and_is_not_given_away() -> None:
    for lesson, activity in (("momentum", "long-valley"), ("adam", "race"), ("chain-rule", "run-on")):
        station = run_of(lesson, activity)
        said, goal = basis_of_guess(station), station.activity.to_loss
        told = [(int(number), text) for number, text in re.findall(r"(\d+): ([\d.]+)", said)]
        assert len(told) >= 2
        for number, text in told:
            loss = station.run.loss(number)
            assert loss is not None
            assert text == numeral(loss)
            assert loss > 3 * goal
            assert number < station.place.pass_number


@pytest.mark.parametrize("typed", ["3", "4", "5"])
def test_a_guess_of_a_pass_whose_loss_is_known_is_not_taken(typed: str) -> None:
    lesson_run = LessonRun(load(find("vectors")))
    place = next(place for place, one in enumerate(lesson_run.lesson.activities) if one.id == "run-on")
    station = at(Session(enter(Arrival(lesson_run, place, Answers(), Cut()))), Training)
    known = max(4, int(typed))
    told = station.answer(typed)
    assert told.is_open
    assert (
        told.notice
        == f"L in pass {known} is {numeral(station.run.losses[known - 1])}, not below 0.001: guess a later pass"
    )
    assert f"{known}: {numeral(station.run.losses[known - 1])}" in basis_of_guess(station)
    assert not station.answer("6").is_open


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("30", "30"),
        ("1000", "1,000"),
        ("99*99", "9,801"),
        ("100000", "100,000, past the last pass, 10,000"),
        ("1e300", "1e300, past the last pass, 10,000"),
    ],
)
def test_a_guess_is_written_as_other_passes_are_and_one_beyond_the_end_is_told(typed: str, said: str) -> None:
    station = run_of("autoencoder", "watch")
    assert station.activity.last_pass == 10_000
    assert outcome(station.answer(typed)).endswith(f" You guessed {said}.")
