"""A value travels its link once when a step is taken, and nothing waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.timer import Timer

from nn_tutor.commands.parser import command_line
from nn_tutor.terminal.app import TutorApp
from nn_tutor.terminal.drawing.ink import Drawing, plain, width_of
from nn_tutor.terminal.drawing.motion import FRAMES, STOPPED, VALUE
from nn_tutor.terminal.moved import moves
from nn_tutor.terminal.parts import Looks, Setting, draw_parts, plan_for
from nn_tutor.terminal.program import is_motion_wanted
from nn_tutor.terminal.screens.moving import FRAME, Moving
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.session import Session, begin
from tests.lessons_for_tests import make_lesson
from tests.terminal.frames import lesson_screen

CHAIN = """\
format_version = 1
id = "t"
title = "T"
[network]
[[network.layers]]
weights = [[{weight}]]
activation = "relu"
[[network.layers]]
weights = [[1.2]]
[data]
inputs = [[1.7]]
targets = [[0.4]]
[[activity]]
kind = "walk"
ask = ["a1", "W2"]
"""
LAYERED = """\
format_version = 1
id = "t"
title = "T"
[network]
[[network.layers]]
weights = [[0.5, -0.4], [0.3, 0.8]]
activation = "relu"
[[network.layers]]
weights = [[0.7, 1.2]]
[data]
inputs = [[1.7, 0.6]]
targets = [[0.45]]
[[activity]]
kind = "walk"
ask = ["W2[0,0]"]
"""


def opened(folder: Path, toml: str = CHAIN, weight: float = 0.9) -> Session:
    return begin(LessonRun(make_lesson(folder, toml.replace("{weight}", str(weight)))))


def figure(session: Session, width: int = 120, height: int = 40) -> Drawing:
    plan = plan_for(session, width, height, Looks())
    return draw_parts(session, plan, Looks(), Setting())[0]["figure"]


def to(session: Session, focus: str) -> tuple[Session, Session]:
    """Return the states before and after the step at which a number becomes known."""
    before = session
    while session.asked is None or str(session.asked.focus) != focus or session.is_open:
        before = session
        session = session.reveal() if session.is_open else session.forward()
        session = session.postpone_retry() if session.retry_due else session
        assert not session.is_over, focus
    return before, session


def frames(states: tuple[Session, Session]) -> tuple[Drawing, ...]:
    return moves(*states, figure(states[1]))


def columns(drawings: tuple[Drawing, ...], mark: str) -> list[int]:
    """Where the mark is seen, frame by frame."""
    found = []
    for drawing in drawings:
        text = [line for line in plain(drawing).split("\n") if mark in line]
        found.append(text[0].index(mark) if text else -1)
    return found


def test_a_value_travels_forwards_and_a_slope_backwards(tmp_path: Path) -> None:
    session = opened(tmp_path)
    forwards = columns(frames(to(session, "a1[0,0]")), VALUE)
    backwards = columns(frames(to(session, "dL_do[0,0]")), VALUE)
    assert forwards == sorted(forwards)
    assert backwards == sorted(backwards, reverse=True)
    assert len(set(forwards)) > 1
    assert len(set(backwards)) > 1


def test_the_frames_differ_from_the_drawing_only_on_the_link_and_fit_in_their_place(tmp_path: Path) -> None:
    for toml in (CHAIN, LAYERED):
        session, before = opened(tmp_path, toml), None
        while not session.is_over:
            before, session = session, session.reveal() if session.is_open else session.forward()
            session = session.postpone_retry() if session.retry_due else session
            if session.is_over:
                break
            drawn = figure(session)
            played = moves(before, session, drawn)
            assert len(played) <= FRAMES
            for one in played:
                assert [width_of(line) for line in one] == [width_of(line) for line in drawn]
                kept = zip(plain(one), plain(drawn), strict=True)
                assert all(new == old or old in "═▶◀" or "\u2801" <= old <= "\u28ff" for new, old in kept)


def test_what_is_asked_moves_only_once_it_is_answered(tmp_path: Path) -> None:
    session = opened(tmp_path)
    while str(session.asked and session.asked.focus) != "a1[0,0]":
        before, session = session, session.forward()
    assert session.is_open
    assert not moves(before, session, figure(session))
    answered = session.answer("1.53")
    assert moves(session, answered, figure(answered))


def test_nothing_moves_on_the_way_back(tmp_path: Path) -> None:
    _, there = to(opened(tmp_path), "dL_do[0,0]")
    back = there.back()
    assert not moves(there, back, figure(back))


def test_a_slope_is_seen_to_stop_at_a_dead_relu(tmp_path: Path) -> None:
    session = opened(tmp_path, weight=-0.9)
    states = to(session, "da_dz1[0,0]")
    link = [place for place, glyph in enumerate(plain(figure(states[1])).split("\n")[1]) if glyph == "═"]
    played = frames(states)
    stopped = [column for column in columns(played, STOPPED) if column >= 0]
    assert plain(played[-1]).count(STOPPED) == 1
    assert len(set(stopped)) == 1  # it stands still there
    assert min(link) + 1 < stopped[0] < max(link) - 1  # on the way, not at the end
    alive = frames(to(opened(tmp_path, weight=0.9), "da_dz1[0,0]"))
    assert alive
    assert all(STOPPED not in plain(one) for one in alive)


class Clock:
    """Timers that a test fires by hand."""

    def __init__(self) -> None:
        self.waiting: list[tuple[float, Callable[[], None]]] = []

    def set_timer(self, delay: float, callback: Callable[[], None]) -> Timer:
        entry = (delay, callback)
        self.waiting.append(entry)
        clock = self

        class Waiting:
            def stop(self) -> None:
                if entry in clock.waiting:
                    clock.waiting.remove(entry)

        return Waiting()  # type: ignore[return-value]

    def run(self) -> float:
        """Fire all timers in turn; return how long that would have taken."""
        took = 0.0
        while self.waiting:
            delay, callback = self.waiting.pop(0)
            took += delay
            callback()
        return took


def drawing(text: str) -> Drawing:
    from nn_tutor.terminal.drawing.ink import line

    return (line(text),)


def test_all_is_over_in_a_quarter_of_a_second_and_ends_with_the_drawing_itself() -> None:
    clock, shown = Clock(), list[Drawing]()
    moving = Moving(shown.append, clock.set_timer, lambda: False)
    moving.play(lambda: tuple(drawing(str(number)) for number in range(FRAMES)), drawing("end"))
    assert not shown  # the key was answered before anything moves
    assert clock.run() <= 0.25
    assert [plain(one) for one in shown] == [*map(str, range(FRAMES)), "end"]
    assert len(shown) <= 6


def test_the_next_key_stops_it_and_shows_the_drawing_itself() -> None:
    clock, shown = Clock(), list[Drawing]()
    moving = Moving(shown.append, clock.set_timer, lambda: False)
    moving.play(lambda: (drawing("1"), drawing("2")), drawing("end"))
    clock.waiting.pop(0)[1]()
    moving.stop()
    assert [plain(one) for one in shown] == ["1", "end"]
    assert clock.run() == 0
    moving.stop()
    assert len(shown) == 2


def test_a_terminal_that_does_not_keep_up_sees_nothing_move_any_more() -> None:
    clock, shown = Clock(), list[Drawing]()
    moving = Moving(shown.append, clock.set_timer, lambda: True)
    moving.play(lambda: (drawing("1"), drawing("2")), drawing("end"))
    clock.run()
    assert [plain(one) for one in shown] == ["end"]
    moving.play(lambda: (drawing("1"),), drawing("end"))
    assert not clock.waiting


def test_motion_can_be_turned_off(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_MOTION", "TEXTUAL_ANIMATIONS", "TEXTUAL_DRIVER"):
        monkeypatch.delenv(name, raising=False)
    assert is_motion_wanted()
    for name, value in (("NO_MOTION", "1"), ("TEXTUAL_ANIMATIONS", "none"), ("TEXTUAL_DRIVER", "a:b")):
        with _set(monkeypatch, name, value):
            assert not is_motion_wanted(), name
    assert not command_line().parse_args([]).no_motion
    assert command_line().parse_args(["--no-motion"]).no_motion
    assert command_line().parse_args(["start", "xor", "--no-motion"]).no_motion


@contextmanager
def _set(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> Iterator[None]:
    monkeypatch.setenv(name, value)
    yield
    monkeypatch.delenv(name)


def test_on_the_screen_a_step_moves_and_a_key_is_not_kept_waiting(tmp_path: Path) -> None:
    lesson = make_lesson(tmp_path, CHAIN.replace("{weight}", "0.9"))

    async def run(*, has_motion: bool) -> int:
        app = TutorApp((), lesson, tmp_path / f"home-{has_motion}")
        app.has_motion = has_motion
        played = 0
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.pause()
            screen = lesson_screen(app)
            show = screen.board.show

            def counted(parts: dict[str, Drawing]) -> None:
                nonlocal played
                played += set(parts) == {"figure"}
                show(parts)

            screen.board.show = counted  # type: ignore[method-assign,assignment]
            await pilot.press("right", "1", "full_stop", "5", "3", "enter")
            await pilot.pause(FRAME * (FRAMES + 3))
        return played

    assert asyncio.run(run(has_motion=False)) == 0
    assert 2 <= asyncio.run(run(has_motion=True)) <= 6


@pytest.mark.parametrize("waiting", [0, 1])
def test_a_key_is_painted_at_once_unless_another_waits_behind_it(tmp_path: Path, waiting: int) -> None:
    """Right after a frame of motion the next tick of Textual's own painting is a sixtieth of a second away."""
    lesson = make_lesson(tmp_path, LAYERED)

    async def run() -> tuple[int, list[str]]:
        app = TutorApp((), lesson, tmp_path / "home")
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.press("right", "escape", "right")
            await pilot.pause()
            screen, display, painted = app.screen, app._display, 0

            def counted(*arguments: Any) -> None:
                nonlocal painted
                painted += 1
                display(*arguments)

            app._display = counted  # type: ignore[method-assign,assignment]
            for _ in range(waiting):
                app.post_message(events.Key("right", None))
            screen._forward_event(events.Key("left", None))
            at_once = painted
            await pilot.pause()
            return at_once, [strip.text for strip in screen._compositor.render_strips()]

    at_once, text = asyncio.run(run())
    assert at_once == 1 - waiting
    assert any(f"step {2 + waiting} of" in one for one in text)
