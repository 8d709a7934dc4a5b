"""A pass as the learner has it: their own numbers in the place of the computed ones, and all that follows from them.

It is what a mistake is made in by somebody whose earlier numbers are not the right ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from nn_tutor.judging.mistakes.case import Case
from nn_tutor.judging.mistakes.stepping import is_update, slope_ref
from nn_tutor.judging.mistakes.workings import Workings, through, workings_of
from nn_tutor.network.activations import Array, activation_of
from nn_tutor.network.evaluation import evaluate_all
from nn_tutor.network.losses import DomainError
from nn_tutor.network.passes import backward, measure, update
from nn_tutor.network.quantities import Quantity, Ref
from nn_tutor.network.records import Backward, Forward, Parameters, Pass, Update, array_of
from nn_tutor.walkthrough.order import refs_of_pass

if TYPE_CHECKING:
    from nn_tutor.network.spec import Network

Given = Mapping[Ref, float]
"""The learner's own numbers of one pass."""


def own_case(case: Case, given: Given) -> Case | None:
    """Return a case with the learner's own numbers in its pass; None where the loss cannot take them.

    What is asked itself is not put in.
    """
    given = {ref: value for ref, value in given.items() if ref != case.ref}
    with np.errstate(all="ignore"):
        own = _own_pass(case.network, case.passed, given)
    if own is None:
        return None
    passed, workings = own
    return Case(case.network, passed, case.ref, case.previous).working(workings)


def own_pass(network: Network, passed: Pass, given: Given) -> Pass | None:
    """Return a pass with the learner's own numbers in it; None where the loss cannot take them."""
    with np.errstate(all="ignore"):
        own = _own_pass(network, passed, given)
    return None if own is None else own[0]


def _own_pass(network: Network, passed: Pass, given: Given) -> tuple[Pass, Workings] | None:
    forwards = _forward(network, passed, given)
    try:
        loss = measure(network, passed.before, forwards, passed.Y)
        computed = backward(network, passed.before, forwards, passed.Y)
    except (DomainError, ArithmeticError):
        return None
    loss = replace(loss, loss=given.get(Ref("loss"), loss.loss))
    slopes, workings = _backward(network, passed, forwards, computed, given)
    after = _with_steps(passed.before, update(network, passed.before, slopes, passed.number), given)
    own = replace(passed, forward=forwards, loss=loss, backward=slopes, update=after)
    own = _with_parameters(_with_states(network, own, given), given)
    return (own, workings) if own.is_finite else None


def _forward(network: Network, passed: Pass, given: Given) -> Forward:
    a, every_z, every_a = passed.X, [], []
    for layer, (spec, W, b) in enumerate(zip(network.layers, passed.before.W, passed.before.b, strict=True), start=1):
        z = _put(a @ W.T if b is None else a @ W.T + b, given, "z", layer)
        a = _put(activation_of(spec).function(z), given, "a", layer)
        every_z.append(a if spec.activation == "identity" else z)
        every_a.append(a)
    return Forward(passed.X, tuple(every_z), tuple(every_a))


def _backward(
    network: Network, passed: Pass, forwards: Forward, computed: Backward, given: Given
) -> tuple[Backward, Workings]:
    """The slopes with the learner's in them, and what a mistake further down starts from."""
    rows = forwards.X.shape[0] if network.loss.batch == "mean" else 1
    last = len(network.layers) - 1
    arriving = error = _put(computed.dL_do, given, "dL_do", None)
    deltas: dict[int, Array] = {}
    arrived: dict[int, Array] = {}
    dL_da, da_dz, delta, dW, db = [], [], [], [], []
    for index in range(last, -1, -1):
        layer, entering = index + 1, forwards.a[index - 1] if index else forwards.X
        if index < last:
            own = _put(arriving, given, "dL_da", layer)
            if own is not arriving:
                arriving = arrived[index] = own
        local = _put(computed.da_dz[index], given, "da_dz", layer)
        follows = computed.delta[index] if network.is_fused and index == last else through(arriving, local)
        own = _put(_put(follows, given, "delta", layer), given, "delta_sample", layer, 1 / rows)
        if own is not follows or (network.is_fused and index == last):
            deltas[index] = own
        dL_da.append(arriving)
        da_dz.append(local)
        delta.append(own)
        decay = network.l2 * passed.before.W[index] if network.l2 else 0.0
        dW.append(_put(own.T @ entering + decay, given, "dW", layer))
        db.append(None if passed.before.b[index] is None else _put(own.sum(axis=0), given, "db", layer))
        arriving = own @ passed.before.W[index]
    slopes = Backward(
        dL_do=error,
        dL_da=tuple(reversed(dL_da)),
        da_dz=tuple(reversed(da_dz)),
        delta=tuple(reversed(delta)),
        averaged=rows,
        dW=tuple(reversed(dW)),
        db=tuple(reversed(db)),
        dX=_put(arriving, given, "dX", None),
    )
    right = workings_of(network, replace(passed, forward=forwards, backward=slopes))
    return slopes, replace(right, deltas=deltas, arrived=arrived)


def _with_steps(before: Parameters, after: Update, given: Given) -> Update:
    """An update with the learner's steps in it, and the weights that follow from them."""
    steps = tuple(_put(step, given, "step", layer) for layer, step in enumerate(after.step_W, start=1))
    if all(own is step for own, step in zip(steps, after.step_W, strict=True)):
        return after
    W = tuple(weights - step for weights, step in zip(before.W, steps, strict=True))
    if after.decay_W:
        W = tuple(weights - decay for weights, decay in zip(W, after.decay_W, strict=True))
    return replace(after, step_W=steps, after=after.after.with_values(W, after.after.b))


def _with_states(network: Network, passed: Pass, given: Given) -> Pass:
    """A pass with the learner's states of the update rule in it, and all that the rule makes of them."""
    own = {
        ref: value for ref, value in given.items() if ref.phase == "update" and ref.quantity not in ("W", "b", "step")
    }
    if not own:
        return passed
    made = [ref for ref in refs_of_pass(network, passed.X.shape[0]) if is_update(ref)]
    if not any(ref.layer is None for ref in own):
        touched = {slope_ref(ref) for ref in own}
        made = [ref for ref in made if slope_ref(ref) in touched]
    values = evaluate_all(network, passed, made, own)
    changed = replace(passed, update=passed.update.copy())
    for ref, value in values.items():
        array_of(changed, ref.quantity, ref.layer)[ref.index or ()] = value
    return changed


def _with_parameters(passed: Pass, given: Given) -> Pass:
    """A pass with the learner's new weights and biases in it."""
    after = passed.update.after
    W = tuple(_put(weights, given, "W", layer) for layer, weights in enumerate(after.W, start=1))
    b = tuple(None if own is None else _put(own, given, "b", layer) for layer, own in enumerate(after.b, start=1))
    if all(own is other for own, other in zip((*W, *b), (*after.W, *after.b), strict=True)):
        return passed
    return replace(passed, update=replace(passed.update, after=after.with_values(W, b)))


def _put(array: Array, given: Given, quantity: Quantity, layer: int | None, times: float = 1.0) -> Array:
    """The array with the given numbers of a quantity in it; the very same one where there are none."""
    own: Sequence[tuple[Ref, float]] = [
        (ref, value) for ref, value in given.items() if ref.quantity == quantity and ref.layer == layer
    ]
    if not own:
        return array
    changed = array.copy()
    for ref, value in own:
        changed[ref.index or ()] = times * value
    return changed
