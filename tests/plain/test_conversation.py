"""What is typed line by line, and what comes of it: words, answers, hints, runs, and what nobody should type."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import nn_tutor
from nn_tutor.course.find import course_folder, find
from nn_tutor.judging.tokens import MAX_CHARACTERS
from nn_tutor.plain.keys import IN_WORDS
from nn_tutor.plain.voices.kinds import VOICES
from nn_tutor.plain.words import DOES, WORDS
from nn_tutor.tutor.practice import round_of
from nn_tutor.tutor.stations.base import Ended
from nn_tutor.tutor.stations.kinds import STATIONS
from nn_tutor.tutor.stations.training import Training
from nn_tutor.walkthrough.skills import Skill, in_words
from tests.lessons_for_tests import EVERY_KIND, EVERY_KIND_PROSE, ONE_WEIGHT, VECTOR, of_one_weight, right_answer
from tests.plain.talking import Talk, opened, opened_from, opened_path, right_line
from tests.plain.test_spoken import UNSPEAKABLE


def walking(folder: Path, toml: str = ONE_WEIGHT) -> Talk:
    """A talk at the first question about a number."""
    talk = Talk(opened_from(folder, toml))
    while talk.session.question is None:
        talk.type(right_line(talk.session))
    return talk


def text(lines: list[str]) -> str:
    return "\n".join(lines)


def test_a_choice_is_read_with_letters_and_taken_by_letter(tmp_path: Path) -> None:
    talk = Talk(opened_from(tmp_path, ONE_WEIGHT))
    assert talk.first[1:4] == ["Which one is right?", "a. this one", "b. that one"]
    assert talk.type("b") == ["Not yet: that is the other."]
    talk.type("q")
    assert talk.conversation.leaving is None  # where something is asked a letter is an answer
    assert talk.type("A") == ["Right: indeed.", "Press enter to go on."]
    talk.type("q")
    assert talk.conversation.leaving == "quit"


def test_an_empty_line_never_passes_an_open_question(tmp_path: Path) -> None:
    talk = Talk(opened_from(tmp_path, ONE_WEIGHT))
    before = talk.session.place
    for line in ("", "   ", "\t", "next", "next pass", "end"):
        said = talk.type(line)
        assert talk.session.place == before, line
        assert "answer" in text(said).lower(), line


def test_a_question_names_what_may_be_typed_with_its_value(tmp_path: Path) -> None:
    talk = walking(tmp_path)
    said = text(talk.type("again"))
    assert said.startswith("Where does w go: what is new w?")
    assert "You may type w for 2.75, lr for 0.3, dL_dw for 1.84" in said
    assert "3 decimals suffice" in said


def test_a_mistake_is_named_with_both_formulas_and_where_it_lands(tmp_path: Path) -> None:
    said = text(walking(tmp_path).type("3.302"))
    assert "you added the step" in said
    assert "Yours: new w equals w plus learning rate times slope of L with respect to w." in said
    assert "Right: new w equals w minus learning rate times slope of L with respect to w." in said
    assert "Yours lands at 3.302: there the loss rises from 1.3225 to 2.5332." in said


def test_a_calculation_is_read_back(tmp_path: Path) -> None:
    said = text(walking(tmp_path).type("w - lr*dL_dw"))
    assert said.startswith("Right. Against the slope: ")  # one colon a sentence
    assert "Read as w minus learning rate times slope of L with respect to w" in said or "Read as w minus" in said


def test_a_number_may_be_typed_as_it_is_said(tmp_path: Path) -> None:
    talk = walking(tmp_path)
    talk.type("minus 0.5")
    assert talk.entries[-1][1]["text"] == "-0.5"


def test_hints_climb_to_the_answer_which_is_then_asked_anew(tmp_path: Path) -> None:
    talk = walking(tmp_path)
    for number in range(1, 4):  # the rule is told with the numbers put in, not in words alone
        assert f"Hint {number} of 4" in text(talk.type("hint"))
    said = text(talk.type("?"))
    assert "2.198" in said
    assert not talk.session.is_open
    asked_anew = text(talk.type(""))
    assert "fresh numbers" in asked_anew
    assert "the word later puts it off" in asked_anew
    assert "Put off" in text(talk.type("later"))
    assert talk.conversation.whole.nested is None


def test_an_answer_is_shown_only_when_asked_twice(tmp_path: Path) -> None:
    talk = walking(tmp_path)
    assert "Show the answer?" in text(talk.type("show"))
    assert talk.session.is_open
    talk.type("where")
    assert "Show the answer?" in text(talk.type("show"))
    assert "shown: new w" in text(talk.type("show")).lower()
    assert not talk.session.is_open


def test_a_question_is_taken_apart_after_the_second_hint(tmp_path: Path) -> None:
    talk = walking(tmp_path, VECTOR)
    while talk.session.question is None or talk.session.question.ref.quantity != "W":
        talk.type(right_line(talk.session))
    assert "after the second hint" in text(talk.type("apart"))
    talk.type("hint")
    assert "apart to take the question apart" in text(talk.type("hint"))
    whole = talk.session.question
    said = text(talk.type("apart"))
    assert "link by link" in said.lower()
    assert talk.session.question is not None
    assert talk.session.question != whole
    assert "?" in said


def test_the_table_tells_what_is_known_and_hides_what_is_asked(tmp_path: Path) -> None:
    said = text(walking(tmp_path).type("table"))
    assert "Given: x is 0.8, y is 1.05, the learning rate is 0.3, w is 2.75." in said
    assert "o is 2.2: x times w; that is 0.8 times 2.75." in said
    assert "New w is asked" in said
    assert "2.198" not in said


def test_the_readme_shows_what_is_said() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    before, behind = readme.split("Answer: ", 1)
    block = [*before.rpartition("```\n")[2].splitlines(), *f"Answer: {behind.partition('```')[0]}".splitlines()]
    answer = next(number for number, line in enumerate(block) if line.startswith("Answer: "))
    talk = Talk(opened_path(find("chain-rule")))
    while talk.session.question is None or talk.session.question.ref.quantity != "W":
        talk.type(right_line(talk.session))
    assert talk.type("again")[:answer] == block[:answer]
    assert talk.type(block[answer].removeprefix("Answer: "))[: len(block) - answer - 1] == block[answer + 1 :]


def test_why_is_told_of_what_is_known_alone(tmp_path: Path) -> None:
    talk = walking(tmp_path)
    asked = text(talk.type("why"))  # of the slope, which is the last that is known
    assert asked.startswith("Slope of L with respect to w is 1.84. Slopes in a row multiply:")
    assert "Move w by 0.01, and L moves by 0.01846, which is 1.8464 per unit." in asked
    assert "2.198" not in asked
    talk.type("2.198")
    told = text(talk.type("why"))
    assert "The step is the learning rate times slope of L with respect to w equals 0.3 times 1.84 equals 0.552" in told
    assert "w goes down" in told
    assert "Someone who added the step gets 3.302, not 2.198." in told


def test_a_matrix_is_told_by_rows_with_their_index(tmp_path: Path) -> None:
    talk = walking(tmp_path, VECTOR.replace("passes = 2", 'passes = 2\nform = "matrix"'))
    said = text(talk.type("table"))
    assert "New weights" not in said  # not known yet
    while talk.session.question is None or talk.session.question.ref.quantity != "W":
        talk.type(right_line(talk.session))
    said = text(talk.type("table"))
    assert "Slopes of the loss with respect to the weights, layer 2" in said
    assert "Row 1: " in said
    assert "asked" in said
    cell = text(talk.type("again"))
    assert "Cell 1 of 2: row 1, column 1." in cell


def test_a_plot_is_five_points_and_a_sentence(tmp_path: Path) -> None:
    said = text(walking(tmp_path).type("picture"))
    assert "the loss falls from" in said
    assert "lowest near 1.31" in said
    assert "Five points: with w at " in said
    assert said.count(";") >= 4
    assert "with the slope 1.84" in said
    assert "the next step leads" not in said


def test_a_run_is_a_sentence_each_tenth(tmp_path: Path) -> None:
    talk = Talk(opened_from(tmp_path, of_one_weight('kind = "train"\nto_loss = 0.0001', rate=0.01)))
    said = talk.type("run")
    passes = [line for line in said if line.startswith("Pass ")]
    assert 8 <= len(passes) <= 11
    assert "below 0.0001" in passes[-1]
    assert not [entry for entry in talk.entries if entry[0] == "at"][:-1]  # where it went through is not kept


def test_a_run_goes_on_to_any_loss_and_says_where_it_cannot(tmp_path: Path) -> None:
    talk = Talk(opened_from(tmp_path, of_one_weight('kind = "train"\nto_loss = 0.001\nmost = 20')))
    assert "Pass 2" in text(talk.type("0.9"))
    assert talk.session.place.pass_number == 2
    assert "is below 0.9 already; the word run lets it go on" in text(talk.type("0.9"))
    talk.type("next")
    assert talk.session.place.pass_number == 3
    assert "did not get below" in text(talk.type("1e-99"))
    inside = text(talk.type("inside"))
    assert "inside this pass" in inside.lower()
    assert "back at the run" in text(talk.type("inside")).lower()
    assert isinstance(talk.session.station, Training)


def test_every_kind_of_activity_can_be_worked_by_line(tmp_path: Path) -> None:
    talk = Talk(opened_from(tmp_path, EVERY_KIND, EVERY_KIND_PROSE))
    kinds = set()
    for _ in range(400):
        if talk.is_over:
            break
        kinds.add(talk.session.activity.kind)
        talk.type(right_line(talk.session))
    assert talk.is_over
    assert {"tune", "nudge", "hunt", "read", "train", "walk"} <= kinds
    assert all(attempt.judgement.is_right for attempt in talk.session.attempts)


def test_every_word_is_answered_at_every_station(tmp_path: Path) -> None:
    """Whatever is typed wherever: something is said, nothing breaks, and what is asked stays open."""
    talk = Talk(opened_from(tmp_path, EVERY_KIND, EVERY_KIND_PROSE))
    harmless = [word for word in WORDS if word not in ("quit", "home", "next", "back", "start", "end", "run", "show")]
    moving = ("next pass", "back pass", "inside", "later", "hint", "apart", "weights")
    harmless = [word for word in harmless if word not in moving]
    for _ in range(400):
        if talk.is_over:
            break
        for word in harmless:
            before = talk.session.place, talk.session.is_open
            assert talk.type(word), word
            assert (talk.session.place, talk.session.is_open) == before or word in ("matrix", "finer", "coarser"), word
        talk.type(right_line(talk.session))
    assert talk.is_over
    assert not UNSPEAKABLE.search("\n".join(talk.said))


@pytest.mark.parametrize("line", ["hlep", "wher", "tabel", ":pictur", "agian"])
def test_a_word_that_is_misspelt_is_recognised(tmp_path: Path, line: str) -> None:
    talk = walking(tmp_path)
    assert "Did you mean" in text(talk.type(line))


def test_where_an_answer_could_be_meant_a_colon_makes_it_a_word(tmp_path: Path) -> None:
    toml = ONE_WEIGHT.replace('text = "that one"', 'text = "back"').replace('text = "this one"', 'text = "next"')
    talk = Talk(opened_from(tmp_path, toml))
    assert "Not yet" in text(talk.type("back"))
    assert "beginning of the lesson" in text(talk.type(":back"))
    assert text(talk.type(":next")) == "Answer first, or type show."
    assert "Right" in text(talk.type("next"))


def test_where_a_guess_is_asked_for_no_answer_is_offered_to_be_shown(tmp_path: Path) -> None:
    toml = of_one_weight('kind = "train"\nid = "run"\nto_loss = 0.01\nguess = true')
    assert text(Talk(opened_from(tmp_path, toml)).type("show")).strip() == "There is nothing to show here."


def test_every_phrase_about_keys_is_still_said_somewhere() -> None:
    """One that no lesson and no notice says any more would be kept for nothing."""
    root = Path(nn_tutor.__file__).parent
    texts = [path.read_text(encoding="utf-8") for path in (*root.rglob("*.py"), *course_folder().rglob("lesson.*"))]
    plain = re.sub(r"[`*]", "", " ".join(re.sub(r"\s+", " ", text) for text in texts))
    own = (root / "plain" / "keys.py").read_text(encoding="utf-8")
    outside = plain.replace(re.sub(r"[`*]", "", re.sub(r"\s+", " ", own)), "")
    gone = [phrase for phrase, _ in IN_WORDS if not re.search(re.escape(phrase).replace(r"\{\}", r".{1,40}?"), outside)]
    assert gone == []


def test_every_kind_of_station_has_a_voice() -> None:
    assert set(VOICES) == {*STATIONS.values(), Ended}


def test_help_tells_every_word() -> None:
    assert set(DOES) == set(WORDS)


HOSTILE = [
    "\x1b[31mred\x1b[0m", "[/]", "{0}", "%s", "\x00", "\u202e", "💥" * 50, "a" * 1_999, "9**9**9", "1/0", "nan", "()",
    "__import__('os')", ":", "::", ": :", ":nonsense", "-", "+", "∂L/∂w", "\ue000hint\ue001",
]  # fmt: skip


@pytest.mark.parametrize("line", HOSTILE)
def test_whatever_is_typed_is_answered_and_harmless(tmp_path: Path, line: str) -> None:
    talk = walking(tmp_path)
    said = talk.type(line)
    assert said
    assert talk.session.is_open
    assert all(one.isprintable() for one in said)
    assert not UNSPEAKABLE.search(text(said))
    assert "Right" in text(talk.type(right_answer(talk.session)))


def test_a_long_answer_is_refused_as_on_the_screen(tmp_path: Path) -> None:
    talk = walking(tmp_path)
    said = text(talk.type("1+" * MAX_CHARACTERS + "1"))
    assert "not read" in said.lower()


def test_where_tells_of_the_loss_only_where_a_network_is_at_work(tmp_path: Path) -> None:
    talk = Talk(opened_from(tmp_path, ONE_WEIGHT))
    assert "The loss:" not in text(talk.type("where"))  # a choice
    at_walk = text(walking(tmp_path).type("where"))
    assert "The loss: L equals open bracket o minus y close bracket squared, 1 sample." in at_walk
    first = Talk(opened_path(find("learning-from-data")))  # what a loss is comes in the second lesson
    first.type("b")
    first.type("")
    assert "The loss:" not in text(first.type("where"))


@pytest.mark.parametrize(
    ("skill", "said"),
    [
        ("activation-slope", "The activation is tanh. You may type"),
        ("hidden-delta", "The activation is sigmoid. You may type"),
        (
            "loss",
            "The loss: L equals 1 divided by 3 times sum of open bracket o minus y close bracket squared, 1 sample.",
        ),
    ],
)
def test_a_question_without_its_rule_says_which_activation_or_loss_is_meant(skill: Skill, said: str) -> None:
    talk = Talk(opened(round_of(skill, 4)))
    assert said in text(talk.first)
    assert text(talk.type("where")).startswith(f"Practice: {in_words(skill)}.")


def test_the_table_says_which_activations_there_are() -> None:
    talk = Talk(opened(round_of("hidden-delta", 4)))
    assert "The activations are sigmoid and none." in text(talk.type("table"))
    assert "The activations are sigmoid and none." in text(talk.type("where"))


def test_a_program_beside_a_question_is_read_line_by_line_with_what_is_missing() -> None:
    talk = Talk(opened_path(find("learning-rate")))
    while talk.session.activity.id != "missing-line":
        talk.type(right_line(talk.session))
    said = text(talk.type("again"))
    assert "Line 1: for step in range(10): line 2: slope = 2 * (x * w - y) * x; line 3: w = what is missing #" in said
    assert "a. w equals w minus lr times slope" in said


def test_what_was_heard_is_not_read_again_at_the_next_question_of_a_step() -> None:
    talk = Talk(opened_path(find("classification")))
    while talk.session.question is None or talk.session.question.ref.quantity != "z":
        talk.type(right_line(talk.session))
    assert "it shouts" in text(talk.type("again"))
    said = text(talk.type(right_line(talk.session)))
    assert "What does the network answer" in said
    assert "The chance." in said
    assert "it shouts" not in said


def test_after_the_end_enter_leads_on(tmp_path: Path) -> None:
    talk = Talk(opened_from(tmp_path, ONE_WEIGHT), following="5, Learning rate")
    while not talk.is_over:
        said = talk.type(right_line(talk.session))
    assert "Next is lesson 5, Learning rate. Press enter to open it" in text(said)
    assert "right at the first try" in text(said)
    talk.type("")
    assert talk.conversation.leaving == "on"


def test_a_title_that_means_mischief_is_shown_as_it_is(tmp_path: Path) -> None:
    toml = ONE_WEIGHT.replace('title = "Test of one weight"', 'title = "[/] {x} 100%"')
    talk = Talk(opened_from(tmp_path, toml))
    assert talk.first[0].isprintable()
    assert talk.first[0] == "[/] {x} 100%."


def test_words_tells_what_a_word_of_the_field_means_and_leaves_the_question_open(tmp_path: Path) -> None:
    talk = walking(tmp_path)
    assert text(talk.type("words epoch")).startswith("Epoch: Once through all the samples")
    assert "No word of the glossary holds" in text(talk.type("words xylophone"))
    assert "This lesson brings no new word." in talk.type("words")
    assert talk.session.is_open
