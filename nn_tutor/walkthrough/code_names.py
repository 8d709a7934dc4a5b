"""The names of the numbers of a pass in code, and what they stand for before its first line runs.

They are those of the field: `x`, `W1[0, 1]`, `z1[0]`, `delta1[0]`, `dW1[0, 1]`, `lr`. A network of single weights is
written without indices (`w`, `dL_dw`). With one sample its row is left out; with several it comes first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

import numpy as np

from nn_tutor.network.activations import CALLED_IN_CODE
from nn_tutor.network.optimizer import Constant, State
from nn_tutor.network.passes import fresh_memory
from nn_tutor.network.quantities import (
    QUANTITIES,
    TABLE,
    Quantity,
    Ref,
    elements,
    has_rows,
    layers_of,
    shape_of,
    shown_sign,
    stands_transposed,
    state_of,
    state_ref,
)
from nn_tutor.network.rules import RULES

if TYPE_CHECKING:
    from nn_tutor.network.records import Pass
    from nn_tutor.network.spec import Network


def starting_names(network: Network, passed: Pass) -> dict[str, Any]:
    """Return what the lines of a pass stand on: inputs, targets, old parameters, and empty arrays for the results."""
    named = Names(network, passed.X.shape[0])
    names: dict[str, Any] = {
        "np": np,
        **CALLED_IN_CODE,
        named.base_rate: network.learning_rate,
        "l2": network.l2,
        "weight_decay": network.optimizer.weight_decay,
        "t": passed.number,
        "clip": network.optimizer.clipping.at,
        **{name: network.optimizer.constants[name] for name in get_args(Constant)},
        "x": named.strip(passed.X),
        "y": named.strip(passed.X * 0 if passed.Y is None else passed.Y),
    }
    for index, (W, b) in enumerate(zip(passed.before.W, passed.before.b, strict=True)):
        matrix = W.T if network.conventions.transposes_weights else W
        names[named.parameter("w", index + 1)] = W[0, 0] if network.is_scalar else matrix
        if b is not None:
            names[named.parameter("b", index + 1)] = b[0] if network.is_scalar else b
        names |= _remembered(network, passed, named, index)
    for quantity, layer in _everything(network):
        first = next(iter(elements(network, named.rows, quantity, layer)))
        name, bracket, _ = named.name(first).partition("[")
        if bracket:
            names.setdefault(name, named.strip_like(quantity, np.zeros(shape_of(network, named.rows, quantity, layer))))
    return names


def _remembered(network: Network, passed: Pass, named: Names, index: int) -> dict[str, Any]:
    """What the update rule remembers of a layer, counted from 0."""
    memory = passed.before.memory or fresh_memory(network, passed.before)
    found: dict[str, Any] = {}
    for state, arrays in memory.W.items():
        W = arrays[index].T if network.conventions.transposes_weights else arrays[index]
        found[named.old_state(state, index + 1, (0, 0)).partition("[")[0]] = W[0, 0] if network.is_scalar else W
    for state, biases in memory.b.items():
        b = biases[index]
        if b is not None:
            found[named.old_state(state, index + 1, (0,)).partition("[")[0]] = b[0] if network.is_scalar else b
    return found


def _everything(network: Network) -> list[tuple[Quantity, int | None]]:
    indexed = [quantity for quantity in QUANTITIES if TABLE[quantity].axes]
    return [(quantity, layer) for quantity in indexed for layer in layers_of(network, quantity)]


class Names:
    """What one network's quantities are called in code, for a batch of `rows` samples."""

    def __init__(self, network: Network, rows: int) -> None:
        self.network = network
        self.rows = rows
        self.depth = len(network.layers)
        self.transposes = network.conventions.transposes_weights
        self.flips = shown_sign(network, Ref("dL_do", None, (0, 0))) < 0

    def name(self, ref: Ref) -> str:
        """The name of a number, with its index in brackets where it has one."""
        scalar = self.network.is_scalar
        index = list(ref.index or ())
        by_row = has_rows(ref.quantity)
        row, units = (index[:1], index[1:]) if by_row else ([], index)
        if stands_transposed(self.network, ref.quantity):
            units = units[::-1]
        kept = ([] if self.rows == 1 else row) + ([] if scalar else units)
        return self._stem(ref) + (f"[{', '.join(map(str, kept))}]" if kept else "")

    def parameter(self, letter: str, layer: int) -> str:
        """The name of a layer's old weights or biases: `W1`, in a network of single weights `w1`."""
        letter = letter if self.network.is_scalar or letter == "b" else letter.upper()
        return f"{letter}{layer if self.depth > 1 else ''}"

    @property
    def base_rate(self) -> str:
        """The name of the learning rate that is given."""
        return "lr0" if self.network.optimizer.is_scheduled else "lr"

    def old_state(self, state: State, layer: int, index: tuple[int, ...]) -> str:
        """The name of what is remembered of a parameter: that of its new value without what says so."""
        stem, bracket, places = self.name(state_ref(state, layer, index)).partition("[")
        return stem.removesuffix("_new") + bracket + places

    def old(self, letter: str, layer: int, *places: object) -> str:
        """The old weight or bias at a place, or at several: ':' stands for all."""
        if self.transposes and len(places) == 2:
            places = places[::-1]
        brackets = "" if self.network.is_scalar else f"[{', '.join(map(str, places))}]"
        return self.parameter(letter, layer) + brackets

    def entering(self, layer: int, *places: object) -> str:
        """What enters a layer, at a row place and a unit place (':' for all)."""
        return ("x" if layer == 1 else f"a{layer - 1}") + self.places(*places)

    def places(self, *places: object) -> str:
        """Brackets around a row place and a unit place (':' for all), as far as this network's arrays have them."""
        row, unit = places
        kept = ([] if self.rows == 1 else [str(row)]) + ([] if self.network.is_scalar else [str(unit)])
        while kept and kept[-1] == ":":
            kept.pop()
        return f"[{', '.join(kept)}]" if kept else ""

    def strip(self, array: Any) -> Any:
        """An array `[row, unit]` without the row of a single sample and without the unit of a scalar network."""
        stripped = array[:, 0] if self.network.is_scalar else array
        return stripped[0] if self.rows == 1 else stripped

    def strip_like(self, quantity: Quantity, array: Any) -> Any:
        """An empty result array in the shape in which the code indexes it."""
        by_row = has_rows(quantity)
        if self.network.is_scalar:
            return array.reshape(array.shape[:1] if by_row else ())
        if stands_transposed(self.network, quantity):
            return array.T
        return array[0] if by_row and self.rows == 1 else array

    def _stem(self, ref: Ref) -> str:
        layer = ref.layer or self.depth
        number = str(layer) if self.depth > 1 else ""
        last = layer == self.depth
        if ref.quantity in _PLAIN_NAMES:
            return _PLAIN_NAMES[ref.quantity]
        state = state_of(ref.quantity)
        if state is not None and state[0] in RULES[self.network.optimizer.rule].remembered:
            return f"{ref.quantity}{number}_new"
        if ref.quantity == "a":
            return "o" if last else f"a{number}"
        if self.flips and ref.quantity in ("dL_do", "dL_da"):
            return f"error{'' if last or ref.layer is None else number}"
        if ref.quantity in ("W", "b"):
            return f"{self.parameter(ref.quantity.lower(), layer)}_new"
        if not self.network.is_scalar:
            return ref.quantity if ref.layer is None else f"{ref.quantity}{number}"
        is_bare = last and self.network.layers[layer - 1].activation == "identity"
        return _OF_ONE_WEIGHT[ref.quantity].format(
            n=number, a="o" if last else f"a{number}", sum="o" if is_bare else f"z{number}", below=layer - 1
        )


