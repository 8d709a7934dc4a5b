"""Rows become samples: rows with missing values go, test rows are set apart, numbers are standardised, labels one-hot.

The mean and the standard deviation of a column are taken over the training rows alone: what is known of the test rows
must not reach anything that is learned.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nn_tutor.dataclass import dataclass
from nn_tutor.dataset.faults import brief, refuse
from nn_tutor.dataset.reading import MIN_ROWS, Table
from nn_tutor.network.spec import MAX_UNITS, Data

if TYPE_CHECKING:
    from nn_tutor.dataset.columns import Column
    from nn_tutor.dataset.proposal import Options, Proposal

DECIMALS = 4
"""Standardised numbers are rounded to so many decimals: then they can be typed, and worked with by hand."""

MAX_TEST_PART = 0.5

Rows = NDArray[np.intp]
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scale:
    """How a column is standardised: `(value − mean) / deviation`, both taken over the training rows."""

    mean: float
    deviation: float

    def apply(self, values: Numbers) -> Numbers:
        """Return values standardised, rounded to `DECIMALS`."""
        return np.asarray(np.round((values - self.mean) / self.deviation, DECIMALS) + 0.0)


@dataclass(frozen=True, slots=True)
class Feature:
    """One number that enters or leaves the network: a column's, standardised where it has a scale, else of a label.

    A feature of a label is 1 in the rows that hold it and 0 in all others.
    """

    column: str
    label: str = ""
    scale: Scale | None = None

    @property
    def name(self) -> str:
        """The column, or the column and its label."""
        return f"{self.column} = {self.label}" if self.label else self.column


@dataclass(frozen=True, eq=False, slots=True)
class Samples:
    """Rows of the file as samples: their lines, and what enters and should leave the network."""

    lines: tuple[int, ...]
    data: Data


@dataclass(frozen=True, eq=False, slots=True)
class Prepared:
    """A data file that is ready for a network: training and test rows, and what became of every column.

    `incomplete` are the lines of the rows that were left out since a value is missing. `classes` are the classes in
    the order of the outputs; of two classes one output says the second.
    """

    table: Table
    proposal: Proposal
    features: tuple[Feature, ...]
    targets: tuple[Feature, ...]
    classes: tuple[str, ...]
    train: Samples
    test: Samples
    incomplete: tuple[int, ...]
    left_out: tuple[tuple[str, str], ...]


def prepare(table: Table, proposal: Proposal, options: Options) -> Prepared:
    """Return the samples of a table as it was proposed; raises `DataError`."""
    complete = _complete(table, proposal)
    classes = _classes(table, proposal, complete)
    train, test = _split(table, proposal, complete, options)
    features, left_out = _features(table, proposal.inputs, train)
    targets = _targets(table, proposal, classes, train)
    left_out = (*((column.name, reason) for column, reason in proposal.left_out), *left_out)
    columns = {column.name: column for column in (*proposal.inputs, proposal.target)}

    def samples(rows: Rows) -> Samples:
        return Samples(
            tuple(table.lines[row] for row in rows),
            Data(_matrix(columns, features, rows), _matrix(columns, targets, rows)),
        )

    gone = np.setdiff1d(np.arange(table.rows), complete)
    incomplete = tuple(table.lines[row] for row in gone)
    return Prepared(table, proposal, features, targets, classes, samples(train), samples(test), incomplete, left_out)


def _complete(table: Table, proposal: Proposal) -> Rows:
    """The rows in which no used value is missing; raises `DataError` where too few are left."""
    used = (*proposal.inputs, proposal.target)
    is_complete = np.ones(table.rows, dtype=bool)
    for column in used:
        if column.missing:
            is_complete &= np.array([cell != "" for cell in column.cells])
    complete = np.flatnonzero(is_complete)
    if len(complete) < MIN_ROWS:
        worst = max(used, key=lambda column: column.missing)
        found = f"only {len(complete)} rows have a value in every column; {worst.missing} values are missing here"
        refuse(table.file, found, "fill them in, or leave the column out with --without", column=worst.name)
    return complete


def _classes(table: Table, proposal: Proposal, complete: Rows) -> tuple[str, ...]:
    """The classes among the complete rows, none for a regression; raises `DataError` where nothing is to be told."""
    target = proposal.target
    if proposal.task == "regression":
        return ()
    classes = tuple(target.labels[place] for place in np.unique(target.places[complete]))
    if len(classes) < 2:
        only = f'only one class, "{brief(classes[0])}", in the rows without missing values'
        refuse(table.file, only, _OTHER, column=target.name)
    return classes


_OTHER = "give rows with other values, or name another column with --target"


def _split(table: Table, proposal: Proposal, complete: Rows, options: Options) -> tuple[Rows, Rows]:
    """The training rows and the test rows, drawn from the seed; of every class the same part is kept apart."""
    if not 0 < options.test_part <= MAX_TEST_PART:
        refuse(table.file, f"{options.test_part:.0%} of the rows to test on", "keep 1 to 50 of 100 apart")
    drawn = complete[np.random.default_rng(options.seed).permutation(len(complete))]
    groups = [drawn]
    if proposal.task == "classification":
        of_row = proposal.target.places[drawn]
        groups = [drawn[of_row == place] for place in np.unique(of_row)]
    counts = [int(len(group) * options.test_part) for group in groups]
    if not any(counts):
        counts[max(range(len(groups)), key=lambda place: len(groups[place]))] = 1
    test = np.concatenate([group[:count] for group, count in zip(groups, counts, strict=True)])
    train = np.concatenate([group[count:] for group, count in zip(groups, counts, strict=True)])
    return np.sort(train), np.sort(test)


def _features(
    table: Table, columns: Sequence[Column], train: Rows
) -> tuple[tuple[Feature, ...], tuple[tuple[str, str], ...]]:
    """What enters the network, and the columns that turn out to tell nothing; raises `DataError`."""
    features: list[Feature] = []
    left_out: list[tuple[str, str]] = []
    for column in columns:
        if column.holds_numbers:
            scale = _scale(table, column, train)
            if scale is None:
                left_out.append((column.name, "it is the same in every training row"))
            else:
                features.append(Feature(column.name, scale=scale))
            continue
        # Of two labels one number says which it is.
        labels = column.labels[1:] if len(column.labels) == 2 else column.labels
        features += [Feature(column.name, label) for label in labels]
    if not features:
        refuse(table.file, "every input is the same in all training rows", _OTHER, column=columns[0].name)
    if len(features) > MAX_UNITS:
        widest = max(columns, key=lambda column: 0 if column.holds_numbers else len(column.labels))
        found = f"{len(features)} inputs with an input for each label, where at most {MAX_UNITS} can enter a network"
        refuse(table.file, found, "leave a column of labels out with --without", column=widest.name)
    return tuple(features), tuple(left_out)


def _targets(table: Table, proposal: Proposal, classes: tuple[str, ...], train: Rows) -> tuple[Feature, ...]:
    """What should leave the network; raises `DataError`."""
    target = proposal.target
    if classes:
        return tuple(Feature(target.name, label) for label in (classes[1:] if len(classes) == 2 else classes))
    scale = _scale(table, target, train)
    if scale is None:
        found = "the target is the same in every training row"
        refuse(table.file, found, "take another seed, or give more rows", column=target.name)
    return (Feature(target.name, scale=scale),)


def _scale(table: Table, column: Column, train: Rows) -> Scale | None:
    """Mean and standard deviation over the training rows, None where all of them are the same; raises `DataError`."""
    values = column.numbers[train]
    with np.errstate(all="ignore"):
        mean, deviation = float(values.mean()), float(values.std())
    if not (math.isfinite(mean) and math.isfinite(deviation)):
        row = train[int(np.argmax(np.abs(values)))]
        found = f"{brief(column.cells[row])} is too large to be standardised with the others"
        refuse(table.file, found, "write smaller numbers", line=table.lines[row], column=column.name)
    return Scale(mean, deviation) if values.min() < values.max() and deviation > 0 else None


def _matrix(columns: dict[str, Column], features: Sequence[Feature], rows: Rows) -> tuple[tuple[float, ...], ...]:
    """The numbers of some rows, a row of features for each."""
    found = np.empty((len(rows), len(features)))
    for place, feature in enumerate(features):
        column = columns[feature.column]
        if feature.scale is not None:
            found[:, place] = feature.scale.apply(column.numbers[rows])
        else:
            found[:, place] = column.places[rows] == column.labels.index(feature.label)
    return tuple(map(tuple, found.tolist()))
