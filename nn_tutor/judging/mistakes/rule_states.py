"""Mistakes in the states of an update rule: velocity and running averages.

Each is a line of the rule done otherwise; what is asked further down the rule comes out wrong with it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from nn_tutor.dataclass import dataclass
from nn_tutor.judging.mistakes.case import Case, Mistake, Slip
from nn_tutor.judging.mistakes.stepping import Known, Stepping, in_names, is_held, is_update, stepping_of
from nn_tutor.network.quantities import is_of_bias, state_of
from nn_tutor.network.rules import RULES, Line

if TYPE_CHECKING:
    from nn_tutor.network.optimizer import State

Wrong = tuple[str, Callable[[Known], Any], str]
"""The state whose line is done otherwise, how, and how that is written.

Ingredients stand in braces; `beta` is the constant of the line, whichever the rule has there. What has it in braces is
left out where the line of a rule has none.
"""

_BEFORE: dict[State, State | None] = {"velocity": None, "m": None, "v": None, "m_hat": "m", "v_hat": "v"}
"""The state that a state is made from, where it is made from one of the same pass."""

_MAX_OTHERS = 8
"""Of so many other parameters of the layer the state may have been taken."""


def is_asked(case: Case) -> bool:
    """Whether a number of an update by another rule than plain descent is asked, and is not held."""
    return is_update(case.ref) and not case.network.optimizer.is_plain and not is_held(case)


def lines_of(case: Case) -> Iterator[Line]:
    """Yield the lines of states that the asked number is made by, or from; none where no such rule is asked about."""
    if not is_asked(case) or case.ref.quantity in ("clipped", "clipped_b"):
        return
    state = state_of(case.ref.quantity)
    for line in RULES[case.network.optimizer.rule].states:
        if state is None or line.makes in (state[0], _BEFORE[state[0]]):
            yield line


def slip_of(stepping: Stepping, line: Line, compute: Callable[[Known], Any], theirs: str) -> Slip:
    """Return the slip of one line done otherwise; `theirs` is how that is written, with names in braces."""
    known = stepping.otherwise({line.makes: compute})
    return Slip(
        float(stepping.result(known)),
        stepping.names[line.makes],
        stepping.written(theirs),
        stepping.written(line.written),
    )


@dataclass(frozen=True)
class Lines:
    """The slips of lines of the states done otherwise: of those that the rule has and the asked number needs."""

    wrong: tuple[Wrong, ...]

    def __call__(self, case: Case) -> Iterator[Slip]:
        """Yield what the asked number becomes with each line done otherwise."""
        for line in lines_of(case):
            beta = next((name for name in line.of if name in _CONSTANTS), "")
            for makes, compute, theirs in self.wrong:
                if makes == line.makes and (beta or "{beta}" not in theirs):
                    yield slip_of(
                        stepping_of(case), line, _with_beta(compute, beta), theirs.replace("{beta}", f"{{{beta}}}")
                    )


_CONSTANTS = ("momentum", "decay", "beta1", "beta2")


def _with_beta(compute: Callable[[Known], Any], beta: str) -> Callable[[Known], Any]:
    return lambda known: compute({**known, "beta": known[beta] if beta else None})


def lines_otherwise(*wrong: Wrong) -> Lines:
    """Return the slips of lines done otherwise."""
    return Lines(wrong)


def _averages(compute: Callable[[Known, str, float], Any], theirs: str) -> Lines:
    """The same done to both running averages: `compute` takes the old average's name and the power of the slope."""
    return lines_otherwise(
        ("m", lambda known: compute(known, "m_before", known["slope"]), theirs.format(old="{m_before}", g="{slope}")),
        (
            "v",
            lambda known: compute(known, "v_before", known["slope"] ** 2),
            theirs.format(old="{v_before}", g="{slope}²"),
        ),
    )


def _rate_in_velocity(case: Case, *, is_throughout: bool) -> Iterator[Slip]:
    """The velocity of books that put η into it, with either sign: in all passes, or in this one alone."""
    state = state_of(case.ref.quantity)
    if not is_asked(case) or state is None or state[0] != "velocity":
        return
    stepping = stepping_of(case)
    before, slope = stepping.before["velocity"], stepping.slope
    kept = stepping.optimizer.momentum * before * (stepping.rate if is_throughout else 1.0)
    right = stepping.written("{momentum}·{velocity_before} + {slope}")
    for sign, mark in ((-1.0, "−"), (1.0, "+")):
        value = (sign if is_throughout else 1.0) * kept + sign * stepping.rate * slope
        theirs = stepping.written(f"{{momentum}}·{{velocity_before}} {mark} η·{{slope}}")
        yield Slip(value, stepping.names["velocity"], theirs, right)


