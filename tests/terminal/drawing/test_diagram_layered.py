import re
from itertools import pairwise

import pytest

from nn_tutor.calculus.numerals import subscript
from nn_tutor.network.quantities import parse_ref
from nn_tutor.network.spec import Data, Layer, Loss, Network
from nn_tutor.terminal.drawing.diagram import draw_diagram, wanted_height
from nn_tutor.terminal.drawing.ink import Drawing, Role, plain, width_of
from tests.terminal.drawing.diagrams import cells, lit_text, picture_at

W1, W2 = ((0.5, 0.4), (-1.1, 1.2)), ((0.4, 1.2), (0.9, -1.1), (-0.5, 0.4))
LINEAR = Network((Layer(W1), Layer(W2)))
CURVED = Network(
    (
        Layer(W1, biases=(0.35, -0.2), activation="tanh"),
        Layer(W2, biases=(0.1, 0.2, 0.3), activation="sigmoid"),
    )
)
DATA = Data(((1.3, 1.1),), ((-0.7, 1, -0.7),))
LARGE = Network((Layer(size=(64, 64), activation="relu"), Layer(size=(64, 16))), seed=3)
LARGE_DATA = Data((tuple(place / 64 for place in range(64)),), ((1.0,) * 16,))


def draw(network: Network, focus: str | None, width: int = 78, height: int = 5, *, asked: bool = True) -> Drawing:
    data = LARGE_DATA if network is LARGE else DATA
    return draw_diagram(picture_at(network, data, focus, asked=asked), width, height)


def text(network: Network, focus: str | None, width: int = 78, height: int = 5, *, asked: bool = True) -> str:
    return plain(draw(network, focus, width, height, asked=asked))


def test_a_gradient_in_a_small_terminal() -> None:
    assert text(LINEAR, "dW2[0,1]") == (
        "x₁ 1.3            a₁₁ 1.09             ⣀⣠⣤⠶ o₁ 0.304   ∂L/∂o 0.6693 ─ y₁ −0.7\n"
        "            W₁                  ⢀⣀⣤⡴⠶⠞⠛⠉⠁   o₂ 1.102   ∂L/∂o 0.068 ── y₂ 1\n"
        "x₂ 1.1            a₁₂ −0.11   ⠶⠛⠋⠉          o₃ −0.589  ∂L/∂o 0.074 ── y₃ −0.7\n"
        "w₂₁₂ 1.2   ∂L/∂w₂₁₂ [?]                                              L 0.3436"
    )


def test_edges_that_cannot_be_followed_are_left_out_and_the_weights_stand_below() -> None:
    drawn = draw(CURVED, "z2[0,1]", 78, 5)
    assert not [span for spans in drawn for span in spans if span.role in ("positive", "negative")]
    assert all(name in plain(drawn).split("\n")[-1] for name in ("w₂₂₁", "w₂₂₂"))
    assert "above 0" not in plain(drawn)
    assert "above 0" in text(CURVED, "z2[0,1]", 118, 12)


def test_a_slope_where_every_unit_has_two_lines() -> None:
    assert text(CURVED, "dL_da1[0,0]", 108, 10) == GOLDEN_WIDE


def test_small_numbers_stand_whole_where_there_is_room() -> None:
    assert "δ₂₂ −0.02291" in text(CURVED, "dL_da1[0,0]", 178, 10)


def test_forwards_all_edges_that_enter_are_lit_and_weighted() -> None:
    lit = lit_text(draw(LINEAR, "z1[0,0]", 118, 10))
    assert "w₁₁₁ 0.5" in lit
    assert "w₁₁₂ 0.4" in lit
    assert "▶ z₁₁ [?]" in lit
    assert "w₁₂" not in lit


def test_a_weight_stands_on_its_own_edge_where_edges_begin_together() -> None:
    lines = text(LINEAR, "z1[0,1]", 118, 10).splitlines()
    place = next(place for place, shown in enumerate(lines) if "w₁₂₁" in shown)
    assert "x₁" not in lines[place]  # the edge of this line leads to the other unit
    assert "x₁" in lines[place - 1]
    assert "w₁₂₂" in next(shown for shown in lines if "x₂" in shown)


