"""Home to forecasts: a scenario on a network, run with the chain model and kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

import numpy as np

from ytterby.rules.clauses import Instrument
from ytterby.run import fits, parts, record, widths
from ytterby.run.chain.forcing import Forced, force, summary
from ytterby.run.chain.model import Chain
from ytterby.run.engines.contract import Machines
from ytterby.run.ensemble import Progress
from ytterby.run.fits import Fitted
from ytterby.world.network import Network
from ytterby.world.scenarios import Scenario

Precision = Literal["float64", "float32"]


def forecast(
    network: Network,
    scenario: Scenario,
    runs: Path,
    *,
    draws: int = 1000,
    seed: int = 0,
    dtype: Precision = "float64",
    chunk: int | None = None,
    fitted: Fitted | None = None,
    claims: str = "",
    levers: Iterable[str] = (),
    instruments: Iterable[Instrument] | None = None,
    machines: Machines | None = None,
    progress: Progress | None = None,
) -> record.Run:
    """Run `scenario` on `network` for `draws` draws and keep it under `runs`.

    `fitted` is a posterior of the licensing parameters (None draws them from the scenario's own spreads), `claims` the
    hash of the claim set the network was built from, `levers` what was switched on in it (told to the reader; the
    scenario has them among its events), `instruments` the law (None: the package's, as the scenario
    chooses from it), `chunk` the draws simulated at once (None: what
    suits the device, see `widths`), `machines` where (this machine).

    Raises:
        UnknownName: the scenario names what the network does not have.
        RunError, StoreError: the run did not finish; nothing was kept.
    """
    model, given = _prepared(network, scenario, draws, dtype, fitted, claims, levers, instruments)
    chunk = chunk or widths.suited(model)
    return record.perform(
        model, runs, draws=draws, seed=seed, chunk=chunk, machines=machines, progress=progress, **given
    )


def forecast_part(
    network: Network,
    scenario: Scenario,
    kept: Path,
    which: tuple[int, int],
    *,
    draws: int = 1000,
    seed: int = 0,
    dtype: Precision = "float64",
    chunk: int | None = None,
    fitted: Fitted | None = None,
    claims: str = "",
    levers: Iterable[str] = (),
    instruments: Iterable[Instrument] | None = None,
    machines: Machines | None = None,
    progress: Progress | None = None,
) -> parts.Part:
    """Simulate part `which` (part, of) of the run that `forecast` would make of the same, and keep it under `kept`.

    Raises:
        UnknownName: the scenario names what the network does not have.
        BadValue: there is no such part.
        StoreError: the disk refused; nothing was kept.
    """
    model, given = _prepared(network, scenario, draws, dtype, fitted, claims, levers, instruments)
    chunk = chunk or widths.suited(model)
    return parts.perform(
        model, kept, which=which, draws=draws, seed=seed, chunk=chunk, machines=machines, progress=progress, **given
    )


def _prepared(
    network: Network,
    scenario: Scenario,
    draws: int,
    dtype: Precision,
    fitted: Fitted | None,
    claims: str,
    levers: Iterable[str],
    instruments: Iterable[Instrument] | None,
) -> tuple[Chain, dict[str, Any]]:
    """The model, and what names the run beside draws and seed."""
    forced = force(network, scenario, None if instruments is None else tuple(instruments))
    inputs = {
        "model": "chain",
        "scenario": scenario.id,
        "scenario_hash": hashlib.sha256(scenario.model_dump_json().encode()).hexdigest()[:16],
        "network": record.fingerprint(network),
        "claims": claims,
        "fit": fitted.hash if fitted else "",
        "dtype": dtype,
    }
    return Chain(forced, dtype=dtype), {
        "inputs": inputs,
        "fitted": fits.values(fitted, forced.parameters, draws) if fitted else None,
        "about": _about(forced, scenario, fitted) | {"levers": list(levers)},
    }


def _about(forced: Forced, scenario: Scenario, fitted: Fitted | None) -> dict[str, Any]:
    """What a reader of the run needs beside the numbers: the scenario, the groups, the parameters and their claims."""
    n = forced.structure.network
    groups = [
        {
            "id": g,
            "product": n.group_product[k],
            "region": n.regions[n.group_region[k]],
            "military": bool(n.group_military[k]),
        }
        | {"unit": n.group_unit[k], "magnet": bool(n.group_magnet[k])}
        for k, g in enumerate(n.groups)
    ]
    contents = _contents(forced)
    for row, group in enumerate(groups):
        group["elements"] = contents[row]
    parameters = [
        {"name": p.name, "median": p.median, "low": p.low, "high": p.high, "unit": p.unit, "kind": p.kind}
        | {"assumed": p.assumed, "claims": [list(c) for c in p.claims]}
        for p in forced.parameters
        if p.kind != "point"
    ]
    return {
        # first, because its count of parameters must not hide the parameters themselves
        **summary(forced),
        "title": scenario.title.model_dump(),
        "question": scenario.question,
        "scenario_document": scenario.model_dump(mode="json"),
        "world_known": n.known,
        "groups": groups,
        "facilities": sum(stage not in ("maker", "use") for stage in n.facility_stage),
        "links": len(n.link_out),
        "parameters": parameters,
        "fit_about": fitted.about if fitted else None,
    }


def _contents(forced: Forced) -> list[dict[str, float]]:
    """Tonnes of each element in a unit of every group's product, its designs in their nominal shares."""
    n = forced.structure.network
    held = np.zeros((len(n.groups), len(n.elements)))
    np.add.at(held, n.terminal_group, n.terminal_share[:, None] * forced.structure.product)
    return [{e: float(v) for e, v in zip(n.elements, row, strict=True) if v > 0.0} for row in held]
