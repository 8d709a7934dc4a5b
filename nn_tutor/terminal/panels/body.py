"""The middle of the lesson screen: the diagram above, and below it the panels, as tabs or side by side."""

from __future__ import annotations

from nn_tutor.calculus.records import Deriver
from nn_tutor.course.activities.choose import Choose
from nn_tutor.course.activities.derive import Derive
from nn_tutor.course.activities.nudge import Nudge
from nn_tutor.course.activities.place import PlaceWeight
from nn_tutor.course.activities.train import Train
from nn_tutor.course.activities.walk import Walk
from nn_tutor.terminal.drawing.diagram import draw_diagram
from nn_tutor.terminal.drawing.diagram_parts import DiagramPicture
from nn_tutor.terminal.drawing.ink import Drawing, Line, Span, beside, line, width_of
from nn_tutor.terminal.drawing.prose import draw_prose
from nn_tutor.terminal.layout import Plan
from nn_tutor.terminal.panels.chain import PHASE_TITLES, draw_chain, draw_chain_so_far
from nn_tutor.terminal.panels.choice import draw_choice
from nn_tutor.terminal.panels.code import draw_code
from nn_tutor.terminal.panels.ending import draw_ending
from nn_tutor.terminal.panels.hunt import draw_hunt
from nn_tutor.terminal.panels.matrices import draw_matrices
from nn_tutor.terminal.panels.nudges import draw_nudges
from nn_tutor.terminal.panels.picture import draw_picture
from nn_tutor.terminal.panels.pictures import draw_wanted
from nn_tutor.terminal.panels.reading import LEAST_WORDS, draw_reading, fits, untitled
from nn_tutor.terminal.panels.training import CURVE, LEAST_PICTURE, draw_training, shows_only_curve
from nn_tutor.terminal.panels.tuning import draw_tuning
from nn_tutor.tutor.session import Session
from nn_tutor.tutor.stations.hunting import Hunting
from nn_tutor.tutor.stations.tuning import Tuning
from nn_tutor.tutor.stations.walking import Walking
from nn_tutor.tutor.visible import View, diagram_values

LEAST_TABLE, MOST_TABLE = 4, 110
"""The lines from which a table beside words is of use, and the cells over which its columns would part."""

MOST_WORDS = 8
"""The words beside a step take so many lines or two fifths of the height, whichever is more."""

LEAST_BESIDE = 9
"""The picture beside a step keeps so many lines; words that then have no room stand below the answer line."""


LEAST_SPLIT = 15
"""The lines from which the code stands below the table, and does not take its place."""

WORDS_ABOVE = LEAST_PICTURE + 12
"""The lines from which the words stand above the curve on which a weight is put."""


def has_words_below(session: Session, plan: Plan) -> bool:
    """Whether the words of a station have no place in the body and stand below the answer line."""
    if session.is_over or not isinstance(session.activity, Walk | PlaceWeight):
        return False
    if isinstance(session.activity, PlaceWeight):
        return plan.body < WORDS_ABOVE
    return not plan.right or not _words_beside(session.station.words, plan.right - 1, plan.body, 0, alone=False)


def draw_figure(session: Session, view: View | None, plan: Plan) -> Drawing:
    """Draw the network between two rules, or a single rule where no network is at work."""
    rule = line(Span("─" * plan.width, "border"))
    height = plan.heights["figure"] - 2
    if height < 1:
        return (rule,)
    diagram = draw_diagram(_diagram(session, view), plan.width - 2, height)
    lines = [(Span(" "), *content) for content in diagram[:height]]
    return (rule, *lines, *([()] * (height - len(lines))), rule)


def panels_of(session: Session) -> tuple[str, ...]:
    """Return the names of the panels of a station, none where there is only one."""
    if session.is_over:
        return ()
    if isinstance(session.activity, Walk):
        return ("chain", "picture", "code", "read")
    if not isinstance(session.activity, Train):
        return ()
    return ("curve", "words") if shows_only_curve(session, session.activity) else ("picture", "curve", "words")


