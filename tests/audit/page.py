"""`lessons/AUDIT.md`, made of the examples: which printed figures are right, and which are not, and by which slip."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from nn_tutor.calculus.numerals import numeral
from nn_tutor.homework.sheet import JudgedLine
from nn_tutor.homework.sheet_views import conventions_said
from nn_tutor.judging.rounding import half_unit_of
from nn_tutor.network.quantities import shown_sign
from nn_tutor.network.records import value_of
from nn_tutor.network.training import Timeline
from tests.audit.published import Example, examples

PAGE = Path(__file__).resolve().parents[2] / "lessons" / "AUDIT.md"

HEAD = """# Worked examples on the web, worked again

{count} worked examples with {figures} printed figures, from articles, courses, books and repositories, put into
`nn-tutor homework --sheet` as they are printed. Networks and figures are facts; nothing of their texts is copied. Each
verdict is held against plain NumPy and central differences. This page is written by `python -m tests.audit` from the
files in `tests/audit/examples`, where every figure can be looked up.

Of {source} examples network and figures were read in the source itself, its page or its repository; of the other {copy}
in public copies of it, as notebooks of a course, handouts and tests of programs reprint them: the table says which.

{right} of the figures are right to their last digit, {rounded} differ from it by rounding on the way or by arithmetic
within 1 %, {conventional} are right in another convention than the one in which this tutor writes, {wrong} are wrong,
and {following} only follow from these.
"""


def page() -> str:
    """Return the whole page."""
    every = examples()
    counts = [counted(example) for example in every]
    total = {key: sum(one[key] for one in counts) for key in counts[0]}
    read = Counter(example.read for example in every)
    head = HEAD.format(count=len(every), source=read["source"], copy=read["copy"], **total)
    return "\n".join((head, *_wrong(every), "", *_table(every), ""))


def counted(example: Example) -> dict[str, int]:
    """Return how many figures of an example are right, rounded, conventional, wrong, or only follow."""
    counts = dict.fromkeys(("figures", "right", "rounded", "conventional", "wrong", "following"), 0)
    for line in example.checked.lines:
        counts["figures"] += 1
        counts[kind_of(example, line)] += 1
    return counts


def kind_of(example: Example, line: JudgedLine) -> str:
    """Return whether a figure is right, rounded, conventional, wrong, or only follows from one that is wrong."""
    if line in example.wrong():
        return "wrong"
    if line.verdict in ("follow_through", "convention"):
        return {"follow_through": "following", "convention": "conventional"}[line.verdict]
    return "right" if is_right_to_the_last_digit(example, line) else "rounded"


def is_right_to_the_last_digit(example: Example, line: JudgedLine) -> bool:
    """Whether a figure is what the truth rounds to."""
    assert line.judged is not None
    assert line.value is not None
    cell = line.judged.cell
    truth = abs(truth_of(example, line))
    half_unit = cell.reading.half_unit or half_unit_of(12)
    return abs(abs(line.value) - truth) <= half_unit * (1 + 1e-6) + 1e-9 * truth


def truth_of(example: Example, line: JudgedLine) -> float:
    """Return the right number, as the tutor's own convention has it."""
    assert line.judged is not None
    entry = example.homework.entry
    cell = line.judged.cell
    return value_of(Timeline(entry.network, entry.data).at(cell.number), cell.ref)


def _wrong(every: tuple[Example, ...]) -> Iterator[str]:
    yield "## Figures that are wrong\n"
    for example in every:
        wrong = example.wrong()
        if not wrong:
            continue
        yield f"[{example.source}]({example.address})\n"
        for line in wrong:
            told = f"is printed as {line.line.text}; {_right(example, line)} is right"
            yield f"- `{line.question}` {told}: {_why(example, line)}."
        following = counted(example)["following"]
        if following:
            yield f"- {following} more {'figure follows' if following == 1 else 'figures follow'} from these."
        yield ""


def _right(example: Example, line: JudgedLine) -> str:
    """The right number with the sign in which the source writes it."""
    assert line.judged is not None
    assert line.value is not None
    truth = truth_of(example, line)
    return numeral(-truth if _is_turned(example, line) else truth).replace("−", "-")


def _is_turned(example: Example, line: JudgedLine) -> bool:
    assert line.judged is not None
    return shown_sign(example.homework.entry.network, line.judged.cell.ref) < 0


def _why(example: Example, line: JudgedLine) -> str:
    slip = example.slips.get(line.question or "")
    if slip is not None:
        return f"{slip.words} ({slip.made_by})"
    return line.message.split(" (the slip lies")[0]


def _table(every: tuple[Example, ...]) -> Iterator[str]:
    yield "## All examples\n"
    yield "| source | read in | figures | what was found |"
    yield "|---|---|---|---|"
    for example in every:
        counts = counted(example)
        read = {"source": "the source", "copy": "copies"}[example.read]
        yield f"| [{example.source}]({example.address}) | {read} | {counts['figures']} | {_found(example, counts)} |"


def _found(example: Example, counts: dict[str, int]) -> str:
    found = []
    if counts["wrong"]:
        found.append(f"{counts['wrong']} wrong")
    if counts["following"]:
        found.append(f"{counts['following']} follow")
    if counts["conventional"]:
        said = conventions_said(example.checked.conventions).removeprefix("your sheet ").removesuffix(" throughout")
        found.append(f"{counts['conventional']} in another convention" + (f" ({said})" if said else " (the ½)"))
    if counts["rounded"]:
        found.append(f"{counts['rounded']} rounded on the way")
    return ", ".join(found) if found else "all right"
