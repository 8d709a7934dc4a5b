"""What is due for review: one card a skill, scheduled by FSRS behind this small interface.

Source: the free spaced repetition scheduler, https://github.com/open-spaced-repetition/py-fsrs. The first review of a
skill on a day counts: a right, unaided answer is Good, a miss is Again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from nn_tutor.dataclass import dataclass
from nn_tutor.tutor.mastery import Answered, evidence_of


@dataclass(frozen=True, slots=True)
class Due:
    """When a skill is due, in unix seconds."""

    skill: str
    at: float


@dataclass(frozen=True, slots=True)
class Coming:
    """A skill that will be due, and in how many days of the calendar: 1 is tomorrow."""

    skill: str
    days: int


@dataclass(frozen=True, slots=True)
class Reviews:
    """The skills that are due at some moment, the most overdue first, and those that will be, the earliest first."""

    due: tuple[str, ...] = ()
    coming: tuple[Coming, ...] = ()


def schedule(answers: Iterable[Answered]) -> tuple[Due, ...]:
    """Return when each skill that was ever asked is due, the earliest first; answers oldest first."""
    from fsrs import Card, Rating, Scheduler, State

    scheduler = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    cards: dict[str, Card] = {}
    reviewed: set[tuple[str, int]] = set()
    # What was imported may be of any time; the calendar ends, and so do the cards.
    first, last = datetime(1, 1, 2, tzinfo=UTC).timestamp(), datetime(9000, 1, 1, tzinfo=UTC).timestamp()
    for answered in answers:
        evidence = evidence_of(answered)
        if evidence in (None, "neutral") or not answered.skill or not first <= answered.at <= last:
            continue
        key = (answered.skill, int(answered.at // 86_400))
        if key in reviewed:
            continue
        reviewed.add(key)
        when = datetime.fromtimestamp(answered.at, UTC)
        card = cards.get(answered.skill) or Card(card_id=1, state=State.Learning, due=when)
        rating = Rating.Good if evidence == "hit" else Rating.Again
        cards[answered.skill], _ = scheduler.review_card(card, rating, when)
    found = [Due(skill, card.due.timestamp()) for skill, card in cards.items()]
    return tuple(sorted(found, key=lambda due: (due.at, due.skill)))


def reviews_of(answers: Iterable[Answered], now: float) -> Reviews:
    """Return what is due and what is coming at a moment in unix seconds."""
    found = schedule(answers)
    return Reviews(
        tuple(due.skill for due in found if due.at <= now),
        tuple(Coming(due.skill, _days_until(due.at, now)) for due in found if due.at > now),
    )


def _days_until(at: float, now: float) -> int:
    """How many days of the calendar lie between two moments: 0 is today, 1 tomorrow."""
    return (datetime.fromtimestamp(at).date() - datetime.fromtimestamp(now).date()).days
