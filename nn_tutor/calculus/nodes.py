"""Every quantity as a node: what it is made of, how that is printed, and how it is computed at any precision.

What it is made of is read off the graph of the pass; here is, for every operation, the template of its rule and its
computation. Local derivatives come from `symbols`, once per kind of operation; the chain links them, node by node. The
whole loss is never expanded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

import sympy
from mpmath.ctx_mp import MPContext
from sympy import Expr, Rational, Symbol
from sympy.printing.pycode import MpmathPrinter

from nn_tutor.calculus.functions import as_defined
from nn_tutor.calculus.notation import (
    Slot,
    Template,
    formula_template,
    has_cases,
    product_template,
    scaled_template,
    shifted,
    sum_template,
)
from nn_tutor.calculus.rules import CLIPPED, DIRECTIONS, RATE, STATES, TIME, rate_form, symbols_of, template_of
from nn_tutor.calculus.symbols import (
    A,
    O,
    X,
    Y,
    Z,
    activation_form,
    activation_slope,
    fused_slope,
    loss_slope,
    loss_term,
    softmax_slope,
)
from nn_tutor.dataclass import dataclass
from nn_tutor.network.activations import ACTIVATIONS
from nn_tutor.network.graph import Argument, graph_of
from nn_tutor.network.graph import Node as GraphNode
from nn_tutor.network.operations import (
    Activate,
    ActivationSlope,
    Along,
    Descent,
    Follow,
    FusedSlope,
    Held,
    Length,
    LossSlope,
    LossSum,
    Multiple,
    Operation,
    Products,
    Scheduled,
    Softmax,
    SoftmaxSlope,
)

if TYPE_CHECKING:
    from nn_tutor.network.quantities import Ref
    from nn_tutor.network.rules import Line
    from nn_tutor.network.spec import Network

PRECISION = 50
"""Decimal digits of SymPy's side."""

MP = MPContext()
MP.dps = PRECISION

Compute = Callable[[Sequence[Any]], Any]


@dataclass(frozen=True, slots=True)
class Node:
    """A quantity in terms of its arguments: the template of its rule (and the folded one), and its computation."""

    arguments: tuple[Argument, ...]
    template: Template
    folded: Template
    compute: Compute


def make_node(network: Network, rows: int, ref: Ref) -> Node:
    """Return the node of a quantity of a pass over a batch of `rows` samples."""
    made = graph_of(network, rows).as_printed(ref)
    count = len(made.arguments)
    match made.operation:
        case Products(sizes):
            whole, folded = _sum_templates(sizes)
            return Node(made.arguments, whole, folded, lambda values: _sum_of_products(sizes, values))
        case Multiple(times):
            template: Template = (f"{times}·", Slot(0))
            return Node(made.arguments, template, template, lambda values: times * values[0])
        case Activate(name, slope):
            return _formula(activation_form(name, slope), (Z,), made.arguments)
        case ActivationSlope(name, slope):
            symbols = {"a": (A,), "z": (Z,), "nothing": ()}[ACTIVATIONS[name].slope_in]
            return _formula(activation_slope(name, slope), symbols, made.arguments)
        case Softmax(unit):
            return _softmax(made.arguments, unit)
        case SoftmaxSlope(same):
            return _formula(softmax_slope(same=same), (A,) if same else (A, X), made.arguments)
        case LossSum():
            return _loss(made.operation, made.arguments)
        case LossSlope(loss, scale):
            return _formula(loss_slope(loss, _rational(scale)), (O, Y)[:count], made.arguments)
        case FusedSlope(loss, scale):
            return _formula(fused_slope(loss, _rational(scale)), (O, Y), made.arguments)
        case _:
            return _update_node(network, made)


