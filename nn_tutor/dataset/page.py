"""What is said about the learner's data: what was found in the file, what becomes of it, and where numbers come from.

Names and labels are a stranger's texts: they stand between backticks, so that nothing in them is Markdown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nn_tutor.calculus.names import feature, parameter, target
from nn_tutor.calculus.numerals import numeral
from nn_tutor.course.prose import Section
from nn_tutor.dataclass import dataclass
from nn_tutor.dataset.faults import brief
from nn_tutor.dataset.preparing import DECIMALS, Feature, Prepared, Scale
from nn_tutor.dataset.reading import SEPARATORS

if TYPE_CHECKING:
    from nn_tutor.network.quantities import Ref
    from nn_tutor.network.spec import Network

MAX_LISTED = 16
"""How many inputs stand in the table; more are counted."""

MAX_LINES = 8
"""How many lines that are left out are told."""

BAR = r"\|"
"""A bar in a cell of a table, which it does not end."""

MAX_DIGITS = 9
"""How many decimals of a mean are written at most, where a reader needs them to get the same number."""


@dataclass(frozen=True, eq=False, slots=True)
class Shown:
    """What the words are about: the data, the network, and the weight that is asked about."""

    prepared: Prepared
    network: Network
    weight: Ref

    @property
    def asked(self) -> Feature:
        """The input that the weight belongs to."""
        return self.prepared.features[self.place]

    @property
    def place(self) -> int:
        """The place of that input, from 0."""
        return (self.weight.index or (0, 0))[1]


def code(text: str) -> str:
    """Return a stranger's text between backticks, short, without any of its own."""
    return f"`{brief(text).replace('`', '′').strip() or '?'}`"


def page_of(shown: Shown, row: int) -> Section:
    """Return the page on the file: its columns, the target, the rows, and how a number of one row was standardised."""
    prepared = shown.prepared
    table, proposal = prepared.table, prepared.proposal
    train, test = len(prepared.train.lines), len(prepared.test.lines)
    separator = SEPARATORS[table.separator]
    lines = [
        f"{table.rows:,} rows and {len(table.names)} columns, separated by {separator}. "
        f"{train:,} rows are for training, {test:,} {'is' if test == 1 else 'are'} kept apart to test on: "
        f"no mean and no slope ever sees {'it' if test == 1 else 'those'}.",
        "",
        f"**{proposal.task.capitalize()}** of {code(proposal.target.name)} ({proposal.target_reason}): "
        f"{proposal.task_reason}. {_outputs(shown)}",
        "",
        _standardising(shown, row),
        "",
        *_inputs(shown),
        *_gone(prepared),
    ]
    return _section("data", code(table.file).strip("`"), lines)


def row_words(shown: Shown, row: int) -> Section:
    """Return the words of the row that is walked."""
    line = shown.prepared.train.lines[row]
    lines = [f"The sample is line {line} of your file. {_about_weight(shown)}"]
    return _section("row", f"Line {line}", lines)


def three_words(shown: Shown, rows: Sequence[int]) -> Section:
    """Return the words of the batch of three rows."""
    lines = [shown.prepared.train.lines[row] for row in rows]
    said = f"{', '.join(map(str, lines[:-1]))} and {lines[-1]}"
    text = f"Now the batch is lines {said}. L is the mean of their losses, so its slope is the mean of their slopes."
    return _section("three-rows", "Three rows", [text])


def pulling_words(shown: Shown) -> Section:
    """Return the words of the rows that pull a weight."""
    count = len(shown.prepared.train.lines)
    name = parameter(shown.network, shown.weight)
    text = (
        f"Each of the {count:,} training rows pulls {name} up or down by its own part of ∂L/∂{name}; "
        f"the step follows their sum. {_about_weight(shown)}"
    )
    return _section("pull", "Who pulls?", [text])


def training_words(shown: Shown) -> Section:
    """Return the words of the run."""
    test = len(shown.prepared.test.lines)
    text = (
        f"The run learns from the training rows alone. The loss of the {test:,} test rows is drawn beside it: "
        "where it rises again, the network learns its rows by heart."
    )
    return _section("run", "The run", [text])


def features_of(shown: Shown) -> list[tuple[str, str, str]]:
    """Return every input: its name in the network, its column, and what it is made of."""
    return [(feature(shown.network, 1, 0, place), one.name, made_of(one)) for place, one in _each(shown)]


