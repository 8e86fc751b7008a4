"""Home to the ledger of forecasts: what was foreseen or aimed at, and what came of it once its day had come.

A forecast is a claim of modality ``forecast`` or ``target`` (or of kind ``forecast``) that names a day, rejected ones
and stand-ins aside. It is due at the end of the period it speaks of, or on the day it is to be reached by. It is scored
against accepted claims that say how the same thing turned out, known by `today`:

- a forecast is met where its interval and the outcome's meet, or where it misses by `TOLERANCE` at most;
- a target is met where the outcome reaches it (more than was aimed at is no failure), the same tolerance allowed;
- "likely to fall" is met where the figure fell against the period before;
- a year ("shortage from 2037") is met where it happened in that year, a target year where it happened by then.

What is due without an outcome known to us is ``unknown``: nobody is scored on our ignorance.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Literal

from ytterby.evidence import spans
from ytterby.evidence.claims import Claim
from ytterby.evidence.contested import Interval, figure, interval
from ytterby.evidence.naming import factor, sense_of
from ytterby.evidence.senses import Sense
from ytterby.evidence.weigh import grade

TOLERANCE = 0.10
"""Relative error up to which a forecast without a range of its own counts as met."""

Outcome = Literal["met", "missed", "open", "unknown"]

_LOOSE_WORDS = re.compile(
    r"\b(?:plan|plans|rumour|units?|deliver(?:y|ies)|output|shipments?|sales|robots?|production|the|of|for|mass)\b|产量|销量|出货"
)
_SAME_BASES = ("not stated", "claim", "")


@dataclass(frozen=True)
class Scored:
    """One forecast and what came of it."""

    forecast: str
    """Id of the claim."""
    about: str
    """Its parameter, else what it is about in words."""
    source: str
    """Who foresaw or aimed: the voice named, else the publisher."""
    modality: str
    said: date | None
    due: date
    outcome: Outcome
    expected: float | None = None
    """In `unit`; None where only a direction was foreseen."""
    actual: str = ""
    """Id of the claim that says how it turned out."""
    found: float | None = None
    """The outcome, in `unit`."""
    unit: str = ""
    error: float | None = None
    """Found over expected, less one; of a year: years late; of a direction: the change itself."""
    note: str = ""
    """What to know of the comparison: a basis that is not the same, a tolerance used."""

    @property
    def hit(self) -> bool | None:
        """Whether it came true; None while nobody can say."""
        return {"met": True, "missed": False}.get(self.outcome)

    def to_dict(self) -> dict[str, object]:
        """Plain JSON values by field name."""
        said = self.said.isoformat() if self.said else None
        return {**asdict(self), "said": said, "due": self.due.isoformat(), "hit": self.hit}


@dataclass(frozen=True)
class Tally:
    """How one source did."""

    source: str
    met: int
    missed: int
    open: int
    unknown: int
    error: float | None
    """Median size of the relative errors; None where none could be taken."""

    @property
    def scored(self) -> int:
        """Forecasts whose outcome is known."""
        return self.met + self.missed

    def to_dict(self) -> dict[str, object]:
        """Plain JSON values by field name."""
        return {**asdict(self), "scored": self.scored}


def score(claims: Iterable[Claim], today: date) -> list[Scored]:
    """Every dated forecast among the claims, those due first, in order of their day."""
    every = [claim for claim in claims if not claim.carried_from]
    outcomes: dict[tuple[object, ...], list[Claim]] = defaultdict(list)
    for claim in every:
        if _tells_an_outcome(claim, today):
            outcomes[_thing(sense_of(claim), claim)].append(claim)
    found = [
        _scored(claim, due, outcomes, today) for claim in every if _foresees(claim) and (due := _due(claim)) is not None
    ]
    return sorted(found, key=lambda one: (one.due > today, one.due, one.about, one.forecast))


def tally(scored: Iterable[Scored]) -> list[Tally]:
    """The record of each source, the most scored first."""
    by_source: dict[str, list[Scored]] = defaultdict(list)
    for one in scored:
        by_source[one.source or "unnamed"].append(one)
    rows = [_tally(source, members) for source, members in by_source.items()]
    return sorted(rows, key=lambda row: (-row.scored, -row.unknown - row.open, row.source))


def _tally(source: str, members: Sequence[Scored]) -> Tally:
    count = {name: sum(one.outcome == name for one in members) for name in ("met", "missed", "open", "unknown")}
    sizes = sorted(abs(one.error) for one in members if one.error is not None and one.unit not in ("year", "direction"))
    middle = sizes[len(sizes) // 2] if sizes else None
    return Tally(source, count["met"], count["missed"], count["open"], count["unknown"], middle)


def _foresees(claim: Claim) -> bool:
    if claim.kind in ("duration", "threshold", "measure"):
        return False  # how long a review takes or where a line is drawn is no prophecy
    ahead = claim.modality in ("forecast", "target") or (claim.kind == "forecast" and claim.modality != "asserted")
    direction = claim.unit.startswith("direction:")
    return ahead and claim.status != "rejected" and (figure(claim) is not None or direction)


def _tells_an_outcome(claim: Claim, today: date) -> bool:
    told = claim.modality in ("asserted", "reported") and claim.status == "accepted" and figure(claim) is not None
    return told and (claim.known is None or claim.known <= today)


def _due(claim: Claim) -> date | None:
    """The day a forecast can be judged on; None where it names none."""
    if claim.unit == "year" and claim.value is not None and 1787 <= claim.value < 2200:
        return date(int(claim.value), 12, 31)
    for label in (claim.by, claim.period):
        told = spans.read(label)
        if told is not None:
            return told.end
    return None


def _thing(sense: Sense, claim: Claim) -> tuple[object, ...]:
    """What forecasts and outcomes must share to be set side by side; basis is looked at later."""
    subject = _LOOSE_WORDS.sub(" ", sense.subject.casefold())
    subject = " ".join(word.rstrip("s") for word in subject.split())
    change = sense.basis if sense.kind in ("trade_change", "price_change") else ""
    kind = "count" if claim.unit.split("/")[0] in ("unit", "count") else sense.kind
    if kind == "count":
        return (kind, subject, _label(sense, claim), "/" in claim.unit)
    time = "" if claim.unit == "year" or kind == "capacity" else _label(sense, claim)
    material = sense.material if kind in ("trade_volume", "trade_change", "production", "capacity") else ""
    return (kind, subject, material, sense.place, sense.counterpart, change, time, sense.stage)


def _label(sense: Sense, claim: Claim) -> str:
    return spans.canonical(sense.period) or sense.period or spans.canonical(claim.by)


def _scored(claim: Claim, due: date, outcomes: dict[tuple[object, ...], list[Claim]], today: date) -> Scored:
    sense = sense_of(claim)
    blank = Scored(
        forecast=claim.id,
        about=claim.parameter or sense.parameter or claim.object or claim.subject,
        source=claim.attributed_to or claim.source.originator,
        modality=claim.modality,
        said=claim.known,
        due=due,
        outcome="open" if due > today else "unknown",
        expected=figure(claim),
        unit=claim.unit,
    )
    if due > today:
        return blank
    if claim.unit.startswith("direction:"):
        return _direction(blank, claim, sense, outcomes)
    found = _best(claim, sense, outcomes.get(_thing(sense, claim), []))
    return blank if found is None else _judged(blank, claim, sense, found)


def _best(claim: Claim, sense: Sense, found: Sequence[Claim]) -> Claim | None:
    """The outcome to go by: on the same basis before one that states another's none, then by grade, then the newest."""
    fit = [one for one in found if one.id != claim.id and _basis_fits(sense, sense_of(one))]
    fit = [one for one in fit if factor(claim, one.unit) is not None or factor(one, claim.unit) is not None]

    def order(one: Claim) -> tuple[bool, float, date, str]:
        same = sense_of(one).basis == sense.basis and sense.basis not in _SAME_BASES
        return same, grade(one), one.known or date.min, one.id

    return max(fit, key=order, default=None)


