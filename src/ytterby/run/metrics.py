"""Home to metrics: named reductions of a run's draws to rows that people read.

Every quantile is taken over the draws' own values of the metric, never from a median path. Against a second run the
difference is taken draw by draw (both have common random numbers) before the quantiles are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ytterby.run.record import Run
from ytterby.terms.errors import BadValue, UnknownName

QUANTILES = {"p05": 5.0, "p25": 25.0, "median": 50.0, "p75": 75.0, "p95": 95.0}
Floats = NDArray[np.floating[Any]]
ECONOMY = "economy"
"""The metric that is read from beside the run; see `losses`."""

Rows = list[dict[str, Any]]


def rows(run: Run, metric: str, against: Run | None = None) -> Rows:
    """Rows of one metric of a run, or of its difference to another, draw by draw.

    Raises:
        UnknownName: no such metric.
        BadValue: the two runs do not have the same draws, seed or periods.
    """
    if metric not in METRICS:
        raise UnknownName(metric, known=(*METRICS, ECONOMY), what="metric")
    if against is not None:
        comparable(run, against)
    return METRICS[metric](run, against)


def quantiles(values: Floats) -> dict[str, float]:
    """5, 25, 50, 75 and 95 % points over the last axis; infinite where that share of draws never gets there."""
    ordered = np.sort(np.asarray(values, dtype=float))
    at = {
        name: int(np.clip(np.ceil(q / 100.0 * len(ordered)) - 1, 0, len(ordered) - 1)) for name, q in QUANTILES.items()
    }
    return {name: float(ordered[k]) for name, k in at.items()}


def comparable(run: Run, other: Run) -> None:
    """Raises BadValue where the two were not drawn alike, or do not cover the same time."""
    for key, what in (("draws", "draws"), ("seed", "seed"), ("periods", "periods")):
        if run.info[key] != other.info[key]:
            raise BadValue(
                f"the runs differ in {what}: {_short(run.info[key])} and {_short(other.info[key])}",
                place=f"{run.id} against {other.id}",
                remedy=f"run both with the same {what}: only then is a difference free of chance",
            )


def _short(value: Any) -> str:
    return f"{value[0]} to {value[-1]}" if isinstance(value, list) else str(value)


def difference(run: Run, against: Run | None, series: str) -> NDArray[np.float32]:
    """A series of the run, less that of the other where one is given, rows matched by label."""
    values = run.array(series)
    if against is None:
        return values
    theirs = dict(zip(against.labels(series), against.array(series), strict=True))
    nothing = np.zeros_like(values[0])
    return np.stack([mine - theirs.get(label, nothing) for label, mine in zip(run.labels(series), values, strict=True)])


def _exports(run: Run, against: Run | None) -> Rows:
    """Shipments that left China: by destination and material, all magnets together, and the world."""
    values = difference(run, against, "exports")
    labels = [label.split("|") for label in run.labels("exports")]
    regions = list(dict.fromkeys(region for region, _ in labels))
    materials = list(dict.fromkeys(material for _, material in labels))
    bundles = {"magnets": [m for m in materials if m.startswith("magnet.")]} | {m: [m] for m in materials}
    out = []
    for destination in ("WLD", *regions):
        for material, members in bundles.items():
            pick = [k for k, (r, m) in enumerate(labels) if m in members and destination in ("WLD", r)]
            if pick:
                total = values[pick].sum(axis=0)
                head = {"origin": "CN", "destination": destination, "material": material}
                out += _by_period(run, total, head, "t")
    return out


def _by_period(run: Run, values: Floats, head: dict[str, Any], unit: str) -> Rows:
    complete = run.info["complete"]
    return [
        {"period": period, **head, **quantiles(values[k]), "unit": unit, "complete": complete[k]}
        for k, period in enumerate(run.info["periods"])
    ]


def _groups(run: Run) -> Iterable[tuple[int, dict[str, Any]]]:
    for row, group in enumerate(run.info["groups"]):
        yield row, {key: group[key] for key in ("product", "region", "military", "unit")}


def _shortage(run: Run, against: Run | None) -> Rows:
    """What was wanted and not built, by product and country: share of demand and amount, by period."""

    def short(one: Run) -> tuple[Floats, Floats]:
        wanted, built = one.array("demand").astype(float), one.array("output").astype(float)
        missing = np.maximum(wanted - built, 0.0)
        return missing, np.divide(missing, wanted, out=np.zeros_like(missing), where=wanted > 0)

    amount, share = short(run)
    if against is not None:
        theirs = short(against)
        amount, share = amount - theirs[0], share - theirs[1]
    out = []
    for row, head in _groups(run):
        for k, period in enumerate(run.info["periods"]):
            points = quantiles(amount[row, k])
            out.append({"period": period, **head, **points, "share": quantiles(share[row, k])["median"]})
    return out


def _line_stops(run: Run, against: Run | None) -> Rows:
    """Day on which a product's lines first slow (below 95 %) and half stop (50 %), how sure, how long, what is lost."""
    start = date.fromisoformat(run.info["start"])
    out = []
    arrays = {
        key: run.array(key).astype(float)
        for key in ("first_slow", "first_half", "days_slow", "days_half", "recovered", "missed")
    }
    theirs = None if against is None else {key: against.array(key).astype(float) for key in arrays}
    controls = run.info.get("controls_from")
    offset = (date.fromisoformat(controls) - start).days if controls else 0
    for row, head in _groups(run):
        mine = {key: values[row] for key, values in arrays.items()}
        other = None if theirs is None else {key: values[row] for key, values in theirs.items()}
        slows, stops = (float(np.mean(np.isfinite(mine[key]))) for key in ("first_slow", "first_half"))
        entry: dict[str, Any] = {**head, "slows": slows, "stops": stops}
        for name, key in (("first_slow", "first_slow"), ("first_stop", "first_half")):
            entry |= {f"{name}_{q}": _day(start, v) for q, v in _points(mine[key]).items()}
        entry |= {f"days_to_slow_{q}": _finite(v - offset) for q, v in _points(mine["first_slow"]).items()}
        for name in ("days_slow", "days_half", "recovered", "missed"):
            values = mine[name] if other is None else _moved(mine[name], other[name])
            entry |= {f"{name}_{q}": _finite(v) for q, v in _points(values).items()}
        if other is not None:
            both = np.isfinite(mine["first_slow"]) & np.isfinite(other["first_slow"])
            moved = mine["first_slow"][both] - other["first_slow"][both]
            entry["moved_days_median"] = float(np.median(moved)) if both.any() else None
        out.append(entry)
    return out


