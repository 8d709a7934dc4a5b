"""The whole program in terminals that send, read and end in ways of their own."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest
from textual.pilot import Pilot

from nn_tutor.course.find import Listing
from nn_tutor.terminal.app import TutorApp
from nn_tutor.terminal.screens.home import HomeScreen
from tests.benchmarks.prober import Probe
from tests.in_a_terminal import answer_the_choice, go_on_to_the_question, walk_to_the_question
from tests.lessons_for_tests import ONE_WEIGHT, make_lesson, of_one_weight, overflowing
from tests.program import PROGRAM
from tests.terminal.frames import see, until

RUNNING = of_one_weight('kind = "train"\nto_loss = 1e-300\nmost = 100000')


@pytest.mark.parametrize(
    "data", [b"\xe9", b"\x1b[M \xff\xff", b"\x1b[49;1:3u", b"\x1b[M\xa0\xc3\xc3", b"\x1b[200~\xff\r2\x1b[201~"]
)
def test_bytes_that_cannot_be_read_change_nothing(data: bytes) -> None:
    with Probe(PROGRAM, columns=120, rows=24) as probe:
        probe.wait_for("One weight")
        os.write(probe.terminal, data)
        time.sleep(0.05)
        probe.press("down")
        probe.settle()
        probe.press("end")
        probe.wait_for("▶     Your own data")
        probe.press("ctrl+q")
        assert probe.wait_for_end() == 0


def test_escape_and_a_letter_at_once_look_around(tmp_path: Path) -> None:
    make_lesson(tmp_path, ONE_WEIGHT)
    with Probe([*PROGRAM, "start", str(tmp_path)], columns=100, rows=30) as probe:
        walk_to_the_question(probe)
        os.write(probe.terminal, b"\x1bc")  # the code
        probe.wait_for("6 w_new = w - lr * dL_dw")
        probe.settle()
        assert not probe.shows("answering")
        assert probe.shows("looking around")
        assert not probe.shows("> c")


def test_messages_that_go_to_a_file_leave_the_screen(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with Probe(["/bin/sh", "-c", f'exec "$@" 2>{log}', "sh", *PROGRAM], columns=100, rows=30) as probe:
        probe.wait_for("One weight")
        probe.press("ctrl+q")
        assert probe.wait_for_end() == 0
    assert log.read_text() == ""


def test_messages_that_go_nowhere_leave_the_screen() -> None:
    with Probe(["/bin/sh", "-c", 'exec "$@" 2>&-', "sh", *PROGRAM], columns=100, rows=30) as probe:
        probe.wait_for("One weight")
        probe.press("ctrl+q")
        assert probe.wait_for_end(timeout=5) == 0


def test_the_frames_that_nobody_read_are_made_up_for(tmp_path: Path) -> None:
    make_lesson(tmp_path, RUNNING)
    with Probe([*PROGRAM, "start", str(tmp_path)], columns=120, rows=40) as probe:
        probe.wait_for("t runs it")
        probe.press("end")
        time.sleep(1.5)
        probe.press("c")  # pauses it; nothing of this was read so far
        probe.press("f1")
        probe.wait_for("While you look around")
        probe.press("escape")
        for text in ("t runs it", "η 0.3", "pass "):  # what was owed is paid once the terminal has read the rest
            probe.until_shown(text)


def test_a_small_window_takes_no_key(tmp_path: Path) -> None:
    make_lesson(tmp_path, ONE_WEIGHT)
    stale = {"COLUMNS": "80", "LINES": "24"}
    with Probe([*PROGRAM, "start", str(tmp_path)], columns=59, rows=16, environment=stale) as probe:
        probe.wait_for("needs 60×16, has 59×16")
        for key in ("1", "enter", "enter", "s", "s", "right", "q", "f1"):
            probe.press(key)
        probe.settle()
        assert probe.shows("needs 60×16, has 59×16")
        probe.resize(80, 24)
        probe.wait_for("  1/")
        probe.press("ctrl+q")
        assert probe.wait_for_end() == 0
    listed = subprocess.run([*PROGRAM, "progress", "--json"], capture_output=True, text=True, check=True).stdout
    assert '"questions": 0' in listed


def test_ctrl_c_says_how_to_quit_in_the_place_of_the_footer(tmp_path: Path) -> None:
    make_lesson(tmp_path, ONE_WEIGHT)
    with Probe([*PROGRAM, "start", str(tmp_path)], columns=80, rows=24) as probe:
        walk_to_the_question(probe)
        if not probe.shows("w − η·∂L/∂w"):  # SymPy may have been ready before
            probe.wait_for("w − η·∂L/∂w")
        probe.press("3.1")
        probe.wait_for("> 3.1")
        above = probe.screen.display[:-1]
        probe.press("ctrl+c")
        probe.wait_for("ctrl+q quits")
        probe.settle()
        assert probe.screen.display[:-1] == above
        assert "ctrl+q quits" in probe.screen.display[-1]
        probe.press("2")
        probe.wait_for("> 3.12")


def test_a_theme_is_remembered(tmp_path: Path) -> None:
    environment = {"NN_TUTOR_HOME": str(tmp_path)}
    with Probe(PROGRAM, columns=80, rows=24, environment=environment) as probe:
        probe.wait_for("One weight")
        probe.press("ctrl+p")
        probe.wait_for("Dark theme")
        assert not probe.shows("Maximize")
        assert not probe.shows("Screenshot")
        probe.press("light")
        probe.wait_for("Light theme")
        probe.settle()
        probe.press("enter")
        probe.settle()
        probe.press("ctrl+q")
        assert probe.wait_for_end() == 0
    assert (tmp_path / "settings.json").read_text() == '{"theme": "nn-tutor-light"}\n'
    with Probe(PROGRAM, columns=80, rows=24, environment=environment) as probe:
        probe.wait_for("One weight")
        assert probe.screen.buffer[1][0].bg == "fbfaf6"


def colours(probe: Probe) -> set[str]:
    """The colours of all cells of the screen, backgrounds too."""
    cells = [cell for row in probe.screen.buffer.values() for cell in row.values()]
    return {cell.fg for cell in cells} | {cell.bg for cell in cells}


@pytest.mark.parametrize(("options", "variable"), [(["--no-color"], ""), ([], "1")], ids=["option", "variable"])
def test_without_colours_the_terminals_own_are_left_alone(tmp_path: Path, options: list[str], variable: str) -> None:
    environment = {"NN_TUTOR_HOME": str(tmp_path), "NO_COLOR": variable}
    with Probe([*PROGRAM, *options], columns=80, rows=24, environment=environment) as probe:
        probe.wait_for("One weight")
        probe.settle()
        assert colours(probe) == {"default"}
        assert any(cell.bold for cell in probe.screen.buffer[1].values())
        probe.press("ctrl+p")
        probe.wait_for("Dark theme")
        probe.settle()
        assert colours(probe) == {"default"}
        chosen = "".join(cell.data for row in probe.screen.buffer.values() for cell in row.values() if cell.reverse)
        assert "Dark theme" in chosen
        probe.press("escape")
        probe.settle()
        probe.press("enter")
        probe.wait_for("  1/")
        probe.settle()
        assert colours(probe) == {"default"}


def test_a_run_that_overflows_in_the_middle_of_a_lesson_ends_it_with_one_sentence(tmp_path: Path) -> None:
    make_lesson(tmp_path, overflowing())
    with Probe([*PROGRAM, "start", str(tmp_path)], columns=100, rows=30) as probe:
        probe.wait_for("  1/")
        for key in ("1", "enter", "enter", "enter", "enter"):
            probe.press(key)
            probe.settle()
        assert probe.wait_for_end() == 3
        assert probe.shows("stops at pass 1")
        assert not probe.shows("our fault")


@pytest.mark.parametrize("again", [False, True], ids=["once", "opened again"])
def test_a_run_that_overflows_in_a_lesson_opened_from_home_leads_home_with_the_sentence(
    tmp_path: Path, again: bool
) -> None:
    listing = Listing(make_lesson(tmp_path, overflowing()).id, "An overflow", "", tmp_path)

    async def read(app: TutorApp, pilot: Pilot[None]) -> None:
        for key in ("enter",) * (4 if again else 0):
            await pilot.press(key)
            await pilot.pause()
        await until(pilot, lambda: isinstance(app.screen, HomeScreen))
        assert app.is_running

    text = see("enter 1 enter enter enter enter", lessons=(listing,) * 30, size=(80, 24), then=read)
    said = " ".join(text.split())
    assert "the run of this lesson stops at pass 1: overflow: the numbers became too large" in said
    assert "change the weights, the data or the learning rate, or walk fewer passes" in said
    assert "An overflow" in text


def test_quitting_with_answers_that_are_not_saved_says_so_first(tmp_path: Path) -> None:
    make_lesson(tmp_path, ONE_WEIGHT)
    (tmp_path / "file").write_text("no folder")
    environment = {"NN_TUTOR_HOME": str(tmp_path / "file")}
    with Probe([*PROGRAM, "start", str(tmp_path)], columns=120, rows=30, environment=environment) as probe:
        answer_the_choice(probe)
        probe.press("ctrl+q")
        probe.wait_for("things you did are not saved: ctrl+q once more loses them")
        probe.settle(quiet=1.2)
        probe.press("ctrl+q")
        assert probe.wait_for_end() == 0
        assert probe.shows("could not be saved")


def test_an_empty_no_color_means_nothing() -> None:
    with Probe(PROGRAM, columns=80, rows=24, environment={"NO_COLOR": ""}) as probe:
        probe.wait_for("One weight")
        probe.settle()
        assert any(len({colour[:2], colour[2:4], colour[4:]}) > 1 for colour in colours(probe) - {"default"})


def click(probe: Probe, text: str) -> None:
    """Press and let go the left button on the first character of a text that is on the screen."""
    row = next(row for row, content in enumerate(probe.screen.display) if text in content)
    column = probe.screen.display[row].index(text)
    for state in "Mm":
        os.write(probe.terminal, f"\x1b[<0;{column + 1};{row + 1}{state}".encode())


@pytest.mark.parametrize("size", [(120, 40), (200, 50)])
def test_an_option_in_a_frame_is_clicked(tmp_path: Path, size: tuple[int, int]) -> None:
    make_lesson(tmp_path, ONE_WEIGHT)
    with Probe([*PROGRAM, "start", str(tmp_path)], columns=size[0], rows=size[1]) as probe:
        probe.wait_for("  1/")
        probe.settle()
        assert any("│" in text and "a  this one" in text for text in probe.screen.display)
        click(probe, "b  ")
        probe.wait_for("> b")
        probe.settle()
        click(probe, "a  this one")
        probe.wait_for("> a")
        probe.settle()
        click(probe, "a  this one")
        probe.wait_for("✓ right")


def test_options_and_tabs_are_clicked_and_the_wheel_moves(tmp_path: Path) -> None:
    make_lesson(tmp_path, ONE_WEIGHT)
    with Probe([*PROGRAM, "start", str(tmp_path)], columns=100, rows=30) as probe:
        probe.wait_for("  1/")
        probe.settle()
        click(probe, "a  this one")
        probe.wait_for("> a")
        probe.settle()
        click(probe, "a  this one")
        probe.wait_for("✓ right")
        go_on_to_the_question(probe)
        probe.settle()
        assert probe.shows("[1 chain]")
        click(probe, "3 code")
        probe.wait_for("[3 code]")
        probe.press("ctrl+q")
        assert probe.wait_for_end() == 0
    with Probe(PROGRAM, columns=100, rows=30) as probe:
        probe.wait_for("One weight")
        probe.settle()
        os.write(probe.terminal, b"\x1b[<65;10;10M")
        probe.wait_for("▶  2")
