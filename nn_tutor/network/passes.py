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
    from nn_tutor.network.optimizer import State
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
    steps_W: list[Array] = []
    new_W: list[Array] = []
    every_W: list[dict[str, Array]] = []
    decays: list[Array] = []
    steps_b: list[Array | None] = []
    new_b: list[Array | None] = []
    every_b: list[dict[str, Array] | None] = []
    for index, layer in enumerate(network.layers):
        W, dW = parameters.W[index], slopes.dW[index]
        made = follow(optimizer, number, dW, _of_layer(before.W, index), norm)
        new, step = downhill(W, lr, _but_held(made["direction"], layer.frozen))
        if optimizer.weight_decay:
            decays.append(lr * optimizer.weight_decay * _but_held(W, layer.frozen))
            new = new - decays[-1]
        steps_W.append(step)
        new_W.append(new)
        every_W.append(made)

        b, db = parameters.b[index], slopes.db[index]
        if b is None or db is None:
            for of_biases in (steps_b, new_b, every_b):
                of_biases.append(None)
            continue
        made = follow(optimizer, number, db, _of_layer(before.b, index), norm)
        new, step = downhill(b, lr, made["direction"] if layer.train_biases else np.zeros_like(b))
        steps_b.append(step)
        new_b.append(new)
        every_b.append(made)
    if rule.is_plain and not optimizer.clips:
        after = Parameters(tuple(new_W), tuple(new_b))
        made_plainly = Followed(lr, decay_W=tuple(decays)) if decays else followed_plainly(lr)
        return Update(tuple(steps_W), tuple(steps_b), after, made_plainly)
    states_W = {name: tuple(made[name] for made in every_W) for name in optimizer.states}
    states_b = {name: tuple(None if made is None else made[name] for made in every_b) for name in optimizer.states}
    memory = Memory(
        W={name: states_W[name] for name in rule.remembered}, b={name: states_b[name] for name in rule.remembered}
    )
    return Update(
        step_W=tuple(steps_W),
        step_b=tuple(steps_b),
        after=Parameters(W=tuple(new_W), b=tuple(new_b), memory=memory if rule.remembered else None),
        followed=Followed(
            rate=lr,
            norm=norm,
            decay_W=tuple(decays),
            clipped_W=tuple(made["slope"] for made in every_W) if optimizer.clips else (),
            clipped_b=tuple(None if made is None else made["slope"] for made in every_b) if optimizer.clips else (),
            states_W=states_W,
            states_b=states_b,
        ),
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
