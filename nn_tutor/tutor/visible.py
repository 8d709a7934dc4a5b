"""What may be seen of a pass at a station, decided here and nowhere else.

Every number of a pass is a row: its symbol, its rule, the rule with numbers, its value and its line of code, each of
them written out or covered. Table, matrices, code, diagram and pictures print what they find here; none of them decides
for itself.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from enum import Enum
from itertools import zip_longest
from typing import TYPE_CHECKING

from nn_tutor.calculus.numerals import numeral
from nn_tutor.dataclass import dataclass
from nn_tutor.judging.formula import formula_names
from nn_tutor.judging.names import on_keys
from nn_tutor.network.quantities import Quantity, Ref
from nn_tutor.walkthrough.functions import functions_for
from nn_tutor.walkthrough.questions import ON_KEYS, Question, typed_name
from nn_tutor.walkthrough.steps import Step, shown_value

if TYPE_CHECKING:
    from nn_tutor.calculus.records import Deriver
    from nn_tutor.course.activities.walk import Form
    from nn_tutor.network.records import Pass
    from nn_tutor.network.spec import Network
    from nn_tutor.tutor.lesson_run import LessonRun
    from nn_tutor.tutor.session import Session
    from nn_tutor.tutor.stations.asked import Asked

RULE_FROM, NUMBERS_FROM = 3, 4
"""The hints that show the rule of what is asked, and the rule with its numbers."""


class Covered(Enum):
    """What stands in the place of something that may not be seen."""

    ASKED = "[?]"
    """It is asked, or it would tell what is asked."""
    NOT_YET = "not yet"
    """The walk has not come so far."""


@dataclass(frozen=True, slots=True)
class Row:
    """One number of a pass as it may be seen.

    `rule` and `numbers` (the rule with numbers) are None while nobody has derived them. `code` is the line that
    computes the number, with its right side covered where that would tell the rule. `relation` is `=` where the printed
    numbers give the printed value by hand, else `≈`. `is_yours` says that the learner found the number.
    """

    ref: Ref
    symbol: str
    rule: str | Covered | None
    numbers: str | Covered | None
    value: str | Covered
    code: str
    relation: str
    is_yours: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of a matrix as it may be seen.

    `is_open` says that this station asks for it and it is still to be found, `is_yours` that the learner found it.
    """

    value: str | Covered
    is_open: bool
    is_yours: bool


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One quantity of a pass in matrix form: the rule for all its numbers at once, as far as it may be seen."""

    quantity: Quantity
    layer: int | None
    symbol: str
    rule: str | Covered | None
    is_here: bool


@dataclass(frozen=True, eq=False, slots=True)
class View:
    """A station that shows the numbers of one pass, and all that decides what may be seen there.

    `known` are the numbers that may be seen, `lit` those that the station is about; `unsettled` are asked somewhere in
    this pass and still to be found, and the rules of those that are `hidden` are asked with them. `hints` were given to
    the open question. In an exercise no rule like the one that is asked may be seen, whoever's number it gives. In a
    pass that `is_own` nothing is seen but what it starts from and what the learner has found.
    `names` may be typed at the question, and none of them tells the answer.
    """

    lesson_run: LessonRun
    activity: int
    deriver: Deriver | None
    network: Network
    samples: int
    passed: Pass
    order: Mapping[Ref, int]
    refs: tuple[Ref, ...]
    quantities: tuple[tuple[Quantity, int | None], ...]
    form: Form
    question: Question | None
    focus: Ref
    lit: frozenset[Ref]
    known: frozenset[Ref]
    asked: frozenset[Ref]
    unsettled: frozenset[Ref]
    hidden: frozenset[Ref]
    hidden_kinds: frozenset[tuple[Quantity, int | None]]
    found: frozenset[Ref]
    hints: int
    covers_table: bool
    is_exercise: bool
    is_own: bool
    names: tuple[str, ...]

    def row(self, ref: Ref) -> Row:
        """Return one number of the pass as it may be seen."""
        step = self.step(ref)
        shows_rule = self.shows_rule(ref)
        return Row(
            ref=ref,
            symbol=step.symbol,
            rule=step.rule if shows_rule else Covered.ASKED,
            numbers=step.substituted if self.shows_numbers(ref) else self._covered(ref),
            value=self.value(ref),
            code=step.code if shows_rule else f"{step.code.partition(' = ')[0]} = {Covered.ASKED.value}",
            relation=step.relation,
            is_yours=self._is_yours(ref),
        )

    def rows(self) -> tuple[Row, ...]:
        """Return all the numbers of the pass as they may be seen, in the order in which they are computed."""
        return tuple(self.row(ref) for ref in self.refs)

    def matrix_row(self, quantity: Quantity, layer: int | None) -> MatrixRow:
        """Return one quantity in matrix form as it may be seen."""
        deriver = self.deriver
        derived = (
            None if deriver is None else deriver.derive_matrix(self.network, self.passed, quantity, layer, by_rows=True)
        )
        is_here = (quantity, layer) == (self.focus.quantity, self.focus.layer)
        is_covered = (quantity, layer) in self.hidden_kinds and not (is_here and self.shows_rule(self.focus))
        return MatrixRow(
            quantity=quantity,
            layer=layer,
            symbol=str(Ref(quantity, layer)) if derived is None else derived.symbol,
            rule=None if derived is None else Covered.ASKED if is_covered else derived.rule,
            is_here=is_here,
        )

    def cell(self, ref: Ref) -> Cell:
        """Return one number as it may be seen in its matrix."""
        is_open = ref in self.asked and ref not in self.known
        return Cell(self.value(ref), is_open=is_open, is_yours=self._is_yours(ref))

    def value(self, ref: Ref) -> str | Covered:
        """Return a number as it may be seen."""
        return numeral(shown_value(self.network, self.passed, ref)) if ref in self.known else self._covered(ref)

    def shows_rule(self, ref: Ref) -> bool:
        """Whether the rule of a number may be seen: while it is asked, only the first time.

        A number whose rule is hidden also hides the same rule of its neighbours, as long as they are not known.
        """
        if ref == self.focus and self.hints >= RULE_FROM:
            return True
        if ref in self.known:
            return not self._is_like_asked(ref)
        if self.is_own:
            return False
        return ref not in self.hidden and (ref in self.unsettled or (ref.quantity, ref.layer) not in self.hidden_kinds)

    def shows_numbers(self, ref: Ref) -> bool:
        """Whether the rule with its numbers may be seen; in a pass of one's own they may be nobody's yet."""
        if ref in self.known and not self.is_own:
            return not self._is_like_asked(ref)
        return self._is_asked(ref) and self.hints >= NUMBERS_FROM

    @property
    def covers_code(self) -> bool:
        """Whether the source is covered as well: it would tell the rule that is covered."""
        if self.is_own:
            return True
        return self.question is not None and (self.covers_table or not self.shows_rule(self.question.ref))

    def step(self, ref: Ref) -> Step:
        """Return the line of a number with nothing covered, and its formula once somebody has derived it."""
        return self.lesson_run.step(self.activity, self.passed.number, ref, self.deriver)

    def names_nearest_first(self) -> list[str]:
        """Return the names that may be typed, the nearest first, then the latest kinds, each from its first on.

        The nearest are those of the rule in question; where that is covered, all that are of a kind with them: for a
        number the first of each kind before the second of any, so that each is seen where there is little room.
        """
        rule, by_kind = self._names_of_rule(), _by_kind(self.names)
        if not self._tells_rule:
            near = {_kind_of_name(name) for name in rule}
            kinds: Iterable[Iterable[str | None]] = [names for kind, names in by_kind.items() if kind in near]
            if self.question is not None and self.question.kind != "formula":
                kinds = zip_longest(*kinds)
            rule = [name for names in kinds for name in names if name is not None]
        return rule + [name for names in by_kind.values() for name in names if name not in rule]

    def _names_of_rule(self) -> list[str]:
        """Those of the names that may be typed that the rule in question holds; none in a pass of one's own."""
        if self.question is None or self.deriver is None or self.is_own:  # whose order would tell the rule
            return []
        derived = self.deriver.derive(self.network, self.passed, self.question.ref)
        # The terms of a loss that was taken apart are nearer than what they were made from.
        terms = [self.step(ref).symbol for ref in self.refs if ref.quantity == "loss_term" and ref in self.known]
        near = dict.fromkeys(ON_KEYS.get(text) or _typed_here(text) for text in (*terms, *derived.names))
        return [name for name in near if name in self.names]

    @property
    def functions(self) -> tuple[str, ...]:
        """The functions that the number in question may want; in a pass of one's own those of its way forward too."""
        if self.question is None:
            return ()
        return functions_for(self.network, self.question.ref, with_forward=self.is_own)

    @property
    def _tells_rule(self) -> bool:
        """Whether the rule of what is asked stands on the screen."""
        if self.question is None or self.question.kind == "formula":
            return False
        return self.shows_rule(self.question.ref) and (not self.covers_table or self.hints >= RULE_FROM)

    def _is_yours(self, ref: Ref) -> bool:
        return ref in self.found and ref in self.known

    def _is_like_asked(self, ref: Ref) -> bool:
        """Whether a number follows the rule that an exercise asks for, which it would tell."""
        return self.is_exercise and ref not in self.found and (ref.quantity, ref.layer) in self.hidden_kinds

    def _is_asked(self, ref: Ref) -> bool:
        return self.question is not None and ref == self.question.ref

    def _covered(self, ref: Ref) -> Covered:
        return Covered.ASKED if self._is_asked(ref) or ref in self.known else Covered.NOT_YET


