"""From typed text to tokens: which characters are taken, which are refused, and with what mend."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from nn_tutor.calculus.numerals import on_line
from nn_tutor.dataclass import dataclass
from nn_tutor.judging.visible import is_harmless, quote, visible

MAX_CHARACTERS = 120
MAX_TOKENS = 80

_LETTERS = "[A-Za-zΑ-Ωα-ω][A-Za-zΑ-Ωα-ω0-9_₀-₉]*"

NAME = re.compile(_LETTERS)
"""How a name is bound: Latin and Greek letters, then digits, subscript digits and underscores too."""

_PRINTED = re.compile(r"(∂?)([A-Za-zΑ-Ωα-ω]\u0302?ᵇ?[A-Za-zΑ-Ωα-ω0-9_₀-₉]*)(?:⁽([⁰¹²³⁴-⁹]+)⁾)?(['′’]?)")
"""A name as the screen prints it.

∂ before that of a derivative, ^ and ᵇ on what the update rule remembers, the number of the sample raised, ′ if new.
"""

_NORM = "‖∇L‖"
"""The length of all slopes as the screen prints it."""

WITHOUT_MARK = "a name is typed without ′"

Kind = Literal["number", "fraction", "name", "power", "+", "-", "*", "/", "^", "(", ")", ",", "%", "√", "⌊", "⌋"]
"""A `power` is one raised digit, as in x²; its text is the plain digit. A `name` of a new value ends in ′."""


class ReadingError(ValueError):
    """A typed text that was refused: `message` is one short sentence for the learner, safe for a terminal."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Token:
    """One word of what was typed: its kind, its text with digits and signs folded, and whether a blank is before it."""

    kind: Kind
    text: str
    after_blank: bool


def tokenize(text: str) -> tuple[Token, ...]:
    """Split typed text into at least one and at most 80 tokens; raises `ReadingError` on anything that is refused."""
    folded = fold(text)
    tokens: list[Token] = []
    position, after_blank = 0, False
    while position < len(folded):
        if folded[position] == " ":
            position, after_blank = position + 1, True
            continue
        kind, text, end = _token_at(folded, position)
        if len(tokens) == MAX_TOKENS:
            raise ReadingError("that is too long to read: type a shorter calculation")
        tokens.append(Token(kind, text, after_blank))
        position, after_blank = end, False
    _check_slashes(tokens)
    return tuple(tokens)


def printed_name(text: str) -> str | None:
    """Return the plain spelling of a name as it is printed: `dL_dw` of ∂L/∂w, `w` of w′; None of any other text."""
    over, slash, under = text.strip(_EDGES).rstrip("'′’´`").partition("/")
    found = [_PRINTED.fullmatch(part.strip(_BLANKS)) for part in ((over, under) if slash else (over,))]
    if not all(found) or (slash and not all(one and (one[1] or one[2][0] == "d") for one in found)):
        return None
    return on_line("_".join(_plain(one) for one in found if one))


def fold(text: str) -> str:
    """Return typed text without blanks at its ends, with digits and signs of one reading in their plain spelling.

    Decimal digits of every script become 0 to 9, every dash a `-`, every inner blank a space, a product sign `×` where
    it is not `*`. Nothing else is folded (NFKC would turn 1½ into 11/2). Raises `ReadingError` where the text is empty,
    too long, of more than one line, or holds a character that cannot be seen.
    """
    if len(text) > MAX_CHARACTERS:
        raise ReadingError(f"that is too long: type at most {MAX_CHARACTERS} characters")
    stripped = text.strip(_EDGES)
    if not stripped:
        raise ReadingError("nothing is typed yet: type a number")
    return "".join(map(_fold_character, stripped))


_BLANKS = " \t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_EDGES = _BLANKS + "\r\n\u200b\ufeff"  # a zero-width blank or a byte order mark comes along with pasted text

_FOLDS = {
    **dict.fromkeys(_BLANKS, " "),
    **dict.fromkeys("−‐‑‒–—―﹣－", "-"),
    **dict.fromkeys("×·⋅∙∗", "×"),  # never two of them for a power: 3××4 is a slip
    **dict.fromkeys("÷∕／", "/"),
    **dict.fromkeys("＋﹢", "+"),
    **dict(zip("＊＾（）．，％＝", "*^().,%=", strict=True)),
}

_RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", strict=True))
_POWERS = "²³⁴⁵⁶⁷⁸⁹"  # x¹ could be sample 1, and ⁰ comes from pasted text

_FRACTIONS = "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅐⅛⅜⅝⅞⅑⅒"
_DIGITS = r"[0-9]+(?:_[0-9]+)*"
_NUMBER = re.compile(rf"(?:{_DIGITS}(?:\.(?:{_DIGITS})?)?|\.{_DIGITS})(?:[eE][+-]?{_DIGITS})?")

_GROUPED = re.compile(r"(?:['’][0-9]+)+")

_SIGNS: dict[str, Kind] = {
    "+": "+",
    "-": "-",
    "*": "*",
    "×": "*",
    "/": "/",
    "⁄": "/",
    "^": "^",
    "(": "(",
    ")": ")",
    ",": ",",
    "%": "%",
    "√": "√",
    "⌊": "⌊",
    "⌋": "⌋",
}

