"""A line of text whose keys act in the order in which they were pressed, however quickly they come."""

from __future__ import annotations

from textual import events
from textual.binding import Binding
from textual.widgets import Input

EDITS = {
    key: binding.action
    for binding in Input.BINDINGS
    if isinstance(binding, Binding) and binding.action not in ("submit", "copy", "cut", "paste")
    for key in binding.key.split(",")
}
"""What the keys that edit the line do; the others may be passed on."""


class PromptInput(Input):
    """A line that edits at once: Textual looks such keys up only when those behind them have been typed already."""

    async def _on_key(self, event: events.Key) -> None:
        """Do what a key that edits does; Textual's own handler, which comes next, types the others."""
        if (action := EDITS.get(event.key)) is not None:
            event.stop()
            event.prevent_default()
            await self.run_action(action)
