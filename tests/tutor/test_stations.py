"""What is the same for every station: it can be entered from both sides, left, remembered and listed."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import pytest

from nn_tutor.tutor.asking import list_questions
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.session import begin
from nn_tutor.tutor.stations.base import ActivityStation, Arrival, Cut, Ended, Station
from nn_tutor.tutor.stations.kinds import STATIONS, enter
from nn_tutor.tutor.stations.training import Training
from nn_tutor.tutor.stations.walking import Walking
from tests.lessons_for_tests import EVERY_KIND, EVERY_KIND_PROSE, ONE_WEIGHT, VECTOR, make_lesson, right_answer
from tests.stations import at

COMMON = {field.name for field in fields(ActivityStation)}

OWN = {
    "Tuning": {"first_notches", "second_notches", "trail"},
    "Walking": {"turn"},
    "Placing": {"turn", "notches"},
    "Deriving": {"turn"},
    "Hunting": {"moved"},
    "Choosing": {"marked"},
}


@pytest.fixture(params=["every kind", "walks", "vectors"], scope="module")
def lesson_run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> LessonRun:
    toml = {"every kind": EVERY_KIND, "walks": ONE_WEIGHT, "vectors": VECTOR}[request.param]
    folder = tmp_path_factory.mktemp("lesson")
    return LessonRun(make_lesson(folder, toml, EVERY_KIND_PROSE if toml is EVERY_KIND else ""))


@pytest.fixture
def walk(tmp_path: Path) -> LessonRun:
    return LessonRun(make_lesson(tmp_path, ONE_WEIGHT))


def everywhere(lesson_run: LessonRun) -> list[Station]:
    """The station of each activity and of the end, entered from both sides."""
    places = range(len(lesson_run.lesson.activities) + 1)
    return [enter(Arrival(lesson_run, place, at_end=at_end)) for place in places for at_end in (False, True)]


@pytest.mark.parametrize("station", STATIONS.values(), ids=lambda station: station.__name__)
def test_a_station_has_the_state_of_its_own_kind_alone(station: type[ActivityStation[object]]) -> None:  # type: ignore[type-var]
    assert {field.name for field in fields(station)} - COMMON == OWN.get(station.__name__, set())


def test_behind_the_last_activity_is_the_end(lesson_run: LessonRun) -> None:
    ended = enter(Arrival(lesson_run, len(lesson_run.lesson.activities)))
    assert isinstance(ended, Ended)
    assert ended.is_over
    assert (ended.words, ended.is_open, ended.asked, ended.forward(), ended.back()) == ("", False, None, None, None)
    with pytest.raises(IndexError):  # there is no activity any more whose kind could be asked
        _ = begin(lesson_run).entered(len(lesson_run.lesson.activities)).activity


def test_what_a_station_does_not_do_is_said_and_changes_nothing(lesson_run: LessonRun) -> None:
    for station in everywhere(lesson_run):
        if isinstance(station, Training):
            continue
        assert station.inside() is None
        assert station.run_on(None, lambda made: True) is station
        assert station.target("0.1") == (station, None)
        assert "nothing to draw" in station.reseeded().notice
        assert station.reseeded().place == station.place


def test_every_station_that_is_open_can_be_shown_and_is_then_passed(lesson_run: LessonRun) -> None:
    opened = 0
    for station in everywhere(lesson_run):
        if not station.is_open or isinstance(station, Training):  # a guess has no answer
            continue
        opened += 1
        shown = station.reveal()
        assert shown.answers.revealed - station.answers.revealed
        assert shown.answers.solved == station.answers.solved
        assert shown.answers.attempts == ()
        again = shown.reveal()
        assert "nothing to show" in again.notice or again.answers is shown.answers or shown.is_open  # the working stays
    assert opened


def test_a_station_is_found_again_where_it_was_left(lesson_run: LessonRun) -> None:
    """Through its position alone, and from wherever it is entered."""
    for station in everywhere(lesson_run):
        if station.is_over:
            continue
        again = enter(Arrival(lesson_run, station.index)).at(station.position())
        assert again.position() == station.position()
        assert again.place == station.place


@pytest.mark.parametrize(
    "position", [{}, {"pass": 10**9}, {"pass": -3}, {"pass": "x", "number": 3, "grain": "?", "form": 1, "seed": "s"}]
)
def test_a_position_that_is_gone_leads_to_one_that_is_there(lesson_run: LessonRun, position: dict[str, object]) -> None:
    for station in everywhere(lesson_run):
        found = station.at(position)
        first, last = station.passes
        assert first <= found.place.pass_number <= last or not station.place.pass_number
        following = found.forward()
        assert {found.place.activity} | ({following.place.activity} if following else set()) == {station.index}


def test_a_walk_is_cut_as_its_lesson_says_only_where_it_is_entered_anew(walk: LessonRun) -> None:
    (place,) = (place for place, one in enumerate(walk.lesson.activities) if one.step_groups_in_passes)
    coarse = Cut("pass", "matrix")
    assert enter(Arrival(walk, place, cut=coarse)).cut != coarse
    assert enter(Arrival(walk, place, cut=coarse, anew=False)).cut == coarse
    session = begin(walk).entered(place)
    assert at(session, Walking).recut(coarse).cut == coarse
    looking = replace(session, station=replace(session.station, cut=coarse))
    assert looking.entered(place).cut == coarse
    assert looking.entered(place, anew=True).cut == looking.entered(place - 1).entered(place).cut == session.cut


def test_what_is_listed_is_what_is_asked(walk: LessonRun) -> None:
    listed = {one.id for one in list_questions(walk)}
    session, met = begin(walk), 0
    while not session.is_over:
        question = session.question
        if question is not None and question.kind != "formula":
            met += 1
            assert question.id in listed
        session = session.answer(right_answer(session)) if session.is_open else session.forward()
    assert met > 5


def test_a_station_without_a_question_judges_none(walk: LessonRun) -> None:
    (training,) = (place for place, one in enumerate(walk.lesson.activities) if one.kind == "train")
    with pytest.raises(LookupError, match="is no question"):
        enter(Arrival(walk, training)).judge(next(list_questions(walk)), "1", {})
