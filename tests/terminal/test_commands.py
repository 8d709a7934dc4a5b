"""The command palette holds the app's own commands: lessons, practice, themes, keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from nn_tutor.course.find import shipped_lessons
from nn_tutor.course.load import load
from nn_tutor.progress.settings import read_setting
from nn_tutor.terminal.app import TutorApp
from tests.terminal.frames import frame, see

LESSONS = shipped_lessons()


def commands(app: TutorApp) -> dict[str, object]:
    return {command.title: command.callback for command in app.get_system_commands(app.screen)}


def test_home_lessons_practice_networks_themes_and_keys_are_found() -> None:
    async def look(app: TutorApp, pilot: Pilot[None]) -> None:
        names = list(commands(app))
        assert [name for name in names if name.startswith("Lesson")] == [
            f"Lesson {number:>2}  {lesson.title}" for number, lesson in enumerate(LESSONS, start=1)
        ]
        assert {"Practise", "Your own network", "Light theme", "Dark theme", "Keys", "Quit"} <= set(names)
        assert "Theme dracula" in names
        assert "Home" not in names

    see("", lessons=LESSONS, then=look)


def test_typing_light_finds_the_light_theme_which_is_remembered() -> None:
    async def choose(app: TutorApp, pilot: Pilot[None]) -> None:
        await pilot.press("ctrl+p", *"light")
        await pilot.pause(0.3)
        await pilot.press("enter")
        await pilot.pause()
        assert app.theme == "nn-tutor-light"
        assert app.directory is not None
        assert read_setting(app.directory, "theme") == "nn-tutor-light"

    see("", lessons=LESSONS, then=choose)


def test_from_a_lesson_another_one_is_opened() -> None:
    async def go(app: TutorApp, pilot: Pilot[None]) -> None:
        assert "Home" in commands(app)
        app.leave_for(4)
        await pilot.pause()
        assert " 4 The chain rule ▸ " in frame(app)
        app.go_home()
        await pilot.pause()
        assert "What does back-propagation actually do?" in frame(app)

    see("enter", lessons=LESSONS, then=go)


def test_a_lesson_that_is_opened_alone_offers_no_other(tmp_path: Path) -> None:
    async def look(app: TutorApp, pilot: Pilot[None]) -> None:
        assert not [name for name in commands(app) if name.startswith("Lesson") or name == "Home"]
        app.show_keys()
        await pilot.pause()
        assert "What every key" not in frame(app)
        assert "While you answer" in frame(app)

    see("", lesson=load(LESSONS[0].path), then=look)


def test_the_help_at_home_begins_with_the_keys_at_home_and_nothing_falls_out_of_its_column() -> None:
    lines = [line.rstrip("▁▂▃▄▅▆▇█▊▎ ") for line in see("f1", lessons=LESSONS, size=(80, 160)).splitlines()]
    wanted = ["At home", "What the letters mean", "What the pictures show"]
    assert [line.strip() for line in lines if line.strip() in wanted] == wanted
    meant = " ".join(" ".join(lines).split())
    for sign in ("w₂₁₃ in layer 2", "x₁⁽²⁾ the number in brackets is the sample", "━ ╍ edges", "⠒⠒ ⢸⡇ over a long run"):
        assert sign in meant
    begin = next(number for number, line in enumerate(lines) if line.strip() == "At home")
    edge = len(lines[begin]) - len(lines[begin].lstrip())
    for line in lines[begin:]:
        indent = len(line) - len(line.lstrip())
        assert not line.strip() or indent - edge in (0, 2, 13) or line.lstrip().startswith(("esc", "nn-tutor"))


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (120, 40)], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("key", ["f1", "f4"])
def test_a_page_that_scrolls_says_so_in_sight_and_keeps_its_words_off_the_scroll_bar(
    key: str, size: tuple[int, int]
) -> None:
    lines = see(key, lessons=LESSONS, size=size).rstrip().splitlines()
    assert lines[-1].strip() == "↑ ↓ scroll, esc goes back"
    edge = len(lines[-1]) - len(lines[-1].lstrip())
    bar = size[0] - edge - 2
    assert all(len(line.rstrip("▁▂▃▄▅▆▇█▊▎ ")) <= bar - 2 for line in lines)
