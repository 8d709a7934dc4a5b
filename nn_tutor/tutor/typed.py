"""What a learner typed before, to be brought back to the line, and what begins an answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nn_tutor.judging.formula import formula_names
from nn_tutor.judging.names import on_keys
from nn_tutor.walkthrough.functions import functions_for
from nn_tutor.walkthrough.questions import number_of_id

if TYPE_CHECKING:
    from nn_tutor.tutor.session import Session


def typed_before(session: Session) -> tuple[str, ...]:
    """Return what was typed for numbers in a lesson so far, oldest first, each once: where it was typed last.

    With what was typed to a question with fresh numbers, while one is asked; and nudges.
    """
    states = (session,) if session.nested is None else (session, session.nested)
    typed = [
        attempt.text.strip()
        for state in states
        for attempt in state.attempts
        if number_of_id(attempt.question.removesuffix(".size")) is not None
    ]
    typed += session.notes.get("" if session.is_over else session.activity.id, ())
    latest_first = dict.fromkeys(text for text in reversed(typed) if text)
    return tuple(reversed(latest_first))


BEHIND_DIGITS = frozenset(".*/^(")
"""What goes on with a number whose digits might be keys of panels: a sign or a digit begins one of its own."""


def begins_answer(text: str, session: Session) -> bool:
    """Whether two keys or more that may be commands each can together only be the beginning of an answer.

    They are a number that goes on behind its digits, a name that goes on, or a name or a function with what calculates
    with it.
    """
    asked = session.asked
    if asked is None or asked.question is None or asked.question.kind == "sign" or len(text) < 2:
        return False
    question, network, body, last = asked.question, asked.network, text[:-1], text[-1]
    if body.isdecimal():
        return last in BEHIND_DIGITS
    is_formula = question.kind == "formula"
    names = formula_names(network, session.passed, question.ref) if is_formula else asked.names
    words = {spelled for name in names for spelled in (name, on_keys(name))}
    functions = functions_for(network, question.ref, with_forward=is_formula or asked.is_own_open)
    if body in words:
        return last in "*/^+-" or any(word.startswith(text) for word in words)
    return (body in functions and last == "(") or any(word.startswith(text) for word in (*words, *functions))


class Earlier:
    """Leads through what was typed before, and back to what was begun.

    What is changed on the way is a new beginning.
    """

    def __init__(self) -> None:
        self._place = 0
        """Counted from the last; 0 for what was begun."""
        self._begun = ""

    def at(self, by: int, text: str, typed: Sequence[str]) -> str:
        """Return what stands on a line of `text` after a step, −1 back or 1 forward, through `typed`, oldest first."""
        if self._place > len(typed) or (self._place and text != typed[-self._place]):
            self._place = 0
        if not self._place:
            self._begun = text
        self._place = min(max(0, self._place - by), len(typed))
        return typed[-self._place] if self._place else self._begun
