"""The server behind `nn-tutor serve`: a page, and for each tab that opens it a tutor of its own, in a process."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import resources
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

import textual_serve
from aiohttp import WSMsgType, web
from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

from nn_tutor.commands.screen import WEB_DRIVER
from nn_tutor.dataclass import dataclass
from nn_tutor.progress.signals import heard_by

COOKIE = "nn-tutor-visitor"
YEAR = 365 * 24 * 3600

MAX_TABS = 200
"""How many tabs are served at once: each is a process of its own."""

MAX_CELLS = 500
"""A browser's window is taken to have at most so many columns and lines."""

TO_QUIT, TO_END = 2.0, 1.0
"""Seconds that a tutor has to end by itself, and after it was told to by a signal."""

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "connect-src 'self' ws: wss:; img-src 'self' data:; frame-ancestors 'self'"
)


@dataclass(frozen=True, slots=True)
class Served:
    """What is served where: `folder` is shared by all visitors, or holds a folder for each of them.

    `options` are handed on to each tutor; `public` is the address at which a proxy shows the page, "" for none.
    """

    host: str
    port: int
    folder: Path
    is_shared: bool
    options: tuple[str, ...] = ()
    public: str = ""

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach it."""
        return self.host in LOOPBACK


class Visit(AppService):
    """One tab: a tutor in a process of its own, behind a websocket."""

    def __init__(self, command: Sequence[str], folder: Path, websocket: web.WebSocketResponse) -> None:
        super().__init__(
            "",
            write_bytes=websocket.send_bytes,
            write_str=websocket.send_str,
            close=websocket.close,  # type: ignore[arg-type]
            download_manager=DownloadManager(),
        )
        self._arguments = [*command, "--data-dir", str(folder)]
        self._is_stopping = False

    def _build_environment(self, width: int = 80, height: int = 24) -> dict[str, str]:
        environment = super()._build_environment(width, height)
        # A terminal as good as a browser's; nothing of the one that the server was started in counts.
        environment |= {"TEXTUAL_DRIVER": WEB_DRIVER, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        environment |= {"TEXTUAL_FPS": "500", "PYTHONUTF8": "1"}
        return environment

    async def _open_app_process(self, width: int = 80, height: int = 24) -> asyncio.subprocess.Process:
        # No shell between; and not in the server's group, so that Ctrl+C reaches the server alone, which ends them all.
        self._process = await asyncio.create_subprocess_exec(
            *self._arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=self._build_environment(width, height),
            start_new_session=True,
        )
        self._stdin = self._process.stdin
        return self._process

    async def stop(self) -> None:
        """End the tutor: it is asked, then told, then killed."""
        process, task = self._process, self._task
        if process is None or task is None or self._is_stopping:
            return
        self._is_stopping = True
        await self.send_meta({"type": "quit"})
        for patience, end in ((TO_QUIT, process.terminate), (TO_END, process.kill), (None, None)):
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(process.wait(), patience)
                break
            if end is not None:
                with suppress(ProcessLookupError):
                    end()
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(task, TO_END)


class TutorServer:
    """Serves the page and its tabs until a signal says that it is enough."""

    def __init__(self, served: Served, say: Callable[[str], None]) -> None:
        self.served = served
        self.visits: set[Visit] = set()
        self._say = say
        self._page = resources.files("nn_tutor.commands").joinpath("browser.html").read_text(encoding="utf-8")
        self._ended_by = 0
        self._end = asyncio.Event()

    async def run(self) -> int:
        """Serve, and return 128 + the number of the signal that ended it; raises `OSError` where it cannot listen."""
        static = Path(str(textual_serve.__file__)).parent / "static"
        app = web.Application()
        app.add_routes([web.get("/", self._index), web.get("/ws", self._tab), web.static("/static", static)])
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=TO_QUIT)
        await runner.setup()
        try:
            site = web.TCPSite(runner, self.served.host, self.served.port)
            await site.start()
            with heard_by(self._at_signal, (signal.SIGINT, signal.SIGTERM)):
                self._say(self._url(runner))
                await self._end.wait()
        finally:
            await asyncio.gather(*(visit.stop() for visit in tuple(self.visits)))
            await runner.cleanup()
        return 128 + self._ended_by

    def _at_signal(self, number: int, frame: FrameType | None) -> None:
        self._ended_by = self._ended_by or number
        asyncio.get_running_loop().call_soon_threadsafe(self._end.set)

    def _url(self, runner: web.AppRunner) -> str:
        host, port = runner.addresses[0][:2]
        return f"http://{f'[{host}]' if ':' in host else host}:{port}/"

    async def _index(self, request: web.Request) -> web.Response:
        if not self._is_asked_for(request):
            raise web.HTTPForbidden(text="This address is not one of this server.")
        response = web.Response(text=self._page, content_type="text/html", charset="utf-8")
        response.headers.update({"Content-Security-Policy": POLICY, "Cache-Control": "no-store"})
        if not self.served.is_shared and not _visitor(request):
            is_secure = request.secure or request.headers.get("X-Forwarded-Proto") == "https"
            response.set_cookie(
                COOKIE, secrets.token_hex(16), max_age=YEAR, httponly=True, samesite="Lax", secure=is_secure
            )
        return response

    async def _tab(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one tab until it is closed, or its tutor has ended."""
        if not self._is_asked_for(request):
            raise web.HTTPForbidden(text="This page is not one of this server.")
        websocket = web.WebSocketResponse(heartbeat=15, max_msg_size=1 << 20)
        await websocket.prepare(request)
        if len(self.visits) >= MAX_TABS:
            await websocket.send_bytes(b"There is no room for another tab now. Please come back later.\r\n")
            await websocket.close()
            return websocket
        command = [sys.executable, "-m", "nn_tutor", *self.served.options]
        visit = Visit(command, self._folder(request), websocket)
        self.visits.add(visit)
        try:
            await visit.start(_cells(request.query.get("width"), 80), _cells(request.query.get("height"), 24))
            await _listen(websocket, visit)
        finally:
            await visit.stop()
            self.visits.discard(visit)
        return websocket

    def _folder(self, request: web.Request) -> Path:
        """Where the progress of a visitor is kept; one without a cookie gets a folder of this tab alone."""
        if self.served.is_shared:
            return self.served.folder
        return self.served.folder / "visitors" / (_visitor(request) or secrets.token_hex(16))

    def _is_asked_for(self, request: web.Request) -> bool:
        """Whether the address in the browser is one of this server, and the page that asks comes from it.

        Else any page in the same browser could use a tutor on this machine.
        """
        public = urlsplit(self.served.public)
        host = urlsplit(f"//{request.headers.get('X-Forwarded-Host') or request.host}")
        origin = request.headers.get("Origin")
        if public.netloc:
            return origin is None or urlsplit(origin).netloc == public.netloc
        if self.served.is_local and host.hostname not in LOOPBACK:
            return False
        return origin is None or urlsplit(origin).netloc == host.netloc


