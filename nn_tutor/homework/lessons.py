"""A lesson file taken as homework: its network walked through once more, as somebody's sheet has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nn_tutor.homework.faults import refused
from nn_tutor.homework.reading import WALK, Homework, finished
from nn_tutor.homework.said import PREFIX, Said, one_said
from nn_tutor.homework.words import ERROR_ORDERS, STEPS, word_meant

if TYPE_CHECKING:
    from nn_tutor.course.ask import Ask
    from nn_tutor.course.lesson import Lesson

CHANGEABLE = ("error", "step", "digits", "passes", "ask", "grain", "form", "names", "call", "name")
"""What may be said beside a lesson: how the sheet writes it, and what is asked; its numbers stand in the lesson."""


def homework_of_lesson(lesson: Lesson, content: Mapping[str, Any], said: Said) -> Homework:
    """Return the first network of a lesson as homework; `content` are the tables of its file.

    Raises `HomeworkError` for a lesson without a network, or what cannot be said beside one.
    """
    if not lesson.networks:
        raise refused(lesson.id, "no network in it", "name a lesson with one, or say your own: --in … --layer …")
    for key, _ in said:
        if key not in CHANGEABLE:
            raise refused(
                key, "said beside a lesson", f"change it in the lesson, or leave the lesson out; {key} is its own"
            )
    name = next(iter(lesson.networks))
    network = dict(content["networks"][name] if name else content["network"])
    data = network.pop("data") if name else content["data"]
    conventions = dict(content.get("conventions", {}))
    for key, words in (("error", ERROR_ORDERS), ("step", STEPS)):
        if one_said(said, key):
            conventions[key] = word_meant(one_said(said, key), words, key)
    walk: dict[str, Any] = {"kind": "walk", "id": WALK, "passes": lesson.passes_walked(name)}
    tables = {
        "format_version": content["format_version"],
        "purpose": "homework",
        "id": f"{PREFIX}{lesson.id}",
        "title": lesson.title,
        **({"conventions": conventions} if conventions else {}),
        "network": network,
        "data": data,
        "activity": [walk],
    }
    asked = None if one_said(said, "ask") else _asked(lesson, name)
    return finished(tables, said, asked)


def _asked(lesson: Lesson, network: str) -> list[str] | None:
    """What the lesson's own first walk through the network asks in its first pass, None where there is none."""
    walks = (one for one in lesson.activities if one.makes_passes and one.network == network)
    first = next(walks, None)
    return None if first is None else [_written(ask) for ask in first.asks_of(first.span[0]) if ask.kind != "formula"]


def _written(ask: Ask) -> str:
    """An ask as a lesson has it, for every pass."""
    kind = f"{ask.kind} " if ask.kind in ("sign", "size") else ""
    return f"{kind}{'all' if ask.ref is None else ask.ref}"
