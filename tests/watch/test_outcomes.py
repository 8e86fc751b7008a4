"""Thresholds: what moved, by how much, and when that is worth an alert."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.terms.errors import BadValue, UnknownName
from ytterby.watch.outcomes import compare
from ytterby.watch.workflows import Outcome

STOP = Outcome(scenario="s", metric="line-stops", where={"product": "car", "region": "EU"}, days=5)
TRADE = Outcome(scenario="s", metric="exports", where={"period": "2025-11", "destination": "EU"}, percent=3)


def stop(day: date | None, region: str = "EU") -> dict[str, Any]:
    text = None if day is None else day.isoformat()
    points = {f"first_slow_{q}": text for q in ("median", "p05", "p95")}
    return {"product": "car", "region": region, "unit": "units", "slows": 0.6, "stops": 0.1, **points}


def trade(median: float) -> dict[str, Any]:
    return {
        "period": "2025-11",
        "destination": "EU",
        "median": median,
        "p05": median / 2,
        "p95": median * 2,
        "unit": "t",
    }


@given(st.integers(-400, 400))
def test_days_moved_are_days_between_and_alert_past_the_threshold(days: int) -> None:
    first = date(2025, 9, 1)
    told = compare(STOP, [stop(first)], [stop(first + timedelta(days))])
    assert told.days == days
    assert told.exceeded == (abs(days) > 5)
    assert ("later" in told.words) == (days > 0)


@pytest.mark.parametrize(("before", "after"), [(None, date(2025, 9, 1)), (date(2025, 9, 1), None)])
def test_a_stop_that_comes_or_goes_is_always_told(before: date | None, after: date | None) -> None:
    told = compare(STOP, [stop(before)], [stop(after)])
    assert told.exceeded
    assert told.days is None


def test_a_stop_that_never_was_does_not_move() -> None:
    assert not compare(STOP, [stop(None)], [stop(None)]).exceeded


@given(st.floats(1.0, 1e6), st.floats(-0.9, 3.0))
def test_percent(before: float, change: float) -> None:
    told = compare(TRADE, [trade(before)], [trade(before * (1 + change))])
    assert told.percent == pytest.approx(100 * change, abs=1e-6)
    if abs(abs(change) - 0.03) > 1e-9:
        assert told.exceeded == (abs(change) > 0.03)


def test_out_of_nothing_something_is_told() -> None:
    told = compare(TRADE, [trade(0.0)], [trade(4.0)])
    assert told.exceeded
    assert told.percent is None


def test_a_row_there_is_not_and_several_that_fit() -> None:
    with pytest.raises(UnknownName, match="region 'EU'"):
        compare(STOP, [stop(None, "DE")], [stop(None)])
    loose = Outcome(scenario="s", metric="line-stops", where={"product": "car"}, days=5)
    with pytest.raises(BadValue) as caught:
        compare(loose, [stop(None, "DE"), stop(None)], [])
    assert "region" in str(caught.value)