async def _listen(websocket: web.WebSocketResponse, visit: Visit) -> None:
    """Hand on what a tab sends: keys, its size, whether it is looked at; anything else is left out."""
    async for message in websocket:
        if message.type != WSMsgType.TEXT:
            continue
        try:
            kind, *content = json.loads(message.data)
        except (ValueError, TypeError, RecursionError):
            continue
        told = content[0] if content else None
        if kind == "stdin" and isinstance(told, str):
            await visit.send_bytes(told.encode("utf-8", errors="ignore"))
        elif kind == "resize" and isinstance(told, dict):
            await visit.set_terminal_size(_cells(told.get("width"), 80), _cells(told.get("height"), 24))
        elif kind == "ping":
            await websocket.send_json(["pong", told])
        elif kind in ("blur", "focus"):
            await (visit.blur() if kind == "blur" else visit.focus())


def _cells(value: object, usual: int) -> int:
    """A number of columns or lines that a browser tells, within reason."""
    text = str(value)
    return min(max(1, int(text)), MAX_CELLS) if re.fullmatch(r"\d{1,6}", text) else usual


def _visitor(request: web.Request) -> str:
    """The name of a visitor from their cookie, "" where there is none that this server gave."""
    told = request.cookies.get(COOKIE, "")
    return told if re.fullmatch(r"[0-9a-f]{32}", told) else ""
