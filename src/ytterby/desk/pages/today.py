"""Home to the page of the day: what is new, what waits, which rules are about to change, which forecasts moved."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ytterby.desk import alerted, figured, flips, kept, lawyerly, lines
from ytterby.desk.blocks import (
    Block,
    Cell,
    Chip,
    Choice,
    Column,
    Facets,
    Item,
    Items,
    Link,
    Strong,
    Table,
    Text,
    Tongue,
    Words,
)
from ytterby.desk.page import Asked, KeyFigure, Page, Section, Shown

if TYPE_CHECKING:
    from ytterby.evidence.claims import Claim
    from ytterby.evidence.documents import Document
    from ytterby.project import Project

WORDS = {
    **alerted.WORDS,
    **lawyerly.WORDS,
    **flips.WORDS,
    "nav": ("Today", "今日"),
    "title_moved": (
        "{scenario}: {group} now slow first on {day}, {days}",
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
    "rules_some": ("{n} instruments change, the first in {days} days", "{n} 项规则将变动，最近一项在 {days} 天后"),
    "rules_some_1": ("One instrument changes, in {days} days", "1 项规则将在 {days} 天后变动"),
    "rules_none": ("No known rule is about to change", "近期没有已知的规则变动"),
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
    "new_some": ("{n} documents came in, with {claims} figures", "新读入 {n} 篇文献，含 {claims} 个数字"),
    "new_some_1": ("One document came in, with {claims} figures", "新读入 1 篇文献，含 {claims} 个数字"),
    "new_none": ("No document came in", "没有读入新文献"),
    "new_basis": ("Read since {day}", "自 {day} 起读入"),
    "since": ("New since", "起始日"),
    "day_1": ("yesterday", "昨天"),
    "day_7": ("a week ago", "一周前"),
    "day_30": ("a month ago", "一月前"),
    "all_documents": ("All {n} documents", "全部 {n} 篇文献"),
    "claims_some": ("{waiting} of {n} new figures wait for a decision", "{n} 个新数字中 {waiting} 个待审"),
    "claims_none": ("No new figure was read", "没有读到新数字"),
    "claims_basis": ("Those that speak of a parameter of the world first", "涉及模型参数的在前"),
    "all_claims": ("All figures that wait", "全部待审数字"),
    "alerts_some": ("{n} alerts since {day}", "自 {day} 起 {n} 次警报"),
    "alerts_some_1": ("One alert since {day}", "自 {day} 起 1 次警报"),
    "alerts_none": ("No alert since {day}", "自 {day} 起没有警报"),
    "alerts_basis": ("What the watches told, with the sentence that moved it", "监视发出的警报及其依据的原句"),
    "watches": ("Watches", "监视"),
    "watched_none": ("Nothing is watched: ", "尚未监视："),
    "claims_of": ("{n} figures", "{n} 个数字"),
    "untitled": ("(no title)", "（无标题）"),
    "moved": ("{n} parameters moved", "{n} 个参数变动"),
    "moved_basis": ("Since {day}: pooled value of the accepted claims", "自 {day} 起：已采纳论断的合并值"),
    "parameter": ("Parameter", "参数"),
    "from": ("From", "原值"),
    "to": ("To", "现值"),
    "unit": ("Unit", "单位"),
    "because": ("Because of", "原因"),
    "moved_1": ("One parameter moved", "1 个参数变动"),
    "not_moved": ("No parameter moved", "没有参数变动"),
    "forecasts_moved": (
        "{n} forecasts moved, {group} the furthest: {days}",
        "{n} 项预测变动，{group} 变动最大：{days}",
    ),
    "forecasts_moved_1": ("One forecast moved, {group} the furthest: {days}", "1 项预测变动，{group} 变动最大：{days}"),
    "forecasts_still": ("No forecast moved", "没有预测变动"),
    "forecasts_none": ("Nothing was run yet", "尚无运行"),
    "forecasts_basis": (
        "Newest run of each scenario against the one before it with the same draws, seed and levers",
        "各情景的最新运行与抽样、种子、措施相同的前一次运行相比",
    ),
    "no_runs": ("Nothing was run yet.", "尚无运行。"),
    "draws": ("{n} draws", "{n} 次抽样"),
    "moved_line": ("{group}: first slow on {day}, {days}", "{group}：最早于 {day} 放缓，{days}"),
    "moved_rest": ("; {n} more lines moved", "；另有 {n} 条生产线变动"),
    "not_moved_run": ("no line moved", "没有生产线变动"),
    "first_run": ("first run", "首次运行"),
}
AHEAD = 180
"""Days looked ahead for rules."""
BACK = 30
"""Days looked back for parameters."""
MOST = 6
DAYS = 7
"""What counts as new, where nobody asks for another day."""


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
    alerts = asked.kept("alerts", lambda: alerted.alerts(project))
    arrivals = asked.kept("arrivals", project.arrivals)
    waiting = sum(claim.status == "pending" for claim in claims)
    told = _told(asked, kept.runs(project.path / "runs"))
    since = asked.day("since") or asked.today - datetime.timedelta(days=DAYS)
    new = _newest([one for one in documents if arrivals.get(one.id, "")[:10] >= since.isoformat()], arrivals)
    return Shown(
        title=_title(asked, documents, waiting, edges, titles, told),
        basis=asked.say("basis", day=asked.today.isoformat()),
        lead="" if documents else asked.say("lead_empty"),
        keys=_keys(asked, documents, claims, waiting, edges),
        controls=[_since(asked, since)],
        sections=[
            _forecasts(asked, told, alerts),
            _alerts(asked, alerts, since, project),
            _rules(asked, edges, titles, project.law().reading),
            _claims(asked, new, claims),
            _new(asked, new, claims, since, len(documents)),
            flips.section(project, asked, width="half"),
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
        name, line = moved.run.named(asked.lang), lines.line(group, asked.lang)
        found = asked.say("title_moved", scenario=name, group=line, day=day, days=_days(asked, days))
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


def _since(asked: Asked, since: datetime.date) -> Facets:
    """From when on something counts as new."""
    choices = [
        Choice(
            asked.say(f"day_{days}"),
            asked.asking(since=None if days == DAYS else day.isoformat()),
            chosen=day == since,
        )
        for days in (1, 7, 30)
        for day in (asked.today - datetime.timedelta(days=days),)
    ]
    return Facets([(asked.say("since"), choices)])


def _newest(documents: list[Document], arrivals: Mapping[str, str]) -> list[Document]:
    """The documents, those that came in on the latest day first, of one day those published last."""
    return sorted(documents, key=lambda one: (arrivals.get(one.id, "")[:10], one.date, one.id), reverse=True)


def _alerts(asked: Asked, alerts: list[dict[str, Any]], since: datetime.date, project: Project) -> Section:
    fresh = [one for one in alerts if str(one.get("at", ""))[:10] >= since.isoformat()]
    title = asked.say(_of("alerts_some", len(fresh)) if fresh else "alerts_none", n=len(fresh), day=since)
    block: Block = Items([alerted.item(asked, one) for one in fresh[:MOST]], data=[alerted.row(one) for one in fresh])
    if not fresh:
        link = Link(asked.say("watches"), asked.to("watches"))
        block = Text([[asked.say("watched_none"), link] if not alerts and not asked.jobs.watch.kept() else [link]])
    return Section("alerts", title, [block], basis=asked.say("alerts_basis"), width="half")


def _new(asked: Asked, new: list[Document], claims: list[Claim], since: datetime.date, every: int) -> Section:
    counts = Counter(claim.document for claim in claims)
    items = [
        Item(
            title=Link(one.title or asked.say("untitled"), asked.to("document", one.id), lang=one.lang or asked.lang),
            meta=_line(one.date, Tongue(one.publisher, one.lang or "en") if one.publisher else ""),
            chips=[Chip(asked.say("claims_of", n=counts[one.id]))],
        )
        for one in new[:MOST]
    ]
    data = [
        {"id": one.id, "date": one.date, "title": one.title, "publisher": one.publisher, "lang": one.lang,
         "claims": counts[one.id]}
        for one in new
    ]  # fmt: skip
    n = sum(counts[one.id] for one in new)
    title = asked.say(_of("new_some", len(new)), n=len(new), claims=f"{n:,}") if new else asked.say("new_none")
    blocks: list[Block] = [Items(items, data=data)] if items else []
    blocks.append(Text([Link(asked.say("all_documents", n=every), asked.to("documents"))]))
    return Section("documents", title, blocks, basis=asked.say("new_basis", day=since), width="half")


def _claims(asked: Asked, new: list[Document], claims: list[Claim]) -> Section:
    order = {one.id: number for number, one in enumerate(new)}
    fresh = [claim for claim in claims if claim.document in order]
    waiting = [claim for claim in fresh if claim.status == "pending"]
    fresh.sort(key=lambda claim: (claim.status != "pending", not claim.parameter, order[claim.document]))
    items = [
        Item(
            title=Link(
                figured.figure(claim, asked.lang) or figured.kind(claim.kind, asked.lang), asked.to("claim", claim.id)
            ),
            text=figured.quoted(asked, claim, 160),
            meta=figured.about(claim, asked.lang),
            chips=figured.chips(asked, claim),
        )
        for claim in fresh[:MOST]
    ]
    title = asked.say("claims_some", n=f"{len(fresh):,}", waiting=f"{len(waiting):,}")
    blocks: list[Block] = [Items(items, data=[figured.row(claim) for claim in fresh])] if items else []
    blocks.append(Text([Link(asked.say("all_claims"), asked.to("claims", asked={"status": "pending"}))]))
    return Section(
        "claims",
        title if fresh else asked.say("claims_none"),
        blocks,
        basis=asked.say("claims_basis") if fresh else "",
        width="half",
    )


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
    title = asked.say("rules_none")
    if edges:
        n = len({one.instrument for one in edges})
        title = asked.say(_of("rules_some", n), n=n, days=(edges[0].day - asked.today).days)
    table = Table(columns, cells, data=data, empty=asked.say("no_rules", n=AHEAD))
    basis = asked.say("rules_basis", n=AHEAD, reading=reading)
    return Section("rules", title, [table], basis=basis, width="half")


def _forecasts(asked: Asked, told: list[Told], alerts: list[dict[str, Any]]) -> Section:
    by_run = {str((one.get("runs") or {}).get("after")): one for one in reversed(alerts)}
    items = [_forecast(asked, one, by_run.get(one.run.id)) for one in told[:MOST]]
    moved = [one for one in told if one.moves]
    title = asked.say("forecasts_still" if told else "forecasts_none")
    if moved:
        furthest = max(moved, key=lambda one: abs(one.moves[0][2]))
        group, _, days = furthest.moves[0]
        line = lines.line(group, asked.lang)
        title = asked.say(_of("forecasts_moved", len(moved)), n=len(moved), group=line, days=_days(asked, days))
    block = Items(items, empty=asked.say("no_runs"))
    return Section("forecasts", title, [block], basis=asked.say("forecasts_basis"), width="half")


def _forecast(asked: Asked, one: Told, alert: Mapping[str, Any] | None) -> Item:
    run = one.run
    text: list[Any] = [asked.say("first_run") if one.before is None else asked.say("not_moved_run")]
    if one.moves:
        group, day, days = one.moves[0]
        line = lines.line(group, asked.lang)
        text = [Strong(asked.say("moved_line", group=line, day=day, days=_days(asked, days)))]
        if len(one.moves) > 1:
            text.append(asked.say("moved_rest", n=len(one.moves) - 1))
    sentences = list(alert.get("claims", ())) if alert is not None else []
    if sentences:
        text += [" · ", asked.say("alert_because"), alerted.sentence(asked, sentences[0])]
    data = {
        "run": run.id,
        "scenario": run.scenario,
        "created": run.created,
        "draws": run.draws,
        "before": None if one.before is None else one.before.id,
        "moved": [{"group": group["id"], "first_slow": day, "days": days} for group, day, days in one.moves],
        "sentences": [str(claim.get("quote", "")) for claim in sentences],
    }
    meta = _line(run.created[:10], asked.say("draws", n=f"{run.draws:,}"))
    if one.before is not None:
        meta += [" · ", Link(asked.say("alert_compare"), asked.to("compare", one.before.id, run.id))]
    return Item(title=Link(run.named(asked.lang), asked.to("run", run.id)), meta=meta, text=text, data=data)


def _told(asked: Asked, runs: list[kept.Kept]) -> list[Told]:
    """The newest run of each scenario, with what moved since the one before it under the same settings."""
    newest = {run.scenario: run for run in reversed(runs)}
    found = []
    for run in sorted(newest.values(), key=lambda one: one.created, reverse=True):
        same = (run.scenario, run.draws, run.seed, run.levers)
        before = next(
            (
                one
                for one in runs
                if (one.scenario, one.draws, one.seed, one.levers) == same and one.created < run.created
            ),
            None,
        )
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
    table = Table(columns, [cells for cells, _ in rows[:MOST]], data=[data for _, data in rows])
    basis = asked.say("moved_basis", day=since.isoformat())
    title = asked.say(_of("moved", len(rows)), n=len(rows)) if rows else asked.say("not_moved")
    return Section("parameters", title, [table] if rows else [], basis=basis)


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
        "assumed": bool(responsible) and all(claim.assumed for claim in responsible),
    }, told


def _quote(asked: Asked, claim: Claim) -> Words:
    text = claim.quote or claim.source.title or claim.id
    text = text if len(text) <= 90 else f"{text[:89]}…"
    return Link(text, asked.to("claim", claim.id), lang=figured.tongue(text))


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


def _of(key: str, n: int) -> str:
    """The key of the words for a number of things: English has its own for one."""
    return f"{key}_1" if n == 1 else key


def _line(*pieces: Any) -> list[Any]:
    kept_pieces = [piece for piece in pieces if piece]
    return [part for number, piece in enumerate(kept_pieces) for part in ((" · ", piece) if number else (piece,))]


PAGE = Page("today", build, WORDS, nav=1)
