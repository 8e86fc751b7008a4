"""Home to the times of English text: June 16th, the March quarter, the first half of 2025, a year earlier, by 2030."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ytterby.evidence.grammar.moments import Anchor, Moment
from ytterby.evidence.grammar.numerals_en import ONES

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FULL = (
    r"January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)(?:\.|(?= [0-9])|(?=[-\u2013/])|\b(?!\.))"
)
_Y = r"(?:1[789][0-9]{2}|20[0-9]{2}|21[0-4][0-9])(?![0-9]|,[0-9]{3}|\.[0-9])"
_D = r"(?:3[01]|[12][0-9]|0?[1-9])(?:st|nd|rd|th)?(?![0-9])"
_WHOSE = r"this year|last year|next year|year(?! (?:to|end|ago|earlier|before))"


def _of(name: str) -> str:
    return rf"(?:,?(?: of| in)?(?: the)?(?: fiscal| financial)? (?P<{name}>(?:{_Y})|{_WHOSE})\b)?"


def _part(name: str) -> str:
    return (
        rf"(?:(?P<{name}>[Mm]id|[Ee]arly|[Ll]ate|(?:[Tt]he )?[Ee]nd of|[Ee]nd|(?:[Tt]he )?(?:[Ss]tart|[Bb]eginning) of)"
        r"(?:[ -](?:in |the )?))?"
    )


_EN = re.compile(
    r"(?<![A-Za-z0-9$\u20ac\u00a3.])(?:"
    r"(?P<iso>(?P<iy>(?:1[789]|20|21)[0-9]{2})[-/.](?P<im>1[0-2]|0?[1-9])[-/.](?P<id>3[01]|[12][0-9]|0?[1-9])(?![0-9]))"
    r"|(?P<ym>(?P<ymy>20[0-9]{2})-(?P<ymm>0[1-9]|1[0-2])(?![0-9-]))"
    rf"|(?P<fy>(?:FY|[Ff]iscal(?: year)?|[Ff]inancial year) ?'?(?P<fyy>{_Y}|[0-9]{{2}}(?![0-9]))"
    r"(?:[-/\u2013](?P<fyz>[0-9]{4}|[0-9]{2}))?)"
    r"|(?P<yearto>(?:the )?(?:fiscal |financial )?(?:(?:full )?year|12 months|twelve months) (?:to|ended|ending"
    r"|through)"
    rf"(?: on)? (?:(?P<ytd0>{_D}) )?(?P<ytm>{_FULL})(?: (?P<ytd>{_D}))?(?:,? (?P<yty>{_Y}))?)"
    r"|(?P<quarter>(?:[Tt]he )?(?:(?P<qo>[Ff]irst|[Ss]econd|[Tt]hird|[Ff]ourth|[Ff]inal|1st|2nd|3rd|4th)[ -]quarter"
    rf"|Q(?P<qn>[1-4])\b|(?P<qk>[1-4])Q(?:(?P<qs>[0-9]{{2}})\b)?|(?P<qm>{_FULL}) quarter){_of('qy')})"
    r"|(?P<half>(?:[Tt]he )?(?:(?P<ho>[Ff]irst|[Ss]econd|1st|2nd)[ -]half(?! of (?!the year|this|last|next|1|2|fiscal))"
    rf"|H(?P<hn>[12])\b|(?P<hk>[12])H(?:(?P<hs>[0-9]{{2}})\b|\b)){_of('hy')})"
    r"|(?P<months>(?:[Tt]he )?[Ff]irst (?P<mn>two|three|four|five|six|seven|eight|nine|ten|eleven|[2-9]|1[01]) months"
    rf"{_of('my')})"
    rf"|(?P<daymonth>(?P<dd>{_D}) (?:of )?(?P<dm>{_FULL})(?:,? (?P<dy>{_Y}))?)"
    rf"|(?P<month>{_part('mod')}(?P<mm>{_FULL})(?:(?:,| of)? (?P<mx>{_Y})"
    rf"| (?P<md>{_D})(?: ?[-\u2013] ?(?P<md2>{_D}))?(?:,? (?P<mdy>{_Y}))?)?(?P<rel>,? (?:last|this|next) year)?)"
    rf"|(?P<years>(?P<ya>{_Y}) ?[-\u2013/] ?(?P<yb>{_Y}|[0-9]{{2}}(?![0-9%])))"
    r"|(?P<decade>(?:[Tt]he )?(?:[Ee]arly |[Ll]ate |[Mm]id-)?(?P<dec>(?:1[89]|20)[0-9]0)s\b)"
    rf"|(?P<year>{_part('ymod')}(?P<yy>{_Y}))"
    r"|(?P<samelast>(?:the )?same (?P<su>month|period|quarter|week|time)(?: of| in)?(?: (?P<sl>last year"
    r"|a year (?:earlier|ago|before)|the previous year|the year before|(?:1[89]|20)[0-9]{2}))?)"
    r"|(?P<ago>(?P<an>[Aa]n?|[Oo]ne|[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]ix|[Ss]even|[Ee]ight|[Nn]ine|[Tt]en|[0-9]{1,2})"
    r"[ -](?P<au>year|month|quarter|week|decade|day)s?[ -](?P<aw>earlier|ago|before(?! the)))"
    r"|(?P<yearearlier>[Yy]ear-(?:earlier|ago)|[Mm]onth-earlier)"
    r"|(?P<last>(?:[Tt]he )?(?P<lw>[Ll]ast|[Tt]his|[Nn]ext|[Pp]revious|[Pp]rior|[Cc]urrent|[Cc]oming|[Ff]ollowing"
    r"|[Pp]receding)[ -](?P<lu>month|year|quarter|week)(?:-end)?(?!-|s\b| of)(?:'s)?)"
    r"|(?P<before>(?:the )(?P<bu>month|year|quarter) (?:before|earlier|prior))"
    r"|(?P<full>(?:[Tt]he )?(?:[Ff]ull[ -]year|[Ee]ntire year|[Ww]hole year))"
    r"|(?P<yearend>(?:[Yy]ear-end|the end of the year|end of the year|later this year))"
    r"|(?P<sofar>[Ss]o far this year|[Yy]ear[ -]to[ -]date)"
    r"|(?P<wday>(?:(?P<ww>[Ll]ast|[Tt]his|[Nn]ext) )?"
    r"(?P<wd>Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday))\b"
    r"|(?P<now>\b(?:[Tt]oday|[Yy]esterday|[Tt]omorrow|[Nn]ow|[Cc]urrently|[Nn]owadays)\b))"
)
_ORDINAL = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "final": 4}
_YEARS = {"this year": 0, "last year": -1, "next year": 1}
_SHIFT = {"last": -1, "this": 0, "next": 1, "previous": -1, "prior": -1, "preceding": -1, "current": 0, "coming": 1}
_SHIFT |= {"following": 1}
_UNITS: dict[str, Anchor] = {"month": "month", "year": "year", "quarter": "quarter", "week": "week", "day": "day"}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
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


def moments_en(text: str) -> Iterator[Moment]:
    """The times that English words of a folded text name, in order."""
    for match in _EN.finditer(text):
        made = _MAKERS[match.lastgroup or ""](match) if match.lastgroup in _MAKERS else _by_group(match)
        if made is not None:
            yield made


def _by_group(match: re.Match[str]) -> Moment | None:
    for name, make in _MAKERS.items():
        if match[name]:
            return make(match)
    return None


def _number(text: str) -> int:
    found = _DIGIT.match(text)
    return int(found[0]) if found else 0


def _month(name: str) -> int:
    return MONTHS.index(name[:3].lower()) + 1


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


def _day_month(match: re.Match[str]) -> Moment:
    month = _month(match["dm"])
    return Moment(*match.span(), int(match["dy"]) if match["dy"] else None, None, month, month, _number(match["dd"]))


def _named_month(match: re.Match[str]) -> Moment | None:
    start, end = match.span()
    month = _month(match["mm"])
    said = match["mx"] or match["mdy"]
    alone = not (said or match["md"] or match["mod"] or match["rel"])
    if alone and match["mm"] in ("May", "Mar", "March") and not _is_month(match.string, start, end):
        return None
    years = _YEARS.get((match["rel"] or "").strip(", ")) if match["rel"] else None
    day = _number(match["md"]) if match["md"] else 0
    made = Moment(start, end, int(said) if said else None, years, month, month, day, bool(match["mod"]))
    if match["md2"]:
        return replace(made, until=replace(made, day=_number(match["md2"])))
    return made


def _is_month(text: str, start: int, end: int) -> bool:
    """Whether "May" or "March" standing alone is the month and not the verb."""
    if _LED.search(text, max(0, start - 16), start):
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


def _year(match: re.Match[str]) -> Moment | None:
    year, mod = int(match["yy"]), (match["ymod"] or "").lower()
    text, (start, end) = match.string, match.span()
    if not mod and not _is_year(text, start, end, year):
        return None
    months = (12, 12) if "end" in mod else (1, 12)
    return Moment(start, end, year, None, *months, fuzzy=bool(mod))


_UNIT_AFTER = re.compile(
    r"[ -]?(?:%|percent|per cent|pc\b|tonnes?|tons?|metric|t\b|kt\b|kg|kilo|lbs?\b|pounds|yuan|dollars|euros|yen"
    r"|million|billion"
    r"|thousand|units|workers|people|employees|jobs|miles|km\b|metres|meters|MW|GW|feet|staff|vehicles|cars|robots"
    r"|hectares"
    r"|acres|m\b|g\b|ppm|degrees|companies|items|employees|x\b)|[A-Za-z]"
)


def _is_year(text: str, start: int, end: int, year: int) -> bool:
    """Whether four digits are a year: no unit follows, and the words before ask for one where the number is unlikely."""
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


def _ago(match: re.Match[str]) -> Moment:
    said, unit, word = match["an"].lower(), match["au"], match["aw"]
    number = int(said) if said.isdigit() else int(ONES.get(said, 1.0))
    months = {"year": 12, "decade": 120, "quarter": 3, "month": 1}.get(unit, 0) * number
    if word == "ago" and unit in ("year", "decade"):
        return Moment(*match.span(), anchor="year", shift=-months // 12, fuzzy=number > 1)
    if word == "ago" or not months:
        anchor: Anchor = "month" if months else "day"
        return Moment(*match.span(), anchor=anchor, shift=-months or -(7 if unit == "week" else 1) * number, fuzzy=True)
    return Moment(*match.span(), anchor="before", shift=-months)


def _year_earlier(match: re.Match[str]) -> Moment:
    return Moment(*match.span(), anchor="before", shift=-12 if match[0][0] in "Yy" else -1)


def _last(match: re.Match[str]) -> Moment:
    word, unit = match["lw"].lower(), match["lu"]
    if word in ("previous", "prior", "preceding", "following") and unit != "week":
        months = {"year": 12, "quarter": 3, "month": 1}[unit]
        return Moment(*match.span(), anchor="before", shift=months * _SHIFT[word])
    return Moment(*match.span(), anchor=_UNITS[unit], shift=_SHIFT[word])


def _before(match: re.Match[str]) -> Moment:
    return Moment(*match.span(), anchor="before", shift=-{"year": 12, "quarter": 3, "month": 1}[match["bu"]])


def _full(match: re.Match[str]) -> Moment:
    return Moment(*match.span(), first=1, last=12, anchor="same")


def _year_end(match: re.Match[str]) -> Moment:
    return Moment(*match.span(), years=0, first=12, last=12, fuzzy=True)


def _so_far(match: re.Match[str]) -> Moment:
    return Moment(*match.span(), years=0, first=1, last=12, fuzzy=True)


def _weekday(match: re.Match[str]) -> Moment:
    number = _DAYS.index(match["wd"].lower()) + 1
    shift = _SHIFT.get((match["ww"] or "").lower(), 0)
    anchor: Anchor = "week" if match["ww"] and shift > 0 else "weekday"
    return Moment(*match.span(), day=number, anchor=anchor, shift=shift)


def _now(match: re.Match[str]) -> Moment:
    shift = {"yesterday": -1, "tomorrow": 1}.get(match[0].lower(), 0)
    today = match[0].lower() in ("today", "yesterday", "tomorrow")
    return Moment(*match.span(), anchor="day" if today else "month", shift=shift, fuzzy=not today)


_MAKERS = {
    "iso": _iso, "ym": _year_month, "fy": _fiscal, "yearto": _year_to, "quarter": _quarter, "half": _half,
    "months": _first_months, "daymonth": _day_month, "month": _named_month, "years": _years, "decade": _decade,
    "year": _year, "samelast": _same, "ago": _ago, "yearearlier": _year_earlier, "last": _last, "before": _before,
    "full": _full, "yearend": _year_end, "sofar": _so_far, "wday": _weekday, "now": _now,
}  # fmt: skip
