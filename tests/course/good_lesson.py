"""A lesson in which nothing is wrong, so that one thing can be made wrong, and what `check` says of it then."""

from __future__ import annotations

from pathlib import Path

import pytest

from nn_tutor.cli import main

WALK = 'kind = "walk"\nask = ["W"]'
"""Its only activity."""

GOOD = f"""\
format_version = 1
id = "good"
title = "Good"

[network]
learning_rate = 0.1

[network.loss]
kind = "squared_error"

[network.update]
l2 = 0.0

[[network.layers]]
weights = [[0.5, 0.4], [-1.1, 1.2]]
biases = [0.1, 0.2]
activation = "sigmoid"

[[network.layers]]
weights = [[0.4, 1.2]]

[data]
inputs = [[1.3, 1.1]]
targets = [[0.2]]

[[activity]]
{WALK}
"""

FAIR = (
    GOOD.replace("[[0.5, 0.4], [-1.1, 1.2]]", "[[-1.01, -0.25], [-1.86, -1.17]]")
    .replace("[0.1, 0.2]", "[-1.28, -1.55]")
    .replace("[[0.4, 1.2]]", "[[-1.32, 1.61]]")
    .replace("[[1.3, 1.1]]", "[[-1.08, -0.76]]")
    .replace("learning_rate = 0.1", "learning_rate = 0.7")
)
"""The same with numbers that hide no mistake."""

CHOOSE = """
[[activity]]
kind = "choose"
prompt = "Which?"
options = [{ text = "this", right = true }, { text = "that", why = "no" }]
"""


def refused(path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """Return what `check` says of a lesson that it must refuse."""
    assert main(["check", str(path)]) == 3
    printed = capsys.readouterr()
    assert "Traceback" not in printed.err
    assert not any(character < " " and character != "\n" for character in printed.err)
    assert all(len(line) < 6000 for line in printed.err.splitlines())
    return printed.err
