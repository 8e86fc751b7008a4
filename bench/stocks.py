"""Home to the race of stocks in use against flodym: agreement on every class of its problems, then time and memory."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from bench import peered, stopwatch
from bench.memory import own_peak
from bench.table import Section
from bench.versus import ONE_THREAD

SCRIPT = Path(__file__).with_name("peerstocks.py")
AGREEMENT = 1e-9
"""Largest difference over the largest entry; above it no speed is quoted."""

SIZES = {"small": (60, 4, 5), "large": (150, 50, 20)}
"""Years, elements, regions."""

PARAMETERS = {
    "Fixed": ("mean",),
    "Normal": ("mean", "std"),
    "FoldedNormal": ("mean", "std"),
    "LogNormal": ("mean", "std"),
    "Weibull": ("weibull_scale", "weibull_shape"),
}


def cases() -> dict[str, dict[str, Any]]:
    """Name -> what to solve: every lifetime, both directions and every entry, cohorts, uneven years; the large one."""
    made = {}
    for lifetime in PARAMETERS:
        for driven in ("stock", "inflow"):
            for entry in ("start", "middle", "end", "through"):
                made[f"{lifetime}, {driven}, {entry}"] = _case(lifetime, driven, entry)
            made[f"{lifetime}, {driven}, by cohort"] = _case(lifetime, driven, "middle", by_cohort=True)
            made[f"{lifetime}, {driven}, uneven years"] = _case(lifetime, driven, "through", uneven=True)
    made["large"] = {**_case("Normal", "stock", "middle"), "size": "large"}
    return made


def _case(lifetime: str, driven: str, entry: str, **more: Any) -> dict[str, Any]:
    told = {"lifetime": lifetime, "driven": driven, "entry": entry, "points": 5, "size": "small"}
    return {**told, "parameters": PARAMETERS[lifetime], "by_cohort": False, "uneven": False, **more}


def laid(folder: Path, name: str, case: dict[str, Any]) -> None:
    """Write a case's arrays where both sides read them."""
    periods, *shape = SIZES[case["size"]]
    rng = np.random.default_rng(7)
    steps = rng.integers(1, 4, periods) if case["uneven"] else np.ones(periods, dtype=int)
    lead = (periods,) if case["by_cohort"] else ()
    mean = rng.uniform(8.0, 40.0, (*lead, *shape))
    table = {"mean": mean, "std": mean * rng.uniform(0.15, 0.35, mean.shape)}
    table |= {"weibull_scale": mean, "weibull_shape": rng.uniform(1.2, 4.0, mean.shape)}
    given = rng.uniform(0.5, 1.5, (periods, *shape))
    given = np.cumsum(given, axis=0) if case["driven"] == "stock" else given
    chosen = {key: table[key] for key in case["parameters"]}
    np.savez(folder / f"{name}.npz", years=1900 + np.cumsum(steps), given=given, **chosen)


def ours(case: dict[str, Any], told: dict[str, np.ndarray]) -> Any:
    """The same case by the package."""
    from ytterby.world import stocks

    kinds = {"FoldedNormal": stocks.Folded, "LogNormal": stocks.Lognormal}
    kind = kinds.get(case["lifetime"]) or getattr(stocks, case["lifetime"])
    lifetime = kind(*(told[key] for key in case["parameters"]), by_cohort=case["by_cohort"])
    entries = {"start": stocks.START, "middle": stocks.MIDDLE, "end": stocks.END}
    entry = entries.get(case["entry"]) or stocks.through(case["points"])
    solve = stocks.stock_driven if case["driven"] == "stock" else stocks.inflow_driven
    return solve(told["given"], lifetime, years=told["years"], entry=entry)


class Peer(peered.Lines):
    """flodym in a process of its own, asked line by line."""

    def solve(self, case: str) -> tuple[float, float]:
        """Seconds, and bytes by which its peak memory rose."""
        took, before, after = map(float, self.ask(case).split()[1:])
        return took, after - before


def disagreement(folder: Path, name: str, case: dict[str, Any]) -> float:
    """Largest difference of stock, inflow and outflow over the largest entry of each.

    On uneven years flodym's outflow takes a year's inflow of a cohort for all of it, which does not close its balance:
    there ours is held against the balance of flodym's own stock and inflow.
    """
    found = ours(case, dict(np.load(folder / f"{name}.npz")))
    seen = dict(np.load(folder / f"{name}.seen.npz"))
    if case["uneven"]:
        lengths = found.lengths[:, None, None]
        seen["outflow"] = seen["inflow"] - np.diff(seen["stock"], axis=0, prepend=0.0) / lengths
    worst = 0.0
    for what in ("stock", "inflow", "outflow"):
        here, there = getattr(found, what), seen[what]
        worst = max(worst, float(np.max(np.abs(here - there)) / np.max(np.abs(there))))
    return worst


