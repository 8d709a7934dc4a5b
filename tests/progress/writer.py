"""A learner in a process of its own: `python -m tests.progress.writer FOLDER NAME COUNT`.

Appends entries and prints the number of each on a line as soon as its verdict would be shown; "kept" is put before it
where it could not be saved.
"""

from __future__ import annotations

import sys
from pathlib import Path

from nn_tutor.progress.log import open_log


def main() -> None:
    folder, name, count = sys.argv[1:4]
    with open_log(Path(folder)) as log:
        for number in range(int(count)):
            log.append("answer", name, {"n": number, "text": "x" * (number % 7 * 100)})
            sys.stdout.write(f"kept {number}\n" if log.badge else f"{number}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
