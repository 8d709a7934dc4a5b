"""For all tests: what a learner did is remembered in a temporary folder, never in the user's own."""

from __future__ import annotations

import gc
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")  # a busy machine draws its cases slowly, and that is no fault of theirs


def pytest_collection_finish() -> None:
    """Leave what is imported and collected by now out of every search for garbage: none of it goes before the end."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder in which each test has its home.

    It is one of its own because `mktemp` looks through all its neighbours for the next free number, which thousands of
    homes would make slow.
    """
    return tmp_path_factory.mktemp("homes")


@pytest.fixture(autouse=True)
def progress_of_its_own(homes: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test a home for its progress, and let nothing move; programs that it starts inherit both."""
    home = Path(tempfile.mkdtemp(dir=homes))
    monkeypatch.setenv("NN_TUTOR_HOME", str(home))
    monkeypatch.setenv("NO_MOTION", "1")
    return home
