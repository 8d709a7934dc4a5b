"""Mistakes on the way back that need several units, several layers or several samples."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from nn_tutor.calculus.names import matrix_name
from nn_tutor.judging.mistakes.case import Case, Mistake, Slip

if TYPE_CHECKING:
    from nn_tutor.network.activations import Array
    from nn_tutor.network.quantities import Quantity

MAX_PATHS = 8
"""Of more paths than this, only the first ones are tried alone."""

_LOCAL = ("da_dz", "dz_da", "dz_dw", "dL_do")


def layers_passed(case: Case) -> range:
    """The layers, counted from 0, whose weights the way back to the asked slope passes."""
    if not case.is_slope or case.ref.quantity in _LOCAL:
        return range(0)
    return range(case.lowest if case.ref.quantity in ("dL_da", "dX") else case.lowest + 1, case.depth)


def way_back(case: Case, layer: int) -> str:
    """How ∂L/∂a below a layer is written: a sum over the paths through it."""
    several = "Σ " if case.network.layers[layer].units > 1 else ""
    return f"{several}{case.slope_in_z(layer)}·{case.w(layer)}"


def with_other_weights(
    case: Case, wrong: Callable[[int], Array | None], theirs: Callable[[int], str]
) -> Iterator[Slip]:
    """A slip for every layer whose weights can go wrong in a certain way, and one for all of them together."""
    found: dict[int, Array] = {}
    for layer in layers_passed(case):
        weights = wrong(layer)
        if weights is not None:
            found[layer] = weights
    groups: list[Mapping[int, Array]] = [{layer: weights} for layer, weights in found.items()]
    if len(found) > 1:
        groups.append(found)
    for group in groups:
        layer = max(group)
        key = ("weights", theirs(layer), *group)
        workings = case.workings.once(key, partial(case.workings.with_weights, group))
        yield case.slip(workings, case.slope_in_a(layer - 1), theirs(layer), way_back(case, layer))


def _updated_weights(case: Case) -> Iterator[Slip]:
    yield from with_other_weights(
        case,
        lambda layer: case.passed.update.after.W[layer],
        lambda layer: way_back(case, layer).replace(case.w(layer), f"{case.w(layer)}′"),
    )


def _not_transposed(case: Case) -> Iterator[Slip]:
    """A row of W in the place of a column; where it is shorter, the paths beyond it are left out."""

    def wrong(layer: int) -> Array | None:
        W = case.passed.before.W[layer]
        units, inputs = W.shape
        if units == 1 or inputs == 1:
            return None
        taken = W.copy()
        taken[:, :units] = 0.0
        both = min(units, inputs)
        taken[:both, :both] = W[:both, :both].T
        return taken

    yield from with_other_weights(case, wrong, lambda layer: way_back(case, layer).replace("·w", "·(row of) w"))


def _forgot_weights(case: Case) -> Iterator[Slip]:
    yield from with_other_weights(
        case,
        lambda layer: np.ones_like(case.passed.before.W[layer]),
        lambda layer: way_back(case, layer).replace(f"·{case.w(layer)}", ""),
    )


def _one_path(case: Case) -> Iterator[Slip]:
    for layer in layers_passed(case):
        W = case.passed.before.W[layer]
        if W.shape[0] == 1:
            continue
        for path in range(min(W.shape[0], MAX_PATHS)):
            yield _along(case, layer, path)


def _last_path(case: Case) -> Iterator[Slip]:
    for layer in layers_passed(case):
        if case.network.layers[layer].units > 1:
            yield _along(case, layer, case.network.layers[layer].units - 1)
    yield from _samples(case, case.rows - 1)


def _along(case: Case, layer: int, path: int) -> Slip:
    """The slip of going back through one unit of a layer alone."""
    kept = np.zeros_like(case.passed.before.W[layer])
    kept[path] = case.passed.before.W[layer][path]
    workings = case.workings.once(("path", layer, path), lambda: case.workings.with_weights({layer: kept}))
    right = way_back(case, layer)
    return case.slip(workings, case.slope_in_a(layer - 1), f"{right.removeprefix('Σ ')} of one path", right)


def _output_error(case: Case) -> Iterator[Slip]:
    """The error of the outputs taken for ∂L/∂z, or for ∂L/∂a, of a hidden layer."""
    if not case.is_slope or case.ref.quantity in _LOCAL:
        return
    last = case.depth - 1
    for layer in range(last - 1, case.lowest - 1, -1):
        units = case.network.layers[layer].units
        for error, name in (
            (case.workings.delta(last), case.slope_in_z(last)),
            (case.workings.error, case.slope_in_a(last)),
        ):
            if error.shape[1] != 1 and error.shape[1] < units:
                continue
            fitted = np.broadcast_to(error, (case.rows, units)) if error.shape[1] == 1 else error[:, :units]
            through = fitted * case.workings.local[layer]
            for delta, theirs in ((fitted, name), (through, f"{name}·{case.local(layer)}")):
                deltas = {**case.workings.deltas, layer: np.asarray(delta)}
                workings = case.workings.with_error(case.workings.error, deltas)
                yield case.slip(workings, case.slope_in_z(layer), theirs, f"({way_back(case, layer + 1)})·f′(z)")


def _samples(case: Case, row: int) -> Iterator[Slip]:
    """Of a sum over the samples, one sample alone: with the 1/n of a mean, and without."""
    if case.ref.quantity not in ("dW", "db") or case.rows == 1:
        return
    only = np.zeros((case.rows, 1))
    only[row] = 1.0
    mean = case.rows if case.network.loss.batch == "mean" else 1
    times_input = f"·{case.x(case.layer)}" if case.ref.quantity == "dW" else ""
    line = f"{case.slope_in_z(case.layer)}{times_input}"  # that has the 1/n of a mean in it
    for times in dict.fromkeys((1.0, float(mean))):
        workings = case.workings.scaled(only * times)
        theirs = f"{'' if times == 1.0 else f'{mean}·'}{line} of sample {row + 1} alone"
        yield case.slip(workings, f"∂L/∂{case.parameter}", theirs, f"Σ {line} over {case.all_samples}")


def _first_sample(case: Case) -> Iterator[Slip]:
    yield from _samples(case, 0)


def _one_sample(case: Case) -> Iterator[Slip]:
    """One sample that is neither the first nor the last."""
    if case.ref.quantity == "dW":
        for row in range(1, min(case.rows - 1, MAX_PATHS)):
            yield from _samples(case, row)


def _gradient_transposed(case: Case) -> Iterator[Slip]:
    if case.ref.quantity in ("dW", "dz_da"):
        out, into = case.index
        is_slope = case.ref.quantity == "dW"
        whole = case.passed.backward.dW[case.layer] if is_slope else case.passed.before.W[case.layer]
        if out != into and into < whole.shape[0] and out < whole.shape[1]:
            lines = _outer_products(case) if is_slope else _matrices_of_links(case)
            yield Slip(float(whole[into, out]), *lines)


def _outer_products(case: Case) -> tuple[str, str, str]:
    """The slopes of a layer's weights in matrix form: its name, crosswise, and right."""
    number = case.layer + 1

    def called(quantity: Quantity, layer: int | None = number) -> str:
        return matrix_name(case.network, case.rows, quantity, layer)

    has_delta = case.spec.activation != "identity"
    error = called("delta") if has_delta else called("dL_do", None) if number == case.depth else called("dL_da")
    entering = called("a", case.layer) if case.layer else ("X" if case.rows > 1 else "x")
    turned_error, turned_entering = (f"{one}ᵀ" if "/" not in one else f"({one})ᵀ" for one in (error, entering))
    if case.rows > 1:
        return called("dW"), f"{turned_entering}·{error}", f"{turned_error}·{entering}"
    return called("dW"), f"{entering}·{turned_error}", f"{error}·{turned_entering}"


