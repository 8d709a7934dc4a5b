"""What is too large is refused at once, by counting; nothing of it is computed."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from nn_tutor.course import budget
from nn_tutor.course.findings import LessonError
from nn_tutor.course.load import load
from nn_tutor.network import training
from tests.lessons_for_tests import ONE_WEIGHT

HEAD = 'format_version = 1\nid = "large"\ntitle = "Large"\nsummary = "A large lesson."\n'


def lesson_of(folder: Path, toml: str, prose: str = "") -> Path:
    (folder / "lesson.toml").write_text(HEAD + toml, encoding="utf-8")
    if prose:
        (folder / "lesson.md").write_text(prose, encoding="utf-8")
    return folder


def network(layers: int, units: int, inputs: int, rows: int) -> str:
    sizes = [inputs] + [units] * layers
    text = "[network]\n"
    for before, after in itertools.pairwise(sizes):
        text += f'[[network.layers]]\nsize = [{before}, {after}]\nactivation = "tanh"\n'
    row, target = ", ".join(["1"] * inputs), ", ".join(["0"] * units)
    return (
        text + f"[data]\ninputs = [{', '.join([f'[{row}]'] * rows)}]\ntargets = [{', '.join([f'[{target}]'] * rows)}]\n"
    )


def activity(kind: str, more: str = "") -> str:
    return f'[[activity]]\nkind = "{kind}"\n{more}\n'


TRAIN = activity("train", "to_loss = 0.001")


@pytest.mark.parametrize(
    ("toml", "prose", "told"),
    [
        (network(8, 64, 64, 1_500) + activity("walk", 'ask = ["all"]'), "", "too large to be computed"),
        (network(8, 64, 64, 20) + activity("walk"), "", "too large to be walked number by number"),
        (network(1, 1, 1, 10_000) + activity("walk"), "", "too large to be walked number by number"),
        (network(3, 12, 12, 3) + activity("walk", 'ask = ["all"]'), "", "questions in one pass"),
        (network(4, 64, 64, 10) + TRAIN, "## Now {#train}\n\n{{5000.loss.loss}}\n", "pass 5000 is too far"),
        (network(4, 64, 64, 10) + activity("train", "to_loss = 0.1\nfirst_pass = 50_000"), "", "pass 50000 is too far"),
        (network(1, 1, 1, 1) + TRAIN, "## Now {#train}\n\n" + "word " * 10_000, "characters on one page"),
        (network(1, 1, 1, 5_000) + TRAIN, "## Now {#train}\n\n```python\nx = {{x}}\n```\n", "numbers to be filled in"),
    ],
)
def test_a_lesson_that_is_too_large_is_refused_and_nothing_is_computed(
    toml: str, prose: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def computed(*_: object) -> None:
        pytest.fail("a pass was computed")

    monkeypatch.setattr(training, "run_pass", computed)
    with pytest.raises(LessonError, match=told):
        load(lesson_of(tmp_path, toml, prose))


def test_the_bounds_are_what_is_refused_and_not_less(tmp_path: Path) -> None:
    # 1 weight, n rows: n + 4 and 6 n + 2 numbers.
    rows = (budget.MAX_NUMBERS - 6) // 7
    assert load(lesson_of(tmp_path, network(1, 1, 1, rows) + activity("walk")))
    with pytest.raises(LessonError):
        load(lesson_of(tmp_path, network(1, 1, 1, rows + 1) + activity("walk")))
    assert load(lesson_of(tmp_path, network(1, 1, 1, 10_000) + TRAIN))
    page = "## Now {#train}\n\n"
    assert load(lesson_of(tmp_path, network(1, 1, 1, 1) + TRAIN, page + "a" * (budget.MAX_PAGE - 10)))


def test_a_run_that_is_too_large_is_not_stepped_into(tmp_path: Path) -> None:
    from nn_tutor.tutor.lesson_run import LessonRun
    from nn_tutor.tutor.session import begin

    for rows, is_walkable in ((2_000, False), (3, True)):
        session = begin(LessonRun(load(lesson_of(tmp_path, network(1, 1, 1, rows) + TRAIN))))
        inside = session.step_in()
        assert (inside.nested is not None) is is_walkable
        assert is_walkable or "small network" in inside.notice


def test_a_lesson_of_one_weight_is_as_small_as_ever(tmp_path: Path) -> None:
    (tmp_path / "lesson.toml").write_text(ONE_WEIGHT, encoding="utf-8")
    assert load(tmp_path)
