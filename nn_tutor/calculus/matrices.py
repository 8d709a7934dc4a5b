"""The matrix form: a whole quantity of a layer at once, `∂L/∂W₁ = δ₁·xᵀ`. A sample is a column here, as in prose.

The element forms say the same number by number, and those are what SymPy derives. With several samples the sum over
them stands before what is summed; or they are written by rows, a row for each sample as arrays hold them, `δ₁ᵀ·X`, and
the product sums.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from sympy import Rational

from nn_tutor.calculus.names import CARRIED, CONSTANTS, LIMIT, NORM, STATE_LETTERS, decay_name
from nn_tutor.calculus.notation import fill_template, formula_template
from nn_tutor.calculus.numerals import numeral, subscript
from nn_tutor.calculus.records import MatrixDerivation
from nn_tutor.calculus.rules import rate_form, template_of
from nn_tutor.calculus.sheet import turned
from nn_tutor.calculus.symbols import A, O, Y, Z, activation_slope, loss_slope, loss_term
from nn_tutor.network.activations import activation_of
from nn_tutor.network.optimizer import ALONG, State
from nn_tutor.network.quantities import Quantity, Ref, shown_sign, state_of
from nn_tutor.network.rules import CLIPPINGS, RULES, Ingredient, Line

if TYPE_CHECKING:
    from nn_tutor.network.spec import Network


def matrix_rule(
    network: Network, rows: int, quantity: Quantity, layer: int | None, *, by_rows: bool = False
) -> MatrixDerivation:
    """Return symbol and rule of a quantity of one layer in matrix form; `by_rows` with several samples as rows."""
    made = _RowWriter if by_rows and rows > 1 else _Writer
    writer = made(network, rows, layer or len(network.layers))
    state = state_of(quantity)
    symbol, rule = getattr(writer, quantity)() if state is None else writer.state(*state)
    return MatrixDerivation(quantity, layer, symbol, rule)


class _Writer:
    """Writes the matrix forms of one layer; each method returns symbol and rule of the quantity it is named after."""

    def __init__(self, network: Network, rows: int, layer: int) -> None:
        self.network = network
        self.rows = rows
        self.layer = layer
        self.depth = len(network.layers)
        self.spec = network.layers[layer - 1]
        self.optimizer = network.optimizer
        self.number = subscript(layer) if self.depth > 1 else ""
        self.over_samples = "Σ " if rows > 1 else ""
        self.is_last = layer == self.depth
        self.turns = shown_sign(network, Ref("dL_do", None, (0, 0))) < 0
        self.minus = "−" if self.turns else ""
        self.forth, self.back = ("ᵀ", "") if network.conventions.transposes_weights else ("", "ᵀ")

    def z(self) -> tuple[str, str]:
        return self._sum_name(), self._weighted() + ("" if self.spec.biases is None else f" + b{self.number}")

    def a(self) -> tuple[str, str]:
        inner = self.z()[1] if self.spec.activation == "identity" else self._sum_name()
        return self._activation(self.layer), activation_of(self.spec).written.format(z=inner)

    def loss(self) -> tuple[str, str]:
        symbols = (O, Y) if self.network.loss.has_targets else (O,)
        term = fill_template(formula_template(loss_term(self.network.loss), symbols), ["o", "y"])
        scale = self._scale()
        several = self.network.outputs * self.rows > 1
        if several and not term.startswith("("):
            term = f"({term})"
        before = "" if scale == 1 else f"{scale}·"
        penalty = f" + {numeral(self.network.l2 / 2)}·Σw²" if self.network.l2 else ""
        return "L", before + ("Σ" if several else "") + term + penalty

    def dL_do(self) -> tuple[str, str]:
        scale = self._scale()
        slope = loss_slope(self.network.loss, Rational(scale.numerator, scale.denominator))
        template = formula_template(slope, (O, Y))
        written = fill_template(turned(template) if self.turns else template, [self._activation(self.depth), self.y])
        return f"{self.minus}∂L/∂{self._activation(self.depth)}", written

    def dL_da(self) -> tuple[str, str]:
        symbol = f"{self.minus}∂L/∂{self._activation(self.layer)}"
        return symbol, self._returned(f"W{subscript(self.layer + 1)}", self._carried(self.layer + 1))

    def da_dz(self) -> tuple[str, str]:
        a = self._activation(self.layer)
        z = f"{self.sum_letter}{self.number}"
        symbol = f"∂{a}/∂{z}"
        if self.spec.activation == "softmax":
            return symbol, f"diag({a}) − {a}·{a}ᵀ"
        template = formula_template(activation_slope(self.spec.activation, self.spec.slope), (A, Z))
        return symbol, fill_template(template, [a, z]).replace("·", " ⊙ ")

    def delta(self) -> tuple[str, str]:
        symbol = f"δ{self.number}"
        if self.is_last and self.network.is_fused:
            scale = self._scale()
            o = self._activation(self.depth)
            error = f"{self.y} − {o}" if self.turns else f"{o} − {self.y}"
            return symbol, error if scale == 1 else f"{scale}·({error})"
        above = f"{self.minus}∂L/∂{self._activation(self.layer)}"
        if self.spec.activation == "identity":
            return symbol, above
        if self.spec.activation == "softmax":
            return symbol, f"(diag(o) − o·oᵀ)·{above}"
        return symbol, f"{above} ⊙ {self.da_dz()[0]}"

    def delta_sample(self) -> tuple[str, str]:
        times = f"{self.rows}·" if self.rows > 1 and self.network.loss.batch == "mean" else ""
        return f"δ°{self.number}", times + self._carried(self.layer)

    def dz_dw(self) -> tuple[str, str]:
        return f"∂{self._sum_name()}/∂W{self.number}", f"{self._activation(self.layer - 1)}ᵀ"

    def dz_da(self) -> tuple[str, str]:
        return f"∂{self._sum_name()}/∂{self._activation(self.layer - 1)}", f"W{self.number}{self.forth}"

    def dW(self) -> tuple[str, str]:
        slope, entering = self._slope(self.layer), self._activation(self.layer - 1)
        outer = f"{self._before(self.layer)}{self._outer(slope, entering)}"
        decay = f" + {numeral(self.network.l2)}·W{self.number}" if self.network.l2 else ""
        return f"∂L/∂W{self.number}", outer + decay

    def db(self) -> tuple[str, str]:
        return f"∂L/∂b{self.number}", f"{self._before(self.layer)}{self._summed(self._slope(self.layer))}"

    def dX(self) -> tuple[str, str]:
        weights = f"W{subscript(1) if self.depth > 1 else ''}"
        return f"∂L/∂{self._activation(0)}", f"{self._before(1)}{self._returned(weights, self._slope(1))}"

    def rate(self) -> tuple[str, str]:
        return "η", fill_template(rate_form(self.optimizer.schedule).template, ["η₀", "t"])

    def norm(self) -> tuple[str, str]:
        return NORM, "√(Σ(∂L/∂w)² + Σ(∂L/∂b)²)" if any(one.biases for one in self.network.layers) else "√Σ(∂L/∂w)²"

    def clipped(self) -> tuple[str, str]:
        return self._clipped("W")

    def clipped_b(self) -> tuple[str, str]:
        return self._clipped("b")

    def state(self, state: State, is_of_bias: bool) -> tuple[str, str]:
        letter = "b" if is_of_bias else "W"
        line = next(line for line in RULES[self.optimizer.rule].states if line.makes == state)
        return self._ingredient(state, letter), self._filled(line, letter)

    def step(self) -> tuple[str, str]:
        step, held = self._step("W"), self._held(bool(self.spec.frozen))
        changes = self.network.conventions.flips_step
        symbol = step if ALONG[self.optimizer.rule] else f"−ΔW{self.number}"
        return (f"ΔW{self.number}", f"−{step}{held}") if changes else (symbol, step + held)

    def W(self) -> tuple[str, str]:
        changes = self.network.conventions.flips_step
        step = f"+ ΔW{self.number}" if changes else f"− {self._step('W')}"
        decay = f" − η·{decay_name(self.network)}·W{self.number}" if self.optimizer.weight_decay else ""
        held = "" if changes else self._held(bool(self.spec.frozen))
        return f"W{self.number}′", f"W{self.number} {step}{decay}{held}"

    def b(self) -> tuple[str, str]:
        if not self.spec.train_biases:
            return f"b{self.number}′", f"b{self.number} (held)"
        return f"b{self.number}′", f"b{self.number} − {self._step('b')}"

    def _step(self, letter: str) -> str:
        """η times the direction of the rule, for the weights `W` or the biases `b`."""
        line = RULES[self.optimizer.rule].direction
        if line is None:
            return f"η·{self._ingredient(ALONG[self.optimizer.rule] or 'slope', letter)}"
        return f"η·{self._filled(line, letter)}"

    def _clipped(self, letter: str) -> tuple[str, str]:
        line = CLIPPINGS[self.optimizer.clipping.kind]
        whole = f"∂L/∂{letter}{self.number}"
        if line is None:
            return whole, whole
        names = {"slope": whole, "norm": NORM, "limit": LIMIT}
        template = template_of(line.written, line.of)
        return self._ingredient("slope", letter), fill_template(template, [names[one] for one in line.of])

    def _filled(self, line: Line, letter: str) -> str:
        return fill_template(template_of(line.written, line.of), [self._ingredient(name, letter) for name in line.of])

    def _ingredient(self, name: Ingredient, letter: str) -> str:
        """What goes into a line of the rule, for all weights or biases of the layer at once."""
        if name == "slope":
            return (
                f"{'G' if letter == 'W' else 'gᵇ'}{self.number}"
                if self.optimizer.clips
                else f"∂L/∂{letter}{self.number}"
            )
        if name == "t":
            return "t"
        if name in CONSTANTS:
            return CONSTANTS[name]
        state, is_before = name.removesuffix("_before"), name.endswith("_before")
        sign = {str(key): letter for key, letter in STATE_LETTERS.items()}[state]
        sign = f"{sign[0].upper()}{sign[1:]}" if letter == "W" else f"{sign}ᵇ"
        return f"{sign}{self.number}{'' if is_before or state not in CARRIED else '′'}"

    def _activation(self, layer: int) -> str:
        if layer == 0:
            return "x"
        return "o" if layer == self.depth else f"a{subscript(layer)}"

    def _sum_name(self) -> str:
        return self._activation(self.layer) if self.spec.activation == "identity" else f"{self.sum_letter}{self.number}"

    def _slope(self, layer: int) -> str:
        """∂L/∂z of a layer under the name it goes by."""
        if self.network.layers[layer - 1].activation == "identity":
            return f"∂L/∂{self._activation(layer)}"
        return f"δ{subscript(layer) if self.depth > 1 else ''}"

    def _carried(self, layer: int) -> str:
        """What a layer carries back, with the sign that its sheet gives an error."""
        slope = self._slope(layer)
        return slope if slope.startswith("δ") else self.minus + slope

    def _before(self, layer: int) -> str:
        """What stands before a slope that is made from the error terms of a layer."""
        return self.minus if self._slope(layer).startswith("δ") else ""

    def _scale(self) -> Fraction:
        return self.network.loss.exact_scale(outputs=self.network.outputs, rows=self.rows)

    def _held(self, held: bool) -> str:
        return ", but for the held ones" if held else ""

    # What a sample that is a row writes otherwise

    y, sum_letter = "y", "z"

    def _weighted(self) -> str:
        """The weighted sums of the layer without its biases."""
        return f"W{self.number}{self.forth}·{self._activation(self.layer - 1)}"

    def _returned(self, weights: str, slope: str) -> str:
        """What a layer's slopes come to on their way back through its weights."""
        return f"{weights}{self.back}·{slope}"

    def _outer(self, slope: str, entering: str) -> str:
        """The product of slopes and what enters, added over the samples."""
        turned = self.network.conventions.transposes_weights
        return self.over_samples + (f"{entering}·{slope}ᵀ" if turned else f"{slope}·{entering}ᵀ")

    def _summed(self, slope: str) -> str:
        """The sum of slopes over the samples."""
        return self.over_samples + slope


class _RowWriter(_Writer):
    """Writes the matrix forms of a layer over several samples, a row each, with capitals for what has such rows."""

    y, sum_letter = "Y", "Z"

    def _activation(self, layer: int) -> str:
        return super()._activation(layer).replace("x", "X").replace("o", "O").replace("a", "A")

    def _weighted(self) -> str:
        return f"{self._activation(self.layer - 1)}·W{self.number}{self.back}"

    def _returned(self, weights: str, slope: str) -> str:
        return f"{slope}·{weights}{self.forth}"

    def _outer(self, slope: str, entering: str) -> str:
        turned = self.network.conventions.transposes_weights
        return f"{entering}ᵀ·{slope}" if turned else f"{slope}ᵀ·{entering}"

    def _summed(self, slope: str) -> str:
        return f"column sums of {slope}"
