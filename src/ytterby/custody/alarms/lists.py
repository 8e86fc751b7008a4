"""Home to the alarm on lists: goods go to, or come from, who is on an authority's list, or is owned by who is.

Names of the registry's parties and of addresses in events are held against the lists on the day: the very name of a
list, or a person's decision, counts; a likeness does not (`rules.screening`). Owners count by the rule that half or
more, together and through any number of firms between, is enough (`rules.ownership`, aggregate).
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ytterby.custody.alarms.alarm import CALLED, Alarm, Detector, Settings, day, iso
from ytterby.custody.alarms.line import Line, line
from ytterby.custody.balance import Ground
from ytterby.custody.movements import Flow
from ytterby.custody.registry import Party
from ytterby.rules import ownership, screening
from ytterby.rules.parties import PartyList


@dataclass(frozen=True, slots=True)
class Listed:
    """Why a firm counts as listed, and from when to when."""

    told: Line
    list: str
    since: datetime.date
    until: datetime.date


def find(at: Ground, settings: Settings) -> Sequence[Alarm]:
    """Facilities and parties that are listed, or owned so, with what went between them and others."""
    if not at.lists:
        return []
    listed = {code: said for code, name in enumerate(at.sites.names) if (said := _listed(at, name))}
    if not listed:
        return []
    moves = at.movements
    between = np.flatnonzero((moves.flow == Flow.SHIPPED) & np.isin(at.counterpart, list(listed)))
    found: dict[tuple[int, int, str], list[tuple[int, Listed]]] = defaultdict(list)
    for row in between.tolist():
        day = datetime.date.fromisoformat(iso(int(moves.time[row]))[:10])
        for one in listed[int(at.counterpart[row])]:
            if one.since <= day <= one.until:
                found[int(at.site[row]), int(at.counterpart[row]), one.list].append((row, one))
    return [_alarm(at, sender, receiver, rows) for (sender, receiver, _), rows in found.items()]


def _listed(at: Ground, name: str) -> list[Listed]:
    party = _party(at, name)
    names = dict.fromkeys(filter(None, (party.name, party.name_zh) if party is not None else (name,)))
    found: list[Listed] = []
    for said in names:
        found += _named(at, said, f"{said}")
    if not found and party is not None:
        found = _owned(at, party)
    return found


def _party(at: Ground, name: str) -> Party | None:
    facility = at.registry.facility(name)
    return at.registry.party(facility.party) if facility is not None and facility.party else at.registry.party(name)


def _named(at: Ground, name: str, told: str) -> list[Listed]:
    if not any(sign.isalpha() for sign in name) or len(name) > screening.LONGEST or "/" in name:
        return []  # an address is no name
    if at.decided:
        matches = [
            (one.party, one.list) for one in screening.screen(name, lists=at.lists, decisions=at.decided) if one.match
        ]
    else:
        matches = [(party, one.id) for one in at.lists.values() if (party := one.find(name)) is not None]
    return [
        Listed(
            line("on_list", name=told, list=at.lists[held].title, entry=party.name), held, *at.lists[held].days(party)
        )
        for party, held in matches
    ]


def _owned(at: Ground, party: Party) -> list[Listed]:
    """Listed parties that hold half or more, by each list for itself."""
    holdings = {one.name or one.id: dict(one.owners) for one in at.registry.parties if one.owners}
    if not holdings:
        return []
    firm = party.name or party.id
    owners = {name for held in holdings.values() for name in held}
    found = []
    for held in at.lists.values():
        listed = {name for name in owners | set(holdings) if held.find(name) is not None}
        if not listed:
            continue
        reach = ownership.reached(holdings, listed).get(firm)
        if reach is not None:
            found.append(_by_owner(held, reach))
    return found


def _by_owner(held: PartyList, reach: ownership.Reach) -> Listed:
    root = held.find(reach.root)
    since, until = held.days(root) if root is not None else (held.since, held.until or datetime.date.max)
    path = "; ".join(str(step) for step in reach.path)
    return Listed(line("owner_on_list", path=path, root=reach.root, list=held.title), held.id, since, until)


def _alarm(at: Ground, sender: int, receiver: int, rows: Sequence[tuple[int, Listed]]) -> Alarm:
    moves = at.movements
    first, why = rows[0]
    total = sum(int(moves.mass[row]) for row, _ in rows) / 1e9
    by_event: Mapping[int, None] = dict.fromkeys(int(moves.event[row]) for row, _ in rows)
    when = int(moves.time[first])
    return Alarm(
        kind="listed",
        facility=at.sites.names[sender],
        counterpart=at.sites.names[receiver],
        about=why.list,
        since=when,
        called=when,
        mass=total,
        score=99.0,
        found=line("listed", kg=total, whom=at.sites.names[receiver], told=why.told),
        basis="law",
        grade="law",
        lines=(why.told, line("shipments_from", n=len(by_event), day=day(when))),
        events=tuple(by_event)[:CALLED],
    )


DETECTOR = Detector(
    "lists",
    ("Listed parties and their firms", "清单实体及其持股企业"),
    find,
    (
        "the very names of the lists on the day, decisions of persons, and holdings as the registry tells them",
        "当日清单所列的确切名称、人工判定以及登记的持股关系",
    ),
    ("listed",),
)
