"""Home: what comes next stands first, in words; the course with its progress; nothing is cut within a word."""

from __future__ import annotations

import pytest

from nn_tutor.course.find import shipped_lessons
from nn_tutor.progress.recall import LeftRound, Recalled
from nn_tutor.terminal.ascii import in_ascii
from nn_tutor.terminal.drawing.ink import plain, width_of
from nn_tutor.terminal.home_items import Continuation, Known, items_of
from nn_tutor.terminal.panels.home import draw_home
from nn_tutor.terminal.screens.home import COURSE_KEYS, HomeScreen, footer_of
from nn_tutor.terminal.warming import outlined
from nn_tutor.tutor.mastery import Standing
from nn_tutor.walkthrough.skills import SKILLS, in_words
from tests.terminal.frames import compare

LESSONS = shipped_lessons()
OUTLINES = outlined(LESSONS)
SIZES = [(60, 16), (80, 24), (110, 30), (120, 40), (200, 50)]

BACK = Known(
    LESSONS,
    Recalled(
        finished=frozenset(("learning-from-data", "slope")),
        begun=frozenset(("learning-from-data", "slope", "chain-rule")),
        parts={"chain-rule": "run-on"},
        standing=Standing({"chain": 3, "sign": 1, "loss": 2}),
        due=("loss", "∂L/∂o"),
    ),
    Continuation(3, "4 The chain rule ▸ Let it run"),
    OUTLINES,
)


def shown(known: Known, marked: int, size: tuple[int, int]) -> str:
    return plain(draw_home(known, items_of(known), marked, "", *size).drawing)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_what_comes_next_stands_first(size: tuple[int, int]) -> None:
    assert [item.label for item in items_of(BACK)][:4] == ["Continue", "Review", "Practise", ""]
    lines = shown(BACK, 0, size).splitlines()
    assert "▶ Continue  4 The chain rule ▸ Let it run" in lines[1]
    assert "Review    2 skills due: the loss" in lines[2]
    assert "Practise  weakest first: the sign of a slope ●○○" in lines[3]


ALL_DUE = ("loss", "forward-dot", "∂L/∂o", "∂z/∂w", "chain", "update", "sign")


@pytest.mark.parametrize("width", range(60, 201, 7))
def test_what_is_due_is_cut_between_two_skills(width: int) -> None:
    assert set(ALL_DUE) <= set(SKILLS)
    known = BACK._replace(recalled=Recalled(due=ALL_DUE))
    told = shown(known, 0, (width, 30)).partition("7 skills due: ")[2].partition(", …")[0]
    assert {*told.split(", ")} <= {*map(in_words, ALL_DUE)}


def test_nothing_is_called_else_where_nothing_was_named_before() -> None:
    items = items_of(BACK)
    review = next(place for place, item in enumerate(items) if item.what == "review")
    assert "What you have met" in shown(BACK, review, (110, 30))
    assert "What else you have met" not in shown(BACK, review, (110, 30))
    assert any("What else you have met" in shown(BACK, place, (120, 40)) for place in range(len(items)))


def test_a_newcomer_is_greeted_and_stands_on_the_first_lesson() -> None:
    text = shown(Known(LESSONS, Recalled()), 0, (80, 24))
    assert "What does back-propagation actually do?" in text
    assert "▶  1  Learning from data" in text
    assert "Practise" not in text


def test_home_before_anything_is_known() -> None:
    compare("home-80x24", shown(Known(LESSONS), 0, (80, 23)))


def test_nothing_moves_when_it_is_known_what_was_done() -> None:
    before, after = (shown(known, 3, (80, 24)).splitlines() for known in (Known(LESSONS), BACK))
    row = next(row for row, text in enumerate(before) if "Learning from data" in text)
    assert "Learning from data" in after[row]
    before, after = (
        shown(known, 0, (80, 24)).splitlines() for known in (Known(LESSONS), Known(LESSONS, outlines=OUTLINES))
    )
    row = next(row for row, text in enumerate(before) if LESSONS[0].summary[:40] in text)
    assert LESSONS[0].summary[:40] in after[row]


