"""The ground a session walks on: what can be visited in a lesson, and the questions at each place.

Everything here follows from the lesson alone and is kept once computed, so that the session's state stays small: a
place, and what the learner has answered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from nn_tutor.course.activities.practise import Exercise
from nn_tutor.course.budget import is_walkable, work_of_pass
from nn_tutor.course.networks import size_of_pass
from nn_tutor.dataclass import dataclass
from nn_tutor.judging.conventions import OUTPUT_MINUS_TARGET, Variant, conventions_of, turns_sign, variants_of
from nn_tutor.judging.mistakes.case import Candidate, Case
from nn_tutor.judging.mistakes.known import TELLABLE, known_mistakes
from nn_tutor.judging.rounding import Spread, spread_of
from nn_tutor.judging.tolerances import decimals_needed
from nn_tutor.network.identity import as_text
from nn_tutor.network.quantities import Ref
from nn_tutor.network.training import StoppedError, Timeline
from nn_tutor.tutor.hunting import Worked, work
from nn_tutor.tutor.running import LossHistory
from nn_tutor.tutor.tuning import Tuned, solve, starts, tune
from nn_tutor.walkthrough.order import MAX_ELEMENTS, StepGroup, shown_refs, step_groups
from nn_tutor.walkthrough.prose_with_numbers import prose_at, section_with_numbers
from nn_tutor.walkthrough.questions import Question, QuestionKind, asked_refs, make_question, scale_of_question
from nn_tutor.walkthrough.steps import Step, make_step

if TYPE_CHECKING:
    from nn_tutor.calculus.records import Deriver
    from nn_tutor.course.activities.hunt import Hunt
    from nn_tutor.course.activities.kinds import Activity
    from nn_tutor.course.activities.tune import Tune
    from nn_tutor.course.activities.walk import Form, Grain
    from nn_tutor.course.lesson import Lesson
    from nn_tutor.judging.formula import Disprover
    from nn_tutor.network.records import Pass
    from nn_tutor.network.spec import Network

MAX_STEPS_KEPT = 20_000

ROUND_PREFIX = "practice:"
"""The ids of rounds of practice begin with it."""


MAX_BESIDE_KEYS = 300_000
"""Steps of calculation of a pass that no key has to wait for: a few milliseconds on a slow machine."""


@dataclass(frozen=True, slots=True)
class Test:
    """What a round is that is a test: the id of the lesson that it is on, "" for the quiz over the course.

    `where` says of each skill in which part of that lesson it is taught, `before` how many were right in the first
    quiz.
    """

    lesson: str = ""
    where: Mapping[str, str] = field(default_factory=dict)
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """The passes of an activity, first to last, both counted from 1; `stopped` says why it ends early, if it does."""

    first: int
    last: int
    stopped: str = ""


class LessonRun:
    """A lesson with its networks set in motion; `disproves` says of a typed formula that it is none of a slope."""

    def __init__(
        self,
        lesson: Lesson,
        disproves: Disprover | None = None,
        timelines: Mapping[str, Timeline] | None = None,
        test: Test | None = None,
    ) -> None:
        self.lesson = lesson
        self.test = test
        self.disproves = disproves
        self._timelines: dict[str, Timeline] = dict(timelines or {})
        self._runs: dict[str, LossHistory] = {}
        self._steps: dict[tuple[str, int, Ref], Step] = {}
        self.reach = lru_cache(maxsize=None)(self._reach)
        self.step_groups = lru_cache(maxsize=256)(self._step_groups)
        self.questions = lru_cache(maxsize=256)(self._questions)
        self.question = lru_cache(maxsize=256)(self._question)
        self.order = lru_cache(maxsize=64)(self._order)
        self.case = lru_cache(maxsize=128)(self._case)
        self.pass_as_case = lru_cache(maxsize=8)(self._pass_as_case)
        self.known = lru_cache(maxsize=128)(self._known)
        self.spread = lru_cache(maxsize=128)(self._spread)
        self.conventions = lru_cache(maxsize=128)(self._conventions)
        self.variants = lru_cache(maxsize=16)(self._variants)
        self.worked = lru_cache(maxsize=16)(self._worked)
        self.tuned = lru_cache(maxsize=64)(self._tuned)
        self.solution = lru_cache(maxsize=16)(self._solution)
        self.as_text = lru_cache(maxsize=None)(self._as_text)

    @property
    def is_round(self) -> bool:
        """Whether this is a round of practice, no lesson."""
        return self.lesson.id.startswith(ROUND_PREFIX)

    def activity(self, index: int) -> Activity:
        """The lesson's activity at a place; an exercise gets its numbers when it is looked at for the first time."""
        activity = self.lesson.activities[index]
        if not isinstance(activity, Exercise):
            return activity
        from nn_tutor.tutor.exercises import with_numbers

        self.lesson, walk = with_numbers(self.lesson, activity)
        return walk

    @property
    def activities(self) -> Iterator[Activity]:
        """The lesson's activities, each exercise with its numbers."""
        return map(self.activity, range(len(self.lesson.activities)))

    @property
    def questions_of_round(self) -> Iterator[Question]:
        """The questions of a round: each of its activities asks in the one pass that it shows."""
        for index, activity in enumerate(self.activities):
            yield from self.questions(index, activity.span[0])

    def network(self, index: int) -> Network:
        """The network of the activity at a place."""
        return self.lesson.networks[self.activity(index).network].network

    def passed(self, index: int, number: int) -> Pass:
        """Pass `number` of the network of the activity at a place; raises `StoppedError`."""
        return self.timeline(index).at(number)

    def step(self, index: int, number: int, ref: Ref, deriver: Deriver | None) -> Step:
        """The line of one number of a pass, kept once it is made; without a deriver its formula is left out."""
        key = (self.activity(index).network, number, ref)
        kept = self._steps.get(key)
        if kept is None or (kept.rule is None and deriver is not None):
            if len(self._steps) > MAX_STEPS_KEPT:
                self._steps.clear()
            kept = self._steps[key] = make_step(self.network(index), self.passed(index, number), ref, deriver)
        return kept

    def words(self, index: int, number: int = 0, ref: Ref | None = None) -> str:
        """The prose for a station: of its step, its pass (0 for none) or its activity; "" where there is none."""
        return prose_at(self.lesson, self.activity(index).id, self.pass_at, number or None, ref)

    @property
    def introduction(self) -> str:
        """The prose before the first activity's own, "" where there is none."""
        return section_with_numbers(self.lesson, self.lesson.prose.introduction, self.pass_at)

    def timeline(self, index: int) -> Timeline:
        """The run of the network of the activity at a place; activities on one network share it."""
        return self._timeline(self.activity(index).network)

    def run(self, index: int) -> LossHistory:
        """The run of the network of the activity at a place, with its losses."""
        return self.run_of(self.activity(index).network)

    def run_of(self, name: str) -> LossHistory:
        """The run of a network of the lesson, with its losses."""
        if name not in self._runs:
            self._runs[name] = LossHistory(self._timeline(name), self.lesson.networks[name].held_out)
        return self._runs[name]

    def _as_text(self, name: str) -> str:
        """A network and its data as one text, by which they are known again."""
        return as_text(self.lesson.networks[name])

    def seed(self, index: int) -> int:
        """The seed from which the weights of the activity's network are drawn."""
        return self.network(index).seed

    def reseeded(self, index: int, seed: int) -> LessonRun:
        """Return the run with other random weights for the network of the activity at a place."""
        name = self.activity(index).network
        entry = self.lesson.networks[name]
        drawn = replace(entry, network=replace(entry.network, seed=seed))
        lesson = replace(self.lesson, networks={**self.lesson.networks, name: drawn})
        return LessonRun(
            lesson, self.disproves, {other: self._timelines[other] for other in self._timelines if other != name}
        )

    def pass_at(self, name: str, number: int) -> Pass:
        """Pass `number` of the network of a name; raises `StoppedError`."""
        return self._timeline(name).at(number)

    def _timeline(self, name: str) -> Timeline:
        if name not in self._timelines:
            entry = self.lesson.networks[name]
            self._timelines[name] = Timeline(entry.network, entry.data)
        return self._timelines[name]

    def rows(self, index: int, number: int | None = None) -> int:
        """How many samples a pass of the activity's network sees; without its number, how many a whole batch has."""
        entry = self.lesson.networks[self.activity(index).network]
        samples = len(entry.data.inputs)
        return entry.network.rows_in_pass(number, samples) if number else entry.network.max_rows(samples)

    def samples(self, index: int) -> int:
        """How many samples the data of the activity's network has."""
        return len(self.lesson.networks[self.activity(index).network].data.inputs)

    def is_walkable(self, index: int) -> bool:
        """Whether a pass is small enough to be walked at all."""
        return is_walkable(self.lesson.networks[self.activity(index).network])

    def is_heavy(self, index: int) -> bool:
        """Whether a pass takes so long that a run of them is made beside the screen."""
        return work_of_pass(self.lesson.networks[self.activity(index).network]) > MAX_BESIDE_KEYS

    def is_large(self, index: int) -> bool:
        """Whether a pass has too many numbers to be visited one by one."""
        return size_of_pass(self.network(index), self.rows(index)) > MAX_ELEMENTS

    def is_first_asked(self, index: int, number: int, ref: Ref) -> bool:
        """Whether no earlier pass of the lesson asks for this rule: then it may be read while it is asked.

        The rule of another activation function or loss is another one, though the quantity is the same. In an exercise,
        and in a pass of one's own, nothing is new.
        """
        if self.lesson.activities[index].is_from_memory:
            return False
        for earlier in range(index + 1):
            activity = self.activity(earlier)
            if not activity.step_groups_in_passes:
                continue
            end = number if earlier == index else activity.span.stop
            asks = [ask for pass_number in range(activity.span.start, end) for ask in activity.asks_of(pass_number)]
            if any(ask.ref is None or ask.ref.quantity == ref.quantity for ask in asks) and self._has_rule(
                earlier, self._rule_key(index, ref), ref
            ):
                return False
        return True

    def _has_rule(self, index: int, rule_key: object, ref: Ref) -> bool:
        """Whether a quantity is computed in the same manner somewhere in the network of an activity."""
        layers = (None,) if ref.layer is None else tuple(range(1, len(self.network(index).layers) + 1))
        return any(self._rule_key(index, ref._replace(layer=layer)) == rule_key for layer in layers)

    def _rule_key(self, index: int, ref: Ref) -> object:
        """What makes the rule of a quantity another one: the activation function, or the loss with its conventions."""
        network = self.network(index)
        if ref.quantity in ("a", "da_dz"):
            return network.layers[(ref.layer or 1) - 1].activation
        if ref.quantity in ("loss", "dL_do"):
            loss = network.loss
            scaled = loss.outputs if network.outputs > 1 else None, loss.batch if self.rows(index) > 1 else None
            return loss.kind, loss.factor, *scaled
        if ref.phase == "update":
            optimizer = network.optimizer
            return optimizer.rule, optimizer.schedule.kind, optimizer.clipping.kind, bool(optimizer.weight_decay)
        return None

    def last_trained(self, index: int) -> int:
        """Return the last pass of the run of the same network before an activity, 1 where there was none."""
        network = self.activity(index).network
        for earlier in reversed(range(index)):
            activity = self.activity(earlier)
            if activity.is_run and activity.network == network:
                return self.reach(earlier).last
        return 1

    def _reach(self, index: int) -> Reach:
        activity = self.activity(index)
        if not activity.span:
            raise TypeError(f"{activity.kind} has no passes")
        first, last, goal = activity.span[0], activity.span[-1], activity.loss_to_reach
        if goal is not None:
            run = self.run(index)
            loss = run.loss(first)
            if loss is None or loss < goal:
                return Reach(first, first, run.stopped)
            number = run.advance(first, last, goal, lambda made: True)
            return Reach(first, number, run.stopped if number == len(run.losses) else "")
        timeline = self.timeline(index)
        for number in range(first, last + 1):
            try:
                timeline.at(number)
            except StoppedError as error:
                return Reach(first, max(first, number - 1), error.stopped.why)
        return Reach(first, last)

    def _order(self, index: int, number: int) -> dict[Ref, int]:
        """The place of every shown number in its pass."""
        rows = self.rows(index, number)
        return {ref: place for place, ref in enumerate(self._shown(index, number, rows))}

    def _shown(self, index: int, number: int, rows: int) -> tuple[Ref, ...]:
        return shown_refs(self.network(index), rows, self._asked(index, number))

    def _asked(self, index: int, number: int) -> frozenset[Ref]:
        return frozenset(question.ref for question in self.questions(index, number))

    def _step_groups(self, index: int, number: int, grain: Grain, form: Form) -> tuple[StepGroup, ...]:
        asked, activity = self._asked(index, number), self.activity(index)
        every = step_groups(self.network(index), self.rows(index, number), grain, form, asked)
        reaches = activity.reaches
        if activity.own:  # the learner goes from one of their numbers to the next
            own = (replace(stop, refs=tuple(ref for ref in stop.refs if ref in asked)) for stop in every)
            return tuple(stop for stop in own if stop.refs)
        if reaches("update"):
            return every
        walked = (replace(stop, refs=tuple(ref for ref in stop.refs if reaches(ref.phase))) for stop in every)
        return tuple(stop for stop in walked if stop.refs)

    def _questions(self, index: int, number: int) -> tuple[Question, ...]:
        activity = self.activity(index)
        asks = activity.asks_of(number)
        asked = asked_refs(self.network(index), self.rows(index, number), asks) if asks else ()
        return tuple(self._question(index, number, ref, kind) for kind, ref in asked if activity.reaches(ref.phase))

    def _question(self, index: int, number: int, ref: Ref, kind: QuestionKind = "number") -> Question:
        return make_question(self.network(index), self.passed(index, number), self.activity(index).id, kind, ref)

    def _case(self, index: int, number: int, ref: Ref) -> Case:
        """A number of a pass as a case in which mistakes can be made; those of one pass share what they start from."""
        return self.pass_as_case(index, number).at(ref)

    def _pass_as_case(self, index: int, number: int) -> Case:
        previous = self.passed(index, number - 1) if number > 1 else None
        return Case(self.network(index), self.passed(index, number), Ref("loss"), previous)

    def _known(self, index: int, number: int, ref: Ref, kind: QuestionKind) -> tuple[Candidate, ...]:
        """What the known mistakes come to in a question; of a size, whatever their sign."""
        case = self.case(index, number, ref)
        scale = scale_of_question(case.passed, ref)
        known = known_mistakes(case, scale)
        if kind != "size":
            return known
        sized = (one._replace(slip=one.slip._replace(value=abs(one.value))) for one in known)
        return tuple(one for one in sized if abs(one.value - abs(case.truth)) > TELLABLE * scale)

    def _spread(self, index: int, number: int, ref: Ref) -> Spread:
        """How far rounding every number on the way carries one."""
        return spread_of(self.network(index), self.passed(index, number), ref)

    def spread_asked(self, index: int, number: int, ref: Ref) -> Spread | None:
        """The rounding that the decimals of a question allow for; None where the numbers are gentle enough.

        In an update by another rule than plain descent small numbers are squared, and divided by their roots.
        """
        if ref.phase != "update" or self.network(index).optimizer.is_plain:
            return None
        return self.spread(index, number, ref)

    def decimals(self, index: int, question: Question) -> int:
        """How many decimals are always enough for a question, or as many as its sheet keeps."""
        known = self.known(index, question.pass_number, question.ref, question.kind)
        spread = self.spread_asked(index, question.pass_number, question.ref)
        needed = decimals_needed(question.truth, question.scale, known, spread)
        return self.network(index).conventions.needed(needed)

    def _conventions(self, index: int, number: int, ref: Ref) -> tuple[Candidate, ...]:
        """What a number is in other conventions; in a lesson, which says its own, only the tutor's where it differs."""
        network, passed = self.network(index), self.passed(index, number)
        is_homework = self.lesson.purpose == "homework"
        if not is_homework and not turns_sign(network, ref.quantity):
            return ()
        found = conventions_of(Case(network, passed, ref), scale_of_question(passed, ref), self.variants(index, number))
        return found if is_homework else tuple(one for one in found if one.mistake.id == OUTPUT_MINUS_TARGET.id)

    def _variants(self, index: int, number: int) -> tuple[Variant, ...]:
        """A pass under the other losses that a source may have taken."""
        data = self.lesson.networks[self.activity(index).network].data

        def rerun(other: Network) -> Pass | None:
            try:
                return Timeline(other, data).at(number)
            except StoppedError:
                return None

        return variants_of(self.network(index), self.passed(index, number), rerun)

    def _worked(self, hunt: Hunt) -> Worked | None:
        """The worked pass of a hunt, None where the mistake cannot be made in it."""
        network = self.lesson.networks[hunt.network].network
        return work(network, self.pass_at(hunt.network, hunt.pass_number), hunt)

    def _tuned(self, tuning: Tune, values: tuple[float, ...]) -> Tuned | None:
        """What a network does with numbers that are tuned, None where the loss does not exist."""
        entry = self.lesson.networks[tuning.network]
        return tune(entry.network, entry.data, self.pass_at(tuning.network, tuning.pass_number), tuning, values)

    def _solution(self, tuning: Tune) -> Tuned | None:
        """Numbers that do what a tuning wants, None where none were found."""
        network = self.lesson.networks[tuning.network].network
        begun = starts(network, self.pass_at(tuning.network, tuning.pass_number), tuning)
        return solve(lambda values: self._tuned(tuning, values), tuning, begun)
