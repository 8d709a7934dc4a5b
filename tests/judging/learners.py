"""Learners who make one known mistake each, on random networks: how they are judged, counted by mistake and network."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from nn_tutor.judging.judge import decimals_needed, judge_text
from nn_tutor.judging.mistakes.case import Candidate, Case
from nn_tutor.judging.mistakes.known import known_mistakes
from nn_tutor.judging.rounding import Spread, spread_of
from nn_tutor.network.passes import Pass, value_of
from nn_tutor.network.quantities import Ref
from nn_tutor.network.spec import ActivationName, Data, Layer, Network
from nn_tutor.network.training import StoppedError, Timeline
from nn_tutor.walkthrough.order import refs_of_pass
from nn_tutor.walkthrough.questions import scale_of_question

SIZES = ((1, 1), (2, 1), (3, 2), (3, 2, 2), (4, 3, 2))
ACTIVATIONS: tuple[ActivationName, ...] = ("sigmoid", "tanh", "relu", "identity")
RATES = (0.4, 0.25, 0.05, 0.01, 0.003, 0.001)
APART, MAX_DECIMALS = 0.05, 6


@dataclass
class Tally:
    """Answers given, accepted as right, and named as the mistake that was made."""

    given: int = 0
    accepted: int = 0
    named: int = 0


@dataclass
class Counts:
    """What came out: by network and mistake, and of right answers."""

    questions: int = 0
    clashing: int = 0
    right: Tally = field(default_factory=Tally)
    wrong: dict[tuple[str, str], Tally] = field(default_factory=dict)

    def total(self) -> Tally:
        """The sum over all mistakes."""
        tallies = self.wrong.values()
        return Tally(sum(t.given for t in tallies), sum(t.accepted for t in tallies), sum(t.named for t in tallies))


def networks(seed: int, count: int) -> Iterator[tuple[str, Network, Data]]:
    """Yield random networks of two-decimal numbers, each with the name of its kind."""
    draw = random.Random(seed)
    for number in range(count):
        sizes, activation = SIZES[number % len(SIZES)], draw.choice(ACTIVATIONS)
        layers = []
        for place, (inputs, units) in enumerate(pairwise(sizes)):
            is_hidden = place < len(sizes) - 2
            layers.append(
                Layer(
                    weights=tuple(tuple(_number(draw) for _ in range(inputs)) for _ in range(units)),
                    biases=tuple(_number(draw) for _ in range(units)) if draw.random() < 0.5 else None,
                    activation=activation if is_hidden or draw.random() < 0.5 else "identity",
                )
            )
        rows = draw.choice((1, 4))
        network = Network(tuple(layers), learning_rate=draw.choice(RATES))
        data = Data(
            tuple(tuple(_number(draw) for _ in range(sizes[0])) for _ in range(rows)),
            tuple(tuple(_number(draw) for _ in range(sizes[-1])) for _ in range(rows)),
        )
        yield f"{'-'.join(map(str, sizes))} {activation} {rows}", network, data


def count_answers(seed: int, count: int, most_refs: int = 12) -> Counts:
    """Let learners answer questions on random networks: each applicable mistake once, and the truth once."""
    counts, draw = Counts(), random.Random(seed + 1)
    for name, network, data in networks(seed, count):
        timeline = Timeline(network, data)
        try:
            first, second = timeline.at(1), timeline.at(2)
        except StoppedError:
            continue
        refs = refs_of_pass(network, first.X.shape[0])
        for ref in draw.sample(refs, min(len(refs), most_refs)):
            passed, previous = draw.choice(((first, None), (second, first)))
            _ask(counts, name, network, passed, previous, ref)
    return counts


def _ask(counts: Counts, name: str, network: Network, passed: Pass, previous: Pass | None, ref: Ref) -> None:
    truth, scale = value_of(passed, ref), scale_of_question(passed, ref)
    if not truth:
        return
    counts.questions += 1
    known = known_mistakes(Case(network, passed, ref, previous), scale)
    spread = spread_of(network, passed, ref)
    decimals = decimals_needed(truth, scale, known)
    if decimals > MAX_DECIMALS or any(abs(one.value - truth) < APART * scale for one in known):
        counts.clashing += 1
        return
    counts.right.given += 1
    counts.right.accepted += judge_text(f"{truth:.{decimals}f}", truth, scale, {}, known, (), spread).is_right
    for candidate in known:
        _answer(counts, name, truth, scale, known, candidate, decimals, spread)


def _answer(
    counts: Counts,
    name: str,
    truth: float,
    scale: float,
    known: tuple[Candidate, ...],
    candidate: Candidate,
    decimals: int,
    spread: Spread,
) -> None:
    tally = counts.wrong.setdefault((name, candidate.mistake.id), Tally())
    judgement = judge_text(f"{candidate.value:.{decimals}f}", truth, scale, {}, known, (), spread)
    tally.given += 1
    tally.accepted += judgement.is_right
    # A single mistake that gives the same number is named instead of one that was carried into the update.
    same = {one.mistake.id for one in known if one.value == candidate.value and not one.is_carried}
    tally.named += bool({candidate.mistake.id, *same} & set(judgement.mistakes))


def _number(draw: random.Random) -> float:
    return draw.choice([-1, 1]) * draw.randint(15, 195) / 100
