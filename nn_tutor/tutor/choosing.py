"""How a choice is taken: the number, letter or text of an option, with the lesson's reason for each wrong one."""

from __future__ import annotations

from nn_tutor.course.activities.choose import Choose
from nn_tutor.judging.judge import Judgement


def judge_choice(activity: Choose, text: str) -> Judgement:
    """Judge the number, the letter or the whole text of a chosen option; anything else is `invalid`."""
    count = len(activity.options)
    typed = text.strip().lower().rstrip(".)")
    spellings = {option.text.strip().lower(): place for place, option in enumerate(activity.options)}
    spellings |= {"abcdef"[place]: place for place in range(count)}
    spellings |= {str(place + 1): place for place in range(count)}
    place = spellings.get(typed)
    if place is None:
        return Judgement("invalid", f"type the number of one of the answers, 1 to {count}", None)
    option = activity.options[place]
    if option.right:
        return Judgement("correct", option.why or "that is right", float(place + 1))
    return Judgement("wrong", option.why, float(place + 1))
