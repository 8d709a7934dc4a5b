"""The grammar of quantities: what is written is read back, and what cannot be is said."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tutor.network.quantities import QUANTITIES, Quantity, Ref, elements, layers_of, parse_ref
from nn_tutor.network.spec import Layer, Network
from tests.network.drawn import Case, cases


@given(cases())
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_reference_is_read_back(case: Case) -> None:
    for quantity in QUANTITIES:
        for layer in layers_of(case.network, quantity):
            for ref in elements(case.network, len(case.data.inputs), quantity, layer):
                assert parse_ref(str(ref)) == ref


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("dW2[0,1]", Ref("dW", 2, (0, 1))),
        (" dW2[0, 1] ", Ref("dW", 2, (0, 1))),
        ("W", Ref("W")),
        ("delta_sample10", Ref("delta_sample", 10)),
        ("loss", Ref("loss")),
        ("dL_do[1,0]", Ref("dL_do", None, (1, 0))),
        ("da_dz1[0,1,2]", Ref("da_dz", 1, (0, 1, 2))),
    ],
)
def test_references_are_read(text: str, ref: Ref) -> None:
    assert parse_ref(text) == ref


@pytest.mark.parametrize("text", ["", "V1", "dW0[0,0]", "dW1[]", "dW1[0,]", "dW1[-1,0]", "dW1[0][1]", "dW 1", "1dW"])
def test_what_is_no_quantity_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="is not a quantity: use one of z, a, loss"):
        parse_ref(text)


@pytest.mark.parametrize("text", ["loss1", "dX2[0,0]", "dL_do1"])
def test_what_has_no_layer_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="belongs to no layer"):
        parse_ref(text)


def test_phases() -> None:
    named: tuple[Quantity, ...] = ("z", "loss", "dW", "dX", "step", "W", "b")
    assert [Ref(quantity).phase for quantity in named] == [
        "forward",
        "loss",
        "backward",
        "backward",
        "update",
        "update",
        "update",
    ]
    assert Ref("a", 1, (0, 0)).phase == "forward"


def test_layers_that_have_a_quantity() -> None:
    network = Network((Layer(size=(1, 2), biases=(0.0, 0.0)), Layer(size=(2, 2)), Layer(size=(2, 1), biases=(0.0,))))
    assert layers_of(network, "W") == (1, 2, 3)
    assert layers_of(network, "dL_da") == (1, 2)
    assert layers_of(network, "dz_da") == (2, 3)
    assert layers_of(network, "db") == layers_of(network, "b") == (1, 3)
    assert layers_of(network, "loss") == layers_of(network, "dX") == (None,)


@given(st.text(max_size=12))
@settings(deadline=None, derandomize=True)
def test_any_text_is_a_reference_or_a_value_error(text: str) -> None:
    try:
        ref = parse_ref(text)
    except ValueError:
        return
    assert ref.quantity in QUANTITIES
