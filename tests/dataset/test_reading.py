"""A data file is read as it was meant, whatever separates its cells."""

from __future__ import annotations

import pytest

from nn_tutor.dataset.columns import columns_of
from nn_tutor.dataset.reading import Table, read_table

ROWS = [("5.1", "3.5", "red"), ("4.9", "3", "red"), ("7", "3.2", "blue"), ("6.4", "3.2", "blue"), ("6.9", "3.1", "red")]


def written(separator: str = ",", end: str = "\n", comma: bool = False, names: str = "long,wide,colour") -> bytes:
    rows = [names.split(","), *ROWS]
    lines = [separator.join(cell.replace(".", ",") if comma else cell for cell in row) for row in rows]
    return end.join([*lines, ""]).encode()


def read(raw: bytes) -> Table:
    return read_table("flowers.csv", raw)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_what_separates_the_cells_is_found(separator: str, end: str, mark: bytes) -> None:
    table = read(mark + written(separator, end))
    assert table.separator == separator
    assert table.names == ("long", "wide", "colour")
    assert table.lines == (2, 3, 4, 5, 6)
    long, _, colour = columns_of(table)
    assert long.values == (5.1, 4.9, 7.0, 6.4, 6.9)
    assert (long.kind, colour.kind, colour.labels) == ("number", "label", ("blue", "red"))


@pytest.mark.parametrize("separator", [";", "\t"])
def test_decimal_commas_are_read(separator: str) -> None:
    assert columns_of(read(written(separator, comma=True)))[0].values == (5.1, 4.9, 7.0, 6.4, 6.9)


def test_a_file_in_utf_16_says_so_itself_and_is_read() -> None:
    assert read(written().decode().encode("utf-16")).names == ("long", "wide", "colour")


def test_what_a_spreadsheet_says_of_its_separator_is_believed() -> None:
    table = read(b"sep=;\r\n" + written(";", "\r\n"))
    assert table.names == ("long", "wide", "colour")
    assert table.lines[0] == 3


def test_quotes_hold_separators_line_ends_and_quotes() -> None:
    raw = b'"a, or ""b""",n\n"x\ny",1\nz,2\nz,3\nz,4\nz,5\n'
    table = read(raw)
    assert table.names == ('a, or "b"', "n")
    assert table.columns[0][0] == "x\ny"
    assert table.lines == (2, 4, 5, 6, 7)


def test_blanks_around_names_and_cells_do_not_count() -> None:
    table = read(b" sepal  length , kind \n 1 , a \n2,b\n3 , a\n 4,b\n5,a\n")
    assert table.names == ("sepal length", "kind")
    first, second = columns_of(table)
    assert first.values == (1.0, 2.0, 3.0, 4.0, 5.0)
    assert second.labels == ("a", "b")


def test_columns_of_one_name_are_told_apart_and_nameless_ones_are_named() -> None:
    table = read(b"a,a,,a\n1,2,3,4\n1,2,3,5\n2,2,3,4\n1,2,9,4\n1,2,3,4\n")
    assert table.names == ("a", "a (2)", "column 3", "a (3)")
    assert len(table.notes) == 3


def test_empty_lines_are_skipped_and_the_lines_stay_those_of_the_file() -> None:
    table = read(b"\na,b\n\n1,2\n,\n2,3\n3,4\n4,5\n5,6\n\n")
    assert table.lines == (4, 6, 7, 8, 9)
    assert table.notes == ("4 empty lines skipped",)


def test_without_a_line_of_names_the_columns_are_counted() -> None:
    table = read_table("bare.csv", b"1,2\n2,3\n3,4\n4,5\n5,6\n", header=False)
    assert table.names == ("column 1", "column 2")
    assert table.rows == 5


@pytest.mark.parametrize("missing", ["", "NA", "?", "null", " "])
def test_a_missing_value_is_known_whichever_way_it_is_written(missing: str) -> None:
    column = columns_of(read(f"a,b\n1,x\n{missing},y\n3,x\n4,y\n5,x\n".encode()))[0]
    assert column.kind == "number"
    assert column.values == (1.0, None, 3.0, 4.0, 5.0)
    assert column.missing == 1


def test_kinds_of_columns() -> None:
    lines = ["id,same,none,words,word,number"]
    lines += [f"{n},1.0,,text {n},{'ab'[n % 2]},{n * n}" for n in range(1, 21)]
    kinds = {column.name: column.kind for column in columns_of(read("\n".join(lines).encode()))}
    assert kinds == {
        "id": "counter",
        "same": "constant",
        "none": "empty",
        "words": "text",
        "word": "label",
        "number": "number",
    }


def test_a_true_minus_is_a_minus() -> None:
    assert columns_of(read("a,b\n−1.5,1\n2,2\n3,3\n4,4\n5,5\n".encode()))[0].values[0] == -1.5
