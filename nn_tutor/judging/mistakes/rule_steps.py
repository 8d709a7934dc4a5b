"""Mistakes in the step of an update rule: in the direction that η multiplies, in the decay, and in η itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nn_tutor.calculus.names import rate_name, schedule_written
from nn_tutor.dataclass import dataclass
from nn_tutor.judging.mistakes.case import Case, Mistake, Slip
from nn_tutor.judging.mistakes.rule_states import is_asked
from nn_tutor.judging.mistakes.stepping import Known, in_letters, stepping_of
from nn_tutor.network.optimizer import STATES, RuleName
from nn_tutor.network.rules import RULES, rate_of

if TYPE_CHECKING:
    from nn_tutor.network.spec import Network

ADAM: frozenset[RuleName] = frozenset(name for name, states in STATES.items() if "m_hat" in states)
_ADAPTIVE: frozenset[RuleName] = frozenset(
    name for name, rule in RULES.items() if rule.direction is not None and "epsilon" in rule.direction.of
)
NOT_SQUARED = "v̂ averages squares, so its root is taken; m̂ averages the slopes themselves"
ROOT_OF_AVERAGE = ("root-of-average", "took the root of m̂ as well", NOT_SQUARED)
"""Id, name and rule of a mistake whose slip is another one where m̂ is negative."""

_VELOCITY: frozenset[RuleName] = frozenset(name for name, states in STATES.items() if "velocity" in states)


@dataclass(frozen=True)
class _Wrong:
    """A direction done otherwise: in which rules, how, and how it is written.

    `{over}` is what stands above the root, `{under}` what stands below it.
    """

    rules: frozenset[RuleName]
    compute: Callable[[Known], Any]
    theirs: str


def _is_step(case: Case) -> bool:
    return is_asked(case) and case.ref.quantity in ("W", "b", "step")


def _line(case: Case, direction: str) -> tuple[str, str, str]:
    """What stands on the left of the line of a step, the line with another direction, and as it should be."""
    if case.ref.quantity == "step":
        return "step", f"η·{direction}", in_letters(case, "η·g")
    right = in_letters(case, "w − η·g")
    return f"{case.parameter}′", right.replace(f"η·{stepping_of(case).direction}", f"η·{direction}"), right


@dataclass(frozen=True)
class Directions:
    """The slips of an update whose direction is done otherwise."""

    wrong: tuple[_Wrong, ...]

    def __call__(self, case: Case) -> Iterator[Slip]:
        """Yield what the asked number becomes with each direction."""
        if not _is_step(case):
            return
        stepping = stepping_of(case)
        direction = RULES[stepping.optimizer.rule].direction
        over, under = ("slope", "slope") if direction is None else direction.of[:2]
        for one in self.wrong:
            if stepping.optimizer.rule in one.rules:
                known = stepping.otherwise({"direction": _with_parts(one.compute, over, under)})
                names = {**stepping.names, "over": stepping.names[over], "under": stepping.names[under]}
                yield Slip(float(stepping.result(known)), *_line(case, one.theirs.format(**names)))


def _with_parts(compute: Callable[[Known], Any], over: str, under: str) -> Callable[[Known], Any]:
    return lambda known: compute({**known, "over": known[over], "under": known[under]})


Otherwise = tuple[frozenset[RuleName], Callable[[Known], Any], str]
"""A direction done otherwise: in which rules, how, and how that is written."""


def directions(*wrong: Otherwise) -> Directions:
    """Return the slips of directions done otherwise: in which rules, how, and how that is written."""
    return Directions(tuple(_Wrong(*one) for one in wrong))


def root(number: Any) -> Any:
    """Return the root of a number, no number below 0."""
    return number**0.5 if number >= 0 else float("nan")


def divided(numerator: Any, denominator: Any) -> Any:
    """Return a quotient, no number where it is divided by 0."""
    return numerator / denominator if denominator else float("nan")


def _plain_step(case: Case) -> Iterator[Slip]:
    """The step of plain descent, with the slope as it is."""
    if _is_step(case):
        stepping = stepping_of(case)
        for slope, name in ((stepping.slope, "whole"), (stepping.otherwise()["slope"], "slope")):
            known = {**stepping.otherwise(), "direction": slope}
            yield Slip(float(stepping.result(known)), *_line(case, stepping.names[name]))


# Decay


def _with_decay(case: Case, decay: float, theirs: str) -> Iterator[Slip]:
    """The new weight with something else in the place of its decay."""
    stepping = stepping_of(case)
    known = stepping.known(stepping.slope)
    right = in_letters(case, "w − η·g")
    step = right.removesuffix(f" − η·{stepping.names['λ']}·{case.parameter}")
    value = float(replace(stepping, decay=decay).result(known))
    yield Slip(value, f"{case.parameter}′", f"{step}{theirs.format(**stepping.names)}", right)


def _decays(case: Case) -> bool:
    return _is_step(case) and case.ref.quantity == "W" and bool(case.network.optimizer.weight_decay)


def _forgot_decay(case: Case) -> Iterator[Slip]:
    if _decays(case):
        yield from _with_decay(case, 0.0, "")


def _decay_added(case: Case) -> Iterator[Slip]:
    if _decays(case):
        yield from _with_decay(case, -stepping_of(case).decay, " + η·{λ}·{w}")


def _decay_without_rate(case: Case) -> Iterator[Slip]:
    if _decays(case):
        stepping = stepping_of(case)
        yield from _with_decay(case, stepping.optimizer.weight_decay * stepping.old, " − {λ}·{w}")
        yield from _with_decay(case, stepping.rate * stepping.optimizer.weight_decay, " − η·{λ}")


def _decay_through_slope(case: Case) -> Iterator[Slip]:
    """The decay added to the slope, as L2 is, so that it goes through the rule."""
    if _decays(case):
        stepping = stepping_of(case)
        slope = stepping.slope + stepping.optimizer.weight_decay * stepping.old
        value = float(replace(stepping, decay=0.0).result(stepping.known(slope)))
        symbol, right = f"{case.parameter}′", in_letters(case, "w − η·g")
        theirs = f"the rule with {stepping.names['whole']} + {stepping.names['λ']}·{case.parameter} for the slope"
        yield Slip(value, symbol, theirs, right)


def _l2_apart(case: Case) -> Iterator[Slip]:
    """L2 taken off apart from the step, where it belongs to the slope."""
    l2 = case.network.l2
    if not l2 or case.ref.quantity not in ("W", "step") or not _is_step(case):
        return
    stepping = stepping_of(case)
    known = stepping.known(stepping.slope - l2 * stepping.old)
    apart = stepping.rate * l2 * stepping.old
    value = float(stepping.result(known)) + (apart if case.ref.quantity == "step" else -apart)
    symbol, theirs, right = _line(case, f"{stepping.direction} without λ, and λ apart")
    yield Slip(value, symbol, theirs, right)


def _bias_decays(case: Case) -> Iterator[Slip]:
    optimizer = case.network.optimizer
    if optimizer.weight_decay and case.ref.quantity == "b" and is_asked(case):
        stepping = stepping_of(case)
        decay = stepping.rate * optimizer.weight_decay * stepping.old
        value = float(replace(stepping, decay=decay).result(stepping.known(stepping.slope)))
        right = in_letters(case, "w − η·g")
        yield Slip(value, f"{case.parameter}′", f"{right} − η·{stepping.names['λ']}·{case.parameter}", right)


# The learning rate of the pass


def _rates(case: Case) -> Iterator[tuple[float, str]]:
    """Other learning rates that somebody may take for that of the pass, and how they are written."""
    optimizer, first, t = case.network.optimizer, case.network.learning_rate, case.passed.number
    yield first, rate_name(case.network)
    yield rate_of(optimizer, first, t + 1), "η of the next pass"
    if t > 1:
        yield rate_of(optimizer, first, t - 1), "η of the pass before"


def _other_rate(case: Case) -> Iterator[Slip]:
    if not case.network.optimizer.is_scheduled:
        return
    for rate, theirs in _rates(case):
        if case.ref.quantity == "rate":
            yield Slip(rate, "η", theirs, rate_written(case.network))
        elif _is_step(case):
            stepping = stepping_of(case)
            decay = stepping.decay * rate / stepping.rate if stepping.rate else 0.0
            value = float(replace(stepping, rate=rate, decay=decay).result(stepping.known(stepping.slope)))
            line = in_letters(case, "w − η·g")
            yield Slip(value, f"{case.parameter}′", f"{line} with {theirs}", f"{line} with the η of this pass")


def rate_written(network: Network) -> str:
    """The learning rate of a pass as the network's schedule makes it: `η₀·0.4^⌊(t − 1)/3⌋`."""
    return schedule_written(network.optimizer.schedule).format(base=rate_name(network), t="t")


