"""Home to what firms write down: masses as weighed, assays as measured, with their slips, gaps and late entries."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from ytterby.custody.event import WHOLE, Action, Assay, Event, Kind, Mistake, Piece, Role
from ytterby.emission.plan import Noise

HOUR = 3_600_000_000
DAY = 24 * HOUR
SLIP = 1000
"""A mass in grams taken for kilograms."""


@dataclass
class Recorder:
    """Keeps the events of a year in the order they are recorded."""

    noise: Noise
    random: np.random.Generator
    entries: list[tuple[int, Event]] = field(default_factory=list)
    """(when it was written down, event)."""
    mistakes: dict[str, str] = field(default_factory=dict)
    """Id of an event -> what is honestly wrong with it."""
    _count: int = 0

    def weighed(self, mass: int, spread: float | None = None) -> int:
        """A mass as the scales show it."""
        sigma = self.noise.weighing if spread is None else spread
        return max(mass + round(mass * sigma * float(self.random.standard_normal())), 1)

    def assayed(self, composition: Sequence[tuple[str, float]]) -> tuple[Assay, ...]:
        """Mass fractions as the laboratory reports them."""
        found = []
        for element, share in composition:
            if share <= 0.0:
                continue
            ppb = int(share * (1.0 + self.noise.assay * float(self.random.standard_normal())) * WHOLE)
            found.append(Assay(element, min(ppb, WHOLE), int(share * self.noise.assay * WHOLE)))
        return tuple(found)

    def write(
        self,
        kind: Kind,
        time: int,
        pieces: Sequence[Piece],
        location: str,
        *,
        action: Action = "",
        step: str = "",
        offset: int = 0,
        prone: bool = True,
        **more: object,
    ) -> str:
        """Writes one event down and returns its id; a `prone` one may be mistaken."""
        event = Event(
            id=self._name(),
            kind=kind,
            time=time,
            offset=offset,
            pieces=tuple(pieces),
            action=action,
            step=step,
            location=location,
            read_point=location,
            **more,  # type: ignore[arg-type]
        )
        fate = float(self.random.random()) if prone else 1.0
        when = time + int(self.random.integers(1, 30)) * HOUR
        if float(self.random.random()) < self.noise.late:
            when += int(self.random.integers(3, 21)) * DAY
        if fate < self.noise.slips:
            self._slipped(event, when)
        elif fate < self.noise.slips + self.noise.twice:
            self._doubled(event, when)
        elif step == "receiving" and fate < self.noise.slips + self.noise.twice + self.noise.missing:
            self.mistakes[event.id] = "receipt never recorded"
        else:
            self.entries.append((when, event))
        return event.id

    def _slipped(self, event: Event, when: int) -> None:
        wrong = replace(event, id=self._name(), pieces=tuple(_times(piece, event) for piece in event.pieces))
        self.mistakes[wrong.id] = "grams written as kilograms"
        self.entries.append((when, wrong))
        self._declared(wrong, when, (event.id,))
        self.entries.append((when + 3 * DAY, event))

    def _doubled(self, event: Event, when: int) -> None:
        again = replace(event, id=self._name())
        self.mistakes[again.id] = "written down twice"
        self.entries.extend(((when, event), (when + HOUR, again)))
        self._declared(again, when, (event.id,))

    def _declared(self, wrong: Event, when: int, corrections: tuple[str, ...]) -> None:
        later = when + 3 * DAY
        mistake = Mistake(later, "incorrect_data", corrections)
        self.entries.append((later + HOUR, replace(wrong, mistake=mistake)))

    def _name(self) -> str:
        self._count += 1
        return f"urn:uuid:{uuid.UUID(bytes=self.random.bytes(16), version=4)}"

    def events(self) -> list[tuple[int, Event]]:
        """(when recorded, event), as recorded."""
        return sorted(self.entries, key=lambda one: one[0])


def _times(piece: Piece, event: Event) -> Piece:
    # both sides of a transformation, or its balance would be refused at the door
    return piece if piece.mass is None else replace(piece, mass=piece.mass * SLIP)


def piece(lot: str, role: Role, mass: int, material: str, assays: tuple[Assay, ...] = ()) -> Piece:
    """One line of an event."""
    return Piece(lot, role, mass, material=material, assays=assays)
