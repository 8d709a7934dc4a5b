"""Rounds that are left are offered again where they were; tests settle each question, and say what to look at."""

from __future__ import annotations

from pathlib import Path

import pytest

from nn_tutor.course.find import shipped_paths
from nn_tutor.course.load import load
from nn_tutor.plain.conversation import Conversation
from nn_tutor.plain.voices.base import Setting as VoiceSetting
from nn_tutor.progress.afterwards import reviews_ahead
from nn_tutor.progress.opening import Opened
from nn_tutor.progress.recall import Recalled
from nn_tutor.progress.recorder import ProgressRecorder
from nn_tutor.progress.rounds import open_round
from nn_tutor.terminal.drawing.ink import plain
from nn_tutor.terminal.parts import Looks, Setting, draw_parts, plan_for
from nn_tutor.tutor import testing
from nn_tutor.tutor.exercises import TEMPLATES, taught_in
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.practice import DUE, LEFT, MIX
from nn_tutor.tutor.session import Session
from nn_tutor.tutor.stations.asked import NO_HELP
from nn_tutor.tutor.testing import QUIZ, TEST_OUT, quiz, result_in_words, result_of_session
from tests.lessons_for_tests import DERIVER, right_answer
from tests.plain.talking import Talk

MET = Recalled(met=frozenset({"chain-rule"}))


@pytest.fixture
def recorder(tmp_path: Path) -> ProgressRecorder:
    return ProgressRecorder(tmp_path)


class Learner:
    """Does something in a session that was opened, and has it remembered."""

    def __init__(self, opened: Opened | None) -> None:
        assert opened is not None
        self.session, self._recording = opened.session, opened.recording

    def become(self, session: Session) -> None:
        self.session = self._recording.moved(self.session, self.session.with_current(session))

    def answer(self, text: str = "") -> None:
        self.become(self.session.current.answer(text or right_answer(self.session.current)))

    def on(self) -> None:
        self.become(self.session.current.forward())


def left(recorder: ProgressRecorder) -> Opened | None:
    recalled = recorder.recall()
    return None if recalled.left_round is None else open_round(LEFT, 99, recorder, recalled)


def test_a_round_that_was_left_is_found_again_at_its_question(recorder: ProgressRecorder) -> None:
    learner = Learner(open_round(MIX, 7, recorder, MET))
    assert recorder.recall().left_round is None, "nothing was answered yet"
    learner.answer("99")
    first = recorder.recall().left_round
    assert first is not None
    assert first.number == 1
    for _ in range(2):
        learner.answer()
        learner.on()
    learner.answer("99")
    recalled = recorder.recall()
    assert recalled.left_round is not None
    assert (recalled.left_round.number, recalled.left_round.of) == (3, 7)
    again = left(recorder)
    assert again is not None
    assert again.session.question is not None
    assert learner.session.question is not None
    assert again.session.question.id == learner.session.question.id
    assert again.session.question.truth == learner.session.question.truth
    assert len(again.session.attempts) == 4


def test_what_was_added_to_it_for_a_miss_is_there_again(recorder: ProgressRecorder) -> None:
    learner = Learner(open_round("update", 7, recorder, MET))
    for _ in range(5):
        learner.answer("99")
        learner.become(learner.session.current.reveal().postpone_retry())
        learner.on()
    learner.answer("99")
    learner.become(learner.session.current.reveal())
    count = len(learner.session.lesson_run.lesson.activities)
    assert count > 6
    again = left(recorder)
    assert again is not None
    lesson = again.session.lesson_run.lesson
    assert lesson.networks == learner.session.lesson_run.lesson.networks
    # and it grows on from there as it would have
    learner, resumed = learner, Learner(again)
    for one in (learner, resumed):
        while one.session.place.activity < count - 1:
            one.become(one.session.postpone_retry())
            one.answer() if one.session.is_open else one.on()
        one.answer("99")
        one.become(one.session.current.reveal())
    assert resumed.session.lesson_run.lesson.networks == learner.session.lesson_run.lesson.networks


