"""The update rules: against loops by hand, their slopes against differences, their state carried by any run."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import get_args

import numpy as np
import pytest

from nn_tutor.calculus.names import CARRIED
from nn_tutor.network.evaluation import evaluate, leaf_value
from nn_tutor.network.graph import Leaf, graph_of
from nn_tutor.network.optimizer import ALONG, STATES, Clipping, Optimizer, RuleName, Schedule
from nn_tutor.network.passes import initial_parameters
from nn_tutor.network.quantities import QUANTITIES, Ref, elements, layers_of
from nn_tutor.network.records import Parameters, array_of, value_of
from nn_tutor.network.rules import CLIPPINGS, RULES, Line, rate_of
from nn_tutor.network.spec import Data, Layer, Network, SpecError
from nn_tutor.network.training import StoppedError, Timeline
from tests.network.running import fast_forward
from tests.networks import random_run

SEEDS = range(36)


def by_hand(optimizer: Optimizer, lr: float, w: float, slopes: list[float]) -> list[float]:
    """Follow a rule on plain floats, as the papers have it."""
    velocity = m = v = 0.0
    found = []
    for t, g in enumerate(slopes, start=1):
        match optimizer.rule:
            case "gradient-descent":
                step = g
            case "momentum":
                velocity = optimizer.momentum * velocity + g
                step = velocity
            case "nesterov":
                velocity = optimizer.momentum * velocity + g
                step = g + optimizer.momentum * velocity
            case "rmsprop":
                v = optimizer.decay * v + (1 - optimizer.decay) * g * g
                step = g / (math.sqrt(v) + optimizer.epsilon)
            case "adam" | "adamw":
                m = optimizer.beta1 * m + (1 - optimizer.beta1) * g
                v = optimizer.beta2 * v + (1 - optimizer.beta2) * g * g
                m_hat, v_hat = m / (1 - optimizer.beta1**t), v / (1 - optimizer.beta2**t)
                step = m_hat / (math.sqrt(v_hat) + optimizer.epsilon)
        w -= lr * optimizer.weight_decay * w + lr * step
        found.append(w)
    return found


@pytest.mark.parametrize("rule", get_args(RuleName))
def test_a_rule_does_what_the_papers_say(rule: RuleName) -> None:
    optimizer = Optimizer(rule, weight_decay=0.1)
    network = Network((Layer(weights=((1.3,),)),), learning_rate=0.05, optimizer=optimizer)
    timeline = Timeline(network, Data(((0.8,),), ((0.3,),)))
    passes = [timeline.at(number) for number in range(1, 21)]
    slopes = [value_of(passed, Ref("dW", 1, (0, 0))) for passed in passes]
    assert [value_of(passed, Ref("W", 1, (0, 0))) for passed in passes] == pytest.approx(
        by_hand(optimizer, 0.05, 1.3, slopes), rel=1e-14
    )


def test_adams_first_step_is_the_learning_rate_whatever_the_slope() -> None:
    for target in (0.3, 500.0, -1e-3):
        network = Network((Layer(weights=((1.3,),)),), learning_rate=0.05, optimizer=Optimizer("adam"))
        passed = Timeline(network, Data(((0.8,),), ((target,),))).at(1)
        assert abs(value_of(passed, Ref("step", 1, (0, 0)))) == pytest.approx(0.05, rel=1e-7)


@pytest.mark.parametrize("rule", get_args(RuleName))
def test_a_record_and_the_tables_of_names_say_the_same(rule: RuleName) -> None:
    record = RULES[rule]
    assert tuple(line.makes for line in record.states) == STATES[rule]
    assert (record.direction is None) == (ALONG[rule] is not None)


def test_what_is_remembered_has_a_new_value_that_is_marked() -> None:
    """v becomes v′; what is only worked out on the way, such as m̂, has no value before."""
    assert set(CARRIED) == {state for rule in RULES.values() for state in rule.remembered}


LINES: list[Line] = [line for rule in RULES.values() for line in (*rule.states, rule.direction) if line is not None]
LINES += [line for line in CLIPPINGS.values() if line is not None]


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line.makes} of {' '.join(line.of)}")
def test_the_slopes_of_a_line_are_those_of_its_formula(line: Line) -> None:
    draw = np.random.default_rng(3)
    for _ in range(20):
        values = [3.0 if name == "t" else float(draw.uniform(0.2, 0.9)) for name in line.of]
        for place, partial in enumerate(line.partials(*values)):
            high, low = values.copy(), values.copy()
            high[place] += 1e-6
            low[place] -= 1e-6
            difference = (float(line.function(*high)) - float(line.function(*low))) / 2e-6
            assert partial == pytest.approx(difference, rel=1e-5, abs=1e-7), line.of[place]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_graph_makes_the_numbers_of_the_pass(seed: int) -> None:
    network, data = random_run(seed)
    timeline = Timeline(network, data)
    for number in (1, 2, 4):
        try:
            passed = timeline.at(number)
        except StoppedError:
            return
        graph = graph_of(network, passed.X.shape[0])
        for quantity in QUANTITIES:
            for layer in layers_of(network, quantity):
                for ref in elements(network, passed.X.shape[0], quantity, layer):
                    if ref.phase != "update":
                        continue
                    node, truth = graph.node(ref), value_of(passed, ref)
                    values = [
                        leaf_value(network, passed, one) if isinstance(one, Leaf) else value_of(passed, one)
                        for one in node.arguments
                    ]
                    assert node.operation.value(values) == pytest.approx(truth, rel=1e-12, abs=1e-15), ref
                    printed = graph.as_printed(ref)
                    values = [
                        leaf_value(network, passed, one) if isinstance(one, Leaf) else value_of(passed, one)
                        for one in printed.arguments
                    ]
                    assert printed.operation.value(values) == pytest.approx(truth, rel=1e-12, abs=1e-15), ref


def bits(parameters: Parameters) -> list[bytes]:
    arrays = [*parameters.W, *parameters.b]
    if parameters.memory is not None:
        for of in (*parameters.memory.W.values(), *parameters.memory.b.values()):
            arrays += of
    return [array.tobytes() for array in arrays if array is not None]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_run_is_the_same_entered_anywhere_and_run_lean(seed: int) -> None:
    network, data = random_run(seed)
    walked = Timeline(network, data)
    try:
        passes = [walked.at(number) for number in range(1, 121)]
    except StoppedError:
        return
    for number in (120, 7, 101, 1, 119):
        entered = Timeline(network, data).at(number)
        assert bits(entered.before) == bits(passes[number - 1].before)
        assert bits(entered.update.after) == bits(passes[number - 1].update.after)
        assert entered.rows == passes[number - 1].rows
    done, after = list(fast_forward(network, data, initial_parameters(network), 120))[-1]
    assert done == 120
    assert bits(after) == bits(passes[-1].update.after)


def test_a_slope_that_is_put_in_is_followed_through_the_state() -> None:
    network = Network((Layer(weights=((1.3,),)),), learning_rate=0.05, optimizer=Optimizer("momentum"))
    passed = Timeline(network, Data(((0.8,),), ((0.3,),))).at(3)
    before = passed.before.memory
    assert before is not None
    velocity = 0.9 * float(before.W["velocity"][0][0, 0]) + 2.0
    given = {Ref("dW", 1, (0, 0)): 2.0}
    assert evaluate(network, passed, Ref("velocity", 1, (0, 0)), given) == pytest.approx(velocity)
    old = float(passed.before.W[0][0, 0])
    assert evaluate(network, passed, Ref("W", 1, (0, 0)), given) == pytest.approx(old - 0.05 * velocity)


def test_slopes_are_clipped_one_by_one_or_all_together() -> None:
    layers = (Layer(weights=((3.0, -2.0),), biases=(1.0,), frozen=frozenset({(0, 1)})),)
    data = Data(((1.0, 2.0),), ((0.5,),))
    by_value = Network(layers, optimizer=Optimizer(clipping=Clipping("value", 0.3)))
    passed = Timeline(by_value, data).at(1)
    assert array_of(passed, "dW", 1).tolist() == [[-1.0, -2.0]]
    assert array_of(passed, "clipped", 1).tolist() == [[-0.3, -0.3]]
    by_norm = Network(layers, optimizer=Optimizer(clipping=Clipping("norm", 0.5)))
    passed = Timeline(by_norm, data).at(1)
    # The held weight has no part in the length: √(1² + 1²).
    assert value_of(passed, Ref("norm")) == pytest.approx(math.sqrt(2))
    assert array_of(passed, "clipped_b", 1).tolist() == pytest.approx([-0.5 / math.sqrt(2)])
    roomy = replace(by_norm, optimizer=Optimizer(clipping=Clipping("norm", 5.0)))
    assert array_of(Timeline(roomy, data).at(1), "clipped", 1).tolist() == [[-1.0, -2.0]]


def test_schedules_lower_the_learning_rate() -> None:
    stepped = Optimizer(schedule=Schedule("step", every=3, factor=0.1))
    assert [rate_of(stepped, 0.5, t) for t in (1, 3, 4, 6, 7)] == pytest.approx([0.5, 0.5, 0.05, 0.05, 0.005])
    cosine = Optimizer(schedule=Schedule("cosine", passes=4, least=0.1))
    assert [rate_of(cosine, 0.5, t) for t in (1, 3, 5, 9)] == pytest.approx([0.5, 0.3, 0.1, 0.1])


@pytest.mark.parametrize(
    ("batching", "drop_last", "lengths"),
    [("full", False, [5]), ("online", False, [1] * 5), ("mini", False, [2, 2, 1]), ("mini", True, [2, 2])],
)
def test_an_epoch_sees_every_row_once(batching: str, drop_last: bool, lengths: list[int]) -> None:
    data = Data(tuple((float(row),) for row in range(5)), tuple((0.5,) for _ in range(5)))
    for shuffle in (False, True):
        network = Network(
            (Layer(weights=((0.1,),)),),
            learning_rate=0.01,
            batching=batching,  # type: ignore[arg-type]
            batch_size=2,
            shuffle=shuffle,
            drop_last=drop_last,
            seed=4,
        )
        timeline = Timeline(network, data)
        orders = []
        for epoch in range(3):
            first = epoch * len(lengths) + 1
            passes = [timeline.at(number) for number in range(first, first + len(lengths))]
            assert [len(passed.rows) for passed in passes] == lengths
            assert [network.rows_in_pass(passed.number, 5) for passed in passes] == lengths
            for passed in passes:
                assert passed.X[:, 0].tolist() == [float(row) for row in passed.rows]
            orders.append([row for passed in passes for row in passed.rows])
            assert sorted(orders[-1]) == list(range(5)) or drop_last
        assert (orders[0] != orders[1]) == (shuffle and batching != "full")


@pytest.mark.parametrize(
    ("make", "key"),
    [
        (lambda: Optimizer("adam", beta1=1.0), "beta1"),
        (lambda: Optimizer("momentum", momentum=-0.1), "momentum"),
        (lambda: Optimizer("rmsprop", epsilon=0.0), "epsilon"),
        (lambda: Optimizer(weight_decay=float("nan")), "weight_decay"),
        (lambda: Schedule("step", every=0), "schedule_every"),
        (lambda: Clipping("norm", 0.0), "clip_at"),
    ],
)
def test_a_constant_that_cannot_be_is_refused(make: object, key: str) -> None:
    with pytest.raises(SpecError) as raised:
        make()  # type: ignore[operator]
    assert raised.value.key == key
