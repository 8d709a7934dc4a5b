"""Slips that are made seldom, each worked out by hand and named by the whole judge: in lessons, homework and sheets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from nn_tutor.homework.sheet_judging import judge_sheet
from nn_tutor.homework.sheet_views import Cell
from nn_tutor.judging.judgement import Judgement
from nn_tutor.judging.mistakes.case import Case
from nn_tutor.judging.mistakes.known import rare_mistakes
from nn_tutor.judging.reading import read
from nn_tutor.network.conventions import Conventions
from nn_tutor.network.optimizer import Optimizer
from nn_tutor.network.quantities import parse_ref
from nn_tutor.network.records import value_of
from nn_tutor.network.spec import Data, Layer, Loss, Network
from nn_tutor.network.training import Timeline
from nn_tutor.tutor.answering import judge_question
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.walkthrough.order import refs_of_pass
from nn_tutor.walkthrough.questions import names_before, names_of, scale_of_question
from tests.judging.careful import homework_of, judged_by_hand

Questions = tuple[Network, Data]
EVERYWHERE = ("lesson", "homework", "sheet")


def judged(where: str, questions: Questions, name: str, value: float, number: int = 1) -> Judgement:
    """Judge a number as it is typed, alone, in a lesson, as homework or on a sheet."""
    (network, data), text = questions, f"{value:.6f}"
    if where == "sheet":
        return judge_sheet(network, data, [Cell(number, parse_ref(name), read(text))]).cells[0].judgement
    purpose = "lesson" if where == "lesson" else "homework"
    run = LessonRun(replace(homework_of(network, data), purpose=purpose))  # type: ignore[arg-type]
    return judge_question(run, 0, run.question(0, number, parse_ref(name)), text, {}, {})


def is_named(
    questions: Questions, name: str, value: float, mistake: str, theirs: str, number: int = 1, *, right: str = ""
) -> None:
    """The value is named so wherever it is typed, with its formula, and the words do not hold the truth."""
    network, data = questions
    truth = value_of(Timeline(network, data).at(number), parse_ref(name))
    for where in EVERYWHERE:
        judgement = judged(where, questions, name, value, number)
        assert judgement.verdict == "diagnosed", (where, value, truth, judgement)
        assert judgement.mistakes == (mistake,), (where, judgement)
        assert judgement.candidates[0].slip.theirs == theirs
        assert right in ("", judgement.candidates[0].slip.right)
        assert f"{abs(truth):.3f}" not in judgement.message
        assert judged(where, questions, name, truth, number).is_right


def comes_to(questions: Questions, name: str, mistake: str, number: int = 1) -> list[float]:
    """What a rare mistake comes to in a question."""
    (network, data), ref = questions, parse_ref(name)
    passed = Timeline(network, data).at(number)
    found = rare_mistakes(Case(network, passed, ref), scale_of_question(passed, ref))
    return [one.value for one in found if one.mistake.id == mistake]


def sigmoid(z: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-z)))


# Sums of products: two inputs, three hidden units, two outputs

W1, B1 = np.array([[0.62, -0.41], [0.35, 0.83], [-0.57, 0.29]]), np.array([0.21, -0.34, 0.17])
W2, B2 = np.array([[0.74, -0.38, 0.55], [0.93, 0.91, 0.86]]), np.array([0.12, -0.28])
X, Y, RATE = np.array([0.87, -1.36]), np.array([0.15, 0.92]), 0.3


def layer(W: np.ndarray, b: np.ndarray | None = None, activation: str = "sigmoid") -> Layer:
    biases = None if b is None else tuple(b.tolist())
    return Layer(tuple(map(tuple, W.tolist())), biases=biases, activation=activation)  # type: ignore[arg-type]


PATHS = Network((layer(W1, B1), layer(W2, B2)), learning_rate=RATE)
ONE_SAMPLE = Data((tuple(X.tolist()),), (tuple(Y.tolist()),))
SAMPLES = Data(((0.87, -1.36), (-0.45, 0.71), (1.23, 0.38)), ((0.15, 0.92), (0.64, 0.27), (0.33, 0.58)))

A1 = sigmoid(W1 @ X + B1)
OUT = sigmoid(W2 @ A1 + B2)
ERROR, BEND2, BEND1 = OUT - Y, OUT * (1 - OUT), A1 * (1 - A1)  # 2/2·(o − y)
DELTA2 = ERROR * BEND2


def test_sums_that_are_multiplied_instead_of_products_that_are_added() -> None:
    questions, arriving = (PATHS, ONE_SAMPLE), DELTA2.sum() * W2.sum(axis=0)
    theirs, right = "(Σ δ₂)·(Σ w₂)", "Σ δ₂·w₂"
    is_named(questions, "dL_da1[0,0]", arriving[0], "sums-multiplied", theirs, right=right)
    is_named(questions, "dW1[0,1]", arriving[0] * BEND1[0] * X[1], "sums-multiplied", theirs, right=right)
    is_named(questions, "db1[2]", arriving[2] * BEND1[2], "sums-multiplied", theirs, right=right)
    new = W1[0, 1] - RATE * arriving[0] * BEND1[0] * X[1]
    is_named(questions, "W1[0,1]", new, "sums-multiplied", theirs, right=right)
    each = ERROR.sum() * BEND2.sum() * W2.sum(axis=0)
    is_named(questions, "dL_da1[0,2]", each[2], "sums-multiplied", "(Σ ∂L/∂o)·(Σ ∂o/∂z₂)·(Σ w₂)", right=right)


def test_sums_that_are_multiplied_in_a_weighted_sum_and_over_samples() -> None:
    whole = W1[1].sum() * X.sum() + B1[1]
    is_named((PATHS, ONE_SAMPLE), "z1[0,1]", whole, "sums-multiplied", "(Σ w₁)·(Σ x) + b₁", right="Σ w₁·x + b₁")
    line = Network((layer(np.array([[0.83]]), activation="identity"),), learning_rate=RATE)
    data = Data(((1.3,), (-0.7,), (0.9,)), ((0.4,), (1.1,), (-0.2,)))
    x, y = np.array([1.3, -0.7, 0.9]), np.array([0.4, 1.1, -0.2])
    delta = 2 / 3 * (0.83 * x - y)
    is_named((line, data), "dW1[0,0]", delta.sum() * x.sum(), "sums-multiplied", "(Σ ∂L/∂o)·(Σ x)")
    is_named((line, data), "dW1[0,0]", delta.sum() * x.mean(), "sums-multiplied", "(Σ ∂L/∂o)·(the mean of x)")
    decaying, two = replace(line, l2=0.4), Data(data.inputs[:2], data.targets and data.targets[:2])
    delta = 2 / 2 * (0.83 * x - y)[:2]
    value = delta.sum() * x[:2].sum() + 0.4 * 0.83
    is_named((decaying, two), "dW1[0,0]", value, "sums-multiplied", "(Σ ∂L/∂o)·(Σ x)")


def test_no_sums_are_multiplied_where_there_is_one_path() -> None:
    one_output = Network((layer(W1, B1), layer(W2[:1], B2[:1])), learning_rate=RATE)
    data = Data((tuple(X.tolist()),), ((0.15,),))
    assert not comes_to((one_output, data), "dL_da1[0,0]", "sums-multiplied")
    assert not comes_to((one_output, data), "dW2[0,0]", "sums-multiplied")
    shared = Network((layer(W1, B1), layer(np.array([[0.5, 0.6, 0.7]] * 2), activation="identity")))
    assert len(comes_to((shared, ONE_SAMPLE), "dL_da1[0,0]", "sums-multiplied")) == 1  # the same weight on both paths


def test_sums_are_multiplied_in_the_letters_of_the_sheet() -> None:
    turned = replace(PATHS, conventions=Conventions(error="target-minus-output"))
    [slip] = [
        one.slip
        for one in rare_mistakes(
            Case(turned, Timeline(turned, ONE_SAMPLE).at(1), parse_ref("dL_da1[0,0]")), abs(float(DELTA2 @ W2[:, 0]))
        )
        if one.mistake.id == "sums-multiplied" and one.slip.theirs.startswith("(Σ δ")
    ]
    assert (slip.symbol, slip.theirs, slip.right) == ("−∂L/∂a₁", "(Σ δ₂)·(Σ w₂)", "Σ δ₂·w₂")


# The logarithms of all outputs

CLASSES = Network((layer(W1, B1, "softmax"),), Loss("categorical_cross_entropy"), learning_rate=RATE)
E = np.exp(W1 @ X + B1)


def test_the_logarithms_of_all_outputs_are_added() -> None:
    one = Data(ONE_SAMPLE.inputs, ((0.0, 1.0, 0.0),))
    value = -np.log(E / E.sum()).sum()
    is_named((CLASSES, one), "loss", value, "every-logarithm", "−Σ ln(o)", right="Σ −y·ln(o)")
    several = Data(SAMPLES.inputs, ((0.0, 1.0, 0.0), (1.0, 0.0, 0.0), (0.0, 0.0, 1.0)))
    e = np.exp(np.array(SAMPLES.inputs) @ W1.T + B1)
    value = -np.log(e / e.sum(axis=1, keepdims=True)).sum() / 3
    is_named((CLASSES, several), "loss", value, "every-logarithm", "−1/3·Σ ln(o)")


def test_the_logarithms_of_several_yes_or_no_outputs_are_added() -> None:
    network = Network((layer(W1, B1),), Loss("binary_cross_entropy", outputs="sum"), learning_rate=RATE)
    data = Data(ONE_SAMPLE.inputs, ((0.0, 1.0, 1.0),))
    is_named((network, data), "loss", -np.log(A1).sum(), "every-logarithm", "−Σ ln(o)")
    single = Network((layer(W1[:1], B1[:1]),), Loss("binary_cross_entropy"), learning_rate=RATE)
    judgement = judged("lesson", (single, Data(ONE_SAMPLE.inputs, ((0.0,),))), "loss", -np.log(A1[0]))
    assert judgement.mistakes == ("other-half-of-cross-entropy",)  # of one output that is what it is


# A layer left out

CHAIN = (0.97, -1.36, 1.14, 0.83)


def deep(weights: tuple[float, ...]) -> Questions:
    layers = tuple(layer(np.array([[w]])) for w in weights)
    return Network(layers, learning_rate=3.0), Data(((1.43,),), ((0.23,),))


def chained(weights: tuple[float, ...]) -> tuple[list[float], list[float]]:
    """Every activation's slope, and δ of the last layer before it is passed on, worked out link by link."""
    a, bends = 1.43, []
    for w in weights:
        a = float(1 / (1 + np.exp(-w * a)))
        bends.append(a * (1 - a))
    return bends, [2 * (a - 0.23) * bends[-1]]


