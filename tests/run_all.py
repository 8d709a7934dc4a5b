"""Every check of the project, one after another: `python tests/run_all.py`.

Nothing stops at a failure; the exit status is 1 if anything failed. pytest runs last, so that its closing line is the
last line, and what failed before it is said right before it begins.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Run all checks and return the exit status."""
    python = [sys.executable, "-m"]
    checks = [
        [*python, "ruff", "check", "."],
        [*python, "ruff", "format", "--check", "."],
        [*python, "mypy"],
        *([*python, "mypy", "--platform", system, "nn_tutor"] for system in ("win32", "darwin")),
        [_script("lint-imports")],
        [*python, "nn_tutor", "check"],
    ]
    failed = [_name(check) for check in checks if not _passes(check)]
    _say(f"failed so far: {'; '.join(failed)}" if failed else "all of these passed; now the tests")
    # One more than there are processors: many a test waits for a program in a terminal. Four at most, since each worker
    # imports everything.
    workers = min((os.cpu_count() or 1) + 1, 4)
    passed = _passes([*python, "pytest", "-n", str(workers), "--dist", "worksteal"], is_last=True)
    return 0 if passed and not failed else 1


def _passes(command: list[str], *, is_last: bool = False) -> bool:
    _say("$ " + _name(command))
    began = time.monotonic()
    status = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, check=False).returncode
    if not is_last:
        _say(f"{'ok' if status == 0 else f'FAILED with status {status}'} after {time.monotonic() - began:.1f} s\n")
    return status == 0


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
