"""Home to review in practice: how long licences really take and how many are granted, as observed, beside the statute.

Observations are few and coarse ("one to one and a half months", "two days to two months"), so each model is small:

- *times*: each observation is one draw, known to lie in its interval, of one lognormal distribution, in days;
- *granted of the filed*: each count is a reading of one curve, logistic in the logarithm of the days since the controls
  began, with heavy-tailed noise (Student's t on log-odds), so that one odd count does not bend it. Such counts take
  pending files as not granted: the share grows as a backlog is worked off, and says little of any one application;
- *granted of the decided*: counts of granted and rejected files together, a binomial with a flat prior. Returned and
  withdrawn files are in neither.

Posteriors are on grids, priors flat on the times and weak on the slope. An observation weighs by its confidence: its
log-likelihood is multiplied by `WORTH`, which widens bands and never narrows them. Nothing is claimed that the data do
not carry; `Practice.misfits` shows how each of them sits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtr

from ytterby.rules.clock import REVIEW_WORKING_DAYS, Clock, statutory
from ytterby.terms.errors import BadValue

Floats = NDArray[np.float64]

CONTROLS = date(2025, 4, 4)
"""Day the licence for seven rare earths began (Announcement 18 of 2025)."""

WORKING = 7 / 5
"""Calendar days per working day, holidays aside."""

TRANSIT = (20.0, 45.0)
"""Days of carriage inside a time told "door to door": container ship and customs; assumed."""

WORTH = {"A": 1.0, "B": 0.6, "C": 0.25}
"""Weight of an observation by confidence; assumed."""

BAND = (0.05, 0.95)


@dataclass(frozen=True)
class Seen:
    """One observation of practice."""

    what: str
    """``review_time``, ``door_to_door`` or ``approval_share``."""
    by: str
    day: date
    low: float
    """Days, or share."""
    high: float
    weight: float
    id: str = ""


@dataclass(frozen=True)
class Quantile:
    """A quantile with its band."""

    share: float
    days: float
    low: float
    high: float


@dataclass(frozen=True)
class Practice:
    """Review as observed."""

    times: tuple[Seen, ...]
    shares: tuple[Seen, ...]
    granted: int = 0
    """Files granted, of the observers who count the rejected too."""
    rejected: int = 0

    def quantile(self, share: float) -> Quantile:
        """Days within which a share of the decisions falls, with the 5 % and 95 % points of that day."""
        mu, sigma, weight = self._times
        at = np.exp(mu + sigma * float(_normal_quantile(share)))
        return Quantile(share, *_points(at, weight, (0.5, *BAND)))

    def decided_within(self, days: float) -> tuple[float, float, float]:
        """Share of decisions within some days: median, 5 % and 95 % point."""
        mu, sigma, weight = self._times
        return _points(np.asarray(ndtr((np.log(max(days, 0.5)) - mu) / sigma)), weight, (0.5, *BAND))

    def approval(self, on: date) -> tuple[float, float, float]:
        """Share granted of all civil applications filed by a day, pending ones included: median, 5 % and 95 % point."""
        a, b, weight = self._shares
        return _points(np.asarray(expit(a + b * _age(on))), weight, (0.5, *BAND))

    def approval_of_decided(self) -> tuple[float, float, float] | None:
        """Share granted among the decided: median, 5 % and 95 % point; None where nobody counted both."""
        if not self.granted + self.rejected:
            return None
        from scipy.special import betaincinv

        low, median, high = (
            float(betaincinv(1 + self.granted, 1 + self.rejected, point)) for point in (BAND[0], 0.5, BAND[1])
        )
        return median, low, high

    def misfits(self) -> list[dict[str, Any]]:
        """Each observation with what the fit says of it: how a reader sees how good the fit is."""
        mu, sigma, weight = self._times
        rows: list[dict[str, Any]] = []
        for one in self.times:
            inside = ndtr((np.log(one.high) - mu) / sigma) - ndtr((np.log(max(one.low, 0.5)) - mu) / sigma)
            rows.append({"what": one.what, "by": one.by, "low": one.low, "high": one.high,
                         "probability": float((inside * weight).sum())})  # fmt: skip
        for one in self.shares:
            median, low, high = self.approval(one.day)
            rows.append({"what": one.what, "by": one.by, "low": one.low, "high": one.high, "fitted": median,
                         "band": [low, high]})  # fmt: skip
        return rows

    @cached_property
    def _times(self) -> tuple[Floats, Floats, Floats]:
        """Grid of log-median and log-spread with posterior weights."""
        mu, sigma = np.meshgrid(np.linspace(np.log(5), np.log(400), 241), np.linspace(0.15, 1.6, 117), indexing="ij")
        said = np.zeros_like(mu)
        for one in self.times:
            upper = ndtr((np.log(one.high) - mu) / sigma)
            lower = ndtr((np.log(max(one.low, 0.5)) - mu) / sigma)
            said += one.weight * np.log(np.maximum(upper - lower, 1e-12))
        return mu, sigma, _normal(said)

    @cached_property
    def _shares(self) -> tuple[Floats, Floats, Floats]:
        """Grid of level and slope with posterior weights; the noise is what two counts of one month differ by."""
        a, b = np.meshgrid(np.linspace(-6, 6, 241), np.linspace(-1.0, 4.0, 201), indexing="ij")
        said = -0.5 * (b / SLOPE) ** 2
        for one in self.shares:
            centre = float(logit(np.clip((one.low + one.high) / 2, 0.01, 0.99)))
            spread = max(NOISE, float(logit(np.clip(one.high, 0.011, 0.99)) - logit(np.clip(one.low, 0.01, 0.989))) / 4)
            z = (a + b * _age(one.day) - centre) / spread
            said = said - one.weight * (TAILS + 1) / 2 * np.log1p(z**2 / TAILS)
        return a, b, _normal(said)


NOISE = 0.6
"""Spread of one observed share on the log-odds scale: in June 2025 two counts three weeks apart said 25 % and 60 %,
which is 1.5 apart, or two spreads and a bit of growth."""
TAILS = 4.0
"""Degrees of freedom of that noise."""
SLOPE = 1.5
"""Prior spread of the slope, log-odds per e-fold of time."""


@dataclass(frozen=True)
class Outlook:
    """What to expect of an application filed on a day."""

    applied: date
    statute: Clock
    half: Quantile
    ninety: Quantile
    approval: tuple[float, float, float]
    """Of all that are filed by that day, see `Practice.approval`."""
    of_decided: tuple[float, float, float] | None
    decided: int
    """Decisions that share rests on."""
    observations: int
    misfits: tuple[Mapping[str, Any], ...] = ()

    def day(self, quantile: Quantile) -> date:
        """The day of a quantile."""
        return self.applied + timedelta(days=round(quantile.days))

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values, as ``ytterby calendar --json`` prints them."""
        median, low, high = self.approval
        return {
            "applied": self.applied.isoformat(),
            "statute": self.statute.to_dict(),
            "decided": [
                {
                    "share": one.share,
                    "day": self.day(one).isoformat(),
                    "days": round(one.days, 1),
                    "low": (self.applied + timedelta(days=round(one.low))).isoformat(),
                    "high": (self.applied + timedelta(days=round(one.high))).isoformat(),
                }
                for one in (self.half, self.ninety)
            ],
            "approval": {"median": median, "low": low, "high": high},
            "approval_of_decided": self._settled(),
            "observations": self.observations,
            "fit": [dict(row) for row in self.misfits],
        }

    def _settled(self) -> dict[str, Any] | None:
        if self.of_decided is None:
            return None
        median, low, high = self.of_decided
        return {"median": median, "low": low, "high": high, "decided": self.decided}