def test_a_layer_is_left_out_on_the_way_back() -> None:
    bends, (delta3,) = chained(CHAIN[:3])
    theirs, right = "δ₃·w₃", "δ₂·w₂"
    is_named(deep(CHAIN[:3]), "delta1[0,0]", delta3 * CHAIN[2] * bends[0], "layer-left-out", theirs, right=right)
    value = delta3 * CHAIN[2] * bends[0] * 1.43
    is_named(deep(CHAIN[:3]), "dW1[0,0]", value, "layer-left-out", theirs, right=right)
    is_named(deep(CHAIN[:3]), "W1[0,0]", CHAIN[0] - 3 * value, "layer-left-out", theirs, right=right)
    is_named(deep(CHAIN[:3]), "dX[0,0]", delta3 * CHAIN[2] * bends[0] * CHAIN[0], "layer-left-out", theirs)


def test_with_the_other_weights_it_is_the_error_of_the_output_that_was_taken() -> None:
    """That is the very same number: δ of the last layer in the place of that below, and then all as it should be."""
    bends, (delta3,) = chained(CHAIN[:3])
    judgement = judged("lesson", deep(CHAIN[:3]), "delta1[0,0]", delta3 * CHAIN[1] * bends[0])
    assert judgement.mistakes == ("output-error-as-hidden-delta",)


