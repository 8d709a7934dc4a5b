"""The questions on a pass: any number of it can be asked, as its value, its sign or its size."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

import numpy as np

from nn_tutor.calculus.names import (
    CONSTANTS,
    LIMIT,
    activation,
    bias,
    decay_name,
    feature,
    on_keys,
    parameter,
    rate_name,
    state_name,
    symbol,
    target,
    weight,
    weighted_sum,
)
from nn_tutor.dataclass import dataclass
from nn_tutor.network.evaluation import remembered
from nn_tutor.network.graph import Leaf
from nn_tutor.network.quantities import (
    STATE_QUANTITIES,
    TABLE,
    Quantity,
    Ref,
    elements,
    layers_of,
    parse_ref,
    shown_sign,
    state_of,
)
from nn_tutor.network.records import Pass, array_of, value_of
from nn_tutor.network.rules import RULES, ingredients
from nn_tutor.walkthrough.naming import screen_names
from nn_tutor.walkthrough.order import is_shown, refs_of_pass
from nn_tutor.walkthrough.skills import Skill, skill_of
from nn_tutor.walkthrough.steps import step_id

if TYPE_CHECKING:
    from nn_tutor.course.ask import Ask
    from nn_tutor.network.optimizer import State
    from nn_tutor.network.spec import Network

QuestionKind = Literal["number", "sign", "size", "place", "formula"]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked about one number: its truth, and the scale on which an answer is judged.

    `prompt` asks in words; `gloss` says how the symbol is read. For a sign the truth is the number itself.
    """

    id: str
    kind: QuestionKind
    activity: str
    pass_number: int
    ref: Ref
    prompt: str
    gloss: str
    truth: float
    scale: float
    skill: Skill


def asked_refs(network: Network, rows: int, asks: Iterable[Ask]) -> tuple[tuple[QuestionKind, Ref], ...]:
    """Return what the asks of one pass come to: each number with the kinds asked of it, in the order of the pass.

    `all` asks every number that the screen stops at. Of one number the sign is asked before the size before the value.
    """
    wanted: dict[Ref, set[QuestionKind]] = {}
    for ask in asks:
        kind: QuestionKind = "number" if ask.kind == "value" else ask.kind
        for ref in _meant(network, rows, ask.ref):
            wanted.setdefault(ref, set()).add(kind)
    in_order = [ref for ref in refs_of_pass(network, rows) if ref in wanted] if len(wanted) > 1 else list(wanted)
    kinds: tuple[QuestionKind, ...] = ("sign", "size", "number", "place", "formula")
    return tuple((kind, ref) for ref in in_order for kind in kinds if kind in wanted[ref])


def make_question(network: Network, passed: Pass, activity: str, kind: QuestionKind, ref: Ref) -> Question:
    """Make the question on one number of a pass."""
    value = value_of(passed, ref)
    suffix = "" if kind in ("number", "place") else f".{kind}"
    prompt, gloss = _wording(network, passed.X.shape[0], kind, ref)
    return Question(
        id=f"{activity}:{step_id(passed.number, ref)}{suffix}",
        kind=kind,
        activity=activity,
        pass_number=passed.number,
        ref=ref,
        prompt=prompt,
        gloss=gloss,
        truth=abs(value) if kind == "size" else value,
        scale=scale_of_question(passed, ref),
        skill=skill_of(network, passed.X.shape[0], kind, ref),
    )


def number_of_id(question_id: str) -> tuple[int, Ref] | None:
    """Return the pass and the number that a question's id, or a step's, is about; None for one that asks no number.

    Raises `ValueError` for a quantity that does not exist.
    """
    match = _NUMBER.fullmatch(question_id)
    return None if match is None else (int(match[1]), parse_ref(match[2]))


_NUMBER = re.compile(r"(?:[^:]*:)?(\d{1,6})\.(?:forward|loss|backward|update)\.([^.]+)")


