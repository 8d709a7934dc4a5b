"""What the log says of a run: told mistakes, fresh questions half done, a lesson that changed, and any garbage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tutor.course.find import shipped_paths
from nn_tutor.course.load import load
from nn_tutor.judging.diagnosis import distinct
from nn_tutor.tutor.changes import changes
from nn_tutor.tutor.hints import HINT_LEVELS
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.mastery import Answered, Standing, after, standing_after
from nn_tutor.tutor.restoring import restored
from nn_tutor.tutor.saved_run import answers_of, outline_of, saved_run_of
from nn_tutor.tutor.session import Session, begin
from tests.lessons_for_tests import ONE_WEIGHT, VECTOR, make_lesson, right_answer
from tests.tutor.records import Written
from tests.tutor.test_restoring import seen


class Live:
    """A session whose every step is written into a log that is only a list."""

    def __init__(self, lesson_run: LessonRun) -> None:
        self.session = begin(lesson_run)
        self.log = [Written("begun", {})]

    def become(self, session: Session) -> None:
        before, self.session = self.session, session
        self.log += [Written(kind, content) for kind, content in changes(before, session)]

    def current(self, state: Session) -> None:
        self.become(self.session.with_current(state))

    def again(self) -> Session:
        return restored(begin(self.session.lesson_run), saved_run_of(self.log))

    def walk_to(self, question: str) -> None:
        for _ in range(300):
            at_hand = self.session.question
            if at_hand is not None and at_hand.id == question:
                return
            state = self.session
            self.become(state.answer(right_answer(state)) if state.is_open else state.forward())
        raise AssertionError(f"{question} was never asked")


@pytest.fixture
def one_weight(tmp_path: Path) -> Live:
    return Live(LessonRun(make_lesson(tmp_path, ONE_WEIGHT)))


@pytest.fixture
def vector(tmp_path: Path) -> Live:
    return Live(LessonRun(make_lesson(tmp_path, VECTOR)))


def either_or(live: Live) -> None:
    """Walk to where an answer fits more than one mistake, and give it."""
    for _ in range(400):
        state = live.session
        question = state.question
        if question is not None and question.kind == "number":
            for candidate in state.lesson_run.known(state.place.activity, question.pass_number, question.ref, "number"):
                tried = state.answer(f"{candidate.value:.6f}")
                if tried.ambiguous:
                    live.become(tried)
                    return
        live.become(state.answer(right_answer(state)) if state.is_open else state.forward())
    raise AssertionError("no answer fits more than one mistake")


def test_which_mistake_it_was_is_remembered() -> None:
    live = Live(LessonRun(load(shipped_paths()[6])))
    either_or(live)
    several = live.session.attempts[-1].judgement
    assert len(distinct(several.candidates)) > 1
    live.become(live.session.answer("2"))
    (mistake,) = live.session.attempts[-1].judgement.mistakes
    assert mistake == several.mistakes[1]
    (answer,) = [
        attempt for attempt in saved_run_of(live.log).answers.attempts if attempt.judgement.verdict == "diagnosed"
    ]
    assert answer.judgement.mistakes == (mistake,)
    assert answer.judgement.message == live.session.attempts[-1].judgement.message != several.message
    (told,) = [answered for answered in answers_of(live.log) if answered.verdict == "diagnosed"]
    assert told.mistakes == (mistake,)
    assert standing_after(answers_of(live.log)).mistakes == {mistake: 1}


def test_what_is_told_of_another_answer_changes_nothing() -> None:
    answer = {"question": "a", "verdict": "diagnosed", "mistakes": ["x", "y"]}
    told = Written("told", {"question": "b", "mistakes": ["y"], "message": "no"})
    log = [told, Written("answer", answer), told]
    assert [answered.mistakes for answered in answers_of(log)] == [("x", "y")]
    assert [attempt.judgement.mistakes for attempt in saved_run_of(log).answers.attempts] == [("x", "y")]


def test_a_fresh_question_whose_answer_was_shown_is_still_owed(one_weight: Live) -> None:
    one_weight.walk_to("walk:1.update.W1[0,0]")
    one_weight.become(one_weight.session.reveal())
    one_weight.become(one_weight.session.forward())
    assert one_weight.session.nested is not None
    one_weight.current(one_weight.session.current.reveal())
    again = one_weight.again()
    assert again.nested is not None
    on = again.with_current(again.current.forward())
    live = one_weight.session.with_current(one_weight.session.current.forward())
    assert on.nested is not None, "a second start is no way around the question that is owed"
    assert seen(on) == seen(live)


def test_a_fresh_question_of_a_later_pass_is_still_owed(tmp_path: Path) -> None:
    """An update rule that remembers asks it again in the same pass, not in the first."""
    rule = 'learning_rate = 0.3\n[network.update]\nrule = "momentum"\nmomentum = 0.8'
    live = Live(LessonRun(make_lesson(tmp_path, ONE_WEIGHT.replace("learning_rate = 0.3", rule))))
    live.walk_to("walk:2.update.W1[0,0]")
    live.become(live.session.reveal())
    live.become(live.session.forward())
    assert live.session.nested is not None
    live.current(live.session.current.reveal())
    assert seen(live.again()) == seen(live.session)


def test_a_fresh_question_taken_apart_stays_apart(vector: Live) -> None:
    vector.walk_to("walk:2.backward.delta1[0,0]")
    vector.become(vector.session.reveal())
    vector.become(vector.session.forward())
    assert vector.session.nested is not None
    vector.current(vector.session.current.hint())
    vector.current(vector.session.current.hint())
    whole = vector.session.current.question
    vector.current(vector.session.current.decompose())
    link = vector.session.current.question
    assert link is not None
    assert link is not whole
    assert seen(vector.again()) == seen(vector.session)
    vector.current(vector.session.current.answer(right_answer(vector.session.current)))
    assert seen(vector.again()) == seen(vector.session)
    assert vector.again().current.solved == {link.id}


def test_put_off_stays_put_off(one_weight: Live) -> None:
    one_weight.walk_to("walk:1.update.W1[0,0]")
    one_weight.become(one_weight.session.reveal())
    one_weight.become(one_weight.session.forward())
    one_weight.become(one_weight.session.postpone_retry())
    assert (one_weight.again().retry_due, one_weight.again().nested) == ("", None)
    assert seen(one_weight.again()) == seen(one_weight.session)


def test_a_lesson_that_lost_an_activity_keeps_what_is_left(one_weight: Live, tmp_path: Path) -> None:
    one_weight.walk_to("walk:2.backward.dW1[0,0]")
    before, walk = ONE_WEIGHT.split('[[activity]]\nkind = "walk"')
    guess = '[[activity]]\nkind = "train"' + walk.split('[[activity]]\nkind = "train"')[1]
    gone = begin(LessonRun(make_lesson(tmp_path / "gone", before + guess)))
    state = restored(gone, saved_run_of(one_weight.log))
    assert state.place == gone.place
    assert "begin" in state.solved
    assert len(state.attempts) == len(one_weight.session.attempts)
    shorter = ONE_WEIGHT.replace("passes = 3", "passes = 1").replace("first_pass = 4", "first_pass = 2")
    shorter = shorter.replace(', ["sign dW", "dW", "W"], ["a", "loss", "dL_do", "dz_dw", "dW", "W"]', "")
    state = restored(begin(LessonRun(make_lesson(tmp_path / "shorter", shorter))), saved_run_of(one_weight.log))
    assert (state.activity.id, state.place.pass_number) == ("walk", 1)
    assert not state.is_over
    assert state.forward().place != state.place


def test_the_outline_is_the_saved_run_without_its_answers(one_weight: Live) -> None:
    for _ in range(60):
        saved, outline = saved_run_of(one_weight.log), outline_of(one_weight.log)
        assert (outline.is_begun, outline.is_finished) == (saved.is_begun, saved.is_finished)
        assert (outline.was_finished, outline.position) == (saved.was_finished, saved.position)
        if one_weight.session.is_over:
            one_weight = Live(one_weight.session.lesson_run)
        state = one_weight.session
        one_weight.become(state.answer(right_answer(state)) if state.is_open else state.forward())


def test_every_answer_of_a_run_is_counted_once_with_its_skill(vector: Live) -> None:
    while not vector.session.is_over:
        state = vector.session
        vector.become(state.answer(right_answer(state)) if state.is_open else state.forward())
    answers = answers_of(vector.log)
    assert max(Counter(answered.question for answered in answers).values()) == 1
    assert [answered.question.partition("/")[2] for answered in answers] == [
        attempt.question for attempt in vector.session.attempts
    ]
    assert all(answered.skill for answered in answers)


QUESTIONS = ["walk:1.update.W1[0,0]", "walk:2.backward.dW1[0,0]", "walk~1:1.update.W1[0,0]", "begin", "gone", ""]
ODD = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 9), st.just(10**400), st.floats(allow_nan=False), st.text(max_size=4)
)
VALUES = st.one_of(ODD, st.sampled_from([*QUESTIONS, "walk", "layer", "matrix", "W1[0,0]", "wrong"]), st.lists(ODD))
CONTENTS = st.dictionaries(
    st.sampled_from(
        [
            *("question", "verdict", "value", "message", "mistakes", "rung", "skill", "text"),
            *("activity", "pass", "number", "grain", "form", "owed", "fresh", "cell"),
        ]
    ),
    VALUES,
)
ANSWERS = st.fixed_dictionaries(
    {
        "question": st.sampled_from(QUESTIONS),
        "verdict": st.sampled_from(["correct", "wrong", "diagnosed", "invalid", "near"]),
        "value": VALUES,
        "mistakes": VALUES,
        "rung": VALUES,
    }
)
POSITIONS = st.fixed_dictionaries(
    {
        "activity": st.sampled_from(["walk", "nudge", "on", "begin", "gone"]),
        "pass": VALUES,
        "number": st.sampled_from(["W1[0,0]", "a1[0,0]", "z9[0,0]", "loss", "", 4]),
        "owed": st.sampled_from(QUESTIONS),
        "fresh": st.sampled_from(QUESTIONS),
        "cell": VALUES,
        "grain": VALUES,
        "form": VALUES,
    }
)
KINDS = ["begun", "answer", "told", "hint", "apart", "shown", "noted", "at", "finished", "strange"]
RECORDS = st.one_of(
    st.builds(Written, st.sampled_from(KINDS), CONTENTS),
    st.builds(Written, st.just("answer"), ANSWERS),
    st.builds(Written, st.just("at"), POSITIONS),
)


@pytest.fixture(scope="module")
def lesson_run(tmp_path_factory: pytest.TempPathFactory) -> LessonRun:
    return LessonRun(make_lesson(tmp_path_factory.mktemp("garbage"), ONE_WEIGHT))


@settings(max_examples=80, deadline=None)
@given(records=st.lists(RECORDS, max_size=8))
def test_no_garbage_keeps_a_learner_from_a_lesson(lesson_run: LessonRun, records: Sequence[Written]) -> None:
    state = restored(begin(lesson_run), saved_run_of([Written("begun", {}), *records]))
    assert all(0 <= hint_level <= HINT_LEVELS for hint_level in state.current.answers.hint_levels.values())
    standing_after(answers_of(records))
    for moved in (state.current.forward(), state.current.back(), state.current.hint(), state.current.reveal()):
        on = state.with_current(moved)
        changes(state, on)
    for _ in range(200):
        if state.is_over:
            break
        here = state.current
        state = state.with_current(here.answer(right_answer(here)) if here.is_open else here.forward())
    assert state.is_over


def test_what_is_told_at_once_is_what_the_log_comes_to() -> None:
    live = Live(LessonRun(load(shipped_paths()[6])))
    either_or(live)
    live.become(live.session.answer("2"))
    standing = Standing()
    answered: Answered
    for answered in answers_of(live.log):
        standing = after(standing, answered)
    assert standing == standing_after(answers_of(live.log))