def practice(rows: Iterable[Mapping[str, Any]], known: date | None = None) -> Practice:
    """The practice that some observations show.

    Args:
        rows: plain records with ``metric`` (``review_time``, ``door_to_door``, ``approval_share``), ``value``, ``low``,
            ``high``, ``unit`` (``day``, ``working day``, ``month``, ``share``), ``comparator``, ``as_of``, ``known``,
            ``observer``, ``end_use``, ``confidence``.
        known: leave out what was not known on that day.

    Raises:
        BadValue: nothing was observed by then.
    """
    told = list(rows)
    seen = [one for row in told if (one := _seen(row, known)) is not None]
    times = tuple(one for one in seen if one.what != "approval_share")
    shares = tuple(one for one in seen if one.what == "approval_share")
    if len(times) < 2 or len(shares) < 2:
        cause = f"{len(times)} review times and {len(shares)} approval shares are known"
        raise BadValue(
            cause, place=f"known {known}" if known else "", remedy="ask for a later day, or add observations"
        )
    return Practice(times, shares, *_counted(told, known))


def outlook(seen: Practice, applied: date) -> Outlook:
    """What to expect of a civil application filed on a day."""
    return Outlook(
        applied=applied,
        statute=statutory(applied, REVIEW_WORKING_DAYS),
        half=seen.quantile(0.5),
        ninety=seen.quantile(0.9),
        approval=seen.approval(applied),
        of_decided=seen.approval_of_decided(),
        decided=seen.granted + seen.rejected,
        observations=len(seen.times) + len(seen.shares),
        misfits=tuple(seen.misfits()),
    )


