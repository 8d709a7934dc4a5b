"""A measure with its figure and its goal, and the table they are printed in."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """What was measured; `figure` is None where it cannot be measured yet, and `note` says why.

    A figure is good when it is at most `goal`; without a goal it is there for orientation.
    """

    measure: str
    figure: float | None
    unit: str
    goal: float | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        if self.figure is None:
            return "not measured"
        if self.goal is None:
            return ""
        return "ok" if self.figure <= self.goal else "MISSED"


def print_table(figures: Iterable[Figure]) -> list[Figure]:
    """Print figures as they come, a line each, under a heading, and return them."""
    printed = []
    print(f"{'measure':<62} {'figure':>12} {'goal':>12}  {'verdict':<13} note")
    for figure in figures:
        shown = "–" if figure.figure is None else f"{figure.figure:.3g} {figure.unit}"
        goal = "–" if figure.goal is None else f"≤ {figure.goal:.3g} {figure.unit}"
        line = f"{figure.measure:<62} {shown:>12} {goal:>12}  {figure.verdict:<13} {figure.note}"
        print(line.rstrip(), flush=True)
        printed.append(figure)
    return printed


def seconds(run: Callable[[], object]) -> float:
    """Return how long one call takes."""
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def processor_seconds(run: Callable[[], object]) -> float:
    """Return the processor time of one call, which other programs of a busy machine have no part in."""
    began = time.process_time()
    run()
    return time.process_time() - began


def fastest(*runs: Callable[[], object], rounds: int = 21) -> list[float]:
    """Return the shortest processor time of each, the runs taken in turn so that a slow moment meets all of them."""
    best = [float("inf")] * len(runs)
    for _ in range(rounds):
        for index, run in enumerate(runs):
            best[index] = min(best[index], processor_seconds(run))
    return best


def percentile(values: list[float], share: float) -> float:
    """Return the value that `share` of the values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def median(values: list[float]) -> float:
    return percentile(values, 0.5)
