"""A lesson's Markdown as lines of spans: what there is to read, wrapped for the screen. Nothing in it is acted on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

from rich.cells import cell_len

from nn_tutor.judging.visible import visible
from nn_tutor.terminal.drawing.code_lines import in_pieces
from nn_tutor.terminal.drawing.ink import Drawing, Line, Role, Span, cut, width_of, wrapped
from nn_tutor.terminal.drawing.marks import ROLES
from nn_tutor.terminal.sizes import WIDEST

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

CODE: Role = "curve"
"""Quiet, and no quantity of the table goes by it."""


@lru_cache(maxsize=64)
def draw_prose(text: str, width: int) -> Drawing:
    """Draw Markdown for a screen of `width` cells, all of its lines; whoever shows it scrolls.

    A mark of a picture that stands alone as code has its colour there. Links show their text alone, images the text
    that stands for them, and HTML is shown as it was typed.
    """
    if not text.strip():
        return ()
    lines = _plain_blocks(text, max(1, width)) if is_plain(text) else _blocks(_parsed(text), max(1, width))
    return tuple(_joined(cut(line, max(1, width))) for line in lines)


def is_plain(text: str) -> bool:
    """Whether Markdown is just titles, programs, and paragraphs of words, code and bold words.

    No sign in it can mean anything else, nor the way a line begins.
    """
    return all(_PROGRAM.fullmatch(block) or all(map(_ROW.fullmatch, _rows_of(block))) for block in _blocks_apart(text))


_TITLE, _FENCE = "## ", "```"
_CODE = r"(?<!`)`[^`\s](?:[^`\n]*[^`\s])?`(?!`)"
_WORDS = r"[^\\`*_\[\]<>&|~#\t\r\n\0]"
_BOLD = rf"(?<![\w*])\*\*[^\W_](?:{_WORDS}*[^\W_])?\*\*(?![\w*])"
_ROW = re.compile(rf"""(?:[^\W\d_]|[“‘"'(]|(?={_CODE}|{_BOLD}))(?:{_WORDS}|{_CODE}|{_BOLD})*(?<!\s)""")
_PROGRAM = re.compile(r"```\n[^`\t\r\0\v\f\x1c-\x1e\x85\u2028\u2029]*[^`\s]\n```")
_MARKED = re.compile(r"`([^`]*)`|\*\*([^*]*)\*\*")


def _plain_blocks(text: str, width: int) -> list[Line]:
    """Draw what is plain without the parser of Markdown, which takes longer to import than a page to draw.

    The words that open a lesson are hardly ever more.
    """
    lines: list[Line] = []
    for block in _blocks_apart(text):
        if block.startswith(_FENCE):
            drawn = _program(block.splitlines()[1:-1], width)
        else:
            role: Role = "strong" if block.startswith(_TITLE) else "text"
            drawn = _wrapped(_plain_spans(" ".join(_rows_of(block)), role), min(width, WIDEST))
        lines += [*([()] if lines else []), *drawn]
    return lines


def _plain_spans(words: str, role: Role) -> list[Span]:
    spans: list[Span] = []
    for place, part in enumerate(_MARKED.split(words)):
        if part is not None:  # words, code and bold words in turn
            spans.append(_code(part) if place % 3 == 1 else Span(visible(part), role if place % 3 == 0 else "strong"))
    return spans


def _rows_of(block: str) -> list[str]:
    return [block.removeprefix(_TITLE)] if block.startswith(_TITLE) else block.split("\n")


def _blocks_apart(text: str) -> list[str]:
    return re.split(r"\n\n+", text.strip("\n"))


def _parsed(text: str) -> Sequence[SyntaxTreeNode]:
    """Return the blocks of Markdown; its parser is imported for the first words, as not every screen has any."""
    from markdown_it.tree import SyntaxTreeNode

    return SyntaxTreeNode(_markdown().parse(text)).children


@cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable("table")


_HELD = "\u00a0"
"""A blank at which no line ends."""


def _blocks(nodes: Sequence[SyntaxTreeNode], width: int, *, tight: bool = False) -> list[Line]:
    """Draw blocks one below the other, a blank line between them; none in a tight list, none below a small heading."""
    lines: list[Line] = []
    touches = True
    for node in nodes:
        drawn = _block(node, width)
        if drawn and not touches:
            lines.append(())
        lines += drawn
        touches = tight or (node.type == "heading" and node.tag not in ("h1", "h2"))
    return lines


def _block(node: SyntaxTreeNode, width: int) -> list[Line]:
    if node.type == "paragraph":
        return _wrapped(_spans(node, "text"), min(width, WIDEST))
    if node.type == "heading":
        return _wrapped(_spans(node, "strong"), min(width, WIDEST))
    if node.type in ("bullet_list", "ordered_list"):
        return _list(node, width)
    if node.type == "blockquote":
        return _hanging(Span("│ ", "muted"), Span("│ ", "muted"), _blocks(node.children, width - 2))
    if node.type in ("fence", "code_block"):
        return _program(node.content.splitlines(), width)
    if node.type == "hr":
        return [(Span("─" * min(width, WIDEST), "border"),)]
    if node.type == "table":
        return _table(node, width)
    return _wrapped([Span(part) for part in visible(node.content).split("\n")], min(width, WIDEST))


def _program(rows: Sequence[str], width: int) -> list[Line]:
    code = (visible(one.expandtabs(4)) for one in rows)
    return [(Span("  "), Span(part, "output")) for one in code for part in in_pieces(one, width - 2)]


def _list(node: SyntaxTreeNode, width: int) -> list[Line]:
    first = node.attrs.get("start", 1)
    numbers = range(int(first), int(first) + len(node.children))
    marks = [f"{number}. " for number in numbers] if node.type == "ordered_list" else ["• "] * len(node.children)
    room = max(map(len, marks))
    tight = any(inner.hidden for item in node.children for inner in item.children)
    lines: list[Line] = []
    for mark, item in zip(marks, node.children, strict=True):
        if lines and not tight:
            lines.append(())
        body = _blocks(item.children, width - room, tight=tight) or [()]
        lines += _hanging(Span(mark.rjust(room), "muted"), Span(" " * room), body)
    return lines


def _hanging(first: Span, others: Span, body: list[Line]) -> list[Line]:
    return [((others if place else first), *line) for place, line in enumerate(body)]


def _table(node: SyntaxTreeNode, width: int) -> list[Line]:
    """Draw a table, its columns as narrow as they can be; cells are wrapped where it does not fit."""
    rows = [row for part in node.children for row in part.children]
    cells = [[_spans(cell, "strong" if cell.type == "th" else "text") for cell in row.children] for row in rows]
    sides = [str(cell.attrs.get("style", "")).rpartition(":")[2] for cell in rows[0].children]
    widths = [max(1, *(width_of(tuple(row[column])) for row in cells)) for column in range(len(sides))]
    while sum(widths) + _GAP * (len(widths) - 1) > width and max(widths) > 1:
        widths[widths.index(max(widths))] -= 1
    lines: list[Line] = []
    for number, row in enumerate(cells):
        columns = [_wrapped(cell, room) for cell, room in zip(row, widths, strict=True)]
        for place in range(max(map(len, columns))):
            parts = [column[place] if place < len(column) else () for column in columns]
            lines.append(_row(parts, widths, sides))
        if number == 0:
            lines.append(_row([(Span("─" * room, "border"),) for room in widths], widths, sides))
    return lines


_GAP = 3


def _row(parts: Sequence[Line], widths: Sequence[int], sides: Sequence[str]) -> Line:
    line: Line = ()
    for place, (part, room, side) in enumerate(zip(parts, widths, sides, strict=True)):
        free = max(0, room - width_of(part))
        before = free if side == "right" else free // 2 if side == "center" else 0
        gap = _GAP if place else 0
        line += (Span(" " * (gap + before)), *part, Span(" " * (free - before)))
    return line


def _spans(node: SyntaxTreeNode, role: Role) -> list[Span]:
    """Return the inline text below a node; a line's end that must be kept is a span of a newline."""
    spans: list[Span] = []
    for child in node.children:
        if child.type == "softbreak":
            spans.append(Span(" ", role))
        elif child.type == "hardbreak":
            spans.append(Span("\n", role))
        elif child.type == "code_inline":
            spans.append(_code(child.content))
        elif child.type == "image":
            spans += [Span(visible(child.content), role)]
        elif child.children:
            spans += _spans(child, "strong" if child.type in ("strong", "em") else role)
        else:
            spans.append(Span(visible(child.content), role))
    return spans


def _code(content: str) -> Span:
    return Span(visible(content), ROLES.get(content, CODE))


def _wrapped(spans: Sequence[Span], width: int) -> list[Line]:
    """Fill lines of `width` cells with words; short code is one word, blanks and all."""
    held = (
        span._replace(text=span.text.replace(" ", _HELD))
        if span.role == CODE and cell_len(span.text) <= width // 2
        else span
        for span in spans
    )
    lines = wrapped(tuple(held), width)
    return [tuple(span._replace(text=span.text.replace(_HELD, " ")) for span in line) for line in lines]


def _joined(line: Line) -> Line:
    """Put neighbours of one role together, and leave out what is empty."""
    parts = [span for span in line if span.text]
    grouped = groupby(parts, key=lambda span: (span.role, span.lit))
    return tuple(Span("".join(span.text for span in group), role, lit) for (role, lit), group in grouped)
