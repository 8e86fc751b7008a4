"""Home to the search for alarms: every detector there is, over one ground."""

from __future__ import annotations

import datetime
import importlib
import pkgutil
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING

from ytterby.custody import alarms as family
from ytterby.custody.alarms.alarm import GRADES, Alarm, Detector, Settings, iso
from ytterby.custody.balance import Ground
from ytterby.terms.errors import UnknownName

if TYPE_CHECKING:
    from ytterby.custody.alarms.triage import Triaged

Advance = Callable[[int, int], None]


@cache
def detectors() -> tuple[Detector, ...]:
    """The detectors, by the name of their file."""
    found = []
    for module in pkgutil.iter_modules(family.__path__):
        detector = getattr(importlib.import_module(f"{family.__name__}.{module.name}"), "DETECTOR", None)
        if detector is not None:
            found.append(detector)
    return tuple(found)


def alarms(
    at: Ground,
    settings: Settings | None = None,
    only: Sequence[str] = (),
    advance: Advance | None = None,
) -> list[Alarm]:
    """What the detectors (or those named in `only`) find; what is surest first, then what is heaviest.

    Raises `UnknownName` for a detector that is none.
    """
    known = {one.name: one for one in detectors()}
    for name in only:
        if name not in known:
            raise UnknownName(name, sorted(known), "detector", "the alarms asked for")
    chosen = [one for one in detectors() if not only or one.name in only]
    found: list[Alarm] = []
    for done, detector in enumerate(chosen):
        if advance:
            advance(done, len(chosen))
        found.extend(detector.find(at, settings or Settings()))
    return sorted(found, key=lambda one: (GRADES.index(one.grade), -one.score, -abs(one.mass), one.id))


def kinds() -> tuple[str, ...]:
    """Every kind of alarm there can be."""
    return tuple(sorted({kind for one in detectors() for kind in one.kinds or (one.name,)}))


def check(kind: str | None, grade: str | None, state: str | None) -> None:
    """Raises `UnknownName` for a kind, grade or state that is none."""
    from ytterby.custody.alarms.triage import STATES

    for given, known, what in ((kind, kinds(), "kind"), (grade, GRADES, "grade"), (state, STATES, "state")):
        if given is not None and given not in known:
            raise UnknownName(given, known, f"{what} of alarm", "the alarms asked for")


def fits(
    one: Triaged, kind: str | None, grade: str | None, since: datetime.date | None, state: str | None,
    facility: str | None = None,
) -> bool:  # fmt: skip
    """Whether an alarm is among those asked for; None asks for all."""
    alarm = one.alarm
    return (
        kind in (None, alarm.kind)
        and grade in (None, alarm.grade)
        and state in (None, one.state)
        and (since is None or iso(alarm.called)[:10] >= since.isoformat())
        and (facility is None or facility in (alarm.facility, alarm.counterpart))
    )
