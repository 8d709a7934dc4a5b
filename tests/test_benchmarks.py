"""The benchmarks of the terminal: each waits for a text that a screen really shows, in a home without a past."""

from __future__ import annotations

from pathlib import Path

import pytest

from nn_tutor.calculus.derivation import SymPyDeriver
from nn_tutor.terminal.drawing.ink import plain
from nn_tutor.terminal.parts import Looks, Setting, draw_parts, plan_for
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.session import begin
from tests.benchmarks import terminal
from tests.lessons_for_tests import make_lesson

SCENARIOS = {
    name: scenario
    for name, scenario in vars(terminal).items()
    if isinstance(scenario, terminal.Scenario) and "LESSON" in scenario.arguments
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_each_scenario_waits_for_what_its_lesson_shows(name: str, tmp_path: Path) -> None:
    scenario = SCENARIOS[name]
    session = begin(LessonRun(make_lesson(tmp_path, scenario.text)))
    looks = Looks("answering" if session.is_open else "looking", opens=True)
    plan = plan_for(session, *scenario.size, looks, SymPyDeriver())
    parts, _ = draw_parts(session, plan, looks, Setting(deriver=SymPyDeriver()))
    shown = "\n".join(plain(part) for part in parts.values())
    assert scenario.painted in shown
    assert scenario.loaded in shown


def test_no_start_knows_of_an_earlier_one(tmp_path: Path) -> None:
    first, second = terminal.new_home(tmp_path), terminal.new_home(tmp_path)
    assert first.keys() == second.keys() >= {"HOME", "NN_TUTOR_HOME"}
    assert not set(first.values()) & set(second.values())
