"""The names that may be typed: which spellings are one name, and which bound quantity a typed name means."""

from __future__ import annotations

from collections.abc import Iterable

from nn_tutor.judging.tokens import NAME, ReadingError
from nn_tutor.judging.visible import quote

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

FUNCTIONS = ("exp", "log", "ln", "sqrt", "tanh", "sigmoid", "relu", "abs", "min", "max")
"""The functions that may be typed; `log` and `ln` are both the natural logarithm."""

PI = "π"
"""The one constant that is always there."""

_CANONICAL = {spelling: group[0] for group in NAME_GROUPS for spelling in group}
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


def canonical(name: str) -> str:
    """Return the one spelling of a name: `lr` is η, `delta1` and δ₁ are δ1, w₁₁ is w11; others stay as they are."""
    folded = name.translate(_SUBSCRIPTS)
    if folded in _CANONICAL:
        return _CANONICAL[folded]
    stem = folded.rstrip("0123456789")
    return _CANONICAL.get(stem, stem) + folded[len(stem) :]


def function_called(name: str) -> str | None:
    """Return the function that a typed name means, in any case; σ is the sigmoid, as the screen writes it."""
    if canonical(name) == "σ":
        return "sigmoid"
    return name.lower() if name.lower() in FUNCTIONS else None


def bound_name(name: str, names: Iterable[str]) -> str | None:
    """Return which of the bound names a typed name means, or None.

    As typed first, then by its canonical spelling, then regardless of case. Raises `ReadingError` where only the case
    would tell two names apart.
    """
    bound = list(names)
    if name in bound:
        return name
    same = [key for key in bound if canonical(key) == canonical(name)]
    if same:
        return same[0]
    alike = [key for key in bound if canonical(key.lower()) == canonical(name.lower())]
    if len({canonical(key) for key in alike}) > 1:
        raise ReadingError(f"{quote(name)} could be {' or '.join(alike)}: type it as it stands there")
    return alike[0] if alike else None


def check_names(names: Iterable[str]) -> None:
    """Raise `ValueError` where the program binds a name that nobody could type, or a function's name, or π."""
    for name in names:
        if not NAME.fullmatch(name):
            raise ValueError(f"{name!r} cannot be typed as a name")
        if function_called(name) or canonical(name.lower()) == PI:
            raise ValueError(f"{name!r} is taken: it cannot be bound to a quantity")
