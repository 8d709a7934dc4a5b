"""Mistakes in other update rules than plain descent that are looked for last: see `known.rare_mistakes`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from nn_tutor.judging.mistakes.case import Case, Mistake, Slip
from nn_tutor.judging.mistakes.rule_states import (
    BETAS_EXCHANGED,
    is_asked,
    lines_of,
    lines_otherwise,
    with_other_beta,
)
from nn_tutor.judging.mistakes.rule_steps import (
    ADAM,
    NOT_SQUARED,
    ROOT_OF_AVERAGE,
    directions,
    divided,
    rate_written,
    root,
)
from nn_tutor.judging.mistakes.stepping import in_names, stepping_of

if TYPE_CHECKING:
    from nn_tutor.judging.mistakes.rule_steps import Otherwise
    from nn_tutor.judging.mistakes.stepping import Known, Stepping
    from nn_tutor.network.rules import Line


def _betas_of_a_kind_exchanged(case: Case) -> Iterator[Slip]:
    """The two exchanged in both averages alone, or in both corrections alone."""
    stepping = stepping_of(case) if is_asked(case) else None
    for kind in (("m", "v"), ("m_hat", "v_hat")):
        lines = [line for line in lines_of(case) if line.makes in kind]
        if stepping is None or len(lines) < 2:
            continue
        names = stepping.names
        exchanged = {**names, "beta1": names["beta2"], "beta2": names["beta1"]}
        known = stepping.otherwise({line.makes: with_other_beta(line) for line in lines})
        yield Slip(
            float(stepping.result(known)),
            ", ".join(names[line.makes] for line in lines),
            ", ".join(in_names(line.written, exchanged) for line in lines),
            ", ".join(stepping.written(line.written) for line in lines),
        )


def _corrected_average_kept(case: Case) -> Iterator[Slip]:
    """The old average divided by 1 − β^(t − 1), as m̂ and v̂ of the pass before are: of one of them, or of both."""
    stepping = stepping_of(case) if is_asked(case) else None
    if stepping is None or stepping.t == 1 or stepping.optimizer.rule not in ADAM:
        return
    lines = [line for line in lines_of(case) if line.makes in ("m", "v")]
    for kept in (*([line] for line in lines), lines):
        yield _from_corrected(stepping, kept)


def _from_corrected(stepping: Stepping, lines: Sequence[Line]) -> Slip:
    given: dict[str, float] = {}
    theirs: list[str] = []
    for line in lines:
        beta, before, _ = line.of
        corrected = 1 - stepping.optimizer.constants[beta] ** (stepping.t - 1)
        given[before] = float(stepping.otherwise()[before]) / corrected
        theirs.append(stepping.written(line.written.replace(f"{{{before}}}", f"({{{line.makes}_hat}} before)")))
    return Slip(
        float(stepping.result(stepping.otherwise(given=given))),
        ", ".join(stepping.names[line.makes] for line in lines),
        ", ".join(theirs),
        ", ".join(stepping.written(line.written) for line in lines),
    )


def _root_of_size(number: Any) -> Any:
    """√|m̂| where m̂ is negative: above 0 that is no slip of its own."""
    return (-number) ** 0.5 if number < 0 else float("nan")


def _older_state(case: Case) -> Iterator[Slip]:
    """What was remembered before the pass before, in the place of what that one left."""
    if case.previous is None or not is_asked(case):
        return
    stepping, earlier = stepping_of(case), stepping_of(Case(case.network, case.previous, case.ref)).before
    for line in lines_of(case):
        before = f"{line.makes}_before"
        if before in line.of and (older := earlier[line.makes]):  # type: ignore[index]
            known = stepping.otherwise(given={before: older})
            theirs = stepping.written(line.written.replace(f"{{{before}}}", f"({{{before}}} of the pass before)"))
            right = stepping.written(line.written)
            yield Slip(float(stepping.result(known)), stepping.names[line.makes], theirs, right)


RARE_STATES: tuple[Mistake, ...] = (
    Mistake(
        "slope-left-out",
        "left out the slope of this pass",
        "what is remembered is one part, the slope of this pass the other",
        lines_otherwise(
            ("velocity", lambda n: n["momentum"] * n["velocity_before"], "{momentum}·{velocity_before}"),
            ("m", lambda n: n["beta"] * n["m_before"], "{beta}·{m_before}"),
            ("v", lambda n: n["beta"] * n["v_before"], "{beta}·{v_before}"),
        ),
    ),
    Mistake(*BETAS_EXCHANGED, _betas_of_a_kind_exchanged),
    Mistake(
        "corrected-average-kept",
        "went on from the corrected average of the pass before",
        "m̂ and v̂ are made anew in every pass; what is remembered is m and v",
        _corrected_average_kept,
    ),
    Mistake(
        "older-state",
        "went on from what was remembered one pass too early",
        "each pass goes on from what the one just before it left",
        _older_state,
    ),
)
"""Rare mistakes in states: see `known.rare_mistakes`."""


def _of_either_sign(compute: Callable[[Known], Any], written: str) -> tuple[Otherwise, Otherwise]:
    """What the root of a negative m̂'s size leads to, with the minus lost, and with the minus before it."""
    return (ADAM, compute, written), (ADAM, lambda n: -compute(n), f"−{written}")


RARE_STEPS: tuple[Mistake, ...] = (
    Mistake(
        *ROOT_OF_AVERAGE,
        directions(
            *_of_either_sign(
                lambda n: divided(_root_of_size(n["over"]), root(n["under"]) + n["epsilon"]),
                "√|{over}|/(√{under} + {epsilon})",
            )
        ),
    ),
    Mistake(
        "root-of-other-average",
        "took the root of m̂ instead of v̂",
        NOT_SQUARED,
        directions(
            (ADAM, lambda n: divided(root(n["over"]), n["under"] + n["epsilon"]), "√{over}/({under} + {epsilon})"),
            *_of_either_sign(
                lambda n: divided(_root_of_size(n["over"]), n["under"] + n["epsilon"]),
                "√|{over}|/({under} + {epsilon})",
            ),
            (ADAM, lambda n: divided(n["over"], root(abs(n["over"])) + n["epsilon"]), "{over}/(√|{over}| + {epsilon})"),
        ),
    ),
    Mistake(
        "averages-exchanged",
        "exchanged m̂ and v̂",
        "m̂ stands above, the root of v̂ below",
        directions(
            (
                ADAM,
                lambda n: divided(n["under"], _root_of_size(n["over"]) + n["epsilon"]),
                "{under}/(√|{over}| + {epsilon})",
            )
        ),
    ),
)
"""Rare mistakes in steps: see `known.rare_mistakes`."""


def _drops_each_pass(case: Case) -> Iterator[Slip]:
    schedule, number = case.network.optimizer.schedule, case.passed.number
    if case.ref.quantity == "rate" and schedule.kind == "step":
        for power, theirs in ((number - 1, "t − 1"), (number, "t")):
            value = case.network.learning_rate * schedule.factor**power
            yield Slip(value, "η", f"η₀·{schedule.factor:g}^({theirs})".replace("(t)", "t"), rate_written(case.network))


RARE_RATES: tuple[Mistake, ...] = (
    Mistake(
        "drop-in-each-pass",
        "let η drop in every pass",
        "it drops only after each whole round of passes that the schedule names",
        _drops_each_pass,
    ),
)
"""Rare mistakes in the learning rate of a pass."""
