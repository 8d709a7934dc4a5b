"""Known mistakes in the writing of a sheet: errors as target − output, changes that are added, a column for each unit.

A mistake is told as it looks there; its number is the one that stands for it under the tutor's own conventions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from nn_tutor.judging.mistakes.case import Candidate, Case, Slip
from nn_tutor.network.activations import ACTIVATIONS
from nn_tutor.network.conventions import Conventions
from nn_tutor.network.quantities import Ref, shown_sign
from nn_tutor.network.records import parameter_of
from nn_tutor.network.spelling import is_single_chain


def on_sheet(candidate: Candidate, case: Case) -> Candidate:
    """Return a mistake as the sheet of a network writes it."""
    conventions = case.network.conventions
    if conventions == Conventions():
        return candidate
    turns_error = shown_sign(case.network, Ref("delta")) < 0
    slip, mistake = candidate.slip, candidate.mistake
    moves = slip.symbol == "step" or slip.symbol.endswith("′")
    grows = _growth(case) if moves and turns_error else ""
    slope = f"∂L/∂{case.parameter}" if grows else ""
    if (turns_error and mistake.id == "forgot-loss-slope") or (slip.symbol == "step" and mistake.id == _NEW_FOR_STEP):
        return _the_same_there(candidate, case)
    turned = slip.symbol != symbol_on_sheet(case, slip.symbol) or (turns_error and slip.symbol.startswith("δ"))
    theirs, right = (_written(text, turned, turns_error, slope, grows) for text in (slip.theirs, slip.right))
    name, rule = mistake.name, mistake.rule
    if moves and (grows or conventions.flips_step):
        name, rule = (_GROWING if grows else _CHANGING).get(mistake.id, (name, rule))
    if turns_error and slip.symbol != "L":
        name, rule = (text.replace("o − y", "y − o").replace(*_ERROR) for text in (name, rule))
    if conventions.transposes_weights:
        rule = _BY_COLUMN.get(mistake.id, rule)
        name, rule, theirs, right = (_by_column(text) for text in (name, rule, theirs, right))
        if mistake.id == "gradient-transposed":  # there the one is what is right, and here the other
            theirs, right = right, theirs
    return candidate._replace(
        mistake=replace(mistake, name=name, rule=rule),
        slip=slip._replace(symbol=symbol_on_sheet(case, slip.symbol), theirs=theirs, right=right),
    )


def _the_same_there(candidate: Candidate, case: Case) -> Candidate:
    """A mistake in which nothing turns: 1 for the error, the new weight for Δw; its number is minus what it is here."""
    conventions, slip, value = case.network.conventions, candidate.slip, candidate.value
    if candidate.mistake.id == _NEW_FOR_STEP:
        if not conventions.flips_step:
            return candidate
        right = f"{case.parameter}′ − {case.parameter}"
        theirs, value = f"{case.parameter}′", -value
    else:
        right = _written(slip.right, True, True, "", "")
        theirs = slip.theirs
        old = parameter_of(case.passed.before, case.ref) if case.ref.quantity in ("W", "b") else 0.0
        value = value if case.network.l2 else 2 * old - value
    return candidate._replace(slip=Slip(value, symbol_on_sheet(case, slip.symbol), theirs, right))


_NEW_FOR_STEP = "new-value-for-step"


def symbol_on_sheet(case: Case, symbol: str) -> str:
    """Return what stands on the left of a line as the sheet writes it: `−∂L/∂o`, `Δw`."""
    if symbol == "step":
        return f"Δ{case.parameter}" if case.network.conventions.flips_step else symbol
    carries_error = symbol.startswith(("∂L/∂o", "∂L/∂a"))
    return f"−{symbol}" if carries_error and shown_sign(case.network, Ref("dL_do")) < 0 else symbol


_ERROR = ("output minus target", "target minus output")

_GROWING = {
    "added-step": ("subtracted the step", "δ has the minus of the slope in it, so the step η·δ is added"),
    "added-without-learning-rate": ("subtracted, and left out η", "add, and only η times as much"),
    "step-times-weight": ("multiplied the step by the old value", "the step is added to the old value, as it is"),
    "gradient-for-weight": ("gave the slope instead of the new value", "the slope only says where to go"),
}
"""Mistakes of an update w + η·δ·x, in its words."""

_CHANGING = {
    "added-step": ("went up the slope", "the slope points uphill, so the change is minus η times it"),
    "step-times-weight": ("multiplied the change by the old value", "the change is added to the old value, as it is"),
}
"""Mistakes of a change Δw = −η·∂L/∂w, in its words."""

_BY_COLUMN = {
    "weights-not-transposed": "a unit gets back what left it: its column of W, W[out][in]",
}
"""Rules that speak of transposing, before rows and columns are exchanged."""


def _by_column(text: str) -> str:
    """A text with rows and columns of a matrix exchanged."""
    other = {"row": "column", "column": "row", "[out][in]": "[in][out]"}
    return re.sub(r"\b(?:row|column)\b|\[out\]\[in\]", lambda found: other[found[0]], text)


def _growth(case: Case) -> str:
    """What a parameter grows by but for η, δ·x; "" where its slope is no single product of δ."""
    delta = case.slope_in_z(case.layer)
    has_links = is_single_chain(case.network, case.rows) and not case.network.is_fused
    if case.rows > 1 or case.network.l2 or has_links or not delta.startswith("δ"):
        return ""
    return delta if case.ref.quantity == "b" else f"{delta}·{case.x(case.layer)}"


@lru_cache(maxsize=4096)
def _written(text: str, turned: bool, turns_error: bool, slope: str, grows: str) -> str:
    """A side of a line in the sheet's letters: the other sign if it is `turned`, δ for −δ, what grows for −slope."""
    if _WORDS.match(text):
        return text
    terms = [(-sign if turned else sign, term) for sign, term in _in_letters(text, turns_error, slope, grows)]
    terms = [_without_minus(sign, term) for sign, term in terms]
    if terms[0][0] < 0 and any(sign > 0 for sign, _ in terms):
        terms.sort(key=lambda term: -term[0])
    return _joined(terms)


