"""What is remembered of a session, and how a session is made again from it: by replaying the log, nothing else."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, get_args

from nn_tutor.judging.judge import Judgement, Verdict
from nn_tutor.tutor.answering import Attempt
from nn_tutor.tutor.answers import Answers
from nn_tutor.tutor.fingerprints import fingerprint
from nn_tutor.tutor.hints import RUNGS
from nn_tutor.tutor.mastery import Answered
from nn_tutor.tutor.session import Session, begin
from nn_tutor.tutor.stations.base import whole
from nn_tutor.tutor.tour import Tour


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
        found.append(("told", {**_asked(after, last.question), **_found(last.judgement)}))
    for question, rung in after.answers.rungs.items():
        if before.answers.rungs.get(question) != rung:
            found.append(("hint", {**_asked(after, question), "rung": rung}))
    found += [("apart", _asked(after, question)) for question in sorted(after.answers.apart - before.answers.apart)]
    found += [
        ("shown", {**_asked(after, question), "skill": after.station.skill_of(question)})
        for question in sorted(after.shown - before.shown)
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
    fresh = _fresh_id(session.inner) if session.inner is not None and session.owed else ""
    return {"activity": session.activity.id, "owed": session.owed, "fresh": fresh} | session.station.position()


def _answer(session: Session, attempt: Attempt) -> dict[str, Any]:
    return {
        **_asked(session, attempt.question),
        "text": attempt.text,
        "verdict": attempt.judgement.verdict,
        "value": attempt.judgement.value,
        **_found(attempt.judgement),
        "rung": attempt.rung,
        "skill": session.station.skill_of(attempt.question),
    }


def _asked(session: Session, question: str) -> dict[str, Any]:
    """A question by its id, and a fingerprint of what was asked, where it depends on numbers."""
    of = fingerprint(session.tour, question)
    return {"question": question, "of": of} if of else {"question": question}


def _found(judgement: Judgement) -> dict[str, Any]:
    return {"message": judgement.message, "mistakes": list(judgement.mistakes)}


@dataclass(frozen=True, eq=False, slots=True)
class Memory:
    """What is remembered of the present run through a lesson; `is_begun` is false where there is none.

    `fingerprints` say of a question what the answers to it were given for, where the log says it.
    """

    is_begun: bool = False
    is_finished: bool = False
    was_finished: bool = False
    answers: Answers = field(default_factory=Answers)
    fingerprints: Mapping[str, str] = field(default_factory=dict)
    position: Mapping[str, Any] = field(default_factory=dict)


def memory_of(records: Iterable[Record]) -> Memory:
    """Return what the records of one lesson come to, oldest first; what cannot be read of them is left out."""
    memory, replay = Memory(), _Replay()
    for record in records:
        match record.kind:
            case "begun":
                memory, replay = Memory(is_begun=True, was_finished=memory.was_finished), _Replay()
            case "finished":
                memory = replace(memory, is_finished=True, was_finished=True)
            case "at":
                memory = replace(memory, position=record.content)
            case kind:
                replay.take(kind, record.content)
    return replace(memory, answers=replay.answers, fingerprints=replay.fingerprints)


class _Replay:
    """Gathers what was answered in one run through a lesson: quickly, as a log may be long."""

    def __init__(self) -> None:
        self._attempts: list[Attempt] = []
        self._solved: set[str] = set()
        self._shown: set[str] = set()
        self._apart: set[str] = set()
        self._rungs: dict[str, int] = {}
        self._notes: dict[str, list[str]] = {}
        self.fingerprints: dict[str, str] = {}

    def take(self, kind: str, content: Mapping[str, Any]) -> None:
        """Take one entry; of a kind that is unknown nothing is taken."""
        question = str(content.get("question"))
        if "of" in content:
            self._expect(question, str(content["of"]))
        match kind:
            case "answer":
                self._answer(content)
            case "told":
                if self._attempts and self._attempts[-1].question == content.get("question"):
                    last = self._attempts[-1]
                    self._attempts[-1] = replace(last, judgement=_told(last.judgement, content))
            case "hint":
                self._rungs[question] = _rung(content)
            case "apart":
                self._apart.add(question)
            case "shown":
                self._shown.add(question)
            case "noted":
                self._notes.setdefault(str(content.get("activity")), []).append(str(content.get("text")))

    def _expect(self, question: str, of: str) -> None:
        """Forget what was answered to a question while it was about other numbers."""
        if self.fingerprints.setdefault(question, of) != of:
            self._attempts = [attempt for attempt in self._attempts if attempt.question != question]
            for known in (self._solved, self._shown, self._apart):
                known.discard(question)
            self._rungs.pop(question, None)
            self.fingerprints[question] = of

    def _answer(self, content: Mapping[str, Any]) -> None:
        attempt = _attempt(content)
        if attempt is not None:
            self._attempts.append(attempt)
            if attempt.judgement.is_right:
                self._solved.add(attempt.question)

    @property
    def answers(self) -> Answers:
        """All of it."""
        return Answers(
            attempts=tuple(self._attempts),
            solved=frozenset(self._solved),
            shown=frozenset(self._shown),
            notes={activity: tuple(texts) for activity, texts in self._notes.items()},
            rungs=self._rungs,
            apart=frozenset(self._apart),
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
    stale = _stale(session.tour, memory)
    answers = _without(_of_lesson(memory.answers), stale)
    state = replace(session, station=session.station.with_answers(answers))
    found = memory.position
    ids = [activity.id for activity in session.tour.lesson.activities]
    if found.get("activity") not in ids:
        return state
    state = state.entered(ids.index(found["activity"]))
    if any(question.partition(":")[0] == found["activity"] for question in stale):
        return state  # what was answered there is asked anew, from its beginning
    state = replace(state, station=state.station.at(found), owed=str(found.get("owed") or ""))
    if state.owed and found.get("fresh"):
        return _with_inner(_to_fresh(state.forward(), str(found["fresh"])), memory)
    return state


def _stale(tour: Tour, memory: Memory) -> frozenset[str]:
    """The questions that were answered for other numbers than they are about by now."""
    names = {activity.id for activity in tour.lesson.activities}
    return frozenset(
        question
        for question, of in memory.fingerprints.items()
        if question.partition(":")[0] in names and of != fingerprint(tour, question)
    )


def _without(answers: Answers, questions: frozenset[str]) -> Answers:
    """All that was answered, but for what was answered to some questions."""
    if not questions:
        return answers
    return replace(
        answers,
        attempts=tuple(attempt for attempt in answers.attempts if attempt.question not in questions),
        solved=answers.solved - questions,
        shown=answers.shown - questions,
        rungs={question: rung for question, rung in answers.rungs.items() if question not in questions},
        apart=answers.apart - questions,
    )


def _of_lesson(answers: Answers) -> Answers:
    """What was answered to the lesson's own questions, without those with fresh numbers."""
    return replace(
        answers,
        attempts=tuple(attempt for attempt in answers.attempts if _is_of_lesson(attempt.question)),
        solved=frozenset(filter(_is_of_lesson, answers.solved)),
        shown=frozenset(filter(_is_of_lesson, answers.shown)),
        rungs={question: rung for question, rung in answers.rungs.items() if _is_of_lesson(question)},
        apart=frozenset(filter(_is_of_lesson, answers.apart)),
    )


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
    answers = _without(memory.answers, _stale(inner.tour, memory))
    asked = inner.questions[-1].id
    apart = replace(inner.answers, apart=answers.apart & {asked})
    inner = replace(inner, station=inner.station.with_answers(apart))
    own = {question.id for question in inner.questions}
    shown = answers.shown & own
    restored = replace(
        inner.answers,
        attempts=tuple(attempt for attempt in answers.attempts if attempt.question in own),
        solved=answers.solved & own,
        shown=shown,
        rungs=answers.rungs,
    )
    station = inner.station.with_answers(restored).with_notice("")
    return replace(state, inner=Session(station, asked if asked in shown else min(shown, default="")))


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
    return min(max(0, whole(content.get("rung"))), RUNGS)
