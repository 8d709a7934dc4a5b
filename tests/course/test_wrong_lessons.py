"""Wrong lesson files: each is told with file, key and the mend, and status 3; never with a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from nn_tutor.cli import main
from tests.course.good_lesson import CHOOSE, FAIR, GOOD, refused

# What is replaced in the good file, and by what; then the key and the words of the mend that the message must hold.
EDITS: dict[str, tuple[str, str, str, str]] = {
    "no version": ("format_version = 1\n", "", "format_version", "write format_version = 1"),
    "wrong version": ("format_version = 1", "format_version = 2", "format_version", "format_version = 1"),
    "version as text": ("format_version = 1", 'format_version = "1"', "format_version", "format_version = 1"),
    "no id": ('id = "good"\n', "", "id", "give it a text"),
    "id with blanks": ('id = "good"', 'id = "so good"', "id", "hyphens"),
    "id with escape": ('id = "good"', 'id = "\\u001b[31m"', "id", "take it out"),
    "no title": ('title = "Good"\n', "", "title", "give it a text"),
    "title as number": ('title = "Good"', "title = 3", "title", "give it a text"),
    "unknown key": ('title = "Good"', 'title = "Good"\nsumary = "x"', "sumary", "did you mean summary"),
    "unknown table": ("[data]", "[date]", "date", "did you mean data"),
    "unknown network key": ("learning_rate = 0.1", "learningrate = 0.1", "network.learningrate", "learning_rate"),
    "rate as text": ("learning_rate = 0.1", 'learning_rate = "fast"', "network.learning_rate", "finite number"),
    "negative rate": ("learning_rate = 0.1", "learning_rate = -1", "network.learning_rate", "0 or above"),
    "rate nan": ("learning_rate = 0.1", "learning_rate = nan", "network.learning_rate", "finite number"),
    "rate inf": ("learning_rate = 0.1", "learning_rate = inf", "network.learning_rate", "finite number"),
    "rate true": ("learning_rate = 0.1", "learning_rate = true", "network.learning_rate", "finite number"),
    "negative seed": ("learning_rate = 0.1", "seed = -1", "network.seed", "whole number"),
    "seed with point": ("learning_rate = 0.1", "seed = 1.5", "network.seed", "whole number"),
    "unknown loss": ('"squared_error"', '"squared"', "network.loss.kind", "squared_error"),
    "factor 0": ('kind = "squared_error"', "factor = 0", "network.loss.factor", "above 0"),
    "mean of classes": (
        'kind = "squared_error"',
        'kind = "categorical_cross_entropy"\noutputs = "mean"',
        "network.loss.outputs",
        'write "sum"',
    ),
    "unknown reduction": ('kind = "squared_error"', 'batch = "median"', "network.loss.batch", "mean"),
    "targets for output": ('"squared_error"', '"output"', "data.targets", "leave them out"),
    "negative l2": ("l2 = 0.0", "l2 = -0.1", "network.update.l2", "0 or above"),
    "unknown batching": ("l2 = 0.0", 'batching = "some"', "network.update.batching", "online"),
    "ragged weights": ("[[0.5, 0.4], [-1.1, 1.2]]", "[[0.5, 0.4], [-1.1]]", "layers[0].weights[1]", "same length"),
    "weights no matrix": ("[[0.4, 1.2]]", "[0.4, 1.2]", "network.layers[1].weights", "list of rows"),
    "weights of text": ("[[0.4, 1.2]]", '[["a", 1.2]]', "network.layers[1].weights[0][0]", "finite number"),
    "weights empty": ("[[0.4, 1.2]]", "[]", "network.layers[1].weights", "at least one row"),
    "huge number": ("[[0.4, 1.2]]", f"[[{'9' * 400}, 1.2]]", "network.layers[1].weights[0][0]", "finite number"),
    "no chain": ("[[0.4, 1.2]]", "[[0.4, 1.2, 3.0]]", "network.layers[1].weights", "give each of its rows 2"),
    "weights and size": (
        "weights = [[0.4, 1.2]]",
        "weights = [[0.4, 1.2]]\nsize = [2, 1]",
        "layers[1].weights",
        "either",
    ),
    "neither weights nor size": ("weights = [[0.4, 1.2]]\n", "", "network.layers[1].weights", "either"),
    "size of three": ("weights = [[0.4, 1.2]]", "size = [2, 1, 1]", "network.layers[1].size", "[in, out]"),
    "size too large": ("weights = [[0.4, 1.2]]", "size = [2, 65]", "network.layers[1].size", "64"),
    "wrong biases": ("biases = [0.1, 0.2]", "biases = [0.1]", "network.layers[0].biases", "one bias for each unit"),
    "unknown activation": ('"sigmoid"', '"sigmoidd"', "network.layers[0].activation", "did you mean"),
    "softmax inside": ('"sigmoid"', '"softmax"', "network.layers[0].activation", "only be last"),
    "softmax with binary": (
        "weights = [[0.4, 1.2]]\n\n[data]",
        'weights = [[0.4, 1.2]]\nactivation = "softmax"\n\n[data]',
        "loss.kind",
        "categorical",
    ),
    "frozen outside": ('activation = "sigmoid"', "frozen = [[2, 0]]", "network.layers[0].frozen", "counted from 0"),
    "frozen no pairs": ('activation = "sigmoid"', "frozen = [1]", "network.layers[0].frozen", "pairs"),
    "train_biases as text": (
        'activation = "sigmoid"',
        'train_biases = "no"',
        "layers[0].train_biases",
        "true or false",
    ),
    "no data": ("[data]\ninputs = [[1.3, 1.1]]\ntargets = [[0.2]]\n", "", "data", "write [data]"),
    "no inputs": ("inputs = [[1.3, 1.1]]\n", "", "data.inputs", "inputs = "),
    "rate below the loss": (
        'kind = "squared_error"',
        "learning_rate = 0.3",
        "network.loss.learning_rate",
        "write it above [network.loss]",
    ),
    "placeholder in a title": ('title = "Good"', 'title = "{{x[0,0]}}"', "title", "a section of lesson.md"),
    "test without targets": (
        "targets = [[0.2]]\n",
        "targets = [[0.2]]\ntest_inputs = [[1.0, 2.0]]\n",
        "data.test_targets",
        "each row of test_inputs",
    ),
    "test without inputs": (
        "targets = [[0.2]]\n",
        "targets = [[0.2]]\ntest_targets = [[0.2]]\n",
        "data.test_inputs",
        "each row of test_targets",
    ),
    "test of other width": (
        "targets = [[0.2]]\n",
        "targets = [[0.2]]\ntest_inputs = [[1.0]]\ntest_targets = [[0.2]]\n",
        "data.test_inputs",
        "each row 2",
    ),
    "test rows do not match": (
        "targets = [[0.2]]\n",
        "targets = [[0.2]]\ntest_inputs = [[1.0, 2.0]]\ntest_targets = [[0.2], [0.3]]\n",
        "data.test_targets",
        "row of test_inputs",
    ),
    "no targets": ("targets = [[0.2]]\n", "", "data.targets", "one row of targets"),
    "inputs too wide": ("[[1.3, 1.1]]", "[[1.3, 1.1, 0.1]]", "data.inputs", "give each row 2"),
    "targets too wide": ("[[0.2]]", "[[0.2, 0.3]]", "data.targets", "give each row 1"),
    "rows differ": ("[[1.3, 1.1]]", "[[1.3, 1.1], [1.0, 2.0]]", "data.targets", "one row of targets"),
    "version with escape": (
        "format_version = 1",
        'format_version = "\\u001b[31m"',
        "format_version",
        "format_version = 1",
    ),
    "version beyond all bounds": ("= 1", "= 0x" + "f" * 5000, "format_version", "format_version = 1"),
    "title of two lines": ('"Good"', '"Go\\nod"', "title", "one line"),
    "title too long": ('"Good"', f'"{"G" * 121}"', "title", "at most 120"),
    "requires as text": ('title = "Good"', 'title = "Good"\nrequires = "a"', "requires", "list of texts"),
    "requires a number": ('title = "Good"', 'title = "Good"\nrequires = ["a", 1]', "requires[1]", "give a text"),
    "data below the network": ("[data]", "[network.data]", "network.data", "write [data]"),
    "network as text": ("[data]", '[networks]\nother = "x"\n[data]', "networks.other", "[networks.other]"),
    "name of a network": ("[data]", '[networks."\\u001b[31m"]\n[data]', "networks.\\u001b", "hyphens"),
    "network without data": (
        "[data]",
        "[[networks.two.layers]]\nweights = [[1]]\n[data]",
        "networks.two.data",
        "write [networks.two.data]",
    ),
    "second network wrong": (
        "[data]",
        "[[networks.two.layers]]\nweights = [[1]]\nbiases = [1, 2]\n[networks.two.data]\ninputs = [[1]]\n[data]",
        "networks.two.layers[0].biases",
        "one bias for each unit",
    ),
    "main data for the second network": (
        "[data]",
        "[[networks.two.layers]]\nweights = [[1]]\n[networks.two.data]\ninputs = [[1, 2]]\ntargets = [[1]]\n[data]",
        "networks.two.data.inputs",
        "give each row 1",
    ),
    "activity as table": ("[[activity]]", "[activity]", "activity", "[[activity]]"),
    "picture without a network": (
        '[[activity]]\nkind = "walk"',
        '[[activity]]\nkind = "choose"\nnetwork = "none"\npicture = "curve"\n[[activity]]\nkind = "walk"',
        "activity[0].network",
        "[networks.none]",
    ),
    "kind beyond all bounds": ('kind = "walk"', "kind = 0x" + "f" * 5000, "activity[0].kind", "use one of"),
    "mistyped network": (
        '[[activity]]\nkind = "walk"',
        "[[networks.other.layers]]\nweights = [[1]]\n[networks.other.data]\ninputs = [[1]]\ntargets = [[1]]\n"
        '[[activity]]\nkind = "walk"\nnetwork = "ohter"',
        "activity[0].network",
        "did you mean other",
    ),
    "too many asks in a word": ('["W"]', '["' + ",1]" * 100 + '"]', "activity[0].ask[0]", "at most 60"),
    "key of many parts": ("l2 = 0.0", "a." * 50_000 + "a = 1", "line 12", "a few parts"),
    "quoted key of many parts": ("l2 = 0.0", '".,".' * 50_000 + "a = 1", "line 12", "a few parts"),
    "no toml": ("[network]", "[network", "", "close the heading"),
    "nested lists": ("[[0.4, 1.2]]", "[" * 3000 + "]" * 3000, "", "list"),
}


@pytest.mark.parametrize("name", EDITS)
def test_a_wrong_file_is_told_with_key_and_mend(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, after, key, mend = EDITS[name]
    text = GOOD
    if name == "softmax with binary":
        text = text.replace("squared_error", "binary_cross_entropy")
    assert before in text
    (tmp_path / "lesson.toml").write_text(text.replace(before, after, 1), encoding="utf-8")
    message = refused(tmp_path, capsys)
    assert "lesson.toml" in message
    assert key in message
    assert mend in message


def test_the_good_file_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "lesson.toml").write_text(FAIR + CHOOSE, encoding="utf-8")
    assert main(["check", str(tmp_path)]) == 0
    assert "1 lesson, no findings" in capsys.readouterr().out


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = GOOD.replace("learning_rate = 0.1", "lerning_rate = 1").replace('title = "Good"\n', "")
    (tmp_path / "lesson.toml").write_text(text, encoding="utf-8")
    message = refused(tmp_path, capsys)
    assert "title" in message
    assert "lerning_rate" in message


def test_what_follows_from_a_wrong_network_is_not_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = GOOD.replace("learning_rate = 0.1", "learning_rate = true")
    (tmp_path / "lesson.toml").write_text(text, encoding="utf-8")
    assert len(refused(tmp_path, capsys).splitlines()) == 1


def test_nothing_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "lesson.toml").write_text('format_version = 1\nid = "a"\ntitle = "A"\n', encoding="utf-8")
    assert "activity: nothing to do; write [network]" in refused(tmp_path, capsys)


def test_softmax_targets_sum_to_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = GOOD.replace("squared_error", "categorical_cross_entropy").replace(
        "weights = [[0.4, 1.2]]", 'weights = [[0.4, 1.2], [0.1, 0.2]]\nactivation = "softmax"'
    )
    (tmp_path / "lesson.toml").write_text(text.replace("[[0.2]]", "[[0.2, 0.3]]"), encoding="utf-8")
    message = refused(tmp_path, capsys)
    assert "data.targets[0]" in message
    assert "sum to 1" in message


def test_an_output_that_the_loss_cannot_take(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "lesson.toml").write_text(
        GOOD.replace("squared_error", "binary_cross_entropy").replace("1.2]]\n\n[data]", "9.2]]\n\n[data]"),
        encoding="utf-8",
    )
    message = refused(tmp_path, capsys)
    assert "pass 1" in message
    assert "strictly between 0 and 1" in message


@pytest.mark.parametrize(
    ("before", "after", "mend"),
    [
        ("[[activity]]", "[activity]", "write [[activity]] with two brackets"),
        ('title = "Good"', "title = True", "true or false in small letters"),
    ],
)
def test_slips_of_toml_that_everybody_makes_are_mended_rightly(
    before: str, after: str, mend: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (GOOD + CHOOSE).replace("[[activity]]", "[activity]") if before == "[[activity]]" else GOOD
    (tmp_path / "lesson.toml").write_text(text.replace(before, after), encoding="utf-8")
    assert mend in refused(tmp_path, capsys)


def test_a_pass_that_nobody_would_wait_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = ",".join(["[1.0, 2.0]"] * 10_000)
    text = GOOD.replace("[[1.3, 1.1]]", f"[{rows}]").replace("[[0.2]]", f"[{','.join(['[0.2]'] * 10_000)}]")
    text = text.replace('kind = "walk"', 'kind = "train"\nto_loss = 0.1\nfirst_pass = 100000').replace(
        'ask = ["W"]', ""
    )
    text = text.replace("[[0.5, 0.4], [-1.1, 1.2]]", f"[{','.join(['[0.5, 0.4]'] * 64)}]")
    text = text.replace("biases = [0.1, 0.2]\n", "").replace("[[0.4, 1.2]]", f"[[{','.join(['0.1'] * 64)}]]")
    (tmp_path / "lesson.toml").write_text(text, encoding="utf-8")
    assert "too far to walk to" in refused(tmp_path, capsys)
