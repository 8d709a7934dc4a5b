"""How a station looks, whatever its kind: the sizes of its parts, its body, prompt and verdict, its tabs and its keys.

A kind of activity has one face; those of its looks that are not its own stand here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from nn_tutor.course.outline import without_title
from nn_tutor.dataclass import dataclass
from nn_tutor.terminal.drawing.boxes import framed
from nn_tutor.terminal.drawing.diagram import wanted_height
from nn_tutor.terminal.drawing.ink import Drawing, Line, Span, line, wrapped
from nn_tutor.terminal.drawing.prose import draw_prose
from nn_tutor.terminal.layout import Plan, Sizes, divide, is_large
from nn_tutor.terminal.panels.pictures import draw_wanted
from nn_tutor.terminal.panels.reading import draw_introduction
from nn_tutor.terminal.panels.verdict import draw_notice, draw_simple_verdict
from nn_tutor.tutor.keymap import Tip
from nn_tutor.tutor.stations.base import Station

if TYPE_CHECKING:
    from nn_tutor.calculus.records import Deriver
    from nn_tutor.course.picture import Picture
    from nn_tutor.progress.afterwards import Way
    from nn_tutor.progress.recording import Gain
    from nn_tutor.terminal.panels.header import Heading
    from nn_tutor.tutor.session import Session
    from nn_tutor.tutor.visible import View

S = TypeVar("S", bound=Station)

MIN_BODY = 8
"""With fewer lines below it an introduction is a page of its own, unless a face needs another number."""

MAX_EXHIBIT = 31
"""Beside words a picture has so many lines at most: higher ones are no clearer."""

MIN_PICTURE, NUMBERED_PICTURE = 6, 7
"""A picture of fewer lines says less than the words in its place; from 7 on it has numbers at its axes."""


@dataclass(frozen=True, slots=True)
class Around:
    """What is around a station: whether a run goes on, and whether it is a fresh question or the inside of a run.

    With `waits` a question is ahead, and what numbers are typed with goes there. `folds` says that the panels are tabs,
    `scrolls` that words are out of sight, `has_home` that there is a home screen to go back to, `following` names the
    next lesson.
    """

    training: bool = False
    is_fresh: bool = False
    is_inside: bool = False
    waits: bool = False
    folds: bool = True
    scrolls: bool = False
    has_home: bool = True
    following: str = ""


@dataclass(frozen=True, eq=False, slots=True)
class Scene:
    """What a body is drawn from beside its station: the room, what may be seen, and the learner's ways of looking.

    `panel` is the name of the panel in front, "" where there is only one; `large` wants the picture as large as it
    gets, `scrolled` says how many lines of the words are above. `following` is the next lesson, `running` how fast a
    run goes on by itself, if it does. `gains` are the skills that were asked, at the end of a lesson, `ways_on` the
    ways on where no lesson follows; they are taken from home, where it `has_home`.
    """

    plan: Plan
    view: View | None = None
    deriver: Deriver | None = None
    panel: str = ""
    scrolled: int = 0
    large: bool = False
    following: str = ""
    ways_on: tuple[Way, ...] = ()
    has_home: bool = True
    running: str = ""
    gains: tuple[Gain, ...] = ()


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside words: its title, a word for the key that shows it, and how it is drawn in a room.

    `is_own` says that it is the picture that the activity itself asks for, `fills_room` that it gets larger with its
    room, `has_room` whether it is drawn in full in so many cells.
    """

    title: str
    tip: str
    draw: Callable[[int, int], Drawing]
    is_own: bool = False
    fills_room: bool = False
    has_room: Callable[[int], bool] = lambda width: True


