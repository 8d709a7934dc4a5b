"""The networks of the learner's own that are kept in the log, by their id or their name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from nn_tutor.course.findings import Finding, LessonError, close_words, shown
from nn_tutor.homework.faults import HomeworkError
from nn_tutor.homework.keeping import Kept, kept_of
from nn_tutor.homework.reading import Homework, homework_of
from nn_tutor.progress.log import open_log


def kept_networks(directory: Path | None) -> tuple[Kept, ...]:
    """Return the networks that are kept, the one used last first."""
    with open_log(directory) as log:
        return kept_of(log.entries())


def is_kept(name: str, directory: Path | None) -> bool:
    """Whether a network of that id or name is kept."""
    return any(name in (one.id, one.name) for one in kept_networks(directory))


def kept_network(name: str, directory: Path | None) -> Homework:
    """Return the network of an id or a name; raises `LessonError` where there is none, or it is not complete."""
    networks = kept_networks(directory)
    kept = next((one for one in networks if name in (one.id, one.name)), None)
    if kept is None:
        close = close_words(name[:80], [word for one in networks for word in (one.id, one.name)])
        mend = f"did you mean {close[0]}? " if close else ""
        raise _refused(name, "no such network is kept", f"{mend}nn-tutor homework --list shows them")
    if not kept.is_complete:
        raise _refused(name, "it is not complete yet", "nn-tutor, then enter on it, goes on with its form")
    try:
        return homework_of(kept.said, kept.id)
    except HomeworkError as error:
        raise _refused(name, str(error.faults[0]), "") from None


def listed(networks: tuple[Kept, ...]) -> Iterator[str]:
    """Yield a line for each network: its id, its name, and whether something is missing."""
    if not networks:
        yield "no network is kept yet: nn-tutor homework asks for one"
    for kept in networks:
        yield f"{kept.id}  {shown(kept.name)}" + ("" if kept.is_complete else "  (half filled in)")


def _refused(name: str, found: str, mend: str) -> LessonError:
    return LessonError([Finding(shown(name), "", found, mend)])
