"""Activities, choices and pictures that are wrong: each is told with the key and the mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from nn_tutor.course.findings import LessonError
from nn_tutor.course.load import load
from nn_tutor.walkthrough.prose_with_numbers import section_with_numbers
from tests.course.good_lesson import CHOOSE, GOOD, WALK, refused
from tests.lessons_for_tests import ONE_WEIGHT, make_lesson, of_one_weight

# What stands in the place of the good file's activity; then the key below it and the words of the mend.
ACTIVITIES: dict[str, tuple[str, str, str]] = {
    "unknown activity": ('kind = "wlak"\nask = ["W"]', "kind", 'did you mean "walk"'),
    "no kind": ('ask = ["W"]', "kind", "write one of"),
    "unknown network name": ('kind = "walk"\nnetwork = "other"\nask = ["W"]', "network", "networks.other"),
    "unknown quantity": ('kind = "walk"\nask = ["weight"]', "ask[0]", "one of"),
    "layer that is not there": ('kind = "walk"\nask = ["W3"]', "ask[0]", "layer 1, 2"),
    "element that is not there": ('kind = "walk"\nask = ["W2[1,0]"]', "ask[0]", "outside"),
    "ask as text": ('kind = "walk"\nask = "W"', "ask", "list"),
    "no passes": ('kind = "walk"\npasses = 0', "passes", "from 1"),
    "read without prose": ('kind = "read"', "id", "lesson.md"),
    "nudge without slope": ('kind = "nudge"', "slope", "give it a text"),
    "nudge of no slope": ('kind = "nudge"\nslope = "z1[0,0]"', "slope", "none of the backward phase"),
    "train without goal": ('kind = "train"', "to_loss", "the loss to reach"),
    "tune without a weight": ('kind = "tune"\nto_loss = 0.1', "of", "name one or two"),
    "tune without a goal": ('kind = "tune"\nof = ["W1[0,0]"]', "to_loss", "give the loss"),
    "tune a slope": ('kind = "tune"\nof = ["dW1[0,0]"]\nto_loss = 0.1', "of[0]", "weight or bias"),
    "tune three": ('kind = "tune"\nof = ["W1[0,0]", "W1[0,1]", "b1[0]"]\nto_loss = 0.1', "of", "one or two"),
    "tune an element that is not there": ('kind = "tune"\nof = ["W1[5,0]"]\nto_loss = 0.1', "of[0]", "counted from 0"),
    "tune by nothing": ('kind = "tune"\nof = ["W1[0,0]"]\nto_loss = 0.1\nstep = 0', "step", "above 0"),
    "tune from two starts": ('kind = "tune"\nof = ["W1[0,0]"]\nto_loss = 0.1\nstart = [1, 2]', "start", "give 1"),
    "tune the rate without a goal": ('kind = "tune"\nof = ["learning_rate"]', "goal", "crawl"),
    "tune the rate of many weights": ('kind = "tune"\nof = ["learning_rate"]\ngoal = "arrive"', "of", "single weight"),
    "tune to an unknown goal": ('kind = "tune"\nof = ["learning_rate"]\ngoal = "arive"', "goal", "arrive"),
    "practice of nothing": ('kind = "practice"', "skills", "at least one"),
    "practice of too much": ('kind = "practice"\nskills = ["update"]\nquestions = 11', "questions", "1 to 10"),
    "hunt for an unknown trouble": ('kind = "hunt"\ntrouble = "saturated"', "trouble", "saturation"),
    "hunt for two things": ('kind = "hunt"\ntrouble = "saturation"\nmistake = "forgot-two"', "trouble", "either"),
    "other weights than given ones": ('kind = "train"\nto_loss = 0.1\nreseed = true', "reseed", "size = [in, out]"),
    "asked beyond the end of the walk": ('kind = "walk"\nask = ["W"]\nuntil = "loss"', "until", "belongs to update"),
    "unknown picture": ('kind = "walk"\nask = ["W"]\npicture = "reigon"', "picture", "did you mean region"),
    "picture of one weight too few": (
        'kind = "walk"\nask = ["W"]\npicture = "plane W1[0,0]"',
        "picture",
        "plane W1[0,0] b1[0]",
    ),
    "picture of an unknown function": (
        'kind = "walk"\nask = ["W"]\npicture = "activation softmax"',
        "picture",
        "sigmoid",
    ),
    "picture of a gradient": ('kind = "walk"\nask = ["W"]\npicture = "loss dW1[0,0]"', "picture", "weight or bias"),
    "pass that is not walked": ('kind = "walk"\nask = ["W@2"]', "ask[0]", "walked: 1 to 1"),
    "ask in a list of lists": ('kind = "walk"\nask = [["W"], ["wieght"]]', "ask[1][0]", "one of"),
    "ask half a list": ('kind = "walk"\nask = [["W"], "W"]', "ask[1]", "list"),
    "unknown grain": ('kind = "walk"\ngrain = "fine"\nask = ["W"]', "grain", '"factor"'),
    "unknown form": ('kind = "walk"\nform = "vector"\nask = ["W"]', "form", '"matrix"'),
    "key of another kind": ('kind = "walk"\nto_loss = 1\nask = ["W"]', "to_loss", "take it out"),
    "nudge without layer": ('kind = "nudge"\nslope = "dW[0,0]"', "slope", "such as dW1[0,0]"),
    "nudge without index": ('kind = "nudge"\nslope = "dW2"', "slope", "such as dW2[0,0]"),
    "goal of 0": ('kind = "train"\nto_loss = 0', "to_loss", "above 0"),
}

CHOICES: dict[str, tuple[str, str, str]] = {
    "wrong one without reason": (', why = "no"', "activity[1].options[1].why", "why this answer is wrong"),
    "no right one": (", right = true", "activity[1].options", "exactly one"),
    "no options": (
        'options = [{ text = "this", right = true }, { text = "that", why = "no" }]\n',
        "activity[1].options",
        "2 to 6",
    ),
}


@pytest.mark.parametrize("name", ACTIVITIES)
def test_a_wrong_activity_is_told_with_key_and_mend(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    activity, key, mend = ACTIVITIES[name]
    assert WALK in GOOD
    (tmp_path / "lesson.toml").write_text(GOOD.replace(WALK, activity), encoding="utf-8")
    message = refused(tmp_path, capsys)
    assert "lesson.toml" in message
    assert f"activity[0].{key}" in message
    assert mend in message


@pytest.mark.parametrize("name", CHOICES)
def test_a_wrong_choice_is_told(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gone, key, mend = CHOICES[name]
    assert gone in CHOOSE
    (tmp_path / "lesson.toml").write_text(GOOD + CHOOSE.replace(gone, ""), encoding="utf-8")
    message = refused(tmp_path, capsys)
    assert key in message
    assert mend in message


PLACING = of_one_weight('kind = "place"')


@pytest.mark.parametrize(
    ("right", "wrong", "key"),
    [
        ("0.3", "'x'", "network.learning_rate"),
        ("[data]", "[[network.layers]]\nweights = [[0.4]]\n[data]", "activity[0].weight"),
    ],
)
def test_of_an_activity_only_its_own_faults_are_told(tmp_path: Path, right: str, wrong: str, key: str) -> None:
    (tmp_path / "lesson.toml").write_text(PLACING.replace(right, wrong), "utf-8")
    with pytest.raises(LessonError) as raised:
        load(tmp_path)
    keys = [finding.key for finding in raised.value.findings]
    assert key in keys
    assert key.startswith("activity") or keys == [key]


@pytest.mark.parametrize(("picture", "wanted"), [("codes", "a hidden layer with 2 units"), ("region", "2 inputs")])
def test_a_picture_that_a_network_does_not_have_is_refused(tmp_path: Path, picture: str, wanted: str) -> None:
    toml = ONE_WEIGHT.replace('kind = "train"', f'kind = "train"\npicture = "{picture}"')
    with pytest.raises(LessonError, match=wanted):
        make_lesson(tmp_path, toml)


RACE = """\
format_version = 1
id = "race"
title = "Race"
[networks.ball]
learning_rate = 0.1
[networks.ball.update]
rule = "momentum"
[[networks.ball.layers]]
weights = [[0.5, 0.2]]
[networks.ball.data]
inputs = [[0.8, 0.3]]
targets = [[1.05]]
[networks.plain]
learning_rate = 0.2
[[networks.plain.layers]]
weights = [[0.5, 0.2]]
[networks.plain.data]
inputs = [[0.8, 0.3]]
targets = [[1.05]]
[[activity]]
kind = "train"
network = "ball"
to_loss = 0.01
picture = "plane W1[0,0] W1[0,1] against plain"
"""


def test_two_networks_with_one_map_may_race(tmp_path: Path) -> None:
    picture = make_lesson(tmp_path, RACE).activities[0].picture
    assert picture is not None
    assert (picture.kind, picture.rival, len(picture.refs)) == ("plane", "plain", 2)


@pytest.mark.parametrize(
    ("right", "wrong", "wanted"),
    [
        ("against plain", "against nobody", "nobody is no network here"),
        ("0.2]]\n[networks.plain.data]", "0.3]]\n[networks.plain.data]", "another map"),
        ("against plain", "beside plain", "write plane"),
        ("plane W1[0,0] W1[0,1]", "loss W1[0,0] now", "write loss"),
    ],
)
def test_a_rival_with_another_map_is_refused(tmp_path: Path, right: str, wrong: str, wanted: str) -> None:
    with pytest.raises(LessonError, match=wanted):
        make_lesson(tmp_path, RACE.replace(right, wrong))


def test_what_a_network_is_given_can_be_told(tmp_path: Path) -> None:
    words = "## Run {#train}\n\nη {{learning_rate}}, μ {{momentum}}, β₂ {{beta2}}, {{plain:learning_rate|2}}\n"
    lesson = make_lesson(tmp_path, RACE, words)
    text = section_with_numbers(lesson, lesson.prose.sections["train"], lambda *_: pytest.fail("no pass is needed"))
    assert "η 0.1, μ 0.9, β₂ 0.999, 0.20" in text
