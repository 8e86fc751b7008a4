"""Properties of ticks, spelled numbers and nudged labels."""

from __future__ import annotations

import math
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ytterby.figures.scales import LARGEST, Linear, day_of, nice_ticks, number, separate, span_of, spell, time_ticks
from ytterby.terms.errors import BadValue

values = st.floats(-LARGEST, LARGEST, allow_nan=False)


@given(values, values, st.integers(2, 8))
def test_ticks_cover_the_range_in_even_round_steps(a: float, b: float, count: int) -> None:
    low, high = min(a, b), max(a, b)
    ticks = nice_ticks(low, high, count)
    slack = 1e-6 * max(1e-9, abs(low), abs(high), ticks[-1] - ticks[0])
    assert ticks[0] <= low + slack
    assert ticks[-1] >= high - slack
    assert 2 <= len(ticks) <= 2 * count + 3
    step = ticks[1] - ticks[0]
    assert all(after > before for before, after in pairwise(ticks))
    assert all(math.isclose(y - x, step, rel_tol=1e-6) for x, y in pairwise(ticks))
    mantissa = step / 10 ** math.floor(math.log10(step) + 1e-9)
    assert any(math.isclose(mantissa, m, rel_tol=1e-5) for m in (1, 2, 2.5, 5, 10))


@given(st.lists(st.floats(-50, 450), max_size=25), st.floats(1, 30))
def test_separated_labels_keep_order_gap_and_bounds(wanted: list[float], gap: float) -> None:
    placed = separate(wanted, gap, 0.0, 400.0)
    assert len(placed) == len(wanted)
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    ranked = [placed[i] for i in order]
    room = min(gap, 400.0 / max(1, len(wanted) - 1))
    assert all(b - a >= room - 1e-6 for a, b in pairwise(ranked))
    assert all(-1e-6 <= y <= 400.0 + 1e-6 for y in placed)


def test_labels_that_are_apart_stay_where_they_are() -> None:
    assert separate([300.0, 10.0, 100.0], 14.0, 0.0, 400.0) == [300.0, 10.0, 100.0]


@given(values)
def test_spelled_numbers_read_back_to_three_figures(value: float) -> None:
    text = spell(value).replace("\u00a0", "").replace("−", "-")
    read = float(text)
    assert math.isclose(read, value, rel_tol=0.0051, abs_tol=1e-9)
    assert text != "-0"


def test_spelling_by_step_keeps_the_decimals_of_the_step() -> None:
    assert [spell(v, 0.25) for v in (0.0, 0.25, 1.0)] == ["0.00", "0.25", "1.00"]
    assert spell(-2500.0, 500.0) == "−2\u00a0500"
    assert spell(math.nan) == "–"


@given(st.dates(date(1800, 1, 1), date(2190, 1, 1)), st.integers(0, 60000), st.integers(2, 9))
def test_time_ticks_lie_inside_and_are_few(start: date, days: int, most: int) -> None:
    low = float(start.toordinal())
    assume(low + days < date(2190, 1, 1).toordinal())
    ticks = time_ticks(low, low + days, most)
    assert 1 <= len(ticks) <= most + 2
    assert all(low - 1 <= day <= low + days + 1 for day, _ in ticks)
    assert [d for d, _ in ticks] == sorted({d for d, _ in ticks})


def test_a_period_stands_at_its_middle() -> None:
    assert day_of("2025-04-04", "here") == date(2025, 4, 4).toordinal()
    assert span_of("2025-Q1", "here") == (date(2025, 1, 1).toordinal(), date(2025, 3, 31).toordinal())
    assert day_of(2025, "here") == (date(2025, 1, 1).toordinal() + date(2025, 12, 31).toordinal()) / 2


def test_a_scale_holds_what_lies_outside() -> None:
    scale = Linear(0.0, 10.0, 100.0, 0.0)
    assert [scale(v) for v in (-5.0, 0.0, 2.5, 10.0, 99.0)] == [100.0, 100.0, 75.0, 0.0, 0.0]


@pytest.mark.parametrize("wrong", ["twelve", [1], math.inf, -math.inf, 1e16])
def test_a_number_that_is_none_names_row_and_key(wrong: object) -> None:
    with pytest.raises(BadValue) as caught:
        number({"median": wrong}, "median", "figure fan, row 3")
    assert "median" in caught.value.cause
    assert caught.value.place == "figure fan, row 3"
    assert caught.value.remedy


def test_a_missing_number_is_nan() -> None:
    assert math.isnan(number({}, "p05", "here"))
    assert math.isnan(number({"p05": None}, "p05", "here"))
    assert number({"p05": "2.5"}, "p05", "here") == 2.5
