"""The page of a sheet: filled in, pasted, checked as a whole and again after each change, kept and resumed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from nn_tutor.homework.filled import FilledSheet
from nn_tutor.homework.keeping import SHEET, Kept, entered
from nn_tutor.homework.reading import homework_of
from nn_tutor.homework.said import said_in
from nn_tutor.progress.log import open_log
from nn_tutor.terminal.app import TutorApp
from nn_tutor.terminal.screens.home import HomeScreen
from nn_tutor.terminal.screens.lesson import LessonScreen
from nn_tutor.terminal.screens.sheet import SheetScreen
from nn_tutor.terminal.widgets.form_line import FormLine
from tests.terminal.frames import frame

NETWORK = """in 0.35 0.9
layer sigmoid: 0.1 0.8; 0.4 0.6
layer sigmoid: 0.3 0.9
target 0.5
loss half
rate 1
"""

SLIPPED = "a11 = 0.68\na12 = 0.6637\no = 0.6903\nδ21 = 0.1903\nw211' = 0.1706\nw212' = 0.7737\n"
"""δ without the slope of the sigmoid, and what follows from it."""

KEYS = {".": "full_stop", "-": "minus", "=": "equals_sign", " ": "space"}

Do = Callable[[TutorApp, Pilot[None]], Awaitable[None]]


def act(folder: Path, *does: Do, size: tuple[int, int] = (80, 24), network: str = NETWORK) -> str:
    """Open the walk of a network, do things, and return the last frame."""

    async def run() -> str:
        app = TutorApp((), homework_of(said_in(network)).lesson, folder)
        async with app.run_test(size=size) as pilot:
            await settled(app, pilot)
            for do in does:
                await do(app, pilot)
                await settled(app, pilot)
            return frame(app)

    return asyncio.run(run())


async def settled(app: TutorApp, pilot: Pilot[None]) -> None:
    await pilot.pause()
    await app.workers.wait_for_complete()
    await pilot.pause()


def press(*keys: str) -> Do:
    async def do(app: TutorApp, pilot: Pilot[None]) -> None:
        await pilot.press(*keys)

    return do


def typed(text: str) -> Do:
    return press(*(KEYS.get(character, character) for character in text), "enter")


def paste(text: str) -> Do:
    async def do(app: TutorApp, pilot: Pilot[None]) -> None:
        app.screen.post_message(events.Paste(text))
        await pilot.pause()

    return do


def look(found: list[FilledSheet]) -> Do:
    async def do(app: TutorApp, pilot: Pilot[None]) -> None:
        assert isinstance(app.screen, SheetScreen)
        found.append(app.screen.sheet)

    return do


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)])
def test_the_first_slip_is_lit_in_the_network_and_in_the_chain_and_what_follows_is_not_red(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    found: list[FilledSheet] = []
    shown = act(tmp_path, press("f3"), paste(SLIPPED), press("f5"), look(found), size=size)
    slip = found[0].first_slip
    assert slip is not None
    assert str(slip.cell.ref) == "delta2[0,0]"
    assert found[0].at == (1, slip.cell.ref)  # the learner is taken there
    assert "first slip δ₂₁ = ∂L/∂o·∂o/∂z₂₁" in shown.replace("o₁", "o").replace(" · ", "·")
    assert "▶✗ δ₂₁" in shown
    assert "left out the slope of the activation" in shown
    verdicts = {str(ref): judged.judgement.verdict for (_, ref), judged in found[0].judged.items()}
    assert verdicts["W2[0,0]"] == verdicts["W2[0,1]"] == "follow_through"
    assert shown.count("✗") - shown.count("✗ slip") == 2  # the cell, and what is said of it


def test_a_change_is_judged_anew_and_the_slip_is_gone(tmp_path: Path) -> None:
    found: list[FilledSheet] = []
    fixed = paste("δ21 = 0.0407\nw211' = 0.2723\nw212' = 0.8730\n")
    shown = act(tmp_path, press("f3"), paste(SLIPPED), press("f5"), look(found), fixed, look(found), press("down"))
    assert found[0].first_slip is not None
    assert found[1].whole is not None
    assert found[1].first_slip is None
    assert "first slip" not in shown


def test_numbers_are_typed_cell_by_cell_and_what_is_no_number_stays_on_the_line(tmp_path: Path) -> None:
    found: list[FilledSheet] = []
    shown = act(tmp_path, press("f3"), typed("0.755"), typed("0.68"), typed("0,5"), look(found))
    assert list(found[0].texts.values()) == ["0.755", "0.68"]
    assert "0.5" in shown  # the mend
    assert "> 0,5" in shown
    shown = act(tmp_path, press("f3"), press("delete"), look(found), press("right", "delete"), look(found))
    assert list(found[1].texts.values()) == ["0.68"]
    assert not found[2].texts


def test_what_was_filled_in_is_kept_and_checked_again_when_it_is_resumed(tmp_path: Path) -> None:
    found: list[FilledSheet] = []
    act(tmp_path, press("f3"), paste(SLIPPED), press("f5"), typed("0.2"), press("escape"), look_at_walk)
    with open_log(tmp_path) as log:
        assert SHEET in {entry.kind for entry in log.entries()}
    act(tmp_path, press("f3"), look(found))
    assert found[0].is_checked
    assert found[0].first_slip is not None
    assert len(found[0].texts) == 6
    assert "0.2" in found[0].texts.values()


async def look_at_walk(app: TutorApp, pilot: Pilot[None]) -> None:
    assert isinstance(app.screen, LessonScreen)


def test_a_paste_says_which_line_could_not_be_read(tmp_path: Path) -> None:
    shown = act(tmp_path, press("f3"), paste("o = 0.6903\nw9 = 3\n"))
    assert "1 number taken; line 2" in shown


def test_an_empty_sheet_says_what_to_do(tmp_path: Path) -> None:
    shown = act(tmp_path, press("f3"))
    assert "type what you have, in any order" in shown
    shown = act(tmp_path, press("f3", "f5"))
    assert "nothing stands on this sheet yet" in shown


def test_arrows_move_over_the_grid(tmp_path: Path) -> None:
    found: list[FilledSheet] = []
    act(tmp_path, press("f3", "right"), look(found), press("down"), look(found), press("up", "left"), look(found))
    assert [str(sheet.at[1]) for sheet in found] == ["z1[0,1]", "a1[0,1]", "z1[0,0]"]


def test_keys_that_come_all_at_once_act_in_their_order(tmp_path: Path) -> None:
    """As they do on a slow machine, or out of a macro: what is typed behind an arrow belongs to the next cell."""

    async def all_at_once(app: TutorApp, pilot: Pilot[None]) -> None:
        line = app.screen.query_one(FormLine)
        for key in ("1", "right", "right", "2", "down", "3", "tab", "left", "delete", "4", "enter"):
            line._forward_event(events.Key(key, key if len(key) == 1 else None))

    found: list[FilledSheet] = []
    act(tmp_path, press("f3"), all_at_once, look(found))
    assert {str(ref): text for (_, ref), text in found[0].texts.items()} == {
        "z1[0,0]": "12", "a1[0,0]": "3", "z2[0,0]": "4",
    }  # fmt: skip


def test_the_help_tells_the_keys_of_the_sheet_first(tmp_path: Path) -> None:
    shown = act(tmp_path, press("f3", "f1"))
    assert "On your sheet" in shown
    assert "check the whole sheet, now and after each change" in shown


def test_what_is_said_of_the_whole_sheet_is_said_to_its_end(tmp_path: Path) -> None:
    network = "in 1 0.5\nlayer sigmoid: 0.1 0.2; 0.3 0.4; 0.5 0.6 | 1 2 3\ntarget 0 1 0\nloss bce\nrate 0.3\n"
    shown = act(
        tmp_path, press("f3"), paste("o1 = .7685\no2 = .9241\no3 = .9781\nL = 5.36\n"), press("f5"), network=network
    )
    assert "✓ no slip on this sheet · your sheet adds up where the loss here takes the mean" in " ".join(shown.split())


def test_home_opens_the_sheet_of_a_network_of_ones_own(tmp_path: Path) -> None:
    said = said_in(NETWORK)
    kept = Kept(homework_of(said).lesson.id, "sheet 3", said)
    with open_log(tmp_path) as log:
        log.append(entered(kept)[0], kept.id, entered(kept)[1])

    async def run() -> None:
        app = TutorApp((), None, tmp_path)
        async with app.run_test(size=(80, 24)) as pilot:
            while not isinstance(app.screen, HomeScreen) or app.screen.recalled is None:
                await pilot.pause(0.02)
            await settled(app, pilot)
            home = app.screen
            while home._marked_own is None:
                before = home.marked
                await pilot.press("down")
                assert home.marked != before, "the network is not listed"
            assert "s your sheet" in frame(app)
            await pilot.press("s")
            await settled(app, pilot)
            assert isinstance(app.screen, SheetScreen)
            await pilot.press("escape")
            await settled(app, pilot)
            assert app.screen is home

    asyncio.run(run())
