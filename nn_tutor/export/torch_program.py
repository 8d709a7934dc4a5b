"""A lesson as a PyTorch program: the same passes, whose slopes PyTorch finds by itself, held against the lesson's."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np

from nn_tutor.export.runs import Run
from nn_tutor.export.script import Section
from nn_tutor.export.source import Value, assigned, call, literal
from nn_tutor.network.losses import LOSSES
from nn_tutor.network.passes import Pass, batch
from nn_tutor.network.spec import ActivationName

MAX_SHOWN = 64
"""A tensor of more numbers than this is computed, but not printed."""

ACTIVATIONS: dict[ActivationName, str] = {
    "identity": "{z}",
    "sigmoid": "torch.sigmoid({z})",
    "tanh": "torch.tanh({z})",
    "relu": "torch.relu({z})",
    "softmax": "torch.softmax({z}, dim=1)",
}
"""What PyTorch calls each activation function."""

FUSED = {
    "binary_cross_entropy": "torch.nn.functional.binary_cross_entropy_with_logits",
    "categorical_cross_entropy": "torch.nn.functional.cross_entropy",
}
"""The losses that PyTorch takes together with the last activation, from z: exact where the output is rounded."""

HEAD = '''
import torch

torch.set_default_dtype(torch.float64)


def check(number, **values):
    """Print numbers of a pass, and make sure that each is the lesson's."""
    print(f"pass {number}")
    for name, value in values.items():
        value, lesson = value.detach(), torch.tensor(expected[number][name])
        print(f"  {name:<10} {value.tolist()}")
        assert torch.allclose(value, lesson, rtol=1e-8, atol=1e-10), f"pass {number}: {name}"
