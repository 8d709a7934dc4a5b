"""What the loss does where a learner's own new weight or bias lands, in words that do not praise a lucky step."""

from __future__ import annotations

from nn_tutor.calculus.numerals import numeral

LUCK = "; that is luck, not a step of this rule"
"""What is added where a wrong step happens to land lower than the right one."""

_MORE = 1.05
"""How many times as far as by the right step the loss has to fall: rounding alone is no luck."""


def change_said(before: float, after: float, right: float, *, written: str) -> str:
    """Return what the loss does from `before` to `after`, where the right step would lead to `right`.

    `written` is how a change is told, with `{before}` and `{after}`.
    """
    first, last = numeral(before), numeral(after)
    if first == last:
        return f"the loss stays at {first}"
    change = "rises" if after > before else "falls"
    told = f"the loss {change} {written.format(before=first, after=last)}"
    is_lower = before - after > _MORE * (before - right) and after < right
    return f"{told}{LUCK}" if is_lower else told
