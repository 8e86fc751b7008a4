"""Home to the page of one thing of the world: facility, material, element and country have the same sections in the
same order: what it is, where it gets from, where it sends to, what it does stage by stage, who stands behind each
number, which rules touch it, and the runs in which it runs short.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ytterby.desk import contested, kept, lawyerly, reasoned, worldly
from ytterby.desk.blocks import Block, Cell, Chip, Column, Details, Facts, Link, Table, Text
from ytterby.desk.page import Asked, KeyFigure, Section, Shown
from ytterby.desk.pages import claims as listing

if TYPE_CHECKING:
    from ytterby.evidence.claims import Claim
    from ytterby.project import Project
    from ytterby.rules.clauses import Clause, Instrument
    from ytterby.rules.regimes import Standing
    from ytterby.world.atlas import Atlas

WORDS = {
    **listing.WORDS,
    **lawyerly.WORDS,
    "world": ("World", "世界"),
    "basis_thing": (
        "Static balance of {year}, all demand met, before any licence · capacities on {day}",
        "{year} 年静态平衡，需求全部满足，不计许可 · 产能截至 {day}",
    ),
    "what": ("What it is", "基本情况"),
    "from": ("{n} sources; {first} gives {share}", "共 {n} 个来源，{first}占 {share}"),
    "from_one": ("All of it comes from {first}", "全部来自{first}"),
    "from_none": ("It takes in nothing", "没有来料"),
    "to": ("{n} takers; {first} takes {share}", "共 {n} 个去向，{first}占 {share}"),
    "to_one": ("All of it goes to {first}", "全部流向{first}"),
    "to_none": ("It hands nothing on", "没有下游"),
    "who": ("Who", "对象"),
    "stage": ("Stage", "环节"),
    "country": ("Country", "国家"),
    "material": ("Material", "材料"),
    "amount": ("A year", "每年"),
    "unit": ("Unit", "单位"),
    "share": ("Share", "占比"),
    "most_shown": ("The {n} largest of {all}.", "共 {all} 项，列出最大的 {n} 项。"),
    "claims_title": (
        "{n} figures stand behind it, {assumed} of them assumed",
        "{n} 个数字支撑本页，其中 {assumed} 个为假设",
    ),
    "claims_none": ("No source speaks of it", "没有来源提及"),
    "own": ("Figures of our own, assumed", "自设的假设值"),
    "why": ("Why", "理由"),
    "value": ("Value", "数值"),
    "rules_title": ("{n} clauses touch it, {now} of them in force today", "{n} 条规则涉及它，今日有 {now} 条生效"),
    "rules_rest": ("{n} more clauses", "另有 {n} 条"),
    "rules_none": ("No rule we know touches it", "没有已知规则涉及它"),
    "rules_basis": ("As known on {day}, under the reading {reading}", "截至 {day} 所知，按解读 {reading}"),
    "clause": ("Clause", "条款"),
    "instrument": ("Instrument", "文件"),
    "asks": ("It asks", "要求"),
    "now": ("Today", "今日"),
    "in_force": ("in force", "生效中"),
    "not_in_force": ("not in force", "未生效"),
    "runs_title": (
        "In “{scenario}” the first line that needs it slows on {day}",
        "情景“{scenario}”中，相关生产线最早于 {day} 放缓",
    ),
    "runs_calm": ("In no kept run does a line that needs it slow", "已存运行中，相关生产线均未放缓"),
    "runs_none": ("No run was kept yet", "尚无运行"),
    "runs_basis": (
        "Median day on which joint output falls below 95 % of plan · lines of which 1 % or more hangs on it",
        "联合产量跌破计划 95% 的中位日期 · 依赖度不低于 1% 的生产线",
    ),
    "run": ("Run", "运行"),
    "line": ("Line", "生产线"),
    "slows": ("Slows", "放缓"),
    "hangs": ("Hangs on it", "依赖度"),
    "passes": ("Of the {mix} in the world’s products", "在全球产品所含{mix}中"),
    "passes_key": ("Passes through it", "经由此处"),
}  # fmt: skip
MOST = 25
"""Rows of a table of partners."""
LATEST = 3
"""Scenarios whose newest run is told."""
LINES = 8
"""Lines told of a run."""
CLAUSES = 10
"""Clauses told at once; the others open on demand."""
LEAST = 0.01
"""Share of its intake that must hang on a thing for a line to count as one that needs it."""


@dataclass(frozen=True, slots=True)
class Party:
    """One end of what comes or goes."""

    id: str
    name: str
    to: Link
    stage: str
    place: str
    material: str
    amount: float
    unit: str
    share: float
    assumed: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What a page has to say of its thing; `shown` puts it into the shape."""

    title: str
    facts: Sequence[tuple[str, Cell]]
    comes: Sequence[Party]
    goes: Sequence[Party]
    stages: Section
    claims: Sequence[Claim]
    assumptions: Sequence[str] = ()
    """Names of our own figures it stands on."""
    touches: Callable[[Clause], bool] = field(default=lambda clause: False)
    hangs: NDArray[np.float64] | None = None
    """Share of each facility's intake that hangs on it (facility,); None where nothing can."""
    keys: Sequence[KeyFigure] = ()
    crumbs: Sequence[Link] = ()
    figures: Sequence[Section] = ()


