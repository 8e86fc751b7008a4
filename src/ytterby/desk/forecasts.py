"""Home to the figures of a run's page: exports, lines that slow, what runs short by element, prices, licences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.desk import outlook, planned
from ytterby.desk.blocks import Block, Cell, Column, Details, Figure, Link, Table
from ytterby.desk.page import Section

if TYPE_CHECKING:
    from ytterby.desk.page import Asked
    from ytterby.evidence.claims import Claim
    from ytterby.figures import Caption
    from ytterby.findings.ground import Floats, Ground, Key

WORDS = {
    "exports_fall": (
        "Magnet exports fall by {share} to {low} in {period}",
        "磁体出口下降 {share}，{period}降至 {low}",
    ),
    "exports_flat": ("Magnet exports do not fall: at least {low}", "磁体出口未下降：至少 {low}"),
    "exports_before": ("Magnet exports: {low} in {period}", "磁体出口：{period} {low}"),
    "exports_basis": (
        "{unit} · magnets from China to the world · {draws} draws",
        "{unit} · 中国对全球磁体出口 · {draws} 次抽样",
    ),
    "bands": (
        "Bands hold the draws of the run, without what the model leaves unexplained in a single month.",
        "色带为本次运行各抽样的范围，不含模型对单月未能解释的部分。",
    ),
    "stops": (
        "First to slow: {lines}, {days} days {after}; in most draws lines slow in {n} of {all} regions",
        "最先放缓：{lines}，{after} {days} 天；多数抽样中 {all} 个地区有 {n} 个出现放缓",
    ),
    "stops_none": ("No lines slow in most draws", "多数抽样中无产线放缓"),
    "after_licences": ("after the licences", "许可管制后"),
    "after_start": ("after the start", "开始后"),
    "stops_basis": (
        "Days from {since} until the first lines slow, below 95 % of what is wanted · {draws} draws",
        "自{since}至首批产线放缓（低于需求的 95%）的天数 · {draws} 次抽样",
    ),
    "stops_note": (
        "A row is all makers of a product in a country. A whisker without an end runs on beyond the run.",
        "每行为一国某产品的全部厂商。无末端的须线延伸至运行期之外。",
    ),
    "licensed": ("Licences", "许可管制"),
    "every_line": ("Every kind of lines", "全部产线类别"),
    "lines": ("Lines", "产线"),
    "slow_in": ("Slow in", "放缓占比"),
    "half_in": ("Half stop in", "半数停线占比"),
    "first": ("First slow", "最早放缓"),
    "p05": ("5 %, days", "5%，天"),
    "median_days": ("Median, days", "中位，天"),
    "p95": ("95 %, days", "95%，天"),
    "days_slow": ("Days slow", "放缓天数"),
    "missed": ("Not built", "未建成"),
    "short": (
        "{element} is shortest: {share} of it is missing in {period}",
        "{element} 最缺：{period}缺口 {share}",
    ),
    "short_none": ("No element runs short in the median", "各元素中位数均无短缺"),
    "short_basis": (
        "Share of the element wanted in products that is not built in, % · {draws} draws",
        "产品所需元素中未能用上的比例，% · {draws} 次抽样",
    ),
    "price": (
        "{element} oxide outside China costs at most {times} times the Chinese price, in {period}",
        "境外 {element} 氧化物最高为国内价的 {times} 倍（{period}）",
    ),
    "price_basis": ("USD per kg of oxide, outside China · {draws} draws", "美元/公斤氧化物，中国境外 · {draws} 次抽样"),
    "home": ("China, median", "中国，中位数"),
    "licences": (
        "By the end of {period} {share} of what the EU applied for is granted",
        "截至{period}末，欧盟申请量的 {share} 获批",
    ),
    "licences_basis": (
        "% of tonnes applied for since {since}, EU27 · {draws} draws",
        "占{since}以来申请吨数的 %，欧盟27国 · {draws} 次抽样",
    ),
    "by_destination": ("Every destination", "各目的地"),
    "destination": ("Destination", "目的地"),
    "applied": ("Applied, t", "申请，吨"),
    "granted": ("Granted, t", "获批，吨"),
    "refused": ("Refused, t", "驳回，吨"),
    "waiting": ("Waiting at the end, t", "期末待审，吨"),
    "granted_share": ("Granted", "获批率"),
    "t_month": ("t a month", "吨/月"),
    "t_quarter": ("t a quarter", "吨/季"),
    "t_year": ("t a year", "吨/年"),
}
PRICED = ("NdPr", "Dy", "Tb", "Y")
LEAST = 0.05
"""Share of draws that must slow for a row to be worth a place."""
WORTH = 0.001
"""Share missing at the 95 % point below which an element has no panel."""
SHOWN = 24
"""Lines in the figure; the table has all."""


def caption_of(asked: Asked, title: str, basis: str, note: str = "", *, bare: bool) -> Caption:
    """What stands around a figure; in a page its section says it."""
    from ytterby.figures import Caption

    sources = () if bare else (f"Ytterby · {asked.address.path}",)
    return Caption(title, "" if bare else basis, sources, "" if bare else note, asked.lang, bare=bare)


def _fan(asked: Asked, title: str, basis: str, rows: list[dict[str, Any]], **more: Any) -> Figure:
    from ytterby.figures import fan

    note, drawn = str(more.pop("note", "")), more

    def draw(bare: bool, width: float) -> str:  # noqa: FBT001 - the contract of a figure
        caption = caption_of(asked, title, basis, note, bare=bare)
        return fan(rows, caption, width=width, **drawn)

    return Figure(draw, _finite_rows(rows))


def _finite_rows(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{k: outlook.finite(v) if isinstance(v, float) else v for k, v in row.items()} for row in rows]


def cited(asked: Asked, ground: Ground, claims: list[Claim]) -> list[Link | str]:
    """The sources of some claims, each leading to the figures read from it; the most used first."""
    from ytterby.findings.ground import title

    by_title: dict[str, list[Claim]] = {}
    for claim in claims:
        by_title.setdefault(title(claim), []).append(claim)
    ranked = sorted(by_title, key=lambda name: (-len(by_title[name]), name))[:4]
    return [Link(name, asked.to("parameter", by_title[name][0].parameter)) for name in ranked if name]


def exports(asked: Asked, ground: Ground) -> Section:
    """The fan of magnet exports beside what the customs printed."""
    from ytterby.findings import exports as room
    from ytterby.findings.ground import fan_rows, points

    lang, values = asked.lang, room.magnets(ground)
    seen, used = room.observed(ground)
    unit = asked.say(f"t_{ground.run.info['freq']}")
    basis = asked.say("exports_basis", unit=unit, draws=f"{ground.run.draws:,}")
    medians = [points(row)["median"] for row in values]
    after = [k for k, day in enumerate(ground.starts) if ground.controls and day >= ground.controls.replace(day=1)]
    before = [m for k, m in enumerate(medians) if after and k < after[0]]
    low = min(after or range(len(medians)), key=lambda k: medians[k], default=0)
    told = {"low": f"{outlook.amount(medians[low])} {unit}", "period": outlook.period(ground.periods[low], lang)}
    drop = 1.0 - medians[low] / float(np.mean(before)) if before else 0.0
    key = "exports_fall" if drop > 0 else "exports_flat" if before else "exports_before"
    title = asked.say(key, share=outlook.percent(drop, lang), **told)
    events = [
        {"date": e["date"], "label": planned.named_event(e["event"], lang) if e["event"] else asked.say("licensed")}
        for e in room.events(ground)
    ]
    rows = fan_rows(ground.periods, values)
    figure = _fan(asked, title, basis, rows, observed=seen, events=events, note=asked.say("bands"))
    printed = {str(one["period"]): one["value"] for one in seen}
    data = [row | {"observed": printed.get(str(row["period"]))} for row in _finite_rows(rows)]
    figure = Figure(figure.draw, data)
    return Section("exports", title, [figure], basis=basis, sources=cited(asked, ground, used))


def line_stops(asked: Asked, ground: Ground) -> Section:
    """Days until the first lines slow, by product and country; a table of all."""
    from ytterby.figures import ranges
    from ytterby.findings import shortage
    from ytterby.findings.ground import points

    lang = asked.lang
    share = {key: float(np.isfinite(ground.first(key)).mean()) for key in ground.families}
    found = sorted((points(ground.first(key))["median"], -share[key], key) for key in ground.families)
    shown = [key for _, _, key in found if share[key] >= LEAST]
    doubt = {key: ground.world is not None and shortage.assumed(ground, key) for key in shown}
    stopping = [key for median, _, key in found if np.isfinite(median)]
    since = asked.say("after_licences" if ground.controls else "after_start")
    title = asked.say("stops_none")
    if stopping:
        days = outlook.amount(shortage.days(ground, stopping[0])["median"])
        regions = {key[1] for key in stopping}, {key[1] for key in ground.families}
        title = asked.say(
            "stops", lines=outlook.makers(stopping[0], lang), days=days, after=since, n=len(regions[0]),
            all=len(regions[1]),
        )  # fmt: skip
    begin = outlook.day(ground.controls or ground.start, lang)
    basis = asked.say("stops_basis", since=begin, draws=f"{ground.run.draws:,}")
    rows = []
    for key in shown:
        at = {q: outlook.finite(v) for q, v in shortage.days(ground, key).items()}
        named = {"label": outlook.lines(key, lang), "product": key[0], "region": key[1]}
        rows.append(named | {q: at[q] for q in ("p05", "median", "p95")} | {"share": share[key], "assumed": doubt[key]})

    def draw(bare: bool, width: float) -> str:  # noqa: FBT001 - the contract of a figure
        caption = caption_of(asked, title, basis, asked.say("stops_note"), bare=bare)
        return ranges(rows, caption, most=SHOWN if width >= 520 else 14, width=width)

    table = _line_table(asked, ground, shown, doubt)
    blocks: list[Block] = [Figure(draw, rows), Details(asked.say("every_line"), [table])]
    return Section("line-stops", title, blocks, basis=basis, note=asked.say("stops_note"))


def _line_table(asked: Asked, ground: Ground, shown: list[Key], doubt: dict[Key, bool]) -> Table:
    from ytterby.findings import shortage
    from ytterby.findings.ground import points

    lang = asked.lang
    names = ("slow_in", "half_in", "first", "p05", "median_days", "p95", "days_slow", "missed")
    columns = (Column("lines", asked.say("lines")), *(Column(name, asked.say(name), "number") for name in names))
    cells: list[dict[str, Cell]] = []
    data = []
    for key in shown:
        first, half = ground.first(key), ground.first(key, "first_half")
        at, offset = shortage.days(ground, key), points(first)["median"]
        slow, missed = points(ground.slow_days(key))["median"], points(ground.missed(key)[0])["median"]
        shares = (float(np.isfinite(first).mean()), float(np.isfinite(half).mean()))
        cells.append(
            {
                "lines": outlook.lines(key, lang),
                **{n: outlook.percent(v, lang) for n, v in zip(("slow_in", "half_in"), shares, strict=True)},
                "first": outlook.told(ground, offset, lang),
                **{n: outlook.finite(at[q]) for n, q in (("p05", "p05"), ("median_days", "median"), ("p95", "p95"))},
                "days_slow": slow,
                "missed": outlook.percent(missed, lang),
                "assumed": doubt[key],
            }
        )
        told = {f"days_to_slow_{q}": outlook.finite(at[q]) for q in ("p05", "median", "p95")}
        data.append({"product": key[0], "region": key[1], "slows": shares[0], "stops": shares[1], **told,
                     "days_slow": slow, "missed": missed, "assumed": doubt[key]})  # fmt: skip
    return Table(columns, cells, data=data)


def shortages(asked: Asked, ground: Ground) -> Section:
    """What share of each element wanted in products is not built in, by period."""
    from ytterby.figures import multiples
    from ytterby.findings.ground import fan_rows, points

    lang = asked.lang
    panels: list[dict[str, Any]] = []
    data: list[dict[str, Any]] = []
    for name, values in missing(ground).items():
        medians = [points(row)["median"] for row in values]
        worst = max(range(len(medians)), key=lambda k: medians[k], default=0)
        rows = fan_rows(ground.periods, 100.0 * values)
        top = medians[worst] if medians else 0.0
        if points(values.max(axis=0))["p95"] < WORTH:
            continue
        panels.append({"name": name, "rows": rows, "note": outlook.percent(top, lang), "top": top, "at": worst})
        data += [{"element": name, **row, "unit": "%"} for row in rows]
    panels.sort(key=lambda panel: -panel["top"])
    first = panels[0] if panels else None
    title = asked.say("short_none")
    if first is not None and first["top"] > 0:
        when = outlook.period(ground.periods[first["at"]], lang)
        title = asked.say("short", element=first["name"], share=first["note"], period=when)
    basis = asked.say("short_basis", draws=f"{ground.run.draws:,}")

    def draw(bare: bool, width: float) -> str:  # noqa: FBT001 - the contract of a figure
        return multiples(panels, caption_of(asked, title, basis, bare=bare), width=width)

    return Section("shortage", title, [Figure(draw, data)], basis=basis)


def missing(ground: Ground) -> dict[str, Floats]:
    """Share of each element wanted in products that is not built in (period, draw); Nd and Pr together."""
    elements = dict.fromkeys(e for g in ground.run.info["groups"] for e in g["elements"])
    named = {"NdPr": ("Nd", "Pr")} | {e: (e,) for e in elements if e not in ("Nd", "Pr")}
    found = {}
    lost = np.maximum(ground.demand - ground.output, 0.0)
    for name, symbols in named.items():
        weight = ground.contained(symbols)
        wanted = np.einsum("g,gpd->pd", weight, ground.demand)
        short = np.einsum("g,gpd->pd", weight, lost)
        if wanted.any():
            found[name] = np.divide(short, wanted, out=np.zeros_like(short), where=wanted > 0)
    return found


def prices(asked: Asked, ground: Ground) -> list[Section]:
    """A fan of the price outside China for each oxide, with the Chinese median as a line."""
    from ytterby.findings.ground import fan_rows, points

    labels, found = ground.run.labels("prices"), []
    for element in PRICED:
        wanted = [f"oxide.{element}|{zone}" for zone in ("CN", "XX")]
        if any(name not in labels for name in wanted) or not ground.periods:
            continue
        home, rest = (ground.series("prices")[labels.index(name)] for name in wanted)
        ratio = [points(rest[k] / np.maximum(home[k], 1e-12))["median"] for k in range(len(ground.periods))]
        top = max(range(len(ratio)), key=lambda k: ratio[k])
        told = {"times": f"{ratio[top]:.1f}", "period": outlook.period(ground.periods[top], asked.lang)}
        title = asked.say("price", element=element, **told)
        basis = asked.say("price_basis", draws=f"{ground.run.draws:,}")
        rows = fan_rows(ground.periods, rest)
        chinese = [{"period": p, "value": points(home[k])["median"]} for k, p in enumerate(ground.periods)]
        line = {"name": asked.say("home"), "rows": chinese}
        figure = _fan(asked, title, basis, rows, references=[line])
        data = [row | {"china": one["value"]} for row, one in zip(_finite_rows(rows), chinese, strict=True)]
        anchor = f"price-{element.lower()}"
        found.append(Section(anchor, title, [Figure(figure.draw, data)], basis=basis, width="half"))
    return found


def licences(asked: Asked, ground: Ground) -> Section | None:
    """Share granted of what was applied for, so far; None where the run has no licences."""
    from ytterby.findings import licences as room
    from ytterby.findings.ground import fan_rows, points

    if ground.controls is None or not ground.periods:
        return None
    lang, share = asked.lang, room.granted_share(ground, room.PLACE)
    begun = [k for k in range(len(ground.periods)) if points(share[k])["p95"] > 0]
    if not begun:
        return None
    told = outlook.percent(points(share[-1])["median"], lang)
    title = asked.say("licences", period=outlook.period(ground.periods[-1], lang), share=told)
    since = outlook.day(ground.controls, lang)
    basis = asked.say("licences_basis", since=since, draws=f"{ground.run.draws:,}")
    rows = fan_rows([ground.periods[k] for k in begun], 100 * share[begun])
    blocks: list[Block] = [_fan(asked, title, basis, rows)]
    blocks.append(Details(asked.say("by_destination"), [_destinations(asked, ground)]))
    return Section("licences", title, blocks, basis=basis, width="half")


def _destinations(asked: Asked, ground: Ground) -> Table:
    from ytterby.findings.ground import points

    names = ("applied", "granted", "refused", "waiting")
    columns = (
        Column("destination", asked.say("destination")),
        *(Column(name, asked.say(name), "number") for name in names),
        Column("granted_share", asked.say("granted_share"), "number"),
    )
    cells: list[dict[str, Cell]] = []
    data: list[dict[str, Any]] = []
    for row, place in enumerate(ground.run.labels("applied")):
        sums = {name: ground.series(name)[row].sum(axis=0) for name in names[:3]}
        if not sums["applied"].any():
            continue
        share = np.divide(
            sums["granted"], sums["applied"], out=np.zeros_like(sums["applied"]), where=sums["applied"] > 0
        )
        at = {name: points(values)["median"] for name, values in sums.items()}
        at |= {"waiting": points(ground.series("waiting")[row][-1])["median"]}
        granted = points(share)["median"]
        cells.append(
            {
                "destination": outlook.region(place, asked.lang),
                **at,
                "granted_share": outlook.percent(granted, asked.lang),
            }
        )
        data.append({"destination": place, **at, "granted_share": granted})
    order = sorted(range(len(data)), key=lambda k: -float(data[k]["applied"]))
    return Table(columns, [cells[k] for k in order], data=[data[k] for k in order])
