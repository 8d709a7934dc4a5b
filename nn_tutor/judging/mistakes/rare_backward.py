"""Mistakes of the backward pass that are looked for last: see `known.rare_mistakes`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from nn_tutor.judging.mistakes.case import Case, Mistake, Slip

if TYPE_CHECKING:
    from nn_tutor.network.activations import Array

MAX_UNITS = 8
"""Of wider layers single units are not tried."""

_LOCAL = ("da_dz", "dz_da", "dz_dw")


def _has_error(case: Case) -> bool:
    return case.is_slope and case.ref.quantity not in _LOCAL and case.passed.Y is not None


def _with_error(case: Case, error: Array, theirs: str) -> Slip:
    """The slip of another slope of the loss; of δ of the last layer where loss and activation are fused."""
    last, factor = case.depth - 1, 1.0 if case.network.is_fused else 2.0
    workings, symbol = replace(case.workings, error=error), case.slope_in_a(last)
    if case.network.is_fused and case.ref.quantity != "dL_do":
        workings, symbol = replace(case.workings, deltas={last: error}), case.slope_in_z(last)
    return case.slip(workings, symbol, theirs, case.scaled("(o − y)", factor))


def _scale(case: Case) -> tuple[Array, Array, float] | None:
    """Outputs, targets and what o − y is multiplied by, where the slope of the loss is such a product."""
    is_squared = case.network.loss.kind == "squared_error"
    if not _has_error(case) or case.passed.Y is None or not (is_squared or case.network.is_fused):
        return None
    if not is_squared and case.ref.quantity == "dL_do":
        return None
    o = case.passed.forward.o
    scale = case.network.loss.scale(outputs=o.shape[1], rows=o.shape[0])
    return o, case.passed.Y, 2 * scale if is_squared else scale


def _brackets(case: Case) -> Iterator[Slip]:
    """2·o − y for 2·(o − y), at the loss and as the whole slope; a·1 − a, which is always 0, is seen when typed."""
    if parts := _scale(case):
        o, y, factor = parts
        if factor != 1:
            before = case.scale(2.0 if case.network.loss.kind == "squared_error" else 1.0)
            yield _with_error(case, factor * o - y, f"{before}o − y")
            if case.ref.quantity in ("dW", "delta", "db") and case.depth == 1 and case.rows == 1:
                unit = case.index[0] if case.ref.quantity in ("dW", "db") else case.index[1]
                rest = case.truth / error if (error := float((factor * (o - y))[0, unit])) else 0.0
                value = float(factor * o[0, unit] - y[0, unit] * rest)
                yield Slip(value, case.asked, f"{before}o − y·…", f"{before}(o − y)·…")


def _bent(case: Case) -> Iterator[tuple[int, Array, Array]]:
    """The layers whose ∂a/∂z is written in a and lies in the asked slope, with a and z."""
    if not case.is_slope or case.ref.quantity in ("dL_do", "dz_dw", "dz_da"):
        return
    layers = [case.layer] if case.ref.quantity == "da_dz" else range(case.depth - 1, case.lowest - 1, -1)
    for layer in layers:
        if case.network.layers[layer].activation in ("sigmoid", "tanh") and layer not in case.workings.deltas:
            yield layer, case.passed.forward.a[layer], case.passed.forward.z[layer]


def _error_in_derivative(case: Case) -> Iterator[Slip]:
    """The error o − y put where the output belongs, in the slope of the last activation."""
    if case.passed.Y is None:
        return
    for layer, a, _ in _bent(case):
        if layer != case.depth - 1:
            continue
        for error, name in ((a - case.passed.Y, "(o − y)"), (case.passed.Y - a, "(y − o)")):
            is_sigmoid = case.network.layers[layer].activation == "sigmoid"
            wrong = error * (1 - error) if is_sigmoid else 1 - error * error
            theirs = f"{name}·(1 − {name})" if is_sigmoid else f"1 − {name}²"
            workings = case.workings.with_local((layer,), {layer: wrong})
            yield case.slip(workings, case.local(layer), theirs, "o·(1 − o)" if is_sigmoid else "1 − o²")


def _one_sign(case: Case) -> Iterator[Slip]:
    """One part of a sum over paths, or over samples, with the wrong sign."""
    if case.ref.quantity in ("delta", "dL_da", "dX", "dW", "db"):
        lowest = case.lowest if case.ref.quantity in ("dL_da", "dX") else case.lowest + 1
        for layer in range(lowest, case.depth):
            W = case.passed.before.W[layer]
            if not 1 < W.shape[0] <= MAX_UNITS:
                continue
            for path in range(W.shape[0]):
                turned = W.copy()
                turned[path] = -turned[path]
                right = f"Σ {case.slope_in_z(layer)}·{case.w(layer)}"
                value = case.slope(case.workings.with_weights({layer: turned}))
                yield Slip(value, case.slope_in_a(layer - 1), f"{right}, one part with −", right)
    if case.ref.quantity in ("dW", "db") and 1 < case.rows <= MAX_UNITS:
        parts, right = _by_sample(case), f"Σ over {case.all_samples}"
        for row in range(case.rows):
            yield Slip(case.truth - 2 * float(parts[row]), case.asked, f"{right}, one with −", right)


def _path_left_out(case: Case) -> Iterator[Slip]:
    """All paths but one, of three or more that lead on from a unit."""
    if case.ref.quantity not in ("delta", "dL_da", "dX", "dW", "db"):
        return
    lowest = case.lowest if case.ref.quantity in ("dL_da", "dX") else case.lowest + 1
    for layer in range(lowest, case.depth):
        W = case.passed.before.W[layer]
        if not 2 < W.shape[0] <= MAX_UNITS:
            continue
        right = f"Σ {case.slope_in_z(layer)}·{case.w(layer)}"
        for path in range(W.shape[0]):
            kept = W.copy()
            kept[path] = 0.0
            value = case.slope(case.workings.with_weights({layer: kept}))
            yield Slip(value, case.slope_in_a(layer - 1), f"{right} without path {path + 1}", right)


def _sample_left_out(case: Case) -> Iterator[Slip]:
    """All samples but one, of three or more that are added up."""
    if case.ref.quantity in ("dW", "db") and 2 < case.rows <= MAX_UNITS:
        parts, right = _by_sample(case), f"Σ over {case.all_samples}"
        for row in range(case.rows):
            yield Slip(case.truth - float(parts[row]), case.asked, f"{right} without sample {row + 1}", right)


def _loss_slope_for_delta(case: Case) -> Iterator[Slip]:
    """∂L/∂o given for δ where loss and activation are taken together."""
    if case.network.is_fused and _has_error(case) and case.ref.quantity != "dL_do":
        last = case.depth - 1
        workings = replace(case.workings, deltas={last: case.passed.backward.dL_do})
        yield case.slip(workings, case.slope_in_z(last), case.slope_in_a(last), case.scaled("(o − y)"))


def _by_sample(case: Case) -> Array:
    """What each sample adds to the slope of a parameter."""
    delta = case.workings.delta(case.layer)[:, case.index[0]]
    return delta if case.ref.quantity == "db" else delta * case.workings.entering[case.layer][:, case.index[1]]


def _links_added(case: Case) -> Iterator[Slip]:
    """The links of the chain added: the last two of them, or all where each is one number."""
    if case.ref.quantity not in ("dW", "delta", "dX", "dL_da") or case.rows > 1:
        return
    pairs: list[tuple[float, float, str]] = []
    if case.ref.quantity == "dW":
        out, into = case.index
        delta = float(case.workings.delta(case.layer)[0, out])
        x = float(case.workings.entering[case.layer][0, into])
        pairs.append((delta, x, f"{case.slope_in_z(case.layer)} + {case.x(case.layer)}"))
    elif case.ref.quantity == "delta" and case.workings.local[case.layer].ndim == 2:
        unit = case.index[1]
        if case.layer not in case.workings.deltas:
            arriving = float(case.workings.arriving(case.layer)[0, unit])
            local = float(case.workings.local[case.layer][0, unit])
            pairs.append((arriving, local, f"{case.slope_in_a(case.layer)} + {case.local(case.layer)}"))
    elif case.lowest < case.depth and case.network.layers[case.lowest].units == 1:
        above = case.lowest
        weight = float(case.passed.before.W[above][0, case.index[1]])
        pairs.append((float(case.workings.delta(above)[0, 0]), weight, f"{case.slope_in_z(above)} + {case.w(above)}"))
    for first, second, theirs in pairs:
        yield Slip(first + second, case.asked, theirs, theirs.replace(" + ", "·"))
    if case.network.is_scalar and case.ref.quantity in ("dW", "delta"):
        links, names = _every_link(case)
        if len(links) > 2:
            yield Slip(sum(links), case.asked, " + ".join(names), "·".join(names))


def _every_link(case: Case) -> tuple[list[float], list[str]]:
    """The links of the chain of a network of single weights, from the loss down to what is asked."""
    links, names = [float(case.workings.error[0, 0])], [case.slope_in_a(case.depth - 1)]
    for layer in range(case.depth - 1, case.layer - 1, -1):
        if case.network.layers[layer].activation != "identity":
            links.append(float(case.workings.local[layer].ravel()[0]))
            names.append(case.local(layer))
        if layer > case.layer:
            links.append(float(case.passed.before.W[layer][0, 0]))
            names.append(case.w(layer))
    if case.ref.quantity == "dW":
        links.append(float(case.workings.entering[case.layer][0, 0]))
        names.append(case.x(case.layer))
    return links, names


def _another_target(case: Case) -> Iterator[Slip]:
    parts = _scale(case)
    if parts is None or not 1 < parts[0].shape[1] <= MAX_UNITS:
        return
    o, y, factor = parts
    before = case.scaled("(o − y)", 2.0 if case.network.loss.kind == "squared_error" else 1.0)
    for shift in range(1, o.shape[1]):
        other = factor * (o - np.roll(y, shift, axis=1))
        yield _with_error(case, other, f"{before} with another output's y")


def _other_class(case: Case) -> Iterator[Slip]:
    """1 − y in the place of y, behind a sigmoid that tells two classes apart."""
    parts = _scale(case)
    if parts is None or parts[1].shape[1] > 1 or case.network.layers[-1].activation != "sigmoid":
        return
    o, y, factor = parts
    if np.isin(y, (0.0, 1.0)).all():
        theirs = case.scaled("(o − (1 − y))", 2.0 if case.network.loss.kind == "squared_error" else 1.0)
        yield _with_error(case, factor * (o - (1 - y)), theirs)


def _short_slope(case: Case) -> Iterator[Slip]:
    """The short slope o − y, which is that of a cross-entropy, given for δ where the error is squared."""
    last = case.depth - 1
    is_squared = case.network.loss.kind == "squared_error" and case.ref.quantity != "dL_do"
    if not (is_squared and _has_error(case)) or case.network.layers[last].activation not in ("sigmoid", "softmax"):
        return
    error = case.passed.forward.o - (0.0 if case.passed.Y is None else case.passed.Y)
    scale = case.network.loss.scale(outputs=error.shape[1], rows=error.shape[0])
    right = f"{case.slope_in_a(last)}·{case.local(last)}"
    for times, theirs in {scale: case.scaled("(o − y)"), 1.0: "o − y"}.items():
        yield case.slip(replace(case.workings, deltas={last: times * error}), case.slope_in_z(last), theirs, right)


def _over_units(case: Case) -> Iterator[Slip]:
    if case.ref.quantity == "db" and case.spec.units > 1:
        name = case.slope_in_z(case.layer)
        value = float(case.workings.delta(case.layer).sum())
        yield Slip(value, case.asked, f"Σ {name} over all units", f"{case.over_samples}{name} of this unit")


def _row_sum(case: Case) -> Iterator[Slip]:
    if case.ref.quantity == "db" and case.spec.inputs > 1:
        name, x = case.slope_in_z(case.layer), case.x(case.layer)
        value = float(case.passed.backward.dW[case.layer][case.index[0]].sum())
        yield Slip(value, case.asked, f"a row of ∂L/∂{case.w(case.layer)} added up: Σ {name}·{x}", name)


def _weights_as_delta(case: Case) -> Iterator[Slip]:
    """A weight above given as δ, or as ∂L/∂a, of the hidden unit below it."""
    if case.ref.quantity not in ("delta", "dL_da", "dW", "db") or case.layer >= case.depth - 1 or case.rows > 1:
        return
    above = case.layer + 1
    unit = case.index[1] if case.ref.quantity in ("delta", "dL_da") else case.index[0]
    x = float(case.workings.entering[case.layer][0, case.index[1]]) if case.ref.quantity == "dW" else 1.0
    symbol = case.slope_in_a(case.layer) if case.ref.quantity == "dL_da" else case.slope_in_z(case.layer)
    local = case.workings.local[case.layer]
    bend = float(local[0, unit]) if local.ndim == 2 and case.ref.quantity != "dL_da" else 1.0
    right = f"Σ {case.slope_in_z(above)}·{case.w(above)}, through the activation"
    for out in range(min(case.network.layers[above].units, MAX_UNITS)):
        weight = float(case.passed.before.W[above][out, unit])
        for times, theirs in {1.0: case.w(above), bend: f"{case.w(above)}·{case.local(case.layer)}"}.items():
            yield Slip(weight * x * times, symbol, theirs, right)


RARE_BACKWARD: tuple[Mistake, ...] = (
    Mistake(
        "forgot-brackets",
        "left out the brackets",
        "the brackets come first: what stands in them is taken as a whole",
        _brackets,
    ),
    Mistake(
        "error-in-derivative",
        "put the error into the slope of the activation",
        "that slope is written with the output o, not with the error",
        _error_in_derivative,
    ),
    Mistake(
        "one-sign-in-sum",
        "gave one part of the sum the wrong sign",
        "each part keeps the sign that its product has",
        _one_sign,
    ),
    Mistake(
        "one-product-left-out",
        "left out one part of the sum",
        "a unit that feeds several others gets back the sum over all its paths",
        _path_left_out,
    ),
    Mistake(
        "one-product-left-out",
        "left out one part of the sum",
        "every sample of the batch adds to the slope",
        _sample_left_out,
    ),
    Mistake(
        "loss-slope-for-delta",
        "stopped at ∂L/∂o",
        "the chain passes the activation; with this loss the two together leave o − y",
        _loss_slope_for_delta,
    ),
    Mistake(
        "links-added",
        "added the links of the chain",
        "the links of a chain are multiplied; only where paths meet are they added",
        _links_added,
    ),
    Mistake(
        "another-target",
        "compared with the target of another output",
        "each output has its own target",
        _another_target,
    ),
    Mistake(
        "other-class",
        "compared with the target of the other class",
        "y says which class a sample is in, and the error is o − y",
        _other_class,
    ),
    Mistake(
        "other-loss-slope",
        "used the slope of another loss",
        "each loss has its own slope: the top line says which this is",
        _short_slope,
    ),
    Mistake(
        "bias-summed-over-units",
        "added up the bias's slope over all units",
        "each unit has a bias of its own, and only its own slope arrives there",
        _over_units,
    ),
    Mistake(
        "bias-row-sum",
        "added up a row of the weights' slopes for the bias",
        "the bias's slope has no input in it: it is the slope that arrives at its unit",
        _row_sum,
    ),
    Mistake(
        "weights-as-delta",
        "gave the weight above for the slope of the hidden unit",
        "the weight is one link of it: the slope of the loss comes from above, through that weight",
        _weights_as_delta,
    ),
)
"""Rare mistakes of the slopes."""
