"""The loss of a network on one short line, with the conventions in which the literature disagrees."""

from __future__ import annotations

from fractions import Fraction

from nn_tutor.calculus.numerals import numeral
from nn_tutor.network.losses import loss_of
from nn_tutor.network.spec import Network


def loss_badge(network: Network, rows: int) -> str:
    """Say which loss is differentiated, with its ½, 1/n, and mean or sum: `L = ⅓·Σ(o − y)²  mean of 4 samples`."""
    loss = network.loss
    term = loss_of(loss).badge
    several = network.outputs > 1
    factor = loss.exact_scale(outputs=network.outputs, rows=1)
    before = "" if factor == 1 else _FRACTIONS.get(factor, f"{factor}") + "·"
    if several and loss.kind != "categorical_cross_entropy":  # which is a sum over the classes anyhow
        term = f"Σ{' ' if term[0].isalpha() else ''}{term}"
    penalty = "" if not network.l2 else f" + {numeral(network.l2 / 2)}·Σw²"
    samples = "1 sample" if rows == 1 else f"{'mean' if loss.batch == 'mean' else 'sum'} of {rows} samples"
    return f"L = {before}{term}{penalty}  {samples}"


_FRACTIONS = {
    Fraction(1, 2): "½",
    Fraction(1, 3): "⅓",
    Fraction(2, 3): "⅔",
    Fraction(1, 4): "¼",
    Fraction(1, 5): "⅕",
    Fraction(1, 6): "⅙",
    Fraction(1, 8): "⅛",
}
