"""The ladder of hints, rung by rung, and the sentence of why after a right answer.

Rungs 1 and 2 may be written in the lesson; the others come from the derivation of the very number that is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nn_tutor.calculus.names import parameter, symbol
from nn_tutor.calculus.numerals import numeral
from nn_tutor.judging.expression import Negative, Operation, spell
from nn_tutor.judging.parsing import parse
from nn_tutor.judging.reading import ReadingError, read
from nn_tutor.network.activations import activation_of
from nn_tutor.network.losses import loss_of
from nn_tutor.network.optimizer import ALONG
from nn_tutor.network.quantities import Ref, shown_sign, state_of
from nn_tutor.network.rules import CLIPPINGS, RULES
from nn_tutor.network.spelling import is_single_chain
from nn_tutor.walkthrough.questions import Question, over_and_under

if TYPE_CHECKING:
    from nn_tutor.network.spec import Network
    from nn_tutor.walkthrough.steps import Step

HINT_LEVELS = 5
"""1 which link, 2 the rule in words, 3 this network's expression, 4 numbers put in, 5 all of it with the value."""

FORMULA_HINT_LEVELS = 3
"""A formula is asked without numbers: its third hint is the answer."""

DECOMPOSE_FROM = 2
"""From this rung on a question may be taken apart into its links."""

NOT_DERIVED = "the formula is being derived: press ? again in a moment"


def rungs_of(question: Question, step: Step, written: Sequence[str] = (), *, in_sight: bool = False) -> tuple[int, ...]:
    """Return the rungs that are climbed at a question; the last one is the whole answer.

    One that would only repeat another is left out, and so is the rule in words where the rule itself is `in_sight`,
    unless the lesson has written it.
    """
    if question.kind == "formula":
        return tuple(range(1, FORMULA_HINT_LEVELS + 1))
    if step.rule is None or step.substituted is None:
        return tuple(range(1, HINT_LEVELS + 1))
    words = (2,) if not in_sight or any(written[1:2]) else ()
    if _is_lookup(step):
        return (1, *words, 3, HINT_LEVELS)
    if not in_sight:
        return (1, *words, 3, 4, HINT_LEVELS)
    if _tells_itself(step):  # its numbers would be early as a second hint
        return (1, 2, 4, HINT_LEVELS)
    left = () if last_operation(step.substituted) == step.substituted else (4,)
    return (1, *words, 3, *left, HINT_LEVELS)


def _is_lookup(step: Step) -> bool:
    """Whether a number only has to be looked up: with its numbers put in its rule is the number itself."""
    return step.substituted is not None and step.substituted.removesuffix(" (held)") == numeral(step.value)


def _tells_itself(step: Step) -> bool:
    """Whether a rule with its numbers put in holds the number that it gives, as 0.3·1 does."""
    return numeral(abs(step.value)) in (step.substituted or "")


def hint(
    network: Network, rows: int, step: Step, hint_level: int, written: Sequence[str] = (), *, in_sight: bool = False
) -> str:
    """Return one rung of the ladder for the number of a step; `written` are the lesson's words for rungs 1 and 2.

    Where the rule is `in_sight` rung 3 also says it with the numbers put in.
    """
    if hint_level <= len(written) and hint_level <= 2 and written[hint_level - 1]:
        return written[hint_level - 1]
    if hint_level <= 1:
        return which_link(network, rows, step.ref)
    if hint_level == 2:
        return rule_in_words(network, rows, step.ref)
    if step.rule is None or step.substituted is None:
        return NOT_DERIVED if hint_level < HINT_LEVELS else f"{step.symbol} = {numeral(step.value)}"
    if _is_lookup(step) and hint_level in (3, 4):
        return f"{step.symbol} = {step.rule}: nothing is left to compute, look up what that is"
    if hint_level == 3:
        put_in = f" = {step.substituted}" if in_sight and not _tells_itself(step) else ""
        return f"{step.symbol} = {step.rule}{put_in}"
    if hint_level == 4:
        left = last_operation(step.substituted)
        put_in = step.substituted if left == step.substituted else f"{step.substituted} = {left}"
        return f"{step.symbol} = {put_in}"
    value = numeral(step.value)
    parts = [part for part in dict.fromkeys((step.rule, step.substituted)) if part.removesuffix(" (held)") != value]
    return f"{' = '.join((step.symbol, *parts))} {step.relation} {value}"


def last_operation(substituted: str) -> str:
    """Return a calculation with all but its last operation done: `2·(1.7584 − 1.05)` as `2·0.7084`."""
    try:
        tree = parse(substituted, ())
    except ReadingError:
        return substituted
    minus = isinstance(tree, Negative)
    if isinstance(tree, Negative):
        tree = tree.operand
    if not isinstance(tree, Operation):
        return substituted
    sign = {"+": " + ", "-": " − ", "*": "·", "/": "/", "^": "^"}[tree.operator]
    sides: list[str] = []
    for side in (tree.left, tree.right):
        try:
            text = numeral(read(spell(side)).value)
        except ReadingError:
            return substituted
        needs_brackets = text.startswith("−") and (sides or tree.operator == "^")
        sides.append(f"({text})" if needs_brackets else text)
    done = f"{sides[0]}²" if tree.operator == "^" and sides[1] == "2" else sign.join(sides)
    return f"−({done})" if minus else done


