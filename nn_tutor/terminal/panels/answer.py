"""The answer area: what is asked and how it is read, what may be typed, and the verdict with what to do next."""

from __future__ import annotations

import math
from collections.abc import Mapping

from nn_tutor.calculus.numerals import numeral
from nn_tutor.course.activities.choose import Choose
from nn_tutor.course.activities.derive import Derive
from nn_tutor.course.activities.hunt import Hunt
from nn_tutor.course.activities.nudge import Nudge
from nn_tutor.course.activities.train import Train
from nn_tutor.course.activities.tune import Tune
from nn_tutor.judging.judge import Judgement
from nn_tutor.judging.mistakes.case import Candidate
from nn_tutor.judging.names import on_keys
from nn_tutor.judging.reading import ReadingError, read
from nn_tutor.network.passes import parameter_of
from nn_tutor.terminal.drawing.ink import Drawing, Line, Role, Span, beside, cut, line, width_of, wrapped
from nn_tutor.terminal.panels.picture import landing
from nn_tutor.terminal.view import text_of
from nn_tutor.tutor.answering import Attempt, notch
from nn_tutor.tutor.hints import RUNGS, hint, rungs_of
from nn_tutor.tutor.hunting import asked_of
from nn_tutor.tutor.session import Session
from nn_tutor.tutor.stations.asked import Asked
from nn_tutor.tutor.stations.hunting import Hunting
from nn_tutor.tutor.stations.tuning import Tuning
from nn_tutor.tutor.tuning import names_tuned
from nn_tutor.tutor.visible import View

LEAST_SENTENCE = 20
"""Sentences are set in so many cells at least, and cut where the screen has fewer."""

GLYPHS: dict[str, tuple[str, Role, str]] = {
    "correct": ("✓", "right", "right"),
    "follow_through": ("✓", "right", "right from yours"),
    "more_digits": ("…", "accent", "more digits"),
    "near": ("≈", "accent", "close"),
    "diagnosed": ("✗", "wrong", "not yet"),
    "wrong": ("✗", "wrong", "not yet"),
    "invalid": ("·", "muted", "not read"),
}


def draw_prompt(session: Session, view: View | None, width: int) -> Drawing:
    """Draw two lines above the answer line: the question with its symbol read aloud, and what may be typed."""
    return tuple(cut(drawn, width) for drawn in _prompt(session, view, width))


def _prompt(session: Session, view: View | None, width: int) -> Drawing:
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
    if isinstance(activity, Hunt) and session.is_open:
        return (
            line(Span(f" {asked_of(activity)}", "strong")),
            line(Span(" choose it with ↑ ↓ and enter, or type its number", "muted")),
        )
    if isinstance(activity, Train) and session.is_open:
        goal = numeral(activity.to_loss)
        return (
            line(Span(f" Guess first: how many passes until the loss is below {goal}?", "strong")),
            line(Span(" any whole number; nothing depends on it", "muted")),
        )
    if isinstance(activity, Tune):
        return _tuning_prompt(session, activity)
    if isinstance(activity, Train) and session.station.forward() is not None:
        return line(Span(f" t runs it; or type a loss to run to, such as {_lower_loss(session)}", "muted")), ()
    if isinstance(activity, Nudge):
        return (
            line(Span(" Nudge it: how far shall it move?", "strong")),
            line(Span(" a number such as 1, 0.1, 0.001 or −0.01; enter on the empty line goes on", "muted")),
        )
    if view is not None:
        owed = line(Span(" enter: the same with fresh numbers; p puts it off", "muted")) if session.owed else ()
        return cut(_said(view), width), owed
    return (), ()


def _lower_loss(session: Session) -> str:
    """A round loss that the run has not reached yet."""
    loss = session.tour.run(session.place.activity).loss(session.place.pass_number)
    return numeral(10.0 ** math.floor(math.log10(loss / 2))) if loss else "0.01"


