"""What a printed line of numbers comes to by Python's own arithmetic: the reader's side of every rule on the screen."""

from __future__ import annotations

import math
import re


def computed(printed: str) -> float:
    """Return what a line of numbers, as a derivation substitutes them, comes to."""
    text, _, t = printed.partition(", t = ")
    names = {**_NAMES, "t": _evaluated(t, _NAMES)} if t else _NAMES
    return _evaluated(text.removesuffix(" (held)").removesuffix(", held"), names)


def _evaluated(text: str, names: dict[str, object]) -> float:
    for typed, python in _SPELLED.items():
        text = text.replace(typed, python)
    text = re.sub(r"\|([^|]*)\|", r"abs(\1)", text)
    text = re.sub(r"e\^(\(-?[\d.e-]+\)|[\d.]+)", r"exp(\1)", text)
    text = re.sub(r"(?<![\w.])-([\d.]+(?:e-?\d+)?)\*\*([23])", r"(-\1)**\2", text)
    return float(eval(text, {"__builtins__": {}}, names))


_SPELLED = {
    "−": "-", "·": "*", "⁄": "/", "²": "**2", "³": "**3", "½": "0.5", "≤": "<=", "π": "pi",
    "ln(": "log(", "σ(": "sigmoid(", "Φ(": "cdf(", "φ(": "pdf(",
}  # fmt: skip

_NAMES: dict[str, object] = {
    "log": math.log,
    "exp": math.exp,
    "sqrt": math.sqrt,
    "tanh": math.tanh,
    "max": max,
    "min": min,
    "abs": abs,
    "pi": math.pi,
    "sign": lambda e: (e > 0) - (e < 0),
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
    "cdf": lambda z: (1 + math.erf(z / math.sqrt(2))) / 2,
    "pdf": lambda z: math.exp(-z * z / 2) / math.sqrt(2 * math.pi),
}
