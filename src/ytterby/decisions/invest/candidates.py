"""Home to candidates: plants that nobody has announced, one of each stage at home, so that a plan has what to build.

They stand in the world from the start without capacity of their own, buy and sell like announced plants before they
run, and hold what is ordered at them. Their recipes are those of plants that stand; everything about them is assumed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ytterby.terms.errors import UnknownName
from ytterby.world.baseline import Line, Tables

NEVER = ("2190-01-01", "2191-01-01")
"""Start and full rate of the nameplate: what runs is what is ordered."""
NAMEPLATE = "1000"
"""Tonnes a year; buyers weigh a plant that does not run yet by it."""
FEED = "0.01"
"""Share of a mine's nominal sales that a new separator begins with."""
LINK = "0.002"
"""Share of a maker's orders that a new magnet plant begins with, as announced second sources do."""
SECOND = "0.01"
"""Share of a standing plant's orders that a new supplier of it begins with."""
ABROAD = "0.1"
"""Share of a candidate's own orders that goes to whoever sells outside China; the rest to its region and allies."""
CONTACT = "0.001"
"""Share of a standing plant's orders that goes to each plant at home or of an ally that could feed it."""
FILE = "candidates"

KINDS: Mapping[str, tuple[str, str, str, str]] = {
    "separation": ("sep_full", "out:oxide", "0.3", "new separation plant"),
    "metal": ("metal_ndpr;metal_dy;metal_tb", "out:metal", "0.4", "new metal plant"),
    "alloy": ("alloy", "out:alloy", "0.4", "new alloy plant"),
    "magnet": ("magnet", "out:magnet", "0.4", "new magnet plant"),
}
"""Stage -> process, basis, dependence on Chinese technology (as announced plants of the stage) and name."""
NAMES_ZH = {"separation": "新建分离厂", "metal": "新建金属厂", "alloy": "新建合金厂", "magnet": "新建磁体厂"}
COUNTRY = {"EU": "FR"}
"""A country of a region that is none itself."""


def name_of(stage: str, region: str) -> str:
    """Id of a candidate."""
    return f"new_{stage}_{region.lower()}"


def is_candidate(facility: str) -> bool:
    """Whether a facility is a candidate, by its id."""
    return facility.startswith("new_")


def laid_over(tables: Tables, region: str, allies: Iterable[str]) -> Tables:
    """The tables with a candidate of each stage in `region`; its separator takes the ores of the region and its allies.

    Raises:
        UnknownName: a region that no row of the tables names, or the rest of the world.
    """
    known = [row["code"] for row in tables["regions"] if row["code"] not in ("CN", "ZZ")]
    if region not in known:
        raise UnknownName(region, known, what="region", place="invest")
    homes = _regions(tables)
    ores = [
        row["id"]
        for row in tables["facilities"]
        if row["stage"] == "mine" and homes.get(row["country"]) in {region, *allies} - {"ZZ"}
    ]
    drives: dict[str, str] = {}
    for row in tables["feeds"]:
        if row["supplier"] in ores:
            drives.setdefault(row["supplier"], row["drive"])
    fed = {name: drive for name, drive in drives.items() if drive}
    stages = [stage for stage in KINDS if stage != "separation" or fed]
    facilities = [_facility(stage, region, number) for number, stage in enumerate(stages, start=1)]
    allied = {region, *allies}
    feeds = [
        _line({"supplier": mine, "separator": name_of("separation", region), "share": FEED, "drive": drive}, number)
        for number, (mine, drive) in enumerate(fed.items(), start=1)
    ]
    standing = [(row["id"], row["stage"], homes.get(row["country"]) or "") for row in tables["facilities"]]
    links = [_line(cells, number) for number, cells in enumerate(_links(region, allied, stages, standing), start=1)]
    return tables.having(
        facilities=(*tables["facilities"], *facilities),
        feeds=(*tables["feeds"], *feeds),
        links=(*tables["links"], *links),
    )


def _links(
    region: str, allied: set[str], stages: list[str], standing: list[tuple[str, str, str]]
) -> Iterator[dict[str, str]]:
    """Who sells to the candidates, and to whom they sell."""
    before = {"metal": ("separation", "oxide.*"), "alloy": ("metal", "metal.*"), "magnet": ("alloy", "alloy.*")}
    for stage, (source, materials) in before.items():
        near = [plant for plant, kind, home in standing if kind == source and home in allied]
        near += [name_of(source, region)] if source in stages else []
        buyer = {"material": materials, "buyer": name_of(stage, region), "region": "*", "kind": "main"}
        for plant in near:
            yield {**buyer, "supplier": plant, "share": f"{(1 - float(ABROAD)) / len(near):.6f}"}
        yield {**buyer, "supplier": "@XX", "share": ABROAD}
    for stage, (source, materials) in before.items():
        if source in stages and source != "separation":
            for plant in [plant for plant, kind, home in standing if kind == stage and home == region]:
                cells = {"material": materials, "buyer": plant, "region": "*", "supplier": name_of(source, region)}
                yield {**cells, "share": SECOND, "kind": "extra"}
    yield from _contacts(region, allied, standing)
    cells = {"material": "magnet.*", "buyer": "*", "region": region, "supplier": name_of("magnet", region)}
    yield {**cells, "share": LINK, "kind": "extra"}


def _contacts(region: str, allied: set[str], standing: list[tuple[str, str, str]]) -> Iterator[dict[str, str]]:
    """A plan may contract between any two plants at home or of allies; buyers come to know all who could feed them."""
    feeds = {
        "metal": (("separation", "oxide.*"),),
        "alloy": (("separation", "oxide.*"), ("metal", "metal.*")),
        "magnet": (("alloy", "alloy.*"),),
    }
    for buyer, stage, home in standing:
        if home == region:
            for source, materials in feeds.get(stage, ()):
                for seller, kind, place in standing:
                    if kind == source and place in allied:
                        cells = {"material": materials, "buyer": buyer, "region": "*", "supplier": seller}
                        yield {**cells, "share": CONTACT, "kind": "extra"}
    for seller, kind, place in standing:
        if kind == "magnet" and place == region:
            cells = {"material": "magnet.*", "buyer": "*", "region": region, "supplier": seller}
            yield {**cells, "share": CONTACT, "kind": "extra"}


def _regions(tables: Tables) -> dict[str, str]:
    """Country -> region."""
    found = {row["code"]: row["code"] for row in tables["regions"]}
    for row in tables["regions"]:
        found |= dict.fromkeys(row["members"].split(), row["code"])
    return found


def _facility(stage: str, region: str, number: int) -> Line:
    process, basis, tech, name = KINDS[stage]
    start, full = NEVER
    cells = {
        "id": name_of(stage, region),
        "name": f"{name} ({region})",
        "name_zh": f"{NAMES_ZH[stage]}（{region}）",
        "stage": stage,
        "country": COUNTRY.get(region, region),
        "process": process,
        "capacity": NAMEPLATE,
        "basis": basis,
        "start": start,
        "full": full,
        "dates": "assumed",
        "tech": tech,
        "invests": "0",
        "note": "a candidate of a plan",
    }
    return _line(cells, number)


def _line(cells: Mapping[str, str], number: int) -> Line:
    return Line({"why": "a candidate of a plan", **cells}, FILE, number)
