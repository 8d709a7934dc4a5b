"""A document as one page of HTML that asks for nothing else: formulas in MathML, made to be printed too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from importlib import resources
from itertools import groupby
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from nn_tutor import __version__
from nn_tutor.calculus.numerals import numeral
from nn_tutor.export.mathml import is_formula, mathml, mathml_in_lines
from nn_tutor.export.mine import Answer, Mine
from nn_tutor.export.picture import network_svg
from nn_tutor.export.tasks import LETTERS, Task
from nn_tutor.export.words import loss_in_words
from nn_tutor.judging.diagnosis import as_sentence
from nn_tutor.tutor.answers import Answers

if TYPE_CHECKING:
    from nn_tutor.export.document import Chapter, Document, Line, Sheet
    from nn_tutor.network.quantities import Phase
    from nn_tutor.network.records import Pass
    from nn_tutor.network.spec import Network

PHASES: dict[Phase, str] = {
    "forward": "Forward: from the inputs to the output",
    "loss": "The loss",
    "backward": "Backward: from the loss to every weight",
    "update": "The update",
}

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""What the page may load: nothing but its own styles."""


def as_page(document: Document, mine: Mine | None = None) -> str:
    """Return the worked lesson as a page, with what the learner answered where that is given."""
    return _Page(document, mine or Mine(Answers()), has_mine=mine is not None).text()


class _Page:
    """Writes one page."""

    def __init__(self, document: Document, mine: Mine, *, has_mine: bool) -> None:
        self.document = document
        self.mine = mine
        self.has_mine = has_mine
        self._undrawn = {name: (network, passed) for name, network, passed in document.drawn}
        self._markdown = _reader()

    def text(self) -> str:
        """Return all of it."""
        lesson = self.document.lesson
        title = escape(lesson.title)
        style = resources.files("nn_tutor.export").joinpath("page.css").read_text(encoding="utf-8")
        body = "\n".join(self._body())
        made = f"Made by nn-tutor {__version__} from the lesson {escape(lesson.id)}."
        return (
            f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
            f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
            f"<style>\n{style}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n"
            f"<footer><p>{made}</p></footer>\n</body>\n</html>\n"
        )

    def _body(self) -> Iterator[str]:
        lesson, introduction = self.document.lesson, self.document.introduction.text.strip()
        title = lesson.title
        if introduction.startswith("# "):
            title, _, introduction = introduction.removeprefix("# ").partition("\n")
        yield f"<h1>{self._inline(title)}</h1>"
        if lesson.summary:
            yield f'<p class="summary">{escape(lesson.summary)}</p>'
        yield self._words(introduction)
        for chapter in self.document.chapters:
            yield "<section>"
            yield from self._chapter(chapter)
            yield "</section>"

    def _words(self, text: str) -> str:
        return str(self._markdown.render(text)).rstrip()

    def _chapter(self, chapter: Chapter) -> Iterator[str]:
        if not chapter.words:
            yield f"<h2>{escape(chapter.title)}</h2>"
        for passage in chapter.words:
            if passage.title:
                yield f"<h{passage.level}>{self._inline(passage.title)}</h{passage.level}>"
            yield self._words(passage.text)
        if chapter.activity.network in self._undrawn and chapter.activity.span:
            yield _figure(*self._undrawn.pop(chapter.activity.network), chapter.activity.network)
        for sheet in chapter.sheets:
            yield from self._sheet(sheet, chapter)
        for task in chapter.tasks:
            yield from self._task(task, chapter)

    def _inline(self, text: str) -> str:
        return str(self._markdown.renderInline(text))

    # Passes

    def _sheet(self, sheet: Sheet, chapter: Chapter) -> Iterator[str]:
        givens = ", ".join(mathml(f"{name} = {value}") for name, value in sheet.givens)
        yield f'<p class="given">Pass {sheet.passed.number}. Given: {givens}.</p>'
        if sheet.matrices:
            rows = "".join(f"<tr><td>{mathml_in_lines(f'{name} = {rule}')}</td></tr>" for name, rule in sheet.matrices)
            yield f'<div class="scroll"><table><tbody>{rows}</tbody></table></div>'
            return
        yours = {line.ref: self._latest(line.task, chapter) for line in sheet.lines}
        has_yours = any(yours.values())
        heads = ["line"] if sheet.is_numbered else []
        heads += ["symbol", "rule", *([] if sheet.is_numbered else ["with numbers"]), "value"]
        heads += ["yours"] if has_yours else []
        head = "".join(f'<th scope="col">{name}</th>' for name in heads)
        place, bodies = 0, []
        for phase, lines in groupby(sheet.lines, lambda line: line.phase):
            cells = f'<tr class="phase"><th colspan="{len(heads)}" scope="rowgroup">{PHASES[phase]}</th></tr>'
            for line in lines:
                place += 1
                number = f"<td>{place}</td>" if sheet.is_numbered else ""
                own = f'<td class="yours">{_yours(yours[line.ref])}</td>' if has_yours else ""
                opened = '<tr class="asked">' if line.task is not None else "<tr>"
                cells += f"{opened}{number}{_cells(line, sheet.is_numbered)}{own}</tr>"
            bodies.append(f"<tbody>{cells}</tbody>")
        yield f'<div class="scroll"><table><thead><tr>{head}</tr></thead>{"".join(bodies)}</table></div>'

    def _latest(self, task: Task | None, chapter: Chapter) -> Answer | None:
        answers = () if task is None else self.mine.to(task, chapter.activity)
        return answers[-1] if answers else None

    # Tasks

    def _task(self, task: Task, chapter: Chapter) -> Iterator[str]:
        answers = self.mine.to(task, chapter.activity)
        stands_in_table = task.kind in ("number", "size", "place") and bool(chapter.sheets)
        if stands_in_table and not answers:
            return  # the table says it all
        yield '<div class="task">'
        yield f"<p><b>{task.number}.</b> {self._inline(escape_markdown(task.prompt))}</p>"
        if task.options:
            right = LETTERS.index(task.answer)
            items = [f"<li>{escape(text)}</li>" for text in task.options]
            items[right] = f'<li class="right">{escape(task.options[right])} ✓</li>'
            yield f'<ol class="options">{"".join(items)}</ol>'
        elif not stands_in_table:
            shown = mathml(f"{task.symbol} = {task.answer}") if task.kind == "formula" else escape(task.answer)
            yield f'<p><span class="label">Answer:</span> {shown}</p>'
        if task.why:
            yield f"<p>{escape(as_sentence(task.why))}</p>"
        if answers:
            yield f'<ul class="mine" aria-label="what you answered">{"".join(map(_answered, answers))}</ul>'
        if self.mine.was_shown(task, chapter.activity):
            yield "<p>You asked to be shown this answer.</p>"
        yield "</div>"


