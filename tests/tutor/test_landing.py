"""What is said of where a learner's own new weight lands: a lucky step is not praised."""

from __future__ import annotations

import pytest

from nn_tutor.course.find import find
from nn_tutor.course.load import load
from nn_tutor.network.records import parameter_of
from nn_tutor.plain.pictures import landing
from nn_tutor.tutor.landing import LUCK, change_said
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.session import begin
from nn_tutor.tutor.visible import view_of
from nn_tutor.tutor.visible_in_pictures import own_weight
from tests.lessons_for_tests import DERIVER, right_answer


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (2.0, "the loss rises 1.3225 → 2"),
        (0.8, "the loss falls 1.3225 → 0.8"),
        (1.3225, "the loss stays at 1.3225"),
        (0.5, "the loss falls 1.3225 → 0.5"),  # rounded, and so a little lower than 0.5018
        (0.1037, f"the loss falls 1.3225 → 0.1037{LUCK}"),
    ],
)
def test_where_a_step_lands_is_told_and_luck_is_called_luck(after: float, said: str) -> None:
    assert change_said(1.3225, after, 0.5018, written="{before} → {after}") == said


def test_the_old_weight_as_it_is_printed_is_left_where_it_was() -> None:
    lesson_run = LessonRun(load(find("mini-batches")))
    session = begin(lesson_run).entered([one.id for one in lesson_run.lesson.activities].index("an-epoch"))
    while session.question is None or session.question.id != "an-epoch:2.update.W1[0,0]":
        session = session.answer(right_answer(session)) if session.is_open else session.forward()
    weight = session.question.ref
    old = parameter_of(session.passed.before, weight)
    assert old != 1.524  # it is rounded on the screen
    session = session.answer("1.524")
    assert own_weight(session, weight) == old
    view = view_of(session, DERIVER)
    assert view is not None
    assert landing(session, view) == "yours lands at 1.524: there the loss stays at 0.7375"
