"""The chain: SymPy's own derivatives, printed as a textbook does, and agreeing with NumPy and with nudges."""

from __future__ import annotations

import math
from typing import get_args

import pytest
import sympy

from nn_tutor.calculus.derivation import SymPyDeriver, warm
from nn_tutor.calculus.functions import Written, as_defined
from nn_tutor.calculus.names import matrix_name
from nn_tutor.calculus.numerals import fixed, numeral
from nn_tutor.calculus.symbols import NotProvenError, O, Y, Z, activation_form, loss_term, proven
from nn_tutor.course.find import shipped_paths
from nn_tutor.course.lesson import Lesson
from nn_tutor.course.load import load
from nn_tutor.network.optimizer import Clipping, Optimizer
from nn_tutor.network.quantities import Ref, layers_of
from nn_tutor.network.records import Pass, value_of
from nn_tutor.network.spec import ELEMENTWISE, ActivationName, Data, Layer, Loss, LossKind, Network
from nn_tutor.network.training import StoppedError, Timeline
from tests.networks import LINEAR, SQUASHED, VECTOR, numbers_of, random_network
from tests.printed import computed

DERIVER = SymPyDeriver()


def agree(network: Network, passed: Pass) -> None:
    for ref in numbers_of(network, passed.X.shape[0]):
        agreement = DERIVER.prove(network, passed, ref)
        assert agreement is not None
        assert agreement.holds, (str(ref), value_of(passed, ref), agreement)


@pytest.mark.parametrize("logit", [1.0, 8.0, 10.0, 12.0, 14.0, 16.0, 20.0])
def test_they_agree_on_an_output_of_softmax_however_near_to_one_it_is(logit: float) -> None:
    network = Network((Layer(((logit,), (0.0,)), activation="softmax"),), Loss("categorical_cross_entropy"))
    agree(network, Timeline(network, Data(((1.0,),), ((0.3, 0.7),))).at(1))


@pytest.mark.parametrize("slope", [None, 0.3])
@pytest.mark.parametrize("name", ELEMENTWISE)
def test_a_functions_own_slope_is_that_of_its_definition(name: ActivationName, slope: float | None) -> None:
    if slope is not None and name != "leaky_relu":
        return
    function = activation_form(name, slope)
    own, defined = as_defined(sympy.diff(function, Z)), sympy.diff(as_defined(function), Z)
    assert not own.atoms(Written) | defined.atoms(Written)
    for value in (-2, -sympy.Rational(1, 3), sympy.Rational(1, 2), 3):
        assert abs(sympy.N((own - defined).subs(Z, value), 30)) < 1e-25


@pytest.mark.parametrize("delta", [None, 0.4, 1.5])
@pytest.mark.parametrize("kind", get_args(LossKind))
def test_a_losss_own_slope_is_that_of_its_definition(kind: LossKind, delta: float | None) -> None:
    if delta is not None and kind != "huber":
        return
    term = loss_term(Loss(kind, delta=delta))
    own, defined = as_defined(sympy.diff(term, O)), sympy.diff(as_defined(term), O)
    assert not own.atoms(Written) | defined.atoms(Written)
    for output, target in (("0.2", 1), ("0.9", 1), ("0.7", -1), ("0.3", "0.1")):
        here = {O: sympy.Rational(output), Y: sympy.Rational(target)}
        assert abs(sympy.N((own - defined).subs(here), 30)) < 1e-25


def test_what_is_not_equal_is_not_proven() -> None:
    with pytest.raises(NotProvenError):
        proven(sympy.diff(Z**2, Z), Z)
    sigmoid = 1 / (1 + sympy.exp(-Z))
    slope = sympy.diff(sigmoid, Z)
    assert proven(slope, sigmoid * (1 - sigmoid)) == sigmoid * (1 - sigmoid)
    with pytest.raises(NotProvenError):
        proven(slope, sigmoid * (1 + sigmoid))


@pytest.mark.parametrize("seed", range(80))
def test_sympy_numpy_and_nudges_agree_on_random_networks(seed: int) -> None:
    network, data = random_network(seed)
    try:
        passed = Timeline(network, data).at(1)
    except StoppedError:
        pytest.skip("this network has no first pass")
    agree(network, passed)


