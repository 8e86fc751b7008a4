"""The game again and again: thresholds by hand, and against sums over many rounds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ytterby import BadValue
from ytterby.decisions.bargain.equilibria import solve
from ytterby.decisions.bargain.games import game
from ytterby.decisions.bargain.repeated import checked, held, least_trust, threshold

DILEMMA = game([[3, 0], [5, 1]], [[3, 5], [0, 1]])
numbers = st.floats(-10, 10).map(lambda v: round(v, 3))


def test_two_prisoners_keep_silent_from_one_half_on() -> None:
    # (5 - 3) / (5 - 1)
    found = held(DILEMMA, (0, 0), [(1.0, 1.0)], 0.9)
    assert found.least == (0.5, 0.5)
    assert found.patience == 0.5
    assert found.folk == pytest.approx((0.5, 0.5))  # the equilibrium is also the least a side can be held to
    assert found.temptation == (2.0, 2.0)


def test_no_patience_holds_up_what_an_equilibrium_beats() -> None:
    found = held(DILEMMA, (0, 1), [(1.0, 1.0)], 0.9)
    assert found.least == (None, 0.0)
    assert found.patience is None
    assert found.trust[0] is None


def test_a_harsher_threat_than_an_equilibrium_needs_less_patience() -> None:
    # a third policy hurts both: nobody plays it in equilibrium, but it can be threatened with
    one = game([[3, 0, -5], [5, 1, -5], [-5, -5, -6]], [[3, 5, -5], [0, 1, -5], [-5, -5, -6]])
    points = [each.payoffs for each in solve(one).equilibria]
    found = held(one, (0, 0), points, 0.9)
    assert found.bound is not None
    assert found.patience is not None
    assert found.bound < found.patience


def test_the_equilibrium_that_asks_for_least_patience_punishes() -> None:
    sexes = game([[4, 0, 0], [0, 1, 0], [6, 0, 0]], [[4, 0, 6], [0, 1, 0], [0, 0, 0]])
    found = held(sexes, (0, 0), [(3.5, 3.5), (1.0, 1.0)], 0.9)
    assert found.back_to == 1
    assert found.least[0] == pytest.approx(2 / 5)


@settings(max_examples=200, deadline=None)
@given(numbers, numbers, numbers, st.floats(0.02, 0.98))
def test_the_threshold_parts_keeping_from_breaking(kept: float, broken: float, punished: float, d: float) -> None:
    found = threshold(kept, broken, punished)
    keeping = kept / (1 - d)
    breaking = broken + d * punished / (1 - d)
    if found is None:
        assert keeping < breaking
    elif broken <= kept:
        assert found == 0.0
    elif abs(d - found) > 1e-6:
        assert (keeping >= breaking) == (d > found)


@settings(max_examples=200, deadline=None)
@given(numbers, numbers, numbers, numbers, numbers, st.floats(0.1, 0.9), st.floats(0, 1))
def test_trust_parts_keeping_from_breaking(
    kept: float, broken: float, betrayed: float, both: float, punished: float, d: float, p: float
) -> None:
    found = least_trust(kept, broken, betrayed, both, punished, d)
    later = d ** np.arange(1, 4000)
    after = float((later * punished).sum())
    keeping = p * (kept + float((later * kept).sum())) + (1 - p) * (betrayed + after)
    breaking = p * broken + (1 - p) * both + after
    if found is None:
        assert p < 1 or keeping < breaking + 1e-6
    elif p > found + 1e-6:
        assert keeping >= breaking - 1e-6
    elif p < found - 1e-6:
        assert keeping <= breaking + 1e-6


def test_trust_by_hand() -> None:
    # d = 3/4: keep p 12 + (1-p) 3, break p 5 + (1-p) 1 + 3: 12p + 3 - 3p = 4p + 4 -> p = 1/5
    assert least_trust(3, 5, 0, 1, 1, 0.75) == pytest.approx(0.2)


@pytest.mark.parametrize("wrong", [0.0, 1.0, -0.1, 1.5, float("nan"), float("inf")])
def test_nice_errors(wrong: float) -> None:
    with pytest.raises(BadValue, match="discount factor") as told:
        checked(wrong)
    assert "between 0 and 1" in told.value.remedy
    with pytest.raises(BadValue, match="discount factor"):
        held(DILEMMA, (0, 0), [(1.0, 1.0)], wrong)