def _tuning_prompt(session: Session, activity: Tune) -> Drawing:
    """What is to be reached, and what an arrow key moves."""
    if not session.is_open:
        return (), ()
    names = names_tuned(session.tour.network(session.place.activity), activity)
    if activity.of:
        usual = f"Move {' and '.join(names)} until the loss is below {numeral(activity.to_loss)}."
    else:
        usual = f"Choose η so that the run {_WANTED[activity.goal or 'arrive']}."
    keys = f"← → moves {names[0]} by {numeral(activity.step)}"
    keys += f", ↑ ↓ moves {names[1]}" if len(names) > 1 else ", ↑ ↓ ten times as far"
    return line(Span(f" {activity.prompt or usual}", "strong")), line(Span(f" {keys}; or type it", "muted"))


_WANTED = {"crawl": "crawls", "arrive": "arrives", "overshoot": "overshoots", "diverge": "diverges"}


def draw_verdict(session: Session, view: View | None, width: int) -> Drawing:
    """Draw up to three lines below the answer line: a notice, a hint, or the verdict with what it means."""
    if session.notice:
        return _lines(f"▸ {session.notice}", "accent", width)
    asked = session.asked
    if asked is not None and asked.turn.hinted and asked.rung and view is not None:
        return _hint(asked, view, width)
    attempt, question = session.station.last_attempt, session.question
    if attempt is None or (question is not None and attempt.question != question.id and not attempt.judgement.is_right):
        return _shown_lines(session, view, width)
    if attempt.question in session.shown:
        return _shown_lines(session, view, width)
    if isinstance(session.station, Tuning) and session.station.has_moved_on:
        return ()
    if isinstance(session.activity, Choose | Hunt | Tune) and attempt.judgement.verdict != "invalid":
        return _wrapped(attempt.judgement, width)
    return draw_judgement(session, attempt, view, width)


def draw_judgement(session: Session, attempt: Attempt, view: View | None, width: int) -> Drawing:
    """Draw a verdict: glyph, word and one sentence; of a mistake the learner's line and the right one below each other.

    What else there is to say (the rule, what was read, where the learner's weight lands) goes where there is room.
    """
    judgement = attempt.judgement
    glyph, role, word = GLYPHS[judgement.verdict]
    rest: list[Line] = []
    if read_as := _read_as(attempt, session):
        rest.append(line(Span(f"read as {read_as} ", "muted")))
    if judgement.verdict == "diagnosed" and judgement.candidates:
        head, rule = judgement.message.partition(". ")[::2]
        first = line(Span(f" {glyph} {word}: ", role), Span(head))
        doubt = session.doubt
        lines = _doubtful(doubt, first, width) if doubt else [first, *_expressions(judgement.candidates[0])]
        if isinstance(session.activity, Derive) and not doubt:
            lines, rule = lines[:2], ""  # the right formula is the answer itself, and so may be the rule
        if rule and width_of(first) + len(rule) + 2 <= width:
            lines[0] = (*first, Span(f". {rule}"))
        elif rule:
            rest.insert(0, line(Span(f"{rule} ", "text")))
    else:
        said = judgement.message if judgement.message.startswith(word) else f"{word}: {judgement.message}"
        asked = session.asked
        if asked is not None and asked.misses >= 2 and asked.can_take_apart:
            said = f"{said.rstrip('.')}. F2 takes it apart."
        lines = _in_lines(
            f" {glyph} {said[: len(word)]}{_whose(session, attempt, view)}", role, said[len(word) :], width
        )
    if view is not None and judgement.spends_attempt and (lands := landing(session, view)):
        rest.append(line(Span(f"{lands} ", "yours")))
    return _placed(lines, rest, width)


def _whose(session: Session, attempt: Attempt, view: View | None) -> str:
    """The name of the number that was judged, where another is in question by now: `, w₁′`."""
    refs = {question.id: question.ref for question in session.questions}
    ref = refs.get(attempt.question)
    return "" if view is None or ref is None or ref == view.focus else f", {view.step(ref).symbol}"


