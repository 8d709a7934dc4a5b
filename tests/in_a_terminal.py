"""The program in a real terminal: typing a line, and the way through the lesson of one weight to its question."""

from __future__ import annotations

from tests.benchmarks.prober import Probe

ON_THE_WAY = ("  2/", "type a nudge first", *(f"step {number} of" for number in range(1, 7)))
"""What each Enter brings, from the choice at the beginning to the first question: where w goes."""


def type_line(probe: Probe, text: str) -> None:
    """Press a key for each character, then Enter."""
    for character in text:
        probe.press(character)
    probe.press("enter")


def answer_the_choice(probe: Probe) -> None:
    """Answer what the lesson of one weight begins with."""
    probe.wait_for("  1/")
    type_line(probe, "1")
    probe.wait_for("✓ right")


def go_on_to_the_question(probe: Probe) -> None:
    """Walk from the answered choice to the first question."""
    for text in ON_THE_WAY:
        probe.press("enter")
        probe.wait_for(text)
    probe.until_shown("answering")


def walk_to_the_question(probe: Probe) -> None:
    """Walk from the beginning of the lesson of one weight to its first question."""
    answer_the_choice(probe)
    go_on_to_the_question(probe)
