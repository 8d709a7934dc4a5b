"""The names of a network's sheet beside those of the screen: what each means, and whether they can be told apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from nn_tutor.calculus.names import bias, feature, on_keys, symbol, target, unit_name, weight
from nn_tutor.network.quantities import Ref

if TYPE_CHECKING:
    from nn_tutor.network.spec import Network


def has_own_names(network: Network) -> bool:
    """Whether the sheet of a network calls its numbers otherwise than the screen does."""
    return network.conventions.counts_names or bool(network.conventions.renamed)


def on_screen(network: Network) -> Network:
    """Return the network with the names of the screen."""
    return replace(network, conventions=replace(network.conventions, names="screen", renamed=()))


def base_names(network: Network) -> Iterator[tuple[str, Ref | None]]:
    """Yield the name of each weight, bias, unit, input and target, as it is typed, with what it means.

    A weight or bias is given as its slope, `dW` or `db`, since before the update it is no number of a pass; inputs
    and targets as None.
    """
    for layer, spec in enumerate(network.layers, start=1):
        for out in range(spec.units):
            for into in range(spec.inputs):
                yield on_keys(weight(network, layer, (out, into))), Ref("dW", layer, (out, into))
        if spec.biases is not None:
            for unit in range(spec.units):
                yield on_keys(bias(network, layer, unit)), Ref("db", layer, (unit,))
        for unit in range(spec.units):
            yield on_keys(unit_name(network, layer, unit)), Ref("a", layer, (0, unit))
    for place in range(network.inputs):
        yield on_keys(feature(network, 1, 0, place)), None
    for place in range(network.outputs if network.loss.has_targets else 0):
        yield on_keys(target(network, 1, 0, place)), None


def clashes(network: Network) -> list[tuple[str, str, str]]:
    """Return what is wrong with the names that a sheet has: the name, what was found, and the mend."""
    conventions = network.conventions
    before = [name for name, _ in base_names(replace(network, conventions=replace(conventions, renamed=())))]
    times = Counter(name for name, _ in base_names(network))
    found = []
    for name, called in conventions.renamed:
        if name not in before:
            found.append((name, "no name of this network", f"use one such as {before[0]} or {before[-1]}"))
        elif times[called] > 1:
            found.append((name, f'"{called}", which is the name of another number', "give each number its own name"))
    return found


def screen_names(network: Network, names: Mapping[str, float]) -> dict[str, float]:
    """Return what may be typed besides a sheet's own names: those of the screen, with the same values."""
    if not has_own_names(network):
        return {}
    tokens = _tokens(network)
    found: dict[str, float] = {}
    for name, value in names.items():
        other = _translated(name, tokens)
        if other is not None and other not in names:
            found[other] = value
    return found


@lru_cache(maxsize=8)
def _tokens(network: Network) -> dict[str, str]:
    """Each own name, with that of the screen; those of weighted sums and error terms too."""
    plain = on_screen(network)
    tokens = {own: other for (own, _), (other, _) in zip(base_names(network), base_names(plain), strict=True)}
    for layer, spec in enumerate(network.layers, start=1):
        for unit in range(spec.units):
            for ref in (Ref("z", layer, (0, unit)), Ref("delta", layer, (0, unit))):
                tokens[on_keys(symbol(network, 1, ref))] = on_keys(symbol(plain, 1, ref))
    return tokens


def _translated(name: str, tokens: Mapping[str, str]) -> str | None:
    slope = re.fullmatch(r"d(.+?)_d(.+)", name)
    parts = [_token(part, tokens) for part in (slope.groups() if slope else (name,))]
    if any(part is None for part in parts):
        return None
    return f"d{parts[0]}_d{parts[1]}" if slope else parts[0]


def _token(name: str, tokens: Mapping[str, str]) -> str | None:
    if name in tokens or name == "L":
        return tokens.get(name, name)
    base, _, sample = name.rpartition("_")
    return f"{tokens[base]}_{sample}" if base in tokens and sample.isdecimal() else None
