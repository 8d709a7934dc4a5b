"""The summary at the end of a lesson or a round."""

from __future__ import annotations

from collections.abc import Iterator

from nn_tutor.calculus.numerals import numeral
from nn_tutor.terminal.drawing.ink import Drawing, Line, Span, cut, line
from nn_tutor.terminal.drawing.sparkline import sparkline
from nn_tutor.terminal.drawing.training_curve import TrainingCurve, draw_training_curve
from nn_tutor.terminal.faces.base import HELP, Around, Face, Scene, asking, leave
from nn_tutor.tutor.keymap import Tip
from nn_tutor.tutor.practice import PREFIX
from nn_tutor.tutor.stations.base import Ended
from nn_tutor.tutor.summary import Summary, summary_of
from nn_tutor.tutor.visible import View

MIN_CURVE = 9
MAX_CURVE = 100, 18
"""The lines from which the losses are drawn as a picture as well, and the cells and lines that it fills at most."""


class EndedFace(Face[Ended]):
    """The end of a lesson or of a round of practice."""

    @property
    def _practised(self) -> bool:
        return self.session.lesson_run.lesson.id.startswith(PREFIX)

    def body(self, scene: Scene) -> tuple[Drawing, Drawing]:
        """Draw the summary: answers, passes, the loss, mistakes with what is right, and what is next."""
        width, height, summed = scene.plan.left, scene.plan.body, summary_of(self.session)
        head = [*self._counts(summed, width)]
        head += _mistakes(summed, width, max(1, height - len(head) - 4))
        if self._practised:
            again = "once more, until it sticks" if summed.mistakes else "another round, with fresh numbers"
            head += [(), line(Span(f"  enter: {again}", "accent"))]
        elif scene.following:
            head += [(), line(Span("  next      ", "muted"), Span(scene.following, "accent"))]
        room = height - len(head) - 1
        if len(summed.losses) > 1 and room >= MIN_CURVE:
            sizes = min(width, MAX_CURVE[0]), min(room, MAX_CURVE[1])
            head += [(), *draw_training_curve(TrainingCurve(summed.losses), *sizes)]
        return tuple(head), ()

    def _counts(self, summed: Summary, width: int) -> Iterator[Line]:
        yield line(Span("  That was the round." if self._practised else "  You reached the end.", "strong"))
        yield ()
        counts = f"{summed.questions} questions, {summed.first_try} right at the first try"
        counts += f", {summed.shown} shown" if summed.shown else ""
        yield line(Span("  answers   ", "muted"), Span(counts))
        if not self._practised:
            yield line(Span("  passes    ", "muted"), Span(f"{summed.passes:,}"))
        if len(summed.losses) > 1:
            bars = sparkline(summed.losses, min(40, max(4, width - 40)))
            ends = f"  {numeral(summed.losses[0])} → {numeral(summed.losses[-1])}"
            yield line(Span("  loss      ", "muted"), Span(bars, "loss"), Span(ends))

    def prompt(self, view: View | None, width: int) -> Drawing:
        """Draw that it is over."""
        return asking("That was the lesson.")

    def looking_tips(self, around: Around) -> list[Tip]:
        """Return the ways out."""
        on = "another round" if self._practised else "to the lessons" if around.has_home else "quit"
        return [Tip(on, "to the line"), Tip("back", "back"), leave(around), HELP]


def _mistakes(summed: Summary, width: int, room: int) -> Iterator[Line]:
    """The mistakes that were made most, each with what is right instead."""
    for place, made in enumerate(summed.mistakes[:room]):
        times = "once" if made.times == 1 else "twice" if made.times == 2 else f"{made.times} times"
        title = "  mistakes  " if not place else "            "
        said = line(Span(title, "muted"), Span(f"{times}: you {made.name}. "), Span(made.rule, "muted"))
        yield cut(said, width)
    if not summed.mistakes:
        yield line(Span("  mistakes  ", "muted"), Span("none of the known ones", "right"))
