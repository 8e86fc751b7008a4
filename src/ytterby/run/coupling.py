"""Home to the coupling: the line stops of a kept run become losses of capacity in an economy, draw by draw.

A draw of the economy goes on from the same draw of the chain. What a line does not build of what was wanted, its sector
loses by the share that hangs on it (see `concordance`); from there the economy follows by itself. The result is kept
beside the run, in ``runs/<id>/economy/<hash>``, and the run's own record stays as it is. Equations: `docs/economy.md`.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from ytterby.run import concordance, losses, record
from ytterby.run.ario.behaviour import Behaviour
from ytterby.run.ario.economy import Economy
from ytterby.run.ario.estimate import estimated
from ytterby.run.ario.loading import read
from ytterby.run.ario.shocks import Path as LostPath
from ytterby.run.ario.stability import RunawayWarning, thresholds
from ytterby.run.ario.table import Table
from ytterby.run.base import Grid
from ytterby.run.concordance import Concordance
from ytterby.run.draws import draw
from ytterby.run.periods import calendar
from ytterby.run.record import Run
from ytterby.terms.errors import BadValue, InputError

DAILY = 3.0
"""Years up to which the economy steps by days; longer runs by weeks."""
ENDINGS = (".csv", ".parquet", ".txt")


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """An economy that runs are followed into."""

    table: Table
    concordance: Concordance
    inventories: Mapping[str, float]
    """Sector → days of stock of it that its users hold; sectors without any have the usual ones."""
    own: bool
    """Whether the table is a user's own, not the estimated one."""
    name: str = ""
    """What a reader knows a user's own table by: its folder's name."""

    @staticmethod
    def estimated() -> Setting:
        """The estimated table with the concordance of the package: assumed as a whole."""
        return Setting(estimated(), concordance.load(), concordance.inventories(), own=False)

    @staticmethod
    def of(folder: Path) -> Setting:
        """A table of one's own with what stands beside it in its folder (`docs/economy.md`).

        Raises:
            InputError: see `given`, `concordance.load` and `concordance.inventories`.
            UnknownName: the concordance or the stocks name what the table does not have.
        """
        table, told = given(folder), concordance.load(folder)
        concordance.check(told, table.regions, table.sectors, str(folder))
        stocks = concordance.inventories(folder)
        for sector in stocks:
            table.sector(sector, str(folder / "inventories.csv"))
        return Setting(table, told, stocks, own=True, name=folder.resolve().name)


def couple(run: Run, setting: Setting | None = None, *, progress: Any = None, chunk: int = 64) -> Run:
    """Follow a chain run into an economy and keep what it loses; one that is there already is handed back.

    Args:
        run: a kept run of the chain.
        setting: the economy; the estimated one without it.
        progress: told draws done and draws in all.
        chunk: draws simulated at once.

    Raises:
        BadValue: no region of the run is one of the table's.
        RunError, StoreError: it did not finish; nothing was kept.

    Warns:
        RunawayWarning: in some draws output falls on while the lines come back.
    """
    chosen = setting or Setting.estimated()
    model = economy(run, chosen)
    parameters = (*model.uncertain, *chosen.concordance.parameters)
    made = record.perform(
        model,
        run.path / losses.FOLDER,
        {
            "model": "economy",
            "scenario": run.scenario,
            "of": run.id,
            "table": record.fingerprint(chosen.table),
            "concordance": chosen.concordance.hash,
            "inventories": dict(sorted(chosen.inventories.items())),
            "uncertain": [repr(parameter) for parameter in parameters],
            "dtype": "float64",
        },
        draws=run.draws,
        seed=int(run.info["seed"]),
        fitted=model.following(run.draws),
        about=_about(model, chosen),
        chunk=chunk,
        progress=progress,
    )
    with suppress(OSError):
        os.utime(run.path)  # whoever keeps what it read of the run looks at its folder's time
    share = float(losses.runaways(made).mean())
    if share > 0.0:
        warnings.warn(
            f"in {share:.0%} of the draws output falls on while the lines come back: a failure of the ordering rule, "
            f"not of supply; {_cause(made)}",
            RunawayWarning,
            stacklevel=2,
        )
    return made


def _cause(made: Run) -> str:
    point = float(made.info["stability"]["threshold"])
    if point > 0.0:
        return f"below {point:.0%} of normal output a shortage feeds itself where stocks are small (docs/economy.md)"
    return "give more sectors infinite stocks in inventories.csv, or hold more (docs/economy.md)"


