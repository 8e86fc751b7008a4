"""Home to the first glance at an event: most are plain, and a glance that finds them so spares each check its call.

A glance never lets pass what a check would find (a test holds the two against each other); what it does not find plain
goes through every check.
"""

from __future__ import annotations

from ytterby.custody.epcis.sense.contract import CLASSES, Seen
from ytterby.custody.epcis.sense.quantity import ABSURD
from ytterby.custody.epcis.sense.times import EARLIEST, SKEW
from ytterby.custody.event import WHOLE

_WELL_TOLD = frozenset(
    ("type", "eventID", "eventTime", "eventTimeZoneOffset", "action", "bizStep", "disposition", "readPoint",
     "bizLocation", "epcList", "quantityList", "inputQuantityList", "outputQuantityList", "inputEPCList",
     "outputEPCList", "sourceList", "destinationList", "bizTransactionList", "certificationInfo")
)  # fmt: skip
"""Fields that no check asks after but those below."""
_OURS = "{https://ytterby.org/epcis}"


def plain(seen: Seen) -> bool:
    """Whether no check but those of mass can find anything in an object event or a transformation."""
    event = seen.event
    if event.kind != "object" and event.kind != "transformation":
        return False
    if not EARLIEST <= event.time <= seen.now + SKEW or not event.location or seen.hashed:
        return False
    if seen.raw["eventTime"][-1] != "Z" and seen.raw["eventTime"][-6:] != seen.form["eventTimeZoneOffset"]:
        return False
    if "recordTime" in seen.raw or ":" in event.step or ":" in event.disposition:
        return False
    if event.step in _ACTED and event.kind == "object":
        return False
    for key in seen.form:
        if key not in _WELL_TOLD and not key.startswith(_OURS):
            return False
    for name, _, made in seen.named:
        if (
            made.fault
            or made.level == "class"
            or (made.level == "instance" if name in CLASSES else made.level == "lot")
        ):
            return False
    return _quantities(seen)


_ACTED = frozenset(("commissioning", "creating_class_instance", "decommissioning", "destroying", "killing"))


def _quantities(seen: Seen) -> bool:
    told = set()
    for piece in seen.event.pieces:
        mass, count = piece.mass, piece.count
        if mass is not None and not 0 <= mass <= ABSURD:
            return False
        if count is not None and (type(count) is not int or not 0 <= count <= 1_000_000):
            return False
        if piece.assays and sum([assay.ppb for assay in piece.assays]) > WHOLE:
            return False
        told.add((piece.role, piece.lot))
    return len(told) == len(seen.event.pieces)
