"""The row that pulls a weight hardest: found, missed with a reason, hinted at, shown, remembered."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nn_tutor.calculus.derivation import SymPyDeriver
from nn_tutor.course.activities.pull import Pull
from nn_tutor.course.findings import LessonError
from nn_tutor.course.lesson import Lesson
from nn_tutor.network.spec import Data
from nn_tutor.tutor.changes import changes
from nn_tutor.tutor.fingerprints import fingerprint
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.linter import lint
from nn_tutor.tutor.restoring import restored
from nn_tutor.tutor.saved_run import saved_run_of
from nn_tutor.tutor.session import Session, begin
from nn_tutor.tutor.stations.pulling import Pulling
from tests.lessons_for_tests import make_lesson, of_one_weight
from tests.stations import at
from tests.tutor.records import Written

TOML = of_one_weight(
    'kind = "pull"\nid = "who"\nweight = "W1[0,0]"',
    weight=0.5,
    inputs=(0.2, 3.0, 1.1, -2.0),
    targets=(4.0, 1.6, 2.4, -0.9),
)
# o − y: −3.9, −0.1, −1.85, −0.1; times x: −0.78, −0.3, −2.035, 0.2


@pytest.fixture
def lesson(tmp_path: Path) -> Lesson:
    return make_lesson(tmp_path, TOML)


@pytest.fixture
def asked(lesson: Lesson) -> Session:
    return begin(LessonRun(lesson))


@pytest.mark.parametrize("text", ["3", "c", "C)", "sample 3", " Sample  3. "])
def test_the_hardest_is_found_by_number_letter_or_name(asked: Session, text: str) -> None:
    answered = asked.answer(text)
    assert not answered.is_open
    assert answered.attempts[-1].judgement.verdict == "correct"
    assert "moves the weight up" in answered.attempts[-1].judgement.message
    assert answered.forward().is_over


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1", "its error is the largest, but that is half of it: its ∂L/∂o is −1.95, its x 0.2; another product"),
        ("2", "its x is the largest, but that is half of it: its ∂L/∂o is −0.05, its x 3; another product"),
        ("4", "its ∂L/∂o is −0.05, its x −2; another product is larger"),
    ],
)
def test_another_is_told_what_it_pulls_with(asked: Session, text: str, reason: str) -> None:
    answered = asked.answer(text)
    assert answered.is_open
    judgement = answered.attempts[-1].judgement
    assert judgement.verdict == "wrong"
    assert judgement.message.startswith(reason)


@pytest.mark.parametrize("text", ["", "0", "5", "e", "sample", "the third"])
def test_what_names_no_sample_is_no_try(asked: Session, text: str) -> None:
    answered = asked.answer(text)
    assert answered.attempts[-1].judgement.verdict == "invalid"
    assert answered.answers.misses("who") == 0


def test_hints_give_the_rule_then_the_slopes_then_the_answer(asked: Session) -> None:
    first = asked.hint()
    assert first.notice.startswith("a sample's part of ∂L/∂w is its ∂L/∂o times what enters w, its x")
    assert not at(first, Pulling).shows_delta
    second = first.hint()
    assert at(second, Pulling).shows_delta
    assert second.is_open
    last = second.hint()
    assert not last.is_open
    assert last.revealed == {"who"}
    assert last.hint().notice == "this is answered: enter goes on"


def test_it_is_remembered(lesson: Lesson, asked: Session) -> None:
    moves = (asked.hint(), asked.hint().answer("1"), asked.hint().answer("1").answer("3"))
    entries = [Written("begun", {"activities": 1})]
    for before, after in zip((asked, *moves), moves, strict=False):
        entries += [Written(kind, content) for kind, content in changes(before, after)]
    again = restored(begin(LessonRun(lesson)), saved_run_of(entries))
    assert [attempt.text for attempt in again.attempts] == ["1", "3"]
    assert not again.is_open


def test_an_answer_counts_for_the_samples_that_it_was_given_for(lesson: Lesson) -> None:
    entry = lesson.networks[""]
    whole = fingerprint(LessonRun(lesson), "who")
    pull = lesson.activities[0]
    assert isinstance(pull, Pull)

    def with_inputs(inputs: tuple[tuple[float, ...], ...], rows: tuple[int, ...]) -> str:
        other = replace(entry, data=Data(inputs, entry.data.targets))
        changed = replace(lesson, networks={"": other}, activities=(replace(pull, rows=rows),))
        return fingerprint(LessonRun(changed), "who")

    assert with_inputs(entry.data.inputs, (0, 1, 2, 3)) == whole
    assert with_inputs(((9.0,), *entry.data.inputs[1:]), (0, 1, 2, 3)) != whole
    assert with_inputs(((9.0,), *entry.data.inputs[1:]), (1, 2)) == with_inputs(entry.data.inputs, (1, 2))


def test_samples_that_pull_alike_are_no_question(tmp_path: Path) -> None:
    alike = make_lesson(
        tmp_path, TOML.replace("[1.1], [-2.0]", "[0.2], [-2.0]").replace("[2.4], [-0.9]", "[4.0], [-0.9]")
    )
    assert [finding.rule for finding in lint(alike, SymPyDeriver())] == ["no-hardest"]


@pytest.mark.parametrize(
    ("keys", "mend"),
    [
        ('weight = "b1[0]"', "this network has no b"),
        ('weight = "W1"', "give its layer and index"),
        ("", 'give it a text: weight = "…"'),
        ('weight = "W1[0,0]"\nrows = [1]', "2 to 6 different rows, counted from 1"),
        ('weight = "W1[0,0]"\nrows = [1, 1]', "2 to 6 different rows"),
        ('weight = "W1[0,0]"\nrows = "all"', "2 to 6 different rows"),
        ('weight = "W1[0,0]"\nrows = [1, 5]', "a pass of this network has rows 1 to 4"),
        ('weight = "W1[0,0]"\npass = 0', "1 to"),
    ],
)
def test_wrong_keys_are_told_with_their_mend(tmp_path: Path, keys: str, mend: str) -> None:
    with pytest.raises(LessonError) as raised:
        make_lesson(tmp_path, TOML.replace('weight = "W1[0,0]"', keys))
    assert mend in str(raised.value)


def test_rows_are_counted_from_one_in_a_lesson(tmp_path: Path) -> None:
    session = begin(LessonRun(make_lesson(tmp_path, TOML + "rows = [4, 1]\n")))
    assert [row.name for row in at(session, Pulling).found.rows] == ["sample 4", "sample 1"]
    assert session.answer("2").attempts[-1].judgement.is_right


def test_a_batch_of_one_has_no_choice(tmp_path: Path) -> None:
    with pytest.raises(LessonError, match="a batch of at least 2 rows"):
        make_lesson(tmp_path, TOML.replace("[network]\n", '[network]\nupdate = { batching = "online" }\n'))
