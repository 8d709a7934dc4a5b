"""Mistakes with activations of two pieces (leaky ReLU, ELU), with softplus, and with z times a gate (SiLU, GELU)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from nn_tutor.judging.mistakes.activation_slope import slips_of_local
from nn_tutor.judging.mistakes.case import Case, Mistake, Slip
from nn_tutor.judging.mistakes.forward import activated_layers, from_activation
from nn_tutor.network.activations import Array, activation_of
from nn_tutor.network.spec import LEAK, ActivationName

Wrong = Callable[[Case, int], Array]
"""Gives the activations, or their slopes, that somebody takes for those of a layer."""


def _values(case: Case, names: tuple[ActivationName, ...], wrong: Wrong, theirs: str) -> Iterator[Slip]:
    """A slip for each layer with one of the activations; `theirs` has places for z, the leak and the gate."""
    for layer in activated_layers(case):
        if case.network.layers[layer].activation in names:
            value = from_activation(case, layer, wrong(case, layer))
            right = activation_of(case.network.layers[layer]).written.format(z=case.z(layer))
            yield Slip(value, case.a(layer), _written(case, layer, theirs), right)


def _slopes(case: Case, names: tuple[ActivationName, ...], wrong: Wrong, theirs: str) -> Iterator[Slip]:
    """The same for the slopes of the activations, in every layer that the chain passes."""

    def local(layer: int) -> Array | None:
        return wrong(case, layer) if case.network.layers[layer].activation in names else None

    yield from slips_of_local(case, theirs, local, lambda layer: _written(case, layer, theirs))


def _written(case: Case, layer: int, text: str) -> str:
    entry, z = activation_of(case.network.layers[layer]), case.z(layer)
    return text.format(z=z, leak=f"{_leak(case, layer):.12g}", gate=entry.gate.format(z=z))


def _leak(case: Case, layer: int) -> float:
    slope = case.network.layers[layer].slope
    return LEAK if slope is None else slope


def _z(case: Case, layer: int) -> Array:
    return case.passed.forward.z[layer]


def _gate(case: Case, layer: int) -> Array:
    """What z is multiplied by."""
    z, a = _z(case, layer), case.passed.forward.a[layer]
    return np.where(z == 0, 0.5, a / np.where(z == 0, 1.0, z))


def _through_gate(case: Case, layer: int) -> Array:
    """Z times the slope of the gate: the second part of the product rule."""
    return case.passed.backward.da_dz[layer] - _gate(case, layer)


def _gate_slope(case: Case, layer: int) -> Array:
    z = _z(case, layer)
    return _through_gate(case, layer) / np.where(z == 0, 1.0, z)


_GATED: tuple[ActivationName, ...] = ("silu", "gelu", "gelu_tanh")


def _forgot_leak(case: Case) -> Iterator[Slip]:
    yield from _values(case, ("leaky_relu",), lambda case, layer: np.maximum(_z(case, layer), 0.0), "max(0, {z})")


def _leak_everywhere(case: Case) -> Iterator[Slip]:
    yield from _values(case, ("leaky_relu",), lambda case, layer: _leak(case, layer) * _z(case, layer), "{leak}·{z}")


def _forgot_minus_one(case: Case) -> Iterator[Slip]:
    def wrong(case: Case, layer: int) -> Array:
        z = _z(case, layer)
        return np.where(z > 0, z, np.exp(np.minimum(z, 0.0)))

    yield from _values(case, ("elu",), wrong, "{z} if {z} > 0 else e^{z}")


def _forgot_logarithm(case: Case) -> Iterator[Slip]:
    yield from _values(case, ("softplus",), lambda case, layer: 1 + np.exp(_z(case, layer)), "1 + e^{z}")


def _gate_alone(case: Case) -> Iterator[Slip]:
    yield from _values(case, _GATED, _gate, "{gate}")


def _forgot_leak_in_slope(case: Case) -> Iterator[Slip]:
    yield from _slopes(
        case, ("leaky_relu",), lambda case, layer: (_z(case, layer) > 0).astype(float), "1 if {z} > 0 else 0"
    )


def _leak_as_slope(case: Case) -> Iterator[Slip]:
    def wrong(case: Case, layer: int) -> Array:
        return np.full_like(_z(case, layer), _leak(case, layer))

    yield from _slopes(case, ("leaky_relu",), wrong, "{leak} everywhere")


def _one_below(case: Case) -> Iterator[Slip]:
    yield from _slopes(case, ("leaky_relu", "elu"), lambda case, layer: np.ones_like(_z(case, layer)), "1 everywhere")


def _power_rule(case: Case) -> Iterator[Slip]:
    def wrong(case: Case, layer: int) -> Array:
        z = _z(case, layer)
        return np.where(z > 0, 1.0, z * np.exp(np.minimum(z, 0.0) - 1))

    yield from _slopes(case, ("elu",), wrong, "1 if {z} > 0 else {z}·e^({z} − 1)")


def _forgot_inner(case: Case) -> Iterator[Slip]:
    yield from _slopes(case, ("softplus",), lambda case, layer: 1 / (1 + np.exp(_z(case, layer))), "1/(1 + e^{z})")


def _half_of_product_rule(case: Case) -> Iterator[Slip]:
    yield from _slopes(case, _GATED, _gate, "{gate}")
    yield from _slopes(case, _GATED, _through_gate, "{z} · the slope of {gate}")


def _product_of_slopes(case: Case) -> Iterator[Slip]:
    yield from _slopes(case, _GATED, _gate_slope, "the slope of {gate}")


def slips_of_unweighted_gate(case: Case) -> Iterator[Slip]:
    """Yield the slips of the product rule without the z in its second part."""

    def wrong(case: Case, layer: int) -> Array:
        return _gate(case, layer) + _gate_slope(case, layer)

    yield from _slopes(case, _GATED, wrong, "{gate} + the slope of {gate}")


_LEAK_RULE = "below 0 a leaky ReLU lets a small part of z through, and above 0 all of it"

FORWARD_OF_PIECES_AND_GATES: tuple[Mistake, ...] = (
    Mistake("forgot-leak", "cut z off below 0", _LEAK_RULE, _forgot_leak),
    Mistake("leak-everywhere", "used the slope below 0 above it as well", _LEAK_RULE, _leak_everywhere),
    Mistake(
        "forgot-minus-one",
        "forgot the − 1",
        "below 0 ELU is e to the power z, minus one: 0 at z = 0",
        _forgot_minus_one,
    ),
    Mistake(
        "forgot-logarithm", "forgot the logarithm", "softplus is the ln of one plus e to the power z", _forgot_logarithm
    ),
    Mistake("gate-alone", "gave the gate alone", "the gate is multiplied by z", _gate_alone),
)
"""Mistakes of the forward pass."""

SLOPES_OF_PIECES_AND_GATES: tuple[Mistake, ...] = (
    Mistake(
        "forgot-leak",
        "used the slope of ReLU, which is 0 below 0",
        "below 0 a leaky ReLU still rises a little, so its slope there is not 0",
        _forgot_leak_in_slope,
    ),
    Mistake(
        "leak-everywhere",
        "used the slope below 0 above it as well",
        "above 0 a leaky ReLU is z itself, and its slope is 1",
        _leak_as_slope,
    ),
    Mistake(
        "one-below-zero",
        "used 1 for the slope below 0",
        "only above 0 the function is z itself; below it has a slope of its own",
        _one_below,
    ),
    Mistake(
        "power-rule-on-exponential",
        "used the power rule on e to the power z",
        "e to the power z is its own slope; the power rule is for z to a fixed power",
        _power_rule,
    ),
    Mistake(
        "forgot-inner-slope",
        "left out the slope of what is inside the logarithm",
        "the slope of ln(u) is 1/u, times the slope of u, which is e to the power z",
        _forgot_inner,
    ),
    Mistake(
        "half-of-product-rule",
        "took one part of the product rule",
        "z and its gate both change with z, so the slope has two parts: the gate, and z times the slope of the gate",
        _half_of_product_rule,
    ),
    Mistake(
        "product-of-slopes",
        "multiplied the slopes of z and of its gate",
        "the slope of a product is not the product of the slopes: it is the gate, plus z times the slope of the gate",
        _product_of_slopes,
    ),
)
"""Mistakes of ∂a/∂z."""
