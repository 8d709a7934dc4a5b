"""A pass as a graph: for every number the operation that makes it and the arguments it is made from.

What a pass comes to with some of its numbers replaced is in `nn_tutor.network.evaluation`. No SymPy here: the rules as
a textbook prints them are in `nn_tutor.calculus.nodes`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple, assert_never, cast

from nn_tutor.dataclass import dataclass
from nn_tutor.network.activations import activation_of
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
from nn_tutor.network.optimizer import ALONG, State
from nn_tutor.network.quantities import Quantity, Ref, state_of, state_ref
from nn_tutor.network.rules import CLIPPINGS, RULES, Ingredient
from nn_tutor.network.spelling import is_single_chain, slope_of_activation, slope_of_sum

if TYPE_CHECKING:
    from nn_tutor.network.spec import Network

_SlopeName = Literal["dL_do", "dL_da", "dX", "da_dz", "delta", "delta_sample", "dz_dw", "dz_da"]
"""The slopes in something else than a weight or a bias."""


LeafKind = Literal[
    "input",
    "target",
    "weight",
    "bias",
    "learning_rate",
    "l2",
    "squares",
    "weight_decay",
    "momentum",
    "decay",
    "beta1",
    "beta2",
    "epsilon",
    "limit",
    "number",
    "velocity_before",
    "m_before",
    "v_before",
]


class Leaf(NamedTuple):
    """What a pass stands on: an input or target `(row, unit)`, an old weight `(out, in)` or bias `(unit,)`, η or λ.

    "squares" is Σw² over all weights. Of an update: the constants of its rule, the number of the pass, and what the
    rule remembers of a weight `(out, in)` or a bias `(unit,)`. A tuple for speed like `Ref`; no kind is the name of a
    quantity.
    """

    kind: LeafKind
    layer: int = 0
    index: tuple[int, ...] = ()  # type: ignore[assignment]


Argument = Ref | Leaf


@dataclass(frozen=True, slots=True)
class Node:
    """A number of a pass: its operation and its arguments."""

    operation: Operation
    arguments: tuple[Argument, ...]


class Graph:
    """The graph of one network's passes over batches of `rows` samples, each node made when it is first asked for.

    Where an activation is the identity, z goes by the name of the activation and δ by that of ∂L/∂o or ∂L/∂a: no
    other number has them among its arguments.
    """

    def __init__(self, network: Network, rows: int) -> None:
        self.network = network
        self.rows = rows
        self._depth = len(network.layers)
        self._nodes: dict[Ref, Node] = {}

    def node(self, ref: Ref) -> Node:
        """Return the node of a number, with a local derivative among its arguments wherever the chain rule has one."""
        found = self._nodes.get(ref)
        if found is None:
            found = self._nodes[ref] = self._make(ref)
        return found

    def as_printed(self, ref: Ref) -> Node:
        """Return the node of a number as a textbook prints it.

        A local derivative that only repeats an activation or a weight is replaced by it; in the chain of a single
        weight it stays, and δ is replaced by the slopes it is the product of.
        """
        node = self.node(ref)
        if ref.quantity == "W" and isinstance(node.operation, Descent):
            old, _, *decay = node.arguments
            step = self.node(Ref("step", ref.layer, ref.index))
            return Node(Descent(step.operation, node.operation.decays), (old, *step.arguments, *decay))
        if not isinstance(node.operation, Products):
            return node
        arguments: list[Argument] = []
        sizes: list[int] = []
        for start, end in node.operation.groups():
            factors = [factor for own in node.arguments[start:end] for factor in self._written_out(ref, own)]
            arguments += factors
            sizes.append(len(factors))
        return Node(_products(tuple(sizes)), tuple(arguments))

    def _written_out(self, ref: Ref, argument: Argument) -> tuple[Argument, ...]:
        """What stands in the rule of a number in the place of one of its arguments."""
        if not isinstance(argument, Ref):
            return (argument,)
        is_chain = is_single_chain(self.network, self.rows)
        match argument.quantity:
            case "dz_dw":
                is_left_out = not is_chain or self.network.is_fused
            case "dz_da":
                is_left_out = not is_chain
            case "delta":
                is_fused = self.network.is_fused and argument.layer == self._depth
                is_left_out = is_chain and ref.quantity in ("dW", "db", "dL_da") and not is_fused
            case _:
                is_left_out = False
        return self.node(argument).arguments if is_left_out else (argument,)

    def _make(self, ref: Ref) -> Node:
        layer, index = ref.layer or self._depth, ref.index or ()
        state = state_of(ref.quantity)
        if state is not None:
            return self._state(state[0], layer, index)
        match ref.quantity:
            case "z":
                return self._weighted_sum(layer, *index)
            case "a":
                return self._activation(layer, *index)
            case "loss":
                return self._loss()
            case "loss_term":
                return self._term(*index)
            case "step" | "W" | "b":
                return self._update(ref.quantity, layer, index)
            case "rate" | "norm" | "clipped" | "clipped_b":
                return self._before_rule(ref.quantity, layer, index)
            case "dW" | "db":
                return self._slope_of_parameter(ref.quantity, layer, index)
            case quantity:
                return self._slope(cast(_SlopeName, quantity), layer, index)

    def _slope(self, quantity: _SlopeName, layer: int, index: tuple[int, ...]) -> Node:
        network = self.network
        match quantity:
            case "dL_do":
                pair = (Ref("a", self._depth, index), Leaf("target", 0, index))
                return Node(LossSlope(network.loss, self._scale()), pair if network.loss.has_targets else ())
            case "dL_da":
                return self._over_paths(layer + 1, *index)
            case "dX":
                return self._over_paths(1, *index)
            case "da_dz":
                return self._slope_of_activation(layer, index)
            case "delta":
                return self._delta(layer, *index)
            case "delta_sample":
                times = self.rows if network.loss.batch == "mean" else 1
                delta = (slope_of_sum(network, layer, *index),)
                return Node(Products((1,)) if times == 1 else Multiple(times), delta)
            case "dz_dw":
                return Node(Products((1,)), (self._entering(layer, index[0], index[2]),))
            case "dz_da":
                return Node(Products((1,)), (Leaf("weight", layer, index),))
            case _:
                assert_never(quantity)

    def _slope_of_parameter(self, quantity: Literal["dW", "db"], layer: int, index: tuple[int, ...]) -> Node:
        if quantity == "dW":
            return self._slope_of_weight(layer, *index)
        slopes = tuple(slope_of_sum(self.network, layer, row, index[0]) for row in range(self.rows))
        return Node(_products((1,) * self.rows), slopes)

    def _update(self, quantity: Literal["step", "W", "b"], layer: int, index: tuple[int, ...]) -> Node:
        spec, optimizer = self.network.layers[layer - 1], self.network.optimizer
        is_held = not spec.train_biases if quantity == "b" else index in spec.frozen
        old = Leaf("bias" if quantity == "b" else "weight", layer, index)
        if is_held:
            return Node(Held(), () if quantity == "step" else (old,))
        if quantity == "step":
            return self._step(layer, index)
        decay = (self._rate(), Leaf("weight_decay")) if optimizer.weight_decay and quantity == "W" else ()
        if quantity == "W":
            return Node(Descent(Products((1,)), bool(decay)), (old, Ref("step", layer, index), *decay))
        step = self._step(layer, index)
        return Node(Descent(step.operation), (old, *step.arguments))

    def _step(self, layer: int, index: tuple[int, ...]) -> Node:
        """What is taken off a weight `(out, in)` or a bias `(unit,)`: η times the direction of the rule."""
        rule = RULES[self.network.optimizer.rule]
        along = ALONG[self.network.optimizer.rule]
        if rule.direction is None:
            return Node(Products((2,)), (self._rate(), self._ingredient(along or "slope", layer, index)))
        others = (self._ingredient(name, layer, index) for name in rule.direction.of)
        return Node(Along(rule.direction), (self._rate(), *others))

    def _state(self, state: State, layer: int, index: tuple[int, ...]) -> Node:
        rule = RULES[self.network.optimizer.rule]
        line = next(line for line in rule.states if line.makes == state)
        return Node(Follow(line), tuple(self._ingredient(name, layer, index) for name in line.of))

    def _before_rule(
        self, quantity: Literal["rate", "norm", "clipped", "clipped_b"], layer: int, index: tuple[int, ...]
    ) -> Node:
        optimizer = self.network.optimizer
        if quantity == "rate":
            return Node(Scheduled(optimizer), (Leaf("learning_rate"), Leaf("number")))
        if quantity == "norm":
            return Node(Length(), tuple(self._trained_slopes()))
        line = CLIPPINGS[optimizer.clipping.kind]
        if line is None:
            raise LookupError("no slope is clipped here")
        whole = Ref("dW" if len(index) == 2 else "db", layer, index)
        others: dict[Ingredient, Argument] = {"slope": whole, "norm": Ref("norm"), "limit": Leaf("limit")}
        return Node(Follow(line), tuple(others[name] for name in line.of))

    def _trained_slopes(self) -> Iterator[Ref]:
        """The slopes of all that is not held."""
        for layer, spec in enumerate(self.network.layers, start=1):
            places = itertools.product(range(spec.units), range(spec.inputs))
            yield from (Ref("dW", layer, place) for place in places if place not in spec.frozen)
            if spec.biases is not None and spec.train_biases:
                yield from (Ref("db", layer, (unit,)) for unit in range(spec.units))

    def _ingredient(self, name: Ingredient, layer: int, index: tuple[int, ...]) -> Argument:
        """What goes into a line of the rule of one parameter."""
        match name:
            case "slope":
                clips, is_bias = self.network.optimizer.clips, len(index) == 1
                whole: Quantity = "db" if is_bias else "dW"
                clipped: Quantity = "clipped_b" if is_bias else "clipped"
                return Ref(clipped if clips else whole, layer, index)
            case "velocity_before" | "m_before" | "v_before":
                return Leaf(name, layer, index)
            case "momentum" | "decay" | "beta1" | "beta2" | "epsilon":
                return Leaf(name)
            case "t":
                return Leaf("number")
            case "velocity" | "m" | "v" | "m_hat" | "v_hat":
                return state_ref(name, layer, index)
            case _:
                raise LookupError(f"{name} goes into no line of a parameter")

    def _rate(self) -> Argument:
        return Ref("rate") if self.network.optimizer.is_scheduled else Leaf("learning_rate")

    def _weighted_sum(self, layer: int, row: int, unit: int) -> Node:
        spec = self.network.layers[layer - 1]
        arguments: list[Argument] = []
        for into in range(spec.inputs):
            pair = (Leaf("weight", layer, (unit, into)), self._entering(layer, row, into))
            arguments += reversed(pair) if self.network.is_scalar else pair
        if spec.biases is not None:
            arguments.append(Leaf("bias", layer, (unit,)))
        sizes = (2,) * spec.inputs + (() if spec.biases is None else (1,))
        return Node(_products(sizes), tuple(arguments))

    def _activation(self, layer: int, row: int, unit: int) -> Node:
        spec = self.network.layers[layer - 1]
        if spec.activation == "identity":
            return self._weighted_sum(layer, row, unit)
        if spec.activation == "softmax":
            return Node(Softmax(unit), tuple(Ref("z", layer, (row, other)) for other in range(spec.units)))
        return Node(Activate(spec.activation, spec.slope), (Ref("z", layer, (row, unit)),))

    def _loss(self) -> Node:
        loss, with_l2 = self.network.loss, bool(self.network.l2)
        arguments: list[Argument] = []
        for row in range(self.rows):
            for unit in range(self.network.outputs):
                arguments.append(Ref("a", self._depth, (row, unit)))
                if loss.has_targets:
                    arguments.append(Leaf("target", 0, (row, unit)))
        if with_l2:
            arguments += [Leaf("l2"), Leaf("squares")]
        return Node(LossSum(loss, self._scale(), with_l2), tuple(arguments))

    def _term(self, row: int, unit: int) -> Node:
        """What one output of one sample adds to the loss: its term alone, a loss of a single output."""
        loss = self.network.loss
        target = (Leaf("target", 0, (row, unit)),) if loss.has_targets else ()
        return Node(LossSum(loss, Fraction(1), False), (Ref("a", self._depth, (row, unit)), *target))

    def _slope_of_activation(self, layer: int, index: tuple[int, ...]) -> Node:
        spec, row = self.network.layers[layer - 1], index[0]
        own = Ref("a", layer, (row, index[1]))
        if spec.activation == "softmax":
            same = index[1] == index[2]
            return Node(SoftmaxSlope(same), (own,) if same else (own, Ref("a", layer, (row, index[2]))))
        written_in = activation_of(spec).slope_in
        arguments = {"a": (own,), "z": (Ref("z", layer, index),), "nothing": ()}[written_in]
        return Node(ActivationSlope(spec.activation, spec.slope), arguments)

    def _delta(self, layer: int, row: int, unit: int) -> Node:
        network = self.network
        activation = network.layers[layer - 1].activation
        if layer == self._depth and network.is_fused:
            return Node(
                FusedSlope(network.loss, self._scale()), (Ref("a", layer, (row, unit)), Leaf("target", 0, (row, unit)))
            )
        if activation == "softmax":
            units = range(network.outputs)
            pairs = [(Ref("dL_do", None, (row, k)), Ref("da_dz", layer, (row, k, unit))) for k in units]
            return Node(_products((2,) * len(pairs)), tuple(ref for pair in pairs for ref in pair))
        above = slope_of_activation(network, layer, row, unit)
        if activation == "identity":
            return Node(Products((1,)), (above,))
        return Node(Products((2,)), (above, Ref("da_dz", layer, (row, unit))))

    def _over_paths(self, layer: int, row: int, into: int) -> Node:
        """A slope of the loss that arrives over every path into a layer, each path's weight beside its slope."""
        units = self.network.layers[layer - 1].units
        arguments: list[Argument] = []
        for out in range(units):
            place = (out, into)
            # Only the activation of a layer has slopes ∂z/∂a; on the way to an input the weight stands for itself.
            weight = Ref("dz_da", layer, place) if layer > 1 else Leaf("weight", layer, place)
            arguments += (slope_of_sum(self.network, layer, row, out), weight)
        return Node(_products((2,) * units), tuple(arguments))

    def _slope_of_weight(self, layer: int, out: int, into: int) -> Node:
        arguments: list[Argument] = []
        for row in range(self.rows):
            arguments += (slope_of_sum(self.network, layer, row, out), Ref("dz_dw", layer, (row, out, into)))
        if self.network.l2:
            arguments += (Leaf("l2"), Leaf("weight", layer, (out, into)))
        return Node(_products((2,) * (len(arguments) // 2)), tuple(arguments))

    def _entering(self, layer: int, row: int, into: int) -> Argument:
        return Leaf("input", 0, (row, into)) if layer == 1 else Ref("a", layer - 1, (row, into))

    def _scale(self) -> Fraction:
        return self.network.loss.exact_scale(outputs=self.network.outputs, rows=self.rows)


@lru_cache(maxsize=4)
def graph_of(network: Network, rows: int) -> Graph:
    """Return the graph of a network's passes over batches of so many samples, with the nodes that were made in it."""
    return Graph(network, rows)


@lru_cache(maxsize=256)
def _products(sizes: tuple[int, ...]) -> Products:
    return Products(sizes)
