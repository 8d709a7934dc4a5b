"""What a lesson looks like: the parts of its screen, and each state of the session bound down to their drawings."""

from __future__ import annotations

from collections.abc import Mapping

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.geometry import Region
from textual.screen import Screen
from textual.widgets import Static

from nn_tutor.calculus.names import symbol
from nn_tutor.calculus.records import Deriver
from nn_tutor.course.activities.walk import Walk
from nn_tutor.terminal.drawing.ink import Drawing, Line, Span, line
from nn_tutor.terminal.keeping import LessonKeeping
from nn_tutor.terminal.layout import Plan, plan_for
from nn_tutor.terminal.panels.answer import draw_prompt, draw_verdict
from nn_tutor.terminal.panels.body import draw_body, draw_figure, draw_tabs, has_words_below, panels_of
from nn_tutor.terminal.panels.footer import Around, draw_footer
from nn_tutor.terminal.panels.header import draw_header
from nn_tutor.terminal.panels.reading import draw_in_short
from nn_tutor.terminal.runner import USUAL_SPEED, Runner
from nn_tutor.terminal.screens.home import HomeScreen
from nn_tutor.terminal.widgets.answer_line import AnswerLine
from nn_tutor.terminal.widgets.drawing_panel import DrawingPanel
from nn_tutor.tutor.keymap import State
from nn_tutor.tutor.practice import extended
from nn_tutor.tutor.session import Session
from nn_tutor.tutor.stations.base import INSIDE
from nn_tutor.tutor.visible import View, view_of

ABOVE, BELOW = ("header", "figure", "tabs", "body", "prompt"), ("verdict", "footer")
"""The parts of the screen above and below the answer line, from top to bottom."""


def too_small(width: int, height: int) -> str:
    """Return what is said in a window that is too small, as long as it is wide: the sizes come first."""
    text = f" needs 60×16, has {width}×{height}"
    longer = f"{text}: make the window a little larger"
    return longer if width >= len(longer) else text if width >= len(text) else "60×16 needed"


