"""A training run as it is watched: its losses so far, and how far it gets."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from copy import copy
from typing import TYPE_CHECKING

from nn_tutor.network.landscape import loss_on
from nn_tutor.network.passes import batch
from nn_tutor.network.records import parameter_of
from nn_tutor.network.training import StoppedError, Timeline

if TYPE_CHECKING:
    from nn_tutor.network.quantities import Ref
    from nn_tutor.network.spec import Data


class LossHistory:
    """The losses of a timeline from its first pass on, as far as somebody has looked.

    `held_out_losses` are those of rows that nothing is learned from, with the parameters before each pass; NaN where
    such a loss does not exist. Without such rows there are none.
    """

    def __init__(self, timeline: Timeline, held_out: Data | None = None) -> None:
        self.timeline = timeline
        self.losses = array("d")
        self.held_out_losses = array("d")
        self._held_out = None if held_out is None else batch(held_out)
        self.stopped = ""
        self._traces: dict[tuple[Ref, ...], list[tuple[float, float]]] = {}

    def loss(self, number: int) -> float | None:
        """Return the loss of a pass, None where the run ends before it; `stopped` then says why."""
        if number < 1:
            return None
        while len(self.losses) < number and not self.stopped:
            try:
                passed = self.timeline.at(len(self.losses) + 1)
            except StoppedError as error:
                self.stopped = error.stopped.why
            else:
                self.losses.append(passed.loss.loss)
                if self._held_out is not None:
                    self.held_out_losses.append(loss_on(self.timeline.network, passed.before, *self._held_out))
        return self.losses[number - 1] if number <= len(self.losses) else None

    def goes_on(self, number: int) -> bool:
        """Whether a pass follows the one of a number; its loss is not looked at yet."""
        try:
            self.timeline.at(number + 1)
        except StoppedError as error:
            self.stopped = error.stopped.why
            return False
        return True

    def fork(self) -> LossHistory:
        """Return a history that goes on from here without touching this one, in another thread if need be."""
        twin = copy(self)
        twin.timeline = self.timeline.fork()
        twin.losses, twin.held_out_losses = self.losses[:], self.held_out_losses[:]
        return twin

    def take(self, fork: LossHistory) -> None:
        """Go on from where a fork of this history has come to; nobody else may use the fork any more."""
        self.timeline.take(fork.timeline)
        self.losses, self.held_out_losses, self.stopped = fork.losses, fork.held_out_losses, fork.stopped

    def trace(self, refs: tuple[Ref, ...], number: int) -> list[tuple[float, float]]:
        """Return what two weights or biases were before each pass up to `number`, as far as the run goes."""
        first, second = refs
        points = self._traces.setdefault(refs, [])
        try:
            while len(points) < number:
                before = self.timeline.at(len(points) + 1).before
                points.append((parameter_of(before, first), parameter_of(before, second)))
        except StoppedError as error:
            self.stopped = error.stopped.why
        return points[:number]

    def advance(self, number: int, most: int, below: float | None, goes_on: Callable[[int], bool]) -> int:
        """Return how far a run comes from pass `number`: to the first loss `below`, to `most`, or to its own end.

        `goes_on` is asked after every pass how many were made, so that a run can be cut into pieces.
        """
        made = 0
        while number < most:
            loss = self.loss(number + 1)
            if loss is None:
                break
            number, made = number + 1, made + 1
            if (below is not None and loss < below) or not goes_on(made):
                break
        return number
