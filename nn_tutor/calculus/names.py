"""The names of quantities, as a textbook prints them and as a program spells them. No SymPy here.

A network of single weights is written without indices (`w`, or `w₁` of layer 1); others as layer, then out, then in
(`w₂₁₂`), the layer left out where there is one alone. Rows of a batch of several samples stand above (`x₁⁽²⁾`).
A sheet with a row for each input has in before out. The activation of the last layer is `o`; where an activation is the
identity, z goes by the name of the activation. A sheet may number its names by order, or have its own
(`own_names`): the weighted sum of its unit h₁ is z_h₁ then, the error term δ_h₁.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from nn_tutor.calculus.numerals import subscript, superscript
from nn_tutor.calculus.own_names import bias_by_order, called, unit_by_order, weight_by_order
from nn_tutor.network.optimizer import ALONG, Constant, Schedule, State
from nn_tutor.network.quantities import TABLE, Quantity, Ref, is_of_bias, shown_sign, state_of, state_ref

if TYPE_CHECKING:
    from nn_tutor.network.spec import Network


def symbol(network: Network, rows: int, ref: Ref) -> str:
    """Return the textbook name of a quantity: `∂L/∂w₁₂`, `δ₁`, `w₁₂′` (new), for a batch of `rows` samples."""
    layer = ref.layer or len(network.layers)
    index = ref.index or ()
    if ref.quantity in ("loss", "loss_term"):
        return _of_loss(network, rows, ref)
    if ref.quantity in ("W", "b", "dW", "db", "step"):
        return _of_parameter(network, ref, parameter(network, ref))
    if ref.phase == "update":
        return _in_update(network, ref, layer)
    if ref.quantity == "dz_da":
        out, into = index
        return f"∂{weighted_sum(network, 1, layer, 0, out)}/∂{activation(network, 1, layer - 1, 0, into)}"
    row, *units = index
    if ref.quantity == "z":
        return _of_unit(network, rows, "z", layer, row, units[0])
    if ref.quantity == "a":
        return activation(network, rows, layer, row, units[0])
    if ref.quantity == "dX":
        return f"∂L/∂{feature(network, rows, row, units[0])}"
    if ref.quantity in ("dL_do", "dL_da"):
        sign = "−" if shown_sign(network, ref) < 0 else ""
        return f"{sign}∂L/∂{activation(network, rows, layer, row, units[0])}"
    if ref.quantity == "delta":
        return _of_unit(network, rows, "δ", layer, row, units[0])
    if ref.quantity == "delta_sample":
        return _of_unit(network, rows, "δ°", layer, row, units[0])
    if ref.quantity == "da_dz":
        above = activation(network, rows, layer, row, units[0])
        return f"∂{above}/∂{_of_unit(network, rows, 'z', layer, row, units[-1])}"
    out, into = units
    return f"∂{weighted_sum(network, rows, layer, row, out)}/∂{weight(network, layer, (out, into))}"


def _of_loss(network: Network, rows: int, ref: Ref) -> str:
    """The loss, or one term of it, by its output and its sample."""
    if ref.index is None:
        return "L"
    row, unit = ref.index
    return "L" + (_unit(False, unit) if network.outputs > 1 else "") + _sample(rows, row)


def _of_parameter(network: Network, ref: Ref, name: str) -> str:
    """The new value, the step or the slope of a weight or bias."""
    if ref.quantity in ("W", "b"):
        return f"{name}′"
    if ref.quantity != "step":
        return f"∂L/∂{name}"
    if network.conventions.flips_step:
        return f"Δ{name}"
    along = ALONG[network.optimizer.rule]
    return f"−Δ{name}" if along is None else f"η·{_along(network, along, ref, name)}"


def _in_update(network: Network, ref: Ref, layer: int) -> str:
    """A number of the update rule: a state, a clipped slope, the learning rate, or the length of all slopes."""
    index, state = ref.index or (), state_of(ref.quantity)
    if state is not None:
        return state_name(network, state[0], layer, index) + ("′" if state[0] in CARRIED else "")
    if ref.quantity in ("rate", "norm"):
        return "η" if ref.quantity == "rate" else NORM
    return _of_rule(network, "g", layer, index)


def _along(network: Network, along: Literal["slope"] | State, ref: Ref, name: str) -> str:
    """The name of what η multiplies, where that is a number of its own."""
    layer, index = ref.layer or 1, ref.index or (0, 0)
    if along != "slope":
        return symbol(network, 1, state_ref(along, layer, index))
    return symbol(network, 1, Ref("clipped", layer, index)) if network.optimizer.clips else f"∂L/∂{name}"


NORM = "‖∇L‖"
"""The length of all slopes together."""

CONSTANTS: dict[Constant, str] = {"momentum": "μ", "decay": "ρ", "beta1": "β₁", "beta2": "β₂", "epsilon": "ε"}
"""The constants of the update rules."""

LIMIT = "c"
"""What slopes are clipped at."""

STATE_LETTERS: dict[State, str] = {"velocity": "v", "m": "m", "v": "v", "m_hat": "m̂", "v_hat": "v̂"}
"""What the states of the update rules are called in formulas."""

CARRIED = ("velocity", "m", "v")
"""The states that are remembered: the new one has a ′, as a new weight has."""


def state_name(network: Network, state: State, layer: int, index: tuple[int, ...]) -> str:
    """Return the name of a state of the update rule before the update: `m₁₂` of a weight, `mᵇ₁` of a bias."""
    return _of_rule(network, STATE_LETTERS[state], layer, index)


def _of_rule(network: Network, letter: str, layer: int, index: tuple[int, ...]) -> str:
    """What the update rule makes of a parameter: of a weight for an index `(out, in)`, of a bias for `(unit,)`."""
    of_bias = len(index) == 1
    name = bias(network, layer, index[0]) if of_bias else weight(network, layer, index)
    usual, sign = ("b", f"{letter}ᵇ") if of_bias else ("w", letter)
    return sign + name.removeprefix(usual) if name.rstrip(_SUBSCRIPTS) == usual else f"{letter}_{name}"


_SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉[],0123456789"
"""What stands behind the letter of a parameter."""


def decay_name(network: Network) -> str:
    """Return the name of the weight decay: λ, as long as L2 has not taken it."""
    return "λ₂" if network.l2 else "λ"


def schedule_written(schedule: Schedule) -> str:
    """Return the learning rate of a pass as it is written, with places for the first rate, `{base}`, and for `{t}`."""
    if schedule.kind == "constant":
        return "{base}"
    if schedule.kind == "step":
        return f"{{base}}·{schedule.factor:g}^⌊({{t}} − 1)/{schedule.every}⌋"
    turn = f"(1 + cos(π·min({{t}} − 1, {schedule.passes})/{schedule.passes}))/2"
    if not schedule.least:
        return f"{{base}}·{turn}"
    return f"{schedule.least:g} + ({{base}} − {schedule.least:g})·{turn}"


def rate_name(network: Network) -> str:
    """Return the name of the learning rate that a network is given: η₀ where a schedule makes η of it."""
    return "η₀" if network.optimizer.is_scheduled else "η"


def weight(network: Network, layer: int, index: tuple[int, ...]) -> str:
    """Return the name of a weight before the update; `index` is (out, in), its places stand as in the matrix."""
    conventions = network.conventions
    if conventions.counts_names:
        return called(conventions, weight_by_order(network, layer, index))
    return called(conventions, "w" + _places(network, layer, index[::-1] if conventions.transposes_weights else index))


def matrix(network: Network, layer: int) -> str:
    """Return the name of all the weights of a layer at once."""
    return "W" + _indices(layer if len(network.layers) > 1 else 0, ())


def bias(network: Network, layer: int, unit: int) -> str:
    """Return the name of a bias before the update."""
    name = bias_by_order(network, layer, unit) if network.conventions.counts_names else None
    return called(network.conventions, name or "b" + _places(network, layer, (unit,)))


def parameter(network: Network, ref: Ref) -> str:
    """Return the name of a weight or bias before the update, given as any quantity of it, such as `dW`."""
    layer = ref.layer or len(network.layers)
    return (
        bias(network, layer, (ref.index or (0,))[0])
        if is_of_bias(ref.quantity)
        else weight(network, layer, ref.index or (0, 0))
    )


def activation(network: Network, rows: int, layer: int, row: int, unit: int) -> str:
    """Return the name of an activation: `o` of the last layer, `x` for layer 0."""
    if layer == 0:
        return feature(network, rows, row, unit)
    return unit_name(network, layer, unit) + _sample(rows, row)


def unit_name(network: Network, layer: int, unit: int) -> str:
    """Return the name of a unit, that of its activation in any sample: `a₁₂`, `o₁`, or what the sheet has."""
    return called(network.conventions, _unit_before(network, layer, unit))


def _unit_before(network: Network, layer: int, unit: int) -> str:
    """The name of a unit that nobody has renamed."""
    if network.conventions.counts_names:
        return unit_by_order(network, layer, unit)
    if layer == len(network.layers):
        return "o" + _unit(network.is_scalar, unit)
    return "a" + _places(network, layer, (unit,))


def weighted_sum(network: Network, rows: int, layer: int, row: int, unit: int) -> str:
    """Return the name of a weighted sum; that of the activation where the activation is the identity."""
    if network.layers[layer - 1].activation == "identity":
        return activation(network, rows, layer, row, unit)
    return _of_unit(network, rows, "z", layer, row, unit)


def feature(network: Network, rows: int, row: int, unit: int) -> str:
    """Return the name of an input."""
    return called(network.conventions, "x" + _outer(network, unit)) + _sample(rows, row)


def target(network: Network, rows: int, row: int, unit: int) -> str:
    """Return the name of a target."""
    return called(network.conventions, "y" + _outer(network, unit)) + _sample(rows, row)


def matrix_name(network: Network, rows: int, quantity: Quantity, layer: int | None) -> str:
    """Return the name of a whole quantity of a layer: `a₁`, `∂L/∂W₂`; with capitals where several samples are rows."""
    depth = len(network.layers)
    at, number = layer or depth, subscript(layer) if layer and depth > 1 else ""
    z, a = ("Z", "O" if at == depth else "A") if rows > 1 else ("z", "o" if at == depth else "a")
    activated = a if at == depth else f"{a}{number}"
    names: dict[Quantity, str] = {
        "z": activated if network.layers[at - 1].activation == "identity" else f"{z}{number}",
        "a": activated,
        "loss": "L",
        "dL_do": f"∂L/∂{a}",
        "dL_da": f"∂L/∂{activated}",
        "da_dz": f"∂{activated}/∂{z}{number}",
        "delta": f"δ{number}",
        "dW": f"∂L/∂W{number}",
        "db": f"∂L/∂b{number}",
        "W": f"W{number}′",
        "b": f"b{number}′",
    }
    return names.get(quantity) or symbol(network, 1, Ref(quantity, layer, tuple(0 for _ in TABLE[quantity].axes)))


def on_keys(name: str) -> str:
    """Return a textbook name in the letters of a keyboard: `∂L/∂w₂₁₁` as `dL_dw211`, `x₁⁽²⁾` as `x1_2`."""
    return name.replace(NORM, "norm").translate(_ON_KEYS).replace("⁽", "_").replace("⁾", "")


_ON_KEYS: dict[int, int | str] = {
    **str.maketrans("₀₁₂₃₄₅₆₇₈₉⁰¹²³⁴⁵⁶⁷⁸⁹∂/ᵇ", "01234567890123456789d_b"),
    ord("\u0302"): "_hat",
}


def _of_unit(network: Network, rows: int, letter: str, layer: int, row: int, unit: int) -> str:
    """The weighted sum or the error term of a unit: z₁₂, or z_h₂ where the sheet has a name for the unit."""
    conventions = network.conventions
    if conventions.counts_names or conventions.renamed:
        before = _unit_before(network, layer, unit)
        name = called(conventions, before)
        if conventions.counts_names or name != before:
            return f"{letter}_{name}{_sample(rows, row)}"
    return letter + _places(network, layer, (unit,)) + _sample(rows, row)


def _places(network: Network, layer: int, index: tuple[int, ...]) -> str:
    return _indices(layer if len(network.layers) > 1 else 0, () if network.is_scalar else index)


@lru_cache(maxsize=4096)
def _indices(layer: int, index: tuple[int, ...]) -> str:
    """The layer, where it is not 0, and the places from 1, as subscripts or between brackets."""
    before = subscript(layer) if layer else ""
    if not index:
        return before
    if any(place > 8 for place in index):
        return before + "[" + ",".join(str(place + 1) for place in index) + "]"
    return before + subscript("".join(str(place + 1) for place in index))


def _unit(is_scalar: bool, unit: int) -> str:
    return "" if is_scalar else subscript(unit + 1) if unit < 9 else f"[{unit + 1}]"


def _outer(network: Network, unit: int) -> str:
    """The number of an input or a target; one that is counted by order needs no brackets, however large."""
    is_counted = network.conventions.counts_names and not network.is_scalar
    return subscript(unit + 1) if is_counted else _unit(network.is_scalar, unit)


def _sample(rows: int, row: int) -> str:
    return superscript(f"({row + 1})") if rows > 1 else ""
