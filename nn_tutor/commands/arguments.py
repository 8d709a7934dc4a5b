"""Arguments as they were typed: an answer or a row may begin with a minus, which to argparse is an option."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

FLAGS = frozenset({"--json", "--batch", "--no-color", "--no-motion", "--ascii", "--plain"})
"""Options of `answer` that stand alone; a test holds them, and those with a value, against the parser."""

VALUED = frozenset({"--earlier", "--data-dir"})
"""Options of `answer` with a value behind them."""

HOMEWORK_OPTIONS = {
    "in": ("ROWS", "what enters the network, a row for each sample"),
    "layer": ("LAYER", '"ACTIVATION: ROWS | BIASES"; once for each layer; "tanh: 3 units" draws the weights'),
    "target": ("ROWS", 'what it should answer; "error ROWS" or "slope ROWS" where the sheet gives that instead'),
    "loss": ("LOSS", "half, mse, sse, mae, bce, ce, output, …; default: mse, after softmax ce"),
    "rate": ("R", "the learning rate; default: 0.1"),
    "weights": ("ORDER", "out-in: a row for each unit (default); in-out: a row for each input"),
    "error": ("SIGN", "o-t (default) or t-o: how the sheet writes the error"),
    "step": ("STEP", "slope (default): what is subtracted; change: what is added"),
    "digits": ("K", "how many decimals the sheet keeps"),
    "passes": ("N", "how many passes are walked; default: 1"),
    "batch": ("BATCH", "full (default), online, or how many rows each update takes"),
    "update": ("RULE", '"momentum 0.9", "adam", "adamw weight_decay=0.01", …; default: gradient descent'),
    "seed": ("N", "for weights that are drawn"),
    "names": ("NAMES", "screen: w211 (default); order: w1 to w9, h1, o1, b1, as most sheets have it"),
    "call": ("PAIRS", '"w5 = v1, h1 = a": what your sheet calls them'),
    "ask": ("WHAT", "none, update (default), links, all, or quantities such as dW2"),
    "grain": ("GRAIN", "factor (default), node, layer or pass"),
    "form": ("FORM", "element (default) or matrix"),
}
"""What may be said of a network, by the key of each: the value's name, and the help."""


def with_verbatim_text(arguments: Sequence[str]) -> list[str]:
    """Return the arguments with what is typed kept from being an option.

    Those of `answer` with LESSON, QUESTION and TEXT behind a `--`, those of `homework` with each value joined to its
    option, any others as they are.
    """
    place = _command(arguments)
    if place is not None and arguments[place] == "homework":
        return _joined(arguments, place)
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


def _joined(arguments: Sequence[str], place: int) -> list[str]:
    """The arguments with every ROWS joined to its option by an equals sign, as in --in=-1."""
    joined = list(arguments[: place + 1])
    rest = iter(arguments[place + 1 :])
    for argument in rest:
        value = next(rest, None) if argument.removeprefix("--") in HOMEWORK_OPTIONS and argument[:2] == "--" else None
        joined.append(argument if value is None else f"{argument}={value}")
    return joined


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
