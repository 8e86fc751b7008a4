"""Home to placing: from a moment and the day of the document to the days, months or years it names."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta

from ytterby.evidence.grammar.moments import Moment

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NAMED = {(1, 12): "", (1, 6): "-H1", (7, 12): "-H2", (1, 3): "-Q1", (4, 6): "-Q2", (7, 9): "-Q3", (10, 12): "-Q4"}
_NEAR = 6


@dataclass(frozen=True, slots=True)
class Placed:
    """Months `first` to `last` of a year, or one day of a month; with `until`, a range."""

    year: int
    first: int
    last: int
    day: int = 0
    until: Placed | None = None

    @property
    def label(self) -> str:
        """The period as `terms.periods` spells it."""
        if self.until is not None:
            return f"{self.label_alone}..{self.until.label_alone}"
        return self.label_alone

    @property
    def label_alone(self) -> str:
        """The label of its beginning, without the range."""
        if self.day:
            return f"{self.year:04}-{self.first:02}-{self.day:02}"
        if self.first == self.last:
            return f"{self.year:04}-{self.first:02}"
        named = _NAMED.get((self.first, self.last))
        return f"{self.year:04}" + (
            named if named is not None else f"-{_MONTHS[self.first - 1]}{_MONTHS[self.last - 1]}"
        )

    @property
    def shape(self) -> str:
        """``day``, ``month``, ``quarter``, ``half``, ``year`` or ``range``."""
        if self.until is not None:
            return "range"
        if self.day:
            return "day"
        span = self.last - self.first + 1
        named = _NAMED.get((self.first, self.last))
        if span == 1:
            return "month"
        return {12: "year", 6: "half", 3: "quarter"}[span] if named is not None else "range"

    def moved(self, months: int) -> Placed:
        """The same span so many months later, a day taken as its month."""
        at = self.year * 12 + self.first - 1 + months
        year, first = divmod(at, 12)
        return Placed(year, first + 1, min(12, first + 1 + self.last - self.first))


def placed(
    moment: Moment, today: date | None, spoken: Placed | None, spoken_day: Placed | None = None, *, ahead: bool = False
) -> Placed | None:
    """Where a moment lies; None where nothing tells.

    Args:
        moment: the words of time.
        today: the day the text was written.
        spoken: the period spoken of last.
        spoken_day: the day spoken of last.
        ahead: whether the words around it look forward (will, expects, 将, by, from).
    """
    if moment.until is not None and not moment.dated and moment.first and not moment.until.dated:
        # The end of a range without a year tells the year of its beginning.
        end = _plain(moment.until, today, spoken, ahead=ahead)
        found = (
            None
            if end is None
            else Placed(end.year - (moment.first > end.first), moment.first, moment.last, moment.day)
        )
    elif moment.anchor:
        found = _anchored(moment, today, spoken, spoken_day)
    elif moment.dated or moment.first:
        found = _plain(moment, today, spoken, ahead=ahead)
    else:
        found = _bare_day(moment, today, spoken_day, ahead=ahead)
    if found is None or moment.until is None:
        return found if found is None or _valid(found) else None
    if moment.until.dated or not moment.until.first:
        end = placed(moment.until, today, found, spoken_day, ahead=ahead)
    else:
        end = _plain(moment.until, today, spoken, ahead=ahead)
    if end is None or (end.year, end.last, end.day) < (found.year, found.first, found.day):
        return found if _valid(found) else None
    if not (_valid(found) and _valid(end)):
        return None
    if found.year == end.year and not (found.day or end.day):
        return replace(found, last=end.last)
    return replace(found, until=end)


def _valid(found: Placed) -> bool:
    if not (1787 <= found.year <= 2200 and 1 <= found.first <= found.last <= 12):
        return False
    return found.day == 0 or 1 <= found.day <= monthrange(found.year, found.first)[1]


def _plain(moment: Moment, today: date | None, spoken: Placed | None, *, ahead: bool) -> Placed | None:
    first, last, day = moment.first, moment.last, moment.day
    if moment.year is not None:
        return Placed(moment.year, first, last, day)
    if moment.years is not None:
        return None if today is None else Placed(today.year + moment.years, first, last, day)
    if today is None:
        return Placed(spoken.year, first, last, day) if spoken is not None else None
    if spoken is not None and spoken.year < today.year - 1 and spoken.until is None:
        return Placed(spoken.year, first, last, day)
    year = today.year
    if (first, last) == (1, 12):
        return Placed(year, first, last)
    begun = first if last - first < 6 else first + 1
    later = begun > today.month or (day > 0 and first == today.month and day > today.day + 1)
    # A day is named with its year when it is far: without one the nearest is meant.
    ahead = ahead or (day > 0 and 0 <= begun - today.month <= 3) or (day > 0 and today.month - begun >= 9)
    if later and not (ahead and (begun - today.month) <= _NEAR):
        year -= 1
    elif ahead and not later and today.month - last > _NEAR:
        year += 1
    return Placed(year, first, last, day)


def _bare_day(moment: Moment, today: date | None, spoken: Placed | None, *, ahead: bool) -> Placed | None:
    day = moment.day
    if spoken is not None and spoken.day and day >= spoken.day and (today is None or spoken.year < today.year):
        return Placed(spoken.year, spoken.first, spoken.first, day)
    if today is None:
        return None
    at = today
    if day > today.day + 1 and not ahead:
        at = today.replace(day=1) - timedelta(days=1)
        if day > monthrange(at.year, at.month)[1]:
            at = at.replace(day=1) - timedelta(days=1)
    return Placed(at.year, at.month, at.month, day)


def _anchored(moment: Moment, today: date | None, spoken: Placed | None, spoken_day: Placed | None) -> Placed | None:
    anchor = moment.anchor
    if anchor == "decade":
        year = moment.year or 2000
        return Placed(year, 1, 12, until=Placed(year + 9, 1, 12))
    if anchor == "same":
        return _same(moment, today, spoken)
    if anchor == "before":
        return None if spoken is None else spoken.moved(moment.shift)
    if anchor == "sameday" and spoken_day is not None:
        return spoken_day
    if today is None:
        return None
    return _from_today(moment, today)


def _same(moment: Moment, today: date | None, spoken: Placed | None) -> Placed | None:
    if (moment.first, moment.last) == (1, 12):
        if spoken is not None:
            return Placed(spoken.year + moment.shift, 1, 12)
        return None if today is None else Placed(today.year - (today.month < 3), 1, 12)
    if spoken is None:
        if today is None or not (moment.day or moment.first == -1):
            return None
        return Placed(today.year, today.month, today.month, moment.day)
    year = moment.year
    if year is None:
        year = (
            today.year + moment.years if moment.years is not None and today is not None else spoken.year + moment.shift
        )
    if moment.first == -1:
        return Placed(year, spoken.last, spoken.last, moment.day)
    return Placed(year, moment.first or spoken.first, moment.last or spoken.last, moment.day)


def _from_today(moment: Moment, today: date) -> Placed | None:
    anchor, shift = moment.anchor, moment.shift
    if anchor == "year":
        return Placed(today.year + shift, 1, 12)
    if anchor == "month":
        found = Placed(today.year, today.month, today.month).moved(shift)
        return replace(found, day=moment.day) if moment.day else found
    if anchor == "quarter":
        first = (today.month - 1) // 3 * 3 + 1
        return Placed(today.year, first, first + 2).moved(3 * shift)
    day = today
    if anchor in ("day", "sameday"):
        day = today + timedelta(days=shift)
    elif anchor == "weekday":
        day = today - timedelta(days=(today.isoweekday() - moment.day) % 7)
    elif anchor == "week":
        monday = today - timedelta(days=today.isoweekday() - 1) + timedelta(weeks=shift)
        if not moment.day:
            sunday = monday + timedelta(days=6)
            end = Placed(sunday.year, sunday.month, sunday.month, sunday.day)
            return Placed(monday.year, monday.month, monday.month, monday.day, end)
        day = monday + timedelta(days=moment.day - 1)
    return Placed(day.year, day.month, day.month, day.day)
