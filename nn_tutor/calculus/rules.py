"""The lines of the update rules as SymPy has them: written apart from NumPy's side.

A line is printed as its record in `nn_tutor.network.rules` writes it; that this says what the expression here says is
proven by a test, with the learner's own parser.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

import sympy
from sympy import Expr, Symbol

from nn_tutor.calculus.names import schedule_written
from nn_tutor.calculus.notation import Slot, Template
from nn_tutor.dataclass import dataclass

if TYPE_CHECKING:
    from nn_tutor.network.optimizer import ClippingName, RuleName, Schedule, ScheduleName, State
    from nn_tutor.network.rules import Line

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


def symbols_of(line: Line) -> tuple[Symbol, ...]:
    """Return the symbols of what a line is made of, in its order."""
    return tuple(_SYMBOLS[name] for name in line.of)


@lru_cache(maxsize=64)
def template_of(written: str, of: tuple[str, ...]) -> Template:
    """Return a line as it is printed, with the places of what it is made of as slots."""
    parts: list[str | Slot] = []
    for place, part in enumerate(re.split(r"\{(\w+)\}", written)):
        if place % 2:
            parts.append(Slot(of.index(part), bare=not parts))
        elif part:
            parts.append(part)
    return tuple(parts)


@dataclass(frozen=True, slots=True)
class RateForm:
    """The learning rate of a pass: as SymPy has it, in `RATE` and `TIME`, and as it is printed, of `base` and `t`."""

    expression: Expr
    written: str

    @property
    def template(self) -> Template:
        """What is printed, with slots for the rate at the start and for the pass."""
        return template_of(self.written, ("base", "t"))


_VELOCITY = MU * BEFORE + G
_AVERAGE = BETA1 * BEFORE + (1 - BETA1) * G
_SQUARES = BETA2 * BEFORE + (1 - BETA2) * G**2
_ADAM: Mapping[State, Expr] = {
    "m": _AVERAGE,
    "v": _SQUARES,
    "m_hat": M / (1 - BETA1**TIME),
    "v_hat": V / (1 - BETA2**TIME),
}

STATES: dict[RuleName, Mapping[State, Expr]] = {
    "gradient-descent": {},
    "momentum": {"velocity": _VELOCITY},
    "nesterov": {"velocity": _VELOCITY},
    "rmsprop": {"v": RHO * BEFORE + (1 - RHO) * G**2},
    "adam": _ADAM,
    "adamw": _ADAM,
}
"""The states of every rule."""

_OF_ADAM = M_HAT / (sympy.sqrt(V_HAT) + EPS)

DIRECTIONS: dict[RuleName, Expr | None] = {
    "gradient-descent": None,
    "momentum": None,
    "nesterov": G + MU * VELOCITY,
    "rmsprop": G / (sympy.sqrt(V) + EPS),
    "adam": _OF_ADAM,
    "adamw": _OF_ADAM,
}
"""What η multiplies, where it is no number that is there already."""

CLIPPED: dict[ClippingName, Expr | None] = {
    "none": None,
    "value": sympy.Min(sympy.Max(G, -LIMIT), LIMIT),
    "norm": G * LIMIT / sympy.Max(LENGTH, LIMIT),
}
"""A slope after clipping."""


def rate_form(schedule: Schedule) -> RateForm:
    """Return the learning rate of a pass: its symbols are `RATE`, the rate at the start, and `TIME`, the pass."""
    forms: dict[ScheduleName, Expr] = {
        "constant": RATE,
        "step": RATE * sympy.Rational(str(schedule.factor)) ** sympy.floor((TIME - 1) / sympy.Integer(schedule.every)),
        "cosine": _cosine(schedule),
    }
    return RateForm(forms[schedule.kind], schedule_written(schedule))


def _cosine(schedule: Schedule) -> Expr:
    least, passes = sympy.Rational(str(schedule.least)), sympy.Integer(schedule.passes)
    wave = (1 + sympy.cos(sympy.pi * sympy.Min(TIME - 1, passes) / passes)) / 2
    return least + (RATE - least) * wave
