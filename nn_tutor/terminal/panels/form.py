"""The form that asks for a network: the network as far as it is known, the fields, and what is asked now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nn_tutor.course.findings import shown
from nn_tutor.homework.fields import Field, count_so_far
from nn_tutor.homework.form_fields import OPEN
from nn_tutor.network.losses import loss_function
from nn_tutor.network.quantities import Ref
from nn_tutor.terminal.drawing.diagram import draw_diagram, wanted_height
from nn_tutor.terminal.drawing.diagram_parts import DiagramPicture
from nn_tutor.terminal.drawing.ink import Drawing, Line, Role, Span, beside, cut, line, padded, width_of, wrapped
from nn_tutor.walkthrough.badge import loss_badge

if TYPE_CHECKING:
    from nn_tutor.homework.form import Form, Outline

LABEL = 16
"""Cells for the name of a field."""

MIN_FIELDS = 6
"""How many fields are always in sight; the network is left out before they are fewer."""

MAX_FIGURE = 16

MIN_TITLE = 12
"""Cells for the title, which gives way to the loss where there are fewer."""


def draw_form(form: Form, typed: str, width: int, height: int) -> Drawing:
    """Draw all that stands above the line, on exactly `height` lines; `typed` is on the line."""
    now = form.with_text(typed)
    outline = now.outline
    rule = line(Span("─" * width, "border"))
    head = [_header(now, outline, width), rule]
    figure = _figure(now, outline, width, height - MIN_FIELDS - 5)
    body = [*figure, rule] if figure else []
    foot = [rule, *_prompt(form.asked, typed, width)]
    room = height - len(head) - len(body) - len(foot)
    fields = _fields(now, width, max(1, room))
    filler: list[Line] = [()] * (room - len(fields))
    return tuple([*head, *body, *fields, *filler, *foot][:height])


def draw_field_fault(form: Form, typed: str, said: str, width: int) -> Drawing:
    """Draw what is wrong with the line, or what else could be done, below it."""
    if said:
        found, _, mend = said.partition("; ")
        head = Span(f" ✗ {found}" if mend else f" ✗ {said}", "wrong")
        return tuple(line(" ", *part) for part in wrapped((head, Span(f": {mend}" if mend else "")), width - 2))[:2]
    helped = _help(form.asked)
    if form.asked.key == "loss" and (outline := form.with_text(typed).outline) is not None and outline.has_loss:
        helped = f"for each output: {loss_function(outline.network).written}"
    return tuple(line(" ", *part) for part in wrapped((Span(helped, "muted"),), width - 3))[:2]


def _header(form: Form, outline: Outline | None, width: int) -> Line:
    title = line(Span(" Your own network", "strong"))
    if form.text_of("name").strip():
        title = line(*title, Span(f" · {shown(form.text_of('name').strip(), 40)}", "muted"))
    if outline is None or not outline.has_loss:
        return title
    badge = line(Span(loss_badge(outline.network, len(outline.inputs)), "loss"), " ")
    return beside(title, badge, width) if width_of(badge) < width - MIN_TITLE else cut(badge, width)


def _figure(form: Form, outline: Outline | None, width: int, room: int) -> Drawing:
    if outline is None or room < 2:
        return ()
    height = wanted_height(outline.network, min(room, MAX_FIGURE), width - 2)
    if height < 2:
        return ()
    diagram = draw_diagram(_picture(form, outline), width - 2, height)
    return tuple((Span(" "), *content) for content in diagram)


def _picture(form: Form, outline: Outline) -> DiagramPicture:
    return DiagramPicture(
        network=outline.network,
        rows=1,
        row=0,
        inputs=outline.inputs[0],
        targets=outline.targets[0] if outline.network.loss.has_targets else None,
        weights=outline.weights,
        biases=outline.biases,
        values={},
        focus=_focus(form),
        phase="forward",
    )


def _focus(form: Form) -> Ref | None:
    """The number of the network that a field is about: the weighted sum whose weights are typed."""
    key = form.asked.key
    if key[:1] not in ("w", "b") or not key[1:].isdecimal():
        return None
    row = form.text_of(key).count(";") if key[0] == "w" and not form.is_in_out else 0
    return Ref("z", int(key[1:]), (0, min(row, max(0, form.asked.rows - 1))))


def _fields(form: Form, width: int, room: int) -> list[Line]:
    """The fields around the one that is asked, as many as there is room for."""
    fields, key = form.fields, form.asked.key
    place = next(number for number, one in enumerate(fields) if one.key == key)
    first = min(max(0, place - room // 2), max(0, len(fields) - room))
    return [_field(form, one, width) for one in fields[first : first + room]]


def _field(form: Form, one: Field, width: int) -> Line:
    is_asked = one.key == form.asked.key
    head = Span(" ▶ " if is_asked else "   ", "accent")
    if one.key == OPEN:
        role: Role = "strong" if form.unfilled is None else "muted"
        return line(head, Span(one.label, role, is_asked))
    text = form.text_of(one.key).strip()
    fault = None if is_asked else form.fault_of(one)
    value = line(Span(shown(text, 400))) if text else line(Span(one.default or "…", "muted"))
    if one.key == "shape" and form.shape is not None:
        value = line(Span(str(form.shape)))
    mark = line(Span("✗ ", "wrong")) if fault is not None else ()
    label = padded(line(head, Span(one.label, "strong" if is_asked else "text")), LABEL)
    return cut((*label, *mark, *value), width)


def _prompt(one: Field, typed: str, width: int) -> list[Line]:
    count = count_so_far(one, typed)
    prompt = line(Span(f" {one.prompt}", "strong"))
    return [beside(prompt, line(Span(count, "muted"), " "), width) if count else cut(prompt, width)]


def _help(one: Field) -> str:
    if one.key == "shape":
        return "for example 3-2-1 sigmoid: 3 inputs, 2 hidden units, 1 output; or 3-2-1 tanh sigmoid"
    if one.may_be_drawn:
        return (
            "numbers split by blanks, rows by ; or paste a matrix of any program; draw 7 draws them, from seed 7; "
            "none where numbers go straight into the activation"
        )
    if one.key == "target":
        return "error 0.2 or slope 0.2 where your sheet gives that; none where the output itself is differentiated"
    if one.key == OPEN:
        return "↓ goes on to what your sheet may have otherwise: questions, names, signs, digits, passes"
    if one.columns:
        default = f"; nothing means {one.default}" if one.default else ""
        many = "a number" if one.rows == one.columns == 1 else "numbers split by blanks"
        rows = "" if one.rows == 1 else ", rows by semicolons"
        return f"{many}{rows}; 1/3 and -0.5 are read too{default}"
    return f"nothing means {one.default}" if one.default else "may stay empty"
