"""The lesson's screen at one station: what is remembered of it, how it is painted, and how another is taken up."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.geometry import Region, Size
from textual.strip import Strip

from nn_tutor.terminal.drawing.ink import Drawing, Span, line
from nn_tutor.terminal.moved import moves
from nn_tutor.terminal.panels.verdict import draw_notice
from nn_tutor.terminal.parts import EDGE, Looks, Setting, draw_parts, from_edge, plan_for, shows_opening
from nn_tutor.terminal.screens.ahead import TypedAhead
from nn_tutor.terminal.screens.board import too_small
from nn_tutor.terminal.screens.entry import Entry
from nn_tutor.terminal.screens.home import HomeScreen
from nn_tutor.terminal.screens.looking import LookingScreen
from nn_tutor.terminal.screens.moving import Moving

if TYPE_CHECKING:
    from nn_tutor.calculus.records import Deriver
    from nn_tutor.progress.afterwards import Way
    from nn_tutor.progress.recording import LessonRecorder
    from nn_tutor.tutor.keymap import State
    from nn_tutor.tutor.session import Session


class StationScreen(LookingScreen):
    """The board of a station with its answer line, which is for typing where something is asked, else for looking."""

    DEFAULT_CSS = """
    StationScreen { layout: vertical; overflow: hidden; }
    """
    AUTO_FOCUS = ""

    def __init__(
        self,
        session: Session,
        number: int | None,
        deriver: Deriver | None,
        recording: LessonRecorder | None = None,
        following: str = "",
    ) -> None:
        super().__init__(session, recording)
        self.following = following
        self.look_ahead: Callable[[], tuple[Way, ...]] = tuple
        """What says at its end which ways lead on, where no lesson follows."""
        self._found_ways: tuple[Way, ...] | None = None
        self.number = number
        self.deriver = deriver
        self.state: State = "looking"
        self.asks_to_show = False
        self.opens = session.is_at_beginning and not session.attempts
        """Whether the lesson was only just opened: then its introduction may be a page of its own."""
        self.looks_around = False
        """Whether the learner chose to look around, with esc; else what numbers are typed with goes to a question."""
        self.was_told_unfinished = False
        """Whether the learner has heard what this station still waits for."""
        self.entry = Entry()
        self.line = self.entry.line
        self.ahead = TypedAhead()
        self.motion = Moving(self._show_figure, self.set_timer, self._is_behind)
        self._drawn_for = Size()
        """The size of the screen when it was painted last."""
        self._is_covered = False
        self.is_laid_out = False
        """Whether the widgets are where they shall be, so that a change of what they show is all there is to paint."""
        self._seen: Session | None = None
        """The state that was painted last."""

    def compose(self) -> ComposeResult:
        """The answer line, and what is drawn above and below it."""
        yield self.board.above
        yield self.entry
        yield self.board.below

    def take(self, event: events.Key) -> None:
        """Do what a key does that a page over the lesson had no use for."""
        raise NotImplementedError

    def on_resize(self, event: events.Resize) -> None:
        """Lay the screen out anew; nothing of the state changes, but a line that cannot be seen takes no key."""
        if self.size == self._drawn_for:  # it was known when the screen was mounted
            return
        if self.opens and not self.line.value:  # the introduction may have got a page of its own, or lost it
            self.arrive()
        else:
            self.repaint()
            self._focus_what_types()

    def on_screen_suspend(self) -> None:
        """Give way to the help or another screen."""
        self._is_covered = True

    def on_screen_resume(self) -> None:
        """Come back from there; a screen that was only just mounted is painted already."""
        if self._is_covered:
            self._is_covered = False
            self.repaint()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Paint what lies below the panels: every line of it is blank, so one is enough."""
        return super().render_lines(Region(crop.x, crop.y, crop.width, min(1, crop.height))) * crop.height

    # From station to station

    def move(self, session: Session) -> None:
        """Take a state that the learner moves to; at another station everything begins anew."""
        before = self.session
        self.session = session
        moved = before.place != self.session.place or before.lesson_run is not self.session.lesson_run
        self.opens = self.opens and not moved
        if before.place.activity != self.session.place.activity:
            self.panel, self.covers_all = 1, False
        if moved:
            is_recut = before.cut != self.session.cut  # whoever looks around goes on to look
            self.arrive(looks_around=self.looks_around and is_recut)
        else:
            self.repaint()
        if self.session.notice and not self.board.has("verdict"):
            self.tell(self.session.notice)

    def arrive(self, *, looks_around: bool = False) -> None:
        """Take up a station: the line is for typing where something is asked, the keys are for looking elsewhere."""
        self.looks_around, self.was_told_unfinished = looks_around, False
        self.state = "answering" if self.session.station.takes_text and not self.shows_opening else "looking"
        self.scrolled = 0
        self.line.clear()
        if self.state == "answering":
            self.entry.bring_back_unread(self.session)
        self.settle()

    def settle(self) -> None:
        """Show whether the line is for typing now, and everything else with it."""
        self._focus_what_types()
        is_for_typing = self.state == "answering"
        question = self.session.question
        if is_for_typing and question is not None:
            attempt = self.session.answers.last_to({question.id})
            self.entry.bring_back(question, None if attempt is None else attempt.text)
        self.entry.tell_use(is_for_typing=is_for_typing, placeholders=self._said_of_the_line())
        self.repaint()

    def _focus_what_types(self) -> None:
        wanted = self.line if self.state == "answering" and not self.board.is_too_small else None
        if self.focused is not wanted:
            self.set_focus(wanted)

    def _said_of_the_line(self) -> tuple[str, ...]:
        """What the empty line says of itself while it is not for typing: where keys go; then the same in few words."""
        if self.state == "answering" or self.session.is_over:
            return ()
        if self.session.is_open:
            return "looking around: enter goes back to this line", "enter goes back to this line"
        if self.leads_to_question:
            return "enter goes on; typing goes to the next question", "enter goes on; or just type"
        return ()

    # What the state comes to

    @property
    def leads_to_question(self) -> bool:
        """Whether an answer that is begun goes to the next question: where one waits and nobody looks around."""
        return not self.looks_around and self.session.to_question() is not self.session

    @property
    def shows_opening(self) -> bool:
        """Whether the introduction is on the screen, as a page of its own."""
        return self.opens and shows_opening(self.session, *self.size)

    @property
    def has_home(self) -> bool:
        """Whether there is a home to go back to."""
        return any(isinstance(screen, HomeScreen) for screen in self.app.screen_stack)

    @property
    def _waits(self) -> bool:
        """Whether a question is ahead, so that signs do not cut the steps."""
        station = self.session.station
        return self.state == "looking" and not self.looks_around and (station.has_question_ahead or station.asks_later)

    # States into drawings

    def repaint(self) -> None:
        """Bind the state down to the board; then let the diagram show what has just become known."""
        self.motion.forget()
        looks = Looks(
            self.state, self.panel, self.scrolled, self.covers_all, self.asks_to_show, self.opens, self._waits
        )
        self._drawn_for = self.size
        plan = plan_for(self.session, *self.size, looks, self.deriver)
        if self.board.lay_out(plan):
            self.is_laid_out = False
            self.entry.display = plan.heights["entry"] > 0
        if plan.too_small:
            self.board.show({"header": (line(Span(too_small(*self.size), "accent")),)})
            return
        parts, self.scrolled = draw_parts(self.whole, plan, looks, self._setting)
        self.board.show(parts)
        before, self._seen = self._seen, self.session
        if before is not None and before is not self._seen and getattr(self.app, "has_motion", False):
            self.motion.play(partial(moves, before, self._seen, parts["figure"]), parts["figure"])

    def say(self, text: str) -> None:
        """Say something of the moment below the answer line."""
        self.board.show({"verdict": (*from_edge(*draw_notice(text, self.size.width - len(EDGE))), ())})

    @property
    def _setting(self) -> Setting:
        return Setting(
            number=self.number,
            deriver=self.deriver,
            following=self.following,
            ways_on=self._ways_on,
            badge="" if self.recording is None else self.recording.badge,
            standing=None if self.recording is None else self.recording.standing,
            running=self.runs.says,
            has_home=self.has_home,
            gains=self.recording.gains if self.recording is not None and self.session.is_over else (),
        )

    @property
    def _ways_on(self) -> tuple[Way, ...]:
        """The ways on at the end of the course or of a round, with what was just learned."""
        if not self.session.is_over:
            self._found_ways = None
            return ()
        if self._found_ways is None:
            self._found_ways = self.look_ahead()
        return self._found_ways

    def _show_figure(self, figure: Drawing) -> None:
        self.board.show({"figure": figure})

    def _is_behind(self) -> bool:
        return bool(getattr(self.app._driver, "is_behind", False))
