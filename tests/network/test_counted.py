import pytest

from nn_tutor.network.counted import counted


@pytest.mark.parametrize(
    ("count", "words", "said"),
    [
        (0, ("row",), "0 rows"),
        (1, ("row",), "1 row"),
        (2, ("pass", "passes"), "2 passes"),
        (1, ("pass", "passes"), "1 pass"),
        (10_000, ("pass", "passes"), "10,000 passes"),
    ],
)
def test_one_thing_is_no_plural(count: int, words: tuple[str, ...], said: str) -> None:
    assert counted(count, *words) == said
