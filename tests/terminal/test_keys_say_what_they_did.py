"""Keys that are pressed by accident change nothing unseen: each says what it did, or that there was nothing to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from nn_tutor.course.lesson import Lesson
from tests.lessons_for_tests import make_lesson, of_one_weight
from tests.terminal.frames import see
from tests.tutor.test_choosing import LESSON as OF_A_CHOICE

LESSON = of_one_weight('kind = "walk"\nid = "walk"\nask = ["a1[0,0]", "loss", "W"]')


@pytest.fixture
def lesson(tmp_path: Path) -> Lesson:
    return make_lesson(tmp_path, LESSON)


def test_a_number_on_a_finished_stop_is_typed_at_the_next_question(lesson: Lesson) -> None:
    shown = see("2.2 enter -0.5", lesson=lesson)
    assert "How large is the loss L?" in shown
    assert " > -0.5" in shown
    assert "by node" not in shown


def test_on_a_shown_stop_a_digit_alone_is_a_panel_and_a_sign_begins_the_next_answer_but_after_esc(
    lesson: Lesson,
) -> None:
    to_shown = "2.2 enter enter 1.3225 enter enter"
    shown = see(f"{to_shown} 2 -", lesson=lesson)
    assert "[2 picture]" in shown
    assert "Where does w go" in shown
    assert " > -" in shown
    assert "steps are by node now" in see(f"{to_shown} escape -", lesson=lesson)


def test_esc_takes_back_what_s_asked_and_the_line_says_who_looks_around(lesson: Lesson) -> None:
    taken_back = see("escape s escape", lesson=lesson)
    assert "press s once more" not in taken_back
    assert "looking around: enter goes back to this line" in taken_back
    narrow = see("escape", lesson=lesson, size=(60, 20))
    assert "   enter goes back to this line" in narrow  # whole, in fewer words
    assert " > x" in see("escape s escape s escape x", lesson=lesson)  # nothing was shown


def test_f2_keeps_what_was_typed_and_leads_back(lesson: Lesson) -> None:
    apart = "2.2 enter enter 1.3225 enter enter enter enter enter 7 enter 8 enter w-lr f2"
    assert "link by link" in see(apart, lesson=lesson)
    assert " > w-lr" in see(f"{apart} f2", lesson=lesson)


def test_a_wrong_answer_that_comes_back_behind_the_parts_gives_way_to_what_is_typed(lesson: Lesson) -> None:
    parts = "2.2 enter enter 1.3225 enter enter enter enter enter 7 enter 8 enter f2 1.84 enter"
    assert " > 8" in see(parts, lesson=lesson)
    assert " > 2.198" in see(f"{parts} 2.198", lesson=lesson)


def test_the_matrix_form_comes_to_the_front_where_the_table_is_behind_another_panel(lesson: Lesson) -> None:
    shown = see("escape 4 m", lesson=lesson)
    assert "[1 chain]" in shown
    assert "matrix form: m goes back to single numbers" in shown


def test_on_a_wide_screen_a_key_with_nothing_to_show_says_so(lesson: Lesson) -> None:
    assert "on the screen already" in see("escape 1", lesson=lesson, size=(120, 40))


CHOICE = OF_A_CHOICE.replace(
    "OPTIONS", '{ text = "two", why = "not two" }, { text = "three", right = true, why = "three it is" }'
)


def test_what_the_arrows_point_at_takes_the_place_of_what_was_typed(tmp_path: Path) -> None:
    choice = make_lesson(tmp_path, CHOICE)
    assert "three it is" in see("x enter up enter", lesson=choice)
    assert "three it is" in see("a enter down enter", lesson=choice)
    assert " > a" in see("a", lesson=choice)


def test_why_says_of_a_choice_that_it_has_no_number(tmp_path: Path, lesson: Lesson) -> None:
    assert "no number here" in see("escape w", lesson=make_lesson(tmp_path / "choice", CHOICE))
    assert "answer first: why comes once" in see("escape w", lesson=lesson)


def test_answer_first_goes_with_the_first_character(lesson: Lesson) -> None:
    assert "answer first" in see("right", lesson=lesson)
    assert "answer first" not in see("right 2", lesson=lesson)


def test_one_enter_does_not_skip_a_nudge_without_a_word(tmp_path: Path) -> None:
    nudge = 'kind = "nudge"\nid = "nudge"\nslope = "dW1[0,0]"\n[[activity]]\nkind = "walk"'
    lesson = make_lesson(tmp_path, LESSON.replace('kind = "walk"', nudge))
    asked = see("enter", lesson=lesson)
    assert "type a nudge first" in asked
    assert "Nudge it" in asked
    assert "Nudge it" not in see("enter enter", lesson=lesson)


def test_f4_tells_the_words_while_a_question_is_open_and_a_few_letters_find_one(lesson: Lesson) -> None:
    shown = see("f4 epoc", lesson=lesson)
    assert "Once through all the samples" in shown
    assert "lesson 14, XOR, start to end" in shown
    assert "learning rate" not in shown
    assert "What does the network answer" in see("f4 epoc escape", lesson=lesson)


def test_where_a_guess_is_asked_for_no_answer_is_offered_to_be_shown(tmp_path: Path) -> None:
    guessing = make_lesson(tmp_path, of_one_weight('kind = "train"\nid = "run"\nto_loss = 0.01\nguess = true'))
    waiting = see("enter", lesson=guessing)
    assert "guess first" in waiting
    assert "to be shown" not in waiting
    assert "guess first" not in see("enter 7", lesson=guessing)
    assert "there is nothing to show here" in see("escape s", lesson=guessing)
