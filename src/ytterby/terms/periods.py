"""Home to periods: spans of days with the label they were written under.

Both ends belong to the period. A fiscal year is named by the year it ends in; where nobody says in which month it
ends, it is taken as the calendar year.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from ytterby.terms.errors import BadValue, DateOrder, shown
from ytterby.terms.text import fold

FIRST_YEAR, LAST_YEAR = 1787, 2200
"""Years a period may lie in: from the black stone found at Ytterby on."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
_MONTH += r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
_YEAR = r"(?P<y>\d{4})"
_ORDINALS = {"一": 1, "二": 2, "三": 3, "四": 4, "首": 1, "上": 1, "下": 2}
_REMEDY = "write 2025, 2025-04, 2025-04-04, 2025-Q1, 2025-H1, 2026-JanFeb, FY2026 or 2025-04..2026-03"


@dataclass(frozen=True, order=True)
class Period:
    """Days from `start` to `end`, both included; raises `DateOrder` where the end comes first."""

    start: date
    end: date
    label: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise DateOrder(
                f"the period ends ({self.end}) before it starts ({self.start})",
                place=self.label,
                remedy="swap the two dates, or mend the one that is wrong",
            )
        if not self.label:
            whole = f"{self.start}..{self.end}" if self.end > self.start else str(self.start)
            object.__setattr__(self, "label", whole)

    @property
    def days(self) -> int:
        """Number of days, both ends counted."""
        return (self.end - self.start).days + 1

    def contains(self, other: date | Period) -> bool:
        """Whether a day, or every day of another period, lies in this one."""
        if isinstance(other, Period):
            return self.start <= other.start and other.end <= self.end
        return self.start <= other <= self.end

    def meets(self, other: Period) -> bool:
        """Whether the two share a day."""
        return self.start <= other.end and other.start <= self.end

    def months(self) -> Iterator[Period]:
        """The calendar months it touches, whole, in order."""
        year, month = self.start.year, self.start.month
        while (year, month) <= (self.end.year, self.end.month):
            yield months_of(year, month, month)
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)

    def __str__(self) -> str:
        return self.label


def months_of(year: int, first: int, last: int, label: str = "") -> Period:
    """From the first day of one month to the last of another, in one year; months count from 1."""
    end = date(year, last, monthrange(year, last)[1])
    return Period(
        date(year, first, 1), end, label or (f"{year}-{first:02}" if first == last else _span(year, first, last))
    )


def parse_period(text: str, place: str = "", fiscal_end: int = 12) -> Period:
    """The period that `text` names; raises `BadValue` when it names none, `DateOrder` when it runs backwards.

    Args:
        text: an ISO date, month or year, a quarter, half or fiscal year, months of a year, or ``start..end``;
            English or Chinese.
        place: where it was written, for the error.
        fiscal_end: the month a fiscal year ends in.

    >>> [str(parse_period(t)) for t in ("H2 2025", "Apr-Dec 2025", "2026-JanFeb", "2025年4月", "2025年上半年")]
    ['2025-H2', '2025-AprDec', '2026-JanFeb', '2025-04', '2025-H1']
    """
    tidy = re.sub(r"\s*\([^()]*\)$", "", re.sub(r"\s+", " ", fold(text)).strip()).replace("\N{EN DASH}", "-")
    try:
        found = _range(tidy, fiscal_end) or _single(tidy, fiscal_end)
    except DateOrder as error:
        raise DateOrder(error.cause, place=place or f"'{shown(text)}'", remedy=error.remedy) from None
    except ValueError as error:
        raise BadValue(f"'{shown(text)}' is no date: {error}", place=place, remedy=_REMEDY) from None
    if found is None:
        raise BadValue(f"'{shown(text)}' is not a period", place=place, remedy=_REMEDY)
    if found.start.year < FIRST_YEAR or found.end.year > LAST_YEAR:
        limits = f"{FIRST_YEAR} to {LAST_YEAR}"
        raise BadValue(f"'{shown(text)}' lies outside {limits}", place=place, remedy="check the year")
    return found


def _range(text: str, fiscal_end: int) -> Period | None:
    parts = re.split(r"\.\.|/| to |至", text)
    if len(parts) != 2:
        return None
    first, last = (_single(part.strip(), fiscal_end) for part in parts)
    if first is None or last is None:
        return None
    return Period(first.start, last.end, f"{first.label}..{last.label}")


