"""The drawn parts of a lesson's screen, above and below its answer line."""

from __future__ import annotations

from collections.abc import Mapping

from textual.geometry import Region

from nn_tutor.terminal.drawing.ink import Drawing, Span, line
from nn_tutor.terminal.layout import PARTS, Plan
from nn_tutor.terminal.widgets.drawing_panel import DrawingPanel

ENTRY = PARTS.index("entry")
ABOVE, BELOW = PARTS[:ENTRY], PARTS[ENTRY + 1 :]
"""The parts of the screen above and below the answer line, from top to bottom."""


def too_small(width: int, height: int) -> str:
    """Return what is said in a window that is too small, as long as it is wide: the sizes come first."""
    text = f" needs 60×16, has {width}×{height}"
    longer = f"{text}: make the window a little larger"
    return longer if width >= len(longer) else text if width >= len(text) else "60×16 needed"


class Board:
    """The two panels of a lesson's screen, each of them a stack of parts: one widget repaints what has changed."""

    def __init__(self) -> None:
        self.above, self.below = DrawingPanel(id="above"), DrawingPanel(id="below")
        self._plan: Plan | None = None
        self.drawn: dict[str, Drawing] = {}
        """What every part shows."""

    @property
    def is_too_small(self) -> bool:
        """Whether the window is too small for a lesson to be seen."""
        return self._plan is not None and self._plan.too_small

    def lay_out(self, plan: Plan) -> bool:
        """Give every part its place; says whether anything has moved."""
        if plan == self._plan:
            return False
        self._plan = plan
        for panel, names in ((self.above, ABOVE), (self.below, BELOW)):
            places: dict[str, Region] = {}
            top = 0
            for name in names:
                height = plan.heights[name]
                if name == "body":
                    places["left"] = Region(0, top, plan.left, height)
                    places["right"] = Region(plan.left, top, plan.right, height)
                else:
                    places[name] = Region(0, top, plan.width, height)
                top += height
            panel.display = top > 0
            panel.styles.height = top
            panel.lay_out({name: place for name, place in places.items() if place.area})
        return True

    @property
    def looks(self) -> tuple[Drawing | None, ...]:
        """What is seen of the station, whatever is said of it."""
        return (self.drawn.get("figure"), self.drawn.get("tabs"), *self.body)

    @property
    def body(self) -> tuple[Drawing | None, ...]:
        """What the panels show, without their names."""
        return self.drawn.get("left"), self.drawn.get("right")

    def has(self, name: str) -> bool:
        """Whether a part has room on the screen."""
        return self._plan is not None and self._plan.heights[name] > 0

    def show(self, parts: Mapping[str, Drawing]) -> None:
        """Show drawings in their parts."""
        self.drawn = {**self.drawn, **parts}
        for name, drawing in parts.items():
            (self.below if name in BELOW else self.above).show(drawing, name)

    def tell(self, text: str) -> None:
        """Say something of the moment in the place of the footer."""
        self.show({"header" if self.is_too_small else "footer": (line(Span(f"  {text}", "accent")),)})
