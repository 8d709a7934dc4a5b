"""Practice: how long an exercise takes to be drawn, and whether all of many pass the linter of teaching."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from nn_tutor.calculus.derivation import SymPyDeriver
from nn_tutor.tutor.exercises import exercise
from nn_tutor.tutor.linter import lint
from nn_tutor.tutor.practice import ROUND, round_of
from nn_tutor.walkthrough.skills import SKILLS
from tests.benchmarks.figures import Figure, seconds

EXERCISES = 10_000


def figures() -> Iterator[Figure]:
    rounds = -(-EXERCISES // (ROUND * len(SKILLS)))
    deriver, took, found = SymPyDeriver(), [], 0
    for skill in SKILLS:
        for seed in range(rounds):
            took += [seconds(partial(exercise, skill, seed * 1000 + number)) for number in range(ROUND)]
            found += len(lint(round_of(skill, seed), deriver))
    took.sort()
    note = f"{len(took)} exercises of {len(SKILLS)} skills"
    yield Figure("one exercise drawn, p95", 1e3 * took[len(took) * 95 // 100], "ms", 50, note)
    yield Figure("findings of the linter in them", float(found), "", 0)
