"""A text over the screen, to be read and put away."""

from __future__ import annotations

from textual.screen import ModalScreen


class Overlay(ModalScreen[None]):
    """A frame in the middle, as wide as a page of words, that scrolls where it has to."""

    DEFAULT_CSS = """
    Overlay { align: center middle; }
    Overlay > VerticalScroll {
        width: 78; max-width: 100%; height: auto; max-height: 100%; background: $panel; padding: 1 2;
    }
    """
