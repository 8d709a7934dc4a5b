"""Whoever kills the program in the middle of a lesson finds it at the same step; what was judged is on the disk."""

from __future__ import annotations

import os
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.benchmarks.prober import Probe
from tests.in_a_terminal import type_line, walk_to_the_question
from tests.lessons_for_tests import ONE_WEIGHT, make_lesson
from tests.program import PROGRAM


def answers(home: Path) -> list[str]:
    """The contents of the answers in the log, read without any of our code."""
    with closing(sqlite3.connect(home / "progress.db")) as connection:
        rows = connection.execute("SELECT content FROM entry WHERE kind IN ('answer', x'616e73776572')").fetchall()
    return [content.decode() if isinstance(content, bytes) else content for (content,) in rows]


def test_a_kill_in_the_middle_leads_back_to_the_same_step(tmp_path: Path, progress_of_its_own: Path) -> None:
    make_lesson(tmp_path, ONE_WEIGHT)
    with Probe([*PROGRAM, "start", str(tmp_path)], columns=100, rows=30) as probe:
        walk_to_the_question(probe)
        type_line(probe, "3.302")
        probe.wait_for("you added the step")
        assert any('"added-step"' in content for content in answers(progress_of_its_own))
        probe.press("?")
        probe.wait_for("hint 1 of ")
        probe.settle()
        probe.send_signal(signal.SIGKILL)
        assert probe.wait_for_end() == -signal.SIGKILL
    with Probe([*PROGRAM, "start", str(tmp_path)], columns=100, rows=30) as probe:
        probe.wait_for("step 6 of")
        probe.settle()
        assert probe.shows("Where does w go")
        assert probe.shows("pass 1")
        probe.press("?")
        probe.wait_for("hint 2 of ")
        probe.press("ctrl+q")
        assert probe.wait_for_end() == 0


def test_home_offers_to_go_on(progress_of_its_own: Path) -> None:
    with Probe([*PROGRAM], columns=80, rows=24) as probe:
        probe.wait_for("Learning from data")
        probe.press("enter")
        probe.wait_for("  1/")
        probe.press("b")
        probe.press("enter")
        probe.wait_for("✓ right")
        probe.press("enter")
        probe.wait_for("  2/")
        probe.settle()
        probe.send_signal(signal.SIGKILL)
        probe.wait_for_end()
    with Probe([*PROGRAM], columns=80, rows=24) as probe:
        probe.wait_for("Continue  1 Learning from data")
        probe.press("enter")
        probe.wait_for("  2/")
        probe.press("ctrl+q")
        assert probe.wait_for_end() == 0


def test_a_place_that_cannot_be_written_is_told_and_the_lesson_goes_on(tmp_path: Path) -> None:
    make_lesson(tmp_path / "lesson", ONE_WEIGHT)
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    environment = {**os.environ, "NN_TUTOR_HOME": str(tmp_path / "file")}
    command = [*PROGRAM, "start", str(tmp_path / "lesson")]
    with Probe(command, columns=100, rows=30, environment=environment) as probe:
        probe.wait_for("not saving")
        probe.press("1")
        probe.press("enter")
        probe.wait_for("✓ right")
        probe.press("enter")
        probe.wait_for("Nudge it")
        probe.press("ctrl+q")
        probe.wait_for("ctrl+q once more loses")
        probe.press("ctrl+q")
        assert probe.wait_for_end() == 0
