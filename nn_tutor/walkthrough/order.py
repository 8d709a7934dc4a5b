"""A pass as an ordered list of what can be shown: every number in the order in which it is computed.

Numbers are visited one by one or in groups: `step_groups` cuts the list by grain (factor, node, layer, pass) or,
in matrix form, by whole quantities of a layer. What says nothing new on the screen (z of an identity, ∂z/∂w of a
vector network, which is just the input) is computed and traced, but not stopped at unless a question asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

from nn_tutor.dataclass import dataclass
from nn_tutor.network.quantities import Phase, Quantity, Ref, elements, layers_of, state_ref
from nn_tutor.network.spelling import is_single_chain

if TYPE_CHECKING:
    from nn_tutor.course.activities.walk import Form, Grain
    from nn_tutor.network.spec import Network

MAX_ELEMENTS = 2_000
"""Beyond that many numbers in a pass, whole quantities stand for their elements."""


@dataclass(frozen=True, slots=True)
class StepGroup:
    """One station of the walk: the numbers that become known together, at least one."""

    refs: tuple[Ref, ...]

    @property
    def phase(self) -> Phase:
        """The part of the pass that the stop belongs to."""
        return self.refs[-1].phase


@lru_cache(maxsize=16)
def refs_of_pass(network: Network, rows: int) -> tuple[Ref, ...]:
    """Return every number of a pass over a batch of `rows` samples, in the order in which it is computed.

    Units are taken one after the other (its z, then its a), except for softmax, which needs every z first. Backwards,
    what a weight's gradient is made of stands right before it.
    """
    return tuple(_all_refs(network, rows))


def is_shown(network: Network, rows: int, ref: Ref) -> bool:
    """Whether a number is a station of its own on the screen, unless it is asked for, when it always is."""
    quantity = ref.quantity
    if quantity == "step":
        return network.conventions.flips_step
    if quantity in ("delta_sample", "dX", "loss_term"):
        return False
    if quantity == "loss" or ref.layer is None or ref.phase == "update":
        return True
    layer = network.layers[ref.layer - 1]
    is_last = ref.layer == len(network.layers)
    if quantity == "z":
        return layer.activation != "identity"
    if quantity == "da_dz":
        return layer.activation not in ("identity", "softmax")
    if quantity == "delta":
        if layer.activation == "identity":
            return False
        return network.is_fused or not is_single_chain(network, rows)
    if quantity in ("dz_dw", "dz_da"):
        return network.is_scalar and (rows == 1 or quantity == "dz_da")
    if quantity == "dL_da":
        return not is_last
    return True


def shown_refs(network: Network, rows: int, asked: frozenset[Ref] = frozenset()) -> tuple[Ref, ...]:
    """Return the numbers of a pass that the screen stops at, in order; those in `asked` are always among them."""
    return tuple(ref for ref in refs_of_pass(network, rows) if ref in asked or is_shown(network, rows, ref))


def step_groups(
    network: Network, rows: int, grain: Grain, form: Form = "element", asked: frozenset[Ref] = frozenset()
) -> tuple[StepGroup, ...]:
    """Cut a pass into stations.

    `factor` stops at every number, `node` at every unit or row of weights, `layer` at every layer of each phase, `pass`
    once. In matrix form the finest station is a whole quantity of a layer.
    """
    refs = shown_refs(network, rows, asked)
    if form == "matrix":
        refs = _by_quantity(refs)
    keys: dict[Grain, Callable[[Ref], object]] = {
        "factor": lambda ref: (ref.quantity, ref.layer) if form == "matrix" else ref,
        "node": lambda ref: (ref.quantity, ref.layer) if form == "matrix" else _node(network, ref),
        "layer": lambda ref: (ref.phase, ref.layer),
        "pass": lambda ref: None,
    }
    return tuple(StepGroup(tuple(group)) for _, group in groupby(refs, keys[grain]))


def _all_refs(network: Network, rows: int) -> Iterator[Ref]:
    count = len(network.layers)
    for layer in range(1, count + 1):
        z, a = list(elements(network, rows, "z", layer)), list(elements(network, rows, "a", layer))
        if network.layers[layer - 1].activation == "softmax":
            yield from (*z, *a)
        else:
            for pair in zip(z, a, strict=True):
                yield from pair
    yield Ref("loss")
    yield from elements(network, rows, "dL_do", None)
    for layer in range(count, 0, -1):
        yield from _slopes_of_units(network, rows, layer)
        spec = network.layers[layer - 1]
        for out in range(spec.units):
            for into in range(spec.inputs):
                yield from (Ref("dz_dw", layer, (row, out, into)) for row in range(rows))
                yield Ref("dW", layer, (out, into))
            if spec.biases is not None:
                yield Ref("db", layer, (out,))
    yield from elements(network, rows, "dX", None)
    yield from _update_refs(network)


def _update_refs(network: Network) -> Iterator[Ref]:
    """The numbers of an update: those of the whole network, then everything of one parameter after the other."""
    optimizer = network.optimizer
    yield from (Ref(quantity) for quantity in _OF_ALL if layers_of(network, quantity))
    for layer, spec in enumerate(network.layers, start=1):
        for out in range(spec.units):
            for into in range(spec.inputs):
                place = (out, into)
                if optimizer.clips:
                    yield Ref("clipped", layer, place)
                yield from (state_ref(state, layer, place) for state in optimizer.states)
                yield from (Ref("step", layer, place), Ref("W", layer, place))
            if spec.biases is not None:
                if optimizer.clips:
                    yield Ref("clipped_b", layer, (out,))
                yield from (state_ref(state, layer, (out,)) for state in optimizer.states)
                yield Ref("b", layer, (out,))


_OF_ALL: tuple[Quantity, ...] = ("rate", "norm")


def _slopes_of_units(network: Network, rows: int, layer: int) -> Iterator[Ref]:
    spec = network.layers[layer - 1]
    is_last = layer == len(network.layers)
    if spec.activation == "softmax":
        for quantity in _UNIT_SLOPES:
            yield from elements(network, rows, quantity, layer)
        return
    for row in range(rows):
        for unit in range(spec.units):
            if not is_last:
                if row == 0:
                    above = network.layers[layer].units
                    yield from (Ref("dz_da", layer + 1, (out, unit)) for out in range(above))
                yield Ref("dL_da", layer, (row, unit))
            yield from (Ref(quantity, layer, (row, unit)) for quantity in _UNIT_SLOPES)


_UNIT_SLOPES: tuple[Quantity, ...] = ("da_dz", "delta", "delta_sample")


def _node(network: Network, ref: Ref) -> tuple[object, ...]:
    index = ref.index or ()
    if ref.quantity in ("dW", "db", "dz_dw"):
        out = index[0] if ref.quantity != "dz_dw" else index[1]
        return ("weights", ref.layer, out)
    if ref.quantity in _OF_ALL:
        return ("update",)
    if ref.phase == "update":
        return ("update", ref.layer, index[0])
    if ref.quantity == "dz_da":
        return ("unit", (ref.layer or 0) - 1, index[1])
    if ref.quantity in ("dL_da", "da_dz", "delta", "delta_sample"):
        return ("unit", ref.layer, index[-1])
    if ref.quantity in ("dL_do", "dX", "loss"):
        return (ref.quantity,)
    return ("forward", ref.layer, *index)


def _by_quantity(refs: tuple[Ref, ...]) -> tuple[Ref, ...]:
    """Bring the elements of a quantity of one layer together, at the place of the first of them."""
    groups: dict[tuple[Quantity, int | None], list[Ref]] = {}
    for ref in refs:
        groups.setdefault((ref.quantity, ref.layer), []).append(ref)
    return tuple(ref for group in groups.values() for ref in group)
