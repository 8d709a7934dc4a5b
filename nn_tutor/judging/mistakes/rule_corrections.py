"""Mistakes in the correction of Adam's averages for their start at 0."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from nn_tutor.dataclass import dataclass
from nn_tutor.judging.mistakes.case import Case, Mistake, Slip
from nn_tutor.judging.mistakes.rule_states import is_asked, lines_of, slip_of
from nn_tutor.judging.mistakes.stepping import Known, stepping_of

if TYPE_CHECKING:
    from nn_tutor.network.rules import Line


@dataclass(frozen=True)
class _Corrections:
    """Slips of the bias correction: in m̂ alone, in v̂ alone, and in both, as somebody does who always does it so."""

    compute: Callable[[Any, float, float], Any]
    theirs: str

    def __call__(self, case: Case) -> Iterator[Slip]:
        """Yield what the asked number becomes."""
        stepping = stepping_of(case) if is_asked(case) else None
        lines = [line for line in lines_of(case) if line.makes in ("m_hat", "v_hat")]
        if stepping is None or not lines:
            return
        for line in lines:
            yield slip_of(stepping, line, self._of(line), self._written(line))
        if len(lines) > 1:
            known = stepping.otherwise({line.makes: self._of(line) for line in lines})
            theirs = ", ".join(stepping.written(self._written(line)) for line in lines)
            right = ", ".join(stepping.written(line.written) for line in lines)
            yield Slip(
                float(stepping.result(known)), f"{stepping.names['m_hat']}, {stepping.names['v_hat']}", theirs, right
            )

    def _of(self, line: Line) -> Callable[[Known], Any]:
        return lambda known: self.compute(known[line.of[0]], known[line.of[1]], known["t"])

    def _written(self, line: Line) -> str:
        return self.theirs.format(state=f"{{{line.of[0]}}}", beta=f"{{{line.of[1]}}}", t="{t}")


def _over(numerator: Any, denominator: float) -> Any:
    return numerator / denominator if denominator else float("nan")


CORRECTIONS: tuple[Mistake, ...] = (
    Mistake(
        "no-bias-correction",
        "left out the correction for the start at 0",
        "both averages began at 0: m is divided by 1 − β₁^t, v by 1 − β₂^t",
        _Corrections(lambda state, beta, t: state, "{state}"),
    ),
    Mistake(
        "pass-counted-from-zero",
        "counted the passes from 0",
        "t is 1 in the first pass",
        _Corrections(lambda state, beta, t: _over(state, 1 - beta ** (t - 1)), "{state}/(1 − {beta}^({t} − 1))"),
    ),
    Mistake(
        "pass-counted-too-far",
        "counted one pass too many",
        "t is the number of this pass",
        _Corrections(lambda state, beta, t: _over(state, 1 - beta ** (t + 1)), "{state}/(1 − {beta}^({t} + 1))"),
    ),
    Mistake(
        "forgot-the-power",
        "left out the power t",
        "β is taken to the power t, the number of the pass",
        _Corrections(lambda state, beta, t: _over(state, 1 - beta), "{state}/(1 − {beta})"),
    ),
    Mistake(
        "power-of-share",
        "took the power of 1 − β",
        "β is taken to the power t first, and that is subtracted from 1",
        _Corrections(lambda state, beta, t: _over(state, (1 - beta) ** t), "{state}/(1 − {beta})^{t}"),
    ),
    Mistake(
        "times-for-power",
        "multiplied β by t instead of taking the power",
        "β^t is β times itself, t times",
        _Corrections(lambda state, beta, t: _over(state, 1 - beta * t), "{state}/(1 − {beta}·{t})"),
    ),
    Mistake(
        "correction-multiplied",
        "multiplied by the correction",
        "the average is too small at first, so it is divided by 1 − β^t",
        _Corrections(lambda state, beta, t: state * (1 - beta**t), "{state}·(1 − {beta}^{t})"),
    ),
    Mistake(
        "divided-by-power",
        "divided by β^t",
        "the average is divided by 1 − β^t",
        _Corrections(lambda state, beta, t: _over(state, beta**t), "{state}/{beta}^{t}"),
    ),
)
"""The mistakes in the correction, in m̂, in v̂, and in both."""
