"""The line of NumPy that computes one number of a pass: lines that run, one after the other, as a program.

The names are those of the field: `x`, `W1[0, 1]`, `z1[0]`, `delta1[0]`, `dW1[0, 1]`, `lr`. A network of single weights
is written without indices (`o = x * w`). With one sample its row is left out; with several it comes first. Run in the
order of `refs_of_pass` over the names of `starting_names`, the lines give the values of the records (a test does).
Cross-entropy is written from the outputs, as in a textbook; the program itself takes it from z, which stays exact where
the outputs have long been rounded to 0 or 1.
"""

from __future__ import annotations

import re
from typing import Any, get_args

import numpy as np

from nn_tutor.network.activations import CALLED_IN_CODE, activation_of
from nn_tutor.network.graph import graph_of, is_single_chain
from nn_tutor.network.losses import loss_of
from nn_tutor.network.optimizer import ALONG, REMEMBERED, Constant, State
from nn_tutor.network.passes import fresh_memory
from nn_tutor.network.quantities import (
    QUANTITIES,
    TABLE,
    Quantity,
    Ref,
    elements,
    has_rows,
    layers_of,
    shape_of,
    shown_sign,
    stands_transposed,
    state_of,
    state_ref,
)
from nn_tutor.network.records import Pass
from nn_tutor.network.rules import CLIPPINGS, RULES, Ingredient, Line
from nn_tutor.network.spec import Network


def code_line(network: Network, rows: int, ref: Ref) -> str:
    """Return the line that computes a number: `dL_do = 2 * (o - y)`."""
    speller = _Speller(network, rows)
    return f"{speller.name(ref)} = {speller.expression(ref)}"


def code_name(network: Network, rows: int, ref: Ref) -> str:
    """Return the name that a number has in the program: `dW1[0, 1]`, `dL_dw`."""
    return _Speller(network, rows).name(ref)


def starting_names(network: Network, passed: Pass) -> dict[str, Any]:
    """Return what the lines of a pass stand on: inputs, targets, old parameters, and empty arrays for the results."""
    speller = _Speller(network, passed.X.shape[0])
    names: dict[str, Any] = {
        "np": np,
        **CALLED_IN_CODE,
        speller.base_rate: network.learning_rate,
        "l2": network.l2,
        "weight_decay": network.optimizer.weight_decay,
        "t": passed.number,
        "clip": network.optimizer.clipping.at,
        **{name: network.optimizer.constants[name] for name in get_args(Constant)},
        "x": speller.strip(passed.X),
        "y": speller.strip(passed.X * 0 if passed.Y is None else passed.Y),
    }
    for index, (W, b) in enumerate(zip(passed.before.W, passed.before.b, strict=True)):
        matrix = W.T if network.conventions.transposes_weights else W
        names[speller.parameter("w", index + 1)] = W[0, 0] if network.is_scalar else matrix
        if b is not None:
            names[speller.parameter("b", index + 1)] = b[0] if network.is_scalar else b
        names |= _remembered(network, passed, speller, index)
    for quantity, layer in _everything(network):
        first = next(iter(elements(network, speller.rows, quantity, layer)))
        name, bracket, _ = speller.name(first).partition("[")
        if bracket:
            names.setdefault(
                name, speller.strip_like(quantity, np.zeros(shape_of(network, speller.rows, quantity, layer)))
            )
    return names


def _remembered(network: Network, passed: Pass, speller: _Speller, index: int) -> dict[str, Any]:
    """What the update rule remembers of a layer, counted from 0."""
    memory = passed.before.memory or fresh_memory(network, passed.before)
    found: dict[str, Any] = {}
    for state, arrays in memory.W.items():
        W = arrays[index].T if network.conventions.transposes_weights else arrays[index]
        found[speller.old_state(state, index + 1, (0, 0)).partition("[")[0]] = W[0, 0] if network.is_scalar else W
    for state, biases in memory.b.items():
        b = biases[index]
        if b is not None:
            found[speller.old_state(state, index + 1, (0,)).partition("[")[0]] = b[0] if network.is_scalar else b
    return found


def _everything(network: Network) -> list[tuple[Quantity, int | None]]:
    indexed = [quantity for quantity in QUANTITIES if TABLE[quantity].axes]
    return [(quantity, layer) for quantity in indexed for layer in layers_of(network, quantity)]


