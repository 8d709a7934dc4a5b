"""What is refused, and what may be typed by name in the tests of reading."""

from __future__ import annotations

import unicodedata

import pytest

from nn_tutor.judging.reading import ReadingError, read

QUANTITIES = {"x": 2.0, "w": 0.6, "o": -1.2, "y": 0.36, "lr": 0.3}


def refusal(text: str, names: dict[str, float] | None = None) -> str:
    with pytest.raises(ReadingError) as caught:
        read(text, names or {})
    assert str(caught.value) == caught.value.message
    assert is_safe(caught.value.message)
    return caught.value.message


def is_safe(message: str) -> bool:
    return bool(message) and not any(unicodedata.category(character)[0] == "C" for character in message)
