"""The TEXT of `answer` as it was typed: an answer may begin with a minus, which to argparse is an option."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

FLAGS = frozenset({"--json", "--batch", "--no-color", "--ascii"})
"""Options of `answer` that stand alone; a test holds them, and those with a value, against the parser."""

VALUED = frozenset({"--earlier", "--data-dir"})
"""Options of `answer` with a value behind them."""


def with_verbatim_text(arguments: Sequence[str]) -> list[str]:
    """Return the arguments of `answer` with LESSON, QUESTION and TEXT behind a `--`, and any others as they are."""
    place = _command(arguments)
    if place is None or arguments[place] != "answer" or "--" in arguments:
        return list(arguments)
    options, plain = list(arguments[: place + 1]), list[str]()
    rest = iter(arguments[place + 1 :])
    for argument in rest:
        if _is_option(argument) or (len(plain) < 2 and argument.startswith("-")):
            options += [argument, *_value(argument, rest)]
        else:
            plain.append(argument)
    return [*options, "--", *plain] if plain else options


def _command(arguments: Sequence[str]) -> int | None:
    """The place of the command: the first argument that is neither an option nor the value of one."""
    is_value = False
    for place, argument in enumerate(arguments):
        if not is_value and not argument.startswith("-"):
            return place
        is_value = argument in VALUED and not is_value
    return None


def _is_option(argument: str) -> bool:
    return argument in FLAGS or argument.partition("=")[0] in VALUED


def _value(argument: str, rest: Iterator[str]) -> list[str]:
    return [value for value in (next(rest, None),) if value is not None] if argument in VALUED else []
