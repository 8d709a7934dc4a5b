"""What the words do that may be typed at any time: each is a move of the session, or tells something of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from nn_tutor.course.find import shipped_lessons
from nn_tutor.course.glossary import glossary_file, read_glossary
from nn_tutor.judging.diagnosis import introduced
from nn_tutor.judging.visible import visible
from nn_tutor.plain.prose import quoted, sentence, titled
from nn_tutor.plain.spoken import as_typed
from nn_tutor.plain.voices.training import TrainingVoice
from nn_tutor.plain.words import COLON, DOES, Word
from nn_tutor.tutor.stations.training import Training

if TYPE_CHECKING:
    from nn_tutor.course.activities.walk import Form
    from nn_tutor.plain.talk import Talk
    from nn_tutor.tutor.session import Session

Told = Iterator[str]
"""What is said, line by line."""

# On and back


def go_on(talk: Talk) -> Told:
    """Go one step on; at the end leave for what comes next."""
    if talk.session.is_over:
        talk.leaving = "on"
        return
    yield from _move(talk, talk.session.forward())


def _move(talk: Talk, state: Session) -> Told:
    before = talk.session
    talk.be(state)
    after = talk.session
    if before.place != after.place or before.lesson_run is not after.lesson_run:
        yield from talk.arrive(before, after.notice)
    else:
        yield sentence(after.notice) or "There is nothing further that way."


def _end(talk: Talk) -> Told:
    if isinstance(talk.session.station, Training):
        yield from run(talk)
    else:
        yield from _move(talk, talk.session.to_end())


# Help with what is asked


def _hint(talk: Talk) -> Told:
    before = talk.session
    talk.be(before.hint())
    yield from _told_of(talk, before)


def _show(talk: Talk) -> Told:
    before = talk.session
    if before.is_open and before.station.can_show and not talk.asks_to_show and not talk.is_test:
        talk.asks_to_show = True
        yield "Show the answer? It will not count as yours. Type show again, or an answer."
        return
    talk.asks_to_show = False
    talk.be(before.reveal())
    yield from _told_of(talk, before)


def _told_of(talk: Talk, before: Session) -> Told:
    """Tell a hint or a shown answer, or why there is none."""
    if talk.session.notice:
        yield sentence(talk.session.notice)
        return
    yield from talk.voice.verdict()
    yield from talk.follow(before)


def _apart(talk: Talk) -> Told:
    before = talk.session
    talk.be(before.decompose())
    yield sentence(talk.session.notice)
    if talk.session.answers is not before.answers:
        yield from talk.voice.arrival()


def _later(talk: Talk) -> Told:
    before = talk.session
    talk.become(talk.whole.postpone_retry())
    yield sentence(talk.whole.notice)
    if talk.session is not before and talk.session.place != before.place:
        yield from talk.arrive(before)


# Telling


def _again(talk: Talk) -> Told:
    yield from talk.arrive(talk.session)


def _read(talk: Talk) -> Told:
    yield from talk.voice.page.lines or ["Nothing is written for this step."]


def tell_words(talk: Talk, sought: str = "") -> Told:
    """Tell the words of the field that the lesson brings, or those that hold what is sought."""
    ids = [listing.id for listing in shipped_lessons()]
    lesson = talk.whole.lesson_run.lesson.id
    entries = read_glossary(glossary_file(), ids)
    told = [one for one in entries if (one.matches(sought) if sought else one.lesson == lesson)]
    for entry in told:
        yield f"{titled(entry.word)}: {visible(entry.meaning)} Lesson {ids.index(entry.lesson) + 1}."
    if not told:
        yield f"No word of the glossary holds {quoted(sought)}." if sought else "This lesson brings no new word."
    if not sought:
        yield "Type words and a word, such as words epoch, for any other."


def _help(talk: Talk) -> Told:
    yield "Press enter to go on. Where something is asked, type the answer. These words may be typed at any time."
    yield from (f"{as_typed(word)}: {explanation}." for word, explanation in DOES.items())
    yield COLON


# Runs


def run(talk: Talk) -> Told:
    """Let a run go on to its goal."""
    station = talk.session.station
    if not isinstance(station, Training):
        yield "There is no run here."
    elif station.is_open:
        yield introduced("An answer is wanted first", talk.voice.question())
    else:
        yield from _run_on(talk, station.next_goal)


def run_to(talk: Talk, text: str) -> Told:
    """Let a run go on to what was typed: a loss, or a pass to stop at."""
    state, below = talk.session.target(text)
    talk.be(state)
    if below is not None:
        yield from _run_on(talk, below)
    elif state.notice:
        yield f"{sentence(state.notice)}{talk.meant(text)}"
    else:
        yield from talk.voice.shows()


def _run_on(talk: Talk, below: float | None) -> Told:
    before = talk.session
    following = before.run_on(below, lambda made: True)
    voice = talk.voice
    if following is not before and isinstance(voice, TrainingVoice):
        yield from voice.run(before.place.pass_number, following.place.pass_number)
        talk.be(following)
    loss = following.lesson_run.run(following.place.activity).loss(following.place.pass_number)
    if below is not None and loss is not None and not loss < below:
        yield f"The run ends here: its loss did not get below {below:g}."
    if isinstance(talk.session.station, Training) and talk.session.station.has_own_words:
        yield from talk.voice.reading()
    yield from talk.voice.shows()


def _inside(talk: Talk) -> Told:
    before = talk.session
    if talk.whole.nested is not None and not talk.whole.retry_due:
        talk.become(talk.whole.step_out())
    else:
        talk.be(before.step_in())
    if talk.session.lesson_run is not before.lesson_run:
        yield from talk.arrive(before, talk.session.notice)
    elif talk.session.notice:
        yield sentence(talk.session.notice)


def _weights(talk: Talk) -> Told:
    before = talk.session
    talk.be(before.reseed())
    yield sentence(talk.session.notice)
    if talk.session.lesson_run is not before.lesson_run:
        yield from talk.voice.shows()


# How passes are cut


def _matrix(talk: Talk) -> Told:
    form: Form = "element" if talk.session.cut.form == "matrix" else "matrix"
    yield from _recut(talk, talk.session.with_form(form), "matrices" if form == "matrix" else "single numbers")


def _finer(talk: Talk) -> Told:
    state = talk.session.finer()
    yield from _recut(talk, state, f"step by {state.cut.grain}")


def _coarser(talk: Talk) -> Told:
    state = talk.session.coarser()
    yield from _recut(talk, state, f"step by {state.cut.grain}")


def _recut(talk: Talk, state: Session, said: str) -> Told:
    talk.be(state)
    yield sentence(talk.session.notice or f"now {said}")
    yield from talk.arrive(talk.session)


# Away


def _home(talk: Talk) -> Told:
    talk.leaving = "home"
    yield from ()


def _quit(talk: Talk) -> Told:
    talk.leaving = "quit"
    yield from ()


COMMANDS: Mapping[Word, Callable[[Talk], Told]] = {
    "hint": _hint,
    "show": _show,
    "apart": _apart,
    "again": _again,
    "read": _read,
    "where": lambda talk: iter(talk.voice.whereabouts()),
    "table": lambda talk: iter(talk.voice.table()),
    "names": lambda talk: iter(talk.voice.names()),
    "picture": lambda talk: iter(talk.voice.picture()),
    "code": lambda talk: iter(talk.voice.code()),
    "words": tell_words,
    "why": lambda talk: iter(talk.voice.why()),
    "next": go_on,
    "back": lambda talk: _move(talk, talk.session.back()),
    "next pass": lambda talk: _move(talk, talk.session.forward_pass()),
    "back pass": lambda talk: _move(talk, talk.session.back_pass()),
    "start": lambda talk: _move(talk, talk.session.to_beginning()),
    "end": _end,
    "run": run,
    "inside": _inside,
    "weights": _weights,
    "matrix": _matrix,
    "finer": _finer,
    "coarser": _coarser,
    "later": _later,
    "home": _home,
    "help": _help,
    "quit": _quit,
}
"""What each word does."""
