"""The curve that a question is about: which one it is, the window it is seen through, and what it does not tell."""

from __future__ import annotations

from pathlib import Path

import pytest

from nn_tutor.calculus.numerals import numeral
from nn_tutor.network.counted import counted
from nn_tutor.network.quantities import Ref, parse_ref
from nn_tutor.network.records import value_of
from nn_tutor.plain.pictures import picture_in_words
from nn_tutor.terminal.drawing.axes import even, padded_span
from nn_tutor.terminal.drawing.curve import CurvePicture
from nn_tutor.terminal.drawing.ink import Drawing, plain
from nn_tutor.terminal.panels.landscape import draw_landscape
from nn_tutor.terminal.panels.pictures import HELD_MARGIN, draw_wanted
from nn_tutor.terminal.panels.valley import grown, lowest
from nn_tutor.terminal.panels.weight_picture import draw_picture, loss_picture
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.session import Session, begin
from nn_tutor.tutor.stations.tuning import Tuning
from nn_tutor.tutor.visible import view_of
from tests.lessons_for_tests import make_lesson
from tests.terminal.panels_seen import entered

HEAD = 'format_version = 1\nid = "t"\ntitle = "T"\n[network]\nlearning_rate = {rate}\n'
ONE_WEIGHT = "[[network.layers]]\nweights = [[{weight}]]\n[data]\ninputs = [[0.8]]\ntargets = [[1.05]]\n"
CURVED = """[[network.layers]]
weights = [[0.7]]
biases = [0.3]
activation = "sigmoid"
[[network.layers]]
weights = [[-1.4]]
biases = [0.2]
[data]
inputs = [[1.3]]
targets = [[0.4]]
"""
CERTAIN = """[network.loss]
kind = "binary_cross_entropy"
[[network.layers]]
weights = [[-0.8, 0.5]]
biases = [0.3]
activation = "sigmoid"
[data]
inputs = [[1.3, 0.4]]
targets = [[1.0]]
"""
WALK = '[[activity]]\nkind = "walk"\nask = {ask}\npasses = {passes}\n'


def opened(folder: Path, network: str, *, rate: float = 0.3, ask: str = '["W"]', passes: int = 1) -> Session:
    toml = HEAD.format(rate=rate) + network + WALK.format(ask=ask, passes=passes)
    return begin(LessonRun(make_lesson(folder, toml)))


def asked_about(session: Session, ref: str, number: int = 1) -> Session:
    """Walk to where a number is in question, and stop before it is answered."""
    while session.asked is None or (session.asked.number, session.asked.focus) != (number, parse_ref(ref)):
        session = session.postpone_retry() if session.retry_due else session
        session = session.reveal() if session.is_open else session.forward()
        assert not session.is_over, ref
    return session


def drawn(session: Session, width: int = 70, height: int = 20) -> Drawing:
    view = view_of(session, None)
    assert view is not None
    return draw_picture(session, view, width, height)


def picture_of(session: Session, slope: str = "dW1[0,0]") -> CurvePicture:
    view = view_of(session, None)
    assert view is not None
    return loss_picture(session, parse_ref(slope), known=view.known)


@pytest.mark.parametrize(("weight", "rate"), [(2.75, 0.3), (-6.0, 0.1), (30.0, 0.05), (1.3125, 0.3)])
def test_the_window_shows_both_sides_of_the_valley(tmp_path: Path, weight: float, rate: float) -> None:
    picture = picture_of(opened(tmp_path, ONE_WEIGHT.format(weight=weight), rate=rate))
    low, high = picture.weights[0], picture.weights[-1]
    bottom = 1.05 / 0.8
    assert low < min(bottom, weight) <= max(bottom, weight) < high
    assert (high - bottom) == pytest.approx(bottom - low, rel=0.35, abs=0.2)
    assert abs(weight - bottom) == pytest.approx(0.0, abs=1e-9) or high - low < 4 * abs(weight - bottom)


def test_the_window_of_one_weight_stays_while_the_run_comes_down(tmp_path: Path) -> None:
    session = opened(tmp_path, ONE_WEIGHT.format(weight=2.75), passes=6)
    shown = set()
    for number in range(1, 7):
        picture = picture_of(asked_about(session, "W1[0,0]", number))
        shown.add((picture.weights[0], picture.weights[-1]))
    assert len(shown) == 1


def test_the_passes_before_are_numbered_by_their_pass(tmp_path: Path) -> None:
    session = asked_about(opened(tmp_path, ONE_WEIGHT.format(weight=2.75), passes=4), "W1[0,0]", 4)
    picture = picture_of(session)
    assert (picture.first, len(picture.past)) == (1, 3)
    assert "1–3 before" in plain(drawn(session))


