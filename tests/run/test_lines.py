from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from ytterby.run.base import Grid
from ytterby.run.lines import Lines, LineStops

GRID = Grid(date(2025, 1, 6), 30, 7.0)


def follow(
    ratio: list[float], blocks: tuple[int, ...] = (30,), watch_from: float = 0.0, wanted: float = 100.0
) -> LineStops:
    """One group, one draw: wanted 100 a step, built that share of it; 1 to the end."""
    demand = np.full((30, 1, 1), wanted)
    output = demand * np.array(ratio + [1.0] * (30 - len(ratio)))[:, None, None]
    lines = Lines(GRID, watch_from)
    start = 0
    for size in blocks:
        lines.add(demand[start : start + size], output[start : start + size], start)
        start += size
    return lines.result()


def told(found: LineStops) -> dict[str, float]:
    return {
        "slow": float(found.first["slow"][0, 0]),
        "half": float(found.first["half"][0, 0]),
        "days_slow": float(found.days["slow"][0, 0]),
        "days_half": float(found.days["half"][0, 0]),
        "recovered": float(found.recovered[0, 0]),
        "lost": float(found.lost[0, 0]),
    }


@pytest.mark.parametrize("blocks", [(30,), (1,) * 30, (7, 13, 10)])
def test_days_are_those_counted_by_hand(blocks: tuple[int, ...]) -> None:
    # steps 4 and 5 below 95 %, of which step 5 below half; back for good from step 6
    found = told(follow([1.0, 1.0, 0.99, 0.96, 0.9, 0.4], blocks))
    assert found == {
        "slow": 28.0,
        "half": 35.0,
        "days_slow": 14.0,
        "days_half": 7.0,
        "recovered": 14.0,  # from day 28 to day 42, seen once a month at 98 % had passed
        "lost": pytest.approx(1 + 4 + 10 + 60, abs=1e-4),
    }


def test_never_slow() -> None:
    found = told(follow([]))
    assert found == {"slow": np.inf, "half": np.inf, "days_slow": 0.0, "days_half": 0.0, "recovered": 0.0, "lost": 0.0}


def test_never_back() -> None:
    found = told(follow([0.9] * 30))
    assert found["recovered"] == np.inf
    assert found["days_slow"] == 210.0
    assert found["slow"] == 0.0


def test_a_relapse_within_the_month_is_no_recovery() -> None:
    # slow at step 0, three good weeks, slow again at step 4, then good
    found = told(follow([0.9, 1.0, 1.0, 1.0, 0.9]))
    assert found["recovered"] == 35.0
    assert found["days_slow"] == 14.0


def test_what_is_caught_up_is_not_lost_twice() -> None:
    found = told(follow([0.5, 0.5, 1.5, 1.5, 0.8]))
    assert found["lost"] == pytest.approx(100.0)


def test_lines_that_stopped_before_the_controls_do_not_count() -> None:
    early = [0.3, 0.3, 1.0, 1.0, 1.0, 0.9]
    assert told(follow(early))["slow"] == 0.0
    assert told(follow(early, watch_from=14.0))["slow"] == 35.0
    # a step that the day falls into counts
    assert told(follow(early, watch_from=13.0))["slow"] == 7.0


def test_where_nothing_is_wanted_nothing_stops() -> None:
    assert told(follow([0.0, 0.0], wanted=0.0))["slow"] == np.inf
