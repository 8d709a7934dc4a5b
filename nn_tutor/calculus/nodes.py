"""Every quantity as a node: what it is made of, how that is printed, and how it is computed at any precision.

Local derivatives come from `symbols`, once per kind of operation; the chain links them, node by node. The whole loss is
never expanded. A node stands on other quantities of the pass (`Ref`) and on leaves: inputs, targets, old parameters,
the learning rate, the L2 factor.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any, Literal

import sympy
from mpmath.ctx_mp import MPContext
from sympy import Expr, Rational, Symbol

from nn_tutor.calculus.names import slope_of_activation, slope_of_sum
from nn_tutor.calculus.notation import (
    Slot,
    Template,
    formula_template,
    product_template,
    scaled_template,
    shifted,
    sum_template,
)
from nn_tutor.calculus.symbols import (
    FUNCTIONS,
    A,
    O,
    W,
    X,
    Y,
    Z,
    activation_slope,
    fused_slope,
    loss_slope,
    loss_term,
    path_slope,
    softmax_slope,
    weight_slope,
)
from nn_tutor.network.quantities import Ref
from nn_tutor.network.spec import Network

PRECISION = 50
"""Decimal digits of SymPy's side."""

MP = MPContext()
MP.dps = PRECISION


@dataclass(frozen=True, slots=True)
class Leaf:
    """What a pass stands on: an input or target `(row, unit)`, an old weight `(out, in)` or bias `(unit,)`, η or λ.

    "squares" is Σw² over all weights.
    """

    kind: Literal["x", "y", "w", "b", "lr", "l2", "squares"]
    layer: int = 0
    index: tuple[int, ...] = ()


Argument = Ref | Leaf
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
    return _Maker(network, rows).make(ref)


