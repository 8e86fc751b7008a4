"""Home to weighing: the accepted claims of one parameter become one distribution that knows which claim carries what.

Each claim gets a weight: access x confidence x modality, times `SUPERSEDED` where a newer edition of the same publisher
states the same parameter. Claims are pooled on a scale where spreads add: logarithms for positive amounts, log-odds for
shares between 0 and 1, the plain scale for signed figures. The pooled median is the weighted mean on that scale; its
variance is the weighted mean of the claims' own variances (within) plus their weighted scatter (between), so that
neither a wide claim nor a disagreement can narrow the result. `low` and `high` of a claim are its 5 % and 95 % points;
where they are missing, its grade says how wide it is (`DEFAULT_SPREAD`). Claims that were read and repeat one figure
share the weight of its line (see `lineage`): an echo is agreement, not a second vote.

`weigh` gives what the world is built from: accepted claims only. `ask` gives what a reader asks for: every claim of a
parameter, those pending or rejected with weight 0, and every contradiction among them.
"""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

from ytterby.evidence.claims import Claim
from ytterby.evidence.contested import Contest, contests, figure
from ytterby.evidence.lineage import lines
from ytterby.evidence.naming import factor, is_read, parameter_of, sense_of

ACCESS = {"read": 1.0, "excerpt": 0.8, "derived": 0.6, "digest": 0.4, "recall": 0.3}
"""Weight by how the figure reached us."""

CONFIDENCE = {"A": 1.0, "B": 0.6, "C": 0.25}
"""Weight by confidence."""

MODALITY = {"asserted": 1.0, "reported": 0.8, "forecast": 0.6, "target": 0.4, "claimed": 0.3}
"""Weight by how it was said."""

SUPERSEDED = 0.1
"""Factor on a claim that a newer edition of the same publisher replaces."""

HALF_LIFE = 3.0
"""Years the newest claim of a parameter must be ahead of a read one to halve its weight; rows of tables do not age."""

DEFAULT_SPREAD = {"A": 0.02, "B": 0.08, "C": 0.25}
"""Relative standard deviation of a claim that gives no range (on shares: at one half, narrower towards 0 and 1)."""

DEFAULT_YEARS = {"A": 0.5, "B": 1.0, "C": 3.0}
"""Standard deviation, in years, of a calendar year given without a range."""

Z95 = 1.6448536269514722
"""Standard normal 95 % point."""

ScaleName = Literal["lognormal", "beta", "normal", "point"]


@dataclass(frozen=True)
class Weighed:
    """What the accepted claims of one parameter say together."""

    parameter: str
    value: float
    """Pooled median, in `unit`."""
    low: float
    """5 % point."""
    high: float
    """95 % point."""
    sd: float
    """Standard deviation of the logarithm (lognormal), the log-odds (beta: a logit-normal) or the value (normal)."""
    kind: ScaleName
    unit: str
    assumed: bool
    """True where more than half of the weight is assumed."""
    claims: tuple[tuple[str, float], ...]
    """(claim id, weight), heaviest first; weights sum to 1."""
    conflicts: tuple[tuple[str, str], ...] = ()
    """(id, id) of claims that contradict each other."""
    scope_differences: tuple[tuple[str, str, str], ...] = ()
    """(id, id, why) of claims that differ in what they count."""

    def to_dict(self) -> dict[str, object]:
        """Plain JSON values, as ``ytterby weigh --json`` prints them."""
        return {
            "parameter": self.parameter,
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "sd": self.sd,
            "kind": self.kind,
            "unit": self.unit,
            "assumed": self.assumed,
            "claims": [{"id": name, "weight": weight} for name, weight in self.claims],
            "conflicts": [list(pair) for pair in self.conflicts],
            "scope_differences": [list(triple) for triple in self.scope_differences],
        }


