"""`new`: a lesson that works as it stands, for its author to change."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from nn_tutor.commands.common import DONE, USAGE, print_lines, say
from nn_tutor.course.find import shipped_lessons
from nn_tutor.course.findings import shown
from nn_tutor.course.networks import SLUG

LESSON = """\
format_version = 1
id = "{id}"
title = "{title}"

[network]
learning_rate = 0.3
[[network.layers]]
weights = [[2.75]]

[data]
inputs = [[0.8]]
targets = [[1.05]]

[[activity]]
kind = "tune"
id = "by-hand"
to_loss = 0.01

[[activity]]
kind = "walk"
id = "by-calculus"
ask = ["dW", "W"]

[[activity]]
kind = "read"
id = "remember"
"""

WORDS = """\
# {title}

## By hand {#by-hand}

The network answers {{1.forward.a1[0,0]}}, and {{y[0,0]|2}} was wanted. Move its weight.

## By calculus {#by-calculus}

Now with a slope.

### The slope {#by-calculus:1.backward.dW}

Multiply the two slopes above.

## Three lines to remember {#remember}

1. Forward: `o = x·w`.
2. Backward: slopes in a row multiply.
3. Update: go against the slope.
"""


def new(options: argparse.Namespace) -> int:
    """Write the files of a new lesson into a folder that is not there yet; returns the exit status."""
    folder = Path(options.folder)
    name = folder.resolve().name
    if not re.fullmatch(SLUG, name):
        say(f"{shown(name)}: a lesson's id is its folder's name; use letters, digits, hyphens, underscores and points")
        return USAGE
    if any(listing.id == name for listing in shipped_lessons()):
        say(f"{name} is a lesson of the course; choose another name")
        return USAGE
    if folder.exists():
        say(f"{shown(str(folder))} is there already, and nothing in it was changed; choose another name")
        return USAGE
    title = re.sub(r"[-_.]+", " ", name).strip().capitalize() or name
    folder.mkdir(parents=True)
    for file, text in (("lesson.toml", LESSON), ("lesson.md", WORDS)):
        content = text.replace("{id}", name).replace("{title}", title)
        (folder / file).write_text(content, encoding="utf-8", newline="\n")
    print_lines(
        [
            f"{folder / 'lesson.toml'}  what there is to do",
            f"{folder / 'lesson.md'}  the words",
            f"try it with nn-tutor start {options.folder}; after each change, nn-tutor check {options.folder}",
        ]
    )
    return DONE
