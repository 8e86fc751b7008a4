"""Home to the search for alarms: every detector there is, over one ground."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from functools import cache

from ytterby.custody import alarms as family
from ytterby.custody.alarms.alarm import GRADES, Alarm, Detector, Settings
from ytterby.custody.balance import Ground
from ytterby.terms.errors import UnknownName

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
