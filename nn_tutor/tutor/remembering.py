"""What is remembered of a session, and how a session is made again from it: by replaying the log, nothing else."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from typing import TYPE_CHECKING, Any, Protocol, get_args

from nn_tutor.dataclass import dataclass
from nn_tutor.judging.judgement import Judgement, Verdict
from nn_tutor.tutor.answering import Attempt
from nn_tutor.tutor.answers import Answers
from nn_tutor.tutor.fingerprints import fingerprint
from nn_tutor.tutor.hints import HINT_LEVELS
from nn_tutor.tutor.mastery import Answered
from nn_tutor.tutor.session import Session, begin
from nn_tutor.tutor.stations.base import whole

if TYPE_CHECKING:
    from nn_tutor.tutor.lesson_run import LessonRun


class Record(Protocol):
    """An entry of the log, as the tutor reads it; `at` is in unix seconds."""

    @property
    def at(self) -> float:
        """When it happened."""

    @property
    def kind(self) -> str:
        """What happened: begun, answer, told, hint, apart, whole, shown, noted, at, finished.

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
    fresh = _fresh_id(session.nested) if session.nested is not None and session.retry_due else ""
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


@dataclass(frozen=True, eq=False, slots=True)
class SavedRun:
    """What is remembered of the present run through a lesson; `is_begun` is false where there is none.

    `fingerprints` say of a question what the answers to it were given for, where the log says it.
    """

    is_begun: bool = False
    is_finished: bool = False
    was_finished: bool = False
    answers: Answers = field(default_factory=Answers)
    fingerprints: Mapping[str, str] = field(default_factory=dict)
    position: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether it was begun and not finished."""
        return self.is_begun and not self.is_finished


def saved_run_of(records: Iterable[Record]) -> SavedRun:
    """Return what the records of one lesson come to, oldest first; what cannot be read of them is left out."""
    memory, replay = SavedRun(), _Replay()
    for record in records:
        match record.kind:
            case "begun":
                memory, replay = SavedRun(is_begun=True, was_finished=memory.was_finished), _Replay()
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
        self._hint_levels: dict[str, int] = {}
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
                self._hint_levels[question] = _hint_level(content)
            case "apart":
                self._apart.add(question)
            case "whole":
                self._apart.discard(question)
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
            self._hint_levels.pop(question, None)
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
            revealed=frozenset(self._shown),
            notes={activity: tuple(texts) for activity, texts in self._notes.items()},
            hint_levels=self._hint_levels,
            decomposed=frozenset(self._apart),
        )


def outline_of(records: Iterable[Record]) -> SavedRun:
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
    return SavedRun(is_begun, is_finished, was_finished, position=position)


def restored(session: Session, memory: SavedRun) -> Session:
    """Return a session that has just begun as it was remembered: place, answers, hints, grain, fresh question."""
    if not memory.is_open:
        return session
    stale = _stale(session.lesson_run, memory)
    answers = answers_in(session.lesson_run, memory)
    state = replace(session, station=session.station.with_answers(answers))
    found = memory.position
    ids = [activity.id for activity in session.lesson_run.lesson.activities]
    if found.get("activity") not in ids:
        return state
    state = state.entered(ids.index(found["activity"]))
    if any(question.partition(":")[0] == found["activity"] for question in stale):
        return state  # what was answered there is asked anew, from its beginning
    state = replace(state, station=state.station.at(found), retry_due=str(found.get("owed") or ""))
    if state.retry_due and found.get("fresh"):
        return _with_inner(_to_fresh(state.forward(), str(found["fresh"])), memory)
    return state


def answers_in(lesson_run: LessonRun, saved: SavedRun) -> Answers:
    """Return what was answered to the lesson's own questions, without what was answered for other numbers."""
    return _without(_of_lesson(saved.answers), _stale(lesson_run, saved))


def _stale(lesson_run: LessonRun, memory: SavedRun) -> frozenset[str]:
    """The questions that were answered for other numbers than they are about by now."""
    names = {activity.id for activity in lesson_run.lesson.activities}
    return frozenset(
        question
        for question, of in memory.fingerprints.items()
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
                    hint_level=_hint_level(content),
                    at=record.at,
                )
            )
        elif record.kind == "told":
            found[-1:] = [with_confirmed_mistake(answered, record) for answered in found[-1:]]
        elif record.kind == "shown":
            question = f"{record.lesson}/{content.get('question')}"
            found.append(Answered(question, str(content.get("skill") or ""), "shown", at=record.at))
    return found


def with_confirmed_mistake(answered: Answered, told: Record) -> Answered:
    """Return an answer with the mistake that was told of it; unchanged where another answer is meant."""
    is_meant = answered.question == f"{told.lesson}/{told.content.get('question')}"
    return replace(answered, mistakes=_mistakes(told.content)) if is_meant else answered


def _fresh_id(inner: Session) -> str:
    """The id of the one question of a fresh question's own small lesson."""
    return inner.lesson_run.questions(0, inner.station.passes[0])[-1].id


def _to_fresh(state: Session, wanted: str) -> Session:
    """Go on to the fresh question that was asked: each one that was shown led to another."""
    for _ in range(_MAX_SHOWN):
        inner = state.nested
        if inner is None or inner.question is None or _fresh_id(inner) == wanted:
            break
        state = state.with_current(inner.reveal().forward())
    return state


_MAX_SHOWN = 50


def _is_of_lesson(question: str) -> bool:
    """Whether a question stands in the lesson itself, and is none with fresh numbers."""
    return "~" not in question


def _with_inner(state: Session, memory: SavedRun) -> Session:
    """Put what was answered to the fresh question back into its own small state."""
    inner = state.nested
    if inner is None or inner.is_over:
        return state
    answers = _without(memory.answers, _stale(inner.lesson_run, memory))
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
    return Attempt(content["question"], str(content.get("text", "")), judgement, _hint_level(content))


def _told(judgement: Judgement, content: Mapping[str, Any]) -> Judgement:
    return replace(judgement, message=str(content.get("message", "")), recalled=_mistakes(content))


def _mistakes(content: Mapping[str, Any]) -> tuple[str, ...]:
    mistakes = content.get("mistakes")
    return tuple(map(str, mistakes)) if isinstance(mistakes, list) else ()


def _hint_level(content: Mapping[str, Any]) -> int:
    return min(max(0, whole(content.get("rung"))), HINT_LEVELS)
