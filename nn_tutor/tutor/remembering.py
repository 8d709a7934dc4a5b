"""What is remembered of a session, and how a session is made again from it: by replaying the log, nothing else."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, get_args

from nn_tutor.course.activities.train import Train
from nn_tutor.course.activities.walk import Form, Walk
from nn_tutor.judging.judge import Judgement, Verdict
from nn_tutor.tutor.answering import Attempt
from nn_tutor.tutor.hints import RUNGS
from nn_tutor.tutor.mastery import Answered
from nn_tutor.tutor.session import GRAINS, Session, begin
from nn_tutor.tutor.station import Place
from nn_tutor.walkthrough.skills import skill_of


class Record(Protocol):
    """An entry of the log, as the tutor reads it; `at` is in unix seconds."""

    @property
    def at(self) -> float:
        """When it happened."""

    @property
    def kind(self) -> str:
        """What happened: begun, answer, told, hint, apart, shown, noted, at, finished.

        A mistake is told where the answer before fitted several and the learner says which it was.
        """

    @property
    def lesson(self) -> str:
        """The id of the lesson in which it happened."""

    @property
    def content(self) -> Mapping[str, Any]:
        """What belongs to it, as `changes` made it."""


Change = tuple[str, dict[str, Any]]
"""Kind and content of an entry to be."""


def changes(before: Session, after: Session) -> list[Change]:
    """Return what is to be remembered of a step from one state to the next, the answers first."""
    if after.inner is not None and before.inner is not None and before.inner.tour is after.inner.tour:
        inner = [change for change in _changed(before.inner, after.inner) if change[0] != "at"]
    elif after.inner is None and before.inner is not None:
        inner = []
    else:
        inner = [] if after.inner is None else _changed(begin(after.inner.tour), after.inner)
        inner = [change for change in inner if change[0] != "at"]
    return [*inner, *_changed(before, after)]


def _changed(before: Session, after: Session) -> list[Change]:
    found: list[Change] = []
    found += [("answer", _answer(after, attempt)) for attempt in after.attempts[len(before.attempts) :]]
    if len(after.attempts) == len(before.attempts) and after.attempts[-1:] != before.attempts[-1:]:
        last = after.attempts[-1]
        found.append(("told", {"question": last.question, **_found(last.judgement)}))
    for question, rung in after.rungs.items():
        if before.rungs.get(question) != rung:
            found.append(("hint", {"question": question, "rung": rung}))
    found += [("apart", {"question": question}) for question in sorted(after.apart - before.apart)]
    found += [
        ("shown", {"question": question, "skill": _skill(after, question)})
        for question in sorted(after.shown - before.shown)
    ]
    for activity, texts in after.notes.items():
        found += [
            ("noted", {"activity": activity, "text": text}) for text in texts[len(before.notes.get(activity, ())) :]
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
    place = session.place
    found: dict[str, Any] = {
        "activity": session.activity.id,
        "pass": place.pass_number,
        "grain": session.grain,
        "form": session.form,
        "owed": session.owed,
        "fresh": _fresh_id(session.inner) if session.inner is not None and session.owed else "",
        "cell": session.cell,
    }
    if isinstance(session.activity, Train) and session.activity.reseed:
        found["seed"] = session.tour.seed(place.activity)
    if isinstance(session.activity, Walk):
        found["number"] = str(session.stop.refs[-1])
    return found


def _answer(session: Session, attempt: Attempt) -> dict[str, Any]:
    return {
        "question": attempt.question,
        "text": attempt.text,
        "verdict": attempt.judgement.verdict,
        "value": attempt.judgement.value,
        **_found(attempt.judgement),
        "rung": attempt.rung,
        "skill": _skill(session, attempt.question),
    }


def _found(judgement: Judgement) -> dict[str, Any]:
    return {"message": judgement.message, "mistakes": list(judgement.mistakes)}


def _skill(session: Session, question_id: str) -> str:
    """The skill of a question at hand, "" for one that needs none (a choice)."""
    if session.is_over:
        return ""
    for question in session.questions:
        if question.id == question_id:
            index = session.place.activity
            return skill_of(session.tour.network(index), session.tour.rows(index), question.kind, question.ref)
    return ""


@dataclass(frozen=True, eq=False, slots=True)
class Memory:
    """What is remembered of the present run through a lesson; `is_begun` is false where there is none."""

    is_begun: bool = False
    is_finished: bool = False
    was_finished: bool = False
    attempts: tuple[Attempt, ...] = ()
    solved: frozenset[str] = frozenset()
    shown: frozenset[str] = frozenset()
    rungs: Mapping[str, int] = field(default_factory=dict)
    apart: frozenset[str] = frozenset()
    notes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    position: Mapping[str, Any] = field(default_factory=dict)


def memory_of(records: Iterable[Record]) -> Memory:
    """Return what the records of one lesson come to, oldest first; what cannot be read of them is left out."""
    memory = Memory()
    attempts: list[Attempt] = []
    solved: set[str] = set()
    shown: set[str] = set()
    apart: set[str] = set()
    rungs: dict[str, int] = {}
    notes: dict[str, tuple[str, ...]] = {}
    for record in records:
        content = record.content
        match record.kind:
            case "begun":
                memory = Memory(is_begun=True, was_finished=memory.was_finished)
                attempts, solved, shown, apart, rungs, notes = [], set(), set(), set(), {}, {}
            case "answer":
                attempt = _attempt(content)
                if attempt is not None:
                    attempts.append(attempt)
                    if attempt.judgement.is_right:
                        solved.add(attempt.question)
            case "told":
                if attempts and attempts[-1].question == content.get("question"):
                    attempts[-1] = replace(attempts[-1], judgement=_told(attempts[-1].judgement, content))
            case "hint":
                rungs[str(content.get("question"))] = _rung(content)
            case "apart":
                apart.add(str(content.get("question")))
            case "shown":
                shown.add(str(content.get("question")))
            case "noted":
                name = str(content.get("activity"))
                notes[name] = (*notes.get(name, ()), str(content.get("text")))
            case "finished":
                memory = replace(memory, is_finished=True, was_finished=True)
            case "at":
                memory = replace(memory, position=content)
    return replace(
        memory,
        attempts=tuple(attempts),
        solved=frozenset(solved),
        shown=frozenset(shown),
        rungs=rungs,
        apart=frozenset(apart),
        notes=notes,
    )


def outline_of(records: Iterable[Record]) -> Memory:
    """Return of the memory of a lesson only whether it was begun and finished, and where in it: that is quick."""
    is_begun = is_finished = was_finished = False
    position: Mapping[str, Any] = {}
    for record in records:
        if record.kind == "begun":
            is_begun, is_finished, position = True, False, {}
        elif record.kind == "finished":
            is_finished = was_finished = True
        elif record.kind == "at":
            position = record.content
    return Memory(is_begun, is_finished, was_finished, position=position)


def restored(session: Session, memory: Memory) -> Session:
    """Return a session that has just begun as it was remembered: place, answers, hints, grain, fresh question."""
    if not memory.is_begun or memory.is_finished:
        return session
    state = replace(
        session,
        attempts=tuple(attempt for attempt in memory.attempts if _is_of_lesson(attempt.question)),
        solved=frozenset(filter(_is_of_lesson, memory.solved)),
        shown=frozenset(filter(_is_of_lesson, memory.shown)),
        rungs={question: rung for question, rung in memory.rungs.items() if _is_of_lesson(question)},
        apart=frozenset(filter(_is_of_lesson, memory.apart)),
        notes=memory.notes,
    )
    found = memory.position
    ids = [activity.id for activity in session.tour.lesson.activities]
    if found.get("activity") not in ids:
        return state
    index = ids.index(found["activity"])
    state = state.entered(index)
    if isinstance(state.activity, Train) and state.activity.reseed and "seed" in found:
        state = replace(state.with_seed(max(0, _whole(found["seed"]))), notice="")
    if state.place.pass_number:
        reach_first, reach_last = state.passes
        number = min(max(reach_first, _whole(found.get("pass"))), reach_last)
        state = replace(state, place=Place(index, number))
    if isinstance(state.activity, Walk):
        grain = next((grain for grain in GRAINS if grain == found.get("grain")), state.grain)
        forms: tuple[Form, ...] = get_args(Form)
        state = state.with_grain(grain).with_form(next((f for f in forms if f == found.get("form")), state.form))
        stops = state.stops
        number_text = found.get("number")
        stop = next((n for n, one in enumerate(stops) if any(str(ref) == number_text for ref in one.refs)), 0)
        state = replace(state, place=replace(state.place, stop=stop), notice="")
    if found.get("owed"):
        state = replace(state, owed=str(found["owed"]))
        if found.get("fresh"):
            state = _with_inner(_to_fresh(state.forward(), str(found["fresh"])), memory)
    return state if state.inner is not None else replace(state, cell=str(found.get("cell") or ""))


def answers_of(records: Iterable[Record]) -> list[Answered]:
    """Return the answers among records, as mastery sees them."""
    found: list[Answered] = []
    for record in records:
        content = record.content
        if record.kind == "answer":
            found.append(
                Answered(
                    question=f"{record.lesson}/{content.get('question')}",
                    skill=str(content.get("skill") or ""),
                    verdict=str(content.get("verdict")),
                    mistakes=_mistakes(content),
                    rung=_rung(content),
                    at=record.at,
                )
            )
        elif record.kind == "told":
            found[-1:] = [retold(answered, record) for answered in found[-1:]]
        elif record.kind == "shown":
            question = f"{record.lesson}/{content.get('question')}"
            found.append(Answered(question, str(content.get("skill") or ""), "shown", at=record.at))
    return found


def retold(answered: Answered, told: Record) -> Answered:
    """Return an answer with the mistake that was told of it; unchanged where another answer is meant."""
    is_meant = answered.question == f"{told.lesson}/{told.content.get('question')}"
    return replace(answered, mistakes=_mistakes(told.content)) if is_meant else answered


def _fresh_id(inner: Session) -> str:
    """The id of the one question of a fresh question's own small lesson."""
    return inner.tour.questions(0, 1)[-1].id


