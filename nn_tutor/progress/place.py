"""Where the progress of the learner is kept."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path

FILE = "progress.db"


def data_directory(directory: Path | None = None) -> Path:
    """Return the folder of the progress: the one told, else NN_TUTOR_HOME, else the user's data directory.

    Raises `StorageError` where there is no home to have one in. Nothing is made yet.
    """
    # Here, since SQLite comes with it, and the theme is looked up before the first paint.
    from nn_tutor.progress.errors import StorageError, from_os

    told = str(directory) if directory is not None else os.environ.get("NN_TUTOR_HOME", "")
    if not told:
        from platformdirs import user_data_dir

        # Without a home directory `~` stays as it is, and an empty one leads to the root of the disk.
        if os.environ.get("HOME") == "" and not os.environ.get("XDG_DATA_HOME"):
            raise StorageError(_HOMELESS)
        try:
            told = user_data_dir("nn-tutor", appauthor=False)
        except RuntimeError:  # newer versions of platformdirs see it themselves
            raise StorageError(_HOMELESS) from None
        if told.startswith("~") or not os.path.isabs(told):
            raise StorageError(_HOMELESS)
    if "\0" in told:
        raise StorageError("the name of its folder holds a character that no path can have")
    try:
        path = Path(os.path.abspath(os.path.expanduser(told)))
        with suppress(FileNotFoundError, NotADirectoryError, PermissionError):
            os.lstat(path)
    except OSError as error:  # a working directory that was removed, or a name that is too long
        if error.errno == errno.ENAMETOOLONG:
            raise StorageError("the name of its folder is too long") from None
        raise from_os(error) from None
    return path


def make_directory(path: Path) -> None:
    """Make the folder, for its owner alone, where it is not there yet; raises `StorageError`."""
    from nn_tutor.progress.errors import StorageError, from_os

    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except FileExistsError:
        raise StorageError("a file stands where its folder should be") from None
    except OSError as error:
        raise from_os(error) from None


_HOMELESS = "there is no home directory; set NN_TUTOR_HOME to a folder"
