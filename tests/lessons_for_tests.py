"""Small lessons for the tests of the session and the screens, and a learner who always knows the answer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nn_tutor.calculus.derivation import SymPyDeriver
from nn_tutor.course.activities.choose import Choose
from nn_tutor.course.activities.nudge import Nudge
from nn_tutor.course.activities.train import Train
from nn_tutor.course.activities.tune import Tune
from nn_tutor.course.lesson import Lesson
from nn_tutor.course.load import load
from nn_tutor.tutor.choosing import LETTERS
from nn_tutor.tutor.session import Session
from nn_tutor.tutor.stations.hunting import Hunting
from nn_tutor.tutor.stations.pulling import Pulling
from nn_tutor.tutor.stations.training import Training
from nn_tutor.walkthrough.questions import typed_name
from tests.stations import asked_at, at


def of_one_weight(
    *activities: str,
    weight: float = 2.75,
    inputs: Sequence[float] = (0.8,),
    targets: Sequence[float] = (1.05,),
    rate: float = 0.3,
    activation: str = "identity",
    loss: str = "",
) -> str:
    """The TOML of a lesson of one weight: a sample for each input, activities and loss with their keys."""
    network = [
        f"[network]\nlearning_rate = {rate}\n[network.loss]\n{loss}",
        f'[[network.layers]]\nweights = [[{weight}]]\nactivation = "{activation}"',
        f"[data]\ninputs = {[[x] for x in inputs]}\ntargets = {[[y] for y in targets]}",
    ]
    asked = [f"[[activity]]\n{activity}" for activity in activities]
    return "\n".join(['format_version = 1\nid = "small"\ntitle = "A small lesson"', *network, *asked, ""])


ONE_WEIGHT = """\
format_version = 1
id = "test-one-weight"
title = "Test of one weight"

[network]
learning_rate = 0.3
[[network.layers]]
weights = [[2.75]]
[data]
inputs = [[0.8]]
targets = [[1.05]]

[[activity]]
kind = "choose"
id = "begin"
prompt = "Which one is right?"
options = [{ text = "this one", right = true, why = "indeed" }, { text = "that one", why = "that is the other" }]

[[activity]]
kind = "nudge"
id = "nudge"
slope = "dL_do[0,0]"

[[activity]]
kind = "walk"
id = "walk"
passes = 3
ask = [["W"], ["sign dW", "dW", "W"], ["a", "loss", "dL_do", "dz_dw", "dW", "W"]]

[[activity]]
kind = "train"
id = "on"
first_pass = 4
to_loss = 0.001
guess = true
"""

VECTOR = """\
format_version = 1
id = "test-vector"
title = "Test of vectors"

[network]
learning_rate = 0.4
[[network.layers]]
weights = [[0.5, 0.4], [-1.1, 1.2]]
activation = "sigmoid"
[[network.layers]]
weights = [[0.4, 1.2], [0.9, -1.1], [-0.5, 0.4]]
[data]
inputs = [[1.3, 1.1]]
targets = [[-0.7, 1.0, -0.7]]

[[activity]]
kind = "walk"
passes = 2
ask = [["z1[0,0]", "a2[0,1]", "loss", "W2[0,0]", "W2[0,1]"], ["dL_do[0,1]", "delta1[0,0]", "W1"]]
"""


EVERY_KIND = """\
format_version = 1
id = "test-every-kind"
title = "Test of every kind"

[network]
learning_rate = 0.3
[[network.layers]]
weights = [[2.75]]
[data]
inputs = [[0.8]]
targets = [[1.05]]

[networks.line]
learning_rate = 0.1
[[networks.line.layers]]
weights = [[0.3]]
biases = [0.2]
[networks.line.data]
inputs = [[0.8], [1.7], [2.4]]
targets = [[1.05], [1.9], [2.8]]

