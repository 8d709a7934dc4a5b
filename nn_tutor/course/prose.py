"""The prose of a lesson: sections that belong to activities and steps, with placeholders that a run fills.

A section begins with a heading that names where it belongs, `## Title {#anchor}`. An anchor is an activity's id, or the
id and a part of a pass, the longer one wins: `by-hand`, `by-hand:1`, `by-hand:1.backward`, `by-hand:1.backward.dW1`,
`by-hand:1.backward.dW1[0,0]`. What stands before the first section is the introduction; a heading without an anchor is
an ordinary heading inside its section.

Numbers of a run are never typed: `{{1.update.W1[0,0]}}` is filled from the trace, `{{other:1.loss.loss}}` from another
network's; pass 0 is what the run starts from. Also `{{x[0,0]}}`, `{{y[0,0]}}` and `{{learning_rate}}`; `|2` behind
any of them asks for two decimals.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from nn_tutor.network.quantities import Ref, parse_ref

MOST_PASSES = 1_000
"""Placeholders may look this far into a run."""


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A number to be filled in.

    `source` is "trace" with `pass_number` and `ref`, or "x", "y" (with `place`, a row and a column), "learning_rate".
    `network` is None for the network of the section's activity.
    """

    text: str
    source: str
    network: str | None = None
    pass_number: int = 0
    ref: Ref | None = None
    place: tuple[int, int] = (0, 0)
    decimals: int | None = None


Part = str | Placeholder


@dataclass(frozen=True, slots=True)
class Section:
    """A piece of prose: its anchor ("" for the introduction), its title, and its text in parts."""

    anchor: str
    title: str
    parts: tuple[Part, ...]

    @property
    def activity(self) -> str:
        """The id of the activity that the section belongs to."""
        return self.anchor.partition(":")[0]

    def placeholders(self) -> Iterator[Placeholder]:
        """Yield the placeholders of the section."""
        yield from (part for part in self.parts if isinstance(part, Placeholder))


@dataclass(frozen=True, slots=True)
class Prose:
    """The prose of a lesson: its introduction, and its sections by anchor."""

    introduction: Section = field(default_factory=lambda: Section("", "", ()))
    sections: Mapping[str, Section] = field(default_factory=dict)

    def section_for(self, activity: str, pass_number: int | None = None, ref: Ref | None = None) -> Section | None:
        """Return the section that fits best: the step's own, else that of its quantity, phase, pass or activity."""
        anchors = [activity]
        if pass_number is not None:
            anchors.append(f"{activity}:{pass_number}")
            if ref is not None:
                phase = f"{activity}:{pass_number}.{ref.phase}"
                bare = f"{phase}.{ref.quantity}"
                anchors += [phase, bare, f"{phase}.{ref.quantity}{ref.layer or ''}", f"{phase}.{ref}"]
        return next((self.sections[anchor] for anchor in reversed(anchors) if anchor in self.sections), None)


class ProseError(ValueError):
    """Prose that cannot be read; `line` counts from 1."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line


def parse_prose(text: str) -> Prose:
    """Read the Markdown of a lesson; raises `ProseError`."""
    sections: dict[str, Section] = {}
    introduction = Section("", "", ())
    anchor, title, body, start = "", "", [], 1
    for number, content in enumerate([*text.splitlines(), None], start=1):
        heading = None if content is None else _HEADING.fullmatch(content)
        if content is not None and heading is None:
            body.append(content)
            continue
        section = Section(anchor, title, _parts("\n".join(body).strip("\n"), start))
        if not anchor:
            introduction = section
        elif anchor in sections:
            raise ProseError(start - 1, f"the section {{#{anchor}}} stands twice; give each its own anchor")
        else:
            sections[anchor] = section
        if heading is not None:
            anchor, title, body, start = heading["anchor"], heading["title"].strip(), [], number + 1
    return Prose(introduction, sections)


def fill(
    parts: tuple[Part, ...],
    value: Callable[[Placeholder], float],
    numeral: Callable[[float, int | None], str],
) -> str:
    """Return the text with every placeholder filled."""
    return "".join(part if isinstance(part, str) else numeral(value(part), part.decimals) for part in parts)


_HEADING = re.compile(r"#{1,6}\s+(?P<title>.*?)\s*\{#(?P<anchor>[^{}\s]+)\}\s*")
_HOLE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_CONTENT = re.compile(
    r"(?:(?P<network>[a-z0-9-]+):)?"
    r"(?:(?P<pass>\d{1,6})\.(?P<phase>forward|loss|backward|update)\.(?P<ref>[A-Za-z_]+\d*(?:\[[\d,\s]+\])?)"
    r"|(?P<data>[xy])\[(?P<row>\d{1,5}),\s*(?P<column>\d{1,3})\]"
    r"|(?P<rate>learning_rate))"
    r"(?:\|(?P<decimals>\d{1,2}))?"
)


def _parts(text: str, first_line: int) -> tuple[Part, ...]:
    parts: list[Part] = []
    end = 0
    for hole in _HOLE.finditer(text):
        parts += [text[end : hole.start()], _placeholder(hole, text, first_line)]
        end = hole.end()
    parts.append(text[end:])
    return tuple(part for part in parts if part != "")


def _placeholder(hole: re.Match[str], text: str, first_line: int) -> Placeholder:
    line = first_line + text.count("\n", 0, hole.start())
    match = _CONTENT.fullmatch(hole[1].strip())
    if match is None:
        raise ProseError(line, f"{hole[0]} is not read; write for example {{{{1.update.W1[0,0]}}}} or {{{{x[0,0]|2}}}}")
    decimals = int(match["decimals"]) if match["decimals"] else None
    if match["rate"]:
        return Placeholder(hole[0], "learning_rate", match["network"], decimals=decimals)
    if match["data"]:
        place = (int(match["row"]), int(match["column"]))
        return Placeholder(hole[0], match["data"], match["network"], place=place, decimals=decimals)
    try:
        ref = parse_ref(match["ref"])
    except ValueError as error:
        raise ProseError(line, f"{hole[0]}: {error}") from None
    if ref.phase != match["phase"]:
        raise ProseError(line, f"{hole[0]}: {ref.quantity} belongs to {ref.phase}; write {ref.phase}")
    number = int(match["pass"])
    if number > MOST_PASSES:
        raise ProseError(line, f"{hole[0]}: pass {number}; look at most {MOST_PASSES} passes ahead")
    if number == 0 and ref.quantity not in ("W", "b"):
        raise ProseError(line, f"{hole[0]}: before pass 1 there are only W and b; write pass 1 or later")
    return Placeholder(hole[0], "trace", match["network"], number, ref, decimals=decimals)
