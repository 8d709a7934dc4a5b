"""The stations that are no walk: a page to read, a choice, a nudge, a training run, the end of the lesson."""

from __future__ import annotations

import textwrap

from nn_tutor.calculus.names import symbol
from nn_tutor.calculus.numerals import numeral
from nn_tutor.calculus.records import Deriver
from nn_tutor.course.activities.choose import Choose
from nn_tutor.course.activities.nudge import Nudge
from nn_tutor.course.activities.train import Train
from nn_tutor.judging.reading import read
from nn_tutor.network.passes import value_of
from nn_tutor.network.quantities import Ref
from nn_tutor.terminal.drawing.ink import Drawing, Line, Role, Span, beside, cut, line, padded
from nn_tutor.terminal.drawing.prose import draw_prose
from nn_tutor.terminal.drawing.sparkline import sparkline
from nn_tutor.terminal.panels.picture import drawn, loss_picture, weight_in_question
from nn_tutor.tutor.practice import PREFIX
from nn_tutor.tutor.session import Session
from nn_tutor.tutor.summary import summary_of
from nn_tutor.walkthrough.nudging import Nudged, nudge
from nn_tutor.walkthrough.questions import names_before

LEAST_PICTURE = 7
"""A picture of fewer lines says less than the words in its place."""


def draw_reading(text: str, width: int, height: int, scrolled: int) -> Drawing:
    """Draw a page of prose from its `scrolled`-th line, with a sign at its end where more follows."""
    lines = draw_prose(text, max(10, width - 4))
    scrolled = max(0, min(scrolled, len(lines) - height))
    shown = [(Span("  "), *content) for content in lines[scrolled : scrolled + height]]
    if scrolled + height < len(lines):
        shown[-1] = line(Span("  ↓ more: press the down key", "accent"))
    return tuple(shown)


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


def draw_nudges(session: Session, activity: Nudge, height: int) -> Drawing:
    """Draw the table of nudges: how far, where that leads, the change, and the change for each 1 that it moved."""
    network, passed = session.tour.network(session.place.activity), session.passed
    rows = passed.X.shape[0]
    name = symbol(network, rows, activity.slope)
    over, _, under = name.partition("/")
    over, under = over.removeprefix("∂"), under.removeprefix("∂")
    start = nudge(network, passed, activity.slope, 0.0)
    heading = line(
        Span(f"  {under} is ", "muted"),
        Span(numeral(start.lower), "strong"),
        Span(f", and {over} is ", "muted"),
        Span(numeral(start.upper), "strong"),
    )
    titles = (f"{under} moves by ε", f"{over} is then", f"{over} changes by", "change / ε")
    widths = tuple(max(14, len(title) + 3) for title in titles)
    table = [_cells(titles, widths, "muted")]
    epsilons = [read(text).value for text in session.notes.get(activity.id, ())[-(height - 7) :]]
    table += [_nudge_row(nudge(network, passed, activity.slope, epsilon), widths) for epsilon in epsilons]
    slope = numeral(value_of(passed, activity.slope))
    count = len(session.notes.get(activity.id, ()))
    footing = (
        line(Span(f"  {name}", "gradient"), Span(f" = {slope}", "strong"), Span("   the slope", "muted"))
        if count >= 3
        else line(Span(f"  nudge {3 - count} more time{'s' if count < 2 else ''} to see the slope itself", "muted"))
    )
    return (heading, (), *table, (), footing)


