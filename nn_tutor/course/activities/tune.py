"""`tune`: numbers of the network are moved by hand, until the loss or the run does what is wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal, get_args

from nn_tutor.course.activities.base import AtOnePass
from nn_tutor.course.activities.numbers import pass_number
from nn_tutor.course.networks import NetworkWithData, has_one_weight
from nn_tutor.course.picture import Picture, parameter
from nn_tutor.dataclass import dataclass
from nn_tutor.network.quantities import Ref

if TYPE_CHECKING:
    from nn_tutor.course.findings import Table

Graph = Literal["after", "always", "never"]
Outcome = Literal["crawl", "arrive", "overshoot", "diverge"]

MAX_STEPS = 1_000
RATE = "learning_rate"


@dataclass(frozen=True, slots=True)
class Tune(AtOnePass):
    """One or two weights or biases are moved until the loss is below `to_loss`; or, without any, the learning rate.

    Then `goal` is what a run of `passes` passes shall do. `graph` says when the loss over the numbers is seen: from the
    beginning, once the goal is reached, or never. `step` is what an arrow key moves, `start` where the numbers begin,
    as they are at the beginning of the pass where it is empty.
    """

    kind: ClassVar[str] = "tune"
    changes_weights: ClassVar[bool] = True
    id: str
    of: tuple[Ref, ...]
    network: str = ""
    pass_number: int = 1
    to_loss: float = 0.0
    goal: Outcome | None = None
    passes: int = 10
    graph: Graph = "after"
    step: float = 0.1
    start: tuple[float, ...] = ()
    prompt: str = ""
    picture: Picture | None = None


def read_tuning(table: Table, activity_id: str, network: str, entry: NetworkWithData | None) -> Tune | None:
    """Read the keys of a tuning: `of`, `to_loss` or `goal` and `passes`, `graph`, `step`, `start`, `prompt`, `pass`."""
    names = table.texts("of")
    number, prompt = pass_number(table), table.text("prompt", most=76)
    graph = table.word("graph", get_args(Graph), "after")
    of_rate = names == (RATE,)
    step = table.number("step", 0.01 if of_rate else 0.1)
    if step <= 0:
        table.wrong("step", f"{step:g}", "give a number above 0, such as 0.1")
    start = table.vector("start") or ()
    if start and len(start) != max(1, len(names)):
        table.wrong("start", f"{len(start)} numbers", f"give {max(1, len(names))}, one for each of them")
    if of_rate:
        goals: tuple[Outcome, ...] = get_args(Outcome)
        if "goal" not in table:
            table.wrong("goal", "missing", "write one of " + ", ".join(goals))
        goal = table.word("goal", goals, "arrive")
        passes = table.whole("passes", 10, least=2, most=MAX_STEPS)
        if entry is not None and not has_one_weight(entry.network):
            table.wrong("of", f'"{RATE}"', "only a network with a single weight has its path drawn; take such a one")
        return Tune(activity_id, (), network, number, 0.0, goal, passes, graph, step, start, prompt)
    of = _parameters(table, names, entry)
    to_loss = table.number("to_loss", 0.0)
    if "to_loss" not in table:
        table.wrong("to_loss", "missing", "give the loss to reach, such as to_loss = 0.01")
    elif to_loss <= 0:
        table.wrong("to_loss", f"{to_loss:g}", "give a number above 0")
    if of is None:
        return None
    return Tune(activity_id, of, network, number, to_loss, None, 10, graph, step, start, prompt)


def _parameters(table: Table, names: tuple[str, ...], entry: NetworkWithData | None) -> tuple[Ref, ...] | None:
    """The weights and biases that are moved; None where they cannot be told."""
    if entry is None:
        return None
    if not names:
        if has_one_weight(entry.network):
            return (Ref("W", 1, (0, 0)),)
        table.wrong("of", "missing", 'name one or two weights or biases, such as of = ["W1[0,0]", "b1[0]"]')
        return None
    if len(names) > 2:
        table.wrong("of", f"{len(names)} names", "name one or two: the arrow keys move no more")
        return None
    found = []
    for place, name in enumerate(names):
        try:
            found.append(parameter(entry, name))
        except ValueError as error:
            table.wrong(f"of[{place}]", f'"{name}"', str(error))
    return tuple(found) if len(found) == len(names) else None
