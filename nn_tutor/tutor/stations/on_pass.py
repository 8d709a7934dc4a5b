"""Stations that show the numbers of a pass and ask about them: how what is asked becomes moves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from nn_tutor.dataclass import dataclass
from nn_tutor.judging.diagnosis import distinct
from nn_tutor.tutor.answering import judge_question
from nn_tutor.tutor.linting import QuestionLinter
from nn_tutor.tutor.listing import Listed, list_pass
from nn_tutor.tutor.stations.asked import Asked, Turn
from nn_tutor.tutor.stations.base import A, ActivityStation, Place

if TYPE_CHECKING:
    from nn_tutor.calculus.records import Deriver
    from nn_tutor.course.findings import Finding
    from nn_tutor.judging.judgement import Judgement
    from nn_tutor.judging.replay import Earlier
    from nn_tutor.walkthrough.questions import Question


@dataclass(frozen=True, eq=False, kw_only=True)
class StationOnPass(ActivityStation[A]):
    """A station that asks about the numbers of a pass: it holds what the learner did last, and makes what is asked."""

    turn: Turn = field(default_factory=Turn)

    @cached_property
    def asked(self) -> Asked:
        """What is asked here: every question on the pass at hand."""
        number = self.place.pass_number
        questions = self.lesson_run.questions(self.index, number)
        return Asked(self.lesson_run, self.index, number, questions, self.answers, turn=self.turn)

    @property
    def hints(self) -> Mapping[str, tuple[str, ...]] | None:
        """The lesson's own words for hints, by quantity; None where they cannot be written."""
        return None

    @property
    def is_open(self) -> bool:
        """Whether a question is neither solved nor revealed."""
        return self.asked.question is not None

    def answer(self, text: str) -> Self:
        """Judge an answer to the open question."""
        return self.after(self.asked.answered(text))

    def hint(self) -> Self:
        """Climb one rung of the ladder of hints."""
        return self.after(self.asked.hinted())

    def decompose(self) -> Self:
        """Ask for the links of the open question first."""
        return self.after(self.asked.decomposed())

    def reveal(self) -> Self:
        """Show the answer to the open question."""
        return self.after(self.asked.revealed())

    def after(self, asked: Asked) -> Self:
        """Return the station with what came of a move of its questions."""
        return replace(self, answers=asked.answers, turn=asked.turn, notice=asked.notice)

    def moved_to(self, place: Place) -> Self:
        """Go to another place of the same activity."""
        return replace(self, place=place, turn=Turn(), notice="")

    def position(self) -> dict[str, Any]:
        """Return where it is, with the cell that is chosen in a grid."""
        return super().position() | {"cell": self.turn.cell}

    def at(self, position: Mapping[str, Any]) -> Self:
        """Return the station at a position that was remembered."""
        return replace(super().at(position), turn=Turn(str(position.get("cell") or "")))

    def at_question(self, question: Question) -> Self:
        """Return the station as it is at a question of the activity, once those of its pass before it are settled."""
        answers = self.answers
        for one in self.lesson_run.questions(self.index, question.pass_number):
            if one.id == question.id:
                break
            answers = answers.with_shown(one.id)
        return replace(self.moved_to(Place(self.index, question.pass_number)), answers=answers)

    def listed(self, only_pass: int | None = None) -> Iterator[Listed]:
        """Yield the questions on each of its passes."""
        first, last = self.passes
        for number in range(first, last + 1):
            if only_pass in (None, number):
                yield from list_pass(self.lesson_run, self.index, number)

    def judge(self, listed: Listed, text: str, earlier: Earlier) -> Judgement:
        """Judge an answer to a listed question; a diagnosis holds the learner's formula and the right one."""
        question = listed.question
        if question is None:
            return super().judge(listed, text, earlier)
        names = self.at_question(question).asked.names
        judgement = judge_question(self.lesson_run, self.index, question, text, names, earlier)
        if judgement.verdict == "diagnosed" and len(distinct(judgement.candidates)) == 1:
            one = judgement.candidates[0]
            right = f"right: {one.slip.right_line}"
            # of two mistakes at once, "yours" would hold one alone
            lines = right if one.also else f"yours: {one.slip.wrong_line}; {right}"
            return replace(judgement, message=f"{judgement.message} ({lines})")
        return judgement

    def lint(self, deriver: Deriver) -> Iterator[Finding]:
        """Yield what is unfair about its questions."""
        first, last = self.passes
        yield from QuestionLinter(self.lesson_run, self.index, deriver, self.hints).findings(range(first, last + 1))