@dataclass(frozen=True)
class Asked:
    """All that is claimed of one parameter; without an accepted claim it has no value, but its contradictions show."""

    parameter: str
    pooled: Weighed | None
    """What the accepted claims say together."""
    claims: tuple[tuple[str, float, str], ...]
    """(claim id, weight, status), heaviest first; those not accepted weigh 0."""
    conflicts: tuple[tuple[str, str], ...] = ()
    scope_differences: tuple[tuple[str, str, str], ...] = ()

    @property
    def value(self) -> float | None:
        """Pooled median, None where no claim is accepted."""
        return self.pooled.value if self.pooled else None

    def to_dict(self) -> dict[str, object]:
        """Plain JSON values in the shape of `Weighed.to_dict`, `value` and its like None where nothing is accepted."""
        pooled: dict[str, object] = self.pooled.to_dict() if self.pooled else {}
        blank: dict[str, object] = dict.fromkeys(("value", "low", "high", "sd", "kind"))
        return {
            "parameter": self.parameter,
            **blank,
            "unit": "",
            "assumed": False,
            **pooled,
            "claims": [{"id": name, "weight": weight, "status": status} for name, weight, status in self.claims],
            "conflicts": [list(pair) for pair in self.conflicts],
            "scope_differences": [list(triple) for triple in self.scope_differences],
        }


@dataclass(frozen=True)
class Moved:
    """A parameter that differs between two weighings, and the claims that are why."""

    parameter: str
    before: float | None
    """Pooled median, None where the parameter had no accepted claim."""
    after: float | None
    unit: str
    claims: tuple[str, ...]
    """Ids of claims that joined, left or changed weight; those that joined or left first."""

    @property
    def change(self) -> float | None:
        """Relative change; None where one side is missing or zero."""
        if self.before is None or self.after is None or self.before == 0:
            return None
        return self.after / self.before - 1.0

    def to_dict(self) -> dict[str, object]:
        """Plain JSON values by field name."""
        return {**asdict(self), "claims": list(self.claims), "change": self.change}


def weigh(claims: Iterable[Claim], known: date | None = None) -> dict[str, Weighed]:
    """Pool the accepted claims of each parameter.

    Args:
        claims: any claims; those not accepted, without a parameter or without a figure carry no weight.
        known: use only what was known on that day; undated claims are left out then. None = everything.

    Returns:
        By parameter, in order of name; parameters without a figure are left out.
    """
    pool = admitted(claims, known)
    return _weighed(pool, _disputes(pool))


def ask(claims: Iterable[Claim], known: date | None = None) -> dict[str, Asked]:
    """All claims of each parameter, whatever their status, with what the accepted ones say together.

    Args:
        claims: any claims; read ones without a parameter are given theirs, those that have none are left out.
        known: as for `weigh`.

    Returns:
        By parameter, in order of name.
    """
    every = [claim for claim in claims if known is None or (claim.known is not None and claim.known <= known)]
    pool = admitted(every, known)
    others = [claim for claim in every if claim.status != "accepted" and figure(claim) is not None]
    disputes = _disputes([*pool, *others])
    weighed = _weighed(pool, disputes)
    waiting: dict[str, list[Claim]] = defaultdict(list)
    for claim in others:
        if name := claim.parameter or parameter_of(claim):
            waiting[name].append(claim)
    return {
        name: _asked(name, weighed.get(name), waiting.get(name, []), disputes) for name in sorted({*weighed, *waiting})
    }


def _asked(name: str, pooled: Weighed | None, waiting: list[Claim], disputes: dict[str, list[Contest]]) -> Asked:
    weights = pooled.claims if pooled else ()
    rest = sorted((claim.id, 0.0, str(claim.status)) for claim in waiting)
    members = [key for key, _ in weights] + [key for key, *_ in rest]
    conflicts, scopes = _disputed(members, disputes)
    accepted = [(key, weight, "accepted") for key, weight in weights]
    return Asked(name, pooled, (*accepted, *rest), conflicts, scopes)


def moved(before: Mapping[str, Weighed], after: Mapping[str, Weighed]) -> list[Moved]:
    """The parameters whose distribution differs, largest relative change first, with the claims responsible."""
    found = [
        _moved(name, before.get(name), after.get(name))
        for name in sorted({*before, *after})
        if _says(before.get(name)) != _says(after.get(name))
    ]
    return sorted(found, key=lambda one: (-abs(one.change if one.change is not None else math.inf), one.parameter))


