"""All measures against their goals, as a table: `python -m tests.benchmarks [AREA ...]`."""

from __future__ import annotations

import argparse
import importlib
import os
import tempfile

from tests.benchmarks.figures import Figure, print_table

AREAS = (
    *("startup", "course", "dataset", "network", "calculus", "judging", "sheets", "practice", "progress"),
    "terminal",
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("areas", nargs="*", metavar="AREA", help=f"one or more of {', '.join(AREAS)}; default: all")
    areas = parser.parse_args().areas or AREAS
    if unknown := set(areas) - set(AREAS):
        parser.error(f"there is no {', '.join(sorted(unknown))}: use {', '.join(AREAS)}")
    missed: list[Figure] = []
    for area in areas:
        print(f"\n{area}\n{'=' * len(area)}")
        seen = print_table(importlib.import_module(f"tests.benchmarks.{area}").figures())
        missed += [figure for figure in seen if figure.verdict not in ("ok", "")]
    print("\nall goals met" if not missed else f"\n{len(missed)} missed or not measured:")
    for figure in missed:
        print(f"  {figure.measure}: {figure.verdict}")


if __name__ == "__main__":
    # The networks are tiny: more threads than one only cost.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with tempfile.TemporaryDirectory() as home:
        os.environ["NN_TUTOR_HOME"] = home  # the user's own progress is left alone
        main()
