"""The deriver: the rule of any quantity in textbook notation, and the same with its numbers."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from functools import lru_cache

from nn_tutor.calculus.argument_names import argument_name
from nn_tutor.calculus.matrices import matrix_rule
from nn_tutor.calculus.names import symbol
from nn_tutor.calculus.nodes import make_node
from nn_tutor.calculus.notation import fill_template
from nn_tutor.calculus.numerals import numeral
from nn_tutor.calculus.proof import Book, prove
from nn_tutor.calculus.records import Agreement, Derivation, MatrixDerivation
from nn_tutor.calculus.sheet import keeps_true_sign, on_sheet
from nn_tutor.network.evaluation import leaf_value
from nn_tutor.network.graph import Argument, Leaf
from nn_tutor.network.quantities import Quantity, Ref, shown_sign
from nn_tutor.network.records import Pass, value_of
from nn_tutor.network.spec import Data, Layer, Loss, Network
from nn_tutor.network.training import Timeline

BOOKS_KEPT = 4


class SymPyDeriver:
    """Derives with SymPy, node by node, and holds NumPy's numbers against SymPy's. Satisfies `records.Deriver`."""

    def __init__(self) -> None:
        self._books: OrderedDict[int, Book] = OrderedDict()
        self._node = lru_cache(maxsize=20_000)(make_node)
        self._derivation = lru_cache(maxsize=4_000)(self._derive)

    def derive(self, network: Network, passed: Pass, ref: Ref) -> Derivation:
        """Derive one element of a quantity of a pass."""
        return self._derivation(network, passed, ref)

    def _derive(self, network: Network, passed: Pass, ref: Ref) -> Derivation:
        rows = passed.X.shape[0]
        node = on_sheet(network, rows, ref, self._node(network, rows, ref))
        true = _with_true_signs(network)
        read = [true if keeps_true_sign(ref, argument) else network for argument in node.arguments]
        names = [argument_name(own, rows, argument) for own, argument in zip(read, node.arguments, strict=True)]
        numbers = [numeral(_value(own, passed, argument)) for own, argument in zip(read, node.arguments, strict=True)]
        rule = fill_template(node.folded, names)
        if node.template == node.folded:
            full_rule, full_numbers = rule, fill_template(node.template, numbers)
            substituted = full_numbers
        else:
            full_rule, full_numbers = fill_template(node.template, names), fill_template(node.template, numbers)
            substituted = fill_template(node.folded, numbers)
        return Derivation(
            ref=ref,
            symbol=symbol(network, rows, ref),
            rule=rule,
            substituted=substituted,
            full_rule=full_rule,
            full_substituted=full_numbers,
            links=tuple(argument for argument in node.arguments if isinstance(argument, Ref)),
            names=tuple(names),
        )

    def derive_matrix(
        self, network: Network, passed: Pass, quantity: Quantity, layer: int | None, *, by_rows: bool = False
    ) -> MatrixDerivation:
        """Return a whole quantity of a layer in matrix form; `by_rows` with several samples as rows."""
        return matrix_rule(network, passed.X.shape[0], quantity, layer, by_rows=by_rows)

    def prove(self, network: Network, passed: Pass, ref: Ref) -> Agreement | None:
        """Hold NumPy's number against SymPy's and, for a slope, a central difference; None where neither can be."""
        return prove(network, passed, ref, self._book(network, passed))

    def _book(self, network: Network, passed: Pass) -> Book:
        key = id(passed)
        book = self._books.get(key)
        if book is None or book.passed is not passed:
            book = self._books[key] = Book(network, passed, self._node)
        while len(self._books) > BOOKS_KEPT:
            self._books.popitem(last=False)
        return book


def warm() -> None:
    """Derive once what every lesson needs, so that the first step of one does not wait for it."""
    deriver = SymPyDeriver()
    layers = (
        Layer(weights=((0.5,),), biases=(0.1,), activation="sigmoid"),
        Layer(weights=((0.7,),), activation="tanh"),
    )
    for kind in ("squared_error", "output"):
        targets = None if kind == "output" else ((0.2,),)
        network = Network(layers, Loss(kind))
        passed = Timeline(network, Data(((0.3,),), targets)).at(1)
        for ref in (Ref("loss"), Ref("dL_do", None, (0, 0)), Ref("dW", 1, (0, 0)), Ref("W", 1, (0, 0))):
            deriver.derive(network, passed, ref)
        for layer in (1, 2):
            deriver.derive(network, passed, Ref("da_dz", layer, (0, 0)))
            deriver.derive(network, passed, Ref("dz_dw", layer, (0, 0, 0)))


@lru_cache(maxsize=8)
def _with_true_signs(network: Network) -> Network:
    """A network whose error terms have the sign of the derivative."""
    if not network.conventions.flips_error:
        return network
    return replace(network, conventions=replace(network.conventions, error="output-minus-target"))


def _value(network: Network, passed: Pass, argument: Argument) -> float:
    """A number as the conventions of its network give it."""
    if isinstance(argument, Leaf):
        return leaf_value(network, passed, argument)
    return shown_sign(network, argument) * value_of(passed, argument)
