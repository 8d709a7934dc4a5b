"""The names of a sheet: by order (w1 … w9, h1, o1, b1), or what the learner calls a number. No SymPy here.

Weights are numbered through all layers, in each as the sheet's matrix has them, row by row; biases and hidden units
through all layers; outputs for themselves.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from nn_tutor.calculus.numerals import on_line, subscript

if TYPE_CHECKING:
    from nn_tutor.network.conventions import Conventions
    from nn_tutor.network.spec import Network


def weight_by_order(network: Network, layer: int, index: tuple[int, ...]) -> str:
    """Return the name of a weight, `w₅`; `index` is (out, in)."""
    out, into = index
    spec = network.layers[layer - 1]
    place = into * spec.units + out if network.conventions.transposes_weights else out * spec.inputs + into
    return f"w{subscript(sum(one.units * one.inputs for one in network.layers[: layer - 1]) + place + 1)}"


def bias_by_order(network: Network, layer: int, unit: int) -> str:
    """Return the name of a bias, `b₂`."""
    before = sum(one.units for one in network.layers[: layer - 1] if one.biases is not None)
    return f"b{subscript(before + unit + 1)}"


def unit_by_order(network: Network, layer: int, unit: int) -> str:
    """Return the name of a unit: `h₁`, in the last layer `o₁`."""
    if layer == len(network.layers):
        return f"o{subscript(unit + 1)}"
    return f"h{subscript(sum(one.units for one in network.layers[: layer - 1]) + unit + 1)}"


def called(conventions: Conventions, name: str) -> str:
    """Return what the learner calls a number of a printed name: the name itself where they did not say."""
    if not conventions.renamed:
        return name
    return _printed(_renamed(conventions.renamed).get(on_line(name), "")) or name


def _printed(name: str) -> str:
    """A name with the digits at its end as subscripts."""
    letters = name.rstrip("0123456789")
    return letters + subscript(name[len(letters) :])


@lru_cache(maxsize=64)
def _renamed(renamed: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return dict(renamed)
