"""The program in a real terminal against a bare Textual app: first paint, keys, memory.

What is waited for on the screen stands in the table below. Where the screens say something else one day, only the
table changes; the lesson is the benchmark's own, so that the course can be rewritten freely.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from nn_tutor.course.find import shipped_paths
from tests.benchmarks.figures import Figure, median, percentile
from tests.benchmarks.prober import MissedError, Probe
from tests.lessons_for_tests import of_one_weight

Press = tuple[str, str]
"""A key, and the text that it brings to the screen; the text must not be there before."""


@dataclass(frozen=True)
class Scenario:
    """What to start, the text of its first full paint, the keys that lead to the place, and those that are timed.

    `arguments` follow `nn-tutor`; LESSON stands for the lesson below, with the question that `ask` names.
    """

    arguments: tuple[str, ...]
    painted: str
    ask: str = '"W@3"'
    loaded: str = ""
    approach: tuple[Press, ...] = ()
    timed: tuple[Press, ...] = ()
    lesson: str = ""
    size: tuple[int, int] = (120, 40)

    @property
    def text(self) -> str:
        """The lesson's TOML."""
        return self.lesson or LESSON.replace("ASK", self.ask)


# ---- the table -------------------------------------------------------------------------------------------------------

HOME = Scenario((), painted="q quit")

STEPS = Scenario(
    ("start", "LESSON"),
    painted="step 1 of 6",
    loaded="2·(o − y)",  # SymPy's rules have come
    timed=(("right", "step 2 of 6"), ("right", "step 3 of 6"), ("left", "step 2 of 6"), ("left", "step 1 of 6")),
)

TYPING = Scenario(
    ("start", "LESSON"),
    painted="you may type",
    ask='"a"',
    loaded="2·(o − y)",
    timed=(("1", "> 1 "), ("2", "> 12 "), ("backspace", "> 1 "), ("backspace", ">   ")),
)

# Typed from the first paint on, a key every 33 ms, while SymPy is loading; the n-th key must show the first n digits.
WHILE_LOADING = Scenario(("start", "LESSON"), painted="you may type", ask='"a"')
DIGITS = "123456789" * 5
PROMPT = "> "

WHOLE_LESSON = Scenario(
    ("start", "LESSON"),
    painted="step 1 of 6",
    loaded="2·(o − y)",
    approach=tuple(("right", f"step {number} of 6") for number in range(2, 7)),
)

LESSON = of_one_weight('kind = "walk"\npasses = 3\nask = [ASK]')


BUSY_LESSON = """\
format_version = 1
id = "busy"
title = "Busy"
[network]
learning_rate = 0.3
[[network.layers]]
weights = [[0.5, -0.4, 1.1, 0.3], [-1.1, 1.2, 0.2, -0.7], [0.6, 0.9, -0.8, 0.1]]
biases = [0.1, -0.2, 0.3]
activation = "sigmoid"
[[network.layers]]
weights = [[0.4, 1.2, -0.6], [0.9, -1.1, 0.7]]
biases = [0.2, -0.1]
[data]
inputs = [[1.3, 1.1, -0.4, 0.6]]
targets = [[-0.7, 1.0]]
[[activity]]
kind = "walk"
passes = 3
ask = []
"""

BUSY = Scenario(
    ("start", "LESSON"),
    painted="step 1 of 66",
    loaded="w₁₁ₖ·xₖ",
    approach=tuple(("right", f"step {number} of 66") for number in range(2, 31)),
    timed=(("right", "step 31 of"), ("right", "step 32 of"), ("left", "step 31 of"), ("left", "step 30 of")),
    lesson=BUSY_LESSON,
)

XOR_LESSON = """\
format_version = 1
id = "xor"
title = "XOR"
[network]
learning_rate = 2.0
seed = 3
[[network.layers]]
size = [2, 2]
biases = [0.0, 0.0]
activation = "sigmoid"
[[network.layers]]
size = [2, 1]
biases = [0.0]
activation = "sigmoid"
[data]
inputs = [[0, 0], [0, 1], [1, 0], [1, 1]]
targets = [[0], [1], [1], [0]]
[[activity]]
kind = "train"
to_loss = 1e-30
most = MOST
"""

# Up and down through the panels while passes run as fast as they can.
TRAINING = Scenario(
    ("start", "LESSON"),
    painted="pass 1 of 100,000",
    timed=(("tab", "[2 curve]"), ("tab", "[3 words]"), ("tab", "[1 picture]")),
    lesson=XOR_LESSON.replace("MOST", "100000"),
    size=(80, 24),
)

