"""How the session teaches: hints up to a fresh question, links one by one, grids, doubts, curves, formulas, hunts."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tutor.calculus.equality import disproves
from nn_tutor.calculus.numerals import numeral
from nn_tutor.course.activities.hunt import Hunt
from nn_tutor.course.activities.train import Train
from nn_tutor.course.activities.walk import Grain, Walk
from nn_tutor.course.ask import Ask
from nn_tutor.course.find import shipped_paths
from nn_tutor.course.lesson import Lesson
from nn_tutor.course.load import load
from nn_tutor.course.networks import NetworkWithData
from nn_tutor.course.prose import Prose
from nn_tutor.judging.fairness import spellings, unfairness
from nn_tutor.network.quantities import Ref
from nn_tutor.network.records import value_of
from nn_tutor.network.training import StoppedError, Timeline
from nn_tutor.tutor.exercises import with_exercises
from nn_tutor.tutor.hints import HINT_LEVELS
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.session import GRAINS, Session, begin
from nn_tutor.tutor.stations.hunting import Hunting
from nn_tutor.tutor.stations.placing import Placing
from nn_tutor.tutor.stations.walking import Walking
from nn_tutor.walkthrough.links import leaning_on
from tests.lessons_for_tests import ONE_WEIGHT, VECTOR, make_lesson, right_answer
from tests.networks import random_network
from tests.stations import asked_at, at

EVERY_KIND = """\
format_version = 1
id = "test-every-kind"
title = "Test of every kind"

[networks.one]
learning_rate = 0.3
[[networks.one.layers]]
weights = [[0.62]]
biases = [0.28]
activation = "sigmoid"
[networks.one.data]
inputs = [[1.37]]
targets = [[0.15]]

[networks.batch]
learning_rate = 0.3
[[networks.batch.layers]]
weights = [[0.62, -0.41], [1.13, 0.37]]
biases = [0.28, -0.52]
activation = "tanh"
[[networks.batch.layers]]
weights = [[0.83, -1.21]]
[networks.batch.data]
inputs = [[1.37, -0.6], [0.45, 1.18]]
targets = [[-0.45], [0.7]]

[[activity]]
kind = "read"

[[activity]]
kind = "walk"
id = "by-hand"
network = "one"
passes = 2
ask = [["z", "sign dW", "size dW", "dW", "W"], ["a", "dL_do", "W", "b"]]
hints = { dW = ["the first written hint", "the second written hint"] }

[[activity]]
kind = "place"
id = "put"
network = "one"
weight = "W1[0,0]"

[[activity]]
kind = "derive"
id = "write"
network = "one"
slope = "dW1[0,0]"

[[activity]]
kind = "hunt"
id = "find"
network = "one"
mistake = "forgot-two"

[[activity]]
kind = "read"

[[activity]]
kind = "walk"
id = "grids"
network = "batch"
form = "matrix"
ask = ["a1", "dW1", "W1"]

[[activity]]
kind = "nudge"
network = "batch"
slope = "dW1[0,0]"

[[activity]]
kind = "hunt"
network = "batch"
seed = 3

[[activity]]
kind = "train"
network = "batch"
first_pass = 2
to_loss = 0.2
most = 40
guess = true

