"""A run of passes: a reproducible timeline that can be entered anywhere, and the lean loop that only wants its end.

Batches follow the network's batching: the whole data in every pass, or one row after the other. NumPy's warnings of
overflow are silenced here, since leaving the range of numbers is found and said: `Stopped`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from nn_tutor.network.activations import ACTIVATIONS, Array
from nn_tutor.network.losses import DomainError, loss_function
from nn_tutor.network.passes import Parameters, Pass, batch, initial_parameters, run_pass
from nn_tutor.network.spec import Data, Network, check_fit

CHECK_EVERY = 256
"""How many lean passes go by between two looks for overflow."""

Batch = tuple[tuple[int, ...], Array, Array | None]


@dataclass(frozen=True, slots=True)
class Stopped:
    """Why a run could not go on: the number of the pass that failed, and the reason in words."""

    number: int
    why: str


class StoppedError(ArithmeticError):
    """A pass was asked for that the run does not reach; `stopped` says where it ended and why."""

    def __init__(self, stopped: Stopped) -> None:
        super().__init__(f"pass {stopped.number}: {stopped.why}")
        self.stopped = stopped


class Timeline:
    """The passes of one network on its data, by number from 1, each computed when it is first asked for.

    Parameters are kept at every `keep_every`-th pass and the passes between are computed again, so that a long run
    stays small in memory; the same number always gives the same numbers.
    """

    def __init__(self, network: Network, data: Data, keep_every: int = 64) -> None:
        check_fit(network, data)
        self.network = network
        self.data = data
        self._batches = _batches(network, data)
        self._keep_every = keep_every
        self._checkpoints: dict[int, Parameters] = {1: initial_parameters(network)}
        self._recent: dict[int, Pass] = {}
        self._stopped: Stopped | None = None

    @property
    def stopped(self) -> Stopped | None:
        """Where the run ended, as far as it has been walked; None while nothing has failed."""
        return self._stopped

    def at(self, number: int) -> Pass:
        """Return pass `number`; raises `StoppedError` where the run leaves the numbers before its end."""
        if number < 1:
            raise IndexError(f"passes count from 1, not {number}")
        if number in self._recent:
            return self._recent[number]
        if self._stopped is not None and number >= self._stopped.number:
            raise StoppedError(self._stopped)
        start = max(kept for kept in self._checkpoints if kept <= number)
        known = [kept for kept in self._recent if start <= kept < number]
        if known:
            start = max(known) + 1
            parameters = self._recent[start - 1].update.after
        else:
            parameters = self._checkpoints[start]
        # Far jumps go at the speed of the lean loop; what it cannot reach is walked, and so found.
        lean_to = number - (number - 1) % self._keep_every
        if lean_to - start > 2 * self._keep_every:
            parameters, start = self._leap(parameters, start, lean_to)
        passed = self._run(parameters, start)
        while passed.number < number:
            passed = self._run(passed.update.after, passed.number + 1)
        return passed

    def passes(self, first: int = 1) -> Iterator[Pass]:
        """Yield the passes from `first` on, without end; raises `StoppedError` where the run ends by itself."""
        number = first
        while True:
            yield self.at(number)
            number += 1

    def _leap(self, parameters: Parameters, start: int, to: int) -> tuple[Parameters, int]:
        kept = {start: parameters}
        try:
            for done, after in lean_run(self.network, self.data, parameters, to - start, first=start):
                kept[done + 1] = after
        except StoppedError:
            last = max(kept)
            return kept[last], last
        self._checkpoints.update(kept)
        return kept[to], to

    def _run(self, parameters: Parameters, number: int) -> Pass:
        rows, X, Y = self._batches[(number - 1) % len(self._batches)]
        passed = guarded_pass(self.network, parameters, X, Y, number, rows)
        if isinstance(passed, Stopped):
            self._stopped = passed
            raise StoppedError(passed)
        if (number - 1) % self._keep_every == 0:
            self._checkpoints[number] = parameters
        if len(self._recent) >= 2 * self._keep_every:
            for oldest in sorted(self._recent, key=lambda kept: abs(kept - number))[self._keep_every :]:
                del self._recent[oldest]
        self._recent[number] = passed
        return passed


def guarded_pass(
    network: Network, parameters: Parameters, X: Array, Y: Array | None, number: int, rows: tuple[int, ...]
) -> Pass | Stopped:
    """Run one pass and say why where it cannot be done: overflow, or an output that the loss cannot take."""
    with np.errstate(all="ignore"):
        try:
            passed = run_pass(network, parameters, X, Y, number, rows)
        except DomainError as error:
            return Stopped(number, str(error))
    if not passed.is_finite:
        return Stopped(
            number,
            "overflow: the numbers became too large for the machine; the run diverges, try a smaller learning rate",
        )
    return passed


def lean_run(
    network: Network, data: Data, parameters: Parameters, passes: int, first: int = 1
) -> Iterator[tuple[int, Parameters]]:
    """Run `passes` passes from `parameters` without records, yielding `(pass done, parameters)` every `CHECK_EVERY`.

    The last pass is always yielded. Raises `StoppedError`, found by walking again from the last good parameters, where
    the run leaves the range of numbers.
    """
    batches = _batches(network, data)
    end = first + passes
    number = first
    while number < end:
        W = [weights.copy() for weights in parameters.W]
        b = [None if biases is None else biases.copy() for biases in parameters.b]
        until = min(number + CHECK_EVERY, end)
        step = _lean_step(network, W, b)
        with np.errstate(all="ignore"):
            try:
                for current in range(number, until):
                    _, X, Y = batches[(current - 1) % len(batches)]
                    step(X, Y)
            except DomainError:
                raise StoppedError(_locate(network, batches, parameters, number, until)) from None
        if not all(np.isfinite(array).all() for array in (*W, *(biases for biases in b if biases is not None))):
            raise StoppedError(_locate(network, batches, parameters, number, until))
        parameters = Parameters(W=tuple(W), b=tuple(b))
        number = until
        yield number - 1, parameters


def _locate(network: Network, batches: list[Batch], parameters: Parameters, number: int, until: int) -> Stopped:
    for current in range(number, until):
        rows, X, Y = batches[(current - 1) % len(batches)]
        passed = guarded_pass(network, parameters, X, Y, current, rows)
        if isinstance(passed, Stopped):
            return passed
        parameters = passed.update.after
    return Stopped(until - 1, "overflow: the new weights became too large for the machine; try a smaller learning rate")


def _lean_step(network: Network, W: list[Array], b: list[Array | None]) -> Callable[[Array, Array | None], None]:
    """Make the function that does one pass on a batch in place: the maths of `passes`, without records."""
    lr, l2 = network.learning_rate, network.l2
    functions = [ACTIVATIONS[layer.activation].function for layer in network.layers]
    # An identity passes slopes on as they are.
    derivatives = [
        None if layer.activation == "identity" else ACTIVATIONS[layer.activation].derivative for layer in network.layers
    ]
    held = [tuple(layer.frozen) for layer in network.layers]
    trains_b = [layer.biases is not None and layer.train_biases for layer in network.layers]
    loss_derivative = loss_function(network).derivative
    fused = network.is_fused
    last = len(W) - 1
    backwards = range(last, -1, -1)
    forwards = range(last + 1)

    def step(X: Array, Y: Array | None) -> None:
        entering = [X]
        zs = []
        a = X
        for index in forwards:
            biases = b[index]
            z = a @ W[index].T
            if biases is not None:
                z += biases
            a = functions[index](z)
            zs.append(z)
            entering.append(a)
        y = a if Y is None else Y
        scale = network.loss.scale(a.shape[1], a.shape[0])
        slope = scale * (a - y) if fused else scale * loss_derivative(zs[last], a, y)
        for index in backwards:
            derivative = derivatives[index]
            if derivative is not None and not (fused and index == last):
                da_dz = derivative(zs[index], entering[index + 1])
                slope = np.einsum("ri,rij->rj", slope, da_dz) if da_dz.ndim == 3 else slope * da_dz
            dW = slope.T @ entering[index]
            if l2:
                dW += l2 * W[index]
            if trains_b[index]:
                biases = b[index]
                if biases is not None:
                    biases -= lr * slope.sum(axis=0)
            if index:
                slope = slope @ W[index]
            dW *= lr
            for pair in held[index]:
                dW[pair] = 0.0
            W[index] -= dW

    return step


def _batches(network: Network, data: Data) -> list[Batch]:
    count = len(data.inputs)
    groups = [tuple(range(count))] if network.batching == "full" else [(row,) for row in range(count)]
    return [(rows, *batch(data, rows)) for rows in groups]