WHOLE_RUN = Scenario(
    ("start", "LESSON"), painted="pass 1 of 10,000", lesson=XOR_LESSON.replace("MOST", "10000"), size=(80, 24)
)

# ----------------------------------------------------------------------------------------------------------------------

BARE_PAINTED = "count 0."
STARTS = 7
LESSONS = len(shipped_paths())
KEYS = 60
PERIOD = 0.033


def figures() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for measure in MEASURES:
            try:
                yield from measure(place)
            except MissedError as missed:
                name = measure.__name__.replace("_", " ").strip()
                yield Figure(name, None, "", None, str(missed).splitlines()[0])


def _home_paint(place: Path) -> Iterator[Figure]:
    yield from _paint(place, "first paint of home / bare", HOME, 1.3)


def _lesson_paint(place: Path) -> Iterator[Figure]:
    yield from _paint(place, "first paint of a lesson / bare", STEPS, 2.2)


def _shipped_paint(place: Path) -> Iterator[Figure]:
    """Start each lesson of the course some times, in turn with the bare app."""
    bare, own = [], []
    for number in range(1, LESSONS + 1):
        took = []
        for _ in range(3):
            with _bare() as probe:
                bare.append(probe.wait_for(BARE_PAINTED) - probe.started)
            with _started(place, Scenario(("start", str(number)), "  1/")) as probe:
                took.append(probe.wait_for("  1/") - probe.started)
        own.append(median(took))
    slowest, of_bare = max(own), median(bare)
    note = f"slowest: lesson {own.index(slowest) + 1}, {slowest / of_bare:.3g} ×; bare {of_bare * 1e3:.0f} ms"
    yield Figure("first paint of a shipped lesson / bare, p50", median(own) / of_bare, "×", 2.2, note)


def _opening(place: Path) -> Iterator[Figure]:
    """Open each lesson from home, in a start of its own, once everything is loaded."""
    took = []
    for number in range(LESSONS):
        with _started(place, HOME) as probe:
            probe.wait_for(HOME.painted)
            probe.settle(quiet=2.0, at_most=8.0)
            for _ in range(number):
                probe.press("down")
            probe.settle(quiet=0.3)
            took.append(probe.press_for("enter", "  1/"))
    note = f"p50 {median(took) * 1e3:.0f} ms, worst {max(took) * 1e3:.0f} ms"
    yield Figure("Enter on home to the lesson, p95", percentile(took, 0.95) * 1e3, "ms", 100, note)


def _paint(place: Path, name: str, scenario: Scenario, goal: float | None) -> Iterator[Figure]:
    bare, own = [], []
    for _ in range(STARTS):
        with _bare() as probe:
            bare.append(probe.wait_for(BARE_PAINTED) - probe.started)
        with _started(place, scenario) as probe:
            own.append(probe.wait_for(scenario.painted) - probe.started)
    note = f"{median(own) * 1e3:.0f} ms; bare {median(bare) * 1e3:.0f} ms"
    yield Figure(name, median(own) / median(bare), "×", goal, note)


def _steps(place: Path) -> Iterator[Figure]:
    yield from _keys(place, "key to paint, one step of a lesson", STEPS, 2.5, 3.5)


def _busy(place: Path) -> Iterator[Figure]:
    yield from _keys(place, "key to paint, one step of 4-3-2", BUSY, 2.5, 3.5)


def _training(place: Path) -> Iterator[Figure]:
    with _started(place, TRAINING) as probe:
        probe.wait_for(TRAINING.painted)
        probe.settle(quiet=1.5, at_most=4.0)  # until SymPy has come
        probe.press("end")
        probe.wait_for("running, full speed")
        took = [_in_the_flow(probe, key, text) for key, text in islice(cycle(TRAINING.timed), 36)]
        probe.wait_for("running")
    note = f"p50 {median(took) * 1e3:.1f} ms, worst {max(took) * 1e3:.0f} ms"
    yield Figure("key to paint while a run goes at full speed, p95", percentile(took, 0.95) * 1e3, "ms", 25, note)


def _in_the_flow(probe: Probe, key: str, text: str) -> float:
    """Press a key while frames keep coming: they are stamped as they come, and looked at only then."""
    written = probe.press(key)
    probe.record(until=written + 0.15)
    found = [stamp for stamp in probe.frames() if probe.shows(text)]
    if not found:
        raise MissedError(f"{text!r} did not come within 150 ms")
    return found[0] - written


