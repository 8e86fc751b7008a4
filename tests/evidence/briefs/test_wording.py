"""Figures and periods in words, read back by the grammar."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.evidence.briefs.stated import stated
from ytterby.evidence.briefs.wording import Tongue, amount, number, ranged, when
from ytterby.evidence.grammar import times

UNITS = ("t", "kg", "%", "lb", "USD", "USD/kg", "CNY/t", "t/yr")


@given(
    st.decimals(min_value="0.1", max_value="9e9", places=1, allow_nan=False).map(float),
    st.sampled_from(UNITS),
    st.sampled_from(["zh", "en"]),
)
def test_a_figure_said_in_words_is_read_as_the_same_figure(value: float, unit: str, lang: Tongue) -> None:
    said = amount(value, unit, lang)
    assert said is not None
    context = f"产量为{said}。" if lang == "zh" else f"It came to {said}."
    found = stated(context)
    assert [(one.low, one.unit) for one in found] == [(pytest.approx(value, rel=1e-9), unit)], context


@given(st.integers(1, 400), st.integers(1, 400), st.sampled_from(["t", "%", "kg"]), st.sampled_from(["zh", "en"]))
def test_a_range_is_read_as_the_same_range(low: int, more: int, unit: str, lang: Tongue) -> None:
    said = ranged(low, low + more, unit, lang)
    found = stated(f"产量为{said}。" if lang == "zh" else f"It came to {said}.")
    assert [(one.low, one.high, one.unit) for one in found] == [(low, low + more, unit)]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("label", ["2025", "2025-12", "2025-04-04", "2025-Q1", "2025-H1", "2025-JanMay"])
def test_a_period_said_in_words_is_read_as_the_same_period(label: str, lang: Tongue) -> None:
    said = when(label, lang)
    assert said is not None
    found = times(f"{said}产量下降。" if lang == "zh" else f"Output fell in {said}.", date(2026, 6, 1))
    assert [one.period for one in found] == [label]


def test_a_period_of_the_texts_own_year_needs_no_year() -> None:
    assert (when("2025-12", "zh", year=False), when("2025-12", "en", year=False)) == ("12月", "December")
    assert (when("2025-Q1", "zh", year=False), when("2025-Q1", "en", year=False)) == ("第一季度", "the first quarter")
    assert when("2025", "en", year=False) is None
    assert when("2025-04-04", "en", year=False) == "4 April"


def test_large_figures_take_the_words_of_the_language() -> None:
    assert (number(1.3e9, "zh"), number(1.3e9, "en")) == ("13亿", "1.3 billion")
    assert (number(57392, "zh"), number(57392, "en")) == ("57392", "57,392")
    assert amount(3, "parsec", "en") is None
    assert when("2025-W14", "zh") is None