def draw_tabs(session: Session, plan: Plan, panel: int) -> Line:
    """Draw the names of the panels with the one in front, and where in the pass the station is."""
    names = panels_of(session)
    if not plan.heights["tabs"]:
        return ()
    station = session.station
    if plan.right and isinstance(station, Walking):
        tabs = line(Span(f" {PHASE_TITLES[station.stop.phase]}", "muted"))
    else:
        tabs = line(
            *(
                Span(
                    f" [{number} {name}]" if number == panel else f"  {number} {name} ",
                    "key" if number == panel else "muted",
                )
                for number, name in enumerate(names, start=1)
            )
        )
    if not isinstance(station, Walking):
        return tabs
    count = len(station.stops)
    grain = "" if station.cut.grain == "factor" else f"by {station.cut.grain} · "
    form = "matrix form · " if station.cut.form == "matrix" else ""
    step = f"step {session.place.stop + 1} of {count} "
    wordings = (f"{form}{grain}{station.stop.phase} · {step}", f"{grain}{station.stop.phase} · {step}", step)
    place = next((text for text in wordings if width_of(tabs) + len(text) < plan.width), step)
    return beside(tabs, line(Span(place, "muted")), plan.width)


def draw_body(
    session: Session,
    view: View | None,
    plan: Plan,
    panel: str,
    scrolled: int,
    *,
    large: bool,
    deriver: Deriver | None,
    following: str = "",
    running: str = "",
) -> tuple[Drawing, Drawing, int]:
    """Draw what stands left and right in the middle; returns with them how far the words are scrolled in truth."""
    text = session.station.words
    scrolled = min(scrolled, _most_scrolled(text, plan))
    if view is not None and isinstance(session.activity, PlaceWeight):
        words = draw_reading(text, plan.left, max(1, plan.body - LEAST_PICTURE - 8), scrolled) if text else ()
        words = words if plan.body >= WORDS_ABOVE else ()
        words = (*words, ()) if words else ()
        return (*words, *draw_picture(session, view, plan.left, plan.body - len(words))), (), scrolled
    if view is not None and isinstance(session.activity, Derive):
        return _with_picture(session, _derivation(view, text, plan, scrolled), plan), (), scrolled
    if view is not None:
        left, right = _walk(session, view, text, plan, panel, scrolled, large=large)
        return left, right, scrolled
    if session.is_over:
        return draw_ending(session, text, plan.left, plan.body, scrolled, following), (), scrolled
    activity = session.activity
    if isinstance(activity, Choose):
        return draw_choice(session, activity, text, plan.left, plan.body, scrolled), (), scrolled
    if isinstance(activity, Nudge):
        left = draw_nudges(session, activity, plan.body)
        if plan.right:
            return _with_picture(session, left, plan), draw_reading(text, plan.right, plan.body, scrolled), scrolled
        words = draw_reading(text, plan.left, max(1, plan.body - len(left) - 1), scrolled) if text else ()
        left = (*words, (), *left)[: plan.body] if words else left
        return _with_picture(session, left, plan), (), scrolled
    if isinstance(session.station, Hunting):
        return draw_hunt(session, session.station, text, deriver, plan.left, plan.body), (), scrolled
    if isinstance(session.station, Tuning):
        return draw_tuning(session, session.station, text, plan.left, plan.body), (), scrolled
    if isinstance(activity, Train):
        if not plan.right:
            return draw_training(session, activity, text, plan.left, plan.body, panel, running), (), scrolled
        if shows_only_curve(session, activity):
            left = draw_training(session, activity, "", plan.left, plan.body, panel, running)
            return left, _behind_bar(draw_reading(text, plan.right - 1, plan.body, scrolled) if text else ()), scrolled
        left = draw_training(session, activity, text, plan.left, plan.body, panel, running)
        return left, _behind_bar(draw_wanted(session, CURVE, plan.right - 1, plan.body)), scrolled
    if activity.picture is not None and plan.body >= 2 * LEAST_PICTURE:
        words = (*draw_reading(text, plan.left, plan.body - LEAST_PICTURE - 1, scrolled), ())
        below = draw_wanted(session, activity.picture, plan.left, plan.body - len(words))
        return (*words, *below), (), scrolled
    return draw_reading(text, plan.left, plan.body, scrolled), (), scrolled


def _derivation(view: View, text: str, plan: Plan, scrolled: int) -> Drawing:
    """The words, and below them what a formula is made from, where there is room for both."""
    words = draw_reading(text, plan.left, plan.body, scrolled) if text else ()
    room = plan.body - len(words) - 1
    if room < LEAST_TABLE:
        return words
    return (*words, (), *draw_chain_so_far(view, min(plan.left, MOST_TABLE), room))


