"""A small world for the tests of the run room: one Chinese chain, one foreign plant, makers at home and abroad."""

from __future__ import annotations

import numpy as np

from ytterby.terms.elements import ELEMENTS
from ytterby.world.network import Network, Uncertainty

MATERIALS = ("conc.x", "oxide.Dy", "metal.NdPr", "magnet.N", "magnet.UH", "scrap.UH")
STAGES = ("concentrate", "oxide", "metal", "magnet", "magnet", "scrap")
FACILITIES = (
    "mine_cn",
    "sep_cn",
    "metal_cn",
    "mag_cn",
    "mag_us",
    "rec_cn",
    "car_cn",
    "car_us",
    "mil_us",
    "collector_cn",
    "metal_us",
)
REGION = {"mag_us": 1, "car_us": 1, "mil_us": 1, "metal_us": 1}
STAGE_OF = (
    "mine",
    "separation",
    "metal",
    "magnet",
    "magnet",
    "recycling",
    "maker",
    "maker",
    "maker",
    "recycling",
    "metal",
)


def composition() -> np.ndarray:
    """Tonnes of element per tonne of material (material, element)."""
    table = np.zeros((len(MATERIALS), len(ELEMENTS)))
    at = ELEMENTS.index
    table[0, [at("Nd"), at("Pr"), at("Dy"), at("Ce")]] = 0.15, 0.05, 0.01, 0.4
    table[1, at("Dy")] = 0.8713
    table[2, [at("Nd"), at("Pr")]] = 0.75, 0.25
    table[3, [at("Nd"), at("Pr")]] = 0.225, 0.075
    table[4, [at("Nd"), at("Pr"), at("Dy")]] = 0.21, 0.07, 0.01
    table[5] = table[4]
    return table


