"""The help: every key with what it does, made from the key map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from nn_tutor.terminal.screens.overlay import Overlay
from nn_tutor.tutor.keymap import State, keys_in

_TITLES: dict[State, str] = {
    "answering": "While you answer (letters and digits go to the line)",
    "looking": "While you look around (esc takes you here)",
}

_AT_HOME = (
    ("t", "on a lesson: five fresh questions without hints; four right, and it counts as done"),
    ("n", "your own network: a form asks for it, and everything in it is kept"),
    ("e r", "on a network of your own: change it, rename it"),
    ("x d", "on a network of your own: write it as a lesson folder, delete it"),
)

_NOTATION = (
    ("x", "input"),
    ("w W", "weight, weights; W[out][in]"),
    ("b", "bias"),
    ("z", "weighted sum"),
    ("a", "activation of a hidden layer"),
    ("o", "output of the network"),
    ("y", "target"),
    ("L", "loss"),
    ("∂L/∂w", "read: slope of L with respect to (w.r.t.) w, the rest held fixed"),
    ("δ", "slope of L with respect to z"),
    ("η", "learning rate; type it as lr"),
    ("w′", "the new w, after one step"),
)


_WHAT_COUNTS = (
    ("1.76", "a number counts where it is within 1 % of the right one, or rounds to it; the"),
    ("", "decimals that are named always suffice, and tell every known mistake apart"),
    ("2*(o-y)", "a calculation counts as well: keep its digits, and round at the end"),
    ("≈", "the program carries on with all digits; the printed ones are rounded"),
)


class HelpScreen(Overlay):
    """Shows the keys of both states and the notation; esc, enter or F1 closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,f1,q", "dismiss", "close", show=False),
    ]

    def __init__(self, title: str = "", keys: Sequence[tuple[str, str]] = ()) -> None:
        """Keys that belong to the screen below come first, under their own title."""
        super().__init__()
        self.first = title
        self.keys = tuple(keys)

    def compose(self) -> ComposeResult:
        """The keys of the screen below, those of a lesson by state, then the notation."""
        with VerticalScroll():
            if self.keys:
                yield Static(Content.styled(self.first, "bold"))
                for label, explanation in self.keys:
                    yield Static(Content(f"  {label:<10} {explanation}"))
                yield Static("")
            for state, title in _TITLES.items():
                yield Static(Content.styled(title, "bold"))
                for key in keys_in(state):
                    yield Static(Content(f"  {key.label:<10} {key.explanation}"))
                yield Static("")
            yield Static(Content.styled("At home", "bold"))
            for name, meaning in _AT_HOME:
                yield Static(Content(f"  {name:<10} {meaning}"))
            yield Static("")
            yield Static(Content.styled("What counts as right", "bold"))
            for name, meaning in _WHAT_COUNTS:
                yield Static(Content(f"  {name:<10} {meaning}"))
            yield Static("")
            yield Static(Content.styled("What the letters mean", "bold"))
            for name, meaning in _NOTATION:
                yield Static(Content(f"  {name:<10} {meaning}"))
            yield Static("")
            yield Static(Content.styled("esc closes this help; ctrl+p opens the command palette (themes, too)", "dim"))
