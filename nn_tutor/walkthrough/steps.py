"""A number of a pass with everything that is said of it on one line: symbol, rule, numbers put in, code, value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nn_tutor.calculus.names import symbol
from nn_tutor.calculus.numerals import number_of, numeral
from nn_tutor.dataclass import dataclass
from nn_tutor.network.quantities import Phase, Ref, shown_sign
from nn_tutor.network.records import Pass, value_of
from nn_tutor.walkthrough.code import code_line

if TYPE_CHECKING:
    from nn_tutor.calculus.records import Deriver
    from nn_tutor.network.spec import Network


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the walk.

    `relation` is `=` where the printed numbers reproduce the printed value by hand, `≈` where they are rounded. `rule`
    and `substituted` are None as long as nobody has derived them.
    """

    ref: Ref
    symbol: str
    rule: str | None
    substituted: str | None
    code: str
    value: float
    relation: str
    links: tuple[Ref, ...] = ()

    @property
    def phase(self) -> Phase:
        """The part of the pass that the line belongs to."""
        return self.ref.phase


def make_step(network: Network, passed: Pass, ref: Ref, deriver: Deriver | None) -> Step:
    """Make the line for one number of a pass; without a deriver its formula is left out."""
    rows = passed.X.shape[0]
    value = shown_value(network, passed, ref)
    derivation = None if deriver is None else deriver.derive(network, passed, ref)
    links = () if derivation is None else derivation.links
    exact = value == 0 or (all(is_exact(value_of(passed, link)) for link in links) and is_exact(value))
    return Step(
        ref=ref,
        symbol=symbol(network, rows, ref),
        rule=None if derivation is None else derivation.rule,
        substituted=None if derivation is None else derivation.substituted,
        code=code_line(network, rows, ref),
        value=value,
        relation="=" if exact else "≈",
        links=links,
    )


def shown_value(network: Network, passed: Pass, ref: Ref) -> float:
    """Return a number of a pass with the sign that the conventions of its network give it."""
    return shown_sign(network, ref) * value_of(passed, ref) + 0.0


def step_id(pass_number: int, ref: Ref) -> str:
    """Return the id of a step: `1.backward.dz_dw1[0,0,0]`."""
    return f"{pass_number}.{ref.phase}.{ref}"


def is_exact(value: float) -> bool:
    """Whether a number as it is printed is the number itself, but for the last bits of floating point."""
    printed = number_of(numeral(value))
    return printed is not None and abs(printed - value) <= 1e-12 * max(1.0, abs(value))
