"""What the learner chooses about their data, one choice after the other, with the keyboard: a state, and its moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal, get_args

from nn_tutor.calculus.numerals import numeral
from nn_tutor.course.findings import LessonError
from nn_tutor.dataclass import dataclass
from nn_tutor.dataset.lesson import usual_rate
from nn_tutor.dataset.proposal import Options, Proposal, Task, propose
from nn_tutor.network.spec import ELEMENTWISE, MAX_UNITS

if TYPE_CHECKING:
    from nn_tutor.dataset.columns import Column
    from nn_tutor.dataset.reading import Table

Name = Literal["target", "task", "hidden", "activation", "rate", "row", "seed"]

NAMES: tuple[Name, ...] = get_args(Name)

WORDS: dict[Name, str] = {
    "target": "predict",
    "task": "as a",
    "hidden": "hidden units",
    "activation": "activation",
    "rate": "learning rate η",
    "row": "row to walk",
    "seed": "seed",
}
"""What stands before each choice."""

RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)

MAX_DIGITS = 6


@dataclass(frozen=True, eq=False)
class Choices:
    """What was chosen so far; every move makes a new one.

    `marked` is the choice that the keys change, `typed` the digits that were typed for it. `train_lines` are the lines
    of the training rows and `test_lines` those of the others, as soon as they are known.
    """

    table: Table
    columns: tuple[Column, ...]
    options: Options
    marked: int = 0
    typed: str = ""
    train_lines: tuple[int, ...] = ()
    test_lines: tuple[int, ...] = ()

    @property
    def name(self) -> Name:
        """The choice that the keys change."""
        return NAMES[self.marked]

    @cached_property
    def proposal(self) -> Proposal | None:
        """What is predicted from what; None where these choices do not fit the data, `trouble` then says why."""
        try:
            return propose(self.table.file, self.columns, self.options)
        except LessonError:
            return None

    @cached_property
    def trouble(self) -> str:
        """Why nothing can be predicted this way, with the mend, "" where something can."""
        try:
            propose(self.table.file, self.columns, self.options)
        except LessonError as error:
            return str(error)
        return ""

    def moved(self, by: int) -> Choices:
        """Mark another choice."""
        return replace(self, marked=min(max(0, self.marked + by), len(NAMES) - 1), typed="")

    def changed(self, by: int) -> Choices:
        """Take the next value of the marked choice, or the one before."""
        options = self.options
        match self.name:
            case "target":
                names = [column.name for column in self.columns]
                now = names.index(self._target)
                options = replace(options, target=names[(now + by) % len(names)], task=None)
            case "task":
                tasks: tuple[Task, ...] = get_args(Task)
                now = tasks.index(self._task)
                options = replace(options, task=tasks[(now + by) % len(tasks)])
            case "hidden":
                options = self._with_hidden(self._hidden + by)
            case "activation":
                now = ELEMENTWISE.index(options.activation)
                options = replace(options, activation=ELEMENTWISE[(now + by) % len(ELEMENTWISE)])
            case "rate":
                options = replace(options, learning_rate=_next(RATES, self.rate, by))
            case "row":
                options = replace(options, row=int(_next(self.train_lines or (self.row,), self.row, by)))
            case "seed":
                options = replace(options, seed=max(1, options.seed + by), row=0)
        return self._with(options)

    def with_digit(self, digit: str) -> Choices:
        """Type a digit of the marked number; of a choice that is none nothing changes."""
        if self.name not in ("hidden", "row", "seed") or len(self.typed) >= MAX_DIGITS:
            return self
        typed = f"{self.typed}{digit}".lstrip("0") or "0"
        number = int(typed)
        match self.name:
            case "hidden":
                if number > MAX_UNITS:
                    return self
                options = self._with_hidden(number)
            case "row":
                options = replace(self.options, row=number)
            case _:
                options = replace(self.options, seed=number, row=0)
        return replace(self._with(options), typed=typed)

    def without_digit(self) -> Choices:
        """Take the last typed digit away."""
        if not self.typed:
            return self
        shorter = replace(self, typed=self.typed[:-2])
        return shorter.with_digit(self.typed[-2]) if len(self.typed) > 1 else replace(self, typed="")

    def with_split(self, train_lines: Sequence[int], test_lines: Sequence[int]) -> Choices:
        """Take the lines of the training rows and of the others, once they are known."""
        return replace(self, train_lines=tuple(train_lines), test_lines=tuple(test_lines))

    @property
    def split(self) -> str:
        """What becomes of the rows, "" while it is not known."""
        if not self.train_lines:
            return ""
        incomplete = self.table.rows - len(self.train_lines) - len(self.test_lines)
        verb = "is" if incomplete == 1 else "are"
        gone = f"; {incomplete:,} with a missing value {verb} left out" if incomplete else ""
        return (
            f"{len(self.train_lines):,} rows to learn from, {len(self.test_lines):,} to test on{gone}. Numbers become "
            "(value − mean) / s, with the mean and the standard deviation s of the training rows."
        )

    def value_of(self, name: Name) -> str:
        """Return the value of a choice as text."""
        options = self.options
        match name:
            case "target":
                return self._target
            case "task":
                return self._task
            case "hidden":
                return " + ".join(map(str, options.hidden)) or "0"
            case "activation":
                return options.activation
            case "rate":
                return numeral(self.rate)
            case "row":
                return f"line {self.row}" if self.row else "…"
            case "seed":
                return str(options.seed)

    def reason_of(self, name: Name) -> str:
        """Say why a value is proposed, or what a choice does."""
        proposal = self.proposal
        match name:
            case "target":
                return "" if proposal is None else proposal.target_reason
            case "task":
                return "" if proposal is None else proposal.task_reason
            case "hidden":
                return "0 for none" if len(self.options.hidden) < 2 else "the last layer is changed"
            case "row":
                if self.train_lines and self.row not in self.train_lines:
                    return "no training row: its slope is not to be seen"
                return "the sample of your first pass"
            case "seed":
                return "draws the weights, and the test rows"
            case _:
                return ""

    @property
    def row(self) -> int:
        """The line of the row to walk, 0 while nothing is known."""
        return self.options.row or (self.train_lines[0] if self.train_lines else 0)

    @property
    def rate(self) -> float:
        """The learning rate, the usual one where none was chosen."""
        if self.options.learning_rate is not None:
            return self.options.learning_rate
        proposal = self.proposal
        return usual_rate(1, "regression") if proposal is None else usual_rate(len(proposal.inputs), proposal.task)

    @property
    def _target(self) -> str:
        """The column that is predicted; also where the task that was chosen does not fit it."""
        if self.proposal is not None:
            return self.proposal.target.name
        if self.options.target:
            return self.options.target
        try:
            return propose(self.table.file, self.columns, replace(self.options, task=None)).target.name
        except LessonError:
            return self.columns[-1].name

    @property
    def _task(self) -> Task:
        return (self.options.task or "regression") if self.proposal is None else self.proposal.task

    @property
    def _hidden(self) -> int:
        return self.options.hidden[-1] if self.options.hidden else 0

    def _with_hidden(self, units: int) -> Options:
        units = min(max(0, units), MAX_UNITS)
        before = self.options.hidden[:-1]
        return replace(self.options, hidden=(*before, units) if units else before)

    def _with(self, options: Options) -> Choices:
        drawn = (options.target, options.task, options.seed) != (
            self.options.target,
            self.options.task,
            self.options.seed,
        )
        fresh = Choices(self.table, self.columns, options, self.marked)
        return fresh if drawn else fresh.with_split(self.train_lines, self.test_lines)


def _next(values: Sequence[float], now: float, by: int) -> float:
    """The next of some ascending values, or the one before; at the ends the same again."""
    later, earlier = [one for one in values if one > now], [one for one in values if one < now]
    if by > 0:
        return later[0] if later else now
    return earlier[-1] if earlier else now
