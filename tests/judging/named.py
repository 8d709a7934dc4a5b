"""Answers judged in a lesson, as homework and on a sheet: wherever a mistake is typed, it is named there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from nn_tutor.homework.sheet_judging import judge_sheet
from nn_tutor.homework.sheet_views import Cell
from nn_tutor.judging.judgement import Judgement
from nn_tutor.judging.mistakes.case import Case
from nn_tutor.judging.mistakes.known import rare_mistakes
from nn_tutor.judging.reading import read
from nn_tutor.network.quantities import parse_ref
from nn_tutor.network.records import value_of
from nn_tutor.network.spec import Data, Layer, Network
from nn_tutor.network.training import Timeline
from nn_tutor.tutor.answering import judge_question
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.walkthrough.questions import scale_of_question
from tests.judging.careful import homework_of, judged_by_hand

Questions = tuple[Network, Data]
EVERYWHERE = ("lesson", "homework", "sheet")


def judged(where: str, questions: Questions, name: str, value: float, number: int = 1) -> Judgement:
    """Judge a number as it is typed, alone, in a lesson, as homework or on a sheet."""
    (network, data), text = questions, f"{value:.6f}"
    if where == "sheet":
        return judge_sheet(network, data, [Cell(number, parse_ref(name), read(text))]).cells[0].judgement
    purpose = "lesson" if where == "lesson" else "homework"
    run = LessonRun(replace(homework_of(network, data), purpose=purpose))  # type: ignore[arg-type]
    return judge_question(run, 0, run.question(0, number, parse_ref(name)), text, {}, {})


def is_named(
    questions: Questions, name: str, value: float, mistake: str, theirs: str, number: int = 1, *, right: str = ""
) -> None:
    """The value is named so wherever it is typed, with its formula, and the words do not hold the truth."""
    network, data = questions
    truth = value_of(Timeline(network, data).at(number), parse_ref(name))
    for where in EVERYWHERE:
        judgement = judged(where, questions, name, value, number)
        assert judgement.verdict == "diagnosed", (where, value, truth, judgement)
        assert judgement.mistakes == (mistake,), (where, judgement)
        assert judgement.candidates[0].slip.theirs == theirs
        assert right in ("", judgement.candidates[0].slip.right)
        assert f"{abs(truth):.3f}" not in judgement.message
        assert judged(where, questions, name, truth, number).is_right


def comes_to(questions: Questions, name: str, mistake: str, number: int = 1) -> list[float]:
    """What a rare mistake comes to in a question."""
    (network, data), ref = questions, parse_ref(name)
    run = Timeline(network, data)
    passed, previous = run.at(number), run.at(number - 1) if number > 1 else None
    found = rare_mistakes(Case(network, passed, ref, previous), scale_of_question(passed, ref))
    return [one.value for one in found if one.mistake.id == mistake]


def layer(W: np.ndarray, b: np.ndarray | None = None, activation: str = "sigmoid") -> Layer:
    biases = None if b is None else tuple(b.tolist())
    return Layer(tuple(map(tuple, W.tolist())), biases=biases, activation=activation)  # type: ignore[arg-type]


def is_never_accused(questions: Questions, decimals: int) -> None:
    """Who does it right and rounds on the way has no answer called a mistake, in the first two passes."""
    for number in (1, 2):
        for ref, text, judgement in judged_by_hand(homework_of(*questions), decimals, remembered=False, number=number):
            assert judgement.verdict not in ("diagnosed", "wrong", "near"), (ref, text, judgement)
