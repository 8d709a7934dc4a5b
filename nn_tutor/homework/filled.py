"""A sheet as it is filled in on the screen: the cells of each pass, what stands in them, and where the learner is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from typing import TYPE_CHECKING, Any

from nn_tutor.course.networks import NetworkWithData, rows_of_pass
from nn_tutor.dataclass import dataclass
from nn_tutor.homework.faults import HomeworkError
from nn_tutor.homework.keeping import SHEET, Record
from nn_tutor.homework.sheet_judging import Judged, JudgedSheet, judge_sheet
from nn_tutor.homework.sheet_reading import read_sheet
from nn_tutor.homework.sheet_views import Cell
from nn_tutor.judging.reading import ReadingError, read
from nn_tutor.network.quantities import Phase, Quantity, Ref
from nn_tutor.network.training import StoppedError, Timeline
from nn_tutor.walkthrough.order import shown_refs
from nn_tutor.walkthrough.questions import number_of_id
from nn_tutor.walkthrough.steps import step_id

if TYPE_CHECKING:
    from nn_tutor.network.spec import Data, Network

Place = tuple[int, Ref]
"""A cell: its pass, and its number."""

MAX_TEXT = 120
"""How long the text of a cell may be."""


@dataclass(frozen=True, eq=False)
class FilledSheet:
    """The state of a sheet on the screen; every change is a new one.

    `texts` is what stands in the cells; `at` is the cell that the learner is in; `is_checked` says that the whole is
    judged anew after each change. `judged` is what the present texts were judged to be, by cell.
    """

    network: Network
    data: Data
    passes: int
    at: Place
    texts: Mapping[Place, str] = field(default_factory=dict)
    is_checked: bool = False
    judged: Mapping[Place, Judged] = field(default_factory=dict)
    whole: JudgedSheet | None = None

    @property
    def rows(self) -> int:
        """How many samples a pass sees."""
        return rows_of_pass(NetworkWithData(self.network, self.data))

    def refs(self) -> tuple[Ref, ...]:
        """Return the numbers of a pass, each quantity of a layer together."""
        groups: dict[tuple[Phase, Quantity, int | None], list[Ref]] = {}
        for ref in shown_refs(self.network, self.rows):
            groups.setdefault((ref.phase, ref.quantity, ref.layer), []).append(ref)
        return tuple(ref for group in groups.values() for ref in group)

    def text(self, ref: Ref) -> str:
        """Return what stands in a cell of the pass at hand."""
        return self.texts.get((self.at[0], ref), "")

    def verdict(self, ref: Ref) -> Judged | None:
        """Return what was found of a cell of the pass at hand, None where it is not judged."""
        return self.judged.get((self.at[0], ref))

    @property
    def first_slip(self) -> Judged | None:
        """The first slip in the order of the pass."""
        return None if self.whole is None else self.whole.first_slip

    def to(self, ref: Ref) -> FilledSheet:
        """Return the sheet with the learner in another cell of the pass."""
        return replace(self, at=(self.at[0], ref))

    def stepped(self, by: int) -> FilledSheet:
        """Return the sheet with the learner in a cell farther on or back."""
        refs = self.refs()
        place = min(max(0, refs.index(self.at[1]) + by), len(refs) - 1)
        return self.to(refs[place])

    def in_pass(self, by: int) -> FilledSheet:
        """Return the sheet with the learner in a later pass, or an earlier one."""
        return replace(self, at=(min(max(1, self.at[0] + by), self.passes), self.at[1]))

    def written(self, text: str) -> FilledSheet:
        """Return the sheet with another text in the cell at hand; raises `ReadingError` for one that is no number."""
        text = text.strip()
        if text:
            read(text)
        return self.with_texts({self.at: text})

    def pasted(self, text: str) -> tuple[FilledSheet, str]:
        """Return the sheet with pasted lines in their cells, and what to say of those that were not read."""
        try:
            lines = read_sheet(text, Timeline(self.network, self.data), self.passes)
        except HomeworkError as error:
            return self, str(error.faults[0])
        shown = frozenset(self.refs())
        cells = {}
        unread = [line for line in lines if line.reading is None]
        for line in lines:
            if line.cell is not None and line.cell.ref in shown and line.cell.number <= self.passes:
                turned = line.cell.sign < 0
                cells[line.cell.number, line.cell.ref] = f"-({line.text})" if turned else line.text
            elif line.cell is not None:
                unread.append(replace(line, message=f"{line.name} has no cell here; say --passes for more passes"))
        said = f"{len(cells)} {'number' if len(cells) == 1 else 'numbers'} taken"
        if unread:
            said += f"; line {unread[0].number}: {unread[0].message}"
        return self.with_texts(cells), said

    def with_texts(self, texts: Mapping[Place, str]) -> FilledSheet:
        """Return the sheet with some texts changed, each taken out that is empty; what was judged is past."""
        every = {**self.texts, **{place: text[:MAX_TEXT] for place, text in texts.items()}}
        kept = {place: text for place, text in every.items() if text}
        return replace(self, texts=kept, judged={}, whole=None)

    def checked(self) -> FilledSheet:
        """Return the sheet with every cell judged, all together; as it is where nothing stands on it."""
        places = sorted(self.texts, key=lambda place: place[0])
        cells = [Cell(number, ref, read(self.texts[number, ref])) for number, ref in places]
        if not cells:
            return replace(self, is_checked=True, judged={}, whole=None)
        whole = judge_sheet(self.network, self.data, cells)
        judged = dict(zip(places, whole.cells, strict=True))
        return replace(self, is_checked=True, judged=judged, whole=whole)


def blank_sheet(network: Network, data: Data, passes: int) -> FilledSheet:
    """Return a sheet on which nothing stands yet; raises `StoppedError` for a network that cannot be run."""
    timeline = Timeline(network, data)
    rows = len(timeline.at(1).rows)
    reached = 1
    for number in range(2, passes + 1):
        try:
            timeline.at(number)
        except StoppedError:
            break
        reached = number
    return FilledSheet(network, data, reached, (1, shown_refs(network, rows)[0]))


def changes(before: FilledSheet, after: FilledSheet) -> list[tuple[str, dict[str, Any]]]:
    """Return the entry that keeps what was changed, none where nothing was.

    It holds texts by the id of their number, empty where one was taken out.
    """
    places = {*before.texts, *after.texts}
    texts = {
        step_id(*place): after.texts.get(place, "")
        for place in sorted(places, key=str)
        if before.texts.get(place) != after.texts.get(place)
    }
    if not texts and before.is_checked == after.is_checked:
        return []
    return [(SHEET, {"texts": texts, "checked": after.is_checked})]


def refilled(sheet: FilledSheet, records: Iterable[Record]) -> FilledSheet:
    """Return a blank sheet with what the records of its lesson come to; what does not fit any more is left out."""
    shown = frozenset(sheet.refs())
    texts: dict[Place, str] = {}
    is_checked = False
    for record in records:
        content = record.content.get("texts") if record.kind == SHEET else None
        if not isinstance(content, Mapping):
            continue
        is_checked = record.content.get("checked") is True
        for name, text in content.items():
            place = _place(name)
            if place is not None and place[1] in shown and place[0] <= sheet.passes and _is_number(text):
                texts[place] = text
    return replace(sheet.with_texts(texts), is_checked=is_checked)


def _place(name: object) -> Place | None:
    try:
        return number_of_id(str(name))
    except ValueError:
        return None


def _is_number(text: object) -> bool:
    if not isinstance(text, str) or len(text) > MAX_TEXT:
        return False
    if not text:
        return True
    try:
        read(text)
    except ReadingError:
        return False
    return True
