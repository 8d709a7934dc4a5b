"""The lean loop: passes without records, in place; the maths of `passes`, bit for bit, at the speed of plain NumPy.

All parameters lie in one array, and their slopes in another, so that an update takes as many operations on arrays as
its rule has lines, however many layers there are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from nn_tutor.network.activations import Array, activation_of
from nn_tutor.network.losses import loss_function
from nn_tutor.network.passes import fresh_memory, norm_of
from nn_tutor.network.records import Memory, Parameters
from nn_tutor.network.rules import RULES, follow, rate_of

if TYPE_CHECKING:
    from nn_tutor.network.optimizer import State
    from nn_tutor.network.spec import Network

_Function = Callable[[Array], Array]
_Derivative = Callable[[Array, Array], Array]


class LeanRun:
    """A run from given parameters, which are not touched: `step` does one pass after the other in place."""

    def __init__(self, network: Network, parameters: Parameters) -> None:
        self._network = network
        self._is_plain = network.optimizer.is_plain
        self._remembered = RULES[network.optimizer.rule].remembered
        memory = parameters.memory or fresh_memory(network, parameters)
        self._values = _Flat(parameters.W, parameters.b)
        self._slopes = _Flat(parameters.W, parameters.b)
        self._memory = {name: _Flat(memory.W[name], memory.b[name]) for name in self._remembered}
        self._backward = self._make_backward()
        self._held, self._decaying = self._masks()
        self._any_held = bool(self._held.size)

    def restart(self, parameters: Parameters) -> None:
        """Go on from other parameters, which are not touched either."""
        self._values.take(parameters.W, parameters.b)
        memory = parameters.memory or fresh_memory(self._network, parameters)
        for name, flat in self._memory.items():
            flat.take(memory.W[name], memory.b[name])

    def parameters(self) -> Parameters:
        """Return copies of the parameters as they are now, with what the rule remembers."""
        W, b = self._values.copies()
        if not self._remembered:
            return Parameters(W, b)
        kept = {name: flat.copies() for name, flat in self._memory.items()}
        memory = Memory({name: of[0] for name, of in kept.items()}, {name: of[1] for name, of in kept.items()})
        return Parameters(W, b, memory)

    def step(self, X: Array, Y: Array | None, number: int) -> None:
        """Do pass `number` on a batch; raises `DomainError`."""
        network, optimizer, values, slopes = self._network, self._network.optimizer, self._values, self._slopes
        self._backward(X, Y)
        if self._is_plain:  # what comes below, only faster
            step = slopes.whole
            step *= network.learning_rate
            if self._any_held:
                step[self._held] = 0.0
            values.whole -= step
            return
        norm = norm_of(network, slopes.W, slopes.b) if optimizer.clipping.kind == "norm" else 0.0
        memory: dict[State, Array] = {name: flat.whole for name, flat in self._memory.items()}
        made = follow(optimizer, number, slopes.whole, memory, norm)
        lr = rate_of(optimizer, network.learning_rate, number)
        step = lr * made["direction"]
        if self._any_held:
            step[self._held] = 0.0
        decay = lr * optimizer.weight_decay * values.whole[self._decaying] if optimizer.weight_decay else None
        values.whole -= step
        if decay is not None:
            values.whole[self._decaying] -= decay
        for name in self._remembered:
            self._memory[name].whole[:] = made[name]

    def _masks(self) -> tuple[Any, Any]:
        """The places in the flat array of what is held, and of what decays: every weight that is not."""
        held, decaying = _Flat(*_zeros(self._values)), _Flat(*_zeros(self._values))
        for index, layer in enumerate(self._network.layers):
            decaying.W[index][...] = 1.0
            for pair in layer.frozen:
                held.W[index][pair], decaying.W[index][pair] = 1.0, 0.0
            biases = held.b[index]
            if biases is not None and not layer.train_biases:
                biases[...] = 1.0
        return np.flatnonzero(held.whole), np.flatnonzero(decaying.whole)

    def _make_backward(self) -> Callable[[Array, Array | None], None]:
        """Make the function that runs a batch forwards and backwards, and leaves the slopes in `self._slopes`."""
        network, fused, l2 = self._network, self._network.is_fused, self._network.l2
        loss_derivative = loss_function(network).derivative
        forwards, backwards = self._forwards(), self._backwards()
        scales: dict[int, float] = {}

        def run(X: Array, Y: Array | None) -> None:
            entering, zs = [X], []
            a = X
            for transposed, biases, function in forwards:
                z = a @ transposed
                if biases is not None:
                    z += biases
                a = function(z)
                zs.append(z)
                entering.append(a)
            y = a if Y is None else Y
            slope = a - y if fused else loss_derivative(z, a, y)
            scale = scales.get(len(X))
            if scale is None:
                scale = scales[len(X)] = network.loss.scale(outputs=network.outputs, rows=len(X))
            if scale != 1.0:
                slope *= scale
            for index, weights, dW, db, derivative in backwards:
                if derivative is not None:
                    da_dz = derivative(zs[index], entering[index + 1])
                    if da_dz.ndim == 3:
                        slope = np.einsum("ri,rij->rj", slope, da_dz)
                    else:
                        slope *= da_dz
                np.matmul(slope.T, entering[index], out=dW)
                if l2:
                    dW += l2 * weights
                if db is not None:
                    np.add.reduce(slope, axis=0, out=db)
                if index:
                    slope = slope @ weights

        return run

    def _forwards(self) -> list[tuple[Array, Array | None, _Function]]:
        """What each layer needs on the way forward: Wᵀ, its biases and its activation."""
        zipped = zip(self._network.layers, self._values.W, self._values.b, strict=True)
        return [(W.T, b, activation_of(layer).function) for layer, W, b in zipped]

    def _backwards(self) -> list[tuple[int, Array, Array, Array | None, _Derivative | None]]:
        """What each layer needs on the way back, the last one first: index, W, where its slopes go, and ∂a/∂z.

        An identity passes slopes on as they are, and so does what is taken together with the loss: these have no ∂a/∂z.
        """
        layers, slopes = self._network.layers, self._slopes
        fused = len(layers) - 1 if self._network.is_fused else None
        return [
            (
                index,
                self._values.W[index],
                slopes.W[index],
                slopes.b[index],
                None if layer.activation == "identity" or index == fused else activation_of(layer).derivative,
            )
            for index, layer in reversed(list(enumerate(layers)))
        ]


class _Flat:
    """Arrays of all layers in one: `whole`, and into it the views `W[layer]` and `b[layer]`."""

    def __init__(self, W: Sequence[Array], b: Sequence[Array | None]) -> None:
        present = [array for pair in zip(W, b, strict=True) for array in pair if array is not None]
        self.whole = np.concatenate(present, axis=None)
        views, start = [], 0
        for array in present:
            views.append(self.whole[start : start + array.size].reshape(array.shape))
            start += array.size
        ordered = iter(views)
        pairs = [(next(ordered), None if biases is None else next(ordered)) for biases in b]
        self.W = [weights for weights, _ in pairs]
        self.b = [biases for _, biases in pairs]

    def take(self, W: Sequence[Array], b: Sequence[Array | None]) -> None:
        """Take the values of other arrays of the same shapes."""
        for own, other in zip((*self.W, *self.b), (*W, *b), strict=True):
            if own is not None:
                own[...] = other

    def copies(self) -> tuple[tuple[Array, ...], tuple[Array | None, ...]]:
        """Return the arrays of all layers, each on its own."""
        return tuple(weights.copy() for weights in self.W), tuple(None if b is None else b.copy() for b in self.b)


def _zeros(flat: _Flat) -> tuple[list[Array], list[Array | None]]:
    return [np.zeros_like(W) for W in flat.W], [None if b is None else np.zeros_like(b) for b in flat.b]
