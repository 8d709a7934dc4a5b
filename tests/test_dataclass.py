"""The package's own `dataclass` does what the standard one does."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import nn_tutor
from nn_tutor.dataclass import dataclass

SOURCES = sorted(Path(nn_tutor.__file__).resolve().parent.rglob("*.py"))


def declared(decorate: Callable[..., Any], **options: bool) -> tuple[Any, Any]:
    """Return a record and one that inherits from it, made by one decorator or the other."""

    class Point:
        """A place with a note, which is not compared."""

        x: float
        y: float = 2.0
        note: str = dataclasses.field(default="", compare=False)
        secret: list[int] = dataclasses.field(default_factory=list, repr=False, compare=False)

    point = decorate(**options)(Point)

    class Named(point):  # type: ignore[misc, valid-type]
        """A place with a name."""

        name: str = "P"

    return point, decorate(**options)(Named)


ALIKE = [
    {"frozen": True, "slots": True},
    {"frozen": True},
    {"slots": True},
    {"frozen": True, "eq": False, "slots": True},
    {"frozen": True, "eq": False, "kw_only": True},
    {},
]


@pytest.mark.parametrize("options", ALIKE, ids=str)
def test_records_compare_hash_and_read_as_the_standard_ones(options: dict[str, bool]) -> None:
    seen = []
    for decorate in (dataclass, dataclasses.dataclass):
        point, named = declared(decorate, **options)
        made = [point(x=1), point(x=1.0), point(x=1, note="n"), point(x=1, y=3), point(x=math.nan), named(x=1)]
        seen.append(
            (
                [[one == other for other in made] for one in made],
                [[one != other for other in made] for one in made],
                [repr(one) for one in made],
                [named.__hash__ is None, named.__hash__ is object.__hash__],
                [[hash(one) == hash(other) for other in made] for one in made] if point.__hash__ else [],
                [field.name for field in dataclasses.fields(named)],
                repr(dataclasses.replace(made[-1], name="Q")),
                hasattr(made[-1], "__dict__"),
                made[0] == (1, 2.0),
            )
        )
    assert seen[0] == seen[1]


@pytest.mark.parametrize("options", ALIKE, ids=str)
def test_records_are_made_as_the_standard_ones(options: dict[str, bool]) -> None:
    seen = []
    for decorate in (dataclass, dataclasses.dataclass):
        point, _ = declared(decorate, **options)

        class Sum(point):  # type: ignore[misc, valid-type]
            """A point that adds itself up when it is made."""

            total: float = dataclasses.field(init=False)
            count: int = dataclasses.field(default=2, init=False)

            def __post_init__(self) -> None:
                object.__setattr__(self, "total", self.x + self.y)

        class Plain(point):  # type: ignore[misc, valid-type]
            """A point that is no record of its own."""

        added = decorate(**options)(Sum)
        made: list[object] = []
        for kind in (Plain, added, point, added, Plain):
            one, other = kind(x=1.0, note="n"), kind(x=2.0)
            made += [one, other, one.secret is other.secret]
            made += [getattr(one, name, None) for name in ("total", "count", "__dict__")]
        for kind in (point, added):
            for values, named in (((), {}), ((1, 2, 3, 4, 5, 6), {}), ((), {"x": 1, "q": 2}), ((1,), {"x": 1})):
                with pytest.raises(TypeError) as wrong:
                    kind(*values, **named)
                made.append(str(wrong.value).rpartition("__init__()")[2])
        seen.append(repr(made))
    assert seen[0] == seen[1]


def test_an_initialiser_of_the_class_stays() -> None:
    @dataclass
    class Doubled:
        value: float

        def __init__(self, half: float) -> None:
            self.value = 2 * half

    assert [Doubled(1.0).value, Doubled(2.0).value] == [2.0, 4.0]


def test_of_records_with_one_number_the_same_nan_equals_itself() -> None:
    @dataclass(frozen=True)
    class One:
        value: float

    assert One(math.nan) == One(math.nan)
    assert hash(One(2.0)) == hash(One(2))
    assert One(1.0) != One(2.0)


def test_a_record_in_itself_can_be_written_down() -> None:
    @dataclass
    class Knot:
        ends: list[Any]

    knot = Knot([])
    knot.ends.append(knot)
    assert repr(knot).count("Knot") == 1


def test_own_methods_of_a_record_stay() -> None:
    @dataclass(frozen=True)
    class Word:
        text: str

        def __hash__(self) -> int:
            return 7

        def __repr__(self) -> str:
            return self.text

    assert (hash(Word("a")), repr(Word("a")), Word("a") == Word("a")) == (7, "a", True)


def test_every_record_of_the_package_is_made_the_quick_way() -> None:
    others = [
        path.name for path in SOURCES if re.search(r"from dataclasses import .*\bdataclass\b", path.read_text("utf-8"))
    ]
    assert others == ["dataclass.py"]
