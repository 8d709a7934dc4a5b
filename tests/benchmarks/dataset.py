"""The largest data file that is taken: how long it loads, and how soon a key is answered while it is trained on."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

import numpy as np

from nn_tutor.dataset.proposal import Options
from nn_tutor.progress.data_files import open_data
from tests.benchmarks.figures import Figure, percentile, processor_seconds
from tests.benchmarks.prober import Probe

ROWS, COLUMNS = 10_000, 64
PANELS = (("2", "[2 words]"), ("1", "[1 curve]"))
KEYS = 120


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "large.csv"
        write(file)
        loaded = min(processor_seconds(lambda: open_data(file, Options()).prepared(Options())) for _ in range(5))
        yield Figure(f"{ROWS:,} rows × {COLUMNS} columns loaded: processor time", loaded, "s", 1.0)
        opened = open_data(file, Options())
        opened.prepared(Options())
        made = min(processor_seconds(lambda: opened.lesson(Options())) for _ in range(5))
        yield Figure("the lesson made of them: processor time", made, "s")
        yield from _keys(file, Path(folder) / "progress")


def write(file: Path) -> None:
    """Write a file of random numbers, the last column made of the others."""
    values = np.random.default_rng(0).normal(size=(ROWS, COLUMNS))
    values[:, -1] = np.tanh(values[:, :5].sum(axis=1)) + values[:, 6]
    lines = [",".join(f"c{place}" for place in range(COLUMNS))]
    lines += [",".join(f"{value:.5f}" for value in row) for row in values]
    file.write_text("\n".join(lines), encoding="utf-8")


def _keys(file: Path, progress: Path) -> Iterator[Figure]:
    command = [sys.executable, "-m", "nn_tutor", "--data-dir", str(progress), "data", str(file)]
    with Probe(command, columns=80, rows=24) as probe:
        probe.wait_for("to learn from", timeout=60)
        probe.settle()
        probe.press_for("enter", "Standardising", timeout=60)
        probe.press_for("enter", "rise or fall")
        for _ in range(4):  # what is asked on the way is shown, and put off
            _press(probe, "escape", "s", "s", "p", "enter")
        _press(probe, "escape", "s", "s")
        probe.press_for("enter", "t runs it")
        still = _answered(probe)
        probe.press_for("end", "running, full speed")
        training = _answered(probe)
    note = f"at rest {percentile(still, 0.5) * 1e3:.1f} and {percentile(still, 0.95) * 1e3:.1f} ms"
    yield Figure("key while they are trained on, p50", percentile(training, 0.5) * 1e3, "ms")
    yield Figure("key while they are trained on, p95", percentile(training, 0.95) * 1e3, "ms", 25.0, note)


def _press(probe: Probe, *keys: str) -> None:
    for key in keys:
        probe.press(key)
        probe.settle(quiet=0.2)


def _answered(probe: Probe) -> list[float]:
    """How long each of many keys takes that change the panel in front."""
    probe.settle(quiet=0.1, at_most=1.0)
    took = []
    for key, text in islice(cycle(PANELS), KEYS):
        took.append(probe.press_for(key, text))
        time.sleep(0.05)
    return took
