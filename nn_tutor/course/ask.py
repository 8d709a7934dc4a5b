"""The `ask` grammar: `dW`, `sign dW2`, `W1[0,1]`, `W@3`, `all`; a list of lists fades over passes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from nn_tutor.dataclass import dataclass
from nn_tutor.network.quantities import QUANTITIES, Ref, layers_of, parse_ref, shape_of

if TYPE_CHECKING:
    from nn_tutor.network.spec import Network

AskKind = Literal["value", "sign", "size", "place", "formula"]
"""What is asked of a number. The last two are never written: `place` and `derive` ask so themselves."""

MAX_CHARACTERS = 60

_GRAMMAR = re.compile(r"(?:(?P<kind>sign|size)\s+)?(?P<what>[^@]+?)\s*(?:@(?P<pass>[1-9]\d{0,5}))?")


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing to ask: a quantity (None for `all`), whose layer and index may be left open, in one pass or in all.

    `pass_number` counts from the beginning of the run, as everywhere, not from the first pass of the walk.
    """

    kind: AskKind
    ref: Ref | None
    pass_number: int | None = None


def parse_ask(text: str) -> Ask:
    """Read one ask; raises ValueError with a reason for the author."""
    if len(text) > MAX_CHARACTERS:
        raise ValueError(f"give at most {MAX_CHARACTERS} characters")
    match = _GRAMMAR.fullmatch(text.strip())
    if match is None:
        raise ValueError(f'{text!r} is not read; write a quantity such as "W", "sign dW2", "W1[0,1]", "W@3", or "all"')
    kind: AskKind = "sign" if match["kind"] == "sign" else "size" if match["kind"] == "size" else "value"
    number = int(match["pass"]) if match["pass"] else None
    if match["what"] == "all":
        return Ask(kind, None, number)
    ref = parse_ref(match["what"])
    if ref.quantity not in QUANTITIES:
        raise ValueError(f"{ref.quantity} is asked where a loss is taken apart, never by itself: ask for loss")
    return Ask(kind, ref, number)


def check_ask(network: Network, rows: int, ask: Ask) -> None:
    """Check that a network has what is asked for in a batch of `rows` samples; raises ValueError with a reason."""
    if ask.ref is not None:
        check_ref(network, rows, ask.ref)


def check_ref(network: Network, rows: int, ref: Ref) -> None:
    """Check that a network has a quantity, its layer and its element; what is left open is not checked."""
    layers = layers_of(network, ref.quantity)
    if not layers:
        raise ValueError(f"this network has no {ref.quantity}")
    if ref.layer is not None and ref.layer not in layers:
        known = ", ".join(str(layer) for layer in layers)
        raise ValueError(f"{ref.quantity} is there for layer {known}, not for {ref.layer}")
    if ref.index is None:
        return
    shapes = [shape_of(network, rows, ref.quantity, layer) for layer in layers if ref.layer in (None, layer)]
    for shape in shapes:
        if len(shape) == len(ref.index) and all(place < length for place, length in zip(ref.index, shape, strict=True)):
            return
    wanted = ", ".join("[" + ",".join(str(length) for length in shape) + "]" for shape in shapes)
    raise ValueError(f"{ref} is outside; {ref.quantity} has {wanted} elements, counted from 0")


def only_layer(network: Network, ref: Ref) -> Ref:
    """Return the reference with its layer filled in where the network has the quantity in one layer alone."""
    layers = layers_of(network, ref.quantity)
    return ref._replace(layer=layers[0]) if ref.layer is None and len(layers) == 1 else ref
