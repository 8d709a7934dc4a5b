"""The quick commands against a bare Python."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

from tests.benchmarks.figures import Figure, median, seconds

ROUNDS = 21


def figures() -> Iterator[Figure]:
    goals = {"--help": 5.0, "--version": 5.0, "list": 8.0}
    bare: list[float] = []
    took: dict[str, list[float]] = {arguments: [] for arguments in goals}
    for _ in range(ROUNDS):
        bare.append(_run("-c", "pass"))
        for arguments, times in took.items():
            times.append(_run("-m", "nn_tutor", arguments))
    for arguments, goal in goals.items():
        yield Figure(
            f"nn-tutor {arguments} / bare Python",
            median(took[arguments]) / median(bare),
            "×",
            goal,
            f"{median(took[arguments]) * 1e3:.0f} ms; bare Python {median(bare) * 1e3:.0f} ms",
        )


def _run(*arguments: str) -> float:
    return seconds(
        lambda: subprocess.run(
            [sys.executable, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True
        )
    )
