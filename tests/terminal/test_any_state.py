"""Whatever a learner did before: each state of a lesson can be drawn, at any size, in any panel."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from nn_tutor.calculus.derivation import SymPyDeriver
from nn_tutor.course.find import shipped_paths
from nn_tutor.terminal.drawing.ink import width_of
from nn_tutor.terminal.parts import Looks, Setting, draw_parts, plan_for
from nn_tutor.tutor.session import Session, begin
from tests.lessons_for_tests import right_answer
from tests.shipped_runs import shipped_run

MOVES = 60
SIZES = ((80, 24), (120, 40), (60, 16), (110, 30), (200, 50))
ANSWERS = ("1", "-2", "0.5", "x", "o", "w*2", "foo", "1e9", "0", "[red]", "2 3", "1/0")
DERIVER = SymPyDeriver()


@pytest.mark.parametrize("path", shipped_paths(), ids=lambda path: path.name)
def test_any_state_is_drawn(path: Path) -> None:
    draw = random.Random(path.name)
    whole = begin(shipped_run(path))
    for activity in range(len(whole.lesson_run.lesson.activities)):
        state = whole.entered(activity)
        done: list[str] = []
        for _ in range(MOVES // 4):
            if state.is_over:
                break
            name, move = _move(state.current, draw)
            done.append(name)
            state = state.with_current(move())
            _look(state.current, draw, done)


def _move(state: Session, draw: random.Random) -> tuple[str, Callable[[], Session]]:
    """What a learner may do here, at random: mostly something with the open question."""
    aside = (draw.choice((-1, 0, 1)), draw.choice((-1, 0, 1)))
    asked: list[tuple[str, Callable[[], Session]]] = [
        ("hint", state.hint),
        ("hint", state.hint),
        (f"cell {aside}", lambda: state.move(*aside)),
        (f"cell {aside}", lambda: state.move(*aside)),
        ("apart", state.decompose),
        ("show", state.reveal),
        (text := draw.choice(ANSWERS), lambda: state.answer(text)),
        ("right", lambda: state.answer(right_answer(state))),
        ("right", lambda: state.answer(right_answer(state))),
        ("cursor", lambda: state.move(0, draw.choice((-10, -1, 1, 10)))),
        ("aside", lambda: state.move(-draw.choice((-1, 1)), 0)),
    ]
    always: list[tuple[str, Callable[[], Session]]] = [
        ("forward", state.forward),
        ("forward", state.forward),
        ("back", state.back),
        ("next pass", state.forward_pass),
        ("finer", state.finer),
        ("coarser", state.coarser),
        ("matrix", lambda: state.with_form("matrix")),
        ("element", lambda: state.with_form("element")),
        ("inside", state.step_in),
        ("put off", state.postpone_retry),
    ]
    return draw.choice(asked if state.is_open and draw.random() < 0.75 else always)


def _look(state: Session, draw: random.Random, done: list[str]) -> None:
    """Draw all of a screen; nothing is too wide, nor more than its place holds."""
    width, height = draw.choice(SIZES)
    plan = plan_for(state, width, height)
    looks = Looks("answering" if state.is_open else "looking", draw.randint(1, 4), large=draw.random() < 0.2)
    drawn, _ = draw_parts(state, plan, looks, Setting(1, DERIVER, running=draw.choice(("", "at full speed"))))
    places = {"left": plan.left, "right": plan.right}
    for name, lines in drawn.items():
        room = places.get(name, width)
        assert all(width_of(one) <= room for one in lines), (name, done, (width, height))
    assert len(drawn["verdict"]) <= 3, done
