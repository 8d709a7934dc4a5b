"""The update rules: one record each, with what it remembers and the lines by which it turns a slope into a step.

A line is a formula that makes one number of an update from others. It is written here once: passes, the lean loop, the
graph of a pass and the mistakes all call its function, on whole arrays or on single numbers. SymPy's own form of it is
in `nn_tutor.calculus.rules`.

Sources: momentum as in PyTorch (Sutskever et al., "On the importance of initialization and momentum in deep learning",
2013, have η inside the velocity); RMSProp: Tieleman and Hinton, lecture 6.5 of "Neural networks for machine learning"
(2012); Adam: Kingma and Ba, "Adam: a method for stochastic optimization" (2015).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Literal, assert_never, get_args

import numpy as np

from nn_tutor.dataclass import dataclass
from nn_tutor.network.optimizer import ALONG, ClippingName, Constant, Optimizer, RuleName, State

Made = Literal["rate", "norm", "clipped", "velocity", "m", "v", "m_hat", "v_hat", "direction"]
"""What a line makes: the learning rate of a pass, the clipped slope, a state, or the direction that η multiplies."""

Given = Literal["rate", "slope", "norm", "limit", "t", "base", "velocity_before", "m_before", "v_before"]
"""What a line starts from beside states and constants.

`rate` is η, `base` the η that a schedule starts from, `slope` ∂L/∂w (clipped, where slopes are), `norm` the length of
all slopes together, `limit` what they are clipped at, `t` the number of the update, from 1 on; the others are what was
remembered from the pass before, 0 in the first.
"""

Ingredient = Constant | State | Given

Value = Any
"""A float, or an array of them: a line takes either."""


@dataclass(frozen=True, slots=True)
class Line:
    """A formula of an update: what it makes, what of, how, and its partial derivative in each of these.

    `code` is the formula in NumPy, `written` as a textbook has it, both with the ingredients in braces.
    """

    makes: Made
    of: tuple[Ingredient, ...]
    function: Callable[..., Value]
    partials: Callable[..., tuple[float, ...]]
    code: str
    written: str
    in_words: str
    """The rule as a sentence; a hint."""


@dataclass(frozen=True)
class UpdateRule:
    """An update rule: the lines of its states, in order, and that of the direction, which η times is the step.

    `direction` is None where the direction is a number that is there already (`ALONG` in `optimizer`).
    """

    in_words: str
    """What an update does, as a sentence; a hint."""
    states: tuple[Line, ...] = ()
    direction: Line | None = None

    @cached_property
    def is_plain(self) -> bool:
        """Whether the step goes along the slope as it is."""
        return not self.states and self.direction is None

    @cached_property
    def remembered(self) -> tuple[State, ...]:
        """The states that are kept for the next pass."""
        needed = {name for line in self.states for name in line.of}
        return tuple(name for name in get_args(State) if f"{name}_before" in needed)


# The lines, as functions of floats or arrays


def velocity(momentum: Value, velocity: Value, slope: Value) -> Value:
    """Return the new velocity of a parameter."""
    return momentum * velocity + slope


def average(beta: Value, m: Value, slope: Value) -> Value:
    """Return the running average of the slopes."""
    return beta * m + (1 - beta) * slope


def average_of_squares(beta: Value, v: Value, slope: Value) -> Value:
    """Return the running average of the squared slopes."""
    return beta * v + (1 - beta) * slope**2


def unbiased(average: Value, beta: Value, t: Value) -> Value:
    """Return an average that began at 0, corrected for that."""
    return average / (1 - beta**t)


def look_ahead(slope: Value, momentum: Value, velocity: Value) -> Value:
    """Return the direction of Nesterov's momentum."""
    return slope + momentum * velocity


def normalised(slope: Value, square: Value, epsilon: Value) -> Value:
    """Return a slope measured against how large it usually is."""
    return slope / (np.sqrt(square) + epsilon)


def downhill(parameter: Value, rate: Value, direction: Value) -> tuple[Value, Value]:
    """Return a parameter after its step, and the step."""
    step = rate * direction
    return parameter - step, step


