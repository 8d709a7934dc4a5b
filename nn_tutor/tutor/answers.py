"""What a learner has answered in a lesson so far, whatever the kind of activity: the log that a session keeps."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import field, replace
from typing import TYPE_CHECKING

from nn_tutor.dataclass import dataclass
from nn_tutor.tutor.answering import Attempt
from nn_tutor.walkthrough.questions import number_of_id

if TYPE_CHECKING:
    from nn_tutor.judging.judgement import Judgement
    from nn_tutor.network.quantities import Ref


_RUN = ":run"
"""What stands behind an activity where it is noted how far its run came."""


@dataclass(frozen=True, eq=False)
class Answers:
    """All that a learner answered, was shown and was told in a lesson; every change makes a new record.

    `attempts` are all judged answers, oldest first; `solved` and `revealed` the ids of the questions that were answered
    correctly and of those whose answer was revealed. `notes` holds what is not judged, guesses and nudges, by activity;
    `hint_levels` the last hint that was given, by question; `decomposed` the questions that were taken apart into
    their links.
    """

    attempts: tuple[Attempt, ...] = ()
    solved: frozenset[str] = frozenset()
    revealed: frozenset[str] = frozenset()
    notes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    hint_levels: Mapping[str, int] = field(default_factory=dict)
    decomposed: frozenset[str] = frozenset()

    def is_settled(self, question: str) -> bool:
        """Whether a question was answered correctly, or its answer revealed."""
        return question in self.solved or question in self.revealed

    def to(self, question: str) -> tuple[Attempt, ...]:
        """Return all judged answers to a question, oldest first."""
        return tuple(attempt for attempt in self.attempts if attempt.question == question)

    def last_to(self, questions: Collection[str]) -> Attempt | None:
        """Return the last judged answer to one of several questions, None where there is none."""
        return next((attempt for attempt in reversed(self.attempts) if attempt.question in questions), None)

    def misses(self, question: str) -> int:
        """Return how many answers to a question were wrong."""
        return sum(attempt.judgement.spends_attempt for attempt in self.to(question))

    def numbers_of(self, activity: str) -> dict[int, dict[Ref, float]]:
        """Return what was answered last for every settled number of an activity, by pass; right or not."""
        found: dict[int, dict[Ref, float]] = {}
        for attempt in self.attempts:
            value, name = attempt.judgement.value, attempt.question
            if value is None or not name.startswith(f"{activity}:") or not self.is_settled(name):
                continue
            if (named := number_of_id(name)) is not None:
                number, ref = named
                found.setdefault(number, {})[ref] = value
        return found

    def noted(self, activity: str) -> tuple[str, ...]:
        """Return the guesses or nudges at an activity, oldest first."""
        return self.notes.get(activity, ())

    def came_to(self, activity: str) -> int:
        """Return the last pass of a run that was stopped early, 0 where it was not, or where nobody wrote it down."""
        texts = self.noted(f"{activity}{_RUN}")
        return int(texts[-1]) if texts and texts[-1].isdecimal() else 0

    def stopped_at(self, activity: str) -> int:
        """Return the pass that was found to be the one to stop a run at, 0 for none."""
        texts = self.noted(activity)
        return int(texts[-1]) if texts and texts[-1].isdecimal() else 0

    def with_attempt(self, question: str, text: str, judgement: Judgement) -> Answers:
        """Add a judged answer."""
        attempts = (*self.attempts, Attempt(question, text, judgement, self.hint_levels.get(question, 0)))
        return replace(self, attempts=attempts, solved=self.solved | {question} if judgement.is_right else self.solved)

    def with_last_judged(self, judgement: Judgement) -> Answers:
        """Replace the verdict on the last answer, now that the learner says which mistake it was."""
        return replace(self, attempts=(*self.attempts[:-1], replace(self.attempts[-1], judgement=judgement)))

    def with_note(self, activity: str, text: str) -> Answers:
        """Add a guess or a nudge."""
        return replace(self, notes={**self.notes, activity: (*self.noted(activity), text)})

    def with_stop(self, activity: str, number: int, came: int) -> Answers:
        """Add the pass at which a run should have been stopped, and the one that it had come to."""
        return self.with_note(activity, str(number)).with_note(f"{activity}{_RUN}", str(came))

    def with_hint_level(self, question: str, hint_level: int) -> Answers:
        """Set how many hints were given to a question."""
        return replace(self, hint_levels={**self.hint_levels, question: hint_level})

    def with_shown(self, question: str) -> Answers:
        """Add a question whose answer was revealed."""
        return replace(self, revealed=self.revealed | {question})

    def with_decomposed(self, question: str) -> Answers:
        """Add a question that was taken apart into its links."""
        return replace(self, decomposed=self.decomposed | {question})

    def with_whole(self, question: str) -> Answers:
        """Put a question together again that was taken apart; what was found of its links stays found."""
        return replace(self, decomposed=self.decomposed - {question})
