"""Learners who make two mistakes in one answer, and others who type anything: how they are judged."""

from __future__ import annotations

import random
from dataclasses import dataclass

from nn_tutor.judging.judge import judge
from nn_tutor.judging.judgement import Judgement
from nn_tutor.judging.last_resort import named_late
from nn_tutor.judging.mistakes.case import Case
from nn_tutor.judging.mistakes.deviations import Fits
from nn_tutor.judging.mistakes.known import known_mistakes
from nn_tutor.judging.mistakes.pairs import pairs_of
from nn_tutor.judging.reading import read
from nn_tutor.judging.tolerances import decimals_needed
from nn_tutor.network.records import value_of
from nn_tutor.network.training import StoppedError, Timeline
from nn_tutor.walkthrough.order import refs_of_pass
from nn_tutor.walkthrough.questions import scale_of_question
from tests.judging.learners import networks


@dataclass
class PairCounts:
    """Pairs of mistakes that no single one explains, those of which both were named or that were taken as right.

    And of numbers typed at random: how many were wrong, and how many of those were given a name.
    """

    pairs: int = 0
    both: int = 0
    accepted: int = 0
    anything: int = 0
    named: int = 0


def judged(case: Case, text: str) -> Judgement:
    """Return the judgement of a number by its value alone, rare mistakes and pairs last."""
    scale = scale_of_question(case.passed, case.ref)
    known, reading = known_mistakes(case, scale), read(text)
    return named_late(judge(reading, case.truth, scale, known), reading, case, scale, known)


def count_pairs(seed: int, count: int) -> PairCounts:
    """Let learners answer some questions on random networks with two mistakes at once, and with any number."""
    counts, draw = PairCounts(), random.Random(5)
    for _, network, data in networks(seed, count):
        try:
            passed = Timeline(network, data).at(1)
        except StoppedError:
            continue
        refs = refs_of_pass(network, passed.X.shape[0])
        for ref in draw.sample(refs, min(6, len(refs))):
            truth, scale, case = value_of(passed, ref), scale_of_question(passed, ref), Case(network, passed, ref)
            if truth:
                known = known_mistakes(case, scale)
                _two_at_once(counts, draw, case, min(6, decimals_needed(truth, scale, known)))
                _anything(counts, draw, case, scale)
    return counts


def _two_at_once(counts: PairCounts, draw: random.Random, case: Case, decimals: int) -> None:
    scale = scale_of_question(case.passed, case.ref)
    known = known_mistakes(case, scale)
    pairs = list(pairs_of(case, known, Fits(case.truth, 1e300, case.truth, 0.05 * scale)))
    for pair in draw.sample(pairs, min(4, len(pairs))):
        text = f"{pair.value:.{decimals}f}"
        first = judge(read(text), case.truth, scale, known)
        counts.accepted += first.is_right
        if first.verdict == "wrong":  # else one mistake alone gives that number
            counts.pairs += 1
            counts.both += set(pair.ids) <= set(judged(case, text).mistakes)


def _anything(counts: PairCounts, draw: random.Random, case: Case, scale: float) -> None:
    for _ in range(4):
        text = f"{case.truth + scale * draw.uniform(-3, 3):.5f}"
        if judge(read(text), case.truth, scale, known_mistakes(case, scale)).verdict == "wrong":
            counts.anything += 1
            counts.named += judged(case, text).verdict == "diagnosed"
