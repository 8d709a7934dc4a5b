"""Where the keys of a session lead: on and back by pass, to the ends, into a pass of a run and out again."""

from __future__ import annotations

from pathlib import Path

from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.practice import round_with
from nn_tutor.tutor.session import GRAINS, Session, begin
from nn_tutor.tutor.stations.base import INSIDE
from tests.lessons_for_tests import ONE_WEIGHT, make_lesson, right_answer

CHOICE, NUDGE, WALK, RUN, END = range(5)
"""The activities of the lesson of one weight."""


def answered(session: Session, until: int | None = None) -> Session:
    """Answer everything of the walk at hand, or of its passes before one, and stand at its first station again."""
    index = session.place.activity
    while session.place.activity == index and session.place.pass_number != until:
        session = session.answer(right_answer(session)) if session.is_open else session.forward()
    return session


def at_first(session: Session) -> Session:
    """Go back, station by station, until there is none before."""
    while not session.is_at_beginning:
        session = session.back()
    return session


def test_what_is_known_is_what_the_questions_leave(one_weight: Session) -> None:
    assert one_weight.known == frozenset()  # a choice
    walking = one_weight.entered(WALK)
    assert walking.asked is not None
    assert walking.known == walking.asked.known != frozenset()


def test_a_pass_on_stops_at_the_first_station_of_the_next_one(one_weight: Session) -> None:
    done = answered(one_weight.entered(WALK), until=3).entered(WALK)
    second = done.forward_pass()
    assert (second.place.pass_number, second.place.stop) == (2, 0)
    third = second.forward_pass()
    assert (third.place.pass_number, third.place.stop) == (3, 0)
    held = third.forward_pass()
    assert (held.place.pass_number, held.is_open) == (3, True)  # the first open question is not passed
    assert held.place.stop < answered(one_weight.entered(WALK)).back().place.stop


def test_a_pass_back_goes_to_the_beginning_of_this_one_first(one_weight: Session) -> None:
    third = answered(one_weight.entered(WALK), until=3)
    inside = third.forward_pass()
    assert inside.place == third.place  # its first station asks
    second = third.back_pass()
    assert (second.place.pass_number, second.place.stop) == (2, 0)
    later = second.forward().forward()
    assert later.place.stop == 2
    assert later.back_pass().place == second.place
    first = second.back_pass()
    assert (first.place.pass_number, first.place.stop) == (1, 0)
    assert first.back_pass().place.activity == NUDGE  # and leads out of the walk where it begins


def test_the_ends_of_an_activity(one_weight: Session) -> None:
    begun = one_weight.entered(WALK)
    asked = begun.to_end()
    assert asked.is_open  # the first question holds
    assert (asked.place.activity, asked.place.pass_number) == (WALK, 1)
    run = answered(begun)
    assert run.place.activity == RUN
    last = run.entered(WALK).to_end()
    assert (last.place.activity, last.place.pass_number, last.is_open) == (WALK, 3, False)
    assert last.forward().place.activity == RUN
    first = last.to_beginning()
    assert (first.place.activity, first.place.pass_number, first.place.stop) == (WALK, 1, 0)
    assert first.to_beginning().place.activity == CHOICE
    assert first.to_beginning().is_at_beginning
    assert last.with_grain("layer").to_beginning().cut.grain == "layer"  # who stays in an activity keeps its cut


def test_before_the_first_station_it_is_said_what_this_is_the_beginning_of(one_weight: Session) -> None:
    assert one_weight.back().notice == "this is the beginning of the lesson"
    inside = answered(one_weight.entered(WALK)).answer("9").step_in().current
    assert inside.back().notice == "this is where you stepped in; i goes back"
    fresh = one_weight.entered(WALK).to_question().reveal().forward().nested
    assert fresh is not None
    assert at_first(fresh).back().notice == "this is the beginning of the fresh question"
    of_round = begin(LessonRun(round_with("update", 1, ["update"], None)))
    assert at_first(of_round).back().notice == "this is the beginning of the round"


def test_the_beginning_of_what_follows_the_last_activity_is_the_last_activity(one_weight: Session) -> None:
    over = one_weight.entered(END)
    assert over.is_over
    assert over.to_beginning().place.activity == RUN


def test_an_activity_is_entered_where_it_begins_or_ends(one_weight: Session) -> None:
    done = answered(one_weight.entered(WALK)).entered(WALK)
    assert done.place.stop == 0
    at_end = done.entered(NUDGE).entered(WALK, at_end=True)
    assert at_end.place == done.to_end().place
    assert one_weight.reveal().forward().back().place.activity == CHOICE


def test_what_was_moved_is_kept_where_one_stays_and_gone_where_one_begins_anew(tmp_path: Path) -> None:
    lesson = ONE_WEIGHT.replace('kind = "nudge"\nid = "nudge"\nslope = "dL_do[0,0]"', 'kind = "tune"\nto_loss = 0.01')
    tuning = begin(LessonRun(make_lesson(tmp_path, lesson))).entered(1)
    start = tuning.station.marker_answer
    moved = tuning.move(0, 3)
    assert moved.station.marker_answer != start
    assert moved.entered(1, anew=True).station.marker_answer == start
    assert moved.entered(0).entered(1).station.marker_answer == start


def test_grains_end_at_the_finest_and_the_coarsest(vector: Session) -> None:
    assert vector.cut.grain == GRAINS[0]
    assert vector.finer().cut.grain == GRAINS[0]
    grains = [vector.cut.grain]
    state = vector
    for _ in range(len(GRAINS) + 1):
        state = state.coarser()
        grains.append(state.cut.grain)
    assert grains == [*GRAINS, GRAINS[-1], GRAINS[-1]]
    assert state.finer().cut.grain == GRAINS[-2]


def test_into_a_pass_of_a_run_and_out_again(one_weight: Session) -> None:
    run = answered(one_weight.entered(WALK))
    assert run.step_out() is run  # nothing to go out of
    assert "only a training run" in one_weight.step_in().notice
    inside = run.answer("9").step_in()
    assert inside.nested is not None
    assert inside.current.lesson_run.lesson.id == INSIDE
    assert inside.current.place.pass_number == inside.place.pass_number
    out = inside.step_out()
    assert out.nested is None
    assert out.place.activity == RUN
    # Where one goes on inside, the run outside goes along.
    ahead = inside.with_current(inside.current.forward_pass())
    assert ahead.place.pass_number == ahead.current.place.pass_number
    ended = inside.current
    while not ended.is_over:
        ended = ended.forward()
    assert inside.with_current(ended).nested is None


def test_a_fresh_question_is_asked_until_it_is_found_and_not_longer(one_weight: Session) -> None:
    session = one_weight.entered(WALK)
    while not session.is_open:
        session = session.forward()
    shown = session.reveal()
    assert shown.retry_due
    fresh = shown.forward()
    assert fresh.nested is not None
    assert fresh.step_out() is fresh  # it is no look into a pass
    asked = fresh.current
    wrong = fresh.with_current(asked.answer("77"))
    assert wrong.nested is not None
    found = wrong.with_current(asked.answer(right_answer(asked)))
    assert found.nested is not None  # what was found is looked at first
    back = found.with_current(found.current.forward())
    assert back.nested is None
    assert not back.retry_due
    assert back.place == shown.place
    again = fresh.with_current(asked.reveal())  # shown once more: another one takes its place
    following = again.with_current(again.current.forward())
    assert following.nested is not None
    assert following.current.lesson_run is not asked.lesson_run