def test_a_layer_in_the_middle_is_left_out() -> None:
    bends, (delta4,) = chained(CHAIN)
    delta3 = delta4 * CHAIN[3] * bends[2]
    is_named(deep(CHAIN), "delta1[0,0]", delta3 * CHAIN[1] * bends[0], "layer-left-out", "δ₃·w₂", right="δ₂·w₂")
    is_named(deep(CHAIN), "delta1[0,0]", delta3 * CHAIN[2] * bends[0], "layer-left-out", "δ₃·w₃", right="δ₂·w₂")


def test_a_layer_is_left_out_only_where_its_neighbours_fit() -> None:
    """Two units, then three, then two, then one: no weights lead from the last δ to the first units."""
    W3 = np.array([[0.44, -0.72]])
    network = Network((layer(np.array([[0.3, 0.8]] * 2)), layer(W1), layer(W2), layer(W3)), learning_rate=RATE)
    questions = network, Data((tuple(X.tolist()),), ((0.4,),))
    assert not comes_to(questions, "delta2[0,1]", "layer-left-out")
    assert len(comes_to(questions, "delta1[0,1]", "layer-left-out")) == 0  # W₂ is 3 by 2, W₃ 2 by 3: δ₃ has 2
    square = Network((layer(W1[:2]), layer(np.array([[0.7, -0.2], [0.5, 0.9]])), layer(W2[:, :2])))
    data = Data((tuple(X.tolist()),), ((0.4, 0.7),))
    ref = parse_ref("delta1[0,1]")
    passed = Timeline(square, data).at(1)
    found = rare_mistakes(Case(square, passed, ref), scale_of_question(passed, ref))
    left_out = [one for one in found if one.mistake.id == "layer-left-out"]
    assert [one.slip.theirs for one in left_out] == ["Σ δ₃·w₂", "Σ δ₃·w₃"]
    delta3, bend1 = passed.backward.delta[2][0], passed.backward.da_dz[0][0]
    W2_square, W3_square = (np.array(one.weights) for one in square.layers[1:])
    by_hand = [(delta3 @ W)[1] * bend1[1] for W in (W2_square, W3_square)]
    assert [one.value for one in left_out] == pytest.approx(by_hand)


