"""What the log comes to for one lesson: the run through it that was saved, and the answers as mastery sees them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from typing import Any, Protocol, get_args

from nn_tutor.dataclass import dataclass
from nn_tutor.judging.judgement import Judgement, Verdict
from nn_tutor.tutor.answering import Attempt
from nn_tutor.tutor.answers import Answers
from nn_tutor.tutor.hints import HINT_LEVELS
from nn_tutor.tutor.mastery import Answered
from nn_tutor.tutor.stations.base import whole


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
    saved, replay = SavedRun(), _Replay()
    for record in records:
        match record.kind:
            case "begun":
                saved, replay = SavedRun(is_begun=True, was_finished=saved.was_finished), _Replay()
            case "finished":
                saved = replace(saved, is_finished=True, was_finished=True)
            case "at":
                saved = replace(saved, position=record.content)
            case kind:
                replay.take(kind, record.content)
    return replace(saved, answers=replay.answers, fingerprints=replay.fingerprints)


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
                    self._attempts[-1] = replace(last, judgement=_with_confirmed(last.judgement, content))
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
    """Return of the run through a lesson only whether it was begun and finished, and where in it: that is quick."""
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


def with_confirmed_mistake(answered: Answered, record: Record) -> Answered:
    """Return an answer with the mistake that was told of it; unchanged where another answer is meant."""
    is_meant = answered.question == f"{record.lesson}/{record.content.get('question')}"
    return replace(answered, mistakes=_mistakes(record.content)) if is_meant else answered


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


def _with_confirmed(judgement: Judgement, content: Mapping[str, Any]) -> Judgement:
    return replace(judgement, message=str(content.get("message", "")), recalled=_mistakes(content))


def _mistakes(content: Mapping[str, Any]) -> tuple[str, ...]:
    mistakes = content.get("mistakes")
    return tuple(map(str, mistakes)) if isinstance(mistakes, list) else ()


def _hint_level(content: Mapping[str, Any]) -> int:
    return min(max(0, whole(content.get("rung"))), HINT_LEVELS)
