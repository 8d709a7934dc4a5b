"""Published worked examples, replayed as homework: verdicts against plain NumPy, and the page made of them."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from nn_tutor.homework.sheet import JudgedLine
from nn_tutor.judging.reading import read
from nn_tutor.network.quantities import Ref
from tests.audit.by_numpy import numbers
from tests.audit.page import PAGE, kind_of, page
from tests.audit.published import Example, examples

EVERY = examples()
IDS = [example.name for example in EVERY]

WITHIN = 0.01
"""A figure that is right is at most so far off, as a part of its size."""


@cache
def passes_of(name: str) -> list[dict[str, Any]]:
    example = next(one for one in EVERY if one.name == name)
    entry = example.homework.entry
    return numbers(entry.network, entry.data, example.passes)


def by_numpy(example: Example, line: JudgedLine) -> float:
    """The number that plain NumPy has for a figure."""
    assert line.judged is not None
    cell = line.judged.cell
    found = passes_of(example.name)[cell.number - 1][cell.ref.quantity]
    return _element(found, cell.ref)


def _element(found: Any, ref: Ref) -> float:
    array = found if ref.layer is None else found[ref.layer - 1]
    return float(array if ref.index is None else np.asarray(array)[ref.index])


def test_there_are_enough_of_them() -> None:
    assert len(EVERY) >= 48
    assert all(example.address.startswith("http") and example.source for example in EVERY)
    assert {example.read for example in EVERY} == {"source", "copy"}
    assert sum(example.read == "source" for example in EVERY) >= 26


@pytest.mark.parametrize("example", EVERY, ids=IDS)
def test_every_verdict_agrees_with_plain_numpy(example: Example) -> None:
    for line in example.checked.lines:
        assert line.judged is not None, line.message
        assert line.value is not None
        right, had = by_numpy(example, line), line.value
        off = abs(abs(had) - abs(right))
        half_unit = line.judged.cell.reading.half_unit
        match kind_of(example, line):
            case "right":
                assert off <= half_unit * (1 + 1e-6) + 1e-6 * max(1, abs(right)), line
            case "rounded":
                assert off <= max(WITHIN * abs(right), half_unit), line
            case "conventional":  # another sign, or a half
                assert min(off, abs(abs(had) - 2 * abs(right))) <= half_unit + WITHIN * abs(right), line
            case _:
                assert off > max(half_unit, WITHIN * abs(right)), line


@pytest.mark.parametrize("example", [one for one in EVERY if one.slips], ids=lambda one: one.name)
def test_a_slip_that_is_told_gives_the_figure_that_is_printed(example: Example) -> None:
    lines = {line.question: line for line in example.checked.lines}
    for question, slip in example.slips.items():
        line = lines[question]
        assert line.judged is not None
        assert line.value is not None
        half_unit = line.judged.cell.reading.half_unit
        assert abs(read(slip.made_by).value - line.value) <= 1.1 * half_unit, question


def test_the_first_slip_of_a_copied_example_is_found_and_what_follows_is_not_blamed() -> None:
    mind = next(example for example in EVERY if example.name == "mind")
    first = mind.checked.first_slip
    assert first is not None
    assert first.question == "1.backward.delta1[0,0]"  # in the order of the pass slopes stand before updates
    blamed = {line.question for line in mind.checked.lines if line.judged is not None and line.judged.is_blamed}
    assert blamed == set(mind.slips)


def test_nothing_else_is_blamed() -> None:
    accused = {example.name for example in EVERY if example.checked.first_slip is not None}
    assert accused == {"mind", "theta-times-two"}


def test_the_page_says_what_the_examples_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "write it anew: python -m tests.audit"
