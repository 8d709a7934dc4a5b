"""What a pass starts from: inputs, targets, weights, biases, the numbers of its update rule, and the activations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from nn_tutor.calculus.names import STATE_LETTERS, bias, feature, state_name, target, weight
from nn_tutor.calculus.numerals import numeral, subscript
from nn_tutor.network.evaluation import remembered
from nn_tutor.network.graph import Leaf
from nn_tutor.network.quantities import stands_transposed
from nn_tutor.network.rules import RULES
from nn_tutor.terminal.drawing.blocks import Block, draw_block, set_in_rows
from nn_tutor.terminal.drawing.ink import Drawing, Role, Span, cut, line
from nn_tutor.terminal.panels.reading import MORE
from nn_tutor.walkthrough.badge import activation_badge, loss_badge
from nn_tutor.walkthrough.questions import given

if TYPE_CHECKING:
    from nn_tutor.network.optimizer import Schedule
    from nn_tutor.network.spec import Network
    from nn_tutor.tutor.visible import View


def draw_given(view: View, width: int, height: int, scrolled: int = 0) -> Drawing:
    """Draw what a pass starts from, from its `scrolled`-th line, with a sign at its end where more follows."""
    drawn = set_in_rows(given_drawings(view), width - 1, hanging=True)
    first = max(0, min(scrolled, len(drawn) - height))
    shown = [cut(((Span(" "), *one)), width) for one in drawn[first : first + height]]
    if first + height < len(drawn):
        shown[-1] = line("  ", MORE)
    return tuple(shown)


def lines_of_given(view: View, width: int) -> int:
    """Return how many lines all of it takes."""
    return len(set_in_rows(given_drawings(view), width - 1, hanging=True))


def has_more_than_diagram(network: Network) -> bool:
    """Whether a pass starts from numbers that the diagram and the top line do not hold."""
    optimizer = network.optimizer
    is_plain = optimizer.rule == "gradient-descent" and not optimizer.is_scheduled and not optimizer.clips
    leaks = any(layer.activation == "leaky_relu" for layer in network.layers)
    return not network.is_scalar or not is_plain or leaks or bool(network.l2 or optimizer.weight_decay)


def given_drawings(view: View) -> Iterator[Drawing]:
    """Draw each matrix and each number that a pass starts from, and which activation each layer has."""
    single = dict(given(view.network, view.passed))
    if not (view.network.is_scalar and view.samples == 1):
        yield from (draw_block(block) for block in _given_matrices(view))
        for name in _in_matrices(view):
            single.pop(name, None)
    if any(layer.activation != "identity" for layer in view.network.layers):
        named = ", ".join(activation_badge(layer) for layer in view.network.layers)
        yield draw_block(Block("activation", "muted", ((Span(named),),)))
    for name, value in single.items():
        yield draw_block(Block(name, _role(name), ((Span(numeral(value)),),)))
    yield draw_block(Block("loss", "loss", ((Span(loss_badge(view.network, view.samples)),),)))
    if said := _schedule(view.network.optimizer.schedule):
        yield draw_block(Block("schedule", "muted", ((Span(said),),)))


def _schedule(schedule: Schedule) -> str:
    """Say how the learning rate changes, "" where it does not."""
    match schedule.kind:
        case "step":
            return f"η₀ times {numeral(schedule.factor)} after every {schedule.every} passes"
        case "cosine":
            return f"half a cosine, from η₀ to {numeral(schedule.least)} in {schedule.passes:,} passes"
        case _:
            return ""


def _in_matrices(view: View) -> Iterator[str]:
    """The names of what stands in the matrices that are given."""
    network, passed = view.network, view.passed
    yield from (feature(network, view.samples, *place) for place in np.ndindex(*passed.X.shape))
    if passed.Y is not None:
        yield from (target(network, view.samples, *place) for place in np.ndindex(*passed.Y.shape))
    for layer, spec in enumerate(network.layers, start=1):
        yield from (weight(network, layer, place) for place in np.ndindex(spec.units, spec.inputs))
        yield from (bias(network, layer, unit) for unit in range(spec.units))
        for state in RULES[network.optimizer.rule].remembered:
            yield from (state_name(network, state, layer, place) for place in np.ndindex(spec.units, spec.inputs))
            yield from (state_name(network, state, layer, (unit,)) for unit in range(spec.units))


def _role(name: str) -> Role:
    roles: dict[str, Role] = {"x": "input", "y": "target", "w": "weight", "b": "weight"}
    return roles.get(name[:1], "muted")


def _given_matrices(view: View) -> list[Block]:
    network, passed = view.network, view.passed
    labels = tuple(str(row + 1) for row in range(view.samples)) if view.samples > 1 else ()
    many = view.samples > 1
    blocks = [Block("X" if many else "x", "input", _cells(passed.X), labels)]
    if passed.Y is not None:
        blocks.append(Block("Y" if many else "y", "target", _cells(passed.Y), labels))
    for layer, (W, b) in enumerate(zip(passed.before.W, passed.before.b, strict=True), start=1):
        number = subscript(layer) if len(network.layers) > 1 else ""
        turned = stands_transposed(network, "W")
        blocks.append(Block(f"W{number}", "weight", _cells(W.T if turned else W)))
        if b is not None:
            blocks.append(Block(f"b{number}", "weight", _cells(b[np.newaxis, :])))
    return [*blocks, *_remembered(view)]


def _remembered(view: View) -> Iterator[Block]:
    """What the update rule remembers of the pass before: of each layer a matrix of its weights, a row of its biases."""
    network, passed = view.network, view.passed
    for layer, b in enumerate(passed.before.b, start=1):
        number = subscript(layer) if len(network.layers) > 1 else ""
        for state in RULES[network.optimizer.rule].remembered:
            shape = passed.before.W[layer - 1].shape
            W = np.array([remembered(passed, state, Leaf("weight", layer, place)) for place in np.ndindex(shape)])
            W = W.reshape(shape)
            turned = stands_transposed(network, "W")
            yield Block(f"{STATE_LETTERS[state]}{number}", "muted", _cells(W.T if turned else W))
            if b is not None:
                row = [remembered(passed, state, Leaf("bias", layer, (unit,))) for unit in range(len(b))]
                yield Block(f"{STATE_LETTERS[state]}ᵇ{number}", "muted", _cells(np.array([row])))


def _cells(array: np.ndarray) -> tuple[tuple[Span, ...], ...]:
    return tuple(tuple(Span(numeral(float(value))) for value in row) for row in array)