def scale_of_question(passed: Pass, ref: Ref) -> float:
    """Return the scale on which an answer is judged: the number's own size, for a new parameter the size of its step.

    For an element of a vector at least 1 % of the largest element. A parameter that is held is judged on its own size.
    """
    if ref.quantity == "loss":
        return abs(passed.loss.loss)
    if not TABLE[ref.quantity].axes:
        return abs(value_of(passed, ref))
    if ref.quantity in ("W", "b"):
        layer = (ref.layer or 1) - 1
        steps = passed.update.step_W[layer] if ref.quantity == "W" else passed.update.step_b[layer]
        sizes = np.abs(np.asarray(steps))
        if ref.quantity == "W" and (decay := passed.update.decay_W):
            sizes = np.abs(passed.update.step_W[layer] + decay[layer])
        step = float(sizes[ref.index or ()])
        return max(step, 0.01 * float(sizes.max())) if step else abs(value_of(passed, ref))
    whole = np.abs(array_of(passed, ref.quantity, ref.layer))
    return max(abs(value_of(passed, ref)), 0.01 * float(whole.max()))


@lru_cache(maxsize=4096)
def typed_name(text: str) -> str | None:
    """Return how a symbol is typed: `∂L/∂w₂₁₁` as `dL_dw211`, `x₁⁽²⁾` as `x1_2`; None for one that has no such name."""
    name = on_keys(text)
    return name if re.fullmatch(r"[A-Za-zΑ-Ωα-ω][A-Za-zΑ-Ωα-ω0-9_]*", name) else None


def asked_names(network: Network, rows: int, ref: Ref) -> tuple[str, ...]:
    """Return how a learner may name what is asked before an =: `w` for w′, `dL_dw`, `o` for o₁ of a single output."""
    if ref.quantity == "step":
        return ("step",)
    if ref.quantity == "rate":
        return ("lr",)
    name = typed_name(symbol(network, rows, ref).removesuffix("′").replace("°", ""))
    if name is None:
        return ()
    names = (name, *short_names(network, {name: 0.0}))
    if ref.quantity in ("W", "b") or _is_remembered(ref):
        return (*names, *(f"{one}_new" for one in names))
    return (*names, "loss") if ref.quantity == "loss" else names


def names_before(network: Network, passed: Pass) -> dict[str, float]:
    """Return what may be typed before anything is computed: inputs, targets, old parameters, η (as `lr`) and λ.

    And what the update rule starts from: its constants, what it remembers, and the number of the pass, `t`.
    """
    return _typed((ON_KEYS.get(name, name), value) for name, value in given(network, passed))


ON_KEYS = {"η": "lr", "η₀": "lr0"}
"""How learning rates are typed."""


def given(network: Network, passed: Pass) -> list[tuple[str, float]]:
    """Return what a pass starts from, each with its textbook name: inputs, targets, η, λ if any, old parameters.

    And what its update rule starts from, if it is not plain descent.
    """
    rows = passed.X.shape[0]
    named: list[tuple[str, float]] = [
        (feature(network, rows, *place), value) for place, value in np.ndenumerate(passed.X)
    ]
    if passed.Y is not None:
        named += [(target(network, rows, *place), value) for place, value in np.ndenumerate(passed.Y)]
    named.append((rate_name(network), network.learning_rate))
    if network.l2:
        named.append(("λ", network.l2))
    named += _given_to_rule(network, passed)
    for layer, (W, b) in enumerate(zip(passed.before.W, passed.before.b, strict=True), start=1):
        named += [(weight(network, layer, place), value) for place, value in np.ndenumerate(W)]
        if b is not None:
            named += [(bias(network, layer, place[0]), value) for place, value in np.ndenumerate(b)]
    return named


def _given_to_rule(network: Network, passed: Pass) -> Iterator[tuple[str, float]]:
    """What the update rule of a network starts from, but for the learning rate."""
    optimizer = network.optimizer
    if optimizer.weight_decay:
        yield decay_name(network), optimizer.weight_decay
    if optimizer.clips:
        yield LIMIT, optimizer.clipping.at
    needed = ingredients(optimizer)
    for constant, name in CONSTANTS.items():
        if constant in needed:
            yield name, optimizer.constants[constant]
    if "t" in needed or optimizer.is_scheduled:
        yield "t", float(passed.number)
    for state in RULES[optimizer.rule].remembered:
        for quantity in STATE_QUANTITIES[state]:
            for layer in layers_of(network, quantity):
                for ref in elements(network, 1, quantity, layer):
                    index = ref.index or ()
                    leaf = Leaf("weight", layer or 1, index)
                    yield state_name(network, state, layer or 1, index), remembered(passed, state, leaf)