def test_they_agree_through_eight_layers_and_in_a_wide_one() -> None:
    deep = Network(tuple(Layer(size=(2, 2), activation="tanh", biases=(0.1, -0.2)) for _ in range(8)), seed=3)
    agree(deep, Timeline(deep, Data(((0.4, -0.9),), ((0.3, 0.1),))).at(1))
    wide = Network((Layer(size=(64, 64), activation="sigmoid"), Layer(size=(64, 2))), seed=5)
    passed = Timeline(wide, Data((tuple(math.sin(k) for k in range(64)),), ((0.3, 0.1),))).at(1)
    for ref in (Ref("dW", 1, (63, 5)), Ref("dL_da", 1, (0, 17)), Ref("W", 2, (1, 60)), Ref("z", 1, (0, 9))):
        agreement = DERIVER.prove(wide, passed, ref)
        assert agreement is not None
        assert agreement.holds
        assert "…" in DERIVER.derive(wide, passed, Ref("z", 1, (0, 9))).rule


def lessons() -> list[tuple[Lesson, str]]:
    return [(lesson, name) for lesson in map(load, shipped_paths()) for name in lesson.networks]


@pytest.mark.parametrize(("lesson", "name"), lessons(), ids=lambda value: value if isinstance(value, str) else value.id)
def test_they_agree_on_every_step_of_every_shipped_lesson(lesson: Lesson, name: str) -> None:
    entry = lesson.networks[name]
    timeline = Timeline(entry.network, entry.data)
    for number in range(1, lesson.passes_walked(name) + 1):
        agree(entry.network, timeline.at(number))


LINES = [
    (LINEAR, "a1[0,0]", "o", "x·w", "0.8·2.75"),
    (LINEAR, "loss", "L", "(o − y)²", "(2.2 − 1.05)²"),
    (LINEAR, "dL_do[0,0]", "∂L/∂o", "2·(o − y)", "2·(2.2 − 1.05)"),
    (LINEAR, "dz_dw1[0,0,0]", "∂o/∂w", "x", "0.8"),
    (LINEAR, "dW1[0,0]", "∂L/∂w", "∂L/∂o·∂o/∂w", "2.3·0.8"),
    (LINEAR, "W1[0,0]", "w′", "w − η·∂L/∂w", "2.75 − 0.3·1.84"),
    (SQUASHED, "a1[0,0]", "o", "σ(z)", "σ(−2.34)"),
    (SQUASHED, "da_dz1[0,0]", "∂o/∂z", "o·(1 − o)", "0.08786·(1 − 0.08786)"),
    (SQUASHED, "dW1[0,0]", "∂L/∂w", "∂L/∂o·∂o/∂z·∂z/∂w", "−0.6243·0.08014·1.8"),
    (SQUASHED, "W1[0,0]", "w′", "w − η·∂L/∂w", "−1.3 − 2.5·(−0.09006)"),
    (VECTOR, "z1[0,1]", "z₁₂", "w₁₂₁·x₁ + w₁₂₂·x₂", "−1.1·1.3 + 1.2·1.1"),
    (VECTOR, "dL_do[0,1]", "∂L/∂o₂", "2/3·(o₂ − y₂)", "2/3·(0.1538 − 1)"),
    (VECTOR, "dW2[0,1]", "∂L/∂w₂₁₂", "∂L/∂o₁·a₁₂", "1.0443·0.4725"),
    (VECTOR, "dL_da1[0,0]", "∂L/∂a₁₁", "∂L/∂o₁·w₂₁₁ + ∂L/∂o₂·w₂₂₁ + ∂L/∂o₃·w₂₃₁",
     "1.0443·0.4 + (−0.5642)·0.9 + 0.3432·(−0.5)"),
    (VECTOR, "delta1[0,0]", "δ₁₁", "∂L/∂a₁₁·∂a₁₁/∂z₁₁", "−0.2616·0.1883"),
    (VECTOR, "dW1[1,0]", "∂L/∂w₁₂₁", "δ₁₂·x₁", "0.5012·1.3"),
]  # fmt: skip


@pytest.mark.parametrize(("setting", "name", "symbol", "rule", "numbers"), LINES, ids=lambda value: str(value)[:14])
def test_a_line_reads_like_a_textbook(
    setting: tuple[Network, Data], name: str, symbol: str, rule: str, numbers: str
) -> None:
    network, data = setting
    passed = Timeline(network, data).at(1)
    ref = next(ref for ref in numbers_of(network, 1) if str(ref) == name)
    derived = DERIVER.derive(network, passed, ref)
    assert (derived.symbol, derived.rule, derived.substituted) == (symbol, rule, numbers)


