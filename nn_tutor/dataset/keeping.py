"""What is kept of a lesson on the learner's own data: where the file is, and the choices; never the data itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, get_args

from nn_tutor.dataset.proposal import Options, Task
from nn_tutor.network.spec import ELEMENTWISE


def as_content(path: str, title: str, options: Options) -> dict[str, Any]:
    """Return a file, the title of its lesson and its choices as they are kept."""
    chosen = asdict(options)
    return {
        "file": path,
        "title": title,
        "options": {name: list(v) if isinstance(v, tuple) else v for name, v in chosen.items()},
    }


def from_content(content: Mapping[str, Any]) -> tuple[str, Options] | None:
    """Return a file and its choices, None where they cannot be read; a choice that cannot is the proposed one."""
    path, kept = content.get("file"), content.get("options")
    if not isinstance(path, str) or not path or not isinstance(kept, Mapping):
        return None
    usual = Options()
    return path, Options(
        target=_text(kept.get("target")),
        inputs=_texts(kept.get("inputs")),
        without=_texts(kept.get("without")),
        task=next((task for task in get_args(Task) if task == kept.get("task")), None),
        hidden=_wholes(kept.get("hidden"), usual.hidden),
        activation=next((name for name in ELEMENTWISE if name == kept.get("activation")), usual.activation),
        learning_rate=_number(kept.get("learning_rate")),
        seed=_whole(kept.get("seed"), usual.seed),
        test_part=_number(kept.get("test_part")) or usual.test_part,
        row=_whole(kept.get("row"), usual.row),
        header=kept.get("header") is not False,
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: object) -> tuple[str, ...]:
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()


def _whole(value: object, usual: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else usual


def _wholes(value: object, usual: tuple[int, ...]) -> tuple[int, ...]:
    if not isinstance(value, list):
        return usual
    return tuple(one for one in value if isinstance(one, int) and not isinstance(one, bool) and one > 0)


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
