"""The answer area at a pass: what is asked and may be typed, hints, and the verdict with what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from nn_tutor.calculus.numerals import numeral
from nn_tutor.judging.diagnosis import introduced
from nn_tutor.judging.names import on_keys
from nn_tutor.judging.reading import ReadingError, read
from nn_tutor.judging.wording import word_of
from nn_tutor.terminal.drawing.ink import Drawing, Line, Span, beside, cut, line, width_of
from nn_tutor.terminal.panels.verdict import GLYPHS, MAX_LINES, draw_sentence, in_lines, opened, sentence
from nn_tutor.terminal.panels.weight_picture import landing
from nn_tutor.terminal.sizes import MAX_ENTRY
from nn_tutor.terminal.view import text_of
from nn_tutor.tutor.hints import HINT_LEVELS, hint
from nn_tutor.tutor.scrutiny import MAX_NAMED
from nn_tutor.tutor.stations.feedback import hidden_slips, shown_answer

if TYPE_CHECKING:
    from nn_tutor.judging.mistakes.case import Candidate
    from nn_tutor.tutor.answering import Attempt
    from nn_tutor.tutor.session import Session
    from nn_tutor.tutor.stations.asked import Asked
    from nn_tutor.tutor.visible import View
    from nn_tutor.walkthrough.questions import Question


def draw_question(question: Question, width: int) -> Line:
    """Draw what is asked, and how its symbol is read where there is room."""
    prompt = line(Span(f" {question.prompt}", "strong"))
    for reading in (question.gloss, question.gloss.replace("with respect to", "w.r.t.")):
        gloss = line(Span(reading, "gradient"), " ")
        if width_of(prompt) + width_of(gloss) < width:
            return _with_aside(prompt, gloss, width)
    return cut(prompt, width)


def _with_aside(said: Line, aside: Line, width: int) -> Line:
    """Return a line with a remark at its right: no farther than `MAX_ENTRY`, where both have room there."""
    return beside(said, aside, min(width, max(MAX_ENTRY - 1, width_of(said) + width_of(aside) + 2)))


def draw_judgement(session: Session, asked: Asked, attempt: Attempt, view: View, width: int) -> Drawing:
    """Draw a verdict: glyph, word and one sentence; of a mistake the learner's line and the right one below each other.

    What else there is to say (the rule, what was read, where the learner's weight lands) goes where there is room.
    """
    judgement = attempt.judgement
    (glyph, role), word = GLYPHS[judgement.verdict], word_of(judgement, is_last=asked.unaided)
    rest: list[Line] = []
    if read_as := _read_as(attempt, asked):
        rest.append(line(Span(f"read as {read_as} ", "muted")))
    if judgement.verdict == "diagnosed" and judgement.candidates:
        head, rule = judgement.message.partition(". ")[::2]
        opening = f" {glyph} {word}"
        first = line(*opened(opening, role, head))
        ambiguous = asked.turn.ambiguous
        lines = (
            _ambiguous(ambiguous, first, Span(f"{opening}: ", role), width)
            if ambiguous
            else [first, *_expressions(judgement.candidates[0])]
        )
        told = 2
        if judgement.candidates[0].also and not ambiguous:  # "yours" would hold one of the two mistakes alone
            both = in_lines(*opened(opening, role, judgement.message), width)[:2]
            lines, told = [*both, lines[2]], len(both)
        if _kind(asked, attempt) == "formula" and not ambiguous:
            lines, rule = lines[:told], ""  # the right formula is the answer itself, and so may be the rule
        if rule and width_of(first) + len(rule) + 2 <= width:
            lines[0] = (*first, Span(f". {rule}"))
        elif rule:
            rest.insert(0, line(Span(f"{rule} ", "text")))
    else:
        said, head = judgement.message, f" {glyph} {word}{_whose(asked, attempt, view)}"
        if asked.misses >= 2 and asked.can_decompose:
            said = f"{said if said.endswith(('?', '…')) else said.rstrip('.') + '.'} F2 takes it apart."
        said = said.removeprefix(f"{word}: ")
        goes_on = said.startswith(word)  # the word is the beginning of the sentence
        parts = (Span(head, role), Span(said.removeprefix(word))) if goes_on else opened(head, role, said)
        lines = in_lines(*parts, width)
    if judgement.spends_attempt and (lands := landing(session, view)):
        rest.append(line(Span(f"{lands} ", "yours")))
    return _placed(lines, rest, width)


def _whose(asked: Asked, attempt: Attempt, view: View) -> str:
    """The name of the number that was judged, where another is in question by now: `, w₁′`."""
    refs = {question.id: question.ref for question in asked.questions}
    ref = refs.get(attempt.question)
    return "" if ref is None or ref == view.focus else f", {view.step(ref).symbol}"


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
                placed[place] = line(Span("   "), *remark) if empty else _with_aside(placed[place], remark, width)
                free.remove(place)
                break
    return tuple(placed)


def _expressions(candidate: Candidate) -> list[Line]:
    """The learner's formula and the right one, aligned below each other."""
    slip = candidate.slip
    return [
        line(Span("   yours  ", "muted"), Span(slip.wrong_line, "yours")),
        line(Span("   right  ", "muted"), Span(slip.right_line, "strong")),
    ]


def _ambiguous(candidates: tuple[Candidate, ...], either: Line, opening: Span, width: int) -> list[Line]:
    """The mistakes that one answer fits, each with its formula and a number to choose it by.

    They are named in a sentence of their own where that fits on a line, else each behind its formula.
    """
    which = line(Span("   which of them was yours? type its number", "muted"))
    numbered = [
        line(Span(f"   {place}  ", "key"), Span(one.slip.wrong_line, "yours"))
        for place, one in enumerate(candidates, start=1)
    ]
    if width_of(either) <= width:
        last = numbered.pop()
        return [either, line(*(span for one in numbered for span in one)), cut((*last, *which), width)]
    named = [
        _named(one, Span(f"  you {candidate.mistake.name}", "text"), width)
        for one, candidate in zip(numbered, candidates, strict=True)
    ]
    if len(named) < MAX_LINES:
        named.insert(0, line(opening, Span(WHICH)))
    else:  # the line that says what may be typed asks which it was
        named[0] = (Span(f" {GLYPHS['diagnosed'][0]} ", "wrong"), Span("1  ", "key"), *named[0][1:])
    return [cut(one, width) for one in named]


WHICH = "which of these was yours? type its number"


def _named(numbered: Line, name: Span, width: int) -> Line:
    """A mistake with its number, its formula and its name; without the formula where they have no room on a line."""
    whole = line(*numbered, name)
    return whole if width_of(whole) <= width else line(*numbered[:1], name._replace(text=name.text.strip()))


def draw_hint(asked: Asked, view: View, width: int) -> Drawing:
    """Draw the rung that the learner asked for last, and how to go on."""
    question = asked.question
    if question is None:
        return ()
    step, rungs = view.step(question.ref), asked.rungs
    text = hint(view.network, view.samples, step, asked.hint_level, asked.written_hints, in_sight=asked.shows_rule)
    place = sum(rung <= asked.hint_level for rung in rungs)
    told = sentence(introduced(f"hint {place} of {len(rungs)}", text), width - 4)
    drawn = [line(" ▸ " if not place else "   ", *part) for place, part in enumerate(told)]
    apart = ", F2 takes the question apart" if asked.can_decompose else ""
    more = "? shows all of it" if place == len(rungs) - 1 else "? for more"
    tail = line(Span(f"   {more}{apart}", "muted"))
    return (*drawn, tail)[:3]


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


def names_of_formula(view: View, width: int) -> Line:
    """Draw the names that a formula may be made of."""
    head, names = " with the names ", [on_keys(name) for name in view.names]
    if len(head) + len(" ".join(names)) > width:  # those of the kinds that are needed have to be seen
        names = [on_keys(name) for name in view.names_nearest_first()]
    return cut(line(Span(head, "muted"), Span(" ".join(names))), width)


def letters_to_type(asked: Asked, view: View, width: int) -> Line:
    """Draw what may be typed at the open question, the nearest names first, and how many decimals it needs."""
    if asked.question is not None and asked.question.kind == "sign":
        return line(Span(" type + or −", "muted"))
    if len(asked.turn.ambiguous) >= MAX_LINES:
        return line(Span(f" {WHICH}", "accent"))
    right = _decimals(asked.decimals)
    names = [on_keys(name) for name in view.names_nearest_first()]
    calls = "".join(f" {name}()" for name in view.functions)
    calls = f" {calls}" if calls else ""
    last = "  or pass" if asked.unaided else ""
    room = width - len(_MAY_TYPE) - len(right) - 5
    usual = (f"{calls}  numbers  + − * / ( ){last}", f"{calls}  + − * / ( ){last}")
    tails = usual[0 if width >= 76 else 1 :] + ((f"{calls}{last}",) if calls else ())
    ways = [(tail, _fitting(names, room - len(tail))) for tail in tails]
    least = min(len(names), MIN_NAMES)
    tail, near = next((way for way in ways if len(way[1]) >= least), ways[-1])
    more = " …" if len(near) < len(names) else ""
    drawn = line(Span(_MAY_TYPE, "muted"), Span(" ".join(near), "text"), Span(more + tail, "muted"))
    return _with_aside(drawn, line(Span(right, "accent"), " "), width)


_MAY_TYPE = " you may type "

MIN_NAMES = 3
"""How many names have to be in sight before the signs of arithmetic are."""


def _fitting(names: list[str], room: int) -> list[str]:
    """The first of the names, as many as have room."""
    return next((names[:count] for count in range(len(names), 0, -1) if len(" ".join(names[:count])) <= room), [])


def draw_hardly_told(asked: Asked, width: int) -> Drawing:
    """Draw on one line which mistakes the numbers of the open question hardly show, as many as have room.

    Where the table is covered none is named: its name would tell the rule.
    """
    names = hidden_slips(asked)
    if not names:
        return ()
    said = "with these numbers a slip may hardly show: check each part once more"
    for count in range(0 if asked.covers_table else min(len(names), MAX_NAMED), 0, -1):
        others = ", among others" if count < len(names) else ""
        told = f"a slip hardly seen here: you {' or '.join(names[:count])}"
        fits = next((text for text in (told + others, told) if len(text) + 2 <= width), "")
        if fits:
            said = fits
            break
    return (cut(line(Span(f" {said}", "muted")), width),)


def _decimals(wanted: int | None) -> str:
    """How many decimals are always enough for an answer: fewer are taken where they round to the right number."""
    if wanted is None:
        return ""
    if wanted == 0:
        return "a whole number"
    return "1 decimal suffices" if wanted == 1 else f"{wanted} decimals suffice"


def _kind(asked: Asked, attempt: Attempt) -> str:
    """The kind of the question that was answered, "" where it is no longer asked."""
    return next((question.kind for question in asked.questions if question.id == attempt.question), "")


def _read_as(attempt: Attempt, asked: Asked) -> str:
    """How an answer that was no plain number was read, "" for one that was."""
    if attempt.judgement.value is None or _kind(asked, attempt) not in ("number", "size", "place"):
        return ""
    try:
        reading = read(_behind_equals(attempt.text), asked.names)
    except ReadingError:
        return ""
    return "" if reading.is_plain else f"{reading.shown} = {numeral(reading.value, 6)}"


def draw_said(view: View, width: int) -> Line:
    """Draw what the station just showed, in one sentence."""
    step = view.step(view.focus)
    if view.focus not in view.known:
        return ()
    said = line(Span(f" {step.symbol} is ", "muted"), Span(text_of(view.value(view.focus)), "strong"))
    if view.focus.quantity != "loss" or view.passed.number == 1:
        return cut(said, width)
    before = view.lesson_run.run(view.activity).loss(view.passed.number - 1)
    if before is None or not _rose(view, before):
        return cut(said, width)
    rose = Span(f"; it rose from {numeral(before)}: the last step was too long", "wrong")
    return cut(line(*said, rose), width)


def _rose(view: View, before: float) -> bool:
    """Whether the loss grew since the pass before, on the same samples."""
    return view.network.batching == "full" and view.passed.loss.loss > before


def draw_revealed(asked: Asked, view: View, width: int) -> Drawing:
    """Draw the answer that was revealed last, with its whole derivation."""
    question = shown_answer(asked)
    if question is None:
        return ()
    whole = hint(view.network, view.samples, view.step(question.ref), HINT_LEVELS)
    return draw_sentence(introduced("shown", whole), width)