def view_of(session: Session, deriver: Deriver | None) -> View | None:
    """Return the view of a station, None where it does not show the numbers of one pass.

    This is the one place that reads a session for it.
    """
    asked = session.asked
    if asked is None:
        return None
    lesson_run, index, number, question = session.lesson_run, asked.index, asked.number, asked.question
    unsettled = _unsettled(session, asked)
    hidden = frozenset(
        ref for ref in unsettled if asked.hides_rules or not lesson_run.is_first_asked(index, number, ref)
    )
    return View(
        lesson_run=lesson_run,
        activity=index,
        deriver=deriver,
        network=lesson_run.network(index),
        samples=lesson_run.rows(index, number),
        passed=session.passed,
        order=lesson_run.order(index, number),
        refs=_rows_of(session, asked),
        quantities=_matrices_of(session, asked),
        form=session.cut.form,
        question=question,
        focus=asked.focus,
        lit=frozenset(asked.step_groups[-1].refs if question is None and asked.step_groups else {asked.focus}),
        known=asked.known,
        asked=frozenset(question.ref for question in asked.questions if question.kind == "number"),
        unsettled=unsettled,
        hidden=hidden,
        hidden_kinds=_kinds_like(hidden, len(lesson_run.network(index).layers)),
        found=_found(session, asked),
        hints=asked.hint_level,
        covers_table=asked.covers_table,
        is_exercise=question is not None and session.activity.is_from_memory,
        is_own=asked.is_own_open,
        names=_names(session, asked),
    )