def _counted(rows: Sequence[Mapping[str, Any]], known: date | None) -> tuple[int, int]:
    """Files granted and rejected, of the observers who on one day counted both."""
    counts: dict[tuple[Any, Any], dict[str, int]] = {}
    for row in rows:
        told, what = row.get("known"), str(row.get("metric", ""))
        early = known is not None and (told is None or told > known)
        counted = what in ("granted", "rejected") and row.get("value") is not None
        if counted and not early and row.get("end_use") != "military":
            counts.setdefault((row.get("observer"), told), {})[what] = round(float(row["value"]))
    both = [one for one in counts.values() if len(one) == 2]
    return sum(one["granted"] for one in both), sum(one["rejected"] for one in both)


def _seen(row: Mapping[str, Any], known: date | None) -> Seen | None:
    what = str(row.get("metric", ""))
    told = row.get("known")
    if what not in ("review_time", "door_to_door", "approval_share") or row.get("end_use") == "military":
        return None
    if known is not None and (told is None or told > known):
        return None
    if row.get("confidence") == "A" and row.get("comparator") == "≤" and what == "review_time":
        return None  # the statute is no observation
    low, high = _range(row)
    if what != "approval_share":
        factor = {"working day": WORKING, "month": 30.4}.get(str(row.get("unit")), 1.0)
        low, high = low * factor, high * factor
        if what == "door_to_door":
            low, high = max(low - TRANSIT[1], 1.0), max(high - TRANSIT[0], 2.0)
    counted = row.get("as_of")
    day = next((one for one in (counted, told) if isinstance(one, date)), CONTROLS)
    weight = WORTH.get(str(row.get("confidence")), 0.25)
    return Seen(what, str(row.get("observer", "")), day, low, high, weight, str(row.get("id", "")))


def _range(row: Mapping[str, Any]) -> tuple[float, float]:
    value, low, high = (None if row.get(key) is None else float(row[key]) for key in ("value", "low", "high"))
    share = row.get("metric") == "approval_share"
    if row.get("comparator") in ("≤", "<"):
        return 0.5 if not share else 0.01, value if value is not None else float(high or 1.0)
    if row.get("comparator") in ("≥", ">"):
        return value if value is not None else float(low or 0.0), high if high is not None else (
            0.99 if share else 400.0
        )
    if low is not None and high is not None and high > low:
        return low, high
    centre = value if value is not None else float(low if low is not None else high or 0.0)
    wide = 0.05 if share else 0.2 * centre
    return max(centre - wide, 0.005), centre + wide


def _age(on: date) -> float:
    return float(np.log1p(max((on - CONTROLS).days, 0) / 30.0))


def _normal(said: Floats) -> Floats:
    weight = np.exp(said - said.max())
    return np.asarray(weight / weight.sum(), dtype=np.float64)


def _points(values: Floats, weight: Floats, at: Sequence[float]) -> tuple[float, float, float]:
    order = np.argsort(values, axis=None)
    total = np.cumsum(weight.ravel()[order])
    found = [float(values.ravel()[order][min(int(np.searchsorted(total, q)), total.size - 1)]) for q in at]
    return found[0], found[1], found[2]


def _normal_quantile(share: float) -> float:
    from scipy.special import ndtri

    if not 0 < share < 1:
        raise BadValue(f"a share of {share}", remedy="give a share between 0 and 1, e.g. 0.9")
    return float(ndtri(share))
