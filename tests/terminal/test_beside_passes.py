"""What stands beside passes, runs and nudges: pictures of their numbers, the samples, the network as they left it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nn_tutor.course.find import find, shipped_paths
from nn_tutor.course.load import load
from nn_tutor.terminal.drawing.columns import on_points
from nn_tutor.terminal.drawing.ink import plain
from nn_tutor.terminal.exhibits import what_stands_around
from nn_tutor.terminal.panels.nudge_picture import draw_nudge
from nn_tutor.terminal.parts import Looks, Setting, draw_parts, plan_for
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.session import Session, begin
from nn_tutor.tutor.stations.nudging import Nudging
from tests.lessons_for_tests import onward, right_answer
from tests.shipped_runs import shipped_run
from tests.terminal.beside import DERIVER, at, screen
from tests.terminal.panels_seen import to_question


def test_decimal_points_of_a_column_stand_below_each_other() -> None:
    cells = on_points(["1", "0.1", "−0.5", "12.25", "—"])
    assert len({len(cell) for cell in cells}) == 1
    assert {cell.index(".") for cell in cells if "." in cell} == {2}
    assert [cell.strip() for cell in cells] == ["1", "0.1", "−0.5", "12.25", "—"]
    assert on_points([]) == []


def test_a_nudge_is_seen_on_the_curve_and_its_slope_once_it_may_be() -> None:
    session = begin(LessonRun(load(find("slope")))).entered(3)  # o is 2.2, L is (o − 1.05)²
    for text, landing in (("1", "◇ nudged 3.2"), ("0.1", "◇ nudged 2.3"), ("-0.5", "◇ nudged 1.7")):
        before, session = screen(session, (120, 40)), session.answer(text)
        assert "╱ slope" not in before
        assert landing in screen(session, (120, 40))
    assert "╱ slope 2.3" in screen(session, (120, 40))


def test_a_picture_stands_beside_what_is_tuned_or_derived() -> None:
    for lesson, activity in (("many-samples", "all-three"), ("bias", "weight-and-bias"), ("chain-rule", "in-letters")):
        plan = plan_for(at(lesson, activity), 120, 40)
        assert plan.is_framed
        assert "─ The picture ─" in screen(at(lesson, activity), (120, 40))
        assert not plan_for(at(lesson, activity), 80, 24).is_framed


def test_what_a_run_was_to_do_and_does_is_said_to_be_reached() -> None:
    session = at("learning-rate", "crawl")
    assert "✓ reached" not in screen(session, (120, 40))
    assert "✓ reached" in screen(session.answer("0.01"), (120, 40))


def test_a_goal_that_was_reached_is_not_cut_beside_a_table() -> None:
    session = at("learning-rate", "diverge").answer("1.5").forward()
    assert session.activity.id == "four-ways"
    shown = screen(session, (120, 40))
    assert "✓ reached" in shown
    assert "…" not in shown


def test_nothing_moves_from_step_to_step_on_a_high_screen() -> None:
    session = at("chain-rule", "second-step")
    plans = []
    while session.activity.id == "second-step":
        plans.append(plan_for(session, 200, 50, deriver=DERIVER))
        session = session.answer(right_answer(session)) if session.is_open else session.forward()
    assert len({plan.heights["body"] for plan in plans}) == 1
    assert plans[0].body < 36


def test_where_all_networks_have_names_that_of_the_next_walk_stands_beside_a_page() -> None:
    """Above it, where there is no room beside it for the links."""
    session = begin(LessonRun(load(find("adam"))))
    beside = screen(session, (200, 50))
    assert "─ The network ─" in beside
    looks = Looks("answering")
    plan = plan_for(session, 120, 40, looks, DERIVER)
    above = plain(draw_parts(session, plan, looks, Setting(deriver=DERIVER))[0]["figure"])
    for shown in (beside, above):
        assert "x₃ −14" in shown  # that of the first walk
        assert "w·a ━ above 0" not in shown  # nothing flows yet


def test_a_nudged_number_has_its_colour_at_the_axes_too() -> None:
    for activity, roles in (
        ("nudge-weight", {"o": "output", "w": "weight"}),
        ("nudge-output", {"L": "loss", "o": "output"}),
    ):
        station = at("slope", activity).answer("1").station
        assert isinstance(station, Nudging)
        spans = [span for row in draw_nudge(station, 80, 20) for span in row]
        assert {span.text.strip(): span.role for span in spans if span.text.strip() in roles} == roles


def test_the_losses_of_the_longest_run_stand_beside_the_end() -> None:
    run = LessonRun(load(find("momentum")))
    end = begin(run).entered(len(run.lesson.activities) - 1).forward()
    plan = plan_for(end, 120, 40, deriver=DERIVER)
    parts, _ = draw_parts(end, plan, Looks(), Setting(deriver=DERIVER, following="21 Adam, by hand"))
    assert plan.is_framed
    assert "The loss of your longest run" in plain(parts["right"])
    assert "next      21 Adam, by hand   enter opens it" in plain(parts["left"])
    assert "their range" not in plain(parts["right"])  # a smooth run has none to speak of


def test_a_race_shows_the_losses_of_both() -> None:
    run = LessonRun(load(find("momentum")))
    place = [one.id for one in run.lesson.activities].index("race")
    shown = screen(begin(run).entered(place, at_end=True).answer("9"), (120, 40))
    assert "● momentum pass 17 0.00546" in shown
    assert "⠒⠒ ■ gradient descent 0.3888" in shown


def test_a_covered_rule_stands_in_no_legend() -> None:
    run = LessonRun(load(find("classification")))
    session = begin(run).entered([one.id for one in run.lesson.activities].index("a-good-one"))
    while session.question is None or session.question.ref.quantity != "a":
        session = session.reveal() if session.is_open else session.forward()
    shown = screen(session, (120, 40))
    assert "the activation σ" in shown
    assert "o₁ = σ(z)" not in shown


def test_no_line_of_a_program_is_cut_for_what_stands_beside_it() -> None:
    run = LessonRun(load(find("xor")))
    page = begin(run).entered([one.id for one in run.lesson.activities].index("program"))
    assert "np.zeros(3)" in screen(page, (120, 40))
    assert "# and of the hidden units" in screen(page, (110, 40))


def test_a_network_that_has_no_room_beside_the_words_stands_above_them() -> None:
    for lesson, names in (
        ("xor", ("x₁⁽¹⁾ 0", "x₂⁽¹⁾ 0", "a₁₁", "a₁₃", "o₁")),
        ("when-gradients-fail", ("× w₁", "σ", "× w₂")),
        ("hidden-layer", ("x₂ 0.95", "a₁₂", "y₃ −1")),
    ):
        session = begin(LessonRun(load(find(lesson))))
        plan = plan_for(session, 120, 40, deriver=DERIVER)
        figure = plain(draw_parts(session, plan, Looks("answering"), Setting(deriver=DERIVER))[0]["figure"])
        for name in names:
            assert name in figure
    by_name = what_stands_around(begin(LessonRun(load(find("xor")))), None).network
    assert by_name is not None
    sketch = plain(by_name.draw(34, 20))
    for name in ("x₁ ", "x₂ ", "▶ a₁₁", "▶ a₁₃", "▶ o₁ ───▶ L"):
        assert name in sketch


def test_a_table_without_room_beside_the_words_is_not_cut_and_can_be_turned_to() -> None:
    session = at("xor", "all-samples")
    plan = plan_for(session, 120, 40, deriver=DERIVER)
    assert not plan.is_framed
    assert "…" not in screen(session, (120, 40))
    assert "∂L/∂b₁₃" in screen(session, (120, 40), panel=2)
    narrow = what_stands_around(session, DERIVER).beside
    assert narrow is not None
    assert "…" not in plain(narrow.draw(32, 24))


def test_below_a_low_experiment_stand_the_samples_of_its_network() -> None:
    shown = screen(at("many-samples", "mean-or-sum"), (200, 50))
    assert "all 3 samples together" in shown
    assert "─ The samples ─" in shown
    assert "─ The samples ─" not in screen(at("many-samples", "mean-or-sum"), (80, 24))


def test_beside_a_formula_stands_the_loss_that_its_slope_is_of() -> None:
    shown = screen(at("bias", "in-letters"), (120, 40))
    assert "the loss over b" in shown
    assert "╱ slope" not in shown


def test_where_the_table_is_covered_the_words_have_its_room() -> None:
    session = at("chain-rule", "by-heart")
    shown = screen(session, (200, 50))
    assert "The table is covered: this time without it." in shown
    assert "You know the links:" in shown
    assert "─ 4 read ─" not in shown


@pytest.mark.parametrize("size", [(120, 40), (200, 50)])
def test_below_a_covered_table_stand_the_samples_that_its_question_adds_up(size: tuple[int, int]) -> None:
    run = LessonRun(load(find("training-loop")))
    session = begin(run).entered([one.id for one in run.lesson.activities].index("backwards"))
    while session.question is None or "dW2" not in session.question.id:
        session = session.answer(right_answer(session)) if session.is_open else session.forward()
    shown = screen(session, size)
    assert "The table is covered: this time without it." in shown
    assert "Both samples add to it." in shown
    for number in ("−0.01862", "−1.1383"):  # a₁₁ and ∂L/∂o₁ of the second sample
        assert number in shown


def test_words_below_a_long_table_leave_it_the_lines_that_they_do_not_need() -> None:
    session = to_question(at("mini-batches", "all-of-them"))
    session = session.answer(right_answer(session))
    seen = screen(session, (120, 40))
    assert "∂L/∂o⁽⁵⁾·x⁽⁵⁾ + ∂L/∂o⁽⁶⁾·x⁽⁶⁾" in seen
    assert "were equally large." in seen


def test_a_run_without_room_for_its_curve_says_in_words_where_it_is() -> None:
    shown = screen(at("xor", "a-line"), (60, 16), panel=2)
    assert "pass 1  L 0.2886  goal 0.1" in shown


def test_beside_a_program_that_lacks_a_line_stands_no_rule_of_a_pass() -> None:
    for size, panel in (((120, 40), 1), ((200, 50), 1), ((80, 24), 2)):
        shown = screen(at("chain-rule", "missing-line"), size, panel)
        assert "× w" in shown  # the network
        assert "quantity" not in shown
        assert "∂L/∂w" not in shown
    assert "─ Let it run ─" in screen(at("learning-rate", "missing-line"), (200, 50))


def test_a_run_whose_loss_has_risen_again_is_not_said_to_be_below_its_goal() -> None:
    arrived = at("mini-batches", "drunken-walk").to_end()
    assert "✓ below 0.0038" in screen(arrived, (120, 40))
    on = arrived.to_end()
    assert on.place.pass_number == 120
    text = screen(on, (120, 40))
    assert "L 0.02717" in text
    assert "✓ was below 0.0038" in text


@pytest.mark.parametrize("path", shipped_paths(), ids=lambda path: path.name)
def test_a_network_is_drawn_with_its_links_wherever_it_stands_beside_something(path: Path) -> None:
    lesson_run = LessonRun(load(path))
    for index in range(len(lesson_run.lesson.activities)):
        around = what_stands_around(begin(lesson_run).entered(index), DERIVER)
        for shown in {one for one in (around.beside, around.network) if one is not None and one.title == "The network"}:
            for room in (width for width in range(20, 120, 6) if shown.has_room(width)):
                drawn = plain(shown.draw(room, 24))
                assert "─" in drawn or any("\u2800" < sign < "\u2900" for sign in drawn), drawn
                assert "  W  " not in drawn, drawn


def test_a_page_that_names_its_network_has_no_experiment_on_another_beside_it() -> None:
    for activity, network, weight in (("times-and-times", "wild", "w₃ 6.4"), ("shares-and-cents", "uneven", "x₂ 62")):
        session = at("when-gradients-fail", activity)
        assert session.activity.network == network
        text = screen(session, (120, 40))
        assert "Vanishing" not in text
        assert "Tame it" not in text
        around = what_stands_around(session, DERIVER).network
        assert around is not None
        assert weight in plain(around.draw(118, 12))


@pytest.mark.parametrize(
    ("lesson", "page", "weight"),
    [("many-samples", "mean-loss", "w 0.515"), ("bias", "both-hit", "w −0.4522"), ("bias", "both-hit", "b 1.8065")],
)
def test_the_network_by_an_experiment_has_the_weights_that_it_came_to(lesson: str, page: str, weight: str) -> None:
    session = at(lesson, page)
    for size in ((120, 40), (200, 50)):
        plan = plan_for(session, *size, deriver=DERIVER)
        assert weight in plain(draw_parts(session, plan, Looks("answering"), Setting(deriver=DERIVER))[0]["figure"])


def nudged(activity: str, nudge: str) -> Session:
    """At a station of lesson 3 where numbers are nudged, after a nudge."""
    run = LessonRun(load(find("slope")))
    return begin(run).entered([one.id for one in run.lesson.activities].index(activity)).answer(nudge)


@pytest.mark.parametrize("nudge", ["1e-15", "-1e-9", "1e-17"])
def test_a_nudge_that_cannot_be_seen_is_told_in_words_and_its_picture_has_short_numbers(nudge: str) -> None:
    lines = screen(nudged("too-small", nudge), (120, 40)).splitlines()
    text = "\n".join(lines)
    assert "is too small to be seen: the picture shows o ±" in text
    assert "◇" not in text
    assert max(map(len, re.findall(r"[\d.]+e?−?\d*(?= ┤)", text))) <= 7
    assert not re.search(r"\d{6}e", text)


def test_the_curve_of_a_small_nudge_is_as_steep_as_that_of_a_large_one() -> None:
    for nudge in ("0.1", "0.001", "0.0001"):
        marks = [row for row in screen(nudged("nudge-weight", nudge), (120, 40)).splitlines() if "┤" in row]
        heights = {row.split("┤")[0].rstrip().rpartition(" ")[2] for row in marks}
        assert not {"0", "5", "15"} & heights, nudge  # a level line between 0 and 15 says nothing
        assert len(heights) >= 3


@pytest.mark.parametrize("path", shipped_paths(), ids=lambda path: path.name)
def test_the_network_above_a_page_has_the_numbers_of_the_experiment_beside_it(path: Path) -> None:
    session, said = begin(shipped_run(path)), 0
    while not session.is_over:
        if session.activity.kind in ("read", "choose"):
            for size in ((120, 40), (200, 50)):
                parts, _ = draw_parts(session, plan_for(session, *size), Looks(), Setting(deriver=DERIVER))
                above = dict(re.findall(r"(?:×|\+) ([wb]\S*) (−?[\d.]+)", plain(parts["figure"])))
                beside = plain(parts["right"])
                told = re.findall(r"([wb][₀-₉]*) now (−?[\d.]+)", beside)
                told += re.findall(r"^│   ([wb][₀-₉]*) (−?[\d.]+)   L ", beside, re.MULTILINE)
                shown = [(name, value) for name, value in told if name in above]
                said += len(shown)
                assert all(above[name] == value for name, value in shown), (session.activity.id, above, shown)
        session = onward(session)
    assert said or path.name != "02-one-weight-by-hand"


def test_the_way_of_a_learning_rate_says_after_how_many_passes_its_point_is() -> None:
    session = at("learning-rate", "arrive")
    session = session.answer(right_answer(session))
    assert "● w after 10 passes" in screen(session, (120, 40))
    assert "w now" not in screen(session.forward(), (120, 40))
