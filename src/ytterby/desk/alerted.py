"""Home to alerts on a page: what moved, by how many days, and the sentence that moved it, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ytterby.desk import figured, lines
from ytterby.desk.blocks import Chip, Item, Items, Link, Strong, Words

if TYPE_CHECKING:
    from ytterby.desk.page import Asked
    from ytterby.desk.urls import Lang
    from ytterby.project import Project

WORDS = {
    "alert_moved": ("{what}: {measure} {before} → {after}", "{what}：{measure} {before} → {after}"),
    "alert_by": ("{what}: {measure} {before} → {after}, {by}", "{what}：{measure} {before} → {after}，{by}"),
    "alert_later": ("{n} days later", "推迟 {n} 天"),
    "alert_earlier": ("{n} days earlier", "提前 {n} 天"),
    "alert_more": ("{n} days more", "增加 {n} 天"),
    "alert_fewer": ("{n} days fewer", "减少 {n} 天"),
    "alert_percent": ("{n} %", "{n}%"),
    "alert_unmoved": ("unmoved", "未变"),
    "alert_read": ("A document answers the topic", "有文献符合主题"),
    "alert_because": ("Moved by: ", "起因："),
    "alert_silent": ("within its threshold", "未超出阈值"),
    "alert_past": ("past its threshold", "超出阈值"),
    "alert_several_1": ("and one more outcome", "另有 1 项结果变动"),
    "alert_several": ("and {n} more outcomes", "另有 {n} 项结果变动"),
    "alert_compare": ("the run before and after", "前后两次运行"),
    "alert_none": ("No watch has raised an alert yet.", "尚无监视警报。"),
    "never": ("never", "不会发生"),
    "first_slow": ("first slow on", "最早放缓日"),
    "first_stop": ("first stop on", "最早停线日"),
    "days_slow": ("days slow", "放缓天数"),
    "days_half": ("days below half", "产量不足一半的天数"),
    "recovered": ("recover on", "恢复日"),
    "slows": ("share of draws that slow", "出现放缓的抽样占比"),
    "stops": ("share of draws that stop", "出现停线的抽样占比"),
    "missed": ("production missed", "少产量"),
    "exports": ("exports", "出口"),
    "shortage": ("shortage", "短缺"),
    "prices": ("price", "价格"),
    "stocks": ("stock", "库存"),
    "licences": ("licences", "许可"),
    "share of draws": ("of draws", "（抽样占比）"),
    "share of demand": ("of demand", "（需求占比）"),
    "day_unit": ("days", "天"),
}
DATES = ("first_slow", "first_stop")


def alerts(project: Project) -> list[dict[str, Any]]:
    """The alerts of every watch, newest first, as `watch.alerts.alert` made them."""
    from ytterby.store import database, folder, watches

    with database.open(folder.find(project.path)) as db:
        return [one["record"] for one in reversed(watches.everywhere(db, "alert"))]


def block(asked: Asked, found: Sequence[Mapping[str, Any]], empty: str = "") -> Items:
    """The alerts as a list: what moved, the sentence, the runs; `WORDS` have to be among those of the page."""
    return Items([item(asked, one) for one in found], empty=empty or asked.say("alert_none"))


def item(asked: Asked, told: Mapping[str, Any]) -> Item:
    """One alert."""
    past = [one for one in told.get("outcomes", ()) if one.get("exceeded")]
    head = change(asked, past[0]) if past else _document(asked, told)
    pieces: list[Any] = []
    for claim in told.get("claims", ())[:3]:
        pieces += [" ", sentence(asked, claim)]
    text = [asked.say("alert_because"), *pieces[1:]] if pieces else []
    meta: list[Any] = [str(told.get("at", ""))[:16].replace("T", " "), " · "]
    meta.append(Link(str(told.get("title") or told.get("workflow")), asked.to("watch", str(told["workflow"]))))
    runs = told.get("runs") or {}
    if {"before", "after"} <= set(runs):
        meta += [" · ", Link(asked.say("alert_compare"), asked.to("compare", str(runs["before"]), str(runs["after"])))]
    chips = (
        [Chip(asked.say("alert_several" if len(past) > 2 else "alert_several_1", n=len(past) - 1))]
        if len(past) > 1
        else []
    )
    return Item(title=head, text=text, meta=meta, chips=chips, data=row(told))


def row(told: Mapping[str, Any]) -> dict[str, Any]:
    """An alert as a plain row."""
    past = [one for one in told.get("outcomes", ()) if one.get("exceeded")]
    first: Mapping[str, Any] = past[0] if past else {}
    return {
        "id": told.get("id"),
        "at": told.get("at"),
        "workflow": told.get("workflow"),
        "outcome": first.get("outcome", ""),
        "before": (first.get("before") or {}).get("median"),
        "after": (first.get("after") or {}).get("median"),
        "days": first.get("days"),
        "percent": first.get("percent"),
        "sentences": [str(one.get("quote", "")) for one in told.get("claims", ())],
        "claims": [str(one.get("id", "")) for one in told.get("claims", ())],
        "run_before": (told.get("runs") or {}).get("before"),
        "run_after": (told.get("runs") or {}).get("after"),
    }


def change(asked: Asked, one: Mapping[str, Any]) -> Words:
    """An outcome before and after, in a sentence."""
    where = dict(one.get("where") or {})
    fields = {
        "what": about(where, asked.lang),
        "measure": _measure(asked, str(one.get("metric")), str(one.get("of"))),
        "before": _figure(asked, one.get("before") or {}),
        "after": _figure(asked, one.get("after") or {}),
    }
    by = moved_by(asked, one)
    return Strong(asked.say("alert_by", **fields, by=by) if by else asked.say("alert_moved", **fields))


def named(asked: Asked, one: Mapping[str, Any]) -> str:
    """What an outcome is and how it is measured, in a few words."""
    what = about(dict(one.get("where") or {}), asked.lang)
    measure = _measure(asked, str(one.get("metric")), str(one.get("of")))
    return f"{what}，{measure}" if asked.lang == "zh" else f"{what}, {measure}"


def moved_by(asked: Asked, one: Mapping[str, Any]) -> str:
    """By how many days or percent an outcome moved; empty where that cannot be said."""
    days, percent = one.get("days"), one.get("percent")
    if days:
        words = ("alert_later", "alert_earlier") if one.get("of") in DATES else ("alert_more", "alert_fewer")
        return asked.say(words[days < 0], n=f"{abs(days):g}")
    if percent is not None:
        return asked.say("alert_percent", n=f"{percent:+.1f}")
    return asked.say("alert_unmoved") if days == 0 else ""


def sentence(asked: Asked, claim: Mapping[str, Any]) -> Link:
    """The words of a claim of an alert, leading to them in their document."""
    text = str(claim.get("quote") or claim.get("id"))
    text = text if len(text) <= 200 else f"{text[:199]}…"
    if claim.get("document") and claim.get("passage"):
        to = asked.to("document", str(claim["document"]), at=f"p{claim['passage']}")
    else:
        to = asked.to("claim", str(claim.get("id")))
    quotes = "“{}”"
    return Link(quotes.format(text), to, lang=figured.tongue(text), hint=str(claim.get("publisher", "")))


def about(where: Mapping[str, Any], lang: Lang) -> str:
    """What an outcome is about: a line, or the place, thing and month of a flow."""
    joint = "，" if lang == "zh" else ", "
    if "product" in where:
        rest = [str(value) for key, value in where.items() if key == "period"]
        return joint.join([lines.line(where, lang), *rest])
    said = []
    for key, value in where.items():
        text = str(value)
        if key in ("destination", "zone"):
            # Exports to the EU are those to all of it; a line in the EU is one of its other members'.
            text = figured.where(text, lang) if text == "EU" else lines.place(text, lang)
        elif key == "material":
            text = _material(text, lang)
        said.append(text)
    return joint.join(said)


def _material(name: str, lang: Lang) -> str:
    from ytterby.terms.errors import YtterbyError
    from ytterby.terms.materials import material

    with suppress(YtterbyError):
        found = material(name)
        return found.zh if lang == "zh" else found.en
    return name


def _measure(asked: Asked, metric: str, of: str) -> str:
    key = metric if of in ("amount", "share") else of
    return asked.say(key) if key in WORDS else f"{metric} {of}".replace("_", " ")


def _figure(asked: Asked, band: Mapping[str, Any]) -> str:
    value, unit = band.get("median"), str(band.get("unit", ""))
    if value is None:
        return asked.say("never")
    if unit == "date":
        return str(value)
    if unit.startswith("share"):
        return f"{float(value):.0%} {asked.say(unit) if unit in WORDS else ''}".strip()
    number = f"{float(value):,.4g}" if abs(float(value)) < 1000 else f"{float(value):,.0f}"
    return f"{number}\u00a0{asked.say('day_unit') if unit == 'day' else unit}"


def _document(asked: Asked, told: Mapping[str, Any]) -> Words:
    documents = told.get("documents") or ()
    if not documents:
        return asked.say("alert_read")
    first = documents[0]
    title = str(first.get("title") or first.get("path") or first.get("id"))
    link = Link(title, asked.to("document", str(first["id"])), lang=figured.tongue(title))
    return [f"{asked.say('alert_read')}: " if asked.lang == "en" else f"{asked.say('alert_read')}：", link]
