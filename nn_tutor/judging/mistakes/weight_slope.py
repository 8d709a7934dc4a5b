"""Mistakes in what the slope of a weight is multiplied by, and in what is given for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from nn_tutor.judging.mistakes.case import Case, Mistake, Slip

if TYPE_CHECKING:
    from nn_tutor.network.activations import Array


def _weight_line(case: Case, factor: str) -> str:
    delta = case.slope_in_z(case.layer)
    return f"{case.over_samples}{delta}·{factor}" if factor else f"{case.over_samples}{delta}"


def _asks_weight(case: Case) -> bool:
    return case.ref.quantity in ("dW", "dz_dw")


def _with_entering(case: Case, entering: Callable[[int], Array], theirs: str) -> Iterator[Slip]:
    """A slip in which something else stands in the place of the input; the callable gives it for all rows."""
    *_, into = case.index
    values = entering(into)
    if case.ref.quantity == "dz_dw":
        symbol = case.slope_of_sum_in_w(case.layer)
        yield Slip(float(values[case.index[0]]), symbol, theirs or "1", case.x(case.layer))
        return
    workings = case.workings
    out = case.index[0]
    slope = float(workings.delta(case.layer)[:, out] @ values + workings.decay[case.layer][case.index])
    yield Slip(slope, case.slope_in_w(case.layer), _weight_line(case, theirs), _weight_line(case, case.x(case.layer)))


def _forgot_input(case: Case) -> Iterator[Slip]:
    if _asks_weight(case):
        yield from _with_entering(case, lambda into: np.ones(case.rows), "")


def _weight_for_input(case: Case) -> Iterator[Slip]:
    if _asks_weight(case):
        weight = float(case.passed.before.W[case.layer][case.index[-2:]])
        yield from _with_entering(case, lambda into: np.full(case.rows, weight), case.w(case.layer))


def _other_input(case: Case) -> Iterator[Slip]:
    if not _asks_weight(case):
        return
    every = [(case.passed.X, "x"), *((a, case.a(layer)) for layer, a in enumerate(case.passed.forward.a))]
    for place, (values, name) in enumerate(every):
        if place == case.layer:
            continue
        for into in dict.fromkeys((case.index[-1], case.index[-2], 0)):
            if into < values.shape[1]:
                yield from _with_entering(case, lambda _, values=values, into=into: values[:, into], name)  # type: ignore[misc]
    own = case.workings.entering[case.layer]
    for into in range(own.shape[1]):
        if into != case.index[-1] and own.shape[1] <= 8:
            yield from _with_entering(case, lambda _, into=into: own[:, into], f"another {case.x(case.layer)}")  # type: ignore[misc]


def _sum_for_input(case: Case) -> Iterator[Slip]:
    if not _asks_weight(case):
        return
    for layer in dict.fromkeys((case.layer - 1, case.layer)):
        if layer < 0 or case.network.layers[layer].activation == "identity":
            continue
        z = case.passed.forward.z[layer]
        into = case.index[-1] if layer < case.layer else case.index[-2]
        yield from _with_entering(case, lambda _, z=z, into=into: z[:, into], case.z(layer))  # type: ignore[misc]


def _stopped_early(case: Case) -> Iterator[Slip]:
    """The slope of the loss, or of a sum on the way, given for that of a parameter or an activation further down."""
    if case.ref.quantity not in ("dW", "db", "delta", "dL_da", "dX"):
        return
    unit = case.index[0] if case.ref.quantity in ("dW", "db") else case.index[1]
    row = None if case.ref.quantity in ("dW", "db") else case.index[0]
    last = case.depth - 1
    places: list[tuple[Array, str]] = [(case.workings.error, case.slope_in_a(last))]
    for layer in range(last, case.lowest, -1):
        places.append((case.workings.delta(layer), case.slope_in_z(layer)))
        places.append((case.workings.arriving(layer - 1), case.slope_in_a(layer - 1)))
    right = case.slope_in_w(case.layer) if case.ref.quantity == "dW" else "one link further"
    for values, name in places:
        if case.ref.quantity == "delta" and name == case.slope_in_a(case.layer):  # that is the activation left out
            continue
        over = case.over_samples if row is None else ""
        for place in dict.fromkeys((unit, 0)):
            if place < values.shape[1]:
                value = float(values[:, place].sum() if row is None else values[row, place])
                yield Slip(
                    value,
                    case.asked,
                    f"{over}{name}",
                    f"{name} · the links that are still missing" if right else right,
                )


def _parameter_for_gradient(case: Case) -> Iterator[Slip]:
    if case.ref.quantity == "dW":
        value = float(case.passed.before.W[case.layer][case.index])
        right = "a slope of the loss, not the weight"
        yield Slip(value, case.asked, case.w(case.layer), right, is_copied=True)
    elif case.ref.quantity == "db":
        biases = case.passed.before.b[case.layer]
        if biases is not None:
            right = "a slope of the loss, not the bias"
            yield Slip(float(biases[case.index]), case.asked, case.b(case.layer), right, is_copied=True)


def _step_for_gradient(case: Case) -> Iterator[Slip]:
    rate = case.passed.update.rate
    if rate and case.ref.quantity in ("dW", "db"):  # where η is 0, a 0 tells of no step
        yield Slip(rate * case.truth, case.asked, f"η·∂L/∂{case.parameter}", "the slope itself; η comes with the step")


def _new_for_gradient(case: Case) -> Iterator[Slip]:
    if case.ref.quantity not in ("dW", "db"):
        return
    after = case.passed.update.after
    new = after.W[case.layer] if case.ref.quantity == "dW" else after.b[case.layer]
    if new is not None:
        yield Slip(float(new[case.index]), case.asked, f"{case.parameter}′", "the slope, before any step")


def _slope_subtracted(case: Case) -> Iterator[Slip]:
    """The old value less the slope: a step without η."""
    if case.ref.quantity not in ("dW", "db"):
        return
    old = (case.passed.before.W if case.ref.quantity == "dW" else case.passed.before.b)[case.layer]
    if old is not None:
        theirs = f"{case.parameter} − {case.asked}"
        yield Slip(float(old[case.index]) - case.truth, case.asked, theirs, "the slope, before any step")


def _forgot_decay(case: Case) -> Iterator[Slip]:
    if case.ref.quantity == "dW" and case.network.l2:
        decay = float(case.workings.decay[case.layer][case.index])
        line = _weight_line(case, case.x(case.layer))
        yield Slip(case.truth - decay, case.asked, line, f"{line} + λ·{case.w(case.layer)}")


def _doubled_decay(case: Case) -> Iterator[Slip]:
    if case.ref.quantity == "dW" and case.network.l2:
        decay = float(case.workings.decay[case.layer][case.index])
        line, w = _weight_line(case, case.x(case.layer)), case.w(case.layer)
        yield Slip(case.truth + decay, case.asked, f"{line} + 2·λ·{w}", f"{line} + λ·{w}")


WEIGHT_SLOPE: tuple[Mistake, ...] = (
    Mistake(
        "forgot-input",
        "forgot the input",
        "the slope with respect to a weight is what the weight is multiplied by",
        _forgot_input,
    ),
    Mistake(
        "weight-for-input",
        "used the weight instead of the input",
        "the slope with respect to a weight is what the weight is multiplied by: what enters",
        _weight_for_input,
    ),
    Mistake(
        "other-layer-input",
        "used a value other than the one that enters here",
        "a weight's slope is multiplied by what enters through that weight",
        _other_input,
    ),
    Mistake(
        "z-for-activation",
        "used z instead of what enters",
        "what enters is an input, or an activation: no sum that still has to go through its function",
        _sum_for_input,
    ),
    Mistake(
        "stopped-early",
        "stopped before the chain ended",
        "the chain goes on to what is asked: multiply by the links that are left",
        _stopped_early,
    ),
    Mistake(
        "parameter-for-gradient",
        "gave the value itself instead of its gradient",
        "the gradient says how the loss changes with it",
        _parameter_for_gradient,
    ),
    Mistake(
        "step-for-gradient",
        "gave the step instead of the gradient",
        "the gradient has no η in it yet",
        _step_for_gradient,
    ),
    Mistake(
        "new-weight-for-gradient",
        "gave the new value instead of the gradient",
        "first the slope, then the step, then the new value",
        _new_for_gradient,
    ),
    Mistake(
        "new-weight-for-gradient",
        "subtracted the gradient from the old value",
        "only the slope is asked, before any step; and a step has η in it",
        _slope_subtracted,
    ),
    Mistake("forgot-penalty", "left out the part of L2", "L2 adds λ·w to the slope of w", _forgot_decay),
    Mistake("forgot-penalty", "doubled the part of L2", "L2 adds λ·w to the slope of w", _doubled_decay),
)
"""The mistakes at the end of the chain."""
