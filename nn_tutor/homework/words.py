"""The usual names of activations, losses and conventions, and what each of them means in a lesson."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TypeVar, get_args

from nn_tutor.course.findings import close_words, shown
from nn_tutor.homework.faults import refused
from nn_tutor.network.spec import USUAL_LOSSES, ActivationName

_Meant = TypeVar("_Meant")

Loss = Mapping[str, object]
"""A loss as the table [network.loss] of a lesson."""

ACTIVATIONS: dict[str, str] = {
    **{name: name for name in get_args(ActivationName)},
    "logistic": "sigmoid",
    "sigm": "sigmoid",
    "σ": "sigmoid",
    "linear": "identity",
    "none": "identity",
    "id": "identity",
    "rectifier": "relu",
    "lrelu": "leaky_relu",
    "leakyrelu": "leaky_relu",
    "swish": "silu",
    "tangens_hyperbolicus": "tanh",
    "hyperbolic_tangent": "tanh",
}
"""What activations are called, and their names in a lesson."""

_OTHER_LOSS_NAMES = {
    **dict.fromkeys(("½", "1/2", "half_squared_error"), "half"),
    "mean_squared_error": "mse",
    **dict.fromkeys(("rss", "sum_of_squared_errors", "sum_squared_error"), "sse"),
    **dict.fromkeys(("mean_absolute_error", "absolute_error"), "mae"),
    **dict.fromkeys(("binary_cross_entropy", "log_loss", "logloss"), "bce"),
    **dict.fromkeys(("cce", "categorical_cross_entropy", "nll", "softmax_loss"), "ce"),
    "none": "output",
}

LOSSES: dict[str, Loss] = {
    **{name: {"name": name} for name in USUAL_LOSSES},
    **{other: {"name": name} for other, name in _OTHER_LOSS_NAMES.items()},
    "half_sse": {"factor": 0.5, "outputs": "sum", "batch": "sum"},
    "half_mse": {"factor": 0.5, "outputs": "mean"},
    "bce_sum": {"kind": "binary_cross_entropy", "outputs": "sum"},
}
"""What losses are called. "half" is ½Σ(y − o)² of a sample; "sse" sums over the samples too."""

_HUBER = re.compile(r"\s*huber\s+(?:delta\s*=?\s*|δ\s*=?\s*)?(\S+)\s*", re.IGNORECASE)

WEIGHT_ORDERS = {
    **dict.fromkeys(("out-in", "out_in", "w_x", "wx", "rows_are_units"), "out-in"),
    **dict.fromkeys(("in-out", "in_out", "x_w", "xw", "x_@_w", "rows_are_inputs"), "in-out"),
}
ERROR_ORDERS = {
    **dict.fromkeys(("o-t", "o-y", "output-target", "output_minus_target"), "output-minus-target"),
    **dict.fromkeys(("t-o", "y-o", "target-output", "target_minus_output"), "target-minus-output"),
}
STEPS = {
    **dict.fromkeys(("slope", "slope_times_rate"), "slope-times-rate"),
    **dict.fromkeys(("change", "delta", "Δ"), "change"),
}
NAME_ORDERS = {
    **dict.fromkeys(("screen", "layers", "w211"), "screen"),
    **dict.fromkeys(("order", "by_order", "w1", "w1_w9"), "order"),
}
ASKS = ("none", "update", "links", "all")
"""How much is asked on the walk: nothing, the new weights, every link of the chain, every number."""


def activation_called(text: str, place: str) -> str:
    """Return the activation of a usual name; raises `HomeworkError`."""
    return _meant(text, ACTIVATIONS, place, get_args(ActivationName))


def loss_called(text: str, last_activation: str) -> Loss:
    """Return the loss of a usual name; `cross-entropy` goes with the last activation. Raises `HomeworkError`."""
    huber = _HUBER.fullmatch(text)
    if huber:
        try:
            return {"kind": "huber", "delta": float(huber[1])}
        except ValueError:
            raise refused("loss", f'"{shown(text)}"', "give its δ as a number: huber 1.5") from None
    if folded(text) in ("cross_entropy", "xent"):
        return LOSSES["bce" if last_activation == "sigmoid" else "ce"]
    return _meant(text, LOSSES, "loss", tuple(USUAL_LOSSES))


def usual_loss(last_activation: str) -> str:
    """Return the loss that is meant where nobody says one."""
    return "ce" if last_activation == "softmax" else "mse"


def word_meant(text: str, meanings: Mapping[str, _Meant], place: str) -> _Meant:
    """Return what a word of a closed set means; raises `HomeworkError` with the usual words."""
    usual = {meaning: word for word, meaning in reversed(list(meanings.items()))}
    return _meant(text, meanings, place, reversed(list(usual.values())))


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """Return a word in one spelling: small letters, one _ for blanks and hyphens."""
    return re.sub(r"[\s_\-–−]+", "_", text.strip().lower())


def _meant(text: str, meanings: Mapping[str, _Meant], place: str, usual: Iterable[str]) -> _Meant:
    known = {folded(word): meaning for word, meaning in meanings.items()}
    wanted = folded(text)
    if wanted in known:
        return known[wanted]
    words = list(usual)
    if not wanted:
        raise refused(place, "empty", "use one of " + ", ".join(words))
    close = close_words(wanted[:40], known)
    meant = known[close[0]] if close else None
    hint = f"did you mean {meant if isinstance(meant, str) else close[0].replace('_', ' ')}? " if close else ""
    raise refused(place, f'"{shown(text)}"', f"{hint}use one of " + ", ".join(words))
