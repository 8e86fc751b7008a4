"""Home to what was observed of the licensing: shares granted and standing lines that were read, for fit or scenario.

A share of applications granted says nothing that the world's arrays hold: it says how the authority works. It reaches a
forecast by one of two ways, as the workflow asks. `observed` makes it a figure that the licensing fit is carried on
with: what was granted of all that was applied for until that day. `events` takes it for the share granted from that day
on. A weak source counts less in both: its error is wider.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from ytterby.evidence import naming
from ytterby.evidence.claims import Claim
from ytterby.evidence.naming import Stated
from ytterby.evidence.weigh import grade
from ytterby.run.observations import UNION, Observation, read
from ytterby.terms.errors import InputError
from ytterby.world.scenarios import Event, Scenario
from ytterby.world.spreads import Spread

WEAKEST = 3.0
"""The error of the weakest source is so many times that of the best."""
ECHO = timedelta(days=31)
"""The same share of the same destination within so many days is one statement told again."""

_INTO = re.compile(
    r"[升降增减跌落涨高低]至|[升降增减跌落涨]到|[提高降]{1,2}[至到]|\b(?:to|at)\s+\S{0,12}\d", re.IGNORECASE
)
_FROM = re.compile(
    r"(?:由|从|自|此前|原先|高于|低于)[^,，。]{0,12}\d?|\b(?:from|after|against)\b[^,.]{0,24}$", re.IGNORECASE
)


def told(claims: Iterable[Claim]) -> list[tuple[Claim, Stated, date]]:
    """The accepted claims that were read and say how licences went, each with the day it speaks of, oldest first."""
    found: dict[tuple[str, str, date], list[tuple[Claim, Stated, date]]] = {}
    claims = list(claims)
    for claim in claims:
        if not _counts(claim):
            continue
        for stated in naming.statements([claim]):
            day = _day(claim, stated)
            if isinstance(stated, Stated) and day is not None and _inside(stated):
                key = (claim.document, f"{claim.parameter[-6:]} {stated.counterpart}", day)
                found.setdefault(key, []).append((claim, stated, day))
    chosen = [_latest(members) for members in found.values()]
    rows = [claim for claim in claims if not naming.is_read(claim) and claim.parameter.startswith("licence:")]
    return [one for one in _without_echoes(chosen) if not any(_repeats(one, row) for row in rows)]


def observed(claims: Iterable[Claim], plan: Scenario) -> tuple[Observation, ...]:
    """What a scenario's licensing fit may be carried on with: on days after its start, known by then."""
    made = []
    for claim, stated, day in told(claims):
        if not plan.start < day <= plan.known or (known(claim) or plan.known) > plan.known:
            continue
        try:
            one = read(stated if stated.period or stated.as_of else replace(stated, as_of=day.isoformat()))
        except InputError:
            continue  # a claim the model has no counterpart of moves nothing
        made.append(replace(one, last=min(one.last, plan.known), error=one.error * _wider(claim)))
    return tuple(made)


def events(claims: Iterable[Claim], plan: Scenario) -> tuple[Event, ...]:
    """The shares as events of a scenario: granted so from their day on, until the next share of the same place."""
    made: list[Event] = []
    shares = [one for one in told(claims) if one[0].parameter.endswith("_share")]
    for number, (claim, stated, day) in enumerate(shares):
        if not plan.start < day <= plan.end or stated.value is None:
            continue
        after = [then for _, other, then in shares[number + 1 :] if other.counterpart == stated.counterpart]
        until = after[0] - timedelta(days=1) if after and after[0] > day else None
        places = UNION if stated.counterpart == "EU" else (stated.counterpart,)
        for place in places:
            made.append(
                Event(
                    name=f"read-{claim.id[:13]}{'-' + place.lower() if len(places) > 1 else ''}",
                    date=day,
                    until=until,
                    known_from=known(claim) or day,
                    kind="grant",
                    region=None if place in ("", "WLD") else place,
                    end_use="civil",
                    value=_spread(stated.value, 0.4 * _wider(claim)),
                    source=f"claim {claim.id}",
                )
            )
    return tuple(made)


def _counts(claim: Claim) -> bool:
    ours = claim.parameter.startswith("licence:") and claim.parameter.endswith(("_share", "_stop"))
    return ours and naming.is_read(claim) and claim.status == "accepted" and claim.modality in ("asserted", "reported")


def _inside(stated: Stated) -> bool:
    return not stated.parameter.endswith("_share") or (stated.value is not None and 0.0 < stated.value <= 1.0)


def _day(claim: Claim, stated: object) -> date | None:
    """The day spoken of: that of the figure, else the day the article was published."""
    from ytterby.terms.periods import parse_period

    when = getattr(stated, "as_of", "") or getattr(stated, "period", "")
    if when:
        try:
            return min(parse_period(when).end, known(claim) or date.max)
        except InputError:
            return None
    return known(claim) if claim.parameter.endswith("_share") else None


def known(claim: Claim) -> date | None:
    """The first day a claim could be known; of an article without a date the day on which somebody accepted it."""
    if claim.known is not None or not claim.when:
        return claim.known
    return date.fromisoformat(claim.when[:10])


def _latest(members: list[tuple[Claim, Stated, date]]) -> tuple[Claim, Stated, date]:
    """Of the shares one article gives for one place and day the one it rose or fell to, not the one it came from."""
    fresh = [one for one in members if _INTO.search(one[0].quote)]
    left = fresh or [one for one in members if not _FROM.search(one[0].quote)] or members
    return max(left, key=lambda one: (one[0].start or 0, one[0].id))


def _without_echoes(found: list[tuple[Claim, Stated, date]]) -> list[tuple[Claim, Stated, date]]:
    kept: list[tuple[Claim, Stated, date]] = []
    for one in sorted(found, key=lambda one: (-grade(one[0]), one[2], one[0].id)):
        if not any(_same(one, other) for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: (one[2], one[0].id))


def _same(a: tuple[Claim, Stated, date], b: tuple[Claim, Stated, date]) -> bool:
    if a[0].parameter[-6:] != b[0].parameter[-6:] or a[1].counterpart != b[1].counterpart:
        return False
    near = abs((a[2] - b[2]).days) <= ECHO.days
    return near and abs((a[1].value or 0.0) - (b[1].value or 0.0)) < 0.005


def _repeats(one: tuple[Claim, Stated, date], row: Claim) -> bool:
    """Whether an article tells again what a row of a table has: a fit or its test knows that figure already."""
    day = _day(row, row)
    if day is None or row.value is None or one[1].value is None or row.counterpart != one[1].counterpart:
        return False
    return (
        row.parameter.endswith("_share")
        and abs((one[2] - day).days) <= ECHO.days
        and abs(one[1].value - row.value) < 0.005
    )


def _wider(claim: Claim) -> float:
    return min(WEAKEST, 1.0 / math.sqrt(grade(claim)))


def _spread(value: float, error: float) -> Spread:
    """A share with a 90 % band of `error` standard deviations on the logit."""
    inside = min(max(value, 0.005), 0.995)
    centre = math.log(inside / (1.0 - inside))
    low, high = (1.0 / (1.0 + math.exp(-(centre + sign * 1.645 * error))) for sign in (-1, 1))
    return Spread(median=inside, low=low, high=high, kind="beta", assumed=True, why="read; how wide is by its grade")
