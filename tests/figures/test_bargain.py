"""The payoff matrix and the bargaining set: inside the sheet, no text on text, whatever the rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ytterby.figures.base import Caption
from ytterby.figures.deal import MARKS, deal
from ytterby.figures.matrix import matrix
from ytterby.terms.errors import BadValue

CAPTION = Caption("Left alone, both tighten", "USD bn a year")
NAMES = ["licences as they are", "x", "对美国及其伙伴发放通用许可", "W" * 60, "<script>alert(1)</script>"]
CELLS = [
    {"row": "hold", "column": "hold", "first": 0.0, "second": 0.0},
    {"row": "hold", "column": "relax", "first": 13.4, "second": -7.4, "agreed": 0.87},
    {"row": "tighten", "column": "hold", "first": 11.9, "second": -41.5},
    {"row": "tighten", "column": "relax", "first": 25.3, "second": -48.8, "equilibrium": True, "share": 0.72},
]
POINTS = [
    {"label": "hold / hold", "first": 0.0, "second": 0.0, "kind": "cell"},
    {"label": "tighten / relax", "first": 25.0, "second": -49.0, "kind": "equilibrium"},
    {"label": "Nash", "first": 12.0, "second": -10.0, "kind": "nash"},
]
numbers = st.one_of(st.none(), st.floats(-1e6, 1e6), st.just(float("nan")), st.just(1e-12))
shares = st.one_of(st.none(), st.floats(0, 1))
quick = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)


@quick
@given(
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=5, unique=True),
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=5, unique=True),
    st.data(),
    st.sampled_from([280, 519, 720, 1200]),
    st.sampled_from(["en", "zh"]),
)
def test_any_matrix_is_a_good_figure(
    drawing: Callable[[str], Any], rows: list[str], columns: list[str], data: st.DataObject, width: int, language: str
) -> None:
    found = [
        {
            "row": row, "column": column, "first": data.draw(numbers), "second": data.draw(numbers),
            "equilibrium": data.draw(st.booleans()), "share": data.draw(shares), "agreed": data.draw(shares),
            "assumed": data.draw(st.booleans()),
        }
        for row in rows for column in columns
    ]  # fmt: skip
    svg = matrix(found, Caption("t", "b", language=language), sides=("China", "美国"), width=width)
    sheet = drawing(svg)
    assert sheet.outside() == []
    assert sheet.overlaps() == []
    assert "<script" not in svg


@quick
@given(
    st.lists(
        st.fixed_dictionaries(
            {"label": st.sampled_from(NAMES), "first": numbers, "second": numbers, "kind": st.sampled_from(list(MARKS))}
        ),
        max_size=14,
    ),
    st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), max_size=5).map(sorted),
    st.sampled_from([280, 519, 720, 1200]),
)
def test_any_set_is_a_good_figure(
    drawing: Callable[[str], Any], rows: list[dict[str, Any]], edge: list[tuple[float, float]], width: int
) -> None:
    svg = deal(rows, CAPTION, edge=edge, sides=("China", "US"), width=width)
    sheet = drawing(svg)
    assert sheet.outside() == []
    assert sheet.overlaps() == []
    assert "<script" not in svg


def test_payoffs_frames_and_weights_are_told(drawing: Callable[[str], Any]) -> None:
    sheet = drawing(matrix(CELLS, CAPTION, sides=("China", "US")))
    words = sheet.words()
    for expected in ("+13.4", "−7.4", "87\u00a0%", "72\u00a0%", "neither side gains by moving alone", "China", "US"):
        assert expected in words
    plain = drawing(matrix([{**c, "equilibrium": False} for c in CELLS], CAPTION)).words()
    assert "neither side gains by moving alone" not in plain


def test_a_better_payoff_stands_further_right_and_higher(drawing: Callable[[str], Any]) -> None:
    at = {text.words: text for text in drawing(deal(POINTS, CAPTION, sides=("China", "US"), width=900)).texts}
    assert at["hold / hold"].left < at["Nash"].left < at["tighten / relax"].right
    assert at["hold / hold"].top < at["Nash"].top < at["tighten / relax"].top


def test_no_rows_say_so(drawing: Callable[[str], Any]) -> None:
    for figure in (matrix, deal):
        assert "No data for this figure." in drawing(figure([], CAPTION)).words()


def test_nice_errors() -> None:
    with pytest.raises(BadValue, match="twice"):
        matrix([CELLS[0], CELLS[0]], CAPTION)
    with pytest.raises(BadValue, match=r"share of 1\.5.*row 1"):
        matrix([{**CELLS[0], "share": 1.5}], CAPTION)
    with pytest.raises(BadValue, match="3 sides"):
        matrix(CELLS, CAPTION, sides=("a", "b", "c"))
    with pytest.raises(BadValue, match="kind 'star'"):
        deal([{**POINTS[0], "kind": "star"}], CAPTION)
    with pytest.raises(BadValue, match="runs backwards"):
        deal(POINTS, CAPTION, edge=[(1.0, 0.0), (0.0, 1.0)])
    with pytest.raises(BadValue, match="no number"):
        deal(POINTS, CAPTION, edge=[(float("nan"), 0.0)])
    with pytest.raises(BadValue, match="without a name"):
        matrix([{**CELLS[0], "row": " "}], CAPTION)
