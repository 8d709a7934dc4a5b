"""What PyTorch makes of random networks with every update rule: run by hand, where torch is installed.

    python -m tests.network.torch_reference MANY [RULE ...]  hold MANY networks a rule against this program, twice
    python -m tests.network.torch_reference --write          write the figures of tests/data/torch/rules.json

Both train in doubles from the same numbers, on the same batches: MANY networks whose slopes stay alive, and MANY of any
kind. The figures are those of `REFERENCES` networks of each.
"""

from __future__ import annotations

import importlib
import itertools
import json
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import numpy as np

from nn_tutor.network.activations import Array
from nn_tutor.network.optimizer import Optimizer, RuleName, Schedule, State
from nn_tutor.network.passes import initial_parameters, run_pass
from nn_tutor.network.records import Memory, Parameters
from nn_tutor.network.rules import RULES
from nn_tutor.network.spec import ActivationName, Batching, Data, Layer, Network
from nn_tutor.network.training import Batches, Timeline
from tests.network.exact_reference import exactly

STEPS = 1_000
REFERENCES = 3
FIGURES = Path(__file__).parents[1] / "data" / "torch" / "rules.json"
ORDER: tuple[RuleName, ...] = get_args(RuleName)
GOAL = 1e-12
"""How far two of them may be apart, relative to each number, or to 1 where it is smaller."""

SHAKEN = 8
"""How often PyTorch runs once more with random last bits, where this program and it are apart.

Some runs end in one of two places, and the last bits say in which: a few times would not show the other.
"""


def random_case(rule: RuleName, seed: int) -> tuple[Network, Data]:
    """Return a network, its data and its optimizer, all drawn from a seed."""
    draw = random.Random(f"{rule} {seed}")
    sizes = [draw.randint(1, 4) for _ in range(draw.randint(2, 4))]
    activations: tuple[ActivationName, ...] = ("sigmoid", "tanh", "identity")

    def numbers(count: int) -> tuple[float, ...]:
        return tuple(round(draw.uniform(-1.5, 1.5), 2) for _ in range(count))

    layers = tuple(
        Layer(
            weights=tuple(numbers(inputs) for _ in range(units)),
            biases=numbers(units) if draw.random() < 0.7 else None,
            activation=draw.choice(activations),
        )
        for inputs, units in itertools.pairwise(sizes)
    )
    rows = draw.randint(2, 7)
    # Small steps: where a run has settled, an adaptive rule blows the noise of the last bits up to whole steps.
    rates = {"rmsprop": (0.0003, 0.0005), "adam": (0.001, 0.003), "adamw": (0.001, 0.003)}
    batching: Batching = draw.choice(("full", "mini", "mini"))
    network = Network(
        layers,
        learning_rate=draw.choice(rates.get(rule, (0.003, 0.01))),
        batching=batching,
        batch_size=draw.randint(2, 3),
        shuffle=draw.random() < 0.5,
        drop_last=draw.random() < 0.3,
        seed=seed,
        l2=draw.choice((0.0, 0.0, 0.01)),
        optimizer=Optimizer(
            rule,
            momentum=draw.choice((0.9, 0.5)),
            decay=draw.choice((0.99, 0.9)),
            beta1=draw.choice((0.9, 0.8)),
            beta2=draw.choice((0.999, 0.98)),
            weight_decay=0.01 if rule == "adamw" else 0.0,
            schedule=draw.choice((Schedule(), Schedule(), Schedule("step", every=200, factor=0.5))),
        ),
    )
    data = Data(tuple(numbers(sizes[0]) for _ in range(rows)), tuple(numbers(sizes[-1]) for _ in range(rows)))
    if network.batching == "mini" and network.drop_last and rows < network.batch_size:
        network = replace(network, drop_last=False)
    return network, data


def unsettled_case(rule: RuleName, seed: int) -> tuple[Network, Data]:
    """Return the same network in mini-batches of more rows than it has parameters, as networks are trained.

    It cannot fit them all, and each batch pulls another way: no slope dies out, whatever the rule divides by.
    """
    network, _ = random_case(rule, seed)
    draw = random.Random(f"rows of {rule} {seed}")
    parameters = sum(layer.units * (layer.inputs + (layer.biases is not None)) for layer in network.layers)
    rows = parameters + draw.randint(1, 4)

    def numbers(count: int) -> tuple[float, ...]:
        return tuple(round(draw.uniform(-1.5, 1.5), 2) for _ in range(count))

    inputs, targets = (tuple(numbers(width) for _ in range(rows)) for width in (network.inputs, network.outputs))
    return replace(network, batching="mini"), Data(inputs, targets)


