"""A run is the same however it is entered, says where it ends, and stays small."""

from __future__ import annotations

import contextlib
import math
import random
import tracemalloc
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tutor.network import training
from nn_tutor.network.passes import batch, initial_parameters, run_pass
from nn_tutor.network.records import Parameters, Pass
from nn_tutor.network.spec import Data, Layer, Loss, Network, SpecError
from nn_tutor.network.training import CHECK_EVERY, Stopped, StoppedError, Timeline, guarded_pass
from tests.network.drawn import Case, cases
from tests.network.running import fast_forward

XOR = (
    Network(
        (
            Layer(size=(2, 3), biases=(0.1, -0.2, 0.3), activation="tanh"),
            Layer(size=(3, 1), biases=(0.0,), activation="sigmoid"),
        ),
        Loss(kind="binary_cross_entropy"),
        learning_rate=0.4,
        seed=3,
    ),
    Data(((0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0)), ((0.0,), (1.0,), (1.0,), (0.0,))),
)


def straight(network: Network, data: Data, passes: int) -> list[Pass]:
    """Run from the start with records, stopping where the run stops."""
    found: list[Pass] = []
    parameters = initial_parameters(network)
    count = len(data.inputs)
    for number in range(1, passes + 1):
        size = {"full": count, "online": 1, "mini": min(network.batch_size, count)}[network.batching]
        start = (number - 1) % math.ceil(count / size) * size
        rows = tuple(range(start, min(start + size, count)))
        passed = guarded_pass(network, parameters, *batch(data, rows), number=number, rows=rows)
        if isinstance(passed, Stopped):
            break
        found.append(passed)
        parameters = passed.update.after
    return found


def bits(parameters: Parameters) -> list[bytes]:
    return [array.tobytes() for array in (*parameters.W, *parameters.b) if array is not None]


