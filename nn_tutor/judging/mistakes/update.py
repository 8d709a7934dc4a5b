"""Mistakes in the update of a weight or bias, and in the step."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from nn_tutor.calculus.names import symbol
from nn_tutor.dataclass import dataclass
from nn_tutor.judging.mistakes.case import Case, Mistake, Slip
from nn_tutor.judging.mistakes.stepping import in_letters, is_held, moved, slope_ref, stepping_of
from nn_tutor.judging.mistakes.workings import workings_from
from nn_tutor.network.passes import forward
from nn_tutor.network.records import Parameters, parameter_of, value_of

if TYPE_CHECKING:
    from nn_tutor.network.activations import Array


@dataclass(frozen=True, slots=True)
class _Numbers:
    """What an update is made of: the parameter, what η multiplies, η, and the parameter as it was where it decays.

    `g` is the slope, or what the network's rule makes of it. Parameter and slope may be arrays: formulas take either.
    """

    w: Any
    g: Any
    lr: float
    loss: float
    old: Any


def _numbers(case: Case) -> _Numbers:
    return case.workings.once(("numbers of update", case.ref), lambda: _found_numbers(case))


def _found_numbers(case: Case) -> _Numbers:
    stepping = stepping_of(case)
    return _Numbers(
        w=stepping.old - stepping.decay,
        g=stepping.known(stepping.slope)["direction"],
        lr=stepping.rate,
        loss=case.passed.loss.loss,
        old=stepping.old,
    )


_Wrong = tuple[Callable[[_Numbers], Any], str]
"""A wrong formula, and how it is written, w and g standing for the parameter and its slope."""


@dataclass(frozen=True, eq=False)
class Formulas:
    """The slips of an update that are formulas in w, g and η: of a new parameter, and of a step η·∂L/∂w."""

    new: tuple[_Wrong, ...] = ()
    step: tuple[_Wrong, ...] = ()

    def __call__(self, case: Case) -> Iterator[Slip]:
        """Yield what each formula comes to with the right slope."""
        asked = self._asked(case)
        if not asked:
            return
        numbers = _numbers(case)
        is_step = case.ref.quantity == "step"
        symbol = "step" if is_step else f"{case.parameter}′"
        right = in_letters(case, "η·g") if is_step else _right(case)
        for compute, theirs in asked:
            yield Slip(float(compute(numbers)), symbol, in_letters(case, theirs), right)

    def values(self, case: Case, slopes: Sequence[float]) -> Array:
        """Return what the formulas come to with other slopes, `[slope, formula]`."""
        asked = self._asked(case)
        if not asked or not slopes:
            return np.empty((0, 0))
        numbers = replace(_numbers(case), g=stepping_of(case).known(np.array(slopes))["direction"])
        return np.stack([np.broadcast_to(compute(numbers), len(slopes)) for compute, _ in asked], axis=1)

    def parameters(self, case: Case, like: Slip) -> Parameters | None:
        """Return all new parameters made by the formula of a slip, what is held as it is; None where it is none."""
        wrong = next((one for one, theirs in self.new if _bare(in_letters(case, theirs)) == _bare(like.theirs)), None)
        update, passed = case.passed.update, case.passed
        if wrong is None or not update.rate:
            return None
        W, b = [], []
        for layer, spec in enumerate(case.network.layers):
            before = passed.before.W[layer]
            kept = before - update.decay_W[layer] if update.decay_W else before
            numbers = _Numbers(kept, update.step_W[layer] / update.rate, update.rate, passed.loss.loss, before)
            made = np.array(np.broadcast_to(wrong(numbers), before.shape))
            for held in spec.frozen:
                made[held] = before[held]
            W.append(made)
            biases, step = passed.before.b[layer], update.step_b[layer]
            if biases is None or step is None or not spec.train_biases:
                b.append(update.after.b[layer])
            else:
                numbers = _Numbers(biases, step / update.rate, update.rate, passed.loss.loss, biases)
                b.append(np.array(np.broadcast_to(wrong(numbers), biases.shape)))
        return update.after.with_values(tuple(W), tuple(b))

    def _asked(self, case: Case) -> tuple[_Wrong, ...]:
        if case.ref.quantity not in ("W", "b", "step") or is_held(case):
            return ()
        return self.step if case.ref.quantity == "step" else self.new


def _new(*wrong: _Wrong) -> Formulas:
    return Formulas(new=wrong)


def _step(*wrong: _Wrong) -> Formulas:
    return Formulas(step=wrong)


def _both(first: Formulas, second: Formulas) -> Formulas:
    return Formulas(first.new, second.step)


def _right(case: Case) -> str:
    return in_letters(case, "w − η·g")


def _bare(formula: str) -> str:
    """A formula without the names of its parameter: `w − η·g` for `w₁ − η·∂L/∂w₁` and for `b − η·∂L/∂b`."""
    letters = re.sub(r"∂L/∂[wb][₀-₉]*", "g", formula)
    return re.sub(r"(?<![A-Za-z])[wb][₀-₉]*(?![A-Za-z])", "w", letters)


def _by_rate(n: _Numbers, sign: float) -> Any:
    """The parameter moved by η alone; no number where what η multiplies is 1 or −1: then η alone is the step."""
    return np.where(np.abs(np.abs(n.g) - 1) < _ONE, np.nan, n.w + sign * n.lr)


_ONE = 1e-3
"""What differs from 1 by less is 1: the direction of Adam's first step, but for ε."""


