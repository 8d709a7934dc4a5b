"""The end of a lesson or of a round told: answers, mistakes with what is right, the loss, and what is next."""

from __future__ import annotations

from nn_tutor.calculus.numerals import numeral
from nn_tutor.network.counted import counted
from nn_tutor.plain.voices.base import Voice
from nn_tutor.tutor.practice import PREFIX
from nn_tutor.tutor.stations.base import Ended
from nn_tutor.tutor.summary import summary_of
from nn_tutor.tutor.testing import result_in_words, result_of_session


class EndedVoice(Voice[Ended]):
    """The end."""

    def reading(self) -> list[str]:
        """Nothing is written for the end."""
        return []

    def shows(self) -> list[str]:
        """Return the summary, and the ways on."""
        test = self.session.lesson_run.test
        if test is not None:
            leave = "home" if self.setting.has_home else "quit"
            return [*result_in_words(test, result_of_session(self.session)), f"Press enter to go on, or type {leave}."]
        is_round = self.session.lesson_run.lesson.id.startswith(PREFIX)
        summed = summary_of(self.session)
        shown = f", {summed.shown} shown" if summed.shown else ""
        lines = ["That was the round." if is_round else "You reached the end of the lesson."]
        lines.append(f"{counted(summed.questions, 'question')}, {summed.first_try} right at the first try{shown}.")
        if summed.passes and not is_round:
            lines.append(counted(summed.passes, "pass", "passes") + ".")
        if len(summed.losses) > 1:
            lines.append(f"The loss went from {numeral(summed.losses[0])} to {numeral(summed.losses[-1])}.")
        for made in summed.mistakes:
            times = "Once" if made.times == 1 else "Twice" if made.times == 2 else f"{made.times} times"
            lines += [f"{times}: you {made.name}.", f"{made.rule}."]
        if not summed.mistakes:
            lines.append("None of the known mistakes.")
        ways = [] if is_round or self.setting.following else self.setting.look_ahead()
        if ways:
            lines.append("What you can do next:")
        lines += [f"{way.said}." if self.setting.has_home else f"{way.said}: {way.command}." for way in ways]
        return [*lines, self._on(is_round=is_round)]

    def _on(self, *, is_round: bool) -> str:
        leave = "home" if self.setting.has_home else "quit"
        if is_round:
            return f"Press enter for another round, or type {leave}."
        if self.setting.following:
            return f"Next is lesson {self.setting.following}. Press enter to open it, or type {leave}."
        return f"Press enter or type {leave} to leave."
