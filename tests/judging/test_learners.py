"""Learners who make one known mistake each: none is taken as right, nearly all are named; who is right is told so."""

from __future__ import annotations

import pytest

from tests.judging.learners import Counts, count_answers, count_answers_of_rules


@pytest.fixture(scope="module", params=[11, 12])
def counts(request: pytest.FixtureRequest) -> Counts:
    return count_answers(request.param, 60)


def test_no_mistake_is_taken_as_right(counts: Counts) -> None:
    accepted = {made: tally for made, tally in counts.wrong.items() if tally.accepted}
    assert accepted == {}


def test_nearly_every_mistake_is_named(counts: Counts) -> None:
    total = counts.total()
    assert total.given > 3000
    assert total.named >= 0.97 * total.given


def test_who_is_right_is_told_so(counts: Counts) -> None:
    assert counts.right.given > 300
    assert counts.right.accepted >= 0.995 * counts.right.given


def test_most_questions_are_fit_to_be_asked(counts: Counts) -> None:
    assert counts.questions > 600
    assert counts.clashing < 0.6 * counts.questions


def test_every_mistake_is_made_by_somebody(counts: Counts) -> None:
    """What is left out needs a loss, a softmax, a bias held or an L2 that these networks do not have."""
    made = {mistake for _, mistake in counts.wrong}
    assert len(made) > 45


@pytest.fixture(scope="module")
def of_rules() -> Counts:
    return count_answers_of_rules(13, 120)


def test_no_mistake_in_another_rule_is_taken_as_right(of_rules: Counts) -> None:
    assert {made: tally for made, tally in of_rules.wrong.items() if tally.accepted} == {}


def test_nearly_every_mistake_in_another_rule_is_named(of_rules: Counts) -> None:
    total = of_rules.total()
    assert total.given > 5000
    assert total.named >= 0.97 * total.given
    assert len({mistake for _, mistake in of_rules.wrong}) > 90


def test_who_follows_another_rule_rightly_is_told_so(of_rules: Counts) -> None:
    assert of_rules.right.given > 200
    assert of_rules.right.accepted >= 0.995 * of_rules.right.given
