"""A mistake is named in words that the learner has met: none that a later lesson brings."""

from __future__ import annotations

import re

import pytest

from nn_tutor.course.find import shipped_paths
from nn_tutor.course.glossary import glossary_file, read_glossary
from nn_tutor.course.load import load
from nn_tutor.tutor.asking import list_questions
from nn_tutor.tutor.lesson_run import LessonRun

LESSONS = [load(path) for path in shipped_paths()]
IDS = [lesson.id for lesson in LESSONS]


def later_words(place: int) -> re.Pattern[str]:
    """The words that lessons after one of them bring, but for those that everybody knows."""
    words = [
        name
        for entry in read_glossary(glossary_file(), IDS)
        if IDS.index(entry.lesson) > place
        for name in (entry.word, *entry.also)
        if name not in EVERYDAY
    ]
    return re.compile("|".join(rf"\b{re.escape(word)}" for word in words), re.IGNORECASE)


EVERYDAY = {"weighted sum", "sum", "step", "unit", "mean", "output", "input", "η", "learning rate", "gradient"}
"""Words of every day, and those that the chain rule explains before a lesson of their own goes into them."""


@pytest.mark.parametrize("place", [1, 2, 3], ids=lambda place: IDS[place])
def test_no_mistake_is_named_by_a_word_of_a_later_lesson(place: int) -> None:
    lesson_run, later = LessonRun(LESSONS[place]), later_words(place)
    told = {
        text
        for listed in list_questions(lesson_run)
        if (question := listed.question) is not None and question.kind == "number"
        for one in lesson_run.known(listed.place, question.pass_number, question.ref, question.kind)
        for text in (one.mistake.name, one.mistake.rule)
    }
    assert told
    assert {text: found[0] for text in told if (found := later.search(text))} == {}
