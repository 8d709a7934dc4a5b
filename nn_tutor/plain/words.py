"""The words that may be typed at any time, and what each does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

Word = Literal[
    "hint",
    "show",
    "apart",
    "again",
    "read",
    "where",
    "table",
    "names",
    "picture",
    "code",
    "why",
    "words",
    "next",
    "back",
    "next pass",
    "back pass",
    "start",
    "end",
    "run",
    "inside",
    "weights",
    "matrix",
    "finer",
    "coarser",
    "later",
    "home",
    "help",
    "quit",
]

WORDS: tuple[Word, ...] = get_args(Word)

DOES: Mapping[Word, str] = {
    "hint": "the next hint: which link, the rule, this network's formula, the numbers, everything",
    "show": "shows the answer; it asks first, and then the answer is not yours",
    "apart": "takes a question apart into its links, from the second hint on; once more puts it together",
    "again": "says this once more",
    "read": "reads all the words that belong here",
    "where": "where you are: lesson, part, pass and step",
    "table": "the numbers of this pass, as far as they are known",
    "names": "all that may be typed here, with its value",
    "picture": "the picture, as a sentence and five points",
    "code": "the line of NumPy that computes this number",
    "why": "why the number at hand is what it is",
    "words": "the words of the field that this lesson brings; words softmax says what softmax means",
    "next": "goes on; so does enter on an empty line",
    "back": "goes one step back; nothing is lost",
    "next pass": "goes on to the next pass, or to the first open question before it",
    "back pass": "goes back to the beginning of this pass, then to the one before",
    "start": "goes to the beginning of this part",
    "end": "goes to the end of this part, or to the first open question before it",
    "run": "lets a run go on to its goal, with a sentence for each tenth of it",
    "inside": "looks inside a pass of a run, and back",
    "weights": "draws other random weights for a run, where the lesson allows it",
    "matrix": "changes between matrices and single numbers",
    "finer": "smaller steps: pass, layer, node, factor",
    "coarser": "larger steps: factor, node, layer, pass",
    "later": "puts the question with fresh numbers off",
    "home": "leaves the lesson for the list of lessons",
    "help": "lists these words",
    "quit": "ends the program; you come back to this very step",
}
"""What each word does, for those who ask for help."""

SHORT_HELP = "Type hint, show, again, where, table, picture, why, back, next, apart or quit. Type help for all words."

COLON = "Put a colon before a word, such as :back, where it could be meant as an answer."

OTHER_SPELLINGS: Mapping[str, Word] = {
    "?": "hint",
    "h": "help",
    "q": "quit",
    "exit": "quit",
    "bye": "quit",
    "repeat": "again",
    "go on": "next",
    "continue": "next",
    "forward": "next",
    "begin": "start",
    "next-pass": "next pass",
    "back-pass": "back pass",
    "lessons": "home",
    "plot": "picture",
    "glossary": "words",
    "put off": "later",
}
"""What else people type for a word."""


def word_of(line: str) -> tuple[Word | None, bool]:
    """Return the word that a line is, None for none, and whether a colon says that it is no answer."""
    text = " ".join(line.split()).lower()
    has_colon = text.startswith(":")
    name = text.removeprefix(":").strip()
    found = next((word for word in WORDS if word == name), None)
    if found is None and (has_colon or len(name) > 1 or name == "?"):
        found = OTHER_SPELLINGS.get(name)
    return found, has_colon
