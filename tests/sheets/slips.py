"""The slips that are made on paper: each is another rule in the place of the right one, in one number or a layer's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.sheets.paper import (
    FUNCTIONS,
    Paper,
    Place,
    Rule,
    activation_at,
    arriving_at,
    back_at,
    delta_at,
    error_at,
    loss_at,
    slope_at,
    sum_at,
)

VISIBLE = 0.05
"""A slip counts that moves its number by more than this part of what is at stake in it, …"""
UNITS = 12
"""… and by more than so many units of the last decimal."""


def _of(place: Place) -> tuple[int, int]:
    return place[2][0], place[2][1]


def _slope_at_output(paper: Paper, place: Place) -> float:
    _, layer, (row, unit) = place
    a = paper.at("a", layer, row, unit)
    function, slope = FUNCTIONS[paper.network.layers[layer - 1].activation]
    return slope(a, function(a))


def _samples(paper: Paper, place: Place, rows: range) -> float:
    _, layer, index = place
    deltas = [(row, paper.at("delta", layer, row, index[0])) for row in rows]
    if place[0] == "db":
        return sum(delta for _, delta in deltas)
    return sum(delta * paper.entering(layer, row, index[1]) for row, delta in deltas)


def _g(paper: Paper, place: Place) -> float:
    return paper.written["db" if place[0] == "b" else "dW", place[1], place[2]]


def _w(paper: Paper, place: Place) -> float:
    old = paper.bias(place[1], place[2][0]) if place[0] == "b" else paper.weight(place[1], *place[2])
    assert old is not None
    return old


def _lr(paper: Paper) -> float:
    return paper.network.learning_rate


def _is_squared(paper: Paper) -> bool:
    return paper.network.loss.kind == "squared_error"


def _is_single(paper: Paper, place: Place) -> bool:
    """Whether a layer's activation works on each unit alone."""
    return paper.network.layers[place[1] - 1].activation != "softmax"


Applies = Callable[[Paper, Place], bool]


@dataclass(frozen=True)
class Slip:
    """A wrong rule: its name, where it can be made, and what it comes to; `ids` are the names that fit it."""

    name: str
    quantity: str
    rule: Rule
    applies: Applies = lambda paper, place: True


