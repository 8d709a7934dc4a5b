"""`nn-tutor serve` over its websockets: what a browser would see, whose progress it is, and how it ends.

In a real browser it is looked at by hand, with `python -m tests.cli.browser_by_hand`.
"""

from __future__ import annotations

import asyncio
import importlib
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import aiohttp
import pytest

from nn_tutor.cli import main
from nn_tutor.commands.screen import WEB_DRIVER, missing_for_a_screen
from tests.cli.served import PATIENCE, browser, children_of, gone, server, tab

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at processes in /proc")


def test_a_lesson_is_answered_wrongly_and_rightly_and_the_window_changes_its_size(tmp_path: Path) -> None:
    async def visit(url: str) -> None:
        async with browser() as opened, tab(opened, url) as page:
            await page.until("What does back-propagation actually do?")
            await page.keys("\r")
            await page.until("What will it make of 7?")
            await page.keys("11\r")
            await page.until("✗ not yet: Adding 4")
            await page.keys("21\r")
            await page.until("✓ right")
            await page.resize(70, 20)
            await page.until("  1/")
            await page.keys("\r")
            await page.until("  2/")
            await page.resize(40, 10)
            await page.until("60×16")
            await page.resize(100, 30)
            await page.until("  2/")

    with server("--data-dir", str(tmp_path)) as (_, url):
        asyncio.run(visit(url))
    assert (tmp_path / "progress.db").is_file()


def test_each_visitor_has_a_folder_and_two_tabs_of_one_share_it(tmp_path: Path) -> None:
    async def visit(url: str, server_pid: int) -> None:
        async with browser() as opened, tab(opened, url) as first, tab(opened, url) as second:
            await first.until("Learning from data")
            await second.until("Learning from data")
            assert len(children_of(server_pid)) == 2
            await first.keys("\r")
            await first.until("What will it make of 7?")
            await first.keys("21\r")
            await first.until("✓ right")
            async with tab(opened, url) as third:
                await third.until("Continue")
            async with browser() as other, tab(other, url) as theirs:
                await theirs.until("Learning from data")
                assert "Continue" not in theirs.text
                await theirs.keys("\r")
                await theirs.until("What will it make of 7?")

    with server(NN_TUTOR_HOME=str(tmp_path)) as (process, url):
        asyncio.run(visit(url, process.pid))
    visitors = sorted((tmp_path / "visitors").iterdir())
    assert len(visitors) == 2
    assert all(re.fullmatch(r"[0-9a-f]{32}", folder.name) for folder in visitors)
    assert all(folder.stat().st_mode & 0o077 == 0 for folder in visitors)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_server_and_all_its_tutors(number: signal.Signals, tmp_path: Path) -> None:
    async def visit(url: str, process: subprocess.Popen[str]) -> list[int]:
        async with browser() as opened, tab(opened, url) as page, tab(opened, url) as other:
            await page.until("Learning from data")
            await other.until("Learning from data")
            tutors = children_of(process.pid)
            assert len(tutors) == 2
            process.send_signal(number)
            await asyncio.gather(page.closed(), other.closed())
            return tutors

    with server("--data-dir", str(tmp_path)) as (process, url):
        tutors = asyncio.run(visit(url, process))
        assert process.wait(PATIENCE) == 128 + number
    assert asyncio.run(gone(tutors))


def test_a_tab_that_is_closed_ends_its_tutor_and_one_that_quits_closes(tmp_path: Path) -> None:
    async def visit(url: str, pid: int) -> None:
        async with browser() as opened:
            async with tab(opened, url) as page:
                await page.until("Learning from data")
                tutors = children_of(pid)
            assert await gone(tutors)
            async with tab(opened, url) as page:
                await page.until("Learning from data")
                tutors = children_of(pid)
                await page.keys("\x11")  # ctrl+q
                await page.closed()
            assert await gone(tutors)

    with server("--data-dir", str(tmp_path)) as (process, url):
        asyncio.run(visit(url, process.pid))


def test_a_server_that_is_killed_leaves_no_tutor_behind(tmp_path: Path) -> None:
    async def visit(url: str, process: subprocess.Popen[str]) -> bool:
        async with browser() as opened, tab(opened, url) as page:
            await page.until("Learning from data")
            tutors = children_of(process.pid)
            process.kill()
            return await gone(tutors)

    with server("--data-dir", str(tmp_path)) as (process, url):
        assert asyncio.run(visit(url, process))


