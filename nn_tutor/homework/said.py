"""What somebody said of a network: texts by their keys, from the command line, a text file, a pipe or a form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from nn_tutor.course.findings import close_words, shown
from nn_tutor.homework.faults import Fault, HomeworkError, refused

Said = tuple[tuple[str, str], ...]
"""Keys with their texts, in order; "layer" may stand several times, every other key once."""

KEYS = {
    "in": ("input", "inputs", "x"),
    "layer": ("layers",),
    "target": ("targets", "y", "t"),
    "loss": ("error function", "cost"),
    "rate": ("learning rate", "lr", "eta", "η", "alpha", "α"),
    "weights": ("weight order",),
    "error": (),
    "step": (),
    "digits": ("decimals",),
    "passes": ("epochs", "iterations"),
    "batch": ("batching",),
    "update": ("rule", "optimizer", "optimiser"),
    "seed": (),
    "ask": ("questions",),
    "names": (),
    "call": ("rename",),
    "grain": (),
    "form": (),
    "name": ("title",),
}
"""What can be said, each with other spellings of its key."""

PREFIX = "own-"
"""How the ids of learners' own networks begin."""

REPEATED = ("layer", "call")
"""The keys that may stand several times."""

MAX_CHARACTERS = 1024 * 1024
"""How long a text file may be."""

_SPELLINGS = {spelling: key for key, others in KEYS.items() for spelling in (key, *others)}
_PAIR = re.compile(r"(?:--)?([^\W\d_][\w ]*?)\s*\d*\s*[=:]\s*(.*)")
_FLAG = re.compile(r"(?:--)?([^\W\d_]\w*)(?:\s+\d+(?=\s*[A-Za-z]))?\s+(.*)")


def all_said(said: Said, key: str) -> list[str]:
    """Return everything that was said with a key."""
    return [text for name, text in said if name == key]


def one_said(said: Said, key: str, default: str = "") -> str:
    """Return the last thing that was said with a key."""
    return (all_said(said, key) or [default])[-1]


def said_in(text: str) -> Said:
    """Return what a text file says: `key = value` or `--key value` a line, `#` before a comment.

    Lines without a key go on with the matrix before them. Raises `HomeworkError` with the lines at fault.
    """
    if len(text) > MAX_CHARACTERS:
        raise refused("", f"{len(text):,} characters", f"a network's file has at most {MAX_CHARACTERS:,}")
    said: list[tuple[str, str]] = []
    faults: list[Fault] = []
    first: dict[str, int] = {}
    for number, key, value in _lines(text):
        if not key:
            if said:
                said[-1] = (said[-1][0], f"{said[-1][1]}\n{value}")
            else:
                faults.append(Fault(f"line {number}", f'"{shown(value)}" with no key', "write it as in = 0.35 0.9"))
            continue
        name = _SPELLINGS.get(key)
        if name is None:
            close = close_words(key[:40], _SPELLINGS)
            mend = f"did you mean {close[0]}?" if close else "use one of " + ", ".join(KEYS)
            faults.append(Fault(f"line {number}", f'"{shown(key)}", which is no key', mend))
        elif name in first and name not in REPEATED:
            faults.append(
                Fault(f"line {number}", f"{name} a second time", f"it stands in line {first[name]}: keep one")
            )
        else:
            first[name] = number
            said.append((name, value))
    if not faults and not said:
        faults.append(Fault("", "nothing in it", "begin with in = 0.35 0.9 and a line with layer = for each layer"))
    if faults:
        raise HomeworkError(faults)
    return tuple(said)


def as_file(said: Iterable[tuple[str, str]]) -> str:
    """Return what was said as a text file that says it again."""
    return "".join(f"{key} = {'; '.join(text.split(chr(10)))}\n" for key, text in said)


def _lines(text: str) -> Iterator[tuple[int, str, str]]:
    """Number, key and value of each line that says something; the key is "" where a matrix goes on."""
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        content = re.sub(r"(?:^|\s)#.*", "", line).strip()
        if not content:
            continue
        if re.match(r"[-+−.\d\[({|]", content.removeprefix("--")):
            yield number, "", content
            continue
        found = _PAIR.fullmatch(content)
        if found is None or _key(found[1]) not in _SPELLINGS:
            found = _FLAG.fullmatch(content) or found
        yield (number, "", content) if found is None else (number, _key(found[1]), _unquoted(found[2]))


def _key(text: str) -> str:
    return re.sub(r"[\s_]+", " ", text.strip().lower())


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value
