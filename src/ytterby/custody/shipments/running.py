"""Home to the running draw-down: shipments that come by and by, each drawn once.

Licences are kept as they stood before each day. A shipment that comes late is drawn on its day, and those of that day
and after are drawn again; one that comes in its turn costs no more, however many there were before.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from ytterby.custody.shipments.drawdown import Draw, Terms, Wanted
from ytterby.rules.licences import Balance, Held

Order: TypeAlias = tuple[date, int, str]
"""As `Wanted.order`."""


@dataclass(slots=True)
class _Line:
    """What one exporter sent, in order, and its licences."""

    sent: dict[Order, Wanted] = field(default_factory=dict)
    order: list[Order] = field(default_factory=list)
    days: list[date] = field(default_factory=list)
    """Days on which it sent something."""
    before: list[Mapping[str, Balance]] = field(default_factory=list)
    """Its licences as they stood before each of them."""


class Running:
    """Licences and the shipments that draw on them."""

    def __init__(self, terms: Terms) -> None:
        """Raises `BadValue`: a licence twice."""
        self._held = Held(terms.permits)
        self._lines: dict[str, _Line] = {}

    def put(self, exporter: str, more: Sequence[Wanted], gone: Iterable[Order] = ()) -> None:
        """Has shipments of an exporter drawn, and others of it drawn no more."""
        line = self._lines.setdefault(exporter, _Line())
        kept, again = self._rewound(exporter, line, more, frozenset(gone))
        for name in line.order[kept:]:
            del line.sent[name]
        del line.order[kept:]
        for one in again:
            if not line.days or line.days[-1] < one.order[0]:
                line.days.append(one.order[0])
                line.before.append(self._held.of(exporter))
            one.drawn(self._held)
            line.sent[one.order] = one
            line.order.append(one.order)

    def supposed(self, exporter: str, more: Sequence[Wanted], gone: Iterable[Order] = ()) -> dict[Order, Draw]:
        """What these would draw, with those that would be drawn again after them; nothing is changed."""
        line = self._lines.setdefault(exporter, _Line())
        was = self._held.of(exporter)
        days, before = line.days[:], line.before[:]
        _, again = self._rewound(exporter, line, more, frozenset(gone))
        drawn = {one.order: one.drawn(self._held) for one in again}
        line.days, line.before = days, before
        self._held.put_back(was)
        return drawn

    def _rewound(
        self, exporter: str, line: _Line, more: Sequence[Wanted], gone: frozenset[Order]
    ) -> tuple[int, list[Wanted]]:
        """Licences as they were when the first of these is to be drawn; how many stay drawn, and what is drawn then."""
        fresh = sorted(more, key=lambda one: one.order)
        touched = [*(one.order for one in fresh[:1]), *gone]
        if not touched or not line.order or min(touched) > line.order[-1]:
            return len(line.order), fresh
        day = min(touched)[0]
        kept, known = bisect_left(line.order, (day,)), bisect_left(line.days, day)
        if known < len(line.days):
            self._held.put_back(line.before[known])
        del line.days[known:], line.before[known:]
        replaced = gone.union(one.order for one in fresh)
        old = [line.sent[name] for name in line.order[kept:] if name not in replaced]
        return kept, sorted([*old, *fresh], key=lambda one: one.order)
