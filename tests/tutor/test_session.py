"""The session: it never passes an open question, going back loses nothing, and nothing behind a question is known."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tutor.course.activities.walk import Walk
from nn_tutor.network.quantities import Ref
from nn_tutor.network.records import value_of
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.session import GRAINS, Session, begin
from nn_tutor.tutor.stations.walking import Walking
from tests.lessons_for_tests import ONE_WEIGHT, VECTOR, make_lesson, right_answer
from tests.stations import asked_at, at


def walk_to_the_end(session: Session) -> list[Session]:
    """Answer everything rightly; returns every state on the way."""
    states = [session]
    for _ in range(3000):
        if session.is_over:
            return states
        session = session.answer(right_answer(session)) if session.is_open else session.forward()
        states.append(session)
    raise AssertionError("the lesson has no end")


def test_only_the_first_station_has_nothing_before_it(one_weight: Session, vector: Session) -> None:
    for begun in (one_weight, vector):
        states = walk_to_the_end(begun)
        assert begun.is_at_beginning
        for state in states:
            assert state.is_at_beginning == (state.back().place == state.place), state.place


def test_an_open_question_is_not_passed(one_weight: Session) -> None:
    session = one_weight
    for moved in (session.forward(), session.forward_pass(), session.to_end()):
        assert moved.place == session.place
        assert "answer first" in moved.notice


def test_a_wrong_answer_stays_open_and_is_kept(one_weight: Session) -> None:
    session = one_weight.answer("2")
    assert session.is_open
    assert session.station.last_attempt is not None
    assert session.station.last_attempt.judgement.verdict == "wrong"
    assert session.station.last_attempt.judgement.message == "that is the other"
    assert not session.answer("1").is_open
    assert not session.answer("This one").is_open
    assert session.answer("7").attempts[-1].judgement.verdict == "invalid"


def test_the_steps_of_the_first_pass_and_the_new_weight(one_weight: Session) -> None:
    session = one_weight.answer("1").forward().answer("0.1").forward()
    seen = []
    while session.question is None:
        seen.append(str(at(session, Walking).stop.refs[-1]))
        session = session.forward()
    assert seen == ["a1[0,0]", "loss", "dL_do[0,0]", "dz_dw1[0,0,0]", "dW1[0,0]"]
    assert session.question.ref == Ref("W", 1, (0, 0))
    assert asked_at(session).decimals == 3
    assert session.answer("2.198").question is None
    assert session.answer("w - lr*dL_dw").question is None
    wrong_sign = session.answer("3.302")
    assert wrong_sign.question is not None
    assert wrong_sign.attempts[-1].judgement.verdict == "diagnosed"
    assert wrong_sign.attempts[-1].judgement.mistakes == ("added-step",)


def test_the_update_is_judged_on_the_scale_of_its_step(one_weight: Session) -> None:
    session = one_weight.answer("1").forward().forward().to_end()
    question = session.question
    assert question is not None
    assert question.scale == pytest.approx(0.3 * 1.84)
    assert not session.answer("2.22").attempts[-1].judgement.is_right  # within 1 % of the weight, not of the step


def test_what_is_asked_and_what_follows_is_not_known(vector: Session) -> None:
    for session in walk_to_the_end(vector):
        if session.is_over:
            continue
        question = session.question
        if question is None:
            continue
        assert question.ref not in session.known
        order = session.lesson_run.order(session.place.activity, session.place.pass_number)
        assert all(order[ref] < order[question.ref] for ref in session.known)
        names = asked_at(session).names
        answer = value_of(session.passed, question.ref)
        for name, value in names.items():
            if name.startswith(("dL", "a", "z", "o", "L")):
                assert value != answer, f"{name} gives {question.id} away"


def test_refused_text_costs_nothing(one_weight: Session) -> None:
    session = one_weight.answer("1").forward().forward().to_end()
    refused = session.answer("2,198")
    attempt = refused.attempts[-1]
    assert attempt.judgement.verdict == "invalid"
    assert not attempt.judgement.spends_attempt
    assert "2.198" in attempt.judgement.message


def test_shown_is_not_solved(one_weight: Session) -> None:
    session = one_weight.answer("1").forward().forward().to_end()
    revealed = session.reveal()
    assert revealed.question is None
    assert revealed.revealed
    assert session.solved == revealed.solved
    fresh = revealed.forward().nested
    assert fresh is not None
    assert fresh.question is not None
    assert fresh.question.ref == session.question.ref if session.question else False
    assert fresh.question.truth != session.question.truth if session.question else False
    postpone_retry = revealed.forward().postpone_retry()
    assert postpone_retry.nested is None
    assert postpone_retry.forward().place != revealed.place


def test_back_over_pass_borders_shows_the_old_numbers(one_weight: Session) -> None:
    states = walk_to_the_end(one_weight)
    second = next(state for state in states if state.place.pass_number == 2)
    before = second.back()
    assert before.place.pass_number == 1
    assert before.passed.number == 1
    assert before.question is None
    assert at(before, Walking).stop.refs == (Ref("W", 1, (0, 0)),)


def test_every_grain_and_form_stays_at_the_same_number(vector: Session) -> None:
    session = vector
    while session.question is None or session.question.ref.quantity != "loss":
        session = session.answer(right_answer(session)) if session.is_open else session.forward()
    for grain in GRAINS:
        for form in ("element", "matrix"):
            cut = session.with_grain(grain).with_form(form)
            assert cut.question is not None
            assert cut.question.ref == Ref("loss")
            assert cut.with_form("element").with_grain("factor").place == session.place


@pytest.mark.parametrize("grain", GRAINS)
def test_a_walk_by_any_grain_asks_the_same(vector: Session, grain: str) -> None:
    asked = {attempt.question for attempt in walk_to_the_end(vector)[-1].attempts}
    session = vector.with_grain(grain)  # type: ignore[arg-type]
    assert {attempt.question for attempt in walk_to_the_end(session)[-1].attempts} == asked
    assert len(asked) == 11


def test_training_goes_on_to_the_goal(one_weight: Session) -> None:
    end = walk_to_the_end(one_weight)[-2]
    assert end.place.pass_number == 9
    assert end.passed.loss.loss < 0.001
    assert end.notes["on"] == ("9",)
    states = walk_to_the_end(one_weight)
    guessing = next(state for state in states if not state.is_over and state.activity.id == "on")
    assert "whole number" in guessing.answer("2.5").notice


def test_a_nudge_takes_steps_but_not_none(one_weight: Session) -> None:
    session = one_weight.answer("1").forward()
    assert session.answer("0").notice
    assert session.answer("x").notice
    assert session.answer("0.1").answer("0.01").notes["nudge"] == ("0.1", "0.01")


def test_a_run_that_diverges_ends_where_it_diverges(tmp_path: Path) -> None:
    toml = ONE_WEIGHT.replace("learning_rate = 0.3", "learning_rate = 50").replace("passes = 3", "passes = 1")
    toml = toml.replace("first_pass = 4", "first_pass = 1")
    session = walk_to_the_end(begin(LessonRun(make_lesson(tmp_path, toml))))[-1].back()
    assert "overflow" in session.lesson_run.reach(session.place.activity).stopped


MOVES = (
    "forward",
    "back",
    "forward_pass",
    "back_pass",
    "to_end",
    "to_beginning",
    "finer",
    "coarser",
    "reveal",
    "answer",
    "matrix",
    "element",
)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(moves=st.lists(st.sampled_from(MOVES), max_size=60))
def test_any_moves_lead_to_a_state_that_can_be_shown(
    tmp_path_factory: pytest.TempPathFactory, moves: list[str]
) -> None:
    session = begin(LessonRun(make_lesson(tmp_path_factory.mktemp("lesson"), VECTOR)))
    before = {field.name: getattr(session, field.name) for field in fields(session)}
    first = session
    for move in moves:
        if move == "answer":
            session = session.answer(right_answer(session) if session.is_open else "1")
        elif move in ("matrix", "element"):
            session = session.with_form(move)  # type: ignore[arg-type]
        else:
            session = getattr(session, move)()
        if not session.is_over and isinstance(session.activity, Walk):
            assert 0 <= session.place.stop < len(at(session, Walking).step_groups)
            assert asked_at(session).focus in at(session, Walking).stop.refs
            assert session.known is not None
    assert {field.name: getattr(first, field.name) for field in fields(first)} == before
