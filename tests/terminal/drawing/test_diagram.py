from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nn_tutor.calculus.names import activation, feature, target, weight
from nn_tutor.network.spec import ActivationName, Data, Layer, Network
from nn_tutor.terminal.drawing.diagram import draw_diagram, wanted_height
from nn_tutor.terminal.drawing.ink import Drawing, plain, width_of
from nn_tutor.walkthrough.order import shown_refs
from tests.networks import random_network
from tests.terminal.drawing.diagrams import ASKED, any_picture, picture_at

SIZES = ((78, 5), (78, 7), (118, 10), (198, 14), (58, 5))


def place_of(drawing: Drawing, name: str) -> tuple[int, int] | None:
    """Return line and column of a name that stands alone."""
    for row, text in enumerate(plain(drawing).split("\n")):
        for column in range(len(text)):
            alone = column == 0 or text[column - 1] in " ×+"
            if alone and f"{text} ".startswith(f"{name} ", column):
                return row, column
    return None


@settings(deadline=None)
@given(st.integers(0, 10_000), st.integers(20, 200), st.integers(1, 20))
def test_any_network_is_drawn_at_any_size(seed: int, width: int, height: int) -> None:
    network, data = random_network(seed, most_layers=4, most_units=6)
    drawing = draw_diagram(any_picture(network, data, seed), width, height)
    assert 1 <= len(drawing) <= height
    assert all(width_of(spans) <= width for spans in drawing)


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.sampled_from([1, 1, 2, 3, 9, 64]), min_size=2, max_size=9),
    st.sampled_from(["identity", "sigmoid", "tanh", "relu"]),
    st.booleans(),
    st.integers(0, 1000),
)
def test_the_largest_networks_are_drawn_at_any_size(
    sizes: list[int], activation: ActivationName, with_biases: bool, seed: int
) -> None:
    layers = tuple(
        Layer(size=(inputs, units), activation=activation, biases=(0.5,) * units if with_biases else None)
        for inputs, units in pairwise(sizes)
    )
    network = Network(layers, seed=seed)
    data = Data(((-1234.5678,) * sizes[0], (1.5e-7,) * sizes[0]), ((0.25,) * sizes[-1],) * 2)
    picture = any_picture(network, data, seed)
    for width, height in ((20, 1), (20, 2), (21, 4), (40, 9), (60, 3), *SIZES):
        drawing = draw_diagram(picture, width, height)
        assert 1 <= len(drawing) <= height
        assert all(width_of(spans) <= width for spans in drawing)


def test_a_sheet_without_cells_is_empty() -> None:
    network, data = random_network(1)
    assert draw_diagram(any_picture(network, data, 1), 0, 5) == ()
    assert draw_diagram(any_picture(network, data, 1), 5, 0) == ()


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000), st.sampled_from(SIZES))
@example(353, (58, 5))  # the slope of the last node that is drawn ends beyond the edge
def test_what_is_asked_shows_and_is_lit(seed: int, size: tuple[int, int]) -> None:
    network, data = random_network(seed, most_layers=2)
    for ref in shown_refs(network, len(data.inputs)):
        drawing = draw_diagram(picture_at(network, data, str(ref)), *size)
        assert ASKED in plain(drawing)
        assert any(ASKED in span.text and span.lit for spans in drawing for span in spans)


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 10_000), st.sampled_from(SIZES))
def test_nothing_jumps_from_step_to_step(seed: int, size: tuple[int, int]) -> None:
    network, data = random_network(seed, most_layers=2, most_rows=1)
    last = len(network.layers)
    names = [feature(network, 1, 0, unit) for unit in range(network.inputs)]
    names += [activation(network, 1, last, 0, unit) for unit in range(network.outputs)]
    if data.targets is not None:
        names += [target(network, 1, 0, unit) for unit in range(network.outputs)]
    if network.is_scalar:
        names.append(weight(network, last, (0, 0)))
    heights = set()
    places: dict[str, tuple[int, int]] = {}
    for ref in shown_refs(network, 1):
        drawing = draw_diagram(picture_at(network, data, str(ref)), *size)
        heights.add(len(drawing))
        for name in names:
            place = place_of(drawing, name)
            if place is not None and place[0] < len(drawing) - 1:
                assert places.setdefault(name, place) == place, (name, str(ref))
    assert len(heights) == 1
    assert set(names) <= set(places)


@pytest.mark.parametrize("height", [3, 5, 11, 17])
def test_the_diagram_takes_the_height_that_it_wants(height: int) -> None:
    for seed in range(40):
        network, data = random_network(seed)
        wanted = wanted_height(network, height)
        assert wanted <= height
        assert len(draw_diagram(any_picture(network, data, seed), 78, wanted)) == wanted
