"""A lesson line by line: what is typed becomes a move of the session, and what comes of it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from difflib import get_close_matches
from typing import Any, Literal

from nn_tutor.course.activities.walk import Form
from nn_tutor.course.find import shipped_lessons
from nn_tutor.course.glossary import glossary_file, read_glossary
from nn_tutor.judging.names import BoundNames
from nn_tutor.judging.reading import ReadingError
from nn_tutor.judging.visible import visible
from nn_tutor.plain.keys import in_words
from nn_tutor.plain.prose import page_of, titled
from nn_tutor.plain.spoken import as_typed
from nn_tutor.plain.voices.base import Setting, Voice
from nn_tutor.plain.voices.kinds import voice_of
from nn_tutor.plain.voices.training import TrainingVoice
from nn_tutor.plain.words import COLON, DOES, SHORT_HELP, WORDS, Word, word_of
from nn_tutor.progress.recording import LessonRecorder
from nn_tutor.tutor.choosing import LETTERS, judge_choice
from nn_tutor.tutor.session import Session
from nn_tutor.tutor.stations.base import Place
from nn_tutor.tutor.stations.choosing import Choosing
from nn_tutor.tutor.stations.training import Training

Leaving = Literal["home", "quit", "on"]
"""How a lesson is left: for the list, for good, or for what comes after it."""

GOES_ON = "Press enter to go on."


class Conversation:
    """Walks the learner through one lesson in words; `leaving` says how it was left, None while it goes on.

    What it says is in the notation of the screen, put into words where it is printed.
    """

    def __init__(self, session: Session, setting: Setting, recording: LessonRecorder | None = None) -> None:
        self.whole = session
        self.setting = setting
        self.recording = recording
        self.leaving: Leaving | None = None
        self._asks_to_show = False
        self._badge = ""
        self._told_unfinished: Place | None = None

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

    def _become(self, whole: Session) -> None:
        """Take another state, which is remembered before anything is said of it."""
        before, self.whole = self.whole, whole
        if self.recording is not None and before is not whole:
            self.whole = self.recording.moved(before, whole)

    def _be(self, state: Session) -> None:
        self._become(self.whole.with_current(state))

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
        yield from self._arrive()

    def hear(self, line: str) -> Iterator[str]:
        """Take one line, and tell what comes of it."""
        text = line.strip()
        word, has_colon = word_of(text)
        if word is None and not self.session.station.takes_text:
            word, _ = word_of(f":{text}")  # a single letter is no answer where nothing is asked
        if word != "show":
            self._asks_to_show = False
        if not text:
            yield from self._enter()
        elif text.lower().removeprefix(":").startswith("words "):
            yield from self._words(text.partition(" ")[2].strip())
        elif word is not None and (has_colon or not self._could_be_an_answer(text)):
            yield from _COMMANDS[word](self)
        elif has_colon:
            yield f"There is no word {_quoted(text)}.{self._meant(text)}"
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

    def _arrive(self, before: Session | None = None) -> Iterator[str]:
        """Tell the station at hand: of a page first where it is, of a question last."""
        session, voice = self.session, self.voice
        is_other = (
            before is None
            or before.place.activity != session.place.activity
            or before.lesson_run is not session.lesson_run
        )
        is_other_pass = before is not None and before.place.pass_number != session.place.pass_number
        # The words of a step may be those of the step before; `again` comes with the very same state.
        repeats = before is not None and before is not session and before.station.words == session.station.words
        told = voice.arrival(reads=not repeats) or (voice.whereabouts() if before is session else [])
        where = ""
        if session.is_over:
            pass
        elif is_other:
            where = ", ".join(part for part in (self._part(), self._pass()) if part)
        elif is_other_pass and session.station.last_attempt is None:
            where = self._pass()
        where = f"{where[:1].upper()}{where[1:]}." if where else ""
        if voice.question():
            yield from told
            if where:
                yield where
        else:
            if where:
                yield where
            yield from told

    def _part(self) -> str:
        session = self.session
        count = len(session.lesson_run.lesson.activities)
        if count == 1:
            return titled(session.lesson_run.lesson.title) if self.whole.nested is not None else ""
        return f"part {session.place.activity + 1} of {count}"

    def _pass(self) -> str:
        first, last = self.session.station.passes
        number = self.session.place.pass_number
        return f"pass {number}" if number and last > first else ""

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
            yield f"An answer is wanted: {self.voice.question()}"
            yield "Type it; or type hint, show, back, help or quit."
        elif isinstance(session.station, Training) and not session.station.has_arrived:
            yield from self._run()
        elif session.station.unfinished and self._told_unfinished != session.place:
            self._told_unfinished = session.place
            yield _sentence(in_words(session.station.unfinished))
        else:
            yield from self._next()

    def _answer(self, text: str) -> Iterator[str]:
        session = self.session
        if not session.station.takes_text:
            if isinstance(session.station, Training):
                yield from self._run_to(text)
            else:
                yield f"Nothing is asked here.{self._meant(text)}"
                yield f"{GOES_ON} {SHORT_HELP}"
            return
        before = session
        self._be(session.answer(self._as_the_screen_takes_it(text)))
        after = self.session
        if after.notice:
            yield f"{_sentence(in_words(after.notice))}{self._meant(text)}"
            return
        told = self.voice.verdict()
        yield from told
        judged = after.station.last_attempt
        if judged is not None and judged.judgement.verdict == "invalid" and (meant := self._meant(text)):
            yield meant.strip()
        yield from self._follow(before)

    def _follow(self, before: Session) -> Iterator[str]:
        """Tell what is asked next at the same station, or how to go on."""
        after = self.session
        if before.is_open and not after.is_open and not isinstance(after.station, Training):
            yield GOES_ON
        elif before.question is not None and after.question is not None and before.question.id != after.question.id:
            yield from self.voice.arrival(reads=before.station.words != after.station.words)

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

    def _meant(self, text: str) -> str:
        """Say which word may have been meant, "" for none."""
        close = get_close_matches(text.lower().removeprefix(":").strip()[:40], WORDS, 1, 0.7)
        return f" Did you mean {close[0]}?" if close else ""

    # Words

    def _next(self) -> Iterator[str]:
        if self.session.is_over:
            self.leaving = "on"
            return
        yield from self._move(self.session.forward())

    def _back(self) -> Iterator[str]:
        yield from self._move(self.session.back())

    def _move(self, state: Session) -> Iterator[str]:
        before = self.session
        self._be(state)
        after = self.session
        moved = before.place != after.place or before.lesson_run is not after.lesson_run
        if after.notice:
            yield _sentence(in_words(after.notice))
        if moved:
            yield from self._arrive(before)
        elif not after.notice:
            yield "There is nothing further that way."

    def _hint(self) -> Iterator[str]:
        before = self.session
        self._be(before.hint())
        if self.session.notice:
            yield _sentence(in_words(self.session.notice))
            return
        yield from self.voice.verdict()
        yield from self._follow(before)

    def _show(self) -> Iterator[str]:
        before = self.session
        if before.is_open and not self._asks_to_show:
            self._asks_to_show = True
            yield "Show the answer? It will not count as yours. Type show again, or an answer."
            return
        self._asks_to_show = False
        self._be(before.reveal())
        if self.session.notice:
            yield _sentence(in_words(self.session.notice))
            return
        yield from self.voice.verdict()
        yield from self._follow(before)

    def _apart(self) -> Iterator[str]:
        before = self.session
        self._be(before.decompose())
        yield _sentence(in_words(self.session.notice))
        if self.session.answers is not before.answers:
            yield from self.voice.arrival()

    def _again(self) -> Iterator[str]:
        yield from self._arrive(self.session)

    def _read(self) -> Iterator[str]:
        yield from self.voice.page.lines or ["Nothing is written for this step."]

    def _words(self, sought: str = "") -> Iterator[str]:
        """Tell the words that the lesson brings, or those that hold what is sought."""
        ids = [listing.id for listing in shipped_lessons()]
        lesson = self.whole.lesson_run.lesson.id
        entries = read_glossary(glossary_file(), ids)
        told = [one for one in entries if (one.matches(sought) if sought else one.lesson == lesson)]
        for entry in told:
            yield f"{titled(entry.word)}: {visible(entry.meaning)} Lesson {ids.index(entry.lesson) + 1}."
        if not told:
            yield f"No word of the glossary holds {_quoted(sought)}." if sought else "This lesson brings no new word."
        if not sought:
            yield "Type words and a word, such as words epoch, for any other."

    def _later(self) -> Iterator[str]:
        before = self.session
        self._become(self.whole.postpone_retry())
        yield _sentence(in_words(self.whole.notice))
        if self.session is not before and self.session.place != before.place:
            yield from self._arrive(before)

    def _run(self) -> Iterator[str]:
        station = self.session.station
        if not isinstance(station, Training):
            yield "There is no run here."
        elif station.is_open:
            yield f"An answer is wanted first: {self.voice.question()}"
        else:
            yield from self._run_on(station.next_goal)

    def _run_to(self, text: str) -> Iterator[str]:
        state, below = self.session.target(text)
        self._be(state)
        if below is None and not state.notice:  # stopped at a pass that was typed
            yield from self.voice.shows()
            return
        if below is None:
            yield f"{_sentence(in_words(state.notice))}{self._meant(text)}"
            return
        yield from self._run_on(below)

    def _run_on(self, below: float | None) -> Iterator[str]:
        before = self.session
        following = before.run_on(below, lambda made: True)
        voice = self.voice
        if following is not before and isinstance(voice, TrainingVoice):
            yield from voice.run(before.place.pass_number, following.place.pass_number)
            self._be(following)
        loss = following.lesson_run.run(following.place.activity).loss(following.place.pass_number)
        if below is not None and loss is not None and not loss < below:
            yield f"The run ends here: its loss did not get below {below:g}."
        if isinstance(self.session.station, Training) and self.session.station.has_own_words:
            yield from self.voice.reading()
        yield from self.voice.shows()

    def _inside(self) -> Iterator[str]:
        before = self.session
        if self.whole.nested is not None and not self.whole.retry_due:
            self._become(self.whole.step_out())
        else:
            self._be(before.step_in())
        if self.session.notice:
            yield _sentence(in_words(self.session.notice))
        if self.session.lesson_run is not before.lesson_run:
            yield from self._arrive(before)

    def _weights(self) -> Iterator[str]:
        before = self.session
        self._be(before.reseed())
        yield _sentence(in_words(self.session.notice))
        if self.session.lesson_run is not before.lesson_run:
            yield from self.voice.shows()

    def _matrix(self) -> Iterator[str]:
        form: Form = "element" if self.session.cut.form == "matrix" else "matrix"
        yield from self._recut(self.session.with_form(form), "matrices" if form == "matrix" else "single numbers")

    def _recut(self, state: Session, said: str) -> Iterator[str]:
        self._be(state)
        yield _sentence(in_words(self.session.notice) or f"now {said}")
        yield from self._arrive(self.session)

    def _finer(self) -> Iterator[str]:
        state = self.session.finer()
        yield from self._recut(state, f"step by {state.cut.grain}")

    def _coarser(self) -> Iterator[str]:
        state = self.session.coarser()
        yield from self._recut(state, f"step by {state.cut.grain}")

    def _end(self) -> Iterator[str]:
        if isinstance(self.session.station, Training):
            yield from self._run()
        else:
            yield from self._move(self.session.to_end())

    def _help(self) -> Iterator[str]:
        yield "Press enter to go on. Where something is asked, type the answer. These words may be typed at any time."
        yield from (f"{as_typed(word)}: {explanation}." for word, explanation in DOES.items())
        yield COLON

    def _home(self) -> Iterator[str]:
        self.leaving = "home"
        yield from ()

    def _quit(self) -> Iterator[str]:
        self.leaving = "quit"
        yield from ()


def _quoted(text: str) -> str:
    return as_typed(f'"{visible(text[:24])}"')


def _sentence(text: str) -> str:
    """A notice as a sentence."""
    return f"{text[:1].upper()}{text[1:]}." if text and text[-1] not in ".?!" else text


_COMMANDS: dict[Word, Callable[[Conversation], Iterator[str]]] = {
    "hint": Conversation._hint,
    "show": Conversation._show,
    "apart": Conversation._apart,
    "again": Conversation._again,
    "read": Conversation._read,
    "where": lambda talk: iter(talk.voice.whereabouts()),
    "table": lambda talk: iter(talk.voice.table()),
    "names": lambda talk: iter(talk.voice.names()),
    "picture": lambda talk: iter(talk.voice.picture()),
    "code": lambda talk: iter(talk.voice.code()),
    "words": Conversation._words,
    "why": lambda talk: iter(talk.voice.why()),
    "next": Conversation._next,
    "back": Conversation._back,
    "next pass": lambda talk: talk._move(talk.session.forward_pass()),
    "back pass": lambda talk: talk._move(talk.session.back_pass()),
    "start": lambda talk: talk._move(talk.session.to_beginning()),
    "end": Conversation._end,
    "run": Conversation._run,
    "inside": Conversation._inside,
    "weights": Conversation._weights,
    "matrix": Conversation._matrix,
    "finer": Conversation._finer,
    "coarser": Conversation._coarser,
    "later": Conversation._later,
    "home": Conversation._home,
    "help": Conversation._help,
    "quit": Conversation._quit,
}
"""What each word does."""
