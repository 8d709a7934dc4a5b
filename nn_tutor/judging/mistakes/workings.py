"""A pass as somebody works it out: every ingredient of it may be replaced by a mistaken one.

The right pass is `nn_tutor.network.passes`; here the same is computed down to one number only, from parts that are
handed in.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import field, replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from nn_tutor.dataclass import dataclass
from nn_tutor.network.activations import Array, activation_of
from nn_tutor.network.losses import loss_function

if TYPE_CHECKING:
    from nn_tutor.network.quantities import Ref
    from nn_tutor.network.records import Backward, Forward, Parameters, Pass
    from nn_tutor.network.spec import Network

T = TypeVar("T")

NOTHING: Mapping[int, Array] = {}


@dataclass(frozen=True, eq=False, slots=True)
class Workings:
    """What a backward pass is worked out from.

    `error` is ∂L/∂o `[row, unit]`; `local[layer]` ∂a/∂z (`[row, i, j]` for softmax); `entering[layer]` what enters the
    layer, `[row, in]`; `weights[layer]` the weights on the way back, `[out, in]`; `decay[layer]` what L2 adds to ∂L/∂W.
    `deltas` replaces ∂L/∂z of whole layers, counted from 0: that of the last one where loss and activation are fused;
    `arrived` replaces ∂L/∂a of hidden ones.
    """

    error: Array
    local: tuple[Array, ...]
    entering: tuple[Array, ...]
    weights: tuple[Array, ...]
    decay: tuple[Array, ...]
    deltas: Mapping[int, Array] = field(default_factory=dict)
    arrived: Mapping[int, Array] = field(default_factory=dict)
    _found: dict[int, Array] = field(default_factory=dict, init=False)
    kept: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False)
    """What was made of these workings, by key."""

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what is made of these workings under a key, made only once: it serves every number asked of them."""
        if key not in self.kept:
            self.kept[key] = make()
        kept: T = self.kept[key]
        return kept

    def with_error(self, error: Array, deltas: Mapping[int, Array] | None = None) -> Workings:
        """Return the workings with another slope of the loss, and with other `deltas` where they are given."""
        deltas = self.deltas if deltas is None else deltas
        return Workings(error, self.local, self.entering, self.weights, self.decay, deltas, self.arrived)

    def with_local(self, layers: tuple[int, ...], local: Mapping[int, Array]) -> Workings:
        """Return the workings with other ∂a/∂z in the given layers, counted from 0."""
        others = tuple(local[layer] if layer in layers else own for layer, own in enumerate(self.local))
        return Workings(self.error, others, self.entering, self.weights, self.decay, self.deltas, self.arrived)

    def with_weights(self, weights: Mapping[int, Array]) -> Workings:
        """Return the workings with other weights on the way back, for layers counted from 0."""
        others = tuple(weights.get(layer, own) for layer, own in enumerate(self.weights))
        return Workings(self.error, self.local, self.entering, others, self.decay, self.deltas, self.arrived)

    def times(self, factor: float) -> Workings:
        """Return the workings with the slope of the loss times a factor; the same ones each time."""
        return self.once(("times", factor), lambda: self.scaled(factor))

    def scaled(self, factor: float | Array) -> Workings:
        """Return the workings with the slope of the loss times a factor, or one for each row; L2 adds what it did."""
        return self.with_error(self.error * factor, {layer: delta * factor for layer, delta in self.deltas.items()})

    def delta(self, layer: int) -> Array:
        """Work out ∂L/∂z `[row, unit]` of a layer counted from 0."""
        if layer in self.deltas:
            return self.deltas[layer]
        found = self._found.get(layer)
        if found is None:
            found = self._found[layer] = through(self.arriving(layer), self.local[layer])
        return found

    def arriving(self, layer: int) -> Array:
        """Work out ∂L/∂a `[row, unit]` of a layer counted from 0; −1 is the input."""
        if layer == len(self.local) - 1:
            return self.error
        if layer in self.arrived:
            return self.arrived[layer]
        return self.delta(layer + 1) @ self.weights[layer + 1]

    def value(self, ref: Ref, rows: int) -> float:
        """Work out one slope; `rows` is what a mean over the batch divides by, 1 for a sum."""
        index, layer = ref.index or (), (ref.layer or len(self.local)) - 1
        match ref.quantity:
            case "dL_do":
                return float(self.error[index])
            case "dL_da":
                return float(self.arriving(layer)[index])
            case "dX":
                return float(self.arriving(-1)[index])
            case "da_dz":
                return float(self.local[layer][index])
            case "dz_da":
                return float(self.weights[layer][index])
            case "dz_dw":
                return float(self.entering[layer][index[0], index[2]])
            case "delta":
                return float(self.delta(layer)[index])
            case "delta_sample":
                return rows * float(self.delta(layer)[index])
            case "dW":
                out, into = index
                delta, entering = self.delta(layer), self.entering[layer]
                if len(delta) == 1:  # the same, only faster
                    return delta.item(0, out) * entering.item(0, into) + self.decay[layer].item(index)
                return float(delta[:, out] @ entering[:, into] + self.decay[layer][index])
            case "db":
                delta = self.delta(layer)
                return delta.item(0, index[0]) if len(delta) == 1 else float(delta[:, index[0]].sum())
            case _:
                raise ValueError(f"{ref} is no slope")

    def slopes(self, like: Backward) -> Backward:
        """Return the slopes of all parameters that follow from these workings, the others as they are in `like`."""
        deltas = [self.delta(layer) for layer in range(len(self.local))]
        zipped = zip(deltas, self.entering, self.decay, strict=True)
        dW = tuple(delta.T @ entering + decay for delta, entering, decay in zipped)
        db = tuple(None if own is None else delta.sum(axis=0) for delta, own in zip(deltas, like.db, strict=True))
        return replace(like, dW=dW, db=db)


