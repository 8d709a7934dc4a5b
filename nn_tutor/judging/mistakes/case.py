"""What a mistake is, and the question that it is made in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import field
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from nn_tutor.calculus.numerals import subscript
from nn_tutor.dataclass import dataclass
from nn_tutor.judging.mistakes.workings import Workings, workings_of
from nn_tutor.network.activations import activation_of
from nn_tutor.network.quantities import Ref, is_of_bias
from nn_tutor.network.records import Pass, value_of
from nn_tutor.network.spelling import is_single_chain

if TYPE_CHECKING:
    from nn_tutor.network.spec import Layer, Loss, Network

SLOPES = frozenset({"dL_do", "dL_da", "dX", "da_dz", "dz_da", "dz_dw", "delta", "delta_sample", "dW", "db"})
"""The quantities of the backward pass."""


class Slip(NamedTuple):
    """One way to make a mistake: the number that comes out, and the line in which it happens, wrong and right.

    `symbol` is what stands on the left of that line, nothing where another number was given; `theirs` and `right` are
    formulas without a number of the pass. A named tuple, as many are made for each answer, and quickly.
    """

    value: float
    symbol: str
    theirs: str
    right: str
    workings: Workings | None = None
    """What the whole way back is worked out from after the slip, where it is made on the way."""
    is_copied: bool = False
    """Whether the number stands somewhere as it is, so that nothing is rounded on the way to it."""

    @property
    def wrong_line(self) -> str:
        """The line as the learner had it."""
        return f"{self.symbol} = {self.theirs}" if self.symbol else self.theirs

    @property
    def right_line(self) -> str:
        """The line as it should be."""
        return f"{self.symbol} = {self.right}" if self.symbol else self.right


@dataclass(frozen=True, slots=True)
class Mistake:
    """A known mistake: a wrong rule, evaluated on the network at hand.

    `name` continues "you …"; `rule` says in words what is right. `slips` yields every way in which it can be made in a
    case, none where it cannot. A convention is no wrong maths: another source may do it so.
    """

    id: str
    name: str
    rule: str
    slips: Callable[[Case], Iterable[Slip]] = field(compare=False)
    is_convention: bool = False


class Candidate(NamedTuple):
    """What a mistake comes to in one case; `is_carried` where it was made earlier and carried into an update."""

    mistake: Mistake
    slip: Slip
    is_carried: bool = False
    also: Candidate | None = None
    """The second of two mistakes that were made in one answer."""

    @property
    def is_copied(self) -> bool:
        """Whether it is a number that stands somewhere, given as it is."""
        return self.slip.is_copied and not self.is_carried and self.also is None

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the mistakes made: one, or two."""
        return (self.mistake.id,) if self.also is None else (self.mistake.id, *self.also.ids)

    @property
    def value(self) -> float:
        """The number that the mistake gives."""
        return self.slip.value


