"""The source that really ran: the function of the network room that computed a number, and the line that did it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from nn_tutor.dataclass import dataclass
from nn_tutor.network import passes
from nn_tutor.network.quantities import Quantity, Ref, state_of
from nn_tutor.network.rules import CLIPPINGS, RULES, cosine_rate, downhill, stepped_rate

if TYPE_CHECKING:
    from nn_tutor.network.spec import Network


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A function's source without its docstring, its file, and the index of the line in question."""

    function: str
    file: str
    lines: tuple[str, ...]
    marked: int


def excerpt_for(network: Network, ref: Ref) -> Excerpt:
    """Return the source that computed a number of a pass of this network."""
    made = _of_rule(network, ref)
    if made is not None:
        return Excerpt(made.__name__, _file(made), _source(made), len(_source(made)) - 1)
    function, fragment = _LINES[ref.quantity]
    if ref.quantity == "a" and ref.layer is not None and network.layers[ref.layer - 1].activation == "identity":
        fragment = _LINES["z"][1]
    if ref.quantity in ("delta", "delta_sample"):
        is_last = ref.layer == len(network.layers)
        softmax = is_last and network.layers[-1].activation == "softmax"
        fragment = "delta = scale" if is_last and network.is_fused else "delta = np.einsum" if softmax else fragment
    lines = _source(function)
    marked = next(index for index, text in enumerate(lines) if fragment in text)
    return Excerpt(function.__name__, _file(function), lines, marked)


_LINES: dict[Quantity, tuple[Callable[..., Any], str]] = {
    "z": (passes.forward, "z = a @ W.T"),
    "a": (passes.forward, "a = activation_of(layer)"),
    "loss": (passes.measure, "loss = scale"),
    "loss_term": (passes.measure, "terms = loss_function"),
    "dL_do": (passes.backward, "dL_do = scale"),
    "dL_da": (passes.backward, "dL_da = delta @ W"),
    "da_dz": (passes.backward, "da_dz = activation_of("),
    "delta": (passes.backward, "delta = dL_da * da_dz"),
    "delta_sample": (passes.backward, "delta = dL_da * da_dz"),
    "dz_dw": (passes.backward, "dW = delta.T @ entering"),
    "dz_da": (passes.backward, "dL_da = delta @ W"),
    "dW": (passes.backward, "dW = delta.T @ entering"),
    "db": (passes.backward, "db = "),
    "dX": (passes.backward, "dL_da = delta @ W"),
    "norm": (passes.norm_of, "return"),
    "step": (downhill, "step = "),
    "W": (downhill, "return "),
    "b": (downhill, "return "),
}


def _of_rule(network: Network, ref: Ref) -> Callable[..., Any] | None:
    """The function of the update rule that made a number: of its state, its clipped slope, or the rate of the pass."""
    optimizer, state = network.optimizer, state_of(ref.quantity)
    if state is not None:
        return next(line.function for line in RULES[optimizer.rule].states if line.makes == state[0])
    if ref.quantity in ("clipped", "clipped_b"):
        line = CLIPPINGS[optimizer.clipping.kind]
        return None if line is None else line.function
    if ref.quantity == "rate":
        return {"step": stepped_rate, "cosine": cosine_rate}[optimizer.schedule.kind]
    return None


def _file(function: Callable[..., Any]) -> str:
    return "/".join(function.__module__.split(".")[1:]) + ".py"


@cache
def _source(function: Callable[..., Any]) -> tuple[str, ...]:
    lines = inspect.getsource(function).splitlines()
    docstring = [index for index, text in enumerate(lines) if '"""' in text]
    if docstring:
        del lines[docstring[0] : docstring[-1] + 1]
    return tuple(lines)
