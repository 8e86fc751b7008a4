"""Home to days of publication: as a head line tells them, as a byline prints them, as an address carries them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: at for at, name in enumerate(_NAMES, 1)}
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
_FORMS = re.compile(
    r"(?<![\d.])(?P<y1>(?:19|20)\d\d)\s?(?P<s>[-/.年])\s?(?P<m1>\d{1,2})\s?[-/.月]\s?(?P<d1>\d{1,2})(?:\s?[日号]|(?!\d))"
    r"|(?<!\d)(?P<y2>(?:19|20)\d\d)(?:\s?年\s?(?P<m2>\d{1,2})\s?月|-(?P<m2b>\d\d)(?![-\d]))"
    rf"|(?<!\d)(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<m3>{_MONTH}),?\s+(?P<y3>(?:19|20)\d\d)(?!\d)"
    rf"|\b(?P<m4>{_MONTH})\s+(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y4>(?:19|20)\d\d)(?!\d)"
    rf"|\b(?P<m5>{_MONTH}),?\s+(?P<y5>(?:19|20)\d\d)(?!\d)"
    r"|民国\s?(?P<y6>\d{2,3})\s?年\s?(?P<m6>\d{1,2})\s?月\s?(?P<d6>\d{1,2})\s?日",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"(?:\s*[T,]?\s*(?:at\s+)?\d{1,2}[:：]\d{2}(?:[:：]\d{2})?(?:\.\d+)?\s*(?:[ap]\.?m\.?)?"
    r"\s*(?:Z|UTC|GMT|EST|EDT|ET|CST|PST|PDT|[+-]\d\d:?\d\d)?\b)",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"^\s*(?:[~≈?]|c(?:irca|a)?\.?\s|about\b|around\b|约)|\b(?:undated|approx\w*|estimated)\b|左右|前后|未注明"
)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_ADDRESS = (
    re.compile(r"(?<!\d)(20\d\d)[-/_]?(0[1-9]|1[0-2])[-/_]?(0[1-9]|[12]\d|3[01])(?!\d)"),
    re.compile(r"(?<!\d)(20\d\d)[-/_](\d{1,2})[-/_](\d{1,2})(?!\d)"),
)
_ADDRESS_MONTH = re.compile(r"[/_-](20\d\d)[-/_]?(0[1-9]|1[0-2])(?=[/_-]|$)")


@dataclass(frozen=True, slots=True)
class Day:
    """A date with its year, printed at ``[start, end)`` of a text; `end` takes in the time of day."""

    iso: str
    start: int
    end: int
    timed: bool = False


def first(folded: str) -> Day | None:
    """The first full date (at least year and month) of a folded text."""
    for match in _FORMS.finditer(folded):
        iso = _iso(match)
        if iso:
            time = _TIME.match(folded, match.end())
            return Day(iso, match.start(), time.end() if time else match.end(), time is not None)
    return None


def all_in(folded: str) -> list[str]:
    """Every full date of a folded text, ISO."""
    return [iso for match in _FORMS.finditer(folded) if (iso := _iso(match))]


def month(name: str) -> int:
    """Number of an English month, from 1; 0 where it is none."""
    return _MONTHS.get(name[:3].lower(), 0)


def told(folded: str) -> tuple[str, bool]:
    """ISO date a head line tells, and whether it calls itself approximate.

    >>> told("~2025-07 (undated page)"), told("2025-04-04T10:00:00Z"), told("yesterday")
    (('2025-07', True), ('2025-04-04', False), ('', False))
    """
    about = _ABOUT.search(folded) is not None
    found = first(folded)
    if found:
        return found.iso, about
    compact = _ADDRESS[0].search(folded)
    if compact and (iso := _made(*compact.groups())):
        return iso, about
    year = _YEAR.search(folded)
    return (year[1], about) if year else ("", False)


def of_address(url: str) -> str:
    """ISO date an address carries in its path: a day, a month, or nothing.

    >>> of_address("https://example.org/2025-10/09/content_38329670.htm"), of_address("https://example.org/2025/10/x")
    ('2025-10-09', '2025-10')
    """
    path = url.split("://", 1)[-1].partition("/")[2].split("?")[0].split("#")[0]
    path = "/" + path
    for form in _ADDRESS:
        for match in form.finditer(path):
            if iso := _made(*match.groups()):
                return iso
    month = _ADDRESS_MONTH.search(path)
    return f"{month[1]}-{month[2]}" if month else ""


def _iso(match: re.Match[str]) -> str:
    year = match["y1"] or match["y2"] or match["y3"] or match["y4"] or match["y5"]
    if match["y6"]:
        return _made(str(int(match["y6"]) + 1911), match["m6"], match["d6"])
    month = match["m1"] or match["m2"] or match["m2b"] or match["m3"] or match["m4"] or match["m5"]
    day = match["d1"] or match["d3"] or match["d4"]
    if not month.isdigit():
        month = str(_MONTHS[month[:3].lower()])
    return _made(year, month, day)


def _made(year: str, month: str, day: str | None) -> str:
    try:
        made = date(int(year), int(month), int(day) if day else 1)
    except ValueError:
        return ""
    return made.isoformat() if day else f"{made.year:04}-{made.month:02}"
