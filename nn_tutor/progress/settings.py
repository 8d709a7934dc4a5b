"""What the learner has chosen once and for all, such as a theme: a small file beside the progress."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path

from nn_tutor.progress.place import data_directory, make_directory

FILE = "settings.json"

MAX_BYTES = 1 << 16


def read_setting(directory: Path | None, name: str) -> str:
    """Return a setting, "" where there is none, or where the file cannot be read."""
    with suppress(Exception):  # no choice of colours is worth an error
        found = _read(data_directory(directory) / FILE).get(name)
        return found if isinstance(found, str) else ""
    return ""


def write_setting(directory: Path | None, name: str, value: str) -> None:
    """Keep a setting; where that cannot be, it holds until the program ends."""
    with suppress(Exception):
        folder = data_directory(directory)
        make_directory(folder)
        path = folder / FILE
        if path.exists() and not path.is_file():
            return
        settings = {**_read(path), name: value}
        fresh = path.with_name(f"{FILE}.new-{os.getpid()}")
        fresh.write_text(json.dumps(settings) + "\n", encoding="utf-8")
        os.replace(fresh, path)


def _read(path: Path) -> dict[str, object]:
    if not path.is_file() or path.stat().st_size > MAX_BYTES:
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
