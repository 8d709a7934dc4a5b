"""What does not fit on a small screen is said to be there, can be scrolled to, and what is asked is always seen."""

from __future__ import annotations

import re

import pytest

from nn_tutor.course.activities.walk import Walk
from nn_tutor.course.find import shipped_paths
from nn_tutor.terminal.drawing.diagram_parts import fitted
from nn_tutor.terminal.drawing.ink import plain
from nn_tutor.terminal.panels.reading import MORE, draw_in_short
from nn_tutor.terminal.parts import Looks, Setting, draw_parts, plan_for
from nn_tutor.tutor.session import Session, begin
from tests.lessons_for_tests import DERIVER, onward, right_answer
from tests.terminal.panels_seen import body, entered, lesson_run, to_question


def test_a_table_says_how_many_rows_are_out_of_sight_and_can_be_scrolled_to_its_ends() -> None:
    session = entered("two-weights-in-a-row", "first-pass")
    shown, _ = body(session)
    above = re.search(r"↑ (\d+) above", shown)
    assert above, shown
    top, at = body(session, scrolled=-99)
    assert at == -int(above[1])
    assert "↑" not in top
    assert f"↓ {above[1]} below" in top
    assert "z₁" in top.splitlines()[1]


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)])
def test_where_a_loss_is_asked_the_outputs_stand_above_it(size: tuple[int, int]) -> None:
    shown, _ = body(entered("hidden-layer", "first-pass", answered=2), size)
    rows = shown.splitlines()
    asked = next(place for place, row in enumerate(rows) if "▶ L " in row)
    assert "o₃" in rows[asked - 1]
    assert "−0.08924" in rows[asked - 1]
    assert "o₂" in rows[asked - 2]
    behind = next(row for row in rows[asked + 1 :] if row.strip("│ ").startswith("∂L/∂o₁") or "──" in row)
    assert "not yet" in behind or size == (80, 24)


@pytest.mark.parametrize(
    ("slug", "activity", "answered", "rows"),
    [
        ("bias", "both", 0, ("∂L/∂o⁽¹⁾", "∂L/∂o⁽²⁾", "∂L/∂w ")),
        ("bias", "both", 1, ("∂L/∂o⁽¹⁾", "∂L/∂o⁽²⁾", "∂L/∂b ")),
        ("two-weights-in-a-row", "second-pass", 1, ("∂L/∂o ", "∂L/∂w₂ ")),
        ("two-weights-in-a-row", "second-pass", 2, ("∂L/∂o ", "∂o/∂a₁ ", "∂L/∂a₁ ")),
    ],
)
def test_what_an_asked_number_is_made_from_stands_above_it(
    slug: str, activity: str, answered: int, rows: tuple[str, ...]
) -> None:
    shown, _ = body(entered(slug, activity, answered))
    for name in rows:
        assert re.search(rf"^[▶ ] {name}", shown, re.MULTILINE), (name, shown)


def test_the_words_of_a_walk_never_push_those_of_its_first_step_out_of_sight() -> None:
    longer = 0
    for path in shipped_paths():
        run = lesson_run(path.name)
        for place, activity in enumerate(run.lesson.activities):
            session = begin(run).entered(place)
            if isinstance(activity, Walk) and session.station.words != run.words(place):
                shown, _ = body(session, panel=4)
                assert MORE.text not in shown, (path.name, activity.id)
                below = plain(draw_in_short(session.station.own_words, 80, 3, "more"))
                assert not (session.is_open and below.endswith("more")), (path.name, activity.id)
                longer += 1
    assert longer > 10


def test_where_the_squares_were_asked_they_stand_above_the_loss() -> None:
    session = entered("hidden-layer", "first-pass", answered=2).hint().hint().decompose()
    for _ in range(3):
        session = session.answer(right_answer(session))
    rows = body(session)[0].splitlines()
    asked = next(place for place, row in enumerate(rows) if "▶ L " in row)
    assert "L₃" in rows[asked - 1]
    assert "L₂" in rows[asked - 2]


