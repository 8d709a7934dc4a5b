"""A log of 100,000 entries: opening it, the last entries, all of them, an append; and what mending it takes.

Where nothing is written it is the processor's time that counts, and so it is for mending; a busy machine has no part in
it, and the disk hardly any.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter

from nn_tutor.progress.entry import Entry, checked_entry
from nn_tutor.progress.exchange import export_to, import_from
from nn_tutor.progress.log import Log, open_log
from nn_tutor.progress.recall import recall
from tests.benchmarks.figures import Figure, median, percentile, processor_seconds, seconds

ENTRIES = 100_000


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        now = 1.7e9 + 2 * ENTRIES
        with open_log(folder) as log:
            log.rewrite(lambda _: made())
        path = folder / "progress.db"
        note = f"{path.stat().st_size / 1e6:.1f} MB"
        yield Figure(
            "first opening of the day of 100,000 entries, with a backup", opening(folder, now), "ms", 700, note
        )
        opened = [opening(folder, now) for _ in range(21)]
        yield Figure("opening 100,000 entries", median(opened), "ms", 20)
        with open_log(folder, lambda: now) as log:
            yield Figure("the last 20 answers of 100,000 entries", of(lambda: log.recent(["answer"], 20)), "ms", 5)
            yield Figure("the last of a kind that there is not", of(lambda: log.recent(["none"], 1)), "ms", 50)
            yield Figure("the entries of one lesson of ten", of(lambda: log.entries_of("lesson-3")), "ms", 150)
            yield Figure("all 100,000 entries, checked", of(lambda: log.entries()), "ms", 1000)
            replayed = of(lambda: recall(log.entries(), now), rounds=3)
            yield Figure("all 100,000 entries, replayed", replayed, "ms", 1000)
            appended = [seconds(lambda: log.append("answer", "chain-rule", {"n": 1})) * 1e3 for _ in range(200)]
            yield Figure("an append to 100,000 entries, median", median(appended), "ms", 20)
            yield Figure("an append to 100,000 entries, 99 of 100", percentile(appended, 0.99), "ms", 100)
            yield from exchanged(log, folder)
        content = bytearray(path.read_bytes())
        content[:512] = bytes(512)
        path.write_bytes(content)
        began = perf_counter()
        mended = processor_seconds(lambda: opening(folder, now + 1)) * 1e3
        note = f"{perf_counter() - began:.1f} s on the clock"
        yield Figure("mending 100,000 entries without a header", mended, "ms", 5000, note)


def exchanged(log: Log, folder: Path) -> Iterator[Figure]:
    target = folder / "export.json"
    took = seconds(lambda: export_to(log, target, replaces=True)) * 1e3
    yield Figure("exporting 100,000 entries", took, "ms", 3000)
    with open_log(folder / "other") as other:
        took = seconds(lambda: import_from(other, target)) * 1e3
        yield Figure("importing 100,000 entries", took, "ms", 6000, f"{target.stat().st_size / 1e6:.1f} MB")


def made() -> list[Entry]:
    return [
        checked_entry(
            f"{number:032x}",
            1.7e9 + number,
            ("answer", "hint", "moved")[number % 3],
            f"lesson-{number % 10}",
            {"question": "by-hand:1.update.W1[0,0]", "text": "w - lr*dL_dw", "verdict": "correct", "n": number},
        )
        for number in range(ENTRIES)
    ]


def opening(folder: Path, now: float) -> float:
    logs: list[Log] = []
    took = seconds(lambda: logs.append(open_log(folder, lambda: now)))
    logs[0].close()
    return took * 1e3


def of(run: Callable[[], object], rounds: int = 5) -> float:
    return min(processor_seconds(run) for _ in range(rounds)) * 1e3
