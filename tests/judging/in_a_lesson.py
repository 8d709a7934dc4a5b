"""Answers judged as in a lesson, and the small networks whose numbers are worked out by hand for that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType

from nn_tutor.judging.judgement import Judgement
from nn_tutor.network.quantities import Ref, parse_ref
from nn_tutor.network.records import value_of
from nn_tutor.network.spec import Data, Layer, Network
from nn_tutor.network.training import Timeline
from nn_tutor.tutor.answering import judge_question
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.walkthrough.order import refs_of_pass
from nn_tutor.walkthrough.questions import names_before, names_of, with_unshown
from tests.judging.careful import homework_of


def judged(
    network: Network,
    data: Data,
    name: str,
    text: str,
    earlier: Mapping[int, Mapping[str, float]] | None = None,
    number: int = 1,
) -> Judgement:
    """Judge an answer as in a lesson in which all that comes before it stands on the screen."""
    run, ref = _lesson_on(network, data), parse_ref(name)
    own = {one: {parse_ref(key): value for key, value in given.items()} for one, given in (earlier or {}).items()}
    return judge_question(run, 0, run.question(0, number, ref), text, _names(run, number, ref), own)


@lru_cache(maxsize=4)
def _lesson_on(network: Network, data: Data) -> LessonRun:
    return LessonRun(replace(homework_of(network, data), purpose="lesson"))


@lru_cache(maxsize=64)
def _names(run: LessonRun, number: int, ref: Ref) -> Mapping[str, float]:
    """What may be typed where a number of a pass is asked."""
    network, passed = run.network(0), run.passed(0, number)
    refs = refs_of_pass(network, passed.X.shape[0])
    names = names_of(network, passed, refs[: refs.index(ref)]) | names_before(network, passed)
    return MappingProxyType(with_unshown(network, passed.X.shape[0], names))


def truth(network: Network, data: Data, name: str, number: int = 1) -> float:
    return value_of(Timeline(network, data).at(number), parse_ref(name))


# A batch of three: o is 1.22, 1.03 and 0.65 times 1.74

X, Y, W = (1.22, 1.03, 0.65), (0.45, 0.33, 1.27), 1.74
BATCH = Network((Layer(((W,),)),), learning_rate=0.3)
THREE = Data(tuple((x,) for x in X), tuple((y,) for y in Y))
ERRORS = [W * x - y for x, y in zip(X, Y, strict=True)]

# One weight

DOWN = Network((Layer(((1.0914,),)),), learning_rate=0.3)
FALLING = Data(((0.6,),), ((1.15,),))
SLOPE = 2 * (1.0914 * 0.6 - 1.15) * 0.6
