"""The words of a lesson for paper, where there are no keys to press and no top line to look at."""

from __future__ import annotations

import re

_INSTEAD = (
    (" named in the top line", " of this loss"),
    ("the top line says which this is", "look which one this is"),
    ("the top line says what this loss has", "look at what this loss has"),
    ("the top line says what this loss does", "look at what this loss does"),
    ("In a walk the top line tells you which it is.", "With each network it says which it is."),
)
"""What is said of the screen, and what instead."""

_KEY = re.compile(
    r"\*\*(?:Enter|Esc|Tab|F\d|[?←→])\*\*|`(?:F\d|Tab|Esc)`|\bTab\b|\b[Aa]rrow keys?\b|\b[Pp]ress `?\w`?(?=\W|$)"
)
"""How a sentence speaks of a key."""

_SENTENCES = re.compile(r"(?<=[.!?])\s+(?=\S)")
_ITEM = re.compile(r"^(?=(?:[-*]|\d+\.) )", re.MULTILINE)
_FENCED = re.compile(r"(^```.*?^```[^\n]*$)", re.MULTILINE | re.DOTALL)


def on_paper(text: str) -> str:
    """Return Markdown without its sentences about keys; a paragraph that begins with one is all about that key."""
    for said, instead in _INSTEAD:
        text = text.replace(said, instead)
    if not _KEY.search(text):
        return text
    parts = _FENCED.split(text)
    return "".join(part if number % 2 else _blocks(part) for number, part in enumerate(parts))


def _blocks(text: str) -> str:
    blocks = (_block(block) for block in re.split(r"(\n{2,})", text))
    return "".join(blocks)


def _block(block: str) -> str:
    if not _KEY.search(block):
        return block
    return "".join(_without(item) for item in _ITEM.split(block))


def _without(item: str) -> str:
    """A paragraph, or an item of a list, without its sentences about keys."""
    sentences = _SENTENCES.split(item)
    if _KEY.search(sentences[0]):
        return ""
    end = "\n" if item.endswith("\n") else ""
    return " ".join(one.strip() for one in sentences if not _KEY.search(one)) + end
