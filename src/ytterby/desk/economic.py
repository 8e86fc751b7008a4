"""Home to what a run costs, on its page: value added lost by country and sector, and how sure that can be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ytterby.desk import outlook
from ytterby.desk.blocks import Block, Cell, Chip, Column, Details, Figure, Form, Notice, Table, Text
from ytterby.desk.page import Section

if TYPE_CHECKING:
    from ytterby.desk.page import Asked
    from ytterby.run.record import Run

WORDS = {
    "economy": ("What the stopped lines cost", "停产的经济代价"),
    "economy_lead": (
        "Lines that stand still cost more than themselves: suppliers lose orders, customers wait for parts. The run "
        "can be followed into an economy of nine regions and fourteen sectors, draw by draw.",
        "生产线停工的代价不止于自身：供应商失去订单，客户等待零件。可将本次运行逐次抽样地推演到九个地区、十四个部门的经济体。",
    ),
    "economy_make": ("Follow it into the economy", "推演经济影响"),
    "economy_title": (
        "Stopped lines cost {world} of value added, most {first}: {amount}",
        "停产损失增加值 {world}，{first}最多：{amount}",
    ),
    "economy_none": ("No value added is lost: no line stops for long", "无增加值损失：没有生产线长时间停工"),
    "economy_sectors_title": (
        "{beyond} of the loss falls beyond the stopped lines; most in {first}",
        "{beyond} 的损失发生在停产线之外；损失最大的是{first}",
    ),
    "economy_sectors_own": ("Most is lost in {first}: {amount}", "损失最大的是{first}：{amount}"),
    "economy_basis": (
        "Value added lost over the run, {unit}, median and 5–95 % · {draws} draws · {table}",
        "运行期内增加值损失，{unit}，中位数与 5–95% 区间 · {draws} 次抽样 · {table}",
    ),
    "table_estimated": ("estimated table, assumed", "估算投入产出表，属假设"),
    "table_own": ("a table of your own", "自备投入产出表"),
    "economy_assumed": (
        "The input-output table is estimated from public aggregates from memory, and which share of a sector "
        "hangs on which lines is our own guess; neither changes with time. Read orders of magnitude, not figures.",
        "投入产出表由凭记忆的公开总量估算而来，各部门有多大份额取决于哪些生产线亦为我们的估计，且均不随时间变化。请只看数量级。",
    ),
    "economy_hangs_assumed": (
        "Which share of a sector hangs on which lines is our own guess.",
        "各部门有多大份额取决于哪些生产线为我们的估计。",
    ),
    "economy_runaway": (
        "In {share} of the draws output falls on while the lines come back: a failure of the ordering rule of the "
        "model, not of supply. Upper ends are too high.",
        "在 {share} 的抽样中，生产线恢复时产出仍继续下降：这是模型订货规则失稳，而非供应不足。区间上端偏高。",
    ),
    "economy_crashed": (
        "In {share} of the draws stocks would have gone negative; their output counts as lost from there on.",
        "在 {share} 的抽样中库存将变为负值；其后产出均计为损失。",
    ),
    "industry": ("Country and sector", "国家与部门"),
    "lost": ("Lost", "损失"),
    "lost_band": ("5–95 %", "5–95%"),
    "direct": ("With the lines", "停产线自身"),
    "indirect": ("Beyond them", "停产线之外"),
    "of_added": ("Of its value added", "占其增加值"),
    "every_industry": ("Every industry that loses", "全部受损行业"),
    "bn_usd": ("bn USD", "亿美元"),
    "money": ("{n} bn USD", "{n} 亿美元"),
    "other_money": ("{n} {unit}", "{n} {unit}"),
}
SHOWN = 14
NOTHING = 1e-6
"""Share of the world's value added below which nothing is lost but the rounding of a step."""


def sections(asked: Asked, run: Run) -> list[Section]:
    """What the run costs where it was followed into an economy, else the way to that."""
    from ytterby.run import losses

    kept = losses.kept(run)
    if not kept:
        make = Form("economy", (), asked.say("economy_make"), asked.to("run", run.id))
        return [Section("economy", asked.say("economy"), [Text([asked.say("economy_lead")]), make])]
    made = losses.opened(run, str(kept[0]["id"]))

    def read() -> tuple[list[dict[str, Any]], float, float]:
        return losses.rows(made), float(losses.runaways(made).mean()), losses.crashed(made)

    rows, runaway, crashed = asked.kept(f"economy:{run.id}:{made.id}", read)
    whole = [row for row in rows if row["period"] == losses.ALL]
    countries = [r for r in whole if r["sector"] == losses.ALL and r["region"] != losses.WORLD]
    sectors = [r for r in whole if r["region"] == losses.WORLD and r["sector"] != losses.ALL]
    world = next(r for r in whole if (r["region"], r["sector"]) == (losses.WORLD, losses.ALL))
    warned: list[Block] = []
    if made.info["assumed"]:
        key = "economy_assumed" if made.info["table_assumed"] else "economy_hangs_assumed"
        warned.append(Text([(Chip(asked.say("assumed"), "assumed"), " ", asked.say(key))], quiet=True))
    if runaway:
        warned.append(Notice(asked.say("economy_runaway", share=outlook.percent(runaway, asked.lang)), "bad"))
    if crashed:
        warned.append(Notice(asked.say("economy_crashed", share=outlook.percent(crashed, asked.lang)), "bad"))
    told = _Told(asked, made)
    title = told.of_countries(world, countries)
    by_sector = told.of_sectors(world, sectors)
    industries = [r for r in whole if losses.ALL not in (r["sector"], r["region"]) and r["region"] != losses.WORLD]
    return [
        Section(
            "economy",
            title,
            [told.drawn(title, countries), told.folded(sorted(industries, key=_most)), *warned],
            basis=told.basis(),
            width="half",
        ),
        Section("economy-sectors", by_sector, [told.drawn(by_sector, sectors)], basis=told.basis(), width="half"),
    ]


