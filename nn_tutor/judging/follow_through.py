"""What a number becomes when the learner's own earlier answers are taken for granted.

One slip is not punished five times: an answer that is right as a consequence of an earlier wrong one is credited.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from nn_tutor.calculus.names import symbol
from nn_tutor.calculus.numerals import numeral
from nn_tutor.judging.mistakes.workings import through
from nn_tutor.network.activations import ACTIVATIONS, Array
from nn_tutor.network.losses import DomainError, loss_function
from nn_tutor.network.passes import Forward, Pass, measure, value_of
from nn_tutor.network.quantities import Quantity, Ref
from nn_tutor.network.spec import Network


@dataclass(frozen=True, slots=True)
class Consequence:
    """What follows from earlier answers: the number, the scale to judge on, and the sentence that credits it."""

    value: float
    scale: float
    message: str


def consequence_of(network: Network, passed: Pass, ref: Ref, earlier: Mapping[Ref, float]) -> Consequence | None:
    """Return what a number of a pass becomes with the learner's earlier numbers of the same pass in it.

    None where nothing was answered earlier, or nothing follows from it.
    """
    given = {own: value for own, value in earlier.items() if own != ref}
    if not given:
        return None
    reworked = _Rework(network, passed, given)
    try:
        with np.errstate(all="ignore"):
            value = reworked.value(ref)
            scale = abs(reworked.step(ref)) if ref.quantity in ("W", "b") else abs(value)
    except (DomainError, OverflowError):
        return None
    if not (np.isfinite(value) and np.isfinite(scale)):
        return None
    return Consequence(value, scale, _message(network, passed, given))


def _message(network: Network, passed: Pass, given: Mapping[Ref, float]) -> str:
    rows = passed.X.shape[0]
    told = [
        (symbol(network, rows, ref), value, value_of(passed, ref))
        for ref, value in given.items()
        if abs(value - value_of(passed, ref)) > 1e-9 * max(1.0, abs(value))
    ]
    if not told:
        return "consistent with your earlier answers"
    yours = ", ".join(f"{name} = {numeral(value)}" for name, value, _ in told)
    truths = ", ".join(f"{name} itself is {numeral(truth)}" for name, _, truth in told)
    return f"consistent with your {yours}; {truths}"


class _Rework:
    """A pass worked out anew, with given numbers in the place of computed ones."""

    def __init__(self, network: Network, passed: Pass, given: Mapping[Ref, float]) -> None:
        self.network = network
        self.passed = passed
        self.given = given
        z, a, entering = [], [], passed.X
        for layer, spec in enumerate(network.layers):
            b = passed.before.b[layer]
            own = entering @ passed.before.W[layer].T
            z.append(self._put("z", layer + 1, own if b is None else own + b))
            a.append(self._put("a", layer + 1, ACTIVATIONS[spec.activation].function(z[-1])))
            entering = a[-1]
        self.forward = Forward(passed.X, tuple(z), tuple(a))

    def value(self, ref: Ref) -> float:
        """Return one number of the reworked pass."""
        index, layer = ref.index or (), (ref.layer or len(self.network.layers)) - 1
        match ref.quantity:
            case "z":
                return float(self.forward.z[layer][index])
            case "a":
                return float(self.forward.a[layer][index])
            case "loss":
                return measure(self.network, self.passed.before, self.forward, self.passed.Y).loss
            case "dL_do":
                return float(self._error()[index])
            case "dL_da":
                return float(self._arriving(layer)[index])
            case "dX":
                return float(self._arriving(-1)[index])
            case "da_dz":
                return float(self._local(layer)[index])
            case "dz_dw":
                return float(self._entering(layer)[index[0], index[2]])
            case "dz_da":
                return float(self._weights(layer)[index])
            case "delta":
                return float(self._delta(layer)[index])
            case "delta_sample":
                rows = self.passed.X.shape[0] if self.network.loss.batch == "mean" else 1
                return rows * float(self._delta(layer)[index])
            case "dW" | "db":
                return self._slope(ref)
            case "step":
                return self.step(ref)
            case "W" | "b":
                before = self.passed.before
                own = before.W[layer] if ref.quantity == "W" else before.b[layer]
                return (0.0 if own is None else float(own[index])) - self.step(ref)
        raise AssertionError(f"no quantity {ref.quantity}")

    def step(self, ref: Ref) -> float:
        """Return η times the slope of a parameter, 0 where it is held, or the step as it was given."""
        own = Ref("step", ref.layer, ref.index)
        if ref.quantity in ("W", "step") and own in self.given and ref != own:
            return self.given[own]
        spec = self.network.layers[(ref.layer or 1) - 1]
        held = not spec.train_biases if ref.quantity == "b" else (ref.index or ()) in spec.frozen
        slope = Ref("db" if ref.quantity == "b" else "dW", ref.layer, ref.index)
        return 0.0 if held else self.network.learning_rate * self.given.get(slope, self._slope(slope))

    def _put(self, quantity: Quantity, layer: int | None, array: Array) -> Array:
        """Put what was given into an array, in the place of what was computed."""
        mine = list(self._given_of(quantity, layer))
        if not mine:
            return array
        changed = array.copy()
        for ref, value in mine:
            changed[ref.index or ()] = value
        return changed

    def _given_of(self, quantity: Quantity, layer: int | None) -> Iterable[tuple[Ref, float]]:
        return ((ref, value) for ref, value in self.given.items() if (ref.quantity, ref.layer) == (quantity, layer))

    def _entering(self, layer: int) -> Array:
        return self.forward.a[layer - 1] if layer else self.passed.X

    def _weights(self, layer: int) -> Array:
        return self._put("dz_da", layer + 1, self.passed.before.W[layer])

    def _error(self) -> Array:
        o, z = self.forward.o, self.forward.z[-1]
        y = o if self.passed.Y is None else self.passed.Y
        scale = self.network.loss.scale(outputs=o.shape[1], rows=o.shape[0])
        return self._put("dL_do", None, scale * loss_function(self.network).derivative(z, o, y))

    def _local(self, layer: int) -> Array:
        derivative = ACTIVATIONS[self.network.layers[layer].activation].derivative
        return self._put("da_dz", layer + 1, derivative(self.forward.z[layer], self.forward.a[layer]))

    def _arriving(self, layer: int) -> Array:
        if layer == len(self.network.layers) - 1:
            return self._error()
        own = self._delta(layer + 1) @ self._weights(layer + 1)
        return self._put("dL_da", layer + 1, own) if layer >= 0 else own

    def _delta(self, layer: int) -> Array:
        if self.network.is_fused and layer == len(self.network.layers) - 1:
            o = self.forward.o
            y = o if self.passed.Y is None else self.passed.Y
            scale = self.network.loss.scale(outputs=o.shape[1], rows=o.shape[0])
            own = scale * (o - y)
        else:
            own = through(self._arriving(layer), self._local(layer))
        own = self._put("delta", layer + 1, own)
        if self.network.loss.batch != "mean":
            return self._put("delta_sample", layer + 1, own)
        for ref, value in self._given_of("delta_sample", layer + 1):
            own = own.copy()
            own[ref.index or ()] = value / self.passed.X.shape[0]
        return own

    def _slope(self, ref: Ref) -> float:
        layer, index = (ref.layer or 1) - 1, ref.index or ()
        delta = self._delta(layer)[:, index[0]]
        if ref.quantity == "db":
            return float(delta.sum())
        units = self.network.layers[layer].units
        entering = self._put("dz_dw", layer + 1, np.repeat(self._entering(layer)[:, None, :], units, axis=1))
        slope = float(delta @ entering[:, index[0], index[1]])
        return slope + self.network.l2 * float(self.passed.before.W[layer][index])
