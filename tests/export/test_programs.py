"""The exported programs run, and each number that they print is the lesson's: for every lesson and random networks."""

from __future__ import annotations

import contextlib
import io
import itertools
import json
import re
from dataclasses import replace
from functools import cache

import nbformat
import pytest

from nn_tutor.export.notebook import as_notebook
from nn_tutor.export.numpy_sections import NumPyParts, head, numpy_sections
from nn_tutor.export.runs import Run
from nn_tutor.export.script import script
from nn_tutor.export.source import for_arrays, literal, without_indices
from nn_tutor.export.torch_program import torch_sections
from nn_tutor.network.conventions import Conventions
from nn_tutor.network.training import StoppedError, Timeline
from tests.export.lessons import LESSONS, document, lesson, runs
from tests.given_homework import LESSONS as HOMEWORK
from tests.networks import random_run

NAMES = [*LESSONS, *map(str, HOMEWORK)]


def printed_by(program: str) -> str:
    """Run a program and return what it prints."""
    with contextlib.redirect_stdout(io.StringIO()) as output:
        exec(compile(program, "program", "exec"), {})
    return output.getvalue()


@cache
def numpy_program(name: str) -> str:
    return script(lesson(name), numpy_sections(runs(name)), "NumPy")


@pytest.mark.parametrize("name", NAMES)
def test_the_numpy_program_of_every_lesson_prints_its_passes(name: str) -> None:
    printed = printed_by(numpy_program(name))
    assert re.findall(r"(?m)^pass (\d+)$", printed) == [str(one.number) for run in runs(name) for one in run.passes]
    for run in runs(name):
        for one in NumPyParts(run).shown:
            assert re.search(rf"(?m)^  {re.escape(one.name)} ", printed)


@pytest.mark.parametrize("name", LESSONS)
def test_a_program_is_laid_out_to_be_read(name: str) -> None:
    program = numpy_program(name)
    assert max(map(len, program.splitlines())) <= 120
    assert "\n\n\n\n" not in program
    assert program.endswith("\n")
    assert program.startswith('"""' + lesson(name).title.replace('"', "'"))


def test_a_wrong_number_in_a_program_is_found() -> None:
    program = numpy_program("hidden-layer")
    wrong = re.sub(r'"dW1": \[\[(-?[\d.]+)', lambda found: f'"dW1": [[{float(found[1]) * 1.0001}', program, count=1)
    assert wrong != program
    with pytest.raises(AssertionError, match="pass 1: dW1"):
        printed_by(wrong)
    with pytest.raises(AssertionError, match="pass 1"):
        printed_by(program.replace("delta1 = dL_da1 * da_dz1", "delta1 = dL_da1"))


@pytest.mark.parametrize("seed", range(60))
def test_programs_of_random_networks_run_in_every_convention(seed: int) -> None:
    """Any activation, loss, update rule, schedule, clipping and batches; what is held, decay and L2."""
    network, data = random_run(seed)
    orders = list(
        itertools.product(
            ("output-minus-target", "target-minus-output"), ("slope-times-rate", "change"), ("out-in", "in-out")
        )
    )
    for error, step, weights in (orders[0], orders[1 + seed % 7]):
        chosen = replace(network, conventions=Conventions(error, step, weights))  # type: ignore[arg-type]
        try:
            passes = tuple(Timeline(chosen, data).at(number) for number in (1, 2, 5))
        except StoppedError:
            return  # the numbers of this one leave the range before
        run = Run("", chosen, data, passes)
        part = NumPyParts(run)
        printed = printed_by("\n".join([head([part]), part.setup(), part.expected(), part.loop(1, part.last)]))
        assert printed.count("pass ") == 3
        compile("\n".join(section.code for section in torch_sections([run])), "torch", "exec")


def test_most_random_networks_run_at_all() -> None:
    stopped = 0
    for seed in range(60):
        try:
            Timeline(*random_run(seed)).at(5)
        except StoppedError:
            stopped += 1
    assert stopped < 20


@pytest.mark.parametrize("name", LESSONS)
def test_a_notebook_is_one_and_its_cells_run_in_their_order(name: str) -> None:
    made = lesson(name)
    text = as_notebook(document(name), runs(name))
    nbformat.validate(json.loads(text))
    cells = json.loads(text)["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    printed = printed_by("\n\n".join(code))
    words = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    for chapter in document(name).chapters:
        assert chapter.title in words
    walked = [one for one in made.activities if one.step_groups_in_passes]
    for activity in walked:
        assert f"pass {activity.span[0]}\n" in printed
    assert text == as_notebook(document(name), runs(name)), "made twice it is the same file"


@pytest.mark.parametrize("name", LESSONS)
def test_a_torch_program_is_python_and_checks_what_it_prints(name: str) -> None:
    program = script(lesson(name), torch_sections(runs(name)), "PyTorch")
    compile(program, "torch", "exec")
    assert program.count("L.backward()") == program.count("optimizer.step()") == program.count("expected = {")
    for names in re.findall(r"check\(\s*number, ([^)]*)\)", program):
        for called in re.findall(r"(\w+)=", names):
            assert f'"{called}": ' in program


def test_code_for_one_number_becomes_code_for_all() -> None:
    assert without_indices("dL_do[0, 1] = 2 * (o[0, 1] - y[0, 1]) / 3") == "dL_do = 2 * (o - y) / 3"
    assert for_arrays("s = float(z > 0)") == "s = np.where(z > 0, 1.0, 0.0)"
    assert for_arrays("a if z > 0 else b * max(z, 0)") == "np.where(z > 0, a, b * np.maximum(z, 0))"
    assert for_arrays("o = x * w") == "o = x * w", "what needs no change keeps its spelling"


def test_numbers_are_written_as_python_reads_them() -> None:
    assert literal(0.1 + 0.2) == "0.3"
    assert literal(-0.0) == "0.0"
    assert literal([[1.0, 2.5], [-3.0, 1e-12]]) == "[[1.0, 2.5], [-3.0, 1e-12]]"
    long = literal([[0.123456789012] * 4] * 5)
    assert long.count("\n") == 6
