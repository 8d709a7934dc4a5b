"""One forward pass, one backward pass and one update, as frozen records of arrays.

Samples are rows: `Z = X @ W.T + b`. Layers count from 1, so `z[0]` of a record belongs to layer 1. The functions read
top to bottom like the textbook, since a learner sees their source: forward, loss, backward, update.

Source of the formulas: Rumelhart, Hinton and Williams, "Learning representations by back-propagating errors" (1986);
the layout follows Nielsen, "Neural Networks and Deep Learning", chapter 2.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

import numpy as np

from nn_tutor.network.activations import Array, activation_of
from nn_tutor.network.losses import loss_function
from nn_tutor.network.optimizer import State
from nn_tutor.network.quantities import Quantity, Ref, is_of_bias, state_of
from nn_tutor.network.rules import RULES, downhill, follow, rate_of
from nn_tutor.network.spec import Data, Layer, Network

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

    `rows[row]` are the rows' own losses (without the average over the batch); `penalty` is the L2 part of `loss`.
    """

    loss: float
    reported_loss: float
    rows: Array
    penalty: float


@dataclass(frozen=True, eq=False, slots=True)
class Backward:
    """A backward pass: every slope of the batch's loss L, per layer.

    `dL_do` is ∂L/∂o `[row, unit]`; `dL_da[layer]` ∂L/∂a; `da_dz[layer]` ∂a/∂z (`[row, i, j]` for softmax);
    `delta[layer]` ∂L/∂z with the average over the batch in it, `delta_sample[layer]` the same of each row's own loss;
    `dW[layer]` `[out, in]`; `db[layer]` `[out]` or None; `dX` `[row, feature]`.
    """

    dL_do: Array
    dL_da: Arrays
    da_dz: Arrays
    delta: Arrays
    delta_sample: Arrays
    dW: Arrays
    db: OptionalArrays
    dX: Array


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


_plainly = lru_cache(maxsize=64)(Followed)
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

    `number` counts from 1; `rows` are the rows of the data that it saw; `Y` is None where the loss has no target.
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


def initial_parameters(network: Network) -> Parameters:
    """Return the weights a run starts from: the given ones, and draws from the network's seed for the others.

    Draws are uniform in ±√(6/(in + out)) (Glorot and Bengio, 2010), rounded to two decimals so that they can be typed.
    """

    @cache
    def generator() -> np.random.Generator:  # `numpy.random` is loaded only where something is drawn
        return np.random.default_rng(network.seed)

    def weights(layer: Layer) -> Array:
        if layer.weights is not None:
            return np.array(layer.weights, dtype=np.float64)
        limit = np.sqrt(6 / (layer.inputs + layer.units))
        return np.round(generator().uniform(-limit, limit, (layer.units, layer.inputs)), 2) + 0.0

    return Parameters(
        W=tuple(weights(layer) for layer in network.layers),
        b=tuple(None if layer.biases is None else np.array(layer.biases, dtype=np.float64) for layer in network.layers),
    )


def batch(data: Data, rows: tuple[int, ...]) -> tuple[Array, Array | None]:
    """Return the inputs `[row, feature]` and targets `[row, unit]` of the given rows of the data."""
    chosen = list(rows)
    X = np.array(data.inputs, dtype=np.float64)[chosen]
    Y = None if data.targets is None else np.array(data.targets, dtype=np.float64)[chosen]
    return X, Y


def forward(network: Network, parameters: Parameters, X: Array) -> Forward:
    """Run the network forwards on a batch of rows `X[row, feature]`."""
    all_z, all_a = [], []
    a = X
    for layer, W, b in zip(network.layers, parameters.W, parameters.b, strict=True):
        z = a @ W.T if b is None else a @ W.T + b
        a = activation_of(layer).function(z)
        all_z.append(z)
        all_a.append(a)
    return Forward(X=X, z=tuple(all_z), a=tuple(all_a))


