"""Home to the economy's figures: agreement with BoARIO on cases made here, then speed against it, one core each."""

from __future__ import annotations

import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from bench import peered, stopwatch
from bench.table import Section
from bench.versus import ONE_THREAD

SCRIPT = Path(__file__).with_name("peerario.py")
PYMRIO = "pymrio"
AGREEMENT = 1e-9
"""Largest difference over the largest initial output of an industry."""
COMPARED = ("production", "capacity", "orders", "stocks", "unmet", "rebuild")
DAYS = 365
SCENARIOS, LIMIT = 10_000, 60.0
"""Scenarios of 48 industries and a year, and the seconds they may take on two cores."""
BASE: dict[str, Any] = {
    "order_type": "alt",
    "alpha_base": 1.0,
    "alpha_max": 1.25,
    "alpha_tau": 365,
    "rebuild_tau": 60,
    "main_inv_dur": 90,
    "psi_param": 0.8,
    "inventory_restoration_tau": 60,
}
HITS = {
    PYMRIO: [[["reg1", "mining"], 0.5], [["reg1", "manufactoring"], 0.5]],
    "half": [[["r00", "s01"], 0.5], [["r01", "s02"], 0.3], [["r00", "s03"], 0.4]],
}
REBUILDERS = {PYMRIO: {"construction": 1.0}, "half": {"s04": 0.7, "s05": 0.3}}


def synthetic(folder: Path, name: str, regions: int, sectors: int, seed: int = 1) -> None:
    """A table with half of output in intermediates, home trade preferred, two uses a region."""
    rng = np.random.default_rng(seed)
    count, uses = regions * sectors, 2
    home = np.arange(count) // sectors
    Z = rng.lognormal(0, 1.5, (count, count)) * np.where(home[:, None] == home, 9, 1)
    Y = rng.lognormal(0, 1, (count, regions * uses)) * np.where(
        home[:, None] == np.arange(regions * uses) // uses, 21, 1
    )
    Z *= Y.sum() / Z.sum()
    for _ in range(200):
        Z *= 0.5 * (Z.sum(axis=1) + Y.sum(axis=1)) / Z.sum(axis=0)
    tags = {"regions": [f"r{k:02d}" for k in range(regions)], "sectors": [f"s{k:02d}" for k in range(sectors)]}
    np.savez(folder / f"{name}.npz", Z=1000 * Z, Y=1000 * Y, uses=["homes", "state"], **tags)


def cases() -> dict[str, dict[str, Any]]:
    """Tables x order rules x kinds of event, and the regimes near and past the point of no return."""
    made: dict[str, dict[str, Any]] = {}
    for name, hit in HITS.items():
        told = {"impact": hit, "occurrence": 5, "duration": 60}
        kinds: dict[str, dict[str, Any]] = {
            "capacity": {**told, "event_type": "arbitrary", "recovery_tau": 60},
            "capital": {**told, **_capital(), "event_type": "recovery", "recovery_tau": 60},
            "rebuilding": {
                **{**told, "duration": 20},
                **_capital(),
                "event_type": "rebuild",
                "rebuild_tau": 60,
                "rebuilding_sectors": REBUILDERS[name],
            },
        }
        for rule in ("alt", "noalt"):
            for kind, event in kinds.items():
                made[f"{name}, {rule}, {kind}"] = _case(name, event, order_type=rule)
        for days, word in ((15, "runaway"), (30, "near it")):
            tight = {"main_inv_dur": days, "psi_param": 0.85, "inventory_restoration_tau": 30}
            made[f"{name}, {word}"] = _case(name, kinds["capacity"], **tight)
        for curve in ("convexe", "convexe noscale"):
            made[f"{name}, {curve}"] = _case(name, {**kinds["capacity"], "recovery_function": curve})
    made["half, one input endless"] = _case(
        "half", {**made["half, alt, capacity"]["events"][0]}, infinite_inventories_sect=["s00"]
    )
    return made


def _capital() -> dict[str, Any]:
    return {"of_capital": True, "event_monetary_factor": 10**6}


def _case(table: str, event: dict[str, Any], **model: Any) -> dict[str, Any]:
    return {"table": table, "model": {**BASE, **model}, "events": [event], "steps": DAYS}


