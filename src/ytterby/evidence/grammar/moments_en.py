"""Home to the times of English text: June 16th, the March quarter, the first half of 2025, a year earlier, by 2030."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from ytterby.evidence.grammar.cues import MONTH_WORDS, TIME_WORDS, WEEKDAYS, cues
from ytterby.evidence.grammar.moments import Anchor, Moment
from ytterby.evidence.grammar.numerals_en import ONES

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FULL = (
    r"January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)(?:\.|(?= [0-9])|(?=[-\u2013/])|\b(?!\.))"
)
_Y = r"(?:1[789][0-9]{2}|20[0-9]{2}|21[0-4][0-9])(?![0-9]|,[0-9]{3}|\.[0-9])"
_D = r"(?:3[01]|[12][0-9]|0?[1-9])(?:st|nd|rd|th)?(?![0-9])"
_WHOSE = r"this year|last year|next year|year(?! (?:to|end|ago|earlier|before))"


def _of(name: str) -> str:
    return rf"(?:,?(?: of| in)?(?: the)?(?: fiscal| financial)? (?P<{name}>(?:{_Y})|{_WHOSE})\b)?"


_MOD = re.compile(
    r"\b(?P<mod>[Mm]id|[Ee]arly|[Ll]ate|(?:[Tt]he )?[Ee]nd of|[Ee]nd|(?:[Tt]he )?(?:[Ss]tart|[Bb]eginning) of)"
    r"[ -](?:in |the )?\Z"
)
_BEFORE_MONTH = re.compile(rf"(?<![0-9A-Za-z.,])(?P<day>{_D}) (?:of )?\Z")
_NUMBER_BEFORE = re.compile(
    r"\b(?P<an>[Aa]n?|[Oo]ne|[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]ix|[Ss]even|[Ee]ight|[Nn]ine|[Tt]en|[0-9]{1,2})"
    r"[ -](?P<au>year|month|quarter|week|decade|day)s?[ -]\Z"
)
_ISO = re.compile(
    r"(?P<iy>(?:1[789]|20|21)[0-9]{2})[-/.](?P<im>1[0-2]|0?[1-9])[-/.](?P<id>3[01]|[12][0-9]|0?[1-9])(?![0-9])"
)
_YEAR_MONTH = re.compile(r"(?P<ymy>20[0-9]{2})-(?P<ymm>0[1-9]|1[0-2])(?![0-9-])")
_FISCAL = re.compile(
    rf"(?:FY|[Ff]iscal(?: year)?|[Ff]inancial year) ?'?(?P<fyy>{_Y}|[0-9]{{2}}(?![0-9]))"
    r"(?:[-/\u2013](?P<fyz>[0-9]{4}|[0-9]{2}))?"
)
_YEAR_TO = re.compile(
    rf"(?:year|months) (?:to|ended|ending|through)(?: on)? (?:{_D} )?(?P<ytm>{_FULL})(?: {_D})?(?:,? (?P<yty>{_Y}))?"
)
_QUARTER = re.compile(
    r"(?:(?P<qo>[Ff]irst|[Ss]econd|[Tt]hird|[Ff]ourth|[Ff]inal|1st|2nd|3rd|4th)[ -]quarter|Q(?P<qn>[1-4])\b"
    rf"|(?P<qk>[1-4])Q(?:(?P<qs>[0-9]{{2}})\b)?|(?P<qm>{_FULL}) quarter){_of('qy')}"
)
_HALF = re.compile(
    r"(?:(?P<ho>[Ff]irst|[Ss]econd|1st|2nd)[ -]half(?! of (?!the year|this|last|next|1|2|fiscal))|H(?P<hn>[12])\b"
    rf"|(?P<hk>[12])H(?:(?P<hs>[0-9]{{2}})\b|\b)){_of('hy')}"
)
_MONTHS_OF = re.compile(
    r"[Ff]irst (?P<mn>two|three|four|five|six|seven|eight|nine|ten|eleven|[2-9]|1[01]) months" + _of("my")
)
_MONTH = re.compile(
    rf"(?P<mm>{_FULL})(?:(?:,| of)? (?P<mx>{_Y})"
    rf"| (?P<md>{_D})(?: ?[-\u2013] ?(?P<md2>{_D}))?(?:,? (?P<mdy>{_Y}))?)?(?P<rel>,? (?:last|this|next) year)?"
)
_YEARS_RX = re.compile(rf"(?P<ya>{_Y}) ?[-\u2013/] ?(?P<yb>{_Y}|[0-9]{{2}}(?![0-9%]))")
_DECADE = re.compile(r"(?P<dec>(?:1[89]|20)[0-9]0)s\b")
_ONE_YEAR = re.compile(_Y)
_SAME = re.compile(
    r"[Ss]ame (?:month|period|quarter|week|time)(?:(?: of| in)?(?: (?P<sl>last year|a year (?:earlier|ago|before)"
    r"|the previous year|the year before|(?:1[89]|20)[0-9]{2})))?"
)
_LAST = re.compile(
    r"(?P<lw>[A-Za-z]+)[ -](?:(?P<lu>month|year|quarter|week)(?:-end)?(?!-|s\b| of)(?:'s)?"
    r"|(?P<wd>Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b)"
)
_BEFORE = re.compile(r"(?P<bu>month|year|quarter) (?:before|earlier|prior)\b")
_YEARLIER = re.compile(r"(?:[Yy]ear|[Mm]onth)-(?:earlier|ago)\b")
_FULL_YEAR = re.compile(r"[A-Za-z]+[ -]year\b")
_THE_YEAR = re.compile(
    r"(?:(?<=over the )|(?<=for the )|(?<=across the )|(?<=throughout the )|(?<=in the ))year"
    r"(?= as a whole|,| [A-Za-z]*\b)"
    r"(?! (?:to|ended|ending|before|earlier|ago|end|that|ahead|since|from|after|through|until|of)\b)"
    r"|(?<=the )year(?='s (?:\d|total|exports|imports|shipments|output|sum))",
    re.IGNORECASE,
)
_YEAR_END = re.compile(r"[Yy]ear-end\b|[Ee]nd of the year\b")
_ORDINAL = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "final": 4}
_YEARS = {"this year": 0, "last year": -1, "next year": 1}
_SHIFT = {"last": -1, "this": 0, "next": 1, "previous": -1, "prior": -1, "preceding": -1, "current": 0, "coming": 1}
_SHIFT |= {"following": 1}
_UNITS: dict[str, Anchor] = {"month": "month", "year": "year", "quarter": "quarter", "week": "week", "day": "day"}
_DIGIT = re.compile(r"[0-9]+")
_LED = re.compile(
    r"\b(?:in|by|since|from|until|till|to|of|through|before|after|during|for|early|late|mid|between|and|around|circa"
    r"|year|to|the"
    r"|than|on|at|as|about|back|throughout|into|versus|vs|over|compared with|compared to)\s\Z",
    re.IGNORECASE,
)
_MODAL = re.compile(
    r"\s(?!(?:and|to|or|at|by|as|was|were|is|after|when|from|the|that|than|but|in|on|of|with|its|fell|rose)\b)[a-z]"
)


def moments_en(text: str) -> list[Moment]:
    """The times that English words of a folded text name, in order."""
    found: list[Moment] = []
    for match in _FOUR.finditer(text):
        made = _of_year(text, match.start())
        if made is not None:
            found.append(made)
    for start, word in cues(text):
        if word in TIME_WORDS:
            made = _of_word(text, start, word)
            if made is not None:
                found.append(made)
    found.sort(key=lambda moment: (moment.start, -moment.end))
    return found


_FOUR = re.compile(r"[12][0-9]{3}(?![0-9])")
_BOUND = "$\u20ac\u00a3."


def _bounded(text: str, start: int) -> bool:
    """Whether nothing before `start` makes it the inside of a word or an amount of money."""
    before = text[start - 1 : start]
    return not before or not ((before.isascii() and before.isalnum()) or before in _BOUND)


def _of_year(text: str, start: int) -> Moment | None:
    """The moment that begins with four digits."""
    if not _bounded(text, start) or text[start - 2 : start].rstrip(",-").isdigit():
        return None
    for pattern, make in (
        (_YEAR_FIRST, _year_first),
        (_ISO, _iso),
        (_YEAR_MONTH, _year_month),
        (_YEARS_RX, _years),
        (_DECADE, _decade),
    ):
        match = pattern.match(text, start)
        if match is not None:
            return make(match)
    match = _ONE_YEAR.match(text, start)
    if match is None:
        return None
    led = _MOD.search(text, max(0, start - 18), start)
    return _year(match, led)


_YEAR_FIRST = re.compile(r"(?P<y>20[0-9]{2}|(?<![0-9])[2-3][0-9])[ -]?(?:Q(?P<q>[1-4])|H(?P<h>[12]))(?![0-9A-Za-z])")


def _year_first(match: re.Match[str]) -> Moment:
    """2025Q3, 25H1: the year before its part."""
    year, months = int(match["y"]), 3 if match["q"] else 6
    last = months * int(match["q"] or match["h"])
    return Moment(*match.span(), year if year > 99 else 2000 + year, None, last - months + 1, last)


def _of_word(text: str, start: int, word: str) -> Moment | None:
    """The moment that a cue begins or carries."""
    if word in _QUARTERED and text[start - 1 : start].isdigit():
        short = _YEAR_FIRST.match(text, start - 2) if word in ("q", "h") and start > 1 else None
        return _of_parts(text, start - 1) if short is None else _year_first(short)
    if not _bounded(text, start):
        return None
    if word in _MONTH_SET:
        return _of_month(text, start)
    if word == "months":
        return _months_to(text, start)
    made: Moment | None = None
    for pattern, make in _BY_WORD.get(word, ()):
        match = pattern.match(text, start)
        if match is not None:
            made = make(match)
            if made is not None:
                return made
    if word in ("ago", "earlier", "before") and text[start - 1 : start] in (" ", "-"):
        led = _NUMBER_BEFORE.search(text, max(0, start - 18), start)
        return None if led is None else _ago(led, start, word)
    return made


def _months_to(text: str, start: int) -> Moment | None:
    """The six months to June: as many months as the number before says."""
    match = _YEAR_TO.match(text, start)
    led = _COUNT.search(text, max(0, start - 8), start) if match is not None else None
    if match is None or led is None:
        return None
    said = led[1].lower()
    count = int(said) if said.isdigit() else int(ONES[said])
    made = _year_to(match)
    if not 2 <= count <= 12 or made.until is None:
        return None
    last = made.until
    first = last.first - count + 1
    year = last.year if last.year is None or first > 0 else last.year - 1
    return replace(made, start=led.start(1), year=year, first=(first - 1) % 12 + 1, last=(first - 1) % 12 + 1)


_COUNT = re.compile(r"\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|[2-9]|1[0-2])[ -]\Z", re.IGNORECASE)


def _of_parts(text: str, start: int) -> Moment | None:
    for pattern, make in ((_QUARTER, _quarter), (_HALF, _half)):
        match = pattern.match(text, start)
        if match is not None and _bounded(text, start):
            return make(match)
    return None


def _of_month(text: str, start: int) -> Moment | None:
    quarter = _QUARTER.match(text, start)
    if quarter is not None:
        return _quarter(quarter)
    match = _MONTH.match(text, start)
    if match is None:
        return None
    low = max(0, start - 18)
    day = _BEFORE_MONTH.search(text, low, start) if text[start - 1 : start] == " " else None
    if day is not None and not match["md"] and 1 <= _number(day["day"]) <= 31:
        made = _named_month(match, sure=True)
        return None if made is None else replace(made, start=day.start(), day=_number(day["day"]))
    led = _MOD.search(text, low, start)
    made = _named_month(match, sure=led is not None)
    return made if made is None or led is None else replace(made, start=led.start(), fuzzy=True)


def _number(text: str) -> int:
    found = _DIGIT.match(text)
    return int(found[0]) if found else 0


def _month(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1


def _year_of(said: str | None) -> tuple[int | None, int | None]:
    if not said:
        return None, None
    if said[0].isdigit():
        return int(said), None
    return None, _YEARS.get(said)


def _iso(match: re.Match[str]) -> Moment:
    month = int(match["im"])
    return Moment(*match.span(), int(match["iy"]), None, month, month, int(match["id"]))


def _year_month(match: re.Match[str]) -> Moment:
    month = int(match["ymm"])
    return Moment(*match.span(), int(match["ymy"]), None, month, month)


def _fiscal(match: re.Match[str]) -> Moment:
    said = match["fyz"] or match["fyy"]
    year = int(said)
    return Moment(*match.span(), year + 2000 if year < 100 else year, None, 1, 12, fiscal=True)


def _year_to(match: re.Match[str]) -> Moment:
    month = _month(match["ytm"])
    year = int(match["yty"]) if match["yty"] else None
    last = Moment(*match.span(), year, None, month, month)
    before = year - (month < 12) if year is not None else None
    first = month % 12 + 1
    return Moment(*match.span(), before, None, first, first, until=last)


def _quarter(match: re.Match[str]) -> Moment:
    year, years = _year_of(match["qy"])
    if match["qs"]:
        year = 2000 + int(match["qs"])
    if match["qm"]:
        number = (_month(match["qm"]) + 2) // 3
    else:
        number = int(match["qn"] or match["qk"] or 0) or _ORDINAL[match["qo"].lower()]
    return Moment(*match.span(), year, years, 3 * number - 2, 3 * number)


def _half(match: re.Match[str]) -> Moment:
    year, years = _year_of(match["hy"])
    if match["hs"]:
        year = 2000 + int(match["hs"])
    number = int(match["hn"] or match["hk"] or 0) or _ORDINAL[match["ho"].lower()]
    return Moment(*match.span(), year, years, 6 * number - 5, 6 * number)


def _first_months(match: re.Match[str]) -> Moment:
    year, years = _year_of(match["my"])
    said = match["mn"].lower()
    return Moment(*match.span(), year, years, 1, int(ONES[said]) if said in ONES else int(said))


def _named_month(match: re.Match[str], *, sure: bool) -> Moment | None:
    start, end = match.span()
    month = _month(match["mm"])
    said = match["mx"] or match["mdy"]
    alone = not (said or match["md"] or match["rel"] or sure)
    if alone and match["mm"] in ("May", "Mar", "March") and not _is_month(match.string, start, end):
        return None
    years = _YEARS.get((match["rel"] or "").strip(", ")) if match["rel"] else None
    day = _number(match["md"]) if match["md"] else 0
    made = Moment(start, end, int(said) if said else None, years, month, month, day)
    if match["md2"]:
        return replace(made, until=replace(made, day=_number(match["md2"])))
    return made


def _is_month(text: str, start: int, end: int) -> bool:
    """Whether "May" or "March" standing alone is the month and not the verb."""
    if _LED.search(text, max(0, start - 16), start):
        return True
    if text[start - 1 : start] in ("-", "\u2013", "/"):
        return True
    return start > 1 and _MODAL.match(text, end) is None and not text[max(0, start - 2) : start].startswith((".", "\n"))


def _years(match: re.Match[str]) -> Moment:
    first, said = int(match["ya"]), match["yb"]
    last = int(said) if len(said) == 4 else first // 100 * 100 + int(said)
    if last <= first:
        return Moment(*match.span("ya"), first, None, 1, 12)
    until = Moment(*match.span(), last, None, 1, 12)
    return Moment(*match.span(), first, None, 1, 12, until=until)


def _decade(match: re.Match[str]) -> Moment:
    return Moment(*match.span(), int(match["dec"]), None, 1, 12, anchor="decade", fuzzy=True)


def _year(match: re.Match[str], led: re.Match[str] | None) -> Moment | None:
    year, mod = int(match[0]), led["mod"].lower() if led is not None else ""
    text, (start, end) = match.string, match.span()
    if not mod and not _is_year(text, start, end, year):
        return None
    months = (12, 12) if "end" in mod else (1, 12)
    if led is not None:
        start = led.start()
    return Moment(start, end, year, None, *months, fuzzy=bool(mod))


_UNIT_AFTER = re.compile(
    r"[ -]?(?:%|percent|per cent|pc\b|tonnes?|tons?|metric|t\b|kt\b|kg|kilo|lbs?\b|pounds|yuan|dollars|euros|yen"
    r"|million|billion"
    r"|thousand|units|workers|people|employees|jobs|miles|km\b|metres|meters|MW|GW|feet|staff|vehicles|cars|robots"
    r"|hectares"
    r"|acres|m\b|g\b|ppm|degrees|companies|items|employees|x\b)|[A-Za-z]"
)


def _is_year(text: str, start: int, end: int, year: int) -> bool:
    """Whether four digits are a year: no unit follows, and an unlikely one is led by a word of time."""
    if _UNIT_AFTER.match(text, end) or text.startswith(
        ("年", "吨", "万", "亿", "家", "公", "元", "美", "个", "人"), end
    ):
        return False
    if text[start - 1 : start] in ("-", "/") and text[start - 2 : start - 1].isdigit():
        return False
    if _LED.search(text, max(0, start - 16), start):
        return True
    return 1950 <= year <= 2060


def _same(match: re.Match[str]) -> Moment:
    said = match["sl"]
    if not said:
        return Moment(*match.span(), anchor="same", shift=0)
    if said[0].isdigit():
        return Moment(*match.span(), int(said), anchor="same")
    return Moment(*match.span(), anchor="before", shift=-12)


def _ago(led: re.Match[str], start: int, word: str) -> Moment:
    said, unit = led["an"].lower(), led["au"]
    begin, end = led.start(), start + len(word)
    number = int(said) if said.isdigit() else int(ONES.get(said, 1.0))
    months = {"year": 12, "decade": 120, "quarter": 3, "month": 1}.get(unit, 0) * number
    if word == "ago" and unit in ("year", "decade"):
        if number == 1 and unit == "year":
            return Moment(begin, end, anchor="before", shift=-12)
        return Moment(begin, end, anchor="year", shift=-months // 12, fuzzy=True)
    if word == "ago" or not months:
        anchor: Anchor = "month" if months else "day"
        return Moment(begin, end, anchor=anchor, shift=-months or -(7 if unit == "week" else 1) * number, fuzzy=True)
    return Moment(begin, end, anchor="before", shift=-months)


def _year_earlier(match: re.Match[str]) -> Moment:
    return Moment(*match.span(), anchor="before", shift=-12 if match[0][0] in "Yy" else -1)


def _last(match: re.Match[str]) -> Moment | None:
    word, unit = match["lw"].lower(), match["lu"]
    shift = _SHIFT.get(word)
    if shift is None:
        return None
    if match["wd"]:
        number = WEEKDAYS.index(match["wd"].lower()) + 1
        anchor: Anchor = "week" if shift > 0 else "weekday"
        return Moment(*match.span(), day=number, anchor=anchor, shift=shift)
    if word in ("previous", "prior", "preceding", "following") and unit != "week":
        return Moment(*match.span(), anchor="before", shift={"year": 12, "quarter": 3, "month": 1}[unit] * shift)
    return Moment(*match.span(), anchor=_UNITS[unit], shift=shift)


def _before(match: re.Match[str]) -> Moment:
    return Moment(*match.span(), anchor="before", shift=-{"year": 12, "quarter": 3, "month": 1}[match["bu"]])


def _full(match: re.Match[str]) -> Moment:
    return Moment(*match.span(), first=1, last=12, anchor="same")


def _year_end(match: re.Match[str]) -> Moment:
    return Moment(*match.span(), years=0, first=12, last=12, fuzzy=True)


def _weekday(match: re.Match[str]) -> Moment:
    return Moment(*match.span(), day=WEEKDAYS.index(match[0].lower()) + 1, anchor="weekday")


def _now(match: re.Match[str]) -> Moment:
    word = match[0].lower()
    shift = {"yesterday": -1, "tomorrow": 1}.get(word, 0)
    today = word in ("today", "yesterday", "tomorrow")
    return Moment(*match.span(), anchor="day" if today else "month", shift=shift, fuzzy=not today)


_Maker = tuple[re.Pattern[str], Callable[[re.Match[str]], Moment | None]]
_MONTH_SET = frozenset(MONTH_WORDS)
_QUARTERED = ("q", "h", "st", "nd", "rd", "th")
_ANY = re.compile(r"[A-Za-z]+")
_DAY = re.compile("[MTWFS][a-z]+")
_ORDINALS: tuple[_Maker, ...] = ((_QUARTER, _quarter), (_HALF, _half), (_MONTHS_OF, _first_months))
_BY_WORD: dict[str, tuple[_Maker, ...]] = {
    **dict.fromkeys(("first", "second", "third", "fourth", "final", "q", "h"), _ORDINALS),
    **dict.fromkeys(("fy", "fiscal", "financial"), ((_FISCAL, _fiscal),)),
    "year": (
        (_YEAR_TO, _year_to),
        (_YEAR_END, _year_end),
        (_YEARLIER, _year_earlier),
        (_BEFORE, _before),
        (_THE_YEAR, _full),
    ),
    "month": ((_YEARLIER, _year_earlier), (_BEFORE, _before)),
    "quarter": ((_BEFORE, _before),),
    "same": ((_SAME, _same),),
    **dict.fromkeys(_SHIFT, ((_LAST, _last),)),
    **dict.fromkeys(("full", "entire", "whole"), ((_FULL_YEAR, _full),)),
    "end": ((_YEAR_END, _year_end),),
    **dict.fromkeys(WEEKDAYS, ((_DAY, _weekday),)),
    **dict.fromkeys(("today", "yesterday", "tomorrow", "now", "currently", "nowadays"), ((_ANY, _now),)),
}
