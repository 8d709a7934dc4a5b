"""What a learner answered in a lesson, as it stands beside the worked solution: their answers, marks and mistakes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nn_tutor.course.activities.walk import Walk
from nn_tutor.dataclass import dataclass
from nn_tutor.export.paper import on_paper
from nn_tutor.judging.wording import MARKS, word_of

if TYPE_CHECKING:
    from nn_tutor.course.activities.kinds import Activity
    from nn_tutor.export.tasks import Task
    from nn_tutor.judging.judgement import Judgement
    from nn_tutor.tutor.answers import Answers


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of the learner: what was typed, how it was judged, and the word for that."""

    text: str
    judgement: Judgement
    word: str

    @property
    def mark(self) -> str:
        """The mark before the word."""
        return MARKS[self.judgement.verdict]

    @property
    def message(self) -> str:
        """What was said of it, the mistakes that were named among it; "" where the word says it all."""
        if self.judgement.verdict == "correct":
            return ""
        return on_paper(re.sub(rf"^{re.escape(self.word)}[:;] ", "", self.judgement.message))

    @property
    def is_right(self) -> bool:
        """Whether it was taken as right."""
        return self.judgement.is_right


@dataclass(frozen=True, eq=False, slots=True)
class Mine:
    """All that a learner answered in a lesson; without any, everything is empty."""

    answers: Answers

    def to(self, task: Task, activity: Activity) -> tuple[Answer, ...]:
        """Return the answers to a task, oldest first; what could not be read is left out."""
        is_last = isinstance(activity, Walk) and activity.unaided
        return tuple(
            Answer(one.text, one.judgement, word_of(one.judgement, is_last=is_last))
            for one in self.answers.attempts
            if one.question in _ids(task, activity) and one.judgement.verdict != "invalid"
        )

    def was_shown(self, task: Task, activity: Activity) -> bool:
        """Whether the learner asked to be shown the answer."""
        return bool(self.answers.revealed & _ids(task, activity))


def _ids(task: Task, activity: Activity) -> set[str]:
    """What a task goes by: one that is its whole activity by the activity's id too."""
    return {task.id} if task.ref is not None else {task.id, activity.id}
