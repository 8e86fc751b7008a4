"""Home to the pages of lots: the search for one, and one with what it came of, what became of it and what it may claim.

The address of a lot's page holds the lot's own address, escaped: whoever knows the one can write the other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ytterby.desk import custodial, descending
from ytterby.desk.blocks import (
    Block,
    Cell,
    Chip,
    Choice,
    Column,
    Facets,
    Field,
    Figure,
    Form,
    Link,
    Notice,
    Table,
    Text,
)
from ytterby.desk.page import Asked, KeyFigure, Page, Section, Shown
from ytterby.desk.rows import Told
from ytterby.desk.tracked import Tracked, tracked
from ytterby.figures.words import percent
from ytterby.terms.errors import UnknownName

if TYPE_CHECKING:
    from ytterby.custody.genealogy.trace import Origin, Trace
    from ytterby.custody.genealogy.tracing import Traced
    from ytterby.project import Project

UNTOLD = "untold"
MOST_CLAIMS = 300
"""Lots of an ancestry up to which the custody models are asked without being told to: they weigh every one of them."""

LONGEST_WHY = 240
_ADDRESS = re.compile(r"(?:https?://|urn:)[^\s,]+")

WORDS = {
    **custodial.WORDS,
    **descending.WORDS,
    "nav": ("Lots", "批次"),
    "title_all": ("{n} lots are tracked", "共追溯 {n} 个批次"),
    "title_found": ("{n} of {all} lots have “{q}” in their address", "{all} 个批次中，{n} 个地址含“{q}”"),
    "title_nothing": ("No lot has “{q}” in its address", "没有地址含“{q}”的批次"),
    "basis_all": ("By their addresses, as captured", "按采集时的地址"),
    "find": ("Address of a lot, or a part of it", "批次地址或其中一部分"),
    "go": ("Find", "查找"),
    "title": ("{share} of the {element} in this lot comes from {origin}", "本批次的{element}有 {share} 来自{origin}"),
    "title_mass": ("{share} of this lot comes from {origin}", "本批次有 {share} 来自{origin}"),
    "title_untold": ("Where this lot comes from is not told", "本批次来源未说明"),
    "title_down": ("{kg} of what became of this lot is held at {n} places", "本批次去向中有 {kg} 存于 {n} 处"),
    "title_down_none": ("Nothing of what became of this lot is held any more", "本批次的去向中已无存货"),
    "basis": ("{lot} · exact fractions by mass of each element", "{lot} · 各元素质量的精确占比"),
    "basis_about": ("{lot} · shares exact to {error}", "{lot} · 占比误差不超过 {error}"),
    "origins_key": ("Places of origin", "来源地"),
    "ancestors": ("Lots it came of", "上游批次"),
    "descendants": ("Lots it went into", "下游批次"),
    "events_key": ("Events behind it", "相关事件"),
    "held_now": ("Held now", "当前存量"),
    "view": ("View", "视图"),
    "view_up": ("Where it is from", "来源"),
    "view_down": ("What became of it: recall", "去向（召回）"),
    "genealogy": ("{up} lots went into it, it went into {down}", "上游 {up} 个批次，下游 {down} 个批次"),
    "genealogy_none": ("It came of no other lot and went into none", "既无上游批次，也无下游批次"),
    "origins": ("Origins by element", "各元素来源"),
    "origins_of": ("{n} places of origin; what is not told is no place", "{n} 个来源地；未说明的不算作任何产地"),
    "origins_of_1": ("One place of origin", "仅有一个来源地"),
    "by_mass": ("mass", "质量"),
    "by_value": ("value", "价值"),
    "untold": ("not told", "未说明"),
    "where_now": ("Where it is now", "当前位置"),
    "nowhere_now": ("Nothing of it is left: all was used or taken out.", "已无剩余：全部使用或注销。"),
    "state": ("State", "状态"),
    "held": ("held", "存放"),
    "under way": ("under way", "运输中"),
    "packed": ("packed", "已装入"),
    "since": ("Since", "起始时间"),
    "claims": ("What it may say of its origin", "可作的来源声明"),
    "claims_yes": (
        "By {n} of the models of ISO 22095 it may claim to be from {place}",
        "按 ISO 22095 的 {n} 种模式，可声明来自{place}",
    ),
    "claims_no": (
        "By no model of ISO 22095 may it claim to be from {place}",
        "按 ISO 22095 的任何模式均不可声明来自{place}",
    ),
    "claims_basis": (
        "Eligible: every place of origin in {place}. The papers of the lot declare nothing here, so models that need a "
        "declaration tell the most that could be claimed",
        "合格来源：{place}的全部来源地。此处批次文件未作声明，需声明的模式给出可声明的上限",
    ),
    "claim_place": ("Claimed to be from", "声明来自"),
    "ask": ("Ask", "查询"),
    "model": ("Model", "模式"),
    "may": ("May claim", "可否声明"),
    "at_most": ("At most", "上限"),
    "why": ("Why", "原因"),
    "yes": ("yes", "可以"),
    "no": ("no", "不可"),
    "claims_many": (
        "{n} lots went into it, and each model weighs them all. ",
        "上游批次 {n} 个，各模式需逐一核算。",
    ),
    "claims_all": ("Ask the models", "查询各模式"),
    "path": ("The shortest way from {first} to this lot", "从 {first} 到本批次的最短路径"),
    "path_from": ("From", "起点"),
    "step": ("Step", "步骤"),
    "own_events": ("{n} events name this lot", "{n} 条事件提到本批次"),
    "own_events_1": ("One event names this lot", "仅 1 条事件提到本批次"),
    "passport": ("Passport of this lot", "本批次护照"),
    "recall": ("{n} holdings of {lots} lots to call back", "{lots} 个批次、{n} 处存量需召回"),
    "recall_basis": (
        "What became of the lot, wherever it is now; a movement that tells no mass moves all there is",
        "批次的全部去向及当前所在；未写明质量的转移视为全部转移",
    ),
    "holder": ("Holder", "持有方"),
}  # fmt: skip


def lots(project: Project, asked: Asked) -> Shown:
    """Lots by a part of their address; one that is meant whole is opened."""
    held = tracked(project)
    if held is None:
        return custodial.empty(asked)
    wanted = asked.get("q").strip()
    if wanted:
        try:
            name = held.book.lot_name(held.lot(wanted))
        except UnknownName:
            pass
        else:
            return Shown(asked.say("nav"), to=asked.to("lot", name))
    found = _named(held, wanted)
    shown, pager = asked.paged(found, 40)
    columns = (
        Column("lot", asked.say("lot_head"), "wide"),
        Column("material", asked.say("material_head")),
        Column("facility", asked.say("facility_head")),
    )
    cells: list[dict[str, Cell]] = [_row(asked, held, code) for code in shown]
    n = len(found)
    title = asked.say("title_all", n=f"{n:,}")
    if wanted:
        told = {"n": f"{n:,}", "all": f"{held.book.lots:,}", "q": wanted[:60]}
        title = asked.say("title_found" if n else "title_nothing", **told)
    data = Told(found, lambda code: {"lot": held.book.lot_name(code)})
    field = Field("q", asked.say("find"), "search", wanted)
    return Shown(
        title,
        [Section("lots", title, [Table(columns, cells, data=data, pager=pager, empty=asked.say("nothing"))])],
        basis=asked.say("basis_all"),
        controls=[Form("find", [field], asked.say("go"), asked.to("lots"), method="get", inline=True)],
        crumbs=custodial.crumbs(asked),
    )


def _named(held: Tracked, part: str) -> Sequence[int]:
    """Codes of the lots whose address has `part` in it: all text at once, since there may be a million."""
    import numpy as np

    if not part:
        return range(held.book.lots)
    names = held.book.names["lots"]
    text, ends = names.text.array().tobytes(), names.end.array()
    sought = part.encode("utf-8", "replace")
    found: list[int] = []
    at = text.find(sought)
    while at >= 0:
        code = int(np.searchsorted(ends, at, side="right"))
        end = int(ends[code])
        if at + len(sought) <= end:
            found.append(code)
            at = text.find(sought, end)
        else:
            # It began at the end of one name and ended in the next: none of the two.
            at = text.find(sought, at + 1)
    return found


def _row(asked: Asked, held: Tracked, code: int) -> dict[str, Cell]:
    return {
        "lot": custodial.lot_link(asked, held.book.lot_name(code)),
        "material": custodial.material(asked, held, code),
        "facility": custodial.site_link(asked, held, descending.made_at(held, code)),
    }


def lot(project: Project, asked: Asked) -> Shown:
    """One lot: where it is from, or with ``down`` what became of it."""
    from ytterby.custody.genealogy.trace import trace
    from ytterby.custody.genealogy.tracing import downstream, upstream

    held = tracked(project)
    if held is None:
        raise UnknownName(asked.name, (), "lot", remedy=asked.say("nothing_yet"))
    code = held.lot(asked.name)
    name = held.book.lot_name(code)
    if name != asked.name:
        return Shown(asked.say("nav"), to=asked.to("lot", name))
    up, down = upstream(held.links, code), downstream(held.links, code)
    if asked.get("down"):
        return _down(asked, held, name, up, down)
    told = trace(held.book, name, registry=held.registry)
    sections = [_genealogy(asked, held, up, down), _origins(asked, held, told), _now(asked, held, code)]
    sections += [_claims(asked, held, told, up), *_path(asked, held, told, code), _events(asked, held, code)]
    passport = Text([Link(asked.say("passport"), asked.to("passport", name))])
    most = max(told.error.values(), default=0.0)
    basis = asked.say("basis_about", lot=name, error=f"{most:.0e}") if most else asked.say("basis", lot=name)
    return Shown(
        _title(asked, held, told),
        sections,
        basis=basis,
        keys=_keys(asked, held, told, down),
        controls=[*_views(asked), passport],
        crumbs=custodial.crumbs(asked, Link(asked.say("nav"), asked.to("lots"))),
        rows=_origin_rows(told.origins),
        data={"trace": told.to_dict()},
    )


def _title(asked: Asked, held: Tracked, told: Trace) -> str:
    known = [one for one in told.origins if one.facility != UNTOLD]
    if not known:
        return asked.say("title_untold")
    bases = [basis for basis in told.error if basis not in ("mass", "value")]
    for basis in (*[one for one in ("Dy", "Tb", "Nd") if one in bases], *bases, "mass"):
        first = max(known, key=lambda one: one.share.get(basis, 0))
        share = float(first.share.get(basis, 0))
        if share > 0:
            fields = {"share": percent(asked.lang, share), "origin": custodial.site(asked, held, first.facility)}
            if basis == "mass":
                return asked.say("title_mass", **fields)
            return asked.say("title", element=custodial.element(asked, basis), **fields)
    return asked.say("title_untold")


def _views(asked: Asked) -> list[Block]:
    down = bool(asked.get("down"))
    choices = (
        Choice(asked.say("view_up"), asked.asking(down=None), chosen=not down),
        Choice(asked.say("view_down"), asked.asking(down="1"), chosen=down),
    )
    return [Facets([(asked.say("view"), choices)])]


def _keys(asked: Asked, held: Tracked, told: Trace, down: Traced) -> list[KeyFigure]:
    return [
        KeyFigure(asked.say("origins_key"), sum(one.facility != UNTOLD for one in told.origins)),
        KeyFigure(asked.say("ancestors"), told.lots),
        KeyFigure(asked.say("descendants"), len(down.lots) - 1),
        KeyFigure(asked.say("events_key"), told.events),
    ]


def _genealogy(asked: Asked, held: Tracked, up: Traced, down: Traced) -> Section:
    from ytterby.figures import Caption, genealogy

    counts = {"up": len(up.lots) - 1, "down": len(down.lots) - 1}
    several = sum(counts.values())
    title = (
        asked.say("genealogy", **{key: f"{n:,}" for key, n in counts.items()})
        if several
        else asked.say("genealogy_none")
    )
    found = descending.drawing(asked, held, up, down)
    if found is None:
        return Section(
            "genealogy", title, [Text([asked.say("too_many", n=f"{several:,}")], quiet=True)] if several else []
        )

    def draw(bare: bool, width: float) -> str:  # noqa: FBT001 - the contract of a figure
        caption = Caption(title, found.basis, note=found.left_out, language=asked.lang, bare=bare)
        return genealogy(found.rows, caption, stages=found.stages, own=found.own, notes=found.notes, width=width)

    return Section("genealogy", title, [Figure(draw, found.rows)])


def _origin_rows(origins: Sequence[Origin]) -> list[dict[str, Any]]:
    return [
        {"facility": one.facility, "place": one.place, "basis": basis, "share": float(share)}
        for one in origins
        for basis, share in one.share.items()
    ]


def _origins(asked: Asked, held: Tracked, told: Trace) -> Section:
    from ytterby.figures import Caption, stacks

    def named(one: Origin) -> str:
        return asked.say("untold") if one.facility == UNTOLD else custodial.site(asked, held, one.facility)

    def spoken(basis: str) -> str:
        return asked.say(f"by_{basis}") if basis in ("mass", "value") else basis

    rows = [
        {"label": spoken(basis), "name": named(one), "value": float(share)}
        for basis in told.error
        for one in told.origins
        if (share := one.share.get(basis)) is not None
    ]
    n = sum(one.facility != UNTOLD for one in told.origins)
    title = asked.say("origins_of", n=n) if n != 1 else asked.say("origins_of_1")

    def draw(bare: bool, width: float) -> str:  # noqa: FBT001 - the contract of a figure
        return stacks(rows, Caption(title, language=asked.lang, bare=bare), unknown=asked.say("untold"), width=width)

    bases = list(told.error)
    columns = (
        Column("facility", asked.say("facility_head")),
        Column("place", asked.say("place_head")),
        *(Column(basis, spoken(basis), "number") for basis in bases),
    )
    cells: list[dict[str, Cell]] = [
        {
            "facility": custodial.site_link(asked, held, one.facility) if one.facility != UNTOLD else named(one),
            "place": custodial.country(asked, one.place) if one.place else "–",
            **{basis: percent(asked.lang, float(one.share[basis])) if basis in one.share else "–" for basis in bases},
        }
        for one in told.origins[:12]
    ]
    blocks: list[Block] = [Figure(draw, _origin_rows(told.origins)), Table(columns, cells)]
    return Section("origins", title, blocks, basis=asked.say("origins"))


def _now(asked: Asked, held: Tracked, code: int) -> Section:
    from ytterby.custody.genealogy.holdings import holdings

    found = holdings(held.links, code)
    columns = (
        Column("state", asked.say("state")),
        Column("where", asked.say("where_at")),
        Column("kg", asked.say("kg"), "number"),
        Column("since", asked.say("since"), "date"),
    )
    cells: list[dict[str, Cell]] = []
    data = []
    for one in found:
        facility = held.places[one.place] if one.place >= 0 else held.facility(held.book.party_name(one.party))
        where = custodial.site_link(asked, held, facility)
        if one.container >= 0:
            where = custodial.lot_link(asked, held.book.lot_name(one.container))
        kilograms = None if one.mass is None else custodial.kg(one.mass)
        told = {"state": one.state, "facility": facility, "kg": kilograms, "since": custodial.moment(one.since)}
        data.append(told)
        cells.append({"state": asked.say(one.state), "where": where, "kg": kilograms, "since": told["since"]})
    table = Table(columns, cells, data=data, empty=asked.say("nowhere_now"))
    return Section("now", asked.say("where_now"), [table], width="half")


def _claims(asked: Asked, held: Tracked, told: Trace, up: Traced) -> Section:
    from ytterby.custody.genealogy.models import Histories, Terms, models

    countries = {one.place for one in told.origins if one.place}
    first = next((one.place for one in told.origins if one.place), "")
    chosen = asked.choice("claim", sorted(countries), first)
    place = custodial.country(asked, chosen)
    if len(up.lots) > MOST_CLAIMS and not asked.get("models"):
        more = Link(asked.say("claims_all"), asked.asking(models="1"))
        text = Text([(asked.say("claims_many", n=f"{len(up.lots) - 1:,}"), more)])
        return Section("claims", asked.say("claims"), [text], width="half")
    eligible = frozenset(one.address for one in told.origins if one.place == chosen and one.address and chosen)
    histories = Histories(held.links, Terms(eligible))
    answers = [one.claim(histories, up.lot) for one in models()]
    columns = (
        Column("model", asked.say("model")),
        Column("may", asked.say("may")),
        Column("share", asked.say("at_most"), "number"),
        Column("why", asked.say("why"), "wide"),
    )
    cells: list[dict[str, Cell]] = [
        {
            "model": custodial.model(asked, one.model),
            "may": Chip(asked.say("yes"), "good") if one.holds else Chip(asked.say("no")),
            "share": percent(asked.lang, float(one.share)),
            "why": custodial.english(asked, _why(asked, held, one.why)),
        }
        for one in answers
    ]
    data = [{"model": one.model, "holds": one.holds, "share": float(one.share), "why": one.why} for one in answers]
    n = sum(one.holds for one in answers)
    title = asked.say("claims_yes", n=n, place=place) if n else asked.say("claims_no", place=place)
    blocks: list[Block] = [Table(columns, cells, data=data)]
    if len(countries) > 1:
        options = [(one, custodial.country(asked, one)) for one in sorted(countries)]
        field = Field("claim", asked.say("claim_place"), "select", chosen, options)
        here = asked.address.as_form("html").asking({"claim": None})
        blocks.append(Form("claim", [field], asked.say("ask"), here, method="get", inline=True))
    return Section("claims", title, blocks, basis=asked.say("claims_basis", place=place), width="half")


def _why(asked: Asked, held: Tracked, text: str) -> str:
    """A model's reason with facilities by their names, and not for pages."""
    named = _ADDRESS.sub(lambda found: custodial.site(asked, held, held.facility(found[0])), text)
    return named if len(named) <= LONGEST_WHY else f"{named[:LONGEST_WHY]}…"


