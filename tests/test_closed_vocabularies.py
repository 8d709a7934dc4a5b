"""Every name of a closed vocabulary has its row in every table over that vocabulary: none can be silently wrong.

The tables are found by their annotation, `dict[SomeLiteral, …]`, so a new one is held to it as well.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import Any, Literal, get_args, get_origin

import pytest

import nn_tutor
from nn_tutor.course.activities.kinds import KINDS
from nn_tutor.course.outline import MINUTES
from nn_tutor.network.quantities import STATE_QUANTITIES, TABLE, Quantity
from nn_tutor.network.spec import ELEMENTWISE

STATES: set[Any] = {quantity for pair in STATE_QUANTITIES.values() for quantity in pair}

OF_UPDATE: set[Any] = {quantity for quantity, description in TABLE.items() if description.phase == "update"}

SOME: dict[str, set[Any]] = {
    # No function of its own has the identity; softmax takes all units.
    "nn_tutor.calculus.functions.FUNCTIONS": set(ELEMENTWISE) - {"identity"},
    # Those that are fused with an activation.
    "nn_tutor.network.losses._FROM_LOGITS": {"binary_cross_entropy", "categorical_cross_entropy"},
    # Kept apart from these, since they are no array per layer.
    "nn_tutor.network.records._PER_LAYER": {
        "z", "a", "dL_da", "da_dz", "delta", "delta_sample", "dz_da", "dW", "db", "clipped", "clipped_b", "step",
        "W", "b",
    },
    "nn_tutor.network.quantities._STATES": STATES,
    # What is made after the slopes.
    "nn_tutor.network.evaluation._IN_UPDATE": OF_UPDATE,
    "nn_tutor.judging.mistakes.stepping._MADE": OF_UPDATE - STATES - {"rate", "norm"},
    # The slopes that a unit shows.
    "nn_tutor.terminal.drawing.diagram_layered._MARKS": {
        "delta", "delta_sample", "da_dz", "dL_da", "dL_do", "dX", "db", "b",
    },
    # What the update rule makes is computed by a function of its own.
    "nn_tutor.walkthrough.source._LINES": set(get_args(Quantity)) - STATES - {"rate", "clipped", "clipped_b"},
    # Those that go a little below 0 before they rise.
    "nn_tutor.terminal.drawing.activation_curve.DIPS": {"silu", "gelu", "gelu_tanh"},
    # The tokens that are operators.
    "nn_tutor.judging.parsing._OPERATORS": {"+", "-", "*", "/", "^"},
    "nn_tutor.judging.parsing._STRENGTH": {"+", "-", "*", "/", "^"},
    # The colours that step back.
    "nn_tutor.terminal.theme._MUTED": {"muted", "path", "border", "faint", "contour"},
    "nn_tutor.terminal.theme._QUIET": {"positive", "negative"},
}  # fmt: skip
"""The tables that are about some of the names alone, and about which."""


def _modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(nn_tutor.__path__, "nn_tutor."):
        # Each driver is for one platform and is imported there alone.
        if not found.name.endswith("__main__") and ".drivers." not in found.name:
            yield importlib.import_module(found.name)


def _tables() -> Iterator[tuple[str, tuple[Any, ...], dict[Any, object]]]:
    for module in _modules():
        for name, written in vars(module).get("__annotations__", {}).items():
            key = str(written).removeprefix("Final[").removeprefix("dict[").partition(",")[0]
            vocabulary = _named(key, module)
            if "dict[" in str(written) and get_origin(vocabulary) is Literal:
                yield f"{module.__name__}.{name}", get_args(vocabulary), getattr(module, name)


def _named(name: str, module: ModuleType) -> object:
    """What a name in an annotation stands for, also where it is imported for the type checker alone."""
    if hasattr(module, name):
        return getattr(module, name)
    origin = _origins(module).get(name)
    return None if origin is None else getattr(importlib.import_module(origin), name)


@cache
def _origins(module: ModuleType) -> dict[str, str]:
    """The module that each name is imported from, also for the type checker alone."""
    return {
        alias.name: node.module
        for node in ast.walk(ast.parse(inspect.getsource(module)))
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }


TABLES = {name: (names, table) for name, names, table in _tables()}


def test_the_tables_are_found() -> None:
    assert {
        "nn_tutor.network.activations.ACTIVATIONS",
        "nn_tutor.network.losses.LOSSES",
        "nn_tutor.network.quantities.TABLE",
        "nn_tutor.calculus.symbols.LOSS_TERMS",
        "nn_tutor.network.rules.RULES",
        "nn_tutor.network.rules.CLIPPINGS",
        "nn_tutor.network.optimizer.STATES",
        "nn_tutor.calculus.rules.STATES",
        "nn_tutor.calculus.rules.DIRECTIONS",
    } <= set(TABLES)
    assert set(SOME) <= set(TABLES)


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_name_has_its_row(name: str) -> None:
    names, table = TABLES[name]
    assert set(table) == SOME.get(name, set(names))


def test_every_kind_of_activity_has_its_minutes() -> None:
    """Of a walk its passes and questions are counted, of practice its exercises."""
    assert set(MINUTES) == set(KINDS) - {"walk", "practice"}
