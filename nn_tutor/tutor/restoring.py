"""A session made again as it was left, from the run that was saved and nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nn_tutor.tutor.changes import fresh_id
from nn_tutor.tutor.fingerprints import fingerprint
from nn_tutor.tutor.session import Session

if TYPE_CHECKING:
    from nn_tutor.tutor.answers import Answers
    from nn_tutor.tutor.lesson_run import LessonRun
    from nn_tutor.tutor.saved_run import SavedRun


def restored(session: Session, saved: SavedRun) -> Session:
    """Return a session that has just begun as it was remembered: place, answers, hints, grain, fresh question."""
    if not saved.is_open:
        return session
    stale = _stale(session.lesson_run, saved)
    answers = answers_in(session.lesson_run, saved)
    state = replace(session, station=session.station.with_answers(answers))
    found = saved.position
    ids = [activity.id for activity in session.lesson_run.lesson.activities]
    if found.get("activity") not in ids:
        return state
    state = state.entered(ids.index(found["activity"]))
    if any(question.partition(":")[0] == found["activity"] for question in stale):
        return state  # what was answered there is asked anew, from its beginning
    state = replace(state, station=state.station.at(found), retry_due=str(found.get("owed") or ""))
    if state.retry_due and found.get("fresh"):
        return _with_inner(_to_fresh(state.forward(), str(found["fresh"])), saved)
    return state


def answers_in(lesson_run: LessonRun, saved: SavedRun) -> Answers:
    """Return what was answered to the lesson's own questions, without what was answered for other numbers."""
    return _without(_of_lesson(saved.answers), _stale(lesson_run, saved))


def _stale(lesson_run: LessonRun, saved: SavedRun) -> frozenset[str]:
    """The questions that were answered for other numbers than they are about by now."""
    names = {activity.id for activity in lesson_run.lesson.activities}
    return frozenset(
        question
        for question, of in saved.fingerprints.items()
        if question.partition(":")[0] in names and of != fingerprint(lesson_run, question)
    )


def _without(answers: Answers, questions: frozenset[str]) -> Answers:
    """All that was answered, but for what was answered to some questions."""
    if not questions:
        return answers
    return replace(
        answers,
        attempts=tuple(attempt for attempt in answers.attempts if attempt.question not in questions),
        solved=answers.solved - questions,
        revealed=answers.revealed - questions,
        hint_levels={
            question: hint_level for question, hint_level in answers.hint_levels.items() if question not in questions
        },
        decomposed=answers.decomposed - questions,
    )


def _of_lesson(answers: Answers) -> Answers:
    """What was answered to the lesson's own questions, without those with fresh numbers."""
    return replace(
        answers,
        attempts=tuple(attempt for attempt in answers.attempts if _is_of_lesson(attempt.question)),
        solved=frozenset(filter(_is_of_lesson, answers.solved)),
        revealed=frozenset(filter(_is_of_lesson, answers.revealed)),
        hint_levels={
            question: hint_level for question, hint_level in answers.hint_levels.items() if _is_of_lesson(question)
        },
        decomposed=frozenset(filter(_is_of_lesson, answers.decomposed)),
    )


def _to_fresh(state: Session, wanted: str) -> Session:
    """Go on to the fresh question that was asked: each one that was shown led to another."""
    for _ in range(_MAX_SHOWN):
        inner = state.nested
        if inner is None or inner.question is None or fresh_id(inner) == wanted:
            break
        state = state.with_current(inner.reveal().forward())
    return state


_MAX_SHOWN = 50


def _is_of_lesson(question: str) -> bool:
    """Whether a question stands in the lesson itself, and is none with fresh numbers."""
    return "~" not in question


def _with_inner(state: Session, saved: SavedRun) -> Session:
    """Put what was answered to the fresh question back into its own small state."""
    inner = state.nested
    if inner is None or inner.is_over:
        return state
    answers = _without(saved.answers, _stale(inner.lesson_run, saved))
    asked = inner.questions[-1].id
    apart = replace(inner.answers, decomposed=answers.decomposed & {asked})
    inner = replace(inner, station=inner.station.with_answers(apart))
    own = {question.id for question in inner.questions}
    shown = answers.revealed & own
    restored = replace(
        inner.answers,
        attempts=tuple(attempt for attempt in answers.attempts if attempt.question in own),
        solved=answers.solved & own,
        revealed=shown,
        hint_levels=answers.hint_levels,
    )
    station = inner.station.with_answers(restored).with_notice("")
    return replace(state, nested=Session(station, asked if asked in shown else min(shown, default="")))
