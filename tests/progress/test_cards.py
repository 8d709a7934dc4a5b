"""What is due, and where to go on: both read off the log alone."""

from __future__ import annotations

from nn_tutor.progress.cards import Coming, reviews_of, schedule
from nn_tutor.progress.entry import new_entry
from nn_tutor.progress.recall import recall
from nn_tutor.tutor.mastery import Answered

DAY = 86_400.0


def answered(day: float, verdict: str = "correct", skill: str = "update") -> Answered:
    return Answered(f"question of {day} {verdict}", skill, verdict, at=day * DAY)


def due_in_days(*answers: Answered) -> float:
    (due,) = schedule(answers)
    return due.at / DAY - answers[-1].at / DAY


def test_right_answers_push_the_next_review_further_and_further() -> None:
    first = due_in_days(answered(1))
    second = due_in_days(answered(1), answered(1 + first))
    third = due_in_days(answered(1), answered(1 + first), answered(1 + first + second))
    assert 0 < first < second < third


def test_a_miss_brings_it_back() -> None:
    assert due_in_days(answered(1, "wrong")) < due_in_days(answered(1))
    steady = due_in_days(answered(1), answered(4), answered(12))
    assert due_in_days(answered(1), answered(4), answered(12, "diagnosed")) < steady


def test_the_first_review_of_a_day_counts() -> None:
    again = [answered(1.5), answered(1.6, "wrong"), answered(1.7, "wrong")]
    assert [due.at for due in schedule(again)] == [due.at for due in schedule(again[:1])]


def test_what_is_no_answer_makes_no_card() -> None:
    assert schedule([answered(1, "invalid"), answered(1, "near"), answered(1, skill="")]) == ()


def test_what_is_due_is_told_the_longest_due_first() -> None:
    answers = [answered(1, "wrong", "loss"), answered(2, skill="update")]
    assert reviews_of(answers, 2 * DAY).due == ("loss",)
    assert reviews_of(answers, 400 * DAY).due == ("loss", "update")
    assert reviews_of(answers, 1.2 * DAY).due == ()


def test_what_will_be_due_is_told_with_the_day_the_earliest_first() -> None:
    answers = [answered(1, "wrong", "loss"), answered(1.2, skill="update")]
    first, second = reviews_of(answers, 1.3 * DAY).coming
    assert first == Coming("loss", 1), "what was missed comes back tomorrow"
    assert second.skill == "update"
    assert second.days == round(due_in_days(answers[1]))
    assert reviews_of(answers, 400 * DAY).coming == ()


def test_where_to_go_on() -> None:
    entries = [
        new_entry(1, "begun", "first", {}),
        new_entry(2, "finished", "first", {}),
        new_entry(3, "begun", "second", {}),
        new_entry(4, "at", "second", {"activity": "walk", "pass": 2}),
        new_entry(5, "begun", "practice:update:1", {}),
    ]
    recalled = recall(entries, 6)
    assert (recalled.latest, recalled.position["pass"]) == ("second", 2)
    assert recalled.finished == {"first"}
    assert recall(entries[:2], 6).latest == ""
    assert recall((), 6).answers == 0
