"""A key is answered at once: a run leaves off for it, and garbage is looked for when nobody waits."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import weakref
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any, cast

import pytest
from textual.timer import Timer

from nn_tutor.terminal.runner import FULL_SPEED, TURN, Runner
from nn_tutor.terminal.tidying import OLDER_EACH, Tidying


class Screen:
    """Notes what it is asked to call later, and after how long."""

    def __init__(self) -> None:
        self.delays: list[float] = []
        self.at_once = 0

    def set_timer(self, delay: float, callback: Callable[[], None]) -> Timer:
        self.delays.append(delay)
        return cast(Timer, SimpleNamespace(stop=lambda: None))

    def call_later(self, callback: Callable[[], None]) -> bool:
        self.at_once += 1
        return True


@pytest.mark.parametrize("beside", [False, True])
def test_a_piece_of_a_run_ends_where_a_key_waits(beside: bool) -> None:
    pressed = False
    goes_on = Runner(FULL_SPEED, lambda: pressed).piece(beside=beside)
    assert goes_on is not None
    assert goes_on(1)
    pressed = True
    assert not goes_on(2)


@pytest.mark.parametrize("pressed", [False, True])
def test_while_a_key_waits_the_next_piece_waits_too(pressed: bool) -> None:
    async def go_on() -> Screen:
        screen, runner = Screen(), Runner(FULL_SPEED, lambda: pressed)
        runner.start()
        runner.go_on(screen, lambda: None)
        for _ in range(30):
            await asyncio.sleep(0)
        return screen

    screen = asyncio.run(go_on())
    assert (screen.delays, screen.at_once) == (([TURN], 0) if pressed else ([], 1))


@pytest.mark.skipif(sys.platform == "win32", reason="its terminal is read in another way")
def test_the_driver_knows_of_a_key_before_it_is_read() -> None:
    from nn_tutor.terminal.drivers.posix import PosixDriver

    reader, writer = os.pipe()
    try:
        has_input = cast(Any, PosixDriver.has_input).fget
        terminal = SimpleNamespace(fileno=reader)
        assert not has_input(terminal)
        os.write(writer, b"t")
        assert has_input(terminal)
        os.read(reader, 1)
        assert not has_input(terminal)
    finally:
        os.close(reader)
        os.close(writer)


class Knot:
    """Holds itself, so that only a look for garbage frees it."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def _no_automatic_look() -> Iterator[None]:
    thresholds = gc.get_threshold()
    gc.set_threshold(1_000_000, 1_000, 1_000)
    yield
    gc.set_threshold(*thresholds)


@pytest.mark.usefixtures("_no_automatic_look")
def test_garbage_is_gone_soon_after_a_frame() -> None:
    async def after_frames() -> tuple[object, object]:
        tidying = Tidying()
        young, kept = Knot(), Knot()
        is_young, is_kept = weakref.ref(young), weakref.ref(kept)
        del young
        tidying.expect()
        tidying.expect()  # two frames, one look
        while is_young() is not None:
            await asyncio.sleep(0.01)
        gc.collect(0)  # the other one is of an older generation now
        del kept
        for _ in range(OLDER_EACH):
            tidying.expect()
            while tidying._is_due:
                await asyncio.sleep(0.01)
        return is_young(), is_kept()

    assert asyncio.run(asyncio.wait_for(after_frames(), 30)) == (None, None)


def test_while_there_is_no_looking_for_garbage_there_is_none_after_a_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[int] = []
    monkeypatch.setattr(gc, "collect", looks.append)
    monkeypatch.setattr(gc, "isenabled", lambda: False)

    async def after_a_frame() -> None:
        tidying = Tidying()
        tidying.expect()
        while tidying._is_due:
            await asyncio.sleep(0.01)

    asyncio.run(after_a_frame())
    assert looks == []
