"""Rows that pull a weight told: one by one with their numbers, and later how hard each of them pulls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nn_tutor.calculus.names import parameter
from nn_tutor.calculus.numerals import numeral
from nn_tutor.judging.visible import visible
from nn_tutor.plain.voices.base import Voice
from nn_tutor.tutor.pulling import Puller, asked_of, delta_name, entering_name, rule_of
from nn_tutor.tutor.stations.pulling import Pulling

if TYPE_CHECKING:
    from nn_tutor.network.spec import Network


class PullingVoice(Voice[Pulling]):
    """A comparison of rows."""

    @property
    def _network(self) -> Network:
        return self.station.lesson_run.network(self.station.index)

    def question(self) -> str:
        """Return what is looked for."""
        return asked_of(self._network, self.station.activity) if self.station.is_open else ""

    def options(self) -> list[str]:
        """Return the rows, each behind its number."""
        rows = self.station.found.rows
        return [f"{place}. {self._told(row)}" for place, row in enumerate(rows, start=1)]

    def how(self) -> str:
        """Return which rows there are."""
        return f"Type the number of a line, 1 to {len(self.station.found.rows)}."

    def shows(self) -> list[str]:
        """Return how hard each row pulls, and what all pulls add up to."""
        station, found = self.station, self.station.found
        ranked = found.ranked if found.count > len(found.rows) else ()
        total = f"All {found.count:,} {station.activity.noun}s together:"
        name = parameter(self._network, station.activity.weight)
        lines = [f"{rule_of(self._network, station.activity)}.", *map(self._told, found.rows)]
        if ranked:
            lines += [f"Of all the {station.activity.noun}s these pull hardest:", *map(self._told, ranked)]
        return [*lines, f"{total} ∂L/∂{name} = {numeral(found.total)}."]

    def revealed(self) -> list[str]:
        """Return the row, once it was shown."""
        found = self.station.found
        if self.station.activity.id not in self.session.revealed:
            return []
        return [f"shown: {found.hardest + 1}. {visible(found.rows[found.hardest].name)}"]

    def table(self) -> list[str]:
        """Return the rows as far as they may be known."""
        return self.options() if self.station.is_open else self.shows()

    def _told(self, row: Puller) -> str:
        station = self.station
        delta = delta_name(self._network, station.activity)
        enters = f"{entering_name(self._network, station.activity)} is {numeral(row.entering)}"
        error = f"its loss is {numeral(row.loss)}" if row.error is None else f"o − y is {numeral(row.error)}"
        slope = f", {delta} is {numeral(row.delta)}" if station.shows_delta else ""
        pull = "" if station.is_open else f", so its pull is {numeral(row.pull)}"
        return f"{visible(row.name)}: {enters}, {error}{slope}{pull}."
