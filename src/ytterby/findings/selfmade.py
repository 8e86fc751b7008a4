"""Home to self-sufficiency: how much of its magnets a region could make, stage by stage, and what China ships."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ytterby.evidence.claims import Claim
from ytterby.figures import Caption, fan
from ytterby.findings import wording
from ytterby.findings.ground import Floats, Ground, both, fan_rows, points
from ytterby.report import Section, Table
from ytterby.world import balance
from ytterby.world.balance import DAYS, running

ASKED = 0.2
"""The share of the press claim."""
STAGES = ("mine", "separation", "metal", "alloy", "magnet")
FOLLOWED = ("Nd", "Pr")


@dataclass(frozen=True)
class Supply:
    """By year and draw; shares of the NdPr in the magnets that a region's makers want."""

    years: tuple[int, ...]
    stages: dict[str, Floats]  # stage → (year, draw) what its plants can make, run full
    chinese: Floats  # (year, draw) magnets shipped from China over magnets built in
    assumed: bool
    """Whether a plant that counts rests on an assumed capacity."""

    @property
    def whole(self) -> Floats:
        """The narrowest stage: what a chain from mine to magnet can make (year, draw)."""
        return np.asarray(np.min(np.stack(list(self.stages.values())), axis=0))

    @property
    def first(self) -> Floats:
        """First year in which the whole chain reaches 20 %, inf where none does (draw,)."""
        reached = self.whole >= ASKED
        years = np.array(self.years, dtype=float)
        return np.where(reached.any(axis=0), years[np.argmax(reached, axis=0)], np.inf)

    def narrowest(self, year: int) -> str:
        """The stage with the least, by its median in the year of that index."""
        return min(self.stages, key=lambda s: points(self.stages[s][year])["median"])


def supply(ground: Ground, region: str) -> Supply | None:
    """What own plants could make and what China ships; None where the run has no whole year or no such region."""
    n = ground.network
    rows = [k for k, g in enumerate(ground.run.info["groups"]) if g["region"] == region and g["magnet"]]
    if region not in n.regions or not rows or not ground.years:
        return None
    weight, magnets = ground.contained(FOLLOWED)[rows], magnets_per_unit(ground)[rows]
    wanted = ground.by_year(np.einsum("g,gpd->pd", weight, ground.demand[rows]))
    built = ground.by_year(np.einsum("g,gpd->pd", magnets, ground.output[rows]))
    per_load, own = contained_per_load(ground), n.facility_region == n.regions.index(region)
    stages = {}
    for stage in STAGES:
        here = own & (np.array(n.facility_stage) == stage) & np.isfinite(n.capacity)
        able = np.stack([_able(ground, here, per_load, year) for year in ground.years])
        stages[stage] = np.divide(able, wanted, out=np.zeros_like(wanted), where=wanted > 0)
    chinese = np.divide(_shipped(ground, region), built, out=np.zeros_like(built), where=built > 0)
    counted = own & np.isin(np.array(n.facility_stage), STAGES)
    return Supply(ground.years, stages, chinese, bool(n.facility_assumed[counted].any()))


def contained_per_load(ground: Ground) -> Floats:
    """Most Nd and Pr, t, that a facility's recipes give out for a unit of its capacity, scrap left out (facility,)."""
    n = ground.network
    content = n.composition[:, [n.elements.index(s) for s in FOLLOWED]].sum(axis=1)
    material = n.out_slot_material[n.output_slot]
    useful = np.array([stage != "scrap" for stage in n.material_stage])[material]
    given = np.bincount(n.output_activity, n.output_coef * content[material] * useful, len(n.activities))
    ratio = np.divide(given, n.activity_load, out=np.zeros_like(given), where=n.activity_load > 0)
    most = np.zeros(len(n.facilities))
    np.maximum.at(most, n.activity_facility, ratio)
    return most


