"""A choice: what leads to it, and its options."""

from __future__ import annotations

from nn_tutor.course.activities.choose import Choose
from nn_tutor.terminal.drawing.ink import Drawing, Line, Role, Span, line, wrapped
from nn_tutor.terminal.drawing.prose import WIDEST
from nn_tutor.terminal.panels.pictures import draw_wanted
from nn_tutor.terminal.panels.reading import draw_reading, draw_words
from nn_tutor.tutor.session import Session


def draw_choice(session: Session, activity: Choose, text: str, width: int, height: int, scrolled: int) -> Drawing:
    """Draw what leads to a choice, and its options."""
    options: list[Line] = []
    tried = {attempt.judgement.value for attempt in session.answers.to(activity.id)}
    settled = activity.id in session.solved or activity.id in session.shown
    for place, option in enumerate(activity.options, start=1):
        mark = "  "
        role: Role = "text"
        if option.right and settled:
            mark, role = "✓ ", "right"
        elif place in tried and not option.right:
            mark, role = "✗ ", "muted"
        head = f"  {mark}{place}  "
        for number, part in enumerate(wrapped((Span(option.text, role),), max(20, min(WIDEST, width) - len(head)))):
            before = Span(head, "key" if mark == "  " else role) if not number else Span(" " * len(head))
            options.append(line(before, *part))
    prompt = wrapped((Span(activity.prompt, "strong"),), max(20, min(WIDEST, width - 4)))
    asked = [(), *(line("  ", *part) for part in prompt), (), *options]
    room = height - len(asked)
    if activity.picture is not None and room >= LEAST_PICTURE:
        words = draw_words(text, width, room - max(LEAST_PICTURE, room // 2) - 1)
        words = (*words, ()) if words else ()
        picture = draw_wanted(session, activity.picture, width, room - len(words))
        return (*words, *picture, *asked)
    page = draw_reading(text, width, max(1, room), scrolled) if text.strip() else ()
    return (*page, *asked)[-height:]


LEAST_PICTURE = 6