LOSSES: list[tuple[LossKind, float, ActivationName, str, str]] = [
    ("squared_error", 0.5, "identity", "1/2·(o − y)²", "o − y"),
    ("squared_error", 2.0, "identity", "2·(o − y)²", "4·(o − y)"),
    ("binary_cross_entropy", 1.0, "sigmoid", "−(y·ln(o) + (1 − y)·ln(1 − o))", "(o − y)/(o·(1 − o))"),
    ("output", 1.0, "tanh", "o", "1"),
]


@pytest.mark.parametrize(("kind", "factor", "activation", "loss", "slope"), LOSSES)
def test_a_loss_and_its_slope(kind: LossKind, factor: float, activation: ActivationName, loss: str, slope: str) -> None:
    network = Network((Layer(weights=((0.7,),), activation=activation),), Loss(kind, factor))
    passed = Timeline(network, Data(((0.3,),), None if kind == "output" else ((0.25,),))).at(1)
    assert DERIVER.derive(network, passed, Ref("loss")).rule == loss
    assert DERIVER.derive(network, passed, Ref("dL_do", None, (0, 0))).rule == slope


def test_softmax_with_its_cross_entropy_falls_out_as_o_minus_y() -> None:
    layer = Layer(weights=((0.5, 0.4), (-1.1, 1.2)), activation="softmax")
    network = Network((layer,), Loss("categorical_cross_entropy"))
    passed = Timeline(network, Data(((1.3, 1.1),), ((0.0, 1.0),))).at(1)
    assert DERIVER.derive(network, passed, Ref("delta", 1, (0, 1))).rule == "o₂ − y₂"
    assert DERIVER.derive(network, passed, Ref("da_dz", 1, (0, 0, 0))).rule == "o₁·(1 − o₁)"
    assert DERIVER.derive(network, passed, Ref("da_dz", 1, (0, 0, 1))).rule == "−o₁·o₂"


MATRICES = [
    ("z", 1, "z₁", "W₁·x"),
    ("a", 1, "a₁", "σ(z₁)"),
    ("a", 2, "o", "W₂·a₁"),
    ("dL_do", None, "∂L/∂o", "2/3·(o − y)"),
    ("dW", 2, "∂L/∂W₂", "∂L/∂o·a₁ᵀ"),
    ("dL_da", 1, "∂L/∂a₁", "W₂ᵀ·∂L/∂o"),
    ("delta", 1, "δ₁", "∂L/∂a₁ ⊙ ∂a₁/∂z₁"),
    ("dW", 1, "∂L/∂W₁", "δ₁·xᵀ"),
    ("W", 1, "W₁′", "W₁ − η·∂L/∂W₁"),
]


@pytest.mark.parametrize(("quantity", "layer", "symbol", "rule"), MATRICES)
def test_the_matrix_form(quantity: str, layer: int | None, symbol: str, rule: str) -> None:
    network, data = VECTOR
    derived = DERIVER.derive_matrix(network, Timeline(network, data).at(1), quantity, layer)  # type: ignore[arg-type]
    assert (derived.symbol, derived.rule) == (symbol, rule)


BY_ROWS = [
    ("z", 1, "Z₁", "X·W₁ᵀ + b₁"),
    ("a", 1, "A₁", "σ(Z₁)"),
    ("dL_do", None, "∂L/∂O", "O − Y"),
    ("dL_da", 1, "∂L/∂A₁", "∂L/∂O·W₂"),
    ("delta", 1, "δ₁", "∂L/∂A₁ ⊙ ∂A₁/∂Z₁"),
    ("dW", 1, "∂L/∂W₁", "δ₁ᵀ·X"),
    ("db", 1, "∂L/∂b₁", "column sums of δ₁"),
]


@pytest.mark.parametrize(("quantity", "layer", "symbol", "rule"), BY_ROWS)
def test_the_matrix_form_of_several_samples_as_rows(quantity: str, layer: int | None, symbol: str, rule: str) -> None:
    layers = (Layer(weights=((0.5, 0.4),), biases=(0.1,), activation="sigmoid"), Layer(weights=((0.7,),)))
    passed = Timeline(Network(layers), Data(((1.3, 1.1), (0.4, 0.2)), ((0.5,), (0.1,)))).at(1)
    derived = DERIVER.derive_matrix(Network(layers), passed, quantity, layer, by_rows=True)  # type: ignore[arg-type]
    assert (derived.symbol, derived.rule) == (symbol, rule)


