"""The keys of a lesson, as pure data: what each does in which state, so that help and prose can be held to it."""

from __future__ import annotations

from typing import Literal

from nn_tutor.dataclass import dataclass

State = Literal["answering", "looking"]

Command = Literal[
    "check",
    "look around",
    "to the line",
    "forward",
    "back",
    "next pass",
    "previous pass",
    "beginning",
    "end",
    "finer",
    "coarser",
    "code",
    "why",
    "picture",
    "form",
    "train",
    "reseed",
    "inside",
    "show",
    "hint",
    "take apart",
    "put off",
    "sheet",
    "words",
    "next panel",
    "previous panel",
    "panel 1",
    "panel 2",
    "panel 3",
    "panel 4",
    "panel 5",
    "panel 6",
    "scroll up",
    "scroll down",
    "help",
    "home",
    "quit",
]


@dataclass(frozen=True, slots=True)
class Key:
    """A key: its names for the terminal, how it is written for a reader, what it does, and in which states."""

    names: tuple[str, ...]
    label: str
    command: Command
    explanation: str
    states: tuple[State, ...] = ("looking",)


_BOTH: tuple[State, ...] = ("answering", "looking")

KEYS: tuple[Key, ...] = (
    Key(("enter",), "enter", "check", "check the answer; with nothing left to answer, go on", ("answering",)),
    Key(("escape",), "esc", "look around", "leave the line and look around with single keys", ("answering",)),
    Key(("escape",), "esc", "look around", "take back what s asked; from here on every key is a command"),
    Key(("enter",), "enter", "to the line", "back to the answer line; with nothing left to answer, go on"),
    Key(("right",), "→", "forward", "one step on, across passes too; also on an empty line"),
    Key(("left",), "←", "back", "one step back, across passes too; also on an empty line"),
    Key(("pagedown",), "PgDn", "next pass", "to the next pass, or the first open question before it", _BOTH),
    Key(("pageup",), "PgUp", "previous pass", "to the beginning of this pass, then to the one before", _BOTH),
    Key(("home",), "Home", "beginning", "to the beginning of this activity, then of the lesson"),
    Key(("end",), "End", "end", "to the end of this activity, or the first open question before it"),
    Key(("plus", "equals_sign"), "+", "finer", "smaller steps: pass, layer, node, factor; a run faster"),
    Key(("minus",), "−", "coarser", "larger steps: factor, node, layer, pass; a run slower"),
    Key(("up",), "↑", "scroll up", "scroll; in a grid or list move up; on the line: what you typed before", _BOTH),
    Key(("down",), "↓", "scroll down", "scroll; in a grid or list move down; on the line: what you typed after", _BOTH),
    Key(("c",), "c", "code", "the NumPy source that ran for this number"),
    Key(("w",), "w", "why", "why the number at hand is what it is; while it is asked, the one before"),
    Key(("g",), "g", "picture", "the picture, as large as it gets"),
    Key(("m",), "m", "form", "matrix form or element form"),
    Key(("t",), "t", "train", "let a run go on, or pause it; End runs to its goal"),
    Key(("i",), "i", "inside", "look inside a pass of a run, and back"),
    Key(("r",), "r", "reseed", "draw other random weights for a run"),
    Key(("s",), "s", "show", "show the answer (asks first; it will not count as yours)"),
    Key(("question_mark",), "?", "hint", "the next hint: link, rule, expression, numbers, all", _BOTH),
    Key(
        ("f2",),
        "F2",
        "take apart",
        "the question link by link, from hint 2 on (in a pass of your own at once)",
        _BOTH,
    ),
    Key(("f3",), "F3", "sheet", "your whole sheet, checked together; of a network that you were given", _BOTH),
    Key(("f4",), "F4", "words", "the words of the field, and what they mean", _BOTH),
    Key(("p",), "p", "put off", "put the question with fresh numbers off, for later practice"),
    Key(("tab",), "tab", "next panel", "the next panel", _BOTH),
    Key(("shift+tab",), "shift+tab", "previous panel", "the panel before", _BOTH),
    Key(("1",), "1", "panel 1", "the chain table"),
    Key(("2",), "2", "panel 2", "the picture"),
    Key(("3",), "3", "panel 3", "the code"),
    Key(("4",), "4", "panel 4", "what there is to read"),
    Key(("5",), "5", "panel 5", "what the pass starts from, where the diagram does not hold it"),
    Key(("6",), "6", "panel 6", "the samples of a batch, a row each; 5 where nothing more is given"),
    Key(("f1",), "F1", "help", "this help", _BOTH),
    Key(("ctrl+o",), "ctrl+o", "home", "back to the list of lessons", _BOTH),
    Key(("q",), "q", "quit", "back to the list of lessons; from there q quits"),
)


@dataclass(frozen=True, slots=True)
class Tip:
    """What some commands do at a station, in a word or two; the keys are looked up."""

    meaning: str
    commands: tuple[Command, ...]

    def __init__(self, meaning: str, *commands: Command) -> None:
        object.__setattr__(self, "meaning", meaning)
        object.__setattr__(self, "commands", commands)

    @property
    def keys(self) -> str:
        """The labels of the keys, as they are written for a reader."""
        return " ".join(_LABELS[command] for command in self.commands)


_LABELS: dict[Command, str] = {entry.command: entry.label for entry in KEYS}


def command_for(key: str, state: State) -> Command | None:
    """Return what a key does in a state, None where it does nothing (or, while answering, types)."""
    return next((entry.command for entry in KEYS if key in entry.names and state in entry.states), None)


OF_SIGNS: frozenset[Command] = frozenset(("finer", "coarser"))
OF_DIGITS: frozenset[Command] = frozenset(("panel 1", "panel 2", "panel 3", "panel 4", "panel 5", "panel 6"))
"""The commands of keys that numbers are typed with: where a question waits ahead, they go to its line.

A digit alone is a panel where nothing was asked yet: what follows it tells whether a number was meant.
"""


def keys_in(state: State) -> tuple[Key, ...]:
    """Return the keys that do something in a state, in the order in which they are explained."""
    return tuple(entry for entry in KEYS if state in entry.states)
