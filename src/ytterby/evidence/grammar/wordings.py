"""Home to figures said without a number: doubled, a third, half, the largest, several weeks, 翻番, 最大."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from ytterby.evidence.grammar.cues import WORDING_WORDS, cues
from ytterby.evidence.grammar.numerals_en import ONES, TENS
from ytterby.evidence.grammar.numerals_zh import DIGIT, chinese
from ytterby.evidence.grammar.shapes import Comparator, Dimension, Quantity

_ORDINALS = dict.fromkeys(("half", "halves"), 2.0) | {"third": 3.0, "quarter": 4.0, "fourth": 4.0, "fifth": 5.0}
_ORDINALS |= {"sixth": 6.0, "seventh": 7.0, "eighth": 8.0, "ninth": 9.0, "tenth": 10.0}
_RANKS = {"second": 2.0, "third": 3.0, "fourth": 4.0, "fifth": 5.0, "sixth": 6.0, "seventh": 7.0, "eighth": 8.0}
_RANKS |= {"ninth": 9.0, "tenth": 10.0, "first": 1.0}
_TIMES = {"doubl": 2.0, "tripl": 3.0, "trebl": 3.0, "quadrupl": 4.0, "quintupl": 5.0, "halv": 0.5}
_NO_TIMES = re.compile(r"[ -](?:digit|edged|standards?|down|count|check|tax|blow|game|layer|agents?)")
_THAN = re.compile(r" (?:the|as|its|that|what|their|last|this|current)\b")
_LARGEST = re.compile(r"(?:nd|rd|th|[a-z]*)[ -](?:largest|biggest|highest|most|lowest|smallest|leading|top)\b")
_TRADER = r"(?:producer|supplier|exporter|importer|buyer|source|market|destination|customer|maker)s?\b"
_NUMBER_ONE = re.compile(rf"(?:umber[ -](?P<word>one|two|three)\b|o\. ?(?P<digit>[1-9])\b)(?= (?:\w+ )?{_TRADER})")
_TOP = re.compile(rf"op(?:[ -](?P<many>two|three|four|five|six|ten|[0-9]{{1,2}})\b|(?=[ -]{_TRADER}))")
_SOLE = re.compile(
    r"(?:[A-Za-z]+)(?: [A-Za-z][A-Za-z-]*){0,4}? (?P<thing>plant|mine|facility|refinery|producer|supplier|smelter"
    r"|factory|company|site|maker|miner|source|line)\b"
)
_PARTS = re.compile(
    r"\b(?P<n>[Oo]ne|[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]ix|[Ss]even|[Ee]ight|[Nn]ine|[Aa]n?|[1-9])(?P<tie>[ -])\Z"
)
_FEW = re.compile(
    r"[A-Za-z]+ (?P<unit1>days|weeks|months|years)(?: (?:to|or) "
    r"(?:(?:several|a few|many) )?(?P<unit2>weeks|months|years))?\b"
)
_AN = re.compile(
    r"\b(?:for|within|about|over|than|nearly|almost|only|just|after|lasts|lasted|took|takes|take|least|roughly|in|under)"
    r" (?P<an>an? )\Z"
)
_NOT_AN = re.compile(r"[a-z]*\b(?:s\b|-| (?:ago|earlier|later|before|of|when|that|in which))")
_CHINESE = re.compile(
    rf"翻(?:了|上)?[近约逾超]?(?P<fan>[一两二三四])番|翻(?:了|上)?(?P<bei>[{DIGIT}]|[0-9]+)倍|(?P<twice>翻(?:了|上)?一?[倍番]|倍增(?!器)|加倍)"
    r"|(?P<halved>减半|腰斩|对半砍)"
    r"|(?P<half>一半(?!导)|半数|[过逾超近占达约]半(?![年个导月天径岛成自小日天山岁路场夜])|大半(?![年个月天径岛])|过半(?!年|个|导))"
    r"|第(?P<rank>[一二三四五六七八九十]{1,3}|[0-9]{1,2})(?:大(?!队|会|道|类)|高|多|低(?!端)|位|名(?!单|为|称)|长(?!官)|强)"
    r"|(?P<most>最大(?!限|化|程度|值|功|努|诚|公约|额|磁|的?问题|的?挑战|的?风险|的?障碍)(?:的)?|头号|居首|首位)"
    r"|前(?P<top>[两三四五六七八九十]|[0-9]{1,2})(?:大|名(?!单)|位|强)"
    r"|(?P<few>[数几](?:个)?(?P<unit1>天|日|周|星期|月|年|十年)(?:(?:至|到|甚至)[数几](?:个)?(?P<unit2>天|日|周|星期|月|年))?)"
    r"|(?P<halfyear>半(?P<span>年|个月|个世纪|天|小时))"
)
_LEAD = re.compile(
    "翻|倍增|加倍|减半|腰斩|对半砍|一半|半数|半年|半个|半天|半小|过半|逾半|超半|近半|占半|达半|约半|大半|第|最大|头号|居首|首位|前|数|几"
)
_FRACTION = re.compile(
    rf"(?P<d>[{DIGIT}十百千万]+|[0-9]+)分之(?P<n>[{DIGIT}十百千]+(?:点[{DIGIT}]+)?|[0-9]+(?:\.[0-9]+)?)(?P<half>半(?!导))?"
)
_SLASHED = re.compile(
    r"(?<![0-9/.])(?:(?<=[约近逾过占达])|(?=[0-9]/[0-9](?:的|以上|左右|多)))(?P<n>[1-4])/(?P<d>[2-9])(?![0-9/.])"
)
_UNITS = {"天": "day", "日": "day", "周": "week", "星期": "week", "月": "month", "年": "year", "十年": "year"}
_SURE = re.compile(
    r" (?:of|the|its|their|that|all|as|more|less|higher|lower|from|in|on|to|over|since|by|this|last)\b|[.,;)]|$"
)
_LED = re.compile(
    r"(?:by|about|nearly|almost|over|than|roughly|around|approximately|least|only|just|to|some|up|under|for|another)\s\Z",
    re.IGNORECASE,
)
_NOT_HALF = re.compile(
    r"(?:first|second|latter|other|1st|2nd|better|the|previous|previous|last|this)[ -]\Z", re.IGNORECASE
)
_ONE_OF = re.compile(r"(?:one|some|two|three|among) (?:of )?(?:the |its |their )?(?:\S+ )?\Z", re.IGNORECASE)


def wordings(text: str, taken: Sequence[tuple[int, int]]) -> Iterator[Quantity]:
    """Quantities said without a figure, in no order, outside the `taken` spans."""
    if not text.isascii():
        for lead in _LEAD.finditer(text):
            match = _CHINESE.match(text, lead.start())
            made = _chinese(text, match) if match is not None else None
            if made is not None and not _within(made, taken):
                yield made
        if "零" in text:
            for match in _ZERO.finditer(text):
                yield plain(match.start(), match.end(), 0.0, "t", "zero")
        if "/" in text:
            for match in _SLASHED.finditer(text):
                yield plain(match.start(), match.end(), 100.0 * int(match["n"]) / int(match["d"]), "%", "percent")
        if "分之" in text:
            for match in _FRACTION.finditer(text):
                made = _fraction(match)
                if made is not None:
                    yield made
    if any(words in text for words in _NEARLY_ALL_STEMS):
        for match in _NEARLY_ALL.finditer(text):
            yield plain(match.start(), match.end(), 100.0, "%", "percent", "~")
    if " out of " in text:
        for match in _OUT_OF.finditer(text):
            above, below = float(match["n"]), float(match["d"])
            if above < below:
                yield plain(match.start(), match.end(), 100.0 * above / below, "%", "percent")
    for start, word in cues(text):
        if word in WORDING_WORDS:
            made = _english(text, start, word)
            if made is not None and not _within(made, taken):
                yield made


def plain(
    start: int, end: int, value: float | None, unit: str, dimension: Dimension, sign: Comparator = "=", noun: str = ""
) -> Quantity:
    """A quantity whose words are its figure."""
    return Quantity(start, end, start, end, value, None, None, sign, unit, dimension, noun)


def _within(made: Quantity, taken: Sequence[tuple[int, int]]) -> bool:
    at = bisect_left(taken, (made.end, 0))
    return at > 0 and taken[at - 1][1] > made.start


def _english(text: str, start: int, word: str) -> Quantity | None:
    for stem, size in _TIMES.items():
        if word.startswith(stem):
            end = start + len(word)
            return None if _NO_TIMES.match(text, end) else plain(start, end, size, "x", "ratio")
    if word.endswith("fold"):
        stem = word.removesuffix("fold")
        return plain(start, start + len(word), ONES.get(stem) or TENS[stem], "x", "ratio")
    if word == "twice":
        end = start + 5
        return plain(start, end, 2.0, "x", "ratio") if _THAN.match(text, end) else None
    if word in _RANKS or word in ("nd", "rd", "th"):
        made = _ranked(text, start, word)
        if made is not None or word not in _ORDINALS:
            return made
    if word == "zero":
        led = _TO_ZERO.search(text, max(0, start - 12), start)
        return plain(start, start + 4, 0.0, "t", "zero") if led and _NOT_ZERO.match(text, start + 4) is None else None
    if word in _PART_WORDS:
        made = _part(text, start, word)
        if made is not None or word != "quarter":
            return made
    if word in ONES:
        return _in_so_many(text, start, word)
    if word in ("several", "few", "many"):
        return _few(text, start)
    if word in _PERIODS:
        return _a_period(text, start, word)
    return _first(text, start, word)


_TO_ZERO = re.compile(r"\b(?:to|at|was|were|of) \Z")
_NOT_ZERO = re.compile(r"[ -](?:tariff|dut|tax|emission|carbon|growth|cost|interest|tolerance|per ?cent|[a-z]+s\b)")
_ZERO = re.compile(r"(?<=[为至归到])零(?![一-九点售部件关税排容门])|零(?=(?:出口|进口|出货|到货)(?:$|[,。;、了]))")
_PART_WORDS = frozenset((*_ORDINALS, *(f"{word}s" for word in _ORDINALS)))
_PERIODS = {"decade": ("year", 10.0), "century": ("year", 100.0)}
_PERIODS |= {unit: (unit, 1.0) for unit in ("year", "month", "week", "day", "quarter")}


def _ranked(text: str, start: int, word: str) -> Quantity | None:
    match = _LARGEST.match(text, start)
    if match is None:
        return None
    if word in _RANKS:
        return plain(start, match.end(), _RANKS[word], "rank", "rank")
    digit = text[start - 1 : start]
    if digit not in "23456789" or not digit or text[start - 2 : start - 1].isalnum():
        return None
    return plain(start - 1, match.end(), float(digit), "rank", "rank")


def _first(text: str, start: int, word: str) -> Quantity | None:
    end = start + len(word)
    if word in ("largest", "biggest"):
        if text[start - 1 : start] == "-" or _ONE_OF.search(text, max(0, start - 30), start):
            return None
        return plain(start, end, 1.0, "rank", "rank")
    if word in ("number", "no"):
        match = _NUMBER_ONE.match(text, start + 1)
        if match is None:
            return None
        value = float(match["digit"]) if match["digit"] else ONES[match["word"]]
        return plain(start, match.end(), value, "rank", "rank")
    if word == "top":
        match = _TOP.match(text, start + 1)
        if match is None:
            return None
        many = match["many"]
        value = 1.0 if many is None else float(many) if many.isdigit() else ONES[many.lower()]
        return plain(start, match.end(), value, "rank", "rank")
    if word in ("only", "sole") and text[max(0, start - 4) : start].lower() == "the ":
        match = _SOLE.match(text, start)
        return plain(start, match.end(), 1.0, "count", "count", "=", match["thing"]) if match else None
    return None


_IN = re.compile(
    r"[A-Za-z]+ (?:in|out of) (?:every )?(?P<of>two|three|four|five|six|ten)\b"
    r"(?! (?:years?|months?|weeks?|days?|hours?|quarters?|phases?|stages?|countries|cities|states|places))"
)


_NEARLY_ALL = re.compile(
    r"几乎(?:全部|全数|完全|全都|全)(?=(?:的)?[^,。;]{0,8}(?:依赖|仰赖|依靠|来自|产自|靠|从|由|自)(?!身))"
    r"|\b(?:nearly|almost|virtually|practically) (?:all|entirely|exclusively|wholly|100%)"
    r"(?= (?:(?:of )?(?:its|their|the|our)? ?(?:[\w-]+ ){0,4})?(?:from|on|dependent|reliant|imported|comes?)\b)",
    re.IGNORECASE,
)


_NEARLY_ALL_STEMS = ("几乎全", "几乎完全", "y all ", "t all ", " entirely", " exclusively", " wholly")


_OUT_OF = re.compile(
    r"(?<![0-9.,$-])(?P<n>[1-9]) out of (?:every )?(?P<d>[2-9]|10)(?![0-9.,%]|\s?(?:million|billion|tonnes|tons|kg))"
)


def _in_so_many(text: str, start: int, word: str) -> Quantity | None:
    """One in four, two out of three: a share."""
    match = _IN.match(text, start)
    if match is None or ONES[word] >= ONES[match["of"]]:
        return None
    return plain(start, match.end(), 100.0 * ONES[word] / ONES[match["of"]], "%", "percent")


def _few(text: str, start: int) -> Quantity | None:
    match = _FEW.match(text, start)
    if match is None:
        return None
    first, second = match["unit1"][:-1], match["unit2"]
    begin = start - 2 if text[max(0, start - 2) : start].lower() == "a " else start
    unit = f"{first}..{second[:-1]}" if second else first
    return plain(begin, match.end(), None, unit, "duration", "~")


def _a_period(text: str, start: int, word: str) -> Quantity | None:
    led = _AN.search(text, max(0, start - 12), start) if text[start - 1 : start] == " " else None
    if led is None or _NOT_AN.match(text, start + len(word)):
        return None
    unit, size = _PERIODS[word]
    return plain(led.start("an"), start + len(word), size, unit, "duration")


def _part(text: str, at: int, word: str) -> Quantity | None:
    below = _ORDINALS.get(word) or _ORDINALS[word.removesuffix("s")]
    led = _PARTS.search(text, max(0, at - 7), at)
    n, tie = (led["n"].lower(), led["tie"]) if led is not None else ("", "")
    start, end = (led.start() if led is not None else at), at + len(word)
    if word == "half" and not n:
        if _NOT_HALF.search(text, max(0, start - 10), start) or text.startswith(("-", " a ", " an "), end):
            return None
        if not _LED.search(text, max(0, start - 16), start) and not _HALF_OF.match(text, end):
            return None
        return plain(start, end, 50.0, "%", "percent")
    if not n or (n in ("a", "an", "1") and tie == " " and not _sure(text, start, end)):
        return None
    above = float(n) if n.isdigit() else ONES.get(n, 1.0)
    if above >= below:
        return None
    if word.startswith("quarter") and tie == " ":
        shared = text.startswith(" of", end) or _LED.search(text, max(0, start - 16), start) is not None
        if n not in ("a", "three") or not shared:
            return None
    return plain(start, end, 100.0 * above / below, "%", "percent")


_HALF_OF = re.compile(r" (?:of|the|its|their|that|all)\b")


def _sure(text: str, start: int, end: int) -> bool:
    """Whether "a third" is a share and no third thing."""
    if text.startswith(" of ", end):
        return True
    if _COMPARES.match(text, end):
        return True
    return _LED.search(text, max(0, start - 16), start) is not None and _SURE.match(text, end) is not None


_COMPARES = re.compile(r" (?:lower|higher|less|more|fewer|below|above) (?:than|on|from|the|a)\b")


def _chinese(text: str, match: re.Match[str]) -> Quantity | None:
    start, end = match.span()
    if match["fan"]:
        return plain(start, end, 2.0 ** (chinese(match["fan"]) or 1.0), "x", "ratio")
    if match["bei"]:
        said = chinese(match["bei"]) or 1.0
        return plain(start, end, 2.0 if said == 1.0 else said, "x", "ratio")
    if match["twice"]:
        return plain(start, end, 2.0, "x", "ratio")
    if match["halved"]:
        return plain(start, end, 0.5, "x", "ratio")
    if match["half"]:
        if match["half"][0] in "逾超近约占达":
            start += 1
        sign: Comparator = ">" if match["half"] in ("过半", "大半") else "="
        return plain(start, end, 50.0, "%", "percent", sign)
    if match["rank"] or match["top"]:
        return plain(start, end, chinese(match["rank"] or match["top"]), "rank", "rank")
    if match["most"]:
        return None if text.startswith(("之一", "的之一"), end) else plain(start, end, 1.0, "rank", "rank")
    if match["few"]:
        first, second = _UNITS[match["unit1"]], match["unit2"]
        if match["unit1"] in ("日", "天") and text.startswith(("前", "后", "来"), end):
            return None
        unit = f"{first}..{_UNITS[second]}" if second else first
        return plain(start, end, None, unit, "duration", "~")
    if text[start - 1 : start] in ("上", "下", "前", "后") or text.startswith("报", end):
        return None
    unit = {"年": "year", "个月": "month", "个世纪": "year", "天": "day", "小时": "hour"}[match["span"]]
    return plain(start, end, 50.0 if match["span"] == "个世纪" else 0.5, unit, "duration")


def _fraction(match: re.Match[str]) -> Quantity | None:
    below, above = chinese(match["d"]), chinese(match["n"])
    if not below or above is None:
        return None
    above += 0.5 if match["half"] else 0.0
    return plain(match.start(), match.end(), round(100.0 * above / below, 10), "%", "percent")
