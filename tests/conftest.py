"""For all tests: what a learner did is remembered in a temporary folder, never in the user's own."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def progress_of_its_own(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test a home for its progress, and let nothing move; programs that it starts inherit both."""
    home = tmp_path_factory.mktemp("progress")
    monkeypatch.setenv("NN_TUTOR_HOME", str(home))
    monkeypatch.setenv("NO_MOTION", "1")
    return home
