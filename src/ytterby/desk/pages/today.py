"""Home to the page of the day: what is new, what waits, which rules are about to change, which forecasts moved."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ytterby.desk import kept
from ytterby.desk.blocks import Cell, Chip, Column, Item, Items, Link, Strong, Table, Tongue, Words
from ytterby.desk.page import Asked, KeyFigure, Page, Section, Shown

if TYPE_CHECKING:
    from ytterby.evidence.claims import Claim
    from ytterby.evidence.documents import Document
    from ytterby.project import Project

WORDS = {
    "nav": ("Today", "今日"),
    "title_moved": (
        "{scenario}: {group} now slows first on {day}, {days}",
        "{scenario}：{group} 最早于 {day} 放缓，{days}",
    ),
    "title_begins": ("{what} takes effect in {days} days", "{days} 天后生效：{what}"),
    "title_ends": ("{what} ends in {days} days", "{days} 天后失效：{what}"),
    "title_suspended": ("{what} is suspended in {days} days", "{days} 天后暂停：{what}"),
    "title_resumes": ("The suspension of {what} ends in {days} days", "{days} 天后暂停期满：{what}"),
    "and_waiting": ("{found}; {waiting} figures wait for a decision", "{found}；{waiting} 个数字待审"),
    "title_documents": (
        "{n} documents are read; {waiting} figures wait for a decision",
        "已读 {n} 篇；{waiting} 个数字待审",
    ),
    "title_empty": ("Nothing was read yet", "尚未读入任何文献"),
    "lead_empty": (
        "Start with `ytterby read --sample`, or drop files on the page of documents.",
        "可先运行 `ytterby read --sample`，或在文献页上传文件。",
    ),
    "basis": ("What changed, as known on {day}", "截至 {day} 所知的变化"),
    "documents": ("Documents", "文献"),
    "waiting": ("Figures waiting", "待审数字"),
    "figures": ("Figures that count", "计入的数字"),
    "next": ("Next change of a rule", "下一次规则变动"),
    "in_days": ("in {n} days", "{n} 天后"),
    "later": ("{n} days later", "推迟 {n} 天"),
    "earlier": ("{n} days earlier", "提前 {n} 天"),
    "rules": ("Rules about to change", "即将变动的规则"),
    "rules_basis": ("The next {n} days, under the reading {reading}", "今后 {n} 天，按解读 {reading}"),
    "no_rules": ("No known rule changes in the next {n} days.", "今后 {n} 天内没有已知的规则变动。"),
    "day": ("Day", "日期"),
    "what": ("What", "内容"),
    "change": ("Change", "变动"),
    "clauses": ("Clauses", "条款"),
    "begins": ("takes effect", "生效"),
    "ends": ("ends", "失效"),
    "suspended": ("is suspended", "暂停"),
    "resumes": ("suspension ends", "暂停期满"),
    "new": ("New documents", "新文献"),
    "new_basis": ("By date of publication", "按发布日期"),
    "claims_of": ("{n} figures", "{n} 个数字"),
    "untitled": ("(no title)", "（无标题）"),
    "moved": ("Parameters that moved", "变动的参数"),
    "moved_basis": ("Since {day}: pooled value of the accepted claims", "自 {day} 起：已采纳论断的合并值"),
    "parameter": ("Parameter", "参数"),
    "from": ("From", "原值"),
    "to": ("To", "现值"),
    "unit": ("Unit", "单位"),
    "because": ("Because of", "原因"),
    "not_moved": ("No parameter moved.", "没有参数变动。"),
    "forecasts": ("Forecasts", "预测"),
    "forecasts_basis": ("Newest run of each scenario against the one before it", "各情景的最新运行与前一次相比"),
    "no_runs": ("Nothing was run yet.", "尚无运行。"),
    "draws": ("{n} draws", "{n} 次抽样"),
    "moved_groups": ("{n} lines moved; {group} by {days}", "{n} 条生产线变动；{group} {days}"),
    "not_moved_run": ("no line moved", "没有生产线变动"),
    "first_run": ("first run", "首次运行"),
}
AHEAD = 180
"""Days looked ahead for rules."""
BACK = 30
"""Days looked back for parameters."""
MOST = 8


@dataclass(frozen=True, slots=True)
class Edge:
    """A day on which clauses of one instrument change their standing."""

    day: datetime.date
    instrument: str
    change: str
    """Key of the word: begins, ends, suspended, resumes."""
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A forecast beside the one before it."""

    run: kept.Kept
    before: kept.Kept | None
    moves: list[tuple[Mapping[str, Any], datetime.date, int]]
    """Group, its first slow day, and by how many days that moved."""


