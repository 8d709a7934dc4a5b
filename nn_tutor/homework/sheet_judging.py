"""A whole sheet, judged in the order in which a pass is computed.

Each number is held against what the right rule makes of all the numbers that the learner has before it, wherever they
stand on the sheet. Only where it does not follow is it asked what went wrong, with mistakes that start from the
learner's own numbers; what follows from a slip is not blamed. A slip in a number that is not on the sheet is looked for
in what lies between: where another value of it explains more than one number, these are not blamed either.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import field, replace
from typing import TYPE_CHECKING

from nn_tutor.calculus.names import symbol
from nn_tutor.calculus.numerals import numeral
from nn_tutor.dataclass import dataclass
from nn_tutor.homework.miscopied import Miscopied, miscopied
from nn_tutor.homework.off_sheet import explaining, off_sheet
from nn_tutor.homework.own_numbers import Own, OwnNumbers, is_within
from nn_tutor.homework.settled import not_settled, settled_case
from nn_tutor.homework.sheet_views import Cell, Sheet, View, best_view, in_conventions
from nn_tutor.judging.conventions import IN_OUT, MINUS_SLOPE, OUTPUT_MINUS_TARGET, TARGET_MINUS_OUTPUT
from nn_tutor.judging.corners import said_of
from nn_tutor.judging.diagnosis import in_words, sentence
from nn_tutor.judging.judge import judge
from nn_tutor.judging.judgement import Judgement
from nn_tutor.judging.last_resort import named_late
from nn_tutor.judging.mistakes.case import Candidate, Case, Mistake
from nn_tutor.judging.mistakes.known import known_mistakes
from nn_tutor.judging.replay import passes_with
from nn_tutor.judging.wording import reworded
from nn_tutor.network.quantities import Ref
from nn_tutor.network.records import Pass, value_of
from nn_tutor.network.spelling import spelled
from nn_tutor.walkthrough.questions import scale_of_question

if TYPE_CHECKING:
    from nn_tutor.network.spec import Data, Network

BLAMED: frozenset[str] = frozenset({"near", "diagnosed", "wrong"})
"""The verdicts that call a number of a sheet a slip."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A cell of a sheet with its judgement.

    `after` is the cell with the slip that it follows from, if any; `between` are the numbers on the sheet between
    which and this one a slip lies that is not on the sheet itself.
    """

    cell: Cell
    judgement: Judgement
    after: Cell | None = None
    between: tuple[Ref, ...] = ()

    @property
    def is_blamed(self) -> bool:
        """Whether the number is a slip of its own."""
        return self.judgement.verdict in BLAMED


@dataclass(frozen=True, slots=True)
class JudgedSheet:
    """A sheet with every cell judged, in the order in which they were handed in.

    `first_slip` is the first in the order of the pass; `conventions` are those that the whole sheet is written in where
    they are not the network's.
    """

    cells: tuple[Judged, ...]
    first_slip: Judged | None
    conventions: tuple[Mistake, ...]


def judge_sheet(network: Network, data: Data, cells: Sequence[Cell], *, is_homework: bool = True) -> JudgedSheet:
    """Judge all numbers of a sheet together; raises `StoppedError` where the run does not reach a pass of it."""
    sheet = best_view(network, data, cells, is_homework=is_homework)
    order = {ref: place for place, ref in enumerate(sheet.own(1).refs)}
    in_order = sorted(range(len(cells)), key=lambda place: (cells[place].number, order[sheet.view.ref(cells[place])]))
    found = _one_by_one(sheet, network, data, in_order)
    first = next((place for place in in_order if found[place].is_blamed), None)
    is_told = all(one.judgement.candidates for one in found.values() if one.is_blamed)
    copied = None if first is None or is_told else miscopied(sheet, order)
    if first is not None and copied is not None:
        for place, read in _one_by_one(
            copied.sheet, copied.sheet.view.network, copied.sheet.view.data, in_order
        ).items():
            if not sheet.is_right(cells[place].number, sheet.view.ref(cells[place]), sheet.view.own(cells[place])):
                found[place] = _of_miscopied(copied, read, cells[first])
    slip = None if first is None else found[first]
    if slip is None and (either := _either(sheet, network, data, in_order)):
        place, slip = either
        found[place] = slip
    return JudgedSheet(tuple(found[place] for place in range(len(cells))), slip, sheet.view.names)


def _either(sheet: Sheet, network: Network, data: Data, in_order: Sequence[int]) -> tuple[int, Judged] | None:
    """Return the number that may be a slip on a sheet that another convention explains, by its place, as it is told.

    That is so where new parameters stand on the sheet, and follow from that number as it is: somebody who writes their
    errors the other way round steps downhill all the same, but where no step is taken nothing tells.
    """
    cells = sheet.cells
    if not set(sheet.view.names) & _EITHER or not any(cell.ref.quantity in ("W", "b") for cell in cells):
        return None
    plain = Sheet(View((), network, data), cells)
    off = [place for place in in_order if not plain.follows(cells[place])]
    if not off or len({_place(cells[place]) for place in off}) > 1:
        return None
    judged = _one_by_one(plain, network, data, in_order)[off[0]]
    if not judged.judgement.candidates:
        return None
    uses, slip = in_conventions(sheet.view.names), in_words(judged.judgement.candidates)
    slip = slip.removeprefix("either ")
    said = (
        f"as far as this sheet shows, either it {uses} throughout, or {slip} here: no new weight tells, as none moves"
    )
    told = Judgement("convention", said, judged.judgement.value, judged.judgement.candidates)
    return off[0], Judged(judged.cell, told)


_EITHER = frozenset({TARGET_MINUS_OUTPUT, OUTPUT_MINUS_TARGET, MINUS_SLOPE, IN_OUT})
"""Conventions that one slip gives as well, as long as no step is taken."""


def _one_by_one(sheet: Sheet, network: Network, data: Data, in_order: Sequence[int]) -> dict[int, Judged]:
    """Judge the cells of a sheet in the order of the pass, by their place on it."""
    run, cells = _Run(sheet, network, data), sheet.cells
    return {
        place: run.judged(cells[place], [cells[later] for later in in_order[step + 1 :]])
        for step, place in enumerate(in_order)
    }


def _of_miscopied(copied: Miscopied, read: Judged, first: Cell) -> Judged:
    """What a number is that is off because a given one was copied wrongly: the first one says so."""
    value = read.cell.reading.value
    if read.cell is first:
        slip = (copied.candidate,)
        return Judged(first, Judgement("diagnosed", sentence(slip), value, slip))
    if read.judgement.verdict == "more_digits":
        return read
    said = f"follows from {copied.name} = {numeral(copied.taken)}, which was copied so"
    return Judged(read.cell, Judgement("follow_through", said, value), first)


_Line = tuple[str, str, str]


@dataclass
class _Run:
    """The way through a sheet: the slips so far, and which numbers that are not on it are known from it.

    A number that is right in another convention than the rest of the sheet counts among them: what follows from it
    does so as from any slip, only that it is not blamed.
    """

    sheet: Sheet
    network: Network
    data: Data
    slips: list[Judged] = field(default_factory=list)
    lines: dict[_Line, Judged] = field(default_factory=dict)
    hidden: dict[int, dict[Ref, Own]] = field(default_factory=dict)
    causes: dict[tuple[int, Ref], Judged] = field(default_factory=dict)

    def judged(self, cell: Cell, later: Sequence[Cell]) -> Judged:
        """Judge the next cell; `later` are those still to come."""
        own, ref = self.sheet.own(cell.number), self.sheet.view.ref(cell)
        mine = self.sheet.view.own(cell)
        if own.follows_at_once(ref, mine):
            return self._following(cell, ref, mine)
        if self.sheet.is_right(cell.number, ref, mine):
            return Judged(cell, self._right(cell, ref, mine))
        if other := own.across_a_corner(ref, mine):
            return self._past_a_corner(cell, other)
        if ref.quantity == "loss" and (cause := self._without_a_loss(own)):
            return self._credited(cell, cause)
        if cause := self._past_a_slip(cell, ref, mine):
            return self._credited(cell, cause)
        judgement = self._explained(cell, own, ref, mine)
        if judgement.verdict not in (*BLAMED, "convention"):
            return Judged(cell, judgement)
        if cause := self._same_slip(cell, judgement) or self._repeated(cell, ref, mine):
            return self._credited(cell, cause)
        judged = Judged(cell, judgement)
        if judged.is_blamed:
            judged = self._located(judged, own, ref, mine, later)
        self.slips.append(judged)
        for line in _lines(judgement.candidates):
            self.lines.setdefault(line, judged)
        return judged

    # Right, or following

    def _following(self, cell: Cell, ref: Ref, mine: Own) -> Judged:
        true = value_of(self.sheet.true(cell.number).passed, ref)
        value = self.sheet.own(cell.number).reached(ref)
        cause = self._cause(cell.number, ref) if self.slips else None
        is_true = is_within(value, true, 1e-9 * max(abs(value), abs(true)))
        if cause is None or is_true or self.sheet.is_right(cell.number, ref, mine):
            return Judged(cell, self._right(cell, ref, mine))
        return self._credited(cell, cause)

    def _past_a_corner(self, cell: Cell, other: OwnNumbers) -> Judged:
        """Judge a number that follows where others lie on the other side of their corners, and go on with these."""
        self.sheet.take(cell.number, other)
        near = other.passed_corners
        if all(one.is_in_corner for one in near):
            return Judged(cell, Judgement("correct", "right", cell.reading.value))
        said = said_of(self.network, other.rows, near)
        return Judged(cell, Judgement("more_digits", said, cell.reading.value))

    def _right(self, cell: Cell, ref: Ref, mine: Own) -> Judgement:
        passed = self.sheet.true(cell.number).passed
        scale, exact = scale_of_question(passed, ref), value_of(passed, ref)
        off = min(abs(mine.value - one) for one in (exact, self.sheet.own(cell.number).reached(ref)))
        is_swallowed = mine.half_unit >= _SWALLOWED * scale or (ref.quantity in ("W", "b") and off > _SWALLOWED * scale)
        is_coarse = cell.reading.is_plain and scale and is_swallowed
        is_coarse = is_coarse and not is_within(mine.value, exact, 1e-9 * abs(exact))
        if is_coarse and not self.network.conventions.keeps(mine.half_unit):
            decimals = next((one for one in range(1, 12) if 0.5 * 10.0**-one <= _TELLING * scale), 12)
            message = f"that could be right: give {decimals} decimals" if decimals < 12 else "give every digit you have"
            return Judgement("more_digits", message, cell.reading.value)
        if self.sheet.view.names and not self._is_ours(cell):
            rules = "; ".join(dict.fromkeys(one.rule for one in self.sheet.view.names))
            return Judgement("convention", f"right in another convention: {rules}", cell.reading.value)
        return Judgement("correct", "right", cell.reading.value)

    def _is_ours(self, cell: Cell) -> bool:
        """Whether a number is right in the network's own conventions as well."""
        plain = View((), self.network, self.data)
        own, true = plain.own(cell), plain.passed(cell.number)
        slack = self.sheet.true(cell.number).slack(cell.ref)
        return is_within(own.value, value_of(true, cell.ref), slack + own.half_unit)

    def _credited(self, cell: Cell, cause: Judged) -> Judged:
        name = _name(self.network, cause.cell, self.sheet)
        return Judged(cell, Judgement("follow_through", f"follows from your {name}", cell.reading.value), cause.cell)

    def _cause(self, number: int, ref: Ref) -> Judged | None:
        """The first slip that a number follows from."""
        slips = {(one.cell.number, self.sheet.view.ref(one.cell)): one for one in self.slips} | self.causes
        for (of_pass, _), slip in slips.items():
            if of_pass < number:
                return slip
        seen: set[Ref] = set()
        stack: list[Ref] = [ref]
        own = self.sheet.own(number)
        twin = own.twin(ref, own.given[ref]) if ref in own.given else None
        if twin is not None and (number, twin) in slips:
            return slips[number, twin]
        names = {spelled(self.network, own.rows, one)[0]: slip for (of, one), slip in slips.items() if of == number}
        while stack:
            for argument in own.arguments(stack.pop()):
                if isinstance(argument, Ref) and argument not in seen:
                    if argument in names:
                        return names[argument]
                    seen.add(argument)
                    stack.append(argument)
        return None

    def _past_a_slip(self, cell: Cell, ref: Ref, mine: Own) -> Judged | None:
        """The slip that a number passes by: it follows from what should have stood there."""
        for slip in reversed(self.slips):
            if slip.cell.number != cell.number:
                continue
            own = self.sheet.own(cell.number)
            given = {one: value for one, value in own.given.items() if one != self.sheet.view.ref(slip.cell)}
            other = OwnNumbers(own.network, own.passed, given, own.unit, own.leaf_slack)
            if other.follows(ref, mine):
                return slip
        return None

    def _without_a_loss(self, own: OwnNumbers) -> Judged | None:
        """The slip that led to an output of which no logarithm can be taken: then no rule says what the loss is."""
        network = own.network
        outputs = [ref for ref in own.refs if ref.quantity == "a" and ref.layer == len(network.layers)]
        if not network.loss.takes_probabilities or all(0 < own.used(ref) < 1 for ref in outputs):
            return None
        return next((slip for slip in self.slips if slip.cell.ref.phase == "forward"), None)

    def _same_slip(self, cell: Cell, judgement: Judgement) -> Judged | None:
        """The slip that was named before, in the same line, and only shows here once more."""
        for one in judgement.candidates:
            before = self.lines.get(_line(one))
            if before is not None and (one.is_carried or _place(before.cell) != _place(cell)):
                return before
        return None

    def _repeated(self, cell: Cell, ref: Ref, mine: Own) -> Judged | None:
        """The slip of an earlier pass that is made in each pass, where a number follows from that, or has it again."""
        for slip in self.slips:
            if slip.cell.number >= cell.number:
                continue
            for own in self._with_slip_in_all(slip, cell.number):
                if own.follows(ref, mine) or self._same_slip(cell, self._explained(cell, own, ref, mine)) is slip:
                    self.sheet.take(cell.number, own)
                    return slip
        return None

    def _with_slip_in_all(self, slip: Judged, number: int) -> Iterator[OwnNumbers]:
        """Yield a pass with the learner's numbers in it, as a slip of the first one leads to it if made in each."""
        view, here = self.sheet.view, self.sheet.own(number)
        if slip.cell.number != 1:
            return

        def case(of: int) -> Case:
            return Case(view.network, view.passed(of), view.ref(slip.cell))

        for made in slip.judgement.candidates:
            for passed in passes_with(made, case(1), case, number):
                yield OwnNumbers(view.network, passed, here.given, here.unit, here.leaf_slack)

    # What went wrong

    def _explained(self, cell: Cell, own: OwnNumbers, ref: Ref, mine: Own) -> Judgement:
        """Judge a number that does not follow: with the mistakes that start from the learner's own numbers."""
        world = own.as_pass(but=ref)
        previous = self._previous(cell.number)
        case = Case(own.network, world, ref, previous)
        scale = scale_of_question(world, ref)
        value = own.reached(ref)
        reading = replace(cell.reading, value=mine.value)
        settled = settled_case(case, own)
        spread = own.spread(ref, mine)
        if not (math.isfinite(value) and math.isfinite(scale)):
            return Judgement("follow_through", "your numbers before it leave no number here", cell.reading.value)
        known = not_settled(known_mistakes(settled, scale), ref, own)
        judged = judge(reading, value, scale, known, spread=spread)
        if judged.verdict in ("wrong", "near"):
            known = (*known_mistakes(case, scale), *self._true_mistakes(cell, ref, scale))
            judged = judge(reading, value, scale, known, spread=spread)
        judged = named_late(judged, reading, settled, scale, known, {one: own.given[one].value for one in own.given})
        judged = reworded(judged, reading, settled)
        return replace(judged, value=cell.reading.value)

    def _true_mistakes(self, cell: Cell, ref: Ref, scale: float) -> tuple[Candidate, ...]:
        """Mistakes made with the right numbers, where the learner's own were not used."""
        passed = self.sheet.true(cell.number).passed
        previous = self.sheet.true(cell.number - 1).passed if cell.number > 1 else None
        return known_mistakes(Case(self.sheet.view.network, passed, ref, previous), scale)

    def _previous(self, number: int) -> Pass | None:
        return self.sheet.own(number - 1).as_pass() if number > 1 else None

    # Where it went wrong

    def _located(self, judged: Judged, own: OwnNumbers, ref: Ref, mine: Own, later: Sequence[Cell]) -> Judged:
        """Look for the number that is not on the sheet in which the slip was made, and go on with it."""
        found = off_sheet(own, ref)
        if found is None:
            return judged
        judged = replace(judged, between=found.frontier[-2:])
        others = [cell for cell in later if cell.number == judged.cell.number and not self.sheet.follows(cell)]
        others = [cell for cell in others if not self._is_right(cell)]
        view = self.sheet.view
        hidden = explaining(own, ref, mine, found.hidden, [(view.ref(cell), view.own(cell)) for cell in others])
        if hidden is not None:
            name, value = hidden
            self.causes[judged.cell.number, name] = judged
            self.hidden.setdefault(judged.cell.number, {})[name] = value
            self.sheet = Sheet(self.sheet.view, self.sheet.cells, self.hidden)
        return judged

    def _is_right(self, cell: Cell) -> bool:
        return self.sheet.is_right(cell.number, self.sheet.view.ref(cell), self.sheet.view.own(cell))


_SWALLOWED = 0.5
"""A number whose last decimal is coarser than this part of its scale says nothing."""

_TELLING = 0.05
"""A number whose last decimal is finer than this part of its scale says enough."""


def _lines(candidates: Sequence[Candidate]) -> list[_Line]:
    return [_line(one) for one in candidates]


def _line(one: Candidate) -> _Line:
    return one.mistake.id, one.slip.symbol, one.slip.theirs


def _place(cell: Cell) -> tuple[int, str, int | None]:
    return cell.number, cell.ref.quantity, cell.ref.layer


def _name(network: Network, cell: Cell, sheet: Sheet) -> str:
    name = symbol(network, sheet.own(1).rows, cell.ref)
    return f"{name} of pass {cell.number}" if sheet.last > 1 else name
