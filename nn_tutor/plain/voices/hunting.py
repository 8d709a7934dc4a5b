"""A hunt told: a worked pass as numbered lines, one of which is to be found."""

from __future__ import annotations

from nn_tutor.calculus.names import symbol
from nn_tutor.calculus.numerals import numeral
from nn_tutor.judging.diagnosis import introduced
from nn_tutor.network.quantities import shown_sign
from nn_tutor.plain.voices.base import Voice
from nn_tutor.tutor.hunting import Worked, asked_of
from nn_tutor.tutor.stations.hunting import Hunting
from nn_tutor.walkthrough.questions import given


class HuntingVoice(Voice[Hunting]):
    """A worked pass to look through."""

    def question(self) -> str:
        """Return what is looked for."""
        is_there = self.station.is_open and self.station.worked is not None
        return asked_of(self.station.activity) if is_there else ""

    def options(self) -> list[str]:
        """Return what is given, and the numbered lines."""
        return self.table()

    def how(self) -> str:
        """Return which lines there are."""
        worked = self.station.worked
        return "" if worked is None else f"Type the number of a line, 1 to {len(worked.lines)}."

    def revealed(self) -> list[str]:
        """Return the line and its reason, once it was shown."""
        worked = self.station.worked
        if worked is None or self.station.activity.id not in self.session.revealed:
            return []
        return [introduced(f"shown, line {worked.wrong + 1}", worked.reason)]

    def table(self) -> list[str]:
        """Return the worked pass."""
        worked = self.station.worked
        if worked is None:
            return super().table()
        network, passed = self.station.lesson_run.network(self.station.index), self.station.passed
        starts = ", ".join(f"{name} is {numeral(value)}" for name, value in given(network, passed))
        return [f"Given: {starts}.", *(self._line(worked, place) for place in range(len(worked.lines)))]

    def _line(self, worked: Worked, place: int) -> str:
        one, station = worked.lines[place], self.station
        network, passed = station.lesson_run.network(station.index), station.passed
        rule = one.theirs or self.setting.deriver.derive(network, passed, one.ref).rule
        name = symbol(network, passed.X.shape[0], one.ref)
        value = numeral(shown_sign(network, one.ref) * one.value + 0.0)
        return f"Line {place + 1}: {name} = {rule}; that is {value}."
