"""Home to figures: the bare numbers of a text, in digits, characters and words, with what is no number left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ytterby.evidence.grammar.cues import NUMBER_WORDS, cues
from ytterby.evidence.grammar.numerals_en import SCALES, spelled
from ytterby.evidence.grammar.numerals_zh import CHARS, DIGIT, between, chinese
from ytterby.evidence.grammar.shapes import Comparator, listed


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as written; `scale` is the magnitude said last (万, million), already in `value`."""

    start: int
    end: int
    value: float | None
    low: float | None
    high: float | None
    scale: float
    sign: Comparator
    written: bool
    """True for digits, which need no unit to count as a figure; False for characters and words."""


_MAG = r"(?:[十百万亿]|千(?![克瓦米赫兆])|兆(?![瓦赫欧帕字]))"
_NUMBER = r"[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?"
_SPACED = r"(?<![0-9.,])[1-9][0-9]{0,2}(?: [0-9]{3})+(?=\s?(?:%|[tk]|吨|公|千|万|metric|percent|元|美|lb|pounds))"
_PLAIN = CHARS.replace("千", "").replace("兆", "")
_RUN = rf"(?:[{_PLAIN}]|千(?![克瓦米赫兆])|兆(?![瓦赫欧帕字]))+(?:[点.·][{DIGIT}]+{_MAG}*)?"
_FIGURE = re.compile(
    rf"(?P<digits>{_SPACED}|{_NUMBER})(?:\s?(?P<mag>{_MAG}+(?:[0-9]{{1,4}}{_MAG}{{0,2}}(?![0-9.,%年月日号]))?))?"
    rf"(?P<more>[多余来](?={_MAG}|[吨公千美元人家名项个年天周座艘架种辆台件次户日英欧港克磅倍%])|几(?=[万亿]))?(?P<tail>{_MAG}+)?"
    rf"|(?P<vague>成千上万|数以{_MAG}+计|(?:(?<![人总指件次多少倍系参函])数|几|(?<!以)上|成){_MAG}+)"
    rf"|(?P<run>{_RUN})(?P<more2>[多余来](?={_MAG}|[吨公千美元人家名项个年天周座艘架种辆台件次户日英欧港克磅倍%])|(?<=十)[几数])?(?P<tail2>{_MAG}+)?"
)
_LEAD = re.compile(rf"[0-9{CHARS}数几上成]")
_ARTICLE = re.compile(r"(?:\b[Aa]n?|half a) \Z")
_SCALE = re.compile(
    r"[ -]?(?P<word>(?i:hundred thousand|hundred million|hundred|thousand|million|billion|trillion|mln|bln|mn|bn|tn"
    r"|lakh crore|crore|lakh|dozen))(?![A-Za-z])|(?P<letter>[kKmMbBT])(?![A-Za-z0-9])"
)
_SCALES = SCALES | {"mn": 1e6, "mln": 1e6, "bn": 1e9, "bln": 1e9, "tn": 1e12, "lakh crore": 1e12}
_SCALES |= {"hundred thousand": 1e5, "hundred million": 1e8}
_LETTERS = {"k": 1e3, "m": 1e6, "b": 1e9, "t": 1e12}
_AFTER_M = re.compile(r"\s(?:t\b|tonnes|tons|metric|people|vehicles|units|cars|barrels|robots|pounds|kg)\b")
_ONE_SCALE = {"十": 10.0, "百": 100.0, "千": 1e3, "万": 1e4, "亿": 1e8, "兆": 1e12}

_PLACED_EN = frozenset(
    listed(
        "no no. nos nos. number numbers announcement announcements notice notices article articles section sections"
        " group phase page pages chapter figure fig fig. table annex appendix category type tier class level model"
        " block title order form version part paragraph item rule resolution decree directive regulation list schedule"
        " code codes hs hts eccn isin grade series boeing airbus fortune s&p csi nikkei mk mark flight route highway"
        " step bill p p. pp pp. vol vol. sec. art. art iphone windows covid circular document decision law"
        " iso gb/t generation gen h.r. s. issue edition clause annexes stage"
    )
)
_PLACED_ZH = (
    "第",
    "附件",
    "表",
    "图",
    "编码",
    "编号",
    "税号",
    "型号",
    "条款",
    "邮编",
    "电话",
    "附录",
    "注",
    "之",
    "星期",
    "礼拜",
    "号码",
    "专栏",
)
_NEXT_ZH = "期届代级型版式系"
_LIST = re.compile(r"(?:\s|,|、|和|及|与|以|至|到|或|-|–|and|or|to|&|号|公告|第)*")
_CLOCK = re.compile(r":[0-9]{2}(?![0-9])|\s?(?:[ap]\.?m\b|时(?!间|代|期|至)|点(?:钟|半|整|[0-9]{1,2}分))")
_MINUS = "-\u2212"
_NAMES_ZH = re.compile(
    r"十[一二三四五]五(?:规划|期间|时期|\"|\u201d)?|一带一路|三五成|七七八八|五角大|三三两|一一|万一|十分(?!之)|千万(?![吨元美家人个辆台欧日英桶股公千])"
)


