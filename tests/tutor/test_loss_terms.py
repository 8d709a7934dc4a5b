"""A loss that is taken apart asks for its terms, one for each output of each sample, and takes them by name then."""

from __future__ import annotations

import pytest

from nn_tutor.course.ask import parse_ask
from nn_tutor.course.find import find
from nn_tutor.course.load import load
from nn_tutor.network.quantities import QUANTITIES, Ref
from nn_tutor.network.records import value_of
from nn_tutor.network.training import StoppedError, Timeline
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.session import Session, begin
from nn_tutor.tutor.typed import Earlier, typed_before
from nn_tutor.walkthrough.links import links_of
from tests.lessons_for_tests import right_answer
from tests.networks import random_network


def at_loss_of_batch() -> Session:
    lesson = load(find("many-samples"))
    session = begin(LessonRun(lesson)).entered([one.id for one in lesson.activities].index("first-pass"))
    while session.question is None or session.question.ref.quantity != "loss":
        session = session.answer(right_answer(session)) if session.is_open else session.forward()
    return session


def test_its_squares_are_asked_and_then_typed_by_name() -> None:
    session = at_loss_of_batch().hint().hint().decompose()
    for sample in (1, 2, 3):
        assert session.question is not None
        assert (
            session.question.prompt
            == f"What is the square of o⁽{'¹²³'[sample - 1]}⁾ − y⁽{'¹²³'[sample - 1]}⁾: what is L⁽{'¹²³'[sample - 1]}⁾?"
        )
        session = session.answer(f"(o_{sample} - y_{sample})^2")
        assert session.attempts[-1].judgement.verdict == "correct"
    assert session.question is not None
    assert session.question.ref == Ref("loss")
    session = session.answer("(L_1 + L_2 + L_3)/3")
    assert session.attempts[-1].judgement.verdict == "correct"
    assert {Ref("loss_term", None, (row, 0)) for row in range(3)} <= session.known


def test_an_error_that_is_not_squared_is_told_so() -> None:
    session = at_loss_of_batch().hint().hint().decompose().answer("2*(o_1 - y_1)")
    assert session.attempts[-1].judgement.mistakes == ("doubled-for-squared",)


def test_a_term_that_fits_no_mistake_of_its_own_is_judged_by_what_came_before_it() -> None:
    fresh = at_loss_of_batch().reveal().forward().current  # where no output was asked, any of them may be wrong
    apart = fresh.hint().hint().decompose()
    assert apart.question is not None
    assert apart.question.ref.quantity == "loss_term"
    assert apart.answer("0.0000").attempts[-1].judgement.verdict == "wrong"


def test_what_was_typed_comes_back_each_text_once_and_the_latest_last() -> None:
    session = at_loss_of_batch().answer("(o_1-y_1)^2").answer("7").answer("(o_1-y_1)^2")
    assert typed_before(session)[-2:] == ("7", "(o_1-y_1)^2")
    assert typed_before(session).count("(o_1-y_1)^2") == 1


@pytest.mark.parametrize("seed", range(12))
def test_the_terms_of_any_loss_come_to_the_loss(seed: int) -> None:
    network, data = random_network(seed)
    try:
        passed = Timeline(network, data).at(1)
    except StoppedError:
        return
    rows = passed.X.shape[0]
    scale = network.loss.scale(outputs=network.outputs, rows=rows)
    total = scale * float(passed.loss.terms.sum()) + passed.loss.penalty
    assert total == pytest.approx(passed.loss.loss, rel=1e-12)
    links = links_of(network, rows, Ref("loss"))
    if rows * network.outputs > 1 and network.loss.kind != "categorical_cross_entropy":
        assert [value_of(passed, link) for link in links] == passed.loss.terms.ravel().tolist()


def test_a_term_is_no_question_of_its_own() -> None:
    assert "loss_term" not in QUANTITIES
    with pytest.raises(ValueError, match="ask for loss"):
        parse_ask("loss_term[0,0]")


def test_the_line_leads_through_what_was_typed_and_back_to_what_was_begun() -> None:
    earlier, typed = Earlier(), ("2*(o-y)", "w-lr*dL_dw")
    text, seen = "0.4", []
    for by in (-1, -1, -1, 1, 1, 1):
        text = earlier.at(by, text, typed)
        seen.append(text)
    assert seen == ["w-lr*dL_dw", "2*(o-y)", "2*(o-y)", "w-lr*dL_dw", "0.4", "0.4"]


def test_what_is_changed_after_it_came_back_is_a_new_beginning() -> None:
    earlier, typed = Earlier(), ("2*(o-y)",)
    earlier.at(-1, "", typed)
    assert earlier.at(-1, "2*(o-y)*x", typed) == "2*(o-y)"
    assert earlier.at(1, "2*(o-y)", typed) == "2*(o-y)*x"
