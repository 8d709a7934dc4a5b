"""A file of the learner's own in a real terminal, by the keyboard alone: picked, walked, left and gone on with."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.benchmarks.prober import Probe
from tests.dataset.test_lesson import CLASSES
from tests.program import PROGRAM


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such terminal")
def test_file_first_slope_quit_and_resume(tmp_path: Path) -> None:
    (tmp_path / "things.csv").write_bytes(CLASSES)
    program = [*PROGRAM, "--data-dir", str(tmp_path / "progress"), "data", str(tmp_path / "things.csv")]
    with Probe(program, columns=80, rows=24) as probe:
        probe.wait_for("to learn from")
        probe.press_for("enter", "Standardising")
        probe.press_for("enter", "rise or fall")
        probe.press("+")
        probe.press("enter")
        probe.settle()
        assert probe.shows("correct") or probe.shows("not yet")
        probe.press("ctrl+q")
        assert probe.wait_for_end() == 0
    with Probe([*PROGRAM, "--data-dir", str(tmp_path / "progress")], columns=80, rows=24) as probe:
        probe.wait_for("Continue  things.csv · kind")
        probe.press("enter")
        probe.wait_for("∂L/∂w")
        assert probe.shows("answering") or probe.shows("looking")
        assert not probe.shows("  1/")
        probe.press("ctrl+q")
        assert probe.wait_for_end() == 0