def names_of(network: Network, passed: Pass, known: Iterable[Ref]) -> dict[str, float]:
    """Return what may be typed because it is known: `z`, `o`, `dL_do`, each with its value.

    A slope is what its name says, δ what the conventions of the network make it; a step has no name. A new state of the
    update rule is typed like `m_new`, as its old one is there as well.
    """
    rows = passed.X.shape[0]
    typed = ((ref, _name_in_use(network, rows, ref)) for ref in known if ref.quantity != "step")
    return _typed(
        (name, (shown_sign(network, ref) if name.startswith("δ") else 1.0) * value_of(passed, ref))
        for ref, name in typed
    )


def _name_in_use(network: Network, rows: int, ref: Ref) -> str:
    if ref.quantity == "rate":
        return "lr"
    name = symbol(network, rows, ref).removeprefix("−")
    return f"{name.removesuffix('′')}_new" if _is_remembered(ref) else name


def _is_remembered(ref: Ref) -> bool:
    """Whether a number is a state that the update rule goes on with in the next pass."""
    state = state_of(ref.quantity)
    return state is not None and not state[0].endswith("_hat")


def with_unshown(network: Network, rows: int, names: Mapping[str, float]) -> dict[str, float]:
    """Return names together with all that may be typed besides: short names, and the links that no step shows."""
    every = {**names, **_bias_links(network, rows)}
    return every | short_names(network, every)


@lru_cache(maxsize=8)
def _bias_links(network: Network, rows: int) -> Mapping[str, float]:
    """Return the slopes of the weighted sums in their biases as they may be typed, `dz_db`: no step shows that 1.

    It is the same in every sample, so that it may be typed with the number of one, or without.
    """
    links = (
        f"∂{weighted_sum(network, samples, layer, row, unit)}/∂{bias(network, layer, unit)}"
        for layer, spec in enumerate(network.layers, start=1)
        for unit in range(spec.units if spec.biases is not None else 0)
        for samples in {1, rows}
        for row in range(samples)
    )
    return MappingProxyType(_typed((link, 1.0) for link in links))


def short_names(network: Network, names: Mapping[str, float]) -> dict[str, float]:
    """Return what may be typed besides the names that are shown: `o` for `o1` of a single output, w211 for w5."""
    others = screen_names(network, names)
    return others | _without_units(network, {**names, **others})


def _without_units(network: Network, names: Mapping[str, float]) -> dict[str, float]:
    """What may be typed without the number of its unit, as there is but one."""
    if network.outputs > 1:
        return {}
    single = re.compile(f"(?<=[{'oyzδb' if len(network.layers) == 1 else 'oy'}])1(?![0-9])")
    shortened = {single.sub("", name): value for name, value in names.items()}
    return {name: value for name, value in shortened.items() if name not in names}


def _typed(named: Iterable[tuple[str, float]]) -> dict[str, float]:
    typed = {}
    for text, value in named:
        name = typed_name(text)
        if name is not None:
            typed[name] = float(value)
    return typed


def _meant(network: Network, rows: int, meant: Ref | None) -> list[Ref]:
    if meant is None:
        return [ref for ref in refs_of_pass(network, rows) if is_shown(network, rows, ref)]
    layers = layers_of(network, meant.quantity) if meant.layer is None else (meant.layer,)
    every = [ref for layer in layers for ref in elements(network, rows, meant.quantity, layer)]
    return [ref for ref in every if meant.index is None or ref.index == meant.index]


