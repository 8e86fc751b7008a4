from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from said import change, content, exports, held, said

from ytterby.evidence.claims import Claim, Source
from ytterby.evidence.contested import CROWD, Interval, contest, contests, half_unit, interval
from ytterby.evidence.naming import named
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
    for differs, why in (
        ({"basis": "magnet REE"}, "basis"),
        ({"material": "ore"}, "material"),
        ({"period": "2025-04"}, "period"),
    ):
        assert contest(a, share(0.70, **differs)).why.startswith(why)  # type: ignore[union-attr, arg-type]
    for differs in ({"place": "US"}, {"subject": "share of magnets"}, {"stage": "mine"}, {"period": "2024"}):
        assert not contests([a, share(0.70, **differs)])  # type: ignore[arg-type]


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


def whys(*claims: Claim) -> list[str]:
    return [one.why for one in contests(named(claims))]


def test_read_figures_of_one_thing_conflict() -> None:
    assert whys(exports(280), exports(411, publisher="Xinhua")) == [""]
    assert whys(exports(280), exports(411, object="稀土磁鐵對日出口", subject="中國")) == [""]
    assert whys(content(920, "lb/unit", "rare earths"), content(None, "kg/unit", "稀土元素", low=11, high=20)) == [""]
    assert whys(exports(280), exports(280.4)) == []
    assert whys(content(920, "lb/unit", "rare earths", comparator="~"), content(418, "kg/unit", "rare earths")) == []


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (
            content(920, "lb/unit", "rare earths"),
            content(None, "kg/unit", "rare-earth-bearing material", low=40, high=70),
            "basis: rare earths / rare-earth-bearing material",
        ),
        (
            held(61, "mined magnet rare earths", period="2025"),
            held(69, "all REO mined", period="2025"),
            "basis: magnet REE / all REO",
        ),
        (
            held(61, "rare earths (mined)", period="2025"),
            held(69, "rare earths", period="2025"),
            "basis: not stated in either",
        ),
        (
            exports(280),
            exports(411, object="exports of rare earth magnets and alloys to Japan"),
            "material: magnets / magnets and alloys",
        ),
        (
            exports(280),
            exports(411, quote="對日出口稀土磁體及合金411噸"),
            "material: magnets / magnets and alloys",
        ),
        (
            change(-8, "on the month before"),
            change(31.4, "on the year before"),
            "baseline: on the month before / on the year before",
        ),
        (
            said(
                "trade_change",
                -46,
                "%",
                subject="Lynas",
                object="NdPr oxide production",
                period="2025-Q1",
                basis="on the year before",
            ),
            said(
                "trade_change",
                16.7,
                "%",
                subject="Lynas",
                object="NdPr production",
                period="2025-Q1",
                against="2024-Q4",
            ),
            "baseline: on the year before / on the quarter before",
        ),
        (
            held(50, "heavy rare earths", subject="Kachin"),
            held(70, "mined dysprosium and terbium", subject="缅甸", period="2025"),
            "basis: heavy rare earths / Dy+Tb content",
        ),
        (
            held(92, "refined rare earths", known=date(2025, 6, 1)),
            held(85, "refined rare earths", period="2023"),
            "period: not stated (written in 2025) / 2023",
        ),
        (
            said(
                "capacity",
                10000,
                "t/yr",
                subject="Noveon",
                object="rare earth magnets",
                modality="target",
                period="2026",
            ),
            said("capacity", 1000, "t/yr", subject="Noveon", object="rare earth magnets", period="2026"),
            "modality: target / asserted",
        ),
    ],
)
def test_what_counts_differently_is_a_scope_difference(one: Claim, other: Claim, why: str) -> None:
    parts = why.split(": ")[1].split(" / ")
    turned = f"{why.split(': ')[0]}: {' / '.join(reversed(parts))}"
    for pair in ((one, other), (other, one)):
        assert whys(*pair) in ([why], [turned])


def test_figures_that_cannot_be_set_side_by_side_are_no_contest() -> None:
    assert whys(exports(280), exports(411, "2025-11")) == []
    assert whys(exports(280), exports(411, to="US")) == []
    assert whys(exports(280, ""), exports(411, "")) == [], "volumes without a period"
    assert whys(held(61, "rare earths (mined)"), held(70, "rare earth magnets")) == []
    assert whys(held(61, "refined rare earths", period="2010"), held(92, "refined rare earths", period="2025")) == []
    assert whys(held(61, "refined rare earths", period="2010"), held(92, "refined rare earths")) == []


def test_one_passage_does_not_contradict_itself() -> None:
    before, after = (
        said("capacity", value, "t/yr", subject="Lynas", object="NdPr oxide", passage=3) for value in (7200, 10500)
    )
    assert whys(before, after) == []
    assert whys(before, after.model_copy(update={"passage": 4})) == [""]


def test_a_read_figure_meets_the_rows_of_the_tables(claims: tuple[Claim, ...]) -> None:
    rows = [claim for claim in claims if claim.parameter == "trade:export:CN:JP:magnets:2025-12"]
    (read,) = named([exports(280)])
    found = [one for one in contests([*rows, read]) if read.id in (one.first, one.second)]
    by_id = {claim.id: claim for claim in rows}
    (other,) = ({one.first, one.second} - {read.id} for one in found)
    assert [by_id[name].value for name in other] == [411.0]
    assert found[0].why == ""


@given(st.permutations([exports(280), exports(411), exports(305), change(-8, "on the month before"), held(61, "磁体")]))
def test_the_order_of_claims_is_no_matter(claims: list[Claim]) -> None:
    assert contests(claims) == contests(list(reversed(claims)))


def test_a_crowd_that_says_the_same_is_shown_by_its_first() -> None:
    crowd = [exports(280, document=f"{at:064}", known=date(2026, 1, 1 + at % 28)) for at in range(CROWD + 1)]
    rival = exports(411, document="r" * 64)
    (one,) = contests(named([rival, *crowd]))
    first = min(named(crowd), key=lambda claim: (claim.known or date.max, claim.id))
    assert {one.first, one.second} == {first.id, named([rival])[0].id}
    assert len(contests(named([rival, *crowd[: CROWD // 2]]))) == CROWD // 2


def test_a_quota_that_may_be_a_batch_does_not_conflict_with_the_years_own() -> None:
    told = {"subject": "MIIT", "object": "smelting/separation quota", "place": "CN", "period": "2024"}
    loose = said("quota", 127000, "t", **told)
    year = said("quota", 254000, "t", quote="全年冶炼分离指标为254000吨", **told)
    assert whys(loose, year) in (
        ["basis: whole year or batch not stated / whole year"],
        ["basis: whole year / whole year or batch not stated"],
    )
    assert whys(year, said("quota", 243850, "t", quote="全年冶炼分离指标243850吨", **told)) == [""]
    batch = said("quota", 127000, "t", quote="第一批冶炼分离指标127000吨", **told)
    assert whys(batch, year) in (["basis: batch 1 / whole year"], ["basis: whole year / batch 1"])
