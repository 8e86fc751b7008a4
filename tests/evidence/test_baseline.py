from __future__ import annotations

import re
from collections import Counter
from datetime import date
from importlib.resources import files

import pytest

from ytterby.evidence import baseline, rows, tables
from ytterby.evidence.claims import Claim
from ytterby.terms import places, units
from ytterby.terms.elements import metal_in_oxide
from ytterby.terms.periods import parse_period

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize("name", baseline.TABLES)
def test_every_row_becomes_a_claim(name: str) -> None:
    read = tables.read_package(name)
    assert read
    for row in read:
        made = rows.claims_of(row)
        assert made, row.place()
        assert any(claim.value == row.number("value") for claim in made) or name == "prices"


@pytest.mark.parametrize("name", baseline.TABLES)
def test_the_head_of_a_table_is_its_description(name: str) -> None:
    text = files("ytterby").joinpath("data", "baseline", f"{name}.csv").read_text(encoding="utf-8")
    assert text.splitlines()[0].split(",") == [column.name for column in tables.schema()[name].columns]


def test_every_table_is_described_and_every_file_is_a_table() -> None:
    folder = files("ytterby").joinpath("data", "baseline")
    on_disk = {entry.name.removesuffix(".csv") for entry in folder.iterdir() if entry.name.endswith(".csv")}
    assert on_disk == set(baseline.TABLES) == set(tables.schema()) - {"overlay"}
    assert all(column.description for table in tables.schema().values() for column in table.columns)


def test_ids_are_unique_and_stable(claims: tuple[Claim, ...]) -> None:
    assert max(Counter(claim.id for claim in claims).values()) == 1
    assert [claim.id for claim in baseline.load()] == [claim.id for claim in claims]


def test_no_two_rows_say_the_same_thing() -> None:
    made = [claim.id for name in baseline.TABLES for claim in baseline.table(name)]
    assert len(made) == len(set(made))


def test_round_trip(claims: tuple[Claim, ...]) -> None:
    for claim in claims:
        assert Claim.from_dict(claim.to_dict()) == claim


def test_all_are_accepted_named_dated_and_sourced(claims: tuple[Claim, ...]) -> None:
    for claim in claims:
        assert claim.status == "accepted"
        assert claim.parameter.split(":")[0] in baseline.HEADS
        assert claim.known is not None
        assert claim.known <= TODAY, claim.parameter
        assert claim.source.publisher, claim.parameter
        if claim.unit:
            units.parse(claim.unit)
        for place in filter(None, (claim.place, claim.counterpart)):
            assert places.place(place).code == place


def test_nothing_of_the_workshop_is_left_in_the_tables() -> None:
    for name in baseline.TABLES:
        text = files("ytterby").joinpath("data", "baseline", f"{name}.csv").read_text(encoding="utf-8")
        assert not re.search(r"file id|\bseed\b|/work/|BALANCE\.md", text), name


def test_memory_estimates_and_closures_are_marked(claims: tuple[Claim, ...]) -> None:
    for claim in claims:
        weak = claim.access == "recall" or claim.confidence == "C" or claim.closure
        assert claim.assumed == weak
    closures = {claim.parameter for claim in claims if claim.closure}
    assert {"capacity:sep_cn_import", "capacity:alloy_cn", "capacity:mag_cn_other"} <= closures