def _matrices_of_links(case: Case) -> tuple[str, str, str]:
    weights = case.w(case.layer).upper()
    return f"∂{case.weighted_sum(case.layer)}/∂{case.x(case.layer)}", f"{weights}ᵀ", weights


def _bias_times_input(case: Case) -> Iterator[Slip]:
    if case.ref.quantity == "db":
        delta = case.workings.delta(case.layer)[:, case.index[0]]
        entering = case.workings.entering[case.layer]
        name = case.slope_in_z(case.layer)
        for into in range(min(entering.shape[1], MAX_PATHS)):
            yield Slip(
                float(delta @ entering[:, into]),
                f"∂L/∂{case.parameter}",
                f"{case.over_samples}{name}·{case.x(case.layer)}",
                f"{case.over_samples}{name}",
            )


def _bias_zero(case: Case) -> Iterator[Slip]:
    if case.ref.quantity == "db":
        name = case.slope_in_z(case.layer)
        yield Slip(0.0, f"∂L/∂{case.parameter}", "0", f"{case.over_samples}{name}·1")


def _bias_not_summed(case: Case) -> Iterator[Slip]:
    if case.ref.quantity == "db" and case.rows > 1:
        name = case.slope_in_z(case.layer)
        delta = case.workings.delta(case.layer)[:, case.index[0]]
        if case.network.loss.batch == "mean":
            yield Slip(float(delta.mean()), f"∂L/∂{case.parameter}", f"the mean of {name}", f"Σ {name}")
        for row in range(1, min(case.rows - 1, MAX_PATHS)):
            yield Slip(float(delta[row]), f"∂L/∂{case.parameter}", f"{name} of one sample", f"Σ {name}")


