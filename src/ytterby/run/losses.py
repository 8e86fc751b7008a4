"""Home to losses: what a kept run costs by sector and country, read from the economy that was followed beside it.

Reading wakes no jax. Value is value added. *Direct* is the value added of the capacity that stood still with the lines,
*indirect* all beyond it: suppliers without orders, customers without parts, less what others made up for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ytterby.run import record
from ytterby.run.metrics import comparable, quantiles
from ytterby.run.record import Run
from ytterby.terms.errors import BadValue, InputError

Floats = NDArray[np.float64]
FOLDER = "economy"
WORLD, ALL = "WLD", "all"
STOCKS = ("inventory_days", "restoration_days")
POINTS = ("p05", "median", "p95")
KINDS = ("lost", "direct", "indirect")
STANDS = 1e-3
"""Share of an industry's value added below which it counts as untouched."""
FALLS = 0.01
"""Share of normal output by which it must have fallen while the lines came back for a runaway."""


def kept(run: Run) -> list[dict[str, Any]]:
    """The economies that were followed from a run, newest first: id, created, draws, path."""
    folder = run.path / FOLDER
    return record.listing(folder) if folder.is_dir() else []


def opened(run: Run, name: str = "latest") -> Run:
    """The economy of a run by its id, or the newest.

    Raises:
        InputError: none was followed yet.
    """
    if not kept(run):
        info = run.info
        raise InputError(
            "this run was not followed into the economy yet",
            place=f"run {run.id}",
            remedy=f"ytterby run {run.scenario} --draws {run.draws} --seed {info['seed']} --economy",
        )
    return record.load(run.path / FOLDER, name)


@dataclass(frozen=True, slots=True, eq=False)
class Cost:
    """What a run costs over its whole time, as one economy says it."""

    made: Run
    rows: tuple[Mapping[str, Any], ...]
    """Those of `rows` over the whole run."""
    runaway: float
    """Share of draws in which output falls on while the lines come back."""
    crashed: float
    """Share of draws in which stocks would have gone negative."""

    @property
    def world(self) -> Mapping[str, Any]:
        """All regions and sectors together."""
        return next(row for row in self.rows if (row["region"], row["sector"]) == (WORLD, ALL))

    @property
    def countries(self) -> tuple[Mapping[str, Any], ...]:
        """Each region with all its sectors, the largest loss first."""
        return _ranked(row for row in self.rows if row["region"] != WORLD and row["sector"] == ALL)

    @property
    def sectors(self) -> tuple[Mapping[str, Any], ...]:
        """Each sector in all regions, the largest loss first."""
        return _ranked(row for row in self.rows if row["region"] == WORLD and row["sector"] != ALL)

    @property
    def industries(self) -> tuple[Mapping[str, Any], ...]:
        """Each sector of each region that loses, the largest loss first."""
        return _ranked(row for row in self.rows if row["region"] != WORLD and row["sector"] != ALL)

    @property
    def own(self) -> str | None:
        """Name of the table where it is a user's own, empty where an older record keeps none; None: the estimated."""
        return str(self.made.info.get("table_name") or "") if self.made.info["own_table"] else None

    def plain(self) -> dict[str, Any]:
        """All of it for a machine."""
        return {
            "economy": self.made.id,
            "path": self.made.path,
            "assumed": bool(self.made.info["assumed"]),
            "own_table": self.own,
            "runaway": self.runaway,
            "crashed": self.crashed,
            "rows": list(self.rows),
        }


def cost(economy: Run) -> Cost:
    """What the run costs that this economy goes on from."""
    whole = tuple(row for row in rows(economy) if row["period"] == ALL)
    return Cost(economy, whole, float(runaways(economy).mean()), crashed(economy))


def newest(run: Run) -> Cost | None:
    """What a run costs by the newest economy that it was followed into; None where it was followed into none."""
    return cost(opened(run)) if kept(run) else None


