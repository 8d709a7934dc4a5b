"""A panel of several parts: each where it was laid out, and only what changed is painted again."""

from __future__ import annotations

import asyncio

import pytest
from textual.app import App, ComposeResult
from textual.geometry import Region

from nn_tutor.terminal.drawing.ink import Drawing, line
from nn_tutor.terminal.theme import DARK
from nn_tutor.terminal.widgets.drawing_panel import DrawingPanel

PLACES = {
    "top": Region(0, 0, 20, 1),
    "left": Region(0, 1, 12, 2),
    "right": Region(12, 1, 8, 2),
    "foot": Region(0, 3, 20, 1),
}


class OnePanel(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.register_theme(DARK)
        self.theme = DARK.name
        self.panel = DrawingPanel(id="panel")

    def compose(self) -> ComposeResult:
        self.panel.styles.height = 4
        yield self.panel


def drawn(*texts: str) -> Drawing:
    return tuple(line(text) for text in texts)


def texts(panel: DrawingPanel, crop: Region | None = None) -> list[str]:
    strips = panel.render_lines(crop or Region(0, 0, 20, 4))
    assert all(strip.cell_length == (crop.width if crop else 20) for strip in strips)
    return [strip.text for strip in strips]


def test_the_parts_stand_where_they_were_laid_out() -> None:
    async def run() -> None:
        app = OnePanel()
        async with app.run_test(size=(20, 6)) as pilot:
            app.panel.lay_out(PLACES)
            app.panel.show(drawn("a title"), "top")
            app.panel.show(drawn("one", "two, and this is too long", "lost"), "left")
            app.panel.show(drawn("∂L/∂w"), "right")
            await pilot.pause()
            rows = texts(app.panel)
            assert [row.rstrip() for row in rows] == ["a title", "one         ∂L/∂w", "two, and thi", ""]
            assert texts(app.panel, Region(10, 0, 5, 2)) == ["     ", "  ∂L/"]
            app.panel.lay_out({"right": Region(0, 0, 20, 4)})
            assert texts(app.panel)[0].rstrip() == "∂L/∂w"

    asyncio.run(run())


def test_only_the_lines_that_changed_are_painted_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        app = OnePanel()
        async with app.run_test(size=(20, 6)) as pilot:
            app.panel.lay_out(PLACES)
            app.panel.show(drawn("one", "two"), "left")
            app.panel.show(drawn("1", "2"), "right")
            await pilot.pause()
            before = app.panel.render_lines(Region(0, 0, 20, 4))
            regions: list[Region] = []
            monkeypatch.setattr(app.panel, "refresh", lambda *changed: regions.extend(changed))
            app.panel.show(drawn("1", "3"), "right")
            assert regions == [Region(12, 2, 1, 1)]
            app.panel.show(drawn("1", "3"), "right")
            assert len(regions) == 1
            after = app.panel.render_lines(Region(0, 0, 20, 4))
            assert [one is other for one, other in zip(before, after, strict=True)] == [True, True, False, True]

    asyncio.run(run())


def test_what_a_hidden_panel_was_told_to_show_is_seen_once_it_is_back() -> None:
    async def run() -> None:
        app = OnePanel()
        async with app.run_test(size=(20, 6)) as pilot:
            app.panel.show(drawn("before"))
            await pilot.pause()
            assert texts(app.panel)[0].rstrip() == "before"
            app.panel.display = False
            await pilot.pause()
            app.panel.show(drawn("now"))
            app.panel.display = True
            await pilot.pause()
            assert texts(app.panel)[0].rstrip() == "now"

    asyncio.run(run())
