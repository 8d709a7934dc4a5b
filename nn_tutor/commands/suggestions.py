"""`check --suggest`: fair numbers for the networks of a lesson, as TOML to paste over the author's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nn_tutor.calculus.derivation import SymPyDeriver
from nn_tutor.commands.common import DONE, INVALID, print_lines, say
from nn_tutor.course.files import lesson_file, read_toml
from nn_tutor.course.findings import Findings
from nn_tutor.course.writing import as_toml
from nn_tutor.tutor.linter import lint
from nn_tutor.tutor.suggesting import Suggestion, is_asked, suggest

if TYPE_CHECKING:
    from nn_tutor.course.lesson import Lesson
    from nn_tutor.course.networks import NetworkWithData


def print_suggestions(lesson: Lesson, seed: int) -> int:
    """Print numbers for every network of a lesson that is asked about; returns the exit status."""
    status = DONE
    for name in lesson.networks:
        if not is_asked(lesson, name):
            continue
        heading = f"[networks.{name}]" if name else "[network]"
        found = suggest(lesson, name, seed)
        if found.entry is None:
            say(f"{lesson.id}: no numbers were found that make all questions on {heading} fair; {found.hardest}")
            say("ask for something else there, accept the mistake, or try another --seed, network or data")
            status = INVALID
            continue
        print_lines(_told(lesson, name, heading, found, found.entry))
    return status


def _told(lesson: Lesson, name: str, heading: str, found: Suggestion, entry: NetworkWithData) -> Iterator[str]:
    questions = f"{found.questions} {'question' if found.questions == 1 else 'questions'} on {heading}"
    if not found.changed:
        yield f"# {lesson.id}: the {questions} can stay as they are: your numbers are fair"
        return
    changed = f"{found.changed} of its numbers {'is' if found.changed == 1 else 'are'} not yours"
    yield f"# {lesson.id}: {questions}, all fair with these numbers; {changed}"
    numbered = replace(lesson, networks={**lesson.networks, name: entry})
    # What is wrong with the author's own numbers too is told by the check without a suggestion.
    known = {finding.found for finding in lint(lesson, SymPyDeriver())}
    for finding in lint(numbered, SymPyDeriver()):
        if finding.found not in known:
            yield f"# new with these numbers: {finding.key}: {finding.found} [{finding.rule}]"
    file = lesson_file(lesson.path)
    yield as_toml(_with_numbers(read_toml(file, Findings(str(file))), name, entry))


def _with_numbers(content: Mapping[str, Any], name: str, entry: NetworkWithData) -> dict[str, Any]:
    """Return the tables of one network as its author wrote them, with other numbers."""
    network, data = entry.network, entry.data
    own: dict[str, Any] = dict(content["networks"][name] if name else content["network"])
    layers = []
    for layer, written in zip(network.layers, own["layers"], strict=True):
        numbers: dict[str, Any] = {}
        if layer.weights is not None:
            transposes = network.conventions.transposes_weights
            numbers["weights"] = tuple(zip(*layer.weights, strict=True)) if transposes else layer.weights
        if layer.biases is not None:
            numbers["biases"] = layer.biases
        layers.append({**written, **numbers})
    own |= {"learning_rate": network.learning_rate, "layers": layers}
    if "seed" in own or any(layer.weights is None for layer in network.layers):
        own["seed"] = network.seed
    samples = {**(own.pop("data", None) or content["data"]), "inputs": data.inputs}
    if data.targets is not None:
        samples["targets"] = data.targets
    return {"networks": {name: {**own, "data": samples}}} if name else {"network": own, "data": samples}
