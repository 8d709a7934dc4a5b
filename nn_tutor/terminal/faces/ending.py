"""The summary at the end of a lesson or a round."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar

from nn_tutor.calculus.numerals import numeral
from nn_tutor.judging.diagnosis import as_sentence
from nn_tutor.network.counted import counted
from nn_tutor.terminal.drawing.boxes import SIDES_OF_FRAME, framed
from nn_tutor.terminal.drawing.ink import Drawing, Line, Role, Span, line, padded, width_of, wrapped
from nn_tutor.terminal.drawing.scatter import HELD_OUT
from nn_tutor.terminal.drawing.sparkline import sparkline
from nn_tutor.terminal.drawing.training_curve import TrainingCurve, draw_training_curve
from nn_tutor.terminal.faces.base import HELP, Around, Face, Scene, asking, leave
from nn_tutor.terminal.faces.page import AROUND_LINE, MAX_PAGE, longest_unbroken
from nn_tutor.terminal.layout import Plan, is_large
from nn_tutor.terminal.panels.reading import MORE, draw_reading, untitled
from nn_tutor.terminal.sizes import WIDEST
from nn_tutor.tutor.keymap import Tip
from nn_tutor.tutor.practice import DUE
from nn_tutor.tutor.stations.base import Ended
from nn_tutor.tutor.summary import NOTHING_NAMED, Summary, summary_of
from nn_tutor.tutor.testing import Result, kind_of, result_in_words, result_of_session
from nn_tutor.walkthrough.skills import in_words

if TYPE_CHECKING:
    from nn_tutor.progress.recording import Gain
    from nn_tutor.tutor.lesson_run import Test
    from nn_tutor.tutor.visible import View

MIN_CURVE = 9
MAX_CURVE = 100, 18
"""The lines from which the losses are drawn as a picture as well, and the cells and lines that it fills at most."""

MAX_ENDING = 30
"""The lines of the losses beside the summary, with their frame, at most."""

GAP = 3
"""The cells between two columns of skills."""

LABEL = 12
"""The cells of "answers", "mistakes" and the like, with the edge before them."""

LEAST_OF_ROUND = 12
"""The lines of the end of a round where what comes next stands beside it, with their frame, at least."""


class EndedFace(Face[Ended]):
    """The end of a lesson or of a round of practice."""

    stands_free: ClassVar[bool] = True

    @property
    def _is_round(self) -> bool:
        """Whether this is the end of a round of practice, a review, or a test."""
        return self.session.lesson_run.is_round

    def body(self, scene: Scene) -> tuple[Drawing, Drawing]:
        """Draw the summary: answers, passes, the loss, dots, mistakes with what is right, and what is next."""
        plan, summed, test = scene.plan, summary_of(self.session), self.session.lesson_run.test
        inner, height = plan.left - 1 - SIDES_OF_FRAME, plan.body - 2
        if not plan.is_framed:
            inner, height = plan.left, plan.body
        said = self._summary(summed, scene, inner, height) if test is None else self._of_test(test, scene, inner)
        if not plan.is_framed:
            return said, ()
        title, drawn = self._beside(summed, scene, plan.right - SIDES_OF_FRAME, height)
        left = framed(said, plan.left - 1, plan.body, lit=True)
        return left, framed(drawn, plan.right, plan.body, line(Span(title, "strong")))

    def _beside(self, summed: Summary, scene: Scene, width: int, height: int) -> tuple[str, Drawing]:
        """What stands at the right, with its title: what comes after a round, the losses, or what to remember."""
        if self._is_round:
            return "What comes next", tuple(self._after_round(summed, scene, width))
        if self._has_curve:
            return "The loss of your longest run", _drawn_losses(summed.losses, summed.held_out, width, height)
        lesson = self.session.lesson_run.lesson
        return lesson.title_of(lesson.activities[-1].id), draw_reading(untitled(self._last_page), width, height, 0)

    @property
    def _last_page(self) -> str:
        """The words of the page that a lesson ends with, what is to be remembered; "" where it ends otherwise."""
        lesson_run = self.session.lesson_run
        last = len(lesson_run.lesson.activities) - 1
        return lesson_run.words(last) if lesson_run.activity(last).kind == "read" else ""

    def splits(self, width: int, height: int) -> bool:
        """Whether something stands beside the summary."""
        return is_large(width, height) and (self._is_round or self._has_curve or bool(self._last_page))

    @property
    def _has_curve(self) -> bool:
        """Whether there are losses to draw."""
        return len(summary_of(self.session).losses) > 1

    def right_width(self, width: int) -> int:
        """Return what the measure of the words leaves, or what a program that stands there needs, up to half."""
        usual = max(super().right_width(width), width - MAX_PAGE)
        if self._has_curve:
            return usual
        return max(usual, min(width // 2, longest_unbroken(self._last_page) + AROUND_LINE))

    def lines_wanted(self, plan: Plan) -> int | None:
        """Return the lines that the summary has a use for, or the picture or the page beside it."""
        if not plan.is_framed:
            return None
        if self._is_round:
            return max(LEAST_OF_ROUND, self._lines_of_round(plan.left - 1 - SIDES_OF_FRAME) + 2)
        summed, width = summary_of(self.session), plan.left - 1 - SIDES_OF_FRAME
        said = [*self._counts(summed, width), *_mistakes(summed, width), *self._next("one", width), ()]
        room = plan.right - SIDES_OF_FRAME
        page = 0 if self._has_curve else len(draw_reading(self._last_page, room, plan.body, 0))
        beside = page + 2 if page else min(MAX_ENDING, plan.height * 2 // 3)
        return max(beside, len(said) + len(self.session.lesson_run.lesson.skills) + 2)

    def _lines_of_round(self, width: int) -> int:
        """The lines that the summary of a round takes, each skill on one of its own at most."""
        summed, test = summary_of(self.session), self.session.lesson_run.test
        skills = len(self.session.lesson_run.lesson.skills) + 1
        if test is not None:
            return len(_result(test, result_of_session(self.session), width)) + 1 + skills
        said = [*self._counts(summed, width), *_missed(summed, width), *_mistakes(summed, width)]
        return len(said) + skills

    def _summary(self, summed: Summary, scene: Scene, width: int, height: int) -> Drawing:
        """Draw it in words, and where nothing stands beside them the losses below."""
        head, mistakes, tail, room = self._divided(summed, scene, width, height)
        drawn = [*head, *_window(mistakes, scene.scrolled, room), *tail]
        room = height - len(drawn) - 1
        if not scene.plan.is_framed and self._has_curve and room >= MIN_CURVE:
            sizes = min(width, MAX_CURVE[0]), min(room, MAX_CURVE[1])
            drawn += [(), *_drawn_losses(summed.losses, summed.held_out, *sizes)]
        return tuple(drawn)

    def _divided(
        self, summed: Summary, scene: Scene, width: int, height: int
    ) -> tuple[list[Line], list[Line], list[Line], int]:
        """What stands above the mistakes, they themselves, what stands below them, and the lines that they have."""
        head = [*self._counts(summed, width), *_gains(scene.gains, width)]
        head += _missed(summed, width)
        if self._is_round:
            tail = [] if scene.plan.is_framed else [(), *self._after_round(summed, scene, width)]
        else:
            tail = self._next(scene.following, width) or _ways_on(scene, width)
        return head, _mistakes(summed, width), tail, max(1, height - len(head) - len(tail))

    def scroll_range(self, scene: Scene) -> tuple[int, int]:
        """Mistakes that have no room are scrolled."""
        if self.session.lesson_run.test is not None:
            return 0, 0
        plan = scene.plan
        sizes = (plan.left - 1 - SIDES_OF_FRAME, plan.body - 2) if plan.is_framed else (plan.left, plan.body)
        _, mistakes, _, room = self._divided(summary_of(self.session), scene, *sizes)
        return 0, max(0, len(mistakes) - room)

    def _of_test(self, test: Test, scene: Scene, width: int) -> Drawing:
        """Draw what a test came to, and what to look at."""
        said = (*_result(test, result_of_session(self.session), width), (), *_gains(scene.gains, width))
        return said if scene.plan.is_framed else (*said, (), *self._after_round(summary_of(self.session), scene, width))

    def _counts(self, summed: Summary, width: int) -> Iterator[Line]:
        done = "That was the round." if self._is_round else "You reached the end of the lesson."
        yield line("  ", Span(done, "strong"))
        yield ()
        counts = f"{counted(summed.questions, 'question')}, {summed.first_try} right at the first try"
        counts += f", {summed.shown} shown" if summed.shown else ""
        yield _labelled("answers", (Span(counts),))
        if summed.passes and not self._is_round:
            yield _labelled("passes", (Span(f"{summed.passes:,} in all"),))
        if len(summed.losses) > 1:
            bars = sparkline(summed.losses, min(40, max(4, width - 40)))
            ends = f"  {numeral(summed.losses[0])} → {numeral(summed.losses[-1])}"
            yield _labelled("loss", (Span(bars, "loss"), Span(ends)))
        measured = [loss for loss in summed.held_out if math.isfinite(loss)]
        if len(measured) > 1:
            lowest = min(measured)
            number = f"{summed.held_out.index(lowest) + 1:,}"
            ends = f"{numeral(measured[0])} → {numeral(measured[-1])}"
            yield _labelled("test loss", (Span(ends, HELD_OUT), Span(f"  lowest in pass {number}: {numeral(lowest)}")))

    def _next(self, following: str, width: int) -> list[Line]:
        if not following:
            return []
        named = _labelled("next", (Span(following, "accent"),))
        said = (*named, Span("   enter opens it", "muted"))
        return [(), said if width_of(said) <= width else named]  # the footer says it too

    def _after_round(self, summed: Summary, scene: Scene, width: int) -> list[Line]:
        """What is due for review and when, and what the keys do that matter now."""
        lines = [part for one in _told(scene, "review", width) for part in one]
        test, on = self.session.lesson_run.test, self._goes_on_to(scene.has_home)
        if test is None:
            sticks = summed.mistakes and kind_of(self.session.lesson_run.lesson.id) != DUE
            on = "once more, until it sticks" if sticks else "another round, with fresh numbers"
        keys = [("enter", on)]
        if test is None or test.lesson:  # after the quiz both keys lead there
            keys.append(("q", "back to the lessons" if scene.has_home else "quit"))
        return [*lines, (), *(part for key, does in keys for part in _hanging(key, (Span(does),), width, "key"))]

    def _goes_on_to(self, has_home: bool) -> str:
        """Where enter leads after a test."""
        test = self.session.lesson_run.test
        if test is None or not test.lesson:
            return "to the lessons" if has_home else "quit"
        return "the next lesson" if result_of_session(self.session).is_passed else "this lesson"

    def prompt(self, view: View | None, width: int) -> Drawing:
        """Draw that it is over."""
        return asking("That was the lesson.", "", width)

    def looking_tips(self, around: Around) -> list[Tip]:
        """Return the ways on and out."""
        home = "to the lessons" if around.has_home else "quit"
        test = self.session.lesson_run.test
        if test is not None:
            on = self._goes_on_to(around.has_home)
            return [Tip(on, "to the line"), Tip("back", "back"), leave(around), HELP]
        on = "another round" if self._is_round else f"go on to {around.following}" if around.following else home
        return [Tip(on, "to the line"), Tip("back", "back"), leave(around), HELP]


def _ways_on(scene: Scene, width: int) -> list[Line]:
    """What can be done after the last lesson."""
    lines = [part for one in _told(scene, "next", width) for part in one]
    return [(), *lines] if lines else []


def _told(scene: Scene, label: str, width: int) -> list[list[Line]]:
    """The ways on with a label before the first; without a home each with the command that takes it."""
    said = [_hanging("" if place else label, (Span(way.said),), width) for place, way in enumerate(scene.ways_on)]
    if scene.has_home:
        return said
    commands = [line(Span(f"   {way.command}" if way.command else "", "muted")) for way in scene.ways_on]
    fit = all(width_of(one[-1]) + width_of(command) <= width for one, command in zip(said, commands, strict=True))
    for one, command in zip(said, commands, strict=True):
        if command:
            one[-1:] = [(*one[-1], *command)] if fit else [one[-1], _labelled("", command)]
    return said


def _result(test: Test, result: Result, width: int) -> list[Line]:
    """What a test came to, and what to look at."""
    first, *others = result_in_words(test, result)
    said = [line(Span(f"  {first}", "strong")), ()]
    for text in others:
        indent = "" if text.endswith((".", ":")) else "  "
        parts = wrapped(text, max(20, min(WIDEST, width - 4)), indent=indent)
        said += [line("  ", *part) for part in parts]
    return said


@lru_cache(maxsize=4)
def _drawn_losses(losses: tuple[float, ...], held_out: tuple[float, ...], width: int, height: int) -> Drawing:
    """The curve of a run, kept, as at the end nothing changes in it any more."""
    return draw_training_curve(TrainingCurve(losses, held_out=held_out), width, height)


def _labelled(label: str, content: Line, role: Role = "muted") -> Line:
    return line(Span(f"  {label}".ljust(LABEL), role), *content)


def _hanging(label: str, content: Line, width: int, role: Role = "muted") -> list[Line]:
    """A text on as many lines as it takes, its label before the first."""
    parts = wrapped(content, max(20, min(WIDEST, width - LABEL - 2)))
    return [_labelled("" if place else label, part, role) for place, part in enumerate(parts)]


def _gains(gains: Sequence[Gain], width: int) -> list[Line]:
    """The skills that were asked, with their dots, and how many came or went; in columns where there is room."""
    names = [in_words(gain.skill) for gain in gains]
    widest = max(map(len, names), default=0)
    skills: list[Line] = []
    for gain, name in zip(gains, names, strict=True):
        role: Role = "right" if gain.by > 0 else "muted"
        by = f" {gain.by:+d}".replace("-", "−") if gain.by else ""
        skills.append(line(Span(f"{name.ljust(widest)} {gain.dots}{by}", role)))
    column = max(map(width_of, skills), default=0)
    columns = max(1, (width - LABEL + GAP) // (column + GAP))
    rows = -(-len(skills) // columns)
    lines = (skills[row::rows] for row in range(rows))
    drawn = (line(*(span for one in own[:-1] for span in padded(one, column, GAP)), *own[-1]) for own in lines)
    return [_labelled("" if place else "skills", one) for place, one in enumerate(drawn)]


def _missed(summed: Summary, width: int) -> list[Line]:
    """The skills of a round that are worth another look, with how often each was missed."""
    lines: list[Line] = []
    for place, one in enumerate(summed.missed):
        said = line(Span(in_words(one.skill)), Span(f", missed {one.times} of {one.of}", "muted"))
        lines += _hanging("" if place else "again", said, width)
    return lines


def _mistakes(summed: Summary, width: int) -> list[Line]:
    """The mistakes that were made, the most frequent first, each with what is right instead.

    Praise is for those alone who needed no answer shown and had none wrong.
    """
    if not summed.mistakes and summed.is_faultless:
        return [_labelled("mistakes", (Span("None.", "right"),))] if summed.passes else []
    if not summed.mistakes:
        return _hanging("mistakes", (Span(NOTHING_NAMED),), width) if summed.wrong else []
    lines: list[Line] = []
    for place, made in enumerate(summed.mistakes):
        times = {1: "Once", 2: "Twice"}.get(made.times, f"{made.times} times")
        said = line(Span(f"{times}: you {made.name}. "), Span(as_sentence(made.rule), "muted"))
        lines += _hanging("" if place else "mistakes", said, width)
    return lines


def _window(lines: list[Line], scrolled: int, room: int) -> list[Line]:
    """As many lines as there is room for, from one on; where more follow the last one says how they are seen."""
    if len(lines) <= room:
        return lines
    shown = lines[scrolled : scrolled + room]
    return shown if scrolled + room >= len(lines) else [*shown[:-1], _labelled("", (MORE,))]
