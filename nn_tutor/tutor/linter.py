"""The linter of teaching: whether the questions of a lesson are fair, its hints keep the answer, and its pages fit."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import replace

from nn_tutor.calculus.records import Deriver
from nn_tutor.course.activities.choose import Choose
from nn_tutor.course.activities.hunt import Hunt
from nn_tutor.course.activities.place import PlaceWeight
from nn_tutor.course.activities.practise import Practise
from nn_tutor.course.activities.tune import Tune
from nn_tutor.course.activities.walk import Walk
from nn_tutor.course.findings import Finding, close_words
from nn_tutor.course.lesson import Lesson
from nn_tutor.judging.fairness import alike
from nn_tutor.judging.mistakes.known import MISTAKES
from nn_tutor.network.training import StoppedError
from nn_tutor.tutor.choosing import clashes
from nn_tutor.tutor.hints import hint
from nn_tutor.tutor.keymap import KEYS
from nn_tutor.tutor.scrutiny import unfair_of
from nn_tutor.tutor.tour import Tour
from nn_tutor.tutor.tuning import does_it, starts
from nn_tutor.walkthrough.questions import Question, given
from nn_tutor.walkthrough.skills import SKILLS

MOST_QUESTIONS = 5_000

_WIDTH, _CHOICE_LINES, _WHY_LINES = 76, 15, 3  # at 80×24


def lint(lesson: Lesson, deriver: Deriver) -> list[Finding]:
    """Return what is wrong with the teaching of a lesson that can be walked."""
    return list(_Linter(lesson, deriver).findings())


def notes(lesson: Lesson) -> list[Finding]:
    """Return what is no fault, but good to know: mistakes that a question cannot tell apart."""
    tour, found = Tour(lesson), []
    for index, activity in enumerate(lesson.activities):
        if not isinstance(activity, Walk):
            continue
        reach = tour.reach(index)
        for number in range(reach.first, min(reach.last, reach.first + MOST_NOTED) + 1):
            for question in tour.questions(index, number):
                if question.kind != "number":
                    continue
                known = tour.known(index, number, question.ref, question.kind)
                groups = "; ".join(" or ".join(group) for group in alike(known, question.scale))
                if groups:
                    file = str(lesson.path / "lesson.toml")
                    found.append(
                        Finding(file, f"activity[{index}].ask", f"{question.id}: either {groups}", "", "either-or")
                    )
    return found


MOST_NOTED = 10
"""So many further passes of a walk are looked through for notes."""


class _Linter:
    """Looks through one lesson."""

    def __init__(self, lesson: Lesson, deriver: Deriver) -> None:
        self.lesson = lesson
        self.tour = Tour(lesson)
        self.deriver = deriver
        self.asked = 0

    def findings(self) -> Iterator[Finding]:
        yield from self._skills("skills", self.lesson.skills)
        for index, activity in enumerate(self.lesson.activities):
            key = f"activity[{index}]"
            try:
                if isinstance(activity, Choose):
                    yield from self._choice(key, activity)
                elif isinstance(activity, Hunt):
                    yield from self._hunt(key, index, activity)
                elif isinstance(activity, Tune):
                    yield from self._tuning(key, index, activity)
                elif isinstance(activity, Practise):
                    yield from self._skills(f"{key}.skills", activity.skills)
                else:
                    yield from self._questions(key, index)
            except StoppedError:
                continue  # that is told already
        yield from self._keys_in_prose()

    def _finding(self, key: str, rule: str, found: str, mend: str, file: str = "lesson.toml") -> Finding:
        return Finding(str(self.lesson.path / file), key, found, mend, rule)

    def _of_numbers(self, key: str, rule: str, found: str, mend: str) -> Finding:
        """A finding that lies in the numbers: a warning where they were given, not chosen."""
        finding = self._finding(key, rule, found, mend)
        return replace(finding, level="warning") if self.lesson.purpose == "homework" else finding

    def _skills(self, key: str, skills: tuple[str, ...]) -> Iterator[Finding]:
        for place, skill in enumerate(skills):
            if skill not in SKILLS:
                close = close_words(skill, SKILLS)
                mend = f"did you mean {close[0]}?" if close else "use one of " + ", ".join(SKILLS)
                yield self._finding(f"{key}[{place}]", "unknown-skill", f'"{skill}", which is no skill', mend)

    def _choice(self, key: str, activity: Choose) -> Iterator[Finding]:
        lines = len(textwrap.wrap(activity.prompt, _WIDTH - 4)) + 2
        lines += sum(len(textwrap.wrap(option.text, _WIDTH - 5)) for option in activity.options)
        if lines > _CHOICE_LINES:
            mend = "shorten the prompt or its options"
            yield self._finding(
                f"{key}.options", "too-tall", f"{lines} lines at 80×24, where {_CHOICE_LINES} fit", mend
            )
        for place, text in clashes(activity):
            found = f'"{text}", which picks another answer too'
            yield self._finding(f"{key}.options[{place}].text", "options-clash", found, "say it in other words")
        for place, option in enumerate(activity.options):
            lines = len(textwrap.wrap(f" ✗ not yet: {option.why}", _WIDTH))
            if lines > _WHY_LINES:
                found = f"{lines} lines at 80×24, where {_WHY_LINES} fit"
                yield self._finding(f"{key}.options[{place}].why", "too-tall", found, "shorten it")

    def _mistakes(self, key: str, names: Iterable[str]) -> Iterator[Finding]:
        """What an author calls a mistake is one."""
        ids = dict.fromkeys(mistake.id for mistake in MISTAKES)
        for name in sorted(set(names) - set(ids)):
            close = close_words(name, ids)
            mend = f"did you mean {close[0]}?" if close else "use the id of a known mistake, such as forgot-two"
            yield self._finding(key, "unknown-mistake", f'"{name}"', mend)

    def _hunt(self, key: str, index: int, activity: Hunt) -> Iterator[Finding]:
        if activity.mistake and activity.mistake not in {mistake.id for mistake in MISTAKES}:
            yield from self._mistakes(f"{key}.mistake", (activity.mistake,))
        elif self.tour.worked(index) is None and activity.trouble is not None:
            found = f"no line of this pass shows {activity.trouble}"
            yield self._finding(f"{key}.trouble", "no-trouble", found, "take another pass or other numbers")
        elif self.tour.worked(index) is None:
            found = "this mistake cannot be made and seen in this pass, or not written as a formula"
            yield self._finding(key, "mistake-not-here", found, "take another mistake, place, pass or network")

    def _tuning(self, key: str, index: int, activity: Tune) -> Iterator[Finding]:
        goal = "to_loss" if activity.of else "goal"
        passed = self.tour.passed(index, activity.pass_number)
        begun = self.tour.tuned(index, starts(self.tour.network(index), passed, activity))
        if begun is not None and does_it(begun, activity):
            mend = "begin somewhere else with start, or want more"
            yield self._finding(f"{key}.{goal}", "nothing-to-do", "the numbers do that from the beginning", mend)
        elif self.tour.solution(index) is None:
            mend = "want less, or move another number"
            yield self._finding(f"{key}.{goal}", "out-of-reach", "no numbers were found that do that", mend)

    def _questions(self, key: str, index: int) -> Iterator[Finding]:
        activity = self.tour.activity(index)
        if activity.kind not in ("walk", "place", "derive"):
            return
        if isinstance(activity, Walk | PlaceWeight):
            yield from self._mistakes(f"{key}.accept", activity.accept)
        if isinstance(activity, Walk):
            reach = self.tour.reach(index)
            numbers = range(reach.first, reach.last + 1)
        else:
            numbers = range(activity.pass_number, activity.pass_number + 1)  # type: ignore[union-attr]
        told: set[tuple[str, str]] = set()
        for number in numbers:
            for question in self.tour.questions(index, number):
                self.asked += 1
                if self.asked > MOST_QUESTIONS:
                    return
                where = f"{key}.ask" if isinstance(activity, Walk) else key
                for finding in self._question(where, index, question):
                    # What holds in every pass is told once.
                    if (finding.rule, str(question.ref)) not in told:
                        told.add((finding.rule, str(question.ref)))
                        yield finding

    def _question(self, key: str, index: int, question: Question) -> Iterator[Finding]:
        activity = self.tour.activity(index)
        if len(question.prompt) > _WIDTH + 2:
            found = f"{question.id}: its prompt has {len(question.prompt)} characters"
            yield self._of_numbers(key, "too-wide", found, "take a smaller network, or fewer samples")
        for unfair in unfair_of(self.tour, index, question):
            yield self._of_numbers(key, unfair.rule, f"{question.id}: {unfair.found}", unfair.mend)
        if question.kind in ("sign", "formula"):
            return
        yield from self._words(index, question)
        if isinstance(activity, Walk):
            yield from self._hints(key.removesuffix(".ask"), index, question, activity)

    def _words(self, index: int, question: Question) -> Iterator[Finding]:
        """The words that stand beside a question may hold what is given, but not what is asked."""
        activity, number = self.tour.activity(index), question.pass_number
        passed = self.tour.passed(index, number)
        is_given = any(value == question.truth for _, value in given(self.tour.network(index), passed))
        ref = question.ref if isinstance(activity, Walk) else None
        section = self.lesson.prose.section_for(activity.id, number, ref)
        if section is not None and not is_given and _holds(self.tour.words(index, number, ref), question.truth):
            found, mend = f"{question.id}: the words beside it hold the answer", "say it without the number"
            yield self._finding(f"{{#{section.anchor}}}", "words-hold-answer", found, mend, "lesson.md")

    def _hints(self, key: str, index: int, question: Question, activity: Walk) -> Iterator[Finding]:
        network, rows = self.tour.network(index), self.tour.rows(index)
        written = activity.hints.get(question.ref.quantity, ())
        step = self.tour.step(index, question.pass_number, question.ref, self.deriver)
        for rung in (1, 2, 3):
            text = hint(network, rows, step, rung, written)
            if _holds(text, question.truth):
                where = f"{key}.hints.{question.ref.quantity}" if rung <= len(written) else f"{key}.ask"
                found = f"{question.id}: hint {rung} holds the answer"
                if rung <= len(written):
                    yield self._finding(where, "hint-holds-answer", found, "say it without the number")
                else:
                    yield self._of_numbers(where, "hint-holds-answer", found, "take other numbers")

    def _keys_in_prose(self) -> Iterator[Finding]:
        labels = {word.lower() for key in KEYS for word in (*key.label.split(), *key.names)}
        for section in (self.lesson.prose.introduction, *self.lesson.prose.sections.values()):
            text = "".join(part for part in section.parts if isinstance(part, str))
            for match in _PRESSED.finditer(text):
                named = match["key"] or match["other"]
                if named.lower() not in labels:
                    where = f"{{#{section.anchor}}}" if section.anchor else ""
                    yield self._finding(
                        where, "unknown-key", f'the key "{named}", which does nothing', "F1 lists the keys", "lesson.md"
                    )


_PRESSED = re.compile(
    r"\b[Pp]ress(?:es|ing)?\s+(?:the\s+)?(?:\*\*|`)(?P<key>[^*`\s]{1,12})(?:\*\*|`)|\b(?P<other>F\d{1,2}|Ctrl\+\w+)\b"
)

_NUMBER = re.compile(r"(?<![\w.])[−-]?\d+(?:\.\d+)?(?:e[−-]?\d+)?")


def _holds(text: str, truth: float) -> bool:
    """Say whether a text holds a number that is the truth, or is rounded from it; single digits do not count."""
    for found in _NUMBER.findall(text):
        digits = found.replace("−", "-")
        decimals = len(digits.partition(".")[2].partition("e")[0])
        if len(digits.strip("-0.")) < 2 and "." not in digits:
            continue
        if abs(float(digits) - truth) <= 0.5 * 10.0**-decimals and abs(float(digits)) > 0:
            return True
    return False