def build(project: Project, asked: Asked) -> Shown:
    """What a reader who opens the desk in the morning has to know."""
    claims = asked.kept("claims", project.claims)
    documents = asked.kept("documents", project.documents)
    edges = asked.kept(f"today:edges:{asked.today}", lambda: _edges(project, asked.today))
    titles = {one.id: (one.title, one.title_zh or one.title) for one in project.instruments()}
    waiting = [claim for claim in claims if claim.status == "pending"]
    told = _told(asked, kept.runs(project.path / "runs"))
    return Shown(
        title=_title(asked, documents, len(waiting), edges, titles, told),
        basis=asked.say("basis", day=asked.today.isoformat()),
        lead="" if documents else asked.say("lead_empty"),
        keys=_keys(asked, documents, claims, len(waiting), edges),
        sections=[
            _rules(asked, edges, titles, project.law().reading),
            _new(asked, documents, claims),
            _forecasts(asked, told),
            _moved(project, asked, claims),
        ],
    )


def _title(
    asked: Asked,
    documents: list[Document],
    waiting: int,
    edges: list[Edge],
    titles: dict[str, tuple[str, str]],
    told: list[Told],
) -> str:
    moved = next((one for one in told if one.moves), None)
    if moved is not None:
        group, day, days = moved.moves[0]
        scenario = moved.run.named(asked.lang)
        found = asked.say("title_moved", scenario=scenario, group=group["id"], day=day, days=_days(asked, days))
    elif edges:
        first = edges[0]
        days = (first.day - asked.today).days
        found = asked.say(f"title_{first.change}", what=_named(asked, first, titles), days=days)
    elif documents:
        found = asked.say("title_documents", n=len(documents))
    else:
        return asked.say("title_empty")
    return asked.say("and_waiting", found=found, waiting=f"{waiting:,}") if waiting else found


def _keys(
    asked: Asked, documents: list[Document], claims: list[Claim], waiting: int, edges: list[Edge]
) -> list[KeyFigure]:
    keys = [
        KeyFigure(asked.say("documents"), len(documents), to=asked.to("documents")),
        KeyFigure(
            asked.say("figures"),
            sum(claim.status == "accepted" for claim in claims),
            to=asked.to("claims", asked={"status": "accepted"}),
        ),
        KeyFigure(asked.say("waiting"), waiting, to=asked.to("claims", asked={"status": "pending"})),
    ]
    if edges:
        days = (edges[0].day - asked.today).days
        note = asked.say("in_days", n=days)
        keys.append(KeyFigure(asked.say("next"), edges[0].day.isoformat(), note=note, to=asked.to("rules")))
    return keys


def _new(asked: Asked, documents: list[Document], claims: list[Claim]) -> Section:
    counts: dict[str, int] = {}
    for claim in claims:
        counts[claim.document] = counts.get(claim.document, 0) + 1
    newest = sorted(documents, key=lambda one: (one.date, one.id), reverse=True)[:MOST]
    items = [
        Item(
            title=Link(one.title or asked.say("untitled"), asked.to("document", one.id), lang=one.lang or asked.lang),
            meta=_line(one.date, Tongue(one.publisher, one.lang or "en") if one.publisher else ""),
            chips=[Chip(asked.say("claims_of", n=counts.get(one.id, 0)))],
            data={"id": one.id, "date": one.date, "title": one.title, "publisher": one.publisher, "lang": one.lang,
                  "claims": counts.get(one.id, 0)},
        )
        for one in newest
    ]  # fmt: skip
    return Section("documents", asked.say("new"), [Items(items)], basis=asked.say("new_basis"), width="half")


def _rules(asked: Asked, edges: list[Edge], titles: dict[str, tuple[str, str]], reading: str) -> Section:
    columns = (
        Column("day", asked.say("day"), "date"),
        Column("what", asked.say("what"), "wide"),
        Column("change", asked.say("change")),
    )
    cells: list[dict[str, Cell]] = [
        {
            "day": one.day.isoformat(),
            "what": Link(_named(asked, one, titles), asked.to("instrument", one.instrument)),
            "change": f"{asked.say(one.change)} ({len(one.clauses)})"
            if len(one.clauses) > 1
            else asked.say(one.change),
        }
        for one in edges
    ]
    data = [
        {"day": one.day, "instrument": one.instrument, "change": one.change, "clauses": list(one.clauses)}
        for one in edges
    ]
    table = Table(columns, cells, data=data, empty=asked.say("no_rules", n=AHEAD))
    basis = asked.say("rules_basis", n=AHEAD, reading=reading)
    return Section("rules", asked.say("rules"), [table], basis=basis, width="half")


