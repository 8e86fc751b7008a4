"""Home to small economies for the tests: half of output goes into other output, regions trade, sectors differ."""

from __future__ import annotations

from typing import Any

import numpy as np
import plain_ario

from ytterby.run.ario import Behaviour, Destruction, Gate, Loss, Table


def economy(regions: int = 3, sectors: int = 4, seed: int = 1) -> Table:
    """Money: some hundreds a day for an industry; two uses of final demand."""
    rng = np.random.default_rng(seed)
    count, uses = regions * sectors, 2
    home = np.arange(count) // sectors
    Z = rng.lognormal(0, 1.5, (count, count)) * np.where(home[:, None] == home, 8, 1)
    Y = rng.lognormal(0, 1, (count, regions * uses)) * np.where(
        home[:, None] == np.arange(regions * uses) // uses, 20, 1
    )
    Z *= Y.sum() / Z.sum()
    for _ in range(60):
        Z *= 0.5 * (Z.sum(axis=1) + Y.sum(axis=1)) / Z.sum(axis=0)
    labels = [(f"r{r}", f"s{s}") for r in range(regions) for s in range(sectors)]
    demand = [(f"r{r}", use) for r in range(regions) for use in ("homes", "state")]
    return Table.of(1000 * Z, 1000 * Y, None, labels, demand, unit="M EUR")


def by_hand(table: Table, behaviour: Behaviour, shocks: tuple[Any, ...], steps: int) -> dict[str, np.ndarray]:
    """The same through the second implementation."""
    capital = behaviour.capital_of(table)
    losses, destroyed, gates = [], [], []
    for s in shocks:
        if isinstance(s, Gate):
            to = range(len(table.regions)) if s.to is None else [table.region(name) for name in s.to]
            rows = [table.industry(label) for label in s.industries]
            gates.append({"rows": rows, "to": list(to), "open": s.passes, "at": s.occurrence, "lasts": s.duration})
            continue
        lost = np.zeros(len(table.x))
        for label, value in s.lost.items():
            row = table.industry(label)
            lost[row] = value * (capital[row] if isinstance(s, Destruction) and s.share else 1.0)
        told = {"lost": lost, "at": s.occurrence, "lasts": s.duration, "tau": s.recovery_days, "shape": s.recovery}
        if isinstance(s, Loss):
            losses.append(told)
        elif s.rebuilt_by is None:
            destroyed.append({**told, "kind": "recovery"})
        else:
            share = np.array([s.rebuilt_by.get(name, 0.0) for name in table.sectors])
            destroyed.append({**told, "kind": "rebuild", "sectors": share, "factor": s.factor})
    return plain_ario.run(
        table.Z,
        table.Y,
        table.x,
        len(table.regions),
        steps=steps,
        step_days=behaviour.step_days,
        psi=behaviour.psi,
        days=behaviour.inventory_days,
        restore=behaviour.restoration_days,
        alpha=(behaviour.overproduction_base, behaviour.overproduction_max, behaviour.overproduction_days),
        alternative=behaviour.order_rule == "alt",
        short_cuts=behaviour.short_cuts,
        places=15,
        capital=capital,
        losses=tuple(losses),
        destroyed=tuple(destroyed),
        gates=tuple(gates),
    )


__all__ = ["Loss", "by_hand", "economy"]
