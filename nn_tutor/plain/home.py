"""The list of what can be opened, by number: the course, practice, what is due, networks and data of one's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from nn_tutor.dataclass import dataclass
from nn_tutor.judging.visible import visible
from nn_tutor.plain.prose import titled
from nn_tutor.plain.words import word_of
from nn_tutor.tutor.practice import DUE, LEFT, MIX
from nn_tutor.tutor.testing import QUIZ, TEST_OUT
from nn_tutor.walkthrough.skills import in_words

if TYPE_CHECKING:
    from nn_tutor.course.find import Listing
    from nn_tutor.progress.left import Left
    from nn_tutor.progress.recall import Recalled

PRACTICE, REVIEW, ROUND = "practice", "review", "go on"
ROUNDS: dict[str, str] = {PRACTICE: MIX, REVIEW: DUE, ROUND: LEFT, QUIZ: QUIZ}
"""The rounds of questions that can be chosen; any other is a test on a lesson."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen: a lesson by its place in the course, a round of practice by its kind, or something of one's own.

    `own` is the place of a network of the learner's own, `data` that of a lesson on a file of theirs.
    """

    place: int = -1
    practice: str = ""
    own: int = -1
    data: int = -1


@dataclass(frozen=True, slots=True)
class Home:
    """The list, from what was remembered; `left` is where the learner was last: which lesson, and where in it."""

    lessons: Sequence[Listing]
    recalled: Recalled
    left: Left | None = None

    def lines(self) -> Iterator[str]:
        """Yield the list, line by line."""
        yield "This is nn-tutor, line by line. Step through a neural network: forward, backward, update."
        for number, choice in enumerate(self._choices, start=1):
            yield f"{number}. {self._title(choice)}"
        first = self._first
        if first is not None:
            goes_on = self.left is not None or first.data >= 0
            yield f"Type a number. Enter {'goes on with' if goes_on else 'opens'} {self._opening(first)}."
        yield "Type about and a number to hear more of it, test and a number to leave a lesson out, help, or quit."

    def chosen(self, line: str) -> Choice | None:
        """Return what a line chooses, None where it chooses nothing."""
        text = line.strip().lower()
        if not text:
            return self._first
        choices = self._choices
        if text.isdecimal() and text.isascii() and len(text) < 4 and 1 <= int(text) <= len(choices):
            return choices[int(text) - 1]
        if text.startswith("test "):
            lesson = self.chosen(text.removeprefix("test ") or "-")
            is_lesson = lesson is not None and lesson.place >= 0
            return Choice(practice=f"{TEST_OUT}{self.lessons[lesson.place].id}") if lesson and is_lesson else None
        ids = {listing.id: place for place, listing in enumerate(self.lessons)}
        if text in ids:
            return Choice(ids[text])
        return next((choice for choice in choices if choice.practice == text), None)

    def answer(self, line: str) -> Iterator[str]:
        """Tell what a line asks that chooses nothing."""
        text = line.strip().lower()
        word, _ = word_of(text)
        if text.startswith("about"):
            choice = self.chosen(text.removeprefix("about").strip() or "-")
            if choice is not None and choice.place >= 0:
                yield f"{titled(self.lessons[choice.place].title)}. {visible(self.lessons[choice.place].summary)}"
            else:
                yield "Type about and the number of a lesson, such as about 3."
        elif word in ("again", "where", "home"):
            yield from self.lines()
        elif word == "help":
            yield f"Type a number from 1 to {len(self._choices)} to open what stands there; enter opens what is next."
            yield "Again says the list once more. About 3 tells of number 3. Quit ends the program."
        else:
            yield f"Type a number from 1 to {len(self._choices)}, or again to hear the list, or quit."

    @property
    def _choices(self) -> list[Choice]:
        choices = [Choice(place) for place in range(len(self.lessons))]
        choices += [Choice(practice=ROUND)] if self.recalled.left_round is not None else []
        choices.append(Choice(practice=PRACTICE))
        choices += [Choice(practice=REVIEW)] if self.recalled.due else []
        choices.append(Choice(practice=QUIZ))
        choices += [Choice(own=place) for place, kept in enumerate(self.recalled.own) if kept.is_complete]
        return choices + [Choice(data=place) for place in range(len(self.recalled.own_data))]

    @property
    def _first(self) -> Choice | None:
        """What comes next: where the learner was, else the first lesson that is not done."""
        if self.left is not None:
            return Choice(own=self.left.place) if self.left.is_own else Choice(self.left.place)
        data = (place for place, kept in enumerate(self.recalled.own_data) if kept.lesson == self.recalled.latest)
        if (latest := next(data, None)) is not None:
            return Choice(data=latest)
        done = self.recalled.finished | self.recalled.tested_out
        undone = (n for n, listing in enumerate(self.lessons) if listing.id not in done)
        return next((Choice(place) for place in undone), Choice(practice=PRACTICE))

    def _title(self, choice: Choice) -> str:
        if choice.practice == REVIEW:
            return f"Review, {len(self.recalled.due)} due: {', '.join(map(in_words, self.recalled.due))}."
        if choice.practice == ROUND and self.recalled.left_round is not None:
            left = self.recalled.left_round
            return f"Go on with the {left.name} that you left, at question {left.number} of {left.of}."
        if choice.practice == QUIZ:
            return "Quiz over the course, without hints: before it and after it, to see what you gained."
        if choice.practice:
            return "Practice: a round of mixed questions, with fresh numbers."
        if choice.own >= 0:
            kept = self.recalled.own[choice.own]
            return f"Your own network, {titled(kept.name)}{self._state(kept.id)}."
        if choice.data >= 0:
            data = self.recalled.own_data[choice.data]
            return f"Your own data, {titled(data.title)}{self._state(data.lesson)}."
        listing = self.lessons[choice.place]
        return f"{titled(listing.title)}{self._state(listing.id)}."

    def _state(self, lesson: str) -> str:
        if lesson in self.recalled.finished | self.recalled.tested_out:
            return ": done"
        return ": begun" if lesson in self.recalled.begun else ""

    def _opening(self, choice: Choice) -> str:
        if choice.practice:
            return choice.practice
        if self.left is not None:
            return self.left.where
        if choice.data >= 0:
            return f"your own data, {titled(self.recalled.own_data[choice.data].title)}"
        return f"lesson {choice.place + 1}, {titled(self.lessons[choice.place].title)}"
