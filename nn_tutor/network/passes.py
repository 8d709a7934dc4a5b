"""One forward pass, one backward pass and one update, as frozen records of arrays.

Samples are rows: `Z = X @ W.T + b`. Layers count from 1, so `z[0]` of a record belongs to layer 1. The functions read
top to bottom like the textbook, since a learner sees their source: forward, loss, backward, update.

Source of the formulas: Rumelhart, Hinton and Williams, "Learning representations by back-propagating errors" (1986);
the layout follows Nielsen, "Neural Networks and Deep Learning", chapter 2.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from nn_tutor.network.activations import ACTIVATIONS, Array
from nn_tutor.network.losses import loss_function
from nn_tutor.network.quantities import Quantity, Ref
from nn_tutor.network.spec import Data, Layer, Network

Arrays = tuple[Array, ...]
OptionalArrays = tuple[Array | None, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Parameters:
    """What is learned: `W[layer]` as `[out, in]` and `b[layer]` as `[out]`, None for a layer without biases."""

    W: Arrays
    b: OptionalArrays


@dataclass(frozen=True, eq=False, slots=True)
class Forward:
    """A forward pass: what enters (`X[row, feature]`), and per layer z and a, each `[row, unit]`.

    The activation of the last layer is the output o.
    """

    X: Array
    z: Arrays
    a: Arrays

    @property
    def o(self) -> Array:
        """The network's output `[row, unit]`."""
        return self.a[-1]


@dataclass(frozen=True, eq=False, slots=True)
class LossValue:
    """The loss of a batch: the one that is differentiated, the multiple that is reported, and what each row adds.

    `rows[row]` are the rows' own losses (without the average over the batch); `penalty` is the L2 part of `loss`.
    """

    loss: float
    reported_loss: float
    rows: Array
    penalty: float


@dataclass(frozen=True, eq=False, slots=True)
class Backward:
    """A backward pass: every slope of the batch's loss L, per layer.

    `dL_do` is ∂L/∂o `[row, unit]`; `dL_da[layer]` ∂L/∂a; `da_dz[layer]` ∂a/∂z (`[row, i, j]` for softmax);
    `delta[layer]` ∂L/∂z with the average over the batch in it, `delta_sample[layer]` the same of each row's own loss;
    `dW[layer]` `[out, in]`; `db[layer]` `[out]` or None; `dX` `[row, feature]`.
    """

    dL_do: Array
    dL_da: Arrays
    da_dz: Arrays
    delta: Arrays
    delta_sample: Arrays
    dW: Arrays
    db: OptionalArrays
    dX: Array


@dataclass(frozen=True, eq=False, slots=True)
class Update:
    """An update, all parameters at once: `step_W` is η·∂L/∂W (0 where a weight is held), `after` the new parameters."""

    step_W: Arrays
    step_b: OptionalArrays
    after: Parameters


@dataclass(frozen=True, eq=False, slots=True)
class Pass:
    """One forward pass, one backward pass and the update that follows: everything that a step of it can show.

    `number` counts from 1; `rows` are the rows of the data that it saw; `Y` is None where the loss has no target.
    """

    number: int
    rows: tuple[int, ...]
    before: Parameters
    X: Array
    Y: Array | None
    forward: Forward
    loss: LossValue
    backward: Backward
    update: Update

    @property
    def is_finite(self) -> bool:
        """Whether every number of the pass, each that can be shown, is within the range of numbers."""
        slopes, after = self.backward, self.update.after
        # An activation or a δ out of range shows in dW as well, since even 0 times it is no number.
        arrays = [*self.forward.z, self.loss.rows, slopes.dL_do, *slopes.delta_sample, *slopes.dW, slopes.dX, *after.W]
        arrays += [biases for biases in (*slopes.db, *after.b) if biases is not None]
        return math.isfinite(self.loss.reported_loss) and bool(np.isfinite(np.concatenate(arrays, axis=None)).all())