def which_link(network: Network, rows: int, ref: Ref) -> str:
    """Return rung 1: where in the network the number stands."""
    name = symbol(network, rows, ref)
    layer = ref.layer or len(network.layers)
    where = f" of layer {layer}" if len(network.layers) > 1 and ref.layer else ""
    match ref.quantity:
        case "z":
            return f"{name} is the weighted sum{where}: what enters the unit, before its activation"
        case "a":
            bent = "" if network.layers[layer - 1].activation == "identity" else ", after its activation"
            return f"{name} is what leaves the unit{where}{bent}: look at what is lit"
        case "loss_term":
            return f"{name} is one term of the loss: one output against its target, before anything is added up"
        case "loss":
            return "L stands at the end of the way forward: it compares the output with the target"
        case "W" | "b" | "step":
            return f"{parameter(network, ref)} is updated last, when the backward pass has found its slope"
        case "rate":
            return "the slopes are there: first the learning rate of this pass, which the schedule gives"
        case "norm":
            return f"{name} takes in the slopes of all weights and biases together"
        case _ if ref.phase == "update":
            return f"the slope of {parameter(network, ref)} is there: {name} stands between it and the step"
        case "dW" | "db":
            under = over_and_under(network, rows, ref)[1]
            return f"{name} is a whole chain: from L back to {under}, link by link"
        case "delta" | "delta_sample" | "dL_da" | "dX":
            under = over_and_under(network, rows, ref)[1]
            return f"{name} gathers the chain from L back to {under}"
        case _:
            over, under = over_and_under(network, rows, ref)
            return f"{name} is one link, between {over} and {under}: only these two matter here"


def rule_in_words(network: Network, rows: int, ref: Ref) -> str:
    """Return rung 2: the rule, in words and in the symbols of this network."""
    rule = _rule_of_sheet(network, rows, ref) or _rule(network, rows, ref)
    layer = ref.layer or len(network.layers)
    spec = network.layers[layer - 1]
    out = "o" if layer == len(network.layers) else "a"
    scaled = _scaled_in_words(network, rows)
    return rule.format(
        z=out if spec.activation == "identity" else "z",
        a=out,
        x="x" if layer == 1 else "a",
        entering="input" if layer == 1 else "activation",
        bias=", and the bias" if spec.biases is not None else "",
        scaled=scaled,
        total="" if scaled or network.outputs * rows == 1 else ", all added up",
    )


def _scaled_in_words(network: Network, rows: int) -> str:
    """What is done with the terms of the loss besides adding them up, "" for nothing."""
    factor, scale = network.loss.factor, network.loss.scale(outputs=network.outputs, rows=rows)
    if scale == 1:
        return ""
    done = [said for said, is_done in (("the factor", factor != 1), ("the mean", scale != factor)) if is_done]
    return f"; then {' and '.join(done)} named in the top line"


def why(network: Network, rows: int, ref: Ref) -> str:
    """Return the sentence after a right answer: the rule that made it right."""
    return f"right: {rule_in_words(network, rows, ref)}"


def _rule(network: Network, rows: int, ref: Ref) -> str:
    """The rule that a number follows, with places for the symbols of the network."""
    layer = (ref.layer or len(network.layers)) - 1
    spec = network.layers[layer]
    match ref.quantity:
        case "z":
            return _RULES["z" if spec.inputs == 1 and spec.biases is None else "dot"]
        case "a":
            is_sum = spec.activation == "identity"
            return _rule(network, rows, ref._replace(quantity="z")) if is_sum else activation_of(spec).in_words
        case "loss":
            return loss_of(network.loss).in_words
        case "loss_term":
            return loss_of(network.loss).in_words.replace("{total}", "").replace("{scaled}", "")
        case "dL_do":
            return loss_of(network.loss).slope_in_words
        case "da_dz":
            return activation_of(spec).slope_in_words
        case "delta":
            return _RULES["fused" if layer == len(network.layers) - 1 and network.is_fused else "delta"]
        case "dL_da" | "dX":
            above = network.layers[layer + 1 if ref.quantity == "dL_da" else 0]
            return _RULES["one path" if above.units == 1 else "paths"]
        case "dW":
            return _RULES["batch" if rows > 1 else "chain" if is_single_chain(network, rows) else "outer"]
        case "db":
            return _RULES["bias batch" if rows > 1 else "bias"]
        case "dz_dw" | "dz_da" | "delta_sample":
            return _RULES[ref.quantity]
        case _:
            return _rule_of_update(network, ref)