[[activity]]
kind = "choose"
prompt = "Which one is right?"
options = [{ text = "this one", right = true }, { text = "that one", why = "that is the other" }]
"""

PROSE = "# Test\n\n## A page {#read}\n\nWords.\n\n## Another {#read-2}\n\nMore words.\n"


@pytest.fixture
def one_weight(tmp_path: Path) -> Session:
    return begin(LessonRun(make_lesson(tmp_path, ONE_WEIGHT)))


@pytest.fixture
def vector(tmp_path: Path) -> Session:
    return begin(LessonRun(make_lesson(tmp_path, VECTOR)))


@pytest.fixture
def every_kind(tmp_path: Path) -> Session:
    return begin(LessonRun(make_lesson(tmp_path, EVERY_KIND, PROSE), disproves))


def step(session: Session, move: Callable[[Session], Session]) -> Session:
    """Do something where the learner is, as the screen does it: in the fresh question, where one is asked."""
    return session.with_current(move(session.current))


def knows_all(session: Session) -> str:
    """What is right at any station, also where there is nothing to find."""
    return "1" if _has_nothing_to_find(session) else right_answer(session)


def _has_nothing_to_find(session: Session) -> bool:
    return not session.is_over and isinstance(session.activity, Hunt) and at(session, Hunting).worked is None


def to_question(session: Session, wanted: Callable[[Session], bool]) -> Session:
    for _ in range(500):
        if not session.is_over and session.is_open and wanted(session):
            return session
        session = session.answer(knows_all(session)) if session.is_open else session.forward()
    raise AssertionError("there is no such question")


def asks(ref: str, kind: str = "number") -> Callable[[Session], bool]:
    return lambda session: (
        session.question is not None
        and (str(session.question.ref), session.question.kind)
        == (
            ref,
            kind,
        )
    )


# Hints, and what is owed


def test_hints_climb_to_the_answer_and_owe_a_fresh_question(every_kind: Session) -> None:
    session = to_question(every_kind, asks("dW1[0,0]"))
    assert session.question is not None
    asked = session.question
    assert asked_at(session).written_hints == ("the first written hint", "the second written hint")
    for hint_level in range(1, HINT_LEVELS):
        session = session.hint()
        assert (asked_at(session).hint_level, asked_at(session).turn.hinted, session.is_open) == (
            hint_level,
            True,
            True,
        )
        assert asked.ref not in session.known
    attempts = session.attempts
    session = session.hint()
    assert asked.id in session.revealed
    assert asked.id not in session.solved
    assert session.retry_due == asked.id
    assert session.attempts == attempts
    fresh = session.forward()
    assert fresh.place == session.place
    assert fresh.nested is not None
    question = fresh.current.question
    assert question is not None
    assert (question.ref, question.kind) == (asked.ref, asked.kind)
    assert question.truth != asked.truth
    assert question.id != asked.id


def test_an_answer_remembers_how_many_hints_came_before(one_weight: Session) -> None:
    session = to_question(one_weight, asks("W1[0,0]")).hint().hint()
    assert session.answer("9").attempts[-1].hint_level == 2
    assert asked_at(session.answer("9")).hint_level == 2
    assert to_question(one_weight, asks("W1[0,0]")).answer("9").attempts[-1].hint_level == 0


def test_a_fresh_question_is_answered_and_the_lesson_goes_on(one_weight: Session) -> None:
    session = to_question(one_weight, asks("W1[0,0]")).reveal()
    place = session.place
    session = step(session, lambda here: here.forward())
    assert session.nested is not None
    wrong = step(session, lambda here: here.answer("99"))
    assert wrong.nested is not None
    assert wrong.current.is_open
    assert wrong.attempts == session.attempts  # the fresh question has attempts of its own
    session = step(session, lambda here: here.answer(right_answer(here)))
    assert session.nested is not None
    assert session.current.attempts[-1].judgement.verdict == "correct"
    session = step(session, lambda here: here.forward())
    assert session.nested is None
    assert not session.retry_due
    assert session.place == place
    assert "back in the lesson" in session.notice
    assert session.forward().place != place


def test_every_fresh_question_has_other_numbers(one_weight: Session) -> None:
    truths = set()
    session = to_question(one_weight, asks("W1[0,0]"))
    for _ in range(5):
        assert session.current.question is not None
        truths.add(session.current.question.truth)
        session = step(step(session, lambda here: here.reveal()), lambda here: here.forward())
        assert session.nested is not None
    assert len(truths) == 5
    session = to_question(one_weight, asks("W1[0,0]"))
    first = step(session.reveal(), lambda here: here.forward()).current
    later = to_question(session.answer(knows_all(session)), asks("W1[0,0]"))
    assert later.place.pass_number == 2
    second = step(later.reveal(), lambda here: here.forward()).current
    assert first.question is not None
    assert second.question is not None
    assert first.question.truth != second.question.truth


def test_a_fresh_question_is_not_passed_by_going_back(one_weight: Session) -> None:
    session = step(to_question(one_weight, asks("W1[0,0]")).reveal(), lambda here: here.forward())
    for moves in (
        "back forward",
        "back forward forward",
        "to_beginning forward_pass",
        "back back to_end",
        "back_pass to_end",
    ):
        walked = session
        for move in moves.split():
            walked = step(walked, lambda here, move=move: getattr(here, move)())  # type: ignore[misc]
        assert walked.nested is not None, moves
        assert walked.current.is_open or moves.startswith("back forward"), moves
    shown = step(step(session, lambda here: here.reveal()), lambda here: here.back())
    assert shown.nested is not None


def test_what_is_owed_stays_owed_until_it_is_put_off(every_kind: Session) -> None:
    session = to_question(every_kind, asks("z1[0,0]")).reveal()
    assert session.retry_due
    back = session.back()
    assert back.place.activity == 0  # a page, in a lesson that has no [network]
    assert back.retry_due == session.retry_due
    again = back.forward()
    assert again.place == session.place
    assert again.forward().nested is not None
    postpone_retry = again.postpone_retry()
    assert not postpone_retry.retry_due
    assert postpone_retry.forward().place != session.place
    assert "nothing to put off" in postpone_retry.postpone_retry().notice


def test_nothing_is_owed_where_no_fair_numbers_are_there(tmp_path: Path) -> None:
    toml = ONE_WEIGHT.replace("learning_rate = 0.3", "learning_rate = 0.0").replace('ask = [["W"]', 'ask = [["step"]')
    session = to_question(begin(LessonRun(make_lesson(tmp_path, toml))), asks("step1[0,0]"))
    moved = session.reveal().forward()
    assert moved.nested is None
    assert not moved.retry_due


def test_no_hint_where_nothing_is_asked(one_weight: Session) -> None:
    assert "no hint" in one_weight.hint().notice  # a choice
    nudging = one_weight.answer("1").forward()
    assert "there is no question" in nudging.hint().notice
    assert nudging.hint().answers.hint_levels == {}


# Links


def test_a_choice_cannot_be_taken_apart(one_weight: Session) -> None:
    assert "no question here to take apart" in one_weight.decompose().notice


def test_taking_apart_asks_the_links_first_and_hides_them(every_kind: Session) -> None:
    session = to_question(every_kind, asks("dW1[0,0]"))
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
        _assert_hidden(session)
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


def test_a_question_without_links_stays_whole(every_kind: Session) -> None:
    session = to_question(every_kind, asks("z1[0,0]")).hint().hint()
    assert not asked_at(session).can_decompose
    assert "has no parts" in session.decompose().notice


def _assert_hidden(session: Session) -> None:
    """Nothing that may be typed by name has the value that is asked, but the numbers that are given."""
    question = session.question
    assert question is not None
    given_names = {"x", "y", "w", "b", "lr"}
    for name, value in asked_at(session).names.items():
        if name.rstrip("0123456789_") not in given_names:
            assert value != value_of(session.passed, question.ref), (name, question.id)


# Grids


def in_grid(quantity: str) -> Callable[[Session], bool]:
    def wanted(session: Session) -> bool:
        return session.asked is not None and bool(session.asked.grid) and session.asked.focus.quantity == quantity

    return wanted


@pytest.mark.parametrize("seed", range(6))
def test_the_cells_of_a_grid_in_any_order_give_no_other_away(every_kind: Session, seed: int) -> None:
    draw = random.Random(seed)
    session = every_kind
    for quantity in ("a", "dW", "W"):
        session = to_question(session, in_grid(quantity))
        grid = asked_at(session).grid
        assert len(grid) == 4
        for _ in range(3):
            for _ in range(draw.randrange(4)):
                session = session.move(*draw.choice([(0, 1), (0, -1), (1, 0), (-1, 0)]))
            question = session.question
            assert question is not None
            assert question in grid
            hidden = [cell for cell in grid if not session.answers.is_settled(cell.id)]
            assert all(cell.ref not in session.known for cell in hidden)
            assert all(cell.ref in session.known for cell in grid if session.answers.is_settled(cell.id))
            _assert_hidden(session)
            if draw.random() < 0.3:
                wrong = session.answer("77")
                assert wrong.question is not None
                assert wrong.question.id == question.id
            session = session.answer(right_answer(session))
            assert question.id in session.solved
        assert session.is_open
        assert session.forward().place == session.place
        session = session.answer(right_answer(session))
        assert {cell.id for cell in grid} <= session.solved


def test_arrows_move_as_the_grid_is_drawn(every_kind: Session) -> None:
    session = to_question(every_kind, in_grid("dW"))
    assert str(asked_at(session).focus) == "dW1[0,0]"
    assert str(asked_at(session.move(0, 1)).focus) == "dW1[0,1]"
    assert str(asked_at(session.move(1, 0)).focus) == "dW1[1,0]"
    assert str(asked_at(session.move(1, 0).move(0, 1)).focus) == "dW1[1,1]"
    assert str(asked_at(session.move(0, -1)).focus) == "dW1[0,0]"
    assert session.pick(Ref("dW", 1, (1, 0))).question == session.move(1, 0).question
    assert session.pick(Ref("dW", 1, (0, 0))) is session
    assert session.pick(Ref("W", 1, (1, 0))) is session  # not asked here
    moved = session.hint().move(0, 1)
    assert not asked_at(moved).turn.hinted  # the hint was one to the other cell
    moved = moved.answer(right_answer(moved))
    assert str(asked_at(moved).focus) == "dW1[0,0]"  # the first that is open
    assert str(asked_at(moved.move(1, 1)).focus) == "dW1[1,0]" or str(asked_at(moved.move(1, 1)).focus) == "dW1[1,1]"


def test_in_a_single_row_both_pairs_of_arrows_lead_on(tmp_path: Path) -> None:
    walk = '[[activity]]\nkind = "walk"\ngrain = "layer"\nask = ["delta1"]\n'
    lesson = make_lesson(tmp_path, VECTOR[: VECTOR.index("[[activity]]")] + walk)
    session = to_question(begin(LessonRun(lesson)), in_grid("delta"))
    assert asked_at(session.move(1, 0)).focus == asked_at(session.move(0, 1)).focus != asked_at(session).focus
    there = session.move(1, 0)
    assert asked_at(there.move(-1, 0)).focus == asked_at(there.move(0, -1)).focus == asked_at(session).focus


def test_a_single_number_is_no_grid(one_weight: Session) -> None:
    session = to_question(one_weight, asks("W1[0,0]"))
    assert asked_at(session).grid == ()
    assert session.move(0, 1).place == session.place


# Doubt


def is_ambiguous(tmp_path: Path) -> Session:
    """∂L/∂w of a network whose x is 2: who forgot the 2 and who forgot x have one number."""
    toml = ONE_WEIGHT.replace("inputs = [[0.8]]", "inputs = [[2.0]]").replace('ask = [["W"]', 'ask = [["dW"]')
    session = to_question(begin(LessonRun(make_lesson(tmp_path, toml))), asks("dW1[0,0]"))
    assert session.question is not None
    return session.answer(repr(session.question.truth / 2))


def test_an_either_or_is_told_apart_by_its_number(tmp_path: Path) -> None:
    session = is_ambiguous(tmp_path)
    assert len(session.ambiguous) > 1
    attempt = session.attempts[-1]
    assert attempt.judgement.verdict == "diagnosed"
    assert attempt.judgement.message.startswith("either you ")
    for place, candidate in enumerate(session.ambiguous):
        told = session.answer(f" {place + 1}. ")
        assert told.ambiguous == ()
        assert len(told.attempts) == len(session.attempts)
        assert told.attempts[-1].judgement.mistakes == (candidate.mistake.id,)
        assert told.attempts[-1].judgement.message.startswith(f"you {candidate.mistake.name}")
        assert told.is_open


def test_anything_else_is_a_new_answer(tmp_path: Path) -> None:
    session = is_ambiguous(tmp_path)
    for text in ("0", "9", "0.5", "x", "9" * 5000, "²"):
        other = session.answer(text)
        assert len(other.attempts) == len(session.attempts) + 1, text
        assert other.attempts[-1].text == text
    assert not session.answer(right_answer(session)).is_open
    assert session.hint().ambiguous == ()
    assert session.reveal().ambiguous == ()


def test_a_doubt_about_one_cell_is_not_asked_of_another(every_kind: Session) -> None:
    session = to_question(every_kind, in_grid("a"))
    found = session.lesson_run.known(session.place.activity, 1, asked_at(session).focus, "number")
    ambiguous_mistakes = session.answer(repr(found[0].value))
    turn = replace(asked_at(ambiguous_mistakes).turn, ambiguous=tuple(found[:2]))
    ambiguous_mistakes = replace(ambiguous_mistakes, station=replace(at(ambiguous_mistakes, Walking), turn=turn))
    moved = ambiguous_mistakes.move(0, 1)
    assert asked_at(moved).focus != asked_at(ambiguous_mistakes).focus
    assert moved.ambiguous == ()
    assert len(moved.answer("1").attempts) == len(moved.attempts) + 1


# Earlier answers


def test_a_wrong_number_that_was_shown_is_followed_through(one_weight: Session) -> None:
    session = to_question(one_weight, asks("dW1[0,0]"))
    session = session.answer("1.37").answer("1,5").reveal().postpone_retry()
    session = to_question(session, asks("W1[0,0]"))
    assert asked_at(session).earlier[session.place.pass_number] == {Ref("dW", 1, (0, 0)): 1.37}
    old = session.passed.before.W[0][0, 0]
    judged = session.answer(f"{old - 0.3 * 1.37:.6f}")
    assert judged.attempts[-1].judgement.verdict == "follow_through"
    assert "1.37" in judged.attempts[-1].judgement.message
    assert not judged.is_open


def test_a_wrong_sign_is_no_wrong_number(one_weight: Session) -> None:
    session = to_question(one_weight.with_grain("pass"), asks("dW1[0,0]", "sign"))
    session = session.with_grain("pass")
    assert session.question is not None
    wrong = "-" if session.question.truth > 0 else "+"
    session = session.answer(wrong)
    assert session.attempts[-1].judgement.verdict == "wrong"
    session = session.reveal()
    assert Ref("dW", 1, (0, 0)) not in asked_at(session).earlier.get(session.place.pass_number, {})


def test_what_follows_never_tells_a_cell_that_is_still_open(every_kind: Session) -> None:
    """∂L/∂W of a batch: a wrong δ was shown, one cell was missed and left open, the next one follows from that δ."""
    session = to_question(every_kind, in_grid("dW")).hint().hint().decompose()
    link = session.question
    assert link is not None
    assert link.ref == Ref("delta", 1, (0, 0))
    theirs = link.truth + 0.5
    session = session.answer(repr(theirs)).reveal().postpone_retry()
    while session.question is not None and session.question.ref.quantity == "delta":
        session = session.answer(knows_all(session))
    missed = session.question
    assert missed is not None
    session = session.answer("77").move(0, 1)
    question = session.question
    assert question is not None
    assert question.id != missed.id
    assert asked_at(session).earlier[1][link.ref] == theirs
    follows = question.truth + 0.5 * session.passed.X[0, 1]
    judgement = session.answer(f"{follows:.6f}").attempts[-1].judgement
    assert judgement.verdict == "follow_through"
    assert numeral(missed.truth) not in judgement.message
    assert "77" not in judgement.message


# The curve, the formula, the hunt


def test_a_weight_is_put_on_the_curve(every_kind: Session) -> None:
    session = to_question(every_kind, asks("W1[0,0]", "place"))
    question = session.question
    assert question is not None
    old = session.passed.before.W[0][0, 0]
    assert at(session, Placing).marked_weight == old
    assert (
        session.answer(session.station.marker_answer).attempts[-1].judgement.verdict == "diagnosed"
    )  # it did not move
    assert "unchanged" in session.answer(session.station.marker_answer).attempts[-1].judgement.mistakes
    assert at(session.move(0, 3), Placing).marked_weight > old > at(session.move(0, -3), Placing).marked_weight
    assert at(session.move(0, 3).move(0, -3), Placing).marked_weight == old
    uphill = round((2 * old - question.truth - old) / (at(session.move(0, 1), Placing).marked_weight - old))
    assert (
        not session.move(0, uphill)
        .answer(session.move(0, uphill).station.marker_answer)
        .attempts[-1]
        .judgement.is_right
    )
    notches = -uphill
    there = session.move(0, notches)
    assert at(there, Placing).marked_weight == pytest.approx(question.truth, abs=0.03 * question.scale)
    answered = there.answer(there.station.marker_answer)
    assert answered.attempts[-1].judgement.verdict == "correct"
    assert not answered.is_open
    assert at(session.move(0, 10**9), Placing).marked_weight < 1e6


@pytest.mark.parametrize("rate", [0.01, 0.03, 0.3, 0.7])
@pytest.mark.parametrize("weight", [0.62, -1.7, 0.15])
def test_the_notches_always_meet_the_new_weight(tmp_path: Path, rate: float, weight: float) -> None:
    toml = EVERY_KIND.replace("learning_rate = 0.3", f"learning_rate = {rate}").replace("[[0.62]]", f"[[{weight}]]")
    session = to_question(begin(LessonRun(make_lesson(tmp_path, toml, PROSE))), asks("W1[0,0]", "place"))
    assert session.question is not None
    notch = at(session.move(0, 1), Placing).marked_weight - at(session, Placing).marked_weight
    nearest = session.move(0, round((session.question.truth - at(session, Placing).marked_weight) / notch))
    assert nearest.answer(nearest.station.marker_answer).attempts[-1].judgement.verdict == "correct"


@pytest.mark.parametrize("notches", [-1.4, 0.0, 1.4])
def test_a_weight_put_close_by_eye_is_right_and_told_where_it_is(every_kind: Session, notches: float) -> None:
    session = to_question(every_kind, asks("W1[0,0]", "place"))
    assert session.question is not None
    notch = at(session.move(0, 1), Placing).marked_weight - at(session, Placing).marked_weight
    placed = session.answer(f"{session.question.truth + notches * notch:.9f}")
    assert not placed.is_open
    assert numeral(session.question.truth) in placed.attempts[-1].judgement.message


def test_a_weight_that_is_typed_is_where_the_marker_stands(every_kind: Session) -> None:
    session = to_question(every_kind, asks("W1[0,0]", "place"))
    assert session.question is not None
    far = session.question.truth + 3 * session.question.scale
    placed = session.answer(f"{far:.4f}")
    assert placed.is_open
    assert at(placed, Placing).marked_weight == pytest.approx(far, abs=1e-4)


def test_a_formula_is_typed(every_kind: Session) -> None:
    session = to_question(every_kind, asks("dW1[0,0]", "formula"))
    assert not asked_at(session).asks_a_number
    assert asked_at(session).decimals is None
    for text, verdict in (
        ("(o-y)*o*(1-o)*x", "diagnosed"),
        ("2(o-y)", "diagnosed"),
        ("3*x", "wrong"),
        ("0.1", "wrong"),
    ):
        judged = session.answer(text)
        assert judged.attempts[-1].judgement.verdict == verdict, text
        assert judged.is_open
    assert session.answer("2*(o-y)*o*(1-o)*x+1e-12*x").is_open
    assert not session.answer("x*o*(1-o)*2*(sigmoid(w*x+b)-y)").is_open
    assert not session.reveal().retry_due


def test_the_third_hint_to_a_formula_is_the_formula(every_kind: Session) -> None:
    session = to_question(every_kind, asks("dW1[0,0]", "formula"))
    second = session.hint().hint()
    assert second.is_open
    assert asked_at(second).hint_level == 2
    third = second.hint()
    assert not third.is_open
    assert not third.retry_due
    assert third.solved == session.solved


def test_the_first_wrong_line_is_found(every_kind: Session) -> None:
    session = to_question(every_kind, lambda here: isinstance(here.activity, Hunt))
    worked = at(session, Hunting).worked
    assert worked is not None
    assert worked.candidate is not None
    assert worked.candidate.mistake.id == "forgot-two"
    assert session.station.marker_answer == "1"
    assert session.move(-5, 0).station.marker_answer == "1"
    assert session.move(500, 0).station.marker_answer == str(len(worked.lines))
    there = session.move(worked.wrong, 0)
    assert there.answer(there.station.marker_answer).attempts[-1].judgement.is_right
    assert not there.answer(there.station.marker_answer).is_open
    assert there.answer("1").is_open
    assert not session.reveal().is_open


def test_a_size_has_no_sign(every_kind: Session) -> None:
    session = to_question(every_kind, asks("dW1[0,0]", "size"))
    assert session.question is not None
    assert session.question.truth > 0
    refused = session.answer(f"-{session.question.truth}").attempts[-1].judgement
    assert refused.verdict == "invalid"
    assert "no sign" in refused.message


# Whatever is done


@pytest.mark.parametrize("path", shipped_paths(), ids=lambda path: path.name)
def test_shipped_questions_take_the_truth_with_the_decimals_they_ask_for(path: Path) -> None:
    session = begin(LessonRun(with_exercises(load(path)), disproves))
    for _ in range(3000):
        if session.is_over:
            return
        if isinstance(session.activity, Train) and not session.is_open:
            session = session.to_end().forward()
            continue
        if session.is_open:
            question = session.question
            decimals = None if question is None else asked_at(session).decimals
            if question is not None and decimals is not None:
                assert decimals <= 6, question.id
                for text in (repr(question.truth), f"{question.truth:.{decimals + 2}f}"):
                    assert session.answer(text).attempts[-1].judgement.verdict == "correct", (question.id, text)
            session = session.answer(knows_all(session))
            assert session.question is None or session.attempts[-1].judgement.is_right
        else:
            session = session.forward()
    raise AssertionError("the lesson has no end")


ACTIONS: tuple[Callable[[Session], Session], ...] = (
    *(lambda here, move=move: getattr(here, move)() for move in (
        "forward", "forward", "forward", "back", "forward_pass", "back_pass", "to_end", "to_beginning", "finer",
        "coarser", "hint", "hint", "decompose", "reveal",
    )),
    *(lambda here, by=by: here.move(0, by) for by in (-1, 1, 40, -10**6)),
    *(lambda here, to=to: here.move(*to) for to in ((0, 1), (1, 0), (0, -1), (-1, 0), (1, 1))),
    *(lambda here, text=text: here.answer(text) for text in (
        "", "0", "1", "2", "0.5", "-", "+", "1,5", "x", "w - lr*dL_dw", "1e300", "nan", "9" * 5000,
        "²", "2*(o-y)*x", "\x00",
    )),
    *(lambda here: here.answer(knows_all(here)) if here.is_open else here.forward() for _ in range(10)),
    lambda here: here.answer(here.station.marker_answer),
    lambda here: here.with_form("matrix"),
    lambda here: here.with_form("element"),
)  # fmt: skip
"""What a learner may do; those that lead on stand here several times."""


@settings(max_examples=80, deadline=None, derandomize=True)
@given(lesson=st.sampled_from(["one", "vector", "every"]), seed=st.integers(0, 10**6), length=st.integers(5, 90))
def test_whatever_is_done_raises_nothing_and_gives_nothing_away(
    tmp_path_factory: pytest.TempPathFactory, lesson: str, seed: int, length: int
) -> None:
    toml = {"one": ONE_WEIGHT, "vector": VECTOR, "every": EVERY_KIND}[lesson]
    prose = PROSE if lesson == "every" else ""
    session = begin(LessonRun(make_lesson(tmp_path_factory.mktemp("lesson"), toml, prose)))
    draw = random.Random(seed)
    for _ in range(length):
        if draw.random() < 0.03:
            session = session.postpone_retry()
            continue
        before = session.current
        session = step(session, draw.choice(ACTIONS))
        assert before.solved <= session.current.solved or session.current.lesson_run is not before.lesson_run
        _assert_showable(session.current)


def _assert_showable(here: Session) -> None:
    """Everything that the screen reads off a state is there, and what is asked is not among it."""
    assert here.cut.grain in GRAINS
    assert isinstance(here.station.words, str)
    assert here.station.marker_answer is not None
    assert len(here.ambiguous) != 1
    assert here.station.last_attempt is None or here.attempts
    if here.asked is not None:
        assert here.asked.misses >= 0
        assert 0 <= here.asked.hint_level <= HINT_LEVELS
        assert here.passed.number == here.place.pass_number
        question = here.question
        if question is not None:
            assert question.ref not in here.known
            assert asked_at(here).focus == question.ref
            assert asked_at(here).names is not None
            _assert_hidden(here)
            assert (asked_at(here).decimals or 0) >= 0
        assert asked_at(here).earlier is not None


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
        _assert_hidden(session)
        session = session.answer(knows_all(session))
        assert ref in session.known
    assert session.question is None


@pytest.mark.parametrize("seed", range(8))
def test_everything_asked_of_a_random_network_can_be_answered(seed: int) -> None:
    network, data = random_network(seed, most_units=3, most_rows=2)
    try:
        Timeline(network, data).at(1)
    except StoppedError:
        pytest.skip("this run stops")
    draw = random.Random(seed)
    walk = Walk(
        id="walk",
        asks=((Ask("sign", None), Ask("value", None)),),
        form=draw.choice(["element", "matrix"]),
        grain=draw.choice(GRAINS),
    )
    lesson = Lesson("lesson", "title", "", (), (), {"": NetworkWithData(network, data)}, (walk,), Prose())
    session = begin(LessonRun(lesson))
    while not session.is_over:
        question = session.question
        if question is None:
            session = session.forward()
            continue
        known = session.lesson_run.known(0, question.pass_number, question.ref, question.kind)
        fair = question.kind == "number" and not list(unfairness(question.truth, question.scale, known))
        if fair:
            for text in (*spellings(question.truth, asked_at(session).decimals or 0), repr(question.truth)):
                judgement = session.answer(text).attempts[-1].judgement
                assert judgement.verdict == "correct", (question.id, text)
        if draw.random() < 0.2:
            session = session.hint().hint().decompose()
        session = session.reveal().postpone_retry() if draw.random() < 0.1 else _told(session)


def _told(session: Session) -> Session:
    """Answer with all the digits; what cannot be told from a mistake is shown instead."""
    question = session.question
    assert question is not None
    answered = session.answer(repr(question.truth) if question.kind == "number" else knows_all(session))
    return answered if answered.answers.is_settled(question.id) else session.reveal().postpone_retry()


def test_what_has_no_link_that_is_still_to_be_found_is_not_taken_apart(tmp_path: Path) -> None:
    toml = ONE_WEIGHT[: ONE_WEIGHT.index("[[activity]]")] + '[[activity]]\nkind = "walk"\nask = ASK\n'
    for ask, can in (('["a", "loss"]', False), ('["loss"]', True)):
        lesson = make_lesson(tmp_path / ask[2], toml.replace("ASK", ask))
        session = to_question(begin(LessonRun(lesson)), asks("loss"))
        assert asked_at(session.hint().hint()).can_decompose is can
