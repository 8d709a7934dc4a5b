"""Networks with data that fits them, for the tests of every room: three that lessons are built on, and random ones."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from typing import get_args

from nn_tutor.network.optimizer import Clipping, Optimizer, RuleName, Schedule
from nn_tutor.network.quantities import QUANTITIES, Ref, elements, layers_of
from nn_tutor.network.spec import ELEMENTWISE, ActivationName, Batching, Data, Layer, Loss, LossKind, Network

LINEAR = (Network((Layer(weights=((2.75,),)),), learning_rate=0.3), Data(((0.8,),), ((1.05,),)))
SQUASHED = (
    Network((Layer(weights=((-1.3,),), activation="sigmoid"),), learning_rate=2.5),
    Data(((1.8,),), ((0.4,),)),
)
VECTOR = (
    Network(
        (
            Layer(weights=((0.5, 0.4), (-1.1, 1.2)), activation="sigmoid"),
            Layer(weights=((0.4, 1.2), (0.9, -1.1), (-0.5, 0.4))),
        ),
        learning_rate=0.4,
    ),
    Data(((1.3, 1.1),), ((-0.7, 1.0, -0.7),)),
)


def numbers_of(network: Network, rows: int) -> list[Ref]:
    """Return every number of a pass over so many rows."""
    return [
        ref
        for quantity in QUANTITIES
        for layer in layers_of(network, quantity)
        for ref in elements(network, rows, quantity, layer)
    ]


def random_network(seed: int, *, most_layers: int = 3, most_units: int = 4, most_rows: int = 3) -> tuple[Network, Data]:
    """Return a network and data drawn from a seed: any activation, loss, reduction, biases, frozen weights, L2."""
    draw = random.Random(seed)
    if draw.random() < 0.25:
        sizes = [1] * (draw.randint(1, most_layers) + 1)
    else:
        sizes = [draw.randint(1, most_units) for _ in range(draw.randint(1, most_layers) + 1)]
    rows = draw.randint(1, most_rows)
    kind: LossKind = draw.choice(get_args(LossKind))
    last: ActivationName = draw.choice(_LAST[kind])
    layers = []
    for index, (inputs, units) in enumerate(itertools.pairwise(sizes)):
        is_last = index == len(sizes) - 2
        with_biases = draw.random() < 0.6
        layers.append(
            Layer(
                weights=tuple(tuple(_number(draw) for _ in range(inputs)) for _ in range(units)),
                biases=tuple(_number(draw) for _ in range(units)) if with_biases else None,
                train_biases=draw.random() < 0.7,
                frozen=frozenset({(draw.randrange(units), draw.randrange(inputs))} if draw.random() < 0.3 else ()),
                activation=(activation := last if is_last else draw.choice(ELEMENTWISE)),
                slope=draw.choice([None, 0.2]) if activation == "leaky_relu" else None,
            )
        )
    loss = Loss(
        kind=kind,
        factor=draw.choice([1.0, 0.5, 2.0]),
        outputs=None if kind == "categorical_cross_entropy" else draw.choice(["mean", "sum"]),
        batch=draw.choice(["mean", "sum"]),
        delta=draw.choice([None, 0.4, 1.5]) if kind == "huber" else None,
    )
    network = Network(
        layers=tuple(layers),
        loss=loss,
        learning_rate=draw.choice([0.05, 0.3, 0.7]),
        l2=draw.choice([0.0, 0.0, 0.1]),
    )
    samples = tuple(tuple(_number(draw) for _ in range(sizes[0])) for _ in range(rows))
    return network, Data(samples, _targets(draw, kind, last, rows, sizes[-1]))


_LAST: dict[LossKind, list[ActivationName]] = {
    "squared_error": [*ELEMENTWISE, "softmax"],
    "absolute_error": [*ELEMENTWISE],
    "huber": [*ELEMENTWISE],
    "hinge": ["identity", "tanh"],
    "binary_cross_entropy": ["sigmoid"],
    "categorical_cross_entropy": ["softmax", "sigmoid"],
    "output": [*ELEMENTWISE, "softmax"],
}


def _number(draw: random.Random) -> float:
    return draw.choice([-1, 1]) * draw.randint(5, 180) / 100


def _targets(
    draw: random.Random, kind: LossKind, last: ActivationName, rows: int, units: int
) -> tuple[tuple[float, ...], ...] | None:
    if kind == "output":
        return None
    if kind == "categorical_cross_entropy":
        classes = [draw.randrange(units) for _ in range(rows)]
        return tuple(tuple(float(unit == chosen) for unit in range(units)) for chosen in classes)
    if kind == "hinge":
        return tuple(tuple(draw.choice([-1.0, 1.0]) for _ in range(units)) for _ in range(rows))
    if kind == "binary_cross_entropy":
        return tuple(tuple(draw.choice([0.0, 1.0, 0.3]) for _ in range(units)) for _ in range(rows))
    return tuple(tuple(_number(draw) for _ in range(units)) for _ in range(rows))


def random_optimizer(seed: int) -> Optimizer:
    """Return an optimizer drawn from a seed: any rule, with constants of its own, decay, schedule and clipping."""
    draw = random.Random(seed)
    rules = get_args(RuleName)
    return Optimizer(
        rule=rules[seed % len(rules)],
        momentum=draw.choice([0.9, 0.5, 0.0]),
        decay=draw.choice([0.99, 0.9]),
        beta1=draw.choice([0.9, 0.8]),
        beta2=draw.choice([0.999, 0.95]),
        epsilon=draw.choice([1e-8, 1e-3]),
        weight_decay=draw.choice([0.0, 0.0, 0.01, 0.2]),
        schedule=draw.choice(
            [
                Schedule(),
                Schedule(),
                Schedule("step", every=draw.randint(1, 3), factor=0.5),
                Schedule("cosine", passes=draw.randint(2, 9), least=draw.choice([0.0, 0.01])),
            ]
        ),
        clipping=draw.choice([Clipping(), Clipping(), Clipping("value", 0.1), Clipping("norm", 0.5)]),
    )


def random_run(seed: int) -> tuple[Network, Data]:
    """Return a random network and its data with a random optimizer and random batches."""
    draw = random.Random(seed)
    network, data = random_network(seed, most_rows=5)
    batching: Batching = draw.choice(get_args(Batching))
    return (
        replace(
            network,
            optimizer=random_optimizer(seed),
            batching=batching,
            batch_size=draw.randint(1, 3),
            shuffle=draw.random() < 0.5,
            seed=seed,
        ),
        data,
    )
