"""A choice told: what is asked, and its options by letter."""

from __future__ import annotations

from nn_tutor.judging.visible import visible
from nn_tutor.plain.voices.base import Voice
from nn_tutor.tutor.choosing import LETTERS
from nn_tutor.tutor.stations.choosing import Choosing


class ChoosingVoice(Voice[Choosing]):
    """A choice."""

    has_settings = False

    def question(self) -> str:
        """Return the prompt, as long as the choice is open."""
        return (
            " ".join(visible(part) for part in self.station.activity.prompt.split("\n")) if self.station.is_open else ""
        )

    def options(self) -> list[str]:
        """Return each option behind its letter."""
        options = self.station.activity.options
        return [f"{letter}. {visible(option.text)}" for letter, option in zip(LETTERS, options, strict=False)]

    def how(self) -> str:
        """Return which letters there are, and whether there is a picture to be heard first."""
        drawn = "" if self.wanted_picture() is None else " Type picture to hear what is drawn."
        return f"Type a letter, a to {LETTERS[len(self.station.activity.options) - 1]}.{drawn}"

    def shows(self) -> list[str]:
        """Return the prompt once more, with the right answer."""
        activity = self.station.activity
        right = next(option for option in activity.options if option.right)
        return [f"{visible(activity.prompt)} The answer is: {visible(right.text)}"]

    def revealed(self) -> list[str]:
        """Return the right option, once it was shown."""
        activity = self.station.activity
        if activity.id not in self.session.revealed:
            return []
        place, right = next((place, option) for place, option in enumerate(activity.options) if option.right)
        return [f"shown: {LETTERS[place]}. {visible(right.text)}"]