def _placed(lines: list[Line], rest: list[Line], width: int) -> Drawing:
    """Put further remarks on the lines that have room for them at their right end, else on lines of their own."""
    placed = [cut(part, width) for part in lines]
    free = list(range(1, 3))
    for remark in rest:
        for place in free:
            while len(placed) <= place:
                placed.append(())
            if width_of(placed[place]) + width_of(remark) + 2 <= width:
                empty = not placed[place]
                placed[place] = line(Span("   "), *remark) if empty else beside(placed[place], remark, width)
                free.remove(place)
                break
    return tuple(placed)


def _expressions(candidate: Candidate) -> list[Line]:
    """The learner's formula and the right one, aligned below each other."""
    slip = candidate.slip
    return [
        line(Span("   yours  ", "muted"), Span(f"{slip.symbol} = {slip.theirs}", "yours")),
        line(Span("   right  ", "muted"), Span(f"{slip.symbol} = {slip.right}", "strong")),
    ]


def _doubtful(candidates: tuple[Candidate, ...], either: Line, width: int) -> list[Line]:
    """The mistakes that one answer fits, each with its formula and a number to choose it by.

    They are named in a sentence of their own where that fits on a line, else each behind its formula.
    """
    which = line(Span("   which of them was yours? type its number", "muted"))
    numbered = [
        line(Span(f"   {place}  ", "key"), Span(f"{one.slip.symbol} = {one.slip.theirs}", "yours"))
        for place, one in enumerate(candidates, start=1)
    ]
    if width_of(either) <= width:
        last = numbered.pop()
        return [either, line(*(span for one in numbered for span in one)), cut((*last, *which), width)]
    named = [
        line(*one, Span(f"  you {candidate.mistake.name}", "text"))
        for one, candidate in zip(numbered, candidates, strict=True)
    ]
    if len(named) < 3:
        named.insert(0, line(*either[:1], Span("which of these was yours? type its number")))
    return [cut(one, width) for one in named]


def _hint(asked: Asked, view: View, width: int) -> Drawing:
    """The rung that the learner asked for last, and how to go on."""
    question = asked.question
    if question is None:
        return ()
    text = hint(view.network, view.samples, view.step(question.ref), asked.rung, asked.written_hints)
    told = f"hint {asked.rung} of {rungs_of(question)}: {text}"
    drawn = [line(" ▸ " if not place else "   ", *part) for place, part in enumerate(_told(told, width - 4)[:3])]
    apart = ", F2 takes the question apart" if asked.can_take_apart else ""
    more = "? shows all of it" if asked.rung == rungs_of(question) - 1 else "? for more"
    tail = line(Span(f"   {more}{apart}", "muted"))
    return (*drawn, tail)[:3]


def _lines(text: str, role: Role, width: int) -> Drawing:
    return tuple(line(" ", *part) for part in _told((Span(text, role),), width - 3)[:3])


def _told(content: Line | str, width: int) -> list[Line]:
    """A sentence on as many lines as it takes, set in a little after the first."""
    return wrapped(content, max(LEAST_SENTENCE, width), indent="  ")


def preview(text: str, names: Mapping[str, float]) -> str:
    """Say what the line comes to while it is typed: `= 2.198`; "" for a plain number or what cannot be read yet."""
    if not text.strip():
        return ""
    try:
        reading = read(_behind_equals(text), names)
    except ReadingError:
        return ""
    return "" if reading.is_plain else f"= {numeral(reading.value, 6)}"


def _behind_equals(text: str) -> str:
    """What stands behind the name that is asked, as in `w' = 2.198`."""
    return text.rpartition("=")[2]


