"""An answer counts for the numbers that it was given for: after the lesson was edited it is asked anew."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from nn_tutor.course.find import shipped_paths
from nn_tutor.course.lesson import Lesson
from nn_tutor.course.load import load
from nn_tutor.dataclass import dataclass
from nn_tutor.network.identity import as_text
from nn_tutor.network.spec import Data, Layer, Network
from nn_tutor.tutor.fingerprints import fingerprint
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.restoring import restored
from nn_tutor.tutor.saved_run import saved_run_of
from nn_tutor.tutor.session import Session, begin
from nn_tutor.tutor.stations.base import Arrival
from nn_tutor.tutor.stations.kinds import enter
from tests.lessons_for_tests import ONE_WEIGHT, make_lesson, right_answer
from tests.tutor.records import Written
from tests.tutor.test_saved_run import Live

FIRST = "walk:1.update.W1[0,0]"


def lesson_of(folder: Path, *edits: tuple[str, str]) -> Lesson:
    text = ONE_WEIGHT
    for before, after in edits:
        assert before in text
        text = text.replace(before, after, 1)
    folder.mkdir(exist_ok=True)
    return make_lesson(folder, text)


def answered(folder: Path) -> Live:
    """A learner who has answered the choice and the first new weight rightly, and is in the second pass."""
    live = Live(LessonRun(lesson_of(folder)))
    live.walk_to("walk:2.backward.dW1[0,0].sign")
    assert FIRST in live.session.solved
    return live


def later(live: Live, lesson: Lesson, log: list[Written] | None = None) -> Session:
    return restored(begin(LessonRun(lesson)), saved_run_of(live.log if log is None else log))


def test_every_kind_of_question_has_a_fingerprint() -> None:
    """The first question of each kind of activity in the course; a guess before a run is never judged."""
    asked: dict[str, str] = {}
    for run in (LessonRun(load(path)) for path in shipped_paths()):
        for place, activity in enumerate(run.lesson.activities):
            listed = None if activity.kind in asked else next(enter(Arrival(run, place)).listed(), None)
            if listed is not None:
                asked[activity.kind] = fingerprint(run, listed.id)
    assert {"choose", "walk", "hunt", "pull"} <= set(asked)
    assert [kind for kind, found in asked.items() if not found] == []


def test_the_same_lesson_is_restored_as_it_was(tmp_path: Path) -> None:
    live = answered(tmp_path)
    again = later(live, lesson_of(tmp_path))
    assert again.solved == live.session.solved
    assert again.place == live.session.place


def test_words_may_change_without_a_question_being_asked_anew(tmp_path: Path) -> None:
    live = answered(tmp_path)
    again = later(live, lesson_of(tmp_path, ('title = "Test of one weight"', 'title = "Another title"')))
    assert again.solved == live.session.solved


@pytest.mark.parametrize(
    "edit",
    [
        ("weights = [[2.75]]", "weights = [[3.1]]"),
        ("inputs = [[0.8]]", "inputs = [[0.85]]"),
        ("targets = [[1.05]]", "targets = [[1.06]]"),
        ("learning_rate = 0.3", "learning_rate = 0.31"),
        ("[[network.layers]]", "[network.loss]\nfactor = 0.5\n[[network.layers]]"),
        ("weights = [[2.75]]", 'weights = [[2.75]]\nactivation = "tanh"'),
    ],
)
def test_after_another_number_was_written_the_old_answer_is_no_right_one(tmp_path: Path, edit: tuple[str, str]) -> None:
    live = answered(tmp_path)
    again = later(live, lesson_of(tmp_path / "edited", edit))
    assert not any(name.startswith("walk:") for name in again.solved)
    assert any(name.startswith("begin") for name in again.solved)  # the choice has no number in it
    assert again.activity.id == "walk"
    assert again.place.pass_number == 1
    while again.question is None:
        again = again.forward()
    assert (again.question.id, again.is_open, again.answers.misses(FIRST)) == (FIRST, True, 0)
    right = again.answer(right_answer(again))
    assert FIRST in right.solved


def test_another_choice_is_asked_anew(tmp_path: Path) -> None:
    live = answered(tmp_path)
    again = later(live, lesson_of(tmp_path / "edited", ('text = "that one"', 'text = "those"')))
    assert not any(name.startswith("begin") for name in again.solved)
    assert FIRST in again.solved


def test_the_new_answer_counts_beside_the_old_one(tmp_path: Path) -> None:
    live = answered(tmp_path)
    edited = lesson_of(tmp_path / "edited", ("weights = [[2.75]]", "weights = [[3.1]]"))
    second = Live(LessonRun(edited))
    second.session, second.log = later(live, edited), list(live.log)
    second.walk_to("walk:2.backward.dW1[0,0].sign")
    again = later(second, edited)
    assert FIRST in again.solved
    assert [attempt.question for attempt in again.attempts].count(FIRST) == 1
    assert FIRST not in later(second, lesson_of(tmp_path)).solved


def test_a_shown_answer_and_its_hints_belong_to_the_old_numbers(tmp_path: Path) -> None:
    live = Live(LessonRun(lesson_of(tmp_path)))
    live.walk_to(FIRST)
    live.become(live.session.hint())
    live.become(live.session.reveal())
    again = later(live, lesson_of(tmp_path / "edited", ("weights = [[2.75]]", "weights = [[3.1]]")))
    assert FIRST not in again.revealed
    assert not again.answers.hint_levels.get(FIRST)
    kept = later(live, lesson_of(tmp_path))
    assert FIRST in kept.revealed


def test_a_log_without_fingerprints_is_restored_as_before(tmp_path: Path) -> None:
    live = answered(tmp_path)
    old = [Written(one.kind, {name: value for name, value in one.content.items() if name != "of"}) for one in live.log]
    assert any("of" in one.content for one in live.log)
    again = later(live, lesson_of(tmp_path), old)
    assert again.solved == live.session.solved
    assert again.place == live.session.place
    edited = later(live, lesson_of(tmp_path / "edited", ("weights = [[2.75]]", "weights = [[3.1]]")), old)
    assert edited.solved == live.session.solved  # nothing is known of the numbers that were answered


def test_a_fingerprint_tells_questions_and_numbers_apart(tmp_path: Path) -> None:
    lesson_run = LessonRun(lesson_of(tmp_path))
    names = [FIRST, "walk:2.update.W1[0,0]", "walk:1.backward.dW1[0,0]", "begin:choice"]
    marks = [fingerprint(lesson_run, name) for name in names]
    assert len(set(marks)) == len(marks)
    assert all(len(mark) == 8 for mark in marks)
    assert fingerprint(lesson_run, "on") == fingerprint(lesson_run, "no-such:1.update.W1[0,0]") == ""


def test_a_key_to_come_does_not_make_old_answers_stale() -> None:
    @dataclass(frozen=True)
    class Later(Layer):
        temperature: float = 0.01

    own, other = Layer(weights=((1.0, 2.0),)), Later(weights=((1.0, 2.0),))
    assert as_text(other) == as_text(own)
    assert as_text(dataclasses.replace(other, temperature=0.02)) != as_text(own)
    frozen = Network((Layer(weights=((1.0, 2.0),), frozen=frozenset({(0, 1), (0, 0)})),))
    assert as_text(frozen) == '{"layers": [{"frozen": [[0, 0], [0, 1]], "weights": [[1.0, 2.0]]}]}'
    assert as_text(Data(((1.0,),), ((2.0,),))) == '{"inputs": [[1.0]], "targets": [[2.0]]}'
