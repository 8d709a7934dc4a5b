"""Mistakes in the slope of an activation, in any layer that the chain passes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from nn_tutor.judging.mistakes.case import Case, Mistake, Slip
from nn_tutor.judging.mistakes.forward import HALVES, ROUND, USUAL
from nn_tutor.judging.mistakes.workings import Workings, through
from nn_tutor.network.activations import ACTIVATIONS, Array, activation_of

if TYPE_CHECKING:
    from nn_tutor.network.spec import ActivationName


def _crossed(case: Case) -> list[int]:
    """The layers, counted from 0, whose ∂a/∂z is in the asked slope and does something."""
    if case.ref.quantity == "da_dz":
        return [case.layer]
    if not case.is_slope or case.ref.quantity in ("dL_do", "dz_dw", "dz_da"):
        return []
    return [
        layer
        for layer in range(case.depth - 1, case.lowest - 1, -1)
        if case.network.layers[layer].activation != "identity" and layer not in case.workings.deltas
    ]


def _reaches(case: Case, layer: int) -> bool:
    """Whether ∂L/∂z of a layer is in the asked slope."""
    return case.is_slope and case.ref.quantity not in ("dL_do", "da_dz", "dz_dw", "dz_da") and layer >= case.lowest


_Wrong = Callable[[int], Array | None]
"""Gives the ∂a/∂z of a layer that somebody takes, None where the right one is taken."""


def slips_of_local(case: Case, way: str, wrong: _Wrong, theirs: Callable[[int], str]) -> Iterator[Slip]:
    """A slip for every layer in which ∂a/∂z can go wrong in a certain way, and one for all of them together."""
    for workings, *line in _worked(case, way, wrong, theirs):
        yield case.slip(workings, *line)


def _worked(case: Case, way: str, wrong: _Wrong, theirs: Callable[[int], str]) -> list[tuple[Workings, str, str, str]]:
    """The workings with ∂a/∂z gone wrong in a certain way, and the line in which that is first told."""
    crossed, right = _crossed(case), case.workings

    def work() -> list[tuple[Workings, str, str, str]]:
        taken = ((layer, wrong(layer)) for layer in crossed)
        found = {layer: local for layer, local in taken if local is not None}
        groups: list[tuple[int, ...]] = [(layer,) for layer in found]
        if len(found) > 1:
            groups.append(tuple(found))
        lines = {layer: (case.local(layer), theirs(layer), _slope_of(case, layer)) for layer in found}
        return [(right.with_local(group, found), *lines[group[0]]) for group in groups]

    return right.once((way, *crossed), work)


def _slope_of(case: Case, layer: int) -> str:
    written = activation_of(case.network.layers[layer]).slope_written
    return written.format(a=case.a(layer), z=case.z(layer))


def _spread(case: Case, layer: int, values: Array) -> Array:
    """Slopes of single units, as the Jacobian where the layer is a softmax."""
    if case.network.layers[layer].activation != "softmax":
        return values
    return np.asarray(np.eye(values.shape[1]) * values[:, None, :])


def _ones(case: Case) -> _Wrong:
    return lambda layer: _spread(case, layer, np.ones_like(case.passed.forward.z[layer]))


def _forgot_local(case: Case) -> Iterator[Slip]:
    yield from slips_of_local(case, "1", _ones(case), _one)


def _one(layer: int) -> str:
    return "1"


def _value_for_derivative(case: Case) -> Iterator[Slip]:
    def wrong(layer: int) -> Array | None:
        if case.network.layers[layer].activation == "relu":
            return None  # there it is z, which has a name of its own
        return _spread(case, layer, case.passed.forward.a[layer])

    yield from slips_of_local(case, "value for derivative", wrong, lambda layer: f"{case.f(layer)}({case.z(layer)})")


def _derivative_of_output(case: Case) -> Iterator[Slip]:
    def wrong(layer: int) -> Array | None:
        name = case.network.layers[layer].activation
        if name not in ("sigmoid", "tanh"):
            return None
        a = case.passed.forward.a[layer]
        entry = ACTIVATIONS[name]
        return entry.derivative(a, entry.function(a))

    yield from slips_of_local(case, "derivative of output", wrong, lambda layer: f"{case.f(layer)}′({case.a(layer)})")


def _z_in_derivative(case: Case) -> Iterator[Slip]:
    def wrong(layer: int) -> Array | None:
        entry, z = activation_of(case.network.layers[layer]), case.passed.forward.z[layer]
        return entry.derivative(z, z) if entry.slope_in == "a" else None

    def theirs(layer: int) -> str:
        return _slope_of(case, layer).replace(case.a(layer), case.z(layer))

    yield from slips_of_local(case, "z in derivative", wrong, theirs)
    last = case.depth - 1
    local = wrong(last) if last in case.workings.deltas and _reaches(case, last) else None
    if local is not None:  # who does not know that loss and activation together are o − y takes both links
        workings = case.workings.with_error(case.workings.error, {last: through(case.workings.error, local)})
        yield case.slip(workings, case.local(last), theirs(last), _slope_of(case, last))


def _relu_value(case: Case) -> Iterator[Slip]:
    def wrong(layer: int) -> Array | None:
        return case.passed.forward.z[layer] if case.network.layers[layer].activation == "relu" else None

    yield from slips_of_local(case, "relu value", wrong, case.z)


def _relu_one(case: Case) -> Iterator[Slip]:
    def wrong(layer: int) -> Array | None:
        z = case.passed.forward.z[layer]
        return np.ones_like(z) if case.network.layers[layer].activation == "relu" else None

    yield from slips_of_local(case, "relu one", wrong, lambda layer: "1 everywhere")


def _another_derivative(case: Case) -> Iterator[Slip]:
    left_out = {
        case.slope(workings) for workings, *_ in _worked(case, "1", _ones(case), _one)
    }  # what ReLU's slope above 0 comes to as well
    is_round = all(layer.activation in ROUND for layer in case.network.layers)
    for other in USUAL:

        def wrong(layer: int, other: ActivationName = other) -> Array | None:
            own = case.network.layers[layer].activation
            if own in (other, "softmax") or (own, other) in HALVES:
                return None
            z = case.passed.forward.z[layer]
            entry = ACTIVATIONS[other]
            return entry.derivative(z, case.passed.forward.a[layer] if other != "relu" else z)

        slips = slips_of_local(case, f"slope of {other}", wrong, lambda layer, other=other: f"the slope of {other}")  # type: ignore[misc]
        yield from (slip for slip in slips if slip.value not in left_out and (slip.value or not is_round))


def _half_derivative(case: Case) -> Iterator[Slip]:
    """1 − a for both: of a·(1 − a) the factor a is forgotten, of 1 − a² the square."""

    def wrong(layer: int) -> Array | None:
        a = case.passed.forward.a[layer]
        return 1 - a if case.network.layers[layer].activation in ("sigmoid", "tanh") else None

    yield from slips_of_local(case, "half derivative", wrong, lambda layer: f"1 − {case.a(layer)}")


def _softmax_alone(case: Case) -> Iterator[Slip]:
    def wrong(layer: int) -> Array | None:
        if case.network.layers[layer].activation != "softmax":
            return None
        a = case.passed.forward.a[layer]
        return _spread(case, layer, a * (1 - a))

    yield from slips_of_local(
        case, "softmax alone", wrong, lambda layer: f"{case.a(layer)}ᵢ·(1 − {case.a(layer)}ᵢ), and 0 for the others"
    )


def _softmax_sign(case: Case) -> Iterator[Slip]:
    def wrong(layer: int) -> Array | None:
        if case.network.layers[layer].activation != "softmax":
            return None
        a = case.passed.forward.a[layer]
        return np.asarray(a[..., :, None] * (np.eye(a.shape[-1]) + a[..., None, :]))

    yield from slips_of_local(case, "softmax sign", wrong, lambda layer: f"{case.a(layer)}ᵢ·{case.a(layer)}ⱼ with +")


ACTIVATION_SLOPE: tuple[Mistake, ...] = (
    Mistake(
        "forgot-activation-derivative",
        "left out the slope of the activation",
        "the chain passes the activation: multiply by its slope",
        _forgot_local,
    ),
    Mistake(
        "value-for-derivative",
        "used the activation's value instead of its slope",
        "the value is what comes out; the slope is how steeply it changes",
        _value_for_derivative,
    ),
    Mistake(
        "derivative-of-output",
        "put the output into the slope where z belongs",
        "the slope is taken at z; of σ it is what comes out times one minus that",
        _derivative_of_output,
    ),
    Mistake(
        "z-in-derivative",
        "put z where the activation's output belongs",
        "the short form of the slope is written with the output, not with z",
        _z_in_derivative,
    ),
    Mistake(
        "half-of-derivative",
        "used one minus the output as the slope of the activation",
        "the slope of σ is what comes out times one minus that, of tanh one minus its square",
        _half_derivative,
    ),
    Mistake(
        "relu-derivative-z", "used ReLU's value instead of its slope", "ReLU's slope is 1 above 0, else 0", _relu_value
    ),
    Mistake(
        "relu-derivative-one", "used 1 for ReLU's slope below 0", "below 0 ReLU is flat: its slope is 0", _relu_one
    ),
    Mistake(
        "another-activation-derivative",
        "used the slope of another activation",
        "each activation has its own slope",
        _another_derivative,
    ),
    Mistake(
        "softmax-own-slope-only",
        "treated softmax as if each unit stood alone",
        "every z moves every output of a softmax",
        _softmax_alone,
    ),
    Mistake(
        "softmax-cross-sign",
        "missed the minus between different units",
        "where one output of a softmax grows, the others shrink",
        _softmax_sign,
    ),
)
"""The mistakes of ∂a/∂z."""
