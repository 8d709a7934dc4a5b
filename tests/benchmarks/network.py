"""The network room against NumPy written by hand for one architecture: a step, a step with records, a long run."""

from __future__ import annotations

import itertools
import random
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np

from nn_tutor.network.activations import Array
from nn_tutor.network.optimizer import Optimizer
from nn_tutor.network.passes import batch, initial_parameters, run_pass
from nn_tutor.network.spec import ActivationName, Data, Layer, Network
from nn_tutor.network.training import Timeline
from tests.benchmarks.figures import Figure, fastest
from tests.network.running import fast_forward

STEPS = 400
ACTIVATIONS: tuple[ActivationName, ...] = ("sigmoid", "tanh")


def figures() -> Iterator[Figure]:
    for sizes in ((3, 4, 1), (2, 2, 1), (4, 3, 2)):
        for activation in ACTIVATIONS:
            yield from _one_architecture(sizes, activation)
    yield from _adam()
    yield from _long_run()


def _adam() -> Iterator[Figure]:
    """Yield a lean step of Adam beside Adam by hand."""
    ratios = []
    for sizes in ((3, 4, 1), (4, 3, 2)):
        network, data = make(sizes, "sigmoid", 4, biases=True)
        network = replace(network, optimizer=Optimizer("adam"), learning_rate=0.003)
        hand, lean = fastest(partial(adam_by_hand, network, data, STEPS), partial(lean_steps, network, data, STEPS))
        ratios.append((lean / hand, f"{lean / STEPS * 1e6:.1f} µs, by hand {hand / STEPS * 1e6:.1f}"))
    worst, note = max(ratios)
    yield Figure("step of Adam, lean / by hand", worst, "×", 1.5, note)


def _one_architecture(sizes: tuple[int, int, int], activation: ActivationName) -> Iterator[Figure]:
    """Yield the worst of one and four rows, with and without biases."""
    ratios: dict[str, list[tuple[float, str]]] = {"lean": [], "with records": [], "walked in a timeline": []}
    for rows, biases in itertools.product((1, 4), (True, False)):
        network, data = make(sizes, activation, rows, biases=biases)
        hand, *own = fastest(
            partial(by_hand, network, data, STEPS),
            partial(lean_steps, network, data, STEPS),
            partial(recorded_steps, network, data, STEPS),
            partial(walked_steps, network, data, STEPS),
        )
        case = f"worst at {rows} row{'s' * (rows > 1)}, {'biases' if biases else 'no biases'}: "
        for ratio, took in zip(ratios.values(), own, strict=True):
            ratio.append((took / hand, case + f"{took / STEPS * 1e6:.1f} µs, by hand {hand / STEPS * 1e6:.1f}"))
    for (kind, ratio), goal in zip(ratios.items(), (1.3, 3.0, None), strict=True):
        worst, note = max(ratio)
        yield Figure(f"step of {'-'.join(map(str, sizes))} {activation}, {kind} / by hand", worst, "×", goal, note)


def _long_run() -> Iterator[Figure]:
    network, data = make((3, 4, 1), "sigmoid", 4, biases=True)
    hand, lean = fastest(lambda: by_hand(network, data, 50_000), lambda: lean_steps(network, data, 50_000), rounds=3)
    yield Figure("50,000 steps of 3-4-1: lean / by hand", lean / hand, "×", 1.5, f"{lean:.2f} s")
    jump = fastest(lambda: Timeline(network, data).at(50_000), rounds=3)[0]
    yield Figure("50,000 steps of 3-4-1: timeline jumps to the last / by hand", jump / hand, "×", 1.5)
    tracemalloc.start()
    lean_steps(network, data, 1000)
    peaks = []
    for steps in (1000, 50_000):
        tracemalloc.reset_peak()
        lean_steps(network, data, steps)
        peaks.append(tracemalloc.get_traced_memory()[1])
    tracemalloc.stop()
    yield Figure("memory of 50,000 steps / of 1,000 steps", peaks[1] / peaks[0], "×", 1.3, f"{peaks[1] / 1024:.0f} KiB")


def make(sizes: tuple[int, int, int], activation: ActivationName, rows: int, *, biases: bool) -> tuple[Network, Data]:
    """Return a network of two layers and data for it."""
    draw = random.Random(7)
    layers = tuple(
        Layer(size=(inputs, units), biases=(0.1,) * units if biases else None, activation=activation)
        for inputs, units in itertools.pairwise(sizes)
    )

    def matrix(columns: int) -> tuple[tuple[float, ...], ...]:
        return tuple(tuple(draw.random() for _ in range(columns)) for _ in range(rows))

    return Network(layers, learning_rate=0.1), Data(matrix(sizes[0]), matrix(sizes[-1]))


