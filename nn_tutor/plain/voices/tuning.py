"""Tuning told: numbers are typed until the loss, or a run, does what is wanted."""

from __future__ import annotations

from nn_tutor.calculus.names import activation, target
from nn_tutor.calculus.numerals import numeral
from nn_tutor.judging.visible import visible
from nn_tutor.plain.pictures import landscape, picture_in_words
from nn_tutor.plain.voices.base import Voice, judged
from nn_tutor.tutor.stations.tuning import Tuning
from nn_tutor.tutor.tuning import DOES, Tuned, loss_written

WANTED = {"crawl": "crawls", "arrive": "arrives", "overshoot": "overshoots", "diverge": "diverges"}


class TuningVoice(Voice[Tuning]):
    """Numbers to tune."""

    def question(self) -> str:
        """Return what is to be reached."""
        station, activity = self.station, self.station.activity
        if not station.is_open:
            return ""
        if activity.of:
            usual = f"Move {' and '.join(station.names)} until the loss is below {numeral(activity.to_loss)}."
        else:
            usual = f"Choose η so that the run {WANTED[activity.goal or 'arrive']}."
        return visible(activity.prompt) or usual

    def how(self) -> str:
        """Return what is typed, and how things stand."""
        names = self.station.names
        typed = (
            f"Type a number for {names[0]}."
            if len(names) == 1
            else f"Type {' and '.join(names)}, with a blank between."
        )
        drawn = self.station.shows_landscape or self.wanted_picture() is not None
        return f"{typed} {self._standing()}{' Type picture to hear what is drawn.' if drawn else ''}"

    def shows(self) -> list[str]:
        """Return how things stand, once the goal was reached."""
        return [self._standing()]

    def verdict(self) -> list[str]:
        """Return what the numbers do, and whether that is better than before."""
        attempt = self.station.last_attempt
        if attempt is None or attempt.question in self.session.revealed:
            return self.revealed()
        lines = judged(attempt.judgement)
        trail = self.station.trail
        if self.station.activity.of and attempt.judgement.verdict == "wrong":
            before = trail[-2][1] if len(trail) > 1 else None if (begun := self._begun) is None else begun.loss
            now = trail[-1][1] if trail else None
            if before is not None and now is not None and now != before:
                was = loss_written(before, self.station.activity)
                lines.append(f"That is {'lower' if now < before else 'higher'} than before: it was {was}.")
        return lines

    def revealed(self) -> list[str]:
        """Return the numbers that reach the goal, once they were shown."""
        if self.station.activity.id not in self.session.revealed:
            return []
        values = zip(self.station.names, self.station.values, strict=True)
        return [f"shown: {', '.join(f'{name} = {numeral(value)}' for name, value in values)}"]

    def table(self) -> list[str]:
        """Return the numbers, and each output beside its target."""
        station, tuned = self.station, self.station.tuned
        if tuned is None:
            return [self._standing()]
        network, rows, passed = station.lesson_run.network(station.index), tuned.passed.X.shape[0], tuned.passed
        lines = [self._standing()]
        for row in range(rows) if passed.Y is not None else ():
            for unit in range(network.outputs):
                assert passed.Y is not None
                o, y = float(passed.forward.o[row, unit]), float(passed.Y[row, unit])
                out = activation(network, rows, len(network.layers), row, unit)
                lines.append(f"{out} is {numeral(o)}, its target {target(network, rows, row, unit)} is {numeral(y)}.")
        return lines

    def picture(self) -> list[str]:
        """Return the loss over the numbers where it may be seen, and the lesson's own picture."""
        wanted, lines = self.station.activity.picture, []
        if self.station.shows_landscape:
            lines = landscape(self.session, self.station)
        elif wanted is None:
            return ["The picture comes once you have done it by hand. Type table for the outputs and their targets."]
        return lines + ([] if wanted is None else picture_in_words(self.session, wanted))

    @property
    def _begun(self) -> Tuned | None:
        return self.station.lesson_run.tuned(self.station.activity, self.station.begun)

    def _standing(self) -> str:
        station, tuned, activity = self.station, self.station.tuned, self.station.activity
        values = ", ".join(
            f"{name} is {numeral(value)}" for name, value in zip(station.names, station.values, strict=True)
        )
        if tuned is None:
            return f"{values}; the loss does not exist there."
        if not activity.of:
            did = "it does none of the four" if tuned.outcome is None else DOES[tuned.outcome]
            return f"{values}; in {len(tuned.path) - 1} passes {did}."
        loss, goal = loss_written(tuned.loss, activity), numeral(activity.to_loss)
        return f"{values}, and the loss L is {loss}; the goal is below {goal}."
