"""The glossary of the course: the words of the field, what they mean, and the lesson that brings them."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from nn_tutor.course.files import read_toml
from nn_tutor.course.find import course_folder
from nn_tutor.course.findings import Finding, Findings, LessonError, close_words
from nn_tutor.dataclass import dataclass

FORMAT = 1

MAX_MEANING = 240
"""The characters of a meaning: two sentences."""

_KEYS = {"word", "also", "meaning", "lesson"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A word, the other forms in which it is found, its meaning, and the id of the lesson that brings it."""

    word: str
    meaning: str
    lesson: str
    also: tuple[str, ...] = ()

    def matches(self, text: str) -> bool:
        """Whether a text is part of the word or of another form of it; capitals do not matter."""
        wanted = text.strip().casefold()
        return any(wanted in name.casefold() for name in (self.word, *self.also))


def glossary_file() -> Path:
    """Return the file of the course's glossary."""
    return course_folder() / "glossary.toml"


def read_glossary(file: Path, lessons: Collection[str]) -> tuple[Entry, ...]:
    """Return the words of a glossary in their order from A to Z; raises `LessonError` with all that is wrong.

    `lessons` are the ids of the lessons that there are.
    """
    findings = Findings(str(file))
    content = read_toml(file, findings)
    if content.get("format_version") != FORMAT:
        findings.add("format_version", f"{content.get('format_version')!r}", f"write format_version = {FORMAT}")
    for key in content.keys() - {"format_version", "word"}:
        findings.add(key, "an unknown key", "a glossary has format_version and [[word]] alone")
    written = content.get("word")
    found: list[Entry] = []
    for number, table in enumerate(written if isinstance(written, list) else [], start=1):
        entry = _entry(table, f"word[{number}]", lessons, findings)
        if entry is not None:
            found.append(entry)
    names = [entry.word.casefold() for entry in found]
    for entry in found:
        if names.count(entry.word.casefold()) > 1:
            findings.add(entry.word, "is explained twice", "keep one of the two")
    if findings.all:
        raise LessonError(findings.all)
    return tuple(sorted(found, key=lambda entry: entry.word.casefold()))


def _entry(table: object, key: str, lessons: Collection[str], findings: Findings) -> Entry | None:
    if not isinstance(table, dict):
        findings.add(key, "not a table", "write [[word]] with word, meaning and lesson below it")
        return None
    for name in table.keys() - _KEYS:
        findings.add(f"{key}.{name}", "an unknown key", f"use {', '.join(sorted(_KEYS))}")
    texts = {name: table.get(name) for name in ("word", "meaning", "lesson")}
    also = table.get("also", [])
    for name, text in texts.items():
        if not isinstance(text, str) or not text.strip():
            findings.add(f"{key}.{name}", "missing, or not a text", f"give the {name} as a text")
    if not isinstance(also, list) or not all(isinstance(one, str) and one for one in also):
        findings.add(f"{key}.also", "not a list of texts", 'write also = ["another form"]')
        return None
    word, meaning, lesson = (str(text or "") for text in texts.values())
    if len(meaning) > MAX_MEANING:
        findings.add(f"{key}.meaning", f"{len(meaning)} characters", f"two sentences, at most {MAX_MEANING} characters")
    if re.search(r"\d", meaning):
        findings.add(f"{key}.meaning", "holds a number", "say it in words: a glossary is open while a number is asked")
    if lesson and lesson not in lessons:
        close = close_words(lesson, list(lessons), 1)
        findings.add(
            f"{key}.lesson", f"{lesson!r} is no lesson", f"did you mean {close[0]}?" if close else "give its id"
        )
    return Entry(word, meaning, lesson, tuple(also))


def findings_of_glossary(lessons: Collection[str]) -> list[Finding]:
    """Return what is wrong with the course's glossary."""
    try:
        read_glossary(glossary_file(), lessons)
    except LessonError as error:
        return list(error.findings)
    return []
