"""A data file before it becomes a lesson: its columns, and what may be chosen about them."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from nn_tutor.calculus.numerals import numeral
from nn_tutor.dataset.choices import NAMES, WORDS, Choices
from nn_tutor.dataset.faults import brief
from nn_tutor.dataset.reading import SEPARATORS
from nn_tutor.terminal.drawing.ink import Drawing, Line, Role, Span, beside, cut, line, padded, width_of, wrapped

if TYPE_CHECKING:
    from nn_tutor.dataset.columns import Column

FEW = 4
"""How many values of a column are shown."""

MIN_ROWS, MAX_ROWS, AROUND_ROWS = 3, 24, 4
"""How many rows of the file are shown at least and at most, and the lines around them."""

MIN_COLUMNS = 2
WIDEST = 110


def draw_choices(choices: Choices, width: int, height: int, *, says: str = "") -> Drawing:
    """Draw the columns of a file and the choices about them on `height` lines; `says` is what goes on now."""
    inner = min(width, WIDEST)
    said = _said(choices, inner, says)
    options = [_option(choices, place, inner) for place in range(len(NAMES))]
    room = height - len(options) - len(said) - 5
    table = choices.table
    size = f"{table.rows:,} rows, {len(table.names)} columns, separated by {SEPARATORS[table.separator]} "
    head = beside(line(Span(f" {brief(table.file)}", "strong")), line(Span(size, "muted")), inner)
    rule = line(Span("─" * inner, "border"))
    drawn = [head, rule, *_columns(choices, inner, max(MIN_COLUMNS, room)), rule, *options, (), *said]
    drawn += _rows(choices, inner, height - len(drawn))
    return tuple(cut(one, width) for one in drawn[:height])


def _rows(choices: Choices, width: int, room: int) -> list[Line]:
    """The first rows of the file as they stand, the one that is walked marked; none where there is room for few."""
    count = min(room - AROUND_ROWS, choices.table.rows, MAX_ROWS)
    if count < MIN_ROWS:
        return []
    table, is_split = choices.table, bool(choices.train_lines)
    places = list(range(count))
    if choices.row in table.lines and table.lines.index(choices.row) >= count:
        places[-1] = table.lines.index(choices.row)
    texts = [["line", *map(str, (table.lines[place] for place in places))]]
    texts += [
        [brief(name), *(brief(cells[place].strip()) for place in places)]
        for name, cells in zip(table.names, table.columns, strict=True)
    ]
    target = None if choices.proposal is None else choices.proposal.target.name
    lines: list[Line] = [(), line(Span(" The first rows", "strong"))]
    for number, row in enumerate([-1, *places]):
        is_walked = row >= 0 and table.lines[row] == choices.row
        is_apart = row >= 0 and is_split and table.lines[row] not in choices.train_lines
        apart = "kept to test on" if is_apart and table.lines[row] in choices.test_lines else "left out"
        shown = line(Span(" ▶ " if is_walked else "   ", "accent"))
        for name, column in zip(("", *table.names), texts, strict=True):
            role: Role = "muted" if row < 0 or not name or is_apart else "target" if name == target else "text"
            if width_of(shown) > width:
                break
            shown += padded(line(Span(column[number], role, is_walked)), max(map(len, column)), 2)
        lines.append(cut(line(*shown, Span(apart if is_apart else "", "muted")), width))
    return lines


def _columns(choices: Choices, width: int, room: int) -> list[Line]:
    """The columns with what they hold and what becomes of them; those that do not fit are counted."""
    proposal = choices.proposal
    left_out = {} if proposal is None else {column.name: reason for column, reason in proposal.left_out}
    chosen = set() if proposal is None else {column.name for column in proposal.inputs}
    columns = list(choices.columns)
    if proposal is not None:  # the target is always in sight
        columns.sort(key=lambda column: column is not proposal.target)
    shown = columns if len(columns) <= room else columns[: room - 1]
    names = [brief(column.name) for column in shown]
    wide = min(max(map(len, names), default=0), width // 3)
    lines = []
    for column, name in zip(shown, names, strict=True):
        role: Role
        if proposal is not None and column is proposal.target:
            use, role = "target", "target"
        elif column.name in chosen:
            use, role = "input", "input"
        else:
            use, role = "left out", "muted"
        what = left_out.get(column.name, "") or _holds(column)
        begun = line("  ", *padded(line(Span(name)), wide, 2), *padded(line(Span(use, role)), 8, 2))
        lines.append(cut(line(*begun, Span(what, "muted")), width))
    if len(shown) < len(columns):
        lines.append(line(Span(f"  and {len(columns) - len(shown)} more", "muted")))
    return lines


def _holds(column: Column) -> str:
    """What a column holds, in a few words."""
    missing = f"; {column.missing:,} missing" if column.missing else ""
    if column.kind == "empty":
        return "nothing"
    if column.holds_numbers:
        some = ", ".join(numeral(value) for value in islice((v for v in column.values if v is not None), FEW))
        return f"numbers: {some}, …{missing}"
    labels = ", ".join(brief(label) for label in column.labels[:FEW])
    more = ", …" if len(column.labels) > FEW else ""
    kind = "texts" if column.kind == "text" else "labels"
    return f"{len(column.labels)} {kind}: {labels}{more}{missing}"


def _option(choices: Choices, place: int, width: int) -> Line:
    """One choice: its value between arrows where it is marked, and the reason for it."""
    name, marked = NAMES[place], place == choices.marked
    value = brief(choices.value_of(name))
    shown = (
        line(Span("‹ ", "key"), Span(value, "strong", lit=True), Span(" ›", "key")) if marked else line(f"  {value}  ")
    )
    begun = line(
        Span(" ▶ " if marked else "   ", "accent"),
        *padded(line(Span(WORDS[name], "text" if marked else "muted")), 17),
        *padded(shown, max(18, width_of(shown)), 2),
    )
    return cut(line(*begun, Span(choices.reason_of(name), "muted")), width)


def _said(choices: Choices, width: int, says: str) -> list[Line]:
    """What is wrong, what goes on, or what becomes of the rows and was mended in the file."""
    if choices.trouble:
        return [line(" ", *part) for part in wrapped((Span(choices.trouble, "wrong"),), width - 2)]
    if says:
        return [line(" ", *part) for part in wrapped((Span(says, "accent"),), width - 2)]
    told = " ".join(part for part in (choices.split, "; ".join(choices.table.notes)) if part)
    return [line(" ", *part) for part in wrapped((Span(told, "muted"),), width - 2)[:3]] if told else []
