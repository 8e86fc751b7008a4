from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.evidence.claims import Claim, Source
from ytterby.evidence.contested import Interval, contest, contests, half_unit, interval
from ytterby.evidence.weigh import weigh


def share(value: float, basis: str = "all REO", **said: object) -> Claim:
    fields = {"kind": "share", "subject": "share of mining", "place": "CN", "period": "2025", "unit": "share"}
    return Claim(**{**fields, "value": value, "basis": basis, "status": "accepted", "parameter": "p", **said})


def test_mined_share_of_61_and_68_to_70_percent_is_a_scope_difference(claims: tuple[Claim, ...]) -> None:
    weighed = weigh(claims)
    by_id = {claim.id: claim for claim in claims}
    mined = [one for name, one in weighed.items() if name.startswith("share:mining:CN:2025:")]
    assert not any(one.conflicts for one in mined)
    whys = {why for one in mined for *_, why in one.scope_differences}
    assert {"basis: all REO / not stated", "basis: not stated in either"} <= whys
    magnet = weighed["share:mining:CN:2023:magnet REE"]
    assert ("basis: all REO / magnet REE") in {why for *_, why in magnet.scope_differences}
    assert {by_id[name].value for a, b, _ in magnet.scope_differences for name in (a, b)} == {0.62, 0.678, 0.685}


def test_the_f35_figures_differ_in_what_they_count(claims: tuple[Claim, ...]) -> None:
    one = weigh(claims)["intensity:f35"]
    assert not one.conflicts
    assert "basis: claimed REE content / bottom-up estimate" in {why for *_, why in one.scope_differences}


def test_magnets_to_japan_in_december_2025_conflict(claims: tuple[Claim, ...]) -> None:
    one = weigh(claims)["trade:export:CN:JP:magnets:2025-12"]
    by_id = {claim.id: claim for claim in claims}
    assert [{by_id[name].value for name in pair} for pair in one.conflicts] == [{280.0, 411.0}]
    assert one.value < 300


def test_a_misread_forecast_conflicts(claims: tuple[Claim, ...]) -> None:
    assert weigh(claims)["robots:ms_2035"].conflicts


def test_the_scope_must_be_the_same_to_conflict() -> None:
    a = share(0.61)
    assert contest(a, share(0.70)) is not None
    assert contest(a, share(0.70)).why == ""  # type: ignore[union-attr]
    for change, why in (
        ({"basis": "magnet REE"}, "basis"),
        ({"material": "ore"}, "material"),
        ({"period": "2025-04"}, "period"),
    ):
        assert contest(a, share(0.70, **change)).why.startswith(why)  # type: ignore[union-attr, arg-type]
    for change in ({"place": "US"}, {"subject": "share of magnets"}, {"stage": "mine"}, {"period": "2024"}):
        assert not contests([a, share(0.70, **change)])  # type: ignore[arg-type]


def test_a_newer_edition_is_a_revision_not_a_conflict() -> None:
    old, new = (share(v, source=Source(publisher="USGS", year=y)) for v, y in ((0.61, 2024), (0.78, 2025)))
    assert contest(old, new).why == "edition: 2025 revises 2024"  # type: ignore[union-attr]


def test_rounding_and_units_are_not_conflicts() -> None:
    assert contest(share(0.69), share(0.692)) is None
    assert contest(share(0.69), share(69.2, unit="%")) is None
    assert contest(share(0.69), share(72.0, unit="%")) is not None
    assert contest(share(0.94), share(0.8, comparator="≥")) is None
    assert contest(share(0.94), share(0.8)) is not None
    assert contest(share(0.94), share(0.9, comparator="~")) is None


@pytest.mark.parametrize(
    ("value", "expected"), [(0.61, 0.005), (5952.0, 0.5), (240000.0, 5000.0), (6.5, 0.05), (0.0, 0.5), (-0.013, 0.0005)]
)
def test_half_unit(value: float, expected: float) -> None:
    assert half_unit(value) == pytest.approx(expected)


@given(st.floats(1e-3, 1e9), st.floats(1e-3, 1e9))
def test_meeting_is_mutual_and_a_figure_meets_itself(x: float, y: float) -> None:
    a, b = interval(share(x)), interval(share(y))
    assert a is not None
    assert b is not None
    assert a.meets(a)
    assert a.meets(b) == b.meets(a)


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_contest_is_mutual(x: float, y: float) -> None:
    a, b = share(x), share(y, quote="b")
    assert contest(a, b) == contest(b, a)


def test_an_open_interval_meets_what_lies_beyond() -> None:
    assert Interval(0.8, float("inf")).meets(Interval(5.0, 6.0))
    assert not Interval(0.8, float("inf")).meets(Interval(0.1, 0.2))
