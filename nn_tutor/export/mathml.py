"""Formulas as MathML: the tutor's textbook notation as elements that a browser sets and a screen reader speaks.

The notation is a line of text (`∂L/∂w₂₁₁ = δ₂₁·a₁₁`). Subscripts, superscripts, ∂…/∂…, simple fractions and powers
become structure; what is no part of the notation stays as it is, as text.
"""

from __future__ import annotations

import re
from html import escape

_DOWN = str.maketrans("₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₜ", "0123456789ijkt")
_UP = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾ᵀᵗᵇ⁻", "0123456789()Ttb−")

_SCRIPTS = r"(?P<bias>ᵇ?)(?P<down>[₀-₉ᵢⱼₖₜ]*(?:\[\d+(?:,\d+)*\])?)(?P<up>[⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾ᵀᵗ⁻]+)?(?P<marks>′*)"
_LETTER = r"[A-Za-zα-ωΑ-ΩΔ][̂̄]?°?"
_NAME = rf"(?P<letter>{_LETTER}){_SCRIPTS}"
_NAME_ALONE = rf"{_LETTER}ᵇ?[₀-₉ᵢⱼₖₜ]*(?:\[\d+(?:,\d+)*\])?(?:[⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾]+)?"
_TOKEN = re.compile(
    rf"(?P<slope>∂(?P<over>{_NAME_ALONE})/∂(?P<under>{_NAME_ALONE}))"
    r"|(?P<number>\d+(?:\.\d+)?(?:e[−-]?\d+)?)"
    r"|(?P<word>[A-Za-z]{2,})"
    r"|(?P<sum>Σ(?P<index>[ᵢⱼₖ])?)"
    rf"|{_NAME}"
    r"|(?P<script>[⁰¹²³⁴⁵⁶⁷⁸⁹ᵀ]+)"
    r"|(?P<sign>[^\sA-Za-z0-9])"
)
_BRACKET = '<mo stretchy="false">{}</mo>'
_WORDS = frozenset({"if", "else", "and", "or"})
"""Words of the notation that are no functions."""


def mathml(text: str, *, display: bool = False) -> str:
    """Return a formula as one `math` element, its text as it stands for those whose browser knows no MathML."""
    kind = 'display="block"' if display else 'displaystyle="true"'
    return f"<math {kind}>{_Writer(text).formula()}</math>"


def mathml_in_lines(text: str) -> str:
    """Return a formula as one `math` element, or where it is long as several: between them a line may end.

    It is parted before the signs of a sum, first those outside all brackets; browsers break no line within an element.
    """
    first, *others = map(mathml, _parted(text, 0))
    leading = re.compile(r"^(<math [^>]*><mrow>)<mo>(?=[+−=])")  # else it would be set as the sign of a number
    return " ".join((first, *(leading.sub(r'\1<mo form="infix">', other) for other in others)))


LONG = 34
"""A formula of more characters takes more than a third of a page's width."""


def _parted(text: str, depth: int) -> list[str]:
    """Parts of a formula, none long as far as its sums allow."""
    if len(text) <= LONG or depth > text.count("("):
        return [text]
    level, start, parts = 0, 0, []
    for place, sign in enumerate(text):
        level += (sign == "(") - (sign == ")")
        if sign in "+−=" and level == depth and text[place - 1 : place] == " " and place > start:
            parts.append(text[start:place].rstrip())
            start = place
    parts.append(text[start:])
    return [piece for part in parts for piece in _parted(part, depth + 1)]


def is_formula(text: str) -> bool:
    """Whether a piece of code in prose is a formula of the textbook notation, rather than code or keys to type."""
    if re.search(r"[_=]=|\w\.\w*\(|\*|[\"'`@#{};:]|\b[A-Za-z]+_", text):
        return False
    return bool(re.search(r"[∂₀-₉·′²³√σδηΔ⁽−Σᵀᵢⱼ]", text)) or bool(re.fullmatch(r"[a-zA-Z]( = [a-zA-Z0-9.]+)?", text))


