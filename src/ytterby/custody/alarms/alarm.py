"""Home to the contract of an alarm and of its detectors.

A detector reads a `balance.Ground` and says what it finds. How often it errs is told with each alarm: `Alarm.rate`, and
`Alarm.basis`, which says what that is a rate of, under the assumptions the detector states. Alarms of grade ``record``
say that the records are wrong or incomplete in a way that honest firms' are, too; those of grade ``diversion`` that
material is gone or came from nowhere; those of grade ``law`` that a rule, a licence or a list says no, whatever the
masses say.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias, get_args

from ytterby.custody.alarms.line import Line
from ytterby.custody.balance import Ground

Grade: TypeAlias = Literal["diversion", "law", "record"]
GRADES: tuple[Grade, ...] = ("diversion", "law", "record")
Basis: TypeAlias = Literal["records", "declared", "law", "papers", "stream_year", "discoveries", "chance"]
"""What a rate is of, and on what it rests:

- ``stream_year``: expected false alarms per stream and year;
- ``discoveries``: expected share of false ones among all that are called together;
- ``chance``: of looking so where nothing is wrong, each time it is asked;
- ``records``, ``declared``, ``law``: no rate. Records contradict each other; or what a firm declared (recipe, need,
  arisings) is passed; or a rule, a licence or a list says no. Only a mistake in these is a false alarm;
- ``papers``: no rate. The papers are not as they should be, as those of honest firms are, too.
"""
BASES: tuple[Basis, ...] = get_args(Basis)
CALLED = 20
"""Events an alarm names at most."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user may set."""

    rate: float = 1e-4
    """False alarms per stream and year that a sequential test may give."""
    weighing: float = 0.001
    """Relative standard uncertainty of one weighing (assumed where scales are not known)."""
    threshold_kg: float = 50.0
    """Mass below which shipments need no licence number: parcels under it are watched."""
    licensed_from: tuple[str, ...] = ("CN",)
    """Places whose leaving goods need a licence."""
    fastest_kmh: float = 1000.0
    """No freight is faster."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing found."""

    kind: str
    facility: str
    about: str
    """What it is about: a material, a lot, an element, a counterpart."""
    since: int
    """Microseconds UTC: when it began, as far as can be told."""
    called: int
    """When the events at hand were enough to call it."""
    mass: float
    """Kilograms that are gone, or came from nowhere; negative for what came. 0 where it is no matter of mass."""
    score: float
    """-log10 of the chance of seeing this where nothing is wrong; 99 where records contradict each other."""
    found: Line
    grade: Grade = "diversion"
    counterpart: str = ""
    rate: float = 0.0
    """Of false alarms; 0 where the basis has none."""
    basis: Basis = "records"
    """What it is a rate of."""
    lines: tuple[Line, ...] = ()
    """The evidence, each with its figures."""
    events: tuple[int, ...] = ()
    """Rows of the events in the book, the telling ones first."""

    @property
    def why(self) -> str:
        """What was found, in English."""
        return str(self.found)

    @property
    def evidence(self) -> tuple[str, ...]:
        """The evidence, in English."""
        return tuple(map(str, self.lines))

    @property
    def id(self) -> str:
        """The same thing has the same name whenever it is looked for again."""
        month = self.since // 2_629_800_000_000
        told = "|".join((self.kind, self.facility, self.counterpart, self.about, str(month)))
        return hashlib.sha256(told.encode()).hexdigest()[:12]

    def to_dict(self) -> dict[str, Any]:
        """The alarm by the names of the machine interface; times as ISO text."""
        return {
            "id": self.id,
            "kind": self.kind,
            "grade": self.grade,
            "facility": self.facility,
            "counterpart": self.counterpart,
            "about": self.about,
            "since": iso(self.since),
            "called": iso(self.called),
            "kg": self.mass,
            "score": self.score,
            "false_alarm_rate": self.rate,
            "false_alarm_basis": self.basis,
            "why": self.why,
            "evidence": list(self.evidence),
            "lines": [one.to_dict() for one in (self.found, *self.lines)],
        }


Find: TypeAlias = Callable[[Ground, Settings], Sequence[Alarm]]


@dataclass(frozen=True, slots=True)
class Detector:
    """One way to find something."""

    name: str
    words: tuple[str, str]
    """What it finds, in English and Chinese."""
    find: Find
    rests: tuple[str, str]
    """What its false-alarm rate rests on, or what its finding contradicts; in English and Chinese."""
    kinds: tuple[str, ...] = field(default=())
    """Kinds of alarm it gives; its own name where none is told."""


def day(time: int) -> str:
    """The day of an instant, as ISO text."""
    return iso(time)[:10]


def iso(time: int) -> str:
    """An instant as ISO text."""
    return (datetime.datetime(1970, 1, 1) + datetime.timedelta(microseconds=time)).isoformat(timespec="seconds") + "Z"
