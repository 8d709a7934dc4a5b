"""Mistakes in the update that are looked for last: what else a step may be made from."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nn_tutor.calculus.names import bias, parameter, symbol, weight
from nn_tutor.judging.mistakes.case import Case, Mistake, Slip
from nn_tutor.judging.mistakes.stepping import in_letters, is_held, stepping_of
from nn_tutor.network.records import parameter_of


def _from_another(case: Case) -> Iterator[Slip]:
    """The right step, taken from the old value of another weight or bias."""
    if case.ref.quantity not in ("W", "b") or is_held(case):
        return
    network, old = case.network, case.passed.before
    others = [
        (weight(network, layer, place), float(value))
        for layer, W in enumerate(old.W, start=1)
        for place, value in np.ndenumerate(W)
    ]
    others += [
        (bias(network, layer, unit), float(value))
        for layer, b in enumerate(old.b, start=1)
        if b is not None
        for unit, value in enumerate(b)
    ]
    if len(others) > MAX_OTHERS or stepping_of(case).decay:
        return
    step, own = in_letters(case, "η·g"), parameter(network, case.ref)
    for name, value in others:
        if name != own:
            moved_value = case.truth - parameter_of(old, case.ref) + value
            yield Slip(moved_value, symbol(network, case.rows, case.ref), f"{name} − {step}", f"{own} − {step}")


MAX_OTHERS = 12
"""Of more weights and biases one would be met by chance."""


def _divided_by_slope(case: Case) -> Iterator[Slip]:
    """η divided by the slope, whatever the rule makes of it."""
    if case.ref.quantity not in ("W", "b", "step") or is_held(case):
        return
    stepping = stepping_of(case)
    step, slope = stepping.rate / stepping.slope, f"({stepping.names['whole']})"
    if case.ref.quantity == "step":
        yield Slip(step, "step", f"η/{slope}", in_letters(case, "η·g"))
    else:
        theirs = in_letters(case, "w − η/(s)").replace("(s)", slope)
        value = stepping.old - step - stepping.decay
        yield Slip(value, f"{case.parameter}′", theirs, in_letters(case, "w − η·g"))


RARE_UPDATE: tuple[Mistake, ...] = (
    Mistake(
        "from-another-parameter",
        "stepped from another weight or bias",
        "each one takes its step from its own old value",
        _from_another,
    ),
    Mistake(
        "divided-by-slope",
        "divided by the slope",
        "η is multiplied by the slope, or by what the rule makes of it",
        _divided_by_slope,
    ),
)
"""What is looked for last in an update."""