SLIPS: tuple[Slip, ...] = (
    Slip("forgot-bias", "z", lambda p, at: sum_at(p, at, 0.0), lambda p, at: p.bias(at[1], 0) is not None),
    Slip("subtracted-bias", "z", lambda p, at: sum_at(p, at, -1.0), lambda p, at: p.bias(at[1], 0) is not None),
    Slip(
        "added-for-multiplied",
        "z",
        lambda p, at: (
            sum(
                p.weight(at[1], at[2][1], into) + p.entering(at[1], at[2][0], into)
                for into in range(p.network.layers[at[1] - 1].inputs)
            )
            + (p.bias(at[1], at[2][1]) or 0.0)
        ),
    ),
    Slip(
        "one-product",
        "z",
        lambda p, at: p.weight(at[1], at[2][1], 0) * p.entering(at[1], at[2][0], 0) + (p.bias(at[1], at[2][1]) or 0.0),
        lambda p, at: p.network.layers[at[1] - 1].inputs > 1,
    ),
    Slip(
        "transposed",
        "z",
        lambda p, at: (
            sum(
                p.weight(at[1], into, at[2][1]) * p.entering(at[1], at[2][0], into)
                for into in range(p.network.layers[at[1] - 1].inputs)
            )
            + (p.bias(at[1], at[2][1]) or 0.0)
        ),
        lambda p, at: p.network.layers[at[1] - 1].inputs == p.network.layers[at[1] - 1].units > 1,
    ),
    Slip("activation-skipped", "a", lambda p, at: p.at("z", at[1], *at[2])),
    Slip("sigmoid-instead", "a", lambda p, at: activation_at(p, at, "sigmoid"), _is_single),
    Slip("tanh-instead", "a", lambda p, at: activation_at(p, at, "tanh"), _is_single),
    Slip("relu-instead", "a", lambda p, at: activation_at(p, at, "relu"), _is_single),
    Slip("not-squared", "loss", lambda p, at: loss_at(p, at, lambda o, y: o - y), lambda p, at: _is_squared(p)),
    Slip(
        "squares-apart", "loss", lambda p, at: loss_at(p, at, lambda o, y: o * o - y * y), lambda p, at: _is_squared(p)
    ),
    Slip("forgot-two", "dL_do", lambda p, at: error_at(p, at) / 2, lambda p, at: _is_squared(p)),
    Slip("flipped-sign", "dL_do", lambda p, at: -error_at(p, at)),
    Slip("forgot-target", "dL_do", lambda p, at: 2 * p.share * p.output(*_of(at))),
    Slip("one-path", "dL_da", lambda p, at: back_at(p, at, None, 1), lambda p, at: p.network.layers[at[1]].units > 1),
    Slip(
        "not-transposed",
        "dL_da",
        lambda p, at: back_at(p, at, lambda out, into: p.weight(at[1] + 1, into, out)),
        lambda p, at: p.network.layers[at[1]].units == p.network.layers[at[1]].inputs > 1,
    ),
    Slip(
        "updated-weights",
        "dL_da",
        lambda p, at: back_at(
            p, at, lambda out, into: p.weight(at[1] + 1, out, into) - _lr(p) * p.at("dW", at[1] + 1, out, into)
        ),
    ),
    Slip("forgot-weights", "dL_da", lambda p, at: back_at(p, at, lambda out, into: 1.0)),
    Slip("value-for-slope", "da_dz", lambda p, at: p.at("a", at[1], *_of(at)), _is_single),
    Slip(
        "slope-at-output",
        "da_dz",
        _slope_at_output,
        lambda p, at: p.network.layers[at[1] - 1].activation in ("sigmoid", "tanh"),
    ),
    Slip(
        "forgot-slope",
        "delta",
        lambda p, at: arriving_at(p, at[1], *_of(at)),
        lambda p, at: ("da_dz", at[1], at[2]) in p.written,
    ),
    Slip("flipped-sign", "delta", lambda p, at: -delta_at(p, at)),
    Slip("forgot-input", "dW", lambda p, at: p.at("delta", at[1], 0, at[2][0]), lambda p, at: p.rows == 1),
    Slip(
        "weight-for-input",
        "dW",
        lambda p, at: p.at("delta", at[1], 0, at[2][0]) * p.weight(at[1], *at[2]),
        lambda p, at: p.rows == 1,
    ),
    Slip(
        "sum-for-activation",
        "dW",
        lambda p, at: p.at("delta", at[1], 0, at[2][0]) * p.at("z", at[1] - 1, 0, at[2][1]),
        lambda p, at: at[1] > 1 and p.rows == 1,
    ),
    Slip("first-sample", "dW", lambda p, at: _samples(p, at, range(1)), lambda p, at: p.rows > 1),
    Slip("flipped-sign", "dW", lambda p, at: -slope_at(p, at)),
    Slip("first-sample", "db", lambda p, at: _samples(p, at, range(1)), lambda p, at: p.rows > 1),
    Slip("bias-zero", "db", lambda p, at: 0.0),
    Slip(
        "bias-times-input",
        "db",
        lambda p, at: p.at("delta", at[1], 0, at[2][0]) * p.entering(at[1], 0, 0),
        lambda p, at: p.rows == 1,
    ),
    Slip("no-rate", "step", _g),
    Slip("added-step", "W", lambda p, at: _w(p, at) + p.written["step", at[1], at[2]]),
    Slip("no-rate", "W", lambda p, at: _w(p, at) - _g(p, at)),
    Slip("step-alone", "W", lambda p, at: p.written["step", at[1], at[2]]),
    Slip("rate-on-weight", "W", lambda p, at: _lr(p) * _w(p, at) - _g(p, at)),
    Slip("added-step", "b", lambda p, at: _w(p, at) + _lr(p) * _g(p, at)),
    Slip("no-rate", "b", lambda p, at: _w(p, at) - _g(p, at)),
    Slip("slope-alone", "b", _g),
)
"""The wrong rules; each has a name that is this file's own."""


def at_stake(paper: Paper, place: Place) -> float:
    """Return how much a number is about: its own size, for a new parameter how far it moves."""
    if place[0] in ("W", "b"):
        return abs(paper.right[place] - _w(paper, place))
    return abs(paper.right[place])


def is_visible(paper: Paper, place: Place) -> bool:
    """Whether what stands on the paper differs from what should stand there by more than rounding can."""
    moved = abs(paper.written[place] - paper.right[place])
    return moved > max(VISIBLE * at_stake(paper, place), UNITS * 10.0**-paper.decimals)