# The mean over another number of samples

BATCH_X = np.array([1.22, 0.34, 0.77, 1.37, 0.43, 1.09, 0.58, 0.91])
BATCH_Y = np.array([0.37, 1.31, 0.39, 1.16, 1.35, 2.34, 0.14, 0.83])
W = 2.17


def in_batches(size: int, samples: int = 8, **changes: object) -> Questions:
    network = Network(
        (layer(np.array([[W]]), activation="identity"),), learning_rate=0.15, batching="mini", batch_size=size
    )
    data = Data(tuple((x,) for x in BATCH_X[:samples].tolist()), tuple((y,) for y in BATCH_Y[:samples].tolist()))
    return replace(network, **changes), data  # type: ignore[arg-type]


def sums(rows: range, w: float = W) -> tuple[float, float]:
    """The sum of the losses of some samples, and of their slopes."""
    x, y = BATCH_X[list(rows)], BATCH_Y[list(rows)]
    return float(((w * x - y) ** 2).sum()), float((2 * (w * x - y) * x).sum())


@pytest.mark.parametrize("other", [8, 3])
def test_the_mean_of_a_batch_over_all_samples_or_those_of_the_last_batch(other: int) -> None:
    losses, slopes = sums(range(5))
    questions = in_batches(5)
    theirs, right = f"1/{other}·Σ over the batch", "1/5·Σ over the batch, which has 5 here"
    is_named(questions, "loss", losses / other, "mean-over-other-count", theirs, right=right)
    is_named(questions, "dW1[0,0]", slopes / other, "mean-over-other-count", theirs, right=right)
    is_named(questions, "W1[0,0]", W - 0.15 * slopes / other, "mean-over-other-count", theirs, right=right)
    error = 2 * (W * BATCH_X[1] - BATCH_Y[1])
    is_named(questions, "dL_do[1,0]", float(error / other), "mean-over-other-count", theirs, right=right)


def test_half_a_sum_is_told_as_the_convention_that_it_is_as_well() -> None:
    """The last batch has two samples: over these the mean is ½ of the sum, as some sources write the loss."""
    losses, _ = sums(range(3))
    assert judged("homework", in_batches(3), "loss", losses / 2).verdict == "convention"
    assert judged("lesson", in_batches(3), "loss", losses / 2).mistakes == ("mean-over-other-count",)


def test_the_mean_of_a_short_batch_over_all_samples() -> None:
    questions = in_batches(3)
    w = float(Timeline(*questions).at(3).before.W[0][0, 0])
    losses, slopes = sums(range(6, 8), w)
    is_named(questions, "loss", losses / 8, "mean-over-other-count", "1/8·Σ over the batch", 3)
    is_named(questions, "dW1[0,0]", slopes / 8, "mean-over-other-count", "1/8·Σ over the batch", 3)
    assert judged("lesson", questions, "loss", losses / 3, 3).mistakes == ("short-batch-by-whole",)


