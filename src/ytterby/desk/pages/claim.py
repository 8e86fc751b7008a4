"""Home to the page of one claim, with its sentence, its verdicts and what contradicts it, and to that of a parameter:
all that is claimed of one thing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ytterby.desk import contested, figured, reviewing, spoken, worldly
from ytterby.desk.blocks import Block, Cell, Column, Facts, Figure, Inline, Link, Mark, Notice, Table, Text
from ytterby.desk.page import Asked, Done, Given, KeyFigure, Page, Section, Shown
from ytterby.desk.pages import claims as listing
from ytterby.terms.errors import BadValue, UnknownName

if TYPE_CHECKING:
    from ytterby.evidence.claims import Claim
    from ytterby.evidence.weigh import Asked as Weighing
    from ytterby.project import Project

WORDS = {
    **listing.WORDS,
    **reviewing.WORDS,
    "nav": ("Claim", "论断"),
    "claims": ("Claims", "论断"),
    "title": ("{who}: {figure}", "{who}：{figure}"),
    "someone": ("A source", "来源"),
    "sentence": ("The sentence", "原句"),
    "in_place": ("In its place: passage {n}", "所在位置：第 {n} 段"),
    "from_table": ("A row of {table}, not of a document.", "出自数据表 {table}，而非文献。"),
    "record": ("What it says", "内容"),
    "subject": ("Subject", "主体"),
    "object": ("Object", "对象"),
    "material": ("Material", "材料"),
    "elements": ("Elements", "元素"),
    "stage": ("Stage", "环节"),
    "counterpart": ("Other place", "对方"),
    "basis_of": ("Basis", "口径"),
    "period": ("Period", "时期"),
    "as_of": ("Stated for", "截至"),
    "by": ("Due by", "期限"),
    "against": ("Against", "对比期"),
    "modality": ("Modality", "语气"),
    "attributed_to": ("Attributed to", "归于"),
    "range": ("Range", "区间"),
    "confidence": ("Grade", "等级"),
    "access": ("How it reached us", "获取方式"),
    "source": ("Source", "出处"),
    "note": ("Note", "附注"),
    "extractor": ("Read by", "解析器"),
    "reviews": ("Verdicts", "审核记录"),
    "no_reviews": ("Nobody decided on it yet.", "尚未审核。"),
    "at": ("When", "时间"),
    "against_it": ("What does not meet it", "与之不符"),
    "title_parameter": ("{name}: {value} from {n} figures", "{name}：{value}，基于 {n} 个数字"),
    "title_unweighed": ("{name}: {n} figures, none accepted", "{name}：{n} 个数字，均未采纳"),
    "pooled": ("Pooled", "合并值"),
    "ranges_title": ("What is claimed of {name}", "关于 {name} 的论断"),
    "weights": ("Each figure as it was stated", "各数字原样"),
}  # fmt: skip
_FIELDS = (
    "subject", "object", "material", "elements", "stage", "place", "counterpart", "basis", "period", "as_of", "by",
    "against", "modality", "attributed_to", "confidence", "access", "note", "extractor",
)  # fmt: skip


def one_claim(project: Project, asked: Asked) -> Shown:
    """One claim with all that is known of it."""
    every = asked.kept("claims:by_id", lambda: {one.id: one for one in asked.kept("claims", project.claims)})
    claim = _claim(every, asked.name)
    disputes = contested.contested(project, asked)
    pairs = [one for one in disputes.of(claim.id) if {one.first, one.second} <= every.keys()]
    who = claim.attributed_to or claim.source.publisher or asked.say("someone")
    figure = figured.figure(claim, asked.lang) or figured.about(claim, asked.lang)
    sections = [_sentence(project, asked, claim), _record(asked, claim)]
    if pairs:
        blocks = [contested.beside(asked, ((every[one.first], every[one.second], one.why) for one in pairs))]
        sections.append(Section("against", asked.say("against_it"), blocks))
    lines = [one for one in asked.kept("lineage", project.lineage) if claim.id in one.claims]
    sections += [
        Section("lineage", asked.say("lineage"), [listing.lines(asked, lines)], basis=asked.say("lineage_basis")),
        _reviews(project, asked, claim),
        Section("review", asked.say("review"), [reviewing.form(asked, [claim], tick=False)], width="half"),
    ]
    standing = figured.standing(asked, claim, contested=claim.id in disputes.conflicting)
    return Shown(
        asked.say("title", who=who, figure=figure),
        sections,
        basis=" · ".join((figured.kind(claim.kind, asked.lang), figured.about(claim, asked.lang))),
        crumbs=[Link(asked.say("claims"), asked.to("claims")), *_parameter_crumb(asked, claim)],
        rows=[figured.row(claim)],
        data={"claim": claim.to_dict()},
        keys=[KeyFigure(asked.say("standing"), standing, assumed=claim.assumed)],
    )


def act(project: Project, asked: Asked, given: Given) -> Done:
    """Enters a verdict on the claim."""
    every = {one.id: one for one in project.claims()}
    return reviewing.take(project, asked, given, [_claim(every, asked.name)])


def _claim(every: dict[str, Claim], name: str) -> Claim:
    if name in every:
        return every[name]
    found = [one for one in every if one.startswith(name)] if len(name) >= 5 else []
    if len(found) == 1:
        return every[found[0]]
    if found:
        raise BadValue(f"{len(found)} claims begin with '{name[:40]}'", place=", ".join(found[:4]), remedy="give more")
    raise UnknownName(name, tuple(every), "claim")


def _parameter_crumb(asked: Asked, claim: Claim) -> list[Link]:
    return [Link(claim.parameter, asked.to("parameter", claim.parameter))] if claim.parameter else []


def _sentence(project: Project, asked: Asked, claim: Claim) -> Section:
    blocks: list[Block] = []
    if claim.start is None or claim.end is None or not claim.document:
        blocks.append(Text([asked.say("from_table", table=claim.document)]))
        if claim.note:
            blocks.append(Text([claim.note], quiet=True))
        return Section("sentence", asked.say("sentence"), blocks)
    document = project.document(claim.document)
    passage = document.passage(claim.passage or 0)
    first, last = (passage.start, passage.end) if passage else (claim.start, claim.end)
    pieces: list[Inline] = [
        document.text[first : claim.start],
        Mark(document.text[claim.start : claim.end], figured.tone(claim)),
        document.text[claim.end : max(last, claim.end)],
    ]
    at = f"p{claim.passage}" if claim.passage else ""
    where = Link(asked.say("in_place", n=claim.passage), asked.to("document", claim.document, at=at))
    title = Link(document.title or claim.document[:12], asked.to("document", document.id), lang=document.lang)
    blocks += [Text([[one for one in pieces if one], [where, " · ", title]])]
    blocks += [Notice(flag, "bad") for flag in claim.flags]
    return Section("sentence", asked.say("sentence"), blocks)


def _record(asked: Asked, claim: Claim) -> Section:
    told: list[tuple[str, Cell]] = [(asked.say("figure"), figured.figure(claim, asked.lang))]
    if claim.low is not None and claim.high is not None and claim.value is not None:
        told.append((asked.say("range"), f"{claim.low:,.10g}–{claim.high:,.10g} {claim.unit} ({claim.spread})"))
    for name in _FIELDS:
        value: Any = getattr(claim, name)
        text: Cell = ", ".join(value) if isinstance(value, tuple) else spoken.field(name, str(value), asked.lang)
        if name in ("place", "counterpart") and value:
            text = worldly.place_link(asked, value)
        elif name == "elements" and value:
            text = worldly.element_links(asked, value)
        told.append((asked.say("basis_of" if name == "basis" else name), text))
    source, url = claim.source, claim.source.url
    words = " · ".join(str(one) for one in (source.publisher, source.title, source.year) if one)
    told.append((asked.say("source"), Link(words or url, url) if url.startswith(("http://", "https://")) else words))
    if claim.parameter:
        told.append((asked.say("parameter"), Link(claim.parameter, asked.to("parameter", claim.parameter))))
    return Section("record", asked.say("record"), [Facts([one for one in told if one[1]])])


def _reviews(project: Project, asked: Asked, claim: Claim) -> Section:
    rows = project.reviews(claim.id)
    columns = (
        Column("at", asked.say("at"), "date"),
        Column("status", asked.say("verdict")),
        Column("reviewer", asked.say("reviewer")),
        Column("reason", asked.say("reason"), "wide"),
    )
    cells: list[dict[str, Cell]] = [
        {
            "at": str(one["at"])[:19].replace("T", " "),
            "status": asked.say(str(one["status"])),
            "reviewer": str(one["reviewer"]),
            "reason": str(one["reason"]),
        }
        for one in rows
    ]
    table = Table(columns, cells, data=rows, empty=asked.say("no_reviews"))
    return Section("reviews", asked.say("reviews"), [table], width="half")


def one_parameter(project: Project, asked: Asked) -> Shown:
    """All that is claimed of one parameter, what it weighs together, and what contradicts what."""
    weighed: dict[str, Weighing] = asked.kept("ask", project.ask)
    if asked.name not in weighed:
        raise UnknownName(asked.name, tuple(weighed), "parameter")
    found = weighed[asked.name]
    by_id = {one.id: one for one in asked.kept("claims", project.claims)}
    claims = [by_id[name] for name, _, _ in found.claims if name in by_id]
    disputes = contested.contested(project, asked)
    pairs = [
        *((first, second, "") for first, second in found.conflicts),
        *found.scope_differences,
    ]
    known = [(by_id[one], by_id[other], why) for one, other, why in pairs if {one, other} <= by_id.keys()]
    pooled = found.pooled
    keys = []
    if pooled is not None:
        note = f"5–95 %: {_rounded(pooled.low)}–{_rounded(pooled.high)}"
        keys.append(KeyFigure(asked.say("pooled"), _rounded(pooled.value), pooled.unit, note, pooled.assumed))
    told = {"name": asked.name, "n": len(claims)}
    title = (
        asked.say("title_unweighed", **told)
        if pooled is None
        else asked.say("title_parameter", value=f"{_rounded(pooled.value)} {pooled.unit}".strip(), **told)
    )
    lines = [one for one in asked.kept("lineage", project.lineage) if one.parameter == asked.name]
    sections = [Section("all", asked.say("all"), [listing.table(asked, claims, disputes.conflicting)])]
    drawing = _ranges(asked, claims, disputes.conflicting)
    if drawing is not None:
        sections.insert(0, Section("ranges", asked.say("weights"), [drawing]))
    if known:
        blocks = [contested.beside(asked, known)]
        sections.append(Section("conflicts", asked.say("conflicts"), blocks, basis=asked.say("conflicts_basis")))
    line = listing.lines(asked, lines)
    sections.append(Section("lineage", asked.say("lineage"), [line], basis=asked.say("lineage_basis")))
    return Shown(
        title,
        sections,
        keys=keys,
        crumbs=[Link(asked.say("claims"), asked.to("claims"))],
        rows=[figured.row(one) for one in claims],
        data={"parameter": found.to_dict()},
    )


def _rounded(value: float) -> str:
    """Four digits that count, written out."""
    return f"{float(f'{value:.4g}'):,.10g}"


def _ranges(asked: Asked, claims: list[Claim], conflicting: frozenset[str]) -> Figure | None:
    """The figures of one unit as ranges; nothing where fewer than two can be drawn."""
    from ytterby.figures import Caption, ranges

    units = [one.unit for one in claims if one.value is not None]
    unit = max(units, key=units.count, default="")
    rows: list[dict[str, Any]] = [
        {
            "label": " ".join(
                str(x) for x in (one.source.publisher or one.id, one.known.year if one.known else "") if x
            ),
            "median": one.value,
            "p05": one.value if one.low is None else one.low,
            "p95": one.value if one.high is None else one.high,
            "assumed": one.assumed,
            "contested": one.id in conflicting,
        }
        for one in claims
        if one.value is not None and one.unit == unit
    ]
    if len(rows) < 2:
        return None
    title = asked.say("ranges_title", name=asked.name)

    def draw(bare: bool, width: float) -> str:  # noqa: FBT001 - the contract of a figure
        return ranges(rows, Caption(title, unit, language=asked.lang, bare=bare), zero=False, width=width)

    return Figure(draw, rows)


PARAMETER = {**WORDS, "nav": ("Parameter", "参数")}
PAGES = (
    Page("claim", one_claim, WORDS, about=("claim",), under="claims", act=act),
    Page("parameter", one_parameter, PARAMETER, about=("parameter",), under="claims"),
)
