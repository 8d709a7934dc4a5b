"""What of a step from one state of a session to the next goes into the log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nn_tutor.tutor.fingerprints import fingerprint
from nn_tutor.tutor.session import Session, begin

if TYPE_CHECKING:
    from nn_tutor.judging.judgement import Judgement
    from nn_tutor.tutor.answering import Attempt

Change = tuple[str, dict[str, Any]]
"""Kind and content of an entry to be."""


def changes(before: Session, after: Session) -> list[Change]:
    """Return what is to be remembered of a step from one state to the next, the answers first."""
    if after.nested is not None and before.nested is not None and before.nested.lesson_run is after.nested.lesson_run:
        inner = [change for change in _changed(before.nested, after.nested) if change[0] != "at"]
    elif after.nested is None and before.nested is not None:
        inner = []
    else:
        inner = [] if after.nested is None else _changed(begin(after.nested.lesson_run), after.nested)
        inner = [change for change in inner if change[0] != "at"]
    return [*inner, *_changed(before, after)]


def _changed(before: Session, after: Session) -> list[Change]:
    found: list[Change] = []
    found += [("answer", _answer(after, attempt)) for attempt in after.attempts[len(before.attempts) :]]
    if len(after.attempts) == len(before.attempts) and after.attempts[-1:] != before.attempts[-1:]:
        last = after.attempts[-1]
        found.append(("told", {**_asked(after, last.question), **_found(last.judgement)}))
    for question, hint_level in after.answers.hint_levels.items():
        if before.answers.hint_levels.get(question) != hint_level:
            found.append(("hint", {**_asked(after, question), "rung": hint_level}))
    found += [
        ("apart", _asked(after, question)) for question in sorted(after.answers.decomposed - before.answers.decomposed)
    ]
    found += [
        ("whole", _asked(after, question)) for question in sorted(before.answers.decomposed - after.answers.decomposed)
    ]
    found += [
        ("shown", {**_asked(after, question), "skill": after.station.skill_of(question)})
        for question in sorted(after.revealed - before.revealed)
    ]
    for activity, texts in after.notes.items():
        found += [
            ("noted", {"activity": activity, "text": text}) for text in texts[len(before.answers.noted(activity)) :]
        ]
    if after.is_over and not before.is_over:
        found.append(("finished", {}))
    if position(before) != position(after):
        found.append(("at", position(after)))
    return found


def position(session: Session) -> dict[str, Any]:
    """Return where a session is, in words that outlast a change of the lesson."""
    if session.is_over:
        return {"activity": "", "over": True}
    fresh = fresh_id(session.nested) if session.nested is not None and session.retry_due else ""
    return {"activity": session.activity.id, "owed": session.retry_due, "fresh": fresh} | session.station.position()


def _answer(session: Session, attempt: Attempt) -> dict[str, Any]:
    return {
        **_asked(session, attempt.question),
        "text": attempt.text,
        "verdict": attempt.judgement.verdict,
        "value": attempt.judgement.value,
        **_found(attempt.judgement),
        "rung": attempt.hint_level,
        "skill": session.station.skill_of(attempt.question),
    }


def _asked(session: Session, question: str) -> dict[str, Any]:
    """A question by its id, and a fingerprint of what was asked, where it depends on numbers."""
    of = fingerprint(session.lesson_run, question)
    return {"question": question, "of": of} if of else {"question": question}


def _found(judgement: Judgement) -> dict[str, Any]:
    return {"message": judgement.message, "mistakes": list(judgement.mistakes)}


def fresh_id(inner: Session) -> str:
    """Return the id of the one question of a fresh question's own small lesson."""
    return inner.lesson_run.questions(0, inner.station.passes[0])[-1].id
