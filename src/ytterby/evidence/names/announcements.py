"""Home to numbered instruments: "商务部公告2025年第61号", "55、56号公告", "Announcement No. 61 of 2025" as ids."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from ytterby.evidence.names.entities import read_rows
from ytterby.terms.tables import several

_FEWEST_YEAR = 1990
_ORDERED = "order "
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

_LINK = r"(?:、|,|，|和|与|及|以及|至|到|-|~|—)"
_TOKEN = re.compile(
    rf"(?:{_YEAR}\s*年?\s*[)）〕\]]?\s*)?(?P<ordinal>第\s*)?"
    rf"(?P<numbers>{_NUMBER}(?:\s*{_LINK}\s*(?:第\s*)?{_NUMBER}){{0,12}})\s*号$"
)
"""Numbers that end in 号, looked for backwards from it: 2025年第61号, 55、56、57、58号."""

_CHAIN = re.compile(
    r"(?:(?:联合)?公告)?\s*(?:[、,，和与及至到以\-~—\s]{0,4})(?:商务部|海关总署|商务部、海关总署|公告|\[|\(|〔|\s)*$"
)
_AFTER = re.compile(r"\s*(?:联合)?公告")
_BEFORE = re.compile(r"公告\s*[(（〔\[]?\s*$")
_THROUGH = re.compile(r"\s*(?:至|到|-|~|—)\s*(?:第\s*)?")
_BACK = 56
_NEAR = 120
_SPLIT = re.compile(rf"(?P<n>{_NUMBER})\s*号?\s*(?P<to>(?:至|到|-|~|—)(?=\s*(?:第\s*)?{_NUMBER}))?")

_EN_ONE = r"(?:[Nn]os?\.?\s*|#)?\d{1,3}(?!\d)(?!\s*(?:[,.]\d|%|percent|per cent|tonnes|tons|days))"
_EN_LIST = rf"{_EN_ONE}(?:\s*(?:,\s*and|,|and|&|to|through|\u2013|-)\s*{_EN_ONE}){{0,12}}"
_EN_WORD = r"(?:nnouncement|NNOUNCEMENT|otice|ircular)[sS]?(?:\s+\([^)]{3,20}\))?"
_EN = re.compile(
    rf"{_EN_WORD}\s+(?:[\[(]?(?P<year_before>(?:19|20)\d\d)[\])]?,?\s+)?(?P<a>{_EN_LIST})"
    rf"(?:,?\s+(?:of|in)\s+(?P<year>(?:19|20)\d\d)|\s*[\[(](?P<year_in>(?:19|20)\d\d)[\])]|/(?P<year_slash>(?:19|20)\d\d))?"
)
_EN_NUMBER = re.compile(
    rf"(?P<a>Nos?\.\s*\d{{1,3}})(?!\d)(?:\s+of\s+(?P<year>(?:19|20)\d\d)|\s+[A-Za-z]{_EN_WORD}(?![a-z]))"
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
    found = list(_orders(text))
    taken = [(one.start, one.end) for one in found]
    carried: int | None = None
    for lists, told in (*_chinese(text, year_hint), *_english(text)):
        # A year once told holds for the numbers that follow it: 2025年第55号……以及第61号公告.
        carried = told or carried
        for start, end, pattern in lists:
            if not any(first < end and start < last for first, last in taken):
                found += _listed(text, (start, end), pattern, told, carried, year_hint)
    return sorted(found, key=_start)


_Lists = list[tuple[int, int, re.Pattern[str]]]


def _start(one: Cited) -> int:
    return one.start


def _chinese(text: str, hint: int | None) -> Iterator[tuple[_Lists, int | None]]:
    """Chains of numbers that end in 号 and stand beside the word for an announcement, with the year they tell."""
    if "公告" not in text:
        return
    chain: list[re.Match[str]] = []
    shifts: list[int] = []
    for at in _places(text, "号"):
        begin = max(0, at - _BACK, shifts[-1] + chain[-1].end() if chain else 0)
        hit = _TOKEN.search(text[begin : at + 1])
        if hit is None:
            continue
        if chain and not _CHAIN.match(text, shifts[-1] + chain[-1].end(), begin + hit.start()):
            yield from _told(text, chain, shifts, hint)
            chain, shifts = [], []
        chain.append(hit)
        shifts.append(begin)
    if chain:
        yield from _told(text, chain, shifts, hint)


def _told(
    text: str, chain: list[re.Match[str]], shifts: list[int], hint: int | None
) -> Iterator[tuple[_Lists, int | None]]:
    first, last = shifts[0] + chain[0].start(), shifts[-1] + chain[-1].end()
    beside = _AFTER.match(text, last) or _BEFORE.search(text, max(0, first - 8), first)
    if not beside and not _known_near(text, chain, shifts, hint):
        return
    runs: list[tuple[int, int, int | None]] = []
    for hit, shift in zip(chain, shifts, strict=True):
        start, end = shift + hit.start("numbers"), shift + hit.end()
        year = number_of(hit["year"]) if hit["year"] else None
        if runs and year is None and _THROUGH.fullmatch(text, runs[-1][1], start):
            runs[-1] = (runs[-1][0], end, runs[-1][2])
        else:
            runs.append((start, end, year))
    for start, end, year in runs:
        yield [(start, end, _SPLIT)], year if year and year >= _FEWEST_YEAR else None


def _known_near(text: str, chain: list[re.Match[str]], shifts: list[int], hint: int | None) -> bool:
    """Whether 第55号 alone stands for an announcement: known by that number, and the word stands shortly before."""
    if (
        not chain[0]["ordinal"]
        or "公告" not in text[max(0, shifts[0] + chain[0].start() - _NEAR) : shifts[0] + chain[0].start()]
    ):
        return False
    return all(_newest(number_of(one["n"]), hint) for hit in chain for one in _SPLIT.finditer(hit["numbers"]))


def _english(text: str) -> Iterator[tuple[_Lists, int | None]]:
    hits: list[re.Match[str]] = []
    if any(word in text for word in ("nnouncement", "NNOUNCEMENT", "otice", "ircular")):
        hits += _EN.finditer(text)
    if "No" in text:
        hits += _EN_NUMBER.finditer(text)
    last = -1
    for hit in sorted(hits, key=re.Match.start):
        if hit.start() >= last:
            last = hit.end()
            told = next((int(value) for name, value in hit.groupdict().items() if name != "a" and value), None)
            yield [(*hit.span("a"), _EN_SPLIT)], told


def _places(text: str, char: str) -> Iterator[int]:
    at = text.find(char)
    while at >= 0:
        yield at
        at = text.find(char, at + 1)


def _listed(
    text: str,
    span: tuple[int, int],
    pattern: re.Pattern[str],
    told: int | None,
    year: int | None,
    hint: int | None,
) -> Iterator[Cited]:
    opened: int | None = None
    for one in pattern.finditer(text, *span):
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
            yield Cited(
                *hit.span(), _known_orders().get(number, f"cn-order-{number}"), number, int(year) if year else None
            )
    if "号" in text:
        for hit in _LETTER.finditer(text):
            yield Cited(*hit.span(), f"cn-letter-{hit['number']}-{hit['year']}", int(hit["number"]), int(hit["year"]))


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
        (int(number), int(row["year"])): row["id"]
        for row in read_rows("instruments")
        for number in several(row["number"])
        if number.isdigit()
    }


@cache
def _known_orders() -> dict[int, str]:
    """Ids of the orders the table knows, by number."""
    return {
        int(row["number"].removeprefix(_ORDERED)): row["id"]
        for row in read_rows("instruments")
        if row["number"].startswith(_ORDERED)
    }
