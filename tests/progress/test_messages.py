"""Messages break at blanks in a terminal, and stand on one line elsewhere."""

from __future__ import annotations

import pytest

from nn_tutor.progress.messages import NAME, lines_of, say, tell
from nn_tutor.tutor.practice import NOTHING_MET


@pytest.mark.parametrize("columns", [40, 60, 80])
def test_a_message_breaks_between_words(columns: int) -> None:
    lines = list(lines_of(NOTHING_MET, columns, NAME))
    assert len(lines) > 1
    assert max(map(len, lines)) <= columns
    assert " ".join(" ".join(lines).split()) == f"nn-tutor: {NOTHING_MET}"
    assert [line.strip() for line in lines][-1].endswith("one-weight-by-hand")


def test_what_has_room_and_what_goes_elsewhere_stays_as_it_is() -> None:
    assert list(lines_of("one\n  two", 80, NAME)) == ["nn-tutor: one", "nn-tutor:   two"]
    assert list(lines_of(NOTHING_MET, 0, NAME)) == [f"nn-tutor: {NOTHING_MET}"]
    assert list(lines_of("a" * 200, 80))[-1].strip() == "a" * 200


def test_what_is_printed_is_whole_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    tell(NOTHING_MET)
    say(NOTHING_MET)
    assert tuple(capsys.readouterr()) == (f"{NOTHING_MET}\n", f"nn-tutor: {NOTHING_MET}\n")


def test_in_a_terminal_it_is_broken_at_blanks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("nn_tutor.progress.messages._columns", lambda stream: 80)
    tell(NOTHING_MET)
    assert "start one-weight-by-hand" in " ".join(capsys.readouterr().out.split("\n"))
