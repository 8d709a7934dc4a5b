"""`dataclass` as in the standard library, but quick to make: every record of the package is declared with it.

The standard one compiles up to six methods for each class, and with 200 classes that is half of what the package's own
imports take. To compare, to hash and to write a record down, its fields are enough: nothing has to be compiled for it.
What makes a record is compiled when the first one is made: of most kinds there is none on the first screen.
That a frozen record stays as it is, the type checker sees to; a guard at run time would make each of them, and every
step makes thousands, take three times as long.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass  # to a type checker it is the standard one
else:

    def dataclass(declared: type | None = None, /, **options: bool) -> type | Callable[[type], type]:
        """Make the class a dataclass; the options are those of `dataclasses.dataclass`, but `order` and `repr`."""
        return _made(declared, **options) if declared else lambda declared: _made(declared, **options)


def _made(declared: type, *, eq: bool = True, frozen: bool = False, **others: bool) -> type:
    own = set(vars(declared))
    made: type = dataclasses.dataclass(init=False, eq=False, repr=False, **others)(declared)
    methods: dict[str, Any] = {"__init__": _compiled_when_called(made), "__repr__": _as_text}
    if eq:
        values = _values(made)
        methods["__eq__"] = _equality(values)
        methods["__hash__"] = _hashing(values) if frozen else None
    for name in methods.keys() - own:
        setattr(made, name, methods[name])
    return made


def _compiled_when_called(made: Any) -> Callable[..., None]:
    """Return an initialiser that makes way for the compiled one when it is called for the first time."""

    def initialise(self: Any, *values: object, **named: object) -> None:
        made.__init__ = compiled = _initialiser(made)
        compiled(self, *values, **named)

    return initialise


def _initialiser(made: Any) -> Callable[..., None]:
    """Have the standard library compile the initialiser: it is that of a twin with the same fields."""
    fields = [
        (
            field.name,
            object,
            dataclasses.field(
                default=field.default, default_factory=field.default_factory, init=field.init, kw_only=field.kw_only
            ),
        )
        for field in dataclasses.fields(made)
    ]
    namespace = {name: getattr(made, name) for name in ("__doc__", "__post_init__") if hasattr(made, name)}
    twin: Any = dataclasses.make_dataclass(
        made.__name__, fields, namespace=namespace, repr=False, eq=False, slots="__slots__" in vars(made)
    )
    compiled: Callable[..., None] = twin.__init__
    return compiled


def _values(made: Any) -> Callable[[Any], object]:
    """Return what gives the values by which a record is compared, in a tuple: identical values are equal in it."""
    names = [field.name for field in dataclasses.fields(made) if field.compare]
    if len(names) > 1:
        return attrgetter(*names)
    return lambda record: tuple(getattr(record, name) for name in names)


def _equality(values: Callable[[Any], object]) -> Callable[[Any, object], bool]:
    def equals(self: Any, other: object) -> bool:
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    return equals


def _hashing(values: Callable[[Any], object]) -> Callable[[Any], int]:
    return lambda self: hash(values(self))


@recursive_repr()
def _as_text(self: Any) -> str:
    shown = (f"{field.name}={getattr(self, field.name)!r}" for field in dataclasses.fields(self) if field.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"