def draw_hunt(session: Session, text: str, deriver: Deriver | None, width: int, height: int) -> Drawing:
    """Draw a worked pass as numbered lines, the chosen one marked; once the mistake is found, also where it was."""
    worked = session.worked
    if worked is None:
        return ()
    network, passed = session.tour.network(session.place.activity), session.passed
    rows = passed.X.shape[0]
    room = max(3, height - 2)
    words = draw_reading(text, width, room - len(worked.lines) - 1, 0) if room - len(worked.lines) > 3 and text else ()
    room -= len(words)
    first = min(max(0, session.cursor - room // 2), max(0, len(worked.lines) - room))
    drawn: list[Line] = []
    for place, worked_line in enumerate(worked.lines[first : first + room], start=first):
        derived = None if deriver is None else deriver.derive(network, passed, worked_line.ref)
        rule = worked_line.theirs or (derived.rule if derived is not None else "…")
        chosen = session.is_open and place == session.cursor
        found = not session.is_open and place == worked.wrong
        mark = Span("▶ " if chosen else "✗ " if found else "  ", "wrong" if found else "accent")
        head = line(
            mark, Span(f"{place + 1:2}  ", "key"), Span(symbol(network, rows, worked_line.ref), "gradient", chosen)
        )
        shown = line(*padded(head, 18), Span(" = ", "muted"), Span(rule, "text", chosen))
        drawn.append(
            cut(beside(shown, line(Span(numeral(worked_line.value), "strong", chosen)), min(width - 2, 76)), width)
        )
    given = _given(session)
    return (*words, *(((),) if words else ()), cut(given, width), *drawn)


def _given(session: Session) -> Line:
    """What a worked pass starts from: its inputs, targets, old parameters and learning rate."""
    names = names_before(session.tour.network(session.place.activity), session.passed)
    parts: list[Span] = [Span("  given  ", "muted")]
    for name, value in names.items():
        parts += [Span(f"{name} ", "muted"), Span(f"{numeral(value)}  ", "text")]
    return line(*parts)


def draw_training(session: Session, activity: Train, text: str, width: int, height: int) -> Drawing:
    """Draw a training run: its words before it begins, then the pass, the loss, and the picture of the first weight."""
    index = session.place.activity
    network, passed = session.tour.network(index), session.passed
    reach = session.tour.reach(index)
    done = passed.loss.loss < activity.to_loss
    head = [
        line(
            Span("  pass ", "muted"),
            Span(str(passed.number), "strong"),
            Span("   L ", "muted"),
            Span(numeral(passed.loss.loss), "loss", lit=True),
            Span(f"   goal: below {numeral(activity.to_loss)}", "muted"),
            Span("   ✓ reached" if done else "", "right"),
        )
    ]
    guesses = session.notes.get(activity.id, ())
    if guesses:
        took = f", it took {passed.number}" if done else ""
        head.append(line(Span("  you guessed ", "muted"), Span(guesses[-1], "yours"), Span(took, "strong")))
    if reach.stopped and passed.number == reach.last:
        head.append(line(Span(f"  the run stops here: {reach.stopped}", "wrong")))
    if text and (session.is_open or passed.number == reach.first):
        head = [*draw_reading(text, width, max(3, height - len(head) - 1), 0), (), *head]
    room = height - len(head) - 1
    if room < LEAST_PICTURE:
        return tuple(head)
    ref = weight_in_question(network, Ref("loss"))
    picture = loss_picture(session, ref, known=frozenset({ref, Ref("W", ref.layer, ref.index)}))
    return (*head, (), *drawn(picture, width, room))


def draw_ending(session: Session, text: str, width: int, height: int, scrolled: int, following: str) -> Drawing:
    """Draw the summary: passes, answers, mistakes with what is right, the loss from beginning to end, what is next."""
    summed = summary_of(session)
    practised = session.tour.lesson.id.startswith(PREFIX)
    head: list[Line] = [line(Span("  That was the round." if practised else "  You reached the end.", "strong")), ()]
    counts = f"{summed.questions} questions, {summed.first_try} right at the first try"
    counts += f", {summed.shown} shown" if summed.shown else ""
    head.append(line(Span("  answers   ", "muted"), Span(counts)))
    if not practised:
        head.append(line(Span("  passes    ", "muted"), Span(str(summed.passes))))
    if len(summed.losses) > 1:
        bars = sparkline(summed.losses, min(40, max(4, width - 40)))
        ends = f"  {numeral(summed.losses[0])} → {numeral(summed.losses[-1])}"
        head.append(line(Span("  loss      ", "muted"), Span(bars, "loss"), Span(ends)))
    room = max(1, height - len(head) - 4)
    for place, made in enumerate(summed.mistakes[:room]):
        times = "once" if made.times == 1 else "twice" if made.times == 2 else f"{made.times} times"
        title = "  mistakes  " if not place else "            "
        said = line(Span(title, "muted"), Span(f"{times}: you {made.name}. "), Span(made.rule, "muted"))
        head.append(cut(said, width))
    if not summed.mistakes:
        head.append(line(Span("  mistakes  ", "muted"), Span("none of the known ones", "right")))
    head.append(())
    if practised:
        again = "enter: another round, with fresh numbers" if not summed.mistakes else "enter: once more, until it sits"
        head.append(line(Span(f"  {again}", "accent")))
    elif following:
        head.append(line(Span("  next      ", "muted"), Span(following, "accent")))
    words = (
        draw_reading(text, width, height - len(head) - 1, scrolled) if text.strip() and height > len(head) + 3 else ()
    )
    return (*head, *(((), *words) if words else ()))


def _nudge_row(nudged: Nudged, widths: tuple[int, ...]) -> Line:
    cells = (
        numeral(nudged.epsilon, 6),
        numeral(nudged.upper, 6),
        numeral(nudged.change, 6),
        "—" if nudged.quotient is None else numeral(nudged.quotient, 6),
    )
    return _cells(cells, widths, "text")


def _cells(cells: tuple[str, ...], widths: tuple[int, ...], role: Role) -> Line:
    drawn: Line = (Span("  "),)
    for place, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        last = place == len(cells) - 1 and role == "text"
        drawn += padded((Span(cell, "gradient" if last else role),), width)
    return drawn
