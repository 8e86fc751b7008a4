"""The balance: it closes by element, meets the totals worked out elsewhere, and every plant of 2024 can do its part."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import pytest

from ytterby.world import build, checks
from ytterby.world.balance import Steady, steady
from ytterby.world.network import Network

DAYS = 365.25


def _rows(network: Network, at_rest: Steady) -> dict[tuple[str, str], dict[str, Any]]:
    return {(row["element"], row["stage"]): row for row in checks.balance(network, at_rest)}


@pytest.mark.parametrize(
    ("element", "stage", "total", "tolerance"),
    [
        ("NdPr", "mine", 88_927, 0.10),
        ("NdPr", "oxide, all", 106_539, 0.10),
        ("NdPr", "oxide, recycled", 26_504, 0.10),
        ("NdPr", "metal", 80_804, 0.10),
        ("magnets", "alloy", 268_435, 0.10),
        ("magnets", "first use", 181_059, 0.10),
        ("magnets", "exports of China", 58_152, 0.05),
        ("magnets", "exports of China to US", 7_444, 0.15),
        ("magnets", "exports of China to DE", 12_000, 0.15),
        ("magnets", "exports of China to JP", 2_400, 0.15),
        ("magnets", "exports of China to KR", 5_500, 0.15),
        ("magnets", "exports of China to VN", 4_600, 0.15),
        ("magnets", "exports of China to IN", 3_000, 0.15),
        ("Dy", "mine", 3_094, 0.15),
        ("Dy", "oxide, all", 3_432, 0.15),
        ("Tb", "mine", 625, 0.15),
        ("Tb", "oxide, all", 710, 0.15),
    ],
)
def test_totals_worked_out_elsewhere(
    network: Network, at_rest: Steady, element: str, stage: str, total: float, tolerance: float
) -> None:
    assert _rows(network, at_rest)[(element, stage)]["value"] == pytest.approx(total, rel=tolerance)


def test_exports_to_the_eu_with_germany(network: Network, at_rest: Steady) -> None:
    rows = _rows(network, at_rest)
    both = sum(rows[("magnets", f"exports of China to {code}")]["value"] for code in ("DE", "EU"))
    assert both == pytest.approx(21_900, rel=0.05)


def test_what_a_maker_orders_is_what_demand_needs(network: Network, at_rest: Steady) -> None:
    """Worked out again from demand alone, without links or slots."""
    n = network
    magnets = np.array([stage in ("magnet", "component") for stage in n.material_stage])
    per_activity = np.zeros(len(n.activities))
    weight = n.input_coef * magnets[n.in_slot_material[n.input_slot]]
    np.add.at(per_activity, n.input_activity, weight)
    first = np.array([np.interp(2024.5, n.demand_years, row) for row in n.demand])
    needed = (first[n.terminal_group] * n.terminal_share * per_activity[n.terminal_activity]).sum() * DAYS
    rows = _rows(network, at_rest)
    assert rows[("magnets", "first use")]["value"] == pytest.approx(needed, rel=1e-6)


def test_every_link_carries_its_share_and_every_slot_what_it_uses(network: Network, at_rest: Steady) -> None:
    n, s = network, at_rest
    arrived = np.bincount(n.link_in, s.flow, len(s.use))
    assert arrived == pytest.approx(s.use, rel=1e-9, abs=1e-12)
    used = np.bincount(n.input_slot, n.input_coef * s.activity[n.input_activity], len(s.use))
    assert used == pytest.approx(s.use, rel=1e-9, abs=1e-12)


def test_mass_of_every_element_is_conserved(network: Network, at_rest: Steady) -> None:
    """Mined = used + lost + stocked, by element: found by summing plants, without following any chain."""
    n, s = network, at_rest
    entering, leaving = checks.flows(n)
    fed = np.zeros(len(n.activities), dtype=bool)
    fed[n.input_activity] = True
    terminal = np.zeros(len(n.activities), dtype=bool)
    terminal[n.terminal_activity] = True
    mined = s.activity[~fed & ~terminal] @ leaving[~fed & ~terminal]
    used = s.activity[terminal] @ entering[terminal]
    lost = s.activity[fed & ~terminal] @ (entering - leaving)[fed & ~terminal]
    assert (lost >= -1e-9 * mined.max()).all()
    content = n.composition[n.out_slot_material]
    made = np.bincount(n.output_slot, n.output_coef * s.activity[n.output_activity], len(s.made))
    stocked = (made - s.orders) @ content
    assert mined == pytest.approx(used + lost + stocked, rel=1e-9, abs=1e-12 * mined.max())


def test_no_plant_that_ran_in_2024_is_asked_for_more_than_it_has(network: Network, at_rest: Steady) -> None:
    """A tenth of slack: shares are round numbers. Plants that start later are asked for a trace."""
    total: dict[str, float] = {}
    for row, name in enumerate(network.facilities):
        load, capacity = at_rest.load[row] * DAYS, at_rest.capacity[row] * DAYS
        stage = network.facility_stage[row]
        total[stage] = total.get(stage, 0.0) + load
        if network.ramp_start[row] < (datetime.date(2023, 12, 31) - datetime.date(1970, 1, 1)).days:
            assert load <= 1.1 * capacity, name
    for row, name in enumerate(network.facilities):
        if at_rest.capacity[row] == 0:
            assert at_rest.load[row] * DAYS <= 0.02 * total[network.facility_stage[row]], name


@pytest.mark.parametrize(
    ("stages", "use"),
    [(("sep_nre_huamei", "sep_nre_other", "sep_creg", "sep_cn_import"), 0.90), (("met_cn_other", "met_vn_th"), 0.87),
     (("alloy_cn", "alloy_jp"), 0.69), (("sep_cn_scrap",), 0.43)],
)  # fmt: skip
def test_use_of_capacity_by_stage(network: Network, at_rest: Steady, stages: tuple[str, ...], use: float) -> None:
    rows = [network.facilities.index(name) for name in stages]
    assert at_rest.load[rows].sum() / at_rest.capacity[rows].sum() == pytest.approx(use, abs=0.12)


def test_growth_follows_the_named_path(weighed: Any, network: Network) -> None:
    adamas = build.build(weighed, "2026-11-21", demand_path="adamas")
    ours = [steady(network, year) for year in (2024.5, 2030.5, 2040.5)]
    stage = np.array(network.material_stage)
    magnet = stage[network.in_slot_material] == "magnet"
    human = np.array([product == "robot.humanoid" for product in network.group_product])

    def tonnes(n: Network, s: Steady) -> float:
        rows = np.array([n.facilities[f].startswith("robot.humanoid") for f in n.in_slot_facility])
        return float(s.use[magnet & ~rows].sum())

    assert human.any()
    assert tonnes(network, ours[1]) / tonnes(network, ours[0]) == pytest.approx(243 / 181, rel=0.02)
    assert tonnes(network, ours[2]) / tonnes(network, ours[0]) == pytest.approx(285 / 181, rel=0.02)
    fast = steady(adamas, 2030.5)
    assert tonnes(adamas, fast) / tonnes(network, ours[0]) == pytest.approx(299 / 181, rel=0.02)


def test_a_plant_ramps_from_its_start_to_nameplate(network: Network) -> None:
    row = network.facilities.index("mag_mp")
    seen = [steady(network, year).capacity[row] for year in (2025.5, 2026.2, 2026.6, 2027.5)]
    assert seen[0] == 0
    assert 0 < seen[1] < seen[2] < seen[3] == network.capacity[row]


def test_balance_says_how_much_passes_assumed_plants(network: Network, at_rest: Steady) -> None:
    rows = _rows(network, at_rest)
    assert rows[("NdPr", "metal")]["assumed"] > 0.9
    assert all(0 <= row["assumed"] <= 1 for row in rows.values())
    assert {element for element, _ in rows} == {"NdPr", "Dy", "Tb", "Sm", "Y", "magnets"}


def test_no_draw_of_a_plant_falls_below_what_it_did(network: Network) -> None:
    """Three standard deviations down, as far as draws go, a plant still carries its load."""
    state = steady(network, 2025.0)
    seen = 0
    for plant, row in enumerate(network.capacity_by):
        if row == 0 or network.facility_stage[plant] == "mine" or not 0 < state.capacity[plant] < np.inf:
            continue
        entry = network.uncertainty[row]
        worst = (entry.low / entry.median) ** (3 / 1.645)
        assert worst >= min(state.load[plant] / state.capacity[plant], 1.0) * (1 - 1e-9), network.facilities[plant]
        seen += 1
    assert seen > 20
    mines = [u for u in network.uncertainty if u.name == "mine:kachin"]
    assert mines[0].low < 0.95 * mines[0].median