def moved_between(before: Iterable[Claim], then: date, after: Iterable[Claim], now: date) -> list[Moved]:
    """`moved` from the claims of two days, weighing only the parameters that rest on other claims than before.

    Args:
        before: claims with the verdicts of the first day.
        then: what was known on that day counts.
        after: claims with the verdicts of the second day.
        now: that day.
    """
    old, new = _by_parameter(admitted(before, then)), _by_parameter(admitted(after, now))
    changed = [name for name in {*old, *new} if {*old.get(name, ())} != {*new.get(name, ())}]
    # A parameter is weighed by its own claims alone: the rest says the same as before, to the bit.
    pools = ([claim for name in changed for claim in side.get(name, {}).values()] for side in (old, new))
    return moved(*(_weighed(pool, {}) for pool in pools))


def _by_parameter(pool: Iterable[Claim]) -> dict[str, dict[str, Claim]]:
    found: dict[str, dict[str, Claim]] = defaultdict(dict)
    for claim in pool:
        found[claim.parameter][claim.id] = claim
    return found


def recorded(parameters: Iterable[Mapping[str, Any]]) -> dict[str, Weighed]:
    """The parameters of a run as it keeps them, by name: median, low, high, unit, kind, and claims with weights."""
    return {
        str(row["name"]): Weighed(
            parameter=str(row["name"]),
            value=row["median"],
            low=row["low"],
            high=row["high"],
            sd=0.0,  # not kept: nothing here is drawn again
            kind=row["kind"],
            unit=row["unit"],
            assumed=row["assumed"],
            claims=tuple((str(name), float(weight)) for name, weight in row["claims"]),
        )
        for row in parameters
    }


def _says(one: Weighed | None) -> tuple[object, ...] | None:
    return None if one is None else (one.value, one.low, one.high, one.unit)


def _moved(name: str, before: Weighed | None, after: Weighed | None) -> Moved:
    old, new = dict(before.claims if before else ()), dict(after.claims if after else ())
    changed = sorted({*old, *new}, key=lambda key: (key in old and key in new, -abs(new.get(key, 0) - old.get(key, 0))))
    shown = after or before
    return Moved(
        parameter=name,
        before=before.value if before else None,
        after=after.value if after else None,
        unit=shown.unit if shown else "",
        claims=tuple(key for key in changed if old.get(key) != new.get(key)),
    )


def claim_set(claims: Iterable[Claim], known: date | None = None) -> str:
    """Hash of the claims that are weighed on a day: the same set, in any order, has the same one (16 hex digits)."""
    ids = sorted({claim.id for claim in admitted(claims, known)})
    return hashlib.sha256("\n".join(ids).encode()).hexdigest()[:16]


def _disputes(claims: Sequence[Claim]) -> dict[str, list[Contest]]:
    found: dict[str, list[Contest]] = defaultdict(list)
    for one in contests(claims):
        found[one.first].append(one)
        found[one.second].append(one)
    return found


def _weighed(pool: Sequence[Claim], disputes: dict[str, list[Contest]]) -> dict[str, Weighed]:
    by_parameter: dict[str, list[Claim]] = defaultdict(list)
    for claim in pool:
        if figure(claim) is not None:
            by_parameter[claim.parameter].append(claim)
    # In order of id: sums of floats depend on their order, and the same claims must give the same bits.
    in_order = {name: sorted(by_parameter[name], key=lambda claim: claim.id) for name in sorted(by_parameter)}
    return {name: _pooled(name, members, disputes) for name, members in in_order.items()}


def admitted(claims: Iterable[Claim], known: date | None = None) -> list[Claim]:
    """The claims that may be weighed on a day: accepted, named, known by then; stand-ins step aside."""
    pool = [claim for claim in claims if claim.parameter and claim.status == "accepted"]
    if known is not None:
        pool = [claim for claim in pool if claim.known is not None and claim.known <= known]
    present = {claim.id for claim in pool}
    return [claim for claim in pool if claim.carried_from not in present]


