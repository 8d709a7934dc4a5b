"""Where one is in a lesson is told on every screen, in as many words as there is room for."""

from __future__ import annotations

import pytest

from nn_tutor.course.find import shipped_paths
from nn_tutor.terminal.drawing.ink import plain, width_of
from nn_tutor.terminal.faces.kinds import face_of
from nn_tutor.terminal.panels.header import draw_header
from nn_tutor.tutor.session import Session, begin
from tests.shipped_runs import shipped_run


def header(session: Session, width: int) -> str:
    line = draw_header(session, face_of(session).heading, 4, width)
    assert width_of(line) <= width
    return plain((line,))


@pytest.fixture(scope="module")
def chain_rule() -> Session:
    return begin(shipped_run(shipped_paths()[3]))


def test_lesson_part_and_progress_are_named_while_pages_are_read(chain_rule: Session) -> None:
    assert header(chain_rule, 80) == f" 4 The chain rule ▸ Gears  1/{len(chain_rule.lesson_run.lesson.activities)}"


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_it_never_leaves(chain_rule: Session, width: int) -> None:
    activities = chain_rule.lesson_run.lesson.activities
    for index, activity in enumerate(activities):
        text = header(chain_rule.entered(index), width)
        assert text.startswith(" 4 ")
        assert f"  {index + 1}/{len(activities)}" in text
        assert width < 80 or chain_rule.lesson_run.lesson.title_of(activity.id) in text


def test_the_loss_and_the_learning_rate_stay_beside_it(chain_rule: Session) -> None:
    names = [activity.id for activity in chain_rule.lesson_run.lesson.activities]
    walk = chain_rule.entered(names.index("first-step"))
    assert header(walk, 80).startswith(" 4 ▸ The first step  8/")
    assert "L = (o − y)²  1 sample   η 0.3   pass 1" in header(walk, 80)
    narrow = header(walk, 60)  # that there is one sample gives way to the name of the part
    assert narrow.startswith(" 4 ▸ The first step  8/")
    assert "L = (o − y)²   η 0.3   pass 1" in narrow


def test_the_lesson_is_named_where_there_is_room_for_all_whatever_is_known_yet() -> None:
    weight = begin(shipped_run(shipped_paths()[1]))
    names = [activity.id for activity in weight.lesson_run.lesson.activities]
    walk = weight.entered(names.index("forward-only"))  # there is no step, and no loss yet
    assert header(walk, 120).startswith(f" 4 {walk.lesson_run.lesson.title} ▸ Forward  ")
    assert header(walk, 60).startswith(" 4 ▸ Forward  ")


def test_it_stays_beside_the_warning_that_nothing_is_saved(chain_rule: Session) -> None:
    line = plain((draw_header(chain_rule, "part", 4, 80, badge="answers are not saved"),))
    assert "answers are not saved" in line
    assert "4 The chain rule ▸ Gears  1/" in line


def test_the_end_is_named(chain_rule: Session) -> None:
    count = len(chain_rule.lesson_run.lesson.activities)
    assert header(chain_rule.entered(count), 120) == f" 4 The chain rule ▸ The end  {count}/{count}"
