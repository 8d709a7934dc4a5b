"""The command line as a whole program: statuses, streams, and what it does without a terminal."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from nn_tutor import __version__
from nn_tutor.cli import main
from tests.benchmarks.prober import Probe
from tests.course.good_lesson import GOOD
from tests.program import PROGRAM

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the program with pipes for streams."""
    return subprocess.run(
        [*PROGRAM, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        cwd=ROOT,
        env={**os.environ, **environment},
        check=False,
        timeout=60,
    )


@pytest.fixture
def good(tmp_path: Path) -> Path:
    (tmp_path / "lesson.toml").write_text(GOOD, encoding="utf-8")
    return tmp_path


def test_version() -> None:
    done = run("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"nn-tutor {__version__}\n", "")


def test_help() -> None:
    done = run("--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert all(f" {command} " in done.stdout for command in ("start", "list", "trace", "check"))
    assert all(run(command, "-h").returncode == 0 for command in ("start", "list", "trace", "check"))


def test_the_list() -> None:
    done = run("list", "--no-color")
    entries = json.loads(run("list", "--json").stdout)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert len(lines) == len(entries) > 0
    for number, (line, entry) in enumerate(zip(lines, entries, strict=True), start=1):
        assert set(entry) == {"id", "title", "summary"}
        assert re.fullmatch(rf" *{number}  {entry['id']} +{re.escape(entry['title'])}", line)


@pytest.mark.parametrize(
    "arguments",
    ["bogus", "start", "trace", "list extra", "--plein", "trace chain-rule --passes 0", "trace chain-rule --passes x"],
)
def test_wrong_usage(arguments: str) -> None:
    done = run(*arguments.split())
    assert (done.returncode, done.stdout) == (2, "")
    assert "usage: nn-tutor" in done.stderr


@pytest.mark.parametrize("command", ["start", "trace", "check"])
def test_an_unknown_lesson(command: str) -> None:
    done = run(command, "chain-rul")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == (
        "nn-tutor: chain-rul: there is no such lesson; did you mean chain-rule? nn-tutor list shows them\n"
    )


def test_an_unknown_network(good: Path) -> None:
    done = run("trace", str(good), "--network", "other")
    assert (done.returncode, done.stdout) == (2, "")
    assert "no network called 'other'" in done.stderr


@pytest.mark.parametrize("command", ["start", "trace", "check"])
def test_a_wrong_lesson_is_told_whole(command: str, tmp_path: Path) -> None:
    text = GOOD.replace("learning_rate = 0.1", "lerning_rate = true").replace('["W"]', '["V"]')
    (tmp_path / "lesson.toml").write_text(text, encoding="utf-8")
    done = run(command, str(tmp_path))
    assert (done.returncode, done.stdout) == (3, "")
    rate, ask = done.stderr.splitlines()
    file = f"nn-tutor: {tmp_path}/lesson.toml"
    rate_line, ask_line = (":6", ":28") if command == "check" else ("", "")
    assert rate == f"{file}{rate_line}: network.lerning_rate: unknown key; did you mean learning_rate?"
    assert ask.startswith(
        f"{file}{ask_line}: activity[0].ask[0]: the text \"V\"; 'V' is not a quantity: use one of z, a, "
    )


@pytest.mark.parametrize("arguments", [[], ["start", "chain-rule"]])
def test_without_a_terminal_it_goes_line_by_line(arguments: list[str], tmp_path: Path) -> None:
    done = run(*arguments, "--data-dir", str(tmp_path))
    assert done.returncode == 0
    assert done.stderr == "nn-tutor: the input is no terminal, so this goes line by line\n"
    assert "he chain rule." in done.stdout


@pytest.mark.parametrize("arguments", [[], ["start", "chain-rule"]])
@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"TERM": "dumb"}, "TERM is dumb"),
        ({"TERM": ""}, "TERM is dumb or not set"),
        ({"TERM": "xterm", "LC_ALL": "C"}, "UTF-8"),
        ({"TERM": "xterm", "LC_ALL": "POSIX"}, "UTF-8"),
        ({"TERM": "xterm", "LC_ALL": "C.UTF-8", "PYTHONIOENCODING": "latin-1"}, "UTF-8"),
    ],
)
def test_a_terminal_that_cannot_show_a_screen_gets_lines(
    arguments: list[str], environment: dict[str, str], told: str, tmp_path: Path
) -> None:
    command = [*PROGRAM, *arguments, "--data-dir", str(tmp_path)]
    with Probe(command, columns=200, rows=40, environment={"LANG": "", **environment}) as probe:
        probe.wait_for("The chain rule.")
        probe.settle()
        assert probe.shows(told)
        assert probe.shows("so this goes line by line")
        probe.press("quit\r")
        assert probe.wait_for_end() == 0


