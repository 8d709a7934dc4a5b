"""What CI does not run: `python -m tests.export.by_hand torch PYTHON`, or `notebook PYTHON`.

PYTHON is an interpreter that has PyTorch, or Jupyter's nbclient and ipykernel. Every lesson's program, and those of
random networks, run in it with all their asserts; it ends with 1 where one fails.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from nn_tutor.export.notebook import as_notebook
from nn_tutor.export.runs import Run
from nn_tutor.export.script import script
from nn_tutor.export.torch_program import torch_sections
from nn_tutor.network.training import StoppedError, Timeline
from tests.export.lessons import LESSONS, document, lesson, runs
from tests.networks import random_run

RANDOM = 150

RUN_TORCH = """
import contextlib, io, pathlib, sys, traceback
failed = 0
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.py")):
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(path.read_text(), path.name, "exec"), {})
    except Exception:
        failed += 1
        print("FAILED", path.name)
        traceback.print_exc()
print(len(list(pathlib.Path(sys.argv[1]).glob("*.py"))), "programs,", failed, "failed")
sys.exit(bool(failed))
"""

RUN_NOTEBOOKS = """
import pathlib, sys, nbformat
from nbclient import NotebookClient
paths = sorted(pathlib.Path(sys.argv[1]).glob("*.ipynb"))
for path in paths:
    NotebookClient(nbformat.read(path, as_version=4), timeout=120).execute()
print(len(paths), "notebooks, 0 failed")
"""


def main() -> int:
    """Write the files, run them, and return the status."""
    what, python = sys.argv[1:3]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (_write_torch if what == "torch" else _write_notebooks)(folder)
        program = RUN_TORCH if what == "torch" else RUN_NOTEBOOKS
        return subprocess.run([python, "-c", program, name], check=False).returncode


def _write_torch(folder: Path) -> None:
    for name in LESSONS:
        text = script(lesson(name), torch_sections(runs(name)), "PyTorch")
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    for seed in range(RANDOM):
        network, data = random_run(seed)
        try:
            passes = tuple(Timeline(network, data).at(number) for number in (1, 2, 5))
        except StoppedError:
            continue
        text = script(lesson(LESSONS[0]), torch_sections([Run("", network, data, passes)]), "PyTorch")
        (folder / f"random-{seed}.py").write_text(text, encoding="utf-8")


def _write_notebooks(folder: Path) -> None:
    for name in LESSONS:
        text = as_notebook(document(name), runs(name))
        (folder / f"{name}.ipynb").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
