"""The matrix form: a whole quantity of a layer at once, `∂L/∂W₁ = δ₁·xᵀ`. A sample is a column here, as in prose.

The element forms say the same number by number, and those are what SymPy derives. With several samples the sum over
them stands before what is summed.
"""

from __future__ import annotations

from fractions import Fraction

from sympy import Rational

from nn_tutor.calculus.notation import fill_template, formula_template
from nn_tutor.calculus.numerals import numeral, subscript
from nn_tutor.calculus.records import MatrixDerivation
from nn_tutor.calculus.sheet import turned
from nn_tutor.calculus.symbols import LOSS_TERMS, A, O, Y, Z, activation_slope, loss_slope
from nn_tutor.network.activations import ACTIVATIONS
from nn_tutor.network.quantities import Quantity, Ref, shown_sign
from nn_tutor.network.spec import Network


def matrix_rule(network: Network, rows: int, quantity: Quantity, layer: int | None) -> MatrixDerivation:
    """Return symbol and rule of a quantity of one layer in matrix form."""
    writer = _Writer(network, rows, layer or len(network.layers))
    symbol, rule = getattr(writer, quantity)()
    return MatrixDerivation(quantity, layer, symbol, rule)


class _Writer:
    """Writes the matrix forms of one layer; each method returns symbol and rule of the quantity it is named after."""

    def __init__(self, network: Network, rows: int, layer: int) -> None:
        self.network = network
        self.rows = rows
        self.layer = layer
        self.depth = len(network.layers)
        self.spec = network.layers[layer - 1]
        self.number = subscript(layer) if self.depth > 1 else ""
        self.over_samples = "Σ " if rows > 1 else ""
        self.is_last = layer == self.depth
        self.turns = shown_sign(network, Ref("dL_do", None, (0, 0))) < 0
        self.minus = "−" if self.turns else ""
        self.forth, self.back = ("ᵀ", "") if network.conventions.transposes_weights else ("", "ᵀ")

    def z(self) -> tuple[str, str]:
        symbol = self._activation(self.layer) if self.spec.activation == "identity" else f"z{self.number}"
        return symbol, f"W{self.number}{self.forth}·{self._activation(self.layer - 1)}" + (
            "" if self.spec.biases is None else f" + b{self.number}"
        )

    def a(self) -> tuple[str, str]:
        inner = self.z()[1] if self.spec.activation == "identity" else f"z{self.number}"
        return self._activation(self.layer), ACTIVATIONS[self.spec.activation].written.format(z=inner)

    def loss(self) -> tuple[str, str]:
        symbols = (O, Y) if self.network.loss.has_targets else (O,)
        term = fill_template(formula_template(LOSS_TERMS[self.network.loss.kind], symbols), ["o", "y"])
        scale = self._scale()
        several = self.network.outputs * self.rows > 1
        if several and not term.startswith("("):
            term = f"({term})"
        before = "" if scale == 1 else f"{scale}·"
        penalty = f" + {numeral(self.network.l2 / 2)}·Σw²" if self.network.l2 else ""
        return "L", before + ("Σ" if several else "") + term + penalty

    def dL_do(self) -> tuple[str, str]:
        scale = self._scale()
        slope = loss_slope(self.network.loss.kind, Rational(scale.numerator, scale.denominator))
        template = formula_template(slope, (O, Y))
        return f"{self.minus}∂L/∂o", fill_template(turned(template) if self.turns else template, ["o", "y"])

    def dL_da(self) -> tuple[str, str]:
        symbol = f"{self.minus}∂L/∂{self._activation(self.layer)}"
        return symbol, f"W{subscript(self.layer + 1)}{self.back}·{self._carried(self.layer + 1)}"

    def da_dz(self) -> tuple[str, str]:
        a = self._activation(self.layer)
        symbol = f"∂{a}/∂z{self.number}"
        if self.spec.activation == "softmax":
            return symbol, f"diag({a}) − {a}·{a}ᵀ"
        template = formula_template(activation_slope(self.spec.activation), (A, Z))
        return symbol, fill_template(template, [a, f"z{self.number}"]).replace("·", " ⊙ ")

    def delta(self) -> tuple[str, str]:
        symbol = f"δ{self.number}"
        if self.is_last and self.network.is_fused:
            scale = self._scale()
            error = "y − o" if self.turns else "o − y"
            return symbol, error if scale == 1 else f"{scale}·({error})"
        above = f"{self.minus}∂L/∂o" if self.is_last else f"{self.minus}∂L/∂{self._activation(self.layer)}"
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
        product = f"{entering}·{slope}ᵀ" if self.network.conventions.transposes_weights else f"{slope}·{entering}ᵀ"
        outer = f"{self._before(self.layer)}{self.over_samples}{product}"
        decay = f" + {numeral(self.network.l2)}·W{self.number}" if self.network.l2 else ""
        return f"∂L/∂W{self.number}", outer + decay

    def db(self) -> tuple[str, str]:
        return f"∂L/∂b{self.number}", f"{self._before(self.layer)}{self.over_samples}{self._slope(self.layer)}"

    def dX(self) -> tuple[str, str]:
        weights = f"W{subscript(1) if self.depth > 1 else ''}{self.back}"
        return "∂L/∂x", f"{self._before(1)}{weights}·{self._slope(1)}"

    def step(self) -> tuple[str, str]:
        step, held = f"η·∂L/∂W{self.number}", self._held(bool(self.spec.frozen))
        changes = self.network.conventions.flips_step
        return (f"ΔW{self.number}", f"−{step}{held}") if changes else (step, step + held)

    def W(self) -> tuple[str, str]:
        changes = self.network.conventions.flips_step
        step = f"+ ΔW{self.number}" if changes else f"− η·∂L/∂W{self.number}"
        return f"W{self.number}′", f"W{self.number} {step}" + ("" if changes else self._held(bool(self.spec.frozen)))

    def b(self) -> tuple[str, str]:
        if not self.spec.train_biases:
            return f"b{self.number}′", f"b{self.number} (held)"
        return f"b{self.number}′", f"b{self.number} − η·∂L/∂b{self.number}"

    def _activation(self, layer: int) -> str:
        if layer == 0:
            return "x"
        return "o" if layer == self.depth else f"a{subscript(layer)}"

    def _sum_name(self) -> str:
        return self._activation(self.layer) if self.spec.activation == "identity" else f"z{self.number}"

    def _slope(self, layer: int) -> str:
        """∂L/∂z of a layer under the name it goes by."""
        if self.network.layers[layer - 1].activation == "identity":
            return "∂L/∂o" if layer == self.depth else f"∂L/∂{self._activation(layer)}"
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
