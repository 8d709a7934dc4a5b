"""The NumPy program of a lesson in sections: functions, and each network with its data, what is shown, and its loop."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from nn_tutor.export.numpy_program import MAX_SHOWN, Statement, as_in_program, statements, value_in_program
from nn_tutor.export.script import Section
from nn_tutor.export.source import WIDTH, Value, assigned, call, functions_for, literal, names_in
from nn_tutor.network.passes import batch
from nn_tutor.network.quantities import Phase, is_of_bias, state_of
from nn_tutor.walkthrough.code_names import starting_names

if TYPE_CHECKING:
    from nn_tutor.export.runs import Run
    from nn_tutor.network.records import Pass

PHASES: dict[Phase, str] = {
    "forward": "forward: from the inputs to the output",
    "loss": "loss: how wrong the output is",
    "backward": "backward: from the loss to every weight",
    "update": "update: one step downhill, everything at once",
}

SETUP, EXPECTED = "The data, the weights to begin with, and the learning rate", "What the lesson shows"
"""What two sections of a program are called."""

CHECK = '''
def check(number, **values):
    """Print numbers of a pass, and make sure that each is the lesson's."""
    print(f"pass {number}")
    for name, value in values.items():
        shown = np.array2string(np.asarray(value), precision=6, prefix=" " * 13)
        print(f"  {name:<10} {shown}")
        assert np.allclose(value, expected[number][name], rtol=1e-8, atol=1e-10), f"pass {number}: {name}"
