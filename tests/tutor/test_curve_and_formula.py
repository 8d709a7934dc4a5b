"""A weight is put on the curve, a formula is typed, the first wrong line is found, and a size has no sign."""

from __future__ import annotations

from pathlib import Path

import pytest

from nn_tutor.calculus.numerals import numeral
from nn_tutor.course.activities.hunt import Hunt
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.session import Session, begin
from nn_tutor.tutor.stations.hunting import Hunting
from nn_tutor.tutor.stations.placing import Placing
from tests.lessons_for_tests import make_lesson
from tests.stations import asked_at, at
from tests.tutor.every_question import EVERY_QUESTION, PROSE, asks, to_question


def test_a_weight_is_put_on_the_curve(every_question: Session) -> None:
    session = to_question(every_question, asks("W1[0,0]", "place"))
    question = session.question
    assert question is not None
    old = session.passed.before.W[0][0, 0]
    assert at(session, Placing).marked_weight == old
    assert (
        session.answer(session.station.marker_answer).attempts[-1].judgement.verdict == "diagnosed"
    )  # it did not move
    assert "unchanged" in session.answer(session.station.marker_answer).attempts[-1].judgement.mistakes
    assert at(session.move(0, 3), Placing).marked_weight > old > at(session.move(0, -3), Placing).marked_weight
    assert at(session.move(0, 3).move(0, -3), Placing).marked_weight == old
    uphill = round((2 * old - question.truth - old) / (at(session.move(0, 1), Placing).marked_weight - old))
    assert (
        not session.move(0, uphill)
        .answer(session.move(0, uphill).station.marker_answer)
        .attempts[-1]
        .judgement.is_right
    )
    notches = -uphill
    there = session.move(0, notches)
    assert at(there, Placing).marked_weight == pytest.approx(question.truth, abs=0.03 * question.scale)
    answered = there.answer(there.station.marker_answer)
    assert answered.attempts[-1].judgement.verdict == "correct"
    assert not answered.is_open
    assert at(session.move(0, 10**9), Placing).marked_weight < 1e6


@pytest.mark.parametrize("rate", [0.01, 0.03, 0.3, 0.7])
@pytest.mark.parametrize("weight", [0.62, -1.7, 0.15])
def test_the_notches_always_meet_the_new_weight(tmp_path: Path, rate: float, weight: float) -> None:
    toml = EVERY_QUESTION.replace("learning_rate = 0.3", f"learning_rate = {rate}").replace("[[0.62]]", f"[[{weight}]]")
    session = to_question(begin(LessonRun(make_lesson(tmp_path, toml, PROSE))), asks("W1[0,0]", "place"))
    assert session.question is not None
    notch = at(session.move(0, 1), Placing).marked_weight - at(session, Placing).marked_weight
    nearest = session.move(0, round((session.question.truth - at(session, Placing).marked_weight) / notch))
    assert nearest.answer(nearest.station.marker_answer).attempts[-1].judgement.verdict == "correct"


@pytest.mark.parametrize("notches", [-1.4, 0.0, 1.4])
def test_a_weight_put_close_by_eye_is_right_and_told_where_it_is(every_question: Session, notches: float) -> None:
    session = to_question(every_question, asks("W1[0,0]", "place"))
    assert session.question is not None
    notch = at(session.move(0, 1), Placing).marked_weight - at(session, Placing).marked_weight
    placed = session.answer(f"{session.question.truth + notches * notch:.9f}")
    assert not placed.is_open
    assert numeral(session.question.truth) in placed.attempts[-1].judgement.message


def test_a_weight_put_where_no_slip_leads_is_told_which_way_it_goes(every_question: Session) -> None:
    session = to_question(every_question, asks("W1[0,0]", "place"))
    assert session.question is not None
    old, new = session.passed.before.W[0][0, 0], session.question.truth
    far, near = (session.answer(f"{old + part * (new - old):.9f}").attempts[-1].judgement for part in (7.7, 0.43))
    assert "goes the right way, but too far" in far.message
    assert "goes the right way, but not far enough" in near.message