def test_backwards_all_edges_that_leave_are_lit_and_weighted() -> None:
    lit = lit_text(draw(LINEAR, "dL_da1[0,1]", 118, 10))
    assert [name in lit for name in ("w₂₁₂ 1.2", "w₂₂₂ −1.1", "w₂₃₂ 0.4")] == [True] * 3
    assert "◀" in lit
    assert "w₂₁₁" not in lit


@pytest.mark.parametrize(("out", "into"), [(0, 0), (0, 1), (1, 0), (2, 1)])
def test_the_lit_edge_joins_the_units_of_its_weight(out: int, into: int) -> None:
    drawing = draw(LINEAR, f"dW2[{out},{into}]")
    edge = {place for place, (glyph, lit) in cells(drawing).items() if lit and "⠀" <= glyph <= "⣿"}
    assert min(edge, key=lambda place: place[1])[0] == (0, 2)[into]
    assert max(edge, key=lambda place: place[1])[0] == out


def test_the_caption_says_what_is_lit() -> None:
    def caption(network: Network, focus: str) -> str:
        return text(network, focus).split("\n")[-1].split("   L ")[0].split("    ")[0].strip()

    assert caption(LINEAR, "W2[0,1]") == "w₂₁₂ 1.2   ∂L/∂w₂₁₂ −0.07363   w₂₁₂′ [?]"
    assert caption(CURVED, "delta2[0,1]") == "∂L/∂o₂ −0.1389   ∂o₂/∂z₂₂ 0.1649   δ₂₂ [?]"
    assert caption(CURVED, "z1[0,0]") == "w₁₁₁ 0.5   w₁₁₂ 0.4   b₁₁ 0.35   z₁₁ [?]"


def test_the_loss_gathers_outputs_and_targets() -> None:
    assert lit_text(draw(LINEAR, "loss", 118, 10)).split("\n")[0].endswith("═ y₁ −0.7 ══╗")
    assert lit_text(draw(LINEAR, "loss")).endswith("L [?]")
    one = lit_text(draw(LINEAR, "dL_do[0,0]", 118, 10))
    assert "╗" in one
    assert "╝" not in one


def test_unknown_numbers_are_not_shown() -> None:
    before = text(CURVED, "z2[0,0]")
    assert "0.5242" not in before
    assert "o₁  ·" not in before.split("\n")[0]  # it is asked for its weighted sum
    assert "z₂₁ [?]" in before.split("\n")[0]
    assert "o₂  ·" in before
    assert "L ·" in before
    assert "∂" not in before


def test_the_number_asked_stands_nowhere() -> None:
    assert "0.304" in text(LINEAR, "a2[0,0]", asked=False)
    assert "0.304" not in text(LINEAR, "a2[0,0]")  # nor as the z that it is
    assert "0.3436" not in text(LINEAR, "loss")


def test_a_bias_stands_below_its_unit_while_there_is_no_slope() -> None:
    assert "+ b₁₁ 0.35" in text(CURVED, "z1[0,0]", 78, 7)
    assert "b₁₂′ [?]" in lit_text(draw(CURVED, "b1[1]", 78, 7))


def test_large_layers_are_folded_around_the_unit_in_question() -> None:
    drawing = draw(LARGE, "z1[0,40]", 118, 9)
    assert "┊ 57 more" in plain(drawing)
    assert "z₁[41] [?]" in lit_text(drawing)
    assert "x[64]" in plain(drawing)
    assert all(width_of(spans) <= 118 for spans in drawing)
    assert "o[10]" in text(LARGE, "dW2[9,50]", 118, 9)
    assert "a₁[51]" in text(LARGE, "dW2[9,50]", 118, 9)


def test_folded_units_stay_on_their_lines() -> None:
    first, second = text(LARGE, "z1[0,2]", 118, 9).split("\n"), text(LARGE, "z1[0,40]", 118, 9).split("\n")
    for row in (0, 1, 4, 7):
        assert first[row].index(" o") == second[row].index(" o")
        assert first[row].split()[0] == second[row].split()[0]


