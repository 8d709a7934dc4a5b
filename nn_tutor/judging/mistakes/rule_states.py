"""Mistakes in the states of an update rule: velocity, running averages, and what corrects these.

Each is a line of the rule done otherwise; what is asked further down the rule comes out wrong with it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from nn_tutor.judging.mistakes.case import Case, Mistake, Slip
from nn_tutor.judging.mistakes.stepping import Known, Stepping, in_names, is_held, is_update, stepping_of
from nn_tutor.network.quantities import is_of_bias, state_of
from nn_tutor.network.rules import RULES, Line

Wrong = tuple[str, Callable[[Known], Any], str]
"""The state whose line is done otherwise, how, and how that is written.

Ingredients stand in braces; `beta` is the constant of the line, whichever the rule has there. What has it in braces is
left out where the line of a rule has none.
"""

_BEFORE: Mapping[str, str] = {"m_hat": "m", "v_hat": "v"}
"""The state that another one is made from."""

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
        if state is None or line.makes in (state[0], _BEFORE.get(state[0])):
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
    return lambda known: compute({**known, "beta": known.get(beta)})


def _lines(*wrong: Wrong) -> Lines:
    return Lines(wrong)


def _averages(compute: Callable[[Known, str, float], Any], theirs: str) -> Lines:
    """The same done to both running averages: `compute` takes the old average's name and the power of the slope."""
    return _lines(
        ("m", lambda known: compute(known, "m_before", known["slope"]), theirs.format(old="{m_before}", g="{slope}")),
        (
            "v",
            lambda known: compute(known, "v_before", known["slope"] ** 2),
            theirs.format(old="{v_before}", g="{slope}²"),
        ),
    )


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
    """The state of the pass before in the place of the new one."""
    for line in lines_of(case):
        before = f"{line.makes}_before"
        if before in line.of:
            yield slip_of(stepping_of(case), line, _taken(before), f"{{{before}}}")


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
        yield slip_of(stepping, line, _with_other_beta(line), theirs)
    known = stepping.otherwise(given={"beta1": constants["beta2"], "beta2": constants["beta1"]})
    last = lines[-1]
    theirs = f"{in_names(last.written, exchanged)}, the same in every line"
    yield Slip(float(stepping.result(known)), names[last.makes], theirs, stepping.written(last.written))


_OTHER = {"beta1": "beta2", "beta2": "beta1"}


def _with_other_beta(line: Line) -> Callable[[Known], Any]:
    return lambda known: line.function(*[known[_OTHER.get(name, name)] for name in line.of])


@dataclass(frozen=True)
class _Corrections:
    """Slips of the bias correction: in m̂ alone, in v̂ alone, and in both, as somebody does who always does it so."""

    compute: Callable[[Any, float, float], Any]
    theirs: str

    def __call__(self, case: Case) -> Iterator[Slip]:
        """Yield what the asked number becomes."""
        stepping = stepping_of(case) if is_asked(case) else None
        lines = [line for line in lines_of(case) if line.makes in ("m_hat", "v_hat")]
        if stepping is None or not lines:
            return
        for line in lines:
            yield slip_of(stepping, line, self._of(line), self._written(line))
        if len(lines) > 1:
            known = stepping.otherwise({line.makes: self._of(line) for line in lines})
            theirs = ", ".join(stepping.written(self._written(line)) for line in lines)
            right = ", ".join(stepping.written(line.written) for line in lines)
            yield Slip(
                float(stepping.result(known)), f"{stepping.names['m_hat']}, {stepping.names['v_hat']}", theirs, right
            )

    def _of(self, line: Line) -> Callable[[Known], Any]:
        return lambda known: self.compute(known[line.of[0]], known[line.of[1]], known["t"])

    def _written(self, line: Line) -> str:
        return self.theirs.format(state=f"{{{line.of[0]}}}", beta=f"{{{line.of[1]}}}", t="{t}")


def _over(numerator: Any, denominator: float) -> Any:
    return numerator / denominator if denominator else float("nan")


RARE_STATES: tuple[Mistake, ...] = (
    Mistake(
        "slope-left-out",
        "left out the slope of this pass",
        "what is remembered is one part, the slope of this pass the other",
        _lines(
            ("velocity", lambda n: n["momentum"] * n["velocity_before"], "{momentum}·{velocity_before}"),
            ("m", lambda n: n["beta"] * n["m_before"], "{beta}·{m_before}"),
            ("v", lambda n: n["beta"] * n["v_before"], "{beta}·{v_before}"),
        ),
    ),
)
"""Rare mistakes in states: see `known.rare_mistakes`."""

