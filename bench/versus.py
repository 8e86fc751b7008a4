"""Home to the race between jax and the hand-written kernel: one child process, one thread each, in turns."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
from typing import Any

DRAWS, STEPS = 32, 26

ONE_THREAD = {
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false",
    "NPROC": "1",
    "NUMBA_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "JAX_PLATFORMS": "cpu",
}
"""Environment in which neither side has a second thread."""


def race(repeats: int, draws: int = DRAWS, steps: int = STEPS) -> dict[str, Any]:
    """Run the race in a child process and hand back what it measured."""
    command = [sys.executable, "-m", "bench.versus", str(repeats), str(draws), str(steps)]
    done = subprocess.run(command, env={**os.environ, **ONE_THREAD}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"the kernel comparison failed:\n{done.stderr[-2000:]}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _measure(repeats: int, draws: int, steps: int) -> dict[str, Any]:
    import jax

    from bench import bandwidth, kernel, scene, stopwatch

    jax.config.update("jax_enable_x64", True)  # the process is the race's own
    links = kernel.links_of(scene.chain("baseline"), draws, steps)
    agreed = kernel.disagreement(links)
    if agreed > kernel.AGREEMENT:
        raise SystemExit(f"the kernel and the chain disagree by {agreed:.2g}: their speeds mean nothing")
    start = links.start
    jitted, written = kernel.together(links), kernel.by_hand(links)
    calls = {"jax": lambda: jitted(start), "numba": lambda: written(start)}
    stopwatch.interleaved(calls, 2)
    took = stopwatch.interleaved(calls, repeats)
    ratios = [a / b for a, b in zip(took["jax"], took["numba"], strict=True)]
    moved = kernel.bytes_per_step(links)
    return {
        "draws": draws,
        "steps": steps,
        "links": len(links.structure.network.link_out),
        "repeats": repeats,
        "disagreement": agreed,
        "jax": statistics.median(took["jax"]) / steps,
        "numba": statistics.median(took["numba"]) / steps,
        "ratio": statistics.median(ratios),
        "ratio_low": sorted(ratios)[len(ratios) // 4],
        "ratio_high": sorted(ratios)[(3 * len(ratios)) // 4],
        "bytes": moved,
        "triad_memory": bandwidth.triad(3 * bandwidth.BIG),
        "triad_same": bandwidth.triad(moved),
    }


def main() -> None:
    """The child: measure and print JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.versus")
    for name in ("repeats", "draws", "steps"):
        parser.add_argument(name, type=int)
    given = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        with contextlib.suppress(OSError):
            os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    print(json.dumps(_measure(given.repeats, given.draws, given.steps)))


if __name__ == "__main__":
    main()
