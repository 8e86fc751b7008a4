"""Home to the checks of sense: what no schema can refuse. Each has a name, a grade and a reason.

`refuse` keeps the event out; `doubt` lets it in and stays with it, for the alarms to show.
"""

from __future__ import annotations

from dataclasses import replace

from ytterby.custody.epcis.made import Flaw
from ytterby.custody.epcis.sense import identity, mass, quantity, times
from ytterby.custody.epcis.sense.contract import Check, Grade, Seen
from ytterby.custody.event import KINDS, Event

CHECKS: tuple[Check, ...] = (*times.CHECKS, *identity.CHECKS, *quantity.CHECKS, *mass.CHECKS)

_ASKED = {
    (kind, wrong): tuple(check for check in CHECKS if kind in check.kinds and (wrong or not check.wrong))
    for kind in KINDS
    for wrong in (False, True)
}

__all__ = ["CHECKS", "Check", "Grade", "Seen", "balanced", "sensible"]


def sensible(seen: Seen, strict: frozenset[str] = frozenset()) -> Event:
    """The event with the doubts there are; the checks named in `strict` refuse where they would doubt.

    Raises:
        Flaw: a check refuses it.
    """
    return _after(_ASKED[seen.event.kind, seen.event.mistake is not None], seen, strict)


def balanced(seen: Seen, strict: frozenset[str] = frozenset()) -> Event:
    """The same of the checks of mass alone."""
    return _after(mass.CHECKS, seen, strict)


def _after(checks: tuple[Check, ...], seen: Seen, strict: frozenset[str]) -> Event:
    doubts: list[tuple[str, str]] = []
    event = seen.event
    for check in checks:
        found = check.find(seen)
        if found:
            if check.grade == "refuse" or check.name in strict:
                raise Flaw(check.name, found)
            doubts.append((check.name, found))
    return replace(event, doubts=(*event.doubts, *doubts)) if doubts else event
