"""Home to what a run costs, as a reader is told it in either language: value added lost by country and sector.

The numbers are those of `run.losses`. The report and the run's page on the desk say the same sentences and draw the
same ranges from here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from ytterby.figures import Caption, ranges
from ytterby.findings import wording
from ytterby.findings.ground import Ground, both
from ytterby.report import KeyFigure, Section, Source, Table
from ytterby.run import concordance
from ytterby.run.losses import ALL, POINTS, WORLD
from ytterby.world.inputs import named

if TYPE_CHECKING:
    from ytterby.run.losses import Cost

WORDS = {
    "title": (
        "Stopped lines cost {world} of value added, most {first}: {amount}",
        "停产损失增加值 {world}，{first}最多：{amount}",
    ),
    "finding": (
        "Stopped lines cost {world} of value added (90 %: {low} – {high}), most {first}: {amount}",
        "停产损失增加值 {world}（90% 区间 {low}至{high}），{first}最多：{amount}",
    ),
    "none": ("No value added is lost: no line stops for long", "无增加值损失：没有生产线长时间停工"),
    "sectors_title": (
        "{beyond} of the loss falls beyond the stopped lines; most in {first}",
        "{beyond} 的损失发生在停产线之外；损失最大的是{first}",
    ),
    "sectors_own": ("Most is lost in {first}: {amount}", "损失最大的是{first}：{amount}"),
    "industries_title": (
        "The largest single loss: {first} {where}, {amount} or {share} of its value added",
        "单项损失最大：{where}的{first}，{amount}，占其增加值的 {share}",
    ),
    "lead": (
        "Over the run {world} or {share} of value added is not made (90 %: {low} – {high}); {direct} "
        "of it in the capacity that stands still with the lines, {indirect} beyond it: suppliers without orders, "
        "customers without parts, less what others make up for. Each number is a quantile of its own, so they do not "
        "add up.",
        "运行期内损失增加值 {world}（90% 区间 {low}至{high}），占同期增加值的 {share}；其中随产线停工的产能损失 "
        "{direct}，其余 {indirect} 发生在停产线之外：供应商失去订单，客户缺少零件，减去他人弥补的部分。"
        "各数分别取分位数，故不可相加。",
    ),
    "lead_sectors": (
        "A sector loses with its own lines, or because its suppliers or customers do.",
        "一个部门的损失或来自自身停产，或来自其供应商与客户。",
    ),
    "lead_industries": (
        "The {n} largest of {all} losses of a sector in a country.",
        "{all} 项“国家与部门”损失中最大的 {n} 项。",
    ),
    "basis": (
        "Value added lost over the run, {unit}, median and 5–95 % · {draws} draws · {table}",
        "运行期内增加值损失，{unit}，中位数与 5–95% 区间 · {draws} 次抽样 · {table}",
    ),
    "table_estimated": ("estimated table, assumed", "估算投入产出表，属假设"),
    "table_named": ("table {name}", "投入产出表 {name}"),
    "table_own": ("a table of your own", "自备投入产出表"),
    "assumed": (
        "The input-output table is estimated from public aggregates from memory, and which share of a sector "
        "hangs on which lines is our own guess; neither changes with time. Read orders of magnitude, not figures.",
        "投入产出表由凭记忆的公开总量估算而来，各部门有多大份额取决于哪些生产线亦为我们的估计，且均不随时间变化。请只看数量级。",
    ),
    "hangs_assumed": (
        "Which share of a sector hangs on which lines is assumed.",
        "各部门有多大份额取决于哪些生产线为假设。",
    ),
    "hangs_mark": ("assumed: what hangs on the lines", "假设：部门与产线的对应"),
    "limits": (
        "Left out: prices, substitution between inputs, changes of final demand, trade rerouted through third "
        "countries, and growth: a long run is told in the economy of the table's day.",
        "未计入：价格、投入品替代、最终需求变化、经第三国的改道贸易，以及增长：长期运行按投入产出表当年的经济叙述。",
    ),
    "runaway": (
        "In {share} of the draws output falls on while the lines come back: a failure of the ordering rule of the "
        "model, not of supply. Upper ends are too high.",
        "在 {share} 的抽样中，生产线恢复时产出仍继续下降：这是模型订货规则失稳，而非供应不足。区间上端偏高。",
    ),
    "crashed": (
        "In {share} of the draws stocks would have gone negative; their output counts as lost from there on.",
        "在 {share} 的抽样中库存将变为负值；其后产出均计为损失。",
    ),
    "country": ("Country", "国家"),
    "sector": ("Sector", "部门"),
    "industry": ("Country and sector", "国家与部门"),
    "lost": ("Lost, {unit}", "损失，{unit}"),
    "band": ("5–95 %", "5–95%"),
    # a dash would let the line break after it
    "span": ("{low}\u00a0to\u00a0{high}", "{low}\u00a0至\u00a0{high}"),
    "direct": ("With the lines", "停产线自身"),
    "indirect": ("Beyond them", "停产线之外"),
    "share": ("Of its value added", "占其增加值"),
    "key": ("Value added lost", "增加值损失"),
    "bn_usd": ("bn USD", "亿美元"),
    "money": ("{n} bn USD", "{n} 亿美元"),
    "other_money": ("{n} {unit}", "{n} {unit}"),
    "source_run": ("computed: economy {id} of run {run}", "计算：运行 {run} 的经济推演 {id}"),
    "source_table": ("Input-output table estimated from public aggregates", "由公开总量估算的投入产出表"),
    "by_days": ("day by day", "逐日推演"),
    "by_weeks": ("week by week", "逐周推演"),
    "method": (
        "The economy {id} goes on from every draw of the run: {regions} regions and {sectors} sectors, {step}, "
        "{table}. A sector loses the capacity that hangs on the lines that stand still; from there it "
        "follows by stocks, orders and what industries can stretch to. {limits} The equations stand in docs/economy.md "
        "of the source.",
        "经济体 {id} 由本次运行逐次抽样推演：{regions} 个地区、{sectors} 个部门，{step}，{table}。"
        "部门损失取决于停工产线的那部分产能，其后由库存、订货与产能伸缩决定。{limits}方程见源码 docs/economy.md。",
    ),
}
SHOWN = 14
"""Rows a figure draws."""
LARGEST = 12
"""Industries of the report's table."""
NOTHING = 1e-6
"""Share of the world's value added below which nothing is lost but the rounding of a step."""