def _to_fresh(state: Session, wanted: str) -> Session:
    """Go on to the fresh question that was asked: each one that was shown led to another."""
    for _ in range(_MOST_SHOWN):
        inner = state.inner
        if inner is None or inner.question is None or _fresh_id(inner) == wanted:
            break
        state = state.with_here(inner.reveal().forward())
    return state


_MOST_SHOWN = 50


def _is_of_lesson(question: str) -> bool:
    """Say whether a question stands in the lesson itself, and is none with fresh numbers."""
    return "~" not in question


def _with_inner(state: Session, memory: Memory) -> Session:
    """Put what was answered to the fresh question back into its own small state."""
    inner = state.inner
    if inner is None or inner.is_over:
        return state
    asked = inner.questions[-1].id
    inner = replace(inner, apart=memory.apart & {asked})
    own = {question.id for question in inner.questions}
    shown = memory.shown & own
    inner = replace(
        inner,
        attempts=tuple(attempt for attempt in memory.attempts if attempt.question in own),
        solved=memory.solved & own,
        shown=shown,
        rungs=memory.rungs,
        owed=asked if asked in shown else min(shown, default=""),
        notice="",
    )
    return replace(state, inner=inner)


def _attempt(content: Mapping[str, Any]) -> Attempt | None:
    verdicts: tuple[Verdict, ...] = get_args(Verdict)
    verdict, value = next((v for v in verdicts if v == content.get("verdict")), None), content.get("value")
    if verdict is None or not isinstance(content.get("question"), str):
        return None
    judgement = Judgement(
        verdict,
        str(content.get("message", "")),
        float(value) if isinstance(value, int | float) and abs(value) <= sys.float_info.max else None,
        recalled=_mistakes(content),
    )
    return Attempt(content["question"], str(content.get("text", "")), judgement, _rung(content))


def _told(judgement: Judgement, content: Mapping[str, Any]) -> Judgement:
    return replace(judgement, message=str(content.get("message", "")), recalled=_mistakes(content))


def _mistakes(content: Mapping[str, Any]) -> tuple[str, ...]:
    mistakes = content.get("mistakes")
    return tuple(map(str, mistakes)) if isinstance(mistakes, list) else ()


def _rung(content: Mapping[str, Any]) -> int:
    return min(max(0, _whole(content.get("rung"))), RUNGS)


def _whole(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
