"""All faults in full, with figures: `python -m tests.progress.faults [KIND ...]`; status 1 if one lost anything.

All kinds take about a quarter of an hour.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sqlite3
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from nn_tutor.progress import log as log_module
from nn_tutor.progress.backups import backup_paths
from nn_tutor.progress.entry import Entry
from nn_tutor.progress.log import open_log
from tests.progress import processes
from tests.progress.histories import SECTOR, check, copied, cut, database, filled, flip, harmed, zero_sector

KILLS = 240
FLIPS = 1000
ERRORS = ("EIO", "ENOSPC", "EROFS", "EDQUOT")

Case = tuple[str, Callable[[Path], int]]
"""What is done, and what does it in a fresh folder and returns a count to be summed."""


def kills(seed: int) -> Iterator[Case]:
    """Yield kills at random moments; the count is of acknowledged entries, all found again."""
    draw = random.Random(seed)
    for number in range(KILLS):
        yield f"kill {number}", lambda folder: processes.kill_at_random(folder / "log", draw, "w")


def kills_at_calls(_: int) -> Iterator[Case]:
    """Yield a kill at every system call on the files of the log while it is made and three entries are written."""
    for tracer, call, calls in counted_calls(processes.CALLS):
        for number in range(1, calls + 1):

            def kill(folder: Path, tracer: str = tracer, call: str = call, number: int = number) -> int:
                processes.kill_at_call(tracer, folder / "log", call, number, 3)
                return 1

            yield f"kill at {call} {number}", kill


def errors_at_calls(_: int) -> Iterator[Case]:
    """Yield an error at every call that writes, once and from then on; the count is of writers that told of it."""
    for tracer, call, calls in counted_calls(("pwrite64", "fdatasync", "unlink")):
        for error in ERRORS:
            for number in range(1, calls + 1):
                for when in (f"{number}", f"{number}+"):

                    def fail(
                        folder: Path, tracer: str = tracer, call: str = call, error: str = error, when: str = when
                    ) -> int:
                        return processes.fail_at_call(tracer, folder / "log", call, error, when, 3)

                    yield f"{error} at {call} {when}", fail


def counted_calls(names: tuple[str, ...], change: str = "") -> Iterator[tuple[str, str, int]]:
    tracer = processes.strace()
    if tracer is None:
        print("  strace is not there, or may not trace: left out")
        return
    for call in names:
        with tempfile.TemporaryDirectory() as folder:
            log = Path(folder) / "log"
            calls = (
                processes.calls_of(tracer, log, change, call) if change else processes.calls_made(tracer, log, call, 3)
            )
            yield tracer, call, calls


def kills_while_changing(_: int) -> Iterator[Case]:
    """Yield a kill at every call that writes while a log is mended, brought up to date, reset, or imported into."""
    for change in processes.CHANGES:
        for tracer, call, calls in counted_calls(processes.WRITING, change):
            for number in range(1, calls + 1):

                def kill(
                    folder: Path, change: str = change, tracer: str = tracer, call: str = call, number: int = number
                ) -> int:
                    return processes.kill_while_changing(tracer, folder / "log", change, call, number)

                yield f"{change}: kill at {call} {number}", kill


def writers(_: int) -> Iterator[Case]:
    """Yield two and five writers side by side; the count is of entries."""
    yield "2 writers", lambda folder: processes.write_together(folder / "log", 2, 200)
    yield "5 writers", lambda folder: processes.write_together(folder / "log", 5, 200)


def bit_flips(seed: int) -> Iterator[Case]:
    """Yield flips of one bit, every one of the header and others at random; the count is of entries left."""
    size = size_of_sample()
    draw = random.Random(seed)
    for place in [*range(100 * 8), *(draw.randrange(size * 8) for _ in range(FLIPS))]:
        yield f"bit {place}", harming(flip(place))


def many_flips(seed: int) -> Iterator[Case]:
    """Yield flips of a hundred bits at once; the count is of entries left."""
    size = size_of_sample()
    draw = random.Random(seed)
    for number in range(FLIPS // 5):
        places = [draw.randrange(size * 8) for _ in range(100)]

        def harm(content: bytearray, places: list[int] = places) -> None:
            for place in places:
                flip(place)(content)

        yield f"hundred bits {number}", harming(harm)


def sectors(_: int) -> Iterator[Case]:
    """Yield each sector zeroed; the count is of entries left."""
    for number in range(size_of_sample() // SECTOR):
        yield f"sector {number}", harming(zero_sector(number))


def backed_up_sectors(_: int) -> Iterator[Case]:
    """Yield each sector zeroed where there is a backup: nothing may be lost."""
    for number in range(size_of_sample() // SECTOR):
        yield f"sector {number}", harming(zero_sector(number), backed_up=True)


def lengths(_: int) -> Iterator[Case]:
    """Yield the file cut to each length; the count is of entries left."""
    for length in range(size_of_sample()):
        yield f"length {length}", harming(cut(length))


def long_lock(_: int) -> Iterator[Case]:
    """Yield a lock that another holds for ten seconds; the count is of answers given meanwhile."""

    def lock(folder: Path) -> int:
        before = filled(folder / "log", 5)
        given = 0
        slowest = 0.0
        with open_log(folder / "log") as log:
            with closing(sqlite3.connect(database(folder / "log"), isolation_level=None)) as other:
                other.execute("BEGIN EXCLUSIVE")
                until = time.monotonic() + 10
                while time.monotonic() < until:
                    began = time.monotonic()
                    log.append("answer", "a", {"n": given})
                    slowest = max(slowest, time.monotonic() - began)
                    given += 1
                    assert "another program" in log.badge
                    time.sleep(0.5)
            log.append("answer", "a", {"n": given})
            assert log.badge == ""
            assert slowest < log_module.PATIENCE + 0.5
        with open_log(folder / "log") as log:
            assert log.entries()[:5] == before
            assert [entry.content["n"] for entry in log.entries()[5:]] == list(range(given + 1))
        return given

    yield "a lock of 10 s", lock


_SAMPLES: dict[str, tuple[Path, tuple[Entry, ...]]] = {}


def sample() -> tuple[Path, tuple[Entry, ...]]:
    """Return a small log that is made once, and its entries."""
    if "log" not in _SAMPLES:
        folder = Path(tempfile.mkdtemp(prefix="progress-sample-")) / "log"
        _SAMPLES["log"] = folder, filled(folder, 24)
    return _SAMPLES["log"]


def size_of_sample() -> int:
    return database(sample()[0]).stat().st_size


def harming(harm: Callable[[bytearray], object], *, backed_up: bool = False) -> Callable[[Path], int]:
    def run(folder: Path) -> int:
        source, entries = sample()
        copy = copied(source, folder / "log")
        if backed_up:
            shutil.copy2(database(copy), backup_paths(database(copy))[0])
        harmed(copy, harm)
        return check(copy, entries, all_there=backed_up)

    return run


KINDS: dict[str, Callable[[int], Iterator[Case]]] = {
    "kills": kills,
    "kills-at-calls": kills_at_calls,
    "kills-while-changing": kills_while_changing,
    "errors-at-calls": errors_at_calls,
    "writers": writers,
    "bit-flips": bit_flips,
    "many-flips": many_flips,
    "sectors": sectors,
    "backed-up-sectors": backed_up_sectors,
    "lengths": lengths,
    "long-lock": long_lock,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.progress.faults", description=__doc__)
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"of {', '.join(KINDS)}; default: all")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if unknown := set(options.kinds) - set(KINDS):
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    print(f"{'fault':<20} {'cases':>7} {'failed':>7} {'count':>9} {'fewest':>7} {'seconds':>8}")
    failed_at_all = 0
    for kind in options.kinds or KINDS:
        began = time.monotonic()
        counts: list[int] = []
        failed = 0
        for name, run in KINDS[kind](options.seed):
            folder = Path(tempfile.mkdtemp(prefix="progress-fault-"))
            try:
                counts.append(run(folder))
            except Exception:
                failed += 1
                print(f"  {name}: {folder} is kept\n{traceback.format_exc()}")
            else:
                shutil.rmtree(folder)
        took = time.monotonic() - began
        cases = len(counts) + failed
        print(
            f"{kind:<20} {cases:>7} {failed:>7} {sum(counts):>9} {min(counts, default=0):>7} {took:>8.1f}", flush=True
        )
        failed_at_all += failed
    for folder, _ in _SAMPLES.values():
        shutil.rmtree(folder.parent)
    return 1 if failed_at_all else 0


if __name__ == "__main__":
    sys.exit(main())
