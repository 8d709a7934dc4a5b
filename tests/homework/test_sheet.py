"""A whole sheet: how it is read, line by line, and how it is judged, all numbers together."""

from __future__ import annotations

import pytest

from nn_tutor.homework.faults import HomeworkError
from nn_tutor.homework.reading import homework_of
from nn_tutor.homework.said import said_in
from nn_tutor.homework.sheet import CheckedSheet, check_sheet, summary
from nn_tutor.homework.sheet_views import conventions_said

MAZUR = """in 0.05 0.10
layer sigmoid: 0.15 0.20; 0.25 0.30 | 0.35 0.35
layer sigmoid: 0.40 0.45; 0.50 0.55 | 0.60 0.60
target 0.01 0.99
loss half
rate 0.5
"""
"""The step-by-step example of mattmazur.com, 2015, here with each neuron's bias trained."""

SINGLE = "in 0.8\nlayer identity: 2.75\ntarget 1.05\nrate 0.3\n"


def checked(text: str, network: str = MAZUR, passes: int = 1) -> CheckedSheet:
    entry = homework_of(said_in(network)).entry
    return check_sheet(entry.network, entry.data, text, passes)


def verdicts(sheet: CheckedSheet) -> dict[str, str]:
    return {line.question or line.line.name: line.verdict for line in sheet.lines}


# Reading


@pytest.mark.parametrize(
    ("line", "question"),
    [
        ("z11 = 0.3775", "1.forward.z1[0,0]"),
        ("net_h1 = 0.3775", "1.forward.z1[0,0]"),
        ("net h1: 0.3775", "1.forward.z1[0,0]"),
        ("h1 = 0.5933", "1.forward.a1[0,0]"),
        ("out_h1\t0.5933", "1.forward.a1[0,0]"),
        ("a_{11} = 0.5933", "1.forward.a1[0,0]"),
        ("a₁₁ = 0.5933", "1.forward.a1[0,0]"),
        ("o1 = 0.7514", "1.forward.a2[0,0]"),
        ("o₁ ≈ 0.7514", "1.forward.a2[0,0]"),
        ("a21 0.7514", "1.forward.a2[0,0]"),
        ("out_o1 = 0.7514", "1.forward.a2[0,0]"),
        ("y_hat1 = 0.7514", "1.forward.a2[0,0]"),
        ("E_total = 0.2984", "1.loss.loss"),
        ("Loss: 0.2984", "1.loss.loss"),
        ("| J | 0.2984 |", "1.loss.loss"),
        ("δ21 = 0.1385", "1.backward.delta2[0,0]"),
        ("delta21 = 0.1385", "1.backward.delta2[0,0]"),
        ("delta_o1 = 0.1385", "1.backward.delta2[0,0]"),
        ("δ_{o1} = 0.1385", "1.backward.delta2[0,0]"),
        ("dL/dz21 = 0.1385", "1.backward.delta2[0,0]"),
        ("∂E/∂net_o1 = 0.1385", "1.backward.delta2[0,0]"),
        ("dL_do1 = 0.7414", "1.backward.dL_do[0,0]"),
        ("dE/dout_o1 = 0.7414", "1.backward.dL_do[0,0]"),
        ("dout_o1/dnet_o1 = 0.1868", "1.backward.da_dz2[0,0]"),
        ("∂L/∂w211 = 0.0822", "1.backward.dW2[0,0]"),
        ("dL_dw211 = 0.0822", "1.backward.dW2[0,0]"),
        ("dE/dw5 = 0.0822", "1.backward.dW2[0,0]"),
        ("dw5 = 0.0822", "1.backward.dW2[0,0]"),
        ("∂C/∂w_5 = 0.0822", "1.backward.dW2[0,0]"),
        ("w211' = 0.3589", "1.update.W2[0,0]"),
        ("w₂₁₁′ = 0.3589", "1.update.W2[0,0]"),
        ("w5 = 0.3589", "1.update.W2[0,0]"),
        ("w5+ = 0.3589", "1.update.W2[0,0]"),
        ("w5^+ = 0.3589", "1.update.W2[0,0]"),
        ("w5_new = 0.3589", "1.update.W2[0,0]"),
        ("new w5 = 0.3589", "1.update.W2[0,0]"),
        ("1.update.W2[0,0] = 0.3589", "1.update.W2[0,0]"),
        ("by-hand:1.update.W2[0,0] = 0.3589", "1.update.W2[0,0]"),
        ("W2[0,0] = 0.3589", "1.update.W2[0,0]"),
        ("w5' = 0.4 - 0.5*0.0821670 = 0.3589", "1.update.W2[0,0]"),
        ("w5' = 0.4 - 0.5*0.0821670", "1.update.W2[0,0]"),
        ("w5' = 0.3589  # after one step", "1.update.W2[0,0]"),
        ("step w5 = 0.0411", "1.update.step2[0,0]"),
        ("Δw5 = -0.0411", "1.update.step2[0,0]"),
        ("b11' = 0.3456", "1.update.b1[0]"),
        ("db11 = 0.0088", "1.backward.db1[0]"),
    ],
)
def test_a_name_is_read_in_every_usual_spelling(line: str, question: str) -> None:
    sheet = checked(line)
    assert [(one.question, one.verdict) for one in sheet.lines] == [(question, "correct")]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("w9 = 0.3", "no 'w9'"),
        ("z19 = 0.3", "did you mean"),
        ("w5' = 0,3589", "0.3589"),
        ("w5' = abc", "abc"),
        ("w5' = nan", "no finite number"),
        ("w5' = 1e999", "too large"),
        ("w5' =", "no number behind"),
        ("W2' = [[0.1, 0.2]]", "2×2 numbers"),
        ("W2' = [[0.1, 0.2], [0.3]]", "row 2"),
        ("0.25.update.W2[0,0] = 1", "no '0.25.update"),
        ("99.update.W2[0,0] = 1", "pass 99"),
    ],
)
def test_what_cannot_be_read_is_told_at_its_line_and_the_rest_is_read(line: str, message: str) -> None:
    sheet = checked(f"h1 = 0.5933\n{line}\n")
    first, second = sheet.lines
    assert first.verdict == "correct"
    assert (second.verdict, second.line.number) == ("invalid", 2)
    assert message in second.message.replace('"', "'")


