"""A learner who talks with the tutor line by line, in process: what is typed, what is said, what is recorded."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

from nn_tutor.calculus.disproving import disproves
from nn_tutor.course.lesson import Lesson
from nn_tutor.plain.conversation import Conversation
from nn_tutor.plain.streams import Streams
from nn_tutor.plain.voices.base import Setting
from nn_tutor.progress.recording import LessonRecorder
from nn_tutor.tutor.changes import Change
from nn_tutor.tutor.exercises import with_exercises
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.mastery import Standing
from nn_tutor.tutor.practice import extended
from nn_tutor.tutor.session import Session, begin
from nn_tutor.tutor.stations.base import Place
from nn_tutor.tutor.stations.training import Training
from tests.lessons_for_tests import DERIVER, make_lesson, right_answer
from tests.shipped_runs import shipped_run


class Kept:
    """A recorder that keeps what it is handed."""

    badge = ""

    def __init__(self) -> None:
        self.entries: list[Change] = []

    def remember(self, lesson: str, found: list[Change]) -> None:
        self.entries += found


def recording(kept: Kept, session: Session) -> LessonRecorder:
    """A recording of a lesson that hands what happens to `kept`."""
    return LessonRecorder(kept, session.lesson_run.lesson.id, Standing())  # type: ignore[arg-type]


class Talk:
    """A conversation of which all is kept: what was typed and said in `transcript`, the log in `entries`."""

    def __init__(
        self, session: Session, number: int | None = None, *, ascii_only: bool = False, following: str = ""
    ) -> None:
        kept = Kept()
        self.entries = kept.entries
        setting = Setting(DERIVER, number, following)
        self.conversation = Conversation(session, setting, recording(kept, session))
        self.transcript: list[str] = []
        self.said: list[str] = []
        self._sink = io.StringIO()
        self._streams = Streams(io.StringIO(), self._sink, ascii_only=ascii_only)
        self.first = self._say(self.conversation.begin())

    def type(self, line: str) -> list[str]:
        """Type a line, and return what is said."""
        self.transcript.append(f"> {line}".rstrip())
        return self._say(self.conversation.hear(line))

    @property
    def session(self) -> Session:
        return self.conversation.session

    @property
    def is_over(self) -> bool:
        return self.conversation.whole.is_over

    def _say(self, lines: Iterable[str]) -> list[str]:
        self._streams.say(lines)
        said = self._sink.getvalue().splitlines()
        self._sink.seek(0)
        self._sink.truncate()
        self.transcript += said
        self.said += said
        return said


class OnScreen:
    """The same lesson as its screen moves it: every move recorded, whatever it shows."""

    def __init__(self, session: Session) -> None:
        self.whole = session
        kept = Kept()
        self.entries = kept.entries
        self._recording = recording(kept, session)
        self._told_unfinished: Place | None = None

    @property
    def session(self) -> Session:
        return self.whole.current

    def become(self, state: Session) -> None:
        before, self.whole = self.whole, self.whole.with_current(state)
        self._recording.remember(before, self.whole)
        if len(self.whole.attempts) > len(before.attempts):
            self.whole = extended(self.whole, self._recording.answers)

    def type(self, text: str) -> None:
        """Type an answer, or Enter on an empty line; a run goes on to its goal by End."""
        session = self.session
        if text:
            self.become(session.answer(text))
        elif isinstance(session.station, Training) and not session.station.has_arrived:
            self.become(session.to_end())
        elif session.station.unfinished and self._told_unfinished != session.place:
            self._told_unfinished = session.place
        else:
            self.become(session.forward())


def said_of(line: str) -> str:
    """What is said of a line in the notation of the screen."""
    sink = io.StringIO()
    Streams(io.StringIO(), sink).say([line])
    return sink.getvalue().rstrip("\n")


def opened(lesson: Lesson) -> Session:
    """The session in which a lesson begins."""
    return begin(LessonRun(with_exercises(lesson), disproves))


def opened_from(folder: Path, toml: str, prose: str = "") -> Session:
    return opened(make_lesson(folder, toml, prose))


def opened_path(path: Path) -> Session:
    return begin(shipped_run(path, disproves))


def right_line(session: Session) -> str:
    """What somebody who knows everything types next."""
    if not session.is_open:
        return ""
    return right_answer(session)
