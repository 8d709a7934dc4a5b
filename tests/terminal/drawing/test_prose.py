from functools import partial

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nn_tutor.course.find import shipped_paths
from nn_tutor.course.load import load
from nn_tutor.course.outline import without_title
from nn_tutor.terminal.drawing import prose
from nn_tutor.terminal.drawing.ink import Drawing, Role, plain, width_of
from nn_tutor.terminal.drawing.prose import CODE, draw_prose, is_plain
from nn_tutor.terminal.sizes import WIDEST
from nn_tutor.tutor.lesson_run import LessonRun
from nn_tutor.tutor.session import begin
from tests.counting import calls


def drawn(text: str, width: int = 40) -> str:
    return plain(draw_prose(text, width))


def roles(text: str) -> dict[str, Role]:
    return {span.text.strip(): span.role for line in draw_prose(text, 76) for span in line}


def test_a_page_reads_as_it_was_written() -> None:
    page = """\
## Downhill

The slope is **positive**, so `w`
goes *down*. See [the article](https://example.org).

- one
- two, which is too long for one line of this page

9. nine
10. ten

### And then
It goes on.
"""
    assert drawn(page).splitlines() == [
        "Downhill",
        "",
        "The slope is positive, so w goes down.",
        "See the article.",
        "",
        "• one",
        "• two, which is too long for one line of",
        "  this page",
        "",
        " 9. nine",
        "10. ten",
        "",
        "And then",
        "It goes on.",
    ]


def test_parts_have_their_roles() -> None:
    found = roles("## Title\n\nplain **bold** and *stressed* `code`\n\n> said\n\n```\nprogram\n```\n\n---\n")
    assert found["Title"] == found["bold"] == found["stressed"] == "strong"
    assert found["plain"] == found["and"] == found["said"] == "text"
    assert found["code"] == CODE
    assert found["│"] == "muted"
    assert found["program"] == "output"
    assert found["─" * WIDEST] == "border"


def test_words_are_no_wider_than_the_eye_likes() -> None:
    lines = draw_prose("word " * 100, 200)
    assert max(map(width_of, lines)) <= WIDEST


def test_short_code_is_not_torn_apart() -> None:
    assert drawn("the slope is `2·(o − y)`, you see", 20).splitlines() == ["the slope is", "2·(o − y), you see"]


def test_code_is_indented_and_goes_on_below() -> None:
    code = "```python\nif x:\n\ty = 1  # a long remark\n```"
    assert drawn(code, 26).splitlines() == ["  if x:", "      y = 1", "          # a long remark"]
    assert all(len(one) <= 12 for one in drawn(code, 12).splitlines())  # cut only where there is no room at all


def test_a_table_has_straight_columns() -> None:
    assert drawn("|z|σ(z)|\n|--|-:|\n|−4|0.02|\n|0|0.5|\n").splitlines() == [
        "z    σ(z)",
        "──   ────",
        "−4   0.02",
        "0     0.5",
    ]


def test_a_wide_table_wraps_its_cells() -> None:
    table = "|what|why|\n|-|-|\n|one|because it is so|\n"
    assert drawn(table, 14).splitlines() == [
        "what   why",
        "────   ───────",
        "one    because",
        "       it is",
        "       so",
    ]


def test_quotes_and_lists_nest() -> None:
    assert drawn("> said\n>\n> - first\n>   - inner\n\n1. a\n\n   b\n").splitlines() == [
        "│ said",
        "│",
        "│ • first",
        "│   • inner",
        "",
        "1. a",
        "",
        "   b",
    ]


def test_a_line_ends_where_the_author_ends_it() -> None:
    assert drawn("one\\\ntwo") == "one\ntwo"


@pytest.mark.parametrize("text", ["<b>x</b>", "[/] [@click=app.quit] w[i]", "<script>\nalert(1)\n</script>", "&lt;"])
def test_nothing_is_acted_on(text: str) -> None:
    shown = " ".join(drawn(text, 76).split())
    assert shown == " ".join(text.replace("&lt;", "<").split())


def test_what_a_terminal_obeys_becomes_visible() -> None:
    shown = drawn("a\x1b[31m \u202eb `c\x07`\n\n```\n\x9b2J\n```", 76)
    assert shown.replace("\n", "").isprintable()
    assert r"\x1b[31m" in shown
    assert r"\u202e" in shown


def test_an_empty_page_has_no_lines() -> None:
    assert draw_prose("", 40) == ()
    assert draw_prose("\n \n", 40) == ()


