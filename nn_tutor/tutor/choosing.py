"""How a choice is taken: the letter, value or text of an option, with the lesson's reason for each wrong one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nn_tutor.judging.judgement import Judgement

if TYPE_CHECKING:
    from nn_tutor.course.activities.choose import Choose

LETTERS = "abcdef"
"""How the options are marked, from the first on."""

_NUMBER = re.compile(r"[−-]?\d+(?:\.\d+)?")
_BEHIND_WORD = re.compile(rf"[A-Za-z] {_NUMBER.pattern}$")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w* = (.+)")
_BEGINNING = re.compile(r"(?:about |at |by |to )?")


def judge_choice(activity: Choose, text: str) -> Judgement:
    """Judge a chosen option by its letter, its text or the number that it says; anything else is `invalid`.

    A number is the value of an option, "3" that of "3 times", and never its place: who works out 3 must not be told
    that the third one is wrong. Only where no option has a number in it does one count from the first.
    """
    place = _names(activity).get(_plain(text))
    if place is None:
        last = LETTERS[len(activity.options) - 1]
        return Judgement("invalid", f"type the letter of one of the answers, a to {last}", None)
    option = activity.options[place]
    if option.right:
        return Judgement("correct", option.why or "that is right", float(place + 1))
    return Judgement("wrong", option.why, float(place + 1))


def clashes(activity: Choose) -> list[tuple[int, str]]:
    """Return the options, with their texts, that pick another one when their text is typed, or the end of "by b"."""
    found = []
    taken = _by_letter(activity)
    for place, option in enumerate(activity.options):
        text = option.text.strip()
        end = _BEGINNING.match(text).end()  # type: ignore[union-attr]
        if any(taken.setdefault(_plain(said), place) != place for said in dict.fromkeys((text, text[end:]))):
            found.append((place, option.text))
    return found


def _names(activity: Choose) -> dict[str, int]:
    """What may be typed for each option."""
    texts = [option.text for option in activity.options]
    values = [_value_of(text) for text in texts]
    names = {value: place for place, value in enumerate(values) if value and values.count(value) == 1}
    if not any(re.search(r"\d", text) for text in texts):
        names = {str(place): place - 1 for place in range(1, len(texts) + 1)}
    sides = [_right_side(text) for text in texts]
    names = {side: place for place, side in enumerate(sides) if side and sides.count(side) == 1} | names
    return names | {_plain(text): place for place, text in enumerate(texts)} | _by_letter(activity)


def _by_letter(activity: Choose) -> dict[str, int]:
    return {LETTERS[place]: place for place in range(len(activity.options))}


def _value_of(text: str) -> str:
    """The one number that an option begins with, or ends with behind a word: 3 of "3 times", "by 3" and "yes, by 3"."""
    said, text = _NUMBER.findall(text), text.strip()
    stands = _NUMBER.match(text, _BEGINNING.match(text).end()) or _BEHIND_WORD.search(text)  # type: ignore[union-attr]
    return _plain(said[0]) if len(said) == 1 and stands else ""


def _right_side(text: str) -> str:
    """What a line of code gives its name, "" for an option in words: o * (1 - o) of "do_dz = o * (1 - o)"."""
    found = _ASSIGNMENT.fullmatch(text.strip())
    return _plain(found.group(1)) if found else ""


def _plain(text: str) -> str:
    """What somebody types, whatever the case, the blanks, the signs for minus and times, and the stop behind it."""
    return "".join(text.lower().split()).rstrip(".)").replace("−", "-").replace("·", "*")
