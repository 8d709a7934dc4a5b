"""Numbers that are tuned by hand: what they are, how near the outputs come, and the loss; later its landscape."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from nn_tutor.calculus.names import activation, target
from nn_tutor.calculus.numerals import numeral
from nn_tutor.terminal.drawing.boxes import SIDES_OF_FRAME, framed
from nn_tutor.terminal.drawing.curve import window
from nn_tutor.terminal.drawing.ink import Drawing, Line, Span, cut, line, padded, width_of, wrapped
from nn_tutor.terminal.faces.base import HELP, LOOK, MAX_EXHIBIT, MIN_PICTURE, NUMBERED_PICTURE, Face, Scene, asking
from nn_tutor.terminal.faces.page import MAX_PAGE
from nn_tutor.terminal.layout import Plan, is_large
from nn_tutor.terminal.panels.landscape import draw_landscape, draw_tried
from nn_tutor.terminal.panels.pictures import draw_wanted
from nn_tutor.terminal.panels.reading import draw_words, fits, untitled
from nn_tutor.terminal.panels.verdict import draw_sentence
from nn_tutor.terminal.sizes import TALL
from nn_tutor.tutor.keymap import Tip
from nn_tutor.tutor.stations.tuning import Tuning
from nn_tutor.tutor.tuning import DOES, Tuned, loss_written

if TYPE_CHECKING:
    from nn_tutor.course.activities.tune import Tune
    from nn_tutor.network.records import Pass
    from nn_tutor.terminal.panels.header import Heading
    from nn_tutor.tutor.session import Session
    from nn_tutor.tutor.visible import View

MAX_RULERS = 6

AROUND_RULERS = 5
"""The lines of the numbers and the blank ones around them."""


class TuningFace(Face[Tuning]):
    """Numbers to tune."""

    heading: ClassVar[Heading] = "loss"
    prompt_lines: ClassVar[int] = 3
    verdict_lines: ClassVar[int] = 2

    def figure_height(self, width: int, height: int) -> int:
        """Return how many lines the network takes: few of a single weight, none where the picture needs the room.

        Of several samples it would show the first, and beside that the loss of all.
        """
        network, rows = (
            self.station.lesson_run.network(self.station.index),
            self.station.lesson_run.rows(self.station.index),
        )
        if network.is_scalar:
            return 3 if rows == 1 else 1  # no slopes are shown yet
        return 1 if height < TALL else self.diagram_height(width, height)

    def least_body(self, plan: Plan) -> int:
        """Return more lines where there is a picture, which is to keep its numbers."""
        return 2 * NUMBERED_PICTURE + 1 if self._is_drawn else super().least_body(plan)

    @property
    def _is_drawn(self) -> bool:
        """Whether there is a picture, of the lesson or of the loss."""
        return self.station.activity.picture is not None or self.station.shows_landscape

    @property
    def _has_frames(self) -> bool:
        """Whether there is a picture now, or will be once the goal is reached: nothing jumps when it comes."""
        return self._is_drawn or self.station.activity.graph == "after"

    def splits(self, width: int, height: int) -> bool:
        """Whether the picture stands beside the words and the numbers."""
        return self._has_frames and is_large(width, height)

    def right_width(self, width: int) -> int:
        """Return what the measure of the words leaves."""
        return max(width // 2, width - MAX_PAGE)

    def lines_wanted(self, plan: Plan) -> int | None:
        """Return the lines of words, numbers and rulers, where no picture has a use for more."""
        tuned = self.station.tuned
        if self._has_frames or tuned is None:
            return None
        rulers = min(MAX_RULERS, tuned.passed.forward.o.size)
        return len(draw_words(self.station.words, plan.left, plan.body)) + rulers + AROUND_RULERS

    def body(self, scene: Scene) -> tuple[Drawing, Drawing]:
        """Draw the words, the numbers with what they do, and the loss over the numbers, or rulers."""
        plan, tuned = scene.plan, self.station.tuned
        if not plan.is_framed:
            return self._alone(scene), ()
        width, height = plan.left - 1 - SIDES_OF_FRAME, plan.body - 2
        readings = () if tuned is None else _readings(self.station, tuned, width)
        words = draw_words(self.station.words, width, height - len(readings) - 1, scene.scrolled)
        left = framed((*words, (), *readings)[:height], plan.left - 1, plan.body, lit=True)
        inner = plan.right - SIDES_OF_FRAME
        later: Drawing = ()
        if not self._is_drawn:
            said = "the curve is drawn here once the goal is reached"
            later = ((), *(line("  ", *part) for part in wrapped((Span(said, "muted"),), inner - 4)))
        drawn = () if tuned is None else _below(self.session, self.station, tuned, inner, height - len(later))
        if later and len(drawn) + len(later) < height:
            drawn = (*[()] * ((height - len(drawn) - len(later)) // 3), *drawn)  # a little above the middle
        drawn = (*drawn, *later)
        return left, framed(drawn, plan.right, plan.body, line(Span("The picture", "strong")))

    def _alone(self, scene: Scene) -> Drawing:
        """Draw one below the other."""
        station, width, height = self.station, scene.plan.left, scene.plan.body
        tuned, text = station.tuned, station.words
        if tuned is None:
            gone = line(Span("  The loss does not exist here: no such number has a logarithm.", "wrong"))
            return (*draw_words(text, width, height - 2, scene.scrolled), (), gone)
        readings = _readings(station, tuned, width)
        drawn = self._is_drawn
        rulers = min(MAX_RULERS, tuned.passed.forward.o.size)
        room = height - len(readings) - (max(MIN_PICTURE, height // 2) if drawn else rulers) - 2
        scarce = height - len(readings) - NUMBERED_PICTURE - 2
        room = scarce if drawn and fits(untitled(text), width, scarce) else room
        words = draw_words(text, width, room, scene.scrolled)
        words = (*words, ()) if words else ()
        below = _below(self.session, station, tuned, width, height - len(readings) - len(words) - 1)
        return (*words, *readings, (), *below)[:height]

    def exhibit(self, view: View | None, width: int, height: int) -> Drawing:
        """Draw the numbers, and what they do."""
        if self.station.tuned is None:
            return ()
        readings = _readings(self.station, self.station.tuned, width)
        room = min(height - len(readings) - 1, MAX_EXHIBIT)
        return (*readings, (), *_below(self.session, self.station, self.station.tuned, width, room))[:height]

    def prompt(self, view: View | None, width: int) -> Drawing:
        """Draw what is to be reached, and what an arrow key moves."""
        station, activity = self.station, self.station.activity
        if not station.is_open:
            return (), ()
        names = station.names
        if activity.of:
            usual = f"Move {' and '.join(names)} until the loss is below {numeral(activity.to_loss)}."
        else:
            usual = f"Choose η so that the run {_WANTED[activity.goal or 'arrive']}."
        keys = f"← → moves {names[0]} by {numeral(activity.step)}"
        keys += f", ↑ ↓ moves {names[1]}" if len(names) > 1 else ", ↑ ↓ ten times as far"
        typed = "type both, with a blank between" if len(names) > 1 else "type it"
        return asking(activity.prompt or usual, f"{keys}; or {typed}", width)

    def verdict(self, view: View | None, width: int) -> Drawing:
        """Draw the verdict, as long as the numbers are those that were judged."""
        if self.station.changed_since_answer and not self.station.notice:
            return ()
        return super().verdict(view, width)

    def revealed(self, view: View | None, width: int) -> Drawing:
        """Draw the numbers that reach the goal, once they were shown."""
        if self.station.activity.id not in self.session.revealed:
            return ()
        values = zip(self.station.names, self.station.values, strict=True)
        return draw_sentence(f"shown: {', '.join(f'{name} = {numeral(value)}' for name, value in values)}", width)

    def answering_tips(self) -> list[Tip]:
        """Return how the numbers are moved."""
        if not self.station.is_open:
            return super().answering_tips()
        second = "the other" if self.station.activity.of[1:] else "farther"
        ways = [Tip("move", "back", "forward"), Tip(second, "scroll up", "scroll down"), Tip("done", "check")]
        return [*ways, LOOK, HELP]


REACHED = (Span("   ✓ reached", "right"),)

_WANTED = {"crawl": "crawls", "arrive": "arrives", "overshoot": "overshoots", "diverge": "diverges"}


def _readings(station: Tuning, tuned: Tuned, width: int) -> Drawing:
    """The numbers that are moved, and the loss or what the run does."""
    activity = station.activity
    numbers = line("  ")
    for name, value in zip(station.names, tuned.values, strict=True):
        numbers += (Span(f"{name} ", "muted"), Span(numeral(value), "yours", lit=station.is_open), Span("   "))
    if not activity.of:
        did = "none of the four" if tuned.outcome is None else DOES[tuned.outcome]
        is_done = tuned.outcome is not None and tuned.outcome == activity.goal
        done = line(Span(f"{len(tuned.path) - 1} passes: ", "muted"), Span(did, "right" if is_done else "loss"))
        wanted: Line = (Span(_wanted(activity), "muted"),)
        first = (*numbers, *wanted, *REACHED) if is_done else (*numbers, *wanted)
        if is_done and width_of(first) > width:  # beside a table: what was wanted is said below
            first = (*numbers, *REACHED)
        return (cut(first, width), *(line("  ", *part) for part in wrapped(done, width - 4)))
    goal = Span(f"   goal: below {numeral(activity.to_loss)}", "muted")
    reached = REACHED if tuned.loss < activity.to_loss else ()
    loss = line(Span("L ", "muted"), Span(loss_written(tuned.loss, activity), "loss", lit=True))
    for more in ((goal, *reached), reached or (goal,)):
        if width_of((*numbers, *loss, *more)) <= width:
            loss = (*loss, *more)
            break
    begun = _begun(station)
    most = max([tuned.loss, *(tried for _, tried in station.trail), *([] if begun is None else [begun.loss])])
    bar = _bar(tuned.loss / most if most else 0.0, min(40, width - 6))
    return cut(line(*numbers, *loss), width), line("  ", Span(bar, "loss"))


def _wanted(activity: Tune) -> str:
    return f"make it {activity.goal}"


def _below(session: Session, station: Tuning, tuned: Tuned, width: int, height: int) -> Drawing:
    """The landscape where it may be seen, the lesson's own picture, or a ruler for each output."""
    asked = station.activity.picture
    if station.shows_landscape and height >= MIN_PICTURE:
        if asked is not None and width >= 76:
            left = width * 11 // 20
            pictures = draw_landscape(session, left - 2, height), draw_wanted(session, asked, width - left, height)
            return tuple((*padded(one, left), *other) for one, other in zip(*pictures, strict=False))
        if asked is not None and height >= 2 * NUMBERED_PICTURE + 1:
            upper = (height - 1) // 2
            return (
                *draw_landscape(session, width, upper),
                (),
                *draw_wanted(session, asked, width, height - upper - 1),
            )
        return draw_landscape(session, width, height)
    if asked is not None and height >= MIN_PICTURE:
        return draw_wanted(session, asked, width, height)
    rulers = _rulers(station, tuned.passed, width)[: max(0, height)]
    room = height - len(rulers) - 1
    if station.activity.graph != "after" or room < NUMBERED_PICTURE:
        return rulers
    tried = draw_tried(session, width, room)
    return (*rulers, (), *tried) if tried else rulers