class Peer:
    """BoARIO in a process of its own, asked line by line."""

    def __init__(self, python: Path, folder: Path) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [str(python), str(SCRIPT), str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def run(self, case: str) -> float:
        """Seconds of the simulation alone."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(case + "\n")
        self.process.stdin.flush()
        for line in self.process.stdout:
            if line.startswith("took "):
                return float(line.split()[1])
        raise SystemExit(f"the peer failed on: {case}")

    def close(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()


def table(folder: Path, name: str) -> Any:
    """Our table of a case."""
    from ytterby.run.ario import Table

    told = np.load(folder / f"{name}.npz")
    regions, sectors, uses = (list(told[key]) for key in ("regions", "sectors", "uses"))
    labels = [(str(r), str(s)) for r in regions for s in sectors]
    return Table.of(told["Z"], told["Y"], None, labels, [(str(r), str(use)) for r in regions for use in uses])


def ours(folder: Path, case: dict[str, Any]) -> tuple[Any, list[Any], dict[str, Any]]:
    """Table, shocks and parameters of a case."""
    from ytterby.run.ario import Destruction, Loss

    made, model, shocks = table(folder, case["table"]), case["model"], []
    for event in case["events"]:
        lost = {tuple(label): value for label, value in event["impact"]}
        times = {"occurrence": event["occurrence"], "duration": event["duration"]}
        curve = {"convexe": "scaled", "convexe noscale": "convex"}.get(event.get("recovery_function", ""), "linear")
        if event["event_type"] == "arbitrary":
            shocks.append(Loss(lost, **times, recovery_days=event["recovery_tau"], recovery=curve))
            continue
        days = event.get("recovery_tau", event.get("rebuild_tau"))
        rebuilt = event.get("rebuilding_sectors")
        shocks.append(Destruction(lost, **times, recovery_days=days, share=True, rebuilt_by=rebuilt))
    endless = set(model.get("infinite_inventories_sect") or ())
    days = {s: np.inf if s in endless else float(model["main_inv_dur"]) for s in made.sectors}
    return (
        made,
        shocks,
        {
            "psi": model["psi_param"],
            "inventory_days": days,
            "restoration_days": float(model["inventory_restoration_tau"]),
            "order_rule": model["order_type"],
        },
    )


def disagreement(folder: Path, name: str, case: dict[str, Any]) -> dict[str, float]:
    """Largest difference of each quantity over the largest initial output, and where world output ends."""
    from ytterby.run.ario import simulate

    made, shocks, parameters = ours(folder, case)
    found = simulate(made, parameters=parameters, shocks=shocks, steps=case["steps"], keep=COMPARED)
    theirs = np.load(folder / f"{name}.seen.npz")
    scale = made.x.max() / 365
    worst = {}
    for what in COMPARED:
        here, there = found[what], theirs[what]
        if (np.isfinite(here) != np.isfinite(there)).any():
            raise SystemExit(f"{name}: {what} is missing in other places")
        finite = np.isfinite(there)
        worst[what] = float(np.max(np.abs(here[finite] - there[finite]), initial=0.0) / scale)
    world = theirs["production"].sum(axis=1)
    return {**worst, "lowest": float(world.min() / world[0])}


def race(folder: Path, peer: Peer, name: str, scenarios: int, repeats: int) -> dict[str, float]:
    """Seconds a scenario of both, taken in turns; ours are all different."""
    from ytterby.run.ario import Loss, simulate

    cases_ = json.loads((folder / "cases.json").read_text())
    made, shocks, parameters = ours(folder, cases_[name])
    rng = np.random.default_rng(2)
    wide = [
        Loss(
            {label: np.minimum(v * rng.uniform(0.2, 1.8, scenarios), 1.0) for label, v in shock.lost.items()},
            rng.integers(2, 60, scenarios),
            rng.integers(10, 120, scenarios),
            60,
        )
        for shock in shocks
    ]
    call = lambda: simulate(made, parameters=parameters, shocks=wide, steps=DAYS)  # noqa: E731
    call()
    took: dict[str, list[float]] = {"theirs": [], "ours": []}
    for _ in range(repeats):
        took["theirs"].append(peer.run(name))
        took["ours"].append(stopwatch.seconds(call) / scenarios)
    ratios = [a / b for a, b in zip(took["theirs"], took["ours"], strict=True)]
    return {
        "scenarios": scenarios,
        "industries": len(made.x),
        "repeats": repeats,
        "theirs": statistics.median(took["theirs"]),
        "ours": statistics.median(took["ours"]),
        "ratio": statistics.median(ratios),
        "least": min(ratios),
    }


def ensemble(folder: Path, draws: int) -> float:
    """Seconds of a whole ensemble on the pymrio table through the ensemble's two workers, all series folded."""
    from ytterby.run.ario import Economy
    from ytterby.run.draws import Parameter
    from ytterby.run.ensemble import simulate

    made, shocks, _ = ours(folder, cases()[f"{PYMRIO}, alt, capacity"])
    varied = (
        Parameter("economy:psi", 0.8, 0.7, 0.9, "", "beta"),
        Parameter("economy:shock:loss:size", 1.0, 0.2, 1.8, "", "lognormal"),
        Parameter("economy:shock:loss:duration", 60.0, 20.0, 120.0, "day", "lognormal"),
    )

    class Nowhere:
        def write(self, folded: Any) -> None:
            assert folded.residual <= 1e-9

    began = time.perf_counter()
    simulate(Economy(made, tuple(shocks), uncertain=varied), Nowhere(), draws=draws, seed=1, chunk=64, workers=2)
    return time.perf_counter() - began


def measured(quick: bool) -> dict[str, Any] | None:  # noqa: FBT001
    """Everything, in child processes: one core for the race, two for the ensemble."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        peer = peered.installed(folder / "peer", *peered.PINNED["boario"])
        if peer is None:
            return None
        synthetic(folder, "half", 4, 6)
        synthetic(folder, "large", 20, 20)
        told = cases()
        quiet = {"keep": False}
        told["48"] = {**told[f"{PYMRIO}, alt, capacity"], **quiet}
        told["400"] = {**_case("large", told["half, alt, capacity"]["events"][0]), **quiet}
        (folder / "cases.json").write_text(json.dumps(told), encoding="utf-8")
        out: dict[str, Any] = {"version": peer[1]}
        for part, environment in (("compare", ONE_THREAD), ("ensemble", {"JAX_PLATFORMS": "cpu"})):
            command = [sys.executable, "-m", "bench.economy", part, str(folder), str(peer[0]), str(int(quick))]
            done = subprocess.run(
                command, env={**os.environ, **environment}, capture_output=True, text=True, check=False
            )
            if done.returncode:
                raise SystemExit(f"the economy failed:\n{done.stderr[-2000:]}")
            out |= json.loads(done.stdout.splitlines()[-1])
        return out


def sections(quick: bool) -> Iterator[Section]:  # noqa: FBT001
    """Agreement first; speed only where it holds."""
    found = measured(quick)
    if found is None:
        yield Section("Economy", ("what", "value"), (("BoARIO", "could not be installed: nothing is compared"),))
        return
    rows = tuple(
        (name, *(f"{each[what]:.1e}" for what in COMPARED), f"{each['lowest']:.1%}")
        for name, each in found["agreed"].items()
    )
    yield Section(
        "Economy: agreement",
        ("case", *COMPARED, "lowest output"),
        rows,
        (
            f"largest difference to BoARIO {found['version']} over {DAYS} days, all industries and inputs, over the "
            f"largest initial output of an industry; at most {AGREEMENT:g}, else nothing below is measured",
            "pymrio: the test table of pymrio; half: 24 industries with half of output in intermediates; "
            "runaway: 15 days of stock restored in 30",
        ),
    )
    races = tuple(
        (
            f"{r['industries']} industries x {DAYS} days, {r['scenarios']} scenarios",
            f"{1e3 * r['theirs']:.0f}",
            f"{1e3 * r['ours']:.2f}",
            f"{r['ratio']:.0f}",
            f"{r['least']:.0f}",
        )
        for r in found["races"]
    )
    yield Section(
        "Economy: speed",
        ("work", "BoARIO, ms a scenario", "ours, ms a scenario", "times as fast", "least"),
        races,
        (
            "one core, in turns in the same run, medians; BoARIO: its loop alone, without making model and events; "
            "ours: the whole call from arrays to arrays, all scenarios different, compilation left out",
            f"{found['draws']:,} scenarios x 48 industries x {DAYS} days through the ensemble on two cores, every "
            f"series folded into months: {found['seconds']:.1f} s, compilation included (at most "
            f"{LIMIT * found['draws'] / SCENARIOS:.0f} s)",
        ),
    )


def main() -> None:
    """A child: `compare` on one core, or `ensemble`."""
    part, folder, python, quick = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4] == "1"
    warnings.simplefilter("ignore")
    if part == "ensemble":
        draws = 2000 if quick else SCENARIOS
        print(json.dumps({"draws": draws, "seconds": ensemble(folder, draws)}))
        return
    if hasattr(os, "sched_setaffinity"):
        with contextlib.suppress(OSError):
            os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    peer = Peer(python, folder)
    try:
        agreed = {}
        for name, case in cases().items():
            peer.run(name)
            agreed[name] = disagreement(folder, name, case)
            worst = max(agreed[name][what] for what in COMPARED)
            if worst > AGREEMENT:
                raise SystemExit(f"{name}: differs by {worst:.2g}; speeds mean nothing")
        few, many = (3, 2) if quick else (9, 5)
        races = [race(folder, peer, "48", 256, few), race(folder, peer, "400", 64, many)]
    finally:
        peer.close()
    print(json.dumps({"agreed": agreed, "races": races}))


if __name__ == "__main__":
    main()
