"""The page of a sheet: the network with the learner's numbers, every number of a pass as a cell, and what was found."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from nn_tutor.calculus.names import symbol
from nn_tutor.homework.sheet import slip_said
from nn_tutor.homework.sheet_views import conventions_said
from nn_tutor.network.counted import counted
from nn_tutor.terminal.drawing.diagram import draw_diagram, wanted_height
from nn_tutor.terminal.drawing.diagram_parts import DiagramPicture
from nn_tutor.terminal.drawing.ink import Drawing, Line, Role, Span, beside, cut, line, padded, wrapped
from nn_tutor.walkthrough.badge import loss_badge
from nn_tutor.walkthrough.steps import make_step

if TYPE_CHECKING:
    from nn_tutor.calculus.records import Deriver
    from nn_tutor.homework.filled import FilledSheet
    from nn_tutor.network.quantities import Phase, Ref
    from nn_tutor.network.records import Pass

NAME, TEXT = 9, 9
"""Cells for the name of a number and for the number."""

MARK = 3
"""Cells for the mark before a name."""

MIN_GRID = 6
"""How many lines of the grid are always in sight; the network is left out before they are fewer."""

TITLES: dict[Phase, str] = {"forward": "forward", "loss": "loss", "backward": "backward", "update": "update"}

_MARKS: dict[str, tuple[str, Role]] = {
    "correct": ("✓", "right"),
    "convention": ("✓", "right"),
    "follow_through": ("↳", "muted"),
    "more_digits": ("~", "accent"),
    "near": ("✗", "wrong"),
    "diagnosed": ("✗", "wrong"),
    "wrong": ("✗", "wrong"),
}
"""The mark of each verdict."""

LEGEND = "✓ right   ↳ only follows from a slip   ~ more digits   ✗ slip"


def rows_of_grid(sheet: FilledSheet, width: int) -> tuple[tuple[Ref, ...], ...]:
    """Return the numbers of a pass as they stand in the lines of the grid: each line of one phase.

    The numbers of a quantity stay together: where they do not fit behind others they begin a line.
    """
    most = max(1, (width - 2) // (MARK + NAME + TEXT + 2))
    rows: list[tuple[Ref, ...]] = []
    row: list[Ref] = []
    groups = (tuple(group) for _, group in groupby(sheet.refs(), lambda ref: (ref.phase, ref.quantity, ref.layer)))
    for group in groups:
        if row and (group[0].phase != row[-1].phase or len(row) + len(group) > most):
            rows.append(tuple(row))
            row = []
        for ref in group:
            if len(row) == most:
                rows.append(tuple(row))
                row = []
            row.append(ref)
    return (*rows, tuple(row)) if row else tuple(rows)


def draw_sheet(
    sheet: FilledSheet, passed: Pass, title: str, width: int, height: int, typed: str, deriver: Deriver | None
) -> Drawing:
    """Draw all that stands above the line, on exactly `height` lines."""
    rule = line(Span("─" * width, "border"))
    head = [_header(sheet, title, width), rule]
    figure = _figure(sheet, passed, width, height - MIN_GRID - 7)
    body = [*figure, rule] if figure else []
    chain = _chain(sheet, passed, width, deriver)
    foot = [rule, *chain, _prompt(sheet, width)]
    room = max(1, height - len(head) - len(body) - len(foot))
    grid = _grid(sheet, width, room, typed)
    filler: list[Line] = [()] * (room - len(grid))
    return tuple([*head, *body, *grid, *filler, *foot][:height])


def draw_found(sheet: FilledSheet, said: str, is_checking: bool, width: int) -> Drawing:
    """Draw what there is to say of the cell at hand, or of the whole sheet, on two lines."""
    judged = sheet.verdict(sheet.at[1])
    parts: list[Line]
    if said:
        parts = _in_lines(line(Span(f"▸ {said}", "accent")), width)
    elif is_checking:
        parts = [line(Span(" checking the whole sheet …", "muted"))]
    elif judged is not None:
        mark, role = _MARKS[judged.judgement.verdict]
        parts = _in_lines(line(Span(f"{mark} {slip_said(sheet.network, sheet.rows, judged)}", role)), width)
    elif sheet.whole is not None:
        parts = _in_lines(_verdict(sheet), width)
    elif sheet.texts:
        parts = [line(Span(" F5 checks the whole sheet: where is the first slip?", "muted"))]
    else:
        parts = [line(Span(" type what you have, in any order, or paste lines such as w211' = 0.36", "muted"))]
    return tuple(cut(part, width) for part in parts[:2])


def _in_lines(said: Line, width: int) -> list[Line]:
    """Put what is said behind a sign on lines, those below the first under its words."""
    return [line(" ", *part) for part in wrapped(said, width - 2, "  ")]


def _header(sheet: FilledSheet, title: str, width: int) -> Line:
    left = line(Span(" Your sheet", "strong"), Span(f" · {title}", "muted"))
    filled = len(sheet.texts)
    total = len(sheet.refs()) * sheet.passes
    right = line(
        Span(loss_badge(sheet.network, sheet.rows), "loss"),
        Span(f"   pass {sheet.at[0]} of {sheet.passes}" if sheet.passes > 1 else "", "muted"),
        Span(f"   {filled}/{total} filled ", "muted"),
    )
    return beside(left, right, width)


def _figure(sheet: FilledSheet, passed: Pass, width: int, room: int) -> list[Line]:
    if room < 2:
        return []
    height = wanted_height(sheet.network, min(room, 16), width - 2, sheet.rows)
    focus = _lit(sheet)
    row = focus.row or 0
    values = {ref: _shortened(sheet.text(ref)) for number, ref in sheet.texts if number == sheet.at[0]}
    picture = DiagramPicture(
        network=sheet.network,
        rows=sheet.rows,
        row=row,
        inputs=tuple(map(float, passed.X[row])),
        targets=None if passed.Y is None else tuple(map(float, passed.Y[row])),
        weights=tuple(tuple(tuple(map(float, weights)) for weights in W) for W in passed.before.W),
        biases=tuple(None if b is None else tuple(map(float, np.asarray(b))) for b in passed.before.b),
        values=values,
        focus=focus,
        phase=focus.phase,
    )
    return [line(" ", *content) for content in draw_diagram(picture, width - 2, height)]


def _lit(sheet: FilledSheet) -> Ref:
    """The number that is lit in the network: the first slip as long as the learner is in its pass, else their cell."""
    slip = sheet.first_slip
    if slip is not None and slip.cell.number == sheet.at[0] and sheet.verdict(sheet.at[1]) is None:
        return slip.cell.ref
    return sheet.at[1]


def _chain(sheet: FilledSheet, passed: Pass, width: int, deriver: Deriver | None) -> list[Line]:
    """The first slip where it stands in the chain: its rule, without a number of it."""
    slip = sheet.first_slip
    if slip is None:
        return []
    name = symbol(sheet.network, sheet.rows, slip.cell.ref)
    where = f" of pass {slip.cell.number}" if sheet.passes > 1 else ""
    found: Span = Span(" first slip ", "wrong") if slip.is_blamed else Span(" first slip, if it is one ", "muted")
    parts = line(found, Span(f"{name}{where}", slip.cell.ref.role, True))
    step = None if deriver is None else make_step(sheet.network, passed, slip.cell.ref, deriver)
    if step is not None and step.rule:
        parts = line(*parts, Span(" = ", "muted"), Span(step.rule, "strong", True))
    return [cut(parts, width)]


def _prompt(sheet: FilledSheet, width: int) -> Line:
    ref = sheet.at[1]
    name = symbol(sheet.network, sheet.rows, ref)
    text = sheet.text(ref)
    right = line(Span(f"{text} stands there ", "muted")) if text else line(Span("still open ", "muted"))
    return beside(line(Span(f" {name}", ref.role, True), Span("  what do you have?", "text")), right, width)


def _grid(sheet: FilledSheet, width: int, room: int, typed: str) -> list[Line]:
    lines: list[Line] = []
    at = 0
    phase: Phase | None = None
    for row in rows_of_grid(sheet, width):
        if row[0].phase != phase:
            phase = row[0].phase
            title = line(Span(f" {TITLES[phase]}", "muted"))
            legend = line(Span(LEGEND, "muted"), " ") if sheet.whole is not None and not lines else ()
            lines.append(beside(title, legend, width) if legend else title)
        if sheet.at[1] in row:
            at = len(lines)
        lines.append(tuple(span for ref in row for span in _cell(sheet, ref, typed)))
    if len(lines) <= room:
        return lines
    first = min(max(0, at - room // 2), len(lines) - room)
    return lines[first : first + room]


def _cell(sheet: FilledSheet, ref: Ref, typed: str) -> Line:
    is_at = ref == sheet.at[1]
    judged = sheet.verdict(ref)
    slip = sheet.first_slip
    is_slip = slip is not None and judged is slip
    nothing: tuple[str, Role] = ("", "text")
    mark, role = nothing if judged is None else _MARKS[judged.judgement.verdict]
    name = symbol(sheet.network, sheet.rows, ref)
    text = typed if is_at and typed else sheet.text(ref)
    shown = _shortened(text)
    value_role: Role = "accent" if is_at and not text else "wrong" if role == "wrong" else "text"
    head = Span(f"{'▶' if is_at else ' '}{mark:<2}", "accent" if is_at and not mark else role, is_slip)
    body = Span(shown or ("[  ]" if is_at else "·"), value_role if text or is_at else "muted", is_at or is_slip)
    return (
        *padded((head,), MARK),
        *padded((Span(name, ref.role, is_at or is_slip, ref=ref),), NAME, 1),
        *padded((body,), TEXT, 1),
    )


def _shortened(text: str) -> str:
    return text if len(text) <= TEXT else f"{text[: TEXT - 1]}…"


def _verdict(sheet: FilledSheet) -> Line:
    """A sentence on the whole sheet."""
    assert sheet.whole is not None
    slips = sum(one.is_blamed for one in sheet.whole.cells)
    follows = sum(one.judgement.verdict == "follow_through" for one in sheet.whole.cells)
    said = conventions_said(sheet.whole.conventions)
    tail = f" · {said}" if said else ""
    if not slips and sheet.first_slip is not None:
        return line(Span("~ a convention, or one slip", "text"), Span(tail, "muted"))
    if not slips:
        return line(Span("✓ no slip on this sheet", "right"), Span(tail, "muted"))
    words = counted(slips, "slip")
    more = f", {follows} more only {'follows' if follows == 1 else 'follow'}" if follows else ""
    return line(Span(f"✗ {words}", "wrong"), Span(f"{more}{tail}", "muted"))
