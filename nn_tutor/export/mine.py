"""What a learner answered in a lesson, as it stands beside the worked solution: their answers, marks and mistakes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nn_tutor.export.tasks import Task
from nn_tutor.judging.judge import Verdict
from nn_tutor.judging.mistakes.known import MISTAKES
from nn_tutor.tutor.answering import Attempt
from nn_tutor.tutor.answers import Answers

MARKS: Mapping[Verdict, str] = {
    "correct": "✓",
    "follow_through": "✓",
    "convention": "≈",
    "more_digits": "…",
    "near": "✗",
    "diagnosed": "✗",
    "wrong": "✗",
}
"""The mark of each verdict; what could not be read is not shown at all."""

IN_WORDS: Mapping[Verdict, str] = {
    "correct": "right",
    "follow_through": "right, from your own earlier number",
    "convention": "right in another convention",
    "more_digits": "more decimals were needed",
    "near": "nearly",
    "diagnosed": "not yet",
    "wrong": "not yet",
}

_NAMES = {mistake.id: mistake.name for mistake in MISTAKES}


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of the learner: what was typed, its mark, what that means, and the mistakes that were named."""

    text: str
    mark: str
    verdict: str
    mistakes: tuple[str, ...]
    message: str

    @property
    def is_right(self) -> bool:
        """Whether it was taken as right."""
        return self.mark == "✓"


@dataclass(frozen=True, eq=False, slots=True)
class Mine:
    """All that a learner answered in a lesson; without any, everything is empty."""

    answers: Answers

    def to(self, task: Task, activity: str) -> tuple[Answer, ...]:
        """Return the answers to a task, oldest first; a task that is its whole activity goes by the activity's id."""
        names = {task.id} if task.ref is not None else {task.id, activity}
        return tuple(_answer(one) for one in self.answers.attempts if one.question in names and _is_marked(one))

    def was_shown(self, task: Task, activity: str) -> bool:
        """Say whether the learner asked to be shown the answer."""
        return bool(self.answers.revealed & ({task.id} if task.ref is not None else {task.id, activity}))


def _is_marked(attempt: Attempt) -> bool:
    return attempt.judgement.verdict in MARKS


def _answer(attempt: Attempt) -> Answer:
    judgement = attempt.judgement
    names = tuple(f"you {_NAMES[name]}" for name in judgement.mistakes if name in _NAMES)
    return Answer(attempt.text, MARKS[judgement.verdict], IN_WORDS[judgement.verdict], names, judgement.message)
