"""Home to what reading makes of an event: understood, or refused and why; and to doubts, which refuse nothing."""

from __future__ import annotations

from dataclasses import dataclass

from ytterby.custody.event import Event


class Flaw(ValueError):
    """What is wrong with an event: the check that found it, what it found and where in the event."""

    def __init__(self, check: str, reason: str, path: str = "") -> None:
        super().__init__(reason)
        self.check = check
        self.reason = reason
        self.path = path


@dataclass(frozen=True, slots=True)
class Understood:
    """An event that met the schema and made sense."""

    event: Event
    canonical: bytes
    """All that was said, in canonical form (`canonical`), extensions too."""
    digest: bytes
    """SHA-256 of `canonical`."""
    context: tuple[tuple[str, str], ...] = ()
    """(prefix, namespace) as the document had them, so that it can be written again in its own words."""


@dataclass(frozen=True, slots=True)
class Refused:
    """What was not taken in, and why."""

    id: str
    """``eventID`` where one could be read."""
    reason: str
    """In words; begins with the name of the check that refused it."""
    path: str
    """The source, then the place in it: ``deliveries.json#/epcisBody/eventList/3/quantityList/0``."""
    raw: bytes
    """As it came."""