def initial_parameters(network: Network) -> Parameters:
    """Return the weights a run starts from: the given ones, and draws from the network's seed for the others.

    Draws are uniform in ±√(6/(in + out)) (Glorot and Bengio, 2010), rounded to two decimals so that they can be typed.
    """

    @cache
    def generator() -> np.random.Generator:  # `numpy.random` is loaded only where something is drawn
        return np.random.default_rng(network.seed)

    def weights(layer: Layer) -> Array:
        if layer.weights is not None:
            return np.array(layer.weights, dtype=np.float64)
        limit = np.sqrt(6 / (layer.inputs + layer.units))
        return np.round(generator().uniform(-limit, limit, (layer.units, layer.inputs)), 2) + 0.0

    return Parameters(
        W=tuple(weights(layer) for layer in network.layers),
        b=tuple(None if layer.biases is None else np.array(layer.biases, dtype=np.float64) for layer in network.layers),
    )


def batch(data: Data, rows: tuple[int, ...]) -> tuple[Array, Array | None]:
    """Return the inputs `[row, feature]` and targets `[row, unit]` of the given rows of the data."""
    chosen = list(rows)
    X = np.array(data.inputs, dtype=np.float64)[chosen]
    Y = None if data.targets is None else np.array(data.targets, dtype=np.float64)[chosen]
    return X, Y


def forward(network: Network, parameters: Parameters, X: Array) -> Forward:
    """Run the network forwards on a batch of rows `X[row, feature]`."""
    all_z, all_a = [], []
    a = X
    for layer, W, b in zip(network.layers, parameters.W, parameters.b, strict=True):
        z = a @ W.T if b is None else a @ W.T + b
        a = ACTIVATIONS[layer.activation].function(z)
        all_z.append(z)
        all_a.append(a)
    return Forward(X=X, z=tuple(all_z), a=tuple(all_a))


def measure(network: Network, parameters: Parameters, passed: Forward, Y: Array | None) -> LossValue:
    """Take the loss of a forward pass against the targets `Y[row, unit]`; raises `DomainError`."""
    o, z = passed.o, passed.z[-1]
    y = o if Y is None else Y
    terms = loss_function(network).terms(z, o, y)
    scale = network.loss.scale(outputs=o.shape[1], rows=o.shape[0])
    penalty = network.l2 / 2 * sum(float((W * W).sum()) for W in parameters.W) if network.l2 else 0.0
    loss = scale * float(terms.sum()) + penalty
    reported_factor = network.loss.reported_factor or network.loss.factor
    return LossValue(
        loss=loss,
        reported_loss=loss * reported_factor / network.loss.factor,
        rows=network.loss.scale(outputs=o.shape[1], rows=1) * terms.sum(axis=1),
        penalty=penalty,
    )


def backward(network: Network, parameters: Parameters, passed: Forward, Y: Array | None) -> Backward:
    """Run the network backwards: the slopes of the loss from the output to the inputs; raises `DomainError`."""
    X, o = passed.X, passed.o
    y = o if Y is None else Y
    fused, last = network.is_fused, len(network.layers) - 1
    rows = o.shape[0] if network.loss.batch == "mean" else 1
    scale = network.loss.scale(outputs=o.shape[1], rows=o.shape[0])
    dL_do = scale * loss_function(network).derivative(passed.z[-1], o, y)
    dL_da = dL_do
    records: list[tuple[Array, Array, Array, Array, Array | None]] = []
    for index in reversed(range(len(network.layers))):
        z, a, W = passed.z[index], passed.a[index], parameters.W[index]
        entering = passed.a[index - 1] if index else X
        da_dz = ACTIVATIONS[network.layers[index].activation].derivative(z, a)
        if fused and index == last:
            delta = scale * (o - y)
        elif da_dz.ndim == 3:
            delta = np.einsum("ri,rij->rj", dL_da, da_dz)
        else:
            delta = dL_da * da_dz
        dW = delta.T @ entering
        if network.l2:
            dW = dW + network.l2 * W
        db = None if parameters.b[index] is None else delta.sum(axis=0)
        records.append((dL_da, da_dz, delta, dW, db))
        dL_da = delta @ W
    every_dL_da, every_da_dz, every_delta, every_dW, every_db = zip(*reversed(records), strict=True)
    return Backward(
        dL_do=dL_do,
        dL_da=every_dL_da,
        da_dz=every_da_dz,
        delta=every_delta,
        delta_sample=every_delta if rows == 1 else tuple(delta * rows for delta in every_delta),
        dW=every_dW,
        db=every_db,
        dX=dL_da,
    )


