"""The names of a sheet: by order, or its own, wherever a number is named, asked or typed."""

from __future__ import annotations

import pytest

from nn_tutor.calculus.names import symbol
from nn_tutor.homework.reading import homework_of
from nn_tutor.homework.said import Said
from nn_tutor.judging.names import NAME_GROUPS, TYPED_FUNCTIONS
from nn_tutor.network.conventions import is_free_name
from nn_tutor.network.quantities import Ref
from nn_tutor.network.spec import Network
from nn_tutor.walkthrough.naming import base_names, on_screen
from nn_tutor.walkthrough.order import refs_of_pass
from nn_tutor.walkthrough.questions import asked_names, typed_name

MAZUR: Said = (
    ("in", "0.05 0.10"),
    ("layer", "sigmoid: .15 .20; .25 .30 | .35 .35"),
    ("layer", "sigmoid: .40 .45; .50 .55 | .60 .60"),
    ("target", "0.01 0.99"),
    ("loss", "half"),
    ("rate", "0.5"),
    ("names", "order"),
)


def network_of(*further: tuple[str, str]) -> Network:
    return homework_of((*MAZUR, *further)).entry.network


def names_of(network: Network) -> list[str]:
    return [name for name, _ in base_names(network)]


def test_weights_are_counted_as_the_famous_sheet_counts_them() -> None:
    network = network_of()
    assert names_of(network)[:6] == ["w1", "w2", "w3", "w4", "b1", "b2"]
    assert symbol(network, 1, Ref("W", 2, (0, 0))) == "w₅′"
    assert symbol(network, 1, Ref("dW", 2, (1, 1))) == "∂L/∂w₈"
    assert symbol(network, 1, Ref("a", 1, (0, 1))) == "h₂"
    assert symbol(network, 1, Ref("delta", 1, (0, 0))) == "δ_h₁"
    assert symbol(network, 1, Ref("da_dz", 2, (0, 0))) == "∂o₁/∂z_o₁"
    assert symbol(network, 3, Ref("a", 1, (1, 0))) == "h₁⁽²⁾"


def test_a_sheet_with_a_row_for_each_input_counts_along_its_own_rows() -> None:
    across, along = network_of(), network_of(("weights", "in-out"))
    assert symbol(across, 1, Ref("W", 1, (0, 1))) == "w₂′"
    assert symbol(along, 1, Ref("W", 1, (0, 1))) == "w₃′"


def test_a_number_goes_by_the_name_that_the_learner_gives_it() -> None:
    network = network_of(("call", "w5 = v, h1 = net1, o2 → out"))
    assert symbol(network, 1, Ref("W", 2, (0, 0))) == "v′"
    assert symbol(network, 1, Ref("z", 1, (0, 0))) == "z_net₁"
    assert symbol(network, 1, Ref("dL_do", None, (0, 1))) == "∂L/∂out"


@pytest.mark.parametrize(
    ("ref", "names"),
    [
        (Ref("W", 2, (0, 0)), {"w5", "w211", "w5_new"}),
        (Ref("a", 1, (0, 1)), {"h2", "a12"}),
        (Ref("delta", 1, (0, 0)), {"δ_h1", "δ11"}),
        (Ref("dW", 1, (1, 0)), {"dL_dw3", "dL_dw121"}),
        (Ref("z", 2, (0, 1)), {"z_o2", "z22"}),
        (Ref("b", 2, (1,)), {"b4", "b22"}),
    ],
)
def test_both_names_are_read(ref: Ref, names: set[str]) -> None:
    assert names <= set(asked_names(network_of(), 1, ref))


def test_every_name_can_be_typed_and_is_one_of_a_kind() -> None:
    for network in (network_of(), network_of(("call", "w5 = v1, b1 = theta1, h1 = p"))):
        names = [typed_name(symbol(network, 1, ref)) for ref in refs_of_pass(network, 1)]
        typed = [name for name in names if name is not None]
        assert len(set(typed)) == len(typed)
        assert all(typed_name(symbol(network, 1, Ref("z", layer, (0, 0)))) for layer in (1, 2))
        assert len(set(names_of(network))) == len(names_of(network))


def test_the_screen_names_are_as_ever() -> None:
    assert names_of(on_screen(network_of())) == names_of(homework_of(MAZUR[:-1]).entry.network)


def test_a_name_that_means_something_already_is_never_free() -> None:
    taken = [
        *TYPED_FUNCTIONS,
        *(name for group in NAME_GROUPS for name in group if name in ("lr", "η", "π", "λ", "l2", "δ")),
    ]
    assert not [name for name in taken if is_free_name(name)]
    assert is_free_name("v1")
    assert is_free_name("theta")


def test_names_change_nothing_that_is_computed_or_remembered() -> None:
    one, other = homework_of(MAZUR), homework_of(MAZUR[:-1])
    assert one.entry.data == other.entry.data
    assert on_screen(one.entry.network) == other.entry.network


def test_the_names_are_told_on_a_page_before_the_walk() -> None:
    homework = homework_of((*MAZUR, ("call", "w5 = v")))
    assert [activity.id for activity in homework.lesson.activities] == ["before", "walk"]
    assert "- `h2`: weights `w3` `w4` from `x1` `x2`, bias `b2`" in homework.words
    assert "- `o1`: weights `v` `w6` from `h1` `h2`, bias `b3`" in homework.words
    assert [activity.id for activity in homework_of(MAZUR[:-1]).lesson.activities] == ["walk"]


def test_a_large_network_is_named_in_short() -> None:
    said: Said = (("in", "1 " * 20), ("layer", "tanh: 1 unit"), ("target", "1"), ("names", "order"))
    assert "weights `w1` `w2` … `w20` from `x1` `x2` … `x20`" in homework_of(said).words
