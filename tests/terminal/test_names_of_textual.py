"""The private names of Textual and Rich that are used: an upgrade that takes one away fails here, and says which."""

from __future__ import annotations

import ast
import inspect
import re
from importlib.util import find_spec
from pathlib import Path

import pytest
from rich.console import Console
from textual import _compositor, _parser, _time, _xterm_parser
from textual.app import App
from textual.drivers import _writer_thread, linux_driver, web_driver
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import DirectoryTree, Input

import nn_tutor

USED: dict[object, tuple[str, ...]] = {
    App: ("_handle_exception", "_print_error_renderables", "_exit_renderables", "_driver", "_display"),
    Screen: ("_forward_event", "_dirty_widgets", "_on_timer_update"),
    Console: ("_color_system",),
    _compositor: ("ChopsUpdate",),
    Widget: ("_forward_event",),
    Input: ("_on_key", "_on_paste", "_cursor_visible"),
    DirectoryTree: ("_safe_is_dir",),
    _parser: ("ParseError", "ParseTimeout"),
    _parser.Parser: ("_gen", "_awaiting", "_tokens", "_timeout_time"),
    _time: ("get_time",),
    _xterm_parser: ("BRACKETED_PASTE_START", "BRACKETED_PASTE_END", "XTermParser"),
    _xterm_parser.XTermParser: ("_sequence_to_key_events", "_parse_extended_key"),
    _writer_thread.WriterThread: ("_queue",),
    linux_driver.LinuxDriver: (
        *("_file", "_run_input_thread", "_get_terminal_size", "_writer_thread", "_debug", "_app"),
        *("_must_signal_resume", "_auto_restart", "_key_thread", "_loop"),
        *("_sigtstp_application", "_sigcont_application", "_enable_mouse_support"),
        *("_in_band_window_resize", "_enable_in_band_window_resize", "_enable_mouse_pixels"),
    ),
    web_driver: ("_ExitInput",),
    web_driver.WebDriver: ("_input_reader", "_on_meta", "_debug", "_app"),
}


@pytest.mark.parametrize(("owner", "name"), [(owner, name) for owner, names in USED.items() for name in names])
def test_a_private_name_of_textual_is_there(owner: object, name: str) -> None:
    assert hasattr(owner, name) or re.search(rf"\bself\.{name}\b", _source(owner)), f"{owner}: {name}"


def test_the_reader_of_the_windows_console_makes_its_parser_by_the_name_that_is_replaced() -> None:
    spec = find_spec("textual.drivers.win32")
    assert spec is not None
    assert spec.origin is not None
    source = Path(spec.origin).read_text(encoding="utf-8")
    assert "from textual._xterm_parser import XTermParser\n" in source
    assert "parser = XTermParser(" in source
    assert "self.process_event(event)" in source


def test_no_other_private_name_of_textual_is_used() -> None:
    """What begins with an underscore and is not defined in the package itself is Textual's (or the library's)."""
    package = Path(nn_tutor.__file__).parent / "terminal"
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in package.rglob("*.py")]
    ours, used = set[str](), set[str]()
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                ours.add(node.name)
            elif isinstance(node, ast.Attribute) and node.attr.startswith("_") and not node.attr.startswith("__"):
                (ours if isinstance(node.ctx, ast.Store) else used).add(node.attr)
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                ours.add(node.target.id)
    pinned = {name for names in USED.values() for name in names}
    assert used - ours - pinned <= {"_replace", "_exit"}


def _source(owner: object) -> str:
    classes = owner.__mro__ if inspect.isclass(owner) else ()
    return "".join(inspect.getsource(one) for one in classes if one.__module__.startswith(("textual", "rich")))


def test_a_pump_can_be_called_from_a_thread() -> None:
    assert callable(MessagePump.call_later)
