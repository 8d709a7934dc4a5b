"""Mistakes on the way back: in the slope of the loss, in an activation's slope, in what a weight is multiplied by."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from nn_tutor.judging.mistakes.case import Case, Mistake, Slip
from nn_tutor.judging.mistakes.loss import averaged_over, summed_over
from nn_tutor.judging.mistakes.workings import NOTHING
from nn_tutor.network.activations import ACTIVATIONS, Array
from nn_tutor.network.spec import ActivationName

# The slope of the loss


def _targets(case: Case) -> Array:
    return case.passed.forward.o if case.passed.Y is None else case.passed.Y


def _factor(case: Case) -> float:
    return case.network.loss.scale(outputs=case.network.outputs, rows=case.rows)


def _asks_error(case: Case, *kinds: str) -> bool:
    """Whether the asked slope has the slope of a loss of one of the kinds in it."""
    touches = case.is_slope and case.ref.quantity not in ("da_dz", "dz_da", "dz_dw")
    return touches and case.network.loss.kind in kinds


def _with_error(case: Case, error: Array, theirs: str, right: str) -> Iterator[Slip]:
    """A slip in which the slope of the loss is another; where loss and activation are fused, δ of the last layer."""
    workings = replace(case.workings, error=error)
    symbol = case.slope_in_a(case.depth - 1)
    if case.network.is_fused and case.ref.quantity != "dL_do":
        workings = replace(case.workings, deltas={case.depth - 1: error})
        symbol = case.slope_in_z(case.depth - 1)
    yield Slip(case.slope(workings), symbol, theirs, right)


def _two(case: Case) -> str:
    return case.scaled("(o − y)", 2)


def _forgot_two(case: Case) -> Iterator[Slip]:
    if _asks_error(case, "squared_error"):
        yield from _with_error(case, case.workings.error / 2, case.scaled("(o − y)"), _two(case))


def _half_convention(case: Case) -> Iterator[Slip]:
    if _asks_error(case, "squared_error") and case.network.loss.factor == 0.5:
        yield from _with_error(case, case.workings.error * 2, case.scaled("(o − y)", 4), _two(case))


def _asks_fused(case: Case) -> bool:
    return _asks_error(case, "binary_cross_entropy", "categorical_cross_entropy") and (
        case.network.is_fused and case.ref.quantity != "dL_do"
    )


def _sign(case: Case) -> Iterator[Slip]:
    if case.ref.quantity not in ("da_dz", "dz_da", "dz_dw") and case.is_slope:
        theirs, right = {
            "squared_error": (case.scaled("(y − o)", 2), _two(case)),
            "output": (f"−{case.scale()}1", f"{case.scale()}1"),
            "binary_cross_entropy": (f"{case.scale()}(y − o)/(o·(1 − o))", f"{case.scale()}(o − y)/(o·(1 − o))"),
            "categorical_cross_entropy": (f"{case.scale()}y/o", f"−{case.scale()}y/o"),
        }[case.network.loss.kind]
        if _asks_fused(case):
            theirs, right = case.scaled("(y − o)"), case.scaled("(o − y)")
        workings = case.workings.scaled(-1.0)
        symbol = case.slope_in_z(case.depth - 1) if _asks_fused(case) else case.slope_in_a(case.depth - 1)
        yield Slip(case.slope(workings), symbol, theirs, right)


def _power_rule(case: Case) -> Iterator[Slip]:
    if _asks_error(case, "squared_error"):
        error = case.passed.forward.o - _targets(case)
        for times in (1.0, 2.0):
            theirs = f"{case.scale(times)}(o − y)²"
            yield from _with_error(case, times * _factor(case) * error * error, theirs, _two(case))


def _forgot_target(case: Case) -> Iterator[Slip]:
    o = case.passed.forward.o
    if _asks_error(case, "squared_error"):
        yield from _with_error(case, 2 * _factor(case) * o, case.scaled("o", 2), _two(case))
    elif _asks_fused(case):
        yield from _with_error(case, _factor(case) * o, case.scaled("o"), case.scaled("(o − y)"))


def _z_for_output(case: Case) -> Iterator[Slip]:
    if case.network.layers[-1].activation == "identity":
        return
    z, y, name = case.passed.forward.z[-1], _targets(case), case.z(case.depth - 1)
    if _asks_error(case, "squared_error"):
        yield from _with_error(case, 2 * _factor(case) * (z - y), f"{case.scale(2)}({name} − y)", _two(case))
    elif _asks_fused(case):
        yield from _with_error(case, _factor(case) * (z - y), f"{case.scale()}({name} − y)", case.scaled("(o − y)"))


def _no_mean(case: Case) -> Iterator[Slip]:
    yield from _scaled(case, averaged_over(case), times=lambda count: count)


def _mean(case: Case) -> Iterator[Slip]:
    yield from _scaled(case, summed_over(case), times=lambda count: 1 / count)


def _mean_twice(case: Case) -> Iterator[Slip]:
    yield from _scaled(case, averaged_over(case), times=lambda count: 1 / count)


def _scaled(case: Case, counts: tuple[float, ...], times: Callable[[float], float]) -> Iterator[Slip]:
    if case.ref.quantity in ("da_dz", "dz_da", "dz_dw") or not case.is_slope:
        return
    kind, fused = case.network.loss.kind, _asks_fused(case)
    term = "(o − y)" if fused or kind == "squared_error" else "∂loss/∂o"
    doubled = 2.0 if kind == "squared_error" else 1.0
    symbol = case.slope_in_z(case.depth - 1) if fused else case.slope_in_a(case.depth - 1)
    for count in counts:
        theirs, right = case.scaled(term, doubled * times(count)), case.scaled(term, doubled)
        yield Slip(case.slope(case.workings.scaled(times(count))), symbol, theirs, right)


def _error_alone(case: Case) -> Iterator[Slip]:
    """Of a cross-entropy's slope in o, only its error; of a fused one, the slope of the squared error."""
    error = _factor(case) * (case.passed.forward.o - _targets(case))
    if _asks_fused(case):
        yield from _with_error(case, 2 * error, case.scaled("(o − y)", 2), case.scaled("(o − y)"))
    elif _asks_error(case, "binary_cross_entropy"):
        right = f"{case.scale()}(o − y)/(o·(1 − o))"
        yield from _with_error(case, error, case.scaled("(o − y)"), right)
        yield from _with_error(case, 2 * error, case.scaled("(o − y)", 2), right)
    elif _asks_error(case, "categorical_cross_entropy"):
        yield from _with_error(case, error, case.scaled("(o − y)"), f"−{case.scale()}y/o")


