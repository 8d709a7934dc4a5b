"""A stand-in in ASCII for each sign: with `--ascii`, and on a Linux console, whose font lacks most of them.

Nothing else knows of it: drawings are made as ever, and translated line by line as they are painted.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

if TYPE_CHECKING:
    from nn_tutor.terminal.drawing.ink import Line

UNKNOWN = "?"
"""Stands for a cell of what has no stand-in, such as a Chinese character."""

STAND_INS: dict[str, str] = {
    **dict.fromkeys("─━┄╴╶⟶−‐‑‒–—―▔", "-"), **dict.fromkeys("│┊╵╷║┆", "|"),
    **dict.fromkeys("┌┐└┘╭╮╰╯├┤┬┴┼╔╗╚╝╠╣╦╩╬", "+"), "═": "=", "╱": "/", "╲": "\\",
    "←": "<", "→": ">", "↑": "^", "↓": "v", "↔": "<>", "◀": "<", "▶": ">", "▸": ">", "▲": "^", "‹": "<", "›": ">",
    "●": "@", "◇": "+", "◆": "#", "✗": "X", "✓": "v", "∘": "o", "○": "o", "×": "x", "△": "A", "□": "H", "■": "#",
    "ø": "0", "⊗": "%", "╍": ".", "▴": "A", "▾": "v", "•": "*", "…": ".",
    "▁": "_", "▂": ".", "▃": "-", "▄": "=", "▅": "+", "▆": "x", "▇": "%", "█": "#", **dict.fromkeys("▏▎▍▌▋▊▉", "|"),
    "▰": "#", "▱": ".", "►": ">", "◄": "<", "▿": "v", "◿": "/", "↳": ">", "⟵": "<", "⟿": ">", "⇿": "<>", "⇒": "=>",
    **dict.fromkeys("·⋅∙∗⊙", "*"), **dict.fromkeys("÷∕⁄", "/"), "√": "sqrt", "∞": "inf", "≤": "<=", "≥": ">=",
    "≠": "!=", "±": "+-", "∓": "-+", **dict.fromkeys("≈≃≅", "~"), "∂": "d", "′": "'", "″": '"', "°": "o",
    "∇": "grad ", "‖": "||", "∈": "in", "⌊": "floor(", "⌋": ")",
    **dict.fromkeys("‘’‚", "'"), **dict.fromkeys("“”„«»「」『』", '"'), **dict.fromkeys("、،٬", ","), "。": ".",
    "٫": ".",
    **dict(zip("〈〉《》【】", "<><>[]", strict=True)), "ー": "-", "々": "\"",
    "α": "a", "β": "b", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "lr", "θ": "t", "κ": "k", "λ": "l", "μ": "m",
    "ν": "n", "ξ": "x", "π": "pi", "ρ": "r", "σ": "s", "τ": "t", "φ": "f", "χ": "c", "ψ": "y", "ω": "w",
    "Α": "A", "Δ": "D", "Σ": "S", "∑": "S", "Φ": "Phi", "Ω": "O", "Æ": "AE", "æ": "ae", "Ø": "O", "ß": "ss", "Ł": "L",
    "ł": "l", "£": "L", "€": "E", "¥": "Y",
}  # fmt: skip
"""What stands for a sign that is no letter with an accent, no index and no exponent."""

_EXPONENTS = "²³¹⁰⁴⁵⁶⁷⁸⁹⁺⁻"
_SHAPES: tuple[tuple[str, tuple[int, ...]], ...] = (
    # Dots of a braille cell: 1, 2, 4, 64 are the left ones from the top, 8, 16, 32, 128 the right ones.
    (" ", (0,)),
    ("'", (1, 8, 9)),
    ("-", (18, 36, 34, 20)),
    (".", (2, 16, 4, 32, 64, 128)),
    ("_", (192,)),
    ("/", (8 | 16 | 4 | 64, 8 | 4, 16 | 64, 8 | 16 | 64, 8 | 4 | 64, 16 | 4 | 64, 8 | 16 | 4, 32 | 64, 8 | 2)),
    ("\\", (1 | 2 | 32 | 128, 1 | 32, 2 | 128, 1 | 2 | 128, 1 | 32 | 128, 2 | 32 | 128, 1 | 2 | 32, 4 | 128, 1 | 16)),
    ("|", (1 | 2 | 4 | 64, 8 | 16 | 32 | 128, 1 | 2, 8 | 16, 4 | 64, 32 | 128)),
    ("#", (255,)),
)


@lru_cache(maxsize=4096)
def stand_in(character: str) -> str:
    """Return the ASCII text that stands for a character; `?` for each cell of one that has none."""
    if character.isascii():
        return character
    found = STAND_INS.get(character)
    if found is not None:
        return found
    if "\u2800" <= character <= "\u28ff":
        dots = ord(character) - 0x2800
        return min(_SHAPES, key=lambda shape: min((dots ^ pattern).bit_count() for pattern in shape[1]))[0]
    plain = "".join(STAND_INS.get(part, part) for part in unicodedata.normalize("NFKD", character))
    plain = "".join(part for part in plain if not unicodedata.combining(part))
    if plain.isascii():
        return f"^{plain}" if character in _EXPONENTS else plain
    return UNKNOWN * cell_len(character)


def in_ascii(line: Line) -> Line:
    """Return a line in ASCII; what takes more cells than before takes them from the next gap between two columns."""
    retry_due = 0
    translated = []
    for span in line:
        text = ""
        for character in span.text:
            if character == " " and retry_due and text.endswith(" "):
                retry_due -= 1
                continue
            written = stand_in(character).ljust(cell_len(character))
            retry_due += len(written) - cell_len(character)
            text += written
        translated.append(span._replace(text=text))
    return tuple(translated)


class Ascii(LineFilter):
    """Puts one ASCII character into each cell of what Textual paints by itself."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments in ASCII, as wide as they were."""
        return [
            segment if segment.text.isascii() else segment._replace(text="".join(map(_in_its_cells, segment.text)))
            for segment in segments
        ]


def _in_its_cells(character: str) -> str:
    cells = cell_len(character)
    return stand_in(character)[:cells].ljust(cells)


ASCII = Ascii()
