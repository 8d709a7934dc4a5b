"""A whole sheet without a screen: every line read and judged, and what is told of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from nn_tutor.calculus.names import on_keys, symbol
from nn_tutor.dataclass import dataclass
from nn_tutor.homework.sheet_judging import Judged, JudgedSheet, judge_sheet
from nn_tutor.homework.sheet_reading import Line, read_sheet
from nn_tutor.network.counted import counted
from nn_tutor.network.training import Timeline
from nn_tutor.walkthrough.steps import step_id

if TYPE_CHECKING:
    from nn_tutor.judging.judgement import Verdict
    from nn_tutor.judging.mistakes.case import Mistake
    from nn_tutor.network.quantities import Ref
    from nn_tutor.network.spec import Data, Network


@dataclass(frozen=True, slots=True)
class JudgedLine:
    """A line of a sheet with what is said of it; `judged` is None for one that holds no number of a pass."""

    line: Line
    verdict: Verdict
    message: str
    judged: Judged | None = None

    @property
    def question(self) -> str | None:
        """The id of the number, without an activity."""
        return None if self.line.cell is None else step_id(self.line.cell.number, self.line.cell.ref)

    @property
    def mistakes(self) -> tuple[str, ...]:
        """The ids of the mistakes that the number fits."""
        return () if self.judged is None else self.judged.judgement.mistakes

    @property
    def value(self) -> float | None:
        """The number that was read."""
        return None if self.line.reading is None else self.line.reading.value


@dataclass(frozen=True, slots=True)
class CheckedSheet:
    """A sheet that was checked: its lines as they stand, the first slip in the order of the pass, its conventions."""

    lines: tuple[JudgedLine, ...]
    first_slip: JudgedLine | None
    conventions: tuple[Mistake, ...]


def check_sheet(network: Network, data: Data, text: str, passes: int = 1, *, is_homework: bool = True) -> CheckedSheet:
    """Read a sheet and judge it as a whole; raises `HomeworkError` for one that cannot be read at all."""
    lines = read_sheet(text, Timeline(network, data), passes)
    cells = [line.cell for line in lines if line.cell is not None]
    judged = judge_sheet(network, data, cells, is_homework=is_homework)
    return _told(network, len(Timeline(network, data).at(1).rows), lines, judged)


def _told(network: Network, rows: int, lines: Sequence[Line], sheet: JudgedSheet) -> CheckedSheet:
    every = iter(sheet.cells)
    told = tuple(_line(network, rows, line, every) for line in lines)
    slip = sheet.first_slip
    first = next((one for one in told if one.judged is not None and one.judged is slip), None)
    return CheckedSheet(told, first, sheet.conventions)


def _line(network: Network, rows: int, line: Line, judged: Iterator[Judged]) -> JudgedLine:
    if line.cell is not None:
        one = next(judged)
        return JudgedLine(line, one.judgement.verdict, slip_said(network, rows, one), one)
    if line.reading is not None:
        return JudgedLine(line, "correct" if line.is_right else "wrong", line.message)
    return JudgedLine(line, "invalid", line.message)


def slip_said(network: Network, rows: int, judged: Judged) -> str:
    """Return what is said of a number, with where its slip may lie."""
    if not judged.is_blamed or not judged.between:
        return judged.judgement.message
    names = " and ".join(name_on_keys(network, rows, ref) for ref in judged.between)
    own = name_on_keys(network, rows, judged.cell.ref)
    return f"{judged.judgement.message} (the slip lies between {names} and {own})"


def name_on_keys(network: Network, rows: int, ref: Ref) -> str:
    """Return a number's name in the letters of a keyboard: w211', dL_dw211."""
    return on_keys(symbol(network, rows, ref)).replace("′", "'")


def summary(sheet: CheckedSheet) -> str:
    """Return one sentence on the whole sheet."""
    judged = [line for line in sheet.lines if line.verdict != "invalid"]  # what is given may stand there too
    slips = sum(line.verdict == "wrong" if line.judged is None else line.judged.is_blamed for line in judged)
    unread = sum(line.verdict == "invalid" for line in sheet.lines)
    follows = sum(line.verdict == "follow_through" for line in judged)
    said = counted(slips, "slip") if slips else "no slip for certain" if sheet.first_slip else "no slip"
    if follows and not slips:
        said += f", {follows} {'follows' if follows == 1 else 'follow'} from a number in another convention"
    elif follows:
        said += (
            f", and {follows} that only {'follows' if follows == 1 else 'follow'} from {'it' if slips == 1 else 'them'}"
        )
    if any(line.verdict == "more_digits" for line in judged):
        said += ", some need more digits"
    tail = f"; {counted(unread, 'line')} could not be read" if unread else ""
    return f"{counted(len(judged), 'number')}: {said}{tail}"
