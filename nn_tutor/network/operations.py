"""The operations of a pass: the value of each, and beside it its partial derivatives.

Adding an operation is adding a class here, its place in `nn_tutor.network.graph`, and how it is printed in
`nn_tutor.calculus.nodes`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from nn_tutor.dataclass import dataclass
from nn_tutor.network.activations import Array, activation_named
from nn_tutor.network.elementary import softmax
from nn_tutor.network.losses import loss_of
from nn_tutor.network.rules import Line, rate_of

if TYPE_CHECKING:
    from nn_tutor.network.optimizer import Optimizer
    from nn_tutor.network.spec import ActivationName, Loss

Values = Sequence[float]

_NEAREST_TO_0, _NEAREST_TO_1 = 1e-300, 1 - 2.0**-53


class Operation(Protocol):
    """How a number is made from its arguments: its value, and its partial derivative in each of them."""

    def value(self, values: Values) -> float:
        """Return the result for these values of the arguments."""
        ...

    def partials(self, values: Values) -> Values:
        """Return ∂result/∂argument for every argument, in order."""
        ...


@dataclass(frozen=True, slots=True)
class Products:
    """A sum of products: the arguments in groups of these sizes, each group multiplied."""

    sizes: tuple[int, ...]

    def value(self, values: Values) -> float:
        """Return the sum of the groups' products."""
        return sum(math.prod(values[start:end]) for start, end in self.groups())

    def partials(self, values: Values) -> Values:
        """Return, for every argument, the product of the others in its group."""
        found: list[float] = []
        for start, end in self.groups():
            if end - start == 2:
                found += (values[start + 1], values[start])
            else:
                group = range(start, end)
                found += (math.prod(values[other] for other in group if other != own) for own in group)
        return found

    def groups(self) -> Iterator[tuple[int, int]]:
        """Yield where each group of arguments starts and ends."""
        start = 0
        for size in self.sizes:
            yield start, start + size
            start += size


@dataclass(frozen=True, slots=True)
class Multiple:
    """A whole number times the only argument."""

    times: int

    def value(self, values: Values) -> float:
        """Return the multiple."""
        return self.times * values[0]

    def partials(self, values: Values) -> Values:
        """Return the factor."""
        return (float(self.times),)


@dataclass(frozen=True, slots=True)
class Activate:
    """`a = f(z)` of an elementwise activation."""

    activation: ActivationName
    slope: float | None = None
    """That of a leaky ReLU below 0, None for the usual one."""

    def value(self, values: Values) -> float:
        """Return f(z)."""
        return float(activation_named(self.activation, self.slope).function(np.array(values[0])))

    def partials(self, values: Values) -> Values:
        """Return f′(z)."""
        entry, z = activation_named(self.activation, self.slope), np.array(values[0])
        return (float(entry.derivative(z, entry.function(z))),)


@dataclass(frozen=True, slots=True)
class ActivationSlope:
    """`∂a/∂z` of an elementwise activation, from a or z, whichever its rule is written in."""

    activation: ActivationName
    slope: float | None = None
    """That of a leaky ReLU below 0, None for the usual one."""

    def value(self, values: Values) -> float:
        """Return the slope."""
        given = np.array(values[0] if values else 0.0)
        return float(activation_named(self.activation, self.slope).derivative(given, given))

    def partials(self, values: Values) -> Values:
        """Return the derivative of the rule in what it is written in."""
        entry = activation_named(self.activation, self.slope)
        return tuple(float(entry.slope_change(np.array(value))) for value in values)


@dataclass(frozen=True, slots=True)
class Softmax:
    """One output of softmax, from every z of the layer."""

    unit: int

    def value(self, values: Values) -> float:
        """Return aᵢ."""
        return float(softmax(np.array(values))[self.unit])

    def partials(self, values: Values) -> Values:
        """Return ∂aᵢ/∂zⱼ for every j."""
        a = softmax(np.array(values))
        row = -a[self.unit] * a
        row[self.unit] += a[self.unit]
        return tuple(row.tolist())


@dataclass(frozen=True, slots=True)
class SoftmaxSlope:
    """`∂aᵢ/∂zⱼ` of softmax: `aᵢ·(1 − aᵢ)` from aᵢ alone where i = j, else `−aᵢ·aⱼ` from both."""

    same: bool

    def value(self, values: Values) -> float:
        """Return the slope."""
        return values[0] * (1 - values[0]) if self.same else -values[0] * values[1]

    def partials(self, values: Values) -> Values:
        """Return its derivative in aᵢ, or in aᵢ and aⱼ."""
        return (1 - 2 * values[0],) if self.same else (-values[1], -values[0])


@dataclass(frozen=True, slots=True)
class LossSum:
    """The loss from o y o y …, or from o o … where there are no targets; at the end λ and Σw² where there is L2."""

    loss: Loss
    scale: Fraction
    has_penalty: bool

    def value(self, values: Values) -> float:
        """Return the scaled sum of the terms, with the penalty; raises `DomainError` where an output has no loss."""
        o, y = self._outputs_and_targets(values)
        penalty = values[-2] / 2 * values[-1] if self.has_penalty else 0.0
        return float(self.scale) * float(loss_of(self.loss).terms(o, o, y).sum()) + penalty

    def partials(self, values: Values) -> Values:
        """Return ∂L/∂o for the outputs; 0 for what is given."""
        o, y = self._outputs_and_targets(values)
        o = _inside(self.loss, o)
        slopes = (float(self.scale) * loss_of(self.loss).derivative(o, o, y)).tolist()
        found = [each for slope in slopes for each in (slope, 0.0)] if self.loss.has_targets else slopes
        return [*found, 0.0, 0.0] if self.has_penalty else found

    def _outputs_and_targets(self, values: Values) -> tuple[Array, Array]:
        terms = np.array(values[:-2] if self.has_penalty else values)
        return (terms[0::2], terms[1::2]) if self.loss.has_targets else (terms, terms)


