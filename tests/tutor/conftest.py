"""Small lessons that several tests of the tutor begin with."""

from __future__ import annotations

from pathlib import Path

import pytest

from nn_tutor.calculus.equality import disproves
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.session import Session, begin
from tests.lessons_for_tests import ONE_WEIGHT, VECTOR, make_lesson
from tests.tutor.every_question import EVERY_QUESTION, PROSE


@pytest.fixture
def one_weight(tmp_path: Path) -> Session:
    return begin(LessonRun(make_lesson(tmp_path, ONE_WEIGHT)))


@pytest.fixture
def vector(tmp_path: Path) -> Session:
    return begin(LessonRun(make_lesson(tmp_path, VECTOR)))


@pytest.fixture
def every_question(tmp_path: Path) -> Session:
    return begin(LessonRun(make_lesson(tmp_path, EVERY_QUESTION, PROSE), disproves))
