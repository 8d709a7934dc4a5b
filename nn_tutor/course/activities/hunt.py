"""`hunt`: the first line to look for in a worked pass, a wrong one or one that tells why nothing is learned."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal, get_args

from nn_tutor.course.activities.base import AtOnePass
from nn_tutor.course.activities.numbers import pass_number
from nn_tutor.course.ask import check_ref, only_layer
from nn_tutor.course.networks import NetworkWithData, rows_of_pass
from nn_tutor.dataclass import dataclass
from nn_tutor.network.quantities import Ref, parse_ref

if TYPE_CHECKING:
    from nn_tutor.course.findings import Table
    from nn_tutor.course.picture import Picture

Trouble = Literal["saturation", "dead-relu", "exploding", "bad-scaling"]


@dataclass(frozen=True, slots=True)
class Hunt(AtOnePass):
    """The first wrong line is to be found in a worked pass into which one known mistake was put.

    `mistake` is its id, "" for one that `seed` draws; `ref` the number where it is made, None where it is left open.
    With a `trouble` the pass is worked rightly, and the first line is to be found that shows the trouble.
    """

    kind: ClassVar[str] = "hunt"
    works_numbers_out: ClassVar[bool] = True
    id: str
    network: str = ""
    pass_number: int = 1
    mistake: str = ""
    ref: Ref | None = None
    seed: int = 0
    trouble: Trouble | None = None
    picture: Picture | None = None


def read_hunt(table: Table, activity_id: str, network: str, entry: NetworkWithData | None) -> Hunt:
    """Read the keys of a hunt: `mistake`, `where`, `seed`, or `trouble`; and `pass`."""
    mistake, text = table.text("mistake", most=60), table.text("where", most=40)
    ref = None
    if text and entry is not None:
        try:
            ref = only_layer(entry.network, parse_ref(text))
            check_ref(entry.network, rows_of_pass(entry), ref)
        except ValueError as error:
            table.wrong("where", f'"{text}"', str(error))
    troubles: tuple[Trouble, ...] = get_args(Trouble)
    trouble = table.word("trouble", troubles, troubles[0]) if "trouble" in table else None
    if trouble is not None and (mistake or text):
        table.wrong("trouble", f'"{trouble}" beside a mistake', "hunt either for a mistake or for a trouble")
    return Hunt(activity_id, network, pass_number(table), mistake, ref, table.whole("seed", 0), trouble)
