"""Every shipped lesson, walked by somebody who knows it all, and by somebody who makes every mistake there is."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

from nn_tutor.calculus.equality import disproves
from nn_tutor.course.activities.choose import Choose
from nn_tutor.course.activities.tune import Tune
from nn_tutor.course.find import shipped_paths
from nn_tutor.judging.mistakes.known import TELLABLE
from nn_tutor.tutor.choosing import LETTERS
from nn_tutor.tutor.session import Session, begin
from nn_tutor.tutor.stations.hunting import Hunting
from nn_tutor.tutor.stations.pulling import Pulling
from tests.lessons_for_tests import onward, right_answer
from tests.shipped_runs import shipped_run
from tests.stations import asked_at

MAX_STATIONS = 3_000


@lru_cache
def opened(path: Path) -> Session:
    return begin(shipped_run(path, disproves))


def wrong_answers(session: Session) -> Iterator[str]:
    """Yield what a learner might type here that is wrong: each known mistake, and the usual slips of the hand."""
    activity, question, index = session.activity, session.question, session.place.activity
    yield "no idea"
    if activity.kind == "train":  # a guess is kept, and never judged
        return
    if isinstance(activity, Choose):
        yield from (LETTERS[place] for place, option in enumerate(activity.options) if not option.right)
    elif isinstance(session.station, Hunting):
        worked = session.station.worked
        assert worked is not None
        yield from (str(place + 1) for place in range(len(worked.lines)) if place != worked.wrong)
        yield str(len(worked.lines) + 1)
    elif isinstance(session.station, Pulling):
        found = session.station.found
        yield from (str(place + 1) for place in range(len(found.rows)) if place != found.hardest)
        yield str(len(found.rows) + 1)
    elif isinstance(activity, Tune):
        yield session.station.marker_answer  # the numbers as they were: they do not do it yet
    elif question is not None and question.kind == "sign":
        yield "-" if question.truth > 0 else "+"
        yield "0"
    elif question is not None and question.kind == "formula":
        right = right_answer(session)
        yield from (text for text in ("0", "1", "x", "y", f"-({right})", f"2*({right})") if text != right)
    elif question is not None:
        truth, decimals = question.truth, asked_at(session).decimals or 6
        values = [0.0, -truth, 2 * truth, truth / 2, 10 * truth, truth + question.scale, truth - question.scale]
        known = session.lesson_run.known(index, question.pass_number, question.ref, question.kind)
        values += [candidate.value for candidate in known]
        apart = TELLABLE if question.kind != "place" else 0.06  # a notch of the curve
        for value in values:
            if abs(value - truth) > apart * max(question.scale, 1e-12):
                yield f"{value:.{decimals}f}"


@pytest.mark.parametrize("path", shipped_paths(), ids=lambda path: path.name)
def test_right_answers_lead_to_the_end_and_the_way_back_loses_nothing(path: Path) -> None:
    session = opened(path)
    for _ in range(MAX_STATIONS):
        if session.is_over:
            break
        before = session
        session = onward(session)
        assert session is not before
    assert session.is_over
    assert not session.revealed
    assert all(attempt.judgement.is_right for attempt in session.attempts)
    end = session
    while (before := session.back()).place != session.place:
        session = before
    assert session.place == opened(path).place
    assert session.attempts == end.attempts


@pytest.mark.parametrize("path", shipped_paths(), ids=lambda path: path.name)
def test_nothing_wrong_is_ever_praised(path: Path) -> None:
    session = opened(path)
    tried = 0
    for station in range(MAX_STATIONS):
        if session.is_over:
            break
        if session.is_open:
            for text in list(wrong_answers(session))[station % 2 :: 2]:  # half of them each, which keeps it quick
                answered = session.answer(text)
                assert answered.is_open, (session.activity.id, text)
                judged = answered.attempts[len(session.attempts) :]
                assert not any(attempt.judgement.is_right for attempt in judged), (session.activity.id, text)
                assert all(attempt.judgement.message for attempt in judged) or answered.notice
                tried += 1
        session = onward(session)
    assert session.is_over
    assert tried > 0