def test_the_valley_is_the_one_downhill_and_none_where_it_goes_on_for_ever(tmp_path: Path) -> None:
    session = opened(tmp_path, CURVED)
    network, passed = session.lesson_run.network(0), session.passed
    bottom = lowest(network, passed, Ref("b", 2, (0,)))
    assert bottom == pytest.approx(0.2 - (value_of(passed, Ref("a", 2, (0, 0))) - 0.4), abs=1e-3)
    certain = opened(tmp_path, CERTAIN)
    assert lowest(certain.lesson_run.network(0), certain.passed, Ref("W", 1, (0, 0))) is None


def test_a_question_on_a_bias_is_drawn_over_the_bias(tmp_path: Path) -> None:
    session = asked_about(opened(tmp_path, CURVED, ask='["db1", "b1"]'), "db1[0]")
    assert "the loss over b₁, the others held still" in plain(drawn(session))
    assert "slope" not in plain(drawn(session))
    answered = asked_about(session.reveal().postpone_retry(), "b1[0]")
    assert "b₁ now 0.3" in plain(drawn(answered))
    assert "slope" in plain(drawn(answered))
    assert "✗ yours 0.9" in plain(drawn(answered.answer("0.9")))


def test_a_question_on_the_slope_of_an_activation_is_drawn_over_its_z(tmp_path: Path) -> None:
    session = asked_about(opened(tmp_path, CURVED, ask='["da_dz1"]'), "da_dz1[0,0]")
    asked, shown = plain(drawn(session)), plain(drawn(session.reveal()))
    assert "the activation σ, its slope is ∂a₁/∂z₁" in asked
    assert "● a₁" in asked
    assert "its slope   " not in asked
    assert "◆" not in asked
    assert "◆ slope 0.1769" in shown


def test_the_value_of_an_activation_is_not_told_while_it_is_asked(tmp_path: Path) -> None:
    session = asked_about(opened(tmp_path, CURVED, ask='["a1"]'), "a1[0,0]")
    assert "●" not in plain(drawn(session))
    assert "▲" in plain(drawn(session))
    assert "● a₁ 0.7703" in plain(drawn(session.reveal()))


def test_the_loss_is_drawn_over_the_output_where_it_is_asked_and_its_slope_is(tmp_path: Path) -> None:
    session = asked_about(opened(tmp_path, CERTAIN, ask='["loss", "dL_do"]'), "loss")
    asked = plain(drawn(session))
    assert "the loss over o₁" in asked
    assert "▲ o₁ now" in asked
    assert "●" not in asked
    slope = asked_about(session.reveal().postpone_retry(), "dL_do[0,0]")
    assert "●" in plain(drawn(slope))
    assert "slope" not in plain(drawn(slope))
    assert "╲ slope −" in plain(drawn(slope.reveal()))


TUNE = '[[activity]]\nkind = "tune"\nof = {of}\nto_loss = 0.001\ngraph = "always"\nstep = 0.1\n'
LINE = """[[network.layers]]
weights = [[0.2]]
biases = [-0.5]
[data]
inputs = [[0.65], [1.5]]
targets = [[1.55], [0.95]]
"""


def axes_of(drawing: Drawing) -> list[str]:
    """The numbers beside and below a plot."""
    lines = plain(drawing).split("\n")
    floor = next(row for row, line in enumerate(lines) if "└" in line)
    return [*(line.split("┤")[0] for line in lines[:floor] if "┤" in line), lines[floor + 1]]


def test_the_axes_stay_while_a_weight_is_tuned(tmp_path: Path) -> None:
    network = HEAD.format(rate=0.3) + ONE_WEIGHT.format(weight=2.0)
    session = begin(LessonRun(make_lesson(tmp_path, network + TUNE.format(of='["W1[0,0]"]'))))
    shown = []
    for _ in range(12):
        session = session.move(0, -1)
        shown.append(axes_of(draw_landscape(session, 70, 16)))
    assert all(one == shown[0] for one in shown)


@pytest.mark.parametrize("rate", ["1.5", "2", "3", "5", "10", "1e3", "1e9", "1e80"])
def test_a_run_that_leaves_the_picture_of_its_learning_rate_is_seen_to_leave_it(rate: str) -> None:
    """Its last weight is told, and where its jumps go; a picture without them would say that nothing had happened."""
    session = entered("learning-rate", "diverge").answer(rate)
    station = session.station
    assert isinstance(station, Tuning)
    assert station.tuned is not None
    assert station.tuned.outcome == "diverge"
    path = station.tuned.path
    for size in ((76, 9), (110, 30)):
        picture = plain(draw_landscape(session, *size))
        assert "→" in picture or "←" in picture
        assert f"w after {counted(len(path) - 1, 'pass', 'passes')} {numeral(path[-1][0])}" in picture


