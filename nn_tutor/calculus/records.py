"""What a derivation is to the other rooms: plain text and numbers, no SymPy object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from nn_tutor.dataclass import dataclass

if TYPE_CHECKING:
    from nn_tutor.network.quantities import Quantity, Ref
    from nn_tutor.network.records import Pass
    from nn_tutor.network.spec import Network


@dataclass(frozen=True, slots=True)
class Derivation:
    """One link of the chain on one line: its symbol, the rule as SymPy derives it, and the rule with its numbers.

    `rule` and `substituted` fold long sums (`Σⱼ …`); `full_rule` and `full_substituted` do not. `links` are the
    quantities of the same pass that the rule is made of, `names` all that stands in it, as it is printed.
    """

    ref: Ref
    symbol: str
    rule: str
    substituted: str
    full_rule: str
    full_substituted: str
    links: tuple[Ref, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MatrixDerivation:
    """A whole quantity of one layer in matrix form: `∂L/∂W₁ = δ₁·xᵀ`.

    A sample is a column here, as in prose, unless several are written by rows: `∂L/∂W₁ = δ₁ᵀ·X`.
    """

    quantity: Quantity
    layer: int | None
    symbol: str
    rule: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far the two other books are from NumPy's number, in absolute terms.

    `sympy` is |SymPy at 50 digits − NumPy|; `central_difference` |central difference − NumPy|, None where the quantity
    is no slope or where a kink (ReLU at 0) lies in between, which `note` says. `holds` is whether both are in bounds.
    """

    sympy: float
    central_difference: float | None
    note: str
    holds: bool


class Deriver(Protocol):
    """The deriver, handed to the rooms that show formulas, so that importing them does not import SymPy."""

    def derive(self, network: Network, passed: Pass, ref: Ref) -> Derivation:
        """Derive one element."""

    def derive_matrix(
        self, network: Network, passed: Pass, quantity: Quantity, layer: int | None, *, by_rows: bool = False
    ) -> MatrixDerivation:
        """Derive a whole quantity of a layer in matrix form; `by_rows` with several samples as rows."""

    def prove(self, network: Network, passed: Pass, ref: Ref) -> Agreement | None:
        """Hold NumPy's number against SymPy's and the central difference; None where there is nothing to compare."""
