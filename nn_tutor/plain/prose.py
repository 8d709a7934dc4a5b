"""A lesson's Markdown as paragraphs to be read aloud: a line each, without marks, and without the screen's keys."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from nn_tutor.dataclass import dataclass
from nn_tutor.judging.diagnosis import begun
from nn_tutor.judging.visible import visible
from nn_tutor.plain.keys import in_words, without_keys
from nn_tutor.plain.spoken import TYPED, TYPED_END, as_typed


@dataclass(frozen=True, slots=True)
class Page:
    """The words of a station: their title, "" for none, and their paragraphs in the notation of the screen."""

    title: str
    paragraphs: tuple[str, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """Title and paragraphs."""
        return (ended(self.title), *self.paragraphs) if self.title else self.paragraphs


def in_one(lines: Iterable[str]) -> str:
    """Return lines as one, each a sentence; those of a program by number, and what is missing of it said."""
    said: list[str] = []
    number = 0
    for line in lines:
        is_program = line.startswith(TYPED) and line.find(TYPED_END) == len(line) - 1
        number = number + 1 if is_program else 0
        if is_program:
            code = " ".join(line.strip(f"{TYPED}{TYPED_END}").split()).replace("...", "what is missing")
            stop = "" if code.endswith(":") else ";"
            said.append(f"{'line' if number > 1 else 'Line'} {number}: {as_typed(code)}{stop}")
        else:
            if said and said[-1].endswith(";"):
                said[-1] = f"{said[-1][:-1]}."
            said.append(ended(line))
    return f"{' '.join(said).removesuffix(';')}." if number else " ".join(said)


def sentence(text: str) -> str:
    """Return a notice as a sentence, its keys in words, "" for none."""
    return ended(begun(in_words(text))) if text else ""


def quoted(text: str) -> str:
    """Return the beginning of what was typed, in quotation marks."""
    return as_typed(f'"{visible(text[:24])}"')


def ended(text: str) -> str:
    """Return a text with a stop at its end, where it has none."""
    return text if not text or text[-1] in f".?!:;{TYPED_END}" else f"{text}."


def titled(title: str) -> str:
    """Return the title of a lesson as it is said: its parts behind colons."""
    return visible(title).replace(" · ", ": ")


def page_of(text: str) -> Page:
    """Return Markdown as a page; its first heading is the title."""
    nodes = list(SyntaxTreeNode(_MARKDOWN.parse(text)).children)
    title = ""
    if nodes and nodes[0].type == "heading":
        title = _inline(nodes.pop(0))
    paragraphs = (without_keys(paragraph) for node in nodes for paragraph in _block(node))
    return Page(title, tuple(paragraph for paragraph in paragraphs if paragraph))


_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


def _block(node: SyntaxTreeNode) -> Iterator[str]:
    match node.type:
        case "bullet_list" | "ordered_list":
            yield from _list(node)
        case "fence" | "code_block":
            is_program = node.info.strip() == "python"
            for code in node.content.splitlines():
                if code.strip():
                    shown = visible(code.expandtabs(4)).rstrip()
                    yield as_typed(shown) if is_program else re.sub(r"\s{3,}", ";  ", shown.strip())
        case "table":
            yield from _table(node)
        case "hr":
            return
        case "blockquote":
            for child in node.children:
                yield from _block(child)
        case "heading":
            yield ended(_inline(node))
        case "paragraph":
            yield _inline(node)
        case _:
            yield " ".join(visible(part) for part in node.content.split("\n"))


def _list(node: SyntaxTreeNode) -> Iterator[str]:
    first = int(node.attrs.get("start", 1))
    for number, item in enumerate(node.children, start=first):
        parts = [part for child in item.children for part in _block(child)]
        if parts:
            yield (f"{number}. " if node.type == "ordered_list" else "") + parts[0]
        yield from parts[1:]


def _table(node: SyntaxTreeNode) -> Iterator[str]:
    """Each row on a line, its cells behind the titles of their columns."""
    rows = [[_inline(cell) for cell in row.children] for part in node.children for row in part.children]
    titles = rows[0]
    for row in rows[1:]:
        cells = zip(titles, ("unknown" if cell == "?" else cell for cell in row), strict=False)
        yield ended("; ".join(f"{title}: {cell}" if title else cell for title, cell in cells))


def _inline(node: SyntaxTreeNode) -> str:
    return "".join(_inlines(node.children)).strip()


def _inlines(nodes: Sequence[SyntaxTreeNode]) -> Iterator[str]:
    for node in nodes:
        if node.type in ("softbreak", "hardbreak"):
            yield " "
        elif node.type == "code_inline":
            code = visible(node.content)
            yield as_typed(code) if len(code) > 1 and code.isascii() and re.search(r"[\d_(@]", code) else code
        elif node.type == "image":
            yield visible(node.content)
        elif node.children:
            yield from _inlines(node.children)
        else:
            yield visible(node.content)