def shown(project: Project, asked: Asked, found: Atlas, told: Told) -> Shown:
    """The page of a thing, always of the same shape."""
    from ytterby.desk.trading import year

    sections = [
        Section("what", asked.say("what"), [Facts([one for one in told.facts if one[1] not in ("", None)])]),
        _parties(asked, found, "from", told.comes),
        _parties(asked, found, "to", told.goes),
        told.stages,
        *told.figures,
        _claims(project, asked, found, told),
        _rules(project, asked, told.touches),
        _runs(project, asked, found, told.hangs),
    ]
    return Shown(
        told.title,
        sections,
        basis=asked.say("basis_thing", year=year(found), day=found.day.isoformat()),
        keys=told.keys,
        crumbs=[Link(asked.say("world"), asked.to("world", asked=worldly.when(asked))), *told.crumbs],
    )


def partners(
    asked: Asked,
    found: Atlas,
    links: NDArray[np.int64],
    end: NDArray[np.int64],
    weight: NDArray[np.float64],
    unit: str,
    *,
    by: str = "facility",
    materials: bool = True,
) -> list[Party]:
    """Who stands at one end of `links`, added up, largest first.

    Args:
        asked: the question.
        found: the world.
        links: rows of links.
        end: the facility at the end that is asked about, for all links (link,).
        weight: what counts, a year, for all links (link,).
        unit: of the weight.
        by: ``facility``; ``country``: the facilities of a stage in a country are one; ``product``: makers of a family.
        materials: whether each material has a row of its own.
    """
    n = found.network
    sums: dict[tuple[str, str], list[Any]] = {}
    for link in links[weight[links] > 0].tolist():
        row = int(end[link])
        name = {
            "facility": n.facilities[row],
            "country": f"{found.country[row]} {found.stage[row]}",
            "product": worldly.product(found, row, asked.lang),
        }[by]
        material = n.materials[found.material[link]] if materials else ""
        entry = sums.setdefault((name, material), [row, 0.0, 0.0])
        entry[1] += float(weight[link])
        entry[2] += float(weight[link]) * bool(n.facility_assumed[row] and found.stage[row] != "use")
    total = sum(entry[1] for entry in sums.values())
    parties = [
        _party(asked, found, by, entry[0], material, entry[1], unit, entry[1] / total, entry[2] > 0.5 * entry[1])
        for (_, material), entry in sums.items()
    ]
    return sorted(parties, key=lambda one: (-one.amount, one.id, one.material))


def _party(
    asked: Asked,
    found: Atlas,
    by: str,
    row: int,
    material: str,
    amount: float,
    unit: str,
    share: float,
    assumed: bool,  # noqa: FBT001 - a column of the row
) -> Party:
    code, name = found.country[row], found.network.facilities[row]
    to = worldly.to_facility(asked, found, row)
    if by == "country":
        to, name = worldly.to_country(asked, found, code), code
    elif by == "product":
        name = worldly.product(found, row, asked.lang)
        to = Link(name, asked.to("facilities", asked={"stage": "use", **worldly.when(asked)}))
    stage = found.stage[row]
    place = code if by == "facility" else ""
    return Party(name, to.text, to, stage, place, material, amount, unit, share, assumed)


