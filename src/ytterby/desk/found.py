"""Home to what a run is headed with, in either language: its one finding, how sure it is, and its key figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ytterby.desk import outlook
from ytterby.desk.page import KeyFigure

if TYPE_CHECKING:
    from ytterby.desk.page import Asked
    from ytterby.findings.ground import Ground
    from ytterby.findings.verdict import Verdict

WORDS = {
    "stop": (
        "Licences of {since} stop the first {lines} on {day} (90 %: {low} – {high})",
        "{since}起的许可管制使{lines}最早于{day}停线（90% 区间 {low}至{high}）",
    ),
    "calm": ("Licences of {since} stop no lines in most draws", "{since}起的许可管制在多数抽样中未造成停线"),
    "whole": ("{name}: nothing runs short in most draws", "{name}：多数抽样中无短缺"),
    "not_built": (
        "{name}: from {since} to {end}, {lines} go without {share} of what is wanted (90 %: {low} – {high})",
        "{name}：{since}至{end}，{lines}缺口为需求的 {share}（90% 区间 {low}至{high}）",
    ),
    "short_year": (
        "{about} runs short first in {year} ({low} – {high})",
        "{about} 最早于 {year} 短缺（{low}至{high}）",
    ),
    "short_never": ("{about} runs short by {last} in {share} of the draws", "到{last}，{share}的抽样中 {about} 短缺"),
    "own_supply": (
        "Plants in {place} can cover {share} of its magnets from mine to magnet by {last} ({low} – {high})",
        "到{last}，{place}的工厂从矿山到磁体可满足其磁体需求的 {share}（{low}至{high}）",
    ),
    "not_by": ("not by {last}", "{last}前未出现"),
    "sure_slow": (
        "They slow in {share} of {draws} draws of the uncertain inputs; {assumed} of {inputs} inputs are assumed.",
        "在 {draws} 次抽样中有 {share} 放缓；{inputs} 项不确定输入中有 {assumed} 项为假设。",
    ),
    "sure": (
        "Computed from {draws} draws; {assumed} of {inputs} uncertain inputs are assumed.",
        "由 {draws} 次抽样算出；{inputs} 项不确定输入中有 {assumed} 项为假设。",
    ),
    "key_first": ("First slow: {lines}", "最早放缓：{lines}"),
    "key_slow": ("Time they run slow", "放缓持续"),
    "key_missed": ("Not built: {lines}", "未建成：{lines}"),
    "key_exports": ("Magnet exports, lowest", "磁体出口，最低"),
    "key_unbuilt": ("Kinds of lines that slow", "放缓的产线类别"),
    "key_residual": ("Mass unexplained, at most", "质量差额，至多"),
    "of_demand": ("of what was wanted", "占需求"),
    "of_kinds": ("of {n}, in most draws", "共 {n} 类，多数抽样"),
    "of_flow": ("of an element's flow", "占元素流量"),
    "days": ("days", "天"),
    "per_month": ("t a month", "吨/月"),
    "per_quarter": ("t a quarter", "吨/季"),
    "per_year": ("t a year", "吨/年"),
}


def headline(asked: Asked, ground: Ground, found: Verdict) -> str:
    """The finding as a sentence."""
    from ytterby.findings.ground import points

    lang, at, last = asked.lang, points(found.values), str(ground.end.year)

    def told(key: str, spelled: dict[str, str], **more: object) -> str:
        return asked.say(key, low=spelled["p05"], high=spelled["p95"], **more)

    name = str((ground.run.info.get("title") or {}).get(lang) or ground.run.scenario)
    since = outlook.day(ground.controls or ground.start, lang)
    if found.kind in ("calm", "whole"):
        return asked.say(found.kind, since=since, name=name)
    if found.kind == "first_stop" and found.key:
        days = {q: outlook.told(ground, v, lang, (ground.controls or ground.start).year) for q, v in at.items()}
        return told("stop", days, since=since, day=days["median"], lines=outlook.makers(found.key, lang))
    if found.kind == "short_year":
        if not np.isfinite(at["median"]):
            share = outlook.percent(float(np.isfinite(found.values).mean()), lang)
            return asked.say("short_never", about=found.about, last=last, share=share)
        never = asked.say("not_by", last=last)
        years = {q: str(int(v)) if np.isfinite(v) else never for q, v in at.items()}
        return told("short_year", years, about=found.about, year=years["median"])
    shares = {q: outlook.percent(v, lang) for q, v in at.items()}
    if found.kind == "own_supply":
        place = outlook.region(found.about, lang)
        return told("own_supply", shares, place=place, share=shares["median"], last=last)
    begin, end = (outlook.day(one, lang) for one in (ground.turn or ground.controls or ground.start, ground.end))
    of = outlook.makers(found.key, lang) if found.key else ""
    return told("not_built", shares, name=name, since=begin, end=end, lines=of, share=shares["median"])


def sure(asked: Asked, ground: Ground, found: Verdict) -> str:
    """How sure that is, and how much of it is assumed."""
    assumed = sum(one.assumed for one in ground.parameters.values())
    told = {"draws": f"{ground.run.draws:,}", "assumed": assumed, "inputs": len(ground.parameters)}
    if found.kind == "first_stop":
        share = outlook.percent(float(np.isfinite(found.values).mean()), asked.lang)
        return asked.say("sure_slow", share=share, **told)
    return asked.say("sure", **told)


def keys(asked: Asked, ground: Ground, found: Verdict) -> list[KeyFigure]:
    """The numbers under the title, the same for every run."""
    from ytterby.findings.exports import magnets
    from ytterby.findings.ground import points

    lang, here = asked.lang, asked.address
    made: list[KeyFigure] = []
    if found.key is not None:
        of = outlook.lines(found.key, lang)
        first, slow = points(ground.first(found.key)), points(ground.slow_days(found.key))
        missed = points(ground.missed(found.key, ground.controls)[0])
        days = {q: outlook.told(ground, v, lang) for q, v in first.items()}
        to = asked.to(here.page, *here.names, at="line-stops")
        made += [
            KeyFigure(asked.say("key_first", lines=of), days["median"], "", outlook.band(days["p05"], days["p95"]),
                      to=to),
            KeyFigure(asked.say("key_slow"), outlook.amount(slow["median"]), asked.say("days"),
                      outlook.band(outlook.amount(slow["p05"]), outlook.amount(slow["p95"])), to=to),
            KeyFigure(asked.say("key_missed", lines=of), outlook.percent(missed["median"], lang), "",
                      f"{asked.say('of_demand')}; "
                      + outlook.band(outlook.percent(missed["p05"], lang), outlook.percent(missed["p95"], lang))),
        ]  # fmt: skip
    slowed = sum(bool(np.isfinite(points(ground.first(key))["median"])) for key in ground.families)
    made.append(KeyFigure(asked.say("key_unbuilt"), slowed, "", asked.say("of_kinds", n=len(ground.families))))
    values = magnets(ground)
    if len(ground.periods):
        medians = [points(row) for row in values]
        low = min(range(len(medians)), key=lambda k: medians[k]["median"])
        at, unit = medians[low], asked.say(f"per_{ground.run.info['freq']}")
        note = f"{outlook.period(ground.periods[low], lang)}; "
        note += outlook.band(outlook.amount(at["p05"]), outlook.amount(at["p95"]))
        to = asked.to(here.page, *here.names, at="exports")
        made.append(KeyFigure(asked.say("key_exports"), outlook.amount(at["median"]), unit, note, to=to))
    made.append(KeyFigure(asked.say("key_residual"), tiny(ground.run.mass_residual), "", asked.say("of_flow")))
    return made


def tiny(value: float) -> str:
    """A very small number as one writes it.

    >>> tiny(2.02e-13), tiny(0.0)
    ('2 × 10⁻¹³', '0')
    """
    if value == 0.0:
        return "0"
    digit, _, power = f"{value:.0e}".partition("e")
    return f"{digit} × 10{'⁻' if int(power) < 0 else ''}{str(abs(int(power))).translate(_RAISED)}"


_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
