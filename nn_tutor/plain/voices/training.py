"""A training run told: how far it is, and what went wrong with it, if something did."""

from __future__ import annotations

from collections.abc import Iterator

from nn_tutor.calculus.numerals import apart, numeral
from nn_tutor.course.picture import Picture
from nn_tutor.plain.pictures import picture_in_words
from nn_tutor.plain.voices.base import Voice
from nn_tutor.tutor.outcomes import basis_of_guess, guess_asked, outcome, rival_of
from nn_tutor.tutor.stations.training import Training

TENTHS = 10

ANY = "Any whole number; nothing depends on it."


class TrainingVoice(Voice[Training]):
    """A run to listen to."""

    def question(self) -> str:
        """Return the question for a guess, as long as there is none."""
        if not self.station.is_open:
            return ""
        return guess_asked(self.station)

    def how(self) -> str:
        """Return what a guess is."""
        basis = basis_of_guess(self.station)
        return f"{basis}. {ANY}" if basis else ANY

    def reading(self) -> list[str]:
        """Return the words at the beginning of the run, and those of a pass that has words of its own."""
        station = self.station
        begins = station.shows_words and not station.guesses
        return super().reading() if begins or station.has_own_words else []

    def shows(self) -> list[str]:
        """Return how far the run is, and how it goes on."""
        return [self.standing(), *self.ways()]

    def verdict(self) -> list[str]:
        """Return how the run goes on after a guess."""
        return self.shows() if not self.station.is_open else []

    def ways(self) -> list[str]:
        """Return what may be typed here."""
        station = self.station
        others = " Type weights to draw others at random." if station.activity.reseed else ""
        if station.activity.stop_early and not station.has_stopped_early:
            return ["Press enter to let it run, next for one pass; or type the pass at which you would have stopped."]
        if not station.has_arrived:
            return [f"Press enter to let it run, next for one pass; or type a loss to run to.{others}"]
        ends = bool(station.run.stopped) or station.place.pass_number >= station.activity.last_pass
        return [f"Press enter to go on{'' if ends else ', or type run to run on'}.{others}"]

    def standing(self) -> str:
        """Return how far the run is, in a sentence."""
        station, activity, number, loss = (
            self.station,
            self.station.activity,
            self.station.place.pass_number,
            self.station.loss,
        )
        goal = numeral(activity.to_loss)
        if loss is None or (station.run.stopped and number >= len(station.run.losses)):
            return f"The run stops at pass {number:,}: {station.run.stopped}."
        said = f"Pass {number:,}: the loss is {apart(loss, activity.to_loss)}"
        if number <= len(station.run.held_out_losses):
            said += f", that of the test samples {numeral(station.run.held_out_losses[number - 1])}"
        if station.has_stopped_early:
            return f"{said}. {outcome(station)}"
        if loss < activity.to_loss:
            if rival_of(station):
                return f"{said}. {outcome(station)}"
            took = f", after {number:,} passes; you guessed {station.guess_said}" if station.guesses else ""
            return f"{said}, below {goal}{took}."
        if station.has_arrived:
            return f"Pass {number:,}. {told_end}" if (told_end := outcome(station)) else f"{said}, and goes no further."
        return f"{said}; the goal is below {goal}."

    def run(self, first: int, last: int) -> Iterator[str]:
        """Yield a sentence for each tenth of the passes from one to another."""
        run, step = self.station.run, max(1, -(-(last - first) // TENTHS))
        for number in range(first + step, last, step):
            loss = run.loss(number)
            if loss is not None:
                of_test = run.held_out_losses
                test = f", test loss {numeral(of_test[number - 1])}" if number <= len(of_test) else ""
                yield f"Pass {number:,}: loss {numeral(loss)}{test}."

    def table(self) -> list[str]:
        """Return how far the run is."""
        return [self.standing()]

    def picture(self) -> list[str]:
        """Return the lesson's picture, and the losses so far."""
        wanted, curve = self.station.activity.picture, Picture("curve")
        pictures = (curve,) if wanted is None or wanted == curve else (wanted, curve)
        return [line for one in pictures for line in picture_in_words(self.session, one)]
