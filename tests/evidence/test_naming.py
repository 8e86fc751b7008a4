from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from said import change, content, exports, held, said

from ytterby.evidence import naming, spans, weigh
from ytterby.evidence.arithmetic import check_arithmetic
from ytterby.evidence.claims import KINDS, Claim
from ytterby.evidence.ledger import score
from ytterby.evidence.lineage import trace
from ytterby.evidence.naming import factor, in_unit_of, is_read, named, parameter_of, sense_of, statements
from ytterby.terms.places import places

OF_THE_BASELINE: list[tuple[str, Claim]] = [
    ("trade:export:CN:JP:magnets:2025-12", exports(280)),
    ("trade:export:CN:WLD:magnets:2025-12", exports(5952, to="WLD")),
    ("trade:export:CN:WLD:magnets:2025", exports(57392, "2025-01..2025-12", to="WLD")),
    (
        "trade:export:CN:US:magnets:2025-07",
        exports(619, "2025年7月", to="US", object="对美稀土磁铁出口", subject="中国"),
    ),
    ("change:export:CN:JP:magnets:2025-12", change(31.4, "on the year before")),
    ("change:export:CN:US:magnets:2025-08", change(-11.8, "", "2025-08", "US", against="2024-08")),
    (
        "trade:import:MM:CN:RE_feed_import_REO:2023",
        said(
            "trade_volume",
            50000,
            "t",
            subject="China",
            object="rare earth imports from Myanmar (REO)",
            place="CN",
            counterpart="MM",
            period="2023",
        ),
    ),
    (
        "trade:export:CN:WLD:all_rare_earths_17:2025-12",
        exports(4392, to="WLD", quote="Exports of all rare earths other than magnets reached 4,392 tonnes"),
    ),
    ("share:mining:CN:2025:not stated", held(61, "rare earths (mined)", known=date(2025, 6, 1))),
    ("share:mining:CN:2023:magnet REE", held(62, "mined magnet rare earths", period="2023")),
    ("share:separation:CN:2025:refined", held(92, "refined rare earths", period="2025")),
    ("share:separation_heavy:CN:2025:heavy rare earths", held(99, "heavy rare earths", period="2025")),
    ("share:magnet:CN:2025:neodymium magnets", held(80, "neodymium magnets", period="2025")),
    ("share:magnet:CN:2025:permanent magnets", held(90, "永磁體", period="2025")),
    ("share:mining:MM:2023:Dy+Tb content", held(57, "mined dysprosium and terbium", subject="Kachin", period="2023")),
    (
        "share:import_from_china:US F-35:2025:claim",
        said("dependency", 87, "%", subject="F-35", object="rare earths", place="US", period="2025"),
    ),
    (
        "share:import_from_china:JP:2025:rare earth imports",
        said("dependency", 66, "%", subject="Japan", object="rare earths", place="CN", period="2025"),
    ),
    ("intensity:f35", content(920, "lb/unit", "rare earths")),
    ("intensity:f35_sm", content(22.7, "kg/unit", "samarium magnets")),
    ("intensity:burke", content(5200, "lb/unit", "rare earths", subject="DDG-51")),
    ("intensity:humanoid", content(None, "kg/unit", "钕磁铁", subject="人形机器人", low=2, high=4)),
    ("intensity:bev_total", content(2.5, "kg/unit", "rare earth magnets", subject="electric car")),
    ("intensity:wind_avg", content(0.6, "t/MW", "rare earth magnets", subject="wind turbine")),
    (
        "production:CN:2025:mine_output_REO",
        said("production", 270000, "t", subject="China", object="rare earths", place="CN", period="2025"),
    ),
    (
        "production:WLD:2025:mine_output_REO",
        said("forecast", 400000, "t/yr", subject="world", object="rare earth production", place="WLD", period="2025"),
    ),
    (
        "output:sep_lynas_my:FY2026",
        said("production", 7260, "t", subject="Lynas", object="NdPr oxide", place="AU", period="2025-07..2026-06"),
    ),
    (
        "output:sep_lynas_my_reo:Apr-Dec 2025",
        said(
            "production", 9587, "t", subject="Lynas", object="rare earth oxides", place="AU", period="2025-04..2025-12"
        ),
    ),
    (
        "capacity:sep_lynas_hre",
        said("capacity", 1500, "t/yr", subject="Lynas", object="heavy rare earths", place="MY", stage="separation"),
    ),
    ("capacity:mag_noveon", said("capacity", 2000, "t/yr", subject="Noveon", object="rare earth magnets", place="US")),
    (
        "event:2023-12-31:separation_quota:China",
        said("quota", 243850, "t", subject="MIIT", object="smelting/separation quota 2023", place="CN", period="2023"),
    ),
    ("reserve:CN", said("reserve", 44e6, "t", subject="China", object="rare earth reserves", place="CN")),
    (
        "robots:opt_plan25",
        said("production", 5000, "unit/yr", subject="Tesla", object="Optimus robots", modality="target", period="2025"),
    ),
    (
        "licence:ford_stop",
        said("duration", 1, "week", subject="Ford", object="Explorer production stop", period="2025-05"),
    ),
    ("licence:validity", said("duration", 6, "month", subject="MOFCOM", object="export licence validity")),
    ("licence:statute", said("duration", 45, "workday", subject="MOFCOM", object="statutory export licence review")),
    (
        "demand:iea_2030",
        said(
            "demand",
            131000,
            "t",
            subject="world",
            object="magnet rare earth demand",
            place="WLD",
            period="2030",
            attributed_to="IEA",
        ),
    ),
    (
        "demand:bu24_wind",
        said(
            "demand",
            20500,
            "t",
            subject="wind power",
            object="rare earth magnets used in wind turbines",
            place="WLD",
            period="2024",
        ),
    ),
    (
        "price:Tb oxide:CIF Europe:2025-05-01",
        said(
            "price",
            3000,
            "USD/kg",
            subject="market",
            object="terbium oxide",
            material="oxide.Tb",
            place="EU",
            period="2025-05-01",
        ),
    ),
    (
        "price:NdPr oxide:China domestic:2025-12-31",
        said(
            "price",
            76130,
            "USD/t",
            subject="market",
            object="NdPr oxide",
            material="oxide.NdPr",
            place="CN",
            period="2025-12-31",
        ),
    ),
]


