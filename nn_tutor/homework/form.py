"""The form that asks for a network of one's own: its fields one after the other, and what they come to so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from nn_tutor.dataclass import dataclass
from nn_tutor.homework.faults import Fault, HomeworkError, refused
from nn_tutor.homework.fields import DRAWN, Field, Shape, begun_matrix, matrix_in, read_shape
from nn_tutor.homework.form_fields import NONE, OPEN, OPENING, OPTIONAL, fields_of_numbers
from nn_tutor.homework.layers import DRAWN_UNITS
from nn_tutor.homework.matrices import as_typed, read_rows
from nn_tutor.homework.reading import homework_of, names_said
from nn_tutor.homework.words import folded, loss_called
from nn_tutor.network.conventions import Conventions
from nn_tutor.network.spec import USUAL_LOSSES, Layer, Loss, Matrix, Network, SpecError, Vector

if TYPE_CHECKING:
    from nn_tutor.homework.said import Said


@dataclass(frozen=True, slots=True)
class Outline:
    """What is known of the network so far; NaN stands for numbers that are not there yet, `weights[layer][out][in]`."""

    network: Network
    weights: tuple[Matrix, ...]
    biases: tuple[Vector | None, ...]
    inputs: Matrix
    targets: Matrix
    has_loss: bool


@dataclass(frozen=True, eq=False)
class Form:
    """The texts that were entered, by the keys of their fields, and the field that is asked now.

    What they come to is worked out once for each state, as it is drawn at every key.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    at: str = "shape"

    @cached_property
    def shape(self) -> Shape | None:
        """What the network is made of, None while it cannot be read."""
        try:
            return read_shape(self.texts.get("shape", ""))
        except HomeworkError:
            return None

    @property
    def is_in_out(self) -> bool:
        """Whether the matrices have a row for each input."""
        return self.texts.get("weights", "").strip().lower().startswith("in")

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The fields from top to bottom; those of the layers come with the shape."""
        shape = self.shape
        first = Field("shape", "layers", "How many inputs, then the units of each layer, and the activation?")
        if shape is None:
            return (first,)
        return (first, *fields_of_numbers(shape, self.is_in_out, self._samples), OPENING, *OPTIONAL)

    @cached_property
    def asked(self) -> Field:
        """The field that is asked now."""
        return next((one for one in self.fields if one.key == self.at), self.fields[0])

    @cached_property
    def _samples(self) -> int:
        """How many rows the inputs have, 0 while nobody knows."""
        try:
            rows = read_rows(self.texts.get("in", ""))
        except HomeworkError:
            return 0
        shape = self.shape
        return 1 if shape is not None and len(rows[0]) == 1 and len(rows) == shape.inputs else len(rows)

    def text_of(self, key: str) -> str:
        """Return what was entered in a field, "" where nothing was."""
        return self.texts.get(key, "")

    def check(self, one: Field, text: str) -> None:
        """Check the text of a field with what was entered before; raises `HomeworkError`."""
        if not text.strip():
            if one.default is None:
                raise refused("", "nothing is typed yet", _examples(one))
            return
        if one.key == "shape":
            read_shape(text)
        elif one.instead and text.strip().lower() == one.instead:
            if one.may_be_drawn and one.rows != one.columns:
                found = f"no weights between {one.columns} and {one.rows} numbers"
                raise refused("", found, "without weights as many leave as enter: mend the layers, or type the weights")
        elif one.key == "loss":
            self._check_loss(text)
        elif one.columns and not (one.may_be_drawn and DRAWN.fullmatch(text)):
            before = next((word for word in one.before if text.strip().lower().startswith(word)), "")
            rows = matrix_in(one, text.strip()[len(before) :] if before else text)
            if one.key == "rate" and rows[0][0] < 0:
                raise refused("", f'"{text.strip()}"', "give a number, 0 or above")
        elif one.key in _SAID_BESIDES:
            _check_said(one.key, text)

    def entered(self, text: str) -> Form:
        """Return the form with a text in the field at hand, at the next one; raises `HomeworkError`."""
        self.check(self.asked, text)
        return self.with_text(text).moved(1)

    def with_text(self, text: str) -> Form:
        """Return the form with a text in the field at hand, right or wrong."""
        return self if self.asked.key == OPEN else replace(self, texts={**self.texts, self.asked.key: text.strip()})

    def moved(self, by: int) -> Form:
        """Return the form some fields farther down, or up."""
        keys = [one.key for one in self.fields]
        place = keys.index(self.asked.key) + by
        return replace(self, at=keys[min(max(0, place), len(keys) - 1)])

    def moved_to(self, key: str) -> Form:
        """Return the form at a field."""
        return replace(self, at=key)

    def fault_of(self, one: Field) -> Fault | None:
        """Return what is wrong with what stands in a field, None where it is right or nothing was entered yet."""
        return self._faults[one.key]

    @cached_property
    def _faults(self) -> dict[str, Fault | None]:
        return {one.key: self._fault_in(one) for one in self.fields}

    def _fault_in(self, one: Field) -> Fault | None:
        text = self.text_of(one.key)
        if not text.strip() or one.key == OPEN:
            return None
        try:
            self.check(one, text)
        except HomeworkError as error:
            return error.faults[0]
        return None

    def is_filled(self, one: Field) -> bool:
        """Whether a field holds all that is needed, or may stay empty."""
        return bool(self.text_of(one.key).strip()) or one.default is not None or one.key == OPEN

    @cached_property
    def unfilled(self) -> Field | None:
        """The first field that is wrong, or empty and needed; None where the network is complete."""
        fields = self.fields
        return next((one for one in fields if not self.is_filled(one) or self.fault_of(one) is not None), None)

    @property
    def said(self) -> Said:
        """What the form says, as the command line would."""
        shape = self.shape
        if shape is None:
            return ()
        said = [("in", self.text_of("in"))]
        seeds = []
        for number, (units, activation) in enumerate(shape.layers, start=1):
            weights, biases = self.text_of(f"w{number}"), self.text_of(f"b{number}")
            drawn = DRAWN.fullmatch(weights)
            if drawn:
                seeds.append(drawn[1] or "0")
            is_bare = weights.strip().lower() == NONE
            text = activation if is_bare else f"{activation}: {f'{units} units' if drawn else weights}"
            said.append(("layer", f"{text} | {biases}" if biases.strip() and not is_bare else text))
        said += [("seed", seed) for seed in seeds[-1:]]
        others = ("weights", "target", "loss", "rate", *(one.key for one in OPTIONAL))
        said += [(key, self.text_of(key)) for key in others if self.text_of(key).strip()]
        if self._has_no_target:
            said = [(key, text) for key, text in said if key not in ("target", "loss")] + [("loss", "output")]
        return tuple(said)

    @property
    def _has_no_target(self) -> bool:
        """Whether nothing is held against the output: then the output itself is what is differentiated."""
        return self.text_of("target").strip().lower() == NONE

    @cached_property
    def outline(self) -> Outline | None:
        """What is known of the network, None while nobody knows its shape."""
        shape = self.shape
        if shape is None:
            return None
        fields = {one.key: one for one in self.fields}
        weights, biases, layers = [], [], []
        for number, (units, activation) in enumerate(shape.layers, start=1):
            rows = self._begun(fields[f"w{number}"])
            weights.append(tuple(zip(*rows, strict=True)) if self.is_in_out else rows)
            has_biases = bool(self.text_of(f"b{number}").strip())
            biases.append(self._begun(fields[f"b{number}"])[0] if has_biases else None)
            zeros = (0.0,) * units if has_biases else None
            layers.append(Layer(size=(shape.entering(number - 1), units), biases=zeros, activation=activation))  # type: ignore[arg-type]
        loss = self._loss(self.text_of("loss"))
        conventions = self._conventions
        try:
            network = Network(tuple(layers), loss or Loss(), conventions=conventions)
        except SpecError:
            network, loss = Network(tuple(layers), conventions=conventions), None
        inputs, targets = self._begun(fields["in"]), self._begun(fields["target"])
        return Outline(network, tuple(weights), tuple(biases), inputs, targets, loss is not None)

    @property
    def _conventions(self) -> Conventions:
        """What the sheet calls its numbers, as far as it can be read."""
        said = tuple((key, self.text_of(key)) for key in ("names", "call"))
        try:
            return Conventions(weights="in-out" if self.is_in_out else "out-in", **names_said(said))
        except HomeworkError:
            return Conventions()

    def _begun(self, one: Field) -> Matrix:
        """The numbers of a field, whole or not."""
        text = self.text_of(one.key)
        try:
            return matrix_in(one, text)
        except HomeworkError:
            return begun_matrix(one, text)

    def _loss(self, text: str) -> Loss | None:
        shape = self.shape
        try:
            table = loss_called(text, shape.layers[-1][1] if shape is not None else "") if text.strip() else None
        except HomeworkError:
            return None
        if table is None:
            return None
        name = table.get("name")
        try:
            return USUAL_LOSSES[name] if name in USUAL_LOSSES else Loss(**table)  # type: ignore[arg-type]
        except SpecError:
            return None

    def _check_loss(self, text: str) -> None:
        shape = self.shape
        if shape is None:
            return
        loss = loss_called(text, shape.layers[-1][1])
        given = next((word for word in (NONE, "slope") if self.text_of("target").strip().lower().startswith(word)), "")
        if given:
            found = "a loss, where there is no target" if given == NONE else "a loss beside a given slope"
            raise refused("", found, "leave it empty")
        if loss.get("name") == "output" and self.text_of("target").strip():
            raise refused("", "no target for this loss", "type none in the place of the targets, or take another loss")
        try:
            complete = replace(self, texts={**self.texts, "loss": text})
            outline = complete.outline
            layers = outline.network.layers if outline is not None else ()
            Network(layers, self._loss(text) or Loss())
        except SpecError as error:
            raise refused("", error.found, error.mend) from None


def form_of(said: Said) -> Form:
    """Return the form of a network that was said otherwise; what cannot be read stays as it was said."""
    texts = {key: text for key, text in said if key not in ("layer", "seed")}
    seed = next((text for key, text in said if key == "seed"), "")
    is_in_out = texts.get("weights", "").strip().lower().startswith("in")
    entering = _columns(texts.get("in", ""))
    sizes, activations = [entering], []
    for number, text in enumerate((text for key, text in said if key == "layer"), start=1):
        activation, colon, rest = text.partition(":")
        weights, _, biases = rest.partition("|")
        drawn = DRAWN_UNITS.fullmatch(weights.strip())
        if drawn:
            entering, weights = int(drawn[1]), f"draw {seed}"
        elif colon:
            try:
                rows = read_rows(weights)
                entering, weights = len(rows[0]) if is_in_out else len(rows), as_typed(rows)
            except HomeworkError:
                pass
        else:
            weights = NONE
        texts[f"w{number}"], texts[f"b{number}"] = weights.strip(), biases.strip()
        sizes.append(entering)
        activations.append(folded(activation))
    texts["in"] = "; ".join(row.strip() for row in texts.get("in", "").splitlines())
    return Form({"shape": f"{'-'.join(map(str, sizes))} {' '.join(activations)}", **texts}, OPEN)


def _columns(text: str) -> int:
    try:
        return len(read_rows(text)[0])
    except HomeworkError:
        return 1


_SAID_BESIDES = ("weights", "ask", "names", "call", "error", "step", "digits", "passes", "batch", "update", "grain")


def _check_said(key: str, text: str) -> None:
    """Check what is said besides, on a network that takes anything; raises `HomeworkError` for that key alone."""
    try:
        homework_of((("in", "1"), ("layer", "sigmoid: 1 | 1"), ("target", "1"), (key, text)))
    except HomeworkError as error:
        faults = [fault for fault in error.faults if fault.place.split(",")[0].split(" ")[0] == key]
        if key in ("batch", "ask", "call") and faults and _depends_on_network(faults[0]):
            return
        if faults:
            raise HomeworkError([replace(faults[0], place="")]) from None


def _depends_on_network(fault: Fault) -> bool:
    return any(
        word in f"{fault.found} {fault.mend}" for word in ("of 1", "is there for layer", "outside", "no name of")
    )


def _examples(one: Field) -> str:
    if one.key == "shape":
        return "type for example 3-2-1 sigmoid"
    if one.key == "target":
        return "type numbers, split by blanks"
    return "type numbers split by blanks, and ; between rows" + (", or draw" if one.may_be_drawn else "")
