"""Prose: where a section belongs, what a placeholder names, how it is filled."""

from __future__ import annotations

import pytest

from nn_tutor.course.prose import Placeholder, Prose, fill, parse_prose
from nn_tutor.network.quantities import Ref, parse_ref


def parsed(text: str) -> Prose:
    prose, problems = parse_prose(text)
    assert problems == ()
    return prose


def plain(prose: Prose, anchor: str) -> str:
    return "".join(str(part) for part in prose.sections[anchor].parts)


def test_sections() -> None:
    prose = parsed(
        "# Title\n\nFirst.\n\n## One {#one}\n\ntext\n\n### no anchor\n\n    indented\n\n## Two   {#two:1} \n"
    )
    assert prose.introduction.parts == ("# Title\n\nFirst.",)
    assert list(prose.sections) == ["one", "two:1"]
    assert plain(prose, "one") == "text\n\n### no anchor\n\n    indented"
    assert (prose.sections["one"].title, prose.sections["two:1"].activity) == ("One", "two")
    assert prose.sections["two:1"].parts == ()


@pytest.mark.parametrize(
    "line", ["#One {#one}", "####### One {#one}", "## {#one} One", "text {#one}", "## A set {1, 2}"]
)
def test_what_is_no_section(line: str) -> None:
    prose = parsed(line)
    assert not prose.sections
    assert prose.introduction.parts == (line,)


@pytest.mark.parametrize("line", ["## One {one}", "### One {by-hand:2.backward.dW1[0,0]}"])
def test_a_heading_that_has_lost_its_sign_is_told(line: str) -> None:
    _, problems = parse_prose(f"text\n{line}\n")
    assert [(problem.line, "{#id}" in problem.mend) for problem in problems] == [(2, True)]


def test_a_number_in_a_heading_is_told() -> None:
    _, problems = parse_prose("## w is {{0.update.W1[0,0]}} {#one}\n\ntext\n")
    assert [problem.found for problem in problems] == ["a placeholder in a heading, which is not filled in there"]


def test_the_most_specific_section_wins() -> None:
    anchors = ["w", "w:1", "w:1.backward", "w:1.backward.dW", "w:1.backward.dW1", "w:1.backward.dW1[0,1]"]
    prose = parsed("\n".join(f"## {anchor} {{#{anchor}}}" for anchor in anchors))

    def found(activity: str, number: int | None = None, ref: Ref | None = None) -> str | None:
        section = prose.section_for(activity, number, ref)
        return None if section is None else section.anchor

    assert found("w") == "w"
    assert found("w", 2) == "w"
    assert found("w", 1) == "w:1"
    assert found("w", 1, parse_ref("loss")) == "w:1"
    assert found("w", 1, parse_ref("delta1[0,0]")) == "w:1.backward"
    assert found("w", 1, parse_ref("dW2[0,0]")) == "w:1.backward.dW"
    assert found("w", 1, parse_ref("dW1[0,0]")) == "w:1.backward.dW1"
    assert found("w", 1, parse_ref("dW1[0,1]")) == "w:1.backward.dW1[0,1]"
    assert found("other", 1) is None


@pytest.mark.parametrize(
    ("text", "placeholder"),
    [
        ("1.update.W1[0,0]", Placeholder("", "trace", None, 1, Ref("W", 1, (0, 0)))),
        ("0.update.b2[1]|3", Placeholder("", "trace", None, 0, Ref("b", 2, (1,)), decimals=3)),
        ("with-sigmoid:2.loss.loss", Placeholder("", "trace", "with-sigmoid", 2, Ref("loss"))),
        (" 12.backward.dL_do[0, 3] ", Placeholder("", "trace", None, 12, Ref("dL_do", None, (0, 3)))),
        ("x[0,1]|2", Placeholder("", "x", place=(0, 1), decimals=2)),
        ("other:y[3,0]", Placeholder("", "y", "other", place=(3, 0))),
        ("learning_rate", Placeholder("", "learning_rate")),
    ],
)
def test_placeholders(text: str, placeholder: Placeholder) -> None:
    before, found, after = parsed(f"a {{{{{text}}}}} b").introduction.parts
    assert (before, after) == ("a ", " b")
    assert isinstance(found, Placeholder)
    assert found.text == f"{{{{{text}}}}}"
    kept = (found.source, found.network, found.pass_number, found.ref, found.place, found.decimals)
    wanted = (placeholder.source, placeholder.network, placeholder.pass_number, placeholder.ref)
    assert kept == (*wanted, placeholder.place, placeholder.decimals)


def test_placeholders_are_filled() -> None:
    parts = parsed("{{x[0,0]}}{{y[0,1]|1}} and\n\n{{learning_rate}}.").introduction.parts
    values = {"x": 1.5, "y": 2.25, "learning_rate": 0.3}
    told = fill(parts, lambda hole: f"<{values[hole.source]}|{hole.decimals}>")
    assert told == "<1.5|None><2.25|1> and\n\n<0.3|None>."


def test_every_problem_is_told_with_its_line() -> None:
    _, problems = parse_prose(
        "{{w}}\n\n## A {#a}\n\n\nfine {{x[0,0]}}, {{y}}\n## B {#b}\n{{open\n## B {#b}\n\x1b[31m\n## {#}"
    )
    assert [(problem.line, problem.found) for problem in problems] == [
        (1, "{{w}}"),
        (6, "{{y}}"),
        (8, "{{ without }}"),
        (9, "the section {#b} stands twice"),
        (10, "the character U+001B"),
        (11, "a heading with an empty anchor"),
    ]
