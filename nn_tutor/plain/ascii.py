"""Text in plain ASCII, for terminals and pipes that take no more."""

from __future__ import annotations

import unicodedata

from nn_tutor.plain.vocabulary import greek_name


def in_ascii(text: str) -> str:
    """Return a text in plain ASCII: letters without their accents, Greek ones by name, `?` for what has neither."""
    return text if text.isascii() else "".join(map(_ascii, text))


_IN_ASCII: dict[str, str] = {
    **dict.fromkeys("“”„«»″", '"'), **dict.fromkeys("‘’‚′", "'"), **dict.fromkeys("–—‐‑‒−―", "-"), "…": "...", "•": "*",
    "·": "*", "×": "x", "÷": "/", "ß": "ss", "æ": "ae", "Æ": "AE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "€": "EUR",
    "\u00a0": " ", "\u202f": " ",
}  # fmt: skip


def _ascii(character: str) -> str:
    if character.isascii():
        return character
    found = _IN_ASCII.get(character)
    if found is not None:
        return found
    plain = "".join(part for part in unicodedata.normalize("NFKD", character) if not unicodedata.combining(part))
    if plain.isascii():
        return plain
    return greek_name(character) if "GREEK" in unicodedata.name(character, "") else "?"
