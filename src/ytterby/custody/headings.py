"""Home to headings: what many events say alike. A firm ships by the same step from the same place to the same parties
all year, so what follows from these fields is made once for each heading and not once for each event.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from ytterby.custody.event import Event

Parties = tuple[tuple[str, str], ...]


class Heading(NamedTuple):
    """The fields of one; as in `Event`."""

    kind: str
    action: str
    step: str
    disposition: str
    read_point: str
    location: str
    sources: Parties
    destinations: Parties


_heading = attrgetter(*Heading._fields)


class _Codes(dict[tuple[object, ...], int]):
    def __missing__(self, heading: tuple[object, ...]) -> int:
        code = self[heading] = len(self)
        return code


@dataclass(frozen=True, slots=True)
class Headings:
    """The headings of a batch of events."""

    distinct: tuple[Heading, ...]
    """In the order in which they first come."""
    of: NDArray[np.int64]
    """(events,) which one each event has."""


def headings(events: Sequence[Event]) -> Headings:
    """The headings of events."""
    codes = _Codes()
    of = np.array([codes[_heading(event)] for event in events], "i8")
    return Headings(
        tuple([Heading(*cast("tuple[str, str, str, str, str, str, Parties, Parties]", one)) for one in codes]), of
    )
