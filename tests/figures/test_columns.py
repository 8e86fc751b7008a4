"""Flows between stages: what goes in comes out, however much is merged; ribbons are as thick as the rows say."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ytterby.figures.columns import gather
from ytterby.figures.sankey import arrange

STAGES = ("mine", "separation", "magnet", "use")
row = st.builds(
    lambda first, source, target, value, assumed: {
        "stage": STAGES[first],
        "source": source,
        "next_stage": STAGES[first + 1],
        "target": target,
        "value": value,
        "assumed": assumed,
    },
    st.integers(0, 2),
    st.sampled_from([f"place {i}" for i in range(40)]),
    st.sampled_from([f"place {i}" for i in range(40)]),
    st.floats(0, 1e9),
    st.booleans(),
)


@given(st.lists(row, min_size=1, max_size=60), st.integers(2, 12), st.floats(0, 0.2))
def test_merging_loses_nothing(rows: list[dict[str, Any]], most: int, least: float) -> None:
    columns = gather(rows, "sankey", STAGES, most, least, "others ({n})")
    for index in range(3):
        given_sum = math.fsum(r["value"] for r in rows if r["stage"] == STAGES[index])
        kept_sum = math.fsum(f.value for f in columns.flows if f.source[0] == index)
        assert math.isclose(given_sum, kept_sum, rel_tol=1e-12, abs_tol=1e-12)
    assumed = math.fsum(r["value"] for r in rows if r["assumed"])
    drawn_assumed = math.fsum(f.value for f in columns.flows if f.sure)
    assert math.isclose(assumed, drawn_assumed, rel_tol=1e-12, abs_tol=1e-12)
    assert all(len(names) <= most for names in columns.order)


@given(st.lists(row, min_size=1, max_size=60))
def test_ribbons_fill_their_nodes_and_no_more(rows: list[dict[str, Any]]) -> None:
    columns = gather(rows, "sankey", STAGES, 14, 0.012, "others ({n})")
    layout = arrange(columns, 50.0, 380.0)
    leaving: dict[Any, float] = defaultdict(float)
    arriving: dict[Any, float] = defaultdict(float)
    for ribbon in layout.ribbons:
        assert math.isclose(ribbon.thick, ribbon.flow.value * layout.scale)
        leaving[ribbon.flow.source] += ribbon.thick
        arriving[ribbon.flow.target] += ribbon.thick
    for place, size in columns.sizes.items():
        assert math.isclose(max(leaving[place], arriving[place]), size * layout.scale, rel_tol=1e-9)
        assert layout.tops[place] >= 50.0 - 1e-6
        assert layout.tops[place] + size * layout.scale <= 430.0 + 1e-6
    assert len(layout.ribbons) == len(columns.flows)


def test_nodes_are_sorted_by_size_and_the_others_come_last() -> None:
    rows = [{"stage": "a", "source": f"s{i}", "next_stage": "b", "target": "t", "value": 2.0**i} for i in range(8)]
    columns = gather(rows, "sankey", (), 4, 0.0, "others ({n})")
    assert columns.order[0] == ("s7", "s6", "s5", "others (5)")
    assert columns.sizes[0, "others (5)"] == 31.0
    assert columns.stages == ("a", "b")


def test_stages_sort_themselves_along_the_flow() -> None:
    rows = [
        {"stage": "magnet", "source": "CN", "next_stage": "use", "target": "DE", "value": 1},
        {"stage": "mine", "source": "CN", "next_stage": "magnet", "target": "CN", "value": 1},
    ]
    assert gather(rows, "sankey", (), 9, 0.0, "others ({n})").stages == ("mine", "magnet", "use")
