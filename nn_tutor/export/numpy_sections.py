"""The NumPy program of a lesson in sections: functions, and each network with its data, what is shown, and its loop."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from itertools import groupby

from nn_tutor.export.numpy_program import MAX_SHOWN, Statement, as_in_program, statements, value_in_program
from nn_tutor.export.runs import Run
from nn_tutor.export.script import Section
from nn_tutor.export.source import Value, assigned, call, functions_for, literal, names_in
from nn_tutor.network.passes import Pass, batch
from nn_tutor.network.quantities import Phase
from nn_tutor.walkthrough.code import starting_names

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
        sections.append(Section("Pass after pass", part.loop(1, part.last)))
    return sections


def head(parts: Sequence[NumPyParts]) -> str:
    """Return what all networks need: the import, the functions that they use, and the check."""
    code = "\n".join(one.code for part in parts for one in part.lines)
    known = {name: value for part in parts for name, value in part.names.items() if name != "np"}
    return "\n\n\n".join(["import numpy as np", *functions_for(code, known), CHECK.strip()])


class NumPyParts:
    """The pieces of the program of one network, for a script or for the cells of a notebook."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.lines = statements(run.network, run.rows)
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
        """Return the lines that give the data, the parameters and the rates their names."""
        used = names_in("\n".join(one.code for one in self.lines))
        X, Y = batch(self.run.data, tuple(range(len(self.run.data.inputs))))
        given = [
            assigned(name.upper() if self._is_batched else name, as_in_program(self.run.network, array, by_row=True))
            for name, array in (("x", X), ("y", Y))
            if array is not None and name in used
        ]
        parameters = [
            assigned(name, value if isinstance(value, float) else value.tolist())
            for name, value in self.names.items()
            if name in used and name[0] in "wWb" and not name.endswith("_new")
        ]
        rates = [assigned(name, float(self.names[name])) for name in ("lr", "l2") if name in used]
        return "\n".join([*given, *parameters, *rates])

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
                code.append(self._taken_over())
            found.append((PHASES[phase], "\n".join(code)))
        return found

    def loop(self, first: int, last: int) -> str:
        """Return the passes from `first` to `last` as a loop that checks those that the lesson shows."""
        body = self._rows("number")
        for phase, group in groupby(self.lines, lambda one: one.phase):
            body += [f"# {PHASES[phase]}", *(one.code for one in group)]
        names = [one.name for one in self.shown]
        numbers = [passed.number for passed in self.run.passes if first <= passed.number <= last]
        if numbers == list(range(first, last + 1)):
            body.append(self._check("number", names, 4))
        elif numbers:
            body.append("if number in expected:\n" + textwrap.indent(self._check("number", names, 8), "    "))
        body.append(self._taken_over())
        return f"for number in range({first}, {last + 1}):\n{textwrap.indent(chr(10).join(body), '    ')}"

    @property
    def _is_batched(self) -> bool:
        """Whether a pass sees only some of the rows."""
        return self.run.rows < len(self.run.data.inputs)

    def _rows(self, number: str) -> list[str]:
        """The lines that take the rows of a pass, none where each pass sees all."""
        if not self._is_batched:
            return []
        what = "x, y = X[row], Y[row]" if self.run.data.targets is not None else "x = X[row]"
        return [f"row = ({number} - 1) % {len(self.run.data.inputs)}  # an update after each sample", what]

    def _value(self, passed: Pass, one: Statement) -> Value:
        return value_in_program(self.run.network, passed, one.quantity, one.layer)

    def _check(self, number: str, names: Sequence[str], indent: int) -> str:
        return call("check", [number, *(f"{name}={name}" for name in names)], indent)

    def _taken_over(self) -> str:
        """The line that makes the new parameters those of the next pass."""
        new = list(dict.fromkeys(one.name for one in self.lines if one.quantity in ("W", "b")))
        return f"{', '.join(name.removesuffix('_new') for name in new)} = {', '.join(new)}"


def _count(value: Value) -> int:
    return sum(map(_count, value)) if isinstance(value, list) else 1
