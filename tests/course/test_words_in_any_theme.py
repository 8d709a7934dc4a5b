"""What a lesson says of its pictures is true in a dark theme, in a light one, and without colours."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nn_tutor.course.find import shipped_paths

OF_A_THEME = re.compile(
    r"\b(dark|bright|pale|light(er)? (part|area|ground|blue|green)|colou?rs?|blue|red|green|yellow|orange|brown|violet"
    r"|purple|gr[ea]y)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("path", shipped_paths(), ids=lambda path: path.name)
def test_no_lesson_leans_on_a_colour_or_on_how_bright_something_is(path: Path) -> None:
    folder = path if path.is_dir() else path.parent
    for name in ("lesson.md", "lesson.toml"):
        for number, line in enumerate((folder / name).read_text(encoding="utf-8").splitlines(), start=1):
            assert not OF_A_THEME.search(line), f"{folder.name}/{name}:{number}: {line}"
