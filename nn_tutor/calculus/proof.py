"""The proof: SymPy's formulas at 50 digits, NumPy's numbers and central differences, held against each other.

SymPy's book is computed from the pass's inputs and old parameters alone, node by node through the derived formulas; it
never looks at a number that NumPy computed in between. Bounds: |SymPy − NumPy| ≤ 1e-12·max(1, |g|), and
|central difference − g| ≤ 1e-6·|g| + 1e-9·max(1, |L|).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from nn_tutor.calculus.nodes import MP, Node, make_node
from nn_tutor.calculus.records import Agreement
from nn_tutor.network.evaluation import leaf_value
from nn_tutor.network.graph import Argument, Leaf
from nn_tutor.network.losses import DomainError
from nn_tutor.network.perturb import has_kink_between, lower_value, upper_value
from nn_tutor.network.quantities import Ref
from nn_tutor.network.records import Pass, value_of
from nn_tutor.network.spec import Network

SYMPY_BOUND = 1e-12
DIFFERENCE_BOUND = 1e-6
DIFFERENCE_FLOOR = 1e-9

ROOM = 1e-6
"""An output of softmax that is nearer to 1 has no room for a nudge that shows beside the rounding of its loss."""

NodeMaker = Callable[[Network, int, Ref], Node]


class Book:
    """SymPy's numbers of one pass, at 50 digits, each computed when it is first asked for."""

    def __init__(self, network: Network, passed: Pass, node: NodeMaker = make_node) -> None:
        self.network = network
        self.passed = passed
        self._node = node
        self._values: dict[Argument, Any] = {}

    def value(self, argument: Argument) -> Any:
        """The number, as mpmath holds it."""
        # Depth first, with a stack of our own: a chain through eight layers is no reason to recurse.
        waiting = [argument]
        while waiting:
            top = waiting[-1]
            if top in self._values:
                waiting.pop()
            elif isinstance(top, Leaf):
                self._values[top] = self._leaf(top)
            else:
                node = self._node(self.network, self.passed.X.shape[0], top)
                missing = [below for below in node.arguments if below not in self._values]
                if missing:
                    waiting += missing
                else:
                    self._values[top] = node.compute([self._values[below] for below in node.arguments])
        return self._values[argument]

    def _leaf(self, leaf: Leaf) -> Any:
        if leaf.kind == "squares":
            return MP.fsum(MP.mpf(float(w)) ** 2 for W in self.passed.before.W for w in W.flat)
        return MP.mpf(leaf_value(self.network, self.passed, leaf))


def prove(network: Network, passed: Pass, ref: Ref, book: Book | None = None) -> Agreement | None:
    """Hold one number of a pass against SymPy's and, where it is a slope, against a central difference.

    None where there is nothing to compare: a saturated output is 0 or 1 even to 50 digits, and ∂L/∂o has no value.
    """
    book = Book(network, passed) if book is None else book
    got = value_of(passed, ref)
    try:
        sympy_off = abs(float(book.value(ref) - MP.mpf(got)))
    except (ZeroDivisionError, OverflowError):
        return None
    if not (math.isfinite(got) and math.isfinite(sympy_off)):
        return None
    holds = sympy_off <= SYMPY_BOUND * max(1.0, abs(got))
    if ref.phase != "backward":
        return Agreement(sympy_off, None, "", holds)
    difference, note = _central_difference(network, passed, ref)
    if difference is None:
        return Agreement(sympy_off, None, note, holds)
    nudge_off = abs(difference - got)
    bound = DIFFERENCE_BOUND * abs(got) + DIFFERENCE_FLOOR * max(1.0, abs(passed.loss.loss))
    return Agreement(sympy_off, nudge_off, note, holds and nudge_off <= bound)


def _central_difference(network: Network, passed: Pass, ref: Ref) -> tuple[float | None, str]:
    """(upper(v + h) − upper(v − h)) / 2h, or None and the reason why it is not taken."""
    value = lower_value(network, passed, ref)
    step = _step(network, ref, value)
    if value + step == value - step or (_is_of_share(network, ref) and abs(1 - value) < ROOM):
        return None, "the output is at the edge of what the loss takes"
    high, low = value + step, value - step
    if has_kink_between(network, passed, ref, low, high):
        return None, (
            "two pieces of a function meet here, so a nudge across them shows nothing; at a corner the slope is taken "
            "from the left for an activation, and as 0 for a loss"
        )
    try:
        with np.errstate(all="ignore"):
            rise = upper_value(network, passed, ref, high) - upper_value(network, passed, ref, low)
    except DomainError:
        return None, "a nudge leaves what the loss takes"
    return rise / (high - low), ""


def _step(network: Network, ref: Ref, value: float) -> float:
    """The step of a nudge: ε^(1/3) of the number's size, and within (0, 1) for an output under a logarithm."""
    part = float(np.cbrt(np.finfo(float).eps))
    if _is_of_share(network, ref):  # only ln(o) stands in its loss: a smaller step would drown in rounding
        return min(part * abs(value), abs(1 - value))
    if ref.quantity == "dL_do" and network.loss.takes_probabilities:
        return part * min(abs(value), abs(1 - value))
    return part * max(1.0, abs(value))


def _is_of_share(network: Network, ref: Ref) -> bool:
    """Whether a slope is that of an output of softmax under its logarithm."""
    return ref.quantity == "dL_do" and network.loss.kind == "categorical_cross_entropy"