def _rule_of_update(network: Network, ref: Ref) -> str:
    """The rule that a number of an update follows."""
    optimizer, spec = network.optimizer, network.layers[(ref.layer or 1) - 1]
    state = state_of(ref.quantity)
    if state is not None:
        return next(line.in_words for line in RULES[optimizer.rule].states if line.makes == state[0])
    match ref.quantity:
        case "rate":
            return _RULES[f"rate {optimizer.schedule.kind}"]
        case "clipped" | "clipped_b":
            line = CLIPPINGS[optimizer.clipping.kind]
            return "" if line is None else line.in_words
        case "step":
            return _step_in_words(network)
        case "norm":
            return _RULES["norm"]
        case _:
            held = not spec.train_biases if ref.quantity == "b" else (ref.index or ()) in spec.frozen
            return _RULES["held"] if held else _update_in_words(network, ref)


def _update_in_words(network: Network, ref: Ref) -> str:
    """The rule of an update by the network's own rule, with its decay."""
    decays = network.optimizer.weight_decay and ref.quantity == "W"
    return RULES[network.optimizer.rule].in_words + (", and minus η times λ times the old value" if decays else "")


def _step_in_words(network: Network) -> str:
    along, direction = ALONG[network.optimizer.rule], RULES[network.optimizer.rule].direction
    if direction is not None:
        return f"the learning rate times the direction: {direction.in_words}"
    return f"the learning rate times the {along}"


def _rule_of_sheet(network: Network, rows: int, ref: Ref) -> str:
    """The rule of a number that a sheet writes otherwise: with target − output, or a change; "" where it does not."""
    spec = network.layers[(ref.layer or len(network.layers)) - 1]
    has_links = is_single_chain(network, rows) and not network.is_fused  # then a slope is a chain of true slopes
    is_error = ref.quantity in ("delta", "dL_da")
    carries = shown_sign(network, Ref("delta")) < 0 and (is_error or not (has_links or spec.activation == "identity"))
    squares = network.loss.kind == "squared_error" and network.conventions.flips_error
    match ref.quantity:
        case "loss" | "loss_term" if squares:
            return loss_of(network.loss).in_words.replace("output minus target", "target minus output")
        case "dL_do" if squares:
            return loss_of(network.loss).slope_in_words.replace("e is o − y", "here e is y − o")
        case "dL_do" if shown_sign(network, ref) < 0:
            return f"{loss_of(network.loss).slope_in_words}; turned, as the error here is target − output"
        case "step" | "W" | "b":
            return _update_of_sheet(network, rows, ref, grows=carries and rows == 1 and not network.l2)
        case "dX" | "dW" | "db" | "delta" | "dL_da" if carries:
            error = "the error" if is_error else "minus the error"
            said = _rule(network, rows, ref).replace("the slope that", f"{error} that")
            said = said.replace("is the one that arrives", f"is {error} that arrives")
            return said.replace("each slope above", "each error above").replace("o − y", "y − o")
    return ""


def _update_of_sheet(network: Network, rows: int, ref: Ref, *, grows: bool) -> str:
    """The rule of an update that adds: what grows by η·δ·x, or by a change Δw."""
    spec = network.layers[(ref.layer or 1) - 1]
    if not spec.train_biases if ref.quantity == "b" else (ref.index or ()) in spec.frozen:
        return ""
    changes = network.conventions.flips_step
    grows = grows and network.optimizer.goes_along_slope
    if ref.quantity == "step":
        grown = "the learning rate times the error that arrives, times what enters"
        return "" if not changes else grown if grows else f"minus {_step_in_words(network)}"
    if changes and ref.quantity == "W":
        return "the old value plus the change" + (", minus its decay" if network.optimizer.weight_decay else "")
    if not grows:
        return ""
    return "the old value plus η times the error that arrives" + (", times what enters" if ref.quantity == "W" else "")


_RULES = {
    "z": "the {entering} times its weight",
    "dot": "each {entering} times its weight, all added up{bias}",
    "dz_dw": "{z} = w·{x}: if w grows by one, {z} grows by what w is multiplied by",
    "dz_da": "{z} = w·{x}: if {x} grows by one, {z} grows by what it is multiplied by",
    "delta": "the slope that arrives, times the slope of the activation",
    "delta_sample": "δ of this sample's own loss: without the mean over the samples",
    "fused": "loss and activation together leave just o − y{scaled}",
    "one path": "the slope that arrives above, times the weight on the way",
    "paths": "every path counts: each slope above times its weight, all added up",
    "chain": "slopes in a row multiply: that is the chain rule",
    "outer": "the slope that arrives at the unit, times what enters through this weight",
    "batch": "for each sample the slope that arrives times what enters, added over the samples",
    "bias": "{z} grows with b one for one: its slope is the one that arrives at {z}",
    "bias batch": "{z} grows with b one for one: add up the slopes that arrive, over the samples",
    "norm": "square every slope, add them all up, and take the root; what is held does not count",
    "rate step": "the first learning rate, times the factor for every drop so far",
    "rate cosine": "the learning rate falls along half a wave of the cosine, from its first value to its least",
    "held": "it is held: it stays where it was",
}