_MENDS = {
    **dict.fromkeys("=≈≃≅≠<>≤≥", "type only the number, or only the calculation: no = and no comparison"),
    **dict.fromkeys("[]{}", "use round brackets only, and give one answer"),
    **dict.fromkeys("|", "for the size of a number write abs(…)"),
    **dict.fromkeys("'’`´‘\"“”„«»", "leave out the quotation marks: type only the number"),
    **dict.fromkeys("‚،٫٬", "a decimal number is written with a point: 0.36"),
    **dict.fromkeys(";", "one answer at a time, and a point for decimals: 1.5"),
    **dict.fromkeys(":", "a colon has no meaning here: for a division write /"),
    **dict.fromkeys("$€£¥", "leave out the currency sign: type only the number"),
    **dict.fromkeys("?", "type a number, or arithmetic such as 2*(0.4-1)"),
    **dict.fromkeys("!", "there are no factorials here: type only the number"),
    **dict.fromkeys("∞", "infinity is no answer here: type a finite number"),
    **dict.fromkeys("~", "leave out the ~: type only the number"),
    **dict.fromkeys("±∓", "one sign only: type + or -"),
    **dict.fromkeys("_", "an underscore stands only inside a name, or between digits as in 1_000"),
    **dict.fromkeys("′″", WITHOUT_MARK),
}


def _fold_character(character: str) -> str:
    if character in _FOLDS:
        return _FOLDS[character]
    if character in "\r\n":
        raise ReadingError("type it on one line")
    if not is_harmless(character):
        raise ReadingError(f"a character that cannot be seen is in there ({visible(character)}): type it again")
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)


def _token_at(folded: str, position: int) -> tuple[Kind, str, int]:
    """Return the kind, the plain text and the end of the token that starts at a position which holds no blank."""
    if number := _NUMBER.match(folded, position):
        _check_end_of_number(folded, number.group(), number.end())
        return "number", number.group(), number.end()
    if name := _PRINTED.match(folded, position):
        return "name", _plain(name) + ("′" if name[4] else ""), name.end()
    if folded.startswith(_NORM, position):
        return "name", "norm", position + len(_NORM)
    character = folded[position]
    if folded.startswith("**", position):
        return "^", "**", position + 2
    if folded.startswith("//", position):
        raise ReadingError("for a division write one / only")
    if character in _SIGNS:
        return _SIGNS[character], character, position + 1
    if character in _FRACTIONS:
        return "fraction", character, position + 1
    if character in _POWERS and folded[position + 1 : position + 2] not in (*_RAISED, "⁻", "⁺"):
        return "power", _RAISED[character], position + 1
    if character == "[" and position and folded[position - 1].isalnum():
        raise ReadingError("the value of one sample is written without brackets, as in x_2")
    if character in "'’" and position and (folded[position - 1].isalnum() or folded[position - 1] == "_"):
        raise ReadingError(_MENDS["′"])
    raise ReadingError(_mend(character))


def _plain(name: re.Match[str]) -> str:
    """Return the plain spelling of a name: ∂ as d, m̂ as m_hat, the number of the sample behind an underscore."""
    derivative, letters, sample, _ = name.groups()
    letters = letters.replace("\u0302", "_hat").replace("ᵇ", "_b")
    raised = "" if sample is None else f"_{''.join(map(_RAISED.__getitem__, sample))}"
    return f"{'d' if derivative else ''}{letters}{raised}"


def _check_slashes(tokens: list[Token]) -> None:
    """Refuse a fraction slash ⁄ that is not between two numbers, or has a neighbour that binds as strongly: 1/2⁄3."""
    kinds = ["", "", *(token.kind for token in tokens), "", ""]
    for place, token in enumerate(tokens):
        if token.text != "⁄":
            continue
        before, *sides, after = kinds[place], kinds[place + 1], kinds[place + 3], kinds[place + 4]
        if sides != ["number", "number"] or before in ("/", "^") or after in ("/", "^", "power", "(", "name"):
            raise ReadingError("that has two readings: write the fraction with / and in brackets, as in (1/2)")


def _check_end_of_number(folded: str, number: str, end: int) -> None:
    following = folded[end : end + 1]
    grouped = _GROUPED.match(folded, end)
    if following == ".":
        raise ReadingError("a number has one decimal point only")
    if following == "_":
        raise ReadingError(_MENDS["_"])
    if grouped and len(number) < 20:
        raise ReadingError(
            f"leave out marks between digits: write {number}{re.sub('[^0-9]', '', grouped.group())[:20]}"
        )


def _mend(character: str) -> str:
    """Return what to say of a character that is in no token."""
    if character in _MENDS:
        return _MENDS[character]
    if character == ".":
        return "a point needs digits beside it, as in 0.5"
    if unicodedata.decomposition(character).startswith("<super>"):
        digit = unicodedata.digit(character, None)
        return f"write a power with ^, as in x^{2 if digit is None else digit}"
    if character.isalpha():
        return f"the letter {quote(character)} (U+{ord(character):04X}) is not known here: type plain letters"
    if unicodedata.combining(character) or unicodedata.category(character).startswith("M"):
        return f"a mark that joins another character (U+{ord(character):04X}) is in there: type it again"
    return f"{quote(character)} is not known here: type a number, or arithmetic with + - * / ^ ( )"
