"""The loss over one or two parameters, and the outputs over the inputs: the numbers behind curves, maps and regions.

Every point of a grid is a whole forward pass, but all of them go through the layers together: arrays are
`[point of grid 2, point of grid 1, row, unit]`, and an axis that nothing depends on yet has the length 1.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from nn_tutor.network.activations import Array, activation_of
from nn_tutor.network.losses import DomainError, has_no_loss, loss_function
from nn_tutor.network.passes import forward, measure

if TYPE_CHECKING:
    from nn_tutor.network.quantities import Ref
    from nn_tutor.network.records import Parameters
    from nn_tutor.network.spec import Network

_WEIGHTS, _BIASES = ("W", "dW", "step"), ("b", "db")

_MAX_NUMBERS = 2**18
"""How many numbers of one layer are computed at once: more would not stay in the processor's cache."""

_Place = tuple[int, tuple[int, ...], Array]
"""A parameter that varies: its layer (from 0), its index there, its values as `[grid 2, grid 1, row]`."""


def loss_on(network: Network, parameters: Parameters, X: Array, Y: Array | None) -> float:
    """Return the loss of some samples with given parameters, NaN where there is none."""
    with np.errstate(all="ignore"):
        try:
            return measure(network, parameters, forward(network, parameters, X), Y).loss
        except DomainError:
            return math.nan


def losses_over(
    network: Network,
    X: Array,
    Y: Array | None,
    parameters: Parameters,
    first: Ref,
    second: Ref | None,
    grid1: Sequence[float] | Array,
    grid2: Sequence[float] | Array = (),
) -> Array:
    """Return the loss of a batch where one or two parameters take the values of a grid, the others stay as they are.

    `X[row, feature]` and `Y[row, unit]` are the batch. `first` and `second` are weights or biases, by their own name or
    that of their slope (`W`, `dW`, `b`, `db`). The result is `[point of grid2, point of grid1]`, or `[point of grid1]`
    where `second` is None. It is the loss that `passes.measure` takes, with its factor, its means and its penalty; NaN
    where an output has no loss, ∞ where numbers overflow. Raises ValueError for what is no parameter of the network.
    """
    values1 = np.asarray(grid1, dtype=np.float64)
    if second is None:
        # What varies alone varies along the axis that is cut into parts.
        places = [_place(network, first, values1[:, None, None])]
        return _in_parts(network, X, Y, parameters, places, values1.size, 1)[:, 0]
    if (first.layer, first.index) == (second.layer, second.index):
        raise ValueError(f"{first} and {second} are the same parameter: name two")
    values2 = np.asarray(grid2, dtype=np.float64)
    places = [_place(network, first, values1[None, :, None]), _place(network, second, values2[:, None, None])]
    return _in_parts(network, X, Y, parameters, places, values2.size, values1.size)


def outputs_over(
    network: Network,
    parameters: Parameters,
    grid1: Sequence[float] | Array,
    grid2: Sequence[float] | Array | None = None,
) -> Array:
    """Return what a network puts out over its inputs: `[point of grid2, point of grid1, unit]`.

    A network with one input takes `grid1` alone and gives `[point of grid1, unit]`. Raises ValueError where the number
    of grids is not that of the inputs.
    """
    grids = [np.asarray(grid, dtype=np.float64) for grid in (grid1, grid2) if grid is not None]
    if network.inputs != len(grids):
        raise ValueError(f"the network has {network.inputs} inputs, but there are grids for {len(grids)}")
    a = np.stack(np.meshgrid(*grids), axis=-1).reshape(-1, len(grids))
    with np.errstate(all="ignore"):
        for layer, W, b in zip(network.layers, parameters.W, parameters.b, strict=True):
            z = a @ W.T if b is None else a @ W.T + b
            a = activation_of(layer).function(z)
    return a.reshape(*(grid.size for grid in reversed(grids)), network.outputs)


def _in_parts(
    network: Network, X: Array, Y: Array | None, parameters: Parameters, places: Sequence[_Place], lines: int, size: int
) -> Array:
    """Return the losses of a grid of `lines` lines of `size` points, so many lines at once as fit the cache."""
    units = [layer.units for layer in network.layers]
    widest = max(X.shape[1], *units, units[-1] ** 2 if network.layers[-1].activation == "softmax" else 1)
    at_once = max(1, _MAX_NUMBERS // max(1, X.shape[0] * widest * size))
    found = np.empty((lines, size))
    for start in range(0, lines, at_once):
        part = [
            (layer, at, values if len(values) == 1 < lines else values[start : start + at_once])
            for layer, at, values in places
        ]
        found[start : start + at_once] = _losses(network, X, Y, parameters, part)
    return found


def _losses(network: Network, X: Array, Y: Array | None, parameters: Parameters, places: Sequence[_Place]) -> Array:
    a = X[None, None]
    with np.errstate(all="ignore"):
        penalty: Array = np.zeros((1, 1))
        for index, (layer, W, b) in enumerate(zip(network.layers, parameters.W, parameters.b, strict=True)):
            here = [place for place in places if place[0] == index]
            W, b = _without(W, b, here)
            z = (a.reshape(-1, a.shape[-1]) @ W.T).reshape(*a.shape[:-1], W.shape[0])
            if b is not None:
                z = z + b
            for _, at, values in here:
                z = _with(z, at[0], values if len(at) == 1 else values * a[..., at[1]])
            a = activation_of(layer).function(z)
            if network.l2:
                penalty = penalty + (W * W).sum() + sum(_squares(here))
        missing = has_no_loss(network, a)
        y = a if Y is None else Y
        terms = loss_function(network).terms(z, np.where(missing, 0.5, a) if missing.any() else a, y)
        losses = network.loss.scale(outputs=network.outputs, rows=X.shape[0]) * terms.sum(axis=(-2, -1))
        losses = losses + network.l2 / 2 * penalty if network.l2 else losses
    return np.asarray(np.where(missing.any(axis=(-2, -1)), np.nan, losses))


def _without(W: Array, b: Array | None, here: Sequence[_Place]) -> tuple[Array, Array | None]:
    """Return a layer's parameters with 0 for those that vary: what they add is added for each point of the grid."""
    if here:
        W, b = W.copy(), None if b is None else b.copy()
        for _, at, _ in here:
            if len(at) == 2:
                W[at] = 0.0
            elif b is not None:
                b[at] = 0.0
    return W, b


def _with(z: Array, unit: int, more: Array) -> Array:
    """Return weighted sums `[…, row, unit]` with something more `[…, row]` in one unit."""
    wider = np.broadcast_to(z, (*np.broadcast_shapes(z.shape[:-1], more.shape), z.shape[-1])).copy()
    wider[..., unit] += more
    return wider


def _squares(here: Sequence[_Place]) -> Iterator[Array]:
    return (values[..., 0] ** 2 for _, at, values in here if len(at) == 2)


def _place(network: Network, ref: Ref, values: Array) -> _Place:
    index = ref.index or ()
    layer = (ref.layer or 0) - 1
    if ref.quantity in _WEIGHTS + _BIASES and 0 <= layer < len(network.layers):
        spec = network.layers[layer]
        is_weight = ref.quantity in _WEIGHTS
        shape = (spec.units, spec.inputs) if is_weight else (spec.units,) if spec.biases is not None else ()
        if index and len(index) == len(shape) and all(0 <= at < size for at, size in zip(index, shape, strict=True)):
            return layer, index, values
    raise ValueError(f"{ref} is no parameter of this network: name one of its weights or biases, such as W1[0,0]")
