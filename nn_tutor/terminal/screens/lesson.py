"""The lesson screen: it turns keys, clicks and what is typed into moves of the session. It computes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

from nn_tutor.course.faults import fault_of_lesson
from nn_tutor.terminal.drawing.targets import option_of, ref_at, tab_at
from nn_tutor.terminal.messages import Stopped
from nn_tutor.terminal.parts import panels_of
from nn_tutor.terminal.screens.ahead import Before
from nn_tutor.terminal.screens.doing import COMMANDS, check, hint, look_around, pick, sideways, take_option
from nn_tutor.terminal.screens.running import Advanced
from nn_tutor.terminal.screens.station import StationScreen
from nn_tutor.terminal.widgets.answer_line import AnswerLine
from nn_tutor.terminal.widgets.drawing_panel import DrawingPanel
from nn_tutor.tutor.keymap import KEYS, OF_DIGITS, OF_SIGNS, Command, command_for

if TYPE_CHECKING:
    from nn_tutor.calculus.records import Deriver
    from nn_tutor.tutor.mastery import Standing
    from nn_tutor.tutor.session import Session

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
        "panel 6",
    )
)
"""What may be done while a run goes on; everything else pauses it."""

BEGIN_NUMBER = frozenset("0123456789.-+")
"""What a number begins with: typed on the page that opens a lesson it goes to the first question, and is not lost."""

ON_OPENING: frozenset[Command] = frozenset(("scroll up", "scroll down", "help", "home", "quit"))
"""What a key does on the page that opens a lesson; every other one goes on to the first activity."""


class LessonScreen(StationScreen):
    """Walks the learner through one lesson: hears what they press, type and click, and has it done."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(name, f"press({name!r})", key.explanation, show=False) for key in KEYS for name in key.names
    ]

    def on_mount(self) -> None:
        """Show the first station."""
        self._give_keys_to_line()
        self.arrive()

    def derive_with(self, deriver: Deriver) -> None:
        """Take the deriver, once it is ready, and show the formulas."""
        self.deriver = deriver
        with self._going_home():
            self.repaint()

    def stand_on(self, standing: Standing) -> None:
        """Take how the skills stood before this lesson, once that is recalled."""
        if self.recording is not None:
            self.recording.stand_on(standing)
            self.repaint()

    # What comes in, and what may go wrong with it

    def _forward_event(self, event: events.Event) -> None:
        """Act on a key at once where the answer line does not have the focus; a run that goes on waits for it.

        In a window that is too small nothing is done that cannot be seen.
        """
        if self.board.is_too_small and isinstance(event, events.InputEvent | events.Paste):
            return
        if isinstance(event, events.Key):
            self.motion.stop()
            self.runs.make_way()
            taken = True  # also a key that leads home
            with self._going_home():
                taken = self.focused is None and self._take(event)
            if taken:
                self._paint_at_once()
                return
        super()._forward_event(event)

    def _paint_at_once(self) -> None:
        """Paint what a key has changed, unless others wait behind it, or all must be laid out anew.

        Textual would paint it at its next tick, which right after a frame of motion is a sixtieth of a second away.
        """
        is_laid_out, self.is_laid_out = self.is_laid_out, True
        if is_laid_out and not self.app.message_queue_size:
            self._dirty_widgets.update((self.board.above, *self.entry.children, self.board.below))
            self._on_timer_update()

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
            if not fault or not self.has_home:
                raise
            self.app.post_message(Stopped(fault))

    # Keys

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
        if self.shows_opening and command not in ON_OPENING:
            self.opens = False
            self.arrive()
            return
        if self.runs.is_running and command not in WHILE_RUNNING:
            self.runs.stop()
        COMMANDS[command](self)

    def on_key(self, event: events.Key) -> None:
        """Do what a key does that was on its way before the line lost the focus, or got it."""
        if self._take(event):
            event.stop()

    def _take(self, event: events.Key) -> bool:
        """Do what a key does, and say whether it does anything here: one that types goes to the line, as do digits."""
        session, character = self.session, event.character or ""
        if self.shows_opening and character in BEGIN_NUMBER and session.station.takes_text:
            self.opens = False
            self.arrive()
        if self.state == "answering":
            if event.key == "enter":
                self.submit()
            elif event.is_printable:
                self._type(character)
            return event.key == "enter" or event.is_printable
        types = (session.is_open or session.station.is_watched) and not self.shows_opening
        command = command_for(event.key, self.state)
        is_typed = event.is_printable and bool(character.strip())
        if types and is_typed and (command is None or self._is_digit_alone(character)):
            self._begin_line(character)
            return True
        if is_typed and self.leads_to_question:
            if self._goes_ahead(character, command):
                return True
        elif types and command in OF_DIGITS:
            self.ahead.keep(character, self._before())
        else:
            self.ahead.forget()
            if command in OF_SIGNS and session.station.asks_later and not self.looks_around:
                self.tell("no question is open here: enter goes on; after esc + and − cut the steps")
                return True
        if command is None:
            if is_typed and not self.shows_opening:
                self.tell(_nothing_asked(session))
            return is_typed
        self.action_press(event.key)
        return True

    def _is_digit_alone(self, character: str) -> bool:
        """Whether a key is a digit and nothing else here: it opens no panel."""
        if not character.isdecimal():
            return False
        return self.session.station.takes_numbers or not 0 < int(character) <= len(
            panels_of(self.session, self.deriver)
        )

    def _begin_line(self, character: str) -> None:
        """Type a key on the line, behind the digits before it that opened a panel and turn out to begin its number."""
        self.runs.stop()
        if (begun := self.ahead.number(character)) is not None:
            digits, before = begun
            self._return_to(before)
            character = digits + character
        self.ahead.forget()
        self.state = "answering"
        self.settle()
        for one in character:
            self._type(one)

    def _before(self) -> Before:
        """How the screen is now, to be returned to."""
        return Before(self.whole, self.panel, self.scrolled, self.covers_all)

    def _return_to(self, before: Before) -> None:
        """Take back what keys did since the screen was so."""
        self.become(before.whole)
        self.panel, self.scrolled, self.covers_all = before.panel, before.scrolled, before.covers_all
        self.asks_to_show = False

    def _goes_ahead(self, character: str, command: Command | None) -> bool:
        """Take a key to the next question where it can only be typed for that; else remember what it did it to.

        What earlier keys did that turn out to be the beginning of the same answer is taken back.
        """
        ahead = self.session.to_question()
        begun = self.ahead.begun(character, ahead)
        if begun is not None:
            character, before = begun
            self._return_to(before)
            ahead = self.session.to_question()
        elif command is not None and not (
            command in OF_SIGNS or (command in OF_DIGITS and not self.session.station.shows_alone)
        ):
            self.ahead.keep(character, self._before())
            return False
        self.ahead.forget()
        self.move(ahead)
        for one in character:
            self._type(one)
        return True

    def take(self, event: events.Key) -> None:
        """Do what a key does that a page over the lesson had no use for."""
        with self._going_home():
            self._take(event)

    def _type(self, character: str) -> None:
        """Put a character on the line that was on its way before the line had the focus."""
        if self.state == "answering" and len(character) == 1:
            self.line.replace(character, *self.line.selection)  # what is marked gives way to it

    # The answer line

    def submit(self) -> None:
        """Check the answer on the line, or go on."""
        with self._going_home():
            check(self, self.line.value)

    @on(AnswerLine.Changed)
    def typed(self, event: Input.Changed) -> None:
        """Show what the line comes to while it is typed; what was said of a refused paste is over."""
        event.stop()
        is_news = self.entry.was_refused
        if event.value and (begun := self.session.begun()) is not self.session:
            self.session, is_news = begun, True
        if is_news:
            self.entry.was_refused = False
            self.repaint()
        self.entry.work_out(event.value, self.session)

    @on(AnswerLine.TooLong)
    def too_long(self, event: AnswerLine.TooLong) -> None:
        """Refuse a paste that no answer needs."""
        event.stop()
        self.say("that is far too long for an answer")
        self.entry.was_refused = True

    def _give_keys_to_line(self) -> None:
        """Tell the answer line which keys belong to the lesson."""
        always: dict[str, Callable[[], None]] = {
            "escape": partial(look_around, self),
            "enter": self.submit,
            "question_mark": partial(hint, self),
        }
        when_empty: dict[str, Callable[[], None]] = {
            "left": partial(sideways, self, -1),
            "right": partial(sideways, self, 1),
            "ctrl+left": lambda: self.move(self.session.back()),
            "ctrl+right": lambda: self.move(self.session.forward()),
        }
        self.line.of_page = {key: partial(self._at_once, act) for key, act in always.items()}
        self.line.of_page_when_empty = {key: partial(self._at_once, act) for key, act in when_empty.items()}
        self.line.pass_on = self._hear

    def _at_once(self, act: Callable[[], None]) -> None:
        with self._going_home():
            act()

    def _hear(self, event: events.Key) -> bool:
        """Do what a key does that the line has no use for, and say whether that is anything."""
        if command_for(event.key, self.state) is None:
            return False
        self.action_press(event.key)
        return True

    # The mouse

    @on(DrawingPanel.Clicked)
    def clicked(self, event: DrawingPanel.Clicked) -> None:
        """Open a tab, go to a cell of a grid, or take an option; a second click on an option answers with it."""
        event.stop()
        if event.part == "tabs":
            tab = tab_at(event.line, event.column)
            if tab is not None:
                self.open_panel(tab)
        elif (ref := ref_at(event.line, event.column)) is not None:
            pick(self, ref)
        elif option := option_of(event.line):
            take_option(self, option)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll the words."""
        event.stop()
        self.scroll_words(WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll the words back."""
        event.stop()
        self.scroll_words(-WHEEL)

    # A run

    @on(Advanced)
    def advanced(self, event: Advanced) -> None:
        """Go on with a run of which a piece was made in a thread."""
        event.stop()
        self.runs.take(event)


def _nothing_asked(session: Session) -> str:
    """What is said where something is typed and nothing asks for it."""
    return "that was the end: enter goes on" if session.is_over else "there is no question here: enter goes on"
