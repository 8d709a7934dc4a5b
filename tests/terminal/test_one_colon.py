"""No sentence of a verdict has two colons: neither in its message nor with the word before it, whoever tells it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nn_tutor.course.find import shipped_paths
from nn_tutor.judging.conventions import CONVENTIONS
from nn_tutor.judging.diagnosis import begun, in_convention, introduced, parted, sentence
from nn_tutor.judging.judgement import Judgement
from nn_tutor.judging.mistakes.known import MISTAKES
from nn_tutor.plain.voices.base import judged
from nn_tutor.terminal.drawing.ink import plain
from nn_tutor.terminal.panels.verdict import draw_simple_verdict
from nn_tutor.terminal.parts import Looks, Setting, draw_parts, plan_for
from nn_tutor.tutor.asking import list_questions
from nn_tutor.tutor.session import Session, begin
from tests.lessons_for_tests import onward
from tests.shipped_runs import shipped_run, shipped_run_as_written
from tests.tutor.test_autopilot import wrong_answers

LESSONS = shipped_paths()


def twofold(text: str) -> list[str]:
    """The sentences of a text that have two colons; what stands far apart on a line, or below, are two."""
    return [one for one in re.split(r"(?<=[.?!]) |\s{3,}", text) if one.count(": ") > 1]


def test_no_name_of_a_mistake_has_a_colon_and_no_rule_two_in_one_sentence() -> None:
    every = (*MISTAKES, *CONVENTIONS)
    assert [one.name for one in every if ": " in one.name] == []
    assert [one.rule for one in every if twofold(one.rule)] == []
    assert [
        one.rule for one in every if one.is_convention and twofold(f"right in another convention: {one.rule}")
    ] == []


@pytest.mark.parametrize("path", LESSONS, ids=[path.name for path in LESSONS])
def test_no_mistake_in_a_lesson_is_told_with_two_colons(path: Path) -> None:
    lesson_run = shipped_run_as_written(path)
    told: set[str] = set()
    for listed in list_questions(lesson_run):
        question = listed.question
        if question is None or question.kind != "number":
            continue
        known = lesson_run.known(listed.place, question.pass_number, question.ref, question.kind)
        for one in known:
            told |= {introduced("not yet", sentence((one,))), one.slip.wrong_line, one.slip.right_line}
            told |= {introduced("right", in_convention((one,)))} if one.mistake.is_convention else set()
    assert [text for text in told if twofold(text)] == []


MESSAGES = (
    "two things at once, it seems: you forgot the 2, and you forgot the input",
    "that is 3 times too large: look for a factor too many",
    "a decimal number has a point: write 0.5",
    "e is no name here: you may use x, w",
)


@pytest.mark.parametrize("message", MESSAGES)
@pytest.mark.parametrize("verdict", ["wrong", "invalid"])
def test_a_message_with_a_colon_is_a_sentence_of_its_own_on_the_screen_and_line_by_line(
    message: str, verdict: str
) -> None:
    judgement = Judgement("wrong" if verdict == "wrong" else "invalid", message, None)
    assert twofold(plain(draw_simple_verdict(judgement, 200))) == []
    assert twofold(" ".join(judged(judgement))) == []


def below(session: Session) -> str:
    """What stands below the answer line."""
    parts, _ = draw_parts(session, plan_for(session, 200, 50), Looks("answering"), Setting())
    return plain(parts["verdict"])


@pytest.mark.parametrize("place", [2, 4, 8, 12])
def test_nothing_below_the_answer_line_has_two_colons_whatever_is_answered(place: int) -> None:
    session = begin(shipped_run(LESSONS[place - 1]))
    said: set[str] = set()
    while not session.is_over:
        if session.is_open:
            for text in (*wrong_answers(session), "1,5", "e", "5 5", "2(3", "?", "w="):
                said.add(below(session.answer(text)))
            said |= {below(state) for state in (session.hint(), session.hint().hint(), session.reveal())}
        session = onward(session)
    assert [text for text in said if twofold(text)] == []


def test_a_name_that_is_typed_keeps_its_spelling_at_the_beginning_of_a_sentence() -> None:
    assert parted("not read", "do_dz is asked for here: type its value") == (
        "not read.",
        "do_dz is asked for here: type its value",
    )
    assert [begun(text) for text in ("lr is η", "ln(o) is negative", "exp(z) grows", "a slope", "the 2")] == [
        "lr is η",
        "ln(o) is negative",
        "exp(z) grows",
        "A slope",
        "The 2",
    ]
