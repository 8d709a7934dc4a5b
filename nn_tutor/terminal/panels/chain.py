"""The chain table: for every number its symbol, the rule SymPy derived, the numbers put in, and what NumPy got."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from nn_tutor.network.graph import graph_of
from nn_tutor.terminal.drawing.code_lines import in_pieces
from nn_tutor.terminal.drawing.ink import Drawing, Line, Span, cut, line, padded, plain, width_of, wrapped
from nn_tutor.terminal.panels.chain_rows import role_of, row_of, table_row, table_rows, value_of_row
from nn_tutor.terminal.panels.chain_sizes import (
    MAX_WANTED,
    NUMBERS,
    QUANTITY,
    RULE,
    VALUE_WIDTH,
    Widths,
    heights_of,
    lowest_of,
    narrow_heights,
    page_of,
    texts_of,
    told_lines,
    widths_of,
)
from nn_tutor.terminal.panels.row_heights import Texts, fitted, rule_lines_of
from nn_tutor.terminal.panels.shortened import sums_over
from nn_tutor.terminal.view import text_of
from nn_tutor.tutor.visible import Covered, View

if TYPE_CHECKING:
    from nn_tutor.network.quantities import Phase, Ref

DETAIL_LINES = 3
"""Lines kept free below the table for the number in question, written out in full."""

PHASE_TITLES: dict[Phase, str] = {
    "forward": "forward: from x to o",
    "loss": "loss: how wrong is o?",
    "backward": "backward: slopes, from L to the weights",
    "update": "update: one step downhill",
}

SAID = re.compile(r" above| below| (?=\d)| ·")
"""What is left out of how many rows are out of sight where that has little room: arrows and numbers stay."""

BARE, ARROWS = re.compile(r"(?: · )?(\d+) (a|b)\w+"), {ord("a"): "↑", ord("b"): " ↓"}
"""How the same is said with arrows in their place, where the words have no room."""


FEW = 3
"""Of so few rows the number in question is the last: what it is made from stands above it."""

LOW = 10
"""A table of fewer lines has none to spare."""

PROMPT = "  >>> "
"""What stands before a line of code."""


def draw_chain(view: View, width: int, height: int, scrolled: int | None = None, *, has_code: bool = True) -> Drawing:
    """Draw the table, with the number in question marked; where it does not fit into its row it is written out below.

    What is too long for its column goes on in the next line where there are lines to spare, else a sum is written
    shorter. Where not all rows have room, the line below them says how many stand above and below. Rows `scrolled`
    further down than usual, or up, are shown; None where it cannot be scrolled. Without `has_code` the line of code is
    left out: it stands elsewhere.
    """
    detail, rows, usual = _division(view, width, height, has_code=has_code)
    first, refs = _window(view, rows, scrolled or 0)
    page = _on_a_page(view, first, refs, width, usual, is_scrolled=scrolled is not None)
    below = len(view.refs) - page.first - len(page.refs)
    more = _more(page.first, below, has_keys=scrolled is not None)
    heading = _heading(page.widths, "" if detail else more)
    rows_of = zip(page.refs, page.heights, rule_lines_of(page.texts, page.heights), strict=True)
    body = [one for ref, *lines in rows_of for one in table_rows(view, ref, page.widths, *lines)]
    over = sums_over(plain(body).split("\n"))
    body += [()] * (rows - len(body))
    if not detail:
        return (heading, *body)
    rule = _rule(width, " · ".join(part for part in (more, over) if part))
    return (heading, *body, rule, *detail)


def rows_out_of_sight(view: View, width: int, height: int) -> tuple[int, int]:
    """Return how many rows of the table stand above and below those that are shown."""
    first, refs = _window(view, _division(view, width, height)[1])
    return first, len(view.refs) - first - len(refs)


def _division(view: View, width: int, height: int, *, has_code: bool = True) -> tuple[Drawing, int, int]:
    """The number in question in full, as much of it as stands below the table, and how many lines that leaves.

    With it comes how many of them are laid out: the same at each step, also where there is a line of code less.
    """
    words, code = _detail(view, width)
    code = code if has_code else ()
    lines = _detail_lines(view, width, height)
    detail = code if lines else ()
    if lines > 1:  # a long sum takes what it needs, up to half of the room
        most = max(lines - 1, height // 2 - len(code))
        if height < LOW and len(code) > 1 and view.row(view.focus).numbers is Covered.ASKED:
            most -= 1  # the last line only says that the number is asked: a row of the table says more
        detail = (*words[:most], *code)
    rows = max(1, height - 1 - (len(detail) + 1 if detail else 0))
    return detail, rows, min(rows, height - 2 - DETAIL_LINES) if lines > 1 else rows


def _more(above: int, below: int, *, has_keys: bool) -> str:
    """How many rows are out of sight, with the keys that lead there if there are any; "" for none."""
    parts = [
        f"{sign}{count} {where}" for sign, count, where in (("↑ ", above, "above"), ("↓ ", below, "below")) if count
    ]
    return " · ".join(part if has_keys else part[2:] for part in parts)


def _rule(width: int, said: str) -> Line:
    """A rule, with something said at its beginning."""
    if not said:
        return line(Span("─" * width, "border"))
    return line(Span("── ", "border"), Span(said, "muted"), Span(" " + "─" * (width - len(said) - 4), "border"))


def draw_narrow_chain(view: View, width: int, height: int) -> Drawing:
    """Draw the table beside words, in a narrow room: for each number its name, what it is made from, and its value.

    Where there is no room for what it is made from, name and value stand alone.
    """
    refs = _window(view, max(1, height - 1))[1]
    names = max(len(QUANTITY), *(width_of((Span(view.row(ref).symbol),)) for ref in refs)) + 2
    room = width - 2 - names - VALUE_WIDTH
    room = room if room > len(NUMBERS) else 0
    title = padded((Span(NUMBERS if room else "", "muted"),), room)
    drawn = [line("  ", *padded((Span(QUANTITY, "muted"),), names), *title)]
    rows = [view.row(ref) for ref in refs]
    texts = [text_of(row.numbers) if room else "" for row in rows]
    start, heights = narrow_heights(texts, room - 1, height - 1, refs.index(view.focus))
    for row, text, lines in zip(rows[start:], texts[start:], heights, strict=True):
        first, *others = fitted(text, room - 1, lines) if room else ("",)
        mark = Span("▶ " if row.ref == view.focus else "  ", "accent")
        middle = padded((Span(first, role_of(row.numbers)),), room - 1, 1) if room else ()
        drawn.append(
            (mark, *padded((Span(row.symbol, row.ref.role, ref=row.ref),), names), *middle, value_of_row(row, False))
        )
        drawn += [line(Span(" " * (2 + names)), Span(part)) for part in others]
    return tuple(cut(one, width) for one in drawn)


def draw_chain_so_far(view: View, width: int, height: int) -> Drawing:
    """Draw the way forward and the slope in question alone: what a formula for that slope is made from."""
    forward = [ref for ref in view.refs if ref.phase in ("forward", "loss")]
    refs = (*forward[-max(0, height - 2) :], view.focus)
    widths = widths_of(view, width, refs, texts_of(view, refs))
    return (_heading(widths), *(table_row(view, ref, widths) for ref in refs))


def _detail_lines(view: View, width: int, height: int) -> int:
    """How many lines stay free below the table: all of them where all rows have room beside them, or where one is cut.

    Else the code alone: what a row holds need not be said twice where others have no room. One quantity has the same
    lines in all its rows, so that the table stays where it is from one step to the next.
    """
    if height < 8:
        return 0
    first, refs = _window(view, height - 3)
    room, is_whole = height - 2 - DETAIL_LINES, len(refs) == len(view.refs)
    if is_whole and sum(lowest_of(view, width, refs, texts_of(view, refs))) <= room:
        return DETAIL_LINES
    page = _on_a_page(view, first, refs, width, height - 3, is_scrolled=False)
    rows = zip(page.refs, page.texts, page.heights, strict=True)
    alike = [(row, lines) for ref, row, lines in rows if _is_alike(ref, view.focus)]
    return 1 if all(told_lines(row, page.widths) <= lines for row, lines in alike) else DETAIL_LINES


def _is_alike(one: Ref, other: Ref) -> bool:
    """Whether two numbers are of one quantity, which has the same lines in all its rows."""
    return (one.quantity, one.layer) == (other.quantity, other.layer)


class _Page(NamedTuple):
    """Rows of the table that are shown together: the place of the first, and how they are written."""

    first: int
    refs: tuple[Ref, ...]
    texts: Texts
    widths: Widths
    heights: tuple[int, ...]


def _page(view: View, first: int, refs: tuple[Ref, ...], width: int, rows: int) -> _Page:
    texts = texts_of(view, refs)
    widths = widths_of(view, width, refs, texts, rows)
    return _Page(first, refs, texts, widths, heights_of(texts, widths, rows))


def _on_a_page(view: View, first: int, refs: tuple[Ref, ...], width: int, rows: int, *, is_scrolled: bool) -> _Page:
    """The rows of a window that are shown.

    Where others are out of sight in any case, or the one in question is cut, and nobody scrolls them, fewer are shown
    if these can be told in full then: a page of them, with a row of the page before.
    """
    page = _page(view, first, refs, width, rows)
    untold = [
        ref
        for ref, row, lines in zip(refs, page.texts, page.heights, strict=True)
        if lines < told_lines(row, page.widths)
    ]
    is_overview = len(refs) == len(view.refs) and not any(_is_alike(ref, view.focus) for ref in untold)
    if not untold or is_scrolled or is_overview:
        return page
    wanted = lowest_of(view, width, refs, page.texts)
    start, end = page_of(wanted, rows, refs.index(view.focus))
    is_parted = view.lit <= {*refs} and not view.lit <= {*refs[start:end]}
    if is_parted or sum(wanted) > rows * MAX_WANTED:
        return page  # what is found together stays in sight
    return _page(view, first + start, refs[start:end], width, rows)


def _window(view: View, rows: int, scrolled: int = 0) -> tuple[int, tuple[Ref, ...]]:
    """The rows of the table, and the place of the first of them; `scrolled` further down than they are by themselves.

    The whole pass where it fits, else from the layer at hand on, else a window of that. Outputs stand above their loss.
    """
    every = view.refs
    if len(every) <= rows:
        return 0, every
    focus = every.index(view.focus)
    first, end = _group_around(every, focus)
    if end - first > rows:
        # Page by page, with a line of the page before, so that the lines stay where they are for a while.
        page, within = max(1, rows - 2), focus - first
        above = within - rows + 1 if rows <= FEW else (within - 1) // page * page
        first += min(max(0, above), end - first - rows)
        kind = [
            at for at, ref in enumerate(every) if (ref.quantity, ref.layer) == (view.focus.quantity, view.focus.layer)
        ]
        if len(kind) < rows and kind == list(range(kind[0], kind[-1] + 1)):  # a whole matrix, where it has room
            first = max(first, kind[-1] - rows + 1)
    first = _with_outputs(every, focus, first, end, rows)
    first = _with_parts(view, focus, first, rows)
    last = len(every) - rows
    first = min(max(0, min(first, last) + scrolled), last)
    return first, every[first : first + rows]


def _with_outputs(every: Sequence[Ref], focus: int, first: int, end: int, rows: int) -> int:
    """The first row with the outputs above loss and slopes: with all of them, or with those right above the loss."""
    start, _ = _group_around(every, focus)
    if _group(every[focus]) != _OUTPUT or not start:
        return first
    before, _ = _group_around(every, start - 1)
    if end - before <= rows:
        return before
    return min(first, max(before, focus - rows + 1)) if every[focus].quantity == "loss" else first


def _with_parts(view: View, focus: int, first: int, rows: int) -> int:
    """The first row with the numbers that an asked one is made from, where these have room above it."""
    if view.focus not in view.asked:
        return first
    places = {ref: place for place, ref in enumerate(view.refs[:focus])}
    arguments = graph_of(view.network, view.samples).as_printed(view.focus).arguments
    parts = [places[one] for one in arguments if one in places]
    return min([first, *(part for part in parts if part > focus - rows)])


def _group_around(every: Sequence[Ref], place: int) -> tuple[int, int]:
    """The rows of the layer that the number at a place belongs to, which stand together: the first, and that behind."""
    first, at_hand = place, _group(every[place])
    while first and _group(every[first - 1]) == at_hand:
        first -= 1
    end = place + 1
    while end < len(every) and _group(every[end]) == at_hand:
        end += 1
    return first, end


def _group(ref: Ref) -> tuple[str, int | None]:
    if ref.quantity in ("loss", "dL_do"):
        return _OUTPUT
    return (ref.phase, ref.layer)


_OUTPUT = ("output", None)
"""What the loss and the slopes of the outputs belong to."""


def _heading(widths: Widths, more: str = "") -> Line:
    """The names of the columns; how many rows are out of sight stands at the end of one that has room for it."""
    numbers = NUMBERS if len(NUMBERS) <= widths[2] - 3 else NUMBERS.removeprefix("with ")
    titles, rooms = [RULE, numbers], [widths[1] - 1, widths[2] - 1]
    if more:
        short = SAID.sub("", more) if "↑" in more or "↓" in more else BARE.sub(r"\2\1", more).translate(ARROWS).strip()
        tries = ((text, place) for text in (more, short) for place in (1, 0))
        room_for = ((text, place) for text, place in tries if len(titles[place]) + 2 + len(text) <= rooms[place])
        text, place = next(room_for, ("", 0))
        titles[place] = titles[place] + text.rjust(rooms[place] - len(titles[place])) if text else short
    written = (Span(""), Span(QUANTITY, "muted"), Span(titles[0], "muted"), Span(titles[1], "muted"))
    return row_of(written, Span("value (NumPy)", "muted"), widths)


def _detail(view: View, width: int) -> tuple[Drawing, Drawing]:
    """The number in question in full, as far as it may be seen: rule, numbers and value, and the code."""
    row = view.row(view.focus)
    role = view.focus.role
    name = line(Span(f"  {row.symbol}", role, True), Span(" = ", "muted"))
    below = line(Span(" " * (width_of(name) - 2)), Span("= ", "muted"))
    numbers, value = text_of(row.numbers), text_of(row.value)
    comes_to = line() if numbers == value else line(Span(f" {row.relation} ", "muted"), Span(value, role, True))
    rule = line(Span("deriving …" if row.rule is None else text_of(row.rule)))
    pieces = in_pieces(row.code, width - len(PROMPT))
    code = [
        cut(line(Span(" " * len(PROMPT) if at else PROMPT, "muted"), Span(piece, "muted")), width)
        for at, piece in enumerate(pieces)
    ]
    words = (*_hanging(name, rule, width), *_hanging(below, line(Span(numbers), *comes_to), width))
    return words, tuple(code)


def _hanging(head: Line, content: Line, width: int) -> list[Line]:
    """A line that begins with its head, and goes on below its own beginning where it is too long."""
    indent = width_of(head)
    first, *others = wrapped(content, max(10, width - indent))
    return [(*head, *first), *((Span(" " * indent), *part) for part in others)]