FUNCTION_NAMES = "|".join(
    dict.fromkeys(("exp", "ln", "log", "max", "min", "sign", *(one.sign for one in ACTIVATIONS.values() if one.sign)))
)
"""The functions that stand in formulas, as a pattern: no words."""

_WORDS = re.compile(rf"(?!(?:{FUNCTION_NAMES})\()(?:[a-z]{{2,}} |a slope|[a-z]{{4,}}|1/\d+· sample)")
"""A side that is told in words."""


def _joined(terms: list[tuple[int, str]]) -> str:
    first, *others = terms
    return ("−" if first[0] < 0 else "") + first[1] + "".join(f" {'−' if s < 0 else '+'} {term}" for s, term in others)


def _without_minus(sign: int, term: str) -> tuple[int, str]:
    """A term with its error turned, where it has one, in the place of a minus: `y − o` for `−(o − y)`."""
    found = _DIFFERENCE.search(term)
    if sign > 0 or found is None:
        return sign, term
    return 1, f"{term[: found.start()]}({found[2]} − {found[1]}){term[found.end() :]}"


_DIFFERENCE = re.compile(r"\((y|[oz][₀-₉]*) − (y|[oz][₀-₉]*)\)(?![²³])")


def _in_letters(text: str, turns_error: bool, slope: str, grows: str) -> Iterator[tuple[int, str]]:
    """Yield the terms of a sum with their signs, in the sheet's letters."""
    for sign, term in _terms(text):
        written = ""
        for part in _GROUPS.split(term):
            if part.startswith("(") and not _DIFFERENCE.fullmatch(part):
                inner = list(_in_letters(part[1:-1], turns_error, slope, grows))
                if len(inner) == 1:
                    sign, inner = sign * inner[0][0], [(1, inner[0][1])]
                part = _joined(inner)
                part = f"({part})" if len(inner) > 1 or not _DELTA.fullmatch(part) else part
            elif slope and slope in part:
                sign, part = -sign, part.replace(slope, grows)
            elif turns_error and part.count("δ") % 2:
                sign = -sign
            written += part
        yield sign, written


_DELTA = re.compile(r"δ[₀-₉]*")

_GROUPS = re.compile(r"(\([^()]*\))")


def _terms(text: str) -> Iterator[tuple[int, str]]:
    """Yield what is added up outside all brackets, each with its sign."""
    sign, depth, start = 1, 0, 0
    if text.startswith("−"):
        sign, start = -1, 1
    for place, character in enumerate(text):
        depth += (character in "([") - (character in ")]")
        if depth == 0 and text[place : place + 3] in (" + ", " − "):
            yield sign, text[start:place]
            sign, start = (1 if text[place + 1] == "+" else -1), place + 3
    yield sign, text[start:]
