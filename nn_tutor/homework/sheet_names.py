"""The names on a sheet: each spelling of a number's name, as the screen, a textbook or a program has it.

A name is folded to a key: small letters, digits on the line, no blanks, `∂`, `_` or brackets. A primed name is that of
a new parameter; a name by order (w5, h1, o1) is read wherever it means nothing else.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from nn_tutor.calculus.names import on_keys, symbol
from nn_tutor.dataclass import dataclass
from nn_tutor.network.quantities import Quantity, Ref, elements, layers_of, parse_ref, shown_sign
from nn_tutor.network.records import Pass, parameter_of
from nn_tutor.walkthrough.order import refs_of_pass
from nn_tutor.walkthrough.questions import given, number_of_id, short_names

if TYPE_CHECKING:
    from nn_tutor.network.spec import Network


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a name means: a number of a pass, or one that is given, whose value is `given`; an old weight is both.

    `sign` is −1 where the name alone turns the sign.
    """

    ref: Ref | None
    sign: float = 1.0
    given: float | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """What the name of a whole vector or matrix means: a quantity of a layer."""

    quantity: Quantity
    layer: int | None
    sign: float = 1.0


def key(name: str) -> str:
    """Return the key of a name, under which all its spellings are one."""
    text = re.sub(
        r"[⁽(]([⁰¹²³⁴-⁹0-9]+)[⁾)]$", lambda found: f"_{unicodedata.normalize('NFKC', found[1])}", name.strip()
    )
    text = unicodedata.normalize("NFKC", text.replace("Δ", "change").replace("ŷ", "yhat").replace("y_hat", "yhat"))
    text = re.sub(r"\\(?:frac|partial|mathrm|text|hat|left|right)", lambda f: "d" if f[0] == "\\partial" else "", text)
    text = _spelled(text.lower())
    text = re.sub(r"^(?:new|updated)[\s_]*(?=[a-zθ])(.*)$", r"\1'", text)
    text = re.sub(r"(?:[\s_^{(]*(?:new|updated|neu)[})]*|\^?\{?[′'’`+*]\}?)+$", "'", text)
    text = re.sub(r"[\s{}$\\|°]", "", text) if "°" not in text else "sample" + re.sub(r"[\s{}$\\|°]", "", text)
    text = re.sub(r"\^\(?(\d+)\)?$", r"_\1", text)
    text = text.replace("/", "").replace("·", "").replace("*", "").replace("(", "").replace(")", "")
    text = re.sub(r"(?<=\d),(?=\d)(?![^\[]*\])", "", text)
    text = re.sub(r"(?<=[^\W\d_])_|_(?=[^\W\d_])", "", text)
    text = re.sub(r"^(?:d|grad|nabla|∇)(?:etotal|ltotal|loss|cost|error|e|c|j)d(?=[a-zθ])", "dld", text)
    text = re.sub(r"^(?:grad|nabla|∇)(?=[wb])", "dld", text)
    text = re.sub(r"^delta(?=[wb])", "change", text)
    return _LOSSES.get(text, text)


def _spelled(text: str) -> str:
    for sign, letters in (("∂", "d"), ("δ", "delta"), ("η", "lr"), ("−", "-"), ("σ", "sigma")):
        text = text.replace(sign, letters)
    text = re.sub(r"^(?:eta|learning[_ ]?rate|alpha|α)$", "lr", text)
    return re.sub(r"^deltas?(?=\W|\d|_|$)", "delta", text)


_LOSSES = dict.fromkeys(("e", "j", "c", "loss", "cost", "error", "etotal", "ltotal", "totalerror", "totalloss"), "l")