'''
TENSOR = "torch.tensor({})"
LEARNED = "torch.tensor({}, requires_grad=True)"


def torch_sections(runs: Sequence[Run]) -> list[Section]:
    """Return the program for some networks of a lesson."""
    sections = [Section("", HEAD.strip(), 1)]
    for run in runs:
        if len(runs) > 1:
            sections.append(Section(f"The network {run.name!r}" if run.name else "The network of the lesson", "", 1))
        sections += _Writer(run).sections()
    return sections


class _Writer:
    """Writes the program of one network: samples are rows, a weight matrix has a row for each output."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.network = run.network
        self.depth = len(run.network.layers)
        self.turned = run.network.conventions.transposes_weights
        self.shown = [name for name, value in self._values(run.passes[0]).items() if _count(value) <= MAX_SHOWN]

    def sections(self) -> Iterator[Section]:
        """Yield the sections of one network."""
        yield Section("The data, the weights to begin with, and the optimizer", "\n".join(self._setup()))
        yield Section("What the lesson shows", "\n".join(self._expected()))
        yield Section("Pass after pass", self._loop())

    def _name(self, letter: str, layer: int) -> str:
        return f"{letter}{layer}" if self.depth > 1 else letter

    @property
    def _is_batched(self) -> bool:
        return self.run.rows < len(self.run.data.inputs)

    def _layers(self) -> Iterator[tuple[int, str, str | None]]:
        """The layers from 1, each with the names of its weights and its biases."""
        for number, layer in enumerate(self.network.layers, start=1):
            yield number, self._name("W", number), None if layer.biases is None else self._name("b", number)

    def _setup(self) -> Iterator[str]:
        X, Y = batch(self.run.data, tuple(range(len(self.run.data.inputs))))
        letters = ("X", "Y") if self._is_batched else ("x", "y")
        yield assigned(letters[0], X.tolist(), TENSOR)
        if Y is not None:
            yield assigned(letters[1], Y.tolist(), TENSOR)
        before = self.run.passes[0].before
        for number, W, b in self._layers():
            yield assigned(W, self._turned(before.W[number - 1]), LEARNED)
            biases = before.b[number - 1]
            if b is not None and biases is not None:
                yield assigned(b, biases.tolist(), LEARNED)
        learned = [name for _, W, b in self._layers() for name in (W, b) if name is not None]
        yield f"optimizer = torch.optim.SGD([{', '.join(learned)}], lr={self.network.learning_rate!r})"

    def _turned(self, W: np.ndarray) -> Value:
        value: Value = (W.T if self.turned else W).tolist()
        return value

    def _expected(self) -> Iterator[str]:
        yield "expected = {"
        for passed in self.run.passes:
            values = self._values(passed)
            yield f"    {passed.number}: {{"
            for name in self.shown:
                yield f'        "{name}": {literal(values[name], 8)},'
            yield "    },"
        yield "}"

    def _values(self, passed: Pass) -> dict[str, Value]:
        """What is printed of a pass, by the name that it has in the program."""
        values: dict[str, Value] = {"o": passed.forward.o.tolist(), "L": passed.loss.loss}
        for number, W, b in self._layers():
            values[f"d{W}"] = self._turned(passed.backward.dW[number - 1])
            db = passed.backward.db[number - 1]
            if b is not None and db is not None:
                values[f"d{b}"] = db.tolist()
        for number, W, b in self._layers():
            values[f"{W}_new"] = self._turned(passed.update.after.W[number - 1])
            after = passed.update.after.b[number - 1]
            if b is not None and after is not None:
                values[f"{b}_new"] = after.tolist()
        return values

    def _loop(self) -> str:
        body = [*self._rows(), "# forward: from the inputs to the output", *self._forward()]
        body += ["# loss: how wrong the output is", f"L = {self._loss()}"]
        body += ["# backward: PyTorch follows the chain rule by itself", "optimizer.zero_grad()", "L.backward()"]
        gradients = [f"d{name}" for _, W, b in self._layers() for name in (W, b) if name is not None]
        body.append(self._checked([name for name in self.shown if name in ("o", "L", *gradients)]))
        body += self._held()
        body += ["# update: one step downhill, everything at once", "optimizer.step()"]
        body.append(self._checked([name for name in self.shown if name.endswith("_new")]))
        last = self.run.passes[-1].number
        code = "\n".join(line for line in body if line)
        return f"for number in range(1, {last + 1}):\n{textwrap.indent(code, '    ')}"

    def _rows(self) -> Iterator[str]:
        if self._is_batched:
            yield f"row = (number - 1) % {len(self.run.data.inputs)}  # an update after each sample"
            yield "x = X[row : row + 1]"
            if self.run.data.targets is not None:
                yield "y = Y[row : row + 1]"

    def _forward(self) -> Iterator[str]:
        entering = "x"
        for number, W, b in self._layers():
            activation = self.network.layers[number - 1].activation
            leaving = "o" if number == self.depth else self._name("a", number)
            z = f"{entering} @ {W}" + ("" if self.turned else ".T") + ("" if b is None else f" + {b}")
            if activation == "identity":
                yield f"{leaving} = {z}"
            else:
                name = self._name("z", number)
                yield f"{name} = {z}"
                yield f"{leaving} = {ACTIVATIONS[activation].format(z=name)}"
            entering = leaving

    def _loss(self) -> str:
        loss = self.network.loss
        rows, outputs = self.run.rows, self.network.outputs
        if self.network.is_fused and loss.kind in FUSED:
            text = f'{FUSED[loss.kind]}({self._name("z", self.depth)}, y, reduction="sum")'
        else:
            text = f"torch.sum({LOSSES[loss.kind].code.replace('np.', 'torch.')})"
        over = loss.exact_factor / loss.exact_scale(outputs=outputs, rows=rows)
        text = f"{loss.factor!r} * {text}" if loss.factor != 1 else text
        text += f" / {over}" if over != Fraction(1) else ""
        if self.network.l2:
            squares = " + ".join(f"torch.sum({W}**2)" for _, W, _ in self._layers())
            text += f" + {self.network.l2!r} / 2 * ({squares})"
        return text

    def _held(self) -> Iterator[str]:
        """What is held loses its slope before the step, once that is printed."""
        for number, W, b in self._layers():
            layer = self.network.layers[number - 1]
            for out, into in sorted(layer.frozen):
                place = f"{into}, {out}" if self.turned else f"{out}, {into}"
                yield f"{W}.grad[{place}] = 0.0  # this weight is held"
            if b is not None and not layer.train_biases:
                yield f"{b}.grad[:] = 0.0  # these biases are held"

    def _checked(self, names: Sequence[str]) -> str:
        def read(name: str) -> str:
            if name in ("o", "L"):
                return name
            return name.removesuffix("_new") if name.endswith("_new") else f"{name[1:]}.grad"

        if not names:
            return ""
        told = call("check", ["number", *(f"{name}={read(name)}" for name in names)], 8)
        return "if number in expected:\n" + textwrap.indent(told, "    ")


def _count(value: Value) -> int:
    return sum(map(_count, value)) if isinstance(value, list) else 1
