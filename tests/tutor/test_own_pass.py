"""A pass of one's own: nothing is seen but what it starts from and what the learner has found, until all of it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from nn_tutor.calculus.numerals import numeral
from nn_tutor.course.activities.walk import Walk
from nn_tutor.course.find import shipped_paths
from nn_tutor.course.findings import LessonError
from nn_tutor.course.load import load
from nn_tutor.network.quantities import Ref
from nn_tutor.terminal.drawing.ink import plain
from nn_tutor.terminal.parts import Looks, Setting, draw_parts, plan_for
from nn_tutor.tutor.changes import changes
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.restoring import restored
from nn_tutor.tutor.saved_run import saved_run_of
from nn_tutor.tutor.session import Session, begin
from nn_tutor.tutor.visible import Covered, View, view_of
from nn_tutor.tutor.visible_in_pictures import diagram_values
from nn_tutor.tutor.why import reasons_at_hand
from nn_tutor.walkthrough.questions import given
from nn_tutor.walkthrough.steps import shown_value
from tests.lessons_for_tests import DERIVER, make_lesson, right_answer
from tests.plain.talking import Talk
from tests.shipped_runs import shipped_run_as_written
from tests.stations import asked_at
from tests.tutor.records import Written

OWN = """\
format_version = 1
id = "test-own"
title = "Test of a pass of one's own"
[network]
learning_rate = 0.8
[[network.layers]]
weights = [[0.6]]
activation = "sigmoid"
[[network.layers]]
weights = [[1.36]]
[data]
inputs = [[-1.06]]
targets = [[0.86]]
[[activity]]
kind = "walk"
id = "alone"
own = true
ask = ["a2", "dW1", "W1"]
"""


def own_passes() -> Iterator[tuple[Path, str]]:
    for path in shipped_paths():
        for activity in load(path).activities:
            if isinstance(activity, Walk) and activity.own:
                yield path, activity.id


SHIPPED = list(own_passes())


def at_own_pass(path: Path, activity: str) -> Session:
    session = begin(shipped_run_as_written(path))
    places = [one.id for one in session.lesson_run.lesson.activities]
    return session.entered(places.index(activity))


def opened(tmp_path: Path) -> Session:
    return begin(LessonRun(make_lesson(tmp_path, OWN)))


def seen(session: Session) -> View:
    view = view_of(session, DERIVER)
    assert view is not None
    return view


def on(session: Session) -> Session:
    """Answer what is open, or go on."""
    return session.answer(right_answer(session)) if session.is_open else session.forward()


def drawn(session: Session, width: int = 80, height: int = 24, panel: int = 1) -> str:
    looks = Looks(state="answering", panel=panel)
    parts, _ = draw_parts(session, plan_for(session, width, height), looks, Setting(deriver=DERIVER))
    return "\n".join(plain(part) for part in parts.values())


def words_of(text: str) -> set[str]:
    for sign in "()[]✓▸·":
        text = text.replace(sign, " ")
    return set(text.split())


def test_the_lessons_that_end_with_a_pass_of_ones_own() -> None:
    lessons = {path.name.partition("-")[2] for path, _ in SHIPPED}
    assert {"chain-rule", "two-weights-in-a-row", "hidden-layer", "softmax", "autoencoder", "training-loop"} <= lessons


def test_the_bends_are_among_what_is_given() -> None:
    shown = {path.name.partition("-")[2]: drawn(at_own_pass(path, activity)) for path, activity in SHIPPED}
    assert "activation softmax" in shown["softmax"]
    assert "activation sigmoid, none" in shown["autoencoder"]
    assert "activation sigmoid, none" in shown["training-loop"]
    assert "activation" not in shown["chain-rule"].partition("given")[2].partition("yours")[0]


@pytest.mark.parametrize(("path", "activity"), SHIPPED, ids=lambda part: getattr(part, "name", part))
def test_no_number_that_is_not_found_stands_anywhere_until_the_whole_pass_is_done(path: Path, activity: str) -> None:
    session = at_own_pass(path, activity)
    place, looks_everywhere = session.place.activity, True
    while session.is_open or session.forward().place.activity == place:
        if session.question is None:
            session = on(session)
            continue
        for state in (session, session.hint().hint(), session.decompose()):
            assert_nothing_told(state)
        for panel in range(1, 6) if looks_everywhere else (1,):
            assert_not_drawn(session, drawn(session, panel=panel))
        if looks_everywhere:
            assert_not_drawn(session, drawn(session, 120, 40))
        looks_everywhere = not looks_everywhere  # the other panels at every second question
        session = on(session)
    view = seen(session)
    assert not view.is_own
    assert all(isinstance(view.row(ref).rule, str) and isinstance(view.value(ref), str) for ref in view.refs)
    assert len(view.refs) > len(session.lesson_run.questions(place, session.place.pass_number))


def assert_nothing_told(session: Session) -> None:
    view = seen(session)
    assert view.is_own
    assert view.covers_code
    assert view.known <= view.found | {ref for ref in view.refs if ref not in view.unsettled}
    unknown = [ref for ref in view.order if ref not in view.known]
    for row in (view.row(ref) for ref in unknown):
        assert not isinstance(row.value, str)
        assert row.rule is Covered.ASKED
        assert row.numbers is not None
        assert not isinstance(row.numbers, str)
    assert set(diagram_values(session, view)) <= view.known | {view.focus}
    for row in view.rows():
        assert not isinstance(row.numbers, str), "it would tell numbers that nobody has found"
    start = {name for name, _ in given(view.network, view.passed)}
    assert len(asked_at(session).written_names) <= len(start) + len(view.known)
    for reason in reasons_at_hand(view):
        assert_not_drawn(session, reason.text)


def assert_not_drawn(session: Session, text: str) -> None:
    view = seen(session)
    told = {numeral(value) for _, value in given(view.network, view.passed)}
    told |= {str(view.value(ref)) for ref in view.known}
    words = words_of(text)
    for ref in view.order:
        number = numeral(shown_value(view.network, view.passed, ref))
        if ref not in view.known and len(number.strip("−0.")) > 1 and number not in told:
            assert number not in words, ref


def test_a_number_is_kept_in_sight_once_it_is_found_and_all_of_them_in_the_end(tmp_path: Path) -> None:
    session = opened(tmp_path)
    output, slope = Ref("a", 2, (0, 0)), Ref("dW", 1, (0, 0))
    assert seen(session).known == frozenset()
    session = on(on(session))
    assert session.question is not None
    assert session.question.ref == slope
    assert seen(session).known == {output}
    assert output in seen(session.back()).known
    session = on(on(on(session)))
    assert not session.is_open
    view, unasked = seen(session), Ref("dL_do", None, (0, 0))
    assert view.value(unasked) == numeral(shown_value(view.network, view.passed, unasked))


def test_a_question_is_taken_apart_at_once_and_its_links_in_turn(tmp_path: Path) -> None:
    session = on(on(opened(tmp_path)))
    asked = [session.question]
    session = session.decompose()
    assert session.notice.startswith("link by link: first the parts")
    while (question := session.question) is not None and question.ref != Ref("dW", 1, (0, 0)):
        asked.append(question)
        apart = asked_at(session).can_decompose
        session = session.decompose() if apart else session.answer(right_answer(session))
    names = [str(one.ref) for one in asked if one is not None]
    assert "dL_do[0,0]" in names
    assert "z1[0,0]" in names, "the hidden activation is a link that nobody has told"
    found = seen(session).known
    assert Ref("dL_do", None, (0, 0)) in found
    assert Ref("z", 1, (0, 0)) in found
    later = seen(on(on(session)))
    assert Ref("dL_do", None, (0, 0)) in later.known, "a link stays in sight at the next stop"
    assert Ref("dL_do", None, (0, 0)) in later.found


def test_what_was_found_stays_in_sight_while_a_link_it_leans_on_is_asked() -> None:
    path = next(path for path, _ in SHIPPED if path.name.endswith("softmax"))
    session = at_own_pass(path, "own-pass")
    while session.question is None or session.question.ref.quantity != "delta":
        session = on(session)
    apart = session.decompose()
    assert apart.question is not None
    assert apart.question.ref == Ref("a", 1, (0, 0))
    assert Ref("loss") in seen(apart).known


def test_what_was_shown_is_in_sight_and_not_yours(tmp_path: Path) -> None:
    session = opened(tmp_path).reveal()
    cell = seen(session).cell(Ref("a", 2, (0, 0)))
    assert isinstance(cell.value, str)
    assert not cell.is_yours


def test_a_wrong_number_leaves_everything_covered(tmp_path: Path) -> None:
    session = opened(tmp_path).answer("3").answer("4")
    assert session.is_open
    assert seen(session).known == frozenset()
    assert_nothing_told(session)


def test_who_leaves_in_the_middle_comes_back_to_what_they_had(tmp_path: Path) -> None:
    before = begin(LessonRun(make_lesson(tmp_path, OWN)))
    log, after = [Written("begun", {})], before
    for move in (on, on, Session.decompose, on):
        later = move(after)
        log += [Written(*change) for change in changes(after, later)]
        after = later
    again = restored(begin(before.lesson_run), saved_run_of(log))
    assert seen(again).known == seen(after).known != frozenset()
    assert again.question == after.question


def test_line_by_line_the_table_holds_what_is_given_and_found_alone(tmp_path: Path) -> None:
    talk = Talk(opened(tmp_path))
    assert "covered" in " ".join(talk.type("table"))
    assert talk.type("picture") == ["The picture comes once this pass is done."]
    assert talk.type("code")[0].endswith("[?]")
    talk.type(right_answer(talk.session))
    told = " ".join(talk.type("table"))
    assert told.count("not yet") <= 3
    assert_not_drawn(talk.session, told)


def test_no_rule_counts_as_new_and_the_third_hint_shows_it(tmp_path: Path) -> None:
    session = on(on(opened(tmp_path)))
    assert seen(session).row(Ref("dW", 1, (0, 0))).rule is Covered.ASKED
    hinted = session.hint().hint().hint()
    assert isinstance(seen(hinted).row(Ref("dW", 1, (0, 0))).rule, str)


def test_names_are_offered_in_the_order_in_which_they_are_given(tmp_path: Path) -> None:
    assert seen(opened(tmp_path)).names_nearest_first()[:2] == ["x", "y"], "their order would tell the rule"


def test_an_own_pass_that_asks_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LessonError, match="with nothing asked in pass 2"):
        make_lesson(tmp_path, OWN.replace('ask = ["a2", "dW1", "W1"]', 'passes = 2\nask = ["a2@1"]'))


def test_f2_at_a_number_made_of_given_ones_says_that_there_is_no_part_to_find(tmp_path: Path) -> None:
    lesson = make_lesson(tmp_path, OWN.replace('"a2"', '"z1", "a2"'))
    assert "z₁ has no part to find first" in begin(LessonRun(lesson)).decompose().notice


def test_f2_leads_back_from_a_part_of_a_part_to_the_question_that_is_asked(tmp_path: Path) -> None:
    session = on(on(opened(tmp_path)))
    asked = session.question
    depth = 0
    while asked_at(session).can_decompose:
        session, depth = session.decompose(), depth + 1
    assert depth > 1
    for _ in range(depth):
        assert session.question != asked
        session = session.decompose()
    assert session.question == asked
    assert session.notice.startswith("back at the whole question")
