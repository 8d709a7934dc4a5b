"""Who types the rule that the screen prints is right: it is read, and it is right with any numbers, not by luck."""

from __future__ import annotations

from pathlib import Path

import pytest

from nn_tutor.calculus.derivation import SymPyDeriver
from nn_tutor.course.find import shipped_paths
from nn_tutor.judging.reading import read
from nn_tutor.tutor.answering import judge_question
from nn_tutor.tutor.asking import list_questions
from nn_tutor.walkthrough.order import refs_of_pass
from nn_tutor.walkthrough.questions import names_before, names_of, short_names
from tests.shipped_runs import shipped_run

DERIVER = SymPyDeriver()


@pytest.mark.parametrize("path", shipped_paths(), ids=lambda path: path.name)
def test_a_rule_typed_as_it_is_printed_is_right(path: Path) -> None:
    lesson_run = shipped_run(path)
    typed = 0
    for listed in list_questions(lesson_run):
        question = listed.question
        if question is None or question.kind != "number":
            continue
        network, passed = lesson_run.network(listed.place), lesson_run.passed(listed.place, question.pass_number)
        refs = refs_of_pass(network, passed.X.shape[0])
        names = names_of(network, passed, refs[: refs.index(question.ref)]) | names_before(network, passed)
        names |= short_names(network, names)
        rule = DERIVER.derive(network, passed, question.ref).full_rule
        if " if " in rule:  # the slope of a ReLU is told in words
            continue
        reading = read(rule, names)
        typed += 1
        assert reading.value == pytest.approx(question.truth, rel=1e-9, abs=1e-12), (question.id, rule)
        judgement = judge_question(lesson_run, listed.place, question, rule, names, {})
        assert judgement.verdict == "correct", (question.id, rule, judgement.message)
    assert typed > 0 or path.name.startswith("01-")
