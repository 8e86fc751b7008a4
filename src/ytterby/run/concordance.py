"""Home to the concordance: which lines of a product carry how much of which sector of an economy.

A row of `data/economy/concordance.csv` says that the `share` of a sector's output hangs on the lines of a `pool` of
products (5 and 95 % points `low`, `high`), and what a unit of each product is worth beside the others of its pool.
Every row is from memory, and marked as assumed.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ytterby.run.draws import Parameter
from ytterby.terms.errors import BadValue, InputError, UnknownName

Floats = NDArray[np.float64]
COLUMNS = ("product", "sector", "pool", "share", "low", "high", "unit_value")
REGIONS = ("region", "table_region")
STOCKS = ("sector", "days")
PREFIX = "economy:hangs:"


@cache
def rows(name: str) -> tuple[Mapping[str, str], ...]:
    """Lines of ``data/economy/<name>.csv`` as text by column."""
    text = files("ytterby").joinpath("data", "economy", f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def behaviour() -> tuple[Parameter, ...]:
    """What is uncertain of how industries keep stocks, order and stretch; all of it assumed."""
    return tuple(
        Parameter(
            name=line["parameter"],
            median=float(line["median"]),
            low=float(line["low"]),
            high=float(line["high"]),
            unit=line["unit"],
            kind=line["kind"],
            assumed=True,
        )
        for line in rows("behaviour")
    )


@dataclass(frozen=True, slots=True)
class Hang:
    """A pool of products whose lines carry a share of a sector."""

    pool: str
    sector: str
    share: Parameter
    values: Mapping[str, float]
    """Product → worth of a unit beside the others of the pool."""


@dataclass(frozen=True, slots=True)
class Concordance:
    """How products of a chain run meet the industries of a table."""

    hangs: tuple[Hang, ...]
    regions: tuple[tuple[str, str], ...]
    """(region of the chain, region of the table); one may stand for several."""
    assumed: bool = True

    @property
    def hash(self) -> str:
        """Of all it says."""
        return hashlib.sha256(repr((self.hangs, self.regions)).encode()).hexdigest()[:16]

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The shares that are drawn."""
        return tuple(hang.share for hang in self.hangs)

    def into(self, region: str) -> tuple[str, ...]:
        """Regions of the table that a region of the chain stands for; itself where nothing is said."""
        return tuple(table for chain, table in self.regions if chain == region) or (region,)

    def struck(
        self, drawn: Mapping[str, Floats], groups: Sequence[Mapping[str, object]], demand: Floats, output: Floats
    ) -> dict[tuple[str, str], Floats]:
        """Capacity that an industry loses because lines stand still.

        Args:
            drawn: name of a share → (draw,).
            groups: product and region of each row.
            demand: (group, period, draw) what was wanted.
            output: (group, period, draw) what was built.

        Returns:
            (region of the table, sector) → (period, draw) share of capacity in [0, 1]; industries that never lose
            anything are left out. Of a pool, each product counts by the worth of what is wanted of it.
        """
        found: dict[tuple[str, str], Floats] = {}
        regions = list(dict.fromkeys(str(group["region"]) for group in groups))
        for hang in self.hangs:
            for region in regions:
                worth = {
                    row: hang.values[str(group["product"])]
                    for row, group in enumerate(groups)
                    if group["region"] == region and group["product"] in hang.values
                }
                if not worth:
                    continue
                weight = np.array(list(worth.values()))[:, None, None]
                wanted, built = demand[list(worth)] * weight, output[list(worth)] * weight
                short = np.maximum(wanted - built, 0.0).sum(axis=0)
                whole = wanted.sum(axis=0)
                share = np.divide(short, whole, out=np.zeros_like(whole), where=whole > 0.0)
                for table_region in self.into(region):
                    key = (table_region, hang.sector)
                    found[key] = found.get(key, 0.0) + share * drawn[hang.share.name]
        return {key: np.minimum(lost, 1.0) for key, lost in found.items() if lost.any()}


def load(folder: Path | None = None) -> Concordance:
    """The concordance of the package, or that of a folder: `concordance.csv`, and `regions.csv` where names differ.

    Raises:
        InputError: a file cannot be read or lacks a column.
        BadValue: a number that is none, a share out of range, a pool that carries two shares, shares of one sector
            that sum to more than 1.
    """
    own = None if folder is None else folder / "concordance.csv"
    if own is None or not own.is_file():
        lines, place = rows("concordance"), "data/economy/concordance.csv"
    else:
        lines, place = _read(own, COLUMNS), str(own)
    named = None if folder is None else folder / "regions.csv"
    regions = _read(named, REGIONS) if named is not None and named.is_file() else ()
    mapped = tuple((line["region"], line["table_region"]) for line in regions)
    return Concordance(_hangs(lines, place), mapped, assumed=all(_assumed(line) for line in lines))