def test_a_sheet_without_a_number_is_refused() -> None:
    for text in ("", "\n\n# nothing\n", "forward:\n"):
        with pytest.raises(HomeworkError, match="no number"):
            checked(text)


def test_a_number_that_stands_twice_is_told() -> None:
    sheet = checked("h1 = 0.5933\nh1 = 0.6\n")
    assert "already" in sheet.lines[1].message


def test_a_matrix_is_read_number_by_number() -> None:
    sheet = checked("W1' = [[0.1498, 0.1996],\n [0.2498, 0.2995]]\ndelta1 = [0.0088, 0.0100]\na1 = 0.5933 0.5969")
    assert len(sheet.lines) == 8
    assert {line.line.number for line in sheet.lines[:4]} == {1}
    assert {line.verdict for line in sheet.lines} == {"correct"}


def test_a_column_of_numbers_follows_the_pass() -> None:
    sheet = checked("0.3775\n0.5933\n-\n0.5969\n1.1059\n0.7514\n")
    assert [line.question for line in sheet.lines] == [
        "1.forward.z1[0,0]",
        "1.forward.a1[0,0]",
        "1.forward.a1[0,1]",
        "1.forward.z2[0,0]",
        "1.forward.a2[0,0]",
    ]
    assert {line.verdict for line in sheet.lines} == {"correct"}


def test_what_is_given_may_stand_on_the_sheet() -> None:
    sheet = checked("x1 = 0.05\nw5 = 0.4\neta = 0.5\nw5' = 0.3589\nx2 = 0.2\n")
    assert [line.verdict for line in sheet.lines] == ["correct", "correct", "correct", "correct", "wrong"]
    assert "copied" in sheet.lines[-1].message


