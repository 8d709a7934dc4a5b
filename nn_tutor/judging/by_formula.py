"""What a typed calculation is worth with other numbers: who is right by luck is told so, and slips are seen in it.

A calculation in names is worked out once more on a network of the same shape whose numbers are a little larger, and
held against the right rule there, and against every known mistake.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from nn_tutor.calculus.names import symbol
from nn_tutor.dataclass import dataclass
from nn_tutor.judging.contradicted import is_contradicted
from nn_tutor.judging.conventions import CHAIN, conventions_of
from nn_tutor.judging.diagnosis import introduced, sentence
from nn_tutor.judging.edits import Edit, Kind, edits, families_of, names_in, numbers_in, of_other_samples, siblings
from nn_tutor.judging.expression import Expression, Name, spell
from nn_tutor.judging.judgement import UNEXPLAINED, Judgement
from nn_tutor.judging.last_resort import another_number, given_for
from nn_tutor.judging.mistakes.case import Candidate, Case, Slip
from nn_tutor.judging.mistakes.deviations import Fits
from nn_tutor.judging.mistakes.known import known_mistakes, rare_mistake, rare_mistakes
from nn_tutor.judging.mistakes.pairs import pairs_of
from nn_tutor.judging.names import PI, on_keys
from nn_tutor.judging.reading import Formula, Reading, ReadingError
from nn_tutor.network.activations import Array, activation_of
from nn_tutor.network.evaluation import sensitivities
from nn_tutor.network.graph import Graph
from nn_tutor.network.losses import DomainError, loss_of
from nn_tutor.network.operations import Products
from nn_tutor.network.passes import rerun
from nn_tutor.network.quantities import TABLE, Quantity
from nn_tutor.network.records import Parameters, Pass, value_of
from nn_tutor.walkthrough.order import refs_of_pass
from nn_tutor.walkthrough.questions import names_before, names_of, with_unshown

if TYPE_CHECKING:
    from nn_tutor.network.spec import Network

MAX_NAMES = 60
"""Of more names that may be typed not each is tried in the place of each that was."""

TRIES = 6
"""How many larger networks are tried for one in which every ReLU is on the side where it is."""

SAME = 1e-9
"""Numbers that differ by less, as a part of their size, are one."""

LUCK = "that gives the right number here, but only by luck"

_STRUCTURAL = 12
"""Whole numbers up to this may stand in a rule: the 2 of a square, the number of samples."""


_SLIPS: Mapping[Kind | Literal["chain"], str] = {
    "brackets": "forgot-brackets",
    "added": "sum-for-product",
    "chain": "links-added",
    "sign": "one-sign-flipped",
    "term": "one-sign-in-sum",
    "index": "another-unit",
    "name": "another-name",
    "sample": "another-sample",
}
"""The mistake that each kind of change undoes."""


@dataclass(frozen=True, eq=False, slots=True)
class Elsewhere:
    """A case with larger numbers, what the names of a calculation are worth there, and the calculation itself."""

    case: Case
    values: Mapping[str, float]
    value: float


def elsewhere(reading: Reading, case: Case, names: Mapping[str, float]) -> Elsewhere | None:
    """Return what a calculation is worth with other numbers; `names` are what could be typed.

    None for what cannot be held against them: a plain number; a calculation with a rounded value typed into it.
    """
    tree = reading.tree
    used = set() if reading.is_plain else names_in(tree) - {PI}
    if not used or _holds_a_value(tree, case, names):
        return None
    families = families_of(names)
    related = {other for name in used for other in siblings(name, families)}
    related |= set(names) if len(names) <= MAX_NAMES else set()
    point = _larger_numbers(case, tree, used, related)
    if point is None:
        return None
    other, values = point
    value = _value(tree, values)
    return None if value is None else Elsewhere(other, values, value)


def judged_by_formula(judgement: Judgement, reading: Reading, there: Elsewhere | None) -> Judgement:
    """Return the judgement of a calculation by what it is worth with other numbers.

    A right number that would be wrong elsewhere is right by luck. A mistake that the calculation does not make is not
    named, whatever its number. One without a rounded number in it is not "close", it is another rule. What is nothing
    elsewhere is judged as it was: the very judgement is returned.
    """
    if there is None or judgement.verdict not in ("correct", "near", "diagnosed", "wrong", "convention"):
        return judgement
    if _equal(there.value, there.case.truth) or (judgement.verdict == "convention" and _is_conventional(there)):
        return judgement
    is_right = judgement.verdict == "correct"
    found = seen_in(reading.tree, reading.text, there)
    if is_right:
        return _lucky(judgement, found)
    if not found and (said := _said_by_name(reading.tree, there)):
        return Judgement("wrong", said, judgement.value)
    return _renamed(judgement, found)


def not_by_rounding(judgement: Judgement, reading: Reading, case: Case, names: Mapping[str, float]) -> Judgement:
    """Return the judgement of a calculation that is near, or wrong: of given numbers alone nothing was rounded."""
    if judgement.verdict != "near" or reading.is_plain or _holds_a_value(reading.tree, case, names):
        return judgement
    return Judgement("wrong", UNEXPLAINED, judgement.value)


def _said_by_name(tree: Expression, there: Elsewhere) -> str:
    """Say which number a calculation is, or which one it was multiplied by; "" for none."""
    if isinstance(tree, Name) and tree.name in names_before(there.case.network, there.case.passed):
        return given_for(on_keys(tree.name), there.case)
    return another_number(there.value, there.case) or _one_factor_too_many(tree, there)


def _one_factor_too_many(tree: Expression, there: Elsewhere) -> str:
    """Say which name the right slope was multiplied by in a calculation; "" for none."""
    other = there.case
    asked = symbol(other.network, other.rows, other.ref)
    return factor_too_many(tree, asked, [(there.values, there.value, other.truth)]) if other.is_slope else ""


def factor_too_many(tree: Expression, asked: str, worth: Sequence[tuple[Mapping[str, float], float, float]]) -> str:
    """Say which name the right number was multiplied by; "" for none.

    `worth` holds, for other numbers, what the names, the calculation and the right one are worth.
    """
    for name in sorted(names_in(tree) - {PI}):
        if all(
            truth and abs(values[name]) != 1 and _equal(value, truth * values[name]) for values, value, truth in worth
        ):
            return f"that is {asked} times {on_keys(name)}: {on_keys(name)} is a factor too many"
    return ""


def _is_conventional(there: Elsewhere) -> bool:
    """Whether a calculation is what another convention gives with other numbers too."""
    other, scale = there.case, abs(there.case.truth)
    known = (one for one in known_mistakes(other, scale) if one.mistake.is_convention)
    return any(_equal(one.value, there.value) for one in (*known, *conventions_of(other, scale)))


def _lucky(judgement: Judgement, found: tuple[Candidate, ...]) -> Judgement:
    if not found:
        message = f"{LUCK}: with other numbers it would not. What is the rule?"
        return Judgement("wrong", message, judgement.value)
    return Judgement("diagnosed", introduced(LUCK, sentence(found)), judgement.value, found)


def _renamed(judgement: Judgement, found: tuple[Candidate, ...]) -> Judgement:
    """Name what the calculation itself shows, and no mistake that is not in it."""
    if found:
        same = [one for one in judgement.candidates if any(one.ids == other.ids for other in found)]
        candidates = tuple(same) or found
        return Judgement("diagnosed", sentence(candidates), judgement.value, candidates)
    if judgement.verdict == "wrong":
        return judgement
    return Judgement("wrong", "look at the rule once more: what is multiplied, what is added?", judgement.value)


def seen_in(tree: Expression, text: str, there: Elsewhere) -> tuple[Candidate, ...]:
    """Return the mistakes that give the calculation's value in a case whose numbers hide nothing.

    Or those that one change of the calculation undoes; a pair of mistakes last. The numbers of another sample come
    first: they stand there by name, whatever else has the same value because an input is 0 or 1.
    """
    other, values, value = there.case, there.values, there.value
    if found := _of_another_sample(tree, other, values):
        return found
    if value:  # a calculation that is always 0, as a·1 − a, is worth the same as many a mistake
        scale = abs(other.truth)
        known = known_mistakes(other, scale)
        for candidates in (known, rare_mistakes(other, scale)):
            fitting = (one for one in candidates if _equal(one.value, value))
            if found := _once(one for one in fitting if not is_contradicted(one, tree, other)):
                return found
    factors = [name for name, own in values.items() if abs(own) != 1]  # a 1 in its place would leave a name out
    if found := _undone(edits(text, tree, tuple(values), factors), tree, other, values):
        return found
    if value:
        return _once(pairs_of(other, known, Fits(value, SAME * abs(value))))
    return ()


def _of_another_sample(tree: Expression, other: Case, values: Mapping[str, float]) -> tuple[Candidate, ...]:
    """The slip of a calculation that is right but for its sample, where the number of one sample is asked."""
    if other.rows == 1 or TABLE[other.ref.quantity].axes[:1] != ("row",):
        return ()
    return _undone(of_other_samples(tree, tuple(values), only=other.index[0] + 1), tree, other, values)


def _once(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    named: dict[tuple[str, ...], Candidate] = {}
    for one in candidates:
        named.setdefault(one.ids, one)
    return tuple(named.values())


def _undone(
    changes: Iterable[Edit], tree: Expression, other: Case, values: Mapping[str, float]
) -> tuple[Candidate, ...]:
    """The mistake that one of the changes of the calculation undoes."""
    for edit in changes:
        if _is_right(edit, other, values):
            asked = symbol(other.network, other.rows, other.ref)
            slip = Slip(other.truth, asked, spell(tree), spell(edit.tree))
            mistake = rare_mistake(_SLIPS[_kind_of(edit, other)])
            gone = set(names_in(tree) - names_in(edit.tree))
            if edit.kind == "name" and gone:
                mistake = replace(mistake, name=f"put {on_keys(gone.pop())} where another number belongs")
            return (Candidate(mistake, slip),)
    return ()


def _kind_of(edit: Edit, other: Case) -> Kind | Literal["chain"]:
    """The kind of a change, of which the name depends on what is asked: a sum of products, or a chain of links."""
    if edit.kind == "term" and not _adds_products(other):
        return "sign"
    return "chain" if edit.kind == "added" and other.ref.quantity in CHAIN - {"dL_do"} else edit.kind


def _adds_products(case: Case) -> bool:
    """Whether products are added up on the way to the asked number: of inputs, of paths, of samples."""
    if case.ref.quantity == "loss" or case.ref.phase == "update":
        return False
    way = {case.ref, *sensitivities(case.network, case.passed, case.ref)}
    operations = (Graph(case.network, case.rows).node(ref).operation for ref in way)
    return any(isinstance(one, Products) and sum(size > 1 for size in one.sizes) > 1 for one in operations)


def _is_right(edit: Edit, other: Case, values: Mapping[str, float]) -> bool:
    value = _value(edit.tree, values)
    return value is not None and _equal(value, other.truth)


def _value(tree: Expression, values: Mapping[str, float]) -> float | None:
    try:
        return Formula(tree, "").value(values)
    except ReadingError:
        return None


def _equal(value: float, other: float) -> bool:
    return abs(value - other) <= SAME * max(abs(value), abs(other))


# Other numbers


def _holds_a_value(tree: Expression, case: Case, names: Mapping[str, float]) -> bool:
    """Whether a number in a calculation may stand for one that is computed: 1.7584 for o, or 2 where o is 2."""
    numbers = numbers_in(tree)
    given = names_before(case.network, case.passed)
    computed = [value for name, value in names.items() if name not in given]
    return any(
        (not _is_structural(number) and not any(_equal(number, value) for value in given.values()))
        or any(_equal(number, value) for value in computed if value not in (0, 1))
        for number in numbers
    )


def _is_structural(number: float) -> bool:
    return number in (0.5, 0.25) or (number.is_integer() and number <= _STRUCTURAL)


def _larger_numbers(
    case: Case, tree: Expression, names: Set[str], related: Set[str]
) -> tuple[Case, dict[str, float]] | None:
    """The case with larger numbers, and what the names and related ones are worth there; None where none can be had.

    What is 0, 1 or −1, and what stands in the calculation as a number, keeps its value: a factor of 1 may be left out.
    """
    if not _is_reproduced(case):
        return None
    kept = {0.0, 1.0, -1.0, *numbers_in(tree)}
    for seed in range(TRIES):
        passed, network = _larger(case, kept, seed)
        if passed is None or not passed.is_finite or not _bends_alike(case, passed):
            continue
        other = Case(network, passed, case.ref)
        values = _worth(other, {*names, *related})
        return (other, values) if names <= values.keys() else None
    return None


def _is_reproduced(case: Case) -> bool:
    """Whether the pass alone gives the asked number: an update that remembers earlier passes needs more than that."""
    passed = case.passed
    try:
        again = rerun(passed, case.network, passed.before)
    except (DomainError, ArithmeticError):
        return False
    return _equal(value_of(again, case.ref), case.truth)


def _larger(case: Case, kept: set[float], seed: int) -> tuple[Pass | None, Network]:
    draw = np.random.default_rng(seed)
    most = 1.3 - 0.04 * seed

    def larger(values: Array) -> Array:
        stays = np.isin(values, tuple(kept))
        return np.where(stays, values, values * draw.uniform(1.03, most, values.shape))

    passed, network = case.passed, case.network
    W = tuple(larger(weights) for weights in passed.before.W)
    b = tuple(None if biases is None else larger(biases) for biases in passed.before.b)
    Y = larger(passed.Y) if passed.Y is not None and network.loss.has_free_targets else passed.Y
    rate = network.learning_rate
    changed = network if rate in kept else replace(network, learning_rate=rate * float(draw.uniform(1.03, most)))
    try:
        with np.errstate(all="ignore"):
            memory = passed.before.memory
            parameters = Parameters(W, b, memory and memory.map(lambda _, array: larger(array)))
            return rerun(passed, changed, parameters, (larger(passed.X), Y)), changed
    except (DomainError, ArithmeticError):
        return None, changed


def _bends_alike(case: Case, passed: Pass) -> bool:
    """Whether every z of a function of two pieces, every error and every output stands on the side it has in the case.

    The side of an output is that of the joint of the loss, where it has one.
    """
    here, there = case.passed, passed
    layers = zip(case.network.layers, here.forward.z, there.forward.z, strict=True)
    if any(activation_of(layer).has_joint and (np.sign(z) != np.sign(other)).any() for layer, z, other in layers):
        return False
    if here.Y is None or there.Y is None:
        return True
    side = loss_of(case.network.loss).side_of_joint
    if side is not None and (side(here.forward.o, here.Y) != side(there.forward.o, there.Y)).any():
        return False
    return bool((np.sign(here.forward.o - here.Y) == np.sign(there.forward.o - there.Y)).all())


def _worth(case: Case, names: set[str]) -> dict[str, float]:
    """What the names are worth in a case."""
    wanted = _quantities(names)
    refs = refs_of_pass(case.network, case.rows)
    every = names_of(case.network, case.passed, (ref for ref in refs if ref != case.ref and ref.quantity in wanted))
    every = with_unshown(case.network, case.rows, every | names_before(case.network, case.passed))
    return {name: every[name] for name in names if name in every}


def _quantities(names: set[str]) -> frozenset[Quantity]:
    """The quantities that some of the names may mean: in a wide network most are links and slopes of weights."""
    wanted: set[Quantity] = {"z", "a", "loss", "delta", "delta_sample"}
    if any(name.startswith("dL_") for name in names):
        wanted |= {"dL_do", "dL_da", "dX", "dW", "db"}
    if any("_d" in name and not name.startswith("dL_") for name in names):
        wanted |= {"da_dz", "dz_da", "dz_dw"}
    return frozenset(wanted)