Row = Mapping[str, Any]
Language = Literal["en", "zh"]


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """How the losses of one economy are said."""

    cost: Cost
    language: Language = "en"
    region: Callable[[str, Language], str] = wording.region
    """Label of a region in a language."""
    count: Callable[[int], str] = wording.count
    """A number of draws, thousands apart."""

    def say(self, key: str, **parts: object) -> str:
        """A sentence of `WORDS`."""
        return WORDS[key][self.language == "zh"].format(**parts)

    # money and names

    @property
    def dollars(self) -> bool:
        """Whether money is US dollars; of other money only the table knows the unit."""
        return str(self.cost.made.info["unit"]) == "USD"

    @property
    def unit(self) -> str:
        """What `scaled` numbers are in."""
        return self.say("bn_usd") if self.dollars else str(self.cost.made.info["unit"])

    @property
    def scale(self) -> float:
        """Money over this is in `unit`."""
        return (1e8 if self.language == "zh" else 1e9) if self.dollars else 1.0

    def number(self, value: float) -> str:
        """An amount without its unit."""
        return wording.amount(float(f"{value / self.scale:.3g}"))

    def money(self, value: float) -> str:
        """An amount with its unit."""
        return self.say("money" if self.dollars else "other_money", n=self.number(value), unit=self.unit)

    def percent(self, share: float) -> str:
        """A share."""
        return wording.percent(share, self.language)

    def place(self, code: str) -> str:
        """A region in a label."""
        return self.region(code, self.language)

    def where(self, code: str) -> str:
        """A region as the place of something."""
        return self.place(code) if self.language == "zh" else f"in {wording.place(code)}"

    def sector(self, name: str) -> str:
        """A sector of the estimated table in words; another's by its own name."""
        return self._names().get(name, (name, name))[self.language == "zh"]

    def within(self, name: str) -> str:
        """A sector in a sentence."""
        called = self.sector(name)
        return called[:1].lower() + called[1:] if self.language == "en" and name in self._names() else called

    def _names(self) -> dict[str, tuple[str, str]]:
        if self.cost.own is not None:
            return {}
        return {line["sector"]: (line["name"], line["name_zh"]) for line in concordance.rows("sectors")}

    # what is said

    @property
    def nothing(self) -> bool:
        """Whether no more than the rounding of a step is lost."""
        return bool(min(self.cost.world["share_median"], self.cost.countries[0]["share_median"]) < NOTHING)

    @property
    def assumed(self) -> bool:
        """Whether the table, or what of it hangs on the lines, is assumed."""
        return bool(self.cost.made.info["assumed"])

    def table(self) -> str:
        """Whose table it is."""
        if self.cost.own is None:
            return self.say("table_estimated")
        return self.say("table_named", name=self.cost.own) if self.cost.own else self.say("table_own")

    def basis(self) -> str:
        """Unit, band, draws and whose table."""
        return self.say("basis", unit=self.unit, draws=self.count(self.cost.made.draws), table=self.table())

    def title(self) -> str:
        """The finding by country, where a figure beside it shows the band."""
        return self.say("none") if self.nothing else self.say("title", **self._first())

    def finding(self) -> str:
        """The finding by country with the band of the total."""
        if self.nothing:
            return self.say("none")
        world = self.cost.world
        return self.say(
            "finding", low=self.number(world["lost_p05"]), high=self.number(world["lost_p95"]), **self._first()
        )

    def _first(self) -> dict[str, str]:
        first = self.cost.countries[0]
        told = {"first": self.where(first["region"]), "amount": self.money(first["lost_median"])}
        return told | {"world": self.money(self.cost.world["lost_median"])}

    def sectors_title(self) -> str:
        """The finding by sector."""
        world, first = self.cost.world, self.cost.sectors[0]
        if self.nothing or first["share_median"] < NOTHING:
            return self.say("none")
        name = self.within(first["sector"])
        share = world["indirect_median"] / world["lost_median"] if world["lost_median"] > 0.0 else 0.0
        if not 0.0 < share < 1.0:
            return self.say("sectors_own", first=name, amount=self.money(first["lost_median"]))
        return self.say("sectors_title", first=name, beyond=self.percent(share))

    def assumption(self) -> str:
        """What of it is assumed; empty where nothing is."""
        if not self.assumed:
            return ""
        return self.say("assumed" if self.cost.made.info["table_assumed"] else "hangs_assumed")

    def warnings(self) -> tuple[str, ...]:
        """What in the draws is the model's failure, not supply's."""
        found = {"runaway": self.cost.runaway, "crashed": self.cost.crashed}
        return tuple(self.say(key, share=self.percent(share)) for key, share in found.items() if share > 0.0)

    # what is drawn and tabled

    def marks(self, rows: Iterable[Row]) -> list[dict[str, Any]]:
        """Rows for `figures.ranges`."""
        return [
            {
                "label": self.name(row),
                **{point: row[f"lost_{point}"] / self.scale for point in POINTS},
                "assumed": self.assumed,
            }
            for row in rows
        ]

    def drawn(self, rows: Iterable[Row], caption: Caption, width: float) -> str:
        """Ranges by country or sector, the largest first."""
        return ranges(self.marks(rows), caption, most=SHOWN, largest=True, width=width)

    def name(self, row: Row) -> str:
        """What a row is about, in a label."""
        if row["sector"] == ALL:
            return self.place(row["region"])
        sector = self.sector(row["sector"])
        return sector if row["region"] == WORLD else f"{self.place(row['region'])} · {sector}"

    def columns(self, what: str) -> dict[str, str]:
        """Heads of `cells` by key; `what` the rows are about: ``country``, ``sector`` or ``industry``."""
        heads = {key: self.say(key) for key in ("band", "direct", "indirect", "share")}
        return {"name": self.say(what), "lost": self.say("lost", unit=self.unit), **heads}

    def cells(self, row: Row) -> dict[str, str | float]:
        """A row as a reader is told it, by the keys of `columns`; money in `unit`."""
        low, high = (wording.amount(row[f"lost_{point}"] / self.scale) for point in ("p05", "p95"))
        return {
            "name": self.name(row),
            "lost": row["lost_median"] / self.scale,
            "band": self.say("span", low=low, high=high),
            "direct": row["direct_median"] / self.scale,
            "indirect": row["indirect_median"] / self.scale,
            "share": self.percent(row["share_median"]),
        }


