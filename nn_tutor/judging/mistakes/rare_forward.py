"""Mistakes of the forward pass and the loss that are looked for last: see `known.rare_mistakes`."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nn_tutor.calculus.numerals import subscript
from nn_tutor.judging.mistakes.case import Case, Mistake, Slip
from nn_tutor.judging.mistakes.loss import written_loss
from nn_tutor.network.activations import Array, activation_of
from nn_tutor.network.losses import loss_of

MAX_INPUTS = 8
"""Of a longer sum no single product is tried."""

OTHER_LEAKS = (0.01, 0.1, 0.2, 0.25, 0.3)
"""Slopes that leaky ReLU often has below 0; libraries begin with 0.01 or 0.3."""


def _sum_of(case: Case) -> tuple[str, str]:
    """The symbol of the asked weighted sum, and how it is written."""
    several = "Σ " if case.spec.inputs > 1 else ""
    return case.weighted_sum(case.layer), f"{several}{case.w(case.layer)}·{case.x(case.layer)}{_bias(case)}"


def _bias(case: Case) -> str:
    return "" if case.spec.biases is None else f" + {case.b(case.layer)}"


def _with_sum(case: Case, z: float, theirs: str) -> Slip:
    """The slip of another weighted sum in the asked unit, taken through the activation where that is asked."""
    symbol, right = _sum_of(case)
    value = z
    if case.ref.quantity == "a":
        whole = case.passed.forward.z[case.layer].copy()
        whole[case.index] = z
        value = float(activation_of(case.spec).function(whole)[case.index])
    return Slip(value, symbol, theirs, right)


def _products(case: Case) -> tuple[Array, Array, float] | None:
    """Weights, inputs and the right sum of the asked unit, where its sum is short enough."""
    if case.ref.quantity not in ("z", "a") or not 1 < case.spec.inputs <= MAX_INPUTS:
        return None
    row, unit = case.index
    return (
        case.passed.before.W[case.layer][unit],
        case.workings.entering[case.layer][row],
        float(case.passed.forward.z[case.layer][row, unit]),
    )


def _one_input_twice(case: Case) -> Iterator[Slip]:
    if (parts := _products(case)) is None:
        return
    w, x, z = parts
    name, (_, right) = case.x(case.layer), _sum_of(case)
    for into in range(len(w)):
        for other in range(len(w)):
            if other != into:
                yield _with_sum(case, z + float(w[into] * (x[other] - x[into])), f"{right}, with one {name} twice")


def _one_weight_twice(case: Case) -> Iterator[Slip]:
    if (parts := _products(case)) is None:
        return
    w, x, z = parts
    name, (_, right) = case.w(case.layer), _sum_of(case)
    for into in range(len(w)):
        for other in range(len(w)):
            if other != into:
                yield _with_sum(case, z + float(x[into] * (w[other] - w[into])), f"{right}, with one {name} twice")


def _one_sign(case: Case) -> Iterator[Slip]:
    if (parts := _products(case)) is None:
        return
    w, x, z = parts
    for into in range(len(w)):
        product = float(w[into] * x[into])
        yield _with_sum(case, z - 2 * product, f"{_sum_of(case)[1]}, with the sign of one product flipped")


def _one_left_out(case: Case) -> Iterator[Slip]:
    if (parts := _products(case)) is None or case.spec.inputs < 3:
        return
    w, x, z = parts
    for into in range(len(w)):
        yield _with_sum(case, z - float(w[into] * x[into]), f"{_sum_of(case)[1]}, without one product")


def _inputs_again(case: Case) -> Iterator[Slip]:
    """The inputs of the network in the place of what the layer below puts out."""
    x = case.passed.X
    if (parts := _products(case)) is not None and case.layer and x.shape[1] == len(parts[0]):
        w, entering, z = parts
        theirs = f"Σ {case.w(case.layer)}·x{_bias(case)}"
        yield _with_sum(case, z + float(w @ (x[case.index[0]] - entering)), theirs)


def _activated_already(case: Case) -> Iterator[Slip]:
    """What the activation makes of the weighted sum, where that sum itself is asked."""
    if case.ref.quantity == "z" and case.spec.activation != "identity":
        symbol, right = _sum_of(case)
        yield Slip(
            float(case.passed.forward.a[case.layer][case.index]), symbol, f"{case.f(case.layer)}({right})", right
        )


def _sums_multiplied(case: Case) -> Iterator[Slip]:
    """(Σ w)·(Σ x) for Σ w·x."""
    if (parts := _products(case)) is not None:
        w, x, z = parts
        theirs = f"(Σ {case.w(case.layer)})·(Σ {case.x(case.layer)}){_bias(case)}"
        yield _with_sum(case, z - float(w @ x) + float(w.sum() * x.sum()), theirs)


def _softmax_parts(case: Case) -> Iterator[Slip]:
    if case.ref.quantity != "a" or case.spec.activation != "softmax":
        return
    z = case.passed.forward.z[case.layer][case.index[0]]
    own, name = float(z[case.index[1]]), case.z(case.layer)
    right = f"e^{name}ᵢ/Σ e^{name}ⱼ"
    with np.errstate(all="ignore"):
        if float(z.sum()):
            yield Slip(own / float(z.sum()), case.a(case.layer), f"{name}ᵢ/Σ {name}ⱼ", right)
        yield Slip(float(np.exp(own)), case.a(case.layer), f"e^{name}ᵢ", right)


def _another_leak(case: Case) -> Iterator[Slip]:
    """Leaky ReLU with the slope that other sources give it below 0."""
    if case.ref.quantity != "a" or case.spec.activation != "leaky_relu":
        return
    z, z_name = case.passed.forward.z[case.layer], case.z(case.layer)
    right = activation_of(case.spec).written.format(z=z_name)
    for leak in OTHER_LEAKS:
        value = float(np.where(z > 0, z, leak * z)[case.index])
        yield Slip(value, case.a(case.layer), f"max({leak:g}·{z_name}, {z_name})", right)


def _relu_zero(case: Case) -> Iterator[Slip]:
    if case.ref.quantity == "a" and case.spec.activation == "relu" and case.truth > 0:
        yield Slip(0.0, case.a(case.layer), "0", f"{case.z(case.layer)}, which is above 0")


def _loss_terms(case: Case) -> tuple[Array, Array, float, float] | None:
    """Outputs, targets, the multiple before every term, and what L2 adds, where a loss with targets is asked."""
    if case.ref.quantity != "loss" or case.passed.Y is None:
        return None
    o = case.passed.forward.o
    scale = case.network.loss.scale(outputs=o.shape[1], rows=o.shape[0])
    return o, case.passed.Y, scale, case.passed.loss.penalty


def _brackets(case: Case) -> Iterator[Slip]:
    if (parts := _loss_terms(case)) is None or case.network.loss.kind != "squared_error":
        return
    o, y, scale, penalty = parts
    many, before = "Σ " if o.size > 1 else "", case.scale()
    for values, theirs in ((o - y * y, "o − y²"), (o * o - y, "o² − y")):
        yield Slip(float(values.sum()) * scale + penalty, "L", f"{before}{many}{theirs}", f"{before}{many}(o − y)²")
    if scale != 1 and o.size == 1:
        value = float((scale * o - y)[0, 0]) ** 2 + penalty
        yield Slip(value, "L", f"({before}o − y)²", f"{before}(o − y)²")


def _squared_mean(case: Case) -> Iterator[Slip]:
    """The mean of the errors, squared as a whole; or their sum."""
    if (parts := _loss_terms(case)) is None or case.network.loss.kind != "squared_error" or parts[0].size == 1:
        return
    o, y, scale, penalty = parts
    total = float((o - y).sum())
    factor, right = case.network.loss.factor, f"{case.scale()}Σ (o − y)²"
    before = "" if factor == 1 else f"{factor:g}·"
    if scale != factor:
        mean = scale / factor * total
        yield Slip(factor * mean * mean + penalty, "L", f"{before}({case.scale(1 / factor)}Σ (o − y))²", right)
    yield Slip(scale * total * total + penalty, "L", f"{case.scale()}(Σ (o − y))²", right)


def _one_sample(case: Case) -> Iterator[Slip]:
    """The loss of a single sample, the first aside."""
    if case.ref.quantity == "loss" and 1 < case.rows <= MAX_INPUTS:
        right = written_loss(case, loss_of(case.network.loss).written)
        for row, loss in enumerate(case.passed.loss.rows[1:], 2):
            yield Slip(float(loss) + case.passed.loss.penalty, "L", f"the loss of sample {row}", right)


def _one_output(case: Case) -> Iterator[Slip]:
    """What a single output adds to the loss of one sample, with its part of the mean or without."""
    if (parts := _loss_terms(case)) is None or case.network.loss.kind == "categorical_cross_entropy":
        return
    o, _, scale, penalty = parts
    outputs = o.shape[1]
    if case.rows > 1 or not 1 < outputs <= MAX_INPUTS:
        return
    written = loss_of(case.network.loss).written
    right = written_loss(case, written)
    for unit, term in enumerate(case.passed.loss.terms[0]):
        for times in dict.fromkeys((scale, case.network.loss.factor)):
            before = "" if times == 1 else case.scale(times / scale)
            value = times * float(term) + penalty
            yield Slip(value, "L", f"{before}{written} of o{subscript(unit + 1)} alone", right)


def _probability(case: Case) -> Iterator[Slip]:
    """The probability of what happened, its logarithm not taken; of a single sample."""
    if (parts := _loss_terms(case)) is None or not case.network.loss.takes_probabilities or case.rows > 1:
        return
    o, y, _, _ = parts
    is_binary = case.network.loss.kind == "binary_cross_entropy"
    if is_binary and (o.shape[1] > 1 or float(y[0, 0]) not in (0.0, 1.0)):
        return
    if is_binary:
        happened, name = float(y[0, 0]), "o" if y[0, 0] else "1 − o"
        yield Slip(float(o[0, 0]) if happened else 1 - float(o[0, 0]), "L", name, f"−ln({name})")
    else:
        yield Slip(float((y * o).sum()), "L", "o of the right class", "−ln(o of the right class)")


def _another_target(case: Case) -> Iterator[Slip]:
    """The target of another output, where one sample has several; of a cross-entropy the logarithm of another class."""
    if (parts := _loss_terms(case)) is None or parts[0].shape[1] == 1:
        return
    o, y, scale, penalty = parts
    kind = case.network.loss.kind
    with np.errstate(all="ignore"):
        if kind == "categorical_cross_entropy" and o.shape[0] == 1:
            for unit in range(o.shape[1]):
                yield Slip(float(-scale * np.log(o[0, unit])) + penalty, "L", "−ln(o) of another class", "−Σ y·ln(o)")
        elif kind == "squared_error":
            others = [y[:, ::-1], *(y[:, unit : unit + 1] for unit in range(min(y.shape[1], MAX_INPUTS)))]
            for other in others:  # exchanged, or one and the same for all
                value = scale * float(((o - other) ** 2).sum()) + penalty
                yield Slip(value, "L", "(o − y)² with another output's y", f"{case.scale()}Σ (o − y)²")


def _other_half(case: Case) -> Iterator[Slip]:
    if (parts := _loss_terms(case)) is None or case.network.loss.kind != "binary_cross_entropy":
        return
    o, y, scale, penalty = parts
    right = written_loss(case, loss_of(case.network.loss).written)
    with np.errstate(all="ignore"):
        value = -scale * float((y * np.log(1 - o) + (1 - y) * np.log(o)).sum()) + penalty
    yield Slip(value, "L", written_loss(case, "−(y·ln(1 − o) + (1 − y)·ln(o))"), right)


def _every_logarithm(case: Case) -> Iterator[Slip]:
    """−Σ ln(o) over all outputs, whatever their targets."""
    if (parts := _loss_terms(case)) is None or not case.network.loss.takes_probabilities or parts[0].size == 1:
        return
    o, _, scale, penalty = parts
    with np.errstate(all="ignore"):
        value = -scale * float(np.log(o).sum()) + penalty
    yield Slip(value, "L", written_loss(case, "−ln(o)"), written_loss(case, loss_of(case.network.loss).written))


def _sign_in_exponent(case: Case) -> Iterator[Slip]:
    """1/(1 + eᶻ) for a sigmoid, or for the one in SiLU."""
    if case.ref.quantity != "a" or case.spec.activation not in ("sigmoid", "silu"):
        return
    is_gate = case.spec.activation == "silu"
    name, above = case.z(case.layer), float(case.passed.forward.z[case.layer][case.index]) if is_gate else 1.0
    before = name if is_gate else "1"
    yield Slip(above - case.truth, case.a(case.layer), f"{before}/(1 + e^{name})", f"{before}/(1 + e^(−{name}))")


def _added_target(case: Case) -> Iterator[Slip]:
    """(o + y)² where no target is negative: see `loss` for the others."""
    if (parts := _loss_terms(case)) is None or case.network.loss.kind != "squared_error" or (parts[1] < 0).any():
        return
    o, y, scale, penalty = parts
    value = scale * float(((o + y) ** 2).sum()) + penalty
    yield Slip(value, "L", written_loss(case, "(o + y)²"), written_loss(case, "(o − y)²"))


SUMS_MULTIPLIED = (
    "sums-multiplied",
    "multiplied two sums",
    "multiply first, each pair by itself, then add up the products",
)
"""Id, name and rule of a mistake that is made wherever products are added up."""

RARE_FORWARD: tuple[Mistake, ...] = (
    Mistake(
        "one-input-twice",
        "used one value for two of the products",
        "each weight is multiplied by the value that enters through it",
        _one_input_twice,
    ),
    Mistake(
        "one-weight-twice",
        "used one weight for two of the products",
        "each value that enters is multiplied by its own weight",
        _one_weight_twice,
    ),
    Mistake(
        "one-sign-in-sum",
        "gave one part of the sum the wrong sign",
        "each part keeps the sign that its product has",
        _one_sign,
    ),
    Mistake("one-product-left-out", "left out one part of the sum", "every input adds its product", _one_left_out),
    Mistake(*SUMS_MULTIPLIED, _sums_multiplied),
    Mistake(
        "inputs-again",
        "used the inputs of the network",
        "what enters here is what the layer before puts out",
        _inputs_again,
    ),
    Mistake(
        "activated-already",
        "went one step too far, through the activation",
        "z is the weighted sum alone",
        _activated_already,
    ),
    Mistake(
        "softmax-in-part",
        "computed only a part of softmax",
        "first e to the power of each z, then each of these divided by the sum of them all",
        _softmax_parts,
    ),
    Mistake(
        "another-leak",
        "took another slope below 0",
        "sources differ in the slope that leaky ReLU has below 0; here the network says which it is",
        _another_leak,
    ),
    Mistake("forgot-minus", "forgot the minus", "σ(z) is 1/(1 + e to the power −z)", _sign_in_exponent),
    Mistake("relu-zero", "used 0 where ReLU lets the value pass", "above 0 ReLU changes nothing", _relu_zero),
    Mistake(
        "forgot-brackets",
        "left out the brackets",
        "the brackets come first: what stands in them is taken as a whole",
        _brackets,
    ),
    Mistake(
        "added-target",
        "added the target instead of subtracting it",
        "the error is output minus target, o − y",
        _added_target,
    ),
    Mistake(
        "squared-mean",
        "squared the whole mean or sum",
        "square each error first, then take the mean of the squares",
        _squared_mean,
    ),
    Mistake("one-sample-alone", "used one sample alone", "every sample of the batch counts", _one_sample),
    Mistake("one-output-alone", "used one output only", "every output has its part in the loss", _one_output),
    Mistake(
        "probability-for-loss",
        "gave the probability",
        "the loss is −ln of the probability of what happened",
        _probability,
    ),
    Mistake(
        "another-target",
        "compared with the target of another output",
        "each output has its own target",
        _another_target,
    ),
    Mistake(
        "every-logarithm",
        "added up the logarithms of all outputs",
        "the target says how much each logarithm counts",
        _every_logarithm,
    ),
    Mistake(
        "other-half-of-cross-entropy",
        "took the other half of the cross-entropy",
        "with a target of 1 it is −ln(o), with a target of 0 it is −ln(1 − o)",
        _other_half,
    ),
)
"""Rare mistakes of z, a and L."""
