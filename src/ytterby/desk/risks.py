"""Home to risk indices on the pages of elements and countries: by stage, with their bands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ytterby.desk import worldly
from ytterby.desk.blocks import Block, Cell, Chip, Column, Figure, Table, Text
from ytterby.desk.page import Section
from ytterby.figures.scales import spell
from ytterby.terms.errors import BadValue

if TYPE_CHECKING:
    from ytterby.desk.page import Asked
    from ytterby.project import Project
    from ytterby.world.atlas import Atlas

WORDS = {
    "risks": ("Risk indices", "风险指数"),
    "risks_element": (
        "{stage} is the most concentrated stage: HHI {hhi} ({low}–{high})",
        "集中度最高的环节是{stage}：HHI {hhi}（{low}–{high}）",
    ),
    "risks_country": (
        "GeoPolRisk of {mix} is highest at {stage}: {score} ({low}–{high})",
        "{mix}的 GeoPolRisk 在{stage}环节最高：{score}（{low}–{high}）",
    ),
    "risks_unknown": (
        "No governance score was known on that day, so no index can be told",
        "该日尚无治理评分，无法给出指数",
    ),
    "risks_basis_element": (
        "HHI 0–10,000 of countries by stage, median and 5–95 % of {n} drawn worlds · as known on {day}",
        "各环节按国家计 HHI（0–10 000），{n} 个抽样世界的中位数与 5–95% · 截至 {day} 所知",
    ),
    "risks_basis_country": (
        "GeoPolRisk 0–1 by stage, median and 5–95 % of {n} drawn worlds · as known on {day}",
        "各环节 GeoPolRisk（0–1），{n} 个抽样世界的中位数与 5–95% · 截至 {day} 所知",
    ),
    "risks_union": ("the 27 together", "27 国合计"),
    "index_hhi": ("HHI", "HHI"),
    "index_import_dependence": ("Import dependence", "进口依存度"),
    "index_import_reliance": ("Net import reliance", "净进口依赖"),
    "index_geopolrisk": ("GeoPolRisk", "GeoPolRisk"),
    "index_eu_supply_risk": ("EU supply risk", "欧盟供应风险"),
    "risk_index": ("Index", "指数"),
    "risk_band": ("5–95 %", "5–95%"),
    "risk_median": ("Median", "中位数"),
    "risk_assumed": ("Assumed", "假设"),
    "risks_eu": (
        "EU supply risk is critical from 1 on; its governance, recycling and substitution figures are from memory.",
        "欧盟供应风险达到 1 即属关键；其治理、回收与替代数据凭记忆。",
    ),
    "risks_note": (
        "Bands: capacities and demand as their claims spread, governance by its standard error.",
        "区间：产能与需求按其论断的分布，治理评分按标准误。",
    ),
}
ORDER = ("hhi", "import_dependence", "import_reliance", "geopolrisk", "eu_supply_risk")


def section(project: Project, asked: Asked, found: Atlas, mix: str, country: str = "") -> list[Section]:
    """Indices of an element, or of a country for an element or mix; none where the country has none."""
    from ytterby.project.risks import DRAWS

    if country and country not in {"EU", *found.country}:
        return []
    called = worldly.mix(mix, asked.lang)
    where = "country" if country else "element"

    def made() -> list[dict[str, Any]] | None:
        try:
            return project.indices([mix], None, [country or "EU"], atlas=found)
        except BadValue:
            # the day lies before the first edition of the scores
            return None

    rows = asked.kept(f"indices:{mix}:{country}:{found.day}", made)
    if rows is None:
        return [Section("risks", asked.say("risks"), [Text([asked.say("risks_unknown")], quiet=True)])]
    mine = [row for row in rows if (row["country"] == country if country else row["index"] in _WORLDLY)]
    leading = "geopolrisk" if country else "hhi"
    drawn = [row for row in mine if row["index"] == leading]
    if not drawn:
        return []
    top = max(drawn, key=lambda row: float(row["median"]))
    told = {key: _said(top, point) for key, point in (("low", "p05"), ("high", "p95"))}
    stage = worldly.stage(top["stage"], asked.lang)
    told |= {"score": _said(top, "median"), "hhi": _said(top, "median"), "mix": called}
    title = asked.say(f"risks_{where}", stage=stage.lower() if country else stage, **told)
    basis = asked.say(f"risks_basis_{where}", n=DRAWS, day=found.day.isoformat())
    if country == "EU":
        basis = f"{basis} · {asked.say('risks_union')}"
    blocks: list[Block] = [
        _figure(asked, drawn, title, basis),
        _table(asked, sorted(mine, key=lambda row: ORDER.index(row["index"]))),
        Text([asked.say("risks_note")], quiet=True),
    ]
    if any(row["index"] == "eu_supply_risk" for row in mine):
        blocks.append(Text([(Chip(asked.say("assumed"), "assumed"), " ", asked.say("risks_eu"))], quiet=True))
    return [Section("risks", title, blocks, basis=basis)]


_WORLDLY = ("hhi", "eu_supply_risk")


def _said(row: Mapping[str, Any], point: str) -> str:
    value = float(row[point])
    return spell(round(value)) if row["index"] == "hhi" else f"{value:.2f}"


def _figure(asked: Asked, rows: Sequence[Mapping[str, Any]], title: str, basis: str) -> Figure:
    from ytterby.desk.forecasts import caption_of
    from ytterby.figures import ranges

    marks = [
        {
            "label": worldly.stage(row["stage"], asked.lang),
            **{point: row[point] for point in ("p05", "median", "p95")},
            "assumed": row["assumed"],
        }
        for row in rows
    ]

    def draw(bare: bool, width: float) -> str:  # noqa: FBT001 - the contract of a figure
        return ranges(marks, caption_of(asked, title, basis, bare=bare), largest=True, width=width)

    return Figure(draw, [dict(row) for row in rows])


def _table(asked: Asked, rows: Sequence[Mapping[str, Any]]) -> Table:
    columns = (
        Column("index", asked.say("risk_index")),
        Column("stage", asked.say("stage")),
        Column("median", asked.say("risk_median"), "number"),
        Column("band", asked.say("risk_band"), "number"),
        Column("assumed_share", asked.say("risk_assumed"), "number"),
    )
    cells: list[dict[str, Cell]] = [
        {
            "index": asked.say(f"index_{row['index']}"),
            "stage": worldly.stage(row["stage"], asked.lang),
            "median": _said(row, "median"),
            "band": f"{_said(row, 'p05')} – {_said(row, 'p95')}",
            "assumed_share": worldly.share(asked, row["assumed_share"]),
            "assumed": row["assumed"],
        }
        for row in rows
    ]
    return Table(columns, cells, data=[dict(row) for row in rows])