@dataclass(frozen=True, slots=True)
class LossSlope:
    """`∂L/∂o` of one output, from it and its target; from nothing where the loss is the output itself."""

    loss: Loss
    scale: Fraction

    def value(self, values: Values) -> float:
        """Return the slope; raises `DomainError` where the output has no loss."""
        o, y = np.array(values[:1] or (0.0,)), np.array(values[1:] or (0.0,))
        return float(self.scale) * float(loss_of(self.loss).derivative(o, o, y)[0])

    def partials(self, values: Values) -> Values:
        """Return ∂²L/∂o²; 0 for the target."""
        if not values:
            return ()
        o, y = _inside(self.loss, np.array(values[:1])), np.array(values[1:])
        return (float(self.scale) * float(loss_of(self.loss).curvature(o, y)[0]), 0.0)


def _inside(loss: Loss, o: Array) -> Array:
    """Outputs that the machine rounded to 0 or 1 as the nearest numbers of which a logarithm can be taken."""
    return np.clip(o, _NEAREST_TO_0, _NEAREST_TO_1) if loss.takes_probabilities else o


@dataclass(frozen=True, slots=True)
class FusedSlope:
    """`∂L/∂z = scale·(o − y)`, where loss and last activation are taken together."""

    loss: Loss
    scale: Fraction

    def value(self, values: Values) -> float:
        """Return the scaled error."""
        return float(self.scale) * (values[0] - values[1])

    def partials(self, values: Values) -> Values:
        """Return the scale, with the sign of each."""
        return (float(self.scale), -float(self.scale))


@dataclass(frozen=True, slots=True)
class Held:
    """What is held in an update: the step 0 where there is no argument, or its only argument as it was."""

    def value(self, values: Values) -> float:
        """Return 0, or the old value."""
        return values[0] if values else 0.0

    def partials(self, values: Values) -> Values:
        """Return 1 for the old value."""
        return (1.0,) if values else ()


@dataclass(frozen=True, slots=True)
class Follow:
    """A line of the update rule: a state of a parameter, or its clipped slope."""

    line: Line

    def value(self, values: Values) -> float:
        """Return what the line makes."""
        return float(self.line.function(*values))

    def partials(self, values: Values) -> Values:
        """Return the line's own partial derivatives."""
        return tuple(map(float, self.line.partials(*values)))


@dataclass(frozen=True, slots=True)
class Along:
    """The step of a rule with a direction of its own: the first argument, η, times what a line makes of the others."""

    line: Line

    def value(self, values: Values) -> float:
        """Return η times the direction."""
        return values[0] * float(self.line.function(*values[1:]))

    def partials(self, values: Values) -> Values:
        """Return the direction for η, and η times the line's own partial derivatives for the others."""
        direction = float(self.line.function(*values[1:]))
        return (direction, *(values[0] * float(partial) for partial in self.line.partials(*values[1:])))


@dataclass(frozen=True, slots=True)
class Length:
    """The length of all arguments together, the root of the sum of their squares."""

    def value(self, values: Values) -> float:
        """Return the length."""
        return math.sqrt(sum(value * value for value in values))

    def partials(self, values: Values) -> Values:
        """Return every argument over the length; 0 where there is none."""
        length = self.value(values)
        return tuple(value / length if length else 0.0 for value in values)


@dataclass(frozen=True, slots=True)
class Scheduled:
    """The learning rate of a pass, from the rate that the schedule starts from and the number of the pass."""

    optimizer: Optimizer

    def value(self, values: Values) -> float:
        """Return η."""
        return rate_of(self.optimizer, values[0], round(values[1]))

    def partials(self, values: Values) -> Values:
        """Return by how much η grows with the first rate, in which it is linear; 0 for the number of the pass."""
        number = round(values[1])
        return (rate_of(self.optimizer, 1.0, number) - rate_of(self.optimizer, 0.0, number), 0.0)


@dataclass(frozen=True, slots=True)
class Descent:
    """A parameter after its update: the first argument, less what `step` makes of those that follow.

    Where it `decays`, the last two arguments are η and the weight decay, of which the parameter loses the product.
    """

    step: Operation
    decays: bool = False

    def value(self, values: Values) -> float:
        """Return the new parameter."""
        kept = values[0] - self.step.value(self.of_step(values))
        return kept - values[-2] * values[-1] * values[0] if self.decays else kept

    def partials(self, values: Values) -> Values:
        """Return what is left of the old parameter, and minus what the step and the decay take of it."""
        of_step = [-partial for partial in self.step.partials(self.of_step(values))]
        if not self.decays:
            return (1.0, *of_step)
        w, rate, decay = values[0], values[-2], values[-1]
        return (1.0 - rate * decay, *of_step, -decay * w, -rate * w)

    def of_step(self, values: Sequence[Any]) -> Sequence[Any]:
        """Return those of the arguments that the step is made of."""
        return values[1:-2] if self.decays else values[1:]
