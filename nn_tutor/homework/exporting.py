"""A network of one's own as the files of a lesson, for a teacher or another machine."""

from __future__ import annotations

import re

from nn_tutor.course.writing import as_toml
from nn_tutor.homework.reading import WALK, Homework
from nn_tutor.homework.said import as_file


def folder_name(homework: Homework) -> str:
    """Return a name for its folder, made of its title."""
    return re.sub(r"[^a-z0-9]+", "-", homework.lesson.title.lower()).strip("-") or homework.lesson.id


def files_of(homework: Homework, lesson_id: str) -> dict[str, str]:
    """Return the files of its lesson by their names: what is done, the words, and what was said, to be read again."""
    content = {**homework.content, "id": lesson_id}
    title = homework.lesson.title.replace("{", "(").replace("}", ")")
    words = f"# {title}\n\n{homework.words}\n## One pass, by hand {{#{WALK}}}\n\nThe numbers are those of the sheet.\n"
    return {"lesson.toml": as_toml(content), "lesson.md": words, "network.txt": as_file(homework.said)}
