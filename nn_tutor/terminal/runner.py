"""Running a training at the learner's speed: a timer that lets it go on in small pieces, so that keys are heard."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from textual.timer import Timer

TICK = 1 / 50
"""Seconds between two pieces of a run."""

PIECE = 0.008
"""Seconds of calculation in a piece at full speed: less than a key may wait."""


@dataclass(frozen=True, slots=True)
class Speed:
    """How many passes a second, None for as many as there can be, and how that is said."""

    rate: float | None
    name: str


SPEEDS: tuple[Speed, ...] = (
    Speed(2, "2 passes a second"),
    Speed(8, "8 passes a second"),
    Speed(30, "30 passes a second"),
    Speed(150, "150 passes a second"),
    Speed(1_000, "1,000 passes a second"),
    Speed(None, "full speed"),
)

USUAL_SPEED, FULL_SPEED = 1, len(SPEEDS) - 1

GoesOn = Callable[[int], bool]


class Runner:
    """Lets a run go on, piece by piece, until it has arrived or is paused; `below` is the loss it runs to, if any."""

    def __init__(self, speed: int) -> None:
        self.speed = speed
        self.below: float | None = None
        self._timer: Timer | None = None
        self._last = 0.0
        self._owed = 0.0

    @property
    def is_running(self) -> bool:
        """Whether the run goes on by itself now."""
        return self._timer is not None

    @property
    def says(self) -> str:
        """The speed in words."""
        return SPEEDS[self.speed].name

    def start(self, set_interval: Callable[[float, Callable[[], None]], Timer], tick: Callable[[], None]) -> None:
        """Let it go on; `tick` is called some 50 times a second."""
        self._last, self._owed = time.perf_counter(), 1.0
        self._timer = set_interval(TICK, tick)

    def stop(self) -> None:
        """Pause."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def change_speed(self, by: int) -> None:
        """Go faster or slower, by so many notches."""
        self.speed = min(max(0, self.speed + by), FULL_SPEED)

    def piece(self) -> GoesOn | None:
        """Return how long the piece that is due now goes on, None where none is due yet."""
        now, rate = time.perf_counter(), SPEEDS[self.speed].rate
        end = now + PIECE
        if rate is None:
            return lambda made: time.perf_counter() < end
        self._owed += (now - self._last) * rate
        self._last = now
        count = int(self._owed)
        self._owed -= count
        return (lambda made: made < count and time.perf_counter() < end) if count else None