# in the report


def sections(ground: Ground, language: Language = "en") -> list[Section]:
    """What the run costs by country, by sector and where most; none where it was followed into no economy."""
    if ground.cost is None:
        return []
    told = Told(ground.cost, language)
    first = _section(ground, told, "country", told.finding(), _lead(told))
    if told.nothing:
        return [first]
    made = [first, _section(ground, told, "sector", told.sectors_title(), told.say("lead_sectors"))]
    # a loss that is spread thin leaves every industry as good as untouched
    return [*made, _largest(told)] if ground.cost.industries else made


def finding(ground: Ground) -> str | None:
    """What the run costs in one sentence, with whose table that rests on; None where nobody followed it."""
    if ground.cost is None:
        return None
    told = Told(ground.cost)
    return " ".join((f"{told.finding()} ({told.table()}).", *told.warnings()))


def key(ground: Ground) -> tuple[KeyFigure, ...]:
    """What is lost in all, for the strip under the headline."""
    if ground.cost is None or Told(ground.cost).nothing:
        return ()
    told, world = Told(ground.cost), ground.cost.world
    band = f"5–95 %: {told.say('span', low=told.number(world['lost_p05']), high=told.number(world['lost_p95']))}"
    return (KeyFigure(told.say("key"), told.number(world["lost_median"]), told.unit, band, assumed=told.assumed),)


