"""A server of the tutor in a process, and browsers of its pages as far as a test needs them."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import aiohttp
import pyte

from tests.program import PROGRAM

PATIENCE = 120.0
"""Seconds after which a test gives up waiting for what should have come long ago."""


@contextmanager
def server(*arguments: str, **environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start a server at a free port, and give its process and its address."""
    process = subprocess.Popen(
        [*PROGRAM, "serve", "--port", "0", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, **environment},
    )
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        assert said.startswith("nn-tutor is at http://127.0.0.1:"), said
        yield process, said.split(" at ")[1].strip()
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(PATIENCE)
        assert process.stdout is not None
        process.stdout.close()


def children_of(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    return [int(name) for name in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


async def gone(pids: list[int]) -> bool:
    """Wait for processes to end, and say whether they have."""
    for _ in range(int(PATIENCE / 0.05)):
        if not any(_is_running(pid) for pid in pids):
            return True
        await asyncio.sleep(0.05)
    return False


def _is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class Tab:
    """A tab: what it shows, and keys for it."""

    def __init__(self, websocket: aiohttp.ClientWebSocketResponse, columns: int, lines: int) -> None:
        self.websocket = websocket
        self.screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self.screen)

    @property
    def text(self) -> str:
        """All that it shows."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    async def keys(self, text: str) -> None:
        """Type some keys."""
        await self.websocket.send_json(["stdin", text])

    async def resize(self, columns: int, lines: int) -> None:
        """Make it larger or smaller."""
        self.screen.resize(lines, columns)
        await self.websocket.send_json(["resize", {"width": columns, "height": lines}])

    async def until(self, text: str) -> None:
        """Wait until it shows a text."""
        async with asyncio.timeout(PATIENCE):
            while text not in self.text:
                await self._receive()

    async def closed(self) -> None:
        """Wait until the server closes it."""
        async with asyncio.timeout(PATIENCE):
            while not self.websocket.closed:
                await self._receive()

    async def _receive(self) -> None:
        message = await self.websocket.receive()
        if message.type == aiohttp.WSMsgType.BINARY:
            self._stream.feed(message.data)
        elif message.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR):
            await self.websocket.close()


def browser() -> aiohttp.ClientSession:
    """Return a browser, which keeps the cookies of a server without a name too."""
    return aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))


@asynccontextmanager
async def tab(opened_in: aiohttp.ClientSession, url: str, columns: int = 100, lines: int = 30) -> AsyncIterator[Tab]:
    """Open the page in a browser, as one does: first the page, then its websocket."""
    async with opened_in.get(url) as answer:
        assert answer.status == 200
    address = f"{url}ws?width={columns}&height={lines}"
    async with opened_in.ws_connect(address, headers={"Origin": url.rstrip("/")}) as websocket:
        yield Tab(websocket, columns, lines)
