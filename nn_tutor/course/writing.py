"""Writing tables as TOML: plain values first, then tables, then lists of tables."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

MAX_LETTERS = 100
"""A list of lists that would make a longer line is written a row a line."""


def as_toml(content: Mapping[str, object], key: str = "") -> str:
    """Return what is in a table as TOML, with the headings of all tables below `key`."""
    return "\n".join(_lines(content, key)) + "\n"


def _lines(content: Mapping[str, object], key: str) -> Iterator[str]:
    tables = {name: value for name, value in content.items() if isinstance(value, Mapping)}
    lists = {name: value for name, value in content.items() if _is_list_of_tables(value)}
    for name, value in content.items():
        if name not in tables and name not in lists:
            yield _line(_bare(name), value)
    for name, table in tables.items():
        full = f"{key}.{_bare(name)}" if key else _bare(name)
        yield f"[{full}]"
        yield from _lines(table, full)
    for name, several in lists.items():
        full = f"{key}.{_bare(name)}" if key else _bare(name)
        for table in several if isinstance(several, list) else ():
            yield f"[[{full}]]"
            yield from _lines(table, full)


def _is_list_of_tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(entry, Mapping) for entry in value)


def _line(name: str, value: object) -> str:
    line = f"{name} = {_value(value)}"
    if len(line) <= MAX_LETTERS or not isinstance(value, list | tuple):
        return line
    return "\n".join([f"{name} = [", *(f"    {_value(entry)}," for entry in value), "]"])


def _value(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return _quoted(value)
        case list() | tuple():
            return "[" + ", ".join(map(_value, value)) + "]"
        case Mapping():
            return "{ " + ", ".join(f"{_bare(name)} = {_value(entry)}" for name, entry in value.items()) + " }"
        case float():
            return f"{value:.1f}" if value.is_integer() and abs(value) < 1e15 else repr(value)
        case _:
            return str(value)


def _bare(name: str) -> str:
    is_bare = name.isascii() and bool(name) and name.replace("-", "").replace("_", "").isalnum()
    return name if is_bare else _quoted(name)


def _quoted(text: str) -> str:
    """A text as JSON has it, which is TOML but for one character that JSON leaves bare."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
