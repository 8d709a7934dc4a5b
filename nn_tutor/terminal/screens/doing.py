"""What the commands of a lesson's keys do: each is a move of the session, a look at it, or a page laid over it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from nn_tutor.terminal.screens.station import StationScreen
from nn_tutor.tutor.typed import typed_before
from nn_tutor.tutor.visible import view_of

if TYPE_CHECKING:
    from nn_tutor.network.quantities import Ref
    from nn_tutor.tutor.keymap import Command
    from nn_tutor.tutor.session import Session

ON = "on"
"""What the screen returns where more is wanted: another round of practice, or the next lesson."""

# To the answer line, and on from it


def check(screen: StationScreen, text: str) -> None:
    """Check what was typed as an answer, or go on."""
    session = screen.session
    text = text if text.strip() else session.station.marker_answer
    if text.strip() and session.station.takes_text:
        _answer(screen, text)
    elif session.is_open:
        screen.move(session.forward())
    elif text.strip() and session.station.is_watched:
        screen.session, below = session.target(text)
        screen.line.clear()
        _to_looking(screen)
        if below is not None:
            screen.runs.run_to(below)
    else:
        screen.line.clear()
        _go_on(screen)


def _answer(screen: StationScreen, text: str) -> None:
    before = screen.session
    screen.session = before.answer(text)
    session = screen.session
    judged = session.station.last_attempt
    taken = session.notes is not before.notes or (judged is not None and judged.judgement.is_right)
    # What was typed may be where the marker stands now: the arrows go on from there.
    marked = before.station.marker_answer and judged is not None and judged.judgement.verdict != "invalid"
    if taken or marked or not session.is_open:
        screen.line.clear()
    else:
        screen.line.select_all()
    screen.state = "answering" if session.station.takes_text else "looking"
    _back_to_asked(screen, before)
    screen.settle()


def _back_to_asked(screen: StationScreen, before: Session) -> None:
    """Scroll the table back to the number at hand, where another one is asked now, or none."""
    if screen.panel == 1 and screen.session.question is not before.question:
        screen.scrolled = 0


def take_option(screen: StationScreen, option: str) -> None:
    """Put an option of a choice on the line; one that stands there already is the answer."""
    session = screen.session
    if session.is_over or session.activity.kind != "choose" or not session.is_open:
        return
    if screen.line.value == option:
        check(screen, option)
        return
    screen.state = "answering"
    screen.entry.put(option)
    screen.settle()


def pick(screen: StationScreen, ref: Ref) -> None:
    """Go to the cell of a grid that asks for a number."""
    before = screen.session
    screen.session = before.pick(ref)
    if screen.session.question is not before.question:
        _back_to_asked(screen, before)
        screen.line.clear()
        screen.state = "answering"
        screen.settle()


def to_line(screen: StationScreen) -> None:
    """Back to the answer line, or on where nothing is left to answer."""
    screen.looks_around = False
    if screen.session.station.takes_text:
        screen.state = "answering"
        screen.settle()
    else:
        _go_on(screen)


def look_around(screen: StationScreen) -> None:
    """Leave the line, or where it is left already take back what was asked with s."""
    screen.session = screen.session.heard()
    was_pending, was_looking = screen.asks_to_show, screen.state == "looking" and screen.looks_around
    screen.asks_to_show, screen.looks_around = False, True
    _to_looking(screen)
    if was_looking and not was_pending:
        screen.tell("you are looking around: enter goes back to the line, or on")


def _to_looking(screen: StationScreen) -> None:
    screen.state = "looking"
    screen.settle()


def _go_on(screen: StationScreen) -> None:
    session = screen.session
    if session.is_over:
        goes_on = bool(screen.following) or session.lesson_run.is_round
        screen.dismiss(ON if goes_on else "")
    elif session.station.unfinished and not screen.was_told_unfinished:
        screen.was_told_unfinished = True
        screen.say(session.station.unfinished)
    else:
        screen.move(session.forward())


# Help with a question


def hint(screen: StationScreen) -> None:
    """Give the next hint; the last one is the answer."""
    was_open = screen.session.is_open
    screen.move(screen.session.hint())
    if was_open and not screen.session.is_open:
        screen.line.clear()
        screen.state = "looking"
    screen.settle()
    if not was_open:
        _say_it_is_shown(screen)


def show(screen: StationScreen) -> None:
    """Ask whether the answer is to be shown; the second time, show it."""
    session = screen.session
    if not session.is_open or session.station.is_unaided or not session.station.can_show:
        screen.move(session.reveal())
        _say_it_is_shown(screen)
    elif screen.asks_to_show:
        screen.asks_to_show = False
        screen.session = session.reveal()
        screen.line.clear()
        screen.settle()
    else:
        screen.asks_to_show = True
        screen.repaint()


def _say_it_is_shown(screen: StationScreen) -> None:
    if not screen.session.notice:
        screen.tell("the answer is shown already: enter goes on")


def take_apart(screen: StationScreen) -> None:
    """Ask for the links of a question first, or for the whole question again; what was typed at it is kept."""
    before = screen.session
    screen.session = before.decompose()
    if screen.session.answers is not before.answers:  # else what is typed stays
        if before.question is not None:
            screen.entry.keep(before.question)
        screen.line.clear()
    screen.settle()


def put_off(screen: StationScreen) -> None:
    """Leave the question with fresh numbers for later."""
    screen.become(screen.whole.postpone_retry())
    screen.arrive()


# Through the lesson


def sideways(screen: StationScreen, by: int) -> None:
    """→ and ← on the empty line: along the curve, across a grid, else a step."""
    if screen.session.station.owns_sideways:
        _point(screen, 0, by)
    else:
        screen.move(screen.session.forward() if by > 0 else screen.session.back())


def upright(screen: StationScreen, by: int) -> None:
    """↑ and ↓: farther along the curve, down a list or a grid, else through the words."""
    station = screen.session.station
    if station.owns_upright and (screen.state == "answering" or station.scrolls_by_itself):
        _point(screen, by, 0)
    elif screen.state == "answering" and station.takes_text and (typed := typed_before(screen.whole)):
        screen.line.recall(by, typed)
    else:
        screen.scroll_words(by)


def _point(screen: StationScreen, down: int, right: int) -> None:
    """Move what the arrows move; what was typed before gives way to what they point at now."""
    before = screen.session
    screen.session = before.move(down, right)
    marker = screen.session.station.marker_answer
    if screen.session.question is not before.question or (marker and marker != before.station.marker_answer):
        screen.line.clear()
    screen.repaint()


def end(screen: StationScreen) -> None:
    """To the end of the activity; a run goes on to its goal, and from there to its last pass."""
    if not screen.runs.to_goal():
        screen.move(screen.session.to_end())


def inside(screen: StationScreen) -> None:
    """Into a pass of a run, and back out of it."""
    if screen.whole.nested is not None and not screen.whole.retry_due:
        screen.become(screen.whole.step_out())
    else:
        screen.become(screen.whole.with_current(screen.session.step_in()))
    screen.panel, screen.covers_all = 1, False
    screen.arrive()


def train(screen: StationScreen) -> None:
    """Let the run at hand go on, or stop it."""
    if screen.runs.at_hand is None:
        screen.tell("there is no run here that could go on")
    else:
        screen.runs.toggle()


# Pages laid over the lesson


def why(screen: StationScreen) -> None:
    """Open the reasons why the number at hand is what it is."""
    from nn_tutor.terminal.screens.why import WhyScreen
    from nn_tutor.tutor.why import reasons_at_hand

    view = view_of(screen.session, screen.deriver)
    found = () if view is None else reasons_at_hand(view)
    if found:
        screen.app.push_screen(
            WhyScreen([reason.text for reason in found], lambda key: screen.call_next(screen.take, key))
        )
    else:
        is_asked = screen.session.is_open and screen.session.question is not None
        screen.say(
            "answer first: why comes once the number is there" if is_asked else "there is no number here to ask that of"
        )


def words(screen: StationScreen) -> None:
    """Open the glossary, with the words of this lesson first."""
    from nn_tutor.terminal.screens.glossary import open_glossary

    open_glossary(screen.app, screen.session.lesson_run.lesson.id)


def sheet(screen: StationScreen) -> None:
    """Open the sheet of a network that somebody was given."""
    from nn_tutor.terminal.screens.sheet import SheetScreen

    session, recording = screen.session, screen.recording
    lesson = session.lesson_run.lesson
    if lesson.purpose != "homework" or recording is None or session.is_over or session.activity.kind != "walk":
        screen.tell("a sheet belongs to a network of your own: n at home, or nn-tutor homework")
        return
    screen.app.push_screen(SheetScreen(lesson, recording.recorder, screen.deriver, session.activity.network))


def show_help(screen: StationScreen) -> None:
    """Open the help."""
    from nn_tutor.terminal.screens.help import HelpScreen

    screen.app.push_screen(HelpScreen())


def leave(screen: StationScreen) -> None:
    """Leave the lesson where it stands."""
    screen.dismiss("")


COMMANDS: dict[Command, Callable[[StationScreen], None]] = {
    "check": lambda screen: check(screen, screen.line.value),
    "to the line": to_line,
    "look around": look_around,
    "forward": lambda screen: screen.move(screen.session.forward()),
    "back": lambda screen: screen.move(screen.session.back()),
    "next pass": lambda screen: screen.move(screen.session.forward_pass()),
    "previous pass": lambda screen: screen.move(screen.session.back_pass()),
    "beginning": lambda screen: screen.move(screen.session.to_beginning()),
    "end": end,
    "finer": StationScreen.finer,
    "coarser": StationScreen.coarser,
    "code": StationScreen.show_code,
    "why": why,
    "picture": StationScreen.enlarge_picture,
    "form": StationScreen.change_form,
    "train": train,
    "reseed": lambda screen: screen.move(screen.session.reseed()),
    "inside": inside,
    "show": show,
    "hint": hint,
    "take apart": take_apart,
    "words": words,
    "put off": put_off,
    "sheet": sheet,
    "next panel": lambda screen: screen.next_panel(1),
    "previous panel": lambda screen: screen.next_panel(-1),
    "panel 1": lambda screen: screen.open_panel(1),
    "panel 2": lambda screen: screen.open_panel(2),
    "panel 3": lambda screen: screen.open_panel(3),
    "panel 4": lambda screen: screen.open_panel(4),
    "panel 5": lambda screen: screen.open_panel(5),
    "panel 6": lambda screen: screen.open_panel(6),
    "scroll up": lambda screen: upright(screen, -1),
    "scroll down": lambda screen: upright(screen, 1),
    "help": show_help,
    "home": leave,
    "quit": leave,
}
"""What each command does."""
