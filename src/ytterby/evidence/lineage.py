"""Home to lineage: who said a figure first, and who repeats it.

Claims of one parameter whose figures are the same but for rounding form a line. The line begins with the claim known
first; where that one names another voice ("according to Reuters"), the line's origin is that voice, before it. Repeats
are agreement, not evidence: a line counts once in the pool (see `weigh`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from ytterby.evidence.claims import Claim
from ytterby.evidence.contested import figure, half_unit
from ytterby.evidence.naming import factor, is_read, parameter_of
from ytterby.terms.text import fold


@dataclass(frozen=True)
class Line:
    """One figure on its way through the texts."""

    parameter: str
    figure: float
    """In `unit`, as first said."""
    unit: str
    origin: str
    """Who said it: the voice that the first claim names, else its publisher; empty where neither is told."""
    attributed: bool
    """True where the origin spoke before the first claim here: only its echo was read."""
    first: str
    """Id of the claim known first."""
    since: date | None
    repeats: tuple[str, ...]
    """Ids of the claims that say it again, in order of time."""
    hands: tuple[str, ...]
    """Who they all were published by, each once, in order of time."""

    @property
    def claims(self) -> tuple[str, ...]:
        """All claims of the line, in order of time."""
        return (self.first, *self.repeats)

    def to_dict(self) -> dict[str, object]:
        """Plain JSON values by field name."""
        since = self.since.isoformat() if self.since else None
        return {**asdict(self), "since": since, "repeats": list(self.repeats), "hands": list(self.hands)}


def trace(claims: Iterable[Claim]) -> list[Line]:
    """The lines of some claims, by parameter and time; claims without a parameter or figure are left out."""
    groups: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        name = claim.parameter or parameter_of(claim)
        if name and not claim.carried_from and figure(claim) is not None:
            groups[name].append(claim)
    return [_line(name, members) for name in sorted(groups) for members in lines(groups[name])]


def lines(claims: Sequence[Claim]) -> list[list[Claim]]:
    """Claims of one parameter parted by figure, each line in order of time, the lines in order of their first claim."""
    found: list[list[Claim]] = []
    for claim in sorted(claims, key=_order):
        line = next((one for one in found if same_figure(one[0], claim)), None)
        if line is None:
            found.append([claim])
        else:
            line.append(claim)
    return found


def same_figure(a: Claim, b: Claim) -> bool:
    """Whether two claims state one figure: the same ends and centre, up to the rounding of the coarser one."""
    times = factor(b, a.unit)
    if times is None:
        back = factor(a, b.unit)
        if not back:
            return False
        times = 1.0 / back
    if (a.comparator in "<≤") != (b.comparator in "<≤") or (a.comparator in ">≥") != (b.comparator in ">≥"):
        return False
    for one, other in ((figure(a), figure(b)), (a.low, b.low), (a.high, b.high)):
        if one is None or other is None:
            continue
        room = max(half_unit(one), half_unit(other) * times)
        if abs(one - other * times) > room * (1.0 + 1e-9):
            return False
    return True


def voice(claim: Claim) -> str:
    """Who says a figure: the voice a read claim names, else the publisher (of a row, `attributed_to` is the actor)."""
    return (claim.attributed_to if is_read(claim) else "") or claim.source.originator


def _order(claim: Claim) -> tuple[date, str]:
    return claim.known or date.max, claim.id


def _line(name: str, members: list[Claim]) -> Line:
    first = members[0]
    value = figure(first)
    assert value is not None
    named = next((claim for claim in members if is_read(claim) and _names_another(claim)), None)
    origin, attributed = voice(first), is_read(first) and _names_another(first)
    if not origin and named is not None:
        # Who tells it first does not say from whom; a later one does.
        origin, attributed = named.attributed_to, True
    if attributed:
        spoke = next((claim for claim in members if _same_hand(claim.source.originator, origin)), None)
        if spoke is not None and (spoke.known or date.max) <= (first.known or date.max):
            first, attributed = spoke, False
    rest = [claim for claim in members if claim.id != first.id]
    hands = dict.fromkeys(hand for claim in (first, *rest) if (hand := claim.source.originator))
    return Line(
        parameter=name,
        figure=value,
        unit=members[0].unit,
        origin=origin,
        attributed=attributed,
        first=first.id,
        since=first.known,
        repeats=tuple(claim.id for claim in rest),
        hands=tuple(hands),
    )


def _names_another(claim: Claim) -> bool:
    return bool(claim.attributed_to) and not _same_hand(claim.attributed_to, claim.source.originator)


def _same_hand(a: str, b: str) -> bool:
    one, other = fold(a).casefold().strip(), fold(b).casefold().strip()
    return bool(one) and bool(other) and (one == other or one in other or other in one)
