"""What a click on a drawing is aimed at: a tab, a number, an option."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nn_tutor.terminal.drawing.ink import Line, width_of

if TYPE_CHECKING:
    from nn_tutor.network.quantities import Ref

_TAB = re.compile(r"\[?(?P<number>[1-6]) \w+\]?")
_OPTION = re.compile(r"(?:│\s)?\s{2}(?:\s|▶)\s(?P<letter>[a-f])\s{2}")  # on a wide screen a panel frames it


def tab_at(line: Line, column: int) -> int | None:
    """Return the number of the tab at a column of the row of tabs, None between them."""
    tabs = _TAB.finditer(_text(line))
    return next((int(tab["number"]) for tab in tabs if tab.start() <= column <= tab.end()), None)


def option_of(line: Line) -> str:
    """Return the letter of the option that a line begins, "" where it begins none."""
    option = _OPTION.match(_text(line))
    return "" if option is None else option["letter"]


def ref_at(line: Line, column: int) -> Ref | None:
    """Return the number of the pass that stands at a column, None where none does."""
    end = 0
    for span in line:
        end += width_of((span,))
        if column < end:
            return span.ref
    return None


def _text(line: Line) -> str:
    return "".join(span.text for span in line)
