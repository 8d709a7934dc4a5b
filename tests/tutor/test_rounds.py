"""Rounds of practice: fair numbers without end, the same for the same seed, and what was missed comes back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nn_tutor.calculus.derivation import SymPyDeriver
from nn_tutor.course.activities.walk import Walk
from nn_tutor.course.find import shipped_paths
from nn_tutor.course.load import load
from nn_tutor.judging.judgement import Judgement
from nn_tutor.tutor.changes import changes
from nn_tutor.tutor.dots import weakest
from nn_tutor.tutor.exercises import exercise, taught_in
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.linter import lint
from nn_tutor.tutor.mastery import Answered, Standing, after, standing_after
from nn_tutor.tutor.practice import (
    MAX_IN_ROUND,
    MIX,
    ROUND,
    chosen_skills,
    extended,
    parse_practice_id,
    practice_id,
    round_of,
)
from nn_tutor.tutor.saved_run import answers_of
from nn_tutor.tutor.session import Session, begin
from nn_tutor.tutor.summary import first_mistake, summary_of
from nn_tutor.tutor.visible import Covered, view_of
from nn_tutor.tutor.whole_pass import whole_passes
from nn_tutor.walkthrough.skills import BASIC_SKILLS, SKILLS, Skill
from tests.lessons_for_tests import right_answer
from tests.stations import asked_at
from tests.tutor.records import Written


def test_only_what_was_met_is_practised_and_the_weakest_first() -> None:
    lessons = {lesson.id: lesson for lesson in map(load, shipped_paths())}
    drawn = lessons["learning-from-data"]  # it shows a network with a sigmoid, and works with none
    met = taught_in([drawn, lessons["one-weight-by-hand"], lessons["slope"], lessons["chain-rule"]])
    assert set(met) == {"forward-dot", "loss", "∂L/∂o", "∂z/∂w", "chain", "sign", "update"}
    for seed in range(8):
        for walk in round_of("mix", seed, met=met).activities:
            network = round_of("mix", seed, met=met).networks[walk.network].network
            assert [(layer.inputs, layer.units, layer.activation) for layer in network.layers] == [(1, 1, "identity")]
    dots: dict[str, int] = {**dict.fromkeys(met, 3), "chain": 1, "sign": 0}
    weak = round_of("mix", 3, met=met, dots=dots)
    asked = [walk.asks_of(1)[0] for walk in weak.activities[:2] if isinstance(walk, Walk)]
    assert [(ask.kind, ask.ref.quantity) for ask in asked if ask.ref is not None] == [("sign", "dW"), ("value", "dW")]
    assert len(round_of("softmax-gradient", 1, met=met).activities) == ROUND  # asked for by name
    assert taught_in([]) == {}
    # Hidden layers are trained there, and a page speaks of one: worked out is a single weight with its bias.
    seen_only = taught_in([lessons["overfitting"]])
    assert {len(kind.sizes) for kinds in seen_only.values() for kind in kinds} == {2}
    review = round_of("due", 1, ("update", "hidden-delta"), met=met, dots={"hidden-delta": 0})
    kinds = {tuple(layer.units for layer in entry.network.layers) for entry in review.networks.values()}
    assert kinds == {(1,), (2, 3)}, "what only a network of one's own has asked comes in its simplest kind"
    met = taught_in([lessons["adam"]])
    rules = {entry.network.optimizer.rule for entry in round_of("mix", 1, met=met).networks.values()}
    assert "adam" in rules, "who has met other rules practises them"


def test_a_mix_begins_with_the_skill_that_home_calls_the_weakest() -> None:
    met = taught_in(map(load, shipped_paths()))
    for dots in ({"loss": 0, "sign": 0, "chain": 1}, {"update": 2, "loss": 3}, {"chain": 3}):
        for seed in range(6):
            asked = chosen_skills(MIX, seed, (), ROUND, met, dots)
            assert weakest(dots) in (asked[0], None)
            assert len(set(asked)) == ROUND
    assert weakest({"chain": 1, "loss": 0, "sign": 0}) == "loss"
    assert weakest({"chain": 3}) is None


def test_who_has_met_everything_practises_everything() -> None:
    met = taught_in(map(load, shipped_paths()))
    assert set(met) >= set(BASIC_SKILLS)


def test_what_is_put_off_in_a_round_comes_back_at_its_end() -> None:
    session = begin(LessonRun(round_of("update", 4))).reveal().postpone_retry()
    assert session.notice == "put off: the end of this round asks it again, with other numbers"


def test_an_exercise_shows_neither_its_rule_nor_the_slopes_it_is_made_of() -> None:
    """Until a hint gives the rule, or F2 the links."""
    for skill in ("hidden-delta", "batch-mean", "softmax-gradient"):
        session = begin(LessonRun(round_of(skill, 4)))
        view = view_of(session, SymPyDeriver())
        assert view is not None
        rows = {row.ref: row for row in view.rows()}
        alike = [
            row for ref, row in rows.items() if ref.quantity == view.focus.quantity and ref.layer == view.focus.layer
        ]
        assert all(row.rule is Covered.ASKED for row in alike), skill
        assert not [row for row in alike if isinstance(row.numbers, str)], skill
        assert not [ref for ref in view.known if ref.phase == "backward"], skill
        hinted = view_of(session.hint().hint().hint(), SymPyDeriver())
        assert hinted is not None
        assert isinstance(hinted.row(hinted.focus).rule, str)
        done = view_of(session.reveal(), SymPyDeriver())
        assert done is not None
        assert all(isinstance(row.rule, str) for row in done.rows() if row.ref in done.known), skill


@pytest.mark.parametrize("skill", SKILLS)
def test_every_skill_has_fair_exercises(skill: Skill) -> None:
    for seed in (1, 2):
        assert lint(round_of(skill, seed), SymPyDeriver()) == []


def test_a_seed_repeats_a_round_and_another_does_not() -> None:
    assert round_of("update", 7).networks == round_of("update", 7).networks
    exercise.cache_clear()
    again = round_of("update", 7)
    assert again.networks == round_of("update", 7).networks
    assert again.networks != round_of("update", 8).networks
    assert len(round_of("mix", 1).activities) == ROUND + 1  # and a whole pass


def test_a_mix_ends_with_a_whole_pass_of_a_kind_that_was_met_and_all_of_it_is_fair() -> None:
    lessons = {lesson.id: lesson for lesson in map(load, shipped_paths())}
    met = taught_in([lessons["one-weight-by-hand"], lessons["slope"]])
    assert [walk.id for walk in round_of("mix", 2, met=met).activities] == ["1", "2", "3", "4", "5", "6"], (
        "no update yet"
    )
    met = taught_in([lessons["one-weight-by-hand"], lessons["slope"], lessons["chain-rule"]])
    last = round_of("mix", 2, met=met).activities[-1]
    assert isinstance(last, Walk)
    assert (last.id, last.own) == ("pass", True)
    everything = taught_in(lessons.values())
    assert {template.sizes for template in whole_passes(everything)} == {(1, 1), (1, 1, 1), (2, 3)}
    whole = round_of("mix", 2)
    alone = replace(whole, activities=whole.activities[-1:], networks={"pass": whole.networks["pass"]})
    assert lint(alone, SymPyDeriver()) == []
    assert "pass" not in [walk.id for walk in round_of("update", 2).activities]


def test_what_was_missed_comes_back_behind_the_whole_pass_with_the_numbers_it_always_had() -> None:
    session = begin(LessonRun(round_of("mix", 2))).entered(6)
    missed = Answered("1:1.update.W1[0,0]", "update", "wrong")
    longer = extended(session, [missed]).lesson_run.lesson
    assert [walk.id for walk in longer.activities[6:]] == ["pass", "7"]
    every = [Answered(f"{number}:1.update.W1[0,0]", skill, "wrong") for number, skill in enumerate(BASIC_SKILLS)]
    longest = extended(session, every).lesson_run.lesson
    assert [walk.id for walk in longest.activities[6:]] == ["pass", *map(str, range(7, MAX_IN_ROUND + 1))]


def test_ids_of_rounds() -> None:
    assert parse_practice_id(practice_id("∂L/∂o", 3)) == ("∂L/∂o", 3)
    assert parse_practice_id("practice:dL_do:3") == ("∂L/∂o", 3)
    for wrong in ("practice:", "practice:update", "practice:updates:1", "practice:update:-1", "update:1"):
        with pytest.raises(ValueError, match="write practice:SKILL:SEED"):
            parse_practice_id(wrong)


def play(skill: str, wrong_until: int) -> tuple[Session, list[Answered]]:
    """Play a round as somebody who adds the step in the first so many questions, and then never again."""
    session = begin(LessonRun(round_of(skill, 5)))
    answers: list[Answered] = []
    asked = 0
    for _ in range(400):
        if session.is_over:
            break
        question = session.question
        if question is None:
            session = session.forward()
            continue
        before = session
        if asked < wrong_until and not asked_at(session).misses:
            added = next(c for c in session.lesson_run.known(session.place.activity, 1, question.ref, "number"))
            session = session.answer(f"{added.value:.{asked_at(session).decimals}f}")
        else:
            session = session.answer(right_answer(session))
            asked += 1
        answers += answers_of(Written(kind, content, "practice") for kind, content in changes(before, session))
        session = extended(session, answers)
    return session, answers


def test_a_missed_skill_comes_back_until_three_in_a_row_are_right() -> None:
    session, answers = play("update", wrong_until=ROUND)
    assert session.is_over
    firsts: dict[str, str] = {}
    for answered in answers:
        firsts.setdefault(answered.question, answered.verdict)
    verdicts = list(firsts.values())
    assert verdicts[:ROUND] == ["diagnosed"] * ROUND
    assert verdicts[ROUND:] == ["correct"] * 3
    assert standing_after(answers).dots["update"] == 3
    (made,) = summary_of(session).mistakes
    assert (made.name, made.times) == ("added the step", ROUND)


def test_the_rule_of_a_mistake_is_the_one_that_was_said_of_the_answer() -> None:
    """A mistake that is made in several places has a rule for each: the hinge loss has nothing to say of a square."""
    for rule in ("the error is o − y, not o", "the loss compares the output with the target y"):
        message = f"you forgot the target. {rule[0].upper()}{rule[1:]}"
        made = first_mistake(Judgement("diagnosed", message, 1.0, recalled=("forgot-target",)))
        assert made is not None
        assert made.rule == rule
    assert first_mistake(Judgement("wrong", "", 1.0)) is None


@pytest.mark.parametrize("before", ["", "two things at once, it seems: "])
def test_of_several_mistakes_none_is_counted_until_it_is_said_which_was_made(before: str) -> None:
    message = f"{before}either you squared the slope, or you took the step of plain gradient descent"
    both = ("slope-squared", "plain-step")
    assert first_mistake(Judgement("diagnosed", message, 1.0, recalled=both)) is None
    chosen = Judgement("diagnosed", "you took the step of plain gradient descent. …", 1.0, recalled=both[1:])
    made = first_mistake(chosen)
    assert made is not None
    assert made.id == "plain-step"


def test_a_round_ends_even_for_who_never_gets_it_right() -> None:
    session, _ = play("update", wrong_until=1000)
    assert len(session.lesson_run.lesson.activities) <= MAX_IN_ROUND
    assert session.is_over


def test_who_makes_no_mistake_has_the_round_alone() -> None:
    session, answers = play("chain", wrong_until=0)
    assert len(session.lesson_run.lesson.activities) == ROUND
    assert summary_of(session).mistakes == ()
    assert standing_after(answers).is_mastered("chain")


@pytest.mark.parametrize(
    ("verdict", "mistakes", "hint_level", "dots"),
    [
        ("correct", (), 0, 2),
        ("correct", (), 2, 1),
        ("near", (), 0, 1),
        ("follow_through", (), 0, 1),
        ("diagnosed", ("half-convention",), 0, 1),
        ("diagnosed", ("forgot-two",), 0, 0),
        ("wrong", (), 0, 0),
        ("shown", (), 0, 0),
        ("invalid", (), 0, 1),
        ("more_digits", (), 0, 1),
    ],
)
def test_what_an_answer_does_to_the_dots(verdict: str, mistakes: tuple[str, ...], hint_level: int, dots: int) -> None:
    one = after(Standing(), Answered("first", "update", "correct"))
    answered = Answered("second", "update", verdict, mistakes, hint_level)
    assert after(one, answered).dots["update"] == dots
    assert standing_after([Answered("first", "update", "correct"), answered]).dots["update"] == dots


def test_only_the_first_answer_to_a_question_counts() -> None:
    answers = [Answered("same", "update", "wrong"), Answered("same", "update", "correct")]
    assert standing_after(answers).dots == {"update": 0}
    assert standing_after([Answered("same", "update", "correct")] * 5).dots == {"update": 1}


def test_the_terms_of_one_loss_that_was_taken_apart_give_one_dot() -> None:
    terms = [Answered(f"w:1.loss.loss_term[{row},0]", "loss", "correct") for row in range(3)]
    assert standing_after(terms).dots == {"loss": 1}
    assert standing_after([*terms, Answered("w:2.loss.loss_term[0,0]", "loss", "correct")]).dots == {"loss": 2}
