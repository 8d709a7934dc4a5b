"""Practice inside a lesson: its exercises are fair, always the same ones, and asked like all other questions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nn_tutor.course.activities.walk import Walk
from nn_tutor.course.find import find, shipped_paths
from nn_tutor.course.lesson import Lesson
from nn_tutor.course.load import load
from nn_tutor.network.conventions import Conventions
from nn_tutor.tutor import exercises
from nn_tutor.tutor.asking import list_questions
from nn_tutor.tutor.exercises import ExerciseTemplate, as_walk, taught_in, templates_taught_by, with_exercises
from nn_tutor.tutor.fresh import is_fair
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.session import begin
from nn_tutor.walkthrough.skills import Skill
from tests.lessons_for_tests import EVERY_KIND, EVERY_KIND_PROSE, make_lesson, right_answer


@pytest.fixture
def lesson(tmp_path: Path) -> Lesson:
    return make_lesson(tmp_path, EVERY_KIND, EVERY_KIND_PROSE)


def test_practice_becomes_its_exercises(lesson: Lesson) -> None:
    whole = with_exercises(lesson)
    ids = [activity.id for activity in whole.activities]
    assert ids[3:7] == ["nudge", "fresh.1", "fresh.2", "flat"]
    assert len(ids) == len(lesson.activities) + 1
    assert with_exercises(whole) is whole
    for name in ("fresh.1", "fresh.2"):
        walk = whole.activities[ids.index(name)]
        assert isinstance(walk, Walk)
        ask = walk.asks[0][0]
        assert ask.ref is not None
        assert is_fair(whole.networks[name], "sign" if ask.kind == "sign" else "number", ask.ref)


def test_a_skill_is_asked_in_every_way_before_one_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[Skill, list[ExerciseTemplate]] = {}

    def watched(name: str, skill: Skill, seed: int, templates: tuple[ExerciseTemplate, ...]) -> object:
        asked.setdefault(skill, []).extend(templates)
        return as_walk(name, skill, seed, templates)

    monkeypatch.setattr(exercises, "as_walk", watched)
    lesson = load(find("mini-batches"))
    exercises.with_exercises(lesson)
    assert asked
    for skill, templates in asked.items():
        assert len(set(templates)) == min(len(templates), len(templates_taught_by(skill, lesson)))


def test_exercises_are_written_as_the_lesson(lesson: Lesson) -> None:
    declared = replace(lesson, conventions=Conventions(error="target-minus-output"))
    whole = with_exercises(declared)
    assert whole.networks["fresh.1"].network.conventions == declared.conventions
    assert with_exercises(lesson).networks["fresh.1"].network.conventions == Conventions()


def test_the_numbers_are_the_same_every_time_and_others_with_another_seed(lesson: Lesson, tmp_path: Path) -> None:
    again = with_exercises(lesson).networks["fresh.1"]
    assert again == with_exercises(lesson).networks["fresh.1"]
    toml = EVERY_KIND.replace("questions = 2", "questions = 2\nseed = 5")
    other = make_lesson(tmp_path / "other", toml, EVERY_KIND_PROSE)
    assert with_exercises(other).networks["fresh.1"] != again


def test_an_exercise_gets_its_numbers_when_one_comes_to_it(lesson: Lesson) -> None:
    run, whole = LessonRun(lesson.in_exercises), with_exercises(lesson)
    state, drawn = begin(run), set(lesson.networks)
    assert set(run.lesson.networks) == drawn
    for place, activity in enumerate(whole.activities):
        state = state.entered(place)
        assert state.activity == activity
        assert run.lesson.networks.get(activity.network) == whole.networks.get(activity.network)
        drawn |= {activity.network} & whole.networks.keys()
        assert set(run.lesson.networks) == drawn
    assert run.lesson.prose.sections == whole.prose.sections


@pytest.mark.parametrize("path", shipped_paths(), ids=lambda path: path.name)
def test_the_exercises_of_a_lesson_do_not_depend_on_the_way_to_them(path: Path) -> None:
    lesson = load(path)
    backwards = LessonRun(lesson.in_exercises)
    for place in reversed(range(len(backwards.lesson.activities))):
        backwards.activity(place)
    whole = with_exercises(lesson)
    assert backwards.lesson.activities == whole.activities
    assert backwards.lesson.networks == whole.networks


def test_exercises_are_asked_one_after_the_other(lesson: Lesson) -> None:
    session = begin(LessonRun(with_exercises(lesson))).entered(4)
    for _ in range(2):
        assert session.question is not None
        assert "Once more." in session.station.words
        session = session.answer(right_answer(session))
        assert not session.is_open
        session = session.forward()
    assert session.activity.id == "flat"


def test_they_are_listed_with_all_other_questions(lesson: Lesson) -> None:
    listed = list(list_questions(LessonRun(with_exercises(lesson))))
    assert [one.activity for one in listed] == ["fresh.1", "fresh.2", "flat", "pull"]
    assert {one.skill for one in listed[:2]} == {"update", "chain"}


def test_a_shipped_lesson_practises_nothing_that_it_has_not_shown() -> None:
    for path in shipped_paths():
        lesson = load(path)
        shown = {layer.activation for entry in lesson.networks.values() for layer in entry.network.layers}
        deepest = max((len(entry.network.layers) for entry in lesson.networks.values()), default=0)
        for name, entry in with_exercises(lesson).networks.items():
            if name not in lesson.networks:
                layers = entry.network.layers
                assert {layer.activation for layer in layers} <= shown | {"identity"}, (path.name, name)
                assert len(layers) <= deepest, (path.name, name)


def test_an_exercise_shows_the_pass_only_as_far_as_it_asks(lesson: Lesson) -> None:
    phases = set()
    for place in (4, 5):
        session = begin(LessonRun(with_exercises(lesson))).entered(place)
        assert session.question is not None
        assert isinstance(session.activity, Walk)
        assert session.activity.until == session.question.ref.phase
        phases.add(session.activity.until)
    assert phases == {"backward", "update"}


def test_a_lesson_about_biases_is_practised_with_them() -> None:
    practised = 0
    for path in shipped_paths():
        lesson = load(path)
        worked_with = {activity.network for activity in lesson.activities if activity.works_numbers_out}
        layers = [layer for name in worked_with for layer in lesson.networks[name].network.layers]
        if not layers or any(layer.biases is None for layer in layers):
            continue
        for name, entry in with_exercises(lesson).networks.items():
            if name not in lesson.networks:
                practised += 1
                assert all(layer.biases is not None for layer in entry.network.layers), (path.name, name)
        kinds = [kind for skill, kinds in taught_in([lesson]).items() if skill in lesson.skills for kind in kinds]
        assert all(kind.biases for kind in kinds), path.name  # a test on it asks no less
    assert practised
