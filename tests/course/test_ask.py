"""The grammar of `ask`."""

from __future__ import annotations

import pytest

from nn_tutor.course.ask import Ask, check_ask, only_layer, parse_ask
from nn_tutor.network.quantities import Ref
from nn_tutor.network.spec import Layer, Network

NETWORK = Network((Layer(size=(3, 2), biases=(0.0, 0.0), activation="tanh"), Layer(size=(2, 1))))


@pytest.mark.parametrize(
    ("text", "ask"),
    [
        ("dW", Ask("value", Ref("dW"))),
        ("sign dW2", Ask("sign", Ref("dW", 2))),
        ("size  dL_do[0,0]", Ask("size", Ref("dL_do", None, (0, 0)))),
        ("W1[0, 1]", Ask("value", Ref("W", 1, (0, 1)))),
        ("W@3", Ask("value", Ref("W"), 3)),
        (" sign W1[0,1] @12 ", Ask("sign", Ref("W", 1, (0, 1)), 12)),
        ("all", Ask("value", None)),
        ("all@2", Ask("value", None, 2)),
        ("loss", Ask("value", Ref("loss"))),
    ],
)
def test_what_is_asked(text: str, ask: Ask) -> None:
    assert parse_ask(text) == ask
    check_ask(NETWORK, 1, ask)


@pytest.mark.parametrize(
    "text", ["", "@3", "W@0", "W@", "W@-1", "sign", "signdW", "dw", "W[", "loss1", "W1[0,0][0]", "W" * 61, "W 1"]
)
def test_what_is_no_ask(text: str) -> None:
    with pytest.raises(ValueError, match=r"^(?!.*Exceeds).+"):
        parse_ask(text)


@pytest.mark.parametrize(
    "text", ["W3", "W1[2,0]", "dL_da2", "dz_da1", "b2", "z1[1,0]", "W1[0]", "dL_do[0,1]", "W[2,0]"]
)
def test_what_the_network_does_not_have(text: str) -> None:
    with pytest.raises(ValueError, match=r"layer|outside"):
        check_ask(NETWORK, 1, parse_ask(text))


def test_a_network_without_biases_has_none_to_ask_for() -> None:
    with pytest.raises(ValueError, match="has no db"):
        check_ask(Network((Layer(size=(1, 1)),)), 1, parse_ask("db"))


def test_a_layer_that_can_only_be_one_is_filled_in() -> None:
    assert only_layer(NETWORK, Ref("db")) == Ref("db", 1)
    assert only_layer(NETWORK, Ref("dW")) == Ref("dW")
    assert only_layer(NETWORK, Ref("loss")) == Ref("loss")
