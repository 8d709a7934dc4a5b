"""What the app is told by the threads beside the screen, and by a lesson."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from nn_tutor.calculus.records import Deriver
    from nn_tutor.progress.recall import Recalled
    from nn_tutor.terminal.screens.home import Continuation


class Recalling(Message):
    """What was remembered of the learner has been read."""

    def __init__(self, recalled: Recalled, continuation: Continuation | None) -> None:
        super().__init__()
        self.recalled = recalled
        self.continuation = continuation


class Ready(Message):
    """NumPy and SymPy are loaded and warm."""

    def __init__(self, deriver: Deriver) -> None:
        super().__init__()
        self.deriver = deriver


class Stopped(Message):
    """A lesson that was opened from home cannot go on, for a fault of its own."""

    def __init__(self, fault: str) -> None:
        super().__init__()
        self.fault = fault