def _most(row: Mapping[str, Any]) -> float:
    return -float(row["lost_median"])


class _Told:
    """How the losses of one economy are said."""

    def __init__(self, asked: Asked, made: Run) -> None:
        from ytterby.run.concordance import rows

        self.asked, self.made = asked, made
        self.unit = str(made.info["unit"])
        self.dollars = self.unit == "USD"
        self.scale = (1e8 if asked.lang == "zh" else 1e9) if self.dollars else 1.0
        self.assumed = bool(made.info["assumed"])
        self.names = {} if made.info["own_table"] else {s["sector"]: (s["name"], s["name_zh"]) for s in rows("sectors")}

    def money(self, value: float) -> str:
        """An amount with its unit."""
        key = "money" if self.dollars else "other_money"
        return self.asked.say(key, n=outlook.amount(float(f"{value / self.scale:.3g}")), unit=self.unit)

    def sector(self, name: str) -> str:
        """A sector of the estimated table in words; another's by its own name."""
        return self.names.get(name, (name, name))[self.asked.lang == "zh"]

    def place(self, code: str) -> str:
        """A region."""
        return outlook.region(code, self.asked.lang)

    def where(self, code: str) -> str:
        """A region as the place of something."""
        name = self.place(code)
        if self.asked.lang == "zh" or code == "ZZ":
            return name
        return f"in the {name}" if code in ("US", "EU", "GB") else f"in {name}"

    def within(self, name: str) -> str:
        """A sector in a sentence."""
        called = self.sector(name)
        return called[:1].lower() + called[1:] if self.asked.lang == "en" and self.names else called

    def basis(self) -> str:
        """Unit, band, draws and whose table."""
        table = self.asked.say("table_own" if self.made.info["own_table"] else "table_estimated")
        unit = self.asked.say("bn_usd") if self.dollars else self.unit
        return self.asked.say("economy_basis", unit=unit, draws=f"{self.made.draws:,}", table=table)

    def of_countries(self, world: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> str:
        """The finding by country."""
        first = min(rows, key=_most)
        if min(world["share_median"], first["share_median"]) < NOTHING:
            return self.asked.say("economy_none")
        told = {"world": self.money(world["lost_median"]), "amount": self.money(first["lost_median"])}
        return self.asked.say("economy_title", first=self.where(first["region"]), **told)

    def of_sectors(self, world: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> str:
        """The finding by sector."""
        first = min(rows, key=_most)
        if min(world["share_median"], first["share_median"]) < NOTHING:
            return self.asked.say("economy_none")
        name = self.within(first["sector"])
        share = world["indirect_median"] / world["lost_median"] if world["lost_median"] > 0.0 else 0.0
        if not 0.0 < share < 1.0:
            return self.asked.say("economy_sectors_own", first=name, amount=self.money(first["lost_median"]))
        return self.asked.say("economy_sectors_title", first=name, beyond=outlook.percent(share, self.asked.lang))

    def drawn(self, title: str, rows: Sequence[Mapping[str, Any]]) -> Figure:
        """Ranges by country or sector, the largest first."""
        from ytterby.figures import ranges
        from ytterby.run.losses import ALL

        marks = [
            {
                "label": self.place(row["region"]) if row["sector"] == ALL else self.sector(row["sector"]),
                **{point: row[f"lost_{point}"] / self.scale for point in ("p05", "median", "p95")},
                "assumed": self.assumed,
            }
            for row in rows
        ]
        basis = self.basis()

        def draw(bare: bool, width: float) -> str:  # noqa: FBT001 - the contract of a figure
            from ytterby.desk.forecasts import caption_of

            caption = caption_of(self.asked, title, basis, bare=bare)
            return ranges(marks, caption, most=SHOWN, largest=True, width=width)

        return Figure(draw, [dict(row) for row in sorted(rows, key=_most)])

    def folded(self, rows: Sequence[Mapping[str, Any]]) -> Details:
        """Every industry, to be opened."""
        asked, lang = self.asked, self.asked.lang
        columns = (
            Column("industry", asked.say("industry")),
            Column("lost", f"{asked.say('lost')}, {asked.say('bn_usd') if self.dollars else self.unit}", "number"),
            Column("band", asked.say("lost_band"), "number"),
            Column("direct", asked.say("direct"), "number"),
            Column("indirect", asked.say("indirect"), "number"),
            Column("share", asked.say("of_added"), "number"),
        )

        def say(value: Any) -> str:
            return outlook.amount(float(value) / self.scale)

        cells: list[dict[str, Cell]] = [
            {
                "industry": f"{self.place(row['region'])} · {self.sector(row['sector'])}",
                "lost": say(row["lost_median"]),
                "band": f"{say(row['lost_p05'])} – {say(row['lost_p95'])}",
                "direct": say(row["direct_median"]),
                "indirect": say(row["indirect_median"]),
                "share": outlook.percent(row["share_median"], lang),
                "assumed": self.assumed,
            }
            for row in rows
        ]
        return Details(asked.say("every_industry"), [Table(columns, cells, data=[dict(row) for row in rows])])