@dataclass(frozen=True, eq=False)
class Case:
    """A number of a pass that is asked for; `previous` is the pass before, None in the first."""

    network: Network
    passed: Pass
    ref: Ref
    previous: Pass | None = None
    layer: int = field(init=False)
    """The asked number's layer counted from 0; that of the output for ∂L/∂o and the loss."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "layer", (self.ref.layer or len(self.network.layers)) - 1)

    @cached_property
    def workings(self) -> Workings:
        """What every mistake of the way back starts from, worked out once."""
        return workings_of(self.network, self.passed)

    def at(self, ref: Ref) -> Case:
        """Return the same case for another number."""
        return self.working(self.workings, ref)

    def working(self, workings: Workings, ref: Ref | None = None) -> Case:
        """Return the case with other workings, in which a slip has been made already."""
        ref = ref or self.ref
        other = object.__new__(Case)
        other.__dict__.update(self.__dict__, ref=ref, layer=(ref.layer or self.depth) - 1, workings=workings)
        return other

    @property
    def truth(self) -> float:
        """The right number."""
        return value_of(self.passed, self.ref)

    @cached_property
    def rows(self) -> int:
        """How many samples the pass sees."""
        return int(self.passed.X.shape[0])

    @property
    def all_samples(self) -> str:
        """All samples of the pass in words: "both samples", "all 3 samples"."""
        return "both samples" if self.rows == 2 else f"all {self.rows} samples"

    @cached_property
    def depth(self) -> int:
        """How many layers there are."""
        return len(self.network.layers)

    @cached_property
    def _has_links(self) -> bool:
        return is_single_chain(self.network, self.rows) and not self.network.is_fused

    @property
    def spec(self) -> Layer:
        """The asked number's layer."""
        return self.network.layers[self.layer]

    @property
    def index(self) -> tuple[int, ...]:
        """The asked number's index."""
        return self.ref.index or ()

    @property
    def is_slope(self) -> bool:
        """Whether a number of the backward pass is asked."""
        return self.ref.quantity in SLOPES

    @property
    def lowest(self) -> int:
        """The lowest layer, counted from 0, that the way back passes before it reaches the asked slope."""
        quantity = self.ref.quantity
        if quantity == "dX":
            return 0
        return self.layer + 1 if quantity == "dL_da" else self.layer

    def slope(self, workings: Workings) -> float:
        """Return the asked slope from other workings."""
        mean = self.rows if self.network.loss.batch == "mean" else 1
        return workings.value(self.ref, mean)

    def slip(self, workings: Workings, symbol: str, theirs: str, right: str) -> Slip:
        """Return a slip on the way back, which leaves other workings: the asked slope follows from them."""
        return Slip(self.slope(workings), symbol, theirs, right, workings)

    # How parts are written, for the layer counted from 0: exact for single weights, without unit indices for others.

    def x(self, layer: int) -> str:
        """What enters a layer."""
        return "x" if layer == 0 else f"a{self._number(layer - 1)}"

    def a(self, layer: int) -> str:
        """The activation of a layer."""
        return "o" if layer == self.depth - 1 else f"a{self._number(layer)}"

    def z(self, layer: int) -> str:
        """The weighted sum of a layer."""
        return f"z{self._number(layer)}"

    def weighted_sum(self, layer: int) -> str:
        """The weighted sum of a layer under the name that it goes by: without an activation that of its output."""
        return self.a(layer) if self.network.layers[layer].activation == "identity" else self.z(layer)

    def w(self, layer: int) -> str:
        """A weight of a layer."""
        return f"w{self._number(layer)}"

    def b(self, layer: int) -> str:
        """A bias of a layer."""
        return f"b{self._number(layer)}"

    def f(self, layer: int) -> str:
        """The activation function of a layer."""
        return activation_of(self.network.layers[layer]).sign

    def local(self, layer: int) -> str:
        """∂a/∂z of a layer."""
        return f"∂{self.a(layer)}/∂{self.z(layer)}"

    def slope_in_a(self, layer: int) -> str:
        """∂L/∂a of a layer; −1 is the input."""
        return "∂L/∂x" if layer < 0 else f"∂L/∂{self.a(layer)}"

    def slope_in_z(self, layer: int) -> str:
        """∂L/∂z of a layer, under the name that it goes by; a chain of single links has no δ."""
        if self.network.layers[layer].activation == "identity":
            return self.slope_in_a(layer)
        if self._has_links and self.ref.quantity not in ("delta", "delta_sample"):
            return f"{self.slope_in_a(layer)}·{self.local(layer)}"
        return f"δ{self._number(layer)}"

    def slope_of_sum_in_w(self, layer: int) -> str:
        """∂z/∂w of a layer."""
        return f"∂{self.weighted_sum(layer)}/∂{self.w(layer)}"

    def slope_in_w(self, layer: int) -> str:
        """∂L/∂w of a layer."""
        return f"∂L/∂{self.w(layer)}"

    @property
    def parameter(self) -> str:
        """The weight or bias whose slope, step or new value is asked."""
        return self.b(self.layer) if is_of_bias(self.ref.quantity) else self.w(self.layer)

    @property
    def asked(self) -> str:
        """The slope that is asked, as it is written."""
        match self.ref.quantity:
            case "dW" | "db":
                return f"∂L/∂{self.parameter}"
            case "delta" | "delta_sample":
                return self.slope_in_z(self.layer)
            case "dX":
                return "∂L/∂x"
            case "dz_dw":
                return self.slope_of_sum_in_w(self.layer)
            case "da_dz":
                return self.local(self.layer)
            case _:
                return self.slope_in_a(self.layer)

    @property
    def over_samples(self) -> str:
        """The sum sign of what adds up over several samples."""
        return "Σ " if self.rows > 1 else ""

    def scale(self, times: float = 1.0) -> str:
        """What stands before every term of the loss, times a number, as the beginning of a product: `1/3·`."""
        return _scale(self.network.loss, self.network.outputs, self.rows, times)

    def scaled(self, term: str, times: float = 1.0) -> str:
        """A term of the loss or of its slope with what stands before it; alone it needs no brackets."""
        before = self.scale(times)
        return f"{before}{term}" if before else bare(term)

    def _number(self, layer: int) -> str:
        return _subscript(layer + 1) if self.depth > 1 else ""


_subscript = lru_cache(maxsize=64)(subscript)


@lru_cache(maxsize=256)
def _scale(loss: Loss, outputs: int, rows: int, times: float) -> str:
    factor = loss.exact_scale(outputs=outputs, rows=rows) * Fraction(times).limit_denominator(10**6)
    return "" if factor == 1 else f"{factor}·"


def bare(term: str) -> str:
    """Return a term without the brackets around all of it, which it does not need where it stands alone."""
    return term[1:-1] if term.startswith("(") and _closing(term) == len(term) - 1 else term


def _closing(term: str) -> int:
    """Where the bracket closes that a term begins with."""
    depth = 0
    for place, sign in enumerate(term):
        depth += (sign == "(") - (sign == ")")
        if not depth:
            return place
    return -1