def _whole_run(place: Path) -> Iterator[Figure]:
    took = []
    for _ in range(3):
        with _started(place, WHOLE_RUN) as probe:
            probe.wait_for(WHOLE_RUN.painted)
            probe.settle(quiet=1.0, at_most=4.0)
            took.append(probe.press_for("end", "pass 10,000 of 10,000"))
    yield Figure("10,000 passes of XOR, from key to the last pass", median(took), "s", 2, f"worst {max(took):.2f} s")


def _typing(place: Path) -> Iterator[Figure]:
    yield from _keys(place, "key to paint, typing", TYPING, 1.3, None)


def _keys(place: Path, name: str, scenario: Scenario, goal: float, p95_goal: float | None) -> Iterator[Figure]:
    bare, own = [], []
    for _ in range(3):
        with _bare() as probe:
            probe.wait_for(BARE_PAINTED)
            presses = [("a", f"count {count}.") for count in range(1, KEYS + 1)]
            bare += _timed(probe, presses)
        with _started(place, scenario) as probe:
            probe.wait_for(scenario.painted)
            probe.until_shown(scenario.loaded)
            for key, text in scenario.approach:
                probe.press_for(key, text)
            own += _timed(probe, list(islice(cycle(scenario.timed), KEYS)))
    for rank, share, wanted in (("p50", 0.5, goal), ("p95", 0.95, p95_goal)):
        of_own, of_bare = percentile(own, share), percentile(bare, share)
        note = f"{of_own * 1e3:.1f} ms; bare {of_bare * 1e3:.1f} ms"
        yield Figure(f"{name}, {rank} / bare", of_own / of_bare, "×", wanted, note)


def _timed(probe: Probe, presses: list[Press]) -> list[float]:
    took = []
    probe.settle()
    for number, (key, text) in enumerate(presses):
        took.append(probe.press_for(key, text))
        # Uneven pauses, so that the keys do not fall in step with a timer of the program.
        probe.settle(quiet=0.02 + 0.007 * (number % 3), at_most=0.1)
    return took


def _while_loading(place: Path) -> Iterator[Figure]:
    took = []
    for _ in range(3):
        with _started(place, WHILE_LOADING) as probe:
            probe.wait_for(WHILE_LOADING.painted)
            texts = [PROMPT + DIGITS[: number + 1] for number in range(len(DIGITS))]
            took += probe.press_in_time(DIGITS, texts, PERIOD)
    note = f"p50 {median(took) * 1e3:.1f} ms, worst {max(took) * 1e3:.0f} ms"
    yield Figure("key to paint while SymPy loads, p95", percentile(took, 0.95) * 1e3, "ms", 25, note)


def _memory(place: Path) -> Iterator[Figure]:
    with _started(place, WHOLE_LESSON) as probe:
        probe.wait_for(WHOLE_LESSON.painted)
        probe.until_shown(WHOLE_LESSON.loaded)
        for key, text in WHOLE_LESSON.approach:
            probe.press_for(key, text)
        probe.settle()
        yield Figure("peak memory after a symbolic lesson", probe.peak_memory(), "MiB", 90)


def _bare() -> Probe:
    return Probe([sys.executable, str(Path(__file__).with_name("bare_app.py"))])


def _started(place: Path, scenario: Scenario) -> Probe:
    """Start nn-tutor in a home where it never was."""
    lesson = place / "lesson"
    lesson.mkdir(parents=True, exist_ok=True)
    (lesson / "lesson.toml").write_text(scenario.text, encoding="utf-8")
    arguments = [str(lesson) if argument == "LESSON" else argument for argument in scenario.arguments]
    columns, rows = scenario.size
    command = [sys.executable, "-m", "nn_tutor", *arguments]
    return Probe(command, columns=columns, rows=rows, environment=new_home(place))


def new_home(place: Path) -> dict[str, str]:
    """Return the variables of a new home, where nothing of the user, nor of an earlier start, is read or written.

    With the progress of an earlier start a lesson would open where that one ended.
    """
    home = tempfile.mkdtemp(prefix="home-", dir=place)
    folders = {f"XDG_{kind}_HOME": f"{home}/{kind}" for kind in ("DATA", "STATE", "CONFIG", "CACHE")}
    return {"HOME": home, "NN_TUTOR_HOME": f"{home}/progress", **folders}


MEASURES = (
    _home_paint, _lesson_paint, _shipped_paint, _opening, _steps, _busy, _typing, _while_loading, _training, _whole_run,
    _memory,
)  # fmt: skip
