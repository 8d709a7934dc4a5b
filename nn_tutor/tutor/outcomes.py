"""What a run was run on to, in words: how it ended, who of two was there first, and what a guess can start from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nn_tutor.calculus.numerals import apart, numeral
from nn_tutor.network.landscape import loss_on
from nn_tutor.network.optimizer import TITLES
from nn_tutor.network.passes import batch
from nn_tutor.network.training import StoppedError
from nn_tutor.tutor.guessing import told_losses

if TYPE_CHECKING:
    from nn_tutor.course.networks import NetworkWithData
    from nn_tutor.tutor.running import LossHistory
    from nn_tutor.tutor.stations.training import Training

Names = tuple[str, str]

AHEAD = 500
"""How many passes beyond the one at hand another run is looked at: it may get there later."""

STILL = 0.01
"""A loss that has changed by less than this part of itself has all but stopped."""


def runners(entry: NetworkWithData, rival: NetworkWithData) -> Names:
    """Return what two runs from one start are called, by what is different: their rule, their batches, or their η."""
    one, other = entry.network, rival.network
    if one.optimizer.rule != other.optimizer.rule:
        return TITLES[one.optimizer.rule], TITLES[other.optimizer.rule]
    names = _batches(entry), _batches(rival)
    if names[0] != names[1]:
        return names
    return f"η {numeral(one.learning_rate)}", f"η {numeral(other.learning_rate)}"


def _batches(entry: NetworkWithData) -> str:
    """How many samples a run takes at a time, in words."""
    count = len(entry.data.inputs)
    rows = entry.network.max_rows(count)
    if rows == 1 and count > 1:
        return "one at a time"
    return f"all {count} at once" if rows >= count else f"batches of {rows}"


def outcome(station: Training, marks: Names = ("", "")) -> str:
    """Say in a sentence or two how a run ended, "" while it has not; `marks` stand before the names of two runs."""
    if station.is_open or not station.has_arrived:
        return ""
    if station.has_stopped_early:
        return _stopped_early(station)
    if station.run.stopped and station.place.pass_number >= len(station.run.losses):
        return ""  # what broke it is said already
    if station.activity.stop_early:
        return ""  # where to stop is still to be found
    rival = rival_of(station)
    return f"{_race(station, rival, marks) if rival else _alone(station)}{_guess(station)}"


def rival_of(station: Training) -> str:
    """Return the name of the network whose run is watched beside a run, "" where there is none."""
    picture = station.activity.picture
    return picture.rival if picture is not None else ""


def _alone(station: Training) -> str:
    """Say from which loss to which it went, in how many passes, and whether the goal is reached."""
    activity, number, loss = station.activity, station.place.pass_number, station.loss
    goal, first = numeral(activity.to_loss), station.run.loss(activity.first_pass)
    if loss is None or first is None:
        return ""
    now = f"to {apart(loss, activity.to_loss)} in pass {number:,}{_test_loss(station)}"
    said = f"The loss has gone from {numeral(first)} in pass {activity.first_pass:,} {now}"
    reached = _own_pass(station)
    if reached is None:
        return f"{said}; the goal, below {goal}, is not reached, and {_trend(station)}."
    when = "is reached" if reached == number else f"was reached in pass {reached:,}"
    return f"{said}; the goal, below {goal}, {when}."


def _test_loss(station: Training) -> str:
    """What the loss of the test samples has become meanwhile, where there are any."""
    losses, first, number = station.run.held_out_losses, station.activity.first_pass, station.place.pass_number
    if number > len(losses):
        return ""
    return f", the test loss from {numeral(losses[first - 1])} to {numeral(losses[number - 1])}"


def _trend(station: Training) -> str:
    """What the loss does at the end of a run that has not reached its goal."""
    activity, run, number = station.activity, station.run, station.place.pass_number
    earlier = max(activity.first_pass, number - max(1, (number - activity.first_pass) // 10))
    before, now = run.loss(earlier), run.loss(number)
    if before is None or now is None or number == earlier:
        return "it ends here"
    if abs(now - before) < STILL * abs(before):
        return "the loss has all but stopped falling"
    return "the loss still falls a little" if now < before else "the loss is rising again"


def _stopped_early(station: Training) -> str:
    """What stopping early has spared."""
    run, number = station.run, station.place.pass_number
    here, end = run.held_out_losses[number - 1], min(station.came, len(run.held_out_losses))
    return (
        f"You stopped in time, in pass {number:,}: the test loss is {numeral(here)}. By pass {end:,} it has risen to "
        f"{numeral(run.held_out_losses[end - 1])}, while L fell from {numeral(run.losses[number - 1])} to "
        f"{numeral(run.losses[end - 1])}: that is overfitting."
    )


def _race(station: Training, rival: str, marks: Names) -> str:
    """Which of two runs is there, in which pass, and where the other one is."""
    activity, number = station.activity, station.place.pass_number
    lessons, other = station.lesson_run.lesson.networks, station.lesson_run.run_of(rival)
    names = runners(lessons[activity.network], lessons[rival])
    own_name, name = marks[0] + names[0], marks[1] + names[1]
    if station.lesson_run.network(station.index).passes_per_epoch(station.lesson_run.samples(station.index)) > 1:
        return _of_parts(station, rival, (own_name, name))
    goal, until = numeral(activity.to_loss), min(activity.last_pass, number + AHEAD)
    own = _own_pass(station)
    theirs = _reached(other, activity.first_pass, until, activity.to_loss)
    loss = other.loss(number)
    where = "has broken off" if loss is None else f"is at {numeral(loss)} then"
    if own is None:
        mine = f"{own_name} is not below {goal} after {number:,} passes"
        return f"{mine}; {name} is {'not either' if theirs is None else f'in pass {theirs:,}'}."
    mine = f"{own_name} is below {goal} in pass {own:,}"
    if theirs is None:
        return f"{mine}. {name} {where}, and not there within {until:,} passes."
    if theirs == own:
        return f"{mine}, and so is {name}."
    return f"{mine}, {name} in pass {theirs:,}: {own_name if own < theirs else name} is there first."


def _of_parts(station: Training, rival: str, names: Names) -> str:
    """Where two runs are of which one takes a part of the samples at a time: all of them together are compared."""
    number, loss, activity = station.place.pass_number, station.loss, station.activity
    entry = station.lesson_run.lesson.networks[activity.network]
    losses = []
    for run in (station.run, station.lesson_run.run_of(rival)):
        try:
            before = run.timeline.at(number).before
        except StoppedError:
            return ""
        losses.append(numeral(loss_on(entry.network, before, *batch(entry.data))))
    came = f"{number:,} passes are made"
    if loss is not None and loss < activity.to_loss:
        came = f"the batch of pass {number:,} happens to have a loss of {numeral(loss)}"
    of_all = f"the loss of all {len(entry.data.inputs)} is {losses[0]}, that of {names[1]} {losses[1]}"
    return f"{names[0]}: {came}; {of_all}."


def _guess(station: Training) -> str:
    return f" You guessed {station.guess_said}." if station.guesses else ""


def has_reached(station: Training) -> bool:
    """Whether a run has been below its goal by now; where it jumps about it may be above it again."""
    loss, first = station.loss, station.activity.first_pass
    made = station.run.losses[first - 1 : station.place.pass_number]
    return loss is not None and min(made, default=loss) < station.activity.to_loss


def _own_pass(station: Training) -> int | None:
    """Return the pass in which a run has reached its goal, None where it has not by now."""
    last = station.lesson_run.reach(station.index).last
    loss = station.run.loss(last)
    return last if last <= station.place.pass_number and loss is not None and loss < station.activity.to_loss else None


def _reached(run: LossHistory, first: int, last: int, goal: float) -> int | None:
    """Return the first pass of a run with a loss below the goal, None where there is none up to the last one."""
    for number in range(first, last + 1):
        loss = run.loss(number)
        if loss is None or loss < goal:
            return number if loss is not None else None
    return None


def guess_asked(station: Training) -> str:
    """Return the question that a guess answers."""
    return f"Guess first: in which pass does the loss get below {numeral(station.activity.to_loss)}?"


def basis_of_guess(station: Training) -> str:
    """Return the losses of the first passes of a run, from which can be guessed how long it takes; "" without any."""
    known = [] if station.is_heavy else told_losses(station.activity, station.run)
    return "L in pass " + ", ".join(f"{number:,}: {numeral(loss)}" for number, loss in known) if known else ""
