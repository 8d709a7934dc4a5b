"""What the form of a network asks, one field after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from nn_tutor.course.activities.walk import Grain
from nn_tutor.homework.fields import Field
from nn_tutor.homework.words import LOSSES, usual_loss
from nn_tutor.network.counted import counted

if TYPE_CHECKING:
    from nn_tutor.homework.fields import Shape

OPEN = "open"
"""The line of the form that opens the walk."""

NONE = "none"
"""What is typed where a sheet has no weights, or no targets."""

USUAL = ("half", "mse", "sse", "mae", "huber", "hinge", "bce", "ce", "output")


def fields_of_numbers(shape: Shape, is_in_out: bool, samples: int) -> list[Field]:
    """Return the fields that ask for the numbers of a network of this shape, with its loss and its learning rate."""
    order = "Is each row of your matrices a unit (out-in) or an input (in-out)?"
    fields = [Field("weights", "rows are", order, "out-in", words=("out-in", "in-out"))]
    several = len(shape.layers) > 1
    for number, (units, _) in enumerate(shape.layers, start=1):
        into = shape.entering(number - 1)
        rows, columns = (into, units) if is_in_out else (units, into)
        end = f" {number}" if several else ""
        each = "input" if is_in_out else "unit"
        size = f"{rows} rows of {columns}, one for each {each}" if rows > 1 else counted(columns, "number")
        fields.append(
            Field(
                f"w{number}",
                f"weights{end}",
                f"The weights of layer {number}: {size}" if several else f"The weights: {size}",
                rows=rows,
                columns=columns,
                may_be_drawn=True,
                instead=NONE,
            )
        )
        prompt = f"The biases of layer {number}: {counted(units, 'number')}; nothing where it has none"
        fields.append(Field(f"b{number}", f"biases{end}", prompt, "none", rows=1, columns=units))
    outputs = shape.layers[-1][0]
    has = "" if samples <= 1 else f", {samples} rows"
    fields += [
        Field(
            "in",
            "inputs",
            f"What goes in: {counted(shape.inputs, 'number')}, a row for each sample",
            columns=shape.inputs,
        ),
        Field(
            "target",
            "targets",
            f"What should come out: {counted(outputs, 'number')}{has}; or error …, slope …, none",
            rows=samples,
            columns=outputs,
            before=("error", "slope"),
            instead=NONE,
        ),
        Field(
            "loss", "loss", "Which loss: " + " ".join(USUAL) + "?", usual_loss(shape.layers[-1][1]), words=_LOSS_WORDS
        ),
        Field("rate", "rate η", "The learning rate", "0.1", rows=1, columns=1),
    ]
    return fields


_LOSS_WORDS = (*USUAL, *(word.replace("_", " ") for word in LOSSES if word not in USUAL), "cross-entropy")
OPENING = Field(OPEN, "walk through it", "Everything is there: enter opens the walk", "")
OPTIONAL = (
    Field("ask", "questions", "What is asked: none, update, links, all, or such as dW2?", "update"),
    Field("names", "names", "Names: screen (w₂₁₁, a₁₂), or order (w₅, h₂, o₁)?", "screen", words=("screen", "order")),
    Field("call", "other names", "What your sheet calls them otherwise: w5 = v1, h1 = a", ""),
    Field("error", "error is", "The error on your sheet: o-t, or t-o?", "o-t", words=("o-t", "t-o", "o-y", "y-o")),
    Field(
        "step",
        "a step is",
        "A step: slope (η·∂L/∂w), or change (Δw, which is added)?",
        "slope",
        words=("slope", "change"),
    ),
    Field("digits", "digits", "How many decimals does your sheet keep?", ""),
    Field("passes", "passes", "How many passes?", "1"),
    Field("batch", "batch", "An update after: full (all rows), online (each row), or so many rows?", "full"),
    Field("update", "update rule", "Which update rule: sgd, momentum 0.9, nesterov 0.9, rmsprop, adam, adamw?", "sgd"),
    Field("grain", "steps", "Step by: factor, node, layer or pass?", "factor", words=get_args(Grain)),
    Field("name", "name", "What name should it be kept under?", ""),
)
"""What may be said besides, below the line that opens the walk."""
