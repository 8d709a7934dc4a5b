"""Which small slips in a file its tests notice: `python -m tests.benchmarks.mutants FILE TESTS...`.

A mutant is the file with one thing turned: a comparison, a boolean operator, a `not`, an arithmetic operator or a
constant. Each mutant of a sample is put in the file's place, in a copy of the project, and the named tests run until
one fails. A mutant that no test notices is printed with its line: either a test is missing, or the mutant does the same
as the file.
"""

from __future__ import annotations

import argparse
import ast
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from random import Random

ROOT = Path(__file__).resolve().parents[2]
TIMEOUT = 600

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult, ast.Pow: ast.Mult,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mutant:
    """A file with one thing turned: in which line, what it was and is, and the whole source."""

    line: int
    before: str
    after: str
    source: str


def mutants(source: str) -> Iterator[Mutant]:
    """Yield every mutant of a source, from top to bottom.

    Docstrings, annotations and decorators are left alone, and so is what stands in an f-string, whose places older
    Pythons do not tell.
    """
    tree = ast.parse(source)
    starts = [0]
    for line in source.encode().splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for node in sorted(_changeable(tree), key=lambda node: (node.lineno, node.col_offset)):
        start = starts[node.lineno - 1] + node.col_offset
        end = starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or node.col_offset)
        for turned in _turned(node):
            after = ast.unparse(turned)
            whole = source.encode()[:start] + f"({after})".encode() + source.encode()[end:]
            yield Mutant(node.lineno, ast.unparse(node), after, whole.decode())


def _changeable(node: ast.AST) -> Iterator[ast.expr]:
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list") or isinstance(value, ast.JoinedStr):
            continue
        for part in value if isinstance(value, list) else [value]:
            if not isinstance(part, ast.AST) or isinstance(part, ast.JoinedStr):
                continue
            if isinstance(part, ast.expr):
                yield part
            yield from _changeable(part)


def _turned(node: ast.expr) -> Iterator[ast.expr]:
    match node:
        case ast.Compare(left, [operator], [right]):
            yield ast.Compare(left, [COMPARISONS[type(operator)]()], [right])
        case ast.BoolOp(operator, values):
            yield ast.BoolOp(ast.Or() if isinstance(operator, ast.And) else ast.And(), values)
        case ast.UnaryOp(ast.Not(), operand):
            yield operand
        case ast.BinOp(left, operator, right) if type(operator) in OPERATORS:
            yield ast.BinOp(left, OPERATORS[type(operator)](), right)
        case ast.Constant(bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(int() | float() as value):
            yield ast.Constant(value + 1)
        case ast.IfExp(test, body, orelse):
            yield ast.IfExp(test, orelse, body)


class Copies:
    """Copies of the project, one for each job, in which a mutant can take a file's place."""

    def __init__(self, folder: Path, path: Path, jobs: int) -> None:
        self.path = path
        self._free: Queue[Path] = Queue()
        for number in range(jobs):
            copy = folder / f"{number}"
            for part in ("nn_tutor", "tests", "lessons", "docs"):
                shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
            for part in ("pyproject.toml", "README.md", "CHANGELOG.md"):
                shutil.copy(ROOT / part, copy / part)
            self._free.put(copy)

    def kill(self, source: str, tests: Sequence[str]) -> bool:
        """Run the tests with a source in the file's place, and say whether one of them fails or hangs."""
        copy = self._free.get()
        try:
            file = copy / self.path
            file.write_text(source, encoding="utf-8")
            for old in (file.parent / "__pycache__").glob(f"{file.stem}.*"):
                old.unlink()
            environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONPYCACHEPREFIX": ""}
            environment.pop("PYTHONDONTWRITEBYTECODE", None)
            command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
            done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, timeout=TIMEOUT, check=False)
            return done.returncode != 0
        except subprocess.TimeoutExpired:
            return True
        finally:
            self._free.put(copy)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.mutants", description=__doc__)
    parser.add_argument("file", metavar="FILE", help="a module, such as nn_tutor/progress/store.py")
    parser.add_argument("tests", metavar="TESTS", nargs="+", help="what pytest is to run for each mutant")
    parser.add_argument("--sample", type=int, default=40, metavar="N", help="how many mutants; default: 40")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="which; the same seed takes the same")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="how many at once; default: 1")
    options = parser.parse_args()
    path = Path(options.file).resolve().relative_to(ROOT)
    source = (ROOT / path).read_text(encoding="utf-8")
    found = list(mutants(source))
    sample = sorted(Random(options.seed).sample(found, min(options.sample, len(found))), key=lambda one: one.line)
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copies = Copies(Path(folder), path, options.jobs)
        if copies.kill(source, options.tests):
            print("the tests fail without a mutant: mend them first")
            return 2
        killed = 0
        with ThreadPoolExecutor(options.jobs) as pool:
            dead = pool.map(lambda mutant: copies.kill(mutant.source, options.tests), sample)
            for mutant, is_dead in zip(sample, dead, strict=True):
                killed += is_dead
                if not is_dead:
                    print(f"survived  {path}:{mutant.line}: {mutant.before}  →  {mutant.after}", flush=True)
    print(f"{path}: {killed} of {len(sample)} killed ({100 * killed / max(1, len(sample)):.0f} %)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