def test_the_axes_stay_while_two_numbers_are_tuned(tmp_path: Path) -> None:
    toml = HEAD.format(rate=0.3) + LINE + TUNE.format(of='["W1[0,0]", "b1[0]"]').replace("0.001", "0.1")
    session = begin(LessonRun(make_lesson(tmp_path, toml + 'picture = "data"\n')))
    picture = session.activity.picture
    assert picture is not None
    maps, samples = [], []
    for down, right in [(-1, 0), (-1, 0), (-1, 0), (0, -1), (0, -1), (-1, 0), (0, 1)]:
        session = session.move(down, right)
        maps.append(axes_of(draw_landscape(session, 44, 16)))
        samples.append(axes_of(draw_wanted(session, picture, 36, 16)))
    assert all(one == maps[0] for one in maps)
    assert all(one == samples[0] for one in samples)


def test_a_window_grows_by_doubling_and_only_for_what_is_outside() -> None:
    assert grown((0.0, 2.0), 1.7) == (0.0, 2.0)
    assert grown((0.0, 2.0), 2.5) == (-1.0, 3.0)
    assert grown((0.0, 2.0), -9.0) == (-15.0, 17.0)


def test_two_samples_of_a_first_tuning_lie_at_different_heights_on_a_small_screen() -> None:
    axis = even(*padded_span([0, 6, 15], HELD_MARGIN), 5)
    assert axis.row(6) - axis.row(15) > 1.5


def test_the_slope_of_a_hidden_unit_is_asked_beside_the_loss_over_it(tmp_path: Path) -> None:
    session = asked_about(opened(tmp_path, CURVED, ask='["dL_da1"]'), "dL_da1[0,0]")
    asked, shown = plain(drawn(session)), plain(drawn(session.reveal()))
    assert "the loss over a₁" in asked
    assert "● a₁ now 0.7703" in asked
    assert "slope" not in asked
    assert "╱ slope" in shown or "╲ slope" in shown


TWO_BENT = """[[network.layers]]
weights = [[0.7], [-0.4]]
activation = "tanh"
[[network.layers]]
weights = [[-1.4, 0.3]]
activation = "tanh"
[data]
inputs = [[1.3]]
targets = [[0.4]]
"""


@pytest.mark.parametrize("network", [CURVED.replace("sigmoid", "tanh"), TWO_BENT], ids=["one-unit", "several"])
def test_the_picture_of_an_activation_shows_the_point_of_the_walked_pass_as_soon_as_it_is_known(
    tmp_path: Path, network: str
) -> None:
    walk = 'picture = "activation tanh"\n'
    toml = HEAD.format(rate=0.3) + network + WALK.format(ask='["a1", "da_dz1", "W"]', passes=1) + walk
    session = begin(LessonRun(make_lesson(tmp_path, toml)))
    seen: set[tuple[bool, bool, bool]] = set()
    while not session.is_over:
        asked, picture = session.asked, session.activity.picture
        assert asked is not None
        assert picture is not None
        shown = plain(draw_wanted(session, picture, 100, 24))
        told = " ".join(picture_in_words(session, picture))
        at = focus.layer if (focus := asked.focus) is not None and focus.layer else 1
        places = [(ref.quantity, ref.layer) for ref in asked.known]
        marks = ("▲" in shown, "●" in shown, "◆" in shown)
        assert marks[0] == ("Here z" in told)
        assert marks[0] or ("z", 1) not in places or at > 1
        assert marks[1] <= marks[0]
        assert marks[2] <= marks[1]
        if asked.question is not None and asked.question.ref.quantity in ("a", "da_dz"):
            assert not marks[1 if asked.question.ref.quantity == "a" else 2]
        seen.add(marks)
        session = session.postpone_retry() if session.retry_due else session
        session = session.reveal() if session.is_open else session.forward()
    assert {(True, False, False), (True, True, False), (True, True, True)} <= seen


def test_a_leak_is_told_as_steep_as_it_is(tmp_path: Path) -> None:
    leaky = ONE_WEIGHT.format(weight=-0.7).replace("[data]", 'activation = "leaky_relu"\nslope = 0.2\n[data]')
    toml = HEAD.format(rate=0.3) + leaky + WALK.format(ask='["W"]', passes=1) + 'picture = "activation leaky_relu"\n'
    session = begin(LessonRun(make_lesson(tmp_path, toml)))
    assert session.activity.picture is not None
    assert "rises from −0.8 to 4" in picture_in_words(session, session.activity.picture)[0]