def _ranked(found: Iterable[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    return tuple(sorted(found, key=lambda row: -float(row["lost_median"])))


def rows(economy: Run, against: Run | None = None) -> list[dict[str, Any]]:
    """What is lost: over the whole run by region and sector, and by period for each region and the world.

    Returns:
        ``period`` (``all`` or a label), ``region`` (``WLD``: all), ``sector`` (``all``: together), ``lost_p05``,
        ``lost_median``, ``lost_p95``, the same of ``direct`` and ``indirect`` (which do not add up: each is a
        quantile of its own), ``share_median`` of the value added of that time, ``unit``, ``assumed``. Industries that
        lose less than a thousandth at 5 and at 95 % are left out.

    Raises:
        BadValue: the two were not drawn alike, or are of two tables.
    """
    amounts = _amounts(economy)
    if against is not None:
        comparable(economy, against)
        if economy.info["table"] != against.info["table"]:
            raise BadValue(
                "the runs were followed into different tables",
                place=f"{economy.id} against {against.id}",
                remedy="follow both with the same --economy-table",
            )
        other = _amounts(against)
        amounts = {kind: values - other[kind] for kind, values in amounts.items()}
    regions, sectors = list(economy.info["regions"]), list(economy.info["sectors"])
    shape = (len(regions), len(sectors))
    by = {kind: values.reshape(*shape, *values.shape[1:]) for kind, values in amounts.items()}
    normal = _normal(economy).reshape(shape)
    days = _days(economy)
    head = {"unit": economy.info["unit"], "assumed": bool(economy.info["assumed"])}
    whole = {kind: values.sum(axis=2) for kind, values in by.items()}
    found = _split(ALL, whole, normal, regions, sectors, head)
    for k, label in enumerate(economy.info["periods"]):
        part = {kind: values[:, :, k] for kind, values in by.items()}
        found += _totals(label, part, normal * days[k], regions, head)
    return found


def _totals(
    period: str, part: Mapping[str, Floats], normal: Floats, regions: Sequence[str], head: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The world and each region; `part` (region, sector, draw), `normal` (region, sector)."""
    told = [_row(period, WORLD, ALL, {k: v.sum(axis=(0, 1)) for k, v in part.items()}, normal.sum(), head)]
    for r, region in enumerate(regions):
        told.append(_row(period, region, ALL, {k: v[r].sum(axis=0) for k, v in part.items()}, normal[r].sum(), head))
    return told


def _split(
    period: str,
    part: Mapping[str, Floats],
    normal: Floats,
    regions: Sequence[str],
    sectors: Sequence[str],
    head: Mapping[str, Any],
) -> list[dict[str, Any]]:
    """The same, and by sector."""
    found = _totals(period, part, normal, regions, head)
    for s, sector in enumerate(sectors):
        together = {k: v[:, s].sum(axis=0) for k, v in part.items()}
        found.append(_row(period, WORLD, sector, together, normal[:, s].sum(), head))
    for r, region in enumerate(regions):
        for s, sector in enumerate(sectors):
            row = _row(period, region, sector, {k: v[r, s] for k, v in part.items()}, normal[r, s], head)
            if max(abs(row["lost_p05"]), abs(row["lost_p95"])) > STANDS * normal[r, s]:
                found.append(row)
    return found


def _row(
    period: str, region: str, sector: str, part: Mapping[str, Floats], normal: float, head: Mapping[str, Any]
) -> dict[str, Any]:
    row: dict[str, Any] = {"period": period, "region": region, "sector": sector}
    for kind in KINDS:
        at = quantiles(part[kind])
        row |= {f"{kind}_{point}": at[point] for point in POINTS}
    row["share_median"] = row["lost_median"] / float(normal) if normal > 0.0 else 0.0
    return row | dict(head)


def runaways(economy: Run) -> NDArray[np.bool_]:
    """(draw,) whether the world's output falls on by more than a hundredth while the lines come back.

    Counted from the last period in which at least half of what stood still at the worst did.
    """
    struck = economy.array("struck").sum(axis=0)
    made = economy.array("output").sum(axis=0) / np.maximum(economy.array("demand").sum(axis=0), 1e-30)
    last = struck.shape[0] - 1
    bad = (struck >= 0.5 * struck.max(axis=0)) & (struck > 0.0)
    over = np.where(bad.any(axis=0), last - np.argmax(bad[::-1], axis=0), last)
    return np.asarray((over < last) & (made[-1] < made[over, np.arange(made.shape[1])] - FALLS))


def crashed(economy: Run) -> float:
    """Share of draws in which stocks would have gone negative; their output counts as lost from there on."""
    return float((economy.array("crashed")[0, -1] > 0.0).mean())


def _amounts(economy: Run) -> dict[str, Floats]:
    """(industry, period, draw) of each kind."""
    lost, direct = economy.array("value_lost").astype(np.float64), economy.array("struck").astype(np.float64)
    return {"lost": lost, "direct": direct, "indirect": lost - direct}


def _normal(economy: Run) -> Floats:
    """(industry,) value added over the run, were nothing lost."""
    return np.array(economy.info["value_added"], dtype=np.float64)


def _days(economy: Run) -> Floats:
    """(period,) share of the run's time that each period takes."""
    usual = economy.array("demand").sum(axis=(0, 2)).astype(np.float64)
    return np.asarray(usual / usual.sum())