def reference_cases() -> Iterator[tuple[str, Network, Data]]:
    """Yield the networks whose figures are kept, by name."""
    for rule, seed in itertools.product(ORDER, range(REFERENCES)):
        yield f"{rule} {seed}", *random_case(rule, seed)
        yield f"{rule} unsettled {seed}", *unsettled_case(rule, seed)


KEPT: dict[str, str] = {"velocity": "momentum_buffer", "m": "exp_avg", "v": "exp_avg_sq"}
"""What PyTorch calls what is remembered; RMSProp's v is its `square_avg`."""


def with_torch(
    network: Network, data: Data, start: Parameters, steps: int = STEPS, last_bits: int | None = None
) -> Iterator[Parameters]:
    """Train with PyTorch, and yield parameters and what is remembered after each step.

    With `last_bits`, the seed of a draw, every parameter is moved to the next double up or down after each step.
    """
    torch: Any = importlib.import_module("torch")
    torch.set_num_threads(1)  # the networks are tiny: more only cost
    W = [torch.tensor(weights, requires_grad=True) for weights in start.W]
    b = [None if biases is None else torch.tensor(biases, requires_grad=True) for biases in start.b]
    weights_alone = {"params": W, "weight_decay": network.l2}
    groups = [weights_alone, {"params": [biases for biases in b if biases is not None], "weight_decay": 0.0}]
    groups = [group for group in groups if group["params"]]
    own, lr = network.optimizer, network.learning_rate
    kinds = {
        "gradient-descent": lambda: torch.optim.SGD(groups, lr=lr),
        "momentum": lambda: torch.optim.SGD(groups, lr=lr, momentum=own.momentum),
        "nesterov": lambda: torch.optim.SGD(groups, lr=lr, momentum=own.momentum, nesterov=True),
        "rmsprop": lambda: torch.optim.RMSprop(groups, lr=lr, alpha=own.decay, eps=own.epsilon),
        "adam": lambda: torch.optim.Adam(groups, lr=lr, betas=(own.beta1, own.beta2), eps=own.epsilon),
        "adamw": lambda: torch.optim.AdamW(groups, lr=lr, betas=(own.beta1, own.beta2), eps=own.epsilon),
    }
    if own.rule == "adamw":
        weights_alone["weight_decay"] = own.weight_decay
    optimizer = kinds[own.rule]()
    schedule = torch.optim.lr_scheduler.StepLR(optimizer, own.schedule.every, own.schedule.factor)
    functions = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "identity": lambda z: z}
    batches = Batches(network, data)
    draw = np.random.default_rng(last_bits)
    shaken = [] if last_bits is None else [one.detach().numpy() for one in (*W, *b) if one is not None]
    names: dict[State, str] = {name: KEPT[name] for name in RULES[own.rule].remembered}
    if own.rule == "rmsprop":
        names["v"] = "square_avg"
    for number in range(1, steps + 1):
        _, X, Y = batches.at(number)
        assert Y is not None
        a = torch.tensor(X)
        for layer, weights, biases in zip(network.layers, W, b, strict=True):
            a = functions[layer.activation](a @ weights.T + (0.0 if biases is None else biases))
        optimizer.zero_grad()
        ((a - torch.tensor(Y)) ** 2).mean().backward()
        if own.rule == "adamw" and network.l2:  # beside the decay L2 is part of the loss
            for weights in W:
                weights.grad += network.l2 * weights.detach()
        optimizer.step()
        if own.schedule.kind == "step":
            schedule.step()
        for values in shaken:  # what PyTorch itself works with
            values[...] = np.nextafter(values, draw.choice((-np.inf, np.inf), values.shape))
        memory = Memory(
            W={name: tuple(_copy(optimizer.state[one][key]) for one in W) for name, key in names.items()},
            b={
                name: tuple(None if one is None else _copy(optimizer.state[one][key]) for one in b)
                for name, key in names.items()
            },
        )
        yield Parameters(
            tuple(map(_copy, W)),
            tuple(None if biases is None else _copy(biases) for biases in b),
            memory if names else None,
        )


def _copy(tensor: Any) -> Array:
    array: Array = tensor.detach().numpy().copy()
    return array


def arrays_of(parameters: Parameters) -> list[Array]:
    """Return weights and biases of every layer, those that are there."""
    pairs = zip(parameters.W, parameters.b, strict=True)
    return [array for pair in pairs for array in pair if array is not None]


