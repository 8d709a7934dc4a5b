"""At 80×24 the samples of a batch are one key away while a question is answered, and what was typed comes back."""

from __future__ import annotations

from pathlib import Path

from tests.lessons_for_tests import make_lesson, of_one_weight
from tests.terminal.frames import see

TWO_SAMPLES = of_one_weight(
    'kind = "walk"\nid = "walk"\nask = ["loss"]', weight=1.4, inputs=(1.2, 0.7), targets=(0.5, 1.9)
)


def test_the_samples_are_one_key_away_and_what_was_typed_comes_back(tmp_path: Path) -> None:
    lesson = make_lesson(tmp_path, TWO_SAMPLES)
    to_loss = "enter enter"
    assert "shift+tab samples" in see(to_loss, lesson=lesson)
    shown = see(f"{to_loss} (o_1-y_1)^2 enter shift+tab up", lesson=lesson)
    assert "2  0.7  0.98  1.9  −0.92" in shown
    assert " > (o_1-y_1)^2" in shown
    assert "What is the square" in see(f"{to_loss} ? ? f2", lesson=lesson)
