"""The lessons that come with the program: their numbers, what they ask, and their programs."""

import math
import re
from itertools import pairwise
from typing import get_args

import pytest

from nn_tutor.course.activities.choose import Choose
from nn_tutor.course.activities.hunt import Hunt, Trouble
from nn_tutor.course.activities.kinds import KINDS
from nn_tutor.course.activities.train import Train
from nn_tutor.course.activities.tune import Outcome, Tune
from nn_tutor.course.activities.walk import Walk
from nn_tutor.course.find import find, shipped_lessons
from nn_tutor.course.findings import LessonError
from nn_tutor.course.picture import PictureKind
from nn_tutor.course.requirements import unmet
from nn_tutor.judging.tolerances import decimals_needed
from nn_tutor.network.records import value_of
from nn_tutor.tutor.hunting import asked_of
from nn_tutor.tutor.running import LossHistory
from nn_tutor.walkthrough.skills import SKILLS
from nn_tutor.walkthrough.soundness import unsound
from tests.course.shipped import (
    SHIPPED,
    asked,
    lessons,
    pages,
    questions,
    timeline,
    traced,
)

# The numbers of the course


def test_a_lesson_is_found_by_its_id_and_by_its_number() -> None:
    for number, listing in enumerate(shipped_lessons(), start=1):
        assert find(str(number)) == find(listing.id) == listing.path
    for name in ("0", str(len(shipped_lessons()) + 1), "99999999999999"):
        with pytest.raises(LessonError, match="there is no such lesson"):
            find(name)


def test_the_course_is_whole() -> None:
    assert tuple(lessons()) == SHIPPED
    assert SHIPPED
    assert not unmet(list(lessons().values()), frozenset())
    assert not [finding for lesson in lessons().values() for finding in unsound(lesson)]


def test_each_lesson_needs_the_one_before_it() -> None:
    for before, lesson in pairwise(lessons().values()):
        assert lesson.requires == (before.id,)


def test_every_kind_of_activity_and_of_picture_is_used() -> None:
    activities = [activity for lesson in lessons().values() for activity in lesson.activities]
    assert {activity.kind for activity in activities} == set(KINDS)
    drawn = {activity.picture.kind for activity in activities if activity.picture is not None}
    assert drawn == set(get_args(PictureKind))
    tuned = {activity.goal for activity in activities if isinstance(activity, Tune)}
    assert tuned == {None, *get_args(Outcome)}
    assert {activity.trouble for activity in activities if isinstance(activity, Hunt)} == {None, *get_args(Trouble)}


def test_every_skill_is_practised_somewhere() -> None:
    assert {skill for lesson in lessons().values() for skill in lesson.skills} == set(SKILLS)


def test_the_single_weight_walks_down_the_parabola() -> None:
    weights = [traced("chain-rule", "", number, "W1[0,0]") for number in (1, 2, 3)]
    assert weights == pytest.approx([2.1980, 1.8580, 1.6485], abs=5e-5)
    losses = [traced("chain-rule", "", number, "loss") for number in range(1, 10)]
    assert [loss < 0.001 for loss in losses] == [False] * 8 + [True]


def test_the_question_what_revives_a_dead_relu_stands_beside_one() -> None:
    lesson = lessons()["softer-bends"]
    asked_first = lesson.activities[0]
    assert asked_first.id == "what-it-needs"
    assert lesson.networks[asked_first.network].network.layers[0].activation == "relu"
    assert traced("softer-bends", asked_first.network, 1, "da_dz1[0,0]") == 0


def test_questions_fade_in() -> None:
    assert asked("chain-rule", "first-step") == ["W1[0,0]"]
    assert asked("chain-rule", "second-step") == ["sign dW1[0,0]", "dW1[0,0]", "W1[0,0]"]
    every = ["a1[0,0]", "loss", "dL_do[0,0]", "dz_dw1[0,0,0]", "dW1[0,0]", "W1[0,0]"]
    assert asked("chain-rule", "every-link") == every
    assert asked("chain-rule", "by-heart") == ["dW1[0,0]", "W1[0,0]"]
    assert asked("hidden-layer", "cell-by-cell") == ["W1[0,0]", "W1[0,1]", "W1[1,0]", "W1[1,1]"]


