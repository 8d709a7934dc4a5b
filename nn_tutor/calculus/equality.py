"""Whether SymPy can disprove that a typed formula is a slope of the network.

The formula arrives as a tree that the tutor's own parser made; the SymPy object is built from the tree, node by node.
Nothing that was typed ever reaches SymPy as a text.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from random import Random
from typing import TYPE_CHECKING, Any

import sympy
from sympy import Expr, Symbol

from nn_tutor.calculus.functions import FUNCTIONS, as_defined
from nn_tutor.calculus.names import bias, feature, on_keys, symbol, target, weight
from nn_tutor.calculus.symbols import O, Y, Z, activation_form, loss_term
from nn_tutor.network.activations import ACTIVATIONS
from nn_tutor.network.quantities import QUANTITIES, TABLE, Ref, elements, layers_of, shown_sign

if TYPE_CHECKING:
    from nn_tutor.network.spec import Network

MAX_WEIGHTS = 12
"""Beyond so many weights the numbers alone decide: expanding the whole network would take too long."""

MAX_EXPONENT = 100
"""Of a formula with a larger exponent the numbers alone decide as well."""

_SLOPES = tuple(quantity for quantity in QUANTITIES if TABLE[quantity].phase == "backward")

_FUNCTIONS: dict[str, Callable[..., Expr]] = {
    "exp": sympy.exp,
    "log": sympy.log,
    "ln": sympy.log,
    "sqrt": sympy.sqrt,
    "abs": sympy.Abs,
    "min": sympy.Min,
    "max": sympy.Max,
    "sign": sympy.sign,
    "erf": sympy.erf,
    "floor": sympy.floor,
    "cos": sympy.cos,
    "Phi": lambda z: sympy.erfc(-z / sympy.sqrt(2)) / 2,
    "phi": lambda z: sympy.exp(-(z**2) / 2) / sympy.sqrt(2 * sympy.pi),
    **{ACTIVATIONS[name].typed: form.definition for name, form in FUNCTIONS.items() if ACTIVATIONS[name].typed},
}


def disproves(network: Network, rows: int, ref: Ref, tree: Any) -> bool:
    """Whether the formula of a tree is certainly another one than the asked slope.

    The tree's nodes are the parser's: Number, Name, Negative, Operation, Call. What SymPy cannot decide is
    not disproved.
    """
    weights = sum(layer.units * layer.inputs for layer in network.layers)
    if weights > MAX_WEIGHTS or rows > 2:
        return False
    built = _Builder(network, rows)
    try:
        typed = built.of_tree(tree)
        slope = built.slope(ref)
        return _differ(typed, slope)
    except (KeyError, NotImplementedError, RecursionError, TypeError, ValueError):
        return False


POINTS, DIGITS = 6, 50


def _differ(typed: Expr, slope: Expr) -> bool:
    """Whether two expressions differ at one of some points, where both are worked out to 50 digits.

    `Expr.equals` does the same and then goes on to prove equality, for minutes where the formula is an odd one.
    """
    if typed == slope:
        return False
    symbols = sorted(typed.free_symbols | slope.free_symbols, key=str)
    draw = Random(0)
    for _ in range(POINTS):
        here = {symbol: sympy.Rational(draw.randint(100, 1900), 1000) * draw.choice((-1, 1)) for symbol in symbols}
        one, other = (sympy.N(side, DIGITS, subs=here) for side in (typed, slope))
        if not (one.is_number and other.is_number and one.is_finite and other.is_finite):
            continue  # nothing stands there
        if abs(one - other) > sympy.Float(10) ** (10 - DIGITS) * (1 + abs(other)):
            return True
    return False


class _Builder:
    """Writes every quantity of a pass in inputs, targets, weights and biases."""

    def __init__(self, network: Network, rows: int) -> None:
        self.network = network
        self.rows = rows
        self.quantity = lru_cache(maxsize=None)(self._quantity)
        self._names = self._all_names()

    def of_tree(self, tree: Any) -> Expr:
        """Build the SymPy object of a parsed formula."""
        match type(tree).__name__:
            case "Number":
                return sympy.Rational(str(tree.value)) if tree.half_unit else sympy.nsimplify(tree.value)
            case "Name":
                return sympy.pi if tree.name == "π" else self._names[tree.name]()
            case "Negative":
                return -self.of_tree(tree.operand)
            case "Call":
                return _FUNCTIONS[tree.function](*(self.of_tree(argument) for argument in tree.arguments))
            case "Operation":
                left, right = self.of_tree(tree.left), self.of_tree(tree.right)
                return {
                    "+": lambda: left + right,
                    "-": lambda: left - right,
                    "*": lambda: left * right,
                    "/": lambda: left / right,
                    "^": lambda: left ** _checked_exponent(right),
                }[tree.operator]()
        raise ValueError(f"no such node: {tree!r}")

    def slope(self, ref: Ref) -> Expr:
        """Differentiate: the asked slope in inputs, targets, weights and biases."""
        layer, index = ref.layer or len(self.network.layers), ref.index or ()
        match ref.quantity:
            case "dW":
                return sympy.diff(self.loss(), self._weight(layer, index))
            case "db":
                return sympy.diff(self.loss(), self._bias(layer, index[0]))
            case "dX":
                return sympy.diff(self.loss(), self._input(*index))
            case "dz_dw":
                return self._entering(layer, index[0], index[2])
            case "dz_da":
                return self._weight(layer, index)
            case "dL_do" | "dL_da" | "delta" | "delta_sample" | "da_dz":
                return self._inner(ref, layer, index)
        raise ValueError(f"{ref} is no slope")

    def loss(self, outputs: dict[tuple[int, int], Expr] | None = None) -> Expr:
        """The loss of the batch, of the network's own outputs or of others."""
        total = sympy.Integer(0)
        for row in range(self.rows):
            for unit in range(self.network.outputs):
                o = (outputs or {}).get((row, unit)) or self.quantity("a", len(self.network.layers), row, unit)
                y = self._target(row, unit)
                total += as_defined(loss_term(self.network.loss)).subs({O: o, Y: y}, simultaneous=True)
        exact = self.network.loss.exact_scale(outputs=self.network.outputs, rows=self.rows)
        scale = sympy.Rational(exact.numerator, exact.denominator)
        penalty = (
            sympy.Rational(str(self.network.l2))
            / 2
            * sum(
                self._weight(layer, ref.index or ()) ** 2
                for layer in range(1, len(self.network.layers) + 1)
                for ref in elements(self.network, self.rows, "dW", layer)
            )
        )
        return scale * total + (penalty if self.network.l2 else 0)

    def _inner(self, ref: Ref, layer: int, index: tuple[int, ...]) -> Expr:
        """A slope in a number inside the network: that number becomes a symbol of its own, and its value again."""
        row, unit = index[0], index[-1]
        inner = Symbol("inner", real=True)
        kind = "a" if ref.quantity in ("dL_do", "dL_da") else "z"
        value = self.quantity(kind, layer, row, unit)
        other = _Builder(self.network, self.rows)
        other._replaced = (kind, layer, row, unit, inner)
        upper = other.quantity("a", layer, row, index[1]) if ref.quantity == "da_dz" else other.loss()
        slope = sympy.diff(upper, inner).subs(inner, value)
        mean = self.rows if self.network.loss.batch == "mean" else 1
        return slope * mean if ref.quantity == "delta_sample" else slope

    _replaced: tuple[str, int, int, int, Symbol] | None = None

    def _quantity(self, kind: str, layer: int, row: int, unit: int) -> Expr:
        if self._replaced is not None and self._replaced[:4] == (kind, layer, row, unit):
            return self._replaced[4]
        spec = self.network.layers[layer - 1]
        if kind == "z":
            total = sum(
                self._weight(layer, (unit, into)) * self._entering(layer, row, into) for into in range(spec.inputs)
            )
            return total + (self._bias(layer, unit) if spec.biases is not None else 0)
        z = self.quantity("z", layer, row, unit)
        match spec.activation:
            case "identity":
                return z
            case "softmax":
                return sympy.exp(z) / sum(
                    sympy.exp(self.quantity("z", layer, row, other)) for other in range(spec.units)
                )
            case name:
                return as_defined(activation_form(name, spec.slope)).subs(Z, z)

    def _entering(self, layer: int, row: int, into: int) -> Expr:
        return self._input(row, into) if layer == 1 else self.quantity("a", layer - 1, row, into)

    def _weight(self, layer: int, index: tuple[int, ...]) -> Symbol:
        return Symbol(f"w{layer}_{index[0]}_{index[1]}", real=True)

    def _bias(self, layer: int, unit: int) -> Symbol:
        return Symbol(f"b{layer}_{unit}", real=True)

    def _input(self, row: int, unit: int) -> Symbol:
        return Symbol(f"x{row}_{unit}", real=True)

    def _target(self, row: int, unit: int) -> Symbol:
        return Symbol(f"y{row}_{unit}", real=True)

    def _all_names(self) -> dict[str, Callable[[], Expr]]:
        """What each typed name stands for; written out only when it is used."""
        network, rows = self.network, self.rows
        names: dict[str, Callable[[], Expr]] = {
            "lr": partial(Symbol, "lr", real=True),
            "λ": partial(sympy.Rational, str(network.l2)),
        }
        for row in range(rows):
            for unit in range(network.inputs):
                names[on_keys(feature(network, rows, row, unit))] = partial(self._input, row, unit)
            for unit in range(network.outputs):
                names[on_keys(target(network, rows, row, unit))] = partial(self._target, row, unit)
        for layer, spec in enumerate(network.layers, start=1):
            for ref in elements(network, rows, "dW", layer):
                names[on_keys(weight(network, layer, ref.index or ()))] = partial(self._weight, layer, ref.index or ())
            for unit in range(spec.units if spec.biases is not None else 0):
                names[on_keys(bias(network, layer, unit))] = partial(self._bias, layer, unit)
            for quantity in ("z", "a"):
                for ref in elements(network, rows, quantity, layer):
                    name = on_keys(symbol(network, rows, ref))
                    names[name] = partial(self.quantity, quantity, layer, *(ref.index or (0, 0)))
        for slope in _SLOPES:
            for where in layers_of(network, slope):
                for ref in elements(network, rows, slope, where):
                    name = on_keys(symbol(network, rows, ref).removeprefix("−"))
                    names.setdefault(name, partial(self._shown_error if name.startswith("δ") else self.slope, ref))
        return names

    def _shown_error(self, ref: Ref) -> Expr:
        """An error term with the sign that the conventions of the network give it."""
        return int(shown_sign(self.network, ref)) * self.slope(ref)


def _checked_exponent(exponent: Expr) -> Expr:
    """Return an exponent that SymPy can work with exactly; 0.3 to the power of ten million is a number of megabytes."""
    if exponent.is_number and not abs(exponent) <= MAX_EXPONENT:
        raise ValueError(f"the exponent is beyond {MAX_EXPONENT}")
    return exponent