def workings_of(network: Network, passed: Pass) -> Workings:
    """Return the right workings of a pass."""
    slopes = passed.backward
    last = len(network.layers) - 1
    return Workings(
        error=slopes.dL_do,
        local=slopes.da_dz,
        entering=(passed.X, *passed.forward.a[:-1]),
        weights=passed.before.W,
        decay=_decay(network, passed.before),
        deltas={last: slopes.delta[last]} if network.is_fused else NOTHING,
    )


def workings_from(network: Network, parameters: Parameters, forwards: Forward, Y: Array | None) -> Workings:
    """Return what the way back is worked out from after another way forward; raises `DomainError`."""
    o, last = forwards.o, len(network.layers) - 1
    y = o if Y is None else Y
    scale = network.loss.scale(outputs=o.shape[1], rows=o.shape[0])
    zipped = zip(network.layers, forwards.z, forwards.a, strict=True)
    return Workings(
        error=scale * loss_function(network).derivative(forwards.z[-1], o, y),
        local=tuple(activation_of(layer).derivative(z, a) for layer, z, a in zipped),
        entering=(forwards.X, *forwards.a[:-1]),
        weights=parameters.W,
        decay=_decay(network, parameters),
        deltas={last: scale * (o - y)} if network.is_fused else NOTHING,
    )


def _decay(network: Network, parameters: Parameters) -> tuple[Array, ...]:
    return tuple(network.l2 * W for W in parameters.W)


def through(arriving: Array, local: Array) -> Array:
    """Take ∂L/∂a back through an activation, to ∂L/∂z."""
    return np.einsum("ri,rij->rj", arriving, local) if local.ndim == 3 else arriving * local


def onward(network: Network, passed: Pass, layer: int, a: Array, last: int) -> Array:
    """Run forwards from other activations of a layer, and return z of the layer `last`; both counted from 0."""
    z = a
    for above in range(layer + 1, last + 1):
        b = passed.before.b[above]
        z = a @ passed.before.W[above].T + (0.0 if b is None else b)
        a = activation_of(network.layers[above]).function(z)
    return z
