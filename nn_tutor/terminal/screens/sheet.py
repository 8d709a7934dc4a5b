"""The screen of a sheet: numbers are typed or pasted into cells, and the whole is checked in a thread."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

from nn_tutor.homework.filled import FilledSheet, blank_sheet, changes, refilled
from nn_tutor.judging.reading import ReadingError
from nn_tutor.network.training import Timeline
from nn_tutor.terminal.drawing.ink import Span, line
from nn_tutor.terminal.drawing.targets import ref_at
from nn_tutor.terminal.layout import is_too_small
from nn_tutor.terminal.panels.footer import draw_keys
from nn_tutor.terminal.panels.sheet import draw_found, draw_sheet, rows_of_grid
from nn_tutor.terminal.screens.board import too_small
from nn_tutor.terminal.screens.help import HelpScreen
from nn_tutor.terminal.screens.page_and_line import PageAndLine
from nn_tutor.terminal.widgets.drawing_panel import DrawingPanel
from nn_tutor.terminal.widgets.form_line import FormLine

if TYPE_CHECKING:
    from nn_tutor.calculus.records import Deriver
    from nn_tutor.course.lesson import Lesson
    from nn_tutor.progress.recorder import ProgressRecorder

HELP = (
    ("enter", "put the number into its cell, and go on"),
    ("↑ ↓ ← →", "to another cell; ← and → on an empty line"),
    ("F5", "check the whole sheet, now and after each change"),
    ("F6", "to the first slip"),
    ("delete", "empty the cell"),
    ("PgUp PgDn", "another pass, where there are several"),
    ("paste", "lines such as w211' = 0.36, a matrix, a column"),
    ("esc", "back; all is kept"),
)
"""What the help says of the keys of this screen."""

BELOW = 3
"""Lines below the line that is typed on: two for what was found, and the footer."""

KEYS = (
    ("enter", "next"),
    ("↑ ↓ ← →", "move"),
    ("F5", "check the sheet"),
    ("PgUp PgDn", "another pass"),
    ("esc", "back; all is kept"),
    ("F6", "to the first slip"),
    ("del", "empty it"),
    ("F1", "keys"),
)


class SheetScreen(PageAndLine[None]):
    """A whole sheet, filled in and checked; what was filled in is kept."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "help", "keys", show=False),
        Binding("f3,escape,ctrl+o", "leave", "back", show=False),
        Binding("f5", "check", "check the sheet", show=False),
        Binding("f6", "slip", "to the first slip", show=False),
        Binding("pagedown", "other_pass(1)", "next pass", show=False),
        Binding("pageup", "other_pass(-1)", "previous pass", show=False),
        Binding("ctrl+home", "step(-9999)", "first cell", show=False),
        Binding("ctrl+end", "step(9999)", "last cell", show=False),
    ]

    class Checked(Message):
        """A sheet was judged in a thread: the one that was handed in, and the same with its verdicts."""

        def __init__(self, before: FilledSheet, after: FilledSheet) -> None:
            super().__init__()
            self.before = before
            self.after = after

    def __init__(
        self, lesson: Lesson, recorder: ProgressRecorder, deriver: Deriver | None = None, network: str = ""
    ) -> None:
        super().__init__()
        entry = lesson.networks[network]
        self.lesson = lesson
        self.timeline = Timeline(entry.network, entry.data)
        blank = blank_sheet(entry.network, entry.data, lesson.passes_walked(network))
        self.sheet = refilled(blank, recorder.entries_of(lesson.id))
        self.deriver = deriver
        self.message = ""
        self._recorder = recorder
        self._is_checking = False

    def on_mount(self) -> None:
        """Show the sheet as it was left; one that had been checked is checked again."""
        self.line.of_page = self.keys_of_page(self.action_leave, self.submit, self.other)
        self.line.of_page_when_empty = {
            "left": partial(self.action_step, -1),
            "right": partial(self.action_step, 1),
            "delete": self.empty,
            "ctrl+d": self.empty,
        }
        self.set_focus(self.line)
        if self.sheet.is_checked:
            self._check()
        self._draw()

    def on_unmount(self) -> None:
        """Keep what stands on the line when the program ends."""
        self._take_line()

    def on_screen_resume(self) -> None:
        """Come back from the help."""
        self._draw()

    def derive_with(self, deriver: Deriver) -> None:
        """Take the deriver, once it is ready."""
        self.deriver = deriver
        self._draw()

    def tell(self, text: str) -> None:
        """Say something of the moment."""
        self.message = text
        self._draw()

    # Keys

    @on(FormLine.Changed)
    def typed(self, event: Input.Changed) -> None:
        """Show in the cell what is typed."""
        event.stop()
        if event.value:
            self.message = ""
        self._draw()

    def submit(self) -> None:
        """Put the number into the cell, and go to the next."""
        if self._take_line():
            self._go(self.sheet.stepped(1))

    def other(self, by: int) -> None:
        """Go to the line so many below."""
        if not self._take_line():
            return
        rows = rows_of_grid(self.sheet, self.size.width)
        place = next(place for place, row in enumerate(rows) if self.sheet.at[1] in row)
        column = rows[place].index(self.sheet.at[1])
        row = rows[min(max(0, place + by), len(rows) - 1)]
        self._go(self.sheet.to(row[min(column, len(row) - 1)]))

    @on(FormLine.Pasted)
    def paste(self, event: FormLine.Pasted) -> None:
        """Put pasted lines into their cells, a single number on the line."""
        event.stop()
        text = event.text.strip()
        if not any(sign in text for sign in "=:[\n\t"):
            self.line.insert_text_at_cursor(text)
            return
        sheet, self.message = self.sheet.pasted(text)
        self._become(sheet)

    @on(FormLine.TooLong)
    def too_long(self, event: FormLine.TooLong) -> None:
        """Refuse a paste that no sheet needs."""
        event.stop()
        self.tell("that is far too long for a sheet")

    @on(DrawingPanel.Clicked)
    def clicked(self, event: DrawingPanel.Clicked) -> None:
        """Go to a cell that was clicked."""
        event.stop()
        ref = ref_at(event.line, event.column)
        if ref is not None and ref in self.sheet.refs() and self._take_line():
            self._go(self.sheet.to(ref))

    def empty(self) -> None:
        """Empty a cell."""
        self._become(self.sheet.written(""))

    def action_check(self) -> None:
        """Check the whole sheet, now and after each change."""
        if not self._take_line():
            return
        if not self.sheet.texts:
            self.tell("nothing stands on this sheet yet: type a number into a cell first")
            return
        self.message = ""
        self._check()
        self._draw()

    def action_slip(self) -> None:
        """Go to the first slip."""
        slip = self.sheet.first_slip
        if not self._take_line():
            return
        if slip is None:
            self.tell("F5 checks the sheet first" if self.sheet.whole is None else "there is no slip on this sheet")
            return
        shown = next((place for place, one in self.sheet.judged.items() if one is slip), self.sheet.at)
        self._go(self.sheet.in_pass(shown[0] - self.sheet.at[0]).to(shown[1]))

    def action_other_pass(self, by: int) -> None:
        """Go to another pass."""
        if self._take_line():
            self._go(self.sheet.in_pass(by))

    def action_step(self, by: int) -> None:
        """Go to a cell farther on or back."""
        if self._take_line():
            self._go(self.sheet.stepped(by))

    def action_help(self) -> None:
        """Show the keys."""
        self.app.push_screen(HelpScreen("On your sheet", HELP))

    def action_leave(self) -> None:
        """Go back, with everything kept."""
        self._take_line()
        self.dismiss(None)

    # The sheet

    def _take_line(self) -> bool:
        """Put what stands on the line into its cell; says whether it could be."""
        text = self.line.value
        if not text.strip():
            return True
        try:
            sheet = self.sheet.written(text)
        except ReadingError as error:
            self.tell(error.message)
            return False
        self.line.clear()
        self.message = ""
        self._become(sheet)
        return True

    def _go(self, sheet: FilledSheet) -> None:
        self.sheet = sheet
        self.message = ""
        self._draw()

    def _become(self, sheet: FilledSheet) -> None:
        """Take a changed sheet, which is kept, and checked again where it was checked before."""
        entries = changes(self.sheet, sheet)
        if not entries:
            return
        self._recorder.remember(self.lesson.id, entries)
        self.sheet = sheet
        if sheet.is_checked and self.is_mounted:
            self._check()
        self._draw()

    def _check(self) -> None:
        self._is_checking = True
        self.run_worker(partial(self._judge, self.sheet), thread=True, exclusive=True, group="sheet")

    def _judge(self, sheet: FilledSheet) -> None:
        """Judge a sheet, in a thread."""
        self.post_message(self.Checked(sheet, sheet.checked()))

    @on(Checked)
    def take_checked(self, event: SheetScreen.Checked) -> None:
        """Show the verdicts, unless the sheet has been changed since."""
        event.stop()
        if event.before.texts is not self.sheet.texts:
            return
        is_first = not self.sheet.is_checked
        after = event.after
        self._is_checking = False
        if is_first:
            self._recorder.remember(self.lesson.id, changes(self.sheet, after))
        self.sheet = after.in_pass(self.sheet.at[0] - after.at[0]).to(self.sheet.at[1])
        if is_first and after.first_slip is not None:
            self.action_slip()
        self._draw()

    def _draw(self) -> None:
        if not self.is_mounted:
            return
        width, height = self.size
        if is_too_small(width, height):
            self._above.show((line(Span(too_small(width, height), "accent")),))
            self._below.show(())
            return
        passed = self.timeline.at(self.sheet.at[0])
        page = draw_sheet(
            self.sheet, passed, self.lesson.title, width, height - 1 - BELOW, self.line.value, self.deriver
        )
        self._above.show(page)
        found = draw_found(self.sheet, self.message, self._is_checking, width)
        idle = {"PgUp PgDn": self.sheet.passes == 1, "F6": self.sheet.first_slip is None}
        footer = draw_keys("your sheet", (key for key in KEYS if not idle.get(key[0])), width)
        self._below.show((*found, *([()] * (2 - len(found))), footer))
