"""Your own network: entered field by field, walked, kept, resumed, renamed, deleted, and written to a folder."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from nn_tutor.cli import main
from nn_tutor.course.find import Listing
from nn_tutor.homework.keeping import Kept, kept_of
from nn_tutor.progress.log import open_log
from nn_tutor.terminal.app import TutorApp
from nn_tutor.terminal.screens.form import FormScreen
from nn_tutor.terminal.screens.home import HomeScreen
from nn_tutor.terminal.screens.lesson import LessonScreen
from nn_tutor.terminal.screens.sheet import SheetScreen
from nn_tutor.terminal.widgets.form_line import FormLine
from tests.benchmarks.prober import Probe
from tests.homework.test_form import LINES
from tests.in_a_terminal import type_line
from tests.program import PROGRAM
from tests.terminal.frames import frame

KEYS = {" ": "space", "-": "minus", ".": "full_stop", ";": "semicolon", "=": "equals_sign", ",": "comma"}
COURSE = (Listing("one", "One lesson", "", Path("nowhere")),)


def act(
    folder: Path, *does: Callable[[TutorApp, Pilot[None]], Awaitable[None]], size: tuple[int, int] = (80, 24)
) -> str:
    """Run the app at home, do things, and return the last frame."""

    async def run() -> str:
        app = TutorApp(COURSE, None, folder)
        async with app.run_test(size=size) as pilot:
            await at_home(app, pilot)
            for do in does:
                await do(app, pilot)
                await pilot.pause()
            return frame(app)

    return asyncio.run(run())


async def at_home(app: TutorApp, pilot: Pilot[None]) -> None:
    """Wait until home knows what was remembered."""
    while not isinstance(app.screen, HomeScreen) or app.screen.recalled is None:
        assert app.is_running
        await pilot.pause(0.02)
    await app.workers.wait_for_complete()
    await pilot.pause()


def press(*keys: str) -> Callable[[TutorApp, Pilot[None]], Awaitable[None]]:
    async def do(app: TutorApp, pilot: Pilot[None]) -> None:
        await pilot.press(*keys)

    return do


def enter(*lines: str) -> Callable[[TutorApp, Pilot[None]], Awaitable[None]]:
    """Type lines, with enter behind each."""

    async def do(app: TutorApp, pilot: Pilot[None]) -> None:
        for line in lines:
            await pilot.press(*(KEYS.get(character, character) for character in line), "enter")

    return do


def kept_in(folder: Path) -> tuple[Kept, ...]:
    with open_log(folder) as log:
        return kept_of(log.entries())


def test_a_textbook_network_in_a_few_keys_and_then_its_walk(tmp_path: Path) -> None:
    keys = 1 + sum(len(line) + 1 for line in LINES) + 1
    assert keys <= 120

    async def is_walked(app: TutorApp, pilot: Pilot[None]) -> None:
        assert isinstance(app.screen, LessonScreen)

    shown = act(tmp_path, press("n"), enter(*LINES, ""), is_walked)
    assert shown.startswith("  3-2-1 sigmoid")
    assert "L = 1/2·(o − y)²" in shown
    assert "forward" in shown
    (kept,) = kept_in(tmp_path)
    assert kept.is_complete


def test_what_is_typed_behind_a_tab_belongs_to_the_next_field_however_quickly_it_comes(tmp_path: Path) -> None:
    async def all_at_once(app: TutorApp, pilot: Pilot[None]) -> None:
        line = app.screen.query_one(FormLine)
        for key in (*"2-1", "tab", "5", "shift+tab", "end", *" relu", "down"):
            line._forward_event(events.Key(KEYS.get(key, key), key if len(key) == 1 else None))
        await pilot.pause()
        assert isinstance(app.screen, FormScreen)
        assert list(app.screen.form.texts.values()) == ["2-1 relu", "5"]

    act(tmp_path, press("n"), all_at_once)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)])
def test_the_network_and_the_loss_are_drawn_while_they_are_typed(tmp_path: Path, size: tuple[int, int]) -> None:
    async def look(app: TutorApp, pilot: Pilot[None]) -> None:
        shown = frame(app)
        assert "w₁₁₁ 0.2" in shown
        assert "The weights of layer 1: 2 rows of 3, one for each unit" in shown
        assert "row 1 of 2: 1 of 3" in shown
        assert "½" not in shown

    rest = (*[f" {LINES[2][3:]}"], *LINES[3:8])
    shown = act(
        tmp_path, press("n"), enter(*LINES[:2]), press("full_stop", "2"), look, enter(*rest), press(*"half"), size=size
    )
    assert "L = 1/2·(o − y)²  1 sample" in shown
    assert "x₁ 1" in shown
    assert all(len(line) <= size[0] for line in shown.splitlines())


REFUSED = [
    (0, "3-2-1 sigx", "did you mean sigmoid?"),
    (2, ".2 .4 -.5 9", "row 1: 4 numbers: give 3 numbers in each row"),
    (2, ".2 .4;", "row 1: 2 numbers"),
    (2, "0,2 .3 ", "write a decimal with a point: 0.2"),
    (2, ".2 x", "which is no number"),
    (2, "MSE0", "which is no number: write a number such as 0.5"),
    (6, "1 0 1 0", "4 numbers: give 3 numbers"),
    (8, "halv", "use one of half, mse"),
]
"""How many lines were entered before, what is typed, and what is said at once."""


def test_what_does_not_fit_is_told_while_it_is_typed(tmp_path: Path) -> None:
    async def try_all(app: TutorApp, pilot: Pilot[None]) -> None:
        entered = 0
        for before, typed, said in REFUSED:
            await enter(*LINES[entered:before])(app, pilot)
            entered = before
            await pilot.press(*(KEYS.get(key, key) for key in typed))
            await pilot.pause()
            shown = frame(app)
            assert said in " ".join(shown.split())
            assert "✗" in shown
            await pilot.press("ctrl+u")
            await pilot.pause()
            assert "✗" not in frame(app)

    act(tmp_path, press("n"), try_all)


def test_a_field_of_one_number_does_not_speak_of_rows(tmp_path: Path) -> None:
    assert "blanks, rows by semicolons; 1/3 and" in act(tmp_path, press("n"), enter(*LINES[:6]))
    rate = act(tmp_path, press("n"), enter(*LINES), press("up"))
    assert "The learning rate" in rate
    assert "a number; 1/3 and -0.5 are read too" in rate


def test_the_help_tells_the_keys_of_the_form_first(tmp_path: Path) -> None:
    shown = act(tmp_path, press("n", "f1"))
    assert "In this form" in shown
    assert "home; all is kept" in shown


def test_the_sheet_is_opened_from_the_form_once_that_is_complete(tmp_path: Path) -> None:
    async def is_sheet(app: TutorApp, pilot: Pilot[None]) -> None:
        assert isinstance(app.screen, SheetScreen)

    shown = act(tmp_path, press("n"), enter(*LINES[:5]), press("f3"))
    assert "this is still missing" in shown
    act(tmp_path, press("n"), enter(*LINES), press("f3"), is_sheet)


def test_enter_leaves_a_wrong_line_where_it_is(tmp_path: Path) -> None:
    async def check(app: TutorApp, pilot: Pilot[None]) -> None:
        assert isinstance(app.screen, FormScreen)
        assert app.screen.line.value == ".2 .4"
        assert app.screen.form.asked.key == "w1"

    shown = act(tmp_path, press("n"), enter(*LINES[:2], ".2 .4"), check)
    assert "2 numbers: give 3 numbers in each row" in shown


PASTED = [
    "[[0.2, 0.4, -0.5], [-0.3, 0.1, 0.2]]",
    "0.2 0.4 -0.5\r-0.3 0.1 0.2",
    "W =\r\r  0.2 0.4 -0.5\r  -0.3 0.1 0.2\r",
]


@pytest.mark.parametrize("text", PASTED)
def test_a_pasted_matrix_keeps_its_rows(tmp_path: Path, text: str) -> None:
    async def paste(app: TutorApp, pilot: Pilot[None]) -> None:
        assert isinstance(app.screen, FormScreen)
        app.screen.line.post_message(events.Paste(text))
        await pilot.pause()
        assert app.screen.line.value == "0.2 0.4 -0.5; -0.3 0.1 0.2"
        await pilot.press("enter")
        await pilot.pause()
        assert app.screen.form.asked.key == "b1"

    act(tmp_path, press("n"), enter(*LINES[:2]), paste)


def test_a_half_filled_form_goes_on_where_it_was_left(tmp_path: Path) -> None:
    act(tmp_path, press("n"), enter(*LINES[:3]), press("minus", "full_stop", "escape"))
    (kept,) = kept_in(tmp_path)
    assert not kept.is_complete

    async def check(app: TutorApp, pilot: Pilot[None]) -> None:
        assert isinstance(app.screen, FormScreen)
        assert app.screen.form.text_of("w1") == LINES[2]
        assert app.screen.line.value == "-."

    shown = act(tmp_path)
    assert "3-2-1 sigmoid" in shown
    act(tmp_path, press("end", "up", "enter"), check)


def test_quitting_in_the_middle_of_a_line_keeps_it(tmp_path: Path) -> None:
    with Probe([*PROGRAM, "homework", "--data-dir", str(tmp_path)], columns=80, rows=24) as probe:
        probe.wait_for("How many inputs")
        type_line(probe, "3-2-1 sigmoid")
        probe.wait_for("Is each row")
        probe.press("enter")
        probe.wait_for("weights of layer 1")
        for character in ".2 .4":
            probe.press(character)
        probe.wait_for("row 1 of 2: 2 of 3")
        probe.press("ctrl+q")
        assert probe.wait_for_end() == 0
    (kept,) = kept_in(tmp_path)
    assert dict(kept.form)["w1"] == ".2 .4"


def test_a_network_is_renamed_edited_and_deleted(tmp_path: Path) -> None:
    act(tmp_path, press("n"), enter(*LINES), press("escape"))
    act(tmp_path, press("end", "up", "r"), enter("sheet 3"), press("escape"))
    assert kept_in(tmp_path)[0].name == "sheet 3"
    assert "sheet 3" in act(tmp_path)
    shown = act(tmp_path, press("end", "up", "d"))
    assert "d once more deletes sheet 3" in shown
    assert len(kept_in(tmp_path)) == 1

    async def settled(app: TutorApp, pilot: Pilot[None]) -> None:
        await at_home(app, pilot)

    assert "sheet 3" not in act(tmp_path, press("end", "up", "d", "d"), settled)
    assert kept_in(tmp_path) == ()


def test_a_network_is_written_to_a_folder_that_check_accepts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    data = tmp_path / "data"
    act(data, press("n"), enter(*LINES), press("escape"))
    shown = act(data, press("end", "up", "x"), size=(120, 40))
    assert "written to 3-2-1-sigmoid" in shown
    act(data, press("end", "up", "x"))
    assert {path.name for path in tmp_path.iterdir()} == {"data", "3-2-1-sigmoid", "3-2-1-sigmoid-2"}
    assert main(["check", "3-2-1-sigmoid"]) == 0
    assert main(["check", "3-2-1-sigmoid-2"]) == 0
    assert "error" not in capsys.readouterr().err
    assert main(["trace", "3-2-1-sigmoid"]) == 0
    assert "0.4739" in capsys.readouterr().out


def test_a_test_is_offered_beside_a_lesson_alone(tmp_path: Path) -> None:
    assert "t test out" in act(tmp_path, press("home"))
    assert "t test out" not in act(tmp_path, press("end"))


def test_what_cannot_be_opened_is_told_at_home(tmp_path: Path) -> None:
    huge = [*LINES[:2], "1e308 1e308 1e308; 1 1 1", "", "1 1", "", "9 9 9", "1", "half", "1"]
    shown = act(tmp_path, press("n"), enter(*huge, ""))
    assert "the run of this lesson stops at pass 1" in " ".join(shown.split())
    assert len(kept_in(tmp_path)) == 1


def test_form_walk_sheet_quit_and_resume_in_a_terminal(tmp_path: Path) -> None:
    program = [*PROGRAM, "--data-dir", str(tmp_path)]
    with Probe(program, columns=80, rows=24) as probe:
        probe.wait_for("Learning from data")
        probe.press("n")
        probe.wait_for("How many inputs")
        prompts = [
            "Is each row",
            "weights of layer 1",
            "biases of layer 1",
            "weights of layer 2",
            "biases of layer 2",
        ]
        prompts += ["What goes in", "What should come out", "Which loss", "The learning rate", "enter opens the walk"]
        for line, prompt in zip(LINES, prompts, strict=True):
            type_line(probe, line)
            probe.wait_for(prompt)
        probe.press("enter")
        probe.wait_for("step 1 of 38")
        while "Where does w₁₁₁ go" not in probe.text():
            probe.press("enter")
            probe.settle(quiet=0.05)
        type_line(probe, "0.19215")
        probe.wait_for("✓ right")
        probe.press("enter")
        probe.wait_for("w₁₁₂")
        probe.press("f3")
        probe.wait_for("check the sheet")
        type_line(probe, "-0.71")  # z₁₁ is −0.7
        probe.press_for("f5", "first slip z₁₁")
        probe.press("ctrl+q")
        assert probe.wait_for_end() == 0
    with Probe(program, columns=120, rows=40) as probe:
        probe.wait_for("Continue  your own network, pass 1")
        probe.press("enter")
        probe.wait_for("Where does w₁₁₂ go")
        probe.press("f3")
        probe.wait_for("-0.71")
        probe.press("ctrl+q")
        assert probe.wait_for_end() == 0


def test_a_network_through_a_pipe_is_walked_in_the_terminal(tmp_path: Path) -> None:
    sheet = "in = 1 0 1\nlayer = sigmoid: .2 .4 -.5; -.3 .1 .2 | -.4 .2\nlayer = sigmoid: -.3 -.2 | .1\ntarget = 1\n"
    (tmp_path / "sheet.txt").write_text(sheet)
    command = f"{sys.executable} -m nn_tutor homework --data-dir {tmp_path / 'data'} - < {tmp_path / 'sheet.txt'}"
    with Probe(["sh", "-c", command], columns=80, rows=24) as probe:
        probe.wait_for("step 1 of 38")
        probe.press("ctrl+q")
        assert probe.wait_for_end() == 0
    assert [kept.name for kept in kept_in(tmp_path / "data")] == ["3-2-1 sigmoid"]


def test_the_same_network_said_again_goes_on_where_it_was(tmp_path: Path) -> None:
    program = [*PROGRAM, "homework", "--data-dir", str(tmp_path), "--save", "sheet 3"]
    program += ["--in", "1 2", "--layer", "tanh: .1 .2", "--target", "-1", "--ask", "links"]
    for seen, after in (("step 1 of", "step 2 of"), ("step 2 of", "step 3 of")):
        with Probe(program, columns=80, rows=24) as probe:
            probe.wait_for(seen)
            probe.press_for("enter", after)
            probe.press("ctrl+q")
            assert probe.wait_for_end() == 0
    assert [kept.name for kept in kept_in(tmp_path)] == ["sheet 3"]
    assert os.listdir(tmp_path)
