"""What the home screen and the summary know of a learner, read off the log alone."""

from __future__ import annotations

import pytest

from nn_tutor.progress.entry import JSON, Entry, new_entry
from nn_tutor.progress.recall import recall
from nn_tutor.progress.report import as_document, as_lines

DAY = 86_400.0
PLACE: dict[str, JSON] = {"activity": "walk", "pass": 2, "number": "W1[0,0]"}


def answer(at: float, question: str, verdict: str = "correct", lesson: str = "first", **more: JSON) -> Entry:
    content: dict[str, JSON] = {"question": question, "verdict": verdict, "mistakes": [], "rung": 0, "skill": "update"}
    return new_entry(at, "answer", lesson, {**content, **more})


def test_nothing_is_nothing() -> None:
    recalled = recall((), DAY)
    assert (recalled.finished, recalled.begun, recalled.latest, recalled.due) == (frozenset(), frozenset(), "", ())
    assert list(as_lines(recalled)) == ["nothing yet: nn-tutor opens the course"]
    assert as_document(recalled)["continue"] is None


def test_a_lesson_left_in_the_middle_is_gone_on_with() -> None:
    entries = [new_entry(1, "begun", "first", {}), new_entry(2, "at", "first", PLACE)]
    recalled = recall(entries, DAY)
    assert (recalled.latest, recalled.position) == ("first", PLACE)
    assert as_document(recalled)["continue"] == {"lesson": "first", **PLACE}
    assert "in the middle of: first" in list(as_lines(recalled))


def test_a_finished_lesson_is_done_and_a_new_run_through_it_is_gone_on_with() -> None:
    entries = [new_entry(1, "begun", "first", {}), new_entry(2, "at", "first", PLACE)]
    entries.append(new_entry(3, "finished", "first", {}))
    assert (recall(entries, DAY).latest, recall(entries, DAY).finished) == ("", frozenset({"first"}))
    entries.append(new_entry(4, "begun", "first", {}))
    anew = recall(entries, DAY)
    assert (anew.latest, anew.finished, anew.begun) == ("first", frozenset({"first"}), frozenset({"first"}))
    assert anew.position == {}, "where the last run ended is not where the new one is"


def test_a_look_into_a_finished_lesson_leaves_the_one_at_hand() -> None:
    entries = [new_entry(1, "begun", "first", {}), new_entry(2, "finished", "first", {})]
    entries += [new_entry(3, "begun", "second", {}), new_entry(4, "at", "second", PLACE)]
    entries += [new_entry(5, "begun", "first", {}), new_entry(6, "at", "first", {"activity": "walk"})]
    recalled = recall(entries, DAY)
    assert (recalled.latest, recalled.position) == ("second", PLACE)
    entries.append(answer(7, "walk:1.update.W1[0,0]"))
    assert recall(entries, DAY).latest == "first", "whoever answers there goes on there"


def test_a_round_of_practice_is_no_lesson_but_its_answers_count() -> None:
    entries = [
        new_entry(1, "begun", "first", {}),
        new_entry(2, "begun", "practice:update:1", {}),
        *(answer(3 + n, f"{n}:1.update.W1[0,0]", lesson="practice:update:1") for n in range(3)),
        new_entry(9, "at", "practice:update:1", PLACE),
        new_entry(10, "finished", "practice:update:1", {}),
    ]
    recalled = recall(entries, DAY)
    assert (recalled.latest, recalled.begun, recalled.finished) == ("first", frozenset({"first"}), frozenset())
    assert (recalled.answers, recalled.right_first) == (3, 3)
    assert recalled.standing.is_mastered("update")


def test_the_first_answer_to_a_question_counts_and_what_was_no_answer_does_not() -> None:
    entries = [
        answer(1, "a", "invalid"),
        answer(2, "a", "more_digits"),
        answer(3, "a"),
        answer(4, "b", "wrong"),
        answer(5, "b"),
        answer(6, "c", rung=1),
        answer(7, "a", lesson="second"),
    ]
    recalled = recall(entries, DAY)
    assert (recalled.answers, recalled.right_first) == (4, 2)


def test_what_is_due_comes_with_time() -> None:
    entries = [answer(DAY, "a"), answer(DAY, "b", "wrong", skill="loss")]
    assert recall(entries, DAY + 60).due == ()
    assert set(recall(entries, 100 * DAY).due) == {"update", "loss"}
    assert "due for review: the loss, the step of a weight" in list(as_lines(recall(entries, 100 * DAY)))


@pytest.mark.parametrize("at", [-1e300, -1e11, -62135596800.0, 0.0, 2.5e11, 253402300799.0, 1e300])
def test_no_time_is_too_far_away_to_be_read(at: float) -> None:
    recalled = recall([answer(at, "a"), answer(DAY, "b", "wrong", skill="loss")], 10 * DAY)
    assert recalled.answers == 2
    assert "loss" in recalled.due


def test_a_clock_that_was_put_back_does_no_harm() -> None:
    entries = [answer(10 * DAY, "a"), answer(5 * DAY, "b"), answer(20 * DAY, "c", "wrong")]
    assert recall(entries, 400 * DAY).due == ("update",)


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"question": ["a"], "verdict": 7, "value": "x", "mistakes": "none", "rung": "two", "skill": None},
        {"question": None, "verdict": "correct", "mistakes": [None, [1]], "rung": -4, "skill": "no such skill"},
        {"activity": [], "pass": {}, "number": 1.5},
    ],
)
@pytest.mark.parametrize("kind", ["begun", "answer", "hint", "apart", "shown", "told", "noted", "at", "finished", "?"])
def test_whatever_is_in_the_log_something_is_told(kind: str, content: dict[str, JSON]) -> None:
    recalled = recall([new_entry(1, kind, "first", content)], DAY)
    assert list(as_lines(recalled))
    assert as_document(recalled)["format_version"] == 1