def made_of(one: Feature) -> str:
    """Say what a number in the network is made of."""
    if one.scale is None:
        return "1 where it holds, else 0"
    return f"(value {_minus(one.scale.mean)}) / {numeral(one.scale.deviation)}"


def _each(shown: Shown) -> list[tuple[int, Feature]]:
    return list(enumerate(shown.prepared.features))


def _outputs(shown: Shown) -> str:
    """What leaves the network."""
    prepared, network = shown.prepared, shown.network
    if not prepared.classes:
        return f"The target is standardised too: y = {made_of(prepared.targets[0])}."
    if len(prepared.classes) == 2:
        low, high = map(code, prepared.classes)
        return f"y is 1 for {high} and 0 for {low}; o is the probability of {high}."
    named = ", ".join(
        f"{target(network, 1, 0, place)} {code(label)}" for place, label in enumerate(prepared.classes[:MAX_LISTED])
    )
    more = f" and {len(prepared.classes) - MAX_LISTED} more" if len(prepared.classes) > MAX_LISTED else ""
    return f"One-hot, an output for each class: {named}{more}."


def _inputs(shown: Shown) -> list[str]:
    listed = features_of(shown)
    rows = [f"| {name} | {code(column).replace('|', BAR)} | {made} |" for name, column, made in listed[:MAX_LISTED]]
    more = [f"| … | {len(listed) - MAX_LISTED} more | |"] if len(listed) > MAX_LISTED else []
    return ["| input | column | in the network |", "|---|---|---|", *rows, *more]


def _standardising(shown: Shown, row: int) -> str:
    """How the numbers are standardised, with those of one row."""
    prepared, one = shown.prepared, shown.asked
    name, line = feature(shown.network, 1, 0, shown.place), prepared.train.lines[row]
    value = prepared.train.data.inputs[row][shown.place]
    if one.scale is None:
        return f"In line {line} {name} is {numeral(value)}."
    column = next(column for column in prepared.proposal.inputs if column.name == one.column)
    found = float(column.numbers[prepared.table.lines.index(line)])
    digits = next((n for n in range(DECIMALS, MAX_DIGITS) if _by_hand(found, one.scale, n) == value), MAX_DIGITS)
    sign = "=" if _by_hand(found, one.scale, digits) == value else "≈"
    by_hand = f"({numeral(found, digits)} {_minus(one.scale.mean, digits)}) / {numeral(one.scale.deviation, digits)}"
    return (
        "**Standardising**: x = (value − mean) / s, with the mean and the standard deviation s of the training rows. "
        f"In line {line}: {name} = {by_hand} {sign} {numeral(value)}."
    )


def _by_hand(value: float, scale: Scale, digits: int) -> float:
    """What a reader gets who calculates with the numbers as they are written."""
    mean, deviation = (float(numeral(one, digits).replace("−", "-")) for one in (scale.mean, scale.deviation))
    return round((value - mean) / deviation, DECIMALS)


def _gone(prepared: Prepared) -> list[str]:
    """What was mended and left out."""
    said = list(prepared.table.notes)
    if prepared.incomplete:
        count = len(prepared.incomplete)
        more = ", …" if count > MAX_LINES else ""
        lines = f"{'line' if count == 1 else 'lines'} {', '.join(map(str, prepared.incomplete[:MAX_LINES]))}{more}"
        said.append(f"{count:,} {'row is' if count == 1 else 'rows are'} left out ({lines}): a value is missing")
    said += [f"{code(name)} is left out: {reason}" for name, reason in prepared.left_out]
    return ["", *(f"- {one}" for one in said)] if said else []


def _about_weight(shown: Shown) -> str:
    name, enters = parameter(shown.network, shown.weight), feature(shown.network, 1, 0, shown.place)
    return f"{name} is the weight of {enters}, {code(shown.asked.name)}."


def _minus(value: float, digits: int = 4) -> str:
    """What is taken away, as it is written behind a number."""
    return f"− {numeral(value, digits)}" if value >= 0 else f"+ {numeral(-value, digits)}"


def _section(anchor: str, title: str, lines: Sequence[str]) -> Section:
    return Section(anchor, title, ("\n".join(lines),))
