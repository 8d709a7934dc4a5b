"""Published worked examples: networks and printed figures, each with its source, as they stand in `examples/`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from nn_tutor.homework.reading import Homework, homework_of
from nn_tutor.homework.said import said_in
from nn_tutor.homework.sheet import CheckedSheet, JudgedLine, check_sheet

FOLDER = Path(__file__).parent / "examples"


@dataclass(frozen=True)
class Slip:
    """What a source did in the place of the right rule: a calculation that gives its figure, and words for it."""

    made_by: str
    words: str


@dataclass(frozen=True)
class Example:
    """A worked example: the network as `nn-tutor homework` reads it, and the figures as a sheet.

    `read` says where network and figures were looked up: in the source itself, or in public copies of it.
    """

    name: str
    source: str
    address: str
    network: str
    sheet: str
    read: Literal["source", "copy"]
    passes: int
    slips: Mapping[str, Slip]

    @cached_property
    def homework(self) -> Homework:
        """The network as somebody's homework."""
        return homework_of(said_in(self.network))

    @cached_property
    def checked(self) -> CheckedSheet:
        """The printed figures, judged together."""
        entry = self.homework.entry
        return check_sheet(entry.network, entry.data, self.sheet, self.passes)

    def wrong(self) -> tuple[JudgedLine, ...]:
        """Return the figures that are slips: blamed, or known to be made by another rule than the source's own."""
        return tuple(
            line
            for line in self.checked.lines
            if (line.judged is not None and line.judged.is_blamed) or (line.question or "") in self.slips
        )


def examples() -> tuple[Example, ...]:
    """Return all examples, by name."""
    return tuple(_read(path) for path in sorted(FOLDER.glob("*.toml")))


def _read(path: Path) -> Example:
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    slips = {name: Slip(**slip) for name, slip in content.pop("slips", {}).items()}
    return Example(name=path.stem, passes=content.pop("passes", 1), slips=slips, **content)
