"""Mistakes in the clipping of slopes: in the length of all slopes, and in what is made of a slope with it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from nn_tutor.calculus.names import LIMIT, NORM
from nn_tutor.judging.mistakes.case import Case, Mistake, Slip
from nn_tutor.judging.mistakes.stepping import is_held, is_update, stepping_of
from nn_tutor.network.passes import norm_of

if TYPE_CHECKING:
    from nn_tutor.network.activations import Array

_ROOT = "√Σ(slope)²"


def _slopes(case: Case) -> list[Array]:
    """The slopes of all that is not held, one array for each layer's weights and each layer's biases."""
    found: list[Array] = []
    slopes = case.passed.backward
    for layer, spec in enumerate(case.network.layers):
        places = [place for place in np.ndindex(slopes.dW[layer].shape) if place not in spec.frozen]
        found.append(np.array([slopes.dW[layer][place] for place in places]))
        biases = slopes.db[layer]
        if biases is not None and spec.train_biases:
            found.append(biases)
    return found


def _lengths(case: Case) -> Iterator[tuple[str, float, str]]:
    """Other lengths that somebody may take: the mistake, the length, and how it is written."""
    slopes = _slopes(case)
    whole = np.concatenate(slopes) if slopes else np.zeros(0)
    if not whole.size:
        return
    yield "norm-without-root", float((whole * whole).sum()), "Σ(slope)²"
    yield "norm-of-sizes", float(np.abs(whole).sum()), "Σ|slope|"
    yield "norm-of-sizes", float(np.abs(whole).max()), "the largest |slope|"
    yield "norm-of-mean", math.sqrt(float((whole * whole).mean())), "√(mean of (slope)²)"
    for one in slopes:
        yield "norm-of-a-part", math.sqrt(float((one * one).sum())), "√Σ(slope)² of one layer's weights or biases"
    W, b = case.passed.backward.dW, case.passed.backward.db
    without_biases: list[Array | None] = [None for _ in b]
    yield "norm-of-a-part", norm_of(case.network, W, without_biases), "√Σ(slope)² without the biases"
    every = [array for array in (*W, *b) if array is not None]
    yield "norm-with-held", math.sqrt(sum(float((one * one).sum()) for one in every)), "√Σ(slope)² with what is held"


def _length(name: str, case: Case) -> Iterator[Slip]:
    """Another length, asked for itself or carried into a slope that is clipped by it, and on."""
    if case.network.optimizer.clipping.kind != "norm":
        return
    for mistake, length, theirs in _lengths(case):
        if mistake != name:
            continue
        if case.ref.quantity == "norm":
            yield Slip(length, NORM, theirs, _ROOT)
        elif is_update(case.ref) and not is_held(case) and length > 0:
            stepping = stepping_of(case)
            yield Slip(float(stepping.result(stepping.otherwise(given={"norm": length}))), NORM, theirs, _ROOT)


def _clipped(case: Case) -> Iterator[tuple[str, float, str]]:
    """Other slopes after clipping: the mistake, the slope, and how it is written."""
    stepping, kind = stepping_of(case), case.network.optimizer.clipping.kind
    slope, limit, norm = stepping.slope, stepping.optimizer.clipping.at, stepping.norm
    yield "not-clipped", slope, "{whole}"
    yield "sign-clipped", abs(float(stepping.known(slope)["slope"])), f"|{_RIGHT[kind]}|"
    yield "sign-clipped", -float(stepping.known(slope)["slope"]), f"−{_RIGHT[kind]}"
    if kind == "value":
        yield "clipped-to-zero", 0.0 if abs(slope) > limit else slope, "0 beyond {limit}"
        return
    if norm:
        yield "shortened-anyway", slope * limit / norm, "{whole}·{limit}/{norm}"
        yield "divided-by-norm", slope / norm, "{whole}/{norm}"
        yield "divided-by-norm", slope / norm**2 * limit, "{whole}·{limit}/{norm}²"
    yield "clipped-one-by-one", max(-limit, min(limit, slope)), "min(max({whole}, −{limit}), {limit})"
    yield "clipped-one-by-one", math.copysign(limit, slope), "±{limit}"


def _slope(name: str, case: Case) -> Iterator[Slip]:
    if not case.network.optimizer.clips or not is_update(case.ref) or is_held(case):
        return
    stepping = stepping_of(case)
    right = stepping.written(_RIGHT[case.network.optimizer.clipping.kind])
    for mistake, slope, theirs in _clipped(case):
        if mistake == name:
            known = stepping.otherwise({"clipped": lambda _, slope=slope: slope})  # type: ignore[misc]
            yield Slip(float(stepping.result(known)), "g", stepping.written(theirs), right)


_RIGHT = {"norm": "{whole}·{limit}/max({norm}, {limit})", "value": "min(max({whole}, −{limit}), {limit})"}
"""What is left of a slope by each way to clip."""


def _of_length(name: str, words: str, rule: str) -> Mistake:
    return Mistake(name, words, rule, lambda case: _length(name, case))


def _of_slope(name: str, words: str, rule: str) -> Mistake:
    return Mistake(name, words, rule, lambda case: _slope(name, case))


CLIPPED: tuple[Mistake, ...] = (
    _of_length("norm-without-root", "left out the root of the length", "the length is the root of the sum of squares"),
    _of_length("norm-of-sizes", "took the sizes instead of their squares", "square every slope, add up, take the root"),
    _of_length("norm-of-mean", "took the mean of the squares", "the squares are added up, not averaged"),
    _of_length("norm-of-a-part", "left slopes out of the length", "all weights and biases have a part in the length"),
    _of_length("norm-with-held", "let what is held count", "what is held does not move and has no part in the length"),
    _of_slope("not-clipped", "did not clip the slope", "the rule takes the slope after clipping"),
    _of_slope("sign-clipped", "lost the sign of the slope", "clipping makes a slope shorter, and keeps its sign"),
    _of_slope("clipped-to-zero", "left a long slope out", "a slope beyond the limit is cut to the limit"),
    _of_slope(
        "shortened-anyway", "scaled slopes that are short enough", f"slopes no longer than {LIMIT} stay as they are"
    ),
    _of_slope("divided-by-norm", "divided by the length alone", f"multiply by {LIMIT} over the length"),
    _of_slope("clipped-one-by-one", "clipped the slope by itself", "all slopes are shortened by the same factor"),
)
"""The mistakes in clipping."""
