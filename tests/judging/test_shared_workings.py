"""What is worked out once for all questions of a pass is what each mistake makes of it alone."""

from __future__ import annotations

import numpy as np
import pytest

from nn_tutor.judging.mistakes.case import Case
from nn_tutor.judging.mistakes.known import MISTAKES, slips_of
from nn_tutor.network.quantities import Ref
from nn_tutor.network.training import StoppedError, Timeline
from nn_tutor.walkthrough.order import refs_of_pass
from tests.networks import random_network


@pytest.mark.parametrize("seed", range(16))
def test_no_number_depends_on_what_was_asked_before(seed: int) -> None:
    network, data = random_network(seed, most_units=3, most_rows=2)
    try:
        passed = Timeline(network, data).at(1)
    except StoppedError:
        pytest.skip("this run stops")
    together, seen = Case(network, passed, Ref("loss")), 0
    with np.errstate(all="ignore"):
        for ref in refs_of_pass(network, passed.X.shape[0])[seed % 5 :: 5]:
            for mistake in MISTAKES:
                alone = slips_of(mistake, Case(network, passed, ref))
                shared = slips_of(mistake, together.at(ref))
                own = [(slip.symbol, slip.theirs, slip.right) for slip in alone]
                assert [(slip.symbol, slip.theirs, slip.right) for slip in shared] == own
                values = [slip.value for slip in alone]
                assert [slip.value for slip in shared] == pytest.approx(values, rel=1e-12, nan_ok=True), mistake.id
                seen += len(alone)
    assert seen
