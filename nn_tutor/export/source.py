"""Pieces of Python source: numbers as literals, functions as they stand in the package, code for one number or many."""

from __future__ import annotations

import ast
import inspect
import re
import sys
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import ModuleType
from typing import Any

WIDTH = 100
"""How long a line of a program may be."""

Value = float | list["Value"]
"""A number, or nested lists of numbers."""


def literal(value: Value, indent: int = 0, digits: int = 10) -> str:
    """Return a number, or nested lists of them, as Python reads it; lists that are long take a line for each row."""
    if not isinstance(value, list):
        return repr(float(f"{value:.{digits}g}") + 0.0)
    flat = "[" + ", ".join(literal(one, 0, digits) for one in value) + "]"
    if len(flat) + indent <= WIDTH or not value:
        return flat
    inner, outer = " " * (indent + 4), " " * indent
    if isinstance(value[0], list):
        rows = "".join(f"{inner}{literal(one, indent + 4, digits)},\n" for one in value)
        return f"[\n{rows}{outer}]"
    text = ", ".join(literal(one, 0, digits) for one in value)
    lines = textwrap.wrap(text, WIDTH - indent - 4, break_long_words=False, break_on_hyphens=False)
    return "[\n" + "".join(f"{inner}{line}\n" for line in lines) + f"{outer}]"


def assigned(name: str, value: Value, array: str = "np.array({})") -> str:
    """Return the line that gives a name to a number, or to an array of numbers, which `array` makes of lists."""
    if not isinstance(value, list):
        return f"{name} = {literal(value)}"
    before = f"{name} = {array.partition('{}')[0]}"
    flat = literal(value, len(before) + 1)
    return f"{name} = {array.format(literal(value) if chr(10) in flat else flat)}"


def call(name: str, arguments: Sequence[str], indent: int = 0) -> str:
    """Return a call on one line, or with its arguments on lines of their own where that is too long."""
    flat = f"{name}({', '.join(arguments)})"
    if len(flat) + indent <= WIDTH:
        return flat
    wrapped = textwrap.wrap(", ".join(arguments) + ",", WIDTH - indent - 4, break_long_words=False)
    return f"{name}(\n" + "".join(f"    {line}\n" for line in wrapped) + ")"


def names_in(code: str) -> set[str]:
    """Return the names that stand in some lines of code."""
    return set(re.findall(r"(?<![\w.])[A-Za-z_]\w*", code))


def without_indices(code: str) -> str:
    """Return a line for one number as the same line for all of them: `dL_do[0, 1] = …` becomes `dL_do = …`."""
    return re.sub(r"(?<=\w)\[[\d, ]+\]", "", code)


def for_arrays(code: str) -> str:
    """Return an expression or assignment for one number so that it takes an array: a choice becomes `np.where`."""
    tree = ast.parse(code)
    changed = _ForArrays()
    tree = changed.visit(tree)
    return ast.unparse(tree) if changed.has_changed else code


class _ForArrays(ast.NodeTransformer):
    """Replaces what works for a single number alone."""

    def __init__(self) -> None:
        self.has_changed = False

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        """`a if c else b` chooses for every number by itself."""
        self.generic_visit(node)
        return self._call("where", node.test, node.body, node.orelse)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """`float(z > 0)` is 1.0 where it holds; `max(a, b)` and `min(a, b)` take the larger of each pair."""
        self.generic_visit(node)
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name == "float" and len(node.args) == 1:
            return self._call("where", node.args[0], ast.Constant(1.0), ast.Constant(0.0))
        if name in _PAIRWISE and len(node.args) == 2:
            return self._call(_PAIRWISE[name], *node.args)
        return node

    def _call(self, name: str, *arguments: ast.expr) -> ast.Call:
        self.has_changed = True
        return ast.Call(ast.Attribute(ast.Name("np"), name), list(arguments), [])


_PAIRWISE = {"max": "maximum", "min": "minimum"}


def needed(lines: Iterable[tuple[str, str]], wanted: Iterable[str]) -> list[tuple[str, str]]:
    """Return those of some lines (name, code) in order that the wanted names need, directly or not."""
    kept: list[tuple[str, str]] = []
    names = set(wanted)
    for name, code in reversed(list(lines)):
        if name in names:
            names |= names_in(code.partition(" = ")[2])
            kept.append((name, code))
    return kept[::-1]


def functions_for(code: str, known: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Return what some code needs to call functions of the package: imports, and their source in order.

    What a function stands on, another one or a name of its module, comes before it.
    """
    imports: set[str] = set()
    pieces: dict[str, str] = {}

    def take(name: str, home: ModuleType) -> None:
        value = vars(home).get(name)
        if name in pieces or value is None or name == "np":
            return
        if inspect.ismodule(value):
            imports.add(f"import {value.__name__}")
            return
        source = _plain_source(value) if inspect.isfunction(value) else _assignment(home, name)
        for inner in sorted(names_in(source) - {name}):
            take(inner, home)
        pieces[name] = source

    for name in sorted(names_in(code)):
        function = known.get(name)
        if inspect.isfunction(function):
            take(name, sys.modules[function.__module__])
    return sorted(imports), list(pieces.values())


def _assignment(home: ModuleType, name: str) -> str:
    """The line of a module that gives a name its value."""
    for node in ast.parse(inspect.getsource(home)).body:
        if isinstance(node, ast.Assign) and any(isinstance(one, ast.Name) and one.id == name for one in node.targets):
            return ast.unparse(node)
    return ""


def _plain_source(function: Callable[..., Any]) -> str:
    """The source of a function without its annotations."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    definition = tree.body[0]
    assert isinstance(definition, ast.FunctionDef)
    definition.returns = None
    for argument in definition.args.args:
        argument.annotation = None
    return ast.unparse(tree)
