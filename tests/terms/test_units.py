"""Units: there and back, one kept unit per dimension, no mixing of bases or currencies."""

from __future__ import annotations

import csv
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.terms import units
from ytterby.terms.errors import BadValue, InputError, UnknownName

FAMILIES = [
    ["t", "kg", "g", "kt", "Mt", "lb", "oz", "万吨", "公吨", "公噸", "千克", "斤", "short ton", "百万吨"],
    ["t REO", "kg REO", "kt REO", "万吨 REO"],
    ["USD/kg", "USD/t", "$/lb", "美元/千克", "万美元/吨", "USD per tonne"],
    ["CNY/t", "CNY/kg", "万元/吨", "元/公斤", "RMB per kg"],
    ["share", "%", "percent", "per cent", "百分点", "‰", "wt%", "ppm"],
    ["day", "week", "month", "year", "周", "个月", "天"],
    ["unit", "万台", "million units", "辆"],
    ["MW", "GW", "kW", "兆瓦"],
    ["t/y", "tpa", "ktpa", "kg/day", "t/month", "t per year", "吨/年"],
    ["kg/unit", "g/unit", "t/unit", "kg/辆"],
]
pairs = st.sampled_from(FAMILIES).flatmap(lambda f: st.tuples(st.sampled_from(f), st.sampled_from(f)))
amounts = st.floats(-1e12, 1e12).filter(lambda v: v == 0 or abs(v) > 1e-12)


@given(amounts, pairs)
def test_there_and_back(value: float, pair: tuple[str, str]) -> None:
    there = units.convert(value, pair[0], pair[1])
    assert units.convert(there, pair[1], pair[0]) == pytest.approx(value, rel=1e-12)


@given(amounts, pairs)
def test_one_kept_unit_per_dimension_and_normalising_settles(value: float, pair: tuple[str, str]) -> None:
    first, second = (units.normalise(value, unit) for unit in pair)
    assert first[1] == second[1]
    assert units.normalise(*first) == pytest.approx(first)
    assert first[0] == pytest.approx(units.convert(value, pair[0], first[1]), rel=1e-12)


@given(st.sampled_from(FAMILIES), st.sampled_from(FAMILIES))
def test_dimensions_never_mix(one: list[str], other: list[str]) -> None:
    if one is not other:
        with pytest.raises(BadValue):
            units.convert(1.0, one[0], other[0])


@pytest.mark.parametrize(
    ("value", "unit", "to", "expected"),
    [
        (1, "万吨", "t", 10_000),
        (1, "t", "lb", 2204.6226218487757),
        (1, "斤", "kg", 0.5),
        (110, "USD/kg", "USD/lb", 49.8951607),
        (1, "Mt", "kt", 1000),
        (1, "mt", "kg", 1000),
        (1, "year", "day", 365.25),
        (12, "t/month", "t/y", 144),
        (2, "weeks", "day", 14),
        (5, "‰", "%", 0.5),
        (3, "亿元", "million CNY", 300),
    ],
)
def test_known_conversions(value: float, unit: str, to: str, expected: float) -> None:
    assert units.convert(value, unit, to) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    ("unit", "kept"),
    [
        ("kt REO per year", "t REO/y"),
        ("CNY/t", "CNY/kg"),
        ("％", "share"),
        ("个工作日", "working day"),
        ("kg/MW", "kg/MW"),
        ("t REO/y in concentrate", "t REO/y in concentrate"),
        ("t metal / t oxide", "t metal/t oxide"),
        ("million USD", "USD"),
    ],
)
def test_kept_names(unit: str, kept: str) -> None:
    assert units.normalise(1.0, unit)[1] == kept


def test_every_unit_of_the_baseline_is_understood() -> None:
    folder = files("ytterby").joinpath("data", "baseline")
    seen = 0
    for table in folder.iterdir():
        if table.name.endswith(".csv"):
            for row in csv.DictReader(table.read_text(encoding="utf-8").splitlines()):
                if row.get("unit"):
                    seen += 1
                    units.parse(row["unit"], table.name)
    assert seen > 500


def test_a_basis_is_not_converted_away() -> None:
    with pytest.raises(BadValue, match="different things"):
        units.convert(1.0, "t REO", "t")


@pytest.mark.parametrize(("unit", "to", "hint"), [("working days", "day", "calendar"), ("USD/kg", "CNY/kg", "rate")])
def test_what_needs_a_date_says_so(unit: str, to: str, hint: str) -> None:
    with pytest.raises(BadValue) as caught:
        units.convert(1.0, unit, to)
    assert hint in caught.value.remedy


def test_a_wrong_unit_suggests_the_right_one() -> None:
    with pytest.raises(UnknownName) as caught:
        units.normalise(1.0, "tonnnes", "facilities.csv line 7, column unit")
    assert "tonnes" in caught.value.remedy
    assert "line 7" in str(caught.value)


@given(st.text(max_size=30))
def test_wild_units_are_understood_or_refused(text: str) -> None:
    try:
        value, kept = units.normalise(1.0, text)
    except InputError:
        return
    assert value > 0
    assert units.normalise(1.0, kept)[1] == kept
