"""Home to themes: under which heading a point stands, told from the kinds of its claims and from its words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ytterby.evidence.briefs.lines import Line
from ytterby.terms.text import fold

TITLES: dict[str, dict[str, str]] = {
    "controls": {"zh": "出口管制与许可", "en": "Export controls and licences"},
    "trade": {"zh": "进出口", "en": "Trade flows"},
    "supply": {"zh": "资源、产量与产能", "en": "Resources, output and capacity"},
    "prices": {"zh": "价格", "en": "Prices"},
    "demand": {"zh": "需求与用量", "en": "Demand and use"},
    "dependence": {"zh": "依赖与冲击", "en": "Dependence and exposure"},
    "response": {"zh": "应对、投资与项目", "en": "Responses, investment and projects"},
    "talks": {"zh": "谈判与各方表态", "en": "Talks and positions"},
    "outlook": {"zh": "展望", "en": "Outlook"},
    "background": {"zh": "背景", "en": "Background"},
    "other": {"zh": "其他要点", "en": "Other points"},
}
"""Headings by theme and language."""

_BY_KIND: dict[str, str] = {
    "share": "supply",
    "production": "supply",
    "reserve": "supply",
    "capacity": "supply",
    "quota": "supply",
    "trade_volume": "trade",
    "trade_change": "trade",
    "price": "prices",
    "price_change": "prices",
    "demand": "demand",
    "intensity": "demand",
    "dependency": "dependence",
    "investment": "response",
    "forecast": "outlook",
    "threshold": "controls",
    "measure": "controls",
}
_BY_ACTION = {
    "negotiate": "talks",
    "fund": "response",
    "floor_price": "response",
    "stockpile": "response",
    "quota": "supply",
}

_WORDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (theme, re.compile(pattern, re.IGNORECASE))
    for theme, pattern in (
        (
            "controls",
            r"管制|许可|公告第?|审批|审查|禁止|export (?:control|restriction|licen|curb|ban)|licen[cs]e|controls? on"
            r"|restrict|dual-use",
        ),
        ("trade", r"出口|进口|对[美日欧韩]|海关|exports?\b|imports?\b|shipments?|customs"),
        ("prices", r"价格|报价|涨价|每吨|每公斤|\bprices?\b|\bpriced\b|per kg|/kg"),
        (
            "supply",
            r"产量|产能|储量|开采|冶炼|分离|矿山|指标|配额|投产|output|production|capacity|reserves|mine[sd]?\b"
            r"|separat|refin|quota",
        ),
        ("demand", r"需求|用量|消费|每[台架辆]|demand|consum|each [a-z]+ (?:needs|uses|contains)"),
        (
            "dependence",
            r"依赖|断供|停产|短缺|缺货|冲击|卡脖子|relian|rel(?:y|ies) on|depend|shortage|halt|idled|shut"
            r"|disrupt|vulnerab",
        ),
        (
            "response",
            r"投资|融资|贷款|收购|回收|重建|供应链多元|建设|项目|invest|fund|loan|stake|rebuild|recycl|project"
            r"|facility|plant",
        ),
        (
            "talks",
            r"谈判|磋商|会谈|协议|回应|表示|发言人|关税|negotiat|talks|deal|agreement|tariff|spokes|minister|respon",
        ),
        ("outlook", r"预计|未来|到20\d\d年|展望|有望|forecast|expected|by 20\d\d|outlook|future|could"),
    )
)


def theme(line: Line) -> str:
    """The theme of a line: that of most of its claims, else the one most of its words speak of, else background."""
    votes: dict[str, float] = {}
    for claim in line.claims:
        said = _BY_KIND.get(claim.kind, "")
        if claim.measure is not None:
            said = _BY_ACTION.get(claim.measure.action, "controls")
        if said:
            votes[said] = votes.get(said, 0.0) + 2.0
    folded = fold(line.text)
    for name, words in _WORDS:
        hits = len(words.findall(folded))
        if hits:
            votes[name] = votes.get(name, 0.0) + min(hits, 3)
    return max(votes, key=lambda name: votes[name]) if votes else "background"


def grouped(found: Sequence[Line], most_groups: int = 6) -> list[tuple[str, list[int]]]:
    """Lines by theme, as places in `found`: groups in the order of their first lines, small ones joined when many."""
    groups: dict[str, list[int]] = {}
    for index, line in enumerate(found):
        groups.setdefault(theme(line), []).append(index)
    while len(groups) > max(2, min(most_groups, (len(found) + 1) // 2)):
        smallest = min((name for name in groups if name != "other"), key=lambda name: (len(groups[name]), name))
        if len(groups[smallest]) > 1 and len(groups) <= most_groups:
            break
        groups.setdefault("other", []).extend(groups.pop(smallest))
        if set(groups) == {"other"}:
            break
    ordered = sorted(groups.items(), key=lambda item: (item[0] == "other", min(item[1])))
    return [(name, sorted(places)) for name, places in ordered]
