"""One forward pass, one backward pass and one update, each as the textbook writes it.

The functions read top to bottom, since a learner sees their source: forward, loss, backward, update. What they return
is in `nn_tutor.network.records`.

Source of the formulas: Rumelhart, Hinton and Williams, "Learning representations by back-propagating errors" (1986);
the layout follows Nielsen, "Neural Networks and Deep Learning", chapter 2.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from nn_tutor.network.activations import Array, activation_of
from nn_tutor.network.losses import loss_function
from nn_tutor.network.records import (
    Backward,
    Followed,
    Forward,
    LossValue,
    Memory,
    Parameters,
    Pass,
    Update,
    followed_plainly,
)
from nn_tutor.network.rules import RULES, downhill, follow, rate_of

if TYPE_CHECKING:
    from nn_tutor.network.optimizer import Optimizer, State
    from nn_tutor.network.records import Arrays, OptionalArrays
    from nn_tutor.network.rules import UpdateRule
    from nn_tutor.network.spec import Data, Layer, Network


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


def batch(data: Data, rows: tuple[int, ...] | None = None) -> tuple[Array, Array | None]:
    """Return the inputs `[row, feature]` and targets `[row, unit]` of the given rows of the data, or of all rows."""
    chosen = list(range(len(data.inputs)) if rows is None else rows)
    X = np.array(data.inputs, dtype=np.float64)[chosen]
    Y = None if data.targets is None else np.array(data.targets, dtype=np.float64)[chosen]
    return X, Y


def forward(network: Network, parameters: Parameters, X: Array) -> Forward:
    """Run the network forwards on a batch of rows `X[row, feature]`."""
    all_z, all_a = [], []
    a = X
    for layer, W, b in zip(network.layers, parameters.W, parameters.b, strict=True):
        z = a @ W.T if b is None else a @ W.T + b
        a = activation_of(layer).function(z)
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
        penalty=penalty,
        terms=terms,
        row_scale=network.loss.scale(outputs=o.shape[1], rows=1),
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
        da_dz = activation_of(network.layers[index]).derivative(z, a)
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
        averaged=rows,
        dW=every_dW,
        db=every_db,
        dX=dL_da,
    )


def update(network: Network, parameters: Parameters, slopes: Backward, number: int) -> Update:
    """Take one step with every parameter at once: `w′ = w − η·∂L/∂w`, or as the network's rule makes it.

    `number` is that of the pass, and so of the update. What is held keeps its value.
    """
    optimizer = network.optimizer
    lr = rate_of(optimizer, network.learning_rate, number)
    norm = norm_of(network, slopes.dW, slopes.db) if optimizer.clipping.kind == "norm" else 0.0
    rule = RULES[optimizer.rule]
    before = parameters.memory or fresh_memory(network, parameters) if rule.remembered else _NO_MEMORY
    made_W = [follow(optimizer, number, dW, _of_layer(before.W, index), norm) for index, dW in enumerate(slopes.dW)]
    made_b = [
        None if db is None else follow(optimizer, number, db, _of_layer(before.b, index), norm)
        for index, db in enumerate(slopes.db)
    ]
    new_W, step_W = _moved_weights(network, parameters, made_W, lr)
    new_b, step_b = _moved_biases(network, parameters, made_b, lr)
    decay_W = _decays(network, parameters, lr)
    if decay_W:
        new_W = tuple(new - decay for new, decay in zip(new_W, decay_W, strict=True))
    followed = _followed(optimizer, lr, norm, decay_W, made_W, made_b)
    return Update(step_W, step_b, Parameters(new_W, new_b, _remembered(rule, followed)), followed)


Lines = Mapping[str, Array]
"""What the lines of a rule make of the slopes of one layer, by name."""


def _moved_weights(network: Network, parameters: Parameters, made: Sequence[Lines], lr: float) -> tuple[Arrays, Arrays]:
    """The new weights of all layers, without decay, and their steps; a weight that is held has the step 0."""
    zipped = zip(network.layers, parameters.W, made, strict=True)
    moved = [downhill(W, lr, _but_held(lines["direction"], layer.frozen)) for layer, W, lines in zipped]
    return tuple(new for new, _ in moved), tuple(step for _, step in moved)


def _moved_biases(
    network: Network, parameters: Parameters, made: Sequence[Lines | None], lr: float
) -> tuple[OptionalArrays, OptionalArrays]:
    """The new biases of all layers and their steps; biases that are held have the step 0."""
    moved = [
        (None, None)
        if b is None or lines is None
        else downhill(b, lr, lines["direction"] if layer.train_biases else np.zeros_like(b))
        for layer, b, lines in zip(network.layers, parameters.b, made, strict=True)
    ]
    return tuple(new for new, _ in moved), tuple(step for _, step in moved)


def _decays(network: Network, parameters: Parameters, lr: float) -> Arrays:
    """What the weights of each layer lose apart from the step; none where they do not decay."""
    weight_decay = network.optimizer.weight_decay
    if not weight_decay:
        return ()
    zipped = zip(network.layers, parameters.W, strict=True)
    return tuple(lr * weight_decay * _but_held(W, layer.frozen) for layer, W in zipped)


def _followed(
    optimizer: Optimizer,
    lr: float,
    norm: float,
    decay_W: Arrays,
    made_W: Sequence[Lines],
    made_b: Sequence[Lines | None],
) -> Followed:
    """What the rule made on the way to its steps."""
    if optimizer.goes_along_slope:
        return Followed(lr, decay_W=decay_W) if decay_W else followed_plainly(lr)

    def of_weights(name: str) -> Arrays:
        return tuple(lines[name] for lines in made_W)

    def of_biases(name: str) -> OptionalArrays:
        return tuple(None if lines is None else lines[name] for lines in made_b)

    return Followed(
        rate=lr,
        norm=norm,
        decay_W=decay_W,
        clipped_W=of_weights("slope") if optimizer.clips else (),
        clipped_b=of_biases("slope") if optimizer.clips else (),
        states_W={name: of_weights(name) for name in optimizer.states},
        states_b={name: of_biases(name) for name in optimizer.states},
    )


def _remembered(rule: UpdateRule, followed: Followed) -> Memory | None:
    """What a rule keeps of its states for the next pass."""
    if not rule.remembered:
        return None
    return Memory(
        W={name: followed.states_W[name] for name in rule.remembered},
        b={name: followed.states_b[name] for name in rule.remembered},
    )


def _but_held(array: Array, frozen: Collection[tuple[int, int]]) -> Array:
    """An array `[out, in]` with 0 where a weight is held."""
    if frozen:
        array = array.copy()
        for held in frozen:
            array[held] = 0.0
    return array


_NO_MEMORY = Memory({}, {})


def fresh_memory(network: Network, parameters: Parameters) -> Memory:
    """Return what a rule remembers before its first update: 0 of everything."""
    names = RULES[network.optimizer.rule].remembered
    return Memory(
        W={name: tuple(np.zeros_like(W) for W in parameters.W) for name in names},
        b={name: tuple(None if b is None else np.zeros_like(b) for b in parameters.b) for name in names},
    )


def norm_of(network: Network, dW: Sequence[Array], db: Sequence[Array | None]) -> float:
    """Return the length of all slopes of a network together, √Σ(∂L/∂w)²; what is held has no part in it."""
    total = 0.0
    for layer, of_weights, of_biases in zip(network.layers, dW, db, strict=True):
        squares = of_weights * of_weights
        for held in layer.frozen:
            squares[held] = 0.0
        total += float(squares.sum())
        if of_biases is not None and layer.train_biases:
            total += float((of_biases * of_biases).sum())
    return math.sqrt(total)


def _of_layer(states: Mapping[State, Sequence[Array | None]], index: int) -> dict[State, Array | None]:
    return {name: arrays[index] for name, arrays in states.items()} if states else {}


def run_pass(
    network: Network,
    parameters: Parameters,
    X: Array,
    Y: Array | None,
    number: int,
    rows: tuple[int, ...],
    forwards: Forward | None = None,
    samples: int = 0,
) -> Pass:
    """Run one whole pass from `parameters` on a batch; raises `DomainError`. Overflow shows in `Pass.is_finite`.

    `forwards` is the way forward where it is known already; `samples` is how many rows the data has.
    """
    passed = forward(network, parameters, X) if forwards is None else forwards
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
        update=update(network, parameters, slopes, number),
        samples=samples,
    )


def rerun(
    passed: Pass,
    network: Network,
    parameters: Parameters,
    batch: tuple[Array, Array | None] | None = None,
    forwards: Forward | None = None,
) -> Pass:
    """Run a pass once more, of another network or from other parameters; raises `DomainError`.

    It stays the same pass of the same data: `batch` holds other numbers in the place of its inputs and targets.
    """
    X, Y = (passed.X, passed.Y) if batch is None else batch
    return run_pass(network, parameters, X, Y, passed.number, passed.rows, forwards, passed.samples)
