"""Home to what the detectors say, in Chinese: each of their sentences by its shape, with its figures as they are."""

from __future__ import annotations

import re
from collections.abc import Callable

Words = Callable[[re.Match[str]], str]


def chinese(text: str) -> str | None:
    """What a detector says, in Chinese; None for what we have no words for.

    >>> chinese("12.5 kg missing, in 2025-04")
    '短缺 12.5 kg，见于 2025-04'
    """
    for pattern, words in _SHAPES:
        found = pattern.fullmatch(text)
        if found is not None:
            return words(found)
    return _more(text) or _headed(text)


def _more(text: str) -> str | None:
    """A sentence that counts others like it at its end."""
    found = _MORE.fullmatch(text)
    told = None if found is None else chinese(found[1])
    return None if found is None or told is None else f"{told}；另有 {found[2]} 项"


def _headed(text: str) -> str | None:
    """A sentence after what it is about: a day, a lot, a process."""
    at = text.find(": ")
    while at >= 0:
        told = chinese(text[at + 2 :])
        if told is not None:
            head = re.sub("^lot ", "批次 ", text[:at])
            return f"{head}：{told}"
        at = text.find(": ", at + 1)
    return None


def _inner(text: str) -> str:
    return chinese(text) or text


def _plain(pattern: str, words: str) -> tuple[re.Pattern[str], Words]:
    """A shape with its figures, each `#` a number, and its Chinese with them put in by their place."""
    compiled = re.compile(pattern.replace("#", _NUMBER), re.DOTALL)
    return compiled, lambda found: found.expand(words)


