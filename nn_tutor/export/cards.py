"""Drills as a deck for Anki: a card for each mistake, which a later export brings up to date instead of doubling it.

Needs genanki, which comes with the extra `anki`.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING
from zlib import crc32

import genanki

from nn_tutor.export.paper import on_paper
from nn_tutor.export.picture import network_svg
from nn_tutor.judging.diagnosis import as_sentence
from nn_tutor.network.counted import counted

if TYPE_CHECKING:
    from nn_tutor.course.lesson import Lesson
    from nn_tutor.export.drills import Drill

MODEL = 1_733_000_451
"""The number of the kind of card; any number will do, as long as it stays the same."""

STYLE = """
.card { font: 18px/1.5 Georgia, serif; text-align: left; max-width: 40rem; margin: 0 auto; }
.given { font-size: .85em; opacity: .8; }
.answer { font-size: 1.2em; font-weight: bold; }
svg { width: 100%; max-height: 18rem; }
svg text { font: 13px sans-serif; text-anchor: middle; fill: currentColor; }
svg circle, svg rect { fill: none; stroke: currentColor; }
svg line { stroke: currentColor; opacity: .6; }
svg line.negative { stroke-dasharray: 7 4; }
"""


def as_deck(lesson: Lesson, drills: Sequence[Drill]) -> bytes:
    """Return the deck as the bytes of its .apkg file."""
    model = genanki.Model(
        MODEL,
        "nn-tutor: a mistake of mine",
        fields=[{"name": "Question"}, {"name": "Answer"}],
        templates=[{"name": "Card", "qfmt": "{{Question}}", "afmt": "{{FrontSide}}<hr id=answer>{{Answer}}"}],
        css=STYLE,
    )
    deck = genanki.Deck((1 << 30) + crc32(lesson.id.encode()) % (1 << 30), f"nn-tutor::{lesson.title}")
    for drill in drills:
        guid = genanki.guid_for("nn-tutor", lesson.id, drill.mistake.id)
        deck.add_note(genanki.Note(model, [_front(drill), _back(drill)], guid=guid, tags=[drill.mistake.id]))
    written = io.BytesIO()
    genanki.Package(deck).write_to_file(written)
    return written.getvalue()


def _front(drill: Drill) -> str:
    decimals = counted(drill.decimals, "decimal")
    return (
        f"{network_svg(drill.network, drill.passed)}"
        f'<p class="given">{escape(drill.about)}.<br>{escape(drill.givens)}.</p>'
        f"<p>{escape(drill.prompt)} ({decimals})</p>"
    )


def _back(drill: Drill) -> str:
    mistake = drill.mistake
    told = f"<p>You once {escape(mistake.name)}"
    if drill.slip is not None:
        told += f": that would give {escape(drill.wrong)} here"
    told += f". {escape(as_sentence(on_paper(mistake.rule)))}</p>"
    if drill.slip is not None:
        wrong, right = map(escape, drill.slip)
        told += f"<p>✗ {wrong}<br>✓ {right}</p>"
    return f'<p class="answer">{escape(drill.answer)}</p><p>{escape(drill.worked)}</p>{told}'