def grade(claim: Claim) -> float:
    """Weight of a claim before editions are compared."""
    return ACCESS[claim.access] * CONFIDENCE[claim.confidence] * MODALITY[claim.modality]


@dataclass(frozen=True)
class _Said:
    """One claim on the pool's unit and scale: centre and how far one standard deviation reaches down and up."""

    centre: float
    down: float
    up: float


@dataclass(frozen=True)
class _Scale:
    name: ScaleName
    to: Callable[[float], float]
    back: Callable[[float], float]
    holds: Callable[[float], bool]


def _same(x: float) -> float:
    return x


def _log_odds(x: float) -> float:
    return math.log(x / (1.0 - x))


def _share(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-x)) if x >= 0 else math.exp(x) / (1.0 + math.exp(x))


def _exp(x: float) -> float:
    return math.exp(min(x, 700.0))  # just short of the largest float


_LOGNORMAL = _Scale("lognormal", math.log, _exp, lambda x: x > 0)
_BETA = _Scale("beta", _log_odds, _share, lambda x: 0 < x < 1)
_NORMAL = _Scale("normal", _same, _same, lambda _: True)


def _pooled(name: str, claims: Sequence[Claim], disputes: dict[str, list[Contest]]) -> Weighed:
    unit = _kept_in(claims)
    figures = {claim.id: (claim, times) for claim in claims if (times := factor(claim, unit)) is not None}
    weights = _weights([claim for claim, _ in figures.values()])
    scale = _scale(unit, [_scaled(figure(claim), times) for claim, times in figures.values()])
    said = {key: _on_scale(claim, times, scale, unit) for key, (claim, times) in figures.items()}
    centre = sum(weights[key] * one.centre for key, one in said.items())
    between = sum(weights[key] * (one.centre - centre) ** 2 for key, one in said.items())
    down = math.sqrt(sum(weights[key] * one.down**2 for key, one in said.items()) + between)
    up = math.sqrt(sum(weights[key] * one.up**2 for key, one in said.items()) + between)
    # One claim alone is handed on digit for digit, without the noise of going through a logarithm and back.
    alone = len(said) == 1
    value = _scaled(*_only(figures)) if alone else scale.back(centre)
    conflicts, scopes = _disputed(figures, disputes)
    carried_by_assumed = sum(weights[key] for key, (claim, _) in figures.items() if claim.assumed)
    return Weighed(
        parameter=name,
        value=value,
        low=min(value, scale.back(centre - Z95 * down)) if down else value,
        high=max(value, scale.back(centre + Z95 * up)) if up else value,
        sd=math.sqrt((down**2 + up**2) / 2),
        kind=scale.name if down or up else "point",
        unit=unit,
        assumed=carried_by_assumed > 0.5,
        claims=tuple(sorted(weights.items(), key=lambda item: (-item[1], item[0]))),
        conflicts=conflicts,
        scope_differences=scopes,
    )


def _disputed(
    figures: Iterable[str], disputes: dict[str, list[Contest]]
) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str, str], ...]]:
    mine = {one for key in figures for one in disputes.get(key, ())}
    ordered = sorted(mine, key=lambda one: (one.first, one.second))
    return (
        tuple((one.first, one.second) for one in ordered if not one.why),
        tuple((one.first, one.second, one.why) for one in ordered if one.why),
    )


def _scaled(value: float | None, factor: float) -> float:
    assert value is not None
    return value * factor


def _only(figures: Mapping[str, tuple[Claim, float]]) -> tuple[float | None, float]:
    ((claim, times),) = figures.values()
    return figure(claim), times


def _kept_in(claims: Sequence[Claim]) -> str:
    """The unit of the pool: that of the best row of a table; where all were read, the one their parameter is kept in.

    What an article prints never changes the unit in which the world reads a parameter.
    """
    rows = [claim for claim in claims if not is_read(claim)]
    first = max(rows or claims, key=lambda claim: (grade(claim), claim.id))
    if rows:
        return first.unit
    wanted = sense_of(first).unit
    return wanted if wanted and factor(first, wanted) is not None else first.unit


