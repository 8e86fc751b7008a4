"""Home to the words that compare a figure: 逾, 近, 不足, up to, more than, or more."""

from __future__ import annotations

import re

from ytterby.evidence.grammar.shapes import Comparator, listed

_BEFORE_ZH: dict[str, Comparator | None] = {}
_BEFORE_EN: dict[str, Comparator | None] = {}
for _sign, _words in (
    ("~", "约 大约 约莫 大概 大致 约略 估计约 大体 差不多 粗估 粗略 ~ ≈ 约有 上下"),
    ("<", "近 将近 接近 逼近 几近 近乎 几乎 不足 不到 未满 未达 少于 低于 不及 小于 < 未及 未到 不满"),
    (">", "逾 愈 超过 超 超出 高于 多于 大于 突破 远超 > 越过 冲破 超逾"),
    ("≥", "至少 最少 起码 不少于 不低于 不小于 ≥ 最低 不下于 不下"),
    ("≤", "至多 最多 最高 不超过 不多于 不高于 不大于 不超 ≤ 上限 上限为 最长 不得超过 不逾"),
    ("=", "仅 只有 仅有 只 才 仅仅 低至 高达 多达 足足 恰好 刚好 正好 只占 仅占 整整 长达"),
):
    _BEFORE_ZH |= dict.fromkeys(_words.split(), _sign)  # type: ignore[arg-type]
_FILLERS_ZH = frozenset(("达到", "可达", "为", "有", "占", "达", "了", "至", "到", "的", "是", "在", "剩", "需", "可"))

for _sign, _words in (
    (
        "~",
        "about|around|roughly|approximately|some|circa|an estimated|estimated|approx|approx.|ca.|ca|c.|around about"
        "|close to|near|nearer|somewhere around|in the region of|on the order of|in the order of|of around|~|≈",
    ),
    (
        "<",
        "nearly|almost|just under|approaching|below|under|less than|fewer than|lower than|not quite|slightly under"
        "|slightly below|slightly less than|well below|well under|shy of|just shy of|just below|close on|<|beneath",
    ),
    (
        ">",
        "more than|over|above|in excess of|exceeding|exceed|exceeds|exceeded|topping|topped|tops|surpassing|surpassed"
        "|greater than|higher than|upwards of|upward of|north of|well over|just over|slightly more than|slightly over"
        "|well above|just above|beyond|larger than|better than|>|longer than",
    ),
    (
        "≥",
        "at least|no less than|not less than|no fewer than|not fewer than|a minimum of|minimum of|minimum|min.|≥"
        "|equal to or more than|equal to or greater than|as few as|not lower than|no lower than",
    ),
    (
        "≤",
        "up to|at most|no more than|not more than|as many as|as much as|as high as|a maximum of|maximum of|maximum"
        "|max.|within|not exceeding|not to exceed|capped at|no greater than|≤|upto|no longer than"
        "|a cap of|a ceiling of",
    ),
    ("=", "only|just|as low as|as little as|exactly|precisely|merely|a mere|a full|a total of|a record|barely"),
):
    _BEFORE_EN |= dict.fromkeys(_words.split("|"), _sign)  # type: ignore[arg-type]

_LONGEST_EN = 5
_GROWTH_ZH = listed(
    "增加 增长 上升 上涨 下降 减少 下滑 下跌 提高 暴涨 飙升 激增 锐减 骤降 大增 大减 大涨 大跌 回落 攀升 猛增"
    " 剧增 缩减 萎缩 月增 月减 年增 年减 季增 季减 扩大 缩小 降低 涨 跌 升 降 减 增 高"
    " 低 多 少 跳升 跳涨 涨幅 降幅 跌幅 增幅"
)
_GROWTH_EN = frozenset(
    listed(
        "rose risen rise rises rising fell fall falls fallen falling grew grow grown growing jumped jump jumps surged"
        " surge surges soared soar climbed climb gained gain gains dropped drop drops declined decline declines"
        " plunged"
        " plunge slumped slump increased increase increases decreased decrease shrank shrink slid slipped"
        " tumbled up down"
        " advanced expanded contracted sank dipped rebounded spiked leapt leaped slashed cut cuts reduced by"
    )
)
_AFTER = re.compile(
    r"\s?(?:(?P<near>左右|上下|(?:or|and) so\b)|(?P<least>(?:及|或|和)?以上|及其以上|(?:or|and) (?:more|above"
    r"|higher|greater|up|over|longer)\b|\+(?![0-9]))|(?P<most>(?:及|或|和)?以下|以内|之内"
    r"|(?:or|and) (?:less|below|lower|fewer|under)\b)"
    r"|(?P<over>之多|有余|多(?![数次个家名种项年人云边么样出])|余(?![下额地])))"
)
_INSIDE = re.compile(r"内(?![部蒙地外需容陆生幕涵河存])")
_TAIL = re.compile(r"[A-Za-z.~<>]+")


