"""The page: valid, alone, with every pass; and with the learner's own answers where they are asked for."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import html5lib
import pytest

from nn_tutor.cli import main
from nn_tutor.export.markdown import as_handout
from nn_tutor.export.page import as_page
from tests.export.learner import learned
from tests.export.lessons import LESSONS, document
from tests.given_homework import LESSONS as HOMEWORK

NAMES = [*LESSONS, *map(str, HOMEWORK)]
XHTML = "{http://www.w3.org/1999/xhtml}"
MOST_IN_A_COLUMN = 44


@cache
def page_of(name: str) -> str:
    """The page of a lesson."""
    return as_page(document(name))


@cache
def parsed(page: str) -> ElementTree.Element:
    """Read a page as strictly as HTML can be read; the first error is raised."""
    root: ElementTree.Element = html5lib.HTMLParser(strict=True).parse(page)
    return root


@pytest.mark.parametrize("name", NAMES)
def test_the_page_of_every_lesson_is_valid_and_asks_for_nothing(name: str) -> None:
    page = page_of(name)
    root = parsed(page)
    assert not re.search(r"https?:|//[a-z]|url\(|@import|<script|<link|<img|<iframe| src=", page)
    assert "default-src 'none'" in page
    assert root.get("lang") == "en"
    titles = ["".join(one.itertext()) for one in root.iter(f"{XHTML}h2")]
    assert len(titles) >= len(document(name).chapters)
    assert "{{" not in page
    assert "@media screen and (prefers-color-scheme: dark)" in page  # paper stays white


@pytest.mark.parametrize("name", LESSONS)
def test_every_line_of_every_pass_is_a_row_that_says_something(name: str) -> None:
    root = parsed(page_of(name))
    rows = [row for row in root.iter(f"{XHTML}tr") if row.get("class") != "phase"]
    lines = sum(len(sheet.lines) for chapter in document(name).chapters for sheet in chapter.sheets)
    assert len(rows) >= lines
    assert all("".join(row.itertext()).strip() for row in rows)
    for task in root.iter(f"{XHTML}div"):
        if task.get("class") == "task":
            assert len("".join(task.itertext()).strip()) > 10
    assert "not yet" not in page_of(name)


@pytest.mark.parametrize("name", NAMES)
def test_no_formula_of_a_table_is_wider_than_its_column_on_paper(name: str) -> None:
    """Browsers break no line within a formula: a longer one would push the values off the sheet."""
    cells = re.findall(r"<td>(.*?)</td>", page_of(name))
    formulas = [re.sub("<[^>]*>", "", math) for cell in cells for math in re.findall("<math.*?</math>", cell)]
    assert formulas or "<table>" not in page_of(name)
    assert [text for text in formulas if len(text) > MOST_IN_A_COLUMN] == []


@pytest.mark.parametrize("name", LESSONS)
def test_paper_has_no_keys_and_no_top_line(name: str) -> None:
    text = re.sub(r"<style>.*?</style>", "", page_of(name), flags=re.DOTALL)
    assert not re.search(r"arrow key|[Pp]ress <|\bTab\b|F2|<strong>(?:Enter|Esc|\?)|top line|[.?!]\.<|Σ squashes", text)
    assert not re.search(r"arrow key|[Pp]ress `|\bTab\b|`F2`|\*\*Enter|top line", as_handout(document(name)))


def test_headings_descend_by_one_so_that_they_can_be_walked_by_ear() -> None:
    for name in LESSONS:
        levels = [int(one.tag[-1]) for one in parsed(page_of(name)).iter() if re.fullmatch(r".*}h\d", str(one.tag))]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after - before <= 1 for before, after in pairwise(levels)), name


def test_the_network_is_drawn_and_told() -> None:
    page = as_page(document("hidden-layer"))
    root = parsed(page)
    svg = "{http://www.w3.org/2000/svg}"
    drawing = next(one for one in root.iter(f"{svg}svg"))
    assert len(list(drawing.iter(f"{svg}circle"))) == 7
    assert sum(one.get("class") in ("positive", "negative") for one in drawing.iter(f"{svg}line")) == 10
    assert drawing.get("aria-label") == "The network: 2 inputs, 2 hidden units (sigmoid), 3 outputs"
    labels = {"".join(one.itertext()) for one in drawing.iter(f"{svg}text")}
    assert {"w₁₂₁ −1.73", "a₁₁", "0.6851", "y₂ 1.42", "1.4717"} <= labels


def test_markup_in_a_lesson_stays_text(tmp_path: Path) -> None:
    folder = tmp_path / "hostile"
    folder.mkdir()
    (folder / "lesson.toml").write_text(
        'format_version = 1\nid = "hostile"\ntitle = "<script>alert(1)</script>"\n'
        '[[activity]]\nkind = "choose"\nid = "c"\nprompt = "<img src=x onerror=y> *a* [b](http://x)"\n'
        'options = [{text = "<b>1", right = true}, {text = "2", why = "</li>"}]\n',
        encoding="utf-8",
    )
    words = "# T\n\n<script>alert(2)</script> ![p](http://evil/x.png) [l](javascript:alert(3))"
    (folder / "lesson.md").write_text(f"{words}\n\n## C {{#c}}\n\n<iframe src='x'>\n", encoding="utf-8")
    page = as_page(document(str(folder)))
    parsed(page)
    assert not re.search(r"<script|<img|<iframe|javascript:alert\(3\)\"", page)
    assert "&lt;b&gt;1" in page


def test_with_mine_the_learners_answers_stand_beside_the_right_ones(progress_of_its_own: Path, tmp_path: Path) -> None:
    learned("chain-rule", {"gears": ["a"], "first-step": ["3.302", "2.75"]})
    target = tmp_path / "mine.html"
    assert main(["export", "chain-rule", "--to", "html", "--mine", "--output", str(target)]) == 0
    page = target.read_text(encoding="utf-8")
    root = parsed(page)
    own = [
        " ".join("".join(one.itertext()).split())
        for one in root.iter(f"{XHTML}li")
        if one.get("class") in ("right", "wrong")
    ]
    assert any(text.startswith("✗ a not yet: 3 turns is what one turn of o makes") for text in own)
    assert any(text.startswith("✗ 3.302 not yet: you added the step") for text in own)
    assert any(text.startswith("✓ 2.198 right") for text in own)
    yours = [
        " ".join("".join(one.itertext()).split()) for one in root.iter(f"{XHTML}td") if one.get("class") == "yours"
    ]
    assert "✓ 2.198" in yours
    bare = as_page(document("chain-rule"))
    assert 'class="yours"' not in bare
    assert 'class="mine"' not in bare


def test_with_mine_but_no_answer_nothing_is_said_of_answers(tmp_path: Path) -> None:
    target = tmp_path / "mine.html"
    assert main(["export", "slope", "--to", "html", "--mine", "--output", str(target)]) == 0
    page = target.read_text(encoding="utf-8")
    assert 'class="mine"' not in page
    assert 'class="yours"' not in page


def test_answers_to_other_numbers_are_not_shown(progress_of_its_own: Path, tmp_path: Path) -> None:
    learned("chain-rule", {"first-step": ["3.302"]}, tamper=lambda content: {**content, "of": "00000000"})
    target = tmp_path / "mine.md"
    assert main(["export", "chain-rule", "--to", "md", "--mine", "--output", str(target)]) == 0
    assert "3.302" not in target.read_text(encoding="utf-8")