def figures(text: str, taken: Sequence[tuple[int, int]]) -> list[Figure]:
    """The numbers of a folded text outside `taken` spans (dates), in order; codes and names are no numbers."""
    found = list(_in_digits(text, taken))
    words = list(_in_words(text, taken))
    if words:
        found = sorted([*found, *words], key=lambda figure: figure.start)
    return found


def scaled(text: str, figure: Figure, *, money: bool) -> tuple[int, float]:
    """End and size of the English magnitude after a figure in digits: (end, 1) where there is none."""
    match = _SCALE.match(text, figure.end)
    if match is None or (figure.written and figure.scale > 1.0):
        return figure.end, 1.0
    if match["word"]:
        return match.end(), _SCALES[match["word"].lower()]
    letter = match["letter"]
    if money and letter != "T":
        return match.end(), _LETTERS[letter.lower()]
    if letter in "kKmM" and _AFTER_M.match(text, match.end()):
        return match.end(), _LETTERS[letter.lower()]
    return figure.end, 1.0


def _in_digits(text: str, taken: Sequence[tuple[int, int]]) -> Iterator[Figure]:
    names = [match.span() for match in _NAMES_ZH.finditer(text)] if not text.isascii() else []
    at, name, code_end = 0, 0, -1
    lead = _LEAD.search(text)
    while lead is not None:
        start = lead.start()
        while at < len(taken) and taken[at][1] <= start:
            at += 1
        if at < len(taken) and taken[at][0] <= start:
            lead = _LEAD.search(text, taken[at][1])
            continue
        match = _FIGURE.match(text, start)
        end = match.end() if match is not None else start + 1
        lead = _LEAD.search(text, end)
        if match is None or (at < len(taken) and taken[at][0] < end):
            continue
        while name < len(names) and names[name][1] <= start:
            name += 1
        if name < len(names) and names[name][0] < end and end <= names[name][1]:
            continue
        if match["digits"] is not None:
            if _is_listed(text, start, end, code_end):
                code_end = end
                continue
            if _is_code(text, match):
                continue
            figure = _from_digits(match)
        elif match["vague"] is not None:
            said = match["vague"]
            size = 1000.0 if said == "成千上万" else chinese(said[2:-1] if said.endswith("计") else said[1:])
            figure = None if size is None else Figure(start, end, size, None, None, size, "≥", False)
        else:
            figure = None if text[start - 1 : start] == "第" else _from_run(match)
        if figure is not None:
            yield figure


def _from_digits(match: re.Match[str]) -> Figure | None:
    digits = match["digits"].replace(" ", ",")
    value = chinese(digits + (match["mag"] or ""))
    if value is None:
        return None
    scale = 1.0
    if match["mag"]:
        scale = value / float(digits.replace(",", "")) if float(digits.replace(",", "")) else 1.0
    if match["tail"]:
        size = chinese(match["tail"]) or 1.0
        value, scale = value * size, scale * size
    value = float(f"{value:.12g}")
    end = match.end()
    sign: Comparator = ">" if match["more"] and match["more"] != "来" else "~" if match["more"] else "="
    return Figure(match.start(), end, value, None, None, scale, sign, True)


def _from_run(match: re.Match[str]) -> Figure | None:
    run = match["run"]
    value, pair = chinese(run), between(run)
    size = (chinese(match["tail2"]) or 1.0) if match["tail2"] else 1.0
    more = match["more2"]
    sign: Comparator = "=" if not more else "~" if more == "来" else ">"
    scale = size * _ONE_SCALE.get(run[-1], 1.0) if run[-1] in "万亿兆" or size > 1.0 else 1.0
    if pair is not None:
        return Figure(match.start(), match.end(), None, pair[0] * size, pair[1] * size, scale, sign, False)
    if value is None:
        return None
    return Figure(match.start(), match.end(), value * size, None, None, scale, sign, False)


def _in_words(text: str, taken: Sequence[tuple[int, int]]) -> Iterator[Figure]:
    at, reached = 0, 0
    for word_start, word in cues(text):
        if word not in NUMBER_WORDS or word_start < reached:
            continue
        start, half = word_start, False
        if word in _COUNTED:
            article = _ARTICLE.search(text, max(0, start - 7), start)
            if article is None:
                continue
            start, half = article.start(), article[0][0] == "h"
        while at < len(taken) and taken[at][1] <= start:
            at += 1
        if at < len(taken) and taken[at][0] < word_start + len(word):
            continue
        if text[start - 1 : start] == "-" or _is_name(text, word_start, start):
            continue
        read = spelled(text, word_start if half else start)
        if read is None:
            continue
        reached = read.end
        value = 0.5 * read.value if half else read.value
        yield Figure(start, read.end, value, None, None, 1.0, "≥" if read.least else "=", False)


