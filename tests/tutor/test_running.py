"""A run that is watched: to its goal, to its end, in pieces, with other weights, and looked into."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nn_tutor.course.activities.train import Train
from nn_tutor.course.find import shipped_paths
from nn_tutor.course.load import load
from nn_tutor.dataset.proposal import Options
from nn_tutor.network.conventions import Conventions
from nn_tutor.network.passes import batch, forward, measure
from nn_tutor.network.training import Timeline
from nn_tutor.tutor.changes import changes
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.outcomes import outcome
from nn_tutor.tutor.restoring import restored
from nn_tutor.tutor.running import LossHistory
from nn_tutor.tutor.saved_run import saved_run_of
from nn_tutor.tutor.session import Session, begin
from nn_tutor.tutor.stations.training import Training
from nn_tutor.tutor.stations.walking import Walking
from nn_tutor.tutor.summary import summary_of
from tests.dataset.lessons import lesson_on
from tests.dataset.test_lesson import REGRESSION, TWO
from tests.lessons_for_tests import EVERY_KIND, EVERY_KIND_PROSE, make_lesson
from tests.stations import at
from tests.tutor.records import Written

XOR, LINE = 7, 8


@pytest.fixture
def xor(tmp_path: Path) -> Session:
    session = begin(LessonRun(make_lesson(tmp_path, EVERY_KIND, EVERY_KIND_PROSE))).entered(XOR)
    assert session.activity.id == "xor"
    assert session.forward().place == session.place, "first a guess"
    return session.answer("900")


def loss(session: Session) -> float:
    return session.passed.loss.loss


def test_one_pass_at_a_time_and_back(xor: Session) -> None:
    third = xor.forward().forward()
    assert third.place.pass_number == 3
    assert third.back().place.pass_number == 2
    assert xor.back().place.activity == XOR - 1


def test_a_run_arrives_where_its_loss_is_low_enough(xor: Session) -> None:
    arrived = xor.run_on(0.001, lambda made: True)
    assert at(arrived, Training).has_arrived
    assert loss(arrived) < 0.001 <= loss(arrived.back())
    assert arrived.place == xor.to_end().place
    assert arrived.forward().place.activity == LINE
    last = arrived.to_end()
    assert last.place.pass_number == last.station.passes[1] == 10_000
    assert arrived.forward().back().place == arrived.place, "back from what follows, it is as it was left"


def test_pieces_make_the_same_run(xor: Session) -> None:
    state = xor
    while not at(state, Training).has_arrived:
        state = state.run_on(0.001, lambda made: made < 97)
    assert state.place == xor.to_end().place
    assert np.array_equal(state.passed.update.after.W[0], xor.to_end().passed.update.after.W[0])


def test_a_loss_can_be_typed(xor: Session) -> None:
    state, target = xor.target("1/20")
    assert target == 0.05
    assert loss(state.run_on(target, lambda made: True)) < 0.05
    for text in ("soon", "0", "-1"):
        state, target = xor.target(text)
        assert target is None
        assert state.notice


def test_other_weights_are_another_run_of_the_same_lesson(xor: Session) -> None:
    farther = xor.run_on(None, lambda made: made < 10)
    other = farther.reseed()
    assert other.place.pass_number == 1
    assert "seed 4" in other.notice
    assert not np.array_equal(other.passed.before.W[0], xor.passed.before.W[0])
    assert other.lesson_run.lesson.networks["line"] is xor.lesson_run.lesson.networks["line"]
    assert "given" in xor.entered(LINE).reseed().notice


def test_other_weights_are_remembered(xor: Session) -> None:
    begun = begin(xor.lesson_run)
    later = xor.reseed().reseed().run_on(None, lambda made: made < 40)
    records = [Written("begun", {}), *(Written(kind, content) for kind, content in changes(begun, later))]
    again = restored(begun, saved_run_of(records))
    assert again.place == later.place
    assert np.array_equal(again.passed.before.W[0], later.passed.before.W[0])


def test_the_inside_of_a_pass_can_be_walked_and_the_run_goes_on_from_there(xor: Session) -> None:
    far = xor.run_on(None, lambda made: made < 499)
    assert far.place.pass_number == 500
    inside = far.step_in()
    here = inside.current
    assert isinstance(here.station, Walking)
    assert here.place.pass_number == 500
    assert here.passed is far.passed, "these are the passes of the run itself"
    assert not here.is_open
    later = inside.with_current(here.forward_pass())
    assert later.current.place.pass_number == 501
    out = later.step_out()
    assert out.nested is None
    assert out.place.pass_number == 501
    assert isinstance(out.activity, Train)
    assert xor.entered(0).step_in().nested is None


def test_the_inside_is_judged_and_written_as_the_lesson(xor: Session) -> None:
    declared = replace(xor.lesson_run.lesson, purpose="homework", conventions=Conventions(step="change"))
    inside = begin(LessonRun(declared)).entered(XOR).answer("900").step_in().current.lesson_run.lesson
    assert (inside.purpose, inside.conventions) == (declared.purpose, declared.conventions)


def test_the_end_of_the_inside_leads_back_to_the_run(xor: Session) -> None:
    state = xor.run_on(None, lambda made: made < 9_998)
    state = state.with_current(state.step_in())
    left = False
    for _ in range(300):
        state = state.with_current(state.current.forward())
        left = state.nested is None
        if left:
            break
    assert left
    assert state.place.pass_number in (9_999, 10_000)


def test_nothing_of_a_look_inside_is_written_down_but_the_place(xor: Session) -> None:
    inside = xor.with_current(xor.step_in())
    walked = inside.with_current(inside.current.forward().forward())
    assert [kind for kind, _ in changes(inside, walked)] == []


def test_a_run_that_diverges_says_where_it_stops(tmp_path: Path) -> None:
    toml = EVERY_KIND.replace("learning_rate = 0.1", "learning_rate = 3", 1)
    session = begin(LessonRun(make_lesson(tmp_path, toml, EVERY_KIND_PROSE))).entered(LINE)
    stopped = session.to_end()
    assert at(stopped, Training).has_arrived
    run = stopped.lesson_run.run(LINE)
    assert "diverges" in run.stopped
    assert stopped.place.pass_number == len(run.losses)
    assert stopped.forward().place.activity == LINE + 1


def held_out_run() -> LossHistory:
    entry = lesson_on(TWO).networks[""]
    return LossHistory(Timeline(entry.network, entry.data), entry.held_out)


def test_rows_that_are_held_out_are_measured_with_the_weights_before_each_pass() -> None:
    history, entry = held_out_run(), lesson_on(TWO).networks[""]
    history.loss(5)
    assert entry.held_out is not None
    X, Y = batch(entry.held_out, tuple(range(len(entry.held_out.inputs))))
    for number in (1, 5):
        before = history.timeline.at(number).before
        measured = measure(entry.network, before, forward(entry.network, before, X), Y).loss
        assert history.held_out_losses[number - 1] == measured
    assert len(history.held_out_losses) == len(history.losses) == 5


@pytest.fixture
def overfits() -> Session:
    lesson = load(next(path for path in shipped_paths() if path.name.endswith("overfitting")))
    index = next(place for place, activity in enumerate(lesson.activities) if activity.id == "when-to-stop")
    return begin(LessonRun(lesson)).entered(index)


def test_the_moment_to_stop_is_typed_once_the_test_loss_was_seen_to_rise(overfits: Session) -> None:
    early, below = overfits.run_on(None, lambda made: made < 49).target("45")
    assert below is None
    assert "let it run on first" in early.notice or "too late" in early.notice
    ran = overfits.run_on(None, lambda made: made < 150)
    losses = list(at(ran, Training).run.held_out_losses)
    best = losses.index(min(losses)) + 1
    for typed, said in (
        ("1", "too early"),
        ("150", "too late"),
        ("999", "type a pass"),
        ("1.5", "type a whole number"),
    ):
        state, _ = ran.target(typed)
        assert said in state.notice
        assert not at(state, Training).has_stopped_early
    stopped, _ = ran.target(str(best))
    assert (stopped.place.pass_number, stopped.notice) == (best, "")
    assert at(stopped, Training).has_stopped_early
    assert stopped.forward().place.activity == overfits.place.activity + 1, "and from there it goes on"
    looked, _ = stopped.target("150")
    assert "too late" in looked.notice
    assert looked.forward().place.activity == overfits.place.activity + 1, "what was found stays found"


def test_a_run_that_was_stopped_ends_where_the_learner_had_run_it(overfits: Session) -> None:
    ran = overfits.run_on(None, lambda made: made < 150)
    came = ran.place.pass_number
    assert at(ran, Training).has_arrived is False
    assert f"from 1 to {came}," in ran.target("999")[0].notice, "a pass ahead that nobody has seen is none to stop at"
    stopped, _ = ran.target("42")
    told = outcome(at(stopped, Training))
    assert f"By pass {came} it has risen" in told
    # The page after it shows the run to its goal: what the learner made of it stays what it was.
    behind = stopped.forward()
    behind.lesson_run.run(overfits.place.activity).loss(700)
    summed = summary_of(behind.entered(len(behind.lesson_run.lesson.activities)))
    more = behind.lesson_run.reach(_place(behind, "more-samples")).last
    assert summed.passes == came + more + 1
    assert len(summed.losses) == more, "the longer run is the other one now"
    again = behind.back()
    assert (again.place.pass_number, outcome(at(again, Training))) == (42, told)
    # Nor does it change when the lesson is opened anew.
    opened = begin(LessonRun(behind.lesson_run.lesson))
    opened = replace(opened, station=opened.station.with_answers(again.answers)).entered(overfits.place.activity)
    assert outcome(at(opened.target("42")[0], Training)) == told


def _place(session: Session, name: str) -> int:
    return next(place for place, one in enumerate(session.lesson_run.lesson.activities) if one.id == name)


def test_a_run_shows_the_words_of_the_pass_at_which_it_arrives() -> None:
    lesson = load(next(path for path in shipped_paths() if path.name.endswith("10-vectors")))
    index = next(place for place, activity in enumerate(lesson.activities) if activity.id == "run-on")
    begun = begin(LessonRun(lesson)).entered(index).answer("8")
    assert at(begun, Training).shows_words
    assert not at(begun.forward(), Training).shows_words
    arrived = begun.to_end()
    assert at(arrived, Training).shows_words
    assert "a third of the loss" in arrived.station.words


def test_a_run_that_is_to_be_stopped_early_can_be_left_at_its_goal_all_the_same(overfits: Session) -> None:
    ran = overfits.to_end()
    assert loss(ran) < 0.01
    assert ran.forward().place.activity == overfits.place.activity + 1


def test_words_name_the_loss_of_the_test_samples(overfits: Session) -> None:
    page = overfits.entered(overfits.place.activity + 2)
    run = overfits.lesson_run.run(overfits.place.activity)
    run.loss(42)
    assert f"{run.held_out_losses[41]:.3f}" in page.station.words


def test_a_fork_of_a_run_leaves_it_alone_until_it_is_taken() -> None:
    history, straight = held_out_run(), held_out_run()
    history.loss(3)
    fork = history.fork()
    assert fork.advance(3, 100, None, lambda made: made < 40) == 43
    assert len(history.losses) == len(history.held_out_losses) == 3
    history.take(fork)
    straight.loss(43)
    assert history.losses == straight.losses
    assert history.held_out_losses == straight.held_out_losses
    assert np.array_equal(history.timeline.at(43).before.W[0], straight.timeline.at(43).before.W[0])


def test_a_fork_that_stops_is_taken_with_its_reason() -> None:
    entry = lesson_on(REGRESSION, Options(learning_rate=1e200)).networks[""]
    history = LossHistory(Timeline(entry.network, entry.data), entry.held_out)
    fork = history.fork()
    reached = fork.advance(1, 100, None, lambda made: True)
    assert history.stopped == ""
    history.take(fork)
    assert "diverges" in history.stopped
    assert reached == len(history.losses) < 100


def heavy() -> Session:
    rows = np.random.default_rng(1).normal(size=(1500, 13)).round(2)
    names = ",".join(f"c{place}" for place in range(13))
    raw = "\n".join([names, *(",".join(map(str, row)) for row in rows.tolist())]).encode()
    session = begin(LessonRun(lesson_on(raw, Options(hidden=(16,)))))
    return session.entered(len(session.lesson_run.lesson.activities) - 1)


def test_a_heavy_run_is_not_run_on_only_to_look_at_it() -> None:
    session = heavy()
    station = at(session, Training)
    assert station.is_heavy
    assert station.loss is not None
    assert not station.has_arrived
    assert len(station.run.losses) == 1
    assert session.entered(session.place.activity, at_end=True).place.pass_number == 1
    on = session.run_on(None, lambda made: made < 4)
    assert on.entered(session.place.activity, at_end=True).place.pass_number == 5
    assert len(at(on, Training).run.losses) == 5


def test_a_heavy_run_that_is_restored_begins_anew_and_says_so() -> None:
    station = heavy().station.at({"pass": 40})
    assert station.place.pass_number == 1
    assert station.notice == "the run was at pass 40; t runs it again"
