"""The lesson screen by its keys: what a learner sees, at the sizes that matter."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from nn_tutor.course.activities.nudge import Nudge
from nn_tutor.course.find import find, shipped_paths
from nn_tutor.course.lesson import Lesson
from nn_tutor.course.load import load
from nn_tutor.terminal.app import TutorApp
from nn_tutor.terminal.screens.lesson import LessonScreen
from nn_tutor.tutor.answers import Answers
from nn_tutor.tutor.keymap import KEYS
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.session import Session, begin
from nn_tutor.tutor.stations.base import Arrival, Cut
from nn_tutor.tutor.stations.kinds import enter
from tests.lessons_for_tests import ONE_WEIGHT, VECTOR, make_lesson, onward, right_answer
from tests.shipped_runs import shipped_run_as_written
from tests.stations import asked_at
from tests.terminal.frames import compare, frame, lesson_screen, see

TO_NEW_WEIGHT = "1 enter enter 0.1 enter enter enter enter enter enter enter"
"""The keys from the beginning of the test lesson to the question for the first new weight."""


@pytest.fixture
def one_weight(tmp_path: Path) -> Lesson:
    return make_lesson(tmp_path / "one", ONE_WEIGHT)


@pytest.fixture
def vector(tmp_path: Path) -> Lesson:
    return make_lesson(tmp_path / "vector", VECTOR)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_question_for_the_new_weight(one_weight: Lesson, size: tuple[int, int]) -> None:
    text = see(TO_NEW_WEIGHT, lesson=one_weight, size=size)
    compare(f"new-weight-{size[0]}x{size[1]}", text)
    assert "Where does w go: what is w′?" in text
    assert "3 decimals suffice" in text
    assert "2.198" not in text
    assert "answering" in text


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_a_vector_network(vector: Lesson, size: tuple[int, int]) -> None:
    text = see("1.09 enter enter enter enter enter enter", lesson=vector, size=size)
    compare(f"vector-{size[0]}x{size[1]}", text)
    assert "what is o₂?" in text
    assert "0.1538" not in text


def test_a_wrong_new_weight_lands_on_the_curve_and_the_right_one_stays_hidden(one_weight: Lesson) -> None:
    text = see(f"{TO_NEW_WEIGHT} 3.302 enter", lesson=one_weight, size=(120, 40))
    assert "✗ not yet" in text
    assert "yours lands at 3.302: the loss rises 1.3225 → " in text
    assert "✗ yours 3.302" in text
    assert "2.198" not in text
    assert "3.302" in text.splitlines()[-5]  # the answer stays readable


def test_w_tells_why_the_number_at_hand_is_what_it_is_but_not_the_one_that_is_asked(one_weight: Lesson) -> None:
    asked = see(f"{TO_NEW_WEIGHT} escape w", lesson=one_weight, size=(80, 24))
    assert "∂L/∂w = ∂L/∂o·∂o/∂w = 2.3·0.8 = 1.84" in asked
    assert "2.198" not in asked
    told = see(f"{TO_NEW_WEIGHT} 2.198 enter escape w", lesson=one_weight, size=(80, 24))
    assert "The step is η·∂L/∂w = 0.3·1.84 = 0.552" in told
    assert "Someone who added the step gets 3.302, not 2.198" in told
    assert "Why?" not in see(f"{TO_NEW_WEIGHT} escape w escape", lesson=one_weight, size=(80, 24))


def test_what_is_typed_ahead_over_an_open_page_goes_to_the_lesson_and_closes_nothing_else(one_weight: Lesson) -> None:
    """On a busy machine several keys are on their way before the page over the lesson hears the first."""

    async def type_ahead(app: TutorApp, pilot: Pilot[None]) -> None:
        for name in ("0", "full_stop", "9", "enter"):
            character = {"full_stop": ".", "enter": "\r"}.get(name, name)
            app.screen._forward_event(events.Key(name, character))
        await pilot.pause()
        await pilot.pause()
        assert isinstance(app.screen, LessonScreen)
        assert "> 0.9 " in frame(app).replace("\n", " ")
        assert "✗ not yet" in frame(app)
        app.show_keys()
        await pilot.pause()
        for _ in range(3):
            app.screen._forward_event(events.Key("escape", "\x1b"))
        await pilot.pause()
        assert isinstance(app.screen, LessonScreen)

    see(f"{TO_NEW_WEIGHT} escape w", lesson=one_weight, size=(80, 24), then=type_ahead)


def test_a_right_new_weight_is_marked_as_the_learners(one_weight: Lesson) -> None:
    text = see(f"{TO_NEW_WEIGHT} w-lr*dL_dw enter", lesson=one_weight, size=(120, 40))
    assert "✓ right" in text
    assert "read as w − lr·dL_dw = 2.198" in text
    assert "◇ next 2.198" in text
    row = next(line for line in text.splitlines() if "▶ w′" in line)
    assert "2.75 − 0.3·1.84" in row
    assert "✓" in row


def test_the_line_calculates_while_it_is_typed(one_weight: Lesson) -> None:
    assert "= 2.198" in see(f"{TO_NEW_WEIGHT} w-lr*dL_dw", lesson=one_weight)


def test_letters_type_while_answering_and_command_while_looking(one_weight: Lesson) -> None:
    typed = see(f"{TO_NEW_WEIGHT} qcgmts", lesson=one_weight)
    assert "> qcgmts" in typed
    looked = see(f"{TO_NEW_WEIGHT} escape c", lesson=one_weight)
    assert "[3 code]" in looked
    assert "looking" in looked
    assert "▶  6 w_new = w - lr * dL_dw" in looked  # of single weights a line for each number


def test_show_asks_first_and_then_shows(one_weight: Lesson) -> None:
    asked = see(f"{TO_NEW_WEIGHT} escape s", lesson=one_weight)
    assert "press s once more" in asked
    assert "2.198" not in asked
    shown = see(f"{TO_NEW_WEIGHT} escape s s", lesson=one_weight)
    assert "shown: w′ = w − η·∂L/∂w = 2.75 − 0.3·1.84 = 2.198" in shown
    row = next(line for line in shown.splitlines() if line.startswith("▶ w′"))
    assert "✓" not in row


@pytest.mark.parametrize(("keys", "target"), [("m", "[?] ]"), ("- -", "∂L/∂w₁₂₂")], ids=["matrix", "table"])
def test_a_click_on_an_open_cell_asks_for_it(tmp_path: Path, keys: str, target: str) -> None:
    lesson = make_lesson(tmp_path, re.sub("ask = .*", 'ask = ["dW1"]', VECTOR))

    async def click(app: TutorApp, pilot: Pilot[None]) -> None:
        lines = frame(app).splitlines()
        row = max(row for row, text in enumerate(lines) if target in text)
        before = lesson_screen(app).session.question
        await pilot.click(offset=(lines[row].index(target), row))
        await pilot.pause()
        after = lesson_screen(app).session.question
        assert before is not None
        assert after is not None
        assert (str(before.ref), str(after.ref)) == ("dW1[0,0]", "dW1[1,1]")
        assert lesson_screen(app).state == "answering"

    see(f"escape {keys} end", lesson=lesson, size=(100, 30), then=click)


def test_nothing_goes_past_an_open_question(one_weight: Lesson) -> None:
    for keys in ("enter", "escape right", "pagedown", "escape end"):
        text = see(f"{TO_NEW_WEIGHT} {keys}", lesson=one_weight)
        assert "answer first" in text
        assert "step 6 of 6" in text


def test_left_on_an_empty_line_steps_back_and_keeps_the_way(one_weight: Lesson) -> None:
    text = see(f"{TO_NEW_WEIGHT} left left", lesson=one_weight)
    assert "step 4 of 6" in text
    assert "not yet" in text
    again = see(f"{TO_NEW_WEIGHT} left left right right", lesson=one_weight)
    assert "step 6 of 6" in again
    assert "answering" in again


def test_a_digit_goes_back_to_the_line(one_weight: Lesson) -> None:
    text = see(f"{TO_NEW_WEIGHT} escape 0.5", lesson=one_weight)
    assert "> 0.5" in text
    assert "answering" in text


def test_panels_fold_into_tabs(one_weight: Lesson) -> None:
    assert "the loss over w" in see(f"{TO_NEW_WEIGHT} tab", lesson=one_weight)
    assert "[3 code]" in see(f"{TO_NEW_WEIGHT} escape 3", lesson=one_weight)
    assert "[1 chain]" in see(f"{TO_NEW_WEIGHT} tab tab tab tab", lesson=one_weight)


def test_matrix_form_and_grain(vector: Lesson) -> None:
    text = see("1.09 enter escape m", lesson=vector, size=(120, 40))
    assert "matrix form" in text
    assert "W₁·x" in text
    assert "by layer" in see("1.09 enter escape - -", lesson=vector)


def test_the_table_is_covered_where_the_lesson_says_so(tmp_path: Path) -> None:
    lesson = make_lesson(tmp_path, ONE_WEIGHT.replace('id = "walk"\n', 'id = "walk"\ntable = false\n'))
    text = see(TO_NEW_WEIGHT, lesson=lesson)
    assert "The table is covered" in text
    assert "w − η·∂L/∂w" not in text


def test_training_runs_on_to_the_goal(one_weight: Lesson) -> None:
    session = begin(LessonRun(one_weight))
    keys = []
    while session.is_over is False and session.activity.id != "on":
        if session.is_open:
            keys += [right_answer(session), "enter"]
            session = session.answer(right_answer(session))
        else:
            keys += ["0.1", "enter", "enter"] if isinstance(session.activity, Nudge) else ["enter"]
            session = session.forward()

    async def wait(app: TutorApp, pilot: Pilot[None]) -> None:
        for _ in range(100):
            await pilot.pause(0.05)
            if "✓ below" in frame(app):
                return

    text = see(" ".join([*keys, "7", "enter", "t"]), lesson=one_weight, then=wait)
    assert "pass 9" in text
    said = " ".join(text.split())
    assert "in pass 9; the goal, below 0.001, is reached. You guessed 7." in said


LARGER = ": make the window a little larger"


@pytest.mark.parametrize(
    ("size", "said"),
    [
        ((1, 1), "6"),
        ((11, 6), "60×16 neede"),
        ((12, 6), "60×16 needed"),
        ((21, 6), "60×16 needed"),
        ((22, 6), " needs 60×16, has 22×6"),
        ((40, 12), " needs 60×16, has 40×12"),
        ((59, 16), f" needs 60×16, has 59×16{LARGER}"),
        ((60, 15), f" needs 60×16, has 60×15{LARGER}"),
        ((60, 16), None),
        ((79, 23), None),
        ((300, 100), None),
    ],
    ids=lambda given: f"{given[0]}x{given[1]}" if isinstance(given, tuple) else "",
)
def test_any_size_is_survived_and_nothing_is_lost(one_weight: Lesson, size: tuple[int, int], said: str | None) -> None:
    before = ""

    async def resize(app: TutorApp, pilot: Pilot[None]) -> None:
        nonlocal before
        await pilot.pause()
        before = frame(app)
        await pilot.resize_terminal(*size)
        await pilot.pause()
        if said is None:
            assert "60×16" not in frame(app)
            assert "w′" in frame(app)
        else:
            assert frame(app).rstrip() == said
        await pilot.resize_terminal(80, 24)
        await pilot.pause()

    after = see(f"{TO_NEW_WEIGHT} 2.1", lesson=one_weight, then=resize)
    assert "w′" in before
    assert after == before


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_the_first_line_of_a_paste_is_taken_whatever_ends_it(end: str, one_weight: Lesson) -> None:
    async def paste(app: TutorApp, pilot: Pilot[None]) -> None:
        from textual.events import Paste

        for text in ("9" * 200_000, f"{end}3.25{end}2{end}"):
            lesson_screen(app).line.post_message(Paste(text))
            await pilot.pause()
        assert lesson_screen(app).line.value == "3.25"

    assert "far too long" not in see(TO_NEW_WEIGHT, lesson=one_weight, then=paste)


def test_a_huge_paste_is_refused_kindly(one_weight: Lesson) -> None:
    async def paste(app: TutorApp, pilot: Pilot[None]) -> None:
        from textual.events import Paste

        lesson_screen(app).line.post_message(Paste("9" * 200_000))
        await pilot.pause()

    assert "far too long" in see(TO_NEW_WEIGHT, lesson=one_weight, then=paste)


@pytest.mark.parametrize(
    "text", ["[/]", "[red]x[/red]", "[@click=app.quit]x[/]", "\x1b[31mred", "\u202e63.0", "a\x07b"]
)
def test_hostile_text_is_shown_as_text(one_weight: Lesson, text: str) -> None:
    async def paste(app: TutorApp, pilot: Pilot[None]) -> None:
        from textual.events import Paste

        lesson_screen(app).line.post_message(Paste(text))
        await pilot.pause()
        await pilot.press("enter")

    shown = see(TO_NEW_WEIGHT, lesson=one_weight, then=paste)
    assert "not read" in shown
    assert all(character >= " " or character == "\n" for character in shown)
    assert "\u202e" not in shown


def test_help_names_every_key(one_weight: Lesson) -> None:
    text = " ".join(see("escape f1", lesson=one_weight, size=(120, 150)).split())
    for key in KEYS:
        assert f"{key.label} {key.explanation}" in text
    assert "slope of L with respect to (w.r.t.) w" in text
    for letter in ("μ momentum", "m̂ v̂ both averages", "β₁ β₂ the parts", "ε a tiny number", "λ the strength"):
        assert letter in text


def test_home_lists_the_course_and_opens_a_lesson() -> None:
    from nn_tutor.course.find import shipped_lessons

    lessons = shipped_lessons()
    text = see("", lessons=lessons, size=(80, 44))  # all of them at once
    for lesson in lessons:
        assert lesson.title in text
    opened = see("down enter", lessons=lessons)
    assert f" 2 {lessons[1].title}" in opened
    back = see("down enter escape q", lessons=lessons)
    assert "What does back-propagation actually do?" in back


def test_a_lesson_that_is_started_alone_leads_to_the_next_one() -> None:
    from nn_tutor.course.find import shipped_lessons

    async def to_the_end(app: TutorApp, pilot: Pilot[None]) -> None:
        await pilot.pause()
        screen = lesson_screen(app)
        last = len(screen.session.lesson_run.lesson.activities) - 1
        screen.move(Session(enter(Arrival(screen.session.lesson_run, last, Answers(), Cut()))).forward())
        assert "next      5 Learning rate   enter opens it" in frame(app)
        await pilot.press("enter")

    opened = see("", lesson=load(find("chain-rule")), lessons=shipped_lessons(), then=to_the_end)
    assert opened.splitlines()[0].startswith("  5 Learning rate")


@pytest.mark.parametrize("path", shipped_paths(), ids=lambda path: path.name)
@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_no_station_of_a_shipped_lesson_gives_its_answer_away(path: Path, size: tuple[int, int]) -> None:
    """One question of each kind is drawn in every panel; its rounded answer is nowhere on the screen.

    That no row, cell or label tells it is tried at every question, without a screen, in `test_visible`.
    """
    from nn_tutor.calculus.derivation import SymPyDeriver
    from nn_tutor.calculus.numerals import numeral
    from nn_tutor.terminal.drawing.ink import plain
    from nn_tutor.terminal.parts import Looks, Setting, draw_parts, plan_for

    deriver = SymPyDeriver()
    session = begin(shipped_run_as_written(path))
    seen: set[object] = set()
    while not session.is_over:
        question = session.question
        kind = question and (question.kind, question.ref.quantity, question.ref.layer, type(session.activity))
        if question is None or question.kind != "number" or kind in seen or _is_given(session):
            session = onward(session)
            continue
        seen.add(kind)
        plan = plan_for(session, *size)
        for panel in (1, 2, 3, 4):
            parts, _ = draw_parts(session, plan, Looks("answering", panel), Setting(deriver=deriver))
            drawn = [one for name in ("figure", "left", "right", "prompt", "verdict") for one in parts[name]]
            assert numeral(question.truth) not in plain(drawn).split(), (question.id, panel)
        session = session.answer(right_answer(session))


def _is_given(session: Session) -> bool:
    """Whether the number asked for is on the screen for another reason: ∂o/∂w is x, and an old weight may equal it."""
    question = session.question
    return question is not None and any(
        abs(value - question.truth) < 1e-4 for value in asked_at(session).names.values()
    )
