"""Mistakes on the paths back through a network that are looked for last: see `known.rare_mistakes`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from nn_tutor.judging.mistakes.case import Case, Mistake, Slip
from nn_tutor.judging.mistakes.rare_forward import SUMS_MULTIPLIED
from nn_tutor.judging.mistakes.vector import layers_passed, way_back, with_other_weights
from nn_tutor.network.records import value_of

if TYPE_CHECKING:
    from nn_tutor.network.activations import Array


def _sums_multiplied(case: Case) -> Iterator[Slip]:
    """(Σ δ)·(Σ w) for Σ δ·w over the paths, and each factor of δ summed by itself."""
    yield from with_other_weights(case, partial(_summed_over_paths, case), partial(_of_sums, case))
    for layer in layers_passed(case):
        if _summed_over_paths(case, layer) is not None and _is_product(case, layer):
            yield _each_factor_summed(case, layer)


def _summed_over_paths(case: Case, layer: int) -> Array | None:
    """The weights of a layer with the sum of its column in the place of each; None where there is one path."""
    W = case.passed.before.W[layer]
    return np.broadcast_to(W.sum(axis=0), W.shape) if W.shape[0] > 1 else None


def _of_sums(case: Case, layer: int) -> str:
    return f"(Σ {case.slope_in_z(layer)})·(Σ {case.w(layer)})"


def _is_product(case: Case, layer: int) -> bool:
    """Whether δ of a layer is ∂L/∂a times a slope of the activation, each a number for every unit."""
    workings, activation = case.workings, case.network.layers[layer].activation
    return layer not in workings.deltas and activation != "identity" and workings.local[layer].ndim == 2


def _each_factor_summed(case: Case, layer: int) -> Slip:
    workings = case.workings
    factors = (workings.arriving(layer), workings.local[layer])
    first, second = (factor.sum(axis=1, keepdims=True) for factor in factors)
    arrived = first * second * case.passed.before.W[layer].sum(axis=0)
    theirs = f"(Σ {case.slope_in_a(layer)})·(Σ {case.local(layer)})·(Σ {case.w(layer)})"
    return _arriving_otherwise(case, layer - 1, arrived, theirs)


def _arriving_otherwise(case: Case, below: int, arrived: Array, theirs: str) -> Slip:
    """The slip of another ∂L/∂a of a layer, −1 for the input."""
    workings = replace(case.workings, arrived={**case.workings.arrived, below: arrived})
    return case.slip(workings, case.slope_in_a(below), theirs, way_back(case, below + 1))


def _sums_over_samples_multiplied(case: Case) -> Iterator[Slip]:
    """(Σ δ)·(Σ x) for Σ δ·x over the samples, or with the mean of x."""
    if case.ref.quantity != "dW" or case.rows == 1:
        return
    out, into = case.index
    workings, x = case.workings, case.x(case.layer)
    delta, entering = workings.delta(case.layer)[:, out].sum(), workings.entering[case.layer][:, into]
    decay = workings.decay[case.layer][case.index]
    name = case.slope_in_z(case.layer)
    for several, theirs in ((entering.sum(), f"(Σ {x})"), (entering.mean(), f"(the mean of {x})")):
        yield Slip(float(delta * several + decay), case.asked, f"(Σ {name})·{theirs}", f"Σ {name}·{x}")


def _layer_left_out(case: Case) -> Iterator[Slip]:
    """From δ of a layer straight to ∂L/∂a two layers below it, through the weights of either layer on the way."""
    for skipped in layers_passed(case)[:-1]:
        delta, units = case.workings.delta(skipped + 1), case.network.layers[skipped].inputs
        for layer in (skipped, skipped + 1):
            W = case.passed.before.W[layer]
            if W.shape == (delta.shape[1], units):
                several = "Σ " if W.shape[0] > 1 else ""
                theirs = f"{several}{case.slope_in_z(skipped + 1)}·{case.w(layer)}"
                yield _arriving_otherwise(case, skipped - 1, delta @ W, theirs)


def _through_the_bend_already(case: Case) -> Iterator[Slip]:
    """δ of a unit where its ∂L/∂a is asked."""
    if case.ref.quantity == "dL_da" and case.spec.activation not in ("identity", "softmax"):
        right = way_back(case, case.layer + 1)
        delta = value_of(case.passed, case.ref._replace(quantity="delta"))
        theirs = f"({right})" if right.startswith("Σ") else right
        yield Slip(delta, case.asked, f"{theirs}·{case.local(case.layer)}", right)


RARE_PATHS: tuple[Mistake, ...] = (
    Mistake(*SUMS_MULTIPLIED, _sums_multiplied),
    Mistake(*SUMS_MULTIPLIED, _sums_over_samples_multiplied),
    Mistake(
        "layer-left-out",
        "left out a layer on the way back",
        "the chain passes every layer: its activation, and its weights",
        _layer_left_out,
    ),
    Mistake(
        "one-link-too-far",
        "went one link too far, through the activation",
        "what comes back to a is asked; the slope of its activation is the next link",
        _through_the_bend_already,
    ),
)
"""Rare mistakes on the paths back."""