@pytest.mark.parametrize("rows", [1, 2])
def test_a_whole_quantity_goes_by_one_name_with_its_rule_and_without(rows: int) -> None:
    network, data = VECTOR
    passed = Timeline(network, Data(data.inputs * rows, None if data.targets is None else data.targets * rows)).at(1)
    for quantity in ("z", "a", "loss", "dL_do", "dL_da", "da_dz", "delta", "dW", "W"):
        for layer in layers_of(network, quantity):
            derived = DERIVER.derive_matrix(network, passed, quantity, layer, by_rows=True)
            assert matrix_name(network, rows, quantity, layer) == derived.symbol


def test_delta_carries_the_chain_from_two_layers_on_and_a_single_weight_keeps_its_links() -> None:
    bent = Layer(weights=((0.7,),), biases=(0.2,), activation="sigmoid")
    data = Data(((0.3,),), ((0.25,),))

    def rules(network: Network) -> dict[str, str]:
        passed = Timeline(network, data).at(1)
        return {str(ref): DERIVER.derive(network, passed, ref).rule for ref in numbers_of(network, 1)}

    deep, single = rules(Network((bent, bent))), rules(Network((bent,)))
    assert (deep["dW1[0,0]"], deep["dW2[0,0]"], deep["db1[0]"]) == ("δ₁·x", "δ₂·a₁", "δ₁")
    assert (deep["dL_da1[0,0]"], deep["delta1[0,0]"]) == ("δ₂·w₂", "∂L/∂a₁·∂a₁/∂z₁")
    assert (single["dW1[0,0]"], single["db1[0]"]) == ("∂L/∂o·∂o/∂z·∂z/∂w", "∂L/∂o·∂o/∂z")


@pytest.mark.parametrize("seed", range(80))
def test_the_numbers_put_in_give_the_value(seed: int) -> None:
    """Python's own arithmetic on the printed line comes to the printed value, as far as its digits go."""
    network, data = random_network(seed, most_rows=2)
    try:
        passed = Timeline(network, data).at(1)
    except StoppedError:
        pytest.skip("this network has no first pass")
    for ref in numbers_of(network, passed.X.shape[0]):
        derived = DERIVER.derive(network, passed, ref)
        value = value_of(passed, ref)
        try:
            got = computed(derived.full_substituted)
        except (ZeroDivisionError, ValueError):
            continue  # an output so near to 0 or 1 that its printed digits say 0 or 1
        if ref.quantity == "dL_do" and _is_at_the_margin(network, passed, ref):
            continue  # its printed digits say that it is on the margin
        assert got == pytest.approx(value, rel=0.05, abs=0.02 * max(1.0, abs(value))), (
            str(ref),
            derived.full_substituted,
        )


def _is_at_the_margin(network: Network, passed: Pass, ref: Ref) -> bool:
    if network.loss.kind != "hinge" or passed.Y is None:
        return False
    return abs(1 - float((passed.Y * passed.forward.o)[ref.index or ()])) < 1e-3


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2.198, "2.198"), (0.8, "0.8"), (5.0, "5"), (-3.0, "−3"), (0.0, "0"), (-0.0, "0"), (1 / 3, "0.3333"),
        (0.01234567, "0.01235"),
        (1.234e-7, "1.234e−7"), (-1.5e9, "−1.5e9"), (float("inf"), "∞"), (float("nan"), "?"),
        (123456.789, "123456.789"),
    ],
)  # fmt: skip
def test_numerals(value: float, text: str) -> None:
    assert numeral(value) == text


def test_fixed_decimals_never_show_a_negative_zero() -> None:
    assert fixed(-0.00001, 2) == "0.00"
    assert fixed(-1.234, 2) == "−1.23"


def test_warming_up_derives_something() -> None:
    warm()


# Wide networks and negative numbers


def _wide(activation: ActivationName, kind: LossKind, units: int) -> tuple[Network, Pass]:
    layer = Layer(weights=tuple((0.1 * (unit + 1),) for unit in range(units)), activation=activation)
    network = Network((layer,), Loss(kind=kind, outputs="sum"))
    target = tuple(float(unit == 0) for unit in range(units))
    return network, Timeline(network, Data(((1.0,),), (target,))).at(1)