def _factor_once(case: Case) -> Iterator[Slip]:
    schedule = case.network.optimizer.schedule
    if case.ref.quantity != "rate" or schedule.kind != "step":
        return
    drops = (case.passed.number - 1) // schedule.every
    first = case.network.learning_rate
    right = rate_written(case.network)
    yield Slip(first * schedule.factor, "η", f"η₀·{schedule.factor:g}", right)
    yield Slip(first * schedule.factor * drops, "η", f"η₀·{schedule.factor:g}·⌊(t − 1)/{schedule.every}⌋", right)


def _rate_squared(case: Case) -> Iterator[Slip]:
    if _is_step(case):
        stepping = stepping_of(case)
        known = stepping.known(stepping.slope)
        known["direction"] = stepping.rate * known["direction"]
        yield Slip(float(stepping.result(known)), *_line(case, f"η·{stepping.direction}"))


STEPS: tuple[Mistake, ...] = (
    Mistake(
        "plain-step",
        "took the step of plain gradient descent",
        "this rule makes its step from what it remembers, not from the slope alone",
        _plain_step,
    ),
    Mistake(
        "momentum-without-look-ahead",
        "stepped by the velocity alone",
        "Nesterov's step adds the slope and μ times the new velocity",
        directions(
            (frozenset({"nesterov"}), lambda n: n["velocity"], "{velocity}"),
            (frozenset({"nesterov"}), lambda n: n["momentum"] * n["velocity"], "{momentum}·{velocity}"),
            (frozenset({"nesterov"}), lambda n: n["slope"] + n["velocity"], "({slope} + {velocity})"),
            (
                frozenset({"nesterov"}),
                lambda n: n["slope"] + n["momentum"] * n["velocity_before"],
                "({slope} + {momentum}·{velocity_before})",
            ),
        ),
    ),
    Mistake(
        "looked-ahead",
        "looked ahead, as Nesterov's form does",
        "with plain momentum the step is η times the new velocity",
        directions(
            (
                frozenset({"momentum"}),
                lambda n: n["slope"] + n["momentum"] * n["velocity"],
                "({slope} + {momentum}·{velocity})",
            )
        ),
    ),
    Mistake(
        "momentum-twice",
        "multiplied by μ once more",
        "μ is in the new velocity already",
        directions((frozenset({"momentum"}), lambda n: n["momentum"] * n["velocity"], "{momentum}·{velocity}")),
    ),
    Mistake(
        "rate-twice",
        "multiplied by η twice",
        "η multiplies once, in the step",
        _rate_squared,
    ),
    Mistake(
        "epsilon-in-root",
        "added ε inside the root",
        "first the root, then ε is added",
        directions(
            (_ADAPTIVE, lambda n: divided(n["over"], root(n["under"] + n["epsilon"])), "{over}/√({under} + {epsilon})")
        ),
    ),
    Mistake(
        "forgot-epsilon",
        "left out ε",
        "ε is added to the root, so that nothing is divided by 0",
        directions((_ADAPTIVE, lambda n: divided(n["over"], root(n["under"])), "{over}/√{under}")),
    ),
    Mistake(
        "forgot-root",
        "left out the root",
        "the average is one of squares: its root is as large as a slope",
        directions(
            (_ADAPTIVE, lambda n: divided(n["over"], n["under"] + n["epsilon"]), "{over}/({under} + {epsilon})")
        ),
    ),
    Mistake(
        *ROOT_OF_AVERAGE,
        directions(
            (
                ADAM,
                lambda n: divided(root(n["over"]), root(n["under"]) + n["epsilon"]),
                "√{over}/(√{under} + {epsilon})",
            )
        ),
    ),
    Mistake(
        "multiplied-by-root",
        "multiplied by the root instead of dividing",
        "the step is divided by the root: a steep slope makes it no longer",
        directions(
            (_ADAPTIVE, lambda n: n["over"] * (root(n["under"]) + n["epsilon"]), "{over}·(√{under} + {epsilon})")
        ),
    ),
    Mistake(
        "forgot-division",
        "did not divide by the root",
        "the step is divided by the root of the average of squares",
        directions((ADAM, lambda n: n["over"], "{over}")),
    ),
    Mistake(
        "slope-for-average",
        "used the slope instead of its average m̂",
        "Adam goes along the average of the slopes, not along the last one",
        directions(
            (ADAM, lambda n: divided(n["slope"], root(n["under"]) + n["epsilon"]), "{slope}/(√{under} + {epsilon})")
        ),
    ),
    Mistake(
        "uncorrected-average",
        "took m for m̂, or v for v̂",
        "the step is made from both averages after their correction",
        directions(
            (ADAM, lambda n: divided(n["m"], root(n["v_hat"]) + n["epsilon"]), "{m}/(√{v_hat} + {epsilon})"),
            (ADAM, lambda n: divided(n["m_hat"], root(n["v"]) + n["epsilon"]), "{m_hat}/(√{v} + {epsilon})"),
        ),
    ),
    Mistake(
        "averages-exchanged",
        "exchanged m̂ and v̂",
        "m̂ stands above, the root of v̂ below",
        directions(
            (ADAM, lambda n: divided(n["under"], root(n["over"]) + n["epsilon"]), "{under}/(√{over} + {epsilon})")
        ),
    ),
    Mistake("forgot-decay", "left out the decay", "every weight also loses η·λ·w", _forgot_decay),
    Mistake("decay-added", "added the decay", "the decay is taken off: it draws the weight to 0", _decay_added),
    Mistake(
        "decay-without-rate",
        "took the decay without η, or without the weight",
        "the decay is η times λ times the old weight",
        _decay_without_rate,
    ),
    Mistake(
        "decay-through-slope",
        "took the decay through the slope, as L2 does",
        "here the decay stands apart: the rule does not see it",
        _decay_through_slope,
    ),
    Mistake(
        "penalty-apart",
        "took L2 off apart from the step",
        "L2 is part of the loss, so that λ·w is part of the slope and goes through the rule",
        _l2_apart,
    ),
    Mistake("bias-decays", "let the bias decay", "only weights decay", _bias_decays),
    Mistake(
        "other-pass-rate",
        "took the learning rate of another pass",
        "the schedule gives every pass its own learning rate",
        _other_rate,
    ),
    Mistake(
        "factor-once",
        "did not take the factor once for every drop",
        "the factor multiplies once more at every drop",
        _factor_once,
    ),
)
"""The mistakes in steps."""
