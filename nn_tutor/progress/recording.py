"""What a lesson hands over to be remembered, and what its screen or its voice shows of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import TYPE_CHECKING, Any

from nn_tutor.dataclass import dataclass
from nn_tutor.tutor.changes import Change, changes
from nn_tutor.tutor.mastery import Answered, Standing, after
from nn_tutor.tutor.practice import extended
from nn_tutor.tutor.saved_run import answers_of, with_confirmed_mistake

if TYPE_CHECKING:
    from nn_tutor.progress.recorder import ProgressRecorder
    from nn_tutor.tutor.session import Session


@dataclass(frozen=True, slots=True)
class _Now:
    """A change on its way to the log, read as a record."""

    kind: str
    lesson: str
    content: dict[str, Any]
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class Gain:
    """How a skill stands after a lesson, in dots as they are drawn, and how many of them it won or lost there."""

    skill: str
    dots: str
    by: int


class LessonRecorder:
    """Records one lesson: each step is handed to the recorder, and the standing of the skills follows it."""

    def __init__(self, recorder: ProgressRecorder, lesson: str, standing: Standing) -> None:
        self.recorder = recorder
        self._lesson = lesson
        self._earlier = standing
        self.standing = standing
        self.answers: list[Answered] = []
        self._before: tuple[Answered, ...] = ()

    @property
    def badge(self) -> str:
        """A short text to show while answers are not saved."""
        return self.recorder.badge

    @property
    def gains(self) -> tuple[Gain, ...]:
        """How the skills stand that were asked since the lesson was opened, against how they stood then."""
        skills = dict.fromkeys(answered.skill for answered in self.answers if answered.skill)
        before, now = self._earlier.dots, self.standing.dots
        return tuple(Gain(one, self.standing.shown(one), now.get(one, 0) - before.get(one, 0)) for one in skills)

    def stand_on(self, standing: Standing) -> None:
        """Take how the skills stood before, where that was not known yet when the lesson was opened.

        It comes from the log, so that an answer of this lesson is in it already: then it is left as it is.
        """
        if not self.answers:
            self._earlier = self.standing = standing

    def begin(self, session: Session, plan: Mapping[str, Any] | None = None) -> None:
        """Write down that a run through the lesson begins; with the `plan` of a round that can be made again by it."""
        self._write([("begun", {"activities": len(session.lesson_run.lesson.activities), **(plan or {})})])

    def resume(self, answers: Sequence[Answered]) -> None:
        """Go on with a round in which these answers were given before."""
        self._before = tuple(answers)

    def remember(self, before: Session, session: Session) -> None:
        """Write down what happened between two states; an answer is on the disk when this returns."""
        self._write(changes(before, session))

    def moved(self, before: Session, session: Session) -> Session:
        """Remember a move, and return where it leads: a round of practice goes on with what was missed."""
        self.remember(before, session)
        has_answered = len(session.attempts) > len(before.attempts) or session.revealed != before.revealed
        return extended(session, [*self._before, *self.answers]) if has_answered else session

    def _write(self, found: list[Change]) -> None:
        if not found:
            return
        self.recorder.remember(self._lesson, found)
        now = [_Now(kind, self._lesson, content) for kind, content in found]
        for answered in answers_of(now):
            self.answers.append(answered)
            self.standing = after(self.standing, answered)
        for told in now:
            if told.kind != "told" or not self.answers:
                continue
            self.answers[-1] = with_confirmed_mistake(self.answers[-1], told)
            self.standing = reduce(after, self.answers, self._earlier)
