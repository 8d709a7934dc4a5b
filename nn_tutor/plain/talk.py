"""A lesson that is talked through: the state, where that is, and what is said on arrival at a station."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Literal

from nn_tutor.plain.prose import page_of, sentence, titled
from nn_tutor.plain.voices.kinds import voice_of
from nn_tutor.plain.words import WORDS
from nn_tutor.tutor.stations.training import Training
from nn_tutor.tutor.testing import TO_PASS

if TYPE_CHECKING:
    from nn_tutor.plain.voices.base import Setting, Voice
    from nn_tutor.progress.recording import LessonRecorder
    from nn_tutor.tutor.session import Session

Leaving = Literal["home", "quit", "on"]
"""How a lesson is left: for the list, for good, or for what comes after it."""

GOES_ON = "Press enter to go on."


class Talk:
    """A lesson in words; `leaving` says how it was left, None while it goes on.

    What is said is in the notation of the screen, put into words where it is printed. `asks_to_show` is whether the
    learner was asked if the answer is to be shown.
    """

    def __init__(self, session: Session, setting: Setting, recording: LessonRecorder | None = None) -> None:
        self.whole = session
        self.setting = setting
        self.recording = recording
        self.leaving: Leaving | None = None
        self.asks_to_show = False

    # The state

    @property
    def session(self) -> Session:
        """The state that the learner is in: that of a question with fresh numbers, while one is asked."""
        return self.whole.current

    @property
    def voice(self) -> Voice[Any]:
        """The voice of the station at hand."""
        return voice_of(self.session, self.setting)

    @property
    def wants_an_answer(self) -> bool:
        """Whether something is asked here."""
        return self.session.station.takes_text

    def become(self, whole: Session) -> None:
        """Take another state, which is remembered before anything is said of it."""
        before, self.whole = self.whole, whole
        if self.recording is not None and before is not whole:
            self.whole = self.recording.moved(before, whole)

    def be(self, state: Session) -> None:
        """Take another state of what the learner is in."""
        self.become(self.whole.with_current(state))

    # Talking

    def begin(self, *, is_resumed: bool = False) -> Iterator[str]:
        """Tell where this is, and what comes first; of a lesson that goes on where it was left, that it does."""
        lesson = self.whole.lesson_run.lesson
        number = "" if self.setting.number is None else f"Lesson {self.setting.number}: "
        yield f"{number}{titled(lesson.title)}."
        if is_resumed and (self.whole.attempts or not self.whole.is_at_beginning):
            yield "You are back where you were."
        else:
            yield from page_of(self.whole.lesson_run.introduction).paragraphs
        yield from self._terms()
        yield from self.arrive()

    @property
    def is_test(self) -> bool:
        """Whether this is a test, in which there is no help."""
        return self.whole.lesson_run.test is not None

    def _terms(self) -> Iterator[str]:
        """Tell of a test what it is: how many questions, and what passes."""
        test, count = self.whole.lesson_run.test, len(self.whole.lesson_run.lesson.activities)
        if test is not None:
            passes = f": {min(TO_PASS, count)} right, and the lesson counts as done" if test.lesson else ""
            yield f"{count} questions without hints{passes}. Type pass to leave one out."

    def arrive(self, before: Session | None = None, notice: str = "") -> Iterator[str]:
        """Tell the station at hand: a question first and where it is last; of a page first where that is.

        `notice` is what there is to say of the way here; beside a question it takes the place of where it is.
        """
        where = sentence(notice) or self._where(before)
        told = self._told(before)
        if self.voice.question():
            yield from told
            if where:
                yield where
        else:
            if notice and (place := self._where(before)):
                told = [place, *told]
            if where:
                yield where
            yield from told

    def _told(self, before: Session | None) -> list[str]:
        """What the station at hand says, but for words that were read at the one before."""
        session, voice = self.session, self.voice
        # The words of a step may be those of the step before; `again` comes with the very same state.
        repeats = before is not None and before is not session and before.station.words == session.station.words
        return voice.arrival(reads=not repeats) or (voice.whereabouts() if before is session else [])

    def _where(self, before: Session | None) -> str:
        """The part and the pass of the station at hand where they are others than before, "" where they are not."""
        session = self.session
        if session.is_over:
            return ""
        if (
            before is None
            or before.place.activity != session.place.activity
            or before.lesson_run is not session.lesson_run
        ):
            return sentence(", ".join(part for part in (self._part(), self._pass()) if part))
        is_other_pass = before.place.pass_number != session.place.pass_number
        return sentence(self._pass()) if is_other_pass and session.station.last_attempt is None else ""

    def _part(self) -> str:
        session = self.session
        count = len(session.lesson_run.lesson.activities)
        if count == 1:
            return titled(session.lesson_run.lesson.title) if self.whole.nested is not None else ""
        return f"part {session.place.activity + 1} of {count}"

    def _pass(self) -> str:
        first, last = self.session.station.passes
        number = self.session.place.pass_number
        return f"pass {number:,}" if number and last > first else ""

    def follow(self, before: Session) -> Iterator[str]:
        """Tell what is asked next at the same station, or how to go on."""
        after = self.session
        if before.is_open and not after.is_open and not isinstance(after.station, Training):
            yield GOES_ON
        elif before.question is not None and after.question is not None and before.question.id != after.question.id:
            yield from self.voice.arrival(heard=page_of(before.station.words).lines)

    def meant(self, text: str) -> str:
        """Say which word may have been meant, "" for none."""
        close = get_close_matches(text.lower().removeprefix(":").strip()[:40], WORDS, 1, 0.7)
        return f" Did you mean {close[0]}?" if close else ""
