"""Home to the ground findings stand on: a run with the world it ran on, the claims behind it and its hindcast."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ytterby.evidence.claims import Claim
from ytterby.evidence.naming import is_read
from ytterby.findings import wording
from ytterby.run import fits, losses, metrics
from ytterby.run.draws import Parameter, draw
from ytterby.run.fits import Fitted
from ytterby.run.losses import Cost
from ytterby.run.record import Run
from ytterby.terms.elements import RECORDS
from ytterby.terms.errors import BadValue
from ytterby.world.families import family
from ytterby.world.network import Network

if TYPE_CHECKING:
    from ytterby.run.hindcast import Hindcast

Floats = NDArray[np.float64]
Key = tuple[str, str]
"""(family, region)."""

TURNS = ("throughput", "requisition", "refuse_destination", "tech_control")
"""Events with which a scenario parts from things as they stand."""
MOST_CITED = 6
WIDE, NARROW = 720.0, 360.0
"""Widths, px, that every figure is laid out for."""


@dataclass(frozen=True)
class Ground:
    """Everything a finding may be drawn from; nothing here is computed twice."""

    run: Run
    claims: tuple[Claim, ...]
    world: Network | None
    hindcast: Hindcast | None = None
    hindcast_run: Run | None = None
    fitted: Fitted | None = None
    bare: bool = True
    """Whether figures leave their title to the page."""

    @property
    def network(self) -> Network:
        """The world the run ran on. Raises BadValue where none was given."""
        if self.world is None:
            raise BadValue(
                "a finding needs the world of the run", place=f"run {self.run.id}", remedy="give its network"
            )
        return self.world

    # the scenario

    @cached_property
    def plan(self) -> Mapping[str, Any]:
        """The scenario as it was run."""
        return dict(self.run.info["scenario_document"])

    @cached_property
    def start(self) -> date:
        """First day of the run."""
        return date.fromisoformat(self.run.info["start"])

    @cached_property
    def end(self) -> date:
        """Last day of the run."""
        return self.start + timedelta(days=self.run.steps * float(self.run.info["step_days"]) - 1)

    @cached_property
    def controls(self) -> date | None:
        """First day of the licences, None where the run has none."""
        day = self.run.info.get("controls_from")
        found = date.fromisoformat(day) if day else None
        return found if found and found <= self.end else None

    @cached_property
    def turn(self) -> date | None:
        """The day on which the scenario parts from things as they stand, None where it does not."""
        days = [date.fromisoformat(e["date"]) for e in self.plan["events"] if e["kind"] in TURNS]
        later = [d for d in days if (self.controls or self.start) < d <= self.end]
        return min(later) if later else None

    @property
    def offset(self) -> float:
        """Days from the run's start to the licences, 0 without them."""
        return float((self.controls - self.start).days) if self.controls else 0.0

    def day(self, offset: float) -> date:
        """The day `offset` days after the run's start."""
        return self.start + timedelta(days=float(offset))

    def told(self, offset: float, beside: int | None = None) -> str:
        """A day after the start in words, also one that never comes."""
        return wording.day(self.day(offset), beside) if np.isfinite(offset) else wording.NEVER

    # periods

    @cached_property
    def periods(self) -> tuple[str, ...]:
        """Labels of the periods the run covers whole."""
        return tuple(p for p, whole in zip(self.run.info["periods"], self.run.info["complete"], strict=True) if whole)

    @cached_property
    def _whole(self) -> NDArray[np.int64]:
        return np.flatnonzero(np.array(self.run.info["complete"], dtype=bool))

    def series(self, name: str) -> Floats:
        """A series over the whole periods (row, period, draw)."""
        return self.run.array(name)[:, self._whole].astype(float)

    @cached_property
    def years(self) -> tuple[int, ...]:
        """Years of which the run covers every period."""
        per = {"month": 12, "quarter": 4, "year": 1}[self.run.info["freq"]]
        counted: dict[int, int] = defaultdict(int)
        for label in self.periods:
            counted[int(label[:4])] += 1
        return tuple(year for year, count in counted.items() if count == per)

    def by_year(self, values: Floats) -> Floats:
        """Sums over the whole years, from (..., period, draw) to (..., year, draw)."""
        picks = [[k for k, label in enumerate(self.periods) if int(label[:4]) == year] for year in self.years]
        if not picks:
            return np.zeros((*values.shape[:-2], 0, values.shape[-1]))
        return np.stack([values[..., pick, :].sum(axis=-2) for pick in picks], axis=-2)

    # products

    @cached_property
    def demand(self) -> Floats:
        """What makers wanted to build, in units of the product (group, period, draw)."""
        return self.series("demand")

    @cached_property
    def output(self) -> Floats:
        """What they built, same axes."""
        return self.series("output")

    def contained(self, symbols: Iterable[str]) -> Floats:
        """Tonnes of the named elements in a unit of each group's product (group,)."""
        return np.array([sum(g["elements"].get(s, 0.0) for s in symbols) for g in self.run.info["groups"]], dtype=float)

    @cached_property
    def worth(self) -> Floats:
        """USD of rare earths in a unit of each group's product, at China's oxide prices at first (group,)."""
        prices = dict(zip(self.run.labels("prices"), np.median(self.run.array("prices")[:, 0], axis=1), strict=True))
        dollars = {s: 1e3 * float(prices.get(f"oxide.{s}|CN", 0.0)) / RECORDS[s].metal_in_oxide for s in RECORDS}
        return np.array([sum(t * dollars[e] for e, t in g["elements"].items()) for g in self.run.info["groups"]])

    @cached_property
    def families(self) -> dict[Key, NDArray[np.int64]]:
        """Rows of each family of products in each region."""
        rows: dict[Key, list[int]] = defaultdict(list)
        for row, group in enumerate(self.run.info["groups"]):
            rows[family(group["product"]), group["region"]].append(row)
        return {key: np.array(found) for key, found in rows.items()}

    @cached_property
    def _first(self) -> dict[str, Floats]:
        return {name: self.run.array(name).astype(float) for name in ("first_slow", "first_half", "days_slow")}

    def first(self, key: Key, name: str = "first_slow") -> Floats:
        """Days from the start until the first lines of a family slow (``first_half``: half of them stop), (draw,)."""
        return np.asarray(self._first[name][self.families[key]].min(axis=0))

    def slow_days(self, key: Key) -> Floats:
        """Days a family's lines run slow, those of its product with the most (draw,)."""
        return np.asarray(self._first["days_slow"][self.families[key]].max(axis=0))

    def missed(self, key: Key, since: date | None = None) -> tuple[Floats, Floats]:
        """Share of what was wanted and not built, and the rare earths in it, USD, from `since` on, both (draw,)."""
        rows = self.families[key]
        at = [k for k, first in enumerate(self.starts) if since is None or first >= since]
        weight = self.worth[rows][:, None]
        wanted = (self.demand[rows][:, at].sum(axis=1) * weight).sum(axis=0)
        built = (self.output[rows][:, at].sum(axis=1) * weight).sum(axis=0)
        lost = np.maximum(wanted - built, 0.0)
        return np.divide(lost, wanted, out=np.zeros_like(lost), where=wanted > 0), lost

    @cached_property
    def starts(self) -> tuple[date, ...]:
        """First day of each whole period."""
        return tuple(date.fromisoformat(self.run.info["period_starts"][k]) for k in self._whole)

    # parameters

    @cached_property
    def parameters(self) -> dict[str, Parameter]:
        """The uncertain numbers of the run by name; empty where an old record does not keep them."""
        kept = self.run.info.get("parameters")
        return {p["name"]: _parameter(p) for p in kept} if isinstance(kept, list) else {}

    @cached_property
    def drawn(self) -> dict[str, Floats]:
        """What every parameter was in every draw, drawn again by name (draw,)."""
        values = draw(self.parameters.values(), int(self.run.info["seed"]), self.run.draws)
        if not self.run.info.get("fit"):
            return values
        if self.fitted is None or self.fitted.hash != self.run.info["fit"]:
            told = {str(n) for n in (self.run.info.get("fit_about") or {}).get("names", ())}
            return {n: v for n, v in values.items() if n not in told and not n.startswith("licensing:")}
        return values | fits.values(self.fitted, self.parameters.values(), self.run.draws)

    # the economy

    @cached_property
    def cost(self) -> Cost | None:
        """What the run costs by the newest economy it was followed into; None where it was followed into none."""
        return losses.newest(self.run)

    # claims

    @cached_property
    def by_parameter(self) -> dict[str, list[Claim]]:
        """Accepted claims by the parameter they are weighed under; read ones only where no table row speaks.

        Read claims keep the unit they were written in, and a figure that a table has too is not told twice.
        """
        found: dict[str, list[Claim]] = defaultdict(list)
        accepted = [claim for claim in self.claims if claim.parameter and claim.status == "accepted"]
        for claim in sorted(accepted, key=is_read):
            if not is_read(claim) or not any(not is_read(one) for one in found[claim.parameter]):
                found[claim.parameter].append(claim)
        return found

    @cached_property
    def by_id(self) -> dict[str, Claim]:
        """Claims by their id."""
        return {claim.id: claim for claim in self.claims}

    def claim(self, parameter: str) -> Claim | None:
        """The first claim under a name that has a figure."""
        return next((c for c in self.by_parameter.get(parameter, ()) if c.value is not None), None)

    def starting(self, prefix: str) -> list[Claim]:
        """Claims whose parameter begins so, in order of their name."""
        names = sorted(name for name in self.by_parameter if name.startswith(prefix))
        return [claim for name in names for claim in self.by_parameter[name]]

    def cite(self, claims: Iterable[Claim]) -> tuple[str, ...]:
        """Short titles of the sources of some claims, the most used first."""
        counted: dict[str, int] = defaultdict(int)
        for claim in claims:
            if claim.source.publisher or claim.source.title:
                counted[title(claim)] += 1
        ranked = sorted(counted, key=lambda t: (-counted[t], t))
        more = len(ranked) - MOST_CITED
        return (*ranked[:MOST_CITED], f"{more} more in the list of sources") if more > 0 else tuple(ranked)

    @property
    def by_itself(self) -> str:
        """What a section cites that only shows the run."""
        return f"computed: run {self.run.id}"


def title(claim: Claim) -> str:
    """A source in a few words."""
    year = f" ({claim.source.year})" if claim.source.year else ""
    words = ", ".join(w for w in (claim.source.publisher, claim.source.title) if w)
    return f"{words}{year}"


def points(values: Floats) -> dict[str, float]:
    """5, 25, 50, 75 and 95 % points over the draws; infinite where that share never gets there."""
    return metrics.quantiles(values)


def both(draw: Callable[[float], str]) -> tuple[str, str]:
    """A figure as it stands on a desk and on a phone."""
    return draw(WIDE), draw(NARROW)


def fan_rows(periods: Sequence[str], values: Floats) -> list[dict[str, Any]]:
    """Rows of a fan from (period, draw)."""
    return [{"period": label, **points(values[k])} for k, label in enumerate(periods)]


def _parameter(kept: Mapping[str, Any]) -> Parameter:
    return Parameter(
        str(kept["name"]),
        float(kept["median"]),
        float(kept["low"]),
        float(kept["high"]),
        str(kept.get("unit", "")),
        str(kept["kind"]),
        bool(kept.get("assumed")),
        tuple((str(name), float(weight)) for name, weight in kept.get("claims", ())),
    )