def test_a_finished_round_and_one_of_an_older_log_are_not_offered(recorder: ProgressRecorder) -> None:
    recorder.remember("practice:mix:3", [("begun", {"activities": 6}), ("answer", {"question": "1:1.update.W1[0,0]"})])
    assert recorder.recall().left_round is None
    opened = open_round(LEFT, 4, recorder, MET)
    assert opened is not None
    assert opened.session.lesson_run.lesson.id == "practice:mix:4"


def test_a_review_that_was_left_goes_on_too(recorder: ProgressRecorder) -> None:
    learner = Learner(open_round(DUE, 5, recorder, Recalled(due=("update",))))
    learner.answer("99")
    again = left(recorder)
    assert again is not None
    assert again.session.lesson_run.lesson.id == "practice:due:5"


def test_another_round_after_a_review_is_a_mixed_one_where_nothing_is_due_any_more(recorder: ProgressRecorder) -> None:
    opened = open_round(DUE, 5, recorder, MET)
    assert opened is not None
    assert opened.session.lesson_run.lesson.id == "practice:mix:5"


def test_the_end_of_a_round_is_told_line_by_line_with_what_to_look_at_and_what_is_due(
    recorder: ProgressRecorder,
) -> None:
    opened = open_round(DUE, 5, recorder, Recalled(due=("update",)))
    assert opened is not None
    setting = VoiceSetting(DERIVER, look_ahead=lambda: reviews_ahead(recorder.recall()))
    conversation = Conversation(opened.session, setting, opened.recording)
    told: list[str] = []
    for _ in range(100):
        if conversation.whole.is_over:
            break
        for text in ("77777", "show", "show") if conversation.session.is_open else ("later", ""):
            told = list(conversation.hear(text))
    assert "Look at these again: the step of a weight, missed" in " ".join(told)
    assert "Nothing is due now. Due tomorrow: the step of a weight." in told
    assert "No mistakes." not in told


def test_a_test_gives_no_help_and_one_answer_settles_a_question(recorder: ProgressRecorder) -> None:
    learner = Learner(open_round(f"{TEST_OUT}chain-rule", 1, recorder, Recalled()))
    asked = learner.session
    for state in (asked.hint(), asked.reveal(), asked.decompose()):
        assert state.notice == NO_HELP
        assert state.is_open
    assert asked.answer("1,5").is_open, "what cannot be read is no answer"
    missed = asked.answer("99")
    assert not missed.is_open
    assert not missed.retry_due
    assert not asked.answer("pass").is_open
    assert result_of_session(missed).right == 0


def test_a_miss_is_not_told_as_if_there_were_another_try(recorder: ProgressRecorder) -> None:
    asked = Learner(open_round(f"{TEST_OUT}chain-rule", 1, recorder, Recalled())).session
    missed = asked.answer("99")
    drawn, _ = draw_parts(missed, plan_for(missed, 80, 24), Looks(), Setting())
    assert "✗ not right" in plain(drawn["verdict"])
    talk = Talk(asked)
    talk.type("99")
    assert any(said.startswith("Not right. ") for said in talk.said)


def test_who_passes_has_the_lesson_behind_them(recorder: ProgressRecorder) -> None:
    learner = Learner(open_round(f"{TEST_OUT}chain-rule", 1, recorder, Recalled()))
    learner.answer("pass")
    while not learner.session.is_over:
        learner.on() if not learner.session.is_open else learner.answer()
    result = result_of_session(learner.session)
    assert (result.right, result.of, result.is_passed) == (4, 5, True)
    recalled = recorder.recall()
    assert recalled.tested_out == {"chain-rule"}
    assert recalled.latest == "", "a test is no lesson that one goes on with"
    assert set(recalled.standing.dots.values()) == {0, 1}, "now it counts"
    assert open_round(MIX, 1, recorder, recalled) is not None, "what was tested can be practised"


