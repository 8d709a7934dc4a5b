"""What a lesson may cost, counted before anything is computed: what is too much is refused at once, and told.

The bounds are such that a lesson opens within two seconds, and every key is answered within one, on a small machine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import TYPE_CHECKING

from nn_tutor.course.activities.kinds import COMPUTING, Activity
from nn_tutor.course.ask import Ask
from nn_tutor.course.networks import NetworkWithData, rows_of_pass, size_of_pass
from nn_tutor.network.quantities import layers_of, shape_of

if TYPE_CHECKING:
    from nn_tutor.course.findings import Findings
    from nn_tutor.course.prose import Placeholder, Prose, Section

MAX_NUMBERS = 10_000
"""Numbers of a pass that is walked: beyond, nobody would walk from one to the next."""

MAX_ASKED = 500
"""Questions in one pass."""

MAX_WORK = 10**8
"""Steps of calculation until the last pass that the lesson shows for certain, all its networks together."""

MAX_PASS = 2 * 10**7
"""Steps of calculation of one pass: a key has to wait for it."""

PER_PASS, PER_UNIT = 2_000, 20
"""What a pass costs besides its multiplications, and what each unit costs for each sample, in multiplications."""

MAX_PAGE = 16_384
"""Characters of a section of prose, which is laid out at once."""

MAX_FILLED = 2_000
"""Numbers that are filled into a section of prose."""


def check_budget(
    activities: Sequence[Activity],
    networks: Mapping[str, NetworkWithData],
    prose: Prose,
    findings: Findings,
    prose_findings: Findings,
) -> None:
    """Make a finding of everything that is too large to be done while somebody waits."""
    total = 0
    for name, entry in networks.items():
        users = [activity for activity in activities if activity.kind in COMPUTING and activity.network == name]
        last = max((activity.certain_pass for activity in users), default=1)
        last = max(last, *(one.pass_number for one in _placeholders(prose, activities, name)), 1)
        work = work_of_pass(entry)
        total += work * last
        key = f"networks.{name}" if name else "network"
        if work > MAX_PASS:
            findings.add(key, "a pass that is too large to be computed while somebody waits", _SMALLER)
        elif total > MAX_WORK:
            mend = f"look fewer passes ahead; {_SMALLER}"
            findings.add(key, f"pass {last} is too far to walk to while somebody waits", mend)
    for index, activity in enumerate(activities):
        used = networks.get(activity.network) if activity.kind in COMPUTING else None
        if used is not None:
            _check_walked(activity, used, f"activity[{index}]", findings)
    for section in (prose.introduction, *prose.sections.values()):
        _check_page(section, activities, networks, prose_findings)


def is_walkable(entry: NetworkWithData) -> bool:
    """Whether a pass is small enough to be walked number by number."""
    return size_of_pass(entry.network, rows_of_pass(entry)) <= MAX_NUMBERS


def work_of_pass(entry: NetworkWithData) -> int:
    """Return a count of the steps of calculation in one pass."""
    layers, rows = entry.network.layers, rows_of_pass(entry)
    rows += len(entry.held_out.inputs) if entry.held_out is not None else 0
    return PER_PASS + sum(rows * layer.units * (layer.inputs + PER_UNIT) for layer in layers)


_SMALLER = "take fewer units, layers or rows"


def _check_walked(activity: Activity, entry: NetworkWithData, key: str, findings: Findings) -> None:
    if activity.kind in ("train", "pull"):
        return
    if not is_walkable(entry):
        size = size_of_pass(entry.network, rows_of_pass(entry))
        found = f"a pass of some {size:,} numbers, too large to be walked number by number (at most {MAX_NUMBERS:,})"
        findings.add(key, found, f'{_SMALLER}, or let it only be trained: kind = "train"')
        return
    if activity.span:
        asked = sum(_asked(entry, ask) for ask in activity.asks_of(activity.span[0]))
        if asked > MAX_ASKED:
            findings.add(f"{key}.ask", f"{asked:,} questions in one pass", f"ask for at most {MAX_ASKED} numbers")


def _asked(entry: NetworkWithData, ask: Ask) -> int:
    """How many questions an ask comes to."""
    network, rows = entry.network, rows_of_pass(entry)
    if ask.ref is None:
        return size_of_pass(network, rows)
    if ask.ref.index is not None:
        return 1
    layers = layers_of(network, ask.ref.quantity)
    return sum(prod(shape_of(network, rows, ask.ref.quantity, one)) for one in layers if ask.ref.layer in (None, one))


def _placeholders(prose: Prose, activities: Sequence[Activity], network: str) -> list[Placeholder]:
    """The numbers of a network's passes that stand in the prose."""
    owners = {activity.id: activity.network for activity in activities}
    return [
        hole
        for section in (prose.introduction, *prose.sections.values())
        for hole in section.placeholders()
        if (owners.get(section.activity, "") if hole.network is None else hole.network) == network
    ]


def _check_page(
    section: Section, activities: Sequence[Activity], networks: Mapping[str, NetworkWithData], findings: Findings
) -> None:
    where = f"{{#{section.anchor}}}" if section.anchor else "the introduction"
    length = sum(len(part) for part in section.parts if isinstance(part, str))
    if length > MAX_PAGE:
        findings.add(where, f"{length:,} characters on one page", f"write at most {MAX_PAGE:,}, and go on in another")
    owners = {activity.id: activity.network for activity in activities}
    filled = 0
    for hole in section.placeholders():
        name = owners.get(section.activity, "") if hole.network is None else hole.network
        filled += _numbers(hole, networks[name]) if name in networks else 1
    if filled > MAX_FILLED:
        findings.add(where, f"{filled:,} numbers to be filled in on one page", f"name at most {MAX_FILLED:,}")


def _numbers(hole: Placeholder, entry: NetworkWithData) -> int:
    """How many numbers a placeholder stands for."""
    if hole.source in ("x", "y"):
        rows = entry.data.inputs if hole.source == "x" else entry.data.targets or ()
        return 1 if hole.place is not None else sum(map(len, rows))
    return 1 if hole.ref is None else _asked(entry, Ask("value", hole.ref))
