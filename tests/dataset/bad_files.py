"""Data files that cannot be used: the bytes, and what has to be said of each."""

from __future__ import annotations

from dataclasses import dataclass, field

from nn_tutor.dataset.proposal import Options

GOOD = ["1,2,x", "2,3,y", "3,5,x", "4,1,y", "5,4,x", "6,2,y"]


@dataclass(frozen=True)
class Bad:
    """`place` is what the message says of where it is, `mend` a part of what it says to do."""

    raw: bytes
    place: str
    found: str
    mend: str
    options: Options = field(default_factory=Options)


def rows(*changed: str, names: str = "a,b,kind", at: int = 2) -> bytes:
    """The good rows below their names, some of them changed from index `at` on; so the line is `at` + 2."""
    lines = list(GOOD)
    lines[at : at + len(changed)] = changed
    return "\n".join([names, *lines, ""]).encode()


def wide(count: int) -> bytes:
    names = ",".join(f"c{n}" for n in range(count))
    return "\n".join([names, *(",".join(str(row * n % 7 + 0.5) for n in range(count)) for row in range(1, 9))]).encode()


BAD: dict[str, Bad] = {
    "empty": Bad(b"", "", "nothing in it", "line of names"),
    "only blank lines": Bad(b"\n\n  \n", "", "nothing in it", "line of names"),
    "only a mark": Bad(b"\xef\xbb\xbf", "", "nothing in it", "line of names"),
    "no rows": Bad(b"a,b,kind\n", "line 1", "no rows", "at least 5 rows"),
    "one row": Bad(b"a,b,kind\n1,2,x\n", "line 2", "one row", "at least 5 rows"),
    "four rows": Bad("\n".join(["a,b,kind", *GOOD[:4]]).encode(), "line 5", "4 rows", "at least 5 rows"),
    "no names": Bad("\n".join(["1,2,3"] * 8).encode(), "line 1", "numbers where the names", "--no-header"),
    "one column": Bad(b"a\n1\n2\n3\n4\n5\n", "line 2", "only one column", "separate the cells"),
    "a cell too few": Bad(rows("3,5"), 'line 4, column "b"', "2 cells, but there are 3 columns", "a cell for each"),
    "a cell too many": Bad(rows("3,5,x,7"), "line 4", "4 cells, but there are 3 columns", "in quotes"),
    "text among numbers": Bad(rows("3,tall,x"), 'line 4, column "b"', '"tall" is not a number', "empty the cell"),
    "NaN": Bad(rows("3,NaN,x"), 'line 4, column "b"', '"NaN" is nothing to calculate', "empty the cell"),
    "infinity": Bad(rows("-inf,5,x"), 'line 4, column "a"', '"-inf" is nothing to calculate', "empty the cell"),
    "1e999": Bad(rows("3,1e999,x"), 'line 4, column "b"', "too large", "smaller"),
    "a decimal comma between commas": Bad(rows('3,"5,5",x'), 'line 4, column "b"', "comma", "point"),
    "a thousands separator": Bad(rows('3,"1,000.5",x'), 'line 4, column "b"', "not a number", "correct it"),
    "points among decimal commas": Bad(
        b"a;b\n1,5;2\n2,5;3\n3.5;3\n4,5;4\n5,5;5\n", 'line 4, column "a"', "has a point", "one way"
    ),
    "an underscore": Bad(rows("1_000,5,x"), 'line 4, column "a"', "not a number", "correct it"),
    "a unit": Bad(rows("3 cm,5,x"), 'line 4, column "a"', '"3 cm" is not a number', "correct it"),
    "a quote that is not closed": Bad(rows('"3,5,x'), "line 4", "not closed", '""'),
    "a quote inside a cell": Bad(rows('"3"4,5,x'), "line 4", "inside a cell", '""'),
    "an endless cell": Bad(rows(f"{'9' * 20_000},5,x"), "line 4", "more than 10,000 characters", "shorten"),
    "65 columns": Bad(wide(65), "line 1", "65 columns", "--inputs"),
    "a workbook": Bad(b"PK\x03\x04" + b"\0" * 500, "", "workbook", "as CSV"),
    "a picture": Bad(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "line 3", "not text", "a file of text"),
    "Latin-1": Bad(rows("3,5,caf\xe9").decode().encode("latin-1"), "line 4", "not in UTF-8", "as UTF-8"),
    "half a UTF-16 file": Bad("a,b\n1,2\n".encode("utf-16")[:-1], "line 2", "not in UTF-8", "as UTF-8"),
    "an escape code in a name": Bad(rows(names="a,b\x1b[2J,kind"), "line 1", "U+001B", "take it out"),
    "too many rows": Bad(b"a,b\n" + b"1,2\n" * 10_001, "line 10002", "more than 10,000 rows", "at most 10,000"),
    "only one class": Bad(
        rows(*(f"{n},2,x" for n in range(6)), at=0), 'column "kind"', 'only one value, "x"', "--target", Options("kind")
    ),
    "one value everywhere": Bad(b"a,b\n" + b"1,2\n" * 8, 'line 2, column "b"', "nothing to predict", "different"),
    "one class among complete rows": Bad(
        b"a,kind\n1,x\n2,x\n3,x\n4,x\n5,x\n,y\n", 'column "kind"', 'only one class, "x"', "other values"
    ),
    "a target without values": Bad(
        b"a,b,c\n" + b"1,2,\n2,3,\n" * 4, 'column "c"', "missing", "--target", Options(target="c")
    ),
    "hardly a complete row": Bad(
        b"a,b,c\n1,,3\n2,3,4\n,4,1\n4,,2\n5,6,\n6,7,8\n7,1,2\n,1,3\n", 'column "', "only 3 rows", "fill them in"
    ),
    "a class for each row": Bad(
        "\n".join(["a,name", *(f"{n},person {n}" for n in range(9))]).encode(),
        'column "name"',
        "class of its own",
        "--",
    ),
    "a target that is no column": Bad(rows(), "", '"knd", which is no column', '"kind"', Options(target="knd")),
    "an input that is no column": Bad(rows(), "", '"z", which is no column', 'it has "a"', Options(inputs=("z",))),
    "words as a number": Bad(rows(), 'column "kind"', "words", "classification", Options(task="regression")),
    "too many classes": Bad(
        "\n".join(["a,n", *(f"{n % 5},{n}.5" for n in range(200))]).encode(),
        'column "n"',
        "too many to be classes",
        "regression",
        Options(task="classification"),
    ),
    "nothing to predict from": Bad(
        "\n".join(["same,n", *(f"1,{n % 4}.5" for n in range(30))]).encode(),
        'column "same"',
        "no column is left",
        "give",
    ),
    "the target left out": Bad(
        rows(), 'column "kind"', "left out", "--without", Options(target="kind", without=("kind",))
    ),
    "too many labels": Bad(
        "\n".join(
            [",".join([*(f"c{n}" for n in range(7)), "y"])]
            + [",".join([*(f"word {(row + n) % 11}" for n in range(7)), str(row * 0.5)]) for row in range(60)]
        ).encode(),
        'column "c',
        "77 inputs",
        "--without",
    ),
    "numbers whose squares are too large": Bad(
        b"a,b\n1e200,1.5\n-1e200,2.5\n3e200,3.5\n1e200,4.5\n5e200,5.5\n2e200,7.5\n",
        'column "a"',
        "too large",
        "smaller",
    ),
    "a row to walk that is not there": Bad(
        rows(), "line 99", "no row that is complete", "a line such as", Options(row=99)
    ),
    "all rows to test on": Bad(rows(), "", "100% of the rows", "1 to 50", Options(test_part=1.0)),
    "65 hidden units": Bad(rows(), "", "65 units", "1 to 64", Options(hidden=(65,))),
    "no learning rate": Bad(rows(), "", "-1.0", "0 or above", Options(learning_rate=-1.0)),
}
