"""The tutor line by line as a program: it opens what is asked for, listens, and ends with a status."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from nn_tutor.course.faults import fault_of_lesson
from nn_tutor.course.find import place_in_course
from nn_tutor.course.load import load_once
from nn_tutor.homework.faults import HomeworkError
from nn_tutor.homework.reading import lesson_of
from nn_tutor.plain.conversation import Conversation
from nn_tutor.plain.home import ROUNDS, Home
from nn_tutor.plain.streams import Streams, TooLongError
from nn_tutor.plain.voices.base import Setting
from nn_tutor.progress.afterwards import reviews_ahead, ways_on
from nn_tutor.progress.crash import write_report
from nn_tutor.progress.left import keep_network, where_left
from nn_tutor.progress.opening import Opened, open_lesson
from nn_tutor.progress.recall import OWN_DATA
from nn_tutor.progress.recorder import ProgressRecorder
from nn_tutor.progress.rounds import open_round
from nn_tutor.progress.signals import ENDING, heard_by
from nn_tutor.tutor.mastery import Standing
from nn_tutor.tutor.practice import NOTHING_MET
from nn_tutor.tutor.testing import NOTHING_TO_TEST, TEST_OUT

if TYPE_CHECKING:
    from nn_tutor.calculus.records import Deriver
    from nn_tutor.course.find import Listing
    from nn_tutor.course.lesson import Lesson
    from nn_tutor.homework.keeping import Kept
    from nn_tutor.plain.talk import Leaving
    from nn_tutor.progress.afterwards import Way
    from nn_tutor.progress.recall import OwnData

DONE, CRASHED, INVALID = 0, 1, 3

ANSWER, GO_ON, NUMBER = "Answer", "Next", "Number"
"""The prompts: where something is asked, where nothing is, and at the list."""


class EndedError(BaseException):
    """A signal ends the program, with a status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def open_plain(
    lesson: Lesson | None,
    lessons: Sequence[Listing] = (),
    *,
    say: Callable[[str], None],
    ascii_only: bool = False,
    directory: Path | None = None,
    practice: tuple[str, int] | None = None,
    kept: Kept | None = None,
    own_file: Mapping[str, Any] | None = None,
) -> int:
    """Talk until the learner quits or the input ends, and return the status; `say` takes messages about the program.

    0, 1 after a crash, 3 for a lesson that cannot go on, 128+n after signal n. Without a lesson and a round of practice
    the list of `lessons` comes first. `directory` is where progress is kept, None for the usual place; `kept` is the
    network of the learner's own that the lesson is of, `own_file` what is kept of their file. Everything is saved,
    whatever ends it.
    """
    prompts = sys.stdin.isatty() and sys.stdout.isatty()
    streams = Streams(sys.stdin, sys.stdout, ascii_only=ascii_only, prompts=prompts)
    recorder = ProgressRecorder(directory)
    has_home = lesson is None and practice is None and bool(lessons)
    program = Program(streams, recorder, lessons, has_home=has_home)
    try:
        with heard_by(_end):
            try:
                if kept is not None:
                    keep_network(recorder, kept)
                if lesson is not None and own_file is not None:
                    recorder.remember(lesson.id, [(OWN_DATA, dict(own_file))])
                if lesson is not None:
                    program.begin(lesson)
                elif practice is not None:
                    program.practise(*practice)
                else:
                    program.home()
            finally:
                recorder.close()
    except EndedError as ended:
        return ended.status
    except (OSError, UnicodeError):
        raise
    except Exception as error:
        return _crashed(error, directory, say)
    finally:
        say(recorder.lost)
    return DONE


def _crashed(error: Exception, directory: Path | None, say: Callable[[str], None]) -> int:
    fault = fault_of_lesson(error)
    if fault:
        say(fault)
        return INVALID
    say(f"something went wrong, and it is our fault: {error}. {write_report(error, directory)}")
    return CRASHED


