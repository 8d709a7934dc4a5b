"""Files that were made to hang or to break the program: refused or read, with work that grows as the file does."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nn_tutor.course.files import MAX_BYTES
from nn_tutor.course.findings import MAX_FINDINGS, Finding, LessonError
from nn_tutor.course.load import load
from tests.counting import calls
from tests.course.good_lesson import GOOD
from tests.course.test_load import PROSE, WHOLE

CALLS = 20
"""Functions that may be called for each character of a file; where work is square in its size, thousands are."""


def filled(unit: str, head: str = "", tail: str = "") -> str:
    """Return a text of a quarter of the largest size, made of many units: enough to tell work that is square in it."""
    room = MAX_BYTES // 4 - len((head + tail).encode()) - 1
    return head + unit * (room // len(unit.encode())) + tail


LESSONS = {
    "a key of many parts": filled("a.", tail="a = 1"),
    "a header of many parts": filled("a.", "[", "a]"),
    "an inline key of many parts": filled("a.", "x = {", "a = 1}"),
    "quoted parts": filled('"a".', tail="a = 1"),
    "quoted parts with commas": filled('".,".', tail="a = 1"),
    "parts in literal quotes": filled("',' . ", tail="a = 1"),
    "many keys of some parts": "".join(f"{'a.' * 15}a{number} = 1\n" for number in range(5_000)),
    "mixed parts": "".join(".".join(['",.,"', *"a" * 15] * 16) + f".a{number} = 1\n" for number in range(400)),
    "escapes": filled(r"\n", 'title = "', '"'),
    "line ends": filled("\\\n", 'title = """', '"""'),
    "digits": filled("1", "format_version = 0."),
    "hexadecimal digits": filled("f", "format_version = 0x"),
    "tables": filled("[[activity]]\n"),
    "asks": GOOD.replace('["W"]', "[" + '"q",' * 50_000 + "]"),
    "an ask": GOOD.replace('["W"]', '["' + ",1]" * 75_000 + '@x"]'),
    "a choice of blanks": filled(" ", '[[activity]]\nkind = "choose"\nprompt = "', '"'),
    "weights": GOOD.replace("[[0.4, 1.2]]", "[[" + "1," * 100_000 + "]]"),
    "rows": GOOD.replace("[[1.3, 1.1]]", "[" + "[1,1]," * 40_000 + "]"),
    "unknown keys": "".join(f"k{number} = 1\n" for number in range(25_000)),
    "brackets": filled("["),
    "braces": filled("{a=", "x = "),
    "quotes": filled('"'),
    "returns": filled("\r"),
}

PAGES = {
    "blanks in a heading": filled(" ", "# "),
    "number signs": filled("#"),
    "braces": filled("{"),
    "braces in pairs": filled("{{ }"),
    "closed braces": filled("{{}}"),
    "holes": filled("{{x[0,0]}}\n", "# A {#walk}\n"),
    "holes on a line": filled("{{x[0,0]}}", "# A {#walk}\n"),
    "holes that are not there": filled("{{x[9,0]}}\n", "# A {#walk}\n"),
    "sections": "".join(f"# A {{#walk:{number}}}\n" for number in range(12_000)),
    "anchors": filled("{#", "# ", "}"),
    "a long anchor": filled("a", "# {#", "}"),
    "commas": filled(",1", "# A {#walk}\n{{x[0", "]}}"),
    "line breaks": filled("\n"),
}


def load_within_bounds(folder: Path) -> list[str]:
    """Load a lesson and return its findings; nothing but `LessonError` may come out."""
    findings: tuple[Finding, ...] = ()

    def run() -> None:
        nonlocal findings
        try:
            load(folder)
        except LessonError as error:
            findings = error.findings

    size = sum((folder / name).stat().st_size for name in ("lesson.toml", "lesson.md") if (folder / name).exists())
    assert calls(run) < CALLS * size + 100_000
    assert len(findings) <= 2 * MAX_FINDINGS
    assert all(len(str(finding)) < 1000 for finding in findings)
    return [str(finding) for finding in findings]


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_that_was_made_to_hang(name: str, tmp_path: Path) -> None:
    (tmp_path / "lesson.toml").write_text(LESSONS[name], encoding="utf-8", newline="")
    findings = load_within_bounds(tmp_path)
    assert findings
    assert not any("1 MiB" in finding for finding in findings)


@pytest.mark.parametrize("name", PAGES)
def test_prose_that_was_made_to_hang(name: str, tmp_path: Path) -> None:
    (tmp_path / "lesson.toml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "lesson.md").write_text(PAGES[name], encoding="utf-8", newline="")
    assert not any("1 MiB" in finding for finding in load_within_bounds(tmp_path))


NUMBERS = ["nan", "-inf", "-1", "0", "1.5", "1e400", "1e308", "99999999999999999999", "0xffffffffffffffffffff"]
TEXTS = ["''", "'x'", '"\\u001b"', "'\u202e'", '"""\n"""', "1979-05-27", "07:32:00", "true"]
LISTS = ["[]", "[[]]", "[[[]]]", "[1]", "[[1], 2]", "[[1], [1, 2]]", "['x']", "{}", "{a = 1}", "[{}]"]
VALUES = st.sampled_from(NUMBERS + TEXTS + LISTS)


@st.composite
def mutated(draw: st.DrawFn, text: str) -> bytes:
    """Draw a file that was good before some of its lines, values and bytes were changed."""
    lines = text.split("\n")
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(lines) - 1))
        kind = draw(st.sampled_from(["take out", "twice", "value", "swap", "key"]))
        key, is_value, _ = lines[place].partition("=")
        if kind == "take out":
            del lines[place]
        elif kind == "twice":
            lines.insert(place, lines[place])
        elif kind == "swap":
            other = draw(st.integers(0, len(lines) - 1))
            lines[place], lines[other] = lines[other], lines[place]
        elif kind == "value" and is_value:
            lines[place] = f"{key}= {draw(VALUES)}"
        elif kind == "key" and is_value:
            lines[place] = draw(st.text(max_size=8)) + lines[place]
        lines = lines or [""]
    content = bytearray("\n".join(lines).encode())
    for _ in range(draw(st.integers(0, 2))):
        if content:
            content[draw(st.integers(0, len(content) - 1))] = draw(st.integers(0, 255))
    return bytes(content)


@settings(
    deadline=None, max_examples=75, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(lesson=mutated(WHOLE), prose=mutated(PROSE))
def test_a_damaged_lesson_is_read_or_told(lesson: bytes, prose: bytes, tmp_path: Path) -> None:
    (tmp_path / "lesson.toml").write_bytes(lesson)
    (tmp_path / "lesson.md").write_bytes(prose)
    for finding in load_within_bounds(tmp_path):
        assert finding.isprintable()
        assert finding.startswith(str(tmp_path))
        assert "; " in finding


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(content=st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_any_file_is_read_or_told(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "lesson.toml").write_bytes(content)
    (tmp_path / "lesson.md").write_bytes(content)
    assert load_within_bounds(tmp_path)
