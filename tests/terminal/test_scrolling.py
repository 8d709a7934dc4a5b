"""Words that are longer than their place: the footer offers to scroll them there alone, and their end is an end."""

from __future__ import annotations

from itertools import product

import pytest

from nn_tutor.terminal.drawing.ink import plain
from nn_tutor.terminal.panels.reading import draw_reading
from nn_tutor.terminal.parts import Looks, Setting, draw_parts, plan_for
from nn_tutor.tutor.session import Session
from tests.lessons_for_tests import DERIVER
from tests.terminal.test_chain_sizes import walked


def seen(session: Session, size: tuple[int, int], scrolled: int = 0) -> tuple[str, str, int]:
    """The body, the footer, and how far it is scrolled in truth, while the learner looks around."""
    looks = Looks("looking", scrolled=scrolled)
    parts, at = draw_parts(session, plan_for(session, *size, looks), looks, Setting(deriver=DERIVER))
    return plain([*parts["left"], *parts["right"]]), plain(parts["footer"]), at


@pytest.mark.parametrize("place", [3, 8, 14])
def test_the_footer_offers_to_scroll_where_something_moves_alone_and_the_end_is_an_end(place: int) -> None:
    offered = set[bool]()
    for size, session in product([(80, 24), (60, 16)], walked(place)):
        first, footer, _ = seen(session, size)
        last, _, at = seen(session, size, 99)
        offered.add(" scroll" in footer)
        if " scroll" in footer:
            assert last != first, first
        if at > 0:
            assert seen(session, size, at - 1)[0] != last, last  # one line up is seen at once
    assert offered == {False, True}


def test_words_of_which_one_line_is_seen_can_be_read_to_their_end() -> None:
    text = "One line.\n\nAnother line.\n\nThe last line."
    seen_one_by_one = [plain(draw_reading(text, 60, 1, scrolled)).strip() for scrolled in range(4)]
    assert seen_one_by_one == ["One line. ↓", "Another line. ↓", "The last line.", "The last line."]