@pytest.mark.parametrize(("parameter", "claim"), OF_THE_BASELINE)
def test_a_read_claim_bears_the_name_of_the_row_about_the_same_thing(parameter: str, claim: Claim) -> None:
    assert parameter_of(claim) == parameter


def test_these_names_are_the_baselines_own(by_parameter: dict[str, list[Claim]]) -> None:
    unseen = {"intensity:wind_avg", "price:Tb oxide:CIF Europe:2025-05-01", "share:magnet:CN:2025:permanent magnets"}
    for parameter, _ in OF_THE_BASELINE:
        assert parameter in by_parameter or parameter in unseen, parameter
    assert "intensity:wind_avg" in by_parameter
    assert "price:Tb oxide:CIF Europe" in {name.rpartition(":")[0] for name in by_parameter}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (exports(619, "2025-07", "US"), exports(619, "2025-07", "US", object="稀土磁鐵對美出口", subject="中國")),
        (change(-8, "on the month before"), change(-8, "", against="2025-11")),
        (held(61, "rare earths (mined)", period="2025"), held(61, "稀土开采", period="2025", subject="中国")),
        (exports(57392, "2025", "WLD"), exports(57392, "2025-01/2025-12", "WLD")),
        (content(11, "kg/unit", "elemental rare earths"), content(11, "kg/unit", "稀土元素")),
    ],
)
def test_both_languages_and_every_spelling_of_a_period_lead_to_one_name(one: Claim, other: Claim) -> None:
    assert parameter_of(one) == parameter_of(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (change(-8, "on the month before"), change(-8, "on the year before")),
        (exports(280), exports(280, object="exports of rare earth magnets and alloys to Japan")),
        (content(40, "kg/unit", "rare-earth-bearing material"), content(40, "kg/unit", "rare earths")),
        (held(61, "mined magnet rare earths", period="2025"), held(61, "rare earths (mined)", period="2025")),
        (held(60, "heavy rare earths", period="2025"), held(60, "dysprosium and terbium oxide", period="2025")),
        (exports(280), exports(280, "2025-11")),
    ],
)
def test_a_different_scope_is_a_different_name(one: Claim, other: Claim) -> None:
    assert parameter_of(one) != parameter_of(other)