class LessonBoard(Screen[str]):
    """Draws a lesson, and keeps what it draws: the state of the session, and the learner's ways of looking at it."""

    DEFAULT_CSS = """
    LessonBoard { layout: vertical; overflow: hidden; }
    LessonBoard #entry { height: 1; }
    LessonBoard #mark { width: 3; color: $accent; text-style: bold; }
    LessonBoard #preview { width: 26; }
    """
    AUTO_FOCUS = ""

    def __init__(
        self,
        session: Session,
        number: int | None,
        deriver: Deriver | None,
        keeping: LessonKeeping | None = None,
        following: str = "",
    ) -> None:
        super().__init__()
        self.whole = session
        self.keeping = keeping
        self.following = following
        self.number = number
        self.deriver = deriver
        self.state: State = "looking"
        self.panel = 1
        self.scrolled = 0
        self.covers_all = False
        self.asks_to_show = False
        self._plan: Plan | None = None
        self._runner = Runner(USUAL_SPEED)
        self._before_run = session
        self._above, self._below = DrawingPanel(id="above"), DrawingPanel(id="below")
        self._preview = DrawingPanel(id="preview")
        self.line = AnswerLine()
        self._names_of: Session | None = None
        self._known_names: Mapping[str, float] = {}

    @property
    def session(self) -> Session:
        """The state that the learner is in: that of a question with fresh numbers, while one is asked."""
        return self.whole.here

    @session.setter
    def session(self, state: Session) -> None:
        self._become(self.whole.with_here(state))

    def _become(self, whole: Session) -> None:
        """Take another state, which is remembered before it is shown."""
        before, self.whole = self.whole, whole
        if self.keeping is not None and before is not whole:
            self.keeping.remember(before, whole)
            if len(whole.attempts) > len(before.attempts) or whole.shown != before.shown:
                self.whole = extended(whole, self.keeping.answers)

    def compose(self) -> ComposeResult:
        """The answer line, and what is drawn above and below it."""
        yield self._above
        with Horizontal(id="entry"):
            yield Static(" > ", id="mark", markup=False)
            yield self.line
            yield self._preview
        yield self._below

    def on_resize(self, event: events.Resize) -> None:
        """Lay the screen out anew; nothing of the state changes, but a line that cannot be seen takes no key."""
        self._draw()
        wanted = self.line if self.state == "answering" and not self.is_too_small else None
        if self.focused is not wanted:
            self.set_focus(wanted)

    def on_screen_resume(self) -> None:
        """Come back from the help or another screen."""
        self._draw()

    def derive_with(self, deriver: Deriver) -> None:
        """Take who derives, once that is ready, and show the formulas."""
        self.deriver = deriver
        self._draw()

    def tell(self, text: str) -> None:
        """Say something of the moment in the place of the footer."""
        if self.is_too_small:
            self._paint("header", (line(Span(f" {text}", "accent")),))
        else:
            self._paint("footer", (line(Span(f" {text}", "accent")),))

    @property
    def is_too_small(self) -> bool:
        """Whether the window is too small for a lesson to be seen."""
        return self._plan is not None and self._plan.too_small

    def _draw(self) -> None:
        """Bind the state down to the panels."""
        session = self.session
        plan = plan_for(session, self.size.width, self.size.height)
        if plan != self._plan:
            self._lay_out(plan)
        view = view_of(session, self.deriver)
        if plan.too_small:
            self._paint("header", (line(Span(too_small(*self.size), "accent")),))
            return
        width = plan.width
        drawings: dict[str, Drawing] = {
            "header": (draw_header(session, self.number, width, badge=self._badge),),
            "figure": draw_figure(session, view, plan),
            "tabs": (draw_tabs(session, plan, min(self.panel, len(panels_of(session)) or 1)),),
            "prompt": ((line(Span("─" * width, "border"))), *draw_prompt(session, view, width)),
            "verdict": self._verdict(view, plan),
            "footer": (self._footer(plan),),
        }
        left, right, self.scrolled = draw_body(
            session,
            view,
            plan,
            names[min(self.panel, len(names)) - 1] if (names := panels_of(session)) else "",
            self.scrolled,
            large=self.covers_all,
            deriver=self.deriver,
            following=self.following,
            running=self._runner.says if self._runner.is_running else "",
        )
        for name, drawing in (drawings | {"left": left, "right": right}).items():
            self._paint(name, drawing)

    def _paint(self, part: str, drawing: Drawing) -> None:
        """Show a drawing in its part of the screen."""
        (self._below if part in BELOW else self._above).show(drawing, part)

    def _footer(self, plan: Plan) -> Line:
        is_inside, question = self.session.tour.lesson.id == INSIDE, self.session.question
        dots = ""
        if self.keeping is not None and question is not None:
            # The slope of the weighted sum goes by the name that it has in this network.
            network = self.session.tour.network(self.session.place.activity)
            skill = symbol(network, 1, question.ref) if question.skill == "∂z/∂w" else question.skill
            dots = f"{skill} {self.keeping.standing.shown(question.skill)}"
        around = Around(
            training=self._runner.is_running,
            is_fresh=self.whole.inner is not None and not is_inside,
            is_inside=is_inside,
            folds=plan.right == 0,
            has_home=any(isinstance(screen, HomeScreen) for screen in self.app.screen_stack),
            dots=dots,
        )
        return draw_footer(self.session, self.state, plan.width, around)

    @property
    def _badge(self) -> str:
        return "" if self.keeping is None else self.keeping.badge

    def _verdict(self, view: View | None, plan: Plan) -> Drawing:
        if self.asks_to_show:
            return (line(Span(" ▸ press s once more to be shown the answer; it will not count as yours", "accent")), ())
        verdict = draw_verdict(self.session, view, plan.width)
        if verdict or not has_words_below(self.session, plan):
            return verdict
        panels = panels_of(self.session)
        activity = self.session.activity
        reads = ("read",) if isinstance(activity, Walk) and activity.table else ("read", "chain")
        is_read = bool(panels) and panels[self.panel - 1] in reads
        more = " … " if not panels else " … esc 4 reads on " if self.state == "answering" else " … 4 reads on "
        return (
            () if is_read else draw_in_short(self.session.station.own_words, plan.width, plan.heights["verdict"], more)
        )

    def _lay_out(self, plan: Plan) -> None:
        self._plan = plan
        self.query_one("#entry").display = plan.heights["entry"] > 0
        for panel, names in ((self._above, ABOVE), (self._below, BELOW)):
            places: dict[str, Region] = {}
            top = 0
            for name in names:
                height = plan.heights[name]
                if name == "body":
                    places["left"] = Region(0, top, plan.left, height)
                    places["right"] = Region(plan.left, top, plan.right, height)
                else:
                    places[name] = Region(0, top, plan.width, height)
                top += height
            panel.display = top > 0
            panel.styles.height = top
            panel.lay_out({name: place for name, place in places.items() if place.area})
