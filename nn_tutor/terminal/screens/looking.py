"""How a station is looked at on a lesson's screen: the panel in front, grain and form; each key says what it did."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.screen import Screen

from nn_tutor.terminal.faces.kinds import face_of
from nn_tutor.terminal.parts import panels_of
from nn_tutor.terminal.screens.board import Board
from nn_tutor.terminal.screens.running import Running

if TYPE_CHECKING:
    from nn_tutor.calculus.records import Deriver
    from nn_tutor.course.activities.walk import Form
    from nn_tutor.progress.recording import LessonRecorder
    from nn_tutor.tutor.session import Session


class LookingScreen(Screen[str]):
    """A screen that keeps a session and the learner's ways of looking at it; what it draws is for another to say."""

    def __init__(self, session: Session, recording: LessonRecorder | None) -> None:
        super().__init__()
        self.whole = session
        self.recording = recording
        self.deriver: Deriver | None = None
        self.panel = 1
        self.scrolled = 0
        self.covers_all = False
        self.board = Board()
        self.runs = Running(self)

    def has_input(self) -> bool:
        """Whether a key was pressed that the terminal's driver has not read yet."""
        return bool(getattr(self.app._driver, "has_input", False))

    def repaint(self) -> None:
        """Bind the state down to the board."""
        raise NotImplementedError

    def say(self, text: str) -> None:
        """Say something of the moment below the answer line."""
        raise NotImplementedError

    def tell(self, text: str) -> None:
        """Say something of the moment in the place of the footer."""
        self.board.tell(text)

    def move(self, session: Session) -> None:
        """Take a state that the learner moves to, and show it."""
        raise NotImplementedError

    # The state

    @property
    def session(self) -> Session:
        """The state that the learner is in: that of a question with fresh numbers, while one is asked."""
        return self.whole.current

    @session.setter
    def session(self, state: Session) -> None:
        self.become(self.whole.with_current(state))

    def become(self, whole: Session) -> None:
        """Take another state, which is remembered before it is shown."""
        before, self.whole = self.whole, whole
        if self.recording is not None and before is not whole:
            self.whole = self.recording.moved(before, whole)

    # Ways of looking

    def show_code(self) -> None:
        """To the panel with the code, and from there back to the first one."""
        is_back = self.panel == 3
        said = "the table again: c shows the code" if is_back else "the code: c goes back"
        self.open_panel(1 if is_back else 3, said)

    def enlarge_picture(self) -> None:
        """Show the picture as large as it gets, or as it was."""
        self.covers_all = not self.covers_all
        said = "the picture, as large as it gets: g goes back" if self.covers_all else "g shows the picture large"
        self._look(lambda: None, said)

    def change_form(self) -> None:
        """From single numbers to matrices, and back; where the table is behind another panel, to the table."""
        form: Form = "element" if self.session.cut.form == "matrix" else "matrix"
        said = "matrix form: m goes back to single numbers" if form == "matrix" else "single numbers: m shows matrices"
        before = self.board.body
        self._look(lambda: self.move(self.session.with_form(form)), said)
        if self.board.body == before and self.panel != 1 and not self.session.notice:
            self.open_panel(1, said)

    def open_panel(self, number: int, said: str = "") -> None:
        """Bring a panel to the front, counted from 1, and say what that shows."""
        self.session = self.session.heard()
        before = self.panel
        self.panel, self.scrolled, self.covers_all = number, 0, False
        names = panels_of(self.session, self.deriver)
        if len(names) < 2:
            self.panel = before
            self.tell("there is only this panel here")
        elif number > len(names):
            self.panel = before
            self.tell(f"there are {len(names)} panels here: {', '.join(names)}")
        else:
            self._look(lambda: None, said)

    def _look(self, change: Callable[[], None], said: str) -> None:
        """Change how the station is looked at, and say what that did, or that it did nothing."""
        before = self.board.looks
        change()
        self.repaint()
        if self.session.notice:
            return
        if self.board.looks == before:
            self.tell("all that this key could show is on the screen already")
        elif said:
            self.tell(said)

    def next_panel(self, by: int) -> None:
        """Go so many panels on, round and round."""
        count = max(1, len(panels_of(self.session, self.deriver)))
        self.open_panel((self.panel - 1 + by) % count + 1)

    def scroll_words(self, by: int) -> None:
        """Scroll what stands in front by so many lines, as far as it goes."""
        self.scrolled += by
        self.repaint()

    def finer(self) -> None:
        """Make the steps smaller, or a run faster."""
        if not self.runs.change_speed(1):
            self._regrain(self.session.finer())

    def coarser(self) -> None:
        """Make the steps larger, or a run slower."""
        if not self.runs.change_speed(-1):
            self._regrain(self.session.coarser())

    def _regrain(self, session: Session) -> None:
        """Cut passes finer or coarser, and say how they are cut now."""
        before = self.session.cut.grain
        if not face_of(self.session).panels:
            self.tell("there are no steps here to be cut finer or coarser")
            return
        self.move(session)
        if self.session.notice:
            return
        if self.session.cut.grain == before:
            self.tell(f"steps are by {before} already: that is as far as it goes")
        else:
            self.tell(f"steps are by {self.session.cut.grain} now: + makes them smaller, − larger")
