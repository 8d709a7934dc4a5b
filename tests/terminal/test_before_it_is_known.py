"""What is drawn and said while numbers are still to be found, and in a pass of one's own: nothing of what is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from nn_tutor.calculus.numerals import numeral
from nn_tutor.terminal.drawing.ink import plain
from nn_tutor.terminal.panels.weight_picture import draw_picture
from nn_tutor.terminal.parts import Looks, Setting, draw_parts, plan_for
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.session import Session, begin
from nn_tutor.tutor.visible import view_of
from tests.lessons_for_tests import DERIVER, ONE_WEIGHT, make_lesson
from tests.terminal.panels_seen import body, entered, lesson_run, to_question


def own_pass(folder: Path, weight: float) -> Session:
    text = ONE_WEIGHT.replace("[[2.75]]", f"[[{weight}]]")
    walk = '[[activity]]\nkind = "walk"\nid = "alone"\nown = true\nask = ["a", "loss", "W"]\n'
    lesson = make_lesson(folder, text[: text.index("[[activity]]")] + walk)
    return to_question(begin(LessonRun(lesson)))


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)])
def test_the_loss_over_an_output_that_is_still_to_be_found_tells_nothing_of_it(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    drawn = []
    for number, weight in enumerate((2.75, -0.4)):
        (tmp_path / str(number)).mkdir()
        view = view_of(own_pass(tmp_path / str(number), weight), DERIVER)
        assert view is not None
        drawn.append(plain(draw_picture(begin(view.lesson_run), view, size[0] // 2, size[1] // 2)))
    assert drawn[0] == drawn[1]
    assert "the loss over o" in drawn[0]
    assert "now" not in drawn[0]


@pytest.mark.parametrize("size", [(120, 40), (200, 50)])
def test_a_pass_of_ones_own_says_in_words_what_is_given_and_what_is_to_be_found(size: tuple[int, int]) -> None:
    shown, _ = body(entered("chain-rule", "own-pass"), size)
    for words in ("input", "target", "weight", "learning rate", "output", "how wrong the output is", "new w, after"):
        assert words in shown, words
    inside = shown[: shown.index("╰")].splitlines()[1:]
    last = max(place for place, one in enumerate(inside) if one.strip(" │"))
    assert last >= len(inside) * 2 // 3  # the sheet takes its panel, not the top of it alone


@pytest.mark.parametrize(("slug", "activity"), [("chain-rule", "by-heart"), ("slope", "once-more")])
@pytest.mark.parametrize("size", [(120, 40), (200, 50)])
def test_below_the_words_of_a_covered_table_stands_what_is_known_and_no_rule(
    slug: str, activity: str, size: tuple[int, int]
) -> None:
    session = entered(slug, activity)
    view = view_of(session, DERIVER)
    assert view is not None
    shown, _ = body(session, size)
    assert "so far" in shown
    for ref in view.refs:
        if ref in view.known:
            assert f" {view.value(ref)} " in shown
        elif view.question is None or ref != view.question.ref:
            assert f" {view.step(ref).symbol} " not in shown.partition("so far")[2].partition("╰")[0]
    assert view.question is not None
    assert numeral(view.question.truth) not in shown.split()


def test_no_learning_rate_is_told_before_a_pass_takes_a_step() -> None:
    shown, _ = body(entered("one-weight-by-hand", "once-more"), (120, 40))
    assert "target" in shown
    assert "η" not in shown


def test_before_the_loss_is_known_the_picture_shows_what_can_be_seen() -> None:
    run = lesson_run("chain-rule")
    session = begin(run).entered([one.id for one in run.lesson.activities].index("by-heart"))
    parts, _ = draw_parts(session, plan_for(session, 120, 40), Looks("looking"), Setting(deriver=DERIVER))
    shown = plain(parts["right"])
    assert "not yet: first the loss" in shown
    assert "the loss over o" in shown