def test_whatever_a_tab_sends_the_tutor_goes_on(tmp_path: Path) -> None:
    async def visit(url: str) -> None:
        async with browser() as opened, tab(opened, url) as page:
            await page.until("Learning from data")
            for text in (
                "",
                "{",
                "[]",
                "null",
                '["stdin"]',
                '["stdin", 5]',
                '["resize", {"width": -1, "height": "x"}]',
            ):
                await page.websocket.send_str(text)
            await page.websocket.send_str('["unknown", {}]')
            await page.websocket.send_bytes(b"\x00\xff")
            for keys in ("\x1b[999;999;999~", "\x1b[<0;1", "\ud83d", "\x1b[200~" + "x" * 50_000, "\x1b[201~", "\x00"):
                await page.keys(keys)
            await page.resize(100, 30)
            await page.keys("\x1b[B")
            await page.until("▶  2")

    with server("--data-dir", str(tmp_path)) as (_, url):
        asyncio.run(visit(url))


def test_another_page_in_the_same_browser_cannot_use_it(tmp_path: Path) -> None:
    async def visit(url: str) -> None:
        async with browser() as opened:
            for headers in ({"Origin": "http://elsewhere.example"}, {"Origin": "null"}, {"Host": "elsewhere.example"}):
                with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                    await opened.ws_connect(f"{url}ws", headers=headers)
                assert refused.value.status == 403
            async with opened.get(url, headers={"Host": "elsewhere.example"}) as answer:
                assert answer.status == 403

    with server("--data-dir", str(tmp_path)) as (process, url):
        asyncio.run(visit(url))
        assert children_of(process.pid) == []


def test_behind_a_proxy_the_page_is_that_of_its_public_address(tmp_path: Path) -> None:
    async def visit(url: str) -> None:
        proxied = {"X-Forwarded-Proto": "https", "Host": "inside:80"}
        async with browser() as opened:
            async with opened.get(url, headers=proxied) as answer:
                assert answer.status == 200
                cookie = answer.headers["Set-Cookie"]
            assert all(part in cookie for part in ("Secure", "HttpOnly", "SameSite=Lax"))
            origin = {"Origin": "https://class.example", "Host": "inside:80"}
            async with opened.ws_connect(f"{url}ws", headers=origin) as websocket:
                assert (await websocket.receive()).type == aiohttp.WSMsgType.BINARY
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await opened.ws_connect(f"{url}ws", headers={"Origin": "https://elsewhere.example"})

    with server("--public-url", "https://class.example/nn/", NN_TUTOR_HOME=str(tmp_path)) as (_, url):
        asyncio.run(visit(url))


def test_the_page_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    async def visit(url: str) -> None:
        async with browser() as opened:
            async with opened.get(url) as answer:
                page = await answer.text()
                assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
            assert not re.search(r"https?://", page)
            loaded = re.findall(r'(?:src=|href=|url\()"(static/[^"]+)"', page)
            assert len(loaded) == 4
            for name in loaded:
                async with opened.get(url + name) as answer:
                    assert answer.status == 200

    with server("--data-dir", str(tmp_path)) as (_, url):
        asyncio.run(visit(url))


def test_a_port_in_use_is_one_kind_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert main(["serve", "--port", str(port), "--data-dir", str(tmp_path)]) == 1
    said = capsys.readouterr().err.splitlines()
    assert said[-1] == f"nn-tutor: port {port} is in use: choose another one with --port, such as --port {port + 1}"


def test_an_address_of_another_machine_is_one_kind_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--host", "192.0.2.1", "--port", "0", "--data-dir", str(tmp_path)]) == 1
    said = capsys.readouterr().err.splitlines()
    assert said[0] == "nn-tutor: anybody who can reach this machine can use it: put a proxy with HTTPS in front of it"
    assert said[-1].startswith("nn-tutor: cannot listen on 192.0.2.1, port 0: ")


def test_without_the_extra_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "textual_serve", None)
    monkeypatch.delitem(sys.modules, "nn_tutor.commands.web_server", raising=False)
    assert main(["serve"]) == 2
    assert "pip install 'nn-tutor[serve]'" in capsys.readouterr().err


@pytest.mark.parametrize("port", ["x", "-1", "70000", "1.5"])
def test_a_port_is_a_number(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--port", port]) == 2
    assert "is no port" in capsys.readouterr().err or port == "-1"


def test_in_a_browser_no_terminal_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert missing_for_a_screen()
    monkeypatch.setenv("TEXTUAL_DRIVER", WEB_DRIVER)
    assert missing_for_a_screen() == ""
    module, _, name = WEB_DRIVER.partition(":")
    assert hasattr(importlib.import_module(module), name)
