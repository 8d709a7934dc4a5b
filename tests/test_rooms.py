"""The rooms of the house keep to themselves: what is imported when, and what may stand in the source."""

from __future__ import annotations

import ast
import pkgutil
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
import pytest

import nn_tutor

PACKAGE = Path(nn_tutor.__file__).resolve().parent
HEAVY = {"numpy", "sympy", "mpmath", "textual", "rich"}
SOURCES = sorted(PACKAGE.rglob("*.py"))


def heavy_after(code: str, names: set[str] | None = None) -> set[str]:
    """Run code in a fresh process and return the heavy packages that it imported, or which modules of some names."""
    listing = (
        "import contextlib, io, sys\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):\n"
        + "".join(f"    {line}\n" for line in code.splitlines())
        + "print(*{name.partition('.')[0] for name in sys.modules}, *sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split()) & (names or HEAVY)


def imports(names: list[str]) -> str:
    return "\n".join(f"import {name}" for name in names)


def modules_of(*rooms: str) -> list[str]:
    """Return every module of the given rooms that there is."""
    names = [info.name for info in pkgutil.walk_packages([str(PACKAGE)], "nn_tutor.")]
    return [
        name
        for name in names
        if any(name == f"nn_tutor.{room}" or name.startswith(f"nn_tutor.{room}.") for room in rooms)
    ]


@pytest.mark.parametrize("arguments", ["--help", "--version", "list", "list --json", "check --help"])
def test_a_quick_command_imports_nothing_heavy(arguments: str) -> None:
    code = f"from nn_tutor.cli import main\nassert main({arguments.split()!r}) == 0"
    assert heavy_after(code) == set()


def test_the_pure_rooms_import_neither_sympy_nor_a_screen() -> None:
    names = modules_of("walkthrough", "judging", "tutor", "homework", "dataset")
    assert len(names) > 3
    assert heavy_after(imports(names)) <= {"numpy"}


def test_what_the_other_rooms_may_know_of_calculus_imports_no_sympy() -> None:
    names = [f"nn_tutor.calculus.{name}" for name in ("records", "names", "numerals")]
    assert heavy_after(imports(names)) <= {"numpy"}


def test_a_network_and_a_course_need_no_numpy() -> None:
    names = ["nn_tutor.network.spec", "nn_tutor.network.quantities", *modules_of("course")]
    assert heavy_after(imports(names)) == set()


def test_remembering_needs_nothing_heavy() -> None:
    names = [f"nn_tutor.progress.{name}" for name in ("log", "store", "repair", "exchange", "backups", "errors")]
    assert heavy_after(imports(names)) == set()


def test_the_terminal_is_imported_without_numpy_and_sympy() -> None:
    """Both are loaded in a thread after the first paint."""
    names = ["nn_tutor.terminal.app", "nn_tutor.terminal.screens.home"]
    assert heavy_after(imports(names)) <= {"textual", "rich"}


def test_what_is_printed_is_made_without_a_screen() -> None:
    """SymPy is loaded by whoever hands over the one that derives."""
    assert heavy_after(imports(modules_of("export"))) <= {"numpy"}


def test_line_by_line_needs_no_screen() -> None:
    """SymPy comes with the first lesson."""
    names = modules_of("plain")
    assert len(names) > 15
    assert heavy_after(imports(names)) <= {"numpy"}


def test_deriving_loads_neither_units_nor_random_numbers() -> None:
    """Both are loaded by one call that is easily avoided, and take 7 MiB and a third of a second."""
    code = "from nn_tutor.calculus.derivation import warm\nwarm()"
    assert heavy_after(code, {"sympy", "sympy.physics", "numpy.random"}) == {"sympy"}


def test_no_module_imports_itself_round_a_circle() -> None:
    graph = grimp.build_graph(PACKAGE.name)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    assert len(imports) > 200
    TopologicalSorter(imports).prepare()  # raises what the circle is


def test_rooms_have_an_empty_front_door() -> None:
    inits = [path for path in SOURCES if path.name == "__init__.py" and path.parent != PACKAGE]
    assert inits
    assert [path for path in inits if path.read_text().strip()] == []


def test_the_app_only_wires() -> None:
    tree = ast.parse((PACKAGE / "terminal" / "app.py").read_text())
    classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    assert classes
    for node in classes:
        assert (node.end_lineno or 0) - node.lineno + 1 < 150, node.name


def test_what_an_activity_is_is_seldom_asked() -> None:
    """A kind says of itself what others want to know; who asks for it by name must be changed for the next kind."""
    asks = re.compile(r"isinstance\([^)]*\b(Train|Tune|Hunt|Nudge|Choose|Derive|PlaceWeight|Walk|Read|Practise)\b")
    asking = [
        f"{path.relative_to(PACKAGE)}: {found.group()}"
        for path in SOURCES
        if "activities" not in path.parts
        for found in asks.finditer(path.read_text(encoding="utf-8"))
    ]
    assert len(asking) <= 10, "\n".join(asking)


@pytest.mark.parametrize(
    "forbidden",
    [
        r"\beval\(",
        r"\bexec\(",
        r"\bsympify\b",
        r"\bparse_expr\b",
        r"\bliteral_eval\b",
        r"\bmarkup=True\b",
        r"\bpickle\b",
    ],
)
def test_no_text_becomes_code_or_markup(forbidden: str) -> None:
    found = [
        f"{path.relative_to(PACKAGE)}:{number}: {line.strip()}"
        for path in SOURCES
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if re.search(forbidden, line)
    ]
    assert found == []


def test_every_module_says_what_it_is() -> None:
    bare = [
        path for path in SOURCES if path.name != "__init__.py" and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert bare == []