def _of_another(case: Case) -> Iterator[Slip]:
    """What is remembered of another weight, or bias, of the same layer."""
    memory, lines = case.passed.before.memory, list(lines_of(case))
    if memory is None or not lines:
        return
    arrays, stepping = memory.b if is_of_bias(case.ref.quantity) else memory.W, stepping_of(case)
    for line in lines:
        name = next((one for one in RULES[case.network.optimizer.rule].remembered if one == line.makes), None)
        array = None if name is None else arrays[name][case.layer]
        if name is None or array is None:
            continue
        places = [one for one in itertools.product(*map(range, array.shape)) if one != case.index]
        for place in places[:_MAX_OTHERS]:
            known = stepping.otherwise(given={f"{name}_before": float(array[place])})
            theirs = line.written.replace(f"{{{name}_before}}", f"({{{name}_before}} of another)")
            yield Slip(
                float(stepping.result(known)),
                stepping.names[line.makes],
                stepping.written(theirs),
                stepping.written(line.written),
            )


def _stale(case: Case) -> Iterator[Slip]:
    """The state of the pass before in the place of the new one: one of them, or all."""
    lines = [line for line in lines_of(case) if f"{line.makes}_before" in line.of]
    if not lines:
        return
    stepping = stepping_of(case)
    for line in lines:
        yield slip_of(stepping, line, _taken(f"{line.makes}_before"), f"{{{line.makes}_before}}")
    if len(lines) > 1:
        known = stepping.otherwise({line.makes: _taken(f"{line.makes}_before") for line in lines})
        names = [stepping.written(f"{{{line.makes}_before}}") for line in lines]
        new = [stepping.names[line.makes] for line in lines]
        yield Slip(float(stepping.result(known)), ", ".join(new), ", ".join(names), f"{', '.join(new)}: the new ones")


def _taken(name: str) -> Callable[[Known], Any]:
    return lambda known: known[name]


def _betas_exchanged(case: Case) -> Iterator[Slip]:
    """β₁ for β₂ in one line, or the two exchanged everywhere."""
    lines = [line for line in lines_of(case) if {"beta1", "beta2"} & set(line.of)]
    if not lines:
        return
    stepping = stepping_of(case)
    constants, names = stepping.optimizer.constants, stepping.names
    exchanged = {**names, "beta1": names["beta2"], "beta2": names["beta1"]}
    for line in lines:
        theirs = in_names(line.written, exchanged).replace("{", "{{").replace("}", "}}")
        yield slip_of(stepping, line, with_other_beta(line), theirs)
    known = stepping.otherwise(given={"beta1": constants["beta2"], "beta2": constants["beta1"]})
    last = lines[-1]
    theirs = f"{in_names(last.written, exchanged)}, the same in every line"
    yield Slip(float(stepping.result(known)), names[last.makes], theirs, stepping.written(last.written))


def with_other_beta(line: Line) -> Callable[[Known], Any]:
    """Return a line with β₁ for β₂ in it, or β₂ for β₁."""

    def compute(known: Known) -> Any:
        exchanged = {**known, "beta1": known["beta2"], "beta2": known["beta1"]}
        return line.function(*[exchanged[name] for name in line.of])

    return compute


def _where_something_was(before: Any, value: Any) -> Any:
    """A value that lacks 1 − β too: where nothing is remembered yet, that alone is what it lacks."""
    return value if before else float("nan")


BETAS_EXCHANGED = (
    "betas-exchanged",
    "exchanged β₁ and β₂",
    "β₁ belongs to the average of the slopes, β₂ to that of their squares",
)