def _weights(claims: Sequence[Claim]) -> dict[str, float]:
    """Weights by claim id; they sum to 1."""
    newest: dict[str, int] = {}
    for claim in claims:
        newest[_hand(claim)] = max(newest.get(_hand(claim), 0), claim.source.year or 0)
    raw = {
        claim.id: grade(claim) * (1.0 if (claim.source.year or 0) == newest[_hand(claim)] else SUPERSEDED)
        for claim in claims
    }
    if any(is_read(claim) for claim in claims):
        last = max((claim.known for claim in claims if claim.known), default=None)
        raw = _shared(claims, {claim.id: raw[claim.id] * _freshness(claim, last) for claim in claims})
    total = sum(raw.values())
    return {key: weight / total for key, weight in raw.items()}


def _hand(claim: Claim) -> str:
    """Whose editions a claim belongs to; documents of unnamed publishers are no editions of each other."""
    return claim.source.originator or (claim.document if is_read(claim) else "")


def _freshness(claim: Claim, last: date | None) -> float:
    if not is_read(claim) or claim.known is None or last is None:
        return 1.0
    return math.pow(0.5, (last - claim.known).days / (365.25 * HALF_LIFE))


def _shared(claims: Sequence[Claim], raw: dict[str, float]) -> dict[str, float]:
    """Weights in which the claims of one line weigh together what its best claim does, its rows never less than before.

    Rows of tables that agree keep what they have: only what was read joins them without adding to it.
    """
    for line in lines(claims):
        if any(is_read(claim) for claim in line):
            together = sum(raw[claim.id] for claim in line)
            rows = sum(raw[claim.id] for claim in line if not is_read(claim))
            allowed = max(rows, *(raw[claim.id] for claim in line))
            raw |= {claim.id: raw[claim.id] * allowed / together for claim in line}
    return raw


def _scale(unit: str, figures: Sequence[float]) -> _Scale:
    if unit in ("year", "log points"):
        return _NORMAL
    if unit == "share" and all(0 < x < 1 for x in figures):
        return _BETA
    return _LOGNORMAL if all(x > 0 for x in figures) else _NORMAL


def _on_scale(claim: Claim, factor: float, scale: _Scale, unit: str) -> _Said:
    value = _scaled(figure(claim), factor)
    centre = scale.to(value)
    if claim.spread == "exact":
        return _Said(centre, 0.0, 0.0)
    default = _default(claim, value, scale, unit)
    # `bounds` hold everything, so they reach as far as a uniform's ends: root three standard deviations.
    reach = Z95 if claim.spread == "5-95" else math.sqrt(3.0)
    down = _reach(claim.low, factor, centre, scale, reach)
    up = _reach(claim.high, factor, centre, scale, reach)
    if down is None and claim.low is not None:
        # A low end of nothing cannot stand on a logarithm: it reaches at least as far down as the high end does up.
        down = max(default, up or 0.0)
    if claim.spread == "bounds":
        # Editions that agree to the digit are still only as good as their grade.
        down, up = max(down or 0.0, default), max(up or 0.0, default)
    return _Said(centre, default if down is None else down, default if up is None else up)


def _reach(bound: float | None, factor: float, centre: float, scale: _Scale, reach: float) -> float | None:
    """Standard deviations' worth from the centre to a bound; None where the bound is missing or off the scale."""
    if bound is None or not scale.holds(bound * factor):
        return None
    return abs(scale.to(bound * factor) - centre) / reach


def _default(claim: Claim, value: float, scale: _Scale, unit: str) -> float:
    if unit == "year":
        return DEFAULT_YEARS[claim.confidence]
    relative = DEFAULT_SPREAD[claim.confidence]
    if scale.name == "beta":
        return 2.0 * relative
    return relative if scale.name == "lognormal" else relative * abs(value)
