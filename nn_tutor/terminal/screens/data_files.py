"""The file picker of "Your own data": folders and data files as a tree, opened with the keyboard."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import ClassVar

from rich.text import Text, TextType
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import DirectoryTree
from textual.widgets.directory_tree import DirEntry

from nn_tutor.course.findings import LessonError
from nn_tutor.dataset.proposal import Options
from nn_tutor.judging.visible import visible
from nn_tutor.progress.data_files import ENDINGS, open_data
from nn_tutor.terminal.drawing.ink import Drawing, Span, cut, line, wrapped
from nn_tutor.terminal.messages import DataRead, DataRefused
from nn_tutor.terminal.widgets.drawing_panel import DrawingPanel

KEYS = (("enter", "open"), ("↑ ↓", "choose"), ("backspace", "folder above"), ("esc", "back"))


class DataTree(DirectoryTree):
    """Folders, and the files that may hold data; what is hidden stays hidden."""

    ICON_NODE, ICON_NODE_EXPANDED, ICON_FILE = "▸ ", "▾ ", "  "

    def filter_paths(self, paths: Iterable[Path]) -> Iterable[Path]:
        """Leave out what cannot be opened here."""
        return [
            path
            for path in paths
            if not path.name.startswith(".") and (self._safe_is_dir(path) or path.suffix.lower() in ENDINGS)
        ]

    def process_label(self, label: TextType) -> Text:
        """Return the name of a file, fit to be shown whatever it is."""
        return super().process_label(visible(label) if isinstance(label, str) else label)


class DataFilesScreen(Screen[None]):
    """Picks a data file and reads it in a thread; what is wrong with it is said below the tree."""

    CSS = """
    DataFilesScreen { layout: vertical; overflow: hidden; }
    DataFilesScreen #title { height: 4; }
    DataFilesScreen DataTree { height: 1fr; padding: 0 2; background: $background; }
    DataFilesScreen DataTree:focus { background-tint: $foreground 0%; }
    DataFilesScreen #said { height: 3; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss", "back", show=False),
        Binding("backspace,left", "above", "the folder above", show=False),
    ]

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    def compose(self) -> ComposeResult:
        """What this is, the tree, what was said last, and the keys."""
        yield DrawingPanel(id="title")
        yield DataTree(self.folder)
        yield DrawingPanel(id="said")
        yield DrawingPanel(id="footer")

    def on_mount(self) -> None:
        """Begin in the tree."""
        self.query_one(DataTree).focus()
        title: Drawing = (
            (),
            line(Span("  Your own data", "strong")),
            line(Span(f"  Choose a file: {', '.join(ENDINGS[:3])} or other text with a line of names.", "muted")),
            (),
        )
        self.query_one("#title", DrawingPanel).show(title)
        keys = [part for key, does in KEYS for part in (Span("  "), Span(key, "key"), Span(f" {does}", "muted"))]
        self.query_one("#footer", DrawingPanel).show((tuple(keys),))

    def tell(self, text: str) -> None:
        """Say something of the moment in the place of the footer."""
        self.query_one("#footer", DrawingPanel).show((cut(line(Span(f"  {text}", "accent")), self.size.width),))

    def say(self, text: str, *, is_fault: bool) -> None:
        """Say something below the tree."""
        lines = wrapped((Span(text, "wrong" if is_fault else "muted"),), max(20, self.size.width - 4))[:3]
        self.query_one("#said", DrawingPanel).show(tuple(line("  ", *part) for part in lines))

    def action_above(self) -> None:
        """Show the folder above."""
        tree = self.query_one(DataTree)
        folder = Path(tree.path).absolute()
        if folder.parent != folder:
            tree.path = folder.parent

    @on(DirectoryTree.NodeExpanded)
    def mark_first(self, event: DirectoryTree.NodeExpanded[DirEntry]) -> None:
        """Begin at what is in the folder, and not at its name."""
        event.stop()
        tree = self.query_one(DataTree)
        if event.node is tree.root and tree.cursor_line <= 0 and tree.root.children:
            tree.move_cursor(tree.root.children[0])

    @on(DirectoryTree.FileSelected)
    def read(self, event: DirectoryTree.FileSelected) -> None:
        """Read the file that was chosen."""
        event.stop()
        self.say(f"reading {visible(event.path.name)} …", is_fault=False)
        self.run_worker(partial(self._read, event.path), thread=True, exclusive=True)

    def on_screen_resume(self) -> None:
        """Come back from the choices: what was said of the file is past."""
        self.query_one("#said", DrawingPanel).show(())

    @on(DataRefused)
    def refuse(self, event: DataRefused) -> None:
        """Say why a file cannot be used."""
        event.stop()
        self.say(event.message, is_fault=True)

    def _read(self, path: Path) -> None:
        try:
            self.post_message(DataRead(open_data(path, Options())))
        except LessonError as error:
            self.post_message(DataRefused(str(error)))
