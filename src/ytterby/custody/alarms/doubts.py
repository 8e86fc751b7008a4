"""Home to the alarm on doubts: events that were let in and are not as they should be, by facility and kind of doubt.

The checks of sense that doubt and do not refuse (docs/custody.md lists them) say something about the records, not about
the material: honest firms' papers have these, too. They are told so that somebody mends them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from ytterby.custody.alarms.alarm import CALLED, Alarm, Detector, Settings, day
from ytterby.custody.alarms.line import ENGLISH, Line, line
from ytterby.custody.balance import Ground


def find(at: Ground, settings: Settings) -> Sequence[Alarm]:
    """Facilities of whose events some are doubtful; those without a place stand with the party that sends."""
    book = at.book
    event, check = book["doubts.event"], book["doubts.check"]
    counts = ~book.mistaken[event]
    event, check = event[counts], check[counts]
    site = at.sites.of_place[book["events.place"][event]]
    site = np.where(site >= 0, site, at.sites.of_party[book["events.source"][event]])
    found: dict[tuple[int, int], list[int]] = defaultdict(list)
    for row, here, what in zip(event.tolist(), site.tolist(), check.tolist(), strict=True):
        found[here, what].append(row)
    return [_alarm(at, here, book.name("names", what), rows) for (here, what), rows in sorted(found.items())]


def _alarm(at: Ground, site: int, check: str, rows: list[int]) -> Alarm:
    time = at.book["events.time"]
    rows = sorted(rows, key=lambda row: int(time[row]))
    asks = Line(key) if (key := f"doubt_{check}") in ENGLISH else line("doubt_other", check=check)
    return Alarm(
        kind="doubt",
        facility=at.sites.names[site] if site >= 0 else "",
        about=check,
        since=int(time[rows[0]]),
        called=int(time[rows[0]]),
        mass=0.0,
        score=0.0,
        found=line("doubts_one" if len(rows) == 1 else "doubts", n=len(rows), asks=asks),
        grade="record",
        basis="papers",
        lines=tuple(
            line("doubt_on", day=day(int(time[row])), event=int(at.book["events.sequence"][row]))
            for row in rows[:CALLED]
        ),
        events=tuple(rows[:CALLED]),
    )


DETECTOR = Detector(
    "doubts",
    ("Doubtful records", "存疑记录"),
    find,
    (
        "the checks of sense that doubt and do not refuse: honest firms' papers have these, too",
        "只存疑而不拒收的合理性检查：正常企业的单据也会出现",
    ),
    ("doubt",),
)
