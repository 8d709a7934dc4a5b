"""How the answers of learners are judged, and how long a judged answer takes.

Learners who make known mistakes, one or two; who do everything rightly and round; real numbers from real sheets.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from itertools import pairwise, product

from nn_tutor.course.activities.walk import Walk
from nn_tutor.course.ask import Ask
from nn_tutor.course.lesson import Lesson, Purpose
from nn_tutor.course.networks import NetworkWithData
from nn_tutor.course.prose import Prose
from nn_tutor.judging.replay import Earlier
from nn_tutor.network.quantities import Ref, parse_ref
from nn_tutor.network.records import value_of
from nn_tutor.network.spec import ActivationName, Data, Layer, Network
from nn_tutor.network.training import Timeline
from nn_tutor.tutor.answering import judge_question
from nn_tutor.tutor.fresh import fresh_numbers
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.suggesting import suggest
from nn_tutor.walkthrough.order import refs_of_pass, shown_refs
from nn_tutor.walkthrough.questions import make_question, names_before, names_of
from tests.benchmarks.figures import Figure, percentile, processor_seconds
from tests.given_homework import FOLDER, OUTSIDE, homework_cases
from tests.judging.careful import count_verdicts, of_rules, published, textbook
from tests.judging.learners import Counts, Tally, count_answers, count_answers_of_rules
from tests.judging.sheets import count_faults
from tests.judging.two_slips import count_pairs

NETWORKS = 600
SHEETS = 29
LESSON_NETWORKS = ("chain-rule", "hidden-layer")
ROUNDS = 5
RULE_NETWORKS = 240
PAIR_NETWORKS = 60
SUGGESTED = (5, 6, 7, 8)
ASKED = (
    *("z1[0,0]", "a1[0,1]", "a2[0,0]", "loss", "dL_do[0,1]", "dL_da1[0,0]", "delta1[0,0]"),
    *("dW1[0,0]", "dW2[0,1]", "db1[0]", "W1[0,1]", "W2[1,0]", "b2[0]"),
)
PURPOSES: tuple[Purpose, ...] = ("lesson", "homework")
ANSWERED = (
    Ref("a", 2, (0, 0)),
    Ref("loss"),
    Ref("delta", 1, (0, 0)),
    Ref("dW", 1, (1, 1)),
    Ref("W", 1, (0, 0)),
    Ref("b", 1, (0,)),
)


def figures() -> Iterator[Figure]:
    """Yield the measures of the judge; the table by mistake and network is printed before them."""
    counts = count_answers(seed=7, count=NETWORKS)
    _print_by_mistake(counts)
    yield from _of_counts(counts, f"{NETWORKS} networks", unnamed=1)
    yield from _of_rules()
    yield from _two_slips()
    yield from _careful()
    yield from _of_sheets()
    yield _suggesting()
    for sizes, goal in (((4, 3, 2), 20), ((16, 16, 8), 100)):
        took, which = _slowest_answer(sizes)
        yield Figure(f"one judged answer, {'-'.join(map(str, sizes))}, slowest", 1e3 * took, "ms", goal, which)
    yield _drawing()


def _of_counts(counts: Counts, of: str, unnamed: float, title: str = "") -> Iterator[Figure]:
    """What became of wrong and right answers; `unnamed` is the goal for mistakes without a name, in %."""
    total, right = counts.total(), counts.right
    note = f"{total.given} answers, {of}"
    yield Figure(f"{title}wrong answers accepted as right", float(total.accepted), "", 0, note)
    yield Figure(f"{title}wrong answers not named", 100 * (1 - total.named / total.given), "%", unnamed, note)
    refused = 100 * (1 - right.accepted / right.given)
    yield Figure(f"{title}right answers not accepted", refused, "%", 0.5, f"{right.given} answers")


def _of_rules() -> Iterator[Figure]:
    """How learners are judged in updates by other rules than plain descent, wrong, right, and rounded on the way."""
    counts = count_answers_of_rules(seed=17, count=RULE_NETWORKS)
    mistakes = len({mistake for _, mistake in counts.wrong})
    yield from _of_counts(counts, f"{mistakes} mistakes, {RULE_NETWORKS} networks", unnamed=3, title="other rules: ")
    for remembered in (True, False):
        verdicts = count_verdicts(of_rules(seed=1, count=SHEETS), 5, remembered=remembered)
        accused = verdicts.total() - verdicts["correct"] - verdicts["follow_through"] - verdicts["more_digits"]
        measure = f"other rules, rounded to 5 decimals{'' if remembered else ', nothing remembered'}: accused"
        yield Figure(measure, float(accused), "", 0, f"{verdicts.total()} answers")


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


def _two_slips() -> Iterator[Figure]:
    """How learners are judged who make two mistakes in one answer, and those who type anything."""
    counts = count_pairs(seed=31, count=PAIR_NETWORKS)
    note = f"{counts.pairs} answers that no single slip explains"
    yield Figure("two slips at once: accepted as right", float(counts.accepted), "", 0)
    yield Figure("two slips at once: not both named", 100 * (1 - counts.both / counts.pairs), "%", 20, note)
    note = f"{counts.anything} numbers"
    yield Figure("typed at random: given a name", 100 * counts.named / counts.anything, "%", 3, note)


def _of_sheets() -> Iterator[Figure]:
    """How the numbers are judged that real people and their sources have."""
    for name, sheets, goal in (("real sheets", FOLDER, 5), ("sheets from outside", OUTSIDE, 10)):
        counts = count_faults(homework_cases(sheets))
        numbers = f"{counts['numbers']} numbers"
        for fault, measure in _FAULTS.items():
            yield Figure(f"{name}: {measure}", float(counts[fault]), "", 0, numbers)
        share = 100 * counts["unnamed"] / counts["tellable"]
        yield Figure(f"{name}: slips not named", share, "%", goal, f"{counts['tellable']} that can be told")


_FAULTS = {
    "refused": "right ones, or conventions, refused",
    "accepted": "wrong ones accepted",
    "false name": "names that are not the cause",
}


def _suggesting() -> Figure:
    """How long fair numbers take to be found for a lesson on a 3-4-2 ReLU network, the longest of some."""
    took, which = max((processor_seconds(partial(suggest, _asking(seed), "", 1)), seed) for seed in SUGGESTED)
    note = f"{len(ASKED)} questions; the network of seed {which}"
    return Figure("check --suggest, 3-4-2 ReLU, slowest", took, "s", 10, note)


def _asking(seed: int) -> Lesson:
    """A lesson that asks for numbers of a ReLU network that nobody chose."""
    draw = random.Random(seed)

    def number() -> float:
        return draw.choice([-1, 1]) * draw.randint(2, 15) / 10

    def layer(out: int, into: int, activation: ActivationName) -> Layer:
        weights = tuple(tuple(number() for _ in range(into)) for _ in range(out))
        return Layer(weights, biases=tuple(number() for _ in range(out)), activation=activation)

    network = Network((layer(4, 3, "relu"), layer(2, 4, "identity")), learning_rate=0.1)
    walk = Walk(id="w", passes=1, asks=(tuple(Ask("value", parse_ref(name)) for name in ASKED),))
    entry = NetworkWithData(network, Data(((1.0, 0.5, -1.2),), ((0.5, 1.0),)))
    return Lesson("w", "w", "", (), (), {"": entry}, (walk,), Prose())


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


def _slowest_answer(sizes: tuple[int, ...]) -> tuple[float, str]:
    """Return the processor time of the slowest judged answer on a network, and which one that is.

    Everything is worked out anew for each, the conventions, what the learner's own numbers lead to, and what goes wrong
    with them; but not what the screen has worked out to say how many decimals are needed.
    """
    network, data = _network(sizes)
    slowest = (0.0, "")
    for purpose, number, ref in product(PURPOSES, (1, 2), ANSWERED):
        for text, earlier in _answers(network, data, number, ref):
            took = min(_judging(network, data, purpose, number, ref, text, earlier) for _ in range(ROUNDS))
            remembered = ", with earlier answers" if earlier else ""
            slowest = max(slowest, (took, f"{text} for {ref.quantity} in pass {number} of a {purpose}{remembered}"))
    return slowest


def _network(sizes: tuple[int, ...]) -> tuple[Network, Data]:
    draw = random.Random(3)

    def number() -> float:
        return draw.choice([-1, 1]) * draw.randint(15, 195) / 100

    layers = tuple(
        Layer(
            tuple(tuple(number() for _ in range(into)) for _ in range(out)),
            biases=tuple(number() for _ in range(out)),
            activation="sigmoid",
        )
        for into, out in pairwise(sizes)
    )
    data = Data((tuple(number() for _ in range(sizes[0])),), ((0.3,) * sizes[-1],))
    return Network(layers, learning_rate=0.3), data


def _answers(network: Network, data: Data, number: int, ref: Ref) -> Iterator[tuple[str, Earlier]]:
    """Answers to one question: right, wrong as a number and as a calculation, and wrong after wrong ones."""
    timeline = Timeline(network, data)
    truth = value_of(timeline.at(number), ref)
    junk = f"{truth * 1.37 + 0.0713:.6f}"
    earlier: dict[int, dict[Ref, float]] = {
        one: {given: 1.3 * value_of(timeline.at(one), given) for given in (Ref("z", 1, (0, 0)), Ref("dW", 1, (0, 0)))}
        for one in range(1, number + 1)
    }
    yield f"{truth!r}", {}
    yield junk, {}
    yield junk, earlier
    yield "w111*x1 + w211 + 0.5", {}
    yield "w111*x1*w211 - lr", earlier


def _judging(
    network: Network, data: Data, purpose: Purpose, number: int, ref: Ref, text: str, earlier: Earlier
) -> float:
    """Return the processor time that one answer takes, once the question with its decimals is on the screen."""
    walk = Walk(id="w", passes=number, asks=((Ask("value", ref),),))
    entry = NetworkWithData(network, data)
    lesson_run = LessonRun(Lesson("w", "w", "", (), (), {"": entry}, (walk,), Prose(), purpose=purpose))
    passed = lesson_run.passed(0, number)
    question = make_question(network, passed, "w", "number", ref)
    lesson_run.known(0, number, ref, "number")
    refs = refs_of_pass(network, passed.X.shape[0])
    names = names_of(network, passed, refs[: refs.index(ref)]) | names_before(network, passed)
    return processor_seconds(partial(judge_question, lesson_run, 0, question, text, names, earlier))


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
    took = percentile([processor_seconds(draw) for draw in draws], 0.95)
    return Figure("fresh numbers for a question, p95", 1e3 * took, "ms", 50, f"{len(draws)} drawn")
