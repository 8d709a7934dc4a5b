"""What a drawing is made of: lines of spans, each span a text with a role.

A drawing is pure data, made by functions that know nothing of Textual, so that every picture can be tested as text.
Roles, not colours: `nn_tutor.terminal.theme` gives each role its style, and the same quantity has the same role in the
diagram, the table and the plot.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from rich.cells import cell_len

from nn_tutor.judging.cells import wrap

if TYPE_CHECKING:
    from nn_tutor.network.quantities import Ref

Role = Literal[
    "text",  # ordinary words and numbers
    "muted",  # what may be overlooked
    "strong",  # weight alone: headings, values that count
    "accent",  # the one accent: look here
    "input",  # x and the activations that enter a layer
    "weight",  # w, W, b
    "output",  # z, a, o: what goes forward
    "target",  # y
    "loss",  # L
    "gradient",  # every slope: what goes backward
    "curve",  # the loss over one weight
    "tangent",  # its slope at the weight
    "path",  # the weights that were
    "prediction",  # the weight that comes next
    "yours",  # the learner's own value
    "right",  # a verdict
    "wrong",  # a verdict
    "border",  # rules and frames
    "faint",  # lines that say something and stay behind the text: weak connections, hatches, guides
    "key",  # a key in the footer
    "contour",  # a line of equal loss on a map
    "class0",  # samples and regions of a class
    "class1",
    "class2",
    "class3",
    "positive",  # a number above 0, where its sign is the point
    "negative",  # a number below 0
]

CLASSES: tuple[Role, ...] = ("class0", "class1", "class2", "class3")


class Ground(NamedTuple):
    """What lies under the text of a span: a step of a ramp of colours.

    A step of "heat" says how high something is, from the valley up; one of "side" what a classifier says, from class 0
    for certain over two that are undecided to class 1 for certain; four of "class" belong to each class of several, the
    last one where it is certain.
    """

    ramp: Literal["heat", "side", "class"]
    step: int


HEATS = tuple(Ground("heat", step) for step in range(32))
SIDES = tuple(Ground("side", step) for step in range(12))
CLASS_GROUNDS = tuple(tuple(Ground("class", 4 * place + step) for step in range(4)) for place in range(len(CLASSES)))


class Span(NamedTuple):
    """A run of text in one role; `lit` is the part in question. `text` holds no newline, tab or control character.

    `ground` colours what lies under the text, so that blanks show as well; None leaves it to the screen. `ref` is the
    number that the text stands for, where a click on it can ask for that number.
    """

    text: str
    role: Role = "text"
    lit: bool = False
    ground: Ground | None = None
    ref: Ref | None = None


Line = tuple[Span, ...]
"""One line of a drawing, left to right."""

Drawing = tuple[Line, ...]
"""A drawing: lines from top to bottom."""


def line(*parts: Span | str) -> Line:
    """Make a line; plain strings are ordinary text, empty parts are left out."""
    return tuple([span for part in parts if (span := part if isinstance(part, Span) else Span(part)).text])


def plain(drawing: Iterable[Line]) -> str:
    """Return the text of a drawing without its roles, lines without trailing blanks: what a test compares."""
    return "\n".join("".join(span.text for span in spans).rstrip() for spans in drawing)


def beside(left: Line, right: Line, width: int) -> Line:
    """Return a line with a part at its left and one at its right end; the left one gives way where both do not fit."""
    room = width - width_of(right)
    left = cut(left, max(0, room - 1))
    return (*left, Span(" " * (room - width_of(left))), *right)


def padded(spans: Line, width: int, gap: int = 0) -> Line:
    """Return the line, cut or filled with blanks to exactly `width` cells, and a gap behind it.

    The blanks go with the last span: they look the same in any role, and one span is painted quicker than two.
    """
    taken = width_of(spans)
    if taken > width:
        spans, taken = cut(spans, width), width
    blanks = " " * (width + gap - taken)
    if not blanks or not spans or spans[-1].ground is not None:
        return (*spans, Span(blanks)) if blanks else spans
    return (*spans[:-1], spans[-1]._replace(text=spans[-1].text + blanks))


def width_of(line: Line) -> int:
    """Return how many cells a line takes."""
    taken = 0
    for span in line:
        text = span[0]
        taken += len(text) if text.isascii() else cells_in(text)
    return taken


cells_in = lru_cache(maxsize=4096)(cell_len)
"""How many cells a text takes, kept."""


def cut(line: Line, width: int) -> Line:
    """Return the line, cut to `width` cells with … at its end where it is longer."""
    if width_of(line) <= width:
        return line
    kept: list[Span] = []
    room = width - 1
    for span in line:
        taken = ""
        for character in span.text:
            if cell_len(taken + character) > room:
                break
            taken += character
        room -= cell_len(taken)
        kept.append(span._replace(text=taken))
        if taken != span.text:
            break
    return (*kept, Span("…", "muted"))


def wrapped(content: Line | str, width: int, indent: str = "", most: int | None = None) -> list[Line]:
    """Return a text on as many lines of `width` cells as it takes, `indent` before those after the first.

    A word that is longer than a line is broken, runs of blanks are one, and a newline ends a line. Short expressions
    stay whole, unless that takes more than `most` lines.
    """
    spans: Line = (Span(content),) if isinstance(content, str) else content
    text = "".join([span.text for span in spans])
    if text and len(text) <= width and _fits_as_it_is(text, width):
        return [line(*spans)]
    spans = tuple(_single_spaced(spans))
    text = "".join([span.text for span in spans])
    before = line(indent)
    parts = _between(spans, wrap(text, width, indent=cell_len(indent), measure=cell_len, most=most))
    return [(*(before if number else ()), *part) for number, part in enumerate(parts)]


def _fits_as_it_is(text: str, width: int) -> bool:
    """Whether a text is one line already: most are."""
    return "\n" not in text and "  " not in text and text == text.strip(" ") and cells_in(text) <= width


def _single_spaced(spans: Iterable[Span]) -> Iterator[Span]:
    ends_in_blank = True
    for span in spans:
        text = re.sub(" +", " ", span.text)
        if ends_in_blank:
            text = text.lstrip(" ")
        if text:
            ends_in_blank = text[-1] in " \n"
            yield span._replace(text=text)


def _between(spans: Sequence[Span], places: Iterable[tuple[int, int]]) -> Iterator[Line]:
    """Yield the parts of a line from one character to another, places ascending."""
    at, before = 0, 0  # the span, and the characters before it
    for start, end in places:
        while at < len(spans) and before + len(spans[at].text) <= start:
            before += len(spans[at].text)
            at += 1
        parts: list[Span] = []
        there, offset = at, before
        while there < len(spans) and offset < end:
            text = spans[there].text
            parts.append(spans[there]._replace(text=text[max(0, start - offset) : end - offset]))
            offset += len(text)
            there += 1
        yield tuple(part for part in parts if part.text)
