"""The words of the lessons that come with the program: true, short enough, and telling nothing too early."""

import re
from itertools import pairwise

import numpy as np
import pytest

from nn_tutor.course.activities.choose import Choose
from nn_tutor.course.activities.kinds import Part
from nn_tutor.course.activities.nudge import Nudge
from nn_tutor.course.activities.read import Read
from nn_tutor.course.activities.train import Train
from nn_tutor.network.records import value_of
from nn_tutor.terminal.drawing.prose import draw_prose
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.running import LossHistory
from nn_tutor.walkthrough.code import code_line
from nn_tutor.walkthrough.order import refs_of_pass
from tests.course.shipped import SHIPPED, first_shown, lessons, pages, questions, timeline, traced

# What the prose says in words is true of the run


def test_words_about_the_steps_are_true() -> None:
    steps = [abs(traced("chain-rule", "", number, "dW1[0,0]")) for number in range(1, 10)]
    assert steps == sorted(steps, reverse=True), "the steps get shorter and shorter"
    assert traced("chain-rule", "", 1, "dW1[0,0]") > 0, "the slope is positive at first"
    first = "activation-functions"
    assert traced(first, "", 1, "dL_do[0,0]") < 0, "the output is below its target"
    assert traced(first, "", 1, "da_dz1[0,0]") < 0.125, "the S is rather flat there"
    slopes = [abs(traced(first, "", number, "dW1[0,0]")) for number in range(1, 7)]
    assert slopes[0] < slopes[1] < slopes[2] > slopes[3] > slopes[4] > slopes[5], "steps grow, then shrink"
    signs = [traced("learning-rate", "long", number, "dW1[0,0]") > 0 for number in (1, 2, 3)]
    assert signs == [True, False, True], "the sign changes from pass to pass"


def test_words_about_the_samples_are_true() -> None:
    many = timeline("many-samples").at(1)
    wishes = [float(value) > 0 for value in many.backward.delta_sample[0][:, 0] * many.X[:, 0]]
    assert sorted(wishes) == [False, True, True], "one wants the weight to grow, two want it to shrink"
    code = timeline("autoencoder").at(900).forward.a[0]
    assert np.all((code < 0.2) | (code > 0.8)), "near 0 or near 1"
    assert len({tuple(row > 0.5) for row in code}) == 4, "each sample has a code of its own"
    line = timeline("xor", "line").at(300)
    assert line.loss.loss == pytest.approx(0.25, abs=0.001)
    assert line.forward.o == pytest.approx(0.5, abs=0.05)
    middle = timeline("xor", "one-by-one").at(286)
    assert (middle.X.tolist(), middle.Y.tolist() if middle.Y is not None else None) == ([[0.0, 1.0]], [[1.0]])


def test_words_for_the_end_of_a_run_stand_at_the_pass_where_it_arrives() -> None:
    found = 0
    for lesson in lessons().values():
        run = LessonRun(lesson)
        for index, activity in enumerate(lesson.activities):
            if not isinstance(activity, Train):
                continue
            of_passes = [anchor for anchor in lesson.prose.sections if anchor.startswith(f"{activity.id}:")]
            assert of_passes in ([], [f"{activity.id}:{run.reach(index).last}"]), (lesson.id, of_passes)
            found += len(of_passes)
    assert found >= 6


def test_what_is_said_at_the_end_of_a_run_is_true() -> None:
    small = [traced("two-weights-in-a-row", "", number, "W2[0,0]") for number in (4, 10, 15, 34)]
    assert small[0] < small[1] < 0 < small[2] < small[3], "w₂ climbs from below 0"
    losses = [timeline("vectors").at(number).loss.loss for number in range(1, 10)]
    assert all(0.3 < after / before < 0.36 for before, after in pairwise(losses)), "a third is left"
    mails = timeline("classification", "mails").at(67)
    assert mails.Y is not None
    assert ((mails.forward.o > 0.5) == (mails.Y > 0.5)).all(), "all eight on their own side"
    six = timeline("softmax", "six").at(22)
    assert six.Y is not None
    assert (six.forward.o.argmax(1) == six.Y.argmax(1)).all()
    code = timeline("autoencoder").at(301).forward.a[0]
    assert len({tuple(row > 0.5) for row in code}) == 4, "each sample in a corner of its own"
    uneven, scaled = (timeline("when-gradients-fail", name).at(1) for name in ("uneven", "scaled"))
    assert uneven.loss.loss == pytest.approx(scaled.loss.loss), "the same output, the same loss"
    ratios = [abs(one.backward.dW[0][0, 1] / one.backward.dW[0][0, 0]) for one in (uneven, scaled)]
    assert ratios[0] > 100 > 2 > ratios[1]