def _once_more(case: Case) -> Iterator[Slip]:
    if _asks_fused(case) and case.lowest <= case.depth - 1:
        last = case.depth - 1
        o = case.passed.forward.o
        delta = case.workings.deltas[last] * o * (1 - o)
        yield from _with_error(case, delta, f"{case.scale()}(o − y)·o·(1 − o)", case.scaled("(o − y)"))


def _forgot_error(case: Case) -> Iterator[Slip]:
    if case.is_slope and case.ref.quantity not in ("da_dz", "dz_da", "dz_dw", "dL_do"):
        last = case.depth - 1
        ones = np.ones_like(case.workings.error)
        workings = replace(case.workings, error=ones, deltas={last: ones} if case.network.is_fused else NOTHING)
        symbol = case.slope_in_z(last) if case.network.is_fused else case.slope_in_a(last)
        right = case.scaled("(o − y)") if case.network.is_fused else _two(case)
        if not case.network.is_fused and case.network.loss.kind != "squared_error":
            right = "the slope of the loss"
        yield Slip(case.slope(workings), symbol, "left out (1)", right)


# The slopes of activations


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


def _with_locals(case: Case, wrong: Callable[[int], Array | None], theirs: Callable[[int], str]) -> Iterator[Slip]:
    """A slip for every layer in which ∂a/∂z can go wrong in a certain way, and one for all of them together."""
    found: dict[int, Array] = {}
    for layer in _crossed(case):
        local = wrong(layer)
        if local is not None:
            found[layer] = local
    groups: list[tuple[int, ...]] = [(layer,) for layer in found]
    if len(found) > 1:
        groups.append(tuple(found))
    for group in groups:
        layer = group[0]
        workings = case.workings.with_local(group, found)
        yield Slip(case.slope(workings), case.local(layer), theirs(layer), _slope_of(case, layer))


