"""Home to behaviour: how industries of an economy keep stocks, order and stretch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ytterby.run.ario.table import Table
from ytterby.terms.errors import BadValue, UnknownName

Floats = NDArray[np.float64]
ORDERS = ("alt", "noalt")

SHORTEST = 2.0
"""Days of stock given to an input whose target is a day or less, as the model of reference does: with less than a
step's use in hand a line would stop between two deliveries."""


@dataclass(frozen=True, slots=True, eq=False)
class Behaviour:
    """Parameters of the model. A number may be an array (draw,), an input's may be (sector,) or (sector, draw)."""

    psi: Any = 0.8
    """Share of the target stock below which an input limits production, in (0, 1]."""
    inventory_days: Any = 90.0
    """Target stock of each input, days of use; infinite: the input never limits. A mapping names sectors."""
    restoration_days: Any = 60.0
    """Time in which a gap in stock is ordered, days. A mapping names sectors."""
    overproduction_base: Any = 1.0
    overproduction_max: Any = 1.25
    """Output an industry can stretch to, over its normal one."""
    overproduction_days: Any = 365.0
    """Time in which it does."""
    order_rule: str = "alt"
    """``alt``: customers turn to suppliers of an input by what these can deliver; ``noalt``: they do not."""
    capital: Any = None
    """(industry,) capital, money; left out: `capital_ratio` times value added."""
    capital_ratio: float = 4.0
    year_days: float = 365.0
    step_days: int = 1
    short_cuts: bool = True
    """Leave stocks and orders alone in a step in which all of them are within 1e-5 of where they belong, as the model
    of reference does. Off, every delivery and use is booked: stocks then balance to rounding."""

    @staticmethod
    def of(given: Behaviour | Mapping[str, Any] | None) -> Behaviour:
        """A record of its own from a mapping of its fields.

        Raises:
            UnknownName: no such parameter.
        """
        if isinstance(given, Behaviour):
            return given
        known = [f.name for f in fields(Behaviour)]
        for name in given or {}:
            if name not in known:
                raise UnknownName(str(name), known=known, what="parameter", place="parameters")
        return Behaviour(**dict(given or {}))

    def laid(self, table: Table, draws: int) -> dict[str, Floats]:
        """Every number as an array with the draw axis last: (draw,), or (sector, draw) for those of inputs.

        `inventory` and `restoration` are in steps, `inventory` is infinite where the input never limits.

        Raises:
            BadValue: out of range, or of the wrong length.
        """
        check(self)
        days = _by_sector(self.inventory_days, table, draws, "inventory_days", infinite=True)
        restore = _by_sector(self.restoration_days, table, draws, "restoration_days")
        days = np.where(days <= 1.0, SHORTEST, days)
        made = {
            "psi": _by_draw(self.psi, draws, "psi", 0.0, 1.0),
            "inventory": days / self.step_days,
            "restoration": restore / self.step_days,
            "base": _by_draw(self.overproduction_base, draws, "overproduction_base", 0.0),
            "most": _by_draw(self.overproduction_max, draws, "overproduction_max", 0.0),
            "pace": self.step_days / _by_draw(self.overproduction_days, draws, "overproduction_days", 0.0),
        }
        if (made["most"] < made["base"]).any():
            raise BadValue(
                "overproduction_max is below overproduction_base", place="parameters", remedy="give max >= base"
            )
        return made

    def by_sector(self, table: Table, name: str) -> Floats:
        """(sector,) `inventory_days` or `restoration_days`, which do not vary by draw."""
        return _by_sector(getattr(self, name), table, 1, name, infinite=True)[:, 0]

    def draws(self) -> int | None:
        """How many draws its arrays have; None where nothing varies.

        Raises:
            BadValue: two arrays differ.
        """
        found = {}
        for f in fields(self):
            value = getattr(self, f.name)
            if f.name == "capital" or isinstance(value, Mapping | str) or value is None:
                continue
            axes = np.ndim(value)
            if axes == (2 if f.name in ("inventory_days", "restoration_days") else 1):
                found[f.name] = np.shape(value)[-1]
        if len(set(found.values())) > 1:
            told = ", ".join(f"{name} {count}" for name, count in found.items())
            raise BadValue(f"draws differ: {told}", place="parameters", remedy="give every array as many draws")
        return next(iter(found.values()), None)

    def part_of(self, part: slice, draws: int) -> Behaviour:
        """The same for some of the draws."""
        cut: dict[str, Any] = {}
        for f in fields(self):
            value = getattr(self, f.name)
            if f.name == "capital" or isinstance(value, Mapping | str) or value is None:
                continue
            if np.ndim(value) == (2 if f.name in ("inventory_days", "restoration_days") else 1):
                cut[f.name] = np.asarray(value)[..., part]
        return replace(self, **cut)

    def capital_of(self, table: Table) -> Floats:
        """(industry,) capital, money.

        Raises:
            BadValue: not one number of 0 or more an industry.
        """
        if self.capital is None:
            return self.capital_ratio * np.maximum(table.value_added, 0.0)
        given = np.asarray(self.capital, dtype=np.float64).reshape(-1)
        if len(given) != len(table.x) or not np.all(np.isfinite(given) & (given >= 0.0)):
            raise BadValue(
                f"{len(given)} capitals for {len(table.x)} industries, or one is no number of 0 or more",
                place="parameters, capital",
                remedy="give one an industry, in the order of the table's labels",
            )
        return given


