"""Learners who make one known mistake each, on random networks: how they are judged, counted by mistake and network."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import get_args

from nn_tutor.judging.judge import judge_text
from nn_tutor.judging.mistakes.case import Candidate, Case
from nn_tutor.judging.mistakes.known import known_mistakes
from nn_tutor.judging.rounding import Spread, spread_of
from nn_tutor.judging.tolerances import decimals_needed
from nn_tutor.network.optimizer import Clipping, Optimizer, RuleName, Schedule
from nn_tutor.network.quantities import Ref
from nn_tutor.network.records import Pass, value_of
from nn_tutor.network.spec import ActivationName, Batching, Data, Layer, Network
from nn_tutor.network.training import StoppedError, Timeline
from nn_tutor.walkthrough.order import refs_of_pass
from nn_tutor.walkthrough.questions import scale_of_question

SIZES = ((1, 1), (2, 1), (3, 2), (3, 2, 2), (4, 3, 2))
ACTIVATIONS: tuple[ActivationName, ...] = ("sigmoid", "tanh", "relu", "identity")
RATES = (0.4, 0.25, 0.05, 0.01, 0.003, 0.001)
RULES: tuple[RuleName, ...] = get_args(RuleName)
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


def runs_of_rules(seed: int, count: int) -> Iterator[tuple[str, Network, Data]]:
    """Yield the same networks, each with another update rule, decay, schedule, clipping or batches."""
    draw = random.Random(seed + 7)
    for number, (name, network, data) in enumerate(networks(seed, count)):
        rule = RULES[number % len(RULES)]
        optimizer = Optimizer(
            rule,
            momentum=draw.choice((0.9, 0.5)),
            decay=draw.choice((0.99, 0.9)),
            beta1=draw.choice((0.9, 0.7)),
            beta2=draw.choice((0.999, 0.95)),
            epsilon=draw.choice((1e-8, 0.01)),
            weight_decay=draw.choice((0.0, 0.0, 0.2)),
            schedule=draw.choice(
                (Schedule(), Schedule(), Schedule("step", every=1, factor=0.4), Schedule("cosine", passes=6))
            ),
            clipping=draw.choice((Clipping(), Clipping(), Clipping("value", 0.3), Clipping("norm", 0.8))),
        )
        batching: Batching = draw.choice(("full", "full", "mini"))
        yield f"{rule} {name}", replace(network, optimizer=optimizer, batching=batching, batch_size=3), data


def count_answers_of_rules(seed: int, count: int, most_refs: int = 12) -> Counts:
    """Let learners answer questions on updates by other rules than plain descent, in the first three passes."""
    counts, draw = Counts(), random.Random(seed + 1)
    for name, network, data in runs_of_rules(seed, count):
        timeline = Timeline(network, data)
        try:
            passes = [timeline.at(number) for number in (1, 2, 3)]
        except StoppedError:
            continue
        number = draw.choice((1, 2, 2, 3))
        passed, previous = passes[number - 1], passes[number - 2] if number > 1 else None
        refs = [ref for ref in refs_of_pass(network, passed.X.shape[0]) if ref.phase == "update"]
        if network.batching == "mini":
            refs += [ref for ref in refs_of_pass(network, passed.X.shape[0]) if ref.quantity in ("dW", "db", "loss")]
        for ref in draw.sample(refs, min(len(refs), most_refs)):
            _ask(counts, name, network, passed, previous, ref)
    return counts


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
    rounding = None if ref.phase != "update" or network.optimizer.is_plain else spread
    decimals = decimals_needed(truth, scale, known, rounding)
    if decimals > MAX_DECIMALS or any(abs(one.value - truth) < APART * scale for one in known):
        counts.clashing += 1
        return
    counts.right.given += 1
    counts.right.accepted += judge_text(f"{truth:.{decimals}f}", truth, scale, {}, known, (), spread).is_right
    for candidate in known:
        _answer(counts, name, truth, scale, known, candidate, decimals, spread, is_of_rule=rounding is not None)


def _answer(
    counts: Counts,
    name: str,
    truth: float,
    scale: float,
    known: tuple[Candidate, ...],
    candidate: Candidate,
    decimals: int,
    spread: Spread,
    *,
    is_of_rule: bool = False,
) -> None:
    tally = counts.wrong.setdefault((name, candidate.mistake.id), Tally())
    judgement = judge_text(f"{candidate.value:.{decimals}f}", truth, scale, {}, known, (), spread)
    tally.given += 1
    tally.accepted += judgement.is_right
    # A single mistake that gives the same number is named instead of one that was carried into the update. A rule that
    # divides by the size of the slopes makes nearly one number of many: what is the same to the digits asked is one.
    same = {one.mistake.id for one in known if one.value == candidate.value and not one.is_carried}
    if is_of_rule:
        same = {one.mistake.id for one in known if abs(one.value - candidate.value) <= 10.0**-decimals}
    tally.named += bool({candidate.mistake.id, *same} & set(judgement.mistakes))


def _number(draw: random.Random) -> float:
    return draw.choice([-1, 1]) * draw.randint(15, 195) / 100
