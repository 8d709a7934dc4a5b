"""The curve that a number belongs to which is none of a weight: an activation over its z, the loss over an output."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from nn_tutor.calculus.names import activation, symbol
from nn_tutor.network.activations import activation_of
from nn_tutor.network.losses import DomainError
from nn_tutor.network.perturb import lower_value, upper_value
from nn_tutor.network.quantities import Ref
from nn_tutor.network.records import Pass, value_of
from nn_tutor.terminal.drawing.activation_curve import ActivationPicture, draw_activation
from nn_tutor.terminal.drawing.curve import CurvePicture
from nn_tutor.terminal.panels.valley import SAMPLES, both_sides

if TYPE_CHECKING:
    from nn_tutor.network.spec import Network
    from nn_tutor.terminal.drawing.ink import Drawing
    from nn_tutor.tutor.visible import View

# An activation


def of_activation(view: View) -> ActivationPicture | None:
    """Return the activation of the number in question, with its point; None where it is about no activation.

    Its value and its slope are left out as long as they are not known.
    """
    focus, network = view.focus, view.network
    if focus.quantity not in ("a", "da_dz") or focus.index is None or focus.layer is None:
        return None
    layer = network.layers[focus.layer - 1]
    if layer.activation in ("identity", "softmax"):
        return None
    at = (focus.index[0], focus.index[-1])
    z, a, slope = Ref("z", focus.layer, at), Ref("a", focus.layer, at), Ref("da_dz", focus.layer, at)
    return ActivationPicture(
        layer.activation,
        z=value_of(view.passed, z) if z in view.known else None,
        shows_value=a in view.known,
        shows_slope=slope in view.known,
        z_name=symbol(network, view.samples, z),
        a_name=activation(network, view.samples, focus.layer, *at),
        slope=layer.slope,
        tells_rule=view.shows_rule(a) or a in view.known,
    )


def focus_in_own_pass(view: View) -> Ref | None:
    """Return the number whose curve may be seen in a pass of one's own: it tells no weight's slope.

    The activation in question, or that of the layer at hand; where nothing bends the loss over the output, without its
    point until that is found. None where there are several outputs.
    """
    focus, network = view.focus, view.network
    if of_activation(view) is not None or of_output(view) is not None:
        return focus
    row = focus.row or 0
    layers = sorted(range(1, len(network.layers) + 1), key=lambda layer: layer != focus.layer)
    bends = (layer for layer in layers if network.layers[layer - 1].activation not in ("identity", "softmax"))
    for layer in bends:
        return Ref("a", layer, (row, 0))
    of_loss = replace(view, focus=Ref("loss"))
    return None if of_output(of_loss) is None else of_loss.focus


def titled_activation(view: View) -> tuple[str, str]:
    """Return the title of the picture of an activation, and what is added to it."""
    name = activation_of(view.network.layers[(view.focus.layer or 1) - 1]).called
    slope = view.focus if view.focus.quantity == "da_dz" else None
    return f"the activation {name}", f", its slope is {symbol(view.network, view.samples, slope)}" if slope else ""


@lru_cache(maxsize=16)
def drawn_activation(picture: ActivationPicture, width: int, height: int) -> Drawing:
    """Draw a picture, or take it as it was drawn before."""
    return draw_activation(picture, width, height)


# The loss over an output


def of_output(view: View) -> CurvePicture | None:
    """Return the loss over the output in question, with its tangent where the slope is known; None where it is none.

    At the slope of an output it is that output; at the loss the only one of a network with one output and one sample,
    of which the point is not told while the loss is asked, nor where it stands as long as the output is not known.
    """
    focus, network, passed = view.focus, view.network, view.passed
    if focus == Ref("loss") and passed.forward.o.size == 1:
        slope = Ref("dL_do", None, (0, 0))
    elif focus.quantity == "dL_do":
        slope = focus
    else:
        return None
    index = slope.index or (0, 0)
    output = Ref("a", len(network.layers), index)
    is_known = output in view.known
    if network.loss.kind == "output" or passed.Y is None or not (is_known or focus == Ref("loss")):
        return None
    o, y = value_of(passed, output) if is_known else math.nan, float(passed.Y[index])
    outputs, losses = _curve(network, passed, slope, _shown(network, o, y))
    return CurvePicture(
        weights=outputs,
        losses=losses,
        weight=o,
        loss=passed.loss.loss if Ref("loss") in view.known else math.nan,
        slope=value_of(passed, slope) if slope in view.known else None,
        weight_name=activation(network, view.samples, len(network.layers), *index),
        weight_role="output",
    )


def of_hidden(view: View) -> CurvePicture | None:
    """Return the loss over a hidden activation where its slope is in question; None elsewhere, and before the loss."""
    focus, network, passed = view.focus, view.network, view.passed
    if focus.quantity != "dL_da" or focus.index is None or focus.layer is None or Ref("loss") not in view.known:
        return None
    now = lower_value(network, passed, focus)
    reach = max(1.0, abs(now))
    places, losses = _curve(network, passed, focus, (now - reach, now + reach))
    return CurvePicture(
        weights=places,
        losses=losses,
        weight=now,
        loss=passed.loss.loss,
        slope=value_of(passed, focus) if focus in view.known else None,
        weight_name=activation(network, view.samples, focus.layer, *focus.index),
        weight_role="output",
    )


def _shown(network: Network, o: float, y: float) -> tuple[float, float]:
    """The window of an output: as far beyond its target as it is before it, within what the activation can reach."""
    low, high = activation_of(network.layers[-1]).reach
    if math.isfinite(high - low):
        return low, high
    shown = both_sides(y, [y + max(1.0, abs(y)) if math.isnan(o) else o])
    return max(low, shown[0]), min(high, shown[1])


@lru_cache(maxsize=64)
def _curve(
    network: Network, passed: Pass, slope: Ref, shown: tuple[float, float]
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    low, high = shown
    outputs = tuple(low + (high - low) * place / (SAMPLES - 1) for place in range(SAMPLES))
    return outputs, tuple(_loss(network, passed, slope, output) for output in outputs)


def _loss(network: Network, passed: Pass, slope: Ref, output: float) -> float:
    try:
        return upper_value(network, passed, slope, output)
    except DomainError:
        return math.nan