def inventories(folder: Path | None = None) -> dict[str, float]:
    """Sector → days of stock of it that its users hold, infinite where it never limits them.

    Those of the estimated table, or of a folder's `inventories.csv`; none where it has no such file.

    Raises:
        InputError: the file cannot be read.
        BadValue: days that are no number above 0.
    """
    if folder is None:
        return {line["sector"]: float(line["inventory_days"]) for line in rows("sectors")}
    own = folder / "inventories.csv"
    if not own.is_file():
        return {}
    found = {}
    for number, line in enumerate(_read(own, STOCKS), start=2):
        where = f"{own} line {number}"
        days = np.inf if line["days"].strip() == "inf" else _number(line["days"], where, "days")
        if days <= 0.0:
            raise BadValue(f"{days:g} days", place=where, remedy="give a number above 0, or inf")
        found[line["sector"]] = days
    return found


def check(told: Concordance, regions: Sequence[str], sectors: Sequence[str], place: str) -> None:
    """Raises UnknownName for a sector or region that the table does not have."""
    for hang in told.hangs:
        if hang.sector not in sectors:
            raise UnknownName(hang.sector, known=sectors, what="sector of the table", place=f"{place}, {hang.pool}")
    for chain, table in told.regions:
        if table not in regions:
            raise UnknownName(table, known=regions, what="region of the table", place=f"{place}, region {chain}")


def _assumed(line: Mapping[str, str]) -> bool:
    return line.get("access", "recall") == "recall" or line.get("confidence", "C") == "C"


def _read(path: Path, columns: tuple[str, ...]) -> tuple[Mapping[str, str], ...]:
    try:
        lines = csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines(), restval="")
        found = tuple({key: cell for key, cell in line.items() if isinstance(key, str)} for line in lines)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError("the table cannot be read", place=str(path), remedy="write it as CSV in UTF-8") from error
    missing = [column for column in columns if not found or column not in found[0]]
    if missing:
        raise InputError(
            f"the column {missing[0]} is missing" if found else "no rows",
            place=str(path),
            remedy=f"give the columns {', '.join(columns)}",
        )
    return found


def _hangs(lines: Sequence[Mapping[str, str]], place: str) -> tuple[Hang, ...]:
    pools: dict[tuple[str, str], tuple[Parameter, dict[str, float]]] = {}
    for number, line in enumerate(lines, start=2):
        where = f"{place} line {number}"
        share, low, high, value = (_number(line[key], where, key) for key in ("share", "low", "high", "unit_value"))
        if not 0.0 <= low <= share <= high <= 1.0 or value <= 0.0:
            raise BadValue(
                f"share {low:g}, {share:g}, {high:g}, unit value {value:g}",
                place=where,
                remedy="give shares that rise within 0 and 1, and a value above 0",
            )
        name = f"{PREFIX}{line['pool']}:{line['sector']}"
        told = Parameter(name, share, low, high, "share", "beta", assumed=_assumed(line))
        before, members = pools.setdefault((line["pool"], line["sector"]), (told, {}))
        if (before.median, before.low, before.high) != (share, low, high):
            raise BadValue(
                f"pool {line['pool']} has two shares of {line['sector']}", place=where, remedy="give one to a pool"
            )
        members[line["product"]] = value
    whole: dict[str, float] = {}
    for (_, sector), (told, _members) in pools.items():
        whole[sector] = whole.get(sector, 0.0) + told.median
    for sector, total in whole.items():
        if total > 1.0 + 1e-9:
            raise BadValue(f"shares of {sector} sum to {total:g}", place=place, remedy="give at most 1 in all")
    return tuple(Hang(pool, sector, told, members) for (pool, sector), (told, members) in pools.items())


def _number(text: str, place: str, column: str) -> float:
    try:
        value = float(text)
    except ValueError as error:
        raise BadValue(f"'{text}' is no number", place=f"{place}, column {column}", remedy="write 0.35") from error
    if not np.isfinite(value):
        raise BadValue(f"{text} is not finite", place=f"{place}, column {column}", remedy="write 0.35")
    return value