def _wording(network: Network, rows: int, kind: QuestionKind, ref: Ref) -> tuple[str, str]:
    name = symbol(network, rows, ref)
    over, under = over_and_under(network, rows, ref)
    slope = f"slope of {over} with respect to {under}"
    if kind in ("sign", "size") and TABLE[ref.quantity].phase == "update" and ref.quantity not in ("W", "b", "step"):
        prompt = f"Is {name} + or −?" if kind == "sign" else f"How large is {name}, whatever its sign?"
        return prompt, _wording(network, rows, "number", ref)[1]
    if kind == "sign":
        return f"Does {over} rise or fall when {under} grows: is {name} + or −?", f"{name}: “{slope}”"
    is_turned = shown_sign(network, ref) < 0 and ref.quantity != "step"
    gloss = f"{name}: with the error as target − output" if is_turned else f"{name}: “{slope}”"
    if is_turned and kind == "number":
        return f"What is the error term {name}?", gloss
    if kind == "formula":
        return f"What is {name}, as a formula?", gloss
    if kind == "place":
        old = name.removesuffix("′")
        return f"Where does {old} go? Put it on the curve with ← →", f"{name}: “new {old}”, after one step"
    if kind == "size":
        return f"How steep is it, whatever its sign: how large is {name}?", f"{name}: “{slope}”"
    if ref.quantity == "loss_term":
        return _wording_of_term(network, rows, ref, name)
    old = name.removesuffix("′")
    wordings: dict[Quantity, tuple[str, str]] = {
        "z": (f"What is {name}, the weighted sum?", f"{name}: what goes into the activation"),
        "a": (
            f"What does the network answer: what is {name}?" if name[0] == "o" else f"What is the activation {name}?",
            f"{name}: “output”" if name[0] == "o" else f"{name}: what goes on to the next layer",
        ),
        "loss": ("How large is the loss L?", "L: how wrong the output is"),
        "dz_dw": (f"If {under} grows by 1, by how much does {over} grow?", f"{name}: “{slope}”"),
        "dz_da": (f"If {under} grows by 1, by how much does {over} grow?", f"{name}: “{slope}”"),
        "step": (f"How far does {parameter(network, ref)} move?", f"{name}: the step")
        if not network.conventions.flips_step
        else (f"By how much does {parameter(network, ref)} change: what is {name}?", f"{name}: what is added"),
        "rate": ("What is the learning rate η of this pass?", "η: the learning rate, as the schedule has it now"),
        "norm": (f"How long are all slopes together: what is {name}?", f"{name}: the root of the sum of their squares"),
        "clipped": (f"What is left of the slope after clipping: what is {name}?", f"{name}: the clipped slope"),
        "W": (f"Where does {old} go: what is {name}?", f"{name}: “new {old}”, after one step"),
        "b": (f"Where does {old} go: what is {name}?", f"{name}: “new {old}”, after one step"),
    }
    state = state_of(ref.quantity)
    if state is not None:
        asked, gloss = _OF_STATES[state[0]]
        return asked.format(name=name), f"{name}: {gloss}"
    quantity: Quantity = "clipped" if ref.quantity == "clipped_b" else ref.quantity
    if quantity in wordings:
        return wordings[quantity]
    return f"How steeply does {over} change with {under}?", f"{name}: “{slope}”"


_OF_STATES: dict[State, tuple[str, str]] = {
    "velocity": ("What is the new velocity {name}?", "“new velocity”, the slopes so far, fading"),
    "m": ("What is {name}, the average of the slopes?", "“new m”, a running average"),
    "v": ("What is {name}, the average of the squared slopes?", "“new v”, a running average"),
    "m_hat": ("What is {name}, corrected for its start at 0?", "“m hat”, corrected for its start at 0"),
    "v_hat": ("What is {name}, corrected for its start at 0?", "“v hat”, corrected for its start at 0"),
}
"""How each state of an update rule is asked for, and what is said of its name."""


def _wording_of_term(network: Network, rows: int, ref: Ref, name: str) -> tuple[str, str]:
    """How one term of the loss is asked for, by the output that it belongs to."""
    row, unit = ref.index or (0, 0)
    output = activation(network, rows, len(network.layers), row, unit)
    if network.loss.kind != "squared_error":
        return f"What does {output} add to the loss: what is {name}?", f"{name}: one term of the loss, by itself"
    error = " − ".join((target(network, rows, row, unit), output)[:: 1 if network.conventions.flips_error else -1])
    return f"What is the square of {error}: what is {name}?", f"{name}: one term of the loss, by itself"


def over_and_under(network: Network, rows: int, ref: Ref) -> tuple[str, str]:
    """Return the names above and below a slope: L and w for `dW`, L and z for `delta`."""
    name = symbol(network, rows, ref)
    if ref.quantity in ("delta", "delta_sample"):
        row, unit = ref.index or (0, 0)
        over = "L" if ref.quantity == "delta" else f"the loss of sample {row + 1} alone"
        return over, weighted_sum(network, rows, ref.layer or 1, row, unit)
    over, _, under = name.removeprefix("−").partition("/")
    return over.removeprefix("η·").removeprefix("∂"), under.removeprefix("∂")
