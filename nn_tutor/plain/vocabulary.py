"""How quantities, Greek letters, functions and signs are called: the one table of spoken names."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nn_tutor.network.quantities import Quantity

QUANTITIES_SPOKEN: dict[Quantity, str] = {
    "z": "weighted sums",
    "a": "outputs of the units",
    "loss": "loss",
    "loss_term": "what each output adds to the loss",
    "dL_do": "slopes of the loss with respect to the outputs",
    "dL_da": "slopes of the loss with respect to the activations",
    "da_dz": "slopes of the activation function",
    "delta": "deltas, the slopes of the loss with respect to the weighted sums",
    "delta_sample": "deltas of each sample alone",
    "dz_dw": "slopes of the weighted sums with respect to the weights",
    "dz_da": "slopes of the weighted sums with respect to the activations before",
    "dW": "slopes of the loss with respect to the weights",
    "db": "slopes of the loss with respect to the biases",
    "dX": "slopes of the loss with respect to the inputs",
    "rate": "learning rate of this pass",
    "norm": "length of all slopes together",
    "clipped": "clipped slopes with respect to the weights",
    "clipped_b": "clipped slopes with respect to the biases",
    "velocity": "velocities of the weights",
    "velocity_b": "velocities of the biases",
    "m": "running means of the slopes, of the weights",
    "m_b": "running means of the slopes, of the biases",
    "v": "running means of the squared slopes, of the weights",
    "v_b": "running means of the squared slopes, of the biases",
    "m_hat": "corrected means of the slopes, of the weights",
    "m_hat_b": "corrected means of the slopes, of the biases",
    "v_hat": "corrected means of the squared slopes, of the weights",
    "v_hat_b": "corrected means of the squared slopes, of the biases",
    "step": "steps of the weights",
    "W": "new weights",
    "b": "new biases",
}
"""What each quantity of a pass is called as a whole."""

GREEK_SPOKEN: dict[str, str] = {"Δ": "change of", "Σ": "sum of", "σ": "sigmoid", "η": "learning rate", "λ": "lambda"}
"""Greek letters that are not called by their own name."""

FUNCTIONS_SPOKEN: dict[str, str] = {
    "exp": "e to the power of",
    "ln": "natural log of",
    "log": "log of",
    "max": "the larger of",
    "min": "the smaller of",
    "relu": "ReLU of",
    "ReLU": "ReLU of",
    "ELU": "ELU of",
    "SiLU": "SiLU of",
    "GELU": "GELU of",
    "sigmoid": "sigmoid of",
    "softmax": "softmax of",
    "sqrt": "square root of",
    "tanh": "tanh of",
    "√": "square root of",
    "σ": "sigmoid of",
}
"""What is said before the bracket of a function."""

SIGNS_SPOKEN: dict[str, str] = {
    "−": "minus", "+": "plus", "·": "times", "⋅": "times", "∙": "times", "⊙": "times, cell by cell,",
    "±": "plus or minus",
    "≈": "is about", "≠": "is not",
    "‖∇L‖": "length of all slopes", "≤": "is at most", "≥": "is at least", "∞": "infinity", "∑": "sum of", "∈": "in",
    "⌊": "the whole part of open bracket", "⌋": "close bracket",
    "√": "square root of", "∂": "d", "½": "one half", "⅓": "one third", "¼": "a quarter", "¾": "three quarters",
    "→": "to", "⟶": "to", "⇒": "so", "↔": "and back", "←": "from", "↑": "up", "↓": "down",
    "○": "circle", "●": "dot", "•": "dot", "△": "triangle", "□": "square", "◇": "diamond", "◆": "diamond",
    "⊗": "crossed circle",
    "ø": "struck circle", "ᵀ": "raised T", "✓": "right", "✗": "wrong", "▸": "", "▶": "", "◀": "", "×": "cross",
}  # fmt: skip
"""Signs that stand for a word or two."""


def greek_name(letter: str) -> str:
    """Return what a Greek letter is called, the letter itself where it is none: `delta`."""
    return (
        unicodedata.name(letter, "").rpartition(" ")[2].lower() if "GREEK" in unicodedata.name(letter, "") else letter
    )
