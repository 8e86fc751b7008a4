"""Home to the plants: where they stand, and what flows from mine to product when all demand is met."""

from __future__ import annotations

from typing import Any

import numpy as np

from ytterby.evidence.claims import Claim
from ytterby.figures import Caption, dots, sankey
from ytterby.findings import wording
from ytterby.findings.ground import WIDE, Ground, both
from ytterby.report import Section, Table
from ytterby.world.balance import DAYS, running, steady
from ytterby.world.families import family
from ytterby.world.flows import gathered

STAGES = ("mine", "separation", "metal", "alloy", "magnet", "recycling")
ORDER = ("mine", "recycling", "separation", "metal", "alloy", "magnet", "maker")
HEADS = {"mine": "Mines", "recycling": "Recycling", "separation": "Separation", "metal": "Metal", "alloy": "Alloy"}
HEADS |= {"magnet": "Magnets", "maker": "Products"}
BASE = 2024.5
SHORT = {"United States": "US", "United Kingdom": "UK", "Rest of the world": "Rest", "other countries": "others"}
"""Names for where the full one does not fit."""

MOST_ROWS = 40


def plants(ground: Ground) -> Section:
    """The map: plants by stage, assumed ones hatched."""
    n = ground.network
    year = (ground.controls or ground.start).year + 0.5
    able = running(n, year) * DAYS
    keep = [k for k, stage in enumerate(n.facility_stage) if stage in STAGES and np.isfinite(able[k]) and able[k] > 0]
    total = {s: sum(able[k] for k in keep if n.facility_stage[k] == s) for s in STAGES}
    china = n.regions.index("CN") if "CN" in n.regions else -1
    here = {s: sum(able[k] for k in keep if n.facility_stage[k] == s and n.facility_region[k] == china) for s in STAGES}
    doubtful = sum(bool(n.facility_assumed[k]) for k in keep)
    share = here["magnet"] / total["magnet"] if total["magnet"] else 0.0
    title = (
        f"China holds {wording.percent(share)} of the magnet capacity of {int(year)} and "
        f"{wording.percent(here['separation'] / total['separation'] if total['separation'] else 0.0)} of separation"
    )
    caption = Caption(
        title,
        f"capacity running in mid-{int(year)}, t a year: mines and separation in t REO, later stages in t of product",
        ground.cite(_capacities(ground, keep)),
        note=f"{doubtful} of {len(keep)} are assumed: without a figure of their own, or added so that totals close.",
        bare=ground.bare,
    )
    rows = [
        {
            "name": n.facility_name[k] or n.facilities[k],
            "lat": wording.known(n.facility_lat[k]),
            "lon": wording.known(n.facility_lon[k]),
            "value": float(able[k]),
            "stage": n.facility_stage[k],
            "assumed": bool(n.facility_assumed[k]),
        }
        for k in keep
    ]
    drawn = both(lambda width: dots(rows, caption, stages=STAGES, names=12 if width == WIDE else 5, width=width))
    largest = sorted(keep, key=lambda k: -able[k])[:MOST_ROWS]
    table = [
        (
            " ".join(w for w in (n.facility_name[k] or n.facilities[k], n.facility_name_zh[k]) if w),
            n.facility_stage[k],
            wording.short_place(n.regions[n.facility_region[k]]),
            float(able[k]),
        )
        for k in largest
    ]
    return Section(
        title,
        f"{len(keep)} plants and mines are in the world as known on {n.known}; the table has the {len(largest)} "
        "largest.",
        *drawn,
        Table(
            ("Plant", "Stage", "Country", "Capacity, t a year"),
            table,
            assumed=frozenset(i for i, k in enumerate(largest) if n.facility_assumed[k]),
        ),
        ground.cite(_capacities(ground, keep)) or (ground.by_itself,),
        anchor="map",
    )


def _capacities(ground: Ground, rows: list[int]) -> list[Claim]:
    names = {ground.network.facilities[k] for k in rows}
    return [
        claim
        for parameter, claims in ground.by_parameter.items()
        if parameter.startswith(("capacity:", "mine:")) and parameter.split(":")[1] in names
        for claim in claims
    ]


