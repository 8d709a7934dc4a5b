"""Why a number of a pass is what it is: its rule with these numbers, its parts, a nudge of one of them, a usual slip.

Every sentence is made from the graph of the pass, and none holds a number that is still to be found there.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

import numpy as np

from nn_tutor.calculus.argument_names import argument_name
from nn_tutor.calculus.names import symbol
from nn_tutor.calculus.numerals import numeral
from nn_tutor.dataclass import dataclass
from nn_tutor.judging.diagnosis import begun, introduced
from nn_tutor.judging.mistakes.case import Case
from nn_tutor.judging.mistakes.on_sheet import symbol_on_sheet
from nn_tutor.judging.reading import ReadingError, read
from nn_tutor.network.conventions import Conventions
from nn_tutor.network.evaluation import leaf_value
from nn_tutor.network.graph import Argument, Graph, Leaf, Node
from nn_tutor.network.losses import DomainError
from nn_tutor.network.operations import Descent, LossSlope, Products
from nn_tutor.network.quantities import TABLE, Ref
from nn_tutor.network.records import value_of
from nn_tutor.tutor.hints import rule_in_words
from nn_tutor.tutor.hunting import own_symbol
from nn_tutor.walkthrough.nudging import nudge
from nn_tutor.walkthrough.questions import over_and_under
from nn_tutor.walkthrough.steps import is_exact, shown_value

if TYPE_CHECKING:
    from nn_tutor.tutor.visible import View

ReasonKind = Literal["rule", "parts", "nudge", "slip"]

EPSILON = 0.01
"""How far a number is nudged."""

MAX_PARTS = 6
"""How many parts of a sum are told; the others are counted."""

MIN_APART = 5e-4
"""A number nearer than this, as a part of its size, to one that is asked would tell it."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence on a number: on its rule, its parts, a nudge of it, or a usual slip."""

    kind: ReasonKind
    text: str


def why(view: View, ref: Ref) -> tuple[Reason, ...]:
    """Return why a number is what it is, none where it may not be seen."""
    if ref not in view.known:
        return ()
    hidden = [
        shown_value(view.network, view.passed, other)
        for other in (view.order if view.is_own else view.unsettled | view.asked)
        if other not in view.known
    ]
    found = (Reason(one.kind, _sentence(one.text)) for one in _Why(view, ref).reasons())
    return tuple(reason for reason in found if not any(_tells(reason.text, value) for value in hidden))


def reasons_at_hand(view: View) -> tuple[Reason, ...]:
    """Return why the number in question is what it is; while it is asked, why the last known one before it is."""
    known = [ref for ref in view.refs if ref in view.known]
    ref = view.focus if view.focus in view.known or not known else max(known, key=lambda one: view.order.get(one, 0))
    return why(view, ref)


def numbers_in(text: str) -> list[float]:
    """Return the numbers that stand in a sentence, those in names left out."""
    return [float(found.replace("−", "-").replace(",", "")) for found in _NUMBER.findall(text)]


_NUMBER = re.compile(r"(?<![\w.₀-₉])[−-]?\d+(?:\.\d+)?(?:e[−-]?\d+)?(?![\w.]*\w)")


def _sentence(text: str) -> str:
    """A sentence that begins with a capital, unless it begins with a name, and ends with a stop."""
    return f"{begun(text)}."


def _tells(text: str, value: float) -> bool:
    """Whether a sentence holds a number that could be another one, whatever its sign."""
    reach = MIN_APART * max(abs(value), 1e-6)
    return any(abs(abs(number) - abs(value)) <= reach for number in numbers_in(text))


