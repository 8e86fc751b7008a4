"""Home to the peer of stocks in use: flodym, run by the Python of an environment of its own.

It knows nothing of Ytterby: `python peerstocks.py FOLDER` reads `cases.json` and `NAME.npz`, then answers each line of
its input, a case's name, by solving it, keeping stock, inflow and outflow in `NAME.seen.npz` and printing the seconds
of the whole (survival table and solution) and the peak memory of the process.
"""

from __future__ import annotations

import gc
import json
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np


def peak() -> float:
    """Peak resident memory of this process, bytes."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return 1024.0 * float(line.split()[1])
    return float("nan")


def solved(case: dict[str, Any], told: dict[str, np.ndarray]) -> Any:
    """A solved stock of the peer."""
    import flodym as fd

    years = [int(year) for year in told["years"]]
    shape = told["given"].shape[1:]
    axes = [fd.Dimension(name="Time", letter="t", items=years, dtype=int)]
    axes += [
        fd.Dimension(name=f"Axis {k}", letter="abc"[k], items=list(range(n)), dtype=int) for k, n in enumerate(shape)
    ]
    dims = fd.DimensionSet(dim_list=axes)
    kind = getattr(fd, f"{case['lifetime']}Lifetime")
    parameters = {name: np.broadcast_to(told[name], told["given"].shape) for name in case["parameters"]}
    entry = {"n_pts_per_interval": case["points"]} if case["entry"] == "through" else {"inflow_at": case["entry"]}
    lifetime = kind(dims=dims, time_letter="t", **parameters, **entry)
    given = fd.StockArray(dims=dims, values=told["given"])
    if case["driven"] == "stock":
        stock = fd.StockDrivenDSM(dims=dims, stock=given, lifetime_model=lifetime)
    else:
        stock = fd.InflowDrivenDSM(dims=dims, inflow=given, lifetime_model=lifetime)
    stock.compute()
    return stock


def main() -> None:
    """Answers until its input ends."""
    warnings.simplefilter("ignore")
    folder = Path(sys.argv[1])
    cases = json.loads((folder / "cases.json").read_text(encoding="utf-8"))
    for line in sys.stdin:
        name = line.strip()
        told = dict(np.load(folder / f"{name}.npz"))
        before = peak()
        began = time.perf_counter()
        stock = solved(cases[name], told)
        took = time.perf_counter() - began
        np.savez(
            folder / f"{name}.seen.npz",
            stock=stock.stock.values,
            inflow=stock.inflow.values,
            outflow=stock.outflow.values,
        )
        del stock
        gc.collect()
        print(f"took {took:.6f} {before:.0f} {peak():.0f}", flush=True)


if __name__ == "__main__":
    main()
