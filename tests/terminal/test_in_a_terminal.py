"""Whole programs in a real pseudo-terminal: a lesson from its beginning to its end, signals, resizes, odd answers."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path

import pytest

from nn_tutor.course.activities.choose import Choose
from nn_tutor.course.activities.hunt import Hunt
from nn_tutor.course.activities.nudge import Nudge
from nn_tutor.course.activities.train import Train
from nn_tutor.course.find import course_folder, find
from nn_tutor.course.load import load
from nn_tutor.judging.reading import ReadingError, read
from nn_tutor.tutor.choosing import LETTERS
from nn_tutor.tutor.exercises import with_exercises
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.session import Session, begin
from nn_tutor.tutor.stations.training import Training
from nn_tutor.tutor.stations.walking import Walking
from tests.benchmarks.prober import Probe
from tests.in_a_terminal import type_line, walk_to_the_question
from tests.lessons_for_tests import ONE_WEIGHT, make_lesson, of_one_weight, right_answer
from tests.program import PROGRAM
from tests.stations import at

ANSWERS = Path(__file__).parents[1] / "judging" / "data" / "answers.jsonl"


def mark(session: Session) -> str:
    """Return a text that tells this station from those beside it."""
    if session.is_over:
        return "The end"
    if isinstance(session.station, Walking):
        return f"step {session.place.stop + 1} of {len(at(session, Walking).step_groups)}"
    if isinstance(session.activity, Train):
        return "Guess first" if session.is_open else f"pass {session.place.pass_number}"
    if isinstance(session.activity, Hunt):
        return "one mistake"
    if session.question is not None:
        return session.question.prompt.partition("?")[0]
    return f"  {session.place.activity + 1}/{len(session.lesson_run.lesson.activities)}"


def follow(probe: Probe, session: Session, until: int) -> Session:
    """Walk on with right answers, by keys and in the session alike, until an activity begins; compare all the way."""
    while not session.is_over and session.place.activity < until:
        if isinstance(session.activity, Train) and not session.is_open and not at(session, Training).has_arrived:
            probe.press("end")
            session = session.to_end()
            probe.wait_for("✓ below")
        elif session.is_open:
            answer = right_answer(session)
            type_line(probe, answer)
            session = session.answer(answer)
            probe.wait_for("you guessed" if isinstance(session.activity, Train) else "✓ right")
            probe.settle(quiet=0.02)
        elif isinstance(session.activity, Nudge) and session.activity.id not in session.notes:
            type_line(probe, "0.01")
            session = session.answer("0.01")
            probe.wait_for("nudge 2 more times")
        else:
            probe.press("enter")
            session = session.forward()
            probe.wait_for(mark(session))
    return session


def test_the_first_lesson_from_the_first_forward_pass_to_a_loss_near_0() -> None:
    lesson = with_exercises(load(find("chain-rule")))
    session = begin(LessonRun(lesson))
    trains = [index for index, activity in enumerate(lesson.activities) if isinstance(activity, Train)]
    with Probe([*PROGRAM], columns=80, rows=24) as probe:
        probe.wait_for("Learning from data")
        for _ in range(3):
            probe.press("down")
        probe.wait_for("▶  4")
        probe.press("enter")
        probe.wait_for(mark(session))
        # Wrong first, then right: nothing is praised wrongly, nothing is lost.
        assert isinstance(session.activity, Choose)
        wrong = next(LETTERS[place] for place, option in enumerate(session.activity.options) if not option.right)
        type_line(probe, wrong)
        probe.wait_for("✗ not yet")
        session = session.answer(wrong)
        session = follow(probe, session, trains[0])
        probe.until_shown("Guess first")
        session = follow(probe, session, trains[0] + 1)
        probe.until_shown(mark(session))
        assert session.lesson_run.passed(trains[0], 9).loss.loss < 0.001
        probe.press("left")
        probe.wait_for("✓ below")
        probe.press("ctrl+q")
        assert probe.wait_for_end() == 0


def test_the_vector_lesson_through_two_passes_backwards_and_forwards() -> None:
    lesson = with_exercises(load(find("hidden-layer")))
    session = begin(LessonRun(lesson))
    walks = [index for index, activity in enumerate(lesson.activities) if activity.kind == "walk"]
    with Probe([*PROGRAM, "start", "hidden-layer"], columns=120, rows=40) as probe:
        probe.wait_for(mark(session))
        session = follow(probe, session, walks[0])
        while session.question is None:
            probe.press("enter")
            session = session.forward()
            probe.wait_for(mark(session))
        type_line(probe, "123.4567")
        probe.wait_for("✗ not yet")
        session = session.answer("123.4567")
        # Back over two stations and forward again: the question is still open, and the answer that was wrong is gone.
        for _ in range(8):
            probe.press("backspace")
        for _ in range(2):
            probe.press("left")
            session = session.back()
            probe.wait_for(mark(session))
        for _ in range(2):
            probe.press("right")
            session = session.forward()
            probe.wait_for(mark(session))
        assert session.question is not None
        session = follow(probe, session, walks[1] + 1)
        assert session.place.activity == walks[1] + 1
        probe.press("ctrl+q")
        assert probe.wait_for_end() == 0


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_signals_end_it_cleanly(number: signal.Signals, status: int) -> None:
    with Probe([*PROGRAM, "start", "chain-rule"], columns=80, rows=24) as probe:
        probe.wait_for("  1/")
        probe.settle()
        probe.send_signal(number)
        assert probe.wait_for_end() in (status, -number)
        assert probe.wait_for_end() == status


def test_every_accepted_spelling_types_and_fires_no_command(tmp_path: Path) -> None:
    """Letters, signs and digits go to the line; the question stays, and so does the program."""
    make_lesson(tmp_path, ONE_WEIGHT)
    rows = [json.loads(line) for line in ANSWERS.read_text(encoding="utf-8").splitlines()]
    spellings = [row["input"] for row in rows if row["expect"] == "value"]
    typed = [text for text in spellings if text.isprintable() and text.strip() and all(ord(c) < 0x10000 for c in text)]
    names = ["lr", "learning_rate", "eta", "η", "w", "dL_dw", "dL_do", "do_dw", "x", "y", "o", "L", "w - lr*dL_dw"]
    with Probe([*PROGRAM, "start", str(tmp_path)], columns=100, rows=30) as probe:
        walk_to_the_question(probe)
        probe.settle()
        assert probe.shows("Where does w go")
        for text in [*typed, *names]:
            for character in text:
                probe.press(character)
            if text.isascii():
                probe.wait_for(f"> {text}".rstrip())
            probe.settle(quiet=0.03)
            assert probe.shows("Where does w go"), text
            assert probe.shows("answering"), text
            probe.press("ctrl+u")
            probe.settle(quiet=0.03)
        type_line(probe, "w - learning_rate*dL_dw")
        probe.wait_for("✓ right")


def test_keys_that_edit_the_line_keep_their_place_among_those_that_type(tmp_path: Path) -> None:
    """All of them arrive before the first is done, as on a machine that is busy."""
    make_lesson(tmp_path, ONE_WEIGHT)
    with Probe([*PROGRAM, "start", str(tmp_path)], columns=100, rows=30) as probe:
        walk_to_the_question(probe)
        probe.settle()
        for key in ("1", "2", "ctrl+u", "l", "s", "backspace", "r"):
            probe.press(key)
        probe.wait_for("> lr")


def test_so_they_do_in_the_words_of_the_field(tmp_path: Path) -> None:
    make_lesson(tmp_path, ONE_WEIGHT)
    with Probe([*PROGRAM, "start", str(tmp_path)], columns=100, rows=30) as probe:
        walk_to_the_question(probe)
        probe.press("\x1bOS")  # F4
        probe.wait_for("type a few letters of a word")
        probe.settle()
        for key in ("q", "z", "ctrl+u", "e", "q", "backspace", "t", "a"):
            probe.press(key)
        probe.wait_for("eta")


@pytest.mark.parametrize("text", ["0.125", "6+2-1"])
def test_a_number_that_comes_at_once_reaches_the_line_whole(tmp_path: Path, text: str) -> None:
    """Its later characters are on their way before the first has brought the line its focus."""
    make_lesson(tmp_path, of_one_weight('kind = "train"\nto_loss = 0.001'))
    with Probe([*PROGRAM, "start", str(tmp_path)]) as probe:
        probe.wait_for("t runs it")
        probe.settle()
        probe.press(text)
        probe.wait_for(f"> {text}")


def test_the_spellings_above_are_worth_typing() -> None:
    rows = [json.loads(line) for line in ANSWERS.read_text(encoding="utf-8").splitlines()]
    values = [row["input"] for row in rows if row["expect"] == "value"]
    assert len(values) > 30
    for text in values:
        try:
            read(text)
        except ReadingError as error:  # pragma: no cover
            pytest.fail(f"{text!r}: {error}")


@pytest.mark.parametrize("told", [[], ["--data-dir", "told"]])
def test_a_crash_ends_with_one_sentence_and_status_1(tmp_path: Path, told: list[str]) -> None:
    program = (
        "import sys\n"
        "from nn_tutor.terminal.screens.home import HomeScreen\n"
        "def broken(self, by): raise RuntimeError('broken on purpose')\n"
        "HomeScreen.action_mark = broken\n"
        "from nn_tutor.cli import main\n"
        f"sys.exit(main({told!r}))\n"
    )
    environment = {"XDG_STATE_HOME": str(tmp_path / "state"), "XDG_DATA_HOME": str(tmp_path), "NN_TUTOR_HOME": ""}
    program = program.replace("'told'", repr(str(tmp_path / "told")))
    with Probe([sys.executable, "-c", program], columns=80, rows=24, environment=environment) as probe:
        probe.wait_for("One weight")
        probe.press("down")
        assert probe.wait_for_end() == 1
        assert probe.shows("something went wrong")
        assert not probe.shows("Traceback")
    folder = tmp_path / "told" if told else tmp_path / "state" / "nn-tutor"
    assert "broken on purpose" in (folder / "crash.txt").read_text(encoding="utf-8")


def test_the_course_is_where_it_should_be() -> None:
    assert (course_folder() / "04-chain-rule" / "lesson.toml").is_file()