def test_a_table_does_not_repeat_its_row_below_where_other_rows_have_no_room() -> None:
    shown, _ = body(entered("two-weights-in-a-row", "first-pass"))
    assert shown.count("w₁ − η·∂L/∂w₁") == 1
    assert ">>> w1_new" in shown
    assert sum(line.startswith(("  ", "▶")) for line in shown.splitlines()) >= 6  # five rows and the heading


def test_what_a_pass_starts_from_says_that_it_goes_on_and_can_be_scrolled_to_its_end() -> None:
    session = entered("autoencoder", "the-reader")
    top, _ = body(session, panel=5)
    assert top.splitlines()[-1].strip() == MORE.text
    assert "η 8" not in top
    bottom, _ = body(session, scrolled=99, panel=5)
    assert MORE.text not in bottom
    assert "η 8" in bottom
    assert bottom.count("\n") == top.count("\n")


@pytest.mark.parametrize("slug", ["autoencoder", "training-loop"])
@pytest.mark.parametrize("size", [(80, 24), (60, 16)])
def test_in_a_pass_of_ones_own_what_is_asked_is_seen_and_all_of_the_sheet_can_be(
    slug: str, size: tuple[int, int]
) -> None:
    session, seen = entered(slug, "own-pass"), ""
    for _ in range(4):
        shown, _ = body(session, size)
        assert "▸[?]" in shown
        session = to_question(session.answer(right_answer(session)))
    for scrolled in range(-9, 9):
        shown, _ = body(session, size, scrolled)
        seen += shown
    assert all(
        name in seen
        for name in ("X 1 [", "W₁ [", "W₂ [", "activation sigmoid", "mean of 2", "η 0.8", "A₁ 1 [", "δ₁ 1 [", "w₁₁₂′")
    )


def test_the_picture_of_a_pass_of_ones_own_is_never_empty_and_tells_no_slope() -> None:
    for slug in ("two-weights-in-a-row", "hidden-layer", "softmax", "training-loop"):
        shown, _ = body(entered(slug, "own-pass"), panel=2)
        assert len(shown.splitlines()) > 4, slug
        assert "slope" not in shown
    found, _ = body(entered("chain-rule", "own-pass", answered=1), panel=2)
    assert "the loss over o" in found


def test_a_number_that_has_no_room_is_rounded_and_says_so() -> None:
    assert fitted("−0.855", 6) == "−0.855"
    assert fitted("−0.855", 5) == "≈−.86"
    assert fitted("−0.855", 3) == "≈−1"
    assert fitted("12.3456", 4) == "≈12"
    assert fitted("12.3456", 5) == "≈12.3"
    assert fitted("1.234e−5", 7) == "≈1.2e−5"
    assert fitted("[?]", 2) == "?"
    assert fitted("−0.02213", 7) == "≈−0.022"
    assert fitted("−0.02213", 6) == "≈−.022"
    assert fitted("−0.02213", 5) == "≈−.02"
    assert fitted("−0.02213", 4) == "≈0"
    assert fitted("−0.009912", 8) == "≈−0.0099"
    assert fitted("0.0004567", 6) == "≈.0005"
    assert fitted("−8.123e−5", 7) == "≈−8e−5"
    assert fitted("−0.0004567", 6) == "≈−5e−4"
    assert fitted("123456.7", 5) == "≈1e5"


@pytest.mark.parametrize(("width", "height"), [(120, 40), (200, 50), (80, 24), (60, 16)])
@pytest.mark.parametrize(
    "slug", ["classification", "xor", "overfitting", "autoencoder", "mini-batches", "training-loop"]
)
def test_no_number_of_a_diagram_is_cut(slug: str, width: int, height: int) -> None:
    run = lesson_run(slug)
    session, seen = begin(run), 0
    while not session.is_over and seen < 40:
        if session.activity.step_groups_in_passes:
            parts, _ = draw_parts(session, plan_for(session, width, height), Looks("looking"), Setting(deriver=DERIVER))
            seen += 1
            assert not re.search(r"[\d.]…", plain(parts["figure"])), plain(parts["figure"])
        session = onward(session)
    assert seen


