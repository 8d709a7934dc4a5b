"""What the rest of the network becomes when one number inside it is changed: nudges, central differences, loss curves.

Every slope has an upper and a lower quantity, `∂upper/∂lower`. Here the lower one is set to another value, and
everything above it is computed again with the forward functions, never with a derivative.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from nn_tutor.network.activations import Array, activation_of
from nn_tutor.network.losses import DomainError, loss_of
from nn_tutor.network.passes import forward, measure, rerun
from nn_tutor.network.records import Forward, Parameters, Pass

if TYPE_CHECKING:
    from nn_tutor.network.quantities import Ref
    from nn_tutor.network.spec import Network


def redrawn(
    network: Network,
    passed: Pass,
    numbers: Callable[[Array], Array],
    targets: Callable[[Array], Array] | None = None,
) -> Pass | None:
    """Return the pass with other numbers: `numbers` makes them from the old weights, biases and inputs.

    `targets` makes the targets, `numbers` too where it is left out; but probabilities and classes stay. None where
    the loss cannot take what comes out, or a number leaves the range of numbers.
    """
    before = passed.before
    parameters = Parameters(
        W=tuple(numbers(W) for W in before.W),
        b=tuple(None if b is None else numbers(b) for b in before.b),
        # An average of squares stays one.
        memory=before.memory
        and before.memory.map(lambda name, array: np.abs(numbers(array)) if name == "v" else numbers(array)),
    )
    Y = passed.Y
    if Y is not None and network.loss.has_free_targets:
        Y = (targets or numbers)(Y)
    try:
        with np.errstate(all="ignore"):
            other = rerun(passed, network, parameters, (numbers(passed.X), Y))
    except DomainError:
        return None
    return other if other.is_finite else None


def lower_value(network: Network, passed: Pass, ref: Ref) -> float:
    """Return the present value of the quantity below a slope: w for `dW`, z for `delta` and `da_dz`, o for `dL_do`."""
    index = ref.index or ()
    layer = (ref.layer or len(network.layers)) - 1
    if ref.quantity in ("dW", "dz_dw"):
        return float(passed.before.W[layer][index[-2:]])
    if ref.quantity == "db":
        return float(_present(passed.before.b[layer])[index])
    if ref.quantity == "dX":
        return float(passed.X[index])
    if ref.quantity in ("delta", "delta_sample"):
        return float(passed.forward.z[layer][index])
    if ref.quantity == "da_dz":
        return float(passed.forward.z[layer][index[0], index[-1]])
    if ref.quantity in ("dL_do", "dL_da"):
        return float(passed.forward.a[layer][index])
    if ref.quantity == "dz_da":
        return float(_entering(passed, layer)[0, index[1]])
    raise ValueError(f"{ref} is no slope")


def upper_value(network: Network, passed: Pass, ref: Ref, lower: float) -> float:
    """Return the quantity above a slope when the one below it is set to `lower`; may raise `DomainError`.

    Above `dW`, `db`, `dX`, `delta`, `dL_da` and `dL_do` stands the loss of the batch, above `delta_sample` that of its
    row, above `dz_dw` and `dz_da` a weighted sum, above `da_dz` an activation.
    """
    index = ref.index or ()
    layer = (ref.layer or len(network.layers)) - 1
    if ref.quantity in ("dz_dw", "dz_da"):
        row, out, into = index if ref.quantity == "dz_dw" else (0, *index)
        weights, entering = passed.before.W[layer][out].copy(), _entering(passed, layer)[row].copy()
        (weights if ref.quantity == "dz_dw" else entering)[into] = lower
        biases = passed.before.b[layer]
        return float(weights @ entering + (0.0 if biases is None else biases[out]))
    if ref.quantity == "da_dz":
        z = passed.forward.z[layer][index[0]].copy()
        z[index[-1]] = lower
        return float(activation_of(network.layers[layer]).function(z)[index[1]])
    if ref.quantity in ("dW", "db", "dX"):
        return loss_with(network, passed, ref, (lower,))[0]
    if ref.quantity == "dL_do":
        return _loss_of_output(network, passed, index, lower)
    arrays = passed.forward.a if ref.quantity == "dL_da" else passed.forward.z
    changed = arrays[layer].copy()
    changed[index] = lower
    again = _onward(network, passed, layer, changed, is_activation=arrays is passed.forward.a)
    measured = measure(network, passed.before, again, passed.Y)
    return float(measured.rows[index[0]]) if ref.quantity == "delta_sample" else measured.loss


def loss_with(network: Network, passed: Pass, ref: Ref, values: Sequence[float]) -> list[float]:
    """Return the pass's loss for each value of one weight, bias or input (that of the slope `dW`, `db` or `dX`).

    May raise `DomainError`. Overflow gives ∞.
    """
    index = ref.index or ()
    layer = (ref.layer or 1) - 1
    W = [weights.copy() for weights in passed.before.W]
    b = [None if biases is None else biases.copy() for biases in passed.before.b]
    X = passed.X.copy()
    place = X if ref.quantity == "dX" else W[layer] if ref.quantity in ("dW", "W") else _present(b[layer])
    parameters = Parameters(W=tuple(W), b=tuple(b))
    losses = []
    with np.errstate(all="ignore"):
        for value in values:
            place[index] = value
            losses.append(measure(network, parameters, forward(network, parameters, X), passed.Y).loss)
    return losses


def has_kink_between(network: Network, passed: Pass, ref: Ref, lower: float, upper: float) -> bool:
    """Whether an activation or the loss changes pieces while the number below a slope goes between two values."""
    has_pieces = loss_of(network.loss).side_of_joint is not None
    if not has_pieces and not any(activation_of(layer).has_joint for layer in network.layers):
        return False
    return _signs(network, passed, ref, lower) != _signs(network, passed, ref, upper)


def _signs(network: Network, passed: Pass, ref: Ref, lower: float) -> list[bytes]:
    index = ref.index or ()
    layer = (ref.layer or len(network.layers)) - 1
    if ref.quantity in ("dz_dw", "dz_da"):
        return []
    if ref.quantity == "dL_do":
        o = passed.forward.o.copy()
        o[index] = lower
        return _sides_of_joint(network, passed, o)
    if ref.quantity in ("dW", "db", "dX"):
        W = [weights.copy() for weights in passed.before.W]
        b = [None if biases is None else biases.copy() for biases in passed.before.b]
        X = passed.X.copy()
        (X if ref.quantity == "dX" else W[layer] if ref.quantity == "dW" else _present(b[layer]))[index] = lower
        zs = forward(network, Parameters(W=tuple(W), b=tuple(b)), X).z
    elif ref.quantity == "dL_da":
        changed = passed.forward.a[layer].copy()
        changed[index] = lower
        zs = _onward(network, passed, layer, changed, is_activation=True).z[layer + 1 :]
    else:
        changed = passed.forward.z[layer].copy()
        changed[index[0], index[-1]] = lower
        zs = _onward(network, passed, layer, changed, is_activation=False).z[layer:]
    spec = network.layers[-len(zs) :] if zs else ()
    found = [(z > 0).tobytes() for z, own in zip(zs, spec, strict=True) if activation_of(own).has_joint]
    if ref.quantity == "da_dz" or not zs:
        return found
    return found + _sides_of_joint(network, passed, activation_of(network.layers[-1]).function(zs[-1]))


def _sides_of_joint(network: Network, passed: Pass, o: Array) -> list[bytes]:
    """On which side of the joint of the loss each output stands; nothing of a loss of one piece."""
    side = loss_of(network.loss).side_of_joint
    return [] if side is None else [side(o, o if passed.Y is None else passed.Y).tobytes()]


def _onward(network: Network, passed: Pass, layer: int, changed: Array, *, is_activation: bool) -> Forward:
    """Run forwards from a changed z or a of one layer (counted from 0); the layers before stay as they were."""
    z = list(passed.forward.z[: layer + 1])
    a = list(passed.forward.a[:layer])
    if is_activation:
        a.append(changed)
    else:
        z[layer] = changed
        a.append(activation_of(network.layers[layer]).function(changed))
    rest = slice(layer + 1, None)
    for spec, W, b in zip(network.layers[rest], passed.before.W[rest], passed.before.b[rest], strict=True):
        z.append(a[-1] @ W.T if b is None else a[-1] @ W.T + b)
        a.append(activation_of(spec).function(z[-1]))
    return Forward(X=passed.X, z=tuple(z), a=tuple(a))


def _loss_of_output(network: Network, passed: Pass, index: tuple[int, ...], output: float) -> float:
    # An output that is changed by itself has no logit: the loss is taken from the output even where it is fused.
    o = passed.forward.o.copy()
    o[index] = output
    terms = loss_of(network.loss).terms(passed.forward.z[-1], o, o if passed.Y is None else passed.Y)
    return network.loss.scale(outputs=o.shape[1], rows=o.shape[0]) * float(terms.sum()) + passed.loss.penalty


def _entering(passed: Pass, layer: int) -> Array:
    return passed.forward.a[layer - 1] if layer else passed.X


def _present(array: Array | None) -> Array:
    if array is None:
        raise LookupError("a layer without biases has no slope of them")
    return array
