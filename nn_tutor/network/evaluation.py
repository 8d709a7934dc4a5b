"""A pass worked out anew: with given numbers in the place of computed ones, or walked backwards through its graph.

`evaluate` says what a number comes to from given ones, `sensitivities` how strongly it depends on each before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from nn_tutor.network.graph import Argument, Leaf, graph_of
from nn_tutor.network.losses import DomainError, loss_function, loss_of
from nn_tutor.network.optimizer import REMEMBERED, State
from nn_tutor.network.quantities import Quantity, Ref
from nn_tutor.network.records import Pass, value_of
from nn_tutor.network.spelling import spelled

if TYPE_CHECKING:
    from nn_tutor.network.spec import Network

_NOTHING: Mapping[Ref, float] = {}


def evaluate(network: Network, passed: Pass, ref: Ref, given: Mapping[Ref, float]) -> float:
    """Return a number of a pass with given numbers put in the place of computed ones.

    A number that is itself given comes back as given. Two names of one number count as one: z and a where the
    activation is the identity, δ and the slope it equals there, δ° and its multiple δ. Raises `DomainError` where the
    loss cannot take a given output; overflow gives ∞ or NaN.
    """
    with np.errstate(all="ignore"):
        return Evaluation(network, passed, given).value(ref)


def evaluate_all(network: Network, passed: Pass, refs: Iterable[Ref], given: Mapping[Ref, float]) -> dict[Ref, float]:
    """Return what `evaluate` gives for each of some numbers, what they share worked out once."""
    with np.errstate(all="ignore"):
        evaluation = Evaluation(network, passed, given)
        return {ref: evaluation.value(ref) for ref in refs}


def evaluate_anew(network: Network, passed: Pass, given: Mapping[Ref, float]) -> Callable[[Ref], float | None]:
    """Return a function that says what a number comes to from the given numbers before it, its own left aside.

    It gives None where the loss cannot take a given output.
    """
    evaluation = Evaluation(network, passed, given)

    def anew(ref: Ref) -> float | None:
        with np.errstate(all="ignore"):
            try:
                return evaluation.anew(ref)
            except (DomainError, ArithmeticError):
                return None

    return anew


def sensitivities(
    network: Network, passed: Pass, ref: Ref, given: Mapping[Ref, float] = _NOTHING
) -> Mapping[Ref, float]:
    """Return ∂ref/∂number for every number on the way to `ref`, each with the numbers after it following suit.

    `ref` itself is not among them, nor what lies before a given number. Where two names stand for one number, it is
    listed under the one that other numbers are made from: a rather than z at the identity, δ rather than δ°. `dz_dw`
    and `dz_da` are listed beside the activation or weight that they repeat.
    """
    with np.errstate(all="ignore"):
        return Evaluation(network, passed, given).sensitivities(ref)


class Evaluation:
    """The numbers of one pass, some of them given; those that follow from no given one are the pass's own.

    Each is worked out once. Whoever asks silences NumPy: overflow gives ∞ or NaN.
    """

    def __init__(self, network: Network, passed: Pass, given: Mapping[Ref, float]) -> None:
        self.network = network
        self.passed = passed
        self.graph = graph_of(network, passed.X.shape[0])
        self._values: dict[Argument, float] = {}
        self._given: set[Ref] = set()
        self._first_given: dict[int | None, int] = {}
        self._first = 0
        for ref, value in given.items():
            own, times = self._spelled(ref)
            self._values[own] = value / times
            self._given.add(own)
            row, rank = own.row, self._rank(own)
            self._first_given[row] = min(rank, self._first_given.get(row, rank))
        self._first = min(self._first_given.values(), default=_LAST)

    def value(self, ref: Ref) -> float:
        """Return a number; a given one comes back as given. Raises `DomainError`."""
        own, times = self._spelled(ref)
        return times * self.of(own)

    def anew(self, ref: Ref) -> float:
        """Return what a number comes to from those before it, whether it is given or not. Raises `DomainError`."""
        own, times = self._spelled(ref)
        return times * self._computed(own)

    def sensitivities(self, ref: Ref) -> dict[Ref, float]:
        """Return the slopes of a number with respect to all on the way to it, as the function of the same name does."""
        top, times = self._spelled(ref)
        slopes: dict[Ref, float] = {top: float(times)}
        for each in reversed(self._in_order(top)):
            if each in self._given:
                continue
            node = self.graph.node(each)
            slope = slopes[each]
            values = [self.of(argument) for argument in node.arguments]
            for argument, partial in zip(node.arguments, node.operation.partials(values), strict=True):
                if isinstance(argument, Ref):
                    slopes[argument] = slopes.get(argument, 0.0) + slope * partial
        if top == ref:
            del slopes[top]
        return slopes

    def _in_order(self, top: Ref) -> list[Ref]:
        """The numbers on the way to one, each after its arguments."""
        found: dict[Ref, None] = {}

        def visit(ref: Ref) -> None:
            if ref not in self._given:
                for argument in self.graph.node(ref).arguments:
                    if isinstance(argument, Ref) and argument not in found:
                        visit(argument)
            found[ref] = None

        visit(top)
        return list(found)

    def of(self, argument: Argument) -> float:
        """Return the number that stands as an argument in a node of the graph. Raises `DomainError`."""
        found = self._values.get(argument)
        if found is None:
            found = self._values[argument] = self._computed(argument)
        return found

    def _computed(self, argument: Argument) -> float:
        if isinstance(argument, Leaf):
            return leaf_value(self.network, self.passed, argument)
        if self._is_untouched(argument):
            return value_of(self.passed, argument)
        if self.network.is_fused and argument.quantity in ("loss", "dL_do"):
            return self._from_logits(argument)
        node = self.graph.node(argument)
        return node.operation.value([self.of(below) for below in node.arguments])

    def _from_logits(self, ref: Ref) -> float:
        """A fused loss or its slope: exact from the logits, but from an output itself where that is given."""
        network, depth = self.network, len(self.network.layers)
        exact, plain = loss_function(network), loss_of(network.loss)
        scale = network.loss.scale(outputs=network.outputs, rows=self.graph.rows)
        total = self.passed.loss.penalty
        for row in range(self.graph.rows) if ref.index is None else ref.index[:1]:
            outputs = [Ref("a", depth, (row, unit)) for unit in range(network.outputs)]
            z = np.array([self.of(Ref("z", depth, output.index)) for output in outputs])
            o = np.array([self.of(output) for output in outputs])
            y = o if self.passed.Y is None else self.passed.Y[row]
            results = exact.terms(z, o, y) if ref.index is None else exact.derivative(z, o, y)
            for unit, output in enumerate(outputs):
                if output in self._given:
                    one = slice(unit, unit + 1)
                    function = plain.terms if ref.index is None else plain.derivative
                    results[one] = function(z[one], o[one], y[one])
            if ref.index is not None:
                return scale * float(results[ref.index[1]])
            total += scale * float(results.sum())
        return total

    def _spelled(self, ref: Ref) -> tuple[Ref, int]:
        return spelled(self.network, self.graph.rows, ref)

    def _is_untouched(self, ref: Ref) -> bool:
        """Whether a number stands before every given one that its row could lean on."""
        row = ref.row
        rank = self._rank(ref)
        if rank <= self._first:
            return True
        return row is not None and all(rank <= self._first_given.get(own, rank) for own in (row, None))

    def _rank(self, ref: Ref) -> int:
        """A number's place in the pass: it can only lean on numbers of a lower rank."""
        depth = len(self.network.layers)
        layer = ref.layer or depth
        back, end = 2 * depth + 4 + 2 * (depth - layer), 4 * depth + 6
        match ref.quantity:
            case "z":
                return 2 * layer
            case "a":
                return 2 * layer + 1
            case "loss" | "loss_term" | "da_dz" | "dz_dw" | "dz_da":
                return 2 * depth + 2
            case "dL_do" | "dL_da":
                return back
            case "delta" | "delta_sample":
                return back + 1
            case "dW" | "db" | "dX":
                return end
            case quantity:
                return end + _IN_UPDATE[quantity]


