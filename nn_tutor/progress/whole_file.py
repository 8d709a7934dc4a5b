"""Writing a file at once or not at all, and never over another one unless that is meant."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from nn_tutor.course.findings import shown
from nn_tutor.progress.backups import sync


class OutputError(Exception):
    """A file cannot be written; the message names it, says why and what to do."""


def write_whole(path: Path, content: bytes, *, replaces: bool) -> None:
    """Write a file through a new one beside it, which then takes its place; raises `OutputError`.

    A file that is there already stays as it is, unless it is meant to be replaced.
    """
    name = shown(str(path), 4096)
    if "\0" in str(path):
        raise OutputError(f"{name} cannot be the name of a file; choose another")
    # Through a link to the file it leads to, which stays a file of its own.
    target = Path(os.path.realpath(path))
    fresh = target.with_name(f"{target.name}.new-{os.getpid()}")
    try:
        if target.exists() and not target.is_file():
            raise OutputError(f"{name} is no file that can be written: give the name of a new file")
        if target.exists() and not replaces:
            raise OutputError(f"{name} is there already; choose another name, or replace it with --force")
        with fresh.open("xb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        os.replace(fresh, target)
        sync(target.parent)
    except FileNotFoundError:
        raise OutputError(f"{name} cannot be written: there is no such folder; make it first") from None
    except OSError as error:
        raise OutputError(f"{name} cannot be written: {error.strerror or error}; choose another place") from None
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