def test_more_layers_than_fit_are_cut_around_the_number_in_question() -> None:
    deep = Network(tuple(Layer(size=(2, 2), activation="tanh") for _ in range(8)), seed=1)
    first = plain(draw_diagram(picture_at(deep, Data(((0.5, 1.0),), ((1.0, 0.5),)), "z1[0,0]"), 78, 5))
    last = plain(draw_diagram(picture_at(deep, Data(((0.5, 1.0),), ((1.0, 0.5),)), "dW8[1,0]"), 78, 5))
    assert "x₁ 0.5" in first
    assert "…" in first
    assert "y₁" not in first
    assert "y₁ 1" in last
    assert "x₁" not in last


def test_of_a_batch_the_caption_says_which_sample_is_drawn() -> None:
    data = Data(((1.3, 1.1), (0.5, 0.25)), ((-0.7, 1, -0.7), (1, 1, 1)))
    drawn = plain(draw_diagram(picture_at(LINEAR, data, "a1[1,0]"), 78, 5))
    assert "sample 2 of 2" in drawn
    assert "x₁⁽²⁾ 0.5" in drawn


def test_without_targets_the_outputs_lead_to_the_loss() -> None:
    network = Network((Layer(W1), Layer(W2)), loss=Loss("output"))
    drawn = plain(draw_diagram(picture_at(network, Data(((1.3, 1.1),)), "loss"), 78, 7))
    assert "y₁" not in drawn
    assert "▶ L [?]" in drawn


def test_a_layered_network_wants_a_line_for_each_unit_and_one_for_the_caption() -> None:
    assert wanted_height(LINEAR, 5) == 4
    assert wanted_height(LINEAR, 7) == 7
    assert wanted_height(LINEAR, 11) == 9
    assert wanted_height(LARGE, 5) == 5
    assert wanted_height(LARGE, 17) == 17


def inks(drawing: Drawing, *roles: Role) -> list[str]:
    """Return the braille that is drawn in each of these roles."""
    spans = [span for spans in drawing for span in spans]
    return ["".join(re.findall("[⠁-⣿]", "".join(span.text for span in spans if span.role == role))) for role in roles]


def test_edges_say_the_sign_of_what_flows_once_it_is_known() -> None:
    network = Network((Layer(((1.0, -1.0),)), Layer(((2.0,),))))
    data = Data(((0.5, 0.5),), ((1.0,),))

    def signs(focus: str) -> list[bool]:
        drawing = draw_diagram(picture_at(network, data, focus, asked=False), 78, 7)
        return [bool(found) for found in inks(drawing, "positive", "negative", "faint")]

    assert signs("z1[0,0]") == [False, False, True]  # its own edges are lit, the others not reached yet
    assert signs("loss") == [True, True, True]  # one of them adds nothing
    forwards = draw_diagram(picture_at(network, data, "loss"), 78, 7)
    backwards = draw_diagram(picture_at(network, data, "dW1[0,1]", asked=False), 78, 7)
    assert "w·a ━ above 0 ╍ below" in plain(forwards)
    assert "∂L/∂w ━ above 0 ╍ below" in plain(backwards)


def test_a_negative_flow_is_dashed_and_a_large_one_thick() -> None:
    def edge(weight: float) -> str:
        network = Network((Layer(((weight, 1.0),)),))
        drawing = draw_diagram(picture_at(network, Data(((1.0, 1.0),), ((0.0,),)), "loss"), 78, 3)
        return plain(drawing).split("\n")[0]

    def weight_of_ink(text: str) -> int:
        return sum((ord(glyph) - 0x2800).bit_count() for glyph in text if "⠀" <= glyph <= "⣿")

    assert weight_of_ink(edge(1.0)) > weight_of_ink(edge(0.3)) > 0
    assert weight_of_ink(edge(-1.0)) < weight_of_ink(edge(1.0))
    assert weight_of_ink(edge(-0.3)) < weight_of_ink(edge(0.3))


