"""Whatever is typed, pasted or said, it is read or refused; nothing else ever happens."""

from __future__ import annotations

import contextlib

from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tutor.homework.faults import HomeworkError
from nn_tutor.homework.fields import check_so_far, count_so_far
from nn_tutor.homework.form import Form, form_of
from nn_tutor.homework.matrices import read_rows
from nn_tutor.homework.reading import homework_of
from nn_tutor.homework.said import KEYS, Said, as_file, said_in
from nn_tutor.terminal.drawing.ink import width_of
from nn_tutor.terminal.panels.form import draw_field_fault, draw_form
from tests.homework.test_form import LINES
from tests.homework.test_reading import HAN_KAMBER

PIECES = [
    "1",
    "-",
    ".5",
    " ",
    ";",
    ",",
    "[",
    "]",
    "(",
    "|",
    ":",
    "=",
    "\n",
    "'",
    "e",
    "/",
    "sigmoid",
    "softmax",
    "2 units",
]
PIECES += [
    "nan",
    "1e999",
    "draw",
    "none",
    "error",
    "slope",
    "held",
    "leaky_relu 0.1",
    "\\",
    "&",
    "1.0e+03 *",
    "{",
    "½",
    "–",
]
texts = st.one_of(st.lists(st.sampled_from(PIECES), max_size=12).map("".join), st.text(max_size=20))
usual = st.sampled_from(
    ["1 0 1", "sigmoid: .2 .4 -.5 | .1", "softmax: 2 units", "1", "half", "0.5", "in-out", "t-o", "2", "order"]
)
pairs = st.tuples(st.sampled_from(list(KEYS)), st.one_of(texts, usual))


@given(texts)
def test_any_text_is_a_matrix_or_none(text: str) -> None:
    with contextlib.suppress(HomeworkError):
        rows = read_rows(text)
        assert rows
        assert len({len(row) for row in rows}) == 1


def is_told(said: Said) -> bool:
    """Read a network; say whether it was one. What is refused has a place, or says what was found."""
    try:
        homework = homework_of(said)
    except HomeworkError as error:
        return not all(fault.place or fault.found for fault in error.faults)
    return homework.lesson.purpose == "homework"


@given(st.lists(pairs, max_size=8).map(tuple))
@settings(deadline=None)
def test_anything_said_is_a_network_or_a_list_of_faults(said: Said) -> None:
    is_told(said)


@given(st.lists(pairs, min_size=1, max_size=2), st.sets(st.sampled_from(range(len(HAN_KAMBER))), max_size=2))
@settings(max_examples=150, deadline=None)
def test_a_network_with_anything_else_in_it_is_one_or_a_list_of_faults(
    further: list[tuple[str, str]], without: set[int]
) -> None:
    is_told((*(pair for place, pair in enumerate(HAN_KAMBER) if place not in without), *further))


@given(st.text(max_size=60) | st.lists(texts, max_size=5).map("\n".join))
def test_any_text_file_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(HomeworkError):
        said = said_in(text)
        assert said_in(as_file(said)) or not said


@given(st.lists(st.one_of(texts, st.sampled_from(LINES)), max_size=14), texts, st.integers(20, 130), st.integers(4, 40))
@settings(max_examples=100, deadline=None)
def test_any_form_can_be_drawn(lines: list[str], typed: str, width: int, height: int) -> None:
    form = Form()
    for line in lines:
        try:
            form = form.entered(line)
        except HomeworkError:
            form = form.with_text(line).moved(1)
    fault = check_so_far(form.asked, typed)
    assert count_so_far(form.asked, typed) is not None
    drawing = draw_form(form, typed, width, height)
    assert len(drawing) == height
    assert all(width_of(line) <= width for line in drawing)
    assert len(draw_field_fault(form, typed, "" if fault is None else str(fault), width)) <= 2
    form_of(form.said)


@given(texts)
@settings(deadline=None)
def test_what_enter_takes_was_never_refused_while_it_was_typed(text: str) -> None:
    form = Form()
    for line in LINES[:2]:
        form = form.entered(line)
    with contextlib.suppress(HomeworkError):
        form.entered(text)
        assert check_so_far(form.asked, text) is None
