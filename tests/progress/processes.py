"""Writers in processes of their own, killed, hindered and side by side, and what must be left of what they wrote."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from nn_tutor.progress.entry import Entry
from nn_tutor.progress.exchange import export_to
from nn_tutor.progress.log import open_log
from tests.progress.histories import OLDER, database, filled, harmed, zero_sector

ROOT = Path(__file__).resolve().parents[2]

CALLS = ("pwrite64", "fdatasync", "unlink", "openat", "close", "fcntl", "pread64")
"""The system calls by which SQLite works on its files."""


def command(folder: Path, name: str = "w", count: int = 1000) -> list[str]:
    return [sys.executable, "-m", "tests.progress.writer", str(folder), name, str(count)]


def acknowledged(output: str) -> list[int]:
    """Return the numbers that were told as saved; a last line that was cut short is none."""
    return [int(line) for line in output.split("\n")[:-1] if line.isdecimal()]


def kill_at_random(folder: Path, draw: random.Random, name: str) -> int:
    """Kill a writer at a random moment and return how many entries it had acknowledged, all of which are there."""
    process = subprocess.Popen(command(folder, name), cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(draw.random() * 0.04)
    process.kill()
    output = first + process.stdout.read()
    process.stdout.close()
    process.wait()
    numbers = acknowledged(output)
    check_written(folder, name, numbers)
    return len(numbers)


def check_written(folder: Path, name: str, numbers: list[int], *, said: str | None = "") -> None:
    """Check that all acknowledged entries are there, in order, and at most those after them besides."""
    with open_log(folder) as log:
        entries = log.entries()
        if said is not None:
            # Killed while it was made, the file is empty; then nothing had been acknowledged.
            assert log.message == said or ("was empty" in log.message and not numbers)
            assert log.badge == ""
    found = [number(entry) for entry in entries if entry.lesson == name]
    assert found == list(range(len(found)))
    assert set(numbers) <= set(found), (numbers[-1], found[-1:])


def number(entry: Entry) -> int:
    value = entry.content["n"]
    assert isinstance(value, int)
    return value


def write_together(folder: Path, writers: int, count: int) -> int:
    """Let writers append at the same time; every entry of each must be there, in its order. Returns how many."""
    processes = [
        subprocess.Popen(command(folder, f"w{index}", count), cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for index in range(writers)
    ]
    for process in processes:
        process.communicate(timeout=120)
        assert process.returncode == 0
    for index in range(writers):
        check_written(folder, f"w{index}", list(range(count)))
    with open_log(folder) as log:
        entries = log.entries()
    assert len(entries) == writers * count
    return len(entries)


def strace() -> str | None:
    """Return the path of strace where it is there and may trace."""
    path = shutil.which("strace")
    if path is None:
        return None
    tried = subprocess.run([path, "-f", "-o", "/dev/null", "true"], capture_output=True, check=False)
    return path if tried.returncode == 0 else None


def calls_made(tracer: str, folder: Path, call: str, count: int) -> int:
    """Return how often a writer makes a system call on the files of its log."""
    trace = folder.parent / f"{folder.name}.trace"
    _traced(tracer, folder, ["-o", str(trace), "-e", f"trace={call}"], count)
    return len(re.findall(rf"^\d+ +{call}\(", trace.read_text(), re.MULTILINE))


def kill_at_call(tracer: str, folder: Path, call: str, number: int, count: int) -> None:
    """Kill a writer as it makes a system call for the nth time; what it had acknowledged must be there."""
    status, output = _faulty(tracer, folder, call, f"signal=KILL:when={number}", count)
    assert status in (0, -9), status  # the last calls may come in another order or not at all
    check_written(folder, "w", acknowledged(output))


def fail_at_call(tracer: str, folder: Path, call: str, error: str, when: str, count: int) -> bool:
    """Let a system call of a writer fail, once (`3`) or from then on (`3+`); return whether the writer told of it."""
    status, output = _faulty(tracer, folder, call, f"error={error}:when={when}", count)
    assert status == 0, status
    lines = output.splitlines()
    assert len(lines) == count
    told = [line for line in lines if line.startswith("kept ")]
    # What was kept is saved with a later entry, or on closing, where the fault has passed.
    check_written(folder, "w", acknowledged(output) if when.endswith("+") else list(range(count)), said=None)
    return bool(told)


CHANGES = {
    "mend": "log.entries()",
    "migrate": "log.entries()",
    "reset": "reset(log, 'π')",
    "import": "import_from(log, folder.parent / 'in.json')",
}
"""Changes of a whole log, and what makes them in an open one."""

WRITING = ("pwrite64", "fdatasync", "unlink", "rename", "link", "openat")


def kill_while_changing(tracer: str, folder: Path, change: str, call: str, number: int) -> int:
    """Kill a process while it changes a log as a whole: afterwards it is changed, or as it was. Returns its entries."""
    before, after = _to_be_changed(folder, change)
    status, _ = _run(tracer, folder, change, ["-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={number}"])
    assert status in (0, -9), status
    with open_log(folder) as log:
        entries = log.entries()
        said = log.message
        log.append("answer", "after", {})
        assert log.badge == ""
    contents = sorted(_told(entry) for entry in entries)
    assert contents in (before, after), (len(contents), len(before), len(after))
    # A kill after the change leaves nothing to be said, a kill before it a file that is still damaged.
    assert (change == "mend") or said == "", said
    return len(entries)


def calls_of(tracer: str, folder: Path, change: str, call: str) -> int:
    """Return how often a change makes a system call."""
    _to_be_changed(folder, change)
    status, _ = _run(tracer, folder, change, ["-e", f"trace={call}"])
    assert status == 0
    trace = folder.parent / f"{folder.name}.trace"
    return len(re.findall(rf"^\d+ +{call}\(", trace.read_text(), re.MULTILINE))


def _to_be_changed(folder: Path, change: str) -> tuple[list[str], list[str]]:
    """Make a log that is to be changed; return what it tells before and after."""
    if change == "migrate":
        migrated_folder = folder.parent / "migrated"
        for place in (folder, migrated_folder):
            place.mkdir(parents=True)
            shutil.copy(OLDER, database(place))
        with open_log(migrated_folder) as log:
            migrated = sorted(map(_told, log.entries()))
        return migrated, migrated
    entries = filled(folder, 12)
    before = sorted(map(_told, entries))
    if change == "mend":
        harmed(folder, zero_sector(0))
        return before, before
    if change == "reset":
        return before, sorted(_told(entry) for entry in entries if entry.lesson != "π")
    filled(folder.parent / "other", 7, seed=1)
    with open_log(folder.parent / "other") as log:
        export_to(log, folder.parent / "in.json")
        return before, sorted([*before, *map(_told, log.entries())])


def _told(entry: Entry) -> str:
    return repr(entry)


def _run(tracer: str, folder: Path, change: str, options: list[str]) -> tuple[int, str]:
    code = (
        "from pathlib import Path\n"
        "from nn_tutor.progress.log import open_log\n"
        "from nn_tutor.progress.exchange import import_from, reset\n"
        f"folder = Path({str(folder)!r})\n"
        f"with open_log(folder) as log: {CHANGES[change]}\n"
    )
    trace = folder.parent / f"{folder.name}.trace"
    return _strace(tracer, ["-o", str(trace), *options], [sys.executable, "-B", "-c", code])


def _faulty(tracer: str, folder: Path, call: str, what: str, count: int) -> tuple[int, str]:
    trace = folder.parent / f"{folder.name}.trace"
    return _traced(tracer, folder, ["-o", str(trace), "-e", f"trace={call}", "-e", f"inject={call}:{what}"], count)


def _traced(tracer: str, folder: Path, options: list[str], count: int) -> tuple[int, str]:
    # Only calls on the folder's files count, not those of Python itself.
    paths = [folder, *(folder / f"progress.db{end}" for end in ("", "-journal"))]
    only = [part for path in paths for part in ("-P", str(path))]
    return _strace(tracer, [*options, *only], command(folder, count=count))


def _strace(tracer: str, options: list[str], traced: list[str]) -> tuple[int, str]:
    done = subprocess.run(
        [tracer, "-f", "-qq", *options, *traced],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout
