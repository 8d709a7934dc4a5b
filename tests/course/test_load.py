"""Good lesson files: every key of the contract is read, every default is the one the contract names."""

from __future__ import annotations

from pathlib import Path

import pytest

from nn_tutor.course.activities.choose import Choose, Option
from nn_tutor.course.activities.nudge import Nudge
from nn_tutor.course.activities.read import Read
from nn_tutor.course.activities.train import Train
from nn_tutor.course.activities.walk import Walk
from nn_tutor.course.ask import Ask
from nn_tutor.course.lesson import Lesson
from nn_tutor.course.load import LessonError, load, load_once
from nn_tutor.network.quantities import Ref
from nn_tutor.network.spec import Data, Layer, Loss, Network
from tests.lessons_for_tests import make_lesson, of_one_weight

WHOLE = """\
format_version = 1
id = "chain-rule"
title = "The chain rule"
summary = \"\"\"
Link by link,
and back.\"\"\"
requires = ["one-weight"]
skills = ["∂L/∂o", "chain"]

[network]
learning_rate = 0.3
seed = 7
[network.loss]
kind = "binary_cross_entropy"
factor = 0.5
outputs = "sum"
batch = "sum"
reported_factor = 1
[network.update]
batching = "online"
l2 = 0.01
[[network.layers]]
weights = [[0.6, 1], [0.2, -0.4]]
biases = [0, 0.1]
train_biases = false
frozen = [[0, 1], [1, 0]]
activation = "tanh"
[[network.layers]]
size = [2, 1]
activation = "sigmoid"

[data]
inputs = [[1.7, 0.3], [0.2, 1]]
targets = [[1], [0.0]]

[networks.with-softmax]
[networks.with-softmax.loss]
kind = "categorical_cross_entropy"
[[networks.with-softmax.layers]]
weights = [[0.6], [0.5]]
activation = "softmax"
[networks.with-softmax.data]
inputs = [[1.7]]
targets = [[0, 1]]

[networks.bare]
[networks.bare.loss]
kind = "output"
[[networks.bare.layers]]
weights = [[0.6]]
[networks.bare.data]
inputs = [[1.7]]

[[activity]]
kind = "read"

[[activity]]
kind = "choose"
id = "which"
prompt = "Which\\nway?"
options = [
    { text = "up", why = "No: that climbs." },
    { text = "down", right = true, why = "Yes." },
    { text = "stay", why = "No: nothing moves." },
]

[[activity]]
kind = "walk"

[[activity]]
kind = "walk"
id = "by-hand"
network = "with-softmax"
passes = 3
first_pass = 2
ask = [["W"], ["sign dW1", "size dW", "W1[0,0]"], ["all", "loss@4"]]
grain = "layer"
form = "matrix"
table = false

[[activity]]
kind = "walk"
ask = []

[[activity]]
kind = "nudge"
slope = "dz_dw1[0,1,0]"
network = ""

[[activity]]
kind = "nudge"
network = "bare"
slope = "dW[0,0]"
pass = 5

[[activity]]
kind = "train"
network = "bare"
to_loss = 0.001
first_pass = 4
most = 50
guess = true
"""

PROSE = """\
# The chain rule

An introduction with {{learning_rate}}.

## Read this {#read}

No index {without} anchor.

### An ordinary heading

{{x[1,0]|2}} and {{y[0,0]}} and {{0.update.W1[0,1]}}, {{with-softmax:2.loss.loss|3}}.

## Walk {#by-hand}
### Pass 3 {#by-hand:3}
### Backward {#by-hand:3.backward}
The own network: {{3.backward.dW[0,0]}}.
### A slope {#by-hand:3.backward.dW}
### Of a layer {#by-hand:3.backward.dW1}
### One number {#by-hand:3.backward.dW1[1,0]}
## Nudge {#nudge:1}
## Train {#train:4}
"""


@pytest.fixture
def lesson(tmp_path: Path) -> Lesson:
    (tmp_path / "lesson.toml").write_text(WHOLE, encoding="utf-8")
    (tmp_path / "lesson.md").write_text(PROSE, encoding="utf-8")
    return load(tmp_path)


def test_the_head_is_read(lesson: Lesson, tmp_path: Path) -> None:
    assert (lesson.id, lesson.title, lesson.summary) == ("chain-rule", "The chain rule", "Link by link, and back.")
    assert (lesson.requires, lesson.skills) == (("one-weight",), ("∂L/∂o", "chain"))
    assert lesson.path == tmp_path


def test_every_key_of_a_network_is_read(lesson: Lesson) -> None:
    entry = lesson.networks[""]
    assert entry.network == Network(
        layers=(
            Layer(
                weights=((0.6, 1.0), (0.2, -0.4)),
                biases=(0.0, 0.1),
                train_biases=False,
                frozen=frozenset({(0, 1), (1, 0)}),
                activation="tanh",
            ),
            Layer(size=(2, 1), activation="sigmoid"),
        ),
        loss=Loss("binary_cross_entropy", factor=0.5, outputs="sum", batch="sum", reported_factor=1.0),
        learning_rate=0.3,
        seed=7,
        batching="online",
        l2=0.01,
    )
    assert entry.data == Data(inputs=((1.7, 0.3), (0.2, 1.0)), targets=((1.0,), (0.0,)))


def test_what_is_not_said_has_the_default_of_the_contract(lesson: Lesson) -> None:
    assert tuple(lesson.networks) == ("", "with-softmax", "bare")
    softmax, bare = lesson.networks["with-softmax"].network, lesson.networks["bare"].network
    assert (bare.learning_rate, bare.seed, bare.batching, bare.l2) == (0.1, 0, "full", 0.0)
    assert (bare.loss.factor, bare.loss.outputs, bare.loss.batch, bare.loss.reported_factor) == (1.0, "mean", "mean", 1)
    assert softmax.loss.outputs == "sum"
    layer = bare.layers[0]
    assert (layer.biases, layer.train_biases, layer.frozen, layer.activation) == (None, True, frozenset(), "identity")
    assert lesson.networks["bare"].data.targets is None


