"""What comes after the last lesson of the course or a round of practice, from what is known of the learner."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nn_tutor.dataclass import dataclass
from nn_tutor.tutor.dots import weakest
from nn_tutor.walkthrough.skills import in_words

if TYPE_CHECKING:
    from nn_tutor.course.find import Listing
    from nn_tutor.progress.recall import Recalled
    from nn_tutor.tutor.mastery import Standing


@dataclass(frozen=True, slots=True)
class Way:
    """A way to go on, and the command that takes it from a shell."""

    said: str
    command: str


MAX_TOLD = 4
"""How many of the skills that will be due on one day are named."""


def reviews_ahead(recalled: Recalled) -> tuple[Way, ...]:
    """Return what is due for review, and what will be due next and when; nothing where nothing was ever asked."""
    ways = []
    if recalled.due:
        ways.append(Way(f"Due now: {', '.join(map(in_words, recalled.due))}", "nn-tutor review"))
    if recalled.coming:
        days = recalled.coming[0].days
        skills = [in_words(one.skill) for one in recalled.coming if one.days == days]
        named = skills if len(skills) <= MAX_TOLD + 1 else [*skills[:MAX_TOLD], f"{len(skills) - MAX_TOLD} more"]
        said = f"Due {in_days(days)}: {', '.join(named)}"
        ways.append(Way(said if recalled.due else f"Nothing is due now. {said}", ""))
    return tuple(ways)


def in_days(days: int) -> str:
    """Return when it is in so many days, as one says it: `tomorrow`, `in 3 days`, `in 2 weeks`."""
    if days < 2:
        return "tomorrow" if days == 1 else "later today"
    if days < 14:
        return f"in {days} days"
    return f"in {days // 7} weeks" if days < 61 else f"in {days // 30} months"


def ways_on(recalled: Recalled, lessons: Sequence[Listing]) -> tuple[Way, ...]:
    """Return the ways on: lessons that are left, what is due, practice, the quiz, and a network of one's own."""
    ways = []
    done = recalled.finished | recalled.tested_out
    left = [(number, listing.title) for number, listing in enumerate(lessons, start=1) if listing.id not in done]
    if left:
        number, title = left[0]
        others = f", and {len(left) - 1} more" if len(left) > 1 else ""
        ways.append(Way(f"Not done yet: lesson {number}, {title}{others}", f"nn-tutor start {number}"))
    if recalled.due:
        ways.append(Way(f"Review what is due: {', '.join(map(in_words, recalled.due))}", "nn-tutor review"))
    if recalled.standing.dots:
        ways.append(Way(_practice(recalled.standing), "nn-tutor practice"))
    ways.append(Way(_quiz(recalled), "nn-tutor practice --quiz"))
    ways.append(Way("Step through a network of your own", "nn-tutor homework"))
    return tuple(ways)


def _practice(standing: Standing) -> str:
    skill = weakest(standing.dots)
    about = "all that you have met" if skill is None else f"{in_words(skill)} first, your weakest"
    return f"Practise with fresh numbers: {about}"


def _quiz(recalled: Recalled) -> str:
    if not recalled.quizzes:
        return "Take the quiz over the course"
    first, *others = recalled.quizzes
    last = f", {others[-1]} the last time" if others else ""
    return f"Take the quiz again to see what you gained: {first} of 8 were right the first time{last}"
