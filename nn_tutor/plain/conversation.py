"""A lesson line by line: what is typed becomes a move of the session, and what comes of it is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nn_tutor.judging.diagnosis import introduced
from nn_tutor.judging.names import BoundNames
from nn_tutor.judging.reading import ReadingError
from nn_tutor.plain.doing import COMMANDS, go_on, run, run_to, tell_words
from nn_tutor.plain.prose import quoted, sentence
from nn_tutor.plain.talk import GOES_ON, Talk
from nn_tutor.plain.words import SHORT_HELP, word_of
from nn_tutor.tutor.choosing import LETTERS, judge_choice
from nn_tutor.tutor.stations.choosing import Choosing
from nn_tutor.tutor.stations.training import Training

if TYPE_CHECKING:
    from nn_tutor.plain.voices.base import Setting
    from nn_tutor.progress.recording import LessonRecorder
    from nn_tutor.tutor.session import Session
    from nn_tutor.tutor.stations.base import Place


class Conversation(Talk):
    """Walks the learner through one lesson: hears what is typed, and has it done."""

    def __init__(self, session: Session, setting: Setting, recording: LessonRecorder | None = None) -> None:
        super().__init__(session, setting, recording)
        self._badge = ""
        self._told_unfinished: Place | None = None

    def hear(self, line: str) -> Iterator[str]:
        """Take one line, and tell what comes of it."""
        text = line.strip()
        word, has_colon = word_of(text)
        if word is None and not self.session.station.takes_text:
            word, _ = word_of(f":{text}")  # a single letter is no answer where nothing is asked
        if word != "show":
            self.asks_to_show = False
        if not text:
            yield from self._enter()
        elif text.lower().removeprefix(":").startswith("words "):
            yield from tell_words(self, text.partition(" ")[2].strip())
        elif word is not None and (has_colon or not self._could_be_an_answer(text)):
            yield from COMMANDS[word](self)
        elif has_colon:
            yield f"There is no word {quoted(text)}.{self.meant(text)}"
            yield SHORT_HELP
        else:
            yield from self._answer(text)
        badge = "" if self.recording is None else self.recording.badge
        if badge != self._badge:
            self._badge = badge
            if badge:
                yield f"Beware: {badge}."

    def too_long(self) -> Iterator[str]:
        """Refuse a line that no answer needs."""
        yield "That is far too long for an answer."

    # Lines

    def _could_be_an_answer(self, text: str) -> bool:
        """Whether a word may be meant as an answer here: the text of an option, or a name that may be typed."""
        station, asked = self.session.station, self.session.asked
        if isinstance(station, Choosing):
            return station.is_open and judge_choice(station.activity, text).verdict != "invalid"
        if asked is None or asked.question is None:
            return False
        try:
            return BoundNames(asked.names).find(text) is not None
        except ReadingError:
            return True

    def _enter(self) -> Iterator[str]:
        """Go on; where something is asked say so."""
        session = self.session
        if session.is_over:
            self.leaving = "on"
        elif session.is_open:
            yield introduced("An answer is wanted", self.voice.question())
            yield f"Type it; or type {'pass, again' if self.is_test else 'hint, show, back'}, help or quit."
        elif isinstance(session.station, Training) and not session.station.has_arrived:
            yield from run(self)
        elif session.station.unfinished and self._told_unfinished != session.place:
            self._told_unfinished = session.place
            yield sentence(session.station.unfinished)
        else:
            yield from go_on(self)

    def _answer(self, text: str) -> Iterator[str]:
        session = self.session
        if not session.station.takes_text:
            if isinstance(session.station, Training):
                yield from run_to(self, text)
            else:
                yield f"Nothing is asked here.{self.meant(text)}"
                yield f"{GOES_ON} {SHORT_HELP}"
            return
        before = session
        self.be(session.answer(self._as_the_screen_takes_it(text)))
        after = self.session
        if after.notice:
            yield f"{sentence(after.notice)}{self.meant(text)}"
            return
        yield from self.voice.verdict()
        judged = after.station.last_attempt
        if judged is not None and judged.judgement.verdict == "invalid" and (meant := self.meant(text)):
            yield meant.strip()
        yield from self.follow(before)

    def _as_the_screen_takes_it(self, text: str) -> str:
        """The answer in the spelling that is kept: a letter for one of several mistakes, a sign in words."""
        asked = self.session.asked
        name = text.strip().lower().rstrip(".)")
        if (
            asked is not None
            and asked.turn.ambiguous
            and len(name) == 1
            and name in LETTERS[: len(asked.turn.ambiguous)]
        ):
            return str(LETTERS.index(name) + 1)
        if name.startswith("minus ") and asked is not None:
            return "-" + name.removeprefix("minus ").strip()
        return text
