"""Learners who work a pass on paper, and slip now and then: what comes after is made from what they wrote."""

from __future__ import annotations

import random
from dataclasses import dataclass

from tests.sheets.paper import Paper, Place, Rule, drawn_network, places
from tests.sheets.slips import SLIPS, is_visible


@dataclass(frozen=True)
class Worked:
    """A paper with the slips made on it: for each its name and its places, those in which it shows."""

    paper: Paper
    slips: tuple[tuple[str, tuple[Place, ...]], ...] = ()


def clean(draw: random.Random) -> Worked:
    """Return the paper of a learner who makes no slip."""
    return Worked(Paper(*drawn_network(draw)).work())


def slipped(draw: random.Random, count: int = 1) -> Worked:
    """Return the paper of a learner who makes so many slips, each visible where it is made."""
    while True:
        network, data = drawn_network(draw)
        right = Paper(network, data).work()
        every = list(places(network, right.rows))
        chosen: list[tuple[str, list[Place], Rule]] = []
        for _ in range(count):
            where = draw.choice(every)
            fitting = [one for one in SLIPS if one.quantity == where[0] and one.applies(right, where)]
            if not fitting:
                break
            slip, in_layer = draw.choice(fitting), draw.random() < 0.5
            made = [one for one in every if one[:2] == where[:2] and slip.applies(right, one)] if in_layer else [where]
            chosen.append((slip.name, made, slip.rule))
        if len({made[0][:2] for _, made, _ in chosen}) < count:
            continue
        rules = {place: rule for _, made, rule in chosen for place in made}
        try:
            paper = Paper(network, data).work(rules)
        except (OverflowError, ValueError, ZeroDivisionError):
            continue
        shown = tuple((name, tuple(one for one in made if is_visible(paper, one))) for name, made, _ in chosen)
        # A slip that can only just be seen somewhere is none to be told from rounding.
        faint = any(
            paper.written[one] != paper.right[one]
            for _, made, _ in chosen
            for one in made
            if not is_visible(paper, one)
        )
        if all(made for _, made in shown) and not faint:
            return Worked(paper, shown)
