"""Make text that is not ours safe for a terminal."""

from __future__ import annotations

import unicodedata


def visible(text: str) -> str:
    r"""Return the text with everything that a terminal would obey or hide written as an escape such as \u202e.

    Control, bidirectional, format, surrogate, private and unassigned characters and line separators become escapes, a
    newline too: prose of several lines is handed in line by line. Letters, signs and all blanks stay as they are.
    """
    if text.isprintable():
        return text
    return "".join(character if is_harmless(character) else _escape(character) for character in text)


def quote(text: str, longest: int = 24) -> str:
    """Return the text visible, cut to its first `longest` characters and in quotation marks, for use in a message."""
    return f'"{visible(text[:longest])}{"…" if len(text) > longest else ""}"'


def is_harmless(character: str) -> bool:
    """Whether one character may reach a terminal as it is: it is printable, or some kind of blank."""
    return character.isprintable() or unicodedata.category(character) == "Zs"


def _escape(character: str) -> str:
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
