"""The line of NumPy that computes one number of a pass: lines that run, one after the other, as a program.

A network of single weights is written without indices (`o = x * w`), any other with those of its matrices. Run in the
order of `refs_of_pass` over the names of `starting_names`, the lines give the values of the records (a test does).
Cross-entropy is written from the outputs, as in a textbook; the program itself takes it from z, which stays exact where
the outputs have long been rounded to 0 or 1.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nn_tutor.network.activations import activation_of
from nn_tutor.network.graph import graph_of
from nn_tutor.network.losses import loss_of
from nn_tutor.network.optimizer import ALONG, REMEMBERED
from nn_tutor.network.quantities import (
    Quantity,
    Ref,
    state_of,
    state_ref,
)
from nn_tutor.network.rules import CLIPPINGS, RULES, Ingredient, Line
from nn_tutor.network.spelling import is_single_chain
from nn_tutor.walkthrough.code_names import Names

if TYPE_CHECKING:
    from nn_tutor.network.spec import Network


def code_line(network: Network, rows: int, ref: Ref) -> str:
    """Return the line that computes a number: `dL_do = 2 * (o - y)`."""
    return f"{code_name(network, rows, ref)} = {_Expressions(network, rows).expression(ref)}"


def code_name(network: Network, rows: int, ref: Ref) -> str:
    """Return the name that a number has in the program: `dW1[0, 1]`, `dL_dw`."""
    return Names(network, rows).name(ref)


class _Expressions:
    """The right sides of a network's lines, for a batch of `rows` samples: a method for each quantity, by its name."""

    def __init__(self, network: Network, rows: int) -> None:
        self.network = network
        self.rows = rows
        self.names = Names(network, rows)

    def expression(self, ref: Ref) -> str:
        """The right side of a number's line."""
        state = state_of(ref.quantity)
        if state is not None:
            line = next(line for line in RULES[self.network.optimizer.rule].states if line.makes == state[0])
            return self._line(line, ref)
        method: str = getattr(self, f"_{ref.quantity}")(ref, *(ref.index or ()))
        return method

    def _sibling(self, ref: Ref, quantity: Quantity, *index: int) -> str:
        return self.names.name(Ref(quantity, ref.layer, index))

    def _z(self, ref: Ref, row: int, unit: int) -> str:
        layer = ref.layer or 1
        if self.network.is_scalar:
            product = f"{self.names.entering(layer, row, ':')} * {self.names.old('w', layer)}"
        elif self.names.transposes:
            product = f"{self.names.entering(layer, row, ':')} @ {self.names.old('w', layer, unit, ':')}"
        else:
            product = f"{self.names.old('w', layer, unit)} @ {self.names.entering(layer, row, ':')}"
        return product + (f" + {self.names.old('b', layer, unit)}" if self._has_biases(ref) else "")

    def _a(self, ref: Ref, row: int, unit: int) -> str:
        activation = activation_of(self.network.layers[(ref.layer or 1) - 1])
        if activation.name == "identity":
            return self._z(ref, row, unit)
        if activation.name == "softmax":
            z = self._sibling(ref, "z", row, unit).partition("[")[0] + self.names.places(row, ":")
            return f"softmax({z})" + ("" if self.network.is_scalar else f"[{unit}]")
        return _replace_name(activation.code, "z", self._sibling(ref, "z", row, unit))

    def _loss(self, ref: Ref) -> str:
        code = loss_of(self.network.loss).code
        is_number = self.network.is_scalar and self.rows == 1
        text = self._scaled(code if is_number else f"np.sum({code})")
        if self.network.l2:
            squares = " + ".join(
                f"np.sum({self.names.parameter('w', layer + 1)}**2)" for layer in range(self.names.depth)
            )
            text += f" + l2 / 2 * ({squares})"
        return text

    def _loss_term(self, ref: Ref, row: int, unit: int) -> str:
        o, y = self.names.name(Ref("a", self.names.depth, (row, unit))), "y" + self.names.places(row, unit)
        return _replace_name(_replace_name(loss_of(self.network.loss).code, "o", o), "y", y)

    def _scaled(self, text: str) -> str:
        """An expression times the loss's factor, over what it is averaged over."""
        loss = self.network.loss
        scale = loss.exact_scale(outputs=self.network.outputs, rows=self.rows)
        divisor = loss.exact_factor / scale
        before = "" if loss.factor == 1 else f"{loss.factor!r} * "
        after = "" if divisor == 1 else f" / {divisor}"
        return before + (f"({text})" if (before or after) and _is_sum(text) else text) + after

    def _dL_do(self, ref: Ref, row: int, unit: int) -> str:
        o, y = self.names.name(Ref("a", self.names.depth, (row, unit))), "y" + self.names.places(row, unit)
        text = loss_of(self.network.loss).derivative_code
        if self.names.flips:
            text = text.replace("o - y", "y - o") if "o - y" in text else text.removeprefix("-")
        for name, full in (("o", o), ("y", y)):
            text = _replace_name(text, name, full)
        return self._scaled(text)

    def _da_dz(self, ref: Ref, row: int, *units: int) -> str:
        activation = activation_of(self.network.layers[(ref.layer or 1) - 1])
        a = self._sibling(ref, "a", row, units[0])
        if activation.name == "softmax":
            into = self._sibling(ref, "a", row, units[1])
            return f"{a} * ({'1' if units[0] == units[1] else '0'} - {into})"
        if activation.slope_in == "z":
            return _replace_name(activation.derivative_code, "z", self._sibling(ref, "z", row, units[0]))
        return _replace_name(activation.derivative_code, "a", a)

    def _delta(self, ref: Ref, row: int, unit: int) -> str:
        layer = ref.layer or 1
        last = layer == self.names.depth
        if last and self.network.is_fused:
            o, y = self._sibling(ref, "a", row, unit), "y" + self.names.places(row, unit)
            return self._scaled(f"{y} - {o}" if self.names.flips else f"{o} - {y}")
        above = self.names.name(Ref("dL_do", None, (row, unit)) if last else Ref("dL_da", layer, (row, unit)))
        if self.network.layers[layer - 1].activation == "softmax" and not self.network.is_scalar:
            slopes = above.partition("[")[0] + self.names.places(row, ":")
            jacobian = self._sibling(ref, "da_dz", row, 0, 0).partition("[")[0]
            return f"{slopes} @ {jacobian}[{'' if self.rows == 1 else f'{row}, '}:, {unit}]"
        local = Ref(
            "da_dz", layer, (row, unit, unit) if self.network.layers[layer - 1].activation == "softmax" else (row, unit)
        )
        return f"{above} * {self.names.name(local)}"

    def _delta_sample(self, ref: Ref, row: int, unit: int) -> str:
        own = self._sibling(ref, "delta", row, unit)
        return f"{own} * {self.rows}" if self.rows > 1 and self.network.loss.batch == "mean" else own

    def _dz_dw(self, ref: Ref, row: int, out: int, into: int) -> str:
        return self.names.entering(ref.layer or 1, row, into)

    def _dz_da(self, ref: Ref, out: int, into: int) -> str:
        return self.names.old("w", ref.layer or 1, out, into)

    def _dL_da(self, ref: Ref, row: int, unit: int) -> str:
        return self._path_sum((ref.layer or 1) + 1, row, unit)

    def _dX(self, ref: Ref, row: int, feature: int) -> str:
        return self._minus + self._path_sum(1, row, feature)

    @property
    def _minus(self) -> str:
        """What stands before a slope that is made from error terms of the other sign."""
        return "-" if self.names.flips else ""

    def _path_sum(self, layer: int, row: int, into: int) -> str:
        if not self.network.is_scalar:
            return f"{self._arriving(layer, row, ':')} @ {self.names.old('w', layer, ':', into)}"
        return f"{self._arriving(layer, row, ':')} * {self.names.old('w', layer)}"

    def _arriving(self, layer: int, *places: object) -> str:
        """The slope that arrives at a layer's weighted sums; without an activation these have no δ."""
        ref = Ref("delta", layer, (0, 0))
        if self.network.layers[layer - 1].activation == "identity":
            ref = Ref("dL_do", None, (0, 0)) if layer == self.names.depth else Ref("dL_da", layer, (0, 0))
        return self.names.name(ref).partition("[")[0] + self.names.places(*places)

    def _dW(self, ref: Ref, out: int, into: int) -> str:
        layer = ref.layer or 1
        if is_single_chain(self.network, self.rows) and not self.network.is_fused:
            text = " * ".join(self._links())
        else:
            factors = self._arriving(layer, ":", out), self.names.entering(layer, ":", into)
            if self.network.is_scalar and self.rows > 1:  # what a matrix product is comes with the first matrix
                text = f"np.sum({' * '.join(factors)})"
            else:
                text = f" {'*' if self.rows == 1 else '@'} ".join(factors)
        return self._minus + text + (f" + l2 * {self.names.old('w', layer, out, into)}" if self.network.l2 else "")

    def _links(self) -> list[str]:
        """The links of the chain of a single weight."""
        links = [Ref("dL_do", None, (0, 0)), Ref("da_dz", 1, (0, 0)), Ref("dz_dw", 1, (0, 0, 0))]
        if self.network.layers[0].activation == "identity":
            del links[1]
        return [self.names.name(link) for link in links]

    def _db(self, ref: Ref, out: int) -> str:
        arriving = self._arriving(ref.layer or 1, ":", out)
        return self._minus + (arriving if self.rows == 1 else f"np.sum({arriving})")

    def _rate(self, ref: Ref) -> str:
        schedule = self.network.optimizer.schedule
        if schedule.kind == "step":
            return f"{self.names.base_rate} * {schedule.factor!r} ** ((t - 1) // {schedule.every})"
        turn = f"(1 + np.cos(np.pi * min(t - 1, {schedule.passes}) / {schedule.passes})) / 2"
        least = "" if not schedule.least else f"{schedule.least!r} + "
        fall = f"({self.names.base_rate} - {schedule.least!r})" if schedule.least else self.names.base_rate
        return f"{least}{fall} * {turn}"

    def _norm(self, ref: Ref) -> str:
        """The length of all slopes but those of what is held, which have no part in it."""
        node = graph_of(self.network, self.rows).node(ref)
        slopes = [argument for argument in node.arguments if isinstance(argument, Ref)]
        return f"np.sqrt({' + '.join(f'{self.names.name(slope)}**2' for slope in slopes)})" if slopes else "0.0"

    def _clipped(self, ref: Ref, *index: int) -> str:
        line = CLIPPINGS[self.network.optimizer.clipping.kind]
        whole = self.names.name(Ref("dW" if len(index) == 2 else "db", ref.layer, index))
        return whole if line is None else line.code.format(slope=whole, norm="norm", limit="clip")

    _clipped_b = _clipped

    def _step(self, ref: Ref, out: int, into: int) -> str:
        frozen = (out, into) in self.network.layers[(ref.layer or 1) - 1].frozen
        if frozen:
            return "0.0"
        if self.network.conventions.flips_step:
            return self._growth(ref, out, into) or f"-lr * {self._direction(ref)}"
        return f"lr * {self._direction(ref)}"

    def _direction(self, ref: Ref) -> str:
        """What η multiplies, of the weight or bias that a number belongs to."""
        along, line = ALONG[self.network.optimizer.rule], RULES[self.network.optimizer.rule].direction
        return self._ingredient(along or "slope", ref) if line is None else self._line(line, ref)

    def _line(self, line: Line, ref: Ref) -> str:
        return line.code.format(**{name: self._ingredient(name, ref) for name in line.of})

    def _ingredient(self, name: Ingredient, ref: Ref) -> str:
        """What goes into a line of the rule of one parameter."""
        layer, index = ref.layer or 1, ref.index or ()
        match name:
            case "slope":
                is_bias, clips = len(index) == 1, self.network.optimizer.clips
                whole: Quantity = "db" if is_bias else "dW"
                clipped: Quantity = "clipped_b" if is_bias else "clipped"
                return self.names.name(Ref(clipped if clips else whole, layer, index))
            case before if before in REMEMBERED:
                return self.names.old_state(REMEMBERED[before], layer, index)
            case "velocity" | "m" | "v" | "m_hat" | "v_hat":
                return self.names.name(state_ref(name, layer, index))
            case _:
                return name

    def _growth(self, ref: Ref, out: int, into: int) -> str:
        """What a weight grows by, η·δ·a, "" where more has a part in it: several samples, L2, a rule."""
        if not self.names.flips or self.rows > 1 or self.network.l2 or not self.network.optimizer.goes_along_slope:
            return ""
        arriving = self._arriving(ref.layer or 1, ":", out)
        return f"lr * {arriving} * {self.names.entering(ref.layer or 1, ':', into)}"

    def _W(self, ref: Ref, out: int, into: int) -> str:
        layer = ref.layer or 1
        old = self.names.old("w", layer, out, into)
        frozen = (out, into) in self.network.layers[layer - 1].frozen
        if frozen:
            return old
        decay = f" - lr * weight_decay * {old}" if self.network.optimizer.weight_decay else ""
        if self.network.conventions.flips_step:
            return f"{old} + {self._sibling(ref, 'step', out, into)}{decay}"
        growth = self._growth(ref, out, into)
        return (f"{old} + {growth}" if growth else f"{old} - lr * {self._direction(ref)}") + decay

    def _b(self, ref: Ref, out: int) -> str:
        layer = ref.layer or 1
        old = self.names.old("b", layer, out)
        trained = self.network.layers[layer - 1].train_biases
        if trained and self.names.flips and self.rows == 1 and self.network.optimizer.goes_along_slope:
            return f"{old} + lr * {self._arriving(layer, ':', out)}"
        return f"{old} - lr * {self._direction(ref)}" if trained else old

    def _has_biases(self, ref: Ref) -> bool:
        return self.network.layers[(ref.layer or 1) - 1].biases is not None


def _is_sum(code: str) -> bool:
    """Whether an expression has a + or − outside all brackets, and so wants brackets before it is multiplied."""
    depth = 0
    for before, character, after in zip(code, code[1:], code[2:], strict=False):
        depth += (before in "([") - (before in ")]")
        if depth == 0 and before == after == " " and character in "+-":
            return True
    return False


def _replace_name(code: str, name: str, full: str) -> str:
    return re.sub(rf"(?<![\w.]){name}(?![\w(\[])", full, code)