def _lead(told: Told) -> str:
    world = told.cost.world
    if told.nothing:
        return told.basis() + "."
    amounts = {kind: told.money(world[f"{kind}_median"]) for kind in ("direct", "indirect")}
    return told.say(
        "lead",
        world=told.money(world["lost_median"]),
        low=told.number(world["lost_p05"]),
        high=told.number(world["lost_p95"]),
        share=told.percent(world["share_median"]),
        **amounts,
    )


def _section(ground: Ground, told: Told, what: str, title: str, lead: str) -> Section:
    rows = told.cost.countries if what == "country" else told.cost.sectors
    whole = what == "country"
    sources = _sources(told)
    caption = Caption(
        title,
        told.basis(),
        sources,
        note="" if ground.bare else told.assumption(),
        language=told.language,
        bare=ground.bare,
    )
    drawn = ("", "") if told.nothing else both(lambda width: told.drawn(rows, caption, width))
    return Section(
        title,
        lead,
        *drawn,
        None if told.nothing else _table(told, what, rows),
        sources,
        # said once: the other sections stand under it
        note=_joined(told, told.assumption(), told.say("limits")) if whole else "",
        mark=_mark(told),
        warnings=told.warnings() if whole else (),
        anchor="economy" if whole else "economy-sectors",
    )


def _largest(told: Told) -> Section:
    found = told.cost.industries
    first, shown = found[0], found[:LARGEST]
    title = told.say(
        "industries_title",
        first=told.within(first["sector"]),
        where=told.where(first["region"]),
        amount=told.money(first["lost_median"]),
        share=told.percent(first["share_median"]),
    )
    return Section(
        title,
        told.say("lead_industries", n=len(shown), all=len(found)),
        table=_table(told, "industry", shown),
        sources=_sources(told),
        mark=_mark(told),
        anchor="economy-industries",
    )


def _table(told: Told, what: str, rows: Sequence[Row]) -> Table:
    heads = told.columns(what)
    cells = [told.cells(row) for row in rows]
    assumed = frozenset(range(len(cells))) if told.assumed else frozenset()
    return Table(tuple(heads.values()), [tuple(cell[key] for key in heads) for cell in cells], assumed=assumed)


def _mark(told: Told) -> str:
    """The chip: an estimated table is one even where somebody measured what hangs on the lines."""
    if not told.assumed:
        return ""
    return told.say("hangs_mark") if told.cost.own is not None else told.say("table_estimated")


def _joined(told: Told, *sentences: str) -> str:
    return ("" if told.language == "zh" else " ").join(one for one in sentences if one)


def _sources(told: Told) -> tuple[str, ...]:
    made = told.cost.made
    return told.say("source_run", id=made.id, run=made.info["of"]), told.table()


# what a report stands on


def source(ground: Ground) -> tuple[Source, ...]:
    """The table, for the list of sources."""
    if ground.cost is None:
        return ()
    told, info = Told(ground.cost), ground.cost.made.info
    title = told.say("source_table") if ground.cost.own is None else told.table()
    return (Source(title, assumed=bool(info["table_assumed"])),)


def method(ground: Ground) -> tuple[str, ...]:
    """How the economy was followed, and what that leaves out."""
    if ground.cost is None:
        return ()
    told, info = Told(ground.cost), ground.cost.made.info
    return (
        told.say(
            "method",
            id=ground.cost.made.id,
            regions=len(info["regions"]),
            sectors=len(info["sectors"]),
            step=told.say("by_days" if info["step_days"] == 1 else "by_weeks"),
            table=told.table(),
            limits=told.say("limits"),
        ),
    )


def assumptions(ground: Ground) -> list[tuple[str, float, str, str, str]]:
    """Rows of what is assumed of the economy: its input, median, spread, unit and why."""
    if ground.cost is None:
        return []
    told = Told(ground.cost)
    why = {line["parameter"]: line["why"] for line in concordance.rows("behaviour")}
    return [
        (
            _named(told, p["name"]),
            float(p["median"]),
            f"{wording.amount(float(p['low']))}–{wording.amount(float(p['high']))}",
            str(p["unit"]),
            why.get(p["name"]) or told.say("hangs_assumed"),
        )
        for p in ground.cost.made.info["ranges"]
        if p["assumed"]
    ]


def _named(told: Told, name: str) -> str:
    if (known := named(name)) is not None:
        return known.en
    pool, _, sector = name.removeprefix(concordance.PREFIX).partition(":")
    return f"share of {told.within(sector)} that hangs on {pool}"
