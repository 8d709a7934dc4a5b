"""What each row of a batch adds to the slope of the loss with respect to one weight: how hard it pulls the weight."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nn_tutor.network.activations import Array
    from nn_tutor.network.quantities import Ref
    from nn_tutor.network.records import Pass


def pulls(passed: Pass, ref: Ref) -> Array:
    """Return what each row adds to ∂L/∂w, `[row]`: δ of the weight's unit times what enters the weight.

    `ref` names the weight, as `W` or `dW`. The 1/n of a mean is in δ, so that the pulls add up to ∂L/∂w; a penalty on
    the weights belongs to no row.
    """
    return delta_of(passed, ref) * entering(passed, ref)


def delta_of(passed: Pass, ref: Ref) -> Array:
    """Return δ of the unit that a weight leads to, `[row]`."""
    return passed.backward.delta[(ref.layer or 1) - 1][:, (ref.index or (0, 0))[0]]


def entering(passed: Pass, ref: Ref) -> Array:
    """Return what a weight is multiplied by, `[row]`: an input, or an activation of the layer before."""
    layer = (ref.layer or 1) - 1
    return (passed.forward.a[layer - 1] if layer else passed.X)[:, (ref.index or (0, 0))[1]]