_COUNTED = frozenset((*SCALES, "couple", "few"))


def _is_name(text: str, word: int, start: int) -> bool:
    """Whether a capital inside a sentence makes it a name: Group of Seven, Five Eyes, Big Three."""
    if not text[word].isupper() or word != start:
        return False
    before = text[:word].rstrip()[-1:] if word < 40 else text[word - 40 : word].rstrip()[-1:]
    return bool(before) and before not in ".!?:;\"'\u201c\u2018-([\u3002\u2013\u2014" and before < "\u2e80"


def _is_code(text: str, match: re.Match[str]) -> bool:
    """Whether digits are a code, a name, a mark or a time of day rather than a figure."""
    start, end = match.span()
    digits = match["digits"]
    before = text[start - 1 : start]
    if before and before.isascii() and (before.isalnum() or before in "-.:/_#'[") and _joined(text, start, before):
        return True
    if len(digits) > 1 and digits[0] == "0" and digits[1] != ".":
        return True
    follows = text[end : end + 1]
    if follows in ("]", ":") or (follows and follows in _NEXT_ZH):
        return follows != ":" or text[end + 1 : end + 2].isdigit()
    if follows == "分" and before in ("时", "点") and text[start - 2 : start - 1].isdigit():
        return True
    if follows in (".", "/") and text[end + 1 : end + 2].isdigit():
        return True
    if follows in ("时", "点", " ", "a", "p") and len(digits) <= 2 and _CLOCK.match(text, end):
        return True
    return len(digits) >= 9 and digits.isdigit() and not match["mag"]


def _is_listed(text: str, start: int, end: int, code_end: int) -> bool:
    """Whether digits number something (No. 18, 第61号), alone or in a list of such numbers that ended at `code_end`."""
    if code_end >= 0 and start - code_end < 12 and _LIST.fullmatch(text, code_end, start):
        return not _has_unit(text, end)
    return (_is_placed(text, start) or text.startswith("号", end)) and not _has_unit(text, end)


_UNITLIKE = re.compile(
    r"\s?(?:%|percent|per cent|tonnes|tons|metric|kg|万|亿|吨|公斤|million|billion|元|美元|家|月|年)|[a-z]{1,3}\b"
)


def _has_unit(text: str, end: int) -> bool:
    return _UNITLIKE.match(text, end) is not None


_CURRENCY = re.compile(r"(?:USD|RMB|CNY|EUR|JPY|AUD|CAD|GBP|INR|Rs|RM|NT|HK)\Z")
_HYPHENED = re.compile(
    r"(?:\b(?:sub|under|over|about|approx|around|plus|roughly)|[0-9]-to|[0-9](?:bn|mn|tn|m|k|t|kg|g|pc|pct|lb|nm))-\Z",
    re.IGNORECASE,
)

_BELOW = re.compile(r"[0-9.,]+\s?(?:[%万亿吨]|个百分点|percent)")
_RANGED = re.compile(r"[0-9][万亿千百]*(?:元|美元|吨|公吨|公斤|千克|克|磅|辆|台|家|个月|年|天|周)-\Z")
_CHAIN = re.compile(r"[0-9]+-[0-9]")
_CHAINED = re.compile(r"(?:[A-Za-z][0-9]*|[0-9]-[0-9]+)-\Z|[A-Za-z][0-9]+-\Z")


def _joined(text: str, start: int, before: str) -> bool:
    """Whether the sign right before the digits ties them to something that is no figure."""
    if before.isalpha():
        return _CURRENCY.search(text, max(0, start - 4), start) is None
    if before in _MINUS:
        earlier = text[start - 2 : start - 1]
        if earlier > "\u2e80":
            # 歼-20 is a name, 增速-3.2% a figure below zero, 7000元-7100元 a range.
            return _BELOW.match(text, start) is None and _RANGED.search(text, max(0, start - 6), start) is None
        if not earlier or not earlier.isascii() or not earlier.isalnum():
            return False
        if earlier.isdigit():
            return _CHAINED.search(text, max(0, start - 14), start) is not None or _CHAIN.match(text, start) is not None
        return _HYPHENED.search(text, max(0, start - 10), start) is None
    if before in "./:":
        earlier = text[start - 2 : start - 1]
        return bool(earlier) and earlier.isascii() and earlier.isalnum()
    return before in "#_'["


def _is_placed(text: str, start: int) -> bool:
    at = start
    while at > 0 and text[at - 1] == " ":
        at -= 1
    if at == 0:
        return False
    last = text[at - 1]
    if last > "\u2e80":
        return text.endswith(_PLACED_ZH, max(0, at - 2), at) and not text.endswith(("代表", "图表"), max(0, at - 2), at)
    if not (last.isalpha() or last == ".") or at == start:
        return False
    begin = at
    while begin > 0 and at - begin < 14 and (text[begin - 1].isalpha() or text[begin - 1] in ".&/"):
        begin -= 1
    return text[begin:at].lower() in _PLACED_EN
