import pytest

from nn_tutor.calculus.names import symbol
from nn_tutor.network.quantities import parse_ref
from nn_tutor.network.spec import Data, Layer, Loss, Network
from nn_tutor.terminal.drawing.diagram import draw_diagram, wanted_height
from nn_tutor.terminal.drawing.ink import plain, width_of
from nn_tutor.walkthrough.order import shown_refs
from tests.terminal.drawing.diagrams import lit_text, picture_at

DATA = Data(((0.8,),), ((1.05,),))
LINEAR = Network((Layer(((2.75,),)),), learning_rate=0.3)
SIGMOID = Network((Layer(((2.75,),), activation="sigmoid"),), learning_rate=0.3)
TWO = Network((Layer(((0.7,),), activation="sigmoid"), Layer(((-1.2,),), activation="sigmoid")), learning_rate=0.3)
EIGHT = Network(tuple(Layer(((0.5,),), activation="sigmoid") for _ in range(8)))


def text(network: Network, focus: str | None, width: int = 78, *, asked: bool = True, height: int = 5) -> str:
    picture = picture_at(network, DATA, focus, asked=asked)
    return plain(draw_diagram(picture, width, wanted_height(network, height, width)))


def lit(network: Network, focus: str, width: int = 78) -> str:
    return lit_text(draw_diagram(picture_at(network, DATA, focus), width, 5))


def test_the_single_weight_at_the_last_step() -> None:
    assert text(LINEAR, "W1[0,0]") == (
        " x 0.8 ══════ × w 2.75 ═══════▶ o 2.2 ────────────▶ L 1.3225 ◀────── y 1.05\n"
        "        ◀── ∂o/∂w 0.8 ─────────    ◀─ ∂L/∂o 2.3 ───\n"
        "              ∂L/∂w 1.84     ⟶ w′ [?]"
    )


def test_forwards_no_slope_is_shown() -> None:
    assert text(LINEAR, "a1[0,0]") == (
        " x 0.8 ══════ × w 2.75 ═══════▶ o [?] ────────────▶ L · ◀─────────── y 1.05\n\n"
    )


def test_the_sigmoid_stands_on_three_lines_of_78_cells() -> None:
    assert text(SIGMOID, "dz_dw1[0,0,0]") == (
        "x 0.8 ═══ × w 2.75 ═══▶ z 2.2 ──── σ ──▶ o 0.9002 ──────▶ L 0.02243 ◀─ y 1.05\n"
        "       ◀══ ∂z/∂w [?] ══ ◀─ ∂o/∂z 0.0898  ◀─ ∂L/∂o −0.2995\n"
        "                        δ −0.0269"
    )


def test_two_layers_stand_on_four_lines_of_78_cells() -> None:
    assert text(TWO, "W1[0,0]") == (
        "   x ═══ × w₁ ══▶ z₁ ─ σ ──▶ a₁ ─── × w₂ ──▶ z₂ ─ σ ──▶ o ───▶ L ◀─── y\n"
        "   0.8     0.7    0.56       0.6365   −1.2   −0.7637    0.3178 0.5361 1.05\n"
        "      ◀ 0.8        ◀ 0.2314      ◀ −1.2       ◀ 0.2168  ≈−1.46\n"
        "         w₁′ [?]  δ₁ 0.08815        ∂L/∂w₂ −0.2021"
    )


def test_two_layers_stand_on_three_lines_where_there_is_room() -> None:
    assert text(TWO, "dL_da1[0,0]", 150).split("\n")[2].split() == [
        *("∂L/∂a₁", "[?]", "∂L/∂w₂", "−0.2021", "δ₂", "−0.3175")
    ]
    assert wanted_height(TWO, 5, 150) == 3


def test_the_link_in_question_is_lit() -> None:
    assert lit(LINEAR, "a1[0,0]") == "══════ ═══════▶ o [?]"
    assert lit(LINEAR, "loss") == "════════════▶ L [?] ◀═════════ y 1.05"
    assert lit(LINEAR, "dL_do[0,0]") == "════════════▶\n◀═ ∂L/∂o [?] ═══"
    assert lit(LINEAR, "dz_dw1[0,0,0]") == "══════ ═══════▶\n◀══ ∂o/∂w [?] ═════════"
    assert lit(LINEAR, "dW1[0,0]") == "══════ × w 2.75 ═══════▶\n\n∂L/∂w [?]"


def test_a_function_is_a_link_of_its_own() -> None:
    assert lit(SIGMOID, "z1[0,0]") == "═══ ═══▶ z [?]"
    assert lit(SIGMOID, "a1[0,0]") == "════ σ ══▶ o [?]"
    assert lit(SIGMOID, "da_dz1[0,0]") == "════ σ ══▶\n◀═ ∂o/∂z [?] ═══"


def test_the_number_asked_stands_nowhere() -> None:
    assert "2.198" in text(LINEAR, "W1[0,0]", asked=False)
    assert "2.198" not in text(LINEAR, "W1[0,0]")
    assert "0.9002" not in text(SIGMOID, "a1[0,0]")
    assert "1.3225" not in text(LINEAR, "loss")