def _typing_help(session: Session, view: View | None, width: int) -> Line:
    question = session.question
    if question is not None and question.kind == "sign":
        return line(Span(" type + or −", "muted"))
    if question is not None and question.kind == "formula":
        letters = [on_keys(name) for name in (() if view is None else view.names)]
        return cut(line(Span(" in the letters ", "muted"), Span(" ".join(letters))), width)
    if question is not None and question.kind == "place":
        fine = numeral(notch(question.scale))
        here = numeral(session.station.mark or parameter_of(session.passed.before, question.ref))
        return line(
            Span(" it stands at ", "muted"), Span(here, "yours"), Span(f"; an arrow moves it by {fine}", "muted")
        )
    wanted = None if session.asked is None else session.asked.decimals
    right = (
        ""
        if wanted is None
        else "a whole number"
        if wanted == 0
        else "1 decimal needed"
        if wanted == 1
        else f"{wanted} decimals needed"
    )
    near = [on_keys(name) for name in (() if view is None else view.names_nearest_first())]
    left = " you may type "
    tail = "  numbers  + − * / ( )" if width >= 76 else "  + − * / ( )"
    count = len(near)
    while near and len(left + " ".join(near) + tail) + len(right) + 5 > width:
        near.pop()
    more = " …" if len(near) < count else ""
    return beside(
        line(Span(left, "muted"), Span(" ".join(near), "text"), Span(more + tail, "muted")),
        line(Span(right, "accent"), " "),
        width,
    )


def _read_as(attempt: Attempt, session: Session) -> str:
    """How an answer that was no plain number was read, "" for one that was."""
    kinds = {question.id: question.kind for question in session.questions}
    if attempt.judgement.value is None or kinds.get(attempt.question) not in ("number", "size", "place"):
        return ""
    try:
        reading = read(_behind_equals(attempt.text), {} if session.asked is None else session.asked.names)
    except ReadingError:
        return ""
    return "" if reading.is_plain else f"{reading.shown} = {numeral(reading.value, 6)}"


def _wrapped(judgement: Judgement, width: int) -> Drawing:
    glyph, role, word = GLYPHS[judgement.verdict]
    return tuple(_in_lines(f" {glyph} {word}:", role, f" {judgement.message}", width))


def _in_lines(head: str, role: Role, text: str, width: int) -> list[Line]:
    """A coloured head and what it says, on up to three lines."""
    return [line(" ", *part) for part in _told((Span(head.strip(), role), Span(text)), width - 2)[:3]]


def _said(view: View) -> Line:
    """What the station just showed, in one sentence."""
    step = view.step(view.focus)
    if view.focus not in view.known:
        return ()
    said = line(Span(f" {step.symbol} is ", "muted"), Span(text_of(view.value(view.focus)), "strong"))
    if view.focus.quantity != "loss" or view.passed.number == 1:
        return said
    before = view.tour.run(view.activity).loss(view.passed.number - 1)
    if before is None or not _rose(view, before):
        return said
    return line(*said, Span(f"; it rose from {numeral(before)}: the last step was too long", "wrong"))


def _rose(view: View, before: float) -> bool:
    """Whether the loss grew since the pass before, on the same samples."""
    return view.network.batching == "full" and view.passed.loss.loss > before


def _shown_lines(session: Session, view: View | None, width: int) -> Drawing:
    """The answer that was shown on the learner's wish, with its whole derivation."""
    if session.is_over:
        return ()
    activity = session.activity
    if activity.id in session.shown:
        if isinstance(activity, Choose):
            right = next(option for option in activity.options if option.right)
            return _lines(f"shown: {right.text}", "accent", width)
        if isinstance(session.station, Tuning):
            values = zip(session.station.names, session.station.values, strict=True)
            found = [f"{name} = {numeral(value)}" for name, value in values]
            return _lines(f"shown: {', '.join(found)}", "accent", width)
        worked = session.station.worked if isinstance(session.station, Hunting) else None
        if worked is not None:
            return _lines(f"shown: line {worked.wrong + 1}: {worked.reason}", "accent", width)
    if view is None:
        return ()
    for question in reversed(session.questions):
        if question.id in session.shown:
            text = hint(view.network, view.samples, view.step(question.ref), RUNGS)
            return _lines(f"shown: {text}", "accent", width)
    return ()
