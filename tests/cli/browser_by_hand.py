"""The tutor in a real browser, by hand: `python -m tests.cli.browser_by_hand [FOLDER] [TABS]`.

Needs Playwright in this environment (`pip install playwright`) and Chromium (`apt-get install chromium`). It opens
home, answers a question wrongly and rightly, makes the window larger, opens further tabs, and writes a picture of each
into FOLDER. It prints what was asked of other machines, the memory of the tutors, and the time from a key to its paint.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.cli.served import children_of, server

READY = "body.-first-byte"

KEYS = 10
"""So many keys are timed in each tab."""

TIMED = """
window.times = [];
window.WebSocket = class extends WebSocket {
    constructor(...parts) {
        super(...parts);
        this.addEventListener("message", (event) => {
            const pressed = window.pressed;
            if (!pressed || !(event.data instanceof ArrayBuffer)) return;
            window.pressed = 0;
            requestAnimationFrame(() => setTimeout(() => window.times.push(performance.now() - pressed)));
        });
    }
};
addEventListener("keydown", () => { window.pressed = performance.now(); }, true);
"""
"""Takes the time from a key to the frame that shows what came back."""


def main() -> None:
    """Walk through it, and say what was seen."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp())
    tabs = int(sys.argv[2]) if len(sys.argv) > 2 else 2
    with server("--data-dir", tempfile.mkdtemp()) as (process, url), sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        context = chromium.new_context(viewport={"width": 1000, "height": 640})
        context.add_init_script(TIMED)
        asked: list[str] = []
        context.on("request", lambda request: asked.append(request.url))
        page = _opened(context, url)
        _picture(page, folder / "home.png")
        for keys, name in (("", "question.png"), ("11", "wrong.png"), ("21", "right.png")):
            page.keyboard.type(keys)
            page.keyboard.press("Enter")
            _picture(page, folder / name)
        page.set_viewport_size({"width": 1500, "height": 900})
        _picture(page, folder / "larger.png")
        pages = [page, *(_opened(context, url) for _ in range(tabs - 1))]
        _picture(pages[-1], folder / "another-tab.png")
        elsewhere = [one for one in asked if not one.startswith((url, url.replace("http", "ws"), "data:"))]
        print(f"pictures in {folder}; requests to elsewhere: {elsewhere}")
        sizes = [_memory(pid) for pid in children_of(process.pid)]
        print(f"{len(sizes)} tutors: {statistics.mean(sizes):.0f} MiB each, {max(sizes):.0f} MiB at most")
        print(f"the server: {_memory(process.pid):.0f} MiB")
        times = [one for opened in pages for one in _times(opened)]
        print(f"key to paint: median {statistics.median(times):.0f} ms, slowest {max(times):.0f} ms")
        chromium.close()


def _opened(context: Any, url: str) -> Any:
    page = context.new_page()
    page.goto(url)
    page.wait_for_selector(READY, timeout=60_000)
    page.wait_for_timeout(1_500)
    return page


def _picture(page: Any, path: Path) -> None:
    page.wait_for_timeout(1_500)
    page.screenshot(path=str(path))


def _memory(pid: int) -> float:
    """The memory of a process that it shares with no other, in MiB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(("Private_Clean", "Private_Dirty"))) / 1024


def _times(page: Any) -> list[float]:
    """Press some keys, and return how long each took to be painted, in milliseconds."""
    page.bring_to_front()
    for number in range(KEYS):
        page.keyboard.press("ArrowDown" if number % 2 else "ArrowUp")
        page.wait_for_timeout(150)
    found: list[float] = page.evaluate("window.times")
    return found[-KEYS:]


if __name__ == "__main__":
    main()