def test_training_goes_on_where_the_walk_ended_and_reaches_its_goal() -> None:
    for lesson in lessons().values():
        for index, activity in enumerate(lesson.activities):
            if not isinstance(activity, Train):
                continue
            walked = [
                one.last_pass
                for one in lesson.activities[:index]
                if isinstance(one, Walk) and one.network == activity.network
            ]
            assert activity.first_pass == max(walked, default=0) + 1
            first = traced(lesson.id, activity.network, activity.first_pass, "loss")
            assert first > activity.to_loss
            run = LossHistory(timeline(lesson.id, activity.network))
            last = run.advance(activity.first_pass, activity.last_pass, activity.to_loss, lambda made: True)
            arrived = (run.loss(last) or 1) < activity.to_loss
            is_line = (lesson.id, activity.id) in (("xor", "a-line"), ("xor", "stay-alike"))
            assert arrived != is_line, "only a line never learns XOR, however many units draw it"


@pytest.mark.parametrize("lesson_id", SHIPPED)
def test_what_is_asked_can_be_told_apart(lesson_id: str) -> None:
    for _, activity, question, passed in questions(lessons()[lesson_id]):
        if question.kind == "sign":
            continue
        assert abs(question.truth) > 0.001, question.id
        assert decimals_needed(question.truth, question.scale) <= 6, question.id
        if question.ref.quantity == "W":
            layer, place = (question.ref.layer or 1) - 1, question.ref.index or ()
            old = float(passed.before.W[layer][place])
            assert abs(question.truth - old) > 0.01 * abs(old), question.id
        if passed.number > activity.first_pass:
            before = value_of(timeline(lesson_id, activity.network).at(passed.number - 1), question.ref)
            assert not math.isclose(before, question.truth, rel_tol=0.02), question.id


def test_every_program_is_asked_to_be_completed_once() -> None:
    for lesson in lessons().values():
        missing = next(one for one in lesson.activities if one.id == "missing-line")
        assert isinstance(missing, Choose)
        text = pages(lesson, lesson.prose.sections[missing.id])
        assert "..." in text.partition("```python")[2], lesson.id


@pytest.mark.parametrize("trouble", get_args(Trouble))
def test_what_a_hunt_asks_fits_on_one_line(trouble: Trouble) -> None:
    asked_for = asked_of(Hunt("one", trouble=trouble))
    assert len(asked_for) <= 76
    assert ("slope" in asked_for) == (trouble != "exploding"), "else a number further up is a fair answer"


def test_the_words_of_the_field_are_used() -> None:
    """What a textbook calls these things is said once in bold, where it belongs."""
    text = "\n".join(pages(lesson, part) for lesson in lessons().values() for part in lesson.prose.sections.values())
    bold = {word.strip().lower() for word in re.findall(r"\*\*([^*]+)\*\*", text)}
    wanted = {"gradient descent", "sgd", "epoch", "one-hot", "logits", "jacobian", "hadamard product", "training set"}
    wanted |= {"test set", "overfitting", "initialisation", "learning curve", "early stopping", "softmax", "batch"}
    assert wanted <= bold, wanted - bold
    assert "mean squared error* (MSE)" in text


# The programs


@pytest.mark.parametrize("lesson_id", SHIPPED)
def test_the_program_at_the_end_prints_what_it_says(lesson_id: str, capsys: pytest.CaptureFixture[str]) -> None:
    lesson = lessons()[lesson_id]
    sections = lesson.prose.sections
    text = pages(lesson, sections.get("program", sections["remember"]))
    programs = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert len(programs) == 1
    lines = [line for line in programs[0].splitlines() if line.strip()]
    assert lines[0] == "import numpy as np"
    assert len(lines) <= (14 if "program" in sections else 8)
    assert max(len(line.partition("#")[0].rstrip()) for line in lines) <= 76
    exec(compile(programs[0], lesson_id, "exec"), {"__name__": "program"})
    printed = [numbers_in(line) for line in capsys.readouterr().out.splitlines()]
    promised = [numbers_in(line.partition("#")[2]) for line in lines if line.startswith("print(")]
    assert promised
    for wanted in promised:
        assert wanted
        assert any(
            len(found) == len(wanted) and found == pytest.approx(wanted, rel=2e-4, abs=1e-6) for found in printed
        ), (wanted, printed)


def numbers_in(text: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d+\.?\d*(?:e-?\d+)?", text)]
