"""Of a line that changed as little is written as can be, and the screen is the same as if all of it were."""

from __future__ import annotations

import pyte
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate
from textual.strip import Strip

from nn_tutor.terminal.changed_cells import of_changed_cells
from nn_tutor.terminal.drawing.ink import Line, Span, width_of
from nn_tutor.terminal.widgets.drawing_panel import changed_cells

WIDTH = 24
CONSOLE = Console(force_terminal=True, color_system="truecolor", width=WIDTH)
RED = Style(color="red")

spans = st.builds(
    Span, st.sampled_from(("", "w", "0.85", "∂L/∂w", "損失", "    ", "x₁ ")), st.sampled_from(("text", "loss"))
)
lines = st.lists(spans, max_size=7).map(tuple)


def strip_of(line: Line) -> Strip:
    segments = [Segment(span.text, RED if span.role == "loss" else None) for span in line]
    return Strip(segments).crop_extend(0, WIDTH, None)


def written(line: Line, first: int, end: int) -> str:
    frame = of_changed_cells(ChopsUpdate([{0: strip_of(line)}], [(0, first, end)], [[WIDTH]]))
    assert isinstance(frame, ChopsUpdate)
    return frame.render_segments(CONSOLE)


def on_a_screen(*frames: str) -> list[tuple[str, str]]:
    screen = pyte.Screen(WIDTH, 1)
    stream = pyte.Stream(screen)
    for frame in frames:
        stream.feed(frame)
    return [(screen.buffer[0][x].data, screen.buffer[0][x].fg) for x in range(WIDTH)]


@given(lines, lines)
def test_a_line_that_changed_looks_as_if_it_were_written_whole(before: Line, now: Line) -> None:
    first, end = changed_cells(before, now, WIDTH)
    assert on_a_screen(written(before, 0, WIDTH), written(now, first, end)) == on_a_screen(written(now, 0, WIDTH))


def test_of_a_number_that_changed_no_more_is_written_than_the_number() -> None:
    before = (Span("loss ", "loss"), Span("0.85"), Span("   pass 1", "loss"))
    now = (before[0], Span("0.91"), before[2])
    assert changed_cells(before, now, WIDTH) == (5, 9)
    assert written(now, 5, 9) == "\x1b[1;6H0.91"
    assert changed_cells(before, (*now[:1], Span("1"), before[2]), WIDTH) == (5, WIDTH)  # all behind it has moved
    assert width_of(before) < WIDTH
