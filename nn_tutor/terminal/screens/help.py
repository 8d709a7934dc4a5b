"""The help: every key with what it does, made from the key map."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from nn_tutor.terminal.screens.overlay import Overlay, ways
from nn_tutor.tutor.keymap import State, keys_in

_TITLES: dict[State, str] = {
    "answering": "While you answer (letters and digits go to the line)",
    "looking": "While you look around (esc takes you here)",
}

AT_HOME = "At home"

KEYS_AT_HOME = (
    ("enter", "open what is marked"),
    ("↑ ↓", "mark another line; Home and End the first and the last"),
    ("ctrl+p", "everything that can be opened, by its name; the themes, too"),
    ("q", "quit"),
    ("F4", "the words of the field, and what they mean"),
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
    ("w₂₁₃", "in layer 2, into its unit 1, from number 3 of what enters; code counts from 0: W2[0, 2]"),
    ("x₁⁽²⁾", "the number in brackets is the sample: x₁ of sample 2; type it as x1_2"),
    ("⊙", "multiplied number by number, nothing added; Wᵀ is W with rows and columns exchanged"),
    ("v′", "the new velocity, in momentum; in Adam and RMSProp the new average of the squared slopes"),
    ("μ", "momentum: the part of the old velocity that is kept; type it as mu"),
    ("m′", "the new average of the slopes, in Adam"),
    ("m̂ v̂", "both averages, corrected for their start at 0; type them as m_hat and v_hat"),
    ("β₁ β₂", "the parts of the old averages that are kept; type them as beta1 and beta2, ρ of RMSProp as rho"),
    ("t", "the number of the pass"),
    ("ε", "a tiny number that keeps a division from being one by 0; type it as epsilon"),
    ("λ", "the strength of weight decay, and of L2; type it as lambda"),
)

_PICTURES = (
    ("━ ╍", "edges: unbroken is above 0, dashed below; the thicker, the more flows through"),
    ("═ ⠶", "double and heavy lines: the part that is in question"),
    ("● ◇", "on a curve or a map: where it is now, and where the next step leads"),
    (
        "⠒⠒ ⢸⡇",
        "over a long run: the mean of some passes, and behind it the range of their losses",
    ),
)


_WHAT_COUNTS = (
    (
        "1.76",
        "a number counts where it is within 1 % of the right one, or rounds to it; the decimals that are named "
        "always suffice, and tell every known mistake apart",
    ),
    ("2*(o-y)", "a calculation counts as well: keep its digits, and round at the end"),
    ("≈", "the program carries on with all digits; the printed ones are rounded"),
)


WIDTH, AROUND, INDENT = 80, 8, 13
"""The cells of the page, of its margins with the scroll bar and the gap before it, and those before an explanation."""


class HelpScreen(Overlay):
    """Shows the keys of both states, the notation and the signs of pictures; esc, enter or F1 closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,f1,q", "dismiss", "close", show=False),
    ]

    def __init__(self, title: str = "", keys: Sequence[tuple[str, str]] = ()) -> None:
        """Keys that belong to the screen below come first, under their own title; those at home are listed once."""
        super().__init__()
        self.first = title
        self.keys = tuple(keys)

    def compose(self) -> ComposeResult:
        """The keys of the screen below, those of a lesson by state, then notation and pictures."""
        lessons = [
            (title, [(key.label, key.explanation) for key in keys_in(state)]) for state, title in _TITLES.items()
        ]
        sections = [
            (self.first, self.keys),
            *lessons,
            *([] if self.first == AT_HOME else [(AT_HOME, KEYS_AT_HOME)]),
            ("What counts as right", _WHAT_COUNTS),
            ("What the letters mean", _NOTATION),
            ("What the pictures show", _PICTURES),
        ]
        with Vertical():
            with VerticalScroll():
                for title, entries in sections:
                    if entries:
                        yield Static(Content.styled(title, "bold"))
                        yield from (Static(self._entry(label, meaning)) for label, meaning in entries)
                        yield Static("")
                yield Static(Content.styled("ctrl+p opens the command palette (themes, too)", "dim"))
            yield ways()

    def _entry(self, label: str, meaning: str) -> Content:
        """A key and what it does, in a column of its own however long that is."""
        room = min(WIDTH, self.app.size.width) - AROUND - INDENT
        key = label + " " * (10 - cell_len(label))
        return Content(f"  {key} " + f"\n{' ' * INDENT}".join(wrap(meaning, max(20, room))))