def _kinds_like(hidden: Collection[Ref], depth: int) -> frozenset[tuple[Quantity, int | None]]:
    """What has the rule of a hidden number: its quantity in its layer, and new weights and biases in all layers."""
    alike: dict[Quantity, tuple[Quantity, ...]] = {"W": ("W", "b"), "b": ("W", "b")}
    return frozenset(
        (quantity, layer)
        for ref in hidden
        for quantity in alike.get(ref.quantity, (ref.quantity,))
        for layer in (range(1, depth + 1) if ref.quantity in alike else (ref.layer,))
    )


def _unsettled(session: Session, asked: Asked) -> frozenset[Ref]:
    """The numbers of the pass that are asked for and not yet answered, nor shown."""
    questions, is_settled = session.lesson_run.questions(asked.index, asked.number), session.answers.is_settled
    return frozenset(question.ref for question in questions if question.kind != "sign" and not is_settled(question.id))


def _found(session: Session, asked: Asked) -> frozenset[Ref]:
    """The numbers of the pass that the learner has found."""
    in_own_pass = asked.in_own_pass if asked.own_pass else ()
    questions = (*session.lesson_run.questions(asked.index, asked.number), *asked.questions, *in_own_pass)
    return frozenset(one.ref for one in questions if one.kind == "number" and one.id in session.solved)


