"""Rows become samples: standardised over the training rows alone, one-hot, and never mixed with the test rows."""

from __future__ import annotations

import numpy as np
import pytest

from nn_tutor.dataset.preparing import Prepared
from nn_tutor.dataset.proposal import Options
from nn_tutor.network.training import Timeline
from nn_tutor.tutor.running import LossHistory
from tests.dataset.lessons import lesson_on, prepared_of

DRAW = np.random.default_rng(4)
NUMBERS = DRAW.normal(50, 20, (40, 2)).round(2)
KINDS = [("low", "middle", "high")[min(2, max(0, int(a // 30)))] for a, _ in NUMBERS]


def file_of(numbers: np.ndarray, extra: str = "x") -> bytes:
    rows = [f"{a},{b},{kind},{extra}" for (a, b), kind in zip(numbers, KINDS, strict=True)]
    return "\n".join(["a,b,kind,same", *rows]).encode()


RAW = file_of(NUMBERS)


def train_rows(prepared: Prepared) -> list[int]:
    return [line - 2 for line in prepared.train.lines]


def test_mean_and_deviation_are_those_of_the_training_rows() -> None:
    prepared = prepared_of(RAW)
    own = NUMBERS[train_rows(prepared)]
    for place, feature in enumerate(prepared.features):
        assert feature.scale is not None
        assert feature.scale.mean == pytest.approx(own[:, place].mean(), rel=1e-12)
        assert feature.scale.deviation == pytest.approx(own[:, place].std(), rel=1e-12)
    standardised = np.array(prepared.train.data.inputs)
    assert standardised == pytest.approx((own - own.mean(axis=0)) / own.std(axis=0), abs=5.1e-5)
    assert np.array_equal(standardised, standardised.round(4)), "four decimals can be typed"


def test_no_test_row_reaches_a_mean_a_deviation_or_a_slope() -> None:
    """Whatever stands in the test rows, everything that is learned stays the same to the last bit."""
    before, lesson = prepared_of(RAW), lesson_on(RAW)
    changed = NUMBERS.copy()
    for line in before.test.lines:
        changed[line - 2] = (999, -999)
    after, other = prepared_of(file_of(changed)), lesson_on(file_of(changed))
    assert before.test.lines == after.test.lines
    assert before.test.data.inputs != after.test.data.inputs
    assert before.features == after.features
    assert before.train.data == after.train.data
    for name in lesson.networks:
        one, another = lesson.networks[name], other.networks[name]
        assert one.network == another.network
        for number in (1, 7):
            passes = [Timeline(entry.network, entry.data).at(number) for entry in (one, another)]
            for slopes, others in zip(*(passed.backward.dW for passed in passes), strict=True):
                assert np.array_equal(slopes, others)
    histories = [
        LossHistory(Timeline(x.network, x.data), x.held_out) for x in (lesson.networks[""], other.networks[""])
    ]
    assert histories[0].loss(7) == histories[1].loss(7)
    assert histories[0].held_out_losses != histories[1].held_out_losses


def test_every_complete_row_is_in_one_part_and_in_no_other() -> None:
    prepared = prepared_of(RAW)
    assert set(prepared.train.lines).isdisjoint(prepared.test.lines)
    assert {*prepared.train.lines, *prepared.test.lines} == set(range(2, 42))


def test_of_every_class_some_rows_are_kept_apart() -> None:
    prepared = prepared_of(RAW)
    for samples in (prepared.train, prepared.test):
        assert {KINDS[line - 2] for line in samples.lines} == set(KINDS)


def test_another_seed_keeps_other_rows_apart_and_the_same_one_the_same() -> None:
    assert prepared_of(RAW).test.lines == prepared_of(RAW).test.lines
    assert prepared_of(RAW).test.lines != prepared_of(RAW, Options(seed=2)).test.lines


def test_classes_are_one_hot_in_the_order_of_their_names() -> None:
    prepared = prepared_of(RAW, Options(target="kind"))
    assert prepared.classes == ("high", "low", "middle")
    assert prepared.train.data.targets is not None
    for line, target in zip(prepared.train.lines, prepared.train.data.targets, strict=True):
        assert target == tuple(float(KINDS[line - 2] == name) for name in prepared.classes)


def test_two_classes_need_one_output() -> None:
    raw = b"a,yes\n" + b"".join(f"{n},{'no' if n % 3 else 'yes'}\n".encode() for n in range(12))
    prepared = prepared_of(raw)
    assert prepared.classes == ("no", "yes")
    assert {target for (target,) in prepared.train.data.targets or ()} == {0.0, 1.0}


def test_labels_among_the_inputs_are_one_hot_and_two_of_them_one_number() -> None:
    rows = [f"{['red', 'green', 'blue'][n % 3]},{'yes' if n % 2 else 'no'},{n * 1.5 % 7}" for n in range(30)]
    prepared = prepared_of("\n".join(["colour,big,y", *rows]).encode())
    assert [one.name for one in prepared.features] == ["colour = blue", "colour = green", "colour = red", "big = yes"]
    line = prepared.train.lines[0]
    colour, big, _ = rows[line - 2].split(",")
    expected = (*(float(colour == name) for name in ("blue", "green", "red")), float(big == "yes"))
    assert prepared.train.data.inputs[0] == expected


def test_numbers_that_are_few_are_classes_however_they_are_written() -> None:
    rows = [f"{n * 7 % 5}.5,{'1.0' if n % 2 else '1' if n % 4 else '0'}" for n in range(40)]
    prepared = prepared_of("\n".join(["a,y", *rows]).encode())
    assert prepared.proposal.task == "classification"
    assert prepared.classes == ("0", "1.0")


def test_a_row_with_a_missing_value_is_left_out_and_counted() -> None:
    lines = RAW.decode().splitlines()
    lines[5] = "," + lines[5].partition(",")[2]
    lines[9] = lines[9].rpartition(",")[0] + ",?"
    prepared = prepared_of("\n".join(lines).encode(), Options(target="kind", without=("same",)))
    assert prepared.incomplete == (6,)
    assert 6 not in {*prepared.train.lines, *prepared.test.lines}
    assert 10 in {*prepared.train.lines, *prepared.test.lines}


def test_what_tells_nothing_is_left_out_with_the_reason() -> None:
    rows = [
        f"{n},7,{'abcdefghijklmnopqrstuvwxyz'[n % 26]},{'' if n % 3 else n},{n * n % 11},{n * 0.5}" for n in range(40)
    ]
    prepared = prepared_of("\n".join(["id,same,letter,rare,a,y", *rows]).encode())
    assert dict(prepared.left_out) == {
        "id": "it only numbers the rows",
        "same": "it is the same in every row, so it tells nothing",
        "letter": "it holds 26 different texts, more than 12",
        "rare": "26 of its 40 values are missing",
    }
    assert [one.name for one in prepared.features] == ["a"]
    assert prepared.incomplete == ()


@pytest.mark.parametrize(("usual", "other"), [(2.0, 3.0), (0.1, 3.0), (0.0, 1e-200)])
def test_a_column_that_differs_in_test_rows_alone_is_left_out(usual: float, other: float) -> None:
    """Also where the mean of equal numbers is not quite that number, or where a difference has no square."""
    test = prepared_of(RAW).test.lines[0]
    differs = test - 2 if other > 1 else prepared_of(RAW).train.lines[0] - 2
    numbers = np.where(np.arange(40) == differs, other, usual)
    rows = [f"{a},{n},{kind}" for (a, _), n, kind in zip(NUMBERS, numbers, KINDS, strict=True)]
    prepared = prepared_of("\n".join(["a,odd,kind", *rows]).encode())
    assert test in prepared.test.lines
    assert dict(prepared.left_out) == {"odd": "it is the same in every training row"}


def test_the_target_of_a_regression_is_standardised_too() -> None:
    prepared = prepared_of(RAW, Options(target="b"))
    assert prepared.proposal.task == "regression"
    values = np.array(prepared.train.data.targets)
    assert values.mean() == pytest.approx(0, abs=1e-4)
    assert values.std() == pytest.approx(1, abs=1e-4)


def test_of_very_few_rows_one_is_kept_apart() -> None:
    prepared = prepared_of(b"a,kind\n1,x\n2,y\n4,x\n7,y\n5,x\n")
    assert (len(prepared.train.lines), len(prepared.test.lines)) == (4, 1)


def test_as_many_inputs_as_a_network_takes_are_taken() -> None:
    labels, numbers = [f"l{place}" for place in range(5)], [f"n{place}" for place in range(4)]
    rows = [
        ",".join(
            [
                *(f"w{(n + place) % 12}" for place in range(5)),
                *(f"{n * place % 7}.5" for place in range(2, 6)),
                f"{n}.5",
            ]
        )
        for n in range(60)
    ]
    prepared = prepared_of("\n".join([",".join([*labels, *numbers, "y"]), *rows]).encode())
    assert len(prepared.features) == 64
