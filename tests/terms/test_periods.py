"""Periods: labels read back as themselves, months tile years, ends never come first."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.terms.errors import BadValue, DateOrder, InputError
from ytterby.terms.periods import Period, parse_period

years = st.integers(1787, 2200)
days = st.dates(date(1787, 1, 1), date(2200, 12, 31))


@pytest.mark.parametrize(
    ("text", "start", "end", "label"),
    [
        ("2025", "2025-01-01", "2025-12-31", "2025"),
        ("2025-04", "2025-04-01", "2025-04-30", "2025-04"),
        ("2025-04-04", "2025-04-04", "2025-04-04", "2025-04-04"),
        ("2025-Q1", "2025-01-01", "2025-03-31", "2025-Q1"),
        ("Q3 2025", "2025-07-01", "2025-09-30", "2025-Q3"),
        ("2025-H1", "2025-01-01", "2025-06-30", "2025-H1"),
        ("H2 2025", "2025-07-01", "2025-12-31", "2025-H2"),
        ("2026-JanFeb", "2026-01-01", "2026-02-28", "2026-JanFeb"),
        ("2024-JanFeb", "2024-01-01", "2024-02-29", "2024-JanFeb"),
        ("FY2026", "2026-01-01", "2026-12-31", "FY2026"),
        ("Apr-Dec 2025", "2025-04-01", "2025-12-31", "2025-AprDec"),
        ("January-August 2025", "2025-01-01", "2025-08-31", "2025-JanAug"),
        ("4 April 2025", "2025-04-04", "2025-04-04", "2025-04-04"),
        ("Sept. 2025", "2025-09-01", "2025-09-30", "2025-09"),
        ("2025-04..2026-03", "2025-04-01", "2026-03-31", "2025-04..2026-03"),
        ("2025年", "2025-01-01", "2025-12-31", "2025"),
        ("2025年4月", "2025-04-01", "2025-04-30", "2025-04"),
        ("2025年4月4日", "2025-04-04", "2025-04-04", "2025-04-04"),
        ("2025年上半年", "2025-01-01", "2025-06-30", "2025-H1"),
        ("2025年第三季度", "2025-07-01", "2025-09-30", "2025-Q3"),
        ("2025年1-8月", "2025-01-01", "2025-08-31", "2025-JanAug"),
    ],
)
def test_forms(text: str, start: str, end: str, label: str) -> None:
    found = parse_period(text)
    assert (str(found.start), str(found.end), found.label) == (start, end, label)
    assert parse_period(found.label) == found


def test_a_fiscal_year_may_end_in_another_month() -> None:
    assert parse_period("FY2026", fiscal_end=6) == Period(date(2025, 7, 1), date(2026, 6, 30))
    assert parse_period("FY26", fiscal_end=3) == Period(date(2025, 4, 1), date(2026, 3, 31))


@given(years)
def test_months_quarters_and_halves_tile_the_year(year: int) -> None:
    whole = parse_period(str(year))
    for parts in (
        [f"{year}-{m:02}" for m in range(1, 13)],
        [f"{year}-Q{q}" for q in range(1, 5)],
        [f"{year}-H{h}" for h in (1, 2)],
    ):
        spans = [parse_period(part) for part in parts]
        assert sum(span.days for span in spans) == whole.days
        assert all(a.end + timedelta(days=1) == b.start for a, b in itertools.pairwise(spans))
        assert all(whole.contains(span) for span in spans)
    assert [str(m) for m in whole.months()] == [f"{year}-{m:02}" for m in range(1, 13)]


@given(days, days)
def test_the_end_never_comes_first(one: date, other: date) -> None:
    if other < one:
        with pytest.raises(DateOrder):
            Period(one, other)
        with pytest.raises(DateOrder):
            parse_period(f"{one}..{other}")
        return
    span = parse_period(f"{one}..{other}")
    assert span.days == (other - one).days + 1
    assert span.contains(one)
    assert span.contains(other)
    assert not span.contains(one - timedelta(days=1))
    assert span.meets(Period(other, other))
    months = list(span.months())
    assert months[0].contains(one)
    assert months[-1].contains(other)


def test_backwards_months_name_the_text() -> None:
    with pytest.raises(DateOrder) as caught:
        parse_period("Dec-Apr 2025", "scenario.yaml line 3")
    assert caught.value.place == "scenario.yaml line 3"
    assert "2025-12-01" in caught.value.cause


@pytest.mark.parametrize("text", ["", "soon", "2025-13", "2025-00", "2025-02-30", "2025-Q5", "0000", "9999", "1999/"])
def test_no_period_is_refused_with_the_forms(text: str) -> None:
    with pytest.raises(BadValue) as caught:
        parse_period(text, "claims.csv line 2")
    assert caught.value.place == "claims.csv line 2"
    assert caught.value.remedy


@given(st.text(st.sampled_from("0123456789-QH./年月日季度上下半至 JanFebr"), max_size=14))
def test_wild_text_is_read_or_refused(text: str) -> None:
    try:
        found = parse_period(text)
    except InputError:
        return
    assert found.start <= found.end
