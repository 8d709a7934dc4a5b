"""The answer area: what is asked and how it is read, what may be typed, and the verdict with what to do next."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

from nn_tutor.calculus.numerals import numeral
from nn_tutor.course.lesson import Choose, Nudge, Train, Walk
from nn_tutor.judging.judge import Judgement
from nn_tutor.judging.reading import ReadingError, read
from nn_tutor.network.passes import value_of
from nn_tutor.terminal.drawing.ink import Drawing, Line, Role, Span, beside, cut, line, width_of
from nn_tutor.terminal.panels.picture import landing
from nn_tutor.terminal.view import WalkView
from nn_tutor.tutor.session import Session
from nn_tutor.walkthrough.questions import typed_name

GLYPHS: dict[str, tuple[str, Role, str]] = {
    "correct": ("✓", "right", "right"),
    "follow_through": ("✓", "right", "right from yours"),
    "more_digits": ("…", "accent", "more digits"),
    "near": ("≈", "accent", "close"),
    "diagnosed": ("✗", "wrong", "not yet"),
    "wrong": ("✗", "wrong", "not yet"),
    "invalid": ("·", "muted", "not read"),
}


def draw_prompt(session: Session, view: WalkView | None, width: int) -> Drawing:
    """Draw two lines above the answer line: the question with its symbol read aloud, and what may be typed."""
    question = session.question
    if question is not None:
        prompt = line(Span(f" {question.prompt}", "strong"))
        gloss = line(Span(question.gloss, "gradient"), " ")
        first = beside(prompt, gloss, width) if width_of(prompt) + width_of(gloss) < width else cut(prompt, width)
        return first, _typing_help(session, view, width)
    if session.is_over:
        return line(Span(" That was the lesson.", "strong")), ()
    activity = session.activity
    if isinstance(activity, Choose):
        hint = f" Which one? Type its number, 1 to {len(activity.options)}." if session.is_open else ""
        return line(Span(hint, "strong")), ()
    if isinstance(activity, Train) and session.is_open:
        goal = numeral(activity.to_loss)
        return (
            line(Span(f" Guess first: how many passes until the loss is below {goal}?", "strong")),
            line(Span(" any whole number; nothing depends on it", "muted")),
        )
    if isinstance(activity, Nudge):
        return (
            line(Span(" Nudge it: how far shall it move?", "strong")),
            line(Span(" a number such as 1, 0.1, 0.001 or −0.01; enter on the empty line goes on", "muted")),
        )
    if isinstance(activity, Walk) and view is not None:
        return cut(_said(view), width), ()
    return (), ()


def draw_verdict(session: Session, view: WalkView | None, width: int) -> Drawing:
    """Draw two lines below the answer line: the notice or the verdict, and where the learner's own weight lands."""
    if session.notice:
        return cut(line(Span(f" ▸ {session.notice}", "accent")), width), ()
    attempt = session.last_attempt
    question = session.question
    if attempt is None or (question is not None and attempt.question != question.id and not attempt.judgement.is_right):
        settled = _shown_line(session, view)
        return (settled or (), ())
    if isinstance(session.activity, Choose) and attempt.judgement.verdict != "invalid":
        return _wrapped(attempt.judgement, width)
    first = _verdict_line(attempt.judgement, attempt.text, view, session)
    second = landing(view) if view is not None else ""
    return cut(first, width), cut(line(Span(f"   {second}", "yours")), width) if second else ()


def preview(text: str, names: Mapping[str, float]) -> str:
    """Say what the line comes to while it is typed: `= 2.198`; "" for a plain number or what cannot be read yet."""
    if not text.strip():
        return ""
    try:
        reading = read(text, names)
    except ReadingError:
        return ""
    return "" if reading.is_plain else f"= {numeral(reading.value, 6)}"


def _typing_help(session: Session, view: WalkView | None, width: int) -> Line:
    question = session.question
    if question is not None and question.kind == "sign":
        return line(Span(" type + or −", "muted"))
    wanted = session.decimals
    right = "" if wanted is None else "a whole number" if wanted == 0 else f"{wanted} decimals needed"
    names = _nearest_first(session, view)
    left = " you may type "
    tail = "  numbers  + − * / ( )"
    count = len(names)
    while names and len(left + " ".join(names) + tail) + len(right) + 5 > width:
        names.pop()
    more = " …" if len(names) < count else ""
    return beside(
        line(Span(left, "muted"), Span(" ".join(names), "text"), Span(more + tail, "muted")),
        line(Span(right, "accent"), " "),
        width,
    )


def _nearest_first(session: Session, view: WalkView | None) -> list[str]:
    """The names that may be typed: first those of the rule in question, then the latest ones."""
    names = list(session.names)
    if view is None or view.question is None or view.deriver is None:
        return names
    derived = view.deriver.derive(view.network, view.passed, view.question.ref)
    near = dict.fromkeys("lr" if text == "η" else typed_name(text) for text in derived.names)
    kept = [name for name in near if name in names]
    return kept + [name for name in names if name not in kept]


def _verdict_line(judgement: Judgement, text: str, view: WalkView | None, session: Session) -> Line:
    glyph, role, word = GLYPHS[judgement.verdict]
    message = "" if judgement.verdict == "correct" else f": {judgement.message}"
    read_as = ""
    if judgement.value is not None and view is not None:
        try:
            reading = read(text, session.names)
        except ReadingError:
            reading = None
        if reading is not None and not reading.is_plain:
            read_as = f"   read as {reading.shown} = {numeral(reading.value, 6)}"
    return line(Span(f" {glyph} {word}", role), Span(message), Span(read_as, "muted"))


def _wrapped(judgement: Judgement, width: int) -> Drawing:
    glyph, role, word = GLYPHS[judgement.verdict]
    head = f" {glyph} {word}: "
    lines = textwrap.wrap(head + judgement.message, max(20, width - 2), subsequent_indent="   ")[:2]
    first = line(Span(head, role), Span(lines[0][len(head) - 1 :].lstrip()))
    return (first, *(line(Span(f" {rest}")) for rest in lines[1:]))


def _said(view: WalkView) -> Line:
    """What the station just showed, in one sentence."""
    step = view.step(view.focus)
    if view.focus in view.known:
        return line(Span(f" {step.symbol} is ", "muted"), Span(view.text(view.focus), "strong"))
    return ()


def _shown_line(session: Session, view: WalkView | None) -> Line | None:
    """The answer that was shown on the learner's wish."""
    if view is None:
        activity = session.activity
        if not session.is_over and isinstance(activity, Choose) and activity.id in session.shown:
            right = next(option for option in activity.options if option.right)
            return line(Span(" shown: ", "accent"), Span(right.text))
        return None
    for question in reversed(session.questions):
        if question.id in session.shown:
            value = value_of(view.passed, question.ref)
            return line(Span(" shown: ", "accent"), Span(f"{view.step(question.ref).symbol} = {numeral(value)}"))
    return None