'''


def numpy_sections(runs: Sequence[Run]) -> list[Section]:
    """Return the program for some networks of a lesson."""
    parts = [NumPyParts(run) for run in runs]
    sections = [Section("", head(parts), 1)]
    for part in parts:
        if len(parts) > 1:
            sections.append(Section(part.title, "", 1))
        sections.append(Section(SETUP, part.setup()))
        sections.append(Section(EXPECTED, part.expected()))
        sections.append(Section("Pass after pass" if part.last > 1 else "The pass", part.loop(1, part.last)))
    return sections


def head(parts: Sequence[NumPyParts]) -> str:
    """Return what all networks need: the import, the functions that they use, and the check."""
    code = "\n".join(one.code for part in parts for one in part.lines)
    known = {name: value for part in parts for name, value in part.names.items() if name != "np"}
    imports, functions = functions_for(code, known)
    first = "\n".join([*imports, *([""] if imports else []), "import numpy as np"])
    return "\n\n\n".join([first, *functions, CHECK.strip()])


class NumPyParts:
    """The pieces of the program of one network, for a script or for the cells of a notebook."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.lines = statements(
            run.network, run.rows, is_varying=run.is_varying, is_saturated=any(map(_is_saturated, run.passes))
        )
        self.names = starting_names(run.network, run.passes[0])
        self.last = run.passes[-1].number
        first: dict[str, Statement] = {}
        for one in self.lines:
            first.setdefault(one.name, one)
        self.shown = [one for one in first.values() if _count(self._value(run.passes[0], one)) <= MAX_SHOWN]

    @property
    def title(self) -> str:
        """What the network is called."""
        return f"The network {self.run.name!r}" if self.run.name else "The network of the lesson"

    def setup(self) -> str:
        """Return the lines that give the data, the parameters and the constants their names."""
        used = names_in("\n".join(one.code for one in self.lines))
        X, Y = batch(self.run.data, tuple(range(len(self.run.data.inputs))))
        network, is_one = self.run.network, self.run.rows == 1 and not self._is_batched
        given = [
            assigned(
                name.upper() if self._is_batched else name, as_in_program(network, array, by_row=True, is_one=is_one)
            )
            for name, array in (("x", X), ("y", Y))
            if array is not None and name in used
        ]
        begins = [line for one in self._new for line in self._begins(one)]
        taken = {"x", "y", "t", *(one.name.removesuffix("_new") for one in self._new)}
        constants = [
            assigned(name, float(value))
            for name, value in self.names.items()
            if name in used - taken and isinstance(value, int | float)
        ]
        return "\n".join([*given, *begins, *constants])

    @property
    def _new(self) -> list[Statement]:
        """The lines that make what the next pass begins with: parameters, and the memory of the update rule."""
        first: dict[str, Statement] = {}
        for one in self.lines:
            if one.name.endswith("_new"):
                first.setdefault(one.name, one)
        return sorted(first.values(), key=lambda one: one.quantity not in ("W", "b"))

    def _begins(self, one: Statement) -> Iterator[str]:
        """The line that says what a parameter, or what is remembered of it, is before the first pass."""
        name = one.name.removesuffix("_new")
        value = self.names[name]
        if state_of(one.quantity) is None:
            yield assigned(name, value if isinstance(value, float) else value.tolist())
        elif self.run.network.is_scalar:
            yield assigned(name, 0.0)
        else:
            of = next(
                other.name.removesuffix("_new")
                for other in self._new
                if other.layer == one.layer and other.quantity == ("b" if is_of_bias(one.quantity) else "W")
            )
            yield f"{name} = np.zeros_like({of})"

    def expected(self) -> str:
        """Return the numbers of the lesson, by pass and name."""
        lines = ["expected = {"]
        for passed in self.run.passes:
            lines.append(f"    {passed.number}: {{")
            lines += [f'        "{one.name}": {literal(self._value(passed, one), 8)},' for one in self.shown]
            lines.append("    },")
        return "\n".join([*lines, "}"])

    def phases(self, number: int) -> list[tuple[str, str]]:
        """Return the parts of one pass, each with what it is, its lines and the check of what they gave."""
        found = []
        for phase, group in groupby(self.lines, lambda one: one.phase):
            code = [one.code for one in group]
            if phase == "forward":
                code = [*self._rows(str(number)), *code]
            names = [one.name for one in self.shown if one.phase == phase]
            if names:
                code.append(self._check(str(number), names, 0))
            if phase == "update":
                code.append(self.taken_over())
            found.append((PHASES[phase], "\n".join(code)))
        return found

    def loop(self, first: int, last: int) -> str:
        """Return the passes from `first` to `last` as a loop that checks those that the lesson shows.

        The first pass alone needs no loop, and leads to no other.
        """
        alone = first == last == 1
        number = "1" if alone else "number"
        body = self._rows(number)
        for phase, group in groupby(self.lines, lambda one: one.phase):
            body += [f"# {PHASES[phase]}", *(one.code for one in group)]
        names = [one.name for one in self.shown]
        numbers = [passed.number for passed in self.run.passes if first <= passed.number <= last]
        if numbers == list(range(first, last + 1)):
            body.append(self._check(number, names, 0 if alone else 4))
        elif numbers:
            body.append("if number in expected:\n" + textwrap.indent(self._check("number", names, 8), "    "))
        if alone:
            return "\n".join(body)
        body.append(self.taken_over())
        return f"for number in range({first}, {last + 1}):\n{textwrap.indent(chr(10).join(body), '    ')}"

    @property
    def _is_batched(self) -> bool:
        """Whether each pass takes its own rows."""
        return self.run.is_batched

    def _rows(self, number: str) -> list[str]:
        """The lines that take the rows of a pass, and count its update where that matters."""
        counted = [f"t = {number}"] if any("t" in names_in(one.code) for one in self.lines) else []
        if not self._is_batched:
            return counted
        samples, size = len(self.run.data.inputs), self.run.rows
        has_targets = self.run.data.targets is not None
        what = "x, y = X[rows], Y[rows]" if has_targets else "x = X[rows]"
        if size == 1:
            what = what.replace("rows", "row")
        if size == 1 and not self.run.network.shuffle:
            return [*counted, f"row = ({number} - 1) % {samples}  # an update after each sample", what]
        lines = [f"epoch, place = divmod({number} - 1, {self.run.network.passes_per_epoch(samples)})"]
        order = f"np.random.default_rng(({self.run.network.seed}, epoch)).permutation({samples})"
        lines.append(f"order = {order}" if self.run.network.shuffle else f"order = np.arange({samples})")
        lines.append("row = order[place]" if size == 1 else f"rows = order[{size} * place : {size} * (place + 1)]")
        return [*counted, *lines, what]

    def _value(self, passed: Pass, one: Statement) -> Value:
        return value_in_program(self.run.network, passed, one.quantity, one.layer, is_one=self.run.rows == 1)

    def _check(self, number: str, names: Sequence[str], indent: int) -> str:
        return call("check", [number, *(f"{name}={name}" for name in names)], indent)

    def taken_over(self) -> str:
        """The lines that make the new parameters, and what is remembered, those of the next pass."""
        lines: list[list[str]] = [[]]
        for one in self._new:
            if sum(2 * len(name) + 4 for name in (*lines[-1], one.name)) > WIDTH:
                lines.append([])
            lines[-1].append(one.name)
        return "\n".join(f"{', '.join(name.removesuffix('_new') for name in new)} = {', '.join(new)}" for new in lines)


def _is_saturated(passed: Pass) -> bool:
    """Whether an output is so near to 0 or 1 that its logarithm, or that of what is left, is lost."""
    o = passed.forward.o
    return bool(((o < _LEAST) | (o > 1 - _LEAST)).any())


_LEAST = 1e-9


def _count(value: Value) -> int:
    return sum(map(_count, value)) if isinstance(value, list) else 1