def test_the_diagram_and_the_sheet_write_a_target_alike() -> None:
    session = entered("autoencoder", "own-pass")
    parts, _ = draw_parts(session, plan_for(session, 80, 24), Looks("answering"), Setting(deriver=DERIVER))
    assert "−0.855" in plain(parts["figure"])
    assert "−0.855" in plain(parts["left"])


def parts_of(session: Session, size: tuple[int, int], panel: int = 1) -> dict[str, str]:
    looks = Looks("answering", panel)
    parts, _ = draw_parts(session, plan_for(session, *size, looks), looks, Setting(deriver=DERIVER))
    return {name: plain(part) for name, part in parts.items()}


@pytest.mark.parametrize(
    ("slug", "activity", "needed"),
    [
        ("autoencoder", "at-last.3", ("W₁ [", "W₂ [", "η 0.")),
        ("training-loop", "step", ("W₁ [", "v₁ [", "μ 0.6", "leaky ReLU 0.01 below 0")),
        ("mini-batches", "schedule", ("η₀ 0.7", "t 4", "η₀ times 0.4 after every 3 passes")),
        ("adam", "by-hand", ("β₁ 0.8", "β₂ 0.9", "m 0", "η 0.3")),
    ],
)
def test_all_that_a_question_starts_from_is_a_key_away_and_the_footer_names_the_key(
    slug: str, activity: str, needed: tuple[str, ...]
) -> None:
    run = lesson_run(slug)
    session = to_question(begin(run).entered([one.id for one in run.lesson.activities].index(activity)))
    assert re.search(r"shift\+tab (samples, )?given", parts_of(session, (80, 24))["footer"])
    shown = parts_of(session, (80, 24), panel=5)["left"]
    assert all(text in shown for text in needed), shown


def test_on_a_larger_screen_what_an_exercise_starts_from_stands_in_the_place_of_its_covered_code() -> None:
    run = lesson_run("autoencoder")
    session = to_question(begin(run).entered([one.id for one in run.lesson.activities].index("at-last.3")))
    shown = parts_of(session, (120, 40))["left"]
    assert "W₂ [" in shown
    assert "rate * direction" not in shown


def test_the_learning_rate_stays_in_the_top_line_of_an_update() -> None:
    for slug, activity in (("mini-batches", "an-epoch"), ("training-loop", "step"), ("adam", "by-hand")):
        run = lesson_run(slug)
        session = to_question(begin(run).entered([one.id for one in run.lesson.activities].index(activity)))
        assert "η 0." in parts_of(session, (80, 24))["header"], slug


def test_the_names_of_all_panels_have_room_on_a_narrow_screen() -> None:
    tabs = parts_of(entered("training-loop", "step"), (60, 20), panel=6)["tabs"]
    assert "5 given[6 samples]" in tabs
    assert "…" not in tabs


def test_before_networks_have_matrices_the_code_is_a_line_for_each_number_so_far() -> None:
    shown, _ = body(entered("chain-rule", "first-step", answered=0), panel=3)
    assert "o = x * w" in shown
    assert "def " not in shown
    assert "for layer" not in shown


def test_what_is_too_long_for_its_column_goes_on_below_where_lines_are_free() -> None:
    session = entered("many-samples", "first-pass")
    while session.question is None or session.question.ref.quantity != "W":
        session = session.answer(right_answer(session)) if session.is_open else session.forward()
    looks = Looks("answering")
    table = plain(draw_parts(session, plan_for(session, 200, 50), looks, Setting(deriver=DERIVER))[0]["left"])
    rows = table.partition("value (NumPy)")[2].partition("──")[0]
    assert "…" not in rows
    assert "(2.0008 − 0.33)²" in rows


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_a_rule_that_goes_on_below_is_torn_into_no_more_lines_than_the_columns_need(size: tuple[int, int]) -> None:
    shown, _ = body(entered("overfitting", "test-it"), size)
    squares = re.findall(r"\(o⁽[¹²³]⁾ − y⁽[¹²³]⁾\)²", shown.partition("value (NumPy)")[2].partition("──")[0])
    assert len(squares) == 3, shown


