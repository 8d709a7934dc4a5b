"""A document as Markdown: the lesson as a text, as a handout with blanks, as an answer key, as a worked solution."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from nn_tutor.calculus.numerals import numeral
from nn_tutor.export.document import Chapter, Document, Line, Passage, Sheet
from nn_tutor.export.tasks import LETTERS, Task
from nn_tutor.export.words import layers_in_words, loss_in_words
from nn_tutor.network.counted import counted
from nn_tutor.walkthrough.questions import given

if TYPE_CHECKING:
    from nn_tutor.export.mine import Answer, Mine
    from nn_tutor.network.quantities import Phase
    from nn_tutor.network.records import Pass
    from nn_tutor.network.spec import Network

BLANK = "______"
"""Where an answer is written."""

MAX_LINES = 80
"""A handout has no table for a pass of more lines than this, but says what it starts from."""

PHASES: dict[Phase, str] = {"forward": "Forward", "loss": "Loss", "backward": "Backward", "update": "Update"}


def as_text(document: Document) -> str:
    """Return the lesson to be read: its words and choices, and what is done at each place, without any answer."""
    return _joined(_whole(document, _prompts))


def as_handout(document: Document) -> str:
    """Return the lesson to be worked on paper; the document has to be covered."""
    return _joined(_whole(document, _to_work))


def as_key(document: Document) -> str:
    """Return the answers alone, each with the decimals that are asked for and the reason."""
    parts = [f"# {document.lesson.title}: answers"]
    for chapter in document.chapters:
        if chapter.tasks:
            parts.append(f"## {chapter.title}")
            parts.append("\n".join(map(_answer, chapter.tasks)))
    if len(parts) == 1:
        parts.append("Nothing is asked in this lesson.")
    return _joined(iter(parts))


def as_solution(document: Document, mine: Mine | None = None) -> str:
    """Return the worked lesson: its words, every pass line by line, every answer, and what the learner answered."""

    def worked(chapter: Chapter) -> Iterator[str]:
        for sheet in chapter.sheets:
            yield from _sheet(sheet)
        for task in chapter.tasks:
            yield _solved(task)
            if mine is not None:
                yield "\n".join(map(_answered, mine.to(task, chapter.activity)))

    return _joined(_whole(document, worked))


def _answered(answer: Answer) -> str:
    """An answer of the learner, with its mark and what was said of it."""
    told = f": {answer.message}" if answer.message else ""
    return f"- {answer.mark} `{answer.text}` {answer.word}{told}"


def _joined(parts: Iterator[str]) -> str:
    return "\n\n".join(part.strip("\n") for part in parts if part.strip()) + "\n"


def _whole(document: Document, inside: Callable[[Chapter], Iterator[str]]) -> Iterator[str]:
    """The words in order; behind those of each activity what is `inside` it."""
    introduction = document.introduction.text.lstrip()
    if not introduction.startswith("# "):
        yield f"# {document.lesson.title}"
    yield introduction
    for chapter in document.chapters:
        words = chapter.words or (Passage(2, chapter.title, ""),)
        for passage in words:
            yield f"{'#' * passage.level} {passage.title}" if passage.title else ""
            yield passage.text
        yield from inside(chapter)
    if document.drawn:
        yield "## The networks of this lesson"
        yield from (_network(name, network, passed) for name, network, passed in document.drawn)


def _network(name: str, network: Network, passed: Pass) -> str:
    """What a network is and starts from, as a picture would show it."""
    rows = passed.X.shape[0]
    given_numbers = ", ".join(f"{text} = {numeral(value)}" for text, value in given(network, passed))
    called = f"`{name}`: " if name else ""
    samples = counted(rows, "sample")
    return f"{called}{layers_in_words(network)}; loss {loss_in_words(network, rows)}; {samples}. {given_numbers}."


def _prompts(chapter: Chapter) -> Iterator[str]:
    for task in chapter.tasks:
        yield f"*{task.prompt}*"
        if task.options:
            yield _options(task)
    if any(sheet.is_numbered for sheet in chapter.sheets):
        for sheet in chapter.sheets:
            yield from _sheet(sheet)


def _to_work(chapter: Chapter) -> Iterator[str]:
    for sheet in chapter.sheets:
        if len(sheet.lines) <= MAX_LINES:
            yield from _sheet(sheet)
        else:
            yield _givens(sheet)
    for task in chapter.tasks:
        yield _question(task)
        if task.options:
            yield _options(task)


def _options(task: Task) -> str:
    return "\n".join(f"- {letter}: {text}" for letter, text in zip(LETTERS, task.options, strict=False))


def _question(task: Task) -> str:
    """A task with the place where its answer is written."""
    decimals = "" if task.decimals is None or task.kind == "sign" else f" ({_decimals(task.decimals)})"
    left = f" {task.symbol} = {BLANK}" if task.symbol and task.kind not in ("sign", "place") else f" {BLANK}"
    return f"**{task.number}.** {_asked(task)}{left}{decimals}"


def _asked(task: Task) -> str:
    if task.kind != "place":
        return task.prompt
    return f"Where does {task.symbol.removesuffix('′')} go: what is {task.symbol}?"  # no curve to put it on here


def _decimals(count: int) -> str:
    return "1 decimal" if count == 1 else f"{count or 'no'} decimals"


def _answer(task: Task) -> str:
    equals = f"{task.symbol} = " if task.symbol and task.kind != "sign" else ""
    chosen = f" ({task.options[LETTERS.index(task.answer)]})" if task.options else ""
    why = f": {task.why}" if task.why else ""
    name = f" `{task.id}`" if task.id else ""
    return f"{task.number}. {equals}**{task.answer}**{chosen}{why}{name}"


def _solved(task: Task) -> str:
    return f"*{_asked(task)}* {_answer(task).partition('. ')[2].partition(' `')[0]}"


def _givens(sheet: Sheet) -> str:
    return "Given: " + ", ".join(f"{name} = {value}" for name, value in sheet.givens) + "."


def _sheet(sheet: Sheet) -> Iterator[str]:
    yield f"Pass {sheet.passed.number}. {_givens(sheet)}"
    if sheet.is_numbered:
        yield _table(
            ("line", "", "rule", "value"),
            ((str(place), line.symbol, line.rule or "", line.value or "") for place, line in enumerate(sheet.lines, 1)),
        )
    elif sheet.lines:
        yield _table(("", "rule", "with numbers", "value"), _rows(sheet))
    if sheet.matrices:
        yield _table(("", "rule"), iter(sheet.matrices))


def _rows(sheet: Sheet) -> Iterator[tuple[str, ...]]:
    for phase, lines in groupby(sheet.lines, lambda line: line.phase):
        yield f"*{PHASES[phase]}*", "", "", ""
        for line in lines:
            yield line.symbol, BLANK if line.rule is None else line.rule, *_worked(line)


def _worked(line: Line) -> tuple[str, str]:
    """The numbers put in, and the value; a value that is asked for says in which task."""
    if line.value is None:
        return "", BLANK if line.task is None else f"{BLANK} ({line.task.number})"
    numbers = "" if line.numbers in (line.rule, line.value) else line.numbers or ""
    return numbers, f"{'≈ ' if line.relation == '≈' and numbers else ''}{line.value}"


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(_cell(text) for text in row) + " |" for row in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