def test_who_does_not_is_told_what_to_look_at(recorder: ProgressRecorder) -> None:
    learner = Learner(open_round(f"{TEST_OUT}chain-rule", 1, recorder, Recalled()))
    while not learner.session.is_over:
        learner.on() if not learner.session.is_open else learner.answer("pass")
    recalled = recorder.recall()
    assert recalled.tested_out == frozenset()
    assert recalled.standing.dots == {}, "what was not learned yet is no weakness"
    test = learner.session.lesson_run.test
    assert test is not None
    said = result_in_words(test, result_of_session(learner.session))
    assert said[0] == "0 of 5 right."
    assert len(said) > 3
    assert all(": part " in line for line in said[2:])


def test_what_a_test_asked_is_due_only_where_it_was_met_elsewhere(tmp_path: Path) -> None:
    clock = [1_000_000.0]
    recorder = ProgressRecorder(tmp_path, lambda: clock[0])
    learner = Learner(open_round(QUIZ, 1, recorder, Recalled()))
    learner.answer("pass")
    left = recorder.recall().left_round
    assert left is not None
    assert left.name == "quiz"
    while not learner.session.is_over:
        learner.on() if not learner.session.is_open else learner.answer("pass")
    clock[0] += 30 * 86_400
    assert recorder.recall().due == ()
    Learner(open_round("update", 7, recorder, Recalled())).answer("99")
    clock[0] += 30 * 86_400
    assert recorder.recall().due == ("update",)


def test_the_quiz_asks_what_the_course_works_with() -> None:
    taught = taught_in(map(load, shipped_paths()))
    for walk in quiz(3).activities:
        skill = LessonRun(quiz(3)).questions(int(walk.id) - 1, walk.span[0])[0].skill
        assert TEMPLATES[skill][0] in taught[skill], skill


def test_a_test_asks_the_same_skill_in_another_way() -> None:
    for lesson in map(load, [path for path in shipped_paths() if path.name[:2] in ("02", "20", "22")]):
        met, test = taught_in([lesson]), testing.test_of(lesson, 5)
        assert test is not None
        asked: dict[str, list[tuple[object, ...]]] = {}
        for walk in test.activities:
            network = test.networks[walk.network].network
            layers = tuple((layer.units, layer.activation, layer.biases is None) for layer in network.layers)
            kind = (layers, network.loss, network.optimizer, walk.span[0], walk.asks_of(walk.span[0])[0].kind)
            asked.setdefault(LessonRun(test).questions(int(walk.id) - 1, walk.span[0])[0].skill, []).append(kind)
        for skill in testing.tested_skills(lesson):
            assert len(set(asked.get(skill, []))) == min(len(asked.get(skill, [])), len(met[skill])), (lesson.id, skill)


def test_a_lesson_that_teaches_nothing_to_ask_has_no_test(recorder: ProgressRecorder) -> None:
    assert open_round(f"{TEST_OUT}learning-from-data", 1, recorder, Recalled()) is None


def test_the_quiz_asks_the_same_kinds_again_and_tells_the_gain(recorder: ProgressRecorder) -> None:
    kinds: list[list[str]] = []
    for seed, right in ((1, 2), (2, 7)):
        learner = Learner(open_round(QUIZ, seed, recorder, recorder.recall()))
        skills: list[str] = []
        while not learner.session.is_over:
            if learner.session.question is not None:
                skills.append(learner.session.question.skill)
                learner.answer("" if len(skills) <= right else "pass")
            else:
                learner.on()
        kinds.append(skills)
    assert kinds[0] == kinds[1]
    assert len(kinds[0]) == 8
    assert recorder.recall().quizzes == (2, 7)
    test = learner.session.lesson_run.test
    assert test is not None
    assert result_in_words(test, result_of_session(learner.session))[-1] == "The first time it was 2 of 8: +5."
