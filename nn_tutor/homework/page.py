"""The page before the walk: what the sheet calls its numbers, and what stands in for what it does not give."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from nn_tutor.calculus.names import bias, feature, on_keys, target, unit_name, weight
from nn_tutor.walkthrough.naming import has_own_names

if TYPE_CHECKING:
    from nn_tutor.network.spec import Network

PAGE = "before"
"""The id of the page."""

GIVEN = {
    "error": "Your sheet gives the error in the place of the targets: they were worked out from the outputs and it.",
    "slope": "Your sheet gives ∂L/∂o and no loss. The walk takes ½·Σ(o − y)² with the targets for which o − y is just "
    "that; what L itself comes to does not matter.",
}
"""What is said where the sheet gives something else than targets."""

BARE = "Where numbers go straight into an activation, the weights before it are 1 and 0, and stay so."

MAX_NAMES = 8
"""How many names are written out in a row; of more, the first and the last."""


def page_before(network: Network, given: str, *, is_bare: bool) -> str:
    """Return the section of a lesson's words that has to be read before the walk, in Markdown; "" for none.

    `given` is what the sheet gives in the place of targets, "error" or "slope"; `is_bare` says that a layer has no
    weights of its own.
    """
    told = [GIVEN[given]] if given else []
    told += [BARE] if is_bare else []
    names = list(_lines(network)) if has_own_names(network) else []
    if not told and not names:
        return ""
    title = "What your sheet calls them" if names else "What your sheet gives"
    paragraphs = "\n\n".join(told)
    return "\n".join([f"## {title} {{#{PAGE}}}", "", *([paragraphs, ""] if told else []), *names, ""])


def _lines(network: Network) -> Iterator[str]:
    entering = [on_keys(feature(network, 1, 0, place)) for place in range(network.inputs)]
    yield f"What goes in: {_named(entering)}."
    for layer, spec in enumerate(network.layers, start=1):
        yield ""
        yield f"Layer {layer}, {spec.units} {'unit' if spec.units == 1 else 'units'}:"
        yield ""
        units = [on_keys(unit_name(network, layer, unit)) for unit in range(spec.units)]
        for unit, name in enumerate(units):
            into = [on_keys(weight(network, layer, (unit, place))) for place in range(spec.inputs)]
            end = "" if spec.biases is None else f", bias `{on_keys(bias(network, layer, unit))}`"
            one = f"weight {_named(into)}" if len(into) == 1 else f"weights {_named(into)}"
            yield f"- `{name}`: {one} from {_named(entering)}{end}"
        entering = units
    if network.loss.has_targets:
        yield ""
        yield f"Held against {_named([on_keys(target(network, 1, 0, unit)) for unit in range(network.outputs)])}."
    yield ""
    first, old = on_keys(unit_name(network, 1, 0)), on_keys(weight(network, 1, (0, 0)))
    yield f"`z_{first}` is the weighted sum of {first}, `delta_{first}` its error term, `{old}'` the new {old}."
    yield "The names of the screen, such as w211, are read as well."


def _named(names: Sequence[str]) -> str:
    shown = names if len(names) <= MAX_NAMES else (names[0], names[1], "…", names[-1])
    return " ".join(f"`{name}`" if name != "…" else name for name in shown)