def test_the_heading_of_a_low_table_keeps_its_names_beside_how_many_rows_are_out_of_sight() -> None:
    session = entered("training-loop", "forwards")
    for _ in range(6):
        session = session.answer(right_answer(session)) if session.is_open else session.forward()
    heading = body(session)[0].splitlines()[0]
    for name in ("quantity", "rule (SymPy)", "with numbers", "value (NumPy)"):
        assert name in heading
    assert re.search(r"[↑↓] ?\d", heading)


@pytest.mark.parametrize("slug", ["hidden-layer", "autoencoder", "training-loop"])
def test_how_many_lines_of_a_sheet_are_out_of_sight_takes_nothing_from_it(slug: str) -> None:
    session = entered(slug, "own-pass")
    for _ in range(8):
        shown, _ = body(session)
        assert "…" not in shown, shown
        session = session.answer(right_answer(session))
        if session.activity.id != "own-pass" or not session.is_open:
            session = session.forward()
        if session.activity.id != "own-pass":
            break


def test_how_many_rows_are_out_of_sight_is_told_by_arrows_where_words_have_no_room() -> None:
    run = lesson_run("gradients-fail")
    session = begin(run).entered([one.id for one in run.lesson.activities].index("vanishing"))
    for _ in range(4):
        shown, _ = body(session, (120, 40))
        heading = next(one for one in shown.splitlines() if "quantity" in one)
        assert "…" not in heading
        assert "rule (SymPy)" in heading
        session = session.forward()


def test_the_goal_of_a_run_is_whole_beside_the_loss_of_its_test_set() -> None:
    run = lesson_run("overfitting")
    session = begin(run).entered([one.id for one in run.lesson.activities].index("more-samples")).forward()
    shown, _ = body(session, (120, 40))
    assert re.search(r"test [\d.]+ +goal < [\d.]+ ", shown), shown


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_a_long_line_of_code_below_the_table_goes_on_in_the_next_line(size: tuple[int, int]) -> None:
    session = entered("adam", "the-first-step")
    while session.question is None or session.question.ref.quantity != "W":
        session = session.answer(right_answer(session)) if session.is_open else session.forward()
    lines = [line.strip("│ ") for line in body(session, size)[0].splitlines()]
    at = next(place for place, line in enumerate(lines) if line.startswith(">>> W_new[0, 0]"))
    code = f"{lines[at]} {lines[at + 1]}"
    assert code.startswith(">>> W_new[0, 0] = W[0, 0] - lr * m_hat[0, 0] / (np.sqrt(v_hat[0, 0]) + epsilon)")
    for name in ("m̂₁₁", "v̂₁₁"):
        assert any(line.startswith(name) for line in lines[:at])


def test_words_in_the_place_of_a_covered_table_leave_out_their_titles_before_they_are_cut_and_can_be_scrolled() -> None:
    shown, _ = body(entered("training-loop", "step"))
    assert "There is no velocity yet." in shown
    assert "The step" not in shown
    cut, _ = body(entered("training-loop", "step"), (60, 16))
    assert MORE.text in cut
    assert "There is no velocity yet." not in cut
    further, at = body(entered("training-loop", "step"), (60, 16), scrolled=2)
    assert at == 1
    assert "There is no velocity yet." in further


@pytest.mark.parametrize(("slug", "activity"), [("many-samples", "first-pass"), ("mini-batches", "three-directions")])
def test_before_the_loss_of_a_batch_is_known_its_samples_are_drawn_and_no_output(slug: str, activity: str) -> None:
    run = lesson_run(slug)
    session = begin(run).entered([one.id for one in run.lesson.activities].index(activity))
    picture = plain(draw_parts(session, plan_for(session, 120, 40), Looks(), Setting(deriver=DERIVER))[0]["right"])
    assert "not yet: first the loss" in picture
    assert "samples: y" in picture
    assert "the network" not in picture
