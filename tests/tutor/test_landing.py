"""What is said of where a learner's own new weight lands: a lucky step is not praised."""

from __future__ import annotations

import pytest

from nn_tutor.tutor.landing import LUCK, change_said


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (2.0, "the loss rises 1.3225 → 2"),
        (0.8, "the loss falls 1.3225 → 0.8"),
        (1.3225, "the loss stays at 1.3225"),
        (0.5, "the loss falls 1.3225 → 0.5"),  # rounded, and so a little lower than 0.5018
        (0.1037, f"the loss falls 1.3225 → 0.1037{LUCK}"),
    ],
)
def test_where_a_step_lands_is_told_and_luck_is_called_luck(after: float, said: str) -> None:
    assert change_said(1.3225, after, 0.5018, written="{before} → {after}") == said
