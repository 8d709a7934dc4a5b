from __future__ import annotations

import pytest

from nn_tutor.terminal.drawing.code_lines import in_pieces
from nn_tutor.terminal.drawing.ink import plain
from nn_tutor.terminal.drawing.prose import draw_prose


@pytest.mark.parametrize(
    ("code", "width", "pieces"),
    [
        ("o = x * w", 20, ["o = x * w"]),
        ("for w in ws:      # the graph", 20, ["for w in ws:", "    # the graph"]),
        ("    dw = two(x, y) + rest", 20, ["    dw = two(x, y) +", "        rest"]),
        ("def f(one: A, two: B) -> C:", 16, ["def f(one: A,", "    two: B) ->", "    C:"]),
        ("print('# no comment', o)", 18, ["print('# no", "    comment', o)"]),
        ("a" * 30, 20, ["a" * 30]),
    ],
)
def test_a_long_line_of_code_goes_on_below(code: str, width: int, pieces: list[str]) -> None:
    assert list(in_pieces(code, width)) == pieces


@pytest.mark.parametrize("width", range(6, 60))
def test_nothing_of_a_line_of_code_is_lost(width: int) -> None:
    code = "        gradients.append(outer(delta[index], passed.a[index]) / rows)  # one for each weight"
    assert "".join("".join(in_pieces(code, width)).split()) == "".join(code.split())


def test_code_in_words_is_not_cut() -> None:
    drawn = plain(
        draw_prose("```python\nfor w in np.arange(0, 3, 0.5):  # the graph of the loss\n    print(w)\n```", 40)
    )
    assert "…" not in drawn
    assert "# the graph of the loss" in drawn
