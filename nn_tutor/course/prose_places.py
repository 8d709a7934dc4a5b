"""Whether prose fits its lesson: every section belongs to a station, every placeholder to a number of the run."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from nn_tutor.course.ask import check_ref, only_layer
from nn_tutor.course.findings import Findings, close_words, shown
from nn_tutor.course.networks import NetworkWithData, rows_of_pass
from nn_tutor.network.quantities import TABLE, Ref, layers_of, parse_ref

if TYPE_CHECKING:
    from nn_tutor.course.activities.kinds import Activity
    from nn_tutor.course.prose import Placeholder, Prose


def check_places(
    prose: Prose, activities: tuple[Activity, ...], networks: Mapping[str, NetworkWithData], findings: Findings
) -> None:
    """Make a finding of each section and each placeholder that has no place in the lesson."""
    by_id = {activity.id: activity for activity in activities}
    for section in (prose.introduction, *prose.sections.values()):
        activity = by_id.get(section.activity)
        where = f"{{#{shown(section.anchor)}}}" if section.anchor else "the introduction"
        if section.anchor and activity is None:
            close = close_words(section.activity[:80], by_id)
            mend = f"did you mean {{#{close[0]}}}?" if close else "use the id of an activity: " + ", ".join(by_id)
            findings.add(where, "no such activity", mend)
            continue
        if activity is not None and ":" in section.anchor:
            reason = _wrong_with_place(section.anchor.partition(":")[2], activity, networks.get(activity.network))
            if reason:
                findings.add(where, "no such place", reason)
        default = activity.network if activity is not None else ""
        for placeholder in section.placeholders():
            reason = _wrong_with_placeholder(placeholder, networks, default)
            if reason:
                findings.add(where, placeholder.text, reason)


def _wrong_with_place(place: str, activity: Activity, entry: NetworkWithData | None) -> str:
    """Say why an activity has no such station, "" where it has: PASS, and in a walk PASS.PHASE[.QUANTITY]."""
    match = re.fullmatch(r"([1-9]\d{0,5})(?:\.(forward|loss|backward|update)(?:\.(.{1,40}))?)?", place)
    if match is None:
        return "write PASS, PASS.PHASE or PASS.PHASE.QUANTITY, such as 2.backward.dW1[0,0]"
    number, phase, quantity = int(match[1]), match[2], match[3]
    if not activity.span:
        return f"{activity.kind} has no passes; leave out what follows the id"
    first, last = activity.span[0], activity.span[-1]
    if number not in activity.span:
        return f"the activity has pass {first}" + (f" to {last}" if last > first else " alone")
    if phase and not activity.step_groups_in_passes:
        return f"only a walk stops within a pass; leave out .{phase}"
    if not quantity or entry is None:
        return ""
    try:
        ref = parse_ref(quantity)
        if ref.phase != phase:
            return f"{ref.quantity} belongs to {ref.phase}"
        if str(ref) != quantity or (ref.index is not None and _lacks_layer(entry, ref)):
            return "write the quantity as in dW, dW1 or dW1[0,0]"
        check_ref(entry.network, rows_of_pass(entry), ref)
    except ValueError as error:
        return str(error)
    return ""


def _wrong_with_placeholder(placeholder: Placeholder, networks: Mapping[str, NetworkWithData], default: str) -> str:
    """Say why a placeholder cannot be filled, "" where it can."""
    entry = networks.get(placeholder.network or default)
    if entry is None:
        return "there is no such network" if placeholder.network else "there is no network here"
    if placeholder.source in ("x", "y"):
        rows = entry.data.inputs if placeholder.source == "x" else entry.data.targets or ()
        if placeholder.place is None:
            return "" if rows else "there are no targets"
        row, column = placeholder.place
        inside = row < len(rows) and column < len(rows[row])
        return "" if inside else "outside the data, which counts from 0"
    if placeholder.source == "test":
        return "" if entry.held_out is not None else "there are no test samples: give test_inputs and test_targets"
    if placeholder.ref is None:
        return ""
    ref = only_layer(entry.network, placeholder.ref)
    if placeholder.as_code and ref.quantity in ("W", "b") and ref.index is None:
        return "give its layer, such as W1" if _lacks_layer(entry, ref) else _missing(entry, ref)
    if TABLE[ref.quantity].axes and (ref.index is None or _lacks_layer(entry, ref)):
        return "give its layer and all its indices, such as W1[0,0]"
    return _missing(entry, ref)


def _missing(entry: NetworkWithData, ref: Ref) -> str:
    """Say why a network lacks a quantity, its layer or its element; "" where it has it."""
    try:
        check_ref(entry.network, rows_of_pass(entry), ref)
    except ValueError as error:
        return str(error)
    return ""


def _lacks_layer(entry: NetworkWithData, ref: Ref) -> bool:
    return ref.layer is None and layers_of(entry.network, ref.quantity) != (None,)