def measure(network: Network, parameters: Parameters, passed: Forward, Y: Array | None) -> LossValue:
    """Take the loss of a forward pass against the targets `Y[row, unit]`; raises `DomainError`."""
    o, z = passed.o, passed.z[-1]
    y = o if Y is None else Y
    terms = loss_function(network).terms(z, o, y)
    scale = network.loss.scale(outputs=o.shape[1], rows=o.shape[0])
    penalty = network.l2 / 2 * sum(float((W * W).sum()) for W in parameters.W) if network.l2 else 0.0
    loss = scale * float(terms.sum()) + penalty
    reported_factor = network.loss.reported_factor or network.loss.factor
    return LossValue(
        loss=loss,
        reported_loss=loss * reported_factor / network.loss.factor,
        rows=network.loss.scale(outputs=o.shape[1], rows=1) * terms.sum(axis=1),
        penalty=penalty,
    )


def backward(network: Network, parameters: Parameters, passed: Forward, Y: Array | None) -> Backward:
    """Run the network backwards: the slopes of the loss from the output to the inputs; raises `DomainError`."""
    X, o = passed.X, passed.o
    y = o if Y is None else Y
    fused, last = network.is_fused, len(network.layers) - 1
    rows = o.shape[0] if network.loss.batch == "mean" else 1
    scale = network.loss.scale(outputs=o.shape[1], rows=o.shape[0])
    dL_do = scale * loss_function(network).derivative(passed.z[-1], o, y)
    dL_da = dL_do
    records: list[tuple[Array, Array, Array, Array, Array | None]] = []
    for index in reversed(range(len(network.layers))):
        z, a, W = passed.z[index], passed.a[index], parameters.W[index]
        entering = passed.a[index - 1] if index else X
        da_dz = activation_of(network.layers[index]).derivative(z, a)
        if fused and index == last:
            delta = scale * (o - y)
        elif da_dz.ndim == 3:
            delta = np.einsum("ri,rij->rj", dL_da, da_dz)
        else:
            delta = dL_da * da_dz
        dW = delta.T @ entering
        if network.l2:
            dW = dW + network.l2 * W
        db = None if parameters.b[index] is None else delta.sum(axis=0)
        records.append((dL_da, da_dz, delta, dW, db))
        dL_da = delta @ W
    every_dL_da, every_da_dz, every_delta, every_dW, every_db = zip(*reversed(records), strict=True)
    return Backward(
        dL_do=dL_do,
        dL_da=every_dL_da,
        da_dz=every_da_dz,
        delta=every_delta,
        delta_sample=every_delta if rows == 1 else tuple(delta * rows for delta in every_delta),
        dW=every_dW,
        db=every_db,
        dX=dL_da,
    )


