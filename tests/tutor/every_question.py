"""A lesson with every kind of question, and the way to the question that a test is about."""

from __future__ import annotations

from collections.abc import Callable

from nn_tutor.course.activities.hunt import Hunt
from nn_tutor.network.records import value_of
from nn_tutor.tutor.session import Session
from nn_tutor.tutor.stations.hunting import Hunting
from tests.lessons_for_tests import right_answer
from tests.stations import asked_at, at

EVERY_QUESTION = """\
format_version = 1
id = "test-every-question"
title = "Test of every question"

[networks.one]
learning_rate = 0.3
[[networks.one.layers]]
weights = [[0.62]]
biases = [0.28]
activation = "sigmoid"
[networks.one.data]
inputs = [[1.37]]
targets = [[0.15]]

[networks.batch]
learning_rate = 0.3
[[networks.batch.layers]]
weights = [[0.62, -0.41], [1.13, 0.37]]
biases = [0.28, -0.52]
activation = "tanh"
[[networks.batch.layers]]
weights = [[0.83, -1.21]]
[networks.batch.data]
inputs = [[1.37, -0.6], [0.45, 1.18]]
targets = [[-0.45], [0.7]]

[[activity]]
kind = "read"

[[activity]]
kind = "walk"
id = "by-hand"
network = "one"
passes = 2
ask = [["z", "sign dW", "size dW", "dW", "W"], ["a", "dL_do", "W", "b"]]
hints = { dW = ["the first written hint", "the second written hint"] }

[[activity]]
kind = "place"
id = "put"
network = "one"
weight = "W1[0,0]"

[[activity]]
kind = "derive"
id = "write"
network = "one"
slope = "dW1[0,0]"

[[activity]]
kind = "hunt"
id = "find"
network = "one"
mistake = "forgot-two"

[[activity]]
kind = "read"

[[activity]]
kind = "walk"
id = "grids"
network = "batch"
form = "matrix"
ask = ["a1", "dW1", "W1"]

[[activity]]
kind = "nudge"
network = "batch"
slope = "dW1[0,0]"

[[activity]]
kind = "hunt"
network = "batch"
seed = 3

[[activity]]
kind = "train"
network = "batch"
first_pass = 2
to_loss = 0.2
most = 40
guess = true

[[activity]]
kind = "choose"
prompt = "Which one is right?"
options = [{ text = "this one", right = true }, { text = "that one", why = "that is the other" }]
"""

PROSE = "# Test\n\n## A page {#read}\n\nWords.\n\n## Another {#read-2}\n\nMore words.\n"


def step(session: Session, move: Callable[[Session], Session]) -> Session:
    """Do something where the learner is, as the screen does it: in the fresh question, where one is asked."""
    return session.with_current(move(session.current))


def knows_all(session: Session) -> str:
    """What is right at any station, even where there is nothing to find."""
    return "1" if _has_nothing_to_find(session) else right_answer(session)


def _has_nothing_to_find(session: Session) -> bool:
    return not session.is_over and isinstance(session.activity, Hunt) and at(session, Hunting).worked is None


def to_question(session: Session, wanted: Callable[[Session], bool]) -> Session:
    """Answer everything until the wanted question is open."""
    for _ in range(500):
        if not session.is_over and session.is_open and wanted(session):
            return session
        session = session.answer(knows_all(session)) if session.is_open else session.forward()
    raise AssertionError("there is no such question")


def asks(ref: str, kind: str = "number") -> Callable[[Session], bool]:
    """Whether a session asks for a quantity, as a question of a kind."""

    def wanted(session: Session) -> bool:
        question = session.question
        return question is not None and (str(question.ref), question.kind) == (ref, kind)

    return wanted


def in_grid(quantity: str) -> Callable[[Session], bool]:
    """Whether a session asks for a quantity in a grid of cells."""

    def wanted(session: Session) -> bool:
        return session.asked is not None and bool(session.asked.grid) and session.asked.focus.quantity == quantity

    return wanted


def assert_hidden(session: Session) -> None:
    """Assert that nothing that may be typed by name has the asked value, except for the numbers that are given."""
    question = session.question
    assert question is not None
    given_names = {"x", "y", "w", "b", "lr"}
    for name, value in asked_at(session).names.items():
        if name.rstrip("0123456789_") not in given_names:
            assert value != value_of(session.passed, question.ref), (name, question.id)
