"""Home to shocks: what befalls an economy, when, and how it passes; any number at once.

A shock's numbers may vary by draw: arrays (draw,), and (industry, draw) for what each industry loses. Days count from
the first step. Where several act on one industry the largest holds; capital destroyed adds up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ytterby.run.ario.table import Table
from ytterby.terms.errors import BadValue, DateOrder, UnknownName

Floats = NDArray[np.float64]

RECOVERIES = ("linear", "convex", "scaled")
"""Of what is lost, after e of tau days: 1 - e/tau; (1 - 1/tau)^e; (1 - 1/tau)^(4 e)."""

CAPACITY_PLACES, MONEY_PLACES = 6, 7
"""Decimals to which the model of reference rounds a recovering loss: of capacity (a share), of capital (money)."""


@dataclass(frozen=True, slots=True, eq=False)
class Loss:
    """Capacity lost for a while: `lost` maps an industry to the share of its capacity, in [0, 1]."""

    lost: Mapping[Any, Any]
    occurrence: Any = 1
    """Day it happens; as in the model of reference its first effect is one step later."""
    duration: Any = 1
    """Days at the full loss."""
    recovery_days: Any = 60
    """Days in which the loss passes afterwards."""
    recovery: str = "linear"
    name: str = "loss"


@dataclass(frozen=True, slots=True, eq=False)
class Destruction:
    """Capital lost: `lost` maps an industry to money (`share=True`: to a share of its capital).

    Without `rebuilt_by` the capital comes back by itself in `recovery_days`; with it, sectors are asked to rebuild it,
    by their shares, in `recovery_days`, and capacity returns with what they deliver.
    """

    lost: Mapping[Any, Any]
    occurrence: Any = 1
    duration: Any = 1
    recovery_days: Any = 60
    recovery: str = "linear"
    rebuilt_by: Mapping[str, float] | None = None
    factor: float = 1.0
    """Rebuilding asked for, over capital lost."""
    share: bool = False
    name: str = "destruction"


@dataclass(frozen=True, slots=True, eq=False)
class Gate:
    """An export gate: of what customers in `to` order from `industries`, the share `passes` is let through.

    Customers at home are not gated. `to` left out is every other region.
    """

    industries: Sequence[Any]
    passes: Any = 0.0
    occurrence: Any = 1
    duration: Any = 1
    to: Sequence[str] | None = None
    name: str = "gate"


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """Capacity lost step by step: `lost` (step, industry) or (step, industry, draw), shares in [0, 1].

    What a run of another model hands over. It acts in the step it is given for; after its last step nothing is lost.
    """

    industries: Sequence[Any]
    lost: Any
    name: str = "path"
    at: Any = None
    """(step,) which row of `lost` holds in each step, for what is told by months; left out: each its own."""

    def by_step(self) -> Floats:
        """`lost` with a row for each step.

        Raises:
            BadValue: `at` names a row that is not there.
        """
        lost = np.asarray(self.lost, dtype=np.float64)
        if self.at is None:
            return lost
        rows = np.asarray(self.at)
        if rows.ndim != 1 or rows.dtype.kind not in "iu" or not ((rows >= 0) & (rows < len(lost))).all():
            raise BadValue(
                f"'at' does not name rows of {len(lost)}",
                place=f"path {self.name}",
                remedy=f"give for each step a whole number from 0 to {len(lost) - 1}",
            )
        return lost[rows]


Shock = Loss | Destruction | Gate | Path
KINDS: dict[str, type[Any]] = {"loss": Loss, "destruction": Destruction, "gate": Gate, "path": Path}


def shock_of(told: Any) -> Shock:
    """A shock from a mapping with ``kind`` (loss, destruction, gate, path) and the fields of that record.

    Raises:
        UnknownName: no such kind or field.
        BadValue: neither a shock nor a mapping.
    """
    if isinstance(told, Loss | Destruction | Gate | Path):
        return told
    if not isinstance(told, Mapping):
        raise BadValue(
            f"a {type(told).__name__} is no shock", place="shocks", remedy="give Loss, Destruction, Gate or Path"
        )
    given = dict(told)
    kind = str(given.pop("kind", "loss"))
    if kind not in KINDS:
        raise UnknownName(kind, known=KINDS, what="kind of shock", place="shocks")
    known = tuple(KINDS[kind].__dataclass_fields__)
    for name in given:
        if name not in known:
            raise UnknownName(str(name), known=known, what="field of a shock", place=f"shocks, {kind}")
    try:
        made: Shock = KINDS[kind](**given)
    except TypeError as error:
        raise BadValue(f"a {kind} lacks a field", place="shocks", remedy=f"give {', '.join(known)}") from error
    return made


def draws_of(shocks: Sequence[Shock]) -> int | None:
    """How many draws the numbers of the shocks have; None where none varies.

    Raises:
        BadValue: two differ.
    """
    found: set[int] = set()
    for shock in shocks:
        for name in ("occurrence", "duration", "recovery_days", "passes"):
            value = np.asarray(getattr(shock, name, 0))
            found |= {len(value)} if value.ndim == 1 else set()
        if isinstance(shock, Path):
            found |= {np.shape(shock.lost)[2]} if np.ndim(shock.lost) == 3 else set()
        elif not isinstance(shock, Gate):
            found |= {len(np.asarray(v)) for v in shock.lost.values() if np.ndim(v) == 1}
    if len(found) > 1:
        raise BadValue(
            f"shocks have {' and '.join(str(k) for k in sorted(found))} draws",
            place="shocks",
            remedy="give every array the same number of draws",
        )
    return next(iter(found), None)


def part_of(shock: Shock, part: slice, draws: int) -> Shock:
    """A shock as it is in some of the draws."""
    if isinstance(shock, Path):
        lost = np.asarray(shock.lost)
        return replace(shock, lost=lost[..., part] if lost.ndim == 3 and lost.shape[2] == draws else lost)
    cut = lambda value: np.asarray(value)[part] if np.ndim(value) == 1 else value  # noqa: E731
    if isinstance(shock, Gate):
        gated: dict[str, Any] = {name: cut(getattr(shock, name)) for name in ("occurrence", "duration", "passes")}
        return replace(shock, **gated)
    each = {label: cut(value) for label, value in shock.lost.items()}
    times: dict[str, Any] = {n: cut(getattr(shock, n)) for n in ("occurrence", "duration", "recovery_days")}
    return replace(shock, lost=each, **times)


@dataclass(frozen=True)
class Timing:
    """When a shock holds, per draw; days."""

    begins: Floats
    ends: Floats
    tau: Floats
    recovery: str = "linear"

    def level(self, day: Floats, seen: float, booked: float) -> tuple[Floats, NDArray[np.bool_]]:
        """(day, draw) part of the loss that holds in the step of `day`, and whether it recovers.

        `seen` days pass until a step knows of the shock, `booked` until its recovery is booked.
        """
        elapsed = day[:, None] - booked - self.ends
        return np.where(day[:, None] >= self.begins + seen, self.after(elapsed), 0.0), elapsed >= 0.0

    def after(self, elapsed: Floats) -> Floats:
        """Part left `elapsed` days after the end of the full loss."""
        passed = np.maximum(elapsed, 0.0)
        if self.recovery == "linear":
            return np.maximum(1.0 - passed / self.tau, 0.0)
        rate = np.log1p(-1.0 / np.maximum(self.tau, 1.0 + 1e-12))
        return np.exp((1.0 if self.recovery == "convex" else 4.0) * passed * rate)


def timing(shock: Loss | Destruction | Gate, draws: int) -> Timing:
    """When a shock holds.

    Raises:
        BadValue: a time that is no number, below 0, or a recovery nobody knows.
        DateOrder: a duration below 1.
    """
    place = f"shock {shock.name}"
    begins = by_draw(shock.occurrence, draws, f"{place}, occurrence")
    lasts = by_draw(shock.duration, draws, f"{place}, duration")
    if (lasts < 1.0).any():
        raise DateOrder(f"a duration of {lasts.min():g} days", place=place, remedy="give at least 1")
    if isinstance(shock, Gate):
        return Timing(begins, begins + lasts, np.ones(draws))
    tau = by_draw(shock.recovery_days, draws, f"{place}, recovery_days")
    if (tau <= 0.0).any():
        raise BadValue(f"a recovery in {tau.min():g} days", place=place, remedy="give a number above 0")
    if shock.recovery not in RECOVERIES:
        raise UnknownName(shock.recovery, known=RECOVERIES, what="recovery", place=place)
    return Timing(begins, begins + lasts, tau, shock.recovery)


def by_draw(value: Any, draws: int, place: str) -> Floats:
    """(draw,) numbers of 0 or more.

    Raises:
        BadValue: something else.
    """
    try:
        made = np.broadcast_to(np.asarray(value, dtype=np.float64), (draws,))
    except (TypeError, ValueError) as error:
        raise BadValue("no number, or one for each draw", place=place, remedy=f"give a number, or {draws}") from error
    if not (np.isfinite(made) & (made >= 0.0)).all():
        raise BadValue("a number is missing, infinite or negative", place=place, remedy="give numbers of 0 or more")
    return made


def lost_by(shock: Loss | Destruction, table: Table, capital: Floats, draws: int) -> dict[int, Floats]:
    """Industry → what it loses at the worst, (draw,): a share of capacity, or money.

    Raises:
        UnknownName: no such industry.
        BadValue: a share beyond 1, or more capital than there is.
    """
    place = f"shock {shock.name}"
    if not shock.lost:
        raise BadValue("nothing is lost", place=place, remedy="name at least one industry")
    made: dict[int, Floats] = {}
    for label, value in shock.lost.items():
        row = table.industry(label, place)
        amount = by_draw(value, draws, f"{place}, {table.names[row]}")
        if isinstance(shock, Destruction) and shock.share:
            amount = amount * capital[row]
        most = capital[row] if isinstance(shock, Destruction) else 1.0
        if (amount > most * (1.0 + 1e-12)).any():
            raise BadValue(
                f"{amount.max():g} is lost of {most:g}",
                place=f"{place}, {table.names[row]}",
                remedy="give a share in [0, 1]"
                if isinstance(shock, Loss)
                else "give no more than the industry's capital",
            )
        made[row] = amount
    return made