def test_several_passes_stand_under_their_headings_or_one_after_the_other() -> None:
    for text in (
        "pass 1\nw' = 2.198\npass 2\nw' = 1.8585\n",
        "w' = 2.198\nw' = 1.8585\n",
        "w'@1 = 2.198\nw'@2 = 1.8585",
    ):
        sheet = checked(text, SINGLE, passes=2)
        assert [line.question for line in sheet.lines] == ["1.update.W1[0,0]", "2.update.W1[0,0]"]
        assert {line.verdict for line in sheet.lines} <= {"correct", "near", "wrong", "diagnosed"}


# Judging


def test_a_published_sheet_has_no_slip() -> None:
    sheet = checked(
        "net_h1 = 0.3775\nout_h1 = 0.593269992\nout_h2 = 0.596884378\nout_o1 = 0.75136507\nout_o2 = 0.772928465\n"
        "E_total = 0.298371109\ndE/dw5 = 0.082167041\nw5+ = 0.35891648\nw6+ = 0.408666186\nw7+ = 0.511301270\n"
        "w8+ = 0.561370121\nw1+ = 0.149780716\nw2+ = 0.19956143\nw3+ = 0.24975114\nw4+ = 0.29950229\n"
    )
    assert sheet.first_slip is None
    assert {line.verdict for line in sheet.lines} == {"correct"}
    assert summary(sheet) == "15 numbers: no slip"


def test_the_first_slip_is_first_in_the_pass_and_what_follows_is_not_blamed() -> None:
    """δ of the first output without the slope of the sigmoid, everything after it worked on with that."""
    sheet = checked(
        "w5' = 0.1801\nw6' = 0.2287\ndw5 = 0.4398\ndw6 = 0.4425\n"  # written down in another order than the pass has
        "h1 = 0.5933\nh2 = 0.5969\no1 = 0.7514\no2 = 0.7729\nδ_o1 = 0.7414\nδ_o2 = -0.0381\n"
    )
    assert sheet.first_slip is not None
    assert (sheet.first_slip.line.name, sheet.first_slip.mistakes) == ("δ_o1", ("forgot-activation-derivative",))
    told = verdicts(sheet)
    assert [name for name, verdict in told.items() if verdict == "follow_through"] == [
        "1.update.W2[0,0]",
        "1.update.W2[0,1]",
        "1.backward.dW2[0,0]",
        "1.backward.dW2[0,1]",
    ]
    assert told["1.backward.delta2[0,1]"] == "correct"
    assert "δ" in next(line.message for line in sheet.lines if line.verdict == "follow_through")


def test_a_slip_in_a_number_that_is_not_on_the_sheet_is_blamed_once() -> None:
    """Only new weights: δ of the first output lacks the slope of the sigmoid, which shows in two of them."""
    sheet = checked("h1 = 0.5933\nh2 = 0.5969\no1 = 0.7514\no2 = 0.7729\nw5' = 0.1801\nw6' = 0.2287\nw7' = 0.5113\n")
    assert sheet.first_slip is not None
    assert sheet.first_slip.line.name == "w5'"
    assert "forgot-activation-derivative" in sheet.first_slip.mistakes
    assert verdicts(sheet)["1.update.W2[0,1]"] == "follow_through"
    assert verdicts(sheet)["1.update.W2[1,0]"] == "correct"
    assert "between" in sheet.first_slip.message


def test_a_slip_without_a_name_is_located_between_what_stands_on_the_sheet() -> None:
    """δ of the first output is 0.2, from nowhere."""
    sheet = checked("h1 = 0.5933\nh2 = 0.5969\no1 = 0.7514\nw5' = 0.3407\nw6' = 0.3903\n")
    assert sheet.first_slip is not None
    assert sheet.first_slip.line.name == "w5'"
    assert "between" in sheet.first_slip.message
    assert "o1" in sheet.first_slip.message
    assert verdicts(sheet)["1.update.W2[0,1]"] == "follow_through"


