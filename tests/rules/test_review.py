"""Review in practice: fitted to what was observed, honest about how little that is."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from ytterby.rules import review
from ytterby.terms.errors import BadValue

KNOWN = date(2025, 9, 1)


def seen(metric: str, **more: Any) -> dict[str, Any]:
    return {"metric": metric, "known": KNOWN, "observer": "o", "confidence": "A", "unit": "day", **more}


def times(*ranges: tuple[float, float]) -> list[dict[str, Any]]:
    return [seen("review_time", low=low, high=high, comparator="~") for low, high in ranges]


SHARES = [seen("approval_share", value=0.3, unit="share"), seen("approval_share", value=0.5, unit="share")]


def test_many_observations_give_back_the_truth() -> None:
    dice = np.random.default_rng(1)
    drawn = np.exp(np.log(40) + 0.5 * dice.standard_normal(400))
    fitted = review.practice([*times(*((day * 0.9, day * 1.1) for day in drawn)), *SHARES])
    half, ninety = fitted.quantile(0.5), fitted.quantile(0.9)
    centre, spread = np.log(drawn).mean(), np.log(drawn).std()
    assert half.days == pytest.approx(np.exp(centre), rel=0.02)
    assert ninety.days == pytest.approx(np.exp(centre + 1.2816 * spread), rel=0.03)
    assert half.low < np.exp(centre) < half.high
    assert half.high - half.low < 8


def test_bands_cover_the_truth_as_often_as_they_say() -> None:
    # Six coarse observations, as in life: the 90 % band of the median day must hold it in about nine cases of ten.
    dice = np.random.default_rng(7)
    held = 0
    tries = 60
    for _ in range(tries):
        drawn = np.exp(np.log(45) + 0.5 * dice.standard_normal(6))
        width = dice.uniform(1.1, 1.8, 6)
        half = review.practice([*times(*zip(drawn / width, drawn * width, strict=True)), *SHARES]).quantile(0.5)
        held += half.low <= 45 <= half.high
    assert held >= 0.8 * tries


def test_few_observations_give_wide_bands() -> None:
    few = review.practice([*times((30, 45), (40, 60)), *SHARES]).quantile(0.9)
    many = review.practice([*times(*[(30, 45), (40, 60)] * 10), *SHARES]).quantile(0.9)
    assert few.high - few.low > many.high - many.low
    weak = [{**row, "confidence": "C"} for row in times(*[(30, 45), (40, 60)] * 10)]
    doubted = review.practice([*weak, *SHARES]).quantile(0.9)
    assert doubted.high - doubted.low > many.high - many.low


def test_quantiles_rise_and_turn_round() -> None:
    fitted = review.practice([*times((30, 45), (20, 90), (10, 63)), *SHARES])
    days = [fitted.quantile(share).days for share in (0.1, 0.5, 0.9, 0.99)]
    assert days == sorted(days)
    assert fitted.decided_within(fitted.quantile(0.5).days)[0] == pytest.approx(0.5, abs=0.05)
    for share in (0.0, 1.0):
        with pytest.raises(BadValue):
            fitted.quantile(share)


def test_shares_follow_the_counts_and_one_odd_count_does_not_bend_them() -> None:
    def shares(odd: bool) -> float:
        rows = [
            seen("approval_share", value=0.2 + 0.1 * n, unit="share", as_of=review.CONTROLS + timedelta(days=30 * 2**n))
            for n in range(5)
        ]
        if odd:
            rows.append(seen("approval_share", value=0.01, unit="share", as_of=review.CONTROLS + timedelta(days=120)))
        return review.practice([*times((30, 45), (20, 90)), *rows]).approval(review.CONTROLS + timedelta(days=240))[0]

    assert shares(odd=False) == pytest.approx(0.5, abs=0.05)
    assert abs(shares(odd=True) - shares(odd=False)) < 0.08


def test_approved_of_the_decided_needs_both_counts() -> None:
    counts = [seen("granted", value=19, observer="EU Chamber"), seen("rejected", value=1, observer="EU Chamber")]
    lonely = [
        seen("granted", value=5, observer="Dexter"),
        seen("rejected", value=3, end_use="military", observer="Dexter"),
    ]
    base = [*times((30, 45), (20, 90)), *SHARES]
    assert review.practice([*base, *lonely]).approval_of_decided() is None
    found = review.practice([*base, *lonely, *counts])
    assert (found.granted, found.rejected) == (19, 1)
    median, low, high = found.approval_of_decided() or (0.0, 0.0, 0.0)
    assert low < median < high
    # Beta(20, 2): its mean is 20/22.
    assert median == pytest.approx(0.92, abs=0.01)


def test_units_statute_and_carriage() -> None:
    rows = [
        seen("review_time", value=45, comparator="≤", unit="working day"),
        seen("review_time", low=1, high=2, unit="month", comparator="~"),
        seen("door_to_door", low=76, high=122, comparator="~"),
        seen("review_time", low=1, high=2, end_use="military"),
        *SHARES,
    ]
    found = review.practice(rows)
    assert [(one.what, round(one.low), round(one.high)) for one in found.times] == [
        ("review_time", 30, 61),
        ("door_to_door", 31, 102),
    ]


def test_nothing_known_later_is_used() -> None:
    rows = [*times((30, 45), (20, 90)), *SHARES]
    later = {**times((1, 2))[0], "known": date(2026, 1, 1)}
    assert review.practice([*rows, later], KNOWN).times == review.practice(rows).times
    with pytest.raises(BadValue, match="0 review times"):
        review.practice(rows, date(2025, 8, 31))


def test_the_outlook_says_all_of_it() -> None:
    told = review.outlook(review.practice([*times((30, 45), (20, 90)), *SHARES]), date(2026, 8, 3)).to_dict()
    assert told["statute"]["due"] == "2026-10-10"
    half, ninety = told["decided"]
    assert half["low"] <= half["day"] <= half["high"]
    assert half["day"] <= ninety["day"]
    assert told["approval_of_decided"] is None
    assert {row["what"] for row in told["fit"]} == {"review_time", "approval_share"}
