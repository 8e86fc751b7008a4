"""The statutory clock against cases a lawyer can read and a second calendar."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import holidays
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ytterby.rules import clock
from ytterby.terms.errors import BadValue

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "calendar.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_cases(case: dict[str, object]) -> None:
    found = clock.statutory(case["accepted"], case["days"])  # type: ignore[arg-type]
    assert found.due == case["due"]
    assert found.provisional == ""


def test_45_days_agree_with_a_second_library_from_every_day_of_three_years() -> None:
    second = holidays.country_holidays("CN", years=range(2024, 2028))
    first, last = date(2024, 1, 1), date(2026, 12, 31)
    days = [first + timedelta(days=number) for number in range((last - first).days + 400)]
    worked = [day for day in days if second.is_working_day(day)]
    checked = 0
    position = 0
    for day in days:
        while position < len(worked) and worked[position] <= day:
            position += 1
        if position + 44 >= len(worked) or worked[position + 44] > last or day > last:
            continue
        assert clock.statutory(day).due == worked[position + 44], day
        checked += 1
    assert checked > 1000


@given(st.dates(date(2024, 1, 1), date(2026, 6, 30)))
def test_closed_weekdays_lengthen_and_make_up_days_shorten(accepted: date) -> None:
    found = clock.statutory(accepted)
    after = accepted + timedelta(days=1)
    weekdays = sum((after + timedelta(days=n)).weekday() < 5 for n in range((found.due - accepted).days))
    off = len(clock.days_off(after, found.due))
    worked = len(clock.make_up_days(after, found.due))
    assert weekdays - off + worked == clock.REVIEW_WORKING_DAYS
    assert found.calendar_days == (found.due - accepted).days


def test_a_year_that_is_not_published_is_provisional() -> None:
    told = clock.statutory(date(2098, 12, 1)).to_dict()
    assert "2098" in str(told["provisional"])
    # Accepted in a published year, due in one that is not.
    last = clock.statutory(date(2026, 12, 1))
    assert "2027" in last.provisional


def test_nice_errors() -> None:
    with pytest.raises(BadValue):
        clock.statutory(date(2025, 1, 1), -1)
