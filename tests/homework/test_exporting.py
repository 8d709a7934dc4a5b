"""A network of one's own as the files of a lesson: they are read again as they were, with everything around them."""

from __future__ import annotations

from pathlib import Path

import pytest

from nn_tutor.cli import main
from nn_tutor.course.load import load
from nn_tutor.homework.exporting import files_of, folder_name
from nn_tutor.homework.reading import homework_of
from nn_tutor.homework.said import Said, said_in
from tests.homework.test_form import OTHERWISE
from tests.homework.test_names import MAZUR

SAID: list[Said] = [
    *OTHERWISE,
    (
        *MAZUR,
        ("call", "w5 = v"),
        ("digits", "4"),
        ("error", "t-o"),
        ("step", "change"),
        ("ask", "links"),
        ("passes", "2"),
    ),
    (
        ("in", "1 2; 3 4; 5 6"),
        ("layer", "relu: 1 2 held | 1 fixed"),
        ("target", "1 2 3"),
        ("batch", "2"),
        ("update", "adam"),
    ),
    (("in", "1 2"), ("layer", "tanh: 1 2; 3 4"), ("target", "1 2"), ("name", 'a "quoted" {{x[0,0]}} name')),
]


@pytest.mark.parametrize("said", SAID, ids=range(len(SAID)))
def test_the_files_are_the_network(said: Said, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    homework = homework_of(said)
    for name, text in files_of(homework, "mine").items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    lesson = load(tmp_path)
    assert (lesson.id, lesson.title, lesson.purpose) == ("mine", homework.lesson.title, "homework")
    assert lesson.networks == homework.lesson.networks
    assert lesson.conventions == homework.lesson.conventions
    assert lesson.activities == homework.lesson.activities
    assert main(["check", str(tmp_path)]) == 0, capsys.readouterr()
    again = homework_of(said_in((tmp_path / "network.txt").read_text(encoding="utf-8")))
    assert again.lesson.networks == homework.lesson.networks
    assert again.lesson.title == homework.lesson.title


def test_a_folder_is_named_after_its_network() -> None:
    assert folder_name(homework_of(MAZUR)) == "2-2-2-sigmoid"
    assert folder_name(homework_of((*MAZUR, ("name", "Übung 3: √2")))) == "bung-3-2"
    assert folder_name(homework_of((*MAZUR, ("name", "…")))).startswith("own-")
