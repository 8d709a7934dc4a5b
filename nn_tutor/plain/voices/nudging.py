"""A nudge told: how far, where that leads, and the change for each 1 that it moved."""

from __future__ import annotations

from nn_tutor.calculus.names import symbol
from nn_tutor.calculus.numerals import numeral
from nn_tutor.judging.reading import read
from nn_tutor.network.records import value_of
from nn_tutor.plain.voices.base import Voice
from nn_tutor.tutor.stations.nudging import BOTH_WAYS, NUDGES, Nudging
from nn_tutor.walkthrough.nudging import nudge
from nn_tutor.walkthrough.questions import over_and_under


class NudgingVoice(Voice[Nudging]):
    """A number to nudge."""

    @property
    def _sides(self) -> tuple[str, str]:
        network, passed = self.station.lesson_run.network(self.station.index), self.station.passed
        return over_and_under(network, passed.X.shape[0], self.station.activity.slope)

    def question(self) -> str:
        """Return what is nudged."""
        over, under = self._sides
        left = NUDGES - len(self.station.nudges)
        if left <= 0:
            return f"Nudge {under} again, or press enter to go on."
        return f"Nudge {under} and hear what {over} does. How far does {under} move?"

    def how(self) -> str:
        """Return where both stand, and how a nudge is typed."""
        over, under = self._sides
        network, passed = self.station.lesson_run.network(self.station.index), self.station.passed
        start = nudge(network, passed, self.station.activity.slope, 0.0)
        here = f"{under} is {numeral(start.lower)}, and {over} is {numeral(start.upper)}."
        return f"{here} Type a step such as 0.1; enter goes on."

    def verdict(self) -> list[str]:
        """Return the last nudge, and the slope once there were enough of them."""
        nudges = self.station.nudges
        if not nudges:
            return []
        left = NUDGES - len(nudges)
        lines = [self._told(nudges[-1])]
        if left > 0:
            return [*lines, f"Nudge {'once more' if left == 1 else f'{left} more times'} to hear the slope itself."]
        network, passed = self.station.lesson_run.network(self.station.index), self.station.passed
        name = symbol(network, passed.X.shape[0], self.station.activity.slope)
        return [*lines, f"{name} itself is {numeral(value_of(passed, self.station.activity.slope))}."]

    def table(self) -> list[str]:
        """Return all nudges so far."""
        return [self._told(text) for text in self.station.nudges] or ["Nothing was nudged yet."]

    def _told(self, text: str) -> str:
        over, under = self._sides
        network, passed = self.station.lesson_run.network(self.station.index), self.station.passed
        moved = nudge(network, passed, self.station.activity.slope, read(text).value)
        said = f"{under} moves by {numeral(moved.epsilon, 6)}: {over} becomes {numeral(moved.upper, 6)}"
        said += f", so it changes by {numeral(moved.change, 6)}"
        if moved.quotient is not None:
            said += f"; change over step is {numeral(moved.quotient, 6)}"
        if moved.central is not None and self.station.shows_both_ways:
            said += f", {BOTH_WAYS} {numeral(moved.central, 6)}"
        return f"{said}."
