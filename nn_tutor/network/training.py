"""A run of passes: a reproducible timeline that can be entered anywhere, and the lean loop that only wants its end.

Batches follow the network's batching: the whole data in every pass, one row after the other, or a few. NumPy's
warnings of overflow are silenced here, since leaving the range of numbers is found and said: `Stopped`.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from typing import TYPE_CHECKING

import numpy as np

from nn_tutor.dataclass import dataclass
from nn_tutor.network.activations import Array
from nn_tutor.network.fit import check_fit
from nn_tutor.network.lean import LeanRun
from nn_tutor.network.losses import DomainError
from nn_tutor.network.passes import batch, initial_parameters, run_pass

if TYPE_CHECKING:
    from nn_tutor.network.records import Parameters, Pass
    from nn_tutor.network.spec import Data, Network

CHECK_EVERY = 256
"""How many lean passes go by between two looks for overflow."""

KEEP_EVERY = 64
"""How many passes lie between two checkpoints of a timeline, until there are too many of them."""

MAX_CHECKPOINTS = 512
"""How many checkpoints a timeline keeps before it drops every second one."""

MAX_RECORDED_BYTES = 64 * 2**20
"""How much memory the passes that a timeline remembers may take, roughly."""

OVERFLOW = "overflow: the numbers became too large for the machine; the run diverges, try a smaller learning rate"

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

    Checkpoints of the parameters are kept and the passes between are computed again, so that a long run stays small in
    memory; the same number always gives the same numbers.
    """

    def __init__(self, network: Network, data: Data) -> None:
        check_fit(network, data)
        self.network = network
        self.data = data
        self._batches = Batches(network, data)
        self._keep_every = KEEP_EVERY
        self._checkpoints: dict[int, Parameters] = {1: initial_parameters(network)}
        self._most_recent = _most_recorded(network, rows=self._batches.max_rows)
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
        start, parameters = self._nearest(number)
        # Far jumps go at the speed of the lean loop; what it cannot reach is walked, and so found.
        lean_to = number - (number - 1) % KEEP_EVERY
        if lean_to - start > 2 * KEEP_EVERY:
            start, parameters = self._leap(start, parameters, lean_to)
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

    def fork(self) -> Timeline:
        """Return a timeline that goes on from here without touching this one, in another thread if need be."""
        twin = copy(self)
        twin._recent, twin._checkpoints = dict(self._recent), dict(self._checkpoints)
        return twin

    def take(self, fork: Timeline) -> None:
        """Go on from where a fork of this timeline has come to; nobody else may use the fork any more."""
        vars(self).update(vars(fork))

    def _nearest(self, number: int) -> tuple[int, Parameters]:
        """Return the last pass up to `number` whose parameters are known, and these."""
        if number - 1 in self._recent:
            return number, self._recent[number - 1].update.after
        kept = max(kept for kept in self._checkpoints if kept <= number)
        passed = max((passed for passed in self._recent if passed < number), default=0)
        if kept > passed:
            return kept, self._checkpoints[kept]
        return passed + 1, self._recent[passed].update.after

    def _leap(self, start: int, parameters: Parameters, to: int) -> tuple[int, Parameters]:
        try:
            for done, after in run_lean(self.network, self._batches, parameters, start, to):
                start, parameters = done + 1, after
                self._keep(start, parameters)
        except StoppedError:
            pass
        return start, parameters

    def _keep(self, number: int, parameters: Parameters) -> None:
        self._checkpoints[number] = parameters
        if len(self._checkpoints) > MAX_CHECKPOINTS:
            self._keep_every *= 2
            self._checkpoints = {kept: self._checkpoints[kept] for kept in sorted(self._checkpoints)[::2]}

    def _run(self, parameters: Parameters, number: int) -> Pass:
        rows, X, Y = self._batches.at(number)
        passed = guarded_pass(self.network, parameters, X, Y, number, rows, len(self.data.inputs))
        if isinstance(passed, Stopped):
            self._stopped = passed
            raise StoppedError(passed)
        if (number - 1) % self._keep_every == 0:
            self._keep(number, parameters)
        if len(self._recent) >= self._most_recent:
            for farthest in sorted(self._recent, key=lambda kept: abs(kept - number))[self._most_recent // 2 :]:
                del self._recent[farthest]
        self._recent[number] = passed
        return passed


def guarded_pass(
    network: Network,
    parameters: Parameters,
    X: Array,
    Y: Array | None,
    number: int,
    rows: tuple[int, ...],
    samples: int = 0,
) -> Pass | Stopped:
    """Run one pass and say why where it cannot be done: overflow, or an output that the loss cannot take."""
    with np.errstate(all="ignore"):
        try:
            passed = run_pass(network, parameters, X, Y, number, rows, samples=samples)
        except DomainError as error:
            return Stopped(number, str(error))
    if not passed.is_finite:
        return Stopped(number, OVERFLOW)
    return passed


def run_lean(
    network: Network, batches: Batches, parameters: Parameters, first: int, end: int
) -> Iterator[tuple[int, Parameters]]:
    """Run the passes from `first` to before `end` without records, yielding `(pass done, parameters)` now and then.

    It yields after the first pass, after every `CHECK_EVERY` more, and after the last, each time once that pass has
    been found in order. Raises `StoppedError`, found by walking again from the last good parameters, where the run
    leaves the range of numbers.
    """
    lean = LeanRun(network, parameters)
    number, until = first, first + 1
    while number < end:
        lean.restart(parameters)
        with np.errstate(all="ignore"):
            try:
                for current in range(number, until - 1):
                    _, X, Y = batches.at(current)
                    lean.step(X, Y, current)
            except DomainError:
                raise StoppedError(_locate(network, batches, parameters, range(number, until))) from None
        rows, X, Y = batches.at(until - 1)
        # The last pass is run with its records, so that whatever can be shown has been looked at.
        last = guarded_pass(network, lean.parameters(), X, Y, until - 1, rows)
        if isinstance(last, Stopped):
            raise StoppedError(_locate(network, batches, parameters, range(number, until)))
        parameters = last.update.after
        yield until - 1, parameters
        number, until = until, min(until + CHECK_EVERY, end)


def _locate(network: Network, batches: Batches, parameters: Parameters, numbers: range) -> Stopped:
    """Walk through the passes again, one of which is known to fail, and return which and why."""
    for number in numbers:
        rows, X, Y = batches.at(number)
        passed = guarded_pass(network, parameters, X, Y, number, rows)
        if isinstance(passed, Stopped):
            return passed
        parameters = passed.update.after
    return Stopped(numbers[-1], OVERFLOW)


class Batches:
    """The batches of a run, by the number of the pass, from 1.

    The rows of an epoch stand in their order, or where the network shuffles in one that is drawn from its seed and the
    number of the epoch alone, so that a run can be entered anywhere.
    """

    def __init__(self, network: Network, data: Data) -> None:
        self._network = network
        self._samples = len(data.inputs)
        self._shuffles = network.shuffle and network.batching != "full"
        self.max_rows = network.max_rows(self._samples)
        self.per_epoch = network.passes_per_epoch(self._samples)
        self._X, self._Y = batch(data, tuple(range(self._samples)))
        self._epoch, self._cut = 0, self._of_epoch(0)

    def at(self, number: int) -> Batch:
        """Return the batch of a pass."""
        epoch, place = divmod(number - 1, self.per_epoch)
        if epoch != self._epoch and self._shuffles:
            self._epoch, self._cut = epoch, self._of_epoch(epoch)
        return self._cut[place]

    def _of_epoch(self, epoch: int) -> list[Batch]:
        order = np.arange(self._samples)
        if self._shuffles:
            order = np.random.default_rng((self._network.seed, epoch)).permutation(self._samples)
        X, Y = self._X[order], None if self._Y is None else self._Y[order]
        starts = range(0, self.per_epoch * self.max_rows, self.max_rows)
        cuts = [slice(start, start + self.max_rows) for start in starts]
        return [(tuple(order[cut].tolist()), X[cut], None if Y is None else Y[cut]) for cut in cuts]


def _most_recorded(network: Network, rows: int) -> int:
    """Return how many passes fit into `MAX_RECORDED_BYTES`, between 2 and 128."""
    activations = 6 * rows * (network.inputs + sum(layer.units for layer in network.layers))
    if network.layers[-1].activation == "softmax":
        activations += rows * network.outputs**2
    weights = 3 * sum(layer.units * layer.inputs for layer in network.layers)
    return min(max(MAX_RECORDED_BYTES // (8 * (activations + weights)), 2), 2 * KEEP_EVERY)