def test_wide_characters_are_counted_in_cells() -> None:
    lines = draw_prose("学習率を小さくすると歩幅が小さくなる", 10)
    assert [width_of(line) for line in lines] == [10, 10, 10, 6]


def test_a_large_page_is_drawn_whole() -> None:
    assert sum(width_of(line) for line in draw_prose("x" * 1_000_000, 60)) == 1_000_000


def test_the_work_on_a_page_grows_as_the_page_does() -> None:
    small, large = (calls(partial(draw_prose, "x" * size, 60)) for size in (100_000, 400_000))
    assert large < 5 * small


MARKDOWN = st.text(alphabet="ab `*_#->|\\[]()<>!1.\n\t&;:=~\x1b学", max_size=120)


@settings(max_examples=150, deadline=None)
@given(st.one_of(MARKDOWN, st.text(max_size=60)), st.integers(1, 90))
def test_any_text_fits_any_width(text: str, width: int) -> None:
    for line in draw_prose(text, width):
        assert width_of(line) <= width
        assert all(span.text and not set(span.text) & set("\n\t\x1b") for span in line)


@given(st.lists(st.text(alphabet="abcdefg", min_size=1, max_size=30), min_size=1, max_size=40), st.integers(5, 90))
def test_no_word_is_lost(words: list[str], width: int) -> None:
    assert drawn(" ".join(words), width).replace("\n", "").replace(" ", "") == "".join(words)


MERE = st.text(alphabet="ab Éß學.,;:!?=+-—–()'\"“”‘’1/%·×′\u00a0\u2003\x1c\n`#*", max_size=60)
PARTS = ["## A title", "Words", "and more", "`w`", "`a*[b]`", "“so”", "", "\n", " (no)", "**bold", "words**", "**b**"]
PLAIN = st.lists(st.sampled_from([*PARTS, "\n\n```\n  if *x:\n    y\n```\n\n", "```", ".", " "]), max_size=9)


def parsed_alone(text: str, width: int) -> Drawing:
    """Draw words by the parser, even where they need none."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(prose, "is_plain", lambda text: False)
        return draw_prose.__wrapped__(text, width)


@settings(max_examples=400, deadline=None)
@given(st.one_of(PLAIN.map("\n".join), PLAIN.map("".join), MERE, MARKDOWN, st.text(max_size=60)), st.integers(1, 90))
@example("one\ntwo = 2\n\n\nthree", 40)
@example("one\n=\n", 40)
@example("one\n1. two", 40)
@example("one \u00a0\ntwo", 40)
@example("`a``b` c", 40)
@example("## `a` b\n\n`●` c `d e`", 40)
@example("so **it is**: **a** `b`\n**c**", 40)
@example("a**b**c **d.** ** e**", 40)
@example("a\n\n```\n1 ──▶ *2*\n\n```\n\n```\n  3\n```", 40)
def test_words_and_code_are_drawn_as_the_parser_reads_them(text: str, width: int) -> None:
    assert draw_prose.__wrapped__(text, width) == parsed_alone(text, width)


def test_what_the_parser_is_not_needed_for() -> None:
    for text in (
        "one\n\ntwo, (three)",
        "## A title",
        "## A title\n\n`x` is it:\nso `w[0]`.",
        '"Quite likely"',
        "so **it is**.",
        "a\n\n```\nx ──▶ y\n```",
    ):
        assert is_plain(text)
    for text in (
        "a *b*",
        "- a",
        "1. a",
        "a\n---",
        "a\n===",
        "a  \nb",
        "    a",
        "a <b>",
        "&lt;",
        "```",
        "```\na\n\n```",
        "a**b**",
        "` a `",
    ):
        assert not is_plain(text)


def test_most_lessons_begin_with_words_that_need_no_parser() -> None:
    opened = [begin(LessonRun(load(path))) for path in shipped_paths()]
    assert sum(is_plain(one.station.words) for one in opened) >= 20
    for one in opened:
        words = (without_title(one.lesson_run.introduction), one.station.words)
        assert [draw_prose.__wrapped__(text, 60) for text in words] == [parsed_alone(text, 60) for text in words]


def test_a_mark_of_a_map_has_the_colour_of_the_map() -> None:
    found = roles("`●` goes with Adam, `■` with plain descent; `w = 1` is code")
    assert (found["●"], found["■"], found["w = 1"]) == ("accent", "prediction", CODE)
