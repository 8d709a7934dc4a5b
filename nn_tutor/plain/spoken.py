"""The notation of the screen as a person would say it: `∂L/∂w₂₁₁` is "slope of L with respect to w 2 1 1".

All that the other rooms write, prompts, hints, verdicts and prose, is put into words here, so that nothing is left that
a speech synthesiser drops or stumbles over. What is no notation stays as it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence

from nn_tutor.dataclass import dataclass
from nn_tutor.plain.vocabulary import FUNCTIONS_SPOKEN, GREEK_SPOKEN, SIGNS_SPOKEN, greek_name


@dataclass(slots=True)
class _Token:
    """A piece of text: its kind, and what is said of it; for a bracket the place of its partner."""

    kind: str
    text: str
    said: str = ""
    partner: int = -1
    is_spoken: bool = False
    """Whether a bracket is said, rather than left to the punctuation."""
    raised: str = ""
    """What is said before a name for the power behind it: "the square of"."""


_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₙ", "0123456789ijkn")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁱⁿʲᵗᶻ", "0123456789+−injtz")
_POWERS, _RAISED = {"2": "squared", "3": "cubed"}, {"2": "the square of", "3": "the cube of"}

_NAME = r"[A-Za-zα-ωΑ-Ω]\u0302?[°ᵇ]?(?:\[\d+(?:,\d+)*\]|[₀-₉ᵢⱼₖₙ]*)(?:⁽[⁰¹²³⁴⁵⁶⁷⁸⁹ⁱⁿ]+⁾)?[′ᵀ]?(?![A-Za-z0-9_])"
_TOKENS = re.compile(
    rf"(?P<slope>∂(?:{_NAME}|ᵀ)/∂{_NAME})"
    r"|(?P<number>\d[\d,]*(?<=\d)(?:\.\d+)?(?:e[−-]?\d+)?)"
    rf"|(?P<change>Δ(?={_NAME}))"
    r"|(?P<function>(?:exp|ln|log|max|min|relu|ReLU|ELU|SiLU|GELU|sigmoid|softmax|sqrt|tanh|σ)(?=\()|√)"
    rf"|(?P<name>{_NAME})"
    r"|(?P<norm>‖∇L‖)"
    r"|(?P<of>[a-z]\u0302?_[A-Za-z][^\W\u2190-\u28ff]*′?)"
    r"|(?P<power>[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹ⁱⁿʲᵗᶻ]+|\^|(?<=\s)\*\*(?=\s))"
    r"|(?P<turned>(?<=\w)\.T\b)"
    r"|(?P<word>(?![½⅓¼¾\u2190-\u28ff])[^\W\d_](?:(?![\u2190-\u28ff])[\w'’-])*|_[^\W\u2190-\u28ff]*)"
    r"|(?P<flow>[─━═]*[▶►]|[◀◄][─━═]*)"
    r"|(?P<arrows>[←↑] [→↓])"
    r"|(?P<circles>[○●](?: ?[○●])+)"
    r"|(?P<asked>\[\?\])"
    r"|(?P<space>\s+)"
    r"|(?P<open>\()|(?P<close>\))"
    r"|(?P<sign>.)",
    re.DOTALL,
)
_OPERATORS = frozenset(("^", "**", *"−+·⋅∙/*@=≈≠≤≥<>⊙"))
_NO_ARTICLE = frozenset((
    "the", "a", "an", "same", "smaller", "larger", "small", "large", "tiny", "no", "its", "your", "this", "that", "one",
    "single", "largest", "smallest", "usual", "other", "another", "every", "each", "learning", "right", "own", "of",
))  # fmt: skip
_GRAMMAR = frozenset(("if", "else"))


TYPED, TYPED_END = "\ue000", "\ue001"
"""Begin and end what is typed; `visible` leaves no such characters in any text from outside."""

_TYPED = re.compile(f"{TYPED}([^{TYPED}{TYPED_END}]*){TYPED_END}")
_ON_KEYS = str.maketrans("−·⋅∙×÷′″₀₁₂₃₄₅₆₇₈₉", "-***x/'\"0123456789")


def as_typed(text: str) -> str:
    """Mark a text as one that is typed, such as `dL_dw`, a calculation or a program: it is not put into words."""
    return f"{TYPED}{text}{TYPED_END}"


def spoken(text: str) -> str:
    """Return a text in words: its names, signs and formulas as one would say them. What is typed stays as it is."""
    typed: list[str] = []

    def keep(match: re.Match[str]) -> str:
        typed.append("".join(map(_on_keys, match[1].translate(_ON_KEYS))))
        return TYPED

    said = _in_words(_TYPED.sub(keep, text))
    return re.sub(TYPED, lambda match: typed.pop(0), said) if typed else said


def _on_keys(character: str) -> str:
    """A character of what is typed, in words only where a speech synthesiser would drop it."""
    is_sign = "\u2190" <= character <= "\u28ff"
    return SIGNS_SPOKEN.get(character, "").strip() or "?" if is_sign else character


def _in_words(text: str) -> str:
    tokens = list(_tokens(text))
    _match(tokens)
    _raise(tokens)
    says_eta = re.search(r"\beta\b", text) is not None
    for place, token in enumerate(tokens):
        token.said = _said(tokens, place, says_eta=says_eta)
    return _tidied("".join(token.said for token in tokens))


def _tokens(text: str) -> Iterator[_Token]:
    for match in _TOKENS.finditer(text):
        kind, piece = match.lastgroup or "sign", match[0]
        if kind == "sign" and piece in _OPERATORS:
            kind = "operator"
        yield _Token("operator" if piece in ("^", "**") else kind, piece)


# Brackets


def _match(tokens: list[_Token]) -> None:
    """Find the partner of each bracket, and say which pairs have to be spoken."""
    opened: list[int] = []
    for place, token in enumerate(tokens):
        if token.kind == "open":
            opened.append(place)
        elif token.kind == "close" and opened:
            start = opened.pop()
            token.partner, tokens[start].partner = start, place
    for start, token in enumerate(tokens):
        if token.kind == "open" and token.partner > start:
            is_spoken = _is_formula(tokens, start, token.partner)
            token.is_spoken = tokens[token.partner].is_spoken = is_spoken


def _is_formula(tokens: list[_Token], start: int, end: int) -> bool:
    """Whether brackets belong to a formula: no words between them, and a part of one beside them."""
    if start and tokens[start - 1].text in ("/", "·"):  # words or not, all of it is divided by, or multiplied
        return True
    if any(token.kind == "word" and token.text not in _GRAMMAR for token in tokens[start + 1 : end]):
        return False
    before, after = tokens[start - 1] if start else None, tokens[end + 1] if end + 1 < len(tokens) else None
    if before is not None and before.kind in ("function", "name", "number", "operator", "slope", "power"):
        return True
    if before is not None and before.kind in ("open", "close") and before.partner >= 0:
        return True
    if after is not None and after.kind in ("power", "operator", "name", "open"):
        return True
    beyond = (_beside(tokens, start, -1), _beside(tokens, end, 1))
    return any(other is not None and other.kind == "operator" for other in beyond)


def _beside(tokens: Sequence[_Token], place: int, by: int) -> _Token | None:
    """The next token that is no blank, on one side."""
    place += by
    while 0 <= place < len(tokens) and tokens[place].kind == "space":
        place += by
    return tokens[place] if 0 <= place < len(tokens) else None


def _is_single(tokens: list[_Token], start: int, end: int) -> bool:
    """Whether brackets hold a single name or number, which a sign may lead."""
    inner = [token for token in tokens[start + 1 : end] if token.kind != "space"]
    if inner and inner[0].text == "−" and tokens[start + 1].kind != "space":
        inner = inner[1:]
    return len(inner) == 1 and inner[0].kind in ("name", "number", "slope")


def _bracket(tokens: list[_Token], place: int) -> str:
    token = tokens[place]
    if not token.is_spoken:
        return token.text
    start, end = sorted((place, token.partner))
    after = tokens[end + 1] if end + 1 < len(tokens) else None
    has_power = after is not None and (after.kind == "power" or after.text == "^")
    function = tokens[start - 1].text if start and tokens[start - 1].kind == "function" else ""
    if function in ("max", "min") or (_is_single(tokens, start, end) and not (has_power and end - start > 2)):
        is_called = place == start and start and tokens[start - 1].kind == "name" and tokens[start - 1].text in "fgh"
        return " of " if is_called else " "
    if place == end:
        return " close bracket "
    before = tokens[start - 1] if start else None
    is_factor = before is not None and before.kind in ("name", "number", "slope", "close", "power")
    times = " times" if before is not None and is_factor and before.text not in "Σ∑" else ""
    return f"{times} open bracket "


def _raise(tokens: list[_Token]) -> None:
    """Have a power said before what ends in words of its own: `(∂L/∂w)²` would be heard as the slope by w squared."""
    for place, power in enumerate(tokens):
        said = _RAISED.get(power.text.translate(_SUPERSCRIPTS), "") if power.kind == "power" and place else ""
        base = tokens[place - (2 if place > 2 and tokens[place - 1].partner == place - 3 else 1)]
        if said and (base.kind == "slope" or (base.kind == "name" and "⁽" in base.text)):
            base.raised, power.kind, power.text = said, "space", ""


# Single pieces


def _said(tokens: list[_Token], place: int, *, says_eta: bool) -> str:
    token = tokens[place]
    if token.kind in _ALONE:
        return _ALONE[token.kind](token.text)
    match token.kind:
        case "slope":
            return _apart(tokens, place) + _slope(tokens, place)
        case "name" if token.raised:
            return f"{_apart(tokens, place)}{token.raised} {_name(token.text)}"
        case "name":
            return _apart(tokens, place) + _name_in_text(tokens, place, says_eta=says_eta)
        case "open" | "close":
            return _bracket(tokens, place)
        case "operator" | "sign":
            return _sign(tokens, place)
    return token.text


def _slope(tokens: list[_Token], place: int) -> str:
    """A slope in a sentence, with its article, or in a formula, without."""
    over, under = tokens[place].text[1:].split("/∂")
    before = _beside(tokens, place, -1)
    in_sentence = before is not None and before.kind == "word" and before.text not in _NO_ARTICLE
    article = f"{tokens[place].raised} the " if tokens[place].raised else "the " if in_sentence else ""
    return f"{article}slope of {_name(over)} with respect to {_name(under)}"


def _power(text: str) -> str:
    written = text.translate(_SUPERSCRIPTS)
    return f" {_POWERS.get(written) or f'to the power of {_number(written)}'}"


def _of(text: str) -> str:
    """What an update rule keeps of a parameter that goes by a name of its own: `v_w5′` as "new v of w5"."""
    kept, _, parameter = text.removesuffix("′").partition("_")
    return f"{'new ' if text.endswith('′') else ''}{_name(kept)} of {parameter}"


def _flow(text: str) -> str:
    """An arrow: a long one leads somewhere, a short one only points at a line."""
    return " comes from " if text[0] in "◀◄" else " leads to " if len(text) > 1 else " "


def _apart(tokens: list[_Token], place: int) -> str:
    """A blank before a name that stands right behind another one, or behind a number."""
    return " " if place and tokens[place - 1].kind in ("name", "number", "slope") else ""


def _name(text: str) -> str:
    """A name as it is said: `w₁₂′` as "new w 1 2", `x₁⁽²⁾` as "x 1 of sample 2"."""
    match = re.fullmatch(
        r"(?P<letter>.)(?P<hat>\u0302?)(?P<own>[°ᵇ]?)(?P<places>[^⁽′ᵀ]*)(?:⁽(?P<sample>.+)⁾)?(?P<mark>.?)", text
    )
    if match is None:
        return text
    letter = match["letter"]
    said = letter if letter.isascii() else GREEK_SPOKEN.get(letter) or greek_name(letter)
    if match["hat"]:
        said += " hat"
    if match["own"] == "ᵇ":
        said += " of the bias"
    places = match["places"].translate(_SUBSCRIPTS)
    if places:
        said += " " + " ".join(places[1:-1].split(",") if places.startswith("[") else places)
    if match["own"] == "°":
        said += " alone"
    if match["sample"]:
        said += f" of sample {match['sample'].translate(_SUPERSCRIPTS)}"
    if match["mark"] == "ᵀ":
        said += " transposed"
    if match["mark"] == "′":
        said = f"slope of {said}" if letter in "fgσ" else f"new {said}"
    return said


def _name_in_text(tokens: list[_Token], place: int, *, says_eta: bool) -> str:
    text = tokens[place].text
    if text not in ("η", "η₀"):
        follows = tokens[place + 1] if place + 1 < len(tokens) else None
        is_slope = text in ("σ′", "f′", "g′") and follows is not None and follows.kind == "open"
        return f"{_name(text)} at " if is_slope else _name(text)
    if text == "η₀":
        return "first learning rate"
    if says_eta:
        return "eta"
    before = _beside(tokens, place, -1)
    two_before = "" if before is None else before.text.lower()
    if two_before == "rate":
        return ""
    if two_before == "written":
        return "eta"
    if before is None or before.text in ".?!":
        return "The learning rate"
    in_formula = before is not None and before.kind in ("operator", "open", "close", "number", "name", "slope")
    return "learning rate" if in_formula or two_before in _NO_ARTICLE else "the learning rate"


def _number(text: str) -> str:
    """A number: a power of ten in words, its minus too."""
    mantissa, e, exponent = text.partition("e")
    said = mantissa.replace("−", "minus ")
    return f"{said} times 10 to the power of {re.sub('[−-]', 'minus ', exponent)}" if e else said


def _circles(text: str) -> str:
    """A row of circles by its number, or as so many full ones of all."""
    count, full = len(text.replace(" ", "")), text.count("●")
    return f"{full} of {count}" if full or " " not in text else f"{count} circles"


_ALONE: dict[str, Callable[[str], str]] = {
    "asked": lambda text: '"asked"',
    "arrows": lambda text: "the arrow keys",
    "change": lambda text: "change of ",
    "circles": _circles,
    "flow": _flow,
    "function": lambda text: f"{FUNCTIONS_SPOKEN[text]} ",
    "norm": lambda text: SIGNS_SPOKEN[text],
    "number": _number,
    "of": _of,
    "power": _power,
    "turned": lambda text: " transposed",
    "word": lambda text: SIGNS_SPOKEN.get(text, text),
}
"""Kinds of pieces that are said in the same way wherever they stand."""

_ENDS = ("number", "name", "slope", "close", "power")
_BEGINS = ("number", "name", "slope", "open", "function", "change")
"""The kinds of pieces before a sign, and behind one, that it joins."""


def _sign(tokens: list[_Token], place: int) -> str:
    text = tokens[place].text
    before, after = _beside(tokens, place, -1), _beside(tokens, place, 1)
    joins = before is not None and before.kind in _ENDS and after is not None and after.kind in _BEGINS
    is_apart = all(0 <= place + by < len(tokens) and tokens[place + by].kind == "space" for by in (-1, 1))
    match text:
        case "/":
            return " divided by " if joins or is_apart else text
        case "=":
            return f" {_equals(tokens, place)} " if joins or is_apart else text
        case "<" | ">":
            return f" is {'below' if text == '<' else 'above'} " if is_apart else text
        case "*" | "@" | "-" if is_apart:  # as programs write them
            return {"*": " times ", "@": " matrix times ", "-": " minus "}[text]
        case "^" | "**":
            return " to the power of "
        case "×" if joins:
            return " times " if is_apart else " by "
        case "…":
            return " to " if joins and not is_apart else " and so on " if is_apart else text
        case "Σ" | "∑" if after is None or after.kind not in _BEGINS:
            return "sum"
        case "⊙" if not joins:
            return "circled dot"
        case "," if _is_of_two(tokens, place):
            return " and"
    found = SIGNS_SPOKEN.get(text)
    if found is not None:
        return f" {found} " if found else " "
    return _unspeakable(text) if "\u2190" <= text <= "\u28ff" else text


def _equals(tokens: list[_Token], place: int) -> str:
    """What is said for =: in a sentence "with w at 2" and "a learning rate of 0.3", else "equals"."""
    words = [token.text for token in tokens[:place] if token.kind != "space"]
    if len(words) < 2 or words[-2] in (",", ";", ":", ".", "("):
        return "equals"
    if words[-1] == "η":
        return "of"
    joined = words[-2].lower()
    if words[-1][0] in "βλμρε":  # the constants of an update rule
        return "equal to" if joined == "with" else "equals"
    return "at" if joined in ("with", "and", "at") else "equals"


def _is_of_two(tokens: list[_Token], place: int) -> bool:
    """Whether a comma stands in the brackets of `max` or `min`."""
    depth = 0
    for start in range(place - 1, -1, -1):
        kind = tokens[start].kind
        if kind == "close":
            depth += 1
        elif kind == "open":
            if not depth:
                return start > 0 and tokens[start - 1].text in ("max", "min")
            depth -= 1
    return False


def _unspeakable(sign: str) -> str:
    """The name of any other sign; lines and dots of drawings are left out."""
    if "\u2500" <= sign <= "\u259f" or sign >= "\u2800":
        return " "
    return f" {unicodedata.name(sign, '').lower()} "


def _tidied(text: str) -> str:
    """The text with one blank between words, and none before a comma."""
    text = re.sub(r"[^\S\n]+", " ", text)
    text = re.sub(r'\b(\w+), ["“]\1["”]', r"\1", text)
    text = re.sub(r"(?<=[\w)\]\"'”]) +(?=[,;:.?!)](?:[\s,;.]|$))", "", text)
    text = re.sub(r"\( +", "(", text)
    text = re.sub(r"\b([Aa])n learning rate", r"\1 learning rate", text)
    return re.sub(r"^ +| +$", "", text, flags=re.MULTILINE)