def stepped_rate(base: Value, factor: float, every: int, t: Value) -> Value:
    """Return the learning rate of a pass, lower after every so many passes."""
    return base * factor ** ((t - 1) // every)


def cosine_rate(base: Value, least: float, passes: int, t: Value) -> Value:
    """Return the learning rate of a pass on the way down half a wave of the cosine."""
    return least + (base - least) * (1 + np.cos(np.pi * np.minimum(t - 1, passes) / passes)) / 2


def clipped_by_value(slope: Value, limit: Value) -> Value:
    """Return a slope held within ± the limit."""
    return np.clip(slope, -limit, limit)


def clipped_by_norm(slope: Value, norm: Value, limit: Value) -> Value:
    """Return a slope shortened as all slopes are, so that together they are no longer than the limit."""
    return slope * (limit / np.maximum(norm, limit))


_VELOCITY = Line(
    "velocity",
    ("momentum", "velocity_before", "slope"),
    velocity,
    lambda mu, before, g: (before, mu, 1.0),
    "{momentum} * {velocity_before} + {slope}",
    "{momentum}·{velocity_before} + {slope}",
    "momentum times the velocity of the pass before, and the slope on top",
)
_AVERAGE = Line(
    "m",
    ("beta1", "m_before", "slope"),
    average,
    lambda beta, m, g: (m - g, beta, 1 - beta),
    "{beta1} * {m_before} + (1 - {beta1}) * {slope}",
    "{beta1}·{m_before} + (1 − {beta1})·{slope}",
    "a running average: β₁ of what it was, and 1 − β₁ of the new slope",
)


def _average_of_squares(beta: Literal["decay", "beta2"], sign: str) -> Line:
    return Line(
        "v",
        (beta, "v_before", "slope"),
        average_of_squares,
        lambda beta, v, g: (v - g**2, beta, 2 * (1 - beta) * g),
        f"{{{beta}}} * {{v_before}} + (1 - {{{beta}}}) * {{slope}}**2",
        f"{{{beta}}}·{{v_before}} + (1 − {{{beta}}})·{{slope}}²",
        f"a running average: {sign} of what it was, and 1 − {sign} of the square of the new slope",
    )


def _unbiased(makes: Literal["m_hat", "v_hat"], of: Literal["m", "v"], beta: Literal["beta1", "beta2"]) -> Line:
    sign = {"beta1": "β₁", "beta2": "β₂"}[beta]
    return Line(
        makes,
        (of, beta, "t"),
        unbiased,
        lambda m, beta, t: (
            1 / (1 - beta**t),
            m * t * beta ** (t - 1) / (1 - beta**t) ** 2,
            m * beta**t * float(np.log(beta or 1.0)) / (1 - beta**t) ** 2,
        ),
        f"{{{of}}} / (1 - {{{beta}}} ** {{t}})",
        f"{{{of}}}/(1 − {{{beta}}}^{{t}})",
        f"the average began at 0 and is too small at first: divide it by 1 − {sign}^t, t the number of the pass",
    )


def _normalised(of: Literal["slope", "m_hat"], square: Literal["v", "v_hat"], words: str) -> Line:
    return Line(
        "direction",
        (of, square, "epsilon"),
        normalised,
        lambda g, v, eps: (
            1 / (v**0.5 + eps),
            -g / (v**0.5 + eps) ** 2 * (0.5 / v**0.5 if v > 0 else 0.0),
            -g / (v**0.5 + eps) ** 2,
        ),
        f"{{{of}}} / (np.sqrt({{{square}}}) + {{epsilon}})",
        f"{{{of}}}/(√{{{square}}} + {{epsilon}})",
        words,
    )


_ADAM = UpdateRule(
    in_words="the old value minus η times m̂/(√v̂ + ε), with ε outside the root",
    states=(
        _AVERAGE,
        _average_of_squares("beta2", "β₂"),
        _unbiased("m_hat", "m", "beta1"),
        _unbiased("v_hat", "v", "beta2"),
    ),
    direction=_normalised("m_hat", "v_hat", "m̂, divided by the root of v̂ plus ε"),
)

RULES: dict[RuleName, UpdateRule] = {
    "gradient-descent": UpdateRule("against the slope: the old value minus η times the slope"),
    "momentum": UpdateRule(
        "the old value minus η times the velocity",
        states=(_VELOCITY,),
    ),
    "nesterov": UpdateRule(
        "the old value minus η times the slope and momentum times the new velocity, added up first",
        states=(_VELOCITY,),
        direction=Line(
            "direction",
            ("slope", "momentum", "velocity"),
            look_ahead,
            lambda g, mu, velocity: (1.0, velocity, mu),
            "({slope} + {momentum} * {velocity})",
            "({slope} + {momentum}·{velocity})",
            "the slope, and momentum times the new velocity on top",
        ),
    ),
    "rmsprop": UpdateRule(
        "the old value minus η times the slope over (√v + ε), with ε outside the root",
        states=(_average_of_squares("decay", "ρ"),),
        direction=_normalised("slope", "v", "the slope, divided by the root of v plus ε"),
    ),
    "adam": _ADAM,
    "adamw": _ADAM,
}
"""Every update rule."""


CLIPPINGS: dict[ClippingName, Line | None] = {
    "none": None,
    "value": Line(
        "clipped",
        ("slope", "limit"),
        clipped_by_value,
        lambda g, limit: (float(abs(g) < limit), 0.0 if abs(g) < limit else float(np.sign(g))),
        "np.clip({slope}, -{limit}, {limit})",
        "min(max({slope}, −{limit}), {limit})",
        "a slope beyond the limit is cut to the limit, and keeps its sign",
    ),
    "norm": Line(
        "clipped",
        ("slope", "norm", "limit"),
        clipped_by_norm,
        lambda g, norm, limit: (1.0, 0.0, 0.0) if norm <= limit else (limit / norm, -g * limit / norm**2, g / norm),
        "{slope} * ({limit} / np.maximum({norm}, {limit}))",
        "{slope}·{limit}/max({norm}, {limit})",
        "where the length of all slopes is above the limit, every slope is multiplied by limit over length",
    ),
}
"""Every way to clip a slope; `slope` is the one before clipping here."""


def ingredients(optimizer: Optimizer) -> frozenset[Ingredient]:
    """Return everything that goes into the lines of a rule."""
    rule = RULES[optimizer.rule]
    lines = [*rule.states, *((rule.direction,) if rule.direction is not None else ())]
    return frozenset(name for line in lines for name in line.of)


def rate_of(optimizer: Optimizer, base: float, t: int) -> float:
    """Return the learning rate of pass `t`, from the `base` rate that the schedule starts from."""
    schedule = optimizer.schedule
    match schedule.kind:
        case "constant":
            return base
        case "step":
            return float(stepped_rate(base, schedule.factor, schedule.every, t))
        case "cosine":
            return float(cosine_rate(base, schedule.least, schedule.passes, t))
        case _:
            assert_never(schedule.kind)


def follow(
    optimizer: Optimizer, t: int, slope: Value, before: Mapping[State, Value], norm: Value = 0.0
) -> dict[str, Value]:
    """Follow a rule from a slope to the direction of the step, for one parameter or for an array of them.

    `before` is what is remembered of the pass before; `norm` the length of all slopes together, where they are clipped
    by it. Returns what every line makes, by its name.
    """
    rule, clipping = RULES[optimizer.rule], CLIPPINGS[optimizer.clipping.kind]
    if rule.is_plain and clipping is None:
        return {"slope": slope, "direction": slope}
    known: dict[str, Value] = {**optimizer.constants, "slope": slope, "t": t, "norm": norm}
    for name in rule.remembered:
        known[f"{name}_before"] = before[name]
    if clipping is not None:
        known["clipped"] = known["slope"] = clipping.function(*[known[name] for name in clipping.of])
    for line in rule.states:
        known[line.makes] = line.function(*[known[name] for name in line.of])
    own = rule.direction
    known["direction"] = known[ALONG[optimizer.rule] or ""] if own is None else own.function(*map(known.get, own.of))
    return known