def _rulers(station: Tuning, passed: Pass, width: int) -> Drawing:
    """A ruler for each output, on which it comes near its target or leaves it."""
    network, rows = station.lesson_run.network(station.index), passed.X.shape[0]
    if passed.Y is None:
        return ()
    begun = _begun(station)
    outputs = [] if begun is None else [float(o) for o in begun.passed.forward.o.flat]
    low, high = window([0.0, *outputs, *map(float, passed.Y.flat), *map(float, passed.forward.o.flat)])
    length = min(60, max(10, width - 26))
    drawn: list[Line] = []
    for row in range(rows):
        for unit in range(network.outputs):
            o, y = float(passed.forward.o[row, unit]), float(passed.Y[row, unit])
            name = activation(network, rows, len(network.layers), row, unit)
            head = line(Span(f"  {name} ", "muted"), Span(numeral(o), "output"))
            tail = line(Span(f" {target(network, rows, row, unit)} ", "muted"), Span(numeral(y), "target"))
            drawn.append((*padded(head, 12), *_ruler(o, y, low, high, length), *tail))
    return tuple(drawn[:MAX_RULERS])


def _begun(station: Tuning) -> Tuned | None:
    """What the network did before anything was moved."""
    return station.lesson_run.tuned(station.activity, station.begun)


def _ruler(o: float, y: float, low: float, high: float, length: int) -> Line:
    """A line with the target ◇ and the output ●, one ◆ where they are in the same cell; arrows where it is beyond."""

    def cell(value: float) -> int:
        return min(max(0, round((value - low) / (high - low) * (length - 1))), length - 1)

    cells = [Span("─", "faint")] * length
    cells[cell(y)] = Span("◇", "target")
    if low <= o <= high:
        cells[cell(o)] = Span("◆", "right") if cell(o) == cell(y) else Span("●", "output", lit=True)
    else:
        cells[0 if o < low else -1] = Span("◀" if o < low else "▶", "output", lit=True)
    return tuple(cells)


def _bar(part: float, width: int) -> str:
    """A bar that fills a part of a width, to an eighth of a cell."""
    eighths = round(min(max(0.0, part), 1.0) * width * 8)
    return "█" * (eighths // 8) + ("" if eighths % 8 == 0 else " ▏▎▍▌▋▊▉"[eighths % 8])
