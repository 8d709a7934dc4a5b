"""What a network is made of: layers, loss, update rule and data, as frozen and validated plain values.

Everything here is nested tuples, so that a lesson can be loaded, listed and checked without NumPy. Arrays begin in
`nn_tutor.network.passes`.
"""

from __future__ import annotations

import math
from dataclasses import field, fields
from fractions import Fraction
from functools import cache
from typing import Literal, get_args

from nn_tutor.dataclass import dataclass
from nn_tutor.network.conventions import Conventions
from nn_tutor.network.counted import counted
from nn_tutor.network.optimizer import Optimizer
from nn_tutor.network.spec_error import SpecError as SpecError
from nn_tutor.network.spec_error import (
    check_above_zero,
    check_between,
    check_finite,
    check_rectangle,
    one_of,
)

ActivationName = Literal[
    "identity", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "softplus", "silu", "gelu", "gelu_tanh", "softmax"
]
LossKind = Literal[
    "squared_error",
    "absolute_error",
    "huber",
    "hinge",
    "binary_cross_entropy",
    "categorical_cross_entropy",
    "output",
]
Reduction = Literal["mean", "sum"]
Batching = Literal["full", "online", "mini"]
LossName = Literal["half", "mse", "sse", "mae", "l1", "huber", "smooth-l1", "hinge", "bce", "ce", "output"]
"""What sheets and textbooks call a loss."""

ELEMENTWISE: tuple[ActivationName, ...] = tuple(name for name in get_args(ActivationName) if name != "softmax")
"""The activations that take one number and give one."""

LEAK = 0.01
"""The slope of a leaky ReLU below 0 where none is given."""

HUBER_DELTA = 1.0
"""The error up to which a Huber loss is a square, where none is given."""

_FUSED_WITH: dict[LossKind, ActivationName | None] = {
    "squared_error": None,
    "absolute_error": None,
    "huber": None,
    "hinge": None,
    "binary_cross_entropy": "sigmoid",
    "categorical_cross_entropy": "softmax",
    "output": None,
}
"""The activation that a loss is taken together with where it comes right before it."""

_OF_PROBABILITIES: frozenset[LossKind] = frozenset({"binary_cross_entropy", "categorical_cross_entropy"})
_WITHOUT_ERROR: frozenset[LossKind] = frozenset({"hinge", "output"})
_AFTER_SOFTMAX: tuple[LossKind, ...] = ("categorical_cross_entropy", "squared_error", "output")

Vector = tuple[float, ...]
Matrix = tuple[Vector, ...]
"""A matrix as rows: `weights[out][in]`, `inputs[row][feature]`."""

MAX_LAYERS = 8
MAX_UNITS = 64
MAX_ROWS = 10_000


@dataclass(frozen=True, slots=True)
class Layer:
    """One dense layer: `z = W·a + b`, then the activation.

    Either `weights` (`W[out][in]`) or `size` (`(in, out)`, drawn from the network's seed) is given. `biases` is None
    for a layer without biases. `train_biases=False` holds them; `frozen` holds single weights, as `(out, in)` pairs
    counted from 0. The gradient of what is held is still reported. `slope` is that of a leaky ReLU below 0; None
    stands for the usual one, and for that of every other activation.
    """

    weights: Matrix | None = None
    size: tuple[int, int] | None = None
    biases: Vector | None = None
    train_biases: bool = True
    frozen: frozenset[tuple[int, int]] = frozenset()
    activation: ActivationName = "identity"
    slope: float | None = None

    def __post_init__(self) -> None:
        """Check what one layer can say of itself; raises `SpecError`."""
        _check_shape(self)
        if self.activation not in get_args(ActivationName):
            raise SpecError("activation", f"{self.activation!r}", one_of(ActivationName))
        _check_slope(self)
        if self.biases is not None:
            if len(self.biases) != self.units:
                raise SpecError(
                    "biases", f"{len(self.biases)} numbers for {self.units} units", "give one bias for each unit"
                )
            check_finite("biases", (self.biases,))
        for out, into in sorted(self.frozen):
            if not (0 <= out < self.units and 0 <= into < self.inputs):
                raise SpecError(
                    "frozen",
                    f"[{out}, {into}]",
                    f"pairs are [out, in] counted from 0: out below {self.units}, in below {self.inputs}",
                )

    @property
    def inputs(self) -> int:
        """How many numbers enter the layer."""
        return self.size[0] if self.weights is None and self.size else len((self.weights or ((),))[0])

    @property
    def units(self) -> int:
        """How many numbers leave the layer."""
        return self.size[1] if self.weights is None and self.size else len(self.weights or ())


