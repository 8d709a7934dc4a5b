"""Cards: one for each mistake that this learner made, with fresh numbers that show it."""

from __future__ import annotations

import io
import re
import sqlite3
import zipfile
from pathlib import Path

import pytest

from nn_tutor.calculus.derivation import SymPyDeriver
from nn_tutor.cli import main
from nn_tutor.export.cards import as_deck
from nn_tutor.export.drills import drills_of
from nn_tutor.tutor.mastery import Answered
from tests.export.learner import learned
from tests.export.lessons import lesson


def answered(question: str, *mistakes: str, verdict: str = "diagnosed") -> Answered:
    return Answered(f"lesson/{question}", "", verdict, mistakes)


def notes_of(deck: bytes, folder: Path) -> list[tuple[str, str, str, str]]:
    """Return guid, front, back and tags of each note of a deck."""
    with zipfile.ZipFile(io.BytesIO(deck)) as package:
        package.extract("collection.anki2", folder)
    connection = sqlite3.connect(folder / "collection.anki2")
    found = connection.execute("select guid, flds, tags from notes order by id").fetchall()
    connection.close()
    return [(guid, *fields.split("\x1f"), tags.strip()) for guid, fields, tags in found]


def test_a_drill_has_fresh_numbers_that_show_the_mistake() -> None:
    made = list(
        drills_of(lesson("hidden-layer"), [answered("second-pass:2.backward.dW1[0,0]", "forgot-input")], SymPyDeriver())
    )
    assert [one.mistake.id for one in made] == ["forgot-input"]
    drill = made[0]
    assert drill.slip is not None
    assert drill.slip[0] != drill.slip[1]
    assert drill.answer.startswith("∂L/∂w₁₁₁ = ")
    assert drill.wrong != drill.answer.partition(" = ")[2]
    assert "x₁ = 0.88" not in drill.givens, "not the lesson's own numbers"
    assert "2 inputs, 2 hidden units (sigmoid), 3 outputs" in drill.about


def test_a_card_has_the_rule_of_the_place_where_the_mistake_was_made() -> None:
    (drill,) = drills_of(
        lesson("chain-rule"), [answered("by-heart:4.backward.dL_do[0,0]", "forgot-target")], SymPyDeriver()
    )
    assert drill.mistake.rule == "the error is o − y, not o"


def test_a_mistake_is_drilled_once_and_only_what_was_one() -> None:
    log = [
        answered("first-step:1.update.W1[0,0]", "added-step"),
        answered("by-heart:4.update.W1[0,0]", "added-step"),
        answered("by-heart:4.backward.dW1[0,0]", "forgot-two", "forgot-input"),
        answered("by-heart:4.backward.dW1[0,0]", verdict="correct"),
        answered("gone:1.update.W1[0,0]", "no-rate"),
        answered("by-heart:4.backward.dW1[0,0]", "no-such-mistake"),
        answered("gears", verdict="wrong"),
    ]
    made = list(drills_of(lesson("chain-rule"), log, SymPyDeriver()))
    assert [one.mistake.id for one in made] == ["added-step", "forgot-two"]


def test_a_mistake_with_fresh_numbers_or_in_an_exercise_is_drilled_too() -> None:
    log = [
        answered("by-heart~12345:1.backward.dW1[0,0]", "forgot-two"),
        answered("once-more.2:1.update.W1[0,0]", "added-step"),
    ]
    made = list(drills_of(lesson("chain-rule"), log, SymPyDeriver()))
    assert {one.mistake.id for one in made} == {"forgot-two", "added-step"}


def test_the_deck_is_brought_up_to_date_instead_of_doubled(tmp_path: Path) -> None:
    log = [
        answered("first-step:1.update.W1[0,0]", "added-step"),
        answered("by-heart:4.backward.dW1[0,0]", "forgot-two"),
    ]
    drills = list(drills_of(lesson("chain-rule"), log, SymPyDeriver()))
    first, again = (notes_of(as_deck(lesson("chain-rule"), drills), tmp_path) for _ in range(2))
    assert [note[0] for note in first] == [note[0] for note in again]
    assert [note[3] for note in first] == ["added-step", "forgot-two"]
    _, front, back, _ = first[0]
    assert "<svg" in front
    assert "Where does w go" in front
    assert re.search(r'class="answer">w′ = −?\d', back)
    assert "You once added the step: that would give " in back
    assert "✗ w′ = w + η·∂L/∂w" in back


def test_the_command_makes_cards_of_what_this_learner_did(
    progress_of_its_own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "cards.apkg"
    asked = ["export", "chain-rule", "--to", "anki", "--output", str(target)]
    assert main(asked) == 1
    assert (
        capsys.readouterr().err
        == "nn-tutor: you have made no known mistake in chain-rule yet, so there are no cards to make\n"
    )
    assert not target.exists()
    learned("chain-rule", {"first-step": ["3.302"]})
    assert main(asked) == 0
    assert [note[3] for note in notes_of(target.read_bytes(), tmp_path)] == ["added-step"]
