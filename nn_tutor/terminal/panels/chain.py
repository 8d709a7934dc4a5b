"""The chain table: for every number its symbol, the rule SymPy derived, the numbers put in, and what NumPy got."""

from __future__ import annotations

from nn_tutor.course.activities.walk import Walk
from nn_tutor.network.quantities import Phase, Quantity, Ref
from nn_tutor.terminal.drawing.ink import Drawing, Line, Role, Span, cut, line, padded, width_of
from nn_tutor.terminal.view import ASKED, NOT_YET, WalkView

DETAIL_LINES = 3
"""Lines kept free below the table for the number in question, written out in full."""

ROLES: dict[Quantity, Role] = {
    "z": "output", "a": "output", "loss": "loss", "W": "weight", "b": "weight",
}  # fmt: skip

PHASE_TITLES: dict[Phase, str] = {
    "forward": "forward: from x to o",
    "loss": "loss: how wrong is o?",
    "backward": "backward: slopes, from L to the weights",
    "update": "update: one step downhill",
}

VALUE_WIDTH = 13
"""The cells of the column of values."""


def draw_chain(view: WalkView, width: int, height: int) -> Drawing:
    """Draw the table, with the number in question marked and written out below."""
    details = _detail_lines(view, width, height)
    rows = max(1, height - 1 - (details + 1 if details else 0))
    refs = _refs_in_view(view, rows)
    widths = _widths(view, width)
    heading = _heading(widths)
    body = [_table_row(view, ref, widths) for ref in refs]
    body += [()] * (rows - len(body))
    if not details:
        return (heading, *body)
    rule = line(Span("─" * width, "border"))
    return (heading, *body, rule, *_detail(view, width)[-details:])


def draw_chain_so_far(view: WalkView, width: int, height: int) -> Drawing:
    """Draw the way forward and the slope in question alone: what a formula for that slope is made from."""
    forward = [ref for ref in _every_row(view) if ref.phase in ("forward", "loss")]
    widths = _widths(view, width)
    return (_heading(widths), *(_table_row(view, ref, widths) for ref in (*forward[-max(0, height - 2) :], view.focus)))


def _detail_lines(view: WalkView, width: int, height: int) -> int:
    """How many lines stay free below the table: all of them, or the code alone where nothing in a row is cut then."""
    if height < 8:
        return 0
    refs = _every_row(view)
    if not height - 2 - DETAIL_LINES < len(refs) <= height - 3:
        return DETAIL_LINES
    _, rule, numbers = _widths(view, width)
    steps = [view.step(ref) for ref in refs]
    is_cut = any(len(step.rule or "") > rule - 1 or len(step.substituted or "") > numbers - 1 for step in steps)
    return DETAIL_LINES if is_cut else 1