STATES: tuple[Mistake, ...] = (
    Mistake(
        "forgot-memory",
        "left out what is remembered of the pass before",
        "the new value has a part of the old one in it, and a part of this pass's slope",
        _lines(
            ("velocity", lambda n: n["slope"], "{slope}"),
            ("m", lambda n: (1 - n["beta"]) * n["slope"], "(1 − {beta})·{slope}"),
            ("v", lambda n: (1 - n["beta"]) * n["slope"] ** 2, "(1 − {beta})·{slope}²"),
            ("m", lambda n: n["slope"], "{slope}"),
            ("v", lambda n: n["slope"] ** 2, "{slope}²"),
        ),
    ),
    Mistake(
        "stale-state",
        "used the value of the pass before, without this pass's slope",
        "the rule goes on with the new value, which has this pass's slope in it",
        _stale,
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
        _lines(
            ("velocity", lambda n: n["velocity_before"] + n["slope"], "{velocity_before} + {slope}"),
            ("m", lambda n: n["m_before"] + (1 - n["beta"]) * n["slope"], "{m_before} + (1 − {beta})·{slope}"),
            ("v", lambda n: n["v_before"] + (1 - n["beta"]) * n["slope"] ** 2, "{v_before} + (1 − {beta})·{slope}²"),
            ("v", lambda n: n["v_before"] + n["slope"] ** 2, "{v_before} + {slope}²"),
        ),
    ),
    Mistake(
        "momentum-on-slope",
        "multiplied the slope by μ instead of the velocity",
        "μ belongs to the old velocity; the slope is added whole",
        _lines(
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
        _lines(
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
        _lines(
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
    Mistake(
        "betas-exchanged",
        "exchanged β₁ and β₂",
        "β₁ belongs to the average of the slopes, β₂ to that of their squares",
        _betas_exchanged,
    ),
    Mistake(
        "slope-not-squared",
        "did not square the slope",
        "v is the average of the squared slopes",
        _lines(
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
        _lines(
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
        _lines(
            (
                "m",
                lambda n: n["beta"] * n["m_before"] + (1 - n["beta"]) * n["slope"] ** 2,
                "{beta}·{m_before} + (1 − {beta})·{slope}²",
            ),
        ),
    ),
    Mistake(
        "no-bias-correction",
        "left out the correction for the start at 0",
        "both averages began at 0: m is divided by 1 − β₁^t, v by 1 − β₂^t",
        _Corrections(lambda state, beta, t: state, "{state}"),
    ),
    Mistake(
        "pass-counted-from-zero",
        "counted the passes from 0",
        "t is 1 in the first pass",
        _Corrections(lambda state, beta, t: _over(state, 1 - beta ** (t - 1)), "{state}/(1 − {beta}^({t} − 1))"),
    ),
    Mistake(
        "pass-counted-too-far",
        "counted one pass too many",
        "t is the number of this pass",
        _Corrections(lambda state, beta, t: _over(state, 1 - beta ** (t + 1)), "{state}/(1 − {beta}^({t} + 1))"),
    ),
    Mistake(
        "forgot-the-power",
        "left out the power t",
        "β is taken to the power t, the number of the pass",
        _Corrections(lambda state, beta, t: _over(state, 1 - beta), "{state}/(1 − {beta})"),
    ),
    Mistake(
        "times-for-power",
        "multiplied β by t instead of taking the power",
        "β^t is β times itself, t times",
        _Corrections(lambda state, beta, t: _over(state, 1 - beta * t), "{state}/(1 − {beta}·{t})"),
    ),
    Mistake(
        "correction-multiplied",
        "multiplied by the correction",
        "the average is too small at first, so it is divided by 1 − β^t",
        _Corrections(lambda state, beta, t: state * (1 - beta**t), "{state}·(1 − {beta}^{t})"),
    ),
    Mistake(
        "divided-by-power",
        "divided by β^t",
        "the average is divided by 1 − β^t",
        _Corrections(lambda state, beta, t: _over(state, beta**t), "{state}/{beta}^{t}"),
    ),
)
"""The mistakes in states."""