def _points(values: Floats) -> dict[str, float]:
    """5, 50 and 95 % points."""
    found = quantiles(values)
    return {name: found[name] for name in ("p05", "median", "p95")}


def _moved(mine: Floats, other: Floats) -> Floats:
    """Difference draw by draw; where neither ever gets there, they do not differ."""
    same = np.isinf(mine) & np.isinf(other)
    return np.where(same, 0.0, np.where(same, 0.0, mine) - np.where(same, 0.0, other))


def _day(start: date, offset: float) -> str | None:
    return (start + timedelta(days=float(offset))).isoformat() if np.isfinite(offset) else None


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _prices(run: Run, against: Run | None) -> Rows:
    """Prices by material and zone."""
    return _two_part(run, against, "prices", ("material", "zone"), "USD/kg")


def _stocks(run: Run, against: Run | None) -> Rows:
    """Stocks at plants and makers by material and zone, and days of cover by product and country."""
    out = _two_part(run, against, "stocks", ("material", "zone"), "t")
    cover = difference(run, against, "cover")
    for row, head in _groups(run):
        out += _by_period(run, cover[row], {"material": f"cover:{head['product']}", "zone": head["region"]}, "day")
    return out


def _two_part(run: Run, against: Run | None, series: str, names: tuple[str, str], unit: str) -> Rows:
    values = difference(run, against, series)
    out = []
    for label, part in zip(run.labels(series), values, strict=True):
        out += _by_period(run, part, dict(zip(names, label.split("|"), strict=True)), unit)
    return out


def _licences(run: Run, against: Run | None) -> Rows:
    """Applied for, granted, refused, under review, waiting, diverted, by destination; and the share granted so far."""
    out = []
    for series in ("applied", "granted", "refused", "review", "waiting", "diverted"):
        values = difference(run, against, series)
        for region, part in zip(run.labels(series), values, strict=True):
            if np.any(part):
                out += _by_period(run, part, {"what": series, "destination": region}, "t")
    if against is None:
        applied = run.array("applied").sum(axis=0).astype(float).cumsum(axis=0)
        granted = run.array("granted").sum(axis=0).astype(float).cumsum(axis=0)
        share = np.divide(granted, applied, out=np.zeros_like(granted), where=applied > 0)
        out += _by_period(run, share, {"what": "granted of applied so far", "destination": "WLD"}, "share")
    return out


def _balance(run: Run, against: Run | None) -> Rows:
    """Element balance: mined, lost, discarded, put through, and what is not explained as a share of that."""
    out = []
    for series in ("mined", "lost", "discarded", "flow"):
        for element, part in zip(run.labels(series), difference(run, against, series), strict=True):
            if np.any(part):
                out += _by_period(run, part, {"element": element, "what": series}, "t")
    if against is None:
        for element, part, flow in zip(run.labels("residual"), run.array("residual"), run.array("flow"), strict=True):
            if np.any(flow):
                worst = float(np.max(np.abs(part) / np.maximum(flow, 1e-30)))
                out.append(
                    {
                        "period": "all",
                        "element": element,
                        "what": "unexplained",
                        "worst": worst,
                        "unit": "share of flow",
                    }
                )
    return out


METRICS: dict[str, Callable[[Run, Run | None], Rows]] = {
    "exports": _exports,
    "shortage": _shortage,
    "line-stops": _line_stops,
    "prices": _prices,
    "stocks": _stocks,
    "balance": _balance,
    "licences": _licences,
}
"""Metric → how its rows are made; what `ytterby show` offers."""