class _Maker:
    """Makes the nodes of one network."""

    def __init__(self, network: Network, rows: int) -> None:
        self.network = network
        self.rows = rows
        self.depth = len(network.layers)

    def make(self, ref: Ref) -> Node:
        node: Node = getattr(self, f"_{ref.quantity}")(ref.layer or self.depth, *(ref.index or ()))
        return node

    # Forward

    def _z(self, layer: int, row: int, unit: int) -> Node:
        spec = self.network.layers[layer - 1]
        pairs: list[tuple[Argument, Argument]] = []
        for into in range(spec.inputs):
            weight, entering = Leaf("w", layer, (unit, into)), self._entering(layer, row, into)
            pairs.append((entering, weight) if self.network.is_scalar else (weight, entering))
        return _sum_of_products(pairs, () if spec.biases is None else (Leaf("b", layer, (unit,)),))

    def _a(self, layer: int, row: int, unit: int) -> Node:
        activation = self.network.layers[layer - 1].activation
        if activation == "identity":
            return self._z(layer, row, unit)
        if activation == "softmax":
            units = self.network.layers[layer - 1].units
            return _softmax(tuple(Ref("z", layer, (row, other)) for other in range(units)), unit)
        return _formula(FUNCTIONS[activation](Z), (Z,), (Ref("z", layer, (row, unit)),))

    def _loss(self, layer: int) -> Node:
        terms: list[tuple[Template, int]] = []
        arguments: list[Argument] = []
        term = loss_term(self.network.loss.kind)
        negative = bool(term.could_extract_minus_sign())
        symbols = (O,) if self.network.loss.kind == "output" else (O, Y)
        template = formula_template(-term if negative else term, symbols)
        for row in range(self.rows):
            for unit in range(self.network.outputs):
                terms.append((template, len(arguments)))
                arguments.append(Ref("a", self.depth, (row, unit)))
                if len(symbols) == 2:
                    arguments.append(Leaf("y", 0, (row, unit)))
        scale = self._scale(self.rows)
        placed = [shifted(printed, by) for printed, by in terms]
        signed = -scale if negative else scale
        is_sum = signed != 1 and (len(placed) > 1 or (-term if negative else term).is_Add)
        whole = scaled_template(signed, sum_template(placed, folded=False), is_sum=is_sum)
        folded = scaled_template(signed, sum_template(placed, folded=True), is_sum=is_sum)
        size, count, l2 = len(symbols), len(placed), self.network.l2
        function = _function(term, symbols)
        factor = MP.mpf(scale.p) / scale.q

        def compute(values: Sequence[Any]) -> Any:
            total = MP.fsum(function(*values[place * size : (place + 1) * size]) for place in range(count))
            return factor * total + (values[-2] / 2 * values[-1] if l2 else 0)

        if l2:
            penalty = (" + ", Slot(len(arguments)), "/2·", Slot(len(arguments) + 1))
            arguments += [Leaf("l2"), Leaf("squares")]
            whole, folded = (*whole, *penalty), (*folded, *penalty)
        return Node(tuple(arguments), whole, folded, compute)

    # Backward

    def _dL_do(self, layer: int, row: int, unit: int) -> Node:
        kind = self.network.loss.kind
        arguments: tuple[Argument, ...] = (Ref("a", self.depth, (row, unit)), Leaf("y", 0, (row, unit)))
        return _formula(loss_slope(kind, self._scale(self.rows)), (O, Y), arguments)

    def _da_dz(self, layer: int, row: int, unit: int, into: int | None = None) -> Node:
        activation = self.network.layers[layer - 1].activation
        own = Ref("a", layer, (row, unit))
        if activation == "softmax":
            return _formula(softmax_slope(same=unit == into), (A, X), (own, Ref("a", layer, (row, into or 0))))
        return _formula(activation_slope(activation), (A, Z), (own, Ref("z", layer, (row, unit))))

    def _delta(self, layer: int, row: int, unit: int) -> Node:
        return self._slope_in_z(layer, row, unit, rows=self.rows)

    def _delta_sample(self, layer: int, row: int, unit: int) -> Node:
        times = self.rows if self.network.loss.batch == "mean" else 1
        delta = slope_of_sum(self.network, layer, row, unit)
        if times == 1:
            return _product((delta,))
        template: Template = (f"{times}·", Slot(0))
        return Node((delta,), template, template, lambda values: times * values[0])

    def _slope_in_z(self, layer: int, row: int, unit: int, rows: int) -> Node:
        network = self.network
        activation = network.layers[layer - 1].activation
        if layer == self.depth and network.is_fused:
            slope = fused_slope(network.loss.kind, self._scale(rows))
            return _formula(slope, (O, Y), (Ref("a", layer, (row, unit)), Leaf("y", 0, (row, unit))))
        if activation == "softmax":
            units = range(network.outputs)
            return _sum_of_products(
                [(Ref("dL_do", None, (row, k)), Ref("da_dz", layer, (row, k, unit))) for k in units]
            )
        above = slope_of_activation(network, layer, row, unit)
        return _product((above,) if activation == "identity" else (above, Ref("da_dz", layer, (row, unit))))

    def _dz_dw(self, layer: int, row: int, out: int, into: int) -> Node:
        return _formula(weight_slope(), (X,), (self._entering(layer, row, into),))

    def _dz_da(self, layer: int, out: int, into: int) -> Node:
        return _formula(path_slope(), (W,), (Leaf("w", layer, (out, into)),))

    def _dL_da(self, layer: int, row: int, unit: int) -> Node:
        above = layer + 1
        if self.network.is_scalar and self.rows == 1:
            return _product((*self._links_to_z(above), Ref("dz_da", above, (0, 0))))
        return self._over_paths(above, row, unit)

    def _dX(self, layer: int, row: int, into: int) -> Node:
        return self._over_paths(1, row, into)

    def _dW(self, layer: int, out: int, into: int) -> Node:
        decay: tuple[Argument, ...] = (Leaf("l2"), Leaf("w", layer, (out, into))) if self.network.l2 else ()
        if self.network.is_scalar and self.rows == 1:
            last = self._entering(layer, 0, 0) if self.network.is_fused else Ref("dz_dw", layer, (0, 0, 0))
            links: list[tuple[Argument, ...]] = [(*self._links_to_z(layer), last)]
        else:
            links = [
                (slope_of_sum(self.network, layer, row, out), self._entering(layer, row, into))
                for row in range(self.rows)
            ]
        return _sum_of_products([*links, decay] if decay else links)

    def _db(self, layer: int, unit: int) -> Node:
        if self.network.is_scalar and self.rows == 1:
            return _product(self._links_to_z(layer))
        return _sum_of_products([(slope_of_sum(self.network, layer, row, unit),) for row in range(self.rows)])

    # Update

    def _step(self, layer: int, out: int, into: int) -> Node:
        if (out, into) in self.network.layers[layer - 1].frozen:
            return Node((), ("0, held",), ("0, held",), lambda values: MP.mpf(0))
        return _product((Leaf("lr"), Ref("dW", layer, (out, into))))

    def _W(self, layer: int, out: int, into: int) -> Node:
        held = (out, into) in self.network.layers[layer - 1].frozen
        return _update(Leaf("w", layer, (out, into)), Ref("dW", layer, (out, into)), held=held)

    def _b(self, layer: int, unit: int) -> Node:
        held = not self.network.layers[layer - 1].train_biases
        return _update(Leaf("b", layer, (unit,)), Ref("db", layer, (unit,)), held=held)

    # Parts

    def _entering(self, layer: int, row: int, into: int) -> Argument:
        return Leaf("x", 0, (row, into)) if layer == 1 else Ref("a", layer - 1, (row, into))

    def _links_to_z(self, layer: int) -> tuple[Argument, ...]:
        """The links of a scalar network from the loss to z of a layer: ∂L/∂o and ∂o/∂z, or δ where they are fused."""
        if layer == self.depth and self.network.is_fused:
            return (Ref("delta", layer, (0, 0)),)
        first = slope_of_activation(self.network, layer, 0, 0)
        if self.network.layers[layer - 1].activation == "identity":
            return (first,)
        return (first, Ref("da_dz", layer, (0, 0)))

    def _over_paths(self, layer: int, row: int, into: int) -> Node:
        units = self.network.layers[layer - 1].units
        return _sum_of_products(
            [(slope_of_sum(self.network, layer, row, out), Leaf("w", layer, (out, into))) for out in range(units)]
        )

    def _scale(self, rows: int) -> Rational:
        return output_scale(self.network, rows)


