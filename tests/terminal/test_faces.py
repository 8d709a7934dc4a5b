"""Every kind of activity has a station and a face, and what its footer promises is true."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar, get_args

import pytest

from nn_tutor.course.activities.base import Common
from nn_tutor.course.activities.kinds import KINDS, Activity
from nn_tutor.course.activities.read import Read
from nn_tutor.course.find import shipped_paths
from nn_tutor.course.load import load
from nn_tutor.terminal.drawing.ink import Drawing, Span, line, plain, width_of
from nn_tutor.terminal.faces import kinds as faces
from nn_tutor.terminal.faces.base import Around, Face, Scene
from nn_tutor.terminal.faces.kinds import FACES, face_of
from nn_tutor.terminal.panels.footer import draw_keys
from nn_tutor.terminal.panels.home import KINDS_SAID
from nn_tutor.terminal.parts import Looks, Setting, draw_parts, plan_for
from nn_tutor.tutor.answers import Answers
from nn_tutor.tutor.keymap import KEYS
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.session import Session, begin
from nn_tutor.tutor.stations import kinds as stations
from nn_tutor.tutor.stations.base import ActivityStation, Arrival, Cut, Ended
from nn_tutor.tutor.stations.kinds import STATIONS, enter
from tests.lessons_for_tests import EVERY_KIND, EVERY_KIND_PROSE, make_lesson


def without_station(kinds: tuple[type, ...]) -> set[type]:
    return set(kinds) - set(STATIONS)


def without_face(stations: list[type]) -> set[type]:
    return set(stations) - set(FACES)


def test_every_kind_that_a_lesson_file_may_name_is_an_activity() -> None:
    assert sorted(activity.kind for activity in get_args(Activity)) == sorted(KINDS) == sorted(KINDS_SAID)


def test_every_kind_has_a_station_of_its_own() -> None:
    assert without_station(get_args(Activity)) == set()
    assert set(STATIONS) == set(get_args(Activity))
    assert len(set(STATIONS.values())) == len(STATIONS)


def test_every_station_has_a_face() -> None:
    assert set(FACES) == {*STATIONS.values(), Ended}


@dataclass(frozen=True, slots=True)
class Ponder(Common):
    """A kind that somebody adds: nothing but a thought."""

    kind: ClassVar[str] = "ponder"
    id: str
    network: str = ""
    picture: None = None


class Pondering(ActivityStation[Read]):
    """The station that somebody adds."""

    @property
    def is_open(self) -> bool:
        return not self.answers.is_settled(self.activity.id)

    def answer(self, text: str) -> Pondering:
        return replace(self, answers=replace(self.answers, solved=self.answers.solved | {self.activity.id}))


class PonderingFace(Face[Pondering]):
    """The face that somebody adds."""

    prompt_lines: ClassVar[int] = 2

    def body(self, scene: Scene) -> tuple[Drawing, Drawing]:
        return (line(Span("think")),), ()


@pytest.fixture
def pondering(tmp_path: Path) -> LessonRun:
    lesson = make_lesson(tmp_path, EVERY_KIND, EVERY_KIND_PROSE)
    return LessonRun(replace(lesson, activities=(Ponder("ponder"), *lesson.activities)))  # type: ignore[arg-type]


def test_a_kind_without_a_station_is_found(pondering: LessonRun) -> None:
    assert without_station((*get_args(Activity), Ponder)) == {Ponder}
    with pytest.raises(LookupError, match="ponder has no station: give it a line in STATIONS"):
        begin(pondering)


def test_a_station_without_a_face_is_found(pondering: LessonRun, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stations, "STATIONS", {**STATIONS, Ponder: Pondering})
    assert without_face([*STATIONS.values(), Pondering]) == {Pondering}
    with pytest.raises(LookupError, match="Pondering has no face: give it a line in FACES"):
        plan_for(begin(pondering), 80, 24)


def test_a_station_and_a_face_are_all_that_a_new_kind_needs(
    pondering: LessonRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stations, "STATIONS", {**STATIONS, Ponder: Pondering})
    monkeypatch.setattr(faces, "FACES", {**FACES, Pondering: PonderingFace})
    session = begin(pondering)
    assert session.forward().notice.startswith("answer first")
    parts, _ = draw_parts(session, plan_for(session, 80, 24), Looks("answering"), Setting())
    assert plain(parts["left"]) == "think"
    assert "enter check" in plain(parts["footer"])
    onward = session.answer("hm").forward()
    assert onward.place.activity == 1
    assert onward.back().place.activity == 0


def every_station(tmp_path: Path) -> list[Session]:
    session = begin(LessonRun(make_lesson(tmp_path, EVERY_KIND, EVERY_KIND_PROSE)))
    entered = [session.entered(index) for index in range(len(session.lesson_run.lesson.activities) + 1)]
    return [state for one in entered for state in (one, one.reveal(), one.answer("9"), one.hint())]


def test_the_footer_names_keys_that_do_what_it_says(tmp_path: Path) -> None:
    labels = {key.label for key in KEYS}
    for session in every_station(tmp_path):
        face = face_of(session)
        looking = {key.command for key in KEYS if "looking" in key.states}
        answering = {key.command for key in KEYS if "answering" in key.states}
        for tip in face.answering_tips():
            # On the empty line the arrows belong to the station.
            assert set(tip.commands) <= answering | {"back", "forward"}, (session.station, tip)
        for training in (False, True):
            for tip in face.looking_tips(Around(training=training)):
                assert set(tip.commands) <= looking, (session.station, tip)
                assert set(tip.keys.split()) <= {word for label in labels for word in label.split()}


def test_at_60_columns_no_prompt_is_cut() -> None:
    for path in shipped_paths():
        run = LessonRun(load(path))
        for place, activity in enumerate(run.lesson.activities):
            if activity.step_groups_in_passes:
                continue  # its prompt needs a pass, and leaves out what has no room
            session = Session(enter(Arrival(run, place, Answers(), Cut())))
            for said in face_of(session).prompt(None, 58):
                assert width_of(said) <= 58, (activity.id, plain([said]))


def test_a_key_that_has_no_room_in_the_footer_leaves_it_to_a_shorter_one() -> None:
    keys = (("enter", "check"), ("esc", "look around at all there is"), ("F1", "keys"))
    assert plain([draw_keys("answering", keys, 36)]) == " answering   enter check  F1 keys"
