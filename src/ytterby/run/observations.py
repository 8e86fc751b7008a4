"""Home to observations: dated claims that a fit may use, and what the model says of the same thing.

| claim | what it is compared with | error |
|---|---|---|
| trade:export:CN:X:magnets:month | magnets that left China for X in the month | 5 % of the amount |
| licence:*_share (approval) | granted over applied for, cumulated to the day, by destination | 0.4 on the logit |
| price:X oxide:CIF Europe:day | price of the oxide outside China on the day | 0.3 of ln |
| licence:*_stop (stoppage) | day on which car output in the place first falls short by 0.5 % | 14 days |

The errors are what rounding, reprints and the difference between a survey's firms and all firms leave open; they are
assumptions, stated once, here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ytterby.rules.calendar import EPOCH
from ytterby.run.base import Grid
from ytterby.run.periods import calendar
from ytterby.terms.errors import BadValue, UnknownName
from ytterby.terms.periods import parse_period

Floats = NDArray[np.float64]

EXPORT_ERROR = 0.05
SHARE_ERROR = 0.4
STOP_ERROR = 14.0
PRICE_ERROR = 0.3
SHORT = 0.995
"""Output over demand below which a stoppage would be reported: one plant of a country's two hundred for a week."""

LOGARITHMIC = ("exports", "price")
ABROAD = "CIF Europe"
CHINA_ZONE = "CN"

UNION = ("EU", "DE")
"""Regions that make up the EU27."""


class Statement(Protocol):
    """What is read of a claim (see `evidence.claims.Claim`)."""

    @property
    def id(self) -> str: ...
    @property
    def parameter(self) -> str: ...
    @property
    def value(self) -> float | None: ...
    @property
    def period(self) -> str: ...
    @property
    def as_of(self) -> str: ...
    @property
    def counterpart(self) -> str: ...
    @property
    def confidence(self) -> str: ...
    @property
    def known(self) -> date | None: ...


@dataclass(frozen=True)
class Observation:
    """One dated figure on the scale it is fitted on."""

    name: str
    claim: str
    kind: str
    """``exports`` (ln t), ``price`` (ln USD/kg), ``share`` (logit) or ``stop`` (days since 1970-01-01)."""
    place: str
    first: date
    last: date
    value: float
    """On its own scale: t, share, days."""
    error: float
    """On the fitted scale."""

    @property
    def scaled(self) -> float:
        """The value on the fitted scale."""
        return float(scale(self.kind, np.array(self.value)))


def scale(kind: str, values: Floats) -> Floats:
    """To the scale on which errors are taken to be normal."""
    if kind in LOGARITHMIC:
        return np.asarray(np.log(np.maximum(values, 1.0)))
    if kind == "share":
        inside = np.clip(values, 0.005, 0.995)
        return np.asarray(np.log(inside / (1.0 - inside)))
    return np.asarray(values)


def unscale(kind: str, values: Floats) -> Floats:
    """Back from the fitted scale."""
    if kind in LOGARITHMIC:
        return np.asarray(np.exp(values))
    return np.asarray(1.0 / (1.0 + np.exp(-values))) if kind == "share" else np.asarray(values)


def best(claims: Iterable[Statement]) -> dict[str, Statement]:
    """Of the claims with a value the one of the best confidence by parameter, the first of equals."""
    found: dict[str, Statement] = {}
    for claim in claims:
        if claim.parameter and claim.value is not None:
            kept = found.get(claim.parameter)
            if kept is None or claim.confidence < kept.confidence:  # A before B before C
                found[claim.parameter] = claim
    return found


def gather(claims: Iterable[Statement], names: Iterable[str], until: date) -> tuple[Observation, ...]:
    """The named observations.

    Raises:
        UnknownName: no claim of that name.
        BadValue: one of them is about a day after `until`, on which nothing may be fitted.
    """
    found = best(claims)
    made = []
    for name in names:
        if name not in found:
            raise UnknownName(name, known=found, what="observation", place="fit.observations")
        observation = read(found[name])
        if observation.last > until:
            raise BadValue(
                f"{name} is about {observation.last}, after {until}",
                place="fit.observations",
                remedy="leave it out: what is to be predicted may not be fitted on",
            )
        made.append(observation)
    return tuple(made)


