"""Keys that several kinds of activity share: a pass, and one number of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nn_tutor.course.ask import check_ref, only_layer
from nn_tutor.course.networks import NetworkWithData, rows_of_pass
from nn_tutor.network.quantities import Ref, layers_of, parse_ref

if TYPE_CHECKING:
    from nn_tutor.course.findings import Table

MAX_PASSES = 100_000


def pass_number(table: Table) -> int:
    """Read the key `pass`: the pass that an activity belongs to."""
    return table.whole("pass", 1, least=1, most=MAX_PASSES)


def first_pass(table: Table) -> int:
    """Read the key `first_pass`: where an activity enters the run."""
    return table.whole("first_pass", 1, least=1, most=MAX_PASSES)


def accepted(table: Table) -> frozenset[str]:
    """Read the key `accept`: the mistakes that, as the author knows, the numbers of an activity cannot tell."""
    return frozenset(table.texts("accept"))


def one_number(table: Table, key: str, entry: NetworkWithData | None, phase: str, example: str) -> Ref | None:
    """Read one number of a pass, with its layer and index; what is wrong becomes a finding."""
    text = table.text(key, required=True, most=40)
    if not text or entry is None:
        return None
    try:
        ref = only_layer(entry.network, parse_ref(text))
        if ref.phase != phase:
            raise ValueError(f"{text} is none of the {phase} phase; name one such as {example}")
        if ref.index is None:
            raise ValueError(f"{text} has no index; name one number, such as {ref.quantity}{ref.layer or 1}[0,0]")
        if ref.layer is None and layers_of(entry.network, ref.quantity) != (None,):
            raise ValueError(f"{text} has no layer; name one number, such as {ref.quantity}1[0,0]")
        check_ref(entry.network, rows_of_pass(entry), ref)
    except ValueError as error:
        table.wrong(key, f'"{text}"', str(error))
        return None
    return ref
