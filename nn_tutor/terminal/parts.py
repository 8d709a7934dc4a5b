"""What the parts of a lesson's screen show: drawn from a state of the session and the learner's ways of looking at it.

Nothing here knows of Textual: a screen can be drawn, and tested, without one.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from nn_tutor.dataclass import dataclass
from nn_tutor.terminal.drawing.ink import Drawing, Line, Span, beside, cut, line, width_of
from nn_tutor.terminal.exhibits import what_stands_around
from nn_tutor.terminal.faces.base import Around, Face, Scene
from nn_tutor.terminal.faces.kinds import face_of
from nn_tutor.terminal.faces.opening import OpeningFace, opens_with_a_page
from nn_tutor.terminal.panels.figure import between_rules, draw_figure
from nn_tutor.terminal.panels.footer import draw_footer
from nn_tutor.terminal.panels.header import draw_header
from nn_tutor.terminal.panels.reading import draw_in_short, draw_introduction, goes_on
from nn_tutor.tutor.stations.base import INSIDE
from nn_tutor.tutor.visible import view_of
from nn_tutor.walkthrough.skills import in_words

if TYPE_CHECKING:
    from nn_tutor.calculus.records import Deriver
    from nn_tutor.progress.afterwards import Way
    from nn_tutor.progress.recording import Gain
    from nn_tutor.terminal.layout import Plan
    from nn_tutor.tutor.keymap import State
    from nn_tutor.tutor.mastery import Standing
    from nn_tutor.tutor.session import Session


@dataclass(frozen=True, slots=True)
class Looks:
    """How the learner looks at a station: typing or looking around, which panel is in front, how far it is scrolled.

    `large` wants the picture as large as it gets; with `asks_to_show` the key that shows the answer was pressed once.
    While the lesson `opens` its introduction may be a page of its own. `waits` says that what numbers are typed with
    goes to a question ahead.
    """

    state: State = "looking"
    panel: int = 1
    scrolled: int = 0
    large: bool = False
    asks_to_show: bool = False
    opens: bool = False
    waits: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class Setting:
    """What a lesson is shown in: its number in the course, the deriver of formulas, the lesson that follows, and so on.

    `badge` says why nothing is saved, if so; `running` how fast a run goes on by itself, if it does; `has_home` that
    there is a home screen to go back to. `standing` is what is mastered, None where nothing is kept; `gains` what the
    lesson has added to it, at its end; `ways_on` what comes there where no lesson follows.
    """

    number: int | None = None
    deriver: Deriver | None = None
    following: str = ""
    ways_on: tuple[Way, ...] = ()
    badge: str = ""
    standing: Standing | None = None
    running: str = ""
    has_home: bool = True
    gains: tuple[Gain, ...] = ()


def plan_for(
    session: Session, width: int, height: int, looks: Looks | None = None, deriver: Deriver | None = None
) -> Plan:
    """Divide a screen of `width` × `height` cells for the station at hand."""
    return _face(session, looks or Looks(), deriver, width, height).plan(width, height)


def panels_of(session: Session, deriver: Deriver | None) -> tuple[str, ...]:
    """Return the names of the panels of the station at hand, none where there is only one."""
    return _with_what_stands_beside(session, deriver).panels


def _with_what_stands_beside(session: Session, deriver: Deriver | None) -> Face[Any]:
    face = face_of(session)
    if face.stands_beside:
        face.beside, face.network, face.curve = what_stands_around(session, deriver)
    return face


def shows_opening(session: Session, width: int, height: int) -> bool:
    """Whether the introduction of a lesson that opens is a page of its own, on a screen of that size."""
    return _opens_with_a_page(session, width, height)


@lru_cache(maxsize=4)
def _opens_with_a_page(session: Session, width: int, height: int) -> bool:
    """The same, kept: it is asked several times while a lesson opens, and a screen is divided to find out."""
    return opens_with_a_page(_with_what_stands_beside(session, None), width, height)


def _face(session: Session, looks: Looks, deriver: Deriver | None, width: int, height: int) -> Face[Any]:
    face = _with_what_stands_beside(session, deriver)
    return OpeningFace(face) if looks.opens and _opens_with_a_page(session, width, height) else face


def draw_parts(whole: Session, plan: Plan, looks: Looks, setting: Setting) -> tuple[dict[str, Drawing], int]:
    """Draw the parts of a screen; returns with them how far the words are scrolled in truth."""
    session = whole.current
    face, view, width = (
        _face(session, looks, setting.deriver, plan.width, plan.height),
        view_of(session, setting.deriver),
        plan.width,
    )
    names = face.panels
    panel = min(looks.panel, len(names) or 1)
    scene = Scene(
        plan=plan,
        view=view,
        deriver=setting.deriver,
        panel=names[panel - 1] if names else "",
        scrolled=0,
        large=looks.large,
        following=setting.following,
        ways_on=setting.ways_on,
        has_home=setting.has_home,
        running=setting.running,
        gains=setting.gains,
    )
    least, most = face.scroll_range(scene)
    scrolled = min(max(least, looks.scrolled), most)
    scene = replace(scene, scrolled=scrolled)
    left, right = face.body(scene)
    has_more = goes_on((*left, *right))
    if not has_more and scene.scrolled > 0:  # the words may have come to their end before
        ends = partial(_looks_like, (left, right), face, scene)
        scene = replace(scene, scrolled=bisect_left(range(scene.scrolled), True, key=ends))
    scrolls = has_more or scene.scrolled > 0
    inner = width - len(EDGE)
    parts: dict[str, Drawing] = {
        "header": from_edge(draw_header(whole, face.heading, setting.number, inner, badge=setting.badge)),
        "figure": between_rules(drawn, plan) if (drawn := face.drawn_above(plan)) else draw_figure(session, view, plan),
        "introduction": draw_introduction(face.introduction, width) if plan.heights["introduction"] else (),
        "tabs": from_edge(draw_tabs(face, plan, panel)),
        "prompt": (*_rule_above_prompt(plan), *from_edge(*(cut(one, inner) for one in face.prompt(view, inner)))),
        "verdict": _verdict(face, scene, looks),
        "footer": from_edge(_footer(whole, face, inner, plan.is_framed, looks, setting, scrolls=scrolls)),
        "left": left,
        "right": right,
    }
    return parts, scene.scrolled


def _looks_like(drawn: tuple[Drawing, Drawing], face: Face[Any], scene: Scene, scrolled: int) -> bool:
    """Whether a body scrolled so far looks the same."""
    return face.body(replace(scene, scrolled=scrolled)) == drawn


EDGE = " "
"""What the lines above and below the body have before their own blank: so that all words begin at one edge."""


def from_edge(*lines: Line) -> Drawing:
    """Return lines that begin at the edge of all words; an empty one stays empty."""
    return tuple((Span(EDGE), *content) if content else content for content in lines)


def _rule_above_prompt(plan: Plan) -> Drawing:
    """The rule between the body and what is asked; the frames of a body have their own."""
    return () if plan.is_framed else (line(Span("─" * plan.width, "border")),)


def draw_tabs(face: Face[Any], plan: Plan, panel: int) -> Line:
    """Draw the names of the panels with the one in front, and where in the pass the station is."""
    if not plan.heights["tabs"]:
        return ()
    width = plan.width - len(EDGE)
    tabs = _tabs(face.panels, panel)
    if width_of(tabs) > width:
        tabs = _tabs(face.panels, panel, is_tight=True)
    place = face.whereabouts(width - 1 - width_of(tabs))
    return beside(tabs, (*place, Span(" ")), width) if place else tabs


def _tabs(names: tuple[str, ...], panel: int, *, is_tight: bool = False) -> Line:
    """The names of the panels, the one in front in brackets; tight where they have less room."""
    before, behind = ("", "") if is_tight else (" ", " ")
    return line(
        *(
            Span(f"{before}[{number} {name}]", "key")
            if number == panel
            else Span(f"{before} {number} {name}{behind}", "muted")
            for number, name in enumerate(names, start=1)
        )
    )


def _verdict(face: Face[Any], scene: Scene, looks: Looks) -> Drawing:
    """The verdict, or the words that have no other place, and what the numbers hardly show."""
    if looks.asks_to_show:
        question = " ▸ press s once more to be shown the answer; it will not count as yours"
        return from_edge(line(Span(question, "accent")), ())
    plan, view = scene.plan, scene.view
    inner = plan.width - len(EDGE)
    warned = from_edge(*face.hardly_told(view, inner))
    room = plan.heights["verdict"] - len(warned)
    said = from_edge(*face.verdict(view, inner)) or _words_below(face, scene, looks, room)
    return (*said, *warned) if len(said) <= room else said


def _words_below(face: Face[Any], scene: Scene, looks: Looks, height: int) -> Drawing:
    """The words that have no other place."""
    plan, view = scene.plan, scene.view
    reads = ("read", "chain") if view is not None and view.covers_table and not view.is_own else ("read",)
    if height < 1 or not face.has_words_below(plan) or scene.panel in reads:
        return ()
    more = " … " if not scene.panel else " … esc 4 reads on " if looks.state == "answering" else " … 4 reads on "
    return draw_in_short(face.station.own_words, plan.width, height, more)


def _footer(
    whole: Session, face: Face[Any], width: int, is_framed: bool, looks: Looks, setting: Setting, *, scrolls: bool
) -> Line:
    is_inside = face.session.lesson_run.lesson.id == INSIDE
    around = Around(
        training=bool(setting.running),
        is_fresh=whole.nested is not None and not is_inside,
        is_inside=is_inside,
        waits=looks.waits,
        folds=not is_framed,
        scrolls=scrolls,
        has_home=setting.has_home,
        following=setting.following,
    )
    tips = face.answering_tips() if looks.state == "answering" else face.looking_tips(around)
    if around.folds and looks.state == "answering":
        names = face.panels
        tips[2:2] = face.folded_tips(names[min(looks.panel, len(names)) - 1] if names else "")
    if face.session.is_at_beginning:
        tips = [tip for tip in tips if tip.commands != ("back",)]
    return draw_footer(looks.state, tips, width, _dots(face.session, setting.standing))


def _dots(session: Session, standing: Standing | None) -> str:
    """How well the skill of the open question is mastered, in words."""
    question = session.question
    if standing is None or question is None:
        return ""
    return f"{in_words(question.skill)} {standing.shown(question.skill)}"
