"""A question taken apart: its links are asked one by one, and nothing tells them."""

from __future__ import annotations

from pathlib import Path

import pytest

from nn_tutor.course.activities.walk import Grain
from nn_tutor.course.find import find
from nn_tutor.course.load import load
from nn_tutor.network.quantities import Ref
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.session import GRAINS, Session, begin
from nn_tutor.walkthrough.links import leaning_on
from tests.lessons_for_tests import VECTOR, make_lesson, of_one_weight, right_answer
from tests.stations import asked_at
from tests.tutor.every_question import asks, assert_hidden, knows_all, to_question


def test_a_choice_cannot_be_taken_apart(one_weight: Session) -> None:
    assert "no question here to take apart" in one_weight.decompose().notice


def test_help_with_what_is_answered_says_so(every_question: Session) -> None:
    session = to_question(every_question, asks("dW1[0,0]"))
    answered = session.answer(right_answer(session))
    assert answered.question is None
    for asked in (answered.hint(), answered.reveal(), answered.decompose()):
        assert asked.notice == "this is answered: enter goes on"
        assert asked.answers is answered.answers


def test_help_with_a_choice_that_is_made_says_so() -> None:
    session = begin(LessonRun(load(find("overfitting"))))
    assert "pick one" in session.hint().notice
    chosen = session.answer("b")
    assert chosen.hint().notice == chosen.reveal().notice == "this is answered: enter goes on"
    assert chosen.forward().hint().notice == "there is no question here", "that is a page"


def test_taking_apart_asks_the_links_first_and_hides_them(every_question: Session) -> None:
    session = to_question(every_question, asks("dW1[0,0]"))
    assert session.question is not None
    asked = session.question
    assert not asked_at(session).can_decompose
    assert session.decompose().answers.decomposed == frozenset()
    assert "after the second hint" in session.decompose().notice
    session = session.hint().hint()
    assert asked_at(session).can_decompose
    session = session.decompose()
    links = [question.ref for question in session.questions if not session.answers.is_settled(question.id)]
    assert [str(ref) for ref in links] == ["dL_do[0,0]", "da_dz1[0,0]", "dz_dw1[0,0,0]", "dW1[0,0]"]
    while session.question is not None and session.question.id != asked.id:
        open_links = [question for question in session.questions if not session.answers.is_settled(question.id)]
        for link in open_links:
            assert link.ref not in session.known
        assert_hidden(session)
        done = session.question.ref
        session = session.answer(knows_all(session))
        assert done in session.known
    assert session.question is not None
    assert session.question.id == asked.id
    assert set(links[:-1]) <= session.known
    session = session.answer(knows_all(session))
    assert asked.id in session.solved


def test_two_misses_offer_the_links_as_well(one_weight: Session) -> None:
    session = to_question(one_weight, asks("W1[0,0]"))
    assert not asked_at(session.answer("9")).can_decompose
    session = session.answer("9").answer("w,5").answer("8")
    assert asked_at(session).misses == 2
    assert asked_at(session).can_decompose
    session = session.decompose()
    assert session.question is not None
    assert session.question.ref == Ref("dW", 1, (0, 0))


@pytest.mark.parametrize("grain", GRAINS)
def test_links_that_are_asked_are_told_by_nothing_and_what_they_need_is_there(tmp_path: Path, grain: Grain) -> None:
    """A row of ∂L/∂W shows δ among its numbers: it is hidden while δ is asked, and o, from which δ comes, is not."""
    toml = VECTOR[: VECTOR.index("[data]")] + 'activation = "sigmoid"\n' + VECTOR[VECTOR.index("[data]") :]
    toml = toml[: toml.index("[[activity]]")] + '[[activity]]\nkind = "walk"\nask = ["dW2[0,1]"]\n'
    session = begin(LessonRun(make_lesson(tmp_path, toml))).with_grain(grain)
    session = to_question(session, asks("dW2[0,1]")).hint().hint().decompose()
    while session.question is not None and session.question.ref.quantity != "dW":
        link = session.question.ref
        network = session.lesson_run.network(0)
        assert not leaning_on(network, 1, session.known, {link})
        assert {"o1", "L"} <= set(asked_at(session).names), (grain, link)
        session = session.answer(knows_all(session))
    assert session.question is not None
    assert Ref("dW", 2, (0, 0)) in session.known


def test_a_link_that_is_found_already_is_not_taken_apart_in_turn(tmp_path: Path) -> None:
    toml = VECTOR[: VECTOR.index("[[activity]]")] + '[[activity]]\nkind = "walk"\nask = ["delta1[0,0]", "dW1[0,1]"]\n'
    session = to_question(begin(LessonRun(make_lesson(tmp_path, toml))), asks("dW1[0,1]")).hint().hint()
    assert not asked_at(session).can_decompose


def test_a_question_without_links_stays_whole(every_question: Session) -> None:
    session = to_question(every_question, asks("z1[0,0]")).hint().hint()
    assert not asked_at(session).can_decompose
    assert "has no part to find first" in session.decompose().notice


SOFTMAX = """\
format_version = 1
id = "test-softmax"
title = "Test of a softmax"

[network]
[[network.layers]]
weights = [[0.62, -0.41], [1.13, 0.37], [-0.74, 0.55]]
activation = "softmax"
[data]
inputs = [[1.37, -0.6]]
targets = [[0.2, 0.5, 0.3]]

[[activity]]
kind = "walk"
ask = ["delta1[0,1]", "dW1[1,0]"]
"""


def test_links_that_are_no_stops_of_their_own_can_be_asked(tmp_path: Path) -> None:
    """∂a/∂z of a softmax is not stopped at; taken apart, δ asks for it, and what is found may be typed by name."""
    session = to_question(begin(LessonRun(make_lesson(tmp_path, SOFTMAX))), asks("delta1[0,1]"))
    session = session.hint().hint().decompose()
    links = [question.ref for question in session.questions]
    assert [ref.quantity for ref in links] == ["dL_do"] * 3 + ["da_dz"] * 3 + ["delta"]
    for ref in links:
        assert session.question is not None
        assert session.question.ref == ref
        assert ref not in session.known
        assert_hidden(session)
        session = session.answer(knows_all(session))
        assert ref in session.known
    assert session.question is None


def test_what_has_no_link_that_is_still_to_be_found_is_not_taken_apart(tmp_path: Path) -> None:
    for ask, can in (('["a", "loss"]', False), ('["loss"]', True)):
        lesson = make_lesson(tmp_path / ask[2], of_one_weight(f'kind = "walk"\nask = {ask}'))
        session = to_question(begin(LessonRun(lesson)), asks("loss"))
        assert asked_at(session.hint().hint()).can_decompose is can
        apart = session.hint().hint().decompose()
        assert ("find the error first" in apart.notice) is not can