def _over_rate(n: _Numbers) -> Any:
    return n.w - n.g / n.lr if n.lr else n.w


def _simultaneous(case: Case) -> Iterator[Slip]:
    """The slope taken after other parameters have already moved."""
    if case.ref.quantity not in ("W", "b", "step") or is_held(case):
        return
    old, new = case.passed.before, case.passed.update.after
    layers = range(case.depth)
    for weights_moved, biases_moved in _moved_first(case):
        W = [(new if layer in weights_moved else old).W[layer] for layer in layers]
        b = [(new if layer in biases_moved else old).b[layer] for layer in layers]
        yield from _with_others(case, old.with_values(tuple(W), tuple(b)))
    if case.ref.quantity != "b" and any(case.index):
        earlier = old.W[case.layer].copy()
        for out in range(earlier.shape[0]):
            for into in range(earlier.shape[1]):
                if (out, into) < case.index:
                    earlier[out, into] = new.W[case.layer][out, into]
        W = [earlier if layer == case.layer else old.W[layer] for layer in layers]
        yield from _with_others(case, old.with_values(tuple(W), old.b))


def _moved_first(case: Case) -> Iterator[tuple[frozenset[int], frozenset[int]]]:
    """The layers, counted from 0, whose weights and whose biases may have moved already: each choice once."""
    every, own = frozenset(range(case.depth)), frozenset({case.layer})
    below, nothing = frozenset(range(case.layer)), frozenset[int]()
    choices = [(every, every), (below, below), (every - below - own, every - below - own)]
    if case.ref.quantity == "b":
        choices += [(own, nothing), (below | own, below), (every, nothing)]
    else:
        choices += [(nothing, own), (nothing, every)]
    yield from (one for one in dict.fromkeys(choices) if any(one))


def _with_others(case: Case, parameters: Parameters) -> Iterator[Slip]:
    """The slip of taking the slope at other parameters; the asked one itself has its old value."""
    if case.ref.quantity == "b":
        biases, own = parameters.b[case.layer], case.passed.before.b[case.layer]
        if biases is None or own is None:
            return
        changed = biases.copy()
        changed[case.index] = own[case.index]
        parameters = Parameters(
            parameters.W, tuple(changed if layer == case.layer else b for layer, b in enumerate(parameters.b))
        )
    else:
        weights = parameters.W[case.layer].copy()
        weights[case.index] = case.passed.before.W[case.layer][case.index]
        parameters = Parameters(
            tuple(weights if layer == case.layer else W for layer, W in enumerate(parameters.W)), parameters.b
        )
    passed = case.passed
    try:
        forwards = forward(case.network, parameters, passed.X)
        slope = case.at(slope_ref(case.ref)).slope(workings_from(case.network, parameters, forwards, passed.Y))
    except ArithmeticError:
        return
    theirs = in_letters(case, "w − η·(g with others already new)")
    yield Slip(moved(case, slope), f"{case.parameter}′", theirs, _right(case))


def _last_pass(case: Case) -> Iterator[Slip]:
    if case.previous is None:
        return
    try:
        before = value_of(case.previous, case.ref)
    except (LookupError, ValueError):
        return
    same_rows = case.network.batching == "full"  # else the samples are others, and only what is updated is the same
    if same_rows and case.ref.quantity not in ("W", "b"):  # of these it is the old value: left unchanged
        asked = symbol(case.network, case.rows, case.ref)
        right = "computed anew with this pass's weights"
        yield Slip(before, asked, "that of the pass before", right, is_copied=True)
    if case.ref.quantity in ("W", "b", "step") and not is_held(case):
        slope = value_of(case.previous, slope_ref(case.ref))
        theirs = in_letters(case, "w − η·(g of the pass before)")
        yield Slip(moved(case, slope), f"{case.parameter}′", theirs, _right(case))
        if case.ref.quantity != "step":
            value = (
                case.truth - parameter_of(case.passed.before, case.ref) + parameter_of(case.previous.before, case.ref)
            )
            theirs = in_letters(case, "(w of the pass before) − η·g")
            yield Slip(value, f"{case.parameter}′", theirs, _right(case))


