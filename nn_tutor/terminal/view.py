"""What the lesson screen shows of one state of the session: made once per state, then only drawn."""

from __future__ import annotations

from dataclasses import dataclass

from nn_tutor.calculus.numerals import numeral
from nn_tutor.calculus.records import Deriver
from nn_tutor.course.activities.derive import Derive
from nn_tutor.course.activities.walk import Walk
from nn_tutor.network.passes import Pass, value_of
from nn_tutor.network.quantities import Quantity, Ref
from nn_tutor.network.spec import Network
from nn_tutor.tutor.session import Session
from nn_tutor.walkthrough.questions import Question
from nn_tutor.walkthrough.steps import Step

ASKED = "[?]"
NOT_YET = "not yet"
RULE_FROM, NUMBERS_FROM = 3, 4  # hints


@dataclass(frozen=True, eq=False, slots=True)
class WalkView:
    """A station of a walked pass with what may be seen of it."""

    session: Session
    deriver: Deriver | None
    network: Network
    rows: int
    passed: Pass
    known: frozenset[Ref]
    question: Question | None
    focus: Ref
    hidden: frozenset[Ref]
    hidden_kinds: frozenset[tuple[Quantity, int | None]]
    unsettled: frozenset[Ref]
    lit: frozenset[Ref]
    rung: int = 0

    def step(self, ref: Ref) -> Step:
        """The line of a number, with its formula once somebody has derived it."""
        place = self.session.place
        return self.session.tour.step(place.activity, place.pass_number, ref, self.deriver)

    def text(self, ref: Ref) -> str:
        """The number as it may be seen: its numeral, `[?]` while it is asked, `not yet` before."""
        if ref in self.known:
            return numeral(value_of(self.passed, ref))
        return ASKED if self.question is not None and ref == self.question.ref else NOT_YET

    def shows_rule(self, ref: Ref) -> bool:
        """Whether the rule of a number may be seen: while it is asked, only the first time.

        Neither are those of its neighbours, which follow the same rule and are not known yet.
        """
        if ref in self.known or (ref == self.focus and self.rung >= RULE_FROM):
            return True
        return ref not in self.hidden and (ref in self.unsettled or (ref.quantity, ref.layer) not in self.hidden_kinds)

    def shows_numbers(self, ref: Ref) -> bool:
        """Whether the numbers put into the rule may be seen."""
        return ref in self.known or (ref == self.focus and self.rung >= NUMBERS_FROM)

    @property
    def is_yours(self) -> frozenset[str]:
        """The ids of the questions that the learner answered rightly."""
        return self.session.solved


def walk_view(session: Session, deriver: Deriver | None) -> WalkView:
    """Make the view of a station that shows the numbers of a pass."""
    index, number = session.place.activity, session.place.pass_number
    questions = session.tour.questions(index, number)
    unsettled = frozenset(
        question.ref
        for question in questions
        if question.kind != "sign" and question.id not in session.solved and question.id not in session.shown
    )
    activity = session.activity
    hides_rules = isinstance(activity, Derive) or (isinstance(activity, Walk) and not activity.table)
    hidden = frozenset(ref for ref in unsettled if hides_rules or not session.tour.is_first_asked(index, number, ref))
    return WalkView(
        session=session,
        deriver=deriver,
        network=session.tour.network(index),
        rows=session.tour.rows(index),
        passed=session.passed,
        known=session.known,
        question=session.question,
        focus=session.focus,
        hidden=hidden,
        hidden_kinds=frozenset((ref.quantity, ref.layer) for ref in hidden),
        unsettled=unsettled,
        lit=frozenset(session.stop.refs)
        if session.question is None and session.is_walking
        else frozenset({session.focus}),
        rung=session.rung,
    )