def mine_to_magnet(ground: Ground) -> Section:
    """The Sankey: NdPr from mine to product, by country."""
    n = ground.network
    state = steady(n, BASE)
    content = n.composition[:, [n.elements.index(s) for s in ("Nd", "Pr")]].sum(axis=1)
    tonnes = state.flow * content[n.out_slot_material[n.link_out]] * DAYS
    rows = _flows(ground, tonnes)
    final = sum(float(r["value"]) for r in rows if r["next_stage"] == HEADS["maker"] and r["stage"] == HEADS["magnet"])
    doubt = sum(
        float(r["value"])
        for r in rows
        if r["assumed"] and r["next_stage"] == HEADS["maker"] and r["stage"] == HEADS["magnet"]
    )
    title = f"{wording.amount(final)} t of NdPr reach products in magnets in 2024; " + (
        f"{wording.percent(doubt / final)} of it through plants of assumed capacity" if final else "none is drawn"
    )
    caption = Caption(
        title,
        "t of contained Nd and Pr a year · the static balance of 2024, all demand met",
        ground.cite(_trade(ground)),
        note="Swarf that goes back from magnet makers to recyclers is left out; what recyclers return is drawn.",
        bare=ground.bare,
    )
    stages = [HEADS[s] for s in ORDER if any(HEADS[s] in (r["stage"], r["next_stage"]) for r in rows)]
    wide = sankey(rows, caption, stages=stages, short=SHORT, width=720)
    narrow = sankey(rows, caption, stages=stages, short=SHORT, width=360)
    table = [
        (r["stage"], r["source"], r["next_stage"], r["target"], float(r["value"]))
        for r in sorted(rows, key=lambda r: -float(r["value"]))[:MOST_ROWS]
    ]
    ordered = sorted(rows, key=lambda r: -float(r["value"]))[:MOST_ROWS]
    return Section(
        title,
        "Shares of suppliers, recipes and demand of the base year, before any licence: the world that the run "
        "starts from.",
        wide,
        narrow,
        Table(
            ("From", "Country", "To", "Country or product", "NdPr, t a year"),
            table,
            "The largest flows",
            assumed=frozenset(k for k, r in enumerate(ordered) if r["assumed"]),
        ),
        ground.cite(_trade(ground)) or (ground.by_itself,),
        anchor="mine-to-magnet",
    )


def _flows(ground: Ground, tonnes: np.ndarray) -> list[dict[str, Any]]:
    n = ground.network
    product = _product_of_facility(ground)
    stages = [_stage(stage) for stage in n.facility_stage]
    places = [wording.short_place(n.regions[region]) for region in n.facility_region]
    makers = [stage == "maker" for stage in stages]
    labels = [product.get(k, "other") if maker else places[k] for k, maker in enumerate(makers)]
    rank = np.array([ORDER.index(stage) if stage in ORDER else -1 for stage in stages])
    seller, buyer = n.out_slot_facility[n.link_out], n.in_slot_facility[n.link_in]
    ahead = (rank[seller] >= 0) & (rank[seller] < rank[buyer])
    doubt = n.facility_assumed[seller] | (n.facility_assumed[buyer] & ~np.array(makers)[buyer])
    return [
        {
            "stage": HEADS[one.stage],
            "source": one.source,
            "next_stage": HEADS[one.next_stage],
            "target": one.target,
            "assumed": one.assumed,
            "value": one.amount,
        }
        for one in gathered(stages, labels, seller, buyer, np.where(ahead, tonnes, 0.0), doubt)
    ]


def _stage(stage: str) -> str:
    return "maker" if stage in ("maker", "use") else stage


def _product_of_facility(ground: Ground) -> dict[int, str]:
    n = ground.network
    found = {}
    for terminal, activity in enumerate(n.terminal_activity):
        name = family(n.group_product[n.terminal_group[terminal]])
        found[int(n.activity_facility[activity])] = wording.label(name)
    return found


def _trade(ground: Ground) -> list[Claim]:
    return [c for p, claims in ground.by_parameter.items() if p.startswith(("mine:", "demand:")) for c in claims]
