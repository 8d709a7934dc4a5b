"""Whatever a learner does in a lesson, nothing is raised, nothing is given away, and the truth is always right."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tutor.calculus.equality import disproves
from nn_tutor.course.activities.train import Train
from nn_tutor.course.activities.walk import Walk
from nn_tutor.course.ask import Ask
from nn_tutor.course.find import shipped_paths
from nn_tutor.course.lesson import Lesson
from nn_tutor.course.networks import NetworkWithData
from nn_tutor.course.prose import Prose
from nn_tutor.judging.fairness import spellings, unfairness
from nn_tutor.network.training import StoppedError, Timeline
from nn_tutor.tutor.hints import HINT_LEVELS
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.session import GRAINS, Session, begin
from tests.lessons_for_tests import ONE_WEIGHT, VECTOR, make_lesson
from tests.networks import random_network
from tests.shipped_runs import shipped_run
from tests.stations import asked_at
from tests.tutor.every_question import EVERY_QUESTION, PROSE, assert_hidden, knows_all, step


@pytest.mark.parametrize("path", shipped_paths(), ids=lambda path: path.name)
def test_shipped_questions_take_the_truth_with_the_decimals_they_ask_for(path: Path) -> None:
    session = begin(shipped_run(path, disproves))
    for _ in range(3000):
        if session.is_over:
            return
        if isinstance(session.activity, Train) and not session.is_open:
            session = session.to_end().forward()
            continue
        if session.is_open:
            question = session.question
            decimals = None if question is None else asked_at(session).decimals
            if question is not None and decimals is not None:
                assert decimals <= 6, question.id
                for text in (repr(question.truth), f"{question.truth:.{decimals + 2}f}"):
                    assert session.answer(text).attempts[-1].judgement.verdict == "correct", (question.id, text)
            session = session.answer(knows_all(session))
            assert session.question is None or session.attempts[-1].judgement.is_right
        else:
            session = session.forward()
    raise AssertionError("the lesson has no end")


ACTIONS: tuple[Callable[[Session], Session], ...] = (
    *(lambda here, move=move: getattr(here, move)() for move in (
        "forward", "forward", "forward", "back", "forward_pass", "back_pass", "to_end", "to_beginning", "finer",
        "coarser", "hint", "hint", "decompose", "reveal",
    )),
    *(lambda here, by=by: here.move(0, by) for by in (-1, 1, 40, -10**6)),
    *(lambda here, to=to: here.move(*to) for to in ((0, 1), (1, 0), (0, -1), (-1, 0), (1, 1))),
    *(lambda here, text=text: here.answer(text) for text in (
        "", "0", "1", "2", "0.5", "-", "+", "1,5", "x", "w - lr*dL_dw", "1e300", "nan", "9" * 5000,
        "²", "2*(o-y)*x", "\x00",
    )),
    *(lambda here: here.answer(knows_all(here)) if here.is_open else here.forward() for _ in range(10)),
    lambda here: here.answer(here.station.marker_answer),
    lambda here: here.with_form("matrix"),
    lambda here: here.with_form("element"),
)  # fmt: skip
"""What a learner may do; those that lead on stand here several times."""


@settings(max_examples=80, deadline=None, derandomize=True)
@given(lesson=st.sampled_from(["one", "vector", "every"]), seed=st.integers(0, 10**6), length=st.integers(5, 90))
def test_whatever_is_done_raises_nothing_and_gives_nothing_away(
    tmp_path_factory: pytest.TempPathFactory, lesson: str, seed: int, length: int
) -> None:
    toml = {"one": ONE_WEIGHT, "vector": VECTOR, "every": EVERY_QUESTION}[lesson]
    prose = PROSE if lesson == "every" else ""
    session = begin(LessonRun(make_lesson(tmp_path_factory.mktemp("lesson"), toml, prose)))
    draw = random.Random(seed)
    for _ in range(length):
        if draw.random() < 0.03:
            session = session.postpone_retry()
            continue
        before = session.current
        session = step(session, draw.choice(ACTIONS))
        assert before.solved <= session.current.solved or session.current.lesson_run is not before.lesson_run
        _assert_showable(session.current)


def _assert_showable(here: Session) -> None:
    """Everything that the screen reads off a state is there, and what is asked is not among it."""
    assert here.cut.grain in GRAINS
    assert isinstance(here.station.words, str)
    assert here.station.marker_answer is not None
    assert len(here.ambiguous) != 1
    assert here.station.last_attempt is None or here.attempts
    if here.asked is not None:
        assert here.asked.misses >= 0
        assert 0 <= here.asked.hint_level <= HINT_LEVELS
        assert here.passed.number == here.place.pass_number
        question = here.question
        if question is not None:
            assert question.ref not in here.known
            assert asked_at(here).focus == question.ref
            assert asked_at(here).names is not None
            assert_hidden(here)
            assert (asked_at(here).decimals or 0) >= 0
        assert asked_at(here).earlier is not None


@pytest.mark.parametrize("seed", range(8))
def test_everything_asked_of_a_random_network_can_be_answered(seed: int) -> None:
    network, data = random_network(seed, most_units=3, most_rows=2)
    try:
        Timeline(network, data).at(1)
    except StoppedError:
        pytest.skip("this run stops")
    draw = random.Random(seed)
    walk = Walk(
        id="walk",
        asks=((Ask("sign", None), Ask("value", None)),),
        form=draw.choice(["element", "matrix"]),
        grain=draw.choice(GRAINS),
    )
    lesson = Lesson("lesson", "title", "", (), (), {"": NetworkWithData(network, data)}, (walk,), Prose())
    session = begin(LessonRun(lesson))
    while not session.is_over:
        question = session.question
        if question is None:
            session = session.forward()
            continue
        known = session.lesson_run.known(0, question.pass_number, question.ref, question.kind)
        fair = question.kind == "number" and not list(unfairness(question.truth, question.scale, known))
        if fair:
            for text in (*spellings(question.truth, asked_at(session).decimals or 0), repr(question.truth)):
                judgement = session.answer(text).attempts[-1].judgement
                assert judgement.verdict == "correct", (question.id, text)
        if draw.random() < 0.2:
            session = session.hint().hint().decompose()
        session = session.reveal().postpone_retry() if draw.random() < 0.1 else _told(session)


def _told(session: Session) -> Session:
    """Answer with all the digits; what cannot be told from a mistake is shown instead."""
    question = session.question
    assert question is not None
    answered = session.answer(repr(question.truth) if question.kind == "number" else knows_all(session))
    return answered if answered.answers.is_settled(question.id) else session.reveal().postpone_retry()
