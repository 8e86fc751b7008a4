"""Home to the finding of a plan as one sentence, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ytterby.terms.places import place

STAGES_ZH = {
    "mine": "采矿",
    "separation": "分离",
    "recycling": "回收",
    "metal": "金属",
    "alloy": "合金",
    "magnet": "磁体",
}
SMALL = 1e5
"""USD below which a plan costs next to nothing."""


def titles(told: Mapping[str, Any]) -> dict[str, str]:
    """The finding, by language."""
    return {"en": _english(told), "zh": _chinese(told)}


def percent(share: float) -> str:
    """A share as a whole percent.

    >>> percent(0.384).split()
    ['38', '%']
    """
    return f"{100 * share:.0f}\u00a0%"


def money(usd: float, lang: str = "en") -> str:
    """An amount of dollars.

    >>> money(1.3e9), money(222e6), money(2.22e8, "zh"), money(30e3)
    ('$1.3 bn', '$222 m', '2.22 亿美元', '$0.03 m')
    """
    if lang == "zh":
        return f"{usd / 1e8:.3g} 亿美元" if usd >= 1e8 else f"{usd / 1e4:,.0f} 万美元"
    return f"${usd / 1e9:.3g} bn" if usd >= 1e9 else f"${usd / 1e6:.3g} m"


def _values(told: Mapping[str, Any]) -> tuple[float, Mapping[str, float], float]:
    """Share promised in the year, as simulated, and what capacity alone does."""
    gap = told["gap"]
    years = told["simulated"]["capacity alone"]["years"]
    alone = told["simulated"]["capacity alone"]["bands"][years.index(told["year"])]["median"] if gap else 0.0
    promise = told["promise"]
    return promise["share"][promise["years"].index(told["year"])], gap, alone


def bound_by(told: Mapping[str, Any]) -> tuple[str, str]:
    """What binds most, in words: a plant or mine that can grow no further, a material nobody makes, money."""
    binds = told["promise"]["binds"]
    order = [one for one in binds if one["what"] in ("most", "material")] or binds
    if not order:
        return "the makers' own wants", "需求本身"
    first = order[0]
    if first["what"] == "budget":
        return "money", "资金"
    if first["what"] == "material":
        return f"{first['called']}, which nobody in the plan makes", f"{first['called_zh']}（方案内无人生产）"
    if first["what"] == "most":
        return f"{first['called']}, which can grow no further", f"{first['called_zh']}（已无法再扩）"
    stage = first["stage"]
    return f"{stage} capacity ({first['called']})", f"{STAGES_ZH.get(stage, stage)}产能（{first['called_zh']}）"


def goals(told: Mapping[str, Any], lang: str = "en") -> str:
    """The goals in words."""
    parts = []
    for goal in told["goals"]:
        if goal["kind"] == "share":
            value = percent(goal["value"])
            parts.append(f"{value} by {goal['year']}" if lang == "en" else f"{goal['year']} 年自给 {value}")
        else:
            days = f"{goal['value']:.0f}"
            parts.append(
                f"{days} days without China by {goal['year']}"
                if lang == "en"
                else f"{goal['year']} 年断供后撑 {days} 天"
            )
    return (" and " if lang == "en" else "、").join(parts)


def _english(told: Mapping[str, Any]) -> str:
    where, year, cost = _called(told["region"], "en"), told["year"], told["promise"]["cost"]
    promised, gap, alone = _values(told)
    simulated = (
        f"; simulated {percent(gap['median'])} ({percent(gap['p05'])} to {percent(gap['p95'])}), "
        f"and {percent(alone)} where buyers promise nothing"
        if gap
        else ""
    )
    if not told["promise"]["met"]:
        reason = bound_by(told)[0]
        return (
            f"{goals(told)[:1].upper()}{goals(told)[1:]} is out of reach for {where}: the most is {percent(promised)} "
            f"in {year}, for {money(cost)}; what binds is {reason}{simulated}"
        )
    if told["goals"]:
        paid = f"costs {money(cost)}" if cost >= SMALL else "costs next to nothing beyond the plants announced"
        return (
            f"{goals(told)[:1].upper()}{goals(told)[1:]} {paid}: {where} makes {percent(promised)} on paper{simulated}"
        )
    return (
        f"{money(cost)} well spent lets {where} make {percent(promised)} of its magnets in {year} on paper{simulated}"
    )


def _chinese(told: Mapping[str, Any]) -> str:
    where, year, cost = _called(told["region"], "zh"), told["year"], told["promise"]["cost"]
    promised, gap, alone = _values(told)
    simulated = (
        f"；仿真为 {percent(gap['median'])}（{percent(gap['p05'])} 至 {percent(gap['p95'])}），"
        f"若买家不作承诺则仅 {percent(alone)}"
        if gap
        else ""
    )
    if not told["promise"]["met"]:
        return (
            f"{where}无法实现“{goals(told, 'zh')}”：{year} 年最多 {percent(promised)}，需 {money(cost, 'zh')}；"
            f"制约在于{bound_by(told)[1]}{simulated}"
        )
    if told["goals"]:
        paid = f"需 {money(cost, 'zh')}" if cost >= SMALL else "在已公布项目之外几乎无需花费"
        return f"{goals(told, 'zh')}{paid}：账面上{where}可自产 {percent(promised)}{simulated}"
    return f"{money(cost, 'zh')}用得其所，{where} {year} 年账面上可自产 {percent(promised)} 的磁体{simulated}"


def _called(region: str, lang: str) -> str:
    found = place(region)
    name = found.zh if lang == "zh" else found.en
    return f"the {name}" if lang == "en" and name.startswith(("United", "European")) else name