def _path(asked: Asked, held: Tracked, told: Trace, code: int) -> list[Section]:
    from ytterby.custody.genealogy.tracing import path

    roots = [one for one in told.first if one != told.lot]
    if not roots:
        return []
    begin = asked.choice("from", told.first, roots[0])
    way = path(held.links, held.lot(begin), code)
    columns = (
        Column("lot", asked.say("lot_head")),
        Column("step", asked.say("step")),
        Column("where", asked.say("where_at")),
        Column("time", asked.say("time"), "date"),
    )
    cells: list[dict[str, Cell]] = []
    data: list[dict[str, Any]] = []
    for one, event in way:
        name = held.book.lot_name(one)
        row: dict[str, Any] = custodial.event_row(held, event) if event >= 0 else {}
        data.append(
            {"lot": name, "event": row.get("sequence"), "facility": row.get("facility"), "time": row.get("time")}
        )
        step: Cell = "–"
        if row:
            words = custodial.done(asked, row)
            step = Link(words, asked.to("event", f"{row['sequence']}"))
        where = custodial.site_link(asked, held, row["facility"]) if row else "–"
        cells.append(
            {"lot": custodial.lot_link(asked, name), "step": step, "where": where, "time": row.get("time", "")}
        )
    blocks: list[Block] = [Table(columns, cells, data=data)]
    if len(roots) > 1:
        options = [(one, custodial.short(one)) for one in roots[:200]]
        field = Field("from", asked.say("path_from"), "select", begin, options)
        here = asked.address.as_form("html").asking({"from": None})
        blocks.append(Form("path", [field], asked.say("ask"), here, method="get", inline=True))
    return [Section("path", asked.say("path", first=custodial.short(begin)), blocks)]


