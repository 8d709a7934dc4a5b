"""The lesson screen: it turns keys into moves of the session. It computes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.widgets import Input

from nn_tutor.calculus.numerals import numeral
from nn_tutor.course.activities.hunt import Hunt
from nn_tutor.course.activities.nudge import Nudge
from nn_tutor.course.activities.place import PlaceWeight
from nn_tutor.course.activities.train import Train
from nn_tutor.course.activities.tune import Tune
from nn_tutor.terminal.drawing.ink import Span, line
from nn_tutor.terminal.panels.answer import preview
from nn_tutor.terminal.panels.body import panels_of
from nn_tutor.terminal.screens.board import LessonBoard
from nn_tutor.terminal.screens.help import HelpScreen
from nn_tutor.terminal.widgets.answer_line import AnswerLine
from nn_tutor.tutor.keymap import KEYS, Command, command_for
from nn_tutor.tutor.practice import PREFIX
from nn_tutor.tutor.session import Session

AGAIN = "again"
"""What the screen returns where another round of practice is wanted."""


TYPED = {"plus": "+", "minus": "-", "question_mark": "?", "space": " "}
"""The characters of keys that have a name."""

WHILE_RUNNING: frozenset[Command] = frozenset(
    ("train", "finer", "coarser", "end", "next panel", "previous panel", "panel 1", "panel 2", "panel 3", "panel 4")
)
"""What may be done while a run goes on; everything else pauses it."""


class LessonScreen(LessonBoard):
    """Walks the learner through one lesson."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(name, f"press({name!r})", key.explanation, show=False) for key in KEYS for name in key.names
    ]

    def on_mount(self) -> None:
        """Show the first station."""
        self._arrive()

    def _forward_event(self, event: events.Event) -> None:
        """Let a key go first while a run goes on, and do at once what it does where the line cannot want it."""
        if isinstance(event, events.Key):
            self._runner.make_way()
            if self.focused is None and self._take(event):
                return
        super()._forward_event(event)

    # Keys

    @on(AnswerLine.Submitted)
    def submit(self, event: Input.Submitted) -> None:
        """Check the answer on the line, or go on."""
        event.stop()
        self._check(event.value)

    @on(AnswerLine.Changed)
    def typed(self, event: Input.Changed) -> None:
        """Show what the line comes to while it is typed."""
        event.stop()
        text = preview(event.value, self._names) if self.session.asks_a_number else ""
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
        self._say("that is far too long for an answer")

    def action_press(self, key: str) -> None:
        """Do what a key does in the present state."""
        command = command_for(key, self.state)
        if command is None:
            self._type(TYPED.get(key, key))
            return
        if self.asks_to_show and command != "show":
            self.asks_to_show = False
        if self._runner.is_running and command not in WHILE_RUNNING:
            self._stop_running()
        self._commands[command](self)

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
        types = session.is_open or (not session.is_over and isinstance(session.activity, Train))
        if types and character and character in "056789.":  # 1 to 4 are panels
            self._stop_running()
            self.state = "answering"
            self._settle()
            self._type(character)
            return True
        if command_for(event.key, self.state) is None:
            return False
        self.action_press(event.key)
        return True

    def _type(self, character: str) -> None:
        """Put a character on the line that was on its way before the line had the focus."""
        if self.state == "answering" and len(character) == 1:
            self.line.insert_text_at_cursor(character)

    # What keys do

    def _check(self, text: str) -> None:
        session = self.session
        nudging = not session.is_over and isinstance(session.activity, Nudge)
        text = text if text.strip() else session.pointed
        if text.strip() and (session.is_open or nudging):
            before = session
            self.session = session.answer(text)
            judged = self.session.last_attempt
            taken = self.session.notes is not before.notes or (judged is not None and judged.judgement.is_right)
            # What was typed may be where the marker stands now: the arrows go on from there.
            marked = session.pointed and judged is not None and judged.judgement.verdict != "invalid"
            if taken or marked:
                self.line.clear()
            else:
                self.line.select_all()
            self.state = "answering" if self.session.is_open or nudging else "looking"
            self._settle()
        elif session.is_open:
            self._move(session.forward())
        elif text.strip() and not session.is_over and isinstance(session.activity, Train):
            self.session, below = session.target(text)
            self.line.clear()
            self._to_looking()
            if below is not None:
                self._run_to(below)
        else:
            self.line.clear()
            self._go_on()

    def _say(self, text: str) -> None:
        """Say something of the moment below the answer line."""
        self._paint("verdict", (line(Span(f" ▸ {text}", "accent")), ()))

    def _to_looking(self) -> None:
        self.state = "looking"
        self._settle()

    def _go_on(self) -> None:
        if self.session.is_over:
            self.dismiss(AGAIN if self.session.tour.lesson.id.startswith(PREFIX) else "")
        else:
            self._move(self.session.forward())

    def _to_line(self) -> None:
        session = self.session
        if session.is_open or (not session.is_over and isinstance(session.activity, Nudge)):
            self.state = "answering"
            self._settle()
        else:
            self._go_on()

    def _show(self) -> None:
        if not self.session.is_open:
            self._move(self.session.reveal())
        elif self.asks_to_show:
            self.asks_to_show = False
            self.session = self.session.reveal()
            self.line.clear()
            self._settle()
        else:
            self.asks_to_show = True
            self._draw()

    def _hint(self) -> None:
        self._move(self.session.hint())
        if not self.session.is_open:
            self.line.clear()
            self.state = "looking"
        self._settle()

    def _take_apart(self) -> None:
        self.session = self.session.take_apart()
        self.line.clear()
        self._settle()

    def _put_off(self) -> None:
        self._become(self.whole.put_off())
        self._arrive()

    @property
    def _owns_arrows(self) -> bool:
        return not self.session.is_over and self.session.is_open and bool(self.session.pointed)

    def _sideways(self, by: int) -> None:
        """→ and ← on the empty line: along the curve, across a grid, else a step."""
        session = self.session
        if self._owns_arrows and isinstance(session.activity, PlaceWeight | Tune):
            self._point(by)
        elif session.grid:
            self._to_cell(0, by)
        else:
            self._move(session.forward() if by > 0 else session.back())

    def _upright(self, by: int) -> None:
        """↑ and ↓: farther along the curve, down a list or a grid, else through the words."""
        session = self.session
        if self._owns_arrows and self.state == "answering" and self._tunes_two:
            self.session = session.move_aside(-by)
            self._draw()
        elif self._owns_arrows and self.state == "answering":
            self._point(by if isinstance(session.activity, Hunt) else -10 * by)
        elif session.grid and self.state == "answering":
            self._to_cell(by, 0)
        elif session.worked is not None:
            self._point(by)
        else:
            self._scroll(by)

    @property
    def _tunes_two(self) -> bool:
        activity = self.session.activity
        return isinstance(activity, Tune) and len(activity.of) == 2

    def _point(self, by: int) -> None:
        self.session = self.session.move_cursor(by)
        self._draw()

    def _to_cell(self, down: int, right: int) -> None:
        before = self.session.question
        self.session = self.session.move_cell(down, right)
        if self.session.question is not before:
            self.line.clear()
        self._draw()

    def _code(self) -> None:
        self._panel(1 if self.panel == 3 else 3)

    def _picture(self) -> None:
        self.covers_all = not self.covers_all
        self._draw()

    def _form(self) -> None:
        self._move(self.session.with_form("element" if self.session.form == "matrix" else "matrix"))

    def _panel(self, number: int) -> None:
        self.panel = number
        self.scrolled = 0
        self.covers_all = False
        self._draw()

    def _next_panel(self, by: int) -> None:
        count = max(1, len(panels_of(self.session)))
        self._panel((self.panel - 1 + by) % count + 1)

    def _scroll(self, by: int) -> None:
        self.scrolled = max(0, self.scrolled + by)
        self._draw()

    def _finer(self) -> None:
        if self._trains:
            self._change_speed(1)
        else:
            self._move(self.session.finer())

    def _coarser(self) -> None:
        if self._trains:
            self._change_speed(-1)
        else:
            self._move(self.session.coarser())

    def _change_speed(self, by: int) -> None:
        self._runner.change_speed(by)
        self._draw()
        if not self._runner.is_running:
            self._say(f"t runs it at {self._runner.says}")

    def _end(self) -> None:
        """To the end of the activity; a run goes on to its goal, and from there to its last pass."""
        if self._trains:
            activity = self.session.activity
            self._stop_running()
            self._run_to(activity.to_loss if isinstance(activity, Train) and not self.session.has_arrived else None)
        else:
            self._move(self.session.to_end())

    # Running

    @property
    def _trains(self) -> bool:
        session = self.session
        return not session.is_over and isinstance(session.activity, Train) and not session.is_open

    def _train(self) -> None:
        activity = self.session.activity
        if self._runner.is_running:
            self._stop_running()
        elif self._trains and isinstance(activity, Train):
            self._start_running(None if self.session.has_arrived else activity.to_loss)

    def _run_to(self, below: float | None) -> None:
        """Run at full speed to the first loss `below`, or to the last pass; the learner's own speed stays."""
        self._runner.hurries = True
        self._start_running(below)

    def _start_running(self, below: float | None) -> None:
        self._runner.below = below
        self._before_run = self.whole
        self._runner.start()
        self._draw()
        self._runner.go_on(self.set_timer, self._run_on)

    def _run_on(self) -> None:
        """Let the run go on for a moment; what is passed through is not remembered, only where it ends."""
        goes_on = self._runner.piece()
        if goes_on is None or not self._trains:
            self._runner.go_on(self.set_timer, self._run_on)
            return
        following = self.session.run_on(self._runner.below, goes_on)
        if following is self.session:
            self._stop_running()
            if self._runner.below is not None:
                self._say(f"the run ends here: its loss did not get below {numeral(self._runner.below)}")
            return
        self.whole = self.whole.with_here(following)
        loss = following.tour.run(following.place.activity).loss(following.place.pass_number)
        if self._runner.below is not None and loss is not None and loss < self._runner.below:
            self._stop_running()
            return
        if self._runner.shows:
            self._draw()
        self._runner.go_on(self.set_timer, self._run_on)

    def _stop_running(self) -> None:
        if not self._runner.is_running:
            return
        self._runner.stop()
        whole, self.whole = self.whole, self._before_run
        self._become(whole)
        self._draw()

    def _reseed(self) -> None:
        self._move(self.session.reseed())

    def _inside(self) -> None:
        """Into a pass of a run, and back out of it."""
        if self.whole.inner is not None and not self.whole.owed:
            self._become(self.whole.step_out())
        else:
            self._become(self.whole.with_here(self.session.step_in()))
        self.panel, self.covers_all = 1, False
        self._arrive()

    def _help(self) -> None:
        self.app.push_screen(HelpScreen())

    def _leave(self) -> None:
        self.dismiss("")

    _commands: ClassVar[dict[Command, Callable[[LessonScreen], None]]] = {
        "check": lambda self: self._check(self.line.value),
        "to the line": _to_line,
        "look around": _to_looking,
        "forward": lambda self: self._move(self.session.forward()),
        "back": lambda self: self._move(self.session.back()),
        "next pass": lambda self: self._move(self.session.forward_pass()),
        "previous pass": lambda self: self._move(self.session.back_pass()),
        "beginning": lambda self: self._move(self.session.to_beginning()),
        "end": _end,
        "finer": _finer,
        "coarser": _coarser,
        "code": _code,
        "picture": _picture,
        "form": _form,
        "train": _train,
        "reseed": _reseed,
        "inside": _inside,
        "show": _show,
        "hint": _hint,
        "take apart": _take_apart,
        "put off": _put_off,
        "next panel": lambda self: self._next_panel(1),
        "previous panel": lambda self: self._next_panel(-1),
        "panel 1": lambda self: self._panel(1),
        "panel 2": lambda self: self._panel(2),
        "panel 3": lambda self: self._panel(3),
        "panel 4": lambda self: self._panel(4),
        "scroll up": lambda self: self._upright(-1),
        "scroll down": lambda self: self._upright(1),
        "help": _help,
        "home": _leave,
        "quit": _leave,
    }

    # States into drawings

    def _move(self, session: Session) -> None:
        before = self.session
        self.session = session
        moved = before.place != self.session.place or before.tour is not self.session.tour
        other_activity = before.place.activity != self.session.place.activity
        if other_activity:
            self.panel, self.covers_all = 1, False
        if moved:
            self._arrive()
        else:
            self._draw()

    def _arrive(self) -> None:
        """Take up a station: the line is for typing where something is asked, the keys are for looking elsewhere."""
        session = self.session
        wants_text = session.is_open or (not session.is_over and isinstance(session.activity, Nudge))
        self.state = "answering" if wants_text else "looking"
        self.scrolled = 0
        self.line.clear()
        self._settle()

    @property
    def _names(self) -> Mapping[str, float]:
        """What may be typed here, looked up once a station and not at every key."""
        if self._names_of is not self.session:
            self._names_of, self._known_names = self.session, self.session.names
        return self._known_names

    def _settle(self) -> None:
        wanted = self.line if self.state == "answering" else None
        if self.focused is not wanted:
            self.set_focus(wanted)
        self._draw()
