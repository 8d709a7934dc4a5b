"""A text over the screen, to be read and put away."""

from __future__ import annotations

from textual.await_complete import AwaitComplete
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static


def ways() -> Static:
    """Make the line below a page that scrolls: how, and how to go back."""
    return Static(Content.styled("↑ ↓ scroll, esc goes back", "dim"), id="ways")


class Overlay(ModalScreen[None]):
    """A frame in the middle, as wide as a page of words, that scrolls where it has to.

    Of a page that always scrolls the frame is a `Vertical`, with what scrolls in it and the ways below.
    """

    DEFAULT_CSS = """
    Overlay { align: center middle; }
    Overlay > VerticalScroll {
        width: 78; max-width: 100%; height: auto; max-height: 100%; background: $panel; padding: 1 2;
    }
    Overlay > Vertical { width: 80; max-width: 100%; height: 100%; background: $panel; padding: 1 2; }
    Overlay > Vertical > VerticalScroll { height: 1fr; }
    Overlay > Vertical > VerticalScroll > Static { padding-right: 2; }
    Overlay #ways { margin-top: 1; }
    """

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Close, once: a key that was on its way when it closed does not close what lies below."""
        return super().dismiss(result) if self.is_active else AwaitComplete()
