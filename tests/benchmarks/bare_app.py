"""The least Textual app: one line that counts keys. The floor against which the terminal is measured."""

from __future__ import annotations

from textual import events
from textual.app import App, ComposeResult
from textual.widgets import Static


class Bare(App[None]):
    count = 0

    def compose(self) -> ComposeResult:
        yield Static("count 0.", markup=False)

    def on_key(self, event: events.Key) -> None:
        self.count += 1
        self.query_one(Static).update(f"count {self.count}.")


if __name__ == "__main__":
    Bare().run()
