"""Reading a sheet: `name = number` lines, columns, a vector or matrix, or nothing but numbers in the pass's order.

What cannot be read stays in its line, with what is wrong and the mend; the other lines are read all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from nn_tutor.calculus.names import symbol
from nn_tutor.dataclass import dataclass
from nn_tutor.homework.faults import HomeworkError, refused
from nn_tutor.homework.matrices import read_rows
from nn_tutor.homework.sheet_names import Block, Meaning, SheetNames
from nn_tutor.homework.sheet_views import Cell
from nn_tutor.judging.reading import Reading, ReadingError, read
from nn_tutor.judging.visible import quote
from nn_tutor.network.quantities import Ref, shape_of, stands_transposed
from nn_tutor.network.training import StoppedError, Timeline
from nn_tutor.walkthrough.order import shown_refs
from nn_tutor.walkthrough.questions import number_of_id

MAX_LINES = 5_000
"""More lines than this are not read."""

MAX_CHARACTERS = 256 * 1024
"""A longer sheet is not read."""

MAX_PASSES = 50
"""The last pass that may stand on a sheet."""


@dataclass(frozen=True, slots=True)
class Line:
    """A number on a sheet: the line it stands in, its name and text as typed, and what it is.

    `cell` is None for a number that is given (`message` says so, `is_right` whether it is that number), and for what
    cannot be read (`reading` is None too).
    """

    number: int
    name: str
    text: str
    cell: Cell | None = None
    reading: Reading | None = None
    message: str = ""
    is_right: bool = False


@dataclass(frozen=True, slots=True)
class _Written:
    """What stands in a line: where, before the equals sign, and behind it."""

    number: int
    name: str
    text: str


def read_sheet(text: str, run: Timeline, passes: int = 1) -> tuple[Line, ...]:
    """Read a sheet of a network's run over so many passes, or as many as it names.

    Raises `HomeworkError` for a sheet that is too long, or has no number in it.
    """
    if len(text) > MAX_CHARACTERS or text.count("\n") > MAX_LINES:
        raise refused("the sheet", "too much for one sheet", f"give at most {MAX_LINES:,} lines")
    lines = tuple(_Reader(run, passes).read(text))
    if not lines:
        raise refused("the sheet", "no number in it", "write one a line: w5' = 0.3589")
    return lines


class _Reader:
    """The way through the lines of a sheet: which pass is at hand, and what it has had already."""

    def __init__(self, run: Timeline, passes: int) -> None:
        self.run = run
        self.passes = passes
        self.number = 1
        self.had: set[tuple[int, Ref, bool]] = set()
        self.names = SheetNames(run.network, run.at(1))

    def read(self, text: str) -> Iterator[Line]:
        written = list(_lines_of(text))
        if any(one.name for one in written):
            for one in written:
                yield from self._line(one)
        else:
            yield from self._column(written)

    def _line(self, written: _Written) -> Iterator[Line]:
        heading = _PASS.fullmatch(written.name) if not written.text else None
        if heading:
            self.number = int(heading[1])
            fault = self._fault_of_pass(self.number)
            if fault:
                yield Line(written.number, written.name, "", message=fault)
            return
        if not written.name:
            yield from self._nameless(written)
            return
        if not written.text:
            if key_word(written.name) not in _HEADINGS:
                yield Line(written.number, written.name, "", message=f"no number behind {quote(written.name)}")
            return
        name, number = _with_pass(written.name, self.number)
        block = self.names.block(name)
        if block is not None and (written.text.lstrip().startswith("[") or self.names.find(name) is None):
            yield from self._whole(written, block, number)
        else:
            yield self._single(written, name, number)

    def _nameless(self, written: _Written) -> Iterator[Line]:
        text = quote(written.text)
        yield Line(written.number, "", written.text, message=f"{text} has no name: write what it is before it, w5' = …")

    def _single(self, written: _Written, name: str, number: int) -> Line:
        meaning = self.names.find(name)
        if meaning is None:
            close = self.names.close(name)
            hint = f"did you mean {close}?" if close else "its names are on the screen of its walk"
            return _unread(written, f"this network has no {quote(name)}: {hint}")
        try:
            reading = read(written.text)
        except ReadingError as error:
            return _unread(written, error.message)
        named = number_of_id(name) if "." in name else None
        return self._placed(written, meaning, reading, named[0] if named else number)

    def _placed(self, written: _Written, meaning: Meaning, reading: Reading, number: int) -> Line:
        fault = self._fault_of_pass(number)
        if fault:
            return _unread(written, fault)
        if meaning.given is not None and (meaning.ref is None or _is_same(meaning.given, reading)):
            return _copied(written, meaning.given, reading)
        assert meaning.ref is not None
        ref, old = meaning.ref, (number, meaning.ref, meaning.sign < 0)
        if old in self.had and number == self.number < self.passes:
            self.number = number = number + 1  # a name that comes again begins the next pass
            return self._placed(written, meaning, reading, number)
        if old in self.had:
            return _unread(
                written, "this number stands on the sheet already: leave one out, or write pass 2 between them"
            )
        self.had.add(old)
        return Line(written.number, written.name, written.text, Cell(number, ref, reading, meaning.sign), reading)

    def _whole(self, written: _Written, block: Block, number: int) -> Iterator[Line]:
        """The numbers of a vector or matrix, each a line of its own."""
        try:
            rows = read_rows(written.text)
            texts = _texts(written.text, len(rows) * len(rows[0]))
        except HomeworkError as error:
            yield _unread(written, "; ".join(str(fault) for fault in error.faults))
            return
        shape = shape_of(self.run.network, self.names.rows, block.quantity, block.layer)
        indices = _indices((len(rows), len(rows[0])), shape, stands_transposed(self.run.network, block.quantity))
        if indices is None:
            wanted = "×".join(map(str, shape))
            yield _unread(written, f"{written.name} has {wanted} numbers here, not {len(rows)}×{len(rows[0])}")
            return
        values = [value for row in rows for value in row]
        for index, value, text in zip(indices, values, texts, strict=True):
            ref = Ref(block.quantity, block.layer, index)
            meaning = self.names.find(symbol(self.run.network, self.names.rows, ref).removesuffix("′"))
            given = (
                meaning.given if meaning is not None and "'" not in written.name and "′" not in written.name else None
            )
            reading = read(text or repr(value))
            one = replace(written, name=self.names.shown(ref), text=text or repr(value))
            yield self._placed(one, Meaning(ref, block.sign, given), reading, number)

    def _column(self, written: Sequence[_Written]) -> Iterator[Line]:
        """Numbers without names, in the order in which a pass is computed."""
        refs = shown_refs(self.run.network, self.names.rows)
        for place, one in enumerate(written):
            number, where = divmod(place, len(refs))
            if number >= self.passes:
                message = f"number {place + 1}: a pass has {len(refs)} numbers; give them names, or say --passes"
                yield Line(one.number, "", one.text, message=message)
                return
            if key_word(one.text) in _SKIPPED:
                continue
            named = replace(one, name=self.names.shown(refs[where]))
            try:
                reading = read(one.text)
            except ReadingError as error:
                yield _unread(named, error.message)
                continue
            yield Line(one.number, named.name, one.text, Cell(number + 1, refs[where], reading), reading)

    def _fault_of_pass(self, number: int) -> str:
        if not 1 <= number <= MAX_PASSES:
            return f"pass {number} is none of the first {MAX_PASSES}: count passes from 1"
        try:
            self.run.at(number)
        except StoppedError as error:
            return f"there is no pass {number}: {error.stopped.why}"
        return ""


def _unread(written: _Written, message: str) -> Line:
    return Line(written.number, written.name, written.text, message=message)


def _is_same(given: float, reading: Reading) -> bool:
    """Whether a weight that is named without a prime is the old one, written down once more."""
    return abs(reading.value - given) <= 1e-9 * max(1.0, abs(given))


def _copied(written: _Written, value: float, reading: Reading) -> Line:
    """A number that is given and stands on the sheet once more."""
    is_right = abs(reading.value - value) <= reading.half_unit + 1e-9 * abs(value)
    message = "given" if is_right else f"{written.name} is given with another number: is it copied wrongly?"
    return Line(written.number, written.name, written.text, None, reading, message, is_right)


_PASS = re.compile(r"[#=*\s-]*(?:pass|epoch|iteration|step|update)\s*(?:no\.?\s*)?#?(\d{1,6})\W*", re.IGNORECASE)
_AT_PASS = re.compile(r"\s*(?:@\s*|\bin pass\s+|\bof pass\s+)(\d{1,6})\s*$")
_HEADINGS = frozenset(
    {
        *("forward", "forwardpass", "backward", "backwardpass", "loss", "update", "updates", "newweights", "weights"),
        *("gradients", "gradient", "deltas", "activations", "errors", "hidden", "output", "outputlayer", "hiddenlayer"),
        *("results", "answers", "name", "quantity", "value", "names", "numbers"),
    }
)
_RULED = re.compile(r"[|\s:=+*_-]*")
"""A line that holds no more than a rule, as under the head of a table."""
_SKIPPED = frozenset({"", "-", "–", "?", "…", "..."})
_EQUALS = re.compile(r"\s*(?::=|=|≈|≅|→|->|\t|\|)\s*")
_COLON = re.compile(r"\s*:\s*")


def key_word(text: str) -> str:
    """Return a heading in one word of small letters."""
    return re.sub(r"[\W\d_]", "", text.lower()) or text.strip()


def _with_pass(name: str, number: int) -> tuple[str, int]:
    """A name without the pass that it says behind it."""
    found = _AT_PASS.search(name)
    return (name[: found.start()], int(found[1])) if found else (name, number)


def _lines_of(text: str) -> Iterator[_Written]:
    """Yield what stands in each line, with a matrix that goes over several lines in the first of them."""
    pending, begun = "", 0
    for number, line in enumerate(text.replace("\ufeff", "").splitlines(), start=1):
        plain = _without_comment(line).strip()
        if pending:
            pending += "\n" + plain
        elif not plain or (len(plain) > 1 and _RULED.fullmatch(plain)):
            continue
        else:
            pending, begun = plain, number
        if pending.count("[") > pending.count("]"):
            continue
        for part in _parts(pending):
            yield _split(part, begun)
        pending = ""
    if pending:
        yield _split(pending, begun)


def _without_comment(line: str) -> str:
    """A line without what stands behind #, // or %%; a line that begins with a # may be a heading."""
    heading = _PASS.fullmatch(line.strip())
    return line if heading else re.sub(r"(?:(?<!\w)#|//|%%).*$", "", line)


