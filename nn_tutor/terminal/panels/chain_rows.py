"""The rows of the chain table: a number's name, its rule, the numbers put in, and its value, on one line or several."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from nn_tutor.terminal.drawing.ink import Drawing, Line, Role, Span, padded
from nn_tutor.terminal.panels.chain_sizes import VALUE_WIDTH, Widths
from nn_tutor.terminal.panels.row_heights import fitted
from nn_tutor.terminal.panels.shortened import shortened
from nn_tutor.terminal.view import text_of
from nn_tutor.tutor.visible import Covered, Row, View

if TYPE_CHECKING:
    from nn_tutor.network.quantities import Ref


def table_rows(view: View, ref: Ref, widths: Widths, lines: int, of_rule: int) -> Drawing:
    """A row on so many lines, its rule on fewer of them where the others of its kind have no more."""
    if lines == 1:
        return (table_row(view, ref, widths),)
    return _drawn_rows(view.row(ref), ref in view.lit, ref == view.focus, widths, lines, of_rule)


@lru_cache(maxsize=256)
def _drawn_rows(row: Row, lit: bool, is_in_question: bool, widths: Widths, lines: int, of_rule: int) -> Drawing:
    """A row whose rule or numbers are too long for their column, on several lines."""
    rule, numbers = (
        part if isinstance(part, Covered) or part is None else fitted(part, room - 1, most)
        for part, room, most in ((row.rule, widths[1], of_rule), (row.numbers, widths[2], lines))
    )
    first = replace(
        row,
        rule=rule[0] if isinstance(rule, tuple) else rule,
        numbers=numbers[0] if isinstance(numbers, tuple) else numbers,
    )
    drawn = [_drawn_row(first, lit, is_in_question, widths)]
    for place in range(1, lines):
        texts = [part[place] if isinstance(part, tuple) and place < len(part) else "" for part in (rule, numbers)]
        spans = [Span(text, _found_with_it(lit), lit and is_in_question) for text in texts]
        drawn.append(row_of((Span(""), Span(""), spans[0], spans[1]), Span(""), widths))
    return tuple(drawn)


def table_row(view: View, ref: Ref, widths: Widths) -> Line:
    """Return a row on one line."""
    return _drawn_row(view.row(ref), ref in view.lit, ref == view.focus, widths)


@lru_cache(maxsize=256)
def _drawn_row(row: Row, lit: bool, is_in_question: bool, widths: Widths) -> Line:
    """A row of the table; kept, as from one step to the next only a few of them change.

    Of several that a step finds together, the one in question alone is lit; the others are bold.
    """
    ref, role = row.ref, _found_with_it(lit)
    lit = lit and is_in_question
    mark = Span("▶ " if is_in_question else "  ", "accent")
    name = Span(row.symbol, ref.role, lit, ref=ref)
    numbers_lit = lit or row.numbers is Covered.ASKED
    texts = (text_of(row.rule), widths[1]), (text_of(row.numbers), widths[2])
    by_symbols, with_numbers = (shortened(text, room - 1) for text, room in texts)
    rule = Span(by_symbols, "accent" if row.rule is Covered.ASKED else role, lit)
    numbers_role = role_of(row.numbers) if isinstance(row.numbers, Covered) else role
    numbers = Span(with_numbers, numbers_role, numbers_lit and row.numbers is not Covered.NOT_YET)
    return row_of((mark, name, rule, numbers), value_of_row(row, lit, role), widths)


def _found_with_it(is_found: bool) -> Role:
    """The role of the words of a row, bold where the step at hand finds it."""
    return "strong" if is_found else "text"


def role_of(part: str | Covered | None) -> Role:
    """Return how a rule or numbers are drawn, where nothing is lit."""
    return "accent" if part is Covered.ASKED else "muted" if part is Covered.NOT_YET else "text"


def value_of_row(row: Row, lit: bool, role: Role = "text") -> Span:
    """The number, aligned on its decimal point, with ✓ where the learner found it."""
    if isinstance(row.value, Covered):
        is_asked = row.value is Covered.ASKED
        text = f"   {row.value.value}"
        return Span(text.ljust(VALUE_WIDTH) if is_asked else text, role_of(row.value), is_asked)
    mark = "✓" if row.is_yours else " "
    text = aligned(row.value)[: VALUE_WIDTH - 1].ljust(VALUE_WIDTH - 1) + mark
    return Span(text, "right" if row.is_yours else role, lit)


def aligned(numeral: str, before: int = 4) -> str:
    """Return a numeral with blanks before it, so that the decimal points of a column stand below each other."""
    whole = numeral.partition(".")[0]
    return " " * max(0, before - len(whole)) + numeral


def row_of(written: tuple[Span, Span, Span, Span], value: Span, widths: Widths) -> Line:
    """Lay out the parts of a row: its mark, name, rule and numbers, and its value."""
    mark, name, rule, numbers = written
    cells = ((mark, 2, 0), (name, widths[0], 1), (rule, widths[1] - 1, 2), (numbers, widths[2] - 1, 2))
    return (*(span for cell, room, gap in cells for span in padded((cell,), room, gap)), value)
