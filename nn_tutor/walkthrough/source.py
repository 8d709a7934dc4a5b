"""The source that really ran: the function of the network room that computed a number, and the line that did it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from nn_tutor.network import passes
from nn_tutor.network.quantities import Quantity, Ref
from nn_tutor.network.spec import Network


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A function's source without its docstring, and the index of the line in question."""

    function: str
    lines: tuple[str, ...]
    marked: int


def excerpt_for(network: Network, ref: Ref) -> Excerpt:
    """Return the source that computed a number of a pass of this network."""
    function, fragment = _LINES[ref.quantity]
    if ref.quantity == "a" and ref.layer is not None and network.layers[ref.layer - 1].activation == "identity":
        fragment = _LINES["z"][1]
    if ref.quantity in ("delta", "delta_sample"):
        is_last = ref.layer == len(network.layers)
        softmax = is_last and network.layers[-1].activation == "softmax"
        fragment = "delta = scale" if is_last and network.is_fused else "delta = np.einsum" if softmax else fragment
    lines = _source(function)
    marked = next(index for index, text in enumerate(lines) if fragment in text)
    return Excerpt(function.__name__, lines, marked)


_LINES: dict[Quantity, tuple[Callable[..., Any], str]] = {
    "z": (passes.forward, "z = a @ W.T"),
    "a": (passes.forward, "a = ACTIVATIONS"),
    "loss": (passes.measure, "loss = scale"),
    "dL_do": (passes.backward, "dL_do = scale"),
    "dL_da": (passes.backward, "dL_da = delta @ W"),
    "da_dz": (passes.backward, "da_dz = ACTIVATIONS"),
    "delta": (passes.backward, "delta = dL_da * da_dz"),
    "delta_sample": (passes.backward, "delta = dL_da * da_dz"),
    "dz_dw": (passes.backward, "dW = delta.T @ entering"),
    "dz_da": (passes.backward, "dL_da = delta @ W"),
    "dW": (passes.backward, "dW = delta.T @ entering"),
    "db": (passes.backward, "db = "),
    "dX": (passes.backward, "dL_da = delta @ W"),
    "step": (passes.update, "step = lr * dW"),
    "W": (passes.update, "new_W.append"),
    "b": (passes.update, "new_b.append"),
}


@cache
def _source(function: Callable[..., Any]) -> tuple[str, ...]:
    lines = inspect.getsource(function).splitlines()
    docstring = [index for index, text in enumerate(lines) if '"""' in text]
    if docstring:
        del lines[docstring[0] : docstring[-1] + 1]
    return tuple(lines)
