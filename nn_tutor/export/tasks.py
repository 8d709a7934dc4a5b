"""What a lesson asks, in words that stand on paper, each with the answer that its judge takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from nn_tutor.calculus.names import symbol
from nn_tutor.calculus.numerals import fixed, numeral
from nn_tutor.dataclass import dataclass
from nn_tutor.export.paper import on_paper
from nn_tutor.network.quantities import Ref, shown_sign
from nn_tutor.network.records import value_of
from nn_tutor.tutor.hints import rule_in_words
from nn_tutor.tutor.pulling import compare, rule_of
from nn_tutor.tutor.stations.base import Arrival
from nn_tutor.tutor.stations.kinds import enter
from nn_tutor.tutor.tuning import names_tuned
from nn_tutor.walkthrough.questions import over_and_under

if TYPE_CHECKING:
    from nn_tutor.calculus.records import Deriver
    from nn_tutor.course.activities.choose import Choose
    from nn_tutor.course.activities.hunt import Hunt
    from nn_tutor.course.activities.nudge import Nudge
    from nn_tutor.course.activities.pull import Pull
    from nn_tutor.course.activities.train import Train
    from nn_tutor.course.activities.tune import Tune
    from nn_tutor.tutor.lesson_run import LessonRun
    from nn_tutor.tutor.listing import Listed

LETTERS = "ABCDEF"
"""How the options of a choice are marked; the judge takes these letters too."""


@dataclass(frozen=True, slots=True)
class Task:
    """Something to answer: its number in the lesson, from 1, its prompt, and what is right, with the reason.

    `id` is that of its question ("" for what is not judged by one), `ref` the number that it asks in pass
    `pass_number`, `symbol` how that is written. `decimals` are those that the answer needs.
    """

    number: int
    id: str
    kind: str
    prompt: str
    answer: str
    why: str = ""
    symbol: str = ""
    decimals: int | None = None
    options: tuple[str, ...] = ()
    pass_number: int | None = None
    ref: Ref | None = None


@dataclass(frozen=True, slots=True)
class Asking:
    """What is needed to write down the tasks of an activity; the next of them has the number `first`."""

    lesson_run: LessonRun
    place: int
    deriver: Deriver
    first: int


def tasks_of(asking: Asking) -> tuple[Task, ...]:
    """Return the tasks of an activity, in its order."""
    activity = asking.lesson_run.activity(asking.place)
    own = _OWN.get(activity.kind)
    return tuple(own(asking, activity) if own is not None else _listed(asking))


def _listed(asking: Asking) -> Iterator[Task]:
    """The questions that the activity lists itself."""
    for number, listed in enumerate(enter(Arrival(asking.lesson_run, asking.place)).listed(), start=asking.first):
        if listed.question is not None:
            yield _of_number(asking, number, listed)


def _of_number(asking: Asking, number: int, listed: Listed) -> Task:
    question = listed.question
    assert question is not None
    lesson_run, place, ref = asking.lesson_run, asking.place, question.ref
    network, rows = lesson_run.network(place), lesson_run.rows(place, question.pass_number)
    if question.kind == "formula":
        passed = lesson_run.passed(place, question.pass_number)
        answer = asking.deriver.derive(network, passed, ref).full_rule
    elif question.kind == "sign":
        answer = "+" if question.truth > 0 else "−"
    else:
        turned = shown_sign(network, ref) if question.kind == "number" else 1.0
        answer = fixed(turned * question.truth, listed.decimals or 0)
    return Task(
        number,
        listed.id,
        question.kind,
        question.prompt,
        answer,
        why=on_paper(rule_in_words(network, rows, ref)),
        symbol=symbol(network, rows, ref),
        decimals=listed.decimals,
        pass_number=question.pass_number,
        ref=ref,
    )


def _choice(asking: Asking, activity: Choose) -> Iterator[Task]:
    right = next(place for place, option in enumerate(activity.options) if option.right)
    options = tuple(option.text for option in activity.options)
    why = activity.options[right].why
    yield Task(asking.first, f"{activity.id}:choice", "choice", activity.prompt, LETTERS[right], why, options=options)


def _line(asking: Asking, activity: Hunt) -> Iterator[Task]:
    worked = asking.lesson_run.worked(activity)
    if worked is None:
        return
    listed = next(enter(Arrival(asking.lesson_run, asking.place)).listed())
    yield Task(
        asking.first,
        listed.id,
        "line",
        listed.prompt,
        f"line {worked.wrong + 1}",
        worked.reason,
        pass_number=activity.pass_number,
    )


def _pulled(asking: Asking, activity: Pull) -> Iterator[Task]:
    network = asking.lesson_run.network(asking.place)
    listed = next(enter(Arrival(asking.lesson_run, asking.place)).listed())
    found = compare(activity, asking.lesson_run.passed(asking.place, activity.pass_number))
    yield Task(
        asking.first,
        listed.id,
        "choice",
        listed.prompt,
        LETTERS[found.hardest],
        rule_of(network, activity),
        options=activity.names,
        pass_number=activity.pass_number,
    )


def _tuned(asking: Asking, activity: Tune) -> Iterator[Task]:
    names = names_tuned(asking.lesson_run.network(asking.place), activity)
    usual = f"Find {' and '.join(names)} with which the loss is below {numeral(activity.to_loss)}."
    if not activity.of:
        usual = f"Find an η with which the run does this: {activity.goal}."
    solution = asking.lesson_run.solution(activity)
    answer = "no numbers were found that do it"
    if solution is not None:
        found = ", ".join(f"{name} = {numeral(value)}" for name, value in zip(names, solution.values, strict=True))
        answer = f"for example {found}"
    yield Task(asking.first, "", "tune", activity.prompt or usual, answer)


def _nudged(asking: Asking, activity: Nudge) -> Iterator[Task]:
    network, rows = asking.lesson_run.network(asking.place), asking.lesson_run.rows(asking.place, activity.pass_number)
    passed = asking.lesson_run.passed(asking.place, activity.pass_number)
    over, under = over_and_under(network, rows, activity.slope)
    prompt = (
        f"Move {under} a little, by 1, by 0.1 and by 0.01: by how much does {over} change for each 1 that it moves?"
    )
    answer = f"nearly {numeral(value_of(passed, activity.slope))}, and the nearer the less {under} moves"
    yield Task(asking.first, "", "nudge", prompt, answer)


def _trained(asking: Asking, activity: Train) -> Iterator[Task]:
    if not activity.guess:
        return
    goal = numeral(activity.to_loss)
    reach = asking.lesson_run.reach(asking.place)
    run = asking.lesson_run.run(asking.place)
    loss = run.loss(reach.last)
    if loss is None or not loss < activity.to_loss:
        answer = f"in none: {reach.stopped or f'after {reach.last:,} passes it is still above {goal}'}"
    else:
        answer = f"in pass {reach.last:,}: the loss is {numeral(loss)} there"
    yield Task(asking.first, "", "train", f"Guess: in which pass is the loss below {goal} for the first time?", answer)


_OWN: dict[str, Callable[[Asking, Any], Iterator[Task]]] = {
    "choose": _choice,
    "hunt": _line,
    "pull": _pulled,
    "tune": _tuned,
    "nudge": _nudged,
    "train": _trained,
}
"""The kinds of activity that list no numbers; any other is asked what it lists."""