def _slope_of(case: Case, layer: int) -> str:
    a, z = case.a(layer), case.z(layer)
    return {
        "sigmoid": f"{a}·(1 − {a})",
        "tanh": f"1 − {a}²",
        "relu": f"1 if {z} > 0 else 0",
        "softmax": f"{a}ᵢ·(1 if i = j else 0) − {a}ᵢ·{a}ⱼ",
    }.get(case.network.layers[layer].activation, "1")


def _spread(case: Case, layer: int, values: Array) -> Array:
    """Slopes of single units, as the Jacobian where the layer is a softmax."""
    if case.network.layers[layer].activation != "softmax":
        return values
    return np.asarray(np.eye(values.shape[1]) * values[:, None, :])


def _forgot_local(case: Case) -> Iterator[Slip]:
    def wrong(layer: int) -> Array:
        return _spread(case, layer, np.ones_like(case.passed.forward.z[layer]))

    yield from _with_locals(case, wrong, lambda layer: "left out (1)")


def _value_for_derivative(case: Case) -> Iterator[Slip]:
    def wrong(layer: int) -> Array:
        return _spread(case, layer, case.passed.forward.a[layer])

    yield from _with_locals(case, wrong, lambda layer: f"{case.f(layer)}({case.z(layer)})")


def _derivative_of_output(case: Case) -> Iterator[Slip]:
    def wrong(layer: int) -> Array | None:
        name = case.network.layers[layer].activation
        if name not in ("sigmoid", "tanh"):
            return None
        a = case.passed.forward.a[layer]
        entry = ACTIVATIONS[name]
        return entry.derivative(a, entry.function(a))

    yield from _with_locals(case, wrong, lambda layer: f"{case.f(layer)}′({case.a(layer)})")


def _z_in_derivative(case: Case) -> Iterator[Slip]:
    def wrong(layer: int) -> Array | None:
        z = case.passed.forward.z[layer]
        return {"sigmoid": z * (1 - z), "tanh": 1 - z * z}.get(case.network.layers[layer].activation)

    def theirs(layer: int) -> str:
        return _slope_of(case, layer).replace(case.a(layer), case.z(layer))

    yield from _with_locals(case, wrong, theirs)


def _relu_value(case: Case) -> Iterator[Slip]:
    def wrong(layer: int) -> Array | None:
        return case.passed.forward.z[layer] if case.network.layers[layer].activation == "relu" else None

    yield from _with_locals(case, wrong, case.z)


def _relu_one(case: Case) -> Iterator[Slip]:
    def wrong(layer: int) -> Array | None:
        z = case.passed.forward.z[layer]
        return np.ones_like(z) if case.network.layers[layer].activation == "relu" else None

    yield from _with_locals(case, wrong, lambda layer: "1 everywhere")


def _another_derivative(case: Case) -> Iterator[Slip]:
    others: tuple[ActivationName, ...] = ("sigmoid", "tanh", "relu")
    for other in others:

        def wrong(layer: int, other: ActivationName = other) -> Array | None:
            if case.network.layers[layer].activation in (other, "softmax"):
                return None
            z = case.passed.forward.z[layer]
            entry = ACTIVATIONS[other]
            local = entry.derivative(z, case.passed.forward.a[layer] if other != "relu" else z)
            return None if (local == 1).all() else local  # ReLU above 0: the slope left out

        yield from _with_locals(case, wrong, lambda layer, other=other: f"the slope of {other}")  # type: ignore[misc]


