"""The lesson screen: it turns keys into moves of the session. It computes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static

from nn_tutor.calculus.records import Deriver
from nn_tutor.course.faults import fault_of_lesson
from nn_tutor.network.quantities import Ref
from nn_tutor.progress.recording import LessonRecorder
from nn_tutor.terminal.drawing.ink import Drawing, Span, line
from nn_tutor.terminal.drawing.targets import option_of, ref_at, tab_at
from nn_tutor.terminal.messages import Stopped
from nn_tutor.terminal.moved import moves
from nn_tutor.terminal.panels.answer import preview
from nn_tutor.terminal.parts import Looks, Setting, draw_parts, from_edge, plan_for, shows_opening
from nn_tutor.terminal.screens.board import too_small
from nn_tutor.terminal.screens.glossary import open_glossary
from nn_tutor.terminal.screens.help import HelpScreen
from nn_tutor.terminal.screens.home import HomeScreen
from nn_tutor.terminal.screens.looking import LookingScreen
from nn_tutor.terminal.screens.moving import Moving
from nn_tutor.terminal.screens.running import Advanced
from nn_tutor.terminal.screens.why import WhyScreen
from nn_tutor.terminal.widgets.answer_line import AnswerLine
from nn_tutor.terminal.widgets.drawing_panel import DrawingPanel
from nn_tutor.tutor.keymap import KEYS, OF_DIGITS_AND_SIGNS, Command, State, command_for
from nn_tutor.tutor.practice import PREFIX
from nn_tutor.tutor.session import Session
from nn_tutor.tutor.typed import typed_before
from nn_tutor.tutor.visible import view_of
from nn_tutor.tutor.why import reasons_at_hand

ON = "on"
"""What the screen returns where more is wanted: another round of practice, or the next lesson."""


MARK, NO_MARK = "  > ", "    "
"""What stands before the line while it is for typing, and while it is not."""

TYPED = {"plus": "+", "minus": "-", "question_mark": "?", "space": " "}
"""The characters of keys that have a name."""

WHEEL = 2
"""Lines that the wheel scrolls."""

WHILE_RUNNING: frozenset[Command] = frozenset(
    (
        "train",
        "finer",
        "coarser",
        "end",
        "next panel",
        "previous panel",
        "panel 1",
        "panel 2",
        "panel 3",
        "panel 4",
        "panel 5",
    )
)
"""What may be done while a run goes on; everything else pauses it."""


ON_OPENING: frozenset[Command] = frozenset(("scroll up", "scroll down", "help", "home", "quit"))
"""What a key does on the page that opens a lesson; every other one goes on to the first activity."""


class LessonScreen(LookingScreen):
    """Walks the learner through one lesson: keeps the state of the session, and the learner's ways of looking at it."""

    DEFAULT_CSS = """
    LessonScreen { layout: vertical; overflow: hidden; }
    LessonScreen #entry { height: 1; }
    LessonScreen #mark { width: 4; color: $accent; text-style: bold; }
    LessonScreen #preview { width: 26; }
    """
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(name, f"press({name!r})", key.explanation, show=False) for key in KEYS for name in key.names
    ]

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
        self.number = number
        self.deriver = deriver
        self.state: State = "looking"
        self.asks_to_show = False
        self.opens = session.is_at_beginning and not session.attempts
        """Whether the lesson was only just opened: then its introduction may be a page of its own."""
        self.looks_around = False
        """Whether the learner chose to look around, with esc; else what numbers are typed with goes to a question."""
        self.line = AnswerLine()
        self._kept: dict[str, str] = {}
        """What stood on the line, by question, when the question was taken apart."""
        self._refused = False
        self._was_told_unfinished = False
        self._mark = Static(MARK, id="mark", markup=False)
        self._preview = DrawingPanel(id="preview")
        self._moving = Moving(self._show_figure, self.set_timer, self._is_behind)
        self._seen: Session | None = None
        """The state that was painted last."""
        self._names_of: Session | None = None
        self._known_names: Mapping[str, float] = {}

    def compose(self) -> ComposeResult:
        """The answer line, and what is drawn above and below it."""
        yield self._board.above
        with Horizontal(id="entry"):
            yield self._mark
            yield self.line
            yield self._preview
        yield self._board.below

    def on_mount(self) -> None:
        """Show the first station."""
        self.line.leave = self._look_around
        self._arrive()

    def on_resize(self, event: events.Resize) -> None:
        """Lay the screen out anew; nothing of the state changes, but a line that cannot be seen takes no key."""
        if self.opens and not self.line.value:  # the introduction may have got a page of its own, or lost it
            self._arrive()
        self.repaint()
        wanted = self.line if self.state == "answering" and not self._board.is_too_small else None
        if self.focused is not wanted:
            self.set_focus(wanted)

    def on_screen_resume(self) -> None:
        """Come back from the help or another screen."""
        self.repaint()

    def derive_with(self, deriver: Deriver) -> None:
        """Take the deriver, once it is ready, and show the formulas."""
        self.deriver = deriver
        with self._going_home():
            self.repaint()

    def _forward_event(self, event: events.Event) -> None:
        """Let a key go first while a run goes on, and do at once what it does where the line cannot want it.

        In a window that is too small nothing is done that cannot be seen.
        """
        if self._board.is_too_small and isinstance(event, events.InputEvent | events.Paste):
            return
        if isinstance(event, events.Key):
            self._moving.stop()
            self._runs.make_way()
            taken = True  # also a key that leads home
            with self._going_home():
                taken = self.focused is None and self._take(event)
            if taken:
                return
        super()._forward_event(event)

    async def _dispatch_message(self, message: Message) -> None:
        with self._going_home():
            await super()._dispatch_message(message)

    @contextmanager
    def _going_home(self) -> Iterator[None]:
        """Go home where the lesson itself is to blame that it cannot go on; without a home the program ends."""
        try:
            yield
        except Exception as error:
            fault = fault_of_lesson(error)
            if not fault or not self._has_home:
                raise
            self.app.post_message(Stopped(fault))

    # Keys

    @on(AnswerLine.Submitted)
    def submit(self, event: Input.Submitted) -> None:
        """Check the answer on the line, or go on."""
        event.stop()
        self._check(event.value)

    @on(AnswerLine.Changed)
    def typed(self, event: Input.Changed) -> None:
        """Show what the line comes to while it is typed; what was said of a refused paste is over."""
        event.stop()
        if event.value and self.session.begun() is not self.session:
            self.session = self.session.begun()
            self._refused = True
        if self._refused:
            self._refused = False
            self.repaint()
        asked = self.session.asked
        text = preview(event.value, self._names) if asked is not None and asked.asks_a_number else ""
        self._preview.show((line(Span(text.rjust(24), "strong")),))

    @on(AnswerLine.Left)
    def left_on_empty_line(self, event: AnswerLine.Left) -> None:
        """Step back, or to the left in a grid or on the curve."""
        event.stop()
        self._sideways(-1)

    @on(AnswerLine.Right)
    def right_on_empty_line(self, event: AnswerLine.Right) -> None:
        """Step on, where nothing is open, or to the right in a grid or on the curve."""
        event.stop()
        self._sideways(1)

    @on(AnswerLine.Stepped)
    def stepped(self, event: AnswerLine.Stepped) -> None:
        """Step back or on, whatever the arrows alone do here."""
        event.stop()
        self._move(self.session.forward() if event.forward else self.session.back())

    @on(AnswerLine.Hint)
    def asked_for_hint(self, event: AnswerLine.Hint) -> None:
        """Give the next hint."""
        event.stop()
        self._hint()

    @on(AnswerLine.TooLong)
    def too_long(self, event: AnswerLine.TooLong) -> None:
        """Refuse a paste that no answer needs."""
        event.stop()
        self.say("that is far too long for an answer")
        self._refused = True

    @on(Advanced)
    def advanced(self, event: Advanced) -> None:
        """Go on with a run of which a piece was made in a thread."""
        event.stop()
        self._runs.take(event)

    @on(DrawingPanel.Clicked)
    def clicked(self, event: DrawingPanel.Clicked) -> None:
        """Open a tab, go to a cell of a grid, or take an option; a second click on an option answers with it."""
        event.stop()
        if event.part == "tabs":
            tab = tab_at(event.line, event.column)
            if tab is not None:
                self._panel(tab)
            return
        ref = ref_at(event.line, event.column)
        if ref is not None:
            self._pick(ref)
            return
        option = option_of(event.line)
        if not option or self.session.is_over or self.session.activity.kind != "choose" or not self.session.is_open:
            return
        if self.line.value == option:
            self._check(self.line.value)
            return
        self.state = "answering"
        self.line.value = option
        self.line.cursor_position = len(self.line.value)
        self._settle()

    def _pick(self, ref: Ref) -> None:
        before = self.session.question
        self.session = self.session.pick(ref)
        if self.session.question is not before:
            self.line.clear()
            self.state = "answering"
            self._settle()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll the words."""
        event.stop()
        self._scroll(WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll the words back."""
        event.stop()
        self._scroll(-WHEEL)

    def action_press(self, key: str) -> None:
        """Do what a key does in the present state."""
        with self._going_home():
            self._press(key)

    def _press(self, key: str) -> None:
        command = command_for(key, self.state)
        if command is None:
            self._type(TYPED.get(key, key))
            return
        if self.asks_to_show and command != "show":
            self.asks_to_show = False
        if self._shows_opening and command not in ON_OPENING:
            self.opens = False
            self._arrive()
            return
        if self._runs.is_running and command not in WHILE_RUNNING:
            self._runs.stop()
        _COMMANDS[command](self)

    def on_key(self, event: events.Key) -> None:
        """Do what a key does that was on its way before the line lost the focus, or got it."""
        if self._take(event):
            event.stop()

    def _take(self, event: events.Key) -> bool:
        """Do what a key does, and say whether it does anything here: one that types goes to the line, as do digits."""
        session, character = self.session, event.character or ""
        if self.state == "answering":
            if event.is_printable:
                self._type(character)
            return event.is_printable
        types = (session.is_open or session.station.is_watched) and not self._shows_opening
        digits = "0123456789" if session.station.takes_numbers else "06789."  # 1 to 5 are panels elsewhere
        command = command_for(event.key, self.state)
        is_typed = event.is_printable and bool(character.strip())
        if types and is_typed and (command is None or character in digits):
            self._runs.stop()
            self.state = "answering"
            self._settle()
            self._type(character)
            return True
        if is_typed and self._goes_to_question(command):
            self._move(session.to_question())
            self._type(character)
            return True
        if command is None:
            if is_typed and not self._shows_opening:
                self.tell(_nothing_asked(session))
            return is_typed
        self.action_press(event.key)
        return True

    def _goes_to_question(self, command: Command | None) -> bool:
        """Whether what numbers are typed with goes to the next question: where one waits and nobody looks around."""
        if self.looks_around or (command is not None and command not in OF_DIGITS_AND_SIGNS):
            return False
        return self.session.to_question() is not self.session

    def _type(self, character: str) -> None:
        """Put a character on the line that was on its way before the line had the focus."""
        if self.state == "answering" and len(character) == 1:
            self.line.insert_text_at_cursor(character)

    # What keys do

    def _check(self, text: str) -> None:
        session = self.session
        text = text if text.strip() else session.station.marker_answer
        if text.strip() and session.station.takes_text:
            before = session
            self.session = session.answer(text)
            judged = self.session.station.last_attempt
            taken = self.session.notes is not before.notes or (judged is not None and judged.judgement.is_right)
            # What was typed may be where the marker stands now: the arrows go on from there.
            marked = session.station.marker_answer and judged is not None and judged.judgement.verdict != "invalid"
            if taken or marked or not self.session.is_open:
                self.line.clear()
            else:
                self.line.select_all()
            self.state = "answering" if self.session.station.takes_text else "looking"
            self._settle()
        elif session.is_open:
            self._move(session.forward())
        elif text.strip() and session.station.is_watched:
            self.session, below = session.target(text)
            self.line.clear()
            self._to_looking()
            if below is not None:
                self._runs.run_to(below)
        else:
            self.line.clear()
            self._go_on()

    def say(self, text: str) -> None:
        """Say something of the moment below the answer line."""
        self._board.show({"verdict": from_edge(line(Span(f" ▸ {text}", "accent")), ())})

    def _to_looking(self) -> None:
        self.state = "looking"
        self._settle()

    def _look_around(self) -> None:
        """Leave the line, or where it is left already take back what was asked with s."""
        was_pending, was_looking = self.asks_to_show, self.state == "looking" and self.looks_around
        self.asks_to_show, self.looks_around = False, True
        self._to_looking()
        if was_looking and not was_pending:
            self.tell("you are looking around: enter goes back to the line, or on")

    def _go_on(self) -> None:
        if self.session.is_over:
            goes_on = bool(self.following) or self.session.lesson_run.lesson.id.startswith(PREFIX)
            self.dismiss(ON if goes_on else "")
        elif self.session.station.unfinished and not self._was_told_unfinished:
            self._was_told_unfinished = True
            self.say(self.session.station.unfinished)
        else:
            self._move(self.session.forward())

    def _to_line(self) -> None:
        session = self.session
        self.looks_around = False
        if session.station.takes_text:
            self.state = "answering"
            self._settle()
        else:
            self._go_on()

    def _show(self) -> None:
        if not self.session.is_open or self.session.station.is_unaided:
            self._move(self.session.reveal())
            if not self.session.notice:
                self.tell("the answer is shown already: enter goes on")
        elif self.asks_to_show:
            self.asks_to_show = False
            self.session = self.session.reveal()
            self.line.clear()
            self._settle()
        else:
            self.asks_to_show = True
            self.repaint()

    def _hint(self) -> None:
        was_open = self.session.is_open
        self._move(self.session.hint())
        if was_open and not self.session.is_open:  # the last hint is the answer
            self.line.clear()
            self.state = "looking"
        self._settle()
        if not was_open and not self.session.notice:
            self.tell("the answer is shown already: enter goes on")

    def _decompose(self) -> None:
        before = self.session
        self.session = self.session.decompose()
        if self.session.answers is not before.answers:  # else what is typed stays
            if before.question is not None and self.line.value.strip():
                self._kept[before.question.id] = self.line.value
            self.line.clear()
        self._settle()

    def _postpone_retry(self) -> None:
        self.become(self.whole.postpone_retry())
        self._arrive()

    def _sheet(self) -> None:
        """Open the sheet of a network that somebody was given."""
        from nn_tutor.terminal.screens.sheet import SheetScreen

        session = self.session
        lesson = session.lesson_run.lesson
        if lesson.purpose != "homework" or self.recording is None or session.is_over or session.activity.kind != "walk":
            self.tell("a sheet belongs to a network of your own: n at home, or nn-tutor homework")
            return
        recorder = self.recording.recorder
        self.app.push_screen(SheetScreen(lesson, recorder, self.deriver, session.activity.network))

    def _words(self) -> None:
        """Open the glossary, with the words of this lesson first."""
        open_glossary(self.app, self.session.lesson_run.lesson.id)

    def _sideways(self, by: int) -> None:
        """→ and ← on the empty line: along the curve, across a grid, else a step."""
        if self.session.station.owns_sideways:
            self._point(0, by)
        else:
            self._move(self.session.forward() if by > 0 else self.session.back())

    def _upright(self, by: int) -> None:
        """↑ and ↓: farther along the curve, down a list or a grid, else through the words."""
        station = self.session.station
        if station.owns_upright and (self.state == "answering" or station.scrolls_by_itself):
            self._point(by, 0)
        elif self.state == "answering" and station.takes_text and (typed := typed_before(self.whole)):
            self.line.recall(by, typed)
        else:
            self._scroll(by)

    def _point(self, down: int, right: int) -> None:
        before = self.session.question
        self.session = self.session.move(down, right)
        if self.session.question is not before:
            self.line.clear()
        self.repaint()

    def _end(self) -> None:
        """To the end of the activity; a run goes on to its goal, and from there to its last pass."""
        if not self._runs.to_goal():
            self._move(self.session.to_end())

    def _reseed(self) -> None:
        self._move(self.session.reseed())

    def _inside(self) -> None:
        """Into a pass of a run, and back out of it."""
        if self.whole.nested is not None and not self.whole.retry_due:
            self.become(self.whole.step_out())
        else:
            self.become(self.whole.with_current(self.session.step_in()))
        self.panel, self.covers_all = 1, False
        self._arrive()

    def _train(self) -> None:
        if self._runs.at_hand is None:
            self.tell("there is no run here that could go on")
        else:
            self._runs.toggle()

    def _why(self) -> None:
        view = view_of(self.session, self.deriver)
        found = () if view is None else reasons_at_hand(view)
        if found:
            self.app.push_screen(WhyScreen([reason.text for reason in found]))
        else:
            self.say("there is no known number here to ask that of")

    def _help(self) -> None:
        self.app.push_screen(HelpScreen())

    def _leave(self) -> None:
        self.dismiss("")

    # States into drawings

    def repaint(self) -> None:
        """Bind the state down to the board; then let the diagram show what has just become known."""
        self._moving.forget()
        looks = Looks(
            self.state, self.panel, self.scrolled, self.covers_all, self.asks_to_show, self.opens, self._waits
        )
        plan = plan_for(self.session, self.size.width, self.size.height, looks, self.deriver)
        if self._board.lay_out(plan):
            self.query_one("#entry").display = plan.heights["entry"] > 0
        if plan.too_small:
            self._board.show({"header": (line(Span(too_small(*self.size), "accent")),)})
            return
        parts, self.scrolled = draw_parts(self.whole, plan, looks, self._setting)
        self._board.show(parts)
        before, self._seen = self._seen, self.session
        if before is not None and before is not self._seen and getattr(self.app, "has_motion", False):
            self._moving.play(partial(moves, before, self._seen, parts["figure"]), parts["figure"])

    def _show_figure(self, figure: Drawing) -> None:
        self._board.show({"figure": figure})

    def _is_behind(self) -> bool:
        return bool(getattr(self.app._driver, "is_behind", False))

    @property
    def _setting(self) -> Setting:
        return Setting(
            number=self.number,
            deriver=self.deriver,
            following=self.following,
            badge="" if self.recording is None else self.recording.badge,
            standing=None if self.recording is None else self.recording.standing,
            running=self._runs.says,
            has_home=self._has_home,
            gains=self.recording.gains if self.recording is not None and self.session.is_over else (),
        )

    @property
    def _waits(self) -> bool:
        """Whether a question is ahead to which what numbers are typed with goes."""
        return self.state == "looking" and not self.looks_around and self.session.station.has_question_ahead

    @property
    def _shows_opening(self) -> bool:
        """Whether the introduction is on the screen, as a page of its own."""
        return self.opens and shows_opening(self.session, *self.size)

    @property
    def _has_home(self) -> bool:
        return any(isinstance(screen, HomeScreen) for screen in self.app.screen_stack)

    def _move(self, session: Session) -> None:
        before = self.session
        self.session = session
        moved = before.place != self.session.place or before.lesson_run is not self.session.lesson_run
        self.opens = self.opens and not moved
        other_activity = before.place.activity != self.session.place.activity
        if other_activity:
            self.panel, self.covers_all = 1, False
        if moved:
            self._arrive()
        else:
            self.repaint()
        if self.session.notice and not self._board.has("verdict"):
            self.tell(self.session.notice)

    def _arrive(self) -> None:
        """Take up a station: the line is for typing where something is asked, the keys are for looking elsewhere."""
        session = self.session
        self.looks_around = self._was_told_unfinished = False
        self.state = "answering" if session.station.takes_text and not self._shows_opening else "looking"
        self.scrolled = 0
        self.line.clear()
        self._settle()

    @property
    def _names(self) -> Mapping[str, float]:
        """What may be typed here, looked up once a station and not at every key."""
        if self._names_of is not self.session:
            asked = self.session.asked
            self._names_of = self.session
            self._known_names = {} if asked is None else asked.names
        return self._known_names

    def _settle(self) -> None:
        wanted = self.line if self.state == "answering" and not self._board.is_too_small else None
        if self.focused is not wanted:
            self.set_focus(wanted)
        question = self.session.question
        if question is not None and self.state == "answering" and not self.line.value:
            self.line.value = self._kept.pop(question.id, "")
            self.line.cursor_position = len(self.line.value)
        self._mark.update(MARK if self.state == "answering" else NO_MARK)
        self.line.placeholder = self._said_of_the_line()
        self.repaint()

    def _said_of_the_line(self) -> str:
        """What the empty line says of itself while it is not for typing: where keys go."""
        if self.state == "answering" or self.session.is_over:
            return ""
        if self.session.is_open:
            return "looking around: enter goes back to this line"
        waits = self._goes_to_question(None)
        return "enter goes on; a number goes to the next question" if waits else ""


