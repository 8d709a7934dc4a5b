"""Running a training at the learner's speed: in small pieces, so that keys are heard between them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Protocol

from textual.timer import Timer

from nn_tutor.dataclass import dataclass

PIECE = 0.003
"""Seconds of calculation in a piece at full speed: a key passes several hands, and waits for a piece at each."""

TICK, ROUNDS = 1 / 50, 8
"""Seconds between two pieces, and at full speed the rounds of the event loop."""

TURN = 0.002
"""Seconds in which a key that waits is read: while one thread calculates, the one that reads hardly gets a turn."""

FRAME = 0.06
"""At full speed so many seconds lie between two pictures: nobody sees more, and painting takes longer than a piece."""


KEY = 0.03
"""Seconds in which nothing is calculated after a key."""


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


class Calls(Protocol):
    """Who has something called later."""

    def set_timer(self, delay: float, callback: Callable[[], None]) -> Timer:
        """Have something called in so many seconds."""

    def call_later(self, callback: Callable[[], None]) -> bool:
        """Have something called once what waits before it is done."""


class Runner:
    """Lets a run go on, piece by piece, until it has arrived or is paused; `below` is the loss it runs to, if any.

    `is_wanted` says whether a key waits to be read: then no further pass is made.
    """

    def __init__(self, speed: int, is_wanted: Callable[[], bool] = lambda: False) -> None:
        self.speed = speed
        self._is_wanted = is_wanted
        self.hurries = False
        """Whether this one run goes at full speed, whatever the learner's own speed is."""
        self.below: float | None = None
        self.is_running = False
        self._stops = 0
        self._cancel: Callable[[], None] = _nothing
        self._last = 0.0
        self._retry_due = 0.0
        self._painted = 0.0
        self._free_from = 0.0

    @property
    def says(self) -> str:
        """The speed in words."""
        return self._at.name

    @property
    def _at(self) -> Speed:
        return SPEEDS[FULL_SPEED if self.hurries else self.speed]

    def start(self) -> None:
        """Let it go on; `go_on` has to follow."""
        self._last, self._retry_due = time.perf_counter(), 1.0
        self.is_running = True

    def go_on(self, screen: Calls, tick: Callable[[], None]) -> None:
        """Have `tick` called for the next piece, unless the run was paused.

        At full speed that is after some rounds of the event loop, so that a key comes through all of its hands: a timer
        would sleep for a millisecond at the least, a third of a piece.
        """
        if not self.is_running:
            return
        stops = self._stops

        def tick_if_due() -> None:
            if stops == self._stops:
                tick()

        def after(rounds: int) -> None:
            if rounds:
                self._cancel = asyncio.get_running_loop().call_soon(after, rounds - 1).cancel
            else:
                screen.call_later(tick_if_due)

        turn = TURN if self._is_wanted() else 0.0
        wait = max(turn if self._at.rate is None else TICK, self._free_from - time.perf_counter())
        if wait:
            self._cancel = screen.set_timer(wait, tick_if_due).stop
        else:
            after(ROUNDS)

    def stop(self) -> None:
        """Pause."""
        self.is_running = self.hurries = False
        self._stops += 1
        self._cancel()
        self._cancel = _nothing

    def change_speed(self, by: int) -> None:
        """Go faster or slower, by so many notches."""
        self.speed = min(max(0, (FULL_SPEED if self.hurries else self.speed) + by), FULL_SPEED)
        self.hurries = False

    @property
    def shows(self) -> bool:
        """Whether the piece that was just made is to be painted."""
        now = time.perf_counter()
        if self._at.rate is None and now < self._painted + FRAME:
            return False
        self._painted = now
        return True

    def make_way(self) -> None:
        """Leave a moment free, since a key was pressed."""
        self._free_from = time.perf_counter() + KEY

    def piece(self, *, beside: bool = False) -> GoesOn | None:
        """Return how long the piece that is due now goes on, None where none is due yet.

        A piece that is made `beside` the screen, in a thread, may take as long as a picture; a key ends it.
        """
        now, rate = time.perf_counter(), self._at.rate
        if now < self._free_from:
            return None
        is_in_time = self._within(FRAME) if beside else self._until(now + PIECE)
        if rate is None:
            return is_in_time
        self._retry_due += (now - self._last) * rate
        self._last = now
        count = int(self._retry_due)
        self._retry_due -= count
        return (lambda made: made < count and is_in_time(made)) if count else None

    def _within(self, length: float) -> GoesOn:
        """Go on for `length` seconds from the first pass, as a thread may begin late, or until a key comes."""
        end = 0.0

        def goes_on(made: int) -> bool:
            nonlocal end
            now = time.perf_counter()
            end = end or now + length
            return self._free_from <= now < end and not self._is_wanted()

        return goes_on

    def _until(self, end: float) -> GoesOn:
        return lambda made: time.perf_counter() < end and not self._is_wanted()


def _nothing() -> None:
    """Nothing waits."""