def test_a_figure_of_a_past_period_is_not_known_before_the_period_ends(claims: tuple[Claim, ...]) -> None:
    for claim in claims:
        if claim.kind in ("trade_volume", "trade_change") and re.fullmatch(r"\d{4}-\d\d", claim.period):
            year, month = map(int, claim.period.split("-"))
            after = date(year + month // 12, month % 12 + 1, 20)
            assert claim.known is not None
            assert claim.known >= after, claim.parameter


def test_usgs_editions_are_known_when_they_appear(claims: tuple[Claim, ...]) -> None:
    editions = [claim for claim in claims if "Mineral Commodity Summaries" in claim.source.title]
    assert len(editions) > 100
    assert all(
        claim.known is not None and claim.known.year == claim.source.year
        for claim in editions
        if not claim.carried_from and claim.parameter.startswith(("production", "reserve"))
    )


def test_the_easing_of_june_does_not_know_the_autumn(by_parameter: dict[str, list[Claim]]) -> None:
    for month in ("2025-07", "2025-09", "2025-12"):
        (seen, *_) = by_parameter[f"trade:export:CN:WLD:magnets:{month}"]
        assert seen.known is not None
        assert seen.known > date(2025, 6, 30)
    for name in ("clepa1_share", "clepa2_share", "dexter_granted", "statute"):
        (told,) = by_parameter[f"licence:{name}"]
        assert told.known is not None
        assert told.known <= date(2025, 6, 30)


def test_a_stand_in_is_assumed_earlier_and_says_the_same(claims: tuple[Claim, ...]) -> None:
    by_id = {claim.id: claim for claim in claims}
    stand_ins = [claim for claim in claims if claim.carried_from]
    assert len(stand_ins) > 50
    for claim in stand_ins:
        later = by_id[claim.carried_from]
        assert (claim.unit, claim.parameter) == (later.unit, later.parameter)
        assert claim.kind not in ("production", "trade_volume", "price", "date")
        of_the_day = "figure of the day" in claim.note
        assert of_the_day != claim.assumed
        assert of_the_day or claim.value == later.value
        assert claim.known is not None
        assert later.known is not None
        assert claim.known < later.known


def test_the_figure_of_the_day_is_the_one_of_the_edition(by_parameter: dict[str, list[Claim]]) -> None:
    places = {"mountain_pass": "US", "lovozero": "RU", "dong_pao": "VN", "madagascar_mon": "MG"}
    for deposit, place in places.items():
        (then,) = [claim for claim in by_parameter[f"mine:{deposit}"] if claim.carried_from]
        printed = [c.value for c in by_parameter[f"production:{place}:2024:mine_output_REO"] if c.source.year == 2025]
        assert [then.value] == printed
        assert then.known == date(2025, 2, 15)


def test_outputs_are_known_after_their_period(claims: tuple[Claim, ...]) -> None:
    outputs = [claim for claim in claims if claim.parameter.startswith("output:")]
    assert len(outputs) >= 10
    for claim in outputs:
        assert claim.known is not None
        assert claim.known > parse_period(claim.period, fiscal_end=6).end, claim.parameter


def test_baskets(claims: tuple[Claim, ...]) -> None:
    sums: Counter[str] = Counter()
    for claim in claims:
        head, *rest = claim.parameter.split(":")
        if head == "basket" and not claim.carried_from:
            sums[rest[0]] += claim.value or 0.0
    partial = {"round_top"}
    assert all(98.0 < total < 101.5 for name, total in sums.items() if name not in partial)
    assert sums["serra_verde"] == pytest.approx(100.0, abs=0.01)
    borrowed = [claim for claim in claims if claim.parameter.startswith("basket:kachin:")]
    assert len(borrowed) == 15
    assert all(claim.assumed for claim in borrowed)


def test_stoichiometry_agrees_with_the_atomic_weights(by_parameter: dict[str, list[Claim]]) -> None:
    for symbol in rows.BASKET:
        (claim,) = by_parameter[f"recipe:stoich_{symbol}"]
        assert claim.value == pytest.approx(metal_in_oxide(symbol), abs=6e-5)


def test_prices_are_in_dollars_without_vat(by_parameter: dict[str, list[Claim]]) -> None:
    (claim,) = by_parameter["price:NdPr oxide:China domestic:2025-12-31"]
    assert claim.unit == "USD/kg"
    assert claim.value == pytest.approx(606500 / 1.13 / 7.05 / 1000, abs=0.01)
    assert "606500 CNY/t with VAT" in claim.note


def test_overlay_joins_the_baseline(tmp_path, claims: tuple[Claim, ...]) -> None:  # type: ignore[no-untyped-def]
    folder = tmp_path / "overlay"
    folder.mkdir()
    head = "parameter,value,low,high,unit,known,source_publisher,confidence,access,place"
    line = "capacity:sep_mp,7000,6500,7500,t NdPr oxide/y,2026-11-01,Our visit,A,read,美国"
    (folder / "claims.csv").write_text(f"{head}\n{line}\n", encoding="utf-8")
    loaded = baseline.load(tmp_path)
    assert len(loaded) == len(claims) + 1
    own = loaded[-1]
    assert (own.parameter, own.value, own.place, own.document) == ("capacity:sep_mp", 7000.0, "US", "overlay")
    assert own.kind == "capacity"
    assert baseline.load(tmp_path / "elsewhere") == list(claims)
