"""The glossary says what the words of the course mean, each with the lesson that brings it, and never a number."""

from __future__ import annotations

from pathlib import Path

import pytest

from nn_tutor.course.find import shipped_lessons
from nn_tutor.course.findings import LessonError
from nn_tutor.course.glossary import findings_of_glossary, glossary_file, read_glossary

LESSONS = {listing.id: listing for listing in shipped_lessons()}


def test_the_course_s_own_is_right() -> None:
    assert findings_of_glossary(LESSONS) == []
    words = {entry.word for entry in read_glossary(glossary_file(), LESSONS)}
    assert words >= {
        "gradient descent", "SGD", "epoch", "batch", "MSE", "one-hot", "logits", "Jacobian", "Hadamard product",
        "training and test set", "overfitting", "initialisation", "learning rate", "activation function",
    }  # fmt: skip


@pytest.mark.parametrize("entry", read_glossary(glossary_file(), LESSONS), ids=lambda entry: entry.word)
def test_the_lesson_that_brings_a_word_speaks_of_it(entry) -> None:  # type: ignore[no-untyped-def]
    folder = LESSONS[entry.lesson].path
    said = " ".join((folder / name).read_text(encoding="utf-8") for name in ("lesson.md", "lesson.toml")).casefold()
    assert any(name.casefold() in said for name in (entry.word, *entry.also)), entry.word


def test_what_is_wrong_is_told_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "glossary.toml"
    file.write_text(
        'format_version = 1\n[[word]]\nword = "bias"\nmeaning = "About 3."\nlesson = "bais"\n'
        '[[word]]\nword = "Bias"\nmeening = "x"\n',
        encoding="utf-8",
    )
    with pytest.raises(LessonError) as error:
        read_glossary(file, ["bias"])
    told = "\n".join(map(str, error.value.findings))
    for part in ("word[1].meaning: holds a number", "did you mean bias?", "word[2].meening: an unknown key",
                 "word[2].meaning: missing", "is explained twice"):  # fmt: skip
        assert part in told


def test_a_word_is_found_by_a_part_of_it_whatever_its_capitals() -> None:
    entries = read_glossary(glossary_file(), LESSONS)
    assert [entry.word for entry in entries if entry.matches("stochastic")] == ["SGD"]
    assert [entry.word for entry in entries if entry.matches("RELU")] == ["ReLU"]
