"""Home to laying: shocks of any kind as arrays on the axes of a run, and lists of scenarios as one ensemble."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ytterby.run.ario.shocks import Destruction, Floats, Gate, Loss, Path, Shock, by_draw, lost_by, timing
from ytterby.run.ario.table import Table
from ytterby.terms.errors import BadValue

Rows = NDArray[np.int64]
LINGERS = 1e-6
"""Part of a loss below which it counts as over."""
REBUILT_AFTER = 3.0
"""Rebuilding times after which a destruction counts as over: what is left then is e^-3."""


@dataclass(frozen=True)
class Losses:
    """Losses of one kind; k the industries that any of them touches."""

    rows: Rows
    worst: Floats
    """(event, k, draw) lost at the worst: a share of capacity, or money."""
    part: Floats
    """(step, event, draw) part of it that holds."""
    recovers: Floats
    """(step, event, draw) 1 where it recovers, and the model of reference rounds what is left."""


@dataclass(frozen=True)
class Rebuilding:
    """Destructions that sectors are asked to rebuild."""

    lost: Floats
    """(event, industry, draw) money."""
    sectors: Floats
    """(event, sector) shares."""
    factor: Floats
    """(event,)"""
    begun: Floats
    """(step, event, draw) 1 from the day it happens."""
    pace: Floats
    """(step, event, draw) part of what is left that is asked for in a step; 0 before rebuilding starts."""


@dataclass(frozen=True)
class Gates:
    """Export gates; k the industries that any of them holds."""

    rows: Rows
    where: Floats
    """(gate, k, region) 1 where it stands; never at home."""
    passes: Floats
    """(gate, draw) share let through."""
    shut: Floats
    """(step, gate, draw) 1 while it stands."""


@dataclass(frozen=True)
class Laid:
    """All that befalls an ensemble; a part is None where there is none of its kind."""

    losses: Losses | None
    capital: Losses | None
    rebuilding: Rebuilding | None
    gates: Gates | None
    path_rows: Rows
    path: Floats
    """(step, k, draw) capacity lost by given paths."""
    over: NDArray[np.int64]
    """(draw,) first step from which nothing is lost, missing or gated any more."""


def lay(shocks: Sequence[Shock], table: Table, capital: Floats, steps: int, step_days: int, draws: int) -> Laid:
    """The arrays of a list of shocks.

    Raises:
        UnknownName: an industry, region or sector that the table does not have.
        BadValue, DateOrder: numbers that cannot be.
    """
    day = np.arange(steps, dtype=np.float64) * step_days
    over = np.zeros(draws)
    pick = lambda kind: [s for s in shocks if isinstance(s, kind)]  # noqa: E731
    fading = [s for s in pick(Destruction) if s.rebuilt_by is None]
    rebuilt = [s for s in pick(Destruction) if s.rebuilt_by is not None]
    losses = _losses(pick(Loss), table, capital, day, draws, (1.0 * step_days, 2.0 * step_days))
    faded = _losses(fading, table, capital, day, draws, (0.0, 1.0 * step_days))
    for made in (losses, faded):
        if made is not None:
            # a draw that loses nothing by an event does not wait for it
            holds = (made.part > LINGERS) & (made.worst.max(axis=1) > 0.0)
            over = np.maximum(over, _last(holds.any(axis=1)))
    rebuilding = _rebuilding(rebuilt, table, capital, day, step_days, draws)
    for e, shock in enumerate(rebuilt):
        when = timing(shock, draws)
        lasts = np.asarray(rebuilding.lost if rebuilding else 0.0)[e].max(axis=0) > 0.0
        over = np.maximum(over, np.where(lasts, (when.ends + REBUILT_AFTER * when.tau) / step_days, 0.0))
    gates = _gates(pick(Gate), table, day, draws)
    if gates is not None:
        over = np.maximum(over, _last((gates.shut * (gates.passes < 1.0)).max(axis=1) > 0.0))
    rows, path = _paths(pick(Path), table, steps, draws)
    over = np.maximum(over, _last(path.max(axis=1, initial=0.0) > 0.0))
    return Laid(losses, faded, rebuilding, gates, rows, path, np.minimum(np.ceil(over), steps).astype(np.int64))


def _last(active: NDArray[np.bool_]) -> NDArray[np.int64]:
    """(draw,) step after the last in which (step, draw) is true."""
    steps = active.shape[0]
    return np.where(active.any(axis=0), steps - np.argmax(active[::-1], axis=0), 0)


def _losses(
    shocks: Sequence[Loss | Destruction],
    table: Table,
    capital: Floats,
    day: Floats,
    draws: int,
    late: tuple[float, float],
) -> Losses | None:
    if not shocks:
        return None
    lost = [lost_by(shock, table, capital, draws) for shock in shocks]
    rows = sorted({row for each in lost for row in each})
    worst = np.zeros((len(shocks), len(rows), draws))
    for e, each in enumerate(lost):
        for row, amount in each.items():
            worst[e, rows.index(row)] = amount
    levels = [timing(shock, draws).level(day, *late) for shock in shocks]
    part = np.stack([level for level, _ in levels], axis=1)
    recovers = np.stack([np.broadcast_to(known, part.shape[::2]) for _, known in levels], axis=1)
    return Losses(np.array(rows), worst, part, recovers.astype(np.float64))


def _rebuilding(
    shocks: Sequence[Destruction], table: Table, capital: Floats, day: Floats, step_days: int, draws: int
) -> Rebuilding | None:
    if not shocks:
        return None
    lost = np.zeros((len(shocks), len(table.x), draws))
    sectors = np.zeros((len(shocks), len(table.sectors)))
    begun, pace = [], []
    for e, shock in enumerate(shocks):
        for row, amount in lost_by(shock, table, capital, draws).items():
            lost[e, row] = amount
        sectors[e] = _shares(shock, table)
        when = timing(shock, draws)
        begun.append(np.where(day[:, None] >= when.begins, 1.0, 0.0))
        pace.append(np.where(day[:, None] >= when.ends, step_days / when.tau, 0.0))
    factor = np.array([_factor(shock) for shock in shocks])
    return Rebuilding(lost, sectors, factor, np.stack(begun, axis=1), np.stack(pace, axis=1))


def _factor(shock: Destruction) -> float:
    if not (np.isfinite(shock.factor) and shock.factor > 0.0):
        raise BadValue(f"factor is {shock.factor}", place=f"shock {shock.name}", remedy="give a number above 0")
    return float(shock.factor)


def _shares(shock: Destruction, table: Table) -> Floats:
    made = np.zeros(len(table.sectors))
    for name, share in (shock.rebuilt_by or {}).items():
        made[table.sector(str(name), f"shock {shock.name}, rebuilt_by")] = share
    if not (np.isfinite(made).all() and (made >= 0.0).all() and abs(made.sum() - 1.0) <= 1e-9):
        raise BadValue(
            f"the shares of rebuilding sum to {made.sum():g}",
            place=f"shock {shock.name}, rebuilt_by",
            remedy="give shares of 0 or more that sum to 1",
        )
    return made


def _gates(shocks: Sequence[Gate], table: Table, day: Floats, draws: int) -> Gates | None:
    if not shocks:
        return None
    n, regions = len(table.sectors), len(table.regions)
    held = [[table.industry(label, f"gate {s.name}") for label in s.industries] for s in shocks]
    rows = sorted({row for each in held for row in each})
    where = np.zeros((len(shocks), len(rows), regions))
    passes, shut = np.zeros((len(shocks), draws)), []
    for g, shock in enumerate(shocks):
        to = range(regions) if shock.to is None else [table.region(name, f"gate {shock.name}, to") for name in shock.to]
        for row in held[g]:
            for region in to:
                where[g, rows.index(row), region] = float(region != row // n)
        passes[g] = by_draw(shock.passes, draws, f"gate {shock.name}, passes")
        if (passes[g] > 1.0).any():
            raise BadValue(f"passes {passes[g].max():g}", place=f"gate {shock.name}", remedy="give a share in [0, 1]")
        when = timing(shock, draws)
        shut.append(((day[:, None] >= when.begins) & (day[:, None] < when.ends)).astype(np.float64))
    if not where.any():
        raise BadValue("no gate stands anywhere", place="shocks", remedy="name a region other than the industry's own")
    return Gates(np.array(rows), where, passes, np.stack(shut, axis=1))


def _paths(shocks: Sequence[Path], table: Table, steps: int, draws: int) -> tuple[Rows, Floats]:
    told: list[tuple[list[int], Floats]] = []
    for shock in shocks:
        place = f"path {shock.name}"
        lost = shock.by_step()
        lost = lost[..., None] if lost.ndim == 2 else lost
        named = [table.industry(label, place) for label in shock.industries]
        if lost.ndim != 3 or lost.shape[1] != len(named) or lost.shape[2] not in (1, draws):
            raise BadValue(
                f"lost has shape {np.shape(shock.lost)}", place=place, remedy=f"give (step, {len(named)}) or (…, draw)"
            )
        if not ((lost >= 0.0) & (lost <= 1.0)).all():
            raise BadValue("a loss is no share", place=place, remedy="give shares in [0, 1]")
        told.append((named, lost[:steps]))
    rows = sorted({row for named, _ in told for row in named})
    path = np.zeros((steps, len(rows), draws))
    for named, lost in told:
        for column, row in enumerate(named):
            into = path[: len(lost), rows.index(row)]
            np.maximum(into, lost[:, column], out=into)
    return np.array(rows, dtype=np.int64), path


def together(scenarios: Sequence[Sequence[Shock]]) -> list[Shock]:
    """One list of shocks for an ensemble with one scenario a draw: alike shocks share a place.

    Raises:
        BadValue: a shock of a scenario varies by draw itself.
    """
    draws = len(scenarios)
    places: dict[tuple[Any, ...], dict[int, Shock]] = {}
    for draw, told in enumerate(scenarios):
        count: dict[tuple[Any, ...], int] = {}
        for shock in told:
            kind = _kind(shock)
            count[kind] = count.get(kind, 0) + 1
            places.setdefault((*kind, count[kind]), {})[draw] = shock
    return [_joined(found, draws) for found in places.values()]


def _kind(shock: Shock) -> tuple[Any, ...]:
    if isinstance(shock, Gate):
        return ("gate", tuple(map(str, shock.industries)), tuple(shock.to or ("…",)))
    if isinstance(shock, Path):
        return ("path", tuple(map(str, shock.industries)))
    if isinstance(shock, Loss):
        return ("loss", shock.recovery)
    rebuilt = tuple(sorted((shock.rebuilt_by or {}).items())) if shock.rebuilt_by is not None else None
    return ("destruction", shock.recovery, rebuilt, shock.factor, shock.share)


def _joined(found: Mapping[int, Shock], draws: int) -> Shock:
    some = next(iter(found.values()))
    if isinstance(some, Path):
        arrays = {draw: shock.by_step() for draw, shock in found.items() if isinstance(shock, Path)}
        if any(a.ndim != 2 for a in arrays.values()):
            raise _varies(some)
        lost = np.zeros((max(len(a) for a in arrays.values()), len(some.industries), draws))
        for draw, array in arrays.items():
            lost[: len(array), :, draw] = array
        return replace(some, lost=lost)
    column = lambda field, rest: _column(found, draws, field, rest)  # noqa: E731
    # a draw without this shock has it too, but loses nothing by it
    times: dict[str, Any] = {"occurrence": column("occurrence", 0.0), "duration": column("duration", 1.0)}
    if isinstance(some, Gate):
        return replace(some, **times, passes=column("passes", 1.0))
    lost_of: dict[Any, Floats] = {}
    for draw, shock in found.items():
        for label, value in shock.lost.items() if isinstance(shock, Loss | Destruction) else ():
            key = tuple(label) if isinstance(label, list) else label
            if np.ndim(value):
                raise _varies(shock)
            lost_of.setdefault(key, np.zeros(draws))[draw] = value
    return replace(some, **times, recovery_days=column("recovery_days", 60.0), lost=lost_of)


def _column(found: Mapping[int, Shock], draws: int, field: str, rest: float) -> Floats:
    made = np.full(draws, rest)
    for draw, shock in found.items():
        value = getattr(shock, field)
        if np.ndim(value):
            raise _varies(shock)
        made[draw] = value
    return made


def _varies(shock: Shock) -> BadValue:
    return BadValue(
        "a scenario's shock varies by draw",
        place=f"shock {shock.name}",
        remedy="give one list of shocks whose numbers are arrays, or a list of scenarios with plain numbers",
    )
