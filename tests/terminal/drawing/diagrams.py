"""Pictures of networks at a step of their first pass, for the tests of the diagrams."""

from __future__ import annotations

import random
from functools import lru_cache

from nn_tutor.calculus.numerals import numeral
from nn_tutor.network.passes import initial_parameters, run_pass
from nn_tutor.network.quantities import Ref, parse_ref
from nn_tutor.network.records import Pass, value_of
from nn_tutor.network.spec import Data, Network
from nn_tutor.network.training import Timeline
from nn_tutor.terminal.drawing.diagram_parts import DiagramPicture
from nn_tutor.terminal.drawing.ink import Drawing
from nn_tutor.walkthrough.order import refs_of_pass

ASKED = "[?]"


def picture_at(network: Network, data: Data, focus: str | None, *, asked: bool = True) -> DiagramPicture:
    """Return the picture at the step of a number: it is asked or known, earlier ones are known, later ones absent.

    None is the end of the pass, where everything is known and nothing in question.
    """
    passed, numbers = _first_pass(network, data)
    known = {}
    ref = parse_ref(focus) if focus else None
    for earlier, text in numbers:
        known[earlier] = text
        if earlier == ref:
            break
    if ref is not None and asked:
        known[ref] = ASKED
    return picture_of(network, passed, known, ref)


@lru_cache(maxsize=4)
def _first_pass(network: Network, data: Data) -> tuple[Pass, tuple[tuple[Ref, str], ...]]:
    """The first pass of a network, and each of its numbers as it is written, in their order."""
    passed = Timeline(network, data).at(1)
    refs = refs_of_pass(network, len(passed.rows))
    return passed, tuple((ref, numeral(value_of(passed, ref))) for ref in refs)


def picture_of(network: Network, passed: Pass, values: dict[Ref, str], focus: Ref | None) -> DiagramPicture:
    row = 0
    if focus is not None and focus.index and focus.quantity not in ("dW", "db", "W", "b", "step", "dz_da"):
        row = focus.index[0]
    return DiagramPicture(
        network=network,
        rows=len(passed.X),
        row=row,
        inputs=tuple(map(float, passed.X[row])),
        targets=None if passed.Y is None else tuple(map(float, passed.Y[row])),
        weights=tuple(tuple(tuple(map(float, weights)) for weights in W) for W in passed.before.W),
        biases=tuple(None if b is None else tuple(map(float, b)) for b in passed.before.b),
        values=values,
        focus=focus,
        phase="update" if focus is None else focus.phase,
    )


def any_picture(network: Network, data: Data, seed: int) -> DiagramPicture:
    """Return a picture of a network at a random step of its first pass."""
    import numpy as np

    draw = random.Random(seed)
    X = np.array(data.inputs)
    Y = None if data.targets is None else np.array(data.targets)
    with np.errstate(all="ignore"):
        passed = run_pass(network, initial_parameters(network), X, Y, 1, tuple(range(len(X))))
    refs = refs_of_pass(network, len(X))
    place = draw.randrange(len(refs) + 1)
    known = {ref: numeral(value_of(passed, ref)) for ref in refs[: place + 1]}
    if place == len(refs):
        return picture_of(network, passed, known, None)
    if draw.random() < 0.7:
        known[refs[place]] = ASKED
    return picture_of(network, passed, known, refs[place])


def lit_text(drawing: Drawing) -> str:
    """Return what is lit, line by line, spans apart by a blank."""
    return "\n".join(" ".join(span.text.strip() for span in spans if span.lit) for spans in drawing).strip()


def cells(drawing: Drawing) -> dict[tuple[int, int], tuple[str, bool]]:
    """Return glyph and lighting of each cell that is not blank, by (line, column)."""
    found = {}
    for row, spans in enumerate(drawing):
        column = 0
        for span in spans:
            for glyph in span.text:
                if glyph != " ":
                    found[row, column] = (glyph, span.lit)
                column += 1
    return found
