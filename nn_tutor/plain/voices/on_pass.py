"""Stations on a pass told: what is asked, what may be typed with its value, hints, and mistakes beside the right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from nn_tutor.calculus.numerals import numeral
from nn_tutor.judging.diagnosis import introduced
from nn_tutor.judging.names import on_keys
from nn_tutor.judging.reading import ReadingError, read
from nn_tutor.judging.wording import word_of
from nn_tutor.network.quantities import stands_transposed
from nn_tutor.plain.matrices import rows_of, tells_by_rows
from nn_tutor.plain.pictures import landing, over_weight
from nn_tutor.plain.spoken import as_typed
from nn_tutor.plain.voices.base import Voice, judged
from nn_tutor.tutor.choosing import LETTERS
from nn_tutor.tutor.hints import HINT_LEVELS, hint
from nn_tutor.tutor.stations.deriving import Deriving
from nn_tutor.tutor.stations.feedback import shown_answer, verdict_of
from nn_tutor.tutor.stations.on_pass import StationOnPass
from nn_tutor.tutor.stations.placing import Placing
from nn_tutor.tutor.stations.walking import Walking
from nn_tutor.tutor.visible import Covered, Row, View
from nn_tutor.tutor.why import reasons_at_hand
from nn_tutor.walkthrough.badge import activation_badge, activations_told, loss_badge
from nn_tutor.walkthrough.questions import given

if TYPE_CHECKING:
    from nn_tutor.judging.mistakes.case import Candidate
    from nn_tutor.tutor.answering import Attempt
    from nn_tutor.tutor.stations.asked import Asked

P = TypeVar("P", bound=StationOnPass[Any])

NEAR = 6
"""How many names are told beside a question, those of its rule first; `names` tells all."""

MAX_LISTENED = 60
"""A rule that is longer cannot be listened to on the way; `why` tells it."""

MAX_LINES = 4
"""A step that shows more numbers than these tells them by rows."""


class VoiceOnPass(Voice[P]):
    """The voice of a station that asks about the numbers of a pass."""

    @property
    def asked(self) -> Asked:
        """What is asked here."""
        return self.station.asked

    @property
    def seen(self) -> View:
        """What may be seen here."""
        assert self.view is not None
        return self.view

    # Arriving

    def question(self) -> str:
        """Return the prompt of the open question."""
        question = self.asked.question
        return "" if question is None else question.prompt

    def how(self) -> str:
        """Return what may be typed, the nearest names with their values, and how many decimals are needed."""
        asked = self.asked
        question = asked.question
        if question is None:
            return ""
        if question.kind == "sign":
            return "Type plus or minus, or their signs."
        if question.kind == "formula":
            names = ", ".join(as_typed(on_keys(name)) for name in self.seen.names)
            return f"Type a formula with the names {names}."
        near = self.seen.names_nearest_first()
        # The value is no part of what is typed: a speech synthesiser drops the minus of -0.36, not that of a word.
        named = [
            f"{as_typed(on_keys(name))} for {numeral(asked.names[name])}" for name in near[:NEAR] if name in asked.names
        ]
        more = " and others" if len(near) > len(named) else ""
        may = f"You may type {', '.join(named)}{more}." if named else "Type a number or a calculation."
        apart = "Type apart to be asked for its parts first." if asked.own_pass and asked.can_decompose else ""
        return " ".join(
            part for part in (self.cell(), self._made_with(), may, _decimals(asked.decimals), apart) if part
        )

    def _made_with(self) -> str:
        """Say which activation or loss is meant where the rule of what is asked is covered; the screen shows both."""
        asked, network = self.asked, self.seen.network
        question = asked.question
        if question is None or asked.shows_rule:
            return ""
        if question.ref.quantity in ("loss", "dL_do"):
            return f"The loss: {loss_badge(network, self.seen.samples).replace('  ', ', ')}."
        if question.ref.quantity not in ("a", "da_dz", "delta"):
            return ""
        named = activation_badge(network.layers[(question.ref.layer or 1) - 1])
        return "" if named == "none" else f"The activation is {named}."

    def cell(self) -> str:
        """Return which cell of a matrix is asked, "" where a single number is."""
        asked = self.asked
        if not asked.grid or asked.question is None:
            return ""
        places = [question.id for question in asked.grid]
        if asked.question.id not in places:
            return ""
        index = asked.question.ref.index or ()
        names = ("row", "column") if len(index) > 1 else ("place",)
        shown = (
            index[::-1] if stands_transposed(self.seen.network, asked.question.ref.quantity) else index[-len(names) :]
        )
        where = ", ".join(f"{name} {place + 1}" for name, place in zip(names, shown, strict=False))
        return f"Cell {places.index(asked.question.id) + 1} of {len(places)}: {where}."

    def shows(self) -> list[str]:
        """Return the numbers that this step is about."""
        view = self.seen
        refs = [ref for ref in view.refs if ref in view.lit and ref in view.known]
        if view.form == "matrix" or (len(refs) > MAX_LINES and tells_by_rows(view)):
            return [
                line
                for whole in dict.fromkeys((ref.quantity, ref.layer) for ref in refs)
                for line in rows_of(view, *whole)
            ]
        lines = [line for ref in refs for line in [row_told(view.row(ref))] if line]
        if self.session.retry_due:
            lines.append("Press enter for the same with fresh numbers, or type later to put it off.")
        return lines

    # After a line

    def verdict(self) -> list[str]:
        """Return a hint, a verdict, or the answer that was revealed."""
        asked = self.asked
        if asked.turn.hinted and asked.hint_level:
            return self.hinted()
        attempt = verdict_of(asked)
        return self.revealed() if attempt is None else self._judged(attempt)

    def hinted(self) -> list[str]:
        """Return the hint that was asked for last, and how to go on."""
        asked, view = self.asked, self.seen
        question = asked.question
        if question is None:
            return []
        step, rungs = view.step(question.ref), asked.rungs
        text = hint(view.network, view.samples, step, asked.hint_level, asked.written_hints, in_sight=asked.shows_rule)
        place, count = sum(rung <= asked.hint_level for rung in rungs), len(rungs)
        more = "Type hint to be shown all of it" if place == count - 1 else "Type hint for more"
        apart = ", or apart to take the question apart" if asked.can_decompose else ""
        return [introduced(f"hint {place} of {count}", f"{text}."), f"{more}{apart}."]

    def revealed(self) -> list[str]:
        """Return the answer that was revealed last, with its whole derivation."""
        view, question = self.seen, shown_answer(self.asked)
        if question is None:
            return []
        whole = hint(view.network, view.samples, view.step(question.ref), HINT_LEVELS)
        return [introduced("shown", f"{whole}.")]

    def _judged(self, attempt: Attempt) -> list[str]:
        asked, judgement = self.asked, attempt.judgement
        lines: list[str] = []
        if judgement.verdict == "diagnosed" and judgement.candidates:
            head, rule = judgement.message.partition(". ")[::2]
            word, doubt = word_of(judgement, is_last=asked.unaided), asked.turn.ambiguous
            if doubt:
                lines = [f"{word}: more than one mistake leads to that.", *_doubtful(doubt)]
            else:
                lines = [introduced(word, f"{head}.")]
                slip, is_double = judgement.candidates[0].slip, judgement.candidates[0].also is not None
                lines += [] if is_double else [f"Yours: {slip.wrong_line}."]  # it would hold one of the two alone
                if self._kind(attempt) != "formula":  # the right formula is the answer itself, and so may be the rule
                    lines += [f"Right: {slip.right_line}.", *([f"{rule}."] if rule else [])]
        else:
            lines = judged(judgement, self._whose(attempt), is_last=asked.unaided)
        if asked.misses >= 2 and asked.can_decompose:
            lines.append("Type apart to take it apart into its links.")
        if read_as := self._read_as(attempt):
            lines.append(f"Read as {read_as}.")
        if judgement.spends_attempt and (lands := landing(self.session, self.seen)):
            lines.append(f"{lands}.")
        return lines

    def _whose(self, attempt: Attempt) -> str:
        """The name of the number that was judged, where another is in question by now."""
        refs = {question.id: question.ref for question in self.asked.questions}
        ref = refs.get(attempt.question)
        return "" if ref is None or ref == self.seen.focus else f", {self.seen.step(ref).symbol}"

    def _kind(self, attempt: Attempt) -> str:
        return next((one.kind for one in self.asked.questions if one.id == attempt.question), "")

    def _read_as(self, attempt: Attempt) -> str:
        """How an answer that was no plain number was read, "" for one that was."""
        if attempt.judgement.value is None or self._kind(attempt) not in ("number", "size", "place"):
            return ""
        try:
            reading = read(attempt.text.rpartition("=")[2], self.asked.names)
        except ReadingError:
            return ""
        return "" if reading.is_plain else f"{reading.shown} = {numeral(reading.value, 6)}"

    # At any time

    def table(self) -> list[str]:
        """Return what is given, and every number of the pass that is known; those of many units by rows."""
        view = self.seen
        numbers = ", ".join(f"{name} is {numeral(value)}" for name, value in given(view.network, view.passed))
        lines = [f"Given: {numbers}. {activations_told(view.network)}".rstrip()]
        if view.covers_table or view.is_own:
            lines.append("The rules are covered here: this time without them.")
        if view.covers_table or view.is_own or tells_by_rows(view):
            for quantity, layer in dict.fromkeys((ref.quantity, ref.layer) for ref in view.refs if self._is_told(ref)):
                lines += rows_of(view, quantity, layer)
        else:
            lines += [row_told(view.row(ref)) for ref in view.refs if self._is_told(ref)]
        hidden = [view.step(ref).symbol for ref in view.refs if not self._is_told(ref)]
        if hidden:
            rest = f" and {len(hidden) - MAX_LINES} more" if len(hidden) > MAX_LINES else ""
            lines.append(f"Not yet known: {', '.join(hidden[:MAX_LINES])}{rest}.")
        return [line for line in lines if line]

    def _is_told(self, ref: Any) -> bool:
        return ref in self.seen.known or ref in self.seen.asked or ref == self.seen.focus

    def names(self) -> list[str]:
        """Return every name that may be typed, with its value and what it stands for."""
        view, asked = self.seen, self.asked
        if asked.question is None:
            return super().names()
        values = asked.names
        return [
            f"{as_typed(on_keys(name))}: {numeral(values[name])}" if name in values else as_typed(on_keys(name))
            for name in view.names_nearest_first()
        ]

    def code(self) -> list[str]:
        """Return the line of NumPy of the number in question."""
        return [as_typed(self.seen.row(self.seen.focus).code)]

    def why(self) -> list[str]:
        """Return why the number at hand is what it is: the one in question, else the last that is known."""
        found = reasons_at_hand(self.seen)
        if not found:
            return ["Answer it first, or type hint; then you can ask why."]
        return [reason.text for reason in found]

    def picture(self) -> list[str]:
        """Return the loss over the weight in question, or what the lesson asks for."""
        if self.seen.is_own:
            return ["The picture comes once this pass is done."]
        wanted = self.wanted_picture()
        if wanted is not None and wanted.kind in ("activation", "data", "region"):
            return super().picture()
        return over_weight(self.session, self.seen)


class WalkingVoice(VoiceOnPass[Walking]):
    """A stop of a walk."""

    def step(self) -> str:
        """Return the pass, the step, and the phase."""
        station = self.station
        phase = station.stop.phase
        stop = f"step {station.place.stop + 1} of {len(station.step_groups)}, {PHASES[phase]}"
        return f"{super().step()}, {stop}"


PHASES = {
    "forward": "forward, from the inputs to the output",
    "loss": "the loss",
    "backward": "backward, from the loss to the weights",
    "update": "update, one step downhill",
}
"""Each part of a pass in words."""


class DerivingVoice(VoiceOnPass[Deriving]):
    """A slope that is typed as a formula."""

    def wanted_picture(self) -> Any:
        """Return the picture of the activity."""
        return self.station.activity.picture


class PlacingVoice(VoiceOnPass[Placing]):
    """A weight that is put on the curve, by typing where."""

    def question(self) -> str:
        """Return where the weight is to go."""
        question = self.asked.question
        if question is None:
            return ""
        return f"Where does {self._old} go? Type its new value, as near as you can tell."

    @property
    def _old(self) -> str:
        ref = self.asked.focus
        return self.seen.step(ref).symbol.removesuffix("′")

    def how(self) -> str:
        """Return where it stands, and that the curve can be heard."""
        return f"{self._old} stands at {numeral(self.station.marked_weight)}. Type picture to hear the curve."


def row_told(row: Row) -> str:
    """Return one number of a pass as far as it may be seen: its value, its rule, and the rule with numbers."""
    rule = row.rule if isinstance(row.rule, str) else ""
    numbers = row.numbers if isinstance(row.numbers, str) else ""
    if isinstance(row.value, Covered):
        state = "is asked" if row.value is Covered.ASKED else "is not known yet"
        return f"{row.symbol} {state}{f'; its rule: {rule}' if rule else ''}."
    parts = [
        part for part in dict.fromkeys((rule, numbers)) if part and part != row.value and len(part) <= MAX_LISTENED
    ]
    relation = "is" if row.relation == "=" else "≈"
    return f"{row.symbol} {relation} {row.value}{': ' if parts else ''}{'; that is '.join(parts)}."


def _doubtful(candidates: tuple[Candidate, ...]) -> list[str]:
    """The mistakes that one answer fits, each by letter."""
    lines = ["Which of these was yours? Type its letter."]
    for letter, one in zip(LETTERS, candidates, strict=False):
        made = f": {one.slip.wrong_line}" if one.also is None else f", and you {one.also.mistake.name}"
        lines.append(f"{letter}. you {one.mistake.name}{made}")
    return lines


def _decimals(wanted: int | None) -> str:
    if wanted is None:
        return ""
    if wanted == 0:
        return "A whole number."
    return "1 decimal suffices." if wanted == 1 else f"{wanted} decimals suffice."
