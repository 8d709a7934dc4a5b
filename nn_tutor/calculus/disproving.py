"""Whether a typed formula can be disproved, without SymPy until the first question: importing it takes its time."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nn_tutor.network.quantities import Ref
    from nn_tutor.network.spec import Network


def disproves(network: Network, rows: int, ref: Ref, tree: object) -> bool:
    """Return `calculus.equality.disproves`: whether the formula certainly is not the slope that was asked for."""
    from nn_tutor.calculus import equality

    return equality.disproves(network, rows, ref, tree)
