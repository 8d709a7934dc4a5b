"""What stands above the first section of a lesson is read on its first page, however small the screen is."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from nn_tutor.course.activities.choose import Choose
from nn_tutor.course.find import shipped_paths
from nn_tutor.course.lesson import Lesson
from nn_tutor.course.load import load
from nn_tutor.terminal.app import TutorApp
from nn_tutor.terminal.drawing.ink import plain
from nn_tutor.terminal.parts import Looks, Setting, draw_parts, plan_for, shows_opening
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.session import Session, begin
from tests.lessons_for_tests import make_lesson, of_one_weight
from tests.shipped_runs import shipped_run_as_written
from tests.terminal.frames import frame, see

TWO = """
[[activity]]
kind = "read"
id = "one"
[[activity]]
kind = "choose"
id = "two"
prompt = "Which?"
options = [{ text = "this", right = true, why = "It is." }, { text = "that", why = "No." }]
"""


def lesson_of(tmp_path: Path, introduction: str) -> Lesson:
    toml = f'format_version = 1\nid = "two-pages"\ntitle = "Two pages"\n{TWO}'
    prose = f"# Two pages\n\n{introduction}\n\n## The first {{#one}}\n\nWords of the first page.\n"
    return make_lesson(tmp_path, toml, prose)


def seen(session: Session, size: tuple[int, int], *, opens: bool = True) -> str:
    """The words of a screen in one line."""
    looks = Looks(opens=opens)
    parts, _ = draw_parts(session, plan_for(session, *size, looks), looks, Setting())
    return " ".join(plain([*parts["introduction"], *parts["left"]]).split())


@pytest.mark.parametrize("path", shipped_paths(), ids=lambda path: path.name)
def test_each_lesson_shows_its_introduction_and_takes_nothing_from_the_first_activity(path: Path) -> None:
    session = begin(shipped_run_as_written(path))
    introduction = " ".join(session.lesson_run.introduction.partition("\n")[2].split()).replace("*", "")
    for size in ((80, 24), (120, 40)):
        assert introduction in seen(session, size)
        own = seen(session, size, opens=False)
        if isinstance(session.activity, Choose):
            assert all(" ".join(option.text.split()) in own for option in session.activity.options)
            assert "↓ more" not in own
        assert not shows_opening(session, 120, 40)


def test_above_a_choice_with_a_picture_an_introduction_does_not_take_the_place_of_the_words() -> None:
    session = begin(LessonRun(load(next(path for path in shipped_paths() if path.name == "14-xor"))))
    assert shows_opening(session, 80, 24)
    own = seen(session, (80, 24), opens=False)
    assert "Two inputs, each 0 or 1." in own
    assert "○ class 0 × class 1" in own


def test_it_does_not_come_back_when_the_window_shrinks_after_an_answer() -> None:
    session = begin(LessonRun(load(shipped_paths()[0])))
    assert shows_opening(session, 70, 20)
    assert not shows_opening(session.answer("11"), 70, 20)


def test_a_short_introduction_stands_above_the_first_page(tmp_path: Path) -> None:
    text = see("", lesson=lesson_of(tmp_path, "A bridge to what comes."))
    assert "A bridge to what comes." in text
    assert "Words of the first page." in text
    assert "A bridge" not in see("enter", lesson=lesson_of(tmp_path, "A bridge to what comes."))


def test_a_long_one_is_a_page_of_its_own_that_enter_leaves(tmp_path: Path) -> None:
    lesson = lesson_of(tmp_path, "\n\n".join(f"Paragraph {number} of many." for number in range(1, 15)))

    async def read(app: TutorApp, pilot: Pilot[None]) -> None:
        text = frame(app)
        assert "Paragraph 1 of many." in text
        assert "Words of the first page." not in text
        assert "enter → begin" in text.splitlines()[-1]
        await pilot.press(*["down"] * 8)
        assert "Paragraph 14 of many." in frame(app)
        await pilot.press("enter")
        assert "Words of the first page." in frame(app)
        await pilot.press("enter")

    assert "Which?" in see("", lesson=lesson, then=read)


def test_a_number_typed_on_it_goes_to_the_first_question_whole(tmp_path: Path) -> None:
    introduction = "\n\n".join(f"Paragraph {number} of many." for number in range(1, 15))
    nudged = of_one_weight('kind = "nudge"\nid = "nudge"\nslope = "dL_do[0,0]"')
    lesson = make_lesson(tmp_path, nudged, f"# One\n\n{introduction}\n\n## Nudge {{#nudge}}\n\nMove it.\n")
    assert "Paragraph 1 of many." in see("", lesson=lesson)
    assert "> 1.65" in see("1.65", lesson=lesson)