def test_of_many_edges_the_largest_are_drawn() -> None:
    weights = tuple(tuple(3.0 if out == into else 0.1 for into in range(8)) for out in range(8))
    network = Network((Layer(weights),))
    data = Data(((1.0,) * 8,), ((0.0,) * 8,))
    drawing = draw_diagram(picture_at(network, data, "loss"), 78, 16)
    for spans in drawing[:15:2]:
        assert [span.text.strip() for span in spans if span.role == "positive" and span.text.strip()]
    assert not any(inks(drawing, "negative"))


@pytest.mark.parametrize(
    ("sizes", "focus"),
    [
        ((2, 12, 1), "z1[0,7]"),
        ((2, 12, 1), "dW2[0,8]"),
        ((64, 64, 16), "dW1[40,50]"),
        ((64, 64, 16), "delta_sample2[0,9]"),
        ((16, 16, 16, 8), "dL_da2[0,11]"),
        ((16, 16, 16, 8), "W3[5,9]"),
    ],
)
def test_the_unit_in_question_is_among_those_shown(sizes: tuple[int, ...], focus: str) -> None:
    layers = tuple(Layer(size=pair, activation="tanh") for pair in pairwise(sizes))
    network = Network(layers, seed=2)
    data = Data((tuple(0.1 + place / 100 for place in range(sizes[0])),), ((0.5,) * sizes[-1],))
    for width, height in ((58, 5), (78, 7), (78, 10), (118, 17), (198, 17)):
        drawing = draw_diagram(picture_at(network, data, focus), width, height)
        shown = plain(drawing)
        ref = parse_ref(focus)
        assert ref.index is not None
        unit = ref.index[-1] if ref.quantity not in ("dW", "W") else ref.index[0]
        assert f"[{unit + 1}" in shown or f"{subscript(unit + 1)} " in shown
        assert "more" in shown
        assert all(width_of(spans) <= width for spans in drawing)


def test_folding_keeps_the_first_ones_and_the_last() -> None:
    drawn = text(LARGE, "z1[0,40]", 118, 9)
    inputs = [line.split()[0] for line in drawn.split("\n")[:8]]
    assert inputs == ["x₁", "x₂", "x₃", "x₄", "x₅", "┊", "x[63]", "x[64]"]


GOLDEN_WIDE = (
    "                                                   ⢀ w₂₁₁ 0.4 ⠶⠶ o₁  0.5242    ─── y₁ −0.7 ──┐\n"
    "x₁ 1.3   ⠤⢤⡤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⢤⡤⠤ a₁₁ 0.8937    ◀⣶⣾⣿⣛⣛⡛⠋⠉⠉⠉⠉⠁  ⠤⠒    δ₂₁ 0.2036                  │\n"
    "           ⠈⠉⠒⠤⢄⡀    ⢀⡠⠤⠒⠉⠁   ∂L/∂a₁₁ [?]    ⠈⠙⠳⢯⣍⡙⠛⠛⠶ w₂₂₁ 0.9                              │\n"
    "                ⢈⣉⠶⠶⣉⡁                           ⠈⠙⠳⢦⣄⡀  ⠈⠉⠉⠛⠛⠳⠶ o₂  0.7916    ─── y₂ 1 ─────┼─▶ L 0.9424\n"
    "           ⢀⣀⠤⠒⠊⠁    ⠈⠑⠒⠤⣀⡀                    ⠤⠒⣀⣀⡠⠤⠈⠙⠳⢦⣄⡀      δ₂₂ −0.02291                │\n"
    "x₂ 1.1   ⠴⠮⠥⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠬⠵⠦ a₁₂ −0.3004   ⠴⠿⠊⠭⠭ ⣀⣀  w₂₃₁ −0.5                              │\n"
    "                              + b₁₂ −0.2              ⠉ ⠉⠉ ⠒⠒⠈⠙⠳ o₃  0.4336    ─── y₃ −0.7 ──┘\n"
    "                                                                 δ₂₃ 0.1856\n"
    "∂L/∂a₁₁ [?]                                                                          ∂L/∂w ━ above 0 ╍ below"
)