def test_one_convention_of_the_whole_sheet_is_recognised_and_judged_under() -> None:
    sheet = checked("δ_o1 = -0.1385\nδ_o2 = 0.0381\nδ_h1 = -0.0088\nw5' = 0.3589\nw1' = 0.1498\n")
    assert sheet.first_slip is None
    assert [one.id for one in sheet.conventions] == ["target-minus-output"]
    assert conventions_said(sheet.conventions) == "your sheet uses target − output throughout"
    assert [line.verdict for line in sheet.lines] == ["convention"] * 3 + ["correct"] * 2
    slipped = checked("δ_o1 = -0.1385\nδ_o2 = 0.0381\nδ_h1 = -0.0088\nδ_h2 = -0.0500\nw5' = 0.3589\nw3' = 0.2488\n")
    assert [one.id for one in slipped.conventions] == ["target-minus-output"]
    assert slipped.first_slip is not None
    assert slipped.first_slip.line.name == "δ_h2"
    assert verdicts(slipped)["1.update.W1[1,0]"] == "follow_through"


def test_without_the_half_throughout_is_a_convention_too() -> None:
    sheet = checked("E = 0.5967\nδ_o1 = 0.2770\nw5' = 0.3178\nw7' = 0.5226\n")
    assert [one.id for one in sheet.conventions] == ["half-convention"]
    assert sheet.first_slip is None


def test_a_number_that_rounding_swallowed_wants_more_digits() -> None:
    sheet = checked("w1' = 0.15\nδ_h1 = 0.01\n")
    assert {line.verdict for line in sheet.lines} <= {"more_digits", "correct"}
    assert verdicts(sheet)["1.update.W1[0,0]"] == "more_digits"


@pytest.mark.parametrize(("typed", "verdict"), [("0.28", "correct"), ("0.27", "more_digits"), ("0.2834", "correct")])
def test_a_new_weight_that_is_off_by_most_of_its_step_is_not_called_right(typed: str, verdict: str) -> None:
    """With two decimals everywhere it could come of rounding; but its step, 0.0166, is not in it."""
    network = "in 0.35 0.9\nlayer sigmoid: 0.1 0.8; 0.4 0.6\nlayer sigmoid: 0.3 0.9\ntarget 0.5\nloss half\nrate 0.6\n"
    sheet = checked(f"w211' = {typed}\n", network)
    assert [line.verdict for line in sheet.lines] == [verdict]


def test_a_slip_of_the_first_pass_is_not_blamed_in_the_second() -> None:
    """w' = w − η·∂L/∂w without η in the first pass, right from there on."""
    sheet = checked("dw = 1.84\nw' = 0.91\npass 2\no = 0.728\ndw = -0.5152\nw' = 1.06456\n", SINGLE, passes=2)
    assert sheet.first_slip is not None
    assert sheet.first_slip.question == "1.update.W1[0,0]"
    assert sheet.first_slip.mistakes == ("no-learning-rate",)
    assert [line.verdict for line in sheet.lines] == ["correct", "diagnosed"] + ["follow_through"] * 3


def test_a_slip_that_is_made_in_every_pass_is_one_slip() -> None:
    """The bias's slope divided by n twice, in both passes: two published sheets have that."""
    network = "in 1 2; 2 1; -1 -2\nlayer sigmoid: 0.1 -0.2 | 0\ntarget 1; 0; 0\nloss mse\nrate 0.1\n"
    sheet = checked("E = 0.3033\ndb1 = 0.0277778\nb1' = -0.00277778\npass 2\nb1' = -0.0056\n", network, passes=2)
    assert sheet.first_slip is not None
    assert "one-over-n-twice" in sheet.first_slip.mistakes
    assert [line.verdict for line in sheet.lines] == ["correct", "diagnosed", "follow_through", "follow_through"]


def test_the_loss_on_the_sheet_says_which_loss_it_is() -> None:
    """A mean loss whose slope is the sum: not a sheet that adds up throughout, and every pass is made so."""
    network = "in 1; 2; 3; 4\nlayer identity: 0\ntarget 2; 4; 6; 8\nloss mse\nrate 0.01\n"
    sheet = checked("L = 30\nw' = 1.200\npass 3\nL = 0.76800019\nw' = 1.872\n", network, passes=3)
    assert sheet.conventions == ()
    assert [line.verdict for line in sheet.lines] == ["correct", "convention", "follow_through", "follow_through"]
    assert sheet.lines[1].mistakes == ("no-one-over-n",)


