"""What is opened, as far as the log says what a learner has met."""

from __future__ import annotations

from pathlib import Path

import pytest

from nn_tutor.progress.recall import Recalled
from nn_tutor.progress.recorder import ProgressRecorder
from nn_tutor.progress.rounds import open_round
from nn_tutor.tutor.practice import DUE, MIX


@pytest.fixture
def recorder(tmp_path: Path) -> ProgressRecorder:
    return ProgressRecorder(tmp_path)


def test_who_has_met_nothing_gets_no_mixed_round(recorder: ProgressRecorder) -> None:
    assert open_round(MIX, 1, recorder, Recalled()) is None
    assert open_round(MIX, 1, recorder, Recalled(met=frozenset({"practice:update:1", "own-1"}))) is None
    opened = open_round(MIX, 1, recorder, Recalled(met=frozenset({"chain-rule"})))
    assert opened is not None
    assert set(opened.session.lesson_run.lesson.skills) <= {"loss", "∂L/∂o", "∂z/∂w", "chain", "sign", "update"}


def test_what_is_asked_for_by_name_or_is_due_is_practised_all_the_same(recorder: ProgressRecorder) -> None:
    named = open_round("hidden-delta", 1, recorder, Recalled())
    assert named is not None
    assert set(named.session.lesson_run.lesson.skills) == {"hidden-delta"}
    due = open_round(DUE, 1, recorder, Recalled(due=("hidden-delta",)))
    assert due is not None
    assert set(due.session.lesson_run.lesson.skills) == {"hidden-delta"}
