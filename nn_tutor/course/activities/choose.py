"""`choose`: one answer out of several, with a reason for each wrong one."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from nn_tutor.course.activities.base import Common
from nn_tutor.dataclass import dataclass

if TYPE_CHECKING:
    from nn_tutor.course.findings import Table
    from nn_tutor.course.networks import NetworkWithData
    from nn_tutor.course.picture import Picture


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a choice; `why` is the reason that is given when it is chosen, required for a wrong one."""

    text: str
    right: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class Choose(Common):
    """A choice of one answer out of several."""

    kind: ClassVar[str] = "choose"
    id: str
    prompt: str
    options: tuple[Option, ...]
    network: str = ""
    picture: Picture | None = None


def read_choice(table: Table, activity_id: str, network: str, entry: NetworkWithData | None) -> Choose:
    """Read the keys of a choice: `prompt`, `options`."""
    prompt = table.text("prompt", required=True, most=200, lines=True)
    options = []
    for option in table.tables("options"):
        text = option.text("text", required=True, most=160)
        right, why = option.flag("right", False), option.text("why", most=300, lines=True)
        if not right and not why:
            option.wrong("why", "missing", "say kindly why this answer is wrong, or mark it right = true")
        option.done()
        options.append(Option(text, right, why))
    if "options" not in table:
        table.wrong("options", "missing", "give 2 to 6 options, one of them right = true")
    elif not 2 <= len(options) <= 6:
        table.wrong("options", f"{len(options)} options", "give 2 to 6")
    elif sum(option.right for option in options) != 1:
        table.wrong("options", f"{sum(option.right for option in options)} right ones", "mark exactly one right = true")
    return Choose(activity_id, prompt, tuple(options), network)
