"""Words of the findings: every day, share and place can be said, and nothing says a number that is none."""

from __future__ import annotations

import doctest
import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.findings import wording


def test_the_examples_hold() -> None:
    assert doctest.testmod(wording).failed == 0


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_a_share_is_always_said(share: float) -> None:
    text = wording.percent(share)
    assert "nan" not in text
    assert "inf" not in text
    assert math.isfinite(share * 100) == text.endswith("%")


@given(st.dates(), st.one_of(st.none(), st.integers(1, 9999)))
def test_a_day_is_said_with_its_year_unless_it_is_the_one_spoken_of(when: date, beside: int | None) -> None:
    text = wording.day(when, beside)
    assert text.startswith(str(when.day))
    assert text.endswith(str(when.year)) == (when.year != beside)


@given(st.text(min_size=1))
def test_any_product_has_a_name(name: str) -> None:
    assert wording.product(name)
    assert wording.label(name)
    assert wording.lines(name)


@pytest.mark.parametrize("code", ["US", "EU", "ZZ", "KR", "QQ"])
def test_any_region_has_a_name(code: str) -> None:
    assert wording.place(code)
    assert wording.short_place(code)
