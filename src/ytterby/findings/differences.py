"""Home to differences: what two runs do not say alike, draw by draw where they share their draws, and
whether it is more than chance.

Runs with the same seed and as many draws have common random numbers: an input of both takes the same value in the same
draw, so the difference of an outcome in one draw is due to what was changed. Others are compared as two samples.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ytterby.findings.exports import magnets
from ytterby.findings.ground import Floats, Ground, Key, points

SURE = 3.0
"""Standard errors of the mean beyond which a difference stands out from chance."""
FEWEST = 8
"""Draws below which nothing is said to stand out."""
LEAST_DAYS, LEAST_SHARE = 1.0, 0.001
"""Differences of the mean too small to be told, in days and as a share."""

What = Literal["first_slow", "days_slow", "missed", "exports", "price"]


@dataclass(frozen=True)
class Difference:
    """One outcome in two runs."""

    what: What
    key: Key
    """(family, region) of lines; (place, period) of exports; (material, zone) of prices."""
    before: dict[str, float]
    """5, 25, 50, 75 and 95 % points of the first run; infinite where that share of draws never gets there."""
    after: dict[str, float]
    moved: dict[str, float]
    """Points of after less before: draw by draw, else of the two samples' medians with the band of their means."""
    mean: float
    """Mean difference; what never comes counts as the end of the run."""
    error: float
    """Its standard error."""
    paired: bool

    @property
    def stands_out(self) -> bool:
        """Whether the difference is more than chance."""
        return abs(self.mean) > SURE * self.error and abs(self.mean) > _least(self.what)

    @property
    def weight(self) -> float:
        """By how many standard errors it stands out: what is told first."""
        return abs(self.mean) / max(self.error, 1e-12)


def _least(what: What) -> float:
    return {"first_slow": LEAST_DAYS, "days_slow": LEAST_DAYS, "missed": LEAST_SHARE}.get(what, 0.0)


def paired(one: Ground, other: Ground) -> bool:
    """Whether the two runs share their draws."""
    return all(one.run.info[name] == other.run.info[name] for name in ("seed", "draws"))


def lines(before: Ground, after: Ground) -> list[Difference]:
    """First slow day, days slow (both in days) and share not built of every kind of lines both runs have.

    Runs that end on different days are compared up to the earlier one, and by first days only; runs that begin on
    different days are not compared here.
    """
    if before.start != after.start:
        return []
    found = []
    last = float((min(before.end, after.end) - before.start).days + 1)
    for key in (key for key in before.families if key in after.families):
        for what, values in (
            ("first_slow", [np.where(one.first(key) < last, one.first(key), np.inf) for one in (before, after)]),
            ("days_slow", [one.slow_days(key) for one in (before, after)]),
            ("missed", [one.missed(key)[0] for one in (before, after)]),
        ):
            if what == "first_slow" or before.end == after.end:
                found.append(_difference(what, key, values, [last, last], before, after))  # type: ignore[arg-type]
    return [one for one in found if one is not None]


def exports(before: Ground, after: Ground, place: str = "WLD") -> list[Difference]:
    """Magnets from China by period, t, over the periods both runs cover whole."""
    mine, theirs = magnets(before, place), magnets(after, place)
    both = [period for period in before.periods if period in after.periods]
    at = [(before.periods.index(period), after.periods.index(period), period) for period in both]
    made = (_difference("exports", (place, p), [mine[a], theirs[b]], [0.0, 0.0], before, after) for a, b, p in at)
    return [one for one in made if one is not None]


def prices(before: Ground, after: Ground, materials: Iterable[str] = ("NdPr", "Dy", "Tb", "Y")) -> list[Difference]:
    """Mean price of the oxides over the periods both runs cover, USD/kg, by zone."""
    both = [period for period in before.periods if period in after.periods]
    found = []
    for material in materials:
        for zone in ("CN", "XX"):
            label = f"oxide.{material}|{zone}"
            if both and all(label in one.run.labels("prices") for one in (before, after)):
                values = [
                    one.series("prices")[one.run.labels("prices").index(label)][
                        [one.periods.index(period) for period in both]
                    ].mean(axis=0)
                    for one in (before, after)
                ]
                found.append(_difference("price", (material, zone), values, [0.0, 0.0], before, after))
    return [one for one in found if one is not None]


def _difference(
    what: What, key: Key, values: list[Floats], ends: list[float], before: Ground, after: Ground
) -> Difference | None:
    if not any(np.isfinite(one).any() for one in values):
        return None
    old, new = (np.where(np.isfinite(one), one, end) for one, end in zip(values, ends, strict=True))
    if paired(before, after):
        moved = new - old
        mean, error = float(moved.mean()), float(moved.std(ddof=1) / np.sqrt(moved.size)) if moved.size > 1 else np.inf
        at, together = points(moved), True
    else:
        mean = float(new.mean() - old.mean())
        error = float(np.sqrt(sum(one.var(ddof=1) / one.size if one.size > 1 else np.inf for one in (old, new))))
        middle = points(new)["median"] - points(old)["median"]
        reach = 1.645 * error
        at = {"p05": middle - reach, "p25": middle, "median": middle, "p75": middle, "p95": middle + reach}
        together = False
    if min(old.size, new.size) < FEWEST:
        error = np.inf
    return Difference(what, key, points(values[0]), points(values[1]), at, mean, float(error), together)
