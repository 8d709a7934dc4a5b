"""The networks of a lesson file: [network] with [data], and any further [networks.NAME] with their own data."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import field, replace
from typing import TYPE_CHECKING, TypeVar, get_args

from nn_tutor.course.findings import MAX_WORD, Findings, Table, described
from nn_tutor.dataclass import dataclass
from nn_tutor.network.fit import check_fit
from nn_tutor.network.optimizer import Clipping, ClippingName, Optimizer, RuleName, Schedule, ScheduleName
from nn_tutor.network.spec import (
    HUBER_DELTA,
    LEAK,
    USUAL_LOSSES,
    ActivationName,
    Batching,
    Data,
    Layer,
    Loss,
    LossKind,
    LossName,
    Matrix,
    Network,
    Reduction,
    SpecError,
)

if TYPE_CHECKING:
    from nn_tutor.network.conventions import Conventions

_Made = TypeVar("_Made")

SLUG = r"[A-Za-z0-9]+([-_.]+[A-Za-z0-9]+)*"
"""The form of names: letters, digits, hyphens, underscores and points."""


@dataclass(frozen=True, slots=True)
class NetworkWithData:
    """A network of a lesson with the samples it learns from; those `held_out` are measured and never learned from."""

    network: Network
    data: Data
    held_out: Data | None = None


def rows_of_pass(entry: NetworkWithData, number: int | None = None) -> int:
    """Return how many samples a pass of the network sees; of no pass in particular, how many a whole batch has."""
    samples = len(entry.data.inputs)
    return entry.network.rows_in_pass(number, samples) if number else entry.network.max_rows(samples)


def size_of_pass(network: Network, rows: int) -> int:
    """Return a count of the numbers of a pass that is cheap to take: an upper estimate."""
    weights = sum(layer.units * layer.inputs for layer in network.layers)
    units = sum(layer.units for layer in network.layers)
    of_rule = len(network.optimizer.states) + network.optimizer.clips
    return weights * (rows + 4 + of_rule) + units * (6 * rows + 2 + of_rule)


def has_one_weight(network: Network) -> bool:
    """Whether a network is a single weight and nothing else that could be moved."""
    return network.is_scalar and len(network.layers) == 1 and network.layers[0].biases is None


def read_networks(lesson: Table, conventions: Conventions, findings: Findings) -> dict[str, NetworkWithData | None]:
    """Read every network of a lesson; what is wrong becomes findings, and None stands for that network.

    The matrices are written as the lesson's conventions say.
    """
    networks: dict[str, NetworkWithData | None] = {}
    main = lesson.table("network")
    data = lesson.table("data")
    if main is not None:
        if data is None:
            lesson.wrong("data", "missing", "write [data] with inputs and targets for the network")
        if "data" in main:
            main.value("data")
            main.wrong("data", "unknown key", "write [data], not [network.data], for the main network")
        networks[""] = _read_network(main, data, conventions, findings)
    elif data is not None:
        lesson.wrong("network", "missing", "write [network] with [[network.layers]] for the data")
    further = lesson.table("networks")
    for name in further.names if further is not None else ():
        table = further.table(name) if further is not None else None
        if table is None or further is None:
            continue
        if len(name) > MAX_WORD or not re.fullmatch(SLUG, name):
            further.wrong(name, "that name", f"use up to {MAX_WORD} letters, digits, hyphens, underscores and points")
            continue
        own = table.table("data")
        if own is None and "data" not in table:
            table.wrong("data", "missing", f"write [networks.{name}.data] with inputs and targets")
        networks[name] = _read_network(table, own, conventions, findings)
    return networks


def _read_network(
    table: Table, data_table: Table | None, conventions: Conventions, findings: Findings
) -> NetworkWithData | None:
    before = len(findings.all)
    loss_table, update_table = table.table("loss"), table.table("update")
    layer_tables = table.tables("layers")
    if not layer_tables and "layers" not in table:
        table.wrong("layers", "missing", f"write at least one [[{table.key('layers')}]]")
    layers = [_read_layer(layer_table, conventions, findings) for layer_table in layer_tables]
    for name in ("learning_rate", "seed"):  # TOML puts what stands below a heading into its table
        if loss_table is not None and loss_table.value(name) is not None:
            mend = f"{name} is the network's: write it above [{loss_table.key(name).removesuffix(f'.{name}')}]"
            loss_table.wrong(name, "below the heading of the loss", mend)
    loss = _read_loss(loss_table, findings) if loss_table is not None else Loss()
    learning_rate, seed = table.number("learning_rate", 0.1), table.whole("seed", 0)
    update = _read_update(update_table, findings) if update_table is not None else _Update()
    table.done()
    data, held_out = _read_data(data_table, findings) if data_table is not None else (None, None)
    if len(findings.all) > before or loss is None or update is None:
        return None
    usable = tuple(layer for layer in layers if layer is not None)
    network = _made(
        lambda: Network(
            usable,
            loss,
            learning_rate,
            seed,
            update.batching,
            update.l2,
            conventions,
            update.optimizer,
            update.batch_size,
            update.shuffle,
            update.drop_last,
        ),
        table,
        findings,
    )
    if network is None or data is None or data_table is None:
        return None
    try:
        check_fit(network, data)
    except SpecError as error:
        data_table.wrong(error.key, error.found, error.mend)
        return None
    if held_out is not None and not _measures(network, held_out, data_table):
        return None
    return NetworkWithData(network, data, held_out)


def _measures(network: Network, held_out: Data, table: Table) -> bool:
    """Whether the loss of the test samples can be measured; if not, that becomes a finding."""
    if not network.loss.has_targets:
        table.wrong("test_inputs", "test samples of a loss without targets", "leave them out, or take another loss")
        return False
    try:
        check_fit(replace(network, batching="full", drop_last=False), held_out)  # they are measured all together
    except SpecError as error:
        table.wrong(f"test_{error.key}", error.found, error.mend.replace("targets", "test_targets"))
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Update:
    """What [network.update] says."""

    optimizer: Optimizer = field(default_factory=Optimizer)
    batching: Batching = "full"
    batch_size: int = 2
    shuffle: bool = False
    drop_last: bool = False
    l2: float = 0.0


def _read_update(table: Table, findings: Findings) -> _Update | None:
    before = len(findings.all)
    plain, schedule, clipping = Optimizer(), Schedule(), Clipping()
    kind = table.word("schedule", get_args(ScheduleName), schedule.kind)
    clip = table.word("clip", get_args(ClippingName), clipping.kind)
    rule = table.word("rule", get_args(RuleName), plain.rule)
    constants = {name: table.number(name, value) for name, value in plain.constants.items() if name != "limit"}
    weight_decay, l2, at = table.number("weight_decay", 0.0), table.number("l2", 0.0), table.number("clip_at", 1.0)
    every = table.whole("schedule_every", schedule.every)
    passes = table.whole("schedule_passes", schedule.passes)
    factor = table.number("schedule_factor", schedule.factor)
    least = table.number("schedule_least", schedule.least)
    batching: Batching = table.word("batching", get_args(Batching), "full")
    size = table.whole("batch_size", 2)
    shuffle, drop_last = table.flag("shuffle", False), table.flag("drop_last", False)
    table.done()
    if len(findings.all) > before:
        return None
    optimizer = _made(
        lambda: Optimizer(
            rule,
            **constants,
            weight_decay=weight_decay,
            schedule=Schedule(kind, every, factor, passes, least),
            clipping=Clipping(clip, at),
        ),
        table,
        findings,
    )
    return None if optimizer is None else _Update(optimizer, batching, size, shuffle, drop_last, l2)


def _read_layer(table: Table, conventions: Conventions, findings: Findings) -> Layer | None:
    before = len(findings.all)
    weights, biases = table.matrix("weights"), table.vector("biases")
    size = _read_pair(table, "size")
    frozen = _read_pairs(table, "frozen")
    if conventions.transposes_weights:
        weights, frozen = _transposed(weights), frozenset((out, into) for into, out in frozen)
    trains = table.flag("train_biases", True)
    activation = table.word("activation", get_args(ActivationName), "identity")
    slope = table.number("slope", LEAK) if "slope" in table else None
    table.done("slope")
    if len(findings.all) > before:
        return None
    try:
        return Layer(weights, size, biases, trains, frozen, activation, slope)
    except SpecError as error:
        found, mend = error.found, error.mend
        if error.key == "frozen" and conventions.transposes_weights:
            found, mend = "a pair outside", "pairs are [in, out] here, as in the matrix, counted from 0"
        table.wrong(error.key, found, mend)
        return None


def _transposed(rows: Matrix | None) -> Matrix | None:
    """Return a matrix with its rows as columns; a ragged one stays as it is, to be refused."""
    is_whole = rows is not None and len({len(row) for row in rows}) == 1
    return tuple(zip(*rows, strict=True)) if rows is not None and is_whole else rows


def _read_loss(table: Table, findings: Findings) -> Loss | None:
    if "name" in table:
        return _named_loss(table, findings)
    before = len(findings.all)
    kind = table.word("kind", get_args(LossKind), "squared_error")
    factor = table.number("factor", 1.0)
    outputs: Reduction | None = table.word("outputs", get_args(Reduction), "mean") if "outputs" in table else None
    batch: Reduction = table.word("batch", get_args(Reduction), "mean")
    reported = table.number("reported_factor", 1.0) if "reported_factor" in table else None
    delta = table.number("delta", HUBER_DELTA) if "delta" in table else None
    table.done("name", "outputs", "reported_factor", "delta")
    if len(findings.all) > before:
        return None
    return _made(lambda: Loss(kind, factor, outputs, batch, reported, delta), table, findings)


def _named_loss(table: Table, findings: Findings) -> Loss | None:
    """The loss of a usual name, which leaves nothing more to say of it but what its source prints."""
    before = len(findings.all)
    name = table.word("name", get_args(LossName), "mse")
    for key in ("kind", "factor", "outputs", "batch"):
        if table.value(key) is not None:
            table.wrong(key, f'said beside name = "{name}"', f"take out {key} or name: the name says it already")
    reported = table.number("reported_factor", 1.0) if "reported_factor" in table else None
    table.done("reported_factor")
    if len(findings.all) > before:
        return None
    usual = USUAL_LOSSES[name]
    return usual if reported is None else _made(lambda: replace(usual, reported_factor=reported), table, findings)


def _read_data(table: Table, findings: Findings) -> tuple[Data | None, Data | None]:
    """Read the samples to learn from, and those to test with, None where there are none."""
    before = len(findings.all)
    inputs, targets = table.matrix("inputs"), table.matrix("targets")
    test_inputs, test_targets = table.matrix("test_inputs"), table.matrix("test_targets")
    if "inputs" not in table:
        table.wrong("inputs", "missing", "give a row of numbers for each sample: inputs = [[1.7]]")
    for one, other in (("test_inputs", "test_targets"), ("test_targets", "test_inputs")):
        if one in table and other not in table:
            table.wrong(other, "missing", f"give a row for each row of {one}, or take {one} out")
    table.done("test_inputs", "test_targets")
    if len(findings.all) > before or inputs is None:
        return None, None
    data = _made(lambda: Data(inputs, targets), table, findings)
    if test_inputs is None or test_targets is None:
        return data, None
    try:
        return data, Data(test_inputs, test_targets)
    except SpecError as error:
        table.wrong(f"test_{error.key}", error.found, error.mend.replace("row of ", "row of test_"))
        return None, None


def _read_pair(table: Table, name: str) -> tuple[int, int] | None:
    value = table.value(name)
    if value is None:
        return None
    pair = _as_pair(value)
    if pair is None:
        table.wrong(name, described(value), "give two whole numbers: size = [in, out]")
    return pair


def _read_pairs(table: Table, name: str) -> frozenset[tuple[int, int]]:
    value = table.value(name)
    if value is None:
        return frozenset()
    pairs = [_as_pair(entry) for entry in value] if isinstance(value, list) else [None]
    if any(pair is None for pair in pairs):
        table.wrong(name, described(value), "give pairs [out, in], counted from 0: frozen = [[0, 1]]")
    return frozenset(pair for pair in pairs if pair is not None)


def _as_pair(value: object) -> tuple[int, int] | None:
    if not isinstance(value, list) or len(value) != 2:
        return None
    first, second = value
    if any(isinstance(part, bool) or not isinstance(part, int) or part < 0 for part in (first, second)):
        return None
    return first, second


def _made(make: Callable[[], _Made], table: Table, findings: Findings) -> _Made | None:
    """Make something that may refuse its values; the refusal becomes a finding with the full key."""
    try:
        return make()
    except SpecError as error:
        table.wrong(error.key, error.found, error.mend)
        return None