def compared(python: Path, folder: Path, repeats: int) -> dict[str, Any]:
    """Agreement on every case, then the large one in turns; in a process with one thread."""
    told = cases()
    for name, case in told.items():
        laid(folder, name, case)
    (folder / "cases.json").write_text(json.dumps(told), encoding="utf-8")
    peer = Peer(python, SCRIPT, folder)
    try:
        grew = peer.solve("large")[1]  # the first, so that its peak is its own
        agreed = {}
        for name, case in told.items():
            peer.solve(name)
            agreed[name] = disagreement(folder, name, case)
            if not agreed[name] <= AGREEMENT:
                raise SystemExit(f"{name}: differs by {agreed[name]:.2g}; speeds mean nothing")
        arrays = dict(np.load(folder / "large.npz"))
        ours(told["large"], arrays)
        pairs = [
            (peer.solve("large")[0], stopwatch.seconds(lambda: ours(told["large"], arrays))) for _ in range(repeats)
        ]
    finally:
        peer.close()
    ratios = sorted(a / b for a, b in pairs)
    return {
        "agreed": agreed,
        "theirs": statistics.median(a for a, _ in pairs),
        "ours": statistics.median(b for _, b in pairs),
        "ratio": statistics.median(ratios),
        "least": ratios[0],
        "grew": grew,
        "repeats": repeats,
    }


def grown(folder: Path) -> float:
    """Bytes by which the peak of a fresh process of ours rises over the large case."""
    arrays = dict(np.load(folder / "large.npz"))
    small = {name: values[:3] if name in ("years", "given") else values for name, values in arrays.items()}
    case = cases()["large"]
    ours(case, small)  # imports
    before = own_peak()
    ours(case, arrays)
    return own_peak() - before


def measured(quick: bool) -> dict[str, Any] | None:  # noqa: FBT001
    """Everything, in child processes; None where the peer cannot be had."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        peer = peered.installed(folder / "peer", *peered.PINNED["flodym"])
        if peer is None:
            return None
        out: dict[str, Any] = {"version": peer[1]}
        for part in ("compare", "memory"):
            command = [sys.executable, "-m", "bench.stocks", part, str(folder), str(peer[0]), str(3 if quick else 9)]
            done = subprocess.run(
                command, env={**os.environ, **ONE_THREAD}, capture_output=True, text=True, check=False
            )
            if done.returncode:
                raise SystemExit(f"stocks in use failed:\n{done.stderr[-2000:]}")
            out |= json.loads(done.stdout.splitlines()[-1])
        return out


def sections(quick: bool) -> Iterator[Section]:  # noqa: FBT001
    """One table: agreement, time, memory."""
    title = "Stocks in use against flodym"
    found = measured(quick)
    if found is None:
        yield Section(title, ("what", "value"), (("flodym", "could not be installed: nothing is compared"),))
        return
    worst = max(found["agreed"], key=found["agreed"].get)
    periods, elements, regions = SIZES["large"]
    rows = (
        ("agreement, largest of " + f"{len(found['agreed'])} cases", f"{found['agreed'][worst]:.1e}", worst),
        ("flodym, ms", f"{1e3 * found['theirs']:.0f}", ""),
        ("ours, ms", f"{1e3 * found['ours']:.1f}", ""),
        ("times as fast", f"{found['ratio']:.0f}", f"least {found['least']:.0f}"),
        ("flodym, peak memory grows by, MiB", f"{found['grew'] / 2**20:.0f}", ""),
        ("ours, peak memory grows by, MiB", f"{found['own'] / 2**20:.1f}", f"{found['own'] / found['grew']:.1%}"),
    )
    notes = (
        f"flodym {found['version']}; five lifetimes, stock- and inflow-driven, inflow at the start, in the middle, at "
        "the end of and through the year, lifetimes by cohort, uneven years: largest difference of stock, inflow and "
        f"outflow over the largest entry, at most {AGREEMENT:g}, else nothing is timed; on uneven years flodym's "
        "outflow does not close its balance, and ours is held against the balance instead",
        f"time and memory: stock-driven, normal lifetime, {elements} x {regions} x {periods} years, one thread each, "
        f"medians of {found['repeats']} pairs in turns, survival table and solution, arrays in to arrays out",
    )
    yield Section(title, ("what", "value", ""), rows, notes)


def main() -> None:
    """A child: `compare`, or `memory`."""
    part, folder, python, repeats = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
    print(json.dumps(compared(python, folder, repeats) if part == "compare" else {"own": grown(folder)}))


if __name__ == "__main__":
    main()
