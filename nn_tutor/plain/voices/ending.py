"""The end of a lesson or of a round told: answers, mistakes with what is right, the loss, and what is next."""

from __future__ import annotations

from nn_tutor.calculus.numerals import numeral
from nn_tutor.judging.diagnosis import introduced
from nn_tutor.network.counted import counted
from nn_tutor.plain.prose import ended
from nn_tutor.plain.voices.base import Voice
from nn_tutor.tutor.stations.base import Ended
from nn_tutor.tutor.summary import NOTHING_NAMED, Summary, summary_of
from nn_tutor.tutor.testing import result_in_words, result_of_session
from nn_tutor.walkthrough.skills import in_words


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
            result = result_in_words(test, result_of_session(self.session))
            return [*result, *self._ways(), f"Press enter to go on, or type {leave}."]
        is_round = self.session.lesson_run.is_round
        summed = summary_of(self.session)
        shown = f", {summed.shown} shown" if summed.shown else ""
        lines = ["That was the round." if is_round else "You reached the end of the lesson."]
        lines.append(f"{counted(summed.questions, 'question')}, {summed.first_try} right at the first try{shown}.")
        if summed.passes and not is_round:
            lines.append(counted(summed.passes, "pass", "passes") + ".")
        if len(summed.losses) > 1:
            lines.append(f"The loss went from {numeral(summed.losses[0])} to {numeral(summed.losses[-1])}.")
        lines += _missed(summed)
        for made in summed.mistakes:
            times = "Once" if made.times == 1 else "Twice" if made.times == 2 else f"{made.times} times"
            lines += [f"{times}: you {made.name}.", f"{made.rule}."]
        if not summed.mistakes and (summed.wrong or summed.is_faultless):
            lines.append("No mistakes." if summed.is_faultless else NOTHING_NAMED)
        if is_round:
            lines += self._ways()
        elif not self.setting.following and (ways := self._ways()):
            lines += ["What you can do next:", *ways]
        return [*lines, self._on(is_round=is_round)]

    def _ways(self) -> list[str]:
        """The ways on, a sentence each; without a home each with the command that takes it."""
        ways = self.setting.look_ahead()
        if self.setting.has_home:
            return [ended(way.said) for way in ways]
        return [ended(introduced(way.said, way.command) if way.command else way.said) for way in ways]

    def _on(self, *, is_round: bool) -> str:
        leave = "home" if self.setting.has_home else "quit"
        if is_round:
            return f"Press enter for another round, or type {leave}."
        if self.setting.following:
            return f"Next is lesson {self.setting.following}. Press enter to open it, or type {leave}."
        return f"Press enter or type {leave} to leave."


def _missed(summed: Summary) -> list[str]:
    """The skills of a round that are worth another look."""
    told = [f"{in_words(one.skill)}, missed {one.times} of {one.of}" for one in summed.missed]
    return [f"Look at these again: {'; '.join(told)}."] if told else []
