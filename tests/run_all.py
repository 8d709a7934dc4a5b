"""Every check of the project: `python tests/run_all.py`.

What needs no tests runs side by side. Nothing stops at a failure; the exit status is 1 if anything failed. pytest runs
last, so that its closing line is the last line, and what failed before it is said right before it begins.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import sysconfig
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Run all checks and return the exit status."""
    python = [sys.executable, "-m"]
    checks = [
        [*python, "ruff", "check", "."],
        [*python, "ruff", "format", "--check", "."],
        [*python, "mypy"],
        # Each with a cache of its own, as they run side by side.
        *(
            [*python, "mypy", "--platform", system, "--cache-dir", f".mypy_cache/{system}", "nn_tutor"]
            for system in ("win32", "darwin")
        ),
        [_script("lint-imports")],
        [*python, "nn_tutor", "check"],
    ]
    # The tests start hundreds of programs: what they import is compiled once, whatever this terminal says.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        passed_all = list(pool.map(_passes, checks))
    failed = [_name(check) for check, passed in zip(checks, passed_all, strict=True) if not passed]
    _say(f"failed so far: {'; '.join(failed)}" if failed else "all of these passed; now the tests")
    # One more than there are processors: many a test waits for a program in a terminal. Four at most, since each worker
    # imports everything.
    workers = min((os.cpu_count() or 1) + 1, 4)
    tests = [*python, "pytest", "-n", str(workers), "--dist", "worksteal"]
    _say("$ " + _name(tests))
    status = subprocess.run(tests, cwd=ROOT, stdin=subprocess.DEVNULL, check=False).returncode
    return 0 if status == 0 and not failed else 1


def _passes(command: list[str]) -> bool:
    """Run a check beside the others, and print it with what it said once it has ended."""
    began = time.monotonic()
    done = subprocess.run(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    said = done.stdout.decode("utf-8", errors="replace").rstrip()
    ended = "ok" if done.returncode == 0 else f"FAILED with status {done.returncode}"
    _say(
        "\n".join(
            ["$ " + _name(command), *([said] if said else []), f"{ended} after {time.monotonic() - began:.1f} s\n"]
        )
    )
    return done.returncode == 0


def _script(name: str) -> str:
    """Return the path of a console script of the environment that runs this file."""
    return str(Path(sysconfig.get_path("scripts")) / name)


def _name(command: list[str]) -> str:
    """Return a command as one would type it in the environment."""
    return shlex.join([Path(command[0]).name, *command[1:]])


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