def _update_node(network: Network, made: GraphNode) -> Node:
    """Return the node of a number of an update."""
    count = len(made.arguments)
    match made.operation:
        case Held():
            held: Template = (Slot(0, True), " (held)") if count else ("0, held",)
            return Node(made.arguments, held, held, lambda values: values[0] if count else MP.mpf(0))
        case Descent():
            return _descent(network, made.operation, made.arguments)
        case Along():
            return _step_node(network, made.operation, made.arguments)
        case Follow():
            line = made.operation.line
            template = template_of(line.written, line.of)
            return Node(made.arguments, template, template, _computed(_expression(network, made.operation), line))
        case Length():
            squares: list[Template] = [(Slot(place), "²") for place in range(count)] or [("0",)]
            whole, folded = (("√(", *sum_template(squares, folded=fold), ")") for fold in (False, True))
            return Node(made.arguments, whole, folded, lambda values: MP.sqrt(MP.fsum(one**2 for one in values)))
        case Scheduled(optimizer):
            form = rate_form(optimizer.schedule)
            function = _function(form.expression, (RATE, TIME))
            template = form.template
            return Node(made.arguments, template, template, lambda values: function(*values))
        case operation:
            raise NotImplementedError(f"there is no rule for {operation}")


def _expression(network: Network, operation: Along | Follow) -> Expr:
    """SymPy's own form of a line of the network's update rule."""
    optimizer, makes = network.optimizer, operation.line.makes
    if isinstance(operation, Along):
        found = DIRECTIONS[optimizer.rule]
    elif makes == "clipped":
        found = CLIPPED[optimizer.clipping.kind]
    else:
        found = next((own for state, own in STATES[optimizer.rule].items() if state == makes), None)
    if found is None:
        raise NotImplementedError(f"there is no rule for {makes} of {optimizer.rule}")
    return found


def _computed(expression: Expr, line: Line) -> Compute:
    function = _function(expression, symbols_of(line))
    return lambda values: function(*values)


def _descent(network: Network, descent: Descent, arguments: tuple[Argument, ...]) -> Node:
    """A parameter less its step, and less what decays."""
    step = _step_node(network, descent.step, descent.of_step(arguments))
    template: Template = (Slot(0, True), " − ", *shifted(_plain(step.template), 1))
    last = len(arguments) - 1
    if descent.decays:
        template = (*template, " − ", Slot(last - 1), "·", Slot(last), "·", Slot(0))

    def compute(values: Sequence[Any]) -> Any:
        kept = values[0] - step.compute(descent.of_step(values))
        return kept - values[-2] * values[-1] * values[0] if descent.decays else kept

    return Node(arguments, template, template, compute)


def _step_node(network: Network, operation: Operation, arguments: Sequence[Argument]) -> Node:
    """What is taken off a parameter, as a node of its own."""
    match operation:
        case Products():
            template = product_template(len(arguments))
            return Node(tuple(arguments), template, template, MP.fprod)
        case Along():
            line = operation.line
            compute = _computed(_expression(network, operation), line)
            own = shifted(_plain(template_of(line.written, line.of)), 1)
            template = (Slot(0, True), "·", *own)
            return Node(tuple(arguments), template, template, lambda values: values[0] * compute(values[1:]))
        case _:
            raise NotImplementedError(f"no step is made by {operation}")


def _loss(loss: LossSum, arguments: tuple[Argument, ...]) -> Node:
    term = loss_term(loss.loss)
    negative = bool(term.could_extract_minus_sign())
    symbols = (O, Y) if loss.loss.has_targets else (O,)
    size, rest = len(symbols), 2 if loss.has_penalty else 0
    template = formula_template(-term if negative else term, symbols)
    places = range(0, len(arguments) - rest, size)
    placed = [shifted(template, place) for place in places]
    scale = _rational(loss.scale)
    signed = -scale if negative else scale
    if has_cases(template) and (signed != 1 or len(placed) > 1):
        placed = [("(", *each, ")") for each in placed]
    is_sum = signed != 1 and (len(placed) > 1 or (-term if negative else term).is_Add)
    whole = scaled_template(signed, sum_template(placed, folded=False), is_sum=is_sum)
    folded = scaled_template(signed, sum_template(placed, folded=True), is_sum=is_sum)
    function = _function(term, symbols)
    factor = MP.mpf(scale.p) / scale.q

    def compute(values: Sequence[Any]) -> Any:
        total = MP.fsum(function(*values[place : place + size]) for place in places)
        return factor * total + (values[-2] / 2 * values[-1] if rest else 0)

    if rest:
        penalty = (" + ", Slot(len(arguments) - 2), "/2·", Slot(len(arguments) - 1))
        whole, folded = (*whole, *penalty), (*folded, *penalty)
    return Node(arguments, whole, folded, compute)