def _basis_fits(one: Sense, other: Sense) -> bool:
    if one.kind not in ("share", "dependency") or one.basis == other.basis:
        return True
    return one.basis in _SAME_BASES or other.basis in _SAME_BASES


def _judged(blank: Scored, claim: Claim, sense: Sense, actual: Claim) -> Scored:
    expected, found = interval(claim), interval(actual)
    forth = factor(actual, claim.unit)
    back = factor(claim, actual.unit) if forth is None else None
    times = forth if forth is not None else 1.0 / back if back else None
    value, aim = figure(actual), figure(claim)
    if expected is None or found is None or times is None or value is None or aim is None:
        return blank
    reached, outcome = value * times, Interval(found.low * times, found.high * times)
    other = sense_of(actual)
    note = "" if other.basis == sense.basis else f"basis: {sense.basis or 'not stated'} / {other.basis or 'not stated'}"
    error = reached - aim if claim.unit == "year" else reached / aim - 1.0 if aim else None
    met = _meets(claim, expected, outcome, reached, aim)
    return Scored(
        blank.forecast,
        blank.about,
        blank.source,
        blank.modality,
        blank.said,
        blank.due,
        "met" if met else "missed",
        aim,
        actual.id,
        reached,
        claim.unit,
        error,
        note,
    )


def _meets(claim: Claim, expected: Interval, outcome: Interval, reached: float, aim: float) -> bool:
    room = TOLERANCE * abs(aim)
    if claim.unit == "year":
        late = math.floor(reached) - math.floor(aim)
        return late <= 0 if claim.modality == "target" else late == 0
    if claim.modality == "target" and claim.comparator not in ("<", "≤"):
        return reached >= aim - room
    if claim.comparator in (">", "≥", "<", "≤"):
        return expected.meets(outcome)
    return expected.meets(outcome) or abs(reached - aim) <= room


def _direction(blank: Scored, claim: Claim, sense: Sense, outcomes: dict[tuple[object, ...], list[Claim]]) -> Scored:
    """Whether a figure went the way it was said to, by its levels now and in the period before."""
    label = _label(sense, claim)
    now = _level(sense, claim, label, outcomes)
    for base in ("on the month before", "on the quarter before", "on the year before"):
        earlier = spans.before(label, base)
        then = _level(sense, claim, earlier, outcomes) if earlier else None
        times = factor(now, then.unit) if now is not None and then is not None else None
        if now is None or then is None or times is None or not figure(then):
            continue
        change = (figure(now) or 0.0) * times / (figure(then) or 1.0) - 1.0
        down = claim.unit.endswith("down")
        return Scored(
            blank.forecast,
            blank.about,
            blank.source,
            blank.modality,
            blank.said,
            blank.due,
            "met" if (change < 0) == down and change != 0 else "missed",
            None,
            now.id,
            change,
            "direction",
            change,
            f"against {earlier}",
        )
    return blank


def _level(sense: Sense, claim: Claim, label: str, outcomes: dict[tuple[object, ...], list[Claim]]) -> Claim | None:
    material = sense.material if sense.kind in ("trade_volume", "production") else ""
    subject = " ".join(word.rstrip("s") for word in _LOOSE_WORDS.sub(" ", sense.subject.casefold()).split())
    key = (sense.kind, subject, material, sense.place, sense.counterpart, "", label, sense.stage)
    return max(outcomes.get(key, []), key=lambda one: (grade(one), one.id), default=None)
