"""For the tests of the screens: a key was dealt with once the app has nothing left to do."""

from __future__ import annotations

import pytest

from tests.terminal.settling import until_settled


@pytest.fixture(autouse=True)
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have Textual's pilot wait as long as there is something to wait for."""
    monkeypatch.setattr("textual.app.wait_for_idle", until_settled)
    monkeypatch.setattr("textual.pilot.wait_for_idle", until_settled)