STATES: tuple[Mistake, ...] = (
    Mistake(
        "forgot-memory",
        "left out what is remembered of the pass before",
        "the new value has a part of the old one in it, and a part of this pass's slope",
        lines_otherwise(
            ("velocity", lambda n: n["slope"], "{slope}"),
            ("m", lambda n: (1 - n["beta"]) * n["slope"], "(1 − {beta})·{slope}"),
            ("v", lambda n: (1 - n["beta"]) * n["slope"] ** 2, "(1 − {beta})·{slope}²"),
            ("m", lambda n: _where_something_was(n["m_before"], n["slope"]), "{slope}"),
            ("v", lambda n: _where_something_was(n["v_before"], n["slope"] ** 2), "{slope}²"),
        ),
    ),
    Mistake(
        "stale-state",
        "used the value of the pass before, without this pass's slope",
        "the rule goes on with the new value, which has this pass's slope in it",
        _stale,
    ),
    Mistake(
        "velocity-with-rate",
        "put η into the velocity",
        "some books put η into the velocity; here v holds the slopes, and η comes with the step",
        partial(_rate_in_velocity, is_throughout=True),
        is_convention=True,
    ),
    Mistake(
        "rate-in-velocity",
        "put η into the velocity",
        "here v holds the slopes themselves, and η comes with the step",
        partial(_rate_in_velocity, is_throughout=False),
    ),
    Mistake(
        "state-of-another",
        "used what is remembered of another parameter",
        "every parameter has a memory of its own",
        _of_another,
    ),
    Mistake(
        "memory-does-not-fade",
        "kept all of what is remembered",
        "what is remembered fades: only a part of it goes into the new value",
        lines_otherwise(
            ("velocity", lambda n: n["velocity_before"] + n["slope"], "{velocity_before} + {slope}"),
            ("m", lambda n: n["m_before"] + (1 - n["beta"]) * n["slope"], "{m_before} + (1 − {beta})·{slope}"),
            ("v", lambda n: n["v_before"] + (1 - n["beta"]) * n["slope"] ** 2, "{v_before} + (1 − {beta})·{slope}²"),
            (
                "v",
                lambda n: _where_something_was(n["v_before"], n["v_before"] + n["slope"] ** 2),
                "{v_before} + {slope}²",
            ),
        ),
    ),
    Mistake(
        "momentum-on-slope",
        "multiplied the slope by μ",
        "μ belongs to the old velocity alone; the slope is added whole",
        lines_otherwise(
            (
                "velocity",
                lambda n: n["velocity_before"] + n["momentum"] * n["slope"],
                "{velocity_before} + {momentum}·{slope}",
            ),
            (
                "velocity",
                lambda n: n["momentum"] * (n["velocity_before"] + n["slope"]),
                "{momentum}·({velocity_before} + {slope})",
            ),
        ),
    ),
    Mistake(
        "averaged-velocity",
        "took an average instead of a velocity",
        "a velocity adds the whole slope, without 1 − μ before it",
        lines_otherwise(
            (
                "velocity",
                lambda n: n["momentum"] * n["velocity_before"] + (1 - n["momentum"]) * n["slope"],
                "{momentum}·{velocity_before} + (1 − {momentum})·{slope}",
            ),
        ),
    ),
    Mistake(
        "subtracted-slope",
        "subtracted the slope from what is remembered",
        "the slope is added here; the minus comes with the step",
        lines_otherwise(
            (
                "velocity",
                lambda n: n["momentum"] * n["velocity_before"] - n["slope"],
                "{momentum}·{velocity_before} − {slope}",
            ),
            (
                "m",
                lambda n: n["beta"] * n["m_before"] - (1 - n["beta"]) * n["slope"],
                "{beta}·{m_before} − (1 − {beta})·{slope}",
            ),
        ),
    ),
    Mistake(
        "forgot-one-minus-beta",
        "left out 1 − β before the slope",
        "an average has two parts that make one: β of the old, and 1 − β of the new",
        _averages(lambda n, old, g: n["beta"] * n[old] + g, "{{beta}}·{old} + {g}"),
    ),
    Mistake(
        "parts-exchanged",
        "exchanged β and 1 − β",
        "the old average gets β, the new slope 1 − β",
        _averages(lambda n, old, g: (1 - n["beta"]) * n[old] + n["beta"] * g, "(1 − {{beta}})·{old} + {{beta}}·{g}"),
    ),
    Mistake(*BETAS_EXCHANGED, _betas_exchanged),
    Mistake(
        "slope-not-squared",
        "did not square the slope",
        "v is the average of the squared slopes",
        lines_otherwise(
            (
                "v",
                lambda n: n["beta"] * n["v_before"] + (1 - n["beta"]) * n["slope"],
                "{beta}·{v_before} + (1 − {beta})·{slope}",
            ),
            (
                "v",
                lambda n: n["beta"] * n["v_before"] + (1 - n["beta"]) * abs(n["slope"]),
                "{beta}·{v_before} + (1 − {beta})·|{slope}|",
            ),
        ),
    ),
    Mistake(
        "share-squared",
        "squared 1 − β along with the slope",
        "only the slope is squared",
        lines_otherwise(
            (
                "v",
                lambda n: n["beta"] * n["v_before"] + ((1 - n["beta"]) * n["slope"]) ** 2,
                "{beta}·{v_before} + ((1 − {beta})·{slope})²",
            ),
            (
                "v",
                lambda n: (n["beta"] * n["v_before"] ** 0.5 + (1 - n["beta"]) * n["slope"]) ** 2,
                "({beta}·√{v_before} + (1 − {beta})·{slope})²",
            ),
        ),
    ),
    Mistake(
        "slope-squared",
        "squared the slope",
        "m is the average of the slopes as they are",
        lines_otherwise(
            (
                "m",
                lambda n: n["beta"] * n["m_before"] + (1 - n["beta"]) * n["slope"] ** 2,
                "{beta}·{m_before} + (1 − {beta})·{slope}²",
            ),
        ),
    ),
)
"""The mistakes in states."""