def magnets_per_unit(ground: Ground) -> Floats:
    """Tonnes of magnets in a unit of each group's product, its designs in their nominal shares (group,)."""
    held = balance.magnets_per_unit(ground.network)
    row = {group: k for k, group in enumerate(ground.network.groups)}
    return np.array([held[row[g["id"]]] if g["id"] in row else 0.0 for g in ground.run.info["groups"]])


def _able(ground: Ground, here: NDArray[np.bool_], per_load: Floats, year: int) -> Floats:
    """Contained tonnes a year that the plants `here` can make in mid-year (draw,)."""
    n = ground.network
    capacity = running(n, year + 0.5)
    plain = np.where(np.isfinite(capacity), capacity, 0.0) * per_load * DAYS
    total = np.zeros(ground.run.draws)
    for row in np.flatnonzero(here):
        name = n.uncertainty[int(n.capacity_by[row])].name
        factor = ground.drawn[name] / ground.parameters[name].median if name in ground.drawn else 1.0
        total += float(plain[row]) * factor
    return total


def _shipped(ground: Ground, region: str) -> Floats:
    labels = [label.split("|") for label in ground.run.labels("exports")]
    rows = [k for k, (to, what) in enumerate(labels) if to == region and what.startswith("magnet.")]
    return ground.by_year(ground.series("exports")[rows].sum(axis=0))


def section(ground: Ground, region: str) -> Section | None:
    """What own plants could make by year, beside what China ships."""
    found = supply(ground, region)
    if found is None:
        return None
    place, labels, last = wording.place(region), [str(year) for year in found.years], found.years[-1]
    final = points(found.whole[-1])
    said = (
        f"In {last} own plants can cover {wording.percent(final['median'])} of the magnets wanted in {place} "
        "from mine to "
        f"magnet; the narrowest stage is {found.narrowest(-1)}"
    )
    plants = _claims(ground, region)
    caption = Caption(
        said,
        f"% of the NdPr in magnets that makers in {place} want · plants as announced, run full · "
        f"{wording.count(ground.run.draws)} draws",
        ground.cite(plants) or (ground.by_itself,),
        note="Plants of assumed capacity are among them." if found.assumed else "",
        bare=ground.bare,
    )
    lines = [
        {"name": "magnet plants alone, median", "rows": _line(labels, found.stages["magnet"])},
        {"name": "shipped from China, % of magnets built in", "rows": _line(labels, found.chinese)},
    ]
    drawn = both(lambda width: fan(fan_rows(labels, 100 * found.whole), caption, references=lines, width=width))
    rows = [
        (
            year,
            *(wording.percent(points(found.whole[k])[q]) for q in ("p05", "median", "p95")),
            *(wording.percent(points(found.stages[s][k])["median"]) for s in STAGES),
            wording.percent(points(found.chinese[k])["median"]),
        )
        for k, year in enumerate(labels)
    ]
    head = ("Year", "Whole chain 5 %", "median", "95 %", *(s.capitalize() for s in STAGES), "Shipped from China")
    return Section(
        said,
        "Each stage is what its plants in the tables can make when they run full and are fed with their "
        "richest ore, over "
        "what makers at home want; the whole chain is its narrowest stage. Plants that high prices would add "
        "are not in it. "
        "The run keeps no origin of magnets but China's, so it cannot say which allied country the others came from.",
        *drawn,
        Table(head, rows, f"Shares of the NdPr in the magnets that makers in {place} want; medians by stage"),
        (ground.by_itself, *ground.cite(plants)),
        anchor="self-made",
    )


def _line(labels: list[str], values: Floats) -> list[dict[str, object]]:
    return [{"period": label, "value": 100 * points(values[k])["median"]} for k, label in enumerate(labels)]


def _claims(ground: Ground, region: str) -> list[Claim]:
    n = ground.network
    at = n.regions.index(region)
    own = [f for k, f in enumerate(n.facilities) if n.facility_region[k] == at and n.facility_stage[k] in STAGES]
    return [c for f in own for kind in ("capacity", "mine") for c in ground.by_parameter.get(f"{kind}:{f}", ())]