def test_what_the_lesson_on_overfitting_says_of_its_runs_is_true() -> None:
    """The test loss turns at pass 42 while the training loss falls on; with more samples it does not turn."""
    lesson = lessons()["overfitting"]
    runs = {
        name: LossHistory(timeline("overfitting", name), lesson.networks[name].held_out) for name in ("few", "more")
    }
    for run in runs.values():
        run.loss(800)
    few, more = (list(run.held_out_losses) for run in runs.values())
    assert few.index(min(few)) + 1 == 42
    assert few[599] > 4 * min(few)
    training = list(runs["few"].losses)
    assert all(one > other for one, other in pairwise(training)), "each pass lowers the training loss"
    assert training[599] < 0.1 * training[41]
    assert more[-1] < min(few), "more samples are the best help"
    assert runs["more"].losses[-1] > training[-1]
    walked = timeline("overfitting", "line").at(1)
    assert walked.X.shape == (3, 1)


def test_words_about_the_vanishing_gradient_are_true() -> None:
    blame = [abs(traced("when-gradients-fail", "deep", 1, f"delta{layer}[0,0]")) for layer in (3, 2, 1)]
    assert blame[0] > 2 * blame[1] > 4 * blame[2]


def test_the_sign_of_a_matrix_product_is_explained_before_a_line_of_code_shows_it() -> None:
    for lesson in map(lessons().get, SHIPPED):
        assert lesson is not None
        for place, activity in enumerate(lesson.activities):
            if "`W @ x` is" in pages(lesson, lesson.prose.sections[activity.id]):
                return
            entry = lesson.networks.get(activity.network)
            if entry is None or not activity.step_groups_in_passes:
                continue
            rows = timeline(lesson.id, activity.network).at(activity.span[0]).X.shape[0]
            shown = [code_line(entry.network, rows, ref) for ref in refs_of_pass(entry.network, rows)]
            assert not [line for line in shown if "@" in line], (lesson.id, place)
    raise AssertionError("no page explains the sign")


def test_what_xor_says_of_its_own_run_is_true() -> None:
    """At first the samples' slopes nearly cancel; in the end the three units say what the page says they do."""
    lesson = lessons()["xor"]
    index = next(place for place, activity in enumerate(lesson.activities) if activity.id == "watch")
    run = LessonRun(lesson, lambda *_: False)

    def left_over(number: int) -> float:
        """The slopes of all weights as a part of what they would be if no sample worked against another."""
        passed = run.passed(index, number)
        blames, entering = passed.backward.delta, (passed.X, passed.forward.a[0])
        parts = [np.einsum("ro,ri->roi", blame, into) for blame, into in zip(blames, entering, strict=True)]
        left = sum(float(np.abs(part.sum(0)).sum()) for part in parts)
        return left / sum(float(np.abs(part).sum()) for part in parts)

    assert max(left_over(number) for number in range(1, 101)) < 0.08
    assert left_over(400) > 3 * left_over(1)
    last = run.passed(index, 771)
    assert run.passed(index, 770).loss.loss >= 0.005 > last.loss.loss
    on = last.forward.a[0] > 0.5  # for 0 0, 0 1, 1 0, 1 1
    assert on[:, 0].tolist() == [False, True, True, True]
    assert on[:, 1].tolist() == [True, True, False, True]
    assert on[:, 2].tolist() == [False, True, False, False]


# The prose