def before(text: str, start: int, floor: int, *, lasting: bool) -> tuple[int, Comparator]:
    """Start of the words of comparison before a figure at `start`, and their sign; (`start`, ``=``) without any.

    Args:
        text: the folded text.
        start: where the figure begins.
        floor: where the words may begin at the earliest.
        lasting: whether the figure is a length of time: 近三年 and over three years say when, not how much.
    """
    if start <= floor:
        return start, "="
    at = start - 1
    while at > floor and text[at] == " ":
        at -= 1
    if text[at] > "\u2e80" or text[at] in "~<>≈≥≤":
        return _before_zh(text, start, floor, lasting=lasting)
    return _before_en(text, start, floor, lasting=lasting)


def after(text: str, end: int, *, lasting: bool) -> tuple[int, Comparator]:
    """End of the words of comparison after a figure and its unit, and their sign; (`end`, ``=``) without any."""
    match = _AFTER.match(text, end)
    if match is None:
        inside = _INSIDE.match(text, end) if lasting else None
        return (inside.end(), "≤") if inside else (end, "=")
    kind = match.lastgroup
    sign: Comparator = "~" if kind == "near" else "≥" if kind == "least" else "≤" if kind == "most" else ">"
    return match.end(), sign


def _before_zh(text: str, start: int, floor: int, *, lasting: bool) -> tuple[int, Comparator]:
    if text[start] in "百千万亿" and text[start - 1] == "过" and text[start - 2 : start - 1] not in ("通", "经", "超"):
        return start - 1, ">"
    at, sign, begin = start, None, start
    for _ in range(3):
        while at > floor and text[at - 1] == " ":
            at -= 1
        found = _ending(text, at, floor)
        if found is None:
            if sign is not None:
                break
            size = 2 if text[at - 2 : at] in _FILLERS_ZH else 1 if text[at - 1 : at] in _FILLERS_ZH else 0
            if not size or at - size < floor:
                break
            at -= size
            continue
        word, said = found
        if (lasting and word in ("近", "超", "上下")) or (
            word == "近" and at - 2 >= floor and text[at - 2] in "最附远"
        ):
            break
        at -= len(word)
        if sign is None or sign == "~":
            sign, begin = said, at
        if said != "~":
            break
    if sign is None:
        return start, "="
    if (
        sign == "<"
        and text[begin : begin + 1] in ("近", "将", "接", "几")
        and text.endswith(_GROWTH_ZH, floor, _skip(text, begin))
    ):
        sign = "~"
    return begin, sign


def _skip(text: str, at: int) -> int:
    while at > 0 and text[at - 1] in " 了约":
        at -= 1
    return at


def _ending(text: str, at: int, floor: int) -> tuple[str, Comparator] | None:
    for size in (4, 3, 2, 1):
        if at - size >= floor:
            word = text[at - size : at]
            said = _BEFORE_ZH.get(word)
            if said is not None:
                return word, said
    return None


def _before_en(text: str, start: int, floor: int, *, lasting: bool) -> tuple[int, Comparator]:
    low = max(floor, start - 34)
    tail = text[low:start]
    words = [(match.start() + low, match[0].lower()) for match in _TAIL.finditer(tail)][-_LONGEST_EN - 2 :]
    if not words or "," in tail[words[-1][0] - low :]:
        return start, "="
    begin, sign = _phrase(words)
    if sign is None:
        return start, "="
    first = next(number for number, word in enumerate(words) if word[0] == begin)
    if sign == "~" and first:
        wider, said = _phrase(words[:first])
        if said is not None and said != "=":
            begin, sign = wider, said
    if lasting and words[first][1] in ("over", "under", "some", "beyond", "near", "just"):
        return start, "="
    if sign == "<" and words[first][1] in ("nearly", "almost") and first and words[first - 1][1] in _GROWTH_EN:
        sign = "~"
    return begin, sign


def _phrase(words: list[tuple[int, str]]) -> tuple[int, Comparator | None]:
    for size in range(min(_LONGEST_EN, len(words)), 0, -1):
        said = _BEFORE_EN.get(" ".join(word for _, word in words[-size:]))
        if said is not None:
            return words[-size][0], said
    return 0, None