def _half_derivative(case: Case) -> Iterator[Slip]:
    """1 − a for both: of a·(1 − a) the factor a is forgotten, of 1 − a² the square."""

    def wrong(layer: int) -> Array | None:
        a = case.passed.forward.a[layer]
        return 1 - a if case.network.layers[layer].activation in ("sigmoid", "tanh") else None

    yield from _with_locals(case, wrong, lambda layer: f"1 − {case.a(layer)}")


def _softmax_alone(case: Case) -> Iterator[Slip]:
    def wrong(layer: int) -> Array | None:
        if case.network.layers[layer].activation != "softmax":
            return None
        a = case.passed.forward.a[layer]
        return _spread(case, layer, a * (1 - a))

    yield from _with_locals(case, wrong, lambda layer: f"{case.a(layer)}ᵢ·(1 − {case.a(layer)}ᵢ), and 0 for the others")


def _softmax_sign(case: Case) -> Iterator[Slip]:
    def wrong(layer: int) -> Array | None:
        if case.network.layers[layer].activation != "softmax":
            return None
        a = case.passed.forward.a[layer]
        return np.asarray(a[..., :, None] * (np.eye(a.shape[-1]) + a[..., None, :]))

    yield from _with_locals(case, wrong, lambda layer: f"{case.a(layer)}ᵢ·{case.a(layer)}ⱼ with +")


# What the slope of a weight is multiplied by


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
        yield Slip(float(values[case.index[0]]), "∂z/∂w", theirs or "left out (1)", case.x(case.layer))
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
        for place in dict.fromkeys((unit, 0)):
            if place < values.shape[1]:
                value = float(values[:, place].sum() if row is None else values[row, place])
                yield Slip(value, _asked(case), name, f"{name} · the links below it" if right else right)


def _asked(case: Case) -> str:
    match case.ref.quantity:
        case "dW" | "db":
            return f"∂L/∂{case.parameter}"
        case "delta" | "delta_sample":
            return case.slope_in_z(case.layer)
        case "dX":
            return "∂L/∂x"
        case "dz_dw":
            return "∂z/∂w"
        case "da_dz":
            return case.local(case.layer)
        case _:
            return case.slope_in_a(case.layer)


def _parameter_for_gradient(case: Case) -> Iterator[Slip]:
    if case.ref.quantity == "dW":
        value = float(case.passed.before.W[case.layer][case.index])
        yield Slip(value, _asked(case), case.w(case.layer), "a slope of the loss, not the weight")
    elif case.ref.quantity == "db":
        biases = case.passed.before.b[case.layer]
        if biases is not None:
            yield Slip(float(biases[case.index]), _asked(case), case.b(case.layer), "a slope of the loss, not the bias")


def _step_for_gradient(case: Case) -> Iterator[Slip]:
    if case.ref.quantity in ("dW", "db"):
        value = case.network.learning_rate * case.truth
        yield Slip(value, _asked(case), f"η·∂L/∂{case.parameter}", "without η, which comes with the step")


def _new_for_gradient(case: Case) -> Iterator[Slip]:
    if case.ref.quantity not in ("dW", "db"):
        return
    after = case.passed.update.after
    new = after.W[case.layer] if case.ref.quantity == "dW" else after.b[case.layer]
    if new is not None:
        yield Slip(float(new[case.index]), _asked(case), f"{case.parameter}′", "the slope, before any step")


def _forgot_decay(case: Case) -> Iterator[Slip]:
    if case.ref.quantity == "dW" and case.network.l2:
        decay = float(case.workings.decay[case.layer][case.index])
        line = _weight_line(case, case.x(case.layer))
        yield Slip(case.truth - decay, _asked(case), line, f"{line} + λ·{case.w(case.layer)}")
        yield Slip(
            case.truth + decay, _asked(case), f"{line} + 2·λ·{case.w(case.layer)}", f"{line} + λ·{case.w(case.layer)}"
        )


