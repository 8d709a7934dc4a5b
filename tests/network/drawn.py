"""Networks of every kind, with data that fits them, as hypothesis draws them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import get_args

from hypothesis import strategies as st

from nn_tutor.network.spec import (
    ELEMENTWISE,
    ActivationName,
    Batching,
    Data,
    Layer,
    Loss,
    LossKind,
    Matrix,
    Network,
    Reduction,
)

_REDUCTIONS: tuple[Reduction, ...] = get_args(Reduction)
_BATCHINGS: tuple[Batching, ...] = get_args(Batching)
_LAST: dict[LossKind, tuple[ActivationName, ...]] = {
    "squared_error": (*ELEMENTWISE, "softmax"),
    "absolute_error": ELEMENTWISE,
    "huber": ELEMENTWISE,
    "hinge": ELEMENTWISE,
    "binary_cross_entropy": ("sigmoid", "identity", "relu", "softplus", "leaky_relu"),
    "categorical_cross_entropy": ("softmax", "sigmoid"),
    "output": (*ELEMENTWISE, "softmax"),
}


@dataclass(frozen=True)
class Case:
    """A network with data that fits it."""

    network: Network
    data: Data


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw any activation, loss, reduction, kind of biases, frozen weights, L2, 1 to 4 layers, 1 to 5 rows."""
    kind = draw(st.sampled_from(get_args(LossKind)))
    last = draw(st.sampled_from(_LAST[kind]))
    sizes = draw(st.lists(st.integers(1, 4), min_size=2, max_size=5))
    layers = []
    for index, (inputs, units) in enumerate(itertools.pairwise(sizes)):
        is_last = index == len(sizes) - 2
        activation = last if is_last else draw(st.sampled_from(ELEMENTWISE))
        weights = draw(_matrices(units, inputs))
        biases = draw(st.none() | st.tuples(*[_numbers] * units))
        if is_last and kind == "binary_cross_entropy" and last != "sigmoid":
            # Outputs must stay between 0 and 1 without a squashing function.
            weights = tuple(tuple(weight / 1000 for weight in row) for row in weights)
            biases = (0.0 if last == "softplus" else 0.5,) * units
        layers.append(
            Layer(
                weights=weights,
                biases=biases,
                train_biases=draw(st.booleans()),
                frozen=draw(
                    st.frozensets(st.tuples(st.integers(0, units - 1), st.integers(0, inputs - 1)), max_size=2)
                ),
                activation=activation,
                slope=draw(st.sampled_from((None, 0.2))) if activation == "leaky_relu" else None,
            )
        )
    network = Network(
        layers=tuple(layers),
        loss=Loss(
            kind=kind,
            factor=draw(st.sampled_from((1.0, 0.5, 3.0))),
            outputs=None if kind == "categorical_cross_entropy" else draw(st.sampled_from(_REDUCTIONS)),
            batch=draw(st.sampled_from(_REDUCTIONS)),
            reported_factor=draw(st.sampled_from((None, 1.0, 2.0))),
            delta=draw(st.sampled_from((None, 0.4, 1.5))) if kind == "huber" else None,
        ),
        learning_rate=draw(st.sampled_from((0.0, 0.05, 0.3, 1.7))),
        batching=draw(st.sampled_from(_BATCHINGS)),
        l2=draw(st.sampled_from((0.0, 0.0, 0.1, 1.0))),
    )
    rows = draw(st.integers(1, 5))
    inputs_of_rows = draw(_matrices(rows, sizes[0]))
    return Case(network, Data(inputs_of_rows, draw(_targets(kind, last, rows, sizes[-1]))))


_numbers = st.integers(-150, 150).map(lambda hundredths: hundredths / 100)


def _matrices(rows: int, columns: int) -> st.SearchStrategy[Matrix]:
    return st.tuples(*[st.tuples(*[_numbers] * columns)] * rows)


def _targets(kind: LossKind, last: ActivationName, rows: int, units: int) -> st.SearchStrategy[Matrix | None]:
    if kind == "output":
        return st.none()
    if kind in ("squared_error", "absolute_error", "huber"):
        return _matrices(rows, units)
    if kind == "hinge":
        return st.tuples(*[st.tuples(*[st.sampled_from((-1.0, 1.0))] * units)] * rows)
    probability = st.sampled_from((0.0, 1.0, 0.25, 0.9))
    row: st.SearchStrategy[tuple[float, ...]] = st.tuples(*[probability] * units)
    if last == "softmax":
        one_hot = st.integers(0, units - 1).map(lambda k: tuple(float(k == unit) for unit in range(units)))
        row = one_hot | st.just((1 / units,) * units)
    return st.tuples(*[row] * rows)
