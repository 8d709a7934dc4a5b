"""The whole course line by line: the verdicts and the log of the screen, and nothing that cannot be heard."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import pytest

from nn_tutor.course.find import find, shipped_paths
from nn_tutor.course.load import load
from nn_tutor.tutor.session import Session
from tests.plain.screen import log_of_the_screen
from tests.plain.talking import OnScreen, Talk, opened, opened_path, right_line, said_of
from tests.plain.test_spoken import UNSPEAKABLE
from tests.tutor.test_autopilot import wrong_answers

MAX_LINES = 3_000
LONGEST = 480
"""No line beside a question has more characters."""
GOLDENS = Path(__file__).parent / "goldens"
KEYS = re.compile(
    r"\b(?:[Ee]sc|Tab|F1|F2|PgDn|PgUp|Ctrl|[Aa]rrow key)\b|\b[Pp]ress [a-z]\b"
    r"|\b[tirmsg] (?:lets|looks|draws|switches|changes|shows)\b"
)
"""The screen's keys: no word of them helps where one types lines."""


def _question(session: Session) -> object:
    question = session.question
    return session.lesson_run.lesson.id, session.place, question.id if question else ""


def _one_wrong(session: Session) -> str:
    """Something wrong that is judged, where there is such."""
    wrong = [text for text in wrong_answers(session) if text != "no idea"]
    return wrong[0] if wrong else "no idea"


def once_wrong() -> Callable[[Session], str]:
    """What a learner types who answers each question once wrongly and then rightly."""
    tried: set[object] = set()

    def line(session: Session) -> str:
        if session.is_open and _question(session) not in tried:
            tried.add(_question(session))
            return _one_wrong(session)
        return right_line(session)

    return line


@lru_cache
def talked_through(path: Path) -> tuple[Talk, OnScreen]:
    """A lesson from beginning to end, each question answered once wrongly and then rightly; beside it the screen's."""
    talk, screen = Talk(opened_path(path), 1 + shipped_paths().index(path)), OnScreen(opened(load(path)))
    line = once_wrong()
    for _ in range(MAX_LINES):
        if talk.is_over:
            break
        text = line(talk.session)
        talk.type(text)
        screen.type(text)
        assert talk.session.place == screen.session.place
    assert talk.is_over
    return talk, screen


@pytest.mark.parametrize("path", shipped_paths(), ids=lambda path: path.name)
def test_every_question_wrong_and_right_gives_the_log_of_the_screen(path: Path) -> None:
    talk, screen = talked_through(path)
    assert talk.entries == screen.entries
    answers = [content for kind, content in talk.entries if kind == "answer"]
    assert any(answer["verdict"] == "correct" for answer in answers)
    assert any(answer["verdict"] not in ("correct", "invalid") for answer in answers)
    assert talk.entries[-2][0] == "finished" or talk.entries[-1][0] == "finished"


@pytest.mark.parametrize("lesson", ["one-weight-by-hand", "classification"])
def test_the_app_itself_writes_that_log(lesson: str) -> None:
    """What stands for the screen above moves as the screen does: of the others `python -m tests.plain.screen` tells."""
    assert log_of_the_screen(find(lesson), once_wrong()) == talked_through(find(lesson))[1].entries


@pytest.mark.parametrize("path", shipped_paths(), ids=lambda path: path.name)
def test_nothing_that_is_said_stumbles(path: Path) -> None:
    talk, _ = talked_through(path)
    for line in talk.said:
        assert not UNSPEAKABLE.search(line), line
        assert "•" not in line, "espeak-ng says nothing of it"
        assert line.isprintable(), line
        assert not KEYS.search(line), line
        assert "  " not in line.strip() or re.search(r"[=#(]", line), line  # but for programs
        assert not re.search(r"\bthe the\b|\bof of\b|[?!]\.$|\.\.$", line), line


@pytest.mark.parametrize("path", shipped_paths(), ids=lambda path: path.name)
def test_a_question_comes_first_with_three_lines_at_most(path: Path) -> None:
    """The question, what there is to choose from, and no more than three lines that can be listened to.

    Only at the very beginning the lesson is introduced before it, and behind an answer its verdict. Every fourth answer
    is shown, so that the question comes back with fresh numbers.
    """
    talk, typed = Talk(opened_path(path)), "begin"
    said, met = talk.first, set[object]()
    for _ in range(MAX_LINES):
        if talk.is_over:
            break
        session, voice = talk.session, talk.conversation.voice
        question = voice.question()
        if session.is_open and question:
            asked, options = said_of(question), len(voice.options())
            assert asked in said, said
            first = said.index(asked)
            assert first == 0 or typed not in ("", "again"), said
            context = said[first + 1 + options :]
            assert len(context) <= 3, said
            assert max(map(len, context), default=0) <= LONGEST, said
            if _question(session) not in met:
                met.add(_question(session))
                if len(met) % 4 == 0 and not session.station.is_unaided:
                    talk.type("show")
                    talk.type("show")
                    typed = "again" if talk.session.is_open else ""
                    said = talk.type(typed)
                    continue
        typed = right_line(session)
        said = talk.type(typed)
    assert talk.is_over
    assert len(met) >= 4


@pytest.mark.parametrize("name", ["04-chain-rule", "10-vectors", "14-xor"])
def test_three_lessons_read_as_they_did(name: str) -> None:
    path = next(path for path in shipped_paths() if path.name == name)
    talk, _ = talked_through(path)
    text = "\n".join(talk.transcript) + "\n"
    golden = GOLDENS / f"{name}.txt"
    if os.environ.get("NN_TUTOR_UPDATE_GOLDENS"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", shipped_paths(), ids=lambda path: path.name)
def test_in_a_terminal_of_ascii_all_of_it_is_ascii(path: Path) -> None:
    talk = Talk(opened_path(path), ascii_only=True)
    for number in range(MAX_LINES):
        if talk.is_over:
            break
        talk.type(("table", "names", "picture", "where")[number % 4])
        talk.type(right_line(talk.session))
    assert talk.is_over
    assert [line for line in talk.said if not line.isascii()] == []
