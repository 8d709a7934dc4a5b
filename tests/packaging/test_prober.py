"""The prober of the benchmarks sees what a person would: frames, answers to keys, the end of a program."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

from tests.benchmarks import bare_app
from tests.benchmarks.prober import MissedError, Probe

BARE = [sys.executable, str(Path(bare_app.__file__))]


def test_keys_are_answered_on_the_screen() -> None:
    with Probe(BARE, columns=60, rows=12) as probe:
        assert probe.wait_for("count 0.") > probe.started
        assert probe.press_for("a", "count 1.") > 0
        assert len(probe.press_in_time("bcd", ["count 2.", "count 3.", "count 4."], period=0.01)) == 3
        probe.until_shown("count 4.", timeout=0.1)
        with pytest.raises(MissedError, match="before 'a' is pressed"):
            probe.press_for("a", "count 4.")
        with pytest.raises(MissedError, match="did not come in time"):
            probe.wait_for("count 4.", timeout=0.1)  # no frame brings it again
        with pytest.raises(MissedError, match="did not come in time"):
            probe.until_shown("count 99.", timeout=0.1)
        probe.press("ctrl+q")
        assert probe.wait_for_end() == 0


def test_a_program_that_ends_is_noticed() -> None:
    with Probe([sys.executable, "-c", "import os; print(os.get_terminal_size()); raise SystemExit(3)"]) as probe:
        probe.wait_for("columns=120, lines=40")
        assert probe.wait_for_end() == 3
        with pytest.raises(MissedError, match="before the program ended"):
            probe.wait_for("more")


def test_a_program_is_ended_on_leaving() -> None:
    with Probe(["/bin/sh", "-c", "echo ready; sleep 60"]) as probe:
        probe.wait_for("ready")
    assert probe.wait_for_end() == -signal.SIGTERM


def test_the_terminal_is_the_programs_own() -> None:
    code = "import os; print('own' if os.tcgetpgrp(0) == os.getpgrp() else 'not its own')"
    with Probe([sys.executable, "-c", code]) as probe:
        probe.wait_for("own")
        assert not probe.shows("not its own")
