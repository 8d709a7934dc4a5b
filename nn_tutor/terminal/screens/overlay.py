"""A text over the screen, to be read and put away."""

from __future__ import annotations

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen


class Overlay(ModalScreen[None]):
    """A frame in the middle, as wide as a page of words, that scrolls where it has to."""

    DEFAULT_CSS = """
    Overlay { align: center middle; }
    Overlay > VerticalScroll {
        width: 78; max-width: 100%; height: auto; max-height: 100%; background: $panel; padding: 1 2;
    }
    """

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Close, once: a key that was on its way when it closed does not close what lies below."""
        return super().dismiss(result) if self.is_active else AwaitComplete()