def _parties(asked: Asked, found: Atlas, way: str, parties: Sequence[Party]) -> Section:
    columns = [
        Column("who", asked.say("who")),
        Column("stage", asked.say("stage")),
        Column("place", asked.say("country")),
        Column("material", asked.say("material")),
        Column("amount", asked.say("amount"), "number"),
        Column("unit", asked.say("unit")),
        Column("share", asked.say("share"), "number"),
    ]
    used = {"material": any(one.material for one in parties), "place": any(one.place for one in parties)}
    columns = [one for one in columns if used.get(one.key, True)]
    cells: list[dict[str, Cell]] = [
        {
            "who": one.to,
            "stage": worldly.stage(one.stage, asked.lang),
            "place": worldly.to_country(asked, found, one.place) if one.place else "",
            "material": worldly.to_material(asked, found, one.material) if one.material else "",
            "amount": one.amount,
            "unit": one.unit,
            "share": worldly.share(asked, one.share),
            "assumed": one.assumed,
        }
        for one in parties[:MOST]
    ]
    data = [
        {
            "id": one.id,
            "name": one.name,
            "stage": one.stage,
            "place": one.place,
            "material": one.material,
            "amount": one.amount,
            "unit": one.unit,
            "share": one.share,
            "assumed": one.assumed,
        }
        for one in parties
    ]
    blocks: list[Block] = [Table(columns, cells, data=data)] if parties else []
    if len(parties) > MOST:
        blocks.append(Text([asked.say("most_shown", n=MOST, all=len(parties))], quiet=True))
    return Section(way, _finding(asked, way, parties), blocks)


def _finding(asked: Asked, way: str, parties: Sequence[Party]) -> str:
    if not parties:
        return asked.say(f"{way}_none")
    sums: dict[str, float] = {}
    for one in parties:
        sums[one.name] = sums.get(one.name, 0.0) + one.share
    first = max(sums, key=lambda name: sums[name])
    if len(sums) == 1:
        return asked.say(f"{way}_one", first=first)
    return asked.say(way, n=len(sums), first=first, share=worldly.share(asked, sums[first]))


def _claims(project: Project, asked: Asked, found: Atlas, told: Told) -> Section:
    claims = sorted(
        (one for one in told.claims if one.status != "rejected" and (one.known is None or one.known <= found.day)),
        key=lambda one: (one.known is None, -(one.known.toordinal() if one.known else 0), one.id),
    )
    blocks: list[Block] = []
    if claims:
        blocks.append(listing.table(asked, claims, contested.contested(project, asked).conflicting, 20))
    own = [line for line in found.world.tables["assumptions"] if line["parameter"] in set(told.assumptions)]
    if own:
        keys = ("parameter", "value", "unit", "why")
        columns = [Column(key, asked.say(key), "wide" if key == "why" else "text") for key in keys]
        cells: list[dict[str, Cell]] = [{**{key: line[key] for key in keys}, "assumed": True} for line in own]
        blocks.append(Table(columns, cells, caption=asked.say("own")))
    doubt = sum(one.assumed for one in claims) + len(own)
    title = asked.say("claims_title", n=len(claims) + len(own), assumed=doubt) if blocks else asked.say("claims_none")
    return Section("claims", title, blocks)


def behind(claims: Iterable[Claim], names: Iterable[str], also: Callable[[Claim], bool]) -> list[Claim]:
    """The claims that are weighed under one of `names`, or of which `also` says so."""
    wanted = set(names)
    return [one for one in claims if (one.parameter and one.parameter in wanted) or also(one)]


def _rules(project: Project, asked: Asked, touches: Callable[[Clause], bool]) -> Section:
    from ytterby.rules import regimes

    instruments = asked.kept("instruments", project.instruments)
    law = asked.kept("law", project.law)
    day: datetime.date = asked.today
    found = []
    for instrument in instruments:
        for clause in instrument.clauses:
            if touches(clause):
                standing = regimes.in_force(clause, day, day, law.reading, instruments)
                # What names these goods comes before what reaches everything.
                near = bool(clause.items.elements) + bool(clause.items.forms)
                found.append(((not standing.in_force, -near, clause.id), instrument, clause, standing))
    found.sort(key=lambda one: one[0])
    rows = [
        {
            "clause": clause.id,
            "instrument": instrument.id,
            "title": lawyerly.titled(clause, asked.lang),
            "outcome": clause.outcome,
            "in_force": standing.in_force,
            "why": str(standing.why),
        }
        for _, instrument, clause, standing in found
    ]
    cells = [_clause(asked, instrument, clause, standing) for _, instrument, clause, standing in found]
    keys = ("clause", "instrument", "asks", "now", "why")
    columns = [Column(key, asked.say(key), "wide" if key in ("clause", "why") else "text") for key in keys]
    now = sum(bool(one["in_force"]) for one in rows)
    title = asked.say("rules_title", n=len(rows), now=now) if rows else asked.say("rules_none")
    blocks: list[Block] = [Table(columns, cells[:CLAUSES], data=rows)] if rows else []
    if len(rows) > CLAUSES:
        rest = Table(columns, cells[CLAUSES:], data=(), caption=asked.say("rules_rest", n=len(rows) - CLAUSES))
        blocks.append(Details(asked.say("rules_rest", n=len(rows) - CLAUSES), [rest]))
    basis = asked.say("rules_basis", day=day.isoformat(), reading=lawyerly.reading(asked, law.reading))
    return Section("rules", title, blocks, basis=basis)


