"""A stop of a walked pass: table, picture, code and words, as tabs or side by side."""

from __future__ import annotations

from typing import ClassVar

from nn_tutor.terminal.drawing.ink import Drawing, Line, Span, line
from nn_tutor.terminal.faces.base import Around, Scene, behind_bar
from nn_tutor.terminal.faces.on_pass import FaceOnPass
from nn_tutor.terminal.layout import Plan
from nn_tutor.terminal.panels.batch import draw_batch, lines_of
from nn_tutor.terminal.panels.chain import PHASE_TITLES, draw_chain
from nn_tutor.terminal.panels.code import draw_code
from nn_tutor.terminal.panels.matrices import draw_matrices
from nn_tutor.terminal.panels.own_pass import draw_own_pass
from nn_tutor.terminal.panels.pictures import draw_wanted
from nn_tutor.terminal.panels.reading import MIN_WORDS, draw_reading, fits, untitled
from nn_tutor.terminal.panels.weight_picture import draw_picture
from nn_tutor.tutor.batch import batch_of
from nn_tutor.tutor.keymap import Tip
from nn_tutor.tutor.stations.walking import Walking
from nn_tutor.tutor.visible import View

MAX_WORDS = 8
"""The words beside a step take so many lines or two fifths of the height, whichever is more."""

MIN_BESIDE = 9
"""The picture beside a step keeps so many lines; words that then have no room stand below the answer line."""

MIN_SPLIT = 15
"""The lines from which the code stands below the table, and does not take its place."""

MIN_CODE, MAX_TABLE_LINES = 6, 16
"""Below the table the code keeps so many lines, as long as the table has so many or eleven twentieths of the height."""