def _events(asked: Asked, held: Tracked, code: int) -> Section:
    links = held.links
    events = {links.event[row] for strand in range(3) for row in _strand(held, code, strand)}
    rows = sorted(events, key=lambda event: (links.time[event], event))
    shown, pager = asked.paged(rows, 15)
    title = asked.say("own_events", n=len(rows)) if len(rows) != 1 else asked.say("own_events_1")
    return Section("events", title, [custodial.events(asked, held, shown, pager, of=code)])


def _strand(held: Tracked, code: int, strand: int) -> list[int]:
    """Every piece of a lot on a strand, also of events declared wrong: they are shown as that."""
    links, found = held.links, []
    row = links.head(code, strand)
    while row >= 0:
        found.append(row)
        row = links.previous[row]
    return found


def _down(asked: Asked, held: Tracked, name: str, up: Traced, down: Traced) -> Shown:
    from ytterby.custody.genealogy.holdings import holdings

    found = [one for each in sorted(down.lots) for one in holdings(held.links, each)]
    found.sort(key=lambda one: (-(one.mass or 0), one.lot))
    data = []
    for one in found:
        place = held.places[one.place] if one.place >= 0 else held.facility(held.book.party_name(one.party))
        if one.container >= 0:
            place = held.book.lot_name(one.container)
        kilograms = None if one.mass is None else custodial.kg(one.mass)
        told = {"lot": held.book.lot_name(one.lot), "state": one.state, "holder": place, "kg": kilograms}
        data.append({**told, "since": custodial.moment(one.since)})
    shown, pager = asked.paged(data, 40)
    columns = (
        Column("lot", asked.say("lot_head"), "wide"),
        Column("state", asked.say("state")),
        Column("holder", asked.say("holder")),
        Column("kg", asked.say("kg"), "number"),
        Column("since", asked.say("since"), "date"),
    )
    cells: list[dict[str, Cell]] = [
        {
            **one,
            "lot": custodial.lot_link(asked, str(one["lot"])),
            "state": asked.say(str(one["state"])),
            "holder": custodial.site_link(asked, held, str(one["holder"])),
        }
        for one in shown
    ]
    places = {str(one["holder"]) for one in data}
    total = sum(one.mass or 0 for one in found)
    title = asked.say("title_down", kg=custodial.weighed(total / 1e9), n=len(places))
    table = Table(columns, cells, data=data, pager=pager, empty=asked.say("nowhere_now"))
    recall = Section(
        "recall",
        asked.say("recall", n=len(data), lots=len({str(one["lot"]) for one in data})),
        [table],
        basis=asked.say("recall_basis"),
    )
    blocks: list[Block] = [Notice(asked.say("nowhere_now"), "good")] if not data else []
    return Shown(
        title if data else asked.say("title_down_none"),
        [recall, _genealogy(asked, held, up, down)],
        basis=name,
        keys=[
            KeyFigure(asked.say("descendants"), len(down.lots) - 1),
            KeyFigure(asked.say("held_now"), custodial.weighed(total / 1e9)),
        ],
        controls=[*_views(asked), *blocks],
        crumbs=custodial.crumbs(asked, Link(asked.say("nav"), asked.to("lots"))),
        data={"lot": name},
    )


PAGES = (
    Page("lots", lots, WORDS, under="custody"),
    Page("lot", lot, WORDS, about=("lot",), under="custody"),
)
