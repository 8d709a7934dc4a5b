"""A lesson as a PyTorch program: the same passes, whose slopes PyTorch finds by itself, held against the lesson's."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from nn_tutor.export.script import Section
from nn_tutor.export.source import Value, assigned, call, literal
from nn_tutor.network.losses import loss_of
from nn_tutor.network.passes import batch
from nn_tutor.network.quantities import Ref
from nn_tutor.network.spec import LEAK, ActivationName
from nn_tutor.walkthrough.code import code_line

if TYPE_CHECKING:
    from nn_tutor.export.runs import Run
    from nn_tutor.network.optimizer import RuleName
    from nn_tutor.network.records import Pass

MAX_SHOWN = 64
"""A tensor of more numbers than this is computed, but not printed."""

ACTIVATIONS: dict[ActivationName, str] = {
    "identity": "{z}",
    "sigmoid": "torch.sigmoid({z})",
    "tanh": "torch.tanh({z})",
    "relu": "torch.relu({z})",
    "leaky_relu": "torch.nn.functional.leaky_relu({z}, {slope})",
    "elu": "torch.nn.functional.elu({z})",
    "softplus": "torch.nn.functional.softplus({z})",
    "silu": "torch.nn.functional.silu({z})",
    "gelu": "torch.nn.functional.gelu({z})",
    "gelu_tanh": 'torch.nn.functional.gelu({z}, approximate="tanh")',
    "softmax": "torch.softmax({z}, dim=1)",
}
"""What PyTorch calls each activation function."""

OPTIMIZERS: dict[RuleName, str] = {
    "gradient-descent": "torch.optim.SGD({learned}, lr={lr})",
    "momentum": "torch.optim.SGD({learned}, lr={lr}, momentum={momentum})",
    "nesterov": "torch.optim.SGD({learned}, lr={lr}, momentum={momentum}, nesterov=True)",
    "rmsprop": "torch.optim.RMSprop({learned}, lr={lr}, alpha={decay}, eps={epsilon})",
    "adam": "torch.optim.Adam({learned}, lr={lr}, betas=({beta1}, {beta2}), eps={epsilon})",
    "adamw": "torch.optim.Adam({learned}, lr={lr}, betas=({beta1}, {beta2}), eps={epsilon})",
}
"""What PyTorch calls each update rule; the decay of weights stands in the program itself, as biases do not decay."""

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
    bodies = [(run, list(_Writer(run).sections())) for run in runs]
    code = "\n".join(section.code for _, body in bodies for section in body)
    imports = ["import math", ""] if "math." in code else []
    imports += ["import numpy as np"] if "np." in code else []
    sections = [Section("", "\n".join([*imports, HEAD.strip()]), 1)]
    for run, body in bodies:
        if len(runs) > 1:
            sections.append(Section(f"The network {run.name!r}" if run.name else "The network of the lesson", "", 1))
        sections += body
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
        return self.run.is_batched

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
        optimizer = self.network.optimizer
        rule = "momentum" if optimizer.rule == "nesterov" and not optimizer.momentum else optimizer.rule
        made = OPTIMIZERS[rule].format(
            learned=f"[{', '.join(self._learned)}]", lr=repr(self.network.learning_rate), **optimizer.constants
        )
        yield f"optimizer = {made}"
        if optimizer.is_scheduled:
            yield f"lr0 = {self.network.learning_rate!r}"

    @property
    def _learned(self) -> list[str]:
        """The names of all parameters."""
        return [name for _, W, b in self._layers() for name in (W, b) if name is not None]

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
        gradients = [f"d{name}" for name in self._learned]
        body.append(self._checked([name for name in self.shown if name in ("o", "L", *gradients)]))
        body += self._held()
        body += [
            "# update: one step downhill, everything at once",
            *self._prepared(),
            "optimizer.step()",
            *self._kept(),
        ]
        body.append(self._checked([name for name in self.shown if name.endswith("_new")]))
        last = self.run.passes[-1].number
        code = "\n".join(line for line in body if line)
        return f"for number in range(1, {last + 1}):\n{textwrap.indent(code, '    ')}"

    def _prepared(self) -> Iterator[str]:
        """What comes before the step: the learning rate of the pass, slopes that are clipped, weights that decay."""
        optimizer = self.network.optimizer
        parameters = f"[{', '.join(self._learned)}]"
        rate = repr(self.network.learning_rate)
        if optimizer.is_scheduled:
            t = code_line(self.network, 1, Ref("rate")).partition(" = ")[2].replace("np.", "math.")
            yield "lr = " + re.sub(r"\bt\b", "number", t)
            yield 'optimizer.param_groups[0]["lr"] = lr'
            rate = "lr"
        if optimizer.clipping.kind == "value":
            yield f"torch.nn.utils.clip_grad_value_({parameters}, {optimizer.clipping.at!r})"
        elif optimizer.clipping.kind == "norm":
            yield f"norm = math.sqrt(sum(float(torch.sum(one.grad**2)) for one in {parameters}))"
            yield f"for one in {parameters}:"
            yield f"    one.grad *= {optimizer.clipping.at!r} / max(norm, {optimizer.clipping.at!r})"
        held = [(number, W) for number, W, _ in self._layers() if self.network.layers[number - 1].frozen]
        if optimizer.weight_decay:
            yield from (f"{W}_old = {W}.detach().clone()" for _, W in held)
            yield "with torch.no_grad():"
            yield from (f"    {W} *= 1 - {rate} * {optimizer.weight_decay!r}" for _, W, _ in self._layers())

    def _kept(self) -> Iterator[str]:
        """Weights that are held do not decay either."""
        if not self.network.optimizer.weight_decay:
            return
        for number, W, _ in self._layers():
            for out, into in sorted(self.network.layers[number - 1].frozen):
                place = f"{into}, {out}" if self.turned else f"{out}, {into}"
                yield f"{W}.data[{place}] = {W}_old[{place}]  # this weight is held"

    def _rows(self) -> Iterator[str]:
        """The lines that take the rows of a pass, none where each pass sees all."""
        if not self._is_batched:
            return
        samples, size = len(self.run.data.inputs), self.run.rows
        yield f"epoch, place = divmod(number - 1, {self.network.passes_per_epoch(samples)})"
        order = f"np.random.default_rng(({self.network.seed}, epoch)).permutation({samples})"
        yield f"order = {order}" if self.network.shuffle else f"order = range({samples})"
        yield f"rows = list(order[{size} * place : {size} * (place + 1)])"
        yield "x, y = X[rows], Y[rows]" if self.run.data.targets is not None else "x = X[rows]"

    def _forward(self) -> Iterator[str]:
        entering = "x"
        for number, W, b in self._layers():
            spec = self.network.layers[number - 1]
            activation, slope = spec.activation, LEAK if spec.slope is None else spec.slope
            leaving = "o" if number == self.depth else self._name("a", number)
            z = f"{entering} @ {W}" + ("" if self.turned else ".T") + ("" if b is None else f" + {b}")
            if activation == "identity":
                yield f"{leaving} = {z}"
            else:
                name = self._name("z", number)
                yield f"{name} = {z}"
                yield f"{leaving} = {ACTIVATIONS[activation].format(z=name, slope=slope)}"
            entering = leaving

    def _loss(self) -> str:
        loss = self.network.loss
        if self.network.is_fused and loss.kind in FUSED:
            text = f'{FUSED[loss.kind]}({self._name("z", self.depth)}, y, reduction="sum")'
        else:
            text = f"torch.sum({self._term()})"
        over = loss.exact_factor / loss.exact_scale(outputs=self.network.outputs, rows=1)
        text = f"{loss.factor!r} * {text}" if loss.factor != 1 else text
        if loss.batch == "mean" and (self.run.rows > 1 or self.run.is_varying):
            text += f" / ({over} * len(x))" if over != 1 else " / len(x)"
        elif over != 1:
            text += f" / {over}"
        if self.network.l2:
            squares = " + ".join(f"torch.sum({W}**2)" for _, W, _ in self._layers())
            text += f" + {self.network.l2!r} / 2 * ({squares})"
        return text

    def _term(self) -> str:
        """The term of one output, in PyTorch."""
        code = loss_of(self.network.loss).code
        return code.replace("np.maximum(0.0, ", "torch.relu(").replace("np.", "torch.")

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