def test_the_mean_over_all_samples_leaves_the_part_of_l2_as_it_is() -> None:
    questions = in_batches(3, l2=0.4)
    losses, slopes = sums(range(3))
    is_named(questions, "loss", losses / 8 + 0.2 * W * W, "mean-over-other-count", "1/8·Σ over the batch")
    is_named(questions, "dW1[0,0]", slopes / 8 + 0.4 * W, "mean-over-other-count", "1/8·Σ over the batch")


def test_the_mean_over_all_samples_is_taken_from_the_learners_own_number_too() -> None:
    """Somebody whose first update went wrong divides by all samples in the second pass."""
    questions = in_batches(3)
    network, data = questions
    run = LessonRun(replace(homework_of(network, data), purpose="lesson"))
    own = W + 0.15 * sums(range(3))[1] / 3
    losses, _ = sums(range(3, 6), own)
    earlier = {1: {parse_ref("W1[0,0]"): own}}
    text = f"{losses / 8:.6f}"
    judgement = judge_question(run, 0, run.question(0, 2, parse_ref("loss")), text, {}, earlier)
    assert judgement.mistakes == ("mean-over-other-count",)


def test_a_calculation_shows_over_how_many_samples_its_mean_is_taken() -> None:
    network, data = in_batches(3)
    run = LessonRun(replace(homework_of(network, data), purpose="lesson"))
    passed, ref = run.passed(0, 1), parse_ref("loss")
    refs = refs_of_pass(network, 3)
    names = names_of(network, passed, refs[: refs.index(ref)]) | names_before(network, passed)
    squares = "(o_1-y_1)^2+(o_2-y_2)^2+(o_3-y_3)^2"
    for count, mistakes in ((8, ("mean-over-other-count",)), (3, ())):
        judgement = judge_question(run, 0, run.question(0, 1, ref), f"({squares})/{count}", names, {})
        assert judgement.mistakes == mistakes, judgement
        assert judgement.is_right == (count == 3)


def test_there_is_no_other_number_of_samples() -> None:
    """In one batch, where all are of one size, or where sums are taken."""
    whole = in_batches(3, batching="full")
    summed = in_batches(3, loss=Loss(batch="sum"))
    for questions, name in ((whole, "loss"), (summed, "loss"), (summed, "dW1[0,0]"), (in_batches(3), "z1[0,0]")):
        assert not comes_to(questions, name, "mean-over-other-count")
    even = in_batches(4)
    losses, _ = sums(range(4))
    assert comes_to(even, "loss", "mean-over-other-count") == pytest.approx([losses / 8])
    alone = in_batches(3, batching="online")
    assert comes_to(alone, "loss", "mean-over-other-count") == pytest.approx([sums(range(1))[0] / 8])


# Adam

BETA1, BETA2, EPSILON = 0.8, 0.95, 0.2
ADAM = Network(
    (layer(np.array([[0.62]]), activation="identity"),),
    learning_rate=0.03,
    optimizer=Optimizer("adam", beta1=BETA1, beta2=BETA2, epsilon=EPSILON),
)


def adam(target: float, number: int) -> tuple[Questions, float, float, float, float, float]:
    """A network of one weight; the weight before a pass, m and v of the pass before, and of this one."""
    questions = ADAM, Data(((1.37,),), ((target,),))
    w, m, v, before = 0.62, 0.0, 0.0, (0.62, 0.0, 0.0)
    for t in range(1, number + 1):
        before = (w, m, v)
        g = 2 * (w * 1.37 - target) * 1.37
        m, v = BETA1 * m + (1 - BETA1) * g, BETA2 * v + (1 - BETA2) * g * g
        w -= 0.03 * m / (1 - BETA1**t) / ((v / (1 - BETA2**t)) ** 0.5 + EPSILON)
    return questions, before[0], before[1], before[2], m, v


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("target", [-0.45, 3.2])
def test_the_betas_are_exchanged_in_the_corrections_alone(target: float, number: int) -> None:
    questions, w, _, _, m, v = adam(target, number)
    m_hat, v_hat = m / (1 - BETA2**number), v / (1 - BETA1**number)
    if number > 1:  # in the first pass m/(1 − β₂) is β₁ and 1 − β₁ exchanged, for these two β
        is_named(questions, "m_hat1[0,0]", m_hat, "betas-exchanged", "m′/(1 − β₂^t)", number)
        is_named(questions, "v_hat1[0,0]", v_hat, "betas-exchanged", "v′/(1 − β₁^t)", number)
    step, theirs = 0.03 * m_hat / (v_hat**0.5 + EPSILON), "m′/(1 − β₂^t), v′/(1 − β₁^t)"
    right = "m′/(1 − β₁^t), v′/(1 − β₂^t)"
    is_named(questions, "step1[0,0]", step, "betas-exchanged", theirs, number, right=right)
    is_named(questions, "W1[0,0]", w - step, "betas-exchanged", theirs, number, right=right)


