"""What is asked about a pass: the question, what may be seen and typed, its hints, its links, and earlier answers.

Stations that ask about the numbers of a pass hold such a record; they do not inherit from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from nn_tutor.dataclass import dataclass
from nn_tutor.judging.diagnosis import MAX_NAMED, distinct
from nn_tutor.tutor.answering import Attempt, judge_question, named
from nn_tutor.tutor.hints import DECOMPOSE_FROM, rungs_of
from nn_tutor.tutor.stations.grid import grid_of, open_cell
from nn_tutor.tutor.stations.parts import WITH_PARTS, Parts
from nn_tutor.walkthrough.links import leaning_on
from nn_tutor.walkthrough.questions import Question, names_before, names_of, with_unshown

if TYPE_CHECKING:
    from nn_tutor.judging.mistakes.case import Candidate
    from nn_tutor.network.quantities import Ref
    from nn_tutor.network.records import Pass
    from nn_tutor.network.spec import Network
    from nn_tutor.tutor.answers import Answers
    from nn_tutor.tutor.lesson_run import LessonRun
    from nn_tutor.walkthrough.order import StepGroup

PASS = "pass"
ANSWERED = "this is answered: enter goes on"
NO_HELP = "in a test there are no hints: type your answer, or pass to leave the question out"
"""What leaves a question of a test out; what is told whoever asks for help with a settled one, and in a test."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What the learner did last at a station, gone as soon as it is left.

    `cell` is the question chosen in a grid, "" for the first open one; `hinted` says that a hint was asked for, and
    `ambiguous` holds the mistakes that the last answer fits equally well.
    """

    cell: str = ""
    hinted: bool = False
    ambiguous: tuple[Candidate, ...] = ()


@dataclass(frozen=True, eq=False)
class Asked:
    """The questions at a station of a pass, and all that follows from them and from what was answered so far.

    `own` are the station's own questions, `step_groups` those of a walked pass up to this one, none where a pass is
    not walked. `written` are the lesson's own words for the first two hints, by quantity; `covers_table` keeps the
    table of rules covered, `own_slopes` the slopes that nobody has asked for yet. In a pass of the learner's own,
    `own_pass`, they see nothing but what they found. `notice` is one sentence on the last move.
    """

    lesson_run: LessonRun
    index: int
    number: int
    own: tuple[Question, ...]
    answers: Answers
    turn: Turn = Turn()
    step_groups: tuple[StepGroup, ...] = ()
    written: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    covers_table: bool = False
    own_slopes: bool = False
    unaided: bool = False
    own_pass: bool = False
    notice: str = ""

    # What is asked

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """The questions in order; before one that is taken apart stand those on its links."""
        return self._parts.before(self.own) if self.answers.decomposed else self.own

    @cached_property
    def question(self) -> Question | None:
        """The chosen question, or the next one behind it, or the first, that is neither solved nor revealed."""
        waiting = [question for question in self.questions if not self.answers.is_settled(question.id)]
        ids = [question.id for question in self.questions]
        chosen = ids.index(self.turn.cell) if self.turn.cell in ids else 0
        behind = (question for question in waiting if ids.index(question.id) >= chosen)
        return next(behind, waiting[0] if waiting else None)

    @cached_property
    def grid(self) -> tuple[Question, ...]:
        """The cells of the matrix or vector that is asked here, settled ones too; none where a single number is."""
        question = self.question
        if question is None or question.kind != "number" or not self.step_groups:
            return ()
        return grid_of(question, self.questions)

    @cached_property
    def focus(self) -> Ref:
        """The number in question: that of the open question, else the one just answered, else the station's last."""
        question = self.question
        if question is not None:
            return question.ref
        if not self.questions:
            return self.step_groups[-1].refs[-1]
        if self.just_shown is not None:
            return self.just_shown.ref
        last = self.last_attempt
        answered = [question.ref for question in self.questions if last is not None and question.id == last.question]
        return answered[0] if answered else self.questions[-1].ref

    @property
    def asks_a_number(self) -> bool:
        """Whether the open question is answered with a number, which may be typed as a calculation."""
        question = self.question
        return question is not None and question.kind not in ("sign", "formula")

    @property
    def asks_to_place(self) -> bool:
        """Whether the open question is answered by putting a weight on the curve."""
        question = self.question
        return question is not None and question.kind == "place"

    @property
    def decimals(self) -> int | None:
        """How many decimals the open question needs; None where no number is typed."""
        question = self.question
        if question is None or question.kind not in ("number", "size"):
            return None
        return self.lesson_run.decimals(self.index, question)

    @property
    def network(self) -> Network:
        """The network of the pass."""
        return self.lesson_run.network(self.index)

    # What was answered

    @property
    def last_attempt(self) -> Attempt | None:
        """The last judged answer to one of the questions here."""
        return self.answers.last_to({question.id for question in self.questions})

    @property
    def just_shown(self) -> Question | None:
        """The question whose answer was shown on the learner's wish; None where another was answered since."""
        shown = self.answers.revealed if self.turn.cell and not self.unaided else ()
        return next((one for one in self.questions if one.id == self.turn.cell and one.id in shown), None)

    @property
    def hint_level(self) -> int:
        """How many hints were given to the open question."""
        return 0 if self.question is None else self.answers.hint_levels.get(self.question.id, 0)

    @property
    def rungs(self) -> tuple[int, ...]:
        """The hints that the open question has, none where nothing is open."""
        question = self.question
        if question is None:
            return ()
        step = self.lesson_run.step(self.index, question.pass_number, question.ref, None)
        return rungs_of(question, step, self.written_hints, in_sight=self.shows_rule)

    @property
    def hides_rules(self) -> bool:
        """Whether no rule may be seen as long as its number is asked, not even the first time."""
        return self.covers_table or self.is_own_open or any(question.kind == "formula" for question in self.own)

    @property
    def shows_rule(self) -> bool:
        """Whether the rule of the open question is seen before any hint."""
        question = self.question
        if question is None or self.hides_rules:
            return False
        return self.lesson_run.is_first_asked(self.index, self.number, question.ref)

    @property
    def misses(self) -> int:
        """How many answers to the open question were wrong."""
        return 0 if self.question is None else self.answers.misses(self.question.id)

    @property
    def written_hints(self) -> tuple[str, ...]:
        """The lesson's own words for the first two hints to the open question, none where it has none."""
        return () if self.question is None else self.written.get(self.question.ref.quantity, ())

    @property
    def earlier(self) -> dict[int, dict[Ref, float]]:
        """What the learner had last for every settled number of this activity, by pass; right or not."""
        return self.answers.numbers_of(self.lesson_run.activity(self.index).id)

    # What may be seen and typed

    @cached_property
    def known(self) -> frozenset[Ref]:
        """The numbers of this pass that may be seen: all up to this station, but not from an open question on.

        Of a grid the cells that are settled; of a question that is taken apart the links that are, and nothing that is
        made from an open one and would tell it. Of a pass of one's own nothing but what was found, until all of it is.
        """
        question = self.question
        if self.is_own_open:
            return self._found
        order = self.lesson_run.order(self.index, self.number)
        if self.own_pass:
            return frozenset(ref for ref in order if self.lesson_run.activity(self.index).reaches(ref.phase))
        if not self.step_groups:
            asked = self.questions[-1].ref
            return frozenset(ref for ref in order if order[ref] < order[asked] + (question is None))
        reached = {ref for stop in self.step_groups for ref in stop.refs}
        if question is None:
            return frozenset(reached | {asked.ref for asked in self.questions})  # a link need not be a stop
        waiting = {asked.ref for asked in self.questions if not self.answers.is_settled(asked.id)}
        settled = {asked.ref for asked in self.questions} - waiting
        # A number whose sign is found is not yet known.
        links = {link.ref for asked in self.questions for link in self._parts.asked_of(asked)}
        barrier = min((order[ref] for ref in waiting - links), default=len(order))
        before = {ref for ref in reached if order[ref] < barrier or ref in settled} - waiting
        if self.own_slopes and not links:  # who takes the question apart is given what its links are made of
            before = {ref for ref in before if ref.phase in ("forward", "loss") or ref in settled}
        if not links:
            return frozenset(before)
        before |= settled
        telling = leaning_on(self.network, self._rows, before, waiting & links)
        return frozenset(before - telling)

    @cached_property
    def is_own_open(self) -> bool:
        """Whether this is a pass of the learner's own, and a number of it is still to be found."""
        return self.own_pass and not all(self.answers.is_settled(question.id) for question in self._of_pass)

    @cached_property
    def in_own_pass(self) -> tuple[Question, ...]:
        """The questions that a pass of one's own is about: what it asks, and the links that were asked for."""
        return self._parts.before((*self._of_pass, *self.own))

    @cached_property
    def names(self) -> Mapping[str, float]:
        """What may be typed at the open question, with its value: never what is asked."""
        return with_unshown(self.network, self._rows, self.written_names)

    @cached_property
    def written_names(self) -> Mapping[str, float]:
        """What may be typed, as it is written on the screen."""
        order = self.lesson_run.order(self.index, self.number)
        latest_first = sorted(self.known, key=lambda ref: order.get(ref, len(order)), reverse=True)
        return names_of(self.network, self._passed, latest_first) | names_before(self.network, self._passed)

    # Moves

    def answered(self, text: str) -> Asked:
        """Judge an answer to the open question, or take the number of the mistake that the last one was."""
        if ambiguous := self.turn.ambiguous:
            chosen = text.strip().rstrip(".)")
            places = [str(place) for place in range(1, len(ambiguous) + 1)]
            if chosen in places:
                judgement = named(self.answers.attempts[-1].judgement, ambiguous[places.index(chosen)])
                return self._after(
                    answers=self.answers.with_last_judged(judgement), ambiguous=(), hinted=self.turn.hinted
                )
        question = self.question
        if question is None:
            return replace(self, notice="")
        if self.unaided and text.strip().lower() == PASS:
            return self._after(answers=self.answers.with_shown(question.id))
        judgement = judge_question(self.lesson_run, self.index, question, text, self.names, self.earlier)
        told = distinct(judgement.candidates)
        answers = self.answers.with_attempt(question.id, text, judgement)
        if self.unaided:  # the first answer settles it
            settled = answers.with_shown(question.id) if judgement.spends_attempt else answers
            return self._after(answers=settled)
        cell = None if self.just_shown is None else question.id
        return self._after(answers=answers, cell=cell, ambiguous=told[:MAX_NAMED] if len(told) > 1 else ())

    def hinted(self) -> Asked:
        """Climb one rung of the ladder of hints; the last one reveals the whole answer."""
        question = self.question
        if question is None:
            return self._none_open("there is no question here")
        if self.unaided:
            return replace(self, notice=NO_HELP)
        *_, last = rungs = self.rungs
        hint_level = next((rung for rung in rungs if rung > self.hint_level), last)
        climbed = self._after(answers=self.answers.with_hint_level(question.id, hint_level), hinted=True)
        return climbed.revealed() if hint_level == last else climbed

    def revealed(self) -> Asked:
        """Reveal the answer to the open question, which is settled then, but not solved."""
        question = self.question
        if question is None:
            return self._none_open("there is nothing to show here")
        if self.unaided:
            return replace(self, notice=NO_HELP)
        shown = self.answers.with_shown(question.id)
        return self._after(answers=shown, cell=question.id, hinted=self.turn.hinted)

    def decomposed(self) -> Asked:
        """Ask for the links of the open question first; at one of these links go back to the whole question."""
        question = self.question
        if question is None:
            return replace(self, notice=ANSWERED if self.questions else "there is no question here to take apart")
        if self.unaided:
            return replace(self, notice=NO_HELP)
        whole = self.whole
        came_back = self.turn.cell == question.id  # then farther back, not apart again
        if whole is not None and (came_back or not self.can_decompose):
            together = self._after(answers=self.answers.with_whole(whole.id), cell=whole.id)
            back = "back at the whole question; F2 takes it apart again"
            return replace(together, notice=back if together.whole is None else "one part back; F2 goes back farther")
        if not self.can_decompose:
            return replace(self, notice=self._parts.why_whole(question, is_early=self._comes_early))
        apart = self._after(answers=self.answers.with_decomposed(question.id), cell="")
        then = "F2 takes this one apart too" if apart.can_decompose else "F2 goes back to the whole question"
        return replace(apart, notice=f"link by link: first the parts; {then}")

    @property
    def whole(self) -> Question | None:
        """The question that was taken apart into links of which the open one is one; None where it is no link."""
        question = self.question
        if question is None or question in self.own:
            return None
        wholes = (one for one in self.questions if question.id in {part.id for part in self._parts.asked_of(one)})
        return next(wholes, None)

    def at_cell(self, down: int, right: int) -> Asked:
        """Go to the next open cell of the grid in a direction: rows further down, columns further right."""
        question, grid = self.question, self.grid
        if question is None or not grid:
            return self
        cell = open_cell(self.network, grid, self.answers, question, down, right)
        return self if cell is None else self._after(answers=self.answers, cell=cell.id)

    def at_number(self, ref: Ref) -> Asked:
        """Go to the open cell of the grid that asks for a number; anything else changes nothing."""
        chosen = (other for other in self.grid if other.ref == ref and not self.answers.is_settled(other.id))
        cell = next(chosen, None)
        return self if cell is None or cell == self.question else self._after(answers=self.answers, cell=cell.id)

    @property
    def can_decompose(self) -> bool:
        """Whether the open question may be taken apart into its links now: from hint 2 on, or after two misses.

        In a pass of one's own it may be at once. There has to be a link that is still to be found.
        """
        question = self.question
        if question is None or question.kind not in WITH_PARTS or question.id in self.answers.decomposed:
            return False
        if self.unaided or self._comes_early or (question not in self.own and not self.own_pass):
            return False
        return self._parts.has_open(question)

    # Inside

    @cached_property
    def _parts(self) -> Parts:
        """The links that questions of this pass can be taken apart into."""
        return Parts(self.lesson_run, self.index, self._rows, self.answers, self.own_pass)

    def _none_open(self, none: str) -> Asked:
        """Say where nothing is open that it is answered, or that there is `none`; the working that was shown stays."""
        if any(question.id in self.answers.revealed for question in self.questions):
            return self
        return replace(self, notice=ANSWERED if self.questions else none)

    @property
    def _passed(self) -> Pass:
        return self.lesson_run.passed(self.index, self.number)

    def _after(
        self,
        *,
        answers: Answers,
        cell: str | None = None,
        hinted: bool = False,
        ambiguous: tuple[Candidate, ...] = (),
    ) -> Asked:
        turn = Turn(self.turn.cell if cell is None else cell, hinted, ambiguous)
        return replace(self, answers=answers, turn=turn, notice="")

    @property
    def _rows(self) -> int:
        """How many samples this pass sees."""
        return self.lesson_run.rows(self.index, self.number)

    @property
    def _of_pass(self) -> tuple[Question, ...]:
        """The questions of the whole pass."""
        return self.lesson_run.questions(self.index, self.number)

    @property
    def _found(self) -> frozenset[Ref]:
        """What the learner has found of the pass, or was shown, links too."""
        waiting = {question.ref for question in self.in_own_pass if not self.answers.is_settled(question.id)}
        return frozenset({question.ref for question in self.in_own_pass} - waiting)

    @property
    def _comes_early(self) -> bool:
        """Whether the open question is to be tried, or helped with, before it may be taken apart."""
        return not self.own_pass and self.hint_level < DECOMPOSE_FROM and self.misses < 2
