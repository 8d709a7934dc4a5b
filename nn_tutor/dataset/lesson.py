"""A lesson on the learner's own data, made of the same records as a lesson file.

A page on what was found, one row to walk, three rows for the mean of a batch, rows that pull a weight, and a run.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from nn_tutor.course.activities.pull import Pull
from nn_tutor.course.activities.read import Read
from nn_tutor.course.activities.train import Train
from nn_tutor.course.activities.walk import Walk
from nn_tutor.course.ask import parse_ask
from nn_tutor.course.budget import check_budget
from nn_tutor.course.findings import Findings
from nn_tutor.course.lesson import Lesson
from nn_tutor.course.networks import NetworkWithData
from nn_tutor.course.picture import Picture
from nn_tutor.course.prose import Prose
from nn_tutor.dataset.faults import brief, refuse
from nn_tutor.dataset.page import Shown, page_of, pulling_words, row_words, three_words, training_words
from nn_tutor.network.identity import as_text
from nn_tutor.network.pulls import entering, pulls
from nn_tutor.network.quantities import Ref
from nn_tutor.network.spec import MAX_UNITS, ActivationName, Data, Layer, Loss, LossKind, Network, SpecError
from nn_tutor.network.training import Timeline

if TYPE_CHECKING:
    from nn_tutor.dataset.preparing import Prepared, Samples
    from nn_tutor.dataset.proposal import Options, Task
    from nn_tutor.network.activations import Array
    from nn_tutor.network.records import Pass

PREFIX = "data-"
"""What the ids of these lessons begin with."""

MAX_PASSES = 2_000
"""How many passes are run at most."""

COMPARED = 5
"""How many rows are compared for how hard they pull."""

CLEAR = 1.25
"""The hardest pull of them is so many times as large as the next."""

_DRAWS = 200


def lesson_id(path: str, options: Options) -> str:
    """Return the id of the lesson on a file with some choices: the same ones lead to the same lesson again."""
    name = re.sub(r"[^A-Za-z0-9]+", "-", path.replace("\\", "/").rpartition("/")[2]).strip("-").lower()[:40]
    return f"{PREFIX}{name or 'file'}-{crc32(f'{path} {as_text(options)}'.encode()):08x}"


def network_of(prepared: Prepared, options: Options) -> Network:
    """Return the network for some data: its weights are drawn from the seed, its loss follows from the task."""
    count = len(prepared.targets)
    last: ActivationName = "identity" if not prepared.classes else "sigmoid" if count == 1 else "softmax"
    kind: LossKind = (
        "squared_error"
        if not prepared.classes
        else "binary_cross_entropy"
        if count == 1
        else "categorical_cross_entropy"
    )
    sizes = (len(prepared.features), *options.hidden, count)
    activations = (*(options.activation for _ in options.hidden), last)
    rate = (
        usual_rate(len(prepared.proposal.inputs), prepared.proposal.task)
        if options.learning_rate is None
        else options.learning_rate
    )
    try:
        layers = tuple(
            Layer(size=pair, biases=(0.0,) * pair[1], activation=activation)
            for pair, activation in zip(pairwise(sizes), activations, strict=True)
        )
        return Network(layers, Loss(kind), learning_rate=rate, seed=options.seed)
    except SpecError as error:
        refuse(prepared.table.file, f"{error.key}: {error.found}", error.mend)


def usual_rate(inputs: int, task: Task) -> float:
    """Return a learning rate at which a small network with so many standardised inputs learns and does not jump.

    Tried on random data, correlated ones too: the more inputs, the steeper the loss; squared errors are steeper than
    cross-entropies.
    """
    return next(rate for most, rate in _RATES[task] if inputs <= most)


_RATES: dict[Task, tuple[tuple[int, float], ...]] = {
    "regression": ((8, 0.06), (24, 0.03), (MAX_UNITS, 0.02)),
    "classification": ((8, 0.3), (24, 0.15), (MAX_UNITS, 0.06)),
}


def lesson_of(prepared: Prepared, options: Options, identity: str) -> Lesson:
    """Return the lesson on some data; raises `DataError`, or `LessonError` where it is too large."""
    network, train = network_of(prepared, options), prepared.train
    row = _row(prepared, options)
    three = _three(len(train.lines), row)
    whole = NetworkWithData(network, train.data, prepared.test.data)
    single, several = (NetworkWithData(network, _only(train, rows)) for rows in ((row,), three))
    batch = Timeline(network, train.data).at(1)
    weight = _weight(network, single, several, batch)
    compared = _compared(batch, weight)
    goal = _goal(batch.loss.loss)
    index = list(weight.index or (0, 0))
    slope, updated = f"dW{weight.layer}{index}", f"W{weight.layer}{index}"
    names = tuple(f"line {line}" for line in train.lines)
    asks = tuple(parse_ask(text) for text in (f"sign {slope}", slope, updated))
    shown = Shown(prepared, network, weight)
    activities = (
        Read("data"),
        Walk("row", network="row", asks=(asks,), grain="node", only_questions=True),
        Walk("three-rows", network="three", asks=((parse_ask(slope),),), grain="node", only_questions=True),
        Pull("pull", weight, compared, network="", all_names=names),
        Train("run", goal, network="", most=MAX_PASSES, picture=_picture(prepared, network)),
    )
    sections = (
        page_of(shown, row),
        row_words(shown, row),
        three_words(shown, three),
        pulling_words(shown),
        training_words(shown),
    )
    networks = {"": whole, "row": single, "three": several}
    prose = Prose(sections={section.anchor: section for section in sections})
    findings = Findings(prepared.table.file)
    check_budget(activities, networks, prose, findings, findings)
    for finding in findings.all[:1]:
        refuse(prepared.table.file, finding.found, "take fewer hidden units, or fewer rows")
    title = f"{brief(prepared.table.file)} · {brief(prepared.proposal.target.name)}"
    return Lesson(identity, title, "", (), (), networks, activities, prose, purpose="homework")


def _picture(prepared: Prepared, network: Network) -> Picture:
    """What is drawn of the run: the fit where there is one input, the regions of classes where there are two."""
    if network.inputs == network.outputs == 1:
        return Picture("data")
    return Picture("region" if network.inputs == 2 and prepared.classes else "curve")


def _row(prepared: Prepared, options: Options) -> int:
    """The place of the row to walk among the training rows; raises `DataError` where it is none of them."""
    lines = prepared.train.lines
    if not options.row:
        return 0
    if options.row in lines:
        return lines.index(options.row)
    if options.row in prepared.test.lines:
        found, mend = "a test row, which no gradient may see", "take another line, or another seed"
    else:
        found, mend = "no row that is complete", f"take a line such as {lines[0]}"
    return refuse(prepared.table.file, found, mend, line=options.row)


def _three(count: int, row: int) -> tuple[int, ...]:
    """The row and two others from all over the training rows."""
    others = [(row + count * step // 3) % count for step in (1, 2)]
    return (row, *others)


def _only(samples: Samples, rows: Sequence[int]) -> Data:
    targets = samples.data.targets or ()
    return Data(tuple(samples.data.inputs[row] for row in rows), tuple(targets[row] for row in rows))


def _weight(network: Network, single: NetworkWithData, several: NetworkWithData, batch: Pass) -> Ref:
    """The weight of the first layer that is asked about: its slopes are far from 0, its input is no round number."""
    passes = [Timeline(entry.network, entry.data).at(1) for entry in (single, several)]
    slopes = [np.abs(passed.backward.dW[0]) for passed in (*passes, batch)]
    x = np.abs(passes[0].X[0])
    tells = np.where((x > 0.2) & (np.abs(x - 1) > 0.1) & (x < 4), 1.0, 0.1)  # an input of 1 hides that it was forgotten
    score = tells * np.minimum.reduce([slope / (slope.max() or 1.0) for slope in slopes])
    out, into = np.unravel_index(int(np.argmax(score)), score.shape)
    return Ref("W", 1, (int(out), int(into)))


def _compared(batch: Pass, weight: Ref) -> tuple[int, ...]:
    """Rows from all over the batch, one of which pulls clearly harder than the others; drawn until it does.

    What is seen of each row, its input and its error, has to say so too: the bend of a hidden unit is not seen.
    """
    sizes = np.abs(pulls(batch, weight))
    seen = np.abs(entering(batch, weight)) * np.abs(batch.backward.dL_do).sum(axis=1)
    count = min(COMPARED, len(sizes))
    draw = np.random.default_rng(0)
    best: tuple[float, tuple[int, ...]] = (-1.0, tuple(range(count)))
    for _ in range(_DRAWS):
        rows = tuple(int(row) for row in np.sort(draw.choice(len(sizes), count, replace=False)))
        apart = min(_apart(one[list(rows)]) for one in (sizes, seen))
        if np.argmax(sizes[list(rows)]) != np.argmax(seen[list(rows)]):
            apart = 1 / apart if apart else 0.0
        if apart >= CLEAR:
            return rows
        best = max(best, (apart, rows))
    return best[1]


def _apart(sizes: Array) -> float:
    """How many times as large the largest is as the next."""
    largest, second = np.sort(sizes)[::-1][:2]
    return float(largest / second) if second > 0 else 1.0


def _goal(loss: float) -> float:
    """A round loss, a quarter of the first one or a little less."""
    quarter = max(loss, 1e-6) / 4
    power = 10.0 ** np.floor(np.log10(quarter))
    return float(f"{np.floor(quarter / power) * power:.3g}")
