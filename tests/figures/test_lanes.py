"""Lanes: one row for each thing, whatever the rows; what is halted is hatched; spans lie where their days are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ytterby.figures.base import Caption
from ytterby.figures.lanes import lanes
from ytterby.terms.errors import BadValue, DateOrder

CAPTION = Caption("What is in force", "test")
ROWS = [
    {"lane": "cn-61", "date": "2025-10-09", "until": "2025-11-06", "kind": "in force", "halted": False},
    {"lane": "cn-61", "date": "2025-11-07", "until": "2027-01-10", "kind": "suspended", "halted": True},
    {"lane": "cn-18", "date": "2025-04-04", "until": "2027-05-01", "kind": "in force", "hint": "<always>"},
]

rows = st.lists(
    st.fixed_dictionaries(
        {
            "lane": st.sampled_from(["cn-18-2025", "us-dfars-7052", "稀土永磁材料出口许可公告二〇二五年", "W" * 90]),
            "date": st.dates(date(1995, 1, 1), date(2030, 12, 31)).map(str),
            "until": st.just("2031-06-01"),
            "kind": st.sampled_from(["in force", "suspended", ""]),
            "halted": st.booleans(),
            "hint": st.sampled_from(["", "<script>"]),
        }
    ),
    max_size=12,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(rows, st.sampled_from([280, 519, 720, 1200]), st.sampled_from(["", "2026-11-21"]))
def test_wild_rows_stay_on_the_sheet(
    drawing: Callable[[str], Any], rows: list[dict[str, Any]], width: int, today: str
) -> None:
    sheet = drawing(lanes(rows, CAPTION, today=today, width=width))
    assert sheet.width == width
    assert sheet.outside() == []
    assert sheet.overlaps() == []


def test_one_row_for_each_thing_and_hatching_for_what_is_halted() -> None:
    svg = lanes(ROWS, CAPTION, today="2026-11-21")
    assert svg.count(">cn-61</text>") == svg.count(">cn-18</text>") == 1
    assert svg.index(">cn-61</text>") < svg.index(">cn-18</text>"), "in the order they first come"
    assert "<pattern" in svg
    assert "<pattern" not in lanes(ROWS[:1], CAPTION)
    assert "<always>" not in svg
    assert lanes(ROWS, CAPTION) == lanes(ROWS, CAPTION)


def test_nothing_is_said() -> None:
    assert "No data" in lanes([], CAPTION)


def test_nice_errors() -> None:
    with pytest.raises(DateOrder, match="ends before it begins"):
        lanes([{"lane": "a", "date": "2025-02-01", "until": "2025-01-01"}], CAPTION)
    with pytest.raises(BadValue, match="soon"):
        lanes([{"lane": "a", "date": "soon", "until": "2025-01-01"}], CAPTION)
