"""How the numbers of real sheets are judged, and what a careful tutor would have said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from nn_tutor.course.load import load
from nn_tutor.judging.judgement import Judgement
from nn_tutor.tutor.asking import earlier_numbers, find_question, judge_listed
from nn_tutor.tutor.lesson_run import LessonRun
from tests.given_homework import HomeworkCase

OTHER_NETWORKS = frozenset({"shared-bias", "shared-weight"})
"""What is right in another network than the one at hand cannot be told from here."""


@lru_cache(maxsize=8)
def _run_of(folder: Path) -> LessonRun:
    return LessonRun(load(folder / "lesson.toml"))


def judged(case: HomeworkCase) -> Judgement:
    """Return the judgement of one number of a sheet."""
    run = _run_of(case.folder)
    listed = find_question(run, case.question)
    assert listed is not None, case
    return judge_listed(run, listed, case.text, earlier_numbers(run, listed, case.earlier))


def faults(case: HomeworkCase, judgement: Judgement) -> Iterator[str]:
    """Yield what is wrong with a judgement: `refused`, `accepted`, `unnamed`, `false name`."""
    named, wanted = set(judgement.mistakes), {case.expected_mistake, *case.also_fine}
    if case.expected_verdict in ("correct", "follow_through"):
        if judgement.verdict not in ("correct", "follow_through", "more_digits", "convention"):
            yield "refused"
        return
    if case.expected_verdict in ("convention", "more_digits"):
        if judgement.verdict != case.expected_verdict:
            yield "accepted" if judgement.is_right else "refused"
    elif judgement.is_right:
        yield "accepted"
    if is_tellable(case) and not named & wanted:
        yield "unnamed"
    if named and not named & wanted and not {case.expected_mistake, case.expected_verdict} & OTHER_NETWORKS:
        yield "false name"


def is_tellable(case: HomeworkCase) -> bool:
    """Whether the number shows a slip that can be named."""
    return case.expected_verdict == "diagnosed" and case.expected_mistake is not None


def count_faults(cases: Iterable[HomeworkCase]) -> Counter[str]:
    """Count the numbers, the slips that can be told, and the faults."""
    counts: Counter[str] = Counter()
    for case in cases:
        counts["numbers"] += 1
        counts["tellable"] += is_tellable(case)
        counts.update(faults(case, judged(case)))
    return counts
