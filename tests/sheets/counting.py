"""How simulated sheets are judged: counted, with what was not as it should be."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from nn_tutor.homework.sheet_judging import JudgedSheet, judge_sheet
from nn_tutor.homework.sheet_views import Cell
from nn_tutor.judging.reading import read
from nn_tutor.network.quantities import Quantity, Ref
from tests.sheets.learners import Worked, clean, slipped
from tests.sheets.paper import Place


@dataclass
class SheetCounts:
    """What came out: clean sheets accused, first slips found and named, later numbers blamed, both of two found."""

    clean: int = 0
    accused: int = 0
    slipped: int = 0
    found: int = 0
    named: int = 0
    with_later_blamed: int = 0
    twice: int = 0
    both_found: int = 0
    told: list[str] = field(default_factory=list)


def count_sheets(
    seed: int, *, clean: int, slipped: int, twice: int, kept: float = 1.0, seen: SheetCounts | None = None
) -> SheetCounts:
    """Judge so many sheets without a slip, with one, and with two; `kept` is the part of the numbers that is handed in.

    Of a sheet with gaps the slip has to be found at the first number on it in which it shows.
    """
    counts, draw = seen or SheetCounts(), random.Random(seed)
    for number in range(clean):
        _count_clean(counts, number, draw, kept)
    for number in range(slipped):
        _count_slipped(counts, number, draw, kept)
    for number in range(twice):
        _count_twice(counts, number, draw)
    return counts


def _count_clean(counts: SheetCounts, number: int, draw: random.Random, kept: float) -> None:
    judged = judged_sheet(clean(draw), draw, kept)
    counts.clean += 1
    if judged.first_slip is not None or judged.conventions:
        counts.accused += 1
        counts.told.append(f"clean {number}: {_blamed(judged)} {[one.id for one in judged.conventions]}")


def _count_slipped(counts: SheetCounts, number: int, draw: random.Random, kept: float) -> None:
    worked = slipped(draw)
    judged = judged_sheet(worked, draw, kept)
    name, shown = worked.slips[0]
    own, first = {ref_of(place) for place in shown}, judged.first_slip
    is_found = first is not None and (first.cell.ref in own or kept < 1)
    is_named = is_found and first is not None and bool(first.judgement.mistakes)
    later = [one for one in judged.cells if one.is_blamed and one.cell.ref not in own and one is not first]
    counts.slipped += 1
    counts.found += is_found
    counts.named += is_named
    counts.with_later_blamed += bool(later)
    if not is_named or later:
        counts.told.append(f"{name} {number} at {ref_of(shown[0])}: {_blamed(judged)}")


def _count_twice(counts: SheetCounts, number: int, draw: random.Random) -> None:
    worked = slipped(draw, 2)
    judged = judged_sheet(worked, draw, 1.0)
    blamed = {one.cell.ref for one in judged.cells if one.is_blamed}
    is_found = all(any(ref_of(place) in blamed for place in shown) for _, shown in worked.slips)
    counts.twice += 1
    counts.both_found += is_found
    if not is_found:
        slips = [(name, str(ref_of(shown[0]))) for name, shown in worked.slips]
        counts.told.append(f"two {number} {slips}: {_blamed(judged)} {[one.id for one in judged.conventions]}")


def judged_sheet(worked: Worked, draw: random.Random, kept: float) -> JudgedSheet:
    """Hand a paper in, or a part of its numbers, and have it judged."""
    cells = [cell for cell in cells_of(worked) if kept == 1 or draw.random() < kept]
    return judge_sheet(worked.paper.network, worked.paper.data, cells)


def cells_of(worked: Worked) -> Iterator[Cell]:
    """The numbers of a paper as they are typed."""
    for place, value in worked.paper.written.items():
        yield Cell(1, ref_of(place), read(f"{value:.{worked.paper.decimals}f}"))


def ref_of(place: Place) -> Ref:
    """A number of a paper in the tutor's grammar."""
    name, layer, index = place
    quantity: Quantity = name  # type: ignore[assignment]
    return Ref(quantity, layer or None, index or None)


def _blamed(judged: JudgedSheet) -> str:
    return ", ".join(
        f"{one.cell.ref} {one.judgement.verdict} {'/'.join(one.judgement.mistakes)}"
        for one in judged.cells
        if one.is_blamed
    )
