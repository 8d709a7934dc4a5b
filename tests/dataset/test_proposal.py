"""What is to be predicted, and how, is proposed with its reason, and can be chosen."""

from __future__ import annotations

import pytest

from nn_tutor.dataset.columns import columns_of
from nn_tutor.dataset.proposal import Options, Proposal, propose
from nn_tutor.dataset.reading import read_table


def proposal(names: str, *rows: str, options: Options | None = None) -> Proposal:
    table = read_table("mine.csv", "\n".join([names, *rows]).encode())
    return propose("mine.csv", columns_of(table), options or Options())


def repeated(*values: str, times: int = 10) -> list[str]:
    return [f"{n * 0.7 % 3:.2f},{values[n % len(values)]}" for n in range(len(values) * times)]


@pytest.mark.parametrize(
    ("values", "task", "reason"),
    [
        (("cat", "dog", "cow"), "classification", "it holds words, 3 different ones"),
        (("0", "1"), "classification", "it holds only 2 different whole numbers"),
        (("3", "4", "5", "6", "7", "8"), "classification", "it holds only 6 different whole numbers"),
        (tuple(str(n) for n in range(40)), "regression", "it holds 40 different whole numbers"),
        (("0.5", "1.5"), "regression", "it holds 2 different numbers"),
    ],
)
def test_the_task_follows_from_what_the_target_holds(values: tuple[str, ...], task: str, reason: str) -> None:
    found = proposal("a,y", *repeated(*values))
    assert (found.task, found.task_reason) == (task, reason)


def test_whole_numbers_that_hardly_come_again_are_a_regression() -> None:
    assert proposal("a,y", *repeated("1", "2", "3", "4", times=3)).task == "regression"


def test_the_task_can_be_chosen() -> None:
    found = proposal("a,y", *repeated("3", "4", "5"), options=Options(task="regression"))
    assert found.task == "regression"
    assert found.task_reason == "you chose it; it holds only 3 different whole numbers"


@pytest.mark.parametrize(
    ("names", "target", "reason"),
    [
        ("a,b,c", "c", "it is the last column"),
        ("a,Target,c", "Target", "its name says so"),
        ("class,b,c", "class", "its name says so"),
    ],
)
def test_the_target_is_the_last_column_unless_a_name_says_so(names: str, target: str, reason: str) -> None:
    found = proposal(names, *(f"{n % 4}.5,{n % 5}.5,{n % 3}.5" for n in range(12)))
    assert (found.target.name, found.target_reason) == (target, reason)


def test_a_last_column_that_tells_nothing_is_no_target() -> None:
    found = proposal("a,b,note", *(f"{n % 4}.5,{n % 5}.5,ok" for n in range(12)))
    assert found.target.name == "b"
    assert found.target_reason == "it is the last column that can be"


def test_inputs_are_those_that_were_named() -> None:
    rows = [f"{n % 4}.5,{n % 5}.5,{n % 3}.5,{n % 7}.5" for n in range(12)]
    assert [one.name for one in proposal("a,b,c,d", *rows).inputs] == ["a", "b", "c"]
    assert [one.name for one in proposal("a,b,c,d", *rows, options=Options(inputs=("b",))).inputs] == ["b"]
    assert [one.name for one in proposal("a,b,c,d", *rows, options=Options(without=("b",))).inputs] == ["a", "c"]


def test_a_counter_is_an_input_only_where_it_is_named() -> None:
    rows = [f"{n},{n * n % 7}.5,{n * 3 % 5}.5" for n in range(1, 20)]
    assert [one.name for one in proposal("id,a,y", *rows).inputs] == ["a"]
    assert [one.name for one in proposal("id,a,y", *rows, options=Options(inputs=("id",))).inputs] == ["id"]


def test_a_counter_is_an_input_where_there_is_no_other() -> None:
    assert [one.name for one in proposal("x,y", *(f"{n},{n * n}.5" for n in range(12))).inputs] == ["x"]


@pytest.mark.parametrize(("count", "task"), [(10, "classification"), (11, "regression")])
def test_ten_different_whole_numbers_may_be_classes(count: int, task: str) -> None:
    assert proposal("a,y", *repeated(*(str(n) for n in range(count)))).task == task


def test_sixty_four_columns_are_taken() -> None:
    rows = [",".join(f"{(row * place + row * row) % 13}.5" for place in range(64)) for row in range(1, 20)]
    assert len(proposal(",".join(f"c{place}" for place in range(64)), *rows).inputs) == 63


def test_without_a_choice_there_are_three_hidden_units() -> None:
    assert (Options().hidden, Options().activation, Options().test_part) == ((3,), "tanh", 0.2)


def test_classes_of_which_there_is_one_for_every_other_row_are_still_classes() -> None:
    found = proposal("a,y", *(f"{n * n % 7}.5,{'abc'[n % 3]}" for n in range(6)), options=Options(target="y"))
    assert (found.task, found.task_reason) == ("classification", "it holds words, 3 different ones")


def test_two_whole_numbers_are_classes_however_few_rows_there_are() -> None:
    assert proposal("a,y", *(f"{n * n % 7}.5,{n % 2}" for n in range(6))).task == "classification"