_NUMBER = r"([-+\d.,]+)"
_MORE = re.compile(r"(.+); (\d+) more (?:so|with it)", re.DOTALL)
_KINDS = {"expired": "已过期", "revoked": "已撤销", "refused": "未获批准", "withdrawn": "已撤回", "pending": "审查中"}
_SHAPES: tuple[tuple[re.Pattern[str], Words], ...] = (
    # stocks and lots
    _plain(r"# kg of the lot were sent here and never received on paper", r"该批次有 \1 kg 发来，却无收货记录"),
    _plain(r"# kg more of the lot left or were used than came \(# kg\)", r"该批次发出或使用比收到（\2 kg）多 \1 kg"),
    _plain(r"# kg missing, in (.+)", r"短缺 \1 kg，见于 \2"),
    _plain(r"# kg missing, steadily over (\d+) months", r"连续 \2 个月短缺，共 \1 kg"),
    _plain(r"# kg more than the books say, in (.+)", r"比账面多 \1 kg，见于 \2"),
    _plain(r"# kg more than the books say, steadily over (\d+) months", r"连续 \2 个月多于账面，共 \1 kg"),
    _plain(r"# kg unexplained, 90 % # to #", r"无法解释 \1 kg，90% 区间 \2 至 \3"),
    _plain(r"(\d+) lots, # kg in all, from ([\d-]+) until ([\d-]+); first .+", r"\3 至 \4 共 \1 个批次，\2 kg"),
    _plain(r"(\d+) lots, # kg in all, from ([\d-]+); first .+", r"自 \3 起共 \1 个批次，\2 kg"),
    # needs
    _plain(r"# kg came in (\d+) months; it says it can use # kg a month", r"\2 个月收到 \1 kg；其申报每月可用 \3 kg"),
    _plain(r"# kg, #% of the need", r"\1 kg，为需求的 \2%"),
    _plain(r"# kg lay there before", r"此前存有 \1 kg"),
    _plain(r"each product takes # g until ([\d-]+), # g since", r"\2 之前每件产品用 \1 g，此后用 \3 g"),
    _plain(r"change # %, # kg in all, over (\d+) weeks", r"变化 \1%，共 \2 kg，历时 \3 周"),
    # yields
    _plain(r"change # % of the output, # kg in all", r"变化为产出的 \1%，共 \2 kg"),
    _plain(r"more comes out than did: # % until ([\d-]+), # % since", r"产出增加：\2 之前 \1%，此后 \3%"),
    _plain(r"less comes out than did: # % until ([\d-]+), # % since", r"产出减少：\2 之前 \1%，此后 \3%"),
    _plain(r"(.+): # % until ([\d-]+), # % since", r"\1：\3 之前 \2%，此后 \4%"),
    _plain(
        r"(\d+) batches; the sum of deviations passed its limit with batch (\d+)",
        r"共 \1 批；偏差累计在第 \2 批越限",
    ),
    _plain(r"(.+): # % comes out; # to # % is declared", r"\1：实际收率 \2%，申报为 \3% 至 \4%"),
    _plain(r"(\d+) batches from ([\d-]+): # kg in, # kg out", r"自 \2 起 \1 批：投入 \3 kg，产出 \4 kg"),
    # on the way
    _plain(r"receipts weigh # % against what was sent since ([\d-]+)", r"自 \2 起，到货重量比发货相差 \1%"),
    _plain(r"(\d+) lots from (\d+) senders; # kg in all", r"来自 \2 个发货方的 \1 个批次，共 \3 kg"),
    _plain(r"before: # %", r"此前：\1%"),
    _plain(
        r"lot (\S+) was received, and no shipment of it was recorded by who sent it",
        r"批次 \1 有收货记录，发货方却无发货记录",
    ),
    _plain(r"lot (\S+) was sent to (.+) and received here", r"批次 \1 发往 \2，却在此收货"),
    _plain(r"lot (\S+) was received # days before it was sent", r"批次 \1 收货比发货早 \2 天"),
    _plain(r"lot (\S+) went # km in # hours", r"批次 \1 在 \3 小时内运行 \2 km"),
    _plain(r"(\S+) was at (.+) # hours before, # km away", r"\1 在 \3 小时前位于 \4 km 外的 \2"),
    _plain(r"event of ([\d-]+) was recorded after one of ([\d-]+)", r"\1 的事件记录在 \2 的事件之后"),
    # sources
    _plain(r"(\d+) lots of (.+), # kg, came into being without inputs", r"\2 的 \1 个批次共 \3 kg，没有投入而出现"),
    _plain(r"# kg of scrap in (\d+) months; # kg a month can arise", r"\2 个月收废料 \1 kg；每月最多可产生 \3 kg"),
    _plain(r"lot (\S+), # kg", r"批次 \1，\2 kg"),
    _plain(r"# kg, #%", r"\1 kg，\2%"),
    _plain(r"lot (\S+)", r"批次 \1"),
    # licences, users, parcels, lists
    _plain(r"# kg licensed for (\S+) went on to (\S+)(?: in (\w+))?", r"许可给 \2 的 \1 kg 转往 \3"),
    _plain(
        r"(\d+) parcels under # kg to (\d+) receivers make # kg",
        r"寄往 \3 个收货方的 \1 件货均低于 \2 kg，合计 \4 kg",
    ),
    _plain(r"(\d+) parcels under # kg to (\S+) make # kg", r"寄往 \3 的 \1 件货均低于 \2 kg，合计 \4 kg"),
    _plain(
        r"# kg in parcels to (\d+) receivers without a licence; first .+",
        r"无许可证，分件寄往 \2 个收货方，共 \1 kg",
    ),
    _plain(r"# kg on ([\d-]+)", r"\2：\1 kg"),
    _plain(r"(\d+) shipments from ([\d-]+)", r"自 \2 起 \1 票货"),
    _plain(
        r"(?:(one) shipment|# shipments) to (.+), # kg, without a licence that (.+) asks for",
        r"发往 \3 的货运共 \4 kg，缺少 \5 要求的许可证",
    ),
    (
        re.compile(rf"(?:one shipment|{_NUMBER} shipments), {_NUMBER} kg, on licence (.+?)(?:, which|:) (.+)"),
        lambda found: f"{found[1] or '1'} 票货共 {found[2]} kg，所用许可证 {found[3]}：{_inner(found[4])}",
    ),
    _plain(r"no licence '(.*)' is held", r"没有许可证 \1 的存档"),
    _plain(r"no licence is held", "没有许可证"),
    _plain(r"is about other goods \((.+) not named\)", r"所列货物不符（未列 \1）"),
    _plain(r"names another exporter(.*)", r"出口方不符\1"),
    _plain(r"names another end user(.*)", r"最终用户不符\1"),
    _plain(r"is not yet valid on (.+)", r"在 \1 尚未生效"),
    (
        re.compile(r"is (expired|revoked|refused|withdrawn|pending) on (.+)"),
        lambda found: f"在 {found[2]} {_KINDS[found[1]]}",
    ),
    _plain(r"has # kg left of # kg", r"批准 \2 kg，仅剩 \1 kg"),
    _plain(r"is of kind (.+), and the law takes (.+) here", r"类别为 \1，此处需 \2"),
    (
        re.compile(rf"{_NUMBER} kg, (\S+?), (.+)", re.DOTALL),
        lambda found: f"{found[1]} kg，{found[2]}：{_inner(found[3])}",
    ),
    (
        re.compile(rf"{_NUMBER} kg, (?!\d)(.+)", re.DOTALL),
        lambda found: f"{found[1]} kg：{_inner(found[2])}",
    ),
    (
        re.compile(rf"{_NUMBER} kg went to (\S+): (.+)", re.DOTALL),
        lambda found: f"{found[1]} kg 流向 {found[2]}：{_inner(found[3])}",
    ),
    _plain(r"(.+) is on (.+) as (.+)", r"\1 列于 \2（\3）"),
    _plain(r"(.+) is on (.+)", r"\1 列于 \2"),
)
