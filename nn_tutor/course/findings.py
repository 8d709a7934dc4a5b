"""What is wrong with a lesson, and the tables that find it: file, key, what was found, and the mend."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, Literal, TypeVar

from nn_tutor.dataclass import dataclass

_Word = TypeVar("_Word", bound=str)

Level = Literal["error", "warning"]
"""An error is a lesson that cannot be right; a warning is for its author to weigh."""

MAX_WORD = 60
"""How long an entry of a list of texts may be."""

MAX_FINDINGS = 100
"""After so many findings in one file there is no point in looking for more."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that an author should know: the file, the key in it ("" for the whole), what was found, what to do.

    `rule` is the id of the rule that it breaks, "format" for the form of the file; `line` counts from 1, 0 where nobody
    looked it up.
    """

    file: str
    key: str
    found: str
    mend: str
    rule: str = "format"
    line: int = 0
    level: Level = "error"

    def __str__(self) -> str:
        """The finding on one line, fit to be printed whatever the file is called."""
        file = shown(self.file, 4096) + (f":{self.line}" if self.line else "")
        file += ": warning" if self.level == "warning" else ""
        rule = "" if self.rule == "format" else f" [{self.rule}]"
        said = "; ".join(part for part in (self.found, self.mend) if part)
        key = "" if self.line and self.key == f"line {self.line}" else self.key
        return ": ".join(part for part in (file, key, f"{said}{rule}") if part)


class LessonError(ValueError):
    """A lesson cannot be used; `findings` say why, all that can be told at once."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(map(str, self.findings)))