class _Speller:
    """How one network's quantities are spelled in code, for a batch of `rows` samples."""

    def __init__(self, network: Network, rows: int) -> None:
        self.network = network
        self.rows = rows
        self.depth = len(network.layers)
        self.transposes = network.conventions.transposes_weights
        self.flips = shown_sign(network, Ref("dL_do", None, (0, 0))) < 0

    def name(self, ref: Ref) -> str:
        """The name of a number, with its index in brackets where it has one."""
        scalar = self.network.is_scalar
        index = list(ref.index or ())
        by_row = has_rows(ref.quantity)
        row, units = (index[:1], index[1:]) if by_row else ([], index)
        if stands_transposed(self.network, ref.quantity):
            units = units[::-1]
        kept = ([] if self.rows == 1 else row) + ([] if scalar else units)
        return self._stem(ref) + (f"[{', '.join(map(str, kept))}]" if kept else "")

    def parameter(self, letter: str, layer: int) -> str:
        """The name of a layer's old weights or biases: `W1`, in a network of single weights `w1`."""
        letter = letter if self.network.is_scalar or letter == "b" else letter.upper()
        return f"{letter}{layer if self.depth > 1 else ''}"

    def strip(self, array: Any) -> Any:
        """An array `[row, unit]` without the row of a single sample and without the unit of a scalar network."""
        stripped = array[:, 0] if self.network.is_scalar else array
        return stripped[0] if self.rows == 1 else stripped

    def strip_like(self, quantity: Quantity, array: Any) -> Any:
        """An empty result array in the shape in which the code indexes it."""
        by_row = has_rows(quantity)
        if self.network.is_scalar:
            return array.reshape(array.shape[:1] if by_row else ())
        if stands_transposed(self.network, quantity):
            return array.T
        return array[0] if by_row and self.rows == 1 else array

    def expression(self, ref: Ref) -> str:
        """The right side of a number's line."""
        state = state_of(ref.quantity)
        if state is not None:
            line = next(line for line in RULES[self.network.optimizer.rule].states if line.makes == state[0])
            return self._line(line, ref)
        method: str = getattr(self, f"_{ref.quantity}")(ref, *(ref.index or ()))
        return method

    def _stem(self, ref: Ref) -> str:
        layer = ref.layer or self.depth
        number = str(layer) if self.depth > 1 else ""
        last = layer == self.depth
        if ref.quantity in _PLAIN_NAMES:
            return _PLAIN_NAMES[ref.quantity]
        state = state_of(ref.quantity)
        if state is not None and state[0] in RULES[self.network.optimizer.rule].remembered:
            return f"{ref.quantity}{number}_new"
        if ref.quantity == "a":
            return "o" if last else f"a{number}"
        if self.flips and ref.quantity in ("dL_do", "dL_da"):
            return f"error{'' if last or ref.layer is None else number}"
        if ref.quantity in ("W", "b"):
            return f"{self.parameter(ref.quantity.lower(), layer)}_new"
        if not self.network.is_scalar:
            return ref.quantity if ref.layer is None else f"{ref.quantity}{number}"
        above = "o" if last and self.network.layers[layer - 1].activation == "identity" else f"z{number}"
        return {
            "dW": f"dL_dw{number}",
            "db": f"dL_db{number}",
            "dX": "dL_dx",
            "da_dz": f"d{'o' if last else f'a{number}'}_dz{number}",
            "dz_dw": f"d{above}_dw{number}",
            "dz_da": f"d{above}_da{layer - 1}",
        }.get(ref.quantity, ref.quantity if ref.layer is None else f"{ref.quantity}{number}")

    def _entering(self, layer: int, places: str) -> str:
        stem = "x" if layer == 1 else f"a{layer - 1}"
        return stem + places

    def _places(self, *places: object) -> str:
        """Brackets around a row place and a unit place (':' for all), as far as this network's arrays have them."""
        row, unit = places
        kept = ([] if self.rows == 1 else [str(row)]) + ([] if self.network.is_scalar else [str(unit)])
        while kept and kept[-1] == ":":
            kept.pop()
        return f"[{', '.join(kept)}]" if kept else ""

    def _old(self, letter: str, layer: int, *places: object) -> str:
        if self.transposes and len(places) == 2:
            places = places[::-1]
        brackets = "" if self.network.is_scalar else f"[{', '.join(map(str, places))}]"
        return self.parameter(letter, layer) + brackets

    def _sibling(self, ref: Ref, quantity: Quantity, *index: int) -> str:
        return self.name(Ref(quantity, ref.layer, index))

    def _z(self, ref: Ref, row: int, unit: int) -> str:
        layer = ref.layer or 1
        if self.network.is_scalar:
            product = f"{self._entering(layer, self._places(row, ':'))} * {self._old('w', layer)}"
        elif self.transposes:
            product = f"{self._entering(layer, self._places(row, ':'))} @ {self._old('w', layer, unit, ':')}"
        else:
            product = f"{self._old('w', layer, unit)} @ {self._entering(layer, self._places(row, ':'))}"
        return product + (f" + {self._old('b', layer, unit)}" if self._has_biases(ref) else "")

    def _a(self, ref: Ref, row: int, unit: int) -> str:
        activation = activation_of(self.network.layers[(ref.layer or 1) - 1])
        if activation.name == "identity":
            return self._z(ref, row, unit)
        if activation.name == "softmax":
            z = self._sibling(ref, "z", row, unit).partition("[")[0] + self._places(row, ":")
            return f"softmax({z})" + ("" if self.network.is_scalar else f"[{unit}]")
        return _replace_name(activation.code, "z", self._sibling(ref, "z", row, unit))

    def _loss(self, ref: Ref) -> str:
        code = loss_of(self.network.loss).code
        is_number = self.network.is_scalar and self.rows == 1
        text = self._scaled(code if is_number else f"np.sum({code})")
        if self.network.l2:
            squares = " + ".join(f"np.sum({self.parameter('w', layer + 1)}**2)" for layer in range(self.depth))
            text += f" + l2 / 2 * ({squares})"
        return text

    def _loss_term(self, ref: Ref, row: int, unit: int) -> str:
        o, y = self.name(Ref("a", self.depth, (row, unit))), "y" + self._places(row, unit)
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
        o, y = self.name(Ref("a", self.depth, (row, unit))), "y" + self._places(row, unit)
        text = loss_of(self.network.loss).derivative_code
        if self.flips:
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
        last = layer == self.depth
        if last and self.network.is_fused:
            o, y = self._sibling(ref, "a", row, unit), "y" + self._places(row, unit)
            return self._scaled(f"{y} - {o}" if self.flips else f"{o} - {y}")
        above = self.name(Ref("dL_do", None, (row, unit)) if last else Ref("dL_da", layer, (row, unit)))
        if self.network.layers[layer - 1].activation == "softmax" and not self.network.is_scalar:
            slopes = above.partition("[")[0] + self._places(row, ":")
            jacobian = self._sibling(ref, "da_dz", row, 0, 0).partition("[")[0]
            return f"{slopes} @ {jacobian}[{'' if self.rows == 1 else f'{row}, '}:, {unit}]"
        local = Ref(
            "da_dz", layer, (row, unit, unit) if self.network.layers[layer - 1].activation == "softmax" else (row, unit)
        )
        return f"{above} * {self.name(local)}"

    def _delta_sample(self, ref: Ref, row: int, unit: int) -> str:
        own = self._sibling(ref, "delta", row, unit)
        return f"{own} * {self.rows}" if self.rows > 1 and self.network.loss.batch == "mean" else own

    def _dz_dw(self, ref: Ref, row: int, out: int, into: int) -> str:
        return self._entering(ref.layer or 1, self._places(row, into))

    def _dz_da(self, ref: Ref, out: int, into: int) -> str:
        return self._old("w", ref.layer or 1, out, into)

    def _dL_da(self, ref: Ref, row: int, unit: int) -> str:
        return self._path_sum((ref.layer or 1) + 1, row, unit)

    def _dX(self, ref: Ref, row: int, feature: int) -> str:
        return self._minus + self._path_sum(1, row, feature)

    @property
    def _minus(self) -> str:
        """What stands before a slope that is made from error terms of the other sign."""
        return "-" if self.flips else ""

    def _path_sum(self, layer: int, row: int, into: int) -> str:
        if not self.network.is_scalar:
            return f"{self._arriving(layer, row, ':')} @ {self._old('w', layer, ':', into)}"
        return f"{self._arriving(layer, row, ':')} * {self._old('w', layer)}"

    def _arriving(self, layer: int, *places: object) -> str:
        """The slope that arrives at a layer's weighted sums; without an activation these have no δ."""
        ref = Ref("delta", layer, (0, 0))
        if self.network.layers[layer - 1].activation == "identity":
            ref = Ref("dL_do", None, (0, 0)) if layer == self.depth else Ref("dL_da", layer, (0, 0))
        return self.name(ref).partition("[")[0] + self._places(*places)

    def _dW(self, ref: Ref, out: int, into: int) -> str:
        layer = ref.layer or 1
        if is_single_chain(self.network, self.rows) and not self.network.is_fused:
            text = " * ".join(self._links())
        else:
            arriving = self._arriving(layer, ":", out)
            text = f"{arriving} {'*' if self.rows == 1 else '@'} {self._entering(layer, self._places(':', into))}"
        return self._minus + text + (f" + l2 * {self._old('w', layer, out, into)}" if self.network.l2 else "")

    def _links(self) -> list[str]:
        """The links of the chain of a single weight."""
        links = [Ref("dL_do", None, (0, 0)), Ref("da_dz", 1, (0, 0)), Ref("dz_dw", 1, (0, 0, 0))]
        if self.network.layers[0].activation == "identity":
            del links[1]
        return [self.name(link) for link in links]

    def _db(self, ref: Ref, out: int) -> str:
        arriving = self._arriving(ref.layer or 1, ":", out)
        return self._minus + (arriving if self.rows == 1 else f"np.sum({arriving})")

    def _rate(self, ref: Ref) -> str:
        schedule = self.network.optimizer.schedule
        if schedule.kind == "step":
            return f"{self.base_rate} * {schedule.factor!r} ** ((t - 1) // {schedule.every})"
        turn = f"(1 + np.cos(np.pi * min(t - 1, {schedule.passes}) / {schedule.passes})) / 2"
        least = "" if not schedule.least else f"{schedule.least!r} + "
        fall = f"({self.base_rate} - {schedule.least!r})" if schedule.least else self.base_rate
        return f"{least}{fall} * {turn}"

    def _norm(self, ref: Ref) -> str:
        """The length of all slopes but those of what is held, which have no part in it."""
        node = graph_of(self.network, self.rows).node(ref)
        slopes = [argument for argument in node.arguments if isinstance(argument, Ref)]
        return f"np.sqrt({' + '.join(f'{self.name(slope)}**2' for slope in slopes)})" if slopes else "0.0"

    def _clipped(self, ref: Ref, *index: int) -> str:
        line = CLIPPINGS[self.network.optimizer.clipping.kind]
        whole = self.name(Ref("dW" if len(index) == 2 else "db", ref.layer, index))
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
                return self.name(Ref(clipped if clips else whole, layer, index))
            case before if before in REMEMBERED:
                return self.old_state(REMEMBERED[before], layer, index)
            case "velocity" | "m" | "v" | "m_hat" | "v_hat":
                return self.name(state_ref(name, layer, index))
            case _:
                return name

    def old_state(self, state: State, layer: int, index: tuple[int, ...]) -> str:
        """The name of what is remembered of a parameter: that of its new value without what says so."""
        stem, bracket, places = self.name(state_ref(state, layer, index)).partition("[")
        return stem.removesuffix("_new") + bracket + places

    @property
    def base_rate(self) -> str:
        """The name of the learning rate that is given."""
        return "lr0" if self.network.optimizer.is_scheduled else "lr"

    def _growth(self, ref: Ref, out: int, into: int) -> str:
        """What a weight grows by, η·δ·a, "" where more has a part in it: several samples, L2, a rule."""
        if not self.flips or self.rows > 1 or self.network.l2 or not self.network.optimizer.goes_along_slope:
            return ""
        arriving = self._arriving(ref.layer or 1, ":", out)
        return f"lr * {arriving} * {self._entering(ref.layer or 1, self._places(':', into))}"

    def _W(self, ref: Ref, out: int, into: int) -> str:
        layer = ref.layer or 1
        old = self._old("w", layer, out, into)
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
        old = self._old("b", layer, out)
        trained = self.network.layers[layer - 1].train_biases
        if trained and self.flips and self.rows == 1 and self.network.optimizer.goes_along_slope:
            return f"{old} + lr * {self._arriving(layer, ':', out)}"
        return f"{old} - lr * {self._direction(ref)}" if trained else old

    def _has_biases(self, ref: Ref) -> bool:
        return self.network.layers[(ref.layer or 1) - 1].biases is not None


_PLAIN_NAMES: dict[str, str] = {"loss": "L", "rate": "lr", "norm": "norm"}


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
