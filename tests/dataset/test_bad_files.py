"""Every file that cannot be used gets a message that names the place and the mend."""

from __future__ import annotations

import pytest

from nn_tutor.dataset.faults import DataError
from nn_tutor.dataset.reading import MAX_BYTES, check_size
from tests.dataset.bad_files import BAD
from tests.dataset.lessons import lesson_on


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_used_is_refused_with_place_and_mend(name: str) -> None:
    bad = BAD[name]
    with pytest.raises(DataError) as raised:
        lesson_on(bad.raw, bad.options)
    (finding,) = raised.value.findings
    assert bad.place in finding.key
    assert bool(bad.place) or finding.key == ""
    assert bad.found in finding.found
    assert bad.mend in finding.mend
    said = str(raised.value)
    assert said.startswith("mine.csv: ")
    assert len(said) < 300
    assert said.isprintable()


def test_a_huge_file_is_refused_before_it_is_read() -> None:
    check_size("mine.csv", MAX_BYTES)
    with pytest.raises(DataError, match=r"1,024 MB, too large"):
        check_size("mine.csv", 2**30)