def _parts(line: str) -> Iterator[str]:
    """The assignments of a line: `z1 = 0.3; a1 = 0.57` are two."""
    line = line.strip().strip("|").strip() if line.lstrip().startswith("|") else line
    if "[" in line and line.count("=") <= 1:
        yield line
        return
    yield from (part for part in re.split(r"[;,]\s*(?=[^\s\d.+−-][^=]*[=:≈])", line) if part.strip())


def _split(part: str, number: int) -> _Written:
    """A line's name and number."""
    separator = _EQUALS if _EQUALS.search(part) else _COLON
    pieces = [piece for piece in separator.split(part) if piece.strip()]
    if len(pieces) > 1 and not _is_number(pieces[0]):
        return _Written(number, pieces[0].strip().strip("`*"), _result(pieces[-1]))
    if len(pieces) == 1 and not _is_number(part):
        words = re.fullmatch(r"(\S.*?)[\s,]+([-+−]?[\d.].*)", part.strip())
        if words and not _PASS.fullmatch(part):
            return _Written(number, words[1].strip(), _result(words[2]))
        if part.rstrip().endswith((":", "=")) or re.search(r"[^\W\d]", part):
            return _Written(
                number, part.strip().strip(":=#* ").strip() if not _PASS.fullmatch(part) else part.strip(), ""
            )
    return _Written(number, "", _result(pieces[-1] if pieces else part))


