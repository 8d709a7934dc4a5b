"""The parts that a question about a pass can be taken apart into: questions on the links of its chain."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from nn_tutor.calculus.names import symbol
from nn_tutor.dataclass import dataclass
from nn_tutor.walkthrough.links import leaning_on, links_of

if TYPE_CHECKING:
    from nn_tutor.tutor.answers import Answers
    from nn_tutor.tutor.lesson_run import LessonRun
    from nn_tutor.walkthrough.questions import Question

WITH_PARTS = ("number", "size", "sign")
"""The kinds of questions that can be taken apart."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of the questions about a pass of `rows` samples, as far as answers have come."""

    lesson_run: LessonRun
    index: int
    rows: int
    answers: Answers
    own_pass: bool

    def of(self, question: Question) -> tuple[Question, ...]:
        """Return the questions on the links of a question, but for the links of one that is found already."""
        network, rows, given_forward = self.lesson_run.network(self.index), self.rows, not self.own_pass
        refs = links_of(network, rows, question.ref, given_forward=given_forward)
        links = tuple(self.lesson_run.question(self.index, question.pass_number, ref) for ref in refs)
        found = {link.ref for link in links if self.answers.is_settled(link.id)}
        return tuple(
            link
            for link in links
            if link.ref in found or not leaning_on(network, rows, found, {link.ref}, given_forward=given_forward)
        )

    def asked_of(self, question: Question) -> tuple[Question, ...]:
        """Return the parts of a question that was taken apart, none of one that was not."""
        return self.of(question) if question.id in self.answers.decomposed else ()

    def before(self, questions: Iterable[Question]) -> tuple[Question, ...]:
        """Return questions in order, with their parts before those that were taken apart.

        In a pass of one's own the links may be taken apart in turn, as nobody has told what they are made of.
        """
        found: dict[str, Question] = {}
        for question in questions:
            parts = self.asked_of(question)
            for part in (*(self.before(parts) if self.own_pass else parts), question):
                found.setdefault(part.id, part)
        return tuple(found.values())

    def has_open(self, question: Question) -> bool:
        """Whether a part of a question is still to be found."""
        return any(not self.answers.is_settled(link.id) for link in self.of(question))

    def why_whole(self, question: Question, *, is_early: bool) -> str:
        """Return what is said where a question is not taken apart: also what comes first, unless it `is_early`."""
        if question.kind not in WITH_PARTS:
            return "this question has no parts"
        if self.has_open(question):
            return "a question can be taken apart after the second hint, or after two misses"
        network = self.lesson_run.network(self.index)
        name = symbol(network, self.rows, question.ref)
        is_square = network.loss.kind == "squared_error" and network.outputs * self.rows == 1
        if question.ref.quantity == "loss" and is_square and not is_early:
            return f"all parts of {name} are there: find the error first, then square it; ? tells more"
        if self.of(question):
            return f"all parts of {name} are found already; ? tells how they go together"
        return f"{name} has no part to find first: all that it needs is there; ? tells how"