_OF_ONE_WEIGHT: dict[Quantity, str] = {
    "z": "z{n}",
    "a": "a{n}",
    "loss": "L",
    "loss_term": "loss_term",
    "dL_do": "dL_do",
    "dL_da": "dL_da{n}",
    "da_dz": "d{a}_dz{n}",
    "delta": "delta{n}",
    "delta_sample": "delta_sample{n}",
    "dz_dw": "d{sum}_dw{n}",
    "dz_da": "d{sum}_da{below}",
    "dW": "dL_dw{n}",
    "db": "dL_db{n}",
    "dX": "dL_dx",
    "rate": "lr",
    "norm": "norm",
    "clipped": "clipped{n}",
    "clipped_b": "clipped_b{n}",
    "velocity": "velocity{n}",
    "velocity_b": "velocity_b{n}",
    "m": "m{n}",
    "m_b": "m_b{n}",
    "v": "v{n}",
    "v_b": "v_b{n}",
    "m_hat": "m_hat{n}",
    "m_hat_b": "m_hat_b{n}",
    "v_hat": "v_hat{n}",
    "v_hat_b": "v_hat_b{n}",
    "step": "step{n}",
    "W": "w{n}_new",
    "b": "b{n}_new",
}
"""The numbers of a network of single weights: `{n}` is the layer, `{a}` and `{sum}` its activation and weighted sum."""

_PLAIN_NAMES: dict[str, str] = {"loss": "L", "rate": "lr", "norm": "norm"}