def toy() -> Network:
    """The network: 11 facilities, 13 activities; designs UH and N of the US car compete."""
    f = {name: row for row, name in enumerate(FACILITIES)}
    m = {name: row for row, name in enumerate(MATERIALS)}
    ins = [
        ("sep_cn", "conc.x"),
        ("metal_cn", "conc.x"),
        ("mag_cn", "metal.NdPr"),
        ("mag_cn", "oxide.Dy"),
        ("mag_us", "metal.NdPr"),
        ("car_cn", "magnet.UH"),
        ("car_us", "magnet.UH"),
        ("car_us", "magnet.N"),
        ("mil_us", "magnet.UH"),
        ("rec_cn", "scrap.UH"),
    ]
    outs = [
        ("mine_cn", "conc.x"),
        ("sep_cn", "oxide.Dy"),
        ("metal_cn", "metal.NdPr"),
        ("mag_cn", "magnet.N"),
        ("mag_cn", "magnet.UH"),
        ("mag_us", "magnet.N"),
        ("rec_cn", "oxide.Dy"),
        ("mag_cn", "scrap.UH"),
        ("collector_cn", "scrap.UH"),
        ("metal_us", "metal.NdPr"),
    ]
    i_of = {key: row for row, key in enumerate(ins)}
    o_of = {key: row for row, key in enumerate(outs)}
    # name, facility, load, drive, share, inputs, outputs
    acts = [
        ("mine", "mine_cn", 1.0, ("mine_cn", "conc.x"), 1.0, [], [("conc.x", 1.0)]),
        ("sep", "sep_cn", 1.0, ("sep_cn", "oxide.Dy"), 1.0, [("conc.x", 1.0)], [("oxide.Dy", 0.0101)]),
        ("metal", "metal_cn", 1.0, ("metal_cn", "metal.NdPr"), 1.0, [("conc.x", 1.0)], [("metal.NdPr", 0.18)]),
        ("N", "mag_cn", 1.0, ("mag_cn", "magnet.N"), 1.0, [("metal.NdPr", 0.32)], [("magnet.N", 1.0)]),
        (
            "UH",
            "mag_cn",
            1.0,
            ("mag_cn", "magnet.UH"),
            1.0,
            [("metal.NdPr", 0.40), ("oxide.Dy", 0.016)],
            [("magnet.UH", 1.0), ("scrap.UH", 0.3)],
        ),
        ("N_us", "mag_us", 1.0, ("mag_us", "magnet.N"), 1.0, [("metal.NdPr", 0.32)], [("magnet.N", 1.0)]),
        ("rec", "rec_cn", 1.0, ("rec_cn", "oxide.Dy"), 1.0, [("scrap.UH", 1.0)], [("oxide.Dy", 0.01)]),
        ("metal_us", "metal_us", 1.0, ("metal_us", "metal.NdPr"), 1.0, [], [("metal.NdPr", 1.0)]),
        ("car_cn", "car_cn", 0.0, None, 1.0, [("magnet.UH", 0.002)], []),
        ("car_us.UH", "car_us", 0.0, None, 1.0, [("magnet.UH", 0.0015), ("magnet.N", 0.0005)], []),
        ("car_us.N", "car_us", 0.0, None, 1.0, [("magnet.N", 0.002)], []),
        ("mil_us", "mil_us", 0.0, None, 1.0, [("magnet.UH", 0.02)], []),
    ]
    ia, isl, ic, oa, osl, oc = [], [], [], [], [], []
    for row, (_, plant, _, _, _, inputs, outputs) in enumerate(acts):
        for material, coef in inputs:
            ia.append(row), isl.append(i_of[plant, material]), ic.append(coef)
        for material, coef in outputs:
            oa.append(row), osl.append(o_of[plant, material]), oc.append(coef)
    links = [
        (("mine_cn", "conc.x"), ("sep_cn", "conc.x"), 1.0, 10.0),
        (("mine_cn", "conc.x"), ("metal_cn", "conc.x"), 1.0, 10.0),
        (("metal_cn", "metal.NdPr"), ("mag_cn", "metal.NdPr"), 1.0, 5.0),
        (("sep_cn", "oxide.Dy"), ("mag_cn", "oxide.Dy"), 0.7, 5.0),
        (("rec_cn", "oxide.Dy"), ("mag_cn", "oxide.Dy"), 0.3, 5.0),
        (("metal_cn", "metal.NdPr"), ("mag_us", "metal.NdPr"), 0.8, 30.0),
        (("metal_us", "metal.NdPr"), ("mag_us", "metal.NdPr"), 0.2, 8.0),
        (("mag_cn", "magnet.UH"), ("car_cn", "magnet.UH"), 1.0, 4.0),
        (("mag_cn", "magnet.UH"), ("car_us", "magnet.UH"), 1.0, 35.0),
        (("mag_cn", "magnet.N"), ("car_us", "magnet.N"), 0.6, 35.0),
        (("mag_us", "magnet.N"), ("car_us", "magnet.N"), 0.4, 6.0),
        (("mag_cn", "magnet.UH"), ("mil_us", "magnet.UH"), 1.0, 35.0),
        (("mag_cn", "scrap.UH"), ("rec_cn", "scrap.UH"), 0.9, 6.0),
        (("collector_cn", "scrap.UH"), ("rec_cn", "scrap.UH"), 0.1, 6.0),
    ]
    terminals = [8, 9, 10, 11]
    fac = lambda keys: np.array([f[k[0]] for k in keys])  # noqa: E731
    mat = lambda keys: np.array([m[k[1]] for k in keys])  # noqa: E731
    region = np.array([REGION.get(name, 0) for name in FACILITIES])
    facilities = len(FACILITIES)
    capacity = np.full(facilities, np.inf)
    for name, cap in {
        "mine_cn": 400.0,
        "sep_cn": 300.0,
        "metal_cn": 400.0,
        "mag_cn": 60.0,
        "mag_us": 8.0,
        "rec_cn": 20.0,
        "metal_us": 3.0,
    }.items():
        capacity[f[name]] = cap
    price = np.full((len(MATERIALS), 2), np.nan)
    price[1:5] = np.array([[230.0, 240.0], [75.0, 78.0], [60.0, 66.0], [90.0, 99.0]])
    return Network(
        known="2026-11-21",
        elements=tuple(ELEMENTS),
        regions=("CN", "US"),
        zones=("CN", "EX"),
        materials=MATERIALS,
        material_stage=STAGES,
        material_unit=("t REO", "t", "t", "t", "t", "t"),
        composition=composition(),
        price0=price,
        facilities=FACILITIES,
        facility_name=FACILITIES,
        facility_name_zh=FACILITIES,
        facility_stage=STAGE_OF,
        facility_region=region,
        facility_zone=region.copy(),
        facility_lat=np.full(facilities, np.nan),
        facility_lon=np.full(facilities, np.nan),
        facility_assumed=np.zeros(facilities, dtype=bool),
        capacity=capacity,
        ramp_start=np.where(np.array(FACILITIES) == "mag_us", 20100.0, -np.inf),
        ramp_days=np.where(np.array(FACILITIES) == "mag_us", 400.0, 0.0),
        tech_dependence=np.where(np.array(FACILITIES) == "mag_us", 0.8, 0.0),
        invests=np.array([name in ("mag_us", "metal_us") for name in FACILITIES]),
        build_days=np.full(facilities, 900.0),
        activities=tuple(a[0] for a in acts),
        activity_facility=np.array([f[a[1]] for a in acts]),
        activity_load=np.array([a[2] for a in acts]),
        activity_drive=np.array([-1 if a[3] is None else o_of[a[3]] for a in acts]),
        activity_share=np.array([a[4] for a in acts]),
        input_activity=np.array(ia),
        input_slot=np.array(isl),
        input_coef=np.array(ic),
        output_activity=np.array(oa),
        output_slot=np.array(osl),
        output_coef=np.array(oc),
        in_slot_facility=fac(ins),
        in_slot_material=mat(ins),
        in_slot_cover=np.array([40.0, 30.0, 20.0, 25.0, 60.0, 15.0, 40.0, 40.0, 60.0, 20.0]),
        in_slot_adjust=np.full(len(ins), 21.0),
        out_slot_facility=fac(outs),
        out_slot_material=mat(outs),
        out_slot_cover=np.full(len(outs), 10.0),
        link_out=np.array([o_of[a] for a, _, _, _ in links]),
        link_in=np.array([i_of[b] for _, b, _, _ in links]),
        link_share=np.array([s for _, _, s, _ in links]),
        link_lead=np.array([d for _, _, _, d in links]),
        link_drift=np.full(len(links), 1 / 450.0),
        link_military=np.array([b[0] == "mil_us" for _, b, _, _ in links]),
        terminal_activity=np.array(terminals),
        terminal_group=np.array([0, 1, 1, 2]),
        terminal_share=np.array([1.0, 0.8, 0.2, 1.0]),
        terminal_share_max=np.array([1.0, 1.0, 0.7, 1.0]),
        terminal_switch_days=np.full(4, 300.0),
        terminal_life_days=np.array([4000.0, 4000.0, 4000.0, 0.0]),
        terminal_collect=np.array([0.05, 0.05, 0.05, 0.0]),
        groups=("car.CN", "car.US", "mil.US"),
        group_product=("car", "car", "mil"),
        group_region=np.array([0, 1, 1]),
        group_military=np.array([False, False, True]),
        group_unit=("car", "car", "unit"),
        group_elasticity=np.array([0.2, 0.2, 0.0]),
        group_magnet=np.array([True, True, True]),
        demand_years=np.array([2025.0, 2026.0, 2030.0]),
        demand=np.array([[10000.0, 10500.0, 12000.0], [5000.0, 5200.0, 6000.0], [10.0, 10.0, 10.0]]),
        scrap_terminal=np.array([0]),
        scrap_slot=np.array([o_of["collector_cn", "scrap.UH"]]),
        scrap_coef=np.array([0.002]),
        uncertainty=(
            Uncertainty("certain", 1.0, 1.0, 1.0, "", "point", assumed=False),
            Uncertainty("capacity:mag_us", 2900.0, 2400.0, 3400.0, "t/y", "lognormal", assumed=False),
            Uncertainty("cover:car", 40.0, 25.0, 60.0, "day", "lognormal", assumed=True),
            Uncertainty("demand:car", 1.0, 0.9, 1.1, "", "lognormal", assumed=True),
            Uncertainty("yield:metal", 0.9, 0.85, 0.92, "share", "lognormal", assumed=True),
            Uncertainty("mine:x", 1.0, 0.95, 1.05, "", "lognormal", assumed=True),
            Uncertainty("lead:sea", 35.0, 28.0, 45.0, "day", "lognormal", assumed=True),
        ),
        capacity_by=np.array([1 if name == "mag_us" else 0 for name in FACILITIES]),
        yield_by=np.array([4 if a[0] == "metal" else 0 for a in acts]),
        demand_by=np.array([3, 3, 0]),
        cover_by=np.array([2 if k[0] == "car_us" else 0 for k in ins]),
        lead_by=np.array([6 if d == 35.0 else 0 for _, _, _, d in links]),
        ramp_by=np.zeros(facilities, dtype=int),
        output_by=np.array([5 if a[0] == "mine" else 0 for a in acts]),
    )