@pytest.mark.parametrize("lesson_id", SHIPPED)
def test_no_number_that_is_asked_later_can_be_read_before(lesson_id: str) -> None:
    lesson = lessons()[lesson_id]
    data = [entry.data for entry in lesson.networks.values()]
    given = {number for entry in data for row in (*entry.inputs, *(entry.targets or ())) for number in row}
    sections = [lesson.prose.introduction, *lesson.prose.sections.values()]
    shown = [(first_shown(lesson, section), section.anchor, pages(lesson, section)) for section in sections]
    for asked_at, _, question, _ in questions(lesson):
        if question.kind == "sign" or question.truth in given:
            continue
        for shown_at, anchor, text in shown:
            if shown_at > asked_at:
                continue
            for number in re.findall(r"[−-]?\d+\.\d{2,}", text):
                value = float(number.replace("−", "-"))
                told_it = abs(value - question.truth) <= 0.5 * 10.0 ** -len(number.partition(".")[2])
                assert not told_it, f"{{#{anchor}}} tells {question.id}: {number}"


@pytest.mark.parametrize("lesson_id", SHIPPED)
def test_numbers_of_the_run_are_not_typed(lesson_id: str) -> None:
    lesson = lessons()[lesson_id]
    parts = [part for section in lesson.prose.sections.values() for part in section.parts if isinstance(part, str)]
    parts += [
        option.text + option.why for each in lesson.activities if isinstance(each, Choose) for option in each.options
    ]
    typed = {number for part in parts for number in re.findall(r"\d+\.\d{3,}", part)}
    for name, entry in lesson.networks.items():
        for number in range(1, lesson.passes_walked(name) + 1):
            passed = timeline(lesson_id, name).at(number)
            for ref in refs_of_pass(entry.network, passed.X.shape[0]):
                value = abs(value_of(passed, ref))
                assert not [text for text in typed if f"{value:.{len(text.partition('.')[2])}f}" == text], ref


@pytest.mark.parametrize("lesson_id", SHIPPED)
def test_a_lesson_begins_with_something_to_do_and_ends_with_three_lines(lesson_id: str) -> None:
    lesson = lessons()[lesson_id]
    first, last = lesson.activities[0], lesson.activities[-1]
    assert not isinstance(first, Read)
    assert isinstance(last, Read)
    text = pages(lesson, lesson.prose.sections[last.id])
    assert re.findall(r"^(\d)\. ", text, re.MULTILINE) == ["1", "2", "3"]
    assert last.id == "remember"


@pytest.mark.parametrize("lesson_id", SHIPPED)
def test_nobody_is_told_before_being_asked_for_long(lesson_id: str) -> None:
    # The whole program may stand on a page before the three lines.
    kinds = [activity.kind for activity in lessons()[lesson_id].activities if activity.id != "program"]
    assert not any(one == other == "read" for one, other in pairwise(kinds))


@pytest.mark.parametrize("lesson_id", SHIPPED)
def test_choices_fit_their_lines(lesson_id: str) -> None:
    for activity in lessons()[lesson_id].activities:
        if isinstance(activity, Choose):
            assert len(activity.prompt) <= 150, activity.id
            for option in activity.options:
                assert len(option.text) <= 60, option.text
                assert 0 < len(option.why) <= 130, option.text


@pytest.mark.parametrize("lesson_id", SHIPPED)
def test_every_page_fits_on_a_small_screen(lesson_id: str) -> None:
    lesson = lessons()[lesson_id]
    by_id = {activity.id: activity for activity in lesson.activities}
    for section in lesson.prose.sections.values():
        lines = draw_prose(pages(lesson, section), 76)
        activity = by_id[section.activity]
        assert len(lines) <= _room(activity), f"{{#{section.anchor}}}: {len(lines)} lines"
    assert all(activity.id in lesson.prose.sections for activity in lesson.activities)


def _room(activity: Part) -> int:
    """How many lines of words stand on a screen of 80×24 beside what else is there."""
    if isinstance(activity, Read):
        return 21
    if isinstance(activity, Choose):
        prompt = -(-len(activity.prompt) // 70)
        return 15 - 2 - prompt - len(activity.options)
    return 6 if isinstance(activity, Nudge | Train) else 8
