"""The numbers of an example once more, in plain NumPy: what the tutor's verdicts are held against."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from nn_tutor.network.spec import Data, Network

Array = npt.NDArray[np.float64]

FUNCTIONS: dict[str, Callable[[Array], Array]] = {
    "identity": lambda z: z,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0),
    "softmax": lambda z: np.exp(z) / np.exp(z).sum(axis=1, keepdims=True),
}

NUDGE = 1e-4


def numbers(network: Network, data: Data, passes: int) -> list[dict[str, Any]]:
    """Return the arrays of each pass by the tutor's names; slopes are central differences of the loss."""
    W = [np.array(layer.weights, dtype=float) for layer in network.layers]
    b = [None if layer.biases is None else np.array(layer.biases, dtype=float) for layer in network.layers]
    X = np.array(data.inputs, dtype=float)
    Y = None if data.targets is None else np.array(data.targets, dtype=float)
    found = []
    for number in range(passes):
        rows = [number % len(X)] if network.batching == "online" else list(range(len(X)))
        one = _pass(network, W, b, X[rows], None if Y is None else Y[rows])
        found.append(one)
        W, b = one["W"], one["b"]
    return found


def _pass(network: Network, W: list[Array], b: list[Array | None], X: Array, Y: Array | None) -> dict[str, Any]:
    zs, activations = _forward(network, W, b, X)

    def loss() -> float:
        return _loss(network, _forward(network, W, b, X)[1][-1], Y)

    dW = [_slopes(loss, weights) for weights in W]
    db = [None if biases is None else _slopes(loss, biases) for biases in b]
    rate = network.learning_rate
    deltas = [
        _slopes_in(network, W, b, layer, zs[layer], lambda o: _loss(network, o, Y), is_sum=True)
        for layer in range(len(W))
    ]
    dL_da = [
        _slopes_in(network, W, b, layer, activations[layer], lambda o: _loss(network, o, Y), is_sum=False)
        for layer in range(len(W))
    ]
    return {
        "z": zs,
        "a": activations,
        "loss": loss(),
        "dL_do": dL_da[-1],
        "dL_da": dL_da,
        "da_dz": [_local(network.layers[layer].activation, z) for layer, z in enumerate(zs)],
        "delta": deltas,
        "dW": dW,
        "db": db,
        "dX": _slopes(loss, X),
        "step": [rate * slope for slope in dW],
        "W": [weights - rate * slope for weights, slope in zip(W, dW, strict=True)],
        "b": [None if one is None or slope is None else one - rate * slope for one, slope in zip(b, db, strict=True)],
    }


def _forward(network: Network, W: list[Array], b: list[Array | None], X: Array) -> tuple[list[Array], list[Array]]:
    zs: list[Array] = []
    activations: list[Array] = []
    a = X
    for weights, biases, layer in zip(W, b, network.layers, strict=True):
        z = a @ weights.T + (0.0 if biases is None else biases)
        a = FUNCTIONS[layer.activation](z)
        zs.append(z)
        activations.append(a)
    return zs, activations


def _loss(network: Network, o: Array, Y: Array | None) -> float:
    kind = network.loss.kind
    if kind == "output":
        return float(o.flat[0]) if o.size == 1 else float(o.sum())
    assert Y is not None
    if kind == "squared_error":
        terms = (o - Y) ** 2
    elif kind == "binary_cross_entropy":
        terms = -(Y * np.log(o) + (1 - Y) * np.log(1 - o))
    else:
        terms = -Y * np.log(o)
    over_outputs = o.shape[1] if network.loss.outputs == "mean" else 1
    over_rows = o.shape[0] if network.loss.batch == "mean" else 1
    return float(network.loss.factor * terms.sum() / over_outputs / over_rows)


def _slopes(loss: Callable[[], float], array: Array, nudge: float = NUDGE) -> Array:
    """∂L/∂ every number of an array, each nudged where it stands."""
    slopes = np.empty_like(array)
    for place in np.ndindex(array.shape):
        kept = array[place]
        array[place] = kept + nudge
        above = loss()
        array[place] = kept - nudge
        slopes[place] = (above - loss()) / (2 * nudge)
        array[place] = kept
    return slopes


def _slopes_in(
    network: Network,
    W: list[Array],
    b: list[Array | None],
    layer: int,
    start: Array,
    loss: Callable[[Array], float],
    *,
    is_sum: bool,
) -> Array:
    """∂L/∂z or ∂L/∂a of a layer, with the rest of the way run from there."""
    moved = start.copy()

    def onward() -> float:
        a = FUNCTIONS[network.layers[layer].activation](moved) if is_sum else moved
        for above in range(layer + 1, len(W)):
            biases = b[above]
            a = FUNCTIONS[network.layers[above].activation](a @ W[above].T + (0.0 if biases is None else biases))
        return loss(a)

    is_probability = network.loss.kind.endswith("cross_entropy") and layer == len(W) - 1 and not is_sum
    room = float(np.minimum(start, 1 - start).min()) if is_probability else 1.0  # an output stays between 0 and 1
    return _slopes(onward, moved, NUDGE * room)


def _local(activation: str, z: Array) -> Array:
    if activation == "softmax":
        return np.zeros_like(z)
    function = FUNCTIONS[activation]
    return (function(z + NUDGE) - function(z - NUDGE)) / (2 * NUDGE)
