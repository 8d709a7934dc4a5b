"""Reading how a network is updated: after how many rows, and by which rule, as the table [network.update]."""

from __future__ import annotations

import re
from typing import Any, get_args

from nn_tutor.course.findings import close_words, shown
from nn_tutor.homework.faults import HomeworkError, refused
from nn_tutor.homework.matrices import read_rows
from nn_tutor.homework.words import folded, word_meant
from nn_tutor.network.optimizer import Constant, RuleName

RULES: dict[str, RuleName] = {
    **{rule: rule for rule in get_args(RuleName)},
    "sgd": "gradient-descent",
    "gd": "gradient-descent",
    "nag": "nesterov",
}
"""What update rules are called."""

NUMBERS = (*get_args(Constant), "weight_decay", "l2", "clip_at", "schedule_factor", "schedule_least")
WHOLE = ("schedule_every", "schedule_passes")
WORDS = ("schedule", "clip")
"""The constants that may stand behind a rule."""

MAIN: dict[RuleName, Constant | None] = {
    "gradient-descent": None,
    "momentum": "momentum",
    "nesterov": "momentum",
    "rmsprop": "decay",
    "adam": None,
    "adamw": None,
}
"""The constant that a number alone behind a rule means; None where it could be any."""


def read_batch(text: str, rows: int) -> dict[str, Any]:
    """Return after how many of the rows an update comes: full, online, or a number; raises `HomeworkError`."""
    batch = text.strip()
    if not batch or folded(batch) in ("full", "batch"):
        return {}
    if folded(batch) in ("online", "stochastic"):
        return {"batching": "online"}
    if not re.fullmatch(r"\d{1,6}", batch, re.ASCII) or int(batch) < 1:
        raise refused("batch", f'"{shown(batch)}"', "write full, online, or how many rows each update takes")
    size = int(batch)
    if size > rows:
        raise refused("batch", f"{size} rows for each update, of {rows}", "give at most as many as there are inputs")
    return {"batching": "online"} if size == 1 else {} if size == rows else {"batching": "mini", "batch_size": size}


def read_rule(text: str) -> dict[str, Any]:
    """Return an update rule with its constants: `momentum 0.9`, `adam beta1=0.9`, `sgd l2=0.01`.

    Raises `HomeworkError`.
    """
    words = re.sub(r"\s*=\s*", "=", text.strip()).replace(",", " ").split()
    if not words:
        return {}
    rule = word_meant(words[0], RULES, "update")
    table: dict[str, Any] = {"rule": rule}
    for word in words[1:]:
        key, equals, value = word.partition("=")
        if not equals:
            key, value = MAIN[rule] or "", word
        if not key:
            raise refused("update", f'"{shown(word)}"', f"say which constant it is: {words[0]} beta1={shown(word, 20)}")
        name = folded(key)
        if name in WORDS:
            table[name] = value
        elif name in NUMBERS or name in WHOLE:
            number = _number(name, value)
            table[name] = int(number) if name in WHOLE and number.is_integer() else number
        else:
            known = (*NUMBERS, *WHOLE, *WORDS)
            close = close_words(name[:40], known)
            mend = f"did you mean {close[0]}?" if close else "use one of " + ", ".join(known)
            raise refused("update", f'"{shown(key)}", which is no constant of a rule', mend)
    return table


def _number(name: str, text: str) -> float:
    try:
        rows = read_rows(text)
    except HomeworkError as error:
        raise HomeworkError(fault.inside(f"update, {name}") for fault in error.faults) from None
    if len(rows) > 1 or len(rows[0]) > 1:
        raise refused(f"update, {name}", f'"{shown(text)}"', "give one number")
    return rows[0][0]