class SheetNames:
    """The names of the numbers of a network's passes over so many samples."""

    def __init__(self, network: Network, passed: Pass) -> None:
        self.network = network
        self.rows = int(passed.X.shape[0])
        self._refs = frozenset(refs_of_pass(network, self.rows))
        self._names: dict[str, Meaning | None] = {}
        for tier in self._tiers(passed):
            found: dict[str, Meaning | None] = {}
            for text, meaning in tier:
                folded = key(text)
                clashes = folded in found and found[folded] != meaning
                found[folded] = None if clashes else meaning
            self._names = {**found, **self._names}
        self._blocks: dict[str, Block] = {}
        for text, block in self._whole():
            self._blocks.setdefault(key(text), block)

    def find(self, name: str) -> Meaning | None:
        """Return what a name means, None for one that means nothing or two things."""
        text = name.strip()
        turns = text[:1] in "-−" and len(text) > 1
        found = self._names.get(key(text[1:] if turns else text))
        if found is None:
            found = self._by_id(text)
        return replace(found, sign=-found.sign) if found is not None and turns else found

    def block(self, name: str) -> Block | None:
        """Return which vector or matrix a name means."""
        return self._blocks.get(key(name))

    def close(self, name: str) -> str:
        """Return a name of the sheet that looks like one that means nothing."""
        near = get_close_matches(key(name), self._listed(), 1, 0.5)
        return near[0] if near else ""

    def shown(self, ref: Ref) -> str:
        """Return how a number is named on the keys."""
        return on_keys(symbol(self.network, self.rows, ref)).replace("′", "'")

    def _listed(self) -> list[str]:
        return [self.shown(ref) for ref in self._refs if ref.quantity not in ("dz_dw", "dz_da")]

    def _by_id(self, text: str) -> Meaning | None:
        """The number that an id means, with its activity or without: 1.update.W2[0,0], W2[0,0]."""
        try:
            named = number_of_id(text)
            ref = named[1] if named else parse_ref(text) if "[" in text else None
        except ValueError:
            return None
        return Meaning(ref) if ref in self._refs else None

    def _tiers(self, passed: Pass) -> Iterator[list[tuple[str, Meaning]]]:
        """The names with what they mean, those that come first where two are alike first."""
        own = self.network
        yield list(self._of(own))
        yield self._given(own, passed)
        yield [(short, meaning) for short, meaning in self._short(own)]
        for names in ("screen", "order"):
            other = replace(own, conventions=replace(own.conventions, names=names, renamed=()))
            yield [*self._of(other), *self._given(other, passed)]
            yield list(self._short(other))
        yield list(self._loose(own))

    def _of(self, network: Network) -> Iterator[tuple[str, Meaning]]:
        for ref in refs_of_pass(network, self.rows):
            name = symbol(network, self.rows, ref)
            yield name.removeprefix("−"), Meaning(ref, -1.0 if name.startswith("−") else 1.0)
            if ref.quantity in ("dW", "db"):
                yield f"d{name.removeprefix('∂L/∂')}", Meaning(ref)
            if ref.quantity in ("z", "a") and ref.layer and ref.index:
                unit = name.removeprefix("z") if ref.quantity == "z" else name
                for word in ("net", "in", "z") if ref.quantity == "z" else ("out", "a"):
                    yield f"{word}{unit}", Meaning(ref)
                    if ref.quantity == "a":
                        yield f"dL/d{word}{unit}", self._slope_of(network, ref)
            if ref.quantity == "da_dz" and ref.index and len(ref.index) == 2:
                unit = symbol(network, self.rows, Ref("a", ref.layer, ref.index))
                yield f"dout{unit}/dnet{unit}", Meaning(ref)
            if ref.quantity == "delta":
                units = name.removeprefix("δ")
                yield f"dL/dz{units}", Meaning(ref, shown_sign(network, ref))
                yield f"dz{units}", Meaning(ref, shown_sign(network, ref))
                yield f"dL/dnet{units}", Meaning(ref, shown_sign(network, ref))
            if ref.quantity == "step":
                parameter = symbol(network, self.rows, Ref("dW", ref.layer, ref.index)).removeprefix("∂L/∂")
                flips = network.conventions.flips_step
                yield f"Δ{parameter}", Meaning(ref, 1.0 if flips else -1.0)
                for word in ("step ", "lr dL/d"):
                    yield f"{word}{parameter}", Meaning(ref, -1.0 if flips else 1.0)

    def _slope_of(self, network: Network, ref: Ref) -> Meaning:
        """∂L/∂a of a unit, as its plain slope."""
        is_last = ref.layer == len(network.layers)
        slope = Ref("dL_do", None, ref.index) if is_last else Ref("dL_da", ref.layer, ref.index)
        return Meaning(slope, shown_sign(network, slope))

    def _given(self, network: Network, passed: Pass) -> list[tuple[str, Meaning]]:
        """Inputs, targets and the learning rate; an old weight's name may as well mean the new one."""
        found = [(name, Meaning(None, given=value)) for name, value in given(network, passed)]
        quantities: tuple[Quantity, ...] = ("W", "b")
        for quantity in quantities:
            for layer in layers_of(network, quantity):
                for ref in elements(network, self.rows, quantity, layer):
                    name = symbol(network, self.rows, ref).removesuffix("′")
                    found = [pair for pair in found if pair[0] != name]
                    found.append((name, Meaning(ref, given=parameter_of(passed.before, ref))))
        return found

    def _short(self, network: Network) -> Iterator[tuple[str, Meaning]]:
        """Names without the number of a unit that is alone."""
        for text, meaning in self._of(network):
            name = on_keys(text)
            for short in short_names(network, {name.removesuffix("′"): 0.0}):
                yield f"{short}′" if name.endswith("′") else short, meaning

    def _loose(self, network: Network) -> Iterator[tuple[str, Meaning]]:
        """What else a number may be called: a2 or ŷ for an output, z for the sum that an identity hands on."""
        depth = len(network.layers)
        for ref in refs_of_pass(network, self.rows):
            if ref.quantity not in ("z", "a", "delta", "da_dz", "b", "db") or ref.layer is None or ref.index is None:
                continue
            row, unit = (0, ref.index[0]) if ref.quantity in ("b", "db") else ref.index[:2]
            sample = f"_{row + 1}" if self.rows > 1 and ref.quantity not in ("b", "db") else ""
            units = network.layers[ref.layer - 1].units
            numbers = [f"{ref.layer}{unit + 1}"] + ([f"{ref.layer}"] if units == 1 else [])
            numbers += [f"{unit + 1}"] if depth == 1 else []
            numbers += [""] if depth == 1 and units == 1 else []
            turned = shown_sign(network, ref)
            for number in numbers:
                name = f"{number}{sample}"
                match ref.quantity:
                    case "z":
                        yield f"z{name}", Meaning(ref)
                        yield f"net{name}", Meaning(ref)
                    case "a":
                        yield f"a{name}", Meaning(ref)
                    case "delta":
                        yield f"delta{name}", Meaning(ref)
                        yield f"dz{name}", Meaning(ref, turned)
                        yield f"dL/dz{name}", Meaning(ref, turned)
                    case "da_dz":
                        yield f"da{name}/dz{name}", Meaning(ref)
                    case "b":
                        yield f"b{number}'", Meaning(ref)
                        yield f"b{number}", Meaning(ref)
                    case _:
                        yield f"db{number}", Meaning(ref)
            if ref.quantity == "a" and ref.layer == depth:
                for word in ("o", "yhat", "out", "output"):
                    yield f"{word}{unit + 1}{sample}", Meaning(ref)
                    if units == 1:
                        yield f"{word}{sample}", Meaning(ref)

    def _whole(self) -> Iterator[tuple[str, Block]]:
        """The names of whole vectors and matrices."""
        network, depth = self.network, len(self.network.layers)
        error = shown_sign(network, Ref("delta"))
        flips = network.conventions.flips_step
        stems: dict[Quantity, tuple[tuple[str, float], ...]] = {
            "z": (("z", 1.0), ("net", 1.0)),
            "a": (("a", 1.0),),
            "W": (("W", 1.0),),
            "b": (("b", 1.0),),
            "dW": (("dW", 1.0), ("dL/dW", 1.0)),
            "db": (("db", 1.0), ("dL/db", 1.0)),
            "delta": (("delta", 1.0), ("dz", error), ("dL/dz", error)),
            "step": (("ΔW", 1.0 if flips else -1.0), ("step", -1.0 if flips else 1.0)),
            "dL_da": (("dL/da", error), ("da", error)),
            "da_dz": (("da/dz", 1.0),),
        }
        for quantity, names in stems.items():
            for layer in layers_of(network, quantity):
                for stem, sign in names:
                    places = [f"{layer}"] + ([""] if depth == 1 else [])
                    for place in places:
                        block = Block(quantity, layer, sign)
                        name = f"da{place}/dz{place}" if quantity == "da_dz" else f"{stem}{place}"
                        yield name, block
                        if quantity in ("W", "b"):
                            yield f"{name}'", block
        for word in ("o", "out", "output", "yhat"):
            yield word, Block("a", depth)
        yield "dL/do", Block("dL_do", None, shown_sign(network, Ref("dL_do")))
        yield "dX", Block("dX", None)
        yield "dL/dX", Block("dX", None)
