"""Your own data on the screen: a file is picked, choices are made, the lesson is opened, kept and gone on with."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from textual.pilot import Pilot
from textual.widgets import DirectoryTree

from nn_tutor.calculus.derivation import SymPyDeriver
from nn_tutor.dataset.proposal import Options
from nn_tutor.network.spec import ELEMENTWISE
from nn_tutor.progress.data_files import DataFile, open_data
from nn_tutor.terminal.app import TutorApp
from nn_tutor.terminal.drawing.ink import plain
from nn_tutor.terminal.panels.data import draw_choices
from nn_tutor.terminal.runner import GoesOn, Runner
from nn_tutor.terminal.screens.data import DataScreen
from nn_tutor.terminal.screens.data_files import DataFilesScreen
from nn_tutor.terminal.screens.home import HomeScreen
from nn_tutor.terminal.screens.lesson import LessonScreen
from nn_tutor.tutor.running import LossHistory
from tests.dataset.test_lesson import CLASSES
from tests.terminal.frames import frame, until

Play = Callable[[TutorApp, Pilot[None]], Awaitable[None]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    here = tmp_path / "files"
    here.mkdir()
    (here / "things.csv").write_bytes(CLASSES)
    (here / "words.md").write_text("no data")
    (here / ".hidden.csv").write_bytes(CLASSES)
    monkeypatch.chdir(here)
    return here


def play(app: TutorApp, how: Play, size: tuple[int, int] = (80, 24)) -> None:
    app.deriver = SymPyDeriver()

    async def run() -> None:
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await how(app, pilot)

    asyncio.run(run())


def home_app(folder: Path) -> TutorApp:
    return TutorApp((), None, folder.parent / "progress")


async def to_picker(app: TutorApp, pilot: Pilot[None]) -> None:
    await pilot.press("end", "enter")
    await until(pilot, lambda: isinstance(app.screen, DataFilesScreen))
    await until(pilot, lambda: bool(app.screen.query_one(DirectoryTree).root.children))


async def to_file(app: TutorApp, pilot: Pilot[None], name: str = "things.csv") -> None:
    await to_picker(app, pilot)
    tree = app.screen.query_one(DirectoryTree)
    names = [str(node.label) for node in tree.root.children]
    while tree.cursor_line != names.index(name) + 1:
        await pilot.press("down" if tree.cursor_line <= names.index(name) else "up")


def test_from_the_file_to_the_first_predicted_slope_in_five_keys(folder: Path) -> None:
    async def how(app: TutorApp, pilot: Pilot[None]) -> None:
        await to_file(app, pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, DataScreen))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, DataFilesScreen))
        assert "reading" not in frame(app)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, DataScreen))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, LessonScreen))
        await pilot.press("enter")
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        question = screen.session.question
        assert question is not None
        assert (question.kind, question.ref.quantity) == ("sign", "dW")
        await pilot.press("plus_sign" if question.truth > 0 else "minus", "enter")
        assert screen.session.attempts[-1].judgement.verdict == "correct"
        assert "✓ correct" in frame(app) or "✓ right" in frame(app)

    play(home_app(folder), how)


def test_only_folders_and_files_that_may_hold_data_are_offered(folder: Path) -> None:
    (folder / "more").mkdir()

    async def how(app: TutorApp, pilot: Pilot[None]) -> None:
        await to_picker(app, pilot)
        tree = app.screen.query_one(DirectoryTree)
        assert [str(node.label) for node in tree.root.children] == ["more", "things.csv"]
        await pilot.press("backspace")
        await until(pilot, lambda: Path(tree.path) == folder.parent)
        await until(pilot, lambda: "files" in {str(node.label) for node in tree.root.children})
        await pilot.press("escape")
        assert isinstance(app.screen, HomeScreen)

    play(home_app(folder), how)


def test_a_file_that_cannot_be_used_is_told_below_the_tree_and_another_can_be_picked(folder: Path) -> None:
    (folder / "bad.csv").write_bytes(CLASSES.replace(b",x", b",x,y", 1))

    async def how(app: TutorApp, pilot: Pilot[None]) -> None:
        await to_file(app, pilot, "bad.csv")
        await pilot.press("enter")
        await until(pilot, lambda: "4 cells, but there are 3 columns" in frame(app))
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(app.screen, DataScreen))

    play(home_app(folder), how)


def test_a_lesson_on_data_is_kept_listed_at_home_and_gone_on_with(folder: Path) -> None:
    async def first(app: TutorApp, pilot: Pilot[None]) -> None:
        await to_file(app, pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, DataScreen))
        await pilot.press("down", "down", "5", "enter")
        await until(pilot, lambda: isinstance(app.screen, LessonScreen))
        await pilot.press("enter", "plus_sign", "enter")
        await pilot.press("escape", "q")
        await until(pilot, lambda: "Continue  things.csv · kind" in frame(app))

    async def again(app: TutorApp, pilot: Pilot[None]) -> None:
        await until(pilot, lambda: "Continue  things.csv · kind" in frame(app))
        assert frame(app).count("things.csv · kind") == 2
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, LessonScreen))
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        assert screen.session.activity.id == "row"
        assert [attempt.text for attempt in screen.session.attempts] == ["+"]
        assert screen.session.lesson_run.network(1).layers[0].units == 5

    async def forgotten(app: TutorApp, pilot: Pilot[None]) -> None:
        await until(pilot, lambda: "Continue  things.csv · kind" in frame(app))
        await pilot.press("end")
        assert "take off the list" in frame(app)
        await pilot.press("d")
        assert "d once more takes things.csv · kind off this list" in frame(app)
        await pilot.press("home", "end", "d", "d")
        await until(pilot, lambda: "things.csv" not in frame(app))
        assert (folder / "things.csv").exists()

    async def gone(app: TutorApp, pilot: Pilot[None]) -> None:
        await until(pilot, lambda: "Continue  things.csv · kind" in frame(app))
        await pilot.press("enter")
        await until(pilot, lambda: "there is no such file" in frame(app))

    play(home_app(folder), first)
    play(home_app(folder), again)
    (folder / "things.csv").unlink()
    play(home_app(folder), gone)
    (folder / "things.csv").write_bytes(CLASSES)
    play(home_app(folder), forgotten)


def things(folder: Path, options: Options | None = None) -> DataFile:
    return open_data(folder / "things.csv", options or Options())


def test_choices_are_made_with_the_arrows_and_with_digits(folder: Path) -> None:
    async def how(app: TutorApp, pilot: Pilot[None]) -> None:
        screen = app.screen
        assert isinstance(screen, DataScreen)
        await until(pilot, lambda: bool(screen.choices.train_lines))
        assert "to learn from" in frame(app)
        await pilot.press("left")
        assert screen.choices.value_of("target") == "wide"
        assert screen.choices.value_of("task") == "regression"
        await until(pilot, lambda: bool(screen.choices.train_lines))
        await pilot.press("right", "down", "down", "1", "2")
        assert screen.choices.value_of("hidden") == "12"
        await pilot.press("backspace", "left", "down", "right", "right", "down", "left")
        assert screen.choices.value_of("hidden") == "0"
        assert screen.choices.value_of("activation") == ELEMENTWISE[ELEMENTWISE.index("tanh") + 2]
        assert screen.choices.rate == 0.1
        await until(pilot, lambda: bool(screen.choices.train_lines))
        await pilot.press("down", "right")
        assert screen.choices.row == screen.choices.train_lines[1]
        await pilot.press("down", "7")
        assert screen.choices.options.seed == 7
        assert screen.choices.options.row == 0, "another seed keeps other rows apart"

    play(TutorApp((), None, folder.parent / "progress", data=things(folder)), how)


def test_a_row_that_is_no_training_row_is_told_and_not_opened(folder: Path) -> None:
    file = things(folder)
    line = file.prepared(Options()).test.lines[0]

    async def how(app: TutorApp, pilot: Pilot[None]) -> None:
        screen = app.screen
        assert isinstance(screen, DataScreen)
        await until(pilot, lambda: bool(screen.choices.train_lines))
        await pilot.press(*["down"] * 5, *str(line))
        assert "no training row" in frame(app)
        await pilot.press("enter")
        await until(pilot, lambda: "which no gradient may see" in frame(app))
        assert isinstance(app.screen, DataScreen)

    play(TutorApp((), None, folder.parent / "progress", data=file), how)


def test_a_program_that_was_started_for_a_file_ends_where_nothing_is_wanted_of_it(folder: Path) -> None:
    async def how(app: TutorApp, pilot: Pilot[None]) -> None:
        await pilot.press("escape")
        await until(pilot, lambda: not app.is_running or app._exit)

    play(TutorApp((), None, folder.parent / "progress", data=things(folder)), how)


@pytest.mark.parametrize("size", [(80, 24), (60, 16), (120, 40), (30, 8)])
def test_the_choices_fit_any_screen(folder: Path, size: tuple[int, int]) -> None:
    choices = things(folder).choices.with_split((2, 3, 4), (5,))
    drawn = draw_choices(choices, *size)
    assert len(drawn) <= size[1]
    assert all(len(line) <= size[0] for line in plain(drawn).splitlines())


def test_where_there_is_room_the_first_rows_are_seen_and_which_of_them_is_walked(folder: Path) -> None:
    (folder / "rows.csv").write_text("size,kind\n" + "".join(f"{n}.5,{'ab'[n % 2]}\n" for n in range(1, 61)))
    file = open_data(folder / "rows.csv", Options())
    prepared = file.prepared(file.choices.options)
    choices = file.choices.with_split(prepared.train.lines, prepared.test.lines)
    shown = plain(draw_choices(choices, 120, 40)).splitlines()
    rows = shown[shown.index(" The first rows") + 2 :]
    walked = [line.split() for line in rows if line.startswith(" ▶ ")]
    assert walked == [["▶", str(choices.row), f"{choices.row - 1}.5", "ab"[(choices.row - 1) % 2]]]
    for line in rows:
        is_tested = int(line.replace("▶", "").split()[0]) not in prepared.train.lines
        assert ("kept to test on" in line) == is_tested
    far = replace(choices, options=replace(choices.options, row=prepared.train.lines[-1]))
    assert f" ▶ {prepared.train.lines[-1]} " in plain(draw_choices(far, 120, 40))


def test_a_row_without_a_value_is_not_said_to_be_kept_for_the_test(folder: Path) -> None:
    (folder / "gap.csv").write_text(
        "size,price\n" + "".join(f"{n}.5,{'' if n == 2 else n * n}\n" for n in range(1, 13))
    )
    file = open_data(folder / "gap.csv", Options())
    prepared = file.prepared(file.choices.options)
    choices = file.choices.with_split(prepared.train.lines, prepared.test.lines)
    rows = [line for line in plain(draw_choices(choices, 120, 40)).splitlines() if " 2.5 " in f"{line} "]
    assert [line.split() for line in rows] == [["3", "2.5", "left", "out"]]


def test_the_columns_are_shown_with_what_they_hold_and_what_becomes_of_them(folder: Path) -> None:
    (folder / "more.csv").write_text(
        "id,same,size,colour,kind\n"
        + "\n".join(f"{n},1,{n * n % 7},{'rgb'[n % 3]},{'ab'[n % 2]}" for n in range(1, 21))
    )
    text = plain(draw_choices(open_data(folder / "more.csv", Options()).choices, 80, 24))
    rows = {line.split()[0]: " ".join(line.split()[1:]) for line in text.splitlines() if line.strip()}
    assert rows["kind"] == "target 2 labels: a, b"
    assert rows["id"] == "left out it only numbers the rows"
    assert rows["same"] == "left out it is the same in every row, so it tells nothing"
    assert rows["size"] == "input numbers: 1, 4, 2, 2, …"
    assert rows["colour"] == "input 3 labels: b, g, r"


def heavy_file(folder: Path) -> DataFile:
    rows = np.random.default_rng(1).normal(size=(1500, 13)).round(2)
    names = ",".join(f"c{place}" for place in range(13))
    (folder / "heavy.csv").write_text("\n".join([names, *(",".join(map(str, row)) for row in rows.tolist())]))
    return open_data(folder / "heavy.csv", Options(hidden=(16,)))


def test_a_heavy_run_is_made_beside_the_screen_and_can_be_paused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = heavy_file(folder)
    lesson = file.lesson(file.choices.options)
    threads: dict[str, int] = {"beside": 0, "screen": 0}
    loss = LossHistory.loss

    def watched(history: LossHistory, number: int) -> float | None:
        before = len(history.losses)
        found = loss(history, number)
        where = "screen" if threading.current_thread() is threading.main_thread() else "beside"
        threads[where] += len(history.losses) - before
        return found

    monkeypatch.setattr(LossHistory, "loss", watched)
    pieces = {"given": 0, "allowed": 3}

    def piece(_runner: Runner, *, beside: bool = False) -> GoesOn | None:
        """Ten passes at a time, and no piece more than are allowed: how fast the machine is makes no difference."""
        assert beside
        if pieces["given"] == pieces["allowed"]:
            return None
        pieces["given"] += 1
        return lambda made: made < 10

    monkeypatch.setattr(Runner, "piece", piece)

    async def how(app: TutorApp, pilot: Pilot[None]) -> None:
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        screen.whole = screen.whole.entered(len(lesson.activities) - 1)
        screen.repaint()
        await pilot.press("end")
        await until(pilot, lambda: screen.session.place.pass_number > 20)
        assert "running, full speed" in frame(app)
        assert "test" in frame(app)
        await pilot.press("2")
        assert "[2 words]" in frame(app)
        assert "running" in frame(app), "looking at another panel stops nothing"
        await pilot.press("1", "t")
        assert "running" not in frame(app)
        reached = screen.session.place.pass_number
        pieces["allowed"] += 3
        await pilot.pause(0.1)
        assert screen.session.place.pass_number == reached
        assert threads["screen"] <= 1, "only the first pass is computed by the screen"
        assert threads["beside"] >= reached - 1
        await pilot.press("t")
        await until(pilot, lambda: screen.session.place.pass_number > reached)
        await pilot.press("q")

    play(TutorApp((), lesson, folder.parent / "progress"), how)
