"""Home to the proof that the atlas adds up: shares, mixes, and what passes through whom."""

from __future__ import annotations

import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.evidence import baseline, weigh
from ytterby.terms.elements import ELEMENTS, metal_in_oxide
from ytterby.terms.errors import UnknownName
from ytterby.world import atlas, build
from ytterby.world.atlas import MIXES, ORDER, Atlas, concentration, symbols
from ytterby.world.flows import gathered
from ytterby.world.model import World


@pytest.fixture(scope="module")
def found(records: World) -> Atlas:
    return atlas.draw(records)


@pytest.mark.parametrize("mix", MIXES)
@pytest.mark.parametrize("stage", ORDER)
def test_shares_of_a_stage_make_one(found: Atlas, mix: str, stage: str) -> None:
    shares = found.shares(mix, stage)
    here = np.array([one == stage for one in found.stage])
    assert sum(one.tonnes for one in shares) == pytest.approx(float(found.output(mix)[here].sum()), rel=1e-12, abs=1e-9)
    if shares:
        assert sum(one.share for one in shares) == pytest.approx(1.0, rel=1e-12)
        assert [one.tonnes for one in shares] == sorted((one.tonnes for one in shares), reverse=True)
        assert all(0 <= one.assumed <= 1 and one.plants >= 1 for one in shares)


def test_a_mix_is_the_sum_of_its_elements(found: Atlas) -> None:
    parts = {symbol: found.output(symbol) for symbol in ELEMENTS}
    assert np.allclose(found.output("NdPr"), parts["Nd"] + parts["Pr"], rtol=1e-12)
    oxide = sum(parts[symbol] / metal_in_oxide(symbol) for symbol in ELEMENTS)
    assert np.allclose(found.output("REO"), oxide, rtol=1e-12)
    # A tonne of ore is counted in oxide: what a mine of REO gives is what it holds.
    mined = found.network.material_unit.index("t REO")
    assert found.content("REO")[mined] == pytest.approx(1.0, abs=0.02)


def test_what_comes_to_products_is_what_links_carry(found: Atlas) -> None:
    using = np.array([one == "use" for one in found.stage])
    for mix in ("NdPr", "Y"):
        arrived = np.bincount(found.buyer, found.flows(mix), len(found.stage))
        assert np.allclose(arrived[using], found.output(mix)[using], rtol=1e-9, atol=1e-9)


def test_everything_has_passed_through_what_takes_nothing_in(found: Atlas) -> None:
    flows = found.flows("NdPr")
    taken = np.bincount(found.buyer, flows, len(found.stage))
    source = np.bincount(found.seller, flows, len(found.stage)) * (taken <= 0) > 0
    assert all(found.stage[row] in ("mine", "recycling", "separation") for row in np.flatnonzero(source))
    passed = found.through(source, "NdPr")
    assert np.allclose(passed[taken > 1e-9], 1.0, atol=1e-6)
    assert not found.through(np.zeros_like(source), "NdPr").any()


@pytest.mark.parametrize("mix", ["NdPr", "Dy"])
@pytest.mark.parametrize("code", ["CN", "MM", "US", "JP", "MY"])
def test_what_passes_through_a_country_solves_its_equations(found: Atlas, mix: str, code: str) -> None:
    # Second implementation: intake shares W, p = 1 inside and W p outside, solved at once.
    size = len(found.stage)
    inside = np.array([one == code for one in found.country]) & np.array([one != "use" for one in found.stage])
    flows = found.flows(mix)
    taken = np.bincount(found.buyer, flows, size)
    weights = np.zeros((size, size))
    np.add.at(weights, (found.buyer, found.seller), flows / np.maximum(taken[found.buyer], 1e-300))
    held = np.where(inside[:, None], 0.0, weights)
    passed = np.linalg.solve(np.eye(size) - held, inside.astype(float))
    assert np.allclose(found.through(inside, mix), np.clip(weights @ passed, 0, 1), atol=1e-6)


def test_more_plants_pass_more(found: Atlas) -> None:
    few = np.array([one == "MM" for one in found.country])
    many = few | np.array([one == "US" for one in found.country])
    assert (found.through(many, "Dy") >= found.through(few, "Dy") - 1e-9).all()


def test_plants_stand_where_the_tables_say(found: Atlas) -> None:
    assert found.country[found.index["ngualla"]] == "TZ"
    assert found.network.regions[found.network.facility_region[found.index["ngualla"]]] == "ZZ"
    assert "capacity:sep_mp" in found.standing_on("sep_mp")
    assert "mine:kachin" in found.standing_on("kachin")
    assert any(name.startswith("basket:south_china_iac:") for name in found.standing_on("kachin"))
    for name in found.network.facilities:
        assert all(one in found.world.parameters for one in found.standing_on(name)), name
    for name in found.network.materials:
        assert all(one in found.world.parameters for one in found.making(name)), name


def test_capacity_follows_the_ramp(found: Atlas) -> None:
    early = atlas.draw(build.world(weigh.weigh(baseline.load(), datetime.date(2025, 1, 15)), "2025-01-15"))
    running = early.able[early.index["sep_mp"]]
    assert running < found.able[found.index["sep_mp"]] < found.network.capacity[found.index["sep_mp"]] * 366


@given(st.lists(st.floats(1e-6, 1e6), min_size=1, max_size=40))
def test_concentration_lies_between_equals_and_one(sizes: list[float]) -> None:
    shares = [one / sum(sizes) for one in sizes]
    assert 10_000 / len(shares) * (1 - 1e-9) <= concentration(shares) <= 10_000 * (1 + 1e-9)
    # Two that join are more concentrated than two apart.
    if len(shares) > 1:
        assert concentration([shares[0] + shares[1], *shares[2:]]) >= concentration(shares)


@pytest.mark.parametrize("ask", ["Xx", "", "ndpr", "稀土"])
def test_unknown_mixes_and_stages_are_named(found: Atlas, ask: str) -> None:
    with pytest.raises(UnknownName, match="element"):
        symbols(ask)
    with pytest.raises(UnknownName, match="stage"):
        found.shares("Dy", ask)


@given(st.data())
def test_gathering_adds_up_links_by_name(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 12))
    ends = st.integers(0, size - 1)
    rows = data.draw(st.lists(st.tuples(ends, ends, st.floats(0, 1e6), st.booleans()), max_size=40))
    stages = data.draw(st.lists(st.sampled_from("ab"), min_size=size, max_size=size))
    labels = data.draw(st.lists(st.sampled_from("xyz"), min_size=size, max_size=size))
    seller, buyer = (np.array([row[end] for row in rows], dtype=np.int64) for end in (0, 1))
    amount, doubt = np.array([row[2] for row in rows]), np.array([row[3] for row in rows], dtype=np.bool_)
    found = gathered(stages, labels, seller, buyer, amount, doubt)
    # Second implementation: one sum after the other.
    sums: dict[tuple[object, ...], float] = {}
    for s, b, value, assumed in rows:
        if value > 0:
            key = (stages[s], labels[s], stages[b], labels[b], assumed)
            sums[key] = sums.get(key, 0.0) + value
    keys = [(one.stage, one.source, one.next_stage, one.target, one.assumed) for one in found]
    assert dict(zip(keys, (one.amount for one in found), strict=True)) == pytest.approx(sums)
    assert [one.amount for one in found] == sorted((one.amount for one in found), reverse=True)