class Program:
    """Opens lessons and rounds and listens, until somebody quits or nothing more is typed."""

    def __init__(
        self,
        streams: Streams,
        recorder: ProgressRecorder,
        lessons: Sequence[Listing] = (),
        *,
        has_home: bool = False,
    ) -> None:
        self._streams = streams
        self._recorder = recorder
        self._lessons = lessons
        self._has_home = has_home
        self._told_said = False

    @cached_property
    def _deriver(self) -> Deriver:
        """The deriver of the formulas; SymPy is imported with the first lesson, so that the list is there at once."""
        from nn_tutor.calculus.derivation import SymPyDeriver

        return SymPyDeriver()

    def home(self) -> None:
        """Tell the list, and open what is chosen from it."""
        home = self._home()
        self._streams.say(home.lines())
        while (line := self._hear(NUMBER)) is not None:
            choice = home.chosen(line)
            if choice is None:
                if line.strip().lower().removeprefix(":") in ("quit", "q", "exit"):
                    return
                self._streams.say(home.answer(line))
                continue
            if choice.own >= 0:
                leaving = self._teach_own(home.recalled.own[choice.own])
            elif choice.data >= 0:
                leaving = self._teach_data(home.recalled.own_data[choice.data])
            elif choice.practice:
                leaving = self.practise(ROUNDS.get(choice.practice, choice.practice), int(time.time()) % 1_000_000)
            else:
                leaving = self._course_from(choice.place)
            if leaving == "quit":
                return
            home = self._home()
            self._streams.say(home.lines())

    def begin(self, lesson: Lesson) -> None:
        """Teach a lesson that was asked for by name, and those after it where it is one of the course."""
        number = place_in_course(lesson.path, self._lessons)
        if self.teach(lesson, number) == "on" and number is not None:
            self._course_from(number)

    def teach(self, lesson: Lesson, number: int | None = None) -> Leaving:
        """Teach one lesson, from where it was left."""
        following = ""
        if number is not None and number < len(self._lessons):
            following = f"{number + 1}, {self._lessons[number].title}"
        opened = open_lesson(lesson, self._recorder, Standing())
        setting = Setting(self._deriver, number, following, has_home=self._has_home)
        if number is not None and not following:
            setting = replace(setting, look_ahead=lambda: ways_on(self._recorder.recall(), self._lessons))
        return self._converse(opened, setting)

    def practise(self, skill: str, seed: int) -> Leaving:
        """Practise round after round, for as long as another one is wanted; a test is one round."""
        leaving: Leaving = "on"
        while leaving == "on":
            opened = open_round(skill, seed, self._recorder, self._recorder.recall())
            if opened is None:
                self._streams.say([NOTHING_TO_TEST if skill.startswith(TEST_OUT) else NOTHING_MET])
                return "home"
            setting = Setting(self._deriver, has_home=self._has_home, look_ahead=self._reviews_ahead)
            leaving = self._converse(opened, setting)
            if leaving == "on" and opened.session.lesson_run.test is not None:
                return "home"
            seed += 1
        return leaving

    def _reviews_ahead(self) -> tuple[Way, ...]:
        return reviews_ahead(self._recorder.recall())

    def _teach_own(self, kept: Kept) -> Leaving:
        """Walk a network of the learner's own."""
        try:
            return self.teach(lesson_of(kept.said, kept.id))
        except HomeworkError as error:
            self._streams.say([str(error.faults[0])])
            return "home"
        except Exception as error:
            return self._home_with(error)

    def _teach_data(self, kept: OwnData) -> Leaving:
        """Make the lesson on a file of the learner's own again, and teach it."""
        from nn_tutor.progress.data_files import open_kept

        try:
            file, options = open_kept(kept.content)
            return self.teach(file.lesson(options))
        except Exception as error:
            return self._home_with(error)

    def _home_with(self, error: Exception) -> Leaving:
        """Say which fault of its own a lesson has, and go home."""
        fault = fault_of_lesson(error)
        if not fault:
            raise error
        self._streams.say(fault.splitlines()[:1])
        return "home"

    def _course_from(self, place: int) -> Leaving:
        """Teach a lesson of the course, and those after it for as long as the learner goes on."""
        leaving: Leaving = "on"
        while leaving == "on" and place < len(self._lessons):
            try:
                leaving = self.teach(load_once(self._lessons[place].path), place + 1)
            except Exception as error:
                return self._home_with(error)
            place += 1
        return leaving

    def _converse(self, opened: Opened, setting: Setting) -> Leaving:
        conversation = Conversation(opened.session, setting, opened.recording)
        if self._recorder.message and not self._told_said:
            self._told_said = True
            self._streams.say([self._recorder.message])
        self._streams.say(conversation.begin(is_resumed=opened.is_resumed))
        while conversation.leaving is None:
            try:
                line = self._listen(ANSWER if conversation.wants_an_answer else GO_ON)
            except TooLongError:
                self._streams.say(conversation.too_long())
                continue
            if line is None:
                return "quit"
            self._streams.say(conversation.hear(line))
        return conversation.leaving

    def _home(self) -> Home:
        recalled = self._recorder.recall()
        return Home(self._lessons, recalled, where_left(recalled, self._lessons))

    def _hear(self, prompt: str) -> str | None:
        while True:
            try:
                return self._listen(prompt)
            except TooLongError:
                self._streams.say(["That is far too long."])

    def _listen(self, prompt: str) -> str | None:
        return self._streams.hear(prompt)


def _end(number: int, frame: FrameType | None) -> None:
    """End with a status at a signal; a second one while it ends changes nothing."""
    for one in ENDING:
        signal.signal(one, signal.SIG_IGN)
    raise EndedError(128 + number)