def test_a_companys_total_is_not_the_capacity_of_one_of_its_works() -> None:
    total = said("capacity", 10000, "t/yr", subject="MP Materials", object="rare earth magnets", modality="target")
    assert parameter_of(total) == "capacity:mp materials:magnets"
    assert parameter_of(total.model_copy(update={"object": "magnets of the 10X plant"})) == "capacity:mag_mp10x"


def test_an_agencys_stop_is_no_standing_line() -> None:
    assert not parameter_of(said("duration", 12, "month", subject="MOFCOM", object="suspension of controls")).endswith(
        "stop"
    )


def test_measures_dates_and_claims_without_a_figure_have_no_name() -> None:
    assert parameter_of(said("measure", subject="MOFCOM", object="export licence")) == ""
    assert parameter_of(said("date", unit="date", as_of="2025-04-04", subject="MOFCOM", object="in force")) == ""
    assert (
        parameter_of(said("forecast", unit="direction:down", object="rare earth magnet exports", subject="China")) == ""
    )
    assert parameter_of(said("trade_volume", 280, "t", subject="China", object="magnet exports", place="CN")) == ""


def test_a_price_in_yuan_never_bears_the_name_of_one_in_dollars() -> None:
    fields: dict[str, Any] = {"subject": "market", "object": "terbium oxide", "material": "oxide.Tb", "place": "CN"}
    dollars = said("price", 900, "USD/kg", period="2025-03", **fields)
    yuan = said("price", 6550, "CNY/kg", period="2025-03", **fields)
    assert parameter_of(dollars) == "price:Tb oxide:China domestic:2025-03"
    assert parameter_of(yuan) == "price:Tb oxide:China domestic, CNY:2025-03"


def test_naming_fills_in_the_name_and_nothing_else() -> None:
    claim = exports(280)
    assert claim.id
    (one,) = named([claim])
    assert one.parameter == "trade:export:CN:JP:magnets:2025-12"
    assert one.id != claim.id
    assert one.id == Claim(**claim.model_dump(exclude={"id", "assumed", "parameter"}), parameter=one.parameter).id
    assert named([one])[0] is one
    assert {**one.to_dict(), "id": claim.id, "parameter": ""} == claim.to_dict()


def test_rows_of_tables_keep_their_own_name_and_sense(claims: tuple[Claim, ...]) -> None:
    assert named(claims) == list(claims)
    assert not any(is_read(claim) for claim in claims)
    for claim in claims[::97]:
        sense = sense_of(claim)
        assert (sense.kind, sense.subject, sense.period) == (claim.kind, claim.subject, claim.period)


@pytest.mark.parametrize(
    ("claim", "value", "unit"),
    [
        (change(31.4, "on the year before"), 0.314, "share"),
        (content(920, "lb/unit", "rare earths"), 920 * 0.45359237, "kg/unit"),
        (
            said("price", 76130, "USD/t", subject="market", object="NdPr oxide", place="CN", period="2025-12-31"),
            76.13,
            "USD/kg",
        ),
        (said("production", 270000, "t", subject="China", object="rare earths", period="2025"), 270000, "t REO"),
        (
            said("forecast", 400000, "t/yr", subject="world", object="rare earth production", period="2025"),
            400000,
            "t REO",
        ),
        (said("duration", 1, "week", subject="Ford", object="plant stop", period="2025-05"), 7, "day"),
        (
            said("production", 5000, "unit/yr", subject="Tesla", object="Optimus", modality="target", period="2025"),
            5000,
            "unit/y",
        ),
    ],
)
def test_values_come_in_the_unit_of_their_parameter(claim: Claim, value: float, unit: str) -> None:
    brought = in_unit_of(claim)
    assert brought is not None
    assert (brought[0], brought[3]) == (pytest.approx(value), unit)


def test_units_of_different_things_do_not_meet() -> None:
    quarter = said("production", 1509, "t", subject="Lynas", object="NdPr oxide", period="2025-Q1")
    assert factor(quarter, "t NdPr oxide/y") is None, "a quarter's tonnes are no year's"
    assert factor(said("price", 6550, "CNY/kg", object="terbium oxide"), "USD/kg") is None
    assert factor(said("count", 3, "rank"), "t") is None


