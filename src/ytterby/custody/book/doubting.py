"""Home to doubting again: what is doubtful in an event read from the ledger, as far as its canonical form shows.

The ledger keeps what events say and not how they were written: that an offset did not fit, a prefix was not declared or
an id is a hash of something else was seen when the event was captured, and is lost with a book that is lost.
"""

from __future__ import annotations

from dataclasses import replace

import orjson

from ytterby.custody.epcis.sense import CHECKS, Seen
from ytterby.custody.event import Event

AS_WRITTEN = frozenset({"offset", "prefix", "forged"})
"""Checks that look at what the canonical form leaves out."""
_ASKED = tuple(check for check in CHECKS if check.grade == "doubt" and check.name not in AS_WRITTEN)


def doubted(event: Event, body: bytes) -> Event:
    """An event of the ledger with the doubts there are; `body` is its canonical form."""
    form = orjson.loads(body)
    seen = Seen(event, form, form, event.time)
    wrong = event.mistake is not None
    found = [
        (check.name, told)
        for check in _ASKED
        if event.kind in check.kinds and (wrong or not check.wrong) and (told := check.find(seen))
    ]
    return replace(event, doubts=(*event.doubts, *found)) if found else event
