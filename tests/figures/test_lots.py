"""Home to the proof that the figures of lots draw what they are given: generations, gaps, parts of a whole, codes."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ytterby.figures import Caption, code, gaps, genealogy, stacks
from ytterby.terms.errors import BadValue

CAPTION = Caption("A finding", "kg")
STAGES = ("two before", "what went in", "this lot", "after")


def texts(svg: str) -> list[str]:
    return [one.text or "" for one in ET.fromstring(svg).iter() if one.tag.endswith("}text")]


def flow(stage: int, source: str, target: str, value: float) -> dict[str, object]:
    after = stage + 1
    return {
        "stage": STAGES[stage], "source": source, "next_stage": STAGES[after], "target": target, "value": value,
    }  # fmt: skip


@pytest.mark.parametrize("width", [340.0, 1080.0])
def test_every_lot_has_its_box_in_its_generation(width: float) -> None:
    rows = [flow(0, "ore", "oxide", 10), flow(1, "oxide", "alloy", 3), flow(1, "iron", "alloy", 7)]
    svg = genealogy(rows, CAPTION, stages=STAGES, own="alloy", notes={(STAGES[2], "alloy"): "Ningbo"}, width=width)
    shown = texts(svg)
    assert [shown.count(name) for name in ("ore", "oxide", "iron", "alloy", "Ningbo")] == [1] * 5
    assert {STAGES[0], STAGES[1], STAGES[2]} <= set(shown)
    assert STAGES[3] not in shown, "a generation that nobody is in"


def test_the_thickest_line_carries_the_most() -> None:
    rows = [flow(1, "a", "x", 8), flow(1, "b", "x", 2), flow(1, "c", "x", 4)]
    svg = genealogy(rows, CAPTION, stages=STAGES, own="x")
    thick = {found[2]: float(found[1]) for found in re.finditer(r"stroke-width:([\d.]+)px\"><title>(\w) ", svg)}
    assert thick["a"] == pytest.approx(4 * thick["b"], rel=0.05)
    assert thick["c"] == pytest.approx(2 * thick["b"], rel=0.05)


def test_what_does_not_fit_is_counted() -> None:
    rows = [flow(1, f"lot {n}", "x", n + 1) for n in range(20)]
    shown = texts(genealogy(rows, CAPTION, stages=STAGES, own="x", most=5))
    assert "others (16)" in shown
    assert "lot 19" in shown


def test_nothing_runs_against_the_generations() -> None:
    with pytest.raises(BadValue):
        genealogy(
            [{"stage": STAGES[2], "source": "a", "next_stage": STAGES[1], "target": "b", "value": 1}],
            CAPTION, stages=STAGES, own="a",
        )  # fmt: skip


NAMES = ("may be nothing", "something", "not counted")


def test_a_gap_that_stands_out_is_told_from_one_that_does_not() -> None:
    within = {"period": "2025-01", "value": 1, "low": -1, "high": 3}
    outside = {"period": "2025-02", "value": 5, "low": 3, "high": 7}
    assert NAMES[1] not in texts(gaps([within], CAPTION, names=NAMES))
    assert NAMES[0] not in texts(gaps([outside], CAPTION, names=NAMES))
    both = texts(gaps([within, {**outside, "counted": False}], CAPTION, names=NAMES))
    assert set(NAMES) <= set(both)


def test_an_interval_holds_its_value() -> None:
    with pytest.raises(BadValue, match="row 1"):
        gaps([{"period": "2025-01", "value": 9, "low": -1, "high": 3}], CAPTION, names=NAMES)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0.001, 1), min_size=1, max_size=12), st.booleans())
def test_parts_fill_the_whole(parts: list[float], untold: bool) -> None:
    total = sum(parts)
    names = [f"place {n}" for n in range(len(parts))]
    if untold:
        names[-1] = "untold"
    rows = [{"label": "Dy", "name": name, "value": part / total} for name, part in zip(names, parts, strict=True)]
    svg = stacks(rows, CAPTION, unknown="untold")
    bars = [
        (float(left), float(right))
        for left, right in re.findall(r'd="M([\d.]+) [\d.]+H([\d.]+)V[\d.]+H[\d.]+Z"[^>]*><title>Dy', svg)
    ]
    assert bars[-1][1] - bars[0][0] == pytest.approx(sum(right - left for left, right in bars), abs=0.2 * len(bars))
    assert len(bars) <= 8
    assert ("untold" in texts(svg)) == untold


def test_a_part_beyond_the_whole_is_refused() -> None:
    with pytest.raises(BadValue, match="fraction"):
        stacks([{"label": "Dy", "name": "a", "value": 1.5}], CAPTION)


def test_a_code_has_every_dark_module_and_a_quiet_zone() -> None:
    modules = [[1, 1, 0], [0, 1, 0], [1, 0, 1]]
    svg = code(modules, CAPTION)
    dark = set()
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", svg):
        dark |= {(int(x) + k, int(y)) for k in range(int(length))}
    assert dark == {(x + 4, y + 4) for y, row in enumerate(modules) for x, one in enumerate(row) if one}
    assert 'viewBox="0 0 11 11"' in svg
    with pytest.raises(BadValue):
        code([[1, 0], [1]], CAPTION)
