"""The diagram in motion: after a step its frames are shown one by one, until the next key, and none delays a key."""

from __future__ import annotations

from collections.abc import Callable

from textual.timer import Timer

from nn_tutor.terminal.drawing.ink import Drawing

FRAME = 0.04
"""The seconds between two frames: all of them together are over within a quarter of a second."""

Show = Callable[[Drawing], None]
SetTimer = Callable[[float, Callable[[], None]], Timer]


class Moving:
    """Plays frames on a timer. The drawing itself was painted before: what moves comes after, and may be cut off."""

    def __init__(self, show: Show, set_timer: SetTimer, is_behind: Callable[[], bool]) -> None:
        self._show = show
        self._set_timer = set_timer
        self._is_behind = is_behind
        self._timer: Timer | None = None
        self._left: list[Drawing] = []
        self.is_off = False
        """Whether the terminal was too slow for it: then nothing moves any more."""

    def play(self, make: Callable[[], tuple[Drawing, ...]], final: Drawing) -> None:
        """Play the frames that `make` returns, then the drawing itself; they are made once the key was answered."""
        self.stop()
        if not self.is_off:
            self._timer = self._set_timer(FRAME, lambda: self._begin(make, final))

    def stop(self) -> None:
        """Show the drawing itself at once, if something moves."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if self._left:
            final, self._left = self._left[-1], []
            self._show(final)

    def forget(self) -> None:
        """Play no more, since everything is painted anew."""
        self._left = []
        self.stop()

    def _begin(self, make: Callable[[], tuple[Drawing, ...]], final: Drawing) -> None:
        frames = make()
        self._left = [*frames, final] if frames else []
        self._next()

    def _next(self) -> None:
        self._timer = None
        if not self._left:
            return
        if self._is_behind():
            self.is_off = True
            self.stop()
            return
        frame = self._left.pop(0)
        self._show(frame)
        if self._left:
            self._timer = self._set_timer(FRAME, self._next)
