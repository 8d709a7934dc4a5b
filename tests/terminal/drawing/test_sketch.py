"""The sketch of a network beside a page: what feeds what, by names alone."""

from __future__ import annotations

from nn_tutor.network.spec import Layer, Network
from nn_tutor.terminal.drawing.ink import plain
from nn_tutor.terminal.drawing.sketch import draw_sketch

ROW = Network((Layer(((0.47,),), activation="sigmoid"), Layer(((-1.94,),))), learning_rate=0.4)
LAYERS = Network(
    (
        Layer(((0.57, 0.29), (-1.73, 1.15)), activation="sigmoid"),
        Layer(((0.25, 0.95), (0.69, -1.28), (-0.51, 0.66))),
    ),
    learning_rate=0.8,
)


def test_on_the_links_of_single_weights_stands_what_they_do() -> None:
    assert plain(draw_sketch(ROW, 44)) == "x ─ w₁ ─▶ z₁ ─ σ ─▶ a₁ ─ w₂ ─▶ o ─▶ L"
    assert plain(draw_sketch(ROW, 36)) == "x ─ w₁ ─▶ a₁ ─ w₂ ─▶ o ─▶ L"


def test_each_weight_is_an_arrow_and_none_leads_to_the_loss() -> None:
    lines = plain(draw_sketch(LAYERS, 34)).splitlines()
    assert [line.rstrip()[-4:].strip() for line in lines] == ["₁ ─┐", "│", "─▶ L", "│", "₃ ─┘"]
    assert [line.count("▶") for line in lines] == [1, 1, 2, 1, 1]  # one at each unit that is fed, one at the loss
    assert sum(line.count(name) for line in lines for name in ("a₁₁", "a₁₂", "x₁", "x₂")) == 4


def test_without_room_for_arrows_the_columns_are_joined_and_without_that_nothing_is_drawn() -> None:
    assert plain(draw_sketch(LAYERS, 22)).splitlines() == ["x₁    a₁₁    o₁", "x₂ ─▶ a₁₂ ─▶ o₂ ─▶ L", "             o₃"]
    assert draw_sketch(LAYERS, 12) == ()
    wide = Network((Layer(((0.1,) * 20,)),), learning_rate=0.1)
    assert draw_sketch(wide, 60) == ()