def escape_markdown(text: str) -> str:
    """Return a text so that Markdown shows it as it stands, but for its code."""
    return "".join(f"\\{character}" if character in "*_[]<>#|\\" else character for character in text)


def _cells(line: Line, is_bare: bool) -> str:
    rule = "" if line.rule is None else mathml_in_lines(line.rule)
    numbers = "" if line.numbers in (None, line.rule, line.value) else mathml_in_lines(line.numbers or "")
    value = line.value or ""
    relation = "≈ " if line.relation == "≈" and numbers else ""
    middle = f"<td>{rule}</td>" if is_bare else f"<td>{rule}</td><td>{numbers}</td>"
    return f'<td>{mathml(line.symbol)}</td>{middle}<td class="value">{relation}{mathml(value)}</td>'


def _yours(answer: Answer | None) -> str:
    if answer is None:
        return ""
    return f'<span class="{_kind(answer)}"><span class="mark">{answer.mark}</span> {escape(answer.text)}</span>'


def _kind(answer: Answer) -> str:
    return "right" if answer.is_right else "wrong" if answer.judgement.spends_attempt else "other"


def _answered(answer: Answer) -> str:
    told = f": {escape(answer.message)}" if answer.message else ""
    mark = f'<span class="mark" aria-hidden="true">{answer.mark}</span>'
    return f'<li class="{_kind(answer)}">{mark} <code>{escape(answer.text)}</code> {answer.word}{told}</li>'


def _figure(network: Network, passed: Pass, name: str) -> str:
    samples = passed.X.shape[0]
    which = f"; the numbers are those of the first of {samples} samples" if samples > 1 else ""
    called = f"The network {escape(name)}" if name else "The network"
    rate = numeral(network.learning_rate)
    said = f"{called} in its first pass{which}. The loss is {escape(loss_in_words(network, samples))}; η is {rate}. "
    said += "Dashed: a weight below 0."
    return f"<figure>{network_svg(network, passed)}<figcaption>{said}</figcaption></figure>"


_DRAWN = re.compile(r"[─-▿◀-◿←-⇿⟵-⟿…|]")
"""Signs of a drawing, which stays as it was laid out."""


def _reader() -> MarkdownIt:
    """A reader of Markdown that passes no HTML on, loads no picture, and writes formulas as MathML."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")

    def code_inline(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        content = tokens[index].content
        return mathml(content) if is_formula(content) else f"<code>{escape(content)}</code>"

    def fence(self: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        lines = tokens[index].content.rstrip("\n").split("\n")
        if not tokens[index].info and all(is_formula(line) and not _DRAWN.search(line) for line in lines):
            formulas = [part for line in lines for part in re.split(r" {2,}", line.strip())]
            return "".join(f'<p class="formula">{mathml(part, display=True)}</p>' for part in formulas)
        return f"<pre><code>{escape(tokens[index].content)}</code></pre>\n"

    reader.add_render_rule("code_inline", code_inline)
    reader.add_render_rule("fence", fence)
    return reader
