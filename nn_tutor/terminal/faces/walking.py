"""A stop of a walked pass: table, picture, code and words, as tabs or side by side."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING, ClassVar

from nn_tutor.terminal.drawing.boxes import SIDES_OF_FRAME
from nn_tutor.terminal.drawing.ink import Drawing, Line, Span, line
from nn_tutor.terminal.faces.base import MAX_EXHIBIT, Around, Scene
from nn_tutor.terminal.faces.on_pass import FaceOnPass
from nn_tutor.terminal.panels.batch import draw_batch, lines_of
from nn_tutor.terminal.panels.chain import PHASE_TITLES, draw_chain, draw_narrow_chain, rows_out_of_sight
from nn_tutor.terminal.panels.code import draw_code, draw_line_of_code, draw_program, name_of_program
from nn_tutor.terminal.panels.given import draw_given, has_more_than_diagram, lines_of_given
from nn_tutor.terminal.panels.matrices import draw_matrices
from nn_tutor.terminal.panels.own_pass import draw_own_pass, draw_so_far, lines_out_of_sight
from nn_tutor.terminal.panels.pictures import draw_wanted
from nn_tutor.terminal.panels.reading import MIN_WORDS, draw_reading, fits, untitled
from nn_tutor.terminal.panels.weight_picture import draw_picture
from nn_tutor.tutor.batch import batch_of
from nn_tutor.tutor.keymap import Tip
from nn_tutor.tutor.stations.walking import Walking

if TYPE_CHECKING:
    from nn_tutor.terminal.layout import Plan
    from nn_tutor.tutor.visible import View

MAX_WORDS = 8
"""The words beside a step take so many lines or two fifths of the height, whichever is more."""

MIN_BESIDE = 9
"""The picture beside a step keeps so many lines; words that then have no room stand below the answer line."""

MIN_SPLIT = 15
"""The lines from which the code stands below the table, and does not take its place."""

MIN_CODE, ROOM_OF_TABLE = 4, 8
"""Below the table the code keeps so many lines; the table needs so many beside one for each number."""

MAX_SAMPLES = 10
"""Below the table the samples of a batch take so many lines, or those that are left over, if these are more."""

HIGH, WORDS_AT_LEFT, LINE_OF_CODE = 46, 10, 3
"""The lines of a screen on which the words stand below the table, those that they have there, and those of a line of
code in its frame."""

LINES_FOR_TABLE = 20
"""Words in the place of a covered table, and the picture beside them, have so many lines or half the height."""

MIN_RIGHT, WIDE_TABLE = 40, 120
"""Beside a table of long rules picture and words keep so many cells; the table takes so many before they get more."""

MIN_TABLE = 62
"""In fewer cells the table of a pass is drawn without its rules."""


class WalkingFace(FaceOnPass[Walking]):
    """A stop of a walk."""

    has_halves: ClassVar[bool] = True

    def right_width(self, width: int) -> int:
        """Return less where the rules of the table are long: of vectors and of batches."""
        usual = super().right_width(width)
        return usual if self._is_scalar and not self._has_batch else max(MIN_RIGHT, min(usual, width - WIDE_TABLE))

    def tab_lines(self, *, splits: bool) -> int:
        """Return one line: of tabs, or of the phase."""
        return 1

    @cached_property
    def panels(self) -> tuple[str, ...]:
        """The panels of a step: also what is given, where the diagram does not hold it, and the samples of a batch.

        In a round nothing is written for any step.
        """
        read = () if self.station.lesson_run.is_round else ("read",)
        given = ("given",) if self._has_given else ()
        return ("chain", "picture", "code", *read, *given, *(("samples",) if self._has_batch else ()))

    @cached_property
    def _has_given(self) -> bool:
        """Whether a panel holds what the pass starts from; the sheet of a pass of one's own holds it already."""
        lesson_run, index = self.station.lesson_run, self.station.index
        is_listed = self.station.asked.is_own_open or lesson_run.is_large(index)
        return not is_listed and has_more_than_diagram(lesson_run.network(index))

    @property
    def _has_batch(self) -> bool:
        """Whether the pass sees several samples."""
        return self.station.lesson_run.rows(self.station.index, self.station.place.pass_number) > 1

    def whereabouts(self, room: int) -> Line:
        """Draw which step of the pass this is, and how passes are cut."""
        station, cut = self.station, self.station.cut
        grain = "" if cut.grain == "factor" else f"by {cut.grain} · "
        form = "matrix form · " if cut.form == "matrix" else ""
        step = f"step {station.place.stop + 1} of {len(station.step_groups)}"
        phase = station.stop.phase
        wordings = (f"{form}{grain}{phase} · {step}", f"{grain}{phase} · {step}", step)
        said = next((text for text in wordings if len(text) < room), "")
        return line(Span(said, "muted")) if said else ()

    def body(self, scene: Scene) -> tuple[Drawing, Drawing]:
        """Draw the panel in front, or table and code at the left, picture and words at the right."""
        view = scene.view
        if view is None:
            return (), ()
        return self._halves(view, scene) if scene.plan.is_framed else (self._front(view, scene), ())

    def _front(self, view: View, scene: Scene) -> Drawing:
        width, height, text = scene.plan.left, scene.plan.body, self.station.words
        match "picture" if scene.large else scene.panel:
            case "picture":
                return self._picture(view, width, height)
            case "code":
                return draw_code(view, width, height)
            case "read":
                words = text or "Nothing is written for this step."
                return draw_reading(
                    words if fits(words, width, height) else untitled(words), width, height, scene.scrolled
                )
            case "given":
                return draw_given(view, width, height, scene.scrolled)
            case "samples" if (batch := batch_of(view)) is not None:
                return draw_batch(batch, width, height)
            case _:
                return _table(view, text, width, height, scene.scrolled)

    def scroll_range(self, scene: Scene) -> tuple[int, int]:
        """Where the table is in front alone its rows are scrolled, or what is given, else the words."""
        view, plan = scene.view, scene.plan
        if view is not None and not plan.is_framed and scene.panel == "given":
            return 0, max(0, lines_of_given(view, plan.left) - plan.body)
        if view is None or plan.is_framed or scene.large or scene.panel != "chain":
            return super().scroll_range(scene)
        if view.is_own:
            above, below = lines_out_of_sight(view, plan.left, plan.body)
        elif view.form == "matrix" or view.covers_table:
            return super().scroll_range(scene)
        else:
            above, below = rows_out_of_sight(view, plan.left, plan.body)
        return -above, below

    def _halves(self, view: View, scene: Scene) -> tuple[Drawing, Drawing]:
        """Table and code at the left, picture and words at the right, each in its frame."""
        plan, text = scene.plan, self.station.words
        width, height = plan.left - 1, plan.body
        if scene.large:
            words = draw_reading(text, plan.right - SIDES_OF_FRAME, height - 2, scene.scrolled) if text else ()
            picture = self._picture(view, width - SIDES_OF_FRAME, height - 2)
            return (
                self.framed("picture", picture, width, height, scene),
                self.framed("read", words, plan.right, height, scene),
            )
        if text and view.covers_table and not view.is_own:
            picture = self._picture(view, plan.right - SIDES_OF_FRAME, height - 2)
            left = self._words_for_table(view, scene, width, height)
            return left, self.framed("picture", picture, plan.right, height, scene)
        if text and self._has_words_at_left(plan):
            inner = width - SIDES_OF_FRAME
            shown = text if fits(text, inner, WORDS_AT_LEFT) else untitled(text)
            lines = WORDS_AT_LEFT
            if not self._is_scalar or self._has_batch:  # a long table has a use for each line
                lines = next((few for few in range(MIN_WORDS, WORDS_AT_LEFT) if fits(shown, inner, few)), lines)
            below = self.framed("read", draw_reading(shown, inner, lines, scene.scrolled), width, lines + 2, scene)
            picture = self._picture(view, plan.right - SIDES_OF_FRAME, height - 2)
            left = (*self._table_and_code(view, scene, width, height - len(below)), *below)
            return left, self.framed("picture", picture, plan.right, height, scene)
        return self._table_and_code(view, scene, width, height), self._picture_and_words(view, scene)

    def lines_wanted(self, plan: Plan) -> int | None:
        """Return the lines of table, code and words, one below the other, where they leave some of a high screen.

        Words in the place of a covered table leave some of any large screen.
        """
        wanted = self._lines_at_left(plan)
        if plan.is_framed and not self.station.activity.table:
            return max(LINES_FOR_TABLE, plan.height // 2, wanted - WORDS_AT_LEFT - 2)
        return wanted if plan.is_framed and plan.height >= HIGH and wanted <= plan.body else None

    @property
    def _is_scalar(self) -> bool:
        return self.station.lesson_run.network(self.station.index).is_scalar

    def _has_words_at_left(self, plan: Plan) -> bool:
        """Whether the words have room below the table, and the picture the whole height: on high screens."""
        return not self.station.is_unaided and self.lines_wanted(plan) is not None

    def _lines_at_left(self, plan: Plan) -> int:
        """The lines of the table with its formula, the line of code and the words, with their frames.

        They are the same at each step of a pass, so that nothing moves from one to the next.
        """
        station = self.station
        if not self._is_scalar or self._has_batch:
            return plan.height  # a long table
        rows = len(station.lesson_run.order(station.index, station.place.pass_number))
        return rows + ROOM_OF_TABLE + 2 + LINE_OF_CODE + WORDS_AT_LEFT + 2

    def _table_and_code(self, view: View, scene: Scene, width: int, height: int) -> Drawing:
        """The table and what stands below it; on a screen that is not tall the one of them that is in front."""
        inner = width - SIDES_OF_FRAME
        if height < MIN_SPLIT:
            return self._one_of_them(view, scene, width, height)
        room = height - max(height * 11 // 20, len(view.refs) + ROOM_OF_TABLE)
        below, has_line = self._below(view, scene, width, room)
        room = height - len(below)
        table = _table(view, "", inner, room - 2, has_code=not has_line)
        return (*self.framed("chain", table, width, room, scene, self._aside(inner - 12)), *below)

    def _words_for_table(self, view: View, scene: Scene, width: int, height: int) -> Drawing:
        """The words in the room of a covered table, and below them what an answer is made from."""
        if height < MIN_SPLIT and scene.panel in ("code", "given", "samples"):
            return self._one_of_them(view, scene, width, height)
        below = () if height < MIN_SPLIT else self._below(view, scene, width, height * 3 // 5)[0]
        room = height - len(below)
        words = _table(view, self.station.words, width - SIDES_OF_FRAME, room - 2)
        return (*self.framed("chain", words, width, room, scene), *below)

    def _one_of_them(self, view: View, scene: Scene, width: int, height: int) -> Drawing:
        inner, room, text, batch = width - SIDES_OF_FRAME, height - 2, self.station.words, batch_of(view)
        name, drawing = "chain", _table(view, "", inner, room)
        if scene.panel == "code":
            name, drawing = "code", draw_program(view, inner, room)
        elif scene.panel == "given":
            name, drawing = "given", draw_given(view, inner, room)
        elif scene.panel == "samples" and batch is not None:
            name, drawing = "samples", draw_batch(batch, inner, room)
        elif scene.panel == "read" and text and not _lines_of_words(text, scene.plan):
            name, drawing = "read", draw_reading(text, inner, room, scene.scrolled)
        return self.framed(name, drawing, width, height, scene)

    def _below(self, view: View, scene: Scene, width: int, room: int) -> tuple[Drawing, bool]:
        """The words that have no other place; or the samples of a batch, and the code where it has room as well.

        Of single weights, and where the code is covered, the code is one line, until more is asked for. With the
        drawing comes whether it holds the line of code of the number in question.
        """
        inner, panel, text, least = width - SIDES_OF_FRAME, scene.panel, self.station.words, MIN_CODE + 2
        if panel == "read" and text and not _lines_of_words(text, scene.plan):
            height = max(room, least)
            words = draw_reading(text, inner, height - 2, scene.scrolled)
            return self.framed("read", words, width, height, scene), False
        if self._has_given and (panel == "given" or (panel != "code" and view.covers_code)):
            return self._given_below(view, scene, width, room), False
        batch, is_short = batch_of(view), panel != "code" and (view.network.is_scalar or view.covers_code)
        samples: Drawing = ()
        if batch is not None and panel != "code":
            lines = min(lines_of(batch), max(room - 2, MAX_SAMPLES))
            samples = self.framed("samples", draw_batch(batch, inner, lines), width, lines + 2, scene)
            room -= len(samples)
            if room < (3 if is_short else least):
                return samples, False
        if is_short:
            code = self.framed("code", draw_line_of_code(view, inner), width, 3, scene)
            return (*samples, *code), not view.covers_code
        height = max(room, least)
        aside = line(Span(name_of_program(view), "muted"))
        program = self.framed("code", draw_program(view, inner, height - 2), width, height, scene, aside)
        return (*samples, *program), view.network.is_scalar and not view.covers_code

    def _given_below(self, view: View, scene: Scene, width: int, room: int) -> Drawing:
        """What the pass starts from, for a question whose code would tell its rule; with the samples of a batch."""
        inner, batch = width - SIDES_OF_FRAME, batch_of(view)
        lines = lines_of_given(view, inner)
        if batch is None:  # as high as the code in its place, so that the table does not move
            lines = max(lines, room - 2, MIN_CODE)
        given = self.framed("given", draw_given(view, inner, lines), width, lines + 2, scene)
        if batch is None or room < len(given) + lines_of(batch) + 2:
            return given
        samples = draw_batch(batch, inner, lines_of(batch))
        return (*given, *self.framed("samples", samples, width, len(samples) + 2, scene))

    def _picture_and_words(self, view: View, scene: Scene) -> Drawing:
        """The picture, and the words below it where there is room for both."""
        plan, text = scene.plan, self.station.words
        inner, lines = plan.right - SIDES_OF_FRAME, _lines_of_words(text, plan)
        below: Drawing = ()
        if lines:
            words = draw_reading(text if fits(text, inner, lines) else untitled(text), inner, lines, scene.scrolled)
            below = self.framed("read", words, plan.right, lines + 2, scene)
        room = plan.body - len(below)
        picture = self._picture(view, inner, room - 2)
        return (*self.framed("picture", picture, plan.right, room, scene), *below)

    def _aside(self, room: int) -> Line:
        """The phase of the pass in words, and which step this is; in fewer words where there is less room."""
        steps = f"step {self.station.place.stop + 1} of {len(self.station.step_groups)}"
        said = f"{PHASE_TITLES[self.station.stop.phase]} · {steps}"
        is_usual = self.station.cut.grain == "factor" and self.station.cut.form == "element"
        return line(Span(said, "muted")) if is_usual and len(said) <= room else self.whereabouts(room)

    def _picture(self, view: View, width: int, height: int) -> Drawing:
        """What the lesson asks for, where that tells no number of the pass, else the loss."""
        asked = None if view.is_own else self.station.activity.picture
        if asked is not None and asked.kind in ("activation", "data", "region"):
            return draw_wanted(self.session, asked, width, height)
        return draw_picture(self.session, view, width, height)

    def exhibit(self, view: View | None, width: int, height: int) -> Drawing:
        """Draw the table of the pass, and the picture where there is room for both."""
        if view is None:
            return ()
        is_narrow = width < MIN_TABLE and view.form == "element" and not view.covers_table
        draw = partial(draw_narrow_chain, view) if is_narrow else partial(_table, view, "")
        lines = min(height, 2 * len(view.refs) + 1 if is_narrow else len(view.refs) + ROOM_OF_TABLE)
        room = min(height - lines - 1, MAX_EXHIBIT)
        if room < MIN_BESIDE:
            return draw(width, height)
        return (*draw(width, lines), (), *self._picture(view, width, room))

    def has_words_below(self, plan: Plan) -> bool:
        """Whether there is no room for words beside the step."""
        return not plan.is_framed or not _lines_of_words(self.station.words, plan)

    def folded_tips(self, panel: str) -> list[Tip]:
        """Return the key that shows the samples of a batch, or what is given: what an answer is made from."""
        names = [name for name in self.panels if name in ("samples", "given")]
        if not names or self.station.asked.question is None:
            return []
        if panel == names[-1]:
            return [Tip("chain", "next panel")]
        return [Tip(", ".join(reversed(names)), "previous panel")]

    def own_tips(self, around: Around) -> list[Tip]:
        """Return the keys of panels, passes and grain."""
        return [
            *([Tip("panels", "next panel")] if around.folds else []),
            Tip("pass", "previous pass", "next pass"),
            *([] if around.waits else [Tip("grain", "finer", "coarser")]),
            *([] if self._is_scalar else [Tip("matrix", "form")]),
            *([Tip("code", "code")] if around.folds else []),
        ]


def _table(
    view: View, text: str, width: int, height: int, scrolled: int | None = None, *, has_code: bool = True
) -> Drawing:
    if view.is_own:
        return draw_own_pass(view, width, height, scrolled or 0)
    if view.covers_table:
        notice = line(Span("  The table is covered: this time without it.", "muted"))
        shown = text if fits(text, width, height - 2) else untitled(text)
        words = (notice, (), *draw_reading(shown, width, height - 2, scrolled or 0)) if text else (notice,)
        so_far = draw_so_far(view, width, height - len(words) - 1)
        return (*words, (), *so_far) if so_far else words
    if view.form == "matrix":
        return draw_matrices(view, width, height)
    return draw_chain(view, width, height, scrolled, has_code=has_code)


def _lines_of_words(text: str, plan: Plan) -> int:
    """How many lines the words below the picture have, 0 where there is no room for both."""
    room = min(max(MAX_WORDS, plan.body * 2 // 5), plan.body - MIN_BESIDE - 4)
    return room if text and room >= MIN_WORDS else 0
