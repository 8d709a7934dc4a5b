"""Slips of the forward pass as deviations from it: two at once, or one carried on into the slopes and the update."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from nn_tutor.dataclass import dataclass
from nn_tutor.judging.mistakes.case import Candidate, Case, Slip
from nn_tutor.judging.mistakes.forward import FORWARD, ROUND, USUAL, another_written, written_activation, written_sum
from nn_tutor.judging.mistakes.known import is_same
from nn_tutor.judging.mistakes.on_sheet import on_sheet
from nn_tutor.judging.mistakes.stepping import is_held, is_update, moved, slope_ref
from nn_tutor.judging.mistakes.workings import workings_from
from nn_tutor.network.activations import ACTIVATIONS, Array, activation_of
from nn_tutor.network.passes import measure
from nn_tutor.network.records import Forward

if TYPE_CHECKING:
    from nn_tutor.network.spec import ActivationName


@dataclass(frozen=True, eq=False, slots=True)
class Fits:
    """Says whether a number is the one that is looked for: within `reach` of it, and not that near to the truth.

    `made` turns a number that is tried into the one that is looked for, as a slope into a new weight.
    """

    value: float
    reach: float
    truth: float = math.nan
    apart: float = 0.0
    made: Callable[[Any], Any] | None = None

    def __call__(self, number: float) -> bool:
        """Whether a number fits."""
        if self.made is not None:
            number = self.made(number)
        return abs(number - self.value) <= self.reach and not abs(number - self.truth) <= self.apart

    def among(self, numbers: Array) -> list[tuple[int, ...]]:
        """Return the places of the numbers that fit in an array of them."""
        made = numbers if self.made is None else self.made(numbers)
        fitting = (np.abs(made - self.value) <= self.reach) & ~(np.abs(made - self.truth) <= self.apart)
        return [tuple(place) for place in np.argwhere(fitting).tolist()] if fitting.any() else []

    def after(self, made: Callable[[Any], Any]) -> Fits:
        """Return what says the same of numbers from which the ones at hand are made."""
        return replace(self, made=made)


@dataclass(frozen=True, eq=False, slots=True)
class _Deviation:
    """One thing done otherwise in a layer: the weights, the bias, how they are combined, or the activation."""

    mistake: str
    layer: int
    part: str
    theirs: str
    weights: Array | None = None
    bias: float = 1.0
    activation: ActivationName | None = None
    times: int = 1


def two_forwards(case: Case, fits: Fits) -> Iterator[Candidate]:
    """Two deviations on the way to a weighted sum or an activation, in one layer or in two."""
    deviations = [one for layer in range(max(0, case.layer - 2), case.layer + 1) for one in _deviations(case, layer)]
    for place, first in enumerate(deviations):
        for second in deviations[place + 1 :]:
            if (first.layer, first.part) == (second.layer, second.part) or first.mistake == second.mistake:
                continue
            value = _run(case, first, second)
            if math.isfinite(value) and fits(value):
                yield paired(_as_candidate(case, first, value), _as_candidate(case, second, value), value)


def paired(first: Candidate, second: Candidate, value: float) -> Candidate:
    """Return two mistakes as one candidate, whose line is that of the first."""
    return Candidate(first.mistake, first.slip._replace(value=value), also=second)


def _as_candidate(case: Case, deviation: _Deviation, value: float, *, is_carried: bool = False) -> Candidate:
    """A deviation as the mistake that it is, with its line."""
    layer = deviation.layer
    symbol, right = case.weighted_sum(layer), written_sum(case, layer)
    if deviation.part == "activation":
        symbol, right = case.a(layer), written_activation(case, layer)
    slip = Slip(value, symbol, deviation.theirs, right)
    return on_sheet(Candidate(_ENTRIES[deviation.mistake], slip, is_carried=is_carried), case)


_ENTRIES = {mistake.id: mistake for mistake in FORWARD}


World = tuple[Candidate, float]
"""A slip of the forward pass, and the loss or slope that it leads to without another."""


def worlds(case: Case, settled: int = 0) -> Iterator[World]:
    """Yield what each slip of the forward pass leads to: the asked loss or slope, or that of the asked update.

    In the first `settled` layers none was made.
    """
    if case.ref.quantity in ("z", "a", "dz_da"):
        return
    if case.ref.phase == "update" and (not is_update(case.ref) or is_held(case)):
        return
    updates = is_update(case.ref)
    asked = case.at(slope_ref(case.ref)) if updates else case
    for layer in range(settled, case.depth):
        for one in _deviations(case, layer):
            try:
                reached = _going_on(asked, _forwards(case, (one,)))
            except ArithmeticError:
                continue
            value = moved(case, reached) if updates else reached
            is_seen = not is_same(reached, asked.truth, 0.0)  # nothing is seen of a ReLU above 0
            if is_seen and math.isfinite(value):
                yield _as_candidate(case, one, value, is_carried=True), reached


def _going_on(case: Case, forwards: Forward) -> float:
    """The asked loss, or the asked slope, from another way forward on."""
    network, passed = case.network, case.passed
    if case.ref.quantity in ("loss", "loss_term"):
        measured = measure(network, passed.before, forwards, passed.Y)
        return measured.loss if case.ref.quantity == "loss" else float(measured.terms[case.ref.index or (0, 0)])
    return case.slope(workings_from(network, passed.before, forwards, passed.Y))


def _deviations(case: Case, layer: int) -> Iterator[_Deviation]:
    W, b = case.passed.before.W[layer], case.passed.before.b[layer]
    w, x = case.w(layer), case.x(layer)
    units, inputs = W.shape
    total, plus = "Σ " if inputs > 1 else "", "" if b is None else f" + {case.b(layer)}"
    if units > 1 and inputs > 1:
        taken = W.copy()
        taken[:inputs] = 0.0
        both = min(units, inputs)
        taken[:both, :both] = W[:both, :both].T
        yield _Deviation("matrix-transposed", layer, "weights", f"Σ {w}ᵀ·{x}{plus}", weights=taken)
    if inputs == 2:
        crosswise = f"Σ {w}·{x}{plus} with the inputs exchanged"
        yield _Deviation("inputs-exchanged", layer, "weights", crosswise, weights=W[:, ::-1])
    for into in range(inputs) if 1 < inputs <= 4 else ():
        alone = np.zeros_like(W)
        alone[:, into] = W[:, into]
        yield _Deviation("elementwise-product", layer, "weights", f"{w}·{x}{plus}", weights=alone)
    if b is not None:
        yield _Deviation("forgot-bias", layer, "bias", f"{total}{w}·{x}", bias=0.0)
        yield _Deviation("subtracted-bias", layer, "bias", f"{total}{w}·{x} − {case.b(layer)}", bias=-1.0)
    if case.ref.quantity == "z" and layer == case.layer:
        return
    own = case.network.layers[layer].activation
    if own != "identity":
        yield _Deviation("activation-skipped", layer, "activation", case.z(layer), times=0)
        twice = f"{case.f(layer)}({written_activation(case, layer)})"
        yield _Deviation("activation-twice", layer, "activation", twice, times=2)
    nothing_passes = own in ROUND and not (case.passed.forward.z[layer] > 0).any()  # a 0 may be anything, not a ReLU
    for other in USUAL:
        if other != own and own != "softmax" and not (other == "relu" and nothing_passes):
            theirs = another_written(case, layer, other)
            yield _Deviation("another-activation", layer, "activation", theirs, activation=other)


def _run(case: Case, *deviations: _Deviation) -> float:
    """Run forwards with deviations, and return the asked number."""
    forwards = _forwards(case, deviations, case.layer + 1)
    return float((forwards.a if case.ref.quantity == "a" else forwards.z)[-1][case.index])


def _forwards(case: Case, deviations: tuple[_Deviation, ...], layers: int | None = None) -> Forward:
    """Run forwards with deviations, through all layers or the first ones; up to the first deviation as it was."""
    right, first = case.passed.forward, min(one.layer for one in deviations)
    all_z, all_a = list(right.z[:first]), list(right.a[:first])
    a = all_a[-1] if all_a else case.passed.X
    for layer in range(first, case.depth if layers is None else layers):
        here = [one for one in deviations if one.layer == layer]
        W = next((one.weights for one in here if one.weights is not None), case.passed.before.W[layer])
        b = case.passed.before.b[layer]
        z = a @ W.T
        if b is not None:
            z = z + next((one.bias for one in here if one.part == "bias"), 1.0) * b
        changed = next((one for one in here if one.part == "activation"), None)
        entry = activation_of(case.network.layers[layer])
        if changed is not None and changed.activation is not None:
            entry = ACTIVATIONS[changed.activation]
        a = z
        for _ in range(1 if changed is None else changed.times):
            a = entry.function(a)
        all_z.append(z)
        all_a.append(a)
    return Forward(case.passed.X, tuple(all_z), tuple(all_a))
