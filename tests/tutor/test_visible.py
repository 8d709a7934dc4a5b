"""What may be seen: no row, cell, label, name or picture tells what is asked, at any open question of the course."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from nn_tutor.calculus.numerals import numeral
from nn_tutor.course.activities.walk import Form, Walk
from nn_tutor.course.find import shipped_paths
from nn_tutor.course.load import load
from nn_tutor.network.quantities import Ref
from nn_tutor.network.records import value_of
from nn_tutor.terminal.drawing.ink import plain
from nn_tutor.terminal.panels.answer import names_of_formula
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.session import Session, begin
from nn_tutor.tutor.stations.walking import Walking
from nn_tutor.tutor.visible import Covered, Row, View, view_of
from nn_tutor.tutor.visible_in_pictures import diagram_values, known_in_picture, may_show, own_weight, tells_slope
from tests.lessons_for_tests import DERIVER, make_lesson, of_one_weight, onward, right_answer
from tests.shipped_runs import shipped_run
from tests.stations import asked_at

NETWORK = of_one_weight(weight=0.5, inputs=(1.7,), targets=(0.45,), activation="sigmoid")
FIRST, AGAIN = (
    f'[[activity]]\nkind = "walk"\nid = "{name}"\nask = ["z", "da_dz", "dW"]\n' for name in ("first", "again")
)

GIVEN = 1e-4
"""A number that is given anyway may happen to be as near to the answer as this."""


def seen(session: Session) -> View:
    view = view_of(session, DERIVER)
    assert view is not None
    return view


def row_at(session: Session) -> Row:
    """The row of what is asked, or was asked last."""
    return seen(session).row(asked_at(session).focus)


def to_question(session: Session, ref: str, activity: str = "first") -> Session:
    """Go on to a question, all others before it answered rightly."""
    while session.question is None or (str(session.question.ref), session.activity.id) != (ref, activity):
        assert not session.is_over, f"{ref} is not asked"
        session = onward(session)
    return session


# Every open question of the course


@pytest.mark.parametrize("form", ["element", "matrix"])
@pytest.mark.parametrize("path", shipped_paths(), ids=lambda path: path.name)
def test_no_open_question_of_a_shipped_lesson_is_given_away(path: Path, form: Form) -> None:
    session = begin(shipped_run(path))
    while not session.is_over:
        if isinstance(session.activity, Walk) and session.cut.form != form:
            session = session.with_form(form)
        if not session.is_open:
            session = onward(session)
            continue
        _assert_covered(session)
        if session.question is not None:
            _assert_covered(session.answer("77"))
            hinted = session.hint().hint()
            _assert_covered(hinted)
            if asked_at(hinted).can_decompose:
                _assert_covered(hinted.decompose())
        session = session.answer(right_answer(session))


def _assert_covered(session: Session) -> None:
    question = session.question
    if question is None:
        return
    view = seen(session)
    row = view.row(question.ref)
    assert row.value is Covered.ASKED
    assert row.numbers is Covered.ASKED
    assert view.cell(question.ref).value is Covered.ASKED
    assert diagram_values(session, view)[question.ref] == Covered.ASKED.value
    assert own_weight(session, question.ref) != question.truth
    assert question.ref not in view.known
    if question.ref.quantity == "da_dz":
        assert not tells_slope(session)
    _assert_rules_covered(view)
    if question.kind == "number":
        _assert_number_nowhere(session, view, question.truth)


def _assert_rules_covered(view: View) -> None:
    """Where a rule is asked with its number, no row of its quantity tells it, nor the matrix form, nor the code."""
    for ref in view.hidden:
        row = view.row(ref)
        assert row.rule is Covered.ASKED
        assert row.code.endswith(f"= {Covered.ASKED.value}")
        assert view.matrix_row(ref.quantity, ref.layer).rule is Covered.ASKED
    for row in view.rows():
        if (row.ref.quantity, row.ref.layer) in view.hidden_kinds and row.ref not in view.known | view.unsettled:
            assert row.rule is Covered.ASKED


def _assert_number_nowhere(session: Session, view: View, truth: float) -> None:
    if any(abs(value - truth) < GIVEN for value in _given(session, view)):
        return
    asked = numeral(truth)
    for text in _texts(session, view):
        assert asked not in text.replace("(", " ").replace(")", " ").replace("·", " ").split(), text
    for name in view.names_nearest_first():
        assert abs(asked_at(session).names[name] - truth) >= GIVEN, name


def _given(session: Session, view: View) -> Iterator[float]:
    """The numbers on the screen for another reason: ∂o/∂w is x, and a weight may happen to be what is asked."""
    yield from asked_at(session).names.values()
    yield from (value_of(view.passed, ref) for ref in view.known)


def _texts(session: Session, view: View) -> Iterator[str]:
    for row in view.rows():
        yield from (part for part in (row.rule, row.numbers, row.value) if isinstance(part, str))
        yield row.code
        cell = view.cell(row.ref)
        if isinstance(cell.value, str):
            yield cell.value
    for quantity, layer in view.quantities:
        rule = view.matrix_row(quantity, layer).rule
        if isinstance(rule, str):
            yield rule
    yield from diagram_values(session, view).values()
    if session.question is not None:
        yield from (session.question.prompt, session.question.gloss)
    yield session.station.words


# A row, part by part


def test_a_rule_is_shown_where_it_is_asked_for_the_first_time_though_the_quantity_is_not(tmp_path: Path) -> None:
    other = '[networks.tanh]\nlearning_rate = 0.3\n[[networks.tanh.layers]]\nweights = [[0.5]]\nactivation = "tanh"\n'
    other += "[networks.tanh.data]\ninputs = [[1.7]]\ntargets = [[0.45]]\n"
    walks = "".join(
        f'[[activity]]\nkind = "walk"\nid = "{place}"\n{network}ask = ["da_dz"]\nuntil = "backward"\n'
        for place, network in (("one", ""), ("two", ""), ("three", 'network = "tanh"\n'))
    )
    session = begin(LessonRun(make_lesson(tmp_path, NETWORK + other + walks)))
    shown = []
    while not session.is_over:
        if session.question is not None:
            view = view_of(session, DERIVER)
            assert view is not None
            shown.append(view.row(asked_at(session).focus).rule is not Covered.ASKED)
            session = session.answer(repr(session.question.truth))
        session = session.forward()
    assert shown == [True, False, True]


def test_a_number_is_covered_while_it_is_asked_and_written_out_once_it_is_found(tmp_path: Path) -> None:
    session = to_question(begin(LessonRun(make_lesson(tmp_path, NETWORK + FIRST + AGAIN))), "dW1[0,0]")
    row = row_at(session)
    assert (row.symbol, row.numbers, row.value) == ("∂L/∂w", Covered.ASKED, Covered.ASKED)
    later = seen(session).row(Ref("W", 1, (0, 0)))
    assert (later.numbers, later.value, later.is_yours) == (Covered.NOT_YET, Covered.NOT_YET, False)
    found = session.answer(right_answer(session))
    row = seen(found).row(row.ref)
    assert row.value == numeral(value_of(session.passed, row.ref))
    assert isinstance(row.numbers, str)
    assert row.is_yours


def test_hints_uncover_the_rule_and_then_its_numbers_but_never_the_value(tmp_path: Path) -> None:
    session = to_question(begin(LessonRun(make_lesson(tmp_path, NETWORK + FIRST + AGAIN))), "dW1[0,0]", "again")
    uncovered = []
    for _ in range(5):
        row = row_at(session)
        uncovered.append((row.rule is not Covered.ASKED, "[?]" not in row.code, row.numbers is not Covered.ASKED))
        assert row.value is Covered.ASKED
        session = session.hint()
    nothing, rule, everything = (False, False, False), (True, True, False), (True, True, True)
    assert uncovered == [nothing, nothing, nothing, rule, everything]


def test_an_answer_that_is_shown_is_not_yours(tmp_path: Path) -> None:
    session = to_question(begin(LessonRun(make_lesson(tmp_path, NETWORK + FIRST + AGAIN))), "dW1[0,0]")
    ref = asked_at(session).focus
    row = seen(session.reveal()).row(ref)
    assert isinstance(row.value, str)
    assert not row.is_yours


def test_without_a_deriver_a_rule_is_not_there_yet_and_still_covered_where_it_is_asked(tmp_path: Path) -> None:
    session = to_question(begin(LessonRun(make_lesson(tmp_path, NETWORK + FIRST + AGAIN))), "dW1[0,0]", "again")
    view = view_of(session, None)
    assert view is not None
    assert view.row(asked_at(session).focus).rule is Covered.ASKED
    assert view.row(Ref("z", 1, (0, 0))).rule is None


def test_a_rule_that_is_asked_later_is_not_told_by_the_matrix_form_before(tmp_path: Path) -> None:
    session = begin(LessonRun(make_lesson(tmp_path, NETWORK + FIRST + AGAIN)))
    covered_ahead = 0
    while not session.is_over:
        view = view_of(session.with_form("matrix"), DERIVER) if isinstance(session.station, Walking) else None
        for quantity, layer in () if view is None else view.quantities:
            assert view is not None
            row = view.matrix_row(quantity, layer)
            assert (row.rule is Covered.ASKED) == ((quantity, layer) in view.hidden_kinds)
            covered_ahead += row.rule is Covered.ASKED and not row.is_here
        session = session.answer(right_answer(session)) if session.is_open else session.forward()
    assert covered_ahead


def test_a_picture_does_not_tell_the_slope_that_is_nudged_for_until_the_third_nudge(tmp_path: Path) -> None:
    toml = f'{NETWORK}[[activity]]\nkind = "nudge"\nslope = "dW1[0,0]"\npicture = "loss W1[0,0]"\n'
    session = begin(LessonRun(make_lesson(tmp_path, toml)))
    slope, told = Ref("dW", 1, (0, 0)), []
    for _ in range(4):
        told.append(slope in known_in_picture(session, slope))
        session = session.answer("1")
    assert told == [False, False, False, True]


def test_a_picture_of_the_activation_waits_for_what_is_asked(tmp_path: Path) -> None:
    toml = f'{NETWORK}{FIRST}picture = "activation sigmoid"\n'
    session = to_question(begin(LessonRun(make_lesson(tmp_path, toml))), "z1[0,0]")
    z = Ref("z", 1, (0, 0))
    assert not may_show(session, z)
    session = to_question(session, "da_dz1[0,0]")
    assert may_show(session, z)
    assert not tells_slope(session)
    assert tells_slope(session.answer(right_answer(session)))


def test_where_letters_are_too_many_for_a_line_those_of_the_kinds_in_question_come_first(tmp_path: Path) -> None:
    toml = (
        'id = "own"\ntitle = "Own"\nsummary = "Own."\nskills = []\nformat_version = 1\n[network]\nlearning_rate = 0.5\n'
        "[[network.layers]]\nweights = [[0.57, 0.29], [-2.0, 0.84]]\nactivation = 'sigmoid'\n"
        "[[network.layers]]\nweights = [[-0.1, 0.7], [1.2, -0.9], [-0.8, 0.4]]\n"
        "[data]\ninputs = [[0.88, 0.95]]\ntargets = [[-0.67, 1.42, -1.0]]\n"
        '[[activity]]\nkind = "derive"\nslope = "dL_da1[0,1]"\n'
    )
    view = seen(begin(LessonRun(make_lesson(tmp_path, toml))))
    narrow = plain((names_of_formula(view, 78),))
    assert narrow.split()[3:12] == ["dL_do1", "dL_do2", "dL_do3", "w211", "w212", "w221", "w222", "w231", "w232"]
    wide = plain((names_of_formula(view, 400),))
    assert wide.split()[3] == "z11"


def test_where_the_rule_is_covered_the_order_of_the_names_does_not_tell_it(tmp_path: Path) -> None:
    """∂L/∂w₂ is ∂L/∂o·a₂: at the second asking all that is of a kind with them comes first, in its own order."""
    toml = (
        'format_version = 1\nid = "own"\ntitle = "Own"\n[network]\nlearning_rate = 0.5\n'
        "[[network.layers]]\nweights = [[0.57], [-0.8]]\nactivation = 'sigmoid'\n"
        "[[network.layers]]\nweights = [[-0.1, 0.7]]\n"
        "[data]\ninputs = [[0.88]]\ntargets = [[-0.67]]\n"
        '[[activity]]\nkind = "walk"\nid = "first"\nfirst_pass = 1\npasses = 1\nask = ["dW2[0,1]"]\n'
        '[[activity]]\nkind = "walk"\nid = "again"\nfirst_pass = 2\npasses = 1\nask = ["dW2[0,1]"]\n'
    )
    session = begin(LessonRun(make_lesson(tmp_path, toml)))
    first = seen(to_question(session, "dW2[0,1]"))
    assert set(first.names_nearest_first()[:2]) == {"dL_do1", "a12"}
    again = seen(to_question(session, "dW2[0,1]", "again"))
    assert again.names_nearest_first()[:3] == ["dL_do1", "a11", "a12"]


def test_of_every_kind_that_a_covered_rule_needs_a_name_is_in_sight_and_each_kind_begins_with_its_first() -> None:
    run = LessonRun(load(next(path for path in shipped_paths() if path.name.endswith("hidden-layer"))))
    updated = seen(to_question(begin(run), "W1[0,0]", "second-pass")).names_nearest_first()
    assert {name.rstrip("0123456789") for name in updated[:3]} == {"dL_dw", "w", "lr"}
    assert updated.index("dL_dw111") < updated.index("dL_dw112") < updated.index("dL_dw222")
    loop = LessonRun(load(next(path for path in shipped_paths() if path.name.endswith("training-loop"))))
    by_velocity = seen(to_question(begin(loop), "W2[0,0]", "step")).names_nearest_first()
    assert set(by_velocity[:3]) == {"lr", "w211", "v211_new"}
    batch = LessonRun(load(next(path for path in shipped_paths() if path.name.endswith("many-samples"))))
    outputs = [
        name
        for name in seen(to_question(begin(batch), "loss", "first-pass")).names_nearest_first()
        if name[:2] in ("o_", "y_")
    ]
    assert outputs == ["o_1", "y_1", "o_2", "y_2", "o_3", "y_3"]


def test_an_exercise_of_a_new_weight_hides_the_rule_of_new_weights_in_every_layer() -> None:
    run = shipped_run(next(path for path in shipped_paths() if path.name.endswith("hidden-layer")))
    last = [place for place, one in enumerate(run.lesson.activities) if one.id.startswith("once-more")][-1]
    session = begin(run).entered(last)
    while not session.is_open:
        session = session.forward()
    view = seen(session)
    assert view.focus == Ref("W", 1, (0, 0))
    assert {view.row(ref).rule for ref in view.refs if ref.quantity == "W"} == {Covered.ASKED}
    assert view.row(Ref("dL_do", None, (0, 0))).rule == "2/3·(o₁ − y₁)"
