"""Taken apart: each link of each question of the course can be found from the screen, and is told by nothing on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from nn_tutor.calculus.derivation import SymPyDeriver
from nn_tutor.course.activities.walk import Grain, Walk
from nn_tutor.course.find import shipped_paths
from nn_tutor.tutor.session import Session, begin
from nn_tutor.walkthrough.links import leaning_on
from nn_tutor.walkthrough.questions import typed_name
from tests.lessons_for_tests import right_answer
from tests.shipped_runs import shipped_run
from tests.stations import asked_at

DERIVER = SymPyDeriver()


@pytest.mark.parametrize("grain", ["factor", "layer"])
@pytest.mark.parametrize("path", shipped_paths(), ids=lambda path: path.name)
def test_each_link_can_be_found_and_is_told_by_nothing(path: Path, grain: Grain) -> None:
    whole = begin(shipped_run(path))
    for place, activity in enumerate(whole.lesson_run.lesson.activities):
        if not isinstance(activity, Walk):
            continue
        session = whole.entered(place).with_grain(grain)
        while session.place.activity == place and not session.is_over:
            if session.question is None:
                session = session.forward()
                continue
            _decompose(session)
            session = _settled(session, right_answer(session))


def _decompose(session: Session) -> None:
    """Ask for the links of the open question, and find one after the other."""
    hinted = session.hint().hint()
    whole = session.question
    if whole is None or hinted.question is None or not asked_at(hinted).can_decompose:
        return
    session = hinted.decompose()
    while session.question is not None and session.question.id != whole.id:
        link, index = session.question, session.place.activity
        network, rows = session.lesson_run.network(index), session.lesson_run.rows(index)
        assert link.ref not in session.known
        is_own = asked_at(session).own_pass  # there all that is in sight was found by the learner
        assert is_own or not leaning_on(network, rows, session.known, {link.ref}), link.id
        needed = {"lr" if name == "η" else typed_name(name) for name in _names(session)}
        missing = needed - {None} - set(asked_at(session).names)
        # In a pass of one's own nobody has told what a link is made of, but it can be taken apart in turn.
        assert not missing or (is_own and asked_at(session).can_decompose), link.id
        session = _settled(session, repr(link.truth))


def _names(session: Session) -> tuple[str, ...]:
    question = session.question
    assert question is not None
    derived = DERIVER.derive(session.lesson_run.network(session.place.activity), session.passed, question.ref)
    return tuple(derived.names)


def _settled(session: Session, text: str) -> Session:
    question = session.question
    assert question is not None
    answered = session.answer(text)
    return answered if answered.answers.is_settled(question.id) else session.reveal().postpone_retry()