def test_statements_are_accepted_and_in_unit(claims: tuple[Claim, ...]) -> None:
    ford = said("duration", 1, "week", subject="Ford", object="plant stop", place="US", period="2025-05")
    waiting, accepted = named([ford, ford.model_copy(update={"status": "accepted"})])
    rows = [claim for claim in claims if claim.parameter == "licence:ford_stop"]
    found = statements([*rows, waiting, accepted])
    assert [one.value for one in found] == [7.0, 7.0]
    assert found[0] is rows[0]
    assert found[1].parameter == "licence:ford_stop"


def test_one_spelling_per_period() -> None:
    for year in (2010, 2025):
        assert spans.canonical(f"{year}-01..{year}-12") == str(year)
        assert spans.canonical(f"{year}-04..{year}-06") == spans.canonical(f"Q2 {year}") == f"{year}-Q2"
    assert spans.canonical("2026年1-2月") == spans.canonical("2026-JanFeb") == "2026-JanFeb"
    assert spans.before("2026-JanFeb", "on the year before") == "2025-JanFeb"
    assert spans.before("2025-Q1", "on the quarter before") == "2024-Q4"
    assert spans.before("2025-12-31", "on the month before") == ""


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(1, 24))
def test_a_period_and_the_one_before_are_as_long(first: date, months: int) -> None:
    last = first.year * 12 + first.month - 2 + months
    label = f"{first:%Y-%m}..{last // 12}-{last % 12 + 1:02}"
    earlier = spans.before(label, "on the year before")
    now, then = spans.read(spans.canonical(label)), spans.read(earlier)
    assert now is not None
    assert then is not None
    assert len(list(now.months())) == len(list(then.months()))
    assert (now.start.year, now.start.month) == (then.start.year + 1, then.start.month)


WORDS = (
    "rare earth",
    "magnets",
    "出口",
    "进口",
    "重稀土",
    "镝",
    "share",
    "price",
    "quota",
    "许可",
    "停产",
    "F-35",
    "Lynas",
    ":",
    "合金",
)
UNITS = (
    "%",
    "t",
    "t/yr",
    "lb/unit",
    "USD/kg",
    "CNY/t",
    "x",
    "count",
    "rank",
    "year",
    "week",
    "",
    "瓩",
    "unit/yr",
    "direction:up",
)


@given(
    kind=st.sampled_from([kind for kind in KINDS if kind != "measure"]),
    subject=st.sampled_from(["China", "", "Lynas", "MIIT", "中国", "谁", "F-35", "market"]),
    words=st.lists(st.sampled_from(WORDS) | st.text(max_size=6), max_size=6),
    unit=st.sampled_from(UNITS),
    place=st.sampled_from(["", *places()]),
    period=st.sampled_from(["", "2025", "2025-12", "nonsense", "2025-13", "FY2026", "2025-01..2025-05"]),
    value=st.floats(-1e9, 1e9) | st.none(),
)
def test_anything_read_can_be_named_weighed_and_compared(
    kind: Any, subject: str, words: list[str], unit: str, place: str, period: str, value: float | None
) -> None:
    claim = said(kind, value, unit, subject=subject, object=" ".join(words), place=place, period=period)
    (once,) = named([claim])
    assert parameter_of(once) == once.parameter
    assert "\n" not in once.parameter
    assert value is not None or once.parameter == ""
    assert naming.named([once]) == [once]
    several = named([claim, exports(280), claim.model_copy(update={"value": 3.0, "document": "e" * 64})])
    taken = [one.model_copy(update={"status": "accepted"}) for one in several]
    assert {one.parameter for one in several} - {""} == set(weigh.ask(several))
    assert set(weigh.weigh(taken)) <= set(weigh.ask(taken))
    assert all(finding.claims for finding in check_arithmetic(several))
    assert len(trace(several)) <= len(several) >= len(score([*several, *taken], date(2026, 11, 21))) - len(taken)
    brought = in_unit_of(once)
    assert brought is None or brought[3] == (sense_of(once).unit or unit)