def _refs_in_view(view: WalkView, rows: int) -> tuple[Ref, ...]:
    """The rows of the table: the whole pass where it fits, else from the layer at hand on, else a window of it."""
    every = _every_row(view)
    if len(every) <= rows:
        return every
    group = [ref for ref in every if _group(ref) == _group(view.focus)]
    if len(group) <= rows:
        start = min(every.index(group[0]), len(every) - rows)
        return every[start : start + rows]
    # Page by page, with a line of the page before, so that the lines stay where they are for a while.
    page = max(1, rows - 2)
    first = min(max(0, group.index(view.focus) - 1) // page * page, len(group) - rows)
    return tuple(group[first : first + rows])


def _every_row(view: WalkView) -> tuple[Ref, ...]:
    place, activity = view.session.place, view.session.activity
    every = tuple(view.session.tour.order(place.activity, place.pass_number))
    if not isinstance(activity, Walk) or activity.until == "update":
        return every
    return tuple(ref for ref in every if activity.reaches(ref.phase))


def _group(ref: Ref) -> tuple[str, int | None]:
    if ref.quantity in ("loss", "dL_do"):
        return ("output", None)
    return (ref.phase, ref.layer)


def _widths(view: WalkView, width: int) -> tuple[int, int, int]:
    names = 11 if view.network.is_scalar else 13
    room = width - 2 - names - 1 - VALUE_WIDTH - 3
    rule = max(8, room * 45 // 100)
    return names, rule, max(8, room - rule)


def _heading(widths: tuple[int, int, int]) -> Line:
    titles = (Span(""), Span("quantity", "muted"), Span("rule (SymPy)", "muted"), Span("numbers put in", "muted"))
    return _row(titles, Span("value (NumPy)", "muted"), widths)


def _table_row(view: WalkView, ref: Ref, widths: tuple[int, int, int]) -> Line:
    step = view.step(ref)
    lit = ref in view.lit
    mark = Span("▶ " if ref == view.focus else "  ", "accent")
    name = Span(step.symbol, ROLES.get(ref.quantity, "gradient"), lit)
    if ref in view.known:
        rule, numbers = Span(step.rule or "…", "text", lit), Span(step.substituted or "…", "text", lit)
        value = _value(view, ref, lit)
    else:
        asked = view.question is not None and ref == view.question.ref
        shown = view.shows_rule(ref)
        rule = Span((step.rule or "…") if shown else ASKED, "text" if shown else "accent", lit)
        numbers = Span(ASKED, "accent", True) if asked else Span(NOT_YET, "muted")
        if asked and view.shows_numbers(ref):
            numbers = Span(step.substituted or "…", "text", lit)
        value = Span(f"   {ASKED}".ljust(VALUE_WIDTH), "accent", True) if asked else Span(f"   {NOT_YET}", "muted")
    return _row((mark, name, rule, numbers), value, widths)


def _value(view: WalkView, ref: Ref, lit: bool) -> Span:
    """The number, aligned on its decimal point, with ✓ where the learner found it."""
    text = aligned(view.text(ref))
    questions = view.session.tour.questions(view.session.place.activity, view.session.place.pass_number)
    found = any(
        question.ref == ref and question.id in view.is_yours and question.kind == "number" for question in questions
    )
    mark = "✓" if found else " "
    return Span(
        text[: VALUE_WIDTH - 1].ljust(VALUE_WIDTH - 1) + mark, "right" if found else "strong" if lit else "text", lit
    )


def aligned(numeral: str, before: int = 4) -> str:
    """Return a numeral with blanks before it, so that the decimal points of a column stand below each other."""
    whole = numeral.partition(".")[0]
    return " " * max(0, before - len(whole)) + numeral


def _row(written: tuple[Span, Span, Span, Span], value: Span, widths: tuple[int, int, int]) -> Line:
    mark, name, rule, numbers = written
    cells = ((mark, 2, 0), (name, widths[0], 1), (rule, widths[1] - 1, 2), (numbers, widths[2] - 1, 2))
    return (*(span for cell, room, gap in cells for span in padded((cell,), room, gap)), value)


def _detail(view: WalkView, width: int) -> Drawing:
    """The number in question in full, as far as it may be seen: rule, numbers and value, and the line of code."""
    step = view.step(view.focus)
    role = ROLES.get(view.focus.quantity, "gradient")
    name = Span(f" {step.symbol}", role, True)
    rule = (step.rule or "deriving …") if view.shows_rule(view.focus) else ASKED
    numbers = (step.substituted or "…") if view.shows_numbers(view.focus) else ASKED
    value = view.text(view.focus)
    first = line(name, Span(" = ", "muted"), Span(rule))
    comes_to = line() if numbers == value else line(Span(f" {step.relation} ", "muted"), Span(value, role, True))
    put_in = line(Span(" " * (1 + width_of((Span(step.symbol),))) + " = ", "muted"), Span(numbers))
    second = line(*cut(put_in, width - width_of(comes_to)), *comes_to)
    code = step.code if view.shows_rule(view.focus) else f"{step.code.partition(' = ')[0]} = {ASKED}"
    return tuple(cut(part, width) for part in (first, second, line(Span(" >>> ", "muted"), Span(code, "muted"))))
