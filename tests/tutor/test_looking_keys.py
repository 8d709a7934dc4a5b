"""What a learner types by accident costs nothing, what was shown stays, and the way back is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from nn_tutor.tutor.changes import changes
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.restoring import restored
from nn_tutor.tutor.saved_run import saved_run_of
from nn_tutor.tutor.session import ANSWER_FIRST, Session, begin
from nn_tutor.tutor.stations.nudging import NOT_NUDGED
from nn_tutor.tutor.visible import view_of
from tests.lessons_for_tests import make_lesson, of_one_weight, right_answer
from tests.stations import asked_at
from tests.tutor.records import Written

LESSON = of_one_weight(
    'kind = "nudge"\nid = "nudge"\nslope = "dW1[0,0]"',
    'kind = "walk"\nid = "walk"\ntable = false\nask = ["a1[0,0]", "dW", "W"]',
    activation="sigmoid",
    targets=(0.05,),
)


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return begin(LessonRun(make_lesson(tmp_path, LESSON)))


@pytest.fixture
def walk(session: Session) -> Session:
    """At the first question of the walk."""
    state = session.entered(1)
    while not state.is_open:
        state = state.forward()
    return state


def test_a_number_that_was_never_nudged_is_not_left_without_a_word(session: Session) -> None:
    assert session.station.unfinished == NOT_NUDGED
    assert session.answer("0.1").station.unfinished == ""
    assert session.forward().place.activity == 1  # whoever says next means it


def test_what_is_typed_on_a_finished_stop_goes_to_the_next_question_of_the_pass(walk: Session) -> None:
    finished = walk.answer(right_answer(walk))
    assert not finished.is_open
    ahead = finished.to_question()
    assert ahead.question is not None
    assert ahead.question.ref.quantity == "dW"
    assert "steps on" in ahead.notice
    assert walk.to_question() is walk
    owed = walk.reveal()
    assert owed.retry_due
    assert owed.to_question() is owed


def test_how_many_steps_were_passed_is_told_where_it_was_more_than_one(tmp_path: Path) -> None:
    toml = of_one_weight('kind = "walk"\nask = ["a", "loss", "dz_dw"]')
    state = begin(LessonRun(make_lesson(tmp_path, toml)))
    notices = []
    while not state.is_over:
        if state.is_open:
            state = state.answer(right_answer(state))
        ahead = state.to_question()
        if ahead is state:
            break
        notices.append(ahead.notice)
        state = ahead
    assert notices == ["", "2 steps on, the next question; ← goes back to what you passed"]


def test_from_a_stop_that_is_only_shown_it_goes_there_too_and_after_the_last_question_it_stays(walk: Session) -> None:
    shown = walk.answer(right_answer(walk)).forward()
    assert not shown.questions
    assert shown.to_question().question is not None
    last = walk
    while last.question is None or last.question.ref.quantity != "W":
        last = last.answer(right_answer(last)) if last.is_open else last.forward()
    last = last.answer(right_answer(last))
    assert last.to_question() is last


def test_a_covered_table_uncovers_after_the_last_question(walk: Session) -> None:
    state = walk
    while state.question is None or state.question.ref.quantity != "W":
        view = view_of(state, None)
        assert view is None or view.covers_table
        state = state.answer(right_answer(state)) if state.is_open else state.forward()
    view = view_of(state.answer(right_answer(state)), None)
    assert view is not None
    assert not view.covers_table


def test_what_was_shown_stays_whatever_is_asked_then(walk: Session) -> None:
    shown = walk.reveal()
    assert shown.hint().notice == shown.reveal().notice == ""
    assert "no question" in shown.postpone_retry().forward().hint().notice  # at the next stop nothing was shown


def test_a_question_that_was_taken_apart_can_be_put_together_again(walk: Session) -> None:
    state = walk
    while state.question is None or state.question.ref.quantity != "dW":
        state = state.answer(right_answer(state)) if state.is_open else state.forward()
    whole = state.question
    apart = state.hint().hint().decompose()
    assert apart.question is not None
    assert asked_at(apart).whole == whole
    found = apart.answer(f"{apart.question.truth:.6f}")
    together = found.decompose()
    assert together.question == whole
    again = together.decompose()
    assert again.question is not None
    assert again.question.id not in (whole.id, apart.question.id)  # what was found is not asked again


def test_that_it_was_put_together_is_remembered(walk: Session) -> None:
    apart = walk.answer("7").answer("7").decompose()
    assert apart.answers.decomposed
    moves = [*changes(walk, apart), *changes(apart, apart.decompose())]
    log = [Written("begun", {}), *(Written(kind, content) for kind, content in moves)]
    assert [record.kind for record in log].count("whole") == 1
    again = restored(begin(walk.lesson_run), saved_run_of(log))
    assert not again.answers.decomposed


def test_that_an_answer_is_wanted_is_taken_back_once_one_is_begun(walk: Session) -> None:
    refused = walk.forward()
    assert refused.notice == ANSWER_FIRST
    assert refused.begun().notice == ""
    assert walk.begun() is walk


def test_put_off_says_when_it_comes_back(walk: Session) -> None:
    assert "practice asks it again" in walk.reveal().postpone_retry().notice


def test_a_question_without_parts_is_told_so_whenever_it_is_asked(walk: Session) -> None:
    state = walk.answer(right_answer(walk))
    assert changes(walk, state)
    early = walk.decompose().notice
    assert "no parts" in early or "second hint" in early


def test_whoever_comes_to_the_next_open_question_is_not_told_to_answer_before_going_on(walk: Session) -> None:
    solved = walk.answer(right_answer(walk))
    arrived = solved.forward_pass()
    assert arrived.is_open
    assert arrived.notice == "here is the next open question"
    assert arrived.forward_pass().notice == ANSWER_FIRST
