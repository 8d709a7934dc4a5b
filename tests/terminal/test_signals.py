"""Signals, stops and ends: the terminal is left as it was, and nothing that was typed is lost."""

from __future__ import annotations

import os
import signal
import sys
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.prober import Probe
from tests.lessons_for_tests import make_lesson, of_one_weight
from tests.program import PROGRAM

RUNNING = of_one_weight('kind = "train"\nto_loss = 1e-300\nmost = 100000')


@contextmanager
def held(probe: Probe) -> Iterator[Callable[[], list[Any]]]:
    """Hold the terminal open beyond the program's end; gives what tells the modes that it is in."""
    opened = os.open(probe.path, os.O_RDWR | os.O_NOCTTY)
    try:
        yield lambda: termios.tcgetattr(opened)
    finally:
        os.close(opened)


@pytest.mark.parametrize(("end", "status"), [("ctrl+q", 0), (signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_terminal_that_reads_nothing_more_does_not_hold_up_the_end(
    tmp_path: Path, end: str | signal.Signals, status: int
) -> None:
    make_lesson(tmp_path, RUNNING)
    with Probe([*PROGRAM, "start", str(tmp_path)], columns=120, rows=40) as probe:
        probe.wait_for("t runs it")
        probe.press("end")
        time.sleep(1.5)  # it runs, and nobody reads
        if isinstance(end, str):
            probe.press(end)
        else:
            probe.send_signal(end)
        assert probe.wait_unread(timeout=10) == status


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP])
def test_signals_end_it_with_the_terminal_as_it_was(number: signal.Signals) -> None:
    with Probe(PROGRAM, columns=80, rows=24) as probe, held(probe) as modes:
        before = modes()
        probe.wait_for("One weight")
        assert modes() != before
        probe.send_signal(number)
        assert probe.wait_for_end() == 128 + number
        assert modes() == before


@pytest.mark.parametrize("stop", ["ctrl+z", signal.SIGSTOP])
@pytest.mark.parametrize(("end", "status"), [("escape", 0), (signal.SIGTERM, 143)])
def test_a_program_that_was_stopped_and_went_on_loses_nothing(
    stop: str | signal.Signals, end: str | signal.Signals, status: int
) -> None:
    """Whether it was told of the stop or not, it takes the terminal, takes every key, paints all, and ends."""
    with Probe(PROGRAM, columns=80, rows=24) as probe, held(probe) as modes:

        def stop_it() -> None:
            if isinstance(stop, str):
                probe.press(stop)
            else:
                probe.send_signal(stop)
            probe.wait_for_stop()

        before = modes()
        probe.wait_for("One weight")
        while_running = modes()
        for number, delay in enumerate((0, 0.02, 0.04, 0.06, 0.08, 0.1), 2):
            stop_it()
            termios.tcsetattr(probe.terminal, termios.TCSANOW, before)  # as a shell does that takes it meanwhile
            probe.send_signal(signal.SIGCONT)
            time.sleep(delay)
            probe.press("down")
            probe.until_shown(f"▶  {number}")
            assert modes() == while_running
        stop_it()
        probe.screen.reset()
        probe.send_signal(signal.SIGCONT)
        for text in ("What does back-propagation", "▶  7", "enter open"):
            probe.until_shown(text)

        if isinstance(end, str):
            probe.press(end)
        else:
            probe.send_signal(end)
            probe.send_signal(signal.SIGCONT)  # as timeout(1) does
        assert probe.wait_for_end() == status
        assert modes() == before


@pytest.mark.parametrize(("end", "status"), [("ctrl+q", 0), (signal.SIGTERM, 143)])
def test_a_system_without_sighup_whose_loop_takes_no_signal_handlers(end: str | signal.Signals, status: int) -> None:
    """As on Windows."""
    program = (
        "import asyncio, signal, sys\n"
        "del signal.SIGHUP, signal.SIGQUIT\n"
        "def refuse(*_): raise NotImplementedError\n"
        "asyncio.unix_events._UnixSelectorEventLoop.add_signal_handler = refuse\n"
        "from nn_tutor.cli import main\n"
        "sys.exit(main([]))\n"
    )
    with Probe([sys.executable, "-c", program], columns=80, rows=24) as probe:
        probe.wait_for("One weight")
        if isinstance(end, str):
            probe.press(end)
        else:
            probe.send_signal(end)
        assert probe.wait_for_end() == status


def test_a_screen_that_hangs_ends_all_the_same() -> None:
    program = (
        "import sys\n"
        "from nn_tutor.terminal.screens.home import HomeScreen\n"
        "def hang(self, by):\n"
        "    while True: pass\n"
        "HomeScreen.action_mark = hang\n"
        "from nn_tutor.cli import main\n"
        "sys.exit(main([]))\n"
    )
    for end, status in (("ctrl+q", 0), (signal.SIGTERM, 143)):
        with Probe([sys.executable, "-c", program], columns=80, rows=24) as probe, held(probe) as modes:
            before = modes()
            probe.wait_for("One weight")
            probe.press("down")
            time.sleep(0.2)
            if isinstance(end, str):
                probe.press(end)
            else:
                probe.send_signal(end)
            assert probe.wait_for_end() == status
            assert modes() == before
