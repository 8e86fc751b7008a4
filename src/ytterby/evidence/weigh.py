"""Home to weighing: the accepted claims of one parameter become one distribution that knows which claim carries what.

Each claim gets a weight: access x confidence x modality, times `SUPERSEDED` where a newer edition of the same publisher
states the same parameter. Claims are pooled on a scale where spreads add: logarithms for positive amounts, log-odds for
shares between 0 and 1, the plain scale for signed figures. The pooled median is the weighted mean on that scale; its
variance is the weighted mean of the claims' own variances (within) plus their weighted scatter (between), so that
neither a wide claim nor a disagreement can narrow the result. `low` and `high` of a claim are its 5 % and 95 % points;
where they are missing, its grade says how wide it is (`DEFAULT_SPREAD`).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ytterby.evidence.claims import Claim
from ytterby.evidence.contested import Contest, contests
from ytterby.terms.errors import InputError
from ytterby.terms.units import convert

ACCESS = {"read": 1.0, "excerpt": 0.8, "derived": 0.6, "digest": 0.4, "recall": 0.3}
"""Weight by how the figure reached us."""

CONFIDENCE = {"A": 1.0, "B": 0.6, "C": 0.25}
"""Weight by confidence."""

MODALITY = {"asserted": 1.0, "reported": 0.8, "forecast": 0.6, "target": 0.4, "claimed": 0.3}
"""Weight by how it was said."""

SUPERSEDED = 0.1
"""Factor on a claim that a newer edition of the same publisher replaces."""

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


def weigh(claims: Iterable[Claim], known: date | None = None) -> dict[str, Weighed]:
    """Pool the accepted claims of each parameter.

    Args:
        claims: any claims; those not accepted, without a parameter or without a figure carry no weight.
        known: use only what was known on that day; undated claims are left out then. None = everything.

    Returns:
        By parameter, in order of name; parameters without a figure are left out.
    """
    pool = admitted(claims, known)
    disputes: dict[str, list[Contest]] = defaultdict(list)
    for one in contests(pool):
        disputes[one.first].append(one)
        disputes[one.second].append(one)
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


def figure(claim: Claim) -> float | None:
    """The claim's central figure: its value, else the middle of its range (geometric where both ends are positive)."""
    if claim.value is not None:
        return claim.value
    if claim.low is None or claim.high is None:
        return None
    return math.sqrt(claim.low * claim.high) if claim.low > 0 else (claim.low + claim.high) / 2


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
    first = max(claims, key=lambda claim: (grade(claim), claim.id))
    figures = {claim.id: (claim, factor) for claim in claims if (factor := _factor(claim.unit, first.unit)) is not None}
    weights = _weights([claim for claim, _ in figures.values()])
    scale = _scale(first.unit, [_scaled(figure(claim), factor) for claim, factor in figures.values()])
    said = {key: _on_scale(claim, factor, scale, first.unit) for key, (claim, factor) in figures.items()}
    centre = sum(weights[key] * one.centre for key, one in said.items())
    between = sum(weights[key] * (one.centre - centre) ** 2 for key, one in said.items())
    down = math.sqrt(sum(weights[key] * one.down**2 for key, one in said.items()) + between)
    up = math.sqrt(sum(weights[key] * one.up**2 for key, one in said.items()) + between)
    # One claim alone is handed on digit for digit, without the noise of going through a logarithm and back.
    alone = len(said) == 1
    value = _scaled(figure(first), 1.0) if alone else scale.back(centre)
    conflicts, scopes = _disputed(figures, disputes)
    carried_by_assumed = sum(weights[key] for key, (claim, _) in figures.items() if claim.assumed)
    return Weighed(
        parameter=name,
        value=value,
        low=min(value, scale.back(centre - Z95 * down)) if down else value,
        high=max(value, scale.back(centre + Z95 * up)) if up else value,
        sd=math.sqrt((down**2 + up**2) / 2),
        kind=scale.name if down or up else "point",
        unit=first.unit,
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


def _factor(unit: str, to: str) -> float | None:
    if unit == to:
        return 1.0
    try:
        return convert(1.0, unit, to)
    except InputError:
        return None


def _weights(claims: Sequence[Claim]) -> dict[str, float]:
    """Weights by claim id; they sum to 1."""
    newest: dict[str, int] = {}
    for claim in claims:
        hand = claim.source.originator
        newest[hand] = max(newest.get(hand, 0), claim.source.year or 0)
    raw = {
        claim.id: grade(claim) * (1.0 if (claim.source.year or 0) == newest[claim.source.originator] else SUPERSEDED)
        for claim in claims
    }
    total = sum(raw.values())
    return {key: weight / total for key, weight in raw.items()}


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