def _result(text: str) -> str:
    return text.strip().rstrip(",;").removesuffix("...").removesuffix("…").strip("`* ")


def _is_number(text: str) -> bool:
    try:
        read(text.strip().rstrip(",;"))
    except ReadingError:
        return text.strip() in _SKIPPED
    return True


_NUMBER = re.compile(r"[-+−]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")


def _texts(text: str, count: int) -> list[str]:
    """The numbers of a matrix as they were typed, empty where they cannot be told apart."""
    found = _NUMBER.findall(text.replace("−", "-"))
    return found if len(found) == count else [""] * count


def _indices(seen: tuple[int, int], shape: tuple[int, ...], transposed: bool) -> list[tuple[int, ...]] | None:
    """The index of each number of a matrix, row by row; None where it does not fit the quantity's shape."""
    rows, columns = seen
    places = [(row, column) for row in range(rows) for column in range(columns)]
    if len(shape) == 1:
        return [(max(place),) for place in places] if 1 in seen and rows * columns == shape[0] else None
    if len(shape) != 2:
        return None
    if transposed and seen == shape[::-1]:
        return [(column, row) for row, column in places]
    if seen == shape and not transposed:
        return list(places)
    if seen == shape[::-1]:
        return [(column, row) for row, column in places]
    return None
