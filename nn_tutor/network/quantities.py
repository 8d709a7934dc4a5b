"""The quantities of a pass and their grammar: `dW2[0,1]` is ∂L/∂W of layer 2, row (out) 0, column (in) 1.

One vocabulary for derivations, steps, questions and proofs. Layers count from 1, indices from 0. No NumPy here: the
values are taken by `value_of` in `nn_tutor.network.records`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

if TYPE_CHECKING:
    from nn_tutor.network.optimizer import Optimizer, State
    from nn_tutor.network.spec import Network

Phase = Literal["forward", "loss", "backward", "update"]

Quantity = Literal[
    "z",  # weighted sum [row, unit]
    "a",  # activation [row, unit]; of the last layer: the output o
    "loss",
    "loss_term",  # what one output of one sample adds to the loss, before its factor and mean [row, unit]
    "dL_do",  # ∂L/∂o [row, unit]
    "dL_da",  # ∂L/∂a of a hidden layer [row, unit]
    "da_dz",  # ∂a/∂z [row, unit], for softmax [row, i, j]
    "delta",  # δ = ∂L/∂z of the batch's loss [row, unit]
    "delta_sample",  # the same of the row's own loss [row, unit]
    "dz_dw",  # ∂z/∂w [row, out, in]
    "dz_da",  # ∂z/∂a of the layer before [out, in], from layer 2 on
    "dW",  # ∂L/∂W [out, in]
    "db",  # ∂L/∂b [out]
    "dX",  # ∂L/∂x [row, feature]
    "rate",  # η of this pass, where it is scheduled
    "norm",  # the length of all slopes together, where they are clipped by it
    "clipped",  # ∂L/∂W after clipping [out, in]
    "clipped_b",  # ∂L/∂b after clipping [out]
    "velocity",  # the states of the update rule, of the weights [out, in] and of the biases [out]
    "velocity_b",
    "m",
    "m_b",
    "v",
    "v_b",
    "m_hat",
    "m_hat_b",
    "v_hat",
    "v_hat_b",
    "step",  # what is taken off: η·∂L/∂W, or what another rule makes of it [out, in]
    "W",  # the weight after the update [out, in]
    "b",  # the bias after the update [out]
]

QUANTITIES: tuple[Quantity, ...] = tuple(quantity for quantity in get_args(Quantity) if quantity != "loss_term")
"""What a pass is traced and may be asked for; the terms of a loss are asked only where it is taken apart."""

Axis = Literal["row", "unit", "out", "in", "feature"]
"""What an index counts: samples of the batch, units of the layer, a weight's ends, features of a sample."""

QuantityRole = Literal["output", "loss", "weight", "gradient"]
"""What a quantity counts as wherever it is drawn: what goes forward, the loss, what is learned, or a slope."""


class Description(NamedTuple):
    """What is true of a quantity in every network."""

    phase: Phase
    role: QuantityRole
    axes: tuple[Axis, ...]
    has_layer: bool = True


