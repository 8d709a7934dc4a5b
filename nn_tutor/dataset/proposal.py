"""What is to be predicted, and how: the target column, regression or classification, the inputs, each with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from nn_tutor.course.findings import close_words
from nn_tutor.dataclass import dataclass
from nn_tutor.dataset.columns import MAX_LABELS, Column
from nn_tutor.dataset.faults import brief, refuse
from nn_tutor.network.spec import MAX_UNITS, ActivationName

Task = Literal["regression", "classification"]

MAX_COLUMNS = 64
"""How many columns may be used, the target among them."""

USUAL_TARGETS = ("target", "label", "class", "y", "outcome")
"""Names, in any case, that say themselves which column is to be predicted."""

FEW_NUMBERS = 10
"""How many different whole numbers may be the names of classes."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the learner may choose about their data; what is left out is proposed.

    `hidden` are the units of each hidden layer; `row` is the line of the file whose sample is walked, 0 for the first;
    `test_part` is the part of the rows that is kept apart.
    """

    target: str = ""
    inputs: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    task: Task | None = None
    hidden: tuple[int, ...] = (3,)
    activation: ActivationName = "tanh"
    learning_rate: float | None = None
    seed: int = 1
    test_part: float = 0.2
    row: int = 0
    header: bool = True


@dataclass(frozen=True, eq=False, slots=True)
class Proposal:
    """What is to be predicted from what: `task_reason` and `target_reason` say why, `left_out` what is not used."""

    target: Column
    inputs: tuple[Column, ...]
    task: Task
    target_reason: str
    task_reason: str
    left_out: tuple[tuple[Column, str], ...]


def propose(file: str, columns: Sequence[Column], options: Options) -> Proposal:
    """Return what is to be predicted, from what, and why; raises `DataError` where nothing can be."""
    by_name = {column.name: column for column in columns}
    for option, names in (
        ("--target", (options.target,)),
        ("--inputs", options.inputs),
        ("--without", options.without),
    ):
        for name in names:
            if name and name not in by_name:
                _refuse_name(file, option, name, tuple(by_name))
    used = [column for column in columns if column.name not in options.without]
    target, target_reason = _target(file, used, options)
    if options.inputs:
        used = [column for column in used if column.name in options.inputs or column is target]
    if len(used) > MAX_COLUMNS:
        found = f"{len(used)} columns, where at most {MAX_COLUMNS} can be used"
        refuse(file, found, "name those that count with --inputs, or leave some out with --without", line=1)
    task, task_reason = _task(file, target, options)
    inputs, left_out = _inputs(file, [column for column in used if column is not target], options)
    return Proposal(target, inputs, task, target_reason, task_reason, left_out)


def _refuse_name(file: str, option: str, name: str, known: tuple[str, ...]) -> None:
    close = close_words(name[:80], known, 1)
    some = ", ".join(f'"{brief(one)}"' for one in known[:8]) + (", …" if len(known) > 8 else "")
    mend = f'did you mean "{brief(close[0])}"?' if close else f"it has {some}"
    refuse(file, f'{option} names "{brief(name)}", which is no column', mend)


def _target(file: str, columns: Sequence[Column], options: Options) -> tuple[Column, str]:
    if options.target:
        target = next((column for column in columns if column.name == options.target), None)
        if target is None:
            refuse(file, "the target is left out", "take it out of --without", column=options.target)
        if target.kind in ("empty", "constant"):
            found = "every value of the target is missing" if target.kind == "empty" else _one_value(target)
            refuse(file, found, "name another column with --target", column=target.name)
        return target, "you chose it"
    named = [column for column in columns if column.name.lower() in USUAL_TARGETS]
    usable = [column for column in named or columns if column.kind not in ("empty", "constant", "counter")]
    if not usable:
        found = "no column has two different values, so there is nothing to predict"
        refuse(file, found, "give rows with different values", line=2, column=columns[-1].name if columns else "")
    if named:
        return usable[-1], "its name says so"
    return usable[-1], "it is the last column" if usable[-1] is columns[-1] else "it is the last column that can be"


def _one_value(target: Column) -> str:
    return f'only one value, "{brief(target.labels[0])}", so there is nothing to tell apart'


def _task(file: str, target: Column, options: Options) -> tuple[Task, str]:
    """Regression or classification, and why; raises `DataError`."""
    different = len(target.labels)
    if not target.holds_numbers:
        if options.task == "regression":
            refuse(file, "words, which cannot be predicted as a number", "say classification", column=target.name)
        task, reason = "classification", f"it holds words, {different} different ones"
    else:
        whole = all(value is None or value.is_integer() for value in target.values)
        is_few = different == 2 or (different <= FEW_NUMBERS and 5 * different <= len(target.cells))
        task = "classification" if whole and is_few else "regression"
        numbers = "whole numbers" if whole else "numbers"
        reason = f"it holds {'only ' if whole and is_few else ''}{different} different {numbers}"
    chosen: Task = options.task or ("classification" if task == "classification" else "regression")
    if chosen == "classification":
        if different > MAX_UNITS:
            found = f"{different} different values, too many to be classes"
            mend = "say regression" if target.holds_numbers else "name another column with --target"
            refuse(file, found, f"{mend}; there may be at most {MAX_UNITS}", column=target.name)
        if 2 * different > len(target.cells) and different > 2:
            mend = "say regression" if target.holds_numbers else "name another column with --target"
            refuse(file, "nearly every row has a class of its own", mend, column=target.name)
    return chosen, reason if chosen == task else f"you chose it; {reason}"


def _inputs(
    file: str, columns: Sequence[Column], options: Options
) -> tuple[tuple[Column, ...], tuple[tuple[Column, str], ...]]:
    """The columns that can be inputs, and those that cannot, each with the reason; raises `DataError`."""
    left_out = []
    for column in columns:
        reason = _useless(column)
        if reason and column.name in options.inputs and column.kind in ("empty", "text"):
            refuse(file, f"no input: {reason}", "take it out of --inputs", column=column.name)
        if reason and not (column.kind == "counter" and column.name in options.inputs):
            left_out.append((column, reason))
    if len(left_out) == len(columns):  # where there is nothing else, a counter may be what it all depends on
        left_out = [(column, reason) for column, reason in left_out if column.kind != "counter"]
    gone = [column for column, _ in left_out]
    inputs = tuple(column for column in columns if column not in gone)
    if not inputs:
        why = f": {left_out[0][1]}" if left_out else ""
        refuse(
            file,
            f"no column is left to predict from{why}",
            "give a column of numbers, or of a few words",
            line=1,
            column=left_out[0][0].name if left_out else "",
        )
    return inputs, tuple(left_out)


def _useless(column: Column) -> str:
    """Say why a column cannot be an input, "" where it can."""
    match column.kind:
        case "empty":
            return "every value is missing"
        case "constant":
            return "it is the same in every row, so it tells nothing"
        case "counter":
            return "it only numbers the rows"
        case "text":
            return f"it holds {len(column.labels)} different texts, more than {MAX_LABELS}"
    if 2 * column.missing > len(column.cells):
        return f"{column.missing} of its {len(column.cells)} values are missing"
    return ""