class Face(Generic[S]):
    """The face of a station; a station where nothing is asked and no network is at work needs no more than a body."""

    heading: ClassVar[Heading] = "part"
    prompt_lines: ClassVar[int] = 0
    verdict_lines: ClassVar[int] = 0
    has_halves: ClassVar[bool] = False
    """Whether the body stands side by side where there is room."""
    stands_beside: ClassVar[bool] = False
    """Whether what an activity speaks of stands beside it."""
    looks_back: ClassVar[bool] = True
    """Whether that may be an experiment before it, rather than the network."""

    stands_free: ClassVar[bool] = False
    """Whether a body that leaves lines stands away from the top, where no network is drawn there."""

    beside: Beside | None = None
    """What this one speaks of: its picture, the experiment before it, or the lesson's network."""
    network: Beside | None = None
    """The network that it is about, which stands above it where there is room."""
    curve: Beside | None = None
    """What can be drawn of that network in any room: its bend, or its samples."""

    def __init__(self, session: Session, station: S) -> None:
        self.session = session
        self.station = station

    # Sizes

    def plan(self, width: int, height: int) -> Plan:
        """Divide a screen of `width` × `height` cells."""
        splits = self.splits(width, height)
        sizes = Sizes(
            figure=self.figure_height(width, height),
            tabs=self.tab_lines(splits=splits),
            prompt=self.prompt_lines,
            verdict=self.verdict_lines,
            right=self.right_width(width) if splits else 0,
        )
        plan = divide(sizes, width, height)
        lines = len(draw_introduction(self.introduction, width))
        if lines and not plan.too_small and plan.body - lines >= self.least_body(plan):
            plan = divide(replace(sizes, introduction=lines), width, height)
        return self._gathered(plan) if is_large(width, height) else plan

    def _gathered(self, plan: Plan) -> Plan:
        """Bring the answer line near to what is asked: the lines that the body has no use for lie below it."""
        wanted = self.lines_wanted(plan)
        unused = 0 if wanted is None else max(0, plan.body - max(1, wanted))
        if not unused:
            return plan
        air = unused * 2 // 5 if self.stands_free and plan.heights["figure"] < 2 else 0
        verdict = plan.heights["verdict"] + unused - air
        return replace(plan, heights={**plan.heights, "body": plan.body - unused, "air": air, "verdict": verdict})

    def lines_wanted(self, plan: Plan) -> int | None:
        """Return how many lines the body has a use for on a large screen; None for all that there are."""
        return None

    def splits(self, width: int, height: int) -> bool:
        """Whether the body stands side by side."""
        return self.has_halves and is_large(width, height)

    def right_width(self, width: int) -> int:
        """Return the cells of what stands at the right, where the body stands side by side."""
        return width * 2 // 5

    @property
    def introduction(self) -> str:
        """The words that open the lesson, at its first station; "" where the station itself says them."""
        if not self.session.is_at_beginning:
            return ""
        text = without_title(self.station.lesson_run.introduction)
        return "" if text == without_title(self.station.words) else text

    @property
    def words(self) -> str:
        """The words that may be scrolled."""
        return self.station.words

    def scroll_range(self, scene: Scene) -> tuple[int, int]:
        """Return how far up and down may be scrolled from where one is at first, in lines; words end sooner."""
        plan = scene.plan
        return 0, max(0, len(draw_prose(self.words, max(10, (plan.right or plan.left) - 4))) - 1)

    def least_body(self, plan: Plan) -> int:
        """Return how many lines the body keeps below an introduction; with fewer that gets a page of its own."""
        return MIN_BODY

    def figure_height(self, width: int, height: int) -> int:
        """Return how many lines the network takes with its rules; 1 for a rule alone."""
        return 1

    def tab_lines(self, *, splits: bool) -> int:
        """Return how many lines the names of the panels take."""
        return 0

    def diagram_height(self, width: int, height: int) -> int:
        """Return how many lines the diagram of the network takes with its rules."""
        network, rows = (
            self.station.lesson_run.network(self.station.index),
            self.station.lesson_run.rows(self.station.index),
        )
        return 2 + wanted_height(network, room_of_diagram(height), width - 2, rows)

    # Looks

    @property
    def panels(self) -> tuple[str, ...]:
        """The names of the panels, none where there is only one."""
        return ()

    def drawn_above(self, plan: Plan) -> Drawing:
        """Draw the network that a page is about; nothing where the diagram at work stands above, or none."""
        return ()

    def whereabouts(self, room: int) -> Line:
        """Draw where in a pass the station is, in as many words as there is room for."""
        return ()

    def body(self, scene: Scene) -> tuple[Drawing, Drawing]:
        """Draw what stands left and right in the middle."""
        raise NotImplementedError(f"{type(self).__name__} draws nothing")

    def exhibit(self, view: View | None, width: int, height: int) -> Drawing:
        """Draw what stays of it beside a later question about it; nothing where it leaves nothing to look at."""
        return ()

    def prompt(self, view: View | None, width: int) -> Drawing:
        """Draw up to two lines above the answer line: what is asked, and what may be typed."""
        return (), ()

    def hardly_told(self, view: View | None, width: int) -> Drawing:
        """Draw on one line what the numbers of the open question do not show."""
        return ()

    def verdict(self, view: View | None, width: int) -> Drawing:
        """Draw up to three lines below the answer line: a notice, or the verdict with what it means."""
        if self.station.notice:
            return draw_notice(self.station.notice, width)
        attempt = self.station.last_attempt
        if attempt is None or attempt.question in self.session.revealed:
            return self.revealed(view, width)
        return draw_simple_verdict(attempt.judgement, width)

    def revealed(self, view: View | None, width: int) -> Drawing:
        """Draw the answer that was shown on the learner's wish."""
        return ()

    def has_words_below(self, plan: Plan) -> bool:
        """Whether the words have no place in the body and stand below the answer line."""
        return False

    def framed(
        self, name: str, drawing: Drawing, width: int, height: int, scene: Scene, aside: Line = (), *, title: str = ""
    ) -> Drawing:
        """Draw a panel in its frame, with its number and its name or `title` in the border; the one in front is lit."""
        names = self.panels
        is_lit = name == scene.panel or len(names) < 2
        number = f"{names.index(name) + 1} " if name in names else ""
        written = line(Span(number, "key"), Span(title or name, "strong" if is_lit else "text"))
        return framed(drawing, width, height, written, aside, lit=is_lit)

    def with_picture(self, above: Drawing, width: int, height: int, picture: Picture | None) -> Drawing:
        """Put the picture that the activity asks for below something, where there is room for it."""
        room = height - len(above) - 1
        if picture is None or room < MIN_PICTURE:
            return above
        return (*above, (), *draw_wanted(self.session, picture, width, room))

    # Keys

    def answering_tips(self) -> list[Tip]:
        """Return the keys that matter most while something is typed."""
        if not self.station.is_open:
            return [Tip("go on", "check"), Tip("back", "back"), LOOK, HELP]
        asked = self.station.asked
        tips = [Tip("check", "check")]
        if self.station.is_unaided:
            return [*tips, LOOK, Tip("back", "back"), HELP]
        if asked is None or asked.question is None:
            return [*tips, LOOK, Tip("back", "back"), HELP]
        tips += [HINT, *([Tip("take apart", "take apart")] if asked.can_decompose else [])]
        if asked.grid:
            return [*tips, Tip("cells", "back", "scroll up", "scroll down", "forward"), LOOK, HELP]
        return [*tips, LOOK, Tip("back", "back"), HELP]

    def folded_tips(self, panel: str) -> list[Tip]:
        """Return the keys that matter while something is typed and panels are tabs; `panel` is the one in front."""
        return []

    def looking_tips(self, around: Around) -> list[Tip]:
        """Return the keys that matter most while the learner looks around."""
        asked = self.station.asked
        is_open = self.station.is_open
        goes_on = "fresh numbers" if self.session.retry_due else "go on"
        go_on, answer = [Tip(goes_on, "to the line", "forward")], [Tip("answer", "to the line"), Tip("show", "show")]
        tips = (answer[:1] if self.station.is_unaided else answer) if is_open else go_on
        tips += [HINT] if not self.station.is_unaided and asked is not None and asked.question is not None else []
        tips += [Tip("back to the run", "inside")] if around.is_inside else []
        is_owed = self.session.retry_due or (around.is_fresh and is_open)
        tips += [Tip("put off", "put off")] if is_owed else []
        tips += [Tip("look around", "look around")] if around.waits else []
        tips += [Tip("cells", "back", "forward") if asked is not None and asked.grid else Tip("back", "back")]
        return [*tips, *self.own_tips(around), HELP, leave(around)]

    def own_tips(self, around: Around) -> list[Tip]:
        """Return the keys that only this kind has while the learner looks around."""
        return [SCROLL] if around.scrolls else []


def room_of_diagram(height: int) -> int:
    """Return how many lines of a screen a network above the body takes at most."""
    return max(5, min(17, (height - 12) * 2 // 5))


HINT, LOOK, HELP = Tip("hint", "hint"), Tip("look around", "look around"), Tip("keys", "help")
SCROLL = Tip("scroll", "scroll up", "scroll down")


def leave(around: Around) -> Tip:
    """Return the key that leaves the lesson."""
    return Tip("lessons" if around.has_home else "quit", "quit")


def asking(question: str, how: str, width: int) -> Drawing:
    """Draw what is asked, and how it is answered, as far as there is room for that."""
    lines = [line(" ", *part) for part in wrapped((Span(question, "strong"),), width - 1)]
    if len(lines) > 1:
        return tuple(lines[:2])
    while len(how) >= width and "; " in how:
        how = how.rpartition("; ")[0]
    return (lines or [()])[0], line(Span(f" {how}", "muted")) if how else ()
