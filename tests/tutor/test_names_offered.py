"""Every name that the line offers can be typed on a plain keyboard, and as the screen prints it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from nn_tutor.calculus.names import symbol
from nn_tutor.course.find import shipped_paths
from nn_tutor.course.load import load
from nn_tutor.judging.formula import formula_names
from nn_tutor.judging.names import on_keys
from nn_tutor.judging.reading import read
from nn_tutor.tutor.answering import judge_question
from nn_tutor.tutor.asking import list_questions
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.listing import Listed
from nn_tutor.tutor.session import begin
from nn_tutor.tutor.stations.base import Arrival
from nn_tutor.tutor.stations.kinds import enter
from nn_tutor.tutor.stations.on_pass import StationOnPass
from nn_tutor.walkthrough.order import refs_of_pass
from nn_tutor.walkthrough.questions import Question, asked_names, given, names_before, names_of, typed_name
from tests.lessons_for_tests import right_answer
from tests.shipped_runs import shipped_run
from tests.stations import asked_at

TYPED = ("number", "size", "place", "formula")


def questions(path: Path) -> Iterator[tuple[LessonRun, Listed, Question]]:
    lesson_run = shipped_run(path)
    for listed in list_questions(lesson_run):
        if listed.question is not None and listed.question.kind in TYPED:
            yield lesson_run, listed, listed.question


def offered(lesson_run: LessonRun, listed: Listed, question: Question) -> dict[str, float]:
    """What may be typed at a question once all that comes before it has been seen."""
    network, passed = lesson_run.network(listed.place), lesson_run.passed(listed.place, question.pass_number)
    if question.kind == "formula":
        return formula_names(network, passed, question.ref, shown=True)
    refs = refs_of_pass(network, passed.X.shape[0])
    return names_of(network, passed, refs[: refs.index(question.ref)]) | names_before(network, passed)


def printed(lesson_run: LessonRun, listed: Listed, question: Question) -> Mapping[str, str]:
    """How the screen prints each name, by the name as it is offered."""
    network, passed = lesson_run.network(listed.place), lesson_run.passed(listed.place, question.pass_number)
    rows = passed.X.shape[0]
    texts = [name for name, _ in given(network, passed)]
    texts += [symbol(network, rows, ref) for ref in refs_of_pass(network, rows)]
    return {name: text for text in texts if (name := typed_name(text))}


@pytest.mark.parametrize("path", shipped_paths(), ids=lambda path: path.name)
def test_each_offered_name_is_read_in_ascii_and_as_it_is_printed(path: Path) -> None:
    seen = set()
    for lesson_run, listed, question in questions(path):
        names = offered(lesson_run, listed, question)
        if (listed.place, tuple(names)) in seen:
            continue
        seen.add((listed.place, tuple(names)))
        on_screen = printed(lesson_run, listed, question)
        for name, value in names.items():
            assert on_keys(name).isascii(), name
            assert read(on_keys(name), names).value == value + 0.0, name
            assert read(f"2 {on_keys(name)}(1-1)", names).value == 0, name
            assert read(on_screen.get(name, name), names).value == value + 0.0, name


@pytest.mark.parametrize("path", shipped_paths(), ids=lambda path: path.name)
def test_the_right_answer_may_be_given_as_an_equation(path: Path) -> None:
    """`w211' = 0.2842`, `dL_do = …`: whatever is asked can be named, on a keyboard, before its value."""
    asked_for = set()
    for lesson_run, listed, question in questions(path):
        quantity = (listed.place, question.ref.quantity)
        if question.kind not in ("number", "size") or quantity in asked_for:
            continue
        asked_for.add(quantity)
        spellings = asked_names(lesson_run.network(listed.place), lesson_run.rows(listed.place), question.ref)
        assert spellings, listed.id
        for spelling in spellings:
            for text in (f"{on_keys(spelling)} = {question.truth!r}", f"{on_keys(spelling)}' = {question.truth!r}"):
                assert judge_question(lesson_run, listed.place, question, text, {}, {}).is_right, text


@pytest.mark.parametrize("slug", ["chain-rule", "hidden-layer", "softmax"])
def test_an_answer_without_a_screen_is_read_with_the_names_of_the_screen(slug: str) -> None:
    lesson_run = shipped_run(next(path for path in shipped_paths() if path.name.endswith(slug)))
    for place in range(len(lesson_run.lesson.activities)):
        session = begin(lesson_run).entered(place)
        while isinstance(session.station, StationOnPass) and session.place.activity == place:
            if session.question is None:
                session = session.forward()
                continue
            alone = enter(Arrival(lesson_run, place))
            assert isinstance(alone, StationOnPass)
            assert alone.at_question(session.question).asked.names == asked_at(session).names
            answered = session.answer(right_answer(session))
            session = answered.reveal() if answered.question is session.question else answered


def test_a_name_whose_number_is_still_to_be_found_is_told_to_be_so() -> None:
    lesson_run = LessonRun(load(next(path for path in shipped_paths() if path.name.endswith("two-weights-in-a-row"))))
    session = begin(lesson_run)
    places = [activity.id for activity in lesson_run.lesson.activities]
    session = session.entered(places.index("own-pass"))
    assert "z1 has not been worked out yet" in session.answer("sigmoid(z1)").attempts[-1].judgement.message
    assert "a1 is what is asked for" in session.answer("2*a1").attempts[-1].judgement.message
    assert "no name here" in session.answer("q").attempts[-1].judgement.message
