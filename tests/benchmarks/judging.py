"""How learners who make known mistakes are judged, and how long a judged answer takes."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from itertools import pairwise

from nn_tutor.judging.judge import judge_text
from nn_tutor.judging.mistakes.case import Case
from nn_tutor.judging.mistakes.known import known_mistakes
from nn_tutor.network.passes import value_of
from nn_tutor.network.quantities import Ref
from nn_tutor.network.spec import Data, Layer, Network
from nn_tutor.network.training import Timeline
from nn_tutor.tutor.fresh import fresh_numbers
from nn_tutor.walkthrough.order import shown_refs
from nn_tutor.walkthrough.questions import scale_of_question
from tests.benchmarks.figures import Figure, seconds
from tests.judging.careful import count_verdicts, published, textbook
from tests.judging.learners import Counts, Tally, count_answers

NETWORKS = 600
SHEETS = 29
LESSON_NETWORKS = ("chain-rule", "hidden-layer")


def figures() -> Iterator[Figure]:
    """Yield the measures of the judge; the table by mistake and network is printed before them."""
    counts = count_answers(seed=7, count=NETWORKS)
    _print_by_mistake(counts)
    total, right = counts.total(), counts.right
    note = f"{total.given} answers, {NETWORKS} networks"
    yield Figure("wrong answers accepted as right", float(total.accepted), "", 0, note)
    yield Figure("wrong answers not named", 100 * (1 - total.named / total.given), "%", 1, note)
    refused = 100 * (1 - right.accepted / right.given)
    yield Figure("right answers not accepted", refused, "%", 0.5, f"{right.given} answers")
    yield from _careful()
    for sizes, goal in (((4, 3, 2), 20), ((16, 16, 8), 100)):
        took = _slowest_answer(sizes)
        yield Figure(f"one judged answer, {'-'.join(map(str, sizes))}, slowest", 1e3 * took, "ms", goal)
    yield _drawing()


def _careful() -> Iterator[Figure]:
    """How learners are judged who do all rightly, and round every number on the way, on networks that nobody chose."""
    for decimals, goal in ((3, 3), (4, 1), (5, 1)):
        for remembered in (True, False):
            lessons = (*published(), *textbook(seed=1, count=SHEETS))
            counts = count_verdicts(iter(lessons), decimals, remembered=remembered)
            given = counts.total()
            taken = counts["correct"] + counts["follow_through"]
            accused = given - taken - counts["more_digits"]
            note = f"{given} answers" + ("" if remembered else f", {counts['more_digits']} asked for more digits")
            if remembered:
                yield Figure(f"rounded to {decimals} decimals: accused", float(accused), "", 0, note)
                yield Figure(f"rounded to {decimals} decimals: not taken", 100 * (1 - taken / given), "%", goal, note)
            else:
                yield Figure("the same, nothing remembered: accused", float(accused), "", 0, note)


def _print_by_mistake(counts: Counts) -> None:
    kinds = sorted({name.split()[0] for name, _ in counts.wrong}, key=lambda kind: (len(kind), kind))
    table: dict[str, dict[str, Tally]] = defaultdict(lambda: defaultdict(Tally))
    for (name, mistake), tally in counts.wrong.items():
        for kind in (name.split()[0], "all"):
            cell = table[mistake][kind]
            cell.given += tally.given
            cell.accepted += tally.accepted
            cell.named += tally.named
    columns = [*kinds, "all"]
    print(f"{'named of given':<36}" + "".join(f"{kind:>12}" for kind in columns) + "   accepted")
    for mistake in sorted(table):
        cells = [table[mistake][kind] for kind in columns]
        shown = "".join(f"{f'{cell.named}/{cell.given}' if cell.given else '–':>12}" for cell in cells)
        print(f"{mistake:<36}{shown}{cells[-1].accepted:>11}")
    print()


def _slowest_answer(sizes: tuple[int, ...]) -> float:
    """The slowest of the judged answers of a network, with the mistakes worked out anew for each."""
    draw = random.Random(3)

    def number() -> float:
        return draw.choice([-1, 1]) * draw.randint(15, 195) / 100

    layers = tuple(
        Layer(tuple(tuple(number() for _ in range(into)) for _ in range(out)), activation="sigmoid")
        for into, out in pairwise(sizes)
    )
    network = Network(layers, learning_rate=0.3)
    timeline = Timeline(network, Data((tuple(number() for _ in range(sizes[0])),), ((0.3,) * sizes[-1],)))
    first, passed = timeline.at(1), timeline.at(2)
    slowest = 0.0
    for ref in (Ref("W", 1, (0, 0)), Ref("dW", 1, (1, 1)), Ref("delta", 1, (0, 0)), Ref("a", 2, (0, 0)), Ref("loss")):
        truth, scale = value_of(passed, ref), scale_of_question(passed, ref)

        def answer(ref: Ref = ref, truth: float = truth, scale: float = scale) -> object:
            known = known_mistakes(Case(network, passed, ref, first), scale)
            return judge_text(f"{truth * 1.3 + 0.1:.5f}", truth, scale, {}, known)

        slowest = max(slowest, *(seconds(answer) for _ in range(20)))
    return slowest


def _drawing() -> Figure:
    """How long fair numbers for one question take to be drawn, on the networks of the lessons."""
    from nn_tutor.course.find import find
    from nn_tutor.course.load import load

    draws = [
        partial(fresh_numbers, entry, "number", ref, seed)
        for name in LESSON_NETWORKS
        for entry in load(find(name)).networks.values()
        for ref in shown_refs(entry.network, 1)
        for seed in range(20)
    ]
    took = [seconds(draw) for draw in draws]
    took.sort()
    return Figure(
        "fresh numbers for a question, p95", 1e3 * took[len(took) * 95 // 100], "ms", 50, f"{len(took)} drawn"
    )
