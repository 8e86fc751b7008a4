"""The frontier: inside the sheet, no text on text, dearer is higher and riskier further right, whatever the rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ytterby.figures.base import Caption
from ytterby.figures.frontier import MARKS, frontier
from ytterby.terms.errors import BadValue

CAPTION = Caption("Six million buy most of it", "USD m")
POINTS = [
    {"label": "$0 m", "tail": 213.0, "expected": 118.0, "kind": "budget"},
    {"label": "$6 m", "tail": 111.0, "expected": 39.0, "kind": "budget"},
    {"label": "90 days", "tail": 184.0, "expected": 85.0, "kind": "rival"},
]
numbers = st.one_of(st.none(), st.floats(-1e9, 1e9), st.just(float("nan")), st.just(1e-12))


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.fixed_dictionaries(
            {"label": st.sampled_from(["$6 m", "按采购额比例储备", "W" * 60, "<script>alert(1)</script>"]),
             "tail": numbers, "expected": numbers, "kind": st.sampled_from(sorted(MARKS))}
        ),
        max_size=9,
    ),
    st.sampled_from([280, 519, 720, 1200]),
    st.sampled_from(["en", "zh"]),
)  # fmt: skip
def test_any_frontier_is_a_good_figure(
    drawing: Callable[[str], Any], rows: list[dict[str, Any]], width: int, language: str
) -> None:
    svg = frontier(rows, Caption("t", "b", language=language), axes=("tail", "mean"), width=width)
    sheet = drawing(svg)
    assert sheet.outside() == []
    assert sheet.overlaps() == []
    assert "<script" not in svg


def test_dearer_is_higher_and_riskier_further_right(drawing: Callable[[str], Any]) -> None:
    at = {text.words: text for text in drawing(frontier(POINTS, CAPTION, axes=("tail", "mean"), width=900)).texts}
    assert at["$6 m"].left < at["90 days"].left < at["$0 m"].right
    assert at["$0 m"].top < at["90 days"].top < at["$6 m"].top


def test_no_rows_say_so(drawing: Callable[[str], Any]) -> None:
    assert drawing(frontier([], CAPTION)).words()


def test_nice_errors() -> None:
    with pytest.raises(BadValue, match="a plan of kind 'star'"):
        frontier([{**POINTS[0], "kind": "star"}], CAPTION)
    with pytest.raises(BadValue, match="3 axes"):
        frontier(POINTS, CAPTION, axes=("a", "b", "c"))
    with pytest.raises(BadValue):
        frontier([{**POINTS[0], "tail": "much"}], CAPTION)
