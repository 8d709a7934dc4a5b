"""What `nn-tutor progress` tells: a readable summary, and the same for programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from nn_tutor.judging.visible import visible
from nn_tutor.network.counted import counted
from nn_tutor.walkthrough.skills import SKILLS, in_words

if TYPE_CHECKING:
    from nn_tutor.progress.recall import Recalled


MOST = 5
"""How many mistakes are told."""


def as_document(recalled: Recalled) -> dict[str, Any]:
    """Return the summary as a JSON document."""
    standing = recalled.standing
    return {
        "format_version": 1,
        "finished": sorted(recalled.finished),
        "begun": sorted(recalled.begun),
        "continue": {"lesson": recalled.latest, **recalled.position} if recalled.latest else None,
        "questions": recalled.answers,
        "right_at_first_try": recalled.right_first,
        "skills": {
            skill: {"dots": standing.dots.get(skill, 0), "mastered": standing.is_mastered(skill)}
            for skill in SKILLS
            if skill in standing.dots
        },
        "mistakes": dict(sorted(standing.mistakes.items(), key=lambda pair: (-pair[1], pair[0]))),
        "due": list(recalled.due),
        "own": [{"id": kept.id, "name": kept.name, "complete": kept.is_complete} for kept in recalled.own],
    }


def as_lines(recalled: Recalled) -> Iterator[str]:
    """Yield the summary as lines to read."""
    if not recalled.answers and not recalled.begun:
        yield "nothing yet: nn-tutor opens the course"
        return
    names = {kept.id: visible(kept.name) for kept in recalled.own}
    yield f"{counted(recalled.answers, 'question')} answered, {recalled.right_first} of them right at the first try"
    if recalled.finished:
        yield f"finished: {', '.join(sorted(names.get(lesson, lesson) for lesson in recalled.finished))}"
    if recalled.latest:
        yield f"in the middle of: {names.get(recalled.latest, recalled.latest)}"
    if recalled.own:
        yield f"your own networks: {', '.join(names.values())}"
    standing = recalled.standing
    for skill in SKILLS:
        if skill in standing.dots:
            yield f"  {standing.shown(skill)}  {in_words(skill)}"
    made = sorted(standing.mistakes.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST]
    if made:
        from nn_tutor.judging.mistakes.known import MISTAKES  # not before: to read them takes a while

        said = {mistake.id: f"you {mistake.name}" for mistake in MISTAKES}
        for mistake, times in made:
            yield f"  {times} × {said.get(mistake, mistake)}"
    if recalled.due:
        yield f"due for review: {', '.join(map(in_words, recalled.due))}"
