"""Loading a lesson: from a folder, or its lesson.toml, to a `Lesson`, or to all that is wrong with it.

Lesson files are data from strangers: they are read up to a limit, never run, and never lead out of their folder.
"""

from __future__ import annotations

import re
from pathlib import Path

from nn_tutor.course.activities import DEFAULT_ASKS, read_activities
from nn_tutor.course.ask import check_ref, only_layer
from nn_tutor.course.files import read_text, read_toml
from nn_tutor.course.findings import Finding, Findings, LessonError, Table
from nn_tutor.course.lesson import Activity, Choose, Lesson, NetworkWithData, Read, Train, Walk
from nn_tutor.course.networks import read_networks
from nn_tutor.course.prose import Placeholder, Prose, ProseError, parse_prose
from nn_tutor.network.quantities import Ref

FORMAT_VERSION = 1

__all__ = ["FORMAT_VERSION", "Finding", "LessonError", "load"]


def load(path: Path) -> Lesson:
    """Load a lesson from its folder or its lesson.toml; raises `LessonError` with everything that can be told."""
    file = path / "lesson.toml" if path.is_dir() else path
    findings = Findings(str(file))
    content = read_toml(file, findings)
    table = Table(content, "", findings)
    version = table.value("format_version")
    if version is None:
        table.wrong("format_version", "missing", f"write format_version = {FORMAT_VERSION}")
    elif version != FORMAT_VERSION or isinstance(version, bool):
        table.wrong("format_version", str(version)[:40], f"this nn-tutor reads format_version = {FORMAT_VERSION}")
    lesson_id = table.text("id", required=True, most=60)
    if lesson_id and not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", lesson_id):
        table.wrong("id", f'"{lesson_id}"', "use small letters, digits and hyphens, such as chain-rule")
    title = table.text("title", required=True, most=60)
    summary = table.text("summary", most=300)
    requires, skills = table.texts("requires"), table.texts("skills")
    networks = read_networks(table, findings)
    activities = read_activities(table, networks)
    table.done("network", "networks", "data", "activity")
    prose_file = file.parent / "lesson.md"
    prose_findings = Findings(str(prose_file))
    prose = _read_prose(prose_file, prose_findings)
    if not findings.all:
        activities = activities or _default_activities(networks)
        _check_prose(prose, activities, networks, findings, prose_findings)
    if findings.all or prose_findings.all:
        raise LessonError([*findings.all, *prose_findings.all])
    return Lesson(lesson_id, title, summary, requires, skills, networks, activities, prose, file.parent)


def _default_activities(networks: dict[str, NetworkWithData]) -> tuple[Activity, ...]:
    """What is done in a lesson that names no activity: one pass of its network, or its prose."""
    return (Walk(id="walk", asks=(DEFAULT_ASKS,)),) if "" in networks else (Read(id="read"),)


def _read_prose(file: Path, findings: Findings) -> Prose:
    try:
        if not file.exists():
            return Prose()
        if not file.resolve().is_relative_to(file.parent.resolve()):
            findings.add("", "a link out of the lesson's folder", "put the text itself into lesson.md")
            return Prose()
        return parse_prose(read_text(file, findings).replace("\r\n", "\n"))
    except LessonError:
        return Prose()
    except ProseError as error:
        findings.add(f"line {error.line}", str(error), "mend the line, then check again")
    except OSError as error:
        findings.add("", f"cannot be read ({error.strerror})", "check its permissions")
    return Prose()


def _check_prose(
    prose: Prose,
    activities: tuple[Activity, ...],
    networks: dict[str, NetworkWithData],
    findings: Findings,
    prose_findings: Findings,
) -> None:
    by_id = {activity.id: activity for activity in activities}
    for index, activity in enumerate(activities):
        has_words = activity.id in prose.sections or (len(activities) == 1 and prose.introduction.parts)
        if isinstance(activity, Read) and not has_words:
            mend = f"write a section into lesson.md: ## Title {{#{activity.id}}}"
            findings.add(f"activity[{index}].id", f'no prose for "{activity.id}"', mend)
    sections = [prose.introduction, *prose.sections.values()]
    for section in sections:
        owner = by_id.get(section.activity)
        if section.anchor and owner is None:
            known = ", ".join(by_id)
            prose_findings.add(f"{{#{section.anchor}}}", "no such activity", f"use the id of an activity: {known}")
            continue
        rest = section.anchor.partition(":")[2]
        if rest and not _fits_a_pass(rest, owner):
            mend = "write PASS, PASS.PHASE or PASS.PHASE.QUANTITY of a pass that the activity walks"
            prose_findings.add(f"{{#{section.anchor}}}", "no such place", mend)
        default = owner.network if owner is not None else ""
        for placeholder in section.placeholders():
            reason = _wrong_with(placeholder, networks.get(placeholder.network or default))
            if reason:
                where = f"{{#{section.anchor}}}" if section.anchor else "the introduction"
                prose_findings.add(where, f"{placeholder.text}: {reason}", "name a number that the run has")


def _fits_a_pass(rest: str, activity: Activity | None) -> bool:
    match = re.fullmatch(r"(\d+)(?:\.(forward|loss|backward|update)(?:\.(.+))?)?", rest)
    if match is None or activity is None or isinstance(activity, Read | Choose):
        return False
    if isinstance(activity, Walk):
        return activity.first_pass <= int(match[1]) <= activity.last_pass
    return not isinstance(activity, Train) or int(match[1]) >= activity.first_pass


def _wrong_with(placeholder: Placeholder, entry: NetworkWithData | None) -> str:
    """Say why a placeholder cannot be filled, "" where it can."""
    if entry is None:
        return "there is no such network" if placeholder.network else "there is no network here"
    network, data = entry.network, entry.data
    if placeholder.source in ("x", "y"):
        rows = data.inputs if placeholder.source == "x" else data.targets or ()
        row, column = placeholder.place
        inside = row < len(rows) and column < len(rows[row])
        return "" if inside else "outside the data, which counts from 0"
    if placeholder.ref is None:
        return ""
    rows_seen = 1 if network.batching == "online" else len(data.inputs)
    ref: Ref = only_layer(network, placeholder.ref)
    if ref.quantity != "loss" and (ref.index is None or (ref.layer is None and ref.quantity not in ("dL_do", "dX"))):
        return "give its layer and all its indices, such as W1[0,0]"
    try:
        check_ref(network, rows_seen, ref)
    except ValueError as error:
        return str(error)
    return ""