def test_the_betas_are_exchanged_in_the_averages_alone() -> None:
    questions, w, m, v, _, _ = adam(3.2, 3)
    g = 2 * (w * 1.37 - 3.2) * 1.37
    m, v = BETA2 * m + (1 - BETA2) * g, BETA1 * v + (1 - BETA1) * g * g
    new = w - 0.03 * m / (1 - BETA1**3) / ((v / (1 - BETA2**3)) ** 0.5 + EPSILON)
    theirs = "β₂·m + (1 − β₂)·∂L/∂w, β₁·v + (1 − β₁)·(∂L/∂w)²"
    is_named(questions, "W1[0,0]", new, "betas-exchanged", theirs, 3)


def roots(m_hat: float, v_hat: float) -> Iterator[tuple[float, str, str]]:
    size, root = abs(m_hat) ** 0.5, v_hat**0.5 + EPSILON
    yield size / (v_hat + EPSILON), "root-of-other-average", "√|m̂|/(v̂ + ε)" if m_hat < 0 else "√m̂/(v̂ + ε)"
    yield m_hat / (size + EPSILON), "root-of-other-average", "m̂/(√|m̂| + ε)"
    if m_hat < 0:
        yield size / root, "root-of-average", "√|m̂|/(√v̂ + ε)"
        yield -size / root, "root-of-average", "−√|m̂|/(√v̂ + ε)"
        yield -size / (v_hat + EPSILON), "root-of-other-average", "−√|m̂|/(v̂ + ε)"
        yield v_hat / (size + EPSILON), "averages-exchanged", "v̂/(√|m̂| + ε)"


@pytest.mark.parametrize("target", [-0.45, 0.6, 3.2])
def test_the_root_of_the_other_average_also_where_that_is_negative(target: float) -> None:
    questions, w, _, _, m, v = adam(target, 2)
    m_hat, v_hat = m / (1 - BETA1**2), v / (1 - BETA2**2)
    assert (m_hat < 0) == (target > 1)
    for direction, mistake, theirs in roots(m_hat, v_hat):
        is_named(questions, "step1[0,0]", 0.03 * direction, mistake, f"η·{theirs}", 2, right="η·m̂/(√v̂ + ε)")
        is_named(questions, "W1[0,0]", w - 0.03 * direction, mistake, f"w − η·{theirs}", 2)


# Who does it right


@pytest.mark.parametrize("decimals", [3, 4, 5])
@pytest.mark.parametrize(
    "questions",
    [
        (PATHS, ONE_SAMPLE),
        (PATHS, SAMPLES),
        (CLASSES, Data(ONE_SAMPLE.inputs, ((0.0, 1.0, 0.0),))),
        deep(CHAIN),
        in_batches(3),
        in_batches(3, l2=0.4),
        (ADAM, Data(((1.37,),), ((3.2,),))),
        (ADAM, Data(((1.37,),), ((-0.45,),))),
    ],
    ids=["paths", "samples", "classes", "deep", "batches", "batches with L2", "adam below 0", "adam above 0"],
)
def test_who_does_it_right_and_rounds_on_the_way_is_never_accused(questions: Questions, decimals: int) -> None:
    for number in (1, 2):
        for ref, text, judgement in judged_by_hand(homework_of(*questions), decimals, remembered=False, number=number):
            assert judgement.verdict not in ("diagnosed", "wrong", "near"), (ref, text, judgement)
