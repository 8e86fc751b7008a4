"""Home to numbered instruments: "商务部公告2025年第61号", "55、56号公告", "Announcement No. 61 of 2025" as ids."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from ytterby.evidence.names.entities import read_rows

_FEWEST_YEAR = 1990
_ZH_DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "两": 2}
_NUMBER = r"(?:\d{1,3}|[一二三四五六七八九十百〇零]{1,5})"
_YEAR = r"(?P<year>(?:19|20)\d\d|二[〇零○][〇零○一二三][〇零○一二三四五六七八九])"

_ORDER = re.compile(
    rf"(?:国务院|部|委)?令[\s(（〔\[]*(?:(?P<year>(?:19|20)\d\d)年?)?[\s)）〕\]]*(?:第\s*)?(?P<order>{_NUMBER})\s*号"
    r"|(?:State Council\s+)?(?:Order|Decree) (?:No\.?\s*)?(?P<order_en>\d{2,3})\b"
    r"(?:\s+of\s+(?P<year_en>(?:19|20)\d\d))?"
)
_LETTER = re.compile(
    r"(?P<body>工信部[联原厅规]*|国发|商[务安]\w?)[〔\[(（](?P<year>(?:19|20)\d\d)[〕\])）]\s*(?P<number>\d{1,3})\s*号"
)

_ONE = rf"(?:第\s*)?{_NUMBER}\s*号?"
_LISTED = rf"{_ONE}(?:\s*(?:、|,|，|和|与|及|以及|至|到|-|~|—)\s*{_ONE})*"
_ZH = re.compile(
    rf"(?P<issuer>商务部|海关总署|工信部)?\s*(?:公告|联合公告)\s*[(（〔\[]?\s*{_YEAR}\s*年?\s*[)）〕\]]?\s*(?P<a>{_LISTED})"
    rf"|(?:{_YEAR.replace('year', 'year2')}\s*年\s*)?(?P<b>{_LISTED})\s*(?:联合)?(?:公告|文件?(?=规定))"
    rf"|公告\s*(?P<c>第\s*{_LISTED})"
)
_SPLIT = re.compile(rf"(?P<n>{_NUMBER})\s*号?\s*(?P<to>(?:至|到|-|~|—)(?=\s*(?:第\s*)?{_NUMBER}))?")

_EN_WORD = (
    r"(?:(?:[Aa]nnouncements?|ANNOUNCEMENTS?|[Nn]otices?|[Pp]ublic [Nn]otices?|[Cc]irculars?)(?:\s+\([^)]{3,20}\))?)"
)
_EN_ONE = (
    r"(?:No\.?\s*|Nos\.?\s*|no\.?\s*|nos\.?\s*|#)?\d{1,3}(?!\d)(?!\s*(?:[,.]\d|%|percent|per cent|tonnes|tons|days))"
)
_EN_LIST = rf"{_EN_ONE}(?:\s*(?:,\s*and|,|and|&|to|through|\u2013|-)\s*{_EN_ONE})*"
_EN = re.compile(
    rf"{_EN_WORD}\s+(?:[\[(]?(?P<year_before>(?:19|20)\d\d)[\])]?,?\s+)?(?P<a>{_EN_LIST})"
    rf"(?:,?\s+(?:of|in)\s+(?P<year>(?:19|20)\d\d)|\s*[\[(](?P<year_in>(?:19|20)\d\d)[\])]|/(?P<year_slash>(?:19|20)\d\d))?"
    rf"|(?P<b>Nos?\.\s*\d{{1,3}})(?:\s+of\s+(?P<year_b>(?:19|20)\d\d))?\s+{_EN_WORD}"
    rf"|(?P<c>Nos?\.\s*\d{{1,3}})\s+of\s+(?P<year_c>(?:19|20)\d\d)"
)
_EN_SPLIT = re.compile(r"(?P<n>\d{1,3})\s*(?P<to>(?:to|through|\u2013|-)(?=\s*(?:[Nn]os?\.?\s*)?\d))?")


@dataclass(frozen=True, slots=True)
class Cited:
    """One numbered instrument cited at characters ``start`` to ``end``."""

    start: int
    end: int
    id: str
    """``cn-61-2025``; empty where the year is not told and cannot be known."""
    number: int
    year: int | None


def instruments(text: str, year_hint: int | None = None) -> list[Cited]:
    """The numbered instruments a folded text cites, in order; a list ("55、56、57、58号公告") gives one each.

    Args:
        text: folded text.
        year_hint: year of the document. A number without a year is the newest instrument of that number known by
            then, else of that year.
    """
    if "号" not in text and "o" not in text and "#" not in text:
        return []
    found = list(_orders(text))
    taken = [(one.start, one.end) for one in found]
    year = None
    for hit in _hits(text):
        if any(start < hit.end() and hit.start() < end for start, end in taken):
            continue
        told = _told_year(hit)
        # A year once told holds for the numbers that follow it: 2025年第55号……以及第61号公告.
        year = told or year
        found += _listed(text, hit, told, year, year_hint)
    return sorted(found, key=_start)


def _start(one: Cited) -> int:
    return one.start


def _hits(text: str) -> Iterator[re.Match[str]]:
    hits = [*_ZH.finditer(text)] if "号" in text else []
    hits += _EN.finditer(text)
    last = -1
    for hit in sorted(hits, key=re.Match.start):
        if hit.start() >= last:
            last = hit.end()
            yield hit


def _listed(text: str, hit: re.Match[str], told: int | None, year: int | None, hint: int | None) -> Iterator[Cited]:
    group = next(name for name in ("a", "b", "c") if hit[name])
    chinese = hit.re is _ZH
    if chinese and "号" not in hit[group]:
        return
    start, end = hit.span(group)
    opened: int | None = None
    for one in (_SPLIT if chinese else _EN_SPLIT).finditer(text, start, end):
        number = number_of(one["n"])
        if opened is not None:
            # The ends of a range stand for those between: 55至58号.
            for between in range(opened + 1, min(number, opened + 20)):
                yield _cited(one, between, told, year, hint)
            opened = None
        yield _cited(one, number, told, year, hint)
        if one["to"]:
            opened = number


def _cited(one: re.Match[str], number: int, told: int | None, year: int | None, hint: int | None) -> Cited:
    year = told or year
    if told is None and (year is None or (number, year) not in _known()):
        year = _newest(number, hint) or year or hint
    name = _known().get((number, year), f"cn-{number}-{year}") if year else ""
    return Cited(one.start(), one.end("n"), name, number, year)


def _newest(number: int, hint: int | None) -> int | None:
    years = [year for known, year in _known() if known == number and (hint is None or year <= hint)]
    return max(years, default=None)


def _orders(text: str) -> Iterator[Cited]:
    if "令" in text or "rder" in text or "ecree" in text:
        for hit in _ORDER.finditer(text):
            number = number_of(hit["order"] or hit["order_en"])
            year = hit["year"] or hit["year_en"]
            yield Cited(*hit.span(), f"cn-order-{number}", number, int(year) if year else None)
    if "号" in text:
        for hit in _LETTER.finditer(text):
            yield Cited(*hit.span(), f"cn-letter-{hit['number']}-{hit['year']}", int(hit["number"]), int(hit["year"]))


def _told_year(hit: re.Match[str]) -> int | None:
    for name, value in hit.groupdict().items():
        if name.startswith("year") and value:
            year = number_of(value)
            return year if year >= _FEWEST_YEAR else None
    return None


def number_of(text: str) -> int:
    """A whole number in digits or Chinese numerals, below a thousand, or a year read digit by digit.

    >>> number_of("61"), number_of("六十一"), number_of("二〇二五"), number_of("十八")
    (61, 61, 2025, 18)
    """
    if text.isdigit():
        return int(text)
    if "十" not in text and "百" not in text:
        return int("".join(str(_ZH_DIGITS.get(char, 0)) for char in text) or 0)
    total, digit = 0, 0
    for char in text:
        if char in "十百":
            total += (digit or 1) * (10 if char == "十" else 100)
            digit = 0
        else:
            digit = _ZH_DIGITS.get(char, 0)
    return total + digit


@cache
def _known() -> dict[tuple[int, int], str]:
    """Ids of the instruments the table knows, by number and year."""
    return {
        (int(row["number"]), int(row["year"])): row["id"]
        for row in read_rows("instruments")
        if row["number"] and row["year"] and not row["id"].startswith("cn-order")
    }
