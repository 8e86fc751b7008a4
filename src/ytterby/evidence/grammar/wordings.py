"""Home to figures said without a number: doubled, a third, half, the largest, several weeks, 翻番, 最大."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ytterby.evidence.grammar.numerals_en import ONES
from ytterby.evidence.grammar.numerals_zh import DIGIT, chinese
from ytterby.evidence.grammar.shapes import Comparator, Dimension, Quantity

_ORDINALS = dict.fromkeys(("half", "halves"), 2.0) | {"third": 3.0, "quarter": 4.0, "fourth": 4.0, "fifth": 5.0}
_ORDINALS |= {"sixth": 6.0, "seventh": 7.0, "eighth": 8.0, "ninth": 9.0, "tenth": 10.0}
_RANKS = {"second": 2.0, "third": 3.0, "fourth": 4.0, "fifth": 5.0, "sixth": 6.0, "seventh": 7.0, "eighth": 8.0}
_RANKS |= {"ninth": 9.0, "tenth": 10.0, "first": 1.0}
_TIMES = {"doubl": 2.0, "tripl": 3.0, "trebl": 3.0, "quadrupl": 4.0, "quintupl": 5.0, "halv": 0.5}

_ENGLISH = re.compile(
    r"(?P<times>\b(?:[Dd]oubl|[Tt]ripl|[Tt]rebl|[Qq]uadrupl|[Qq]uintupl|[Hh]alv)(?:es|ed|ing|e)\b"
    r"(?![ -](?:digit|edged|standards?|down|count|check|tax|blow|game|layer|agents?)))"
    r"|(?P<twice>\b[Tt]wice\b(?= (?:the|as|its|that|what|their|last|this|current)))"
    r"|(?P<fold>\b(?:[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]ix|[Ss]even|[Ee]ight|[Nn]ine|[Tt]en)fold\b)"
    r"|(?P<rank>\b(?:[Ss]econd|[Tt]hird|[Ff]ourth|[Ff]ifth|[Ss]ixth|[Ss]eventh|[Ee]ighth|[Nn]inth|[Tt]enth|[2-9](?:nd|rd|th))"
    r"[ -](?:largest|biggest|highest|most|lowest|smallest|leading|top)\b)"
    r"|(?P<first>(?<!second-)(?<!third-)\b(?:[Ll]argest|[Bb]iggest)\b|\b[Nn]umber[ -]one\b|\b[Nn]o\. ?1\b(?= (?:\w+ )?"
    r"(?:producer|supplier|exporter|importer|buyer|source|market|destination|customer|maker)))"
    r"|(?P<top>\b[Tt]op[ -](?:(?P<many>two|three|four|five|six|ten|[0-9]{1,2})\b|(?=(?:producer|supplier|exporter"
    r"|importer|buyer|source|market|destination|customer|maker)s?\b)))"
    r"|(?P<part>\b(?:(?P<n>[Oo]ne|[Tt]wo|[Tt]hree|[Ff]our|[Aa]n?|[1-9])(?P<tie>[ -]))?(?P<d>[Hh]alf|halves|thirds?"
    r"|quarters?|fourths?|fifths?|sixths?|sevenths?|eighths?|ninths?|tenths?)\b)"
    r"|(?P<few>\b(?:[Ss]everal|[Aa] few|[Mm]any) (?P<unit1>days|weeks|months|years)(?: (?:to|or) "
    r"(?:(?:several|a few|many) )?(?P<unit2>weeks|months|years))?\b)"
    r"|(?P<one>(?<=for )an? |(?<=within )an? |(?<=about )an? |(?<=over )an? |(?<=than )an? |(?<=nearly )an? "
    r"|(?<=almost )an? |(?<=only )an? |(?<=just )an? |(?<=after )an? |(?<=lasts )an? |(?<=took )an? |(?<=takes )an? "
    r"|(?<=take )an? |(?<=least )an? |(?<=roughly )an? |(?<=in )an? |(?<=under )an? )"
    r"(?P<unit3>year|month|week|day|decade|quarter|century)\b(?! (?:ago|earlier|later|before|of|when|that|in which))"
)
_CHINESE = re.compile(
    rf"翻(?:了|上)?(?P<fan>[一两二三四])番|翻(?:了|上)?(?P<bei>[{DIGIT}]|[0-9]+)倍|(?P<twice>翻(?:了|上)?一?[倍番]|倍增(?!器)|加倍)"
    r"|(?P<halved>减半|腰斩|对半砍)"
    r"|(?P<half>一半(?!导)|半数|(?<=[过逾超近占达约])半(?![年个导月天径岛成自小日天山岁路场夜])|大半(?![年个月天径岛])|过半(?!年|个|导))"
    r"|第(?P<rank>[一二三四五六七八九十]{1,3}|[0-9]{1,2})(?:大(?!队|会|道|类)|高|多|低(?!端)|位|名(?!单|为|称)|长(?!官)|强)"
    r"|(?P<most>最大(?!限|化|程度|值|功|努|诚|公约|额|磁|的?问题|的?挑战|的?风险|的?障碍)(?:的)?|头号|居首|首位)"
    r"|前(?P<top>[两三四五六七八九十]|[0-9]{1,2})(?:大|名(?!单)|位|强)"
    r"|(?P<few>[数几](?:个)?(?P<unit1>天|日|周|星期|月|年|十年)(?:(?:至|到|甚至)[数几](?:个)?(?P<unit2>天|日|周|星期|月|年))?)"
    r"|(?P<halfyear>半(?P<span>年|个月|个世纪|天|小时))"
)
_FRACTION = re.compile(
    rf"(?P<d>[{DIGIT}十百千万]+|[0-9]+)分之(?P<n>[{DIGIT}十百千]+(?:点[{DIGIT}]+)?|[0-9]+(?:\.[0-9]+)?)(?P<half>半(?!导))?"
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
        for match in _CHINESE.finditer(text):
            made = _chinese(text, match)
            if made is not None and not _within(made, taken):
                yield made
        if "分之" in text:
            for match in _FRACTION.finditer(text):
                made = _fraction(match)
                if made is not None:
                    yield made
    for match in _ENGLISH.finditer(text):
        made = _english(text, match)
        if made is not None and not _within(made, taken):
            yield made


def plain(
    start: int, end: int, value: float | None, unit: str, dimension: Dimension, sign: Comparator = "=", noun: str = ""
) -> Quantity:
    """A quantity whose words are its figure."""
    return Quantity(start, end, start, end, value, None, None, sign, unit, dimension, noun)


def _within(made: Quantity, taken: Sequence[tuple[int, int]]) -> bool:
    return any(start < made.end and made.start < end for start, end in taken)


def _english(text: str, match: re.Match[str]) -> Quantity | None:
    kind = match.lastgroup
    start, end = match.span()
    if match["times"]:
        stem = next(stem for stem in _TIMES if match["times"].lower().startswith(stem))
        return plain(start, end, _TIMES[stem], "x", "ratio")
    if match["twice"]:
        return plain(start, end, 2.0, "x", "ratio")
    if match["fold"]:
        return plain(start, end, ONES[match["fold"].lower().removesuffix("fold")], "x", "ratio")
    if match["rank"]:
        word = match["rank"].lower()
        return plain(
            start,
            end,
            _RANKS.get(word.replace("-", " ").split()[0], float(word[0]) if word[0].isdigit() else 1.0),
            "rank",
            "rank",
        )
    if match["first"]:
        if _ONE_OF.search(text, max(0, start - 30), start):
            return None
        return plain(start, end, 1.0, "rank", "rank")
    if match["top"]:
        many = match["many"]
        value = 1.0 if many is None else float(many) if many.isdigit() else ONES[many.lower()]
        return plain(start, end, value, "rank", "rank")
    if match["few"]:
        first, second = match["unit1"][:-1], match["unit2"]
        unit = f"{first}..{second[:-1]}" if second else first
        return plain(start, end, None, unit, "duration", "~")
    if match["unit3"]:
        unit = match["unit3"]
        size = {"decade": 10.0, "century": 100.0}.get(unit, 1.0)
        return plain(start, end, size, "year" if size > 1.0 else unit, "duration")
    return _part(text, match) if kind is not None else None


def _part(text: str, match: re.Match[str]) -> Quantity | None:
    start, end = match.span()
    word = match["d"].lower()
    below = _ORDINALS.get(word) or _ORDINALS.get(word.removesuffix("s"))
    n = (match["n"] or "").lower()
    if below is None:
        return None
    if word == "half" and not n:
        if _NOT_HALF.search(text, max(0, start - 10), start) or text.startswith(("-", " a ", " an "), end):
            return None
        led = _LED.search(text, max(0, start - 16), start)
        if not led and not re.compile(r" (?:of|the|its|their|that|all)\b").match(text, end):
            return None
        return plain(start, end, 50.0, "%", "percent")
    if not n or (n in ("a", "an", "1") and match["tie"] == " " and not _sure(text, start, end)):
        return None
    above = float(n) if n.isdigit() else ONES.get(n, 1.0)
    if above >= below or (word.startswith("quarter") and n not in ("a", "three") and match["tie"] == " "):
        return None
    if (
        word.startswith("quarter")
        and match["tie"] == " "
        and not text.startswith(" of", end)
        and not _LED.search(text, max(0, start - 16), start)
    ):
        return None
    return plain(start, end, 100.0 * above / below, "%", "percent")


def _sure(text: str, start: int, end: int) -> bool:
    """Whether "a third" is a share and no third thing."""
    if text.startswith(" of ", end):
        return True
    return _LED.search(text, max(0, start - 16), start) is not None and _SURE.match(text, end) is not None


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