@pytest.mark.parametrize("size", SIZES[1:], ids=lambda size: f"{size[0]}x{size[1]}")
def test_beside_each_lesson_stands_what_it_is_for_in_whole_words(size: tuple[int, int]) -> None:
    known = Known(LESSONS, Recalled(), outlines=OUTLINES)
    for place, lesson in enumerate(LESSONS):
        drawing = draw_home(known, items_of(known), place, "", *size).drawing
        assert len(drawing) == size[1]
        assert max(map(width_of, drawing)) <= size[0]
        words = plain(drawing).replace("│", " ").split()
        assert lesson.title in plain(drawing)
        assert "…" not in plain(drawing)
        for text in (OUTLINES[lesson.id].introduction.replace("*", ""), lesson.summary):
            assert set(text.split()) <= set(words), (lesson.id, set(text.split()) - set(words))


def test_progress_stands_in_one_column() -> None:
    lines = shown(BACK, 0, (120, 40)).splitlines()
    done = {line.index("✓") for line in lines if "✓" in line}
    begun = {line.index("▰") for line in lines if "4  The chain rule" in line}
    assert len(done) == 1
    assert done == begun
    assert f"2 of {len(LESSONS)} done" in "\n".join(lines)


@pytest.mark.parametrize("size", [(120, 40), (200, 50)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_parts_of_a_lesson_stand_beside_it_and_what_was_done_is_marked(size: tuple[int, int]) -> None:
    text = shown(BACK, 0, size)
    done = [title for title, is_before in OUTLINES["chain-rule"].contents("run-on") if is_before]
    assert "Find the slip" in done
    if size[0] == 200:
        frame = text[text.index("Its parts") :]
        for title, is_before in OUTLINES["chain-rule"].contents("run-on"):
            assert (f"✓ {title} " in frame) == is_before, title
            assert f" {title} " in frame
        assert max(map(len, text.splitlines())) >= size[0] - 4
    fresh = shown(Known(LESSONS, Recalled(), outlines=OUTLINES), 0, size)
    assert "Three lines to remember" in fresh
    assert "✓" not in fresh


def test_a_title_that_exercises_share_is_one_part_and_done_with_the_last_of_them() -> None:
    outline = OUTLINES["chain-rule"]
    first = next(part for part in outline.parts if "." in part)
    assert ("Once more, with other numbers", False) in outline.contents(first)
    assert ("Once more, with other numbers", True) in outline.contents("own-pass")
    assert len(outline.contents("")) < len(outline.parts)
    assert not any(is_before for _, is_before in outline.contents(""))


def test_skills_are_told_in_words_with_bars() -> None:
    text = shown(BACK, 0, (120, 40))
    assert "the chain rule           ▰▰▰▰▰▰" in text
    assert "the sign of a slope      ▰▰▱▱▱▱" in text
    assert all(in_words(skill) != skill or skill == "momentum" for skill in SKILLS)
    assert in_words("a skill of long ago") == "a skill of long ago"


@pytest.mark.parametrize("known", [Known(LESSONS, Recalled(), outlines=OUTLINES), BACK], ids=["new", "back"])
def test_a_large_screen_is_used_to_its_end(known: Known) -> None:
    for marked in range(len(items_of(known))):
        text = shown(known, marked, (200, 49))
        rows = text.splitlines()
        assert sum(not row.strip() for row in rows) <= 2
        frame = text[text.index("What you know" if known.is_met else "What you will learn") :]
        for skill in SKILLS:
            number = next(n for n, lesson in enumerate(LESSONS, start=1) if skill in OUTLINES[lesson.id].skills)
            row = next(row for row in frame.splitlines() if f" {in_words(skill)} " in row)
            assert f"lesson {number:>2}" in row[row.index(in_words(skill)) :][:50]
        assert "Eight questions over the course" in text


def test_the_frame_of_skills_stays_in_its_place_from_line_to_line() -> None:
    places = {
        next(row for row, text in enumerate(shown(BACK, marked, (200, 49)).splitlines()) if "What you know" in text)
        for marked in range(len(items_of(BACK)))
    }
    assert len(places) == 1


def test_what_was_done_so_far_is_told_with_frequent_mistakes_and_no_convention_among_them() -> None:
    mistakes = {"forgot-input": 3, "half-convention": 5, "forgot-bias": 1}
    recalled = Recalled(standing=Standing({"chain": 1}, mistakes), answers=12, right_first=7)
    for size in ((120, 40), (200, 50)):
        text = shown(Known(LESSONS, recalled, outlines=OUTLINES), 0, size)
        assert "12 questions answered, 7 right at the first try." in text
        assert "Most often you forgot the input (3 times)." in text
    assert "So far" not in shown(Known(LESSONS, Recalled(), outlines=OUTLINES), 0, (200, 50))


def test_a_longer_list_than_the_screen_follows_the_marked_line_and_says_that_it_goes_on() -> None:
    items = items_of(BACK)
    assert "↓" in shown(BACK, 0, (80, 24))
    assert "▶     Your own data" in shown(BACK, len(items) - 1, (80, 24))
    assert "↑" in shown(BACK, len(items) - 1, (80, 24))


@pytest.mark.parametrize("size", [(1, 1), (20, 6), (300, 100)])
def test_any_size_is_drawn(size: tuple[int, int]) -> None:
    for marked in (0, len(items_of(BACK)) - 1):
        assert draw_home(BACK, items_of(BACK), marked, "something went wrong", *size).drawing


def test_in_ascii_the_frame_is_made_of_signs_of_ascii() -> None:
    drawing = draw_home(BACK, items_of(BACK), 0, "", 120, 40).drawing
    text = plain(in_ascii(line) for line in drawing)
    assert "+- 4 The chain rule -" in text
    assert text.isascii()


def test_who_has_done_the_whole_course_is_told_what_is_next() -> None:
    everything = frozenset(listing.id for listing in LESSONS)
    known = Known(LESSONS, Recalled(finished=everything, begun=everything))
    first, *others = items_of(known)
    assert (first.what, first.label) == ("quiz", "Next")
    assert "quiz" not in [item.what for item in others]
    for size in SIZES:
        assert "▶ Next      you have done the whole course" in shown(known, 0, size)
    almost = Known(LESSONS, Recalled(finished=everything - {"xor"}))
    assert "Next" not in [item.label for item in items_of(almost)]


@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_footer_names_whole_keys_the_words_of_the_field_among_them(width: int) -> None:
    text = plain((footer_of(COURSE_KEYS, width),))
    assert width_of(footer_of(COURSE_KEYS, width)) <= width
    assert "F4 words" in text
    assert text.endswith(("F4 words", "q quit", "ctrl+p find"))
    assert ("ctrl+p find" in text) == (width >= 80)


def test_enter_waits_until_it_is_known_where_to_go_on() -> None:
    opened: list[int] = []
    home = HomeScreen(LESSONS)
    home.post_message = lambda message: opened.append(message.number) or True  # type: ignore[method-assign, attr-defined, func-returns-value]
    home._draw = lambda: None  # type: ignore[method-assign]
    home.action_open()
    assert not opened
    begun = Recalled(begun=frozenset(("chain-rule",)))
    home.remember(begun, Continuation(3, "4 The chain rule ▸ Let it run"), "")
    assert opened == [4]
    home.action_open()
    assert opened == [4, 4]


def test_a_round_that_was_just_left_is_what_enter_goes_on_with() -> None:
    home = HomeScreen(LESSONS)
    home._draw = lambda: None  # type: ignore[method-assign]
    met = Standing({"chain": 1})
    home.remember(Recalled(begun=frozenset(("slope",)), standing=met), None, "")
    home.action_mark(1)
    left = LeftRound("practice:mix:1", 4, 7)
    home.remember(Recalled(begun=frozenset(("slope",)), standing=met, left_round=left), None, "")
    marked = items_of(home.known)[home.marked]
    assert (marked.what, marked.label) == ("round", "Go on")
