"""How whole sheets of simulated learners are judged, and how long a sheet takes."""

from __future__ import annotations

import random
from collections.abc import Iterator

from tests.benchmarks.figures import Figure, percentile, processor_seconds
from tests.sheets.counting import SheetCounts, cells_of, count_sheets, judged_sheet
from tests.sheets.learners import slipped

SHEETS = 1_000
SEED = 2
TIMED = 40
PART = 0.4


def figures() -> Iterator[Figure]:
    """Yield the measures of whole sheets, then of sheets on which many numbers are missing."""
    counts = count_sheets(SEED, clean=SHEETS, slipped=SHEETS, twice=SHEETS)
    for line in counts.told:
        print(line)
    yield Figure("clean sheets accused", float(counts.accused), "", 0, f"{counts.clean} sheets, 4 decimals")
    note = f"{counts.slipped} sheets with one slip, worked on from there"
    yield Figure("first slip not found", _missed(counts.found, counts.slipped), "%", 0, note)
    yield Figure("first slip not named", _missed(counts.named, counts.slipped), "%", 5, note)
    yield Figure("sheets with a later number blamed", 100 * counts.with_later_blamed / counts.slipped, "%", 1, note)
    twice = f"{counts.twice} sheets with two slips"
    yield Figure("two slips, not both found", _missed(counts.both_found, counts.twice), "%", 10, twice)
    yield from _with_gaps()
    yield from _time()


def _with_gaps() -> Iterator[Figure]:
    counts = count_sheets(SEED + 1, clean=SHEETS // 4, slipped=SHEETS // 4, twice=0, kept=PART)
    note = f"{counts.clean} sheets, {PART:.0%} of the numbers"
    yield Figure("clean sheets with gaps accused", float(counts.accused), "", 0, note)
    blamed = 100 * counts.with_later_blamed / counts.slipped
    yield Figure("sheets with gaps: more than one number blamed", blamed, "%", None, note)


def _time() -> Iterator[Figure]:
    draw = random.Random(SEED)
    papers = [slipped(draw) for _ in range(TIMED)]
    took = [processor_seconds(lambda paper=paper: judged_sheet(paper, draw, 1.0)) for paper in papers]  # type: ignore[misc]
    numbers = sum(len(list(cells_of(paper))) for paper in papers) / len(papers)
    note = f"{numbers:.0f} numbers on average"
    yield Figure("one sheet with a slip, p95", 1e3 * percentile(took, 95), "ms", 600, note)


def _missed(count: int, total: int) -> float:
    return 100 * (1 - count / total)


__all__ = ["SheetCounts", "figures"]
