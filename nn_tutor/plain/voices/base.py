"""How a station is told, whatever its kind: what is asked, how it is answered, what came of an answer.

A kind of activity has one voice, as it has one face on the screen. Voices write in the notation of the screen; it is
put into words once, where their lines are printed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from nn_tutor.calculus.numerals import numeral
from nn_tutor.dataclass import dataclass
from nn_tutor.judging.diagnosis import introduced, parted
from nn_tutor.judging.visible import visible
from nn_tutor.judging.wording import word_of
from nn_tutor.plain.pictures import picture_in_words
from nn_tutor.plain.prose import Page, ended, in_one, page_of, titled
from nn_tutor.plain.spoken import as_typed
from nn_tutor.tutor.stations.base import Station
from nn_tutor.tutor.visible import View, view_of
from nn_tutor.walkthrough.badge import activations_told, batch_badge, loss_badge, rule_badge

if TYPE_CHECKING:
    from nn_tutor.calculus.records import Deriver
    from nn_tutor.course.picture import Picture
    from nn_tutor.judging.judgement import Judgement
    from nn_tutor.progress.afterwards import Way
    from nn_tutor.tutor.session import Session

S = TypeVar("S", bound=Station)

MAX_CONTEXT = 420
"""How many characters of the words beside a question are read with it; `read` gives the rest."""


@dataclass(frozen=True, eq=False, slots=True)
class Setting:
    """What a lesson is told with: who derives its formulas, its number in the course, and the lesson after it."""

    deriver: Deriver
    number: int | None = None
    following: str = ""
    has_home: bool = True
    look_ahead: Callable[[], tuple[Way, ...]] = tuple
    """What says which ways lead on at the end of the course."""


class Voice(Generic[S]):
    """The voice of a station; one where nothing is asked needs no more than its words."""

    has_settings: ClassVar[bool] = True
    """Whether a network is at work, whose loss and learning rate matter."""

    def __init__(self, session: Session, station: S, setting: Setting) -> None:
        self.session = session
        self.station = station
        self.setting = setting

    @cached_property
    def view(self) -> View | None:
        """What may be seen of the pass at hand."""
        return view_of(self.session, self.setting.deriver)

    @cached_property
    def page(self) -> Page:
        """The words that belong here."""
        return page_of(self.station.words)

    @cached_property
    def own_page(self) -> Page:
        """The words that were not there at the step before."""
        return page_of(self.station.own_words)

    # Arriving

    def arrival(self, *, reads: bool = True, heard: Sequence[str] = ()) -> list[str]:
        """Return what is said on arrival: what is asked, with at most two lines; or what there is to read.

        Without `reads` the words are left out: they were read at the station before. So are the lines that were
        `heard` already.
        """
        question = self.question()
        if not question:
            return [*(self.reading() if reads else []), *self.shows()]
        context = [self.context(heard) if reads else "", self.how()]
        return [question, *self.options(), *(line for line in context if line)]

    def question(self) -> str:
        """Return what is asked, "" for nothing."""
        return ""

    def options(self) -> list[str]:
        """Return what there is to choose from, a line each."""
        return []

    def context(self, heard: Sequence[str] = ()) -> str:
        """Return the words beside the question, as long as that can be listened to."""
        words = in_one(line for line in self.own_page.lines if line not in heard)
        if len(words) <= MAX_CONTEXT:
            return words
        kept = words[:MAX_CONTEXT].rpartition(". ")[0]
        return f"{kept}. Type read for the rest." if kept else "Type read for the words that belong here."

    def how(self) -> str:
        """Return how it is answered."""
        return ""

    def reading(self) -> list[str]:
        """Return the words of a station where nothing is asked, paragraph by paragraph."""
        return list(self.own_page.lines)

    def shows(self) -> list[str]:
        """Return what a station shows where nothing is asked."""
        return []

    # After a line

    def verdict(self) -> list[str]:
        """Return what came of the last answer."""
        attempt = self.station.last_attempt
        if attempt is None or attempt.question in self.session.revealed:
            return self.revealed()
        return judged(attempt.judgement)

    def revealed(self) -> list[str]:
        """Return the answer that was shown on the learner's wish."""
        return []

    # At any time

    def table(self) -> list[str]:
        """Return the numbers at hand."""
        return ["There is no table here."]

    def names(self) -> list[str]:
        """Return what may be typed."""
        return ["No names are needed here."]

    def code(self) -> list[str]:
        """Return the code at hand."""
        return ["There is no code here."]

    def why(self) -> list[str]:
        """Return why the number at hand is what it is."""
        return ["There is no number here to ask that of."]

    def picture(self) -> list[str]:
        """Return the picture in words."""
        wanted = self.wanted_picture()
        return ["There is no picture here."] if wanted is None else picture_in_words(self.session, wanted)

    def wanted_picture(self) -> Picture | None:
        """Return the picture that the activity asks for."""
        return None if self.session.is_over else self.session.activity.picture

    def whereabouts(self) -> list[str]:
        """Return where the learner is."""
        lesson_run, place = self.session.lesson_run, self.session.place
        number = "" if self.setting.number is None else f"Lesson {self.setting.number}: "
        count = len(lesson_run.lesson.activities)
        lines = [f"{number}{titled(lesson_run.lesson.title)}."]
        if self.session.is_over:
            return [*lines, "You are at its end."]
        part = f"Part {place.activity + 1} of {count}"
        step = self.step()
        return [*lines, f"{part}, {step}." if step else f"{part}.", *self.settings()]

    def settings(self) -> list[str]:
        """Return the loss with its factor and means, the activations and the learning rate, where a network is at work.

        A lesson that walks no pass has not said yet what a loss is.
        """
        lesson_run, index = self.session.lesson_run, self.session.place.activity
        entry, number = lesson_run.lesson.networks.get(self.session.activity.network), self.session.place.pass_number
        walks = any(activity.step_groups_in_passes for activity in lesson_run.lesson.activities)
        if entry is None or not self.has_settings or not walks:
            return []
        loss = loss_badge(entry.network, lesson_run.rows(index, number)).replace("  ", ", ")
        seen = batch_badge(entry.network, self.session.passed.rows, lesson_run.samples(index)) if number else ""
        batch = f" This pass sees {seen}." if seen else ""
        told = f" {activations}" if (activations := activations_told(entry.network)) else ""
        rate = f"{rule_badge(entry.network)} is {numeral(entry.network.learning_rate)}."
        return [f"The loss: {loss}.{told}{batch} {rate}"]

    def step(self) -> str:
        """Return where in its activity the station is."""
        first, last = self.station.passes
        number = self.session.place.pass_number
        of_all = f" of {last:,}" if last > first else ""
        return f"pass {number:,}{of_all}" if number else ""


def judged(judgement: Judgement, whose: str = "", *, is_last: bool = False) -> list[str]:
    """Return a verdict with its sentence; a refusal quotes what is to be typed, and so stays as it is."""
    word = word_of(judgement, is_last=is_last)
    message = visible(judgement.message)
    if judgement.verdict == "invalid":
        head, said = parted(word, message)
        return [f"{head} {as_typed(said)}"]
    return [introduced(f"{word}{whose}", ended(message.removeprefix(f"{word}: ")))]
