"""The report of a crash: a file that can be sent to those who mend it."""

from __future__ import annotations

import os
import traceback
from pathlib import Path


def write_report(error: BaseException, directory: Path | None) -> str:
    """Write the report and return the sentence that says where it is.

    It lies with the progress where the user has said where that is, else in the user's directory for states.
    """
    report = "".join(traceback.format_exception(error))
    try:
        path = _folder(directory) / "crash.txt"
        path.write_text(report, encoding="utf-8")
    except (OSError, ValueError):
        return "No report could be written."
    return f"The report is in {path}."


def _folder(directory: Path | None) -> Path:
    told = directory if directory is not None else os.environ.get("NN_TUTOR_HOME")
    if told:
        folder = Path(told).expanduser()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder
    from platformdirs import user_state_path

    return user_state_path("nn-tutor", appauthor=False, ensure_exists=True)