def leaf_value(network: Network, passed: Pass, leaf: Leaf) -> float:
    """Return what a pass stands on, as a double."""
    match leaf.kind:
        case "input":
            return float(passed.X[leaf.index])
        case "target":
            return 0.0 if passed.Y is None else float(passed.Y[leaf.index])
        case "weight":
            return float(passed.before.W[leaf.layer - 1][leaf.index])
        case "bias":
            biases = passed.before.b[leaf.layer - 1]
            return 0.0 if biases is None else float(biases[leaf.index])
        case "learning_rate":
            return network.learning_rate
        case "l2":
            return network.l2
        case "squares":
            return float(sum(float((W * W).sum()) for W in passed.before.W))
        case _:
            return _of_update(network, passed, leaf)


def _of_update(network: Network, passed: Pass, leaf: Leaf) -> float:
    """What an update starts from beside the slopes and the learning rate."""
    optimizer = network.optimizer
    match leaf.kind:
        case "number":
            return float(passed.number)
        case "weight_decay":
            return optimizer.weight_decay
        case kind if kind in REMEMBERED:
            return remembered(passed, REMEMBERED[kind], leaf)
        case constant:
            return optimizer.constants[constant]


def remembered(passed: Pass, state: State, leaf: Leaf) -> float:
    """Return a state of a parameter as it was before the pass; 0 before the first update."""
    memory = passed.before.memory
    if memory is None:
        return 0.0
    arrays = memory.b if len(leaf.index) == 1 else memory.W
    array = arrays[state][leaf.layer - 1]
    return 0.0 if array is None else float(array[leaf.index])


_LAST = 10**9
"""A rank behind all others."""

_IN_UPDATE: dict[Quantity, int] = {
    "rate": 0,
    "norm": 1,
    "clipped": 2,
    "clipped_b": 2,
    "velocity": 3,
    "velocity_b": 3,
    "m": 3,
    "m_b": 3,
    "v": 3,
    "v_b": 3,
    "m_hat": 4,
    "m_hat_b": 4,
    "v_hat": 4,
    "v_hat_b": 4,
    "step": 5,
    "W": 6,
    "b": 6,
}
"""The order in which the numbers of an update are made; states that lean on slopes alone come before those listed."""