@given(cases(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_any_order_gives_the_same_bits(case: Case, order: random.Random) -> None:
    runs = straight(case.network, case.data, 40)
    timeline = Timeline(case.network, case.data)
    numbers = list(range(1, len(runs) + 1)) * 2
    order.shuffle(numbers)
    for number in numbers:
        passed = timeline.at(number)
        assert passed.number == number
        assert passed.rows == runs[number - 1].rows
        assert passed.loss.loss == runs[number - 1].loss.loss
        assert bits(passed.before) == bits(runs[number - 1].before)
        assert bits(passed.update.after) == bits(runs[number - 1].update.after)
    if len(runs) < 40:
        with pytest.raises(StoppedError) as raised:
            timeline.at(40)
        assert raised.value.stopped.number == len(runs) + 1


@given(cases())
@settings(max_examples=40, deadline=None, derandomize=True)
def test_the_lean_loop_gives_the_same_bits_as_the_records(case: Case) -> None:
    network, data = case.network, case.data
    runs = straight(network, data, 300)
    start = initial_parameters(network)
    reached = fast_forward(network, data, start, 300)
    for done, parameters in _until_stopped(reached):
        assert bits(parameters) == bits(runs[done - 1].update.after)
    if len(runs) < 300:
        with pytest.raises(StoppedError) as raised:
            list(fast_forward(network, data, start, 300))
        assert raised.value.stopped.number == len(runs) + 1
    else:
        assert done == 300
    assert bits(start) == bits(initial_parameters(network))


def _until_stopped(reached: Iterator[tuple[int, Parameters]]) -> Iterator[tuple[int, Parameters]]:
    with contextlib.suppress(StoppedError):
        yield from reached


def test_far_jumps_give_the_same_bits() -> None:
    runs = straight(*XOR, 3000)
    timeline = Timeline(*XOR)
    for number in (3000, 1, 1500, 1499, 2, 2999, 257, 256, 64, 65, 640, 3000, 900):
        assert bits(timeline.at(number).update.after) == bits(runs[number - 1].update.after)


def test_walking_back_from_far_computes_each_stretch_once(monkeypatch: pytest.MonkeyPatch) -> None:
    timeline = Timeline(*XOR)
    timeline.at(5000)
    calls = []
    real = training.guarded_pass

    def counted(*arguments: object, **keys: object) -> Pass | Stopped:
        calls.append(1)
        return real(*arguments, **keys)  # type: ignore[arg-type]

    monkeypatch.setattr(training, "guarded_pass", counted)
    for number in range(5000, 4000, -1):
        assert timeline.at(number).number == number
    assert len(calls) < 3 * 1000


def test_the_numbers_of_passes_begin_with_one() -> None:
    with pytest.raises(IndexError, match="count from 1"):
        Timeline(*XOR).at(0)


def test_passes_are_yielded_from_anywhere() -> None:
    passes = Timeline(*XOR).passes(first=7)
    assert [next(passes).number for _ in range(3)] == [7, 8, 9]


def test_one_row_at_a_time_goes_through_the_rows_in_order() -> None:
    network = Network(XOR[0].layers, XOR[0].loss, learning_rate=0.4, batching="online")
    timeline = Timeline(network, XOR[1])
    assert [timeline.at(number).rows for number in range(1, 7)] == [(0,), (1,), (2,), (3,), (0,), (1,)]
    third = timeline.at(3)
    assert third.X.tolist() == [[1.0, 0.0]]
    assert third.Y is not None
    assert third.Y.tolist() == [[1.0]]
    # The mean over a batch of one row is that row's own loss.
    assert third.loss.loss == third.loss.rows[0]


def test_data_that_does_not_fit_is_refused() -> None:
    with pytest.raises(SpecError):
        Timeline(XOR[0], Data(((1.0,),), ((1.0,),)))


def test_the_lean_loop_can_begin_anywhere() -> None:
    network = Network(XOR[0].layers, XOR[0].loss, learning_rate=0.4, batching="online")
    timeline = Timeline(network, XOR[1])
    *_, (done, parameters) = fast_forward(network, XOR[1], timeline.at(7).before, 600, first=7)
    assert done == 606
    assert bits(parameters) == bits(timeline.at(606).update.after)


def test_no_lean_pass_is_no_pass() -> None:
    assert list(fast_forward(*XOR, initial_parameters(XOR[0]), 0)) == []


@pytest.mark.parametrize(
    ("rate", "weight"), [(1.2, 1.0), (1.05, 1.0), (3.0, 1.0), (1.001, 1e150), (1e300, 1.0), (1.01, 1.0)]
)
def test_a_diverging_run_ends_at_the_same_pass_for_all(rate: float, weight: float) -> None:
    # L = w², so w′ = (1 − 2η)·w grows by a constant factor.
    network = Network((Layer(weights=((weight,),)),), learning_rate=rate)
    data = Data(((1.0,),), ((0.0,),))
    most = 20_000
    end = len(straight(network, data, most)) + 1
    assert end < most
    with pytest.raises(StoppedError) as from_lean:
        list(fast_forward(network, data, initial_parameters(network), most))
    assert from_lean.value.stopped.number == end
    assert "overflow" in from_lean.value.stopped.why
    assert "smaller learning rate" in from_lean.value.stopped.why
    timeline = Timeline(network, data)
    assert timeline.stopped is None
    for number in (most, end + 1, end):
        with pytest.raises(StoppedError) as from_timeline:
            timeline.at(number)
        assert from_timeline.value.stopped == from_lean.value.stopped == timeline.stopped
    for number in {end - 1, max(end - 300, 1), 1} - {0}:
        assert timeline.at(number).is_finite


def test_a_run_that_leaves_the_domain_of_its_loss_ends_there() -> None:
    network = Network(
        (Layer(weights=((0.5,),)),), Loss(kind="binary_cross_entropy"), learning_rate=0.002
    )  # climbs to o = 1
    data = Data(((1.0,),), ((1.0,),))
    end = len(straight(network, data, 1000)) + 1
    assert CHECK_EVERY // 2 < end < 1000
    with pytest.raises(StoppedError, match="strictly between 0 and 1") as raised:
        list(fast_forward(network, data, initial_parameters(network), 1000))
    assert raised.value.stopped.number == end
    with pytest.raises(StoppedError, match="strictly between 0 and 1"):
        Timeline(network, data).at(1000)


def test_a_run_of_ordinary_numbers_does_not_stop() -> None:
    timeline = Timeline(*XOR)
    assert timeline.at(20_000).is_finite
    assert timeline.stopped is None


def test_memory_stays_flat_over_a_long_walk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "MAX_CHECKPOINTS", 8)
    tracemalloc.start()
    timeline = Timeline(*XOR)
    for number in range(1, 2_001):  # until as many passes are remembered as ever will be
        timeline.at(number)
    early = tracemalloc.get_traced_memory()[1]
    timeline.at(30_000)
    for number in range(30_001, 30_401):
        timeline.at(number)
    late = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert late < early + 48 * 1024
    runs = straight(*XOR, 130)
    assert bits(timeline.at(130).update.after) == bits(runs[129].update.after)


def test_a_timeline_of_many_rows_remembers_fewer_passes() -> None:
    draw = random.Random(5)
    data = Data(
        tuple((draw.random(), draw.random()) for _ in range(10_000)), tuple((draw.random(),) for _ in range(10_000))
    )
    network = Network((Layer(size=(2, 16), activation="tanh"), Layer(size=(16, 1))), learning_rate=0.1)
    tracemalloc.start()
    timeline = Timeline(network, data)
    for number in range(1, 31):
        timeline.at(number)
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert held < 2 * training.MAX_RECORDED_BYTES


def test_ten_thousand_rows_one_at_a_time_begin_at_once() -> None:
    rows = tuple((float(row % 7),) for row in range(10_000))
    network = Network((Layer(weights=((0.1,),)),), learning_rate=0.001, batching="online")
    timeline = Timeline(network, Data(rows, rows))
    assert timeline.at(10_003).rows == (2,)


@pytest.mark.parametrize("batching", ["full", "online"])
def test_a_run_is_reproducible(batching: str) -> None:
    network = Network(XOR[0].layers, XOR[0].loss, 0.4, seed=11, batching="full" if batching == "full" else "online")
    assert bits(Timeline(network, XOR[1]).at(500).update.after) == bits(Timeline(network, XOR[1]).at(500).update.after)


def test_training_lowers_the_loss() -> None:
    timeline = Timeline(*XOR)
    assert timeline.at(1).loss.loss > 0.5
    assert timeline.at(2000).loss.loss < 0.05
    assert np.round(timeline.at(2000).forward.o[:, 0]).tolist() == [0.0, 1.0, 1.0, 0.0]


def test_a_pass_is_what_run_pass_makes() -> None:
    rows = (0, 1, 2, 3)
    own = run_pass(XOR[0], initial_parameters(XOR[0]), *batch(XOR[1], rows), number=1, rows=rows)
    kept = Timeline(*XOR).at(1)
    assert own.loss.loss == kept.loss.loss
    assert bits(own.update.after) == bits(kept.update.after)