class _Writer:
    """Reads one line of notation from left to right."""

    def __init__(self, text: str) -> None:
        self._tokens = list(_TOKEN.finditer(text))
        self._at = 0

    def formula(self) -> str:
        """Return all of it, also what stands behind a bracket too many."""
        parts = [self._row()]
        while self._at < len(self._tokens):
            self._at += 1
            parts += [_BRACKET.format(")"), self._row()]
        return f"<mrow>{''.join(parts)}</mrow>"

    def _row(self) -> str:
        """Return what stands up to the closing bracket, or to the end."""
        atoms: list[str] = []
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            if token["sign"] == ")":
                break
            self._at += 1
            self._take(token, atoms)
        return "".join(atoms)

    def _take(self, token: re.Match[str], atoms: list[str]) -> None:
        if token["script"] and atoms:
            atoms[-1] = f"<msup>{_one(atoms[-1])}{_script(token['script'], _UP)}</msup>"
        elif token["sign"] == "^" and atoms:
            atoms[-1] = f"<msup>{_one(atoms[-1])}{_one(self._operand())}</msup>"
        elif token["sign"] == "/" and atoms and re.fullmatch(r"<mn>[^<]*</mn>", atoms[-1]) and self._next_is_number():
            atoms[-1] = f"<mfrac>{atoms[-1]}{self._operand()}</mfrac>"
        else:
            atoms.append(self._atom(token))

    def _next_is_number(self) -> bool:
        return self._at < len(self._tokens) and self._tokens[self._at]["number"] is not None

    def _operand(self) -> str:
        """Return the one atom that follows, with a sign before it where there is one."""
        if self._at >= len(self._tokens):
            return "<mrow></mrow>"
        token = self._tokens[self._at]
        self._at += 1
        if token["sign"] == "−":
            return f"<mrow><mo>−</mo>{self._operand()}</mrow>"
        return self._atom(token)

    def _atom(self, token: re.Match[str]) -> str:
        if token["slope"]:
            over, under = (_name_of(token[side]) for side in ("over", "under"))
            return f"<mfrac><mrow><mo>∂</mo>{over}</mrow><mrow><mo>∂</mo>{under}</mrow></mfrac>"
        if token["number"]:
            return _number(token["number"])
        if token["word"]:
            word = token["word"]
            return f"<mtext> {word} </mtext>" if word in _WORDS else f"<mi>{escape(word)}</mi>"
        if token["sum"]:
            return f"<munder><mo>Σ</mo>{_script(token['index'], _DOWN)}</munder>" if token["index"] else "<mo>Σ</mo>"
        if token["letter"]:
            return _name(token)
        if token["script"]:
            return f"<mtext>{escape(token['script'])}</mtext>"
        return self._signed(token["sign"])

    def _signed(self, sign: str) -> str:
        if sign == "(":
            inside = self._row()
            closed = self._at < len(self._tokens)
            self._at += closed
            return f"<mrow>{_BRACKET.format('(')}{inside}{_BRACKET.format(')') if closed else ''}</mrow>"
        if sign == "√":
            return f"<msqrt>{self._operand()}</msqrt>"
        return f"<mo>{escape(sign)}</mo>"


def _number(text: str) -> str:
    mantissa, _, power = text.partition("e")
    if not power:
        return f"<mn>{mantissa}</mn>"
    return f"<mrow><mn>{mantissa}</mn><mo>·</mo><msup><mn>10</mn>{_one(_signed_number(power))}</msup></mrow>"


def _signed_number(text: str) -> str:
    sign = "<mo>−</mo>" if text[0] in "−-" else ""
    return f"{sign}<mn>{text.lstrip('−-')}</mn>"


def _name_of(text: str) -> str:
    match = re.match(_NAME, text)
    return escape(text) if match is None else _name(match)


def _name(match: re.Match[str]) -> str:
    """A letter with its indices below, the sample or the ᵇ of a bias above, and the mark of a new value behind it."""
    name = f"<mi>{match['letter']}</mi>"
    down = _script(match["down"], _DOWN) if match["down"] else ""
    up = match["bias"] + (match["up"] or "")
    above = _one(_script(up, _UP)) if up else ""
    if down and above:
        name = f"<msubsup>{name}{down}{above}</msubsup>"
    elif down:
        name = f"<msub>{name}{down}</msub>"
    elif above:
        name = f"<msup>{name}{above}</msup>"
    return f'<mrow>{name}<mo lspace="0" rspace="0">{match["marks"]}</mo></mrow>' if match["marks"] else name


def _script(text: str, to: dict[int, int]) -> str:
    plain = text.translate(to).replace("[", ",").strip(",]")
    tag = "mn" if re.fullmatch(r"[\d,]+", plain) else "mi" if plain.isalpha() else "mtext"
    return f"<{tag}>{escape(plain)}</{tag}>"


def _one(elements: str) -> str:
    """Wrap elements so that they count as one, where they may be several."""
    return elements if _SINGLE.fullmatch(elements) else f"<mrow>{elements}</mrow>"


_SINGLE = re.compile(r"<(\w+)>[^<]*</\1>|<mrow>(?:(?!</mrow>).)*</mrow>")
"""An element that holds text alone, or a row with no row in it."""
