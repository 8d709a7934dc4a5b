"""The prose of a lesson: sections that belong to activities and steps, with placeholders that a run fills.

A section begins with a heading that names where it belongs, `## Title {#anchor}`. An anchor is an activity's id, or the
id and a part of a pass, the longer one wins: `by-hand`, `by-hand:1`, `by-hand:1.backward`, `by-hand:1.backward.dW1`,
`by-hand:1.backward.dW1[0,0]`. What stands before the first section is the introduction; a heading without an anchor is
an ordinary heading inside its section.

Numbers of a run are never typed: `{{1.update.W1[0,0]}}` is filled from the trace, `{{other:1.loss.loss}}` from another
network's; pass 0 is what the run starts from. Also `{{x[0,0]}}`, `{{y[0,0]}}`, `{{learning_rate}}` and the other
`GIVEN`; `|2` behind any of them asks for two decimals. In a block of ```python numbers are written as Python reads
them, and whole matrices may be named: `{{0.update.W1}}`, `{{x}}`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field

from nn_tutor.course.findings import shown
from nn_tutor.dataclass import dataclass
from nn_tutor.network.quantities import Ref, parse_ref

GIVEN = ("learning_rate", "momentum", "decay", "beta1", "beta2", "epsilon", "weight_decay", "schedule_factor")
"""What a lesson file gives a network besides its weights and data, by the keys it has there."""

MAX_PASSES = 10_000
"""Placeholders may look this far into a run."""


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A number to be filled in.

    `source` is "trace" with `pass_number` and `ref`, "test" with `pass_number` for the loss of the test samples, or
    "x", "y" (with `place`, a row and a column), or one of `GIVEN`.
    Without a place, or an index of `ref`, the whole matrix is meant. `network` is None for the network of the section's
    activity. `as_code` says that it stands in a program.
    """

    text: str
    source: str
    network: str | None = None
    pass_number: int = 0
    ref: Ref | None = None
    place: tuple[int, int] | None = (0, 0)
    decimals: int | None = None
    as_code: bool = False


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


@dataclass(frozen=True, slots=True)
class Problem:
    """A place in the prose that cannot be read: its line, from 1, what stands there, and what to do."""

    line: int
    found: str
    mend: str


def parse_prose(text: str) -> tuple[Prose, tuple[Problem, ...]]:
    """Read the Markdown of a lesson; what cannot be read becomes problems, and is left out."""
    problems: list[Problem] = []
    sections: dict[str, Section] = {}
    introduction = Section("", "", ())
    anchor, title, first_line = "", "", 1
    body: list[str] = []

    def close() -> None:
        nonlocal introduction
        section = Section(anchor, title, _parts(body, first_line, problems))
        if not anchor:
            introduction = section
        elif anchor in sections:
            mend = "give each section its own anchor"
            problems.append(Problem(first_line - 1, f"the section {{#{shown(anchor)}}} stands twice", mend))
        else:
            sections[anchor] = section

    for number, line in enumerate(text.split("\n"), start=1):
        control = _CONTROL.search(line)
        if control is not None:
            problems.append(Problem(number, f"the character U+{ord(control[0]):04X}", "take it out: it cannot be seen"))
        heading = _heading(line)
        if heading is not None and "{{" in heading[0]:
            mend = "write a title without numbers, and the number into the text below"
            problems.append(Problem(number, "a placeholder in a heading, which is not filled in there", mend))
        if heading is None and _LOST_ANCHOR.match(line):
            problems.append(Problem(number, "a heading whose anchor has no #", "write {#id}, the id of an activity"))
        if heading is not None and not heading[1]:
            problems.append(Problem(number, "a heading with an empty anchor", "write {#id}, the id of an activity"))
        if heading is None or not heading[1]:
            body.append(line)
            continue
        close()
        (title, anchor), first_line = heading, number + 1
        body.clear()
    close()
    return Prose(introduction, sections), tuple(sorted(problems, key=lambda problem: problem.line))


def fill(parts: tuple[Part, ...], written: Callable[[Placeholder], str]) -> str:
    """Return the text with every placeholder filled."""
    return "".join(part if isinstance(part, str) else written(part) for part in parts)


CODE_FENCE = "```python"
"""What begins a program in prose."""

MAX_CHARACTERS = 80
"""How long a placeholder may be."""