def _with_picture(session: Session, above: Drawing, plan: Plan) -> Drawing:
    """Put the picture that the activity asks for below something, where there is room for it."""
    room = plan.body - len(above) - 1
    if session.activity.picture is None or room < LEAST_PICTURE - 1:
        return above
    return (*above, (), *draw_wanted(session, session.activity.picture, plan.left - 1, room))


def _in_walk(session: Session, view: View, width: int, height: int) -> Drawing:
    """The picture of a walk: what the lesson asks for, where that tells no number of the pass, else the loss."""
    asked = session.activity.picture
    if asked is not None and asked.kind in ("activation", "data", "region"):
        return draw_wanted(session, asked, width, height)
    return draw_picture(session, view, width, height)


def _walk(
    session: Session, view: View, text: str, plan: Plan, panel: str, scrolled: int, *, large: bool
) -> tuple[Drawing, Drawing]:
    height = plan.body
    if not plan.right:
        drawings = {
            "chain": lambda: _table(view, text, plan.left, height),
            "picture": lambda: _in_walk(session, view, plan.left, height),
            "code": lambda: draw_code(view, plan.left, height),
            "read": lambda: draw_reading(text or "Nothing is written for this step.", plan.left, height, scrolled),
        }
        return drawings["picture" if large else panel](), ()
    words = _words_beside(text, plan.right - 1, height, scrolled, alone=large)
    if large:
        return _in_walk(session, view, plan.left, height), _behind_bar(words)
    picture = _in_walk(session, view, plan.right - 1, height - len(words))
    upper = max(height * 11 // 20, min(height - 6, 16)) if height >= LEAST_SPLIT else height
    chain = _table(view, "", plan.left - 1, upper)
    rule = line(Span("─" * (plan.left - 1), "border"))
    reads = text and not words and panel == "read"
    room = height - upper - 1 if height >= LEAST_SPLIT else height
    code = draw_code(view, plan.left - 1, room)
    below = draw_reading(text, plan.left - 1, room, scrolled) if reads else code
    left = (*chain, *([()] * (upper - len(chain))), rule, *below)
    if height < LEAST_SPLIT:
        left = below if reads or panel == "code" else chain
    return left, _behind_bar((*picture, *words))


def _words_beside(text: str, width: int, height: int, scrolled: int, *, alone: bool) -> Drawing:
    """The words below the picture, where both have room; where they are `alone`, as many as there are."""
    if not text:
        return ()
    if alone:
        return draw_reading(text, width, height, scrolled)
    room = min(max(MOST_WORDS, height * 2 // 5), height - LEAST_BESIDE - 1)
    if room < LEAST_WORDS:
        return ()
    words = draw_reading(text if fits(text, width, room) else untitled(text), width, room, scrolled)
    return (line(Span("─" * width, "border")), *words, *([()] * (room - len(words))))


def _behind_bar(drawing: Drawing) -> Drawing:
    return tuple((Span("│", "border"), *content) for content in drawing)


def _table(view: View, text: str, width: int, height: int) -> Drawing:
    if view.covers_table:
        notice = line(Span("  The table is covered: this time without it.", "muted"))
        return (notice, (), *draw_reading(text, width, height - 2, 0)) if text else (notice,)
    if view.form == "matrix":
        return draw_matrices(view, width, height)
    return draw_chain(view, width, height)


def _most_scrolled(text: str, plan: Plan) -> int:
    return max(0, len(draw_prose(text, max(10, (plan.right or plan.left) - 4))) - 3)


def _diagram(session: Session, view: View | None) -> DiagramPicture:
    passed, focus = session.passed, None if view is None else view.focus
    network = session.tour.network(session.place.activity)
    row = (focus.row if focus is not None else None) or 0
    return DiagramPicture(
        network=network,
        rows=passed.X.shape[0],
        row=row,
        inputs=tuple(map(float, passed.X[row])),
        targets=None if passed.Y is None else tuple(map(float, passed.Y[row])),
        weights=tuple(tuple(tuple(map(float, weights)) for weights in W) for W in passed.before.W),
        biases=tuple(None if b is None else tuple(map(float, b)) for b in passed.before.b),
        values=diagram_values(session, view),
        focus=focus,
        phase="update" if focus is None else focus.phase,
    )
