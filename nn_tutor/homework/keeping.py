"""What is kept of learners' own networks: entries of the log that say what was entered, renamed or deleted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from nn_tutor.dataclass import dataclass
from nn_tutor.homework.said import KEYS, PREFIX, Said

ENTERED, DELETED = "network", "network deleted"
"""The kinds of entry."""

SHEET = "sheet"
"""The kind of entry that keeps what was filled in on a sheet."""


class Record(Protocol):
    """An entry of the log."""

    @property
    def kind(self) -> str:
        """What happened."""

    @property
    def lesson(self) -> str:
        """The id of the network's lesson."""

    @property
    def content(self) -> Mapping[str, Any]:
        """What belongs to it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A network as it was entered last: what was said, () while it is not complete, and the texts of its form."""

    id: str
    name: str
    said: Said = ()
    form: tuple[tuple[str, str], ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether all that its walk needs is there."""
        return bool(self.said)


def kept_as_said(lesson_id: str, name: str, said: Said) -> Kept | None:
    """Return what is to be kept of a network that was said in options or a file, None for a lesson of its own file."""
    return Kept(lesson_id, name, said) if any(key == "layer" for key, _ in said) else None


def entered(kept: Kept) -> tuple[str, dict[str, Any]]:
    """Return the entry that keeps a network as it stands: kind and content."""
    content = {
        "name": kept.name,
        "said": [list(pair) for pair in kept.said],
        "form": [list(pair) for pair in kept.form],
    }
    return ENTERED, content


def deleted() -> tuple[str, dict[str, Any]]:
    """Return the entry that takes a network off the list."""
    return DELETED, {}


def kept_of(records: Iterable[Record]) -> tuple[Kept, ...]:
    """Return the networks that records come to, the one used last first; what cannot be read is left out."""
    found: dict[str, Kept | None] = {}
    for record in records:
        if not record.lesson.startswith(PREFIX):
            continue
        kept = found.pop(record.lesson, None)
        if record.kind == ENTERED:
            kept = _read(record.lesson, record.content) or kept
        elif record.kind == DELETED:
            kept = None
        found[record.lesson] = kept
    return tuple(kept for kept in reversed(found.values()) if kept is not None)


def _read(lesson: str, content: Mapping[str, Any]) -> Kept | None:
    name, said, form = content.get("name"), _pairs(content.get("said")), _pairs(content.get("form"))
    if not isinstance(name, str) or said is None or form is None or any(key not in KEYS for key, _ in said):
        return None
    return Kept(lesson, name, said, form)


def _pairs(value: object) -> tuple[tuple[str, str], ...] | None:
    """Pairs of texts, None for anything else."""
    if not isinstance(value, list):
        return None
    pairs = [tuple(pair) for pair in value if isinstance(pair, list)]
    if len(pairs) != len(value) or any(len(pair) != 2 or not all(isinstance(t, str) for t in pair) for pair in pairs):
        return None
    return tuple((key, text) for key, text in pairs)
