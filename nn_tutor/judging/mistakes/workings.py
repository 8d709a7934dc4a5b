"""A pass as somebody works it out: every ingredient of it may be replaced by a mistaken one.

The right pass is `nn_tutor.network.passes`; here the same is computed down to one number only, from parts that are
handed in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from nn_tutor.network.activations import ACTIVATIONS, Array
from nn_tutor.network.passes import Pass
from nn_tutor.network.quantities import Ref
from nn_tutor.network.spec import Network

NOTHING: Mapping[int, Array] = {}


@dataclass(frozen=True, eq=False, slots=True)
class Workings:
    """What a backward pass is worked out from.

    `error` is ∂L/∂o `[row, unit]`; `local[layer]` ∂a/∂z (`[row, i, j]` for softmax); `entering[layer]` what enters the
    layer, `[row, in]`; `weights[layer]` the weights on the way back, `[out, in]`; `decay[layer]` what L2 adds to ∂L/∂W.
    `deltas` replaces ∂L/∂z of whole layers, counted from 0: that of the last one where loss and activation are fused.
    """

    error: Array
    local: tuple[Array, ...]
    entering: tuple[Array, ...]
    weights: tuple[Array, ...]
    decay: tuple[Array, ...]
    deltas: Mapping[int, Array] = field(default_factory=dict)

    def with_local(self, layers: tuple[int, ...], local: Mapping[int, Array]) -> Workings:
        """Return the workings with other ∂a/∂z in the given layers, counted from 0."""
        return replace(
            self, local=tuple(local[layer] if layer in layers else own for layer, own in enumerate(self.local))
        )

    def with_weights(self, weights: Mapping[int, Array]) -> Workings:
        """Return the workings with other weights on the way back, for layers counted from 0."""
        return replace(self, weights=tuple(weights.get(layer, own) for layer, own in enumerate(self.weights)))

    def scaled(self, factor: float) -> Workings:
        """Return the workings with the slope of the loss times a factor; the part of L2 stays as it is."""
        return replace(
            self, error=self.error * factor, deltas={layer: delta * factor for layer, delta in self.deltas.items()}
        )

    def delta(self, layer: int) -> Array:
        """Work out ∂L/∂z `[row, unit]` of a layer counted from 0."""
        delta = self.error
        for above in range(len(self.local) - 1, layer - 1, -1):
            arriving = self.error if above == len(self.local) - 1 else delta @ self.weights[above + 1]
            delta = self.deltas[above] if above in self.deltas else through(arriving, self.local[above])
        return delta

    def arriving(self, layer: int) -> Array:
        """Work out ∂L/∂a `[row, unit]` of a layer counted from 0; −1 is the input."""
        if layer == len(self.local) - 1:
            return self.error
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
                slope = self.delta(layer)[:, out] @ self.entering[layer][:, into]
                return float(slope + self.decay[layer][index])
            case "db":
                return float(self.delta(layer)[:, index[0]].sum())
            case _:
                raise ValueError(f"{ref} is no slope")


def workings_of(network: Network, passed: Pass) -> Workings:
    """Return the right workings of a pass."""
    slopes = passed.backward
    last = len(network.layers) - 1
    return Workings(
        error=slopes.dL_do,
        local=slopes.da_dz,
        entering=(passed.X, *passed.forward.a[:-1]),
        weights=passed.before.W,
        decay=tuple(network.l2 * W for W in passed.before.W),
        deltas={last: slopes.delta[last]} if network.is_fused else NOTHING,
    )


def through(arriving: Array, local: Array) -> Array:
    """Take ∂L/∂a back through an activation, to ∂L/∂z."""
    return np.einsum("ri,rij->rj", arriving, local) if local.ndim == 3 else arriving * local


def onward(network: Network, passed: Pass, layer: int, a: Array, last: int) -> Array:
    """Run forwards from other activations of a layer, and return z of the layer `last`; both counted from 0."""
    z = a
    for above in range(layer + 1, last + 1):
        b = passed.before.b[above]
        z = a @ passed.before.W[above].T + (0.0 if b is None else b)
        a = ACTIVATIONS[network.layers[above].activation].function(z)
    return z