class Findings:
    """Collects the findings of one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.all: list[Finding] = []

    def add(self, key: str, found: str, mend: str) -> None:
        """Add a finding; raises `LessonError` with all of them when there are too many to go on."""
        self.all.append(Finding(self.file, key, found, mend))
        if len(self.all) >= MAX_FINDINGS:
            raise LessonError(self.all)


class Table:
    """A TOML table that is read key by key: wrong values become findings, and so do keys that nobody asked for."""

    def __init__(self, content: Mapping[str, Any], key: str, findings: Findings) -> None:
        self._content = content
        self._key = key
        self._findings = findings
        self._asked: set[str] = set()

    def __contains__(self, name: str) -> bool:
        return name in self._content

    @property
    def names(self) -> tuple[str, ...]:
        """The keys that stand in the table."""
        return tuple(self._content)

    def key(self, name: str) -> str:
        """The full name of a key of this table, fit to be printed."""
        return f"{self._key}.{shown(name)}" if self._key else shown(name)

    def wrong(self, name: str, found: str, mend: str) -> None:
        """Add a finding on a key of this table."""
        self._findings.add(self.key(name), found, mend)

    def value(self, name: str) -> Any:
        """The value of a key as it stands, None where it is missing."""
        self._asked.add(name)
        return self._content.get(name)

    def text(
        self,
        name: str,
        default: str = "",
        *,
        required: bool = False,
        most: int = 400,
        lines: bool = False,
        literal: bool = False,
    ) -> str:
        """A text of at most `most` characters that can all be seen; `lines` allows it to have several lines.

        A `literal` one may hold the braces of a placeholder; elsewhere they are refused, since nothing fills them in.
        """
        value = self.value(name)
        if value is None:
            if required:
                self.wrong(name, "missing", f'give it a text: {name} = "…"')
            return default
        if not isinstance(value, str):
            self.wrong(name, described(value), f'give it a text: {name} = "…"')
            return default
        if len(value) > most:
            self.wrong(name, f"{len(value)} characters", f"give at most {most}")
            return default
        if "{{" in value and not literal:
            self.wrong(name, "a placeholder, which is not filled in here", "put it into a section of lesson.md")
            return default
        unseen = invisible(value, allowed="\n" if lines else "")
        if unseen:
            self.wrong(name, f"the character {unseen}", "take it out: it cannot be seen, or write on one line")
            return default
        if required and not value.strip():
            self.wrong(name, "empty", "give it a text")
        return value

    def word(self, name: str, choices: tuple[_Word, ...], default: _Word) -> _Word:
        """One of a closed set of words."""
        value = self.value(name)
        if value is None:
            return default
        if isinstance(value, str):
            for choice in choices:
                if choice == value:
                    return choice
        close = close_words(value, choices, 1) if isinstance(value, str) else []
        hint = f'did you mean "{close[0]}"? ' if close else ""
        self.wrong(name, described(value), hint + "use one of " + ", ".join(f'"{choice}"' for choice in choices))
        return default

    def number(self, name: str, default: float) -> float:
        """A finite number; whole numbers are taken too."""
        value = self.value(name)
        if value is None:
            return default
        number = as_number(value)
        if number is None:
            self.wrong(name, described(value), "give a finite number")
            return default
        return number

    def whole(self, name: str, default: int, *, least: int = 0, most: int = 2**63 - 1) -> int:
        """A whole number from `least` to `most`."""
        value = self.value(name)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.wrong(name, described(value), f"give a whole number from {least} to {most}")
            return default
        return value

    def flag(self, name: str, default: bool) -> bool:
        """True or false."""
        value = self.value(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.wrong(name, described(value), "write true or false")
            return default
        return value

    def vector(self, name: str) -> tuple[float, ...] | None:
        """A list of finite numbers, None where it is missing or wrong."""
        value = self.value(name)
        return None if value is None else self._numbers(name, value, "give a list of numbers, such as [0.5, -1.2]")

    def matrix(self, name: str) -> tuple[tuple[float, ...], ...] | None:
        """A list of lists of finite numbers, None where it is missing or wrong; its shape is not looked at."""
        value = self.value(name)
        if value is None:
            return None
        mend = "give a list of rows of numbers, such as [[0.5, -1.2]]"
        if not isinstance(value, list) or not all(isinstance(row, list) for row in value):
            self.wrong(name, described(value), mend)
            return None
        rows = [self._numbers(f"{name}[{index}]", row, mend) for index, row in enumerate(value)]
        return None if any(row is None for row in rows) else tuple(row for row in rows if row is not None)

    def texts(self, name: str, *, most: int = MAX_WORD) -> tuple[str, ...]:
        """A list of texts of at most `most` characters."""
        value = self.value(name)
        if value is None:
            return ()
        if not isinstance(value, list):
            self.wrong(name, described(value), f'give a list of texts: {name} = ["…"]')
            return ()
        texts = []
        for index, text in enumerate(value):
            if not isinstance(text, str) or not 0 < len(text) <= most or invisible(text):
                self.wrong(f"{name}[{index}]", described(text), f"give a text of 1 to {most} letters")
                continue
            texts.append(text)
        return tuple(texts)

    def table(self, name: str) -> Table | None:
        """A table below this one, None where it is missing or no table."""
        value = self.value(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.wrong(name, described(value), f"make it a table: [{self.key(name)}]")
            return None
        return Table(value, self.key(name), self._findings)

    def tables(self, name: str) -> list[Table]:
        """The tables of a list of tables, numbered from 0 in their findings."""
        value = self.value(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
            self.wrong(name, described(value), f"make it a list of tables: [[{self.key(name)}]]")
            return []
        return [Table(entry, f"{self.key(name)}[{index}]", self._findings) for index, entry in enumerate(value)]

    def done(self, *known: str) -> None:
        """Make a finding of every key that was neither asked for nor is among the `known` ones."""
        candidates = sorted(self._asked | set(known))
        for name in self._content:
            if name in candidates:
                continue
            close = close_words(name, candidates, 1)
            mend = f"did you mean {close[0]}?" if close else "take it out; known here: " + ", ".join(candidates)
            self.wrong(name, "unknown key", mend)

    def _numbers(self, name: str, value: object, mend: str) -> tuple[float, ...] | None:
        if not isinstance(value, list):
            self.wrong(name, described(value), mend)
            return None
        numbers = []
        for index, entry in enumerate(value):
            number = as_number(entry)
            if number is None:
                self.wrong(f"{name}[{index}]", described(entry), "give a finite number")
                return None
            numbers.append(number)
        return tuple(numbers)


def close_words(word: str, candidates: Iterable[str], most: int = 1) -> list[str]:
    """Return the candidates that a mistyped word may have meant."""
    import difflib  # only a mistake needs it

    return difflib.get_close_matches(word, list(candidates), most)


def as_number(value: object) -> float | None:
    """Return a TOML value as a finite float, None where it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def described(value: object) -> str:
    """Say in a few words what a TOML value is."""
    if isinstance(value, str):
        return f'the text "{shown(value)}"'
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, int | float):
        try:
            return f"{value:.6g}"
        except OverflowError:
            return "a number beyond all bounds"
    return f"a {type(value).__name__}"


def shown(text: str, most: int = 60) -> str:
    """Return somebody's text so that it can be printed: without control characters, and not too long."""
    cut = text if len(text) <= most else text[: most - 1] + "…"
    return "".join(character if character.isprintable() else f"\\u{ord(character):04x}" for character in cut)


def invisible(text: str, allowed: str = "") -> str:
    """Name the first character that is neither printable, nor a blank of any width, nor allowed; "" for none."""
    if text.isprintable():
        return ""
    for character in text:
        is_blank = character.isspace() and character > "\x9f" and character not in "\u2028\u2029"
        if not (character.isprintable() or is_blank or character in allowed):
            return f"U+{ord(character):04X}"
    return ""