class WalkingFace(FaceOnPass[Walking]):
    """A stop of a walk."""

    has_halves: ClassVar[bool] = True

    def tab_lines(self, *, splits: bool) -> int:
        """Return one line: of tabs, or of the phase."""
        return 1

    @property
    def panels(self) -> tuple[str, ...]:
        """The panels of a step; of a batch also its samples."""
        return ("chain", "picture", "code", "read", *(("samples",) if self._has_batch else ()))

    @property
    def _has_batch(self) -> bool:
        """Whether the pass sees several samples."""
        return self.station.lesson_run.rows(self.station.index, self.station.place.pass_number) > 1

    @property
    def title(self) -> str:
        """The phase of the pass, in words."""
        return PHASE_TITLES[self.station.stop.phase]

    def whereabouts(self, room: int) -> Line:
        """Draw which step of the pass this is, and how passes are cut."""
        station, cut = self.station, self.station.cut
        grain = "" if cut.grain == "factor" else f"by {cut.grain} · "
        form = "matrix form · " if cut.form == "matrix" else ""
        step = f"step {station.place.stop + 1} of {len(station.step_groups)} "
        phase = station.stop.phase
        wordings = (f"{form}{grain}{phase} · {step}", f"{grain}{phase} · {step}", step)
        return line(Span(next((text for text in wordings if len(text) < room), step), "muted"))

    def body(self, scene: Scene) -> tuple[Drawing, Drawing]:
        """Draw the panel in front, or table and code at the left, picture and words at the right."""
        view = scene.view
        if view is None:
            return (), ()
        return self._halves(view, scene) if scene.plan.right else (self._front(view, scene), ())

    def _front(self, view: View, scene: Scene) -> Drawing:
        width, height, text = scene.plan.left, scene.plan.body, self.station.words
        match "picture" if scene.large else scene.panel:
            case "picture":
                return self._picture(view, width, height)
            case "code":
                return draw_code(view, width, height)
            case "read":
                return draw_reading(text or "Nothing is written for this step.", width, height, scene.scrolled)
            case "samples" if (batch := batch_of(view)) is not None:
                return draw_batch(batch, width, height)
            case _:
                return _table(view, text, width, height)

    def _halves(self, view: View, scene: Scene) -> tuple[Drawing, Drawing]:
        plan, text, height = scene.plan, self.station.words, scene.plan.body
        words = _words_beside(text, plan.right - 1, height, scene.scrolled, alone=scene.large)
        if scene.large:
            return self._picture(view, plan.left, height), behind_bar(words)
        right = behind_bar((*self._picture(view, plan.right - 1, height - len(words)), *words))
        width, reads = plan.left - 1, bool(text) and not words and scene.panel == "read"
        if height < MIN_SPLIT:
            if reads:
                return draw_reading(text, width, height, scene.scrolled), right
            return draw_code(view, width, height) if scene.panel == "code" else _table(view, "", width, height), right
        upper = max(height * 11 // 20, min(height - MIN_CODE, MAX_TABLE_LINES))
        table, room = _table(view, "", width, upper), height - upper - 1
        below = draw_reading(text, width, room, scene.scrolled) if reads else _below(view, scene.panel, width, room)
        rule = line(Span("─" * width, "border"))
        return (*table, *([()] * (upper - len(table))), rule, *below), right

    def _picture(self, view: View, width: int, height: int) -> Drawing:
        """What the lesson asks for, where that tells no number of the pass, else the loss."""
        if view.is_own:
            return (line(Span(" The picture comes once this pass is done.", "muted")),)
        asked = self.station.activity.picture
        if asked is not None and asked.kind in ("activation", "data", "region"):
            return draw_wanted(self.session, asked, width, height)
        return draw_picture(self.session, view, width, height)

    def has_words_below(self, plan: Plan) -> bool:
        """Whether there is no room for words beside the step."""
        return not plan.right or not _words_beside(self.station.words, plan.right - 1, plan.body, 0, alone=False)

    def folded_tips(self, panel: str) -> list[Tip]:
        """Return the key that shows the samples of a batch, from which its sums are made."""
        if not self._has_batch or self.station.asked.question is None:
            return []
        return [Tip("chain", "next panel") if panel == "samples" else Tip("samples", "previous panel")]

    def own_tips(self, around: Around) -> list[Tip]:
        """Return the keys of panels, passes and grain."""
        is_scalar = self.station.lesson_run.network(self.station.index).is_scalar
        return [
            *([Tip("panels", "next panel")] if around.folds else []),
            Tip("pass", "previous pass", "next pass"),
            Tip("grain", "finer", "coarser"),
            *([] if is_scalar else [Tip("matrix", "form")]),
            *([Tip("code", "code")] if around.folds else []),
        ]


def _table(view: View, text: str, width: int, height: int) -> Drawing:
    if view.is_own:
        return draw_own_pass(view, width, height)
    if view.covers_table:
        notice = line(Span("  The table is covered: this time without it.", "muted"))
        return (notice, (), *draw_reading(text, width, height - 2, 0)) if text else (notice,)
    if view.form == "matrix":
        return draw_matrices(view, width, height)
    return draw_chain(view, width, height)


def _below(view: View, panel: str, width: int, height: int) -> Drawing:
    """What stands below the table: the samples of a batch, and the code where it is wanted or has room as well."""
    batch = batch_of(view)
    if batch is None or panel == "code":
        return draw_code(view, width, height)
    samples = draw_batch(batch, width, height)
    room = height - lines_of(batch) - 1
    return samples if room < MIN_CODE else (*samples, line(Span("─" * width, "border")), *draw_code(view, width, room))


def _words_beside(text: str, width: int, height: int, scrolled: int, *, alone: bool) -> Drawing:
    """The words below the picture, where both have room; where they are `alone`, as many as there are."""
    if not text:
        return ()
    if alone:
        return draw_reading(text, width, height, scrolled)
    room = min(max(MAX_WORDS, height * 2 // 5), height - MIN_BESIDE - 1)
    if room < MIN_WORDS:
        return ()
    words = draw_reading(text if fits(text, width, room) else untitled(text), width, room, scrolled)
    return (line(Span("─" * width, "border")), *words, *([()] * (room - len(words))))
