"""The working calendar against the known clocks, itself, and what every week of the year must satisfy."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.rules import calendar
from ytterby.terms.errors import BadValue, DateOrder

ANY = st.dates(date(2006, 1, 1), date(2034, 12, 31))


@pytest.mark.parametrize(
    ("accepted", "due"),
    [
        (date(2025, 4, 7), date(2025, 6, 12)),
        (date(2025, 12, 15), date(2026, 2, 24)),
        (date(2026, 8, 3), date(2026, 10, 10)),
    ],
)
def test_forty_five_days_of_review(accepted: date, due: date) -> None:
    assert calendar.add_working_days(accepted, 45) == due
    assert calendar.working_days(accepted, due) == 45


@given(ANY, st.integers(0, 120))
def test_counting_undoes_adding(start: date, count: int) -> None:
    end = calendar.add_working_days(start, count)
    assert calendar.working_days(start, end) == count
    assert count == 0 or calendar.is_working_day(end)


@given(ANY, ANY, ANY)
def test_days_add_up(one: date, two: date, three: date) -> None:
    first, middle, last = sorted((one, two, three))
    whole = calendar.working_days(first, last)
    assert whole == calendar.working_days(first, middle) + calendar.working_days(middle, last)


def test_make_up_days_are_worked_and_festivals_are_not() -> None:
    assert calendar.is_working_day(date(2026, 2, 14)), "a Saturday worked before the Spring Festival"
    assert not calendar.is_working_day(date(2026, 2, 17)), "the Spring Festival, a Tuesday"
    assert not calendar.is_working_day(date(2026, 1, 1))


def test_unpublished_years_say_so() -> None:
    assert calendar.provisional(date(2026, 6, 1)) == ""
    assert "2099" in calendar.provisional(date(2099, 1, 1))
    assert not calendar.is_working_day(date(2099, 10, 1))
    assert not calendar.is_working_day(date(2099, 1, 3)), "a Saturday"


@given(st.sampled_from([1.0, 7.0, 30.0, 2.5]), st.integers(2010, 2032))
def test_seasonality_averages_to_one_over_a_year(step_days: float, year: int) -> None:
    days = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    steps = int(days // step_days)
    share = calendar.seasonality(date(year, 1, 1), steps, step_days)
    assert share.shape == (steps,)
    assert (share >= 0).all()
    assert abs(share.mean() - 1) < 0.06


def test_seasonality_of_days_is_the_calendar() -> None:
    share = calendar.seasonality(date(2025, 1, 1), 365, 1.0)
    worked = [calendar.is_working_day(date(2025, 1, 1) + timedelta(days=n)) for n in range(365)]
    np.testing.assert_array_equal(share > 0, worked)
    np.testing.assert_allclose(share.mean(), 1.0, rtol=1e-12)


def test_the_spring_festival_is_a_hole() -> None:
    weeks = calendar.seasonality(date(2025, 1, 6), 52, 7.0)
    assert weeks.argmin() in (3, 4, 38), "the festival of 2025 or the national day's week"
    assert weeks.min() < 0.4


def test_nice_errors() -> None:
    with pytest.raises(DateOrder) as backwards:
        calendar.working_days(date(2025, 2, 1), date(2025, 1, 1))
    assert "2025-01-01" in str(backwards.value)
    for count in (-1, 10**9):
        with pytest.raises(BadValue):
            calendar.add_working_days(date(2025, 1, 1), count)
    with pytest.raises(BadValue):
        calendar.add_working_days(date(9999, 12, 30), 5)
    for steps, days in ((0, 7.0), (3, 0.0), (3, float("nan"))):
        with pytest.raises(BadValue):
            calendar.seasonality(date(2025, 1, 1), steps, days)