TABLE: dict[Quantity, Description] = {
    "z": Description("forward", "output", ("row", "unit")),
    "a": Description("forward", "output", ("row", "unit")),
    "loss": Description("loss", "loss", (), has_layer=False),
    "loss_term": Description("loss", "loss", ("row", "unit"), has_layer=False),
    "dL_do": Description("backward", "gradient", ("row", "unit"), has_layer=False),
    "dL_da": Description("backward", "gradient", ("row", "unit")),
    "da_dz": Description("backward", "gradient", ("row", "unit")),
    "delta": Description("backward", "gradient", ("row", "unit")),
    "delta_sample": Description("backward", "gradient", ("row", "unit")),
    "dz_dw": Description("backward", "gradient", ("row", "out", "in")),
    "dz_da": Description("backward", "gradient", ("out", "in")),
    "dW": Description("backward", "gradient", ("out", "in")),
    "db": Description("backward", "gradient", ("out",)),
    "dX": Description("backward", "gradient", ("row", "feature"), has_layer=False),
    "rate": Description("update", "gradient", (), has_layer=False),
    "norm": Description("update", "gradient", (), has_layer=False),
    "clipped": Description("update", "gradient", ("out", "in")),
    "clipped_b": Description("update", "gradient", ("out",)),
    "velocity": Description("update", "gradient", ("out", "in")),
    "velocity_b": Description("update", "gradient", ("out",)),
    "m": Description("update", "gradient", ("out", "in")),
    "m_b": Description("update", "gradient", ("out",)),
    "v": Description("update", "gradient", ("out", "in")),
    "v_b": Description("update", "gradient", ("out",)),
    "m_hat": Description("update", "gradient", ("out", "in")),
    "m_hat_b": Description("update", "gradient", ("out",)),
    "v_hat": Description("update", "gradient", ("out", "in")),
    "v_hat_b": Description("update", "gradient", ("out",)),
    "step": Description("update", "gradient", ("out", "in")),
    "W": Description("update", "weight", ("out", "in")),
    "b": Description("update", "weight", ("out",)),
}
"""Every quantity; da_dz of a softmax has one axis more, "unit" again."""

STATE_QUANTITIES: dict[State, tuple[Quantity, Quantity]] = {
    "velocity": ("velocity", "velocity_b"),
    "m": ("m", "m_b"),
    "v": ("v", "v_b"),
    "m_hat": ("m_hat", "m_hat_b"),
    "v_hat": ("v_hat", "v_hat_b"),
}
"""The quantities of every state of an update rule: of a weight, and of a bias."""

_STATES: dict[Quantity, tuple[State, bool]] = {
    quantity: (state, quantity == pair[1]) for state, pair in STATE_QUANTITIES.items() for quantity in pair
}

OF_BIASES: frozenset[Quantity] = frozenset(
    {"b", "db", "clipped_b", *(quantity for quantity, (_, is_of_bias) in _STATES.items() if is_of_bias)}
)
"""The quantities that belong to a bias."""


def state_of(quantity: Quantity) -> tuple[State, bool] | None:
    """Return which state of an update rule a quantity is, and whether of a bias; None for one that is no state."""
    return _STATES.get(quantity)


def is_of_bias(quantity: Quantity) -> bool:
    """Whether a quantity belongs to a bias."""
    return quantity in OF_BIASES


def state_ref(state: State, layer: int, index: tuple[int, ...]) -> Ref:
    """Return the state of a parameter: of a weight for an index `(out, in)`, of a bias for `(unit,)`."""
    return Ref(STATE_QUANTITIES[state][len(index) == 1], layer, index)


_GRAMMAR = re.compile(r"(?P<quantity>[A-Za-z_]+?)(?P<layer>[1-9]\d?)?(?P<index>\[\d+(?:\s*,\s*\d+)*\])?")


class Ref(NamedTuple):
    """One number of a pass: a quantity, its layer (None for `loss`, `dL_do`, `dX`), its index (None for `loss`).

    A tuple, as every step of a lesson makes, compares and looks up hundreds of them.
    """

    quantity: Quantity
    layer: int | None = None
    index: tuple[int, ...] | None = None  # type: ignore[assignment]

    def __str__(self) -> str:
        """The reference in the grammar of step ids: `dW2[0,1]`."""
        index = "" if self.index is None else "[" + ",".join(map(str, self.index)) + "]"
        return f"{self.quantity}{self.layer or ''}{index}"

    @property
    def phase(self) -> Phase:
        """The part of the pass in which the quantity is computed."""
        return TABLE[self.quantity].phase

    @property
    def role(self) -> QuantityRole:
        """What the number counts as wherever it is drawn."""
        return TABLE[self.quantity].role

    @property
    def row(self) -> int | None:
        """The sample that the number belongs to; None for one of the whole batch."""
        return self.index[0] if self.index and has_rows(self.quantity) else None


