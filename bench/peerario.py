"""Home to the peer of the economy: BoARIO, run by the Python of an environment of its own.

It knows nothing of Ytterby: `python peerario.py FOLDER` reads `cases.json` and the tables it names, then answers each
line of its input, a case's name, by simulating it, keeping what it saw in `NAME.npz` and printing the seconds of the
simulation alone.
"""

from __future__ import annotations

import json
import logging
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np

PYMRIO = "pymrio"
"""Name of the table that pymrio brings along; it is written down for the other side."""

RECORDS = {
    "production": "production_realised",
    "capacity": "production_capacity",
    "orders": "intermediate_demand",
    "rebuild": "rebuild_demand",
    "overproduction": "overproduction",
    "unmet": "final_demand_unmet",
}
"""Ours to theirs: tables (step, row)."""


def table(folder: Path, name: str) -> Any:
    """A table of pymrio: its own test table, or arrays of ours."""
    import pandas as pd
    import pymrio

    if name == PYMRIO:
        made = pymrio.load_test().calc_all()
        Z, Y = (frame.sort_index().sort_index(axis=1) for frame in (made.Z, made.Y))
        regions, sectors = (list(level) for level in Z.index.levels)
        uses = list(dict.fromkeys(use for _, use in Y.columns))
        np.savez(folder / f"{name}.npz", Z=Z.to_numpy(), Y=Y.to_numpy(), regions=regions, sectors=sectors, uses=uses)
        return made
    told = np.load(folder / f"{name}.npz", allow_pickle=False)
    index = pd.MultiIndex.from_product([list(told["regions"]), list(told["sectors"])], names=["region", "sector"])
    columns = pd.MultiIndex.from_product([list(told["regions"]), list(told["uses"])], names=["region", "category"])
    made = pymrio.IOSystem(
        Z=pd.DataFrame(told["Z"], index=index, columns=index), Y=pd.DataFrame(told["Y"], index=index, columns=columns)
    )
    made.calc_all()
    return made


def prepared(case: dict[str, Any], made: Any) -> Any:
    """A simulation ready to run."""
    import pandas as pd
    from boario import event
    from boario.extended_models import ARIOPsiModel
    from boario.model_base import ARIOBaseModel
    from boario.simulation import Simulation

    kind = ARIOBaseModel if case.get("base") else ARIOPsiModel
    model = kind(made, **case["model"])
    simulation = Simulation(model, register_stocks=bool(case.get("keep", True)), n_temporal_units_to_sim=case["steps"])
    for told in case["events"]:
        given = dict(told)
        lost = {tuple(key): value for key, value in given.pop("impact")}
        impact = pd.Series(lost)
        impact.index = pd.MultiIndex.from_tuples(list(lost), names=["region", "sector"])
        if given.pop("of_capital", False):
            capital = pd.Series(np.asarray(model.productive_capital).ravel(), index=model.industries)
            impact = impact * capital.loc[impact.index]
        simulation.add_event(event.from_series(impact, **given))
    return simulation


def seen(simulation: Any, case: dict[str, Any]) -> dict[str, np.ndarray]:
    """What the peer recorded."""
    kept = {ours: np.asarray(getattr(simulation, theirs), dtype=float) for ours, theirs in RECORDS.items()}
    if case.get("keep", True):
        stocks = np.asarray(simulation.inputs_stocks, dtype=float)
        kept["stocks"] = stocks.reshape(case["steps"], -1, kept["production"].shape[1])
    kept["labels"] = np.array([list(label) for label in simulation.model.industries])
    kept["x"] = np.asarray(simulation.model.X_0, dtype=float).ravel()
    kept["crashed"] = np.array(bool(simulation.has_crashed))
    return kept


def main() -> None:
    """Answers until its input ends."""
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    folder = Path(sys.argv[1])
    cases = json.loads((folder / "cases.json").read_text(encoding="utf-8"))
    tables: dict[str, Any] = {}
    for line in sys.stdin:
        name = line.strip()
        case = cases[name]
        made = tables.setdefault(case["table"], table(folder, case["table"]) if case["table"] not in tables else None)
        simulation = prepared(case, made)
        began = time.perf_counter()
        simulation.loop()
        took = time.perf_counter() - began
        if case.get("keep", True):
            np.savez(folder / f"{name}.seen.npz", **seen(simulation, case))
        print(f"took {took:.6f}", flush=True)


if __name__ == "__main__":
    main()
