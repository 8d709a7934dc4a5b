"""What a pass consists of, as frozen records of arrays, and how one number of it is found.

Samples are rows: `Z = X @ W.T + b`. Layers count from 1, so `z[0]` of a record belongs to layer 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from nn_tutor.dataclass import dataclass
from nn_tutor.network.activations import Array
from nn_tutor.network.quantities import Quantity, Ref, is_of_bias, state_of

if TYPE_CHECKING:
    from nn_tutor.network.optimizer import State

Arrays = tuple[Array, ...]
OptionalArrays = tuple[Array | None, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Memory:
    """What an update rule remembers from pass to pass: of every state what belongs to `W` and to `b`, shaped as they.

    The number of updates is not among it: it is that of the pass.
    """

    W: Mapping[State, Arrays]
    b: Mapping[State, OptionalArrays]

    def map(self, change: Callable[[State, Array], Array]) -> Memory:
        """Return a memory of other arrays, each made from its own and the state that it is of."""
        return Memory(
            W={name: tuple(change(name, array) for array in arrays) for name, arrays in self.W.items()},
            b={
                name: tuple(None if array is None else change(name, array) for array in arrays)
                for name, arrays in self.b.items()
            },
        )

    def copy(self) -> Memory:
        """Return a memory of copies."""
        return self.map(lambda name, array: array.copy())


@dataclass(frozen=True, eq=False, slots=True)
class Parameters:
    """What is learned: `W[layer]` as `[out, in]` and `b[layer]` as `[out]`, None for a layer without biases.

    `memory` is what the update rule remembers; None where it remembers nothing, and before its first update.
    """

    W: Arrays
    b: OptionalArrays
    memory: Memory | None = None

    def with_values(self, W: Arrays, b: OptionalArrays) -> Parameters:
        """Return other parameters with the memory of these."""
        return replace(self, W=W, b=b)


@dataclass(frozen=True, eq=False, slots=True)
class Forward:
    """A forward pass: what enters (`X[row, feature]`), and per layer z and a, each `[row, unit]`.

    The activation of the last layer is the output o.
    """

    X: Array
    z: Arrays
    a: Arrays

    @property
    def o(self) -> Array:
        """The network's output `[row, unit]`."""
        return self.a[-1]


@dataclass(frozen=True, eq=False, slots=True)
class LossValue:
    """The loss of a batch: the one that is differentiated, the multiple that is reported, and what each row adds.

    `penalty` is the L2 part of `loss`. `terms[row, unit]` is what each output adds, without factor and average;
    `row_scale` is what they are multiplied by in the loss of one row alone.
    """

    loss: float
    reported_loss: float
    penalty: float
    terms: Array
    row_scale: float

    @property
    def rows(self) -> Array:
        """The rows' own losses, without the average over the batch; made where they are asked for."""
        own: Array = self.row_scale * self.terms.sum(axis=1)
        return own


@dataclass(frozen=True, eq=False, slots=True)
class Backward:
    """A backward pass: every slope of the batch's loss L, per layer.

    `dL_do` is ∂L/∂o `[row, unit]`; `dL_da[layer]` ∂L/∂a; `da_dz[layer]` ∂a/∂z (`[row, i, j]` for softmax);
    `delta[layer]` ∂L/∂z with the average over the batch in it, which is over `averaged` rows; `dW[layer]` `[out, in]`;
    `db[layer]` `[out]` or None; `dX` `[row, feature]`.
    """

    dL_do: Array
    dL_da: Arrays
    da_dz: Arrays
    delta: Arrays
    averaged: int
    dW: Arrays
    db: OptionalArrays
    dX: Array

    @property
    def delta_sample(self) -> Arrays:
        """∂L/∂z of each row's own loss, per layer; made where it is asked for, as few passes need it."""
        return self.delta if self.averaged == 1 else tuple(delta * self.averaged for delta in self.delta)