def output_scale(network: Network, rows: int) -> Rational:
    """Return what every term of the loss is multiplied by, as an exact fraction."""
    loss = network.loss
    over = (network.outputs if loss.outputs == "mean" else 1) * (rows if loss.batch == "mean" else 1)
    exact = Fraction(str(loss.factor)) / over
    return Rational(exact.numerator, exact.denominator)


def _formula(expression: Expr, symbols: tuple[Symbol, ...], arguments: tuple[Argument, ...]) -> Node:
    """A node from a SymPy expression; arguments that it does not hold are left out."""
    kept = tuple(place for place, symbol in enumerate(symbols) if symbol in expression.free_symbols)
    used = tuple(symbols[place] for place in kept)
    template, function = _printed_and_computed(expression, used)
    return Node(tuple(arguments[place] for place in kept), template, template, lambda values: function(*values))


@cache
def _printed_and_computed(expression: Expr, symbols: tuple[Symbol, ...]) -> tuple[Template, Callable[..., Any]]:
    return formula_template(expression, symbols), _function(expression, symbols)


@cache
def _function(expression: Expr, symbols: tuple[Symbol, ...]) -> Callable[..., Any]:
    """Compile one of our own patterns for mpmath, at our own precision."""
    names: dict[str, Any] = {
        "Sigmoid": lambda z: 1 / (1 + MP.exp(-z)),
        "Tanh": MP.tanh,
        "Relu": lambda z: max(z, MP.mpf(0)),
        "Step": lambda z: MP.mpf(z > 0),
        "log": MP.log,
        "exp": MP.exp,
        "mpf": MP.mpf,
    }
    function: Callable[..., Any] = sympy.lambdify(symbols, expression, modules=[names])
    return lambda *values: MP.convert(function(*values))


def _softmax(arguments: tuple[Argument, ...], unit: int) -> Node:
    powers: list[Template] = [("e^", Slot(place)) for place in range(len(arguments))]
    whole = (*powers[unit], " / (", *sum_template(powers, folded=False), ")")
    folded = (*powers[unit], " / (", *sum_template(powers, folded=True), ")")

    def compute(values: Sequence[Any]) -> Any:
        largest = max(values)
        return MP.exp(values[unit] - largest) / MP.fsum(MP.exp(value - largest) for value in values)

    return Node(arguments, whole, folded, compute)


def _product(arguments: tuple[Argument, ...]) -> Node:
    template = product_template(len(arguments))
    return Node(arguments, template, template, MP.fprod)


def _sum_of_products(groups: Sequence[tuple[Argument, ...]], extra: tuple[Argument, ...] = ()) -> Node:
    """Products of arguments, added up, and single arguments added to them."""
    sizes = tuple(len(group) for group in groups) + (1,) * len(extra)
    arguments = tuple(argument for group in groups for argument in group) + extra
    whole, folded = _sum_templates(sizes)

    def compute(values: Sequence[Any]) -> Any:
        total, start = MP.mpf(0), 0
        for size in sizes:
            total += MP.fprod(values[start : start + size])
            start += size
        return total

    return Node(arguments, whole, folded, compute)


@cache
def _sum_templates(sizes: tuple[int, ...]) -> tuple[Template, Template]:
    terms, start = [], 0
    for size in sizes:
        # Inside a sum a negative number is bracketed, but for the very first.
        plain = tuple(part if isinstance(part, str) else Slot(part.argument) for part in product_template(size))
        terms.append(shifted(plain, start))
        start += size
    return sum_template(terms, folded=False), sum_template(terms, folded=True)


def _update(old: Leaf, slope: Ref, *, held: bool) -> Node:
    if held:
        return Node((old,), (Slot(0, True), " (held)"), (Slot(0, True), " (held)"), lambda values: values[0])
    template: Template = (Slot(0, True), " − ", Slot(1), "·", Slot(2))
    return Node((old, Leaf("lr"), slope), template, template, lambda values: values[0] - values[1] * values[2])
