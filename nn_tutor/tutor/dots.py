"""The dots of a skill: how many there are, and which skill has the fewest. Home reads them before NumPy is loaded."""

from __future__ import annotations

from collections.abc import Mapping

from nn_tutor.walkthrough.skills import SKILLS, Skill

FULL = 3
"""How many dots are mastery."""


def weakest(dots: Mapping[str, int]) -> Skill | None:
    """Return the skill that needs practice most, of equals the one taught first; None where all are mastered."""
    return min((skill for skill in SKILLS if dots.get(skill, FULL) < FULL), key=lambda one: dots[one], default=None)
