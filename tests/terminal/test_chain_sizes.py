"""The rows of the table of a pass: told in full where there are lines for that, and in their place at each step."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tutor.calculus.equality import disproves
from nn_tutor.course.find import shipped_paths
from nn_tutor.terminal.drawing.ink import plain
from nn_tutor.terminal.panels.chain_sizes import NUMBERS, RULE, Widths, heights_of, narrow_heights, page_of
from nn_tutor.terminal.panels.row_heights import fitted, rule_lines_of
from nn_tutor.terminal.parts import Looks, Setting, draw_parts, plan_for
from nn_tutor.tutor.session import Session, begin
from nn_tutor.tutor.visible import view_of
from tests.lessons_for_tests import DERIVER, onward
from tests.shipped_runs import shipped_run

SUM = "0.8105·0.95 + (−0.9679)·(−1.28) + 0.6072·0.66"


@cache
def walked(place: int) -> tuple[Session, ...]:
    """Every station of a shipped lesson, with all answers right."""
    states = [begin(shipped_run(shipped_paths()[place - 1], disproves))]
    while not states[-1].is_over:
        states.append(onward(states[-1]))
    return tuple(states)


@pytest.mark.parametrize("place", [6, 7, 10, 21])
def test_at_120_columns_no_sum_of_a_small_table_is_left_unfinished(place: int) -> None:
    for session in walked(place):
        looks = Looks("answering" if session.is_open else "looking")
        parts = draw_parts(session, plan_for(session, 120, 40, looks), looks, Setting(deriver=DERIVER))[0]
        text = plain([*parts["left"], *parts["right"]])
        assert "+ …" not in text, text


def test_a_cell_has_the_form_that_tells_most_on_its_lines() -> None:
    assert fitted(SUM, 26, 1) == ("0.8105·0.95 + …",)
    assert fitted(SUM, 22, 2) == ("0.8105·0.95 + … +", "  0.6072·0.66")
    assert fitted(SUM, 26, 2) == ("0.8105·0.95 + (−0.9679)·", "  (−1.28) + 0.6072·0.66")
    assert "".join(fitted(SUM, 26, 3)).replace(" ", "") == SUM.replace(" ", "")
    assert fitted("w₁·x₁ + w₂·x₂ + w₃·x₃", 12, 2) == ("Σ wₖ·xₖ",)


def test_lines_that_are_over_go_to_what_is_left_out_before_a_sigma_is_written_out() -> None:
    sigma = ("w₁·x₁ + w₂·x₂ + w₃·x₃", "0.1")
    left_out = ("δ", "0.8105·0.95 + 0.6072·0.66")
    assert heights_of((sigma, left_out), Widths(10, 12, 20), 3) == (1, 2)
    assert heights_of((sigma, left_out), Widths(10, 12, 20), 9) == (3, 2)


def test_rules_of_one_kind_are_written_alike() -> None:
    short, long = "0.7·0.7313 + 0.6·0.2312", "1.2204·0.7313 + (−0.9748)·0.2312"
    rules = [f"w₂{k}₁·a₁₁ + w₂{k}₂·a₁₂" for k in "₁₂₃"]
    texts = ((rules[0], short), (rules[1], long), (rules[2], short))
    heights = heights_of(texts, Widths(10, 14, 28), 4)
    assert heights == (1, 2, 1)
    assert rule_lines_of(texts, heights) == (1, 1, 1)
    assert rule_lines_of((*texts, ("σ(z)", "")), (2, 2, 2, 1)) == (2, 2, 2, 1)


@pytest.mark.parametrize(("place", "size"), [(11, (120, 40)), (6, (120, 40)), (10, (200, 50))])
def test_rows_of_one_kind_look_alike_and_stay_in_their_place(place: int, size: tuple[int, int]) -> None:
    before: tuple[object, dict[str, tuple[int, int]]] = None, {}
    for session in walked(place):
        looks = Looks("answering" if session.is_open else "looking")
        parts = draw_parts(session, plan_for(session, *size, looks), looks, Setting(deriver=DERIVER))[0]
        rows = rows_of(plain(parts["left"]).split("\n"))
        outputs = {rule.startswith("Σ") for name, (*_, rule) in rows.items() if re.fullmatch("o[₁₂₃]", name)}
        assert len(outputs) < 2, rows
        now = (
            (session.activity.id, session.place.pass_number) if rows else None,
            {name: (at, column) for name, (at, column, _) in rows.items()},
        )
        if now[0] == before[0] and set(now[1]) == set(before[1]):
            assert now == before
        before = now


def rows_of(lines: list[str]) -> dict[str, tuple[int, int, str]]:
    """Where each row of the table stands, where its numbers begin, and its rule."""
    heading = next((at for at, line in enumerate(lines) if RULE in line), None)
    if heading is None:
        return {}
    rule, numbers = lines[heading].index(RULE), lines[heading].find(NUMBERS)
    found = {}
    for at, line in enumerate(lines[heading + 1 :], heading + 1):
        if line.startswith(("╰", "│ ─")):
            break
        if name := line[1 : rule - 1].strip(" ▶"):
            found[name] = at, numbers, line[rule:numbers].strip()
    return found


@given(st.lists(st.integers(1, 3), min_size=1, max_size=30), st.integers(3, 20))
def test_every_row_is_on_a_page_that_fits_and_pages_are_turned_seldom(heights: list[int], rows: int) -> None:
    pages = [page_of(heights, rows, focus) for focus in range(len(heights))]
    for focus, (start, end) in enumerate(pages):
        assert start <= focus < end
        assert sum(heights[start:end]) <= rows
    for (before, end), (start, _) in pairwise(pages):
        assert start == before or start <= end


def test_a_narrow_table_lets_rows_far_above_go_for_what_the_others_are_made_from() -> None:
    texts = ["1.5·2"] * 6 + ["0.8105·0.95 + 0.6072·0.66"] * 3
    start, heights = narrow_heights(texts, 18, 9, 8)
    assert start == 3
    assert heights == (1, 1, 1, 2, 2, 2)
    assert narrow_heights(texts, 40, 9, 8) == (0, (1,) * 9)


@pytest.mark.parametrize("place", [4, 11, 17])
@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_of_the_rows_that_a_step_finds_together_the_one_in_question_alone_is_lit(
    place: int, size: tuple[int, int]
) -> None:
    found_together = 0
    for session in walked(place):
        asked = session.asked
        if asked is None or session.activity.kind != "walk":
            continue
        parts = draw_parts(session, plan_for(session, *size), Looks(), Setting(deriver=DERIVER))[0]
        lit = {span.ref for row in parts["left"] for span in row if span.lit and span.ref in asked.known}
        view = view_of(session, DERIVER)
        assert view is not None
        found_together += len(view.lit) > 1
        assert lit <= {view.focus}, session.place
    assert place != 17 or found_together


def test_where_nearly_every_column_of_the_samples_is_needed_only_their_names_are_lit() -> None:
    session = next(
        one
        for one in walked(17)
        if one.asked is not None and one.asked.focus is not None and one.asked.focus.quantity == "loss"
    )
    parts = draw_parts(session, plan_for(session, 200, 50), Looks(), Setting(deriver=DERIVER))[0]
    start = next(place for place, row in enumerate(parts["left"]) if "sample " in plain([row]))
    heading, *rows = parts["left"][start : start + 5]
    assert {"o₁", "y₄"} <= {span.text.strip() for span in heading if span.lit}
    assert [span.text for row in rows for span in row if span.lit] == []