def test_a_weight_that_is_typed_with_too_few_digits_is_asked_for_as_many_as_the_curve_tells(tmp_path: Path) -> None:
    """A notch of this curve is 0.01: with two decimals a weight lies near enough, and no more are wanted of it."""
    toml = EVERY_QUESTION.replace("[[0.62]]", "[[1.86]]").replace("[0.28]", "[0.0]").replace("0.3", "1.3", 1)
    toml = toml.replace('"sigmoid"', '"identity"', 1).replace("[[1.37]]", "[[0.85]]", 1).replace("[[0.15]]", "[[1.17]]")
    session = to_question(begin(LessonRun(make_lesson(tmp_path, toml, PROSE))), asks("W1[0,0]", "place"))
    assert session.question is not None
    coarse = session.answer(f"{session.question.truth:.0f}").attempts[-1].judgement
    assert (coarse.verdict, coarse.message) == ("more_digits", "that could be right: give 2 decimals")
    for notches in (-1.45, -1.0, 0.0, 1.0, 1.45):
        for decimals in (4, 9):
            typed = f"{session.question.truth + 0.01 * notches:.{decimals}f}"
            assert session.answer(typed).attempts[-1].judgement.is_right, typed
    assert session.answer(f"{session.question.truth:.2f}").attempts[-1].judgement.is_right


def test_a_weight_that_is_typed_is_where_the_marker_stands(every_question: Session) -> None:
    session = to_question(every_question, asks("W1[0,0]", "place"))
    assert session.question is not None
    far = session.question.truth + 3 * session.question.scale
    placed = session.answer(f"{far:.4f}")
    assert placed.is_open
    assert at(placed, Placing).marked_weight == pytest.approx(far, abs=1e-4)


def test_a_formula_is_typed(every_question: Session) -> None:
    session = to_question(every_question, asks("dW1[0,0]", "formula"))
    assert not asked_at(session).asks_a_number
    assert asked_at(session).decimals is None
    for text, verdict in (
        ("(o-y)*o*(1-o)*x", "diagnosed"),
        ("2(o-y)", "diagnosed"),
        ("3*x", "wrong"),
        ("0.1", "wrong"),
    ):
        judged = session.answer(text)
        assert judged.attempts[-1].judgement.verdict == verdict, text
        assert judged.is_open
    assert session.answer("2*(o-y)*o*(1-o)*x+1e-12*x").is_open
    assert not session.answer("x*o*(1-o)*2*(sigmoid(w*x+b)-y)").is_open
    assert not session.reveal().retry_due


def test_the_third_hint_to_a_formula_is_the_formula(every_question: Session) -> None:
    session = to_question(every_question, asks("dW1[0,0]", "formula"))
    second = session.hint().hint()
    assert second.is_open
    assert asked_at(second).hint_level == 2
    third = second.hint()
    assert not third.is_open
    assert not third.retry_due
    assert third.solved == session.solved


def test_the_first_wrong_line_is_found(every_question: Session) -> None:
    session = to_question(every_question, lambda here: isinstance(here.activity, Hunt))
    worked = at(session, Hunting).worked
    assert worked is not None
    assert worked.candidate is not None
    assert worked.candidate.mistake.id == "forgot-two"
    assert session.station.marker_answer == "1"
    assert session.move(-5, 0).station.marker_answer == "1"
    assert session.move(500, 0).station.marker_answer == str(len(worked.lines))
    there = session.move(worked.wrong, 0)
    assert there.answer(there.station.marker_answer).attempts[-1].judgement.is_right
    assert not there.answer(there.station.marker_answer).is_open
    assert there.answer("1").is_open
    assert session.answer(str(len(worked.lines))).station.marker_answer == str(len(worked.lines))  # what is said of it
    assert there.answer("no line").station.marker_answer == there.station.marker_answer
    assert not session.reveal().is_open


def test_a_size_has_no_sign(every_question: Session) -> None:
    session = to_question(every_question, asks("dW1[0,0]", "size"))
    assert session.question is not None
    assert session.question.truth > 0
    refused = session.answer(f"-{session.question.truth}").attempts[-1].judgement
    assert refused.verdict == "invalid"
    assert "no sign" in refused.message