def update(network: Network, parameters: Parameters, slopes: Backward, number: int) -> Update:
    """Take one step with every parameter at once: `w′ = w − η·∂L/∂w`, or as the network's rule makes it.

    `number` is that of the pass, and so of the update. What is held keeps its value.
    """
    optimizer = network.optimizer
    lr = rate_of(optimizer, network.learning_rate, number)
    norm = norm_of(network, slopes.dW, slopes.db) if optimizer.clipping.kind == "norm" else 0.0
    rule = RULES[optimizer.rule]
    before = parameters.memory or fresh_memory(network, parameters) if rule.remembered else _NO_MEMORY
    steps_W: list[Array] = []
    new_W: list[Array] = []
    every_W: list[dict[str, Array]] = []
    decays: list[Array] = []
    steps_b: list[Array | None] = []
    new_b: list[Array | None] = []
    every_b: list[dict[str, Array] | None] = []
    for index, layer in enumerate(network.layers):
        W, dW = parameters.W[index], slopes.dW[index]
        made = follow(optimizer, number, dW, _of_layer(before.W, index), norm)
        new, step = downhill(W, lr, _but_held(made["direction"], layer.frozen))
        if optimizer.weight_decay:
            decays.append(lr * optimizer.weight_decay * _but_held(W, layer.frozen))
            new = new - decays[-1]
        steps_W.append(step)
        new_W.append(new)
        every_W.append(made)

        b, db = parameters.b[index], slopes.db[index]
        if b is None or db is None:
            steps_b, new_b, every_b = [*steps_b, None], [*new_b, None], [*every_b, None]
            continue
        made = follow(optimizer, number, db, _of_layer(before.b, index), norm)
        new, step = downhill(b, lr, made["direction"] if layer.train_biases else np.zeros_like(b))
        steps_b.append(step)
        new_b.append(new)
        every_b.append(made)
    if rule.is_plain and not optimizer.clips:
        after = Parameters(tuple(new_W), tuple(new_b))
        made_plainly = Followed(lr, decay_W=tuple(decays)) if decays else _plainly(lr)
        return Update(tuple(steps_W), tuple(steps_b), after, made_plainly)
    states_W = {name: tuple(made[name] for made in every_W) for name in optimizer.states}
    states_b = {name: tuple(None if made is None else made[name] for made in every_b) for name in optimizer.states}
    memory = Memory(
        W={name: states_W[name] for name in rule.remembered}, b={name: states_b[name] for name in rule.remembered}
    )
    return Update(
        step_W=tuple(steps_W),
        step_b=tuple(steps_b),
        after=Parameters(W=tuple(new_W), b=tuple(new_b), memory=memory if rule.remembered else None),
        followed=Followed(
            rate=lr,
            norm=norm,
            decay_W=tuple(decays),
            clipped_W=tuple(made["slope"] for made in every_W) if optimizer.clips else (),
            clipped_b=tuple(None if made is None else made["slope"] for made in every_b) if optimizer.clips else (),
            states_W=states_W,
            states_b=states_b,
        ),
    )


def _but_held(array: Array, frozen: Collection[tuple[int, int]]) -> Array:
    """An array `[out, in]` with 0 where a weight is held."""
    if frozen:
        array = array.copy()
        for held in frozen:
            array[held] = 0.0
    return array


_NO_MEMORY = Memory({}, {})


def fresh_memory(network: Network, parameters: Parameters) -> Memory:
    """Return what a rule remembers before its first update: 0 of everything."""
    names = RULES[network.optimizer.rule].remembered
    return Memory(
        W={name: tuple(np.zeros_like(W) for W in parameters.W) for name in names},
        b={name: tuple(None if b is None else np.zeros_like(b) for b in parameters.b) for name in names},
    )


def norm_of(network: Network, dW: Sequence[Array], db: Sequence[Array | None]) -> float:
    """Return the length of all slopes of a network together, √Σ(∂L/∂w)²; what is held has no part in it."""
    total = 0.0
    for layer, of_weights, of_biases in zip(network.layers, dW, db, strict=True):
        squares = of_weights * of_weights
        for held in layer.frozen:
            squares[held] = 0.0
        total += float(squares.sum())
        if of_biases is not None and layer.train_biases:
            total += float((of_biases * of_biases).sum())
    return math.sqrt(total)


def _of_layer(states: Mapping[State, Sequence[Array | None]], index: int) -> dict[State, Array | None]:
    return {name: arrays[index] for name, arrays in states.items()} if states else {}


def run_pass(
    network: Network, parameters: Parameters, X: Array, Y: Array | None, number: int, rows: tuple[int, ...]
) -> Pass:
    """Run one whole pass from `parameters` on a batch; raises `DomainError`. Overflow shows in `Pass.is_finite`."""
    passed = forward(network, parameters, X)
    loss = measure(network, parameters, passed, Y)
    slopes = backward(network, parameters, passed, Y)
    return Pass(
        number=number,
        rows=rows,
        before=parameters,
        X=X,
        Y=Y,
        forward=passed,
        loss=loss,
        backward=slopes,
        update=update(network, parameters, slopes, number),
    )


def array_of(passed: Pass, quantity: Quantity, layer: int | None = None) -> Array:
    """Return a whole quantity of a pass as an array, indexed as `nn_tutor.network.quantities` says; layers from 1.

    Raises `LookupError` for a quantity that the network does not have (the biases of a layer without).
    """
    slopes = passed.backward
    if quantity == "loss":
        return np.array(passed.loss.loss)
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