def _held(case: Case) -> Iterator[Slip]:
    if case.ref.quantity in ("W", "b", "step") and is_held(case):
        value = moved(case, stepping_of(case).slope)
        yield Slip(value, f"{case.parameter}′", _right(case), f"{case.parameter}, which is held")


UPDATE: tuple[Mistake, ...] = (
    Mistake(
        "added-step",
        "added the step",
        "the slope points uphill, so the step is subtracted",
        _both(_new((lambda n: n.w + n.lr * n.g, "w + η·g")), _step((lambda n: -n.lr * n.g, "−η·g"))),
    ),
    Mistake(
        "no-learning-rate",
        "left out η",
        "the learning rate η makes the step: what is subtracted is multiplied by it",
        _both(_new((lambda n: n.w - n.g, "w − g")), _step((lambda n: n.g, "g"))),
    ),
    Mistake(
        "added-without-learning-rate",
        "added the slope, and left out η",
        "subtract, and only η times the slope",
        _both(_new((lambda n: n.w + n.g, "w + g")), _step((lambda n: -n.g, "−g"))),
    ),
    Mistake(
        "step-alone",
        "gave the step alone",
        "the step is taken from where the weight stands",
        _new((lambda n: n.lr * n.g, "η·g"), (lambda n: -n.lr * n.g, "−η·g")),
    ),
    Mistake(
        "gradient-for-weight",
        "gave the slope instead of the new value",
        "the slope only says where to go: subtract η times it",
        _new((lambda n: n.g, "g")),
    ),
    Mistake(
        "rate-times-difference",
        "multiplied the whole difference by η",
        "η belongs to the slope alone",
        _new((lambda n: n.lr * (n.w - n.g), "η·(w − g)")),
    ),
    Mistake(
        "rate-on-weight",
        "multiplied the old value by η instead of the slope",
        "η belongs to the slope",
        _both(_new((lambda n: n.lr * n.w - n.g, "η·w − g")), _step((lambda n: n.lr * n.w, "η·w"))),
    ),
    Mistake(
        "loss-for-gradient",
        "stepped by the loss instead of its slope",
        "the slope says which way and how steep, the loss only how wrong",
        _both(_new((lambda n: n.w - n.lr * n.loss, "w − η·L")), _step((lambda n: n.lr * n.loss, "η·L"))),
    ),
    Mistake(
        "step-times-weight",
        "multiplied the step by the old value",
        "the step is subtracted from the old value, as it is",
        _new((lambda n: n.w * (1 - n.lr * n.g), "w·(1 − η·g)")),
    ),
    Mistake(
        "rate-as-step",
        "stepped by η alone",
        "the step is η times the slope",
        _both(
            _new((lambda n: _by_rate(n, -1.0), "w − η"), (lambda n: _by_rate(n, 1.0), "w + η")),
            _step((lambda n: n.lr, "η")),
        ),
    ),
    Mistake(
        "divided-by-rate",
        "divided by η",
        "the step is η times the slope",
        _both(_new((_over_rate, "w − (g)/η")), _step((lambda n: n.g / n.lr if n.lr else 0.0, "(g)/η"))),
    ),
    Mistake(
        "rate-ten-times-off",
        "used an η ten times too large or too small",
        "look at the decimal point of η",
        _both(
            _new((lambda n: n.w - 10 * n.lr * n.g, "w − 10·η·g"), (lambda n: n.w - n.lr * n.g / 10, "w − (η/10)·g")),
            _step((lambda n: 10 * n.lr * n.g, "10·η·g"), (lambda n: n.lr * n.g / 10, "(η/10)·g")),
        ),
    ),
    Mistake("unchanged", "left it where it was", "its slope is not 0, so it moves", _new((lambda n: n.old, "w"))),
    Mistake(
        "new-value-for-step",
        "gave the new value instead of the step",
        "the step is how far it moves, not where it arrives",
        _step((lambda n: n.w - n.lr * n.g, "w − η·g")),
    ),
    Mistake(
        "sequential-update",
        "used a new value before all slopes were taken",
        "all slopes belong to the old parameters: they all move at once",
        _simultaneous,
    ),
    Mistake("moved-what-is-held", "moved what is held", "a held parameter keeps its value", _held),
)
"""The mistakes of the update."""

ANY: tuple[Mistake, ...] = (
    Mistake(
        "last-pass",
        "used a value of the pass before",
        "the weights have moved since: every number is computed anew",
        _last_pass,
    ),
)
"""The mistakes that any number of a later pass can have."""
