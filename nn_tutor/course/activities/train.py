"""`train`: passes run on to a loss."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from nn_tutor.course.activities.base import Common
from nn_tutor.course.activities.numbers import MAX_PASSES, first_pass
from nn_tutor.dataclass import dataclass

if TYPE_CHECKING:
    from nn_tutor.course.findings import Table
    from nn_tutor.course.networks import NetworkWithData
    from nn_tutor.course.picture import Picture


LAST_PASS = 10_000
"""The pass that a run goes on to at the most, where a lesson does not say how many it may take."""


@dataclass(frozen=True, slots=True)
class Train(Common):
    """Passes run on until the loss is below `to_loss`, `most` of them at the most; `guess` asks first how many.

    With `reseed` the learner may draw other random weights. With `stop_early` they choose the pass to stop at, by the
    loss of the test samples.
    """

    kind: ClassVar[str] = "train"
    makes_passes: ClassVar[bool] = True
    is_run: ClassVar[bool] = True
    changes_weights: ClassVar[bool] = True
    id: str
    to_loss: float
    network: str = ""
    first_pass: int = 1
    most: int = LAST_PASS
    guess: bool = False
    reseed: bool = False
    stop_early: bool = False
    picture: Picture | None = None

    @property
    def last_pass(self) -> int:
        """The last pass that may be run."""
        return self.first_pass + self.most - 1

    @property
    def span(self) -> range:
        """The passes that may be run."""
        return range(self.first_pass, self.last_pass + 1)

    @property
    def certain_pass(self) -> int:
        """The first pass: how far the run then goes depends on its losses."""
        return self.first_pass

    @property
    def loss_to_reach(self) -> float | None:
        """The loss at which the run has arrived."""
        return self.to_loss


def read_training(table: Table, activity_id: str, network: str, entry: NetworkWithData | None) -> Train:
    """Read the keys of a run: `to_loss`, `first_pass`, `most`, `guess`, `reseed`, `stop_early`."""
    goal = table.number("to_loss", 0.0)
    if "to_loss" not in table:
        table.wrong("to_loss", "missing", "give the loss to reach, such as to_loss = 0.001")
    elif goal <= 0:
        table.wrong("to_loss", f"{goal:g}", "give a number above 0")
    begins = first_pass(table)
    most = table.whole("most", max(LAST_PASS - begins, 0) + 1, least=1, most=MAX_PASSES)
    reseed = table.flag("reseed", False)
    if reseed and entry is not None and all(layer.size is None for layer in entry.network.layers):
        table.wrong("reseed", "true", "give at least one layer as size = [in, out], so that its weights are drawn")
    stop_early = table.flag("stop_early", False)
    if stop_early and entry is not None and entry.held_out is None:
        table.wrong("stop_early", "true", "give the network's data test_inputs and test_targets to stop by")
    return Train(activity_id, goal, network, begins, most, table.flag("guess", False), reseed, stop_early)
