"""Home to the truth of what was diverted, noted as it comes to pass."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from ytterby.emission.plan import Planted, Truth


@dataclass
class Diverted:
    """By diversion: its events, with their time and mass."""

    noted: dict[Planted, list[tuple[str, int, int]]] = field(default_factory=lambda: defaultdict(list))

    def note(self, planted: Planted, event: str, time: int, mass: float) -> None:
        """Something was diverted in an event."""
        if mass > 0:
            self.noted[planted].append((event, time, int(mass)))

    def truth(self, planted: Planted) -> Truth:
        """What became of a plan."""
        found = self.noted.get(planted, [])
        started = min((time for _, time, _ in found), default=-1)
        return Truth(planted, started, sum(mass for _, _, mass in found), tuple(event for event, _, _ in found))
