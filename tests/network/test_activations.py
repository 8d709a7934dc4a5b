"""What the activation functions are called."""

from __future__ import annotations

from nn_tutor.network.activations import ACTIVATIONS


def test_functions_are_written_as_the_words_write_them() -> None:
    called = {name: entry.called for name, entry in ACTIVATIONS.items()}
    assert (called["relu"], called["leaky_relu"], called["elu"]) == ("ReLU", "leaky ReLU", "ELU")
    assert (called["silu"], called["gelu"], called["gelu_tanh"]) == ("SiLU", "GELU", "GELU with tanh")
    assert (called["sigmoid"], called["tanh"], called["softplus"]) == ("σ", "tanh", "softplus")
