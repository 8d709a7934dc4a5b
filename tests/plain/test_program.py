"""The whole program line by line: by pipe and in a terminal, however its input ends, and beside the screen."""

from __future__ import annotations

import io
import os
import re
import signal
import subprocess
from pathlib import Path

import pytest

from nn_tutor.course.find import find, shipped_lessons
from nn_tutor.course.load import load
from nn_tutor.dataset.proposal import Options
from nn_tutor.plain.program import Program
from nn_tutor.plain.streams import Streams
from nn_tutor.progress.data_files import open_data
from nn_tutor.progress.opening import open_lesson
from nn_tutor.progress.recall import OWN_DATA
from nn_tutor.progress.recorder import ProgressRecorder
from nn_tutor.tutor.mastery import Standing
from nn_tutor.tutor.session import Session
from tests.benchmarks.prober import Probe
from tests.lessons_for_tests import make_lesson, overflowing
from tests.plain.talking import opened_path, right_line
from tests.plain.test_spoken import UNSPEAKABLE
from tests.program import PROGRAM


def piped(
    *arguments: str, typed: str | bytes = "", folder: Path, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """Run the program line by line with pipes for streams."""
    return subprocess.run(
        [*PROGRAM, "--plain", "--data-dir", str(folder), *arguments],
        input=typed if isinstance(typed, bytes) else typed.encode(),
        capture_output=True,
        env={**os.environ, **environment},
        check=False,
        timeout=120,
    )


def saved(folder: Path, lesson: Path) -> Session:
    """The session of a lesson as it is found on the disk."""
    recorder = ProgressRecorder(folder)
    try:
        return open_lesson(load(lesson), recorder, Standing()).session
    finally:
        recorder.close()


def test_a_test_says_what_it_is_and_offers_no_help(tmp_path: Path) -> None:
    said = piped("practice", "--test-out", "12", typed="\nshow\nhint\nquit\n", folder=tmp_path).stdout.decode()
    assert "5 questions without hints: 4 right, and the lesson counts as done. Type pass to leave one out." in said
    assert "Type it; or type pass, again, help or quit." in said
    assert said.count("In a test there are no hints: type your answer, or pass to leave the question out") == 2
    assert "It will not count as yours" not in said
    quiz = piped("practice", "--quiz", typed="quit\n", folder=tmp_path).stdout.decode()
    assert "8 questions without hints. Type pass to leave one out." in quiz


def test_nothing_is_due_for_somebody_new_who_is_told_where_to_begin(tmp_path: Path) -> None:
    said = piped("review", folder=tmp_path).stdout.decode()
    assert "Nothing is due" in said
    assert "nn-tutor start" in said
    assert "what you have met so far" not in said


def test_a_lesson_by_pipe_from_home_to_the_next(tmp_path: Path) -> None:
    typed = ["4", *_whole("chain-rule"), "", "quit"]
    done = piped(typed="\n".join(typed) + "\n", folder=tmp_path)
    said = done.stdout.decode()
    assert (done.returncode, done.stderr) == (0, b"")
    assert "4. The chain rule." in said
    assert "Lesson 4: The chain rule." in said
    assert "You reached the end of the lesson." in said
    assert "Lesson 5: Learning rate." in said
    assert not UNSPEAKABLE.search(said)
    again = piped(typed="", folder=tmp_path).stdout.decode()
    assert "4. The chain rule: done." in again
    assert "5. Learning rate: begun." in again
    assert "Enter goes on with lesson 5" in again


def _whole(lesson: str) -> list[str]:
    session, lines = opened_path(find(lesson)), []
    while not session.is_over:
        line = right_line(session)
        lines.append(line)
        if line:
            session = session.answer(line)
        elif session.station.is_watched and not session.station.has_arrived:  # type: ignore[attr-defined]
            session = session.to_end()
        else:
            session = session.forward()
    return lines


@pytest.mark.parametrize("typed", ["\n", "c\n\n\n", "c", "b\nc\nhint\nshow"])
def test_the_end_of_the_input_in_the_middle_saves_everything(tmp_path: Path, typed: str) -> None:
    done = piped("start", "chain-rule", typed=typed, folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
    session = saved(tmp_path, find("chain-rule"))
    assert bool(session.attempts) == ("c" in typed)


def test_long_lines_and_any_bytes_are_answered(tmp_path: Path) -> None:
    megabyte = b"1" * (1 << 20)
    typed = b"\n".join([megabyte, b"\xff\xfe\x00\x1b[2J", b"", b"c", megabyte + b"+1", b"where"]) + b"\n"
    done = piped("start", "chain-rule", typed=typed, folder=tmp_path)
    said = done.stdout.decode()
    assert (done.returncode, done.stderr) == (0, b"")
    assert said.count("That is far too long for an answer.") == 2
    assert "Right: Slopes in a row multiply." in said
    assert "\x1b" not in said
    assert said.splitlines()[-1].startswith("Part 1 of ")


@pytest.mark.parametrize("locale", ["C", "POSIX"])
def test_where_the_locale_takes_ascii_alone_so_is_all(tmp_path: Path, locale: str) -> None:
    typed = "c\n\n\ntable\npicture\nhint\nnames\n" + "dL_do*do_dw\n" + "\n" * 3
    done = piped("start", "chain-rule", typed=typed, folder=tmp_path, LC_ALL=locale, LANG="")
    assert done.returncode == 0
    assert done.stdout.isascii()
    assert b"Right. Slopes in a row multiply: that is the chain rule." in done.stdout


def _running(folder: Path) -> subprocess.Popen[bytes]:
    program = subprocess.Popen(
        [*PROGRAM, "--plain", "--data-dir", str(folder), "start", "chain-rule"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert program.stdin is not None
    program.stdin.write(b"c\n")
    program.stdin.flush()
    return program


def _read_until(program: subprocess.Popen[bytes], wanted: bytes) -> None:
    assert program.stdout is not None
    for line in program.stdout:
        if wanted in line:
            return
    raise AssertionError(f"{wanted!r} was never said")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_a_signal_saves_everything_and_is_the_status(tmp_path: Path, number: signal.Signals) -> None:
    with _running(tmp_path) as program:
        _read_until(program, b"Press enter to go on.")
        program.send_signal(number)
        _, messages = program.communicate(timeout=20)
        assert program.returncode == 128 + number
        assert messages == b""
    assert [attempt.text for attempt in saved(tmp_path, find("chain-rule")).attempts] == ["c"]


def test_a_closed_pipe_ends_it_without_a_traceback(tmp_path: Path) -> None:
    with _running(tmp_path) as program:
        _read_until(program, b"Press enter to go on.")
        assert program.stdin is not None
        assert program.stdout is not None
        program.stdout.close()
        program.stdin.write(b"help\nhelp\nwhere\n")
        program.stdin.close()
        assert program.wait(timeout=20) == 0
        assert program.stderr is not None
        assert program.stderr.read() == b""
    assert [attempt.text for attempt in saved(tmp_path, find("chain-rule")).attempts] == ["c"]


def test_ctrl_d_and_ctrl_c_in_a_terminal(tmp_path: Path) -> None:
    arguments = [*PROGRAM, "--plain", "--data-dir", str(tmp_path), "start", "chain-rule"]
    with Probe(arguments, columns=100, rows=30) as probe:
        probe.wait_for("Answer:")
        probe.press("c\r")
        probe.wait_for("Next:")
        probe.press("ctrl+c")
        assert probe.wait_for_end() == 130
        assert not probe.shows("Traceback")
    with Probe(arguments, columns=100, rows=30) as probe:
        probe.wait_for("You are back where you were.")
        probe.press("ctrl+d")
        assert probe.wait_for_end() == 0


def test_begun_on_the_screen_and_gone_on_with_line_by_line(tmp_path: Path) -> None:
    with Probe([*PROGRAM, "--data-dir", str(tmp_path), "start", "chain-rule"], columns=100, rows=30) as probe:
        probe.wait_for("Gears  1/")
        probe.press("c")
        probe.press("enter")
        probe.wait_for("✓ right")
        probe.press("enter")
        probe.wait_for("  2/")
        probe.press("ctrl+q")
        assert probe.wait_for_end() == 0
    said = piped("start", "chain-rule", typed="\nback\nback\n", folder=tmp_path).stdout.decode()
    assert "You are back where you were." in said
    assert said.index("Part 2 of") < said.index("Part 3 of")
    assert "The answer is: 6 times" in said


def test_begun_line_by_line_and_gone_on_with_on_the_screen(tmp_path: Path) -> None:
    assert piped("start", "chain-rule", typed="b\nc\n\n\n", folder=tmp_path).returncode == 0
    with Probe([*PROGRAM, "--data-dir", str(tmp_path), "start", "chain-rule"], columns=100, rows=30) as probe:
        probe.wait_for("with the names")
        probe.settle()
        probe.press("ctrl+q")
        assert probe.wait_for_end() == 0
    session = saved(tmp_path, find("chain-rule"))
    assert [attempt.text for attempt in session.attempts] == ["b", "c"]
    assert session.place.activity == 2


def test_practice_and_review_by_pipe(tmp_path: Path) -> None:
    said = piped("practice", "--skill", "update", "--seed", "7", typed="where\nshow\nshow\nquit\n", folder=tmp_path)
    assert said.returncode == 0
    assert "Part 1 of 6" in said.stdout.decode()
    assert "You are back" not in said.stdout.decode()
    assert "Shown: new w" in said.stdout.decode()
    due = piped("review", folder=tmp_path)
    assert due.returncode == 0


NETWORK = [
    "homework", "--layer", "sigmoid: 0.15 0.2; 0.25 0.3 | 0.35 0.35", "--layer", "sigmoid: 0.4 0.45; 0.5 0.55",
    "--in", "0.05 0.1", "--target", "0.01 0.99", "--loss", "half", "--rate", "0.5",
]  # fmt: skip


def test_a_network_of_ones_own_is_walked_by_pipe_and_stands_in_the_list(tmp_path: Path) -> None:
    done = piped(*NETWORK, typed="table\n\nwhere\n", folder=tmp_path)
    said = done.stdout.decode()
    assert (done.returncode, done.stderr) == (0, b"")
    assert "z 1 1 is 0.3775" in said
    assert "Given: x 1 is 0.05, x 2 is 0.1" in said
    assert "a 1 1 is about 0.5933" in said
    listed = piped(typed="\n", folder=tmp_path).stdout.decode()
    assert "Your own network" in listed
    assert "Enter goes on with your own network, pass 1" in listed
    assert "You are back where you were." in listed


def _at_home(folder: Path, typed: str) -> str:
    """What is said at home, and in what is opened from there, in this very process."""
    said = io.StringIO()
    recorder = ProgressRecorder(folder)
    try:
        Program(Streams(io.StringIO(typed), said), recorder).home()
    finally:
        recorder.close()
    return said.getvalue()


def test_a_lesson_that_is_started_by_name_leads_to_the_next_one(tmp_path: Path) -> None:
    lessons = shipped_lessons()
    recorder, said = ProgressRecorder(tmp_path), io.StringIO()
    recorder.remember("chain-rule", [("begun", {}), ("at", {"activity": "remember"})])
    try:
        Program(Streams(io.StringIO("\n\n"), said), recorder, lessons).begin(load(find("chain-rule")))
    finally:
        recorder.close()
    assert "Next is lesson 5, Learning rate. Press enter to open it, or type quit." in said.getvalue()
    assert "Lesson 5: Learning rate." in said.getvalue()


def test_the_end_of_the_last_lesson_says_what_can_be_done_next(tmp_path: Path) -> None:
    lessons = shipped_lessons()
    recorder, said = ProgressRecorder(tmp_path), io.StringIO()
    for lesson in lessons[:-1]:
        if lesson.id != "softmax":
            recorder.remember(lesson.id, [("begun", {}), ("finished", {})])
    recorder.remember(lessons[-1].id, [("begun", {}), ("at", {"activity": "remember"})])
    try:
        Program(Streams(io.StringIO("\n"), said), recorder, lessons).begin(load(find("training-loop")))
    finally:
        recorder.close()
    heard = " ".join(said.getvalue().split())
    assert "What you can do next: Not done yet: lesson 13, " in heard, "the one that has just ended is done"
    assert ": nn-tutor start 13." in heard
    assert "nn-tutor practice --quiz." in heard
    assert "Step through a network of your own: nn-tutor homework." in heard


def test_a_lesson_on_ones_own_data_is_gone_on_with_from_the_list(tmp_path: Path) -> None:
    file = tmp_path / "things.csv"
    file.write_text("hours,kind\n" + "".join(f"{n},{'yes' if n > 5 else 'no'}\n" for n in range(1, 11)))
    data = open_data(file, Options())
    lesson = data.lesson(Options())
    recorder = ProgressRecorder(tmp_path)
    recorder.remember(lesson.id, [(OWN_DATA, data.content(lesson))])
    opened = open_lesson(lesson, recorder, Standing())
    opened.recording.moved(opened.session, opened.session.forward())
    recorder.close()
    said = _at_home(tmp_path, "\nwhere\n")
    listed = re.search(r"(\d+)\. Your own data, things\.csv: kind: begun\.", said)
    assert listed is not None
    assert "Enter goes on with your own data, things.csv: kind." in said
    assert said.index("You are back where you were.") < said.index("Part 2 of 5")
    file.unlink()
    assert "Things.csv: there is no such file; look at its name and its folder" in _at_home(tmp_path, f"{listed[1]}\n")


def test_the_form_needs_a_screen_and_says_what_to_do_without(tmp_path: Path) -> None:
    done = piped("homework", typed="", folder=tmp_path)
    assert done.returncode == 2
    assert b"comes from options or a file" in done.stderr


def test_a_lesson_that_overflows_is_told_with_its_status(tmp_path: Path) -> None:
    folder = tmp_path / "lesson"
    make_lesson(folder, overflowing())
    done = piped("start", str(folder), typed="a\n\n\n\n", folder=tmp_path)
    assert done.returncode == 3
    assert b"the run of this lesson stops at pass 1" in done.stderr
    assert b"Traceback" not in done.stderr


def test_where_nothing_can_be_saved_it_says_so_and_goes_on(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = piped("start", "chain-rule", typed="c\n\n", folder=tmp_path / "file")
    assert done.returncode == 0
    assert b"Right: Slopes in a row multiply." in done.stdout
    assert b"could not be saved" in done.stderr
    assert b"ot sav" in done.stdout