@dataclass(frozen=True, eq=False, slots=True)
class Followed:
    """What an update rule made on the way to its steps, beside the steps: all that plain descent has not is empty.

    `rate` is η of the pass. `norm` is the length of all slopes together, `clipped_W` the slopes after clipping, where
    they are clipped; `states_W` what the rule worked out, by its name; `decay_W` what a weight loses apart from the
    step, where weights decay.
    """

    rate: float
    norm: float = 0.0
    decay_W: Arrays = ()
    clipped_W: Arrays = ()
    clipped_b: OptionalArrays = ()
    states_W: Mapping[State, Arrays] = field(default_factory=dict)
    states_b: Mapping[State, OptionalArrays] = field(default_factory=dict)


followed_plainly = lru_cache(maxsize=64)(Followed)
"""What plain descent makes with a learning rate: the same record for every pass."""


@dataclass(frozen=True, eq=False, slots=True)
class Update:
    """An update, all parameters at once: `step_W` is what is taken off (0 where held), `after` the new parameters.

    The step of plain descent is η·∂L/∂W. `followed` is what the rule made besides.
    """

    step_W: Arrays
    step_b: OptionalArrays
    after: Parameters
    followed: Followed

    @property
    def rate(self) -> float:
        """The learning rate of the pass."""
        return self.followed.rate

    @property
    def norm(self) -> float:
        """The length of all slopes together, where they are clipped by it."""
        return self.followed.norm

    @property
    def decay_W(self) -> Arrays:
        """What every weight loses apart from the step; none where weights do not decay."""
        return self.followed.decay_W

    @property
    def clipped_W(self) -> Arrays:
        """The slopes of weights after clipping; none where they are not clipped."""
        return self.followed.clipped_W

    @property
    def clipped_b(self) -> OptionalArrays:
        """The slopes of biases after clipping; none where they are not clipped."""
        return self.followed.clipped_b

    @property
    def states_W(self) -> Mapping[State, Arrays]:
        """What the rule worked out for weights, by its name."""
        return self.followed.states_W

    @property
    def states_b(self) -> Mapping[State, OptionalArrays]:
        """What the rule worked out for biases, by its name."""
        return self.followed.states_b

    def state(self, name: State, is_of_bias: bool) -> OptionalArrays:
        """Return a state of the weights or of the biases, per layer; raises `LookupError` where the rule has none."""
        return (self.states_b if is_of_bias else self.states_W)[name]

    def copy(self) -> Update:
        """Return an update of copies, in which the memory is that of the copied states."""
        states_W = {name: _copies(arrays) for name, arrays in self.states_W.items()}
        states_b = {name: _optional_copies(arrays) for name, arrays in self.states_b.items()}
        memory, after = self.after.memory, self.after
        if memory is not None:
            memory = Memory({name: states_W[name] for name in memory.W}, {name: states_b[name] for name in memory.b})
        return replace(
            self,
            step_W=_copies(self.step_W),
            step_b=_optional_copies(self.step_b),
            after=Parameters(_copies(after.W), _optional_copies(after.b), memory),
            followed=replace(
                self.followed,
                clipped_W=_copies(self.clipped_W),
                clipped_b=_optional_copies(self.clipped_b),
                states_W=states_W,
                states_b=states_b,
            ),
        )

    def made(self) -> Iterator[Array]:
        """Yield every array that the rule made on the way to the step."""
        for arrays in (*self.states_W.values(), *self.states_b.values(), self.clipped_W, self.clipped_b):
            yield from (array for array in arrays if array is not None)


def _copies(arrays: Arrays) -> Arrays:
    return tuple(array.copy() for array in arrays)


def _optional_copies(arrays: OptionalArrays) -> OptionalArrays:
    return tuple(None if array is None else array.copy() for array in arrays)