def test_a_mistake_is_not_looked_for_in_what_was_made_of_the_number() -> None:
    """The new weights follow from steps that fit no known mistake: they do not explain these."""
    network = MAZUR.replace("target 0.01 0.99", "target 0 1").replace("rate 0.5", "rate 1\nstep change")
    sheet = checked("Δw5 = -0.1838\nw5' = 0.2162\n", network)
    assert [line.verdict for line in sheet.lines] == ["wrong", "follow_through"]


def test_a_loss_that_no_logarithm_gives_is_not_blamed() -> None:
    """The sum handed on as the output of a sigmoid: 1.4 is no probability, and the loss is whatever it is."""
    sheet = checked("z = 1.4\no = 1.4\nL = -0.3365\n", "in 2\nlayer sigmoid: 0.7\ntarget 1\nloss bce\n")
    assert [line.verdict for line in sheet.lines] == ["correct", "diagnosed", "follow_through"]


def test_a_lesson_that_says_its_own_conventions_is_judged_by_them() -> None:
    entry = homework_of(said_in(MAZUR + "error t-o\n")).entry
    sheet = check_sheet(entry.network, entry.data, "δ_o1 = -0.1385\nδ_h1 = -0.0088\nw5' = 0.3589\n")
    assert sheet.conventions == ()
    assert {line.verdict for line in sheet.lines} == {"correct"}


# A slip, or a convention

DEAD = "in 1\nlayer relu: -1\ntarget 0.5\nloss half\nrate 0.1\n"
"""Its only unit is off: no step is taken, whatever the error."""

EITHER = (
    "as far as this sheet shows, either it uses target − output throughout, or you flipped the sign here: "
    "no new weight tells, as none moves"
)


def test_an_error_turned_round_before_a_unit_that_is_off_may_be_a_slip_or_a_convention() -> None:
    sheet = checked("z = -1\na = 0\nL = 0.125\ndL/do = 0.5\ndelta = 0\ndL/dw = 0\nw' = -1", DEAD)
    assert sheet.first_slip is not None
    assert sheet.first_slip.line.number == 4
    assert (sheet.first_slip.verdict, sheet.first_slip.message) == ("convention", EITHER)
    assert "sign-flipped" in sheet.first_slip.mistakes
    assert [one.id for one in sheet.conventions] == ["target-minus-output"]
    assert set(verdicts(sheet).values()) == {"correct", "convention"}
    assert summary(sheet) == "7 numbers: no slip for certain"


@pytest.mark.parametrize(
    ("network", "text"),
    [
        (DEAD, "dL/do = -0.5\ndelta = 0\ndL/dw = 0\nw' = -1"),
        (DEAD, "dL/do = 0.5\ndelta = 0\ndL/dw = 0"),
        (SINGLE, "dL/do = -2.3\ndL/dw = -1.84\nw' = 2.198"),
    ],
    ids=["in our convention", "without a new weight", "with a weight that moved"],
)
def test_a_sheet_that_one_reading_explains_has_no_slip(network: str, text: str) -> None:
    sheet = checked(text, network)
    assert sheet.first_slip is None
    assert summary(sheet).endswith(": no slip")


def test_a_matrix_read_the_other_way_before_units_that_are_off_may_be_either_too() -> None:
    network = "in 1 2\nlayer relu: -1 -2; -3 -4\ntarget 0.5 0.5\nloss half\nrate 0.1\n"
    sheet = checked("z11 = -7\nz12 = -10\na11 = 0\na12 = 0\ndL/dw11 = 0\nw11' = -1\nw22' = -4", network)
    assert sheet.first_slip is not None
    assert sheet.first_slip.line.name == "z11"
    assert [one.id for one in sheet.conventions] == ["weights-in-out"]


def test_a_number_that_is_given_counts_among_the_numbers_of_a_sheet() -> None:
    assert summary(checked("w = 2.75\no = 2.2", SINGLE)) == "2 numbers: no slip"
    assert summary(checked("w = 2.57\no = 2.2\nx = 0.8\nfoo = 1", SINGLE)) == (
        "3 numbers: 1 slip; 1 line could not be read"
    )
