"""What a terminal may send: nothing of it ends the program, and Escape acts at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events

from nn_tutor.terminal.drivers.parser import TolerantParser

CANNOT_BE_READ = [
    "\x1b[49;1:3u",  # a key of the Kitty protocol with the kind of its event
    "\x1b[99999999999;1u",  # a character that there is not
    "\x1b[M \ufffd\ufffd",  # a click beyond column 95, as X10 tells it
    "\x1b[<0;999999999999999999999;1M",
    "\x1b[48;0;0;0;0t",
    "\x1b]11;rgb:0000/0000/0000\x1b\\",
    "\x1b[200~\x1b[200~\x1b[201~",
]


def keys_of(data: str, *, chunks: bool = False) -> list[str]:
    parser = TolerantParser()
    sent = list(data) if chunks else [data]
    return [message.key for part in sent for message in parser.feed(part) if isinstance(message, events.Key)]


@pytest.mark.parametrize("data", CANNOT_BE_READ)
def test_what_cannot_be_read_is_dropped_and_the_next_key_works(data: str) -> None:
    assert keys_of(data + "\x1b[A" + "c")[-1] == "c"


@given(st.text(st.sampled_from("\x1b[]OM<>;:0123456789~uRtIy?$abc\ufffd\x00é"), max_size=40), st.booleans())
def test_no_text_ends_it(data: str, chunks: bool) -> None:
    # Whatever came before, a paste is closed, 40 characters end any sequence, and then a key is a key again.
    assert keys_of(data + "\x1b[201~" + "x" * 40 + "c", chunks=chunks)[-1:] == ["c"]


@pytest.mark.parametrize("letter", [*"4csqg?", "é"])
def test_a_letter_right_behind_escape_is_a_key_of_its_own(letter: str) -> None:
    assert keys_of("\x1b" + letter) == ["escape", keys_of(letter)[0]]
    assert keys_of("\x1b" + letter, chunks=True) == ["escape", keys_of(letter)[0]]


def test_keys_that_begin_with_an_escape_are_read_as_before() -> None:
    assert keys_of("\x1b[A\x1bOP\x1b[5~\x1b[Z\x1bb") == ["up", "f1", "pageup", "shift+tab", "ctrl+left"]
    assert keys_of("\x1b\x1b[A") == ["escape", "up"]


def test_a_key_that_says_that_it_was_pressed_counts_and_one_that_was_released_does_not() -> None:
    assert keys_of("\x1b[99;1:1u") == keys_of("\x1b[99;1u") == ["c"]
    assert keys_of("\x1b[99;1:3ud") == ["d"]


def test_enter_is_enter_also_where_the_terminal_was_not_taken_yet() -> None:
    assert keys_of("1\n2\r") == ["1", "enter", "2", "enter"]


def test_an_escape_inside_a_paste_is_pasted() -> None:
    parser = TolerantParser()
    found = list(parser.feed("\x1b[200~w -\x1b4 lr\x1b[201~c"))
    assert [type(message) for message in found] == [events.Paste, events.Key]
    assert isinstance(found[0], events.Paste)
    assert found[0].text == "w -\x1b4 lr"