def _matrices_of(session: Session, asked: Asked) -> tuple[tuple[Quantity, int | None], ...]:
    """The quantities that stand as matrices, each with its layer; none where a pass is walked number by number."""
    cut = session.cut
    if not asked.step_groups or cut.form != "matrix":
        return ()
    step_groups = session.lesson_run.step_groups(asked.index, asked.number, cut.grain, cut.form)
    return tuple(dict.fromkeys((ref.quantity, ref.layer) for stop in step_groups for ref in stop.refs))


def _rows_of(session: Session, asked: Asked) -> tuple[Ref, ...]:
    """The numbers of a pass that have rows; the terms of a loss that was taken apart stand before it.

    Of a pass of one's own only what it is about, while it is not done.
    """
    is_own, reaches = asked.is_own_open, session.activity.reaches
    about = {question.ref for question in (asked.in_own_pass if is_own else asked.questions)}
    terms = sorted(ref for ref in about if ref.quantity == "loss_term")
    rows: list[Ref] = []
    for ref in session.lesson_run.order(asked.index, asked.number):
        rows += [*terms, ref] if ref.quantity == "loss" else [ref]
    return tuple(ref for ref in rows if reaches(ref.phase) and (not is_own or ref in about))


def _typed_here(text: str) -> str | None:
    """How a symbol of a rule is typed: `v211_new` for v₂₁₁′, since the old one is there as well."""
    name = typed_name(text.removesuffix("′"))
    return f"{name}{_NEW}" if name and text.endswith("′") else name


_NEW = "_new"


def _kind_of_name(name: str) -> str:
    """Return what a name shares with its like: `w2` of w212, `a1` of a12, `dL_do` of dL_do3, `v2_new` of v212_new."""
    typed = on_keys(name).removesuffix(_NEW)
    stem = typed.rstrip("0123456789")
    kind = stem if len(typed) - len(stem) < 2 else typed[: len(stem) + 1]
    return f"{kind}{_NEW}" if name.endswith(_NEW) else kind


def _by_kind(names: Iterable[str]) -> dict[str, list[str]]:
    """Return names by their kind, the kinds as they come first, the names of each by their numbers: o_1 before o_2."""
    by_kind: dict[str, list[str]] = {}
    for name in names:
        by_kind.setdefault(_kind_of_name(name), []).append(name)
    return {kind: sorted(alike, key=_numbers_in) for kind, alike in by_kind.items()}


def _numbers_in(name: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", on_keys(name))))


def _names(session: Session, asked: Asked) -> tuple[str, ...]:
    """The names that may be typed at the open question; in a formula the letters that it may be made of."""
    question = asked.question
    if question is None:
        return ()
    network = session.lesson_run.network(session.place.activity)
    is_formula = question.kind == "formula"
    names = formula_names(network, session.passed, question.ref, shown=True) if is_formula else asked.written_names
    return tuple(name for name in names if name != "lr" or session.station.takes_a_step)