[networks.xor]
learning_rate = 2.0
seed = 3
[[networks.xor.layers]]
size = [2, 2]
biases = [0.0, 0.0]
activation = "sigmoid"
[[networks.xor.layers]]
size = [2, 1]
biases = [0.0]
activation = "sigmoid"
[networks.xor.data]
inputs = [[0, 0], [0, 1], [1, 0], [1, 1]]
targets = [[0], [1], [1], [0]]

[networks.flat]
learning_rate = 0.3
[[networks.flat.layers]]
weights = [[8.75]]
activation = "sigmoid"
[networks.flat.data]
inputs = [[0.8]]
targets = [[0.3]]

[[activity]]
kind = "tune"
id = "by-hand"
to_loss = 0.01

[[activity]]
kind = "tune"
id = "rate"
of = ["learning_rate"]
goal = "overshoot"
graph = "always"

[[activity]]
kind = "tune"
id = "two"
network = "line"
of = ["W1[0,0]", "b1[0]"]
to_loss = 0.02
graph = "always"
picture = "data"

[[activity]]
kind = "nudge"
id = "nudge"
slope = "dL_do[0,0]"

[[activity]]
kind = "practice"
id = "fresh"
skills = ["update", "chain"]
questions = 2

[[activity]]
kind = "hunt"
id = "flat"
network = "flat"
trouble = "saturation"

[[activity]]
kind = "read"
id = "function"
picture = "activation sigmoid"

[[activity]]
kind = "train"
id = "xor"
network = "xor"
to_loss = 0.001
guess = true
reseed = true

[[activity]]
kind = "train"
id = "line"
network = "line"
to_loss = 0.02
picture = "plane W1[0,0] b1[0]"

[[activity]]
kind = "pull"
id = "pull"
network = "line"
weight = "W1[0,0]"
"""

EVERY_KIND_PROSE = "## With fresh numbers {#fresh}\n\nOnce more.\n\n## A function {#function}\n\nAn S.\n"

DERIVER = SymPyDeriver()


def make_lesson(folder: Path, toml: str, prose: str = "") -> Lesson:
    """Write a lesson into a folder and load it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "lesson.toml").write_text(toml, encoding="utf-8")
    if prose:
        (folder / "lesson.md").write_text(prose, encoding="utf-8")
    return load(folder)


def right_answer(session: Session) -> str:
    """Return what a learner who knows everything types at what is open here."""
    question = session.question
    if question is not None and question.kind == "formula":
        network = session.lesson_run.network(session.place.activity)
        derived = DERIVER.derive(network, session.passed, question.ref)
        text = derived.rule or ""
        for name in sorted(derived.names, key=len, reverse=True):
            text = text.replace(name, typed_name(name) or name)
        return text
    if question is not None and question.kind == "place":
        return f"{question.truth:.4f}"
    if isinstance(session.station, Hunting):
        assert session.station.worked is not None
        return str(session.station.worked.wrong + 1)
    if isinstance(session.station, Pulling):
        return str(session.station.found.hardest + 1)
    if question is None:
        activity = session.activity
        if isinstance(activity, Choose):
            return LETTERS[next(place for place, option in enumerate(activity.options) if option.right)]
        if isinstance(activity, Tune):
            solution = session.lesson_run.solution(activity)
            assert solution is not None
            return " ".join(f"{value:.10g}" for value in solution.values)
        if isinstance(activity, Train | Nudge):
            return "9"
        raise AssertionError("nothing is asked here")
    if question.kind == "sign":
        return "+" if question.truth > 0 else "-"
    return f"{question.truth:.{asked_at(session).decimals or 0}f}"


def onward(session: Session) -> Session:
    """One move of a learner who knows everything; a run goes on to its goal at once."""
    if session.is_open:
        return session.answer(right_answer(session))
    if isinstance(session.activity, Train) and not at(session, Training).has_arrived:
        return session.to_end()
    return session.forward()


def overflowing() -> str:
    """A lesson of one weight whose first pass has no numbers that a computer can hold."""
    return ONE_WEIGHT.replace("learning_rate = 0.3", "learning_rate = 1e300").replace("[[2.75]]", "[[1e300]]")
