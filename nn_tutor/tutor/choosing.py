"""How a choice is taken: the number, letter or text of an option, with the lesson's reason for each wrong one."""

from __future__ import annotations

from nn_tutor.course.activities.choose import Choose
from nn_tutor.judging.judge import Judgement


def judge_choice(activity: Choose, text: str) -> Judgement:
    """Judge the number, the letter or the whole text of a chosen option; anything else is `invalid`."""
    count = len(activity.options)
    places = {_plain(option.text): place for place, option in enumerate(activity.options)} | _by_places(count)
    place = places.get(_plain(text))
    if place is None:
        return Judgement("invalid", f"type the number of one of the answers, 1 to {count}", None)
    option = activity.options[place]
    if option.right:
        return Judgement("correct", option.why or "that is right", float(place + 1))
    return Judgement("wrong", option.why, float(place + 1))


def clashes(activity: Choose) -> list[tuple[int, str]]:
    """Return the options, with their texts, that pick another one when they are typed."""
    found = []
    taken = _by_places(len(activity.options))
    for place, option in enumerate(activity.options):
        if taken.setdefault(_plain(option.text), place) != place:
            found.append((place, option.text))
    return found


def _by_places(count: int) -> dict[str, int]:
    """The options by number and by letter."""
    return {name: place for place in range(count) for name in (str(place + 1), "abcdef"[place])}


def _plain(text: str) -> str:
    """What somebody types, whatever the case and the stop behind it."""
    return text.strip().lower().rstrip(".)")
