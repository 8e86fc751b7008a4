"""The build: every array says one thing, every recipe balances, and nothing later than the knowledge date is used."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

import numpy as np
import pytest

from ytterby.evidence import weigh
from ytterby.world import baseline, build, checks
from ytterby.world.model import World
from ytterby.world.network import Network

TODAY = datetime.date(2026, 11, 21)


def test_the_package_world_is_sound(network: Network) -> None:
    checks.check(network)


def test_every_recipe_balances_by_element_worked_out_by_hand(records: World) -> None:
    contents = {material.id: material.contents for material in records.materials}
    seen = 0
    for plant in records.plants:
        if plant.group is not None:
            continue
        for activity in plant.activities:
            recipe = activity.recipe
            if not recipe.inputs:
                continue
            entering = sum(amount * contents[name] for name, amount in recipe.inputs)
            leaving = sum(amount * contents[name] for name, amount in recipe.outputs)
            assert (leaving <= entering * (1 + 1e-9)).all(), activity.id
            assert leaving.sum() > 0.5 * entering.sum(), f"{activity.id} loses more than half"
            seen += 1
    assert seen > 150


def test_oxides_of_a_separation_are_the_ore_times_the_recovery(records: World) -> None:
    """Nd and Pr leave paired or alone; either way none of them is made or lost beyond the recovery."""
    contents = {material.id: material.contents for material in records.materials}
    parameters = records.parameters
    huamei = next(plant for plant in records.plants if plant.id == "sep_nre_huamei")
    recipe = next(a.recipe for a in huamei.activities if a.recipe.inputs[0][0] == "conc.bayan_obo")
    ore = contents["conc.bayan_obo"]
    out = sum(amount * contents[name] for name, amount in recipe.outputs)
    light, heavy = parameters.get("recipe:rec_sep_nre").value, parameters.get("recipe:rec_sep_heavy").value
    assert out[:4] == pytest.approx(light * ore[:4], rel=1e-12)
    assert out[5:16] == pytest.approx(heavy * ore[5:16], rel=1e-12)


@pytest.mark.parametrize("name", [field.name for field in dataclasses.fields(Network)])
def test_arrays_are_as_long_as_their_axis(network: Network, name: str) -> None:
    sizes = {
        **network.sizes(),
        "input": len(network.input_activity),
        "output": len(network.output_activity),
        "scrap": len(network.scrap_terminal),
        "zone": len(network.zones),
        "year": len(network.demand_years),
    }
    prefix = {
        "activity": "activity", "yield_by": "activity", "output_by": "activity", "input": "input", "output": "output",
        "in_slot": "in_slot", "cover_by": "in_slot", "out_slot": "out_slot", "link": "link", "lead_by": "link",
        "terminal": "terminal", "group": "group", "demand_by": "group", "scrap": "scrap", "facility": "facility",
        "capacity": "facility", "ramp": "facility", "tech": "facility", "build_days": "facility", "invests": "facility",
        "price": "material", "composition": "material", "material": "material",
    }  # fmt: skip
    value = getattr(network, name)
    if not isinstance(value, np.ndarray) or name == "demand_years":
        return
    axis = (
        "activity"
        if name in ("yield_by", "output_by")
        else prefix.get(name)
        or next(
            (axis for start, axis in sorted(prefix.items(), key=lambda p: -len(p[0])) if name.startswith(start)),
            "group",
        )
    )
    assert len(value) == sizes[axis], name
    if value.dtype.kind == "f" and name not in ("price0", "facility_lat", "facility_lon"):
        assert not np.isnan(value).any(), name


def test_indices_point_at_rows(network: Network) -> None:
    n, size = network, network.sizes()
    pairs = [
        (n.activity_facility, "facility"), (n.input_activity, "activity"), (n.output_activity, "activity"),
        (n.input_slot, "in_slot"), (n.output_slot, "out_slot"), (n.link_out, "out_slot"), (n.link_in, "in_slot"),
        (n.terminal_activity, "activity"), (n.terminal_group, "group"), (n.scrap_slot, "out_slot"),
        (n.scrap_terminal, "terminal"), (n.in_slot_material, "material"), (n.out_slot_material, "material"),
    ]  # fmt: skip
    pairs += [(getattr(n, by), "parameter") for by in ("capacity_by", "yield_by", "demand_by", "cover_by", "lead_by")]
    for index, axis in pairs:
        assert index.min() >= 0
        assert index.max() < size[axis], axis
    driven = n.activity_drive >= 0
    assert (n.out_slot_facility[n.activity_drive[driven]] == n.activity_facility[driven]).all()
    assert set(np.flatnonzero(~driven)) == set(n.terminal_activity)
    assert (n.in_slot_facility[n.input_slot] == n.activity_facility[n.input_activity]).all()
    assert (n.out_slot_facility[n.output_slot] == n.activity_facility[n.output_activity]).all()


def test_scrap_of_a_magnet_is_the_magnet(network: Network) -> None:
    row = {name: k for k, name in enumerate(network.materials)}
    for name in ("N", "SH", "UH", "EH", "SmCo"):
        assert np.array_equal(network.composition[row[f"scrap.{name}"]], network.composition[row[f"magnet.{name}"]])
    assert network.composition[row["magnet.N"], network.elements.index("Dy")] == 0
    assert network.composition[row["magnet.UH"], network.elements.index("Tb")] > 0


def test_uncertain_rows_are_in_order_and_keep_their_claims(network: Network, claims: list[Any]) -> None:
    known = {claim.id for claim in claims}
    assert network.uncertainty[0].name == "certain"
    assert len({row.name for row in network.uncertainty}) == len(network.uncertainty)
    for row in network.uncertainty[1:]:
        assert 0 < row.low <= row.median <= row.high, row.name
        assert row.low < row.high, row.name
        assert {claim for claim, _ in row.claims} <= known
        assert row.claims or row.assumed, row.name


def test_no_more_than_the_simulator_bargained_for(network: Network) -> None:
    # a state of about half a megabyte an array and 32 draws: what stays in a core's cache
    assert network.sizes()["link"] <= 2_400
    assert network.sizes()["group"] >= 100


@pytest.mark.parametrize("day", [datetime.date(2025, 1, 6), datetime.date(2025, 6, 30), datetime.date(2026, 1, 1)])
def test_a_world_of_an_earlier_day_uses_nothing_later(claims: list[Any], day: datetime.date) -> None:
    later = {claim.id for claim in claims if claim.known > day}
    network = build.build(weigh.weigh(claims, day), day)
    checks.check(network)
    assert network.known == day.isoformat()
    used = {claim for row in network.uncertainty for claim, _ in row.claims}
    assert used
    assert not used & later
    # Claims known later, changed beyond recognition, leave it as it is.
    early = [claim for claim in claims if claim.id not in later]
    again = build.build(weigh.weigh(early, day), day)
    for field in dataclasses.fields(Network):
        first, second = getattr(network, field.name), getattr(again, field.name)
        same = (
            np.array_equal(first, second, equal_nan=first.dtype.kind == "f")
            if isinstance(first, np.ndarray)
            else (first == second)
        )
        assert same, field.name


def test_rows_of_ours_that_became_known_later_are_left_out(claims: list[Any]) -> None:
    early = build.build(weigh.weigh(claims, datetime.date(2025, 6, 30)), "2025-06-30")
    late = build.build(weigh.weigh(claims, TODAY), TODAY)
    assert "laos_growth" in late.facilities
    assert "laos_growth" not in early.facilities
    assert "mag_jp" in early.facilities
    assert "sep_lynas_my" in early.facilities


def test_same_input_same_arrays(weighed: Any, network: Network) -> None:
    again = build.build(weighed, TODAY)
    for field in dataclasses.fields(Network):
        first, second = getattr(network, field.name), getattr(again, field.name)
        if isinstance(first, np.ndarray):
            assert np.array_equal(first, second, equal_nan=first.dtype.kind == "f"), field.name
        else:
            assert first == second, field.name


def test_every_plant_of_the_baseline_is_used_or_excluded_with_a_reason(claims: list[Any]) -> None:
    tables = baseline.load()
    facilities = {line["id"] for line in tables["facilities"]}
    excluded = {line["id"]: line["why"] for line in tables["excluded"]}
    assert not facilities & set(excluded)
    assert all(excluded.values())
    stated = {claim.parameter.split(":")[1] for claim in claims if claim.parameter.startswith(("capacity:", "mine:"))}
    assert not stated - facilities - set(excluded)


def test_assumed_plants_are_marked(network: Network) -> None:
    marked = {name for name, assumed in zip(network.facilities, network.facility_assumed, strict=True) if assumed}
    assert {"mag_cn_other", "alloy_cn", "met_cn_other", "sep_cn_import", "cn_undocumented"} <= marked
    assert {"mountain_pass", "sep_mp", "kachin"}.isdisjoint(marked)