def has_rows(quantity: Quantity) -> bool:
    """Whether a quantity has a number for each sample of the batch, rather than one for them all."""
    return TABLE[quantity].axes[:1] == ("row",)


def parse_ref(text: str) -> Ref:
    """Read a reference; layer and index may be left out. Raises ValueError with a reason for the reader."""
    match = _GRAMMAR.fullmatch(text.strip())
    if match is None or match["quantity"] not in TABLE:
        raise ValueError(f"{text!r} is not a quantity: use one of {', '.join(QUANTITIES)}, such as dW1[0,0]")
    index = tuple(int(part) for part in match["index"][1:-1].split(",")) if match["index"] else None
    quantity: Quantity = match["quantity"]
    layer = int(match["layer"]) if match["layer"] else None
    if layer is not None and not TABLE[quantity].has_layer:
        raise ValueError(f"{quantity} belongs to no layer: write {quantity} without the {layer}")
    return Ref(quantity, layer, index)


def shown_sign(network: Network, ref: Ref) -> float:
    """Return −1 for a quantity that the conventions of a network give the opposite sign, else 1.

    Errors as target − output turn the slopes that carry the error back (those in outputs, activations and weighted
    sums) for the losses that have an error; ∂L/∂w stays the slope that it is. A change of weight is the step turned.
    """
    conventions = network.conventions
    if ref.quantity == "step":
        return -1.0 if conventions.flips_step else 1.0
    has_error = network.loss.has_error
    return -1.0 if conventions.flips_error and has_error and ref.quantity in _ERROR_TERMS else 1.0


def stands_transposed(network: Network, quantity: Quantity) -> bool:
    """Whether the sheet of a network writes the matrix of a quantity with a row for each input."""
    return network.conventions.transposes_weights and TABLE[quantity].axes == ("out", "in") and quantity != "dz_da"


_ERROR_TERMS = ("dL_do", "dL_da", "delta", "delta_sample")


def layers_of(network: Network, quantity: Quantity) -> tuple[int | None, ...]:
    """Return the layers, from 1, in which a network has the quantity; `(None,)` for one that belongs to no layer.

    None at all for what its update rule does without.
    """
    if not _has(network.optimizer, quantity):
        return ()
    if not TABLE[quantity].has_layer:
        return (None,)
    every = range(1, len(network.layers) + 1)
    if quantity == "dL_da":
        return tuple(every[:-1])
    if quantity == "dz_da":
        return tuple(every[1:])
    if is_of_bias(quantity):
        return tuple(layer for layer in every if network.layers[layer - 1].biases is not None)
    return tuple(every)


def _has(optimizer: Optimizer, quantity: Quantity) -> bool:
    """Whether a quantity is part of an update as this optimizer makes it."""
    if quantity in _STATES:
        return _STATES[quantity][0] in optimizer.states
    match quantity:
        case "rate":
            return optimizer.is_scheduled
        case "norm":
            return optimizer.clipping.kind == "norm"
        case "clipped" | "clipped_b":
            return optimizer.clips
        case _:
            return True


def shape_of(network: Network, rows: int, quantity: Quantity, layer: int | None) -> tuple[int, ...]:
    """Return the lengths of a quantity's index for a batch of `rows` samples; `()` for the loss."""
    spec = network.layers[-1 if layer is None else layer - 1]
    lengths: dict[Axis, int] = {
        "row": rows,
        "unit": spec.units,
        "out": spec.units,
        "in": spec.inputs,
        "feature": network.inputs,
    }
    shape = tuple(lengths[axis] for axis in TABLE[quantity].axes)
    return (*shape, spec.units) if quantity == "da_dz" and spec.activation == "softmax" else shape


def elements(network: Network, rows: int, quantity: Quantity, layer: int | None) -> Iterator[Ref]:
    """Yield every element of a quantity of one layer, first index slowest."""
    shape = shape_of(network, rows, quantity, layer)
    if not shape:
        yield Ref(quantity)
        return
    for index in itertools.product(*map(range, shape)):
        yield Ref(quantity, layer, index)
