"""Home to verdicts about to flip: the shipments that are watched, and the days ahead on which their verdict changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.desk import lawyerly, shipping
from ytterby.desk.blocks import Block, Cell, Column, Link, Notice, Table, Text
from ytterby.desk.page import Asked, Section

if TYPE_CHECKING:
    from ytterby.project import Project
    from ytterby.project.shipments import Flip

WORDS = {
    "flips_some": ("{n} verdicts on watched shipments are about to flip", "{n} 项受关注货物的判定即将改变"),
    "flips_one": ("The verdict on {name} flips on {day}", "{name} 的判定将于 {day} 改变"),
    "flips_none": ("No verdict on the {n} watched shipments is about to flip", "受关注的 {n} 批货物近期判定不变"),
    "flips_unwatched": ("No shipment is watched", "尚无受关注的货物"),
    "flips_basis": ("The next {n} days, under every reading", "今后 {n} 天，按各种解读"),
    "flips_how": (
        "Check a shipment and press “Watch this shipment”: the day its verdict changes then stands here.",
        "检查一批货物并点击“关注这批货物”，其判定改变的日期便会列在此处。",
    ),
    "flip_day": ("Day", "日期"),
    "flip_shipment": ("Shipment", "货物"),
    "flip_change": ("From → to", "由 → 变为"),
    "flip_clauses": ("Clauses", "条款"),
    "flip_readings": ("Under", "按解读"),
    "every_reading_alike": ("every reading", "各种解读"),
}


def section(project: Project, asked: Asked, *, width: str = "full") -> Section:
    """The section of the day: which watched shipment's verdict flips, when, from what to what, and by which clause.

    The page that shows it takes `WORDS` of this file and of `lawyerly` into its own.
    """
    from ytterby.project.law import AHEAD

    watched, refused = asked.kept("shipments", project.shipments)
    found = asked.kept(f"flips:{asked.today}", lambda: project.flips(AHEAD, asked.today)) if watched else []
    blocks: list[Block] = [Notice(str(one).replace("\n", " · "), "bad") for one in refused]
    if found:
        blocks.insert(0, table(project, asked, found))
    elif not watched:
        to = Link(asked.say("check"), asked.to("check"))
        blocks.append(Text([[asked.say("flips_how"), " ", to]], quiet=True))
    names = [one.name for one in watched]
    return Section(
        "flips",
        _title(asked, found, len(watched)),
        blocks if found or not watched else [*blocks, Text([_listed(asked, project, names)], quiet=True)],
        basis=asked.say("flips_basis", n=AHEAD) if watched else "",
        width="half" if width == "half" else "full",
    )


def _title(asked: Asked, found: list[Flip], watched: int) -> str:
    if len(found) == 1:
        return asked.say("flips_one", name=found[0].shipment, day=found[0].day.isoformat())
    if found:
        return asked.say("flips_some", n=len({(one.shipment, one.day) for one in found}))
    return asked.say("flips_none", n=watched) if watched else asked.say("flips_unwatched")


def _listed(asked: Asked, project: Project, names: list[str]) -> list[Link | str]:
    pieces: list[Link | str] = []
    for name in names:
        pieces += [asked.say("comma"), way(project, asked, name)] if pieces else [way(project, asked, name)]
    return pieces


def table(project: Project, asked: Asked, found: list[Flip]) -> Table:
    """The flips as a table."""
    every = len(project.readings())
    columns = (
        Column("day", asked.say("flip_day"), "date"),
        Column("shipment", asked.say("flip_shipment")),
        Column("change", asked.say("flip_change")),
        Column("clauses", asked.say("flip_clauses"), "wide"),
        Column("readings", asked.say("flip_readings")),
    )
    cells: list[dict[str, Cell]] = [
        {
            "day": one.day.isoformat(),
            "shipment": way(project, asked, one.shipment),
            "change": [lawyerly.outcome(asked, one.before), " → ", lawyerly.outcome(asked, one.after)],
            "clauses": lawyerly.links(asked, one.clauses),
            "readings": asked.say("every_reading_alike")
            if len(one.readings) == every
            else lawyerly.readings(asked, one.readings),
        }
        for one in found
    ]
    return Table(columns, cells, data=[one.to_dict() for one in found])


def way(project: Project, asked: Asked, name: str) -> Link:
    """The way from a watched shipment to its verdict."""
    facts = next((one.facts for one in asked.kept("shipments", project.shipments)[0] if one.name == name), None)
    fields = {} if facts is None else shipping.fields_of(facts)
    return Link(name, asked.to("check", asked=fields))