def by_hand(network: Network, data: Data, steps: int) -> tuple[Array, Array]:
    """Train the way one writes it for exactly this network: two layers, squared error, gradient descent."""
    parameters = initial_parameters(network)
    W1, W2 = (W.copy() for W in parameters.W)
    b1, b2 = (None if b is None else b.copy() for b in parameters.b)
    X, y = batch(data, tuple(range(len(data.inputs))))
    assert y is not None
    lr, scale = network.learning_rate, 2 / y.size
    if network.layers[0].activation == "sigmoid":
        if b1 is not None and b2 is not None:
            for _ in range(steps):
                a = 1 / (1 + np.exp(-(X @ W1.T + b1)))
                o = 1 / (1 + np.exp(-(a @ W2.T + b2)))
                d2 = scale * (o - y) * o * (1 - o)
                d1 = d2 @ W2 * a * (1 - a)
                W2 -= lr * d2.T @ a
                b2 -= lr * d2.sum(axis=0)
                W1 -= lr * d1.T @ X
                b1 -= lr * d1.sum(axis=0)
        else:
            for _ in range(steps):
                a = 1 / (1 + np.exp(-(X @ W1.T)))
                o = 1 / (1 + np.exp(-(a @ W2.T)))
                d2 = scale * (o - y) * o * (1 - o)
                d1 = d2 @ W2 * a * (1 - a)
                W2 -= lr * d2.T @ a
                W1 -= lr * d1.T @ X
    elif b1 is not None and b2 is not None:
        for _ in range(steps):
            a = np.tanh(X @ W1.T + b1)
            o = np.tanh(a @ W2.T + b2)
            d2 = scale * (o - y) * (1 - o * o)
            d1 = d2 @ W2 * (1 - a * a)
            W2 -= lr * d2.T @ a
            b2 -= lr * d2.sum(axis=0)
            W1 -= lr * d1.T @ X
            b1 -= lr * d1.sum(axis=0)
    else:
        for _ in range(steps):
            a = np.tanh(X @ W1.T)
            o = np.tanh(a @ W2.T)
            d2 = scale * (o - y) * (1 - o * o)
            d1 = d2 @ W2 * (1 - a * a)
            W2 -= lr * d2.T @ a
            W1 -= lr * d1.T @ X
    return W1, W2


def adam_by_hand(network: Network, data: Data, steps: int) -> list[Array]:
    """Train with Adam the way one writes it for exactly this network: two sigmoid layers with biases."""
    parameters = initial_parameters(network)
    W1, W2 = (W.copy() for W in parameters.W)
    b1, b2 = (b.copy() for b in parameters.b if b is not None)
    X, y = batch(data, tuple(range(len(data.inputs))))
    assert y is not None
    own, lr, scale = network.optimizer, network.learning_rate, 2 / y.size
    beta1, beta2, epsilon = own.beta1, own.beta2, own.epsilon
    values = [W1, b1, W2, b2]
    m, v = [np.zeros_like(one) for one in values], [np.zeros_like(one) for one in values]
    for t in range(1, steps + 1):
        a = 1 / (1 + np.exp(-(X @ W1.T + b1)))
        o = 1 / (1 + np.exp(-(a @ W2.T + b2)))
        d2 = scale * (o - y) * o * (1 - o)
        d1 = d2 @ W2 * a * (1 - a)
        slopes = [d1.T @ X, d1.sum(axis=0), d2.T @ a, d2.sum(axis=0)]
        for k, g in enumerate(slopes):
            m[k] = beta1 * m[k] + (1 - beta1) * g
            v[k] = beta2 * v[k] + (1 - beta2) * g * g
            m_hat, v_hat = m[k] / (1 - beta1**t), v[k] / (1 - beta2**t)
            values[k] -= lr * m_hat / (np.sqrt(v_hat) + epsilon)
    return values


def lean_steps(network: Network, data: Data, steps: int) -> None:
    for _ in fast_forward(network, data, initial_parameters(network), steps):
        pass


def recorded_steps(network: Network, data: Data, steps: int) -> None:
    rows = tuple(range(len(data.inputs)))
    X, Y = batch(data, rows)
    parameters = initial_parameters(network)
    for number in range(1, steps + 1):
        parameters = run_pass(network, parameters, X, Y, number, rows).update.after


def walked_steps(network: Network, data: Data, steps: int) -> None:
    timeline = Timeline(network, data)
    for number in range(1, steps + 1):
        timeline.at(number)