_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f]")
_LOST_ANCHOR = re.compile(r"#{1,6}\s[^{}]*\{[A-Za-z][\w.:,\[\]-]*\}\s*$")
_CONTENT = re.compile(
    r"(?:(?P<network>[A-Za-z0-9_.-]+):)?"
    r"(?:(?P<pass>\d{1,6})\.(?!loss\.test\b)(?P<phase>forward|loss|backward|update)\.(?P<ref>[A-Za-z_]+\d*(?:\[[\d,\s]+\])?)"
    r"|(?P<tested>\d{1,6})\.loss\.test"
    r"|(?P<data>[xy])(?:\[(?P<row>\d{1,5}),\s*(?P<column>\d{1,3})\])?"
    rf"|(?P<given>{'|'.join(GIVEN)}))"
    r"(?:\|(?P<decimals>\d{1,2}))?"
)


def _heading(line: str) -> tuple[str, str] | None:
    """Return title and anchor of a heading that has an anchor, None for any other line."""
    line = line.rstrip()
    words = line.lstrip("#")
    opening = line.rfind("{#")
    if not 1 <= len(line) - len(words) <= 6 or not words[:1].isspace() or opening < 0 or not line.endswith("}"):
        return None
    return line[len(line) - len(words) : opening].strip(), line[opening + 2 : -1].strip()


def _parts(lines: list[str], first_line: int, problems: list[Problem]) -> tuple[Part, ...]:
    """Cut text into plain parts and placeholders, without the blank lines at its ends."""
    while lines and not lines[-1].strip():
        lines.pop()
    blank = next((index for index, line in enumerate(lines) if line.strip()), 0)
    parts: list[Part] = []
    plain = ""
    fence = ""
    for number, line in enumerate(lines[blank:], start=first_line + blank):
        end = 0
        if line.lstrip().startswith("```"):
            fence = "" if fence else line.strip()
        while (start := line.find("{{", end)) >= 0:
            close = line.find("}}", start)
            if close < 0:
                problems.append(Problem(number, "{{ without }}", "close the placeholder on the same line"))
                break
            try:
                placeholder = _placeholder(line[start : close + 2], as_code=fence == CODE_FENCE)
            except ValueError as error:
                problems.append(Problem(number, shown(line[start : close + 2]), str(error)))
            else:
                parts += [plain + line[end:start], placeholder]
                plain = ""
            end = close + 2
        plain += line[end:] + "\n"
    parts.append(plain[:-1])
    return tuple(part for part in parts if part != "")


def _placeholder(text: str, *, as_code: bool) -> Placeholder:
    """Read a placeholder with its braces; raises ValueError with what to write instead."""
    match = _CONTENT.fullmatch(text[2:-2].strip()) if len(text) <= MAX_CHARACTERS else None
    if match is None:
        raise ValueError("write for example {{1.update.W1[0,0]}} or {{x[0,0]|2}}")
    decimals = int(match["decimals"]) if match["decimals"] else None
    network = match["network"]
    if match["given"]:
        return Placeholder(text, match["given"], network, decimals=decimals, as_code=as_code)
    if match["data"]:
        if match["row"] is None and not as_code:
            raise ValueError(
                f"give row and column, such as {{{{{match['data']}[0,0]}}}}; whole ones fit in ```python only"
            )
        place = None if match["row"] is None else (int(match["row"]), int(match["column"]))
        return Placeholder(text, match["data"], network, place=place, decimals=decimals, as_code=as_code)
    number = int(match["tested"] or match["pass"])
    if match["tested"] and 1 <= number <= MAX_PASSES:
        return Placeholder(text, "test", network, number, decimals=decimals, as_code=as_code)
    if match["tested"]:
        raise ValueError(f"write a pass from 1 to {MAX_PASSES}")
    ref = parse_ref(match["ref"])
    if ref.phase != match["phase"]:
        raise ValueError(f"{ref.quantity} belongs to {ref.phase}; write {number}.{ref.phase}.{ref.quantity}")
    if number > MAX_PASSES:
        raise ValueError(f"look at most {MAX_PASSES} passes ahead")
    if number == 0 and ref.quantity not in ("W", "b"):
        raise ValueError("before pass 1 there are only W and b; write pass 1 or later")
    return Placeholder(text, "trace", network, number, ref, decimals=decimals, as_code=as_code)