class _Why:
    """The sentences on one number of a view."""

    def __init__(self, view: View, ref: Ref) -> None:
        self.view = view
        self.ref = ref
        self.network, self.passed = view.network, view.passed
        self.rows = view.samples
        self.name = symbol(self.network, self.rows, ref)
        self.value = shown_value(self.network, self.passed, ref)

    def reasons(self) -> Iterator[Reason]:
        """Yield the sentences, the rule first."""
        yield Reason("rule", introduced(f"{self.name} is {numeral(self.value)}", self._rule()))
        if self.network.conventions != Conventions():  # the sheet turns signs, and the graph does not
            yield from self._printed()
            return
        node = Graph(self.network, self.rows).as_printed(self.ref)
        values = [self._value(argument) for argument in node.arguments]
        yield from self._parts(node, values)
        yield from self._nudge(node, values)
        yield from self._slip()

    def _rule(self) -> str:
        return rule_in_words(self.network, self.rows, self.ref)

    # Its parts

    def _parts(self, node: Node, values: list[float]) -> Iterator[Reason]:
        operation = node.operation
        written = [argument_name(self.network, self.rows, argument) for argument in node.arguments]
        match operation:
            case Products() if values:
                yield self._products(operation, written, values)
            case LossSlope(loss) if loss.kind == "squared_error":
                yield self._square(operation, written, values)
            case Descent() if len(values) == 3 and self.network.optimizer.rule == "gradient-descent":
                yield self._descent(written, values)
            case _:
                yield from self._printed()

    def _printed(self) -> Iterator[Reason]:
        """The rule with its numbers, as the table prints it."""
        step = self.view.step(self.ref)
        if step.rule is None or step.substituted is None or " = " in step.rule:  # with a definition behind it
            return
        parts = [part for part in dict.fromkeys((step.rule, step.substituted)) if part != numeral(self.value)]
        if parts:
            yield Reason("parts", f"{' = '.join((self.name, *parts))} {step.relation} {numeral(self.value)}")

    def _products(self, operation: Products, names: list[str], values: list[float]) -> Reason:
        parts = []
        for start, end in operation.groups():
            product = math.prod(values[start:end])
            if end - start == 1:
                parts.append(f"{names[start]} = {numeral(values[start])}")
                continue
            numbers = "·".join(_in_product(value, first=not place) for place, value in enumerate(values[start:end]))
            parts.append(f"{'·'.join(names[start:end])} = {_equation(numbers, product)}")
        if len(parts) == 1:
            is_slope = TABLE[self.ref.quantity].role == "gradient"
            said = f"{self.name} = " if is_slope else "one product: "  # the rule has named the chain already
            return Reason("parts", f"{said if '·' in parts[0] else 'it is one number alone: '}{parts[0]}")
        more = f"; and {len(parts) - MAX_PARTS} more" if len(parts) > MAX_PARTS else ""
        told = "; ".join(parts[:MAX_PARTS])
        return Reason("parts", f"a sum of {len(parts)} parts: {told}{more}; together {numeral(self.value)}")

    def _square(self, operation: LossSlope, names: list[str], values: list[float]) -> Reason:
        """The slope of a square, taken apart: power rule, sum, chain, and the factor of the loss."""
        o, y = values
        error, scale = o - y, float(operation.scale)
        twice = f"2·{_in_product(error, first=False)}"
        difference = f"{names[0]} − {names[1]} = {numeral(o)} − {_bracketed(y)}"
        said = f"the square of e has the slope 2·e (power rule), and e is {difference} {_relation(difference, error)}"
        said += f" {numeral(error)}: {_equation(twice, 2 * error)}"
        said += f"; {names[1]} stands still, so e moves as {names[0]} does, times 1 (sum rule and chain rule)"
        if scale != 1:
            said += (
                f"; the loss takes {operation.scale} of each square: {_equation(_scaled(scale, 2 * error), self.value)}"
            )
        return Reason("parts", said)

    def _descent(self, names: list[str], values: list[float]) -> Reason:
        old, rate, slope = values
        step = rate * slope
        product = f"{_in_product(rate, first=True)}·{_in_product(slope, first=False)}"
        direction = "up" if step < 0 else "down"
        sign = "negative" if slope < 0 else "positive"
        moves = f", and as the slope is {sign}, {names[0]} goes {direction}" if step else ""
        taken = f"{numeral(old)} − {_bracketed(step)}"
        return Reason(
            "parts",
            f"the step is {names[1]}·{names[2]} = {_equation(product, step)}{moves}: {_equation(taken, self.value)}",
        )

    # A nudge

    def _nudge(self, node: Node, values: list[float]) -> Iterator[Reason]:
        if TABLE[self.ref.quantity].phase == "backward" and self.ref.quantity != "delta_sample":
            yield from self._nudged_slope()
            return
        try:
            with np.errstate(all="ignore"):
                partials = [float(partial) for partial in node.operation.partials(values)]
                place = max(self._free(node), key=lambda one: abs(partials[one]), default=-1)
                if place < 0 or not partials[place] or not math.isfinite(partials[place]):
                    return
                nudged = [*values[:place], values[place] + EPSILON, *values[place + 1 :]]
                moved = node.operation.value(nudged) - node.operation.value(values)
        except (DomainError, OverflowError, ZeroDivisionError):
            return
        name = argument_name(self.network, self.rows, node.arguments[place])
        if not math.isfinite(moved) or not moved:
            return
        way = "larger" if moved > 0 else "smaller"
        yield Reason(
            "nudge", f"were {name} {numeral(EPSILON)} larger, {self.name} would be {numeral(abs(moved))} {way}"
        )

    def _free(self, node: Node) -> list[int]:
        """The arguments that can be moved alone: the slope of an update moves with the old weight."""
        places = range(len(node.arguments))
        if TABLE[self.ref.quantity].phase != "update":
            return list(places)
        slopes = [place for place in places if isinstance(node.arguments[place], Ref)]
        return slopes or list(places)

    def _nudged_slope(self) -> Iterator[Reason]:
        """What stands below the slope is moved a little, and what stands above it looked at."""
        try:
            moved = nudge(self.network, self.passed, self.ref, EPSILON)
        except (DomainError, OverflowError):
            return
        if moved.quotient is None or not math.isfinite(moved.quotient):
            return
        over, under = over_and_under(self.network, self.rows, self.ref)
        change = "does not move" if not moved.change else f"moves by {numeral(moved.change)}"
        each = "" if not moved.change else f", which is {numeral(moved.quotient)} per unit"
        yield Reason("nudge", f"move {under} by {numeral(EPSILON)}, and {over} {change}{each}")

    # A slip

    def _slip(self) -> Iterator[Reason]:
        """A usual slip in this very line, or where there is none the first one on the way to it."""
        known = self.view.lesson_run.known(self.view.activity, self.passed.number, self.ref, "number")
        own = self._own_line()
        for candidate in sorted(known, key=lambda one: one.slip.symbol != own or one.mistake.id == "stopped-early"):
            if candidate.is_carried or candidate.also is not None or candidate.mistake.is_convention:
                continue
            if numeral(candidate.value) != numeral(self.value):
                slip, right = numeral(candidate.value), numeral(self.value)
                yield Reason("slip", f"someone who {candidate.mistake.name} gets {slip}, not {right}")
                return

    def _own_line(self) -> str:
        """How a mistake in this line begins; of a δ that is the slope which makes it of what came back."""
        case = Case(self.network, self.passed, self.ref)
        is_delta = self.ref.quantity in ("delta", "delta_sample")
        return symbol_on_sheet(case, case.local(case.layer) if is_delta else own_symbol(case))

    # Names and values

    def _value(self, argument: Argument) -> float:
        if isinstance(argument, Leaf):
            return leaf_value(self.network, self.passed, argument)
        return value_of(self.passed, argument)


def _in_product(value: float, *, first: bool) -> str:
    text = numeral(value)
    return f"({text})" if text.startswith("−") and not first else text


def _bracketed(value: float) -> str:
    text = numeral(value)
    return f"({text})" if text.startswith("−") else text


def _scaled(scale: float, value: float) -> str:
    return f"{numeral(scale)}·{_in_product(value, first=False)}"


def _equation(written: str, value: float) -> str:
    """A calculation with what it comes to, `=` only where the printed numbers give exactly the printed value."""
    return f"{written} {_relation(written, value)} {numeral(value)}"


def _relation(written: str, value: float) -> str:
    try:
        found = read(written.rpartition("=")[2]).value
        return "=" if is_exact(found) and numeral(found) == numeral(value) else "≈"
    except ReadingError:
        return "≈"
