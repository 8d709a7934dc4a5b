"""`check`: what is wrong with lessons, and what their authors should know."""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nn_tutor.calculus.derivation import SymPyDeriver
from nn_tutor.commands.common import CRASHED, DONE, INVALID, NO_LESSONS, print_json, print_lines, say
from nn_tutor.commands.suggestions import print_suggestions
from nn_tutor.course.find import find, shipped_lessons, shipped_paths
from nn_tutor.course.findings import Finding, LessonError
from nn_tutor.course.glossary import findings_of_glossary
from nn_tutor.course.lines import with_line
from nn_tutor.course.load import load
from nn_tutor.course.requirements import copied, unmet
from nn_tutor.network.counted import counted
from nn_tutor.tutor.linter import lint, notes
from nn_tutor.walkthrough.soundness import unsound

if TYPE_CHECKING:
    from nn_tutor.course.lesson import Lesson


def check(options: argparse.Namespace) -> int:
    """Validate lessons, all shipped ones without a path; returns the exit status, which warnings leave at 0.

    With --suggest it prints fair numbers instead, for the lessons that can be walked.
    """
    # Told twice, a lesson is checked once.
    named: Sequence[str | Path] = tuple(dict.fromkeys(options.paths)) or shipped_paths()
    if not named:
        say(NO_LESSONS)
        return CRASHED
    findings: list[Finding] = []
    lessons: list[Lesson] = []
    status = DONE
    for name in named:
        try:
            lesson = load(find(name) if isinstance(name, str) else name)
        except LessonError as error:
            findings += error.findings
            continue
        lessons.append(lesson)
        impassable = unsound(lesson)
        if options.suggest and not impassable:
            status = max(status, print_suggestions(lesson, options.seed))
        else:
            findings += impassable or lint(lesson, SymPyDeriver())
    if options.suggest and not findings:
        return status
    shipped = shipped_lessons()
    if not options.paths:
        findings += findings_of_glossary({listing.id for listing in shipped})
    findings += unmet(lessons, known=frozenset(listing.id for listing in shipped))
    findings += copied(lessons, shipped)
    findings = [with_line(finding) for finding in findings]
    is_valid = all(finding.level == "warning" for finding in findings)
    noted = [with_line(note) for lesson in lessons for note in notes(lesson)] if options.notes and is_valid else []
    if options.json:
        document = {"lessons": len(named), "findings": _as_json(findings)}
        if options.notes:
            document["notes"] = _as_json(noted)
        print_json(document)
    else:
        say("\n".join(map(str, findings)))
        if is_valid:
            print_lines([*map(str, noted), _summary(len(named), len(findings))])
    return DONE if is_valid else INVALID


def _as_json(findings: Iterable[Finding]) -> list[dict[str, object]]:
    return [dataclasses.asdict(finding) for finding in findings]


def _summary(lessons: int, warnings: int) -> str:
    told = "no findings" if not warnings else f"no errors, {counted(warnings, 'warning')}"
    return f"{counted(lessons, 'lesson')}, {told}"