def test_an_output_is_not_given_away_by_its_weighted_sum() -> None:
    assert "2.2" not in text(LINEAR, "a1[0,0]")  # z is known then, and the same


def test_a_weight_between_two_layers_has_its_own_slope_below() -> None:
    assert "∂z₂/∂w₂ [?]" in text(TWO, "dz_dw2[0,0,0]").split("\n")[3]
    assert lit(TWO, "dz_da2[0,0]").endswith("◀═ ∂z₂/∂a₁ [?]")


DEEP = Network(tuple(Layer(((weight,),), activation="sigmoid") for weight in (0.97, -1.36, 1.14)))
OWN = {"dL_da": "a", "delta": "z", "dW": "w", "dX": "x"}
"""The letter of the node that each slope of L stands under."""


def column_of(drawn: str, name: str) -> int:
    """The column of a node or a slope that stands alone in a line, −1 where it does not."""
    found = (f" {line} ".find(f" {name} ") for line in drawn.split("\n"))
    return max(found)


@pytest.mark.parametrize("width", [78, 118, 148, 198])
@pytest.mark.parametrize("network", [TWO, DEEP, Network((Layer(((0.7,),)), Layer(((-1.2,),))))])
def test_each_slope_stands_under_its_own_node(network: Network, width: int) -> None:
    for ref in shown_refs(network, 1):
        if ref.quantity not in OWN or (ref.quantity == "dL_da" and ref.layer == len(network.layers)):
            continue
        drawn = text(network, str(ref), width, height=11)
        letter = "a" if ref.quantity == "delta" and network.layers[0].activation == "identity" else OWN[ref.quantity]
        is_output = letter == "a" and ref.layer == len(network.layers)
        node = "x" if letter == "x" else "o" if is_output else f"{letter}{'₁₂₃'[(ref.layer or 1) - 1]}"
        node = f"× {node}" if letter == "w" and f"× {node}" in drawn else node
        assert column_of(drawn, symbol(network, 1, ref)) == column_of(drawn, node) >= 0, (str(ref), drawn)


@pytest.mark.parametrize("width", [78, 118, 198])
@pytest.mark.parametrize("height", [5, 11])
def test_the_blame_of_a_deep_chain_is_seen_together(width: int, height: int) -> None:
    drawn = text(DEEP, "delta1[0,0]", width, asked=False, height=height)
    for ref in ("delta1[0,0]", "delta2[0,0]", "delta3[0,0]"):
        assert symbol(DEEP, 1, parse_ref(ref)) in drawn


def test_no_number_below_is_written_over_another() -> None:
    for ref in shown_refs(DEEP, 1):
        for width in (58, 78, 98, 118, 158):
            for line in text(DEEP, str(ref), width, asked=False).split("\n")[3:]:
                words = line.replace("⟶", " ").replace("…", " ").split()
                assert all(
                    name[0] in "∂δw" and value[0] in "≈−0123456789"
                    for name, value in zip(words[::2], words[1::2], strict=True)
                )


def test_a_bias_has_its_place_on_the_chain() -> None:
    network = Network((Layer(((2.75,),), biases=(0.35,)),))
    assert "── + b 0.35 ──" in text(network, "loss", 100)
    assert "∂L/∂b [?]" in text(network, "db1[0]", 100)
    assert "b′ [?]" in lit(network, "b1[0]")


def test_without_a_target_the_chain_ends_with_the_loss() -> None:
    network = Network((Layer(((2.75,),)),), loss=Loss("output"))
    picture = picture_at(network, Data(((0.8,),)), "loss")
    assert plain(draw_diagram(picture, 78, 3)).split("\n")[0].endswith("L [?]")


def test_a_long_chain_is_cut_around_the_number_in_question() -> None:
    first, last = text(EIGHT, "a1[0,0]").split("\n")[0], text(EIGHT, "dL_do[0,0]").split("\n")[0]
    assert first.strip().startswith("x ")
    assert first.endswith("…")
    assert last.strip().startswith("…")
    assert last.endswith("y")
    middle = text(EIGHT, "a4[0,0]").split("\n")
    assert "[?]" in middle[1]
    assert "a₄" in middle[0]


def test_long_numbers_stay_in_their_places() -> None:
    network = Network((Layer(((-123456.789,),), activation="sigmoid"),))
    data = Data(((-1234.5678,),), ((-0.000012345,),))
    for width in (78, 118):
        drawing = draw_diagram(picture_at(network, data, None), width, 4)
        assert all(width_of(spans) <= width for spans in drawing)
        assert " L " in plain(drawing)


def test_the_samples_of_a_batch_are_named() -> None:
    picture = picture_at(LINEAR, Data(((0.8,), (0.5,)), ((1.05,), (1.0,))), "a1[1,0]")
    assert "x⁽²⁾ 0.5" in plain(draw_diagram(picture, 118, 3))
    assert "o⁽²⁾ [?]" in plain(draw_diagram(picture, 118, 3))