def _nothing_asked(session: Session) -> str:
    """What is said where something is typed and nothing asks for it."""
    return "that was the end: enter goes on" if session.is_over else "there is no question here: enter goes on"


_COMMANDS: dict[Command, Callable[[LessonScreen], None]] = {
    "check": lambda screen: screen._check(screen.line.value),
    "to the line": LessonScreen._to_line,
    "look around": LessonScreen._look_around,
    "forward": lambda screen: screen._move(screen.session.forward()),
    "back": lambda screen: screen._move(screen.session.back()),
    "next pass": lambda screen: screen._move(screen.session.forward_pass()),
    "previous pass": lambda screen: screen._move(screen.session.back_pass()),
    "beginning": lambda screen: screen._move(screen.session.to_beginning()),
    "end": LessonScreen._end,
    "finer": LessonScreen._finer,
    "coarser": LessonScreen._coarser,
    "code": LessonScreen._code,
    "why": LessonScreen._why,
    "picture": LessonScreen._picture,
    "form": LessonScreen._form,
    "train": LessonScreen._train,
    "reseed": LessonScreen._reseed,
    "inside": LessonScreen._inside,
    "show": LessonScreen._show,
    "hint": LessonScreen._hint,
    "take apart": LessonScreen._decompose,
    "words": LessonScreen._words,
    "put off": LessonScreen._postpone_retry,
    "sheet": LessonScreen._sheet,
    "next panel": lambda screen: screen._next_panel(1),
    "previous panel": lambda screen: screen._next_panel(-1),
    "panel 1": lambda screen: screen._panel(1),
    "panel 2": lambda screen: screen._panel(2),
    "panel 3": lambda screen: screen._panel(3),
    "panel 4": lambda screen: screen._panel(4),
    "panel 5": lambda screen: screen._panel(5),
    "scroll up": lambda screen: screen._upright(-1),
    "scroll down": lambda screen: screen._upright(1),
    "help": LessonScreen._help,
    "home": LessonScreen._leave,
    "quit": LessonScreen._leave,
}
"""What each command does."""