def read(claim: Statement) -> Observation:
    """A claim as an observation. Raises BadValue for one the model has no counterpart of."""
    parts = claim.parameter.split(":")
    value = float(claim.value or 0.0)
    if parts[:3] == ["trade", "export", "CN"] and parts[4] == "magnets":
        period = parse_period(parts[5])
        return Observation(
            claim.parameter, claim.id, "exports", parts[3], period.start, period.end, value, EXPORT_ERROR
        )
    if parts[0] == "price" and parts[1].endswith(" oxide") and parts[2] == ABROAD:
        period = parse_period(parts[3])
        material = f"oxide.{parts[1].removesuffix(' oxide')}"
        return Observation(claim.parameter, claim.id, "price", material, period.start, period.end, value, PRICE_ERROR)
    if parts[0] == "licence":
        period = parse_period(claim.as_of or claim.period)
        if parts[1].endswith("share"):
            return Observation(
                claim.parameter, claim.id, "share", claim.counterpart, period.start, period.end, value, SHARE_ERROR
            )
        if parts[1].endswith("stop"):
            middle = period.start + (period.end - period.start) / 2
            day = float((middle - EPOCH).days)
            return Observation(
                claim.parameter, claim.id, "stop", claim.counterpart, period.start, period.end, day, STOP_ERROR
            )
    raise BadValue(
        f"{claim.parameter} has no counterpart in the model",
        place="fit.observations",
        remedy="name monthly magnet exports, approval shares, stoppages or oxide prices CIF Europe",
    )


def predicted(
    observations: Iterable[Observation],
    series: Mapping[str, NDArray[np.float32]],
    labels: Mapping[str, tuple[str, ...]],
    grid: Grid,
) -> Floats:
    """What the model says of each observation, on the fitted scale (observation, draw); `series` is by step."""
    rows = {"exports": _exports, "share": _share, "stop": _stop, "price": _price}
    return np.stack([scale(o.kind, rows[o.kind](o, series, labels, grid)) for o in observations])


def inside(place: str, region: str) -> bool:
    """Whether a region of the network belongs to a place of a claim (the EU includes its members named apart)."""
    return place in ("WLD", "") or place == region or (place == "EU" and region in UNION)


def _exports(
    o: Observation, series: Mapping[str, NDArray[np.float32]], labels: Mapping[str, tuple[str, ...]], grid: Grid
) -> Floats:
    return month_exports(o.place, series["exports"], labels["exports"], grid)[f"{o.first:%Y-%m}"]


def month_exports(place: str, exports: NDArray[np.float32], labels: tuple[str, ...], grid: Grid) -> dict[str, Floats]:
    """Magnets to a place by month, t (draw,) each, from exports by step (row, step, draw)."""
    split = [label.split("|") for label in labels]
    rows = [k for k, (region, material) in enumerate(split) if material.startswith("magnet.") and inside(place, region)]
    total = exports[rows].sum(axis=0).astype(float)
    months = calendar(grid, "month")
    return dict(zip(months.labels, months.share.T @ total, strict=True))


def _share(
    o: Observation, series: Mapping[str, NDArray[np.float32]], labels: Mapping[str, tuple[str, ...]], grid: Grid
) -> Floats:
    rows = [k for k, region in enumerate(labels["applied"]) if inside(o.place, region)]
    upto = grid.ordinals() + grid.days / 2.0 <= (o.last - EPOCH).days
    applied = series["applied"][rows][:, upto].sum(axis=(0, 1)).astype(float)
    granted = series["granted"][rows][:, upto].sum(axis=(0, 1)).astype(float)
    return np.divide(granted, applied, out=np.zeros_like(granted), where=applied > 0)


def _stop(
    o: Observation, series: Mapping[str, NDArray[np.float32]], labels: Mapping[str, tuple[str, ...]], grid: Grid
) -> Floats:
    rows = [
        k
        for k, group in enumerate(labels["demand"])
        if group.startswith("car.") and inside(o.place, group.rsplit(".", 1)[1])
    ]
    wanted = series["demand"][rows].sum(axis=0).astype(float)
    built = series["output"][rows].sum(axis=0).astype(float)
    short = np.divide(built, wanted, out=np.ones_like(built), where=wanted > 0) < SHORT
    days = grid.ordinals()
    never = days[-1] + 30.0
    return np.where(short.any(axis=0), days[np.argmax(short, axis=0)], never)


def _price(
    o: Observation, series: Mapping[str, NDArray[np.float32]], labels: Mapping[str, tuple[str, ...]], grid: Grid
) -> Floats:
    row = next(
        k
        for k, label in enumerate(labels["prices"])
        if label.split("|")[0] == o.place and label.split("|")[1] != CHINA_ZONE
    )
    step = int(np.clip(((o.last - EPOCH).days - grid.ordinals()[0]) // grid.days, 0, grid.steps - 1))
    return np.asarray(series["prices"][row, step], dtype=float)