def _single(text: str, fiscal_end: int) -> Period | None:
    for pattern, make in _FORMS:
        match = re.fullmatch(pattern, text, re.IGNORECASE | re.ASCII)
        if match:
            return make(match, fiscal_end)
    return None


def _span(year: int, first: int, last: int) -> str:
    return f"{year}-{_MONTHS[first - 1].title()}{_MONTHS[last - 1].title()}"


def _ordinal(text: str) -> int:
    return _ORDINALS[text] if text in _ORDINALS else int(text)


def _month(text: str) -> int:
    return int(text) if text.isdigit() else _MONTHS.index(text[:3].lower()) + 1


def _year(match: re.Match[str], _: int) -> Period:
    year = int(match["y"])
    return months_of(year, 1, 12, f"{year:04}")


def _day(match: re.Match[str], _: int) -> Period:
    day = date(int(match["y"]), _month(match["m"]), int(match["d"]))
    return Period(day, day, day.isoformat())


def _one_month(match: re.Match[str], _: int) -> Period:
    month = _month(match["m"])
    if not 1 <= month <= 12:
        raise ValueError("month must be in 1..12")
    return months_of(int(match["y"]), month, month)


def _several_months(match: re.Match[str], _: int) -> Period:
    year, first, last = int(match["y"]), _month(match["m"]), _month(match["n"])
    if not (1 <= first <= 12 and 1 <= last <= 12):
        raise ValueError("month must be in 1..12")
    return months_of(year, first, last)


def _quarter(match: re.Match[str], _: int) -> Period:
    year, number = int(match["y"]), _ordinal(match["q"])
    return months_of(year, 3 * number - 2, 3 * number, f"{year}-Q{number}")


def _half(match: re.Match[str], _: int) -> Period:
    year, number = int(match["y"]), _ordinal(match["h"])
    return months_of(year, 6 * number - 5, 6 * number, f"{year}-H{number}")


def _fiscal(match: re.Match[str], fiscal_end: int) -> Period:
    year = int(match["y"]) + (2000 if len(match["y"]) == 2 else 0)
    if fiscal_end == 12:
        return months_of(year, 1, 12, f"FY{year}")
    end = date(year, fiscal_end, monthrange(year, fiscal_end)[1])
    before = date(year - 1, fiscal_end, monthrange(year - 1, fiscal_end)[1])
    return Period(before + timedelta(days=1), end, f"FY{year}")


_Make = Callable[[re.Match[str], int], Period]
_FORMS: tuple[tuple[str, _Make], ...] = (
    (rf"{_YEAR}年?", _year),
    (rf"{_YEAR}-(?P<m>\d\d)-(?P<d>\d\d)", _day),
    (rf"{_YEAR}年(?P<m>\d\d?)月(?P<d>\d\d?)[日号]", _day),
    (rf"(?P<d>\d\d?) (?P<m>{_MONTH}),? {_YEAR}", _day),
    (rf"(?P<m>{_MONTH}) (?P<d>\d\d?),? {_YEAR}", _day),
    (rf"{_YEAR}-(?P<m>\d\d)", _one_month),
    (rf"{_YEAR}年(?P<m>\d\d?)月份?", _one_month),
    (rf"(?P<m>{_MONTH})[ -]?{_YEAR}", _one_month),
    (rf"{_YEAR}[ -](?P<m>{_MONTH})", _one_month),
    (rf"{_YEAR}[ -]?q(?P<q>[1-4])", _quarter),
    (rf"q(?P<q>[1-4])[ -]?{_YEAR}", _quarter),
    (rf"(?P<q>[1-4])q[ -]?{_YEAR}", _quarter),
    (rf"{_YEAR}年第?(?P<q>[1-4一二三四首])季度?", _quarter),
    (rf"{_YEAR}[ -]?h(?P<h>[12])", _half),
    (rf"h(?P<h>[12])[ -]?{_YEAR}", _half),
    (rf"(?P<h>[12])h[ -]?{_YEAR}", _half),
    (rf"{_YEAR}年(?P<h>[上下])半年", _half),
    (r"fy[ -]?(?P<y>\d{4}|\d\d)", _fiscal),
    (rf"{_YEAR}财年", _fiscal),
    (rf"{_YEAR}[ -](?P<m>{_MONTH})[ -]?(?P<n>{_MONTH})", _several_months),
    (rf"(?P<m>{_MONTH})[ -]{{1,3}}(?P<n>{_MONTH}),? {_YEAR}", _several_months),
    (rf"{_YEAR}年(?P<m>\d\d?)月?[-至](?P<n>\d\d?)月份?", _several_months),
)