GRADIENT: tuple[Mistake, ...] = (
    Mistake("forgot-two", "forgot the 2", "the square brings a 2 down: the slope of e² is 2·e", _forgot_two),
    Mistake(
        "half-convention",
        "left out the ½",
        "this loss has a ½ before the square, which the 2 cancels; other sources have none",
        _half_convention,
        is_convention=True,
    ),
    Mistake(
        "sign-flipped",
        "turned the sign",
        "the slope points uphill, to where L grows; an error is output minus target, o − y",
        _sign,
    ),
    Mistake(
        "power-rule-not-applied",
        "kept the square",
        "the slope of e² is 2·e: the power comes down, and one e is left",
        _power_rule,
    ),
    Mistake("forgot-target", "forgot the target", "the error is o − y, not o", _forgot_target),
    Mistake("z-for-output", "took z for the output", "the error compares the output o with y, not z", _z_for_output),
    Mistake(
        "no-one-over-n",
        "left out the 1/n of the mean",
        "the loss is a mean, and so is its slope; some sources sum",
        _no_mean,
        is_convention=True,
    ),
    Mistake(
        "mean-for-sum",
        "took the mean where this loss adds up",
        "the loss is a sum, and so is its slope; some sources average",
        _mean,
        is_convention=True,
    ),
    Mistake("one-over-n-twice", "divided by n twice", "the 1/n of the mean counts once", _mean_twice),
    Mistake(
        "other-loss-slope",
        "took the slope of another loss",
        "each loss has its own slope: look at the badge above",
        _error_alone,
    ),
    Mistake(
        "activation-slope-twice",
        "multiplied by the activation's slope once more",
        "o − y is already ∂L/∂z: the activation's slope is in it",
        _once_more,
    ),
    Mistake(
        "forgot-loss-slope",
        "left out the slope of the loss",
        "every chain begins at the loss: with its slope in the output",
        _forgot_error,
    ),
    Mistake(
        "forgot-activation-derivative",
        "left out the slope of the activation",
        "the chain passes the activation: multiply by its slope",
        _forgot_local,
    ),
    Mistake(
        "value-for-derivative",
        "took the activation's value for its slope",
        "the value is what comes out, the slope how steeply it changes",
        _value_for_derivative,
    ),
    Mistake(
        "derivative-of-output",
        "put the output into the slope where z belongs",
        "σ′ is taken at z; in terms of the output it is a·(1 − a)",
        _derivative_of_output,
    ),
    Mistake(
        "z-in-derivative",
        "put z where the activation's output belongs",
        "the short form of the slope is written in the output a, not in z",
        _z_in_derivative,
    ),
    Mistake(
        "half-of-derivative",
        "took 1 − a for the slope of the activation",
        "σ has the slope a·(1 − a), tanh 1 − a²",
        _half_derivative,
    ),
    Mistake("relu-derivative-z", "took ReLU's value for its slope", "ReLU's slope is 1 above 0, else 0", _relu_value),
    Mistake(
        "relu-derivative-one", "took 1 for ReLU's slope below 0", "below 0 ReLU is flat: its slope is 0", _relu_one
    ),
    Mistake(
        "another-activation-derivative",
        "took the slope of another activation",
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
    Mistake("forgot-input", "forgot the input", "the slope of z in w is what w is multiplied by", _forgot_input),
    Mistake(
        "weight-for-input",
        "took the weight for the input",
        "z = w·x: w is multiplied by x, so the slope in w is x",
        _weight_for_input,
    ),
    Mistake(
        "other-layer-input",
        "took another value than the one that enters here",
        "a weight's slope is multiplied by what enters through that weight",
        _other_input,
    ),
    Mistake(
        "z-for-activation",
        "took z for the activation that enters",
        "what enters is the activation, after the function",
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
        "gave the parameter for its gradient",
        "the gradient says how the loss changes with it",
        _parameter_for_gradient,
    ),
    Mistake(
        "step-for-gradient", "gave the step for the gradient", "the gradient has no η in it yet", _step_for_gradient
    ),
    Mistake(
        "new-weight-for-gradient",
        "gave the new value for the gradient",
        "first the slope, then the step, then the new value",
        _new_for_gradient,
    ),
    Mistake("forgot-penalty", "left out or mistook the part of L2", "L2 adds λ·w to the slope of w", _forgot_decay),
)
"""The mistakes of slopes that a network of single weights can already have."""