def test_line_by_line_loads_no_textual() -> None:
    code = (
        "import sys\nfrom nn_tutor.cli import main\nassert main([]) == 0\nprint({'textual', 'rich'} & {*sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    assert done.stdout.endswith("set()\n")


# What is printed


def test_a_trace_is_json(good: Path) -> None:
    document = json.loads(run("trace", str(good), "--json").stdout)
    assert (document["lesson"], document["network"], document["stopped"]) == ("good", "", None)
    assert [told["pass"] for told in document["passes"]] == [1]
    last = json.loads(run("trace", str(good), "--json", "--passes", "3000", "--only-last").stdout)
    assert [told["pass"] for told in last["passes"]] == [3000]


def test_a_trace_goes_as_far_as_the_lesson_walks(good: Path) -> None:
    walk = '[[activity]]\nkind = "walk"\nfirst_pass = 2\npasses = 3\n'
    (good / "lesson.toml").write_text(GOOD + walk, encoding="utf-8")
    document = json.loads(run("trace", str(good), "--json").stdout)
    assert [told["pass"] for told in document["passes"]] == [1, 2, 3, 4]


def test_a_run_that_overflows_ends_with_stopped(good: Path) -> None:
    wild = GOOD.replace("learning_rate = 0.1", "learning_rate = 1e200").replace('"sigmoid"', '"identity"')
    (good / "lesson.toml").write_text(wild, encoding="utf-8")
    done = run("trace", str(good), "--json", "--passes", "50")
    assert (done.returncode, done.stderr) == (0, "")
    stopped = json.loads(done.stdout)["stopped"]
    assert 1 < stopped["pass"] <= 50
    assert "overflow" in stopped["why"]


@pytest.mark.parametrize("spelling", [[], ["--markdown"]])
def test_a_trace_for_people(spelling: list[str], good: Path) -> None:
    done = run("trace", str(good), *spelling)
    assert done.returncode == 0
    assert "pass 1: loss" in done.stdout.lower()


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_results_in_any_encoding(encoding: str, good: Path) -> None:
    done = run("trace", str(good), "--json", PYTHONIOENCODING=encoding)
    assert any(step["symbol"].startswith("∂L/∂") for step in json.loads(done.stdout)["passes"][0]["steps"])


def test_a_trace_for_people_where_only_ascii_can_be_written() -> None:
    assert run("trace", "chain-rule", "--passes", "1", PYTHONIOENCODING="ascii").returncode == 0


# Streams that end


@pytest.mark.parametrize("arguments", ["trace chain-rule --json --passes 40", "list", "--help"])
def test_a_reader_that_has_seen_enough(arguments: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*PROGRAM, *arguments.split()], stdout=writing, stderr=subprocess.PIPE, cwd=ROOT, check=False, timeout=60
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full here")
def test_a_disk_that_is_full() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*PROGRAM, "list"], stdout=full, stderr=subprocess.PIPE, encoding="utf-8", cwd=ROOT, check=False, timeout=60
        )
    assert done.returncode == 1
    assert done.stderr == "nn-tutor: this could not be read or written: No space left on device\n"


@pytest.mark.parametrize(
    ("closed", "arguments", "status"),
    [
        (">&-", "list", 0),
        (">&-", "", 2),
        (">&-", "--plain", 2),
        ("<&-", "", 0),
        ("2>&-", "check nothing-like-that", 3),
        ("2>&-", "bogus", 2),
    ],
)
def test_streams_that_are_closed(closed: str, arguments: str, status: int) -> None:
    line = f"exec {sys.executable} -m nn_tutor {arguments} {closed}"
    done = subprocess.run(["sh", "-c", line], capture_output=True, cwd=ROOT, check=False, timeout=60)
    assert done.returncode == status
    assert b"Traceback" not in done.stderr


def test_closed_streams_are_told() -> None:
    """A closed input is an empty one, as that of a pipe; with a closed output nothing could be asked."""

    def messages(closed: str) -> bytes:
        line = f"exec {sys.executable} -m nn_tutor {closed}"
        return subprocess.run(["sh", "-c", line], capture_output=True, cwd=ROOT, check=False, timeout=60).stderr

    assert messages("<&-") == b"nn-tutor: the input is no terminal, so this goes line by line\n"
    assert messages(">&-") == b"nn-tutor: the output is closed, so nothing could be shown or asked\n"


# Whoever runs the tests in the background may have the signal ignored, and hand that on.
INTERRUPTIBLE = """\
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from nn_tutor.cli import run
run()
"""


def test_an_interrupt_ends_quietly(good: Path) -> None:
    running = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTIBLE, "trace", str(good), "--passes", "100000000", "--only-last"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    )
    time.sleep(2)
    running.send_signal(signal.SIGINT)
    _, messages = running.communicate(timeout=60)
    assert running.returncode == 130
    assert messages == b""


# A crash


def test_a_crash_is_one_sentence(
    good: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("nn_tutor.walkthrough.trace.trace_document", broken)
    monkeypatch.delenv("NN_TUTOR_DEBUG", raising=False)
    assert main(["trace", str(good)]) == 1
    message = capsys.readouterr().err
    assert message.count("\n") == 1
    assert "a bug" in message
    assert "NN_TUTOR_DEBUG=1" in message
    monkeypatch.setenv("NN_TUTOR_DEBUG", "1")
    with pytest.raises(RuntimeError):
        main(["trace", str(good)])
