"""How the session teaches: hints up to a fresh question, what is owed, doubts, and what follows from a wrong number."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from nn_tutor.calculus.numerals import numeral
from nn_tutor.network.quantities import Ref
from nn_tutor.tutor.hints import HINT_LEVELS
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.session import Session, begin
from nn_tutor.tutor.stations.walking import Walking
from tests.lessons_for_tests import ONE_WEIGHT, make_lesson, right_answer
from tests.stations import asked_at, at
from tests.tutor.every_question import asks, in_grid, knows_all, step, to_question

# Hints, and what is owed


def test_hints_climb_to_the_answer_and_owe_a_fresh_question(every_question: Session) -> None:
    session = to_question(every_question, asks("dW1[0,0]"))
    assert session.question is not None
    asked = session.question
    assert asked_at(session).written_hints == ("the first written hint", "the second written hint")
    for hint_level in range(1, HINT_LEVELS):
        session = session.hint()
        assert (asked_at(session).hint_level, asked_at(session).turn.hinted, session.is_open) == (
            hint_level,
            True,
            True,
        )
        assert asked.ref not in session.known
    attempts = session.attempts
    session = session.hint()
    assert asked.id in session.revealed
    assert asked.id not in session.solved
    assert session.retry_due == asked.id
    assert session.attempts == attempts
    fresh = session.forward()
    assert fresh.place == session.place
    assert fresh.nested is not None
    question = fresh.current.question
    assert question is not None
    assert (question.ref, question.kind) == (asked.ref, asked.kind)
    assert question.truth != asked.truth
    assert question.id != asked.id


def test_an_answer_remembers_how_many_hints_came_before(one_weight: Session) -> None:
    session = to_question(one_weight, asks("W1[0,0]")).hint().hint()
    assert session.answer("9").attempts[-1].hint_level == 2
    assert asked_at(session.answer("9")).hint_level == 2
    assert to_question(one_weight, asks("W1[0,0]")).answer("9").attempts[-1].hint_level == 0


def test_a_fresh_question_is_answered_and_the_lesson_goes_on(one_weight: Session) -> None:
    session = to_question(one_weight, asks("W1[0,0]")).reveal()
    place = session.place
    session = step(session, lambda here: here.forward())
    assert session.nested is not None
    wrong = step(session, lambda here: here.answer("99"))
    assert wrong.nested is not None
    assert wrong.current.is_open
    assert wrong.attempts == session.attempts  # the fresh question has attempts of its own
    session = step(session, lambda here: here.answer(right_answer(here)))
    assert session.nested is not None
    assert session.current.attempts[-1].judgement.verdict == "correct"
    session = step(session, lambda here: here.forward())
    assert session.nested is None
    assert not session.retry_due
    assert session.place == place
    assert "back in the lesson" in session.notice
    assert session.forward().place != place


def test_every_fresh_question_has_other_numbers(one_weight: Session) -> None:
    truths = set()
    session = to_question(one_weight, asks("W1[0,0]"))
    for _ in range(5):
        assert session.current.question is not None
        truths.add(session.current.question.truth)
        session = step(step(session, lambda here: here.reveal()), lambda here: here.forward())
        assert session.nested is not None
        assert session.current.lesson_run.lesson.title == "fresh numbers · Test of one weight"
    assert len(truths) == 5
    session = to_question(one_weight, asks("W1[0,0]"))
    first = step(session.reveal(), lambda here: here.forward()).current
    later = to_question(session.answer(knows_all(session)), asks("W1[0,0]"))
    assert later.place.pass_number == 2
    second = step(later.reveal(), lambda here: here.forward()).current
    assert first.question is not None
    assert second.question is not None
    assert first.question.truth != second.question.truth


def test_a_fresh_question_is_not_passed_by_going_back(one_weight: Session) -> None:
    session = step(to_question(one_weight, asks("W1[0,0]")).reveal(), lambda here: here.forward())
    for moves in (
        "back forward",
        "back forward forward",
        "to_beginning forward_pass",
        "back back to_end",
        "back_pass to_end",
    ):
        walked = session
        for move in moves.split():
            walked = step(walked, lambda here, move=move: getattr(here, move)())  # type: ignore[misc]
        assert walked.nested is not None, moves
        assert walked.current.is_open or moves.startswith("back forward"), moves
    shown = step(step(session, lambda here: here.reveal()), lambda here: here.back())
    assert shown.nested is not None


def test_what_is_owed_stays_owed_until_it_is_put_off(every_question: Session) -> None:
    session = to_question(every_question, asks("z1[0,0]")).reveal()
    assert session.retry_due
    back = session.back()
    assert back.place.activity == 0  # a page, in a lesson that has no [network]
    assert back.retry_due == session.retry_due
    again = back.forward()
    assert again.place == session.place
    assert again.forward().nested is not None
    postpone_retry = again.postpone_retry()
    assert not postpone_retry.retry_due
    assert postpone_retry.forward().place != session.place
    assert "nothing to put off" in postpone_retry.postpone_retry().notice


def test_nothing_is_owed_where_no_fair_numbers_are_there(tmp_path: Path) -> None:
    toml = ONE_WEIGHT.replace("learning_rate = 0.3", "learning_rate = 0.0").replace('ask = [["W"]', 'ask = [["step"]')
    session = to_question(begin(LessonRun(make_lesson(tmp_path, toml))), asks("step1[0,0]"))
    moved = session.reveal().forward()
    assert moved.nested is None
    assert not moved.retry_due


def test_no_hint_where_nothing_is_asked(one_weight: Session) -> None:
    assert "no hint" in one_weight.hint().notice  # a choice
    nudging = one_weight.answer("1").forward()
    assert "there is no question" in nudging.hint().notice
    assert nudging.hint().answers.hint_levels == {}


# Doubt


def is_ambiguous(tmp_path: Path) -> Session:
    """∂L/∂w of a network whose x is 2: who forgot the 2 and who forgot x have one number."""
    toml = ONE_WEIGHT.replace("inputs = [[0.8]]", "inputs = [[2.0]]").replace('ask = [["W"]', 'ask = [["dW"]')
    session = to_question(begin(LessonRun(make_lesson(tmp_path, toml))), asks("dW1[0,0]"))
    assert session.question is not None
    return session.answer(repr(session.question.truth / 2))


def test_an_either_or_is_told_apart_by_its_number(tmp_path: Path) -> None:
    session = is_ambiguous(tmp_path)
    assert len(session.ambiguous) > 1
    attempt = session.attempts[-1]
    assert attempt.judgement.verdict == "diagnosed"
    assert attempt.judgement.message.startswith("either you ")
    for place, candidate in enumerate(session.ambiguous):
        told = session.answer(f" {place + 1}. ")
        assert told.ambiguous == ()
        assert len(told.attempts) == len(session.attempts)
        assert told.attempts[-1].judgement.mistakes == (candidate.mistake.id,)
        assert told.attempts[-1].judgement.message.startswith(f"you {candidate.mistake.name}")
        assert told.is_open


def test_anything_else_is_a_new_answer(tmp_path: Path) -> None:
    session = is_ambiguous(tmp_path)
    for text in ("0", "9", "0.5", "x", "9" * 5000, "²"):
        other = session.answer(text)
        assert len(other.attempts) == len(session.attempts) + 1, text
        assert other.attempts[-1].text == text
    assert not session.answer(right_answer(session)).is_open
    assert session.hint().ambiguous == ()
    assert session.reveal().ambiguous == ()


def test_a_doubt_about_one_cell_is_not_asked_of_another(every_question: Session) -> None:
    session = to_question(every_question, in_grid("a"))
    found = session.lesson_run.known(session.place.activity, 1, asked_at(session).focus, "number")
    ambiguous_mistakes = session.answer(repr(found[0].value))
    turn = replace(asked_at(ambiguous_mistakes).turn, ambiguous=tuple(found[:2]))
    ambiguous_mistakes = replace(ambiguous_mistakes, station=replace(at(ambiguous_mistakes, Walking), turn=turn))
    moved = ambiguous_mistakes.move(0, 1)
    assert asked_at(moved).focus != asked_at(ambiguous_mistakes).focus
    assert moved.ambiguous == ()
    assert len(moved.answer("1").attempts) == len(moved.attempts) + 1


# Earlier answers


def test_a_wrong_number_that_was_shown_is_followed_through(one_weight: Session) -> None:
    session = to_question(one_weight, asks("dW1[0,0]"))
    session = session.answer("1.37").answer("1,5").reveal().postpone_retry()
    session = to_question(session, asks("W1[0,0]"))
    assert asked_at(session).earlier[session.place.pass_number] == {Ref("dW", 1, (0, 0)): 1.37}
    old = session.passed.before.W[0][0, 0]
    judged = session.answer(f"{old - 0.3 * 1.37:.6f}")
    assert judged.attempts[-1].judgement.verdict == "follow_through"
    assert "1.37" in judged.attempts[-1].judgement.message
    assert not judged.is_open


def test_a_wrong_sign_is_no_wrong_number(one_weight: Session) -> None:
    session = to_question(one_weight.with_grain("pass"), asks("dW1[0,0]", "sign"))
    session = session.with_grain("pass")
    assert session.question is not None
    wrong = "-" if session.question.truth > 0 else "+"
    session = session.answer(wrong)
    assert session.attempts[-1].judgement.verdict == "wrong"
    session = session.reveal()
    assert Ref("dW", 1, (0, 0)) not in asked_at(session).earlier.get(session.place.pass_number, {})


def test_what_follows_never_tells_a_cell_that_is_still_open(every_question: Session) -> None:
    """∂L/∂W of a batch: a wrong δ was shown, one cell was missed and left open, the next one follows from that δ."""
    session = to_question(every_question, in_grid("dW")).hint().hint().decompose()
    link = session.question
    assert link is not None
    assert link.ref == Ref("delta", 1, (0, 0))
    theirs = link.truth + 0.5
    session = session.answer(repr(theirs)).reveal().postpone_retry()
    while session.question is not None and session.question.ref.quantity == "delta":
        session = session.answer(knows_all(session))
    missed = session.question
    assert missed is not None
    session = session.answer("77").move(0, 1)
    question = session.question
    assert question is not None
    assert question.id != missed.id
    assert asked_at(session).earlier[1][link.ref] == theirs
    follows = question.truth + 0.5 * session.passed.X[0, 1]
    judgement = session.answer(f"{follows:.6f}").attempts[-1].judgement
    assert judgement.verdict == "follow_through"
    assert numeral(missed.truth) not in judgement.message
    assert "77" not in judgement.message