def economy(run: Run, setting: Setting) -> Economy:
    """The model of an economy that goes on from every draw of a run."""
    table, told = setting.table, setting.concordance
    drawn = draw(told.parameters, int(run.info["seed"]), run.draws)
    demand, output = (run.array(name).astype(np.float64) for name in ("demand", "output"))
    struck = told.struck(drawn, run.info["groups"], demand, output)
    where = sorted(key for key in struck if key[0] in table.regions)
    if struck and not where:
        raise BadValue(
            f"none of the run's regions is in the table: {', '.join(sorted({key[0] for key in struck}))}",
            place="economy table",
            remedy="name its regions in regions.csv: region, table_region",
        )
    grid = _grid(run)
    # a period's mean holds in each of its steps: the run keeps no days
    at = np.argmax(calendar(grid, str(run.info["freq"])).share, axis=1)
    shocks = (LostPath(where, np.stack([struck[key] for key in where], axis=1), "lines", at),) if where else ()
    usual = Behaviour(step_days=int(grid.days))
    days = {sector: setting.inventories.get(sector, float(usual.inventory_days)) for sector in table.sectors}
    behaviour = replace(usual, inventory_days=days)
    return Economy(table, shocks, behaviour, grid.start, grid.steps, concordance.behaviour())


def _grid(run: Run) -> Grid:
    days = run.steps * float(run.info["step_days"])
    step = 1 if days <= DAILY * 365.25 else 7
    return Grid(date.fromisoformat(str(run.info["start"])), max(int(days // step), 1), float(step))


def _about(model: Economy, setting: Setting) -> dict[str, Any]:
    table, told = model.table, setting.concordance
    years = model.grid.steps * model.grid.days / model.behaviour.year_days
    ends = {p.name: (p.low, p.high) for p in model.uncertain}
    # where a shortage feeds itself soonest: little stock, slowly restored, much of it needed
    held = model.behaviour.by_sector(table, "inventory_days") * ends["economy:inventory_days"][0]
    slow = model.behaviour.by_sector(table, "restoration_days") * ends["economy:restoration_days"][1]
    point = thresholds(np.array([ends["economy:psi"][1]]), held[:, None], slow[:, None])
    return {
        "regions": list(table.regions),
        "sectors": list(table.sectors),
        "unit": table.unit,
        "assumed": table.assumed or told.assumed,
        "table_assumed": table.assumed,
        "concordance_assumed": told.assumed,
        "own_table": setting.own,
        "table_name": setting.name,
        "value_added": (table.value_added * years).tolist(),
        "struck_industries": [f"{r}|{s}" for path in model.shocks for r, s in getattr(path, "industries", ())],
        "ranges": [
            {"name": p.name, "median": p.median, "low": p.low, "high": p.high, "unit": p.unit, "assumed": p.assumed}
            for p in (*model.uncertain, *told.parameters)
        ],
        # names of the lines that were followed stand in the run itself
        "groups": [],
        "stability": {"threshold": float(point.max())},
    }


def given(folder: Path) -> Table:
    """A table of one's own from a folder: files ``Z`` and ``Y``, if need be ``x``, as CSV, Parquet or pymrio's text.

    Raises:
        InputError: no such folder or file, or one that cannot be read. And see `ario.Table.of`.
    """
    if not folder.is_dir():
        raise InputError(
            "there is no such folder", place=str(folder), remedy="give a folder that holds Z.csv and Y.csv, or Parquet"
        )
    found: Mapping[str, Path | None] = {
        name: next((folder / f"{name}{end}" for end in ENDINGS if (folder / f"{name}{end}").is_file()), None)
        for name in ("Z", "Y", "x")
    }
    for name in ("Z", "Y"):
        if found[name] is None:
            raise InputError(
                f"{name} is missing", place=str(folder), remedy=f"add {name}.csv, {name}.parquet or pymrio's {name}.txt"
            )
    Z, Y = found["Z"], found["Y"]
    assert Z is not None
    assert Y is not None
    return read(Z, Y, found["x"], unit=_unit(folder / "unit.txt"))


def _unit(path: Path) -> str:
    """The unit of money: one line of one's own, or the first of pymrio's table of units."""
    if not path.is_file():
        return "money"
    lines = path.read_text(encoding="utf-8", errors="replace").strip().splitlines() or ["money"]
    return (lines[1] if len(lines) > 1 else lines[0]).split("\t")[-1].strip()[:40]
