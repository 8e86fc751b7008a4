"""Home to the table of an economy: who buys what from whom in a year, checked before anything is computed from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ytterby.terms.errors import BadValue, Unbalanced, UnknownName

Floats = NDArray[np.float64]
Label = tuple[str, str]

BALANCE = 1e-3
"""Largest gap between an industry's output and what it sells, over its output; published tables are rounded."""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A multi-regional input-output table of one year, industries sorted by (region, sector).

    Industry f = r n + s for region r of m and sector s of n; N = m n. Made by `Table.of`, which checks and sorts.
    """

    Z: Floats
    """(N, N) deliveries from row to column, money a year."""
    Y: Floats
    """(N, m c) final demand; the c uses of a region stand together, regions in order."""
    x: Floats
    """(N,) output, money a year."""
    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    uses: tuple[str, ...] = ("final demand",)
    unit: str = ""
    assumed: bool = field(default=False)
    """Whether the figures are estimates of ours rather than published ones."""

    @staticmethod
    def of(
        Z: Any,
        Y: Any,
        x: Any = None,
        labels: Sequence[Any] | None = None,
        demand_labels: Sequence[Any] | None = None,
        *,
        unit: str = "",
        assumed: bool = False,
    ) -> Table:
        """A checked table from arrays.

        Args:
            Z: (N, N) deliveries between industries, money a year.
            Y: (N, k) final demand, k a multiple of the number of regions; (N,) is the demand of each industry's region.
            x: (N,) output; left out: what is sold, row by row.
            labels: N pairs (region, sector) in any order, every sector in every region.
            demand_labels: k pairs (region, use) or k region names; left out: the uses of each region together, regions
                in the order in which `labels` first names them.
            unit: of the money, for the reader.
            assumed: whether the figures are estimates of ours.

        Raises:
            BadValue: wrong shapes, NaN or infinite numbers, negative deliveries or outputs, negative value added.
            UnknownName: a region of the final demand that no industry has.
            Unbalanced: output is not what is sold.
        """
        deliveries, demand = _matrix(Z, "Z"), _matrix(Y, "Y")
        count = deliveries.shape[0]
        if deliveries.shape != (count, count) or demand.shape[0] != count or count == 0:
            raise BadValue(
                f"Z is {_shape(deliveries)} and Y is {_shape(demand)}",
                place="table",
                remedy="give Z as (industry, industry) and Y as (industry, use) with the same industries",
            )
        names = _labels(labels, count)
        regions, sectors = sorted({r for r, _ in names}), sorted({s for _, s in names})
        if len(set(names)) != count or count != len(regions) * len(sectors):
            raise BadValue(
                f"{count} labels do not name {len(regions)} regions x {len(sectors)} sectors once each",
                place=_misfit(names, regions, sectors),
                remedy="give every sector in every region, with zeros where there is none",
            )
        order = np.array(sorted(range(count), key=lambda k: names[k]))
        uses: tuple[str, ...] = ("final demand",)
        if np.asarray(Y).ndim == 1:
            home = np.array([regions.index(r) for r, _ in names])
            spread = np.zeros((count, len(regions)))
            spread[np.arange(count), home] = demand[:, 0]
            columns = spread
        else:
            columns, uses = _sorted_demand(demand, names, regions, demand_labels)
        sold = deliveries.sum(axis=1) + columns.sum(axis=1)
        output = sold if x is None else _vector(x, count)
        _refuse(deliveries, columns, output, sold, names)
        return Table(
            np.ascontiguousarray(deliveries[np.ix_(order, order)]),
            np.ascontiguousarray(columns[order]),
            np.ascontiguousarray(output[order]),
            tuple(regions),
            tuple(sectors),
            uses,
            unit,
            assumed,
        )

    @property
    def labels(self) -> tuple[Label, ...]:
        """(region, sector) of every industry, in order."""
        return tuple((r, s) for r in self.regions for s in self.sectors)

    @property
    def names(self) -> tuple[str, ...]:
        """``region|sector`` of every industry, in order."""
        return tuple(f"{r}|{s}" for r, s in self.labels)

    @property
    def value_added(self) -> Floats:
        """(N,) output less what it is made of, money a year."""
        return self.x - self.Z.sum(axis=0)

    def industry(self, label: Any, place: str = "") -> int:
        """Row of an industry, by its number, ``region|sector`` or (region, sector).

        Raises:
            UnknownName: no such industry.
        """
        if isinstance(label, int | np.integer) and not isinstance(label, bool):
            if not 0 <= label < len(self.x):
                raise UnknownName(str(label), place=place, what="industry", remedy=f"number 0 to {len(self.x) - 1}")
            return int(label)
        region, sector = _pair(label, place)
        return self.region(region, place) * len(self.sectors) + self.sector(sector, place)

    def region(self, name: str, place: str = "") -> int:
        """Number of a region."""
        return _find(name, self.regions, "region", place)

    def sector(self, name: str, place: str = "") -> int:
        """Number of a sector."""
        return _find(name, self.sectors, "sector", place)


def _find(name: str, known: tuple[str, ...], what: str, place: str) -> int:
    if name not in known:
        raise UnknownName(str(name), known=known, what=what, place=place)
    return known.index(name)


def _pair(label: Any, place: str) -> Label:
    parts = (
        tuple(label.split("|")) if isinstance(label, str) else tuple(label) if isinstance(label, tuple | list) else ()
    )
    if len(parts) != 2:
        raise UnknownName(str(label), what="industry", place=place, remedy="write (region, sector) or 'region|sector'")
    return str(parts[0]), str(parts[1])


def _labels(labels: Sequence[Any] | None, count: int) -> list[Label]:
    if labels is None:
        return [("world", f"{k:0{len(str(count))}d}") for k in range(count)]
    if len(labels) != count:
        raise BadValue(
            f"{len(labels)} labels for {count} industries",
            place="labels",
            remedy="give one (region, sector) a row of Z",
        )
    return [_pair(label if isinstance(label, str) else tuple(label), "labels") for label in labels]


def _misfit(names: list[Label], regions: list[str], sectors: list[str]) -> str:
    seen: set[Label] = set()
    for name in names:
        if name in seen:
            return f"label {name[0]}|{name[1]} stands twice"
        seen.add(name)
    missing = next(((r, s) for r in regions for s in sectors if (r, s) not in seen), ("", ""))
    return f"label {missing[0]}|{missing[1]} is missing"


def _sorted_demand(
    demand: Floats, names: list[Label], regions: list[str], labels: Sequence[Any] | None
) -> tuple[Floats, tuple[str, ...]]:
    """Columns sorted by region, then use; the names of the uses."""
    count, wide = len(regions), demand.shape[1]
    if labels is None:
        if wide % count:
            raise BadValue(
                f"{wide} columns of final demand for {count} regions",
                place="Y",
                remedy="give the same uses for every region, or demand_labels",
            )
        each = wide // count
        first_named = list(dict.fromkeys(r for r, _ in names))
        tags = [(r, f"use {k + 1}" if each > 1 else "final demand") for r in first_named for k in range(each)]
    else:
        if len(labels) != wide:
            raise BadValue(
                f"{len(labels)} labels for {wide} columns",
                place="demand_labels",
                remedy="give one for each column of Y",
            )
        tags = [_use(label) for label in labels]
        for region, _ in tags:
            if region not in regions:
                raise UnknownName(region, known=regions, what="region", place="demand_labels")
    uses = list(dict.fromkeys(use for _, use in tags))
    laid = np.zeros((demand.shape[0], count * len(uses)))
    for column, (region, use) in enumerate(tags):
        laid[:, regions.index(region) * len(uses) + uses.index(use)] += demand[:, column]
    return laid, tuple(uses)


def _use(label: Any) -> Label:
    if isinstance(label, str) and "|" not in label:
        return label, "final demand"
    return _pair(label, "demand_labels")


def _matrix(values: Any, place: str) -> Floats:
    try:
        made = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise BadValue("not an array of numbers", place=place, remedy="give plain numbers") from error
    made = made[:, None] if made.ndim == 1 and place == "Y" else made
    if made.ndim != 2:
        raise BadValue(f"{place} has {made.ndim} axes", place="table", remedy="give a matrix")
    return made


def _vector(values: Any, count: int) -> Floats:
    made = np.asarray(values, dtype=np.float64).reshape(-1)
    if len(made) != count:
        raise BadValue(f"{len(made)} outputs for {count} industries", place="x", remedy="give one for each row of Z")
    return made


def _refuse(Z: Floats, Y: Floats, x: Floats, sold: Floats, names: list[Label]) -> None:
    """Raises for what no economy can be: numbers missing or negative, more used than made, output that is not sold."""
    for array, what in ((Z, "Z"), (Y, "Y"), (x[:, None], "x")):
        for bad, why in ((~np.isfinite(array), "is no finite number"), (array < 0.0, "is negative")):
            if bad.any() and not (what == "Y" and why == "is negative"):
                row, column = (int(k) for k in np.argwhere(bad)[0])
                raise BadValue(
                    f"{int(bad.sum())} of {what} {why}, the first {array[row, column]:g}",
                    place=f"{what}, row {names[row][0]}|{names[row][1]}"
                    + (f", column {column}" if what != "x" else ""),
                    remedy="put a number of 0 or more there" if what != "x" else "outputs are 0 or more",
                )
    if (Y.sum(axis=1) < -BALANCE * x).any():
        row = int(np.argmin(Y.sum(axis=1)))
        raise BadValue(
            f"final demand sums to {Y[row].sum():g}",
            place=f"Y, row {names[row][0]}|{names[row][1]}",
            remedy="move what is taken from stocks out of final demand",
        )
    gap = np.abs(sold - x)
    worst = int(np.argmax(gap - BALANCE * x))
    if gap[worst] > BALANCE * max(x[worst], 1e-12 * x.max()):
        raise Unbalanced(
            f"output is {x[worst]:g} but {sold[worst]:g} is sold",
            place=f"industry {names[worst][0]}|{names[worst][1]}",
            remedy="give x = Z.sum(1) + Y.sum(1), or leave x out",
        )
    added = x - Z.sum(axis=0)
    worst = int(np.argmin(added + 1e-9 * x))
    if added[worst] < -1e-9 * max(x[worst], 1e-12 * x.max()):
        raise BadValue(
            f"value added is {added[worst]:g}: it uses {Z[:, worst].sum():g} to make {x[worst]:g}",
            place=f"industry {names[worst][0]}|{names[worst][1]}",
            remedy="scale the column down, or move what is bought for stock into final demand",
        )


def _shape(array: Floats) -> str:
    return " x ".join(str(size) for size in array.shape)
