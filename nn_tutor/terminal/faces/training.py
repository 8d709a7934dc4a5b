"""A training run: its words before it begins, then how far it is, the loss, and its pictures."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, ClassVar

from nn_tutor.calculus.numerals import apart, numeral
from nn_tutor.course.picture import Picture
from nn_tutor.terminal.drawing.boxes import SIDES_OF_FRAME
from nn_tutor.terminal.drawing.ink import Drawing, Line, Span, cut, line, width_of, wrapped
from nn_tutor.terminal.drawing.marks import NOW, RIVAL, ROLES
from nn_tutor.terminal.drawing.scatter import HELD_OUT
from nn_tutor.terminal.faces.base import (
    HELP,
    MAX_EXHIBIT,
    MIN_PICTURE,
    NUMBERED_PICTURE,
    Around,
    Face,
    Scene,
    asking,
    leave,
)
from nn_tutor.terminal.panels.pictures import draw_wanted, usual_picture
from nn_tutor.terminal.panels.reading import draw_reading, draw_words, fits, untitled
from nn_tutor.terminal.sizes import TALL
from nn_tutor.tutor.keymap import Tip
from nn_tutor.tutor.outcomes import basis_of_guess, guess_asked, has_reached, outcome
from nn_tutor.tutor.stations.training import Training

if TYPE_CHECKING:
    from nn_tutor.terminal.panels.header import Heading
    from nn_tutor.tutor.visible import View

CURVE = Picture("curve")

HIGH_PICTURE = 11
"""The lines from which a picture has its title and blank lines above it."""

SMALL = 5
"""A diagram of so many lines with its rules leaves room for the picture of a run on a screen that is not tall."""


class TrainingFace(Face[Training]):
    """A run to watch."""

    heading: ClassVar[Heading] = "pass"
    prompt_lines: ClassVar[int] = 3
    verdict_lines: ClassVar[int] = 2
    has_halves: ClassVar[bool] = True

    def figure_height(self, width: int, height: int) -> int:
        """Return how many lines the network takes, none where the picture needs the room."""
        if not self.station.lesson_run.is_walkable(self.station.index):
            return 1  # too many samples for a diagram
        lines = self.diagram_height(width, height)
        is_small = self.station.lesson_run.network(self.station.index).is_scalar and lines <= SMALL
        return lines if height >= TALL or is_small else 1

    def tab_lines(self, *, splits: bool) -> int:
        """Return a line of tabs, where the panels are not side by side."""
        return 0 if splits else 1

    @property
    def picture(self) -> Picture:
        """The picture of the run: what the lesson asks for, or what fits its network."""
        return self.station.activity.picture or usual_picture(self.session)

    @property
    def panels(self) -> tuple[str, ...]:
        """The panels; the curve of the losses is there in any case."""
        return ("curve", "words") if self._is_curve else ("picture", "curve", "words")

    @property
    def _is_curve(self) -> bool:
        return self.picture.kind == CURVE.kind

    def body(self, scene: Scene) -> tuple[Drawing, Drawing]:
        """Draw how far the run is, with words or a picture; at the right the curve, or the words."""
        plan, text = scene.plan, self.station.words
        if not plan.is_framed:
            return self._run(text, scene, plan.left, plan.body), ()
        width, height = plan.right - SIDES_OF_FRAME, plan.body - 2
        run = self._run("" if self._is_curve else text, scene, plan.left - 1 - SIDES_OF_FRAME, height)
        in_front = scene.panel if scene.panel == "words" and not self._is_curve else self.panels[0]
        left = self.framed(in_front, run, plan.left - 1, plan.body, scene)
        if self._is_curve:
            words = draw_reading(text, width, height, scene.scrolled) if text else ()
            return left, self.framed("words", words, plan.right, plan.body, scene)
        curve = draw_wanted(self.session, CURVE, width, height)
        return left, self.framed("curve", curve, plan.right, plan.body, scene)

    def _run(self, text: str, scene: Scene, width: int, height: int) -> Drawing:
        station = self.station
        head = [cut(part, width) for part in _head(station, scene.running, width)]
        in_front = scene.panel == self.panels[0]
        words: Drawing = ()
        if text and (scene.panel == "words" or (station.shows_words and in_front and not scene.running)):
            room = height - len(head) - 1
            words = _words_above(text, width, room, scene.scrolled) if scene.panel != "words" else ()
            words = words or draw_words(text, width, room, scene.scrolled)
            head = [*words, (), *head]
        room = height - len(head) - 1
        if room < (MIN_PICTURE if words else 1):  # beside words it says nothing that they and the head do not
            return tuple(head)
        air: Drawing = () if words and room < HIGH_PICTURE else ((),)
        asked = CURVE if scene.panel == "curve" and not scene.plan.is_framed else self.picture
        return (*head, *air, *draw_wanted(self.session, asked, width, height - len(head) - len(air)))

    def exhibit(self, view: View | None, width: int, height: int) -> Drawing:
        """Draw how far the run came, its picture and its losses."""
        number = self.station.place.pass_number
        came = line(Span("  pass ", "muted"), Span(f"{number:,}", "strong"), Span("   L ", "muted"))
        head = [cut((*came, Span(_said(self.station), "loss", lit=True)), width)]
        room = height - len(head) - 1
        if room < MIN_PICTURE:
            return tuple(head)
        if self._is_curve or room < 2 * NUMBERED_PICTURE + 1:
            return (*head, (), *draw_wanted(self.session, self.picture, width, min(room, MAX_EXHIBIT)))
        upper = min((room - 1) // 2, MAX_EXHIBIT)
        picture = draw_wanted(self.session, self.picture, width, upper)
        return (*head, (), *picture, (), *draw_wanted(self.session, CURVE, width, min(room - upper - 1, MAX_EXHIBIT)))

    def prompt(self, view: View | None, width: int) -> Drawing:
        """Draw what is to be guessed, and how the run goes on."""
        if self.station.is_open:
            question = guess_asked(self.station)
            basis = basis_of_guess(self.station)
            how = f"{basis}; type a whole number" if basis else "any whole number; nothing depends on it"
            return asking(question, how, width)
        if self.station.activity.stop_early and not self.station.has_stopped_early:
            keys = "t runs it, and pauses it; then type the pass at which you would have stopped"
            parts = wrapped((Span(keys, "muted"),), width - 1)
            return tuple(line(" ", *part) for part in (*parts, ())[:2])
        if self.station.has_arrived:
            parts = wrapped(_marked(outcome(self.station, (f"{NOW}\u00a0", f"{RIVAL}\u00a0"))), width - 2)
            return tuple(line(" ", *part) for part in parts[:2]) or ((), ())
        lower = _lower_loss(self.station.loss, self.station.activity.to_loss)
        return line(Span(f" t runs it; or type a loss to run to, such as {lower}", "muted")), ()

    def looking_tips(self, around: Around) -> list[Tip]:
        """Return the keys of a run."""
        station, activity = self.station, self.station.activity
        if around.training:
            return [Tip("pause", "train"), Tip("faster, slower", "finer", "coarser"), HELP]
        others = [Tip("other weights", "reseed")] if activity.reseed else []
        panels = [Tip("panels", "next panel")] if around.folds else []
        if station.has_arrived:
            ends = bool(station.run.stopped) or station.place.pass_number >= activity.last_pass
            on = [] if ends else [Tip("run on", "train")]
            tips = [Tip("go on", "to the line", "forward"), Tip("back", "back"), *on]
        else:
            speed = [] if activity.reseed else [Tip("speed", "finer", "coarser")]
            tips = [
                Tip("run", "train"),
                Tip("one pass", "forward"),
                Tip("to goal", "end"),
                *speed,
                Tip("inside", "inside"),
            ]
        return [*tips, *others, HELP, *panels, leave(around)]


def _words_above(text: str, width: int, height: int, scrolled: int) -> Drawing:
    """The words above a picture, without their title where that would make it low; none where both have no room."""
    for words in (text, untitled(text)):
        room = height - HIGH_PICTURE - 1
        if fits(words, width, room):
            return draw_words(words, width, room)
    return draw_words(untitled(text), width, height - NUMBERED_PICTURE - 1, scrolled)


def _marked(text: str) -> Line:
    """A sentence in which the marks of the map have their colours."""
    return tuple(Span(part, ROLES.get(part, "text")) for part in re.split(f"({NOW}|{RIVAL})", text) if part)


def _lower_loss(loss: float | None, goal: float) -> str:
    """A loss on the way to the goal, a round one if there is one; it begins with 0, which opens no panel."""
    tenth = 10.0 ** math.floor(math.log10(loss / 2)) if loss else goal
    round_ones = (tenth, 0.5, 0.2)
    return numeral(next((one for one in round_ones if goal < one < min(1, (loss or 0) / 1.2)), goal))


def _head(station: Training, running: str, width: int) -> list[Line]:
    """How far the run is, what it was guessed to be, and what went wrong with it, if something did."""
    ways = (_how_far(station, running, cells) for cells in (6 if _held_out(station) else 10, 4, 0))
    *others, last = ways
    head = [next((way for way in others if width_of(way) <= width), last)]
    done, goal = has_reached(station), numeral(station.activity.to_loss)
    if running:
        until = "" if done else f", until L is below {goal}"
        head.append(line(Span(f"  ▶ running, {running}{until}", "accent")))
    elif station.has_stopped_early:
        head.append(line(Span("  ✓ stopped in time", "right")))
    elif station.guesses and not station.has_arrived:
        head.append(line(Span("  you guessed ", "muted"), Span(station.guess_said, "yours")))
    trouble = _trouble(station)
    return [*head, line(Span(f"  {trouble}", "wrong"))] if trouble else head


def _how_far(station: Training, running: str, cells: int) -> Line:
    """The pass, a bar of so many cells, the loss, and the goal."""
    activity, number, loss = station.activity, station.place.pass_number, station.loss
    done = has_reached(station)
    measured = _held_out(station)
    bar = _bar(1.0 if done else _part(station), cells)
    said, goal = _said(station), numeral(activity.to_loss)
    was = "" if loss is None or loss < activity.to_loss else "was "  # a run that went on may have risen again
    ends = (
        Span(f"   ✓ {was}below {goal}", "right")
        if done
        else Span(f"   goal{' <' if measured else ': below'} {goal}", "muted")
    )
    return line(
        Span("  pass ", "muted"),
        Span(f"{number:,}", "strong"),
        Span(f" of {activity.last_pass:,}", "muted"),
        Span(f"  {bar}" if cells else "", "accent" if running else "right" if done else "muted"),
        Span("   L ", "muted"),
        Span(said, "loss", lit=True),
        *measured,
        *(() if activity.stop_early else (ends,)),
    )


def _said(station: Training) -> str:
    """The loss of the pass, so that it does not look like the goal; "?" where there is none."""
    return "?" if station.loss is None else apart(station.loss, station.activity.to_loss)


def _held_out(station: Training) -> Line:
    """The loss of the rows that are only measured, where there are any."""
    losses, number = station.run.held_out_losses, station.place.pass_number
    if not 0 < number <= len(losses):
        return ()
    return line(Span("  test ", "muted"), Span(numeral(losses[number - 1]), HELD_OUT))


def _trouble(station: Training) -> str:
    """Say why a run ends before its goal, or that it moves away from it; "" where all is well."""
    activity, run, number = station.activity, station.run, station.place.pass_number
    if run.stopped and number >= len(run.losses):
        return f"the run stops here: {run.stopped}"
    entry = station.lesson_run.lesson.networks[activity.network]
    run.loss(number)
    # A part of the samples in each pass: all of them together count, the next part may well have a higher loss.
    turn = entry.network.passes_per_epoch(len(entry.data.inputs))
    losses = run.losses[activity.first_pass - 1 : number]
    first, before, now = (sum(part) for part in (losses[:turn], losses[-2 * turn : -turn], losses[-turn:]))
    if len(losses) < 2 * turn or not now > before or not now > 1.2 * first:
        return ""
    rate = numeral(entry.network.learning_rate)
    return f"the loss grows: each step jumps farther than the one before; η = {rate} is too large here"


def _part(station: Training) -> float:
    """How far the run is on its way to its goal, in powers of ten of the loss, or on that to its last pass."""
    activity, number, run = station.activity, station.place.pass_number, station.run
    first, goal = activity.first_pass, activity.to_loss
    made = (number - first) / max(1, activity.last_pass - first)
    begun, loss = run.loss(first), run.loss(number)
    if begun is None or loss is None or not begun > goal or not 0 < loss < begun:
        return made
    return max(made, min(math.log(begun / loss) / math.log(begun / goal), 0.99))


def _bar(part: float, cells: int) -> str:
    """A part of the whole in so many cells."""
    full = min(cells, int(cells * part))
    return "▰" * full + "▱" * (cells - full)
