"""The one text of a network and its data, by which equal ones are known again, by a later version as well."""

from __future__ import annotations

import json
from dataclasses import MISSING, Field, fields, is_dataclass


def as_text(value: object) -> str:
    """Return the one text of a record; what has its default is left out, so that a key to come changes none.

    Fields whose metadata say `is_only_a_name` are left out too.
    """
    return json.dumps(_plain(value), sort_keys=True)


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        defaults = {
            one.name: one.default if one.default_factory is MISSING else one.default_factory() for one in fields(value)
        }
        every = {one.name: getattr(value, one.name) for one in fields(value) if _counts(one)}
        return {name: _plain(own) for name, own in every.items() if own != defaults[name]}
    if isinstance(value, frozenset):
        return sorted(map(_plain, value), key=str)
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    return value


def _counts(one: Field[object]) -> bool:
    return one.init and not one.metadata.get("is_only_a_name")
