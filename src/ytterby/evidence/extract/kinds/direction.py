"""Home to direction: whether a figure is a rise, a fall or a level."""

from __future__ import annotations

import re

from ytterby.evidence.extract.context import Figure

_ZH_JUST_BEFORE = re.compile(
    r"(多|高|低|少|增|减|升|降|涨|跌|扩|缩|砍|宜|贵)(?:了|掉|去|出|幅|达|幅度|幅为|幅达)*(?:约|近|逾|超|超过|将近|大约|至少)?$"
)
_SIGNS = {
    "多": 1,
    "高": 1,
    "增": 1,
    "升": 1,
    "涨": 1,
    "扩": 1,
    "低": -1,
    "少": -1,
    "减": -1,
    "降": -1,
    "跌": -1,
    "缩": -1,
    "砍": -1,
    "宜": -1,
    "贵": 1,
}
_STARTS = re.compile(
    r"\b(?:from|than|against|versus|compared with)\s+(?:(?:just|only|about|around|nearly|almost|over|a)\s+)*$"
    r"|[从由自]$",
    re.IGNORECASE,
)
_RATE_MOVED = re.compile(
    r"([涨增升跌降减])(?:幅|速)(?:度)?(?:由|从|自)(?:[^,。;]{1,16}?(?:到|至|为))?$"
    r"|\b(growth|increase|rise|decline|fall|drop)(?: rate)? (?:slowed|eased|cooled|accelerated|quickened|picked up"
    r"|narrowed|widened)(?: (?:sharply|markedly))? (?:from|to|from [^,.;]{1,24} to)\s*$",
    re.IGNORECASE,
)
_RATE = re.compile(r"([涨增升跌降减])(?:幅|速)(?:度)?(?:达到?|为|约|近|逾|超|高达|仅)*$")
_LEVEL = re.compile(
    r"(?:\b(?:to|at|reach(?:ed|es|ing)?|hit|hits|totall?ed|was|were|is|are|stood at|came to|stands at)\s+"
    r"(?:(?:just|only|about|around|nearly|almost|over|a|the|as (?:high|low|much) as)\s+)*"
    r"|(?:增至|升至|降至|减至|跌至|涨至|达到|高达|多达|低至|至|到|达|为|是)(?:了|约|近|逾|超)*(?:[^,。;、]{1,7}的)?"
    r"|(?:低于|高于|不及|超过|少于|多于|逊于|优于|略低于|略高于)[^,。;]{1,14}的(?:约|近|逾)?)$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"^\s*(?:(?:on|from|in|year|month|quarter|annual|monthly|sharp|further|or so|period|over"
    r"|-)[\w-]*\s*(?:-?on-?\w+)?\s*){0,4}"
    r"(short of|more|higher|up|increase|rise|gain|jump|growth|surge|climb|above|less|lower|down|fewer|drop|fall|decline"
    r"|decrease|cut"
    r"|reduction|slump|plunge|slide|dip|below)\b",
    re.IGNORECASE,
)
_DOWN_WORDS = frozenset(
    {"less", "lower", "down", "fewer", "drop", "fall", "decline", "decrease", "cut", "reduction", "slump", "plunge"}
    | {"slide", "dip", "below", "short of"}
)
_AFTER_ZH = re.compile(r"^\s*的?(?:同比|环比|年度|月度)?(涨幅|增幅|增长|升幅|跌幅|降幅|减幅|下降|下滑|减少)")


def sign_of(figure: Figure) -> int:
    """1 for a rise, -1 for a fall, 0 for a level or where no word tells."""
    quantity = figure.quantity
    text = figure.sentence.text
    before = text[figure.segment.start : quantity.start]
    moved = _RATE_MOVED.search(text, figure.clause.start, quantity.start)
    if moved:
        return _SIGNS[moved[1]] if moved[1] else (1 if moved[2].lower() in ("growth", "increase", "rise") else -1)
    if _STARTS.search(before) and not before.rstrip().endswith("by"):
        return 0
    rate = _RATE.search(before)
    if rate:
        return _SIGNS[rate[1]]
    close = _ZH_JUST_BEFORE.search(before)
    if close:
        return _SIGNS[close[1]]
    after = text[quantity.end : figure.segment.end]
    said = _AFTER.match(after)
    if said:
        return -1 if said[1].lower() in _DOWN_WORDS else 1
    said = _AFTER_ZH.match(after)
    if said:
        return 1 if said[1][0] in "涨增升" else -1
    if _LEVEL.search(before) or _STARTS.search(before):
        return 0
    return _nearest(figure)


def _nearest(figure: Figure) -> int:
    quantity = figure.quantity
    best, least = 0, 60
    start = figure.segment.start
    for cue in figure.sentence.cues:
        if cue.start < start or cue.end > figure.segment.end or cue.tags.isdisjoint(("up", "down")):
            continue
        if cue.end > quantity.start and cue.start < quantity.end:
            continue
        if cue.start >= quantity.end:
            away = cue.start - quantity.end + 20
        else:
            away = quantity.start - cue.end
            if figure.sentence.chinese and away > 12 and figure.sentence.has("share", cue.end, quantity.start):
                continue
        if away < least:
            best, least = (1 if "up" in cue.tags else -1), away
    return best


def is_level(figure: Figure) -> bool:
    """Whether the words right before a figure make it a level ("to 60%", 达)."""
    before = figure.sentence.text[figure.segment.start : figure.quantity.start]
    return bool(_LEVEL.search(before) or _STARTS.search(before))
