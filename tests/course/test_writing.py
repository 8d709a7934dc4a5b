"""Tables that are written as TOML are read back as they were."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tutor.course.find import shipped_paths
from nn_tutor.course.writing import MAX_LETTERS, as_toml
from tests.given_homework import LESSONS


@pytest.mark.parametrize("folder", [*shipped_paths(), *LESSONS], ids=lambda folder: folder.name)
def test_lessons_are_written_as_they_were_read(folder: Any) -> None:
    content = tomllib.loads((folder / "lesson.toml").read_text(encoding="utf-8"))
    assert tomllib.loads(as_toml(content)) == content


PLAIN = st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False) | st.text()
VALUES = st.recursive(PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3))


@settings(max_examples=100, derandomize=True, deadline=None)
@given(st.dictionaries(st.text(), VALUES, max_size=4))
def test_any_table_is_read_as_it_was(content: dict[str, Any]) -> None:
    assert tomllib.loads(as_toml(content)) == content


def test_tables_below_a_key_have_full_headings_and_long_lists_several_lines() -> None:
    rows = [[0.25] * 12] * 3
    text = as_toml({"layers": [{"weights": rows, "activation": "relu"}], "loss": {"factor": 0.5}, "x": 1}, "network")
    assert text.startswith("x = 1\n[network.loss]\nfactor = 0.5\n[[network.layers]]\nweights = [\n    [0.25, ")
    assert max(map(len, text.splitlines())) <= MAX_LETTERS
