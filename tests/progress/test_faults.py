"""Writers that are killed, hindered and side by side: a share of `python -m tests.progress.faults`."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from nn_tutor.progress.log import open_log
from tests.progress import processes
from tests.progress.histories import filled

needs_strace = pytest.mark.skipif(processes.strace() is None, reason="strace is not there, or may not trace")


def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    draw = random.Random(12)
    counts = [processes.kill_at_random(tmp_path / "log", draw, f"w{number}") for number in range(12)]
    assert sum(counts) >= 12


@pytest.mark.parametrize("writers", [2, 5])
def test_writers_side_by_side_lose_nothing(writers: int, tmp_path: Path) -> None:
    assert processes.write_together(tmp_path / "log", writers, 20) == writers * 20


@needs_strace
@pytest.mark.parametrize(("call", "stride"), [("pwrite64", 6), ("fdatasync", 5), ("unlink", 2), ("openat", 5)])
def test_a_kill_at_a_system_call_loses_nothing(call: str, stride: int, tmp_path: Path) -> None:
    tracer = processes.strace()
    assert tracer is not None
    calls = processes.calls_made(tracer, tmp_path / "count", call, 2)
    assert calls
    for number in range(1, calls + 1, stride):
        processes.kill_at_call(tracer, tmp_path / str(number), call, number, 2)


@needs_strace
@pytest.mark.parametrize("change", processes.CHANGES)
def test_a_kill_while_a_log_is_changed_leaves_it_whole(change: str, tmp_path: Path) -> None:
    tracer = processes.strace()
    assert tracer is not None
    calls = processes.calls_of(tracer, tmp_path / "count" / "log", change, "pwrite64")
    for number in range(1, calls + 1, calls // 3):
        processes.kill_while_changing(tracer, tmp_path / str(number) / "log", change, "pwrite64", number)


@needs_strace
@pytest.mark.parametrize("error", ["ENOSPC", "EIO", "EROFS"])
@pytest.mark.parametrize("call", ["pwrite64", "fdatasync"])
def test_an_error_of_the_disk_is_told_and_loses_nothing(call: str, error: str, tmp_path: Path) -> None:
    tracer = processes.strace()
    assert tracer is not None
    calls = processes.calls_made(tracer, tmp_path / "count", call, 3)
    for number in (1, calls // 2, calls - 1):
        # Once, and from then on.
        processes.fail_at_call(tracer, tmp_path / f"{number}", call, error, f"{number}", 3)
        processes.fail_at_call(tracer, tmp_path / f"{number}+", call, error, f"{number}+", 3)


def test_a_full_disk_is_told_and_what_was_kept_is_saved_later(tmp_path: Path) -> None:
    """A limit on the size of files stands for the full disk; it is lifted in the end."""
    pytest.importorskip("resource")
    before = filled(tmp_path, 5)
    done = run(
        "import resource, signal",
        "from pathlib import Path",
        "from nn_tutor.progress.log import open_log",
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)",
        f"path = Path({str(tmp_path)!r})",
        "log = open_log(path)",
        "size = (path / 'progress.db').stat().st_size",
        "resource.setrlimit(resource.RLIMIT_FSIZE, (size + 100, resource.RLIM_INFINITY))",
        "for number in range(20): log.append('answer', 'a', {'n': number, 'text': 'x' * 1000})",
        "print(log.badge, log.unsaved, len(log.entries()))",
        "resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))",
        "log.append('answer', 'a', {'n': 20})",
        "print(log.badge, log.unsaved, len(log.entries()))",
    )
    full, lifted = done.splitlines()
    assert full.startswith("not saving: the disk is full")
    assert full.endswith(" 25")
    assert lifted == " 0 26"
    with open_log(tmp_path) as log:
        assert log.entries()[:5] == before
        assert [entry.content["n"] for entry in log.entries()[5:]] == list(range(21))


DROP_PRIVILEGE = [
    "import ctypes, os, sys",
    # Root may write anywhere; a process that root starts without this privilege may not.
    "if os.getuid() == 0: ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)",
    "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])",
]


@pytest.mark.skipif(sys.platform != "linux", reason="the privilege is one of Linux")
@pytest.mark.parametrize("what", ["folder", "file", "both", "parent"])
def test_where_nothing_can_be_written_it_is_told_at_once(what: str, tmp_path: Path) -> None:
    folder = tmp_path / "log"
    before = filled(folder, 3) if what != "parent" else ()
    if what in ("file", "both"):
        (folder / "progress.db").chmod(0o400)
    if what in ("folder", "both"):
        folder.chmod(0o500)
    if what == "parent":
        tmp_path.chmod(0o500)
    try:
        done = run(
            "from pathlib import Path",
            "from nn_tutor.progress.log import open_log",
            f"log = open_log(Path({str(folder)!r}))",
            "print(log.badge)",
            "entry = log.append('answer', 'a', {})",
            "print(log.badge, log.unsaved, len(log.entries()), log.recent(['answer'], 1) == (entry,))",
            unprivileged=True,
        )
    finally:
        tmp_path.chmod(0o700)
        if folder.exists():
            folder.chmod(0o700)
    at_once, later = done.splitlines()
    assert at_once.startswith("not saving: ")
    assert later.startswith("not saving: ")
    assert later.endswith(f" 1 {len(before) + 1} True")
    if before:
        with open_log(folder) as log:
            assert log.entries() == before


def run(*lines: str, unprivileged: bool = False) -> str:
    code = "\n".join(lines)
    start = ["-c", "\n".join(DROP_PRIVILEGE)] if unprivileged else []
    done = subprocess.run(
        [sys.executable, *start, "-c", code],
        cwd=processes.ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