@dataclass(frozen=True, slots=True)
class Loss:
    """The loss that is differentiated, and its conventions.

    `factor` multiplies it (0.5 for the ½ convention). `outputs` and `batch` say whether the terms of one sample's
    outputs, and the samples of a batch, are averaged or summed. `reported_factor` is the multiple that a source prints:
    `reported_loss = loss·reported_factor/factor`. `delta` is the error up to which a Huber loss is a square.
    None stands for the default of the kind.
    """

    kind: LossKind = "squared_error"
    factor: float = 1.0
    outputs: Reduction | None = None
    batch: Reduction = "mean"
    reported_factor: float | None = None
    delta: float | None = None

    def __post_init__(self) -> None:
        """Check the conventions and fill in their defaults; raises `SpecError`."""
        if self.kind not in get_args(LossKind):
            raise SpecError("kind", f"{self.kind!r}", one_of(LossKind))
        if self.outputs not in (None, "mean", "sum"):
            raise SpecError("outputs", f"{self.outputs!r}", one_of(Reduction))
        if self.batch not in ("mean", "sum"):
            raise SpecError("batch", f"{self.batch!r}", one_of(Reduction))
        for key, value in (("factor", self.factor), ("reported_factor", self.reported_factor)):
            if value is not None:
                check_above_zero(key, value)
        self._check_delta()
        if self.kind == "categorical_cross_entropy":
            if self.outputs == "mean":
                raise SpecError("outputs", '"mean"', 'categorical cross-entropy sums over the classes: write "sum"')
            object.__setattr__(self, "outputs", "sum")
        if self.outputs is None:
            object.__setattr__(self, "outputs", "mean")
        if self.reported_factor is None:
            object.__setattr__(self, "reported_factor", self.factor)

    def _check_delta(self) -> None:
        if self.kind != "huber":
            if self.delta is not None:
                raise SpecError(
                    "delta", f"{self.delta!r} with {self.kind}", 'take it out: only "huber" has a delta to give'
                )
        elif self.delta is not None:
            check_above_zero("delta", self.delta)

    @property
    def takes_probabilities(self) -> bool:
        """Whether outputs and targets are probabilities, of which a logarithm is taken."""
        return self.kind in _OF_PROBABILITIES

    @property
    def has_targets(self) -> bool:
        """Whether the outputs are held against targets; the output itself as the loss has none."""
        return self.kind != "output"

    @property
    def has_free_targets(self) -> bool:
        """Whether any number may be a target: no probability, and no class."""
        return self.has_targets and not self.takes_probabilities and self.kind != "hinge"

    @property
    def has_error(self) -> bool:
        """Whether its slope carries an error o − y, which some sources write as y − o."""
        return self.kind not in _WITHOUT_ERROR

    @property
    def exact_factor(self) -> Fraction:
        """The factor as it is written: 0.1 is 1/10."""
        return _scale(self.factor, 1)

    def exact_scale(self, outputs: int, rows: int) -> Fraction:
        """Return what every term of the loss is multiplied by: the factor over what is averaged over.

        `outputs` are the output units, `rows` the samples of a batch.
        """
        return _scale(self.factor, self._averaged_over(outputs, rows))

    def scale(self, outputs: int, rows: int) -> float:
        """Return `exact_scale` as a float."""
        return _scale_as_float(self.factor, self._averaged_over(outputs, rows))

    def _averaged_over(self, outputs: int, rows: int) -> int:
        return (outputs if self.outputs == "mean" else 1) * (rows if self.batch == "mean" else 1)


USUAL_LOSSES: dict[LossName, Loss] = {
    "half": Loss(factor=0.5, outputs="sum"),
    "mse": Loss(),
    "sse": Loss(outputs="sum", batch="sum"),
    "mae": Loss("absolute_error"),
    "l1": Loss("absolute_error"),
    "huber": Loss("huber"),
    "smooth-l1": Loss("huber"),
    "hinge": Loss("hinge"),
    "bce": Loss("binary_cross_entropy"),
    "ce": Loss("categorical_cross_entropy"),
    "output": Loss("output"),
}
"""The losses by their usual names: E = ½·Σ(y − o)², its mean over the samples; the mean, or the sum, of all squared
errors; the mean of the sizes of all errors, under two names; the mean of Huber's loss with δ = 1, which PyTorch calls
smooth L1 too; the mean of the hinge losses; the two cross-entropies; no loss, the output itself."""


@dataclass(frozen=True, slots=True)
class Network:
    """A dense feed-forward network with its loss and its update rule, `w′ = w − η·∂L/∂w` where none is named.

    `l2` adds `(l2/2)·Σ w²` over all weights to the loss of each update. `batching` "online" updates after each row,
    "mini" after every `batch_size` of them; the last batch of an epoch holds what is left, unless `drop_last` leaves it
    out. `shuffle` draws the order of the rows of every epoch anew. `seed` draws it, and the weights that are not given.
    `conventions` say how its source writes it; nothing that is computed depends on them.
    """

    layers: tuple[Layer, ...]
    loss: Loss = field(default_factory=Loss)
    learning_rate: float = 0.1
    seed: int = 0
    batching: Batching = "full"
    l2: float = 0.0
    conventions: Conventions = field(default_factory=Conventions)
    optimizer: Optimizer = field(default_factory=Optimizer)
    batch_size: int = 2
    shuffle: bool = False
    drop_last: bool = False
    is_scalar: bool = field(init=False, compare=False, repr=False)
    """Whether every layer has one input and one unit: the single-weight networks, written without indices."""
    _hash: int = field(init=False, compare=False, repr=False, default=0)

    def __hash__(self) -> int:
        """The hash of all fields that are compared, worked out once: networks are keys of many caches."""
        if not self._hash:
            own = tuple(getattr(self, one.name) for one in fields(self) if one.compare)
            object.__setattr__(self, "_hash", hash(own))
        return self._hash

    def __post_init__(self) -> None:
        """Check that the layers chain and that the loss can take what the last layer gives; raises `SpecError`."""
        if not 1 <= len(self.layers) <= MAX_LAYERS:
            raise SpecError("layers", f"{len(self.layers)} layers", f"give 1 to {MAX_LAYERS} layers")
        check_between("learning_rate", self.learning_rate, 0.0, math.inf)
        check_between("update.l2", self.l2, 0.0, math.inf)
        if self.batching not in get_args(Batching):
            raise SpecError("update.batching", f"{self.batching!r}", one_of(Batching))
        if self.batch_size < 1:
            raise SpecError("update.batch_size", f"{self.batch_size!r}", "give a whole number of rows, 1 or above")
        if self.seed < 0:
            raise SpecError("seed", f"{self.seed!r}", "give a whole number, 0 or above")
        for index, (layer, following) in enumerate(zip(self.layers, self.layers[1:], strict=False)):
            if layer.units != following.inputs:
                raise SpecError(
                    f"layers[{index + 1}].{'weights' if following.weights is not None else 'size'}",
                    f"takes {counted(following.inputs, 'number')}, but the layer before gives {layer.units}",
                    f"give it {counted(layer.units, 'row')}, one for each input"
                    if self.conventions.transposes_weights
                    else f"give each of its rows {counted(layer.units, 'weight')}",
                )
            if layer.activation == "softmax":
                raise SpecError(
                    f"layers[{index}].activation", '"softmax" before the last layer', "softmax can only be last"
                )
        if self.layers[-1].activation == "softmax" and self.loss.kind not in _AFTER_SOFTMAX:
            raise SpecError(
                "loss.kind",
                f'"{self.loss.kind}" after softmax',
                'use "categorical_cross_entropy", "squared_error" or "output" with softmax',
            )
        single = all(layer.inputs == layer.units == 1 and layer.activation != "softmax" for layer in self.layers)
        object.__setattr__(self, "is_scalar", single)

    @property
    def inputs(self) -> int:
        """How many features a sample has."""
        return self.layers[0].inputs

    @property
    def outputs(self) -> int:
        """How many outputs the network gives."""
        return self.layers[-1].units

    def leak_of(self, activation: ActivationName) -> float | None:
        """Return the slope below 0 of the first layer that bends so; None for the usual one, or where none does."""
        return next((layer.slope for layer in self.layers if layer.activation == activation), None)

    def passes_per_epoch(self, samples: int) -> int:
        """Return how many passes see all of so many samples once; at least 1."""
        size = self.max_rows(samples)
        return max(1, samples // size if self.drop_last else -(-samples // size))

    def max_rows(self, samples: int) -> int:
        """Return how many rows of so many samples a whole batch holds."""
        return {"full": samples, "online": 1, "mini": min(self.batch_size, samples)}[self.batching]

    def rows_in_pass(self, number: int, samples: int) -> int:
        """Return how many rows pass `number` sees, of so many samples: fewer in the last batch of an epoch."""
        size = self.max_rows(samples)
        place = (number - 1) % self.passes_per_epoch(samples)
        return min(size, samples - place * size)

    @property
    def is_fused(self) -> bool:
        """Whether loss and last activation are taken together, from the logits: ∂L/∂z is o − y times the scale."""
        return _FUSED_WITH[self.loss.kind] == self.layers[-1].activation


@dataclass(frozen=True, slots=True)
class Data:
    """The samples: a row each. `targets` is None where the output itself is differentiated."""

    inputs: Matrix
    targets: Matrix | None = None

    def __post_init__(self) -> None:
        """Check what the data can say of itself; raises `SpecError`."""
        check_rectangle("inputs", self.inputs)
        if len(self.inputs) > MAX_ROWS:
            raise SpecError("inputs", f"{len(self.inputs)} rows", f"give at most {MAX_ROWS} rows")
        if self.targets is not None:
            check_rectangle("targets", self.targets)
            if len(self.targets) != len(self.inputs):
                raise SpecError(
                    "targets",
                    f"{len(self.targets)} rows for {len(self.inputs)} rows of inputs",
                    "give one row of targets for each row of inputs",
                )


def _check_shape(layer: Layer) -> None:
    if (layer.weights is None) == (layer.size is None):
        found = "neither weights nor size" if layer.weights is None else "both weights and size"
        raise SpecError("weights", found, "give either weights = [[…]] or size = [in, out]")
    if layer.weights is not None:
        check_rectangle("weights", layer.weights)
    if not (1 <= layer.inputs <= MAX_UNITS and 1 <= layer.units <= MAX_UNITS):
        raise SpecError(
            "weights" if layer.weights is not None else "size",
            f"{layer.inputs} inputs and {layer.units} units",
            f"a layer has 1 to {MAX_UNITS} inputs and 1 to {MAX_UNITS} units",
        )


def _check_slope(layer: Layer) -> None:
    if layer.activation != "leaky_relu":
        if layer.slope is not None:
            raise SpecError(
                "slope",
                f"{layer.slope!r} with {layer.activation}",
                'take it out: only "leaky_relu" has a slope to give',
            )
    elif layer.slope is not None and not 0 < layer.slope < 1:
        raise SpecError("slope", f"{layer.slope!r}", 'give a number between 0 and 1; for 0 write "relu"')


@cache
def _scale_as_float(factor: float, over: int) -> float:
    return float(_scale(factor, over))


@cache
def _scale(factor: float, over: int) -> Fraction:
    return Fraction(str(factor)) / over