def _rational(number: Fraction) -> Rational:
    return Rational(number.numerator, number.denominator)


def _formula(expression: Expr, symbols: tuple[Symbol, ...], arguments: tuple[Argument, ...]) -> Node:
    """A node from a SymPy expression over symbols that stand for the arguments."""
    template, function = _printed_and_computed(expression, symbols)
    return Node(arguments, template, template, lambda values: function(*values))


@cache
def _printed_and_computed(expression: Expr, symbols: tuple[Symbol, ...]) -> tuple[Template, Callable[..., Any]]:
    return formula_template(expression, symbols), _function(expression, symbols)


@cache
def _function(expression: Expr, symbols: tuple[Symbol, ...]) -> Callable[..., Any]:
    """Compile one of our own patterns for mpmath, at our own precision."""
    # Fractions are written in mpmath's numbers, not in Python's, which have 16 digits.
    printer = MpmathPrinter({"fully_qualified_modules": False, "inline": True, "allow_unknown_functions": True})
    function: Callable[..., Any] = sympy.lambdify(symbols, as_defined(expression), modules=[_NAMES], printer=printer)
    return lambda *values: MP.convert(function(*values))


_NAMES: dict[str, Any] = {
    "log": MP.log,
    "exp": MP.exp,
    "tanh": MP.tanh,
    "erfc": MP.erfc,
    "sqrt": MP.sqrt,
    "cos": MP.cos,
    "pi": MP.pi,
    "mpf": MP.mpf,
    "sign": MP.sign,
    "fabs": MP.fabs,
    "floor": lambda value: MP.floor(value + MP.mpf(10) ** -40),  # thirds that make a whole number fall short of it
    **dict.fromkeys(("Min", "amin"), min),
    **dict.fromkeys(("Max", "amax"), max),
}
"""What a compiled pattern may call."""


def _softmax(arguments: tuple[Argument, ...], unit: int) -> Node:
    powers: list[Template] = [("e^", Slot(place)) for place in range(len(arguments))]
    whole = (*powers[unit], " / (", *sum_template(powers, folded=False), ")")
    folded = (*powers[unit], " / (", *sum_template(powers, folded=True), ")")

    def compute(values: Sequence[Any]) -> Any:
        largest = max(values)
        return MP.exp(values[unit] - largest) / MP.fsum(MP.exp(value - largest) for value in values)

    return Node(arguments, whole, folded, compute)


def _sum_of_products(sizes: tuple[int, ...], values: Sequence[Any]) -> Any:
    total, start = MP.mpf(0), 0
    for size in sizes:
        total += MP.fprod(values[start : start + size])
        start += size
    return total


@cache
def _sum_templates(sizes: tuple[int, ...]) -> tuple[Template, Template]:
    terms, start = [], 0
    for size in sizes:
        terms.append(shifted(_plain(product_template(size)), start))
        start += size
    return sum_template(terms, folded=False), sum_template(terms, folded=True)


def _plain(template: Template) -> Template:
    """A template as it stands inside a sum, where a negative number is bracketed, but for the very first."""
    return tuple(part if isinstance(part, str) else Slot(part.argument) for part in template)