def farthest(ours: list[Array], theirs: list[Array]) -> float:
    """Return the largest difference of two sets of parameters, relative to each, or to 1 where they are smaller."""
    return max(
        float(np.max(np.abs(own - other) / np.maximum(1.0, np.abs(other))))
        for own, other in zip(ours, theirs, strict=True)
    )


def hold(many: int, rules: Sequence[RuleName] = ORDER) -> None:
    """Print by rule how far this program and PyTorch are apart at the most: in each single step, and after all of them.

    A single step starts from PyTorch's own numbers. A run of many steps can agree only where a rounding does not grow.
    It does where a rule divides by the size of a slope that has nearly died out, which a network that has settled on a
    few rows brings about: there two right programs part, and no digit of either is to be trusted. So where this program
    and PyTorch are apart it is said how far PyTorch is from itself with other last bits, and how far both are from the
    run with 50 digits. Where slopes stay alive, no run may be apart.
    """
    for rule in rules:
        _hold_one(rule, "unsettled", [unsettled_case(rule, seed) for seed in range(many)])
        _hold_one(rule, "of any kind", [random_case(rule, seed) for seed in range(many)])


def _hold_one(rule: RuleName, kind: str, cases: list[tuple[Network, Data]]) -> None:
    single, apart, unexplained = 0.0, [], 0
    for seed, (network, data) in enumerate(cases):
        last, in_steps = _against_torch(network, data)
        ours = arrays_of(Timeline(network, data).at(STEPS).update.after)
        single = max(single, in_steps)
        apart.append(farthest(ours, last))
        if apart[-1] > GOAL:
            itself = _from_itself(network, data, last)
            unexplained += itself <= GOAL
            exact = exactly(network, data, initial_parameters(network), STEPS)
            _say(
                f"  {rule} {seed}: apart {apart[-1]:.1e}; PyTorch from itself {itself:.1e}; "
                f"from 50 digits: ours {farthest(ours, exact):.1e}, PyTorch {farthest(last, exact):.1e}"
            )
    within = [one for one in apart if one <= GOAL]
    _say(
        f"{rule}, {kind}: {STEPS * len(cases):,} single steps at most {single:.1e} apart; "
        f"{len(within)} of {len(cases)} runs of {STEPS:,} steps within {GOAL:.0e}, at most {max(within):.1e} apart; "
        f"of the others, PyTorch stays with itself in {unexplained}"
    )


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _against_torch(network: Network, data: Data) -> tuple[list[Array], float]:
    """PyTorch's parameters after all steps, and how far a single step of ours from its numbers is from its own."""
    batches, before, farthest_step = Batches(network, data), initial_parameters(network), 0.0
    for number, after in enumerate(with_torch(network, data, before), start=1):
        rows, X, Y = batches.at(number)
        ours = run_pass(network, before, X, Y, number, rows).update.after
        farthest_step = max(farthest_step, farthest(_all_of(ours), _all_of(after)))
        before = after
    return arrays_of(before), farthest_step


def _from_itself(network: Network, data: Data, last: list[Array]) -> float:
    """How far PyTorch is from itself after all steps where each of them ends with other last bits.

    So much any program may be beside: it rounds every new weight, and what it rounds on the way forward is the exact
    result of weights a few units in the last place beside (Higham, "Accuracy and stability of numerical algorithms",
    2002, section 3.1). To let chance choose the last bits and see which digits stay is the CESTAC method (Vignes, "A
    stochastic arithmetic for reliable scientific computation", 1993).
    """
    found = 0.0
    for seed in range(SHAKEN):
        *_, beside = with_torch(network, data, initial_parameters(network), last_bits=seed)
        found = max(found, farthest(arrays_of(beside), last))
    return found


def _all_of(parameters: Parameters) -> list[Array]:
    """Parameters and everything that is remembered."""
    memory = parameters.memory
    kept = [] if memory is None else [one for arrays in (memory.W, memory.b) for of in arrays.values() for one in of]
    return [*arrays_of(parameters), *(array for array in kept if array is not None)]


def write() -> None:
    """Write the figures of the first networks of every rule."""
    torch: Any = importlib.import_module("torch")
    figures = {}
    for name, network, data in reference_cases():
        *_, after = with_torch(network, data, initial_parameters(network))
        figures[name] = [array.tolist() for array in arrays_of(after)]
    FIGURES.parent.mkdir(parents=True, exist_ok=True)
    document = {"made_with": f"torch {torch.__version__}, float64, {STEPS} steps", "after": figures}
    FIGURES.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        write()
    else:
        hold(int(sys.argv[1]), [rule for rule in ORDER if rule in sys.argv[2:]] or ORDER)
