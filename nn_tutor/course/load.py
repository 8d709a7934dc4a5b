"""Loading a lesson: from a folder, or its lesson.toml, to a `Lesson`, or to all that is wrong with it.

Lesson files are data from strangers: they are read up to a limit, never run, and never lead out of their folder.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

from nn_tutor.course.activities.kinds import Activity, read_activities
from nn_tutor.course.activities.read import Read
from nn_tutor.course.activities.walk import DEFAULT_ASKS, Walk
from nn_tutor.course.budget import check_budget
from nn_tutor.course.files import lesson_file, read_text, read_toml
from nn_tutor.course.findings import Finding, Findings, LessonError, Table, described, shown
from nn_tutor.course.lesson import Lesson, Purpose
from nn_tutor.course.networks import SLUG, NetworkWithData, read_networks
from nn_tutor.course.prose import Prose, parse_prose
from nn_tutor.course.prose_places import check_places
from nn_tutor.network.conventions import (
    MAX_DIGITS,
    MAX_NAME,
    Conventions,
    ErrorOrder,
    NameOrder,
    StepMeaning,
    WeightOrder,
    is_free_name,
)

FORMAT_VERSION = 1

FileState = tuple[int, int] | None

__all__ = ["FORMAT_VERSION", "Finding", "LessonError", "load", "load_once", "read_lesson"]


def load(path: Path) -> Lesson:
    """Load a lesson from its folder or its lesson.toml; raises `LessonError` with everything that can be told."""
    file = lesson_file(path)
    findings, prose_findings = Findings(str(file)), Findings(str(file.parent / "lesson.md"))
    table = Table(read_toml(file, findings), "", findings)
    return _lesson(table, lambda: _read_prose(file.parent / "lesson.md", prose_findings), findings, prose_findings)


def load_once(path: Path) -> Lesson:
    """Load a lesson as `load` does, or return it as it was loaded before while its files have stayed as they are."""
    file = lesson_file(path)
    return _load_once(file, _state_of(file), _state_of(file.parent / "lesson.md"))


@lru_cache(maxsize=64)
def _load_once(file: Path, *_states: FileState) -> Lesson:
    return load(file)


def _state_of(file: Path) -> FileState:
    """When a file was written last, in nanoseconds, and its size in bytes; None where there is none to be seen."""
    try:
        state = file.stat()
    except (OSError, ValueError):
        return None
    return state.st_mtime_ns, state.st_size


def read_lesson(content: Mapping[str, Any], words: str) -> Lesson:
    """Return the lesson of tables that a program has made, as those of a lesson.toml, and of the words beside them.

    Raises `LessonError` as `load` does, for files without a name.
    """
    findings, prose_findings = Findings(""), Findings("")
    return _lesson(Table(content, "", findings), lambda: _parsed_prose(words, prose_findings), findings, prose_findings)


def _lesson(table: Table, read_prose: Callable[[], Prose], findings: Findings, prose_findings: Findings) -> Lesson:
    """Return a lesson from its tables and its prose, or raise what is wrong with either."""
    _check_version(table)
    lesson_id = table.text("id", required=True, most=120)
    if lesson_id and not re.fullmatch(SLUG, lesson_id):
        table.wrong("id", f'"{lesson_id}"', "use letters, digits, hyphens, underscores and points, such as chain-rule")
    purpose = table.word("purpose", get_args(Purpose), "lesson")
    title = table.text("title", required=True, most=120, literal=purpose == "homework")
    summary = " ".join(table.text("summary", lines=True).split())
    requires, skills = table.texts("requires"), table.texts("skills")
    conventions = _conventions(table)
    declared = read_networks(table, conventions, findings)
    networks = {name: entry for name, entry in declared.items() if entry is not None}
    activities = read_activities(table, declared) or _default_activities(networks)
    table.done()
    prose = read_prose()
    if not findings.all:
        check_places(prose, activities, networks, prose_findings)
        check_budget(activities, networks, prose, findings, prose_findings)
    if not findings.all and not prose_findings.all:
        _check_pages(prose, activities, table)
    if findings.all or prose_findings.all:
        raise LessonError([*findings.all, *prose_findings.all])
    folder = Path(findings.file).parent
    return Lesson(
        lesson_id, title, summary, requires, skills, networks, activities, prose, folder, purpose, conventions
    )


def _check_version(table: Table) -> None:
    version = table.value("format_version")
    if version is None:
        table.wrong("format_version", "missing", f"write format_version = {FORMAT_VERSION}")
    elif version != FORMAT_VERSION or isinstance(version, bool):
        table.wrong("format_version", described(version), f"this nn-tutor reads format_version = {FORMAT_VERSION}")


def _conventions(lesson: Table) -> Conventions:
    """Read [conventions]: how the source of a lesson writes its error, its steps and its matrices."""
    table = lesson.table("conventions")
    if table is None:
        return Conventions()
    ours = Conventions()
    conventions = Conventions(
        error=table.word("error", get_args(ErrorOrder), ours.error),
        step=table.word("step", get_args(StepMeaning), ours.step),
        weights=table.word("weights", get_args(WeightOrder), ours.weights),
        names=table.word("names", get_args(NameOrder), ours.names),
        renamed=_renamed(table),
        digits=table.whole("digits", 0, most=MAX_DIGITS) if "digits" in table else None,
    )
    table.done()
    return conventions


def _renamed(conventions: Table) -> tuple[tuple[str, str], ...]:
    """Read [conventions.renamed]: what the sheet calls the numbers of some names, `w5 = "v"`."""
    table = conventions.table("renamed")
    renamed: list[tuple[str, str]] = []
    for name in table.names if table is not None else ():
        called = table.text(name, most=MAX_NAME) if table is not None else ""
        if table is not None and called and not is_free_name(called):
            table.wrong(name, f'"{shown(called)}"', "use a letter, then letters and digits, and no name of a function")
        renamed.append((name, called))
    return tuple(pair for pair in renamed if pair[1])


def _default_activities(networks: Mapping[str, NetworkWithData]) -> tuple[Activity, ...]:
    """What is done in a lesson that names no activity: one pass of its first network, or its prose."""
    if not networks:
        return (Read(id="read"),)
    return (Walk(id="walk", network="" if "" in networks else next(iter(networks)), asks=(DEFAULT_ASKS,)),)


def _read_prose(file: Path, findings: Findings) -> Prose:
    """Read lesson.md, no prose where there is none; what is wrong becomes findings."""
    try:
        if not file.exists():
            return Prose()
        if not file.resolve().is_relative_to(file.parent.resolve()):
            findings.add("", "a link out of the lesson's folder", "put the text itself into lesson.md")
            return Prose()
    except OSError as error:
        findings.add("", f"cannot be read ({error.strerror})", "check its permissions")
        return Prose()
    try:
        return _parsed_prose(read_text(file, findings), findings)
    except LessonError:
        return Prose()  # the findings hold what it says


def _parsed_prose(text: str, findings: Findings) -> Prose:
    """Return prose from its Markdown; what cannot be read becomes findings."""
    prose, problems = parse_prose(text.replace("\r\n", "\n"))
    for problem in problems:
        findings.add(f"line {problem.line}", problem.found, problem.mend)
    return prose


def _check_pages(prose: Prose, activities: tuple[Activity, ...], table: Table) -> None:
    """Make a finding of each page to read that has no words."""
    for index, activity in enumerate(activities):
        if not isinstance(activity, Read) or activity.id in prose.sections:
            continue
        if len(activities) > 1 or not prose.introduction.parts:
            mend = f"write a section into lesson.md: ## Title {{#{activity.id}}}"
            if "activity" in table:
                table.wrong(f"activity[{index}].id", f'no prose for "{activity.id}"', mend)
            else:
                table.wrong("activity", "nothing to do", "write [network] and [data], or an [[activity]], or lesson.md")
