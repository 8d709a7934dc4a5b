"""What the threads beside the screen tell the app."""

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