def test_every_activity_is_read(lesson: Lesson) -> None:
    read, choose, walk, by_hand, quiet, nudge, last_nudge, train = lesson.activities
    assert read == Read("read")
    assert choose == Choose(
        "which",
        "Which\nway?",
        (Option("up", why="No: that climbs."), Option("down", True, "Yes."), Option("stay", why="No: nothing moves.")),
    )
    assert walk == Walk("walk", asks=((Ask("value", Ref("dW")), Ask("value", Ref("W"))),))
    assert by_hand == Walk(
        "by-hand",
        "with-softmax",
        passes=3,
        first_pass=2,
        asks=(
            (Ask("value", Ref("W", 1)),),
            (Ask("sign", Ref("dW", 1)), Ask("size", Ref("dW", 1)), Ask("value", Ref("W", 1, (0, 0)))),
            (Ask("value", None), Ask("value", Ref("loss"), 4)),
        ),
        grain="layer",
        form="matrix",
        table=False,
    )
    assert isinstance(quiet, Walk)
    assert (quiet.id, quiet.asks_of(1)) == ("walk-2", ())
    assert nudge == Nudge("nudge", Ref("dz_dw", 1, (0, 1, 0)))
    assert last_nudge == Nudge("nudge-2", Ref("dW", 1, (0, 0)), "bare", 5)
    assert train == Train("train", 0.001, "bare", first_pass=4, most=50, guess=True)


def test_what_is_asked_fades_and_the_last_holds_on(lesson: Lesson) -> None:
    walk = lesson.activities[3]
    assert isinstance(walk, Walk)
    assert [len(walk.asks_of(number)) for number in range(1, 6)] == [0, 1, 3, 2, 0]
    held = Walk("walk", passes=4, asks=walk.asks[:2])
    assert held.asks_of(4) == walk.asks[1]


def test_passes_walked(lesson: Lesson) -> None:
    assert [lesson.passes_walked(name) for name in lesson.networks] == [1, 4, 1]


def test_a_lesson_is_found_by_folder_and_by_file(lesson: Lesson, tmp_path: Path) -> None:
    assert load(tmp_path / "lesson.toml").id == lesson.id


@pytest.mark.parametrize("form", ["\ufeff{}", "{}\n", "# a comment ............................\n{}"])
def test_spellings_of_a_file(form: str, tmp_path: Path) -> None:
    (tmp_path / "lesson.toml").write_text(form.replace("{}", WHOLE), encoding="utf-8")
    (tmp_path / "lesson.md").write_text(form.replace("{}", PROSE).replace("\n", "\r\n"), encoding="utf-8", newline="")
    assert len(load(tmp_path).prose.sections) == 9


def test_a_lesson_is_read_once_while_its_files_stay_as_they_are(tmp_path: Path) -> None:
    file, words = tmp_path / "lesson.toml", tmp_path / "lesson.md"
    file.write_text('format_version = 1\nid = "a"\ntitle = "A"\n', encoding="utf-8")
    words.write_text("# A\n\nSome words.\n", encoding="utf-8")
    first = load_once(tmp_path)
    assert load_once(file) is first
    words.write_text("# A\n\nOther words.\n", encoding="utf-8")
    assert load_once(tmp_path).prose != first.prose
    file.write_text("", encoding="utf-8")
    with pytest.raises(LessonError):
        load_once(tmp_path)


def test_a_network_alone_is_walked(tmp_path: Path) -> None:
    head, _, _ = WHOLE.partition("[[activity]]")
    (tmp_path / "lesson.toml").write_text(head, encoding="utf-8")
    assert load(tmp_path).activities == (Walk("walk", asks=((Ask("value", Ref("dW")), Ask("value", Ref("W"))),)),)
    bare = 'format_version = 1\nid = "a"\ntitle = "A"\n' + head[head.index("[networks.bare]") :]
    (tmp_path / "lesson.toml").write_text(bare, encoding="utf-8")
    (walk,) = load(tmp_path).activities
    assert (walk.kind, walk.network) == ("walk", "bare")


def test_prose_alone_is_read(tmp_path: Path) -> None:
    (tmp_path / "lesson.toml").write_text('format_version = 1\nid = "a"\ntitle = "A"\n', encoding="utf-8")
    (tmp_path / "lesson.md").write_text("# A\n\nSome words.\n", encoding="utf-8")
    assert load(tmp_path).activities == (Read("read"),)


@pytest.mark.parametrize("name", ["mazur_2-2-2", "Lesson.7", "a--b", "XOR"])
def test_ids_may_be_written_in_many_ways(tmp_path: Path, name: str) -> None:
    (tmp_path / "lesson.toml").write_text(WHOLE.replace("chain-rule", name), encoding="utf-8")
    (tmp_path / "lesson.md").write_text("## Read {#read}\nwords\n", encoding="utf-8")
    assert load(tmp_path).id == name


@pytest.mark.parametrize(("entered", "last"), [(1, 10_000), (4, 10_000), (10_000, 10_000), (12_000, 12_000)])
def test_a_run_without_a_bound_goes_on_to_a_round_number_of_passes(tmp_path: Path, entered: int, last: int) -> None:
    lesson = make_lesson(tmp_path, of_one_weight(f'kind = "train"\nto_loss = 0.001\nfirst_pass = {entered}'))
    [run] = lesson.activities
    assert isinstance(run, Train)
    assert run.last_pass == last
