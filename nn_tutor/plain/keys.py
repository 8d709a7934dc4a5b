"""What the screen's texts say of its keys, as the words that are typed line by line instead."""

from __future__ import annotations

import re

IN_WORDS: tuple[tuple[str, str], ...] = (
    ("answer first, or press esc and s to be shown", "answer first, or type show"),
    ("F2 goes back to the whole question", "the word apart goes back to the whole question"),
    ("F2 goes back farther", "the word apart goes back farther"),
    ("F2 takes it apart again", "the word apart takes it apart again"),
    ("F2 takes this one apart too", "the word apart takes this one apart too"),
    ("← goes back to what you passed", "the word back goes to what you passed"),
    ("esc p puts it off", "the word later puts it off"),
    ("inside this pass; i goes back to the run", "inside this pass; the word inside goes back to the run"),
    ("where you stepped in; i goes back", "where you stepped in; the word inside goes back"),
    ("is below {} already; t runs it on", "is below {} already; the word run lets it go on"),
    (", or choose it with ↑ ↓", ""),
    (" with a blank between them, or use the arrow keys", " with a blank between them"),
    ("The arrow keys move from cell to cell.", "They are asked cell by cell."),
    ("The arrow keys move {}.", "You move {} by typing a number."),
    ("press Enter", "press enter"),
    ("comes out at the end of the lit arrow", "the network answers"),
    (": look at what is lit", ""),
    (" named in the top line", " of this loss"),
    ("; η₀ is the first η", ""),
    ("the top line says", "the word where says"),
    ("in the diagram which function stands there", "in the table which function stands there"),
    ("the top line tells you", "the word where tells you"),
    ("? gives you a hint", "The word hint gives you a hint"),
    ("go on with → or t", "go on with the words next or run"),
    ("pass by pass with →", "pass by pass with the word next"),
    ("Press r for other random weights and t to let it run", "Type weights for other random weights, and run to go"),
    ("t lets it run and stops it, + makes it faster, and i looks", "The word run lets it run, and inside looks"),
    ("press t", "type run"),
    ("Press t to let it run, + for more speed.", "Type run to let it run."),
    ("Press t, and Tab for the losses", "Type run, then picture for the losses"),
    ("Then press r, which draws other random weights, and t again.", "Type weights for others, and run again."),
    ("Press t", "Type run"),
)
"""Phrases about keys, each with what is said instead; `{}` stands for a name or a number."""

_KEY = re.compile(
    r"\b(?:Esc|esc|Tab|F1|F2|PgDn|PgUp|Ctrl|arrow keys?)\b|\b[Pp]ress [a-z]\b"
    r"|[←↑→↓] [←↑→↓]|(?:^|\s)[←↑→↓](?=\s|[,.;]|$)"
)
_SENTENCES = re.compile(r"(?<=[.!?])\s+")


def _pattern(phrase: str) -> re.Pattern[str]:
    return re.compile(re.escape(phrase).replace(r"\{\}", "(.+?)"))


_PHRASES = tuple((_pattern(phrase), instead.replace("{}", r"\1")) for phrase, instead in IN_WORDS)


def in_words(text: str) -> str:
    """Return a text with what it says of keys in words."""
    for phrase, instead in _PHRASES:
        text = phrase.sub(instead, text)
    return text


def without_keys(text: str) -> str:
    """Return a paragraph with what it says of keys in words, without its sentences about others.

    One that begins with such a sentence is all about that key.
    """
    sentences = _SENTENCES.split(in_words(text))
    return "" if _KEY.search(sentences[0]) else " ".join(one for one in sentences if not _KEY.search(one))
