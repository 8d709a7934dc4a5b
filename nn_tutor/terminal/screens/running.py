"""The run on a lesson's screen that goes on by itself: started, hurried, slowed and stopped."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from textual.message import Message
from textual.worker import Worker

from nn_tutor.calculus.numerals import numeral
from nn_tutor.terminal.runner import USUAL_SPEED, Calls, GoesOn, Runner
from nn_tutor.tutor.stations.training import Training

if TYPE_CHECKING:
    from nn_tutor.tutor.running import LossHistory
    from nn_tutor.tutor.session import Session


class Advanced(Message):
    """A piece of a heavy run was made in a thread: `history` is a fork of the run, `piece` its number."""

    def __init__(self, piece: int, history: LossHistory, made: int) -> None:
        super().__init__()
        self.piece = piece
        self.history = history
        self.made = made


class Watched(Calls, Protocol):
    """A screen on which a run can be watched."""

    whole: Session

    def become(self, whole: Session) -> None:
        """Take another state, which is remembered."""

    def repaint(self) -> None:
        """Show the present state."""

    def say(self, text: str) -> None:
        """Say something of the moment."""

    def has_input(self) -> bool:
        """Whether a key waits to be read."""

    def run_worker(self, work: Callable[[], None], *, thread: bool) -> Worker[Any]:
        """Have something done in a thread."""

    def post_message(self, message: Message) -> bool:
        """Be told something, from any thread."""


class Running:
    """Lets the run at hand go on in small pieces; what is passed through is not remembered, only where it ends."""

    def __init__(self, screen: Watched) -> None:
        self._screen = screen
        self._runner = Runner(USUAL_SPEED, screen.has_input)
        self._before = screen.whole
        self._pieces = 0
        """How many pieces were given to a thread: only what comes of the last one counts."""

    @property
    def is_running(self) -> bool:
        """Whether the run goes on now."""
        return self._runner.is_running

    @property
    def says(self) -> str:
        """How fast it goes on, "" while it does not."""
        return self._runner.says if self._runner.is_running else ""

    @property
    def at_hand(self) -> Training | None:
        """The run at hand, once the number of its passes is guessed; None elsewhere."""
        station = self._screen.whole.current.station
        return station if isinstance(station, Training) and not station.is_open else None

    def make_way(self) -> None:
        """Leave a moment free, since a key was pressed."""
        self._runner.make_way()

    def toggle(self) -> None:
        """Start or stop."""
        if self._runner.is_running:
            self.stop()
        elif self.at_hand is not None:
            self._start(self.at_hand.next_goal)

    def to_goal(self) -> bool:
        """Run at full speed to the goal, and from there to the last pass; says whether there is a run."""
        if self.at_hand is None:
            return False
        self.stop()
        self.run_to(self.at_hand.next_goal)
        return True

    def run_to(self, below: float | None) -> None:
        """Run at full speed to the first loss `below`, or to the last pass; the learner's own speed stays."""
        self._runner.hurries = True
        self._start(below)

    def change_speed(self, by: int) -> bool:
        """Go faster or slower by so many notches; says whether there is a run."""
        if self.at_hand is None:
            return False
        self._runner.change_speed(by)
        self._screen.repaint()
        if not self._runner.is_running:
            self._screen.say(f"t runs it at {self._runner.says}")
        return True

    def stop(self) -> None:
        """Stop, and remember where."""
        if not self._runner.is_running:
            return
        self._runner.stop()
        self._pieces += 1
        screen = self._screen
        whole, screen.whole = screen.whole, self._before
        screen.become(whole)
        screen.repaint()

    def _start(self, below: float | None) -> None:
        self._runner.below = below
        self._before = self._screen.whole
        self._runner.start()
        self._screen.repaint()
        self._go_on()

    def _go_on(self) -> None:
        self._runner.go_on(self._screen, self._piece)

    def _piece(self) -> None:
        """Let the run go on for a moment, a heavy one beside the screen."""
        run = self.at_hand
        is_heavy = run is not None and run.is_heavy
        goes_on = self._runner.piece(beside=is_heavy)
        if goes_on is None or run is None:
            self._go_on()
        elif is_heavy:
            self._pieces += 1
            make = partial(self._make, self._pieces, run, self._runner.below, goes_on)
            self._screen.run_worker(make, thread=True)
        else:
            self._advance(goes_on)

    def _make(self, piece: int, run: Training, below: float | None, goes_on: GoesOn) -> None:
        """Make a piece of a heavy run, in a thread: it works on a fork, and only posts what came of it."""
        history, number = run.run.fork(), run.place.pass_number
        reached = history.advance(
            number, run.activity.last_pass, below, lambda made: piece == self._pieces and goes_on(made)
        )
        self._screen.post_message(Advanced(piece, history, reached - number))

    def take(self, advanced: Advanced) -> None:
        """Take a piece that was made in a thread, unless the run was stopped meanwhile."""
        run = self.at_hand
        if advanced.piece == self._pieces and self._runner.is_running and run is not None:
            run.run.take(advanced.history)
            self._advance(lambda made: made < advanced.made)  # all of them are known by now

    def _advance(self, goes_on: GoesOn) -> None:
        """Take the state that the run comes to, and have it go on."""
        screen, below = self._screen, self._runner.below
        here = screen.whole.current
        following = here.run_on(below, goes_on)
        if following is here:
            self.stop()
            if below is not None:
                screen.say(f"the run ends here: its loss did not get below {numeral(below)}")
            return
        screen.whole = screen.whole.with_current(following)
        loss = following.lesson_run.run(following.place.activity).loss(following.place.pass_number)
        if below is not None and loss is not None and loss < below:
            self.stop()
            return
        if self._runner.shows:
            screen.repaint()
        self._go_on()
