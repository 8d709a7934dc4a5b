"""The words beside a station: the section of the lesson's prose that fits, its numbers filled in from the run."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from nn_tutor.calculus.numerals import fixed, numeral
from nn_tutor.course.ask import only_layer
from nn_tutor.course.prose import GIVEN, Placeholder, Section, fill
from nn_tutor.network.landscape import loss_on
from nn_tutor.network.passes import batch
from nn_tutor.network.quantities import Ref, stands_transposed
from nn_tutor.network.records import Pass
from nn_tutor.network.training import StoppedError
from nn_tutor.walkthrough.steps import shown_value

if TYPE_CHECKING:
    from nn_tutor.course.lesson import Lesson
    from nn_tutor.network.spec import Network

PassAt = Callable[[str, int], Pass]
"""Gives a pass of one of the lesson's networks, by the network's name and the number of the pass."""


def prose_at(
    lesson: Lesson, activity: str, pass_at: PassAt, pass_number: int | None = None, ref: Ref | None = None
) -> str:
    """Return the prose for a station with its title as a heading and its numbers filled in, "" where there is none."""
    section = lesson.prose.section_for(activity, pass_number, ref)
    if section is None and len(lesson.activities) == 1 and pass_number is None:
        section = lesson.prose.introduction
    return "" if section is None else section_with_numbers(lesson, section, pass_at)


def section_with_numbers(lesson: Lesson, section: Section, pass_at: PassAt) -> str:
    """Return a section with its numbers filled in, below its title."""
    text = text_with_numbers(lesson, section, pass_at)
    return f"## {section.title}\n\n{text}" if section.title else text


def text_with_numbers(
    lesson: Lesson, section: Section, pass_at: PassAt, cover: Callable[[Placeholder], str | None] | None = None
) -> str:
    """Return the text of a section with its numbers filled in; `cover` may give what stands in the place of one."""
    owner = next((activity for activity in lesson.activities if activity.id == section.activity), None)
    default = "" if owner is None else owner.network

    def put_in(hole: Placeholder) -> str:
        covered = None if cover is None else cover(hole)
        return _written(hole, _value(lesson, hole, hole.network or default, pass_at)) if covered is None else covered

    return fill(section.parts, put_in)


Nested = float | list["Nested"]
"""A number, or the nested lists of a whole matrix."""


def _given(network: Network, name: str) -> float:
    optimizer = network.optimizer
    others = {
        "learning_rate": network.learning_rate,
        "weight_decay": optimizer.weight_decay,
        "schedule_factor": optimizer.schedule.factor,
    }
    return others[name] if name in others else optimizer.constants[name]


def _value(lesson: Lesson, hole: Placeholder, network: str, pass_at: PassAt) -> Nested:
    entry = lesson.networks[network]
    if hole.source in GIVEN:
        return _given(entry.network, hole.source)
    if hole.source in ("x", "y"):
        rows = entry.data.inputs if hole.source == "x" else entry.data.targets or ()
        return [list(row) for row in rows] if hole.place is None else rows[hole.place[0]][hole.place[1]]
    try:
        passed = pass_at(network, max(1, hole.pass_number))
    except StoppedError:
        return float("nan")
    if hole.source == "test" and entry.held_out is not None:
        return loss_on(entry.network, passed.before, *batch(entry.held_out))
    if hole.ref is None:
        raise ValueError(f"{hole.text} names no number")
    ref = only_layer(entry.network, hole.ref)
    if ref.quantity not in ("W", "b"):
        return shown_value(entry.network, passed, ref)
    parameters = passed.update.after if hole.pass_number else passed.before
    layer, biases = (ref.layer or 1) - 1, parameters.b[(ref.layer or 1) - 1]
    array = parameters.W[layer] if ref.quantity == "W" or biases is None else biases
    if ref.index is not None:
        return float(array[ref.index])
    whole: Nested = (array.T if stands_transposed(entry.network, ref.quantity) else array).tolist()
    return whole


def _written(hole: Placeholder, value: Nested) -> str:
    if hole.as_code:
        return python_text(value, hole.decimals)
    if not isinstance(value, float):
        raise TypeError(f"{hole.text} is no single number")
    return numeral(value) if hole.decimals is None else fixed(value, hole.decimals)


def python_text(value: Nested, decimals: int | None = None) -> str:
    """Write a number, or nested lists of them, as Python reads it: at most six significant digits, or `decimals`."""
    if isinstance(value, list):
        return "[" + ", ".join(python_text(one, decimals) for one in value) + "]"
    return f"{value:.6g}" if decimals is None else f"{value:.{decimals}f}"
