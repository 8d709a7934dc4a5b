"""The rule of a number as its sheet writes it: with errors as target − output, and steps that are added."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nn_tutor.calculus.notation import Slot, Template, product_template, sum_template
from nn_tutor.network.graph import Argument, Graph
from nn_tutor.network.operations import Descent, Held, Products
from nn_tutor.network.quantities import Ref, shown_sign

if TYPE_CHECKING:
    from nn_tutor.calculus.nodes import Node
    from nn_tutor.network.spec import Network

_SIGNED = ("delta", "delta_sample")
"""The slopes whose names say nothing of a sign, so that they may carry the sheet's; ∂L/∂o is what it is."""


def on_sheet(network: Network, rows: int, ref: Ref, node: Node) -> Node:
    """Return a node as the conventions of its network print it; it is computed as before."""
    conventions = network.conventions
    if not (conventions.flips_error or conventions.flips_step):
        return node
    if ref.quantity in ("step", "W", "b"):
        return _moved(network, rows, ref, node)
    if shown_sign(network, ref) < 0:
        is_product = isinstance(Graph(network, rows).as_printed(ref).operation, Products)
        return node if is_product or ref.quantity == "delta_sample" else _turned(node)
    if ref.quantity in ("dW", "db", "dX"):
        return _minus_slopes(network, rows, ref, node)
    return node


def keeps_true_sign(ref: Ref, argument: Argument) -> bool:
    """Whether a slope that is turned by itself stands in the rule of a number as the derivative that it is."""
    return ref.quantity in ("dW", "db", "dX") and not (isinstance(argument, Ref) and argument.quantity in _SIGNED)


def _turned(node: Node) -> Node:
    return replace(node, template=turned(node.template), folded=turned(node.folded))


def turned(template: Template) -> Template:
    """Return the slope of a loss with the other sign: `y − o` for `o − y`, else without its minus."""
    for place in range(len(template) - 2):
        first, between, second = template[place : place + 3]
        if between == " − " and isinstance(first, Slot) and isinstance(second, Slot):
            swapped = (Slot(second.argument, first.bare), between, Slot(first.argument, second.bare))
            return (*template[:place], *swapped, *template[place + 3 :])
    opening = template[0]
    if isinstance(opening, str) and opening.startswith("−"):
        return (opening.removeprefix("−"), *template[1:])
    return ("−(", *template, ")")


def _minus_slopes(network: Network, rows: int, ref: Ref, node: Node) -> Node:
    """What is minus a sum over error terms: −δ₁·x₁."""
    operation = Graph(network, rows).as_printed(ref).operation
    if not isinstance(operation, Products):
        return node
    slopes: list[Template] = []
    others: list[Template] = []
    for start, end in operation.groups():
        term = _product(tuple(range(start, end)))
        carries = any(_is_signed(network, argument) for argument in node.arguments[start:end])
        (slopes if carries else others).append(term)
    if not slopes:
        return node

    def written(folded: bool) -> Template:
        total = slopes[0] if len(slopes) == 1 else ("(", *sum_template(slopes, folded=folded), ")")
        return ("−", *total, *(part for term in others for part in (" + ", *term)))

    return replace(node, template=written(False), folded=written(True))


def _moved(network: Network, rows: int, ref: Ref, node: Node) -> Node:
    """A step, or a parameter after it: w + Δw, w + η·δ·x, or w − η·∂L/∂w as it is."""
    operation = Graph(network, rows).as_printed(ref).operation
    if isinstance(operation, Held):
        return node
    changes = network.conventions.flips_step
    decay = node.arguments[-2:] if isinstance(operation, Descent) and operation.decays else ()
    if ref.quantity == "W" and changes:
        arguments: tuple[Argument, ...] = (node.arguments[0], Ref("step", ref.layer, ref.index), *decay)
        template: Template = (Slot(0, True), " + ", Slot(1), *_decaying(decay, 2))
        return replace(node, arguments=arguments, template=template, folded=template)
    growth = _growth(network, rows, ref)
    if ref.quantity == "step":
        if not changes:
            return node
        template = _product(tuple(range(len(growth)))) if growth else ("−", *node.template)
        return replace(node, arguments=growth or node.arguments, template=template, folded=template)
    if not growth:
        return node
    places = range(1, len(growth) + 1)
    template = (Slot(0, True), " + ", *_product(tuple(places)), *_decaying(decay, len(growth) + 1))
    return replace(node, arguments=(node.arguments[0], *growth, *decay), template=template, folded=template)


def _decaying(decay: tuple[Argument, ...], first: int) -> Template:
    """What a weight loses by its decay, where it decays."""
    return (" − ", Slot(first), "·", Slot(first + 1), "·", Slot(0)) if decay else ()


def _growth(network: Network, rows: int, ref: Ref) -> tuple[Argument, ...]:
    """The factors η, δ and what enters, by which a parameter grows; none where its slope is no single product of δ."""
    if not network.optimizer.goes_along_slope:
        return ()
    slope = Ref("db" if ref.quantity == "b" else "dW", ref.layer, ref.index)
    node = Graph(network, rows).as_printed(slope)
    is_single = isinstance(node.operation, Products) and len(node.operation.sizes) == 1
    if not is_single or not any(_is_signed(network, argument) for argument in node.arguments):
        return ()
    update = Graph(network, rows).as_printed(Ref("b" if ref.quantity == "b" else "W", ref.layer, ref.index))
    return (update.arguments[1], *node.arguments)


def _is_signed(network: Network, argument: Argument) -> bool:
    return isinstance(argument, Ref) and argument.quantity in _SIGNED and shown_sign(network, argument) < 0


def _product(places: tuple[int, ...]) -> Template:
    template = product_template(len(places))
    return tuple(part if isinstance(part, str) else Slot(places[part.argument]) for part in template)
