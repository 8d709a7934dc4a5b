"""A choice: what leads to it, and its options."""

from __future__ import annotations

import textwrap

from nn_tutor.course.activities.choose import Choose
from nn_tutor.terminal.drawing.ink import Drawing, Line, Role, Span, line
from nn_tutor.terminal.panels.reading import draw_reading
from nn_tutor.tutor.session import Session


def draw_choice(session: Session, activity: Choose, text: str, width: int, height: int, scrolled: int) -> Drawing:
    """Draw what leads to a choice, and its options."""
    options: list[Line] = []
    tried = {attempt.judgement.value for attempt in session.attempts_at(activity.id)}
    settled = activity.id in session.solved or activity.id in session.shown
    for place, option in enumerate(activity.options, start=1):
        mark = "  "
        role: Role = "text"
        if option.right and settled:
            mark, role = "✓ ", "right"
        elif place in tried and not option.right:
            mark, role = "✗ ", "muted"
        head = f"  {mark}{place}  "
        for number, part in enumerate(textwrap.wrap(option.text, max(20, min(76, width) - len(head)))):
            before = Span(head, "key" if mark == "  " else role) if not number else Span(" " * len(head))
            options.append(line(before, Span(part, role)))
    prompt = textwrap.wrap(activity.prompt, max(20, min(76, width - 4)))
    asked = [(), *(line(Span(f"  {part}", "strong")) for part in prompt), (), *options]
    page = draw_reading(text, width, max(1, height - len(asked)), scrolled) if text.strip() else ()
    return (*page, *asked)[-height:]
