"""What a guess of the pass in which a run reaches its goal can start from, and when it comes too early."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from nn_tutor.calculus.numerals import apart, numeral

if TYPE_CHECKING:
    from nn_tutor.course.activities.train import Train
    from nn_tutor.tutor.running import LossHistory

FIRST_PASSES, LATER_PASSES = 2, (10, 100)
"""The passes whose losses a guess can start from; the later ones only while the goal is still far."""

FAR = 3.0
"""How many times the goal is still far from it."""


def told_losses(activity: Train, run: LossHistory) -> list[tuple[int, float]]:
    """Return the first passes of a run with their losses, as far as they are not near the goal."""
    first, goal, last = activity.first_pass, activity.to_loss, activity.last_pass
    passes = [first + made for made in range(FIRST_PASSES)] + [number for number in LATER_PASSES if number > first + 2]
    losses = ((number, run.loss(number)) for number in passes if number <= last)
    return [
        (number, loss)
        for number, loss in takewhile(lambda pair: pair[1] is not None and pair[1] > FAR * goal, losses)
        if loss is not None
    ]


def why_too_early(activity: Train, known: dict[int, float], at: int, guess: int) -> str:
    """Say that the loss is known in the pass that is guessed, or at the run before, and not low enough; "" else.

    `known` are losses by their passes, that of the pass `at` which the run stands among them.
    """
    number = max(guess, at)
    loss = known.get(number)
    if loss is None or loss < activity.to_loss:
        return ""
    goal = activity.to_loss
    return f"L in pass {number:,} is {apart(loss, goal)}, not below {numeral(goal)}: guess a later pass"