def _clause(asked: Asked, instrument: Instrument, clause: Clause, standing: Standing) -> dict[str, Cell]:
    return {
        "clause": lawyerly.link(asked, clause.id, lawyerly.titled(clause, asked.lang)),
        "instrument": Link(lawyerly.titled(instrument, asked.lang), asked.to("instrument", instrument.id)),
        "asks": lawyerly.outcome(asked, clause.outcome),
        "now": Chip(asked.say("in_force"), "bad") if standing else Chip(asked.say("not_in_force")),
        "why": reasoned.told(standing.why, asked.lang),
    }


def _runs(project: Project, asked: Asked, found: Atlas, hangs: NDArray[np.float64] | None) -> Section:
    newest: dict[str, kept.Kept] = {}
    for run in kept.runs(project.path / "runs"):
        newest.setdefault(run.scenario, run)
    if not newest or hangs is None:
        return Section("runs", asked.say("runs_none" if not newest else "runs_calm"), [])
    rows: list[dict[str, Any]] = []
    for run in list(newest.values())[:LATEST]:
        days = asked.kept(f"first_slow:{run.id}", lambda run=run: kept.first_slow(run))  # type: ignore[misc]
        needing = [
            (day, name, float(hangs[found.index[name]]))
            for name, day in days.items()
            if name in found.index and hangs[found.index[name]] >= LEAST
        ]
        rows += [
            {
                "run": run.id,
                "scenario": run.named(asked.lang),
                "line": name,
                "name": worldly.facility(found, found.index[name], asked.lang),
                "slows": day.isoformat(),
                "hangs": share,
            }
            for day, name, share in sorted(needing)[:LINES]
        ]
    cells: list[dict[str, Cell]] = [
        {
            "line": worldly.to_facility(asked, found, found.index[row["line"]]),
            "slows": row["slows"],
            "hangs": worldly.share(asked, row["hangs"]),
            "run": Link(row["scenario"], asked.to("run", row["run"])),
        }
        for row in rows
    ]
    columns = [
        Column("line", asked.say("line")),
        Column("slows", asked.say("slows"), "date"),
        Column("hangs", asked.say("hangs"), "number"),
        Column("run", asked.say("run"), "wide"),
    ]
    if not rows:
        return Section("runs", asked.say("runs_calm"), [])
    first = min(rows, key=lambda row: (row["slows"], row["name"]))
    title = asked.say("runs_title", scenario=first["scenario"], day=first["slows"])
    return Section("runs", title, [Table(columns, cells, data=rows)], basis=asked.say("runs_basis"))


def touching(
    elements: Iterable[str], forms: Iterable[str], here: str = "", suppliers: Iterable[str] = ()
) -> Callable[[Clause], bool]:
    """Whether a clause may reach goods of these elements and forms.

    Clauses about other substances (Ga, Sb, graphite) reach none; one that names no element or form reaches all.

    Args:
        elements: rare earths in the goods.
        forms: forms of the law they may have.
        here: the country they leave or enter; empty = any.
        suppliers: countries from which they come here.
    """
    wanted, kinds, abroad = frozenset(elements), frozenset(forms), frozenset(suppliers)

    def touches(clause: Clause) -> bool:
        items = clause.items
        if items.substances and not items.elements:
            return False
        if items.elements and not wanted & set(items.elements):
            return False
        if items.forms and not kinds & set(items.forms):
            return False
        if not items.elements and not items.forms and items.scope == "listed":
            return False
        if not here or here in clause.origins or here in clause.destinations:
            return True
        return not clause.destinations and bool(abroad & set(clause.origins))

    return touches


def passing(asked: Asked, found: Atlas, here: NDArray[np.bool_], mix: str) -> tuple[NDArray[np.float64], float]:
    """Share of each facility's intake of a mix that has passed through `here`, and that of all products together."""
    entered = found.through(here, mix)
    taken = np.bincount(found.buyer, found.flows(mix), len(found.stage))
    using = np.array([stage == "use" for stage in found.stage], dtype=np.bool_)
    total = float(taken[using].sum())
    return entered, float((entered * taken)[using].sum()) / total if total > 0 else 0.0
