"""A choice: by letter, by text, by the number that an option says, or by pointing at it; never by luck."""

from __future__ import annotations

from pathlib import Path

import pytest

from nn_tutor.course.activities.choose import Choose
from nn_tutor.course.find import shipped_paths
from nn_tutor.course.load import load
from nn_tutor.tutor.choosing import LETTERS, clashes, judge_choice
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.session import Session, begin
from tests.lessons_for_tests import ONE_WEIGHT, make_lesson

LESSON = """\
format_version = 1
id = "test-choice"
title = "Test of a choice"

[[activity]]
kind = "choose"
id = "it"
prompt = "How many?"
options = [OPTIONS]
"""


def choice(tmp_path: Path, *texts: str, right: int = 0) -> Choose:
    options = ", ".join(
        f'{{ text = "{text}", {"right = true, " if place == right else ""}why = "why {place}" }}'
        for place, text in enumerate(texts)
    )
    activity = make_lesson(tmp_path, LESSON.replace("OPTIONS", options)).activities[0]
    assert isinstance(activity, Choose)
    return activity


@pytest.mark.parametrize(
    ("texts", "right", "typed", "verdict"),
    [
        (("3 times", "5 times", "6 times"), 2, "3", "wrong"),
        (("3 times", "5 times", "6 times"), 2, "6", "correct"),
        (("3 times", "5 times", "6 times"), 2, "c", "correct"),
        (("3 times", "5 times", "6 times"), 2, "2", "invalid"),
        (("by x", "by 1", "by b"), 1, "1", "correct"),
        (("by x", "by 1", "by b"), 1, "by 1", "correct"),
        (("by x", "by 1", "by b"), 1, "2", "invalid"),
        (("to −1", "to 3", "to 5"), 1, "3", "correct"),
        (("to −1", "to 3", "to 5"), 1, "-1", "wrong"),
        (("to −1", "to 3", "to 5"), 1, "1", "invalid"),
        (("2: one and two", "3: one to three", "4: all"), 2, "4", "correct"),
        (("2: one and two", "3: one to three", "4: all"), 2, "3", "wrong"),
        (("0.2, 0.6 and 0.2", "2 %", "0, 1 and 0"), 0, "0.2", "invalid"),  # one number of three says nothing yet
        (("2e + ε", "2e", "ε"), 1, "2e+ε", "wrong"),
        (("d = e + x", "d = e * x", "d = e·w"), 1, "d=e*x", "correct"),
        (("d = e + x", "d = e * x", "d = e·w"), 1, "d = e*w", "wrong"),
        (("d = e + x", "d = e * x", "d = e·w"), 1, "e * x", "correct"),  # what a line of code gives its name
        (("d = e + x", "g = e + x", "d = e·w"), 2, "e + x", "invalid"),
        (("yes, times 6", "yes, times 5", "no, two can do more"), 0, "6", "correct"),
        (("yes, times 6", "yes, times 5", "no, two can do more"), 0, "2", "invalid"),
        (("this one", "that one"), 0, "1", "correct"),  # no option has a number: one counts
        (("this one", "that one"), 0, "That One.", "wrong"),
        (("this one", "that one"), 0, "c", "invalid"),
    ],
)
def test_a_number_is_a_value_and_no_place(
    texts: tuple[str, ...], right: int, typed: str, verdict: str, tmp_path: Path
) -> None:
    assert judge_choice(choice(tmp_path, *texts, right=right), typed).verdict == verdict


def test_who_types_neither_is_told_the_letters(tmp_path: Path) -> None:
    assert "a to c" in judge_choice(choice(tmp_path, "1", "5", "6"), "seven").message


@pytest.mark.parametrize("texts", [("b", "3"), ("3", "3."), ("by b", "by 1")])
def test_options_that_pick_each_other_are_found(texts: tuple[str, ...], tmp_path: Path) -> None:
    assert clashes(choice(tmp_path, *texts))


def test_options_that_only_look_alike_are_none(tmp_path: Path) -> None:
    assert not clashes(choice(tmp_path, "3 times", "5 times", "13 times", "0.3 times"))


@pytest.mark.parametrize("path", shipped_paths(), ids=lambda path: path.name)
def test_each_option_of_the_course_is_chosen_by_its_own_letter_and_text(path: Path) -> None:
    for activity in load(path).activities:
        if isinstance(activity, Choose):
            for place, option in enumerate(activity.options):
                for typed in (LETTERS[place], option.text):
                    assert judge_choice(activity, typed).value == place + 1, (activity.id, typed)


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return begin(LessonRun(make_lesson(tmp_path, ONE_WEIGHT)))


def test_the_arrows_point_at_an_option_and_enter_takes_it(session: Session) -> None:
    assert session.station.marker_answer == ""  # Enter alone takes nothing
    assert session.move(1, 0).station.marker_answer == "a"
    assert session.move(-1, 0).station.marker_answer == "b"
    assert session.move(1, 0).move(1, 0).move(1, 0).station.marker_answer == "b"
    chosen = session.move(1, 0)
    assert not chosen.answer(chosen.station.marker_answer).is_open
    assert chosen.answer("a").station.marker_answer == ""
    assert session.reveal().move(1, 0).station.marker_answer == ""


def test_the_arrows_pass_over_what_was_tried(tmp_path: Path) -> None:
    options = ", ".join(
        f'{{ text = "{text}", {"right = true, " if text == "four" else ""}why = "no" }}'
        for text in ("one", "two", "three", "four")
    )
    session = begin(LessonRun(make_lesson(tmp_path, LESSON.replace("OPTIONS", options))))
    wrong = session.move(1, 0).move(1, 0).answer("b")
    assert wrong.station.marker_answer == ""  # Enter does not answer the same again
    assert wrong.move(1, 0).station.marker_answer == "c"
    assert wrong.move(-1, 0).station.marker_answer == "a"
    assert session.answer("a").move(1, 0).station.marker_answer == "b"
    assert session.answer("a").answer("b").answer("c").move(-1, 0).move(-1, 0).station.marker_answer == "d"


def test_a_hint_says_that_there_is_none_and_leaves_what_was_said_of_a_choice_in_sight(tmp_path: Path) -> None:
    options = '{ text = "two", right = true, why = "yes" }, { text = "three", why = "no" }'
    session = begin(LessonRun(make_lesson(tmp_path, LESSON.replace("OPTIONS", options))))
    assert "pick one" in session.hint().notice
    wrong = session.answer("b")
    assert wrong.is_open
    assert wrong.hint().notice == ""
