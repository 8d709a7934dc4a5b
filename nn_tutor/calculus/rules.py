"""The lines of the update rules as SymPy has them, and as a textbook prints them: written apart from NumPy's side.

A line is printed from a text with its symbols in braces. That the text says what the expression says is proven by a
test, with the learner's own parser.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import sympy
from sympy import Expr, Symbol

from nn_tutor.calculus.notation import Slot, Template
from nn_tutor.network.optimizer import ClippingName, RuleName, Schedule, ScheduleName, State

G, LENGTH, LIMIT, MU, RHO, BETA1, BETA2, EPS, TIME, RATE = sympy.symbols("g n c mu rho beta1 beta2 epsilon t eta")
BEFORE, VELOCITY, M, V, M_HAT, V_HAT = sympy.symbols("before velocity m v m_hat v_hat")
"""Placeholders: a slope, the length of all, what they are clipped at, the constants, the pass, η, and the states."""

_SYMBOLS: Mapping[str, Symbol] = {
    "slope": G,
    "norm": LENGTH,
    "limit": LIMIT,
    "momentum": MU,
    "decay": RHO,
    "beta1": BETA1,
    "beta2": BETA2,
    "epsilon": EPS,
    "t": TIME,
    "velocity": VELOCITY,
    "m": M,
    "v": V,
    "m_hat": M_HAT,
    "v_hat": V_HAT,
    "velocity_before": BEFORE,
    "m_before": BEFORE,
    "v_before": BEFORE,
}


@dataclass(frozen=True, slots=True)
class Form:
    """A line as SymPy has it, and as it is printed: the names of its ingredients stand in braces."""

    expression: Expr
    written: str

    def symbols(self, of: tuple[str, ...]) -> tuple[Symbol, ...]:
        """Return the symbols of the ingredients, in the order in which the line takes them."""
        return tuple(_SYMBOLS[name] for name in of)

    def template(self, of: tuple[str, ...]) -> Template:
        """Return what is printed, with the places of the ingredients as slots."""
        parts: list[str | Slot] = []
        for place, part in enumerate(re.split(r"\{(\w+)\}", self.written)):
            if place % 2:
                parts.append(Slot(of.index(part), bare=not parts))
            elif part:
                parts.append(part)
        return tuple(parts)


_VELOCITY = Form(MU * BEFORE + G, "{momentum}·{velocity_before} + {slope}")
_AVERAGE = Form(BETA1 * BEFORE + (1 - BETA1) * G, "{beta1}·{m_before} + (1 − {beta1})·{slope}")
_SQUARES = Form(BETA2 * BEFORE + (1 - BETA2) * G**2, "{beta2}·{v_before} + (1 − {beta2})·{slope}²")
_ADAM: Mapping[State, Form] = {
    "m": _AVERAGE,
    "v": _SQUARES,
    "m_hat": Form(M / (1 - BETA1**TIME), "{m}/(1 − {beta1}^{t})"),
    "v_hat": Form(V / (1 - BETA2**TIME), "{v}/(1 − {beta2}^{t})"),
}

STATES: dict[RuleName, Mapping[State, Form]] = {
    "gradient-descent": {},
    "momentum": {"velocity": _VELOCITY},
    "nesterov": {"velocity": _VELOCITY},
    "rmsprop": {"v": Form(RHO * BEFORE + (1 - RHO) * G**2, "{decay}·{v_before} + (1 − {decay})·{slope}²")},
    "adam": _ADAM,
    "adamw": _ADAM,
}
"""The states of every rule."""

_OF_ADAM = Form(M_HAT / (sympy.sqrt(V_HAT) + EPS), "{m_hat}/(√{v_hat} + {epsilon})")

DIRECTIONS: dict[RuleName, Form | None] = {
    "gradient-descent": None,
    "momentum": None,
    "nesterov": Form(G + MU * VELOCITY, "({slope} + {momentum}·{velocity})"),
    "rmsprop": Form(G / (sympy.sqrt(V) + EPS), "{slope}/(√{v} + {epsilon})"),
    "adam": _OF_ADAM,
    "adamw": _OF_ADAM,
}
"""What η multiplies, where it is no number that is there already."""

CLIPPED: dict[ClippingName, Form | None] = {
    "none": None,
    "value": Form(sympy.Min(sympy.Max(G, -LIMIT), LIMIT), "min(max({slope}, −{limit}), {limit})"),
    "norm": Form(G * LIMIT / sympy.Max(LENGTH, LIMIT), "{slope}·{limit}/max({norm}, {limit})"),
}
"""A slope after clipping."""


def rate_form(schedule: Schedule) -> Form:
    """Return the learning rate of a pass: its symbols are `RATE`, the rate at the start, and `TIME`, the pass."""
    forms: dict[ScheduleName, Form] = {
        "constant": Form(RATE, "{base}"),
        "step": Form(
            RATE * sympy.Rational(str(schedule.factor)) ** sympy.floor((TIME - 1) / sympy.Integer(schedule.every)),
            f"{{base}}·{schedule.factor:g}^⌊({{t}} − 1)/{schedule.every}⌋",
        ),
        "cosine": _cosine(schedule),
    }
    return forms[schedule.kind]


def _cosine(schedule: Schedule) -> Form:
    least, passes = sympy.Rational(str(schedule.least)), sympy.Integer(schedule.passes)
    wave = (1 + sympy.cos(sympy.pi * sympy.Min(TIME - 1, passes) / passes)) / 2
    turn = f"(1 + cos(π·min({{t}} − 1, {schedule.passes})/{schedule.passes}))/2"
    if not schedule.least:
        return Form(RATE * wave, f"{{base}}·{turn}")
    return Form(least + (RATE - least) * wave, f"{schedule.least:g} + ({{base}} − {schedule.least:g})·{turn}")


RATE_OF: tuple[Literal["base"], Literal["t"]] = ("base", "t")
"""What the learning rate of a pass is made from."""
