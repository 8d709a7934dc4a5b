"""The picture that an activity asks for: `loss W1[0,0]`, `plane W1[0,0] b1[0]`, `activation tanh`, `region`, others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal, get_args

from nn_tutor.course.activities.numbers import MAX_PASSES
from nn_tutor.course.ask import check_ref, only_layer
from nn_tutor.course.findings import Table, close_words
from nn_tutor.course.networks import NetworkWithData, rows_of_pass
from nn_tutor.dataclass import dataclass
from nn_tutor.network.quantities import Ref, parse_ref
from nn_tutor.network.spec import ELEMENTWISE, ActivationName, Network

PictureKind = Literal["loss", "plane", "activation", "cross-entropy", "region", "units", "data", "codes", "curve"]


_EXAMPLES: dict[PictureKind, str] = {
    "loss": "loss W1[0,0]",
    "plane": "plane W1[0,0] b1[0]",
    "activation": "activation sigmoid",
    "cross-entropy": "cross-entropy",
    "region": "region",
    "units": "units",
    "data": "data",
    "codes": "codes",
    "curve": "curve",
}
"""How each kind is written."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What is to be drawn: the kind, the weights or biases it is drawn over, the activation function."""

    kind: PictureKind
    refs: tuple[Ref, ...] = ()
    activation: ActivationName = "identity"
    rival: str = ""
    """The network whose way stands on a map beside the activity's own; "" where none does."""
    passes: tuple[int, ...] = ()
    """The passes that hidden units are shown at, before and after; none: the pass at hand."""


def read_picture(
    table: Table, entry: NetworkWithData | None, networks: Mapping[str, NetworkWithData | None]
) -> Picture | None:
    """Read the key `picture` of an activity; what is wrong becomes a finding, and there is no picture.

    `entry` is the activity's network, `networks` are all of the lesson.
    """
    text = table.text("picture", most=60)
    if not text:
        return None
    try:
        words, rival = text.split(), ""
        if len(words) == LENGTH_WITH_RIVAL and words[0] == "plane" and words[3] == "against":
            words, rival = words[:3], words[4]
        picture = _picture(words, entry)
        if rival:
            _check_rival(entry, networks.get(rival), rival)
        return replace(picture, rival=rival)
    except ValueError as error:
        table.wrong("picture", f'"{text}"', str(error))
        return None


def _picture(words: list[str], entry: NetworkWithData | None) -> Picture:
    """Read a picture's words for a network; raises ValueError with a reason for the author."""
    kinds: tuple[PictureKind, ...] = get_args(PictureKind)
    kind = next((known for known in kinds if words and known == words[0]), None)
    if kind is None:
        close = close_words(words[0], kinds) if words else []
        raise ValueError((f"did you mean {close[0]}? " if close else "") + "begin with one of " + ", ".join(kinds))
    if kind == "cross-entropy" and len(words) == 1:
        return Picture(kind)
    example = _EXAMPLES[kind]
    passes = _passes(words) if kind == "units" else ()
    words = words[:1] if passes else words
    if len(words) != len(example.split()):
        raise ValueError(f"write {example}" + ("" if " " in example else " alone"))
    if kind == "activation":
        name = next((known for known in ELEMENTWISE if known == words[1]), None)
        if name is None:
            raise ValueError("name one of " + ", ".join(ELEMENTWISE))
        return Picture(kind, activation=name)
    if entry is None:
        raise ValueError("there is no network here to draw; name one with network")
    network = entry.network
    if kind == "region" and network.inputs != 2:
        raise ValueError("a decision region needs a network with 2 inputs")
    if kind == "data" and not (network.inputs == network.outputs == 1 or network.inputs == 2):
        raise ValueError("data points are drawn of 1 input and 1 output, or of 2 inputs")
    if kind == "codes" and code_layer(network) is None:
        raise ValueError("codes are drawn of a hidden layer with 2 units")
    if kind == "units" and not _has_unit_lines(network):
        raise ValueError(f"the lines of hidden units need 2 inputs, 1 output and at most {MAX_UNITS} units after them")
    return Picture(kind, tuple(parameter(entry, word) for word in words[1:]), passes=passes)


MAX_UNITS = 4
"""How many hidden units have a line in one picture at most."""


def _has_unit_lines(network: Network) -> bool:
    return (
        (network.inputs, network.outputs) == (2, 1) and len(network.layers) > 1 and network.layers[0].units <= MAX_UNITS
    )


def _passes(words: list[str]) -> tuple[int, ...]:
    """Read the two passes of `units 1 771`; raises ValueError with a reason for the author."""
    if len(words) == 1:
        return ()
    if len(words) != 1 + BEFORE_AND_AFTER or not all(word.isascii() and word.isdigit() for word in words[1:]):
        raise ValueError("write units alone, or units 1 771 with the passes before and after")
    first, last = map(int, words[1:])
    if not 1 <= first < last <= MAX_PASSES:
        raise ValueError(f"give two passes from 1 to {MAX_PASSES:,}, the earlier one first")
    return first, last


BEFORE_AND_AFTER = 2
"""Hidden units are shown at so many passes side by side."""


LENGTH_WITH_RIVAL = 5
"""A map with a rival is written `plane W1[0,0] b1[0] against NAME`."""


def _check_rival(entry: NetworkWithData | None, rival: NetworkWithData | None, name: str) -> None:
    """Raise ValueError where the way of another network cannot stand on the map of an activity's own."""
    if rival is None:
        raise ValueError(f"{name} is no network here: name one of [networks.NAME] behind against")
    if entry is None:
        return

    def same(one: NetworkWithData) -> object:
        layers = [(layer.weights, layer.size, layer.biases, layer.activation) for layer in one.network.layers]
        return layers, one.network.seed, one.network.loss, one.network.l2, one.data

    if same(entry) != same(rival):
        raise ValueError(f"{name} has another map: give it the same layers, loss and data, and only another update")


def code_layer(network: Network) -> int | None:
    """Return the first hidden layer with two units, from 1: what it puts out are points; None where there is none."""
    return next((place for place, layer in enumerate(network.layers[:-1], start=1) if layer.units == 2), None)


def parameter(entry: NetworkWithData, text: str) -> Ref:
    """Read the name of one weight or bias of a network, `W1[0,0]` or `b1[0]`; raises ValueError with a reason."""
    ref = only_layer(entry.network, parse_ref(text))
    if ref.quantity not in ("W", "b"):
        raise ValueError(f"{text} is no weight or bias; write one such as W1[0,0] or b1[0]")
    if ref.layer is None or ref.index is None:
        raise ValueError(f"{text} is not one number; give its layer and index, such as W1[0,0] or b1[0]")
    check_ref(entry.network, rows_of_pass(entry), ref)
    return ref
