"""How the asked number of an update follows from a slope: by the network's own rule, or with a line done otherwise.

The rule itself is `nn_tutor.network.rules`; here it is followed for one parameter, from a slope that may be mistaken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from nn_tutor.calculus.names import CARRIED, CONSTANTS, LIMIT, NORM, STATE_LETTERS, decay_name
from nn_tutor.dataclass import dataclass
from nn_tutor.network.activations import Array
from nn_tutor.network.evaluation import remembered
from nn_tutor.network.graph import Leaf
from nn_tutor.network.optimizer import ALONG, Optimizer, State
from nn_tutor.network.quantities import TABLE, Quantity, Ref, is_of_bias, state_of
from nn_tutor.network.records import parameter_of, value_of
from nn_tutor.network.rules import CLIPPINGS, RULES, Line, follow

if TYPE_CHECKING:
    from nn_tutor.judging.mistakes.case import Case

Number = TypeVar("Number", float, Array)
Known = dict[str, Any]
"""What the lines of a rule have made so far, and what they start from, by name."""

Otherwise = Mapping[str, Callable[[Known], Any]]
"""What is done in the place of a line of a rule, by the name of what the line makes."""

NOTHING: Mapping[str, Any] = {}


def is_update(ref: Ref) -> bool:
    """Whether a number is made from the slope of one parameter by the update rule: a new value, a step, a state."""
    return TABLE[ref.quantity].phase == "update" and TABLE[ref.quantity].has_layer


def slope_ref(ref: Ref) -> Ref:
    """Return the slope that a number of an update is made from."""
    return Ref("db" if is_of_bias(ref.quantity) else "dW", ref.layer, ref.index)


def is_held(case: Case) -> bool:
    """Whether the asked new value or step is that of a parameter that is held constant."""
    if case.ref.quantity == "b":
        return not case.spec.train_biases
    return case.ref.quantity in ("W", "step") and case.index in case.spec.frozen


@dataclass(frozen=True, eq=False)
class Stepping:
    """What the update of one parameter is made from, and the asked number that comes from it."""

    optimizer: Optimizer
    asked: str
    t: int
    rate: float
    old: float
    slope: float
    before: Mapping[State, float]
    norm: float
    has_part_in_norm: bool
    decay: float
    """What the parameter loses apart from the step."""
    names: Mapping[str, str] = field(default_factory=dict)
    """How the ingredients of the lines are written."""
    is_plain: bool = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "is_plain", self.optimizer.is_plain)

    def known(self, slope: Any) -> Known:
        """Follow the rule from a slope, or from an array of them."""
        return follow(self.optimizer, self.t, slope, self.before, self.norm_with(slope))

    def norm_with(self, slope: Any) -> Any:
        """The length of all slopes with this one in the place of its own."""
        if not self.has_part_in_norm or self.norm == 0.0:
            return self.norm
        return np.sqrt(np.maximum(self.norm**2 - self.slope**2, 0.0) + slope**2)

    def result(self, known: Known) -> Any:
        """Return the asked number from what the lines have made."""
        if self.asked == "clipped":
            return known["slope"]
        if self.asked == "step":
            return self.rate * known["direction"]
        if self.asked == "new":
            return self.old - self.rate * known["direction"] - self.decay
        return known[self.asked]

    def made(self, slope: Any) -> Any:
        """Return the asked number from a slope, or from an array of them."""
        if not self.is_plain:
            return self.result(self.known(slope))
        if self.asked == "new":  # the same, only faster
            return self.old - self.rate * slope
        return self.rate * slope if self.asked == "step" else self.result(self.known(slope))

    def otherwise(self, lines: Otherwise = NOTHING, given: Mapping[str, float] = NOTHING) -> Known:
        """Follow the rule from the right slope with other lines, or with other numbers to start from."""
        rule, clipping = RULES[self.optimizer.rule], CLIPPINGS[self.optimizer.clipping.kind]
        known: Known = {**self.optimizer.constants, "slope": self.slope, "t": self.t, "norm": self.norm}
        known |= {f"{name}_before": value for name, value in self.before.items()} | dict(given)
        if clipping is not None:
            known["slope"] = _made(clipping, known, lines)
        for line in rule.states:
            known[line.makes] = _made(line, known, lines)
        if rule.direction is not None:
            known["direction"] = _made(rule.direction, known, lines)
        else:
            along = known[ALONG[self.optimizer.rule] or "slope"]
            known["direction"] = lines["direction"](known) if "direction" in lines else along
        return known

    def written(self, text: str) -> str:
        """Write a formula with the names of its ingredients."""
        return in_names(text, self.names)

    @property
    def direction(self) -> str:
        """What η multiplies, as it is written."""
        line = RULES[self.optimizer.rule].direction
        return self.names[ALONG[self.optimizer.rule] or "slope"] if line is None else self.written(line.written)


def in_names(text: str, names: Mapping[str, str]) -> str:
    """Write a formula with some names of its ingredients; a slope that is squared stands in brackets."""
    written, slope = text.format(**names), names["slope"]
    return written.replace(f"{slope}²", f"({slope})²") if "/" in slope else written


def _made(line: Line, known: Known, lines: Otherwise) -> Any:
    if line.makes in lines:
        return lines[line.makes](known)
    return line.function(*[known[name] for name in line.of])


def stepping_of(case: Case) -> Stepping:
    """Return what the asked number of an update is made from, worked out once for a case."""
    key, kept = ("stepping", case.ref), case.workings.kept
    found: Stepping | None = kept.get(key)
    if found is None:
        found = kept[key] = _stepping(case)
    return found


def _stepping(case: Case) -> Stepping:
    passed, ref, optimizer = case.passed, case.ref, case.network.optimizer
    of_bias, index = is_of_bias(ref.quantity), ref.index or ()
    layer, state = ref.layer or 1, state_of(ref.quantity)
    asked = _MADE[ref.quantity] if state is None else state[0]
    held = not case.spec.train_biases if of_bias else index in case.spec.frozen
    old = parameter_of(passed.before, ref)
    decays = optimizer.weight_decay and not of_bias
    leaf = Leaf("bias" if of_bias else "weight", layer, index)
    return Stepping(
        optimizer=optimizer,
        asked=asked,
        t=passed.number,
        rate=passed.update.rate,
        old=old,
        slope=value_of(passed, slope_ref(ref)),
        before={name: remembered(passed, name, leaf) for name in RULES[optimizer.rule].remembered},
        norm=passed.update.norm,
        has_part_in_norm=optimizer.clipping.kind == "norm" and not held,
        decay=passed.update.rate * optimizer.weight_decay * old if decays else 0.0,
        names=_names(case, of_bias),
    )


_MADE: dict[Quantity, str] = {"clipped": "clipped", "clipped_b": "clipped", "step": "step", "W": "new", "b": "new"}
"""What an update makes of a parameter, beside the states of its rule."""


def _names(case: Case, of_bias: bool) -> dict[str, str]:
    """How the ingredients of a line are written for the asked parameter, without indices."""
    name = case.b(case.layer) if of_bias else case.w(case.layer)
    over = "ᵇ" if of_bias else ""
    return {
        "slope": "g" if case.network.optimizer.clips else f"∂L/∂{name}",
        "norm": NORM,
        "limit": LIMIT,
        "t": "t",
        "w": name,
        "λ": decay_name(case.network),
        "whole": f"∂L/∂{name}",
        **CONSTANTS,
        **{f"{state}_before": f"{sign}{over}" for state, sign in STATE_LETTERS.items()},
        **{str(state): f"{sign}{over}{'′' if state in CARRIED else ''}" for state, sign in STATE_LETTERS.items()},
    }


def moved(case: Case, slope: Number) -> Number:
    """Return what the asked number of an update becomes with another slope, or with each of several."""
    stepping = stepping_of(case)
    found: Number = stepping.made(slope)
    return found


def in_letters(case: Case, formula: str) -> str:
    """Write a formula with the letters w and g, where they stand alone, as the parameter and what η multiplies."""
    stepping = stepping_of(case)
    name, direction = case.parameter, stepping.direction
    written = _lettered(formula, name, direction)
    return (
        f"{written} − η·{decay_name(case.network)}·{name}" if stepping.decay and formula.startswith("w ") else written
    )


@lru_cache(maxsize=1024)
def _lettered(formula: str, name: str, direction: str) -> str:
    letters = {"w": name, "g": direction}
    return re.sub(r"(?<![A-Za-z])[wg](?![A-Za-z])", lambda found: letters[found[0]], formula)
