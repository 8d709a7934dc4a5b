"""Lessons with other update rules and batches, walked to their end by somebody who knows it all."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from nn_tutor.calculus.derivation import SymPyDeriver
from nn_tutor.calculus.equality import disproves
from nn_tutor.course.find import shipped_paths
from nn_tutor.course.load import load
from nn_tutor.network.optimizer import Optimizer
from nn_tutor.network.quantities import Ref
from nn_tutor.network.records import value_of
from nn_tutor.network.training import Timeline
from nn_tutor.tutor.exercises import TEMPLATES, ExerciseTemplate, exercise
from nn_tutor.tutor.fresh import is_fair
from nn_tutor.tutor.hints import hint, why
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.session import Session, begin
from nn_tutor.walkthrough.skills import BASIC_SKILLS, SKILLS, Skill, skill_of
from tests.lessons_for_tests import right_answer

LESSON = """\
format_version = 1
id = "test-rules"
title = "Test of update rules"

[network]
learning_rate = 0.3
seed = 5
[network.update]
{update}
[[network.layers]]
weights = [[0.62, -0.41]]
biases = [0.2]
activation = "tanh"
[data]
inputs = [[0.85, 0.3], [1.7, -0.9], [-0.6, 0.35]]
targets = [[0.45], [0.9], [-0.2]]

[[activity]]
kind = "walk"
passes = 4
ask = ["all"]
"""

UPDATES = {
    "momentum": 'rule = "momentum"\nmomentum = 0.8',
    "nesterov, online": 'rule = "nesterov"\nbatching = "online"\nshuffle = true',
    "rmsprop, clipped": 'rule = "rmsprop"\ndecay = 0.9\nclip = "value"\nclip_at = 0.1',
    "adam, mini": 'rule = "adam"\nbeta1 = 0.8\nbeta2 = 0.9\nbatching = "mini"\nbatch_size = 2',
    "adamw, scheduled": 'rule = "adamw"\nweight_decay = 0.2\nschedule = "cosine"\nschedule_passes = 5',
    "plain, by norm, stepped": 'clip = "norm"\nclip_at = 0.2\nschedule = "step"\nschedule_every = 1',
}
DERIVER = SymPyDeriver()


@cache
def opened(name: str, folder: Path) -> Session:
    folder.mkdir(exist_ok=True)
    path = folder / "lesson.toml"
    path.write_text(LESSON.format(update=UPDATES[name]), encoding="utf-8")
    return begin(LessonRun(load(path), disproves))


@pytest.mark.parametrize("name", UPDATES)
def test_every_number_can_be_asked_and_answered(name: str, tmp_path: Path) -> None:
    session = opened(name, tmp_path / "lesson")
    judged = []
    for _ in range(2_000):
        if session.is_over:
            break
        if session.is_open:
            question = session.question
            assert question is not None
            session = session.answer(right_answer(session))
            judged.append(question.ref)
            assert session.answers.attempts[-1].judgement.verdict == "correct", question.id
        else:
            session = session.forward()
    assert session.is_over
    run = session.lesson_run
    assert len(judged) == sum(len(run.questions(0, number)) for number in range(1, 5))
    asked = {ref.quantity for ref in judged}
    states = run.network(0).optimizer.states
    assert set(states) <= asked
    assert {f"{state}_b" for state in states} <= asked


@pytest.mark.parametrize("name", UPDATES)
def test_the_hints_lead_to_the_number_and_do_not_tell_it(name: str, tmp_path: Path) -> None:
    run = opened(name, tmp_path / "lesson").lesson_run
    network = run.network(0)
    for number in (1, 2, 4):
        for question in run.questions(0, number):
            if question.ref.phase != "update":
                continue
            rows = run.rows(0, number)
            step = run.step(0, number, question.ref, DERIVER)
            for level in (1, 2, 3, 4, 5):
                text = hint(network, rows, step, level)
                assert text
                assert "{" not in text
            assert why(network, rows, question.ref).startswith("right: ")


def test_a_short_batch_has_the_numbers_of_its_rows_alone(tmp_path: Path) -> None:
    run = opened("adam, mini", tmp_path / "lesson").lesson_run
    assert [run.rows(0, number) for number in (1, 2, 3, 4)] == [2, 1, 2, 1]
    assert [run.passed(0, number).rows for number in (1, 2, 3)] == [(0, 1), (2,), (0, 1)]
    shown = [set(run.order(0, number)) for number in (1, 2)]
    assert Ref("a", 1, (1, 0)) in shown[0]
    assert Ref("a", 1, (1, 0)) not in shown[1]


OF_RULES = SKILLS[len(BASIC_SKILLS) :]


@pytest.mark.parametrize(
    ("skill", "template"), [(skill, template) for skill in OF_RULES for template in TEMPLATES[skill]]
)
def test_every_kind_of_exercise_has_fair_numbers(skill: Skill, template: ExerciseTemplate) -> None:
    entry, _, ref, number = exercise(skill, 3, (template,))
    assert is_fair(entry, "number", ref, number)
    assert entry.network.optimizer == template.optimizer
    assert skill_of(entry.network, 1, "number", ref) in OF_RULES


def test_a_kind_that_is_never_fair_still_gives_an_exercise_that_can_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nn_tutor.tutor.exercises.fresh_numbers", lambda *numbers: None)
    still = replace(TEMPLATES["update"][0], optimizer=Optimizer("momentum"), number=3)
    entry, kind, ref, number = exercise("update", 4, (still,))
    assert (kind, ref, number) == ("value", Ref("W", 1, (0, 0)), 3)
    assert 1e-3 < abs(value_of(Timeline(entry.network, entry.data).at(3), ref)) < 1e3


def test_no_slip_in_a_number_that_was_right_before_is_named_in_the_rule() -> None:
    lesson = load(next(path for path in shipped_paths() if path.name.startswith("20")))
    session = begin(LessonRun(lesson)).entered([one.id for one in lesson.activities].index("by-hand"))
    while session.question is None or "velocity" not in session.question.id:
        session = session.answer(right_answer(session)) if session.is_open else session.forward()
    passed, w = session.passed, float(session.passed.before.W[0][0, 0])
    slope = value_of(passed, Ref("dL_do", None, (0, 0))) * w  # the weight for the input
    judged = session.answer(f"{0.8 * 12.988 + slope:.4f}").attempts[-1].judgement
    assert judged.verdict == "wrong"
    assert judged.message == "that comes from ∂L/∂w = ∂L/∂o·w; you had that right before: go on from there"
