"""A lesson on paper: a text to read, a handout that tells no answer, a key whose answers are right."""

from __future__ import annotations

import re

import pytest
from markdown_it import MarkdownIt

from nn_tutor.calculus.disproving import disproves
from nn_tutor.calculus.numerals import numeral
from nn_tutor.cli import main
from nn_tutor.export.markdown import BLANK, as_handout, as_key, as_solution, as_text
from nn_tutor.network.records import value_of
from nn_tutor.tutor.asking import find_question, judge_listed, list_questions
from nn_tutor.tutor.lesson_run import LessonRun
from tests.export.lessons import LESSONS, document
from tests.given_homework import LESSONS as HOMEWORK

HOMEWORK_NAMES = [str(path) for path in HOMEWORK]


@pytest.mark.parametrize("name", [*LESSONS, *HOMEWORK_NAMES])
def test_the_judge_takes_every_answer_of_the_key(name: str) -> None:
    made = document(name)
    run = LessonRun(made.lesson, disproves=disproves)
    asked = [task for task in made.tasks if task.id]
    assert [task.id for task in asked] == [listed.id for listed in list_questions(run)]
    for task in asked:
        listed = find_question(run, task.id)
        assert listed is not None
        judgement = judge_listed(run, listed, task.answer.removeprefix("line "), {})
        assert judgement.verdict == "correct", (task.id, task.answer, judgement.message)


@pytest.mark.parametrize("name", LESSONS)
def test_the_key_gives_each_answer_with_its_reason_once(name: str) -> None:
    made, key = document(name), as_key(document(name))
    numbered = re.findall(r"(?m)^(\d+)\. ", key)
    assert [int(number) for number in numbered] == list(range(1, len(made.tasks) + 1))
    for task in made.tasks:
        assert f"**{task.answer}**" in key
        assert task.why in key


@pytest.mark.parametrize("name", [*LESSONS, *HOMEWORK_NAMES])
def test_a_handout_asks_everything_and_works_nothing_out_that_is_asked(name: str) -> None:
    made = document(name, is_covered=True)
    handout = as_handout(made)
    for task in made.tasks:
        assert f"**{task.number}.** " in handout
        assert all(option in handout for option in task.options)
    for chapter in made.chapters:
        asked = {(task.pass_number, task.ref) for task in chapter.tasks if task.kind in ("number", "size", "place")}
        for sheet in chapter.sheets:
            for line in sheet.lines if not sheet.is_numbered else ():
                if (sheet.passed.number, line.ref) in asked:
                    assert line.value is None
                    assert line.numbers is None
                if line.value is None:
                    assert line.numbers is None, "numbers put in would tell what it is"


def test_of_a_pass_of_ones_own_a_handout_tells_what_is_asked_and_no_rule_and_the_key_works_it_out() -> None:
    handed, key = (document("two-weights-in-a-row", is_covered=covered) for covered in (True, False))
    own, worked = (next(one for one in made.chapters if one.activity.id == "own-pass") for made in (handed, key))
    asked = {task.ref for task in own.tasks}
    assert [line.ref in asked for sheet in own.sheets for line in sheet.lines] == [True] * len(asked)
    assert {line.rule for sheet in own.sheets for line in sheet.lines} == {None}
    assert all(line.rule and line.value for sheet in worked.sheets for line in sheet.lines)
    assert len(worked.sheets[0].lines) > len(asked)


def test_no_number_of_a_handout_is_an_answer_of_its_own_pass() -> None:
    made = document("hidden-layer", is_covered=True)
    told = 0
    for chapter in made.chapters:
        for sheet in chapter.sheets:
            answers = {
                numeral(value_of(sheet.passed, task.ref))
                for task in chapter.tasks
                if task.ref is not None and task.pass_number == sheet.passed.number and task.kind == "number"
            }
            assert answers
            shown = [text for line in sheet.lines for text in (line.numbers, line.value) if text is not None]
            told += len(shown)
            assert not any(answer in re.findall(r"−?[\d.]+", text) for answer in answers for text in shown)
    assert told > 3, "the first pass is worked up to what is asked"


def test_the_words_of_a_handout_send_to_the_answer_instead_of_telling_it() -> None:
    handout, text = as_handout(document("chain-rule", is_covered=True)), as_text(document("chain-rule"))
    assert "The weight is now (answer 5)." in handout
    assert "2.198" not in handout
    assert "The weight is now 2.198." in text
    assert "w = answer 5" in handout, "the second pass begins with it too"


def test_a_program_in_a_handout_still_runs() -> None:
    program = re.findall(r"```python\n(.*?)```", as_handout(document("hidden-layer", is_covered=True)), re.DOTALL)[-1]
    compile(program, "handout", "exec")
    assert "(answer " in program
    assert all("#" in line.partition("(answer")[0] for line in program.splitlines() if "(answer" in line)


@pytest.mark.parametrize("name", LESSONS)
def test_a_text_holds_all_words_and_choices_and_no_answer_is_marked(name: str) -> None:
    made, text = document(name), as_text(document(name))
    assert "{{" not in text
    assert text.startswith(f"# {made.lesson.title}")
    for chapter in made.chapters:
        for passage in chapter.words:
            assert passage.text.strip() in text
        assert all(option in text for task in chapter.tasks for option in task.options)
    assert BLANK not in text


@pytest.mark.parametrize("name", LESSONS)
def test_what_is_printed_is_markdown(name: str) -> None:
    """Every table has as many cells in each row, and no heading is lost in one."""
    reader = MarkdownIt("commonmark").enable("table")
    for text in (as_text(document(name)), as_handout(document(name, is_covered=True)), as_solution(document(name))):
        tokens = reader.parse(text)
        rows = [line for line in text.splitlines() if line.startswith("| ") and not line.startswith("| ---")]
        heads = re.findall(r"(?m)^\| --- ", text)
        in_words = sum(token.type == "tr_open" for token in tokens)
        assert in_words >= len(rows) > 0 or not heads
        assert sum(token.type == "heading_open" for token in tokens) >= len(document(name).chapters)


def test_a_worked_solution_has_every_pass_line_by_line() -> None:
    solution = as_solution(document("vectors"))
    assert BLANK not in solution
    assert "| w₁₁′ | w₁₁ − η·∂L/∂w₁₁ | 1.88 − 0.4·2.7999 | ≈ 0.7601 |" in solution


def test_the_command_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    for flag, expected in ((None, "*How often"), ("--questions", BLANK), ("--answers", "**")):
        assert main(["show", "one-weight-by-hand", *([flag] if flag else [])]) == 0
        printed = capsys.readouterr().out
        assert printed.startswith("# One weight, by hand")
        assert expected in printed or flag is None
    assert main(["show", "one-weight-by-hand", "--questions", "--answers"]) == 2
    capsys.readouterr()
    assert main(["show", "no-such-lesson"]) == 3
    assert "there is no such lesson" in capsys.readouterr().err
