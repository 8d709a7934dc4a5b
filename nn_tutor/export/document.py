"""A lesson on paper: its words in order, its networks, the lines of its passes, and what it asks.

Made once, and printed in several ways: as a text, as a handout with what is asked left out, as an answer key, and as a
worked solution. A document holds no markup but that of the lesson's own words, which are Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field
from functools import cached_property, partial
from typing import TYPE_CHECKING

from nn_tutor.calculus.names import symbol
from nn_tutor.calculus.numerals import numeral
from nn_tutor.course.activities.hunt import Hunt
from nn_tutor.course.ask import only_layer
from nn_tutor.dataclass import dataclass
from nn_tutor.export.paper import on_paper
from nn_tutor.export.tasks import Asking, Task, tasks_of
from nn_tutor.network.graph import Graph
from nn_tutor.network.quantities import Phase, Quantity, Ref, shown_sign
from nn_tutor.network.training import StoppedError
from nn_tutor.tutor.exercises import with_exercises
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.walkthrough.order import shown_refs
from nn_tutor.walkthrough.prose_with_numbers import text_with_numbers
from nn_tutor.walkthrough.questions import given
from nn_tutor.walkthrough.steps import make_step

if TYPE_CHECKING:
    from nn_tutor.calculus.records import Deriver
    from nn_tutor.course.activities.kinds import Activity
    from nn_tutor.course.lesson import Lesson
    from nn_tutor.course.prose import Placeholder, Section
    from nn_tutor.network.records import Pass
    from nn_tutor.network.spec import Network

Place = tuple[str, int, Ref]
"""A number of a lesson: the name of its network, the pass, and the number in it."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of the lesson's words, in Markdown: its title, and how deep it stands (2 an activity, 3 a step in it)."""

    level: int
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One number of a pass: its name, the rule, the rule with numbers, whether it holds exactly, and what it comes to.

    `task` is the task that asks for it. What stands in None is left for the learner. `theirs` says that the rule is a
    wrong one, that is to be found.
    """

    ref: Ref
    symbol: str
    rule: str | None
    numbers: str | None
    relation: str
    value: str | None
    task: Task | None = None

    @property
    def phase(self) -> Phase:
        """The part of the pass that the line belongs to."""
        return self.ref.phase


@dataclass(frozen=True, eq=False, slots=True)
class Sheet:
    """One pass of a network: what it starts from, each with its name, and its lines.

    `is_numbered` says that its lines are referred to by their numbers. Of a pass of very many numbers there are no
    lines, but its matrices as rules.
    """

    network: Network
    passed: Pass
    givens: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]
    matrices: tuple[tuple[str, str], ...] = ()
    is_numbered: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class Chapter:
    """What one activity comes to: its words, the pass or passes that it shows, and what it asks."""

    activity: Activity
    title: str
    words: tuple[Passage, ...]
    sheets: tuple[Sheet, ...]
    tasks: tuple[Task, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Document:
    """A lesson on paper. `drawn` are its networks, by name, each with the pass whose numbers a drawing shows."""

    lesson: Lesson
    lesson_run: LessonRun
    introduction: Passage
    chapters: tuple[Chapter, ...]
    drawn: tuple[tuple[str, Network, Pass], ...] = field(default=())

    @property
    def tasks(self) -> tuple[Task, ...]:
        """Everything that the lesson asks."""
        return tuple(task for chapter in self.chapters for task in chapter.tasks)


def document_of(lesson: Lesson, deriver: Deriver, *, is_covered: bool = False) -> Document:
    """Return a lesson as a document; where it `is_covered`, what would tell an answer is left out.

    Practice stands in it as its exercises.
    """
    lesson_run = LessonRun(with_exercises(lesson))
    asked: list[tuple[Task, ...]] = []
    for place in range(len(lesson_run.lesson.activities)):
        first = 1 + sum(map(len, asked))
        asked.append(tasks_of(Asking(lesson_run, place, deriver, first)))
    own = frozenset(activity.id for activity in lesson.activities)
    maker = _Maker(lesson_run, own, deriver, tuple(asked), is_covered=is_covered)
    return Document(
        lesson_run.lesson,
        lesson_run,
        maker.passage(lesson_run.lesson.prose.introduction),
        tuple(maker.chapter(place) for place in range(len(lesson_run.lesson.activities))),
        tuple(_drawn(lesson_run, lesson)),
    )


def _drawn(lesson_run: LessonRun, lesson: Lesson) -> Iterator[tuple[str, Network, Pass]]:
    shown: set[str] = set()
    for place, activity in enumerate(lesson_run.lesson.activities):
        if activity.network in lesson.networks and activity.network not in shown and activity.span:
            shown.add(activity.network)
            try:
                yield activity.network, lesson_run.network(place), lesson_run.passed(place, 1)
            except StoppedError:
                continue


@dataclass(frozen=True, eq=False)
class _Maker:
    """Makes the chapters of a document; `own` are the ids of the activities that are no exercises of a practice."""

    lesson_run: LessonRun
    own: frozenset[str]
    deriver: Deriver
    tasks: tuple[tuple[Task, ...], ...]
    is_covered: bool

    def chapter(self, place: int) -> Chapter:
        """Return the chapter of the activity at a place."""
        activity, prose = self.lesson_run.activity(place), self.lesson_run.lesson.prose
        own = [section for section in prose.sections.values() if section.activity == activity.id]
        words = tuple(self.passage(section) for section in own)
        title = next((section.title for section in own if section.anchor == activity.id), "") or _untitled(activity)
        exercise = re.fullmatch(r".+\.(\d+)", activity.id)
        if activity.id not in self.own and exercise is not None and exercise[1] != "1":
            title = f"{title} ({exercise[1]})"  # the words stand before the first
            words = (Passage(2, title, ""),)
        return Chapter(activity, title, words, tuple(self._sheets(place)), self.tasks[place])

    def passage(self, section: Section) -> Passage:
        """Return a section of the words with its numbers filled in, or left out where they are asked for."""
        cover = partial(self._covered, section, _in_comments(section)) if self.is_covered else None
        text = text_with_numbers(self.lesson_run.lesson, section, self.lesson_run.pass_at, cover)
        return Passage(3 if ":" in section.anchor else 2, section.title, on_paper(text))

    def _covered(self, section: Section, in_comments: frozenset[int], hole: Placeholder) -> str | None:
        """What stands in the place of a number that is asked for; None where it may be told.

        A program keeps its numbers, as it could not run without; only what its comments tell is left out.
        """
        if hole.ref is None or not hole.pass_number or (hole.as_code and id(hole) not in in_comments):
            return None
        activity = next((one for one in self.lesson_run.lesson.activities if one.id == section.activity), None)
        network = hole.network or ("" if activity is None else activity.network)
        ref = only_layer(self.lesson_run.lesson.networks[network].network, hole.ref)
        task = self.asked.get((network, hole.pass_number, ref))
        return None if task is None else f"(answer {task.number})"

    @cached_property
    def asked(self) -> dict[Place, Task]:
        """What is asked anywhere in the lesson, by the number that it is about."""
        found: dict[Place, Task] = {}
        for activity, tasks in zip(self.lesson_run.lesson.activities, self.tasks, strict=True):
            for task in tasks:
                if task.ref is not None and task.pass_number is not None and task.kind in _NUMBERS:
                    found.setdefault((activity.network, task.pass_number, task.ref), task)
        return found

    def _sheets(self, place: int) -> Iterator[Sheet]:
        activity = self.lesson_run.activity(place)
        if isinstance(activity, Hunt):
            yield from self._hunted(place, activity)
        elif activity.step_groups_in_passes or any(task.kind == "place" for task in self.tasks[place]):
            reach = self.lesson_run.reach(place)
            for number in range(reach.first, reach.last + 1):
                yield self._sheet(place, number)

    def _sheet(self, place: int, number: int) -> Sheet:
        lesson_run, activity = self.lesson_run, self.lesson_run.activity(place)
        network, rows, passed = (
            lesson_run.network(place),
            lesson_run.rows(place, number),
            lesson_run.passed(place, number),
        )
        name, asked = activity.network, self.asked
        here = {task.ref: task for task in self.tasks[place] if task.pass_number == number and task.ref is not None}
        hidden = self._hidden(place, number)
        lines = []
        if lesson_run.is_large(place):
            matrices = tuple(self._matrices(network, passed, activity))
            return Sheet(network, passed, self._givens(name, network, passed, asked), (), matrices)
        is_own = self.is_covered and activity.own
        for ref in shown_refs(network, rows, frozenset(here)):
            if not activity.reaches(ref.phase) or (is_own and ref not in here):
                continue
            step = make_step(network, passed, ref, self.deriver)
            task = here.get(ref) if here.get(ref) is not None and here[ref].kind in _NUMBERS else None
            is_told = ref not in hidden
            asks_rule = ref in hidden and ref in here and not lesson_run.is_first_asked(place, number, ref)
            lines.append(
                Line(
                    ref,
                    step.symbol,
                    None if asks_rule else step.rule,
                    step.substituted if is_told else None,
                    step.relation,
                    numeral(step.value) if is_told else None,
                    task,
                )
            )
        return Sheet(network, passed, self._givens(name, network, passed, asked), tuple(lines))

    def _hidden(self, place: int, number: int) -> frozenset[Ref]:
        """The numbers of a pass that would tell an answer: what is asked there, and all that is made from it."""
        if not self.is_covered:
            return frozenset()
        network, rows = self.lesson_run.network(place), self.lesson_run.rows(place, number)
        name, asked = self.lesson_run.activity(place).network, self.asked
        order = shown_refs(network, rows, frozenset(ref for _, _, ref in asked))
        if any((name, number - 1, ref) in asked for ref in order if ref.quantity in ("W", "b")):
            return frozenset(order)  # it begins with an answer
        graph, found = Graph(network, rows), dict[Ref, bool]()

        def tells(ref: Ref) -> bool:
            if ref not in found:
                parts = [part for part in graph.node(ref).arguments if isinstance(part, Ref)]
                found[ref] = (name, number, ref) in asked or any(tells(part) for part in parts)
            return found[ref]

        return frozenset(ref for ref in order if tells(ref))

    def _givens(
        self, name: str, network: Network, passed: Pass, asked: dict[Place, Task]
    ) -> tuple[tuple[str, str], ...]:
        """What a pass starts from, by its textbook name; a weight that was asked for in the pass before is left out."""
        answers: dict[str, Task] = {}
        if self.is_covered:
            for (of, number, ref), task in asked.items():
                if of == name and number == passed.number - 1 and ref.quantity in ("W", "b"):
                    answers[symbol(network, passed.X.shape[0], ref).removesuffix("′")] = task
        return tuple(
            (text, f"answer {answers[text].number}" if text in answers else numeral(value))
            for text, value in given(network, passed)
        )

    def _hunted(self, place: int, activity: Hunt) -> Iterator[Sheet]:
        """The worked pass of a hunt, with its mistake."""
        worked, network = self.lesson_run.worked(activity), self.lesson_run.network(place)
        if worked is None:
            return
        passed = self.lesson_run.passed(place, activity.pass_number)
        lines = []
        for one in worked.lines:
            step = make_step(network, passed, one.ref, self.deriver)
            value = numeral(shown_sign(network, one.ref) * one.value + 0.0)
            lines.append(Line(one.ref, step.symbol, one.theirs or step.rule, None, step.relation, value))
        givens = tuple((name, numeral(value)) for name, value in given(network, passed))
        yield Sheet(network, passed, givens, tuple(lines), is_numbered=True)

    def _matrices(self, network: Network, passed: Pass, activity: Activity) -> Iterator[tuple[str, str]]:
        """The rules of a pass of very many numbers, whole matrices at once."""
        kinds: dict[tuple[Quantity, int | None], None] = {}
        for ref in shown_refs(network, passed.X.shape[0]):
            if activity.reaches(ref.phase):
                kinds.setdefault((ref.quantity, ref.layer))
        for quantity, layer in kinds:
            derived = self.deriver.derive_matrix(network, passed, quantity, layer)
            yield derived.symbol, derived.rule


def _untitled(activity: Activity) -> str:
    """What a chapter without words is called."""
    if not activity.step_groups_in_passes:
        return activity.id
    first, last = activity.span[0], activity.span[-1]
    return f"Pass {first}" if first == last else f"Passes {first} to {last}"


def _in_comments(section: Section) -> frozenset[int]:
    """The placeholders of a section that stand in the comments of its programs, by identity."""
    found, line = set(), ""
    for part in section.parts:
        if isinstance(part, str):
            line = (line + part).rpartition("\n")[2]
        elif part.as_code and "#" in line:
            found.add(id(part))
    return frozenset(found)


_NUMBERS = ("number", "size", "place")
"""The kinds of task whose answer is a number."""