def check(told: Behaviour) -> None:
    """Raises BadValue for an order rule, a step or a year that cannot be."""
    if told.order_rule not in ORDERS:
        raise BadValue(
            f"{told.order_rule!r} is no order rule", place="parameters, order_rule", remedy=f"use {' or '.join(ORDERS)}"
        )
    if told.step_days != int(told.step_days) or told.step_days < 1:
        raise BadValue(f"a step of {told.step_days} days", place="parameters", remedy="give whole days, 1 or more")
    for name in ("year_days", "capital_ratio"):
        if not (np.isfinite(getattr(told, name)) and getattr(told, name) > 0.0):
            raise BadValue(f"{name} is {getattr(told, name)}", place="parameters", remedy="give a number above 0")


def _numbers(value: Any, name: str) -> Floats:
    try:
        return np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise BadValue(f"{name} is no number", place="parameters", remedy="give a number or an array") from error


def _ranged(made: Floats, name: str, low: float, high: float, infinite: bool) -> None:  # noqa: FBT001
    usable = (made > low) & (made <= high) & (np.isfinite(made) | infinite)
    if not usable.all():
        bad = made[~usable].flat[0]
        bound = f"above {low:g}" + (f", at most {high:g}" if np.isfinite(high) else "")
        raise BadValue(f"{name} is {bad:g}", place="parameters", remedy=f"give a number {bound}")


def _by_draw(value: Any, draws: int, name: str, low: float, high: float = np.inf) -> Floats:
    made = _numbers(value, name)
    if made.ndim > 1 or (made.ndim == 1 and len(made) != draws):
        raise BadValue(f"{name} has shape {made.shape}", place="parameters", remedy=f"give one number, or {draws}")
    _ranged(made, name, low, high, infinite=False)
    return np.broadcast_to(made, (draws,)).copy()


def _by_sector(value: Any, table: Table, draws: int, name: str, *, infinite: bool = False) -> Floats:
    if isinstance(value, Mapping):
        for key in value:
            table.sector(str(key), f"parameters, {name}")
        missing = [s for s in table.sectors if s not in value]
        if missing:
            raise BadValue(
                f"{name} lacks {', '.join(missing[:5])}",
                place="parameters",
                remedy="name every sector, or give one number",
            )
        value = [value[s] for s in table.sectors]
    made = _numbers(value, name)
    made = made[:, None] if made.ndim == 1 else made
    if made.ndim > 2 or (made.ndim == 2 and (made.shape[0] != len(table.sectors) or made.shape[1] not in (1, draws))):
        raise BadValue(
            f"{name} has shape {np.shape(value)}",
            place="parameters",
            remedy=f"give one number, {len(table.sectors)} (one a sector), or (sector, draw)",
        )
    _ranged(made, name, 0.0, np.inf, infinite)
    return np.broadcast_to(made, (len(table.sectors), draws)).copy()