@dataclass(frozen=True, eq=False, slots=True)
class Pass:
    """One forward pass, one backward pass and the update that follows: everything that a step of it can show.

    `number` counts from 1; `rows` are the rows of the data that it saw, of `samples` that there are, 0 where nobody
    said; `Y` is None where the loss has no target.
    """

    number: int
    rows: tuple[int, ...]
    before: Parameters
    X: Array
    Y: Array | None
    forward: Forward
    loss: LossValue
    backward: Backward
    update: Update
    samples: int = 0

    @property
    def is_finite(self) -> bool:
        """Whether every number of the pass, each that can be shown, is within the range of numbers."""
        slopes, after = self.backward, self.update.after
        # An activation or a δ out of range shows in dW as well, since even 0 times it is no number.
        arrays = [*self.forward.z, self.loss.rows, slopes.dL_do, *slopes.delta_sample, *slopes.dW, slopes.dX, *after.W]
        arrays += [biases for biases in (*slopes.db, *after.b) if biases is not None]
        if self.update.states_W or self.update.clipped_W:
            arrays += self.update.made()
        return math.isfinite(self.loss.reported_loss) and bool(np.isfinite(np.concatenate(arrays, axis=None)).all())


def array_of(passed: Pass, quantity: Quantity, layer: int | None = None) -> Array:
    """Return a whole quantity of a pass as an array, indexed as `nn_tutor.network.quantities` says; layers from 1.

    Raises `LookupError` for a quantity that the network does not have (the biases of a layer without).
    """
    slopes = passed.backward
    if quantity == "loss":
        return np.array(passed.loss.loss)
    if quantity == "loss_term":
        return passed.loss.terms
    if quantity == "dL_do":
        return slopes.dL_do
    if quantity == "dX":
        return slopes.dX
    if quantity in ("rate", "norm"):
        return np.array(passed.update.rate if quantity == "rate" else passed.update.norm)
    index = (layer or 1) - 1
    if quantity == "dz_dw":
        entering = passed.forward.a[index - 1] if index else passed.X
        units = passed.before.W[index].shape[0]
        return np.repeat(entering[:, None, :], units, axis=1)
    state = state_of(quantity)
    arrays = _PER_LAYER[quantity](passed) if state is None else passed.update.state(*state)
    found = arrays[index]
    if found is None:
        raise LookupError(f"layer {layer} has no {quantity}")
    return found


_PER_LAYER: dict[Quantity, Callable[[Pass], OptionalArrays]] = {
    "z": lambda passed: passed.forward.z,
    "a": lambda passed: passed.forward.a,
    "dL_da": lambda passed: passed.backward.dL_da,
    "da_dz": lambda passed: passed.backward.da_dz,
    "delta": lambda passed: passed.backward.delta,
    "delta_sample": lambda passed: passed.backward.delta_sample,
    "dz_da": lambda passed: passed.before.W,
    "dW": lambda passed: passed.backward.dW,
    "db": lambda passed: passed.backward.db,
    "clipped": lambda passed: passed.update.clipped_W,
    "clipped_b": lambda passed: passed.update.clipped_b,
    "step": lambda passed: passed.update.step_W,
    "W": lambda passed: passed.update.after.W,
    "b": lambda passed: passed.update.after.b,
}


def parameter_of(parameters: Parameters, ref: Ref) -> float:
    """Return the weight or bias that any quantity of it is of, such as `W` or `dW`; a bias that is not there is 0."""
    layer = (ref.layer or 1) - 1
    array = parameters.b[layer] if is_of_bias(ref.quantity) else parameters.W[layer]
    return 0.0 if array is None else float(array[ref.index or 0])


def value_of(passed: Pass, ref: Ref) -> float:
    """Return one number of a pass."""
    if ref.quantity == "loss":
        return passed.loss.loss
    if ref.quantity in ("rate", "norm"):
        return passed.update.rate if ref.quantity == "rate" else passed.update.norm
    index = ref.index or ()
    if ref.quantity == "dz_dw":
        row, _, into = index
        layer = (ref.layer or 1) - 1
        return float((passed.forward.a[layer - 1] if layer else passed.X)[row, into])
    return float(array_of(passed, ref.quantity, ref.layer)[index])
