"""The names that may be typed: which spellings are one name, and which bound quantity a typed name means."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache

from nn_tutor.calculus.numerals import on_line
from nn_tutor.judging.tokens import NAME, ReadingError
from nn_tutor.judging.visible import quote
from nn_tutor.network.activations import ACTIVATIONS, Activation

NAME_GROUPS: tuple[tuple[str, ...], ...] = (
    ("η", "eta", "lr", "learning_rate"),
    ("δ", "delta"),
    ("ε", "epsilon", "eps"),
    ("α", "alpha"),
    ("β", "beta"),
    ("γ", "gamma"),
    ("ζ", "zeta"),
    ("θ", "theta"),
    ("κ", "kappa"),
    ("λ", "lambda", "l2"),
    ("μ", "mu"),
    ("ν", "nu"),
    ("ξ", "xi"),
    ("π", "pi"),
    ("ρ", "rho"),
    ("σ", "sigma"),
    ("τ", "tau"),
    ("φ", "phi"),
    ("χ", "chi"),
    ("ψ", "psi"),
    ("ω", "omega"),
)
"""Spellings that are one name; the first of each is the canonical one."""

ACTIVATION_FUNCTIONS: dict[str, Activation] = {entry.typed: entry for entry in ACTIVATIONS.values() if entry.typed}
"""The activations that may be typed as functions, by the names they are typed under."""

_FIRST = ("sigmoid", "tanh", "relu")
"""The functions that are wanted first."""

TYPED_FUNCTIONS = (
    *_FIRST,
    *("exp", "log", "ln", "sqrt", "abs", "min", "max", "sign"),
    *(name for name in ACTIVATION_FUNCTIONS if name not in _FIRST),
    *("floor", "cos", "erf", "Phi", "phi"),
)
"""The functions that may be typed; `log` and `ln` are both the natural logarithm.

`Phi` is the share of a standard normal distribution below a number, `phi` its bell curve: the only two whose names
differ in nothing but their case.
"""

PI = "π"
"""The one constant that is always there."""

_CANONICAL = {spelling: group[0] for group in NAME_GROUPS for spelling in group}
_STEM = re.compile(r"[^\W\d_]+")
_JOINT = re.compile(r"(?<=[^\W\d_])_|_(?=[^\W\d_])")


@lru_cache(maxsize=8192)
def canonical(name: str) -> str:
    """Return the one spelling of a name: `lr` is η, `delta21_1` and δ₂₁_1 are δ21_1, w₁₁ is w11; others stay."""
    folded = on_line(name)
    if folded in _CANONICAL:
        return _CANONICAL[folded]
    stem = _STEM.match(folded)
    if stem is None:
        return folded
    return _CANONICAL.get(stem[0], stem[0]) + folded[stem.end() :]


def on_keys(name: str) -> str:
    """Return a name as it is typed on a keyboard without Greek letters: `delta21_1` for δ21_1, `lr` for η."""
    stem = _STEM.match(name)
    spelled = _ON_KEYS.get(stem[0]) if stem else None
    return name if stem is None or spelled is None else spelled + name[stem.end() :]


_ON_KEYS = {group[0]: group[1] for group in NAME_GROUPS} | {"η": "lr"}


def function_called(name: str) -> str | None:
    """Return the function that a typed name means, in any case; σ is the sigmoid, as the screen writes it, Φ is Phi."""
    name = _GREEK_FUNCTIONS.get(canonical(name), name)
    if name == "Phi":
        return name
    return name.lower() if name.lower() in TYPED_FUNCTIONS else None


_GREEK_FUNCTIONS = {"σ": "sigmoid", "Φ": "Phi", "φ": "phi"}


class BoundNames:
    """The names that may be typed in one place, found in any of their spellings."""

    def __init__(self, names: Iterable[str], told: Iterable[str] | None = None) -> None:
        """Bind the names, in the order in which they are listed to the learner: all, or those that are `told`."""
        self.listed = tuple(names)
        self._told = self.listed if told is None else tuple(told)
        self._exact = frozenset(self.listed)
        self._alike: dict[Callable[[str], str], dict[str, list[str]]] = {}

    def find(self, name: str) -> str | None:
        """Return which of the names a typed one means, or None.

        As typed first, then by its canonical spelling, then regardless of case, and last without the underscores
        beside a letter (`x2` for x_2, `dLdo` for dL_do); one between two digits tells the unit from the sample, and
        stays. Raises `ReadingError` where only the case, or such an underscore, would tell two names apart.
        """
        if name in self._exact:
            return name
        same = self._spelled_alike(canonical, name)
        if same:
            return same[0]
        for folded in (_regardless_of_case, _joined):
            alike = self._spelled_alike(folded, name)
            if len({canonical(one) for one in alike}) > 1:
                choices = " or ".join(on_keys(one) for one in alike[:4])
                raise ReadingError(f"{quote(name)} could be {choices}: type it as it stands there")
            if alike:
                return alike[0]
        return None

    def with_index(self, name: str) -> list[str]:
        """Return the names that are a typed one with an index behind it: a1 for `a`, o_1 and o_2 for `o`."""
        stem, found = canonical(name), (canonical(one) for one in self.listed)
        return [on_keys(one) for one in found if re.fullmatch(rf"{re.escape(stem)}_?\d[\d_]*", one)]

    def product(self, typed: str) -> str:
        """Return several names that are typed in one as the product that they stand for; "" where they are none."""
        found = {names for names in self._split(typed) if len(names) > 1} if len(typed) <= _LONGEST_PRODUCT else set()
        return "*".join(found.pop()) if len(found) == 1 else ""

    def _split(self, typed: str) -> Iterator[tuple[str, ...]]:
        """Yield every way to read a text as names, one behind the other."""
        if not typed:
            yield ()
        for end in range(1, len(typed) + 1):
            if canonical(typed[:end]) in self._spellings:
                yield from ((typed[:end], *others) for others in self._split(typed[end:]))

    @cached_property
    def _spellings(self) -> frozenset[str]:
        return frozenset(canonical(name) for name in self.listed)

    def offered(self, typed: str, asked: Iterable[str]) -> str:
        """Say which names may be typed in the place of one that is none, as far as they fit, the nearest first."""
        typed = typed.replace("/", "_")
        nearest = nearest_first(self._told, typed, asked)
        shown = in_a_line([on_keys(name) for name in nearest])
        return f"you may use {shown}" if shown else "type a number, such as 0.36"

    def for_e(self, asked: Collection[str], *, squared: bool = False) -> str:
        """Say what may be typed in the place of e or e²: the error, Euler's number, or the e of a small number."""
        if error := self._error(asked):
            usual = f"the error as {error}, a small number as 1e-3, Euler's number as exp(1)"
            squares = f"the square of the error as ({error})^2, that of Euler's number as exp(2)"
            return f"e is no name here: write {squares if squared else usual}"
        numbers = "exp(2) is the square of Euler's number" if squared else "1e-3 is a small number, exp(1) Euler's"
        return f"e is no name here: {self.offered('', asked)}; {numbers}"

    def _error(self, asked: Collection[str]) -> str:
        """Return the error as it is typed: o-y, or that of one output or sample; "" where none is known yet."""
        if self.find("o") and self.find("y"):
            return "o-y"
        outputs = nearest_first(sorted(self.with_index("o")), "o", asked)
        targets = self.with_index("y")
        return next((f"{o}-y{o[1:]}" for o in outputs if f"y{o[1:]}" in targets), "")

    def _spelled_alike(self, folded: Callable[[str], str], name: str) -> list[str]:
        if folded not in self._alike:
            spelled: dict[str, list[str]] = {}
            for one in self.listed:
                spelled.setdefault(folded(one), []).append(one)
            self._alike[folded] = spelled
        return self._alike[folded].get(folded(name), [])