def test_a_loss_of_eight_outputs_is_folded_and_can_be_unfolded() -> None:
    derived = DERIVER.derive(*_wide("identity", "squared_error", 8), Ref("loss"))
    assert derived.rule == "(o₁ − y₁)² + (o₂ − y₂)² + … + (o₈ − y₈)²"
    assert derived.full_rule == " + ".join(f"(o{n} − y{n})²" for n in "₁₂₃₄₅₆₇₈")
    assert derived.substituted == "(0.1 − 1)² + (0.2 − 0)² + … + (0.8 − 0)²"
    assert derived.full_substituted.count("²") == 8
    derived = DERIVER.derive(*_wide("identity", "squared_error", 7), Ref("loss"))
    assert derived.rule == derived.full_rule == " + ".join(f"(o{n} − y{n})²" for n in "₁₂₃₄₅₆₇")


def test_a_softmax_of_eight_outputs_is_folded_and_can_be_unfolded() -> None:
    derived = DERIVER.derive(*_wide("softmax", "categorical_cross_entropy", 8), Ref("a", 1, (0, 2)))
    assert derived.rule == "e^z₃ / (e^z₁ + e^z₂ + … + e^z₈)"
    assert derived.full_rule == f"e^z₃ / ({' + '.join(f'e^z{n}' for n in '₁₂₃₄₅₆₇₈')})"
    derived = DERIVER.derive(*_wide("softmax", "categorical_cross_entropy", 7), Ref("a", 1, (0, 2)))
    assert derived.rule == f"e^z₃ / ({' + '.join(f'e^z{n}' for n in '₁₂₃₄₅₆₇')})"


def test_a_weighted_sum_of_eight_is_folded_and_can_be_unfolded() -> None:
    network = Network((Layer(weights=((0.3,) * 8,)),))
    passed = Timeline(network, Data(((0.5,) * 8,), ((1.0,),))).at(1)
    derived = DERIVER.derive(network, passed, Ref("z", 1, (0, 0)))
    assert derived.rule == "w₁₁·x₁ + w₁₂·x₂ + … + w₁₈·x₈"
    assert derived.full_rule == " + ".join(f"w₁{n}·x{n}" for n in "₁₂₃₄₅₆₇₈")


def test_the_length_of_eight_slopes_is_folded_and_can_be_unfolded() -> None:
    layer = Layer(weights=((0.3, -0.2),) * 4)
    network = Network((layer,), optimizer=Optimizer(clipping=Clipping("norm")))
    passed = Timeline(network, Data(((1.0, 2.0),), ((0.5,) * 4,))).at(1)
    derived = DERIVER.derive(network, passed, Ref("norm"))
    assert derived.rule == "√((∂L/∂w₁₁)² + (∂L/∂w₁₂)² + … + (∂L/∂w₄₂)²)"
    assert derived.full_rule.count("²") == 8


def test_a_negative_number_that_opens_a_line_is_bare_and_one_inside_is_not() -> None:
    layer = Layer(weights=((-0.5,),), biases=(-0.2,), train_biases=False, frozen=frozenset({(0, 0)}))
    network = Network((layer,))
    passed = Timeline(network, Data(((-2.0,),), ((0.0,),))).at(1)
    assert DERIVER.derive(network, passed, Ref("W", 1, (0, 0))).substituted == "−0.5 (held)"
    assert DERIVER.derive(network, passed, Ref("b", 1, (0,))).substituted == "−0.2 (held)"
    assert DERIVER.derive(network, passed, Ref("step", 1, (0, 0))).substituted == "0, held"
    assert DERIVER.derive(network, passed, Ref("a", 1, (0, 0))).substituted == "−2·(−0.5) + (−0.2)"
    network = Network((Layer(weights=((-0.5,),), biases=(-0.2,)),), learning_rate=0.1)
    passed = Timeline(network, Data(((-2.0,),), ((2.0,),))).at(1)
    assert DERIVER.derive(network, passed, Ref("W", 1, (0, 0))).substituted == "−0.5 − 0.1·4.8"
    assert DERIVER.derive(network, passed, Ref("b", 1, (0,))).substituted == "−0.2 − 0.1·(−2.4)"
