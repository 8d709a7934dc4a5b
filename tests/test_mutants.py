"""The mutants that `tests.benchmarks.mutants` makes: each is the file with one thing turned, and parses."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.benchmarks.mutants import mutants

SOURCE = '''\
"""Words, 1 and 2."""

def half(x: int | None, é: bool = True) -> float:
    """Half of x: x / 2."""
    if x is not None and not é:
        return x / 2  # a remark
    return 0.5 if x == 1 else f"{x + 1}"
'''


def test_one_thing_is_turned_in_each() -> None:
    assert [(mutant.line, mutant.before, mutant.after) for mutant in mutants(SOURCE)] == [
        (3, "True", "False"),
        (5, "x is not None and (not é)", "x is not None or not é"),
        (5, "x is not None", "x is None"),
        (5, "not é", "é"),
        (6, "x / 2", "x * 2"),
        (6, "2", "3"),
        (7, "0.5 if x == 1 else f'{x + 1}'", "f'{x + 1}' if x == 1 else 0.5"),
        (7, "0.5", "1.5"),
        (7, "x == 1", "x != 1"),
        (7, "1", "2"),
    ]


def test_a_mutant_keeps_the_rest_of_the_file() -> None:
    for mutant in mutants(SOURCE):
        before, after = SOURCE.splitlines(), mutant.source.splitlines()
        assert [number for number, pair in enumerate(zip(before, after, strict=True), 1) if pair[0] != pair[1]] == [
            mutant.line
        ]
        ast.parse(mutant.source)


def test_every_mutant_of_a_real_file_is_another_program() -> None:
    source = (Path(__file__).parents[1] / "nn_tutor" / "network" / "passes.py").read_text(encoding="utf-8")
    found = list(mutants(source))
    assert len(found) > 50
    whole = ast.dump(ast.parse(source))
    assert all(ast.dump(ast.parse(mutant.source)) != whole for mutant in found)