_LONGEST_PRODUCT = 24
"""A longer text is not taken for names without a sign between them."""


@lru_cache(maxsize=8192)
def _regardless_of_case(name: str) -> str:
    return canonical(name.lower())


@lru_cache(maxsize=8192)
def _joined(name: str) -> str:
    return canonical(_JOINT.sub("", name.lower()))


def check_names(names: Iterable[str]) -> None:
    """Raise `ValueError` where the program binds a name that nobody could type, or a function's name, or π."""
    for name in names:
        if reason := _not_bindable(name):
            raise ValueError(f"{name!r} {reason}")


@lru_cache(maxsize=8192)
def _not_bindable(name: str) -> str:
    """Say why a name cannot be bound, "" where it can: the same names are bound for every answer."""
    if not NAME.fullmatch(name):
        return "cannot be typed as a name"
    if function_called(name) or canonical(name.lower()) == PI:
        return "is taken: it cannot be bound to a quantity"
    return ""


def nearest_first(names: Iterable[str], typed: str, asked: Iterable[str]) -> list[str]:
    """Return names with those first that were most likely meant; among equals the order stays as it is.

    First come those of the letters that were typed, then those of the unit that is asked; those of another sample than
    the asked one come last.
    """
    typed, places = canonical(typed), [canonical(name) for name in asked]
    samples = {sample for name in places if (sample := _sample_of(name))}
    units = {unit for name in places if (unit := _unit_of(name))}

    def distance(name: str) -> tuple[bool, bool, bool, bool]:
        name = canonical(name)
        sample, unit = _sample_of(name), _unit_of(name)
        return (
            _NUMBERS.sub("", name) != _NUMBERS.sub("", typed),
            not name.startswith(typed),
            bool(samples and sample and sample not in samples),
            not any(unit.startswith(own) for own in units),
        )

    return sorted(names, key=distance)


def _sample_of(name: str) -> str:
    found = _SAMPLE.search(name)
    return found[1] if found else ""


def _unit_of(name: str) -> str:
    found = _UNIT.search(name)
    return found[1] if found else ""


_NUMBERS = re.compile(r"_?\d+")
_SAMPLE = re.compile(r"_(\d+)$")
_UNIT = re.compile(r"[^\W\d_](\d+)(?:_\d+)?$")


def in_a_line(names: Sequence[str]) -> str:
    """List as many names as fit, with an ellipsis for the rest; nothing where not even the first one fits."""
    shown = list(names[:_MAX_LISTED])
    while len(", ".join(shown)) > _LONGEST_LIST:
        shown.pop()
    return ", ".join(shown) + (", …" if shown and len(names) > len(shown) else "")


_MAX_LISTED, _LONGEST_LIST = 16, 72
