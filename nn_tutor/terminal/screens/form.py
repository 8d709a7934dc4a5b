"""The screen of the form: it asks for a network field by field, and keeps every line that was entered."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.timer import Timer
from textual.widgets import Input

from nn_tutor.homework.faults import HomeworkError
from nn_tutor.homework.fields import check_so_far
from nn_tutor.homework.form import Form, form_of
from nn_tutor.homework.form_fields import OPEN
from nn_tutor.homework.keeping import Kept, entered
from nn_tutor.homework.matrices import as_typed, read_rows
from nn_tutor.homework.reading import homework_of
from nn_tutor.terminal.drawing.ink import Span, line
from nn_tutor.terminal.layout import is_too_small
from nn_tutor.terminal.panels.footer import draw_keys
from nn_tutor.terminal.panels.form import draw_field_fault, draw_form
from nn_tutor.terminal.screens.board import too_small
from nn_tutor.terminal.screens.help import HelpScreen
from nn_tutor.terminal.screens.page_and_line import PageAndLine
from nn_tutor.terminal.widgets.form_line import FormLine

if TYPE_CHECKING:
    from nn_tutor.progress.recorder import ProgressRecorder

BELOW = 3
"""Lines below the line that is typed on: two for what is wrong with it, and the footer."""

HELP = (
    ("enter", "take what was typed, and go on to the next field; at the end, walk through the network"),
    ("↑ ↓", "another field; what stands on the line stays in its own, right or wrong"),
    ("paste", "a matrix, with or without brackets and commas, a row a line"),
    ("F3", "fill in your sheet, once the network is complete"),
    ("esc", "home; all is kept"),
)
"""What the help says of the keys of this screen."""

PAUSE = 0.5
"""Seconds after the last key until a line that is not finished is kept."""

KEYS = (("enter", "next"), ("↑ ↓", "another field"), ("esc", "home; all is kept"), ("F1", "keys"))
KEYS_AT_END = (("enter", "walk through it"), ("F3", "fill in your sheet"), *KEYS[1:])


class FormScreen(PageAndLine[Kept]):
    """Asks for a network; returns it once its walk or its sheet is wanted, None where the learner goes home first."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "help", "keys", show=False),
        Binding("escape", "home", "home", show=False),
        Binding("f3", "sheet", "your sheet", show=False),
    ]

    def __init__(self, kept: Kept, recorder: ProgressRecorder, *, to_name: bool = False) -> None:
        super().__init__()
        self.kept = kept
        self.form = _form_of(kept, to_name=to_name)
        self.fault = ""
        self.wants_sheet = False
        self._recorder = recorder
        self._waiting: Timer | None = None
        self._is_leaving = False

    def on_mount(self) -> None:
        """Ask for the first field that is not filled."""
        self.line.of_page = self.keys_of_page(self.action_home, self.submit, self.go_to_other)
        self._arrive()

    def on_unmount(self) -> None:
        """Keep what stands on the line when the program ends."""
        if not self._is_leaving:
            self._keep_line()

    @on(FormLine.Changed)
    def typed(self, event: Input.Changed) -> None:
        """Say at once what cannot become right, and show what it comes to."""
        event.stop()
        fault = check_so_far(self.form.asked, event.value)
        self.fault = "" if fault is None else str(fault)
        if self.form.asked.key == OPEN and event.value:
            self.fault = "nothing to fill in here: enter opens the walk, ↓ goes on, ↑ back"
        self._draw()
        if self._waiting is not None:
            self._waiting.stop()
        self._waiting = self.set_timer(PAUSE, self._keep_line)

    def submit(self) -> None:
        """Take the line and ask for the next field, open the walk, or say what is wrong."""
        if self.form.asked.key == OPEN:
            self._open()
            return
        try:
            self.form = self.form.entered(self.line.value)
        except HomeworkError as error:
            self.fault = str(error.faults[0])
            self._draw()
            return
        self._keep(self.form)
        self._arrive()

    def go_to_other(self, by: int) -> None:
        """Go to another field; what stands on the line stays in its own, right or wrong."""
        self.form = self._now.moved(by)
        self._keep(self.form)
        self._arrive()

    @on(FormLine.Pasted)
    def paste(self, event: FormLine.Pasted) -> None:
        """Put a pasted matrix on the line in rows; any other text as it stands, on one line."""
        event.stop()
        text = "; ".join(row.strip() for row in event.text.splitlines() if row.strip())
        if self.form.asked.columns:
            try:
                text = as_typed(read_rows(event.text))
            except HomeworkError as error:
                self.call_after_refresh(self._refuse, str(error.faults[0]))
        self.line.insert_text_at_cursor(text)

    @on(FormLine.TooLong)
    def refuse_paste(self, event: FormLine.TooLong) -> None:
        """Say where so long a text belongs."""
        event.stop()
        self._refuse("that is more than a field holds; put it into a file: nn-tutor homework FILE")

    def action_help(self) -> None:
        """Show the keys."""
        self.app.push_screen(HelpScreen("In this form", HELP))

    def action_home(self) -> None:
        """Go home; everything is kept."""
        self._leave(None)

    def action_sheet(self) -> None:
        """Open the sheet of the network, once it is complete."""
        self.form = self._now
        self.wants_sheet = True
        self._open()

    def tell(self, text: str) -> None:
        """Say something of the moment in the place of the footer."""
        self._below.show((*self._said, line(Span(f" {text}", "accent"))))

    @property
    def _now(self) -> Form:
        """The form with what stands on the line."""
        return self.form if self.form.asked.key == OPEN else self.form.with_text(self.line.value)

    def _open(self) -> None:
        unfilled = self.form.unfilled
        if unfilled is not None:
            self.wants_sheet = False
            fault = self.form.fault_of(unfilled)
            self.form = self.form.moved_to(unfilled.key)
            self._arrive()
            self._refuse("this is still missing" if fault is None else str(fault))
            return
        try:
            homework = homework_of(self.form.said, self.kept.id)
        except HomeworkError as error:
            self.wants_sheet = False
            self._refuse(str(error.faults[0]))
            return
        self._keep(self.form)
        self.kept = Kept(self.kept.id, homework.lesson.title, self.form.said, self.kept.form)
        self._leave(self.kept)

    def _leave(self, kept: Kept | None) -> None:
        self._keep_line()
        self._is_leaving = True
        self.dismiss(kept)

    def _keep_line(self) -> None:
        """Remember the form with what stands on the line."""
        self._keep(self._now)

    def _keep(self, form: Form) -> None:
        """Remember a state of the form, where anything has changed."""
        if self._waiting is not None:
            self._waiting.stop()
        name = form.text_of("name").strip() or (str(form.shape) if form.shape is not None else "a network, just begun")
        said = form.said if form.unfilled is None else ()
        texts = tuple((key, text) for key, text in form.texts.items() if text)
        kept = Kept(self.kept.id, name, said, texts)
        if texts and entered(kept) != entered(self.kept):
            self.kept = kept
            self._recorder.remember(kept.id, [entered(kept)])

    def _arrive(self) -> None:
        """Show the field that is asked, with what stands in it."""
        self.fault = ""
        with self.line.prevent(Input.Changed):
            self.line.value = self.form.text_of(self.form.asked.key)
        self.line.cursor_position = len(self.line.value)
        self.line.focus()
        self._draw()

    def _refuse(self, fault: str) -> None:
        self.fault = fault
        self._draw()

    def _draw(self) -> None:
        width, height = self.size
        if is_too_small(width, height):
            self._above.show((line(Span(too_small(width, height), "accent")),))
            self._below.show(())
            return
        self._above.show(draw_form(self.form, self.line.value, width, height - BELOW - 1))
        at_end = self.form.asked.key == OPEN
        self._below.show((*self._said, draw_keys("entering", KEYS_AT_END if at_end else KEYS, width)))

    @property
    def _said(self) -> tuple[tuple[Span, ...], ...]:
        """Two lines below the line: what is wrong, or what may be typed."""
        said = draw_field_fault(self.form, self.line.value, self.fault, self.size.width)
        return (*said, *([()] * (BELOW - 1 - len(said))))


def _form_of(kept: Kept, *, to_name: bool) -> Form:
    """The form of what is kept, at the first field that is not filled, or at the name."""
    form = Form(dict(kept.form)) if kept.form else form_of(kept.said) if kept.said else Form()
    if to_name and form.shape is not None:
        return form.moved_to("name")
    unfilled = form.unfilled
    return form.moved_to(OPEN if unfilled is None else unfilled.key)