def update(network: Network, parameters: Parameters, slopes: Backward) -> Update:
    """Take one step downhill with every parameter at once: `w′ = w − η·∂L/∂w`; what is held keeps its value."""
    lr = network.learning_rate
    steps_W, steps_b, new_W, new_b = [], [], [], []
    for layer, W, b, dW, db in zip(network.layers, parameters.W, parameters.b, slopes.dW, slopes.db, strict=True):
        step = lr * dW
        if layer.frozen:
            for held in layer.frozen:
                step[held] = 0.0
        steps_W.append(step)
        new_W.append(W - step)
        step_b = None if b is None or db is None else lr * db if layer.train_biases else np.zeros_like(b)
        steps_b.append(step_b)
        new_b.append(None if b is None or step_b is None else b - step_b)
    return Update(step_W=tuple(steps_W), step_b=tuple(steps_b), after=Parameters(W=tuple(new_W), b=tuple(new_b)))


def run_pass(
    network: Network, parameters: Parameters, X: Array, Y: Array | None, number: int, rows: tuple[int, ...]
) -> Pass:
    """Run one whole pass from `parameters` on a batch; raises `DomainError`. Overflow shows in `Pass.is_finite`."""
    passed = forward(network, parameters, X)
    loss = measure(network, parameters, passed, Y)
    slopes = backward(network, parameters, passed, Y)
    return Pass(
        number=number,
        rows=rows,
        before=parameters,
        X=X,
        Y=Y,
        forward=passed,
        loss=loss,
        backward=slopes,
        update=update(network, parameters, slopes),
    )


def array_of(passed: Pass, quantity: Quantity, layer: int | None = None) -> Array:
    """Return a whole quantity of a pass as an array, indexed as `nn_tutor.network.quantities` says; layers from 1.

    Raises `LookupError` for a quantity that the network does not have (the biases of a layer without).
    """
    slopes = passed.backward
    if quantity == "loss":
        return np.array(passed.loss.loss)
    if quantity == "dL_do":
        return slopes.dL_do
    if quantity == "dX":
        return slopes.dX
    index = (layer or 1) - 1
    if quantity == "dz_dw":
        entering = passed.forward.a[index - 1] if index else passed.X
        units = passed.before.W[index].shape[0]
        return np.repeat(entering[:, None, :], units, axis=1)
    found = _PER_LAYER[quantity](passed)[index]
    if found is None:
        raise LookupError(f"layer {layer} has no {quantity}")
    return found


_PER_LAYER: dict[Quantity, Callable[[Pass], OptionalArrays]] = {
    "z": lambda passed: passed.forward.z,
    "a": lambda passed: passed.forward.a,
    "dL_da": lambda passed: passed.backward.dL_da,
    "da_dz": lambda passed: passed.backward.da_dz,
    "delta": lambda passed: passed.backward.delta,
    "delta_sample": lambda passed: passed.backward.delta_sample,
    "dz_da": lambda passed: passed.before.W,
    "dW": lambda passed: passed.backward.dW,
    "db": lambda passed: passed.backward.db,
    "step": lambda passed: passed.update.step_W,
    "W": lambda passed: passed.update.after.W,
    "b": lambda passed: passed.update.after.b,
}


def parameter_of(parameters: Parameters, ref: Ref) -> float:
    """Return one weight or bias, given as `W`, `b`, or by the name of its slope; a bias that is not there is 0."""
    layer = (ref.layer or 1) - 1
    array = parameters.b[layer] if ref.quantity in ("b", "db") else parameters.W[layer]
    return 0.0 if array is None else float(array[ref.index or 0])


def value_of(passed: Pass, ref: Ref) -> float:
    """Return one number of a pass."""
    if ref.quantity == "loss":
        return passed.loss.loss
    index = ref.index or ()
    if ref.quantity == "dz_dw":
        row, _, into = index
        layer = (ref.layer or 1) - 1
        return float((passed.forward.a[layer - 1] if layer else passed.X)[row, into])
    return float(array_of(passed, ref.quantity, ref.layer)[index])
