"""Home to the few words the figures say by themselves, in English and Chinese."""

from __future__ import annotations

from ytterby.terms.errors import UnknownName

_WORDS: dict[str, tuple[str, str]] = {
    "sources": ("Sources: {list}", "来源：{list}"),
    "more": ("+{n} more", "另有 {n} 项"),
    "empty": ("No data for this figure.", "本图暂无数据。"),
    "assumed": ("assumed", "假设"),
    "contested": ("contested", "有争议"),
    "median": ("median", "中位数"),
    "band50": ("50 % of draws", "50% 区间"),
    "band90": ("90 % of draws", "90% 区间"),
    "range": ("5–95 %", "5–95%"),
    "observed": ("observed", "观测值"),
    "fitted": ("observed, used for the fit", "观测值（用于拟合）"),
    "held_out": ("observed later, not used", "其后观测值（未使用）"),
    "others": ("others ({n})", "其他（{n}）"),
    "hidden": (
        "{shown} largest of {all} links drawn; they carry {share} of the flow.",
        "共 {all} 条，仅绘出最大的 {shown} 条，占流量的 {share}。",
    ),
    "unlinked": ("{n} without a drawn link are left out.", "{n} 个没有绘出连线的节点略去。"),
    "unnamed": ("{stage}, without a name above: {list}", "{stage}（图中未标名）：{list}"),
    "unlabelled": ("{n} smaller ones carry no name here.", "另有 {n} 个较小者未标名。"),
    "unplaced": ("{n} without coordinates are not drawn.", "{n} 个缺坐标，未绘出。"),
    "not_drawn": ("Not on the map: {list}.", "未在图上：{list}。"),
    "no_data": ("no figure", "无数据"),
    "not_stopped": ("not stopped", "未停产"),
    "share": ("share of draws that stop", "停产的抽样占比"),
    "stops_in": ("stops in {share} of draws", "{share} 的抽样中停产"),
    "open": ("median lies beyond: most draws do not stop", "中位数在外：多数抽样未停产"),
    "low": ("at its low end", "取低值时"),
    "high": ("at its high end", "取高值时"),
    "events": ("Events", "事件"),
    "ongoing": ("still running", "仍在持续"),
    "equilibrium": ("neither side gains by moving alone", "任何一方单独改变均不获益"),
    "equilibrium_in": ("%, right: share of draws in which that is so", "右下%：成立的抽样占比"),
    "agreed": ("share in Nash's point", "纳什解中的权重"),
    "deal_cell": ("a pair of policies", "一组策略"),
    "deal_equilibrium": ("neither side gains by moving alone", "任何一方单独改变均不获益"),
    "deal_threat": ("without a deal", "无协议时"),
    "deal_nash": ("Nash's point", "纳什解"),
    "deal_fair": ("Kalai and Smorodinsky's point", "KS解"),
    "front_budget": ("the best plan for a budget", "各预算下的最优方案"),
    "front_leaning": ("all for the mean, all for the tail", "只看均值、只看尾部"),
    "front_rival": ("plain policies", "简单策略"),
    "front_plan": ("this plan", "本方案"),
    "deal_edge": ("edge of what both can have", "可达集的有效边界"),
}


def say(language: str, key: str, **parts: object) -> str:
    """The figure's own word for `key` in `language` (``en`` or ``zh``), with `parts` filled in.

    >>> say("en", "others", n=3)
    'others (3)'
    """
    if language not in ("en", "zh"):
        raise UnknownName(language, ("en", "zh"), "language of a figure")
    return _WORDS[key][0 if language == "en" else 1].format(**parts)


def percent(language: str, share: float) -> str:
    r"""A share as a percentage, spaced as the language has it.

    >>> percent("en", 0.123), percent("zh", 0.5)
    ('12\xa0%', '50%')
    """
    value = share * 100
    text = "<1" if 0 < value < 1 else ">99" if 99 < value < 100 else f"{value:.0f}"
    return f"{text}%" if language == "zh" else f"{text}\u00a0%"
