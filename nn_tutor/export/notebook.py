"""A lesson as a Jupyter notebook: its words, and below those of each walk its passes in NumPy, step by step.

Needs nbformat, which comes with the extra `notebook`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from nn_tutor.export.numpy_sections import EXPECTED, SETUP, NumPyParts, head

if TYPE_CHECKING:
    from nn_tutor.export.document import Chapter, Document
    from nn_tutor.export.runs import Run

Cell = tuple[str, str]
"""A cell that is still to be made: "markdown" or "code", and its text."""


def as_notebook(document: Document, runs: Sequence[Run]) -> str:
    """Return the notebook as the text of its file."""
    cells = []
    for number, (kind, text) in enumerate(_Writer(document, runs).cells(), start=1):
        make = new_code_cell if kind == "code" else new_markdown_cell
        cells.append(make(text, id=f"cell-{number}"))
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    notebook = new_notebook(cells=cells, metadata=metadata)
    nbformat.validate(notebook)
    return f"{nbformat.writes(notebook)}\n"


class _Writer:
    """Writes the cells in the order of the lesson; `_done` is the last pass that the notebook has made so far."""

    def __init__(self, document: Document, runs: Sequence[Run]) -> None:
        self.document = document
        self.parts = {run.name: NumPyParts(run) for run in runs}
        self._current: str | None = None
        self._done = 0

    def cells(self) -> Iterator[Cell]:
        """Yield all cells."""
        lesson = self.document.lesson
        introduction = self.document.introduction.text.strip()
        yield "markdown", introduction if introduction.startswith("# ") else f"# {lesson.title}\n\n{introduction}"
        yield "code", head(list(self.parts.values()))
        for chapter in self.document.chapters:
            words = [f"{'#' * passage.level} {passage.title}\n\n{passage.text}".strip() for passage in chapter.words]
            if words:
                yield "markdown", "\n\n".join(words)
            yield from self._passes(chapter)

    def _passes(self, chapter: Chapter) -> Iterator[Cell]:
        """The passes of a chapter that the notebook has not made yet."""
        activity = chapter.activity
        part = self.parts.get(activity.network)
        if part is None or not activity.makes_passes:
            return
        last = max(passed.number for passed in part.run.passes if passed.number <= activity.span[-1])
        first = activity.span[0] if activity.step_groups_in_passes else last
        if self._current == activity.network and self._done >= last:
            return
        if self._current != activity.network:
            yield from self._begun(part)
        yield from self._until(part, first - 1)
        if not activity.step_groups_in_passes:
            yield from self._until(part, last)
            return
        for number in range(self._done + 1, last + 1):
            for title, code in part.phases(number):
                yield "code", f"# pass {number}, {title}\n{code}"
            self._done = number

    def _begun(self, part: NumPyParts) -> Iterator[Cell]:
        self._current, self._done = part.run.name, 0
        if len(self.parts) > 1:
            yield "markdown", f"**{part.title}**"
        yield "code", f"# {SETUP}\n{part.setup()}"
        yield "code", f"# {EXPECTED}\n{part.expected()}"

    def _until(self, part: NumPyParts, last: int) -> Iterator[Cell]:
        """Let the run go on to a pass in one cell."""
        if last > self._done:
            code = part.loop(self._done + 1, last)
            yield "code", f"{code}\n{part.taken_over()}" if last == 1 else code  # the first pass alone is no loop
            self._done = last
