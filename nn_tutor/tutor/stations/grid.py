"""The grid of a matrix or vector whose cells are asked one by one, and the cell that an arrow leads to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nn_tutor.network.quantities import stands_transposed

if TYPE_CHECKING:
    from nn_tutor.network.spec import Network
    from nn_tutor.tutor.answers import Answers
    from nn_tutor.walkthrough.questions import Question


def grid_of(question: Question, questions: Sequence[Question]) -> tuple[Question, ...]:
    """Return those of `questions` that ask for the cells of the same matrix or vector; none for a single number."""
    whole = (question.ref.quantity, question.ref.layer)
    cells = tuple(
        other
        for other in questions
        if (other.ref.quantity, other.ref.layer) == whole and other.kind == "number" and other.ref.index
    )
    return cells if len(cells) > 1 else ()


def open_cell(
    network: Network, grid: Sequence[Question], answers: Answers, question: Question, down: int, right: int
) -> Question | None:
    """Return the open cell that is next to a question's in a direction, straight ahead if there is one; else None."""
    cells = {other.id: _place(network, other) for other in grid}
    row, column = _place(network, question)
    if len({place[0] for place in cells.values()}) == 1:  # in a single row or column both pairs of arrows lead on
        down, right = 0, down + right
    elif len({place[1] for place in cells.values()}) == 1:
        down, right = down + right, 0
    best: Question | None = None
    nearest = 0
    for other in grid:
        below, after = cells[other.id][0] - row, cells[other.id][1] - column
        ahead = below * down + after * right
        beside = abs(below * right) + abs(after * down)
        distance = ahead + 10 * beside
        if ahead > 0 and not answers.is_settled(other.id) and (best is None or distance < nearest):
            best, nearest = other, distance
    return best


def _place(network: Network, question: Question) -> tuple[int, int]:
    """Row and column of a cell as its matrix is drawn; a vector is one row."""
    index = question.ref.index or ()
    if len(index) == 1:
        return 0, index[0]
    row, column = index[-2:]
    return (column, row) if stands_transposed(network, question.ref.quantity) else (row, column)