VECTOR: tuple[Mistake, ...] = (
    Mistake(
        "updated-weights",
        "went back through the already updated weights",
        "all slopes belong to the old weights: update only when the whole backward pass is done",
        _updated_weights,
    ),
    Mistake(
        "weights-not-transposed",
        "went back through a row of the weights instead of a column",
        "backwards the weights are transposed: a unit gets back what left it, its column of W",
        _not_transposed,
    ),
    Mistake(
        "forgot-weights",
        "left out the weights on the way back",
        "the way from z of a layer down to the activation below leads through the weight",
        _forgot_weights,
    ),
    Mistake(
        "one-path-only",
        "followed one path instead of all",
        "a unit that feeds several others gets back the sum over all its paths",
        _one_path,
    ),
    Mistake(
        "overwritten-instead-of-accumulated",
        "kept only the last part of a sum",
        "parts that arrive at the same place are added up, not overwritten",
        _last_path,
    ),
    Mistake(
        "output-error-as-hidden-delta",
        "used the error of the output as that of the hidden layer",
        "the error goes back through the weights first, then through the activation",
        _output_error,
    ),
    Mistake(
        "only-first-sample",
        "used the first sample only",
        "every sample of the batch adds to the slope",
        _first_sample,
    ),
    Mistake(
        "only-one-sample",
        "used one sample alone",
        "every sample of the batch adds to the slope",
        _one_sample,
    ),
    Mistake(
        "gradient-transposed",
        "swapped row and column",
        "the gradient has the shape of W: a row for each output, a column for each input",
        _gradient_transposed,
    ),
    Mistake(
        "bias-times-input",
        "multiplied the bias's slope by an input",
        "the bias is multiplied by nothing: its slope is the one that arrives at its unit",
        _bias_times_input,
    ),
    Mistake(
        "bias-zero",
        "used 0 as the bias's slope",
        "the sum grows with b, one for one: its slope is the one that arrives",
        _bias_zero,
    ),
    Mistake(
        "bias-not-summed",
        "did not add up the bias's slope over the samples",
        "every sample adds the slope that arrives at its own sum",
        _bias_not_summed,
    ),
)
"""The mistakes of vectors, layers and batches."""