def _forecasts(asked: Asked, told: list[Told]) -> Section:
    items = []
    for one in told[:MOST]:
        words = asked.say("first_run") if one.before is None else asked.say("not_moved_run")
        if one.moves:
            group, _, days = one.moves[0]
            words = asked.say("moved_groups", n=len(one.moves), group=group["id"], days=_days(asked, days))
        run = one.run
        data = {
            "run": run.id,
            "scenario": run.scenario,
            "created": run.created,
            "draws": run.draws,
            "before": None if one.before is None else one.before.id,
            "moved": [{"group": group["id"], "first_slow": day, "days": days} for group, day, days in one.moves],
        }
        meta = _line(run.created[:10], asked.say("draws", n=f"{run.draws:,}"))
        title = Link(run.named(asked.lang), asked.to("run", run.id))
        items.append(Item(title=title, meta=meta, text=Strong(words) if one.moves else words, data=data))
    block = Items(items, empty=asked.say("no_runs"))
    return Section("forecasts", asked.say("forecasts"), [block], basis=asked.say("forecasts_basis"))


def _told(asked: Asked, runs: list[kept.Kept]) -> list[Told]:
    """The newest run of each scenario, with what moved since the one before it."""
    newest = {run.scenario: run for run in reversed(runs)}
    found = []
    for run in sorted(newest.values(), key=lambda one: one.created, reverse=True):
        before = next((one for one in runs if one.scenario == run.scenario and one.created < run.created), None)
        found.append(Told(run, before, [] if before is None else _moves(asked, run, before)))
    return found


def _moves(asked: Asked, new: kept.Kept, old: kept.Kept) -> list[tuple[Mapping[str, Any], datetime.date, int]]:
    return asked.kept(f"today:moved:{new.id}:{old.id}", lambda: kept.moved(new, old))


def _moved(project: Project, asked: Asked, claims: list[Claim]) -> Section:
    since = asked.today - datetime.timedelta(days=BACK)
    found: list[Any] = asked.kept(f"today:parameters:{since}", lambda: project.moved(since, claims=claims))
    by_id = {claim.id: claim for claim in claims}
    columns = (
        Column("parameter", asked.say("parameter")),
        Column("from", asked.say("from"), "number"),
        Column("to", asked.say("to"), "number"),
        Column("unit", asked.say("unit")),
        Column("because", asked.say("because"), "wide"),
    )
    rows = [_move(asked, one, by_id) for one in found]
    table = Table(
        columns, [cells for cells, _ in rows[:MOST]], data=[data for _, data in rows], empty=asked.say("not_moved")
    )
    basis = asked.say("moved_basis", day=since.isoformat())
    return Section("parameters", asked.say("moved"), [table], basis=basis)


def _move(asked: Asked, one: Any, by_id: dict[str, Claim]) -> tuple[dict[str, Any], dict[str, Any]]:
    told = one.to_dict()
    was, now = told.get("before"), told.get("after")
    responsible = [by_id[name] for name in told.get("claims", ()) if name in by_id]
    because: Words = _quote(asked, responsible[0]) if responsible else ""
    return {
        "parameter": Link(told["parameter"], asked.to("parameter", told["parameter"])),
        "from": was,
        "to": now,
        "unit": told.get("unit") or "",
        "because": because,
    }, told


def _quote(asked: Asked, claim: Claim) -> Words:
    text = claim.quote or claim.source.title or claim.id
    return Link(text if len(text) <= 90 else f"{text[:89]}…", asked.to("claim", claim.id))


def _edges(project: Project, today: datetime.date) -> list[Edge]:
    """The days ahead on which clauses change, by instrument."""
    found: dict[tuple[datetime.date, str, str], list[str]] = {}
    spans = project.timeline(today, today + datetime.timedelta(days=AHEAD))
    before = {(span["clause"], span["until"]): span["state"] for span in spans if span["until"]}
    for span in spans:
        start = datetime.date.fromisoformat(str(span["from"]))
        if start <= today:
            continue
        eve = (start - datetime.timedelta(days=1)).isoformat()
        earlier = before.pop((span["clause"], eve), "")
        change = "suspended" if span["state"] == "suspended" else "resumes" if earlier == "suspended" else "begins"
        found.setdefault((start, str(span["instrument"]), change), []).append(str(span["clause"]))
    instruments = {span["clause"]: str(span["instrument"]) for span in spans}
    for clause, until in before:
        day = datetime.date.fromisoformat(str(until)) + datetime.timedelta(days=1)
        found.setdefault((day, instruments[clause], "ends"), []).append(str(clause))
    return [Edge(day, name, change, tuple(sorted(who))) for (day, name, change), who in sorted(found.items())]


def _named(asked: Asked, edge: Edge, titles: dict[str, tuple[str, str]]) -> str:
    en, zh = titles.get(edge.instrument, (edge.instrument, edge.instrument))
    return zh if asked.lang == "zh" else en


def _days(asked: Asked, days: int) -> str:
    return asked.say("later" if days > 0 else "earlier", n=abs(days))


def _line(*pieces: Any) -> list[Any]:
    kept_pieces = [piece for piece in pieces if piece]
    return [part for number, piece in enumerate(kept_pieces) for part in ((" · ", piece) if number else (piece,))]


PAGE = Page("today", build, WORDS, nav=1)
