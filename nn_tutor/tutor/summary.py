"""What a lesson or a round of practice came to: passes, answers, mistakes, the loss."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from nn_tutor.dataclass import dataclass
from nn_tutor.judging.diagnosis import leaves_open
from nn_tutor.judging.judgement import UNDECIDED, Judgement
from nn_tutor.judging.mistakes.known import MISTAKES

if TYPE_CHECKING:
    from nn_tutor.judging.mistakes.case import Mistake
    from nn_tutor.tutor.session import Session


NOTHING_NAMED = "What went wrong is none of the mistakes known here."
"""What is said where answers were wrong, and none of them showed a mistake that has a name."""


@dataclass(frozen=True, slots=True)
class Made:
    """A mistake that was made, how often, and what is right instead."""

    name: str
    rule: str
    times: int


@dataclass(frozen=True, slots=True)
class Missed:
    """A skill that was missed in a round: how many of its questions were not right at the first try, and of how many.

    A question whose answer was shown is one that was missed.
    """

    skill: str
    times: int
    of: int


@dataclass(frozen=True, slots=True)
class Summary:
    """The sums of a session: `losses` are those of the passes of the network that went through most of them.

    `questions` are those that were answered or shown, `wrong` those that were answered wrongly first. `held_out` are
    the losses of its rows that are only measured, for the same passes, where it has any. `missed` are the skills of a
    round of practice to look at again, the one that was missed most first.
    """

    passes: int
    questions: int
    first_try: int
    shown: int
    mistakes: tuple[Made, ...]
    losses: tuple[float, ...]
    held_out: tuple[float, ...] = ()
    wrong: int = 0
    missed: tuple[Missed, ...] = ()

    @property
    def is_faultless(self) -> bool:
        """Whether nothing was wrong, and nothing shown in the place of an answer."""
        return not (self.wrong or self.shown or self.mistakes)


def first_mistake(judgement: Judgement) -> Mistake | None:
    """Return the known mistake that was named first, None for none, and where it was not said which of several it is.

    One that is made in several places has a rule for each of them: it is the one that was said of the answer.
    """
    if leaves_open(judgement.message):
        return None
    known = [mistake for mistake in MISTAKES if mistake.id in judgement.mistakes[:1]]
    said = [judgement.message, *(one.mistake.rule for one in judgement.candidates[:1])]
    fitting = (mistake for mistake in known if any(mistake.rule.lower() in text.lower() for text in said))
    return next(fitting, known[0] if known else None)


@lru_cache(maxsize=4)
def summary_of(session: Session) -> Summary:
    """Return what a session has come to so far; a question counts with its first answer."""
    first: dict[str, Judgement] = {}
    right: dict[str, bool] = {}
    made: Counter[str] = Counter()
    told: dict[str, Mistake] = {}
    for attempt in session.attempts:
        judgement = attempt.judgement
        if judgement.verdict in UNDECIDED:
            continue
        first.setdefault(attempt.question, judgement)
        right.setdefault(attempt.question, judgement.verdict == "correct" and attempt.hint_level == 0)
        if (mistake := first_mistake(judgement)) is not None:
            made[mistake.id] += 1
            told[mistake.id] = mistake
    right.update(dict.fromkeys(session.revealed - right.keys(), False))
    mistakes = tuple(Made(told[name].name, told[name].rule, times) for name, times in made.most_common())
    walked: dict[str, int] = {}
    passes = 0
    for index, activity in enumerate(session.lesson_run.activities):
        if activity.makes_passes:
            reach = session.lesson_run.reach(index)
            last = session.answers.came_to(activity.id) or reach.last
            passes += last - reach.first + 1
            walked[activity.network] = max(walked.get(activity.network, 0), last)
    losses: tuple[float, ...] = ()
    held_out: tuple[float, ...] = ()
    if walked and not session.lesson_run.is_round:
        name, last = max(walked.items(), key=lambda entry: entry[1])
        index = next(n for n, one in enumerate(session.lesson_run.activities) if one.network == name)
        run = session.lesson_run.run(index)
        run.loss(last)
        losses, held_out = tuple(run.losses[:last]), tuple(run.held_out_losses[:last])
    return Summary(
        passes,
        len(right),
        sum(right.values()),
        len(session.revealed),
        mistakes,
        losses,
        held_out,
        sum(judgement.spends_attempt for judgement in first.values()),
        _missed(session, right) if session.lesson_run.is_round else (),
    )


def _missed(session: Session, right: Mapping[str, bool]) -> tuple[Missed, ...]:
    """The skills whose questions were not all `right` at the first try."""
    asked: Counter[str] = Counter()
    times: Counter[str] = Counter()
    for question in session.lesson_run.questions_of_round:
        if question.id in right:
            asked[question.skill] += 1
            times[question.skill] += not right[question.id]
    return tuple(Missed(skill, missed, asked[skill]) for skill, missed in times.most_common() if missed)
