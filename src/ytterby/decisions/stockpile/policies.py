"""Home to policies: a rule of who goes first when goods are short, and a stockpile that is bought and released."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from ytterby.terms.errors import BadValue, DateOrder
from ytterby.world.scenarios import Event, Scenario

RULES = ("in proportion", "military first")
"""Without a rule stocks are divided in proportion to what may ship: that is what goods in short supply get today."""
HOLDINGS = ("no stockpile", "bought and held", "bought and released")
_BUY = re.compile(r"\s*([A-Za-z0-9.]+)\s*=\s*([0-9.eE+-]+)\s*")


@dataclass(frozen=True, slots=True)
class Schedule:
    """What is bought, evenly from a day to another, and from when it is handed to those at home who lack it."""

    tonnes: Mapping[str, float]
    """Material -> t bought in all."""
    start: date
    until: date
    release: date | None = None
    over: int = 180
    """Days in which all of it is handed out where enough is lacked: the rate is what was asked for over these."""


@dataclass(frozen=True, slots=True)
class Policy:
    """One way to act."""

    rule: str
    holding: str

    @property
    def name(self) -> str:
        """Both in words."""
        return f"{self.rule}, {self.holding}"


def read(texts: Iterable[str]) -> dict[str, float]:
    """Purchases as a person writes them: ``oxide.NdPr=500``, in t.

    Raises:
        BadValue: not of this form, not above 0, or a material twice.
    """
    found: dict[str, float] = {}
    for text in texts:
        match = _BUY.fullmatch(text)
        try:
            tonnes = float(match[2]) if match else 0.0
        except ValueError:
            tonnes = 0.0
        if match is None or not 0 < tonnes < float("inf"):
            raise BadValue(f"'{text[:40]}' is no purchase", place="buy", remedy="write it as oxide.NdPr=500, in tonnes")
        if match[1] in found:
            raise BadValue(f"{match[1]} is bought twice", place="buy", remedy="name each material once")
        found[match[1]] = tonnes
    if not found:
        raise BadValue("nothing is bought", place="buy", remedy="give at least one: --buy oxide.NdPr=500")
    return found


def schedule(
    scenario: Scenario,
    tonnes: Mapping[str, float],
    start: date | None,
    until: date | None,
    release: date | None,
    over: int,
) -> Schedule:
    """A schedule within the scenario; purchases begin the day after what is known and last a year if nothing is said.

    Raises:
        DateOrder: it ends before it begins, or is released before it was bought.
        BadValue: days outside the scenario, or a release over less than a day.
    """
    first = start or scenario.known + timedelta(days=1)
    last = until or min(first + timedelta(days=364), (release or scenario.end) - timedelta(days=1))
    place = f"stockpile in scenario {scenario.id}"
    if last < first:
        raise DateOrder(f"purchases end on {last}, before they begin on {first}", place=place, remedy="swap the days")
    if release is not None and release <= last:
        raise DateOrder(
            f"released on {release}, while it is bought until {last}", place=place, remedy="release it later"
        )
    if not (scenario.start <= first and (release or last) <= scenario.end):
        remedy = f"the scenario runs from {scenario.start} to {scenario.end}"
        raise BadValue(f"purchases from {first} lie outside the scenario", place=place, remedy=remedy)
    if over < 1:
        raise BadValue(f"a release over {over} days", place=place, remedy="give 1 or more")
    return Schedule(tonnes, first, last, release, over)


def all_of(schedule: Schedule) -> tuple[Policy, ...]:
    """Every rule with every holding that the schedule knows."""
    holdings = HOLDINGS if schedule.release else HOLDINGS[:2]
    return tuple(Policy(rule, holding) for rule in RULES for holding in holdings)


def begins(scenario: Scenario, region: str, schedule: Schedule) -> date:
    """The day from which a priority holds: that of the scenario's own requisition, else the first of the purchases."""
    own = [e.date for e in (*scenario.events, *scenario.levers) if _requisition(e, region)]
    return min(own, default=schedule.start)


def laid(scenario: Scenario, region: str, schedule: Schedule, policy: Policy) -> Scenario:
    """The scenario under a policy."""
    since = begins(scenario, region, schedule)
    kept = [e for e in scenario.events if not _requisition(e, region)]
    if policy.rule == RULES[1]:
        kept.append(_event(scenario, "requisition", "military-first", since, None, region, end_use="military"))
    if policy.holding != HOLDINGS[0]:
        days = (schedule.until - schedule.start).days + 1
        for material, tonnes in schedule.tonnes.items():
            rate = tonnes / days
            kept.append(_bought(scenario, material, schedule.start, schedule.until, region, rate))
    if policy.holding == HOLDINGS[2] and schedule.release is not None:
        for material, tonnes in schedule.tonnes.items():
            # without an end: what nobody lacks on one day is there on another
            kept.append(_released(scenario, material, schedule.release, region, tonnes / schedule.over))
    return scenario.model_copy(update={"events": tuple(kept), "levers": ()})


def _requisition(event: Event, region: str) -> bool:
    return event.kind == "requisition" and event.region in (region, None)


def _bought(scenario: Scenario, material: str, first: date, last: date, region: str, rate: float) -> Event:
    # a state buys on the market outside China
    given = {"zone": "XX", "material": material, "value": {"median": rate, "why": "the policy"}}
    return _event(scenario, "stockpile_buy", _named("buy", material), first, last, region, **given)


def _released(scenario: Scenario, material: str, first: date, region: str, rate: float) -> Event:
    given = {"material": material, "value": {"median": rate, "why": "the policy"}}
    return _event(scenario, "stockpile_release", _named("release", material), first, None, region, **given)


def _named(what: str, material: str) -> str:
    return f"{what}-{material.lower().replace('.', '-')}"


def _event(
    scenario: Scenario, kind: str, name: str, first: date, last: date | None, region: str, **fields: object
) -> Event:
    given = {"date": first, "until": last, "known_from": min(scenario.known, first), "region": region}
    return Event.model_validate({"name": f"policy-{name}", "kind": kind, "source": "a policy", **given, **fields})
